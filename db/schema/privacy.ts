import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { ACTOR_KINDS, CHANNELS, LOCALES, RETENTION_KINDS } from "../vocabulary.ts";
import { day, flag, id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/** Given or taken back, each a row of its own: the newest of a kind counts. Append-only. */
export const consent = sqliteTable(
  "consent",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    /** One of `CONSENTS`, or the key of a consent that the edition's own form asks for. */
    kind: text("kind").notNull(),
    given: flag("given").notNull(),
    /** Which wording was shown, and in which language. Of an own consent: the version of the form. */
    textVersion: integer("text_version").notNull(),
    locale: text("locale", { enum: LOCALES }).notNull(),
    channel: text("channel", { enum: CHANNELS }).notNull(),
    at: instant("at").notNull(),
  },
  (table) => [index("consent_newest").on(table.invitationId, table.kind, table.at)],
);

/** These people's columns, to this recipient, for this purpose, until this day (DESIGN §4). Only ever revoked. */
export const release = sqliteTable(
  "release",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    fromCoHostId: text("from_co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** The side that may look; null: somebody outside, who is handed a file. */
    toCoHostId: text("to_co_host_id").references(() => coHost.id),
    recipient: text("recipient").notNull(),
    purpose: text("purpose").notNull(),
    /** Names of columns, as a JSON list. */
    columns: text("columns").notNull(),
    /** SHA-256 of the table as it was shown before the release. */
    previewHash: text("preview_hash").notNull(),
    releasedBy: text("released_by").notNull(),
    releasedAt: instant("released_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    revokedBy: text("revoked_by"),
  },
  (table) => [
    index("release_given").on(table.editionId, table.fromCoHostId),
    index("release_received").on(table.editionId, table.toCoHostId),
  ],
);

/** The people of a release. */
export const releasePerson = sqliteTable(
  "release_person",
  {
    releaseId: text("release_id")
      .notNull()
      .references(() => release.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
  },
  (table) => [
    primaryKey({ name: "release_person_key", columns: [table.releaseId, table.invitationId] }),
    index("release_person_by_invitation").on(table.invitationId),
  ],
);

/** The facts of a passport, asked for a letter or a list (C5): sealed with a key that is not in the database. */
export const travelDocument = sqliteTable("travel_document", {
  invitationId: text("invitation_id")
    .primaryKey()
    .references(() => invitation.id),
  /** `platform/crypto` seals it for this invitation: moved to another row it does not open. */
  sealed: text("sealed").notNull(),
  updatedAt: instant("updated_at").notNull(),
  updatedBy: text("updated_by").notNull(),
});

/** Who did what to what, without personal data. Append-only; triggers refuse updates and deletes. */
export const auditEvent = sqliteTable(
  "audit_event",
  {
    id: id(),
    at: instant("at").notNull(),
    editionId: text("edition_id").references(() => edition.id),
    /** The side whose people it concerns. */
    coHostId: text("co_host_id").references(() => coHost.id),
    actorKind: text("actor_kind", { enum: ACTOR_KINDS }).notNull(),
    actorId: text("actor_id").notNull(),
    action: text("action").notNull(),
    subjectKind: text("subject_kind").notNull(),
    subjectId: text("subject_id").notNull(),
    details: text("details").notNull().default("{}"),
    requestId: text("request_id"),
  },
  (table) => [
    index("audit_event_in_order").on(table.editionId, table.at),
    index("audit_event_by_side").on(table.coHostId, table.at),
    index("audit_event_by_action").on(table.editionId, table.coHostId, table.action),
    index("audit_event_by_subject").on(table.subjectId, table.action),
  ],
);

/** From which day on a side no longer keeps what it has of a kind. Without a row the usual time holds. */
export const retentionDate = sqliteTable(
  "retention_date",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    kind: text("kind", { enum: RETENTION_KINDS }).notNull(),
    /** In the edition's zone. */
    dueOn: day("due_on").notNull(),
    changedAt: instant("changed_at").notNull(),
    changedBy: text("changed_by").notNull(),
  },
  (table) => [
    primaryKey({ name: "retention_date_key", columns: [table.editionId, table.coHostId, table.kind] }),
  ],
);

/** What a purge removed for one side, in counts, with a digest and a signature that the installation alone can make. */
export const purgeReport = sqliteTable(
  "purge_report",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    at: instant("at").notNull(),
    /** The report as it is signed: JSON. */
    report: text("report").notNull(),
    sha256: text("sha256").notNull(),
    signature: text("signature").notNull(),
    /** When free pages and the log were cleaned as well; null: not yet, and the next purge sees to it. */
    cleanedAt: instant("cleaned_at"),
  },
  (table) => [index("purge_report_by_side").on(table.editionId, table.coHostId, table.at)],
);
