import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, invitation, visitPlace } from "#db/schema/index.ts";
import type { Category } from "#db/vocabulary.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { hasRoom, inheritsPlace } from "../invitation/quota.server.ts";
import { holdsPlace, type PlaceHolder } from "../invitation/quota.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import type { FORMER_HEADS } from "./form.ts";
import { currentOrder, headsOf, isMember } from "./queries.server.ts";
import { type OrderWish, orderAfter, type ProtocolOrder, reconciled, same } from "./rules.ts";

/**
 * Sets the protocol order of a delegation.
 *
 * Refused when it is not on this side or the wish names somebody who was not in the order (`gone`), and when somebody
 * else has changed the order since (`changed`): then nothing is written, and both are to be shown.
 *
 * @param from the order that the actor saw.
 */
export function orderDelegation(
  ctx: StaffContext,
  { delegationId, from, wish }: { delegationId: string; from: ProtocolOrder; wish: OrderWish },
): Promise<Result<{ changed: boolean }, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    const sideId = sideOf(tx, ctx, delegationId);
    const to = orderAfter(from, wish);
    if (sideId === null || to === null) return refused("gone");
    const current = currentOrder(tx, delegationId);
    const kept = reconciled({ current, from, to });
    if (kept === null) return refused("changed");
    if (same(kept, current)) return ok({ changed: false });
    for (const [index, id] of kept.entries())
      tx.update(invitation)
        .set({ protocolOrder: index + 1 })
        .where(eq(invitation.id, id))
        .run();
    recordAudit(tx, ctx, {
      action: "delegation.order",
      subjectKind: "delegation",
      subjectId: delegationId,
      editionId: ctx.scope.editionId,
      sideId,
      details: { people: kept.length },
    });
    return ok({ changed: true });
  });
}

/** What somebody becomes: their category, in this delegation. */
export type Membership = { delegationId: string; category: Category };

/**
 * Whether somebody can become that: `headTaken` when the delegation has another head, `quotaFull` when they would need
 * a place that is not there; null: they can. For use inside commands.
 */
export function membershipProblem(
  orm: Orm,
  before: PlaceHolder & { id: string; delegationId: string },
  after: Membership,
): "headTaken" | "quotaFull" | null {
  const { id, delegationId } = before;
  if (after.category === before.category && after.delegationId === delegationId) return null;
  if (after.category === "head" && headsOf(orm, { ...after, except: id }).length > 0) return "headTaken";
  return lacksPlace(orm, before, after) ? "quotaFull" : null;
}

function lacksPlace(
  orm: Orm,
  before: PlaceHolder & { id: string; delegationId: string },
  after: Membership,
): boolean {
  const heldHere = before.delegationId === after.delegationId && holdsPlace(before);
  const needsPlace = !heldHere && holdsPlace({ ...before, category: after.category });
  return needsPlace && !hasRoom(orm, { ...after, except: before.id });
}

/**
 * Makes somebody something else in their delegation, or moves them to another one of their side, where they come last.
 *
 * Refused when one of the two is not on this side (`gone`), when there is another head and nothing was said of what
 * becomes of them (`headTaken`), and when there is no place (`quotaFull`) unless a lead says why.
 *
 * @param formerHead what the head so far becomes.
 * @param overQuota why a lead goes beyond the quota; null: nobody does.
 */
export function changeMember(
  ctx: StaffContext,
  wish: MemberWish,
): Promise<Result<{ changed: boolean }, MemberRefusal>> {
  return ctx.db.write((tx) => placeMember(tx, ctx, wish));
}

type MemberWish = Membership & {
  invitationId: string;
  formerHead?: (typeof FORMER_HEADS)[number] | null;
  overQuota?: string | null;
};
export type MemberRefusal = "gone" | "headTaken" | "quotaFull" | "forbidden";

/** The same as `changeMember` inside another command. */
export function placeMember(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, delegationId, category, formerHead = null, overQuota = null }: MemberWish,
): Result<{ changed: boolean }, MemberRefusal> {
  if (overQuota !== null && !allows(ctx.scope, "lead")) return refused("forbidden");
  const found = memberOf(tx, ctx, invitationId);
  if (found === null || sideOf(tx, ctx, delegationId) !== found.sideId) return refused("gone");
  const moves = found.delegationId !== delegationId;
  if (!moves && found.category === category) return ok({ changed: false });
  const heads = category === "head" ? headsOf(tx, { delegationId, except: invitationId }) : [];
  if (heads.length > 0 && formerHead === null) return refused("headTaken");
  const after = { delegationId, category };
  const isFull = lacksPlace(tx, found, after);
  if (isFull && overQuota === null) return refused("quotaFull");
  if (heads.length > 0 && formerHead !== null)
    tx.update(invitation).set({ category: formerHead }).where(inArray(invitation.id, heads)).run();
  tx.update(invitation)
    .set({ ...after, ...(moves ? { protocolOrder: null } : {}) })
    .where(eq(invitation.id, invitationId))
    .run();
  // Seats on visits are counted by delegation.
  if (moves)
    tx.update(visitPlace).set({ delegationId }).where(eq(visitPlace.invitationId, invitationId)).run();
  if (isFull)
    noteEvent(tx, ctx, { invitationId, kind: "over_quota", channel: "staff", note: overQuota ?? "" });
  recordAudit(tx, ctx, {
    action: "delegation.changeMember",
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: ctx.scope.editionId,
    sideId: found.sideId,
    details: {
      before: found.category,
      category,
      from: found.delegationId,
      delegation: delegationId,
      formerHeads: heads,
      overQuota: isFull,
    },
  });
  return ok({ changed: true });
}

function memberOf(tx: Tx, ctx: StaffContext, invitationId: string) {
  return (
    tx
      .select({
        id: invitation.id,
        delegationId: invitation.delegationId,
        sideId: delegation.coHostId,
        category: invitation.category,
        reply: invitation.reply,
        approvedAt: invitation.approvedAt,
        sentAt: invitation.sentAt,
        withdrawnAt: invitation.withdrawnAt,
        replacedAt: invitation.replacedAt,
        inheritsPlace,
      })
      .from(invitation)
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(
          eq(invitation.id, invitationId),
          eq(invitation.editionId, ctx.scope.editionId),
          inArray(delegation.coHostId, [...ctx.scope.sideIds]),
          isMember(),
        ),
      )
      .get() ?? null
  );
}

/** The side that answers for a delegation of this scope; null when it is none. */
function sideOf(orm: Orm, ctx: StaffContext, delegationId: string): string | null {
  const found = orm
    .select({ sideId: delegation.coHostId })
    .from(delegation)
    .where(
      and(
        eq(delegation.id, delegationId),
        eq(delegation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get();
  return found?.sideId ?? null;
}
