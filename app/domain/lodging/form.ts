import { z } from "zod";
import { LODGINGS, PAYERS, ROOMING_COLUMNS, SHARING_ANSWERS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { LONGEST_LINE, refusedCharacters } from "../person/rules.ts";
import { instantOrNull } from "../registration/rules.ts";
import type { ListColumn } from "./rules.ts";

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
const note = z.string().trim().max(500, key("error.tooLong")).default("");
const day = z
  .string({ error: key("error.required") })
  .pipe(line.refine((text) => instantOrNull(text, "12:00", "UTC") !== null, key("error.date")));
const tick = z.literal("on").nullish().default(null);
const revision = z.number().int().min(0).default(0);

/** The columns of a hotel's list: which, in which place, and what the hotel calls them. */
export const hotelForm = z.object({
  nameEn: given,
  nameZh: given,
  addressEn: maybe,
  addressZh: maybe,
  phone: maybe,
  deadlineDay: day.nullish().default(null),
  deadlineTime: line.default("18:00"),
  places: z.record(z.string(), line.regex(/^\d{0,2}$/, key("error.number"))).default({}),
  headings: z.record(z.string(), line).default({}),
  revision,
});
export type HotelForm = z.output<typeof hotelForm>;

/** The columns that have a place, in their order. */
export function columnsOfForm({
  places,
  headings,
}: Pick<HotelForm, "places" | "headings">): Array<ListColumn> {
  return ROOMING_COLUMNS.filter((name) => (places[name] ?? "") !== "")
    .toSorted((a, b) => Number(places[a]) - Number(places[b]))
    .map((name) => ({ name, heading: headings[name] ?? "" }));
}

/** A type of room and its block: so many rooms for each night. */
export const typeForm = z.object({
  typeId: z.string().default(""),
  /** Stands for what was shown of it. */
  seen: z.string().optional(),
  nameEn: given,
  nameZh: given,
  sleeps: z
    .number({ error: key("error.number") })
    .int(key("error.number"))
    .min(1, key("error.number"))
    .max(4, key("error.number")),
  rooms: z
    .record(
      z.string(),
      z
        .string()
        .trim()
        .regex(/^\d{0,4}$/, key("error.number")),
    )
    .default({}),
});
export type TypeForm = z.output<typeof typeForm>;

export const bookingForm = z.object({
  typeId: z.string({ error: key("error.choose") }),
  invitationId: z.string({ error: key("error.choose") }),
  otherId: z.string().default(""),
  checkIn: day,
  checkOut: day,
  payer: z.enum(PAYERS, key("error.choose")),
  smoking: tick,
  earlyCheckIn: tick,
  note,
});
export type BookingForm = z.output<typeof bookingForm>;

export const roomForm = z.object({
  number: maybe,
  smoking: tick,
  earlyCheckIn: tick,
  note,
  checkIn: day,
  checkOut: day,
  payers: z.record(z.string(), z.enum(PAYERS)).default({}),
  payer: z.enum(PAYERS, key("error.choose")),
  revision,
});
export type RoomForm = z.output<typeof roomForm>;

export const guestForm = z.object({ invitationId: z.string({ error: key("error.choose") }) });
export const sharingForm = guestForm.extend({ answer: z.enum(SHARING_ANSWERS) });

export const wishForm = z.object({
  lodging: z.enum(LODGINGS, key("error.choose")),
  address: z.string().trim().max(500, key("error.tooLong")).default(""),
  mayShare: tick,
  shareWithId: z.string().default(""),
  note,
  /** When what was shown was written; 0: nothing was. */
  seen: z.number().int().optional(),
});
export type WishForm = z.output<typeof wishForm>;

export const reportForm = z.object({ reportedOn: day });
