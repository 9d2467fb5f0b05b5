import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import {
  cancelDelivery,
  changeMessage,
  discardMessage,
  draftMessage,
  retryDelivery,
} from "#app/domain/mail/commands.server.ts";
import { type MessageInput, messageForm } from "#app/domain/mail/form.ts";
import { mailboxPage, mailboxTransport, staffMailboxReader } from "#app/domain/mail/mailbox.server.ts";
import { mailPage, messagePage, previewMessage } from "#app/domain/mail/queries.server.ts";
import { releaseMessage } from "#app/domain/mail/release.server.ts";
import { HOLD } from "#app/domain/mail/rules.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import {
  delivery,
  invitation,
  message,
  person,
  staffPermission,
  user,
  visitPlace,
} from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { type Meeting, writeMeeting } from "../support/meeting.ts";

let ctx: ReturnType<typeof testContext> & StaffContext;
let other: StaffContext;
let meeting: Meeting;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 10,
    seats: [{ capacity: 10, quota: null }],
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

function input(given: Partial<MessageInput> = {}): MessageInput {
  return messageForm.parse({
    sideId: meeting.sideIds[0],
    subjectEn: "Your programme",
    subjectZh: "您的日程",
    bodyEn: "Dear {name}, welcome to {city}.",
    bodyZh: "{name}，欢迎来{city}。",
    ...given,
  });
}

async function drafted(given: Partial<MessageInput> = {}): Promise<string> {
  const made = await draftMessage(ctx, input(given));
  if (!made.ok) throw new Error(made.refusal);
  return made.value.messageId;
}

function draftPage(messageId: string) {
  const page = messagePage(ctx, messageId);
  if (page?.state !== "draft") throw new Error("not a draft");
  return page;
}

function deliveries() {
  return ctx.db.orm.select().from(delivery).all();
}

const ownPeople = () => meeting.invitees.filter((one) => one.sideId === meeting.sideIds[0]);

describe("the audience of a message", () => {
  test("is people of one's own side alone, whatever the filter asks for", async () => {
    const everybody = draftPage(await drafted());
    expect(everybody.recipients.map((one) => one.invitationId).sort()).toEqual(
      ownPeople()
        .map((one) => one.invitationId)
        .sort(),
    );
    const theirs = draftPage(await drafted({ delegationIds: [meeting.delegationIds[1]] }));
    expect(theirs.recipients).toEqual([]);
    expect(theirs.checks.map(({ check }) => check)).toContain("nobody");
    expect(await draftMessage(ctx, input({ sideId: meeting.sideIds[1] }))).toEqual({
      ok: false,
      refusal: "not_own_side",
    });
  });

  test("is narrowed by category, reply, registration and visit", async () => {
    const [first, second, third] = ownPeople();
    const set = (id: string | undefined, values: Partial<typeof invitation.$inferInsert>) =>
      ctx.db.orm
        .update(invitation)
        .set(values)
        .where(eq(invitation.id, id ?? ""))
        .run();
    set(first?.invitationId, { category: "interpreter" });
    set(second?.invitationId, { reply: "declined" });
    ctx.db.orm
      .insert(visitPlace)
      .values({
        id: "p",
        visitId: meeting.visitIds[0] ?? "",
        invitationId: third?.invitationId ?? "",
        delegationId: third?.delegationId ?? "",
        state: "waiting",
        queueNumber: 1,
        askedAt: 0,
      })
      .run();
    const ids = async (given: Partial<MessageInput>) =>
      draftPage(await drafted(given)).recipients.map((one) => one.invitationId);
    expect(await ids({ categories: ["interpreter"] })).toEqual([first?.invitationId]);
    expect(await ids({ replies: ["declined"] })).toEqual([second?.invitationId]);
    expect(await ids({ visitId: meeting.visitIds[0] ?? "" })).toEqual([third?.invitationId]);
    expect(await ids({ registration: "submitted" })).toEqual([]);
    expect(await ids({ registration: "not_submitted" })).toHaveLength(5);
    expect(await ids({ replies: ["accepted"], categories: ["interpreter"], registration: "any" })).toEqual([
      first?.invitationId,
    ]);
  });

  test("leaves out, by name, who cannot be reached, and never has people who were not invited", async () => {
    const [first, second, third] = ownPeople();
    ctx.db.orm
      .update(person)
      .set({ email: null })
      .where(eq(person.id, first?.personId ?? ""))
      .run();
    ctx.db.orm
      .update(invitation)
      .set({ sentAt: null })
      .where(eq(invitation.id, second?.invitationId ?? ""))
      .run();
    ctx.db.orm
      .update(invitation)
      .set({ withdrawnAt: 1 })
      .where(eq(invitation.id, third?.invitationId ?? ""))
      .run();
    const page = draftPage(await drafted());
    expect(page.recipients).toHaveLength(3);
    expect(page.reachable).toBe(2);
    expect(page.recipients.filter((one) => one.obstacle === "no_address")).toEqual([
      expect.objectContaining({ invitationId: first?.invitationId }),
    ]);
  });

  test("does not exist for the other side", async () => {
    const messageId = await drafted();
    const { invitationId = "" } = ownPeople()[0] ?? {};
    expect(messagePage(other, messageId)).toBeNull();
    expect(previewMessage(other, { messageId, invitationId })).toBeNull();
    expect(mailPage(other).messages).toEqual([]);
    expect(await changeMessage(other, messageId, input())).toEqual({ ok: false, refusal: "gone" });
    expect(await discardMessage(other, messageId)).toEqual({ ok: false, refusal: "gone" });
    expect(await releaseMessage(other, { messageId, count: 5 })).toEqual({ ok: false, refusal: "gone" });
  });
});

