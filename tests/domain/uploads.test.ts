import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PLAIN_QUESTION, type RowQuestion } from "#app/domain/registration/definition.ts";
import { examine } from "#app/domain/upload/examine.server.ts";
import { copyVault } from "#app/domain/upload/record.server.ts";
import { contentOf, readCrop, titleOf } from "#app/domain/upload/rules.ts";
import { isMultipart, MultipartError, readMultipart } from "#app/platform/multipart.server.ts";
import { scan } from "#app/platform/scan.server.ts";
import {
  newVaultFile,
  readVaultFile,
  removeVaultFile,
  vaultFiles,
  wholeVaultFile,
  writeVaultFile,
} from "#app/platform/vault.server.ts";
import { docx, jpegWithPlace, pdf, pngHead, zip } from "#tests/support/files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vault-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const ANY = { portrait: false, accepts: PLAIN_QUESTION.accepts as RowQuestion["accepts"], crop: null };
const PORTRAIT = { ...ANY, portrait: true };

async function refusal(bytes: Buffer, wanted: Parameters<typeof examine>[1] = ANY): Promise<string> {
  const examined = await examine(bytes, wanted);
  return examined.ok ? "" : examined.refusal;
}

describe("what a file is", () => {
  test("follows from its content: a picture of words, a page with a program and an archive are not taken", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    expect(await refusal(svg)).toBe("upload.error.kind");
    expect(await refusal(svg, PORTRAIT)).toBe("upload.error.notPicture");
    expect(await refusal(Buffer.from("<html><script>1</script></html>"))).toBe("upload.error.kind");
    expect(await refusal(Buffer.from("GIF89a;/*"))).toBe("upload.error.kind");
    expect(await refusal(zip([{ name: "a.txt", bytes: Buffer.from("a") }]))).toBe("upload.error.kind");
    expect(await refusal(Buffer.alloc(0))).toBe("upload.error.kind");
    expect(contentOf(Buffer.concat([Buffer.from("\n"), pdf()]))).toBeNull();
  });

  test("is one of those that the question asks for", async () => {
    expect(await refusal(pdf())).toBe("");
    expect(await refusal(pdf(), { ...ANY, accepts: ["image"] })).toBe("upload.error.kind");
    expect(await refusal(docx())).toBe("");
    expect(await refusal(docx(), { ...ANY, accepts: ["pdf"] })).toBe("upload.error.kind");
    expect(await refusal(pdf(), PORTRAIT)).toBe("upload.error.notPicture");
  });
});

describe("a file that is two", () => {
  test("is refused: an archive behind a PDF, something behind an archive's list, a page inside a PDF", async () => {
    expect(await refusal(Buffer.concat([pdf(), docx()]))).toBe("upload.error.damaged");
    expect(await refusal(Buffer.concat([docx(), Buffer.from("<script>")]))).toBe("upload.error.damaged");
    expect(await refusal(pdf("<html><script>alert(1)</script>"))).toBe("upload.error.active");
  });

  test("as a picture is drawn anew, and the other one is gone", async () => {
    const both = Buffer.concat([await jpegWithPlace(), docx()]);
    const examined = await examine(both, PORTRAIT);
    if (!examined.ok) throw new Error(examined.refusal);
    expect(examined.value.bytes.includes("word/document.xml")).toBe(false);
  });
});

