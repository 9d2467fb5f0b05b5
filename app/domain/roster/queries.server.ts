import { and, asc, eq, gt, inArray, type SQL, sql } from "drizzle-orm";
import type { Db } from "#db/client.server.ts";
import { plainText } from "#db/plain-text.ts";
import {
  delegation,
  edition,
  invitation,
  person,
  registration,
  rosterCell,
  rosterChange,
  rosterCount,
  user,
} from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { wordsToFind } from "../person/search.ts";
import { instantOrNull } from "../registration/rules.ts";
import { type ColumnWithValue, rosterColumns } from "./columns.server.ts";
import { remembered, rememberedFew, rememberedList } from "./memory.server.ts";
import { type CellValue, type RosterSort, type RosterTerm, type RosterView, TESTS_OF } from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "scope">;

/** Somebody in the roster. `cells` are in the order of the columns that were asked for. */
export type RosterRow = {
  invitationId: string;
  personId: string;
  delegationId: string;
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  cells: ReadonlyArray<CellValue>;
};

export type RosterPage = {
  columns: ReadonlyArray<ColumnWithValue>;
  rows: ReadonlyArray<RosterRow>;
  total: number;
  /** Ids to go on from, forwards and back; null where there is nobody. */
  next: string | null;
  previous: string | null;
};

/** Where a page lies: behind or before somebody (by their invitation), or at the end. Somebody who is gone: the beginning. */
export type PagePlace = { after?: string | null; before?: string | null; last?: boolean };

export const ROSTER_PAGE = 100;

/**
 * One page of the roster: this scope's people whom the view leaves, in its order. Columns that this reader may not see, or
 * that are no more, are left out.
 */
export function rosterPage(
  ctx: Reader,
  view: RosterView,
  place: PagePlace = {},
  size = ROSTER_PAGE,
): RosterPage {
  const page = pageAt(ctx, view, place, size);
  if (page.rows.length > 0 || page.total === 0) return page;
  // Whoever the page was to lie before or behind has become the first or the last.
  return pageAt(ctx, view, place.before != null ? {} : { last: true }, size);
}

function pageAt(
  ctx: Reader,
  view: RosterView,
  { after = null, before = null, last = false }: PagePlace,
  size: number,
): RosterPage {
  const all = rosterColumns(ctx);
  const columns = shownColumns(all, view);
  const source = sourceOf(ctx, view, all);
  if (source === null) return { columns, rows: [], total: 0, next: null, previous: null };
  const total = countRoster(ctx, view, all);
  const back = last || before !== null;
  const from = before ?? after;
  if (isListed(view, source, total)) {
    const ids = listOf(ctx, view, source);
    const at = from === null ? -1 : ids.indexOf(from);
    // Whoever has just left the list still has a place in its order.
    if (from === null || at >= 0) {
      const end = back ? (from === null ? ids.length : at) : Math.min(ids.length, at + 1 + size);
      const start = back ? Math.max(0, end - size) : at + 1;
      const rows = rosterRows(ctx, columns, ids.slice(start, end));
      return {
        columns,
        rows,
        total,
        next: end < ids.length ? (rows.at(-1)?.invitationId ?? null) : null,
        previous: start > 0 ? (rows[0]?.invitationId ?? null) : null,
      };
    }
  }
  const place = from === null ? null : placeOf(ctx, source, from);
  const found = read(ctx.db, columns, source, {
    where: place === null ? undefined : beyond(source.order, place, back),
    back,
    limit: size + 1,
  });
  const rows = found.slice(0, size);
  if (back) rows.reverse();
  const goesOn = found.length > size;
  const first = rows[0]?.invitationId ?? null;
  const end = rows.at(-1)?.invitationId ?? null;
  return {
    columns,
    rows,
    total,
    next: back ? (place === null ? null : end) : goesOn ? end : null,
    previous: back ? (goesOn ? first : null) : place === null ? null : first,
  };
}

