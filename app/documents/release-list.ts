import type { Locale } from "#db/vocabulary.ts";
import type { ReleaseCell, ReleaseColumn, ReleaseTable } from "../domain/privacy/release.ts";
import { calendarDay, deskMoment, zoneName } from "../i18n/dates.ts";
import { type MessageKey, translator } from "../i18n/translate.ts";
import { csvFile } from "./csv.ts";

/* What was released, in words: the same on the page, on paper and in the file. */

/** Whose view of a release it is, to be said on every page and file of it. Instants are epoch milliseconds. */
export type Watermark = {
  fromEn: string;
  fromZh: string;
  /** Empty when it goes to somebody outside: then `recipient` names them. */
  toEn: string;
  toZh: string;
  recipient: string;
  purpose: string;
  expiresAt: number;
  timeZone: string;
  /** Who looks or takes, and when. */
  reader: string;
  at: number;
};

/** The words for the values of a column that come from a closed list. */
const WORDS: Readonly<Partial<Record<ReleaseColumn, (value: string) => MessageKey>>> = {
  category: (value) => `category.${value}` as MessageKey,
  diets: (value) => `diet.${value}` as MessageKey,
  accessNeeds: (value) => `access.${value}` as MessageKey,
  allergySeverity: (value) => `register.severity.${value}` as MessageKey,
  workingLanguages: (value) => `register.language.${value}` as MessageKey,
  needsInterpretation: (value) => `common.${value}` as MessageKey,
  arrivalBy: (value) => `register.means.${value}` as MessageKey,
  departureBy: (value) => `register.means.${value}` as MessageKey,
  bookedBy: (value) => `register.booker.${value}` as MessageKey,
};

/** A column's heading. A clock time names its zone. */
export function releaseHeading(column: ReleaseColumn, timeZone: string, locale: Locale): string {
  const t = translator(locale);
  const heading = t(`releases.column.${column}`);
  if (column !== "arrivalTime" && column !== "departureTime") return heading;
  return t("releases.inZone", { heading, zone: zoneName(timeZone, locale) });
}

/** A cell in words. What is missing says so. */
export function releaseText(column: ReleaseColumn, value: ReleaseCell, locale: Locale): string {
  const t = translator(locale);
  if (typeof value === "object" && "lacks" in value) return t(`releases.lacks.${value.lacks}`);
  const values = (typeof value === "string" ? [value] : value).filter((text) => text !== "");
  const words = WORDS[column];
  return values
    .map((text) => {
      if (column === "personalCapacity") return t("common.yes");
      if (column === "arrivalOn" || column === "departureOn") return calendarDay(text, locale);
      return words === undefined ? text : t(words(text));
    })
    .join(t("myProgramme.listSeparator"));
}

/** The lines above every view of it. */
export function watermarkLines(mark: Watermark, locale: Locale): Array<string> {
  const t = translator(locale);
  const either = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  return [
    t("releases.mark.way", {
      from: either(mark.fromEn, mark.fromZh),
      to: either(mark.toEn, mark.toZh) || mark.recipient,
    }),
    t("releases.mark.purpose", { purpose: mark.purpose }),
    t("releases.mark.until", { until: deskMoment(mark.expiresAt, mark.timeZone, locale) }),
    t("releases.mark.reader", { reader: mark.reader, at: deskMoment(mark.at, mark.timeZone, locale) }),
    t("releases.mark.keep"),
  ];
}

/** The file that goes out: its watermark first, then the table, as spreadsheets open it safely. */
export function releaseFile(table: ReleaseTable, mark: Watermark, locale: Locale): string {
  return csvFile([
    ...watermarkLines(mark, locale).map((line) => [line]),
    table.columns.map((column) => releaseHeading(column, mark.timeZone, locale)),
    ...table.rows.map((row) =>
      table.columns.map((column, n) => releaseText(column, row[n] ?? { lacks: "answer" }, locale)),
    ),
  ]);
}
