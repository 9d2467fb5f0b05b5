import type { StaffContext } from "#app/domain/context.ts";
import { rosterPage } from "#app/domain/roster/queries.server.ts";
import { rosterView, USUAL_VIEW } from "#app/domain/roster/rules.ts";

/** A page of everybody: of those whom a search finds, or who have this in a column. */
export function everybody(
  ctx: Pick<StaffContext, "db" | "scope">,
  { search = "", where = {} }: { search?: string; where?: Readonly<Record<string, string>> } = {},
) {
  const terms = Object.entries(where).map(([column, value]) => ({ column, test: "is", value }));
  return rosterPage(ctx, rosterView.parse({ ...USUAL_VIEW, search, any: terms.length === 0 ? [] : [terms] }));
}
