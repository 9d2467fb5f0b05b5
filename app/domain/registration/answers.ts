import { CONSENTS, REGISTRATION_SECTIONS, type RegistrationSection } from "#db/vocabulary.ts";
import {
  type FormDefinition,
  isOwnName,
  isStandard,
  STANDARD_FORM,
  sectionOfOwn,
  topKey,
} from "./definition.ts";
import type { OwnAnswers, OwnValue } from "./own-answers.ts";

/**
 * What an invitee answers, as typed: text for every field, a list for boxes of which several may be ticked. A draft
 * and a submitted registration have the same shape; only the checks differ (form.ts). Field names are unique over all
 * sections, so a form, an error and a stored answer speak of the same thing by the same name. What the edition asks
 * besides is in `own`, flat by name.
 */
export type Answers = ReturnType<typeof collect> & { own: OwnAnswers };

/** Wording of the standard consents. A change of meaning gets a new number. */
export const CONSENT_TEXT_VERSION = 1;

/** The most visits or boxes that a request may name; more is no honest form. */
const LONGEST_LIST = 40;

/** The most own answers that a request may bring. */
const MOST_OWN_ANSWERS = 2_000;

/** Where answers come from: a form or the database. */
type Source = { one(name: string): string; many(name: string): Array<string> };

function collect({ one, many }: Source) {
  return {
    name: {
      familyLatin: one("familyLatin"),
      givenLatin: one("givenLatin"),
      nameLatin: one("nameLatin"),
      familyNative: one("familyNative"),
      givenNative: one("givenNative"),
      nameNative: one("nameNative"),
    },
    post: {
      honorificEn: one("honorificEn"),
      honorificZh: one("honorificZh"),
      institutionEn: one("institutionEn"),
      institutionZh: one("institutionZh"),
      positionEn: one("positionEn"),
      positionZh: one("positionZh"),
      personalCapacity: one("personalCapacity"),
    },
    contact: {
      email: one("email"),
      secondEmail: one("secondEmail"),
      mobile: one("mobile"),
      mailLocale: one("mailLocale"),
      assistantName: one("assistantName"),
      assistantEmail: one("assistantEmail"),
      emergencyName: one("emergencyName"),
      emergencyRelation: one("emergencyRelation"),
      emergencyPhone: one("emergencyPhone"),
    },
    needs: {
      diets: many("diets"),
      dietText: one("dietText"),
      allergies: one("allergies"),
      allergySeverity: one("allergySeverity"),
      accessNeeds: many("accessNeeds"),
      accessText: one("accessText"),
    },
    languages: {
      workingLanguages: many("workingLanguages"),
      otherLanguages: one("otherLanguages"),
      needsInterpretation: one("needsInterpretation"),
    },
    travel: {
      arrivalBy: one("arrivalBy"),
      arrivalNumber: one("arrivalNumber"),
      arrivalFrom: one("arrivalFrom"),
      arrivalOn: one("arrivalOn"),
      arrivalTime: one("arrivalTime"),
      arrivalAt: one("arrivalAt"),
      departureBy: one("departureBy"),
      departureNumber: one("departureNumber"),
      departureTo: one("departureTo"),
      departureOn: one("departureOn"),
      departureTime: one("departureTime"),
      departureFrom: one("departureFrom"),
      bookedBy: one("bookedBy"),
      needsVisa: one("needsVisa"),
    },
    visits: { visitIds: many("visitIds") },
    consents: {
      consent_notice: one("consent_notice"),
      consent_sensitive_data: one("consent_sensitive_data"),
      consent_identity_documents: one("consent_identity_documents"),
      consent_transfer_abroad: one("consent_transfer_abroad"),
      consent_delegate_book: one("consent_delegate_book"),
      consent_photo_press: one("consent_photo_press"),
      consent_next_edition: one("consent_next_edition"),
    },
  };
}

