import { writeXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { decodeText } from "#app/domain/import/csv.server.ts";
import { readSheet } from "#app/domain/import/reading.ts";
import { guessMapping } from "#app/domain/import/rules.ts";
import { readTable } from "#app/domain/import/table.server.ts";
import { translate } from "#app/i18n/translate.ts";
import { cellsIn, csv, meetingWithLists } from "#tests/support/lists.ts";
import { tableOf } from "#tests/support/tables.ts";

/** Bytes of a text in an encoding that nothing here writes, by the table of what each character is read from. */
function inLegacy(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const codes = new Map<string, Array<number>>();
  for (let lead = 0x80; lead <= 0xff; lead += 1) {
    codes.set(decoder.decode(new Uint8Array([lead])), [lead]);
    for (let trail = 0x40; trail <= 0xff; trail += 1) {
      const read = decoder.decode(new Uint8Array([lead, trail]));
      if ([...read].length === 1 && !codes.has(read)) codes.set(read, [lead, trail]);
    }
  }
  return new Uint8Array([...text].flatMap((one) => codes.get(one) ?? [one.charCodeAt(0)]));
}

describe("a text that does not say in which encoding it is", () => {
  const chinese = csv("姓名,单位", "王小明,北京大学法学院", "李四,最高人民法院");
  const traditional = csv(
    "姓名,電子郵箱,單位",
    "王小明,wang@x.example,國立臺灣大學",
    "陳美麗,a@x.example,法學院",
  );
  const western = csv(
    "Name,Institution",
    "José García,Universität Zürich",
    "François Müller,École “normale”",
  );

  it.each([
    ["gb18030", chinese],
    // Traditional characters from a mainland computer.
    ["gb18030", traditional],
    ["big5", traditional],
    ["windows-1252", western],
    ["windows-1252", csv("Name,Institution", "Mark Müller,Court")],
    ["macintosh", csv("Name,Institution", "José García,Court").replaceAll("\r\n", "\r")],
  ])("is read as %s", (encoding, text) => {
    expect(decodeText(inLegacy(text, encoding))).toEqual({ text, encoding });
  });

  it("is read as UTF-16 also without its mark, in either order", () => {
    for (const text of [chinese, western]) {
      const little = Buffer.from(text, "utf16le");
      expect(decodeText(little)).toEqual({ text, encoding: "utf-16le" });
      expect(decodeText(Buffer.from(little).swap16())).toEqual({ text, encoding: "utf-16be" });
    }
  });
});

describe("a workbook", () => {
  const people = [
    ["Name", "Email"],
    ["Ann Sample", "ann@us.example"],
  ];
  const book = (sheets: Parameters<typeof writeXlsx>[0]["sheets"]) => writeXlsx({ sheets });
  const read = async (bytes: Uint8Array) => {
    const table = await tableOf(bytes);
    const notes = readSheet(table, guessMapping(table)).notes;
    return {
      people: table.rows.map(({ cells }) => cells[0]),
      notes: notes.map(({ key, values }) => translate("en", key, values)),
    };
  };

  it("is read where the list is: not on its cover, on an empty sheet, or on one that is hidden", async () => {
    const list = { name: "Delegates", rows: people };
    expect(
      (await read(await book([{ name: "Cover", rows: [["Confidential"], ["See overleaf"]] }, list]))).people,
    ).toEqual(["Name", "Ann Sample"]);
    expect((await read(await book([{ name: "Sheet1", rows: [] }, list]))).people).toEqual([
      "Name",
      "Ann Sample",
    ]);
    const hidden = { name: "Old", hidden: true, rows: [people[0] ?? [], ["Not Meant", "old@us.example"]] };
    expect(await read(await book([hidden, list]))).toEqual({ people: ["Name", "Ann Sample"], notes: [] });
  });

  it("says which of its rows nobody sees who opens it, and reads them", async () => {
    const names = ["Ann", "Bob", "Cai", "Dan", "Eve"];
    const rows = [
      ["List of people"],
      ["Name", "Email"],
      ...names.map((name) => [name, `${name}@us.example`]),
    ];
    // The title, two in a row, one by itself, and one that holds nothing.
    const rowDefs = new Map([0, 2, 3, 5, 9].map((index) => [index, { hidden: true }] as const));
    expect(await read(await book([{ name: "List", rows, rowDefs }]))).toEqual({
      people: ["List of people", "Name", ...names],
      notes: [
        "3 rows of the sheet are hidden, by a filter or by hand; they are read like the others: 3–4, 6.",
      ],
    });
    const one = { name: "List", rows, rowDefs: new Map([[4, { hidden: true }]]) };
    expect((await read(await book([{ name: "Cover", rows: [["See overleaf"]] }, one]))).notes).toContain(
      "One row of the sheet is hidden, by a filter or by hand; it is read like the others: 5.",
    );
  });

  it("says which of its sheets were not read", async () => {
    const second = { name: "美方", rows: [people[0] ?? [], ["Bob Sample", "bob@us.example"]] };
    expect(
      await read(await book([{ name: "中方", rows: people }, second, { name: "Sheet3", rows: [] }])),
    ).toEqual({
      people: ["Name", "Ann Sample"],
      notes: [
        "The sheet “中方” of the workbook is read. One other sheet is not: 美方. Import each as a file of its own.",
      ],
    });
  });

  it("is read to its end, whatever empty rows have a border", async () => {
    const blank = Array.from({ length: 3_000 }, () => ["", " "]);
    const rows = [...people, ...blank, ["Last Of All", "last@us.example"]];
    expect((await read(await book([{ name: "List", rows }]))).people.at(-1)).toBe("Last Of All");
    const endless = [...people, ...Array.from({ length: 50_000 }, () => [" "])];
    const found = await readTable(await book([{ name: "List", rows: endless }]));
    expect(found.ok ? "read" : found.refusal).toBe("tooManyRows");
  });
});

it("what a formula left that came to nothing is nobody's post, and told", async () => {
  const world = meetingWithLists();
  const { email } = world.person(0);
  const plan = await world.planned(csv("Email,Position,Institution,Note", `${email},#N/A,Court,#REF!`));
  expect(cellsIn(plan, 2)).toEqual([
    ["institutionEn", expect.any(String), "Court", true],
    ["positionEn", expect.any(String), "#N/A", false, expect.stringContaining("came to nothing")],
    ["note", "", "#REF!", false, expect.stringContaining("came to nothing")],
  ]);
  const fresh = await world.planned(csv("Name,Email,Position", "New Comer,new@us.example,#N/A"));
  expect(fresh.rows[0]?.fate).toBe("problem");
});
