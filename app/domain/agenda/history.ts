/**
 * What became of each item from version to version. A calendar needs it: an entry that somebody once had must be
 * cancelled in so many words, and its number must rise with whatever changed it, or it stays on their telephone.
 */
import { type Attendee, inOrder, ownView, type ProgrammeItem, type PublishedItem } from "./rules.ts";

export type Version = { number: number; publishedAt: number; items: ReadonlyArray<PublishedItem> };

/** An item as it stood from one version on. `endedAt`: when the version came out that had it otherwise or no longer. */
type ItemState = { item: PublishedItem; since: number; endedAt: number | null };

/** The states of each item, the oldest first. */
export type ProgrammeHistory = ReadonlyMap<string, ReadonlyArray<ItemState>>;

/** @param versions all of them, the oldest first. */
export function historyOf(versions: ReadonlyArray<Version>): ProgrammeHistory {
  const history = new Map<string, Array<ItemState>>();
  const open = new Map<string, ItemState>();
  for (const { publishedAt, items } of versions) {
    const here = new Set<string>();
    for (const item of items) {
      here.add(item.id);
      const last = open.get(item.id);
      if (last !== undefined && last.item.changedIn === item.changedIn) continue;
      if (last !== undefined) last.endedAt = publishedAt;
      const state: ItemState = { item, since: publishedAt, endedAt: null };
      open.set(item.id, state);
      const states = history.get(item.id);
      if (states === undefined) history.set(item.id, [state]);
      else states.push(state);
    }
    for (const [id, last] of open)
      if (!here.has(id)) {
        last.endedAt = publishedAt;
        open.delete(id);
      }
  }
  return history;
}

/** An item with the instant of the newest fact that made it what it is for its reader. */
export type DatedItem = ProgrammeItem & { revisedAt: number };

/** A person, with when each of their places was last decided. */
export type DatedAttendee = Omit<Attendee, "places"> & {
  places: ReadonlyArray<Attendee["places"][number] & { changedAt: number }>;
};

function decidedAt(item: Pick<ProgrammeItem, "visit">, person: DatedAttendee): number {
  const { visit } = item;
  if (visit === null) return 0;
  return person.places.find((place) => place.visitId === visit.id)?.changedAt ?? 0;
}

/** @param own what `personalProgramme` gives them of the newest version. */
export function dated(
  history: ProgrammeHistory,
  own: ReadonlyArray<ProgrammeItem>,
  person: DatedAttendee,
): Array<DatedItem> {
  return own.map((item) => ({
    ...item,
    revisedAt: Math.max(history.get(item.id)?.at(-1)?.since ?? 0, decidedAt(item, person)),
  }));
}

/** What a person once had in their calendar and is off for them now, as it last was. */
export function calledOff(
  history: ProgrammeHistory,
  own: ReadonlyArray<ProgrammeItem>,
  person: DatedAttendee,
): Array<DatedItem> {
  // Whoever gave a place up had it, or waited for it: the entry is in their calendar.
  const atMost: Attendee = {
    ...person,
    places: person.places.map((place) => ({ ...place, state: "granted" })),
  };
  const on = new Set(own.map(({ id }) => id));
  const off: Array<DatedItem> = [];
  for (const [id, states] of history) {
    if (on.has(id)) continue;
    const last = states.findLast((state) => ownView(state.item, atMost).involved);
    if (last === undefined) continue;
    const { item } = ownView(last.item, atMost);
    // Later than all that was said of it before.
    const revisedAt = Math.max(last.endedAt ?? last.since + 1_000, decidedAt(item, person));
    off.push({ ...item, place: null, mine: false, functions: [], revisedAt });
  }
  return off.sort(inOrder);
}
