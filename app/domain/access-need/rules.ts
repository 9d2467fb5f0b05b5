/**
 * What people need to take part: no steps, to hear and see, help with walking. It is a list of work by agenda item and need:
 * the place has it, or says that it has it not, or nobody has asked; where it has not, a side arranges it for its own people.
 * Each side reads its own people's needs; the side that receives the meeting reads the others' as numbers (DOMAIN §4.3), and
 * a place is told what is needed and no name.
 */
import { ACCESS_NEEDS, type AccessNeed, type AgendaKind } from "#db/vocabulary.ts";

const TOGETHER: ReadonlyArray<AgendaKind> = ["ceremony", "session", "bilateral", "site_visit", "meal"];

/** At which kinds of items a need matters. Nobody needs a fridge for two hours, nor an induction loop on a bus. */
const WHERE: Readonly<Record<AccessNeed, ReadonlyArray<AgendaKind>>> = {
  step_free: [...TOGETHER, "transfer"],
  hearing: TOGETHER,
  sight: TOGETHER,
  sign_language: TOGETHER,
  quiet_room: ["ceremony", "session", "bilateral", "site_visit"],
  visit_mobility: ["site_visit", "transfer"],
  fridge: ["site_visit", "logistics"],
  other: [...TOGETHER, "transfer"],
};

export function matters(need: AccessNeed, kind: AgendaKind): boolean {
  return WHERE[need].includes(kind);
}

/** What a place may have by itself. The rest is help that people give. */
export const OF_PLACES = [
  "step_free",
  "hearing",
  "quiet_room",
  "fridge",
] as const satisfies ReadonlyArray<AccessNeed>;
export type PlaceNeed = (typeof OF_PLACES)[number];

export function isOfPlace(need: AccessNeed): need is PlaceNeed {
  return OF_PLACES.some((each) => each === need);
}

/** Whether a need is met: the place has it; the side has arranged it; it has to be arranged; the place is to be asked. */
export type AccessState = "there" | "arranged" | "missing" | "ask";

export function accessState({
  need,
  there,
  arranged,
}: {
  need: AccessNeed;
  /** What the place says; null: nobody asked, or there is no place. */
  there: boolean | null;
  arranged: boolean;
}): AccessState {
  if (arranged) return "arranged";
  if (!isOfPlace(need)) return "missing";
  return there === null ? "ask" : there ? "there" : "missing";
}

/** A need as told. Words without a box ticked are another need. */
export function needsTold({
  accessNeeds,
  accessText,
}: {
  accessNeeds: ReadonlyArray<string>;
  accessText: string;
}): Array<AccessNeed> {
  return ACCESS_NEEDS.filter((need) => accessNeeds.includes(need) || (need === "other" && accessText !== ""));
}
