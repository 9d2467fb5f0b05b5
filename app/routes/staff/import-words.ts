import type { Locale } from "#db/vocabulary.ts";
import { CATEGORIES, LEG_MEANS, LOCALES, LODGINGS, SESSION_FUNCTIONS } from "#db/vocabulary.ts";
import { inLocale } from "../../components/text.tsx";
import { valueOfText } from "../../domain/import/answer-words.ts";
import type { CellColumn } from "../../domain/import/cells.ts";
import {
  type ColumnKind,
  isAnswerKind,
  isCardKind,
  isLegKind,
  nameOfAnswer,
} from "../../domain/import/kinds.ts";
import { onwardOf } from "../../domain/import/onward.ts";
import { stayOf } from "../../domain/import/stay.ts";
import type { RoomTypeName } from "../../domain/lodging/listed.server.ts";
import { nightsBetween } from "../../domain/lodging/rules.ts";
import { partOf, type Question, topKey } from "../../domain/registration/definition.ts";
import { calendarDay, isTimeZone, zoneName } from "../../i18n/dates.ts";
import type { Translate } from "../../i18n/translate.ts";
import { isMessageKey } from "../../platform/form.ts";
import { FIELD_LABELS, inWords, isField, ownInWords, partLabel } from "../delegate/registration-fields.ts";

export type DelegationNames = ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;

/** What the words of kinds and cells are taken from besides the catalogue. */
export type ImportWords = {
  locale: Locale;
  asked: ReadonlyArray<Question>;
  delegations: DelegationNames;
  roomTypes: ReadonlyArray<RoomTypeName>;
  /** With whom rooms would be shared, by invitation. */
  mates: ReadonlyArray<{ id: string; name: string }>;
};

function questionOf(name: string, { asked }: Pick<ImportWords, "asked">): Question | undefined {
  return asked.find(({ key }) => key === topKey(name));
}

/** What a column of the file, or a cell, holds. */
export function kindInWords(
  t: Translate,
  kind: ColumnKind | CellColumn,
  words: Pick<ImportWords, "locale" | "asked">,
): string {
  if (isAnswerKind(kind)) {
    const name = nameOfAnswer(kind);
    const question = questionOf(name, words);
    const part = partOf(name);
    if (question !== undefined) {
      const label = inLocale(question.label, words.locale).text;
      return part === null ? label : t("own.partOf", { label, part: partLabel(t, question, part) });
    }
    return isField(name) ? t(FIELD_LABELS[name]) : name;
  }
  const key = `import.kind.${kind}`;
  return isMessageKey(key) ? t(key) : kind;
}

/** What an entry is called where it changes: without what a column may hold besides. */
export function entryInWords(
  t: Translate,
  column: CellColumn,
  words: Pick<ImportWords, "locale" | "asked">,
): string {
  const key = `import.entry.${column}`;
  return isMessageKey(key) ? t(key) : kindInWords(t, column, words);
}

export const KIND_GROUPS = ["card", "answer", "own", "arrival", "departure", "room", "wish"] as const;
export type KindGroup = (typeof KIND_GROUPS)[number];

/** Under which heading a kind is offered. */
export function groupOfKind(kind: ColumnKind): KindGroup {
  if (isCardKind(kind)) return "card";
  const group = kind.slice(0, kind.indexOf(":"));
  return KIND_GROUPS.find((each) => each === group) ?? "card";
}

/** What stands in a cell, or would: the words of closed lists, and what people typed as it is. */
export function cellInWords(
  t: Translate,
  { column, value }: { column: CellColumn; value: string },
  words: ImportWords,
): string {
  const { locale, delegations } = words;
  if (value === "") return "";
  if (isAnswerKind(column)) {
    const name = nameOfAnswer(column);
    const answer = valueOfText(name, value);
    const question = questionOf(name, words);
    if (question !== undefined) return ownInWords(t, locale, question, answer, partOf(name));
    return isField(name) ? inWords(t, locale, name, answer) : value;
  }
  if (column === "room:stay") return stayInWords(t, value, words);
  if (isLegKind(column))
    switch (column.slice(column.indexOf(":") + 1)) {
      case "by": {
        const means = LEG_MEANS.find((each) => each === value);
        return means === undefined ? value : t(`legMeans.${means}`);
      }
      case "on":
        return /^\d{4}-\d{2}-\d{2}$/.test(value) ? calendarDay(value, locale) : value;
      case "via":
        return onwardInWords(value, locale);
      case "zone":
        return isTimeZone(value) ? zoneName(value, locale) : value;
      default:
        return value;
    }
  const within = <T extends string>(list: ReadonlyArray<T>) => list.find((word) => word === value);
  switch (column) {
    case "category": {
      const word = within(CATEGORIES);
      return word === undefined ? value : t(`category.${word}`);
    }
    case "invitedAs": {
      const word = within(SESSION_FUNCTIONS);
      return word === undefined ? value : t(`function.${word}`);
    }
    case "wish:lodging": {
      const word = within(LODGINGS);
      return word === undefined ? value : t(`lodging.${word}`);
    }
    case "wish:mayShare":
      return value === "yes" ? t("common.yes") : value === "no" ? t("common.no") : value;
    case "wish:shareWith":
      return words.mates.find(({ id }) => id === value)?.name ?? value;
    case "locale": {
      const word = within(LOCALES);
      return word === undefined ? value : t(`person.locale.${word}`);
    }
    case "delegation": {
      const found = delegations.find(({ id }) => id === value);
      return found === undefined ? value : locale === "en" ? found.nameEn : found.nameZh;
    }
    default:
      return value;
  }
}

/** "UA 5 Boston → Newark, 26 October 2018 10:30 (New York); …": what nobody knows of a leg is left out. */
function onwardInWords(value: string, locale: Locale): string {
  const legs = onwardOf(value);
  if (legs === null) return value;
  return legs
    .map(({ number, from, to, on, time, zone }) => {
      const places = [from, to].filter((place) => place !== "").join(" → ");
      const clock = time === "" ? "" : `${time} (${zoneName(zone, locale)})`;
      const when = [on === "" ? "" : calendarDay(on, locale), clock].filter((text) => text !== "").join(" ");
      return [[number, places].filter((text) => text !== "").join(" "), when]
        .filter((text) => text !== "")
        .join(locale === "en" ? ", " : "，");
    })
    .join(locale === "en" ? "; " : "；");
}

function stayInWords(t: Translate, value: string, { locale, roomTypes }: ImportWords): string {
  const stay = stayOf(value);
  if (stay === null) return value;
  const type = roomTypes.find(({ id }) => id === stay.typeId);
  const asked = [
    ...(stay.smoking ? [t("room.field.smoking")] : []),
    ...(stay.early ? [t("room.field.earlyCheckIn")] : []),
  ];
  const words = t("import.stay", {
    hotel: type === undefined ? "" : inLocale({ en: type.hotelEn, zh: type.hotelZh }, locale).text,
    type: type === undefined ? "" : inLocale({ en: type.nameEn, zh: type.nameZh }, locale).text,
    from: calendarDay(stay.checkIn, locale),
    to: calendarDay(stay.checkOut, locale),
    nights: nightsBetween(stay.checkIn, stay.checkOut).length,
    payer: t(`payer.${stay.payer}`),
  });
  return [words, ...asked].join(locale === "en" ? ", " : "，");
}
