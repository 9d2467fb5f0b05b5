import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { changeSeats, givePlace, withdrawPlace } from "#app/domain/visit/commands.server.ts";
import { visitPage } from "#app/domain/visit/queries.server.ts";
import { askForPlaces, setLimits, visitChoices } from "#app/domain/visit/seats.server.ts";
import { type Db, openDatabase } from "#db/client.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { agendaVersion, auditEvent, delivery, visitPlace } from "#db/schema/index.ts";
import { testContext, testKeys } from "../support/context.ts";
import { testDatabase } from "../support/database.ts";
import { type Invitee, type Meeting, type MeetingPlan, writeMeeting } from "../support/meeting.ts";

/** A meeting with people of two delegations in turn: 0, 2, 4 … of one, 1, 3, 5 … of the other. */
function world(seats: MeetingPlan["seats"], people: number, db: Db = testDatabase()) {
  const ctx = testContext({ db });
  const meeting = writeMeeting(db.orm, testKeys, { slug: "test", people, seats, now: ctx.clock.now() });
  const person = (n: number): Invitee => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  };
  const visit = (n = 0): string => {
    const found = meeting.visitIds[n];
    if (found === undefined) throw new Error(`there is no visit ${n}`);
    return found;
  };
  const ask = (n: number, ...visits: ReadonlyArray<number>) =>
    db.write((tx) => {
      ctx.clock.advance(1);
      return askForPlaces(tx, ctx, { ...person(n), visitIds: visits.map(visit) });
    });
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
  return { db, ctx, meeting, person, visit, ask, staff };
}

function places(db: Db, visitId: string) {
  return db.orm
    .select({
      invitationId: visitPlace.invitationId,
      delegationId: visitPlace.delegationId,
      state: visitPlace.state,
      queueNumber: visitPlace.queueNumber,
    })
    .from(visitPlace)
    .where(eq(visitPlace.visitId, visitId))
    .orderBy(visitPlace.queueNumber)
    .all();
}

function states(db: Db, meeting: Meeting, visitId: string): Record<number, string> {
  return Object.fromEntries(
    places(db, visitId).map((place) => [
      meeting.invitees.findIndex((one) => one.invitationId === place.invitationId),
      place.state,
    ]),
  );
}

function mailsTo(db: Db, invitationId: string): Array<{ visit: { state: string }; clashes: Array<unknown> }> {
  return db.orm
    .select({ payload: delivery.payload })
    .from(delivery)
    .where(and(eq(delivery.invitationId, invitationId), eq(delivery.kind, "visit_place")))
    .all()
    .map((row) => JSON.parse(row.payload));
}

