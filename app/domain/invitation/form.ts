import { z } from "zod";
import { ATTENDANCES, MEANS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { ANSWERS } from "./reply.ts";
import { unknownPlaceholders } from "./text.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

function wording(longest: number, forbidden: RegExp) {
  return z
    .string({ error: key("error.required") })
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => !forbidden.test(text), key("error.characters"))
    .refine((text) => unknownPlaceholders(text).length === 0, key("wording.error.placeholder"));
}

const subject = wording(200, /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
const body = wording(6_000, /(?![\r\n\t])[\p{Cc}\p{Cs}\p{Bidi_Control}]/u).transform((text) =>
  text.replaceAll("\r\n", "\n"),
);

/** A side's wording in both languages. */
export const invitationTextForm = z.object({
  subjectEn: subject,
  bodyEn: body,
  subjectZh: subject,
  bodyZh: body,
});

/** An invitation's wording, as typed. */
export type InvitationTexts = z.output<typeof invitationTextForm>;

const words = z
  .string()
  .trim()
  .max(1_000, key("error.tooLong"))
  .refine((text) => !/(?![\r\n\t])[\p{Cc}\p{Cs}\p{Bidi_Control}]/u.test(text), key("error.characters"))
  .default("");

/** An answer that was given by phone, by letter or in person. */
export const recordReplyForm = z
  .object({
    reply: z.enum(ANSWERS, { error: key("error.choose") }),
    note: words,
    means: z.enum(MEANS, { error: key("error.choose") }),
    askAgainOn: z.iso.date(key("error.date")).nullable().default(null),
  })
  .refine((form) => form.reply !== "tentative" || form.askAgainOn !== null, {
    message: key("error.date"),
    path: ["askAgainOn"],
  })
  .transform((form) => ({ ...form, askAgainOn: form.reply === "tentative" ? form.askAgainOn : null }));

/** What is known of a mail that came back. */
export const bounceForm = z.object({ note: words });

/** Whether one person came; nothing chosen means that nobody can say. */
export const attendanceForm = z.object({ attendance: z.enum(ATTENDANCES).nullable().default(null) });

export const LONGEST_SEARCH = 100;

/** Why somebody else comes. */
export const substitutionNote = words;

/** Somebody of the contact book who comes instead. */
export const chosenSubstituteForm = z.object({
  personId: z.string({ error: key("error.choose") }),
  note: words,
});
