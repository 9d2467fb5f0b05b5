/**
 * Questions that are answered in several parts: a name in two scripts, a passport, a leg of a journey. Every part is an
 * answer of its own, named `question.part`, so that one form, one seal and one list of what is missing serve all of them.
 */
import type { FieldType } from "#db/vocabulary.ts";
import { clockTime24, isTimeZone } from "../../i18n/dates.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { DOCUMENT_TYPES, expiryWarning, GENDERS } from "../travel-document/rules.ts";
import type { RowQuestion } from "./definition.ts";
import { mrzProblem } from "./mrz.ts";
import { instantOrNull } from "./rules.ts";

export type PartKind = "line" | "day" | "time" | "zone" | "country" | "choice" | "tick" | "mrz" | "number";

export type Part = {
  key: string;
  kind: PartKind;
  /** Of `choice`. */
  values?: ReadonlyArray<string>;
  /** The language of what goes in. */
  lang?: "en" | "zh";
  longest?: number;
  /** The form may do without it. */
  leavable?: boolean;
  /** Whoever answers at all answers this, too. */
  needed?: boolean;
};

export const LEG_MEANS = ["flight", "train", "other"] as const;
export const ROOMS = ["single", "double", "twin"] as const;
export const PAYERS = ["host", "institution", "self"] as const;

const PARTS: Readonly<Partial<Record<FieldType, ReadonlyArray<Part>>>> = {
  date_time: [
    { key: "on", kind: "day", needed: true },
    { key: "at", kind: "time", needed: true },
    { key: "zone", kind: "zone", needed: true },
  ],
  person_name: [
    { key: "familyLatin", kind: "line", lang: "en" },
    { key: "givenLatin", kind: "line", lang: "en" },
    { key: "nameLatin", kind: "line", lang: "en", needed: true },
    { key: "familyNative", kind: "line", lang: "zh", leavable: true },
    { key: "givenNative", kind: "line", lang: "zh", leavable: true },
    { key: "nameNative", kind: "line", lang: "zh", leavable: true },
  ],
  institution: [
    { key: "en", kind: "line", lang: "en" },
    { key: "zh", kind: "line", lang: "zh" },
    { key: "departmentEn", kind: "line", lang: "en", leavable: true },
    { key: "departmentZh", kind: "line", lang: "zh", leavable: true },
  ],
  passport: [
    { key: "familyName", kind: "line", longest: 100 },
    { key: "givenNames", kind: "line", longest: 100 },
    { key: "number", kind: "number", longest: 24, needed: true },
    { key: "nationality", kind: "country", needed: true },
    { key: "type", kind: "choice", values: DOCUMENT_TYPES, needed: true, leavable: true },
    { key: "issuedOn", kind: "day", needed: true, leavable: true },
    { key: "expiresOn", kind: "day", needed: true },
    { key: "issuedAt", kind: "line", longest: 100, needed: true, leavable: true },
    { key: "gender", kind: "choice", values: GENDERS, needed: true, leavable: true },
    { key: "birthDate", kind: "day", needed: true, leavable: true },
    { key: "birthPlace", kind: "line", longest: 100, needed: true, leavable: true },
    { key: "mrz", kind: "mrz", longest: 100, leavable: true },
  ],
  leg: [
    { key: "by", kind: "choice", values: LEG_MEANS, needed: true },
    { key: "number", kind: "line", longest: 40 },
    { key: "from", kind: "line", needed: true },
    { key: "departsOn", kind: "day", needed: true },
    { key: "departsAt", kind: "time", needed: true },
    { key: "departsZone", kind: "zone", needed: true },
    { key: "to", kind: "line", needed: true },
    { key: "arrivesOn", kind: "day", needed: true },
    { key: "arrivesAt", kind: "time", needed: true },
    { key: "arrivesZone", kind: "zone", needed: true },
  ],
  hotel_nights: [
    { key: "checkIn", kind: "day", needed: true },
    { key: "checkOut", kind: "day", needed: true },
    { key: "room", kind: "choice", values: ROOMS, leavable: true },
    { key: "sharesWith", kind: "line", leavable: true },
    { key: "paidBy", kind: "choice", values: PAYERS, leavable: true },
  ],
  signature: [
    { key: "agreed", kind: "tick", needed: true },
    { key: "name", kind: "line", needed: true },
  ],
};

/** All parts of a kind of question; empty: it is answered in one. */
export function allParts(type: FieldType): ReadonlyArray<Part> {
  return PARTS[type] ?? [];
}

/** The parts that a question asks. */
export function partsOf({ type, left }: Pick<RowQuestion, "type" | "left">): ReadonlyArray<Part> {
  const parts = allParts(type);
  return left.length === 0
    ? parts
    : parts.filter((part) => !(part.leavable === true && left.includes(part.key)));
}

