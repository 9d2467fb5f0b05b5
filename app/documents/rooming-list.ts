import type { Locale, Payer, RoomingColumn } from "#db/vocabulary.ts";
import type { Amendment, ListColumn, ListRow } from "../domain/lodging/rules.ts";
import { calendarDay, deskMoment } from "../i18n/dates.ts";
import { translator } from "../i18n/translate.ts";
import { csvFile } from "./csv.ts";
import type { Sheet, SheetCell } from "./xlsx.server.ts";

/* A hotel's rooming list in words: the same on the page, on paper and in the file. */

/** Somebody's nights in a row with one payer, before they are put into words. */
export type RoomingRow = {
  key: string;
  nameLatin: string;
  nameNative: string;
  /** As it stands in the passport; empty: not known, or not agreed to. */
  passportName: string;
  typeEn: string;
  typeZh: string;
  roomNumber: string;
  checkIn: string;
  checkOut: string;
  nights: number;
  sharingWith: string;
  payer: Payer;
  earlyCheckIn: boolean;
  smoking: boolean;
  /** Epoch milliseconds; null: not known. */
  arrivesAt: number | null;
  note: string;
};

/** What a column is called: as the hotel says, or as we do. */
export function roomingHeading({ name, heading }: ListColumn, locale: Locale): string {
  return heading === "" ? translator(locale)(`rooming.column.${name}`) : heading;
}

/** One line of a list. Days stay as they are: the file has real ones. */
export function roomingCells(
  columns: ReadonlyArray<ListColumn>,
  row: RoomingRow,
  { locale, timeZone }: { locale: Locale; timeZone: string },
): Array<string> {
  const t = translator(locale);
  const words: Readonly<Record<RoomingColumn, string>> = {
    nameLatin: row.nameLatin,
    nameNative: row.nameNative,
    passportName: row.passportName,
    roomType: locale === "en" ? row.typeEn || row.typeZh : row.typeZh || row.typeEn,
    roomNumber: row.roomNumber,
    checkIn: row.checkIn,
    checkOut: row.checkOut,
    nights: String(row.nights),
    sharingWith: row.sharingWith,
    payer: t(`payer.${row.payer}`),
    earlyCheckIn: row.earlyCheckIn ? t("common.yes") : "",
    smoking: t(row.smoking ? "common.yes" : "common.no"),
    arrival: row.arrivesAt === null ? "" : deskMoment(row.arrivesAt, timeZone, locale),
    note: row.note,
  };
  return columns.map(({ name }) => words[name]);
}

/** What a line says in no language: by these two lists are compared. */
export function roomingFacts(columns: ReadonlyArray<ListColumn>, row: RoomingRow): Array<string> {
  const facts: Readonly<Record<RoomingColumn, unknown>> = {
    nameLatin: row.nameLatin,
    nameNative: row.nameNative,
    passportName: row.passportName,
    roomType: [row.typeEn, row.typeZh],
    roomNumber: row.roomNumber,
    checkIn: row.checkIn,
    checkOut: row.checkOut,
    nights: row.nights,
    sharingWith: row.sharingWith,
    payer: row.payer,
    earlyCheckIn: row.earlyCheckIn,
    smoking: row.smoking,
    arrival: row.arrivesAt,
    note: row.note,
  };
  return columns.map(({ name }) => JSON.stringify([name, facts[name]]));
}

/** A list, or an amendment to one, that is to be handed over. */
export type RoomingFile = {
  hotelEn: string;
  hotelZh: string;
  editionEn: string;
  editionZh: string;
  number: number;
  frozenAt: number;
  timeZone: string;
  locale: Locale;
  columns: ReadonlyArray<ListColumn>;
  rows: ReadonlyArray<ListRow>;
  /** Of an amendment: what changed since the version before. */
  amendments: ReadonlyArray<Amendment> | null;
};

