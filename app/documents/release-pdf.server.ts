import type { Locale } from "#db/vocabulary.ts";
import type { ReleaseTable } from "../domain/privacy/release.ts";
import { translator } from "../i18n/translate.ts";
import { breakLines } from "./lines.ts";
import { missingGlyphs, mm, paperOf, type Sheet, writePdf } from "./pdf.server.ts";
import { releaseHeading, releaseText, type Watermark, watermarkLines } from "./release-list.ts";

const NAMES: ReadonlyArray<string> = ["nameLatin", "nameNative"];
const SMALL = 8;
const CELL = 9.5;

/**
 * What was released on paper, a block for each person: any number of columns fits. The whole watermark stands at the
 * foot of every page, so that no sheet of it goes about without.
 */
export async function releasePdf(
  table: ReleaseTable,
  mark: Watermark,
  locale: Locale,
): Promise<Uint8Array<ArrayBuffer>> {
  const t = translator(locale);
  const people = table.rows.map((row) =>
    table.columns.map((column, n) => ({
      column,
      heading: releaseHeading(column, mark.timeZone, locale),
      text: releaseText(column, row[n] ?? { lacks: "answer" }, locale),
    })),
  );
  const lines = watermarkLines(mark, locale);
  const unprintable = await missingGlyphs([...lines, ...people.flat().map(({ text }) => text)].join("\n"));
  const measured = (sheet: Sheet) => ({
    width: sheet.width,
    measure: (text: string) => sheet.measure(text, SMALL),
  });
  return writePdf({
    title: t("releases.one"),
    locale,
    paper: paperOf(locale),
    at: mark.at,
    margin: { side: 20, top: 18, bottom: 56 },
    draw(sheet) {
      sheet.write(t("releases.table"), { size: 15 });
      sheet.space(6);
      if (unprintable.length > 0)
        sheet.write(t("releases.unprintable", { characters: unprintable.join(" ") }), { size: CELL });
      for (const cells of people) {
        const named = cells.filter(({ column, text }) => NAMES.includes(column) && text !== "");
        const told = cells.filter(({ column, text }) => !NAMES.includes(column) && text !== "");
        const lineOf = ({ heading, text }: (typeof cells)[number]) =>
          t("releases.inList", { heading, value: text });
        // A person is kept together, unless one alone is longer than a page.
        const height = told.reduce((sum, cell) => sum + sheet.lineCount(lineOf(cell), CELL) * CELL * 1.5, 34);
        sheet.keep(Math.min(height, sheet.bottom - mm(18)));
        sheet.rule();
        sheet.space(4);
        if (named.length > 0) sheet.write(named.map(({ text }) => text).join("  "), { size: 12 });
        for (const cell of told) sheet.write(lineOf(cell), { size: CELL, leading: 1.5 });
        sheet.space(8);
      }
      if (people.length === 0) sheet.write(t("releases.nobodyLeft"));
    },
    footer(sheet, page) {
      const foot = lines.flatMap((line) => breakLines(line, measured(sheet)).map(({ text }) => text));
      for (const [n, line] of foot.entries())
        sheet.put(line, { x: sheet.left, y: sheet.bottom + 10 + n * SMALL * 1.4 }, { size: SMALL });
      sheet.put(
        `${page.number} / ${page.of}`,
        { x: sheet.left, y: sheet.bottom + 10 + foot.length * SMALL * 1.4, width: sheet.width },
        { size: SMALL, align: "right" },
      );
    },
  });
}
