/**
 * An export: people of a side in a file, with the columns of a purpose and no others. It is a link that works for a day,
 * for whoever made it and for colleagues of the same sides who may see all that is in it.
 *
 * What always holds:
 * - a file has no column that its purpose has no use for, that its taker may not see, or that is a rank or a note;
 * - what is for others names no institution of whoever takes part in a personal capacity;
 * - it is made when it is taken: who has withdrawn meanwhile is not in it, and says as of when it is;
 * - that somebody takes it is written down before the first byte goes out.
 */
import type { ConsentKind, DataClass, ExportPurpose } from "#db/vocabulary.ts";
import { type Act, allows, type StaffScope } from "../access/rules.ts";
import { mayRead } from "../person/classes.ts";
import {
  type RosterColumn,
  type RosterSort,
  type RosterTerm,
  type RosterView,
  rosterView,
} from "../roster/rules.ts";

/** So long a link works, in milliseconds. */
export const EXPORT_LIFE = 24 * 60 * 60_000;

/** More than this on paper is a spreadsheet. */
export const MOST_ON_PAPER = 2_000;
export const MOST_COLUMNS_ON_PAPER = 12;

const NAME = ["nameLatin", "nameNative", "honorificEn", "honorificZh"];
const NAME_PARTS = ["familyLatin", "givenLatin", "familyNative", "givenNative"];
const POST = ["institutionEn", "institutionZh", "positionEn", "positionZh"];
const ROLE = ["delegation", "category", "invitedAs"];
const REACH = ["email", "phone", "answer:mobile", "answer:secondEmail"];
const THROUGH = ["assistants", "answer:assistantName", "answer:assistantEmail"];
const COMING = [
  "arrivalDay",
  "arrivalTime",
  "arrivalNumber",
  "answer:arrivalBy",
  "answer:arrivalFrom",
  "answer:arrivalAt",
];
const GOING = [
  "departureDay",
  "departureTime",
  "departureNumber",
  "answer:departureBy",
  "answer:departureTo",
  "answer:departureFrom",
];
const NIGHTS = ["hotel", "firstNight", "nights"];

type Plan = {
  /** Those who may make and take it have one of these. */
  needs: Act;
  /** What it may have, in this order; `own`: also the edition's own questions up to that class. */
  columns: ReadonlyArray<string>;
  own: DataClass | null;
  /** What is ticked unless somebody ticks otherwise. */
  usual: ReadonlyArray<string>;
  /** Only those who have agreed to this. */
  consent: ConsentKind | null;
  /** It names those who take part: nobody who has not accepted, unless somebody asks for them. */
  takingPart: boolean;
};

/** Whose work needs to reach people. */
const REACHING = ["invitations", "mail", "logistics", "duty_desk"] as const satisfies Act;
const TRAVELLING = ["logistics", "duty_desk"] as const satisfies Act;

