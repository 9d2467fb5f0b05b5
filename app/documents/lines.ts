/**
 * Where a line of text may end. PDF libraries break at spaces alone, of which Chinese has none; and a Chinese line
 * neither begins with a closing mark nor ends with an opening one (GB/T 15834). Nothing is ever left out: what is too
 * long for a line is cut between two characters.
 */

/** May not begin a line. */
const CLOSING = "，。、；：？！”’）》〉】」』〕…—·,.;:?!)]}%‰℃°″′–~～";
/** May not end one. */
const OPENING = "“‘（《〈【「『〔([{$¥￥£#№";
/** Follow a number without a gap: 12月3日 stays together where it can. */
const COUNTERS = "年月日时分秒号届次名人元页";

const graphemes = new Intl.Segmenter("zh-CN", { granularity: "grapheme" });

function isWide(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u.test(
    character,
  );
}

/** Whether a line may end between two characters that follow each other. */
function mayBreak(before: string, after: string): boolean {
  if (after === " ") return false;
  if (before === " ") return true;
  if (CLOSING.includes(after) || OPENING.includes(before)) return false;
  if (/\d/.test(before) && COUNTERS.includes(after)) return false;
  if (isWide(before) || isWide(after)) return true;
  // Chinese marks that Latin text has too stand between wide characters only when one of them is a neighbour.
  if (CLOSING.includes(before) && isWide(after)) return true;
  return before === "-" && /\p{L}/u.test(after);
}

/**
 * A mailbox, an address or a telephone number is copied by hand: a hyphen at a line's end would be taken for part of it,
 * or left out.
 */
const ADDRESS = /[\w.+-]+@[\w.-]+|https?:\/\/[!-~]+|\+\d[\d ]{5,18}\d/g;

/** The pieces of a text that stay whole, spaces at their ends included. Joined they are the text. */
export function unbreakable(text: string): Array<string> {
  const pieces: Array<string> = [];
  const addresses = [...text.matchAll(ADDRESS)].map(({ 0: { length }, index }) => [index, index + length]);
  const within = (at: number) => addresses.some(([from = 0, to = 0]) => from < at && at < to);
  let previous = "";
  for (const { segment, index } of graphemes.segment(text)) {
    if (previous === "" || (mayBreak(previous, segment) && !within(index))) pieces.push(segment);
    else pieces[pieces.length - 1] += segment;
    previous = segment;
  }
  return pieces;
}

export type Line = { text: string /** The last one of its paragraph: not to be stretched. */; last: boolean };

/**
 * A paragraph in lines no wider than `width`.
 *
 * @param measure how wide a text is, in the same unit as `width`
 * @param indent by how much the first line is shorter
 * @param pieces what `unbreakable` made of the paragraph, where that is known already
 */
export function breakLines(
  paragraph: string,
  {
    width,
    indent = 0,
    measure,
    pieces = unbreakable(paragraph),
  }: {
    width: number;
    indent?: number;
    measure: (text: string) => number;
    pieces?: ReadonlyArray<string>;
  },
): Array<Line> {
  const lines: Array<string> = [];
  let line = "";
  let used = 0;
  // Measured piece by piece, a paragraph costs its length and not its square.
  const fits = (piece: string) =>
    used + measure(piece.trimEnd()) <= width - (lines.length === 0 ? indent : 0);
  const add = (piece: string) => {
    line += piece;
    used += measure(piece);
  };
  const end = () => {
    lines.push(line.trimEnd());
    line = "";
    used = 0;
  };
  for (const piece of pieces) {
    if (!fits(piece) && line !== "") end();
    if (fits(piece)) {
      add(piece);
      continue;
    }
    for (const { segment } of graphemes.segment(piece)) {
      if (line !== "" && !fits(segment)) end();
      add(segment);
    }
  }
  if (line.trimEnd() !== "" || lines.length === 0) end();
  return lines.map((text, n) => ({ text, last: n === lines.length - 1 }));
}

/** The lines of a table's row, cell by cell: a row that is taller than a page goes on over the next ones. */
export function rowInPieces(
  cells: ReadonlyArray<ReadonlyArray<string>>,
  lines: number,
): Array<ReadonlyArray<ReadonlyArray<string>>> {
  const tallest = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: Math.max(1, Math.ceil(tallest / lines)) }, (_, n) =>
    cells.map((cell) => cell.slice(n * lines, (n + 1) * lines)),
  );
}
