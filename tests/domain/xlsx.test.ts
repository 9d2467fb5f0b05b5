import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell, csvFile } from "#app/documents/csv.ts";
import { readXlsx, type Sheet, type SheetCell, xlsxBytes, xlsxStream } from "#app/documents/xlsx.server.ts";

function sheet(rows: Sheet["rows"], more: Partial<Sheet> = {}): Sheet {
  return { name: "List", columns: [{ heading: "A" }, { heading: "B" }, { heading: "C" }], rows, ...more };
}

async function readBack(
  rows: Sheet["rows"],
  more: Partial<Sheet> = {},
): Promise<Array<ReadonlyArray<string>>> {
  const read = await readXlsx(await xlsxBytes(sheet(rows, more)));
  return read.ok ? read.rows.map((row) => row.cells) : [];
}

/** The XML of the sheet itself, found in the archive by its name. */
function sheetXml(bytes: Uint8Array): string {
  const archive = Buffer.from(bytes);
  const name = Buffer.from("xl/worksheets/sheet1.xml");
  const central = archive.lastIndexOf(name) - 46;
  const local = archive.readUInt32LE(central + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  return inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(central + 20))).toString("utf8");
}

describe("a workbook that is written", () => {
  it("keeps long numbers, leading zeros, rare characters and spaces as they are", async () => {
    const row = ["000000190001010017", "001234567", " 王䶮 𠮷 "];
    expect(await readBack([row])).toEqual([["A", "B", "C"], row]);
  });

  it("has text cells only for what looks like a formula, and never a formula", async () => {
    const nasty = ["=cmd|'x'!A1", "＝1+1", "\t@SUM(1)", "-2", "+1", '=HYPERLINK("http://x.example")'];
    const bytes = await xlsxBytes(sheet(nasty.map((text) => [text, text, text])));
    const xml = sheetXml(bytes);
    expect(xml).not.toContain("<f");
    expect(xml.match(/<c [^>]*>/g)?.every((cell) => cell.includes('t="inlineStr"'))).toBe(true);
    expect((await readBack(nasty.map((text) => [text]))).slice(1)).toEqual(nasty.map((text) => [text]));
  });

  it("has real dates, which read back as the same day, also at the edges of what spreadsheets know", async () => {
    const days = ["1899-12-31", "1900-02-28", "1900-03-01", "1949-10-01", "2018-12-05", "9999-12-31"];
    const rows = days.map((day) => [{ day }]);
    const columns = [{ heading: "Day", kind: "day" as const }];
    expect((await readBack(rows, { columns })).slice(1).flat()).toEqual(days);
    const xml = sheetXml(await xlsxBytes(sheet([[{ day: "2018-12-05" }]], { columns })));
    expect(xml).toContain("<v>43439</v>");
  });

  it("has its lines above the headings, and the same bytes each time", async () => {
    const made = () => xlsxBytes(sheet([["x", 2.5, null]], { above: ["As of 4 Dec", "Page"] }));
    const first = await made();
    expect(await made()).toEqual(first);
    const read = await readXlsx(first);
    expect(read.ok && read.rows.map((row) => [row.row, row.cells])).toEqual([
      [1, ["As of 4 Dec"]],
      [2, ["Page"]],
      [3, ["A", "B", "C"]],
      [4, ["x", "2.5", ""]],
    ]);
  });

  it("gives back any text that was put in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1 }),
        async (texts) => {
          const legible = texts
            .map((text) => text.replaceAll(/[\ufffe\uffff]/g, ""))
            .filter((text) => text.trim());
          fc.pre(legible.length > 0);
          expect((await readBack(legible.map((text) => [text]))).slice(1)).toEqual(
            legible.map((text) => [text]),
          );
        },
      ),
      { numRuns: 60 },
    );
    const escaped = "_x0041_ and _x005F_";
    expect((await readBack([[escaped]])).at(1)).toEqual([escaped]);
  });

  it("stays a workbook, whatever somebody has typed: characters that XML has none of, more than fits into a cell", async () => {
    const read = await readXlsx(await xlsxBytes(sheet([["a\uffffb\ufffe"], ["x".repeat(40_000)], ["ends"]])));
    expect(read.ok && read.rows.slice(-3).map(({ cells }) => cells[0])).toEqual([
      "a\ufffdb\ufffd",
      `${"x".repeat(32_766)}…`,
      "ends",
    ]);
  });

  it("takes any name for its sheet", async () => {
    for (const name of [
      "",
      "a/b\\c?*[x]:",
      "'quoted'",
      "最高人民法院参观考察报备名单（第一版）北京互联网法院",
      "𠮷".repeat(40),
    ])
      expect(await readBack([["x"]], { name })).toHaveLength(2);
  });

  it("is streamed: rows are asked for while it is being taken, not before", async () => {
    let asked = 0;
    function* rows(): Generator<Array<SheetCell>> {
      for (; asked < 50_000; asked += 1) yield [`row ${asked} ${Math.random()}`, "b", "c"];
    }
    const reader = xlsxStream(sheet(rows())).getReader();
    await reader.read();
    await reader.read();
    expect(asked).toBeLessThan(50_000);
    await reader.cancel();
  });
});

