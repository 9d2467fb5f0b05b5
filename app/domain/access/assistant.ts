import { z } from "zod";
import { LOCALES, REGISTRATION_SECTIONS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { mailboxProblem, refusedCharacters } from "../person/rules.ts";

/** An assistant whom somebody lets in, as it is typed. Nothing open to them at all would be a link to nothing. */
export const assistantForm = z
  .object({
    name: z
      .string()
      .trim()
      .max(100)
      .refine((text) => refusedCharacters(text).length === 0, "error.characters"),
    email: z
      .string()
      .trim()
      .max(254)
      .refine((text) => mailboxProblem(text) === null, "error.email"),
    locale: z.enum(LOCALES),
    sections: z.array(z.enum(REGISTRATION_SECTIONS)).default([]),
    mayReply: z.literal("on").optional(),
  })
  .refine(({ sections, mayReply }) => sections.length > 0 || mayReply === "on", {
    path: ["sections"],
    message: "error.choose" satisfies MessageKey,
  });

/** The same as commands take it: sections in the order of the form. */
export function assistantPlan({ sections, mayReply, ...who }: z.output<typeof assistantForm>) {
  return {
    ...who,
    sections: REGISTRATION_SECTIONS.filter((section) => sections.includes(section)),
    mayReply: mayReply === "on",
  };
}
