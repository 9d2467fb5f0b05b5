import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { staffEdition } from "../../context.server.ts";
import { findEditionForStaff } from "../../domain/access/queries.server.ts";
import type { Act } from "../../domain/access/rules.ts";
import type { StaffContext } from "../../domain/context.ts";

/** What a file may need of whoever takes it, from the least to the most. */
const ACTS: ReadonlyArray<Act> = [
  ["invitations", "mail", "logistics", "duty_desk"],
  ["logistics", "duty_desk"],
  "logistics",
  "lead",
];

/**
 * A member of staff with each of the scopes that an act gives them: whoever does logistics on one side and only reads the
 * lists of another takes the travel desk's file of the first alone, and the list of participants of both.
 */
export async function exportReader(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const found = await staffEdition(args);
  const { ctx, account, edition } = found;
  const more = ACTS.flatMap((act): Array<StaffContext> => {
    const known = findEditionForStaff(ctx, { userId: account.id, slug: edition.slug, act });
    return known === null ? [] : [{ ...ctx, scope: known.scope }];
  });
  return { ...found, readers: [ctx, ...more] };
}
