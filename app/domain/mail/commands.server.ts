import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delivery, invitation, message, person } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { audienceOf, findMessage, reachable } from "./audience.server.ts";
import { audienceFilter, type MessageInput } from "./form.ts";
import { queueDelivery } from "./outbox.server.ts";
import { canCancel, canRetry, shownName } from "./rules.ts";

/** Keeps a new message as a draft: nobody gets it before it is released. Refused for a side that is not one's own. */
export function draftMessage(
  ctx: StaffContext,
  input: MessageInput,
): Promise<Result<{ messageId: string }, "not_own_side">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.sideIds.includes(input.sideId)) return refused("not_own_side");
    const id = newId();
    tx.insert(message)
      .values({
        id,
        editionId: ctx.scope.editionId,
        coHostId: input.sideId,
        kind: "agenda",
        state: "draft",
        ...wordingAndAudience(input),
        createdBy: ctx.actor.id,
        createdAt: ctx.clock.now(),
      })
      .run();
    audit(tx, ctx, { action: "message.draft", subjectId: id, sideId: input.sideId });
    return ok({ messageId: id });
  });
}

/** Rewords a draft or changes its audience; the side stays. Refused when it is not there (`gone`) or has gone out. */
export function changeMessage(
  ctx: StaffContext,
  messageId: string,
  input: MessageInput,
): Promise<Result<null, "gone" | "released">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return refused("released");
    tx.update(message).set(wordingAndAudience(input)).where(eq(message.id, messageId)).run();
    audit(tx, ctx, { action: "message.change", subjectId: messageId, sideId: found.coHostId });
    return ok(null);
  });
}

/** Throws a draft away. */
export function discardMessage(
  ctx: StaffContext,
  messageId: string,
): Promise<Result<null, "gone" | "released">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return refused("released");
    tx.delete(message).where(eq(message.id, messageId)).run();
    audit(tx, ctx, { action: "message.discard", subjectId: messageId, sideId: found.coHostId });
    return ok(null);
  });
}

function wordingAndAudience(input: MessageInput) {
  return {
    subjectEn: input.subjectEn,
    subjectZh: input.subjectZh,
    bodyEn: input.bodyEn,
    bodyZh: input.bodyZh,
    audience: JSON.stringify(audienceFilter.parse(input)),
  };
}

/**
 * Releases a message: freezes its audience and queues one mail to each, all of them or none. A message that has gone
 * out already answers the same and queues nothing.
 *
 * @param count how many people the releaser thinks it goes to.
 * @returns refusals: `gone`; `checks`, when something stands in its way; `count`, when it would reach another number
 *   of people than the releaser typed, because they mistyped or because the list has changed since.
 */
export function releaseMessage(
  ctx: StaffContext,
  { messageId, count }: { messageId: string; count: number },
): Promise<Result<{ queued: number }, "gone" | "checks" | "count">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return ok({ queued: 0 });
    const audience = audienceOf(tx, found);
    if (audience.checks.length > 0) return refused("checks");
    const recipients = reachable(audience);
    if (recipients.length !== count) return refused("count");
    tx.update(message)
      .set({ state: "released", releasedAt: ctx.clock.now() })
      .where(eq(message.id, messageId))
      .run();
    for (const { invitationId, mail } of recipients)
      queueDelivery(tx, ctx, { invitationId, messageId, mail });
    audit(tx, ctx, {
      action: "message.release",
      subjectId: messageId,
      sideId: found.coHostId,
      details: { recipients: recipients.length, leftOut: audience.recipients.length - recipients.length },
    });
    return ok({ queued: recipients.length });
  });
}

/**
 * Has a mail tried again at once, at the address that the person has now. Refused when it is not there (`gone`), on its
 * way or taken already (`state`), or when the person has no address (`no_address`).
 */
export function retryDelivery(
  ctx: StaffContext,
  deliveryId: string,
): Promise<Result<null, "gone" | "state" | "no_address">> {
  return ctx.db.write((tx) => {
    const found = findDelivery(tx, ctx, deliveryId);
    if (found === null) return refused("gone");
    // What it said may have been purged.
    if (!canRetry(found.state) || found.payload === "") return refused("state");
    const to =
      found.recipientKind === "invitee"
        ? {
            toAddress: found.email,
            toName: shownName({
              nameLatin: found.nameLatin ?? "",
              nameNative: found.nameNative ?? "",
              locale: found.locale,
            }),
          }
        : { toAddress: found.toAddress, toName: found.toName };
    if (to.toAddress === null) return refused("no_address");
    tx.update(delivery)
      .set({
        state: "queued",
        tries: 0,
        dueAt: ctx.clock.now(),
        finishedAt: null,
        toAddress: to.toAddress,
        toName: to.toName,
      })
      .where(eq(delivery.id, deliveryId))
      .run();
    auditDelivery(tx, ctx, { action: "delivery.retry", deliveryId, sideId: found.sideId });
    return ok(null);
  });
}

/** Takes a mail back that has not gone yet. Refused when it is not there (`gone`), on its way or gone (`state`). */
export function cancelDelivery(
  ctx: StaffContext,
  deliveryId: string,
): Promise<Result<null, "gone" | "state">> {
  return ctx.db.write((tx) => {
    const found = findDelivery(tx, ctx, deliveryId);
    if (found === null) return refused("gone");
    if (!canCancel(found.state)) return refused("state");
    tx.update(delivery)
      .set({ state: "cancelled", finishedAt: ctx.clock.now() })
      .where(eq(delivery.id, deliveryId))
      .run();
    auditDelivery(tx, ctx, { action: "delivery.cancel", deliveryId, sideId: found.sideId });
    return ok(null);
  });
}

function findDelivery(tx: Tx, { scope }: StaffContext, deliveryId: string) {
  return (
    tx
      .select({
        state: delivery.state,
        payload: delivery.payload,
        locale: delivery.locale,
        recipientKind: delivery.recipientKind,
        toAddress: delivery.toAddress,
        toName: delivery.toName,
        sideId: delivery.coHostId,
        email: person.email,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
      })
      .from(delivery)
      .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
      .leftJoin(person, eq(person.id, invitation.personId))
      .where(
        and(
          eq(delivery.id, deliveryId),
          eq(delivery.editionId, scope.editionId),
          inArray(delivery.coHostId, [...scope.sideIds]),
        ),
      )
      .get() ?? null
  );
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  entry: { action: AuditAction; subjectId: string; sideId: string; details?: Record<string, number> },
): void {
  recordAudit(tx, ctx, { ...entry, subjectKind: "message", editionId: ctx.scope.editionId });
}

function auditDelivery(
  tx: Tx,
  ctx: StaffContext,
  { action, deliveryId, sideId }: { action: AuditAction; deliveryId: string; sideId: string },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "delivery",
    subjectId: deliveryId,
    editionId: ctx.scope.editionId,
    sideId,
  });
}
