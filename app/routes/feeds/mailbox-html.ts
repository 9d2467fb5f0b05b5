import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, servicesOf } from "../../context.server.ts";
import { findMailboxMail } from "../../domain/mail/mailbox.server.ts";
import { mailboxReader } from "../system/mailbox-access.server.ts";

/** The HTML of a kept mail, for the frame on its page. Its headers let nothing in it run. */
export async function loader(args: LoaderFunctionArgs) {
  const reader = await mailboxReader(args);
  const mail = findMailboxMail(servicesOf(args), reader, args.params.mail ?? "");
  if (mail === null) throw notFound();
  return new Response(mail.html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}
