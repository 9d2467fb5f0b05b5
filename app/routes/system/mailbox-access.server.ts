import type { LoaderFunctionArgs } from "@remix-run/node";
import { currentStaff, notFound, servicesOf } from "../../context.server.ts";
import { type MailboxReader, staffMailboxReader } from "../../domain/mail/mailbox.server.ts";

const LOOPBACK_SITE = /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;

/**
 * Who reads the built-in mailbox, or 404: it is there only while no mail server is set up, and only for this machine
 * and for staff who are signed in. Behind a proxy that nobody has told us of, everybody seems to be at this machine;
 * so a site with a public name believes it only when its proxies are known.
 */
export async function mailboxReader(args: LoaderFunctionArgs): Promise<MailboxReader> {
  const { environment, baseUrl, db, clock } = servicesOf(args);
  if (environment.smtpUrls !== null) throw notFound();
  const knowsAddresses = LOOPBACK_SITE.test(baseUrl) || environment.trustedProxies > 0;
  if (knowsAddresses && args.context.isHere) return "all";
  const account = await currentStaff(args);
  if (account === null || (environment.secondStepRequired && !account.twoFactorEnabled)) throw notFound();
  return staffMailboxReader({ db, clock }, account.id);
}
