import { z } from "zod";
import type { MessageKey } from "../../i18n/translate.ts";
import { refusedCharacters } from "../person/rules.ts";
import { DOCUMENT_TYPES, GENDERS, REVEAL_REASONS, type TravelDocument } from "./rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

function line(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => refusedCharacters(text).length === 0, key("error.characters"))
    .default("");
}
const isDay = z.iso.date();
const day = z
  .string()
  .refine((text) => text === "" || isDay.safeParse(text).success, key("error.date"))
  .default("");

const facts = {
  state: z.literal("known"),
  familyName: line(100),
  givenNames: line(100),
  gender: z.enum(GENDERS).or(z.literal("")).default(""),
  birthDate: day,
  birthPlace: line(100),
  nationalityEn: line(60),
  nationalityZh: line(60),
  nationality: z
    .string()
    .regex(/^(?:[A-Z]{2})?$/, key("error.invalid"))
    .default(""),
  number: line(24).refine((text) => /^[A-Za-z0-9]*$/.test(text), key("passport.error.number")),
  type: z.enum(DOCUMENT_TYPES).or(z.literal("")).default(""),
  issuedOn: day,
  expiresOn: day,
  issuedAt: line(100),
  mrz: line(100),
  applyAtEn: line(100),
  applyAtZh: line(100),
  companions: line(300),
};

/** A passport as typed: nothing is re-cased, and nothing but a name and a number is asked for at once. */
const known = z.object(facts).refine((form) => form.familyName !== "" || form.givenNames !== "", {
  message: key("passport.error.name"),
  path: ["familyName"],
});

const pending = z.object({
  state: z.literal("pending"),
  expectedOn: z.iso.date(key("error.date")),
});

/** What the desk's form sends. */
export const travelDocumentForm = z.discriminatedUnion("state", [known, pending], {
  error: key("error.choose"),
});

/** What is stored under the seal: the person may be half-way through the edition's form. */
const stored = z.discriminatedUnion("state", [
  z.object(facts),
  z.object({ state: z.literal("pending"), expectedOn: day }),
]);

/** @throws when what was stored is none: its fields are written by these very schemas. */
export function readTravelDocument(text: string): TravelDocument {
  return stored.parse(JSON.parse(text));
}

/** Why it is to be shown whole, and the password that proves who asks. */
export const revealForm = z.object({
  reason: z.enum(REVEAL_REASONS, { error: key("error.choose") }),
  password: z.string().max(1_000),
});
