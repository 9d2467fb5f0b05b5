/**
 * What changed between two versions of the programme, for one person: only what they are counted on at, wait for, or
 * were counted on at before. Others' functions, and an audience that has them in it before and after, are no news to
 * them. An item that is not for them any more is cancelled as far as they are concerned.
 */
import type { AgendaPart } from "#db/vocabulary.ts";
import {
  type AgendaChange,
  type Attendee,
  clash,
  inOrder,
  isExpected,
  ownView,
  type ProgrammeItem,
  type PublishedItem,
} from "./rules.ts";

/** One change in somebody's own programme. `item` is as it is now, or as it was when it is cancelled for them. */
export type OwnChange = {
  change: AgendaChange["change"];
  item: ProgrammeItem;
  before: ProgrammeItem | null;
  parts: ReadonlyArray<AgendaPart>;
};

/** Parts that make an item another appointment: a time or a place to be at. */
const MOVING: ReadonlyArray<AgendaPart> = ["time", "place"];

/**
 * What of a change concerns one person; null: nothing does.
 *
 * @param inTheWay other items of the new version at the same time: those that this person is expected at are named.
 */
export function ownChange(
  entry: AgendaChange,
  person: Attendee,
  inTheWay: ReadonlyArray<PublishedItem> = [],
): OwnChange | null {
  const now = ownView(entry.item, person);
  if (entry.change === "cancelled")
    return now.involved ? { change: "cancelled", item: now.item, before: null, parts: [] } : null;
  const before = entry.before === null ? null : ownView(entry.before, person);
  if (!now.involved)
    return before?.involved === true
      ? { change: "cancelled", item: before.item, before: null, parts: [] }
      : null;
  if (now.expected)
    now.item.clashesWith = inTheWay.filter((other) => isExpected(other, person)).map(({ id }) => id);
  if (before === null || !before.involved) return { change: "new", item: now.item, before: null, parts: [] };
  const parts = entry.parts.filter((part) => concerns(part, before.item, now.item));
  if (parts.length === 0) return null;
  const moved = parts.some((part) => MOVING.includes(part));
  return { change: moved ? "moved" : "text", item: now.item, before: before.item, parts };
}

function concerns(part: AgendaPart, before: ProgrammeItem, now: ProgrammeItem): boolean {
  switch (part) {
    case "audience":
      return false;
    case "functions":
      return before.functions.toSorted().join() !== now.functions.toSorted().join();
    default:
      return true;
  }
}

/** The same of all changes, in the order of time. */
export function ownChanges(
  changes: ReadonlyArray<AgendaChange>,
  person: Attendee,
  inTheWay: ReadonlyMap<string, ReadonlyArray<PublishedItem>> = new Map(),
): Array<OwnChange> {
  return changes
    .flatMap((entry) => ownChange(entry, person, inTheWay.get(entry.item.id)) ?? [])
    .sort((a, b) => inOrder(a.item, b.item));
}

/** For each item that is new or another: what else of the version is at its time. Worked out once for everybody. */
export function itemsInTheWay(
  changes: ReadonlyArray<AgendaChange>,
  items: ReadonlyArray<PublishedItem>,
): Map<string, Array<PublishedItem>> {
  return new Map(
    changes
      .filter(({ change }) => change !== "cancelled")
      .map(({ item }) => [item.id, items.filter((other) => other.id !== item.id && clash(item, other))]),
  );
}
