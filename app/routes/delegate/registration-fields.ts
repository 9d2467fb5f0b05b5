import type { Locale } from "#db/vocabulary.ts";
import { inLocale } from "../../components/text.tsx";
import type { Answers } from "../../domain/registration/answers.ts";
import { formValues } from "../../domain/registration/answers.ts";
import { isStandard, type RowQuestion, rowName } from "../../domain/registration/definition.ts";
import type { FieldErrors } from "../../domain/registration/form.ts";
import { partName } from "../../domain/registration/own-answers.ts";
import { EXPECTED, findPart, PENDING, partsOf, pendingParts } from "../../domain/registration/parts.ts";
import type { AskedSection } from "../../domain/registration/queries.server.ts";
import { countryName } from "../../i18n/countries.ts";
import { calendarDay, isTimeZone, zoneName } from "../../i18n/dates.ts";
import { htmlLang, type MessageKey, type Translate } from "../../i18n/translate.ts";
import { isMessageKey } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

/** What each field is called, on the form, in the summary of errors and on the review. */
export const FIELD_LABELS = {
  familyLatin: "register.familyLatin",
  givenLatin: "register.givenLatin",
  nameLatin: "register.nameLatin",
  familyNative: "register.familyNative",
  givenNative: "register.givenNative",
  nameNative: "register.nameNative",
  honorificEn: "register.honorificEn",
  honorificZh: "register.honorificZh",
  institutionEn: "register.institutionEn",
  institutionZh: "register.institutionZh",
  positionEn: "register.positionEn",
  positionZh: "register.positionZh",
  personalCapacity: "register.personalCapacity",
  email: "register.email",
  secondEmail: "register.secondEmail",
  mobile: "register.mobile",
  mailLocale: "register.mailLocale",
  assistantName: "register.assistantName",
  assistantEmail: "register.assistantEmail",
  emergencyName: "register.emergencyName",
  emergencyRelation: "register.emergencyRelation",
  emergencyPhone: "register.emergencyPhone",
  diets: "register.diets",
  dietText: "register.dietText",
  allergies: "register.allergies",
  allergySeverity: "register.allergySeverity",
  accessNeeds: "register.accessNeeds",
  accessText: "register.accessText",
  workingLanguages: "register.workingLanguages",
  otherLanguages: "register.otherLanguages",
  needsInterpretation: "register.needsInterpretation",
  arrivalBy: "register.arrivalBy",
  arrivalNumber: "register.arrivalNumber",
  arrivalFrom: "register.arrivalFrom",
  arrivalOn: "register.arrivalOn",
  arrivalTime: "register.arrivalTime",
  arrivalAt: "register.arrivalAt",
  departureBy: "register.departureBy",
  departureNumber: "register.departureNumber",
  departureTo: "register.departureTo",
  departureOn: "register.departureOn",
  departureTime: "register.departureTime",
  departureFrom: "register.departureFrom",
  bookedBy: "register.bookedBy",
  needsVisa: "register.needsVisa",
  visitIds: "register.visitIds",
  consent_notice: "section.consents",
  consent_sensitive_data: "section.consents",
  consent_identity_documents: "section.consents",
  consent_transfer_abroad: "section.consents",
  consent_delegate_book: "section.consents",
  consent_photo_press: "section.consents",
  consent_next_edition: "section.consents",
} as const satisfies Record<string, MessageKey>;

export type FieldName = keyof typeof FIELD_LABELS;

export function isField(field: string): field is FieldName {
  return Object.hasOwn(FIELD_LABELS, field);
}

/** The fields' names in one language, by field. */
function fieldLabels(t: Translate): Record<string, string> {
  return Object.fromEntries(Object.entries(FIELD_LABELS).map(([field, key]) => [field, t(key)]));
}

