import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import {
  askInstitution,
  declineNomination,
  reissueNominationLink,
  revokeNominationLink,
  takeUpNomination,
} from "#app/domain/nomination/commands.server.ts";
import {
  findFocalPointByToken,
  type NominationContext,
  nominationRequest,
  proposeNames,
} from "#app/domain/nomination/holder.server.ts";
import { focalPointPage, focalPoints } from "#app/domain/nomination/queries.server.ts";
import type { ProposedName } from "#app/domain/nomination/rules.ts";
import { addPerson } from "#app/domain/person/commands.server.ts";
import { personPage } from "#app/domain/person/queries.server.ts";
import type { PersonFacts } from "#app/domain/person/rules.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, type TestClock, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";
import { everybody } from "#tests/support/roster.ts";

const DAY = 86_400_000;

let clock: TestClock;
let meeting: Meeting;
let ctx: StaffContext;
let other: StaffContext;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  clock = base.clock;
  meeting = writeMeeting(base.db.orm, base.keys, { slug: "beijing", people: 0, seats: [], now: AUTUMN_2018 });
  const side = (sideId: string): StaffContext => ({
    ...base,
    scope: {
      editionId: meeting.editionId,
      sideIds: [sideId],
      permissions: ["invitations"],
      bookSideIds: [sideId],
    },
  });
  ctx = side(meeting.sideIds[0]);
  other = side(meeting.sideIds[1]);
});

async function ask(places = 3, where = ctx): Promise<string> {
  const asked = await askInstitution(where, {
    delegationId: meeting.delegationIds[where === ctx ? 0 : 1],
    institutionEn: "Court of Examples",
    institutionZh: "示例法院",
    name: "Focal Point",
    email: "focal@example.org",
    locale: "zh-CN",
    places,
    closesAt: AUTUMN_2018 + 7 * DAY,
  });
  if (!asked.ok) throw new Error(asked.refusal);
  return asked.value.focalPointId;
}

function holder(focalPointId: string): NominationContext {
  return {
    ...ctx,
    actor: { kind: "focal_point", id: focalPointId },
    scope: { editionId: meeting.editionId, focalPointId },
  };
}

function name(nameNative: string, given: Partial<ProposedName> = {}): ProposedName {
  return {
    familyLatin: "",
    givenLatin: "",
    nameNative,
    honorific: "",
    position: "",
    email: null,
    phone: null,
    ...given,
  };
}

const opens = (focalPointId: string, generation: number) =>
  findFocalPointByToken(ctx, ctx.keys.linkToken(focalPointId, generation))?.focalPointId ?? null;

const proposals = (focalPointId: string) => focalPointPage(ctx, focalPointId)?.proposals ?? [];

describe("a focal point's link", () => {
  it("is mailed once, replaced by a new one, stopped, and dies a month after names stop being taken", async () => {
    const id = await ask();
    const mails = () => ctx.db.orm.select().from(schema.delivery).all();
    expect(mails()).toMatchObject([
      {
        kind: "nomination_request",
        recipientKind: "focal_point",
        linkId: id,
        toAddress: "focal@example.org",
      },
    ]);
    expect(mails()[0]?.payload).not.toContain(ctx.keys.linkToken(id, 1));
    expect(opens(id, 1)).toBe(id);
    await reissueNominationLink(ctx, id);
    expect([opens(id, 1), opens(id, 2)]).toEqual([null, id]);
    await revokeNominationLink(ctx, id);
    expect(opens(id, 2)).toBeNull();
    expect(await revokeNominationLink(ctx, id)).toEqual({ ok: false, refusal: "revoked" });
    await reissueNominationLink(ctx, id);
    clock.advance(8 * DAY);
    expect(opens(id, 3)).toBe(id);
    clock.advance(31 * DAY);
    expect(opens(id, 3)).toBeNull();
    expect(opens("nobody", 1)).toBeNull();
  });

  it("is mailed once by a form that comes twice, be it the first time or anew", async () => {
    const id = await ask();
    expect(await ask()).toBe(id);
    clock.advance(DAY);
    await reissueNominationLink(ctx, id, AUTUMN_2018);
    await reissueNominationLink(ctx, id, AUTUMN_2018);
    expect(ctx.db.orm.select().from(schema.delivery).all()).toHaveLength(2);
  });

  it("tells how many names came and nothing of them, whatever became of them", async () => {
    const id = await ask();
    await proposeNames(holder(id), [name("甲示例"), name("乙示例", { email: "yi@example.org" })]);
    const before = nominationRequest(holder(id));
    expect(before).toMatchObject({ received: 2, places: 3, closed: false });
    const [first, second] = proposals(id);
    await takeUpNomination(ctx, { nominationId: first?.id ?? "", personId: null, category: "delegate" });
    await declineNomination(ctx, { nominationId: second?.id ?? "", note: "Not this year" });
    expect(nominationRequest(holder(id))).toEqual(before);
    expect(JSON.stringify(before)).not.toMatch(/示例[^法]|example\.org/);
  });

  it("takes as many names as were asked for, the same one once, and none after the last day", async () => {
    const id = await ask(2);
    const two = [name("甲示例"), name("乙示例")];
    const sent = await Promise.all(Array.from({ length: 10 }, () => proposeNames(holder(id), two)));
    expect(sent.map((outcome) => (outcome.ok ? outcome.value.written : outcome.refusal))).toEqual([
      2,
      ...Array.from({ length: 9 }, () => 0),
    ]);
    expect(await proposeNames(holder(id), [name("丙示例")])).toEqual({ ok: false, refusal: "tooMany" });
    expect(await proposeNames(holder(id), [])).toEqual({ ok: false, refusal: "nobody" });
    const late = await ask(2);
    clock.advance(7 * DAY);
    expect(await proposeNames(holder(late), [name("丙示例")])).toEqual({ ok: false, refusal: "closed" });
    expect(nominationRequest(holder(late)).closed).toBe(true);
    expect(ctx.db.orm.select().from(schema.nomination).all()).toHaveLength(2);
  });

  it("its last place goes to one of many names that come at once", async () => {
    const id = await ask(1);
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, n) => proposeNames(holder(id), [name(`示例${n}`)])),
    );
    expect(sent.filter((outcome) => outcome.ok)).toHaveLength(1);
    expect(proposals(id)).toHaveLength(1);
  });
});

