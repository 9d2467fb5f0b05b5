import { z } from "zod";
import { CATEGORIES } from "#db/vocabulary.ts";
import { LONGEST_REASON } from "../invitation/quota.ts";
import type { OrderWish, ProtocolOrder } from "./rules.ts";

/** What somebody who was head becomes when another one is made head. */
export const FORMER_HEADS = ["deputy_head", "delegate"] as const;

/** What somebody is in the delegation, and in which. */
export const memberForm = z.object({
  invitationId: z.string({ error: "error.choose" }),
  delegationId: z.string({ error: "error.choose" }),
  category: z.enum(CATEGORIES, { error: "error.choose" }),
  formerHead: z.enum(FORMER_HEADS).optional(),
  overQuota: z.string().trim().max(LONGEST_REASON, { error: "error.tooLong" }).optional(),
});

/** Fields in which a place is typed, by invitation. */
export function placeField(invitationId: string): string {
  return `place-${invitationId}`;
}

/** Which order the page showed, and what is wanted instead; null when the form is none of ours. */
export function orderWish(formData: FormData): { from: ProtocolOrder; wish: OrderWish } | null {
  const texts = (name: string) => formData.getAll(name).filter((value) => typeof value === "string");
  const from = texts("from");
  if (from.length === 0 || new Set(from).size !== from.length) return null;
  const to = texts("to");
  if (to.length > 0) return { from, wish: { kind: "whole", order: to } };
  const [move = ""] = texts("move");
  const step = /^(up|down):(.+)$/.exec(move);
  if (step !== null)
    return { from, wish: { kind: step[1] === "up" ? "up" : "down", invitationId: step[2] ?? "" } };
  const places = new Map<string, number>();
  for (const id of from) {
    const typed = Number(texts(placeField(id))[0]);
    if (Number.isSafeInteger(typed) && typed >= 1) places.set(id, typed);
  }
  return { from, wish: { kind: "places", places } };
}