/** Whose list it is, as of when: above every view of it. */
export function roomingLines(file: RoomingFile): Array<string> {
  const t = translator(file.locale);
  const either = (en: string, zh: string) => (file.locale === "en" ? en || zh : zh || en);
  const number = file.number;
  return [
    either(file.editionEn, file.editionZh),
    `${either(file.hotelEn, file.hotelZh)} · ${
      file.amendments === null
        ? t("rooming.version", { number })
        : t("rooming.amendment", { number, since: number - 1 })
    }`,
    t("rooming.asOf", { when: deskMoment(file.frozenAt, file.timeZone, file.locale) }),
    t("rooming.purpose"),
  ];
}

function linesOf(file: RoomingFile): Array<{ change: string; cells: ReadonlyArray<string> }> {
  const t = translator(file.locale);
  if (file.amendments === null) return file.rows.map(({ cells }) => ({ change: "", cells }));
  // What a changed line said before stands under it: nobody at a desk compares two lists by eye.
  return file.amendments.flatMap((amendment) => [
    { change: t(`rooming.change.${amendment.change}`), cells: amendment.row.cells },
    ...(amendment.change === "changed"
      ? [{ change: t("rooming.change.was"), cells: amendment.before.cells }]
      : []),
  ]);
}

function headingsOf(file: RoomingFile): Array<string> {
  const headings = file.columns.map((column) => roomingHeading(column, file.locale));
  return file.amendments === null ? headings : [translator(file.locale)("rooming.change"), ...headings];
}

const DAYS: ReadonlyArray<RoomingColumn> = ["checkIn", "checkOut"];

/** The list as a sheet: names and numbers of rooms are text, days are days. */
export function roomingSheet(file: RoomingFile): Sheet {
  const kinds = file.columns.map(({ name }) =>
    DAYS.includes(name) ? ("day" as const) : name === "nights" ? ("number" as const) : ("text" as const),
  );
  const own = headingsOf(file);
  const shift = own.length - file.columns.length;
  return {
    name: translator(file.locale)("rooming.sheet"),
    columns: own.map((heading, n) => ({ heading, kind: kinds[n - shift] ?? "text" })),
    above: roomingLines(file),
    rows: linesOf(file).map(({ change, cells }): Array<SheetCell> => {
      const typed = cells.map((cell, n): SheetCell => {
        if (cell === "") return null;
        if (kinds[n] === "day") return { day: cell };
        return kinds[n] === "number" ? Number(cell) : cell;
      });
      return shift === 0 ? typed : [change, ...typed];
    }),
  };
}

export function roomingCsv(file: RoomingFile): string {
  return csvFile([
    ...roomingLines(file).map((line) => [line]),
    headingsOf(file),
    ...linesOf(file).map(({ change, cells }) => (file.amendments === null ? [...cells] : [change, ...cells])),
  ]);
}

/** For paper: each line as its cells with their headings, days in words. */
export function roomingBlocks(file: RoomingFile): Array<{ heading: string; told: Array<string> }> {
  const t = translator(file.locale);
  const names = file.columns.map((column) => roomingHeading(column, file.locale));
  const lines = (file.amendments ?? file.rows.map((row) => ({ change: null, row }))).map((line) => ({
    change: line.change === null ? "" : t(`rooming.change.${line.change}`),
    cells: line.row.cells,
    before: line.change === "changed" ? line.before.cells : line.row.cells,
  }));
  return lines.map(({ change, cells, before }) => {
    const told = file.columns.flatMap((column, n) => {
      const said = (cell: string) =>
        DAYS.includes(column.name) && cell !== "" ? calendarDay(cell, file.locale) : cell;
      const [now, was] = [said(cells[n] ?? ""), said(before[n] ?? "")];
      if (now === was && (now === "" || isName(column.name))) return [];
      const value = now === was ? now : t("rooming.was", { now: now || "–", was: was || "–" });
      return [t("releases.inList", { heading: names[n] ?? "", value })];
    });
    const named = file.columns.flatMap(({ name }, n) => (isName(name) && cells[n] ? [cells[n] ?? ""] : []));
    return { heading: [change, ...named].filter((part) => part !== "").join("  "), told };
  });
}

function isName(name: RoomingColumn): boolean {
  return name === "nameLatin" || name === "nameNative";
}
