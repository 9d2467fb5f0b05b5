import { and, asc, desc, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Orm } from "#db/client.server.ts";
import {
  auditEvent,
  coHost,
  delegation,
  edition,
  editionCoHost,
  invitation,
  person,
  release,
  releasePerson,
  user,
} from "#db/schema/index.ts";
import type { Category, Reply } from "#db/vocabulary.ts";
import type { Watermark } from "../../documents/release-list.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import type { PeopleFilter } from "../person/form.ts";
import { ok, type Result, refused } from "../result.ts";
import {
  isComing,
  isThere,
  type ReleaseReader,
  readColumns,
  releasedTable,
  tableToRelease,
} from "./release.server.ts";
import {
  columnOf,
  RELEASE_COLUMNS,
  type ReleaseColumn,
  type ReleaseGroup,
  type ReleaseState,
  type ReleaseTable,
  releaseState,
} from "./release.ts";

type Reading = Pick<DomainContext, "db" | "clock">;
type Named = { nameEn: string; nameZh: string };

const giver = alias(coHost, "giver");
const taker = alias(coHost, "taker");

/** A release as both sides may know it. Instants are epoch milliseconds. */
export type ReleaseFacts = {
  id: string;
  from: Named;
  /** The side that may look; null: `recipient` is somebody outside. */
  to: Named | null;
  recipient: string;
  purpose: string;
  columns: ReadonlyArray<ReleaseColumn>;
  releasedAt: number;
  expiresAt: number;
  revokedAt: number | null;
  state: ReleaseState;
};

/** A file that was taken: by whom of which side, when, and how many rows it had. */
export type Taking = { at: number; by: string; side: Named | null; rows: number };

export type GivenRelease = ReleaseFacts & { people: number; by: string; takings: ReadonlyArray<Taking> };

function factsWhere(orm: Orm, where: SQL | undefined) {
  return orm
    .select({
      id: release.id,
      fromSideId: release.fromCoHostId,
      toSideId: release.toCoHostId,
      fromEn: giver.nameEn,
      fromZh: giver.nameZh,
      toEn: taker.nameEn,
      toZh: taker.nameZh,
      recipient: release.recipient,
      purpose: release.purpose,
      columns: release.columns,
      releasedBy: release.releasedBy,
      releasedAt: release.releasedAt,
      expiresAt: release.expiresAt,
      revokedAt: release.revokedAt,
    })
    .from(release)
    .innerJoin(giver, eq(giver.id, release.fromCoHostId))
    .leftJoin(taker, eq(taker.id, release.toCoHostId))
    .where(where)
    .orderBy(desc(release.releasedAt), desc(release.id))
    .all();
}

type Row = ReturnType<typeof factsWhere>[number];

function factsOf(row: Row, now: number): ReleaseFacts {
  return {
    id: row.id,
    from: { nameEn: row.fromEn, nameZh: row.fromZh },
    to: row.toEn === null || row.toZh === null ? null : { nameEn: row.toEn, nameZh: row.toZh },
    recipient: row.recipient,
    purpose: row.purpose,
    columns: readColumns(row.columns),
    releasedAt: row.releasedAt,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt,
    state: releaseState(row, now),
  };
}

/** What one's own sides gave, open or not, and what others gave to them that is open now. */
export function releasesPage(
  { db: { orm }, clock }: Reading,
  reader: ReleaseReader,
): { given: Array<GivenRelease>; received: Array<ReleaseFacts> } {
  const now = clock.now();
  const there = factsWhere(orm, isThere(reader, now));
  const given = there.filter((row) => reader.givingSideIds.includes(row.fromSideId));
  const received = there.filter(
    (row) => row.toSideId !== null && reader.receivingSideIds.includes(row.toSideId),
  );
  const people = peopleOfEach(orm, reader, given);
  const takings = takingsOf(orm, given);
  const names = namesOf(
    orm,
    given.map((row) => row.releasedBy),
  );
  return {
    given: given.map((row) => ({
      ...factsOf(row, now),
      people: people.get(row.id) ?? 0,
      by: names.get(row.releasedBy) ?? "",
      takings: takings.get(row.id) ?? [],
    })),
    received: received.map((row) => factsOf(row, now)),
  };
}

function peopleOfEach(orm: Orm, reader: ReleaseReader, rows: ReadonlyArray<Row>): Map<string, number> {
  const counted = orm
    .select({ id: releasePerson.releaseId, people: sql<number>`count(*)` })
    .from(releasePerson)
    .innerJoin(release, eq(release.id, releasePerson.releaseId))
    .where(
      and(
        inArray(release.fromCoHostId, [...reader.givingSideIds]),
        inArray(
          release.id,
          rows.map((row) => row.id),
        ),
      ),
    )
    .groupBy(releasePerson.releaseId)
    .all();
  return new Map(counted.map((row) => [row.id, row.people] as const));
}

