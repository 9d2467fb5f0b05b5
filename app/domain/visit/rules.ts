/**
 * Places on a site visit. A person's wish is `granted` (they have a seat), `waiting` (in the order of asking) or
 * `withdrawn`. What always holds:
 *
 * - never more granted than the visit's total, never more of a delegation than its own seats;
 * - whoever waits is passed over only while no seat is free that their delegation may take: a delegation that is full
 *   does not hold up another;
 * - a seat that becomes free goes to the first in the queue who may have it, at once.
 *
 * A limit that is lowered below what is taken moves nobody: it only stops new places.
 */
import type { PlaceState } from "#db/vocabulary.ts";

/** A visit's limits. A delegation that is not in `quotas` is limited by the total alone. */
export type SeatLimits = { capacity: number; quotas: ReadonlyMap<string, number> };

/** Granted seats by delegation. */
export type SeatsTaken = ReadonlyMap<string, number>;

function total(taken: SeatsTaken): number {
  let sum = 0;
  for (const seats of taken.values()) sum += seats;
  return sum;
}

/** How many seats a delegation may still take; never below zero. */
export function seatsLeftFor(delegationId: string, limits: SeatLimits, taken: SeatsTaken): number {
  const ofAll = limits.capacity - total(taken);
  const quota = limits.quotas.get(delegationId);
  const ofOwn = quota === undefined ? ofAll : quota - (taken.get(delegationId) ?? 0);
  return Math.max(0, Math.min(ofAll, ofOwn));
}

/** By how many seats the visit, and each delegation, is over its limit: the warning after a limit was lowered. */
export function seatsOver(
  limits: SeatLimits,
  taken: SeatsTaken,
): { total: number; delegations: Map<string, number> } {
  const delegations = new Map<string, number>();
  for (const [delegationId, seats] of limits.quotas) {
    const over = (taken.get(delegationId) ?? 0) - seats;
    if (over > 0) delegations.set(delegationId, over);
  }
  return { total: Math.max(0, total(taken) - limits.capacity), delegations };
}

/** Somebody who waits. The queue is given in order. */
export type Waiting = { placeId: string; delegationId: string };

/** Who of the queue gets a seat now, in order. */
export function promotions<W extends Waiting>(
  queue: ReadonlyArray<W>,
  limits: SeatLimits,
  taken: SeatsTaken,
): Array<W> {
  const now = new Map(taken);
  const promoted: Array<W> = [];
  for (const person of queue) {
    if (seatsLeftFor(person.delegationId, limits, now) === 0) continue;
    now.set(person.delegationId, (now.get(person.delegationId) ?? 0) + 1);
    promoted.push(person);
  }
  return promoted;
}

/**
 * What somebody who asks now gets: a seat when one is free for them and nobody who waits could take it.
 *
 * @param waiting how many wait, by delegation.
 */
export function answerTo(
  delegationId: string,
  waiting: ReadonlyMap<string, number>,
  limits: SeatLimits,
  taken: SeatsTaken,
): Exclude<PlaceState, "withdrawn"> {
  if (seatsLeftFor(delegationId, limits, taken) === 0) return "waiting";
  for (const [other, people] of waiting)
    if (people > 0 && seatsLeftFor(other, limits, taken) > 0) return "waiting";
  return "granted";
}