export function findPart(question: Pick<RowQuestion, "type" | "left">, key: string): Part | null {
  return partsOf(question).find((part) => part.key === key) ?? null;
}

/** Parts that say "not there yet". */
export const PENDING = "pending";
/** When a passport that is not there yet is expected. */
export const EXPECTED = "expectedOn";

/** The names of the parts that say "not there yet" of a question. */
export function pendingParts(question: Pick<RowQuestion, "type" | "pending">): ReadonlyArray<string> {
  if (!question.pending) return [];
  return question.type === "passport" ? [PENDING, EXPECTED] : [PENDING];
}

/** The answers to a question's parts, by part. */
export type PartAnswers = Readonly<Record<string, string>>;

/** Which parts are missing from an answer that has been begun. */
export function missingParts(question: RowQuestion, given: PartAnswers): Array<[string, MessageKey]> {
  const missing: Array<[string, MessageKey]> = [];
  const has = (key: string) => (given[key] ?? "") !== "";
  const asks = (key: string) => findPart(question, key) !== null;
  for (const part of partsOf(question))
    if (part.needed === true && !has(part.key))
      missing.push([part.key, part.kind === "tick" ? "own.error.consent" : "error.required"]);
  switch (question.type) {
    case "person_name":
      if (!has("familyLatin") && !has("givenLatin")) missing.push(["familyLatin", "register.error.namePart"]);
      if (asks("nameNative") && (has("familyNative") || has("givenNative")) && !has("nameNative"))
        missing.push(["nameNative", "error.required"]);
      break;
    case "institution":
      if (!has("en") && !has("zh")) missing.push(["en", "register.error.either"]);
      break;
    case "passport":
      if (!has("familyName") && !has("givenNames")) missing.push(["familyName", "passport.error.name"]);
      break;
    case "leg":
      if (!has("number") && given.by !== "other" && has("by")) missing.push(["number", "error.required"]);
      break;
    default:
  }
  return missing;
}

/** What does not fit together in an answer whose parts are each well-formed. */
export function partsProblems(
  question: RowQuestion,
  given: PartAnswers,
  { travelTo }: { travelTo: string | null },
): Array<[string, MessageKey]> {
  const text = (key: string) => given[key] ?? "";
  switch (question.type) {
    case "passport":
      return passportProblems(given, travelTo);
    case "date_time":
      return text("on") !== "" &&
        text("at") !== "" &&
        isTimeZone(text("zone")) &&
        !isShown(text("zone"), text("on"), text("at"))
        ? [["at", "own.error.noSuchTime"]]
        : [];
    case "leg": {
      const left = instantOrNull(text("departsOn"), text("departsAt"), text("departsZone"));
      const there = instantOrNull(text("arrivesOn"), text("arrivesAt"), text("arrivesZone"));
      // Each end is told in its own zone, so a flight may land "before" it left.
      return left !== null && there !== null && there <= left
        ? [["arrivesOn", "own.error.arrivesFirst"]]
        : [];
    }
    case "hotel_nights":
      return text("checkIn") !== "" && text("checkOut") !== "" && text("checkOut") <= text("checkIn")
        ? [["checkOut", "own.error.noNight"]]
        : [];
    default:
      return [];
  }
}

/** Whether clocks in the zone show this time on that day: in spring they jump over some. */
function isShown(zone: string, on: string, at: string): boolean {
  const instant = instantOrNull(on, at, zone);
  return instant !== null && clockTime24(instant, zone) === at;
}

function passportProblems(given: PartAnswers, travelTo: string | null): Array<[string, MessageKey]> {
  const problems: Array<[string, MessageKey]> = [];
  const { issuedOn = "", expiresOn = "", birthDate = "", mrz = "" } = given;
  if (expiresOn !== "" && travelTo !== null) {
    const warning = expiryWarning(expiresOn, travelTo);
    if (warning !== null)
      problems.push(["expiresOn", warning === "expired" ? "own.error.expired" : "own.error.expiresSoon"]);
  }
  if (issuedOn !== "" && expiresOn !== "" && issuedOn >= expiresOn)
    problems.push(["issuedOn", "own.error.issuedLater"]);
  if (birthDate !== "" && issuedOn !== "" && birthDate > issuedOn)
    problems.push(["birthDate", "own.error.bornLater"]);
  if (mrz !== "") {
    const problem = mrzProblem(mrz, { number: given.number ?? "", birthDate, expiresOn });
    if (problem !== null) problems.push(["mrz", problem]);
  }
  return problems;
}
