/** How badges and place cards lie on a sheet of paper: how large they are, how many of them, and where they are cut. */
import type { CardKind } from "#db/vocabulary.ts";
import type { Paper } from "./pdf.server.ts";

export const BADGE_SIZES = ["90x130", "90x60", "86x54", "102x76"] as const;
export const PLACE_CARD_SIZES = ["190x95", "95x60"] as const;
export const CARD_SIZES = [...BADGE_SIZES, ...PLACE_CARD_SIZES] as const;
export type CardSize = (typeof CARD_SIZES)[number];

/** A face in millimetres, and where its other face hangs on: beside it, or above it and upside down. */
type Face = { width: number; height: number; fold: "beside" | "above" };

export const FACES: Readonly<Record<CardSize, Face>> = {
  "90x130": { width: 90, height: 130, fold: "beside" },
  "90x60": { width: 90, height: 60, fold: "beside" },
  "86x54": { width: 85.6, height: 54, fold: "beside" },
  "102x76": { width: 101.6, height: 76.2, fold: "beside" },
  "190x95": { width: 190, height: 95, fold: "above" },
  "95x60": { width: 95, height: 60, fold: "above" },
};

export function sizesOf(kind: CardKind): ReadonlyArray<CardSize> {
  return kind === "badge" ? BADGE_SIZES : PLACE_CARD_SIZES;
}

/** Both faces lie open beside each other. */
export function openCard({ width, height, fold }: Face): { width: number; height: number } {
  return fold === "beside" ? { width: width * 2, height } : { width, height: height * 2 };
}

const MILLIMETRES: Readonly<Record<Paper, { width: number; height: number }>> = {
  A4: { width: 210, height: 297 },
  LETTER: { width: 215.9, height: 279.4 },
};

/** What stays free for marks, for the line at the foot, and because printers do not reach the edge. */
const SIDES = 13;
const ENDS = 19;

export type CardSheet = {
  isWide: boolean;
  columns: number;
  rows: number;
  /** Of the paper and of where the first card lies, in millimetres. */
  paper: { width: number; height: number };
  left: number;
  top: number;
};

/** As many cards as fit, the paper upright or on its side. */
export function cardSheet(size: CardSize, paper: Paper): CardSheet {
  const card = openCard(FACES[size]);
  const upright = MILLIMETRES[paper];
  const [best] = [upright, { width: upright.height, height: upright.width }]
    .map((sheet, n): CardSheet => {
      const columns = Math.floor((sheet.width - SIDES) / card.width);
      const rows = Math.floor((sheet.height - ENDS) / card.height);
      return {
        isWide: n === 1,
        columns,
        rows,
        paper: sheet,
        left: (sheet.width - columns * card.width) / 2,
        top: (sheet.height - rows * card.height) / 2,
      };
    })
    .sort((a, b) => b.columns * b.rows - a.columns * a.rows || Number(a.isWide) - Number(b.isWide));
  if (best === undefined || best.columns * best.rows === 0)
    throw new Error("A card is larger than the paper");
  return best;
}
