import { and, eq, or } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { agendaItem, venue, venueWay } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import type { VenueInput } from "./form.ts";
import { wayKey } from "./rules.ts";

/** Adds a place. Refused `unknown_house` when it is to be a room of what is none. */
export function addVenue(
  ctx: StaffContext,
  input: VenueInput,
): Promise<Result<{ venueId: string }, "forbidden" | "unknown_house">> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "agenda")) return refused("forbidden");
    if (!mayBeWithin(tx, ctx, null, input.withinId)) return refused("unknown_house");
    const venueId = newId();
    const { editionId } = ctx.scope;
    tx.insert(venue)
      .values({ id: venueId, editionId, ...input, updatedAt: ctx.clock.now() })
      .run();
    audit(tx, ctx, "venue.add", venueId);
    return ok({ venueId });
  });
}

/** Changes a place; the draft's items that are there say its new name. */
export function changeVenue(
  ctx: StaffContext,
  { venueId, input }: { venueId: string; input: VenueInput },
): Promise<Result<null, "not_found" | "unknown_house">> {
  return ctx.db.write((tx) => {
    const found = venueIn(tx, ctx, venueId);
    if (found === undefined || !allows(ctx.scope, "agenda")) return refused("not_found");
    if (!mayBeWithin(tx, ctx, venueId, input.withinId)) return refused("unknown_house");
    tx.update(venue)
      .set({ ...input, updatedAt: ctx.clock.now() })
      .where(eq(venue.id, venueId))
      .run();
    // A room has no ways of its own.
    if (input.withinId !== null) deleteWays(tx, venueId);
    if (found.nameEn !== input.nameEn || found.nameZh !== input.nameZh)
      tx.update(agendaItem)
        .set({ placeEn: input.nameEn, placeZh: input.nameZh })
        .where(eq(agendaItem.venueId, venueId))
        .run();
    audit(tx, ctx, "venue.change", venueId);
    return ok(null);
  });
}

/** Takes a place off the list. Refused `in_use` while the draft or a room of it needs it. */
export function removeVenue(
  ctx: StaffContext,
  { venueId }: { venueId: string },
): Promise<Result<null, "not_found" | "in_use">> {
  return ctx.db.write((tx) => {
    if (venueIn(tx, ctx, venueId) === undefined || !allows(ctx.scope, "agenda")) return refused("not_found");
    const item = tx
      .select({ id: agendaItem.id })
      .from(agendaItem)
      .where(or(eq(agendaItem.venueId, venueId), eq(agendaItem.fromVenueId, venueId)))
      .limit(1)
      .get();
    const room = tx.select({ id: venue.id }).from(venue).where(eq(venue.withinId, venueId)).limit(1).get();
    if (item !== undefined || room !== undefined) return refused("in_use");
    tx.delete(venue).where(eq(venue.id, venueId)).run();
    audit(tx, ctx, "venue.remove", venueId);
    return ok(null);
  });
}

/** Says how long it takes from a house to others. Houses that are not named keep their time; null: not known. */
export function setWays(
  ctx: StaffContext,
  { venueId, minutes }: { venueId: string; minutes: ReadonlyMap<string, number | null> },
): Promise<Result<null, "not_found">> {
  return ctx.db.write((tx) => {
    const ends = [venueId, ...minutes.keys()];
    const houses = ends.every((id) => venueIn(tx, ctx, id)?.withinId === null);
    if (!houses || minutes.has(venueId) || !allows(ctx.scope, "agenda")) return refused("not_found");
    for (const [other, taken] of minutes) {
      const [oneId, otherId] = wayKey(venueId, other);
      tx.delete(venueWay)
        .where(and(eq(venueWay.oneId, oneId), eq(venueWay.otherId, otherId)))
        .run();
      if (taken !== null) tx.insert(venueWay).values({ oneId, otherId, minutes: taken }).run();
    }
    audit(tx, ctx, "venue.ways", venueId);
    return ok(null);
  });
}

function venueIn(tx: Tx, ctx: StaffContext, venueId: string) {
  return tx
    .select({ nameEn: venue.nameEn, nameZh: venue.nameZh, withinId: venue.withinId })
    .from(venue)
    .where(and(eq(venue.id, venueId), eq(venue.editionId, ctx.scope.editionId)))
    .get();
}

/** Rooms are in houses, and a house that has rooms is in none. */
function mayBeWithin(tx: Tx, ctx: StaffContext, venueId: string | null, withinId: string | null): boolean {
  if (withinId === null) return true;
  if (withinId === venueId || venueIn(tx, ctx, withinId)?.withinId !== null) return false;
  if (venueId === null) return true;
  return (
    tx.select({ id: venue.id }).from(venue).where(eq(venue.withinId, venueId)).limit(1).get() === undefined
  );
}

function deleteWays(tx: Tx, venueId: string): void {
  tx.delete(venueWay)
    .where(or(eq(venueWay.oneId, venueId), eq(venueWay.otherId, venueId)))
    .run();
}

function audit(tx: Tx, ctx: StaffContext, action: AuditAction, venueId: string): void {
  const { editionId } = ctx.scope;
  recordAudit(tx, ctx, { action, subjectKind: "venue", subjectId: venueId, editionId, sideId: null });
}
