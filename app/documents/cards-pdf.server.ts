import { setImmediate as nextTurn } from "node:timers/promises";
import type { CardKind, Category, Locale } from "#db/vocabulary.ts";
import { otherLocale, translator } from "../i18n/translate.ts";
import {
  CARD_LEADING,
  type CardSetter,
  type CardText,
  cardSetter,
  heightOf,
  type SetText,
} from "./card-layout.ts";
import { type CardSheet, type CardSize, cardSheet, FACES, openCard } from "./card-sheet.ts";
import { type Box, mm, type Paper, type Sheet, writePdf } from "./pdf.server.ts";

/** What stands on somebody's badge or place card: each of these as somebody typed it, and nothing that was derived. */
export type CardFacts = {
  nameLatin: string;
  nameNative: string;
  honorificEn: string;
  honorificZh: string;
  institutionEn: string;
  institutionZh: string;
  category: Category;
  titleEn: string;
  titleZh: string;
};

export type CardsFile = {
  kind: CardKind;
  size: CardSize;
  paper: Paper;
  /** The language that comes first on the front; on the back it is the other one. */
  front: Locale;
  cards: ReadonlyArray<CardFacts>;
  /** Of whoever prints. */
  locale: Locale;
  /** Epoch milliseconds. */
  at: number;
  /** Who printed, when and the how-manieth time: stands outside the cut. */
  mark: string;
};

/** A sheet, and what sets texts on it. */
type Desk = { sheet: Sheet; setCard: CardSetter };

/** Letters have to be read across a table. */
export const READABLE = 24;

const SAFE = mm(4.5);
const MARK = 6.5;
/** Marks begin this far from the cut, and are this long. */
const APART = mm(1.2);
const TICK = mm(3);

/** Sheets of badges or place cards with both faces side by side, to be cut, folded once and worn or set up. */
export function cardsPdf(file: CardsFile): Promise<Uint8Array<ArrayBuffer>> {
  const t = translator(file.locale);
  const layout = cardSheet(file.size, file.paper);
  const card = openCard(FACES[file.size]);
  const perPage = layout.columns * layout.rows;
  return writePdf({
    title: t(`cards.title.${file.kind}`),
    locale: file.locale,
    paper: file.paper,
    isWide: layout.isWide,
    at: file.at,
    margin: { side: layout.left, top: layout.top, bottom: 0 },
    async draw(sheet) {
      const desk = { sheet, setCard: cardSetter(sheet.measure) };
      for (const [n, facts] of file.cards.entries()) {
        const place = n % perPage;
        if (n > 0 && place === 0) sheet.turn();
        // A card takes a while to set, and others wait for their pages.
        await nextTurn();
        drawCard(desk, file, facts, {
          x: mm(layout.left + (place % layout.columns) * card.width),
          y: mm(layout.top + Math.floor(place / layout.columns) * card.height),
          width: mm(card.width),
          height: mm(card.height),
        });
      }
    },
    footer(sheet, page) {
      marks(sheet, layout, file.size);
      const x = mm(layout.left) + APART;
      const width = mm(FACES[file.size].width) - 2 * APART;
      const line = `${file.mark} · ${page.number}/${page.of}`;
      const size = Math.min(MARK, (MARK * width) / sheet.measure(line, MARK));
      sheet.put(line, { x, y: mm(layout.paper.height) - mm(8) }, { size, colour: "#444444" });
    },
  });
}

/** Where to cut: solid ticks around the cards; where to fold: dashed ones. */
function marks(sheet: Sheet, { columns, rows, left, top }: CardSheet, size: CardSize): void {
  const { width, height, fold } = FACES[size];
  const card = openCard(FACES[size]);
  const [x0, y0] = [mm(left), mm(top)];
  const [x1, y1] = [mm(left + columns * card.width), mm(top + rows * card.height)];
  const upright = (x: number, dashed: boolean) => {
    sheet.line({ x, y: y0 - APART - TICK }, { x, y: y0 - APART }, { width: 0.4, dashed });
    sheet.line({ x, y: y1 + APART }, { x, y: y1 + APART + TICK }, { width: 0.4, dashed });
  };
  const level = (y: number, dashed: boolean) => {
    sheet.line({ x: x0 - APART - TICK, y }, { x: x0 - APART, y }, { width: 0.4, dashed });
    sheet.line({ x: x1 + APART, y }, { x: x1 + APART + TICK, y }, { width: 0.4, dashed });
  };
  for (let n = 0; n <= columns; n++) {
    upright(x0 + n * mm(card.width), false);
    if (fold === "beside" && n < columns) upright(x0 + n * mm(card.width) + mm(width), true);
  }
  for (let n = 0; n <= rows; n++) {
    level(y0 + n * mm(card.height), false);
    if (fold === "above" && n < rows) level(y0 + n * mm(card.height) + mm(height), true);
  }
}

