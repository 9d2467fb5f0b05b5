import { z } from "zod";
import { COUNTS, DIRECTIONS, TRIP_KINDS, TRIP_ROLES } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { LONGEST_LINE, refusedCharacters } from "../person/rules.ts";
import { instantOrNull, isPhone } from "../registration/rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

const line = z
  .string()
  .trim()
  .max(LONGEST_LINE, key("error.tooLong"))
  .refine((text) => refusedCharacters(text).length === 0, key("error.characters"));
const given = z.string({ error: key("error.required") }).pipe(line.min(1, key("error.required")));
const maybe = line.default("");
const phone = line.refine((text) => text === "" || isPhone(text), key("register.error.phone")).default("");
const day = line.refine((text) => instantOrNull(text, "12:00", "UTC") !== null, key("error.date"));
const time = line.refine((text) => instantOrNull("2018-12-03", text, "UTC") !== null, key("error.time"));
const number = (least: number, most: number) =>
  z
    .number({ error: key("error.number") })
    .int(key("error.number"))
    .min(least, key("error.number"))
    .max(most, key("error.number"));

export const vehicleForm = z.object({
  name: given,
  plate: maybe,
  seats: number(1, 99),
  driver: maybe,
  driverPhone: phone,
  position: number(0, 999).default(0),
  revision: number(0, 1_000_000).default(0),
});
export type VehicleForm = z.output<typeof vehicleForm>;

/** Vehicles for an item of the programme: one trip for each that was ticked. */
export const fillForm = z.object({
  itemId: z.string({ error: key("error.choose") }),
  vehicleIds: z.array(z.string()).min(1, key("error.choose")).default([]),
  minutesBefore: number(0, 600),
  minutesAfter: number(0, 600).default(0),
  fromPlace: given,
  toPlace: given,
});
export type FillForm = z.output<typeof fillForm>;

export const tripForm = z.object({
  kind: z.enum(TRIP_KINDS, key("error.choose")),
  vehicleId: z.string().default(""),
  day,
  time,
  returnDay: day.nullish().default(null),
  returnTime: time.nullish().default(null),
  fromPlace: given,
  toPlace: given,
  sign: z.string().trim().max(500, key("error.tooLong")).default(""),
  captain: maybe,
  captainPhone: phone,
  revision: number(0, 1_000_000).default(0),
});
export type TripForm = z.output<typeof tripForm>;

/** What may be changed of a trip that goes by the programme. */
export const itemTripForm = tripForm
  .omit({ kind: true, day: true, time: true, returnDay: true, returnTime: true })
  .extend({ minutesBefore: number(0, 600), minutesAfter: number(0, 600).default(0) });
export type ItemTripForm = z.output<typeof itemTripForm>;

export const seatForm = z.object({ invitationId: z.string({ error: key("error.choose") }) });
export const passengerForm = z.object({ passengerId: z.string() });
export const roleForm = passengerForm.extend({ role: z.enum(TRIP_ROLES).nullish().default(null) });
/** A tap: this passenger is there, or is not. */
export const countForm = passengerForm.extend({ count: z.enum(COUNTS), there: z.enum(["yes", "no"]) });

/** Cars from, or to, the airport as they were proposed and looked at. */
export const pickUpForm = z.object({
  direction: z.enum(DIRECTIONS),
  groups: z
    .array(
      z.object({
        take: z.literal("on").nullish().default(null),
        people: z.string().default(""),
        vehicleId: z.string().default(""),
        day,
        time,
        fromPlace: given,
        toPlace: given,
        sign: z.string().trim().max(500, key("error.tooLong")).default(""),
      }),
    )
    .max(80)
    .default([]),
});
export type PickUpForm = z.output<typeof pickUpForm>;
