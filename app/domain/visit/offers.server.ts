import { and, asc, eq, lte } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, invitation, visitPlace } from "#db/schema/index.ts";
import type { DomainContext, InvitationContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { tellAboutPlace } from "./news.server.ts";
import { collisionsOf } from "./obstacles.server.ts";
import { giveUpPlace, promoteWaiting } from "./seats.server.ts";

/*
 * A seat that became free is offered to the next in line for some hours. Whoever takes it has it; whoever declines, or
 * says nothing until the offer ends, is out of the queue, and the seat goes to the next.
 */

type Offer = {
  placeId: string;
  visitId: string;
  invitationId: string;
  delegationId: string;
  editionId: string;
  sideId: string;
};

function offers(orm: Orm) {
  return orm
    .select({
      placeId: visitPlace.id,
      visitId: visitPlace.visitId,
      invitationId: visitPlace.invitationId,
      delegationId: visitPlace.delegationId,
      editionId: invitation.editionId,
      sideId: delegation.coHostId,
      offerEndsAt: visitPlace.offerEndsAt,
    })
    .from(visitPlace)
    .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .$dynamic();
}

/**
 * Takes the seat that is offered. What else this person has a seat on at that time is given up for it; they saw that
 * before. `late`: the offer has ended; `busy`: they have a function at that time. Taken already: the same answer.
 */
export function acceptOffer(
  ctx: InvitationContext,
  visitId: string,
): Promise<Result<null, "gone" | "late" | "busy">> {
  return ctx.db.write((tx) => {
    const found = ownPlace(tx, ctx, visitId);
    if (found === undefined) return refused("gone");
    if (found.state === "granted") return ok(null);
    if (found.state !== "offered" || found.offerEndsAt === null || found.offerEndsAt <= ctx.clock.now())
      return refused("late");
    const collisions = collisionsOf(tx, { ...found, ...ctx.scope, visitId });
    const isBusy = collisions.some((collision) => collision.visitId === null);
    if (isBusy && found.clashReason === "") return refused("busy");
    if (found.clashReason === "")
      for (const collision of collisions)
        if (collision.visitId !== null)
          giveUpPlace(tx, ctx, { visitId: collision.visitId, invitationId: found.invitationId });
    tx.update(visitPlace)
      .set({ state: "granted", decidedAt: ctx.clock.now(), offerEndsAt: null })
      .where(eq(visitPlace.id, found.placeId))
      .run();
    tellAboutPlace(tx, ctx, found);
    audit(tx, ctx, "visit.offer_accept", found);
    return ok(null);
  });
}

/** Gives the offered seat to the next in line. `gone`: nothing is offered. */
export function declineOffer(ctx: InvitationContext, visitId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = ownPlace(tx, ctx, visitId);
    if (found === undefined || (found.state !== "offered" && found.cause !== "offer_declined"))
      return refused("gone");
    if (found.state !== "offered") return ok(null);
    giveUpPlace(tx, ctx, { ...found, cause: "offer_declined" });
    audit(tx, ctx, "visit.offer_decline", found);
    return ok(null);
  });
}

function ownPlace(tx: Tx, { scope }: Pick<InvitationContext, "scope">, visitId: string) {
  return tx
    .select({
      placeId: visitPlace.id,
      visitId: visitPlace.visitId,
      invitationId: visitPlace.invitationId,
      delegationId: visitPlace.delegationId,
      editionId: invitation.editionId,
      sideId: delegation.coHostId,
      state: visitPlace.state,
      cause: visitPlace.cause,
      offerEndsAt: visitPlace.offerEndsAt,
      clashReason: visitPlace.clashReason,
    })
    .from(visitPlace)
    .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(visitPlace.visitId, visitId),
        eq(visitPlace.invitationId, scope.invitationId),
        eq(invitation.editionId, scope.editionId),
      ),
    )
    .get();
}

/**
 * Ends every offer whose time is over: its person is told, and the next in line gets theirs. Each in a transaction of its
 * own that looks again, so that an answer of the last second counts and a round after a restart ends none twice.
 *
 * @returns how many ended.
 */
export async function endOffers(ctx: DomainContext): Promise<number> {
  const due = offers(ctx.db.orm)
    .where(isOver(ctx.clock.now()))
    .orderBy(asc(visitPlace.offerEndsAt), asc(visitPlace.id))
    .all();
  const system: DomainContext = { ...ctx, actor: { kind: "system", id: "offers" } };
  let ended = 0;
  for (const { placeId } of due)
    ended += await ctx.db.write((tx) => {
      const offer = offers(tx)
        .where(and(eq(visitPlace.id, placeId), isOver(ctx.clock.now())))
        .get();
      return offer === undefined ? 0 : endOffer(tx, system, offer);
    });
  return ended;
}

function isOver(now: number) {
  return and(eq(visitPlace.state, "offered"), lte(visitPlace.offerEndsAt, now));
}

function endOffer(tx: Tx, ctx: DomainContext, offer: Offer): number {
  tx.update(visitPlace)
    .set({ state: "withdrawn", cause: "offer_expired", decidedAt: ctx.clock.now(), offerEndsAt: null })
    .where(eq(visitPlace.id, offer.placeId))
    .run();
  tellAboutPlace(tx, ctx, offer);
  audit(tx, ctx, "visit.offer_expire", offer);
  promoteWaiting(tx, ctx, offer.visitId);
  return 1;
}

function audit(tx: Tx, ctx: DomainContext, action: AuditAction, offer: Omit<Offer, "delegationId">): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "visit_place",
    subjectId: offer.placeId,
    editionId: offer.editionId,
    sideId: offer.sideId,
    details: { visit: offer.visitId, invitation: offer.invitationId },
  });
}
