import { beforeEach, describe, expect, it } from "vitest";
import { findInvitationByToken } from "#app/domain/access/link.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import {
  changeInvitationText,
  recordReply,
  reissueLink,
  revokeLink,
  sendInvitations,
  withdrawInvitation,
} from "#app/domain/invitation/commands.server.ts";
import { letterPreview, sendingList } from "#app/domain/invitation/queries.server.ts";
import { sideWordings } from "#app/domain/invitation/sending.server.ts";
import { addPerson, changePerson } from "#app/domain/person/commands.server.ts";
import { delegationsOfScope, personPage } from "#app/domain/person/queries.server.ts";
import type { PersonFacts } from "#app/domain/person/rules.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, type TestClock, testContext } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";
import { everybody } from "#tests/support/roster.ts";

const HOUR = 3_600_000;

let clock: TestClock;
let ctx: StaffContext;
let other: StaffContext;
let us: string;
let cn: string;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  clock = base.clock;
  const { editionId, sideIds, delegationIds } = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 0,
    seats: [{ capacity: 1, quota: null }],
    now: AUTUMN_2018,
  });
  [us, cn] = delegationIds;
  ctx = {
    ...base,
    scope: { editionId, sideIds: [sideIds[0]], permissions: ["lead"], bookSideIds: [sideIds[0]] },
  };
  other = {
    ...base,
    scope: { editionId, sideIds: [sideIds[1]], permissions: ["lead"], bookSideIds: [sideIds[1]] },
  };
});

function facts(name: string, given: Partial<PersonFacts> = {}): PersonFacts {
  return {
    familyLatin: name,
    givenLatin: "Test",
    nameLatin: `Test ${name}`,
    familyNative: "",
    givenNative: "",
    nameNative: "",
    sortKey: name.toLowerCase(),
    honorificEn: "Judge",
    honorificZh: "",
    salutationEn: "",
    salutationZh: "",
    institutionEn: "Court",
    institutionZh: "法院",
    positionEn: "",
    positionZh: "",
    email: `${name.toLowerCase().replaceAll(/[^a-z]/g, "")}@us.example`,
    phone: null,
    locale: "en",
    ...given,
  };
}

async function invite(
  name: string,
  {
    given = {},
    where = ctx,
    delegationId = us,
  }: {
    given?: Partial<PersonFacts>;
    where?: StaffContext;
    delegationId?: string;
  } = {},
): Promise<string> {
  const added = await addPerson(where, {
    delegationId,
    facts: facts(name, given),
    category: "delegate",
    invitedAs: null,
  });
  if (!added.ok) throw new Error(added.refusal);
  return added.value.invitationId;
}

function kinds(invitationId: string): Array<string> {
  return (personPage(ctx, invitationId)?.events ?? []).map((event) => event.kind).reverse();
}

function deliveries() {
  return ctx.db.orm.select().from(schema.delivery).all();
}

