import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { recordBounce } from "#app/domain/invitation/came-back.server.ts";
import {
  reminderPlans,
  sendDueReminders,
  setPersonsReminders,
  setReminders,
  stopReminders,
} from "#app/domain/invitation/reminders.server.ts";
import { comingReminders, isReminderDue, type Remindable } from "#app/domain/invitation/reminders.ts";
import { delivery, edition, invitation } from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { type Meeting, writeMeeting } from "../support/meeting.ts";

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const SCHEDULE = { daysBefore: [14, 7, 2], hour: 10 };

describe("when", () => {
  const newYorker: Remindable = {
    reply: "none",
    replyBy: at("2018-11-09T18:00+08:00"),
    homeTimeZone: "America/New_York",
    lastMailAt: at("2018-10-10T12:00-04:00"),
    askAgainOn: null,
  };

  test("at that hour where they live, over the end of summer time", () => {
    expect(comingReminders(newYorker, SCHEDULE, at("2018-10-15T00:00Z"))).toEqual([
      at("2018-10-26T10:00-04:00"),
      at("2018-11-02T10:00-04:00"),
      at("2018-11-07T10:00-05:00"),
    ]);
  });

  test("what was missed becomes one, by day, and not within 48 hours of a mail", () => {
    const missed = comingReminders(newYorker, SCHEDULE, at("2018-11-03T02:00-04:00"));
    expect(missed).toEqual([at("2018-11-03T08:00-04:00"), at("2018-11-07T10:00-05:00")]);
    const justWritten = { ...newYorker, lastMailAt: at("2018-11-01T12:00-04:00") };
    expect(comingReminders(justWritten, SCHEDULE, at("2018-11-02T11:00-04:00"))[0]).toBe(
      at("2018-11-03T12:00-04:00"),
    );
  });

  test("whoever answered is left in peace; who is not certain is asked from the day that they named", () => {
    for (const reply of ["accepted", "declined", "substitute_proposed"] as const)
      expect(comingReminders({ ...newYorker, reply }, SCHEDULE, at("2018-10-15T00:00Z"))).toEqual([]);
    const tentative: Remindable = { ...newYorker, reply: "tentative", askAgainOn: "2018-11-01" };
    expect(comingReminders(tentative, SCHEDULE, at("2018-10-27T00:00Z"))[0]).toBe(
      at("2018-11-01T10:00-04:00"),
    );
  });

  test("never at night, whatever the hour of the round", () => {
    for (let now = at("2018-10-20T00:00Z"); now < newYorker.replyBy; now += HOUR)
      if (isReminderDue(newYorker, SCHEDULE, now)) {
        const hour = Number(
          new Intl.DateTimeFormat("en", {
            hour: "2-digit",
            hourCycle: "h23",
            timeZone: "America/New_York",
          }).format(now),
        );
        expect(hour).toBeGreaterThanOrEqual(8);
        expect(hour).toBeLessThan(21);
      }
  });
});

