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
const day = z.iso.date(key("error.date")).default("");

/** A passport as typed: nothing is re-cased, and nothing but a name and a number is asked for at once. */
const known = z
  .object({
    state: z.literal("known"),
    familyName: line(100),
    givenNames: line(100),
    gender: z.enum(GENDERS).or(z.literal("")).default(""),
    birthDate: day,
    birthPlace: line(100),
    nationalityEn: line(60),
    nationalityZh: line(60),
    number: line(24).refine((text) => /^[A-Za-z0-9]*$/.test(text), key("passport.error.number")),
    type: z.enum(DOCUMENT_TYPES).or(z.literal("")).default(""),
    expiresOn: day,
    applyAtEn: line(100),
    applyAtZh: line(100),
    companions: line(300),
  })
  .refine((form) => form.familyName !== "" || form.givenNames !== "", {
    message: key("passport.error.name"),
    path: ["familyName"],
  });

const pending = z.object({
  state: z.literal("pending"),
  expectedOn: z.iso.date(key("error.date")),
});

/** What a form sends, and what is stored under the seal. */
export const travelDocumentForm = z.discriminatedUnion("state", [known, pending], {
  error: key("error.choose"),
});

/** @throws when what was stored is none: it is written by this very schema. */
export function readTravelDocument(text: string): TravelDocument {
  return travelDocumentForm.parse(JSON.parse(text));
}

/** Why it is to be shown whole, and the password that proves who asks. */
export const revealForm = z.object({
  reason: z.enum(REVEAL_REASONS, { error: key("error.choose") }),
  password: z.string().max(1_000),
});
