import { z } from "zod";
import {
  AGENDA_KINDS,
  ATTRIBUTIONS,
  AUDIENCES,
  INTERPRETATIONS,
  LANGUAGE_PAIRS,
  SESSION_FUNCTIONS,
} from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { seatNumber, seatsByDelegation } from "../visit/form.ts";

function line(longest = 200) {
  return z
    .string()
    .trim()
    .max(longest, "error.tooLong" satisfies MessageKey)
    .regex(/^\P{Cc}*$/u, "error.characters" satisfies MessageKey);
}

const optionalLine = line().default("");
const day = z.iso.date("error.date" satisfies MessageKey);
const time = z.iso.time({ precision: -1, error: "error.time" satisfies MessageKey });

const fields = z.object({
  kind: z.enum(AGENDA_KINDS),
  day,
  start: time,
  end: time,
  titleEn: line(),
  titleZh: line(),
  placeEn: optionalLine,
  placeZh: optionalLine,
  /** One of the edition's places; then what was typed as a place does not count. */
  venueId: z.string().nullable().default(null),
  fromVenueId: z.string().nullable().default(null),
  audience: z.enum(AUDIENCES),
  delegationIds: z.array(z.string()).default([]),
  attribution: z.enum(ATTRIBUTIONS).nullable().default(null),
  interpretation: z.enum(INTERPRETATIONS).nullable().default(null),
  languagePair: z.enum(LANGUAGE_PAIRS).nullable().default(null),
  internalNote: z
    .string()
    .max(4000, "error.tooLong" satisfies MessageKey)
    .default(""),
  hostEn: optionalLine,
  hostZh: optionalLine,
  capacity: seatNumber.nullable().default(null),
  /** Seats by delegation id, as typed; empty: limited by the total alone. */
  seats: seatsByDelegation(),
  meetTime: time.nullable().default(null),
  meetingPointEn: optionalLine,
  meetingPointZh: optionalLine,
  dressEn: optionalLine,
  dressZh: optionalLine,
  bringEn: optionalLine,
  bringZh: optionalLine,
  deadlineDay: day.nullable().default(null),
  deadlineTime: time.nullable().default(null),
});

type Rule = {
  field: keyof z.output<typeof fields>;
  message: MessageKey;
  broken(item: z.output<typeof fields>): boolean;
};

/** What must hold between fields. A field that is wrong by itself is missing here, so nothing is complained of twice. */
const rules: ReadonlyArray<Rule> = [
  { field: "end", message: "agenda.error.endsBeforeItStarts", broken: ({ start, end }) => end <= start },
  {
    field: "delegationIds",
    message: "agenda.error.noDelegation",
    broken: ({ audience, delegationIds }) => audience === "delegations" && delegationIds.length === 0,
  },
  {
    field: "audience",
    message: "agenda.error.noVisit",
    broken: ({ audience, kind }) => audience === "visit" && kind !== "site_visit",
  },
  {
    field: "hostEn",
    message: "error.required",
    broken: ({ kind, hostEn, hostZh }) => kind === "site_visit" && hostEn === "" && hostZh === "",
  },
  {
    field: "capacity",
    message: "error.required",
    broken: ({ kind, capacity }) => kind === "site_visit" && capacity === null,
  },
  {
    field: "meetTime",
    message: "agenda.error.meetsTooLate",
    broken: ({ kind, meetTime, start }) => kind === "site_visit" && meetTime !== null && meetTime > start,
  },
  {
    field: "deadlineTime",
    message: "error.required",
    broken: ({ deadlineDay, deadlineTime }) => deadlineDay !== null && deadlineTime === null,
  },
  {
    field: "deadlineDay",
    message: "error.required",
    broken: ({ deadlineDay, deadlineTime }) => deadlineDay === null && deadlineTime !== null,
  },
];

/**
 * An item of the draft as staff type it: day and times by the wall clock of the edition's zone. The fields of a visit
 * count only while the kind is a site visit. Everything that is wrong is told at once.
 */
export const agendaItemForm = rules.reduce(
  (schema, { field, message, broken }) =>
    schema.refine((item) => !broken(item), { path: [field], error: message, when: () => true }),
  fields,
);

export type AgendaItemInput = z.output<typeof agendaItemForm>;

/** Who does what in an item. */
export const functionForm = z.object({
  invitationId: z.string(),
  function: z.enum(SESSION_FUNCTIONS),
});
