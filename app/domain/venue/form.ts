import { z } from "zod";
import type { MessageKey } from "../../i18n/translate.ts";

function line(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, "error.tooLong" satisfies MessageKey)
    .regex(/^\P{Cc}*$/u, "error.characters" satisfies MessageKey)
    .default("");
}

const whole = z.number("error.number" satisfies MessageKey).int("error.number" satisfies MessageKey);

/** A place as staff type it: a name in at least one language. */
export const venueForm = z
  .object({
    nameEn: line(160),
    nameZh: line(160),
    addressEn: line(300),
    addressZh: line(300),
    withinId: z.string().nullable().default(null),
    capacity: whole
      .min(1, "error.number" satisfies MessageKey)
      .max(99_999, "error.number" satisfies MessageKey)
      .nullable()
      .default(null),
  })
  .refine(({ nameEn, nameZh }) => nameEn !== "" || nameZh !== "", {
    path: ["nameEn"],
    error: "error.required" satisfies MessageKey,
    when: () => true,
  });

export type VenueInput = z.output<typeof venueForm>;

/** How long it takes from this house to others, in minutes by the other's id; empty: not known. */
export const waysForm = z.object({
  minutes: z
    .record(
      z.string(),
      z
        .string()
        .trim()
        .regex(/^(|[1-9]\d{0,2}|1[0-3]\d\d|14[0-3]\d|1440)$/, "venue.error.minutes" satisfies MessageKey),
    )
    .default({}),
});

/** The ways that were typed; null: no longer known. */
export function typedWays(minutes: Readonly<Record<string, string>>): Map<string, number | null> {
  return new Map(Object.entries(minutes).map(([id, typed]) => [id, typed === "" ? null : Number(typed)]));
}
