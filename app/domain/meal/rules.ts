/**
 * A meal: an agenda item at which people eat, at tables. What always holds:
 *
 * - the kitchen counts on everybody whom the programme counts on at that item, but for those noted as absent;
 * - what is counted are the answers of registrations that were sent, as they stand now; who has not sent one is counted as
 *   not known, because whoever reads a blank reads “none”;
 * - each side reads its own people's needs. The side that receives the meeting reads the others' as numbers (DOMAIN §4.3),
 *   and names of theirs only as far as they were released;
 * - no table has more people than seats, and nobody has two.
 */
import { DIETS, type Diet } from "#db/vocabulary.ts";
import type { ALLERGY_SEVERITIES } from "../registration/rules.ts";

export type Severity = (typeof ALLERGY_SEVERITIES)[number];

/** What somebody told of food and drink. */
export type Needs = {
  diets: ReadonlyArray<Diet>;
  dietText: string;
  allergies: string;
  severity: Severity | "";
};

/** What the kitchen has to know in numbers. A person with two needs is counted at each of them, and once in `covers`. */
export type Counts = {
  covers: number;
  /** Sent their registration, and need nothing in particular. */
  plain: number;
  /** Have not sent it: nobody knows. */
  unknown: number;
  diets: Partial<Record<Diet, number>>;
  /** By severity; an allergy of which nobody said how severe it is counts as severe. */
  allergies: Partial<Record<Severity, number>>;
};

export const NO_COUNTS: Counts = { covers: 0, plain: 0, unknown: 0, diets: {}, allergies: {} };

/** Whether anything is other than for everybody. */
export function isPlain({ diets, dietText, allergies }: Needs): boolean {
  return diets.every((diet) => diet === "none") && dietText === "" && allergies === "";
}

/** How severe an allergy has to be taken to be; null: there is none. */
export function severityOf({ allergies, severity }: Pick<Needs, "allergies" | "severity">): Severity | null {
  if (allergies === "") return null;
  return severity === "" ? "severe" : severity;
}

/** Whether the waiter has to know who it is before anything is served. */
export function isDangerous(needs: Pick<Needs, "allergies" | "severity">): boolean {
  const severity = severityOf(needs);
  return severity === "severe" || severity === "life_threatening";
}

/** What these people's needs come to. Null: has not sent a registration. */
export function countNeeds(people: Iterable<Needs | null>): Counts {
  const counts = { covers: 0, plain: 0, unknown: 0, diets: {}, allergies: {} } satisfies Counts as Counts;
  for (const needs of people) {
    counts.covers += 1;
    if (needs === null) {
      counts.unknown += 1;
      continue;
    }
    if (isPlain(needs)) counts.plain += 1;
    for (const diet of new Set(needs.diets))
      if (diet !== "none") counts.diets[diet] = (counts.diets[diet] ?? 0) + 1;
    const severity = severityOf(needs);
    if (severity !== null) counts.allergies[severity] = (counts.allergies[severity] ?? 0) + 1;
  }
  return counts;
}

/** The sums of several counts. */
export function addUp(all: ReadonlyArray<Counts>): Counts {
  const sum = (of: (counts: Counts) => number) => all.reduce((total, counts) => total + of(counts), 0);
  const parts = <Key extends string>(keys: ReadonlyArray<Key>, of: (counts: Counts, key: Key) => number) =>
    Object.fromEntries(
      keys.map((key) => [key, sum((counts) => of(counts, key))] as const).filter(([, n]) => n > 0),
    ) as Partial<Record<Key, number>>;
  return {
    covers: sum(({ covers }) => covers),
    plain: sum(({ plain }) => plain),
    unknown: sum(({ unknown }) => unknown),
    diets: parts(DIETS, (counts, diet) => counts.diets[diet] ?? 0),
    allergies: parts(SEVERITIES, (counts, severity) => counts.allergies[severity] ?? 0),
  };
}

/** The worst first. */
export const SEVERITIES = ["life_threatening", "severe", "mild"] as const satisfies ReadonlyArray<Severity>;

/** How many plates are other than everybody's: those for whom the sheet has a line. */
export function specialPlates({ covers, plain, unknown }: Counts): number {
  return covers - plain - unknown;
}

/** A table with the places that are free for one side. */
export type FreeTable = {
  tableId: string;
  head: boolean;
  seats: number;
  taken: ReadonlyArray<number | null>;
};

export type Seat = { invitationId: string; tableId: string; place: number | null };

/**
 * Seats for people in their side's own order. At the head table the sides sit in turn: the host's first in the middle (place
 * 1), the guests' first on the host's right (2), and so on outwards (DOMAIN §1.7), half of the table for each; the others
 * go to the other tables in that order, as even as there is room. Who finds no seat gets none.
 */
export function seatByOrder(
  people: ReadonlyArray<string>,
  tables: ReadonlyArray<FreeTable>,
  { isHost }: { isHost: boolean },
): Array<Seat> {
  const waiting = [...people];
  const seats: Array<Seat> = [];
  for (const { tableId, seats: size, taken } of tables.filter(({ head }) => head)) {
    let free = size - taken.length;
    for (let place = isHost ? 1 : 2; place <= size && free > 0; place += 2) {
      if (taken.includes(place)) continue;
      const next = waiting.shift();
      if (next === undefined) return seats;
      seats.push({ invitationId: next, tableId, place });
      free -= 1;
    }
  }
  const rest = tables
    .filter(({ head }) => !head)
    .map(({ tableId, seats: size, taken }) => ({ tableId, free: size - taken.length, ours: 0 }));
  for (const invitationId of waiting) {
    const [table] = rest
      .filter(({ free }) => free > 0)
      .toSorted((a, b) => a.ours - b.ours || rest.indexOf(a) - rest.indexOf(b));
    if (table === undefined) break;
    table.free -= 1;
    table.ours += 1;
    seats.push({ invitationId, tableId: table.tableId, place: null });
  }
  return seats;
}

/** What does not fit at tables: more people, or a higher place, than there are seats (`full`), or two at one place. */
export function crowded(
  tables: ReadonlyArray<{ id: string; seats: number }>,
  taken: ReadonlyArray<{ tableId: string; place: number | null }>,
): "full" | "twice" | null {
  for (const { id, seats } of tables) {
    const here = taken.filter(({ tableId }) => tableId === id);
    const places = here.map(({ place }) => place).filter((place) => place !== null);
    if (here.length > seats || places.some((place) => place > seats)) return "full";
    if (new Set(places).size < places.length) return "twice";
  }
  return null;
}

/** Why somebody who is counted may not be there: they arrive when it is over, or have left. */
export type Away = "arrives" | "left";

export function awayFrom(
  meal: { startsAt: number; endsAt: number },
  { arrivesAt, leavesAt }: { arrivesAt: number | null; leavesAt: number | null },
): Away | null {
  if (arrivesAt !== null && arrivesAt >= meal.endsAt) return "arrives";
  return leavesAt !== null && leavesAt <= meal.startsAt ? "left" : null;
}
