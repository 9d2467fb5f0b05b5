import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { agendaItem } from "./agenda.ts";
import { flag, id, instant } from "./columns.ts";
import { invitation } from "./invitation.ts";

/** A table at one meal. Both sides sit at it; who of a side sits there is that side's. */
export const mealTable = sqliteTable(
  "meal_table",
  {
    id: id(),
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id, { onDelete: "cascade" }),
    /** As it stands on the table: a number, or a word in either language. */
    name: text("name").notNull(),
    seats: integer("seats").notNull(),
    head: flag("head").notNull().default(false),
    position: integer("position").notNull(),
  },
  (table) => [
    uniqueIndex("meal_table_name").on(table.itemId, table.name),
    check("meal_table_seats_somebody", sql`${table.seats} between 1 and 40`),
  ],
);

/** Who sits at which table of a meal. */
export const mealSeat = sqliteTable(
  "meal_seat",
  {
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    tableId: text("table_id")
      .notNull()
      .references(() => mealTable.id, { onDelete: "cascade" }),
    /** The place at the table, from 1; null: wherever there is one. */
    place: integer("place"),
  },
  (table) => [
    primaryKey({ name: "meal_seat_key", columns: [table.itemId, table.invitationId] }),
    index("meal_seat_by_table").on(table.tableId),
    index("meal_seat_by_person").on(table.invitationId),
    check("meal_seat_place_from_one", sql`${table.place} is null or ${table.place} between 1 and 40`),
  ],
);

/** Somebody whom the programme counts on at a meal, and who will not be there. */
export const mealAbsence = sqliteTable(
  "meal_absence",
  {
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    notedAt: instant("noted_at").notNull(),
    notedBy: text("noted_by").notNull(),
  },
  (table) => [
    primaryKey({ name: "meal_absence_key", columns: [table.itemId, table.invitationId] }),
    index("meal_absence_by_person").on(table.invitationId),
  ],
);

/** What the kitchen and the waiter are to read of somebody's needs, as staff put it into their language (class C4). */
export const kitchenWord = sqliteTable("kitchen_word", {
  invitationId: text("invitation_id")
    .primaryKey()
    .references(() => invitation.id),
  en: text("en").notNull(),
  zh: text("zh").notNull(),
  /** Stands for the answers that they put into words: when these change, the words are to be looked at again. */
  told: text("told").notNull(),
  updatedAt: instant("updated_at").notNull(),
  updatedBy: text("updated_by").notNull(),
});
