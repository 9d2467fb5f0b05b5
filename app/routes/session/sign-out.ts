import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { currentStaff, requirePost, servicesOf, visitor } from "../../context.server.ts";
import { recordAccess } from "../../domain/access/commands.server.ts";
import { paths } from "../../paths.ts";
import { withCookies } from "../../platform/cookies.ts";

/** Ends the session. Asked again, or without one: the same answer. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const account = await currentStaff(args);
  const cookies = await servicesOf(args).auth.signOut(args.request.headers);
  if (account !== null) await recordAccess(visitor(args).ctx, "session.sign_out", account.id);
  return redirect(`${paths.signIn()}?out`, { status: 303, headers: withCookies(cookies) });
}
