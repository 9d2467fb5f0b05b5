import { deskMoment } from "../i18n/dates.ts";
import { type MessageKey, type MessageValues, translator } from "../i18n/translate.ts";
import type { Sheet, SheetCell } from "./xlsx.server.ts";

/** A sheet for kitchens, interpreters and the desk: lines of words and a few tables, in both languages where it leaves the house. */
export type NeedSheet = {
  title: string;
  /** Of what, as of when. */
  above: ReadonlyArray<string>;
  parts: ReadonlyArray<NeedPart>;
};

export type NeedPart = {
  heading: string;
  /** How wide a column is beside the others. */
  columns: ReadonlyArray<{ heading: string; weight: number; kind?: "text" | "number" }>;
  rows: ReadonlyArray<ReadonlyArray<SheetCell>>;
  /** Said where there are no rows. */
  none: string;
};

export function cellText(cell: SheetCell): string {
  return cell === null ? "" : typeof cell === "object" ? cell.day : String(cell);
}

/** The same in a workbook of one sheet: each part under its heading, one after the other. */
export function needWorkbook(sheet: NeedSheet): Sheet {
  const [first, ...rest] = sheet.parts;
  const columns = first?.columns ?? [];
  const width = Math.max(...sheet.parts.map((part) => part.columns.length), 1);
  const rows: Array<Array<SheetCell>> = [...(first?.rows ?? [])].map((row) => [...row]);
  for (const part of rest) {
    rows.push(
      [],
      [part.heading],
      part.columns.map(({ heading }) => heading),
    );
    rows.push(...(part.rows.length === 0 ? [[part.none]] : part.rows.map((row) => [...row])));
  }
  return {
    name: sheet.title,
    above: [sheet.title, ...sheet.above, first?.heading ?? ""],
    columns: Array.from({ length: width }, (_, n) => ({
      heading: columns[n]?.heading ?? "",
      width: Math.max(...sheet.parts.map((part) => (part.columns[n]?.weight ?? 1) * 9), 12),
      kind: sheet.parts.some((part) => part.columns[n]?.kind === "number") ? "number" : "text",
    })),
    rows,
  };
}

const en = translator("en");
const zh = translator("zh-CN");

/** A text in both languages, for paper that readers of either share. */
export function both(key: MessageKey, values: MessageValues = {}): string {
  const [first, second] = [zh(key, values), en(key, values)];
  return first === second ? first : `${first} ${second}`;
}

/** As of when a sheet stands, in both languages. */
export function asOf(now: number, timeZone: string): string {
  return [
    zh("sheet.asOf", { when: deskMoment(now, timeZone, "zh-CN") }),
    en("sheet.asOf", { when: deskMoment(now, timeZone, "en") }),
  ].join(" · ");
}