/**
 * Whether all whom a view leaves are put in order at once and the order is remembered: when there are few, who would be
 * looked for among everybody, or when no index has that order.
 */
function isListed(view: RosterView, { isWalked }: Source, total: number): boolean {
  if (!isWalked) return true;
  return (view.any.length > 0 || view.search !== "") && total <= FEW;
}

function listOf(ctx: Reader, view: RosterView, source: Source): ReadonlyArray<string> {
  const { groupBy, sort, any, search } = view;
  return rememberedList(ctx, [groupBy, sort, any, search], () => allIds(ctx, source));
}

function allIds({ db }: Reader, { everybody, bare, where, order }: Source): Array<string> {
  const from = order.every(({ of }) => of === "invitation") ? sql`${bare} ${OF_DELEGATION}` : everybody;
  return db.orm
    .values<[string]>(
      sql`select ${invitation.id} from ${from} where ${where} order by ${orderBy(order, false)}`,
    )
    .map(([id]) => id);
}

/** The columns of a view that this reader may see. */
export function shownColumns(all: ReadonlyArray<ColumnWithValue>, view: RosterView): Array<ColumnWithValue> {
  const byKey = new Map(all.map((column) => [column.key, column]));
  return view.columns.flatMap(({ key }) => byKey.get(key) ?? []);
}

/** Whom a view leaves, in its order: ids of their invitations. For acts on everybody. */
export function rosterIds(ctx: Reader, view: RosterView): ReadonlyArray<string> {
  const source = sourceOf(ctx, view, rosterColumns(ctx));
  return source === null ? [] : listOf(ctx, view, source);
}

/**
 * The cells of everybody whom a view leaves, in its order and in parts, each read when it is asked for. Who changes
 * meanwhile may be in it as before or as after, and is in it once; who is no longer this scope's by then is left out.
 */
export function* rosterParts(
  ctx: Reader,
  view: RosterView,
  columns: ReadonlyArray<ColumnWithValue>,
  size: number,
): Generator<Array<RosterRow["cells"]>> {
  const all = rosterColumns(ctx);
  const source = sourceOf(ctx, view, all);
  if (source === null) return;
  if (isListed(view, source, countRoster(ctx, view, all))) {
    const ids = listOf(ctx, view, source);
    for (let from = 0; from < ids.length; from += size)
      yield rosterRows(ctx, columns, ids.slice(from, from + size)).map(({ cells }) => cells);
    return;
  }
  // Where somebody stood when they were read goes with them: they may have moved or gone before the next part.
  const keys = source.order.map(({ value }) => value);
  const seen = new Set<CellValue>();
  for (let place: ReadonlyArray<CellValue> | null = null; ; ) {
    const found = valuesOf(
      ctx.db,
      [...keys, sql`${invitation.id}`, ...columns.map(({ value }) => value)],
      source,
      {
        where: place === null ? undefined : beyond(source.order, place, false),
        back: false,
        limit: size,
      },
    );
    const cells: Array<RosterRow["cells"]> = [];
    for (const row of found) {
      const id = row[keys.length] ?? null;
      if (!seen.has(id)) cells.push(row.slice(keys.length + 1));
      seen.add(id);
    }
    yield cells;
    const last = found.at(-1);
    if (last === undefined || found.length < size) return;
    place = last.slice(0, keys.length);
  }
}

/** The rows of these people who are this scope's, in the order of the ids. */
export function rosterRows(
  ctx: Reader,
  columns: ReadonlyArray<ColumnWithValue>,
  invitationIds: ReadonlyArray<string>,
): Array<RosterRow> {
  const delegationIds = delegationsOf(ctx);
  if (delegationIds.length === 0 || invitationIds.length === 0) return [];
  const found = read(
    ctx.db,
    columns,
    {
      from: these(invitation.id, invitationIds).everybody,
      where: sql`${invitation.editionId} = ${ctx.scope.editionId} and ${inArray(invitation.delegationId, delegationIds)}`,
      order: [],
    },
    { back: false, limit: null },
  );
  const byId = new Map(found.map((row) => [row.invitationId, row]));
  return invitationIds.flatMap((id) => byId.get(id) ?? []);
}

