import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { changesSinceLook, sayLooked } from "#app/domain/edition/changes.server.ts";
import { changeEdition } from "#app/domain/edition/commands.server.ts";
import { deadlinesOf } from "#app/domain/edition/deadlines.server.ts";
import { answersByDay, leadTimes } from "#app/domain/edition/milestones.ts";
import { overview } from "#app/domain/edition/overview.server.ts";
import { recordReply } from "#app/domain/invitation/commands.server.ts";
import { answerInvitation } from "#app/domain/invitation/reply.server.ts";
import type { Answer } from "#app/domain/invitation/reply.ts";
import { instantOf } from "#app/i18n/dates.ts";
import * as schema from "#db/schema/index.ts";
import { testContext, testKeys } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

const DAY = 86_400_000;

/** Two sides with four people each, all invited and silent; two leads of the first side and one of the second. */
function world() {
  const ctx = testContext();
  const { orm } = ctx.db;
  const meeting = writeMeeting(orm, testKeys, {
    slug: "dialogue",
    people: 8,
    seats: [],
    now: ctx.clock.now(),
  });
  orm.update(schema.invitation).set({ reply: "none", repliedAt: null }).run();
  orm.delete(schema.invitationEvent).where(eq(schema.invitationEvent.kind, "accepted")).run();
  const staff = new Map<string, StaffContext>();
  for (const [name, side] of [
    ["grace", 0],
    ["george", 0],
    ["lin", 1],
  ] as const) {
    const sideId = meeting.sideIds[side];
    const at = new Date(ctx.clock.now());
    const login = { id: name, name, email: `${name}@staff.example`, createdAt: at, updatedAt: at };
    orm.insert(schema.user).values(login).run();
    orm
      .insert(schema.staffPermission)
      .values({
        id: name,
        userId: name,
        coHostId: sideId,
        editionId: meeting.editionId,
        permission: "lead",
        grantedAt: ctx.clock.now(),
      })
      .run();
    staff.set(name, {
      ...ctx,
      actor: { kind: "staff", id: name },
      scope: {
        editionId: meeting.editionId,
        sideIds: [sideId],
        permissions: ["lead"],
        bookSideIds: [],
      },
    });
  }
  const as = (name: string) => {
    const found = staff.get(name);
    if (found === undefined) throw new Error("No such login");
    return found;
  };
  const person = (n: number) => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error("No such person");
    return found;
  };
  const answers = (n: number, reply: Answer, askAgainOn: string | null = null) =>
    answerInvitation(
      {
        ...ctx,
        actor: { kind: "invitee", id: person(n).invitationId },
        scope: { editionId: meeting.editionId, invitationId: person(n).invitationId },
        locale: "en",
        assistant: null,
      },
      { reply, note: "", askAgainOn },
    );
  return { ctx, meeting, as, person, answers };
}

const terms = { replyBy: null, registerBy: null, costsEn: "", costsZh: "", phones: "" };

describe("who is silent", () => {
  test("is told with the day of the letter, the last reminder, the first act and the phone", async () => {
    const { ctx, as, person, answers } = world();
    const { orm } = ctx.db;
    const { invitationId, personId } = person(2);
    const sentAt = ctx.clock.now();
    ctx.clock.advance(3 * DAY);
    for (const at of [sentAt + DAY, sentAt + 2 * DAY])
      orm
        .insert(schema.invitationEvent)
        .values({ id: `reminder-${at}`, invitationId, at, kind: "reminded", channel: "system" })
        .run();
    orm
      .update(schema.invitation)
      .set({ seenAt: sentAt + DAY })
      .where(eq(schema.invitation.id, invitationId))
      .run();
    orm.update(schema.person).set({ phone: "+1 212 555 0102" }).where(eq(schema.person.id, personId)).run();
    await answers(0, "accepted");
    const { silent, silentInAll } = overview(as("grace"));
    expect(silentInAll).toBe(3);
    expect(silent.find((one) => one.invitationId === invitationId)).toMatchObject({
      days: 3,
      sentAt,
      remindedAt: sentAt + 2 * DAY,
      seenAt: sentAt + DAY,
      phone: "+1 212 555 0102",
    });
    expect(silent.map((one) => one.invitationId)).not.toContain(person(0).invitationId);
    expect(
      overview(as("lin"))
        .silent.map((one) => one.invitationId)
        .sort(),
    ).toEqual([1, 3, 5, 7].map((n) => person(n).invitationId).sort());
  });
});

