import { eq } from "drizzle-orm";
import { simpleParser } from "mailparser";
import { beforeEach, expect, test } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import {
  changeMessage,
  draftMessage,
  dropCopy,
  sendElsewhere,
  writeCopy,
} from "#app/domain/mail/commands.server.ts";
import { type MessageInput, messageForm } from "#app/domain/mail/form.ts";
import { notReached } from "#app/domain/mail/history.server.ts";
import { messagePage, previewMessage } from "#app/domain/mail/queries.server.ts";
import { letGo, releaseMessage, sendTest, stopMessage } from "#app/domain/mail/release.server.ts";
import { HOLD } from "#app/domain/mail/rules.ts";
import { changeMailSettings } from "#app/domain/mail/settings.server.ts";
import { saveTemplate, templateOf } from "#app/domain/mail/templates.server.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import type { OutgoingMail } from "#app/platform/mailer.server.ts";
import { composeSource } from "#app/platform/mailer.server.ts";
import { delivery, message, person } from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { type Meeting, writeMeeting } from "../support/meeting.ts";

let ctx: ReturnType<typeof testContext> & StaffContext;
let meeting: Meeting;
let sent: Array<OutgoingMail>;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, { slug: "b", people: 24, seats: [], now: base.clock.now() });
  const scope = {
    editionId: meeting.editionId,
    sideIds: [meeting.sideIds[0]],
    permissions: ["mail" as const],
    bookSideIds: [],
  };
  ctx = { ...base, scope };
  sent = [];
});

const second = () => ({ ...ctx, actor: { kind: "staff" as const, id: "george" } });
const own = () => meeting.invitees.filter((one) => one.sideId === meeting.sideIds[0]);
const rows = () => ctx.db.orm.select().from(delivery).all();

function input(given: Partial<MessageInput> = {}): MessageInput {
  return messageForm.parse({
    sideId: meeting.sideIds[0],
    subjectEn: "Hello",
    subjectZh: "您好",
    bodyEn: "Welcome to {city}, {name}.",
    bodyZh: "{name}，欢迎来{city}。",
    ...given,
  });
}

async function drafted(given: Partial<MessageInput> = {}): Promise<string> {
  const made = await draftMessage(ctx, input(given));
  if (!made.ok) throw new Error(made.refusal);
  return made.value.messageId;
}

function drain(): Promise<void> {
  return createMailWorker({
    ...ctx,
    mailFrom: { name: "Secretariat", address: "s@dialogue.example" },
    bounceAddress: "bounces@dialogue.example",
    transport: {
      async send(mail, last) {
        await last();
        sent.push(mail);
        return { accepted: true, code: 250, response: "ok" };
      },
      async close() {},
    },
    log: createLog("silent"),
  }).drain();
}

test("a released message is held for a minute; stopped, nobody gets anything and it is a draft again", async () => {
  const messageId = await drafted();
  await releaseMessage(ctx, { messageId, count: 12 });
  ctx.clock.advance(HOLD - 1);
  await drain();
  expect(sent).toEqual([]);
  const page = messagePage(ctx, messageId);
  expect(page?.state === "released" && page.heldUntil).toBe(ctx.clock.now() + 1);
  expect(await stopMessage(ctx, messageId)).toMatchObject({ ok: true });
  ctx.clock.advance(HOLD);
  await drain();
  expect(sent).toEqual([]);
  expect(rows()).toEqual([]);
  expect(messagePage(ctx, messageId)?.state).toBe("draft");
  await releaseMessage(ctx, { messageId, count: 12 });
  await letGo(ctx, messageId);
  await drain();
  expect(sent).toHaveLength(12);
  expect(await stopMessage(ctx, messageId)).toEqual({ ok: false, refusal: "late" });
});

test("where a side asks for it, more than ten mails need a second person, who is somebody else", async () => {
  const settings = {
    sideId: meeting.sideIds[0],
    fromName: "",
    fromAddress: "",
    replyTo: "",
    secondPerson: "on" as const,
  };
  await changeMailSettings(ctx, { input: settings, domain: "dialogue.example" });
  const messageId = await drafted();
  expect(await releaseMessage(ctx, { messageId, count: 12 })).toEqual({
    ok: true,
    value: { queued: 0, asked: true },
  });
  expect(rows()).toEqual([]);
  expect(await releaseMessage(ctx, { messageId, count: 12 })).toEqual({ ok: false, refusal: "own_request" });
  expect(await releaseMessage(second(), { messageId, count: 11 })).toEqual({ ok: false, refusal: "count" });
  expect(await releaseMessage(second(), { messageId, count: 12 })).toMatchObject({ value: { queued: 12 } });
  const few = await drafted({
    pickedIds: own()
      .slice(0, 10)
      .map(({ invitationId }) => invitationId),
  });
  expect(await releaseMessage(ctx, { messageId: few, count: 10 })).toMatchObject({ value: { queued: 10 } });
});

