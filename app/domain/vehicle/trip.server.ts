import { and, asc, eq, exists, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaItem,
  delegation,
  invitation,
  person,
  trip,
  tripPassenger,
  user,
  vehicle,
} from "#db/schema/index.ts";
import type { AgendaKind, Category, TripKind, TripRole } from "#db/vocabulary.ts";
import type { StaffScope } from "../access/rules.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { StaffContext } from "../context.ts";
import { releasedFacts } from "../privacy/release.server.ts";
import { RELEASE_COLUMNS } from "../privacy/release.ts";
import { type Driver, otherThan, type TripTimes, timesOf } from "./rules.ts";

/* What reading and planning trips both start from. Other sides' people are read by a release alone. */

export type Reader = Pick<StaffContext, "db" | "clock" | "scope">;
type Sides = Pick<StaffScope, "editionId" | "sideIds">;

/** Nobody called it off. */
export const goes = isNull(trip.calledOffAt);

/** Trips that are there for this reader: planned on their side, or with somebody of theirs in them. */
export function tripIsThere(orm: Orm, { editionId, sideIds }: Sides): SQL | undefined {
  return and(
    eq(trip.editionId, editionId),
    or(
      inArray(trip.coHostId, [...sideIds]),
      exists(
        orm
          .select({ one: sql`1` })
          .from(tripPassenger)
          .innerJoin(delegation, eq(delegation.id, tripPassenger.delegationId))
          .where(and(eq(tripPassenger.tripId, trip.id), inArray(delegation.coHostId, [...sideIds]))),
      ),
    ),
  );
}

export type ItemOfTrip = {
  id: string;
  kind: AgendaKind;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
};

/** Items by id as they were last published, or as they stand in the draft where they never were. */
export function itemsForTrips(orm: Orm, editionId: string): Map<string, ItemOfTrip> {
  const published = newestProgrammeIn(orm, editionId)?.items ?? [];
  const drafted = orm
    .select({
      id: agendaItem.id,
      kind: agendaItem.kind,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      placeEn: agendaItem.placeEn,
      placeZh: agendaItem.placeZh,
    })
    .from(agendaItem)
    .where(eq(agendaItem.editionId, editionId))
    .all();
  // Of a published item no more than this: it knows who does what in it.
  return new Map(
    [...drafted, ...published].map(({ id, kind, startsAt, endsAt, titleEn, titleZh, placeEn, placeZh }) => [
      id,
      { id, kind, startsAt, endsAt, titleEn, titleZh, placeEn, placeZh },
    ]),
  );
}

export type TripHead = {
  tripId: string;
  /** Whether this reader's side plans it. */
  own: boolean;
  sideId: string;
  kind: TripKind;
  item: ItemOfTrip | null;
  itemId: string | null;
  minutesBefore: number;
  minutesAfter: number;
  times: TripTimes;
  /** Who called it off (empty: a login that is no more, or another side's), and when; null: nobody did. */
  off: { by: string; at: number } | null;
  fromPlace: string;
  toPlace: string;
  sign: string;
  captain: string;
  captainPhone: string;
  revision: number;
  vehicle: VehicleFacts | null;
  /** Of a trip of one's own side: who believes that they drive it, and does not any more. */
  driversBefore: ReadonlyArray<Driver>;
};

/** As a trip keeps them. */
export function driversIn(json: string): ReadonlyArray<Driver> {
  return JSON.parse(json) as ReadonlyArray<Driver>;
}

export type VehicleFacts = {
  vehicleId: string;
  name: string;
  plate: string;
  seats: number;
  driver: string;
  driverPhone: string;
};

/** The trips for which a condition holds, in the order of leaving. */
export function tripsWhere(orm: Orm, { editionId, sideIds }: Sides, which: SQL | undefined): Array<TripHead> {
  const items = itemsForTrips(orm, editionId);
  return orm
    .select({ trip, vehicle, offBy: user.name })
    .from(trip)
    .leftJoin(vehicle, eq(vehicle.id, trip.vehicleId))
    .leftJoin(user, eq(user.id, trip.calledOffBy))
    .where(which)
    .orderBy(asc(trip.departsAt), asc(vehicle.position), asc(trip.id))
    .all()
    .map(({ trip: row, vehicle: car, offBy }): TripHead => {
      const item = row.itemId === null ? null : (items.get(row.itemId) ?? null);
      const own = sideIds.includes(row.coHostId);
      return {
        tripId: row.id,
        own,
        sideId: row.coHostId,
        kind: row.kind,
        item,
        itemId: row.itemId,
        minutesBefore: row.minutesBefore,
        minutesAfter: row.minutesAfter,
        times: timesOf(row, item),
        off: row.calledOffAt === null ? null : { by: own ? (offBy ?? "") : "", at: row.calledOffAt },
        fromPlace: row.fromPlace,
        toPlace: row.toPlace,
        sign: row.sign,
        captain: row.captain,
        captainPhone: row.captainPhone,
        revision: row.revision,
        driversBefore: own
          ? otherThan(
              car === null ? null : { ...car, vehicleId: car.id, vehicle: car.name },
              driversIn(row.driversBefore),
            )
          : [],
        vehicle:
          car === null
            ? null
            : {
                vehicleId: car.id,
                name: car.name,
                plate: car.plate,
                seats: car.seats,
                driver: car.driver,
                driverPhone: car.driverPhone,
              },
      };
    })
    .sort((a, b) => a.times.departsAt - b.times.departsAt);
}

