/** A room with its nights and who pays as the text of one cell. Browser-safe. */
import { z } from "zod";
import { PAYERS } from "#db/vocabulary.ts";

const stay = z.object({
  typeId: z.string(),
  checkIn: z.string(),
  checkOut: z.string(),
  payer: z.enum(PAYERS),
  smoking: z.boolean().default(false),
  early: z.boolean().default(false),
});
export type StayText = z.output<typeof stay>;

export function stayText({ typeId, checkIn, checkOut, payer, smoking, early }: StayText): string {
  const asked = { ...(smoking ? { smoking } : {}), ...(early ? { early } : {}) };
  return JSON.stringify({ typeId, checkIn, checkOut, payer, ...asked });
}

/** The stay that a cell's text stands for; null: it is none, but what somebody typed. */
export function stayOf(text: string): StayText | null {
  if (!text.startsWith("{")) return null;
  try {
    const read = stay.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