/** Which of these people a view still has, on whatever page. */
export function stillInView(
  ctx: Reader,
  { any, search }: RosterView,
  invitationIds: ReadonlyArray<string>,
): ReadonlySet<string> {
  const delegationIds = delegationsOf(ctx);
  if (delegationIds.length === 0 || invitationIds.length === 0) return new Set();
  const parts = [
    sql`${invitation.editionId} = ${ctx.scope.editionId}`,
    inArray(invitation.delegationId, delegationIds),
    ...(any.length === 0 ? [] : [anyOf(ctx, any, rosterColumns(ctx))]),
    ...wordsToFind(search).map((word) => sql`instr(${person.searchText}, ${word}) > 0`),
  ];
  const found = ctx.db.orm.values<[string]>(
    sql`select ${invitation.id} from ${these(invitation.id, invitationIds).everybody} where ${sql.join(parts, sql` and `)}`,
  );
  return new Set(found.map(([id]) => id));
}

/** How many people there are by what is counted on top. Keys are the words of the closed lists, `""` for none. */
export type RosterCounts = {
  total: number;
  by: Readonly<
    Record<"delegation" | "category" | "reply" | "registration", Readonly<Record<string, number>>>
  >;
};

/** Counts of everybody, or of whom a view leaves. */
export function rosterCounts(ctx: Reader, view: RosterView, all = rosterColumns(ctx)): RosterCounts {
  return remembered(ctx, ["counts", view.any, view.search], () => {
    const by = { delegation: {}, category: {}, reply: {}, registration: {} } as Record<
      keyof RosterCounts["by"],
      Record<string, number>
    >;
    let total = 0;
    for (const row of isCounted(view, all) ? kept(ctx, view, all) : counted(ctx, view, all)) {
      total += row.people;
      for (const kind of ["delegation", "category", "reply", "registration"] as const)
        by[kind][row[kind] ?? ""] = (by[kind][row[kind] ?? ""] ?? 0) + row.people;
    }
    return { total, by };
  });
}

type Counted = { people: number } & Readonly<
  Record<"delegation" | "category" | "reply" | "registration", string | null>
>;

/** Whether a view asks only for what is counted as it changes: then nobody need be looked at. */
function isCounted({ any, search }: RosterView, all: ReadonlyArray<ColumnWithValue>): boolean {
  if (wordsToFind(search).length > 0) return false;
  const keys = new Set(all.flatMap(({ key, counted }) => (counted === null ? [] : [key])));
  return any.every((terms) => terms.every(({ column }) => keys.has(column)));
}

function kept(ctx: Reader, { any }: RosterView, all: ReadonlyArray<ColumnWithValue>): Array<Counted> {
  const delegationIds = delegationsOf(ctx);
  if (delegationIds.length === 0) return [];
  const columns = all.flatMap((column) =>
    column.counted === null ? [] : [{ ...column, value: column.counted }],
  );
  return ctx.db.orm.all<Counted>(
    sql`select ${rosterCount.delegationId} as delegation, ${rosterCount.category} as category, ${rosterCount.reply} as reply,
        ${rosterCount.registration} as registration, ${rosterCount.people} as people
      from ${rosterCount} where ${rosterCount.editionId} = ${ctx.scope.editionId}
        and ${inArray(rosterCount.delegationId, delegationIds)} and ${anyOf(ctx, any, columns)}`,
  );
}

