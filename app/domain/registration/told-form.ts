import { z } from "zod";
import { MEANS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { refusedCharacters } from "../person/rules.ts";

/** By what way staff got to know answers, and from whom. */
export const toldForm = z.object({
  toldMeans: z.enum(MEANS),
  toldBy: z
    .string({ error: "error.required" satisfies MessageKey })
    .trim()
    .min(1, "error.required" satisfies MessageKey)
    .max(200, "error.tooLong" satisfies MessageKey)
    .refine((text) => refusedCharacters(text).length === 0, {
      error: "error.characters" satisfies MessageKey,
    }),
});
