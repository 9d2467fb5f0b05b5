import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { bounceAddressOf } from "#app/domain/mail/bounce-address.ts";
import { takeReturned } from "#app/domain/mail/bounces.server.ts";
import { isStopped } from "#app/domain/mail/suppression.server.ts";
import { delivery, deliveryTry } from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { type Meeting, queueAgendaMails, writeMeeting } from "../support/meeting.ts";

let ctx: ReturnType<typeof testContext>;
let meeting: Meeting;
let sent: typeof delivery.$inferSelect;

beforeEach(async () => {
  ctx = testContext();
  meeting = writeMeeting(ctx.db.orm, ctx.keys, { slug: "b", people: 2, seats: [], now: ctx.clock.now() });
  await queueAgendaMails(ctx, meeting.invitees);
  ctx.db.orm.update(delivery).set({ state: "accepted", tries: 1, finishedAt: 1 }).run();
  const [first] = ctx.db.orm.select().from(delivery).all();
  if (first === undefined) throw new Error("nothing queued");
  sent = first;
});

const base = "bounces@dialogue.example";

function report(fields: string, { to = bounceAddressOf(ctx.keys, { base, deliveryId: sent.id }) } = {}) {
  return Buffer.from(
    [
      "From: MAILER-DAEMON@mx.example",
      `To: ${to}`,
      "Subject: Undelivered Mail Returned to Sender",
      "Auto-Submitted: auto-replied",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "Sorry.",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.example",
      "",
      fields,
      "",
      "--b",
      "Content-Type: message/rfc822",
      "",
      `Message-ID: ${sent.messageIdHeader}`,
      "Subject: x",
      "",
      "body",
      "--b--",
      "",
    ].join("\r\n"),
  );
}

const FAILED = [
  "Final-Recipient: rfc822; nobody@example.org",
  "Action: failed",
  "Status: 5.1.1",
  "Diagnostic-Code: smtp; 550 5.1.1 <nobody@example.org>:",
  "  Recipient address rejected: User unknown",
].join("\r\n");

const state = () => ctx.db.orm.select().from(delivery).where(eq(delivery.id, sent.id)).get()?.state;
const take = (source: Buffer, byMessageId = false) => takeReturned(ctx, source, { byMessageId });

test("a report that a mailbox does not exist ends the mail and stops its address, once", async () => {
  expect(await take(report(FAILED))).toBe("bounced");
  expect(await take(report(FAILED))).toBe("bounced");
  expect(state()).toBe("failed");
  expect(ctx.db.orm.select().from(deliveryTry).all()).toEqual([
    expect.objectContaining({
      outcome: "failed",
      code: 550,
      response: expect.stringContaining("User unknown"),
    }),
  ]);
  expect(isStopped(ctx.db.orm, { sideId: sent.coHostId, address: sent.toAddress.toUpperCase() })).toBe(true);
});

test("a delay is noted and changes nothing else", async () => {
  const delayed = FAILED.replace("failed", "delayed").replaceAll("5.1.1", "4.4.1").replace("550", "451");
  expect(await take(report(delayed))).toBe("delayed");
  expect(state()).toBe("accepted");
});

test("an out-of-office reply is neither an answer nor a bounce", async () => {
  const away = Buffer.from(
    `From: ${sent.toAddress}\r\nTo: ${bounceAddressOf(ctx.keys, { base, deliveryId: sent.id })}\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied (vacation)\r\n\r\nI am away; error 5.1.1 is what I read about.\r\n`,
  );
  expect(await take(away)).toBe("ignored");
  expect(state()).toBe("accepted");
});

test("nobody can make a mail count as returned who has not its own return address", async () => {
  const forged = bounceAddressOf({ digest: () => "0".repeat(64) }, { base, deliveryId: sent.id });
  expect(await take(report(FAILED, { to: forged }))).toBe("unknown");
  expect(await take(report(FAILED, { to: base }))).toBe("unknown");
  expect(state()).toBe("accepted");
  // While mails have no return address of their own, the Message-ID is what there is.
  expect(await take(report(FAILED, { to: base }), true)).toBe("bounced");
  expect(state()).toBe("failed");
});

test("a server that says it in prose alone is understood; rubbish is not", async () => {
  const to = bounceAddressOf(ctx.keys, { base, deliveryId: sent.id });
  expect(await take(Buffer.from(`From: x@y.example\r\nTo: ${to}\r\n\r\n550 5.1.1 hello\r\n`))).toBe(
    "ignored",
  );
  expect(await take(Buffer.from("\u0000\u0001"))).toBe("ignored");
  const prose = `From: MAILER-DAEMON@x.example\r\nTo: ${to}\r\n\r\nYour mail:\r\n552 5.2.2 mailbox is full\r\n`;
  expect(await take(Buffer.from(prose))).toBe("bounced");
  expect(isStopped(ctx.db.orm, { sideId: sent.coHostId, address: sent.toAddress })).toBe(false);
});