const PLANS: Readonly<Record<Exclude<ExportPurpose, "own">, Plan>> = {
  participants: {
    needs: "read_only",
    columns: [...NAME, ...NAME_PARTS, ...POST, ...ROLE],
    own: null,
    usual: ["nameLatin", "nameNative", ...POST, "delegation"],
    consent: null,
    takingPart: true,
  },
  book: {
    needs: "read_only",
    columns: [...NAME, ...NAME_PARTS, ...POST, ...ROLE, "answer:personalCapacity", "answer:workingLanguages"],
    own: "C1",
    usual: [...NAME, ...POST, "delegation"],
    consent: "delegate_book",
    takingPart: true,
  },
  badges: {
    needs: "read_only",
    columns: [...NAME, ...NAME_PARTS, ...POST, ...ROLE, "answer:workingLanguages"],
    own: null,
    usual: [...NAME, "institutionEn", "institutionZh", "delegation", "category"],
    consent: null,
    takingPart: true,
  },
  press: {
    needs: "read_only",
    columns: [...NAME, ...NAME_PARTS, ...POST, "delegation"],
    own: null,
    usual: ["nameLatin", "nameNative", ...POST],
    consent: "photo_press",
    takingPart: true,
  },
  contacts: {
    needs: REACHING,
    columns: [...NAME, ...POST, ...ROLE, ...REACH, ...THROUGH, "locale", "answer:mailLocale"],
    own: null,
    usual: ["nameLatin", "nameNative", "institutionEn", "institutionZh", "email", "phone", "answer:mobile"],
    consent: null,
    takingPart: false,
  },
  mailing: {
    needs: REACHING,
    columns: [
      ...NAME,
      ...NAME_PARTS,
      "salutationEn",
      "salutationZh",
      ...POST,
      ...ROLE,
      "email",
      "locale",
      "number",
      "invitationState",
      "reply",
    ],
    own: null,
    usual: ["number", "salutationEn", "salutationZh", ...NAME, ...POST, "email", "locale"],
    consent: null,
    takingPart: false,
  },
  travel: {
    needs: TRAVELLING,
    columns: [
      ...NAME,
      "delegation",
      "category",
      "phone",
      "answer:mobile",
      ...COMING,
      ...GOING,
      "vehicles",
      "hotel",
    ],
    own: null,
    usual: [
      "nameLatin",
      "nameNative",
      "answer:mobile",
      ...COMING.slice(0, 3),
      ...GOING.slice(0, 3),
      "vehicles",
    ],
    consent: null,
    takingPart: true,
  },
  hotel: {
    needs: TRAVELLING,
    columns: [
      ...NAME,
      "delegation",
      "category",
      "phone",
      "answer:mobile",
      ...NIGHTS,
      ...COMING.slice(0, 3),
      ...GOING.slice(0, 3),
    ],
    own: null,
    usual: ["nameLatin", "nameNative", ...NIGHTS, "arrivalDay", "arrivalTime"],
    consent: null,
    takingPart: true,
  },
};

/** Never in a file: ranks (DOMAIN §1.7), what was noted of somebody, what lists are sorted by. */
const NEVER: ReadonlyArray<string> = ["protocolOrder", "note", "sortKey"];

/** What a purpose may have, in its order, of the columns that a reader may see. */
export function columnsFor<Column extends Pick<RosterColumn, "key" | "dataClass">>(
  purpose: ExportPurpose,
  all: ReadonlyArray<Column>,
  scope: StaffScope,
): Array<Column> {
  const takeable = all.filter(({ key, dataClass }) => !NEVER.includes(key) && mayTake(dataClass, scope));
  if (purpose === "own") return takeable;
  const plan = PLANS[purpose];
  const byKey = new Map(takeable.map((column) => [column.key, column]));
  return [
    ...plan.columns.flatMap((key) => byKey.get(key) ?? []),
    ...takeable.filter(({ key, dataClass }) => key.startsWith("own:") && dataClass === plan.own),
  ];
}

/** Whether somebody may take a class away in a file: beyond names and posts it takes work that needs it. */
export function mayTake(dataClass: DataClass, scope: StaffScope): boolean {
  switch (dataClass) {
    case "C0":
    case "C1":
      return true;
    case "C2":
      return allows(scope, REACHING);
    case "C3":
    case "C4":
      return mayRead(dataClass, scope);
    case "C5":
    case "C6":
      return false;
  }
}

export function mayExport(purpose: ExportPurpose, scope: StaffScope): boolean {
  return purpose === "own" || allows(scope, PLANS[purpose].needs);
}

/** The ticks that a purpose begins with; those of a view are its own columns. */
export function usualColumns(
  purpose: ExportPurpose,
  view: Pick<RosterView, "columns">,
): ReadonlyArray<string> {
  return purpose === "own"
    ? ["nameLatin", "nameNative", ...view.columns.map(({ key }) => key)]
    : PLANS[purpose].usual;
}

