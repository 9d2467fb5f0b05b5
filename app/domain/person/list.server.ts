import type { StaffContext } from "../context.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import type { PeopleFilter } from "./form.ts";
import { allPeople, type PersonInList } from "./queries.server.ts";

/**
 * Everybody whom the filter leaves, to go into a file. That somebody took a file is written down.
 *
 * @param only no others than these invitations, in this order; null: no further limit.
 */
export function exportPeople(
  ctx: StaffContext,
  filter: PeopleFilter,
  only: ReadonlyArray<string> | null = null,
): Promise<ReadonlyArray<PersonInList>> {
  const places = only === null ? null : new Map(only.map((id, n) => [id, n]));
  const among = (people: ReadonlyArray<PersonInList>) =>
    places === null
      ? people
      : people
          .filter(({ invitationId }) => places.has(invitationId))
          .sort((a, b) => (places.get(a.invitationId) ?? 0) - (places.get(b.invitationId) ?? 0));
  return ctx.db.write((tx) => {
    // Whoever works for two sides takes two lists in one file; each side's trail has its own.
    const bySide = ctx.scope.sideIds.map((sideId) => ({
      sideId,
      people: among(allPeople({ ...ctx, scope: { ...ctx.scope, sideIds: [sideId] } }, filter)),
    }));
    auditEachSide(tx, ctx, bySide, (own) => ({
      action: "person.export",
      details: {
        count: own.reduce((sum, { people }) => sum + people.length, 0),
        columns: ["name", "post", "delegation", "category", "states"],
      },
    }));
    return bySide.length === 1 ? (bySide[0]?.people ?? []) : among(allPeople(ctx, filter));
  });
}