test("programs in documents are refused: macros, scripts, files inside", async () => {
  expect(await refusal(docx({ name: "word/vbaProject.bin", bytes: Buffer.from("x") }))).toBe(
    "upload.error.active",
  );
  expect(await refusal(pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"))).toBe(
    "upload.error.active",
  );
  expect(await refusal(pdf("/Names << /EmbeddedFiles 3 0 R >>"))).toBe("upload.error.active");
});

test("what would unpack to a flood is refused without unpacking it, and so is what lies about its size", async () => {
  const flood = docx({ name: "word/media/a.xml", bytes: Buffer.alloc(30 * 1024 * 1024) });
  expect(flood.length).toBeLessThan(100_000);
  expect(await refusal(flood)).toBe("upload.error.bomb");
  const claims = docx({ name: "word/media/a.xml", bytes: Buffer.from("a"), claims: 4_000_000_000 });
  expect(await refusal(claims)).toBe("upload.error.bomb");
});

describe("a picture", () => {
  test("of 60,000 by 60,000 pixels is refused by its head, and so is one that ends too early", async () => {
    const before = process.memoryUsage().rss;
    expect(await refusal(pngHead(60_000, 60_000))).toBe("upload.error.pixels");
    expect(await refusal(pngHead(60_000, 60_000), PORTRAIT)).toBe("upload.error.pixels");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect(await refusal(pngHead(800, 800), PORTRAIT)).toBe("upload.error.damaged");
    const whole = await jpegWithPlace();
    expect(await refusal(whole.subarray(0, whole.length / 2), PORTRAIT)).toBe("upload.error.damaged");
  });

  test("loses where and with what it was taken, and is turned upright first", async () => {
    const taken = await jpegWithPlace();
    expect(taken.includes("SECRETCAM")).toBe(true);
    expect((await sharp(taken).metadata()).exif).toBeDefined();
    const examined = await examine(taken, ANY);
    if (!examined.ok) throw new Error(examined.refusal);
    const { bytes, width, height } = examined.value;
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
    expect(bytes.includes("SECRETCAM")).toBe(false);
    expect([width, height]).toEqual([700, 900]);
  });

  test("becomes a square portrait: the one that was chosen, or the middle; too small a one is refused", async () => {
    const halves = await sharp({ create: { width: 1600, height: 800, channels: 3, background: "#ff0000" } })
      .composite([
        {
          input: { create: { width: 800, height: 800, channels: 3, background: "#0000ff" } },
          left: 800,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    const red = async (crop: string) => {
      const examined = await examine(halves, { ...PORTRAIT, crop: readCrop(crop) });
      if (!examined.ok) throw new Error(examined.refusal);
      expect([examined.value.width, examined.value.height]).toEqual([1_200, 1_200]);
      const { channels } = await sharp(examined.value.bytes).stats();
      return Math.round(channels[0]?.mean ?? 0);
    };
    expect(await red("0 0 1")).toBeGreaterThan(240);
    expect(await red("0.5 0 1")).toBeLessThan(15);
    expect(await red("0.9 0.9 1")).toBeLessThan(15);
    expect(await red("nonsense")).toBeGreaterThan(100);
    const small = await sharp({ create: { width: 500, height: 900, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    expect(await refusal(small, PORTRAIT)).toBe("upload.error.small");
    expect(readCrop("0 0 2")).toBeNull();
    expect(readCrop("0 0 0")).toBeNull();
    expect(readCrop("0 0")).toBeNull();
  });
});

test("a title is a file's last name, without what misleads", () => {
  expect(titleOf("C:\\Users\\x\\护照.pdf")).toBe("护照.pdf");
  expect(titleOf("../../etc/passwd")).toBe("passwd");
  expect(titleOf("a\u202efdp.exe\u0000")).toBe("afdp.exe");
  expect(titleOf("x".repeat(500))).toHaveLength(120);
});

describe("the vault", () => {
  async function* pieces(...parts: Array<Buffer>) {
    yield* parts;
  }

  test("gives back what it was given, whatever its size, and shows nothing of it", async () => {
    for (const size of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const bytes = Buffer.alloc(size, "SECRET-");
      const file = newVaultFile();
      const half = Math.floor(size / 2);
      expect(
        await writeVaultFile(folder, file, pieces(bytes.subarray(0, half), bytes.subarray(half)), {
          most: size,
        }),
      ).toBe(size);
      expect(await wholeVaultFile(folder, file)).toEqual(bytes);
      expect(readFileSync(join(folder, file.name.slice(0, 2), file.name)).includes("SECRET-")).toBe(false);
    }
  });

  test("opens a file with its own key and under its own name alone, whole or not at all", async () => {
    const [one, two] = [newVaultFile(), newVaultFile()];
    const bytes = Buffer.alloc(150_000, 1);
    await writeVaultFile(folder, one, pieces(bytes), { most: bytes.length });
    await writeVaultFile(folder, two, pieces(bytes), { most: bytes.length });
    await expect(wholeVaultFile(folder, { ...one, key: two.key })).rejects.toThrow();
    const path = join(folder, one.name.slice(0, 2), one.name);
    writeFileSync(path, readFileSync(join(folder, two.name.slice(0, 2), two.name)));
    await expect(wholeVaultFile(folder, { name: one.name, key: two.key })).rejects.toThrow();
    // Cut off where a piece ends: the last piece says that it is the last.
    truncateSync(join(folder, two.name.slice(0, 2), two.name), 2 * (65_536 + 16));
    await expect(wholeVaultFile(folder, two)).rejects.toThrow();
  });

  test("leaves nothing of what is too large, or does not come to its end", async () => {
    expect(await writeVaultFile(folder, newVaultFile(), pieces(Buffer.alloc(100)), { most: 99 })).toBeNull();
    async function* broken() {
      yield Buffer.alloc(70_000);
      throw new Error("gone");
    }
    await expect(writeVaultFile(folder, newVaultFile(), broken(), { most: 1e9 })).rejects.toThrow("gone");
    expect(await vaultFiles(folder)).toEqual([]);
    await removeVaultFile(folder, newVaultFile().name);
    await expect(readVaultFile(folder, { name: "../../etc/passwd00000", key: "" }).next()).rejects.toThrow();
  });
});

test("a copy of the vault has the files that the copy of the database knows, as they lie there", async () => {
  const [one, other] = [newVaultFile(), newVaultFile()];
  async function* bytes() {
    yield Buffer.from("SECRET");
  }
  for (const file of [one, other]) await writeVaultFile(folder, file, bytes(), { most: 10 });
  const to = join(folder, "copy.uploads");
  await copyVault({ from: folder, to }, [one.name, newVaultFile().name]);
  expect(await vaultFiles(to)).toEqual([one.name]);
  expect((await wholeVaultFile(to, one)).toString()).toBe("SECRET");
});

describe("a form with files", () => {
  const BOUNDARY = "----boundary";
  function body(...parts: Array<{ name: string; file?: string; bytes: Buffer | string }>): Buffer {
    return Buffer.concat([
      ...parts.flatMap(({ name, file, bytes }) => [
        Buffer.from(
          `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file === undefined ? "" : `; filename="${file}"`}\r\n\r\n`,
        ),
        Buffer.from(bytes),
        Buffer.from("\r\n"),
      ]),
      Buffer.from(`--${BOUNDARY}--\r\n`),
    ]);
  }
  function request(bytes: Buffer): Request {
    return new Request("http://localhost/", {
      method: "POST",
      headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` },
      body: new Uint8Array(bytes),
    });
  }

  test("keeps every text, before and after a file that is too large, and reads names in any script", async () => {
    const taken: Array<string> = [];
    const bytes = body(
      { name: "before", bytes: "中文 ✓" },
      { name: "file:a", file: "护照.pdf", bytes: Buffer.alloc(300_000) },
      { name: "file:b", file: "", bytes: "" },
      { name: "after", bytes: "still here" },
    );
    const form = await readMultipart(request(bytes), {
      largest: 200_000,
      take: async ({ field, title, source }) => {
        const written = await writeVaultFile(folder, newVaultFile(), source, { most: 200_000 });
        taken.push(`${field} ${title} ${written}`);
      },
    });
    expect([...form.entries()]).toEqual([
      ["before", "中文 ✓"],
      ["after", "still here"],
    ]);
    expect(taken).toEqual(["file:a 护照.pdf null"]);
    expect(readdirSync(folder).flatMap((shelf) => readdirSync(join(folder, shelf)))).toEqual([]);
  });

  test("is refused when it has no end, too much text, or is none", async () => {
    const take = async () => {};
    const whole = body({ name: "a", bytes: "b" });
    await expect(readMultipart(request(whole.subarray(0, -10)), { largest: 10, take })).rejects.toThrow(
      MultipartError,
    );
    const wordy = body({ name: "a", bytes: "x".repeat(700_000) }, { name: "b", bytes: "x".repeat(700_000) });
    await expect(readMultipart(request(wordy), { largest: 10, take })).rejects.toThrow(MultipartError);
    const many = body(
      ...Array.from({ length: 50 }, (_, n) => ({ name: `file:${n}`, file: "a", bytes: "a" })),
    );
    await expect(readMultipart(request(many), { largest: 10, take })).rejects.toThrow(MultipartError);
    expect(
      isMultipart(new Request("http://localhost/", { method: "POST", body: new URLSearchParams() })),
    ).toBe(false);
  });

  test("a taker that fails fails the whole, without waiting for ever", async () => {
    const failing = readMultipart(
      request(body({ name: "file:a", file: "a", bytes: Buffer.alloc(500_000) })),
      {
        largest: 1e6,
        take: () => Promise.reject(new Error("disk full")),
      },
    );
    await expect(failing).rejects.toThrow("disk full");
  });
});

test("a scanner says by its exit code whether a file is clean; one that says nothing clear has said nothing", async () => {
  const says = (script: string) => scan([process.execPath, "-e", script], Buffer.from("EICAR"));
  const reading =
    "let t='';process.stdin.on('data',d=>t+=d).on('end',()=>process.exit(t.includes('EICAR')?1:0))";
  expect(await says(reading)).toBe("infected");
  expect(await says("process.exit(0)")).toBe("clean");
  expect(await says("process.exit(7)")).toBe("unknown");
  expect(await scan(["/no/such/program"], Buffer.from("x"))).toBe("unknown");
});
