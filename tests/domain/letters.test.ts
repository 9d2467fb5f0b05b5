import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { extractText, getDocumentProxy } from "unpdf";
import { beforeEach, describe, expect, test } from "vitest";
import { letterPdf } from "#app/documents/letter.server.ts";
import { glyphCheck } from "#app/documents/pdf.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import {
  issueLetter,
  issueLetters,
  saveLetterhead,
  saveLetterTemplate,
  takeLetter,
  takeOwnLetter,
} from "#app/domain/letter/commands.server.ts";
import { type LetterheadFacts, letterTemplateForm } from "#app/domain/letter/form.ts";
import {
  confirmLetter,
  letterBoard,
  ownLetters,
  personLetters,
  previewLetter,
} from "#app/domain/letter/queries.server.ts";
import { codeInGroups, letterCode, typedCode } from "#app/domain/letter/rules.ts";
import { addressee, defaultLetter } from "#app/domain/letter/text.ts";
import {
  removeTravelDocument,
  revealTravelDocument,
  saveTravelDocument,
} from "#app/domain/travel-document/commands.server.ts";
import { travelDocumentForm } from "#app/domain/travel-document/form.ts";
import { expiryWarning, type KnownDocument, masked } from "#app/domain/travel-document/rules.ts";
import { deriveKeys } from "#app/platform/crypto.server.ts";
import { openDatabase } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, type TestClock, testContext } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

const DAY = 86_400_000;
const SECRETS = /L898902C3|SPECIMEN|19740812|1974-08-12|Utopian/;

const HEAD: LetterheadFacts = {
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

const PASSPORT: KnownDocument = {
  state: "known",
  familyName: "SPECIMEN",
  givenNames: "ANNA MARIA",
  gender: "F",
  birthDate: "1974-08-12",
  birthPlace: "Utopia City",
  nationalityEn: "Utopian",
  nationalityZh: "乌托邦",
  nationality: "",
  issuedOn: "",
  issuedAt: "",
  mrz: "",
  number: "L898902C3",
  type: "ordinary",
  expiresOn: "2028-04-15",
  applyAtEn: "New York",
  applyAtZh: "纽约",
  companions: "",
};

const unprintable = await glyphCheck();

let clock: TestClock;
let ctx: StaffContext;
let other: StaffContext;
/** Two of one side, and one of the other. */
let anna: string;
let boris: string;
let foreigner: string;

/** A meeting of four people, two on each side, all of whom have accepted. */
function meeting(base: ReturnType<typeof testContext>) {
  clock = base.clock;
  const { editionId, sideIds, invitees } = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 4,
    seats: [],
    now: AUTUMN_2018,
  });
  const staff = (sideId: string): StaffContext => ({
    ...base,
    scope: { editionId, sideIds: [sideId], permissions: ["documents"], bookSideIds: [] },
  });
  ctx = staff(sideIds[0]);
  other = staff(sideIds[1]);
  const of = (sideId: string) =>
    invitees.filter((one) => one.sideId === sideId).map((one) => one.invitationId);
  [anna = "", boris = ""] = of(sideIds[0]);
  [foreigner = ""] = of(sideIds[1]);
}

beforeEach(() => meeting(testContext({ actor: { kind: "staff", id: "grace" } })));

const ownSide = () => ctx.scope.sideIds[0] ?? "";
const head = (facts: Partial<LetterheadFacts> = {}) =>
  saveLetterhead(ctx, { sideId: ownSide(), head: { ...HEAD, ...facts } });
const passport = (invitationId: string, facts: Partial<KnownDocument> = {}) =>
  saveTravelDocument(ctx, { invitationId, document: { ...PASSPORT, ...facts } });
const issue = (invitationId = anna, after = 0, who = ctx) =>
  issueLetter(who, { invitationId, kind: "visa_letter", locale: "en", after, unprintable });
const visa = (invitationId = anna) =>
  personLetters(ctx, invitationId)?.letters.find((one) => one.kind === "visa_letter" && one.locale === "en");
const stored = () => ctx.db.orm.select().from(schema.letter).all();
const audits = (action: string) =>
  ctx.db.orm.select().from(schema.auditEvent).where(eq(schema.auditEvent.action, action)).all();

async function taken(invitationId = anna) {
  const id = visa(invitationId)?.issued?.id ?? "";
  const contents = await takeLetter(ctx, id);
  if (contents === null) throw new Error("There is no letter");
  return contents;
}

