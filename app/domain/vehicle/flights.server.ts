import { and, eq, gt, inArray, isNull } from "drizzle-orm";
import { invitation, trip, tripPassenger } from "#db/schema/index.ts";
import type { Direction, TripKind } from "#db/vocabulary.ts";
import type { DomainContext } from "../context.ts";
import { type WayThere, waysThere } from "../travel/board.server.ts";
import { journeysOf } from "../travel/journey.server.ts";
import { cityLeg } from "../travel/rules.ts";
import { fitOf, type TripTimes, timeToMeet } from "./rules.ts";
import { goes, type Reader, type TripHead, tripIsThere } from "./trip.server.ts";

/* What cars from and to the airport go by: the flights of those who sit in them, as far as this reader may know them. */

export type FlightOf = WayThere;

/** Whom a car does not meet, by passenger. */
export type Misfit = {
  misses: ReadonlyArray<string>;
  waits: ReadonlyArray<string>;
  /** When it should leave so that nobody misses it; null: it does. */
  better: number | null;
  /** Who would wait for hours then: they, or those who are late, are better driven apart. */
  wouldWait: ReadonlyArray<string>;
};

const WAYS: Partial<Record<TripKind, Direction>> = { pickup: "arrival", dropoff: "departure" };

/** The flights of those in these trips, by trip and passenger. Of a trip that is for no airport there are none. */
export function flightsOf(
  ctx: Reader,
  heads: ReadonlyArray<Pick<TripHead, "tripId" | "kind">>,
): Map<string, Map<string, FlightOf>> {
  const found = new Map<string, Map<string, FlightOf>>();
  for (const [direction, kind] of [
    ["arrival", "pickup"],
    ["departure", "dropoff"],
  ] as const) {
    const tripIds = heads.filter((head) => head.kind === kind).map(({ tripId }) => tripId);
    if (tripIds.length === 0) continue;
    const seats = ctx.db.orm
      .select({
        passengerId: tripPassenger.id,
        tripId: tripPassenger.tripId,
        invitationId: tripPassenger.invitationId,
      })
      .from(tripPassenger)
      .where(inArray(tripPassenger.tripId, tripIds))
      .all();
    const ways = waysThere(
      ctx,
      direction,
      seats.map(({ invitationId }) => invitationId),
    );
    for (const { passengerId, tripId, invitationId } of seats) {
      const way = ways.get(invitationId);
      if (way === undefined) continue;
      const { number, means, place, far, at } = way;
      const ofTrip = found.get(tripId) ?? new Map<string, FlightOf>();
      found.set(tripId, ofTrip.set(passengerId, { number, means, place, far, at }));
    }
  }
  return found;
}

/** A car is of no interest to anybody so long after it should have left. */
const PAST = 6 * 3_600_000;

/** How many cars from and to the airport that are still to go do not meet everybody in them. */
export function carsAstray(ctx: Reader): number {
  const cars = ctx.db.orm
    .select({ tripId: trip.id, kind: trip.kind, departsAt: trip.departsAt })
    .from(trip)
    .where(
      and(
        tripIsThere(ctx.db.orm, ctx.scope),
        goes,
        isNull(trip.itemId),
        inArray(trip.kind, ["pickup", "dropoff"]),
        gt(trip.departsAt, ctx.clock.now() - PAST),
      ),
    )
    .all();
  const flights = flightsOf(ctx, cars);
  return cars.filter(
    ({ tripId, kind, departsAt }) =>
      misfitOf({ kind, times: { departsAt, calledOff: false } }, flights.get(tripId) ?? new Map()) !== null,
  ).length;
}

/** Whom a trip does not meet; null: it meets everybody of whom it is known when they come or go. */
export function misfitOf(
  { kind, times }: Pick<TripHead, "kind"> & { times: Pick<TripTimes, "departsAt" | "calledOff"> },
  flights: ReadonlyMap<string, FlightOf>,
): Misfit | null {
  if (WAYS[kind] === undefined || times.calledOff) return null;
  const known = [...flights].flatMap(([passengerId, { at, means }]) =>
    at === null ? [] : [{ passengerId, at, means }],
  );
  const those = (fit: "misses" | "waits", departsAt: number) =>
    known.filter(({ at }) => fitOf(kind, departsAt, at) === fit).map(({ passengerId }) => passengerId);
  const [misses, waits] = [those("misses", times.departsAt), those("waits", times.departsAt)];
  if (misses.length + waits.length === 0) return null;
  const best = timeToMeet(kind, known);
  const better = best === times.departsAt ? null : best;
  return { misses, waits, better, wouldWait: better === null ? [] : those("waits", better) };
}

/** By what somebody comes, and goes, as their secretariat knows it: what their car goes by. */
export function ownFlights(
  { db }: Pick<DomainContext, "db">,
  { editionId, invitationId }: { editionId: string; invitationId: string },
): Partial<Record<TripKind, { number: string; at: number }>> {
  const ways = journeysOf(db.orm, editionId, eq(invitation.id, invitationId)).get(invitationId);
  const known = (direction: Direction) => {
    const leg = cityLeg(direction, ways?.[direction].legs ?? []);
    const at = ways?.[direction].at ?? null;
    return leg === undefined || at === null ? undefined : { number: leg.number, at };
  };
  const [pickup, dropoff] = [known("arrival"), known("departure")];
  return { ...(pickup === undefined ? {} : { pickup }), ...(dropoff === undefined ? {} : { dropoff }) };
}
