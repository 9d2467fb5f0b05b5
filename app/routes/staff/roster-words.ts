import type { Locale } from "#db/vocabulary.ts";
import { inLocale } from "../../components/text.tsx";
import { instantOrNull } from "../../domain/registration/rules.ts";
import type { CellList, CellValue, RosterColumn } from "../../domain/roster/rules.ts";
import { shortDate, shortMoment } from "../../i18n/dates.ts";
import type { MessageKey, Translate } from "../../i18n/translate.ts";
import { isMessageKey } from "../../platform/form.ts";
import { FIELD_LABELS, inWords, isField, ownInWords } from "../delegate/registration-fields.ts";

/** What columns and cells of the roster are called; the same on the page, in an import and in a file. */

type NamedColumn = Pick<RosterColumn, "key" | "title">;

/** A column's heading. */
export function columnLabel(t: Translate, locale: Locale, { key, title }: NamedColumn): string {
  const [kind, ...rest] = key.split(":");
  const name = rest.join(":");
  if (kind === "section") {
    const words = `section.${name}`;
    const section = title !== null ? inLocale(title, locale).text : isMessageKey(words) ? t(words) : name;
    return t("rosterColumn.section", { section });
  }
  if (title !== null) return inLocale(title, locale).text;
  if (kind === "answer" && isField(name)) {
    const field = t(FIELD_LABELS[name]);
    // Some of what people answer is also known otherwise; then the heading says whose word it is.
    return isMessageKey(`rosterColumn.${TWINS[name] ?? name}`) ? t("rosterColumn.answer", { field }) : field;
  }
  const words = `rosterColumn.${key}`;
  return isMessageKey(words) ? t(words) : key;
}

const TWINS: Readonly<Record<string, string>> = {
  mobile: "phone",
  mailLocale: "locale",
  arrivalOn: "arrivalDay",
  departureOn: "departureDay",
  assistantName: "assistants",
};

const LISTS = {
  category: "category",
  function: "function",
  reply: "reply",
  invitationState: "invitationState",
  registration: "registration",
  sectionState: "sectionState",
  place: "place",
  attendance: "attendance",
  delivery: "delivery",
  locale: "person.locale",
} as const satisfies Record<Exclude<CellList, "hostAnswer">, string>;

/** A word of a closed list. */
function listed(t: Translate, list: CellList, value: string): string {
  const words = list === "hostAnswer" ? `hostAnswer.${value}` : `${LISTS[list]}.${value}`;
  return isMessageKey(words) ? t(words) : value;
}

export type WordsOfEdition = {
  timeZone: string;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
};

/** A cell as people read it; `""` where there is nothing. */
export function cellInWords(
  t: Translate,
  locale: Locale,
  { kind, words }: Pick<RosterColumn, "kind" | "words">,
  value: CellValue,
  { timeZone, delegations }: WordsOfEdition,
): string {
  if (value === null || value === "" || value === "[]") return "";
  if (kind === "instant") return shortMoment(Number(value), timeZone, locale);
  if (kind === "flag") return t("common.yes");
  if (kind === "day") return dayInWords(String(value), locale);
  const given = kind === "choices" ? listOf(value) : String(value);
  switch (words.by) {
    case "list":
      return listed(t, words.list, String(given));
    case "delegation": {
      const found = delegations.find(({ id }) => id === value);
      return found === undefined ? "" : inLocale({ en: found.nameEn, zh: found.nameZh }, locale).text;
    }
    case "answer":
      return isField(words.field) ? inWords(t, locale, words.field, given) : [given].flat().join(", ");
    case "own":
      return ownInWords(t, locale, words.question, given, words.part);
    case "text":
      return [given].flat().join(", ");
  }
}

/** An option of a column that has a closed list of them. */
export function optionInWords(
  t: Translate,
  locale: Locale,
  column: Pick<RosterColumn, "kind" | "words">,
  option: string,
  edition: WordsOfEdition,
): string {
  const value = column.kind === "choices" ? JSON.stringify([option]) : option;
  return cellInWords(t, locale, column, value, edition);
}

/** The group that a column is offered in. */
export function groupLabel(t: Translate, group: RosterColumn["group"]): string {
  const key: MessageKey = `rosterGroup.${group}`;
  return t(key);
}

/** A day as lists write it; what is none, in a draft, as it was typed. */
function dayInWords(day: string, locale: Locale): string {
  const noon = instantOrNull(day, "12:00", "UTC");
  return noon === null ? day : shortDate(noon, "UTC", locale);
}

function listOf(value: string | number): string | Array<string> {
  const text = String(value);
  if (!text.startsWith("[")) return text;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : text;
  } catch {
    return text;
  }
}