describe("who is to be asked again", () => {
  test("comes up on the day that they named last, and goes when they answer", async () => {
    const { ctx, as, person, answers } = world();
    const due = () => overview(as("grace")).askAgain.map((one) => [one.invitationId, one.askAgainOn]);
    await answers(0, "tentative", "2018-10-30");
    await answers(2, "tentative", "2018-10-30");
    ctx.clock.advance(DAY / 2);
    await answers(2, "accepted");
    await answers(2, "tentative", "2018-11-02");
    expect(due()).toEqual([]);
    ctx.clock.advance(DAY);
    expect(due()).toEqual([[person(0).invitationId, "2018-10-30"]]);
    expect(overview(as("lin")).askAgain).toEqual([]);
    ctx.clock.advance(3 * DAY);
    await answers(0, "declined");
    expect(due()).toEqual([[person(2).invitationId, "2018-11-02"]]);
  });
});

describe("answers by day", () => {
  test("add up to each delegation's own, by the edition's calendar, up to the reply date", async () => {
    const { ctx, meeting, as, answers } = world();
    await answers(0, "accepted");
    // 15:30 in Greenwich is half past eleven in the evening in Beijing, 16:30 half past midnight.
    ctx.clock.set(Date.UTC(2018, 9, 30, 15, 30));
    await answers(2, "declined");
    ctx.clock.set(Date.UTC(2018, 9, 30, 16, 30));
    await answers(4, "accepted");
    await answers(1, "accepted");
    expect(overview(as("grace")).byDay).toEqual({
      from: "2018-10-29",
      to: "2018-11-19",
      replyBy: "2018-11-19",
      today: "2018-10-31",
      lines: [
        {
          delegationId: meeting.delegationIds[0],
          nameEn: "U.S. delegation",
          nameZh: "美方代表团",
          invited: 4,
          steps: [
            { day: "2018-10-29", answers: 1 },
            { day: "2018-10-30", answers: 2 },
            { day: "2018-10-31", answers: 3 },
          ],
        },
      ],
    });
    expect(overview(as("lin")).byDay?.lines.map((line) => [line.invited, line.steps.length])).toEqual([
      [4, 1],
    ]);
  });

  test("go on after the reply date for those who answered later, and are nothing before anybody is invited", () => {
    const delegations = [{ id: "us", nameEn: "U.S.", nameZh: "美方" }];
    const days = { replyBy: "2018-11-09", today: "2018-11-20" };
    expect(answersByDay(delegations, [], days)).toBeNull();
    const late = [{ delegationId: "us", sentOn: "2018-11-01", answeredOn: "2018-11-12" }];
    expect(answersByDay(delegations, late, days)).toMatchObject({ from: "2018-11-01", to: "2018-11-12" });
  });
});

describe("the deadlines of others", () => {
  const beijing = {
    startsOn: "2018-12-03",
    travelFrom: "2018-12-01",
    timeZone: "Asia/Shanghai",
    country: "CN",
    mode: "in_person",
  } as const;

  test("are reckoned back from the edition's days, by its clock", () => {
    const day = (text: string) => instantOf(text, "18:00", "Asia/Shanghai");
    expect(leadTimes(beijing)).toEqual([
      { kind: "letters", at: day("2018-09-03") },
      { kind: "hotel", at: day("2018-10-22") },
      { kind: "translations", at: day("2018-10-29") },
      { kind: "visas", at: day("2018-11-01") },
      { kind: "interpreters", at: day("2018-11-05") },
      { kind: "filing", at: day("2018-11-18") },
    ]);
  });

  test("are those of the country, and a virtual edition needs neither visas nor rooms", () => {
    const kinds = (edition: Parameters<typeof leadTimes>[0]) => leadTimes(edition).map(({ kind }) => kind);
    expect(kinds({ ...beijing, country: "US", timeZone: "America/New_York" })).not.toContain("filing");
    expect(kinds({ ...beijing, mode: "virtual" })).toEqual(["translations", "interpreters"]);
  });

  test("a month before the end of March is the last of February", () => {
    const [visas] = leadTimes({ ...beijing, startsOn: "2019-04-01", travelFrom: "2019-03-31" }).filter(
      ({ kind }) => kind === "visas",
    );
    expect(visas?.at).toBe(instantOf("2019-02-28", "18:00", "Asia/Shanghai"));
  });

  test("say how many are missing, of one's own side", async () => {
    const { as, answers } = world();
    await answers(0, "accepted");
    const deadlines = deadlinesOf(as("grace"));
    const days = deadlines.map((entry) => entry.at);
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect(deadlines.find((entry) => entry.kind === "reply")).toMatchObject({ silent: 3, usual: false });
    expect(deadlines.find((entry) => entry.kind === "register")).toMatchObject({ missing: 1, usual: false });
    expect(deadlines.find((entry) => entry.kind === "visas")).toMatchObject({ coming: 1, usual: true });
    const others = deadlinesOf(as("lin"));
    expect(others.find((entry) => entry.kind === "reply")).toMatchObject({ silent: 4 });
    expect(others.find((entry) => entry.kind === "visas")).toMatchObject({ coming: 0 });
  });
});

