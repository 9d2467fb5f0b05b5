import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { edition, exportFile, exportSide, exportTaking, staffPermission, user } from "#db/schema/index.ts";
import { DATA_CLASSES, type ExportFormat, type ExportLanguage, type ExportPurpose } from "#db/vocabulary.ts";
import type { StaffScope } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { type ColumnWithValue, rosterColumns } from "../roster/columns.server.ts";
import { countRoster } from "../roster/queries.server.ts";
import { type RosterView, rosterView } from "../roster/rules.ts";
import { columnsFor, type ExportState, exportState, mayExport, mayTake } from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "scope">;

/** How many people of each side a view leaves. */
export function countBySide(ctx: Reader, view: RosterView): Map<string, number> {
  return new Map(
    ctx.scope.sideIds.map((sideId) => {
      const own = { ...ctx, scope: { ...ctx.scope, sideIds: [sideId] } };
      return [sideId, countRoster(own, view)] as const;
    }),
  );
}

export function peopleOf(bySide: ReadonlyMap<string, number>): number {
  return [...bySide.values()].reduce((sum, people) => sum + people, 0);
}

/** What is told of an export in a list. Instants are epoch milliseconds. */
export type ExportFacts = {
  id: string;
  purpose: ExportPurpose;
  format: ExportFormat;
  language: ExportLanguage;
  people: number;
  madeAt: number;
  expiresAt: number;
  endedAt: number | null;
  state: ExportState;
  /** Names of colleagues; empty: nobody of this side any more. */
  by: string;
  takings: ReadonlyArray<ExportTaking>;
};

export type ExportTaking = { at: number; by: string; people: number; whole: boolean; sha256: string };

type Row = typeof exportFile.$inferSelect;

/** Enough for anybody to see what was taken lately; older ones are in the trail. */
const MOST_SHOWN = 60;

/**
 * The exports that a login may have to do with, the newest first.
 *
 * @param readers the login's scopes, each for what it may do on which sides.
 */
export function exportsPage(readers: ReadonlyArray<StaffContext>): Array<ExportFacts> {
  const [first] = readers;
  if (first === undefined) return [];
  const rows = first.db.orm
    .select()
    .from(exportFile)
    .where(thereFor(first.scope))
    .orderBy(desc(exportFile.madeAt), desc(exportFile.id))
    .limit(MOST_SHOWN)
    .all();
  return told(
    first,
    rows.filter((row) => readers.some((reader) => mayOpen(reader, row))),
  );
}

/** An export as its page shows it, and with which of the login's scopes it is opened. */
export type OpenedExport = { ctx: StaffContext; facts: ExportFacts; columns: ReadonlyArray<ColumnWithValue> };

/** One export, for who may see all that is in it; for everybody else it is not there. */
export function findExport(readers: ReadonlyArray<StaffContext>, exportId: string): OpenedExport | null {
  const [first] = readers;
  if (first === undefined) return null;
  const row = rowOf(first.db.orm, first, exportId);
  const ctx = row === undefined ? undefined : readers.find((reader) => mayOpen(reader, row));
  if (row === undefined || ctx === undefined) return null;
  const [facts] = told(ctx, [row]);
  return facts === undefined ? null : { ctx, facts, columns: storedColumns(ctx, row) };
}

/** Its columns that are still there. */
export function storedColumns(ctx: Reader, row: Pick<Row, "purpose" | "columns">): Array<ColumnWithValue> {
  const wanted = listOf(row.columns);
  const byKey = new Map(
    columnsFor(row.purpose, rosterColumns(ctx), ctx.scope).map((column) => [column.key, column]),
  );
  return wanted.flatMap((key) => byKey.get(key) ?? []);
}

export function storedView(row: Pick<Row, "view">): RosterView {
  return rosterView.parse(JSON.parse(row.view));
}

export function rowOf(orm: Orm, { scope }: Pick<StaffContext, "scope">, exportId: string): Row | undefined {
  return orm
    .select()
    .from(exportFile)
    .where(and(eq(exportFile.id, exportId), thereFor(scope)))
    .get();
}