/** The same with the edition's own questions. */
export function allLabels(
  t: Translate,
  locale: Locale,
  asked: ReadonlyArray<AskedSection>,
): Record<string, string> {
  const labels = fieldLabels(t);
  const put = (question: RowQuestion, stem: string, before: string) => {
    const label = before + inLocale(question.label, locale).text;
    labels[stem] = label;
    for (const part of [...partsOf(question).map(({ key }) => key), ...pendingParts(question)])
      labels[partName(stem, part)] = t("own.partOf", { label, part: partLabel(t, question, part) });
  };
  for (const { questions } of asked)
    for (const question of questions) {
      put(question, question.key, "");
      for (const [index, row] of question.rows.entries())
        for (const each of row) {
          const of = t("own.row", { label: labels[question.key] ?? "", number: index + 1 });
          put(each, rowName(question.key, index, each.key), t("own.partBefore", { label: of }));
        }
    }
  return labels;
}

/** What a part of a question is called. */
export function partLabel(t: Translate, { type }: Pick<RowQuestion, "type">, part: string): string {
  const key = part === PENDING || part === EXPECTED ? `part.${part}` : `part.${type}.${part}`;
  return isMessageKey(key) ? t(key) : part;
}

/** What a section is called, as a text. */
export function sectionName(
  t: Translate,
  locale: Locale,
  sections: ReadonlyArray<Pick<AskedSection, "key" | "title">>,
  section: string,
): string {
  if (isStandard(section)) return t(`section.${section}`);
  const found = sections.find(({ key }) => key === section);
  return found === undefined ? "" : inLocale(found.title, locale).text;
}

/** An own answer in words; of a question of several parts, one of them. */
export function ownInWords(
  t: Translate,
  locale: Locale,
  question: RowQuestion,
  value: string | ReadonlyArray<string>,
  part: string | null = null,
): string {
  const list = typeof value === "string" ? [value] : value;
  return list
    .map((text) => {
      if (part !== null) return partInWords(t, locale, { question, part, text });
      switch (question.type) {
        case "yes_no":
          return text === "yes" ? t("common.yes") : t("common.no");
        case "choice":
        case "choices": {
          const option = question.options.find(({ key }) => key === text);
          return option === undefined ? text : inLocale(option.label, locale).text;
        }
        case "consent":
          return t("review.consentYes");
        case "file":
        case "portrait":
          return t("upload.some");
        case "date":
          return calendarDay(text, locale);
        case "country":
          return countryName(text, locale);
        default:
          return text;
      }
    })
    .join(t("myProgramme.listSeparator"));
}

function partInWords(
  t: Translate,
  locale: Locale,
  { question, part, text }: { question: RowQuestion; part: string; text: string },
): string {
  if (part === PENDING) return t("own.pendingSaid");
  const known = findPart(question, part);
  switch (part === EXPECTED ? "day" : known?.kind) {
    case "day":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? calendarDay(text, locale) : text;
    case "zone":
      return isTimeZone(text) ? zoneName(text, locale) : text;
    case "country":
      return countryName(text, locale);
    case "tick":
      return t("review.consentYes");
    case "choice": {
      const key = `part.value.${text}`;
      return isMessageKey(key) ? t(key) : text;
    }
    default:
      return text;
  }
}

/** Answers as the form that shows them again. */
export function asForm(answers: Answers, errors: FieldErrors): FormState {
  return { values: formValues(answers), errors };
}

/** The language that a field's content is in, where the field says so. */
export function contentLang(field: string): string | undefined {
  return /(?:Zh|Native)$/.test(field) ? htmlLang("zh-CN") : undefined;
}

/** Where the words for a field's choices stand in the catalogue. */
const WORDS: Readonly<Partial<Record<FieldName, string>>> = {
  diets: "diet",
  accessNeeds: "access",
  allergySeverity: "register.severity",
  workingLanguages: "register.language",
  needsInterpretation: "common",
  arrivalBy: "register.means",
  departureBy: "register.means",
  bookedBy: "register.booker",
  needsVisa: "common",
  mailLocale: "register.locale",
};

/** An answer as a text in words. */
export function inWords(
  t: Translate,
  locale: Locale,
  field: FieldName,
  value: string | ReadonlyArray<string>,
): string {
  const list = typeof value === "string" ? [value] : value;
  return list
    .map((text) => {
      if (field === "personalCapacity") return t("common.yes");
      if (field === "arrivalOn" || field === "departureOn") return calendarDay(text, locale);
      const key = `${WORDS[field]}.${text}`;
      return isMessageKey(key) ? t(key) : text;
    })
    .join(t("myProgramme.listSeparator"));
}
