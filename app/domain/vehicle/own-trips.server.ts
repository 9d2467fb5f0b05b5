import { eq, sql } from "drizzle-orm";
import { prepared } from "#db/client.server.ts";
import { trip, tripPassenger, vehicle } from "#db/schema/index.ts";
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
  revision: number;
};

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
      fromPlace: trip.fromPlace,
      toPlace: trip.toPlace,
      sign: trip.sign,
      revision: trip.revision,
      vehicle: vehicle.name,
      plate: vehicle.plate,
    })
    .from(tripPassenger)
    .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
    .leftJoin(vehicle, eq(vehicle.id, trip.vehicleId))
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
          revision: row.revision,
        },
      ];
    })
    .sort((a, b) => a.departsAt - b.departsAt);
}
