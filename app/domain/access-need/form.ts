import { z } from "zod";
import { ACCESS_NEEDS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { OF_PLACES } from "./rules.ts";

const note = z
  .string()
  .trim()
  .max(200, "error.tooLong" satisfies MessageKey)
  .regex(/^\P{Cc}*$/u, "error.characters" satisfies MessageKey);

/** What a place has, as somebody there said. Empty: nobody asked. */
export const placeForm = z.object({
  venueId: z.string(),
  has: z.partialRecord(z.enum(OF_PLACES), z.enum(["yes", "no"])).default({}),
  notes: z.partialRecord(z.enum(OF_PLACES), note).default({}),
});
export type PlaceForm = z.output<typeof placeForm>;

/** What was arranged for a need at an item. */
export const arrangeForm = z.object({
  itemId: z.string(),
  need: z.enum(ACCESS_NEEDS),
  note: z
    .string({ error: "error.required" satisfies MessageKey })
    .pipe(note.min(1, "error.required" satisfies MessageKey)),
});
export type ArrangeForm = z.output<typeof arrangeForm>;
