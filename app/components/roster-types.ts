/* The roster as its page draws it: columns with their words in the reader's language, and people's cells as text. */

/** How a state looks; `open`: neither good nor bad yet. */
export type RosterTone = "good" | "wait" | "stop" | "open";

/** A word of a closed list. `also`: what it is called in the other language and by its code, for whoever types it. */
export type RosterOption = {
  value: string;
  label: string;
  tone?: RosterTone | undefined;
  also: ReadonlyArray<string>;
};

export type RosterCol = {
  key: string;
  label: string;
  group: string;
  kind: "text" | "choice" | "choices" | "number" | "flag" | "day" | "instant";
  options: ReadonlyArray<RosterOption>;
  tests: ReadonlyArray<string>;
  editable: boolean;
  /** May hold several lines. */
  long: boolean;
  /** Several people share what stands there: what is written already is offered. */
  offers: boolean;
  /** The language of what stands in it, where that is known. */
  lang: string | undefined;
};

/** One person: their name as lists write it, and a text for each shown column, as it is typed. */
export type RosterLine = {
  invitationId: string;
  delegationId: string;
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  cells: ReadonlyArray<string>;
  /** How a cell reads, where that is not what stands in it. */
  words: ReadonlyArray<string | null>;
};

/** What somebody typed or pasted, as a word of the closed list; null: it is none, or might be several. */
export function optionOf(options: ReadonlyArray<RosterOption>, typed: string): string | null {
  const wanted = plain(typed);
  if (wanted === "") return "";
  const exact = options.find(
    ({ value, label, also }) => value === typed || [label, ...also].some((word) => plain(word) === wanted),
  );
  if (exact !== undefined) return exact.value;
  const begin = options.filter(({ label, also }) =>
    [label, ...also].some((word) => plain(word).startsWith(wanted)),
  );
  return begin.length === 1 ? (begin[0]?.value ?? null) : null;
}

function plain(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

/** A cell in words. */
export function cellText(col: RosterCol, value: string, words: string | null = null): string {
  if (words !== null) return words;
  if (col.kind !== "choice") return value;
  return col.options.find((option) => option.value === value)?.label ?? value;
}

export function lineName({ nameLatin, nameNative }: Pick<RosterLine, "nameLatin" | "nameNative">): string {
  return nameLatin === "" ? nameNative : nameLatin;
}
