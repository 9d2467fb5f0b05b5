import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { takeList } from "../../domain/clearance/commands.server.ts";
import { fileForm } from "../../domain/clearance/form.ts";
import { clearancePage } from "../../domain/clearance/queries.server.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

/** Taking a file is recorded, so it is asked for with a POST. A version that is not there is not there here either. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args, "logistics");
  const page = clearancePage(ctx, args.params.visit ?? "");
  if (page === null || !page.versions.some(({ number }) => String(number) === args.params.version))
    throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

const TYPES = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pdf: "application/pdf",
  csv: "text/csv; charset=utf-8",
} as const;

/** The host's list, or an amendment, as it was frozen. The file's name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const visitId = args.params.visit ?? "";
  const parsed = parseForm(fileForm, await args.request.formData());
  if (!parsed.ok) throw data(null, { status: 400 });
  const { part, format } = parsed.value;
  const taken = await takeList(ctx, { visitId, number: Number(args.params.version), part, format });
  if (!taken.ok) {
    if (taken.refusal === "revoked")
      throw redirect(`${paths.clearance(edition.slug, visitId)}?refused=revoked`, 303);
    throw notFound();
  }
  return new Response(taken.value.bytes, {
    headers: {
      "Content-Type": TYPES[format],
      "Content-Disposition": `attachment; filename="${part}-${args.params.version}.${format}"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
