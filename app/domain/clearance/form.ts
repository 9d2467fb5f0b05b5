import { z } from "zod";
import { CLEARANCE_ANSWERS, LOCALES } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { type ClearanceColumn, FORMATS, factOf, isFact, plainColumn } from "./facts.ts";

/** More columns than any host asks for. */
const MOST_COLUMNS = 40;
const LONGEST_HEADING = 80;

/**
 * The columns as a form of rows sends them: `fact`, `place`, headings and `format` by number, some ticked to go, and one
 * that is to be added. In the order of their places; of two at one place the one that stood first.
 */
export function columnsOf(
  formData: FormData,
): { ok: true; columns: Array<ClearanceColumn> } | { ok: false; error: MessageKey } {
  const text = (name: string) => String(formData.get(name) ?? "").trim();
  const rows: Array<{ column: ClearanceColumn; place: number }> = [];
  for (let n = 0; n < MOST_COLUMNS && formData.has(`column.${n}.fact`); n += 1) {
    const fact = text(`column.${n}.fact`);
    if (!isFact(fact) || formData.has(`column.${n}.remove`)) continue;
    const typed = text(`column.${n}.place`);
    if (!/^\d{1,3}$/.test(typed)) return { ok: false, error: "error.number" };
    const [headingEn, headingZh] = [text(`column.${n}.headingEn`), text(`column.${n}.headingZh`)];
    if (headingEn.length > LONGEST_HEADING || headingZh.length > LONGEST_HEADING)
      return { ok: false, error: "error.tooLong" };
    if (/\p{Cc}/u.test(headingEn + headingZh)) return { ok: false, error: "error.characters" };
    const format = FORMATS[factOf(fact).kind].find((each) => each === text(`column.${n}.format`));
    rows.push({
      column: { ...plainColumn(fact), headingEn, headingZh, ...(format === undefined ? {} : { format }) },
      place: Number(typed),
    });
  }
  rows.sort((a, b) => a.place - b.place);
  const columns = rows.map(({ column }) => column);
  const added = text("add");
  if (isFact(added)) columns.push(plainColumn(added));
  return { ok: true, columns };
}

export const listLocale = z.enum(LOCALES);

export const answerForm = z.object({
  /** The version whose rows they are. */
  version: z.number().int().optional(),
  row: z.array(z.number().int().min(1).max(9_999)).min(1, "error.choose" satisfies MessageKey),
  answer: z.enum([...CLEARANCE_ANSWERS, "none"], { error: "error.choose" satisfies MessageKey }),
});

export const fileForm = z.object({
  part: z.enum(["list", "amendment"]),
  format: z.enum(["xlsx", "pdf", "csv"]),
});
