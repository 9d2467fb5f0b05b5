import type { Locale } from "#db/vocabulary.ts";
import type { ClearanceColumn } from "../domain/clearance/facts.ts";
import type { FactValue, FrozenList, ListCell, ListChange } from "../domain/clearance/rules.ts";
import { calendarDay, deskMoment } from "../i18n/dates.ts";
import { type MessageKey, translator } from "../i18n/translate.ts";
import { csvFile } from "./csv.ts";
import type { Sheet } from "./xlsx.server.ts";

/* A host's list in words: the same in the workbook, on paper and as CSV. */

/** What stands above it: whose list, for whom, which version, as of when. */
export type ListHead = {
  hostEn: string;
  hostZh: string;
  titleEn: string;
  titleZh: string;
  number: number;
  frozenAt: number;
  timeZone: string;
};

/** The host's own heading, else ours; in the language of the list, else in the other. */
export function clearanceHeading(column: ClearanceColumn, locale: Locale): string {
  const [own, other] =
    locale === "en" ? [column.headingEn, column.headingZh] : [column.headingZh, column.headingEn];
  return own || other || translator(locale)(`fact.${column.fact}`);
}

const WORDS: Readonly<Partial<Record<ClearanceColumn["fact"], (value: string) => MessageKey>>> = {
  category: (value) => `category.${value}` as MessageKey,
  gender: (value) => `passport.gender.${value}` as MessageKey,
  passportType: (value) => `passport.type.${value}` as MessageKey,
};

const DAYS: ReadonlyArray<ClearanceColumn["fact"]> = ["birthDate", "passportExpiresOn"];

/** A fact in the host's format. */
export function clearanceCell(
  column: ClearanceColumn,
  value: FactValue | undefined,
  locale: Locale,
): ListCell {
  if (value === undefined || value === "") return "";
  const language = column.format === "en" ? "en" : column.format === "zh" ? "zh-CN" : locale;
  if (typeof value !== "string") {
    if (column.format === "both") return [value.en, value.zh].filter((text) => text !== "").join(" / ");
    return language === "en" ? value.en || value.zh : value.zh || value.en;
  }
  if (DAYS.includes(column.fact))
    return column.format === "date" ? { day: value } : calendarDay(value, language);
  const words = WORDS[column.fact];
  return words === undefined || column.format === "code" ? value : translator(language)(words(value));
}

export function cellText(cell: ListCell): string {
  return typeof cell === "string" ? cell : cell.day;
}

/** The lines above the list. */
export function headLines(head: ListHead, people: number, locale: Locale): Array<string> {
  const t = translator(locale);
  return [
    t("clearance.file.title", { host: either(head.hostEn, head.hostZh, locale) }),
    t("clearance.file.visit", { visit: either(head.titleEn, head.titleZh, locale) }),
    t("clearance.file.version", {
      number: head.number,
      people,
      when: deskMoment(head.frozenAt, head.timeZone, locale),
    }),
  ];
}

export function amendmentLines(
  head: ListHead,
  changes: ReadonlyArray<ListChange>,
  locale: Locale,
): Array<string> {
  const t = translator(locale);
  const count = (change: ListChange["change"]) => changes.filter((one) => one.change === change).length;
  return [
    t("clearance.file.amendment", {
      number: head.number,
      before: head.number - 1,
      host: either(head.hostEn, head.hostZh, locale),
    }),
    t("clearance.file.visit", { visit: either(head.titleEn, head.titleZh, locale) }),
    t("clearance.file.changes", {
      added: count("added"),
      removed: count("removed"),
      changed: count("changed"),
      when: deskMoment(head.frozenAt, head.timeZone, locale),
    }),
  ];
}

function either(en: string, zh: string, locale: Locale): string {
  return locale === "en" ? en || zh : zh || en;
}

/** The rows as they stand in every file: the count is their place. */
export function listRows({ columns, rows }: FrozenList): Array<Array<ListCell>> {
  return rows.map((row, index) =>
    columns.map((column, n) => (column.fact === "count" ? String(index + 1) : (row.cells[n] ?? ""))),
  );
}

/** The same of an amendment: what happened first, then the row; a changed cell says what stood there before. */
export function amendmentRows(
  { columns, locale }: FrozenList,
  changes: ReadonlyArray<ListChange>,
): Array<Array<ListCell>> {
  const t = translator(locale);
  return changes.map((one, index) => [
    t(`clearance.change.${one.change}`),
    ...columns.map((column, n): ListCell => {
      if (column.fact === "count") return String(index + 1);
      const cell = one.cells[n] ?? "";
      const before = one.before[n] ?? null;
      if (before === null) return cell;
      return t("clearance.change.was", {
        now: cellText(cell) || t("clearance.change.nothing"),
        before: cellText(before) || t("clearance.change.nothing"),
      });
    }),
  ]);
}

export function listSheet(list: FrozenList, head: ListHead): Sheet {
  const { locale, columns } = list;
  return {
    name: translator(locale)("clearance.file.sheet"),
    columns: columns.map((column) => ({
      heading: clearanceHeading(column, locale),
      kind: column.format === "date" ? "day" : "text",
    })),
    above: headLines(head, list.rows.length, locale),
    rows: listRows(list),
  };
}

export function amendmentSheet(list: FrozenList, changes: ReadonlyArray<ListChange>, head: ListHead): Sheet {
  const { locale, columns } = list;
  const t = translator(locale);
  return {
    name: t("clearance.file.amendmentSheet"),
    columns: [
      { heading: t("clearance.change.heading") },
      ...columns.map((column) => ({
        heading: clearanceHeading(column, locale),
        kind: column.format === "date" ? ("day" as const) : ("text" as const),
      })),
    ],
    above: amendmentLines(head, changes, locale),
    rows: amendmentRows(list, changes),
  };
}

/** A sheet's headings, lines and cells as CSV; what is a date is written as one. */
export function sheetCsv(
  sheet: Pick<Sheet, "above" | "columns">,
  rows: ReadonlyArray<ReadonlyArray<ListCell>>,
): string {
  return csvFile([
    ...(sheet.above ?? []).map((line) => [line]),
    sheet.columns.map(({ heading }) => heading),
    ...rows.map((row) => row.map(cellText)),
  ]);
}
