import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { TRIP_KINDS, TRIP_ROLES } from "../vocabulary.ts";
import { flag, id, instant } from "./columns.ts";
import { coHost, delegation, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/** A car, a van or a coach that a side has at its disposal, with whoever drives it. */
export const vehicle = sqliteTable(
  "vehicle",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** As it is called on the spot: "Coach 1". */
    name: text("name").notNull(),
    plate: text("plate").notNull().default(""),
    /** For passengers: the driver's is not one of them. */
    seats: integer("seats").notNull(),
    driver: text("driver").notNull().default(""),
    driverPhone: text("driver_phone").notNull().default(""),
    /** Place in the motorcade. */
    position: integer("position").notNull(),
    revision: integer("revision").notNull(),
  },
  (table) => [
    index("vehicle_by_side").on(table.editionId, table.coHostId, table.position),
    check("vehicle_has_seats", sql`${table.seats} > 0`),
  ],
);

/** One run of a vehicle: from the airport, to a visit and back, to dinner. Its passengers make its manifest. */
export const trip = sqliteTable(
  "trip",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    /** The side that plans it. */
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    kind: text("kind", { enum: TRIP_KINDS }).notNull(),
    /** Null: none has been found yet. */
    vehicleId: text("vehicle_id").references(() => vehicle.id),
    /**
     * The item of the programme that it serves. No foreign key: an item that was cancelled is just what its passengers'
     * captain has to see.
     */
    itemId: text("item_id"),
    /** Of a trip for an item: minutes before its beginning and after its end. */
    minutesBefore: integer("minutes_before").notNull().default(0),
    minutesAfter: integer("minutes_after").notNull().default(0),
    /** Of any other trip when it leaves; of one for an item what the driver was last told. */
    departsAt: instant("departs_at").notNull(),
    /** Of a trip that serves no item: what its driver was told, when it has been moved since; null: what stands. */
    toldDepartsAt: instant("told_departs_at"),
    /** When it comes back, or is there; null: not settled. */
    returnsAt: instant("returns_at"),
    fromPlace: text("from_place").notNull(),
    toPlace: text("to_place").notNull(),
    /** What the sign says that is held up at the exit. */
    sign: text("sign").notNull().default(""),
    captain: text("captain").notNull().default(""),
    captainPhone: text("captain_phone").notNull().default(""),
    /** When somebody called it off, and who; null: it goes. Those in it keep their seats, for it may be put back. */
    calledOffAt: instant("called_off_at"),
    calledOffBy: text("called_off_by"),
    /** Its driver was told that it does not go. */
    toldOff: flag("told_off").notNull().default(false),
    /** Whoever drives it now was never told of it. */
    driverNew: flag("driver_new").notNull().default(false),
    /** Drivers who believe that they drive it and do not any more, as JSON: another car, or another driver of the car. */
    driversBefore: text("drivers_before").notNull().default("[]"),
    revision: integer("revision").notNull(),
  },
  (table) => [
    index("trip_in_order").on(table.editionId, table.departsAt),
    index("trip_of_vehicle").on(table.vehicleId),
    check(
      "trip_returns_after_it_leaves",
      sql`${table.returnsAt} is null or ${table.returnsAt} > ${table.departsAt}`,
    ),
  ],
);

/** Somebody who is to sit in a vehicle on one trip, and whether they did: out and back are counted apart. */
export const tripPassenger = sqliteTable(
  "trip_passenger",
  {
    id: id(),
    tripId: text("trip_id")
      .notNull()
      .references(() => trip.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
    role: text("role", { enum: TRIP_ROLES }),
    position: integer("position").notNull(),
    boardedAt: instant("boarded_at"),
    boardedBy: text("boarded_by"),
    returnedAt: instant("returned_at"),
    returnedBy: text("returned_by"),
    /** The time of leaving of which they had a mail last; null: none, or a mail that it does not go; 0: one that said
     * another car, place or sign. */
    toldDepartsAt: instant("told_departs_at"),
  },
  (table) => [
    uniqueIndex("trip_passenger_once").on(table.tripId, table.invitationId),
    index("trip_passenger_by_person").on(table.invitationId),
  ],
);

/**
 * A seat that somebody had on a trip of its own and lost: the trip was called off, or they were taken off it. Their calendar
 * may have it still and must be told what it was.
 */
export const lapsedRide = sqliteTable(
  "lapsed_ride",
  {
    tripId: text("trip_id").notNull(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    /** How often it was lost: who was seated again may lose it again. */
    times: integer("times").notNull(),
    kind: text("kind", { enum: TRIP_KINDS }).notNull(),
    departsAt: instant("departs_at").notNull(),
    fromPlace: text("from_place").notNull(),
    toPlace: text("to_place").notNull(),
    /** The trip's revision when it was lost. */
    revision: integer("revision").notNull(),
  },
  (table) => [
    primaryKey({ name: "lapsed_ride_key", columns: [table.invitationId, table.tripId] }),
    check("lapsed_ride_was_lost", sql`${table.times} > 0`),
  ],
);
