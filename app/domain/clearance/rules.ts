/**
 * A host's clearance list. Each side releases its own people's facts; whoever deals with the host freezes what was released
 * into a numbered version that never changes. Later differences go out as an amendment: who was added, who was removed,
 * what of whom changed (DOMAIN §1.8). What always holds:
 *
 * - nobody is on it who has no seat, whose side did not release them, or who took back their consent;
 * - a fact that the host does not ask for is not in it, so what changes elsewhere (the time, a flight) amends nothing;
 * - what was sent can be had again byte for byte until it is purged.
 */
import type { Locale } from "#db/vocabulary.ts";
import type { ClearanceColumn, FactName } from "./facts.ts";

/** What is known of somebody. Texts as they were typed; days `YYYY-MM-DD`; closed lists by their words' names. */
export type FactValue = string | { en: string; zh: string };
export type Facts = Readonly<Partial<Record<FactName, FactValue>>>;

/** Somebody as their side released them. */
export type PartRow = { invitationId: string; facts: Facts };

/** A cell of the list. */
export type ListCell = string | { day: string };
/** `key` tells one person's rows of two versions apart from another's. */
export type ListRow = { key: string; cells: ReadonlyArray<ListCell> };
export type FrozenList = {
  locale: Locale;
  columns: ReadonlyArray<ClearanceColumn>;
  rows: ReadonlyArray<ListRow>;
};

export type ListChange = {
  change: "added" | "removed" | "changed";
  key: string;
  cells: ReadonlyArray<ListCell>;
  /** Of a changed row: what stood there before, where that was another; null elsewhere. */
  before: ReadonlyArray<ListCell | null>;
};

/** Columns that say nothing about anybody. */
function isAboutPeople({ fact }: ClearanceColumn): boolean {
  return fact !== "count" && fact !== "empty";
}

/** What is another in the newer list: changed and added rows in its order, then those that are gone. */
export function listChanges(before: FrozenList, after: FrozenList): Array<ListChange> {
  const was = new Map(before.rows.map((row) => [row.key, row]));
  const is = new Set(after.rows.map((row) => row.key));
  const places = after.columns.map((column, n) => placeBefore(before.columns, after.columns, column, n));
  const old = (row: ListRow, n: number): ListCell => row.cells[places[n] ?? -1] ?? "";
  const changes: Array<ListChange> = [];
  for (const row of after.rows) {
    const earlier = was.get(row.key);
    if (earlier === undefined) {
      changes.push({ change: "added", key: row.key, cells: row.cells, before: [] });
      continue;
    }
    const differing = after.columns.map((column, n) => {
      const cell = old(earlier, n);
      return isAboutPeople(column) && !sameCell(cell, row.cells[n] ?? "") ? cell : null;
    });
    if (differing.some((cell) => cell !== null))
      changes.push({ change: "changed", key: row.key, cells: row.cells, before: differing });
  }
  for (const row of before.rows)
    if (!is.has(row.key))
      changes.push({
        change: "removed",
        key: row.key,
        cells: after.columns.map((_, n) => old(row, n)),
        before: [],
      });
  return changes;
}

/**
 * Where a column stood before. A fact may have several (a post in English and in Chinese): the one that was written just so,
 * else the one of the same turn.
 */
function placeBefore(
  before: FrozenList["columns"],
  after: FrozenList["columns"],
  { fact, format }: ClearanceColumn,
  at: number,
): number {
  const of = (columns: FrozenList["columns"], isIt: (column: ClearanceColumn) => boolean) =>
    columns.flatMap((column, n) => (column.fact === fact && isIt(column) ? [n] : []));
  const alike = (column: ClearanceColumn) => column.format === format;
  const [was, is] = [of(before, alike), of(after, alike)];
  if (was.length > 0) return was[is.indexOf(at)] ?? was[0] ?? -1;
  const all = of(before, () => true);
  return all[of(after, () => true).indexOf(at)] ?? all[0] ?? -1;
}

function sameCell(a: ListCell, b: ListCell): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Why somebody is not ready: they did not agree, their passport is yet to be issued, or facts are missing. */
export type Lack = { fact: FactName; expectedOn: string | null };

/** A person's state for the reader who deals with the list. */
export const CLEARANCE_STATES = ["not_ready", "ready", "sent", "cleared", "refused", "withdrawn"] as const;
export type ClearanceState = (typeof CLEARANCE_STATES)[number];

/**
 * @param onList whether they stand on the newest version that was sent.
 * @param hasSeat whether they still go.
 */
export function clearanceState({
  hasSeat,
  onList,
  answer,
  isComplete,
}: {
  hasSeat: boolean;
  onList: boolean;
  answer: "cleared" | "refused" | null;
  isComplete: boolean;
}): ClearanceState {
  if (answer === "refused") return "refused";
  if (!hasSeat) return "withdrawn";
  if (onList) return answer ?? "sent";
  return isComplete ? "ready" : "not_ready";
}
