import { and, desc, eq, gt, sql } from "drizzle-orm";
import { type Db, type Orm, prepared } from "#db/client.server.ts";
import { edition, editionCoHost, session, staffPermission, user } from "#db/schema/index.ts";
import { systemClock } from "../../platform/clock.ts";
import type { DomainContext } from "../context.ts";
import { type Act, type Grant, LONGEST_IDLE, type StaffScope, staffScope } from "./rules.ts";

/** What the secretariat's pages say of the edition that they are in. */
export type EditionForStaff = {
  id: string;
  slug: string;
  titleEn: string;
  titleZh: string;
  cityEn: string;
  cityZh: string;
  timeZone: string;
  startsOn: string;
  endsOn: string;
};

const editionBySlug = prepared((orm) =>
  orm
    .select({
      id: edition.id,
      slug: edition.slug,
      titleEn: edition.titleEn,
      titleZh: edition.titleZh,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      timeZone: edition.timeZone,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
    })
    .from(edition)
    .where(eq(edition.slug, sql.placeholder("slug")))
    .prepare(),
);

const grantsInEdition = prepared((orm) =>
  orm
    .select({
      coHostId: staffPermission.coHostId,
      editionId: staffPermission.editionId,
      permission: staffPermission.permission,
      endsAt: staffPermission.endsAt,
    })
    .from(staffPermission)
    .innerJoin(
      editionCoHost,
      and(
        eq(editionCoHost.coHostId, staffPermission.coHostId),
        eq(editionCoHost.editionId, sql.placeholder("edition")),
      ),
    )
    .where(eq(staffPermission.userId, sql.placeholder("user")))
    .prepare(),
);

/**
 * The edition and what this login may do in it; null when there is none, or none for this login.
 *
 * @param act what is to be done: the scope has the sides on which it is allowed, and null stands for none.
 */
export function findEditionForStaff(
  ctx: Pick<DomainContext, "db" | "clock">,
  { userId, slug, act = "read_only" }: { userId: string; slug: string; act?: Act },
): { edition: EditionForStaff; scope: StaffScope } | null {
  const found = editionBySlug(ctx.db.orm).get({ slug });
  if (found === undefined) return null;
  const grants: ReadonlyArray<Grant> = grantsInEdition(ctx.db.orm).all({ edition: found.id, user: userId });
  const edition = { id: found.id, coHostIds: grants.map((grant) => grant.coHostId) };
  const scope = staffScope(grants, edition, { act, now: ctx.clock.now() });
  return scope === null ? null : { edition: found, scope };
}

/** Whether nobody has been given any permission yet. */
export function hasNoGrants(orm: Orm): boolean {
  return orm.select({ id: staffPermission.id }).from(staffPermission).limit(1).get() === undefined;
}

/** Whether anybody can sign in yet. */
export function hasStaff({ db }: { db: Pick<Db, "orm"> }): boolean {
  return db.orm.select({ id: user.id }).from(user).limit(1).get() !== undefined;
}

/** One browser in which a login is signed in. Instants are of the product's clock, as on every other page. */
export type OpenSession = { id: string; userAgent: string; begunAt: number; usedAt: number };

/** The live sessions of a login, the most recently used first. */
export function openSessions(
  { db, clock }: Pick<DomainContext, "db" | "clock">,
  userId: string,
): Array<OpenSession> {
  const now = systemClock.now();
  // Sessions run on the machine's clock, which a demonstration's is far from.
  const distance = clock.now() - now;
  return db.orm
    .select()
    .from(session)
    .where(
      and(
        eq(session.userId, userId),
        gt(session.expiresAt, new Date(now)),
        gt(session.updatedAt, new Date(now - LONGEST_IDLE)),
      ),
    )
    .orderBy(desc(session.updatedAt))
    .all()
    .map(({ id, userAgent, createdAt, updatedAt }) => ({
      id,
      userAgent: userAgent ?? "",
      begunAt: createdAt.getTime() + distance,
      usedAt: updatedAt.getTime() + distance,
    }));
}
