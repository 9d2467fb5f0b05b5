import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { EXPORT_FORMATS, EXPORT_LANGUAGES, EXPORT_PURPOSES } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";

/**
 * A file of people that somebody may take until it expires: what is in it, not the file. It is made anew whenever it is
 * taken, so nothing of anybody lies about, and whoever has withdrawn is not in it.
 */
export const exportFile = sqliteTable(
  "export_file",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    purpose: text("purpose", { enum: EXPORT_PURPOSES }).notNull(),
    format: text("format", { enum: EXPORT_FORMATS }).notNull(),
    language: text("language", { enum: EXPORT_LANGUAGES }).notNull(),
    /** Keys of its columns, as a JSON list. */
    columns: text("columns").notNull(),
    /** Classes of all that it shows, sorts and filters by, as a JSON list: who may not read one of them has no such file. */
    classes: text("classes").notNull(),
    /** Whom it leaves and in which order, as JSON. May hold words that were looked for; empty once it is over. */
    view: text("view").notNull(),
    /** How many people it had when it was made. */
    people: integer("people").notNull(),
    madeAt: instant("made_at").notNull(),
    madeBy: text("made_by").notNull(),
    expiresAt: instant("expires_at").notNull(),
    endedAt: instant("ended_at"),
    endedBy: text("ended_by"),
  },
  (table) => [index("export_file_in_order").on(table.editionId, table.madeAt)],
);

/** The sides whose people are in a file. */
export const exportSide = sqliteTable(
  "export_side",
  {
    exportId: text("export_id")
      .notNull()
      .references(() => exportFile.id, { onDelete: "cascade" }),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
  },
  (table) => [
    primaryKey({ name: "export_side_key", columns: [table.exportId, table.coHostId] }),
    index("export_side_by_side").on(table.coHostId),
  ],
);

/** That somebody took a file. */
export const exportTaking = sqliteTable(
  "export_taking",
  {
    id: id(),
    exportId: text("export_id")
      .notNull()
      .references(() => exportFile.id, { onDelete: "cascade" }),
    at: instant("at").notNull(),
    by: text("by").notNull(),
    people: integer("people").notNull(),
    /** When the last of it had gone out, and the digest of its bytes; null and empty: it was broken off. */
    finishedAt: instant("finished_at"),
    sha256: text("sha256").notNull().default(""),
  },
  (table) => [index("export_taking_by_file").on(table.exportId, table.at)],
);
