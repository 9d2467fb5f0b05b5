import { beforeEach, expect, it } from "vitest";
import type { InvitationContext } from "#app/domain/context.ts";
import { answerInvitation, invitationLetter } from "#app/domain/invitation/reply.server.ts";
import { answerOf, replyForm } from "#app/domain/invitation/reply.ts";
import { parseForm } from "#app/platform/form.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

const DAY = 86_400_000;

let ctx: InvitationContext;
let base: ReturnType<typeof testContext>;

beforeEach(() => {
  base = testContext();
  const meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 1,
    seats: [],
    now: AUTUMN_2018,
  });
  const invitationId = meeting.invitees[0]?.invitationId ?? "";
  base.db.orm.update(schema.invitation).set({ reply: "none", repliedAt: null }).run();
  ctx = {
    ...base,
    actor: { kind: "invitee", id: invitationId },
    scope: { editionId: meeting.editionId, invitationId },
    locale: "en",
    assistant: null,
  };
});

function parse(fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return parseForm(replyForm({ today: "2018-10-29", lastDay: "2018-12-03" }), form);
}

function written() {
  return [schema.invitationEvent, schema.auditEvent].map(
    (table) => base.db.orm.select().from(table).all().length,
  );
}

it("an answer is an event, a date and a line in the trail, and looking at it is none of these", async () => {
  const before = written();
  expect(invitationLetter(ctx)).toMatchObject({ reply: "none", repliedAt: null, closed: null });
  expect(written()).toEqual(before);
  base.clock.advance(DAY);
  await answerInvitation(ctx, { reply: "accepted", note: "", askAgainOn: null });
  expect(invitationLetter(ctx)).toMatchObject({ reply: "accepted", repliedAt: AUTUMN_2018 + DAY });
  expect(written()).toEqual(before.map((count) => count + 1));
});

it("can be changed in every direction until the reply date", async () => {
  await answerInvitation(ctx, { reply: "declined", note: "Another duty", askAgainOn: null });
  await answerInvitation(ctx, { reply: "tentative", note: "", askAgainOn: "2018-11-05" });
  await answerInvitation(ctx, {
    reply: "substitute_proposed",
    note: "A. Colleague\nphone",
    askAgainOn: null,
  });
  await answerInvitation(ctx, { reply: "accepted", note: "", askAgainOn: null });
  expect(
    base.db.orm
      .select()
      .from(schema.invitationEvent)
      .all()
      .slice(3)
      .map((event) => [event.kind, event.note, event.askAgainOn]),
  ).toEqual([
    ["declined", "Another duty", null],
    ["tentative", "", "2018-11-05"],
    ["substitute_proposed", "A. Colleague\nphone", null],
    ["accepted", "", null],
  ]);
});

it("the same answer again writes nothing", async () => {
  await answerInvitation(ctx, { reply: "tentative", note: "", askAgainOn: "2018-11-05" });
  const before = written();
  expect(await answerInvitation(ctx, { reply: "tentative", note: "", askAgainOn: "2018-11-05" })).toEqual({
    ok: true,
    value: { changed: false },
  });
  expect(written()).toEqual(before);
});

it("proposing a colleague mails nobody", async () => {
  await answerInvitation(ctx, {
    reply: "substitute_proposed",
    note: "A. Colleague\nvictim@example.org",
    askAgainOn: null,
  });
  expect(base.db.orm.select().from(schema.delivery).all()).toEqual([]);
});

it("after the reply date, and after a withdrawal, it says no", async () => {
  base.clock.advance(22 * DAY);
  expect(await answerInvitation(ctx, { reply: "accepted", note: "", askAgainOn: null })).toEqual({
    ok: false,
    refusal: "late",
  });
  base.db.orm.update(schema.invitation).set({ withdrawnAt: AUTUMN_2018 }).run();
  expect(await answerInvitation(ctx, { reply: "accepted", note: "", askAgainOn: null })).toEqual({
    ok: false,
    refusal: "withdrawn",
  });
  expect(invitationLetter(ctx)?.closed).toBe("withdrawn");
});

it("the form wants a choice, a day that can be, and a name for the colleague", () => {
  expect(parse({})).toMatchObject({ ok: false, form: { errors: { reply: ["error.choose"] } } });
  expect(parse({ reply: "maybe" })).toMatchObject({
    ok: false,
    form: { errors: { reply: ["error.choose"] } },
  });
  expect(parse({ reply: "tentative" })).toMatchObject({
    form: { errors: { askAgainOn: ["error.date"] } },
  });
  for (const askAgainOn of ["2018-10-29", "2018-12-04", "2017-01-01"])
    expect(parse({ reply: "tentative", askAgainOn })).toMatchObject({
      form: { errors: { askAgainOn: ["answer.error.day"] } },
    });
  expect(parse({ reply: "substitute_proposed", colleagueContact: "x" })).toMatchObject({
    form: { errors: { colleagueName: ["answer.error.colleague"] } },
  });
  expect(parse({ reply: "declined", declineNote: "x".repeat(10_000) })).toMatchObject({
    form: { errors: { declineNote: ["error.tooLong"] } },
  });
});

it("keeps of a form only what belongs to the chosen answer", () => {
  const parsed = parse({
    reply: "substitute_proposed",
    declineNote: "typed, then thought better of",
    askAgainOn: "",
    colleagueName: "A. Colleague",
    colleagueContact: "phone",
  });
  expect(parsed.ok && answerOf(parsed.value)).toEqual({
    reply: "substitute_proposed",
    note: "A. Colleague\nphone",
    askAgainOn: null,
  });
});
