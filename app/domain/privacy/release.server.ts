import { createHash } from "node:crypto";
import { and, asc, eq, gt, inArray, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  consent,
  delegation,
  invitation,
  person,
  registration,
  registrationSection,
  release,
  releasePerson,
} from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { type Answers, answersFromSections, formValues, SECTION_OF } from "../registration/answers.ts";
import { tellsOfNeeds } from "../registration/rules.ts";
import { correctedAnswers } from "../travel/journey.server.ts";
import { recordAudit } from "./audit.server.ts";
import {
  columnOf,
  consentsFor,
  type ReleaseCell,
  type ReleaseColumn,
  type ReleaseTable,
  releaseColumns,
} from "./release.ts";

/** Where a reader may give (they lead there), and where they may use what others gave. */
export type ReleaseReader = {
  editionId: string;
  givingSideIds: ReadonlyArray<string>;
  receivingSideIds: ReadonlyArray<string>;
};

export function isOpen(now: number): SQL | undefined {
  return and(isNull(release.revokedAt), gt(release.expiresAt, now));
}

/** Releases that are there for this reader: their own side's always, another side's only while it is open. */
export function isThere(reader: ReleaseReader, now: number): SQL | undefined {
  return and(
    eq(release.editionId, reader.editionId),
    or(
      inArray(release.fromCoHostId, [...reader.givingSideIds]),
      and(inArray(release.toCoHostId, [...reader.receivingSideIds]), isOpen(now)),
    ),
  );
}

/** Of the people of a release, those who (still) are to come: whoever was withdrawn, replaced or declined drops out. */
export function isComing(): SQL | undefined {
  return and(isNull(invitation.withdrawnAt), isNull(invitation.replacedAt), ne(invitation.reply, "declined"));
}

/** A row before it crosses: for the giving side's own use it says whose it is. */
export type ReleaseRow = { invitationId: string; delegationId: string; cells: ReadonlyArray<ReleaseCell> };

/**
 * The live values of an open release, for this reader; null when there is no such release for them now. Whether there
 * is stands in the very query that reads people: outside an open release no row of another side's person is read.
 */
export function releasedTable(
  orm: Orm,
  reader: ReleaseReader,
  releaseId: string,
  now: number,
): ReleaseTable | null {
  const found = orm
    .select({ columns: release.columns, toCoHostId: release.toCoHostId })
    .from(release)
    .where(and(eq(release.id, releaseId), isThere(reader, now), isOpen(now)))
    .get();
  if (found === undefined) return null;
  const columns = readColumns(found.columns);
  const people = orm
    .select({ id: releasePerson.invitationId })
    .from(releasePerson)
    .innerJoin(release, eq(release.id, releasePerson.releaseId))
    .where(
      and(
        eq(release.id, releaseId),
        isThere(reader, now),
        isOpen(now),
        eq(release.fromCoHostId, delegation.coHostId),
        eq(release.editionId, invitation.editionId),
      ),
    );
  const rows = rowsOf(orm, inArray(invitation.id, people), {
    columns,
    toCoHost: found.toCoHostId !== null,
  });
  return { columns, rows: rows.map(({ cells }) => cells) };
}

export function readColumns(stored: string): Array<ReleaseColumn> {
  return releaseColumns(JSON.parse(stored));
}

/** What would cross if it were released now: people of this side, by their invitations. */
export function tableToRelease(
  orm: Orm,
  {
    editionId,
    fromSideId,
    toSideId,
    columns,
    invitationIds,
  }: {
    editionId: string;
    fromSideId: string;
    toSideId: string | null;
    columns: ReadonlyArray<ReleaseColumn>;
    invitationIds: ReadonlyArray<string>;
  },
): { rows: Array<ReleaseRow>; hash: string } {
  const whose = and(
    eq(invitation.editionId, editionId),
    eq(delegation.coHostId, fromSideId),
    inArray(invitation.id, [...invitationIds]),
  );
  const rows = rowsOf(orm, whose, { columns, toCoHost: toSideId !== null });
  return { rows, hash: hashOf(columns, rows) };
}

/** The same people, columns and values give the same hash, in whatever order they stand. */
function hashOf(columns: ReadonlyArray<ReleaseColumn>, rows: ReadonlyArray<ReleaseRow>): string {
  const cells = rows.map((row) => [row.invitationId, ...row.cells]);
  cells.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return createHash("sha256").update(JSON.stringify({ columns, cells })).digest("hex");
}

/** Where a column that is no answer of a registration stands. */
const FACTS: Readonly<Partial<Record<ReleaseColumn, AnySQLiteColumn>>> = {
  nameLatin: person.nameLatin,
  nameNative: person.nameNative,
  familyLatin: person.familyLatin,
  givenLatin: person.givenLatin,
  honorificEn: person.honorificEn,
  honorificZh: person.honorificZh,
  institutionEn: person.institutionEn,
  institutionZh: person.institutionZh,
  positionEn: person.positionEn,
  positionZh: person.positionZh,
  email: person.email,
  phone: person.phone,
  delegationEn: delegation.nameEn,
  delegationZh: delegation.nameZh,
  category: invitation.category,
};

