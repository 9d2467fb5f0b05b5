import { z } from "zod";
import type { RetentionKind } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { dueField, earliestDay, KINDS_IN_ORDER, latestDay } from "./retention.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

export type RetentionDays = Readonly<Record<RetentionKind, string>>;

/** The days of all kinds. `travelTo`: the last day of travel, before which nothing falls due. */
export function retentionForm({ travelTo }: { travelTo: string }) {
  const dayOf = (kind: RetentionKind) =>
    z.iso
      .date(key("error.date"))
      .refine(
        (day) => day >= earliestDay(kind, travelTo),
        kind === "records" ? key("retention.error.records") : key("retention.error.tooEarly"),
      )
      .refine((day) => day <= latestDay(travelTo), key("retention.error.tooLate"));
  const fields = Object.fromEntries(KINDS_IN_ORDER.map((kind) => [dueField(kind), dayOf(kind)]));
  return z
    .object(fields)
    .transform(
      (days) =>
        Object.fromEntries(KINDS_IN_ORDER.map((kind) => [kind, days[dueField(kind)]])) as RetentionDays,
    );
}

/** What was shown, the edition's short name typed once more, and the password that proves who asks. */
export function purgeForm({ slug }: { slug: string }) {
  return z.object({
    shown: z.string().max(64),
    slug: z
      .string()
      .trim()
      .refine((typed) => typed === slug, key("retention.error.slug")),
    password: z.string().max(1_000),
  });
}