describe("a workbook that is read", () => {
  it("says which long numbers may have been cut before it came here", async () => {
    const columns = [{ heading: "ID", kind: "number" as const }];
    const bytes = await xlsxBytes(sheet([[1.1010119000101e17], [42]], { columns }));
    const read = await readXlsx(bytes);
    expect(read.ok && read.rows.map((row) => row.cut)).toEqual([[], [0], []]);
    expect(read.ok && read.rows[2]?.cells).toEqual(["42"]);
  });

  it("is refused when it is none, is locked, has too many rows, or nothing", async () => {
    const problem = async (bytes: Uint8Array, mostRows = 1_000) => {
      const read = await readXlsx(bytes, { mostRows });
      return read.ok ? null : read.problem;
    };
    expect(await problem(new TextEncoder().encode("name,post"))).toBe("unreadable");
    expect(await problem(new Uint8Array(0))).toBe("unreadable");
    expect(await problem(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]))).toBe("encrypted");
    expect(await problem(new Uint8Array(3 * 1024 * 1024))).toBe("tooLarge");
    const whole = await xlsxBytes(sheet(Array.from({ length: 20 }, () => ["x"])));
    expect(await problem(whole, 10)).toBe("tooManyRows");
    expect(await problem(whole.slice(0, whole.length - 200))).toBe("unreadable");
    expect(await problem(await xlsxBytes({ name: "x", columns: [{ heading: "" }], rows: [] }))).toBe("empty");
  });

  it("is not unpacked when it says that it is a bomb, or lies about being none", async () => {
    const honest = bomb({ said: 64 * 1024 * 1024 });
    expect(await readXlsx(honest)).toEqual({ ok: false, problem: "tooLarge" });
    expect(await readXlsx(bomb({ said: 0 }))).toEqual({ ok: false, problem: "unreadable" });
    expect(await readXlsx(bomb({ said: 1_000 }))).toEqual({ ok: false, problem: "unreadable" });
  });
});

/** An archive of one part that unpacks to 64 MB of spaces and says of itself what is asked. */
function bomb({ said }: { said: number }): Uint8Array {
  const name = Buffer.from("[Content_Types].xml");
  const packed = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, " "));
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(said, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(said, 24);
  central.writeUInt16LE(name.length, 28);
  const start = local.length + name.length + packed.length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(start, 16);
  return Buffer.concat([local, name, packed, central, name, end]);
}

it("the same table as CSV is quoted, marked as UTF-8 and ends its lines as spreadsheets do", () => {
  expect(
    csvFile([
      ["A", "名"],
      ['say "x"', "=1"],
    ]),
  ).toBe('\ufeff"A","名"\r\n"say ""x""","\'=1"\r\n');
});

it("a cell of a CSV file that looks like a formula is text, whatever stands before it", () => {
  for (const text of ["=1+1", "+1", "-2", "@SUM(1)", "\tTab", "\rx", "＝1", "＋1", "－1", "＠x", "  =1"])
    expect(csvCell(text), text).toBe(`"'${text}"`);
  expect(csvCell('say "hi"')).toBe('"say ""hi"""');
});