describe("sending", () => {
  it("writes the event and the mail of each person in one go, frozen in both languages", async () => {
    const ids = [await invite("Placeholder"), await invite("Example")];
    expect(await sendInvitations(ctx, { invitationIds: ids })).toEqual({ ok: true, value: { sent: 2 } });
    expect(kinds(ids[0] ?? "")).toEqual(["drafted", "sent"]);
    expect(deliveries()).toMatchObject([{ state: "queued" }, { state: "queued" }]);
    const payload = JSON.parse(deliveries()[0]?.payload ?? "{}");
    expect(payload).toMatchObject({
      kind: "invitation",
      salutationEn: expect.stringMatching(/^Dear Judge /),
    });
    expect(payload.bodyZh).toContain("诚邀阁下以代表身份");
    expect(JSON.stringify(payload)).not.toContain(ctx.keys.linkToken(ids[0] ?? "", 1));
  });

  it("happens once: a second press sends nothing, a reminder is asked for and not within the hour", async () => {
    const id = await invite("Placeholder");
    const invitationIds = [id];
    await sendInvitations(ctx, { invitationIds });
    expect(await sendInvitations(ctx, { invitationIds })).toEqual({ ok: false, refusal: "blocked" });
    expect(await sendInvitations(ctx, { invitationIds, again: true })).toMatchObject({ ok: false });
    expect(deliveries()).toHaveLength(1);
    clock.advance(2 * HOUR);
    expect(await sendInvitations(ctx, { invitationIds, again: true })).toMatchObject({ ok: true });
    expect(kinds(id)).toEqual(["drafted", "sent", "reminded"]);
    expect(JSON.parse(deliveries()[1]?.payload ?? "{}").subjectEn).toMatch(/^Reminder: Invitation/);
  });

  it("sends to all of the chosen or to none, and says who stands in the way", async () => {
    const good = await invite("Placeholder");
    const noAddress = await invite("Silent", { given: { email: null } });
    const gone = await invite("Withdrawn");
    await withdrawInvitation(ctx, gone);
    const invitationIds = [good, noAddress, gone];
    const list = sendingList(ctx, { invitationIds, again: false });
    expect(list.ready.map((entry) => entry.nameLatin)).toEqual(["Test Placeholder"]);
    expect(list.blocked.map((entry) => entry.obstacle)).toEqual(["noAddress", "withdrawn"]);
    expect(await sendInvitations(ctx, { invitationIds })).toEqual({ ok: false, refusal: "blocked" });
    expect(deliveries()).toEqual([]);
  });

  it("sends nothing with an empty placeholder, and names whose it is", async () => {
    const id = await invite("Placeholder");
    const [side] = sideWordings(ctx);
    if (side === undefined) throw new Error("no side");
    await changeInvitationText(ctx, {
      sideId: side.sideId,
      texts: { ...side.texts, bodyEn: "As {position}" },
    });
    const list = sendingList(ctx, { invitationIds: [id], again: false });
    expect(list.blocked).toMatchObject([{ nameLatin: "Test Placeholder", empty: ["position"] }]);
    expect(await sendInvitations(ctx, { invitationIds: [id] })).toEqual({ ok: false, refusal: "blocked" });
    expect(letterPreview(ctx, id)?.empty).toEqual(["position"]);
  });
});

it("a text that a colleague saved meanwhile is not written over", async () => {
  const texts = { subjectEn: "A", bodyEn: "B", subjectZh: "甲", bodyZh: "乙" };
  const sideId = ctx.scope.sideIds[0] ?? "";
  expect(await changeInvitationText(ctx, { sideId, texts, after: 0 })).toMatchObject({ ok: true });
  expect(await changeInvitationText(ctx, { sideId, texts, after: 0 })).toMatchObject({ ok: true });
  const mine = { ...texts, subjectEn: "Mine" };
  expect(await changeInvitationText(ctx, { sideId, texts: mine, after: 0 })).toMatchObject({
    refusal: "changed",
  });
  const savedAt = ctx.clock.now();
  expect(await changeInvitationText(ctx, { sideId, texts: mine, after: savedAt })).toMatchObject({
    ok: true,
  });
});

