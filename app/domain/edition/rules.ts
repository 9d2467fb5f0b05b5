/**
 * An edition is one meeting of a dialogue series: days in a city, a wider travel window, co-hosts, the delegations that
 * each of them answers for, and a programme. It is made from a plan, all at once; a plan comes from a form or from a
 * programme file. What always holds: programme days lie inside the travel window, every delegation belongs to one of
 * the edition's co-hosts, one co-host is the host side.
 */
import type { AgendaKind, Attribution, Audience, Interpretation, Mode } from "#db/vocabulary.ts";

/** A visit as a plan has it. Seats are by the delegation's key; instants are epoch milliseconds. */
export type PlannedVisit = {
  hostEn: string;
  hostZh: string;
  capacity: number;
  seats: ReadonlyArray<{ delegationKey: string; seats: number }>;
  clearanceDeadline: number | null;
  clearanceColumns: ReadonlyArray<string>;
  meetAt: number | null;
  meetingPointEn: string;
  meetingPointZh: string;
  dressEn: string;
  dressZh: string;
  bringEn: string;
  bringZh: string;
};

export type PlannedItem = {
  kind: AgendaKind;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  audience: Audience;
  /** For the audience `delegations`. */
  delegationKeys: ReadonlyArray<string>;
  attribution: Attribution | null;
  interpretation: Interpretation | null;
  visit: PlannedVisit | null;
};

export type PlannedDelegation = {
  key: string;
  nameEn: string;
  nameZh: string;
  quota: number | null;
  /** Which of the plan's co-hosts answers for it, counted from 0. */
  coHost: number;
  homeTimeZone: string;
};

export type PlannedCoHost = {
  nameEn: string;
  nameZh: string;
  /** What this co-host calls the edition, its own country first; null: as the edition is called. */
  title: { en: string; zh: string } | null;
};

/** Everything that an edition is made of at once. */
export type EditionPlan = {
  seriesEn: string;
  seriesZh: string;
  /** The wish for the URL; another one is taken when it is in use. */
  slug: string;
  ordinal: number | null;
  titleEn: string;
  titleZh: string;
  cityEn: string;
  cityZh: string;
  country: string;
  timeZone: string;
  startsOn: string;
  endsOn: string;
  travelFrom: string;
  travelTo: string;
  mode: Mode;
  replyBy: number | null;
  registerBy: number | null;
  costsEn: string;
  costsZh: string;
  phones: string;
  /** In the order in which they are named. */
  coHosts: ReadonlyArray<PlannedCoHost>;
  /** The co-host that receives the others, counted from 0. */
  hostSide: number;
  delegations: ReadonlyArray<PlannedDelegation>;
  items: ReadonlyArray<PlannedItem>;
};

/** Words for a URL: small Latin letters, digits and single hyphens; empty when nothing of that is in the text. */
export function slugOf(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
}

/** The slug that an edition gets when nobody names one: its city and year. */
export function slugFor({ cityEn, startsOn }: { cityEn: string; startsOn: string }): string {
  return `${slugOf(cityEn) || "edition"}-${startsOn.slice(0, 4)}`;
}

/** The first free slug: the wish itself, or the wish with a number. */
export function freeSlug(wish: string, isTaken: (slug: string) => boolean): string {
  if (!isTaken(wish)) return wish;
  for (let n = 2; ; n += 1) if (!isTaken(`${wish}-${n}`)) return `${wish}-${n}`;
}

/** Delegations named by country, with the zone in which their people mostly live. */
const COUNTRIES: Readonly<Record<string, string>> = {
  us: "America/New_York",
  cn: "Asia/Shanghai",
  uk: "Europe/London",
  eu: "Europe/Brussels",
};

/** The zone to begin with for a delegation's people: its country's, or else the edition's own. */
export function defaultHomeZone(key: string, editionZone: string): string {
  return COUNTRIES[key.toLowerCase()] ?? editionZone;
}

/**
 * Which co-host probably answers for which delegation, and which one receives the others. Delegations named by a country
 * go to the co-hosts in turn; the host side is the one whose delegation is the edition's country's, and it also
 * answers for whoever belongs to no country (interpreters, staff).
 */
export function defaultSides(
  keys: ReadonlyArray<string>,
  coHostCount: number,
  country: string,
): { hostSide: number; coHostOf: ReadonlyMap<string, number> } {
  const last = Math.max(0, coHostCount - 1);
  const countries = keys.filter((key) => Object.hasOwn(COUNTRIES, key.toLowerCase()));
  const own = countries.findIndex((key) => key.toLowerCase() === country.toLowerCase());
  const hostSide = Math.min(own === -1 ? last : own, last);
  const coHostOf = new Map(
    keys.map((key) => {
      const n = countries.indexOf(key);
      return [key, n === -1 ? hostSide : Math.min(n, last)];
    }),
  );
  return { hostSide, coHostOf };
}

/** Usual dress codes, so that a file that names one in English alone reads well in both languages. */
const DRESS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  business: ["Business", "商务着装"],
  "business formal": ["Business formal", "正式商务着装"],
  "business casual": ["Business casual", "商务休闲装"],
  formal: ["Formal", "正装"],
  casual: ["Casual", "便装"],
};

/** A dress code in both languages. One that is not known stays as typed, in English alone. */
export function dressInBoth(text: string): { dressEn: string; dressZh: string } {
  const known = DRESS[text.trim().toLowerCase()];
  return known === undefined
    ? { dressEn: text.trim(), dressZh: "" }
    : { dressEn: known[0], dressZh: known[1] };
}

/** Who an item is for when nothing says so: a visit for those with a place, a closed item for those named in it. */
export function defaultAudience({
  kind,
  attribution,
  delegationKeys,
}: Pick<PlannedItem, "kind" | "attribution" | "delegationKeys">): Audience {
  if (kind === "site_visit") return "visit";
  if (delegationKeys.length > 0) return "delegations";
  return attribution === "closed" ? "listed" : "all";
}

/** How the answers of one delegation stand. Withdrawn invitations are in none of these. */
export type AnswerCounts = {
  accepted: number;
  tentative: number;
  substituteProposed: number;
  declined: number;
  /** Sent, and no answer yet. */
  silent: number;
  /** Not sent yet. */
  draft: number;
};

/** Whole days from one instant to another, by the clock: 0 within the first 24 hours. */
export function wholeDays(from: number, to: number): number {
  return Math.floor((to - from) / 86_400_000);
}
