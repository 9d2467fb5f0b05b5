import { z } from "zod";
import { LANGUAGE_PAIRS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

function line(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, key("error.tooLong"))
    .regex(/^\P{Cc}*$/u, key("error.characters"));
}

/** An interpreter who is hired for the meeting. */
export const outsiderForm = z.object({
  outsiderId: z.string().default(""),
  name: z.string({ error: key("error.required") }).pipe(line(120).min(1, key("error.required"))),
  phone: line(60).default(""),
  pairs: z.array(z.enum(LANGUAGE_PAIRS)).min(1, key("error.choose")),
  note: line(300).default(""),
  revision: z.number().int().min(0).default(0),
});
export type OutsiderForm = z.output<typeof outsiderForm>;

/** Somebody at an item: `i:` and an invitation, or `o:` and somebody hired. */
export const postForm = z.object({
  who: z.string({ error: key("error.choose") }).regex(/^[io]:[\w-]+$/, key("error.choose")),
  pair: z.enum(LANGUAGE_PAIRS, key("error.choose")),
  booth: line(40).default(""),
});
export type PostForm = z.output<typeof postForm>;

export const handOutForm = z.object({
  invitationId: z.string(),
  day: z.iso.date(),
  number: line(20).default(""),
});
export type HandOutForm = z.output<typeof handOutForm>;