function counted(ctx: Reader, view: RosterView, all: ReadonlyArray<ColumnWithValue>): Array<Counted> {
  const source = sourceOf(ctx, view, all);
  if (source === null) return [];
  return ctx.db.orm.all<Counted>(
    sql`select ${invitation.delegationId} as delegation, ${invitation.category} as category, ${invitation.reply} as reply,
        ${registration.state} as registration, count(*) as people
      from ${source.bare} where ${source.where} group by 1, 2, 3, 4`,
  );
}

/** How many people a view leaves. */
export function countRoster(ctx: Reader, view: RosterView, all = rosterColumns(ctx)): number {
  return rosterCounts(ctx, view, all).total;
}

/** Who changed which cell of these people last, and when: what the table itself was used for, in the last minutes. */
export function recentChanges(
  ctx: Pick<StaffContext, "db" | "scope" | "clock">,
  invitationIds: ReadonlyArray<string>,
): Array<{ invitationId: string; column: string; by: string; name: string; at: number }> {
  const changes = ctx.db.orm
    .select({
      invitationId: rosterCell.invitationId,
      column: rosterCell.column,
      by: rosterChange.by,
      name: user.name,
      at: rosterChange.at,
    })
    .from(rosterChange)
    .innerJoin(rosterCell, eq(rosterCell.changeId, rosterChange.id))
    .leftJoin(user, eq(user.id, rosterChange.by))
    .where(
      and(
        eq(rosterChange.editionId, ctx.scope.editionId),
        inArray(rosterChange.coHostId, [...ctx.scope.sideIds]),
        gt(rosterChange.at, ctx.clock.now() - RECENT),
        sql`${rosterCell.invitationId} in (select value from json_each(${JSON.stringify(invitationIds)}))`,
      ),
    )
    .orderBy(asc(rosterChange.at), sql`${rosterChange}.rowid`)
    .all();
  const last = new Map(changes.map((change) => [`${change.invitationId} ${change.column}`, change]));
  return [...last.values()].map(({ name, ...change }) => ({ ...change, name: name ?? "" }));
}

const RECENT = 10 * 60_000;

type Source = {
  from: SQL;
  /** The same when all are wanted, in whatever order they are found. */
  everybody: SQL;
  /** The same with no more than their invitations, registrations, and what `where` asks for. */
  bare: SQL;
  /** Whether `from` finds them in their order. */
  isWalked: boolean;
  where: SQL;
  order: ReadonlyArray<Key>;
};
/** `of`: whose value it is. The delegation is at hand wherever an order is wanted. */
type Key = { value: SQL; descending: boolean; of: ColumnWithValue["of"] };

/*
 * Which table leads, and by which index, decides what a page costs, since the next row of a table is near and any other is
 * far: in the order of sort keys the cards lead, for what stands on a card the cards as they lie there, for all else the
 * invitations, of which an index knows all that is counted, and for a word that many have the index of words. SQLite,
 * which has no statistics here, would now and then begin at the wrong end.
 */
const REGISTERED = sql`left join ${registration} on ${registration.invitationId} = ${invitation.id}`;
const OF_DELEGATION = sql`join ${delegation} on ${delegation.id} = ${invitation.delegationId}`;
const REST = sql`${REGISTERED} ${OF_DELEGATION}`;
const CARDS = sql`${person} cross join ${invitation} on ${invitation.personId} = ${person.id}`;
const INVITATIONS = sql`${invitation} indexed by invitation_counts`;
const THEIR_CARD = sql`cross join ${person} on ${person.id} = ${invitation.personId}`;

type People = { everybody: SQL; bare: SQL };
/** `bare` knows no cards. */
const BY_INVITATION: People = {
  everybody: sql`${INVITATIONS} ${THEIR_CARD} ${REST}`,
  bare: sql`${INVITATIONS} ${REGISTERED}`,
};
const BY_CARD: People = { everybody: sql`${CARDS} ${REST}`, bare: sql`${CARDS} ${REGISTERED}` };
const BY_BOTH: People = {
  everybody: BY_INVITATION.everybody,
  bare: sql`${INVITATIONS} ${THEIR_CARD} ${REGISTERED}`,
};

