import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { confirmSeen } from "#app/domain/agenda/seen.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { changeMessage, draftMessage } from "#app/domain/mail/commands.server.ts";
import { type MessageInput, messageForm } from "#app/domain/mail/form.ts";
import { handMessageOver } from "#app/domain/mail/hand-over.server.ts";
import { deliveryPage, liftAddress, stoppedAddresses } from "#app/domain/mail/history.server.ts";
import { mailLinks } from "#app/domain/mail/links.ts";
import { openingOf } from "#app/domain/mail/opening.server.ts";
import { mailEdition } from "#app/domain/mail/outbox.server.ts";
import { audienceChoices, mailPage, messagePage } from "#app/domain/mail/queries.server.ts";
import { releaseMessage } from "#app/domain/mail/release.server.ts";
import { stopAddress } from "#app/domain/mail/suppression.server.ts";
import { saveTemplate } from "#app/domain/mail/templates.server.ts";
import { WORDINGS } from "#app/domain/mail/wording.ts";
import { personPage } from "#app/domain/person/queries.server.ts";
import { newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import { renderMail } from "#emails/index.tsx";
import { mailPayload } from "#emails/payload.ts";
import { testContext } from "../support/context.ts";
import { type Invitee, type Meeting, queueAgendaMails, writeMeeting } from "../support/meeting.ts";

let ctx: ReturnType<typeof testContext> & StaffContext;
let other: StaffContext;
let meeting: Meeting;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 8,
    seats: [],
    now: base.clock.now(),
  });
  const scope = (side: 0 | 1) => ({
    editionId: meeting.editionId,
    sideIds: [meeting.sideIds[side]],
    permissions: ["mail" as const],
    bookSideIds: [],
  });
  ctx = { ...base, scope: scope(0) };
  other = { ...base, scope: scope(1) };
});

function side(n: 0 | 1): Array<Invitee> {
  return meeting.invitees.filter((one) => one.sideId === meeting.sideIds[n]);
}

async function drafted(given: Partial<MessageInput> = {}): Promise<string> {
  const made = await draftMessage(
    ctx,
    messageForm.parse({ sideId: meeting.sideIds[0], kind: "logistics", ...WORDINGS.logistics, ...given }),
  );
  if (!made.ok) throw new Error(made.refusal);
  return made.value.messageId;
}

function draftPage(messageId: string, as: StaffContext = ctx) {
  const page = messagePage({ ...ctx, ...as }, messageId);
  if (page?.state !== "draft") throw new Error("not a draft");
  return page;
}

const audience = async (given: Partial<MessageInput>) =>
  draftPage(await drafted(given)).recipients.map(({ invitationId }) => invitationId);

/** A vehicle with one trip, and a hotel with one room of two nights, of the second side. */
function planned(seats: ReadonlyArray<Invitee>, guests: ReadonlyArray<Invitee>) {
  const { orm } = ctx.db;
  const { editionId, sideIds, startsOn } = meeting;
  const [vehicleId, tripId, hotelId, typeId] = [newId(), newId(), newId(), newId()];
  const own = { editionId, coHostId: sideIds[1] };
  orm
    .insert(schema.vehicle)
    .values({ ...own, id: vehicleId, name: "Coach 1", seats: 20, position: 0, revision: 0 })
    .run();
  orm
    .insert(schema.trip)
    .values({
      ...own,
      id: tripId,
      kind: "transfer",
      vehicleId,
      departsAt: ctx.clock.now(),
      fromPlace: "Hotel",
      toPlace: "Hall",
      revision: 0,
    })
    .run();
  for (const [position, { invitationId, delegationId }] of seats.entries())
    orm
      .insert(schema.tripPassenger)
      .values({ id: newId(), tripId, invitationId, delegationId, position })
      .run();
  orm
    .insert(schema.hotel)
    .values({
      ...own,
      id: hotelId,
      nameEn: "Sample Hotel",
      nameZh: "示例饭店",
      listColumns: "[]",
      revision: 0,
    })
    .run();
  orm
    .insert(schema.roomType)
    .values({ id: typeId, hotelId, nameEn: "Room", nameZh: "房间", sleeps: 1, position: 0 })
    .run();
  for (const { invitationId, sideId } of guests) {
    const roomId = newId();
    orm.insert(schema.room).values({ id: roomId, typeId, coHostId: sideId, revision: 0 }).run();
    orm.insert(schema.guestNight).values({ invitationId, night: startsOn, roomId }).run();
  }
  return { vehicleId, hotelId };
}