describe("what changed", () => {
  const told = (ctx: StaffContext) =>
    changesSinceLook(ctx).groups.map((group) => [
      group.kind === "event" ? group.event : group.act,
      group.doer.by,
      group.doer.name,
      group.kind === "event" ? group.people.length : group.times,
    ]);

  test("is put together by day, kind and doer; one's own acts are left out", async () => {
    const { ctx, as, person, answers } = world();
    await sayLooked(as("grace"), ctx.clock.now());
    ctx.clock.advance(60_000);
    await answers(0, "accepted");
    await answers(2, "accepted");
    ctx.clock.advance(60_000);
    const byPhone = {
      invitationId: person(4).invitationId,
      reply: "declined",
      note: "",
      askAgainOn: null,
    } as const;
    await recordReply(as("george"), byPhone);
    await recordReply(as("grace"), { ...byPhone, invitationId: person(6).invitationId });
    ctx.clock.advance(60_000);
    await changeEdition(as("george"), { ...terms, phones: "+1 212 555 0100" });
    await changeEdition(as("george"), { ...terms, phones: "+1 212 555 0101" });
    expect(told(as("grace"))).toEqual([
      ["edition.change", "staff", "george", 2],
      ["declined", "staff", "george", 1],
      ["accepted", "self", null, 2],
    ]);
    ctx.clock.advance(DAY);
    await answers(0, "declined");
    expect(told(as("grace"))[0]).toEqual(["declined", "self", null, 1]);
  });

  test("shows nothing of the other side's people, and of its staff no name", async () => {
    const { ctx, as, answers, person } = world();
    for (const name of ["grace", "lin"]) await sayLooked(as(name), ctx.clock.now());
    ctx.clock.advance(60_000);
    await answers(1, "accepted");
    await changeEdition(as("lin"), { ...terms, phones: "+86 10 0000 0001" });
    expect(told(as("grace"))).toEqual([["edition.change", "outside", null, 1]]);
    const seen = JSON.stringify(changesSinceLook(as("grace")));
    for (const word of ["lin", person(1).invitationId, person(1).nameLatin]) expect(seen).not.toContain(word);
    expect(told(as("lin"))).toEqual([["accepted", "self", null, 1]]);
  });

  test("begins anew from what the page showed, for the one who said so, and reading it writes nothing", async () => {
    const { ctx, as, answers } = world();
    const rows = () => ctx.db.sqlite.prepare("select total_changes()").pluck().get();
    await sayLooked(as("grace"), ctx.clock.now());
    ctx.clock.advance(60_000);
    await answers(0, "accepted");
    const before = rows();
    const { until } = changesSinceLook(as("grace"));
    overview(as("grace"));
    expect(rows()).toBe(before);
    ctx.clock.advance(60_000);
    await answers(2, "accepted");
    await sayLooked(as("grace"), until);
    expect(changesSinceLook(as("grace"))).toMatchObject({ lookedAt: until });
    expect(told(as("grace"))).toEqual([["accepted", "self", null, 1]]);
    expect(told(as("george")).find(([what]) => what === "accepted")).toEqual(["accepted", "self", null, 2]);
  });

  test("an old page sent again takes nothing back, and nobody has seen the future", async () => {
    const { ctx, as } = world();
    const now = ctx.clock.now();
    await sayLooked(as("grace"), now + DAY);
    expect(changesSinceLook(as("grace")).lookedAt).toBe(now);
    await sayLooked(as("grace"), now - DAY);
    expect(changesSinceLook(as("grace")).lookedAt).toBe(now);
  });
});
