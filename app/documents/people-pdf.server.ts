import type { Locale } from "#db/vocabulary.ts";
import { calendarDay } from "../i18n/dates.ts";
import { translator } from "../i18n/translate.ts";
import { breakLines, rowInPieces } from "./lines.ts";
import { missingGlyphs, mm, type Paper, type Sheet, writePdf } from "./pdf.server.ts";
import type { PeopleFile } from "./people-file.ts";
import type { SheetCell } from "./xlsx.server.ts";

export type PeoplePaper = PeopleFile & {
  locale: Locale;
  paper: Paper;
  /** Epoch milliseconds. */
  at: number;
  /** Who took it, across each page. */
  stamp: string;
  /** The column whose change begins a new part of the list; null: there are no parts. */
  partsBy: number | null;
};

const TITLE = 14;
const SMALL = 8;
const CELL = 8.5;
const LEADING = 1.4;
/** Between columns, and above and below a line. */
const GAP = 8;
const PADDING = 3;
const SIDE = 14;

/** A list on paper: a table whose headings begin every page. Each page says whose copy it is, and which one of how many. */
export async function peoplePdf(file: PeoplePaper): Promise<Uint8Array<ArrayBuffer>> {
  const t = translator(file.locale);
  const rows: Array<Array<string>> = [];
  for await (const part of file.parts)
    for (const row of part) rows.push(row.map((cell) => textOf(cell, file.locale)));
  const shown = file.columns.flatMap(({ heading }, n) => (n === file.partsBy ? [] : [{ heading, n }]));
  const unprintable = await missingGlyphs(
    [...file.above, ...shown.map(({ heading }) => heading), ...rows.flat()].join("\n"),
  );
  const [title = "", ...lines] = file.above;
  const mark = file.above.at(-1) ?? "";
  return writePdf({
    title: file.sheet,
    locale: file.locale,
    paper: file.paper,
    isWide: shown.length > 5,
    stamp: file.stamp,
    at: file.at,
    margin: { side: SIDE, top: 14, bottom: 20 },
    draw(sheet) {
      sheet.write(title, { size: TITLE });
      for (const line of lines) sheet.write(line, { size: CELL });
      if (unprintable.length > 0)
        sheet.write(t("export.file.unprintable", { characters: unprintable.join(" ") }), { size: CELL });
      sheet.space(8);
      if (rows.length === 0) sheet.write(t("export.file.nobody"));
      else table(sheet, file, { shown, rows });
    },
    footer(sheet, page) {
      const y = sheet.bottom + 12;
      const number = `${page.number} / ${page.of}`;
      const width = sheet.width - sheet.measure(number, SMALL) - GAP;
      const measured = { width, measure: (text: string) => sheet.measure(text, SMALL) };
      for (const [n, { text }] of breakLines(mark, measured).entries())
        sheet.put(text, { x: sheet.left, y: y + n * SMALL * LEADING }, { size: SMALL });
      sheet.put(number, { x: sheet.left, y, width: sheet.width }, { size: SMALL, align: "right" });
    },
  });
}

function textOf(cell: SheetCell, locale: Locale): string {
  if (cell === null) return "";
  if (typeof cell !== "object") return String(cell);
  return /^\d{4}-\d{2}-\d{2}$/.test(cell.day) ? calendarDay(cell.day, locale) : cell.day;
}

type Shown = ReadonlyArray<{ heading: string; n: number }>;

function table(
  sheet: Sheet,
  { partsBy }: Pick<PeoplePaper, "partsBy">,
  { shown, rows }: { shown: Shown; rows: ReadonlyArray<ReadonlyArray<string>> },
): void {
  const widths = widthsOf(sheet, shown, rows);
  const linesOf = (texts: ReadonlyArray<string>) =>
    texts.map((text, n) =>
      text
        .split("\n")
        .flatMap((line) =>
          breakLines(line, { width: widths[n] ?? 0, measure: (part) => sheet.measure(part, CELL) }),
        )
        .map((line) => line.text),
    );
  const heightOf = (cells: ReadonlyArray<ReadonlyArray<string>>) =>
    Math.max(...cells.map((lines) => lines.length)) * CELL * LEADING + 2 * PADDING;
  const draw = (cells: ReadonlyArray<ReadonlyArray<string>>, colour: string) => {
    let x = sheet.left;
    for (const [n, lines] of cells.entries()) {
      for (const [k, line] of lines.entries())
        sheet.put(line, { x, y: sheet.y + PADDING + k * CELL * LEADING }, { size: CELL, colour });
      x += (widths[n] ?? 0) + GAP;
    }
    sheet.y += heightOf(cells);
    sheet.rule();
  };
  const headings = linesOf(shown.map(({ heading }) => heading));
  const head = () => draw(headings, "#555555");
  /** A page that begins here begins with the headings. */
  const keep = (points: number) => {
    const before = sheet.y;
    sheet.keep(Math.min(points, page));
    if (sheet.y < before) head();
  };
  const page = sheet.bottom - mm(SIDE) - heightOf(headings);
  const lines = Math.max(1, Math.floor((page - 2 * PADDING) / (CELL * LEADING)));
  head();
  let part: string | null = null;
  for (const row of rows) {
    const cells = linesOf(shown.map(({ n }) => row[n] ?? ""));
    const own = partsBy === null ? null : (row[partsBy] ?? "");
    if (own !== null && own !== part) {
      keep(heightOf(cells) + 30);
      sheet.space(8);
      sheet.write(own, { size: 11 });
      sheet.rule();
    }
    part = own;
    for (const piece of rowInPieces(cells, lines)) {
      keep(heightOf(piece));
      draw(piece, "black");
    }
  }
}

/** As wide as what stands in them, as far as all of them fit; the widest give way first. */
function widthsOf(sheet: Sheet, shown: Shown, rows: ReadonlyArray<ReadonlyArray<string>>): Array<number> {
  const room = sheet.width - GAP * (shown.length - 1);
  const wanted = shown.map(
    ({ heading, n }) =>
      Math.max(
        ...heading.split(" ").map((word) => sheet.measure(word, CELL)),
        ...rows.map((row) => sheet.measure(row[n] ?? "", CELL)),
      ) + 1,
  );
  let limit = room;
  const total = () => wanted.reduce((sum, width) => sum + Math.min(width, limit), 0);
  while (total() > room) limit -= 1;
  return wanted.map((width) => Math.min(width, limit));
}
