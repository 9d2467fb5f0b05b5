import { z } from "zod";
import { CATEGORIES, REPLIES } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { columns, SUBJECT_COLUMNS } from "./rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

const NOT_IN_ONE_LINE = /\p{Cc}/u;
const NOT_IN_LINES = /[^\P{Cc}\n\r\t]/u;

/** A draft may be incomplete; what it lacks is named before it can be released. */
function subject() {
  return z
    .string()
    .trim()
    .default("")
    .refine((text) => !NOT_IN_ONE_LINE.test(text), key("error.characters"))
    .refine((text) => columns(text) <= SUBJECT_COLUMNS, key("message.error.subject"));
}

function body() {
  return z
    .string()
    .trim()
    .max(5_000, key("error.tooLong"))
    .default("")
    .refine((text) => !NOT_IN_LINES.test(text), key("error.characters"));
}

export const REGISTRATION_FILTERS = ["any", "submitted", "not_submitted"] as const;

/** Who a message is for: people on one side for whom all of it is true. An empty list means no limit. */
export const audienceFilter = z.object({
  delegationIds: z.array(z.string()).default([]),
  categories: z.array(z.enum(CATEGORIES)).default([]),
  replies: z.array(z.enum(REPLIES)).default([]),
  registration: z.enum(REGISTRATION_FILTERS).default("any"),
  /** With a place on this visit, or waiting for one. */
  visitId: z.string().nullish().default(null),
});
export type AudienceFilter = z.output<typeof audienceFilter>;

/** What staff write, and for whom. */
export const messageForm = audienceFilter.extend({
  sideId: z.string({ error: key("error.choose") }),
  subjectEn: subject(),
  subjectZh: subject(),
  bodyEn: body(),
  bodyZh: body(),
});
export type MessageInput = z.output<typeof messageForm>;

/** The number of recipients, typed by hand: a mass mail should not leave by one careless click. */
export const releaseForm = z.object({
  count: z.coerce.number({ error: key("error.number") }).int(key("error.number")),
});

export const deliveryForm = z.object({ deliveryId: z.string() });
