import type { Locale } from "#db/vocabulary.ts";
import { breakLines, rowInPieces } from "./lines.ts";
import { cellText, type NeedPart, type NeedSheet } from "./need-sheet.ts";
import { missingGlyphs, mm, paperOf, type Sheet, writePdf } from "./pdf.server.ts";

const CELL = 9.5;
const LINE = CELL * 1.4;
const GAP = 8;
const PADDING = 3;
const TOP = 18;

/** A sheet on paper, with its tables as tables: a row keeps its lines together unless it is taller than a page. */
export async function needSheetPdf(
  { title, above, parts }: NeedSheet,
  { locale, at, unprintable }: { locale: Locale; at: number; unprintable: (characters: string) => string },
): Promise<Uint8Array<ArrayBuffer>> {
  const missing = await missingGlyphs(parts.flatMap((part) => part.rows.flat().map(cellText)).join("\n"));
  return writePdf({
    title,
    locale,
    paper: paperOf(locale),
    at,
    margin: { side: 18, top: TOP, bottom: 26 },
    draw(sheet) {
      sheet.write(title, { size: 16 });
      for (const line of above) sheet.write(line, { size: CELL });
      if (missing.length > 0) sheet.write(unprintable(missing.join(" ")), { size: CELL });
      for (const part of parts) drawPart(sheet, part);
    },
    footer(sheet, page) {
      sheet.put(title, { x: sheet.left, y: sheet.bottom + 10 }, { size: 8 });
      sheet.put(
        `${page.number} / ${page.of}`,
        { x: sheet.left, y: sheet.bottom + 10, width: sheet.width },
        { size: 8, align: "right" },
      );
    },
  });
}

function drawPart(sheet: Sheet, part: NeedPart): void {
  sheet.space(10);
  sheet.keep(LINE * 4);
  sheet.write(part.heading, { size: 12 });
  if (part.rows.length === 0) {
    sheet.write(part.none, { size: CELL });
    return;
  }
  drawRow(
    sheet,
    part,
    part.columns.map(({ heading }) => heading),
  );
  for (const row of part.rows) drawRow(sheet, part, row.map(cellText));
  sheet.rule();
}

function drawRow(sheet: Sheet, { columns }: NeedPart, cells: ReadonlyArray<string>): void {
  const weights = columns.reduce((sum, { weight }) => sum + weight, 0);
  const measure = (text: string) => sheet.measure(text, CELL);
  const broken = columns.map(({ weight }, n) => {
    const width = (sheet.width * weight) / weights - GAP;
    return (cells[n] ?? "")
      .split("\n")
      .flatMap((paragraph) => breakLines(paragraph, { width, measure }).map(({ text }) => text));
  });
  const page = sheet.bottom - mm(TOP);
  for (const piece of rowInPieces(broken, Math.floor((page - 2 * PADDING) / LINE))) {
    const height = Math.max(...piece.map((cell) => cell.length), 1) * LINE + 2 * PADDING;
    sheet.keep(height);
    sheet.rule();
    let x = sheet.left;
    for (const [n, { weight }] of columns.entries()) {
      for (const [line, text] of (piece[n] ?? []).entries())
        sheet.put(text, { x, y: sheet.y + PADDING + line * LINE }, { size: CELL });
      x += (sheet.width * weight) / weights;
    }
    sheet.y += height;
  }
}