/** Somebody on a manifest, as far as this reader may know them. */
export type Passenger = {
  passengerId: string;
  /** Null: of another side, and not released. */
  who: {
    nameLatin: string;
    nameNative: string;
    phone: string | null;
    /** Null: of another side. */
    invitationId: string | null;
    category: Category | null;
  } | null;
  /** Of one's own side: they do not come any more. */
  gone: boolean;
  delegationId: string;
  delegationEn: string;
  delegationZh: string;
  own: boolean;
  role: TripRole | null;
  boardedAt: number | null;
  returnedAt: number | null;
  /** The time of leaving of which they had a mail last; null: none. */
  toldDepartsAt: number | null;
};

/** Who sits in these trips, by trip, in the order of their seats. */
export function passengersOf(ctx: Reader, tripIds: ReadonlyArray<string>): Map<string, Array<Passenger>> {
  const { orm } = ctx.db;
  const { sideIds } = ctx.scope;
  const here = inArray(tripPassenger.tripId, [...tripIds]);
  const seats = orm
    .select({
      passengerId: tripPassenger.id,
      tripId: tripPassenger.tripId,
      delegationId: delegation.id,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      sideId: delegation.coHostId,
      role: tripPassenger.role,
      boardedAt: tripPassenger.boardedAt,
      returnedAt: tripPassenger.returnedAt,
      toldDepartsAt: tripPassenger.toldDepartsAt,
    })
    .from(tripPassenger)
    .innerJoin(delegation, eq(delegation.id, tripPassenger.delegationId))
    .where(here)
    .orderBy(asc(tripPassenger.position), asc(tripPassenger.id))
    .all();
  const own = new Map(
    orm
      .select({
        passengerId: tripPassenger.id,
        invitationId: invitation.id,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
        phone: person.phone,
        category: invitation.category,
        gone: sql<number>`(${invitation.withdrawnAt} is not null or ${invitation.replacedAt} is not null or ${invitation.reply} = 'declined')`,
      })
      .from(tripPassenger)
      .innerJoin(invitation, eq(invitation.id, tripPassenger.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(and(here, inArray(delegation.coHostId, [...sideIds])))
      .all()
      .map((row) => [row.passengerId, row] as const),
  );
  const others = seats.some((seat) => !sideIds.includes(seat.sideId))
    ? releasedPassengers(ctx, here)
    : new Map<string, NonNullable<Passenger["who"]>>();
  return Map.groupBy(
    seats.map((seat): Passenger & { tripId: string } => {
      const { sideId, ...rest } = seat;
      const known = own.get(seat.passengerId);
      const who =
        known === undefined
          ? (others.get(seat.passengerId) ?? null)
          : {
              nameLatin: known.nameLatin,
              nameNative: known.nameNative,
              phone: known.phone,
              invitationId: known.invitationId,
              category: known.category,
            };
      return { ...rest, who, gone: known?.gone === 1, own: sideIds.includes(sideId) };
    }),
    (seat) => seat.tripId,
  );
}

/**
 * What makes a release one for transport: a number to call, or when and how somebody comes or goes. Names that were given
 * for something else, a list for a hotel or a court, are not there to be put on manifests.
 */
const FOR_TRANSPORT = RELEASE_COLUMNS.filter(({ name, group }) => group === "travel" || name === "phone").map(
  ({ name }) => name,
);
const NAMES = ["nameLatin", "nameNative"] as const;

/** Others' people in these trips whose names were released to this side for transport. */
function releasedPassengers(ctx: Reader, here: SQL): Map<string, NonNullable<Passenger["who"]>> {
  const { orm } = ctx.db;
  const told = releasedFacts(orm, ctx.scope, { about: FOR_TRANSPORT, besides: NAMES }, ctx.clock.now());
  const seated = orm
    .select({ passengerId: tripPassenger.id, invitationId: tripPassenger.invitationId })
    .from(tripPassenger)
    .where(and(here, inArray(tripPassenger.invitationId, [...told.keys()])))
    .all();
  return new Map(
    seated.flatMap(({ passengerId, invitationId }) => {
      const facts = told.get(invitationId)?.facts ?? {};
      const { nameLatin = "", nameNative = "", phone = null } = facts;
      return nameLatin === "" && nameNative === ""
        ? []
        : [[passengerId, { nameLatin, nameNative, phone, invitationId: null, category: null }] as const];
    }),
  );
}

/** Somebody who can be given a seat: of one's own side, or released to it by name. */
export type Seatable = {
  invitationId: string;
  delegationId: string;
  nameLatin: string;
  nameNative: string;
  own: boolean;
};

/** Others' people whom this side may seat: those whose names it was given for transport. */
export function seatableOthers(ctx: Reader): Array<Seatable> {
  const told = releasedFacts(
    ctx.db.orm,
    ctx.scope,
    { about: FOR_TRANSPORT, besides: NAMES },
    ctx.clock.now(),
  );
  return [...told.values()].flatMap(({ invitationId, delegationId, facts }) => {
    const { nameLatin = "", nameNative = "" } = facts;
    return nameLatin === "" && nameNative === ""
      ? []
      : [{ invitationId, delegationId, nameLatin, nameNative, own: false }];
  });
}
