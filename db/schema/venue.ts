import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import { id, instant } from "./columns.ts";
import { edition } from "./edition.ts";

/** A place of an edition: a house, or a room in one. */
export const venue = sqliteTable(
  "venue",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    nameEn: text("name_en").notNull(),
    nameZh: text("name_zh").notNull(),
    addressEn: text("address_en").notNull().default(""),
    addressZh: text("address_zh").notNull().default(""),
    /** The house that a room is in: between rooms of one house nobody travels. */
    withinId: text("within_id").references((): AnySQLiteColumn => venue.id),
    /** How many people it takes; null: nobody counted. */
    capacity: integer("capacity"),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    index("venue_by_edition").on(table.editionId),
    check("venue_not_within_itself", sql`${table.withinId} is null or ${table.withinId} <> ${table.id}`),
    check("venue_capacity_positive", sql`${table.capacity} is null or ${table.capacity} > 0`),
  ],
);

/** How long it takes from one house to another, in minutes, the same in both directions. */
export const venueWay = sqliteTable(
  "venue_way",
  {
    /** The smaller of the two ids. */
    oneId: text("one_id")
      .notNull()
      .references(() => venue.id, { onDelete: "cascade" }),
    otherId: text("other_id")
      .notNull()
      .references(() => venue.id, { onDelete: "cascade" }),
    minutes: integer("minutes").notNull(),
  },
  (table) => [
    primaryKey({ name: "venue_way_key", columns: [table.oneId, table.otherId] }),
    check("venue_way_in_order", sql`${table.oneId} < ${table.otherId}`),
    check("venue_way_takes_time", sql`${table.minutes} between 1 and 1440`),
  ],
);
