import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, prepared, type Tx } from "#db/client.server.ts";
import { coHost, setUpLink, user } from "#db/schema/index.ts";
import { LOCALES, PERMISSIONS } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { hasStaff } from "./queries.server.ts";

/** What a set-up link is for, as stored with it. The name is a suggestion; an address, where it is given, is fixed. */
const setUpGrant = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  /** The language of the mail that brings the link, and of the login. */
  locale: z.enum(LOCALES).optional(),
  /** Left out only for the very first login, who becomes the lead of the side that they name. */
  access: z
    .object({
      coHostId: z.string(),
      editionId: z.string().nullable(),
      permissions: z.array(z.enum(PERMISSIONS)),
      /** From this instant on the permissions are worth nothing; left out or null: until they are taken away. */
      endsAt: z.number().nullable().optional(),
      /** The login that gives them; left out: the operator. */
      grantedBy: z.string().optional(),
    })
    .optional(),
});
export type SetUpGrant = z.output<typeof setUpGrant>;

/** @throws Error when the stored text is none that `insertSetUpLink` wrote. */
export function readSetUpGrant(stored: string): SetUpGrant {
  return setUpGrant.parse(JSON.parse(stored));
}

const DAY = 24 * 60 * 60_000;
/** How long a set-up link opens. */
const SET_UP_LINK_LIFE = 7 * DAY;

/** Writes a set-up link. Only its hash is kept; the token is made anew, of the id and the key, for the mail. */
export function insertSetUpLink(
  tx: Tx,
  ctx: DomainContext,
  grant: SetUpGrant,
): { id: string; token: string; expiresAt: number } {
  const id = newId();
  const token = ctx.keys.linkToken(id, 1);
  const createdAt = ctx.clock.now();
  const expiresAt = createdAt + SET_UP_LINK_LIFE;
  tx.insert(setUpLink)
    .values({ id, tokenHash: hashToken(token), grant: JSON.stringify(grant), createdAt, expiresAt })
    .run();
  return { id, token, expiresAt };
}

const byHash = prepared((orm) =>
  orm
    .select({
      id: setUpLink.id,
      grant: setUpLink.grant,
      expiresAt: setUpLink.expiresAt,
      usedAt: setUpLink.usedAt,
      revokedAt: setUpLink.revokedAt,
    })
    .from(setUpLink)
    .where(eq(setUpLink.tokenHash, sql.placeholder("hash")))
    .prepare(),
);

const loginAt = prepared((orm) =>
  orm
    .select({ id: user.id })
    .from(user)
    .where(eq(user.email, sql.placeholder("email")))
    .prepare(),
);

/** The login of an address, if it has one. The sign-in library looks addresses up in lower case. */
export function findLogin(orm: Parameters<typeof loginAt>[0], email: string): string | null {
  return loginAt(orm).get({ email: email.trim().toLowerCase() })?.id ?? null;
}

/**
 * A live set-up link and what its form has to ask, or null when it is wrong, used, revoked, expired or no longer
 * needed. `loginId`: the login that its address has already, which only takes on what the link is for.
 */
export function findSetUpLink(
  { db, clock }: { db: Pick<Db, "orm">; clock: Clock },
  token: string,
): {
  id: string;
  grant: SetUpGrant;
  loginId: string | null;
  sides: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
} | null {
  const row = byHash(db.orm).get({ hash: hashToken(token) });
  if (row === undefined || row.usedAt !== null || row.revokedAt !== null) return null;
  if (row.expiresAt <= clock.now()) return null;
  const grant = readSetUpGrant(row.grant);
  // The first start may have printed several links: they all die with the first login.
  if (grant.access === undefined && hasStaff({ db })) return null;
  const sides =
    grant.access === undefined
      ? db.orm.select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh }).from(coHost).all()
      : [];
  const loginId =
    grant.access === undefined || grant.email === undefined ? null : findLogin(db.orm, grant.email);
  return { id: row.id, grant, loginId, sides };
}
