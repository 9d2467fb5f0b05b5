import { z } from "zod";
import type { MessageKey } from "../../i18n/translate.ts";
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
