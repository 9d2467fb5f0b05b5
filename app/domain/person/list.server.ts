import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import type { PeopleFilter } from "./form.ts";
import { allPeople, type PersonInList } from "./queries.server.ts";

/** Everybody whom the filter leaves, to go into a file. That somebody took a file is written down. */
export function exportPeople(ctx: StaffContext, filter: PeopleFilter): Promise<ReadonlyArray<PersonInList>> {
  return ctx.db.write((tx) => {
    const people = allPeople(ctx, filter);
    recordAudit(tx, ctx, {
      action: "person.export",
      subjectKind: "edition",
      subjectId: ctx.scope.editionId,
      editionId: ctx.scope.editionId,
      sideId: null,
      details: { count: people.length, columns: ["name", "post", "delegation", "category", "states"] },
    });
    return people;
  });
}
