/** Reading a table that somebody saved with Excel, Numbers or WPS, in whatever encoding and with whatever separator. */
import { CsvError, parse } from "csv-parse/sync";

/** More than any address list of a dialogue; a file beyond it is the wrong file. */
export const LARGEST_FILE = 256 * 1024;
const MOST_ROWS = 1_000;

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030";

/** `rows` start below the headings; `row` counts as the spreadsheet does, the headings being row 1. */
export type Table = {
  separator: "," | ";" | "\t";
  headings: ReadonlyArray<string>;
  rows: ReadonlyArray<{ row: number; cells: ReadonlyArray<string> }>;
};

export type FileProblem = "empty" | "tooLarge" | "tooManyRows" | "unreadable" | "quotes";

/** The text in a file: by its byte-order mark, else as UTF-8 if it is valid, else as GB18030, which Chinese Excel writes. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: Encoding } | null {
  const encoding = markedEncoding(bytes);
  if (encoding !== null) return decoded(bytes, encoding);
  return decoded(bytes, "utf-8") ?? decoded(bytes, "gb18030");
}

function markedEncoding(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

function decoded(bytes: Uint8Array, encoding: Encoding): { text: string; encoding: Encoding } | null {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch {
    return null;
  }
}

/** The table in a text. Rows with too few or too many cells are given as they are; empty rows are left out. */
export function parseTable(text: string): { ok: true; table: Table } | { ok: false; problem: FileProblem } {
  if (text.length > LARGEST_FILE) return { ok: false, problem: "tooLarge" };
  const content = text.replace(/^\ufeff/, "");
  const separator = separatorOf(content);
  let records: Array<Array<string>>;
  try {
    records = parse(content, { delimiter: separator, relax_column_count: true, relax_quotes: true });
  } catch (error) {
    return {
      ok: false,
      problem: error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED" ? "quotes" : "unreadable",
    };
  }
  const [headings, ...below] = records;
  const rows = below
    .map((cells, index) => ({ row: index + 2, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  if (headings === undefined || rows.length === 0) return { ok: false, problem: "empty" };
  if (rows.length > MOST_ROWS) return { ok: false, problem: "tooManyRows" };
  return { ok: true, table: { separator, headings, rows } };
}

/** The separator that the line of headings has most of, outside quotes. */
function separatorOf(content: string): Table["separator"] {
  const line = (/^[^\r\n]*/.exec(content)?.[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const count = (separator: string) => line.split(separator).length;
  if (count("\t") > Math.max(count(","), count(";"))) return "\t";
  return count(";") > count(",") ? ";" : ",";
}
