/**
 * PDF files: one face for both scripts, subset into the file, so that Chinese prints in Chinese shapes on any machine
 * and no file is large. The library and the face are loaded when a file is asked for and let go afterwards.
 */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import type { Locale } from "#db/vocabulary.ts";
import { fontFile } from "../platform/project.server.ts";
import { breakLines } from "./lines.ts";

const decompress = promisify(brotliDecompress);

/** Fifteen megabytes: kept only as long as nobody needs the room. */
let kept: WeakRef<Buffer> | undefined;
let loading: Promise<Buffer> | undefined;

/** The face's TrueType file. Of several that ask at once, one loads it. */
async function face(): Promise<Buffer> {
  const known = kept?.deref();
  if (known !== undefined) return known;
  loading ??= readFile(fontFile())
    .then((bytes) => decompress(bytes))
    .then((bytes) => {
      kept = new WeakRef(bytes);
      return bytes;
    })
    .finally(() => {
      loading = undefined;
    });
  return loading;
}

/** Which characters the face has, as ranges: first, last, first, last … */
let ranges: Uint32Array | undefined;

async function coverage(): Promise<Uint32Array> {
  if (ranges !== undefined) return ranges;
  const fontkit = await import("fontkit");
  const font = fontkit.create(await face());
  const points = "characterSet" in font ? [...font.characterSet].sort((a, b) => a - b) : [];
  const found: Array<number> = [];
  for (const point of points) {
    if (point - 1 === found.at(-1)) found[found.length - 1] = point;
    else found.push(point, point);
  }
  ranges = Uint32Array.from(found);
  return ranges;
}

/** Tells of any text which of its characters could not be printed. */
export type GlyphCheck = (text: string) => ReadonlyArray<string>;

/** Loads what is needed to tell; the telling itself is quick and may be done inside a transaction. */
export async function glyphCheck(): Promise<GlyphCheck> {
  const known = await coverage();
  const has = (point: number) => {
    let low = 0;
    let high = known.length / 2 - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (point < (known[2 * middle] ?? 0)) high = middle - 1;
      else if (point > (known[2 * middle + 1] ?? 0)) low = middle + 1;
      else return true;
    }
    return false;
  };
  return (text) => {
    const missing = [...text].filter(
      (character) => !/[\n\r\t]/.test(character) && !has(character.codePointAt(0) ?? 0),
    );
    return [...new Set(missing)];
  };
}

/** The characters of a text for which the face has no shape: they would print as empty boxes. */
export async function missingGlyphs(text: string): Promise<ReadonlyArray<string>> {
  return (await glyphCheck())(text);
}

const POINTS_PER_MM = 72 / 25.4;
export function mm(millimetres: number): number {
  return millimetres * POINTS_PER_MM;
}

/** China prints on A4, the United States on Letter (DOMAIN §3.5). */
export const PAPERS = ["A4", "LETTER"] as const;
export type Paper = (typeof PAPERS)[number];

export function paperOf(locale: Locale): Paper {
  return locale === "zh-CN" ? "A4" : "LETTER";
}

export type TextStyle = {
  size?: number;
  align?: "left" | "center" | "right" | "justify";
  /** By how much the first line is set in, in ems. */
  indent?: number;
  /** Line height, in ems. */
  leading?: number;
  colour?: string;
};

type Place = { x: number; y: number };
export type Box = Place & { width: number; height: number };

