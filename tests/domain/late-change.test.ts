import { and, eq } from "drizzle-orm";
import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import {
  addAgendaItem,
  changeAgendaItem,
  publishAgenda,
  removeAgendaItem,
} from "#app/domain/agenda/commands.server.ts";
import { draftAgenda } from "#app/domain/agenda/draft.server.ts";
import { type AgendaItemInput, agendaItemForm } from "#app/domain/agenda/form.ts";
import { previewNotice } from "#app/domain/agenda/notice-preview.server.ts";
import {
  dismissNotices,
  NOTICE_WAIT,
  noticesOfDraft,
  releaseNotices,
  setNoticeMode,
  waitingNotices,
} from "#app/domain/agenda/notices.server.ts";
import { calledOffFor, programmeOf } from "#app/domain/agenda/queries.server.ts";
import { confirmSeen, recordTold, seenPage, unseenOf } from "#app/domain/agenda/seen.server.ts";
import { findPrintOut, ownChangesSince, versionsPage } from "#app/domain/agenda/versions.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { mailboxTransport } from "#app/domain/mail/mailbox.server.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { askForPlaces } from "#app/domain/visit/seats.server.ts";
import { clockTime24, dayOf } from "#app/i18n/dates.ts";
import { parseForm } from "#app/platform/form.ts";
import { createLog } from "#app/platform/log.server.ts";
import { agendaVersion, auditEvent, delivery, invitation, mailboxMail, person } from "#db/schema/index.ts";
import { entriesAfter } from "../support/calendar.ts";
import { testContext, testKeys } from "../support/context.ts";
import { writeMeeting } from "../support/meeting.ts";

/*
 * The evening of the fixture: the courtesy call moves at 21:40 from the morning to the afternoon. Eight people of two
 * sides, of whom three go on the call, one of them Chinese and one who also goes on the other visit.
 */

const ZONE = "Asia/Shanghai";
const MINUTE = 60_000;

async function evening() {
  const ctx = testContext();
  const plan = {
    slug: "beijing",
    people: 8,
    seats: [
      { capacity: 8, quota: null },
      { capacity: 8, quota: null },
    ],
    now: ctx.clock.now(),
  };
  const meeting = writeMeeting(ctx.db.orm, testKeys, plan);
  const staff = (
    side: 0 | 1,
    permissions: StaffContext["scope"]["permissions"] = ["agenda"],
  ): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: `staff of side ${side}` },
    scope: { editionId: meeting.editionId, sideIds: [meeting.sideIds[side]], permissions, bookSideIds: [] },
  });
  const one = (n: number) => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  };
  const holder = (n: number): InvitationContext => ({
    ...ctx,
    actor: { kind: "invitee", id: one(n).invitationId },
    scope: { editionId: meeting.editionId, invitationId: one(n).invitationId },
    locale: "en",
    assistant: null,
  });
  const [call = "", other = ""] = meeting.visitIds;
  const asks = (n: number, visitIds: ReadonlyArray<string>) =>
    ctx.db.write((tx) => askForPlaces(tx, ctx, { ...one(n), visitIds: [...visitIds] }));
  // Even numbers are of the first side, odd ones of the second.
  await asks(0, [call]);
  await asks(1, [call]);
  await asks(2, [call, other]);
  ctx.db.orm.delete(delivery).run();
  ctx.db.orm
    .update(person)
    .set({ locale: "zh-CN" })
    .where(eq(person.id, one(1).personId))
    .run();
  ctx.clock.advance(60 * MINUTE);
  const worker = createMailWorker({
    ...ctx,
    mailFrom: { name: "Secretariat 秘书处", address: "secretariat@dialogue.example" },
    transport: mailboxTransport(ctx.db),
    log: createLog("silent"),
  });
  const itemOf = (visitId: string) => {
    const found = draftAgenda(staff(0)).items.find(({ visit }) => visit?.id === visitId);
    if (found === undefined) throw new Error("the visit is not in the draft");
    return found;
  };
  const move = async (visitId: string, start: string, end: string, more: Partial<AgendaItemInput> = {}) => {
    const item = itemOf(visitId);
    const input = { ...asInput(item), start, end, ...more };
    const changed = await changeAgendaItem(staff(0), { itemId: item.id, seenAt: item.updatedAt, input });
    if (!changed.ok) throw new Error(changed.refusal);
  };
  const mails = () => ctx.db.orm.select().from(mailboxMail).all();
  const notices = () => ctx.db.orm.select().from(delivery).where(eq(delivery.kind, "agenda_change")).all();
  const nameOf = (invitationId: string) =>
    meeting.invitees.findIndex((invitee) => invitee.invitationId === invitationId);
  return {
    ctx,
    meeting,
    staff,
    one,
    holder,
    call,
    other,
    asks,
    worker,
    move,
    mails,
    notices,
    nameOf,
    itemOf,
  };
}

