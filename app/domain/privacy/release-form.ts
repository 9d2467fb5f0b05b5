import { z } from "zod";
import type { MessageKey } from "../../i18n/translate.ts";
import { LONGEST_LINE, refusedCharacters } from "../person/rules.ts";
import { instantOrNull } from "../registration/rules.ts";
import { releaseColumns } from "./release.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

/** In place of a co-host's id: somebody outside, named in words. */
export const OUTSIDE = "outside";

/** It stands at the foot of every sheet of paper. */
const LONGEST_PURPOSE = 200;

function line(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => refusedCharacters(text).length === 0, key("error.characters"));
}

/** People, columns, recipient, purpose and last day, as they are put together before the preview. */
export const newReleaseForm = z
  .object({
    invitations: z.array(z.string().max(40)).min(1, key("releases.error.nobody")),
    columns: z
      .array(z.string())
      .transform((names) => releaseColumns(names))
      .refine((columns) => columns.length > 0, key("releases.error.noColumn")),
    to: z.string({ error: key("error.choose") }).max(40),
    recipient: line(LONGEST_LINE).default(""),
    purpose: line(LONGEST_PURPOSE),
    until: z
      .string()
      .trim()
      .refine((day) => instantOrNull(day, "12:00", "UTC") !== null, key("error.date")),
  })
  .refine((form) => form.to !== OUTSIDE || form.recipient !== "", {
    message: key("error.required"),
    path: ["recipient"],
  });

/** What is typed under the preview, and which preview it was. */
export const releaseNowForm = z.object({
  releaseId: z.string().regex(/^[\w-]{20}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  count: z.coerce.number({ error: key("error.number") }).int(key("error.number")),
  password: z.string().max(1_000),
});
