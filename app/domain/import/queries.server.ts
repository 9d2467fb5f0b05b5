import { and, asc, count, desc, eq, inArray, isNotNull } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { invitation, person, rosterCell, rosterImport, rosterImportRow, user } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { trimmed, visible } from "../person/rules.ts";
import type { Question, Words } from "../registration/definition.ts";
import { rosterColumns } from "../roster/columns.server.ts";
import { rosterRows } from "../roster/queries.server.ts";
import { listedQuestions } from "./answers.server.ts";
import { besideKinds, besideNow, isBeside } from "./beside.server.ts";
import { CARD_COLUMNS } from "./cells.ts";
import { planDigest } from "./commands.server.ts";
import { type FileInList, isRemembered, requestOf, waitingFile, waitingFiles } from "./files.server.ts";
import { CARD_KINDS, type ColumnKind } from "./kinds.ts";
import { type ImportPlan, kindFinder, planImport } from "./plan.server.ts";
import { guessMapping, headingsOf, type Mapping, type MappingProblem, mappingProblem } from "./rules.ts";
import { untouched } from "./undo.server.ts";

/** An import of which something can still be taken back. */
export type PastImport = { id: string; at: number; by: string; rows: number; made: number; cells: number };

/** What is going on: files that wait, and imports that can be taken back. */
export function importsOf(ctx: StaffContext): { waiting: Array<FileInList>; past: Array<PastImport> } {
  const waiting = waitingFiles(ctx).map((file) => ({ ...file, by: nameOfLogin(ctx.db.orm, file.by) }));
  return { waiting, past: pastImports(ctx) };
}

/** This side's imports, newest first. */
function pastImports(ctx: StaffContext): Array<PastImport> {
  const found = ctx.db.orm
    .select()
    .from(rosterImport)
    .where(isMine(ctx))
    .orderBy(desc(rosterImport.at), desc(rosterImport.id))
    .limit(50)
    .all();
  return found.map((row) => counted(ctx.db.orm, row));
}

function isMine({ scope }: StaffContext) {
  return and(eq(rosterImport.editionId, scope.editionId), inArray(rosterImport.coHostId, [...scope.sideIds]));
}

function counted(orm: Orm, row: typeof rosterImport.$inferSelect): PastImport {
  const made = orm
    .select({ rows: count() })
    .from(rosterImportRow)
    .where(and(eq(rosterImportRow.importId, row.id), isNotNull(rosterImportRow.made)))
    .get();
  const cells = orm
    .select({ rows: count() })
    .from(rosterCell)
    .where(eq(rosterCell.changeId, row.changeId ?? ""))
    .get();
  const { id, at, rows } = row;
  const by = nameOfLogin(orm, row.by);
  return { id, at, by, rows, made: made?.rows ?? 0, cells: cells?.rows ?? 0 };
}

/** Who did something; the id of a login that is gone, or of an operator. */
function nameOfLogin(orm: Orm, id: string): string {
  return orm.select({ name: user.name }).from(user).where(eq(user.id, id)).get()?.name ?? id;
}

type Who = { invitationId: string; nameLatin: string; nameNative: string };

export type ImportDetails = PastImport & {
  /** Whom it made: the card too, or the invitation alone; and whether that could be taken back. */
  people: ReadonlyArray<Who & { made: "person" | "invitation"; isUntouched: boolean }>;
  /** What it changed, and what stands there now. */
  changes: ReadonlyArray<Who & { column: string; before: string; after: string; now: string }>;
};

