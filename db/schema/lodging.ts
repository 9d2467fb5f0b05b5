import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { LODGINGS, PAYERS, SHARING_ANSWERS } from "../vocabulary.ts";
import { day, flag, id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";

/** A hotel in which a side has a block of rooms. */
export const hotel = sqliteTable(
  "hotel",
  {
    id: id(),
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
    /** By when the hotel wants its list. */
    listDeadline: instant("list_deadline"),
    /** The hotel's columns in the hotel's order with its own headings, as JSON. */
    listColumns: text("list_columns").notNull(),
    revision: integer("revision").notNull(),
  },
  (table) => [index("hotel_by_side").on(table.editionId, table.coHostId)],
);

export const roomType = sqliteTable(
  "room_type",
  {
    id: id(),
    hotelId: text("hotel_id")
      .notNull()
      .references(() => hotel.id),
    nameEn: text("name_en").notNull(),
    nameZh: text("name_zh").notNull(),
    /** How many people sleep in it. */
    sleeps: integer("sleeps").notNull(),
    position: integer("position").notNull(),
  },
  (table) => [
    index("room_type_by_hotel").on(table.hotelId, table.position),
    check("room_type_sleeps_somebody", sql`${table.sleeps} between 1 and 4`),
  ],
);

/**
 * The block: rooms of a type for one night, and how many of them are taken. The check is what keeps a night from being
 * sold twice, whoever writes.
 */
export const roomStock = sqliteTable(
  "room_stock",
  {
    typeId: text("type_id")
      .notNull()
      .references(() => roomType.id),
    night: day("night").notNull(),
    rooms: integer("rooms").notNull(),
    taken: integer("taken").notNull().default(0),
  },
  (table) => [
    primaryKey({ name: "room_stock_key", columns: [table.typeId, table.night] }),
    check("room_stock_never_below_zero", sql`${table.taken} >= 0 and ${table.taken} <= ${table.rooms}`),
  ],
);

/** One room for some nights in a row. */
export const room = sqliteTable(
  "room",
  {
    id: id(),
    typeId: text("type_id")
      .notNull()
      .references(() => roomType.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** As the hotel tells it, once it does. */
    number: text("number").notNull().default(""),
    smoking: flag("smoking").notNull().default(false),
    earlyCheckIn: flag("early_check_in").notNull().default(false),
    note: text("note").notNull().default(""),
    revision: integer("revision").notNull(),
  },
  (table) => [index("room_by_type").on(table.typeId)],
);

/** A night of a room, and who pays for it. Takes one from the stock. */
export const roomNight = sqliteTable(
  "room_night",
  {
    roomId: text("room_id")
      .notNull()
      .references(() => room.id, { onDelete: "cascade" }),
    night: day("night").notNull(),
    typeId: text("type_id").notNull(),
    payer: text("payer", { enum: PAYERS }).notNull(),
  },
  (table) => [
    primaryKey({ name: "room_night_key", columns: [table.roomId, table.night] }),
    foreignKey({
      name: "room_night_is_in_the_block",
      columns: [table.typeId, table.night],
      foreignColumns: [roomStock.typeId, roomStock.night],
    }),
    index("room_night_by_stock").on(table.typeId, table.night),
  ],
);

/** Who sleeps in a room. Two share it once both have said yes. */
export const roomGuest = sqliteTable(
  "room_guest",
  {
    roomId: text("room_id")
      .notNull()
      .references(() => room.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    sharing: text("sharing", { enum: SHARING_ANSWERS }).notNull(),
    sharingAt: instant("sharing_at"),
    sharingBy: text("sharing_by"),
  },
  (table) => [
    primaryKey({ name: "room_guest_key", columns: [table.roomId, table.invitationId] }),
    index("room_guest_by_person").on(table.invitationId),
  ],
);

/** A person's night. The key is what keeps anybody from sleeping in two rooms at once. */
export const guestNight = sqliteTable(
  "guest_night",
  {
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    night: day("night").notNull(),
    roomId: text("room_id")
      .notNull()
      .references(() => room.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ name: "guest_night_key", columns: [table.invitationId, table.night] }),
    index("guest_night_by_room").on(table.roomId),
  ],
);

/** How somebody wants to stay. */
export const lodgingWish = sqliteTable("lodging_wish", {
  invitationId: text("invitation_id")
    .primaryKey()
    .references(() => invitation.id),
  lodging: text("lodging", { enum: LODGINGS }).notNull(),
  /** Where, when it is no hotel of ours. */
  address: text("address").notNull().default(""),
  mayShare: flag("may_share").notNull().default(false),
  shareWithId: text("share_with_id").references(() => invitation.id),
  note: text("note").notNull().default(""),
  /** When the police were told of a private lodging (DOMAIN §3.6). */
  reportedOn: day("reported_on"),
  updatedAt: instant("updated_at").notNull(),
  updatedBy: text("updated_by").notNull(),
});

/** A rooming list as it went to the hotel: numbered, and never changed. */
export const roomingList = sqliteTable(
  "rooming_list",
  {
    id: id(),
    hotelId: text("hotel_id")
      .notNull()
      .references(() => hotel.id),
    /** The side whose people are on it. */
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    number: integer("number").notNull(),
    /** Headings and rows as JSON, sealed: they may name passports. Empty once purged. */
    sealed: text("sealed").notNull(),
    sha256: text("sha256").notNull(),
    rows: integer("rows").notNull(),
    frozenAt: instant("frozen_at").notNull(),
    frozenBy: text("frozen_by").notNull(),
    /** The release by which its people's data went to the hotel. */
    releaseId: text("release_id").notNull(),
  },
  (table) => [uniqueIndex("rooming_list_number").on(table.hotelId, table.coHostId, table.number)],
);
