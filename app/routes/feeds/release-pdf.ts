import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { notFound, requirePost } from "../../context.server.ts";
import { takeReleasePdf } from "../../domain/privacy/release-commands.server.ts";
import { releasePage } from "../../domain/privacy/release-queries.server.ts";
import { paths } from "../../paths.ts";
import { releaseReader } from "../staff/release-reader.server.ts";

/** Taking a file is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, reader } = await releaseReader(args);
  if (releasePage(ctx, reader, args.params.release ?? "") === null) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** What was released, to be printed: its watermark stands at the foot of every page. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, reader, edition, account, locale } = await releaseReader(args);
  const releaseId = args.params.release ?? "";
  const taken = await takeReleasePdf(ctx, reader, { releaseId, taker: account.name, locale });
  if (!taken.ok) {
    if (taken.refusal === "changed") throw redirect(`${paths.release(edition.slug, releaseId)}?again`, 303);
    throw notFound();
  }
  return new Response(taken.value.bytes, {
    headers: {
      "Content-Type": "application/pdf",
      "Content-Disposition": 'attachment; filename="release.pdf"',
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
