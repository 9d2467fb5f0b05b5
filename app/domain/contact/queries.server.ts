import {
  and,
  asc,
  count,
  desc,
  eq,
  exists,
  inArray,
  isNotNull,
  isNull,
  lt,
  notExists,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaFunction,
  delegation,
  edition,
  invitation,
  person,
  personAssistant,
  personMerge,
  personName,
} from "#db/schema/index.ts";
import type { Attendance, Category, Locale, NameForm, Reply, SessionFunction } from "#db/vocabulary.ts";
import type { StaffScope } from "../access/rules.ts";
import { factsOfRow } from "../person/record.server.ts";
import type { PersonFacts } from "../person/rules.ts";
import { wordsToFind } from "../person/search.ts";
import {
  type BookEdition,
  type BookReader,
  bookEditions,
  findCard,
  inBook,
  lastEnds,
} from "./book.server.ts";
import type { BookFilter } from "./form.ts";
import { postIsDue } from "./rules.ts";

/** What somebody was at one edition. */
export type PastEdition = {
  invitationId: string;
  editionId: string;
  slug: string;
  cityEn: string;
  cityZh: string;
  startsOn: string;
  delegationEn: string;
  delegationZh: string;
  category: Category;
  invitedAs: SessionFunction | null;
  functions: ReadonlyArray<SessionFunction>;
  reply: Reply;
  attendance: Attendance | null;
  sent: boolean;
  withdrawn: boolean;
  replaced: boolean;
};

export type ContactInList = {
  personId: string;
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  postDue: boolean;
  doNotInvite: boolean;
  /** The newest two; `earlier` counts the others. */
  editions: ReadonlyArray<PastEdition>;
  earlier: number;
};

/** How many editions a list names of each; the card names all. */
const NAMED = 2;

/** A page holds about as many people as one edition has. */
const PAGE = 40;

const searched = sql`plain(${person.nameLatin} || '|' || ${person.familyLatin} || ${person.givenLatin} || ${person.familyLatin} || '|' || ${person.nameNative} || '|' || ${person.familyNative} || ${person.givenNative} || '|' || ${person.sortKey} || '|' || ${person.institutionEn} || '|' || ${person.institutionZh} || '|' || coalesce(${person.email}, '') || '|' || coalesce((select group_concat(n.name, '|') from ${personName} n where n.person_id = ${person.id}), ''))`;

function invitedTo(orm: Orm, scope: StaffScope, editionId: string) {
  return orm
    .select({ one: sql`1` })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.personId, person.id),
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...scope.bookSideIds]),
      ),
    );
}

function narrowed(ctx: BookReader, filter: BookFilter, ends: ReadonlyMap<string, number>): SQL | undefined {
  const { orm } = ctx.db;
  const due = [...ends].map(([sideId, end]) =>
    and(eq(person.coHostId, sideId), lt(sql`coalesce(${person.postCheckedAt}, ${person.createdAt})`, end)),
  );
  return and(
    inBook(ctx.scope),
    filter.editionId === undefined ? undefined : exists(invitedTo(orm, ctx.scope, filter.editionId)),
    filter.part === "doNotInvite" ? isNotNull(person.doNotInviteAt) : undefined,
    filter.part === "notHere" ? notExists(invitedTo(orm, ctx.scope, ctx.scope.editionId)) : undefined,
    filter.part === "postDue" ? (due.length === 0 ? sql`false` : or(...due)) : undefined,
    ...wordsToFind(filter.search ?? "").map((needle) => sql`instr(${searched}, ${needle}) > 0`),
  );
}

/**
 * Everybody in the book in the order of their sort keys, a page at a time. The cards that match are looked for once;
 * only those of the page are read.
 *
 * @param after the card that ended the page before.
 */
