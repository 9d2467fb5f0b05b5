import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import {
  CATEGORIES,
  CHANNELS,
  INVITATION_EVENTS,
  LOCALES,
  REPLIES,
  SESSION_FUNCTIONS,
} from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { coHost, delegation, edition } from "./edition.ts";
import { person } from "./person.ts";

/**
 * A person asked to an edition, in a delegation. Its life is `invitation_event`; `reply`, `sentAt` and
 * `withdrawnAt` repeat the newest event of their kind, written in the same transaction, so that lists can filter.
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
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("invitation_once").on(table.editionId, table.personId),
    uniqueIndex("invitation_token").on(table.tokenHash),
    uniqueIndex("invitation_number").on(table.editionId, table.number),
    index("invitation_by_delegation").on(table.delegationId),
    index("invitation_by_person").on(table.personId),
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
