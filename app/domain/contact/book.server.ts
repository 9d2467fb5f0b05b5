/** What every read and every command of the contact book begins with: the sides whose book it is. */
import { and, eq, inArray, isNull, type SQL } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { coHost, edition, editionCoHost, person } from "#db/schema/index.ts";
import { instantOf } from "../../i18n/dates.ts";
import type { StaffScope } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";

export type BookReader = Pick<StaffContext, "db" | "scope" | "clock">;

/** The living cards of this scope's books. A scope of one edition alone opens none. */
export function inBook(scope: StaffScope): SQL | undefined {
  return and(inArray(person.coHostId, [...scope.bookSideIds]), isNull(person.mergedIntoId));
}

/** A card of this scope's books, or null. */
export function findCard(orm: Orm, scope: StaffScope, personId: string) {
  return (
    orm
      .select()
      .from(person)
      .where(and(inBook(scope), eq(person.id, personId)))
      .get() ?? null
  );
}

/** The sides whose books are open, to be named. */
export function bookSides(ctx: BookReader): Array<{ id: string; nameEn: string; nameZh: string }> {
  return ctx.db.orm
    .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(coHost)
    .where(inArray(coHost.id, [...ctx.scope.bookSideIds]))
    .orderBy(coHost.nameEn)
    .all();
}

export type BookEdition = {
  id: string;
  sideId: string;
  slug: string;
  cityEn: string;
  cityZh: string;
  startsOn: string;
  /** The end of its last day, epoch milliseconds. */
  endsAt: number;
};

const DAY = 24 * 60 * 60 * 1_000;

/** The editions that these sides were or are at, the newest first; once for each side. */
export function bookEditions(orm: Orm, scope: StaffScope): Array<BookEdition> {
  return orm
    .select({
      id: edition.id,
      sideId: editionCoHost.coHostId,
      slug: edition.slug,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
      timeZone: edition.timeZone,
    })
    .from(editionCoHost)
    .innerJoin(edition, eq(edition.id, editionCoHost.editionId))
    .where(inArray(editionCoHost.coHostId, [...scope.bookSideIds]))
    .all()
    .sort((a, b) => b.startsOn.localeCompare(a.startsOn))
    .map(({ endsOn, timeZone, ...row }) => ({ ...row, endsAt: instantOf(endsOn, "00:00", timeZone) + DAY }));
}

/** When each side's last edition ended; sides without a past one are not in it. */
export function lastEnds(editions: ReadonlyArray<BookEdition>, now: number): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { sideId, endsAt } of editions)
    if (endsAt <= now) ends.set(sideId, Math.max(endsAt, ends.get(sideId) ?? 0));
  return ends;
}
