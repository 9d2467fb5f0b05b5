/** Reading a table that somebody saved with Excel, Numbers or WPS, in whatever encoding and with whatever separator. */
import { CsvError, parse } from "csv-parse/sync";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030";

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

/** Excel's, Unix's, and the old Macintosh's; a file that was put together of several has all of them. */
const LINE_ENDS = ["\r\n", "\n", "\r"];

/** The rows of a text, as they are: with too few or too many cells, and the empty ones. Null where a quote stays open. */
export function parseRows(
  text: string,
): { ok: true; rows: Array<Array<string>> } | { ok: false; problem: "quotes" | "unreadable" } {
  const content = text.replace(/^\ufeff/, "");
  try {
    const rows = parse(content, {
      delimiter: separatorOf(content),
      record_delimiter: LINE_ENDS,
      relax_column_count: true,
      relax_quotes: true,
    });
    return { ok: true, rows };
  } catch (error) {
    const isOpen = error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED";
    return { ok: false, problem: isOpen ? "quotes" : "unreadable" };
  }
}

type Separator = "," | ";" | "\t";

/** The separator that the first lines have most of, outside quotes: above the headings may stand a title. */
function separatorOf(content: string): Separator {
  const lines = content.slice(0, 20_000).split(/\r\n|\n|\r/, 15);
  const bare = lines.map((line) => line.replaceAll(/"[^"]*"/g, ""));
  const most = (separator: Separator) => Math.max(...bare.map((line) => line.split(separator).length));
  if (most("\t") > Math.max(most(","), most(";"))) return "\t";
  return most(";") > most(",") ? ";" : ",";
}
