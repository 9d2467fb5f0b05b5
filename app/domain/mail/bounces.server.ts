/**
 * What comes back of a mail after a server took it: a report (RFC 3464) to the address that is this mail's alone. An
 * out-of-office reply is neither an answer nor a bounce.
 */
import { eq } from "drizzle-orm";
import { type ParsedMail, simpleParser } from "mailparser";
import type { Tx } from "#db/client.server.ts";
import { delivery, deliveryTry } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { deliveryOfBounce } from "./bounce-address.ts";
import { reasonOf, stopsAddress } from "./rules.ts";
import { stopAddress } from "./suppression.server.ts";

/** What a returned mail says. `code` null: no reply code stands in it. */
export type Report = { final: boolean; code: number | null; words: string };

/** `unknown`: it is about no mail of ours. `ignored`: somebody's machine says that they are away, or a person writes. */
export type Returned = "bounced" | "delayed" | "ignored" | "unknown";

/**
 * Takes in one mail that came to the bounce address. The same one again changes nothing.
 *
 * @param byMessageId whether the Message-ID in a report is enough to know the mail; only while mails have no return
 *   address of their own, because whoever has a mail knows its Message-ID.
 */
export async function takeReturned(
  ctx: DomainContext,
  source: Buffer,
  { byMessageId }: { byMessageId: boolean },
): Promise<Returned> {
  const mail = await simpleParser(source, {
    skipHtmlToText: true,
    skipImageLinks: true,
    keepDeliveryStatus: true,
  });
  const report = reportIn(mail);
  if (report === null) return "ignored";
  const marked = mail.headerLines
    .map(({ line }) => deliveryOfBounce(ctx.keys, line))
    .find((id) => id !== null);
  const header = marked === undefined && byMessageId ? messageIdIn(mail) : null;
  if (marked === undefined && header === null) return "unknown";
  return ctx.db.write((tx) => {
    const found = tx
      .select()
      .from(delivery)
      .where(marked === undefined ? eq(delivery.messageIdHeader, header ?? "") : eq(delivery.id, marked))
      .get();
    return found === undefined ? "unknown" : record(tx, ctx, found, report);
  });
}

function record(tx: Tx, ctx: DomainContext, found: typeof delivery.$inferSelect, report: Report): Returned {
  const now = ctx.clock.now();
  if (found.state !== "accepted") return report.final ? "bounced" : "delayed";
  tx.insert(deliveryTry)
    .values({
      id: newId(),
      deliveryId: found.id,
      at: now,
      outcome: report.final ? "failed" : "deferred",
      code: report.code,
      response: report.words.replaceAll(/\p{Cc}+/gu, " ").slice(0, 500),
    })
    .run();
  // The other server goes on trying by itself.
  if (!report.final) return "delayed";
  tx.update(delivery).set({ state: "failed", finishedAt: now }).where(eq(delivery.id, found.id)).run();
  const reason = reasonOf({ code: report.code ?? 550, response: report.words });
  if (reason !== null && stopsAddress(reason))
    stopAddress(tx, {
      editionId: found.editionId,
      sideId: found.coHostId,
      address: found.toAddress,
      reason,
      deliveryId: found.id,
      at: now,
    });
  if (found.kind === "invitation" && found.recipientKind === "invitee" && found.invitationId !== null)
    noteEvent(tx, ctx, { invitationId: found.invitationId, kind: "bounced", channel: "system" });
  recordAudit(tx, ctx, {
    action: "delivery.returned",
    subjectKind: "delivery",
    subjectId: found.id,
    editionId: found.editionId,
    sideId: found.coHostId,
  });
  return "bounced";
}

/** What a mail reports of another, or null when it is no report. */
export function reportIn(mail: ParsedMail): Report | null {
  const status = mail.attachments.find(({ contentType }) => contentType === "message/delivery-status");
  if (status !== undefined) return fromStatus(status.content.toString("utf8"));
  if (isAutomaticReply(mail)) return null;
  // Some servers say it in prose alone.
  const from = mail.from?.value[0]?.address ?? "";
  const text = mail.text ?? "";
  const said = /\b([45])\.\d{1,3}\.\d{1,3}\b/.exec(text);
  if (!/^(?:mailer-daemon|postmaster)@/i.test(from) || said === null) return null;
  const line = text.split("\n").find((each) => each.includes(said[0])) ?? said[0];
  return { final: said[1] === "5", code: codeIn(line), words: line.trim() };
}

/** Fields of all recipients of the report: one mail of ours has one. */
function fromStatus(text: string): Report | null {
  const unfolded = text.replaceAll(/\r?\n[ \t]+/g, " ");
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "im").exec(unfolded)?.[1]?.trim() ?? "";
  const action = field("Action").toLowerCase();
  const status = field("Status");
  const diagnostic = field("Diagnostic-Code").replace(/^smtp;\s*/i, "");
  if (action === "delivered" || action === "relayed" || action === "expanded") return null;
  const words = [diagnostic.includes(status) ? "" : status, diagnostic]
    .filter((part) => part !== "")
    .join(" ");
  return { final: action === "failed", code: codeIn(diagnostic), words };
}

function codeIn(text: string): number | null {
  const code = /(?<!\d)([45]\d\d)(?!\d)/.exec(text)?.[1];
  return code === undefined ? null : Number(code);
}

function isAutomaticReply(mail: ParsedMail): boolean {
  const submitted = String(mail.headers.get("auto-submitted") ?? "").toLowerCase();
  return (
    submitted.startsWith("auto-replied") ||
    mail.headers.has("x-autoreply") ||
    mail.headers.has("x-autorespond") ||
    /auto[_-]?reply/i.test(String(mail.headers.get("precedence") ?? ""))
  );
}

/** The Message-ID of the mail that came back, from what the report quotes of it. */
function messageIdIn(mail: ParsedMail): string | null {
  const quoted = mail.attachments.filter(({ contentType }) =>
    ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"].includes(contentType),
  );
  for (const { content } of quoted) {
    const found = /^message-id:\s*(<[^<>\s]+>)/im.exec(content.toString("utf8"))?.[1];
    if (found !== undefined) return found;
  }
  return null;
}
