import { integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { LETTER_KINDS, LOCALES } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/** What stands at the head and the foot of a side's letters. */
export const letterhead = sqliteTable(
  "letterhead",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    nameEn: text("name_en").notNull(),
    nameZh: text("name_zh").notNull(),
    addressEn: text("address_en").notNull().default(""),
    addressZh: text("address_zh").notNull().default(""),
    phone: text("phone").notNull().default(""),
    email: text("email").notNull().default(""),
    signatoryEn: text("signatory_en").notNull().default(""),
    signatoryZh: text("signatory_zh").notNull().default(""),
    signatoryPostEn: text("signatory_post_en").notNull().default(""),
    signatoryPostZh: text("signatory_post_zh").notNull().default(""),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [primaryKey({ name: "letterhead_key", columns: [table.editionId, table.coHostId] })],
);

/** A side's wording of a kind of letter in one language. */
export const letterTemplate = sqliteTable(
  "letter_template",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    kind: text("kind", { enum: LETTER_KINDS }).notNull(),
    locale: text("locale", { enum: LOCALES }).notNull(),
    title: text("title").notNull(),
    body: text("body").notNull(),
    version: integer("version").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({
      name: "letter_template_key",
      columns: [table.editionId, table.coHostId, table.kind, table.locale],
    }),
  ],
);

/** A letter as it was issued: numbered, versioned, frozen. */
export const letter = sqliteTable(
  "letter",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    kind: text("kind", { enum: LETTER_KINDS }).notNull(),
    locale: text("locale", { enum: LOCALES }).notNull(),
    /** Printed on it, e.g. `08-017-V`. */
    number: text("number").notNull(),
    version: integer("version").notNull(),
    /** All that stands in it, sealed: it may hold what a passport says. */
    sealed: text("sealed").notNull(),
    /** Keyed digest of the facts, to tell whether one of them has changed since. */
    factsDigest: text("facts_digest").notNull(),
    /** SHA-256 of the code by which a reader has it confirmed. */
    codeHash: text("code_hash").notNull(),
    issuedAt: instant("issued_at").notNull(),
    issuedBy: text("issued_by").notNull(),
    /** No longer good: replaced by a newer version, or its person by another. */
    voidedAt: instant("voided_at"),
  },
  (table) => [
    uniqueIndex("letter_version").on(table.invitationId, table.kind, table.locale, table.version),
    uniqueIndex("letter_code").on(table.codeHash),
  ],
);
