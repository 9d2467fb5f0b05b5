import { z } from "zod";
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

export const placeForm = z.object({ invitationId: z.string() });
