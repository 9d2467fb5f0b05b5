/** The lead's yes to an invitation, which holds a place for it (approval.ts, quota.ts). */
import { and, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, edition, invitation } from "#db/schema/index.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { noteEvent } from "./events.server.ts";
import { withdrawFromHost } from "./host-releases.server.ts";
import { placesLeft } from "./quota.server.ts";
import { takesPlace } from "./quota.ts";

/** Those of the given invitations that are on this side. */
export function ownInvitations(orm: Orm, ctx: Pick<StaffContext, "scope">, ids: ReadonlyArray<string>) {
  return orm
    .select({
      id: invitation.id,
      delegationId: invitation.delegationId,
      sideId: delegation.coHostId,
      category: invitation.category,
      sentAt: invitation.sentAt,
      approvedAt: invitation.approvedAt,
      hostAnswer: invitation.hostAnswer,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      approval: edition.approval,
      hostSideId: edition.hostSideId,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(
      and(
        inArray(invitation.id, [...ids]),
        eq(invitation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .all();
}

export type ApprovalRefusal = "forbidden" | "nobody" | "gone" | "ended" | "quotaFull";

/**
 * Approves exactly these people, or none of them: each takes a place of their delegation's, if they had none. Who is
 * approved already stays so.
 *
 * Refused when the actor does not lead the side (`forbidden`), one of them is not on it (`gone`), is withdrawn or
 * replaced (`ended`), or finds no place (`quotaFull`).
 *
 * @param overQuota why a lead approves although there is no place left; null: nobody does.
 */
export function approveInvitations(
  ctx: StaffContext,
  { invitationIds, overQuota = null }: { invitationIds: ReadonlyArray<string>; overQuota?: string | null },
): Promise<Result<{ approved: number }, ApprovalRefusal>> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "lead")) return refused("forbidden");
    const ids = [...new Set(invitationIds)];
    if (ids.length === 0) return refused("nobody");
    const people = ownInvitations(tx, ctx, ids);
    if (people.length !== ids.length) return refused("gone");
    if (people.some((one) => one.withdrawnAt !== null || one.replacedAt !== null)) return refused("ended");
    const wanted = people.filter((one) => one.approvedAt === null);
    // Found out before anything is written: all of them, or none.
    const places = new Map<string, number>();
    const over = wanted.filter((one) => {
      if (one.sentAt !== null || !takesPlace(one.category)) return false;
      const left = places.get(one.delegationId) ?? placesLeft(tx, one) ?? Number.POSITIVE_INFINITY;
      places.set(one.delegationId, left - 1);
      return left <= 0;
    });
    if (over.length > 0 && overQuota === null) return refused("quotaFull");
    for (const { id } of wanted) {
      tx.update(invitation).set({ approvedAt: ctx.clock.now() }).where(eq(invitation.id, id)).run();
      if (over.some((one) => one.id === id))
        noteEvent(tx, ctx, { invitationId: id, kind: "over_quota", channel: "staff", note: overQuota ?? "" });
      noteEvent(tx, ctx, { invitationId: id, kind: "approved", channel: "staff" });
    }
    auditEachSide(tx, ctx, wanted, (own) => ({
      action: "invitation.approve",
      details: {
        invitations: own.map(({ id }) => id),
        overQuota: over.filter((one) => own.includes(one)).map(({ id }) => id),
      },
    }));
    return ok({ approved: wanted.length });
  });
}

/**
 * Takes approvals back: the places are free again, and what was put to the host side is no longer before it.
 *
 * Refused as approving is, and when one of the invitations has gone out (`sent`).
 */
export function takeBackApproval(
  ctx: StaffContext,
  invitationIds: ReadonlyArray<string>,
): Promise<Result<{ takenBack: number }, "forbidden" | "nobody" | "gone" | "sent">> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "lead")) return refused("forbidden");
    const ids = [...new Set(invitationIds)];
    if (ids.length === 0) return refused("nobody");
    const people = ownInvitations(tx, ctx, ids);
    if (people.length !== ids.length) return refused("gone");
    if (people.some((one) => one.sentAt !== null)) return refused("sent");
    const approved = people.filter((one) => one.approvedAt !== null);
    for (const sideId of new Set(approved.map((one) => one.sideId)))
      withdrawFromHost(tx, ctx, {
        sideId,
        invitationIds: approved.filter((one) => one.sideId === sideId).map(({ id }) => id),
      });
    for (const { id } of approved) {
      tx.update(invitation).set({ approvedAt: null, hostAnswer: null }).where(eq(invitation.id, id)).run();
      noteEvent(tx, ctx, { invitationId: id, kind: "approval_withdrawn", channel: "staff" });
    }
    auditEachSide(tx, ctx, approved, (own) => ({
      action: "invitation.takeBackApproval",
      details: { invitations: own.map(({ id }) => id) },
    }));
    return ok({ takenBack: approved.length });
  });
}
