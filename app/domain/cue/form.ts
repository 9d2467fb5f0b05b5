import { z } from "zod";
import { CUE_ANCHORS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";

function line(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, "error.tooLong" satisfies MessageKey)
    .regex(/^\P{Cc}*$/u, "error.characters" satisfies MessageKey);
}

const fields = z.object({
  anchor: z.enum(CUE_ANCHORS),
  day: z.iso
    .date("error.date" satisfies MessageKey)
    .nullable()
    .default(null),
  time: z.iso
    .time({ precision: -1, error: "error.time" satisfies MessageKey })
    .nullable()
    .default(null),
  itemId: z.string().nullable().default(null),
  /** Minutes after the anchor; negative: before. */
  offset: z
    .number("error.number" satisfies MessageKey)
    .int("error.number" satisfies MessageKey)
    .min(-1440, "error.number" satisfies MessageKey)
    .max(1440, "error.number" satisfies MessageKey)
    .default(0),
  what: line(200),
  who: line(200).default(""),
  place: line(200).default(""),
  note: z
    .string()
    .trim()
    .max(2000, "error.tooLong" satisfies MessageKey)
    .default(""),
  /** Whether both sides see it, and keep it. */
  shared: z.literal("on").nullable().default(null),
});

const rules = [
  { field: "day", broken: ({ anchor, day }: z.output<typeof fields>) => anchor === "clock" && day === null },
  {
    field: "time",
    broken: ({ anchor, time }: z.output<typeof fields>) => anchor === "clock" && time === null,
  },
  {
    field: "itemId",
    broken: ({ anchor, itemId }: z.output<typeof fields>) => anchor !== "clock" && itemId === null,
  },
] as const;

/** A line of the run of show as staff type it. */
export const cueForm = rules.reduce(
  (schema, { field, broken }) =>
    schema.refine((cue) => !broken(cue), {
      path: [field],
      error: "error.required" satisfies MessageKey,
      when: () => true,
    }),
  fields,
);

export type CueInput = z.output<typeof cueForm>;
