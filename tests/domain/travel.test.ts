import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { insertRelease, releasedTable } from "#app/domain/privacy/release.server.ts";
import type { ReleaseColumn } from "#app/domain/privacy/release.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { submitRegistration } from "#app/domain/registration/commands.server.ts";
import { travelBoard } from "#app/domain/travel/board.server.ts";
import { travelChecks } from "#app/domain/travel/checks.server.ts";
import {
  acceptCheck,
  correctJourney,
  giveCheck,
  keepCorrection,
  reopenCheck,
  setOwnWay,
  takeAnswer,
} from "#app/domain/travel/commands.server.ts";
import { correctionForm, legsOfForm } from "#app/domain/travel/form.ts";
import { journeyPage } from "#app/domain/travel/page.server.ts";
import {
  canBeTravelled,
  groupArrivals,
  type Leg,
  LONGEST_WAIT,
  legEnd,
  placeKey,
  toldDifferently,
} from "#app/domain/travel/rules.ts";
import { clockTime24, instantOf, workingDay } from "#app/i18n/dates.ts";
import { auditEvent, invitation } from "#db/schema/index.ts";
import { testContext, testKeys } from "../support/context.ts";
import { type Invitee, submission, writeMeeting } from "../support/meeting.ts";

const BEIJING = "Asia/Shanghai";

/** People of two delegations in turn: 0, 2, 4 … of the visiting side, 1, 3, 5 … of the host's. */
function world() {
  const ctx = testContext();
  const meeting = writeMeeting(ctx.db.orm, testKeys, {
    slug: "test",
    people: 6,
    seats: [],
    now: ctx.clock.now(),
  });
  const person = (n: number): Invitee => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  };
  const staff = (side: 0 | 1): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: "somebody" },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: ["logistics"],
      bookSideIds: [],
    },
  });
  const register = async (n: number, travel: Record<string, string>) => {
    const one = person(n);
    const holder: InvitationContext = {
      ...ctx,
      actor: { kind: "invitee", id: one.invitationId },
      scope: { editionId: one.editionId, invitationId: one.invitationId },
      locale: "en",
      assistant: null,
    };
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(submission(meeting, one, []))) form.set(name, value);
    for (const [name, value] of Object.entries(travel)) form.set(name, value);
    const sent = await submitRegistration(holder, { answers: answersFromForm(form) });
    if (!sent.ok) throw new Error(JSON.stringify(sent));
  };
  /** Comes by this flight, at this time on the day before the opening. */
  const arriving = (n: number, number: string, time: string, day = meeting.travelFrom) =>
    register(n, {
      arrivalBy: "flight",
      arrivalNumber: number,
      arrivalOn: day,
      arrivalTime: time,
      arrivalAt: "Capital Airport, T3",
      consent_transfer_abroad: "on",
    });
  const late = (time: string, day = meeting.travelFrom): Array<Leg> => [
    {
      means: "flight",
      number: "ZZ900",
      from: legEnd({ place: "JFK", on: "", time: "", zone: "America/New_York" }),
      to: legEnd({ place: "Capital Airport, T3", on: day, time, zone: BEIJING }),
    },
  ];
  const answerOf = (n: number) =>
    journeyPage(staff(0), person(n).invitationId)?.journeys.arrival.answerMark ?? "";
  const correct = (n: number, legs: Array<Leg>, revision = 0, answerSeen = answerOf(n)) =>
    correctJourney(staff(0), {
      invitationId: person(n).invitationId,
      direction: "arrival",
      revision,
      answerSeen,
      means: "phone",
      note: "",
      legs,
    });
  const lineOf = (n: number, side: 0 | 1 = 0) =>
    travelBoard(staff(side), "arrival").find((line) => line.invitationId === person(n).invitationId);
  return { ctx, meeting, person, staff, register, arriving, late, correct, answerOf, lineOf };
}

const clockOf = (at: number | null | undefined) =>
  at === null || at === undefined ? null : clockTime24(at, BEIJING);

