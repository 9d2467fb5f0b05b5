import { z } from "zod";
import { DIRECTIONS, LEG_MEANS, MEANS, TRAVEL_CHECKS } from "#db/vocabulary.ts";
import { clockTime24, isTimeZone } from "../../i18n/dates.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { LONGEST_LINE, refusedCharacters } from "../person/rules.ts";
import { instantOrNull } from "../registration/rules.ts";
import { type Leg, legEnd, MOST_LEGS } from "./rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

const line = z
  .string()
  .trim()
  .max(LONGEST_LINE, key("error.tooLong"))
  .refine((text) => refusedCharacters(text).length === 0, key("error.characters"))
  .default("");
const day = line.refine(
  (text) => text === "" || instantOrNull(text, "12:00", "UTC") !== null,
  key("error.date"),
);
const time = line.refine(
  (text) => text === "" || instantOrNull("2018-12-03", text, "UTC") !== null,
  key("error.time"),
);
const zone = z.string().refine(isTimeZone, key("error.choose"));

const legFields = z.object({
  /** Blank: there is no such leg. */
  means: z.enum(LEG_MEANS).nullish().default(null),
  number: line,
  fromPlace: line,
  departsOn: day,
  departsTime: time,
  departsZone: zone,
  toPlace: line,
  arrivesOn: day,
  arrivesTime: time,
  arrivesZone: zone,
});

/** A time without its day, or a day without its time, would be no time at all: nobody would be fetched. */
const leg = legFields.superRefine((row, ctx) => {
  if (row.means === null || row.means === "not_booked") return;
  for (const end of ["departs", "arrives"] as const) {
    const [on, at] = [row[`${end}On`], row[`${end}Time`]];
    if (on === "" && at !== "")
      ctx.addIssue({ code: "custom", path: [`${end}On`], message: key("journey.error.day") });
    if (on !== "" && at === "")
      ctx.addIssue({ code: "custom", path: [`${end}Time`], message: key("journey.error.time") });
    // In the night in which clocks go forward an hour is missing: no ticket has it.
    const instant = instantOrNull(on, at, row[`${end}Zone`]);
    if (instant !== null && clockTime24(instant, row[`${end}Zone`]) !== at)
      ctx.addIssue({ code: "custom", path: [`${end}Time`], message: key("error.time") });
  }
});

/** What staff know better. */
export const correctionForm = z.object({
  direction: z.enum(DIRECTIONS),
  /** The revision that was shown; 0 where nothing was written yet. */
  revision: z.number().int().min(0),
  /** Stands for the answer that was shown. */
  answerSeen: z.string().optional(),
  means: z.enum(MEANS, key("error.choose")),
  note: z.string().trim().max(500, key("error.tooLong")).default(""),
  legs: z.array(leg).max(MOST_LEGS).default([]),
});
export type CorrectionForm = z.output<typeof correctionForm>;

/** The legs of a form, without its blank ones. */
export function legsOfForm({ legs }: Pick<CorrectionForm, "legs">): Array<Leg> {
  return legs.flatMap(
    (row): Array<Leg> =>
      row.means === null
        ? []
        : [
            {
              means: row.means,
              number: row.number,
              from: legEnd({
                place: row.fromPlace,
                on: row.departsOn,
                time: row.departsTime,
                zone: row.departsZone,
              }),
              to: legEnd({
                place: row.toPlace,
                on: row.arrivesOn,
                time: row.arrivesTime,
                zone: row.arrivesZone,
              }),
            },
          ],
  );
}

export const directionForm = z.object({
  direction: z.enum(DIRECTIONS),
  /** Stands for the answer that was shown. */
  answerSeen: z.string().default(""),
  /** The revision of what staff wrote that was shown. */
  revision: z.number().int().optional(),
});

/** Who settles a check, or why it may stay. */
export const checkForm = z.object({
  invitationId: z.string(),
  kind: z.enum(TRAVEL_CHECKS),
  about: z.string().default(""),
});
export const ownerForm = checkForm.extend({ ownerId: z.string().default("") });
export const acceptForm = checkForm.extend({
  because: z
    .string({ error: key("error.required") })
    .trim()
    .min(1, key("error.required"))
    .max(300, key("error.tooLong")),
});
