import type { ExportPurpose } from "#db/vocabulary.ts";
import { standBack, worked } from "../../platform/turns.ts";
import type { StaffContext } from "../context.ts";
import { type ColumnWithValue, rosterColumns } from "../roster/columns.server.ts";
import { rosterParts } from "../roster/queries.server.ts";
import type { CellValue, RosterView } from "../roster/rules.ts";
import { isForOthers } from "./rules.ts";

/** Read at once: a few milliseconds, in which nobody else is answered. */
const PART = 250;

/** The people of a file, a part at a time, as they are when their part is read. */
export async function* exportRows<Row>(
  ctx: Pick<StaffContext, "db" | "scope">,
  {
    purpose,
    view,
    columns,
  }: { purpose: ExportPurpose; view: RosterView; columns: ReadonlyArray<ColumnWithValue> },
  row: (cells: ReadonlyArray<CellValue>) => Row,
): AsyncGenerator<Array<Row>> {
  const hidden = isForOthers(purpose) ? columns.map(({ key }) => INSTITUTION.has(key)) : [];
  const capacity = hidden.includes(true) ? rosterColumns(ctx).filter(({ key }) => key === CAPACITY) : [];
  const shown = (cells: ReadonlyArray<CellValue>) => {
    const own = cells.slice(0, columns.length);
    return cells[columns.length] === "on" ? own.map((cell, n) => (hidden[n] ? null : cell)) : own;
  };
  const parts = rosterParts(ctx, view, [...columns, ...capacity], PART);
  for (let begun = worked(); ; begun = worked()) {
    const part = parts.next();
    if (part.done === true) return;
    yield part.value.map((cells) => row(capacity.length === 0 ? cells : shown(cells)));
    // What was made of the part held others up as well.
    await standBack(worked() - begun);
  }
}

/** Whoever takes part in a personal capacity was promised that their institution is not shown in public. */
const CAPACITY = "answer:personalCapacity";
const INSTITUTION: ReadonlySet<string> = new Set(["institutionEn", "institutionZh"]);
