/**
 * An import: a table that somebody has, brought into a side's people of an edition. What its columns are is guessed from
 * the headings and corrected by hand; what each row would do is shown before anything is written; what was written can be
 * taken back.
 *
 * What always holds:
 * - a cell that is written is one that was shown, with what stood there before;
 * - a file is taken in one transaction, as it was chosen, or not at all;
 * - what is taken back stands as it stood before, unless somebody has changed it since.
 */
import { z } from "zod";
import { trimmed } from "../person/rules.ts";
import { columnKind, isOfPassport, kindAgain } from "./headings.ts";
import { type ColumnKind, isColumnKind } from "./kinds.ts";

/** As much as a form may bring. */
export const LARGEST_FILE = 768 * 1024;
export const MOST_ROWS = 1_000;
/** Columns beyond are left out, unless we know their headings. */
export const MOST_COLUMNS = 200;
/** Among so many rows the headings are looked for: above them may stand what the list is. */
const ROWS_OF_TITLES = 15;

/** A row as it came; `row` counts as the spreadsheet does. */
export type TableRow = {
  row: number;
  cells: ReadonlyArray<string>;
  /** Cells, by index, of a number so long that its last digits are lost. */
  cut: ReadonlyArray<number>;
};

export type FileTable = {
  /** In a workbook a row ends with its last cell that holds something; in a text it has as many as were typed. */
  kind: "text" | "workbook";
  rows: ReadonlyArray<TableRow>;
  /** How many columns there were besides those that are kept. */
  leftOut: number;
  /** Of a workbook: which sheet this is, which others hold something, and which of its rows nobody sees who opens it. */
  sheet?: { name: string; others: ReadonlyArray<string>; hidden?: ReadonlyArray<number> };
};

export const FINDS_BY = ["email", "number", "name", "phone", "own"] as const;
export type FindsBy = (typeof FINDS_BY)[number];

export const mappingSchema = z.object({
  /** The row of the headings, as the spreadsheet counts. */
  headingRow: z.number().int().min(0),
  /** What each column is; null: nothing. */
  columns: z
    .array(z.custom<ColumnKind>((kind) => typeof kind === "string" && isColumnKind(kind)).nullable())
    .max(MOST_COLUMNS * 2),
  /** By which of them people are found. */
  by: z.enum(FINDS_BY),
  /** With `own`: the question whose answer it is. */
  question: z.string().max(80).nullable().default(null),
  /** Whether an empty cell empties what stands there. */
  blanks: z.enum(["keep", "erase"]).default("keep"),
});
export type Mapping = z.output<typeof mappingSchema>;

/** What a column holds by its heading; null: unknown. */
export type KindOf = (heading: string) => ColumnKind | null;

/** Where the headings are: the row of which most cells are headings that we know; else the first. */
export function headingRowOf(table: FileTable, kindOf: KindOf = columnKind): number {
  return bestHeadings(table, kindOf).row;
}

/** How many headings that we know stand in one row. */
export function knownHeadings(table: FileTable, kindOf: KindOf = columnKind): number {
  return bestHeadings(table, kindOf).known;
}

function bestHeadings(table: FileTable, kindOf: KindOf): { row: number; known: number } {
  let best = { row: table.rows[0]?.row ?? 1, known: 0 };
  for (const { row, cells } of table.rows.slice(0, ROWS_OF_TITLES)) {
    const known = new Set(cells.map(kindOf).filter((kind) => kind !== null)).size;
    if (known > best.known) best = { row, known };
  }
  return best;
}

export function headingsOf(table: FileTable, headingRow: number): ReadonlyArray<string> {
  const cells = table.rows.find(({ row }) => row === headingRow)?.cells ?? [];
  const last = cells.findLastIndex((cell) => trimmed(cell) !== "");
  // Without a heading a column has people's words in it all the same.
  const widest = Math.max(
    last + 1,
    ...(table.kind === "workbook" ? table.rows.map((row) => row.cells.length) : []),
  );
  return Array.from({ length: Math.max(widest, cells.length) }, (_, n) => trimmed(cells[n] ?? ""));
}

/**
 * What the columns are by their headings. A heading that comes again is looked at by somebody, unless the first is of the
 * way there: then it is of the way back.
 */
export function guessMapping(
  table: FileTable,
  { headingRow, kindOf = columnKind }: { headingRow?: number; kindOf?: KindOf } = {},
): Mapping {
  const row = headingRow ?? headingRowOf(table, kindOf);
  const taken = new Set<ColumnKind>();
  const kinds = headingsOf(table, row).map((heading) => (isOfPassport(heading) ? null : kindOf(heading)));
  const columns = kinds.map((kind) => {
    const again = kind !== null && taken.has(kind) ? kindAgain(kind) : kind;
    if (again === null || taken.has(again) || (again !== kind && kinds.includes(again))) return null;
    taken.add(again);
    return again;
  });
  return { headingRow: row, columns, by: usualKey(columns), question: null, blanks: "keep" };
}

/** By which column people are found unless somebody says otherwise: the surest there is. */
export function usualKey(columns: ReadonlyArray<ColumnKind | null>): FindsBy {
  if (columns.includes("number")) return "number";
  return columns.includes("email") || !columns.some((kind) => kind !== null && NAMES.has(kind))
    ? "email"
    : "name";
}

export const NAMES: ReadonlySet<ColumnKind> = new Set<ColumnKind>([
  "family",
  "given",
  "name",
  "familyLatin",
  "givenLatin",
  "nameLatin",
  "familyNative",
  "givenNative",
  "nameNative",
]);

export type MappingProblem = "twice" | "noKey" | "noQuestion" | "nothing";

/** Why a mapping says nothing that could be imported; null: it does. */
export function mappingProblem({ columns, by, question }: Mapping): MappingProblem | null {
  const kinds = columns.filter((kind) => kind !== null);
  if (new Set(kinds).size < kinds.length) return "twice";
  if (kinds.length === 0) return "nothing";
  if (by === "own" && (question === null || !kinds.includes("own"))) return "noQuestion";
  const isThere = by === "name" ? kinds.some((kind) => NAMES.has(kind)) : kinds.includes(by);
  return isThere ? null : "noKey";
}

/** Whether somebody has to say what the columns are before anything can be shown. */
export function needsHand(table: FileTable, mapping: Mapping): boolean {
  const headings = headingsOf(table, mapping.headingRow);
  return (
    mappingProblem(mapping) !== null ||
    headings.some((heading, n) => heading !== "" && (mapping.columns[n] ?? null) === null)
  );
}