describe("rounds", () => {
  let base: ReturnType<typeof testContext>;
  let ctx: ReturnType<typeof testContext> & StaffContext;
  let meeting: Meeting;
  const own = () => meeting.invitees.filter((one) => one.sideId === meeting.sideIds[0]);

  beforeEach(() => {
    base = testContext({ actor: { kind: "staff", id: "grace" } });
    meeting = writeMeeting(base.db.orm, base.keys, {
      slug: "beijing",
      people: 8,
      seats: [],
      now: base.clock.now(),
    });
    const { editionId, sideIds } = meeting;
    ctx = {
      ...base,
      scope: { editionId, sideIds: [sideIds[0]], permissions: ["invitations"], bookSideIds: [] },
    };
    base.db.orm
      .update(edition)
      .set({ replyBy: base.clock.now() + 20 * 24 * HOUR })
      .run();
    base.db.orm
      .update(invitation)
      .set({ reply: "none", repliedAt: null, sentAt: base.clock.now() - 24 * HOUR })
      .run();
  });

  const on = () => setReminders(ctx, { sideId: meeting.sideIds[0], schedule: SCHEDULE });
  const reminded = () =>
    base.db.orm
      .select({ invitationId: delivery.invitationId })
      .from(delivery)
      .where(eq(delivery.kind, "invitation"))
      .all()
      .map((row) => row.invitationId)
      .sort();

  test("nothing goes out until somebody turns them on, and nothing to the other side", async () => {
    base.clock.advance(7 * 24 * HOUR);
    expect(await sendDueReminders(base)).toBe(0);
    await on();
    base.clock.advance(12 * HOUR);
    await sendDueReminders(base);
    base.clock.advance(12 * HOUR);
    await sendDueReminders(base);
    expect(reminded()).toEqual(
      own()
        .map((one) => one.invitationId)
        .sort(),
    );
  });

  test("many rounds at once, and rounds after a restart, send none twice", async () => {
    await on();
    base.clock.advance(8 * 24 * HOUR);
    while (Number(new Date(base.clock.now()).getUTCHours()) !== 15) base.clock.advance(HOUR);
    await Promise.all(Array.from({ length: 10 }, () => sendDueReminders(base)));
    await sendDueReminders({ ...base, db: base.db });
    expect(reminded()).toEqual(
      own()
        .map((one) => one.invitationId)
        .sort(),
    );
  });

  test("left out are those who answered, are gone, bounced, said it is not them, or are left in peace", async () => {
    await on();
    const [first, second, third, fourth] = own().map((one) => one.invitationId);
    if (first === undefined || second === undefined || third === undefined || fourth === undefined)
      throw new Error("too few people");
    const set = (id: string, values: Partial<typeof invitation.$inferInsert>) =>
      base.db.orm.update(invitation).set(values).where(eq(invitation.id, id)).run();
    set(first, { reply: "accepted" });
    set(second, { notMeAt: 1 });
    expect(await recordBounce(ctx, { invitationId: third, note: "Unknown mailbox" })).toMatchObject({
      ok: true,
    });
    await setPersonsReminders(ctx, { invitationId: fourth, stopped: true });
    base.clock.advance(8 * 24 * HOUR);
    for (let hour = 0; hour < 24; hour++) {
      await sendDueReminders(base);
      base.clock.advance(HOUR);
    }
    expect(reminded()).toEqual([]);
    expect(reminderPlans(ctx)[0]?.stopped.map((one) => one.invitationId)).toEqual([fourth]);
    await setPersonsReminders(ctx, { invitationId: fourth, stopped: false });
    for (let hour = 0; hour < 24; hour++) {
      await sendDueReminders(base);
      base.clock.advance(HOUR);
    }
    expect(reminded()).toEqual([fourth]);
  });

  test("the plan says exactly who gets what and when; stopped means stopped; another side's are not there", async () => {
    await on();
    const plan = reminderPlans(ctx)[0];
    expect(plan?.state).toBe("on");
    expect(plan?.coming.flatMap((one) => one.people.map((each) => each.invitationId)).sort()).toEqual(
      [...own(), ...own(), ...own()].map((one) => one.invitationId).sort(),
    );
    expect(await stopReminders(ctx, meeting.sideIds[0])).toEqual({ ok: true, value: null });
    base.clock.advance(8 * 24 * HOUR);
    for (let hour = 0; hour < 24; hour++) {
      await sendDueReminders(base);
      base.clock.advance(HOUR);
    }
    expect(reminded()).toEqual([]);
    expect(await stopReminders(ctx, meeting.sideIds[1])).toMatchObject({ refusal: "gone" });
    const stranger = meeting.invitees.find((one) => one.sideId === meeting.sideIds[1]);
    expect(
      await setPersonsReminders(ctx, { invitationId: stranger?.invitationId ?? "", stopped: true }),
    ).toMatchObject({ refusal: "gone" });
  });
});
