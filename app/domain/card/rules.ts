/**
 * Badges and place cards: what is printed for a person from their card in the contact book. Never printed → printed →
 * (something in it is another by now: to be printed anew) → printed again. What always holds:
 *
 * - names are the ones that people are called by, never a passport's; nothing else of a person stands on paper than name,
 *   form of address, institution and category;
 * - who takes part in a personal capacity has no institution on a badge;
 * - who does not come is not printed, and what was printed for them is told, so that it can be taken back.
 */
import type { CardKind, HostAnswer, Reply } from "#db/vocabulary.ts";

/** For whom one prints: those who come and have none or an old one, all who come, or some who were chosen. */
export const CARD_CHOICES = ["due", "all", "chosen"] as const;
export type CardChoice = (typeof CARD_CHOICES)[number];

export const CARD_ORDERS = ["alphabet", "delegation", "protocol"] as const;
export type CardOrder = (typeof CARD_ORDERS)[number];

/** More go into several files: printing what is new and changed goes on where the last file ended. */
export const MOST_CARDS = 500;

/** What can be told apart of a card that was printed. */
export const CARD_FACTS = ["name", "honorific", "institution", "category"] as const;
export type CardFact = (typeof CARD_FACTS)[number];

/** What stands on each kind. */
export const FACTS_ON: Readonly<Record<CardKind, ReadonlyArray<CardFact>>> = {
  badge: CARD_FACTS,
  place_card: ["name", "honorific"],
};

/** What somebody's card would lack. `glyphs`: characters that cannot be printed. */
export const CARD_LACKS = [
  "latin",
  "native",
  "institution",
  "institutionEn",
  "institutionZh",
  "glyphs",
] as const;
export type CardLack = (typeof CARD_LACKS)[number];

export type CardObstacle = "replaced" | "withdrawn" | "declined" | "refused";

/** Why somebody gets no badge; null: nothing stands in the way. */
export function cardObstacle(invitation: {
  withdrawnAt: number | null;
  replacedAt: number | null;
  reply: Reply;
  hostAnswer: HostAnswer | null;
}): CardObstacle | null {
  if (invitation.replacedAt !== null) return "replaced";
  if (invitation.withdrawnAt !== null) return "withdrawn";
  if (invitation.reply === "declined") return "declined";
  return invitation.hostAnswer === "refused" ? "refused" : null;
}

export type CardDigests = Readonly<Partial<Record<CardFact, string>>>;

/** The facts that are others now than on the card that was printed. */
export function changedOnCard(stored: string, now: CardDigests): Array<CardFact> {
  const then: Readonly<Record<string, unknown>> = JSON.parse(stored);
  return CARD_FACTS.filter((fact) => now[fact] !== undefined && then[fact] !== now[fact]);
}
