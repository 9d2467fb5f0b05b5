import type { LoaderFunctionArgs } from "@remix-run/node";
import { currentStaff, notFound, servicesOf } from "../../context.server.ts";
import { type MailboxReader, staffMailboxReader } from "../../domain/mail/mailbox.server.ts";

const LOOPBACK = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/;

/**
 * Who reads the built-in mailbox, or 404: it is there only while no mail server is set up, and only for this machine
 * and for staff who are signed in. A request that came through a proxy is not from this machine.
 */
export async function mailboxReader(args: LoaderFunctionArgs): Promise<MailboxReader> {
  const { environment, db } = servicesOf(args);
  if (environment.smtpUrl !== null) throw notFound();
  const { headers } = args.request;
  const throughProxy = headers.has("X-Forwarded-For") || headers.has("Forwarded");
  if (LOOPBACK.test(args.context.client) && !throughProxy) return "all";
  const account = await currentStaff(args);
  if (account === null || (environment.secondStepRequired && !account.twoFactorEnabled)) throw notFound();
  return staffMailboxReader({ db }, account.id);
}