describe("the link", () => {
  const holder = (id: string, generation: number) =>
    findInvitationByToken(ctx, ctx.keys.linkToken(id, generation))?.invitationId ?? null;

  it("is revoked and issued anew; the old one never works again", async () => {
    const id = await invite("Placeholder");
    expect(holder(id, 1)).toBe(id);
    await revokeLink(ctx, id);
    expect(holder(id, 1)).toBeNull();
    expect(sendingList(ctx, { invitationIds: [id], again: false }).blocked[0]?.obstacle).toBe("linkRevoked");
    await reissueLink(ctx, id);
    expect(holder(id, 1)).toBeNull();
    expect(holder(id, 2)).toBe(id);
    expect(kinds(id)).toEqual(["drafted", "link_revoked", "link_issued"]);
  });

  it("opens nothing after a withdrawal, which also cancels waiting mail and gives seats to the next", async () => {
    const [first, second] = [await invite("First"), await invite("Second")];
    await sendInvitations(ctx, { invitationIds: [first] });
    const [visit] = ctx.db.orm.select().from(schema.siteVisit).all();
    const base = { visitId: visit?.id ?? "", delegationId: us, askedAt: clock.now() };
    ctx.db.orm
      .insert(schema.visitPlace)
      .values([
        { ...base, id: "a", invitationId: first, state: "granted", queueNumber: 1 },
        { ...base, id: "b", invitationId: second, state: "waiting", queueNumber: 2 },
      ])
      .run();
    expect(await withdrawInvitation(ctx, first)).toEqual({ ok: true, value: null });
    expect(holder(first, 1)).toBeNull();
    expect(personPage(ctx, first)?.mails).toMatchObject([{ state: "cancelled" }]);
    expect(personPage(ctx, second)?.visits).toMatchObject([{ state: "granted" }]);
    expect(await withdrawInvitation(ctx, first)).toEqual({ ok: false, refusal: "withdrawn" });
    expect(await reissueLink(ctx, first)).toEqual({ ok: false, refusal: "withdrawn" });
  });
});

it("an answer given by phone is recorded as such, also after the reply date", async () => {
  const invitationId = await invite("Placeholder");
  clock.advance(30 * 24 * HOUR);
  const recorded = await recordReply(ctx, {
    invitationId,
    reply: "accepted",
    note: "by phone",
    askAgainOn: null,
  });
  expect(recorded).toEqual({ ok: true, value: null });
  expect(personPage(ctx, invitationId)?.events[0]).toMatchObject({
    kind: "accepted",
    channel: "staff",
    note: "by phone",
  });
});

