import { standBack, worked } from "../../platform/turns.ts";
import type { StaffContext } from "../context.ts";
import type { ColumnWithValue } from "../roster/columns.server.ts";
import { rosterParts } from "../roster/queries.server.ts";
import type { CellValue, RosterView } from "../roster/rules.ts";

/** Read at once: a few milliseconds, in which nobody else is answered. */
const PART = 250;

/** The people of a file, a part at a time, as they are when their part is read. */
export async function* exportRows<Row>(
  ctx: Pick<StaffContext, "db" | "scope">,
  { view, columns }: { view: RosterView; columns: ReadonlyArray<ColumnWithValue> },
  row: (cells: ReadonlyArray<CellValue>) => Row,
): AsyncGenerator<Array<Row>> {
  const parts = rosterParts(ctx, view, columns, PART);
  for (let begun = worked(); ; begun = worked()) {
    const part = parts.next();
    if (part.done === true) return;
    yield part.value.map((cells) => row(cells));
    // What was made of the part held others up as well.
    await standBack(worked() - begun);
  }
}
