import { isDeepStrictEqual } from "node:util";
import { eq } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { invitation, invitationText } from "#db/schema/index.ts";
import type { InvitationEventKind, Means } from "#db/vocabulary.ts";
import { translate } from "../../i18n/translate.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import { endDevices } from "../access/devices.server.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { headsOf } from "../delegation/queries.server.ts";
import { queueDelivery } from "../mail/outbox.server.ts";
import { auditEachSide, recordAudit } from "../privacy/audit.server.ts";
import { reopenRegistration } from "../registration/reopen.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { askForPlaces } from "../visit/seats.server.ts";
import { noteEvent } from "./events.server.ts";
import type { InvitationTexts } from "./form.ts";
import { endAllGivenOut } from "./given-out.server.ts";
import { auditOwn, findOwn, over } from "./own.server.ts";
import { hasRoom } from "./quota.server.ts";
import { answerInvitation } from "./reply.server.ts";
import type { Answer, RepliesClosed } from "./reply.ts";
import { linkExpiry } from "./rules.ts";
import { isBlocked, recipients, wordingOf } from "./sending.server.ts";

/**
 * Saves a side's wording in both languages. Refused for another side (`gone`), and when a colleague has saved another one
 * since (`changed`).
 *
 * @param after when the wording that the page showed was saved; 0: it was the proposed one.
 */
export function changeInvitationText(
  ctx: StaffContext,
  { sideId, texts, after }: { sideId: string; texts: InvitationTexts; after?: number | undefined },
): Promise<Result<null, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.sideIds.includes(sideId)) return refused("gone");
    const { editionId } = ctx.scope;
    const stands = wordingOf(tx, { editionId, sideId, hasCosts: false });
    if (stands.saved && isDeepStrictEqual(stands.texts, texts)) return ok(null);
    if (after !== undefined && after !== stands.savedAt) return refused("changed");
    const updatedAt = ctx.clock.now();
    for (const row of [
      { locale: "en" as const, subject: texts.subjectEn, body: texts.bodyEn },
      { locale: "zh-CN" as const, subject: texts.subjectZh, body: texts.bodyZh },
    ])
      tx.insert(invitationText)
        .values({ editionId, coHostId: sideId, ...row, updatedAt })
        .onConflictDoUpdate({
          target: [invitationText.editionId, invitationText.coHostId, invitationText.locale],
          set: { subject: row.subject, body: row.body, updatedAt },
        })
        .run();
    recordAudit(tx, ctx, {
      action: "invitation.word",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId,
    });
    return ok(null);
  });
}

/**
 * Sends the invitation to exactly these people, each in a mail of their own, or to none of them.
 *
 * Refused when one of them is not on this side (`gone`) or cannot be sent to as things stand (`blocked`): the page
 * that asks shows who and why, and this decides it once more.
 *
 * @param again whether those who have it already are to be reminded.
 * @param overQuota why a lead wants it sent although the delegation has no place left; null: nobody does.
 */
export function sendInvitations(
  ctx: StaffContext,
  {
    invitationIds,
    again = false,
    overQuota = null,
  }: { invitationIds: ReadonlyArray<string>; again?: boolean; overQuota?: string | null },
): Promise<Result<{ sent: number }, "gone" | "blocked" | "nobody" | "forbidden">> {
  return ctx.db.write((tx) => {
    if (overQuota !== null && !allows(ctx.scope, "lead")) return refused("forbidden");
    const ids = [...new Set(invitationIds)];
    if (ids.length === 0) return refused("nobody");
    const people = recipients(tx, ctx, { invitationIds: ids, again, overQuota: overQuota !== null });
    if (people.length !== ids.length) return refused("gone");
    if (people.some(isBlocked)) return refused("blocked");
    const at = ctx.clock.now();
    for (const { invitationId, mail, again: isReminder, overQuota: isOver } of people) {
      if (!isReminder) tx.update(invitation).set({ sentAt: at }).where(eq(invitation.id, invitationId)).run();
      if (isOver)
        noteEvent(tx, ctx, { invitationId, kind: "over_quota", channel: "staff", note: overQuota ?? "" });
      note(tx, ctx, invitationId, isReminder ? "reminded" : "sent");
      queueDelivery(tx, ctx, { invitationId, messageId: null, mail: isReminder ? asReminder(mail) : mail });
    }
    auditEachSide(tx, ctx, people, (own) => ({
      action: "invitation.send",
      details: {
        count: own.length,
        invitations: own.map((one) => one.invitationId),
        overQuota: own.filter((one) => one.overQuota).map((one) => one.invitationId),
      },
    }));
    return ok({ sent: people.length });
  });
}

/** The same letter as a reminder of it. */
export function asReminder<M extends { subjectEn: string; subjectZh: string }>(mail: M): M {
  return {
    ...mail,
    subjectEn: translate("en", "letter.reminder", { subject: mail.subjectEn }),
    subjectZh: translate("zh-CN", "letter.reminder", { subject: mail.subjectZh }),
  };
}

/** Stops the link from opening anything. Refused when it is stopped already (`revoked`), or not there (`gone`). */
export function revokeLink(
  ctx: StaffContext,
  invitationId: string,
): Promise<Result<null, "gone" | "revoked">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    if (found.tokenRevokedAt !== null) return refused("revoked");
    tx.update(invitation)
      .set({ tokenRevokedAt: ctx.clock.now() })
      .where(eq(invitation.id, invitationId))
      .run();
    endDevices(tx, ctx, { invitationId });
    note(tx, ctx, invitationId, "link_revoked");
    auditOwn(tx, ctx, found, "invitation.revokeLink");
    return ok(null);
  });
}