describe("a place on a site visit", () => {
  test("is granted while there are seats, then the waiting list begins, in the order of asking", async () => {
    const { ask } = world([{ capacity: 2, quota: null }], 5);
    expect(await ask(0, 0)).toMatchObject([{ state: "granted", position: null, changed: true }]);
    expect(await ask(1, 0)).toMatchObject([{ state: "granted" }]);
    expect(await ask(2, 0)).toMatchObject([{ state: "waiting", position: 1 }]);
    expect(await ask(3, 0)).toMatchObject([{ state: "waiting", position: 2 }]);
  });

  test("asked for again stays what it is and writes nothing", async () => {
    const { ask, db, visit } = world([{ capacity: 1, quota: null }], 3);
    await ask(0, 0);
    await ask(1, 0);
    const before = places(db, visit());
    expect(await ask(0, 0)).toMatchObject([{ state: "granted", changed: false }]);
    expect(await ask(1, 0)).toMatchObject([{ state: "waiting", position: 1, changed: false }]);
    expect(places(db, visit())).toEqual(before);
  });

  test("goes, when given up, to the first in line, who is told by mail", async () => {
    const { ask, db, visit, meeting, person } = world([{ capacity: 1, quota: null }], 4);
    for (const n of [0, 1, 2]) await ask(n, 0);
    expect(await ask(0)).toMatchObject([{ state: "withdrawn", position: null, changed: true }]);
    expect(states(db, meeting, visit())).toEqual({ 0: "withdrawn", 1: "granted", 2: "waiting" });
    expect(mailsTo(db, person(1).invitationId)).toMatchObject([{ visit: { state: "granted" } }]);
    expect(mailsTo(db, person(2).invitationId)).toEqual([]);
  });

  test("asked for again after giving it up is at the end of the queue", async () => {
    const { ask, db, visit, meeting } = world([{ capacity: 1, quota: null }], 4);
    for (const n of [0, 1, 2]) await ask(n, 0);
    await ask(1);
    expect(await ask(1, 0)).toMatchObject([{ state: "waiting", position: 2 }]);
    await ask(0);
    expect(states(db, meeting, visit())).toEqual({ 0: "withdrawn", 1: "waiting", 2: "granted" });
  });

  test("does not wait behind a delegation that is full", async () => {
    const { ask, db, visit, meeting } = world([{ capacity: 3, quota: 1 }], 4);
    await ask(0, 0);
    expect(await ask(2, 0)).toMatchObject([{ state: "waiting", position: 1 }]);
    expect(await ask(1, 0)).toMatchObject([{ state: "granted" }]);
    // A seat of the other delegation is none for those who wait here.
    await ask(1);
    expect(states(db, meeting, visit())).toMatchObject({ 0: "granted", 2: "waiting" });
    await ask(0);
    expect(states(db, meeting, visit())).toMatchObject({ 0: "withdrawn", 2: "granted" });
  });

  test("can be exchanged for another in one step, and frees the old one", async () => {
    const { ask, db, visit, meeting } = world(
      [
        { capacity: 1, quota: null },
        { capacity: 1, quota: null },
      ],
      4,
    );
    await ask(0, 0);
    await ask(1, 0);
    expect(await ask(0, 1)).toMatchObject([{ state: "withdrawn" }, { state: "granted" }]);
    expect(states(db, meeting, visit(0))).toEqual({ 0: "withdrawn", 1: "granted" });
    expect(states(db, meeting, visit(1))).toEqual({ 0: "granted" });
  });

  test("is shown with the seats left for one's own delegation", async () => {
    const { ask, db, person } = world([{ capacity: 5, quota: 2 }], 6);
    await ask(0, 0);
    await ask(2, 0);
    await ask(4, 0);
    const choice = (n: number) => visitChoices(db.orm, person(n))[0];
    expect(choice(1)).toMatchObject({ capacity: 5, seatsLeft: 2, waiting: 1, mine: null, position: null });
    expect(choice(0)).toMatchObject({ seatsLeft: 0, mine: "granted", position: null });
    expect(choice(4)).toMatchObject({ seatsLeft: 0, mine: "waiting", position: 1 });
  });

  test("is offered to nobody before the programme that has it is published", async () => {
    const { db, person } = world([{ capacity: 5, quota: 2 }], 2);
    expect(visitChoices(db.orm, person(0))).toHaveLength(1);
    db.orm.delete(agendaVersion).run();
    expect(visitChoices(db.orm, person(0))).toEqual([]);
  });

  test("of another edition cannot be asked for", async () => {
    const { db, ctx, person } = world([{ capacity: 5, quota: null }], 2);
    const other = writeMeeting(db.orm, testKeys, {
      slug: "other",
      people: 1,
      seats: [{ capacity: 5, quota: null }],
      now: ctx.clock.now(),
    });
    const outcomes = await db.write((tx) =>
      askForPlaces(tx, ctx, { ...person(0), visitIds: [...other.visitIds, "no-such-visit"] }),
    );
    expect(outcomes).toEqual([]);
    expect(db.orm.select().from(visitPlace).all()).toEqual([]);
  });

  test("is nobody's who has another one at that time, until they give that up", async () => {
    const { ask, db, person, meeting, visit } = world(
      [
        { capacity: 1, quota: null },
        { capacity: 9, quota: null },
      ],
      4,
    );
    // Both visits at the same time.
    const [version] = db.orm.select().from(agendaVersion).all();
    const items = JSON.parse(version?.items ?? "[]");
    const [first, second] = items.filter((item: { visit: unknown }) => item.visit !== null);
    Object.assign(second, { startsAt: first.startsAt, endsAt: first.endsAt });
    db.orm
      .insert(agendaVersion)
      .values({
        id: "second",
        editionId: meeting.editionId,
        number: 2,
        publishedAt: 0,
        publishedBy: "staff",
        items: JSON.stringify(items),
      })
      .run();
    await ask(0, 0);
    await ask(1, 0, 1);
    await ask(2, 0);
    await ask(0);
    expect(states(db, meeting, visit(0))).toMatchObject({ 1: "waiting", 2: "granted" });
    expect(states(db, meeting, visit(1))).toEqual({ 1: "granted" });
    await ask(2);
    expect(states(db, meeting, visit(0))).toMatchObject({ 1: "waiting" });
    await ask(1, 0);
    expect(states(db, meeting, visit(0))).toMatchObject({ 1: "granted" });
    expect(mailsTo(db, person(1).invitationId)).toMatchObject([{ visit: { state: "granted" }, clashes: [] }]);
  });
});