function byWord(sideIds: ReadonlyArray<string>): People {
  const words = sql`${person} indexed by person_by_search
    cross join ${invitation} on ${invitation.personId} = ${person.id} and ${inArray(person.coHostId, [...sideIds])}`;
  return { everybody: sql`${words} ${REST}`, bare: sql`${words} ${REGISTERED}` };
}

/** Some people, by their invitations or cards: they lead, whatever SQLite thinks of its other ways. */
function these(key: typeof invitation.id | typeof invitation.personId, ids: ReadonlyArray<string>): People {
  const people = sql`json_each(${JSON.stringify(ids)}) wanted cross join ${invitation} on ${key} = wanted.value
    ${THEIR_CARD}`;
  return { everybody: sql`${people} ${REST}`, bare: sql`${people} ${REGISTERED}` };
}

/**
 * Where to begin for what a view asks: at the cards when each of its lists asks for something that stands on them. Without
 * terms, its order is what asks.
 */
function leaderFor(
  any: RosterView["any"],
  order: ReadonlyArray<Key>,
  all: ReadonlyArray<ColumnWithValue>,
): People {
  if (any.length === 0) return order.some(({ of }) => of !== "invitation") ? BY_CARD : BY_INVITATION;
  const of = new Map(all.map((column) => [column.key, column.of]));
  const asked = any.map((terms) => terms.map(({ column }) => of.get(column) ?? "invitation"));
  if (asked.flat().every((one) => one === "invitation")) return BY_INVITATION;
  const isOfCards =
    any.length === 1 ? asked.flat().includes("card") : asked.flat().every((one) => one === "card");
  return isOfCards ? BY_CARD : BY_BOTH;
}

function delegationsOf({ db, scope }: Reader): Array<string> {
  return db.orm
    .select({ id: delegation.id })
    .from(delegation)
    .where(
      sql`${eq(delegation.editionId, scope.editionId)} and ${inArray(delegation.coHostId, [...scope.sideIds])}`,
    )
    .all()
    .map(({ id }) => id);
}

/** Beyond so many, people are found faster in the order in which they are wanted than by name. */
const FEW = 2_000;

function sourceOf(ctx: Reader, view: RosterView, all: ReadonlyArray<ColumnWithValue>): Source | null {
  const delegationIds = delegationsOf(ctx);
  if (delegationIds.length === 0) return null;
  const order = keysOf(view, all);
  const own = sql`${invitation.editionId} = ${ctx.scope.editionId} and ${inArray(invitation.delegationId, delegationIds)}`;
  const { everybody, bare, where, isFew } = peopleOf(ctx, view, { all, order, own });
  const isWalked = order.length === 2 && order[0]?.value === SORT_KEY && !isFew;
  return { from: isWalked ? BY_CARD.everybody : everybody, everybody, bare, isWalked, where, order };
}

/**
 * Where those whom a view leaves are found, in whatever order. When they are few (at most `FEW`) they are looked for
 * once, and from then on named.
 */
function peopleOf(
  ctx: Reader,
  { any, search }: RosterView,
  { all, order, own }: { all: ReadonlyArray<ColumnWithValue>; order: ReadonlyArray<Key>; own: SQL },
): People & { where: SQL; isFew: boolean } {
  const words = wordsToFind(search);
  const terms = any.length === 0 ? own : sql`${own} and ${anyOf(ctx, any, all)}`;
  let people = leaderFor(any, order, all);
  let where = terms;
  if (words.length > 0) {
    const holds = sql.join(
      words.map((word) => sql`instr(${person.searchText}, ${word}) > 0`),
      sql` and `,
    );
    // That index alone is read: not the cards.
    const found = few(
      ctx,
      ["found", search],
      sql`select ${person.id} from ${person} indexed by person_by_search
        where ${inArray(person.coHostId, [...ctx.scope.sideIds])} and ${holds}`,
    );
    if (found !== null) return { ...these(invitation.personId, found), where: terms, isFew: true };
    people = byWord(ctx.scope.sideIds);
    where = sql`${where} and ${holds}`;
  }
  if (any.length === 0) return { ...people, where, isFew: false };
  const ids = few(ctx, ["few", any, search], sql`select ${invitation.id} from ${people.bare} where ${where}`);
  return ids === null
    ? { ...people, where, isFew: false }
    : { ...these(invitation.id, ids), where: own, isFew: true };
}

