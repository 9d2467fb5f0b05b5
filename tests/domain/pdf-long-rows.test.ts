import { expect, test } from "vitest";
import { clearancePdf } from "#app/documents/clearance-pdf.server.ts";
import { needSheetPdf } from "#app/documents/need-sheet-pdf.server.ts";
import { releasePdf } from "#app/documents/release-pdf.server.ts";
import { pdfText } from "../support/pdf.ts";

const words = Array.from({ length: 2_500 }, (_, n) => `word-${n}.`);
const long = words.join(" ");

async function lost(bytes: Uint8Array): Promise<Array<string>> {
  const whole = await pdfText(bytes);
  expect(whole).toContain("Zhao Second");
  return words.filter((word) => !whole.includes(word));
}

test("a kitchen's sheet goes on over the next page with what is longer than a page", async () => {
  const columns = [
    { heading: "Name", weight: 1 },
    { heading: "What", weight: 2 },
  ];
  const rows = [
    ["Wang First", long],
    ["Zhao Second", "nothing"],
  ];
  const sheet = { title: "Sheet", above: [], parts: [{ heading: "People", columns, rows, none: "" }] };
  expect(await lost(await needSheetPdf(sheet, { locale: "en", at: 0, unprintable: (c) => c }))).toEqual([]);
});

test("so does a host's list", async () => {
  const rows = [
    ["Wang First", long],
    ["Zhao Second", ""],
  ];
  const list = { above: ["List"], headings: ["Name", "What"], rows, locale: "en" as const, at: 0, hash: "0" };
  expect(await lost(await clearancePdf(list))).toEqual([]);
});

test("and what was released, with its watermark on each page", async () => {
  const columns = ["nameLatin", "positionEn"] as const;
  const rows = [
    ["Wang First", long],
    ["Zhao Second", ""],
  ];
  const mark = {
    fromEn: "A",
    fromZh: "甲",
    toEn: "B",
    toZh: "乙",
    recipient: "",
    purpose: "Seating",
    expiresAt: 1,
    timeZone: "Asia/Shanghai",
    reader: "Reader",
    at: 0,
  };
  expect(await lost(await releasePdf({ columns: [...columns], rows }, mark, "en"))).toEqual([]);
});
