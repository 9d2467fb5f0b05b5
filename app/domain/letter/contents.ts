import { z } from "zod";
import { LETTER_KINDS, LOCALES } from "#db/vocabulary.ts";

/** A letter as it was issued: all that is printed, so that it prints the same for as long as it is kept. */
export const letterContents = z.object({
  kind: z.enum(LETTER_KINDS),
  locale: z.enum(LOCALES),
  /** The side's name in the letter's language, and in the other one beneath. */
  inviter: z.string(),
  inviterOther: z.string(),
  address: z.string(),
  phone: z.string(),
  email: z.string(),
  signatory: z.string(),
  signatoryPost: z.string(),
  title: z.string(),
  body: z.string(),
  number: z.string(),
  version: z.number(),
  /** `YYYY-MM-DD` where the meeting is. */
  day: z.string(),
  issuedAt: z.number(),
  /** By which a reader has it confirmed. */
  code: z.string(),
  /** Characters for which the printed face has no shape. */
  unprintable: z.array(z.string()).readonly(),
});
export type LetterContents = z.output<typeof letterContents>;

/** @throws when what was stored is none. */
export function readContents(text: string): LetterContents {
  return letterContents.parse(JSON.parse(text));
}
