import { and, count, eq, inArray, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { delegation, invitation } from "#db/schema/index.ts";
import type { Category } from "#db/vocabulary.ts";
import { QUOTA_CATEGORIES, takesPlace } from "./quota.ts";

const quotaOf = prepared((orm) =>
  orm
    .select({ quota: delegation.quota })
    .from(delegation)
    .where(eq(delegation.id, sql.placeholder("delegation")))
    .prepare(),
);

/** What makes an invitation hold one of its delegation's places. */
export const holdsPlace = and(
  inArray(invitation.category, [...QUOTA_CATEGORIES]),
  or(isNotNull(invitation.approvedAt), isNotNull(invitation.sentAt)),
  ne(invitation.reply, "declined"),
  isNull(invitation.withdrawnAt),
  isNull(invitation.replacedAt),
);

const heldIn = prepared((orm) =>
  orm
    .select({ held: count() })
    .from(invitation)
    .where(
      and(
        eq(invitation.delegationId, sql.placeholder("delegation")),
        ne(invitation.id, sql.placeholder("except")),
        holdsPlace,
      ),
    )
    .prepare(),
);

/**
 * Whether the delegation has a place for somebody of this category. Always, when it has no quota or the category takes
 * no place. Asked before approving and sending, never before taking an answer.
 *
 * @param except the invitation that the place is for, which must not stand in its own way.
 */
export function hasRoom(
  orm: Orm,
  { delegationId, category, except = "" }: { delegationId: string; category: Category; except?: string },
): boolean {
  if (!takesPlace(category)) return true;
  const quota = quotaOf(orm).get({ delegation: delegationId })?.quota ?? null;
  return quota === null || placesHeld(orm, { delegationId, except }) < quota;
}

/** How many of the delegation's places are held, `except` not counted. */
export function placesHeld(
  orm: Orm,
  { delegationId, except = "" }: { delegationId: string; except?: string },
): number {
  return heldIn(orm).get({ delegation: delegationId, except })?.held ?? 0;
}