type Drafted = ReturnType<typeof draftAgenda>["items"][number];

/** The item as its form has it. */
function asInput(item: Drafted): AgendaItemInput {
  const formData = new FormData();
  const fields = {
    kind: item.kind,
    day: dayOf(item.startsAt, ZONE),
    start: clockTime24(item.startsAt, ZONE),
    end: clockTime24(item.endsAt, ZONE),
    titleEn: item.titleEn,
    titleZh: item.titleZh,
    placeEn: item.placeEn,
    placeZh: item.placeZh,
    audience: item.audience,
    interpretation: item.interpretation ?? "",
    hostEn: item.visit?.hostEn ?? "",
    hostZh: item.visit?.hostZh ?? "",
    capacity: String(item.seats?.capacity ?? ""),
    meetingPointEn: item.visit?.meetingPointEn ?? "",
    meetingPointZh: item.visit?.meetingPointZh ?? "",
    dressEn: item.visit?.dressEn ?? "",
    dressZh: item.visit?.dressZh ?? "",
    bringEn: item.visit?.bringEn ?? "",
    bringZh: item.visit?.bringZh ?? "",
  };
  for (const [name, value] of Object.entries(fields)) if (value !== "") formData.set(name, value);
  const parsed = parseForm(agendaItemForm, formData);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.form.errors));
  return parsed.value;
}

describe("before it is published", () => {
  test("staff see who of their own is told what, and of the other side how many", async () => {
    const { staff, call, move, nameOf } = await evening();
    await move(call, "15:30", "17:00");
    const ours = noticesOfDraft(staff(0)).sides;
    expect(ours.map(({ own, affected }) => [own, affected])).toEqual([
      [true, 2],
      [false, 1],
    ]);
    expect(ours[0]?.people.map(({ invitationId }) => nameOf(invitationId))).toEqual([0, 2]);
    expect(ours[1]?.people).toEqual([]);
    expect(ours[0]?.people[0]).toMatchObject({ from: 1, changes: [{ change: "moved", parts: ["time"] }] });
    const theirs = noticesOfDraft(staff(1)).sides;
    expect(theirs[1]?.people.map(({ invitationId }) => nameOf(invitationId))).toEqual([1]);
  });

  test("each mail can be looked at as its recipient gets it, and nobody's of the other side", async () => {
    const { staff, call, one, move } = await evening();
    await move(call, "15:30", "17:00");
    const asked = { invitationId: one(0).invitationId, ofDraft: true };
    const preview = previewNotice(staff(0), asked);
    expect(preview?.text).toContain("[Moved] Visit to Court 1");
    expect(preview?.text).toContain("【变更】参访第1法院");
    expect(preview?.text).toMatch(/from .*9:00–10:30 AM to .*3:30–5:00 PM, Beijing time/);
    expect(preview?.text).not.toContain(one(0).token);
    expect(previewNotice(staff(1), asked)).toBeNull();
    expect(previewNotice(staff(0), { ...asked, ofDraft: false })).toBeNull();
  });
});