/**
 * Issues a new link: the one before stops working at once. The next mail brings the new one; nobody is shown it here.
 * Refused when the invitation is over (`withdrawn`, `replaced`) or not there (`gone`).
 */
export function reissueLink(
  ctx: StaffContext,
  invitationId: string,
): Promise<Result<null, "gone" | "withdrawn" | "replaced">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    const ended = over(found);
    if (ended !== null) return refused(ended);
    const tokenGeneration = found.tokenGeneration + 1;
    tx.update(invitation)
      .set({
        tokenGeneration,
        tokenHash: hashToken(ctx.keys.linkToken(invitationId, tokenGeneration)),
        tokenExpiresAt: linkExpiry(found, ctx.clock.now()),
        tokenRevokedAt: null,
      })
      .where(eq(invitation.id, invitationId))
      .run();
    endDevices(tx, ctx, { invitationId });
    note(tx, ctx, invitationId, "link_issued");
    auditOwn(tx, ctx, found, "invitation.reissueLink");
    return ok(null);
  });
}

/**
 * Takes an invitation back: the link stops working and all else that was given out ends, mails that wait are cancelled,
 * and places on visits go to the next in line. Refused when it is over already (`withdrawn`, `replaced`) or not there (`gone`).
 */
export function withdrawInvitation(
  ctx: StaffContext,
  invitationId: string,
): Promise<Result<null, "gone" | "withdrawn" | "replaced">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    const before = over(found);
    if (before !== null) return refused(before);
    const at = ctx.clock.now();
    tx.update(invitation)
      .set({ withdrawnAt: at, tokenRevokedAt: found.tokenRevokedAt ?? at })
      .where(eq(invitation.id, invitationId))
      .run();
    note(tx, ctx, invitationId, "withdrawn");
    const ended = endAllGivenOut(tx, ctx, invitationId);
    askForPlaces(tx, ctx, {
      invitationId,
      delegationId: found.delegationId,
      editionId: found.editionId,
      visitIds: [],
    });
    auditOwn(tx, ctx, found, "invitation.withdraw", ended);
    return ok(null);
  });
}

/**
 * Invites somebody again who had declined, or whose invitation was taken back: a new link, no answer yet, and the letter
 * to be sent anew. What happened before stays on record. What they had filled in is there again as a draft; what they
 * had consented to is asked once more.
 *
 * Refused when the invitation stands and was not declined (`standing`), when somebody else comes instead (`replaced`),
 * when the side does not invite this person (`doNotInvite`), when their place is taken (`quotaFull`) or the delegation
 * has another head (`headTaken`), and when the invitation is not on this side (`gone`).
 */
export function reinvite(
  ctx: StaffContext,
  invitationId: string,
): Promise<Result<null, "gone" | "replaced" | "standing" | "doNotInvite" | "quotaFull" | "headTaken">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    if (found.replacedAt !== null) return refused("replaced");
    if (found.withdrawnAt === null && found.reply !== "declined") return refused("standing");
    if (found.doNotInviteAt !== null) return refused("doNotInvite");
    const { delegationId, category } = found;
    if (!hasRoom(tx, { delegationId, category, except: invitationId })) return refused("quotaFull");
    if (category === "head" && headsOf(tx, { delegationId, except: invitationId }).length > 0)
      return refused("headTaken");
    const tokenGeneration = found.tokenGeneration + 1;
    tx.update(invitation)
      .set({
        tokenGeneration,
        tokenHash: hashToken(ctx.keys.linkToken(invitationId, tokenGeneration)),
        tokenExpiresAt: linkExpiry(found, ctx.clock.now()),
        tokenRevokedAt: null,
        withdrawnAt: null,
        reply: "none",
        repliedAt: null,
        sentAt: null,
        seenAt: null,
        confirmedAt: null,
        attendance: null,
      })
      .where(eq(invitation.id, invitationId))
      .run();
    endDevices(tx, ctx, { invitationId });
    reopenRegistration(tx, ctx, invitationId);
    note(tx, ctx, invitationId, "reinvited");
    auditOwn(tx, ctx, found, "invitation.reinvite");
    return ok(null);
  });
}

/**
 * Records an answer that was given by phone, by letter or in person, as `answerInvitation` takes one, but marked as
 * recorded by staff, and also after the reply date. Refused when the invitation is over, and when it is not on this side
 * (`gone`).
 *
 * @param means how staff got to know it.
 * @param askAgainOn the day to ask again, `YYYY-MM-DD`, for `tentative`.
 */
export async function recordReply(
  ctx: StaffContext,
  input: {
    invitationId: string;
    reply: Answer;
    note: string;
    askAgainOn: string | null;
    means?: Means | null;
  },
): Promise<Result<null, RepliesClosed | "gone">> {
  const found = findOwn(ctx.db.orm, ctx, input.invitationId);
  if (found === null) return refused("gone");
  const { reply, note: words, askAgainOn, means = null } = input;
  const outcome = await answerInvitation(
    {
      ...ctx,
      scope: { editionId: ctx.scope.editionId, invitationId: input.invitationId },
      locale: found.locale,
      assistant: null,
    },
    { reply, note: words, askAgainOn, channel: "staff", means },
  );
  return outcome.ok ? ok(null) : outcome;
}

function note(tx: Tx, ctx: StaffContext, invitationId: string, kind: InvitationEventKind): void {
  noteEvent(tx, ctx, { invitationId, kind, channel: "staff" });
}