describe("who arrives when", () => {
  test("is what the travellers told, in the order of landing, and only of one's own side", async () => {
    const { arriving, staff, person } = world();
    await arriving(0, "ZZ200", "18:20");
    await arriving(2, "ZZ100", "06:05");
    await arriving(1, "ZZ300", "05:00");
    const board = travelBoard(staff(0), "arrival");
    expect(board.filter((line) => line.at !== null).map((line) => line.number)).toEqual(["ZZ100", "ZZ200"]);
    expect(board.map((line) => line.invitationId)).not.toContain(person(1).invitationId);
    expect(board.at(-1)).toMatchObject({ invitationId: person(4).invitationId, at: null, means: null });
  });

  test("follows a late flight that staff heard of, and keeps what the traveller told beside it", async () => {
    const { arriving, correct, late, lineOf, staff, person } = world();
    await arriving(0, "ZZ200", "18:20");
    expect(await correct(0, late("23:50"))).toEqual({ ok: true, value: null });
    expect(lineOf(0)).toMatchObject({ number: "ZZ900", corrected: true, answerChanged: false });
    expect(clockOf(lineOf(0)?.at)).toBe("23:50");
    const page = journeyPage(staff(0), person(0).invitationId);
    expect(page?.journeys.arrival.answer[0]?.number).toBe("ZZ200");
    expect(page?.journeys.arrival.correction?.means).toBe("phone");
  });

  test("shows when the traveller answers otherwise afterwards; staff take that answer or keep theirs", async () => {
    const { arriving, correct, answerOf, late, lineOf, staff, person } = world();
    await arriving(0, "ZZ200", "18:20");
    await correct(0, late("23:50"));
    await arriving(0, "ZZ201", "20:00");
    expect(lineOf(0)).toMatchObject({ number: "ZZ900", answerChanged: true });
    const way = { invitationId: person(0).invitationId, direction: "arrival" } as const;
    await keepCorrection(staff(0), { ...way, answerSeen: answerOf(0) });
    expect(lineOf(0)).toMatchObject({ number: "ZZ900", answerChanged: false });
    // A colleague has written over it meanwhile: that is not thrown away unseen.
    expect(await takeAnswer(staff(0), { ...way, revision: 1 })).toEqual({ ok: false, refusal: "changed" });
    expect(await takeAnswer(staff(0), { ...way, revision: 2 })).toEqual({
      ok: true,
      value: { changed: true },
    });
    expect(lineOf(0)).toMatchObject({ number: "ZZ201", corrected: false });
    expect(await takeAnswer(staff(0), way)).toEqual({ ok: true, value: { changed: false } });
  });

  test("stays news when the traveller answers between a page and its button", async () => {
    const { arriving, correct, answerOf, late, lineOf, staff, person } = world();
    await arriving(0, "ZZ200", "18:20");
    const shown = answerOf(0);
    await arriving(0, "ZZ201", "20:00");
    await correct(0, late("23:50"), 0, shown);
    expect(lineOf(0)).toMatchObject({ number: "ZZ900", answerChanged: true });
    const way = { invitationId: person(0).invitationId, direction: "arrival" } as const;
    const stale = answerOf(0);
    await arriving(0, "ZZ202", "21:00");
    const changed = { ok: false, refusal: "changed" };
    expect(await keepCorrection(staff(0), { ...way, answerSeen: stale })).toEqual(changed);
    expect(lineOf(0)).toMatchObject({ answerChanged: true });
  });

  test("is not overwritten by somebody who has not seen what a colleague wrote", async () => {
    const { correct, late, lineOf } = world();
    await correct(0, late("23:50"));
    expect(await correct(0, late("22:00"))).toEqual({ ok: false, refusal: "changed" });
    expect(clockOf(lineOf(0)?.at)).toBe("23:50");
    expect(await correct(0, late("22:00"), 1)).toEqual({ ok: true, value: null });
    expect(await correct(0, [], 2)).toEqual({ ok: false, refusal: "empty" });
  });

  test("reaches the other side by a release alone, corrected, and no longer than it works", async () => {
    const { arriving, correct, late, lineOf, staff, person, meeting, ctx } = world();
    await arriving(0, "ZZ200", "18:20");
    expect(lineOf(0, 1)).toBeUndefined();
    const columns: Array<ReleaseColumn> = ["nameLatin", "arrivalNumber", "arrivalOn", "arrivalTime"];
    const releaseId = await ctx.db.write((tx) =>
      insertRelease(tx, staff(0), {
        fromSideId: meeting.sideIds[0],
        toSideId: meeting.sideIds[1],
        recipient: "",
        purpose: "Pick-up",
        columns,
        invitationIds: [person(0).invitationId],
        expiresAt: ctx.clock.now() + 1_000,
      }),
    );
    expect(lineOf(0, 1)).toMatchObject({ released: true, number: "ZZ200", place: "", phone: null });
    await correct(0, late("23:50"));
    expect(clockOf(lineOf(0, 1)?.at)).toBe("23:50");
    const reader = {
      editionId: meeting.editionId,
      givingSideIds: [],
      receivingSideIds: [meeting.sideIds[1]],
    };
    expect(releasedTable(ctx.db.orm, reader, releaseId, ctx.clock.now())?.rows).toEqual([
      [person(0).nameLatin, "ZZ900", meeting.travelFrom, "23:50"],
    ]);
    ctx.clock.advance(1_000);
    expect(lineOf(0, 1)).toBeUndefined();
  });

  test("is nothing that the other side can write", async () => {
    const { staff, person, late, ctx } = world();
    const way = { invitationId: person(1).invitationId, direction: "arrival" } as const;
    const gone = { ok: false, refusal: "gone" };
    const before = ctx.db.orm.select().from(auditEvent).all().length;
    const written = {
      ...way,
      revision: 0,
      answerSeen: "",
      means: "phone",
      note: "",
      legs: late("12:00"),
    } as const;
    expect(await correctJourney(staff(0), written)).toEqual(gone);
    expect(await takeAnswer(staff(0), way)).toEqual(gone);
    expect(await keepCorrection(staff(0), { ...way, answerSeen: "" })).toEqual(gone);
    expect(await setOwnWay(staff(0), { ...way, apart: true })).toEqual(gone);
    expect(journeyPage(staff(0), person(1).invitationId)).toBeNull();
    expect(ctx.db.orm.select().from(auditEvent).all()).toHaveLength(before);
  });

  test("leaves out who does not come any more", async () => {
    const { arriving, lineOf, person, ctx } = world();
    await arriving(0, "ZZ200", "18:20");
    ctx.db.orm
      .update(invitation)
      .set({ withdrawnAt: 1 })
      .where(eq(invitation.id, person(0).invitationId))
      .run();
    expect(lineOf(0)).toBeUndefined();
  });
});

