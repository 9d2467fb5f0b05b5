import { desc, eq, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { agendaVersion, visitPlace } from "#db/schema/index.ts";
import type { DomainContext } from "../context.ts";
import { type Attendee, type ProgrammeItem, type PublishedItem, personalProgramme } from "./rules.ts";

/** A published version of the programme. It never changes, so nobody may change the objects in it. */
export type PublishedProgramme = {
  id: string;
  number: number;
  publishedAt: number;
  items: ReadonlyArray<PublishedItem>;
};

const newestVersionId = prepared((orm) =>
  orm
    .select({ id: agendaVersion.id })
    .from(agendaVersion)
    .where(eq(agendaVersion.editionId, sql.placeholder("edition")))
    .orderBy(desc(agendaVersion.number))
    .limit(1)
    .prepare(),
);

const versionById = prepared((orm) =>
  orm
    .select({
      id: agendaVersion.id,
      number: agendaVersion.number,
      publishedAt: agendaVersion.publishedAt,
      items: agendaVersion.items,
    })
    .from(agendaVersion)
    .where(eq(agendaVersion.id, sql.placeholder("id")))
    .prepare(),
);

/** The newest version of each edition, parsed once: versions are immutable, so an id says all about freshness. */
const parsedVersions = prepared(() => new Map<string, PublishedProgramme>());

/** What `newestProgramme` gives, for use inside a transaction. */
export function newestProgrammeIn(orm: Orm, editionId: string): PublishedProgramme | null {
  const newest = newestVersionId(orm).get({ edition: editionId });
  if (newest === undefined) return null;
  const known = parsedVersions(orm).get(editionId);
  if (known?.id === newest.id) return known;
  const row = versionById(orm).get({ id: newest.id });
  if (row === undefined) return null;
  // Only publishAgenda writes this text, from this very type, and nothing may rewrite it.
  const items: ReadonlyArray<PublishedItem> = JSON.parse(row.items);
  const programme = { ...row, items };
  parsedVersions(orm).set(editionId, programme);
  return programme;
}

/** The programme as it was last published, or null before the first time. Knows who does what: for the server alone. */
export function newestProgramme(
  ctx: Pick<DomainContext, "db">,
  editionId: string,
): PublishedProgramme | null {
  return newestProgrammeIn(ctx.db.orm, editionId);
}

const placesOfPerson = prepared((orm) =>
  orm
    .select({ visitId: visitPlace.visitId, state: visitPlace.state })
    .from(visitPlace)
    .where(eq(visitPlace.invitationId, sql.placeholder("invitation")))
    .prepare(),
);

/** A person's places on visits, in every state. */
export function placesOf(orm: Orm, invitationId: string): Attendee["places"] {
  return placesOfPerson(orm).all({ invitation: invitationId });
}

/** One person's programme. `version` and `publishedAt` are null while nothing has been published. */
export type OwnProgramme = {
  version: number | null;
  publishedAt: number | null;
  items: Array<ProgrammeItem>;
};

/** What `programmeOf` gives, for use inside a transaction. */
export function programmeIn(
  orm: Orm,
  person: { editionId: string; invitationId: string; delegationId: string },
): OwnProgramme {
  const newest = newestProgrammeIn(orm, person.editionId);
  if (newest === null) return { version: null, publishedAt: null, items: [] };
  const attendee = { ...person, places: placesOf(orm, person.invitationId) };
  return {
    version: newest.number,
    publishedAt: newest.publishedAt,
    items: personalProgramme(newest.items, attendee),
  };
}

/** What this person sees of the newest version: their items, functions, places and clashes. Nothing before the first. */
export function programmeOf(
  ctx: Pick<DomainContext, "db">,
  person: { editionId: string; invitationId: string; delegationId: string },
): OwnProgramme {
  return programmeIn(ctx.db.orm, person);
}
