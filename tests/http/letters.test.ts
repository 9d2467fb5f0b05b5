import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addStaff } from "#app/domain/access/commands.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { issueLetter, saveLetterhead, takeLetter } from "#app/domain/letter/commands.server.ts";
import { codeInGroups } from "#app/domain/letter/rules.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { paths } from "#app/paths.ts";
import * as schema from "#db/schema/index.ts";
import { writeMeeting } from "#tests/support/meeting.ts";
import {
  rawRequest,
  startTestServer,
  type TestServer,
  type Visitor,
  visitor,
} from "#tests/support/server.ts";

/* What a passport says leaves the building in a letter and nowhere else; and what a code is answered with. */

const EMAIL = "letters@us.example";
const PASSWORD = "a long enough password";
const HEAD = {
  nameEn: "Example Foundation",
  nameZh: "示例基金会",
  addressEn: "1 Sample Street, New York",
  addressZh: "纽约样本街1号",
  phone: "+1 212 555 0100",
  email: "letters@example.org",
  signatoryEn: "Jane Q. Sampleton",
  signatoryZh: "简·桑普顿",
  signatoryPostEn: "President",
  signatoryPostZh: "会长",
};
const PASSPORT = {
  state: "known",
  familyName: "SECRETSON",
  givenNames: "ZEPHYRINE",
  gender: "F",
  birthDate: "1931-05-17",
  birthPlace: "HIDDENVILLE",
  nationalityEn: "Utopian",
  nationalityZh: "乌托邦",
  nationality: "",
  issuedOn: "",
  issuedAt: "",
  mrz: "",
  number: "X90071234",
  type: "ordinary",
  expiresOn: "2031-09-23",
  applyAtEn: "Secret Falls",
  applyAtZh: "秘密瀑布",
  companions: "SECRETSON, QUENTIN",
} as const;
/** None of these but the last three of the number may be found. */
const SECRETS = [
  /SECRETSON|ZEPHYRINE|HIDDENVILLE|QUENTIN|X90071234|X9007123|Utopian|Secret Falls|秘密瀑布|乌托邦/,
  /1931-05-17|May 17, 1931|1931年5月17日|2031-09-23/,
];

async function seed(ctx: Omit<StaffContext, "scope">) {
  const meeting = writeMeeting(ctx.db.orm, ctx.keys, {
    slug: "beijing",
    people: 4,
    seats: [],
    now: ctx.clock.now(),
  });
  const [sideId] = meeting.sideIds;
  const { userId } = await addStaff(ctx, {
    name: "Grace Mockup",
    email: EMAIL,
    password: PASSWORD,
    access: [{ coHostId: sideId, editionId: null, permission: "lead" }],
  }).then((added) => {
    if (!added.ok) throw new Error(added.refusal);
    return added.value;
  });
  const staff: StaffContext = {
    ...ctx,
    actor: { kind: "staff", id: userId },
    scope: {
      editionId: meeting.editionId,
      sideIds: [sideId],
      permissions: ["lead"],
      bookSideIds: [sideId],
    },
  };
  const people = meeting.invitees.filter((one) => one.sideId === sideId).map((one) => one.invitationId);
  const [anna = "", boris = ""] = people;
  await saveLetterhead(staff, { sideId, head: HEAD });
  await saveTravelDocument(staff, { invitationId: boris, document: { ...PASSPORT, number: "X00000009" } });
  const issue = async (after: number) => {
    const issued = await issueLetter(staff, {
      invitationId: boris,
      kind: "visa_letter",
      locale: "en",
      after,
      unprintable: () => [],
    });
    if (!issued.ok) throw new Error(issued.refusal);
    const newest = ctx.db.orm.select().from(schema.letter).all().at(-1);
    return (await takeLetter(staff, newest?.id ?? ""))?.code ?? "";
  };
  const replaced = await issue(0);
  const withdrawn = await issue(1);
  await withdrawInvitation(staff, boris);
  await saveTravelDocument(staff, {
    invitationId: anna,
    document: { state: "pending", expectedOn: "2018-11-12" },
  });
  return { anna, codes: { replaced, withdrawn } };
}

let server: TestServer<Awaited<ReturnType<typeof seed>>>;
let desk: Visitor;
beforeAll(async () => {
  server = await startTestServer({ env: { SECOND_STEP: "optional", TRUSTED_PROXIES: "1" }, seed });
  desk = reader("192.0.2.1");
  await desk.post(paths.signIn(), { email: EMAIL, password: PASSWORD });
}, 120_000);
afterAll(() => server.stop());

function reader(address: string): Visitor {
  return visitor(server.url, { headers: { "X-Forwarded-For": address } });
}

