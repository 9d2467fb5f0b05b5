import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { CHANGE_STATES, CHANNELS, LOCALES, REGISTRATION_STATES, SECTION_STATES } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/**
 * The form of an edition, by version. Version 1 is the standard form and has no row; a row without `publishedAt` is the
 * draft, of which there is one at most. What was published never changes.
 */
export const registrationForm = sqliteTable(
  "registration_form",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    version: integer("version").notNull(),
    /** `FormDefinition` as JSON. */
    definition: text("definition").notNull(),
    /** Rises with every change of a draft, so that two who change it at once notice. */
    revision: integer("revision").notNull(),
    createdAt: instant("created_at").notNull(),
    changedAt: instant("changed_at").notNull(),
    changedBy: text("changed_by").notNull(),
    publishedAt: instant("published_at"),
    publishedBy: text("published_by"),
  },
  (table) => [uniqueIndex("registration_form_version").on(table.editionId, table.version)],
);

/** What an invitee told us for one edition. The answers are in its sections. */
export const registration = sqliteTable(
  "registration",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    state: text("state", { enum: REGISTRATION_STATES }).notNull(),
    /** Which wording of the form was answered. */
    formVersion: integer("form_version").notNull(),
    /** The language that the form was last shown in. */
    locale: text("locale", { enum: LOCALES }).notNull(),
    /** Rises with every change of an answer; the same answers sent again leave it. */
    revision: integer("revision").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    submittedAt: instant("submitted_at"),
  },
  (table) => [uniqueIndex("registration_once").on(table.invitationId)],
);

/** One section's answers as JSON, checked by the section's schema when written and when read. */
export const registrationSection = sqliteTable(
  "registration_section",
  {
    registrationId: text("registration_id")
      .notNull()
      .references(() => registration.id),
    /** A standard section by its name, or one of the edition's own by its key. */
    section: text("section").notNull(),
    state: text("state", { enum: SECTION_STATES }).notNull(),
    answers: text("answers").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "registration_section_key", columns: [table.registrationId, table.section] }),
  ],
);

/** What a registration answers of class C5: sealed for it with a key that is not in the database, apart from the rest. */
export const registrationSealed = sqliteTable("registration_sealed", {
  registrationId: text("registration_id")
    .primaryKey()
    .references(() => registration.id),
  sealed: text("sealed").notNull(),
  /** Which questions it answers, as a JSON list: so much may be known without opening it. */
  names: text("names").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

/** What somebody wants changed in their registration after its deadline, and what staff said to it. */
export const changeRequest = sqliteTable(
  "change_request",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    state: text("state", { enum: CHANGE_STATES }).notNull(),
    /** Names of the answers that are to change, as a JSON list. */
    fields: text("fields").notNull(),
    /** The new answers by name: sealed, since any class may be among them. */
    sealed: text("sealed").notNull(),
    note: text("note").notNull(),
    channel: text("channel", { enum: CHANNELS }).notNull(),
    askedAt: instant("asked_at").notNull(),
    decidedAt: instant("decided_at"),
    decidedBy: text("decided_by"),
    /** What staff say to it, as the person reads it. */
    word: text("word").notNull().default(""),
  },
  (table) => [index("change_request_of").on(table.invitationId, table.state)],
);
