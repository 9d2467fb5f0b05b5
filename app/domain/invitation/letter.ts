/** One person's invitation: the side's wording with this person's facts, in both languages, and what is missing for it. */

import type { Category, Locale, SessionFunction } from "#db/vocabulary.ts";
import type { MailEdition } from "#emails/payload.ts";
import { calendarDay, clockTime, fullDate, moment, zoneName } from "../../i18n/dates.ts";
import { translator } from "../../i18n/translate.ts";
import type { InvitationTexts } from "./form.ts";
import {
  asOneLine,
  fillPlaceholders,
  type Placeholder,
  type PlaceholderValues,
  unknownPlaceholders,
  usedPlaceholders,
} from "./text.ts";

export type Addressee = {
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  category: Category;
  invitedAs: SessionFunction | null;
  number: string;
};

export type Letter = {
  subjectEn: string;
  bodyEn: string;
  subjectZh: string;
  bodyZh: string;
  /** Placeholders that the texts use and for which this person has nothing. */
  empty: ReadonlyArray<Placeholder>;
  /** What stands in braces in the texts and is no placeholder. */
  unknown: ReadonlyArray<string>;
};

/** Writes the letter. It may be sent when nothing in it is empty or unknown. */
export function writeLetter(
  texts: InvitationTexts,
  person: Addressee,
  edition: MailEdition & { costsEn: string; costsZh: string },
): Letter {
  const en = placeholderValues("en", person, edition);
  const zh = placeholderValues("zh-CN", person, edition);
  const english = texts.subjectEn + texts.bodyEn;
  const chinese = texts.subjectZh + texts.bodyZh;
  const empty = [
    ...usedPlaceholders(english).filter((name) => en[name] === ""),
    ...usedPlaceholders(chinese).filter((name) => zh[name] === ""),
  ];
  return {
    subjectEn: asOneLine(fillPlaceholders(texts.subjectEn, en)),
    bodyEn: fillPlaceholders(texts.bodyEn, en),
    subjectZh: asOneLine(fillPlaceholders(texts.subjectZh, zh)),
    bodyZh: fillPlaceholders(texts.bodyZh, zh),
    empty: [...new Set(empty)],
    unknown: [...new Set([...unknownPlaceholders(english), ...unknownPlaceholders(chinese)])],
  };
}

export function placeholderValues(
  locale: Locale,
  person: Addressee,
  edition: MailEdition & { costsEn: string; costsZh: string },
): PlaceholderValues {
  const t = translator(locale);
  // What somebody typed in one language only stands as it is in both: nothing is translated.
  const typed = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  const others = edition.senders.filter(
    ({ nameEn, nameZh }) => nameEn !== edition.sender.nameEn || nameZh !== edition.sender.nameZh,
  );
  const hosts = [edition.sender, ...others].map(({ nameEn, nameZh }) => typed(nameEn, nameZh));
  const last = hosts.at(-1) ?? "";
  const first = hosts.slice(0, -1).join(locale === "en" ? ", " : "、");
  return {
    name: typed(person.nameLatin, person.nameNative),
    institution: typed(person.institutionEn, person.institutionZh),
    position: typed(person.positionEn, person.positionZh),
    function: t(`letter.as.${person.invitedAs ?? person.category}`),
    event: typed(edition.titleEn, edition.titleZh),
    dates: t("letter.dates", {
      from: calendarDay(edition.startsOn, locale),
      to: calendarDay(edition.endsOn, locale),
    }),
    city: typed(edition.cityEn, edition.cityZh),
    replyBy: edition.replyBy === null ? "" : deadline(edition.replyBy, edition.timeZone, locale),
    number: person.number,
    senders: first === "" ? last : t("letter.and", { first, second: last }),
    costs: typed(edition.costsEn, edition.costsZh),
    phones: edition.phones,
  };
}

/** Inside a Chinese sentence the zone stands in brackets. */
export function deadline(instant: number, timeZone: string, locale: Locale): string {
  if (locale === "en") return moment(instant, timeZone, locale);
  return `${fullDate(instant, timeZone, locale)}${clockTime(instant, timeZone, locale)}（${zoneName(timeZone, locale)}）`;
}
