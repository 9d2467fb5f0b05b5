/**
 * The run of show: who does what, to the minute. A cue stands by the clock, or so many minutes from the start or the end of
 * an agenda item, and then moves with it. It belongs to one side, or to both; nobody but staff ever sees it.
 */
import type { CueAnchor } from "#db/vocabulary.ts";

const MINUTE = 60_000;

/** When a cue is due. An item that is not there leaves it where the clock says. */
export function dueAt(
  cue: { anchor: CueAnchor; offset: number | null; at: number | null },
  item: { startsAt: number; endsAt: number } | undefined,
): number | null {
  if (cue.anchor === "clock" || item === undefined) return cue.at;
  return (cue.anchor === "start" ? item.startsAt : item.endsAt) + (cue.offset ?? 0) * MINUTE;
}

/** What the duty desk looks at: what is on, what comes, and what has just been due. */
export function atTheMoment<I extends { startsAt: number; endsAt: number }, C extends { at: number }>(
  now: number,
  items: ReadonlyArray<I>,
  cues: ReadonlyArray<C>,
): { on: Array<I>; coming: Array<I>; past: Array<C>; next: Array<C> } {
  const inOrder = items.toSorted((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
  const due = cues.toSorted((a, b) => a.at - b.at);
  // A cue is done a minute after it was due; until then it is the next thing.
  const done = due.filter(({ at }) => at + MINUTE <= now);
  return {
    on: inOrder.filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt),
    coming: inOrder.filter(({ startsAt }) => startsAt > now).slice(0, 3),
    past: done.slice(-3),
    next: due.filter(({ at }) => at + MINUTE > now).slice(0, 8),
  };
}

/** Whole minutes until an instant; 0 in its minute. */
export function minutesUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / MINUTE));
}