describe("what does not fit", () => {
  const kindsOf = (staff: StaffContext, invitationId: string) =>
    travelChecks(staff)
      .filter((check) => check.traveller.invitationId === invitationId)
      .map((check) => check.kind);

  test("is a landing after the opening, a way that was not told, and one that is not booked", async () => {
    const { arriving, register, staff, person, meeting } = world();
    await arriving(0, "ZZ200", "09:30", meeting.startsOn);
    await register(2, { arrivalBy: "not_booked", departureBy: "not_booked" });
    expect(kindsOf(staff(0), person(0).invitationId)).toContain("arrival_after_opening");
    expect(kindsOf(staff(0), person(2).invitationId)).toEqual(["arrival_not_booked", "departure_not_booked"]);
    expect(kindsOf(staff(0), person(4).invitationId)).toEqual(["arrival_missing", "departure_missing"]);
    expect(kindsOf(staff(0), person(1).invitationId)).toEqual([]);
  });

  test("may be accepted for a reason, and comes back when the facts change", async () => {
    const { ctx, arriving, correct, late, staff, person, meeting } = world();
    await arriving(0, "ZZ200", "09:30", meeting.startsOn);
    const which = { invitationId: person(0).invitationId, kind: "arrival_after_opening" } as const;
    const found = () => travelChecks(staff(0)).find((check) => check.kind === which.kind);
    const about = found()?.about ?? "";
    const because = "Joins after the speeches";
    expect(await acceptCheck(staff(0), { ...which, about: "other facts", because })).toEqual({
      ok: false,
      refusal: "changed",
    });
    await acceptCheck(staff(0), { ...which, about, because });
    expect(found()?.acceptedBecause).toBe(because);
    // Who accepted it, and when, stays when it is given to somebody else to look after.
    const accepted = found()?.accepted;
    expect(accepted?.at).toBe(ctx.clock.now());
    ctx.clock.advance(60_000);
    await giveCheck(staff(0), { ...which, ownerId: null });
    expect(found()?.accepted).toEqual(accepted);
    await correct(0, late("11:00", meeting.startsOn));
    expect(found()?.acceptedBecause).toBe("");
    await acceptCheck(staff(0), { ...which, about: found()?.about ?? "", because });
    await reopenCheck(staff(0), which);
    expect(found()?.acceptedBecause).toBe("");
  });

  test("that was accepted comes back when the traveller changes the answer once more", async () => {
    const { arriving, correct, late, staff, person } = world();
    await arriving(0, "ZZ200", "18:20");
    await correct(0, late("23:50"));
    await arriving(0, "ZZ201", "20:00");
    const which = { invitationId: person(0).invitationId, kind: "arrival_answer_changed" } as const;
    const found = () => travelChecks(staff(0)).find((check) => check.kind === which.kind);
    await acceptCheck(staff(0), { ...which, about: found()?.about ?? "", because: "A slip of hers" });
    expect(found()?.acceptedBecause).toBe("A slip of hers");
    await arriving(0, "ZZ202", "07:00");
    expect(found()?.acceptedBecause).toBe("");
  });

  test("that was accepted comes back when somebody lands at another airport at the same time", async () => {
    const { arriving, correct, late, staff, person, meeting } = world();
    await arriving(0, "ZZ200", "18:20");
    const [flight] = late("23:50", meeting.startsOn);
    if (flight === undefined) throw new Error("no flight");
    await correct(0, [flight]);
    const which = { invitationId: person(0).invitationId, kind: "arrival_after_opening" } as const;
    const found = () => travelChecks(staff(0)).find((check) => check.kind === which.kind);
    await acceptCheck(staff(0), { ...which, about: found()?.about ?? "", because: "Knows" });
    // The same however it is written.
    await correct(0, [{ ...flight, number: "zz 900", to: { ...flight.to, place: "Beijing PEK T3" } }], 1);
    await correct(0, [{ ...flight, number: "ZZ-900", to: { ...flight.to, place: "首都机场T3" } }], 2);
    expect(found()?.acceptedBecause).toBe("Knows");
    await correct(0, [{ ...flight, to: { ...flight.to, place: "Daxing" } }], 3);
    expect(found()?.acceptedBecause).toBe("");
  });

  test("is another landing or terminal on one flight, by any of its numbers, on one's own side alone", async () => {
    const { arriving, register, staff, person, meeting } = world();
    const told = (side: 0 | 1) =>
      travelChecks(staff(side))
        .filter(({ kind }) => kind === "arrival_told_differently")
        .map(({ traveller, others }) => [
          traveller.invitationId,
          others.map((one) => one.traveller.invitationId),
        ]);
    const id = (n: number) => person(n).invitationId;
    await arriving(0, "ZZ200", "18:20");
    await arriving(2, "QQ7/zz 200", "18:20");
    // Another side's, another number, another day.
    await arriving(1, "ZZ200", "19:00");
    await arriving(3, "ZZ201", "19:00");
    await arriving(4, "ZZ200", "19:40", meeting.startsOn);
    expect([told(0), told(1)]).toEqual([[], []]);
    await arriving(4, "QQ 7", "19:40");
    expect([told(0), told(1)]).toEqual([[[id(4), [id(0), id(2)]]], []]);
    // One against one: either may be right.
    await register(0, { arrivalBy: "not_booked" });
    expect(told(0)).toEqual([
      [id(2), [id(4)]],
      [id(4), [id(2)]],
    ]);
    const seen = travelChecks(staff(0)).find(({ kind }) => kind === "arrival_told_differently");
    const about = seen?.about ?? "";
    const which = { invitationId: id(2), kind: "arrival_told_differently" as const };
    expect(await acceptCheck(staff(0), { ...which, about, because: "Asked the airline" })).toMatchObject({
      ok: true,
    });
    const why = () =>
      travelChecks(staff(0)).find((each) => each.traveller.invitationId === id(2) && each.kind === which.kind)
        ?.acceptedBecause;
    expect(why()).toBe("Asked the airline");
    await arriving(4, "QQ 7", "20:00");
    expect(why()).toBe("");
    await arriving(4, "QQ 7", "18:20");
    expect(told(0)).toEqual([]);
    const elsewhere = { arrivalBy: "flight", arrivalNumber: "QQ7", arrivalOn: meeting.travelFrom };
    await register(4, { ...elsewhere, arrivalTime: "18:20", arrivalAt: "PEK T2" });
    expect(told(0)).toHaveLength(2);
    await register(4, { ...elsewhere, arrivalTime: "18:20", arrivalAt: "Beijing Capital" });
    expect(told(0)).toEqual([]);
  });

  test("of one flight is nothing where a plane lands about midnight on one day, and the other way round", () => {
    const landing = (id: string, at: string, number = "ZZ1") => {
      const [on = "", time = ""] = at.split(" ");
      const from = legEnd({ place: "Home", on: "", time: "", zone: BEIJING });
      const to = legEnd({ place: "T3", on, time, zone: BEIJING });
      return [id, [{ means: "flight" as const, number, from, to }]] as const;
    };
    const found = (...people: Array<ReturnType<typeof landing>>) =>
      toldDifferently("arrival", people).map(({ id }) => id);
    expect(found(landing("a", "2018-12-01 23:55"), landing("b", "2018-12-02 00:10"))).toEqual(["a", "b"]);
    expect(found(landing("a", "2018-12-01 23:55"), landing("b", "2018-12-02 23:55"))).toEqual([]);
    expect(found(landing("a", "2018-12-01 10:00", ""), landing("b", "2018-12-01 11:00", ""))).toEqual([]);
  });

  test("is given only to somebody who works on travel on this side", async () => {
    const { staff, person } = world();
    const which = { invitationId: person(0).invitationId, kind: "arrival_missing" } as const;
    expect(await giveCheck(staff(0), { ...which, ownerId: "nobody" })).toEqual({
      ok: false,
      refusal: "unknown",
    });
    expect(await giveCheck(staff(0), { ...which, ownerId: null })).toEqual({ ok: true, value: null });
  });
});