describe("a side's own people", () => {
  it("are found in either script, without accents and spaces, in the order of their sort keys", async () => {
    await invite("Li", { given: { givenLatin: "Xi'an", nameLatin: "Li Xi'an", nameNative: "李西安" } });
    await invite("Ejemplo Muñoz", {
      given: { givenLatin: "María-José", nameLatin: "María-José Ejemplo Muñoz" },
    });
    const names = (search: string) => everybody(ctx, { search }).rows.map((person) => person.nameLatin);
    expect(names("")).toEqual(["María-José Ejemplo Muñoz", "Li Xi'an"]);
    for (const search of ["西安", "XIAN", "li xi'an", "Xian Li"]) expect(names(search)).toEqual(["Li Xi'an"]);
    for (const search of ["munoz", "MARIA JOSE", "ejemplo muñoz"])
      expect(names(search)).toEqual(["María-José Ejemplo Muñoz"]);
    expect(names("%")).toHaveLength(2);
    expect(names("nobody")).toEqual([]);
  });

  it("are all there is: the other side's do not exist, for any act", async () => {
    const theirs = await invite("Chen", {
      where: other,
      delegationId: cn,
      given: { email: "chen@cn.example" },
    });
    const mine = await invite("Placeholder");
    expect(everybody(other).rows).toHaveLength(1);
    expect(everybody(ctx).rows.map((person) => person.invitationId)).toEqual([mine]);
    expect(everybody(ctx, { where: { delegation: cn } }).rows).toEqual([]);
    expect(delegationsOfScope(ctx).map((delegation) => delegation.id)).toEqual([us]);
    expect(personPage(other, theirs)).not.toBeNull();
    expect(personPage(ctx, theirs)).toBeNull();
    expect(letterPreview(ctx, theirs)).toBeNull();
    const gone = { ok: false, refusal: "gone" };
    expect(await sendInvitations(ctx, { invitationIds: [mine, theirs] })).toEqual(gone);
    expect(await revokeLink(ctx, theirs)).toEqual(gone);
    expect(await reissueLink(ctx, theirs)).toEqual(gone);
    expect(await withdrawInvitation(ctx, theirs)).toEqual(gone);
    const answer = { invitationId: theirs, reply: "accepted" as const, note: "", askAgainOn: null };
    expect(await recordReply(ctx, answer)).toEqual(gone);
    const card = { facts: facts("Changed"), category: "head" as const, invitedAs: null };
    expect(await changePerson(ctx, { invitationId: theirs, ...card })).toEqual(gone);
    expect(await addPerson(ctx, { delegationId: cn, ...card })).toEqual({ ok: false, refusal: "delegation" });
    const [wording] = sideWordings(other);
    expect(
      await changeInvitationText(ctx, {
        sideId: wording?.sideId ?? "",
        texts: wording?.texts ?? { subjectEn: "", bodyEn: "", subjectZh: "", bodyZh: "" },
      }),
    ).toEqual(gone);
    expect(ctx.db.orm.select().from(schema.delivery).all()).toEqual([]);
    expect(personPage(other, theirs)?.events.map((event) => event.kind)).toEqual(["drafted"]);
  });

  it("are those of this edition alone, though the side has another one", async () => {
    const mine = await invite("Placeholder");
    const next = writeMeeting(ctx.db.orm, ctx.keys, { slug: "next", people: 0, seats: [], now: AUTUMN_2018 });
    const later: StaffContext = { ...ctx, scope: { ...ctx.scope, editionId: next.editionId } };
    expect(everybody(later).rows).toEqual([]);
    expect(personPage(later, mine)).toBeNull();
    expect(await revokeLink(later, mine)).toEqual({ ok: false, refusal: "gone" });
  });

  it("stand in the book once: a mailbox is one person", async () => {
    const first = await invite("Placeholder");
    const second = await invite("Example");
    const taken = { ok: false, refusal: "mailboxTaken" };
    const card = { category: "delegate" as const, invitedAs: null };
    const same = facts("Other", { email: "PLACEHOLDER@us.example" });
    expect(await addPerson(ctx, { delegationId: us, facts: same, ...card })).toEqual(taken);
    expect(await changePerson(ctx, { invitationId: second, facts: same, ...card })).toEqual(taken);
    expect(await changePerson(ctx, { invitationId: first, facts: same, ...card })).toMatchObject({
      ok: true,
    });
  });

  it("have answers that only those see whom they concern", async () => {
    const id = await invite("Placeholder");
    const at = clock.now();
    ctx.db.orm
      .insert(schema.registration)
      .values({
        id: "r",
        invitationId: id,
        state: "draft",
        formVersion: 1,
        locale: "en",
        revision: 1,
        createdAt: at,
        updatedAt: at,
      })
      .run();
    ctx.db.orm
      .insert(schema.registrationSection)
      .values([
        {
          registrationId: "r",
          section: "name",
          state: "draft",
          answers: '{"nameLatin":"Test"}',
          updatedAt: at,
        },
        {
          registrationId: "r",
          section: "needs",
          state: "draft",
          answers: '{"diets":["halal"]}',
          updatedAt: at,
        },
        {
          registrationId: "r",
          section: "travel",
          state: "draft",
          answers: '{"arrivalNumber":"ZZ1"}',
          updatedAt: at,
        },
      ])
      .run();
    const seenBy = (permission: "lead" | "logistics" | "duty_desk" | "mail" | "read_only") => {
      const page = personPage({ ...ctx, scope: { ...ctx.scope, permissions: [permission] } }, id);
      return [page?.answers.map((answer) => answer.field).sort(), page?.hidden];
    };
    expect(seenBy("lead")).toEqual([["arrivalNumber", "diets", "nameLatin"], 0]);
    expect(seenBy("logistics")).toEqual([["arrivalNumber", "diets", "nameLatin"], 0]);
    expect(seenBy("duty_desk")).toEqual([["arrivalNumber", "nameLatin"], 1]);
    expect(seenBy("mail")).toEqual([["nameLatin"], 2]);
    expect(seenBy("read_only")).toEqual([["nameLatin"], 2]);
  });
});
