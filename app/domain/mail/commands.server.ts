import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delivery, invitation, message, messageCopy, person } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { audienceOf, findMessage } from "./audience.server.ts";
import { audienceFilter, type CopyInput, type MessageInput } from "./form.ts";
import { messageMark } from "./mark.server.ts";
import { queueAgain } from "./outbox.server.ts";
import { behindAfter } from "./parity.ts";
import { canCancel, canRetry, shownName } from "./rules.ts";
import { liftStops } from "./suppression.server.ts";
import { templateOf } from "./templates.server.ts";

/**
 * Keeps a new message as a draft: nobody gets it before it is released. One's own draft that says just this to just these is
 * it: a form may come twice, and two drafts would be sent twice. Refused for a side that is not one's own.
 */
export function draftMessage(
  ctx: StaffContext,
  input: MessageInput,
): Promise<Result<{ messageId: string }, "not_own_side">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.sideIds.includes(input.sideId)) return refused("not_own_side");
    const id = newId();
    const { editionId } = ctx.scope;
    const known = tx
      .select({ id: message.id })
      .from(message)
      .where(
        and(
          eq(message.editionId, editionId),
          eq(message.coHostId, input.sideId),
          eq(message.kind, input.kind),
          eq(message.state, "draft"),
          eq(message.createdBy, ctx.actor.id),
          ...Object.entries(wordingAndAudience(input)).map(([name, value]) =>
            eq(message[name as keyof ReturnType<typeof wordingAndAudience>], value),
          ),
        ),
      )
      .get();
    if (known !== undefined) return ok({ messageId: known.id });
    const template = templateOf(tx, { editionId, sideId: input.sideId, kind: input.kind });
    tx.insert(message)
      .values({
        id,
        editionId,
        coHostId: input.sideId,
        kind: input.kind,
        state: "draft",
        ...wordingAndAudience(input),
        behind: behindAfter(template, input, { stillHolds: input.stillHolds === "on" }),
        createdBy: ctx.actor.id,
        createdAt: ctx.clock.now(),
      })
      .run();
    audit(tx, ctx, { action: "message.draft", subjectId: id, sideId: input.sideId });
    return ok({ messageId: id });
  });
}

/**
 * Rewords a draft or changes its audience; side and kind stay. What waited for a second person is a draft again. Refused
 * when it is not there (`gone`), has gone out, or a colleague has saved it otherwise since (`changed_meanwhile`).
 *
 * @param seen the mark of what was looked at; not compared unless given.
 */
export function changeMessage(
  ctx: StaffContext,
  messageId: string,
  input: MessageInput,
  seen?: string,
): Promise<Result<null, "gone" | "released" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return refused("released");
    if (seen !== undefined && seen !== messageMark(found)) {
      // The same form once more: it stands there already.
      if (messageMark(found) === messageMark(wordingAndAudience(input))) return ok(null);
      return refused("changed_meanwhile");
    }
    tx.update(message)
      .set({
        ...wordingAndAudience(input),
        ...NOT_ASKED,
        behind: behindAfter(found, input, { stillHolds: input.stillHolds === "on" }),
      })
      .where(eq(message.id, messageId))
      .run();
    audit(tx, ctx, { action: "message.change", subjectId: messageId, sideId: found.coHostId });
    return ok(null);
  });
}

/** Throws a draft away, with what was worded for single recipients. */
export function discardMessage(
  ctx: StaffContext,
  messageId: string,
): Promise<Result<null, "gone" | "released">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return refused("released");
    tx.delete(messageCopy).where(eq(messageCopy.messageId, messageId)).run();
    tx.delete(message).where(eq(message.id, messageId)).run();
    audit(tx, ctx, { action: "message.discard", subjectId: messageId, sideId: found.coHostId });
    return ok(null);
  });
}

/** A draft of which nobody asked that it go, nor when. */
export const NOT_ASKED = {
  state: "draft",
  askedBy: null,
  askedAt: null,
  askedCount: null,
  scheduledFor: null,
  scheduleZone: null,
} as const;

function wordingAndAudience(input: MessageInput) {
  return {
    subjectEn: input.subjectEn,
    subjectZh: input.subjectZh,
    bodyEn: input.bodyEn,
    bodyZh: input.bodyZh,
    audience: JSON.stringify(audienceFilter.parse(input)),
  };
}

