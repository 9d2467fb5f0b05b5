/**
 * The programme of an edition. Staff edit a draft freely; **publishing** makes a numbered version that never changes
 * again, and only versions leave the secretariat. Two versions have a difference that can be shown and mailed.
 * What one person sees of a version is their programme: the items meant for them, what they do in each, whether they
 * have a place, and what happens at the same time (DOMAIN §1.9).
 */
import {
  AGENDA_PARTS,
  type AgendaKind,
  type AgendaPart,
  type Attribution,
  type Audience,
  type Interpretation,
  type LanguagePair,
  type PlaceState,
  type SessionFunction,
} from "#db/vocabulary.ts";

/** From one instant up to, not including, another: epoch milliseconds. */
export type Span = { startsAt: number; endsAt: number };

/** What people who go on a visit must know. */
type VisitFacts = {
  id: string;
  hostEn: string;
  hostZh: string;
  /** When and where the group meets to go there; null when it has not been settled. */
  meetAt: number | null;
  meetingPointEn: string;
  meetingPointZh: string;
  dressEn: string;
  dressZh: string;
  bringEn: string;
  bringZh: string;
};

/** What else there is to say of an item. Versions from before it could be said have none. */
export type ItemDetails = {
  addressEn: string;
  addressZh: string;
  /** Of a visit these two are the visit's own, and empty here. */
  dressEn: string;
  dressZh: string;
  bringEn: string;
  bringZh: string;
  languagePair: LanguagePair | null;
};

/** The details as a version keeps them: nothing when there is nothing to say. */
export function detailsOrNone(details: ItemDetails): ItemDetails | null {
  return Object.values(details).some((value) => value !== null && value !== "") ? details : null;
}

/** Whether somebody has to interpret an item. */
export function isInterpreted({ interpretation }: { interpretation: Interpretation | null }): boolean {
  return interpretation === "simultaneous" || interpretation === "consecutive";
}

/** What every reader of the programme sees of an item, whoever they are. */
type ItemFacts = Span & {
  id: string;
  kind: AgendaKind;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  attribution: Attribution | null;
  interpretation: Interpretation | null;
  visit: VisitFacts | null;
  details?: ItemDetails | null;
  /** The number of the version in which the item last changed. */
  changedIn: number;
};

/** Who an item is for. `delegationIds` counts for the audience `delegations` alone. */
export type AudienceFacts = {
  audience: Audience;
  delegationIds: ReadonlyArray<string>;
  functions: ReadonlyArray<{ invitationId: string; function: SessionFunction }>;
};

/** An item as a published version keeps it: for the server alone, since it knows who does what. */
export type PublishedItem = ItemFacts & AudienceFacts;

/** What one person sees of an item. */
export type ProgrammeItem = ItemFacts & {
  /** Whether this person has a function in it or a place on it. */
  mine: boolean;
  /** What this person does in it. */
  functions: Array<SessionFunction>;
  /** This person's place on the visit; null when it is no visit or they never asked. */
  place: PlaceState | null;
  /** Ids of other items that this person is expected at during the same time. */
  clashesWith: Array<string>;
};

/** A person, as far as their programme depends on them. */
export type Attendee = {
  invitationId: string;
  delegationId: string;
  places: ReadonlyArray<{ visitId: string; state: PlaceState }>;
};

/** Whether two spans share a moment. One that begins when the other ends does not. */
export function overlaps(a: Span, b: Span): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

/** The time that an item takes of a person's day: a visit begins where the group meets. */
export function occupied(item: Span & { visit: Pick<VisitFacts, "meetAt"> | null }): Span {
  const meetAt = item.visit?.meetAt ?? item.startsAt;
  return { startsAt: Math.min(item.startsAt, meetAt), endsAt: item.endsAt };
}

/** Kinds that ask nobody to be in one place: they clash with nothing. */
export const LEISURELY: ReadonlyArray<AgendaKind> = ["free", "logistics", "break"];

/** Whether two items cannot both be attended. */
export function clash(
  a: Pick<ItemFacts, "kind" | "startsAt" | "endsAt" | "visit">,
  b: Pick<ItemFacts, "kind" | "startsAt" | "endsAt" | "visit">,
): boolean {
  return !LEISURELY.includes(a.kind) && !LEISURELY.includes(b.kind) && overlaps(occupied(a), occupied(b));
}

/** This person's place on an item's visit, or null. A place given up is none. */
function placeOn(item: Pick<ItemFacts, "visit">, person: Attendee): PlaceState | null {
  if (item.visit === null) return null;
  const visitId = item.visit.id;
  const state = person.places.find((place) => place.visitId === visitId)?.state ?? null;
  return state === "withdrawn" ? null : state;
}

/** Whether the programme counts on this person at an item. Somebody on a waiting list is not expected yet. */
export function isExpected(item: AudienceFacts & Pick<ItemFacts, "visit">, person: Attendee): boolean {
  if (item.functions.some((entry) => entry.invitationId === person.invitationId)) return true;
  switch (item.audience) {
    case "all":
      return true;
    case "delegations":
      return item.delegationIds.includes(person.delegationId);
    case "visit":
      return placeOn(item, person) === "granted";
    case "listed":
      return false;
    default:
      return item.audience satisfies never;
  }
}

/** What a person sees of an item by itself, and whether the programme counts on them there. Others' functions are left out. */
export function ownView(
  item: PublishedItem,
  person: Attendee,
): { item: ProgrammeItem; expected: boolean; involved: boolean } {
  const { audience: _audience, delegationIds: _delegations, functions: all, ...facts } = item;
  const place = placeOn(item, person);
  const functions = all
    .filter((entry) => entry.invitationId === person.invitationId)
    .map((entry) => entry.function);
  const expected = isExpected(item, person);
  return {
    item: {
      ...facts,
      details: item.details ?? null,
      mine: functions.length > 0 || place === "granted",
      functions,
      place,
      clashesWith: [],
    },
    expected,
    involved: expected || place === "waiting" || place === "offered",
  };
}