describe("publishing", () => {
  test("tells each affected person of the own side once, with only their change, and nobody else", async () => {
    const { ctx, staff, call, move, notices, nameOf, worker, mails, one } = await evening();
    await move(call, "15:30", "17:00");
    const told = noticesOfDraft(staff(0)).digest;
    expect(await publishAgenda(staff(0), { notify: true, told })).toEqual({
      ok: true,
      value: { number: 2, queued: 2 },
    });
    expect(notices().map((row) => nameOf(row.invitationId ?? ""))).toEqual([0, 2]);
    await worker.drain();
    expect(mails()).toEqual([]);
    ctx.clock.advance(NOTICE_WAIT);
    await worker.drain();
    expect(
      mails()
        .map((mail) => mail.toAddress)
        .sort(),
    ).toEqual([one(0).email, one(2).email].sort());
    for (const mail of mails()) {
      expect(mail.text).toContain("Visit to Court 1");
      expect(mail.text).not.toContain("Visit to Court 2");
      expect(mail.text).not.toContain("Lunch");
    }
    // The same version again tells nobody a second time.
    expect(waitingNotices(staff(0))?.sides[0]?.people).toEqual([]);
  });

  test("leaves the other side's people to that side, in their language, until it releases or has said: at once", async () => {
    const { ctx, staff, call, move, notices, nameOf, worker, mails, one } = await evening();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0), { notify: true });
    const waiting = waitingNotices(staff(1))?.sides[0];
    expect(waiting?.people.map(({ invitationId }) => nameOf(invitationId))).toEqual([1]);
    const sideId = waiting?.sideId ?? "";
    expect(await releaseNotices(staff(0), { sideId, seen: waiting?.digest ?? "" })).toMatchObject({
      refusal: "gone",
    });
    expect(await releaseNotices(staff(1), { sideId, seen: "another" })).toMatchObject({
      refusal: "changed_meanwhile",
    });
    const release = { sideId, seen: waiting?.digest ?? "" };
    expect(await releaseNotices(staff(1), release)).toEqual({ ok: true, value: { queued: 1 } });
    // The form came twice: they have been told.
    expect(await releaseNotices(staff(1), release)).toEqual({ ok: true, value: { queued: 0 } });
    ctx.clock.advance(NOTICE_WAIT);
    await worker.drain();
    const mail = mails().find(({ toAddress }) => toAddress === one(1).email);
    expect(mail?.subject).toContain("日程更新（第2版）");
    expect(mail?.text.indexOf("【变更】参访第1法院")).toBeLessThan(mail?.text.indexOf("[Moved]") ?? 0);

    expect(await setNoticeMode(staff(0), { sideId, mode: "at_once" })).toMatchObject({ refusal: "gone" });
    await setNoticeMode(staff(1), { sideId, mode: "at_once" });
    await move(call, "16:00", "17:30");
    await publishAgenda(staff(0), { notify: true });
    const third = notices().filter((row) => row.agendaVersion === 3);
    expect(third.map((row) => nameOf(row.invitationId ?? ""))).toEqual([0, 2, 1]);
    const trail = ctx.db.orm.select().from(auditEvent).where(eq(auditEvent.action, "agenda.notify")).all();
    expect(trail.map(({ coHostId }) => coHostId === sideId)).toEqual([false, true, false, true]);
  });

  test("without notices tells nobody, and they can be sent or laid aside later", async () => {
    const { staff, call, move, notices, meeting } = await evening();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0), { notify: false });
    expect(notices()).toEqual([]);
    const [sideId] = meeting.sideIds;
    expect(waitingNotices(staff(0))?.sides[0]).toMatchObject({ affected: 2, settled: false });
    expect(await dismissNotices(staff(0), { sideId, number: 1 })).toMatchObject({
      refusal: "changed_meanwhile",
    });
    expect(await dismissNotices(staff(0), { sideId, number: 2 })).toMatchObject({ ok: true });
    expect(waitingNotices(staff(0))?.sides[0]).toMatchObject({ settled: true });
  });

  test("again within the wait sends one mail that says the sum of both", async () => {
    const { ctx, staff, call, other, move, notices, nameOf, worker, mails, one } = await evening();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0), { notify: true });
    ctx.clock.advance(MINUTE);
    await move(call, "16:00", "17:30");
    await move(other, "13:30", "15:00");
    expect(noticesOfDraft(staff(0)).sides[0]?.people.map(({ from }) => from)).toEqual([1, 1]);
    // A correction goes out although nobody asked for notices: what waits would say what is no longer so.
    await publishAgenda(staff(0), { notify: false });
    ctx.clock.advance(NOTICE_WAIT);
    await worker.drain();
    expect(notices().map((row) => [nameOf(row.invitationId ?? ""), row.agendaVersion, row.state])).toEqual([
      [0, 2, "cancelled"],
      [2, 2, "cancelled"],
      [0, 3, "accepted"],
      [2, 3, "accepted"],
    ]);
    const mail = mails().find(({ toAddress }) => toAddress === one(2).email);
    expect(mail?.text).toMatch(/from .*9:00–10:30 AM to .*4:00–5:30 PM, Beijing time/);
    expect(mail?.text).toMatch(/from .*11:00 AM–12:30 PM to .*1:30–3:00 PM, Beijing time/);
    expect(mail?.text).not.toContain("3:30–5:00 PM, Beijing time");
  });

  test("what is taken back before the mail has gone is told to nobody", async () => {
    const { ctx, staff, call, move, worker, mails } = await evening();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0), { notify: true });
    await move(call, "09:00", "10:30");
    await publishAgenda(staff(0), { notify: true });
    ctx.clock.advance(NOTICE_WAIT);
    await worker.drain();
    expect(mails()).toEqual([]);
  });

  test("a notice that is outdated never leaves, not even when its server had it put off", async () => {
    const { ctx, staff, call, move, worker, mails, notices } = await evening();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0), { notify: true });
    const second = notices().map(({ id }) => id);
    // In a worker's hands while the correction comes out; then their server says "later".
    ctx.db.orm.update(delivery).set({ state: "sending" }).run();
    await move(call, "16:00", "17:30");
    await publishAgenda(staff(0), { notify: true });
    for (const id of second)
      ctx.db.orm.update(delivery).set({ state: "deferred", tries: 1 }).where(eq(delivery.id, id)).run();
    ctx.clock.advance(NOTICE_WAIT);
    await worker.drain();
    expect(mails()).toHaveLength(2);
    for (const { text } of mails()) expect(text).toMatch(/from .*9:00–10:30 AM to .*4:00–5:30 PM/);
  });

  test("leaves out who declined, withdrew or was never told anything, and names whom no mail reaches", async () => {
    const { ctx, staff, call, one, move } = await evening();
    const set = (n: number, values: Partial<typeof invitation.$inferInsert>) =>
      ctx.db.orm
        .update(invitation)
        .set(values)
        .where(eq(invitation.id, one(n).invitationId))
        .run();
    set(0, { tokenRevokedAt: ctx.clock.now() });
    set(2, { withdrawnAt: ctx.clock.now() });
    set(4, { reply: "none", repliedAt: null });
    set(6, { reply: "declined" });
    await move(call, "15:30", "17:00");
    await addAgendaItem(staff(0), {
      ...asInput(draftAgenda(staff(0)).items[0] as Drafted),
      titleEn: "A walk",
      titleZh: "散步",
    });
    const people = noticesOfDraft(staff(0)).sides[0]?.people ?? [];
    expect(people.map(({ invitationId, obstacle }) => [invitationId, obstacle])).toEqual([
      [one(0).invitationId, "link_revoked"],
    ]);
    expect(await publishAgenda(staff(0), { notify: true })).toMatchObject({ value: { queued: 0 } });
  });

  test("twice at once makes one version and one notice to each", async () => {
    const { staff, call, move, notices, ctx } = await evening();
    await move(call, "15:30", "17:00");
    const [a, b] = [staff(0), staff(0)];
    const told = noticesOfDraft(a).digest;
    const outcomes = await Promise.all([
      publishAgenda(a, { notify: true, told }),
      publishAgenda(b, { notify: true, told }),
      publishAgenda(staff(1), { notify: true }),
    ]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(ctx.db.orm.select().from(agendaVersion).all()).toHaveLength(2);
    const people = notices().map(({ invitationId }) => invitationId);
    expect(new Set(people).size).toBe(people.length);
  });

  test("is refused when others would be told than were looked at", async () => {
    const { staff, call, asks, move } = await evening();
    await move(call, "15:30", "17:00");
    const told = noticesOfDraft(staff(0)).digest;
    await asks(4, [call]);
    expect(await publishAgenda(staff(0), { notify: true, told })).toMatchObject({
      refusal: "changed_meanwhile",
    });
  });
});

