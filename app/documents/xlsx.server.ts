/*
 * Workbooks that lose nothing: what is text stays text (an 18-digit number, a leading zero, `=cmd`), a day is a real
 * date, and no cell is ever a formula. Written as a stream, because an export may be long; read with a limit on
 * everything, because what is imported came from somewhere.
 */
import { readXlsx as readWorkbook, streamXlsxRows, writeXlsxStream } from "hucre/xlsx";

/** Text, a number to be reckoned with, a day `YYYY-MM-DD`, or nothing. A number that is a name (a passport's) is text. */
export type SheetCell = string | number | { day: string } | null;

export type SheetColumn = {
  heading: string;
  /** In characters. */
  width?: number;
  /** What its cells are. In a column of days or numbers a text (“not yet issued”) may stand as well. */
  kind?: "text" | "day" | "number";
};

export type Sheet = {
  name: string;
  columns: ReadonlyArray<SheetColumn>;
  /** Lines above the headings, each a text in the first column: whose list this is, as of when. */
  above?: ReadonlyArray<string>;
  rows: Iterable<ReadonlyArray<SheetCell>> | AsyncIterable<ReadonlyArray<SheetCell>>;
};

/** `@` is a spreadsheet's own word for text: what is typed into such a cell later is not run either. */
const FORMATS = { text: "@", day: "yyyy-mm-dd", number: "0.##########" } as const;

/** The workbook, row by row as they are taken: its memory does not grow with the rows. Same rows, same bytes. */
export function xlsxStream(sheet: Sheet): ReadableStream<Uint8Array> {
  return writeXlsxStream(lines(sheet), {
    name: sheetName(sheet.name),
    columns: sheet.columns.map(({ width = 18, kind = "text" }) => ({ width, numFmt: FORMATS[kind] })),
    freezePane: { rows: (sheet.above?.length ?? 0) + 1 },
    repeatHeaders: false,
  });
}

/** A short one, whole. */
export async function xlsxBytes(sheet: Sheet): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(xlsxStream(sheet)).arrayBuffer());
}

function lines(sheet: Sheet) {
  return Symbol.iterator in sheet.rows ? linesNow(sheet, sheet.rows) : linesLater(sheet, sheet.rows);
}

/** Without a promise for every row, which would take as long as the row itself. */
function* linesNow(sheet: Sheet, rows: Iterable<ReadonlyArray<SheetCell>>) {
  yield* head(sheet);
  for (const row of rows) yield row.map(value);
}

async function* linesLater(sheet: Sheet, rows: AsyncIterable<ReadonlyArray<SheetCell>>) {
  yield* head(sheet);
  for await (const row of rows) yield row.map(value);
}

function head({ above = [], columns }: Sheet): Array<Array<string>> {
  return [...above.map((line) => [text(line)]), columns.map(({ heading }) => text(heading))];
}

function value(cell: SheetCell): string | number | Date | null {
  if (typeof cell === "string") return cell === "" ? null : text(cell);
  if (cell === null || typeof cell === "number") return cell;
  const day = dayOf(cell.day);
  // Spreadsheets begin in 1900, and count a day too many until March of that year.
  return day === null || cell.day < "1900-03-01" ? text(cell.day) : day;
}

function dayOf(day: string): Date | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : null;
  return at === null || Number.isNaN(at.getTime()) ? null : at;
}

/** A spreadsheet has no room for more in a cell, and calls a workbook broken that has. */
const LONGEST_CELL = 32_767;

/**
 * Readers take `_x0041_` for an A unless its first mark is written so itself. Half a character is none, and two that are no
 * characters at all would make the whole workbook unreadable.
 */
function text(raw: string): string {
  const whole = raw.length > LONGEST_CELL ? `${raw.slice(0, LONGEST_CELL - 1)}…` : raw;
  return whole
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/_(?=x[0-9a-fA-F]{4}_)/g, "_x005F_");
}

/** Spreadsheets refuse some signs in a name, and more than 31 of them. */
function sheetName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\\/?*[\]:\p{Cc}]/gu, " ")
    .replace(/^'+|'+$/g, "")
    .trim();
  return [...clean].slice(0, 15).join("") || "1";
}

/** Larger than any list of people with their posts; a file beyond it is the wrong file. */
const LARGEST_WORKBOOK = 2 * 1024 * 1024;
const LARGEST_UNPACKED = 32 * 1024 * 1024;

export type SheetProblem = "empty" | "tooLarge" | "tooManyRows" | "unreadable" | "encrypted";

/** `row` counts as the spreadsheet does. `cells` are trimmed of nothing; days are `YYYY-MM-DD`. */
export type SheetRow = {
  row: number;
  cells: ReadonlyArray<string>;
  /**
   * Cells, by index, whose number is longer than spreadsheets keep: its last digits may have been lost before the file
   * came here. Somebody has to look.
   */
  cut: ReadonlyArray<number>;
};

export type SheetInBook = { name: string; isHidden: boolean };