/** What a query finds, unless that is more than a few. */
function few(ctx: Reader, what: ReadonlyArray<unknown>, query: SQL): ReadonlyArray<string> | null {
  const found = rememberedFew(ctx, what, () =>
    ctx.db.orm.values<[string]>(sql`${query} limit ${FEW + 1}`).map(([id]) => id),
  );
  return found.length > FEW ? null : found;
}

const SORT_KEY = sql`${person.sortKey}`;

function keysOf(view: RosterView, all: ReadonlyArray<ColumnWithValue>): Array<Key> {
  const grouped: Array<Key> =
    view.groupBy === null
      ? []
      : [
          { value: sql`${delegation.position}`, descending: false, of: "invitation" },
          { value: sql`${delegation.id}`, descending: false, of: "invitation" },
        ];
  const wanted = view.sort.flatMap((sort) => keysOfSort(sort, all));
  const named: Array<Key> =
    wanted.length === 0 ? [{ value: SORT_KEY, descending: false, of: "card" }] : wanted;
  // A tie is broken in the direction of what it breaks, so that one index serves both ways.
  const descending = named.every((key) => key.descending);
  const isOfCards = named.some(({ of }) => of !== "invitation");
  const tie: Key = isOfCards
    ? { value: sql`${person.id}`, descending, of: "card" }
    : { value: sql`${invitation.personId}`, descending, of: "invitation" };
  return [...grouped, ...named, tie];
}

function keysOfSort(
  { column, way, descending }: RosterSort,
  all: ReadonlyArray<ColumnWithValue>,
): Array<Key> {
  switch (way) {
    case "pinyin":
      return [{ value: SORT_KEY, descending, of: "card" }];
    case "stroke":
      return [{ value: sql`strokes(${person.nameNative})`, descending, of: "card" }];
    case "latin":
      return [
        {
          value: sql`lower(case when ${person.familyLatin} = '' then ${person.nameLatin} else ${person.familyLatin} || ' ' || ${person.givenLatin} end)`,
          descending,
          of: "card",
        },
      ];
    case "protocol":
      return [
        sql`${delegation.position}`,
        sql`coalesce(${invitation.protocolOrder}, 1000000000)`,
        sql`${invitation.createdAt}`,
        sql`${invitation}.rowid`,
      ].map((value) => ({ value, descending, of: "invitation" }));
    case "value": {
      const found = all.find(({ key }) => key === column);
      if (found === undefined) return [];
      if (found.key === "sortKey") return [{ value: SORT_KEY, descending, of: "card" }];
      return [{ value: sortable(found), descending, of: found.of }];
    }
  }
}

function sortable({ key, kind, value, options }: ColumnWithValue): SQL {
  if (key === "delegation") return sql`${delegation.position}`;
  switch (kind) {
    case "choice": {
      const places = options.map((option, place) => sql`when ${option} then ${place}`);
      return places.length === 0
        ? sql`0`
        : sql`case ${value} ${sql.join(places, sql` `)} else ${options.length} end`;
    }
    case "number":
    case "flag":
    case "instant":
      return sql`coalesce(${value}, -1)`;
    case "text":
    case "choices":
    case "day":
      return sql`coalesce(${value}, '')`;
  }
}

function orderBy(order: ReadonlyArray<Key>, back: boolean): SQL {
  return sql.join(
    order.map(({ value, descending }) => (descending === back ? sql`${value} asc` : sql`${value} desc`)),
    sql`, `,
  );
}

