/** Where an item stands on the grid of the agenda's editor, and how the grid moves it. */
import { z } from "zod";
import { clockTime24, dayOf, instantOf } from "../../i18n/dates.ts";

const MINUTE = 60_000;
export const SHORTEST_ITEM = 5 * MINUTE;
export const LONGEST_ITEM = 24 * 60 * MINUTE;
/** The grid moves things by so many minutes. */
export const GRID = 5;

/** When and where an item is. `venueId` null: at no place of the list; undefined: where it was. */
export type Placing = { startsAt: number; endsAt: number; venueId?: string | null | undefined };

/** The same time by the wall clock on another day, or so many minutes later on the same one. */
export function shifted(
  { startsAt, endsAt }: Pick<Placing, "startsAt" | "endsAt">,
  { days = 0, minutes = 0 }: { days?: number; minutes?: number },
  timeZone: string,
): { startsAt: number; endsAt: number } {
  const length = endsAt - startsAt;
  const start = days === 0 ? startsAt : onDay(startsAt, dayAfter(dayOf(startsAt, timeZone), days), timeZone);
  return { startsAt: start + minutes * MINUTE, endsAt: start + minutes * MINUTE + length };
}

/** The instant at the same time by the wall clock on another day. */
export function onDay(instant: number, day: string, timeZone: string): number {
  const minute = minuteOfDay(instant, timeZone);
  return atMinute(day, minute, timeZone);
}

/** Minutes since midnight as the clock on the wall shows them. */
export function minuteOfDay(instant: number, timeZone: string): number {
  const [hours = "0", minutes = "0"] = clockTime24(instant, timeZone).split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** The instant at which the clock on the wall shows so many minutes past midnight; a day has 1440 on it. */
export function atMinute(day: string, minute: number, timeZone: string): number {
  const days = Math.floor(minute / 1440);
  const left = minute - days * 1440;
  const time = [Math.floor(left / 60), left % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return instantOf(dayAfter(day, days), time, timeZone);
}

/** The day so many days after another. */
export function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The days of a range, both ends among them. */
export function daysFrom(first: string, last: string): Array<string> {
  const days = [first];
  while (days.length < 60 && (days.at(-1) ?? last) < last) days.push(dayAfter(days.at(-1) ?? last, 1));
  return days;
}

/** What the grid sends. */
export const placingForm = z.object({
  itemId: z.string(),
  seenAt: z.coerce.number().int(),
  startsAt: z.coerce.number().int(),
  endsAt: z.coerce.number().int(),
  /** Absent: where it was; `none`: at no place of the list. */
  venue: z.string().optional(),
});

export function placingOf({ startsAt, endsAt, venue }: z.output<typeof placingForm>): Placing {
  return { startsAt, endsAt, venueId: venue === "none" ? null : venue };
}

/** Why a move was not made. */
const MOVE_REFUSALS = [
  "changed_meanwhile",
  "has_places",
  "nothing",
  "wrong_time",
  "not_found",
  "unknown_place",
] as const;
export type MoveRefusal = (typeof MOVE_REFUSALS)[number];

export function refusalOf(text: string): MoveRefusal {
  return MOVE_REFUSALS.find((one) => one === text) ?? "not_found";
}
