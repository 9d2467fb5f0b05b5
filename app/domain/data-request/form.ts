import { z } from "zod";
import type { MessageKey } from "../../i18n/translate.ts";
import { refusedCharacters } from "../person/rules.ts";

const LONGEST_WORDS = 2_000;

const words = z
  .string({ error: "error.required" satisfies MessageKey })
  .trim()
  .min(1, "error.required" satisfies MessageKey)
  .max(LONGEST_WORDS, "error.tooLong" satisfies MessageKey)
  .refine((text) => refusedCharacters(text.replaceAll(/[\r\n\t]/g, "")).length === 0, {
    error: "error.characters" satisfies MessageKey,
  });

/** What is to be corrected. */
export const correctionForm = z.object({ words });

/** What staff answer. */
export const answerForm = z.object({
  request: z.string(),
  decision: z.enum(["done", "refused", "delete"]),
  word: words,
  sure: z.literal("on").optional(),
});
