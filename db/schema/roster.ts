import { index, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { ROSTER_CHANGES } from "../vocabulary.ts";
import { flag, id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/**
 * What somebody wants to see of the roster. One without a name is where its owner stood when they narrowed or sorted:
 * it exists so that what they look for stands in no address.
 */
export const rosterView = sqliteTable(
  "roster_view",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** The login whose it is. */
    ownerId: text("owner_id").notNull(),
    name: text("name").notNull().default(""),
    /** Whether everybody on the side has it in their list. */
    shared: flag("shared").notNull().default(false),
    /** `RosterView` as JSON. */
    definition: text("definition").notNull(),
    usedAt: instant("used_at").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("roster_view_by_side").on(table.editionId, table.coHostId, table.ownerId, table.usedAt)],
);

/** Something that was changed in the roster in one go: a cell, a column of pasted ones, an import. Can be undone. */
export const rosterChange = sqliteTable(
  "roster_change",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    kind: text("kind", { enum: ROSTER_CHANGES }).notNull(),
    at: instant("at").notNull(),
    by: text("by").notNull(),
    /** The change that this one took back. */
    undoes: text("undoes"),
    undoneAt: instant("undone_at"),
  },
  (table) => [index("roster_change_in_order").on(table.editionId, table.coHostId, table.at)],
);

/** What a change did to one cell: the text before it and after it, as it is typed. */
export const rosterCell = sqliteTable(
  "roster_cell",
  {
    changeId: text("change_id")
      .notNull()
      .references(() => rosterChange.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    /** Key of the column. */
    column: text("column").notNull(),
    before: text("before").notNull(),
    after: text("after").notNull(),
  },
  (table) => [
    primaryKey({ name: "roster_cell_key", columns: [table.changeId, table.invitationId, table.column] }),
    index("roster_cell_of_person").on(table.invitationId, table.column),
  ],
);
