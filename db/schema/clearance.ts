import { integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { CLEARANCE_ANSWERS, LOCALES } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost } from "./edition.ts";
import { invitation } from "./invitation.ts";
import { release } from "./privacy.ts";
import { siteVisit } from "./visit.ts";

/** What one side released of its people to a host's list; the newest of a side counts. */
export const clearancePart = sqliteTable(
  "clearance_part",
  {
    id: id(),
    visitId: text("visit_id")
      .notNull()
      .references(() => siteVisit.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    number: integer("number").notNull(),
    /** Null: of nobody, so nothing is released. */
    releaseId: text("release_id").references(() => release.id),
    /** Names of the facts that are in it, as a JSON list. */
    facts: text("facts").notNull(),
    /** The rows, sealed for this part (domain/clearance `PartRow[]`); empty once purged. */
    sealed: text("sealed").notNull(),
    releasedAt: instant("released_at").notNull(),
    releasedBy: text("released_by").notNull(),
  },
  (table) => [uniqueIndex("clearance_part_number").on(table.visitId, table.coHostId, table.number)],
);

/** Who is in a part, with a keyed digest of their facts: to tell what has changed since without opening the seal. */
export const clearanceRow = sqliteTable(
  "clearance_row",
  {
    partId: text("part_id")
      .notNull()
      .references(() => clearancePart.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    digest: text("digest").notNull(),
  },
  (table) => [primaryKey({ name: "clearance_row_key", columns: [table.partId, table.invitationId] })],
);

/** A host's list as it was sent: numbered and frozen. From the second on with what changed since the one before. */
export const clearanceVersion = sqliteTable(
  "clearance_version",
  {
    id: id(),
    visitId: text("visit_id")
      .notNull()
      .references(() => siteVisit.id),
    number: integer("number").notNull(),
    locale: text("locale", { enum: LOCALES }).notNull(),
    /** List, changes and workbooks, sealed for this version (domain/clearance `Frozen`); empty once purged. */
    sealed: text("sealed").notNull(),
    people: integer("people").notNull(),
    added: integer("added").notNull(),
    removed: integer("removed").notNull(),
    changed: integer("changed").notNull(),
    /** SHA-256 of the workbooks, byte for byte. */
    sha256: text("sha256").notNull(),
    amendmentSha256: text("amendment_sha256"),
    frozenAt: instant("frozen_at").notNull(),
    frozenBy: text("frozen_by").notNull(),
  },
  (table) => [uniqueIndex("clearance_version_number").on(table.visitId, table.number)],
);

/** The parts that a version was put together from. */
export const clearanceVersionPart = sqliteTable(
  "clearance_version_part",
  {
    versionId: text("version_id")
      .notNull()
      .references(() => clearanceVersion.id),
    partId: text("part_id")
      .notNull()
      .references(() => clearancePart.id),
  },
  (table) => [primaryKey({ name: "clearance_version_part_key", columns: [table.versionId, table.partId] })],
);

/** Who stands on a version, at which number. */
export const clearanceEntry = sqliteTable(
  "clearance_entry",
  {
    versionId: text("version_id")
      .notNull()
      .references(() => clearanceVersion.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    row: integer("row").notNull(),
  },
  (table) => [primaryKey({ name: "clearance_entry_key", columns: [table.versionId, table.invitationId] })],
);

/** What the host said about somebody on its list. */
export const clearanceAnswer = sqliteTable(
  "clearance_answer",
  {
    visitId: text("visit_id")
      .notNull()
      .references(() => siteVisit.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    answer: text("answer", { enum: CLEARANCE_ANSWERS }).notNull(),
    at: instant("at").notNull(),
    by: text("by").notNull(),
  },
  (table) => [primaryKey({ name: "clearance_answer_key", columns: [table.visitId, table.invitationId] })],
);