describe("a proposed name", () => {
  const card: PersonFacts = {
    familyLatin: "Shili",
    givenLatin: "Jia",
    nameLatin: "Shili Jia",
    familyNative: "",
    givenNative: "",
    nameNative: "甲示例",
    sortKey: "shili jia",
    honorificEn: "",
    honorificZh: "",
    salutationEn: "",
    salutationZh: "",
    institutionEn: "",
    institutionZh: "",
    positionEn: "",
    positionZh: "",
    email: "jia@example.org",
    phone: null,
    locale: "zh-CN",
  };
  const add = async (where: StaffContext, facts = card) => {
    const added = await addPerson(where, {
      delegationId: meeting.delegationIds[where === ctx ? 0 : 1],
      facts,
      category: "observer",
      invitedAs: null,
    });
    if (!added.ok) throw new Error(added.refusal);
    return added.value.invitationId;
  };
  const personOf = (invitationId: string) =>
    ctx.db.orm
      .select()
      .from(schema.invitation)
      .all()
      .find((one) => one.id === invitationId)?.personId ?? "";

  it("becomes somebody of the book with a draft invitation, once", async () => {
    const id = await ask();
    await proposeNames(holder(id), [
      name("丁示例", {
        familyLatin: "Ding",
        givenLatin: "Shili",
        honorific: "法官",
        position: "庭长",
        email: "ding@example.org",
      }),
    ]);
    const [one] = proposals(id);
    const wish = { nominationId: one?.id ?? "", personId: null, category: "delegate" as const };
    const outcomes = await Promise.all([takeUpNomination(ctx, wish), takeUpNomination(ctx, wish)]);
    const [taken] = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value.invitationId] : []));
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(await takeUpNomination(ctx, { ...wish, category: "observer" })).toEqual({
      ok: false,
      refusal: "taken",
    });
    expect(everybody(ctx).rows).toHaveLength(1);
    const page = personPage(ctx, taken ?? "");
    expect(page?.facts).toMatchObject({
      nameLatin: "Ding Shili",
      nameNative: "丁示例",
      honorificZh: "法官",
      positionZh: "庭长",
      institutionEn: "Court of Examples",
      email: "ding@example.org",
      locale: "zh-CN",
    });
    expect(page?.events.map((event) => event.kind)).toEqual(["drafted"]);
    expect(page?.sentAt).toBeNull();
    expect(proposals(id)[0]).toMatchObject({ state: "taken", invitationId: taken });
  });

  it("is compared with the side's own book, by mailbox and by name, and with nobody else's", async () => {
    const known = await add(ctx);
    await add(other, { ...card, email: "JIA@example.org", nameNative: "甲示例" });
    const id = await ask();
    await proposeNames(holder(id), [
      name("甲示例"),
      name("别名示例", { email: "Jia@Example.org" }),
      name("无关示例"),
    ]);
    const found = proposals(id).map((one) => one.candidates.map((each) => [each.personId, each.same]));
    expect(found).toEqual([[[personOf(known), "name"]], [[personOf(known), "mailbox"]], []]);
    const [byName, byMailbox] = proposals(id);
    // Somebody who has the mailbox cannot be made twice; chosen, they stay what they are at this edition.
    expect(
      await takeUpNomination(ctx, {
        nominationId: byMailbox?.id ?? "",
        personId: null,
        category: "delegate",
      }),
    ).toEqual({ ok: false, refusal: "mailboxTaken" });
    expect(
      await takeUpNomination(ctx, {
        nominationId: byName?.id ?? "",
        personId: personOf(known),
        category: "delegate",
      }),
    ).toEqual({ ok: true, value: { invitationId: known } });
    expect(everybody(ctx).total).toBe(1);
    expect(personPage(ctx, known)?.category).toBe("observer");
  });

  it("shows of a closed book only who is at this edition", async () => {
    const known = await add(ctx);
    const id = await ask();
    await proposeNames(holder(id), [name("甲示例"), name("戊示例")]);
    ctx.db.orm
      .insert(schema.person)
      .values({
        ...card,
        id: "years-ago",
        coHostId: meeting.sideIds[0],
        nameNative: "戊示例",
        email: null,
        createdAt: 0,
        updatedAt: 0,
      })
      .run();
    const outside: StaffContext = { ...ctx, scope: { ...ctx.scope, bookSideIds: [] } };
    const seen = focalPointPage(outside, id)?.proposals.map((one) => one.candidates.map((c) => c.personId));
    expect(seen).toEqual([[personOf(known)], []]);
    expect(proposals(id)[1]?.candidates.map((one) => one.personId)).toEqual(["years-ago"]);
    const wish = { nominationId: proposals(id)[1]?.id ?? "", category: "delegate" as const };
    expect(await takeUpNomination(outside, { ...wish, personId: "years-ago" })).toEqual({
      ok: false,
      refusal: "gone",
    });
    expect(await takeUpNomination(ctx, { ...wish, personId: "years-ago" })).toMatchObject({ ok: true });
  });

  it("is declined with a note for oneself, and may be taken up after all", async () => {
    const id = await ask();
    await proposeNames(holder(id), [name("己示例")]);
    const nominationId = proposals(id)[0]?.id ?? "";
    expect(await declineNomination(ctx, { nominationId, note: "Too junior" })).toMatchObject({ ok: true });
    expect(await declineNomination(ctx, { nominationId, note: "Too junior" })).toMatchObject({ ok: true });
    expect(await declineNomination(ctx, { nominationId, note: "Again" })).toEqual({
      ok: false,
      refusal: "decided",
    });
    expect(proposals(id)[0]).toMatchObject({ state: "declined", note: "Too junior" });
    expect(await takeUpNomination(ctx, { nominationId, personId: null, category: "observer" })).toMatchObject(
      { ok: true },
    );
  });

  it("is not there for the other side, nor is the institution", async () => {
    const id = await ask();
    await proposeNames(holder(id), [name("庚示例")]);
    const nominationId = proposals(id)[0]?.id ?? "";
    const gone = { ok: false, refusal: "gone" };
    expect(focalPoints(other)).toEqual([]);
    expect(focalPointPage(other, id)).toBeNull();
    expect(await takeUpNomination(other, { nominationId, personId: null, category: "delegate" })).toEqual(
      gone,
    );
    expect(await declineNomination(other, { nominationId, note: "" })).toEqual(gone);
    expect(await revokeNominationLink(other, id)).toEqual(gone);
    expect(await reissueNominationLink(other, id)).toEqual(gone);
    const facts = { ...(focalPointPage(ctx, id) ?? { name: "" }) };
    expect(
      await askInstitution(other, {
        delegationId: meeting.delegationIds[0],
        institutionEn: "x",
        institutionZh: "",
        name: facts.name,
        email: "x@example.org",
        locale: "en",
        places: 1,
        closesAt: null,
      }),
    ).toEqual(gone);
  });

  it("and its address are in no trail", async () => {
    const id = await ask();
    await proposeNames(holder(id), [name("辛示例", { email: "xin@example.org" })]);
    await declineNomination(ctx, { nominationId: proposals(id)[0]?.id ?? "", note: "A private word" });
    const trail = JSON.stringify(ctx.db.orm.select().from(schema.auditEvent).all());
    expect(trail).toContain("nomination.propose");
    expect(trail).not.toMatch(/辛示例|example\.org|private word|Court/);
  });
});
