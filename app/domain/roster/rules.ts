/**
 * The roster: everybody whom a side has in an edition, a row a person, with whatever columns somebody wants to see. What
 * is shown, in which order, and whom it leaves, is a view: data, kept by the server, so that no name stands in an
 * address (DESIGN §5).
 *
 * What always holds:
 * - a column that a reader may not see is not there for them: neither shown, nor sorted or filtered by, nor counted;
 * - rows come in an order without ties (the last key is the invitation), so that pages neither repeat nor skip anybody.
 */
import { z } from "zod";
import type { DataClass } from "#db/vocabulary.ts";
import { LONGEST_LINE } from "../person/rules.ts";
import type { Question, RowQuestion, Words } from "../registration/definition.ts";

export const ROSTER_GROUPS = [
  "name",
  "post",
  "contact",
  "invitation",
  "registration",
  "answers",
  "own",
  "consents",
  "visits",
  "travel",
  "rooms",
  "mail",
  "documents",
] as const;
export type RosterGroup = (typeof ROSTER_GROUPS)[number];

/** What the values of a column are. `choices`: a JSON list of words; `instant`: epoch milliseconds; `day`: `YYYY-MM-DD`. */
export type CellKind = "text" | "choice" | "choices" | "number" | "flag" | "day" | "instant";

/** How a value is put into words: the closed lists have theirs in the catalogue, what people typed is shown as it is. */
export type CellWords =
  | { by: "text"; lang?: "en" | "zh" }
  /** `t(`${prefix}.${value}`)`, or what the page has for it. */
  | { by: "list"; list: CellList }
  | { by: "delegation" }
  | { by: "answer"; field: string }
  | { by: "own"; question: Question | RowQuestion; part: string | null };

export type CellList =
  | "category"
  | "function"
  | "reply"
  | "invitationState"
  | "registration"
  | "sectionState"
  | "place"
  | "attendance"
  | "hostAnswer"
  | "delivery"
  | "locale";

/** A cell's value as it comes from the database; null when there is none. */
export type CellValue = string | number | null;

/** A column as pages and files need it. Its name in the catalogue is for them to find: `key` says which it is. */
export type RosterColumn = {
  /** `nameLatin`, `answer:mobile`, `own:q12345678`, `section:travel`, `visit:<id>`. Stands in kept views: never renamed. */
  key: string;
  group: RosterGroup;
  kind: CellKind;
  dataClass: DataClass;
  words: CellWords;
  /** Its heading, where that is data: a question, a visit, a section of the edition's own. */
  title: Words | null;
  /** The words of a closed list, in its order; those of a delegation are ids. */
  options: ReadonlyArray<string>;
  /** Whether this reader may change it here. */
  editable: boolean;
};

/** What a filter asks of a column. */
export const CELL_TESTS = [
  "is",
  "isNot",
  "contains",
  "containsNot",
  "startsWith",
  "blank",
  "filled",
  "before",
  "after",
] as const;
export type CellTest = (typeof CELL_TESTS)[number];

/** Which questions make sense of a kind of column. */
export const TESTS_OF: Readonly<Record<CellKind, ReadonlyArray<CellTest>>> = {
  text: ["contains", "containsNot", "is", "isNot", "startsWith", "blank", "filled"],
  choice: ["is", "isNot", "blank", "filled"],
  choices: ["contains", "containsNot", "blank", "filled"],
  number: ["is", "isNot", "before", "after", "blank", "filled"],
  flag: ["filled", "blank"],
  day: ["is", "before", "after", "blank", "filled"],
  instant: ["before", "after", "blank", "filled"],
};

export const MOST_COLUMNS = 60;
export const MOST_TERMS = 20;
export const MOST_SORTS = 4;

const term = z.object({
  column: z.string().max(80),
  test: z.enum(CELL_TESTS),
  value: z.string().max(LONGEST_LINE).default(""),
});
export type RosterTerm = z.output<typeof term>;

/** In which order: plain values, or a name by its letters, its strokes, or the side's own protocol order. */
export const SORT_WAYS = ["value", "pinyin", "stroke", "latin", "protocol"] as const;

const sort = z.object({
  column: z.string().max(80).default(""),
  way: z.enum(SORT_WAYS).default("value"),
  descending: z.boolean().default(false),
});
export type RosterSort = z.output<typeof sort>;

export const rosterView = z.object({
  columns: z
    .array(
      z.object({
        key: z.string().max(80),
        width: z.number().int().min(40).max(800).nullable().default(null),
      }),
    )
    .max(MOST_COLUMNS),
  /** How many columns from the left stay where they are when the others scroll; the name always does. */
  frozen: z.number().int().min(0).max(5).default(0),
  sort: z.array(sort).max(MOST_SORTS).default([]),
  groupBy: z.enum(["delegation"]).nullable().default(null),
  /** All terms of one of these lists hold. Empty: everybody. */
  any: z.array(z.array(term).max(MOST_TERMS)).max(MOST_TERMS).default([]),
  /** Words, each of which is somewhere in name or institution. */
  search: z.string().max(LONGEST_LINE).default(""),
});
export type RosterView = z.output<typeof rosterView>;

/** What somebody sees who has chosen nothing. */
export const USUAL_VIEW: RosterView = rosterView.parse({
  columns: [
    "institutionEn",
    "institutionZh",
    "delegation",
    "category",
    "invitationState",
    "reply",
    "registration",
  ].map((key) => ({ key })),
});
