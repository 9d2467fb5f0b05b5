import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import {
  ATTENDANCES,
  CATEGORIES,
  CHANNELS,
  HOST_ANSWERS,
  INVITATION_EVENTS,
  LOCALES,
  MEANS,
  NOMINATION_STATES,
  REPLIES,
  SESSION_FUNCTIONS,
} from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost, delegation, edition } from "./edition.ts";
import { person } from "./person.ts";

/**
 * A person asked to an edition, in a delegation. Its life is `invitation_event`; `reply`, `attendance`, `hostAnswer`
 * and the instants repeat the newest event of their kind, written in the same transaction, so that lists can filter.
 */
export const invitation = sqliteTable(
  "invitation",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
    category: text("category", { enum: CATEGORIES }).notNull(),
    /** The function that the letter names, if any; functions in sessions are kept with the session. */
    invitedAs: text("invited_as", { enum: SESSION_FUNCTIONS }),
    /** Printed on letter and mail, e.g. `08-017`; gives no access. */
    number: text("number").notNull(),
    /** SHA-256 of the link's token (docs/decisions/link-tokens.md). */
    tokenHash: text("token_hash").notNull(),
    /** Rises when the link is issued anew; older links stop working. */
    tokenGeneration: integer("token_generation").notNull(),
    tokenExpiresAt: instant("token_expires_at").notNull(),
    tokenRevokedAt: instant("token_revoked_at"),
    reply: text("reply", { enum: REPLIES }).notNull(),
    repliedAt: instant("replied_at"),
    sentAt: instant("sent_at"),
    withdrawnAt: instant("withdrawn_at"),
    approvedAt: instant("approved_at"),
    hostAnswer: text("host_answer", { enum: HOST_ANSWERS }),
    /** First known act of a person, which no scanner does: a form that was sent. */
    seenAt: instant("seen_at"),
    confirmedAt: instant("confirmed_at"),
    attendance: text("attendance", { enum: ATTENDANCES }),
    /** Somebody else came instead. */
    replacedAt: instant("replaced_at"),
    /** The invitation instead of which this one is. */
    replacesId: text("replaces_id").references((): AnySQLiteColumn => invitation.id),
    /** No reminders to this person from here on. */
    remindersStoppedAt: instant("reminders_stopped_at"),
    /** Somebody who got the link said that they are not this person. */
    notMeAt: instant("not_me_at"),
    /** The side's own order within the delegation, set by hand; never leaves the side as a number (DOMAIN §1.7). */
    protocolOrder: integer("protocol_order"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("invitation_once").on(table.editionId, table.personId),
    uniqueIndex("invitation_token").on(table.tokenHash),
    uniqueIndex("invitation_number").on(table.editionId, table.number),
    index("invitation_by_delegation").on(table.delegationId),
    // What lists count by stands in it: the invitations themselves are not read.
    index("invitation_counts").on(table.editionId, table.delegationId, table.category, table.reply, table.id),
    // The few who are no longer invited, so that those who are need not be looked at to be counted.
    index("invitation_gone")
      .on(table.editionId, table.delegationId)
      .where(sql`${table.withdrawnAt} is not null or ${table.replacedAt} is not null`),
    index("invitation_by_person").on(table.personId),
    uniqueIndex("invitation_replaces").on(table.replacesId),
  ],
);

export const invitationEvent = sqliteTable(
  "invitation_event",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    at: instant("at").notNull(),
    kind: text("kind", { enum: INVITATION_EVENTS }).notNull(),
    channel: text("channel", { enum: CHANNELS }).notNull(),
    /** The invitee's or staff's own words: a reason, who to ask instead, when to ask again. */
    note: text("note").notNull().default(""),
    /** For `tentative`: the day on which to ask again. */
    askAgainOn: text("ask_again_on"),
    /** The login or the assistant who did it, where it was not the invited person. */
    actorId: text("actor_id"),
    /** How staff got to know it. */
    means: text("means", { enum: MEANS }),
  },
  (table) => [index("invitation_event_in_order").on(table.invitationId, table.at)],
);

/** A side's wording of the invitation, per edition and language; placeholders come from a closed list. */
export const invitationText = sqliteTable(
  "invitation_text",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    locale: text("locale", { enum: LOCALES }).notNull(),
    subject: text("subject").notNull(),
    body: text("body").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "invitation_text_key", columns: [table.editionId, table.coHostId, table.locale] }),
  ],
);

/** When those who have not answered are reminded, per side. Staff see it and can stop it. */
export const reminderSchedule = sqliteTable(
  "reminder_schedule",
  {
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** Days before the reply date, as a JSON list of whole numbers. */
    daysBefore: text("days_before").notNull(),
    /** Hour of the day where the recipient lives. */
    hour: integer("hour").notNull(),
    stoppedAt: instant("stopped_at"),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [primaryKey({ name: "reminder_schedule_key", columns: [table.editionId, table.coHostId] })],
);

/** The person at an institution who may put forward names for a delegation, through a link of their own. */
export const focalPoint = sqliteTable(
  "focal_point",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    delegationId: text("delegation_id")
      .notNull()
      .references(() => delegation.id),
    institutionEn: text("institution_en").notNull().default(""),
    institutionZh: text("institution_zh").notNull().default(""),
    name: text("name").notNull(),
    email: text("email").notNull(),
    locale: text("locale", { enum: LOCALES }).notNull(),
    /** How many names are asked for. */
    places: integer("places").notNull(),
    closesAt: instant("closes_at"),
    tokenHash: text("token_hash").notNull(),
    tokenGeneration: integer("token_generation").notNull(),
    tokenExpiresAt: instant("token_expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    sentAt: instant("sent_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("focal_point_token").on(table.tokenHash),
    index("focal_point_by_delegation").on(table.delegationId),
  ],
);

/** A name that a focal point put forward. */
export const nomination = sqliteTable(
  "nomination",
  {
    id: id(),
    focalPointId: text("focal_point_id")
      .notNull()
      .references(() => focalPoint.id),
    familyLatin: text("family_latin").notNull().default(""),
    givenLatin: text("given_latin").notNull().default(""),
    nameNative: text("name_native").notNull().default(""),
    honorific: text("honorific").notNull().default(""),
    position: text("position").notNull().default(""),
    email: text("email"),
    phone: text("phone"),
    note: text("note").notNull().default(""),
    state: text("state", { enum: NOMINATION_STATES }).notNull(),
    createdAt: instant("created_at").notNull(),
    decidedAt: instant("decided_at"),
    decidedBy: text("decided_by"),
    /** What came of it. */
    invitationId: text("invitation_id").references(() => invitation.id),
  },
  (table) => [index("nomination_by_focal_point").on(table.focalPointId, table.createdAt)],
);
