import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import { revealForm } from "../../domain/travel-document/form.ts";
import { takeOut, uploadForStaff } from "../../domain/upload/queries.server.ts";
import { vaultOf } from "../../domain/upload/record.server.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { uploadResponse } from "./upload-response.server.ts";

/** Taking a file out is recorded, so it is asked for with a POST. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx } = await staffEdition(args);
  if (uploadForStaff(ctx, args.params.upload ?? "") === null) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** A file that one of this side's people handed in; a sealed one for a reason, to somebody who proves who they are. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account } = await staffEdition(args);
  const uploadId = args.params.upload ?? "";
  const known = uploadForStaff(ctx, uploadId);
  const folder = vaultOf(ctx.db);
  if (known === null || folder === null) throw notFound();
  let reason = null;
  if (known.isSealed) {
    const back = `${paths.personLetters(edition.slug, args.params.invitation ?? "")}?file=refused#sealed`;
    const parsed = parseForm(revealForm, await args.request.formData(), ["password"]);
    if (!parsed.ok) throw redirect(back, 303);
    const { auth, limits } = servicesOf(args);
    const proved = await withPassword({ limits }, account.id, () =>
      auth.provePassword(args.request.headers, parsed.value.password),
    );
    if (proved === null) throw redirect(back, 303);
    reason = parsed.value.reason;
  }
  const taken = await takeOut(ctx, { uploadId, reason });
  if (!taken.ok) throw notFound();
  return uploadResponse(folder, taken.value);
}
