/**
 * What does not fit in a draft: somebody in two places, a room or an interpreter twice, no time to get there, an arrival
 * after or a departure before what somebody is expected at, a session that nobody interprets, a day without its meal.
 *
 * Pure, for server and browser alike. What everybody of a delegation is expected at is compared once for the delegation,
 * and each person only with what they alone have to do; so the work grows with the items and with what is found, and not
 * with items times people. People of other sides are not among the facts: what concerns them is theirs to find.
 */
import type {
  AgendaKind,
  Audience,
  ClashKind,
  Interpretation,
  LanguagePair,
  SessionFunction,
} from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import { type Travel, travel, type Venue, type Way } from "../venue/rules.ts";
import { isInterpreted, LEISURELY, occupied, type Span } from "./rules.ts";

const MINUTE = 60_000;
/** From landing until somebody can be anywhere, and from leaving a meeting until the flight goes (milliseconds). */
export const AFTER_LANDING = 60 * MINUTE;
export const BEFORE_LEAVING = 120 * MINUTE;

export type ClashItem = Span & {
  id: string;
  kind: AgendaKind;
  audience: Audience;
  delegationIds: ReadonlyArray<string>;
  venueId: string | null;
  fromVenueId: string | null;
  interpretation: Interpretation | null;
  languagePair: LanguagePair | null;
  visit: { id: string; meetAt: number | null } | null;
  /** What people of one's own side do in it. */
  functions: ReadonlyArray<{ invitationId: string; function: SessionFunction }>;
  /** How many interpret it, of whichever side. */
  interpreters: number;
};

/** Somebody of one's own side who may come. */
export type ClashPerson = {
  invitationId: string;
  delegationId: string;
  sideId: string;
  /** The visits on which they have a place. */
  visitIds: ReadonlyArray<string>;
  /** When they are in the city from, and until; null: not known, or not the reader's to know. */
  arrivesAt: number | null;
  leavesAt: number | null;
};

export type ClashFacts = {
  items: ReadonlyArray<ClashItem>;
  people: ReadonlyArray<ClashPerson>;
  /** The edition's delegations, of all sides. */
  delegationIds: ReadonlyArray<string>;
  venues: ReadonlyArray<Pick<Venue, "id" | "withinId">>;
  ways: ReadonlyArray<Way>;
  /** The days of the programme. */
  days: ReadonlyArray<string>;
  timeZone: string;
};

export type Meal = "lunch" | "dinner";

export type Clash = {
  kind: ClashKind;
  /** Which clash it is, whatever its facts are now. */
  key: string;
  /** What it is made of: when that changes, nobody has accepted it any more. */
  facts: string;
  /** Whose people it is about; empty: it is the programme's, for all sides. */
  sideId: string;
  /** In the order of time; of a missing meal none. */
  itemIds: ReadonlyArray<string>;
  at: number;
  people: ReadonlyArray<string>;
  delegationIds: ReadonlyArray<string>;
  venueId: string | null;
  /** Of a way: how many minutes it takes, and how many there are. */
  way: { takes: number; left: number } | null;
  /** How many more items it touches, of an arrival or a departure. */
  more: number;
  /** When they arrive or leave. */
  instant: number | null;
  meal: { meal: Meal; day: string } | null;
};

/** An item as it takes somebody's time: from where they gather until it is over. */
type Engagement = Span & {
  item: ClashItem;
  /** Where one has to be when it begins, and is when it is over; null: not known. */
  from: string | null;
  to: string | null;
};

function engagement(item: ClashItem): Engagement {
  const gathers = item.kind === "transfer" || (item.visit !== null && item.visit.meetAt !== null);
  return {
    ...occupied(item),
    item,
    from: gathers ? item.fromVenueId : item.venueId,
    to: item.venueId,
  };
}

function inTime(a: Engagement, b: Engagement): number {
  return a.startsAt - b.startsAt || a.endsAt - b.endsAt || (a.item.id < b.item.id ? -1 : 1);
}

