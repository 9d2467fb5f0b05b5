import { dayOf } from "../../i18n/dates.ts";
import { zoneOf } from "../travel/journey.server.ts";
import { type FlightOf, flightsOf } from "./flights.server.ts";
import {
  type Passenger,
  passengersOf,
  type Reader,
  type TripHead,
  tripIsThere,
  tripsWhere,
} from "./trip.server.ts";

/** What a driver, and whoever receives people, have in hand: a trip with who sits in it, in the order in which they land. */
export type TripSheet = {
  trip: TripHead;
  passengers: ReadonlyArray<Passenger & { flight: FlightOf | null }>;
};

export type TripSheets = {
  /** Days on which something drives. */
  days: ReadonlyArray<string>;
  /** The day whose sheets these are; null: nothing drives at all. */
  day: string | null;
  sheets: ReadonlyArray<TripSheet>;
};

const LAST = Number.MAX_SAFE_INTEGER;

/** The trips of a day that are there for this reader and still go. A day on which nothing drives is the next one that has. */
export function tripSheets(ctx: Reader, asked: string): TripSheets {
  const { orm } = ctx.db;
  const zone = zoneOf(orm, ctx.scope.editionId);
  const heads = tripsWhere(orm, ctx.scope, tripIsThere(orm, ctx.scope)).filter(
    ({ times }) => !times.calledOff,
  );
  const dayOfTrip = ({ times }: TripHead) => dayOf(times.departsAt, zone);
  const days = [...new Set(heads.map(dayOfTrip))];
  const day = days.find((each) => each >= asked) ?? days.at(-1) ?? null;
  const ofDay = heads.filter((head) => dayOfTrip(head) === day);
  const seats = passengersOf(
    ctx,
    ofDay.map(({ tripId }) => tripId),
  );
  const flights = flightsOf(ctx, ofDay);
  const sheets = ofDay.map((trip): TripSheet => {
    const known = flights.get(trip.tripId);
    const passengers = (seats.get(trip.tripId) ?? [])
      .filter(({ gone }) => !gone)
      .map((seat) => ({ ...seat, flight: known?.get(seat.passengerId) ?? null }))
      .sort((a, b) => (a.flight?.at ?? LAST) - (b.flight?.at ?? LAST) || 0);
    return { trip, passengers };
  });
  return { days, day, sheets };
}
