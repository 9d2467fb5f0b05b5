import { z } from "zod";
import {
  CATEGORIES,
  EXPORT_FORMATS,
  EXPORT_LANGUAGES,
  EXPORT_PURPOSES,
  type ExportPurpose,
  REPLIES,
} from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { EXPORT_ORDERS, type Narrowing } from "./rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

/** How a file is put together. Of an empty choice everybody is meant. */
export const exportForm = z.object({
  format: z.enum(EXPORT_FORMATS),
  language: z.enum(EXPORT_LANGUAGES),
  columns: z.array(z.string().max(80)).min(1, key("export.problem.columns")),
  view: z.string().max(40).optional(),
  delegation: z.string().max(40).optional(),
  category: z.enum(CATEGORIES).optional(),
  reply: z.enum(REPLIES).optional(),
  order: z.enum(EXPORT_ORDERS),
});

export function narrowingOf({
  delegation = null,
  category = null,
  reply = null,
}: {
  delegation?: string | null | undefined;
  category?: string | null | undefined;
  reply?: string | null | undefined;
}): Narrowing {
  return { delegation, category, reply };
}

/** The purpose that an address names. */
export function purposeOf(text: string | null): ExportPurpose | null {
  return EXPORT_PURPOSES.find((purpose) => purpose === text) ?? null;
}
