/**
 * Days, times and zones as lists have them: "10月28日 14:05", "28 Oct 2018", "2018-10-28 14:05", "2:05 PM", what a spreadsheet
 * keeps of a date when somebody has made a number of it. Pure.
 */
import { Temporal } from "temporal-polyfill";
import { isTimeZone } from "../../i18n/dates.ts";
import { simplified } from "./closed-lists.ts";

/** The days that a list of this meeting speaks of: years that are left out, and days before months, are known by them. */
export type Around = { from: string; to: string };

export type MomentProblem = "moment" | "order" | "nextDay";
/** `""`: not said. */
export type ReadMoment = { ok: true; on: string; time: string } | { ok: false; problem: MomentProblem };

/** Of the three ways in which spreadsheets count. */
const FIRST_DAYS: ReadonlySet<string> = new Set(["1899-12-30", "1899-12-31", "1904-01-01"]);

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const WEEKDAY =
  /(?:\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b\.?,?)|(?:[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)/giu;

/** What a cell says of a day, of a time, or of both. */
export function momentOf(cell: string, around: Around): ReadMoment {
  const text = cell.normalize("NFKC").replaceAll(/\s+/g, " ").trim();
  if (text === "") return { ok: true, on: "", time: "" };
  if (/\+\s?[12]\b|次日|翌日|next day/iu.test(text)) return { ok: false, problem: "nextDay" };
  const serial = serialOf(text);
  if (serial !== null) return serial;
  const rest = text
    .replaceAll(WEEKDAY, " ")
    .replaceAll(/(?:北京时间|当地时间|local time|hrs?\b)/giu, " ")
    .trim();
  const time = timeIn(rest);
  const dayText = (time === null ? rest : rest.replace(time.text, " "))
    .replaceAll(/(?<=\d)T(?=\s|$)/gu, " ")
    .replaceAll(/(?:\bat\b|,$)/giu, " ")
    .trim();
  if (dayText === "") return time === null ? bad("moment") : { ok: true, on: "", time: time.time };
  const day = dayIn(dayText, around);
  if (!day.ok) return day;
  // A spreadsheet keeps a time without a day as one on the day from which it counts: midnight is that day itself.
  if (FIRST_DAYS.has(day.on)) return { ok: true, on: "", time: time?.time ?? "00:00" };
  // 24:00 and beyond are of the day after another one.
  if (day.on < "1905-01-01") return bad("nextDay");
  return { ok: true, on: day.on, time: time?.time ?? "" };
}

function bad(problem: MomentProblem): { ok: false; problem: MomentProblem } {
  return { ok: false, problem };
}

/** Days since 1899 with the time as a fraction; or a fraction alone. */
function serialOf(text: string): ReadMoment | null {
  const number = /^(?:\d{5}(?:\.\d+)?|0?\.\d{2,})$/.test(text) ? Number(text) : null;
  if (number === null || number >= 80_000 || (number >= 1 && number < 20_000)) return null;
  const minutes = Math.round((number % 1) * 24 * 60);
  const time = Number.isInteger(number) ? "" : clock(Math.floor(minutes / 60) % 24, minutes % 60);
  const on =
    number < 1
      ? ""
      : Temporal.PlainDate.from("1899-12-30")
          .add({ days: Math.floor(number) })
          .toString();
  return { ok: true, on, time: time ?? "" };
}

function clock(hours: number, minutes: number): string | null {
  if (hours > 23 || minutes > 59) return null;
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

const HALF = "(?<half>上午|下午|晚上|晚|凌晨|早上|中午|傍晚)?\\s?";
const TIMES = [
  new RegExp(
    `${HALF}(?<h>\\d{1,2})\\s?[:h]\\s?(?<m>\\d{2})(?::\\d{2}(?:\\.\\d+)?)?\\s?(?<ampm>[ap]\\.?m\\.?)?(?!\\d|[.]\\d)`,
    "iu",
  ),
  new RegExp(`${HALF}(?<h>\\d{1,2})\\s?[点时](?:(?<m>\\d{1,2})分?|(?<whole>整|半)?)`, "u"),
  /(?<![\d:.])(?<h>\d{1,2})\s?(?<ampm>[ap]\.?m\.?)(?![a-z])/iu,
  /(?:^|(?<=\d[-/.]?\d{2}\s|日\s?))(?<h>[01]\d|2[0-3])(?<m>[0-5]\d)$/u,
];

/** The time in a text, and the part of it that says so. */
function timeIn(text: string): { time: string; text: string } | null {
  for (const shape of TIMES) {
    const found = shape.exec(text);
    if (found === null) continue;
    const { h = "", m, half: part, ampm, whole } = found.groups ?? {};
    const minutes = whole === "半" ? 30 : Number(m ?? 0);
    const late = /^p/i.test(ampm ?? "") || ["下午", "晚上", "晚", "傍晚"].includes(part ?? "");
    const early = /^a/i.test(ampm ?? "");
    const hour = Number(h);
    const hours = late && hour < 12 ? hour + 12 : early && hour === 12 ? 0 : hour;
    const time = clock(hours, minutes);
    if (time !== null) return { time, text: found[0] };
  }
  return null;
}

function dayIn(
  text: string,
  around: Around,
): { ok: true; on: string } | { ok: false; problem: MomentProblem } {
  const dated = (year: string | undefined, month: number, day: number) => {
    const on = year === undefined ? inSeason(month, day, around) : dayOrNull(yearOf(year), month, day);
    return on === null ? bad("moment") : { ok: true as const, on };
  };
  const chinese = /^(?:(\d{4}|\d{2})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]?$/u.exec(text);
  if (chinese !== null) return dated(chinese[1], Number(chinese[2]), Number(chinese[3]));
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (iso !== null) return dated(iso[1], Number(iso[2]), Number(iso[3]));
  const named = /^(\d{1,2})(?:st|nd|rd|th)?[\s-]*([a-z]{3,9})\.?,?[\s-]*(\d{4}|\d{2})?$/iu.exec(text) ?? null;
  if (named !== null) {
    const month = MONTHS.indexOf((named[2] ?? "").slice(0, 3).toLowerCase()) + 1;
    return month === 0 ? bad("moment") : dated(named[3], month, Number(named[1]));
  }
  const monthFirst = /^([a-z]{3,9})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?,?(?:[\s-]+(\d{4}))?$/iu.exec(text);
  if (monthFirst !== null) {
    const month = MONTHS.indexOf((monthFirst[1] ?? "").slice(0, 3).toLowerCase()) + 1;
    return month === 0 ? bad("moment") : dated(monthFirst[3], month, Number(monthFirst[2]));
  }
  const slashed = /^(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?\.?$/.exec(text);
  if (slashed !== null) return eitherOrder(slashed, around);
  return bad("moment");
}

/** 10/28 or 28/10: only one of the two is a day, or only one is near the meeting. */
function eitherOrder(
  [, first, second, year]: ReadonlyArray<string | undefined>,
  around: Around,
): { ok: true; on: string } | { ok: false; problem: MomentProblem } {
  const [a, b] = [Number(first), Number(second)];
  const read = (month: number, day: number) =>
    year === undefined ? inSeason(month, day, around) : dayOrNull(yearOf(year), month, day);
  const found = [...new Set([read(a, b), read(b, a)].filter((on) => on !== null))];
  const near = found.filter((on) => isNear(on, around));
  const [only, ...more] = near.length > 0 ? near : found;
  if (only === undefined) return bad("moment");
  return more.length === 0 ? { ok: true, on: only } : bad("order");
}

function yearOf(text: string): number {
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}

function dayOrNull(year: number, month: number, day: number): string | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" }).toString();
  } catch {
    return null;
  }
}

/** A day without its year, in the year in which it is nearest to the meeting. */
function inSeason(month: number, day: number, { from }: Around): string | null {
  const start = Temporal.PlainDate.from(from);
  const days = [start.year - 1, start.year, start.year + 1].flatMap(
    (year) => dayOrNull(year, month, day) ?? [],
  );
  const distance = (on: string) => Math.abs(start.until(Temporal.PlainDate.from(on)).total("days"));
  return days.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

const NEAR = 21;
function isNear(on: string, { from, to }: Around): boolean {
  return (
    on >= Temporal.PlainDate.from(from).subtract({ days: NEAR }).toString() &&
    on <= Temporal.PlainDate.from(to).add({ days: NEAR }).toString()
  );
}

const ZONE_WORDS: Readonly<Record<string, string>> = {
  "Asia/Shanghai": "beijing|北京|北京时间|china|中国|cst china|上海|shanghai|utc+8|gmt+8|广州|深圳",
  "Asia/Hong_Kong": "hong kong|香港|hkt",
  "Asia/Taipei": "taipei|台北",
  "Asia/Tokyo": "tokyo|东京|jst|utc+9|gmt+9|日本|japan",
  "Asia/Seoul": "seoul|首尔|kst|韩国|korea",
  "Asia/Singapore": "singapore|新加坡|sgt",
  "America/New_York":
    "new york|纽约|washington|华盛顿|boston|波士顿|eastern|et|est|edt|美东|美东时间|美国东部",
  "America/Chicago": "chicago|芝加哥|central|ct|cdt|美中时间",
  "America/Denver": "denver|丹佛|mountain|mst|mdt",
  "America/Los_Angeles":
    "los angeles|洛杉矶|san francisco|旧金山|seattle|西雅图|pacific|pt|pst|pdt|美西|美西时间",
  "Europe/London": "london|伦敦|uk|bst",
  "Europe/Paris": "paris|巴黎|cet|cest",
  "Europe/Berlin": "berlin|frankfurt|柏林|法兰克福",
  "Europe/Zurich": "zurich|geneva|苏黎世|日内瓦",
  UTC: "utc|gmt|z",
};
const ZONE_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(ZONE_WORDS).flatMap(([zone, words]) =>
    words.split("|").map((word): [string, string] => [simplifiedZone(word), zone]),
  ),
);

function simplifiedZone(text: string): string {
  return text.includes("+") ? text.toLowerCase().replaceAll(/\s|:00$/g, "") : simplified(text);
}

/** A zone by its name or by what people call it; null when we know none. */
export function zoneOf(text: string): string | null {
  const typed = text.normalize("NFKC").trim();
  if (/^[A-Za-z]+\/[A-Za-z_/+-]+$/.test(typed) && isTimeZone(typed)) return typed;
  return ZONE_OF.get(simplifiedZone(typed)) ?? null;
}
