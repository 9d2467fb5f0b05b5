import { eq, inArray } from "drizzle-orm";
import { invitation, tripPassenger } from "#db/schema/index.ts";
import type { Direction, LegMeans, TripKind } from "#db/vocabulary.ts";
import type { DomainContext } from "../context.ts";
import { travelBoard } from "../travel/board.server.ts";
import { journeysOf } from "../travel/journey.server.ts";
import { cityLeg } from "../travel/rules.ts";
import { fitOf, timeToMeet } from "./rules.ts";
import type { Reader, TripHead } from "./trip.server.ts";

/* What cars from and to the airport go by: the flights of those who sit in them, as far as this reader may know them. */

export type FlightOf = {
  number: string;
  means: LegMeans | null;
  place: string;
  far: string;
  at: number | null;
};

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
    const lines = new Map(travelBoard(ctx, direction).map((line) => [line.invitationId, line] as const));
    const seats = ctx.db.orm
      .select({
        passengerId: tripPassenger.id,
        tripId: tripPassenger.tripId,
        invitationId: tripPassenger.invitationId,
      })
      .from(tripPassenger)
      .where(inArray(tripPassenger.tripId, tripIds))
      .all();
    for (const { passengerId, tripId, invitationId } of seats) {
      const line = lines.get(invitationId);
      if (line === undefined) continue;
      const { number, means, place, far, at } = line;
      const ofTrip = found.get(tripId) ?? new Map<string, FlightOf>();
      found.set(tripId, ofTrip.set(passengerId, { number, means, place, far, at }));
    }
  }
  return found;
}

/** Whom a trip does not meet; null: it meets everybody of whom it is known when they come or go. */
export function misfitOf(
  { kind, times }: Pick<TripHead, "kind" | "times">,
  flights: ReadonlyMap<string, FlightOf>,
): Misfit | null {
  if (WAYS[kind] === undefined || times.calledOff) return null;
  const known = [...flights].flatMap(([passengerId, { at }]) => (at === null ? [] : [{ passengerId, at }]));
  const those = (fit: "misses" | "waits", departsAt: number) =>
    known.filter(({ at }) => fitOf(kind, departsAt, at) === fit).map(({ passengerId }) => passengerId);
  const [misses, waits] = [those("misses", times.departsAt), those("waits", times.departsAt)];
  if (misses.length + waits.length === 0) return null;
  const best = timeToMeet(
    kind,
    known.map(({ at }) => at),
  );
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