test("a chosen time is kept, and one that is over is refused", async () => {
  const messageId = await drafted();
  const at = ctx.clock.now() + 3_600_000;
  const past = { at: ctx.clock.now() - 1, zone: "Asia/Shanghai" };
  expect(await releaseMessage(ctx, { messageId, count: 12, schedule: past })).toEqual({
    ok: false,
    refusal: "past",
  });
  await releaseMessage(ctx, { messageId, count: 12, schedule: { at, zone: "Asia/Shanghai" } });
  ctx.clock.set(at - 1);
  await drain();
  expect(sent).toEqual([]);
  ctx.clock.set(at);
  await drain();
  expect(sent).toHaveLength(12);
});

test("one recipient's copy may be worded by hand; a test goes to its writer without the person's link", async () => {
  const messageId = await drafted();
  const [first, other] = own();
  const invitationId = first?.invitationId ?? "";
  const copy = {
    subjectEn: "For you",
    subjectZh: "致您",
    bodyEn: "Only for {name}.",
    bodyZh: "仅致{name}。",
  };
  await writeCopy(ctx, { messageId, invitationId, copy });
  expect(previewMessage(ctx, { messageId, invitationId })?.text).toContain(`Only for ${first?.nameLatin}.`);
  expect(previewMessage(ctx, { messageId, invitationId: other?.invitationId ?? "" })?.text).toContain(
    "Welcome",
  );
  await sendTest(ctx, {
    messageId,
    invitationId,
    to: { address: "me@dialogue.example", name: "Me", locale: "en" },
  });
  await drain();
  expect(sent.map(({ to, subject }) => [to.address, subject])).toEqual([
    ["me@dialogue.example", "[Test] For you"],
  ]);
  expect(sent[0]?.text).not.toContain(first?.token);
  await dropCopy(ctx, { messageId, invitationId });
  expect(previewMessage(ctx, { messageId, invitationId })?.text).toContain("Welcome");
});

test("a language that is older or missing takes a second word to go", async () => {
  const side = { editionId: meeting.editionId, sideId: meeting.sideIds[0], kind: "agenda" as const };
  const wording = { subjectEn: "A", subjectZh: "甲", bodyEn: "One.", bodyZh: "一。" };
  const save = (given: object) =>
    saveTemplate(ctx, { kind: "agenda", input: { sideId: meeting.sideIds[0], ...wording, ...given } });
  await save({});
  expect(templateOf(ctx.db.orm, side)).toMatchObject({ number: 1, behind: "none" });
  await save({ bodyEn: "Two." });
  expect(templateOf(ctx.db.orm, side)).toMatchObject({ number: 2, behind: "zh" });
  await save({ bodyEn: "Two.", bodyZh: "二。" });
  expect(templateOf(ctx.db.orm, side)).toMatchObject({ number: 3, behind: "none" });
  await save({ bodyEn: "Three.", bodyZh: "二。", stillHolds: "on" });
  expect(templateOf(ctx.db.orm, side)).toMatchObject({ number: 4, behind: "none" });
  const messageId = await drafted({ subjectZh: "", bodyZh: "" });
  expect(await releaseMessage(ctx, { messageId, count: 12 })).toEqual({ ok: false, refusal: "behind" });
  expect(await releaseMessage(ctx, { messageId, count: 12, behindAnyway: "on" })).toMatchObject({ ok: true });
});

test("mails have their side's sender, an address of their own for what comes back, and one thread a person", async () => {
  const settings = {
    sideId: meeting.sideIds[0],
    fromName: "秘书处 East",
    fromAddress: "east@dialogue.example",
    replyTo: "desk@east.example",
  };
  expect(
    await changeMailSettings(ctx, {
      input: { ...settings, fromAddress: "x@elsewhere.example" },
      domain: "dialogue.example",
    }),
  ).toEqual({ ok: false, refusal: "domain" });
  await changeMailSettings(ctx, { input: settings, domain: "dialogue.example" });
  const [first] = own();
  const given = {
    pickedIds: [first?.invitationId ?? ""],
    bodyEn: "See:\n\n{programme}",
    bodyZh: "见：\n\n{programme}",
  };
  for (let n = 0; n < 2; n++) {
    const messageId = await drafted(given);
    await releaseMessage(ctx, { messageId, count: 1 });
    await letGo(ctx, messageId);
    await drain();
    ctx.clock.advance(1_000);
  }
  const mails = await Promise.all(sent.map(async (mail) => simpleParser(await composeSource(mail))));
  expect(mails.map(({ from }) => from?.text)).toEqual(Array(2).fill('"秘书处 East" <east@dialogue.example>'));
  expect(mails[0]?.replyTo?.text).toBe("desk@east.example");
  expect(new Set(sent.map(({ envelopeFrom }) => envelopeFrom)).size).toBe(2);
  expect(
    sent.every(({ envelopeFrom }) =>
      /^bounces\+[0-9a-f]{30}\.[0-9a-f]{10}@dialogue\.example$/.test(envelopeFrom),
    ),
  ).toBe(true);
  expect(mails[1]?.inReplyTo).toBe(mails[0]?.messageId);
  expect([mails[0]?.references].flat()[0]).toBe([mails[1]?.references].flat()[0]);
  expect(mails[0]?.attachments.map(({ contentType }) => contentType)).toEqual(["text/calendar"]);
});

