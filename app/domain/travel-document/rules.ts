/**
 * A travel document: what somebody's passport says, for one edition (class C5, DOMAIN §4.3). Typed exactly as it stands
 * there and derived from nothing. It is known, or "not yet issued" with the day on which it is expected: an answer too.
 * It is stored sealed for its invitation and shown masked; to see it whole one gives a reason, which is recorded.
 */

/** As passports name it. */
export const GENDERS = ["F", "M", "X"] as const;
export type Gender = (typeof GENDERS)[number];

export const DOCUMENT_TYPES = ["ordinary", "official", "service", "diplomatic"] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** Why somebody wants to see it whole. The audit trail keeps the reason and nothing of what was seen. */
export const REVEAL_REASONS = ["correction", "letter", "visa", "clearance", "hotel", "other"] as const;
export type RevealReason = (typeof REVEAL_REASONS)[number];

/** A passport that is there. Days are `YYYY-MM-DD`; texts may be empty where somebody does not know yet. */
export type KnownDocument = {
  state: "known";
  familyName: string;
  givenNames: string;
  gender: Gender | "";
  birthDate: string;
  birthPlace: string;
  nationalityEn: string;
  nationalityZh: string;
  /** The country by its two letters, where the form of the edition asked for it; letters have their words above. */
  nationality: string;
  number: string;
  type: DocumentType | "";
  issuedOn: string;
  expiresOn: string;
  issuedAt: string;
  /** The lines at the foot of the page, as typed. */
  mrz: string;
  /** Where they will ask for the visa. */
  applyAtEn: string;
  applyAtZh: string;
  /** Who travels on the same letter, as in their passports. */
  companions: string;
};

export type TravelDocument = KnownDocument | { state: "pending"; expectedOn: string };

/** What a screen may show of it without a reason. */
export type MaskedDocument =
  | { state: "none" }
  | { state: "pending"; expectedOn: string }
  | { state: "known"; number: string; given: ReadonlyArray<DocumentField>; expiry: ExpiryWarning | null };

export const DOCUMENT_FIELDS = [
  "familyName",
  "givenNames",
  "gender",
  "birthDate",
  "birthPlace",
  "nationalityEn",
  "nationalityZh",
  "nationality",
  "number",
  "type",
  "issuedOn",
  "expiresOn",
  "issuedAt",
  "mrz",
  "applyAtEn",
  "applyAtZh",
  "companions",
] as const satisfies ReadonlyArray<Exclude<keyof KnownDocument, "state">>;
export type DocumentField = (typeof DOCUMENT_FIELDS)[number];

/** A passport of which nothing is known yet. */
export const BLANK_DOCUMENT: KnownDocument = {
  state: "known",
  familyName: "",
  givenNames: "",
  gender: "",
  birthDate: "",
  birthPlace: "",
  nationalityEn: "",
  nationalityZh: "",
  nationality: "",
  number: "",
  type: "",
  issuedOn: "",
  expiresOn: "",
  issuedAt: "",
  mrz: "",
  applyAtEn: "",
  applyAtZh: "",
  companions: "",
};

/** The last three of a number, which is enough to tell two passports apart. Short ones show nothing. */
export function masked(number: string): string {
  const characters = [...number];
  return characters.length < 6 ? "•••" : `•••••${characters.slice(-3).join("")}`;
}

export function maskedDocument(document: TravelDocument | null, travelTo: string): MaskedDocument {
  if (document === null) return { state: "none" };
  if (document.state === "pending") return document;
  return {
    state: "known",
    number: document.number === "" ? "" : masked(document.number),
    given: DOCUMENT_FIELDS.filter((field) => document[field] !== ""),
    expiry: document.expiresOn === "" ? null : expiryWarning(document.expiresOn, travelTo),
  };
}

export type ExpiryWarning = "expired" | "tooShort";

/** Consulates and borders want six months after the journey (DOMAIN §1.5). */
export function expiryWarning(expiresOn: string, travelTo: string): ExpiryWarning | null {
  if (expiresOn < travelTo) return "expired";
  return expiresOn < monthsAfter(travelTo, 6) ? "tooShort" : null;
}

/** The same day of a later month, or that month's last day. */
function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}

/** Family name first, set off by a comma, so that nobody takes the one for the other. */
export function passportName({ familyName, givenNames }: KnownDocument): string {
  return [familyName, givenNames].filter((part) => part !== "").join(", ");
}
