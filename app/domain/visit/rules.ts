/**
 * Places on a site visit. A person's wish is `granted` (they have a seat), `offered` (a seat is held for them until they
 * answer), `waiting` (in the order of asking, after a draw in the order of the lots) or `withdrawn`. What always holds:
 *
 * - never more granted and offered than the visit's total, never more of a delegation than its own seats, but for those
 *   whom staff gave a seat with a reason that is recorded;
 * - whoever waits is passed over only while no seat is free that their delegation may take, or while something stands
 *   between them and a seat: they are not agreed that their passport goes to the host, or are elsewhere at that time;
 * - a seat that becomes free goes, or is offered, to the first in the queue who may have it, at once. Where staff give the
 *   seats, or lots will be drawn, nobody moves up by themselves.
 *
 * A limit that is lowered below what is taken moves nobody: it only stops new places.
 */
import { z } from "zod";
import { type Allotment, CATEGORIES, type Category } from "#db/vocabulary.ts";

/** Why somebody cannot have a seat, though one may be free: see `standingFor`. */
export type PlaceObstacle = "not_open" | "consent" | "clash";

/** Who may ask for a visit. An empty list leaves nobody out. */
export type OpenTo = { categories: ReadonlyArray<Category>; delegationIds: ReadonlyArray<string> };

const storedOpenTo = z.object({
  categories: z.array(z.enum(CATEGORIES)).default([]),
  delegationIds: z.array(z.string()).default([]),
});

export function readOpenTo(stored: string): OpenTo {
  return storedOpenTo.parse(JSON.parse(stored));
}

export function isOpenTo(
  { categories, delegationIds }: OpenTo,
  person: { category: Category; delegationId: string },
): boolean {
  return (
    (categories.length === 0 || categories.includes(person.category)) &&
    (delegationIds.length === 0 || delegationIds.includes(person.delegationId))
  );
}

/** Whether free seats find their people by themselves. */
export function isAutomatic({ allotment, drawId }: { allotment: Allotment; drawId: string | null }): boolean {
  return allotment === "first_come" || (allotment === "draw" && drawId !== null);
}

/** When an offer ends: after the hours that it is held, and before the visit begins; null when there is no time left. */
export function offerEnd(
  { offerHours, startsAt }: { offerHours: number; startsAt: number | null },
  now: number,
): number | null {
  const end = Math.min(now + offerHours * 3_600_000, startsAt ?? Number.POSITIVE_INFINITY);
  return end > now ? end : null;
}

/** A visit's limits. A delegation that is not in `quotas` is limited by the total alone. */
export type SeatLimits = { capacity: number; quotas: ReadonlyMap<string, number> };

/** Seats granted and offered, by delegation. */
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

/** Whether a seat is free for this delegation that nobody who waits could take. `queue`: those who could have a seat. */
export function isFreeFor(
  delegationId: string,
  queue: ReadonlyArray<Waiting>,
  limits: SeatLimits,
  taken: SeatsTaken,
): boolean {
  return (
    seatsLeftFor(delegationId, limits, taken) > 0 &&
    queue.every((one) => seatsLeftFor(one.delegationId, limits, taken) === 0)
  );
}

/** What a seat would be beyond: the total, the delegation's own seats, or others' turn. */
export type Beyond = "total" | "delegation" | "turn";

export function beyondOf(
  delegationId: string,
  queue: ReadonlyArray<Waiting>,
  limits: SeatLimits,
  taken: SeatsTaken,
): Array<Beyond> {
  const beyond: Array<Beyond> = [];
  const quota = limits.quotas.get(delegationId);
  if (total(taken) >= limits.capacity) beyond.push("total");
  if (quota !== undefined && (taken.get(delegationId) ?? 0) >= quota) beyond.push("delegation");
  if (beyond.length === 0 && !isFreeFor(delegationId, queue, limits, taken)) beyond.push("turn");
  return beyond;
}

/** Stands for a visit's limits: whoever sets them otherwise has looked at just those. */
export function limitsMark({ capacity, quotas }: SeatLimits): string {
  return JSON.stringify([capacity, [...quotas].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The same of how its seats are given. */
export function settingsMark({
  allotment,
  offerHours,
  openTo,
}: {
  allotment: Allotment;
  offerHours: number | null;
  openTo: OpenTo;
}): string {
  return JSON.stringify([
    allotment,
    offerHours,
    openTo.categories.toSorted(),
    openTo.delegationIds.toSorted(),
  ]);
}
