import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delegation, trip, tripPassenger } from "#db/schema/index.ts";
import type { Count } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { auditVehicle } from "./record.server.ts";
import { tripIsThere } from "./trip.server.ts";

/**
 * Says that somebody sits in the vehicle, or does not: a tap. It says what is so and never "the other way round", so that
 * a tap that comes twice over a bad line counts once, and the first time stands.
 *
 * Whoever's side plans the trip counts everybody in it; the others count their own people.
 */
export function countPassenger(
  ctx: StaffContext,
  {
    tripId,
    passengerId,
    count,
    there,
  }: { tripId: string; passengerId: string; count: Count; there: boolean },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const seat = countable(tx, ctx, tripId).find((one) => one.id === passengerId);
    if (seat === undefined) return refused("gone");
    if (!mark(tx, ctx, { passengerId, count, there })) return ok(null);
    audit(tx, ctx, { tripId, sideId: seat.sideId, count });
    return ok(null);
  });
}

/** Says that everybody whom this reader may count, and who was not counted yet, sits in the vehicle. */
export function countEverybody(
  ctx: StaffContext,
  { tripId, count }: { tripId: string; count: Count },
): Promise<Result<{ counted: number }, "gone">> {
  return ctx.db.write((tx) => {
    const seats = countable(tx, ctx, tripId);
    const [first] = seats;
    if (first === undefined) return refused("gone");
    const counted = seats.filter((seat) =>
      mark(tx, ctx, { passengerId: seat.id, count, there: true }),
    ).length;
    if (counted > 0) audit(tx, ctx, { tripId, sideId: first.sideId, count });
    return ok({ counted });
  });
}

function countable(tx: Tx, ctx: StaffContext, tripId: string) {
  return tx
    .select({
      id: tripPassenger.id,
      sideId: trip.coHostId,
      passengerSideId: delegation.coHostId,
    })
    .from(tripPassenger)
    .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
    .innerJoin(delegation, eq(delegation.id, tripPassenger.delegationId))
    .where(and(eq(trip.id, tripId), tripIsThere(tx, ctx.scope)))
    .all()
    .filter(
      (seat) => ctx.scope.sideIds.includes(seat.sideId) || ctx.scope.sideIds.includes(seat.passengerSideId),
    );
}

/** @returns whether anything was not so before. */
function mark(
  tx: Tx,
  ctx: StaffContext,
  { passengerId, count, there }: { passengerId: string; count: Count; there: boolean },
): boolean {
  const at = there ? ctx.clock.now() : null;
  const by = there ? ctx.actor.id : null;
  const column = count === "out" ? tripPassenger.boardedAt : tripPassenger.returnedAt;
  const set = count === "out" ? { boardedAt: at, boardedBy: by } : { returnedAt: at, returnedBy: by };
  const here = eq(tripPassenger.id, passengerId);
  if (there)
    return (
      tx
        .update(tripPassenger)
        .set(set)
        .where(and(here, isNull(column)))
        .run().changes > 0
    );
  const counted = tx.select({ at: column }).from(tripPassenger).where(here).get();
  if (counted?.at === null || counted === undefined) return false;
  return tx.update(tripPassenger).set(set).where(here).run().changes > 0;
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  { tripId, sideId, count }: { tripId: string; sideId: string; count: Count },
): void {
  auditVehicle(tx, ctx, "trip.count", { kind: "trip", id: tripId, sideId }, { headcount: count });
}