/** All that does not fit, in the order of time. */
export function findClashes(facts: ClashFacts): Array<Clash> {
  const minutes = travel(facts.venues, facts.ways);
  const longest = Math.max(0, ...facts.ways.map((way) => way.minutes)) * MINUTE;
  const all = facts.items
    .filter(({ kind }) => !LEISURELY.includes(kind))
    .map(engagement)
    .sort(inTime);
  const found: Array<Clash> = [
    ...groupClashes(all, facts, { minutes, longest }),
    ...personClashes(all, facts, { minutes, longest }),
    ...roomClashes(facts),
    ...slowWays(all, minutes),
    ...withoutInterpreter(all),
    ...withoutMeal(facts),
  ];
  return found.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** The delegations of which everybody is expected at an item. */
function audienceOf(
  { audience, delegationIds }: ClashItem,
  all: ReadonlyArray<string>,
): ReadonlyArray<string> {
  return audience === "all" ? all : audience === "delegations" ? delegationIds : [];
}

type Roads = { minutes: Travel; longest: number };

/** Pairs of a list in the order of time that overlap, or that follow each other faster than one gets there. */
function* tooClose(
  list: ReadonlyArray<Engagement>,
  { minutes, longest }: Roads,
): Generator<{ a: Engagement; b: Engagement; way: Clash["way"] }> {
  // Those that may still matter to what comes: not over for longer than the longest way takes.
  let open: Array<Engagement> = [];
  for (const b of list) {
    open = open.filter((a) => a.endsAt + longest > b.startsAt);
    for (const a of open) {
      const close = tooCloseTogether(a, b, minutes);
      if (close !== null) yield { a, b, way: close.way };
    }
    open.push(b);
  }
}

/** What is wrong between two of which the first does not begin later; null: nothing. */
function tooCloseTogether(a: Engagement, b: Engagement, minutes: Travel): { way: Clash["way"] } | null {
  if (a.endsAt > b.startsAt) return { way: null };
  if (a.to === null || b.from === null) return null;
  const takes = minutes(a.to, b.from);
  const left = Math.floor((b.startsAt - a.endsAt) / MINUTE);
  return takes > left ? { way: { takes, left } } : null;
}

function blank(
  kind: ClashKind,
  key: string,
  facts: unknown,
  rest: Partial<Clash> & Pick<Clash, "at" | "itemIds">,
): Clash {
  return {
    kind,
    key: `${kind} ${key}`,
    facts: JSON.stringify(facts),
    sideId: "",
    people: [],
    delegationIds: [],
    venueId: null,
    way: null,
    more: 0,
    instant: null,
    meal: null,
    ...rest,
  };
}

function times(...list: ReadonlyArray<Engagement>) {
  return list.map(({ startsAt, endsAt, from, to, item }) => [item.id, startsAt, endsAt, from, to]);
}

/** What everybody of a delegation is expected at. */
function groupClashes(all: ReadonlyArray<Engagement>, facts: ClashFacts, roads: Roads): Array<Clash> {
  const open = all.filter(({ item }) => audienceOf(item, facts.delegationIds).length > 0);
  const clashes: Array<Clash> = [];
  for (const { a, b, way } of tooClose(open, roads)) {
    const others = new Set(audienceOf(b.item, facts.delegationIds));
    const delegationIds = audienceOf(a.item, facts.delegationIds).filter((id) => others.has(id));
    if (delegationIds.length === 0) continue;
    const kind = way === null ? "people_twice" : "no_way";
    clashes.push(
      blank(kind, pair(a, b), [times(a, b), way, delegationIds.toSorted()], {
        itemIds: [a.item.id, b.item.id],
        at: b.startsAt,
        delegationIds,
        way,
      }),
    );
  }
  return clashes;
}

function pair(a: Engagement, b: Engagement): string {
  return [a.item.id, b.item.id].sort().join(" ");
}

/** What single people have to do, against each other and against what their delegation is expected at. */
function personClashes(all: ReadonlyArray<Engagement>, facts: ClashFacts, roads: Roads): Array<Clash> {
  const byVisit = new Map(
    all.flatMap((one) => (one.item.visit === null ? [] : [[one.item.visit.id, one] as const])),
  );
  const ownBy = new Map<string, Map<Engagement, ReadonlyArray<SessionFunction>>>();
  const own = (invitationId: string) => {
    const known = ownBy.get(invitationId) ?? new Map<Engagement, ReadonlyArray<SessionFunction>>();
    ownBy.set(invitationId, known);
    return known;
  };
  for (const one of all)
    for (const entry of one.item.functions) {
      const known = own(entry.invitationId);
      known.set(one, [...(known.get(one) ?? []), entry.function]);
    }
  for (const person of facts.people)
    for (const visitId of person.visitIds) {
      const visit = byVisit.get(visitId);
      if (visit === undefined) continue;
      const known = own(person.invitationId);
      known.set(visit, known.get(visit) ?? []);
    }
  const groups = new Map(
    facts.delegationIds.map((id) => [
      id,
      timeline(all.filter(({ item }) => audienceOf(item, facts.delegationIds).includes(id))),
    ]),
  );

  const found = new Map<
    string,
    {
      a: Engagement;
      b: Engagement;
      way: Clash["way"];
      kind: ClashKind;
      sideId: string;
      people: Array<string>;
    }
  >();
  const clashes: Array<Clash> = [];
  for (const person of facts.people) {
    const functions = ownBy.get(person.invitationId) ?? new Map<Engagement, ReadonlyArray<SessionFunction>>();
    const mine = [...functions.keys()].sort(inTime);
    const group = groups.get(person.delegationId) ?? timeline([]);
    const inGroup = (one: Engagement) => group.has(one);
    const note = (a: Engagement, b: Engagement, way: Clash["way"]) => {
      // Of what the whole delegation is expected at the delegation is told.
      if (inGroup(a) && inGroup(b)) return;
      const interprets = [a, b].every((one) => functions.get(one)?.includes("interpreter"));
      const kind = way !== null ? "person_no_way" : interprets ? "interpreter_twice" : "person_twice";
      const key = `${kind} ${person.sideId} ${pair(a, b)}`;
      const known = found.get(key) ?? { a, b, way, kind, sideId: person.sideId, people: [] };
      found.set(key, known);
      known.people.push(person.invitationId);
    };
    for (const { a, b, way } of tooClose(mine, roads)) note(a, b, way);
    for (const one of mine) {
      if (inGroup(one)) continue;
      for (const other of group.near(one, roads.longest)) {
        if (functions.has(other)) continue;
        const [a, b] = inTime(one, other) < 0 ? [one, other] : [other, one];
        const close = tooCloseTogether(a, b, roads.minutes);
        if (close !== null) note(a, b, close.way);
      }
    }
    clashes.push(...travelClashes(person, mine, group));
  }
  for (const { a, b, way, kind, sideId, people } of found.values()) {
    const named = people.toSorted();
    clashes.push(
      blank(kind, `${sideId} ${pair(a, b)}`, [times(a, b), way, named], {
        sideId,
        itemIds: [a.item.id, b.item.id],
        at: b.startsAt,
        people: named,
        way,
      }),
    );
  }
  return clashes;
}

type Timeline = {
  has(one: Engagement): boolean;
  /** What overlaps this, or lies no further from it than so many milliseconds. */
  near(one: Span, margin: number): Array<Engagement>;
  /** In the order of time. */
  list: ReadonlyArray<Engagement>;
  /** How many begin before an instant. */
  before(instant: number): number;
  /** In the order of their ends. */
  byEnd: ReadonlyArray<Engagement>;
};

/** Engagements in the order of time, to be asked many times. */
function timeline(list: ReadonlyArray<Engagement>): Timeline {
  const members = new Set(list);
  // The latest end of all up to each: where it is early enough, nothing before can reach further.
  const ends: Array<number> = [];
  for (const { endsAt } of list) ends.push(Math.max(ends.at(-1) ?? endsAt, endsAt));
  const firstAt = (instant: number) => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((list[middle]?.startsAt ?? 0) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    list,
    byEnd: list.toSorted((a, b) => a.endsAt - b.endsAt || (a.item.id < b.item.id ? -1 : 1)),
    has: (one) => members.has(one),
    before: firstAt,
    near({ startsAt, endsAt }, margin) {
      const near: Array<Engagement> = [];
      for (let n = firstAt(endsAt + Math.max(1, margin)) - 1; n >= 0; n--) {
        if ((ends[n] ?? 0) + margin <= startsAt && (ends[n] ?? 0) <= startsAt) break;
        const one = list[n];
        if (one !== undefined && one.endsAt + Math.max(1, margin) > startsAt) near.push(one);
      }
      return near;
    },
  };
}

/** Somebody who comes after, or leaves before, what they are expected at. */
function travelClashes(
  { invitationId, sideId, arrivesAt, leavesAt }: ClashPerson,
  mine: ReadonlyArray<Engagement>,
  group: Timeline,
): Array<Clash> {
  const clashes: Array<Clash> = [];
  if (arrivesAt !== null) {
    const from = arrivesAt + AFTER_LANDING;
    const own = mine.filter((one) => one.startsAt < from && !group.has(one));
    const missed = group.before(from) + own.length;
    const [first] = [group.list[0], own[0]]
      .filter((one) => one !== undefined && one.startsAt < from)
      .sort((a, b) => (a === undefined || b === undefined ? 0 : inTime(a, b)));
    if (first !== undefined)
      clashes.push(
        blank("late_arrival", invitationId, [arrivesAt, times(first), missed], {
          sideId,
          itemIds: [first.item.id],
          at: first.startsAt,
          people: [invitationId],
          more: missed - 1,
          instant: arrivesAt,
        }),
      );
  }
  if (leavesAt !== null) {
    const until = leavesAt - BEFORE_LEAVING;
    const own = mine.filter((one) => one.endsAt > until && !group.has(one));
    let n = group.byEnd.length;
    while (n > 0 && (group.byEnd[n - 1]?.endsAt ?? 0) > until) n--;
    const missed = group.byEnd.length - n + own.length;
    const [first] = [group.byEnd[n], ...own]
      .filter((one) => one !== undefined)
      .sort((a, b) => (a === undefined || b === undefined ? 0 : inTime(a, b)));
    if (first !== undefined)
      clashes.push(
        blank("early_departure", invitationId, [leavesAt, times(first), missed], {
          sideId,
          itemIds: [first.item.id],
          at: first.startsAt,
          people: [invitationId],
          more: missed - 1,
          instant: leavesAt,
        }),
      );
  }
  return clashes;
}

/** Two things in one room. A house that has rooms is no room, and whoever only passes through needs none. */
function roomClashes({ items, venues }: ClashFacts): Array<Clash> {
  const houses = new Set(venues.flatMap(({ withinId }) => (withinId === null ? [] : [withinId])));
  const placed = items.filter(
    ({ kind, venueId }) =>
      venueId !== null &&
      !houses.has(venueId) &&
      kind !== "free" &&
      kind !== "logistics" &&
      kind !== "transfer",
  );
  const clashes: Array<Clash> = [];
  for (const [venueId, there] of Map.groupBy(placed, (item) => item.venueId)) {
    const stays = there
      .map((item): Engagement => ({ ...engagement(item), startsAt: item.startsAt, endsAt: item.endsAt }))
      .sort(inTime);
    for (const { a, b } of tooClose(stays, { minutes: () => 0, longest: 0 }))
      clashes.push(
        blank("room_twice", pair(a, b), [venueId, times(a, b)], {
          itemIds: [a.item.id, b.item.id],
          at: b.startsAt,
          venueId,
        }),
      );
  }
  return clashes;
}

/** Groups that set out too late for what they set out to, and transfers that are too short. */
function slowWays(all: ReadonlyArray<Engagement>, minutes: Travel): Array<Clash> {
  return all.flatMap((one) => {
    const { item } = one;
    if (item.venueId === null || item.fromVenueId === null) return [];
    const until = item.kind === "transfer" ? item.endsAt : item.startsAt;
    if (until <= one.startsAt && item.kind !== "transfer") return [];
    const takes = minutes(item.fromVenueId, item.venueId);
    const left = Math.floor((until - one.startsAt) / MINUTE);
    if (takes <= left) return [];
    return [
      blank("no_way", item.id, [times(one), takes, left], {
        itemIds: [item.id],
        at: one.startsAt,
        way: { takes, left },
      }),
    ];
  });
}

function withoutInterpreter(all: ReadonlyArray<Engagement>): Array<Clash> {
  return all
    .filter(({ item }) => isInterpreted(item) && item.languagePair !== null && item.interpreters === 0)
    .map(({ item }) =>
      blank("no_interpreter", item.id, [item.interpretation, item.languagePair], {
        itemIds: [item.id],
        at: item.startsAt,
      }),
    );
}

/**
 * Between which times a meal is eaten, and what makes people expect it: something before and after, or into the evening.
 * Minutes from noon: one look at the calendar a day, and no clock is changed between breakfast and midnight.
 */
const MEALS = [
  { meal: "lunch", from: -60, to: 150, before: -15, after: 60 },
  { meal: "dinner", from: 300, to: 570, before: 480, after: 390 },
] as const;

function withoutMeal({ items, days, timeZone }: ClashFacts): Array<Clash> {
  const spans = items
    .filter(({ kind }) => !LEISURELY.includes(kind))
    .map((item) => ({ ...occupied(item), kind: item.kind }));
  return days.flatMap((day) => {
    const noon = instantOf(day, "12:00", timeZone);
    const today = spans.filter(
      ({ startsAt, endsAt }) => startsAt < noon + 720 * MINUTE && endsAt > noon - 720 * MINUTE,
    );
    const work = today.filter(({ kind }) => kind !== "meal");
    return MEALS.flatMap(({ meal, from, to, before, after }) => {
      const [opens, closes] = [noon + from * MINUTE, noon + to * MINUTE];
      const eaten = today.some(
        ({ kind, startsAt, endsAt }) => kind === "meal" && startsAt < closes && endsAt > opens,
      );
      const early = work.some(({ startsAt }) => startsAt < noon + before * MINUTE);
      const late = work.some(({ endsAt }) => endsAt > noon + after * MINUTE);
      if (eaten || !early || !late) return [];
      return [
        blank("no_meal", `${day} ${meal}`, [day, meal], { itemIds: [], at: opens, meal: { meal, day } }),
      ];
    });
  });
}
