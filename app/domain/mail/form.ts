import { z } from "zod";
import { CATEGORIES, REPLIES, SESSION_FUNCTIONS, TEMPLATE_KINDS } from "#db/vocabulary.ts";
import { instantOf, isTimeZone } from "../../i18n/dates.ts";
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
  /** With a seat in this vehicle, on any of its trips. */
  vehicleId: z.string().nullish().default(null),
  /** With a night in this hotel. */
  hotelId: z.string().nullish().default(null),
  /** With one of these functions in the programme as it is drafted. */
  functions: z.array(z.enum(SESSION_FUNCTIONS)).default([]),
  /** In the audience of this message, and no server took their mail. */
  notReachedBy: z.string().nullish().default(null),
  /** Have not said that they have seen this version of the programme, or a later one. */
  unseenVersion: z.coerce.number().int().nullish().default(null),
  /** Chosen by hand; others are left out. */
  pickedIds: z.array(z.string()).default([]),
});
export type AudienceFilter = z.output<typeof audienceFilter>;

const wordingFields = { subjectEn: subject(), subjectZh: subject(), bodyEn: body(), bodyZh: body() };

/** What staff write, and for whom. `stillHolds`: the language that was left alone needs no change. */
export const messageForm = audienceFilter.extend({
  sideId: z.string({ error: key("error.choose") }),
  kind: z.enum(TEMPLATE_KINDS).default("agenda"),
  ...wordingFields,
  stillHolds: z.literal("on").optional(),
});
export type MessageInput = z.output<typeof messageForm>;

/** A template's wording, for one side. */
export const templateForm = z.object({
  sideId: z.string({ error: key("error.choose") }),
  ...wordingFields,
  stillHolds: z.literal("on").optional(),
});
export type TemplateInput = z.output<typeof templateForm>;

/** One recipient's own wording. */
export const copyForm = z.object(wordingFields);
export type CopyInput = z.output<typeof copyForm>;

const scheduled = z
  .object({
    scheduleDay: z.string().optional(),
    scheduleTime: z.string().optional(),
    scheduleZone: z.string().optional(),
  })
  .transform(({ scheduleDay = "", scheduleTime = "", scheduleZone = "" }, context) => {
    if (scheduleDay === "" && scheduleTime === "") return null;
    if (
      !/^\d{4}-\d\d-\d\d$/.test(scheduleDay) ||
      !/^\d\d:\d\d$/.test(scheduleTime) ||
      !isTimeZone(scheduleZone) ||
      Number.isNaN(Date.parse(`${scheduleDay}T${scheduleTime}:00Z`))
    ) {
      context.addIssue({ code: "custom", path: ["scheduleDay"], message: key("message.error.schedule") });
      return z.NEVER;
    }
    return { at: instantOf(scheduleDay, scheduleTime, scheduleZone), zone: scheduleZone };
  });

/** The number of recipients, typed by hand: a mass mail should not leave by one careless click. */
const releaseFields = z.object({
  count: z.coerce.number({ error: key("error.number") }).int(key("error.number")),
  /** Said twice: it goes although one language is older than the other, or missing. */
  behindAnyway: z.literal("on").optional(),
});

export const releaseForm = releaseFields.and(scheduled.transform((schedule) => ({ schedule })));
export type ReleaseInput = z.output<typeof releaseForm>;

/** Another address for one mail. */
export const elsewhereForm = z.object({
  deliveryId: z.string(),
  address: z.email(key("error.email")).max(254, key("error.tooLong")),
});

/** How a side's mails leave. */
export const mailSettingsForm = z.object({
  sideId: z.string({ error: key("error.choose") }),
  fromName: z
    .string()
    .trim()
    .max(80, key("error.tooLong"))
    .default("")
    .refine((text) => !NOT_IN_ONE_LINE.test(text) && !/[<>"@]/.test(text), key("error.characters")),
  fromAddress: z.union([z.literal(""), z.email(key("error.email"))]).default(""),
  replyTo: z.union([z.literal(""), z.email(key("error.email"))]).default(""),
  secondPerson: z.literal("on").optional(),
});
export type MailSettingsInput = z.output<typeof mailSettingsForm>;

export const deliveryForm = z.object({ deliveryId: z.string() });
