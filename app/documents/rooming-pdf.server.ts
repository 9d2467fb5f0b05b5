import { translator } from "../i18n/translate.ts";
import { mm, paperOf, writePdf } from "./pdf.server.ts";
import { type RoomingFile, roomingBlocks, roomingLines } from "./rooming-list.ts";

const SMALL = 8;
const CELL = 9.5;

/** A rooming list on paper, a block for each line: any number of columns fits. Every sheet says whose list it is. */
export function roomingPdf(file: RoomingFile): Promise<Uint8Array<ArrayBuffer>> {
  const t = translator(file.locale);
  const blocks = roomingBlocks(file);
  const lines = roomingLines(file);
  return writePdf({
    title: t("rooming.sheet"),
    locale: file.locale,
    paper: paperOf(file.locale),
    at: file.frozenAt,
    margin: { side: 20, top: 18, bottom: 32 },
    draw(sheet) {
      for (const [n, line] of lines.entries()) sheet.write(line, { size: n === 1 ? 15 : CELL });
      sheet.space(6);
      for (const { heading, told } of blocks) {
        const height = told.length * CELL * 1.5 + 34;
        sheet.keep(Math.min(height, sheet.bottom - mm(18)));
        sheet.rule();
        sheet.space(4);
        sheet.write(heading, { size: 12 });
        for (const line of told) sheet.write(line, { size: CELL, leading: 1.5 });
        sheet.space(6);
      }
      if (blocks.length === 0) sheet.write(t("rooming.noChange"));
    },
    footer(sheet, page) {
      sheet.put(lines[1] ?? "", { x: sheet.left, y: sheet.bottom + 10 }, { size: SMALL });
      sheet.put(
        `${page.number} / ${page.of}`,
        { x: sheet.left, y: sheet.bottom + 10, width: sheet.width },
        { size: SMALL, align: "right" },
      );
    },
  });
}
