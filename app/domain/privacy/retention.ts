/**
 * How long an edition's data is kept (DOMAIN §4.4), by class, and for mails and records apart. What always holds:
 *
 * - each side says how long its own people's data is kept, and purges that alone;
 * - nothing falls due while people are still travelling;
 * - records of what was done are never kept for less than three years: a lead must not be able to shorten the trail;
 * - names, posts and what else is class C1 stay with the contact book.
 */
import { Temporal } from "temporal-polyfill";
import type { RetentionKind } from "#db/vocabulary.ts";

/** Counted from the day on which the last have gone home. */
const USUAL: Readonly<Record<RetentionKind, Temporal.DurationLike>> = {
  C5: { days: 30 },
  C4: { days: 30 },
  C3: { days: 30 },
  C2: { days: 90 },
  mail: { days: 90 },
  records: { years: 3 },
};

/** In the order in which they usually fall due. */
export const KINDS_IN_ORDER = [
  "C5",
  "C4",
  "C3",
  "C2",
  "mail",
  "records",
] as const satisfies ReadonlyArray<RetentionKind>;

/** Where something of a kind is kept, as the preview and the report name it. */
export const PURGE_PLACES = [
  "passports",
  "sealedAnswers",
  "letters",
  "hostAnswers",
  "clearanceLists",
  "answers",
  "uploads",
  "changeRequests",
  "dataRequests",
  "redo",
  "notes",
  "listedAnswers",
  "seatReasons",
  "workingNotes",
  "journeys",
  "kitchenWords",
  "arrangements",
  "seatsAtTables",
  "headsets",
  "outsideInterpreters",
  "seatsInVehicles",
  "nights",
  "roomingLists",
  "drivers",
  "cards",
  "institutions",
  "devices",
  "planning",
  "rosterSteps",
  "printedCards",
  "deliveries",
  "keptMails",
  "messages",
  "ownCopies",
  "stoppedAddresses",
  "consents",
  "trail",
] as const;
export type PurgePlace = (typeof PURGE_PLACES)[number];

/** What is there of a kind in one place: of how many people, and how many things. */
export type PurgeLine = { kind: RetentionKind; place: PurgePlace; people: number; items: number };

/** The day from which on a kind is purged unless a lead said otherwise. `travelTo`: the last day of travel. */
export function usualDay(kind: RetentionKind, travelTo: string): string {
  return Temporal.PlainDate.from(travelTo).add(USUAL[kind]).toString();
}

/** The first day on which a kind may fall due. */
export function earliestDay(kind: RetentionKind, travelTo: string): string {
  return kind === "records"
    ? usualDay(kind, travelTo)
    : Temporal.PlainDate.from(travelTo).add({ days: 1 }).toString();
}

/** Ten years: longer is no date but a mistyped one. */
export function latestDay(travelTo: string): string {
  return Temporal.PlainDate.from(travelTo).add({ years: 10 }).toString();
}

/** The name of a kind's field in the form. */
export function dueField(kind: RetentionKind): string {
  return `due_${kind}`;
}
