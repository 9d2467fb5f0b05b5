/**
 * A person in a side's contact book. Every form of the name is a fact that somebody typed and is kept exactly so;
 * this file only puts typed parts together in the usual order, for a human to confirm, and says what cannot be a name.
 *
 * Refused are characters that make a text read differently from what it is: control characters and line breaks,
 * marks that turn the direction of writing around, and characters that nobody can see. Everything visible is a name:
 * `McDonald`, `e.e. cummings`, `=SUM(1)`, `<script>`; what shows or sends it makes it harmless there.
 */
import type { Locale } from "#db/vocabulary.ts";

export const LONGEST_NAME_PART = 100;
export const LONGEST_LINE = 200;
export const LONGEST_EMAIL = 254;

/** What is known of a person. All as typed; empty when it is not known. */
export type PersonFacts = {
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  familyNative: string;
  givenNative: string;
  nameNative: string;
  sortKey: string;
  honorificEn: string;
  honorificZh: string;
  salutationEn: string;
  salutationZh: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  email: string | null;
  phone: string | null;
  locale: Locale;
};

/** The facts that are one line of text and may be empty. */
export const FACT_FIELDS = [
  "familyLatin",
  "givenLatin",
  "nameLatin",
  "familyNative",
  "givenNative",
  "nameNative",
  "sortKey",
  "honorificEn",
  "honorificZh",
  "salutationEn",
  "salutationZh",
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
] as const satisfies ReadonlyArray<keyof PersonFacts>;

/** All facts of a card. */
export const PERSON_FACTS = [...FACT_FIELDS, "email", "phone", "locale"] as const satisfies ReadonlyArray<
  keyof PersonFacts
>;

const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const DIRECTION = /\p{Bidi_Control}/u;
/** Soft hyphens, zero-width spaces and joiners, fillers and the like; not the selectors that choose a variant of a Chinese character. */
const INVISIBLE = /(?![\p{Bidi_Control}\p{Variation_Selector}])\p{Default_Ignorable_Code_Point}/u;

export type RefusedCharacter = { kind: "control" | "direction" | "invisible"; code: string };

/** Each kind of character that a line of text must not hold, with the first of its kind as `U+202E`. */
export function refusedCharacters(text: string): Array<RefusedCharacter> {
  const found: Array<RefusedCharacter> = [];
  for (const [kind, pattern] of [
    ["control", CONTROL],
    ["direction", DIRECTION],
    ["invisible", INVISIBLE],
  ] as const) {
    const character = pattern.exec(text)?.[0];
    if (character !== undefined) found.push({ kind, code: codeOf(character) });
  }
  return found;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A text in which nothing is hidden, for showing what was refused: such characters stand as `⟨U+202E⟩`. */
export function visible(text: string, longest = 60): string {
  const shown = Array.from(text.slice(0, longest * 2), (character) =>
    CONTROL.test(character) || DIRECTION.test(character) || INVISIBLE.test(character)
      ? `⟨${codeOf(character)}⟩`
      : character,
  );
  return shown.length > longest ? `${shown.slice(0, longest).join("")}…` : shown.join("");
}

export type MailboxProblem = "lineBreak" | "fullWidth" | "bad";

/**
 * Why a text is no address that mail can go to; null: it is one. Narrower than the standard on purpose: quoted local
 * parts and comments are how headers get injected. International domains are given in their `xn--` form.
 */
export function mailboxProblem(text: string): MailboxProblem | null {
  if (/[\r\n]/.test(text)) return "lineBreak";
  if (text.includes("＠")) return "fullWidth";
  if (text.length > LONGEST_EMAIL) return "bad";
  const [local, domain, ...more] = text.split("@");
  if (local === undefined || domain === undefined || more.length > 0) return "bad";
  if (local.length > 64 || !/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(local)) return "bad";
  if (local.startsWith(".") || local.endsWith(".") || local.includes("..")) return "bad";
  const labels = domain.split(".");
  if (labels.length < 2) return "bad";
  const fine = labels.every(
    (label) =>
      label.length <= 63 && /^[A-Za-z0-9-]+$/.test(label) && !label.startsWith("-") && !label.endsWith("-"),
  );
  return fine && /[A-Za-z]/.test(labels.at(-1) ?? "") ? null : "bad";
}

/** By this one mailbox is found twice, however it was typed. */
export function mailboxKey(email: string): string {
  return email.toLowerCase();
}

/** Spaces at both ends are no part of anything, the wide ones of Chinese texts included. */
export function trimmed(text: string): string {
  return text.trim();
}

export function hasHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

/** The Latin name in the order of its kind: given name first, or (Chinese names) family name first. */
export function latinName(
  { family, given }: { family: string; given: string },
  order: "givenFirst" | "familyFirst",
): string {
  return (order === "givenFirst" ? [given, family] : [family, given]).filter((part) => part !== "").join(" ");
}

/**
 * The name in Chinese characters: family name and given name without a space. Names of other peoples of China and
 * of foreigners have a dot between their parts (阿依示例·艾模板); it is put in when the family name is longer than any
 * Chinese one. A human confirms it.
 */
export function nativeName({ family, given }: { family: string; given: string }): {
  name: string;
  dotted: boolean;
} {
  const dotted = family !== "" && given !== "" && Array.from(family).length > 2;
  return { name: dotted ? `${family}·${given}` : `${family}${given}`, dotted };
}

/** Letters to sort by, from typed Latin letters: family name first, without accents and capitals. */
export function sortKeyOf(person: {
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
}): string {
  const typed = [person.familyLatin, person.givenLatin].filter((part) => part !== "").join(" ");
  return (typed || person.nameLatin || person.nameNative)
    .normalize("NFKD")
    .replaceAll(/[\p{M}'’]/gu, "")
    .toLowerCase()
    .slice(0, LONGEST_LINE);
}

/** Whether somebody has yet to say how a name sorts: how Chinese characters are read cannot be computed (DOMAIN §3.4). */
export function sortKeyUnconfirmed(sortKey: string): boolean {
  return !/\p{Script=Latin}/u.test(sortKey);
}
