/**
 * A delegation's places. They are for its head, deputies and delegates; everybody else comes on top of them. A place
 * is taken when the invitation is approved or sent, whichever is first, and not when somebody answers: who holds an
 * invitation always has the place, however late they come. Declined, withdrawn and replaced invitations hold none.
 */
import type { Category } from "#db/vocabulary.ts";

export const QUOTA_CATEGORIES = [
  "head",
  "deputy_head",
  "delegate",
] as const satisfies ReadonlyArray<Category>;

/** Whether somebody of this category takes one of the delegation's places. */
export function takesPlace(category: Category): boolean {
  return QUOTA_CATEGORIES.some((known) => known === category);
}
