import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { LOCALES, PERMISSIONS } from "../vocabulary.ts";
import { flag, id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";

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
  },
  (table) => [uniqueIndex("set_up_link_token").on(table.tokenHash)],
);