describe("calendars", () => {
  test("of everybody take the change in place: moved, then gone", async () => {
    const { ctx, staff, call, move, worker, mails, one, itemOf, asks } = await evening();
    const person = one(0);
    const feed = () => ({
      items: programmeOf(ctx, person).items,
      calledOff: calledOffFor(ctx, person),
      at: ctx.clock.now(),
    });
    const first = feed();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0), { notify: true });
    const second = feed();
    ctx.clock.advance(NOTICE_WAIT);
    await worker.drain();
    const update = await attachments(mails().find((mail) => mail.toAddress === person.email)?.source ?? "");
    expect(update.map(({ method }) => method)).toEqual(["PUBLISH"]);
    const startOf = (entries: ReturnType<typeof entriesAfter>) =>
      entries.find(({ uid }) => uid === `${itemOf(call).id}-${person.invitationId}`)?.startsAt;
    const moved = itemOf(call).startsAt;
    for (const files of [
      [first, second],
      [first, update[0]?.text ?? ""],
    ]) {
      const entries = entriesAfter(person.invitationId, files);
      expect(startOf(entries)).toBe(moved);
      expect(entries).toHaveLength(first.items.length);
    }
    // They give the place back: nothing was published, and yet the entry is off.
    ctx.clock.advance(MINUTE);
    await asks(0, []);
    const third = feed();
    expect(startOf(entriesAfter(person.invitationId, [first, second, third]))).toBeUndefined();
  });

  test("take a cancelled item out by a cancellation of its own", async () => {
    const { ctx, staff, worker, mails, one } = await evening();
    const person = one(0);
    const first = { items: programmeOf(ctx, person).items, calledOff: [], at: ctx.clock.now() };
    const lunch = draftAgenda(staff(0)).items.find(({ kind }) => kind === "meal")?.id ?? "";
    await removeAgendaItem(staff(0), { itemId: lunch });
    await publishAgenda(staff(0), { notify: true });
    ctx.clock.advance(NOTICE_WAIT);
    await worker.drain();
    const files = await attachments(mails().find((mail) => mail.toAddress === person.email)?.source ?? "");
    expect(files.map(({ method }) => method)).toEqual(["CANCEL"]);
    const before = entriesAfter(person.invitationId, [first]);
    const after = entriesAfter(person.invitationId, [first, files[0]?.text ?? ""]);
    expect(before.some(({ uid }) => uid.startsWith(lunch))).toBe(true);
    expect(after.some(({ uid }) => uid.startsWith(lunch))).toBe(false);
    expect(after).toHaveLength(before.length - 1);
  });
});

