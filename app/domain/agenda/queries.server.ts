import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { agendaVersion, visitPlace } from "#db/schema/index.ts";
import type { DomainContext } from "../context.ts";
import {
  calledOff,
  type DatedAttendee,
  type DatedItem,
  dated,
  historyOf,
  type ProgrammeHistory,
} from "./history.ts";
import { type PublishedItem, personalProgramme } from "./rules.ts";

/** A published version of the programme. It never changes, so nobody may change the objects in it. */
export type PublishedProgramme = {
  id: string;
  number: number;
  publishedAt: number;
  /** What stands on print-outs of it; empty: nothing does. */
  code: string;
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
      code: agendaVersion.code,
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

const laterVersions = prepared((orm) =>
  orm
    .select({
      id: agendaVersion.id,
      number: agendaVersion.number,
      publishedAt: agendaVersion.publishedAt,
      code: agendaVersion.code,
      items: agendaVersion.items,
    })
    .from(agendaVersion)
    .where(
      and(
        eq(agendaVersion.editionId, sql.placeholder("edition")),
        gt(agendaVersion.number, sql.placeholder("number")),
      ),
    )
    .orderBy(asc(agendaVersion.number))
    .prepare(),
);

/** All versions of each edition: they never change, so only those that came since are read. */
const readVersions = prepared(() => new Map<string, ReadonlyArray<PublishedProgramme>>());

/** Every published version, the oldest first. Knows who does what: for the server alone. */
export function versionsIn(orm: Orm, editionId: string): ReadonlyArray<PublishedProgramme> {
  const known = readVersions(orm).get(editionId) ?? [];
  const newest = newestVersionId(orm).get({ edition: editionId })?.id;
  if (known.at(-1)?.id === newest) return known;
  // A version that was read inside a transaction that failed is none.
  const since = versionById(orm).get({ id: known.at(-1)?.id ?? "" }) === undefined ? [] : known;
  const later = laterVersions(orm)
    .all({ edition: editionId, number: since.at(-1)?.number ?? 0 })
    .map((row) => {
      const items: ReadonlyArray<PublishedItem> = JSON.parse(row.items);
      return { ...row, items };
    });
  const all = [...since, ...later];
  readVersions(orm).set(editionId, all);
  return all;
}

const histories = prepared(() => new WeakMap<ReadonlyArray<PublishedProgramme>, ProgrammeHistory>());

function historyIn(orm: Orm, editionId: string): ProgrammeHistory {
  const versions = versionsIn(orm, editionId);
  const known = histories(orm).get(versions) ?? historyOf(versions);
  histories(orm).set(versions, known);
  return known;
}

const placesOfPerson = prepared((orm) =>
  orm
    .select({
      visitId: visitPlace.visitId,
      state: visitPlace.state,
      changedAt: sql<number>`coalesce(${visitPlace.decidedAt}, ${visitPlace.askedAt})`,
    })
    .from(visitPlace)
    .where(eq(visitPlace.invitationId, sql.placeholder("invitation")))
    .prepare(),
);

/** A person's places on visits, in every state. */
export function placesOf(orm: Orm, invitationId: string): DatedAttendee["places"] {
  return placesOfPerson(orm).all({ invitation: invitationId });
}

/** One person's programme. `version` and `publishedAt` are null while nothing has been published. */
export type OwnProgramme = {
  version: number | null;
  publishedAt: number | null;
  items: Array<DatedItem>;
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
    items: dated(historyIn(orm, person.editionId), personalProgramme(newest.items, attendee), attendee),
  };
}

/** What this person sees of the newest version: their items, functions, places and clashes. Nothing before the first. */
export function programmeOf(
  ctx: Pick<DomainContext, "db">,
  person: { editionId: string; invitationId: string; delegationId: string },
): OwnProgramme {
  return programmeIn(ctx.db.orm, person);
}

/** What this person once had in their programme and is off for them now: a calendar must be told so. */
export function calledOffFor(
  ctx: Pick<DomainContext, "db">,
  person: { editionId: string; invitationId: string; delegationId: string },
): Array<DatedItem> {
  const { orm } = ctx.db;
  const newest = newestProgrammeIn(orm, person.editionId);
  if (newest === null) return [];
  const attendee = { ...person, places: placesOf(orm, person.invitationId) };
  return calledOff(historyIn(orm, person.editionId), personalProgramme(newest.items, attendee), attendee);
}
