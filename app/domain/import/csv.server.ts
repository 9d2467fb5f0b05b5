/** Reading a table that somebody saved with Excel, Numbers or WPS, in whatever encoding and with whatever separator. */
import { CsvError, parse } from "csv-parse/sync";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030" | "big5" | "windows-1252" | "macintosh";

/**
 * The text in a file: by its byte-order mark, by the zeros of Latin letters in two bytes, or as UTF-8 if it is valid; else as
 * what spreadsheets write who know no UTF-8, on a Chinese computer or on a Western one.
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: Encoding } | null {
  const encoding = markedEncoding(bytes) ?? encodingByZeros(bytes);
  if (encoding !== null) return decoded(bytes, encoding);
  return decoded(bytes, "utf-8") ?? decoded(bytes, legacyEncoding(bytes));
}

function markedEncoding(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** Separators and line ends alone make many zeros, nearly all of them in the same half of each pair. */
function encodingByZeros(bytes: Uint8Array): Encoding | null {
  const zeros = [0, 0];
  for (const [n, byte] of bytes.entries()) if (byte === 0) zeros[n % 2] = (zeros[n % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd < bytes.length / 50) return null;
  if (even * 3 < odd) return "utf-16le";
  return odd * 3 < even ? "utf-16be" : null;
}

/**
 * Chinese characters have two bytes or four, of which the first is no letter, and stand beside one another; accents stand
 * alone among letters. Of the set of Taiwan and Hong Kong the commonest characters lie elsewhere than of the mainland's, and
 * none begins as low as the mainland's rarer ones do.
 */
function legacyEncoding(bytes: Uint8Array): Encoding {
  let [pairs, alone, inRow, mainland, traditional] = [0, 0, 0, 0, 0];
  for (let n = 0; n < bytes.length; n += 1) {
    const [byte = 0, next = 0] = [bytes[n], bytes[n + 1]];
    if (byte < 0x80) continue;
    if (next < 0x80) alone += 1;
    else pairs += 1;
    if (next < 0x40) continue;
    n += 1;
    if ((bytes[n + 1] ?? 0) >= 0x80) inRow += 1;
    if (byte < 0xa1) mainland += bytes.length;
    if (byte >= 0xb0 && byte <= 0xd7 && next >= 0xa1) mainland += 1;
    if (byte >= 0xa4 && byte <= 0xc6 && (next <= 0x7e || next >= 0xa1)) traditional += 1;
  }
  // Lines that end in nothing but a return are an old Macintosh's.
  if (alone > pairs && inRow * 3 < alone + pairs)
    return bytes.includes(0x0a) || !bytes.includes(0x0d) ? "windows-1252" : "macintosh";
  return traditional > mainland ? "big5" : "gb18030";
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