function drawCard(desk: Desk, { kind, size, front }: CardsFile, facts: CardFacts, open: Box): void {
  const { sheet } = desk;
  const { fold } = FACES[size];
  const width = fold === "beside" ? open.width / 2 : open.width;
  const height = fold === "above" ? open.height / 2 : open.height;
  const second =
    fold === "beside"
      ? { x: open.x + width, y: open.y, width, height }
      : { x: open.x, y: open.y, width, height };
  const first =
    fold === "beside" ? { ...second, x: open.x } : { x: open.x, y: open.y + height, width, height };
  const face = kind === "badge" ? drawBadge : drawPlaceCard;
  const hair = { width: 0.25, colour: "#b5b5b5" };
  const { x, y } = open;
  const [right, bottom] = [x + open.width, y + open.height];
  sheet.line({ x, y }, { x: right, y }, hair);
  sheet.line({ x, y: bottom }, { x: right, y: bottom }, hair);
  sheet.line({ x, y }, { x, y: bottom }, hair);
  sheet.line({ x: right, y }, { x: right, y: bottom }, hair);
  face(desk, facts, { ...first, locale: front });
  const back = () => face(desk, facts, { ...second, locale: otherLocale(front) });
  if (fold === "above") {
    sheet.line({ x, y: y + height }, { x: right, y: y + height }, { ...hair, dashed: true });
    sheet.upsideDown(second, back);
  } else {
    sheet.line({ x: x + width, y }, { x: x + width, y: bottom }, { ...hair, dashed: true });
    back();
  }
}

type FaceBox = Box & { locale: Locale };

type NameOnCard = {
  first: string;
  /** How its owner is addressed: before the name in English, after it in Chinese. */
  before: string;
  after: string;
  second: string;
};

/** Both names, in the order of a face's language. */
function names(facts: CardFacts, locale: Locale): NameOnCard {
  const { nameLatin, honorificEn, honorificZh } = facts;
  const nameNative = facts.nameNative === nameLatin ? "" : facts.nameNative;
  const latin = { first: nameLatin, before: honorificEn, after: "", second: nameNative };
  const native = { first: nameNative, before: "", after: honorificZh, second: nameLatin };
  const [own, other] = locale === "en" ? [latin, native] : [native, latin];
  return own.first === "" ? other : own;
}

/** A name that has to be read from afar. Of characters it stays on one line where it can; Latin ones may be longer. */
function nameText(text: string, { largest, lines }: { largest: number; lines: number }): CardText {
  const isHan = /\p{Script=Han}/u.test(text);
  return {
    text,
    largest,
    smallest: READABLE,
    lines: isHan ? 1 : lines,
    most: Math.max(2, lines),
    keeps: true,
    gap: 0.05,
  };
}

function smallText(text: string, largest: number, smallest: number, gap: number): CardText {
  return { text, largest, smallest, lines: 2, most: 4, keeps: false, gap };
}

function drawBadge(desk: Desk, facts: CardFacts, { locale, ...box }: FaceBox): void {
  const { sheet, setCard } = desk;
  const isLarge = box.height > mm(100);
  const scale = isLarge ? 1.35 : 1;
  const inner = inside(box);
  const band = mm(isLarge ? 16 : 9.5);
  const apart = mm(isLarge ? 4 : 1.5);
  const foot = { ...inner, y: inner.y + inner.height - band, height: band };
  drawBand(desk, facts.category, foot, { locale, scale });
  const own = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  const other = (en: string, zh: string) => (en === "" || zh === "" ? "" : locale === "en" ? zh : en);
  const title = setCard(
    [{ ...smallText(own(facts.titleEn, facts.titleZh), 8 * scale, 6, 0), colour: "#444444" }],
    { width: inner.width, height: mm(isLarge ? 16 : 7) },
  );
  drawTexts(sheet, title, inner);
  const top = heightOf(title) + apart;
  const rest = { ...inner, y: inner.y + top, height: inner.height - top - band - apart };
  const { first, before, after, second } = names(facts, locale);
  const set = setCard(
    [
      smallText(before, 12 * scale, 8, 0),
      nameText(first, { largest: isLarge ? 40 : 30, lines: isLarge ? 3 : 2 }),
      smallText(after, 12 * scale, 8, 0.1),
      smallText(second, isLarge ? 26 : 19, 12, 0.15),
      smallText(own(facts.institutionEn, facts.institutionZh), 10 * scale, 7, 0.6),
      smallText(other(facts.institutionEn, facts.institutionZh), 8 * scale, 6.5, 0.2),
    ],
    { width: rest.width, height: rest.height },
  );
  drawTexts(sheet, set, { ...rest, y: rest.y + (rest.height - heightOf(set)) / 2 });
}

