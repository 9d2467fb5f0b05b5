/**
 * Sets a few texts beneath one another into a box that none of them may leave: comfortably if they fit, then on more
 * lines, then smaller, and at last cut between two characters. What has to be read from afar gives way last.
 */
import { breakLines, unbreakable } from "./lines.ts";

export type CardText = {
  text: string;
  /** The size that it has when there is room, and the smallest comfortable one. */
  largest: number;
  smallest: number;
  /** On how many lines it is comfortable, and how many it may take before anything gets smaller than that. */
  lines: number;
  most: number;
  /** Its size is kept as long as other texts can give way. */
  keeps: boolean;
  /** Before it, in ems of its size. */
  gap: number;
  colour?: string;
};

export type SetText = { lines: ReadonlyArray<string>; size: number; gap: number; colour: string };

/** Height of a line, in ems. */
export const CARD_LEADING = 1.25;

const STEPS = 10;
const SMALLER = 0.92;
/** So small is what gives way before names get smaller than they should be. */
const GIVES_WAY = 0.65;

type Room = { width: number; height: number };

/** The texts as they are to be drawn. Empty ones are left out. */
export type CardSetter = (texts: ReadonlyArray<CardText>, room: Room) => Array<SetText>;

/** A text taken apart once, and measured once: many sizes are tried. */
type Parted = {
  parts: ReadonlyArray<{ text: string; pieces: ReadonlyArray<string> }>;
  /** Of the whole, and of the widest piece that stays whole, in ems. */
  wide: number;
  widest: number;
  /** How wide a part of it is, in ems. */
  ems: (text: string) => number;
};

/** @param measure how wide a text is on one line in a size. */
export function cardSetter(measure: (text: string, size: number) => number): CardSetter {
  const widths = new Map<string, number>();
  const ems = (text: string) => {
    const known = widths.get(text);
    if (known !== undefined) return known;
    const width = measure(text, 1);
    widths.set(text, width);
    return width;
  };
  const known = new Map<string, Parted>();
  const parted = (text: string) => {
    const found = known.get(text) ?? takenApart(text, ems);
    known.set(text, found);
    return found;
  };
  return (texts, room) => {
    const shown = texts.flatMap((one) => (one.text === "" ? [] : [{ one, parts: parted(one.text) }]));
    for (const attempt of ATTEMPTS) {
      const set = shown.map(({ one, parts }) => setText(one, parts, { ...room, size: attempt.size(one) }));
      const fits = set.every((each, n) => {
        const one = shown[n]?.one;
        return one !== undefined && attempt.allows(each, one);
      });
      if (fits && heightOf(set) <= room.height)
        return set.map((each, n) => balanced(each, shown[n]?.parts, room));
    }
    return [];
  };
}

function takenApart(text: string, ems: Parted["ems"]): Parted {
  const isHan = /\p{Script=Han}/u.test(text);
  // A name of two parts is broken between them, rather than anywhere in its characters.
  const texts = isHan ? text.split(/(?<=·)/) : [text];
  const parts = texts.map((part) => ({ text: part, pieces: unbreakable(part) }));
  return {
    parts,
    wide: ems(text),
    widest: Math.max(...parts.flatMap(({ pieces }) => pieces.map((piece) => ems(piece.trimEnd())))),
    ems,
  };
}

type Tried = SetText & { isCut: boolean };

type Try = { size(text: CardText): number; allows(set: Tried, text: CardText): boolean };

/** From what one would wish to what is just possible. */
function* attempts(): Generator<Try> {
  for (const limit of ["lines", "most"] as const)
    for (let step = 0; step <= STEPS; step++)
      yield {
        size: ({ largest, smallest }) => largest - ((largest - smallest) * step) / STEPS,
        allows: ({ isCut, lines }, text) => !isCut && lines.length <= text[limit],
      };
  for (let factor = 1; factor > GIVES_WAY; factor *= SMALLER)
    yield {
      size: ({ smallest, keeps }) => smallest * (keeps ? 1 : factor),
      allows: ({ isCut }) => !isCut,
    };
  for (const least of [0.6, 0.2])
    for (let factor = 1; factor > least; factor *= SMALLER)
      yield {
        size: ({ smallest, keeps }) => smallest * (keeps ? factor : GIVES_WAY),
        allows: ({ isCut }) => !isCut || least < 0.6,
      };
  for (let factor = GIVES_WAY; factor > 0.01; factor *= SMALLER)
    yield { size: ({ smallest }) => smallest * factor, allows: () => true };
}

const ATTEMPTS: ReadonlyArray<Try> = [...attempts()];

/** How high texts are that were set. */
export function heightOf(set: ReadonlyArray<Pick<SetText, "lines" | "size" | "gap">>): number {
  return set.reduce(
    (sum, { lines, size, gap }, n) => sum + lines.length * size * CARD_LEADING + (n === 0 ? 0 : gap * size),
    0,
  );
}

function setText(
  { text, gap, colour = "black" }: CardText,
  parted: Parted,
  { width, size }: { width: number; size: number },
): Tried {
  const room = width / size;
  const lines = parted.wide <= room ? [text] : linesOf(parted, room);
  return { lines, isCut: parted.widest > room, size, gap, colour };
}

/** @param width in ems. */
function linesOf({ parts, ems }: Parted, width: number): Array<string> {
  return parts.flatMap(({ text, pieces }) =>
    breakLines(text, { width, measure: ems, pieces }).map((line) => line.text),
  );
}

/** As many lines, and none of them much shorter than the others. */
function balanced({ isCut, ...set }: Tried, parted: Parted | undefined, { width }: Room): SetText {
  if (isCut || parted === undefined || parted.parts.length > 1 || set.lines.length < 2) return set;
  const room = width / set.size;
  let lines = set.lines;
  for (let narrow = room * 0.97; narrow > Math.max(parted.widest, room / 3); narrow *= 0.97) {
    const tried = linesOf(parted, narrow);
    if (tried.length > lines.length) break;
    lines = tried;
  }
  return { ...set, lines };
}
