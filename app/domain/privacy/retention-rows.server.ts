/**
 * How a place where data lies is told: which rows of which table are one side's people's, and what of them goes. What is
 * left empty is not found again, so a second purge finds nothing.
 */
import { and, eq, getTableColumns, isNotNull, ne, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  QueryBuilder,
  type SQLiteTable,
  type SQLiteUpdateSetSource,
} from "drizzle-orm/sqlite-core";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, edition, invitation } from "#db/schema/index.ts";
import type { RetentionKind } from "#db/vocabulary.ts";
import type { PurgePlace } from "./retention.ts";

export type Whose = { editionId: string; sideId: string };

/** Something that is still there: its row, and whose it is where it is one person's. */
export type Held = { row: string; invitationId: string | null; items: number };

/** Rows of a table: tells what they still hold of one side's people at one edition, and empties just that. */
export type Store = {
  find(orm: Orm, whose: Whose): Array<Held>;
  /** @param now epoch milliseconds. */
  empty(tx: Tx, whose: Whose, rows: ReadonlyArray<string>, now: number): void;
};

export type Place = Store & { kind: RetentionKind; place: PurgePlace };

/** A place, and the tables that it is spread over. What lies there of one row counts together. */
export function place(kind: RetentionKind, name: PurgePlace, ...stores: ReadonlyArray<Store>): Place {
  return {
    kind,
    place: name,
    find(orm, whose) {
      const together = new Map<string, Held>();
      for (const held of stores.flatMap((store) => store.find(orm, whose))) {
        const which = `${held.row} ${held.invitationId}`;
        together.set(which, { ...held, items: held.items + (together.get(which)?.items ?? 0) });
      }
      return [...together.values()];
    },
    empty(tx, whose, rows, now) {
      for (const store of stores) store.empty(tx, whose, rows, now);
    },
  };
}

type Step = readonly [table: SQLiteTable, on: SQL];

type Options<T extends SQLiteTable> = {
  /** What tells one of its rows from another; its id unless said, else whose it is. */
  row?: SQLWrapper;
  /** The tables that lie between it and its side, and how to get there. */
  through?: ReadonlyArray<Step>;
  /** That there are several ways from a row to its side: it counts once. */
  once?: true;
  /** Rows of it that this is not about stay whatever happens. */
  only?: SQL;
  /** What is left of a row instead of what it held; without it the row goes. */
  blank?: SQLiteUpdateSetSource<T>;
  /** When a row still holds something; unless said, when it is not yet as `blank` has it. */
  told?: SQL;
  /** How many things a row is. */
  items?: SQL<number>;
  /** What goes just before it, in other tables. */
  first?: (tx: Tx, rows: ReadonlyArray<string>, now: number) => void;
  /** The trigger that refuses this to everybody else. */
  lifts?: string;
};

type Way = {
  of: (whose: Whose) => SQL | undefined;
  invitationId: SQLWrapper;
  joins: ReadonlyArray<Step>;
};

const NOBODY = sql`null`;

/** What is somebody's: by the invitation that its rows name, or those of the table that they lead through. */
export function people<T extends SQLiteTable>(
  table: T & { invitationId: AnySQLiteColumn },
  options: Options<T> = {},
): Store {
  return peopleThrough(table, table.invitationId, options);
}

export function peopleThrough<T extends SQLiteTable>(
  table: T,
  invitationId: AnySQLiteColumn,
  options: Options<T>,
): Store {
  return store(table, options, {
    invitationId,
    of: ({ editionId, sideId }) => and(eq(invitation.editionId, editionId), eq(delegation.coHostId, sideId)),
    joins: [
      ...(options.through ?? []),
      [invitation, eq(invitation.id, invitationId)],
      [delegation, eq(delegation.id, invitation.delegationId)],
    ],
  });
}

type Sides = { editionId: AnySQLiteColumn; coHostId: AnySQLiteColumn };

