/**
 * A release: these people's columns, to this recipient, for this purpose, until this instant (DESIGN §4, DOMAIN §4.3).
 * It is the only way by which data of one side's people reaches anybody else. What always holds:
 *
 * - it names columns and people one by one; what is not named does not cross, not even as a number;
 * - what crosses is what stands there now: corrections follow, withdrawn and replaced people drop out;
 * - it works until an instant and never after, and can be revoked before; it is never changed otherwise;
 * - a cell crosses only with the consents that its class asks for, and for as long as they stand.
 */
import type { ConsentKind, DataClass } from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";

/** What may be released, in the order in which it stands in a list. Passports (C5) are not offered, notes and ranks (C6) never. */
export const RELEASE_COLUMNS = [
  { name: "nameLatin", group: "name", dataClass: "C1" },
  { name: "nameNative", group: "name", dataClass: "C1" },
  { name: "familyLatin", group: "name", dataClass: "C1" },
  { name: "givenLatin", group: "name", dataClass: "C1" },
  { name: "honorificEn", group: "post", dataClass: "C1" },
  { name: "honorificZh", group: "post", dataClass: "C1" },
  { name: "institutionEn", group: "post", dataClass: "C1" },
  { name: "institutionZh", group: "post", dataClass: "C1" },
  { name: "positionEn", group: "post", dataClass: "C1" },
  { name: "positionZh", group: "post", dataClass: "C1" },
  { name: "personalCapacity", group: "post", dataClass: "C1" },
  { name: "delegationEn", group: "place", dataClass: "C1" },
  { name: "delegationZh", group: "place", dataClass: "C1" },
  { name: "category", group: "place", dataClass: "C1" },
  { name: "workingLanguages", group: "languages", dataClass: "C1" },
  { name: "otherLanguages", group: "languages", dataClass: "C1" },
  { name: "needsInterpretation", group: "languages", dataClass: "C1" },
  { name: "email", group: "contact", dataClass: "C2" },
  { name: "phone", group: "contact", dataClass: "C2" },
  { name: "secondEmail", group: "contact", dataClass: "C2" },
  { name: "assistantName", group: "contact", dataClass: "C2" },
  { name: "assistantEmail", group: "contact", dataClass: "C2" },
  { name: "arrivalBy", group: "travel", dataClass: "C3" },
  { name: "arrivalNumber", group: "travel", dataClass: "C3" },
  { name: "arrivalFrom", group: "travel", dataClass: "C3" },
  { name: "arrivalOn", group: "travel", dataClass: "C3" },
  { name: "arrivalTime", group: "travel", dataClass: "C3" },
  { name: "arrivalAt", group: "travel", dataClass: "C3" },
  { name: "departureBy", group: "travel", dataClass: "C3" },
  { name: "departureNumber", group: "travel", dataClass: "C3" },
  { name: "departureTo", group: "travel", dataClass: "C3" },
  { name: "departureOn", group: "travel", dataClass: "C3" },
  { name: "departureTime", group: "travel", dataClass: "C3" },
  { name: "departureFrom", group: "travel", dataClass: "C3" },
  { name: "bookedBy", group: "travel", dataClass: "C3" },
  { name: "diets", group: "needs", dataClass: "C4" },
  { name: "dietText", group: "needs", dataClass: "C4" },
  { name: "allergies", group: "needs", dataClass: "C4" },
  { name: "allergySeverity", group: "needs", dataClass: "C4" },
  { name: "accessNeeds", group: "needs", dataClass: "C4" },
  { name: "accessText", group: "needs", dataClass: "C4" },
  { name: "emergencyName", group: "emergency", dataClass: "C4" },
  { name: "emergencyRelation", group: "emergency", dataClass: "C4" },
  { name: "emergencyPhone", group: "emergency", dataClass: "C4" },
] as const satisfies ReadonlyArray<{ name: string; group: string; dataClass: DataClass }>;

export type ReleaseColumn = (typeof RELEASE_COLUMNS)[number]["name"];
export type ReleaseGroup = (typeof RELEASE_COLUMNS)[number]["group"];

/** The columns of that name, each once, in the order of lists; what is none is left out. */
export function releaseColumns(names: Iterable<string>): Array<ReleaseColumn> {
  const wanted = new Set(names);
  return RELEASE_COLUMNS.map((column) => column.name).filter((name) => wanted.has(name));
}

export function columnOf(name: ReleaseColumn): (typeof RELEASE_COLUMNS)[number] {
  const found = RELEASE_COLUMNS.find((column) => column.name === name);
  if (found === undefined) throw new Error("No such column");
  return found;
}

/**
 * Which consents must stand for a cell to leave its side, by the words that people agreed to (DOMAIN §4.2): one names
 * diet, health and access; the other is about contact and travel going to the other co-host, who is abroad. Names and
 * posts need none.
 *
 * @param toCoHost whether it goes to another co-host, as against a hotel or a carrier.
 */
export function consentsFor(dataClass: DataClass, { toCoHost }: { toCoHost: boolean }): Array<ConsentKind> {
  const abroad: Array<ConsentKind> = toCoHost ? ["transfer_abroad"] : [];
  switch (dataClass) {
    case "C0":
    case "C1":
      return [];
    case "C2":
    case "C3":
      return abroad;
    default:
      return ["sensitive_data", ...abroad];
  }
}

/**
 * One value, or several of a list; or why there is none: a consent is missing, or its owner has not registered yet.
 * Both are said in words, because whoever reads a blank allergy reads “none”.
 */
export type ReleaseCell = string | ReadonlyArray<string> | { lacks: "consent" | "answer" };

/** What crosses, cell for cell. */
export type ReleaseTable = {
  columns: ReadonlyArray<ReleaseColumn>;
  rows: ReadonlyArray<ReadonlyArray<ReleaseCell>>;
};

export type ReleaseState = "open" | "expired" | "revoked";

/** It works up to its last millisecond and not in the next. */
export function releaseState(
  { expiresAt, revokedAt }: { expiresAt: number; revokedAt: number | null },
  now: number,
): ReleaseState {
  return revokedAt !== null ? "revoked" : now < expiresAt ? "open" : "expired";
}

/** Thirty days: what was released for a meeting is of no use after it, and is purged then on its own side, too. */
const LONGEST_AFTER = 30 * 86_400_000;

/** The last day until which a release may run. */
export function lastReleaseDay({ travelTo }: { travelTo: string }): string {
  return new Date(Date.parse(`${travelTo}T00:00:00Z`) + LONGEST_AFTER).toISOString().slice(0, 10);
}

/** Whether a release may end on that day: not before today, not long after everybody has gone home. */
export function mayEndOn(day: string, today: string, meeting: { travelTo: string }): boolean {
  return day >= today && day <= lastReleaseDay(meeting);
}

/** The instant at which a release ends that is to run to the end of a day. */
export function endOfDay(day: string, timeZone: string): number {
  return instantOf(day, "23:59", timeZone);
}
