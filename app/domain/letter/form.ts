import { z } from "zod";
import { LETTER_KINDS, LOCALES } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { unknownPlaceholders } from "../invitation/text.ts";
import { mailboxProblem, refusedCharacters } from "../person/rules.ts";
import { LETTER_PLACEHOLDERS } from "./text.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

function line(longest = 200) {
  return z
    .string()
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => refusedCharacters(text).length === 0, key("error.characters"))
    .default("");
}
const needed = (longest?: number) => line(longest).refine((text) => text !== "", key("error.required"));

/** What stands at the head and the foot of a side's letters. */
export const letterheadForm = z.object({
  nameEn: needed(),
  nameZh: needed(),
  addressEn: line(300),
  addressZh: line(300),
  phone: line(60),
  email: line().refine((text) => text === "" || mailboxProblem(text) === null, key("error.email")),
  signatoryEn: line(100),
  signatoryZh: line(100),
  signatoryPostEn: line(),
  signatoryPostZh: line(),
});
export type LetterheadFacts = z.output<typeof letterheadForm>;

function wording(longest: number, forbidden: RegExp) {
  return z
    .string({ error: key("error.required") })
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => !forbidden.test(text), key("error.characters"))
    .refine(
      (text) => unknownPlaceholders(text, LETTER_PLACEHOLDERS).length === 0,
      key("wording.error.placeholder"),
    );
}

/** A side's wording of one kind of letter in one language. */
export const letterTemplateForm = z.object({
  kind: z.enum(LETTER_KINDS),
  locale: z.enum(LOCALES),
  title: wording(120, /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u),
  body: wording(6_000, /(?![\r\n\t])[\p{Cc}\p{Cs}\p{Bidi_Control}]/u).transform((text) =>
    text.replaceAll("\r\n", "\n"),
  ),
});

/** One letter of one person. `after`: the newest version that the page showed; 0 when there was none. */
export const issueForm = z.object({
  kind: z.enum(LETTER_KINDS),
  locale: z.enum(LOCALES),
  after: z.coerce.number().int().min(0).default(0),
});

/** The letters of all who are complete. */
export const issueAllForm = z.object({
  kind: z.enum(LETTER_KINDS, { error: key("error.choose") }),
  locales: z
    .array(z.enum(LOCALES))
    .min(1, key("error.choose"))
    .or(z.enum(LOCALES).transform((one) => [one])),
});

/** Whatever somebody types is looked up: what is none, is empty or is far too long gets the answer of a wrong code. */
export const confirmForm = z.object({ code: z.string().default("") });
