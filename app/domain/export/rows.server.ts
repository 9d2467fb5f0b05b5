import { standBack } from "../../platform/turns.ts";
import type { StaffContext } from "../context.ts";
import type { ColumnWithValue } from "../roster/columns.server.ts";
import { rosterRows } from "../roster/queries.server.ts";
import type { CellValue } from "../roster/rules.ts";

/** Read at once: a few milliseconds, in which nobody else is answered. */
const PART = 250;

/**
 * The people of a file, a part at a time, as they are when their part is read. Who is no longer this scope's by then is
 * left out.
 */
export async function* exportRows<Row>(
  ctx: Pick<StaffContext, "db" | "scope">,
  {
    columns,
    invitationIds,
  }: { columns: ReadonlyArray<ColumnWithValue>; invitationIds: ReadonlyArray<string> },
  row: (cells: ReadonlyArray<CellValue>) => Row,
): AsyncGenerator<Array<Row>> {
  for (let from = 0; from < invitationIds.length; from += PART) {
    const begun = performance.now();
    const part = rosterRows(ctx, columns, invitationIds.slice(from, from + PART)).map(({ cells }) =>
      row(cells),
    );
    const worked = performance.now() - begun;
    yield part;
    await standBack(worked);
  }
}