/** Files of this edition with people of these sides and of no others. */
function thereFor({ editionId, sideIds }: StaffScope) {
  const sides = sql`select ${exportSide.coHostId} from ${exportSide} where ${exportSide.exportId} = ${exportFile.id}`;
  const own = inArray(exportSide.coHostId, [...sideIds]);
  return and(
    eq(exportFile.editionId, editionId),
    sql`exists (${sides} and ${own})`,
    sql`not exists (${sides} and not ${own})`,
  );
}

/** Whether this reader's sides are all those of the file, and nothing in it is beyond them. */
export function mayOpen({ db, scope }: Reader, row: Row): boolean {
  const sides = db.orm
    .select({ sideId: exportSide.coHostId })
    .from(exportSide)
    .where(eq(exportSide.exportId, row.id))
    .all();
  const known: ReadonlyArray<string> = listOf(row.classes);
  return (
    sides.length > 0 &&
    sides.every(({ sideId }) => scope.sideIds.includes(sideId)) &&
    mayExport(row.purpose, scope) &&
    DATA_CLASSES.filter((each) => known.includes(each)).every((each) => mayTake(each, scope))
  );
}

/** The reader's scope, cut to the sides of the file. */
export function scopeOf<Ctx extends Reader>(ctx: Ctx, exportId: string): Ctx {
  const sides = ctx.db.orm
    .select({ sideId: exportSide.coHostId })
    .from(exportSide)
    .where(eq(exportSide.exportId, exportId))
    .all()
    .map(({ sideId }) => sideId);
  return { ...ctx, scope: { ...ctx.scope, sideIds: ctx.scope.sideIds.filter((id) => sides.includes(id)) } };
}

function listOf(stored: string): Array<string> {
  const list: unknown = JSON.parse(stored);
  return Array.isArray(list) ? list.map(String) : [];
}

function told(ctx: StaffContext, rows: ReadonlyArray<Row>): Array<ExportFacts> {
  const { orm } = ctx.db;
  const takings = orm
    .select()
    .from(exportTaking)
    .where(
      inArray(
        exportTaking.exportId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(desc(exportTaking.at), desc(exportTaking.id))
    .all();
  const names = namesOf(ctx, [...rows.map(({ madeBy }) => madeBy), ...takings.map(({ by }) => by)]);
  const now = ctx.clock.now();
  return rows.map((row) => ({
    id: row.id,
    purpose: row.purpose,
    format: row.format,
    language: row.language,
    people: row.people,
    madeAt: row.madeAt,
    expiresAt: row.expiresAt,
    endedAt: row.endedAt,
    state: exportState(row, now),
    by: names.get(row.madeBy) ?? "",
    takings: takings
      .filter(({ exportId }) => exportId === row.id)
      .map(({ at, by, people, finishedAt, sha256 }) => ({
        at,
        by: names.get(by) ?? "",
        people,
        whole: finishedAt !== null,
        sha256,
      })),
  }));
}

/** Names of colleagues of these sides. */
function namesOf({ db, scope }: Reader, ids: ReadonlyArray<string>): Map<string, string> {
  const rows = db.orm
    .selectDistinct({ id: user.id, name: user.name })
    .from(user)
    .innerJoin(staffPermission, eq(staffPermission.userId, user.id))
    .where(and(inArray(user.id, [...new Set(ids)]), inArray(staffPermission.coHostId, [...scope.sideIds])))
    .all();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What stands on every file of an edition, whoever takes it. */
export type ExportHead = { editionEn: string; editionZh: string; timeZone: string };

export function exportHead({ db, scope }: Reader): ExportHead {
  const found = db.orm
    .select({ editionEn: edition.titleEn, editionZh: edition.titleZh, timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, scope.editionId))
    .get();
  if (found === undefined) throw new Error("A scope names an edition that does not exist");
  return found;
}
