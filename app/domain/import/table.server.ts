/** What a file is, whoever saved it: text in any of the usual encodings, or a workbook. */
import { hiddenRowsOf, readXlsx, type SheetProblem, sheetsOf } from "../../documents/xlsx.server.ts";
import { trimmed } from "../person/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { decodeText, parseRows } from "./csv.server.ts";
import { columnKind } from "./headings.ts";
import {
  type FileTable,
  knownHeadings,
  LARGEST_FILE,
  MOST_COLUMNS,
  MOST_ROWS,
  type TableRow,
} from "./rules.ts";

/** Rows above the headings. */
const SPARE_ROWS = 50;
const LARGEST_WIDTH = 16_384;

export type FileProblem = SheetProblem | "quotes";

/** The table in a file, or why there is none. Nothing in it is run, reckoned or fetched. */
export async function readTable(bytes: Uint8Array): Promise<Result<FileTable, FileProblem>> {
  if (bytes.byteLength > LARGEST_FILE) return refused("tooLarge");
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const isOldWorkbook = bytes[0] === 0xd0 && bytes[1] === 0xcf;
  const read = isArchive || isOldWorkbook ? await workbook(bytes) : text(bytes);
  if (!read.ok) return read;
  const { rows, ...rest } = read.value;
  if (rows.length < 2) return refused("empty");
  if (rows.length > MOST_ROWS + SPARE_ROWS) return refused("tooManyRows");
  const narrow = narrowed(rows);
  const cells = narrow.rows.reduce(
    (sum, row) => sum + row.cells.reduce((more, cell) => more + cell.length, 0),
    0,
  );
  // What a workbook unpacks to may be many times as large as it was.
  return cells > 4 * LARGEST_FILE ? refused("tooLarge") : ok({ ...rest, ...narrow });
}

type Rows = { kind: FileTable["kind"]; rows: Array<TableRow>; sheet?: NonNullable<FileTable["sheet"]> };

/** Looked through for the list; more are no list of people. */
const MOST_SHEETS = 12;

/** The first sheet whose headings we know, of those that somebody sees who opens it; else the first that holds a table. */
async function workbook(bytes: Uint8Array): Promise<Result<Rows, FileProblem>> {
  const book = await sheetsOf(bytes);
  if (!book.ok) return refused(book.problem);
  const all = book.sheets.map(({ name, isHidden }, at) => ({ name, isHidden, at }));
  const seen = all.some(({ isHidden }) => !isHidden) ? all.filter(({ isHidden }) => !isHidden) : all;
  const limits = { mostRows: MOST_ROWS + SPARE_ROWS, mostColumns: LARGEST_WIDTH };
  const found: Array<{ name: string; at: number; rows: Array<TableRow> }> = [];
  let problem: SheetProblem | null = null;
  for (const { name, at } of seen.slice(0, MOST_SHEETS)) {
    const read = await readXlsx(bytes, { ...limits, sheet: at });
    if (read.ok) found.push({ name, at, rows: read.rows });
    else if (read.problem !== "empty") problem ??= read.problem;
  }
  const list =
    found.find(({ rows }) => rows.length > 1 && knownHeadings({ kind: "workbook", rows, leftOut: 0 }) > 1) ??
    found.find(({ rows }) => rows.length > 1) ??
    found[0];
  if (problem !== null && list === undefined) return refused(problem);
  if (list === undefined) return refused("empty");
  const others = found.filter((one) => one !== list).map(({ name }) => name);
  const isHidden = await hiddenRowsOf(bytes, list.at);
  const hidden = list.rows.flatMap(({ row }) => (isHidden.has(row) ? [row] : []));
  return ok({ kind: "workbook", rows: list.rows, sheet: { name: list.name, others, hidden } });
}

function text(bytes: Uint8Array): Result<Rows, FileProblem> {
  const decoded = decodeText(bytes);
  if (decoded === null) return refused("unreadable");
  const parsed = parseRows(decoded.text);
  if (!parsed.ok) return refused(parsed.problem);
  const rows = parsed.rows
    .map((cells, index) => ({
      row: index + 1,
      cells,
      cut: cells.flatMap((cell, n) => (isCut(cell) ? [n] : [])),
    }))
    .filter(({ cells }) => cells.some((cell) => trimmed(cell) !== ""));
  return ok({ kind: "text", rows });
}

/** `1.38001E+10`: what a spreadsheet wrote where a long number stood. */
function isCut(cell: string): boolean {
  return /^[+-]?\d(?:[.,]\d+)?E\+\d+$/i.test(cell.trim());
}

/** At most so many columns: those whose headings we know, and the first others that hold something. */
function narrowed(rows: ReadonlyArray<TableRow>): Omit<FileTable, "kind"> {
  const width = Math.max(...rows.map(({ cells }) => cells.length));
  if (width <= MOST_COLUMNS) return { rows, leftOut: 0 };
  const filled = new Set<number>();
  const known = new Set<number>();
  for (const { cells } of rows)
    for (const [n, cell] of cells.entries()) {
      if (trimmed(cell) === "") continue;
      filled.add(n);
      if (known.size < MOST_COLUMNS && columnKind(cell) !== null) known.add(n);
    }
  const others = [...filled].filter((n) => !known.has(n)).sort((a, b) => a - b);
  const kept = [...known, ...others.slice(0, MOST_COLUMNS - known.size)].sort((a, b) => a - b);
  return {
    rows: rows.map(({ row, cells, cut }) => ({
      row,
      cells: kept.flatMap((n) => (n < cells.length ? [cells[n] ?? ""] : [])),
      cut: kept.flatMap((n, at) => (cut.includes(n) ? [at] : [])),
    })),
    leftOut: filled.size - kept.length,
  };
}