describe("whom a message goes to", () => {
  test("is narrowed by vehicle and by hotel, and is one's own people in them alone", async () => {
    const [first, second, third] = side(0);
    const [theirs] = side(1);
    if (!first || !second || !third || !theirs) throw new Error("too few people");
    const { vehicleId, hotelId } = planned([first, second, theirs], [second, third, theirs]);
    expect(await audience({ vehicleId })).toEqual([first.invitationId, second.invitationId]);
    expect(await audience({ hotelId })).toEqual([second.invitationId, third.invitationId]);
    expect(await audience({ vehicleId, hotelId })).toEqual([second.invitationId]);
    const choices = audienceChoices(ctx);
    expect(choices.vehicles).toEqual([{ id: vehicleId, name: "Coach 1", plate: "", people: 2 }]);
    expect(choices.hotels).toEqual([{ id: hotelId, nameEn: "Sample Hotel", nameZh: "示例饭店", people: 2 }]);
    expect(audienceChoices(other).vehicles).toEqual([expect.objectContaining({ people: 1 })]);
  });

  test("offers no vehicle and no hotel in which nobody of one's own is", () => {
    const [theirs] = side(1);
    if (!theirs) throw new Error("too few people");
    planned([theirs], [theirs]);
    expect(audienceChoices(ctx)).toMatchObject({ vehicles: [], hotels: [] });
  });
});

describe("a text for the other side's people", () => {
  test("is handed to their secretariat as a draft of theirs, without anybody's name, and goes to nobody by itself", async () => {
    const [first] = side(0);
    const messageId = await drafted({
      delegationIds: [meeting.delegationIds[0]],
      pickedIds: [first?.invitationId ?? ""],
      replies: ["accepted"],
    });
    const toSideId = meeting.sideIds[1];
    for (let times = 0; times < 2; times++)
      expect(await handMessageOver(ctx, { messageId, toSideId })).toEqual({ ok: true, value: null });
    expect(ctx.db.orm.select().from(schema.delivery).all()).toEqual([]);
    const theirs = mailPage(other).messages;
    expect(theirs).toEqual([expect.objectContaining({ state: "draft", isHanded: true, kind: "logistics" })]);
    const page = draftPage(theirs[0]?.id ?? "", other);
    expect(page.handedBy).toEqual({ nameEn: "Committee 1", nameZh: "第1委员会" });
    expect(page.bodyEn).toBe(WORDINGS.logistics.bodyEn);
    expect(page.filter).toMatchObject({ delegationIds: [], pickedIds: [], replies: ["accepted"] });
    expect(page.recipients.map(({ invitationId }) => invitationId)).toEqual(
      side(1).map(({ invitationId }) => invitationId),
    );
    const [row] = ctx.db.orm
      .select()
      .from(schema.message)
      .where(eq(schema.message.id, theirs[0]?.id ?? ""))
      .all();
    expect(JSON.stringify(row?.audience)).not.toContain(first?.invitationId);
    // It is theirs now: who handed it over can neither open nor change it.
    expect(messagePage(ctx, theirs[0]?.id ?? "")).toBeNull();
    const input = messageForm.parse({ sideId: toSideId, ...WORDINGS.logistics });
    expect(await changeMessage(ctx, theirs[0]?.id ?? "", input)).toMatchObject({ refusal: "gone" });
  });

  test("goes to no co-host who is not there, nor to oneself, nor with another side's draft", async () => {
    const messageId = await drafted();
    const [own, toSideId] = meeting.sideIds;
    for (const wrong of ["", "nobody", own])
      expect(await handMessageOver(ctx, { messageId, toSideId: wrong })).toEqual({
        ok: false,
        refusal: "gone",
      });
    expect(await handMessageOver(other, { messageId, toSideId: own })).toEqual({
      ok: false,
      refusal: "gone",
    });
    expect(await handMessageOver(other, { messageId, toSideId })).toEqual({ ok: false, refusal: "gone" });
  });

  test("is kept here while it tells of somebody's passport", async () => {
    const messageId = await drafted({ bodyEn: "Please bring E12345678.", bodyZh: "请携带 E12345678。" });
    expect(await handMessageOver(ctx, { messageId, toSideId: meeting.sideIds[1] })).toEqual({
      ok: false,
      refusal: "checks",
    });
  });
});