/** A page to write on from top to bottom; a new one begins when it is full. Lengths are in points. */
export type Sheet = {
  left: number;
  width: number;
  /** Where the next line comes. */
  y: number;
  bottom: number;
  /** Writes text beneath what is there; a line end begins a new line. */
  write(text: string, style?: TextStyle): void;
  /** Writes one line at a place of its own and leaves `y` alone. It may be wider than the place. */
  put(text: string, at: { x: number; y: number; width?: number }, style?: TextStyle): void;
  space(points: number): void;
  /** Begins a new page unless this much fits on this one. */
  keep(points: number): void;
  rule(): void;
  /** Fills a rectangle: black unless a colour is given. */
  fill(at: Box, colour?: string): void;
  /** A line from one place to another; neither has to be within the margins. */
  line(from: Place, to: Place, style?: { width?: number; colour?: string; dashed?: boolean }): void;
  /** Draws upside down: what stands in a box is turned about the middle of it. */
  upsideDown(box: Box, draw: () => void): void;
  /** Goes on with a new page. */
  turn(): void;
  /** How wide a text is on one line. */
  measure(text: string, size?: number): number;
  /** How many lines a text takes. */
  lineCount(text: string, size?: number): number;
};

export type PdfPlan = {
  /** Shown in window titles: nobody's name. */
  title: string;
  locale: Locale;
  paper: Paper;
  /** On its side: for tables of many columns. */
  isWide?: boolean;
  /** Stands across each page, faintly: whose copy it is. */
  stamp?: string;
  /** Epoch milliseconds. The same file comes out each time. */
  at: number;
  /** From the paper's edges, in millimetres. */
  margin?: { side: number; top: number; bottom: number };
  draw(sheet: Sheet): void | Promise<void>;
  /** Drawn on each page when all are there, beneath the margin's edge. */
  footer?(sheet: Sheet, page: { number: number; of: number }): void;
};

const SIZE = 11;
const LEADING = 1.55;
/** More than this beside a line is a gap, not a rag to be smoothed. */
const MOST_STRETCH = 2;