/** What is a side's, by the columns that say whose: its own, or those of the table that it leads through. */
export function side<T extends SQLiteTable & Partial<Sides>>(
  table: T,
  options: Options<T> & { by?: Sides; invitationId?: AnySQLiteColumn } = {},
): Store {
  const editionId = options.by?.editionId ?? table.editionId;
  const coHostId = options.by?.coHostId ?? table.coHostId;
  if (editionId === undefined || coHostId === undefined)
    throw new Error("Nothing tells whose rows these are");
  return store(table, options, {
    invitationId: options.invitationId ?? NOBODY,
    of: (whose) => and(eq(editionId, whose.editionId), eq(coHostId, whose.sideId)),
    joins: options.through ?? [],
  });
}

/**
 * What belongs to all sides of an edition and goes with the host side's. `own` and `shared`: where only some of its rows
 * do, whose the others are and which they are.
 */
export function hostSide<T extends SQLiteTable>(
  table: T & { editionId: AnySQLiteColumn },
  options: Options<T> & { own?: AnySQLiteColumn; shared?: SQL } = {},
): Store {
  const { own, shared } = options;
  return store<T>(table, options, {
    invitationId: NOBODY,
    of: ({ editionId, sideId }) =>
      and(
        eq(edition.id, editionId),
        or(and(shared, eq(edition.hostSideId, sideId)), own === undefined ? undefined : eq(own, sideId)),
      ),
    joins: [[edition, eq(edition.id, table.editionId)]],
  });
}

function store<T extends SQLiteTable>(table: T, options: Options<T>, way: Way): Store {
  const { only, blank, first, lifts, items = sql<number>`1` } = options;
  const columns: Readonly<Record<string, AnySQLiteColumn>> = getTableColumns<SQLiteTable>(table);
  const key = options.row ?? columns.id ?? way.invitationId;
  const told = options.told ?? (blank === undefined ? undefined : notYet(columns, blank));
  return {
    find(orm, whose) {
      const columns = {
        row: sql<string>`cast((${key}) as text)`,
        invitationId: sql<string | null>`${way.invitationId}`,
        items,
      };
      const select = options.once ? orm.selectDistinct(columns) : orm.select(columns);
      let query = select.from<SQLiteTable>(table).$dynamic();
      for (const [joined, on] of way.joins) query = query.innerJoin(joined, on);
      return query.where(and(way.of(whose), only, told)).all();
    },
    empty(tx, _, rows, now) {
      const these = and(among(key, rows), only);
      first?.(tx, rows, now);
      lifting(tx, lifts, () => {
        if (blank === undefined) tx.delete(table).where(these).run();
        else tx.update(table).set(blank).where(these).run();
      });
    },
  };
}

/** Rows of which something is not yet as it is to be left. */
function notYet(
  columns: Readonly<Record<string, AnySQLiteColumn>>,
  blank: Readonly<Record<string, unknown>>,
): SQL | undefined {
  return or(
    ...Object.entries(columns)
      .filter(([name]) => name in blank)
      .map(([name, column]) => (blank[name] === null ? isNotNull(column) : ne(column, blank[name]))),
  );
}

/** Any number of rows: a list of parameters has an end. */
export function among(key: SQLWrapper, rows: ReadonlyArray<string>): SQL {
  return sql`${key} in (select value from json_each(${JSON.stringify(rows)}))`;
}

/** Whether there is such a row, in a condition that is written before there is a database. */
export function thereIs(table: SQLiteTable, where: SQL | undefined): SQL {
  return sql`exists ${new QueryBuilder().select({ one: sql`1` }).from(table).where(where)}`;
}

/**
 * Runs work that a trigger of the database refuses to everybody else. It stands again before the transaction ends; if the
 * work fails, it never happened that it was gone.
 */
function lifting(tx: Tx, name: string | undefined, work: () => void): void {
  if (name === undefined) {
    work();
    return;
  }
  const trigger = tx.get<{ sql: string } | undefined>(
    sql`select sql from sqlite_schema where type = 'trigger' and name = ${name}`,
  );
  if (trigger === undefined) throw new Error("A trigger that is to be lifted is not there");
  tx.run(sql.raw(`drop trigger "${name}"`));
  work();
  tx.run(sql.raw(trigger.sql));
}
