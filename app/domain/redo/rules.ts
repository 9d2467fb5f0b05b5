/**
 * What is to be done again, because it was made of answers that are others by now: a letter, a file that was handed out, a
 * list that a host has, a place in a car. What always holds:
 *
 * - a thing stands once on the list until it is done, however often the answers change; it then names all of them;
 * - what was done and changes again afterwards stands there anew;
 * - a draft marks nothing: only answers that were handed in were used by anybody.
 */
import type { RedoKind } from "#db/vocabulary.ts";

const NAME = /^(?:family|given|name)(?:Latin|Native)$/;
const POST = /^(?:honorific|institution|position)(?:En|Zh)$|^personalCapacity$/;
const TRAVEL = /^(?:arrival|departure)/;

/** Stands for whatever a passport says: which of its facts, nothing but the passport itself tells. */
export const PASSPORT_FIELD = "passport";

/** Whether a change of this answer touches things of a kind. Releases name their columns, and consents themselves. */
export function touches(kind: Exclude<RedoKind, "release" | "consent">, field: string): boolean {
  switch (kind) {
    case "letter":
      return NAME.test(field) || POST.test(field) || field === PASSPORT_FIELD;
    case "clearance_list":
      return NAME.test(field) || POST.test(field) || field === PASSPORT_FIELD || field === "visitIds";
    case "ride":
    case "hotel_line":
      return NAME.test(field) || TRAVEL.test(field);
  }
}
