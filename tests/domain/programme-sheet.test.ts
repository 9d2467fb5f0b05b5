import { extractText, getDocumentProxy } from "unpdf";
import { expect, test } from "vitest";
import {
  type ProgrammeSheetInput,
  programmeSheet,
  type SheetItem,
} from "#app/documents/programme-sheet.server.ts";

const BEGINS = Date.UTC(2018, 11, 3, 1);
const HOUR = 3_600_000;

function items(count: number): Array<SheetItem> {
  return Array.from({ length: count }, (_, n) => ({
    id: `item ${n}`,
    kind: "session" as const,
    startsAt: BEGINS + Math.floor(n / 8) * 24 * HOUR + (n % 8) * HOUR,
    endsAt: BEGINS + Math.floor(n / 8) * 24 * HOUR + (n % 8) * HOUR + HOUR,
    titleEn: `Session ${n}: Legal protections for specific groups, and what courts make of them`,
    titleZh: `第${n}单元：特定群体的法律保护`,
    placeEn: "Conference Room 1",
    placeZh: "第一会议室",
    interpretation: "simultaneous" as const,
    functions: n === 0 ? (["chair"] as const) : [],
    place: null,
    mine: n === 0,
    visit: null,
  }));
}

function sheet(more: Partial<ProgrammeSheetInput>) {
  return programmeSheet({
    items: items(12),
    trips: [
      {
        id: "trip",
        kind: "pickup",
        departsAt: BEGINS - 12 * HOUR,
        fromPlace: "Capital Airport, Terminal 3",
        toPlace: "Hotel",
        vehicle: "Car 1",
        plate: "京A·00001",
        sign: "Dialogue",
      },
    ],
    locale: "en",
    paper: "LETTER",
    editionTitle: "Dialogue on the Rule of Law",
    number: "08-017",
    timeZone: "Asia/Shanghai",
    homeTimeZone: "America/New_York",
    phones: "+86 10 0000 0001",
    version: 3,
    publishedAt: Date.UTC(2018, 11, 4, 13, 40),
    address: { url: "https://dialogue.example/v/ABCDEFGH", shown: "dialogue.example/v/ABCD-EFGH" },
    ...more,
  });
}

async function read(bytes: Uint8Array) {
  const document = await getDocumentProxy(bytes);
  const { text } = await extractText(document, { mergePages: true });
  const page = await document.getPage(1);
  return { pages: document.numPages, text: text.replaceAll(/\s+/g, " "), size: page.view.slice(2) };
}

test("a programme on paper names its version, its time in both zones and its address; its pick-up too", async () => {
  const { pages, text, size } = await read(await sheet({}));
  expect(pages).toBe(1);
  expect(size).toEqual([612, 792]);
  for (const word of [
    "Version 3",
    "9:40 PM, Beijing time",
    "8:40 AM, New York time",
    "dialogue.example/v/ABCD-EFGH",
    "From Capital Airport, Terminal 3 to Hotel",
    "Chair",
    "Session 11",
  ])
    expect(text).toContain(word);
});

test.each([30, 60, 90])("%i items are one sheet still, and all of them are on it", async (count) => {
  const { pages, text, size } = await read(
    await sheet({ items: items(count), locale: "zh-CN", paper: "A4" }),
  );
  expect(pages).toBe(1);
  expect(Math.round(size[0] ?? 0)).toBe(595);
  for (const n of [0, count - 1]) expect(text).toContain(`第${n}单元`);
});
