/**
 * Reminders: those who have not answered are asked again, politely, some days before the reply date, at an hour of the
 * day where they live. What always holds:
 *
 * - a reminder goes to nobody between 21:00 and 8:00 of their own clock, and to nobody twice within 48 hours;
 * - several that were missed (the machine stood still) become one;
 * - whoever answered is left in peace; "not yet certain" is asked again from the day that they named themselves.
 */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { Reply } from "#db/vocabulary.ts";
import { dayOf, instantOf } from "../../i18n/dates.ts";
import type { MessageKey } from "../../i18n/translate.ts";

const HOUR = 60 * 60_000;
const BETWEEN_REMINDERS = 48 * HOUR;
const MORNING = 8;
const EVENING = 21;
const MOST_REMINDERS = 6;
const EARLIEST = 90;

/** Hours of the day at which reminders may go out. */
export const REMINDER_HOURS = Array.from({ length: EVENING - MORNING }, (_, n) => MORNING + n);

/** What is proposed until a side decides. */
export const PROPOSED_REMINDERS = { daysBefore: [14, 7, 2], hour: 10 } as const;

export type Schedule = { daysBefore: ReadonlyArray<number>; hour: number };

/** What of an invitation decides over reminding. Instants are epoch milliseconds, `askAgainOn` is `YYYY-MM-DD`. */
export type Remindable = {
  reply: Reply;
  replyBy: number;
  homeTimeZone: string;
  /** The newest `sent` or `reminded`. */
  lastMailAt: number;
  askAgainOn: string | null;
};

/** The reminders that this person may still get, the earliest first: one that was missed stands at `now` or later. */
export function comingReminders(person: Remindable, schedule: Schedule, now: number): Array<number> {
  const coming: Array<number> = [];
  let last = person.lastMailAt;
  for (const planned of plannedReminders(person, schedule)) {
    if (planned <= person.lastMailAt) continue;
    const at = byDay(Math.max(planned, now, last + BETWEEN_REMINDERS), person.homeTimeZone);
    if (at >= person.replyBy) break;
    // Those that were missed become one; the next comes at its own time.
    if (planned <= now && coming.length > 0) continue;
    if (coming.length > 0 && planned < last + BETWEEN_REMINDERS) continue;
    coming.push(at);
    last = at;
  }
  return coming;
}

/** Whether this person is to be reminded now. */
export function isReminderDue(person: Remindable, schedule: Schedule, now: number): boolean {
  const [first] = comingReminders(person, schedule, now);
  return first !== undefined && first <= now;
}

function plannedReminders({ reply, replyBy, homeTimeZone, askAgainOn }: Remindable, schedule: Schedule) {
  if (reply !== "none" && reply !== "tentative") return [];
  const hour = `${String(schedule.hour).padStart(2, "0")}:00`;
  const lastDay = Temporal.PlainDate.from(dayOf(replyBy, homeTimeZone));
  const planned = schedule.daysBefore
    .map((days) => instantOf(lastDay.subtract({ days }).toString(), hour, homeTimeZone))
    .sort((a, b) => a - b);
  if (reply === "none") return planned;
  if (askAgainOn === null) return [];
  const askAgain = instantOf(askAgainOn, hour, homeTimeZone);
  return [askAgain, ...planned.filter((at) => at > askAgain)];
}

/** The same instant, or the next morning where somebody lives. */
function byDay(instant: number, timeZone: string): number {
  const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  if (there.hour >= MORNING && there.hour < EVENING) return instant;
  const day = there.hour < MORNING ? there.toPlainDate() : there.toPlainDate().add({ days: 1 });
  return instantOf(day.toString(), "08:00", timeZone);
}

function key(message: MessageKey): MessageKey {
  return message;
}

/** The schedule as typed: days as numbers with commas, spaces or 、 between them. */
export const reminderForm = z.object({
  sideId: z.string().max(40),
  days: z
    .string({ error: key("error.required") })
    .trim()
    .transform((typed) => typed.split(/[\s,，、;；]+/).filter((part) => part !== ""))
    .refine(
      (parts) =>
        parts.length > 0 &&
        parts.length <= MOST_REMINDERS &&
        parts.every((part) => /^\d{1,2}$/.test(part) && Number(part) >= 1 && Number(part) <= EARLIEST),
      key("reminders.error.days"),
    )
    .transform((parts) => [...new Set(parts.map(Number))].sort((a, b) => b - a)),
  hour: z.coerce.number().refine((hour) => REMINDER_HOURS.includes(hour), key("error.choose")),
});
