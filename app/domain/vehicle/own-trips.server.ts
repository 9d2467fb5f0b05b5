import { and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import { prepared } from "#db/client.server.ts";
import { lapsedRide, trip, tripPassenger, vehicle } from "#db/schema/index.ts";
import type { TripKind } from "#db/vocabulary.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { DomainContext } from "../context.ts";
import { timesOf } from "./rules.ts";

/** A trip on which somebody has a seat: what they need to find it, and nothing of who else is in it. */
export type OwnTrip = {
  id: string;
  kind: TripKind;
  /** Whether it goes with an item of the programme, whose times it follows. */
  withItem: boolean;
  departsAt: number;
  fromPlace: string;
  toPlace: string;
  vehicle: string;
  plate: string;
  /** What the sign says that is held up at the exit. */
  sign: string;
  /** Rises with each change, also when the seat was lost and given again. */
  sequence: number;
};

const sameRide = and(
  eq(lapsedRide.tripId, tripPassenger.tripId),
  eq(lapsedRide.invitationId, tripPassenger.invitationId),
);

const tripsOfPerson = prepared((orm) =>
  orm
    .select({
      id: trip.id,
      kind: trip.kind,
      itemId: trip.itemId,
      minutesBefore: trip.minutesBefore,
      minutesAfter: trip.minutesAfter,
      departsAt: trip.departsAt,
      returnsAt: trip.returnsAt,
      toldDepartsAt: trip.toldDepartsAt,
      calledOffAt: trip.calledOffAt,
      fromPlace: trip.fromPlace,
      toPlace: trip.toPlace,
      sign: trip.sign,
      revision: trip.revision,
      lost: lapsedRide.times,
      vehicle: vehicle.name,
      plate: vehicle.plate,
    })
    .from(tripPassenger)
    .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
    .leftJoin(vehicle, eq(vehicle.id, trip.vehicleId))
    .leftJoin(lapsedRide, sameRide)
    .where(eq(tripPassenger.invitationId, sql.placeholder("invitation")))
    .prepare(),
);

/** The trips on which this person has a seat, in the order of time. One that serves an item goes by the published programme. */
export function ownTrips(
  { db }: Pick<DomainContext, "db">,
  { editionId, invitationId }: { editionId: string; invitationId: string },
): Array<OwnTrip> {
  const items = newestProgrammeIn(db.orm, editionId)?.items ?? [];
  return tripsOfPerson(db.orm)
    .all({ invitation: invitationId })
    .flatMap((row) => {
      const item = items.find(({ id }) => id === row.itemId) ?? null;
      const times = timesOf(row, item);
      if (times.calledOff) return [];
      return [
        {
          id: row.id,
          kind: row.kind,
          withItem: row.itemId !== null,
          departsAt: times.departsAt,
          fromPlace: row.fromPlace,
          toPlace: row.toPlace,
          vehicle: row.vehicle ?? "",
          plate: row.plate ?? "",
          sign: row.sign,
          sequence: row.revision + 2 * (row.lost ?? 0),
        },
      ];
    })
    .sort((a, b) => a.departsAt - b.departsAt);
}

const ridesLost = prepared((orm) =>
  orm
    .select({
      id: lapsedRide.tripId,
      kind: lapsedRide.kind,
      departsAt: lapsedRide.departsAt,
      fromPlace: lapsedRide.fromPlace,
      toPlace: lapsedRide.toPlace,
      times: lapsedRide.times,
      revision: lapsedRide.revision,
    })
    .from(lapsedRide)
    .leftJoin(tripPassenger, sameRide)
    .leftJoin(trip, eq(trip.id, tripPassenger.tripId))
    .where(
      and(
        eq(lapsedRide.invitationId, sql.placeholder("invitation")),
        or(isNull(tripPassenger.id), isNotNull(trip.calledOffAt)),
      ),
    )
    .prepare(),
);

/** Trips of their own on which this person had a seat and has none any more, as they were then. */
export function lostTrips(
  { db }: Pick<DomainContext, "db">,
  { invitationId }: { invitationId: string },
): Array<OwnTrip> {
  return ridesLost(db.orm)
    .all({ invitation: invitationId })
    .map(({ times, revision, ...ride }) => ({
      ...ride,
      withItem: false,
      vehicle: "",
      plate: "",
      sign: "",
      // After all that the seat has been, before all that it may be when it is given again.
      sequence: revision + 2 * times - 1,
    }));
}
