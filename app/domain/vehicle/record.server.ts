import { and, count, eq, inArray, isNotNull, isNull, max, ne, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delegation, invitation, lapsedRide, trip, tripPassenger, vehicle } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { type AuditAction, type AuditEntry, recordAudit } from "../privacy/audit.server.ts";
import { type Driver, driverChanged, TOLD_OTHERWISE } from "./rules.ts";
import { driversIn, seatableOthers } from "./trip.server.ts";

/* What the commands on vehicles and trips begin and end with. */

/** A vehicle of one of these sides; others do not exist here. */
export function ownVehicle(tx: Tx, ctx: StaffContext, vehicleId: string) {
  return tx
    .select()
    .from(vehicle)
    .where(
      and(
        eq(vehicle.id, vehicleId),
        eq(vehicle.editionId, ctx.scope.editionId),
        inArray(vehicle.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get();
}

/** A trip that one of these sides plans. */
export function ownTrip(tx: Tx, ctx: StaffContext, tripId: string) {
  return tx
    .select()
    .from(trip)
    .where(
      and(
        eq(trip.id, tripId),
        eq(trip.editionId, ctx.scope.editionId),
        inArray(trip.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get();
}

/** Which of these may be given a seat by this side: its own people who come, and those whose names it was given. */
export function seatableOf(
  tx: Tx,
  ctx: StaffContext,
  invitationIds: ReadonlyArray<string>,
): Map<string, { delegationId: string }> {
  const own = tx
    .select({ id: invitation.id, delegationId: invitation.delegationId })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
        inArray(invitation.id, [...invitationIds]),
        stands,
        ne(invitation.reply, "declined"),
      ),
    )
    .all()
    .map(({ id, delegationId }) => [id, { delegationId }] as const);
  const others = seatableOthers({ ...ctx, db: { ...ctx.db, orm: tx } })
    .filter(({ invitationId }) => invitationIds.includes(invitationId))
    .map(({ invitationId, delegationId }) => [invitationId, { delegationId }] as const);
  return new Map([...others, ...own]);
}

/** How many seats of a trip's vehicle are free; without a vehicle nothing limits it yet. */
export function seatsLeft(tx: Tx, { id, vehicleId }: { id: string; vehicleId: string | null }): number {
  if (vehicleId === null) return Number.POSITIVE_INFINITY;
  const seats =
    tx.select({ seats: vehicle.seats }).from(vehicle).where(eq(vehicle.id, vehicleId)).get()?.seats ?? 0;
  return seats - passengersIn(tx, id);
}

export function passengersIn(tx: Tx, tripId: string): number {
  return tx.select({ n: count() }).from(tripPassenger).where(eq(tripPassenger.tripId, tripId)).get()?.n ?? 0;
}

/** Puts people into a trip, after those who sit there; who sits there already stays as they are. */
export function insertPassengers(
  tx: Tx,
  tripId: string,
  people: ReadonlyArray<{ invitationId: string; delegationId: string; role?: "interpreter" | null }>,
): number {
  const last =
    tx
      .select({ last: max(tripPassenger.position) })
      .from(tripPassenger)
      .where(eq(tripPassenger.tripId, tripId))
      .get()?.last ?? 0;
  let added = 0;
  for (const [n, { invitationId, delegationId, role = null }] of people.entries())
    added += tx
      .insert(tripPassenger)
      .values({ id: newId(), tripId, invitationId, delegationId, role, position: last + 1 + n })
      .onConflictDoNothing()
      .run().changes;
  return added;
}

/** What the driver of a trip that is moved was told; null: just this. */
export function toldBefore(
  before: { departsAt: number; toldDepartsAt: number | null },
  departsAt: number,
): number | null {
  const told = before.toldDepartsAt ?? before.departsAt;
  return told === departsAt ? null : told;
}

/**
 * Keeps what seats these were, just before they are taken away or their trip is called off. A trip for an item of the programme stands in nobody's
 * calendar by itself.
 */
export function noteLapsedRides(tx: Tx, which: SQL | undefined): void {
  const lost = tx
    .select({
      tripId: trip.id,
      invitationId: tripPassenger.invitationId,
      kind: trip.kind,
      departsAt: trip.departsAt,
      fromPlace: trip.fromPlace,
      toPlace: trip.toPlace,
      revision: trip.revision,
    })
    .from(tripPassenger)
    .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
    .where(and(which, isNull(trip.itemId)))
    .all();
  for (const ride of lost)
    tx.insert(lapsedRide)
      .values({ ...ride, times: 1 })
      .onConflictDoUpdate({
        target: [lapsedRide.invitationId, lapsedRide.tripId],
        set: { ...ride, times: sql`${lapsedRide.times} + 1` },
      })
      .run();
}

/** What a trip keeps of what drivers know when it becomes another's to drive. */
export function driverOf(car: typeof vehicle.$inferSelect | undefined): Driver | null {
  if (car === undefined) return null;
  const { id: vehicleId, name, driver, driverPhone } = car;
  return { vehicleId, vehicle: name, driver, driverPhone };
}

export function otherDriver(
  known: Pick<typeof trip.$inferSelect, "driverNew" | "toldOff" | "driversBefore">,
  before: Driver | null,
  now: Driver | null,
): Pick<typeof trip.$inferSelect, "driverNew" | "toldOff" | "driversBefore"> {
  const { driverNew, toldOff } = known;
  const after = driverChanged(
    { driverNew, toldOff, driversBefore: driversIn(known.driversBefore) },
    before,
    now,
  );
  return { ...after, driversBefore: JSON.stringify(after.driversBefore) };
}

/** Those in these trips who had a mail about them are to hear of what has become another since. */
export function toldOtherwise(tx: Tx, which: SQL | undefined): void {
  const trips = tx.select({ id: trip.id }).from(trip).where(which);
  tx.update(tripPassenger)
    .set({ toldDepartsAt: TOLD_OTHERWISE })
    .where(and(inArray(tripPassenger.tripId, trips), isNotNull(tripPassenger.toldDepartsAt)))
    .run();
}

export function auditVehicle(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  subject: { kind: "vehicle" | "trip"; id: string; sideId: string },
  details?: AuditEntry["details"],
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    editionId: ctx.scope.editionId,
    sideId: subject.sideId,
    ...(details === undefined ? {} : { details }),
  });
}