test("somebody whom a mail did not reach is on the list with a number until it arrives elsewhere", async () => {
  const messageId = await drafted();
  await releaseMessage(ctx, { messageId, count: 12 });
  await letGo(ctx, messageId);
  await drain();
  const [one] = rows();
  ctx.db.orm
    .update(delivery)
    .set({ state: "failed" })
    .where(eq(delivery.id, one?.id ?? ""))
    .run();
  const owner = own().find(({ invitationId }) => invitationId === one?.invitationId);
  ctx.db.orm
    .update(person)
    .set({ phone: "+1 212 555 0101" })
    .where(eq(person.id, owner?.personId ?? ""))
    .run();
  expect(notReached(ctx)).toEqual([
    expect.objectContaining({
      invitationId: one?.invitationId,
      phone: "+1 212 555 0101",
      template: "agenda",
    }),
  ]);
  const again = await drafted({ notReachedBy: messageId });
  const page = messagePage(ctx, again);
  expect(page?.state === "draft" && page.recipients.map(({ invitationId }) => invitationId)).toEqual([
    one?.invitationId,
  ]);
  await sendElsewhere(ctx, { deliveryId: one?.id ?? "", address: "private@elsewhere.example" });
  await drain();
  expect(sent.at(-1)?.to.address).toBe("private@elsewhere.example");
  expect(notReached(ctx)).toEqual([]);
  expect(ctx.db.orm.select().from(message).all()).toHaveLength(2);
});

test("stopping twice says that it was stopped, as it was", async () => {
  const messageId = await drafted();
  await releaseMessage(ctx, { messageId, count: 12 });
  expect(await stopMessage(ctx, messageId)).toMatchObject({ ok: true });
  expect(await stopMessage(ctx, messageId)).toMatchObject({ ok: true });
  expect(rows()).toEqual([]);
});

test("a time that somebody asked for ends with the request: what is reworded and sent goes at once", async () => {
  const settings = {
    sideId: meeting.sideIds[0],
    fromName: "",
    fromAddress: "",
    replyTo: "",
    secondPerson: "on" as const,
  };
  await changeMailSettings(ctx, { input: settings, domain: "dialogue.example" });
  const messageId = await drafted();
  const schedule = { at: ctx.clock.now() + 7 * 24 * 3_600_000, zone: "Asia/Shanghai" };
  await releaseMessage(ctx, { messageId, count: 12, schedule });
  await changeMessage(ctx, messageId, input({ subjectEn: "Hello again", subjectZh: "再次问候" }));
  await releaseMessage(ctx, { messageId, count: 12 });
  await releaseMessage(second(), { messageId, count: 12 });
  expect(new Set(rows().map(({ dueAt }) => dueAt))).toEqual(new Set([ctx.clock.now() + HOLD]));
});

test("a form that comes twice keeps one draft, and nobody saves over what a colleague saved meanwhile", async () => {
  const messageId = await drafted();
  expect(await drafted()).toBe(messageId);
  const seen = messagePage(ctx, messageId)?.mark ?? "";
  const theirs = input({ subjectEn: "Good morning" });
  expect(await changeMessage(second(), messageId, theirs, seen)).toMatchObject({ ok: true });
  expect(await changeMessage(second(), messageId, theirs, seen)).toMatchObject({ ok: true });
  expect(await changeMessage(ctx, messageId, input({ subjectEn: "Hi" }), seen)).toEqual({
    ok: false,
    refusal: "changed_meanwhile",
  });
  expect(messagePage(ctx, messageId)?.subjectEn).toBe("Good morning");
});

test("a mail sent to another address by a form that comes twice goes there once", async () => {
  const messageId = await drafted();
  await releaseMessage(ctx, { messageId, count: 12 });
  await letGo(ctx, messageId);
  await drain();
  const deliveryId = rows()[0]?.id ?? "";
  const first = await sendElsewhere(ctx, { deliveryId, address: "office@elsewhere.example" });
  expect(await sendElsewhere(ctx, { deliveryId, address: "office@elsewhere.example" })).toEqual(first);
  await drain();
  expect(sent.filter(({ to }) => to.address === "office@elsewhere.example")).toHaveLength(1);
});
