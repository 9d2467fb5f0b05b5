/**
 * Rooms: a hotel holds a block for a meeting, so many rooms of a type for each night. A room is taken for nights in a row,
 * and each night has somebody who pays. What always holds:
 *
 * - no night is taken more often than the block has rooms, whoever books at the same moment;
 * - nobody sleeps in two rooms in one night;
 * - two share a room once both have said yes; before that nobody is put on a hotel's list with another;
 * - a list that went to a hotel never changes: what changed since is an amendment to it.
 */
import { Temporal } from "temporal-polyfill";
import { type Payer, ROOMING_COLUMNS, type RoomingColumn, type SharingAnswer } from "#db/vocabulary.ts";
import { clockTime24, dayOf } from "../../i18n/dates.ts";

/** The longest stay; more is mistyped. */
const MOST_NIGHTS = 60;

/** The nights of a stay, by the day on which each begins; none when the days are no stay. */
export function nightsBetween(checkIn: string, checkOut: string): Array<string> {
  const first = Temporal.PlainDate.from(checkIn);
  const count = first.until(Temporal.PlainDate.from(checkOut)).days;
  if (count < 1 || count > MOST_NIGHTS) return [];
  return Array.from({ length: count }, (_, n) => first.add({ days: n }).toString());
}

/** The nights for which somebody needs a room, as far as it is known when they come and go; none when it is not. */
export function nightsOfStay({
  arrivesAt,
  leavesAt,
  timeZone,
}: {
  arrivesAt: number | null;
  leavesAt: number | null;
  timeZone: string;
}): Array<string> {
  if (arrivesAt === null || leavesAt === null) return [];
  return nightsBetween(firstNight(arrivesAt, timeZone), dayOf(leavesAt, timeZone));
}

/** The day after a night. */
export function morningAfter(night: string): string {
  return Temporal.PlainDate.from(night).add({ days: 1 }).toString();
}

/** Whoever comes before this hour wants a bed at once: their first night is the one that is ending. */
const EARLIEST_MORNING = 6;

/** The first night that somebody needs a room for, by the instant at which they come. */
export function firstNight(at: number, timeZone: string): string {
  const day = dayOf(at, timeZone);
  const hour = Number(clockTime24(at, timeZone).slice(0, 2));
  return hour < EARLIEST_MORNING ? Temporal.PlainDate.from(day).subtract({ days: 1 }).toString() : day;
}

/** Which nights of a stay have no room, and which rooms stand empty because their guest comes later or leaves sooner. */
export function nightsAstray({
  first,
  arrivesOn,
  leavesOn,
  taken,
  early,
}: {
  /** The first night that is needed, and the day of coming: another one where somebody lands before morning. */
  first: string | null;
  arrivesOn: string | null;
  leavesOn: string | null;
  taken: ReadonlyArray<string>;
  /** The hotel was asked to have the room ready on the morning of coming. */
  early: boolean;
}): { missing: Array<string>; extra: Array<string> } {
  const from = early ? arrivesOn : first;
  const needed = from === null || leavesOn === null ? [] : nightsBetween(from, leavesOn);
  return {
    missing: needed.filter((night) => !taken.includes(night)),
    extra: taken
      .filter((night) => (first !== null && night < first) || (leavesOn !== null && night >= leavesOn))
      .toSorted(),
  };
}

/** Whether a room may be called shared on a list: one guest is left in it, or all who are have agreed. */
export function isSettled(guests: ReadonlyArray<{ sharing: SharingAnswer; gone?: boolean }>): boolean {
  const left = guests.filter(({ gone = false }) => !gone);
  return left.length < 2 || left.every((guest) => guest.sharing === "agreed");
}

/** Nights in a row for which the same one pays. */
export type Stretch = { checkIn: string; checkOut: string; nights: number; payer: Payer };

/** A stay as a hotel bills it: in stretches with one payer each. */
export function stretchesOf(nights: ReadonlyArray<{ night: string; payer: Payer }>): Array<Stretch> {
  const stretches: Array<Stretch> = [];
  for (const { night, payer } of nights.toSorted((a, b) => (a.night < b.night ? -1 : 1))) {
    const last = stretches.at(-1);
    if (last !== undefined && last.payer === payer && last.checkOut === night) {
      last.checkOut = morningAfter(night);
      last.nights += 1;
    } else stretches.push({ checkIn: night, checkOut: morningAfter(night), nights: 1, payer });
  }
  return stretches;
}

/** Somebody who would share a room, and with whom if they have said so. */
export type Sharer = { id: string; delegationId: string; wishes: string | null };

/**
 * Who might share with whom: those who wish each other first, the others with somebody of their delegation, drawn. The same
 * seed gives the same pairs whatever order people are listed in. Nobody is in two pairs.
 */