describe("legs", () => {
  const leg = (from: [string, string, string], to: [string, string, string]): Leg => ({
    means: "flight",
    number: "ZZ1",
    from: legEnd({ place: "", on: from[0], time: from[1], zone: from[2] }),
    to: legEnd({ place: "", on: to[0], time: to[1], zone: to[2] }),
  });

  test("may arrive by the clock before they left, and are compared as instants", () => {
    const east = leg(["2018-12-06", "13:00", BEIJING], ["2018-12-06", "13:30", "America/New_York"]);
    expect(canBeTravelled([east])).toBe(true);
    const wrong = leg(["2018-12-06", "13:00", "America/New_York"], ["2018-12-06", "13:30", BEIJING]);
    expect(canBeTravelled([wrong])).toBe(false);
  });

  test("connect with three quarters of an hour to change, and not with less", () => {
    const first = leg(["2018-12-02", "08:00", BEIJING], ["2018-12-02", "10:00", BEIJING]);
    const leavingAt = (time: string) => leg(["2018-12-02", time, BEIJING], ["2018-12-02", "14:00", BEIJING]);
    expect(canBeTravelled([first, leavingAt("10:45")])).toBe(true);
    expect(canBeTravelled([first, leavingAt("10:44")])).toBe(false);
  });

  test("do not connect in the wrong order, also where the clock of an end between is not known", () => {
    const none: [string, string, string] = ["", "", "UTC"];
    const first = leg(["2018-12-02", "08:00", BEIJING], ["2018-12-02", "10:00", BEIJING]);
    const between = leg(none, none);
    const before = leg(["2018-12-01", "08:00", BEIJING], ["2018-12-01", "10:00", BEIJING]);
    const after = leg(["2018-12-02", "18:00", BEIJING], ["2018-12-02", "20:00", BEIJING]);
    expect(canBeTravelled([first, between, after])).toBe(true);
    expect(canBeTravelled([first, between, before])).toBe(false);
    const leaves = leg(["2018-12-02", "08:00", BEIJING], none);
    const lands = leg(none, ["2018-12-02", "07:00", BEIJING]);
    expect(canBeTravelled([leaves, lands])).toBe(false);
    expect(canBeTravelled([leaves, before])).toBe(false);
    expect(canBeTravelled([leaves, after])).toBe(true);
  });

  test("name no hour that a clock skips, and may name one that it goes through twice", () => {
    const at = (day: string, time: string) =>
      correctionForm.safeParse({
        direction: "arrival",
        revision: 0,
        means: "mail",
        legs: [
          {
            means: "flight",
            number: "ZZ1",
            departsOn: day,
            departsTime: time,
            departsZone: "America/New_York",
            arrivesZone: BEIJING,
          },
        ],
      }).success;
    expect(at("2018-11-04", "01:30")).toBe(true);
    expect(at("2019-03-10", "02:30")).toBe(false);
    expect(at("2019-03-10", "03:30")).toBe(true);
  });

  test("come from a form without its blank rows", () => {
    const zones = { departsZone: "UTC", arrivesZone: BEIJING };
    const parsed = correctionForm.parse({
      direction: "arrival",
      revision: 0,
      means: "mail",
      legs: [
        { means: "train", number: "G1", arrivesOn: "2018-12-02", arrivesTime: "12:28", ...zones },
        zones,
      ],
    });
    expect(legsOfForm(parsed)).toHaveLength(1);
    // A time without its day is none, and nobody would be fetched: it is asked for, and so is a day's time.
    const flight = { means: "flight", number: "ZZ1", ...zones };
    for (const half of [{ arrivesTime: "12:28" }, { arrivesOn: "2018-12-02" }, { departsTime: "08:00" }])
      expect(correctionForm.safeParse({ ...parsed, legs: [{ ...flight, ...half }] }).success).toBe(false);
    expect(correctionForm.safeParse({ ...parsed, legs: [flight] }).success).toBe(true);
    expect(correctionForm.safeParse({ ...parsed, legs: [{ ...zones, arrivesTime: "25:00" }] }).success).toBe(
      false,
    );
  });
});

