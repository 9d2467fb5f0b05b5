import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { AssistantPlan } from "#app/domain/access/assistants.server.ts";
import {
  endAssistant,
  nameAssistant,
  nameAssistantFor,
  ownAssistants,
} from "#app/domain/access/assistants.server.ts";
import { codeSentAt, sendCode, tellCode, typeCode } from "#app/domain/access/codes.server.ts";
import { findDevice, ownDevices, removeDevice, removeDeviceOf } from "#app/domain/access/devices.server.ts";
import {
  calendarOf,
  findInvitationByCalendar,
  findInvitationByToken,
} from "#app/domain/access/link.server.ts";
import { sayNotMe } from "#app/domain/access/not-me.server.ts";
import { changeAssistant, changeContact } from "#app/domain/contact/commands.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { reissueLink, revokeLink, withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { answerInvitation } from "#app/domain/invitation/reply.server.ts";
import { changePerson } from "#app/domain/person/commands.server.ts";
import { factsOfRow } from "#app/domain/person/record.server.ts";
import type { PersonFacts } from "#app/domain/person/rules.ts";
import { answersFromForm, blankAnswers } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { createLimits } from "#app/platform/limits.server.ts";
import * as schema from "#db/schema/index.ts";
import { mailPayload } from "#emails/payload.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";

const MINUTE = 60_000;
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

let base: ReturnType<typeof testContext>;
let meeting: Meeting;
let limits: ReturnType<typeof createLimits>;
let clients = 0;
/** Somewhere in the world: each time another network, and another form. */
function elsewhere(): string {
  clients += 1;
  return `elsewhere ${clients}`;
}

beforeEach(() => {
  base = testContext();
  limits = createLimits();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 4,
    seats: [{ capacity: 2, quota: null }],
    now: AUTUMN_2018,
  });
  // Browsers of before: these tests begin with nobody known.
  base.db.orm.delete(schema.device).run();
  base.db.orm.update(schema.editionCoHost).set({ replyTo: "side@us.example" }).run();
});

function invitee(n: number): Invitee {
  const found = meeting.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

/** Whoever has this token, as the link alone makes them. */
function holderOf(token: string): InvitationContext {
  const holder = findInvitationByToken(base, token);
  if (holder === null) throw new Error("The link leads nowhere");
  const { invitationId, editionId, assistant, locale } = holder;
  return {
    ...base,
    actor:
      assistant === null
        ? { kind: "invitee", id: invitationId }
        : { kind: "assistant", id: assistant.assistantId },
    scope: { editionId, invitationId },
    locale,
    assistant,
  };
}

/** The card of an invited person. */
function person(n: number): PersonFacts {
  const { personId } = invitee(n);
  const row = base.db.orm.select().from(schema.person).where(eq(schema.person.id, personId)).get();
  if (row === undefined) throw new Error("no such card");
  return factsOfRow(row);
}

function delegate(n = 0): InvitationContext {
  return holderOf(invitee(n).token);
}

function desk(n = 0): StaffContext {
  const { editionId, sideId } = invitee(n);
  return {
    ...base,
    actor: { kind: "staff", id: "desk" },
    scope: { editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [] },
  };
}

const mails = () =>
  base.db.orm
    .select()
    .from(schema.delivery)
    .all()
    .map((row) => ({ ...row, mail: mailPayload.parse(JSON.parse(row.payload)) }));

/** The digits in the newest mail with a code: what its reader would see. */
function mailedCode(address?: string): string {
  const mail = mails()
    .filter((row) => address === undefined || row.toAddress === address)
    .map((row) => row.mail)
    .findLast((each) => each.kind === "access_code");
  if (mail?.kind !== "access_code") throw new Error("No code was mailed");
  return base.keys.accessCode(mail.codeId);
}

function another(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

const send = (ctx: InvitationContext, client = elsewhere()) => sendCode(ctx, { limits }, { client });

/** Types a code in a browser of its own, from a network of its own. */
const type = (
  ctx: InvitationContext,
  typed: string,
  { attempt = elsewhere(), client = attempt }: { attempt?: string; client?: string } = {},
) => typeCode(ctx, { limits }, { client, typed, attempt, userAgent: FIREFOX });

async function verified(ctx: InvitationContext, address?: string): Promise<string> {
  expect((await send(ctx)).ok).toBe(true);
  const typed = await type(ctx, mailedCode(address));
  if (!typed.ok) throw new Error(typed.refusal);
  return typed.value.secret;
}

const events = (invitationId: string) =>
  base.db.orm
    .select()
    .from(schema.invitationEvent)
    .where(eq(schema.invitationEvent.invitationId, invitationId))
    .all();
const kinds = (invitationId: string) => events(invitationId).map(({ kind }) => kind);

const TRAVEL: AssistantPlan = {
  name: "Chambers",
  email: "chambers@court.example",
  locale: "zh-CN",
  sections: ["travel"],
  mayReply: false,
};

/** Lets an assistant in, and gives what they hold. */
async function letIn(plan: AssistantPlan = TRAVEL, n = 0): Promise<{ linkId: string; token: string }> {
  const named = await nameAssistant(delegate(n), plan);
  if (!named.ok) throw new Error(named.refusal);
  return { linkId: named.value.linkId, token: base.keys.linkToken(named.value.linkId, 1) };
}

function whole(n: number, changes: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, invitee(n), [])))
    form.append(name, value);
  for (const [name, value] of Object.entries(changes)) form.set(name, value);
  return answersFromForm(form);
}