/** Makes a PDF file. */
export async function writePdf(plan: PdfPlan): Promise<Uint8Array<ArrayBuffer>> {
  const [{ default: PDFDocument }, font] = await Promise.all([import("pdfkit"), face()]);
  const margin = plan.margin ?? { side: 25, top: 20, bottom: 24 };
  const doc = new PDFDocument({
    size: plan.paper,
    layout: plan.isWide === true ? "landscape" : "portrait",
    margins: { left: mm(margin.side), right: mm(margin.side), top: mm(margin.top), bottom: 0 },
    bufferPages: true,
    compress: true,
    lang: plan.locale === "zh-CN" ? "zh-Hans-CN" : "en-US",
    displayTitle: true,
    info: {
      Title: plan.title,
      Creator: "Secretariat",
      Producer: "Secretariat",
      CreationDate: new Date(plan.at),
    },
    font: "",
  });
  const chunks: Array<Buffer> = [];
  doc.on("data", (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((resolve, reject) => {
    doc.on("end", resolve);
    doc.on("error", reject);
  });
  doc.registerFont("text", font);
  doc.font("text");

  const english = plan.locale === "en";
  const widths = new Map<string, number>();
  const measure = (text: string, size = SIZE): number =>
    runsOf(text, english).reduce((sum, run) => {
      const key = `${run.latin ? "l" : "w"}${run.text}`;
      let width = widths.get(key);
      if (width === undefined) {
        width = doc.fontSize(100).widthOfString(run.text, { features: featuresOf(run.latin) }) / 100;
        widths.set(key, width);
      }
      return sum + width * size;
    }, 0);
  const lineMeasure = (size: number) => (text: string) => measure(text, size);

  const drawLine = (
    text: string,
    { x, y, size, colour, spacing }: { x: number; y: number; size: number; colour: string; spacing: number },
  ) => {
    let at = x;
    for (const run of runsOf(text, english)) {
      doc
        .fontSize(size)
        .fillColor(colour)
        .text(run.text, at, y, {
          lineBreak: false,
          features: featuresOf(run.latin),
          characterSpacing: spacing,
        });
      at += measure(run.text, size) + spacing * [...run.text].length;
    }
  };

  /** From corner to corner, as large as fits; what stands beneath it stays legible. */
  const stamp = (text: string) => {
    const { width, height } = doc.page;
    const size = Math.min(42, (0.7 * Math.hypot(width, height)) / measure(text, 1));
    doc.save();
    doc.rotate((-Math.atan2(height, width) * 180) / Math.PI, { origin: [width / 2, height / 2] });
    doc.fillOpacity(0.09);
    const x = (width - measure(text, size)) / 2;
    drawLine(text, { x, y: (height - size) / 2, size, colour: "black", spacing: 0 });
    doc.restore();
  };

  const sheet: Sheet = {
    left: mm(margin.side),
    width: doc.page.width - 2 * mm(margin.side),
    y: mm(margin.top),
    bottom: doc.page.height - mm(margin.bottom),
    measure,
    lineCount: (text, size = SIZE) =>
      text.split("\n").flatMap((line) => breakLines(line, { width: sheet.width, measure: lineMeasure(size) }))
        .length,
    write(text, { size = SIZE, align = "left", indent = 0, leading = LEADING, colour = "black" } = {}) {
      for (const paragraph of text.split("\n")) {
        const lines = breakLines(paragraph, {
          width: sheet.width,
          indent: indent * size,
          measure: lineMeasure(size),
        });
        for (const [n, line] of lines.entries()) {
          sheet.keep(size * leading);
          const inset = n === 0 ? indent * size : 0;
          const rest = sheet.width - inset - measure(line.text, size);
          const gaps = [...line.text].length - 1;
          const stretch = align === "justify" && !line.last && gaps > 0 && rest < MOST_STRETCH * size;
          const shift = align === "right" ? rest : align === "center" ? rest / 2 : 0;
          drawLine(line.text, {
            x: sheet.left + inset + shift,
            y: sheet.y,
            size,
            colour,
            spacing: stretch ? rest / gaps : 0,
          });
          sheet.y += size * leading;
        }
      }
    },
    put(text, { x, y, width }, { size = SIZE, align = "left", colour = "black" } = {}) {
      const rest = (width ?? 0) - measure(text, size);
      const shift = align === "right" ? rest : align === "center" ? rest / 2 : 0;
      drawLine(text, { x: x + shift, y, size, colour, spacing: 0 });
    },
    space(points) {
      sheet.y += points;
    },
    keep(points) {
      if (sheet.y + points > sheet.bottom) sheet.turn();
    },
    rule() {
      doc
        .moveTo(sheet.left, sheet.y)
        .lineTo(sheet.left + sheet.width, sheet.y)
        .lineWidth(0.6)
        .strokeColor("black")
        .stroke();
    },
    fill({ x, y, width, height }, colour = "black") {
      doc.rect(x, y, width, height).fillColor(colour).fill();
    },
    line(from, to, { width = 0.6, colour = "black", dashed = false } = {}) {
      doc.save().lineWidth(width).strokeColor(colour);
      if (dashed) doc.dash(2, { space: 2 });
      doc.moveTo(from.x, from.y).lineTo(to.x, to.y).stroke().restore();
    },
    upsideDown({ x, y, width, height }, draw) {
      doc.save().rotate(180, { origin: [x + width / 2, y + height / 2] });
      draw();
      doc.restore();
    },
    turn() {
      doc.addPage();
      sheet.y = mm(margin.top);
    },
  };
  await plan.draw(sheet);
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    if (plan.stamp !== undefined) stamp(plan.stamp);
    plan.footer?.(sheet, { number: page + 1, of: count });
  }
  doc.end();
  await finished;
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * Quotation marks and dashes are as wide as a character in Chinese and narrow in English, and the face has both: in a
 * Chinese line those inside a Latin word are the narrow ones.
 */
function runsOf(text: string, english: boolean): Array<{ text: string; latin: boolean }> {
  if (english) return [{ text, latin: true }];
  return text
    .split(/([\p{Script=Latin}][\p{Script=Latin}\p{M}\d’.-]*)/u)
    .map((part, n) => ({ text: part, latin: n % 2 === 1 }))
    .filter((run) => run.text !== "");
}

function featuresOf(latin: boolean): Array<"pwid" | "kern" | "liga"> {
  return latin ? ["pwid", "kern", "liga"] : ["kern"];
}
