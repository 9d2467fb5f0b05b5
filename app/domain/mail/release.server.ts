/**
 * A message on its way out: looked at in one's own mailbox, asked of a second person, released, held for a minute, and
 * stopped or let go. Releasing freezes who gets it and what it says.
 */
import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delivery, editionCoHost, message } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { audienceOf, findMessage, reachable, type StoredMessage } from "./audience.server.ts";
import { needsSecondWord } from "./checks.server.ts";
import { NOT_ASKED } from "./commands.server.ts";
import type { ReleaseInput } from "./form.ts";
import { queueDelivery, queueMailTo } from "./outbox.server.ts";
import { ALONE_UP_TO, HOLD } from "./rules.ts";

/** What became of it: it is held and then goes, or waits for a second person. */
export type Released = { queued: number; asked: boolean };

/**
 * Releases a message: freezes its audience and queues one mail to each, all of them or none; they are held until the
 * chosen time, or for a minute. Where its side asks for a second person, the first one's word is kept and the second
 * one's releases it. A message that has gone out already answers the same and queues nothing.
 *
 * @returns refusals: `gone`; `checks`, when something stands in its way; `behind`, when one language is older or missing
 *   and nobody said that it goes anyway; `past`, for a time that is over; `own_request`, when a second person is needed;
 *   `count`, when it would reach another number of people than was typed.
 */
export function releaseMessage(
  ctx: StaffContext,
  {
    messageId,
    count,
    behindAnyway,
    schedule = null,
  }: Pick<ReleaseInput, "count"> & Partial<ReleaseInput> & { messageId: string },
): Promise<Result<Released, "gone" | "checks" | "behind" | "past" | "own_request" | "count">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return ok({ queued: 0, asked: false });
    const now = ctx.clock.now();
    const audience = audienceOf(tx, found, { baseUrl: ctx.baseUrl, now });
    if (audience.checks.length > 0) return refused("checks");
    if (needsSecondWord(audience.remarks) && behindAnyway !== "on") return refused("behind");
    const recipients = reachable(audience);
    if (recipients.length !== count) return refused("count");
    const at = schedule?.at ?? found.scheduledFor;
    const zone = schedule?.zone ?? found.scheduleZone;
    if (at !== null && at <= now) return refused("past");
    const needsSecond = recipients.length > ALONE_UP_TO && asksForSecond(tx, found);
    if (needsSecond && found.state === "asked" && found.askedBy === ctx.actor.id)
      return refused("own_request");
    if (needsSecond && found.state !== "asked") {
      tx.update(message)
        .set({
          state: "asked",
          askedBy: ctx.actor.id,
          askedAt: now,
          askedCount: count,
          scheduledFor: at,
          scheduleZone: zone,
        })
        .where(eq(message.id, messageId))
        .run();
      audit(tx, ctx, found, "message.ask", { recipients: recipients.length });
      return ok({ queued: 0, asked: true });
    }
    const goesAt = at ?? now + HOLD;
    tx.update(message)
      .set({
        state: "released",
        releasedAt: now,
        releasedBy: ctx.actor.id,
        goesAt,
        scheduledFor: at,
        scheduleZone: zone,
      })
      .where(eq(message.id, messageId))
      .run();
    for (const { invitationId, mail } of recipients)
      queueDelivery(tx, ctx, { invitationId, messageId, mail, notBefore: goesAt });
    audit(tx, ctx, found, "message.release", {
      recipients: recipients.length,
      leftOut: audience.recipients.length - recipients.length,
    });
    return ok({ queued: recipients.length, asked: false });
  });
}

function asksForSecond(tx: Tx, { editionId, coHostId }: StoredMessage): boolean {
  const side = tx
    .select({ secondPerson: editionCoHost.secondPerson })
    .from(editionCoHost)
    .where(and(eq(editionCoHost.editionId, editionId), eq(editionCoHost.coHostId, coHostId)))
    .get();
  return side?.secondPerson === true;
}

/** Takes back the wish that it go: it is a draft again. */
export function takeBackRequest(
  ctx: StaffContext,
  messageId: string,
): Promise<Result<null, "gone" | "released">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return refused("released");
    if (found.state === "draft") return ok(null);
    tx.update(message).set(NOT_ASKED).where(eq(message.id, messageId)).run();
    audit(tx, ctx, found, "message.ask_back");
    return ok(null);
  });
}

/**
 * Stops a released message while it is held: none of its mails has gone, and it is a draft again. What is no longer released
 * was stopped already. Refused once the hold is over (`late`).
 */
export function stopMessage(ctx: StaffContext, messageId: string): Promise<Result<null, "gone" | "late">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state !== "released") return ok(null);
    if (!isHeld(found, ctx.clock.now())) return refused("late");
    const untouched = tx
      .delete(delivery)
      .where(and(eq(delivery.messageId, messageId), eq(delivery.state, "queued"), eq(delivery.tries, 0)))
      .run();
    tx.update(message)
      .set({
        ...NOT_ASKED,
        releasedAt: null,
        releasedBy: null,
        goesAt: null,
      })
      .where(eq(message.id, messageId))
      .run();
    audit(tx, ctx, found, "message.stop", { mails: untouched.changes });
    return ok(null);
  });
}

/** Lets a held message go at once. Refused when it is not held any more (`late`). */
export function letGo(ctx: StaffContext, messageId: string): Promise<Result<null, "gone" | "late">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    const now = ctx.clock.now();
    if (!isHeld(found, now)) return refused("late");
    tx.update(delivery)
      .set({ dueAt: now })
      .where(and(eq(delivery.messageId, messageId), inArray(delivery.state, ["queued"])))
      .run();
    tx.update(message).set({ goesAt: now }).where(eq(message.id, messageId)).run();
    audit(tx, ctx, found, "message.let_go");
    return ok(null);
  });
}

/** Whether none of its mails may go yet. */
export function isHeld(found: Pick<StoredMessage, "state" | "goesAt">, now: number): boolean {
  return found.state === "released" && found.goesAt !== null && found.goesAt > now;
}

/**
 * Sends its writer what one recipient would get, without that person's link. Refused when message or person are not
 * there (`gone`), or while something in it is no placeholder (`checks`).
 */
export function sendTest(
  ctx: StaffContext,
  {
    messageId,
    invitationId,
    to,
  }: {
    messageId: string;
    invitationId: string;
    to: { address: string; name: string; locale: Locale };
  },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null || found.state === "released") return refused("gone");
    const [one] = audienceOf(tx, found, {
      baseUrl: ctx.baseUrl,
      now: ctx.clock.now(),
      only: invitationId,
    }).recipients;
    if (one === undefined) return refused("gone");
    queueMailTo(tx, ctx, {
      to: {
        ...to,
        locale: one.locale,
        kind: "staff",
        linkId: null,
        editionId: found.editionId,
        sideId: found.coHostId,
      },
      invitationId: null,
      mail: { ...one.mail, isTest: true },
      urgent: true,
    });
    audit(tx, ctx, found, "message.test");
    return ok(null);
  });
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  found: StoredMessage,
  action: AuditAction,
  details: Record<string, number> = {},
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "message",
    subjectId: found.id,
    editionId: found.editionId,
    sideId: found.coHostId,
    details,
  });
}
