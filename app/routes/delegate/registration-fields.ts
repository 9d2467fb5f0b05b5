import type { Locale } from "#db/vocabulary.ts";
import type { Answers } from "../../domain/registration/answers.ts";
import { formValues } from "../../domain/registration/answers.ts";
import type { FieldErrors } from "../../domain/registration/form.ts";
import { calendarDay } from "../../i18n/dates.ts";
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

/** The fields' names in one language, by field. */
export function fieldLabels(t: Translate): Record<string, string> {
  return Object.fromEntries(Object.entries(FIELD_LABELS).map(([field, key]) => [field, t(key)]));
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