describe("a code", () => {
  it("goes to the registered mailbox before everything else, and its digits are in no table", async () => {
    const { email, invitationId } = invitee(0);
    expect((await send(delegate())).ok).toBe(true);
    expect(mails()).toMatchObject([{ toAddress: email, lane: 0, kind: "access_code", invitationId }]);
    const code = mailedCode();
    expect(code).toMatch(/^\d{6}$/);
    expect(base.db.sqlite.serialize().includes(code)).toBe(false);
  });

  it("opens one browser, and tells delegate, side and timeline", async () => {
    const ctx = delegate();
    const { email, invitationId } = invitee(0);
    await send(ctx);
    const code = mailedCode();
    const typed = await type(ctx, ` ${code.slice(0, 3)} ${code.slice(3)} `);
    if (!typed.ok) throw new Error(typed.refusal);
    const here = { invitationId, assistant: null };
    expect(findDevice(base, here, typed.value.secret)).not.toBeNull();
    expect(findDevice(base, here, another(code))).toBeNull();
    expect(base.db.sqlite.serialize().includes(typed.value.secret)).toBe(false);
    expect(ownDevices(ctx)).toMatchObject([{ browser: "Firefox", system: "Linux", assistant: null }]);
    const notices = mails().filter(({ kind }) => kind === "new_device");
    expect(notices.map(({ toAddress, recipientKind }) => [toAddress, recipientKind])).toEqual([
      [email, "invitee"],
      ["side@us.example", "side"],
    ]);
    expect(kinds(invitationId)).toContain("device_added");
  });

  it("is used once, however many type it at once", async () => {
    const ctx = delegate();
    await send(ctx);
    const code = mailedCode();
    const tries = await Promise.all(Array.from({ length: 10 }, () => type(ctx, code)));
    expect(tries.filter(({ ok }) => ok)).toHaveLength(1);
    expect(ownDevices(ctx)).toHaveLength(1);
    expect(await type(ctx, code)).toEqual({ ok: false, refusal: "wrong" });
  });

  it("typed by two clicks on one form gives the same browser twice, and is still used once", async () => {
    const ctx = delegate();
    await send(ctx);
    const code = mailedCode();
    const [first, second] = await Promise.all([
      type(ctx, code, { attempt: "form" }),
      type(ctx, code, { attempt: "form" }),
    ]);
    expect(first.ok && second.ok && first.value.secret === second.value.secret).toBe(true);
    expect(ownDevices(ctx)).toHaveLength(1);
    expect(mails().filter(({ kind }) => kind === "new_device")).toHaveLength(2);
    base.clock.advance(2 * MINUTE);
    expect((await type(ctx, code, { attempt: "form" })).ok).toBe(false);
  });

  it("is refused in the same words when it is wrong, old, used or was never sent", async () => {
    const ctx = delegate();
    const wrong = { ok: false, refusal: "wrong" };
    expect(await type(ctx, "123456")).toEqual(wrong);
    await send(ctx);
    const older = mailedCode();
    await send(ctx);
    const newest = mailedCode();
    expect(await type(ctx, older)).toEqual(wrong);
    expect(await type(ctx, another(newest))).toEqual(wrong);
    base.clock.advance(10 * MINUTE);
    expect(await type(ctx, newest)).toEqual(wrong);
    expect(codeSentAt(ctx)).toBeNull();
  });

  it("opens no other link: not of another person, nor of an assistant", async () => {
    const { token } = await letIn();
    await send(delegate());
    const code = mailedCode(invitee(0).email);
    expect((await type(delegate(1), code)).ok).toBe(false);
    expect((await type(holderOf(token), code)).ok).toBe(false);
    const secret = await verified(delegate());
    const { invitationId } = invitee(0);
    expect(findDevice(base, { invitationId, assistant: null }, secret)).not.toBeNull();
    expect(findDevice(base, invitee1(), secret)).toBeNull();
    expect(findDevice(base, { invitationId, assistant: holderOf(token).assistant }, secret)).toBeNull();
  });
  const invitee1 = () => ({ invitationId: invitee(1).invitationId, assistant: null });

  it("dies of five wrong tries, and two hundred guesses from everywhere never open", async () => {
    const ctx = delegate();
    for (let guesses = 0; guesses < 200; ) {
      if (!(await send(ctx)).ok) base.clock.advance(60 * MINUTE);
      const code = mailedCode();
      for (let n = 0; n < 8; n += 1, guesses += 1) expect((await type(ctx, another(code))).ok).toBe(false);
      // By now even the right one comes too late.
      expect((await type(ctx, code)).ok).toBe(false);
    }
    expect(ownDevices(ctx)).toEqual([]);
  });

  it("is not guessed all at once either", async () => {
    const ctx = delegate();
    await send(ctx);
    const code = mailedCode();
    await Promise.all(Array.from({ length: 20 }, () => type(ctx, another(code))));
    expect((await type(ctx, code)).ok).toBe(false);
  });

  it("is sent five times in an hour and twelve times in a day, whoever asks", async () => {
    const ctx = delegate();
    const outcomes = await Promise.all(Array.from({ length: 9 }, () => send(ctx)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(5);
    expect((await send(delegate(1))).ok).toBe(true);
    let sent = 5;
    for (let hour = 1; hour < 20; hour += 1) {
      base.clock.advance(61 * MINUTE);
      if ((await send(ctx)).ok) sent += 1;
    }
    expect(sent).toBe(12);
  });

  it("is not for one network to ask for, or to guess, for many people", async () => {
    for (let n = 0; n < 60; n += 1) await limits.codeRequests.count("net");
    expect(await send(delegate(), "net")).toEqual({ ok: false, refusal: "often" });
    await send(delegate());
    const code = mailedCode();
    for (let n = 0; n < 40; n += 1) await type(delegate(1), "0", { client: "net" });
    expect(await type(delegate(), code, { client: "net" })).toEqual({ ok: false, refusal: "often" });
    expect((await type(delegate(), code)).ok).toBe(true);
  });

  it("looks sent to somebody without a mailbox, too; staff tell them one by phone", async () => {
    base.db.orm.update(schema.person).set({ email: null }).run();
    const ctx = delegate();
    expect((await send(ctx)).ok).toBe(true);
    expect(codeSentAt(ctx)).toBe(base.clock.now());
    expect(mails()).toEqual([]);
    const { invitationId } = invitee(0);
    const told = await tellCode(desk(), { invitationId, linkId: null });
    if (!told.ok) throw new Error(told.refusal);
    expect(events(invitationId)).toContainEqual(
      expect.objectContaining({ kind: "code_given", channel: "staff", actorId: "desk", means: "phone" }),
    );
    const trail = base.db.orm.select().from(schema.auditEvent).all();
    expect(trail.map(({ action }) => action)).toContain("code.tell");
    expect(base.db.sqlite.serialize().includes(told.value.digits)).toBe(false);
    // That somebody asks for one by mail meanwhile does not take it from them.
    await send(ctx);
    expect((await type(ctx, told.value.digits)).ok).toBe(true);
  });

  it("is told for ten minutes, for people of one's own side, and not for a link that leads nowhere", async () => {
    const { invitationId } = invitee(0);
    expect(await tellCode(desk(1), { invitationId, linkId: null })).toEqual({ ok: false, refusal: "gone" });
    expect(await tellCode(desk(), { invitationId, linkId: "nobody's" })).toEqual({
      ok: false,
      refusal: "gone",
    });
    const told = await tellCode(desk(), { invitationId, linkId: null });
    base.clock.advance(10 * MINUTE);
    expect(told.ok && (await type(delegate(), told.value.digits)).ok).toBe(false);
    const ctx = delegate();
    const late = await tellCode(desk(), { invitationId, linkId: null });
    await revokeLink(desk(), invitationId);
    expect(await tellCode(desk(), { invitationId, linkId: null })).toEqual({ ok: false, refusal: "revoked" });
    // Somebody was already at the page.
    expect(late.ok && (await type(ctx, late.value.digits)).ok).toBe(false);
  });
});

describe("a device", () => {
  const here = () => ({ invitationId: invitee(0).invitationId, assistant: null });

  it("is remembered until the day after the travel window is over, and no longer than the link", async () => {
    const secret = await verified(delegate());
    const over = Date.parse(`${meeting.travelTo}T00:00:00+08:00`) + 2 * 24 * 60 * MINUTE;
    base.clock.set(over - 1);
    expect(findDevice(base, here(), secret)).not.toBeNull();
    base.clock.set(over);
    expect(findDevice(base, here(), secret)).toBeNull();
    // Who comes after that types a code again, for a day.
    const later = await verified(delegate());
    base.clock.advance(23 * 60 * MINUTE);
    expect(findDevice(base, here(), later)).not.toBeNull();
    base.clock.advance(61 * MINUTE);
    expect(findDevice(base, here(), later)).toBeNull();
  });

  it.each([
    ["stopped", (id: string) => revokeLink(desk(), id)],
    ["issued anew", (id: string) => reissueLink(desk(), id)],
    ["withdrawn with the invitation", (id: string) => withdrawInvitation(desk(), id)],
    ["said to be somebody else's", () => sayNotMe(delegate())],
  ])("ends when its link is %s, and codes on their way end with it", async (_what, end) => {
    const { invitationId } = invitee(0);
    const ctx = delegate();
    const secret = await verified(ctx);
    await send(ctx);
    const code = mailedCode();
    const others = await verified(delegate(1));
    expect((await end(invitationId)).ok).toBe(true);
    expect(findDevice(base, here(), secret)).toBeNull();
    expect((await type(ctx, code)).ok).toBe(false);
    expect(
      findDevice(base, { invitationId: invitee(1).invitationId, assistant: null }, others),
    ).not.toBeNull();
  });

  it("is removed by its owner and by staff of their side, and by nobody else", async () => {
    const { invitationId } = invitee(0);
    const secret = await verified(delegate());
    const [device] = ownDevices(delegate());
    const deviceId = device?.id ?? "";
    expect((await removeDevice(delegate(1), deviceId)).ok).toBe(false);
    expect((await removeDeviceOf(desk(1), { invitationId, deviceId })).ok).toBe(false);
    expect(findDevice(base, here(), secret)).not.toBeNull();
    expect((await removeDeviceOf(desk(), { invitationId, deviceId })).ok).toBe(true);
    expect(findDevice(base, here(), secret)).toBeNull();
    expect((await removeDevice(delegate(), deviceId)).ok).toBe(true);
    expect((await removeDevice(delegate(), "none")).ok).toBe(false);
    expect(events(invitationId)).toContainEqual(
      expect.objectContaining({ kind: "device_removed", channel: "staff", actorId: "desk" }),
    );
  });
});

describe("an assistant", () => {
  it("gets a link of their own, and codes in their own mailbox", async () => {
    const { token } = await letIn();
    const mail = mails().find(({ kind }) => kind === "assistant_link");
    expect(mail).toMatchObject({ toAddress: TRAVEL.email, recipientKind: "assistant", locale: "zh-CN" });
    const ctx = holderOf(token);
    expect(ctx.assistant).toMatchObject({ sections: ["travel"], mayReply: false });
    await verified(ctx, TRAVEL.email);
    const toDelegate = mails().filter(({ toAddress }) => toAddress === invitee(0).email);
    expect(toDelegate.map(({ mail: { kind } }) => kind)).toEqual(["new_device"]);
    expect(toDelegate[0]?.mail).toMatchObject({ assistant: "Chambers" });
    expect(ownDevices(delegate())).toMatchObject([{ assistant: "Chambers" }]);
    expect(events(invitee(0).invitationId)).toContainEqual(
      expect.objectContaining({
        kind: "device_added",
        channel: "assistant",
        actorId: ctx.assistant?.assistantId,
      }),
    );
  });

  it("sees the ticked sections and nothing of the others", async () => {
    const { token } = await letIn({ ...TRAVEL, sections: ["contact", "travel"] });
    const marked = whole(0, {
      allergies: "MARK-allergy",
      mobile: "+1 212 555 0199",
      arrivalFrom: "MARK-from",
    });
    expect((await submitRegistration(delegate(), { answers: marked })).ok).toBe(true);
    const form = registrationForm(holderOf(token));
    const seen = JSON.stringify(form);
    expect(seen).toContain("MARK-from");
    expect(seen).toContain("+1 212 555 0199");
    for (const hidden of ["MARK-allergy", "Riverbend", invitee(0).nameLatin, "vegetarian", invitee(0).email])
      expect(seen).not.toContain(hidden);
    expect(form?.sections.map(({ section }) => section)).toEqual(["contact", "travel"]);
    expect(form?.visits).toEqual([]);
    expect(JSON.stringify(registrationForm(delegate()))).toContain("MARK-allergy");
  });

  it("fills in the ticked sections; what else they send changes nothing", async () => {
    const { token } = await letIn({ ...TRAVEL, sections: ["contact", "travel"] });
    const before = whole(0, { allergies: "Peanuts" });
    await submitRegistration(delegate(), { answers: before });
    const ctx = holderOf(token);
    const sent = whole(0, {
      arrivalNumber: "ZZ77",
      mobile: "+1 212 555 0177",
      email: "thief@elsewhere.example",
      allergies: "None",
      nameLatin: "Somebody Else",
      consent_photo_press: "on",
    });
    expect((await submitRegistration(ctx, { answers: sent })).ok).toBe(true);
    expect(registrationForm(delegate())?.answers).toEqual({
      ...before,
      contact: { ...before.contact, mobile: "+1 212 555 0177" },
      travel: { ...before.travel, arrivalNumber: "ZZ77" },
    });
    const card = base.db.orm
      .select()
      .from(schema.person)
      .where(eq(schema.person.id, invitee(0).personId))
      .get();
    expect(card).toMatchObject({ email: invitee(0).email, phone: "+1 212 555 0177" });
    expect(events(invitee(0).invitationId).at(-1)).toMatchObject({
      kind: "changed",
      channel: "assistant",
      actorId: ctx.assistant?.assistantId,
    });
  });

  it("keeps a draft of their part, which takes nothing from what is known of the person", async () => {
    const { token } = await letIn();
    const known = registrationForm(delegate())?.answers;
    const ctx = holderOf(token);
    const typed = { ...blankAnswers, travel: whole(0).travel };
    expect((await saveRegistration(ctx, { answers: typed })).ok).toBe(true);
    expect(registrationForm(delegate())?.answers).toEqual({ ...known, travel: typed.travel });
    const outcome = await submitRegistration(ctx, { answers: typed });
    // What is missing elsewhere is not theirs to know.
    expect(outcome).toEqual({ ok: false, refusal: "invalid", errors: {} });
    expect(registrationForm(ctx)).toMatchObject({ unfinished: {}, othersUnfinished: true });
  });

  it("replies when they may, and otherwise not, not even by registering", async () => {
    const { invitationId } = invitee(0);
    base.db.orm.update(schema.invitation).set({ reply: "none" }).run();
    await saveRegistration(delegate(), { answers: whole(0) });
    const quiet = await letIn();
    const reply = { reply: "accepted" as const, note: "", askAgainOn: null };
    expect(await answerInvitation(holderOf(quiet.token), reply)).toEqual({ ok: false, refusal: "gone" });
    expect(await submitRegistration(holderOf(quiet.token), { answers: whole(0) })).toEqual({
      ok: false,
      refusal: "unanswered",
    });
    const speaking = await letIn({ ...TRAVEL, email: "second@court.example", mayReply: true });
    expect((await answerInvitation(holderOf(speaking.token), reply)).ok).toBe(true);
    expect(events(invitationId)).toContainEqual(
      expect.objectContaining({ kind: "accepted", channel: "assistant" }),
    );
    expect((await submitRegistration(holderOf(quiet.token), { answers: whole(0) })).ok).toBe(true);
  });

  it("named again keeps the link, with what is ticked now", async () => {
    const { linkId, token } = await letIn();
    const again = await letIn({
      ...TRAVEL,
      email: "CHAMBERS@court.example",
      sections: ["needs"],
      mayReply: true,
    });
    expect(again.linkId).toBe(linkId);
    expect(holderOf(token).assistant).toMatchObject({ sections: ["needs"], mayReply: true });
    expect(mails().filter(({ kind }) => kind === "assistant_link")).toHaveLength(1);
  });

  it("is shut out at once: the link, the browser and the code on its way", async () => {
    const { linkId, token } = await letIn();
    const ctx = holderOf(token);
    const secret = await verified(ctx, TRAVEL.email);
    const own = await verified(delegate(), invitee(0).email);
    await send(ctx);
    const code = mailedCode(TRAVEL.email);
    expect((await endAssistant(delegate(1), linkId)).ok).toBe(false);
    expect((await endAssistant(ctx, linkId)).ok).toBe(false);
    expect((await endAssistant(delegate(), linkId)).ok).toBe(true);
    // Whoever presses twice is told what is so.
    expect((await endAssistant(delegate(), linkId)).ok).toBe(true);
    expect(kinds(invitee(0).invitationId).filter((kind) => kind === "assistant_removed")).toHaveLength(1);
    expect(findInvitationByToken(base, token)).toBeNull();
    const { invitationId } = invitee(0);
    expect(findDevice(base, { invitationId, assistant: ctx.assistant }, secret)).toBeNull();
    expect((await type(ctx, code)).ok).toBe(false);
    expect(findDevice(base, { invitationId, assistant: null }, own)).not.toBeNull();
    expect(ownAssistants(delegate())).toEqual([]);
    expect(kinds(invitationId)).toEqual(expect.arrayContaining(["assistant_added", "assistant_removed"]));
  });

  it("is not let in by an assistant, nor by the other side, nor without end", async () => {
    const { token } = await letIn();
    const { invitationId } = invitee(0);
    expect((await nameAssistant(holderOf(token), { ...TRAVEL, email: "x@y.example" })).ok).toBe(false);
    expect((await nameAssistantFor(desk(1), { ...TRAVEL, invitationId })).ok).toBe(false);
    const outcomes = await Promise.all(
      Array.from({ length: 9 }, (_, n) =>
        nameAssistantFor(desk(), { ...TRAVEL, email: `office-${n}@court.example`, invitationId }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(4);
    expect(ownAssistants(delegate())).toHaveLength(5);
  });

  it("has a link to nothing once the person's own was stopped, or the assistant was taken off the card", async () => {
    const { token } = await letIn();
    await revokeLink(desk(), invitee(0).invitationId);
    expect(findInvitationByToken(base, token)).toBeNull();
    await reissueLink(desk(), invitee(0).invitationId);
    expect(findInvitationByToken(base, token)).not.toBeNull();
    base.db.orm.update(schema.personAssistant).set({ endedAt: base.clock.now() }).run();
    expect(findInvitationByToken(base, token)).toBeNull();
  });
});

describe("a mailbox that is another one now", () => {
  it("of the invited person: whoever was let in by the one before is out, here and wherever they are invited", async () => {
    const { invitationId, personId } = invitee(0);
    const before = await verified(delegate());
    const onPhone = { ...person(0), phone: "+1 212 555 0123" };
    const change = (facts: PersonFacts) =>
      changePerson(desk(), { invitationId, facts, category: "delegate", invitedAs: null });
    expect((await change({ ...onPhone, email: person(0).email?.toUpperCase() ?? "" })).ok).toBe(true);
    expect(findDevice(base, { invitationId, assistant: null }, before)).not.toBeNull();
    await send(delegate());
    const code = mailedCode();
    expect((await change({ ...onPhone, email: "right@court.example" })).ok).toBe(true);
    expect(findDevice(base, { invitationId, assistant: null }, before)).toBeNull();
    expect((await type(delegate(), code)).ok).toBe(false);
    const waiting = mails().filter((row) => row.recipientKind === "invitee" && row.state === "queued");
    expect(new Set(waiting.map((row) => row.toAddress))).toEqual(new Set(["right@court.example"]));
    const again = await verified(delegate(), "right@court.example");

    const book = { ...desk(), scope: { ...desk().scope, bookSideIds: [invitee(0).sideId] } };
    expect(
      (await changeContact(book, { personId, facts: { ...onPhone, email: "third@court.example" } })).ok,
    ).toBe(true);
    expect(findDevice(base, { invitationId, assistant: null }, again)).toBeNull();
  });

  it("of an assistant: the link was mailed to somebody else, and ends", async () => {
    const { token } = await letIn();
    const { invitationId, personId } = invitee(0);
    const ctx = holderOf(token);
    const secret = await verified(ctx, TRAVEL.email);
    const book = { ...desk(), scope: { ...desk().scope, bookSideIds: [invitee(0).sideId] } };
    const assistantId = ctx.assistant?.assistantId ?? "";
    const facts = { name: "Chambers", locale: "en" as const, phone: "", mayAct: true, getsCopies: false };
    const change = (email: string) =>
      changeAssistant(book, { personId, assistantId, facts: { ...facts, email } });
    expect((await change(TRAVEL.email.toUpperCase())).ok).toBe(true);
    expect(findInvitationByToken(base, token)).not.toBeNull();
    expect((await change("successor@court.example")).ok).toBe(true);
    expect(findInvitationByToken(base, token)).toBeNull();
    expect(findDevice(base, { invitationId, assistant: ctx.assistant }, secret)).toBeNull();
    expect(ownAssistants(delegate())).toEqual([]);
  });
});

describe("“this is not me”", () => {
  it("stops the link for everybody and tells the side", async () => {
    const { token } = await letIn();
    const { invitationId } = invitee(0);
    expect((await sayNotMe(delegate())).ok).toBe(true);
    expect(findInvitationByToken(base, invitee(0).token)).toBeNull();
    expect(findInvitationByToken(base, token)).toBeNull();
    const row = base.db.orm
      .select()
      .from(schema.invitation)
      .where(eq(schema.invitation.id, invitationId))
      .get();
    expect(row).toMatchObject({ notMeAt: base.clock.now(), tokenRevokedAt: base.clock.now() });
    expect(kinds(invitationId)).toContain("not_me");
    expect(mails().find(({ kind }) => kind === "not_me")).toMatchObject({
      toAddress: "side@us.example",
      recipientKind: "side",
    });
  });

  it("said through an assistant's link stops that one alone", async () => {
    const { token } = await letIn();
    expect((await sayNotMe(holderOf(token))).ok).toBe(true);
    expect(findInvitationByToken(base, token)).toBeNull();
    expect(findInvitationByToken(base, invitee(0).token)).not.toBeNull();
  });
});

describe("the calendar's address", () => {
  it("opens one person's calendar and nothing else, and ends with the link", async () => {
    const { invitationId, calendar, token } = invitee(0);
    expect(calendarOf(base, { invitationId })).toBe(calendar);
    expect(findInvitationByCalendar(base, calendar)?.invitationId).toBe(invitationId);
    const [, secret = ""] = calendar.split(".");
    expect(findInvitationByToken(base, secret)).toBeNull();
    expect(findInvitationByToken(base, calendar)).toBeNull();
    for (const wrong of [
      "",
      ".",
      invitationId,
      `${invitationId}.`,
      `${invitationId}.${token}`,
      `${invitee(1).invitationId}.${secret}`,
      `${calendar}x`,
      `nobody.${base.keys.calendarToken("nobody", 0)}`,
    ])
      expect(findInvitationByCalendar(base, wrong), wrong).toBeNull();
    await reissueLink(desk(), invitationId);
    expect(findInvitationByCalendar(base, calendar)).toBeNull();
    const now = calendarOf(base, { invitationId }) ?? "";
    expect(findInvitationByCalendar(base, now)?.invitationId).toBe(invitationId);
    await revokeLink(desk(), invitationId);
    expect(findInvitationByCalendar(base, now)).toBeNull();
  });
});
