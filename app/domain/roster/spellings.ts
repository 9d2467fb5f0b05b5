/**
 * One thing written in several ways: institutions, posts and titles as people typed them. Pure. Values that are alike are put
 * together for somebody to look at; nothing is changed by being alike.
 */

/** Columns of texts that several people share. */
export const SPELLED_COLUMNS = [
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
  "honorificEn",
  "honorificZh",
] as const;
export type SpelledColumn = (typeof SPELLED_COLUMNS)[number];

export function isSpelled(column: string): column is SpelledColumn {
  return (SPELLED_COLUMNS as ReadonlyArray<string>).includes(column);
}

export type Spelling = { value: string; people: number };

/** Ways of writing that are alike, the commonest first. */
export type SpellingGroup = {
  leader: Spelling;
  others: ReadonlyArray<
    Spelling & { /** What it is proposed to become; empty: somebody has to say. */ proposed: string }
  >;
};

/** More ways of writing are not compared with each other. */
export const MOST_SPELLINGS = 600;

const SMALL_WORDS = new Set(["the", "of", "for", "and", "at", "in"]);

type Compared = Spelling & { plain: string; words: ReadonlyArray<string>; digits: string; chinese: boolean };

function compared({ value, people }: Spelling): Compared {
  const plain = value
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return {
    value,
    people,
    plain: plain.replaceAll(" ", ""),
    words: plain.split(" ").filter((word) => !SMALL_WORDS.has(word)),
    digits: plain.replaceAll(/\D+/g, " ").trim(),
    chinese: /\p{Script=Han}/u.test(plain),
  };
}

/**
 * Puts values together that are alike: first those that differ in letters' case, spaces and marks alone, and those of which one
 * is a misspelling of the other. Groups of several come first, by how many people they are about.
 */
export function groupSpellings(values: ReadonlyArray<Spelling>): Array<SpellingGroup> {
  const leaders: Array<{ leader: Compared; others: Array<Compared> }> = [];
  const inOrder = values.toSorted((a, b) => b.people - a.people || (a.value < b.value ? -1 : 1));
  for (const [n, value] of inOrder.entries()) {
    const one = compared(value);
    const group = n < MOST_SPELLINGS ? leaders.find(({ leader }) => areAlike(leader, one)) : undefined;
    if (group === undefined) leaders.push({ leader: one, others: [] });
    else group.others.push(one);
  }
  return leaders
    .map(({ leader, others }) => ({
      leader: { value: leader.value, people: leader.people },
      others: others.map(({ value, people, plain }) => ({
        value,
        people,
        // Two that many people have are perhaps two: Hunan and Henan.
        proposed: plain === leader.plain || (people <= 2 && leader.people > people) ? leader.value : "",
      })),
    }))
    .toSorted((a, b) => Number(b.others.length > 0) - Number(a.others.length > 0));
}

function areAlike(a: Compared, b: Compared): boolean {
  if (a.plain === b.plain) return true;
  // Court No. 1 and Court No. 2 are two.
  if (a.digits !== b.digits || a.chinese !== b.chinese) return false;
  if (a.chinese) return isNear(a.plain, b.plain, a.plain.length < 4 ? 0 : a.plain.length < 10 ? 1 : 2);
  if (sorted(a.words) === sorted(b.words)) return true;
  if (a.words.length === b.words.length)
    return a.words.every((word, n) => {
      const other = b.words[n] ?? "";
      return isNear(word, other, slips(Math.max(word.length, other.length)));
    });
  return isNear(a.plain, b.plain, Math.min(4, Math.floor(a.plain.length / 8)));
}

/** How many slips a word of so many letters may have and still be meant. */
function slips(letters: number): number {
  return letters < 3 ? 0 : letters < 6 ? 1 : Math.min(3, Math.floor(letters / 3));
}

function sorted(words: ReadonlyArray<string>): string {
  return words.toSorted().join(" ");
}

/** Whether one becomes the other by so many slips: a letter too many, too few, another, or two changed about. */
export function isNear(a: string, b: string, most: number): boolean {
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > most || most === 0) return false;
  let before: Array<number> = [];
  let last = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let steps = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        steps = Math.min(steps, (before[j - 2] ?? 0) + 1);
      row.push(steps);
      least = Math.min(least, steps);
    }
    if (least > most) return false;
    [before, last] = [last, row];
  }
  return (last[b.length] ?? most + 1) <= most;
}

/** More are not sent to a page, and fewer are shown while somebody types. */
export const MOST_OFFERED = 500;
const MOST_SHOWN = 6;

/**
 * What is written already and may be meant by what somebody has typed so far, the likeliest first: what begins so, then
 * whose words do, whose first letters it is, in which it stands, and what it may be a slip for.
 *
 * @param values the commonest first.
 */
export function offersFor(values: Iterable<string>, typed: string): Array<string> {
  const wanted = compared({ value: bare(typed), people: 0 });
  if (wanted.plain.length < (wanted.chinese ? 1 : 2)) return [];
  const found: Array<{ value: string; rank: number }> = [];
  for (const value of new Set(values)) {
    const rank = value === typed.trim() ? -1 : rankOf(compared({ value: bare(value), people: 0 }), wanted);
    if (rank >= 0) found.push({ value, rank });
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST_SHOWN)
    .map(({ value }) => value);
}

/** Whoever types in haste leaves accents out. */
function bare(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}+/gu, "");
}

/** The smaller the likelier; -1: it is not meant. */
function rankOf({ plain, words }: Compared, wanted: Compared): number {
  if (plain.startsWith(wanted.plain)) return 0;
  let at = 0;
  for (const word of words) if (word.startsWith(wanted.words[at] ?? " ")) at += 1;
  if (at > 0 && at === wanted.words.length) return 1;
  const initials = words.map((word) => word.charAt(0)).join("");
  const { length } = wanted.plain;
  if (initials.startsWith(wanted.plain)) return 2;
  // Two letters stand in most words.
  if ((wanted.chinese || length > 2) && plain.includes(wanted.plain)) return 3;
  const isSlip = [length, length + 1, length - 1].some((end) =>
    isNear(plain.slice(0, end), wanted.plain, slips(length)),
  );
  return length > 3 && isSlip ? 4 : -1;
}
