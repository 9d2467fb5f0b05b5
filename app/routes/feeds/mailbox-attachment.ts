import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, servicesOf } from "../../context.server.ts";
import { findMailboxMail } from "../../domain/mail/mailbox.server.ts";
import { mailboxReader } from "../system/mailbox-access.server.ts";

/** One attachment of a kept mail, for saving: browsers must not show it as a page of this site. */
export async function loader(args: LoaderFunctionArgs) {
  const reader = await mailboxReader(args);
  const mail = findMailboxMail(servicesOf(args), reader, args.params.mail ?? "");
  const attachment = mail?.attachments[Number(args.params.index)];
  if (attachment === undefined) throw notFound();
  return new Response(attachment.content, {
    headers: {
      "Content-Type": attachment.contentType,
      "Content-Disposition": `attachment; filename="${attachment.filename.replaceAll(/[^A-Za-z0-9._-]/g, "_")}"`,
      "X-Content-Type-Options": "nosniff",
    },
  });
}