/** The keys of somebody's place in the order; null when they are not in the list at all. */
function placeOf(ctx: Reader, { order }: Source, invitationId: string): ReadonlyArray<CellValue> | null {
  const found = ctx.db.orm.values<Array<CellValue>>(
    sql`select ${sql.join(
      order.map(({ value }) => value),
      sql`, `,
    )} from ${these(invitation.id, [invitationId]).everybody} where ${invitation.editionId} = ${ctx.scope.editionId}
      and ${inArray(delegation.coHostId, [...ctx.scope.sideIds])}`,
  );
  return found[0] ?? null;
}

/** Those who come behind a place, or (`back`) before it. */
function beyond(order: ReadonlyArray<Key>, place: ReadonlyArray<CellValue>, back: boolean): SQL {
  const [first] = order;
  if (first !== undefined && order.every(({ descending }) => descending === first.descending)) {
    const keys = sql.join(
      order.map(({ value }) => value),
      sql`, `,
    );
    const values = sql.join(
      place.map((value) => sql`${value}`),
      sql`, `,
    );
    return first.descending === back ? sql`(${keys}) > (${values})` : sql`(${keys}) < (${values})`;
  }
  const ways = order.map(({ value, descending }, n) => {
    const same = order.slice(0, n).map((key, at) => sql`${key.value} = ${place[at] ?? null}`);
    const further =
      descending === back ? sql`${value} > ${place[n] ?? null}` : sql`${value} < ${place[n] ?? null}`;
    return sql`(${sql.join([...same, further], sql` and `)})`;
  });
  return sql`(${sql.join(ways, sql` or `)})`;
}

function anyOf(ctx: Reader, any: RosterView["any"], all: ReadonlyArray<ColumnWithValue>): SQL {
  const byKey = new Map(all.map((column) => [column.key, column]));
  const lists = any
    .filter((terms) => terms.length > 0)
    .map(
      (terms) =>
        sql`(${sql.join(
          terms.map((term) => {
            const found = byKey.get(term.column);
            // What a reader may not see is true of nobody: left out, it would show them more people than they asked for.
            return found === undefined || !TESTS_OF[found.kind].includes(term.test)
              ? sql`0`
              : holds(ctx, found, term);
          }),
          sql` and `,
        )})`,
    );
  return lists.length === 0 ? sql`1` : sql`(${sql.join(lists, sql` or `)})`;
}

function holds(ctx: Reader, column: ColumnWithValue, term: RosterTerm): SQL {
  const { kind, value, holding, searched } = column;
  // What is still to be filled in asks nothing.
  if (term.value === "" && term.test !== "blank" && term.test !== "filled") return sql`1`;
  const isPassed = (each: SQL) => passes(ctx, kind, each, term);
  if (holding !== null && isOfSomething(term)) return holding(isPassed);
  // What was made plain once need not be made so for everybody.
  return searched && (term.test === "contains" || term.test === "startsWith")
    ? sql`(instr(${person.searchText}, ${plainText(term.value)}) > 0 and ${isPassed(value)})`
    : isPassed(value);
}

/** Whether only those pass who have something there. */
function isOfSomething({ test, value: wanted }: RosterTerm): boolean {
  switch (test) {
    case "filled":
    case "before":
    case "after":
      return true;
    case "is":
      return wanted !== "";
    case "contains":
    case "startsWith":
      return plainText(wanted) !== "";
    case "blank":
    case "isNot":
    case "containsNot":
      return false;
  }
}

