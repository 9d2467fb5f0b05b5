import type { StaffContext } from "../context.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import type { PeopleFilter } from "./form.ts";
import { allPeople, type PersonInList } from "./queries.server.ts";

/** Everybody whom the filter leaves, to go into a file. That somebody took a file is written down. */
export function exportPeople(ctx: StaffContext, filter: PeopleFilter): Promise<ReadonlyArray<PersonInList>> {
  return ctx.db.write((tx) => {
    // Whoever works for two sides takes two lists in one file; each side's trail has its own.
    const bySide = ctx.scope.sideIds.map((sideId) => ({
      sideId,
      people: allPeople({ ...ctx, scope: { ...ctx.scope, sideIds: [sideId] } }, filter),
    }));
    auditEachSide(tx, ctx, bySide, (own) => ({
      action: "person.export",
      details: {
        count: own.reduce((sum, { people }) => sum + people.length, 0),
        columns: ["name", "post", "delegation", "category", "states"],
      },
    }));
    return bySide.length === 1 ? (bySide[0]?.people ?? []) : allPeople(ctx, filter);
  });
}
