import { and, count, eq, inArray, isNotNull, ne, or, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { delegation, invitation } from "#db/schema/index.ts";
import type { Category } from "#db/vocabulary.ts";
import { QUOTA_CATEGORIES, takesPlace } from "./quota.ts";
import { stands } from "./standing.server.ts";

const quotaOf = prepared((orm) =>
  orm
    .select({ quota: delegation.quota })
    .from(delegation)
    .where(eq(delegation.id, sql.placeholder("delegation")))
    .prepare(),
);

/** 1 when somebody comes instead of one who held a place: they keep it, from the first draft on. */
export const inheritsPlace = sql<number>`exists (
  select 1 from invitation earlier where earlier.id = ${invitation.replacesId}
  and (earlier.approved_at is not null or earlier.sent_at is not null))`;

/** `holdsPlace` as a condition. */
export const placeIsHeld = and(
  inArray(invitation.category, [...QUOTA_CATEGORIES]),
  or(isNotNull(invitation.approvedAt), isNotNull(invitation.sentAt), inheritsPlace),
  ne(invitation.reply, "declined"),
  stands,
);

const heldIn = prepared((orm) =>
  orm
    .select({ held: count() })
    .from(invitation)
    .where(
      and(
        eq(invitation.delegationId, sql.placeholder("delegation")),
        ne(invitation.id, sql.placeholder("except")),
        placeIsHeld,
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
  const left = placesLeft(orm, { delegationId, except });
  return left === null || left > 0;
}

/** How many places are free; null: there is no quota. Less than none when there are more people than places. */
export function placesLeft(
  orm: Orm,
  { delegationId, except = "" }: { delegationId: string; except?: string },
): number | null {
  const quota = quotaOf(orm).get({ delegation: delegationId })?.quota ?? null;
  return quota === null ? null : quota - placesHeld(orm, { delegationId, except });
}

/** How many of the delegation's places are held, `except` not counted. */
function placesHeld(
  orm: Orm,
  { delegationId, except = "" }: { delegationId: string; except?: string },
): number {
  return heldIn(orm).get({ delegation: delegationId, except })?.held ?? 0;
}