async function attachments(source: string): Promise<Array<{ method: string; text: string }>> {
  const parsed = await simpleParser(source);
  return parsed.attachments.map((attachment) => {
    const text = attachment.content.toString("utf8");
    return { method: /METHOD:(\w+)/.exec(text)?.[1] ?? "", text };
  });
}

describe("who has seen it", () => {
  test("is who said so with the button; the others are a list for the telephone", async () => {
    const { ctx, staff, call, move, holder, one } = await evening();
    ctx.db.orm
      .update(person)
      .set({ phone: "+1 212 555 0177" })
      .where(eq(person.id, one(2).personId))
      .run();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0), { notify: true });
    expect(unseenOf(staff(0), 2)).toHaveLength(4);
    expect(await confirmSeen(holder(0), { number: 3 })).toMatchObject({ refusal: "gone" });
    expect(await confirmSeen(holder(0), { number: 2 })).toMatchObject({ ok: true });
    expect(await confirmSeen(holder(0), { number: 2 })).toMatchObject({ ok: true });
    const trail = ctx.db.orm.select().from(auditEvent).where(eq(auditEvent.action, "agenda.seen")).all();
    expect(trail).toHaveLength(1);
    expect(unseenOf(staff(0), 2)).not.toContain(one(0).invitationId);
    expect(unseenOf(staff(1), 2)).toHaveLength(4);
    const page = seenPage(staff(0));
    // Who was written to comes first.
    expect(page?.unseen[0]).toMatchObject({
      invitationId: one(2).invitationId,
      notice: "queued",
      phones: [{ name: null, phone: "+1 212 555 0177" }],
    });
    expect(page?.seen).toMatchObject([{ invitationId: one(0).invitationId, channel: "self" }]);

    const told = { invitationId: one(2).invitationId, number: 2 };
    expect(await recordTold(staff(1), told)).toMatchObject({ refusal: "gone" });
    expect(await recordTold(staff(0), { ...told, number: 1 })).toMatchObject({
      refusal: "changed_meanwhile",
    });
    expect(await recordTold(staff(0), told)).toMatchObject({ ok: true });
    expect(unseenOf(staff(0), 2)).toEqual([one(4).invitationId, one(6).invitationId]);
    // Of a later version nobody has seen anything; of an earlier one whoever has seen this.
    expect(unseenOf(staff(0), 1)).toEqual([one(4).invitationId, one(6).invitationId]);
  });

  test("is told what changed since the version they saw", async () => {
    const { staff, call, move, holder, one, ctx } = await evening();
    await confirmSeen(holder(0), { number: 1 });
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0));
    expect(ownChangesSince(ctx, one(0), 1)).toMatchObject([{ change: "moved", parts: ["time"] }]);
    expect(ownChangesSince(ctx, one(4), 1)).toEqual([]);
    expect(ownChangesSince(ctx, one(0), 2)).toBeNull();
  });
});