export function namesThoseTakingPart(purpose: ExportPurpose): boolean {
  return purpose !== "own" && PLANS[purpose].takingPart;
}

/** Whether it is for people outside the secretariat: everybody at the meeting, or the public. */
export function isForOthers(purpose: ExportPurpose): boolean {
  return OTHERS.includes(purpose);
}
const OTHERS: ReadonlyArray<ExportPurpose> = ["participants", "book", "badges", "press"];

/** In which order its rows are. `view`: as in the view that was chosen. */
export const EXPORT_ORDERS = ["view", "protocol", "pinyin", "stroke", "latin"] as const;
export type ExportOrder = (typeof EXPORT_ORDERS)[number];

/** Whom a file leaves: everything of a view that is no column, and what narrows it further. */
export type Narrowing = { delegation: string | null; category: string | null; reply: string | null };

/** Invitations that came to nothing are nobody's in a file for others. */
const GONE: ReadonlyArray<RosterTerm> = [
  { column: "invitationState", test: "isNot", value: "withdrawn" },
  { column: "invitationState", test: "isNot", value: "replaced" },
];

/** Whom a file is to have: those of a view, of whom some are left out, in an order. */
export type Wanted = { view: RosterView; narrowing: Narrowing; order: ExportOrder };

/** The view that a file is made of: nobody who has not agreed to what it is for. Null: it asks too much at once. */
export function exportView(purpose: ExportPurpose, { view, narrowing, order }: Wanted): RosterView | null {
  const agreed = purpose === "own" ? null : PLANS[purpose].consent;
  const more = [
    ...(["delegation", "category", "reply"] as const).flatMap((column): Array<RosterTerm> => {
      const value = narrowing[column];
      return value === null ? [] : [{ column, test: "is", value }];
    }),
    ...(purpose === "own" ? [] : GONE),
    ...(agreed === null ? [] : [{ column: `consent:${agreed}`, test: "filled", value: "" } as const]),
  ];
  const lists = view.any.filter((terms) => terms.length > 0);
  const sort: Array<RosterSort> =
    order === "view" ? view.sort : [{ column: "", way: order, descending: false }];
  const asked = rosterView.safeParse({
    ...view,
    columns: [],
    groupBy: order === "view" ? view.groupBy : null,
    sort,
    any: more.length === 0 ? lists : (lists.length === 0 ? [[]] : lists).map((terms) => [...terms, ...more]),
  });
  return asked.success ? asked.data : null;
}

/** The classes of all that a file shows, and of what its rows are chosen and ordered by. */
export function classesOf(
  columns: ReadonlyArray<Pick<RosterColumn, "key" | "dataClass">>,
  { view, all }: { view: RosterView; all: ReadonlyArray<Pick<RosterColumn, "key" | "dataClass">> },
): Array<DataClass> {
  const asked = new Set([...view.any.flat(), ...view.sort].map(({ column }) => column));
  const classes = [...columns, ...all.filter(({ key }) => asked.has(key))].map(({ dataClass }) => dataClass);
  return [...new Set(classes)].sort();
}

export type ExportState = "open" | "expired" | "ended";

/** @param now epoch milliseconds. */
export function exportState(
  { expiresAt, endedAt }: { expiresAt: number; endedAt: number | null },
  now: number,
): ExportState {
  if (endedAt !== null) return "ended";
  return expiresAt <= now ? "expired" : "open";
}

/** In which of the known orders a view puts its people. */
export function orderOf({ sort, groupBy }: Pick<RosterView, "sort" | "groupBy">): ExportOrder {
  const [first] = sort;
  if (groupBy !== null) return "view";
  if (first === undefined) return "pinyin";
  return first.way === "value" || first.descending || sort.length > 1 ? "view" : first.way;
}

/** Why a file cannot be made as somebody wants it. */
export type ExportProblem = "columns" | "nobody" | "paper" | "wide" | "terms" | "beyond";
