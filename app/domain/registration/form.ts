import { z } from "zod";
import { ACCESS_NEEDS, DIETS, LOCALES, type Locale } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { LONGEST_LINE, mailboxProblem, refusedCharacters } from "../person/rules.ts";
import { type Answers, standardValues } from "./answers.ts";
import { type AskedForm, ownDraftErrors, ownMissing } from "./own-answers.ts";
import {
  ALLERGY_SEVERITIES,
  BOOKERS,
  instantOrNull,
  isPhone,
  TRAVEL_MEANS,
  tellsOfNeeds,
  WORKING_LANGUAGES,
} from "./rules.ts";

/** What is wrong, by field name. Empty: nothing. */
export type FieldErrors = Record<string, Array<MessageKey>>;

/** What the checks depend on besides the answers. */
export type FormFacts = {
  /** Zone of the meeting: arrivals and departures are told in it. */
  timeZone: string;
  /** The last day of travel: passports are to be valid for some months more. */
  travelTo: string;
  /** The visits that may be wished for. */
  visitIds: ReadonlyArray<string>;
  /** Where either language will do, the reader's own field is named. */
  locale: Locale;
  /** The edition's form as this person is asked it. */
  asked: AskedForm;
};

export const LONGEST_TEXT = 1000;

function text(longest: number, allowed: (value: string) => boolean) {
  return z
    .string()
    .max(longest, "error.tooLong" satisfies MessageKey)
    .refine(allowed, "error.characters" satisfies MessageKey);
}
/** A replacement mark stands for a character that was lost on the way: nobody has one in their name. */
function isClean(value: string): boolean {
  return refusedCharacters(value).length === 0 && !value.includes("\ufffd");
}

const line = text(LONGEST_LINE, isClean);
const lines = text(LONGEST_TEXT, (value) => isClean(value.replaceAll(/[\n\t]/g, "")));
const tick = z.enum(["", "on"]);
const email = line.refine(
  (value) => value === "" || mailboxProblem(value) === null,
  "error.email" satisfies MessageKey,
);
const phone = line.refine(
  (value) => value === "" || isPhone(value),
  "register.error.phone" satisfies MessageKey,
);
const day = line.refine(
  (value) => value === "" || instantOrNull(value, "12:00", "UTC") !== null,
  "error.date" satisfies MessageKey,
);
const time = line.refine(
  (value) => value === "" || instantOrNull("2018-12-03", value, "UTC") !== null,
  "error.time" satisfies MessageKey,
);

/** What each value must be like if it is there at all: this much is asked of a draft, too. */
const formats = {
  name: z.object({
    familyLatin: line,
    givenLatin: line,
    nameLatin: line,
    familyNative: line,
    givenNative: line,
    nameNative: line,
  }),
  post: z.object({
    honorificEn: line,
    honorificZh: line,
    institutionEn: line,
    institutionZh: line,
    positionEn: line,
    positionZh: line,
    personalCapacity: tick,
  }),
  contact: z.object({
    email,
    secondEmail: email,
    mobile: phone,
    mailLocale: z.enum(["", ...LOCALES]),
    assistantName: line,
    assistantEmail: email,
    emergencyName: line,
    emergencyRelation: line,
    emergencyPhone: phone,
  }),
  needs: z.object({
    diets: z.array(z.enum(DIETS)),
    dietText: lines,
    allergies: lines,
    allergySeverity: z.enum(["", ...ALLERGY_SEVERITIES]),
    accessNeeds: z.array(z.enum(ACCESS_NEEDS)),
    accessText: lines,
  }),
  languages: z.object({
    workingLanguages: z.array(z.enum(WORKING_LANGUAGES)),
    otherLanguages: line,
    needsInterpretation: z.enum(["", "yes", "no"]),
  }),
  travel: z.object({
    arrivalBy: z.enum(["", ...TRAVEL_MEANS]),
    arrivalNumber: line,
    arrivalFrom: line,
    arrivalOn: day,
    arrivalTime: time,
    arrivalAt: line,
    departureBy: z.enum(["", ...TRAVEL_MEANS]),
    departureNumber: line,
    departureTo: line,
    departureOn: day,
    departureTime: time,
    departureFrom: line,
    bookedBy: z.enum(["", ...BOOKERS]),
    needsVisa: z.enum(["", "yes", "no"]),
  }),
  visits: z.object({ visitIds: z.array(line) }),
  consents: z.object({
    consent_notice: tick,
    consent_sensitive_data: tick,
    consent_identity_documents: tick,
    consent_transfer_abroad: tick,
    consent_delegate_book: tick,
    consent_photo_press: tick,
    consent_next_edition: tick,
  }),
};

/** Errors that a draft may not keep: what is stored must at least be storable text of a sane length. */
const UNSTORABLE: ReadonlyArray<MessageKey> = ["error.tooLong", "error.characters", "error.invalid"];

/**
 * Whether answers may be kept as a draft although they have these errors.
 *
 * @param isStrict whether an answer has a place that takes nothing malformed: what is known of a passport is in letters.
 */
export function isStorable(errors: FieldErrors, isStrict: (field: string) => boolean): boolean {
  return !Object.entries(errors).some(
    ([field, keys]) => isStrict(field) || keys.some((key) => UNSTORABLE.includes(key)),
  );
}

const MESSAGES: ReadonlySet<string> = new Set<MessageKey>([
  "error.tooLong",
  "error.characters",
  "error.email",
  "error.date",
  "error.time",
  "register.error.phone",
]);

function isOwnMessage(text: string): text is MessageKey {
  return MESSAGES.has(text);
}

