import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it, test } from "vitest";
import { carryOver, carryOverList } from "#app/domain/contact/carry-over.server.ts";
import {
  addAssistant,
  addContact,
  addNameForm,
  changeContact,
  confirmPost,
  endAssistant,
  liftDoNotInvite,
  markDoNotInvite,
  removeNameForm,
  writeNote,
} from "#app/domain/contact/commands.server.ts";
import { dismissDouble, doublesOfBook } from "#app/domain/contact/doubles.server.ts";
import type { BookFilter } from "#app/domain/contact/form.ts";
import { mergeContacts, mergePreview, undoMerge } from "#app/domain/contact/merge.server.ts";
import { findDoubles, latinAlike } from "#app/domain/contact/names.ts";
import { bookPage, contactCard } from "#app/domain/contact/queries.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { importTable } from "#app/domain/import/commands.server.ts";
import { planImport } from "#app/domain/import/plan.server.ts";
import { sendInvitations } from "#app/domain/invitation/commands.server.ts";
import { sendingList } from "#app/domain/invitation/queries.server.ts";
import { addPerson, changePerson } from "#app/domain/person/commands.server.ts";
import { personPage } from "#app/domain/person/queries.server.ts";
import { cardMark } from "#app/domain/person/record.server.ts";
import type { PersonFacts } from "#app/domain/person/rules.ts";
import { newId } from "#app/platform/crypto.server.ts";
import { openDatabase } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, type TestClock, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";
import { everybody } from "#tests/support/roster.ts";
import { tableOf } from "#tests/support/tables.ts";

const DAY = 86_400_000;

let clock: TestClock;
/** The first side at this edition, the same at the last one, and the other side at this one. */
let ctx: StaffContext;
let before: StaffContext;
let other: StaffContext;
let now: Meeting;
let past: Meeting;
let us: string;
let usBefore: string;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  clock = base.clock;
  const { orm } = base.db;
  const plan = { people: 0, seats: [{ capacity: 5, quota: null }] };
  past = writeMeeting(orm, base.keys, { ...plan, slug: "new-york", now: AUTUMN_2018 - 400 * DAY });
  now = writeMeeting(orm, base.keys, { ...plan, slug: "beijing", now: AUTUMN_2018 });
  for (const side of [0, 1] as const)
    for (const table of [schema.editionCoHost, schema.delegation])
      orm
        .update(table)
        .set({ coHostId: now.sideIds[side] })
        .where(eq(table.coHostId, past.sideIds[side]))
        .run();
  [us] = now.delegationIds;
  [usBefore] = past.delegationIds;
  const at = (meeting: Meeting, side: 0 | 1): StaffContext => ({
    ...base,
    scope: {
      editionId: meeting.editionId,
      sideIds: [now.sideIds[side]],
      permissions: ["lead"],
      bookSideIds: [now.sideIds[side]],
    },
  });
  ctx = at(now, 0);
  before = at(past, 0);
  other = at(now, 1);
});

function facts(name: string, given: Partial<PersonFacts> = {}): PersonFacts {
  return {
    familyLatin: "",
    givenLatin: "",
    nameLatin: name,
    familyNative: "",
    givenNative: "",
    nameNative: "",
    sortKey: name.toLowerCase(),
    honorificEn: "",
    honorificZh: "",
    salutationEn: "",
    salutationZh: "",
    institutionEn: "",
    institutionZh: "",
    positionEn: "",
    positionZh: "",
    email: null,
    phone: null,
    locale: "en",
    ...given,
  };
}

function value<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(result.refusal);
  return result.value;
}

async function known(name: string, given: Partial<PersonFacts> = {}, where = ctx): Promise<string> {
  const sideId = where.scope.bookSideIds[0] ?? "";
  return value(await addContact(where, { sideId, facts: facts(name, given) })).personId;
}

/** Somebody invited to an edition, with the card that this made. */
async function invited(where: StaffContext, delegationId: string, person: PersonFacts) {
  const { invitationId } = value(
    await addPerson(where, { delegationId, facts: person, category: "delegate", invitedAs: "presenter" }),
  );
  const row = where.db.orm
    .select({ personId: schema.invitation.personId })
    .from(schema.invitation)
    .where(eq(schema.invitation.id, invitationId))
    .get();
  return { invitationId, personId: row?.personId ?? "" };
}

const names = (filter: BookFilter, where = ctx) =>
  bookPage(where, filter).people.map((person) => person.nameLatin || person.nameNative);

/** Every row of every table, but for the two trails. */
function everything(): Record<string, ReadonlyArray<unknown>> {
  const { sqlite } = ctx.db;
  const tables = sqlite
    .prepare("select name from sqlite_master where type = 'table' and name not in (?, ?) order by name")
    .pluck()
    .all("audit_event", "person_merge") as Array<string>;
  return Object.fromEntries(
    tables.map((table) => [
      table,
      sqlite
        .prepare(`select * from "${table}"`)
        .all()
        .map((row) => JSON.stringify(row))
        .sort(),
    ]),
  );
}

describe("looking somebody up among the people of an edition and in the book", () => {
  beforeEach(async () => {
    await invited(
      ctx,
      us,
      facts("Zeng Yangben", { familyLatin: "Zeng", givenLatin: "Yangben", nameNative: "曾样本" }),
    );
    await invited(
      ctx,
      us,
      facts("Patrick O'Example", { familyLatin: "O'Example", givenLatin: "Patrick", nameNative: "" }),
    );
    await invited(ctx, us, facts("María-José Muñoz", { familyLatin: "Muñoz", givenLatin: "María-José" }));
    await invited(ctx, us, facts("", { nameNative: "阿依示例·艾模板", sortKey: "ayi shili" }));
  });

  test.each([
    ["曾", "Zeng Yangben"],
    ["zeng", "Zeng Yangben"],
    ["Zeng Yang", "Zeng Yangben"],
    ["yangben, ZENG", "Zeng Yangben"],
    ["ＺＥＮＧ　Ｙａｎｇｂｅｎ", "Zeng Yangben"],
    ["O'Example", "Patrick O'Example"],
    ["o’example", "Patrick O'Example"],
    ["O＇EXAMPLE patrick", "Patrick O'Example"],
    ["Muñoz".normalize("NFD"), "María-José Muñoz"],
    ["munoz maria jose", "María-José Muñoz"],
    ["艾模板", "阿依示例·艾模板"],
    ["阿依示例•艾模板", "阿依示例·艾模板"],
    ["阿依示例・艾模板", "阿依示例·艾模板"],
  ])("%s", (search, expected) => {
    const there = (where: StaffContext) =>
      everybody(where, { search }).rows.map((one) => one.nameLatin || one.nameNative);
    expect([there(ctx), names({ search })]).toEqual([[expected], [expected]]);
    expect([there(other), names({ search }, other)]).toEqual([[], []]);
  });
});

