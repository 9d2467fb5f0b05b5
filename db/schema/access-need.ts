import { primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { ACCESS_NEEDS } from "../vocabulary.ts";
import { agendaItem } from "./agenda.ts";
import { flag, instant } from "./columns.ts";
import { coHost } from "./edition.ts";
import { venue } from "./venue.ts";

/** Whether a place has what somebody may need there, as its people say. No row: nobody has asked. */
export const venueAccess = sqliteTable(
  "venue_access",
  {
    venueId: text("venue_id")
      .notNull()
      .references(() => venue.id, { onDelete: "cascade" }),
    need: text("need", { enum: ACCESS_NEEDS }).notNull(),
    there: flag("there").notNull(),
    note: text("note").notNull().default(""),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [primaryKey({ name: "venue_access_key", columns: [table.venueId, table.need] })],
);

/** What a side has arranged at an item for its own people's need, where the place has it not by itself (class C4). */
export const accessArrangement = sqliteTable(
  "access_arrangement",
  {
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id, { onDelete: "cascade" }),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    need: text("need", { enum: ACCESS_NEEDS }).notNull(),
    note: text("note").notNull(),
    arrangedAt: instant("arranged_at").notNull(),
    arrangedBy: text("arranged_by").notNull(),
  },
  (table) => [
    primaryKey({ name: "access_arrangement_key", columns: [table.itemId, table.coHostId, table.need] }),
  ],
);