describe("staff", () => {
  test("give and take back places of their own side's people alone", async () => {
    const { db, staff, person, visit, meeting } = world([{ capacity: 1, quota: null }], 4);
    const invitationId = person(0).invitationId;
    expect(await givePlace(staff(1), { visitId: visit(), invitationId })).toEqual({
      ok: false,
      refusal: "not_found",
    });
    expect(await givePlace(staff(0), { visitId: visit(), invitationId })).toEqual({
      ok: true,
      value: { state: "granted", told: true },
    });
    const other = { visitId: visit(), invitationId: person(1).invitationId };
    expect(await givePlace(staff(1), other)).toMatchObject({ value: { state: "waiting" } });
    expect(await withdrawPlace(staff(1), { visitId: visit(), invitationId })).toMatchObject({ ok: false });
    expect(states(db, meeting, visit())).toEqual({ 0: "granted", 1: "waiting" });
    expect(await withdrawPlace(staff(0), { visitId: visit(), invitationId })).toMatchObject({ ok: true });
    expect(states(db, meeting, visit())).toEqual({ 0: "withdrawn", 1: "granted" });
    expect(mailsTo(db, invitationId).map((mail) => mail.visit.state)).toEqual(["granted", "withdrawn"]);
  });

  test("see their own side's people by name and the other side's as numbers", async () => {
    const { ask, staff, visit, person } = world([{ capacity: 2, quota: null }], 6);
    for (const n of [0, 1, 2, 3, 4]) await ask(n, 0);
    const page = visitPage(staff(0), visit());
    expect(page?.granted.map((one) => one.nameLatin)).toEqual([person(0).nameLatin]);
    expect(page?.waiting.map((one) => [one.nameLatin, one.position])).toEqual([
      [person(2).nameLatin, 1],
      [person(4).nameLatin, 3],
    ]);
    expect(page?.visit).toMatchObject({ capacity: 2, taken: 2, waiting: 3 });
    for (const theirs of [1, 3, 5]) expect(JSON.stringify(page)).not.toContain(person(theirs).nameLatin);
    for (const theirs of [1, 3, 5]) expect(JSON.stringify(page)).not.toContain(person(theirs).invitationId);
  });

  test("who raise a limit move the next in line up; who lower it move nobody and are told", async () => {
    const { ask, db, staff, visit, meeting } = world([{ capacity: 1, quota: null }], 6);
    for (const n of [0, 1, 2, 3]) await ask(n, 0);
    const quotas = new Map<string, number>();
    expect(await changeSeats(staff(0), { visitId: visit(), capacity: 3, quotas })).toEqual({
      ok: true,
      value: { promoted: 2, over: { total: 0, delegations: [] } },
    });
    expect(states(db, meeting, visit())).toEqual({ 0: "granted", 1: "granted", 2: "granted", 3: "waiting" });
    const ofFirst = new Map([[meeting.delegationIds[0], 1]]);
    expect(await changeSeats(staff(0), { visitId: visit(), capacity: 2, quotas: ofFirst })).toEqual({
      ok: true,
      value: { promoted: 0, over: { total: 1, delegations: [meeting.delegationIds[0]] } },
    });
    expect(states(db, meeting, visit())).toEqual({ 0: "granted", 1: "granted", 2: "granted", 3: "waiting" });
    // One who goes leaves the visit full, not one seat free.
    await ask(1);
    expect(states(db, meeting, visit())).toMatchObject({ 3: "waiting" });
  });

  test("cannot touch a visit of another edition", async () => {
    const { db, ctx, staff, person } = world([{ capacity: 1, quota: null }], 2);
    const plan = { slug: "other", people: 1, seats: [{ capacity: 5, quota: null }], now: ctx.clock.now() };
    const visitId = writeMeeting(db.orm, testKeys, plan).visitIds[0] ?? "";
    const { invitationId } = person(0);
    expect(await givePlace(staff(0), { visitId, invitationId })).toMatchObject({ refusal: "not_found" });
    expect(await withdrawPlace(staff(0), { visitId, invitationId })).toMatchObject({ refusal: "not_found" });
    expect(await changeSeats(staff(0), { visitId, capacity: 1, quotas: new Map() })).toMatchObject({
      refusal: "not_found",
    });
    expect(visitPage(staff(0), visitId)).toBeNull();
  });

  test("leave a trace without personal data", async () => {
    const { db, staff, person, visit } = world([{ capacity: 1, quota: null }], 2);
    await givePlace(staff(0), { visitId: visit(), invitationId: person(0).invitationId });
    await changeSeats(staff(0), { visitId: visit(), capacity: 0, quotas: new Map() });
    const events = db.orm.select().from(auditEvent).all();
    expect(events.map((event) => event.action)).toEqual(["visit.give", "visit.limits"]);
    expect(JSON.stringify(events)).not.toContain(person(0).nameLatin);
  });
});

type Step =
  | { do: "ask"; person: number; visits: Array<number> }
  | { do: "limits"; visit: number; capacity: number; first: number | null; second: number | null };