describe("looking somebody up", () => {
  beforeEach(async () => {
    const zeng = await known("Zeng Yangben", {
      familyLatin: "Zeng",
      givenLatin: "Yangben",
      nameNative: "曾样本",
      institutionZh: "南方政法大学（虚构）",
      email: "yangben.zeng@law.example",
    });
    value(await addNameForm(ctx, { personId: zeng, form: "native_variant", name: "曾樣本" }));
    value(await addNameForm(ctx, { personId: zeng, form: "former", name: "Tseng Yang-pen" }));
    await known("Patrick O'Example", { familyLatin: "O'Example", givenLatin: "Patrick" });
    await known("Hannah Prøve", { familyLatin: "Prøve", givenLatin: "Hannah" });
    await known("María-José Ejemplo Muñoz", { institutionEn: "Rio Grande Legal Aid" });
    await known("Li Xi'an", { nameNative: "李西安" });
    await known("", { nameNative: "王䶮", sortKey: "wang yan" });
  });

  test.each([
    ["曾", ["Zeng Yangben"]],
    ["zeng", ["Zeng Yangben"]],
    ["Zeng Yang", ["Zeng Yangben"]],
    ["Yang Zeng", ["Zeng Yangben"]],
    ["ZENG, Yangben", ["Zeng Yangben"]],
    ["曾樣本", ["Zeng Yangben"]],
    ["tseng", ["Zeng Yangben"]],
    ["政法大学", ["Zeng Yangben"]],
    ["yangben.zeng@law.example", ["Zeng Yangben"]],
    ["zeng 南方", ["Zeng Yangben"]],
    ["O'Example", ["Patrick O'Example"]],
    ["o’example", ["Patrick O'Example"]],
    ["OʼEXAMPLE patrick", ["Patrick O'Example"]],
    ["prove", ["Hannah Prøve"]],
    ["munoz maria", ["María-José Ejemplo Muñoz"]],
    ["rio grande", ["María-José Ejemplo Muñoz"]],
    ["xian", ["Li Xi'an"]],
    ["䶮", ["王䶮"]],
    ["nobody of this name", []],
    [
      "%",
      ["Hannah Prøve", "Li Xi'an", "María-José Ejemplo Muñoz", "Patrick O'Example", "王䶮", "Zeng Yangben"],
    ],
  ])("%s", (search, expected) => {
    expect(names({ search })).toEqual(expected);
    expect(names({ search }, other)).toEqual([]);
  });

  it("goes through the book a page at a time, each card once, in the order of sort keys", async () => {
    for (let n = 0; n < 90; n++) await known(`Number ${String(n).padStart(3, "0")}`);
    const seen: Array<string> = [];
    let after: string | null = null;
    do {
      const page = bookPage(ctx, { search: "number" }, after);
      expect(page.total).toBe(90);
      expect(page.first).toBe(seen.length);
      seen.push(...page.people.map((person) => person.nameLatin));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(Array.from({ length: 90 }, (_, n) => `Number ${String(n).padStart(3, "0")}`));
  });

  it("says what they were at which edition, and narrows by it", async () => {
    const ruth = await invited(before, usBefore, facts("Ruth Template"));
    value(await invitedAgain(ruth.personId));
    ctx.db.orm
      .insert(schema.agendaFunction)
      .values({
        itemId: past.itemIds[3] ?? "",
        invitationId: ruth.invitationId,
        function: "chair",
        position: 0,
      })
      .run();
    ctx.db.orm
      .update(schema.invitation)
      .set({ reply: "accepted", sentAt: AUTUMN_2018 - 300 * DAY, attendance: "attended" })
      .where(eq(schema.invitation.id, ruth.invitationId))
      .run();
    expect(names({ editionId: past.editionId })).toEqual(["Ruth Template"]);
    expect(names({ part: "notHere" })).not.toContain("Ruth Template");
    const [listed] = bookPage(ctx, { search: "ruth" }).people;
    expect(listed?.editions).toMatchObject([
      { slug: "beijing", functions: [] },
      { slug: "new-york", functions: ["chair"], attendance: "attended", category: "delegate" },
    ]);
  });

  function invitedAgain(personId: string) {
    return carryOver(ctx, { people: [{ personId, delegationId: us, category: "delegate" }] });
  }
});

describe("a card", () => {
  it("asks after each edition whether the post is still right, until somebody says so or types another", async () => {
    clock.set(AUTUMN_2018 - 390 * DAY);
    const kept = await known("Ann Kept", { positionEn: "Fellow" });
    const moved = await known("Bea Moved", { positionEn: "Fellow" });
    const phoned = await known("Cal Phoned", { positionEn: "Fellow" });
    expect(names({ part: "postDue" })).toEqual([]);
    clock.set(AUTUMN_2018);
    await known("Dee New");
    expect(names({ part: "postDue" })).toEqual(["Ann Kept", "Bea Moved", "Cal Phoned"]);
    value(await confirmPost(ctx, kept));
    value(await changeContact(ctx, { personId: moved, facts: facts("Bea Moved", { positionEn: "Dean" }) }));
    const phone = facts("Cal Phoned", { positionEn: "Fellow", phone: "+1 212 555 0111" });
    value(await changeContact(ctx, { personId: phoned, facts: phone }));
    expect(names({ part: "postDue" })).toEqual(["Cal Phoned"]);
    expect(contactCard(ctx, kept)).toMatchObject({ postDue: false, postCheckedAt: AUTUMN_2018 });
  });

  it("keeps name forms and assistants; who ended has no links any more", async () => {
    const ann = await invited(ctx, us, facts("Ann"));
    const { personId } = ann;
    value(await addNameForm(ctx, { personId, form: "phonetic", name: "like “an”" }));
    value(await addNameForm(ctx, { personId, form: "phonetic", name: "like “an”" }));
    const [form, ...more] = contactCard(ctx, personId)?.names ?? [];
    expect(more).toEqual([]);
    value(await removeNameForm(ctx, { personId, nameId: form?.id ?? "" }));
    const bea = {
      name: "Bea Helper",
      email: "bea@office.example",
      phone: "",
      locale: "en" as const,
      mayAct: true,
      getsCopies: false,
    };
    value(await addAssistant(ctx, { personId, facts: bea }));
    const assistantId = contactCard(ctx, personId)?.assistants[0]?.id ?? "";
    ctx.db.orm
      .insert(schema.assistantLink)
      .values({
        id: newId(),
        assistantId,
        invitationId: ann.invitationId,
        sections: "[]",
        tokenHash: "hash",
        tokenGeneration: 1,
        tokenExpiresAt: AUTUMN_2018 + DAY,
        grantedBy: "staff",
        createdAt: AUTUMN_2018,
      })
      .run();
    expect(await endAssistant(other, { personId, assistantId })).toMatchObject({ refusal: "gone" });
    value(await endAssistant(ctx, { personId, assistantId }));
    expect(contactCard(ctx, personId)).toMatchObject({
      names: [],
      assistants: [],
      formerAssistants: [{ name: "Bea Helper", endedAt: AUTUMN_2018 }],
    });
    expect(ctx.db.orm.select().from(schema.assistantLink).get()?.revokedAt).toBe(AUTUMN_2018);
    // Whoever presses twice is told what is so.
    value(await endAssistant(ctx, { personId, assistantId }));
    value(await removeNameForm(ctx, { personId, nameId: form?.id ?? "" }));
  });

  it("has an assistant once when the form comes twice", async () => {
    const personId = await known("Ann");
    const bea = { name: "Bea", email: "bea@office.example", phone: "", locale: "en" as const };
    value(await addAssistant(ctx, { personId, facts: { ...bea, mayAct: true, getsCopies: true } }));
    value(await addAssistant(ctx, { personId, facts: { ...bea, mayAct: true, getsCopies: true } }));
    expect(contactCard(ctx, personId)?.assistants).toHaveLength(1);
  });

  it("is added once by a form that comes twice, and what a colleague wrote meanwhile is not written over", async () => {
    const [sideId] = ctx.scope.bookSideIds;
    const ann = { sideId: sideId ?? "", facts: facts("Ann", { email: "ann@example.org" }), attempt: "a" };
    const { personId } = value(await addContact(ctx, ann));
    expect(value(await addContact(ctx, ann)).personId).toBe(personId);
    // Going back and writing somebody else adds somebody else.
    const bob = value(await addContact(ctx, { ...ann, facts: facts("Bob") }));
    expect(bob.personId).not.toBe(personId);
    const cid = {
      delegationId: us,
      facts: facts("Cid"),
      category: "delegate" as const,
      invitedAs: null,
      attempt: "c",
    };
    const first = value(await addPerson(ctx, cid));
    expect(value(await addPerson(ctx, cid))).toEqual(first);

    const seen = cardMark(facts("Ann", { email: "ann@example.org" }));
    value(await changeContact(ctx, { personId, seen, facts: facts("Ann", { phone: "+1 202 555 0100" }) }));
    const late = { personId, seen, facts: facts("Ann", { positionEn: "Dean" }) };
    expect(await changeContact(ctx, late)).toMatchObject({ refusal: "changed" });
    expect(contactCard(ctx, personId)?.facts).toMatchObject({ phone: "+1 202 555 0100", positionEn: "" });

    const saw = cardMark(facts("Cid"), ["delegate", null]);
    const there = { ...first, category: "delegate" as const, invitedAs: null, seen: saw };
    value(await changePerson(ctx, { ...there, facts: facts("Cid", { phone: "+1 202 555 0101" }) }));
    expect(await changePerson(ctx, { ...there, facts: facts("Cid", { positionEn: "Judge" }) })).toMatchObject(
      {
        refusal: "changed",
      },
    );
  });

  it("is not there for the other side, nor for somebody who works for one edition alone", async () => {
    const personId = await known("Ann");
    const oneEdition: StaffContext = { ...ctx, scope: { ...ctx.scope, bookSideIds: [] } };
    for (const foreign of [other, oneEdition]) {
      const rows = everything();
      expect(contactCard(foreign, personId)).toBeNull();
      expect(bookPage(foreign, {}).total).toBe(0);
      expect(await confirmPost(foreign, personId)).toMatchObject({ refusal: "gone" });
      expect(await writeNote(foreign, { personId, note: "?" })).toMatchObject({ refusal: "gone" });
      expect(await markDoNotInvite(foreign, { personId, reason: "?" })).toMatchObject({ refusal: "gone" });
      expect(await changeContact(foreign, { personId, facts: facts("?") })).toMatchObject({
        refusal: "gone",
      });
      expect(everything()).toEqual(rows);
    }
  });
});

describe("somebody who is not to be invited", () => {
  const file = "First Name,Last Name,Email\r\nAnn,Noway,ann@noway.example\r\n";
  const ann = () => facts("Ann Noway", { email: "ann@noway.example" });

  it("is not added, imported, carried over or sent anything, until the mark is taken off", async () => {
    const { invitationId } = await invited(ctx, us, facts("Bea", { email: "bea@noway.example" }));
    const bea = bookPage(ctx, { search: "bea" }).people[0]?.personId ?? "";
    const personId = await known("Ann Noway", ann());
    for (const each of [bea, personId])
      value(await markDoNotInvite(ctx, { personId: each, reason: "Spoke to the press." }));

    const toAdd = { delegationId: us, facts: ann(), category: "delegate" as const, invitedAs: null };
    expect(await addPerson(ctx, toAdd)).toEqual({ ok: false, refusal: "doNotInvite" });
    const seen = value(planImport(ctx, { table: await tableOf(file), delegationId: us }));
    expect(seen.rows).toMatchObject([
      { fate: "problem", problems: [{ key: "import.problem.doNotInvite", values: { name: "Ann Noway" } }] },
    ]);
    expect(await importTable(ctx, { table: await tableOf(file), delegationId: us })).toMatchObject({
      refusal: "nothing",
    });
    expect(carryOverList(ctx, { personIds: [personId] }).people).toMatchObject([{ problem: "doNotInvite" }]);
    const people = [{ personId, delegationId: us, category: "delegate" as const }];
    expect(await carryOver(ctx, { people })).toEqual({ ok: false, refusal: "problem" });
    expect(sendingList(ctx, { invitationIds: [invitationId], again: false }).blocked).toMatchObject([
      { obstacle: "doNotInvite" },
    ]);
    expect(await sendInvitations(ctx, { invitationIds: [invitationId] })).toMatchObject({
      refusal: "blocked",
    });
    expect(names({ part: "doNotInvite" })).toEqual(["Ann Noway", "Bea"]);

    value(await liftDoNotInvite(ctx, bea));
    value(await liftDoNotInvite(ctx, personId));
    value(await sendInvitations(ctx, { invitationIds: [invitationId] }));
    expect(value(await carryOver(ctx, { people })).drafted).toBe(1);
  });

  it("takes back what waits to be sent", async () => {
    const { invitationId, personId } = await invited(ctx, us, ann());
    value(await sendInvitations(ctx, { invitationIds: [invitationId] }));
    value(await markDoNotInvite(ctx, { personId, reason: "Too late noticed" }));
    expect(ctx.db.orm.select({ state: schema.delivery.state }).from(schema.delivery).all()).toEqual([
      { state: "cancelled" },
    ]);
  });

  it("is known as such to the book alone: not to the list, the person's page, the trail or the other side", async () => {
    const { invitationId, personId } = await invited(ctx, us, ann());
    value(await markDoNotInvite(ctx, { personId, reason: "A secret reason" }));
    value(await writeNote(ctx, { personId, note: "A secret note" }));
    expect(contactCard(ctx, personId)).toMatchObject({
      note: "A secret note",
      doNotInvite: { reason: "A secret reason" },
    });
    const reader: StaffContext = { ...ctx, scope: { ...ctx.scope, permissions: ["logistics"] } };
    const told = JSON.stringify([
      personPage(reader, invitationId),
      everybody(reader).rows,
      ctx.db.orm.select().from(schema.auditEvent).all(),
    ]);
    expect(told).not.toMatch(/secret|doNotInviteReason|doNotInviteAt/);
    // The other side adds, imports and carries over somebody of the same name and mailbox as if they were nobody's.
    const add = { delegationId: now.delegationIds[1], facts: ann(), category: "delegate" as const };
    value(await addPerson(other, { ...add, invitedAs: null }));
  });
});

describe("names that read alike", () => {
  test.each([
    ["CHEN Shili", "Shili Chen"],
    ["Zeng Yangben", "ZENG Yang Ben"],
    ["Zeng Yangben", "Yang-ben Zeng"],
    ["LYU Shiyong", "LV SHIYONG"],
    ["Lü Shiyong", "Lyu Shiyong"],
    ["Li Xi'an", "LI XIAN"],
    ["AYISHILI AIMOBAN", "Aimoban, Ayishili"],
    ["Jane Q. Sampleton", "Jane Sampleton"],
    ["Hon. Robert A. PLACEHOLDER III", "Robert Placeholder"],
    ["Maria-José FIXTURE-DUMMY", "MARIA JOSE FIXTURE DUMMY"],
    ["Patrick O'Example", "O’Example Patrick"],
    ["Mei-Ling Demo", "Demo Meiling"],
    ["Hannah Prøve", "Hannah Prove"],
    ["Ouyang Yanshi", "Ouyang Yansi"],
    ["Eleanor van der Demo", "van der Demo, Elenor"],
  ])("%s and %s", (a, b) => {
    expect(latinAlike(a, b)).toBe(true);
    expect(latinAlike(b, a)).toBe(true);
    const card = (id: string, name: string) => ({ id, emailKey: null, latin: [name], native: [] });
    expect(findDoubles([card("a", a), card("b", b)])).toEqual([{ ids: ["a", "b"], reasons: ["latin"] }]);
  });

  test.each([
    ["Wang Yan", "Wang Yang"],
    ["Li Wei", "Li Wen"],
    ["Ruth Template", "Rita Template"],
    ["Shan Moban", "Shan Motan Li"],
    ["Utopia", "Eleanor"],
    ["J. R.", "J. R."],
  ])("but not %s and %s", (a, b) => {
    expect(latinAlike(a, b)).toBe(false);
  });

  it("finds the planted pairs in a book of three thousand, and namesakes in other characters are two people", () => {
    const family = ["Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Huang", "Zhao", "Wu", "Zhou"];
    const many = Array.from({ length: 3_000 }, (_, n) => ({
      id: `n${String(n).padStart(4, "0")}`,
      emailKey: `n${n}@many.example`,
      latin: [`${family[n % 10]} Mingzi`],
      native: [String.fromCodePoint(0x4e00 + n, 0x5e00 + n, 0x6e00 + n)],
    }));
    const planted = [
      { id: "a", emailKey: "one@example.org", latin: ["Jane Sampleton"], native: [] },
      { id: "b", emailKey: "one@example.org", latin: ["Sampleton, Jane"], native: [] },
      { id: "c", emailKey: null, latin: ["Chen Shili"], native: ["陈示例"] },
      { id: "d", emailKey: null, latin: ["Tan Sili"], native: ["陳示例", "陈示例"] },
      { id: "e", emailKey: null, latin: ["Wang Yan"], native: ["王䶮"] },
      { id: "f", emailKey: null, latin: ["Wang Yan"], native: ["王𬱖"] },
    ];
    expect(findDoubles([...many, ...planted])).toEqual([
      { ids: ["a", "b"], reasons: ["mailbox", "latin"] },
      { ids: ["c", "d"], reasons: ["native"] },
    ]);
  });
});

describe("two cards of one person", () => {
  it("are put side by side until somebody says that they are two people", async () => {
    const [older, newer] = [
      await known("Zeng Yangben", { nameNative: "曾样本" }),
      await known("Yangben Zeng"),
    ];
    await known("Zeng Yangben", {}, other);
    expect(doublesOfBook(ctx).pairs.map(({ cards }) => cards.map((card) => card.personId).sort())).toEqual([
      [older, newer].sort(),
    ]);
    expect(doublesOfBook(other).pairs).toEqual([]);
    const pair = { personId: newer, otherId: older };
    expect(await dismissDouble(other, pair)).toMatchObject({ refusal: "gone" });
    value(await dismissDouble(ctx, pair));
    value(await dismissDouble(ctx, pair));
    expect(doublesOfBook(ctx).total).toBe(0);
  });

  it("become one: chosen facts, every edition, the other spelling as a further form", async () => {
    const kept = await invited(before, usBefore, facts("Zeng Yangben", { positionEn: "Fellow" }));
    const twin = await invited(
      ctx,
      us,
      facts("Yangben Zeng", { positionEn: "Dean", email: "zeng@example.org", nameNative: "曾样本" }),
    );
    value(await writeNote(ctx, { personId: kept.personId, note: "Met in 2017" }));
    value(await markDoNotInvite(ctx, { personId: twin.personId, reason: "Asked not to be" }));
    const ids = { keptId: kept.personId, otherId: twin.personId };
    const preview = mergePreview(ctx, ids);
    expect(preview?.fields.map(({ field, proposed }) => [field, proposed])).toEqual([
      ["nameLatin", "kept"],
      ["nameNative", "other"],
      ["sortKey", "kept"],
      ["positionEn", "kept"],
      ["email", "other"],
    ]);
    expect(preview?.moves.editions.map(({ slug }) => slug)).toEqual(["beijing"]);
    value(await mergeContacts(ctx, { ...ids, choices: { positionEn: "other" } }));
    expect(contactCard(ctx, kept.personId)).toMatchObject({
      facts: {
        nameLatin: "Zeng Yangben",
        nameNative: "曾样本",
        positionEn: "Dean",
        email: "zeng@example.org",
      },
      names: [{ form: "latin_variant", name: "Yangben Zeng" }],
      note: "Met in 2017",
      doNotInvite: { reason: "Asked not to be" },
      editions: [{ slug: "beijing" }, { slug: "new-york" }],
      merges: [{ nameLatin: "Yangben Zeng" }],
    });
    // The merged card is nowhere any more.
    expect(contactCard(ctx, twin.personId)).toBeNull();
    expect(names({})).toEqual(["Zeng Yangben"]);
    expect(doublesOfBook(ctx).total).toBe(0);
    expect(await confirmPost(ctx, twin.personId)).toMatchObject({ refusal: "gone" });
    expect(personPage(ctx, twin.invitationId)?.facts.nameLatin).toBe("Zeng Yangben");
    expect(carryOverList(ctx, { personIds: [twin.personId] }).people).toEqual([]);
  });

  it("give way to nobody: an import after the merge knows the card that stays, by its mailbox alone", async () => {
    const keptId = await known("Ann", { email: "ann@new.example" });
    const otherId = await known("Ann A.", { email: "ann@old.example" });
    value(await mergeContacts(ctx, { keptId, otherId, choices: {} }));
    const text = "First Name,Last Name,Email\r\nAnn,A,ann@old.example\r\nAnn,B,ann@new.example\r\n";
    const { rows } = value(planImport(ctx, { table: await tableOf(text), delegationId: us }));
    expect(rows.map((row) => row.fate)).toEqual(["new", "known"]);
  });

  it("stay two when both are invited to one edition, or belong to two sides, or are one", async () => {
    const a = await invited(ctx, us, facts("Ann"));
    const b = await invited(ctx, us, facts("Ann"));
    const ids = { keptId: a.personId, otherId: b.personId };
    expect(mergePreview(ctx, ids)?.sameEditions.map(({ slug }) => slug)).toEqual(["beijing"]);
    const rows = everything();
    expect(await mergeContacts(ctx, { ...ids, choices: {} })).toEqual({ ok: false, refusal: "sameEdition" });
    const foreign = await known("Ann", {}, other);
    const both: StaffContext = { ...ctx, scope: { ...ctx.scope, bookSideIds: [...now.sideIds] } };
    for (const [where, otherId] of [
      [ctx, foreign],
      [both, foreign],
      [ctx, a.personId],
    ] as const) {
      expect(mergePreview(where, { keptId: a.personId, otherId })).toBeNull();
      expect(await mergeContacts(where, { keptId: a.personId, otherId, choices: {} })).toMatchObject({
        refusal: "gone",
      });
    }
    expect({ ...everything(), person: null }).toEqual({ ...rows, person: null });
  });

  it("are merged once when two people press at once", async () => {
    const [keptId, otherId] = [await known("Ann"), await known("Ann")];
    const outcomes = await Promise.all([
      mergeContacts(ctx, { keptId, otherId, choices: {} }),
      mergeContacts(ctx, { keptId, otherId, choices: {} }),
      mergeContacts(ctx, { keptId: otherId, otherId: keptId, choices: {} }),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(ctx.db.orm.select().from(schema.personMerge).all()).toHaveLength(1);
    const { mergeId } = outcomes[0].ok ? outcomes[0].value : { mergeId: "" };
    const undone = value(await undoMerge(ctx, { personId: keptId, mergeId }));
    expect(value(await undoMerge(ctx, { personId: keptId, mergeId }))).toEqual(undone);
  });

  it("send nothing that waits once one of them is not to be invited", async () => {
    const ann = await invited(ctx, us, facts("Ann", { email: "ann@example.org" }));
    value(await sendInvitations(ctx, { invitationIds: [ann.invitationId] }));
    const otherId = await known("Ann");
    value(await markDoNotInvite(ctx, { personId: otherId, reason: "Asked not to be" }));
    value(await mergeContacts(ctx, { keptId: ann.personId, otherId, choices: {} }));
    const waiting = ctx.db.orm.select().from(schema.delivery).all();
    expect(waiting.map(({ state }) => state)).toEqual(["cancelled"]);
  });
});

describe("a merge that is undone", () => {
  async function merged(kept: Partial<PersonFacts>, twin: Partial<PersonFacts>) {
    const keptId = await known("Zeng Yangben", kept);
    const otherId = await known("Yangben Zeng", twin);
    const { mergeId } = value(await mergeContacts(ctx, { keptId, otherId, choices: {} }));
    return { keptId, otherId, mergeId };
  }

  test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    "leaves every row as it was (%i)",
    async (seed) => {
      const random = generator(seed);
      const some = <T>(...values: ReadonlyArray<T>): T => {
        const found = values[Math.floor(random() * values.length)];
        if (found === undefined) throw new Error("nothing to choose from");
        return found;
      };
      const card = async (edition: "past" | "now" | "none", email: string | null) => {
        const person = facts(some("Zeng Yangben", "Yangben Zeng", ""), {
          nameNative: some("曾样本", "曾樣本"),
          institutionEn: some("", "Institute", "University"),
          positionZh: some("", "教授"),
          honorificEn: some("", "Prof."),
          phone: some(null, "+1 212 555 0111"),
          locale: some("en" as const, "zh-CN" as const),
          email,
        });
        const personId =
          edition === "none"
            ? await known(person.nameLatin, person)
            : (await invited(edition === "past" ? before : ctx, edition === "past" ? usBefore : us, person))
                .personId;
        if (random() < 0.5) value(await writeNote(ctx, { personId, note: some("A note", "Another") }));
        if (random() < 0.4) value(await markDoNotInvite(ctx, { personId, reason: some("So", "Thus") }));
        if (random() < 0.5) value(await confirmPost(ctx, personId));
        if (random() < 0.6)
          value(
            await addNameForm(ctx, {
              personId,
              form: some("latin_variant" as const, "former" as const),
              name: some("Zeng Yangben", "Tseng"),
            }),
          );
        if (random() < 0.5)
          value(
            await addAssistant(ctx, {
              personId,
              facts: {
                name: "Bea",
                email: "bea@office.example",
                phone: some("", "1"),
                locale: "en",
                mayAct: some(true, false),
                getsCopies: some(true, false),
              },
            }),
          );
        clock.advance(1_000);
        return personId;
      };
      const [first, second] = some(
        ["past", "now"] as const,
        ["now", "past"] as const,
        ["none", "now"] as const,
        ["past", "none"] as const,
        ["none", "none"] as const,
      );
      const keptId = await card(first, some(null, "a@example.org"));
      const otherId = await card(second, some(null, "b@example.org"));
      const rows = everything();
      const preview = mergePreview(ctx, { keptId, otherId });
      const choices = Object.fromEntries(
        (preview?.fields ?? []).map(({ field }) => [field, some("kept" as const, "other" as const)]),
      );
      clock.advance(1_000);
      const { mergeId } = value(await mergeContacts(ctx, { keptId, otherId, choices }));
      expect(everything()).not.toEqual(rows);
      clock.advance(1_000);
      value(await undoMerge(ctx, { personId: keptId, mergeId }));
      expect(everything()).toEqual(rows);
      value(await undoMerge(ctx, { personId: keptId, mergeId }));
      expect(everything()).toEqual(rows);
    },
  );

  it("leaves what came to the card that stayed meanwhile", async () => {
    const { keptId, otherId, mergeId } = await merged({}, { positionEn: "Dean" });
    clock.advance(1_000);
    const { facts: card } = contactCard(ctx, keptId) ?? { facts: facts("") };
    value(await changeContact(ctx, { personId: keptId, facts: { ...card, phone: "+1 212 555 0122" } }));
    value(await carryOver(ctx, { people: [{ personId: keptId, delegationId: us, category: "observer" }] }));
    value(await undoMerge(ctx, { personId: keptId, mergeId }));
    expect(contactCard(ctx, keptId)).toMatchObject({
      facts: { phone: "+1 212 555 0122", positionEn: "" },
      editions: [{ slug: "beijing", category: "observer" }],
    });
    expect(contactCard(ctx, otherId)).toMatchObject({ facts: { positionEn: "Dean" }, editions: [] });
  });

  it("is refused when a fact that it wrote was changed since, and writes nothing", async () => {
    const { keptId, mergeId } = await merged({}, { positionEn: "Dean" });
    const { facts: card } = contactCard(ctx, keptId) ?? { facts: facts("") };
    value(await changeContact(ctx, { personId: keptId, facts: { ...card, positionEn: "President" } }));
    const rows = everything();
    expect(await undoMerge(ctx, { personId: keptId, mergeId })).toEqual({ ok: false, refusal: "changed" });
    expect(everything()).toEqual(rows);
    value(await changeContact(ctx, { personId: keptId, facts: { ...card, positionEn: "Dean" } }));
  });

  it("is refused while a later merge stands on the same card", async () => {
    const first = await merged({}, {});
    const third = await known("Tseng Yangben");
    const later = value(
      await mergeContacts(ctx, { keptId: first.keptId, otherId: third, choices: {} }),
    ).mergeId;
    const undo = (mergeId: string) => undoMerge(ctx, { personId: first.keptId, mergeId });
    expect(await undo(first.mergeId)).toEqual({ ok: false, refusal: "laterMerge" });
    value(await undo(later));
    value(await undo(first.mergeId));
    expect(bookPage(ctx, {}).total).toBe(3);
  });

  it("is refused when somebody else has one of the mailboxes by now", async () => {
    const { keptId, mergeId } = await merged({ email: "a@example.org" }, { email: "b@example.org" });
    await known("Somebody Else", { email: "b@example.org" });
    expect(await undoMerge(ctx, { personId: keptId, mergeId })).toEqual({
      ok: false,
      refusal: "mailboxTaken",
    });
  });

  it("is not there for the other side", async () => {
    const { keptId, mergeId } = await merged({}, {});
    expect(await undoMerge(other, { personId: keptId, mergeId })).toMatchObject({ refusal: "gone" });
  });
});

describe("carrying people over into an edition", () => {
  /** Everything that an edition may ask somebody for, answered. */
  function answered(invitationId: string, agreesToNext: boolean): void {
    const { orm } = ctx.db;
    const registrationId = newId();
    orm
      .insert(schema.registration)
      .values({
        id: registrationId,
        invitationId,
        state: "submitted",
        formVersion: 1,
        locale: "en",
        revision: 1,
        createdAt: AUTUMN_2018 - 390 * DAY,
        updatedAt: AUTUMN_2018 - 390 * DAY,
      })
      .run();
    for (const section of ["needs", "travel", "contact", "consents"] as const)
      orm
        .insert(schema.registrationSection)
        .values({
          registrationId,
          section,
          state: "submitted",
          answers: JSON.stringify({ allergies: "Peanuts", arrivalNumber: "ZZ123", emergencyName: "Kin" }),
          updatedAt: AUTUMN_2018 - 390 * DAY,
        })
        .run();
    for (const kind of ["notice", "sensitive_data", "next_edition"] as const)
      orm
        .insert(schema.consent)
        .values({
          id: newId(),
          invitationId,
          kind,
          given: kind !== "next_edition" || agreesToNext,
          textVersion: 1,
          locale: "en",
          channel: "self",
          at: AUTUMN_2018 - 390 * DAY,
        })
        .run();
    orm
      .insert(schema.travelDocument)
      .values({ invitationId, sealed: "sealed", updatedAt: AUTUMN_2018, updatedBy: "grace" })
      .run();
    orm
      .insert(schema.visitPlace)
      .values({
        id: newId(),
        visitId: past.visitIds[0] ?? "",
        invitationId,
        delegationId: usBefore,
        state: "granted",
        queueNumber: ctx.db.orm.select().from(schema.visitPlace).all().length + 1,
        askedAt: AUTUMN_2018 - 390 * DAY,
      })
      .run();
  }

  it("takes the card and nothing that an edition asked for", async () => {
    const card = facts("Ann Kept", {
      institutionEn: "Institute",
      positionEn: "Dean",
      email: "ann@example.org",
      phone: "+1 212 555 0133",
    });
    const ann = await invited(before, usBefore, card);
    answered(ann.invitationId, true);
    const { sqlite } = ctx.db;
    const rows = everything();
    const { drafted, dropped } = value(
      await carryOver(ctx, { people: [{ personId: ann.personId, delegationId: us, category: "head" }] }),
    );
    expect([drafted, dropped]).toEqual([1, 0]);
    // Of all tables two have more rows now: the invitation as it is drafted for anybody, and the event that says so. What the
    // database counts of invitations follows them by itself.
    const after = everything();
    const grown = Object.keys(after).filter(
      (table) => table !== "roster_count" && after[table]?.length !== rows[table]?.length,
    );
    expect(grown).toEqual(["invitation", "invitation_event"]);
    for (const table of Object.keys(after).filter((name) => ![...grown, "roster_count"].includes(name)))
      expect(after[table], table).toEqual(rows[table]);
    const drafts = sqlite.prepare("select * from invitation where edition_id = ?").all(now.editionId);
    expect(drafts).toMatchObject([
      {
        person_id: ann.personId,
        delegation_id: us,
        category: "head",
        invited_as: null,
        reply: "none",
        sent_at: null,
        protocol_order: null,
        attendance: null,
      },
    ]);
    expect(contactCard(ctx, ann.personId)?.facts).toEqual(card);
  });

  it("takes the address only of those who agreed to be contacted for the next edition", async () => {
    const yes = await invited(before, usBefore, facts("Yes", { email: "yes@example.org" }));
    const no = await invited(before, usBefore, facts("No", { email: "no@example.org", phone: "1" }));
    const silent = await invited(before, usBefore, facts("Silent", { email: "silent@example.org" }));
    const byHand = await known("By Hand", { email: "hand@example.org" });
    const lacking = await invited(before, usBefore, facts("Without"));
    answered(yes.invitationId, true);
    answered(no.invitationId, false);
    const ids = [yes, no, silent, lacking].map(({ personId }) => personId).concat(byHand);
    const { people } = carryOverList(ctx, { personIds: ids });
    expect(Object.fromEntries(people.map((one) => [one.nameLatin, one.contact]))).toEqual({
      Yes: "kept",
      No: "dropped",
      Silent: "dropped",
      "By Hand": "kept",
      Without: "none",
    });
    const wishes = people.map(({ personId }) => ({
      personId,
      delegationId: us,
      category: "delegate" as const,
    }));
    expect(value(await carryOver(ctx, { people: wishes }))).toEqual({ drafted: 5, dropped: 2 });
    const emails = ids.map((id) => contactCard(ctx, id)?.facts.email);
    expect(emails).toEqual(["yes@example.org", null, null, null, "hand@example.org"]);
    expect(contactCard(ctx, no.personId)?.facts).toMatchObject({ nameLatin: "No", phone: null });
  });

  it("leaves an address alone that an edition which is not over yet goes by", async () => {
    const soon = writeMeeting(ctx.db.orm, ctx.keys, {
      slug: "soon",
      people: 0,
      seats: [],
      now: AUTUMN_2018 + DAY,
    });
    ctx.db.orm
      .update(schema.delegation)
      .set({ coHostId: now.sideIds[0] })
      .where(eq(schema.delegation.id, soon.delegationIds[0]))
      .run();
    ctx.db.orm
      .update(schema.editionCoHost)
      .set({ coHostId: now.sideIds[0] })
      .where(eq(schema.editionCoHost.coHostId, soon.sideIds[0]))
      .run();
    const ann = await invited(before, usBefore, facts("Ann", { email: "ann@example.org" }));
    value(
      await carryOver(
        { ...ctx, scope: { ...ctx.scope, editionId: soon.editionId } },
        { people: [{ personId: ann.personId, delegationId: soon.delegationIds[0], category: "delegate" }] },
      ),
    );
    // The first carry-over took the address off; somebody typed a new one for the edition that comes.
    value(
      await changeContact(ctx, { personId: ann.personId, facts: facts("Ann", { email: "a@new.example" }) }),
    );
    expect(carryOverList(ctx, { personIds: [ann.personId] }).people).toMatchObject([{ contact: "kept" }]);
  });

  it("proposes delegation and category as last time, for everybody of an edition", async () => {
    await invited(before, usBefore, facts("Ann"));
    await invited(ctx, us, facts("Here Already"));
    const { people } = carryOverList(ctx, { editionId: past.editionId });
    expect(people).toMatchObject([
      {
        nameLatin: "Ann",
        delegationId: us,
        category: "delegate",
        problem: null,
        postDue: false,
        last: { cityEn: "Beijing" },
      },
    ]);
    expect(carryOverList(ctx, { editionId: now.editionId }).people).toMatchObject([{ problem: "invited" }]);
    expect(carryOverList(other, { editionId: past.editionId }).people).toEqual([]);
  });

  it("makes no second head of a delegation", async () => {
    const [ann, bea] = [await known("Ann"), await known("Bea")];
    const wish = (personId: string) => ({ personId, delegationId: us, category: "head" as const });
    expect(await carryOver(ctx, { people: [wish(ann), wish(bea)] })).toEqual({
      ok: false,
      refusal: "headTaken",
    });
    value(await carryOver(ctx, { people: [wish(ann)] }));
    expect(await carryOver(ctx, { people: [wish(bea)] })).toEqual({ ok: false, refusal: "headTaken" });
  });

  it("drafts all or none, once, and into delegations of the person's own side alone", async () => {
    const ann = await known("Ann");
    const bea = await invited(ctx, us, facts("Bea"));
    const wish = (personId: string, delegationId = us) => ({
      personId,
      delegationId,
      category: "delegate" as const,
    });
    const rows = everything();
    const refusals = [
      await carryOver(ctx, { people: [] }),
      await carryOver(ctx, { people: [wish(ann), wish(bea.personId)] }),
      await carryOver(ctx, { people: [wish(ann, now.delegationIds[1])] }),
      await carryOver(ctx, { people: [wish(ann, usBefore)] }),
      await carryOver(other, { people: [wish(ann, now.delegationIds[1])] }),
    ];
    expect(refusals.map((result) => (result.ok ? "" : result.refusal))).toEqual([
      "nobody",
      "problem",
      "gone",
      "gone",
      "gone",
    ]);
    expect(everything()).toEqual(rows);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => carryOver(ctx, { people: [wish(ann)] })),
    );
    // A form that comes twice drafts once, and each press is told so.
    for (const outcome of outcomes) expect(outcome).toEqual({ ok: true, value: { drafted: 1, dropped: 0 } });
    const drafts = ctx.db.orm.select().from(schema.invitation).all();
    expect(drafts.filter(({ personId }) => personId === ann)).toHaveLength(1);
    clock.advance(DAY);
    expect(await carryOver(ctx, { people: [wish(ann)] })).toMatchObject({ refusal: "problem" });
  });
});

