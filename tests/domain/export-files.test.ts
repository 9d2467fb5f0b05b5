import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractText, getDocumentProxy } from "unpdf";
import { describe, expect, it } from "vitest";
import { type PeopleFile, peopleCsv, peopleXlsx } from "#app/documents/people-file.ts";
import { peoplePdf } from "#app/documents/people-pdf.server.ts";
import type { SheetCell } from "#app/documents/xlsx.server.ts";

/*
 * Files of people as other programs read them. The spreadsheet is LibreOffice's, without a window; where there is none
 * these checks are left out, and say so.
 */

const OFFICE = ["soffice", "/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice"].find(
  (program) => spawnSync(program, ["--version"], { timeout: 60_000 }).status === 0,
);
if (OFFICE === undefined)
  console.warn(
    "LibreOffice (soffice) is not here: nothing shows that a spreadsheet opens our files rightly.",
  );

const NASTY = [
  "=1+1",
  "=cmd|' /C calc'!A1",
  "+1+1",
  "-2+3",
  "@SUM(1)",
  "＝1+1",
  "\t=1",
  '=HYPERLINK("http://x.example","x")',
  '=DDE("a";"b";"c")',
];
const NUMBERS = [
  "110101190001010017",
  "000000190001010017",
  "001234567",
  "1e5",
  "08-0012",
  "12:30",
  "3/4",
  "TRUE",
];
const NAMES = ["王䶮", "𠮷野家", "𬱖", "Zoë O’Neill-Đặng", "甪端", '"Ann", Jr.'];

const COLUMNS = [
  { heading: "Name · 姓名", kind: "text" },
  { heading: "Text", kind: "text" },
  { heading: "Arrives", kind: "day" },
  { heading: "Nights", kind: "number" },
] as const;

function rows(): Array<Array<SheetCell>> {
  const texts = [...NASTY, ...NUMBERS];
  return texts.map((text, n) => [
    NAMES[n % NAMES.length] ?? "",
    text,
    n === 3 ? null : { day: `2018-12-${String((n % 28) + 1).padStart(2, "0")}` },
    n === 5 ? null : n,
  ]);
}

async function* inParts(all: ReadonlyArray<ReadonlyArray<SheetCell>>, size = 5) {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

function file(all = rows()): PeopleFile {
  return {
    sheet: "名单 List",
    above: ["Dialogue · 对话", "As of 4 Dec", "Taken by Grace"],
    columns: COLUMNS,
    parts: inParts(all),
  };
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  return Buffer.from(await new Response(stream).arrayBuffer());
}

/** Opens a file with LibreOffice and saves it as something else. */
function converted(bytes: Buffer, from: "xlsx" | "csv", to: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "secretariat-office-"));
  try {
    const source = join(folder, `people.${from}`);
    writeFileSync(source, bytes);
    const filter = from === "csv" ? ["--infilter=CSV:44,34,76,1,,0,false,false"] : [];
    execFileSync(
      OFFICE ?? "",
      [
        `-env:UserInstallation=file://${join(folder, "profile")}`,
        ...[
          "--headless",
          "--norestore",
          ...filter,
          "--convert-to",
          to,
          "--outdir",
          join(folder, "out"),
          source,
        ],
      ],
      { stdio: "ignore", timeout: 110_000 },
    );
    return readFileSync(join(folder, "out", `people.${to.split(":")[0]}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cells of an OpenDocument sheet as LibreOffice understood them. */
function cellsOf(document: string): Array<Array<Record<"type" | "value" | "formula" | "text", string>>> {
  const rows = document.match(/<table:table-row[ >].*?<\/table:table-row>/gs) ?? [];
  return rows.map((row) =>
    [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)].map(
      ([, attributes = "", content = ""]) => {
        const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
        return {
          type: of("office:value-type"),
          value: of("office:value") || of("office:date-value"),
          formula: of("table:formula"),
          text: [...content.matchAll(/<text:p>(.*?)<\/text:p>/gs)]
            .map(([, line = ""]) => plain(line))
            .join("\n"),
        };
      },
    ),
  );
}

function plain(xml: string): string {
  return xml
    .replaceAll("<text:tab/>", "\t")
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&apos;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

describe.skipIf(OFFICE === undefined)("a spreadsheet that opens our files", () => {
  it("reads an XLSX as it was meant: text is text, numbers whole, days days, and nothing is a formula", async () => {
    const opened = cellsOf(converted(await bytesOf(peopleXlsx(file())), "xlsx", "fods").toString("utf8"));
    const at = opened.findIndex(([first]) => first?.text === "Name · 姓名");
    expect(opened.slice(0, at).map(([first]) => first?.text)).toEqual([
      "Dialogue · 对话",
      "As of 4 Dec",
      "Taken by Grace",
    ]);
    const read = opened.slice(at + 1, at + 1 + rows().length);
    expect(opened.flat().filter(({ formula }) => formula !== "")).toEqual([]);
    expect(read.map(([name, text]) => [name?.type, name?.text, text?.type, text?.text])).toEqual(
      rows().map(([name, text]) => ["string", name, "string", text]),
    );
    expect(read.map(([, , day]) => day?.value)).toEqual(
      rows().map(([, , day]) => (typeof day === "object" && day !== null ? day.day : "")),
    );
    expect(read.map(([, , , nights]) => nights?.value)).toEqual(
      rows().map(([, , , nights]) => (nights === null ? "" : String(nights))),
    );
  });

  it("reads a CSV without running anything in it, in any script", async () => {
    const opened = cellsOf(converted(await bytesOf(peopleCsv(file())), "csv", "fods").toString("utf8"));
    expect(opened.flat().filter(({ formula }) => formula !== "")).toEqual([]);
    const texts = opened.flat().map(({ text }) => text);
    for (const name of NAMES) expect(texts).toContain(name);
    for (const text of NASTY) expect(texts.some((found) => found.trim() === `'${text}`.trim())).toBe(true);
  });
});