/** Spaces at the ends are no part of an answer, and browsers send line ends as CR LF; everything else stays as typed. */
function tidy(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

/** The answers in a submitted form. Which of the own ones are asked, and in which shape, the form's definition says. */
export function answersFromForm(form: FormData): Answers {
  const source: Source = {
    one(name) {
      const value = form.get(name);
      return typeof value === "string" ? tidy(value) : "";
    },
    many(name) {
      const values = form.getAll(name).filter((value) => typeof value === "string" && value !== "");
      return [...new Set(values.map(String))].slice(0, LONGEST_LIST).sort();
    },
  };
  const own: Record<string, OwnValue> = {};
  for (const name of [...new Set(form.keys())].filter(isOwnName).slice(0, MOST_OWN_ANSWERS)) {
    const values = form.getAll(name).filter((value) => typeof value === "string");
    const texts = values.map((value) => tidy(String(value))).filter((text) => text !== "");
    const [text, ...more] = texts.slice(0, LONGEST_LIST);
    if (text !== undefined) own[name] = more.length === 0 ? text : [text, ...more];
  }
  return { ...collect(source), own };
}

/** Answers from facts known by field name, e.g. those stored; what is not there is blank. */
export function answersFromRecord(record: Readonly<Record<string, unknown>>): Answers {
  const known = collect({
    one(name) {
      const value = record[name];
      return typeof value === "string" ? value : "";
    },
    many(name) {
      const value = record[name];
      return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
    },
  });
  const own: Record<string, OwnValue> = {};
  for (const [name, value] of Object.entries(record)) {
    if (!isOwnName(name)) continue;
    if (typeof value === "string") own[name] = value;
    else if (Array.isArray(value)) own[name] = value.filter((entry) => typeof entry === "string");
  }
  return { ...known, own };
}

/** Stored sections, back as answers. Sections that are missing are blank. */
export function answersFromSections(rows: ReadonlyArray<{ answers: string }>): Answers {
  const record: Record<string, unknown> = {};
  for (const row of rows) Object.assign(record, JSON.parse(row.answers));
  return answersFromRecord(record);
}

/**
 * Each section as the text that is stored: the same answers give the same text. Own answers that the definition does
 * not have are in none of them.
 */
export function sectionTexts(
  answers: Answers,
  definition: FormDefinition = STANDARD_FORM,
): Record<string, string> {
  if (definition === STANDARD_FORM)
    return Object.fromEntries(
      REGISTRATION_SECTIONS.map((section) => [section, JSON.stringify(answers[section])]),
    );
  const own = ownBySection(answers.own, definition);
  return Object.fromEntries(
    definition.sections.map(({ key }) => [
      key,
      JSON.stringify({ ...(isStandard(key) ? answers[key] : {}), ...own.get(key) }),
    ]),
  );
}

/** Own answers by the section that they belong to. */
export function ownBySection(
  own: OwnAnswers,
  definition: FormDefinition,
): Map<string, Record<string, OwnValue>> {
  const sectionOf = sectionOfOwn(definition);
  const bySection = new Map<string, Record<string, OwnValue>>();
  for (const [name, value] of Object.entries(own)) {
    const section = sectionOf.get(topKey(name));
    if (section === undefined) continue;
    const known = bySection.get(section);
    if (known === undefined) bySection.set(section, { [name]: value });
    else known[name] = value;
  }
  return bySection;
}

export const blankAnswers: Answers = answersFromRecord({});

/** The section that a field belongs to, by the field's name. */
export const SECTION_OF: ReadonlyMap<string, RegistrationSection> = new Map(
  REGISTRATION_SECTIONS.flatMap((section) =>
    Object.keys(blankAnswers[section]).map((field) => [field, section] as const),
  ),
);

/** Answers to the standard questions by field name. */
export function standardValues(answers: Answers): Record<string, string | ReadonlyArray<string>> {
  return Object.assign({}, ...REGISTRATION_SECTIONS.map((section) => answers[section]));
}

/** All answers by field name, for filling a form. */
export function formValues(answers: Answers): Record<string, string | ReadonlyArray<string>> {
  return { ...standardValues(answers), ...answers.own };
}

/** Which consents are ticked. */
export function ticked(answers: Answers): Array<(typeof CONSENTS)[number]> {
  return CONSENTS.filter((kind) => answers.consents[`consent_${kind}`] === "on");
}
