import type { ExportLanguage, Locale } from "#db/vocabulary.ts";
import type { PeopleFile } from "../../documents/people-file.ts";
import type { SheetCell } from "../../documents/xlsx.server.ts";
import type { CellValue, RosterColumn } from "../../domain/roster/rules.ts";
import { clockTime24, dayOf, zoneName } from "../../i18n/dates.ts";
import { translator } from "../../i18n/translate.ts";
import { cellInWords, columnLabel, type WordsOfEdition } from "./roster-words.ts";

/* What stands in a file of people, in its language or in both. */

type NamedColumn = Pick<RosterColumn, "key" | "kind" | "title" | "words">;

function localesOf(language: ExportLanguage): ReadonlyArray<Locale> {
  return language === "both" ? ["en", "zh-CN"] : [language];
}

/** The same in each language, once where it is the same. */
export function inEach(language: ExportLanguage, words: (locale: Locale) => string): string {
  return [...new Set(localesOf(language).map(words))].filter((text) => text !== "").join(" · ");
}

/** Columns whose values are clock times: their heading names the zone. */
const CLOCKS = ["arrivalTime", "departureTime", "answer:arrivalTime", "answer:departureTime"];

export function fileColumns(
  columns: ReadonlyArray<NamedColumn>,
  language: ExportLanguage,
  timeZone: string,
): PeopleFile["columns"] {
  return columns.map((column) => ({
    heading: inEach(language, (locale) => {
      const t = translator(locale);
      const heading = columnLabel(t, locale, column);
      return column.kind === "instant" || CLOCKS.includes(column.key)
        ? t("releases.inZone", { heading, zone: zoneName(timeZone, locale) })
        : heading;
    }),
    kind: column.kind === "day" ? "day" : column.kind === "number" ? "number" : "text",
    width: column.kind === "text" ? 24 : 16,
  }));
}

/** More different values than a closed list has: not worth remembering. */
const MOST_WORDS = 500;

/** Puts rows into words. Texts, numbers and days stay what they are. */
export function fileRow(
  columns: ReadonlyArray<NamedColumn>,
  language: ExportLanguage,
  edition: WordsOfEdition,
): (cells: ReadonlyArray<CellValue>) => Array<SheetCell> {
  const readers = columns.map((column) => cellReader(column, language, edition));
  return (cells) => readers.map((read, n) => read(cells[n] ?? null));
}

function cellReader(
  column: NamedColumn,
  language: ExportLanguage,
  edition: WordsOfEdition,
): (value: CellValue) => SheetCell {
  const { kind, words } = column;
  if (kind === "number") return (value) => value;
  if (kind === "day") return (value) => (value === null || value === "" ? null : { day: String(value) });
  // The same in every language, and sorted by it as by the instant.
  if (kind === "instant")
    return (value) =>
      value === null || value === ""
        ? null
        : `${dayOf(Number(value), edition.timeZone)} ${clockTime24(Number(value), edition.timeZone)}`;
  if (kind === "text" && words.by === "text") return (value) => (value === null ? null : String(value));
  const known = new Map<CellValue, string>();
  return (value) => {
    if (value === null || value === "") return null;
    const found = known.get(value);
    if (found !== undefined) return found;
    const text = inEach(language, (locale) =>
      cellInWords(translator(locale), locale, column, value, edition),
    );
    if (known.size < MOST_WORDS) known.set(value, text);
    return text;
  };
}
