/**
 * A delegation's places. They are for its head, deputies and delegates; everybody else comes on top of them. A place
 * is taken when the invitation is approved or sent, whichever is first, and not when somebody answers: who holds an
 * invitation always has the place, however late they come; who comes instead of them takes it over. Declined, withdrawn
 * and replaced invitations hold none.
 */
import type { Category, Reply } from "#db/vocabulary.ts";

export const QUOTA_CATEGORIES = [
  "head",
  "deputy_head",
  "delegate",
] as const satisfies ReadonlyArray<Category>;

/** Why somebody is invited although there is no place left: a sentence, not a file. */
export const LONGEST_REASON = 300;

/** Whether somebody of this category takes one of the delegation's places. */
export function takesPlace(category: Category): boolean {
  return QUOTA_CATEGORIES.some((known) => known === category);
}

export type PlaceHolder = {
  category: Category;
  reply: Reply;
  approvedAt: number | null;
  sentAt: number | null;
  withdrawnAt: number | null;
  replacedAt: number | null;
  /** 1 when they come instead of somebody who held a place. */
  inheritsPlace: number;
};

/** Whether an invitation holds one of its delegation's places now. */
export function holdsPlace(invitation: PlaceHolder): boolean {
  return (
    takesPlace(invitation.category) &&
    (invitation.approvedAt !== null || invitation.sentAt !== null || invitation.inheritsPlace === 1) &&
    invitation.reply !== "declined" &&
    invitation.withdrawnAt === null &&
    invitation.replacedAt === null
  );
}