/** The rows of these people in the side's protocol order, or by their sort keys where none was set. */
function rowsOf(
  orm: Orm,
  whose: SQL | undefined,
  { columns, toCoHost }: { columns: ReadonlyArray<ReleaseColumn>; toCoHost: boolean },
): Array<ReleaseRow> {
  const facts = columns.flatMap((column) => {
    const place = FACTS[column];
    return place === undefined ? [] : [[column, place] as const];
  });
  const here = and(whose, isComing());
  const people = orm
    .select({
      invitationId: invitation.id,
      delegationId: invitation.delegationId,
      ...Object.fromEntries(facts),
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(here)
    .orderBy(
      asc(delegation.position),
      asc(sql`${invitation.protocolOrder} is null`),
      asc(invitation.protocolOrder),
      asc(person.sortKey),
      asc(person.id),
    )
    .all() as Array<Record<string, unknown> & { invitationId: string; delegationId: string }>;
  const asked = columns.filter((column) => FACTS[column] === undefined);
  const told = asked.length === 0 ? new Map<string, Answers>() : submittedAnswers(orm, here, asked);
  const corrected = asked.some((column) => columnOf(column).group === "travel")
    ? correctionsOf(orm, here)
    : new Map<string, Record<string, string>>();
  const agreed = columns.some((column) => consentsFor(columnOf(column).dataClass, { toCoHost }).length > 0)
    ? standing(orm, here)
    : new Map<string, Set<string>>();
  return people.map((row) => {
    const answers = told.get(row.invitationId);
    const values = {
      ...(answers === undefined ? {} : formValues(answers)),
      ...corrected.get(row.invitationId),
    };
    const consents = agreed.get(row.invitationId);
    return {
      invitationId: row.invitationId,
      delegationId: row.delegationId,
      cells: columns.map((column): ReleaseCell => {
        if (!mayCross(column, { answers, consents, toCoHost })) return { lacks: "consent" };
        if (FACTS[column] !== undefined) return String(row[column] ?? "");
        return values[column] ?? { lacks: "answer" };
      }),
    };
  });
}

/** Whether the consents that stand let this cell out. Who told of no need at all was not asked about needs. */
function mayCross(
  column: ReleaseColumn,
  {
    answers,
    consents,
    toCoHost,
  }: { answers: Answers | undefined; consents: ReadonlySet<string> | undefined; toCoHost: boolean },
): boolean {
  const { group, dataClass } = columnOf(column);
  const untold = group === "needs" && (answers === undefined || !tellsOfNeeds(answers));
  return consentsFor(dataClass, { toCoHost })
    .filter((kind) => !(untold && kind === "sensitive_data"))
    .every((kind) => consents?.has(kind) === true);
}

/** What was sent by its owner; a draft has not been told to anybody. Only the sections that are needed are read. */
function submittedAnswers(
  orm: Orm,
  here: SQL | undefined,
  columns: ReadonlyArray<ReleaseColumn>,
): Map<string, Answers> {
  const sections = [...new Set(columns.map((column) => SECTION_OF.get(column)))].filter(
    (section) => section !== undefined,
  );
  const stored = orm
    .select({ invitationId: registration.invitationId, answers: registrationSection.answers })
    .from(registrationSection)
    .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
    .innerJoin(invitation, eq(invitation.id, registration.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(here, eq(registration.state, "submitted"), inArray(registrationSection.section, sections)))
    .all();
  const byPerson = Map.groupBy(stored, (row) => row.invitationId);
  return new Map([...byPerson].map(([id, rows]) => [id, answersFromSections(rows)] as const));
}

/** What staff know better of these people's journeys than they told. All of them are of one edition. */
function correctionsOf(orm: Orm, here: SQL | undefined): Map<string, Record<string, string>> {
  const first = orm
    .select({ editionId: invitation.editionId })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(here)
    .limit(1)
    .get();
  return first === undefined ? new Map() : correctedAnswers(orm, first.editionId, here);
}

/** What was released of somebody, by column; only what may cross now. Of several the words stand with spaces between. */
export type ReleasedFacts = {
  invitationId: string;
  fromSideId: string;
  delegationId: string;
  facts: Readonly<Partial<Record<ReleaseColumn, string>>>;
};

/**
 * What open releases tell these sides of other sides' people, for work on one thing (cars, rooms): the wanted columns that
 * were released. A cell without its consent is not there.
 *
 * @param about the columns that it is about: of a release that has none of them, nothing is read.
 * @param besides what else is wanted of such a release.
 */
export function releasedFacts(
  orm: Orm,
  { editionId, sideIds }: { editionId: string; sideIds: ReadonlyArray<string> },
  { about, besides }: { about: ReadonlyArray<ReleaseColumn>; besides: ReadonlyArray<ReleaseColumn> },
  now: number,
): Map<string, ReleasedFacts> {
  const reader = { editionId, givingSideIds: [], receivingSideIds: sideIds };
  const open = orm
    .select({ id: release.id, columns: release.columns, fromSideId: release.fromCoHostId })
    .from(release)
    .where(and(isThere(reader, now), isOpen(now)))
    .orderBy(asc(release.releasedAt), asc(release.id))
    .all();
  const byPerson = new Map<string, ReleasedFacts>();
  for (const { id, columns: stored, fromSideId } of open) {
    const released = readColumns(stored);
    if (!released.some((column) => about.includes(column))) continue;
    const columns = released.filter((column) => about.includes(column) || besides.includes(column));
    const people = orm
      .select({ id: releasePerson.invitationId })
      .from(releasePerson)
      .innerJoin(release, eq(release.id, releasePerson.releaseId))
      .where(and(eq(release.id, id), isThere(reader, now), isOpen(now)));
    const whose = and(
      inArray(invitation.id, people),
      eq(invitation.editionId, editionId),
      eq(delegation.coHostId, fromSideId),
    );
    for (const row of rowsOf(orm, whose, { columns, toCoHost: true })) {
      const known = byPerson.get(row.invitationId);
      const facts: Partial<Record<ReleaseColumn, string>> = { ...known?.facts };
      for (const [n, column] of columns.entries()) {
        const cell = row.cells[n];
        if (typeof cell === "string") facts[column] = cell;
        else if (cell !== undefined && !("lacks" in cell)) facts[column] = cell.join(" ");
      }
      byPerson.set(row.invitationId, {
        invitationId: row.invitationId,
        fromSideId,
        delegationId: row.delegationId,
        facts,
      });
    }
  }
  return byPerson;
}

/** Of each consent the newest word counts. */
function standing(orm: Orm, here: SQL | undefined): Map<string, Set<string>> {
  const words = orm
    .select({ invitationId: consent.invitationId, kind: consent.kind, given: consent.given })
    .from(consent)
    .innerJoin(invitation, eq(invitation.id, consent.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(here, inArray(consent.kind, ["sensitive_data", "transfer_abroad"])))
    .orderBy(asc(consent.at), asc(sql`${consent}.rowid`))
    .all();
  const agreed = new Map<string, Set<string>>();
  for (const { invitationId, kind, given } of words) {
    const kinds = agreed.get(invitationId) ?? new Set();
    if (given) kinds.add(kind);
    else kinds.delete(kind);
    agreed.set(invitationId, kinds);
  }
  return agreed;
}

/**
 * Writes a release into the transaction of the deed that it belongs to, with its event in the trail. What is shown to
 * the recipient is what stands there when they look; the hash keeps what stood there now.
 *
 * @returns the release's id.
 * @throws Error when somebody is not of that side in this edition, or the recipient is none: the caller has checked both.
 */
export function insertRelease(
  tx: Tx,
  ctx: StaffContext,
  {
    id = newId(),
    fromSideId,
    toSideId,
    recipient,
    purpose,
    columns: named,
    inFile = [],
    invitationIds,
    expiresAt,
  }: {
    /** A new one, unless it was made before. */
    id?: string;
    fromSideId: string;
    /** The side that may look; null: somebody outside, who is handed a file. */
    toSideId: string | null;
    recipient: string;
    purpose: string;
    columns: ReadonlyArray<ReleaseColumn>;
    /** Names of what goes along in a sealed file, and is on no page: facts of a passport. */
    inFile?: ReadonlyArray<string>;
    invitationIds: ReadonlyArray<string>;
    /** Epoch milliseconds: it works until then and not at it. */
    expiresAt: number;
  },
): string {
  const { editionId } = ctx.scope;
  const columns = releaseColumns(named);
  const chosen = [...new Set(invitationIds)];
  const ours = tx
    .select({ id: invitation.id })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.editionId, editionId),
        eq(delegation.coHostId, fromSideId),
        inArray(invitation.id, chosen),
      ),
    )
    .all();
  if (ours.length !== chosen.length || chosen.length === 0 || columns.length === 0)
    throw new Error("A release names people of the side that gives it, and columns");
  if (toSideId === fromSideId) throw new Error("A side releases nothing to itself");
  const { hash } = tableToRelease(tx, { editionId, fromSideId, toSideId, columns, invitationIds: chosen });
  tx.insert(release)
    .values({
      id,
      editionId,
      fromCoHostId: fromSideId,
      toCoHostId: toSideId,
      recipient,
      purpose,
      columns: JSON.stringify([...columns, ...inFile]),
      previewHash: hash,
      releasedBy: ctx.actor.id,
      releasedAt: ctx.clock.now(),
      expiresAt,
    })
    .run();
  for (const invitationId of chosen) tx.insert(releasePerson).values({ releaseId: id, invitationId }).run();
  recordAudit(tx, ctx, {
    action: "release.create",
    subjectKind: "release",
    subjectId: id,
    editionId,
    sideId: fromSideId,
    details: { to: toSideId, people: chosen.length, columns: [...columns, ...inFile], hash, expiresAt },
  });
  return id;
}