/** Words one recipient's copy by hand. Refused for somebody who is not in the audience (`gone`). */
export function writeCopy(
  ctx: StaffContext,
  { messageId, invitationId, copy }: { messageId: string; invitationId: string; copy: CopyInput },
): Promise<Result<null, "gone" | "released">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return refused("released");
    const now = ctx.clock.now();
    const [one] = audienceOf(tx, found, { baseUrl: ctx.baseUrl, now, only: invitationId }).recipients;
    if (one === undefined) return refused("gone");
    const { subjectEn, subjectZh, bodyEn, bodyZh } = copy;
    const values = { subjectEn, subjectZh, bodyEn, bodyZh, writtenBy: ctx.actor.id, writtenAt: now };
    tx.insert(messageCopy)
      .values({ messageId, invitationId, ...values })
      .onConflictDoUpdate({ target: [messageCopy.messageId, messageCopy.invitationId], set: values })
      .run();
    tx.update(message).set(NOT_ASKED).where(eq(message.id, messageId)).run();
    audit(tx, ctx, {
      action: "message.copy",
      subjectId: messageId,
      sideId: found.coHostId,
      details: { invitation: invitationId },
    });
    return ok(null);
  });
}

/** Gives one recipient the common wording again. */
export function dropCopy(
  ctx: StaffContext,
  { messageId, invitationId }: { messageId: string; invitationId: string },
): Promise<Result<null, "gone" | "released">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    if (found === null) return refused("gone");
    if (found.state === "released") return refused("released");
    tx.delete(messageCopy)
      .where(and(eq(messageCopy.messageId, messageId), eq(messageCopy.invitationId, invitationId)))
      .run();
    tx.update(message).set(NOT_ASKED).where(eq(message.id, messageId)).run();
    audit(tx, ctx, {
      action: "message.copy_drop",
      subjectId: messageId,
      sideId: found.coHostId,
      details: { invitation: invitationId },
    });
    return ok(null);
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
    // Who has it tried again says that the address takes mail again: otherwise it would be stopped once more, unsent.
    liftStops(tx, {
      sideId: found.sideId,
      address: to.toAddress,
      by: ctx.actor.id,
      at: ctx.clock.now(),
    });
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

/**
 * Sends what a mail says once more, to another address: a second mail, the first one stays as it is. Refused when it is
 * not there (`gone`) or what it said was purged (`state`).
 */
export function sendElsewhere(
  ctx: StaffContext,
  { deliveryId, address }: { deliveryId: string; address: string },
): Promise<Result<{ deliveryId: string }, "gone" | "state">> {
  return ctx.db.write((tx) => {
    const found = findDelivery(tx, ctx, deliveryId);
    if (found === null) return refused("gone");
    if (found.payload === "" || found.kind === "access_code" || found.recipientKind === "staff")
      return refused("state");
    // The form came twice, or somebody else was as quick.
    const waiting = tx
      .select({ id: delivery.id })
      .from(delivery)
      .where(
        and(
          ne(delivery.id, deliveryId),
          eq(delivery.editionId, ctx.scope.editionId),
          eq(delivery.coHostId, found.sideId),
          found.invitationId === null
            ? isNull(delivery.invitationId)
            : eq(delivery.invitationId, found.invitationId),
          eq(delivery.toAddress, address),
          eq(delivery.payload, found.payload),
          inArray(delivery.state, ["queued", "sending", "deferred"]),
        ),
      )
      .get();
    if (waiting !== undefined) return ok({ deliveryId: waiting.id });
    const id = queueAgain(tx, ctx, { deliveryId, address });
    if (id === null) return refused("gone");
    // The one that still waits would come to the old address as well.
    if (canCancel(found.state))
      tx.update(delivery)
        .set({ state: "cancelled", finishedAt: ctx.clock.now() })
        .where(eq(delivery.id, deliveryId))
        .run();
    auditDelivery(tx, ctx, { action: "delivery.elsewhere", deliveryId, sideId: found.sideId });
    return ok({ deliveryId: id });
  });
}

function findDelivery(tx: Tx, { scope }: StaffContext, deliveryId: string) {
  return (
    tx
      .select({
        state: delivery.state,
        kind: delivery.kind,
        payload: delivery.payload,
        invitationId: delivery.invitationId,
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
  entry: {
    action: AuditAction;
    subjectId: string;
    sideId: string;
    details?: Record<string, number | string>;
  },
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
