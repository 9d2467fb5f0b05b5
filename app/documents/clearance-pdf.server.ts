import type { Locale } from "#db/vocabulary.ts";
import { translator } from "../i18n/translate.ts";
import { missingGlyphs, mm, paperOf, writePdf } from "./pdf.server.ts";

const CELL = 9.5;

/** A host's list, or an amendment, on paper: a block for each person, so that any number of columns fits. */
export async function clearancePdf({
  above,
  headings,
  rows,
  locale,
  at,
  hash,
}: {
  above: ReadonlyArray<string>;
  headings: ReadonlyArray<string>;
  rows: ReadonlyArray<ReadonlyArray<string>>;
  locale: Locale;
  at: number;
  /** Of the workbook that it goes with. */
  hash: string;
}): Promise<Uint8Array<ArrayBuffer>> {
  const t = translator(locale);
  const unprintable = await missingGlyphs([...above, ...headings, ...rows.flat()].join("\n"));
  return writePdf({
    title: above[0] ?? "",
    locale,
    paper: paperOf(locale),
    at,
    margin: { side: 20, top: 18, bottom: 24 },
    draw(sheet) {
      sheet.write(above[0] ?? "", { size: 15 });
      for (const line of above.slice(1)) sheet.write(line, { size: CELL });
      sheet.space(6);
      if (unprintable.length > 0)
        sheet.write(t("releases.unprintable", { characters: unprintable.join(" ") }), { size: CELL });
      for (const [index, row] of rows.entries()) {
        const lines = row.flatMap((text, n) =>
          text === "" ? [] : [t("releases.inList", { heading: headings[n] ?? "", value: text })],
        );
        const height = lines.reduce((sum, line) => sum + sheet.lineCount(line, CELL) * CELL * 1.5, 30);
        sheet.keep(Math.min(height, sheet.bottom - mm(18)));
        sheet.rule();
        sheet.space(4);
        sheet.write(String(index + 1), { size: 11 });
        for (const line of lines) sheet.write(line, { size: CELL, leading: 1.5 });
        sheet.space(6);
      }
    },
    footer(sheet, page) {
      sheet.put(
        `SHA-256 ${hash.slice(0, 16)}…   ${page.number} / ${page.of}`,
        { x: sheet.left, y: sheet.bottom + 10, width: sheet.width },
        { size: 8, align: "right" },
      );
    },
  });
}
