import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { substitute } from "#app/domain/invitation/substitution.server.ts";
import { purge } from "#app/domain/privacy/purge.server.ts";
import { EVERYBODY, NO_WORDS, PLAIN_QUESTION, type Question } from "#app/domain/registration/definition.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { addSection } from "#app/domain/registration-form/rules.ts";
import { paths } from "#app/paths.ts";
import { deriveKeys } from "#app/platform/crypto.server.ts";
import { readSecretKey } from "#app/platform/secret-key.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { docx, jpegWithPlace, pdf, pngHead } from "#tests/support/files.ts";
import { type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";
import { startTestServer, type TestServer } from "#tests/support/server.ts";

/* Files as they come over the wire: from a page without JavaScript, and from people who mean no good. */

let server: TestServer<Meeting>;

function question(key: string, type: Question["type"], rest: Partial<Question> = {}): Question {
  return {
    ...PLAIN_QUESTION,
    key,
    type,
    label: { en: `Question ${key}`, zh: `问题${key}` },
    questions: [],
    ...rest,
  };
}

const QUESTIONS = [
  question("qpaper001", "file", { dataClass: "C2", most: 8 }),
  question("qportrait", "portrait"),
  question("qscan0001", "file", { dataClass: "C5", accepts: ["image", "pdf"] }),
  question("qtext0001", "text"),
];

function deskOf(ctx: DomainContext, meeting: Meeting): StaffContext {
  const { editionId, sideIds } = meeting;
  return {
    ...ctx,
    actor: { kind: "staff", id: "lead" },
    scope: { editionId, sideIds, permissions: ["lead"], bookSideIds: sideIds },
  };
}

/** The commands of daily life beside the running server. */
async function beside<T>(work: (ctx: DomainContext) => Promise<T>): Promise<T> {
  const db = openDatabase(server.databaseFile);
  try {
    return await work({
      db,
      clock: { now: () => Date.now() },
      keys: deriveKeys(readSecretKey(join(server.dataDir, "secret.key"))),
      baseUrl: server.url,
      actor: { kind: "operator", id: "test" },
      requestId: null,
    });
  } finally {
    db.close();
  }
}

beforeAll(async () => {
  server = await startTestServer({
    env: { SCAN_COMMAND: `${process.execPath} ${join(import.meta.dirname, "../support/scanner.ts")}` },
    seed: async (ctx) => {
      const meeting = writeMeeting(ctx.db.orm, ctx.keys, {
        slug: "beijing",
        people: 8,
        seats: [{ capacity: 1, quota: null }],
        now: ctx.clock.now(),
      });
      const desk = deskOf(ctx, meeting);
      await changeForm(desk, {
        seen: 0,
        edit: addSection({
          key: "sfiles001",
          title: { en: "Files", zh: "文件" },
          help: NO_WORDS,
          audience: EVERYBODY,
          deadline: null,
          left: [],
          questions: QUESTIONS,
        }),
      });
      await publishForm(desk, { seen: 1, loses: 0 });
      return meeting;
    },
  });
}, 180_000);
afterAll(() => server.stop());

function invitee(n: number) {
  const found = server.seeded.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

type FileToSend = { field: string; title: string; bytes: Buffer | Uint8Array };

/** Sends the form of the page, whole, as a browser without JavaScript does. */
function send(
  n: number,
  files: ReadonlyArray<FileToSend>,
  fields: Record<string, string> = {},
  cookie?: string,
) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(server.seeded, invitee(n), [])))
    form.append(name, value);
  form.set("intent", "save");
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const { field, title, bytes } of files) form.append(field, new Blob([new Uint8Array(bytes)]), title);
  return fetch(`${server.url}${paths.registration(invitee(n).token)}`, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: cookie ?? invitee(n).cookie, Origin: server.url },
    body: form,
  });
}

const open = (n: number, path: string) =>
  fetch(`${server.url}${path}`, { redirect: "manual", headers: { Cookie: invitee(n).cookie } });

