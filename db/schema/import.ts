import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { IMPORT_MADE } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost, delegation, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";
import { rosterChange } from "./roster.ts";

/** A file between its upload and its import: for a day, under the seal, so that each step can be looked at again. */
export const importFile = sqliteTable(
  "import_file",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** The login that brought it. */
    by: text("by").notNull(),
    /** Where its new people go, and its interpreters. */
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
    interpreterDelegationId: text("interpreter_delegation_id").references(() => delegation.id),
    /** What stands in it, as JSON, sealed for `import_file/id`. */
    sealed: text("sealed").notNull(),
    rows: integer("rows").notNull(),
    /** What its columns are, as JSON. */
    mapping: text("mapping").notNull(),
    /** Whom rows are about that could be several people, as JSON. */
    who: text("who").notNull().default("{}"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("import_file_by_side").on(table.editionId, table.coHostId, table.createdAt)],
);

/** What the columns of files with these headings are, as a side said it last. */
export const importMapping = sqliteTable(
  "import_mapping",
  {
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** A keyed digest of the headings in their order. */
    headings: text("headings").notNull(),
    mapping: text("mapping").notNull(),
    usedAt: instant("used_at").notNull(),
  },
  (table) => [primaryKey({ name: "import_mapping_key", columns: [table.coHostId, table.headings] })],
);

/** An import as far as it has not been taken back: when nothing is left of it, it is gone. */
export const rosterImport = sqliteTable(
  "roster_import",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    at: instant("at").notNull(),
    by: text("by").notNull(),
    /** The cells that it changed. */
    changeId: text("change_id").references(() => rosterChange.id),
    /** How many rows the file had. */
    rows: integer("rows").notNull(),
  },
  (table) => [index("roster_import_in_order").on(table.editionId, table.coHostId, table.at)],
);

/** Somebody whom an import made or changed, and what it takes to put them back as they were. */
export const rosterImportRow = sqliteTable(
  "roster_import_row",
  {
    importId: text("import_id")
      .notNull()
      .references(() => rosterImport.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    /** What there was not before: the invitation, or the card as well; null: both were there. */
    made: text("made", { enum: IMPORT_MADE }),
    /** A keyed digest of what was made, to tell whether something has happened to it since. */
    digest: text("digest").notNull().default(""),
    /** What else the change of the cells changed, as JSON: times, the place in the order, devices that it ended. */
    before: text("before").notNull().default(""),
    /** The same of answers, journeys and rooms, with what they held. */
    beside: text("beside").notNull().default(""),
  },
  (table) => [
    primaryKey({ name: "roster_import_row_key", columns: [table.importId, table.invitationId] }),
    index("roster_import_row_of_person").on(table.invitationId),
  ],
);