function passes(
  ctx: Reader,
  kind: ColumnWithValue["kind"],
  value: SQL,
  { test, value: wanted }: RosterTerm,
): SQL {
  switch (test) {
    case "blank":
      return sql`coalesce(${value}, '') in ('', '[]')`;
    case "filled":
      return sql`coalesce(${value}, '') not in ('', '[]')`;
    case "is":
      if (kind === "number") return sql`${value} = ${Number(wanted)}`;
      // Bare where it can be, so that an index may serve.
      return wanted === "" ? sql`coalesce(${value}, '') = ''` : sql`${value} = ${wanted}`;
    case "isNot":
      return kind === "number"
        ? sql`${value} is not ${Number(wanted)}`
        : sql`coalesce(${value}, '') <> ${wanted}`;
    case "contains":
      return kind === "choices"
        ? among(value, wanted)
        : sql`instr(plain(${value}), ${plainText(wanted)}) > 0`;
    case "containsNot":
      return kind === "choices"
        ? sql`not ${among(value, wanted)}`
        : sql`instr(plain(${value}), ${plainText(wanted)}) = 0`;
    case "startsWith":
      return sql`instr(plain(${value}), ${plainText(wanted)}) = 1`;
    case "before":
    case "after": {
      const bound = boundOf(ctx, kind, wanted, test);
      if (bound === null) return sql`0`;
      return test === "before"
        ? sql`(${value} <> '' and ${value} < ${bound})`
        : sql`(${value} <> '' and ${value} > ${bound})`;
    }
  }
}

function among(value: SQL, wanted: string): SQL {
  return sql`exists (select 1 from json_each(case when json_valid(${value}) then ${value} else '[]' end) where value = ${wanted})`;
}

/** A day as the column counts it. An instant is before a day until that day begins in the edition's zone, and after it once it is over. */
function boundOf(
  { db, scope }: Reader,
  kind: ColumnWithValue["kind"],
  wanted: string,
  test: "before" | "after",
): string | number | null {
  if (kind === "number")
    return Number.isFinite(Number(wanted)) && wanted.trim() !== "" ? Number(wanted) : null;
  if (kind === "day") return /^\d{4}-\d{2}-\d{2}$/.test(wanted) ? wanted : null;
  const meeting = db.orm
    .select({ timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, scope.editionId))
    .get();
  if (meeting === undefined) return null;
  const instant = instantOrNull(wanted, test === "before" ? "00:00" : "23:59", meeting.timeZone);
  return instant === null ? null : instant + (test === "before" ? 0 : 59_999);
}

function read(
  db: Db,
  columns: ReadonlyArray<ColumnWithValue>,
  source: Pick<Source, "from" | "where" | "order">,
  piece: Piece,
): Array<RosterRow> {
  const rows = valuesOf(db, [...IN_EACH_ROW, ...columns.map(({ value }) => value)], source, piece);
  return rows.map(
    ([invitationId, personId, delegationId, familyLatin, givenLatin, nameLatin, nameNative, ...cells]) => ({
      invitationId: String(invitationId),
      personId: String(personId),
      delegationId: String(delegationId),
      familyLatin: String(familyLatin),
      givenLatin: String(givenLatin),
      nameLatin: String(nameLatin),
      nameNative: String(nameNative),
      cells,
    }),
  );
}

const IN_EACH_ROW = [
  ...[invitation.id, person.id, invitation.delegationId],
  ...[person.familyLatin, person.givenLatin, person.nameLatin, person.nameNative],
].map((column) => sql`${column}`);

type Piece = { where?: SQL | undefined; back: boolean; limit: number | null };

function valuesOf(
  db: Db,
  wanted: ReadonlyArray<SQL>,
  { from, where, order }: Pick<Source, "from" | "where" | "order">,
  { where: further, back, limit }: Piece,
): Array<Array<CellValue>> {
  return db.orm.values<Array<CellValue>>(
    sql`select ${sql.join([...wanted], sql`, `)}
      from ${from} where ${where} ${further === undefined ? sql`` : sql`and ${further}`}
      ${order.length === 0 ? sql`` : sql`order by ${orderBy(order, back)}`} ${limit === null ? sql`` : sql`limit ${limit}`}`,
  );
}
