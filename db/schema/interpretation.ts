import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { LANGUAGE_PAIRS } from "../vocabulary.ts";
import { agendaItem } from "./agenda.ts";
import { day, id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/** An interpreter who is hired for the meeting and invited to nothing. Both sides plan with them. */
export const outsideInterpreter = sqliteTable(
  "outside_interpreter",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    /** The side that hired them: the phone and the note are for its eyes. */
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    name: text("name").notNull(),
    phone: text("phone").notNull().default(""),
    /** Pairs of languages that they work in, as a JSON list. */
    pairs: text("pairs").notNull(),
    note: text("note").notNull().default(""),
    revision: integer("revision").notNull(),
  },
  (table) => [index("outside_interpreter_by_edition").on(table.editionId)],
);

/** An interpreter at an item: between which languages, and in which booth. */
export const interpreterPost = sqliteTable(
  "interpreter_post",
  {
    id: id(),
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id, { onDelete: "cascade" }),
    /** The side that put them there. */
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    invitationId: text("invitation_id").references(() => invitation.id),
    outsiderId: text("outsider_id").references(() => outsideInterpreter.id, { onDelete: "cascade" }),
    pair: text("pair", { enum: LANGUAGE_PAIRS }).notNull(),
    booth: text("booth").notNull().default(""),
  },
  (table) => [
    uniqueIndex("interpreter_post_invited").on(table.itemId, table.invitationId),
    uniqueIndex("interpreter_post_outsider").on(table.itemId, table.outsiderId),
    check(
      "interpreter_post_is_one_of_two",
      sql`(${table.invitationId} is null) <> (${table.outsiderId} is null)`,
    ),
  ],
);

/** A headset that somebody was given on a day, and whether it came back. */
export const headset = sqliteTable(
  "headset",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    day: day("day").notNull(),
    /** What stands on it; empty: nobody looked. */
    number: text("number").notNull().default(""),
    handedAt: instant("handed_at").notNull(),
    handedBy: text("handed_by").notNull(),
    returnedAt: instant("returned_at"),
    returnedBy: text("returned_by"),
  },
  (table) => [uniqueIndex("headset_once_a_day").on(table.invitationId, table.day)],
);