/** The sheets of a workbook, in their order. Nothing in them is read. */
export async function sheetsOf(
  bytes: Uint8Array,
): Promise<{ ok: true; sheets: Array<SheetInBook> } | { ok: false; problem: SheetProblem }> {
  const problem = outside(bytes);
  if (problem !== null) return { ok: false, problem };
  const sheets: Array<SheetInBook> = [];
  try {
    await readWorkbook(bytes, {
      sheets: ({ name, hidden, veryHidden }) => {
        sheets.push({ name, isHidden: hidden === true || veryHidden === true });
        return false;
      },
    });
  } catch {
    return { ok: false, problem: "unreadable" };
  }
  return sheets.length === 0 ? { ok: false, problem: "empty" } : { ok: true, sheets };
}

/** The rows of a sheet that a filter or somebody hides, as the spreadsheet counts. Nothing where it cannot be read. */
export async function hiddenRowsOf(bytes: Uint8Array, sheet: number): Promise<ReadonlySet<number>> {
  if (outside(bytes) !== null) return new Set();
  try {
    const book = await readWorkbook(bytes, {
      sheets: ({ index }) => index === sheet,
      maxRows: MOST_WRITTEN_ROWS,
    });
    const rows = [...(book.sheets[0]?.rowDefs ?? [])];
    return new Set(rows.flatMap(([index, { hidden }]) => (hidden === true ? [index + 1] : [])));
  } catch {
    return new Set();
  }
}

/** What keeps a file from being unpacked at all. */
function outside(bytes: Uint8Array): SheetProblem | null {
  if (bytes.length > LARGEST_WORKBOOK) return "tooLarge";
  // The old container: a workbook under a password, or one of before 2007.
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) return "encrypted";
  const unpacked = unpackedSize(bytes);
  if (unpacked === null) return "unreadable";
  return unpacked > LARGEST_UNPACKED ? "tooLarge" : null;
}

/** Rows that a spreadsheet wrote because they have a border or a colour count too. */
const MOST_WRITTEN_ROWS = 50_000;

/** A sheet, unless told which the first, as text. Of a formula what it last came to is read; it is never reckoned. */
export async function readXlsx(
  bytes: Uint8Array,
  {
    mostRows = 1_000,
    mostColumns = 100,
    sheet = 0,
  }: { mostRows?: number; mostColumns?: number; sheet?: number } = {},
): Promise<{ ok: true; rows: Array<SheetRow> } | { ok: false; problem: SheetProblem }> {
  const problem = outside(bytes);
  if (problem !== null) return { ok: false, problem };
  const rows: Array<SheetRow> = [];
  let written = 0;
  try {
    for await (const { index, values } of streamXlsxRows(bytes, { maxRows: MOST_WRITTEN_ROWS, sheet })) {
      written += 1;
      // What stands beyond must not be left out without a word.
      if (written === MOST_WRITTEN_ROWS) return { ok: false, problem: "tooManyRows" };
      const cells = values.slice(0, mostColumns).map(readCell);
      if (cells.every((cell) => cell.trim() === "")) continue;
      if (rows.length === mostRows) return { ok: false, problem: "tooManyRows" };
      const cut = values.flatMap((one, n) =>
        typeof one === "number" && Math.abs(one) >= 1e15 && n < mostColumns ? [n] : [],
      );
      rows.push({ row: index + 1, cells, cut });
    }
  } catch {
    return { ok: false, problem: "unreadable" };
  }
  return rows.length === 0 ? { ok: false, problem: "empty" } : { ok: true, rows };
}

function readCell(cell: string | number | boolean | Date | null): string {
  if (cell === null) return "";
  if (cell instanceof Date) return readDate(cell);
  if (typeof cell === "number") return Number.isInteger(cell) ? BigInt(cell).toString() : String(cell);
  return typeof cell === "string" ? cell : cell ? "TRUE" : "FALSE";
}

/** A day, with its clock time only where there is one. Workbooks keep a time as a fraction of a day: 14:05 may be 14:04:59.999. */
function readDate(cell: Date): string {
  if (Number.isNaN(cell.getTime())) return "";
  const at = new Date(Math.round(cell.getTime() / 1000) * 1000);
  const [day = "", time = ""] = at.toISOString().split("T");
  return time.startsWith("00:00:00") ? day : `${day} ${time.slice(0, 5)}`;
}

/**
 * What the parts of the archive say they unpack to, together; null when this is no archive. The reader unpacks no part
 * beyond what it says of itself, so a bomb is seen before it goes off.
 */
function unpackedSize(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let end = bytes.length - 22; end >= Math.max(0, bytes.length - 65_557); end -= 1) {
    if (view.getUint32(end, true) !== 0x06054b50) continue;
    let at = view.getUint32(end + 16, true);
    let total = 0;
    for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
      if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return null;
      const packed = view.getUint32(at + 20, true);
      const unpacked = view.getUint32(at + 24, true);
      // A part that says it is empty and is not would be unpacked without a limit.
      if (packed > 2 && unpacked === 0) return null;
      total += unpacked;
      at +=
        46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return total;
  }
  return null;
}
