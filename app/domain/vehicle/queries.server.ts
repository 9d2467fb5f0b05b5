import { and, asc, count, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaItem,
  delegation,
  invitation,
  trip,
  tripPassenger,
  vehicle,
  visitPlace,
} from "#db/schema/index.ts";
import type { Direction } from "#db/vocabulary.ts";
import type { StaffScope } from "../access/rules.ts";
import { isCountedOn } from "../agenda/expected.server.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import { isExpected } from "../agenda/rules.ts";
import { type BoardLine, type Traveller, travelBoard, travellers } from "../travel/board.server.ts";
import { groupArrivals, numberKeys } from "../travel/rules.ts";
import { type FlightOf, flightsOf, type Misfit, misfitOf } from "./flights.server.ts";
import { headcount, type TripClash, timeToMeet, tripClashes } from "./rules.ts";
import {
  goes,
  type ItemOfTrip,
  itemsForTrips,
  type Passenger,
  passengersOf,
  type Reader,
  type Seatable,
  seatableOthers,
  type TripHead,
  tripIsThere,
  tripsWhere,
  type VehicleFacts,
} from "./trip.server.ts";

export type VehicleInList = VehicleFacts & { position: number; revision: number; trips: number };

/** A side's vehicles in the order of the motorcade. */
export function vehiclesOf(orm: Orm, { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">) {
  return orm
    .select({
      vehicleId: vehicle.id,
      name: vehicle.name,
      plate: vehicle.plate,
      seats: vehicle.seats,
      driver: vehicle.driver,
      driverPhone: vehicle.driverPhone,
      position: vehicle.position,
      revision: vehicle.revision,
      trips: count(trip.id),
    })
    .from(vehicle)
    .leftJoin(trip, and(eq(trip.vehicleId, vehicle.id), goes))
    .where(and(eq(vehicle.editionId, editionId), inArray(vehicle.coHostId, [...sideIds])))
    .groupBy(vehicle.id)
    .orderBy(asc(vehicle.position), asc(vehicle.name), asc(vehicle.id))
    .all();
}

export type TripInList = TripHead & {
  count: ReturnType<typeof headcount>;
  overfull: boolean;
  /** Whom it does not meet, as far as their flights are known here; null: nobody. */
  misfit: Misfit | null;
  clashes: Array<{ what: TripClash["what"]; tripId: string; name: string }>;
};

export type VehicleBoard = {
  vehicles: Array<VehicleInList>;
  trips: Array<TripInList>;
  /** Items to which people can be driven. */
  items: Array<ItemOfTrip>;
};

/** Every vehicle and trip that is there for this reader, with what collides. */
export function vehicleBoard(ctx: Reader): VehicleBoard {
  const { orm } = ctx.db;
  const heads = tripsWhere(orm, ctx.scope, tripIsThere(orm, ctx.scope));
  const seats = passengersOf(
    ctx,
    heads.map((head) => head.tripId),
  );
  const clashes = clashesOf(orm, heads);
  const flights = flightsOf(ctx, heads);
  const names = new Map(heads.map((head) => [head.tripId, head.vehicle?.name ?? head.toPlace] as const));
  return {
    vehicles: vehiclesOf(orm, ctx.scope),
    trips: heads.map((head) => {
      const passengers = seats.get(head.tripId) ?? [];
      return {
        ...head,
        count: headcount(passengers),
        overfull: head.vehicle !== null && passengers.length > head.vehicle.seats,
        misfit: misfitOf(head, flights.get(head.tripId) ?? new Map()),
        clashes: clashes.flatMap(({ what, tripIds }) => {
          const other = tripIds.find((id) => id !== head.tripId);
          return tripIds.includes(head.tripId) && other !== undefined
            ? [{ what, tripId: other, name: names.get(other) ?? "" }]
            : [];
        }),
      };
    }),
    items: [...itemsForTrips(orm, ctx.scope.editionId).values()].sort((a, b) => a.startsAt - b.startsAt),
  };
}

/** What collides among trips; by ids alone, whosever the passengers are. */
function clashesOf(orm: Orm, heads: ReadonlyArray<TripHead>): Array<TripClash> {
  const rows = orm
    .select({ tripId: tripPassenger.tripId, invitationId: tripPassenger.invitationId })
    .from(tripPassenger)
    .where(
      inArray(
        tripPassenger.tripId,
        heads.map((head) => head.tripId),
      ),
    )
    .all();
  const byTrip = Map.groupBy(rows, (row) => row.tripId);
  return tripClashes(
    heads
      .filter((head) => !head.times.calledOff)
      .map((head) => ({
        id: head.tripId,
        kind: head.kind,
        departsAt: head.times.departsAt,
        returnsAt: head.times.returnsAt,
        vehicleId: head.vehicle?.vehicleId ?? null,
        driverPhone: head.vehicle?.driverPhone ?? "",
        invitationIds: (byTrip.get(head.tripId) ?? []).map((row) => row.invitationId),
      })),
  );
}

export type Manifest = {
  trip: TripHead;
  passengers: Array<Passenger & { notExpected: boolean; flight: FlightOf | null }>;
  misfit: Misfit | null;
  count: ReturnType<typeof headcount>;
  /** Of one's own side: the programme counts on them at the item, and no vehicle does. */
  withoutSeat: Array<Pick<Traveller, "invitationId" | "nameLatin" | "nameNative">>;
  clashes: TripInList["clashes"];
  /** Who can be given a seat; nobody when another side plans the trip. */
  seatable: Array<Seatable>;
  vehicles: Array<VehicleInList>;
};

/** One vehicle's manifest; null when it is not there for this reader. */
export function manifestPage(ctx: Reader, tripId: string): Manifest | null {
  const { orm } = ctx.db;
  const [head] = tripsWhere(orm, ctx.scope, and(eq(trip.id, tripId), tripIsThere(orm, ctx.scope)));
  if (head === undefined) return null;
  const seats = passengersOf(ctx, [tripId]).get(tripId) ?? [];
  const expected = head.itemId === null ? null : expectedAt(orm, ctx.scope, head.itemId);
  const people = travellers(orm, ctx.scope);
  const inItem = head.itemId === null ? new Set<string>() : seatedFor(orm, ctx.scope, head.itemId);
  const inside = new Set(seats.flatMap(({ who }) => who?.invitationId ?? []));
  const board = vehicleBoard(ctx).trips.find((one) => one.tripId === tripId);
  const flights = flightsOf(ctx, [head]).get(tripId) ?? new Map<string, FlightOf>();
  return {
    trip: head,
    misfit: misfitOf(head, flights),
    passengers: seats
      .map((seat) => {
        const id = seat.who?.invitationId ?? null;
        const notExpected = seat.gone || (id !== null && expected !== null && !expected.has(id));
        return { ...seat, notExpected, flight: flights.get(seat.passengerId) ?? null };
      })
      // As they come out; whoever's flight is not known, after them.
      .sort((a, b) => (a.flight?.at ?? LAST) - (b.flight?.at ?? LAST) || 0),
    count: headcount(seats),
    withoutSeat:
      expected === null
        ? []
        : people.filter((one) => expected.has(one.invitationId) && !inItem.has(one.invitationId)).map(named),
    clashes: board?.clashes ?? [],
    seatable: head.own
      ? [
          ...people.map((one): Seatable => ({ ...named(one), delegationId: one.delegationId, own: true })),
          ...seatableOthers(ctx),
        ].filter((one) => !inside.has(one.invitationId))
      : [],
    vehicles: head.own ? vehiclesOf(orm, ctx.scope) : [],
  };
}

const LAST = Number.MAX_SAFE_INTEGER;

function named({ invitationId, nameLatin, nameNative }: Traveller) {
  return { invitationId, nameLatin, nameNative };
}

/** Those of one's own side whom the programme counts on at an item: as published, or as drafted before that. */
export function expectedAt(
  orm: Orm,
  { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">,
  itemId: string,
): Set<string> | null {
  const item = newestProgrammeIn(orm, editionId)?.items.find((one) => one.id === itemId);
  if (item === undefined) return draftedAt(orm, { editionId, sideIds }, itemId);
  const places = orm
    .select({
      invitationId: visitPlace.invitationId,
      visitId: visitPlace.visitId,
      state: visitPlace.state,
    })
    .from(visitPlace)
    .innerJoin(delegation, eq(delegation.id, visitPlace.delegationId))
    .where(and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds])))
    .all();
  const byPerson = Map.groupBy(places, (place) => place.invitationId);
  return new Set(
    travellers(orm, { editionId, sideIds })
      .filter((one) => isExpected(item, { ...one, places: byPerson.get(one.invitationId) ?? [] }))
      .map((one) => one.invitationId),
  );
}

