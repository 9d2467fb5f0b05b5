import { z } from "zod";
import { CATEGORIES, FIELD_TYPES, type FieldType } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { refusedCharacters } from "../person/rules.ts";
import {
  ASKED_CLASSES,
  type Condition,
  isFile,
  LONGEST_ROWS,
  type RowQuestion,
  TESTS,
} from "../registration/definition.ts";
import { LONGEST_OWN_TEXT } from "../registration/own-answers.ts";
import { allParts } from "../registration/parts.ts";
import { FILE_KINDS, LARGEST_MB } from "../upload/rules.ts";
import { MOST_OPTIONS, MOST_TERMS } from "./rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

function line(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => refusedCharacters(text.replaceAll(/[\r\n]/g, "")).length === 0, key("error.characters"))
    .transform((text) => text.replaceAll("\r\n", "\n"))
    .default("");
}

/** Which draft the page showed; 0 where there was none yet. */
const revision = z.coerce
  .number({ error: key("error.invalid") })
  .int()
  .min(0);

const day = z.iso.date(key("error.date")).optional();

export const sectionForm = z
  .object({
    revision,
    titleEn: line(120),
    titleZh: line(120),
    helpEn: line(1_000),
    helpZh: line(1_000),
    delegations: z.array(z.string()).default([]),
    categories: z.array(z.enum(CATEGORIES)).default([]),
    visits: z.array(z.string()).default([]),
    joinsVisit: z.literal("on").optional(),
    needsVisa: z.literal("on").optional(),
    deadline: day,
    /** Standard questions that are asked, of those that may be left out. */
    asked: z.array(z.string()).default([]),
  })
  .transform(({ titleEn, titleZh, helpEn, helpZh, delegations, categories, visits, ...form }) => ({
    revision: form.revision,
    asked: form.asked,
    deadline: form.deadline ?? null,
    title: { en: titleEn, zh: titleZh },
    help: { en: helpEn, zh: helpZh },
    audience: {
      delegationIds: delegations,
      categories,
      visitIds: visits,
      joinsVisit: form.joinsVisit === "on",
      needsVisa: form.needsVisa === "on",
    },
  }));

const option = z.object({
  key: z
    .string()
    .regex(/^[a-z0-9_]{1,40}$/)
    .optional(),
  en: line(200),
  zh: line(200),
});
/** `field test value` in one: what the lists of a condition offer. */
const term = z.object({
  field: z.string().max(60).default(""),
  test: z.enum(TESTS).default("is"),
  value: z.string().max(120).default(""),
});
const number = z.coerce
  .number({ error: key("error.number") })
  .min(-1e9, key("error.number"))
  .max(1e9, key("error.number"));

/** A question as it is written in the builder. `newKey` makes keys for new options. */
export function questionForm(newKey: () => string) {
  return z
    .object({
      revision,
      type: z.enum(FIELD_TYPES, { error: key("error.choose") }),
      labelEn: line(500),
      labelZh: line(500),
      helpEn: line(1_000),
      helpZh: line(1_000),
      required: z.literal("on").optional(),
      by: day,
      pending: z.literal("on").optional(),
      pendingBy: day,
      earliest: day,
      latest: day,
      accepts: z.array(z.enum(FILE_KINDS)).default([...FILE_KINDS]),
      /** Parts that are asked, of those that may be left out. */
      parts: z.array(z.string()).default([]),
      dataClass: z.enum(ASKED_CLASSES, { error: key("error.choose") }).default("C1"),
      least: number.optional(),
      most: number.optional(),
      options: z.array(option).max(MOST_OPTIONS, key("builder.error.tooManyOptions")).default([]),
      join: z.enum(["and", "or"]).default("and"),
      terms: z.array(term).max(MOST_TERMS).default([]),
      section: z.string().max(40).optional(),
    })
    .refine((form) => form.labelEn !== "" || form.labelZh !== "", {
      message: key("error.required"),
      path: ["labelEn"],
    })
    .refine((form) => form.least === undefined || form.most === undefined || form.least <= form.most, {
      message: key("builder.error.leastMost"),
      path: ["most"],
    })
    .refine(({ earliest, latest }) => earliest === undefined || latest === undefined || earliest <= latest, {
      message: key("builder.error.firstLast"),
      path: ["latest"],
    })
    .refine(
      (form) =>
        form.most === undefined ||
        form.type === "number" ||
        (Number.isInteger(form.most) && form.most >= 1 && form.most <= mostOf(form.type)),
      { message: key("error.number"), path: ["most"] },
    )
    .transform(({ revision, type, section, ...form }) => ({
      revision,
      type,
      section: section ?? null,
      facts: {
        label: { en: form.labelEn, zh: form.labelZh },
        help: { en: form.helpEn, zh: form.helpZh },
        // Who names a day for it wants it.
        required: form.required === "on" || form.by !== undefined,
        by: form.by ?? null,
        pending: form.pending === "on",
        pendingBy: form.pending === "on" ? (form.pendingBy ?? null) : null,
        earliest: form.earliest ?? null,
        latest: form.latest ?? null,
        left: allParts(type).flatMap((part) =>
          part.leavable === true && !form.parts.includes(part.key) ? [part.key] : [],
        ),
        accepts: form.accepts,
        dataClass: type === "passport" ? "C5" : form.dataClass,
        least: form.least ?? null,
        most: form.most ?? null,
        options:
          type === "choice" || type === "choices"
            ? form.options
                .filter(({ en, zh }) => en !== "" || zh !== "")
                .map(({ key: known, en, zh }) => ({ key: known ?? newKey(), label: { en, zh } }))
            : [],
        condition: conditionOf(form.join, form.terms),
      } satisfies Omit<RowQuestion, "key" | "type">,
    }));
}

/** The most that a limit may be of a kind of question: rows, megabytes, characters or ticks. */
function mostOf(type: FieldType): number {
  if (type === "group") return LONGEST_ROWS;
  return isFile({ type }) ? LARGEST_MB : LONGEST_OWN_TEXT;
}

function conditionOf(join: Condition["join"], terms: Condition["terms"]): Condition | null {
  const whole = terms
    .filter(
      ({ field, test, value }) => field !== "" && (test === "answered" || test === "blank" || value !== ""),
    )
    .map((each) => (each.test === "answered" || each.test === "blank" ? { ...each, value: "" } : each));
  return whole.length === 0 ? null : { join, terms: whole };
}

export const moveForm = z.object({
  revision,
  part: z.string().max(40),
  direction: z.enum(["up", "down"]),
});

/** Where something was dragged to. */
export const placeForm = z.object({
  revision,
  part: z.string().max(40),
  section: z.string().max(40).default(""),
  before: z.string().max(40).optional(),
});

/** `sure`: it was said what is lost. */
export const partForm = z.object({
  revision,
  part: z.string().max(40),
  sure: z.literal("on").optional(),
});
export const publishForm = z.object({ revision, loses: z.coerce.number().int().min(0).default(0) });

/** What staff say to a wish to change answers after the deadline. */
export const decisionForm = z.object({
  request: z.string().max(40),
  decision: z.enum(["accept", "refuse"]),
  word: line(500),
});
