import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  clearanceAnswer,
  clearanceEntry,
  clearanceVersion,
  clearanceVersionPart,
  coHost,
  delegation,
  editionCoHost,
  invitation,
  person,
  visitPlace,
} from "#db/schema/index.ts";
import type { ClearanceAnswer, Locale } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { agreesToIdentity } from "../visit/obstacles.server.ts";
import { dealsWithHost, type ListedVisit, listable, listedVisit } from "./facts.server.ts";
import { asksIdentity, type ClearanceColumn } from "./facts.ts";
import { newestPart, newestVersion, type PartRows } from "./record.server.ts";
import { type ClearanceState, clearanceState, type Lack } from "./rules.ts";

/** Somebody of one's own side. */
export type OwnEntry = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  state: ClearanceState;
  lacks: ReadonlyArray<Lack>;
  agrees: boolean;
  /** Their number on the newest list that was sent. */
  row: number | null;
  /** What their side has not released yet: that they come, that a fact is another, that they are gone. */
  unreleased: "added" | "changed" | "removed" | null;
  hasSeat: boolean;
};

/** Somebody of another side, as released: who deals with the host sees their names and nothing of a passport. */
export type ReleasedEntry = {
  row: number | null;
  nameLatin: string;
  nameNative: string;
  state: ClearanceState;
};

export type SidePart = {
  sideId: string;
  nameEn: string;
  nameZh: string;
  number: number;
  releasedAt: number;
  people: number;
  /** False: the side took it back, or it has ended. */
  isOpen: boolean;
};

export type SentVersion = {
  number: number;
  frozenAt: number;
  people: number;
  added: number;
  removed: number;
  changed: number;
  sha256: string;
  amendmentSha256: string | null;
  isPurged: boolean;
};

export type ClearancePage = {
  visitId: string;
  hostEn: string;
  hostZh: string;
  deadline: number | null;
  columns: ReadonlyArray<ClearanceColumn>;
  locale: Locale;
  /** Whether this reader puts the list together and hands it over. */
  dealsWithHost: boolean;
  own: ReadonlyArray<OwnEntry>;
  others: ReadonlyArray<ReleasedEntry>;
  parts: ReadonlyArray<SidePart>;
  versions: ReadonlyArray<SentVersion>;
  /** What the next version would change in the newest one; null before the first. */
  due: { added: number; removed: number; changed: number } | null;
};

