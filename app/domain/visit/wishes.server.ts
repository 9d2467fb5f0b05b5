import { and, eq, ne } from "drizzle-orm";
import { delegation, invitation, visitPlace } from "#db/schema/index.ts";
import type { PlaceCause } from "#db/vocabulary.ts";
import type { InvitationContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type OwnDraw, ownDraw } from "./draw.server.ts";
import { type Collision, standingFor } from "./obstacles.server.ts";
import type { PlaceObstacle } from "./rules.ts";
import { type VisitChoice, visitChoices } from "./seats.server.ts";

/** A visit as the holder of a link sees it: their place, how it came about, and what they can do. */
export type OwnVisit = VisitChoice & {
  cause: PlaceCause | null;
  preference: number | null;
  /** While a seat is held for them: until when. */
  offerEndsAt: number | null;
  /** What stands between them and a seat; empty when they have one, or have not asked. */
  obstacles: ReadonlyArray<PlaceObstacle>;
  collisions: ReadonlyArray<Collision>;
  draw: OwnDraw | null;
};

function holderOf(ctx: Pick<InvitationContext, "db" | "scope">) {
  return ctx.db.orm
    .select({ delegationId: invitation.delegationId, reply: invitation.reply })
    .from(invitation)
    .where(and(eq(invitation.id, ctx.scope.invitationId), eq(invitation.editionId, ctx.scope.editionId)))
    .get();
}

/** The visits of the published programme that this person may ask for, or asked for, in the order of their wishes. */
export function ownVisits(ctx: Pick<InvitationContext, "db" | "scope">): Array<OwnVisit> {
  const { orm } = ctx.db;
  const holder = holderOf(ctx);
  if (holder === undefined) return [];
  const person = { ...ctx.scope, delegationId: holder.delegationId };
  const places = orm
    .select({
      visitId: visitPlace.visitId,
      cause: visitPlace.cause,
      preference: visitPlace.preference,
      offerEndsAt: visitPlace.offerEndsAt,
      clashReason: visitPlace.clashReason,
    })
    .from(visitPlace)
    .where(eq(visitPlace.invitationId, ctx.scope.invitationId))
    .all();
  const visits = visitChoices(orm, person).map((choice): OwnVisit => {
    const place = places.find(({ visitId }) => visitId === choice.visitId);
    const hasAsked = choice.mine === "waiting" || choice.mine === "offered";
    const standing = hasAsked
      ? standingFor(orm, { ...person, visitId: choice.visitId }, place?.clashReason ?? "")
      : { obstacles: [], collisions: [] };
    return {
      ...choice,
      cause: place?.cause ?? null,
      preference: place?.preference ?? null,
      offerEndsAt: place?.offerEndsAt ?? null,
      ...standing,
      draw: ownDraw(ctx, choice.visitId),
    };
  });
  const rank = ({ preference }: OwnVisit) => preference ?? Number.MAX_SAFE_INTEGER;
  return visits.sort((a, b) => rank(a) - rank(b));
}

/**
 * Puts this person's wishes in the order of `visitIds`; those not named follow as they were. It counts when lots are drawn,
 * and when two visits at one time are asked for together. The same order again writes nothing.
 */
export function orderWishes(
  ctx: InvitationContext,
  visitIds: ReadonlyArray<string>,
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = tx
      .select({ sideId: delegation.coHostId })
      .from(invitation)
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(and(eq(invitation.id, ctx.scope.invitationId), eq(invitation.editionId, ctx.scope.editionId)))
      .get();
    if (found === undefined) return refused("gone");
    const places = tx
      .select({ id: visitPlace.id, visitId: visitPlace.visitId, preference: visitPlace.preference })
      .from(visitPlace)
      .where(and(eq(visitPlace.invitationId, ctx.scope.invitationId), ne(visitPlace.state, "withdrawn")))
      .all();
    const named = [...new Set(visitIds)].filter((visitId) => places.some((one) => one.visitId === visitId));
    const isSame = places.every(
      ({ visitId, preference }) =>
        preference === (named.includes(visitId) ? named.indexOf(visitId) + 1 : null),
    );
    if (isSame) return ok(null);
    for (const { id, visitId } of places)
      tx.update(visitPlace)
        .set({ preference: named.includes(visitId) ? named.indexOf(visitId) + 1 : null })
        .where(eq(visitPlace.id, id))
        .run();
    recordAudit(tx, ctx, {
      action: "visit.wishes",
      subjectKind: "invitation",
      subjectId: ctx.scope.invitationId,
      editionId: ctx.scope.editionId,
      sideId: found.sideId,
      details: { visits: named },
    });
    return ok(null);
  });
}
