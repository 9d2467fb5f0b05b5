import { csvCell } from "./csv.ts";
import { type SheetCell, type SheetColumn, xlsxStream } from "./xlsx.server.ts";

/* People as a file of any length: a part of them is asked for when the part before has gone out. */

export type PeopleFile = {
  sheet: string;
  /** Whose list this is, for what, as of when and who took it. */
  above: ReadonlyArray<string>;
  columns: ReadonlyArray<Required<Pick<SheetColumn, "heading" | "kind">> & { width?: number }>;
  parts: AsyncIterable<ReadonlyArray<ReadonlyArray<SheetCell>>>;
};

export function peopleXlsx({ sheet, above, columns, parts }: PeopleFile): ReadableStream<Uint8Array> {
  return xlsxStream({ name: sheet, above, columns, rows: rowByRow(parts) });
}

async function* rowByRow(parts: PeopleFile["parts"]): AsyncGenerator<ReadonlyArray<SheetCell>> {
  for await (const part of parts) yield* part;
}

/** As `csvFile`, in parts. A day is `YYYY-MM-DD`. */
export function peopleCsv({ above, columns, parts }: PeopleFile): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const head = [...above.map((line) => [line]), columns.map(({ heading }) => heading)];
  const source = parts[Symbol.asyncIterator]();
  let begun = false;
  return new ReadableStream(
    {
      async pull(controller) {
        if (!begun) {
          begun = true;
          controller.enqueue(encoder.encode(`\ufeff${linesOf(head)}`));
          return;
        }
        const next = await source.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(linesOf(next.value)));
      },
      async cancel() {
        await source.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}

function linesOf(rows: ReadonlyArray<ReadonlyArray<SheetCell>>): string {
  let text = "";
  for (const row of rows) {
    let line = "";
    for (const cell of row) line += `${line === "" ? "" : ","}${csvCell(textOf(cell))}`;
    text += `${line}\r\n`;
  }
  return text;
}

function textOf(cell: SheetCell): string {
  if (cell === null) return "";
  if (typeof cell === "object") return cell.day;
  return String(cell);
}
