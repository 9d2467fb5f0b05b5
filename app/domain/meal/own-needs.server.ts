import { and, eq } from "drizzle-orm";
import { invitation, kitchenWord, registration, registrationSection } from "#db/schema/index.ts";
import { ACCESS_NEEDS, type AccessNeed } from "#db/vocabulary.ts";
import type { InvitationContext } from "../context.ts";
import { answersFromSections } from "../registration/answers.ts";
import { needsOf, toldMark } from "./record.server.ts";
import type { Needs } from "./rules.ts";

/** What kitchens, waiters and the desk are told of somebody, as that person sees it. */
export type OwnNeeds = {
  food: Needs;
  /** Staff's wording of it for the kitchen; null: it gets the words as they were written. */
  words: { en: string; zh: string } | null;
  access: ReadonlyArray<AccessNeed>;
  accessText: string;
};

/** Null: no registration was sent, so nobody is told anything. */
export function ownNeedsView({ db: { orm }, scope }: InvitationContext): OwnNeeds | null {
  const row = orm
    .select({ answers: registrationSection.answers })
    .from(registrationSection)
    .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
    .innerJoin(invitation, eq(invitation.id, registration.invitationId))
    .where(
      and(
        eq(invitation.id, scope.invitationId),
        eq(registration.state, "submitted"),
        eq(registrationSection.section, "needs"),
      ),
    )
    .get();
  if (row === undefined) return null;
  const food = needsOf(row.answers);
  const { needs } = answersFromSections([row]);
  const words = orm
    .select({ en: kitchenWord.en, zh: kitchenWord.zh, told: kitchenWord.told })
    .from(kitchenWord)
    .where(eq(kitchenWord.invitationId, scope.invitationId))
    .get();
  return {
    food,
    words: words === undefined || words.told !== toldMark(food) ? null : { en: words.en, zh: words.zh },
    access: ACCESS_NEEDS.filter((need) => needs.accessNeeds.includes(need)),
    accessText: needs.accessText,
  };
}
