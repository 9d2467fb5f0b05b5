import { index, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { LOCALES } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost } from "./edition.ts";

/**
 * A person in one side's contact book. Every form of the name is a fact that somebody typed:
 * nothing here is derived from anything else here (DOMAIN §1.5, §3.4).
 */
export const person = sqliteTable(
  "person",
  {
    id: id(),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    familyLatin: text("family_latin").notNull().default(""),
    givenLatin: text("given_latin").notNull().default(""),
    /** The whole Latin name as its owner wants it shown. */
    nameLatin: text("name_latin").notNull().default(""),
    familyNative: text("family_native").notNull().default(""),
    givenNative: text("given_native").notNull().default(""),
    /** The whole name in its own script as its owner wants it shown. */
    nameNative: text("name_native").notNull().default(""),
    /** Latin letters to sort by, confirmed by a person: pinyin readings of surnames cannot be computed. */
    sortKey: text("sort_key").notNull(),
    honorificEn: text("honorific_en").notNull().default(""),
    honorificZh: text("honorific_zh").notNull().default(""),
    salutationEn: text("salutation_en").notNull().default(""),
    salutationZh: text("salutation_zh").notNull().default(""),
    institutionEn: text("institution_en").notNull().default(""),
    institutionZh: text("institution_zh").notNull().default(""),
    positionEn: text("position_en").notNull().default(""),
    positionZh: text("position_zh").notNull().default(""),
    /** The address as typed; null when there is none. */
    email: text("email"),
    /** The same, lower-cased, to find one mailbox twice. */
    emailKey: text("email_key"),
    phone: text("phone"),
    /** The language to write in first. */
    locale: text("locale", { enum: LOCALES }).notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    index("person_by_side").on(table.coHostId, table.sortKey, table.id),
    index("person_by_mailbox").on(table.coHostId, table.emailKey),
  ],
);