describe("the checks before a release", () => {
  test.each([
    [{ bodyZh: "", bodyEn: "" }, "empty"],
    [{ bodyEn: "欢迎各位代表来到北京参加会议" }, "wrong_language_en"],
    [{ bodyZh: "Welcome to Beijing, dear delegates" }, "wrong_language_zh"],
    [{ bodyEn: "[here](javascript:alert)" }, "broken_link"],
    [{ bodyEn: "[here](https://dialogue.example/i/aaaaaaaaaaaaaaaaaaaaaa)" }, "broken_link"],
    [{ bodyEn: "[here](https://x.example/{name})" }, "broken_link"],
    [{ bodyEn: "Your passport E12345678 is ready" }, "close_data"],
    [{ bodyEn: "See {programme} below" }, "unknown_placeholder"],
    [{ subjectEn: "{programme}" }, "unknown_placeholder"],
    [{ bodyEn: "Hello {{link}}" }, "unknown_placeholder"],
    [{ bodyEn: "Hello {constructor}" }, "unknown_placeholder"],
  ])("name what is wrong: %o", async (given, check) => {
    const messageId = await drafted(given);
    expect(draftPage(messageId).checks.map((found) => found.check)).toContain(check);
    expect(await releaseMessage(ctx, { messageId, count: 5 })).toEqual({ ok: false, refusal: "checks" });
    expect(deliveries()).toEqual([]);
  });

  test("name the people for whom a placeholder has nothing", async () => {
    ctx.db.orm
      .update(person)
      .set({ institutionEn: "", institutionZh: "" })
      .where(eq(person.id, ownPeople()[0]?.personId ?? ""))
      .run();
    const page = draftPage(await drafted({ bodyEn: "{institution}" }));
    expect(page.checks).toEqual([{ check: "nothing_for_placeholder", names: [ownPeople()[0]?.nameLatin] }]);
  });
});

