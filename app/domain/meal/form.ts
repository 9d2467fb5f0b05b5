import { z } from "zod";
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

export const MOST_SEATS = 40;

/** A table as staff type it. */
export const tableForm = z.object({
  tableId: z.string().default(""),
  name: z.string({ error: key("error.required") }).pipe(line(40).min(1, key("error.required"))),
  seats: z
    .number({ error: key("error.number") })
    .int(key("error.number"))
    .min(1, key("error.number"))
    .max(MOST_SEATS, key("error.number")),
  head: z.literal("on").nullish().default(null),
});
export type TableForm = z.output<typeof tableForm>;

/** Who of a side sits where, by invitation: a table (empty: none yet; `absent`: does not eat here) and a place at it. */
export const seatingForm = z.object({
  seen: z.string(),
  tables: z.record(z.string(), z.string()).default({}),
  places: z
    .record(
      z.string(),
      z
        .string()
        .trim()
        .regex(/^(|[1-9]|[123]\d|40)$/, key("error.number")),
    )
    .default({}),
});
export type SeatingForm = z.output<typeof seatingForm>;

export const ABSENT = "absent";

/** What the kitchen reads of somebody's needs, in both languages. */
export const wordsForm = z.object({
  invitationId: z.string(),
  en: line(300).default(""),
  zh: line(300).default(""),
  /** Stands for the answer that was shown. */
  told: z.string().optional(),
});
export type WordsForm = z.output<typeof wordsForm>;
