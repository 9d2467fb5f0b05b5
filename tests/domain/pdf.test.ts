import { extractText, getDocumentProxy } from "unpdf";
import { expect, test } from "vitest";
import { breakLines, unbreakable } from "#app/documents/lines.ts";
import { missingGlyphs, type PdfPlan, paperOf, type Sheet, writePdf } from "#app/documents/pdf.server.ts";

const NAMES = "王䶮、𬱖先生、O’Example、Maria-José、阿依示例·艾模板";

function plan(more: Partial<PdfPlan> & Pick<PdfPlan, "draw">): PdfPlan {
  return { title: "Letter", locale: "zh-CN", paper: paperOf("zh-CN"), at: 1_540_800_000_000, ...more };
}

async function read(bytes: Uint8Array): Promise<{ pages: ReadonlyArray<string>; sizes: Array<string> }> {
  const proxy = await getDocumentProxy(bytes.slice());
  const { text } = await extractText(proxy, { mergePages: false });
  const sizes: Array<string> = [];
  for (let n = 1; n <= proxy.numPages; n++) {
    const [, , width = 0, height = 0] = (await proxy.getPage(n)).view;
    sizes.push(`${Math.round(width)}×${Math.round(height)}`);
  }
  return { pages: text, sizes };
}

test("a page holds both scripts, rare characters included, in a small file that is the same each time", async () => {
  const draw = (sheet: Sheet) => sheet.write(NAMES);
  const bytes = await writePdf(plan({ draw }));
  const { pages, sizes } = await read(bytes);
  expect(pages.join("").replaceAll(/\s/g, "")).toBe(NAMES.replaceAll(/\s/g, ""));
  expect(sizes).toEqual(["595×842"]);
  expect(bytes.length).toBeLessThan(60_000);
  expect(Buffer.compare(await writePdf(plan({ draw })), bytes)).toBe(0);
});

test("a long text goes on over the page, loses nothing, and every page says which it is", async () => {
  const paragraph =
    "会议讨论适用查塔姆宫规则（Chatham House Rule），工作语言为中文和英文，并提供口译。".repeat(40);
  const bytes = await writePdf(
    plan({
      draw: (sheet) => sheet.write(`${paragraph}\n${paragraph}`, { align: "justify", indent: 2 }),
      footer: (sheet, page) =>
        sheet.put(`${page.number}/${page.of}`, { x: sheet.left, y: sheet.bottom + 20 }),
    }),
  );
  const { pages } = await read(bytes);
  expect(pages.length).toBeGreaterThan(1);
  for (const [n, page] of pages.entries()) expect(page).toContain(`${n + 1}/${pages.length}`);
  const text = pages.map((page, n) => page.replace(`${n + 1}/${pages.length}`, "")).join("");
  expect(text.replaceAll(/\s/g, "")).toBe(`${paragraph}${paragraph}`.replaceAll(/\s/g, ""));
});

test("Americans get their own paper", async () => {
  const bytes = await writePdf(
    plan({ locale: "en", paper: paperOf("en"), draw: (sheet) => sheet.write("Hello") }),
  );
  expect((await read(bytes)).sizes).toEqual(["612×792"]);
});

test("characters that cannot be printed are named", async () => {
  expect(await missingGlyphs(`${NAMES}\nLYU Shiyong 吕试用 德美玲 “…”——`)).toEqual([]);
  expect(await missingGlyphs("Dvořák, Dvořák \u{20bb7}")).toEqual(["ř", "\u{20bb7}"]);
});

/** Every character one wide. */
const measure = (text: string) => [...text].length;
const inLines = (text: string, width: number, indent = 0) =>
  breakLines(text, { width, indent, measure }).map((line) => line.text);

test.each([
  [
    "no line begins with a closing mark",
    "甲乙丙丁，戊己庚辛。壬癸",
    4,
    ["甲乙丙", "丁，戊己", "庚辛。壬", "癸"],
  ],
  ["nor ends with an opening one", "甲乙丙（丁戊）", 4, ["甲乙丙", "（丁戊）"]],
  ["a number keeps its counter", "会议于12月3日举行", 5, ["会议于", "12月3日", "举行"]],
  ["English breaks between words", "the rule of law", 8, ["the rule", "of law"]],
  ["and after a hyphen", "Track-two dialogue", 10, ["Track-two", "dialogue"]],
  ["a phone number stays together", "call +1-212-555-0100 now", 16, ["call", "+1-212-555-0100", "now"]],
  ["what is too long is cut, not lost", "Donaudampfschiff", 5, ["Donau", "dampf", "schif", "f"]],
  ["a character beyond 16 bits is one", "𬱖𬱖𬱖", 2, ["𬱖𬱖", "𬱖"]],
  ["an empty paragraph is an empty line", "", 5, [""]],
])("%s", (_what, text, width, lines) => {
  expect(inLines(text, width)).toEqual(lines);
});

test("the first line may be set in", () => {
  expect(inLines("甲乙丙丁戊己", 4, 2)).toEqual(["甲乙", "丙丁戊己"]);
});

test("a mailbox or an address of a page is not broken at its hyphens", () => {
  expect(unbreakable("to letters@us-delegation.example or well-known")).toEqual([
    "to ",
    "letters@us-delegation.example ",
    "or ",
    "well-",
    "known",
  ]);
  expect(unbreakable("请致电+1 212 555 0100或")).toEqual(["请", "致", "电", "+1 212 555 0100", "或"]);
  expect(unbreakable("见https://a-b.example/c-d。")).toEqual(["见", "https://a-b.example/c-d。"]);
});

test("the pieces of a text are the text", () => {
  const text = "On behalf of 示例 (“the Committee”), O’Example — 12月3日……";
  expect(unbreakable(text).join("")).toBe(text);
});
