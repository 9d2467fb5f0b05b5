import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { DIRECTIONS, LEG_MEANS, MEANS, TRAVEL_CHECKS } from "../vocabulary.ts";
import { day, id, instant } from "./columns.ts";
import { invitation } from "./invitation.ts";

/**
 * What staff know of a journey better than its traveller's own answer: a late flight, a leg more. The answer itself stays
 * with the registration; where there is a row here, its legs count instead.
 */
export const journey = sqliteTable(
  "journey",
  {
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    direction: text("direction", { enum: DIRECTIONS }).notNull(),
    /** How staff got to know it. */
    means: text("means", { enum: MEANS }).notNull(),
    note: text("note").notNull().default(""),
    /** Stands for the traveller's answer as it was then: another one since is for staff to see. */
    answerSeen: text("answer_seen").notNull(),
    /** Rises with each change, so that nobody overwrites what they have not seen. */
    revision: integer("revision").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [primaryKey({ name: "journey_key", columns: [table.invitationId, table.direction] })],
);

/** A flight, a train or a drive. Each end has its own clock: day and time as printed on the ticket, with the zone there. */
export const travelLeg = sqliteTable(
  "travel_leg",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    direction: text("direction", { enum: DIRECTIONS }).notNull(),
    position: integer("position").notNull(),
    means: text("means", { enum: LEG_MEANS }).notNull(),
    /** Carrier and number, as printed. */
    number: text("number").notNull().default(""),
    fromPlace: text("from_place").notNull().default(""),
    departsOn: day("departs_on"),
    departsTime: text("departs_time"),
    departsZone: text("departs_zone").notNull(),
    /** The same as an instant; null: not known. */
    departsAt: instant("departs_at"),
    toPlace: text("to_place").notNull().default(""),
    arrivesOn: day("arrives_on"),
    arrivesTime: text("arrives_time"),
    arrivesZone: text("arrives_zone").notNull(),
    arrivesAt: instant("arrives_at"),
  },
  (table) => [
    index("travel_leg_of_journey").on(table.invitationId, table.direction, table.position),
    check("travel_leg_position_not_negative", sql`${table.position} >= 0`),
  ],
);

/** Something about a journey that does not fit: whose it is to settle, or why it may stay so. */
export const travelCheck = sqliteTable(
  "travel_check",
  {
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    kind: text("kind", { enum: TRAVEL_CHECKS }).notNull(),
    /** The login that looks after it. */
    ownerId: text("owner_id"),
    /** Why it may stay as it is; empty: it may not. */
    acceptedBecause: text("accepted_because").notNull().default(""),
    /** Stands for the facts that were accepted: others are to be looked at anew. */
    acceptedFor: text("accepted_for").notNull().default(""),
    at: instant("at").notNull(),
    by: text("by").notNull(),
  },
  (table) => [primaryKey({ name: "travel_check_key", columns: [table.invitationId, table.kind] })],
);

/** Somebody who needs no car of ours, one way. */
export const ownWay = sqliteTable(
  "own_way",
  {
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    direction: text("direction", { enum: DIRECTIONS }).notNull(),
    at: instant("at").notNull(),
    by: text("by").notNull(),
  },
  (table) => [primaryKey({ name: "own_way_key", columns: [table.invitationId, table.direction] })],
);