export function bookPage(
  ctx: BookReader,
  filter: BookFilter,
  after: string | null = null,
): { people: ReadonlyArray<ContactInList>; total: number; first: number; next: string | null } {
  const { orm } = ctx.db;
  const ends = lastEnds(bookEditions(orm, ctx.scope), ctx.clock.now());
  const ids = orm
    .select({ id: person.id })
    .from(person)
    .where(narrowed(ctx, filter, ends))
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .map(({ id }) => id);
  const first = after === null ? 0 : ids.indexOf(after) + 1;
  const page = ids.slice(first, first + PAGE);
  const people = contacts(ctx, page, ends);
  return { people, total: ids.length, first, next: first + PAGE < ids.length ? (page.at(-1) ?? null) : null };
}

function contacts(
  ctx: BookReader,
  ids: ReadonlyArray<string>,
  ends: ReadonlyMap<string, number>,
): Array<ContactInList> {
  const histories = historiesOf(ctx.db.orm, ctx.scope, ids, NAMED);
  const counts = new Map(
    ctx.db.orm
      .select({ personId: invitation.personId, editions: count() })
      .from(invitation)
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(inArray(delegation.coHostId, [...ctx.scope.bookSideIds]), inArray(invitation.personId, [...ids])),
      )
      .groupBy(invitation.personId)
      .all()
      .map(({ personId, editions }) => [personId, editions]),
  );
  return ctx.db.orm
    .select({
      personId: person.id,
      sideId: person.coHostId,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      doNotInviteAt: person.doNotInviteAt,
      postCheckedAt: person.postCheckedAt,
      createdAt: person.createdAt,
    })
    .from(person)
    .where(and(inBook(ctx.scope), inArray(person.id, [...ids])))
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .map(({ sideId, doNotInviteAt, postCheckedAt, createdAt, ...row }) => ({
      ...row,
      doNotInvite: doNotInviteAt !== null,
      postDue: postIsDue({ postCheckedAt, createdAt }, ends.get(sideId) ?? null),
      editions: histories.get(row.personId) ?? [],
      earlier: Math.max(0, (counts.get(row.personId) ?? 0) - NAMED),
    }));
}

/**
 * What these people were at the editions of their side, the newest first.
 *
 * @param newest how many of each; all unless given.
 */