describe("whatever the other side knows", () => {
  const ann = () => facts("Ann Known", { email: "ann@example.org", nameNative: "安示例" });

  /** What this side is told when it does everything by which it could find out. */
  async function told() {
    const first = await addContact(ctx, { sideId: now.sideIds[0], facts: ann() });
    const again = await addContact(ctx, { sideId: now.sideIds[0], facts: ann() });
    const abroad = await addContact(ctx, { sideId: now.sideIds[1], facts: ann() });
    const text = "First Name,Last Name,Email\r\nAnn,Known,ann@example.org\r\nNew,Comer,new@example.org\r\n";
    const plan = value(planImport(ctx, { table: await tableOf(text), delegationId: us }));
    const preview = plan.rows.map(({ person, ...row }) => ({ ...row, person: person?.name }));
    const added = await addPerson(ctx, {
      delegationId: us,
      facts: facts("New Comer", { email: "new@example.org" }),
      category: "delegate",
      invitedAs: null,
    });
    const change = first.ok
      ? await changeContact(ctx, { personId: first.value.personId, facts: { ...ann(), phone: "1" } })
      : first;
    return JSON.stringify([
      first.ok,
      again,
      abroad,
      preview,
      added.ok,
      change,
      doublesOfBook(ctx).pairs.map(({ reasons }) => reasons),
      bookPage(ctx, { search: "ann" }).total,
      bookPage(ctx, {}).total,
    ]).replaceAll(us, "delegation");
  }

  it("every answer here is the same", async () => {
    const empty = ctx.db.sqlite.serialize();
    const without = await told();
    const db = openDatabase(empty);
    ctx = { ...ctx, db };
    other = { ...other, db };
    const theirs = await known("Ann Known", ann(), other);
    value(await markDoNotInvite(other, { personId: theirs, reason: "Theirs" }));
    await invited(other, now.delegationIds[1], facts("New Comer", { email: "new@example.org" }));
    expect(await told()).toBe(without);
  });
});

/** The same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