describe("versions", () => {
  test("any two are compared, without anybody's name", async () => {
    const { staff, call, move } = await evening();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0));
    await move(call, "16:00", "17:30", { placeEn: "East gate" });
    await publishAgenda(staff(0));
    const changesOf = (from: number, to: number) =>
      versionsPage(staff(1), { from, to }).comparison?.changes.map(({ parts }) => parts);
    expect(versionsPage(staff(1), { from: null, to: null }).comparison).toMatchObject({ from: 2, to: 3 });
    expect(changesOf(1, 2)).toEqual([["time"]]);
    expect(changesOf(1, 3)).toEqual([["time", "place"]]);
    expect(changesOf(3, 3)).toBeUndefined();
    expect(JSON.stringify(versionsPage(staff(1), { from: 1, to: 3 }))).not.toContain("invitationId");
  });

  test("on paper tell by their short code whether they are current, and nothing else", async () => {
    const { ctx, staff, call, move, meeting } = await evening();
    await move(call, "15:30", "17:00");
    await publishAgenda(staff(0));
    const row = ctx.db.orm
      .select({ code: agendaVersion.code })
      .from(agendaVersion)
      .where(and(eq(agendaVersion.editionId, meeting.editionId), eq(agendaVersion.number, 2)))
      .get();
    const code = row?.code ?? "";
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(findPrintOut(ctx, `${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)).toEqual({
      number: 2,
      publishedAt: ctx.clock.now(),
      timeZone: ZONE,
      replacedBy: null,
    });
    await move(call, "16:00", "17:30");
    await publishAgenda(staff(0));
    expect(findPrintOut(ctx, code)?.replacedBy).toMatchObject({ number: 3 });
    expect(findPrintOut(ctx, "")).toBeNull();
    expect(findPrintOut(ctx, "AAAAAAAA")).toBeNull();
  });
});
