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
  const old = (row: ListRow, column: ClearanceColumn): ListCell =>
    row.cells[before.columns.findIndex((each) => each.fact === column.fact)] ?? "";
  const changes: Array<ListChange> = [];
  for (const row of after.rows) {
    const earlier = was.get(row.key);
    if (earlier === undefined) {
      changes.push({ change: "added", key: row.key, cells: row.cells, before: [] });
      continue;
    }
    const differing = after.columns.map((column, n) => {
      const cell = old(earlier, column);
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
        cells: after.columns.map((column) => old(row, column)),
        before: [],
      });
  return changes;
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
