import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { APPROVALS, MODES } from "../vocabulary.ts";
import { day, flag, id, instant } from "./columns.ts";

/** A dialogue series: what comes back year after year, with gaps. */
export const series = sqliteTable("series", {
  id: id(),
  titleEn: text("title_en").notNull(),
  titleZh: text("title_zh").notNull(),
});

/** A co-hosting organisation. With the delegations that it answers for it makes a side; its contact book is its own. */
export const coHost = sqliteTable("co_host", {
  id: id(),
  nameEn: text("name_en").notNull(),
  nameZh: text("name_zh").notNull(),
});

/** One meeting of the series. Programme days and the wider travel window are different facts (DOMAIN §0.4). */
export const edition = sqliteTable(
  "edition",
  {
    id: id(),
    seriesId: text("series_id")
      .notNull()
      .references(() => series.id),
    slug: text("slug").notNull(),
    ordinal: integer("ordinal"),
    titleEn: text("title_en").notNull(),
    titleZh: text("title_zh").notNull(),
    cityEn: text("city_en").notNull(),
    cityZh: text("city_zh").notNull(),
    country: text("country").notNull(),
    timeZone: text("time_zone").notNull(),
    startsOn: day("starts_on").notNull(),
    endsOn: day("ends_on").notNull(),
    travelFrom: day("travel_from").notNull(),
    travelTo: day("travel_to").notNull(),
    mode: text("mode", { enum: MODES }).notNull(),
    hostSideId: text("host_side_id")
      .notNull()
      .references(() => coHost.id),
    replyBy: instant("reply_by"),
    registerBy: instant("register_by"),
    approval: text("approval", { enum: APPROVALS }).notNull().default("none"),
    /** Who pays for what, one sentence in each language, as it stands in the letter. */
    costsEn: text("costs_en").notNull().default(""),
    costsZh: text("costs_zh").notNull().default(""),
    /** Duty phones, as they are to be printed. */
    phones: text("phones").notNull().default(""),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("edition_slug").on(table.slug),
    check("edition_days_in_order", sql`${table.startsOn} <= ${table.endsOn}`),
    check(
      "edition_travel_window_wide_enough",
      sql`${table.travelFrom} <= ${table.startsOn} and ${table.travelTo} >= ${table.endsOn}`,
    ),
  ],
);

/** Each co-host has its own title of the edition, its own country first (DOMAIN §0.5). */
export const editionCoHost = sqliteTable(
  "edition_co_host",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    position: integer("position").notNull(),
    titleEn: text("title_en").notNull(),
    titleZh: text("title_zh").notNull(),
    replyTo: text("reply_to"),
    /** The name that its mails come from, and the address, of the same domain as MAIL_FROM; empty: MAIL_FROM's. */
    fromName: text("from_name").notNull().default(""),
    fromAddress: text("from_address").notNull().default(""),
    /** Whether more than ten mails at once need a second person's yes. */
    secondPerson: flag("second_person").notNull().default(false),
  },
  (table) => [primaryKey({ name: "edition_co_host_key", columns: [table.editionId, table.coHostId] })],
);

export const delegation = sqliteTable(
  "delegation",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    key: text("key").notNull(),
    nameEn: text("name_en").notNull(),
    nameZh: text("name_zh").notNull(),
    quota: integer("quota"),
    /** Where its people live: deadlines and the programme are also shown in this zone. */
    homeTimeZone: text("home_time_zone").notNull(),
    position: integer("position").notNull(),
  },
  (table) => [
    uniqueIndex("delegation_key").on(table.editionId, table.key),
    index("delegation_by_side").on(table.editionId, table.coHostId),
    check("delegation_quota_not_negative", sql`${table.quota} is null or ${table.quota} >= 0`),
  ],
);
