/** Reads about an edition as a whole. What belongs to people is limited to the sides of the reader. */
import { eq, sql } from "drizzle-orm";
import { type Db, prepared } from "#db/client.server.ts";
import { coHost, edition, editionCoHost } from "#db/schema/index.ts";
import type { Mode } from "#db/vocabulary.ts";

/** One co-hosting organisation with its own title of the edition. */
export type CoHostFacts = { id: string; nameEn: string; nameZh: string; titleEn: string; titleZh: string };

/** What anybody who deals with an edition may know of it. Days are `YYYY-MM-DD`, instants epoch milliseconds. */
export type EditionFacts = {
  id: string;
  slug: string;
  titleEn: string;
  titleZh: string;
  cityEn: string;
  cityZh: string;
  country: string;
  timeZone: string;
  startsOn: string;
  endsOn: string;
  travelFrom: string;
  travelTo: string;
  mode: Mode;
  replyBy: number | null;
  registerBy: number | null;
  costsEn: string;
  costsZh: string;
  phones: string;
  coHosts: ReadonlyArray<CoHostFacts>;
};

const factsById = prepared((orm) =>
  orm
    .select({
      id: edition.id,
      slug: edition.slug,
      titleEn: edition.titleEn,
      titleZh: edition.titleZh,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      country: edition.country,
      timeZone: edition.timeZone,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
      travelFrom: edition.travelFrom,
      travelTo: edition.travelTo,
      mode: edition.mode,
      replyBy: edition.replyBy,
      registerBy: edition.registerBy,
      costsEn: edition.costsEn,
      costsZh: edition.costsZh,
      phones: edition.phones,
    })
    .from(edition)
    .where(eq(edition.id, sql.placeholder("edition")))
    .prepare(),
);

const coHostsById = prepared((orm) =>
  orm
    .select({
      id: coHost.id,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
      titleEn: editionCoHost.titleEn,
      titleZh: editionCoHost.titleZh,
    })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(eq(editionCoHost.editionId, sql.placeholder("edition")))
    .orderBy(editionCoHost.position)
    .prepare(),
);

/**
 * The facts of an edition. On the way of every page of the delegate's.
 *
 * @throws Error when there is none: callers take the id from a scope.
 */
export function editionFacts({ db }: { db: Db }, editionId: string): EditionFacts {
  const facts = factsById(db.orm).get({ edition: editionId });
  if (facts === undefined) throw new Error("A scope names an edition that does not exist");
  return { ...facts, coHosts: coHostsById(db.orm).all({ edition: editionId }) };
}
