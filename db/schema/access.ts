import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { CHANNELS, LOCALES, PERMISSIONS } from "../vocabulary.ts";
import { flag, id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";
import { invitation } from "./invitation.ts";
import { personAssistant } from "./person.ts";

/* The first five tables are those of better-auth (docs/decisions/sign-in.md); it writes them, we read them. */

export const user = sqliteTable(
  "user",
  {
    id: id(),
    name: text("name").notNull(),
    email: text("email").notNull(),
    emailVerified: flag("email_verified").notNull().default(false),
    image: text("image"),
    twoFactorEnabled: flag("two_factor_enabled").default(false),
    /** The language of the secretariat's own screens for this person; null: as the browser asks. */
    locale: text("locale", { enum: LOCALES }),
    createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
    updatedAt: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
  },
  (table) => [uniqueIndex("user_email").on(table.email)],
);

export const session = sqliteTable(
  "session",
  {
    id: id(),
    token: text("token").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    expiresAt: integer("expires_at", { mode: "timestamp_ms" }).notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
    updatedAt: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
  },
  (table) => [uniqueIndex("session_token").on(table.token), index("session_by_user").on(table.userId)],
);

export const account = sqliteTable(
  "account",
  {
    id: id(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: integer("access_token_expires_at", { mode: "timestamp_ms" }),
    refreshTokenExpiresAt: integer("refresh_token_expires_at", { mode: "timestamp_ms" }),
    scope: text("scope"),
    password: text("password"),
    createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
    updatedAt: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
  },
  (table) => [index("account_by_user").on(table.userId)],
);

export const verification = sqliteTable(
  "verification",
  {
    id: id(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: integer("expires_at", { mode: "timestamp_ms" }).notNull(),
    createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
    updatedAt: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
  },
  (table) => [index("verification_by_identifier").on(table.identifier)],
);

export const twoFactor = sqliteTable(
  "two_factor",
  {
    id: id(),
    secret: text("secret").notNull(),
    backupCodes: text("backup_codes").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    verified: flag("verified").notNull().default(true),
    failedVerificationCount: integer("failed_verification_count").notNull().default(0),
    lockedUntil: integer("locked_until", { mode: "timestamp_ms" }),
  },
  (table) => [index("two_factor_by_user").on(table.userId)],
);

/** What a login may do on a side: in one edition, or in all of that side's editions when `editionId` is null. */
export const staffPermission = sqliteTable(
  "staff_permission",
  {
    id: id(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    editionId: text("edition_id").references(() => edition.id),
    permission: text("permission", { enum: PERMISSIONS }).notNull(),
    grantedAt: instant("granted_at").notNull(),
    /** The login that gave it; null: the operator or the system. */
    grantedBy: text("granted_by"),
    /** From this instant on it is worth nothing; null: until it is taken away. */
    endsAt: instant("ends_at"),
  },
  (table) => [index("staff_permission_by_user").on(table.userId)],
);

/** A one-time link by which the first, or an added, member of staff chooses a password. */
export const setUpLink = sqliteTable(
  "set_up_link",
  {
    id: id(),
    tokenHash: text("token_hash").notNull(),
    /** What the new login is for, as JSON: name, address, side, permissions; `{}` for the very first. */
    grant: text("grant").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [uniqueIndex("set_up_link_token").on(table.tokenHash)],
);

/** When somebody last said that they have seen what changed in an edition. */
export const staffLook = sqliteTable(
  "staff_look",
  {
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ name: "staff_look_key", columns: [table.userId, table.editionId] })],
);

/** An assistant's own link to one invitation, with the sections of the form that they may fill in. */
export const assistantLink = sqliteTable(
  "assistant_link",
  {
    id: id(),
    assistantId: text("assistant_id")
      .notNull()
      .references(() => personAssistant.id),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    /** `RegistrationSection[]` as JSON. */
    sections: text("sections").notNull(),
    tokenHash: text("token_hash").notNull(),
    tokenGeneration: integer("token_generation").notNull(),
    tokenExpiresAt: instant("token_expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    /** Who let them: the delegate or staff. */
    grantedBy: text("granted_by", { enum: CHANNELS }).notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("assistant_link_token").on(table.tokenHash),
    index("assistant_link_by_invitation").on(table.invitationId),
    index("assistant_link_by_assistant").on(table.assistantId),
  ],
);

/** A browser in which a code was typed: it may read back what is stored until it expires or is removed. */
export const device = sqliteTable(
  "device",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    /** Whose it is: null for the delegate's own. */
    assistantLinkId: text("assistant_link_id").references(() => assistantLink.id),
    /** SHA-256 of the cookie. */
    tokenHash: text("token_hash").notNull(),
    /** Browser and system as `deviceOf` names them, to be recognised by; nothing more of the User-Agent. */
    browser: text("browser").notNull().default(""),
    system: text("system").notNull().default(""),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [
    uniqueIndex("device_token").on(table.tokenHash),
    index("device_by_invitation").on(table.invitationId),
  ],
);

/** A code that somebody was sent or told. The digits are derived from its id and the key, and never stored. */
export const accessCode = sqliteTable(
  "access_code",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    assistantLinkId: text("assistant_link_id").references(() => assistantLink.id),
    /** `self`: mailed to the registered mailbox; `staff`: told by phone. */
    channel: text("channel", { enum: CHANNELS }).notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    tries: integer("tries").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("access_code_newest").on(table.invitationId, table.createdAt)],
);
