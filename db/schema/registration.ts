import { integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { LOCALES, REGISTRATION_SECTIONS, REGISTRATION_STATES, SECTION_STATES } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { invitation } from "./invitation.ts";

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
    section: text("section", { enum: REGISTRATION_SECTIONS }).notNull(),
    state: text("state", { enum: SECTION_STATES }).notNull(),
    answers: text("answers").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "registration_section_key", columns: [table.registrationId, table.section] }),
  ],
);