describe("a mail about the programme", () => {
  const holder = ({ invitationId, editionId }: Invitee): InvitationContext => ({
    ...ctx,
    actor: { kind: "invitee", id: invitationId },
    scope: { editionId, invitationId },
    locale: "en",
    assistant: null,
  });

  test("shows who has said that they have seen it, and who has not, wherever it is listed", async () => {
    const [first, second] = side(0);
    if (!first || !second) throw new Error("too few people");
    await queueAgendaMails(ctx, [first, second]);
    ctx.db.orm.update(schema.delivery).set({ state: "failed" }).run();
    const seenIn = () =>
      new Map(mailPage(ctx).notReached.shown.map(({ invitationId, seen }) => [invitationId, seen]));
    expect([...seenIn().values()]).toEqual([null, null]);
    ctx.clock.advance(60_000);
    await confirmSeen(holder(first), { number: 1 });
    const seen = { number: 1, at: ctx.clock.now(), channel: "self" };
    expect(seenIn()).toEqual(
      new Map([
        [first.invitationId, seen],
        [second.invitationId, null],
      ]),
    );
    const [mail] = personPage(ctx, first.invitationId)?.mails ?? [];
    expect(mail).toMatchObject({ agendaVersion: 1, seen, isCopy: false });
    expect(deliveryPage(ctx, mail?.id ?? "")).toMatchObject({ agendaVersion: 1, seen });
    expect(personPage(ctx, second.invitationId)?.mails[0]?.seen).toBeNull();
  });

  test("says of a message how many of its people have seen what it brings", async () => {
    const [first] = side(0);
    if (!first) throw new Error("too few people");
    const messageId = await drafted({ kind: "agenda", ...WORDINGS.agenda });
    const { reachable } = draftPage(messageId);
    expect(await releaseMessage(ctx, { messageId, count: reachable, behindAnyway: "on" })).toMatchObject({
      ok: true,
    });
    expect(messagePage(ctx, messageId)).toMatchObject({ people: reachable, seen: 0 });
    await confirmSeen(holder(first), { number: 1 });
    expect(messagePage(ctx, messageId)).toMatchObject({ people: reachable, seen: 1 });
    const other = await drafted();
    await releaseMessage(ctx, { messageId: other, count: reachable, behindAnyway: "on" });
    expect(messagePage(ctx, other)).toMatchObject({ seen: null });
  });

  test("does not count as seen because an earlier version was", async () => {
    const [first] = side(0);
    if (!first) throw new Error("too few people");
    await confirmSeen(holder(first), { number: 1 });
    await queueAgendaMails(ctx, [first]);
    ctx.db.orm.update(schema.delivery).set({ agendaVersion: 2 }).run();
    expect(personPage(ctx, first.invitationId)?.mails[0]).toMatchObject({ agendaVersion: 2, seen: null });
  });
});

test("the person's page says what the other server said of each of their mails", async () => {
  const [first] = side(0);
  if (!first) throw new Error("too few people");
  await queueAgendaMails(ctx, [first]);
  const id = ctx.db.orm.select({ id: schema.delivery.id }).from(schema.delivery).get()?.id ?? "";
  const said = { deliveryId: id, at: 1, outcome: "deferred", code: 451, response: "4.7.1 later" } as const;
  ctx.db.orm
    .insert(schema.deliveryTry)
    .values({ ...said, id: newId() })
    .run();
  expect(personPage(ctx, first.invitationId)?.mails[0]?.response).toBe("4.7.1 later");
});

test("subjects are listed in words: what everybody has is filled in, what is each one's own is left to be named", async () => {
  const messageId = await drafted({
    kind: "agenda",
    ...WORDINGS.agenda,
    subjectEn: "{name}: {city}, version {version}",
  });
  expect(draftPage(messageId).shown).toEqual({
    subjectEn: "{name}: Beijing, version 1",
    subjectZh: "您的北京日程（第1版）",
  });
  expect(draftPage(messageId)).toMatchObject({ subjectZh: "您的{city}日程（第{version}版）" });
  const { reachable } = draftPage(messageId);
  expect(await releaseMessage(ctx, { messageId, count: reachable, behindAnyway: "on" })).toMatchObject({
    ok: true,
  });
  expect(mailPage(ctx).messages[0]?.subjectZh).toBe("您的北京日程（第1版）");
  expect(audienceChoices(ctx).messages[0]?.subjectZh).toBe("您的北京日程（第1版）");
});

