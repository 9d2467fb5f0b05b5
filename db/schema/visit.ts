import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { ALLOTMENTS, LOCALES, PLACE_CAUSES, PLACE_STATES } from "../vocabulary.ts";
import { agendaItem } from "./agenda.ts";
import { id, instant } from "./columns.ts";
import { delegation, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/**
 * A draw: its seed, the rules by number, and every ticket as it stood then. Whoever has this can
 * do it again. Never changed.
 */
export const visitDraw = sqliteTable(
  "visit_draw",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    seed: text("seed").notNull(),
    algorithm: integer("algorithm").notNull(),
    /** What went in, as JSON (domain/visit `DrawRecord`): tickets, wishes and free seats; no names. */
    record: text("record").notNull(),
    /** SHA-256 of the record. */
    digest: text("digest").notNull(),
    drawnAt: instant("drawn_at").notNull(),
    drawnBy: text("drawn_by").notNull(),
  },
  (table) => [index("visit_draw_by_edition").on(table.editionId)],
);

/** Whose ticket is whose. Apart from the draw, which everybody may read. */
export const visitDrawTicket = sqliteTable(
  "visit_draw_ticket",
  {
    drawId: text("draw_id")
      .notNull()
      .references(() => visitDraw.id),
    ticket: integer("ticket").notNull(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
  },
  (table) => [
    primaryKey({ name: "visit_draw_ticket_key", columns: [table.drawId, table.ticket] }),
    uniqueIndex("visit_draw_ticket_once").on(table.drawId, table.invitationId),
  ],
);

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
    allotment: text("allotment", { enum: ALLOTMENTS }).notNull().default("first_come"),
    /** How long a seat that became free is held for the next in line to answer; null: it is theirs at once. */
    offerHours: integer("offer_hours"),
    /** Who may ask, as JSON: `{categories, delegationIds}`; an empty list leaves nobody out. */
    openTo: text("open_to").notNull().default("{}"),
    /** The draw by which its seats were given; null before it, and for visits that draw no lots. */
    drawId: text("draw_id").references(() => visitDraw.id),
    clearanceDeadline: instant("clearance_deadline"),
    /** The host's columns in the host's order, as JSON. */
    clearanceColumns: text("clearance_columns").notNull().default("[]"),
    /** The language of the host's list; null: that of the country in which the meeting is. */
    clearanceLocale: text("clearance_locale", { enum: LOCALES }),
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
    /** How it came to be in this state. */
    cause: text("cause", { enum: PLACE_CAUSES }).notNull().default("asked"),
    /** Among this person's wishes, from 1; null: they named no order. */
    preference: integer("preference"),
    /** While `offered`: until when the seat is held. */
    offerEndsAt: instant("offer_ends_at"),
    /** Why staff gave a seat beyond a limit or out of turn, in their words; empty: they did not. */
    overrideReason: text("override_reason").notNull().default(""),
    /** Why this person may be on this visit although something else of theirs is at that time; empty: nobody said so. */
    clashReason: text("clash_reason").notNull().default(""),
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
    index("visit_place_offers").on(table.offerEndsAt),
  ],
);
