import { z } from "zod";
import { AGENDA_KINDS, ATTRIBUTIONS, AUDIENCES, INTERPRETATIONS, SESSION_FUNCTIONS } from "#db/vocabulary.ts";
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

/**
 * An item of the draft as staff type it: day and times by the wall clock of the edition's zone. The fields of a visit
 * count only while the kind is a site visit.
 */
export const agendaItemForm = z
  .object({
    kind: z.enum(AGENDA_KINDS),
    day,
    start: time,
    end: time,
    titleEn: line(),
    titleZh: line(),
    placeEn: optionalLine,
    placeZh: optionalLine,
    audience: z.enum(AUDIENCES),
    delegationIds: z.array(z.string()).default([]),
    attribution: z.enum(ATTRIBUTIONS).nullable().default(null),
    interpretation: z.enum(INTERPRETATIONS).nullable().default(null),
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
  })
  .superRefine((item, check) => {
    const wrong = (name: string, message: MessageKey) =>
      check.addIssue({ code: "custom", path: [name], message });
    if (item.end <= item.start) wrong("end", "agenda.error.endsBeforeItStarts");
    if (item.audience === "delegations" && item.delegationIds.length === 0)
      wrong("delegationIds", "agenda.error.noDelegation");
    const isVisit = item.kind === "site_visit";
    if (item.audience === "visit" && !isVisit) wrong("audience", "agenda.error.noVisit");
    if (!isVisit) return;
    if (item.hostEn === "" && item.hostZh === "") wrong("hostEn", "error.required");
    if (item.capacity === null) wrong("capacity", "error.required");
    if (item.meetTime !== null && item.meetTime > item.start) wrong("meetTime", "agenda.error.meetsTooLate");
    if (item.deadlineDay !== null && item.deadlineTime === null) wrong("deadlineTime", "error.required");
    if (item.deadlineDay === null && item.deadlineTime !== null) wrong("deadlineDay", "error.required");
  });

export type AgendaItemInput = z.output<typeof agendaItemForm>;

/** Who does what in an item. */
export const functionForm = z.object({
  invitationId: z.string(),
  function: z.enum(SESSION_FUNCTIONS),
});
