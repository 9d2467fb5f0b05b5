import { type AnySQLiteColumn, index, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { LOCALES, NAME_FORMS } from "../vocabulary.ts";
import { flag, id, instant } from "./columns.ts";
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
    /** Not to be invited, and why: for the side's own eyes (C6). */
    doNotInviteAt: instant("do_not_invite_at"),
    doNotInviteReason: text("do_not_invite_reason").notNull().default(""),
    /** The side's own note (C6). */
    note: text("note").notNull().default(""),
    /** When somebody last said that institution and position are still right. */
    postCheckedAt: instant("post_checked_at"),
    /** Merged into this card: a double that no list shows any more. */
    mergedIntoId: text("merged_into_id").references((): AnySQLiteColumn => person.id),
    /**
     * Names and institution as a search compares them (`plain`), with a stroke between the columns. The triggers
     * `person_search_*` write it, whoever writes the rest: a migration that makes this table anew must make them anew.
     */
    searchText: text("search_text").notNull().default(""),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    index("person_by_side").on(table.coHostId, table.sortKey, table.id),
    index("person_in_order").on(table.sortKey, table.id),
    index("person_by_search").on(table.coHostId, table.searchText, table.id),
    index("person_by_mailbox").on(table.coHostId, table.emailKey),
  ],
);

/** Another form of a name, by which its owner is known or found. */
export const personName = sqliteTable(
  "person_name",
  {
    id: id(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    form: text("form", { enum: NAME_FORMS }).notNull(),
    name: text("name").notNull(),
  },
  (table) => [index("person_name_by_person").on(table.personId)],
);

/** Somebody who answers for a person, or reads along: an assistant, chambers, a foreign-affairs office. */
export const personAssistant = sqliteTable(
  "person_assistant",
  {
    id: id(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    name: text("name").notNull(),
    email: text("email").notNull(),
    phone: text("phone"),
    locale: text("locale", { enum: LOCALES }).notNull(),
    mayAct: flag("may_act").notNull(),
    getsCopies: flag("gets_copies").notNull(),
    createdAt: instant("created_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (table) => [index("person_assistant_by_person").on(table.personId)],
);

/** Two cards that were found to be one person. Can be undone while the kept card lives. */
export const personMerge = sqliteTable(
  "person_merge",
  {
    id: id(),
    keptId: text("kept_id")
      .notNull()
      .references(() => person.id),
    mergedId: text("merged_id")
      .notNull()
      .references(() => person.id),
    at: instant("at").notNull(),
    by: text("by").notNull(),
    /** What the kept card was before, and what was moved to it, as JSON. */
    before: text("before").notNull(),
    undoneAt: instant("undone_at"),
  },
  (table) => [
    index("person_merge_by_kept").on(table.keptId),
    index("person_merge_by_merged").on(table.mergedId),
  ],
);

/** Two cards that look like one person and are two: somebody looked and said so. The lower id comes first. */
export const personNotDouble = sqliteTable(
  "person_not_double",
  {
    firstId: text("first_id")
      .notNull()
      .references(() => person.id),
    secondId: text("second_id")
      .notNull()
      .references(() => person.id),
    at: instant("at").notNull(),
    by: text("by").notNull(),
  },
  (table) => [primaryKey({ name: "person_not_double_key", columns: [table.firstId, table.secondId] })],
);
