import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import {
  AGENDA_KINDS,
  ATTRIBUTIONS,
  AUDIENCES,
  CHANNELS,
  INTERPRETATIONS,
  LANGUAGE_PAIRS,
  NOTICE_MODES,
  SESSION_FUNCTIONS,
} from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost, delegation, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";
import { venue } from "./venue.ts";

/** The draft of the programme, edited freely. Nobody outside the staff sees it before it is published. */
export const agendaItem = sqliteTable(
  "agenda_item",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    kind: text("kind", { enum: AGENDA_KINDS }).notNull(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    titleEn: text("title_en").notNull(),
    titleZh: text("title_zh").notNull(),
    placeEn: text("place_en").notNull().default(""),
    placeZh: text("place_zh").notNull().default(""),
    /** The place, where it is one of the edition's; its name stands in `place…`, too. Null: free text, or none. */
    venueId: text("venue_id").references(() => venue.id),
    /** Where the group sets out from, of a visit or a transfer. */
    fromVenueId: text("from_venue_id").references(() => venue.id),
    audience: text("audience", { enum: AUDIENCES }).notNull(),
    attribution: text("attribution", { enum: ATTRIBUTIONS }),
    interpretation: text("interpretation", { enum: INTERPRETATIONS }),
    languagePair: text("language_pair", { enum: LANGUAGE_PAIRS }),
    /** Of a visit these are the visit's own. */
    dressEn: text("dress_en").notNull().default(""),
    dressZh: text("dress_zh").notNull().default(""),
    bringEn: text("bring_en").notNull().default(""),
    bringZh: text("bring_zh").notNull().default(""),
    /** Never mailed, never published. */
    internalNote: text("internal_note").notNull().default(""),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    index("agenda_item_in_order").on(table.editionId, table.startsAt),
    index("agenda_item_by_venue").on(table.venueId),
    check("agenda_item_ends_after_it_starts", sql`${table.endsAt} > ${table.startsAt}`),
  ],
);

/** The delegations of an item whose audience is `delegations`. */
export const agendaItemDelegation = sqliteTable(
  "agenda_item_delegation",
  {
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id, { onDelete: "cascade" }),
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
  },
  (table) => [
    primaryKey({ name: "agenda_item_delegation_key", columns: [table.itemId, table.delegationId] }),
  ],
);

/** What a person does in an item. */
export const agendaFunction = sqliteTable(
  "agenda_function",
  {
    itemId: text("item_id")
      .notNull()
      .references(() => agendaItem.id, { onDelete: "cascade" }),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    function: text("function", { enum: SESSION_FUNCTIONS }).notNull(),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ name: "agenda_function_key", columns: [table.itemId, table.invitationId, table.function] }),
    index("agenda_function_by_person").on(table.invitationId),
  ],
);

/** A published programme: numbered, immutable, as one document. */
export const agendaVersion = sqliteTable(
  "agenda_version",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    number: integer("number").notNull(),
    publishedAt: instant("published_at").notNull(),
    publishedBy: text("published_by").notNull(),
    /** The items as JSON (domain/agenda `PublishedItem[]`), without internal notes. */
    items: text("items").notNull(),
    /** What stands on print-outs: an address made of it tells whether the version is still current. Empty: has none. */
    code: text("code").notNull().default(""),
  },
  (table) => [
    uniqueIndex("agenda_version_number").on(table.editionId, table.number),
    uniqueIndex("agenda_version_code").on(table.code).where(sql`${table.code} <> ''`),
  ],
);

/** Who has said that they have seen a version, first of all times. Nobody is taken to have seen what they only opened. */
export const agendaSeen = sqliteTable(
  "agenda_seen",
  {
    versionId: text("version_id")
      .notNull()
      .references(() => agendaVersion.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    seenAt: instant("seen_at").notNull(),
    /** `staff`: somebody told them, by phone or at the desk. */
    channel: text("channel", { enum: CHANNELS }).notNull(),
    /** The login or the assistant; null: the invited person. */
    actorId: text("actor_id"),
  },
  (table) => [
    primaryKey({ name: "agenda_seen_key", columns: [table.versionId, table.invitationId] }),
    index("agenda_seen_by_person").on(table.invitationId),
  ],
);

/**
 * How a side deals with change notices to its own people: whether they go out with a publication or wait for its staff,
 * and up to which version its staff have laid them aside.
 */
export const agendaNoticeSide = sqliteTable(
  "agenda_notice_side",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    mode: text("mode", { enum: NOTICE_MODES }).notNull().default("wait"),
    /** Null: none yet. */
    settledNumber: integer("settled_number"),
    settledAt: instant("settled_at"),
  },
  (table) => [primaryKey({ name: "agenda_notice_side_key", columns: [table.editionId, table.coHostId] })],
);