/** Files taken of these releases, the newest first: the trail knows them, nothing else does. */
function takingsOf(orm: Orm, rows: ReadonlyArray<Row>): Map<string, Array<Taking>> {
  const events = orm
    .select({
      releaseId: auditEvent.subjectId,
      at: auditEvent.at,
      actorId: auditEvent.actorId,
      details: auditEvent.details,
    })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.action, "release.take"),
        // The plus keeps SQLite to the few events of these releases: a side has thousands.
        inArray(sql`+${auditEvent.coHostId}`, [...new Set(rows.map((row) => row.fromSideId))]),
        inArray(
          auditEvent.subjectId,
          rows.map((row) => row.id),
        ),
      ),
    )
    .orderBy(desc(auditEvent.at), desc(sql`rowid`))
    .all()
    .map((event) => {
      const details: { rows?: number; takenFor?: string } = JSON.parse(event.details);
      return { ...event, rows: details.rows ?? 0, sideId: details.takenFor ?? "" };
    });
  const names = namesOf(
    orm,
    events.map((event) => event.actorId),
  );
  const sides = new Map(
    orm
      .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
      .from(coHost)
      .where(
        inArray(
          coHost.id,
          events.map((event) => event.sideId),
        ),
      )
      .all()
      .map(({ id, ...side }) => [id, side] as const),
  );
  const taken = new Map<string, Array<Taking>>();
  for (const { releaseId, at, actorId, rows, sideId } of events) {
    const list = taken.get(releaseId) ?? [];
    list.push({ at, by: names.get(actorId) ?? "", side: sides.get(sideId) ?? null, rows });
    taken.set(releaseId, list);
  }
  return taken;
}

function namesOf(orm: Orm, userIds: ReadonlyArray<string>): Map<string, string> {
  const found = orm
    .select({ id: user.id, name: user.name })
    .from(user)
    .where(inArray(user.id, [...new Set(userIds)]))
    .all();
  return new Map(found.map((row) => [row.id, row.name] as const));
}

export type Person = { nameLatin: string; nameNative: string };

/** One release, as its giver or its recipient sees it. Only the giver sees one that works no more, and then no values. */
export type ReleasePage =
  | {
      as: "giver";
      fromSideId: string;
      facts: GivenRelease;
      timeZone: string;
      /** Null when it works no more. */
      table: ReleaseTable | null;
      /** Everybody whom it named; `gone`: withdrawn, replaced or declined since, so that no row crosses. */
      people: ReadonlyArray<Person & { invitationId: string; gone: boolean }>;
    }
  | {
      as: "recipient";
      fromSideId: string;
      toSideId: string;
      facts: ReleaseFacts;
      timeZone: string;
      table: ReleaseTable;
    };

/** Null when there is no such release for this reader now: expired, revoked, another edition's, or none at all. */
export function releasePage(
  { db: { orm }, clock }: Reading,
  reader: ReleaseReader,
  releaseId: string,
): ReleasePage | null {
  const now = clock.now();
  const [row] = factsWhere(orm, and(eq(release.id, releaseId), isThere(reader, now)));
  if (row === undefined) return null;
  const timeZone = zoneOf(orm, reader.editionId);
  const table = releasedTable(orm, reader, releaseId, now);
  const { fromSideId, toSideId } = row;
  if (!reader.givingSideIds.includes(fromSideId))
    return table === null || toSideId === null
      ? null
      : { as: "recipient", fromSideId, toSideId, facts: factsOf(row, now), timeZone, table };
  const people = peopleOfRelease(orm, reader, releaseId);
  return {
    as: "giver",
    fromSideId,
    facts: {
      ...factsOf(row, now),
      people: people.length,
      by: namesOf(orm, [row.releasedBy]).get(row.releasedBy) ?? "",
      takings: takingsOf(orm, [row]).get(row.id) ?? [],
    },
    timeZone,
    table,
    people,
  };
}

/** What is to be said on every page and file of a release. `at`: epoch milliseconds. */
export function markOf({ facts, timeZone }: ReleasePage, reader: string, at: number): Watermark {
  return {
    fromEn: facts.from.nameEn,
    fromZh: facts.from.nameZh,
    toEn: facts.to?.nameEn ?? "",
    toZh: facts.to?.nameZh ?? "",
    recipient: facts.recipient,
    purpose: facts.purpose,
    expiresAt: facts.expiresAt,
    timeZone,
    reader,
    at,
  };
}

function zoneOf(orm: Orm, editionId: string): string {
  return (
    orm.select({ zone: edition.timeZone }).from(edition).where(eq(edition.id, editionId)).get()?.zone ?? "UTC"
  );
}

const isHere = sql<boolean>`(${isComing()})`.mapWith(Boolean);

