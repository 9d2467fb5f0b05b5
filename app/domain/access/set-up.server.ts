import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, prepared } from "#db/client.server.ts";
import { coHost, setUpLink } from "#db/schema/index.ts";
import { PERMISSIONS } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import { hasStaff } from "./queries.server.ts";

/** What a set-up link is for, as stored with it; the name and the address are suggestions. */
const setUpGrant = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  /** Left out only for the very first login, who becomes the lead of the side that they name. */
  access: z
    .object({
      coHostId: z.string(),
      editionId: z.string().nullable(),
      permissions: z.array(z.enum(PERMISSIONS)),
    })
    .optional(),
});
export type SetUpGrant = z.output<typeof setUpGrant>;

const byHash = prepared((orm) =>
  orm
    .select({
      id: setUpLink.id,
      grant: setUpLink.grant,
      expiresAt: setUpLink.expiresAt,
      usedAt: setUpLink.usedAt,
    })
    .from(setUpLink)
    .where(eq(setUpLink.tokenHash, sql.placeholder("hash")))
    .prepare(),
);

/** A live set-up link and what its form has to ask, or null when it is wrong, used, expired or no longer needed. */
export function findSetUpLink(
  { db, clock }: { db: Pick<Db, "orm">; clock: Clock },
  token: string,
): {
  id: string;
  grant: SetUpGrant;
  sides: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
} | null {
  const row = byHash(db.orm).get({ hash: hashToken(token) });
  if (row === undefined || row.usedAt !== null || row.expiresAt <= clock.now()) return null;
  const grant = setUpGrant.parse(JSON.parse(row.grant));
  // The first start may have printed several links: they all die with the first login.
  if (grant.access === undefined && hasStaff({ db })) return null;
  const sides =
    grant.access === undefined
      ? db.orm.select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh }).from(coHost).all()
      : [];
  return { id: row.id, grant, sides };
}
