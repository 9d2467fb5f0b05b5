import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { PLACE_STATES } from "../vocabulary.ts";
import { agendaItem } from "./agenda.ts";
import { id, instant } from "./columns.ts";
import { delegation, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/** A visit to an institution: an agenda item with seats, a host, and the host's list by the host's deadline. */
export const siteVisit = sqliteTable(
  "site_visit",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id),
    hostEn: text("host_en").notNull(),
    hostZh: text("host_zh").notNull(),
    capacity: integer("capacity").notNull(),
    clearanceDeadline: instant("clearance_deadline"),
    /** The host's columns in the host's order, as JSON. */
    clearanceColumns: text("clearance_columns").notNull().default("[]"),
    meetAt: instant("meet_at"),
    meetingPointEn: text("meeting_point_en").notNull().default(""),
    meetingPointZh: text("meeting_point_zh").notNull().default(""),
    dressEn: text("dress_en").notNull().default(""),
    dressZh: text("dress_zh").notNull().default(""),
    bringEn: text("bring_en").notNull().default(""),
    bringZh: text("bring_zh").notNull().default(""),
  },
  (table) => [
    uniqueIndex("site_visit_item").on(table.itemId),
    index("site_visit_by_edition").on(table.editionId),
    check("site_visit_capacity_not_negative", sql`${table.capacity} >= 0`),
  ],
);

/** Seats of a visit for one delegation. A delegation without a row is limited by the total alone. */
export const visitQuota = sqliteTable(
  "visit_quota",
  {
    visitId: text("visit_id")
      .notNull()
      .references(() => siteVisit.id, { onDelete: "cascade" }),
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
    seats: integer("seats").notNull(),
  },
  (table) => [
    primaryKey({ name: "visit_quota_key", columns: [table.visitId, table.delegationId] }),
    check("visit_quota_not_negative", sql`${table.seats} >= 0`),
  ],
);

/** A person's wish for a visit and what became of it. Seats taken are the rows in state `granted`. */
export const visitPlace = sqliteTable(
  "visit_place",
  {
    id: id(),
    visitId: text("visit_id")
      .notNull()
      .references(() => siteVisit.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
    state: text("state", { enum: PLACE_STATES }).notNull(),
    /** Order of asking within the visit; asking again after a withdrawal goes to the end. */
    queueNumber: integer("queue_number").notNull(),
    askedAt: instant("asked_at").notNull(),
    decidedAt: instant("decided_at"),
  },
  (table) => [
    uniqueIndex("visit_place_once").on(table.visitId, table.invitationId),
    uniqueIndex("visit_place_queue").on(table.visitId, table.queueNumber),
    index("visit_place_seats").on(table.visitId, table.state, table.delegationId),
    index("visit_place_by_person").on(table.invitationId),
  ],
);