/** The people of a release of one's own side. */
function peopleOfRelease(orm: Orm, reader: ReleaseReader, releaseId: string) {
  return orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      here: isHere,
    })
    .from(releasePerson)
    .innerJoin(invitation, eq(invitation.id, releasePerson.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(releasePerson.releaseId, releaseId),
        eq(invitation.editionId, reader.editionId),
        inArray(delegation.coHostId, [...reader.givingSideIds]),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .map(({ here, ...row }) => ({ ...row, gone: !here }));
}

/** Somebody who can be put on a release. */
export type Candidate = Person & {
  invitationId: string;
  delegationEn: string;
  delegationZh: string;
  category: Category;
  reply: Reply;
};

/** People of the sides that this reader leads, who are to come. */
export function candidates(ctx: Pick<StaffContext, "db" | "scope">, filter: PeopleFilter): Array<Candidate> {
  return ctx.db.orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      category: invitation.category,
      reply: invitation.reply,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        ours(ctx),
        isComing(),
        filter.delegationId === undefined ? undefined : eq(delegation.id, filter.delegationId),
        filter.category === undefined ? undefined : eq(invitation.category, filter.category),
        filter.reply === undefined ? undefined : eq(invitation.reply, filter.reply),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
}

function ours({ scope }: Pick<StaffContext, "scope">): SQL | undefined {
  return and(eq(invitation.editionId, scope.editionId), inArray(delegation.coHostId, [...scope.sideIds]));
}

/** The co-hosts of the edition to whom something may be released. Someone who leads only one side is offered the others. */
export function recipients(ctx: Pick<StaffContext, "db" | "scope">): Array<Named & { id: string }> {
  const { editionId, sideIds } = ctx.scope;
  const [only, ...more] = sideIds;
  return ctx.db.orm
    .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(
      and(
        eq(editionCoHost.editionId, editionId),
        more.length > 0 || only === undefined ? undefined : ne(coHost.id, only),
      ),
    )
    .orderBy(asc(editionCoHost.position))
    .all();
}

/** What is to be released, to whom. */
export type ReleaseDraft = {
  toSideId: string | null;
  recipient: string;
  purpose: string;
  columns: ReadonlyArray<ReleaseColumn>;
  invitationIds: ReadonlyArray<string>;
  expiresAt: number;
};

/** Exactly what would cross, and what of it would not and why. */
export type ReleasePreview = {
  fromSideId: string;
  from: Named;
  to: Named | null;
  table: ReleaseTable;
  hash: string;
  /** In the order of the rows; `leftOut`: what does not cross for want of a consent. */
  people: ReadonlyArray<Person & { invitationId: string; leftOut: ReadonlyArray<ReleaseGroup> }>;
  /** Chosen, but not coming any more: no row of theirs crosses. */
  gone: ReadonlyArray<Person>;
};

/**
 * `gone`: somebody is not (any more) of a side that this reader leads, or the recipient is no co-host.
 * `sides`: the people are of more than one side, or would be released to themselves.
 */
export function previewRelease(
  ctx: Pick<StaffContext, "db" | "scope">,
  draft: ReleaseDraft,
): Result<ReleasePreview, "gone" | "sides"> {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const chosen = [...new Set(draft.invitationIds)];
  const people = orm
    .select({
      invitationId: invitation.id,
      sideId: delegation.coHostId,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(and(ours(ctx), inArray(invitation.id, chosen)))
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
  if (people.length !== chosen.length) return refused("gone");
  const [fromSideId, ...others] = [...new Set(people.map((one) => one.sideId))];
  if (fromSideId === undefined) return refused("gone");
  if (others.length > 0 || fromSideId === draft.toSideId) return refused("sides");
  const sides = orm
    .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(eq(editionCoHost.editionId, editionId))
    .all();
  const named = (id: string) => {
    const found = sides.find((side) => side.id === id);
    return found === undefined ? null : { nameEn: found.nameEn, nameZh: found.nameZh };
  };
  const from = named(fromSideId);
  const to = draft.toSideId === null ? null : named(draft.toSideId);
  if (from === null || (draft.toSideId !== null && to === null)) return refused("gone");
  const { columns, toSideId } = draft;
  const { rows, hash } = tableToRelease(orm, {
    editionId,
    fromSideId,
    toSideId,
    columns,
    invitationIds: chosen,
  });
  const cellsOf = new Map(rows.map((row) => [row.invitationId, row.cells] as const));
  const groups = [...new Set(RELEASE_COLUMNS.map(({ group }) => group))];
  return ok({
    fromSideId,
    from,
    to,
    table: { columns, rows: rows.map(({ cells }) => cells) },
    hash,
    people: rows.flatMap(({ invitationId, cells }) => {
      const one = people.find((candidate) => candidate.invitationId === invitationId);
      if (one === undefined) return [];
      const lacking = columns.filter((_, n) => {
        const cell = cells[n];
        return typeof cell === "object" && "lacks" in cell && cell.lacks === "consent";
      });
      const leftOut = groups.filter((group) => lacking.some((column) => columnOf(column).group === group));
      const { nameLatin, nameNative } = one;
      return [{ invitationId, nameLatin, nameNative, leftOut }];
    }),
    gone: people
      .filter((one) => !cellsOf.has(one.invitationId))
      .map(({ nameLatin, nameNative }) => ({ nameLatin, nameNative })),
  });
}
