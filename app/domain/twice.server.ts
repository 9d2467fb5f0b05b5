/*
 * A form may come twice: of a double click, or of somebody who goes back and sends it again. The second one is answered as
 * the first was, and adds nothing.
 */
import { and, eq, getTableColumns, isNull, type SQL } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** Two clicks are one act: for this long, in milliseconds, the second gets the first one's answer. */
export const TWICE_WITHIN = 60_000;

/** The condition that these columns of a row hold just this, null included. */
export function justSo<Table extends SQLiteTable>(
  table: Table,
  facts: Partial<Table["$inferSelect"]>,
): SQL | undefined {
  const columns = getTableColumns(table);
  return and(
    ...Object.entries(facts).map(([name, value]) => {
      const column = columns[name];
      if (column === undefined) throw new Error(`There is no column ${name}`);
      return value === null ? isNull(column) : eq(column, value);
    }),
  );
}
