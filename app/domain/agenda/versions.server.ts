import { eq, sql } from "drizzle-orm";
import { type Db, prepared } from "#db/client.server.ts";
import { agendaVersion, delegation, edition } from "#db/schema/index.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { type OwnChange, ownChanges } from "./changes.ts";
import { nextItems } from "./draft.server.ts";
import { newestProgrammeIn, placesOf, versionsIn } from "./queries.server.ts";
import { type AgendaChange, agendaChanges, type PublishedItem } from "./rules.ts";
import { typedVersionCode } from "./version-code.ts";

export type VersionLine = { number: number; publishedAt: number; code: string; items: number };

/** An item of a version without who does what: names of another side are not ours to show. */
export type PlainItem = Omit<PublishedItem, "functions">;

/** One line of a difference, with the item as it was and as it is. */
export type VersionChange = Pick<AgendaChange, "change" | "parts"> & {
  item: PlainItem;
  before: PlainItem | null;
};

function withoutPeople({ functions: _functions, ...item }: PublishedItem): PlainItem {
  return item;
}

function asLine({ change, parts, item, before }: AgendaChange): VersionChange {
  return {
    change,
    parts,
    item: withoutPeople(item),
    before: before === null ? null : withoutPeople(before),
  };
}

export type Comparison = { from: number; to: number; changes: ReadonlyArray<VersionChange> };

/** How the draft differs from the newest version; of nothing, before the first. */
export function draftChanges(ctx: StaffContext): Array<VersionChange> {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  return agendaChanges(newestProgrammeIn(orm, editionId)?.items ?? [], nextItems(orm, editionId)).map(asLine);
}

/** Where people live, as zones, of all delegations; without the meeting's own. */
export function homeZones(ctx: StaffContext): Array<string> {
  const rows = ctx.db.orm
    .selectDistinct({ zone: delegation.homeTimeZone, meeting: edition.timeZone })
    .from(delegation)
    .innerJoin(edition, eq(edition.id, delegation.editionId))
    .where(eq(delegation.editionId, ctx.scope.editionId))
    .all();
  return [...new Set(rows.filter(({ zone, meeting }) => zone !== meeting).map(({ zone }) => zone))];
}

/**
 * All published versions, the newest first, and how two of them differ: those that were asked for, or the newest and the
 * one before. `comparison` is null while there is one at most.
 */
export function versionsPage(
  ctx: StaffContext,
  asked: { from: number | null; to: number | null },
): { versions: ReadonlyArray<VersionLine>; comparison: Comparison | null } {
  const all = versionsIn(ctx.db.orm, ctx.scope.editionId);
  const by = (number: number | null) => all.find((one) => one.number === number);
  const to = by(asked.to) ?? all.at(-1);
  const from = by(asked.from) ?? all.findLast((one) => one.number < (to?.number ?? 0)) ?? all[0];
  return {
    versions: all.toReversed().map(({ number, publishedAt, code, items }) => ({
      number,
      publishedAt,
      code,
      items: items.length,
    })),
    comparison:
      from === undefined || to === undefined || from === to
        ? null
        : { from: from.number, to: to.number, changes: agendaChanges(from.items, to.items).map(asLine) },
  };
}

/** What changed for one person since a version; null when there is no such version, or none after it. */
export function ownChangesSince(
  ctx: Pick<DomainContext, "db">,
  person: { editionId: string; invitationId: string; delegationId: string },
  number: number,
): Array<OwnChange> | null {
  const { orm } = ctx.db;
  const all = versionsIn(orm, person.editionId);
  const before = all.find((one) => one.number === number);
  const newest = all.at(-1);
  if (before === undefined || newest === undefined || newest.number <= number) return null;
  const attendee = { ...person, places: placesOf(orm, person.invitationId) };
  return ownChanges(agendaChanges(before.items, newest.items), attendee);
}

const byCode = prepared((orm) =>
  orm
    .select({
      editionId: agendaVersion.editionId,
      number: agendaVersion.number,
      publishedAt: agendaVersion.publishedAt,
      timeZone: edition.timeZone,
    })
    .from(agendaVersion)
    .innerJoin(edition, eq(edition.id, agendaVersion.editionId))
    .where(eq(agendaVersion.code, sql.placeholder("code")))
    .prepare(),
);

/** What a print-out's code tells anybody who holds it: whether it is current, and as of when. Nothing of any programme. */
export type PrintOut = {
  number: number;
  publishedAt: number;
  timeZone: string;
  /** The version that replaced it; null: it is the newest. */
  replacedBy: { number: number; publishedAt: number } | null;
};

export function findPrintOut({ db }: { db: Pick<Db, "orm"> }, typed: string): PrintOut | null {
  const code = typedVersionCode(typed);
  const found = code === "" ? undefined : byCode(db.orm).get({ code });
  if (found === undefined) return null;
  const { editionId, ...version } = found;
  const newest = newestProgrammeIn(db.orm, editionId);
  return {
    ...version,
    replacedBy:
      newest === null || newest.number === version.number
        ? null
        : { number: newest.number, publishedAt: newest.publishedAt },
  };
}