/** An import of this side, with what is left of it; null when there is none. */
export function importDetails(ctx: StaffContext, importId: string): ImportDetails | null {
  const { orm } = ctx.db;
  const found = orm
    .select()
    .from(rosterImport)
    .where(and(eq(rosterImport.id, importId), isMine(ctx)))
    .get();
  if (found === undefined) return null;
  const who = { invitationId: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative };
  const made = orm
    .select({ ...who, made: rosterImportRow.made, digest: rosterImportRow.digest })
    .from(rosterImportRow)
    .innerJoin(invitation, eq(invitation.id, rosterImportRow.invitationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(and(eq(rosterImportRow.importId, importId), isNotNull(rosterImportRow.made)))
    .orderBy(asc(invitation.number))
    .all();
  const cells = orm
    .select({ ...who, column: rosterCell.column, before: rosterCell.before, after: rosterCell.after })
    .from(rosterCell)
    .innerJoin(invitation, eq(invitation.id, rosterCell.invitationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(eq(rosterCell.changeId, found.changeId ?? ""))
    .orderBy(asc(invitation.number))
    .all();
  const now = valuesNow(
    ctx,
    cells.filter(({ column }) => !isBeside(column)),
  );
  const besides = besideNow(
    ctx,
    cells.filter(({ column }) => isBeside(column)),
  );
  const people = made.flatMap(({ made, ...one }) => (made === null ? [] : [{ ...one, made }]));
  const free = untouched(orm, ctx, people);
  return {
    ...counted(orm, found),
    people: people.map(({ digest: _, ...one }) => ({ ...one, isUntouched: free.has(one.invitationId) })),
    // A note is for those alone who may read notes.
    changes: cells.flatMap((cell) => {
      const value =
        now.get(cell.column)?.get(cell.invitationId) ?? besides.get(cell.invitationId)?.get(cell.column);
      return value === undefined ? [] : [{ ...cell, now: value }];
    }),
  };
}

function valuesNow(
  ctx: StaffContext,
  cells: ReadonlyArray<{ invitationId: string; column: string }>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const wanted = new Set(cells.map(({ column }) => column));
  const columns = rosterColumns(ctx).filter(({ key }) => wanted.has(key));
  const rows = rosterRows(ctx, columns, [...new Set(cells.map(({ invitationId }) => invitationId))]);
  return new Map(
    columns.map(({ key }, n) => [
      key,
      new Map(rows.map(({ invitationId, cells }) => [invitationId, String(cells[n] ?? "")])),
    ]),
  );
}

export type ColumnOfFile = { heading: string; samples: ReadonlyArray<string> };

export type ColumnsPage = {
  mapping: Mapping;
  columns: ReadonlyArray<ColumnOfFile>;
  /** Rows in which the headings may stand. */
  heads: ReadonlyArray<{ row: number; text: string }>;
  /** Where the mapping comes from: the side said it, or the headings do. */
  from: "headings" | "remembered";
  kinds: ReadonlyArray<ColumnKind>;
  /** The edition's own questions that a list may answer. */
  asked: ReadonlyArray<Question>;
  /** Questions by whose answers people can be found. */
  questions: ReadonlyArray<{ key: string; title: Words }>;
  problem: MappingProblem | null;
};

const SAMPLES = 3;
const ROWS_OF_HEADS = 15;

/**
 * What the columns of a file are; null when there is no such file.
 *
 * @param headingRow another row of headings: what the columns are is guessed from it.
 */
export function columnsPage(
  ctx: StaffContext,
  { fileId, headingRow = null }: { fileId: string; headingRow?: number | null },
): ColumnsPage | null {
  const file = waitingFile(ctx, fileId);
  if (file === null) return null;
  const { table } = file;
  const mapping =
    headingRow === null ? file.mapping : guessMapping(table, { headingRow, kindOf: kindFinder(ctx) });
  const below = table.rows.filter(({ row }) => row > mapping.headingRow);
  const offered = rosterColumns(ctx);
  const editable = new Set(offered.flatMap(({ key, editable }) => (editable ? [key] : [])));
  const cells: ReadonlyArray<string> = CARD_COLUMNS;
  return {
    mapping,
    columns: headingsOf(table, mapping.headingRow).map((heading, n) => ({
      heading: visible(heading),
      samples: samplesOf(below.map(({ cells }) => cells[n] ?? "")),
    })),
    heads: table.rows.slice(0, ROWS_OF_HEADS).map(({ row, cells }) => ({
      row,
      text: visible(cells.filter((cell) => trimmed(cell) !== "").join(" · ")),
    })),
    from: headingRow === null && isRemembered(ctx, file) ? "remembered" : "headings",
    kinds: [...CARD_KINDS.filter((kind) => !cells.includes(kind) || editable.has(kind)), ...besideKinds(ctx)],
    asked: listedQuestions(ctx),
    questions: offered.flatMap(({ key, group, kind, title }) =>
      group === "own" && kind === "text" && title !== null ? [{ key: key.slice("own:".length), title }] : [],
    ),
    problem: mappingProblem(mapping),
  };
}

/** The first that are not empty, each once. */
function samplesOf(cells: ReadonlyArray<string>): Array<string> {
  const found = new Set<string>();
  for (const cell of cells) {
    if (trimmed(cell) !== "") found.add(visible(trimmed(cell), 40));
    if (found.size === SAMPLES) break;
  }
  return [...found];
}

export type RowsPage = ImportPlan & {
  digest: string;
  /** The edition's own questions that a list may answer: for the words of their answers. */
  asked: ReadonlyArray<Question>;
};

/** What each row of a file would do; null when there is no such file. */
export function rowsPage(ctx: StaffContext, fileId: string): RowsPage | null {
  const file = waitingFile(ctx, fileId);
  const plan = file === null ? null : planImport(ctx, requestOf(file));
  return plan?.ok
    ? { ...plan.value, digest: planDigest(ctx, plan.value), asked: listedQuestions(ctx) }
    : null;
}
