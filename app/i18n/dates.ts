import { Temporal } from "temporal-polyfill";
import type { Locale } from "#db/vocabulary.ts";

/**
 * Dates and times in words (DOMAIN §3.5): the weekday always, the zone by its city, never an abbreviation
 * that means two zones, never a date in digits only. Instants are epoch milliseconds; days are `YYYY-MM-DD`.
 * In English, what the invited read has 12 hours with AM and PM, the pages and sheets of staff have 24; in Chinese both
 * have 24.
 */

/** Cities by which people know the zones that we meet; others are named by the last part of their IANA name. */
const ZONE_NAMES: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  "Asia/Shanghai": ["Beijing time", "北京时间"],
  "America/New_York": ["New York time", "纽约时间"],
  "America/Chicago": ["Chicago time", "芝加哥时间"],
  "America/Los_Angeles": ["Los Angeles time", "洛杉矶时间"],
  "Europe/London": ["London time", "伦敦时间"],
  "Europe/Brussels": ["Brussels time", "布鲁塞尔时间"],
  "Asia/Hong_Kong": ["Hong Kong time", "香港时间"],
  "Pacific/Honolulu": ["Honolulu time", "檀香山时间"],
  "America/Anchorage": ["Anchorage time", "安克雷奇时间"],
  "America/Vancouver": ["Vancouver time", "温哥华时间"],
  "America/Denver": ["Denver time", "丹佛时间"],
  "America/Phoenix": ["Phoenix time", "菲尼克斯时间"],
  "America/Mexico_City": ["Mexico City time", "墨西哥城时间"],
  "America/Toronto": ["Toronto time", "多伦多时间"],
  "America/Sao_Paulo": ["São Paulo time", "圣保罗时间"],
  "Europe/Paris": ["Paris time", "巴黎时间"],
  "Europe/Berlin": ["Berlin time", "柏林时间"],
  "Europe/Zurich": ["Zurich time", "苏黎世时间"],
  "Europe/Rome": ["Rome time", "罗马时间"],
  "Europe/Vienna": ["Vienna time", "维也纳时间"],
  "Europe/Helsinki": ["Helsinki time", "赫尔辛基时间"],
  "Europe/Istanbul": ["Istanbul time", "伊斯坦布尔时间"],
  "Europe/Moscow": ["Moscow time", "莫斯科时间"],
  "Africa/Cairo": ["Cairo time", "开罗时间"],
  "Africa/Johannesburg": ["Johannesburg time", "约翰内斯堡时间"],
  "Asia/Dubai": ["Dubai time", "迪拜时间"],
  "Asia/Doha": ["Doha time", "多哈时间"],
  "Asia/Kolkata": ["India time", "印度时间"],
  "Asia/Bangkok": ["Bangkok time", "曼谷时间"],
  "Asia/Urumqi": ["Urumqi time", "乌鲁木齐时间"],
  "Asia/Macau": ["Macao time", "澳门时间"],
  "Asia/Singapore": ["Singapore time", "新加坡时间"],
  "Asia/Taipei": ["Taipei time", "台北时间"],
  "Asia/Manila": ["Manila time", "马尼拉时间"],
  "Asia/Seoul": ["Seoul time", "首尔时间"],
  "Asia/Tokyo": ["Tokyo time", "东京时间"],
  "Australia/Perth": ["Perth time", "珀斯时间"],
  "Australia/Sydney": ["Sydney time", "悉尼时间"],
  "Pacific/Auckland": ["Auckland time", "奥克兰时间"],
  UTC: ["UTC", "协调世界时"],
};