describe("a release", () => {
  test("queues one mail to each, once, however often it is asked for", async () => {
    const messageId = await drafted();
    const [first, second] = await Promise.all([
      releaseMessage(ctx, { messageId, count: 5 }),
      releaseMessage(ctx, { messageId, count: 5 }),
    ]);
    expect(first).toEqual({ ok: true, value: { queued: 5, asked: false } });
    expect(second).toEqual({ ok: true, value: { queued: 0, asked: false } });
    expect(await releaseMessage(ctx, { messageId, count: 5 })).toEqual({
      ok: true,
      value: { queued: 0, asked: false },
    });
    expect(
      deliveries()
        .map((one) => one.toAddress)
        .sort(),
    ).toEqual(
      ownPeople()
        .map((one) => one.email)
        .sort(),
    );
    expect(deliveries().every((one) => one.messageId === messageId && one.state === "queued")).toBe(true);
    expect(new Set(deliveries().map((one) => one.messageIdHeader)).size).toBe(5);
  });

  test("is refused when the number typed is not the number of people", async () => {
    const messageId = await drafted();
    expect(await releaseMessage(ctx, { messageId, count: 4 })).toEqual({ ok: false, refusal: "count" });
    expect(deliveries()).toEqual([]);
    expect(ctx.db.orm.select().from(message).get()?.state).toBe("draft");
  });

  test("freezes the audience and the text", async () => {
    const messageId = await drafted();
    await releaseMessage(ctx, { messageId, count: 5 });
    expect(await changeMessage(ctx, messageId, input())).toEqual({ ok: false, refusal: "released" });
    expect(await discardMessage(ctx, messageId)).toEqual({ ok: false, refusal: "released" });
    const { invitationId = "", personId = "", nameLatin } = ownPeople()[0] ?? {};
    ctx.db.orm.update(person).set({ nameLatin: "Somebody Else" }).where(eq(person.id, personId)).run();
    const preview = previewMessage(ctx, { messageId, invitationId });
    expect(preview?.text).toContain(`Dear ${nameLatin}, welcome to Beijing.`);
  });

  test("gives each person their own mail, and previews show it without their link", async () => {
    const messageId = await drafted();
    const own = ownPeople();
    const before = own.map((one) => previewMessage(ctx, { messageId, invitationId: one.invitationId }));
    await releaseMessage(ctx, { messageId, count: 5 });
    ctx.clock.advance(HOLD);
    await createMailWorker({
      ...ctx,
      mailFrom: { name: "S", address: "s@dialogue.example" },
      transport: mailboxTransport(ctx.db),
      log: createLog("silent"),
    }).drain();
    for (const [index, one] of own.entries()) {
      const after = previewMessage(ctx, { messageId, invitationId: one.invitationId });
      expect(after?.text).toBe(before[index]?.text);
      expect(after?.text).toContain(one.nameLatin);
      expect(`${after?.text}${after?.html}`).not.toContain(one.token);
    }
    const page = messagePage(ctx, messageId);
    expect(page?.state === "released" && page.counts.accepted).toBe(5);
  });
});

