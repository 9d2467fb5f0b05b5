/**
 * Which names may be one person's: for people to look at, never to decide by. The order of a name's parts, spaces,
 * hyphens, accents, initials and suffixes do not count, and ü may be written u, v or yu (DOMAIN §1.5).
 */
import { plainText } from "#db/plain-text.ts";

/** A name as it is compared: its parts, and all their letters in the order of the alphabet. */
type Folded = { parts: ReadonlyArray<string>; letters: string };

const NO_PART_OF_A_NAME: ReadonlySet<string> = new Set([
  "jr",
  "sr",
  "ii",
  "iii",
  "iv",
  "hon",
  "dr",
  "prof",
  "mr",
  "ms",
]);
const WRITTEN_FOR_U = /^(l|n)(?:v|yu|ue)(e?)$/;

/** Shorter names have too few letters for one of them to be a slip. */
const ONE_SLIP_FROM = 9;
const TWO_SLIPS_FROM = 16;
/** Names of more parts are compared in their alphabetical order alone. */
const MOST_PARTS = 4;

function folded(name: string): Folded {
  const parts = name
    .split(/[\s,.·]+/)
    .map(plainText)
    .map((part) => part.replace(WRITTEN_FOR_U, "$1u$2"))
    .filter((part) => part.length > 1 && !NO_PART_OF_A_NAME.has(part));
  return { parts, letters: [...parts.join("")].sort().join("") };
}

function slips(letters: number): 0 | 1 | 2 {
  return letters >= TWO_SLIPS_FROM ? 2 : letters >= ONE_SLIP_FROM ? 1 : 0;
}

/** Whether two Latin names read alike, in whatever order their parts stand. */
export function latinAlike(a: string, b: string): boolean {
  return foldedAlike(folded(a), folded(b));
}

function foldedAlike(a: Folded, b: Folded): boolean {
  if (a.letters === "" || b.letters === "") return false;
  const allowed = slips(Math.min(a.letters.length, b.letters.length));
  if (Math.abs(a.letters.length - b.letters.length) > allowed) return false;
  const one = [...b.parts].join("");
  return orders(a.parts).some((parts) => distance(parts.join(""), one, allowed) <= allowed);
}

function orders(parts: ReadonlyArray<string>): Array<ReadonlyArray<string>> {
  if (parts.length > MOST_PARTS) return [parts, [...parts].sort()];
  if (parts.length < 2) return [parts];
  return parts.flatMap((part, index) =>
    orders([...parts.slice(0, index), ...parts.slice(index + 1)]).map((rest) => [part, ...rest]),
  );
}

/** Letters to change, add or leave out to get from one text to the other; anything beyond `most` is as good as `most + 1`. */
function distance(a: string, b: string, most: number): number {
  if (a === b) return 0;
  if (most === 0) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * Whether two names in characters leave room for one person: one of them is not known, or they share more than half of
 * their characters (the same name in simplified and in traditional ones). 王䶮 and 王𬱖 are two people, both Wang Yan.
 */
export function nativeMayBeSame(a: string, b: string): boolean {
  const first = new Set(plainText(a));
  const second = new Set(plainText(b));
  if (first.size === 0 || second.size === 0) return true;
  const shared = [...first].filter((character) => second.has(character)).length;
  return shared * 2 > Math.max(first.size, second.size);
}

/** What of a card is compared with others. */
export type Namesake = {
  id: string;
  emailKey: string | null;
  latin: ReadonlyArray<string>;
  native: ReadonlyArray<string>;
};

export const DOUBLE_REASONS = ["mailbox", "native", "latin"] as const;
export type DoubleReason = (typeof DOUBLE_REASONS)[number];
export type Double = { ids: readonly [string, string]; reasons: ReadonlyArray<DoubleReason> };

/** In a group of more than these that are all alike, each is put beside the next only: a test list, or a fault. */
const LARGEST_GROUP = 30;

/**
 * The pairs of cards that may be one person's. Cards meet only under a key that they have in common, so that a book of
 * thousands does not compare each with each: the mailbox, the name in characters, and for Latin names their letters in
 * the order of the alphabet, with up to two left out, which is what slips of the hand come to whatever the order of parts.
 */
export function findDoubles(cards: ReadonlyArray<Namesake>): Array<Double> {
  const found = new Map<string, { ids: readonly [string, string]; reasons: Set<DoubleReason> }>();
  const meet = (a: Namesake, b: Namesake, reason: DoubleReason) => {
    if (a.id === b.id) return;
    const ids = a.id < b.id ? ([a.id, b.id] as const) : ([b.id, a.id] as const);
    const key = ids.join(" ");
    const known = found.get(key);
    if (known === undefined) found.set(key, { ids, reasons: new Set([reason]) });
    else known.reasons.add(reason);
  };
  for (const group of groups(cards, (card) => (card.emailKey === null ? [] : [card.emailKey])))
    eachPair(group, (a, b) => meet(a, b, "mailbox"));
  for (const group of groups(cards, (card) => card.native.map(plainText)))
    eachPair(group, (a, b) => meet(a, b, "native"));

  const forms = cards.flatMap((card) => card.latin.map((name) => ({ card, name: folded(name) })));
  const asked = new Set<string>();
  for (const group of groups(forms, ({ name }) => lettersLeftOut(name.letters)))
    eachPair(group, (a, b) => {
      if (a.card.id === b.card.id) return;
      const question = [a.card.id + a.name.parts.join(" "), b.card.id + b.name.parts.join(" ")].sort().join();
      if (asked.has(question)) return;
      asked.add(question);
      if (sameScriptOrUnknown(a.card, b.card) && foldedAlike(a.name, b.name)) meet(a.card, b.card, "latin");
    });
  return [...found.values()].map(({ ids, reasons }) => ({
    ids,
    reasons: DOUBLE_REASONS.filter((reason) => reasons.has(reason)),
  }));
}

function sameScriptOrUnknown(a: Namesake, b: Namesake): boolean {
  if (a.native.length === 0 || b.native.length === 0) return true;
  return a.native.some((one) => b.native.some((other) => nativeMayBeSame(one, other)));
}

/** Letters in the order of the alphabet: as they are, and with as many left out as there may be slips. */
function lettersLeftOut(letters: string): Array<string> {
  if (letters === "") return [];
  const keys = new Set([letters]);
  let shorter: Iterable<string> = [letters];
  for (let left = slips(letters.length); left > 0; left--) {
    const next = new Set<string>();
    for (const text of shorter)
      for (let at = 0; at < text.length; at++)
        if (text[at] !== text[at - 1]) next.add(text.slice(0, at) + text.slice(at + 1));
    for (const key of next) keys.add(key);
    shorter = next;
  }
  return [...keys];
}

function groups<T>(
  all: ReadonlyArray<T>,
  keysOf: (one: T) => ReadonlyArray<string>,
): Array<ReadonlyArray<T>> {
  const byKey = new Map<string, Array<T>>();
  for (const one of all)
    for (const key of keysOf(one)) {
      if (key === "") continue;
      const group = byKey.get(key);
      if (group === undefined) byKey.set(key, [one]);
      else group.push(one);
    }
  return [...byKey.values()].filter((group) => group.length > 1);
}

function eachPair<T>(group: ReadonlyArray<T>, work: (a: T, b: T) => void): void {
  const all = group.length <= LARGEST_GROUP;
  group.forEach((a, index) => {
    for (const b of group.slice(index + 1, all ? undefined : index + 2)) work(a, b);
  });
}