describe("what is missing", () => {
  test("is named fact by fact, and blocks the letter", async () => {
    expect(visa()?.missing).toEqual([
      "passportName",
      "gender",
      "birthDate",
      "nationality",
      "passportNumber",
      "applyAt",
      "inviterName",
      "inviterAddress",
      "inviterPhone",
      "signatory",
    ]);
    expect(await issue()).toEqual({ ok: false, refusal: "blocked" });
    await head();
    await passport(anna, { nationalityEn: "", nationalityZh: "", number: "" });
    expect(visa()?.missing).toEqual(["nationality", "passportNumber"]);
    expect(await issue()).toEqual({ ok: false, refusal: "blocked" });
    expect(stored()).toEqual([]);
  });

  test("a passport that is not issued yet is an answer, and no letter", async () => {
    await head();
    await saveTravelDocument(ctx, {
      invitationId: anna,
      document: { state: "pending", expectedOn: "2018-11-12" },
    });
    expect(personLetters(ctx, anna)?.passport).toEqual({ state: "pending", expectedOn: "2018-11-12" });
    expect(await issue()).toEqual({ ok: false, refusal: "blocked" });
  });

  test("a placeholder that the list does not have is refused in the wording", () => {
    const form = { kind: "visa_letter", locale: "en", title: "Letter", body: "{passportNumbr} of {name}" };
    expect(letterTemplateForm.safeParse(form).success).toBe(false);
    expect(letterTemplateForm.safeParse({ ...form, body: "{passportNumber} of {name}" }).success).toBe(true);
  });

  test("nobody who withdrew, declined or waits for approval gets one", async () => {
    await head();
    await passport(anna);
    const set = (values: Partial<typeof schema.invitation.$inferInsert>) =>
      ctx.db.orm.update(schema.invitation).set(values).where(eq(schema.invitation.id, anna)).run();
    set({ reply: "declined" });
    expect(await issue()).toEqual({ ok: false, refusal: "blocked" });
    set({ reply: "accepted" });
    ctx.db.orm.update(schema.edition).set({ approval: "side" }).run();
    expect(await issue()).toEqual({ ok: false, refusal: "blocked" });
    set({ approvedAt: 1 });
    expect(await issue()).toMatchObject({ ok: true });
  });
});