const PEOPLE = 9;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("ask" as const),
      person: fc.nat(PEOPLE - 1),
      visits: fc.uniqueArray(fc.nat(1), { maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("limits" as const),
      visit: fc.nat(1),
      capacity: fc.nat(6),
      first: fc.option(fc.nat(4)),
      second: fc.option(fc.nat(4)),
    }),
  },
);

type Place = ReturnType<typeof places>[number];

/** What must be true of one visit after every step, whatever came before. */
function checkVisit(
  before: ReadonlyArray<Place>,
  after: ReadonlyArray<Place>,
  limits: { capacity: number; quotas: ReadonlyMap<string, number> },
) {
  const granted = (rows: ReadonlyArray<Place>, delegationId?: string) =>
    rows.filter(
      (row) => row.state === "granted" && (delegationId === undefined || row.delegationId === delegationId),
    ).length;
  const delegations = new Set(after.map((row) => row.delegationId));
  // Over a limit only because the limit was lowered, and then never by more than before.
  expect(granted(after)).toBeLessThanOrEqual(Math.max(limits.capacity, granted(before)));
  for (const one of delegations) {
    const quota = limits.quotas.get(one);
    if (quota !== undefined)
      expect(granted(after, one)).toBeLessThanOrEqual(Math.max(quota, granted(before, one)));
  }
  // Nobody waits while a seat is free that they may take.
  for (const row of after.filter((place) => place.state === "waiting")) {
    const quota = limits.quotas.get(row.delegationId) ?? Number.POSITIVE_INFINITY;
    expect(granted(after) >= limits.capacity || granted(after, row.delegationId) >= quota).toBe(true);
  }
  // Within a delegation nobody is overtaken.
  const stateBefore = new Map(before.map((row) => [row.invitationId, row]));
  const promoted = after.filter(
    (row) => row.state === "granted" && stateBefore.get(row.invitationId)?.state === "waiting",
  );
  for (const winner of promoted)
    for (const loser of after)
      if (loser.state === "waiting" && loser.delegationId === winner.delegationId)
        expect(loser.queueNumber).toBeGreaterThan(winner.queueNumber);
}

describe("whatever is asked, given up and limited, in whatever order", () => {
  test("no limit is passed, no free seat is kept from those who wait, nobody is overtaken", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const { db, ctx, meeting, ask, visit } = world(
          [
            { capacity: 3, quota: 2 },
            { capacity: 2, quota: null },
          ],
          PEOPLE,
        );
        const [first, second] = meeting.delegationIds;
        const limits = [
          {
            capacity: 3,
            quotas: new Map([
              [first, 2],
              [second, 2],
            ]),
          },
          { capacity: 2, quotas: new Map<string, number>() },
        ];
        for (const one of steps) {
          const before = meeting.visitIds.map((id) => places(db, id));
          if (one.do === "ask") await ask(one.person, ...one.visits);
          else {
            const quotas = new Map<string, number>();
            if (one.first !== null) quotas.set(first, one.first);
            if (one.second !== null) quotas.set(second, one.second);
            const set = { capacity: one.capacity, quotas };
            limits[one.visit] = set;
            const where = { visitId: visit(one.visit), editionId: meeting.editionId };
            await db.write((tx) => setLimits(tx, ctx, { ...where, ...set }));
          }
          for (const [n, id] of meeting.visitIds.entries())
            checkVisit(before[n] ?? [], places(db, id), limits[n] ?? { capacity: 0, quotas: new Map() });
        }
        db.close();
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("fifty who ask at once for the last seat get one seat and forty-nine definite positions", async () => {
    const directory = mkdtempSync(join(tmpdir(), "seats-"));
    try {
      const db = openDatabase(join(directory, "test.sqlite"));
      migrate(db.sqlite, join(import.meta.dirname, "../../db/migrations"));
      const { ask, visit, meeting } = world([{ capacity: 2, quota: null }], 51, db);
      await ask(50, 0);
      const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n, 0)));
      const flat = outcomes.flat();
      expect(flat).toHaveLength(50);
      expect(flat.filter((outcome) => outcome.state === "granted")).toHaveLength(1);
      const positions = flat
        .filter((outcome) => outcome.state === "waiting")
        .map((outcome) => outcome.position);
      expect(positions.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
        Array.from({ length: 49 }, (_, n) => n + 1),
      );
      const rows = places(db, visit());
      expect(rows.filter((row) => row.state === "granted")).toHaveLength(2);
      expect(rows.filter((row) => row.state === "waiting")).toHaveLength(49);
      expect(new Set(rows.map((row) => row.queueNumber)).size).toBe(51);
      expect(new Set(rows.map((row) => row.invitationId)).size).toBe(meeting.invitees.length);
      db.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