function drawPlaceCard({ sheet, setCard }: Desk, facts: CardFacts, { locale, ...box }: FaceBox): void {
  const isLarge = box.width > mm(150);
  const inner = inside(box);
  const { first, before, after, second } = names(facts, locale);
  const scale = isLarge ? 1.9 : 1;
  const set = setCard(
    [
      smallText(before, 13 * scale, 9 * scale, 0),
      nameText(first, { largest: isLarge ? 76 : 34, lines: 1 }),
      smallText(after, 13 * scale, 9 * scale, 0.1),
      smallText(second, 20 * scale, 13 * scale, 0.25),
    ],
    { width: inner.width, height: inner.height },
  );
  drawTexts(sheet, set, { ...inner, y: inner.y + (inner.height - heightOf(set)) / 2 });
}

function inside({ x, y, width, height }: Box): Box {
  return { x: x + SAFE, y: y + SAFE, width: width - 2 * SAFE, height: height - 2 * SAFE };
}

/** How far above the place that a library is given for a line the tallest of the face's characters begin, in ems. */
const HEAD = 0.24;

function drawTexts(sheet: Sheet, set: ReadonlyArray<SetText>, { x, y, width }: Box): void {
  let at = y;
  for (const [n, { lines, size, gap, colour }] of set.entries()) {
    if (n > 0) at += gap * size;
    for (const line of lines) {
      sheet.put(line, { x, y: at - HEAD * size, width }, { size, colour, align: "center" });
      at += size * CARD_LEADING;
    }
  }
}

/**
 * A category by its word in both languages, its colour, and the shape of its band, which a grey copy keeps: full for
 * those who speak, open for those who are present, between two lines for those at work.
 */
const BANDS: Readonly<Record<Category, { colour: string; shape: "full" | "open" | "lines" }>> = {
  head: { colour: "#8a1420", shape: "full" },
  deputy_head: { colour: "#a8431f", shape: "full" },
  delegate: { colour: "#1d4f91", shape: "full" },
  observer: { colour: "#4f5b1f", shape: "open" },
  guest: { colour: "#6b2a7a", shape: "open" },
  companion: { colour: "#80560a", shape: "open" },
  interpreter: { colour: "#0d665a", shape: "lines" },
  note_taker: { colour: "#3f4a54", shape: "lines" },
  staff: { colour: "#1a1a1a", shape: "lines" },
  liaison: { colour: "#96306a", shape: "lines" },
};

function drawBand(
  { sheet, setCard }: Desk,
  category: Category,
  box: Box,
  { locale, scale }: { locale: Locale; scale: number },
): void {
  const { colour, shape } = BANDS[category];
  const { x, y, width, height } = box;
  const thick = 2.2;
  switch (shape) {
    case "full":
      sheet.fill(box, colour);
      break;
    case "open":
      sheet.fill({ x, y, width, height: thick }, colour);
      sheet.fill({ x, y: y + height - thick, width, height: thick }, colour);
      sheet.fill({ x, y, width: thick, height }, colour);
      sheet.fill({ x: x + width - thick, y, width: thick, height }, colour);
      break;
    case "lines":
      sheet.fill({ x, y, width, height: thick }, colour);
      sheet.fill({ x, y: y + height - thick, width, height: thick }, colour);
      break;
    default:
      shape satisfies never;
  }
  const words = [locale, otherLocale(locale)].map((each) => translator(each)(`category.${category}`));
  const set = setCard(
    [
      {
        text: words.join("  "),
        largest: 13 * scale,
        smallest: 9,
        lines: 1,
        most: 1,
        keeps: true,
        gap: 0,
        colour: shape === "full" ? "white" : colour,
      },
    ],
    { width: width - 4 * thick, height: height - 2 * thick },
  );
  drawTexts(sheet, set, { ...box, y: y + (height - heightOf(set)) / 2 });
}
