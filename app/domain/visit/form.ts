import { z } from "zod";
import { ALLOTMENTS, CATEGORIES } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";

/** A number of seats. */
export const seatNumber = z
  .number("error.number" satisfies MessageKey)
  .int("error.number" satisfies MessageKey)
  .min(0, "error.number" satisfies MessageKey)
  .max(9999, "error.number" satisfies MessageKey);

/** Seats by delegation id, as typed; empty: limited by the total alone. */
export function seatsByDelegation() {
  return z
    .record(
      z.string(),
      z
        .string()
        .trim()
        .regex(/^\d{0,4}$/, "error.number" satisfies MessageKey),
    )
    .default({});
}

/** Limits of a visit. */
export const seatsForm = z.object({
  capacity: seatNumber,
  seats: seatsByDelegation(),
});

/** The limits that were typed, without the empty ones. */
export function quotasOf(seats: Readonly<Record<string, string>>): Map<string, number> {
  return new Map(
    Object.entries(seats)
      .filter(([, typed]) => typed !== "")
      .map(([delegationId, typed]) => [delegationId, Number(typed)]),
  );
}

/** Visits in the order of their ranks, as a form with one choice for each names them; of two with one rank the first. */
export function wishOrder(formData: FormData): Array<string> {
  return [...formData.entries()]
    .flatMap(([name, value]) =>
      name.startsWith("rank.") && typeof value === "string" && /^\d{1,3}$/.test(value)
        ? [{ visitId: name.slice("rank.".length), rank: Number(value) }]
        : [],
    )
    .sort((a, b) => a.rank - b.rank)
    .map(({ visitId }) => visitId)
    .slice(0, 100);
}

function line(longest: number) {
  return z
    .string("error.required" satisfies MessageKey)
    .trim()
    .max(longest, "error.tooLong" satisfies MessageKey)
    .default("");
}

/** A place given by staff. */
export const givingForm = z.object({
  invitationId: z.string("error.choose" satisfies MessageKey).min(1, "error.choose" satisfies MessageKey),
  reason: line(300),
  clashReason: line(300),
});

/** How seats are given. No hours: a seat that becomes free is the next one's at once. */
export const settingsForm = z.object({
  allotment: z.enum(ALLOTMENTS, { error: "error.choose" satisfies MessageKey }),
  offerHours: z
    .number("error.number" satisfies MessageKey)
    .int("error.number" satisfies MessageKey)
    .min(1, "error.number" satisfies MessageKey)
    .max(240, "error.number" satisfies MessageKey)
    .nullable()
    .default(null),
  categories: z.array(z.enum(CATEGORIES)).default([]),
  delegationIds: z.array(z.string()).default([]),
});