const STYLES = {
  fullDate: { dateStyle: "full" },
  longDate: { year: "numeric", month: "long", day: "numeric" },
  weekday: { weekday: "long" },
  shortDate: { weekday: "short", month: "short", day: "numeric" },
  monthAndDay: { month: "long", day: "numeric" },
  dayHeading: { weekday: "long", month: "long", day: "numeric" },
  clock12: { hour: "numeric", minute: "2-digit" },
  clock24: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, { format: Intl.DateTimeFormat; texts: Map<number, string> }>();
const MOST_TEXTS = 5_000;

/** An instant in words. Remembered: every page and every mail of an edition writes out the same few instants. */
function inWords(instant: number, timeZone: string, locale: Locale, style: keyof typeof STYLES): string {
  const key = `${locale} ${timeZone} ${style}`;
  let known = formats.get(key);
  if (known === undefined) {
    const options = { timeZone, ...STYLES[style] };
    known = {
      format: new Intl.DateTimeFormat(locale === "en" ? "en-US" : "zh-CN", options),
      texts: new Map(),
    };
    formats.set(key, known);
  }
  const { format, texts } = known;
  let text = texts.get(instant);
  if (text === undefined) {
    text = format.format(instant);
    if (texts.size >= MOST_TEXTS) texts.clear();
    texts.set(instant, text);
  }
  return text;
}

/** Whether a text is a zone that this machine knows, as an IANA name. */
export function isTimeZone(name: string): boolean {
  if (!/^(UTC|[A-Z][A-Za-z_]+(\/[A-Za-z_+-]+){1,2})$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** "Beijing time" or "北京时间". */
export function zoneName(timeZone: string, locale: Locale): string {
  const known = ZONE_NAMES[timeZone];
  if (known !== undefined) return locale === "en" ? known[0] : known[1];
  const city = (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
  return locale === "en" ? `${city} time` : `${city}时间`;
}

/** "Wednesday, December 5, 2018" or "2018年12月5日（星期三）". */
export function fullDate(instant: number, timeZone: string, locale: Locale): string {
  if (locale === "en") return inWords(instant, timeZone, locale, "fullDate");
  const date = inWords(instant, timeZone, locale, "longDate");
  return `${date}（${inWords(instant, timeZone, locale, "weekday")}）`;
}

/** "Wed, Dec 5" or "12月5日（星期三）": for lists inside an edition, whose year is in the heading. */
export function shortDate(instant: number, timeZone: string, locale: Locale): string {
  if (locale === "en") return inWords(instant, timeZone, locale, "shortDate");
  const date = inWords(instant, timeZone, locale, "monthAndDay");
  return `${date}（${inWords(instant, timeZone, locale, "weekday")}）`;
}

/** "Wednesday, December 5" or "12月5日 星期三": heads a day of the programme. */
export function dayHeading(day: string, locale: Locale): string {
  const noon = instantOf(day, "12:00", "UTC");
  if (locale === "en") return inWords(noon, "UTC", locale, "dayHeading");
  return `${inWords(noon, "UTC", locale, "monthAndDay")} ${inWords(noon, "UTC", locale, "weekday")}`;
}

/** A calendar day without a time: "Wednesday, December 5, 2018" or "2018年12月5日（星期三）". */
export function calendarDay(day: string, locale: Locale): string {
  return fullDate(instantOf(day, "12:00", "UTC"), "UTC", locale);
}

/** A date as papers write it, without its weekday: "December 5, 2018" or "2018年12月5日". */
export function writtenDay(day: string, locale: Locale): string {
  return inWords(instantOf(day, "12:00", "UTC"), "UTC", locale, "longDate");
}

/** "3:30 PM" or "15:30". */
export function clockTime(instant: number, timeZone: string, locale: Locale): string {
  if (locale === "en") return inWords(instant, timeZone, locale, "clock12").replace(" ", " ");
  return clockTime24(instant, timeZone);
}

/** "15:30" in both languages, for staff sheets and form fields. */
export function clockTime24(instant: number, timeZone: string): string {
  return inWords(instant, timeZone, "zh-CN", "clock24");
}

/** "10:00–11:30 AM" or "10:00–11:30". */
export function timeRange(from: number, to: number, timeZone: string, locale: Locale): string {
  const start = clockTime(from, timeZone, locale);
  const end = clockTime(to, timeZone, locale);
  if (locale === "en" && start.slice(-2) === end.slice(-2)) return `${start.slice(0, -3)}–${end}`;
  return `${start}–${end}`;
}

const NIGHT = 6 * 3_600_000;

/** The day that is being worked on, as `YYYY-MM-DD`: until six in the morning it is the one before. */
export function workingDay(instant: number, timeZone: string): string {
  return dayOf(instant - NIGHT, timeZone);
}

/** "Friday, November 9, 2018, 6:00 PM, Beijing time" or "北京时间2018年11月9日（星期五）18:00", which a sentence can go on from. */
export function moment(instant: number, timeZone: string, locale: Locale): string {
  const date = fullDate(instant, timeZone, locale);
  const time = clockTime(instant, timeZone, locale);
  return locale === "en"
    ? `${date}, ${time}, ${zoneName(timeZone, locale)}`
    : `${zoneName(timeZone, locale)}${date}${time}`;
}

/** "Friday, November 9, 2018, 18:00, Beijing time" or "北京时间2018年11月9日（星期五）18:00": the same on the pages and sheets of staff. */
export function deskMoment(instant: number, timeZone: string, locale: Locale): string {
  if (locale !== "en") return moment(instant, timeZone, locale);
  const time = clockTime24(instant, timeZone);
  return `${fullDate(instant, timeZone, locale)}, ${time}, ${zoneName(timeZone, locale)}`;
}

/** "Wed, Dec 5 15:30" or "12月5日（星期三）15:30": for the lists of staff, whose zone is in a heading. */
export function shortMoment(instant: number, timeZone: string, locale: Locale): string {
  const date = shortDate(instant, timeZone, locale);
  const time = clockTime24(instant, timeZone);
  return locale === "en" ? `${date} ${time}` : `${date}${time}`;
}

/** "Wed, Dec 5 3:30–5:00 PM" or "12月5日（星期三）15:30–17:00". */
export function shortRange(from: number, to: number, timeZone: string, locale: Locale): string {
  const date = shortDate(from, timeZone, locale);
  const times = timeRange(from, to, timeZone, locale);
  return locale === "en" ? `${date} ${times}` : `${date}${times}`;
}

/** "Wed, Dec 5 15:30–17:00" or "12月5日（星期三）15:30–17:00": the same on the pages and sheets of staff. */
export function deskRange(from: number, to: number, timeZone: string, locale: Locale): string {
  return `${shortMoment(from, timeZone, locale)}–${clockTime24(to, timeZone)}`;
}

/** "Wed, Dec 5 3:30–5:00 PM, Beijing time" or "北京时间12月5日（星期三）15:30–17:00": for those who are still elsewhere. */
export function zonedRange(from: number, to: number, timeZone: string, locale: Locale): string {
  const range = shortRange(from, to, timeZone, locale);
  return locale === "en"
    ? `${range}, ${zoneName(timeZone, locale)}`
    : `${zoneName(timeZone, locale)}${range}`;
}

const QUARTER = 900_000;
const quarters = new Map<string, Map<number, string>>();

/**
 * The day that an instant falls on in a zone, as `YYYY-MM-DD`. Remembered by the quarter of an hour, which no zone's
 * midnight has divided since 1972: lists ask this of hundreds of instants at once.
 */
export function dayOf(instant: number, timeZone: string): string {
  const known = quarters.get(timeZone) ?? new Map<number, string>();
  quarters.set(timeZone, known);
  const quarter = Math.floor(instant / QUARTER);
  let day = known.get(quarter);
  if (day === undefined) {
    day = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER)
      .toZonedDateTimeISO(timeZone)
      .toPlainDate()
      .toString();
    if (known.size >= MOST_TEXTS) known.clear();
    known.set(quarter, day);
  }
  return day;
}

/**
 * The instant of a wall-clock time (`HH:MM`) on a day in a zone. A time that the clocks skip becomes the one after
 * the gap, a time that they repeat the first of the two.
 *
 * @throws RangeError when day or time is none.
 */
export function instantOf(day: string, time: string, timeZone: string): number {
  return Temporal.PlainDate.from(day, { overflow: "reject" }).toZonedDateTime({
    timeZone,
    plainTime: Temporal.PlainTime.from(time, { overflow: "reject" }),
  }).epochMilliseconds;
}

/** The day that lies so long before another one. A month before the 31st is the last day of a shorter one. */
export function dayBefore(day: string, { months = 0, days = 0 }: { months?: number; days?: number }): string {
  return Temporal.PlainDate.from(day, { overflow: "reject" }).subtract({ months, days }).toString();
}