test("a terminal is one place however it is written, in either language", () => {
  const terminal3 = [
    "Beijing Capital, Terminal 3",
    "PEK T3",
    "首都机场T3",
    "北京首都国际机场 3号航站楼",
    "Beijing PEK T3",
    "Beijing-Capital T3",
    "Capital Airport, T3",
    "Capital International Airport Terminal 3",
    "北京PEK T3",
  ];
  expect(new Set(terminal3.map(placeKey)).size).toBe(1);
  expect(
    new Set(["Beijing Capital", "首都机场", "PEK", "Beijing Capital International Airport"].map(placeKey))
      .size,
  ).toBe(1);
  const daxing = ["PKX", "Beijing Daxing", "北京大兴国际机场", "大兴机场", "Daxing International Airport"];
  expect(new Set(daxing.map(placeKey)).size).toBe(1);
  const apart = [
    "PEK T3",
    "PEK T2",
    "PKX",
    "T3",
    "Capital Hotel",
    "Beijing",
    "Beijing South station",
    "北京南站",
    "",
  ];
  expect(new Set(apart.map(placeKey)).size).toBe(apart.length);
});

test("whoever is up at one in the morning still works on the day before", () => {
  const at = (time: string) => workingDay(instantOf("2018-12-03", time, BEIJING), BEIJING);
  expect([at("00:40"), at("05:59"), at("06:00")]).toEqual(["2018-12-02", "2018-12-02", "2018-12-03"]);
});

describe("cars from the airport", () => {
  const arrivals = fc.array(
    fc.record({
      id: fc.uuid(),
      at: fc.integer({ min: 0, max: 86_400_000 }),
      place: fc.constantFrom("T2", "T3", " t3", "South station"),
    }),
    { maxLength: 60 },
  );

  test("take everybody once, from one terminal, within an hour, and no more than there are seats", () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 12 }), (people, seats) => {
        const groups = groupArrivals(people, seats);
        expect(groups.flatMap((group) => group.ids).sort()).toEqual(people.map(({ id }) => id).sort());
        for (const group of groups) {
          const inside = people.filter(({ id }) => group.ids.includes(id));
          expect(group.ids.length).toBeLessThanOrEqual(seats);
          expect(new Set(inside.map(({ place }) => placeKey(place))).size).toBe(1);
          const times = inside.map(({ at }) => at);
          expect(group.first).toBe(Math.min(...times));
          expect(group.last).toBe(Math.max(...times));
          expect(group.last - group.first).toBeLessThanOrEqual(LONGEST_WAIT);
        }
        expect(groupArrivals(people.toReversed(), seats)).toEqual(groups);
      }),
    );
  });
});