export function historiesOf(
  orm: Orm,
  scope: StaffScope,
  personIds: ReadonlyArray<string>,
  newest: number | null = null,
): Map<string, Array<PastEdition>> {
  const rows = orm
    .select({
      personId: invitation.personId,
      invitationId: invitation.id,
      editionId: edition.id,
      slug: edition.slug,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      startsOn: edition.startsOn,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      category: invitation.category,
      invitedAs: invitation.invitedAs,
      reply: invitation.reply,
      attendance: invitation.attendance,
      sentAt: invitation.sentAt,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      function: agendaFunction.function,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .leftJoin(agendaFunction, eq(agendaFunction.invitationId, invitation.id))
    .where(
      and(
        inArray(delegation.coHostId, [...scope.bookSideIds]),
        inArray(invitation.personId, [...personIds]),
        newest === null
          ? undefined
          : sql`(select count(*) from ${invitation} i join ${edition} e on e.id = i.edition_id
              where i.person_id = ${invitation.personId} and e.starts_on > ${edition.startsOn}) < ${newest}`,
      ),
    )
    .orderBy(desc(edition.startsOn), asc(invitation.id), asc(agendaFunction.function))
    .all();
  const histories = new Map<string, Array<PastEdition>>();
  const functions = new Map<string, Array<SessionFunction>>();
  for (const { personId, function: what, sentAt, withdrawnAt, replacedAt, ...row } of rows) {
    const known = functions.get(row.invitationId);
    if (known === undefined) {
      const list = what === null ? [] : [what];
      functions.set(row.invitationId, list);
      const history = histories.get(personId) ?? [];
      histories.set(personId, history);
      history.push({
        ...row,
        functions: list,
        sent: sentAt !== null,
        withdrawn: withdrawnAt !== null,
        replaced: replacedAt !== null,
      });
    } else if (what !== null && !known.includes(what)) known.push(what);
  }
  return histories;
}

/** The editions to narrow the book by, each once. */
export function editionsOfBook(
  ctx: BookReader,
): Array<Pick<BookEdition, "id" | "cityEn" | "cityZh" | "startsOn">> {
  const seen = new Map(
    bookEditions(ctx.db.orm, ctx.scope).map(({ id, cityEn, cityZh, startsOn }) => [
      id,
      { id, cityEn, cityZh, startsOn },
    ]),
  );
  return [...seen.values()];
}

export type Assistant = {
  id: string;
  name: string;
  email: string;
  phone: string | null;
  locale: Locale;
  mayAct: boolean;
  getsCopies: boolean;
};

/** All that the page of one card shows. Instants are epoch milliseconds. */
export type ContactCard = {
  personId: string;
  sideId: string;
  facts: PersonFacts;
  names: ReadonlyArray<{ id: string; form: NameForm; name: string }>;
  assistants: ReadonlyArray<Assistant>;
  /** Assistants whose part ended. */
  formerAssistants: ReadonlyArray<Assistant & { endedAt: number }>;
  note: string;
  doNotInvite: { at: number; reason: string } | null;
  postCheckedAt: number | null;
  postDue: boolean;
  editions: ReadonlyArray<PastEdition>;
  /** Their invitation to this edition, if any. */
  invitationId: string | null;
  /** Cards that were merged into this one, the newest first. Only the newest can be taken apart again. */
  merges: ReadonlyArray<{ id: string; at: number; nameLatin: string; nameNative: string }>;
};

/** A card of one's own book, or null: the other side's are not there, and merged ones are not either. */
export function contactCard(ctx: BookReader, personId: string): ContactCard | null {
  const { orm } = ctx.db;
  const row = findCard(orm, ctx.scope, personId);
  if (row === null) return null;
  const ends = lastEnds(bookEditions(orm, ctx.scope), ctx.clock.now());
  const editions = historiesOf(orm, ctx.scope, [personId]).get(personId) ?? [];
  const assistants = orm
    .select()
    .from(personAssistant)
    .where(eq(personAssistant.personId, personId))
    .orderBy(asc(personAssistant.createdAt), asc(personAssistant.id))
    .all()
    .map(({ personId: _person, createdAt: _created, ...assistant }) => assistant);
  return {
    personId,
    sideId: row.coHostId,
    facts: factsOfRow(row),
    names: orm
      .select({ id: personName.id, form: personName.form, name: personName.name })
      .from(personName)
      .where(eq(personName.personId, personId))
      .orderBy(asc(personName.form), asc(personName.name), asc(personName.id))
      .all(),
    assistants: assistants.flatMap(({ endedAt, ...assistant }) => (endedAt === null ? [assistant] : [])),
    formerAssistants: assistants.flatMap(({ endedAt, ...assistant }) =>
      endedAt === null ? [] : [{ ...assistant, endedAt }],
    ),
    note: row.note,
    doNotInvite: row.doNotInviteAt === null ? null : { at: row.doNotInviteAt, reason: row.doNotInviteReason },
    postCheckedAt: row.postCheckedAt,
    postDue: postIsDue(row, ends.get(row.coHostId) ?? null),
    editions,
    invitationId: editions.find((each) => each.editionId === ctx.scope.editionId)?.invitationId ?? null,
    merges: orm
      .select({
        id: personMerge.id,
        at: personMerge.at,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
      })
      .from(personMerge)
      .innerJoin(person, eq(person.id, personMerge.mergedId))
      .where(and(eq(personMerge.keptId, personId), isNull(personMerge.undoneAt)))
      .orderBy(desc(personMerge.at), desc(sql`${personMerge}.rowid`))
      .all(),
  };
}
