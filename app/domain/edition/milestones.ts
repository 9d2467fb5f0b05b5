/**
 * Days on which others must have something, reckoned back from the edition's own (DOMAIN §1.1, §1.3). A date that was
 * agreed comes before a usual one; these stand in until there is one, and remind where nobody agrees on anything.
 */
import type { Mode } from "#db/vocabulary.ts";
import { dayBefore, instantOf } from "../../i18n/dates.ts";

/** What is due at the usual time before: to those who must give leave, consulates, the hotel, translators, interpreters, the police. */
export type LeadTime = "letters" | "visas" | "hotel" | "translations" | "interpreters" | "filing";

type Days = { startsOn: string; travelFrom: string; timeZone: string; country: string; mode: Mode };

/** By the end of the working day there. */
const END_OF_WORK = "18:00";

/**
 * The usual lead times of an edition, the earliest first: three months for the letters on which superiors give leave,
 * a month for visas before anybody travels, six weeks for the first list of rooms, five for texts that are to be translated,
 * four for the interpreters who get them then, fifteen days for what the Chinese partner files with the police.
 */
export function leadTimes(edition: Days): Array<{ kind: LeadTime; at: number }> {
  const at = (day: string) => instantOf(day, END_OF_WORK, edition.timeZone);
  const people: Array<{ kind: LeadTime; at: number }> = [
    { kind: "letters", at: at(dayBefore(edition.startsOn, { months: 3 })) },
    { kind: "hotel", at: at(dayBefore(edition.startsOn, { days: 42 })) },
    { kind: "visas", at: at(dayBefore(edition.travelFrom, { months: 1 })) },
  ];
  const police: typeof people = [{ kind: "filing", at: at(dayBefore(edition.startsOn, { days: 15 })) }];
  return [
    ...(edition.mode === "virtual" ? [] : people),
    ...(edition.mode === "virtual" || edition.country !== "CN" ? [] : police),
    { kind: "translations" as const, at: at(dayBefore(edition.startsOn, { days: 35 })) },
    { kind: "interpreters" as const, at: at(dayBefore(edition.startsOn, { days: 28 })) },
  ].toSorted((a, b) => a.at - b.at);
}

/** When a visit's host usually wants the list, where no day has been agreed: two weeks before. */
export function usualListDay(visitDay: string, timeZone: string): number {
  return instantOf(dayBefore(visitDay, { days: 14 }), END_OF_WORK, timeZone);
}

/** One delegation's answers, added up: on this day there were so many. Only days on which it changed. */
export type AnswerLine = {
  delegationId: string;
  nameEn: string;
  nameZh: string;
  /** People whom an invitation was sent to. */
  invited: number;
  steps: ReadonlyArray<{ day: string; answers: number }>;
};

/** Answers by day, from the first invitation to the reply date, or on to the last answer. Days are the edition's. */
export type AnswersByDay = {
  from: string;
  to: string;
  replyBy: string | null;
  today: string;
  lines: ReadonlyArray<AnswerLine>;
};

/** Adds answers up by day; null when nobody has been invited yet. */
export function answersByDay(
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>,
  sent: ReadonlyArray<{ delegationId: string; sentOn: string; answeredOn: string | null }>,
  { replyBy, today }: { replyBy: string | null; today: string },
): AnswersByDay | null {
  const from = sent.map((one) => one.sentOn).reduce(earlier, today);
  const answered = sent.flatMap((one) => (one.answeredOn === null ? [] : [one.answeredOn]));
  const to = answered.reduce(later, replyBy === null ? today : later(replyBy, from));
  const lines = delegations
    .map(({ id, nameEn, nameZh }): AnswerLine => {
      const own = sent.filter((one) => one.delegationId === id);
      const days = own.flatMap((one) => (one.answeredOn === null ? [] : [one.answeredOn]));
      const steps = [...new Set(days)]
        .toSorted()
        .map((day) => ({ day, answers: days.filter((other) => other <= day).length }));
      return { delegationId: id, nameEn, nameZh, invited: own.length, steps };
    })
    .filter((line) => line.invited > 0);
  return lines.length === 0 ? null : { from, to, replyBy, today, lines };
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
