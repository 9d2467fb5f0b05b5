import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { CATEGORIES, REGISTRATION_STATES, REPLIES, ROSTER_CHANGES } from "../vocabulary.ts";
import { flag, id, instant } from "./columns.ts";
import { coHost, delegation, edition } from "./edition.ts";
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
    /** What was done in one go over several sides has this in common: the first one's id. */
    step: text("step"),
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

/**
 * How many people are invited, by what is counted on top of the roster, so that no page counts them. The triggers
 * `roster_count_*` on invitations and registrations keep it, in the transaction that changes somebody: a migration that
 * makes one of those tables anew must make them anew. There is no row for nobody.
 */
export const rosterCount = sqliteTable(
  "roster_count",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
    category: text("category", { enum: CATEGORIES }).notNull(),
    reply: text("reply", { enum: REPLIES }).notNull(),
    /** The state of their registration, or nothing as long as they have none. */
    registration: text("registration", { enum: ["", ...REGISTRATION_STATES] }).notNull(),
    people: integer("people").notNull(),
  },
  (table) => [
    primaryKey({
      name: "roster_count_key",
      columns: [table.editionId, table.delegationId, table.category, table.reply, table.registration],
    }),
  ],
);
