/**
 * A registration: what an invitee tells us for one edition, section by section. It is `draft` while they fill it in
 * (anything may be missing) and `submitted` once all of it has been checked and sent. What always holds:
 *
 * - a submitted registration passed every check at that moment, and its invitation stands accepted;
 * - the same answers sent again change nothing: no revision, no event, no mail;
 * - its wishes for visits and the places that they led to are written together;
 * - declining the invitation makes it a draft again, so that coming back means to check and send it once more.
 */

import type { Reply } from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import { overlaps, type Span } from "../agenda/rules.ts";
import type { Answers } from "./answers.ts";

export const TRAVEL_MEANS = ["not_booked", "flight", "train", "other"] as const;

export const ALLERGY_SEVERITIES = ["mild", "severe", "life_threatening"] as const;
export const WORKING_LANGUAGES = ["english", "chinese", "other"] as const;
export const BOOKERS = ["self", "institution", "secretariat"] as const;

/** Why the form cannot be changed now; null: it can. */
export type Closed = "withdrawn" | "declined" | "closed";

/** Whether an invitation may (still) be registered for. `registerBy` null: until the link expires. */
export function registrationClosed(
  invitation: { reply: Reply; withdrawnAt: number | null; registerBy: number | null },
  now: number,
): Closed | null {
  if (invitation.withdrawnAt !== null) return "withdrawn";
  if (invitation.reply === "declined") return "declined";
  if (invitation.registerBy !== null && now > invitation.registerBy) return "closed";
  return null;
}

/**
 * Until when a section is open to changes: to the end of its own last day on the host's clocks, else as long as the form;
 * null: until the link expires. Its own day goes before the edition's, earlier or later.
 */
export function sectionClosesAt(
  { deadline }: { deadline: string | null },
  { registerBy, timeZone }: { registerBy: number | null; timeZone: string },
): number | null {
  return deadline === null ? registerBy : instantOf(deadline, "23:59", timeZone) + 59_999;
}

/**
 * The sections in which a change is a wish by now, with the instant since when. Only what was handed in can be changed:
 *
 * - before the first submission none is bound, so that nobody's first answers are lost for one section's sake;
 * - while the form is open, a section is not bound either that was never answered: it is new in the form, or was not
 *   asked of this person. Its first answers count though late.
 */
export function boundSections(
  sections: ReadonlyArray<{ key: string; deadline: string | null }>,
  edition: { registerBy: number | null; timeZone: string },
  {
    now,
    isSubmitted,
    isAnswered,
  }: { now: number; isSubmitted: boolean; isAnswered: (key: string) => boolean },
): ReadonlyMap<string, number> {
  const bound = new Map<string, number>();
  if (!isSubmitted) return bound;
  const isOver = edition.registerBy !== null && now > edition.registerBy;
  for (const section of sections) {
    const at = sectionClosesAt(section, edition);
    if (at !== null && now > at && (isOver || isAnswered(section.key))) bound.set(section.key, at);
  }
  return bound;
}

/** `08-017-R3`: the invitation's number and which of its changes was received. */
export function receiptNumber(invitationNumber: string, revision: number): string {
  return `${invitationNumber}-R${revision}`;
}

/** The instant of a day and a time in a zone, or null when they name none. */
export function instantOrNull(day: string, time: string, timeZone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^\d{2}:\d{2}$/.test(time)) return null;
  try {
    return instantOf(day, time, timeZone);
  } catch {
    return null;
  }
}

/** What is worth a second look about a journey, though we take it as it is. */
export type TravelRemark = "arrivesEarly" | "arrivesLate" | "leavesEarly" | "leavesLate";

/** Compares days in the edition's zone: the travel window is made of days. */
export function travelRemarks(
  { travel }: Pick<Answers, "travel">,
  window: { travelFrom: string; travelTo: string; startsOn: string; endsOn: string },
): Array<TravelRemark> {
  const remarks: Array<TravelRemark> = [];
  if (travel.arrivalOn !== "" && travel.arrivalOn < window.travelFrom) remarks.push("arrivesEarly");
  if (travel.arrivalOn > window.startsOn) remarks.push("arrivesLate");
  if (travel.departureOn !== "" && travel.departureOn < window.endsOn) remarks.push("leavesEarly");
  if (travel.departureOn > window.travelTo) remarks.push("leavesLate");
  return remarks;
}

/** Something in a person's day that another thing may collide with. */
export type Engagement = Span & { id: string; titleEn: string; titleZh: string };

/** Pairs that happen at the same time: visits among themselves, and visits with what else this person does. */
export function visitClashes(
  visits: ReadonlyArray<Engagement>,
  engagements: ReadonlyArray<Engagement>,
): Array<{ visit: Engagement; other: Engagement }> {
  return visits.flatMap((visit, index) =>
    [...visits.slice(index + 1), ...engagements]
      .filter((other) => other.id !== visit.id && overlaps(visit, other))
      .map((other) => ({ visit, other })),
  );
}

/** Whether anything about diet, health or access was told: that needs its own consent (DOMAIN §4.2). */
export function tellsOfNeeds({ needs }: Pick<Answers, "needs">): boolean {
  return (
    needs.diets.some((diet) => diet !== "none") ||
    needs.dietText !== "" ||
    needs.allergies !== "" ||
    needs.accessNeeds.length > 0 ||
    needs.accessText !== ""
  );
}

/** An international number: a plus, the country, eight to fifteen digits in all; spaces, dots and brackets as people like. */
export function isPhone(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  return /^\+[1-9][\d ().-]*$/.test(text) && digits.length >= 8 && digits.length <= 15;
}