/** A visit's list: of one's own side by person, of others as they released them. Null when there is no such visit here. */
export function clearancePage(ctx: StaffContext, visitId: string): ClearancePage | null {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const visit = listedVisit(orm, editionId, visitId);
  if (visit === null) return null;
  const now = ctx.clock.now();
  const isHost = dealsWithHost(visit, ctx.scope);
  const newest = newestVersion(orm, visitId);
  const sides = orm
    .select({ sideId: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(eq(editionCoHost.editionId, editionId))
    .orderBy(asc(editionCoHost.position))
    .all();
  const mine = sides.filter(({ sideId }) => sideIds.includes(sideId));
  const seen = isHost ? sides : mine;
  const parts = seen.flatMap((side) => {
    const part = newestPart(orm, { visitId, sideId: side.sideId });
    return part === null ? [] : [{ side, part }];
  });
  const entries = rowsOnList(orm, newest?.id ?? null);
  const answers = answersOf(orm, visitId);
  const theirs = parts.filter(({ side, part }) => !sideIds.includes(side.sideId) && part.isOpen(now));
  return {
    visitId,
    hostEn: visit.hostEn,
    hostZh: visit.hostZh,
    deadline: visit.deadline,
    columns: visit.columns,
    locale: visit.locale,
    dealsWithHost: isHost,
    own: ownEntries(ctx, visit, {
      parts: parts.flatMap(({ side, part }) => (sideIds.includes(side.sideId) ? [part] : [])),
      entries,
      answers,
    }),
    others: releasedEntries(orm, visitId, { parts: theirs.map(({ part }) => part), entries, answers }),
    parts: parts.map(({ side, part }) => ({
      ...side,
      number: part.number,
      releasedAt: part.releasedAt,
      people: part.rows.length,
      isOpen: part.isOpen(now),
    })),
    versions: versionsOf(orm, visitId),
    due:
      newest === null || !isHost
        ? null
        : dueChanges(orm, visit, {
            versionId: newest.id,
            parts: parts.map(({ part }) => part),
            entries,
            now,
          }),
  };
}

function rowsOnList(orm: Orm, versionId: string | null): Map<string, number> {
  if (versionId === null) return new Map();
  return new Map(
    orm
      .select({ id: clearanceEntry.invitationId, row: clearanceEntry.row })
      .from(clearanceEntry)
      .where(eq(clearanceEntry.versionId, versionId))
      .all()
      .map((entry) => [entry.id, entry.row]),
  );
}

function answersOf(orm: Orm, visitId: string): Map<string, ClearanceAnswer> {
  return new Map(
    orm
      .select({ id: clearanceAnswer.invitationId, answer: clearanceAnswer.answer })
      .from(clearanceAnswer)
      .where(eq(clearanceAnswer.visitId, visitId))
      .all()
      .map((row) => [row.id, row.answer]),
  );
}

type Known = {
  parts: ReadonlyArray<PartRows>;
  entries: ReadonlyMap<string, number>;
  answers: ReadonlyMap<string, ClearanceAnswer>;
};

function ownEntries(
  ctx: StaffContext,
  visit: ListedVisit,
  { parts, entries, answers }: Known,
): Array<OwnEntry> {
  const { orm } = ctx.db;
  const { sideIds } = ctx.scope;
  const seated = listable({ orm, keys: ctx.keys }, visit, sideIds);
  const here = new Set(seated.map((one) => one.invitationId));
  const gone = namesOf(
    orm,
    [...new Set([...entries.keys(), ...parts.flatMap(({ rows }) => rows)])].filter((id) => !here.has(id)),
    sideIds,
  );
  const digestOf = (id: string) =>
    parts.map((part) => part.digests.get(id)).find((digest) => digest !== undefined);
  return [
    ...seated.map((one): OwnEntry => {
      const isComplete = one.agrees && one.lacks.length === 0;
      const released = digestOf(one.invitationId);
      return {
        invitationId: one.invitationId,
        nameLatin: one.nameLatin,
        nameNative: one.nameNative,
        lacks: one.lacks,
        agrees: one.agrees,
        hasSeat: true,
        row: entries.get(one.invitationId) ?? null,
        state: clearanceState({
          hasSeat: true,
          onList: entries.has(one.invitationId),
          answer: answers.get(one.invitationId) ?? null,
          isComplete,
        }),
        unreleased:
          released === undefined
            ? isComplete
              ? "added"
              : null
            : !isComplete
              ? "removed"
              : released === one.digest
                ? null
                : "changed",
      };
    }),
    ...gone.map(
      (one): OwnEntry => ({
        ...one,
        lacks: [],
        agrees: true,
        hasSeat: false,
        row: entries.get(one.invitationId) ?? null,
        state: clearanceState({
          hasSeat: false,
          onList: entries.has(one.invitationId),
          answer: answers.get(one.invitationId) ?? null,
          isComplete: false,
        }),
        unreleased: null,
      }),
    ),
  ];
}

function namesOf(orm: Orm, ids: ReadonlyArray<string>, sideIds: ReadonlyArray<string> | null) {
  return orm
    .select({ invitationId: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        inArray(invitation.id, [...ids]),
        sideIds === null ? undefined : inArray(delegation.coHostId, [...sideIds]),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
}

/** Names alone, of whom an open release names. */
function releasedEntries(
  orm: Orm,
  visitId: string,
  { parts, entries, answers }: Known,
): Array<ReleasedEntry> {
  const ids = parts.flatMap(({ rows }) => rows);
  if (ids.length === 0) return [];
  const seated = seatedAmong(orm, visitId, ids);
  return namesOf(orm, ids, null)
    .map(({ invitationId, nameLatin, nameNative }) => ({
      nameLatin,
      nameNative,
      row: entries.get(invitationId) ?? null,
      state: clearanceState({
        hasSeat: seated.has(invitationId),
        onList: entries.has(invitationId),
        answer: answers.get(invitationId) ?? null,
        isComplete: true,
      }),
    }))
    .sort((a, b) => (a.row ?? Number.MAX_SAFE_INTEGER) - (b.row ?? Number.MAX_SAFE_INTEGER));
}

function seatedAmong(orm: Orm, visitId: string, ids: ReadonlyArray<string>): Set<string> {
  return new Set(
    orm
      .select({ id: visitPlace.invitationId })
      .from(visitPlace)
      .where(
        and(
          eq(visitPlace.visitId, visitId),
          eq(visitPlace.state, "granted"),
          inArray(visitPlace.invitationId, [...ids]),
        ),
      )
      .all()
      .map((row) => row.id),
  );
}

/** By ids and digests alone: no seal is opened for it. */
function dueChanges(
  orm: Orm,
  visit: ListedVisit,
  {
    versionId,
    parts,
    entries,
    now,
  }: { versionId: string; parts: ReadonlyArray<PartRows>; entries: ReadonlyMap<string, number>; now: number },
): NonNullable<ClearancePage["due"]> {
  const open = parts.filter((part) => part.isOpen(now));
  const ids = open.flatMap(({ rows }) => rows);
  const seated = seatedAmong(orm, visit.visitId, ids);
  const needsIdentity = asksIdentity(visit.columns);
  const next = ids.filter((id) => seated.has(id) && (!needsIdentity || agreesToIdentity(orm, id)));
  const used = orm
    .select({ partId: clearanceVersionPart.partId })
    .from(clearanceVersionPart)
    .where(eq(clearanceVersionPart.versionId, versionId))
    .all()
    .map((row) => row.partId);
  const before = new Map(
    parts.flatMap((part) => {
      const then = used.map((partId) =>
        newestPart(orm, { visitId: visit.visitId, sideId: part.sideId, partId }),
      );
      return then.flatMap((each) => (each === null ? [] : [...each.digests]));
    }),
  );
  const digest = (id: string) => open.map((part) => part.digests.get(id)).find((each) => each !== undefined);
  return {
    added: next.filter((id) => !entries.has(id)).length,
    removed: [...entries.keys()].filter((id) => !next.includes(id)).length,
    changed: next.filter((id) => entries.has(id) && before.get(id) !== digest(id)).length,
  };
}

function versionsOf(orm: Orm, visitId: string): Array<SentVersion> {
  return orm
    .select()
    .from(clearanceVersion)
    .where(eq(clearanceVersion.visitId, visitId))
    .orderBy(desc(clearanceVersion.number))
    .all()
    .map(({ id: _, visitId: __, sealed, locale: ___, frozenBy: ____, ...version }) => ({
      ...version,
      isPurged: sealed === "",
    }));
}