/**
 * What a person sees of a programme, in the order of time: the items that count on them, and the visits whose waiting
 * list they are on.
 */
export function personalProgramme(
  items: ReadonlyArray<PublishedItem>,
  person: Attendee,
): Array<ProgrammeItem> {
  const own = items.map((item) => ownView(item, person)).filter(({ involved }) => involved);
  // Two items for everybody at the same time are the secretariat's puzzle, shown on its own page; here only what
  // this person was promised, or promised to do, is worth an alarm.
  const firm = own.filter(({ expected }) => expected).map(({ item }) => item);
  for (const [a, b] of clashing(firm))
    if (a.mine || b.mine) {
      a.clashesWith.push(b.id);
      b.clashesWith.push(a.id);
    }
  const programme = own.map(({ item }) => item).sort(inOrder);
  const place = new Map(programme.map((item, n) => [item.id, n]));
  for (const item of programme) item.clashesWith.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  return programme;
}

/** All pairs that clash. One after the other in the order of time, so that a long programme costs no more by item. */
function clashing<Item extends Parameters<typeof clash>[0]>(items: ReadonlyArray<Item>): Array<[Item, Item]> {
  const pairs: Array<[Item, Item]> = [];
  const busy = items
    .filter(({ kind }) => !LEISURELY.includes(kind))
    .map((item) => ({ item, span: occupied(item) }))
    .sort((a, b) => a.span.startsAt - b.span.startsAt);
  let running: typeof busy = [];
  for (const next of busy) {
    running = running.filter(({ span }) => span.endsAt > next.span.startsAt);
    for (const { item } of running) if (clash(item, next.item)) pairs.push([item, next.item]);
    running.push(next);
  }
  return pairs;
}

/** Earlier first; of two that begin together the shorter, then a definite order. */
export function inOrder(a: Span & { id: string }, b: Span & { id: string }): number {
  return a.startsAt - b.startsAt || a.endsAt - b.endsAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** One line of "what changed". `moved` says that time or place is another, `text` that only other things are. */
export type AgendaChange =
  | { change: "new"; item: PublishedItem; before: null; parts: ReadonlyArray<AgendaPart> }
  | { change: "cancelled"; item: PublishedItem; before: null; parts: ReadonlyArray<AgendaPart> }
  | {
      change: "moved" | "text";
      item: PublishedItem;
      before: PublishedItem;
      parts: ReadonlyArray<AgendaPart>;
    };

const PART_OF: Readonly<Record<AgendaPart, (item: PublishedItem) => unknown>> = {
  time: (item) => [item.startsAt, item.endsAt],
  place: (item) => [item.placeEn, item.placeZh],
  title: (item) => [item.titleEn, item.titleZh],
  kind: (item) => item.kind,
  audience: (item) => [item.audience, item.audience === "delegations" ? item.delegationIds.toSorted() : []],
  attribution: (item) => item.attribution,
  interpretation: (item) => item.interpretation,
  details: (item) => item.details ?? null,
  functions: (item) => item.functions.map((entry) => [entry.invitationId, entry.function]),
  visit: (item) =>
    item.visit === null
      ? null
      : [
          item.visit.id,
          item.visit.hostEn,
          item.visit.hostZh,
          item.visit.meetAt,
          item.visit.meetingPointEn,
          item.visit.meetingPointZh,
          item.visit.dressEn,
          item.visit.dressZh,
          item.visit.bringEn,
          item.visit.bringZh,
        ],
};

/** Which parts of an item differ between two states of it; empty when none does. */
function changedParts(before: PublishedItem, after: PublishedItem): Array<AgendaPart> {
  return AGENDA_PARTS.filter(
    (part) => JSON.stringify(PART_OF[part](before)) !== JSON.stringify(PART_OF[part](after)),
  );
}

/** What changed from one state of the programme to another, in the order of time. */
export function agendaChanges(
  before: ReadonlyArray<PublishedItem>,
  after: ReadonlyArray<PublishedItem>,
): Array<AgendaChange> {
  const was = new Map(before.map((item) => [item.id, item]));
  const is = new Set(after.map((item) => item.id));
  const changes: Array<AgendaChange> = [];
  for (const item of after) {
    const old = was.get(item.id);
    if (old === undefined) {
      changes.push({ change: "new", item, before: null, parts: [] });
      continue;
    }
    const parts = changedParts(old, item);
    if (parts.length === 0) continue;
    const moved = parts.includes("time") || parts.includes("place");
    changes.push({ change: moved ? "moved" : "text", item, before: old, parts });
  }
  for (const item of before)
    if (!is.has(item.id)) changes.push({ change: "cancelled", item, before: null, parts: [] });
  return changes.sort((a, b) => inOrder(a.item, b.item));
}

/**
 * The items of the version that comes after `before`: each remembers the version in which it last changed, so that a
 * calendar knows an update from a repetition.
 */
export function nextVersion(
  before: ReadonlyArray<PublishedItem>,
  draft: ReadonlyArray<PublishedItem>,
  number: number,
): Array<PublishedItem> {
  const was = new Map(before.map((item) => [item.id, item]));
  return draft.toSorted(inOrder).map((item) => {
    const old = was.get(item.id);
    const same = old !== undefined && changedParts(old, item).length === 0;
    return { ...item, changedIn: same ? old.changedIn : number };
  });
}
