import { CONSENTS, REGISTRATION_SECTIONS, type RegistrationSection } from "#db/vocabulary.ts";

/**
 * What an invitee answers, as typed: text for every field, a list for boxes of which several may be ticked. A draft
 * and a submitted registration have the same shape; only the checks differ (form.ts). Field names are unique over all
 * sections, so a form, an error and a stored answer speak of the same thing by the same name.
 */
export type Answers = ReturnType<typeof collect>;

/** Wordings of the form and of the consents. A change of meaning in either gets a new number. */
export const FORM_VERSION = 1;
export const CONSENT_TEXT_VERSION = 1;

/** The most visits or boxes that a request may name; more is no honest form. */
const LONGEST_LIST = 40;

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

/** The answers in a submitted form. */
export function answersFromForm(form: FormData): Answers {
  return collect({
    one(name) {
      const value = form.get(name);
      return typeof value === "string" ? tidy(value) : "";
    },
    many(name) {
      const values = form.getAll(name).filter((value) => typeof value === "string" && value !== "");
      return [...new Set(values.map(String))].slice(0, LONGEST_LIST).sort();
    },
  });
}

/** Answers from facts known by field name, e.g. those stored; what is not there is blank. */
export function answersFromRecord(record: Readonly<Record<string, unknown>>): Answers {
  return collect({
    one(name) {
      const value = record[name];
      return typeof value === "string" ? value : "";
    },
    many(name) {
      const value = record[name];
      return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
    },
  });
}

/** Stored sections, back as answers. Sections that are missing are blank. */
export function answersFromSections(rows: ReadonlyArray<{ answers: string }>): Answers {
  const record: Record<string, unknown> = {};
  for (const row of rows) Object.assign(record, JSON.parse(row.answers));
  return answersFromRecord(record);
}

/** Each section as the text that is stored: the same answers give the same text. */
export function sectionTexts(answers: Answers): Record<RegistrationSection, string> {
  return {
    name: JSON.stringify(answers.name),
    post: JSON.stringify(answers.post),
    contact: JSON.stringify(answers.contact),
    needs: JSON.stringify(answers.needs),
    languages: JSON.stringify(answers.languages),
    travel: JSON.stringify(answers.travel),
    visits: JSON.stringify(answers.visits),
    consents: JSON.stringify(answers.consents),
  };
}

export const blankAnswers: Answers = answersFromRecord({});

/** The section that a field belongs to, by the field's name. */
export const SECTION_OF: ReadonlyMap<string, RegistrationSection> = new Map(
  REGISTRATION_SECTIONS.flatMap((section) =>
    Object.keys(blankAnswers[section]).map((field) => [field, section] as const),
  ),
);

/** All answers by field name, for filling a form. */
export function formValues(answers: Answers): Record<string, string | ReadonlyArray<string>> {
  return Object.assign({}, ...REGISTRATION_SECTIONS.map((section) => answers[section]));
}

/**
 * What comes of answers that somebody gave who may fill in these sections alone: theirs there, and everywhere else what
 * was known. The mailbox that codes go to is nobody's to change but the person's own.
 */
export function answersWithin(
  sections: ReadonlyArray<RegistrationSection>,
  { known, given }: { known: Answers; given: Answers },
): Answers {
  const record: Record<string, unknown> = formValues(known);
  for (const section of sections) Object.assign(record, given[section]);
  return answersFromRecord({ ...record, email: known.contact.email });
}

/** Only these sections' answers, without the mailbox that codes go to; everything else is blank. */
export function answersOf(sections: ReadonlyArray<RegistrationSection>, answers: Answers): Answers {
  return answersWithin(sections, { known: blankAnswers, given: answers });
}

/** Which consents are ticked. */
export function ticked(answers: Answers): Array<(typeof CONSENTS)[number]> {
  return CONSENTS.filter((kind) => answers.consents[`consent_${kind}`] === "on");
}
