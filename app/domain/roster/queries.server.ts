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
  user,
} from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { wordsToFind } from "../person/search.ts";
import { instantOrNull } from "../registration/rules.ts";
import { type ColumnWithValue, rosterColumns } from "./columns.server.ts";
import { remembered, rememberedList } from "./memory.server.ts";
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
  { after = null, before = null, last = false }: PagePlace = {},
  size = ROSTER_PAGE,
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

function allIds({ db }: Reader, { everybody, where, order }: Source): Array<string> {
  return db.orm
    .values<[string]>(
      sql`select ${invitation.id} from ${everybody} where ${where} order by ${orderBy(order, false)}`,
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
 * Everybody whom a view leaves, in its order and in parts, each read when it is asked for. Who changes meanwhile may be in
 * it as before or as after, and is in it once; who is no longer this scope's by then is left out.
 */
export function* rosterParts(
  ctx: Reader,
  view: RosterView,
  columns: ReadonlyArray<ColumnWithValue>,
  size: number,
): Generator<Array<RosterRow>> {
  const all = rosterColumns(ctx);
  const source = sourceOf(ctx, view, all);
  if (source === null) return;
  if (isListed(view, source, countRoster(ctx, view, all))) {
    const ids = listOf(ctx, view, source);
    for (let from = 0; from < ids.length; from += size)
      yield rosterRows(ctx, columns, ids.slice(from, from + size));
    return;
  }
  const seen = new Set<string>();
  for (let place: ReadonlyArray<CellValue> | null = null; ; ) {
    const found: Array<RosterRow> = read(ctx.db, columns, source, {
      where: place === null ? undefined : beyond(source.order, place, false),
      back: false,
      limit: size,
    });
    const rows = found.filter(({ invitationId }) => !seen.has(invitationId));
    for (const { invitationId } of rows) seen.add(invitationId);
    yield rows;
    const last = found.at(-1);
    if (last === undefined || found.length < size) return;
    // Whoever is gone at this very moment takes the rest with them: then those whose place is known are asked.
    place = found
      .toReversed()
      .reduce<ReadonlyArray<CellValue> | null>(
        (known, { invitationId }) => known ?? placeOf(ctx, source, invitationId),
        null,
      );
    if (place === null) return;
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
      from: these(invitation.id, invitationIds),
      where: sql`${invitation.editionId} = ${ctx.scope.editionId} and ${inArray(invitation.delegationId, delegationIds)}`,
      order: [],
    },
    { back: false, limit: null },
  );
  const byId = new Map(found.map((row) => [row.invitationId, row]));
  return invitationIds.flatMap((id) => byId.get(id) ?? []);
}

/** How many people there are by what is counted on top. Keys are the words of the closed lists, `""` for none. */
export type RosterCounts = {
  total: number;
  by: Readonly<
    Record<"delegation" | "category" | "reply" | "registration", Readonly<Record<string, number>>>
  >;
};

/** Counts of everybody, or of whom a view leaves. */
export function rosterCounts(ctx: Reader, view: RosterView): RosterCounts {
  return remembered(ctx, ["counts", view.any, view.search], () => {
    const source = sourceOf(ctx, view, rosterColumns(ctx));
    const by = { delegation: {}, category: {}, reply: {}, registration: {} } as Record<
      keyof RosterCounts["by"],
      Record<string, number>
    >;
    let total = 0;
    if (source === null) return { total, by };
    const isAll = view.any.length === 0 && view.search === "";
    const rows = isAll
      ? countsOfAll(ctx, source)
      : ctx.db.orm.all<Counted>(
          sql`select ${invitation.delegationId} as delegation, ${invitation.category} as category, ${invitation.reply} as reply,
              ${registration.state} as registration, count(*) as people
            from ${source.everybody} where ${source.where} group by 1, 2, 3, 4`,
        );
    for (const row of rows) {
      if (row.delegation !== undefined) total += row.people;
      for (const kind of ["delegation", "category", "reply", "registration"] as const) {
        const value = row[kind];
        if (value !== undefined) by[kind][value ?? ""] = (by[kind][value ?? ""] ?? 0) + row.people;
      }
    }
    if (isAll) {
      const registered = Object.values(by.registration).reduce((sum, people) => sum + people, 0);
      if (registered < total) by.registration[""] = total - registered;
    }
    return { total, by };
  });
}

type Counted = { people: number } & Readonly<
  Partial<Record<"delegation" | "category" | "reply" | "registration", string | null>>
>;

/** Everybody counts: an index knows all but the registrations, which are counted by themselves. */
function countsOfAll({ db }: Reader, { where }: Source): Array<Counted> {
  const invited = db.orm.all<Counted>(
    sql`select ${invitation.delegationId} as delegation, ${invitation.category} as category, ${invitation.reply} as reply,
        count(*) as people
      from ${invitation} indexed by invitation_counts where ${where} group by 1, 2, 3`,
  );
  const registered = db.orm.all<Counted>(
    sql`select ${registration.state} as registration, count(*) as people
      from ${invitation} join ${registration} on ${registration.invitationId} = ${invitation.id} where ${where} group by 1`,
  );
  return [...invited, ...registered];
}

/** How many people a view leaves. */
export function countRoster(ctx: Reader, view: RosterView, all = rosterColumns(ctx)): number {
  return remembered(ctx, ["total", view.any, view.search], () => {
    const source = sourceOf(ctx, view, all);
    if (source === null) return 0;
    // Without terms nothing but the invitations themselves is looked at: one index, whatever the size.
    const isAll = view.any.length === 0 && view.search === "";
    const from = isAll ? sql`${invitation} indexed by invitation_counts` : source.everybody;
    return (
      ctx.db.orm.get<{ people: number }>(sql`select count(*) as people from ${from} where ${source.where}`)
        ?.people ?? 0
    );
  });
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
  /** Whether `from` finds them in their order. */
  isWalked: boolean;
  where: SQL;
  order: ReadonlyArray<Key>;
};
type Key = { value: SQL; descending: boolean };

/*
 * Which table leads, and by which index, decides what a page costs: in the order of sort keys the cards do, in any other
 * the invitations as they were numbered, and for a word that many have the index of words. SQLite, which has no
 * statistics here, would now and then begin at the wrong end.
 */
const REST = sql`left join ${registration} on ${registration.invitationId} = ${invitation.id}
    join ${delegation} on ${delegation.id} = ${invitation.delegationId}`;
const JOINS = {
  bySortKey: sql`${person} cross join ${invitation} on ${invitation.personId} = ${person.id} ${REST}`,
  byInvitation: sql`${invitation} indexed by invitation_number cross join ${person} on ${person.id} = ${invitation.personId} ${REST}`,
};

function byWord(sideIds: ReadonlyArray<string>): SQL {
  return sql`${person} indexed by person_by_search
    cross join ${invitation} on ${invitation.personId} = ${person.id} and ${inArray(person.coHostId, [...sideIds])} ${REST}`;
}

/** Some people, by their invitations or cards: they lead, whatever SQLite thinks of its other ways. */
function these(key: typeof invitation.id | typeof invitation.personId, ids: ReadonlyArray<string>): SQL {
  return sql`json_each(${JSON.stringify(ids)}) wanted cross join ${invitation} on ${key} = wanted.value
    cross join ${person} on ${person.id} = ${invitation.personId} ${REST}`;
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
  const parts = [
    sql`${invitation.editionId} = ${ctx.scope.editionId}`,
    inArray(invitation.delegationId, delegationIds),
  ];
  if (view.any.length > 0) parts.push(anyOf(ctx, view.any, all));
  const words = wordsToFind(view.search);
  let found: ReadonlyArray<string> | null = null;
  if (words.length > 0) {
    const holds = sql.join(
      words.map((word) => sql`instr(${person.searchText}, ${word}) > 0`),
      sql` and `,
    );
    // That index alone is read: not the cards.
    const some = rememberedList(ctx, ["found", view.search], () =>
      ctx.db.orm
        .values<[string]>(
          sql`select ${person.id} from ${person} indexed by person_by_search
            where ${inArray(person.coHostId, [...ctx.scope.sideIds])} and ${holds} limit ${FEW + 1}`,
        )
        .map(([id]) => id),
    );
    if (some.length <= FEW) found = some;
    else parts.push(holds);
  }
  const everybody =
    found !== null
      ? these(invitation.personId, found)
      : words.length > 0
        ? byWord(ctx.scope.sideIds)
        : JOINS.byInvitation;
  const isWalked = order.length === 2 && order[0]?.value === SORT_KEY && found === null;
  return {
    from: isWalked ? JOINS.bySortKey : everybody,
    everybody,
    isWalked,
    where: sql.join(parts, sql` and `),
    order,
  };
}

const SORT_KEY = sql`${person.sortKey}`;
const TIE: Key = { value: sql`${person.id}`, descending: false };

function keysOf(view: RosterView, all: ReadonlyArray<ColumnWithValue>): Array<Key> {
  const grouped: Array<Key> =
    view.groupBy === null
      ? []
      : [
          { value: sql`${delegation.position}`, descending: false },
          { value: sql`${delegation.id}`, descending: false },
        ];
  const wanted = view.sort.flatMap((sort) => keysOfSort(sort, all));
  const named = wanted.length === 0 ? [{ value: SORT_KEY, descending: false }] : wanted;
  // A tie is broken in the direction of what it breaks, so that one index serves both ways.
  return [...grouped, ...named, { ...TIE, descending: named.every(({ descending }) => descending) }];
}

function keysOfSort(
  { column, way, descending }: RosterSort,
  all: ReadonlyArray<ColumnWithValue>,
): Array<Key> {
  switch (way) {
    case "pinyin":
      return [{ value: SORT_KEY, descending }];
    case "stroke":
      return [{ value: sql`strokes(${person.nameNative})`, descending }];
    case "latin":
      return [
        {
          value: sql`lower(case when ${person.familyLatin} = '' then ${person.nameLatin} else ${person.familyLatin} || ' ' || ${person.givenLatin} end)`,
          descending,
        },
      ];
    case "protocol":
      return [
        { value: sql`${delegation.position}`, descending },
        { value: sql`coalesce(${invitation.protocolOrder}, 1000000000)`, descending },
        { value: sql`${invitation.createdAt}`, descending },
        { value: sql`${invitation}.rowid`, descending },
      ];
    case "value": {
      const found = all.find(({ key }) => key === column);
      if (found === undefined) return [];
      if (found.key === "sortKey") return [{ value: SORT_KEY, descending }];
      return [{ value: sortable(found), descending }];
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
    )} from ${these(invitation.id, [invitationId])} where ${invitation.editionId} = ${ctx.scope.editionId}
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

function holds(ctx: Reader, { kind, value }: ColumnWithValue, { test, value: wanted }: RosterTerm): SQL {
  switch (test) {
    case "blank":
      return sql`coalesce(${value}, '') in ('', '[]')`;
    case "filled":
      return sql`coalesce(${value}, '') not in ('', '[]')`;
    case "is":
      return kind === "number" ? sql`${value} = ${Number(wanted)}` : sql`coalesce(${value}, '') = ${wanted}`;
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
  { from, where, order }: Pick<Source, "from" | "where" | "order">,
  { where: further, back, limit }: { where?: SQL | undefined; back: boolean; limit: number | null },
): Array<RosterRow> {
  const values = columns.map(({ value }) => sql`, ${value}`);
  const rows = db.orm.values<[string, string, string, string, string, string, string, ...Array<CellValue>]>(
    sql`select ${invitation.id}, ${person.id}, ${invitation.delegationId}, ${person.familyLatin}, ${person.givenLatin},
        ${person.nameLatin}, ${person.nameNative} ${sql.join(values)}
      from ${from} where ${where} ${further === undefined ? sql`` : sql`and ${further}`}
      ${order.length === 0 ? sql`` : sql`order by ${orderBy(order, back)}`} ${limit === null ? sql`` : sql`limit ${limit}`}`,
  );
  return rows.map(
    ([invitationId, personId, delegationId, familyLatin, givenLatin, nameLatin, nameNative, ...cells]) => ({
      invitationId,
      personId,
      delegationId,
      familyLatin,
      givenLatin,
      nameLatin,
      nameNative,
      cells,
    }),
  );
}
