/* Blocks of cells as spreadsheets hand them over, and the moves between cells. */

/** A block of cells from a spreadsheet: tabs and line breaks, with quotation marks around cells that hold some themselves. */
export function readBlock(text: string): Array<Array<string>> {
  const rows: Array<Array<string>> = [[]];
  let cell = "";
  let quoted = false;
  const put = () => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  const plain = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  for (let at = 0; at < plain.length; at++) {
    const sign = plain[at] ?? "";
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (plain[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && cell === "" && closes(plain, at)) quoted = true;
    else if (sign === "\t") put();
    else if (sign === "\n") {
      put();
      rows.push([]);
    } else cell += sign;
  }
  put();
  // The line break behind the last row begins no other one.
  const last = rows.at(-1);
  if (rows.length > 1 && last?.length === 1 && last[0] === "") rows.pop();
  return rows;
}

/** Whether the quotation mark at this place has its other half right before a tab, a line break or the end. */
function closes(text: string, at: number): boolean {
  return /^"(?:[^"]|"")*"(?:[\t\n]|$)/.test(text.slice(at));
}

export function writeBlock(rows: ReadonlyArray<ReadonlyArray<string>>): string {
  return rows
    .map((row) =>
      row.map((cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t"),
    )
    .join("\n");
}

/** Several lines as one, for a cell that holds no more. Words stay apart; Chinese has no spaces to keep. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/(?<=[\p{Script=Han}，、（）])\s*[\n\t]\s*(?=[\p{Script=Han}（）])/gu, "")
    .replaceAll(/\s*[\n\t]\s*/g, " ");
}

export type Spot = { row: number; col: number };
export type Block = { top: number; bottom: number; left: number; right: number };

export function blockOf(one: Spot, other: Spot): Block {
  return {
    top: Math.min(one.row, other.row),
    bottom: Math.max(one.row, other.row),
    left: Math.min(one.col, other.col),
    right: Math.max(one.col, other.col),
  };
}

/**
 * Where a pasted block comes to lie: one cell fills all that is selected, rows are repeated when they fit evenly. What is
 * copied from the name on begins at the name, so that each column stays in its own; the box before it is no cell.
 */
export function laid(
  rows: ReadonlyArray<ReadonlyArray<string>>,
  selected: Block,
  size: { rows: number; cols: number },
): {
  over: Block;
  /** What had no place. */
  lost: { rows: number; cols: number };
  text: (row: number, col: number) => string | null;
} {
  const wide = Math.max(...rows.map((row) => row.length));
  const tall = selected.bottom - selected.top + 1;
  if (rows.length === 1 && wide === 1)
    return { over: selected, lost: { rows: 0, cols: 0 }, text: () => rows[0]?.[0] ?? null };
  const { top } = selected;
  const left = Math.max(1, selected.left);
  const height = tall > rows.length && tall % rows.length === 0 ? tall : rows.length;
  const bottom = Math.min(top + height, size.rows) - 1;
  const right = Math.min(left + wide, size.cols) - 1;
  return {
    over: { top, bottom, left, right },
    lost: { rows: top + height - 1 - bottom, cols: left + wide - 1 - right },
    text: (row, col) => rows[(row - top) % rows.length]?.[col - left] ?? null,
  };
}

const PAGE_OF_ROWS = 20;

/** Where a key leads from a cell; null: it is no key that moves. */
export function moved(
  { row, col }: Spot,
  { key, far }: { key: string; far: boolean },
  { rows, cols }: { rows: number; cols: number },
): Spot | null {
  const within = (spot: Spot) => ({
    row: Math.max(0, Math.min(rows - 1, spot.row)),
    col: Math.max(0, Math.min(cols - 1, spot.col)),
  });
  switch (key) {
    case "ArrowUp":
      return within({ row: far ? 0 : row - 1, col });
    case "ArrowDown":
      return within({ row: far ? rows - 1 : row + 1, col });
    case "ArrowLeft":
      return within({ row, col: far ? 0 : col - 1 });
    case "ArrowRight":
      return within({ row, col: far ? cols - 1 : col + 1 });
    case "Home":
      return within({ row: far ? 0 : row, col: 0 });
    case "End":
      return within({ row: far ? rows - 1 : row, col: cols - 1 });
    case "PageUp":
      return within({ row: row - PAGE_OF_ROWS, col });
    case "PageDown":
      return within({ row: row + PAGE_OF_ROWS, col });
    default:
      return null;
  }
}