describe("a letter that is issued", () => {
  beforeEach(async () => {
    await head();
    await passport(anna);
  });

  test("is numbered, and prints the same facts in either language", async () => {
    expect(await issue()).toEqual({ ok: true, value: { issued: true, unprintable: [] } });
    const contents = await taken();
    expect(contents).toMatchObject({ number: "08-001-V-EN", version: 1, inviter: "Example Foundation" });
    expect(contents.body).toContain("Name as in passport: SPECIMEN, ANNA MARIA");
    expect(contents.body).toContain("Date of birth: August 12, 1974");
    expect(contents.body).toContain("from December 2, 2018 to December 6, 2018");
    const chinese = await issueLetter(ctx, {
      invitationId: anna,
      kind: "visa_letter",
      locale: "zh-CN",
      after: 0,
      unprintable,
    });
    expect(chinese).toMatchObject({ ok: true });
    const id = stored().find((row) => row.locale === "zh-CN")?.id ?? "";
    const zh = await takeLetter(ctx, id);
    expect(zh?.body).toContain("国籍：乌托邦");
    expect(zh?.body).toContain("出生日期：1974年8月12日");
  });

  test("as a PDF has names in both scripts, its number, version, page and code, and a small size", async () => {
    ctx.db.orm
      .update(schema.person)
      .set({ nameNative: "王䶮", salutationZh: "尊敬的王䶮、𬱖女士：", honorificZh: "女士" })
      .run();
    await issueLetter(ctx, {
      invitationId: anna,
      kind: "invitation_letter",
      locale: "zh-CN",
      after: 0,
      unprintable,
    });
    const contents = await takeLetter(ctx, stored()[0]?.id ?? "");
    if (contents === null) throw new Error("There is no letter");
    const code = codeInGroups(contents.code);
    const bytes = await letterPdf(contents, { code, verifyUrl: "https://dialogue.example/verify" });
    const proxy = await getDocumentProxy(bytes.slice());
    const { text } = await extractText(proxy, { mergePages: true });
    const flat = text.replaceAll(/\s/g, "");
    for (const part of [
      "尊敬的王䶮、𬱖女士：",
      "示例基金会",
      "ExampleFoundation",
      "2018年10月29日",
      "08-001-I-ZH",
    ])
      expect(flat).toContain(part);
    expect(flat).toContain("第1版·第1页，共1页");
    expect(flat).toContain(code);
    expect(bytes.length).toBeLessThan(200_000);
    const { info } = await proxy.getMetadata();
    expect(JSON.stringify(info)).not.toMatch(/王|Delegate|Wang/);
  });

  test("runs off no paper with very long names, and nobody signs a page of their own", async () => {
    const long = "The Example Committee for Exchange ".repeat(6).slice(0, 200);
    await head({
      nameEn: long,
      signatoryEn: long.slice(0, 100),
      signatoryPostEn: long,
      addressEn: "W".repeat(300),
    });
    ctx.db.orm
      .update(schema.person)
      .set({ nameLatin: "Fixture-Dummy".repeat(15), institutionEn: "W".repeat(200), positionEn: long })
      .run();
    for (const locale of ["en", "zh-CN"] as const) {
      const wording = defaultLetter("visa_letter", locale);
      const body = `${wording.body}\n\n${wording.body}`;
      await saveLetterTemplate(ctx, {
        sideId: ownSide(),
        kind: "visa_letter",
        locale,
        title: "函".repeat(60),
        body,
      });
      await issueLetter(ctx, { invitationId: anna, kind: "visa_letter", locale, after: 0, unprintable });
      const id = stored().find((row) => row.locale === locale)?.id ?? "";
      const contents = await takeLetter(ctx, id);
      if (contents === null) throw new Error("There is no letter");
      const verifyUrl = `https://${"a-very-long-host-name.".repeat(6)}example/verify`;
      const proxy = await getDocumentProxy(
        await letterPdf(contents, { code: codeInGroups(contents.code), verifyUrl }),
      );
      expect(proxy.numPages).toBeGreaterThan(1);
      for (let n = 1; n <= proxy.numPages; n++) {
        const page = await proxy.getPage(n);
        const [, , width = 0, height = 0] = page.view;
        const { items } = await page.getTextContent();
        const runs = items.flatMap((item) =>
          "str" in item && item.str.trim() !== ""
            ? [{ text: item.str, x: item.transform[4], y: item.transform[5], width: item.width }]
            : [],
        );
        const outside = runs.filter((run) => run.x < 60 || run.x + run.width > width - 60 || run.y < 20);
        expect(outside).toEqual([]);
        expect(runs.filter((run) => run.y > height - 40)).toEqual([]);
        const text = runs.map((run) => run.text).join("");
        if (n === proxy.numPages) expect(text).toMatch(/We would be grateful|敬请及时签发/);
      }
    }
  });

  test("stays as it was when the wording changes, and the next one has the new wording", async () => {
    await issue();
    const before = (await taken()).body;
    const saved = await saveLetterTemplate(ctx, {
      sideId: ownSide(),
      kind: "visa_letter",
      locale: "en",
      title: "Letter",
      body: "Please let {passportName} pass.",
    });
    expect(saved).toEqual({ ok: true, value: { version: 1 } });
    expect((await taken()).body).toBe(before);
    expect(visa()?.issued?.changed).toEqual([]);
    await issue(anna, 1);
    expect((await taken()).body).toBe("Please let SPECIMEN, ANNA MARIA pass.");
    const again = {
      ...defaultLetter("visa_letter", "en"),
      kind: "visa_letter" as const,
      locale: "en" as const,
    };
    expect(await saveLetterTemplate(ctx, { sideId: ownSide(), ...again, after: 0 })).toMatchObject({
      refusal: "changed",
    });
    expect(await saveLetterTemplate(ctx, { sideId: ownSide(), ...again, after: 1 })).toMatchObject({
      value: { version: 2 },
    });
  });

  test("is to be issued again when a fact in it changes; the next version voids it", async () => {
    await issue();
    await passport(anna, { number: "001234567", birthPlace: "Elsewhere" });
    await head({ phone: "+1 212 555 0199" });
    expect(visa()?.issued?.changed).toEqual(["passportNumber", "inviterPhone"]);
    expect(letterBoard(ctx)).toMatchObject({ coming: 2, having: { visa_letter: 1, invitation_letter: 0 } });
    clock.advance(DAY);
    const old = await taken();
    expect(await issue(anna, 1)).toMatchObject({ ok: true });
    expect(visa()?.issued).toMatchObject({ version: 2, changed: [] });
    expect(stored().map((row) => row.voidedAt === null)).toEqual([false, true]);
    expect((await taken()).body).toContain("001234567");
    expect(confirmLetter(ctx, old.code)).toEqual({ state: "void" });
  });

  test("that is to be issued again brings its person to the head of the list", async () => {
    const shown = () => letterBoard(ctx).shown.map((one) => one.invitationId);
    await passport(boris);
    await issue(anna);
    await issue(boris);
    const [first = "", last = ""] = shown();
    await passport(last, { number: "001234567" });
    expect(shown()).toEqual([last, first]);
    await issue(last, 1);
    expect(shown()).toEqual([first, last]);
  });

  test("pressed twice, or by two at once, is issued once", async () => {
    const both = await Promise.all([issue(), issue(), issue()]);
    expect(both.filter((one) => one.ok && one.value.issued)).toHaveLength(1);
    const all = () => issueLetters(ctx, { kind: "visa_letter", locales: ["en", "zh-CN"], unprintable });
    await Promise.all([all(), all(), issue(anna, 1), issue(anna, 1)]);
    const rows = stored().filter((row) => row.invitationId === anna);
    const keys = rows.map(({ locale, version }) => `${locale} ${version}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.sort()).toEqual(["en 1", "en 2", "zh-CN 1"]);
    for (const locale of ["en", "zh-CN"])
      expect(rows.filter((row) => row.locale === locale && row.voidedAt === null)).toHaveLength(1);
  });

  test("goes to all who accepted and are complete, to nobody else, and not twice", async () => {
    await passport(boris, { number: "" });
    const all = () => issueLetters(ctx, { kind: "visa_letter", locales: ["en"], unprintable });
    expect(await all()).toEqual({ ok: true, value: { issued: 1, people: [anna], unprintable: [] } });
    await passport(boris);
    const only = (invitationIds: ReadonlyArray<string>) =>
      issueLetters(ctx, { kind: "visa_letter", locales: ["en"], unprintable, invitationIds });
    expect(await only([anna])).toMatchObject({ value: { issued: 0, people: [] } });
    expect(await only([boris])).toMatchObject({ value: { issued: 1, people: [boris] } });
    expect(await all()).toMatchObject({ value: { issued: 0 } });
    expect(
      stored()
        .map((row) => row.invitationId)
        .sort(),
    ).toEqual([anna, boris].sort());
    expect(audits("letter.issue")).toHaveLength(2);
  });

  test("names who has characters in it that cannot be printed", async () => {
    ctx.db.orm.update(schema.person).set({ institutionEn: "Dvořák Institute" }).run();
    expect(await issue()).toMatchObject({ value: { unprintable: ["ř"] } });
    await passport(boris);
    const all = await issueLetters(ctx, { kind: "visa_letter", locales: ["en"], unprintable });
    expect(all).toMatchObject({ value: { issued: 1, unprintable: [boris] } });
  });

  test("is no longer good once its person is withdrawn", async () => {
    await issue();
    const { code } = await taken();
    const id = visa()?.issued?.id ?? "";
    await withdrawInvitation(ctx, anna);
    expect(confirmLetter(ctx, code)).toEqual({ state: "void" });
    expect(await takeLetter(ctx, id)).toBeNull();
    expect(letterBoard(ctx).shown.map((one) => one.invitationId)).toEqual([boris]);
  });

  test("is its side's alone", async () => {
    await issue();
    const id = visa()?.issued?.id ?? "";
    expect(await issue(anna, 1, other)).toEqual({ ok: false, refusal: "gone" });
    expect(await takeLetter(other, id)).toBeNull();
    expect(personLetters(other, anna)).toBeNull();
    expect(letterBoard(other).shown.map((one) => one.invitationId)).not.toContain(anna);
    expect(await saveLetterhead(other, { sideId: ownSide(), head: HEAD })).toEqual({
      ok: false,
      refusal: "gone",
    });
    expect(
      previewLetter(other, { sideId: ownSide(), invitationId: anna, kind: "visa_letter", locale: "en" }),
    ).toBeNull();
  });

  test("is there for its person, and the visa letter not for who acts for them", async () => {
    await issue();
    await issueLetter(ctx, {
      invitationId: anna,
      kind: "invitation_letter",
      locale: "en",
      after: 0,
      unprintable,
    });
    const holder = (kind: "invitee" | "assistant", invitationId = anna): InvitationContext => ({
      ...ctx,
      actor: { kind, id: invitationId },
      scope: { editionId: ctx.scope.editionId, invitationId },
      locale: "en",
      assistant: null,
    });
    const kinds = (who: InvitationContext) => ownLetters(who).map((one) => one.kind);
    expect(kinds(holder("invitee"))).toEqual(["invitation_letter", "visa_letter"]);
    expect(kinds(holder("assistant"))).toEqual(["invitation_letter"]);
    expect(kinds(holder("invitee", boris))).toEqual([]);
    const id = visa()?.issued?.id ?? "";
    expect((await takeOwnLetter(holder("invitee"), id))?.number).toBe("08-001-V-EN");
    expect(await takeOwnLetter(holder("assistant"), id)).toBeNull();
    expect(await takeOwnLetter(holder("invitee", boris), id)).toBeNull();
    expect(audits("letter.take")).toHaveLength(1);
  });

  test("in a preview shows a specimen's passport and no code", async () => {
    await passport(anna, { number: "X00000001", familyName: "SECRETSON" });
    const preview = previewLetter(ctx, {
      sideId: ownSide(),
      invitationId: anna,
      kind: "visa_letter",
      locale: "en",
    });
    expect(preview?.body).toContain("SPECIMEN, EXAMPLE");
    expect(preview?.body).not.toMatch(/X00000001|SECRETSON/);
    expect(preview?.code).toBe("");
  });
});

test("an addressee has the form of name of the language; what is not known is left out", () => {
  const chen = {
    nameLatin: "Chen Shili",
    nameNative: "陈示例",
    honorificEn: "",
    honorificZh: "先生",
    institutionEn: "",
    institutionZh: "示例法律交流基金会",
    positionEn: "President",
    positionZh: "理事长",
  };
  expect(addressee(chen, "zh-CN")).toBe("示例法律交流基金会\n理事长 陈示例先生");
  expect(addressee(chen, "en")).toBe("Chen Shili\nPresident\n示例法律交流基金会");
  const jane = {
    ...chen,
    nameLatin: "Jane Q. Sampleton",
    nameNative: "",
    honorificEn: "Judge",
    honorificZh: "",
  };
  expect(addressee({ ...jane, positionZh: "", institutionZh: "" }, "zh-CN")).toBe(
    "President\nJudge Jane Q. Sampleton",
  );
  expect(addressee({ ...jane, honorificZh: "法官" }, "zh-CN")).toContain("理事长 Jane Q. Sampleton 法官");
  const bare = { ...jane, positionEn: "", positionZh: "", institutionZh: "" };
  expect(addressee({ ...bare, honorificEn: "", nameLatin: "Utopia" }, "en")).toBe("Utopia");
});

describe("the code of a letter", () => {
  beforeEach(async () => {
    await head();
    await passport(anna);
    await issue();
  });

  test("confirms it, however it is typed, and tells when it was issued and nothing else", async () => {
    const { code } = await taken();
    const genuine = { state: "genuine", day: "2018-10-29" };
    for (const typed of [
      code,
      codeInGroups(code),
      ` ${codeInGroups(code).toLowerCase()} `,
      code.replaceAll("0", "O"),
    ])
      expect(confirmLetter(ctx, typed)).toEqual(genuine);
    expect(confirmLetter(ctx, code.slice(0, -1))).toEqual({ state: "unknown" });
    expect(confirmLetter(ctx, "")).toEqual({ state: "unknown" });
  });

  test("is stored as a hash alone", async () => {
    const { code } = await taken();
    expect(JSON.stringify(stored())).not.toContain(code);
  });

  test("has 80 random bits and a letter that tells slips of the hand", () => {
    const code = letterCode(Uint8Array.from({ length: 16 }, (_, n) => n * 37));
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{17}$/);
    expect(codeInGroups(code)).toMatch(/^(?:\w{4}-){4}\w$/);
    expect(typedCode(codeInGroups(code))).toEqual({ code, isWhole: true });
    const slipped = `${code[0] === "A" ? "B" : "A"}${code.slice(1)}`;
    expect(typedCode(slipped).isWhole).toBe(false);
  });
});

describe("what a passport says", () => {
  test("is shown masked, with a warning when it ends too soon", async () => {
    await passport(anna, { expiresOn: "2019-05-01" });
    expect(personLetters(ctx, anna)?.passport).toMatchObject({
      state: "known",
      number: "•••••2C3",
      expiry: "tooShort",
    });
    expect(JSON.stringify([personLetters(ctx, anna), letterBoard(ctx)])).not.toMatch(SECRETS);
    expect(masked("12345")).toBe("•••");
    expect(expiryWarning("2018-12-05", "2018-12-06")).toBe("expired");
    expect(expiryWarning("2019-06-06", "2018-12-06")).toBeNull();
    expect(expiryWarning("2019-02-27", "2018-08-31")).toBe("tooShort");
    expect(expiryWarning("2019-02-28", "2018-08-31")).toBeNull();
  });

  test("is shown whole for a reason, which is recorded without what was seen", async () => {
    await passport(anna);
    expect(await revealTravelDocument(ctx, { invitationId: anna, reason: "visa" })).toEqual({
      ok: true,
      value: PASSPORT,
    });
    const [event] = audits("travel_document.reveal");
    expect(event).toMatchObject({ actorId: "grace", subjectId: anna, coHostId: ownSide() });
    expect(JSON.parse(event?.details ?? "")).toEqual({ reason: "visa" });
    expect(JSON.stringify(ctx.db.orm.select().from(schema.auditEvent).all())).not.toMatch(SECRETS);
  });

  test("is not there for the other side", async () => {
    await passport(anna);
    const gone = { ok: false, refusal: "gone" };
    expect(await revealTravelDocument(other, { invitationId: anna, reason: "visa" })).toEqual(gone);
    expect(await saveTravelDocument(other, { invitationId: anna, document: PASSPORT })).toEqual(gone);
    expect(await removeTravelDocument(other, anna)).toEqual(gone);
    expect(await passport(foreigner)).toEqual(gone);
    expect(await removeTravelDocument(ctx, anna)).toEqual({ ok: true, value: null });
    expect(ctx.db.orm.select().from(schema.travelDocument).all()).toEqual([]);
  });

  test("opens for no other person and with no other key", async () => {
    await passport(anna);
    await passport(boris);
    const rows = ctx.db.orm.select().from(schema.travelDocument).all();
    const sealed = rows.find((row) => row.invitationId === anna)?.sealed ?? "";
    ctx.db.orm
      .update(schema.travelDocument)
      .set({ sealed })
      .where(eq(schema.travelDocument.invitationId, boris))
      .run();
    await expect(revealTravelDocument(ctx, { invitationId: boris, reason: "visa" })).rejects.toThrow();
    const stranger = { ...ctx, keys: deriveKeys(Buffer.alloc(32, 8)) };
    await expect(revealTravelDocument(stranger, { invitationId: anna, reason: "visa" })).rejects.toThrow();
  });

  test("needs a name and a number of letters and digits; a passport to come needs its day", () => {
    const form = { ...PASSPORT };
    expect(travelDocumentForm.safeParse(form).success).toBe(true);
    expect(travelDocumentForm.safeParse({ ...form, familyName: "", givenNames: "" }).success).toBe(false);
    expect(travelDocumentForm.safeParse({ ...form, familyName: "", givenNames: "UTOPIA" }).success).toBe(
      true,
    );
    expect(travelDocumentForm.safeParse({ ...form, number: "L898 902" }).success).toBe(false);
    expect(travelDocumentForm.safeParse({ state: "pending" }).success).toBe(false);
    expect(travelDocumentForm.safeParse({ state: "pending", expectedOn: "2018-11-12" }).success).toBe(true);
  });

  test("stands in clear nowhere in the database's files, letters, their changes and a reveal included", async () => {
    const folder = mkdtempSync(join(tmpdir(), "letters-"));
    try {
      const file = join(folder, "secretariat.db");
      openDatabase(testContext().db.sqlite.serialize()).sqlite.prepare("vacuum into ?").run(file);
      const db = openDatabase(file);
      meeting(testContext({ db, actor: { kind: "staff", id: "grace" } }));
      await head();
      await passport(anna);
      await issue();
      await passport(anna, { birthDate: "1974-08-13" });
      await revealTravelDocument(ctx, { invitationId: anna, reason: "letter" });
      await issue(anna, 1);
      await taken();
      const bytes = [file, `${file}-wal`].map((path) => readFileSync(path).toString("latin1")).join("\n");
      expect(bytes).toContain("travel_document.reveal");
      expect(bytes).not.toMatch(/L898902C3|SPECIMEN|ANNA MARIA|1974|Utopia/);
      db.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