describe("a list on paper", () => {
  const many = Array.from(
    { length: 140 },
    (_, n): Array<SheetCell> => [NAMES[n % NAMES.length] ?? "", `person ${n}`, { day: "2018-12-05" }, n],
  );

  it("begins each page with its headings, says whose copy it is on each, and leaves nobody out", async () => {
    const paper = {
      locale: "en" as const,
      paper: "LETTER" as const,
      at: Date.UTC(2018, 11, 1),
      stamp: "Grace · 2018-12-01",
      partsBy: null,
    };
    const bytes = await peoplePdf({ ...file(many), ...paper });
    const { text, totalPages } = await extractText(await getDocumentProxy(bytes.slice()));
    expect(totalPages).toBeGreaterThan(2);
    for (const [n, page] of text.entries()) {
      expect(page).toContain("Name · 姓名");
      expect(page).toContain("Taken by Grace");
      expect(page).toContain("Grace · 2018-12-01");
      expect(page).toContain(`${n + 1} / ${totalPages}`);
    }
    const whole = text.join(" ");
    for (const [, person] of many) expect(whole).toMatch(new RegExp(`${String(person)}(?!\\d)`));
    expect(await peoplePdf({ ...file(many), ...paper })).toEqual(bytes);
  });

  it("goes on over the next page with what is longer than a page", async () => {
    const words = Array.from({ length: 2_500 }, (_, n) => `word-${n}.`);
    const paper = { locale: "en" as const, paper: "A4" as const, at: 0, stamp: "Grace", partsBy: null };
    const rows: Array<Array<SheetCell>> = [["x", words.join(" "), null, 1], ...many.slice(0, 1)];
    const pdf = await getDocumentProxy(await peoplePdf({ ...file(rows), ...paper }));
    const onPaper: Array<string> = [];
    for (let n = 1; n <= pdf.numPages; n += 1) {
      const { items } = await (await pdf.getPage(n)).getTextContent();
      for (const item of items) if ("str" in item && item.transform[5] > 0) onPaper.push(item.str);
    }
    const whole = onPaper.join(" ");
    expect(words.filter((word) => !whole.includes(word))).toEqual([]);
    expect(whole).toContain("person 0");
  });

  it("is in parts where it is told by what, each under its heading", async () => {
    const paper = { locale: "zh-CN" as const, paper: "A4" as const, at: 0, stamp: "Grace", partsBy: 0 };
    const bytes = await peoplePdf({ ...file(many.slice(0, 12).sort()), ...paper });
    const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: true });
    expect(text).not.toContain("Name · 姓名");
    expect(text.match(/甪端/g)).toHaveLength(1);
  });
});

it("a file whose taker goes away is asked for no further", async () => {
  let asked = 0;
  async function* parts() {
    for (; asked < 1_000; asked += 1)
      yield [["x", String(asked).repeat(500), null, 1]] as Array<Array<SheetCell>>;
  }
  for (const make of [peopleCsv, peopleXlsx]) {
    asked = 0;
    const reader = make({ ...file(), parts: parts() }).getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    expect(asked).toBeLessThan(1_000);
  }
});