export function drawPairs(people: ReadonlyArray<Sharer>, seed: string): Array<[string, string]> {
  const byId = new Map(people.map((one) => [one.id, one] as const));
  const left = new Map(byId);
  const pairs: Array<[string, string]> = [];
  const pair = (a: Sharer, b: Sharer) => {
    left.delete(a.id);
    left.delete(b.id);
    pairs.push(a.id < b.id ? [a.id, b.id] : [b.id, a.id]);
  };
  for (const one of [...byId.values()].sort(byIdOrder)) {
    const other = one.wishes === null ? undefined : left.get(one.wishes);
    if (left.has(one.id) && other !== undefined && other.id !== one.id && other.wishes === one.id)
      pair(one, other);
  }
  const drawn = [...left.values()]
    .map((one) => ({ one, lot: lotOf(seed, one.id) }))
    .sort((a, b) => a.lot - b.lot || byIdOrder(a.one, b.one))
    .map(({ one }) => one);
  for (const [, of] of Map.groupBy(drawn, (one) => one.delegationId))
    for (let n = 0; n + 1 < of.length; n += 2) {
      const [a, b] = [of[n], of[n + 1]];
      if (a !== undefined && b !== undefined) pair(a, b);
    }
  return pairs;
}

function byIdOrder(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** A number that stands for a seed and an id (FNV-1a, 32 bits). No secret: anybody may draw again. */
function lotOf(seed: string, id: string): number {
  let hash = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(`${seed}/${id}`)) {
    hash ^= unit;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}

/** A column with what the hotel calls it; empty: as we do. */
export type ListColumn = { name: RoomingColumn; heading: string };

export const USUAL_COLUMNS: ReadonlyArray<ListColumn> = (
  [
    "nameLatin",
    "nameNative",
    "roomType",
    "checkIn",
    "checkOut",
    "nights",
    "sharingWith",
    "payer",
    "arrival",
  ] as const
).map((name) => ({ name, heading: "" }));

/** A hotel's columns as stored. */
export function readColumns(stored: string): Array<ListColumn> {
  const rows: unknown = JSON.parse(stored);
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: { name?: unknown; heading?: unknown }) => {
    const name = ROOMING_COLUMNS.find((each) => each === row.name);
    return name === undefined ? [] : [{ name, heading: typeof row.heading === "string" ? row.heading : "" }];
  });
}

/** A line of a list: whose and which, its cells, and the facts that they put into words (lists of long ago have none). */
export type ListRow = { key: string; cells: ReadonlyArray<string>; facts?: ReadonlyArray<string> };

export type Amendment =
  | { change: "added"; row: ListRow }
  | { change: "removed"; row: ListRow }
  | { change: "changed"; row: ListRow; before: ListRow };

/** What a list has that the one before had not. Other columns than before make every line a changed one. */
export function amendmentsOf(
  before: ReadonlyArray<ListRow>,
  after: ReadonlyArray<ListRow>,
): Array<Amendment> {
  const was = new Map(before.map((row) => [row.key, row] as const));
  const is = new Set(after.map((row) => row.key));
  return [
    ...after.flatMap((row): Array<Amendment> => {
      const old = was.get(row.key);
      if (old === undefined) return [{ change: "added", row }];
      return saysTheSame(old, row) ? [] : [{ change: "changed", row, before: old }];
    }),
    ...before.filter((row) => !is.has(row.key)).map((row): Amendment => ({ change: "removed", row })),
  ];
}

/** Other words for the same facts are no change: lists are read by a hotel, which would look for what is another. */
function saysTheSame(old: ListRow, row: ListRow): boolean {
  if (old.facts !== undefined && row.facts !== undefined)
    return JSON.stringify(old.facts) === JSON.stringify(row.facts);
  return (
    old.cells.length === row.cells.length &&
    old.cells.every((cell, n) => cell === row.cells[n] || isSameMoment(cell, row.cells[n] ?? ""))
  );
}

/** Chinese times of lists without facts may say their zone at the end, or at the beginning. */
function isSameMoment(one: string, other: string): boolean {
  const numbers = (text: string) => text.match(/\d+/g)?.join(" ") ?? "";
  const isMoment = (text: string) => /\d{4}年\d{1,2}月\d{1,2}日.*\d{2}:\d{2}/.test(text);
  return isMoment(one) && isMoment(other) && numbers(one) === numbers(other);
}

/** Whoever lodges elsewhere than in a hotel has to be reported to the police within a day (DOMAIN §3.6). */
export function mustReport({ country, lodging }: { country: string; lodging: string }): boolean {
  return country === "CN" && lodging === "private";
}
