/**
 * What people may ask about their own data (DOMAIN §4): to have it as a file, which needs nobody; to have it corrected, or
 * deleted, which staff of their side see to by a day. What always holds:
 *
 * - of a kind one request at most is open: asked again it is the same one, with the newer words;
 * - every answer comes with a word, and the person is told;
 * - a deletion removes what the purge of their side would remove, at once, from the file too, and leaves the records that
 *   the law asks for; the invitation's link keeps showing the letter and the reply, and nothing else.
 */
import { Temporal } from "temporal-polyfill";

/** The law of one side says one month, that of the other "in time" (DOMAIN §4.1): the stricter of what both expect. */
const DAYS_TO_ANSWER = 30;

/** By when a request is to be answered: the end of that day where the meeting is. */
export function dueAfter(askedAt: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(askedAt)
    .toZonedDateTimeISO(timeZone)
    .add({ days: DAYS_TO_ANSWER })
    .with({ hour: 23, minute: 59, second: 0, millisecond: 0 }).epochMilliseconds;
}
