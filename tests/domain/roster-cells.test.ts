import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockOf, laid, moved, oneLine, readBlock, writeBlock } from "#app/components/roster-cells.ts";
import { optionOf } from "#app/components/roster-types.ts";

describe("a block from a spreadsheet", () => {
  it("reads back as it was written, whatever its cells hold", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', "\t", "\n", "中", " ", ",") });
    const block = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([rows, cols]) =>
        fc.array(fc.array(cell, { minLength: cols, maxLength: cols }), { minLength: rows, maxLength: rows }),
      )
      // A last row that is empty is the line break with which spreadsheets end.
      .filter((rows) => rows.length === 1 || rows.at(-1)?.join("") !== "");
    fc.assert(
      fc.property(block, (rows) => {
        expect(readBlock(writeBlock(rows))).toEqual(rows);
      }),
    );
  });

  it("reads what Excel lays down: line ends of two characters, quotation marks only where they are needed", () => {
    expect(readBlock('Dr.\r\n"two\nlines"\t"say ""no"""\r\n')).toEqual([["Dr."], ["two\nlines", 'say "no"']]);
    expect(readBlock('"Great" Lakes\t5" disk')).toEqual([['"Great" Lakes', '5" disk']]);
  });
});

describe("what is pasted", () => {
  const size = { rows: 4, cols: 6 };
  const spot = (row: number, col: number) => ({ top: row, bottom: row, left: col, right: col });
  const block = [
    ["a", "b"],
    ["c", "d"],
  ];

  it("keeps its columns when it begins at the name, and says what had no place", () => {
    const named = laid(block, spot(0, 1), size);
    expect([named.text(0, 1), named.text(0, 2), named.text(1, 2)]).toEqual(["a", "b", "d"]);
    expect(named.lost).toEqual({ rows: 0, cols: 0 });
    const corner = laid(block, spot(3, 5), size);
    expect(corner.over).toEqual(spot(3, 5));
    expect(corner.text(3, 5)).toBe("a");
    expect(corner.lost).toEqual({ rows: 1, cols: 1 });
  });

  it("fills what is selected with one cell, and with rows that fit evenly", () => {
    expect(laid([["x"]], { top: 0, bottom: 3, left: 2, right: 4 }, size).text(3, 4)).toBe("x");
    const twice = laid(block, { top: 0, bottom: 3, left: 2, right: 2 }, size);
    expect(twice.over).toEqual({ top: 0, bottom: 3, left: 2, right: 3 });
    expect(twice.text(3, 3)).toBe("d");
    expect(laid(block, { top: 0, bottom: 2, left: 2, right: 2 }, size).over.bottom).toBe(1);
  });

  it("is one line where a cell holds no more", () => {
    expect(oneLine(" China University\n of Law\t(CUPL) ")).toBe("China University of Law (CUPL)");
    expect(oneLine("中国政法大学\n（北京）\nCUPL")).toBe("中国政法大学（北京） CUPL");
  });
});

describe("moving in the grid", () => {
  it("never leaves it", () => {
    const keys = fc.constantFrom(
      "ArrowUp",
      "ArrowDown",
      "ArrowLeft",
      "ArrowRight",
      "Home",
      "End",
      "PageUp",
      "PageDown",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.boolean())), (steps) => {
        let spot = { row: 3, col: 1 };
        for (const [key, far] of steps) {
          spot = moved(spot, { key, far }, { rows: 7, cols: 4 }) ?? spot;
          expect(spot.row >= 0 && spot.row < 7 && spot.col >= 0 && spot.col < 4).toBe(true);
        }
      }),
    );
    expect(moved({ row: 3, col: 1 }, { key: "x", far: false }, { rows: 7, cols: 4 })).toBeNull();
    expect(blockOf({ row: 3, col: 1 }, { row: 1, col: 2 })).toEqual({ top: 1, bottom: 3, left: 1, right: 2 });
  });
});

describe("a word of a closed list", () => {
  const options = [
    { value: "delegate", label: "Delegate", also: ["代表"] },
    { value: "deputy_head", label: "Deputy head", also: ["副团长"] },
    { value: "observer", label: "Observer", also: ["观察员"] },
  ];
  it("is known in either language, by its code, in any case, and by a beginning that is one word's alone", () => {
    for (const typed of ["observer", "OBSERVER ", "观察员", "obs", "Ｏｂｓｅｒｖｅｒ"])
      expect(optionOf(options, typed)).toBe("observer");
    expect(optionOf(options, "de")).toBeNull();
    expect(optionOf(options, "Emperor")).toBeNull();
    expect(optionOf(options, "  ")).toBe("");
  });
});