describe("a mail that did not arrive", () => {
  async function failed() {
    const messageId = await drafted();
    await releaseMessage(ctx, { messageId, count: 5 });
    const [one] = deliveries();
    if (one === undefined) throw new Error("nothing queued");
    ctx.db.orm
      .update(delivery)
      .set({ state: "failed", tries: 3, finishedAt: 1 })
      .where(eq(delivery.id, one.id))
      .run();
    return one;
  }

  test("comes in pages with others, each of them on one page", async () => {
    for (let n = 0; n < 5; n += 1) await releaseMessage(ctx, { messageId: await drafted(), count: 5 });
    ctx.db.orm.update(delivery).set({ state: "failed", tries: 3, finishedAt: 1 }).run();
    const first = mailPage(ctx).notReached;
    expect([first.shown.length, first.total]).toEqual([20, 25]);
    const second = mailPage(ctx, first.next).notReached;
    expect([second.first, second.next]).toEqual([20, null]);
    const told = [...first.shown, ...second.shown].map(({ id }) => id);
    expect(told.toSorted()).toEqual(
      deliveries()
        .map(({ id }) => id)
        .toSorted(),
    );
    // A mail that was tried again meanwhile: the list begins anew.
    expect(mailPage(ctx, "gone").notReached).toEqual(first);
  });

  test("is on the list of people to phone, and can be tried again at the address of now", async () => {
    const one = await failed();
    expect(mailPage(ctx).notReached.shown.map(({ id }) => id)).toEqual([one.id]);
    expect(mailPage(other).notReached).toMatchObject({ shown: [], total: 0 });
    const owner = meeting.invitees.find(({ invitationId }) => invitationId === one.invitationId);
    ctx.db.orm
      .update(person)
      .set({ email: "new@us.example" })
      .where(eq(person.id, owner?.personId ?? ""))
      .run();
    expect(await retryDelivery(other, one.id)).toEqual({ ok: false, refusal: "gone" });
    expect(await retryDelivery(ctx, one.id)).toEqual({ ok: true, value: null });
    expect(deliveries().find(({ id }) => id === one.id)).toMatchObject({
      state: "queued",
      tries: 0,
      toAddress: "new@us.example",
      messageIdHeader: one.messageIdHeader,
    });
  });

  test("can be taken back while it waits, not when it has gone", async () => {
    const one = await failed();
    const [, waiting] = deliveries();
    expect(await cancelDelivery(ctx, one.id)).toEqual({ ok: false, refusal: "state" });
    expect(await cancelDelivery(other, waiting?.id ?? "")).toEqual({ ok: false, refusal: "gone" });
    expect(await cancelDelivery(ctx, waiting?.id ?? "")).toEqual({ ok: true, value: null });
    expect(await cancelDelivery(ctx, waiting?.id ?? "")).toEqual({ ok: false, refusal: "state" });
  });
});

test("the built-in mailbox shows staff the mails of their own sides, and a page at a time", async () => {
  const messageId = await drafted();
  await releaseMessage(ctx, { messageId, count: 5 });
  ctx.clock.advance(HOLD);
  await createMailWorker({
    ...ctx,
    mailFrom: { name: "S", address: "s@dialogue.example" },
    transport: mailboxTransport(ctx.db),
    log: createLog("silent"),
  }).drain();
  const now = new Date(ctx.clock.now());
  for (const [index, id] of ["grace", "lin"].entries()) {
    ctx.db.orm
      .insert(user)
      .values({ id, name: id, email: `${id}@x.example`, emailVerified: true, createdAt: now, updatedAt: now })
      .run();
    ctx.db.orm
      .insert(staffPermission)
      .values({
        id,
        userId: id,
        coHostId: meeting.sideIds[index] ?? "",
        editionId: null,
        permission: "lead",
        grantedAt: 0,
      })
      .run();
  }
  expect(mailboxPage(ctx, "all", null).mails).toHaveLength(5);
  expect(mailboxPage(ctx, staffMailboxReader(ctx, "grace"), null).mails).toHaveLength(5);
  expect(mailboxPage(ctx, staffMailboxReader(ctx, "lin"), null).mails).toEqual([]);
  expect(mailboxPage(ctx, staffMailboxReader(ctx, "nobody"), null).mails).toEqual([]);
  const last = mailboxPage(ctx, "all", null).mails.at(-2)?.id ?? "";
  expect(mailboxPage(ctx, "all", last).mails).toHaveLength(1);
});

test("a subject is at most 60 columns wide, a Chinese character being two", () => {
  const problem = (given: Record<string, string>) =>
    messageForm.safeParse({ sideId: "s", ...given }).error?.issues.map((issue) => issue.message);
  expect(problem({ subjectZh: "更".repeat(30) })).toBeUndefined();
  expect(problem({ subjectZh: "更".repeat(31) })).toEqual(["message.error.subject"]);
  expect(problem({ subjectEn: "a\u0007b" })).toEqual(["error.characters"]);
});
