import { dayHeading, dayOf, moment, timeRange } from "../app/i18n/dates.ts";
import { otherLocale, type Translate, translator } from "../app/i18n/translate.ts";
import type { Locale } from "../db/vocabulary.ts";
import type { MailEdition } from "./payload.ts";

/**
 * The recipient's own links, absolute, for one language of the mail. There is no other kind of link in a mail. All are
 * made of the one token that the mail brings: a mail uses those of its kind.
 */
export type Links = {
  invitation: string;
  registration: string;
  programme: string;
  /** Where they answer an offered seat and put their wishes in order. */
  visits: string;
  /** Where they sleep and with whom, and what is asked of them about it. */
  stay: string;
  /** Where they say that they have seen the programme as it now is. */
  seen: string;
  /** Where they see and remove the browsers that may read back what is stored. */
  devices: string;
  /** What is held of them, and what they may ask about it. */
  data: string;
  /** A section of the form. */
  section: (key: string) => string;
  /** Where an institution puts names forward. */
  nomination: string;
  /** Where a new member of staff chooses a password. */
  setUp: string;
  /** Where staff sign in. */
  desk: string;
};

/** What one language's part of a mail is written with. */
export type Writing = {
  locale: Locale;
  t: Translate;
  links: Links;
  /** The digits that a mail with a code brings; null in all others. */
  code: string | null;
  /** Whether it goes to somebody who reads along, and not to whom it addresses. */
  isCopy: boolean;
};

export function writing(
  locale: Locale,
  links: Links,
  { code, isCopy }: { code: string | null; isCopy: boolean },
): Writing {
  return { locale, t: translator(locale), links, code, isCopy };
}

/** A run of text and its language. */
export type Run = { text: string; locale: Locale };

/** The text in this language, or in the other when that is all there is. */
export function pick(locale: Locale, en: string, zh: string): Run {
  const own = locale === "en" ? en : zh;
  if (own !== "") return { text: plain(own), locale };
  return { text: plain(locale === "en" ? zh : en), locale: otherLocale(locale) };
}

/** `pick` for a fact with `…En` and `…Zh`. */
export function title(locale: Locale, fact: { titleEn: string; titleZh: string }): Run {
  return pick(locale, fact.titleEn, fact.titleZh);
}

export function name(locale: Locale, fact: { nameEn: string; nameZh: string }): Run {
  return pick(locale, fact.nameEn, fact.nameZh);
}

const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/u;

/** One line of text as somebody typed it: control characters become blanks, and marks that turn the direction of writing end with it. */
export function plain(text: string): string {
  const line = text.replaceAll(/\p{Cc}+/gu, " ").trim();
  return BIDI_CONTROLS.test(line) ? `\u2068${line}\u2069` : line;
}

/** Several lines of text as somebody typed them, as paragraphs of lines. */
export function paragraphs(text: string): Array<Array<string>> {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => paragraph.split("\n").map(plain))
    .filter((lines) => lines.some((line) => line !== ""));
}

/** An instant in the meeting's zone and, where that is another, in the recipient's. */
export function inBothZones({ locale, t }: Writing, instant: number, edition: MailEdition): string {
  const here = moment(instant, edition.timeZone, locale);
  return edition.homeTimeZone === edition.timeZone
    ? here
    : t("mail.alsoAt", { here, home: moment(instant, edition.homeTimeZone, locale) });
}

/** "a, b, c" or "a、b、c". */
export function listed({ t }: Writing, texts: ReadonlyArray<string>): string {
  return texts.join(t("mail.list"));
}

/** Joins what is not empty with dots. */
export function dotted({ t }: Writing, texts: ReadonlyArray<string>): string {
  return texts.filter((text) => text !== "").join(t("mail.dot"));
}

/** Whether a text has letters or marks of a script that runs from right to left. */
export function runsLeftward(text: string): boolean {
  return LEFTWARD.test(text);
}

const LEFTWARD = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;

const spans = new Map<string, { day: string; time: string }>();
const MOST_SPANS = 5_000;

/**
 * The heading of an instant's day, and a span's clock times, in the meeting's zone. Remembered, because a thousand
 * recipients have the same few dozen items in their mails, and writing out dates is the dearest part of a mail.
 */
export function dayAndTime(
  { locale }: Writing,
  span: { startsAt: number; endsAt: number },
  timeZone: string,
): { day: string; time: string } {
  const key = `${span.startsAt} ${span.endsAt} ${timeZone} ${locale}`;
  const known = spans.get(key);
  if (known !== undefined) return known;
  if (spans.size >= MOST_SPANS) spans.clear();
  const made = {
    day: dayHeading(dayOf(span.startsAt, timeZone), locale),
    time: timeRange(span.startsAt, span.endsAt, timeZone, locale),
  };
  spans.set(key, made);
  return made;
}

/** What staff wrote, in this language or else in the other. */
export function typedBody(locale: Locale, { bodyEn, bodyZh }: { bodyEn: string; bodyZh: string }): Run {
  const own = locale === "en" ? bodyEn : bodyZh;
  return own === ""
    ? { text: locale === "en" ? bodyZh : bodyEn, locale: otherLocale(locale) }
    : { text: own, locale };
}

/** The subject that staff wrote, in this language or else in the other. */
export function typedSubject(
  locale: Locale,
  { subjectEn, subjectZh }: { subjectEn: string; subjectZh: string },
): string {
  const [own, other] = locale === "en" ? [subjectEn, subjectZh] : [subjectZh, subjectEn];
  return plain(own) || plain(other);
}

/** A link in plain text: what it opens, then the address on a line of its own. */
export function linkText({ t }: Writing, label: string, href: string): Array<string> {
  // Who reads along may have no link of their own.
  if (href === "") return [];
  return [t("mail.link", { label }), href];
}