/** A letter's file and its text. */
async function fileAt(path: string) {
  const cookie = [...desk.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const { bytes, headers } = await rawRequest(server.port, path, {
    method: "POST",
    headers: { Host: new URL(server.url).host, Origin: server.url, Cookie: cookie, "Content-Length": "0" },
  });
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
  return { text, headers };
}

describe("what a passport says", () => {
  test("is in the letter and in what a reveal shows, and in no other page, file, mail or log", async () => {
    const page = paths.personLetters("beijing", server.seeded.anna);
    const seen: Array<string> = [];
    // A slip of the hand brings the form back, once, to the one who typed it; what follows does not repeat it.
    const slip = await desk.post(page, { intent: "save", ...PASSPORT, number: "X9007 1234" });
    expect(slip.status).toBe(422);
    expect(slip.text).toContain("ZEPHYRINE");
    const saved = await desk.post(page, { intent: "save", ...PASSPORT });
    expect(saved.statuses).toEqual([303, 200]);
    seen.push(saved.path, saved.text);
    for (const path of [page, paths.letters("beijing"), paths.people("beijing"), paths.auditTrail("beijing")])
      seen.push((await desk.get(path)).text);
    expect(saved.text).toContain("•••••234");

    const ask = { intent: "reveal", reason: "visa", password: PASSWORD };
    const wrong = await desk.post(page, { ...ask, password: "not that one" });
    const noReason = await desk.post(page, { ...ask, reason: "" });
    expect([wrong.status, noReason.status]).toEqual([422, 422]);
    seen.push(wrong.text, noReason.text);
    const shown = await desk.post(page, ask);
    for (const value of ["SECRETSON", "X90071234", "1931-05-17"]) expect(shown.text).toContain(value);
    expect(shown.headers.get("cache-control")).toContain("no-store");

    const issued = await desk.post(page, { intent: "issue", kind: "visa_letter", locale: "en", after: "0" });
    seen.push(issued.path, issued.text);
    const file = /action="([^"]+\/file)"/.exec(issued.text)?.[1] ?? "";
    expect((await desk.get(file)).status).toBe(405);
    const letter = await fileAt(file);
    for (const value of ["SECRETSON, ZEPHYRINE", "X90071234", "May 17, 1931"])
      expect(letter.text).toContain(value);
    expect(letter.headers["content-disposition"]).toBe('attachment; filename="letter.pdf"');
    expect(letter.headers["cache-control"]).toContain("no-store");
    const trail = (await desk.get(paths.auditTrail("beijing"))).text;
    seen.push(trail);

    const { stdout, stderr } = server.output();
    expect(stdout).toContain("/letters");
    seen.push(stdout, stderr);
    for (const name of readdirSync(server.dataDir))
      seen.push(readFileSync(join(server.dataDir, name)).toString("utf8"));
    for (const secret of SECRETS) for (const text of seen) expect(secret.exec(text)?.[0]).toBeUndefined();
  });
});

describe("the page that confirms a letter", () => {
  const typed = async (who: Visitor, code: string) => {
    const { status, text } = await who.post(paths.verify(), { code });
    // What is not the same each time: what was typed, and the nonce of the page.
    const value = /name="code"[^>]*?value="([^"]*)"/.exec(text)?.[1] ?? "";
    const form = text
      .replaceAll(/nonce="[^"]*"/g, "")
      .replaceAll(`value="${value}"`, "")
      .replaceAll(/<meta[^>]*csrf[^>]*>/g, "");
    return { status, form };
  };
  const said = (html: string) =>
    /class="notice[^>]*>(.*?)<\/div>/s.exec(html)?.[1]?.replaceAll(/<[^>]+>/g, "");

  test("answers what is wrong, unknown, empty, too long or no code at all in the same way", async () => {
    const who = reader("192.0.2.2");
    const unknown = await typed(who, "ABCD-EFGH-JKMN-PQRS-T");
    expect(said(unknown.form)).toBe("No letter has this code. Please compare it with the letter.");
    const { replaced } = server.seeded.codes;
    for (const code of [
      `${replaced.slice(0, -1)}${replaced.endsWith("0") ? "1" : "0"}`,
      "1234",
      "",
      "x".repeat(5_000),
      "' or 1=1 --",
      "😀䶮\u0000",
    ])
      expect(await typed(who, code)).toEqual(unknown);
  });

  test("says of a letter that was replaced, or whose person was withdrawn, that it is good no longer, and no more", async () => {
    const who = reader("192.0.2.3");
    const { replaced, withdrawn } = server.seeded.codes;
    const first = await typed(who, replaced);
    expect(said(first.form)).toBe("This letter has been replaced or is no longer valid.");
    expect(await typed(who, codeInGroups(withdrawn).toLowerCase())).toEqual(first);
    expect(first.form).not.toMatch(/Example Foundation|Committee|08-0|Delegate|2018|2026/);
  });

  test("lets one address try thirty codes, all at once too, and does not tell what a real one is after that", async () => {
    const who = reader("192.0.2.4");
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) => who.post(paths.verify(), { code: `GUESS${n}` })),
    );
    const answered = all.filter(({ status }) => status === 200);
    expect(answered.length).toBeLessThanOrEqual(30);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(40 - answered.length);
    const real = await who.post(paths.verify(), { code: server.seeded.codes.replaced });
    expect(real.status).toBe(429);
    expect(said(real.text)).toBe("Too many codes were tried. Please wait ten minutes.");
    expect((await reader("192.0.2.5").post(paths.verify(), { code: "GUESS" })).status).toBe(200);
  });
});
