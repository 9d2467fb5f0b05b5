import { z } from "zod";
import { CARD_KINDS, LOCALES } from "#db/vocabulary.ts";
import { CARD_SIZES, sizesOf } from "../../documents/card-sheet.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { CARD_CHOICES, CARD_ORDERS } from "./rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

export const cardForm = z
  .object({
    kind: z.enum(CARD_KINDS, key("error.choose")),
    size: z.enum(CARD_SIZES, key("error.choose")),
    paper: z.enum(["A4", "LETTER"], key("error.choose")),
    front: z.enum(LOCALES, key("error.choose")),
    order: z.enum(CARD_ORDERS, key("error.choose")),
    who: z.enum(CARD_CHOICES, key("error.choose")),
  })
  .refine(({ kind, size }) => sizesOf(kind).includes(size), { message: key("error.choose"), path: ["size"] });