/** The formats of what is there: all that a draft is asked for. */
export function draftErrors(answers: Answers, asked: AskedForm): FieldErrors {
  const errors: FieldErrors = {};
  for (const [name, problem] of Object.entries(ownDraftErrors(asked))) add(errors, name, problem);
  const check = (schema: z.ZodType, section: unknown) => {
    const outcome = schema.safeParse(section);
    if (outcome.success) return;
    for (const issue of outcome.error.issues) {
      const key = isOwnMessage(issue.message) ? issue.message : "error.invalid";
      add(errors, String(issue.path[0] ?? ""), key);
    }
  };
  check(formats.name, answers.name);
  check(formats.post, answers.post);
  check(formats.contact, answers.contact);
  check(formats.needs, answers.needs);
  check(formats.languages, answers.languages);
  check(formats.travel, answers.travel);
  check(formats.visits, answers.visits);
  check(formats.consents, answers.consents);
  return errors;
}

function add(errors: FieldErrors, field: string, key: MessageKey) {
  const known = errors[field];
  if (known === undefined) errors[field] = [key];
  else if (!known.includes(key)) known.push(key);
}

/** Everything that stands between these answers and a submitted registration: all of it at once. */
export function submissionErrors(answers: Answers, facts: FormFacts): FieldErrors {
  const errors = draftErrors(answers, facts.asked);
  const missing = ownMissing(facts.asked, standardValues(answers), facts);
  for (const [name, problem] of Object.entries(missing)) add(errors, name, problem);
  const require = (field: string, value: string, key: MessageKey = "error.required") => {
    if (value === "") add(errors, field, key);
  };
  const { name, post, contact, needs, languages, travel, visits, consents } = answers;

  require("nameLatin", name.nameLatin);
  // People with a single name exist: one of the two parts is enough, and either may hold it.
  if (name.familyLatin === "" && name.givenLatin === "")
    add(errors, "familyLatin", "register.error.namePart");
  if (name.familyNative !== "" || name.givenNative !== "") require("nameNative", name.nameNative);

  const either = (en: string, zh: string, field: string) => {
    if (en === "" && zh === "")
      add(errors, facts.locale === "en" ? `${field}En` : `${field}Zh`, "register.error.either");
  };
  either(post.honorificEn, post.honorificZh, "honorific");
  either(post.institutionEn, post.institutionZh, "institution");
  either(post.positionEn, post.positionZh, "position");

  require("email", contact.email);
  require("mobile", contact.mobile);
  require("mailLocale", contact.mailLocale, "error.choose");
  if (contact.assistantEmail !== "") require("assistantName", contact.assistantName);
  if (contact.emergencyName !== "" || contact.emergencyRelation !== "")
    require("emergencyPhone", contact.emergencyPhone);
  if (contact.emergencyPhone !== "") require("emergencyName", contact.emergencyName);

  if (needs.diets.length === 0) add(errors, "diets", "register.error.diet");
  if (needs.diets.includes("none") && needs.diets.length > 1) add(errors, "diets", "register.error.dietNone");
  if (needs.diets.includes("other")) require("dietText", needs.dietText);
  if (needs.allergies !== "") require("allergySeverity", needs.allergySeverity, "error.choose");
  if (needs.accessNeeds.includes("other")) require("accessText", needs.accessText);

  if (languages.workingLanguages.length === 0) add(errors, "workingLanguages", "error.choose");
  if (languages.workingLanguages.includes("other")) require("otherLanguages", languages.otherLanguages);
  require("needsInterpretation", languages.needsInterpretation, "error.choose");

  require("arrivalBy", travel.arrivalBy, "error.choose");
  require("departureBy", travel.departureBy, "error.choose");
  if (travel.arrivalBy !== "" && travel.arrivalBy !== "not_booked") {
    if (travel.arrivalBy !== "other") require("arrivalNumber", travel.arrivalNumber);
    require("arrivalOn", travel.arrivalOn);
    require("arrivalTime", travel.arrivalTime);
  }
  if (travel.departureBy !== "" && travel.departureBy !== "not_booked") {
    if (travel.departureBy !== "other") require("departureNumber", travel.departureNumber);
    require("departureOn", travel.departureOn);
    require("departureTime", travel.departureTime);
  }
  const arrival = instantOrNull(travel.arrivalOn, travel.arrivalTime, facts.timeZone);
  const departure = instantOrNull(travel.departureOn, travel.departureTime, facts.timeZone);
  if (arrival !== null && departure !== null && departure <= arrival)
    add(errors, "departureOn", "register.error.departureBeforeArrival");

  if (!visits.visitIds.every((visitId) => facts.visitIds.includes(visitId)))
    add(errors, "visitIds", "register.error.noSuchVisit");

  if (consents.consent_notice !== "on") add(errors, "consent_notice", "register.error.notice");
  // Where it is given, not where the visit is chosen: step by step, the consents are yet to come there.
  if (visits.visitIds.length > 0 && consents.consent_identity_documents !== "on")
    add(errors, "consent_identity_documents", "register.error.visitNeedsConsent");
  if (tellsOfNeeds(answers) && consents.consent_sensitive_data !== "on")
    add(errors, "consent_sensitive_data", "register.error.sensitive");
  return onlyAsked(errors, facts.asked);
}

/** What is wrong with standard questions that this edition does not ask is wrong with nothing. */
function onlyAsked(errors: FieldErrors, asked: AskedForm): FieldErrors {
  const left = new Set(asked.sections.flatMap((section) => section.left));
  return left.size === 0
    ? errors
    : Object.fromEntries(Object.entries(errors).filter(([field]) => !left.has(field)));
}
