import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { CLASH_KINDS, CUE_ANCHORS } from "../vocabulary.ts";
import { agendaItem } from "./agenda.ts";
import { id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";

/* What the desk that plans the agenda keeps for itself; nothing of it is ever published. */

/** What a member of staff did to the draft, so that they can undo it, and do it again. */
export const agendaJournal = sqliteTable(
  "agenda_journal",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    actorId: text("actor_id").notNull(),
    /** Rises with each step of the edition. */
    number: integer("number").notNull(),
    at: instant("at").notNull(),
    itemId: text("item_id").notNull(),
    /** What changed, before and after, as JSON (domain/agenda/journal.server.ts). */
    step: text("step").notNull(),
    /** When it was undone; null: it stands. */
    undoneAt: instant("undone_at"),
  },
  (table) => [
    uniqueIndex("agenda_journal_number").on(table.editionId, table.number),
    index("agenda_journal_by_actor").on(table.editionId, table.actorId, table.number),
    index("agenda_journal_by_item").on(table.itemId, table.number),
  ],
);

/** A clash that somebody looked at and accepts as it is. It counts while the facts are those that they looked at. */
export const clashAcceptance = sqliteTable(
  "clash_acceptance",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    /** Whose clash it is: a side's own people's; empty: one of the programme, for all. */
    sideId: text("side_id").notNull().default(""),
    kind: text("kind", { enum: CLASH_KINDS }).notNull(),
    /** Which clash, by ids. */
    key: text("key").notNull(),
    /** What it was made of when it was accepted. */
    facts: text("facts").notNull(),
    reason: text("reason").notNull(),
    at: instant("at").notNull(),
    actorId: text("actor_id").notNull(),
  },
  (table) => [uniqueIndex("clash_acceptance_once").on(table.editionId, table.sideId, table.key)],
);

/** One line of the run of show: who does what, and when, to the minute. */
export const cue = sqliteTable(
  "cue",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    /** Whose it is; null: both sides see and keep it. */
    sideId: text("side_id").references(() => coHost.id),
    anchor: text("anchor", { enum: CUE_ANCHORS }).notNull(),
    /** The item that it counts from; null with the clock alone. */
    itemId: text("item_id").references(() => agendaItem.id),
    /** Minutes before (negative) or after the anchor; null with the clock. */
    offset: integer("offset"),
    /** When, by the clock; null with an item. */
    at: instant("at"),
    what: text("what").notNull(),
    who: text("who").notNull().default(""),
    /** Where, if it is not where the item is. */
    place: text("place").notNull().default(""),
    note: text("note").notNull().default(""),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [index("cue_by_edition").on(table.editionId), index("cue_by_item").on(table.itemId)],
);
