/**
 * Interpretation: which pairs of languages an item needs, by what people speak there and what the others understand, against
 * who interprets it. What always holds:
 *
 * - a pair is needed as soon as one person who needs interpretation does not work in a language that is spoken;
 * - simultaneous work that lasts longer than forty minutes takes two interpreters for a pair, who take turns; consecutive
 *   work takes one;
 * - what somebody has not told is not known, and is no “needs nothing”.
 */
import { type Interpretation, LANGUAGE_PAIRS, type LanguagePair } from "#db/vocabulary.ts";
import { overlaps, type Span } from "../agenda/rules.ts";
import type { WORKING_LANGUAGES } from "../registration/rules.ts";

/** As people tell of them; `other` is one that the form has no box for. */
export type Tongue = (typeof WORKING_LANGUAGES)[number];

/** People who tell the same of themselves. */
export type Group = {
  people: number;
  tongues: ReadonlyArray<Tongue>;
  needs: "yes" | "no" | "";
  /** They have a part in the item in which they speak. */
  speak: boolean;
};

const MINUTE = 60_000;

/** Longer than this nobody interprets simultaneously without being relieved. */
const ALONE = 40;

/** How many interpreters a pair takes. */
export function interpretersFor({ mode, minutes }: { mode: Interpretation | null; minutes: number }): number {
  if (mode !== "simultaneous" && mode !== "consecutive") return 0;
  return mode === "simultaneous" && minutes > ALONE ? 2 : 1;
}

const CODES: Readonly<Record<Exclude<Tongue, "other">, string>> = { english: "en", chinese: "zh" };

function pairOf(one: Tongue, other: Tongue): LanguagePair | null {
  if (one === "other" || other === "other" || one === other) return null;
  const [a, b] = [CODES[one], CODES[other]];
  return LANGUAGE_PAIRS.find((pair) => pair === `${a}_${b}` || pair === `${b}_${a}`) ?? null;
}

export type LanguageNeed = {
  /** For how many people each pair is needed. */
  pairs: Partial<Record<LanguagePair, number>>;
  /** How many listen in each language: a channel of the headsets. */
  channels: Partial<Record<Tongue, number>>;
  /** How many need a language that no pair of ours has. */
  unpaired: number;
  /** How many have not told what they work in. */
  unknown: number;
};

/** What an item needs. Where nobody has a part in which they speak, everybody may speak. */
export function languageNeed(groups: ReadonlyArray<Group>): LanguageNeed {
  const known = groups.filter(({ tongues }) => tongues.length > 0);
  const speakers = known.some(({ speak }) => speak) ? known.filter(({ speak }) => speak) : known;
  const spoken = new Set(speakers.flatMap(({ tongues }) => tongues));
  const need: LanguageNeed = {
    pairs: {},
    channels: {},
    unpaired: 0,
    unknown: groups
      .filter(({ tongues }) => tongues.length === 0)
      .reduce((sum, { people }) => sum + people, 0),
  };
  for (const { people, tongues, needs } of known) {
    const foreign = [...spoken].filter((tongue) => !tongues.includes(tongue));
    const [own] = tongues;
    if (needs !== "yes" || foreign.length === 0 || own === undefined) continue;
    const pairs = new Set(foreign.map((tongue) => pairOf(own, tongue)));
    for (const pair of pairs) if (pair !== null) need.pairs[pair] = (need.pairs[pair] ?? 0) + people;
    if (pairs.has(null)) need.unpaired += people;
    need.channels[own] = (need.channels[own] ?? 0) + people;
  }
  return need;
}

/** An interpreter at an item. `key` stands for who it is; null: of another side, who is a number here. */
export type Post = {
  key: string | null;
  pair: LanguagePair | null;
  booth: string;
  /** Whether they work in this pair, as far as it is known. */
  fits: boolean;
};

export type PlannedItem = Span & {
  itemId: string;
  mode: Interpretation | null;
  /** As the agenda says. */
  pair: LanguagePair | null;
  need: LanguageNeed;
  posts: ReadonlyArray<Post>;
};

/** What is missing in the plan of an item. */
export type Gap =
  | { kind: "mode"; pair: LanguagePair; people: number }
  | { kind: "pair"; pair: LanguagePair; people: number }
  | { kind: "short"; pair: LanguagePair; has: number; wants: number }
  | { kind: "booth"; pair: LanguagePair }
  | { kind: "misfit"; key: string; pair: LanguagePair }
  | { kind: "twice"; key: string; otherId: string }
  | { kind: "unpaired"; people: number }
  | { kind: "unknown"; people: number };

/** The gaps of each item, those first without which it cannot be held. */
export function gapsIn(items: ReadonlyArray<PlannedItem>): Map<string, Array<Gap>> {
  return new Map(items.map((item) => [item.itemId, gapsOf(item, items)] as const));
}

function gapsOf(item: PlannedItem, all: ReadonlyArray<PlannedItem>): Array<Gap> {
  const { mode, need, posts } = item;
  const gaps: Array<Gap> = [];
  const minutes = (item.endsAt - item.startsAt) / MINUTE;
  const needed = LANGUAGE_PAIRS.filter((pair) => (need.pairs[pair] ?? 0) > 0);
  if (mode === null)
    for (const pair of needed) gaps.push({ kind: "mode", pair, people: need.pairs[pair] ?? 0 });
  const planned = plannedPairs(item);
  if (mode === "simultaneous" || mode === "consecutive") {
    for (const pair of needed)
      if (!planned.includes(pair)) gaps.push({ kind: "pair", pair, people: need.pairs[pair] ?? 0 });
    const wants = interpretersFor({ mode, minutes });
    for (const pair of planned) {
      const here = posts.filter((post) => post.pair === pair);
      if (here.length < wants) gaps.push({ kind: "short", pair, has: here.length, wants });
      if (mode === "simultaneous" && here.length > 0 && here.every(({ booth }) => booth === ""))
        gaps.push({ kind: "booth", pair });
    }
  }
  for (const { key, pair, fits } of posts) {
    if (key === null) continue;
    if (!fits && pair !== null) gaps.push({ kind: "misfit", key, pair });
    for (const other of all)
      if (
        other.itemId !== item.itemId &&
        overlaps(item, other) &&
        other.posts.some((post) => post.key === key)
      )
        gaps.push({ kind: "twice", key, otherId: other.itemId });
  }
  if (need.unpaired > 0) gaps.push({ kind: "unpaired", people: need.unpaired });
  if (need.unknown > 0 && mode !== "none") gaps.push({ kind: "unknown", people: need.unknown });
  return gaps;
}

/** The pairs that are to be interpreted: the agenda's, and those that somebody is there for. */
export function plannedPairs({ pair, posts }: Pick<PlannedItem, "pair" | "posts">): Array<LanguagePair> {
  return LANGUAGE_PAIRS.filter((each) => each === pair || posts.some((post) => post.pair === each));
}

/** What is a gap, and what is only good to know: nobody can do anything about it here. */
export function isToDo(gap: Gap): boolean {
  return gap.kind !== "unknown";
}

/** How many headsets to have ready: for those who listen, and a tenth more, since batteries run out. */
export function headsetsReady(channels: Partial<Record<Tongue, number>>): number {
  const listeners = Object.values(channels).reduce((sum, people) => sum + people, 0);
  return listeners + Math.ceil(listeners / 10);
}