async function page(n: number): Promise<string> {
  return (await open(n, paths.registration(invitee(n).token))).text();
}

function stored(): Array<string> {
  const folder = join(server.dataDir, "uploads");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((shelf) =>
    readdirSync(join(folder, shelf)).map((name) => join(folder, shelf, name)),
  );
}

function peakOfServer(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

describe("a file that is sent with the form", () => {
  test("is there when the page is opened again, goes out as an attachment, and to nobody else", async () => {
    const paper = pdf();
    expect((await send(0, [{ field: "file:qpaper001", title: "论文.pdf", bytes: paper }])).status).toBe(303);
    const shown = await page(0);
    expect(shown).toContain("论文.pdf");
    const [, id = ""] = /name="qpaper001" value="([\w-]{20})"/.exec(shown) ?? [];
    const path = paths.ownUpload(invitee(0).token, id);
    const answer = await open(0, path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toBe("application/pdf");
    expect(answer.headers.get("Content-Disposition")).toBe('attachment; filename="file.pdf"');
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(paper);
    // With one's own link and somebody else's file, and without a browser that is known.
    expect((await open(1, paths.ownUpload(invitee(1).token, id))).status).toBe(404);
    expect((await fetch(`${server.url}${path}`, { redirect: "manual" })).status).not.toBe(200);
    // Named in another's form it is no answer.
    expect((await send(1, [], { qpaper001: id })).status).toBe(303);
    expect(await page(1)).not.toContain(id);
    // It stays when the form is sent without it, and goes when that is asked.
    expect((await send(0, [], { qpaper001: id, qtext0001: "more" })).status).toBe(303);
    expect(await page(0)).toContain(id);
    expect((await send(0, [], { qpaper001: id, "clear:qpaper001": "on" })).status).toBe(303);
    expect(await page(0)).not.toContain(id);
    expect((await open(0, path)).status).toBe(404);
  });

  test("that is refused loses nothing else that was typed, and says why in the reader's language", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    const bad: ReadonlyArray<readonly [string, Buffer, RegExp]> = [
      ["file:qportrait", svg, /JPEG or PNG\./],
      ["file:qpaper001", svg, /This kind of file is not taken/],
      ["file:qpaper001", Buffer.concat([pdf(), docx()]), /damaged, or has something else hidden/],
      [
        "file:qpaper001",
        docx({ name: "word/a.xml", bytes: Buffer.alloc(30_000_000) }),
        /Unpacked, this file/,
      ],
      ["file:qportrait", pngHead(60_000, 60_000), /too many pixels/],
      ["file:qpaper001", Buffer.concat([pdf(), Buffer.from("%EICAR\n%%EOF\n")]), /found to be harmful/],
    ];
    for (const [field, bytes, word] of bad) {
      const answer = await send(2, [{ field, title: "a.pdf", bytes }], { qtext0001: "typed with care" });
      expect(answer.status).toBe(422);
      const text = await answer.text();
      expect(text).toMatch(word);
      expect(text).toContain('value="typed with care"');
    }
    const chinese = await fetch(`${server.url}${paths.registration(invitee(2).token)}?lang=zh-CN`, {
      method: "POST",
      headers: { Cookie: invitee(2).cookie, Origin: server.url },
      body: (() => {
        const form = new FormData();
        form.set("intent", "save");
        form.append("file:qportrait", new Blob([new Uint8Array(svg)]), "a.svg");
        return form;
      })(),
    });
    expect(await chinese.text()).toContain("请上传JPEG或PNG图片。");
    // What was refused is nowhere.
    const before = stored().length;
    await send(2, [{ field: "file:qpaper001", title: "a", bytes: svg }]);
    expect(stored()).toHaveLength(before);
  });

  test("of 30 MB is passed over without filling memory, and several at once likewise", async () => {
    const before = peakOfServer();
    const large = Buffer.alloc(30 * 1024 * 1024, "%PDF-");
    const answers = await Promise.all(
      [3, 4, 5, 3, 4, 5].map((n) =>
        send(n, [{ field: "file:qpaper001", title: "large.pdf", bytes: large }], { qtext0001: "kept" }),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(422);
      const text = await answer.text();
      expect(text).toContain("This file is too large.");
      expect(text).toContain('value="kept"');
    }
    // 180 MB came in; what stays is what the collector has not yet taken away.
    expect(peakOfServer() - before).toBeLessThan(120 * 1024 * 1024);
    expect(
      (await send(3, [{ field: "file:qpaper001", title: "x", bytes: Buffer.alloc(60_000_000) }])).status,
    ).toBe(413);
  });

  test("is read for nobody whose browser is not known", async () => {
    const before = stored().length;
    const answer = await send(6, [{ field: "file:qpaper001", title: "a.pdf", bytes: pdf() }], {}, "x=y");
    expect(answer.status).not.toBe(422);
    expect(answer.status).not.toBe(200);
    expect(stored()).toHaveLength(before);
  });
});

test("a portrait comes out square, without the place where it was taken", async () => {
  const bytes = await jpegWithPlace();
  expect(
    (await send(6, [{ field: "file:qportrait", title: "me.jpg", bytes }], { "crop:qportrait": "0 0 1" }))
      .status,
  ).toBe(303);
  const [, id = ""] = /name="qportrait" value="([\w-]{20})"/.exec(await page(6)) ?? [];
  const answer = await open(6, paths.ownUpload(invitee(6).token, id));
  const picture = Buffer.from(await answer.arrayBuffer());
  const { width, height, exif } = await sharp(picture).metadata();
  expect([width, height, exif]).toEqual([1_200, 1_200, undefined]);
  expect(picture.includes("SECRETCAM")).toBe(false);
});

test("a sealed file is stored and shown to nobody again, lies encrypted, stays behind on a substitution and goes with a purge", async () => {
  const scan = pdf("/Title (SECRETSCAN)");
  expect((await send(7, [{ field: "file:qscan0001", title: "SECRETNAME.pdf", bytes: scan }])).status).toBe(
    303,
  );
  const shown = await page(7);
  expect(shown).toContain("Stored and not shown again");
  expect(shown).not.toContain("SECRETNAME");
  for (const file of [...stored(), server.databaseFile, `${server.databaseFile}-wal`])
    if (existsSync(file)) expect(readFileSync(file).includes("SECRETSCAN")).toBe(false);
  for (const file of stored()) expect(statSync(file).mode & 0o077).toBe(0);

  await beside(async (ctx) => {
    const { invitationId } = invitee(7);
    const meeting = server.seeded;
    const of = (id: string) =>
      ctx.db.sqlite.prepare("select count(*) from upload where invitation_id = ?").pluck().get(id);
    expect(of(invitationId)).toBe(1);
    const card = { familyLatin: "Else", givenLatin: "Some", nameLatin: "Some Else", locale: "en" as const };
    const facts = Object.fromEntries(
      [
        "familyNative",
        "givenNative",
        "nameNative",
        "sortKey",
        "honorificEn",
        "honorificZh",
        "salutationEn",
        "salutationZh",
        "institutionEn",
        "institutionZh",
        "positionEn",
        "positionZh",
      ].map((name) => [name, ""]),
    );
    const replaced = await substitute(deskOf(ctx, meeting), {
      invitationId,
      by: { facts: { ...facts, ...card, sortKey: "else", email: null, phone: null } as never },
      note: "",
    });
    if (!replaced.ok) throw new Error(replaced.refusal);
    expect(of(replaced.value.invitationId)).toBe(0);
    // Everything is due long after the meeting.
    const later = { ...ctx, clock: { now: () => Date.UTC(2040, 0, 1) } };
    const purged = await purge(later, { editionId: meeting.editionId, sideIds: meeting.sideIds });
    expect(
      purged.ok && purged.value.sides.flatMap(({ removed }) => removed.map(({ place }) => place)),
    ).toContain("uploads");
    expect(ctx.db.sqlite.prepare("select count(*) from upload").pluck().get()).toBe(0);
  });
  expect(stored()).toEqual([]);
});