describe("a side's own words for mails that go by themselves", () => {
  const own = {
    subjectEn: "Welcome to {city}",
    subjectZh: "{city}欢迎您",
    bodyEn: "Dear {name}, we have **everything** that we need.\n\n{link}",
    bodyZh: "{name}：**全部**信息均已收到。\n\n{link}",
  };

  function opening(version: number | null = null) {
    const [first] = side(0);
    if (!first) throw new Error("too few people");
    const { editionId, sideId, invitationId } = first;
    const facts = mailEdition(ctx.db.orm, first);
    return openingOf(ctx.db.orm, { editionId, sideId, invitationId, facts, kind: "confirmation", version });
  }

  const save = (given: Partial<typeof own>, more: { stillHolds?: "on" } = {}) =>
    saveTemplate(ctx, {
      kind: "confirmation",
      input: { sideId: meeting.sideIds[0], ...own, ...given, ...more },
    });

  test("stand at the head of the confirmation, once there are any", async () => {
    expect(opening()).toBeNull();
    await save({});
    const written = opening();
    expect(written).toMatchObject({ subjectEn: "Welcome to Beijing", subjectZh: "北京欢迎您" });
    const mail = mailPayload.parse({
      kind: "confirmation",
      edition: mailEdition(ctx.db.orm, side(0)[0] as Invitee),
      opening: written,
      salutationEn: "Dear Professor:",
      salutationZh: "尊敬的教授：",
      visits: [],
      programme: [],
      version: null,
      receipt: { number: "08-001-1", at: ctx.clock.now() },
    });
    const links = mailLinks(ctx.baseUrl, "t".repeat(22), "en");
    const { subject, text, html } = renderMail(mail, { locale: "en", links });
    expect(subject).toBe("Welcome to Beijing");
    expect(text.indexOf("we have everything that we need.")).toBeGreaterThan(0);
    expect(text.indexOf("we have everything that we need.")).toBeLessThan(text.indexOf("08-001-1"));
    expect(html).toContain("<strong>everything</strong>");
    expect(html).toContain("<strong>全部</strong>");
    expect(text.match(/\/registration\n/g)).toHaveLength(1);
  });

  test.each([
    ["one language is missing", { bodyZh: "" }],
    ["something is no placeholder", { bodyEn: "Dear {nobody}." }],
    [
      "this person lacks what a placeholder names",
      { bodyEn: "Version {version}.", bodyZh: "第{version}版。" },
    ],
    ["the subject gets too wide", { subjectEn: `${"Welcome ".repeat(6)}{event}` }],
  ])("do not go when %s: the mail then says what the product says", async (_why, given) => {
    await save(given);
    expect(opening()).toBeNull();
  });

  test("do not go while one language is older than the other", async () => {
    await save({});
    await save({ bodyEn: "New words." });
    expect(opening()).toBeNull();
    await save({ bodyEn: "New words." }, { stillHolds: "on" });
    expect(opening()).not.toBeNull();
  });
});

test("lifting a stopped address lifts it for the side, whatever mail stopped it", async () => {
  const [first] = side(0);
  if (!first) throw new Error("too few people");
  await queueAgendaMails(ctx, [first]);
  const deliveryId = ctx.db.orm.select({ id: schema.delivery.id }).from(schema.delivery).get()?.id ?? "";
  const { editionId, sideId, email: address } = first;
  await ctx.db.write((tx) =>
    stopAddress(tx, { editionId, sideId, address, reason: "mailbox_unknown", deliveryId, at: 1 }),
  );
  const [stopped] = stoppedAddresses(ctx);
  expect(await liftAddress(other, stopped?.id ?? "")).toMatchObject({ refusal: "gone" });
  expect(await liftAddress(ctx, stopped?.id ?? "")).toMatchObject({ ok: true });
  expect(stoppedAddresses(ctx)).toEqual([]);
  expect(await liftAddress(ctx, stopped?.id ?? "")).toMatchObject({ refusal: "gone" });
});
