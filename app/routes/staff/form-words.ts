import { ACCESS_NEEDS, DIETS, type Locale } from "#db/vocabulary.ts";
import { inLocale } from "../../components/text.tsx";
import {
  asksSomething,
  type Condition,
  type FormDefinition,
  type FormSection,
  isStandard,
  keysIn,
  partOf,
  type RowQuestion,
  STANDARD_TERMS,
} from "../../domain/registration/definition.ts";
import { partName } from "../../domain/registration/own-answers.ts";
import { partsOf } from "../../domain/registration/parts.ts";
import { BOOKERS, TRAVEL_MEANS, WORKING_LANGUAGES } from "../../domain/registration/rules.ts";
import { findQuestion } from "../../domain/registration-form/rules.ts";
import { countryOptions } from "../../i18n/countries.ts";
import type { Translate } from "../../i18n/translate.ts";
import { FIELD_LABELS, inWords, isField, ownInWords, partLabel } from "../delegate/registration-fields.ts";

type Visit = { id: string; titleEn: string; titleZh: string };

/** What a section is called, as a text. */
export function nameOfSection(
  t: Translate,
  locale: Locale,
  section: Pick<FormSection, "key" | "title">,
): string {
  if (isStandard(section.key)) return t(`section.${section.key}`);
  return inLocale(section.title, locale).text || t("builder.unnamed");
}

/** What a question is called, as a text. */
export function nameOfQuestion(t: Translate, locale: Locale, question: Pick<RowQuestion, "label">): string {
  return inLocale(question.label, locale).text || t("builder.unnamed");
}

const STANDARD_VALUES: Readonly<Record<string, ReadonlyArray<string>>> = {
  personalCapacity: ["on"],
  diets: DIETS,
  accessNeeds: ACCESS_NEEDS,
  workingLanguages: WORKING_LANGUAGES,
  needsInterpretation: ["yes", "no"],
  arrivalBy: TRAVEL_MEANS,
  departureBy: TRAVEL_MEANS,
  bookedBy: BOOKERS,
  needsVisa: ["yes", "no"],
};

/** A question that a condition may look at, with the answers to choose from; none where any text may be answered. */
export type TermField = { field: string; label: string; values: Array<{ value: string; label: string }> };

/** Everything that a condition may look at: the standard questions, and those above. */
export function termFields(
  t: Translate,
  locale: Locale,
  { above, visits }: { above: ReadonlyArray<RowQuestion>; visits: ReadonlyArray<Visit> },
): Array<TermField> {
  const standard = [...STANDARD_TERMS.keys()].flatMap((field): Array<TermField> => {
    if (!isField(field)) return [];
    const values =
      field === "visitIds"
        ? visits.map((visit) => ({
            value: visit.id,
            label: inLocale({ en: visit.titleEn, zh: visit.titleZh }, locale).text,
          }))
        : (STANDARD_VALUES[field] ?? []).map((value) => ({ value, label: inWords(t, locale, field, value) }));
    return [{ field, label: t(FIELD_LABELS[field]), values }];
  });
  const own = above
    .filter(({ type }) => asksSomething(type))
    .flatMap((question): Array<TermField> => {
      const label = nameOfQuestion(t, locale, question);
      const whole = {
        field: question.key,
        label,
        values: valuesOf(question, locale).map((value) => ({
          value,
          label: ownInWords(t, locale, question, value),
        })),
      };
      // Of a passport, its nationality; of a leg, by what.
      const parts = partsOf(question).flatMap((part): Array<TermField> => {
        const values = part.kind === "country" ? countryCodes(locale) : (part.values ?? []);
        if (values.length === 0) return [];
        return [
          {
            field: partName(question.key, part.key),
            label: t("builder.partOf", { question: label, part: partLabel(t, question, part.key) }),
            values: values.map((value) => ({
              value,
              label: ownInWords(t, locale, question, value, part.key),
            })),
          },
        ];
      });
      return [whole, ...parts];
    });
  return [...own, ...standard];
}

function countryCodes(locale: Locale): ReadonlyArray<string> {
  return countryOptions(locale).map(({ value }) => value);
}

function valuesOf(question: RowQuestion, locale: Locale): ReadonlyArray<string> {
  switch (question.type) {
    case "yes_no":
      return ["yes", "no"];
    case "choice":
    case "choices":
      return question.options.map(({ key }) => key);
    case "country":
      return countryCodes(locale);
    case "consent":
      return ["on"];
    default:
      return [];
  }
}

/** A condition in words. */
export function conditionInWords(
  t: Translate,
  locale: Locale,
  condition: Condition,
  { form, visits }: { form: FormDefinition; visits: ReadonlyArray<Visit> },
): string {
  return condition.terms
    .map(({ field, test, value }) => {
      const question = findQuestion(form, keysIn(field).at(-1) ?? field)?.question;
      const part = partOf(field);
      const visit = visits.find(({ id }) => id === value);
      const label =
        question !== undefined
          ? part === null
            ? nameOfQuestion(t, locale, question)
            : t("builder.partOf", {
                question: nameOfQuestion(t, locale, question),
                part: partLabel(t, question, part),
              })
          : isField(field)
            ? t(FIELD_LABELS[field])
            : t("builder.unnamed");
      const words =
        value === ""
          ? ""
          : question !== undefined
            ? ownInWords(t, locale, question, value, part)
            : visit !== undefined
              ? inLocale({ en: visit.titleEn, zh: visit.titleZh }, locale).text
              : isField(field)
                ? inWords(t, locale, field, value)
                : value;
      const said = { field: label, test: t(`builder.test.${test}`) };
      return words === "" ? t("builder.termAlone", said) : t("builder.term", { ...said, value: words });
    })
    .join(t(condition.join === "and" ? "builder.and" : "builder.or"));
}
