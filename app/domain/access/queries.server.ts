import { and, eq, sql } from "drizzle-orm";
import { prepared } from "#db/client.server.ts";
import { edition, editionCoHost, staffPermission } from "#db/schema/index.ts";
import type { DomainContext } from "../context.ts";
import { type Grant, type StaffScope, staffScope } from "./rules.ts";

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

/** The edition and what this login may do in it; null when there is none, or none for this login. */
export function findEditionForStaff(
  ctx: Pick<DomainContext, "db">,
  { userId, slug }: { userId: string; slug: string },
): { edition: EditionForStaff; scope: StaffScope } | null {
  const found = editionBySlug(ctx.db.orm).get({ slug });
  if (found === undefined) return null;
  const grants: ReadonlyArray<Grant> = grantsInEdition(ctx.db.orm).all({ edition: found.id, user: userId });
  const scope = staffScope(grants, { id: found.id, coHostIds: grants.map((grant) => grant.coHostId) });
  return scope === null ? null : { edition: found, scope };
}