/** The same of an item that has not been published; null: it is not in the draft either. */
function draftedAt(
  orm: Orm,
  { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">,
  itemId: string,
): Set<string> | null {
  const here = and(eq(agendaItem.id, itemId), eq(agendaItem.editionId, editionId));
  if (orm.select({ id: agendaItem.id }).from(agendaItem).where(here).get() === undefined) return null;
  return new Set(
    orm
      .select({ invitationId: invitation.id })
      .from(agendaItem)
      .innerJoin(invitation, eq(invitation.editionId, agendaItem.editionId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(and(here, inArray(delegation.coHostId, [...sideIds]), isCountedOn()))
      .all()
      .map((row) => row.invitationId),
  );
}

/** Those of one's own side who have a seat in any vehicle for an item. */
function seatedFor(
  orm: Orm,
  { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">,
  itemId: string,
): Set<string> {
  return new Set(
    orm
      .select({ invitationId: tripPassenger.invitationId })
      .from(tripPassenger)
      .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
      .innerJoin(invitation, eq(invitation.id, tripPassenger.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(
          eq(trip.editionId, editionId),
          eq(trip.itemId, itemId),
          goes,
          inArray(delegation.coHostId, [...sideIds]),
        ),
      )
      .all()
      .map((row) => row.invitationId),
  );
}

export type ProposedPickUp = {
  place: string;
  first: number;
  last: number;
  departsAt: number;
  people: Array<BoardLine>;
  vehicleId: string | null;
};

export type PickUpPage = {
  proposed: Array<ProposedPickUp>;
  /** Whose time or place is not known, so that nobody can be sent. */
  unknown: Array<BoardLine>;
  vehicles: Array<VehicleInList>;
};

const MINUTE = 60_000;
/** A car as one usually gets it, where a side has none yet. */
const USUAL_SEATS = 4;

/** Who needs a car from, or to, the airport and has none: grouped by time and terminal, each group with a free vehicle. */
export function pickUpPage(ctx: Reader, direction: Direction): PickUpPage {
  const { orm } = ctx.db;
  const vehicles = vehiclesOf(orm, ctx.scope);
  const taken = carried(orm, ctx.scope, direction);
  const lines = travelBoard(ctx, direction).filter(
    // Whoever has told nothing yet, or comes in a car of their own, is no business of a driver's. How somebody comes may not
    // have been released.
    (line) =>
      !line.ownWay &&
      line.means !== "car" &&
      !taken.has(line.invitationId) &&
      (line.means !== null || line.at !== null),
  );
  const byId = new Map(lines.map((line) => [line.invitationId, line] as const));
  const seats = vehicles.length === 0 ? USUAL_SEATS : Math.max(...vehicles.map((one) => one.seats));
  const kind = direction === "arrival" ? "pickup" : "dropoff";
  // Whoever has not told of a terminal comes to that of the others on their flight, however they write its number.
  const told = new Map(
    lines.flatMap(({ number, place }) =>
      place === "" ? [] : numberKeys(number).map((key) => [key, place] as const),
    ),
  );
  const placeOf = (number: string) => numberKeys(number).flatMap((key) => told.get(key) ?? [])[0] ?? "";
  const groups = groupArrivals(
    lines.flatMap(({ invitationId: id, at, number, place }) =>
      at === null ? [] : [{ id, at, place: place || placeOf(number) }],
    ),
    seats,
  );
  const busy = busySpans(orm, ctx.scope);
  const proposed = groups.map((group): ProposedPickUp => {
    const people = group.ids.flatMap((id) => byId.get(id) ?? []);
    const met = people.flatMap(({ at, means }) => (at === null ? [] : [{ at, means }]));
    const departsAt = timeToMeet(kind, met) ?? group.first;
    const from = Math.min(group.first, departsAt);
    const car = freeVehicle(vehicles, busy, { from, to: departsAt + 90 * MINUTE, people: group.ids.length });
    if (car !== null) busy.push({ vehicleId: car, from, to: departsAt + 90 * MINUTE });
    return {
      place: group.place,
      first: group.first,
      last: group.last,
      departsAt,
      people,
      vehicleId: car,
    };
  });
  return { proposed, unknown: lines.filter((line) => line.at === null), vehicles };
}

type Busy = { vehicleId: string; from: number; to: number };

function busySpans(orm: Orm, scope: Pick<StaffScope, "editionId" | "sideIds">): Array<Busy> {
  return tripsWhere(orm, scope, tripIsThere(orm, scope)).flatMap(({ vehicle: car, times }) =>
    car === null || times.calledOff
      ? []
      : [
          {
            vehicleId: car.vehicleId,
            from: times.departsAt,
            to: times.returnsAt ?? times.departsAt + 60 * MINUTE,
          },
        ],
  );
}

/** The smallest one that is free and large enough. */
function freeVehicle(
  vehicles: ReadonlyArray<VehicleInList>,
  busy: ReadonlyArray<Busy>,
  { from, to, people }: { from: number; to: number; people: number },
): string | null {
  const free = vehicles
    .filter((one) => one.seats >= people)
    .filter(
      (one) => !busy.some((span) => span.vehicleId === one.vehicleId && span.from < to && from < span.to),
    )
    .sort((a, b) => a.seats - b.seats || a.position - b.position);
  return free[0]?.vehicleId ?? null;
}

/** Those who sit in a car from, or to, the airport that this side planned, or that somebody planned for its people. */
function carried(
  orm: Orm,
  scope: Pick<StaffScope, "editionId" | "sideIds">,
  direction: Direction,
): Set<string> {
  return new Set(
    orm
      .select({ invitationId: tripPassenger.invitationId })
      .from(tripPassenger)
      .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
      .where(
        and(tripIsThere(orm, scope), goes, eq(trip.kind, direction === "arrival" ? "pickup" : "dropoff")),
      )
      .all()
      .map((row) => row.invitationId),
  );
}

/** The car of each of these people, one way, among the trips that are there for this reader. */
export function carsOf(
  orm: Orm,
  scope: Pick<StaffScope, "editionId" | "sideIds">,
  { direction, invitationIds }: { direction: Direction; invitationIds: ReadonlyArray<string> },
): Map<string, { tripId: string; name: string; departsAt: number }> {
  const heads = tripsWhere(
    orm,
    scope,
    and(tripIsThere(orm, scope), goes, eq(trip.kind, direction === "arrival" ? "pickup" : "dropoff")),
  );
  const byTrip = new Map(heads.map((head) => [head.tripId, head] as const));
  const rows = orm
    .select({ tripId: tripPassenger.tripId, invitationId: tripPassenger.invitationId })
    .from(tripPassenger)
    .where(
      and(
        inArray(tripPassenger.tripId, [...byTrip.keys()]),
        inArray(tripPassenger.invitationId, [...invitationIds]),
      ),
    )
    .all();
  return new Map(
    rows.flatMap(({ tripId, invitationId }) => {
      const head = byTrip.get(tripId);
      return head === undefined
        ? []
        : [
            [
              invitationId,
              { tripId, name: head.vehicle?.name ?? "", departsAt: head.times.departsAt },
            ] as const,
          ];
    }),
  );
}
