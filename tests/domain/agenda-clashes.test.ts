import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptClash, clashPage, reopenClash } from "#app/domain/agenda/clash-facts.server.ts";
import {
  AFTER_LANDING,
  BEFORE_LEAVING,
  type Clash,
  type ClashFacts,
  type ClashItem,
  type ClashPerson,
  findClashes,
} from "#app/domain/agenda/clashes.ts";
import { assignFunction, removeAgendaItem } from "#app/domain/agenda/commands.server.ts";
import { draftAgenda } from "#app/domain/agenda/draft.server.ts";
import { moveAgendaItem } from "#app/domain/agenda/moving.server.ts";
import { isInterpreted, LEISURELY, occupied } from "#app/domain/agenda/rules.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { travel } from "#app/domain/venue/rules.ts";
import { auditEvent } from "#db/schema/index.ts";
import { AGENDA_KINDS, type Permission } from "#db/vocabulary.ts";
import { testContext, testKeys } from "../support/context.ts";
import { writeMeeting } from "../support/meeting.ts";

const ZONE = "Asia/Shanghai";
const MINUTE = 60_000;
const DAY = "2018-12-05";
/** That day by the clock of Beijing. */
const at = (time: string) => Date.parse(`${DAY}T${time}:00+08:00`);

const VENUES = [
  { id: "hotel", withinId: null },
  { id: "room", withinId: "hotel" },
  { id: "hall", withinId: "hotel" },
  { id: "court", withinId: null },
];
const WAYS = [{ oneId: "court", otherId: "hotel", minutes: 30 }];

function item(id: string, from: string, to: string, rest: Partial<ClashItem> = {}): ClashItem {
  return {
    id,
    kind: "session",
    startsAt: at(from),
    endsAt: at(to),
    audience: "listed",
    delegationIds: [],
    venueId: null,
    fromVenueId: null,
    interpretation: null,
    languagePair: null,
    visit: null,
    functions: [],
    interpreters: 0,
    ...rest,
  };
}

function person(invitationId: string, rest: Partial<ClashPerson> = {}): ClashPerson {
  return {
    invitationId,
    delegationId: "us",
    sideId: "side",
    visitIds: [],
    arrivesAt: null,
    leavesAt: null,
    ...rest,
  };
}

function found(
  items: ReadonlyArray<ClashItem>,
  people: ReadonlyArray<ClashPerson> = [],
  days: Array<string> = [],
) {
  return findClashes({
    items,
    people,
    delegationIds: ["us", "cn"],
    venues: VENUES,
    ways: WAYS,
    days,
    timeZone: ZONE,
  });
}

const said = (clashes: ReadonlyArray<Clash>) =>
  clashes.map(({ kind, itemIds }) => [kind, ...itemIds].join(" "));
const as = (invitationId: string, what: "chair" | "interpreter" = "chair") => [
  { invitationId, function: what },
];

describe("a clash is", () => {
  test("a person in two places: by functions, by visits with their meeting time, and beside what all are at", () => {
    const visit = item("visit", "10:00", "11:30", {
      kind: "site_visit",
      audience: "visit",
      visit: { id: "v", meetAt: at("09:15") },
    });
    const early = item("early", "09:00", "09:30", { functions: as("a") });
    const all = item("all", "11:00", "12:00", { audience: "all" });
    const clashes = found(
      [visit, early, all],
      [person("a", { visitIds: ["v"] }), person("b", { visitIds: ["v"] })],
    );
    expect(said(clashes)).toEqual(["person_twice early visit", "person_twice visit all"]);
    expect(clashes.map(({ people }) => people)).toEqual([["a"], ["a", "b"]]);
  });

  test("two things at once for a delegation, told once and not for each of its people", () => {
    const one = item("one", "09:00", "10:00", { audience: "all", functions: as("a") });
    const two = item("two", "09:30", "10:30", { audience: "delegations", delegationIds: ["us"] });
    const clashes = found([one, two], [person("a"), person("b")]);
    expect(said(clashes)).toEqual(["people_twice one two"]);
    expect(clashes[0]).toMatchObject({ delegationIds: ["us"], people: [], sideId: "" });
    expect(said(found([one, { ...two, kind: "free" }]))).toEqual([]);
  });

  test("a room twice, but no house twice", () => {
    const there = (id: string, venueId: string) => item(id, "09:00", "10:00", { venueId });
    expect(said(found([there("a", "room"), there("b", "room")]))).toEqual(["room_twice a b"]);
    expect(said(found([there("a", "room"), there("b", "hall")]))).toEqual([]);
    expect(said(found([there("a", "hotel"), there("b", "hotel")]))).toEqual([]);
  });

  test("an interpreter twice", () => {
    const clashes = found(
      [
        item("a", "09:00", "10:00", { functions: as("i", "interpreter") }),
        item("b", "09:00", "10:00", { functions: as("i", "interpreter") }),
      ],
      [person("i")],
    );
    expect(said(clashes)).toEqual(["interpreter_twice a b"]);
  });

  test("no time to get there: between two items, and from where a group gathers", () => {
    const visit = (to: string, meetAt: string | null) =>
      item("visit", "15:30", to, {
        kind: "site_visit",
        audience: "visit",
        venueId: "court",
        fromVenueId: "hotel",
        visit: { id: "v", meetAt: meetAt === null ? null : at(meetAt) },
      });
    const closing = item("closing", "17:00", "18:00", { audience: "all", venueId: "room" });
    const someone = [person("a", { visitIds: ["v"] })];
    expect(said(found([visit("16:30", "14:45"), closing], someone))).toEqual([]);
    const late = found([visit("17:00", "14:45"), closing], someone);
    expect(said(late)).toEqual(["person_no_way visit closing"]);
    expect(late[0]).toMatchObject({ way: { takes: 30, left: 0 }, people: ["a"] });
    expect(said(found([visit("16:30", "15:10")]))).toEqual(["no_way visit"]);
    const bus = item("bus", "08:00", "08:20", { kind: "transfer", fromVenueId: "hall", venueId: "court" });
    expect(said(found([bus]))).toEqual(["no_way bus"]);
  });

  test("an arrival after, or a departure before, what somebody is expected at", () => {
    const items = [
      item("opening", "09:00", "10:00", { audience: "all" }),
      item("mine", "08:00", "08:30", { functions: as("a") }),
      item("closing", "17:00", "18:00", { audience: "all" }),
    ];
    const clashes = found(items, [
      person("a", { arrivesAt: at("08:30"), leavesAt: at("20:00") }),
      person("b", { arrivesAt: at("07:59"), leavesAt: at("19:59") }),
    ]);
    expect(clashes.map(({ kind, people, itemIds, more }) => [kind, people[0], itemIds[0], more])).toEqual([
      ["late_arrival", "a", "mine", 1],
      ["early_departure", "b", "closing", 0],
    ]);
  });

  test("a session that nobody interprets", () => {
    const talk = item("a", "09:00", "10:00", { interpretation: "consecutive", languagePair: "en_zh" });
    expect(said(found([talk]))).toEqual(["no_interpreter a"]);
    expect(said(found([{ ...talk, interpreters: 1 }]))).toEqual([]);
    expect(said(found([{ ...talk, interpretation: "none" }]))).toEqual([]);
  });

  test("a day without its meal", () => {
    const morning = item("a", "09:00", "12:00");
    const afternoon = item("b", "13:30", "17:00");
    const meals = (items: Array<ClashItem>) => found(items, [], [DAY]).map(({ meal }) => meal?.meal);
    expect(meals([morning, afternoon])).toEqual(["lunch"]);
    expect(meals([morning])).toEqual([]);
    expect(meals([morning, afternoon, item("l", "12:00", "13:30", { kind: "meal" })])).toEqual([]);
    expect(meals([item("c", "18:00", "20:00")])).toEqual(["dinner"]);
  });
});

/* Any programme at all, against a slow and obvious way to find the same. */

const minute = fc.integer({ min: 0, max: 40 }).map((n) => n * 15);
const anyItem = (n: number): fc.Arbitrary<ClashItem> =>
  fc
    .record({
      kind: fc.constantFrom(...AGENDA_KINDS),
      from: minute,
      length: fc.integer({ min: 1, max: 12 }).map((m) => m * 15),
      audience: fc.constantFrom("all", "delegations", "visit", "listed" as const),
      delegationIds: fc.constantFrom(["us"], ["cn"], ["us", "cn"]),
      venueId: fc.constantFrom(null, "hotel", "room", "hall", "court"),
      fromVenueId: fc.constantFrom(null, "room", "court"),
      meets: fc.constantFrom(null, 0, 20, 45),
      functions: fc.uniqueArray(
        fc.record({
          invitationId: fc.constantFrom("p0", "p1", "p2", "p3"),
          function: fc.constantFrom("chair", "interpreter" as const),
        }),
        { maxLength: 3, selector: (entry) => `${entry.invitationId} ${entry.function}` },
      ),
      interpretation: fc.constantFrom(null, "simultaneous", "none" as const),
    })
    .map(({ from, length, meets, ...rest }) => ({
      ...rest,
      id: `i${n}`,
      startsAt: at("08:00") + from * MINUTE,
      endsAt: at("08:00") + (from + length) * MINUTE,
      languagePair: "en_zh",
      visit:
        rest.kind === "site_visit"
          ? { id: `v${n}`, meetAt: meets === null ? null : at("08:00") + (from - meets) * MINUTE }
          : null,
      interpreters: rest.functions.filter((entry) => entry.function === "interpreter").length,
    }));

const anyFacts: fc.Arbitrary<ClashFacts> = fc
  .record({
    items: fc
      .integer({ min: 0, max: 12 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => anyItem(n)))),
    people: fc.tuple(
      ...["p0", "p1", "p2", "p3"].map((invitationId, n) =>
        fc.record({
          invitationId: fc.constant(invitationId),
          delegationId: fc.constant(n % 2 === 0 ? "us" : "cn"),
          sideId: fc.constant(n % 2 === 0 ? "one" : "other"),
          visitIds: fc.uniqueArray(
            fc.nat(11).map((v) => `v${v}`),
            { maxLength: 3 },
          ),
          arrivesAt: fc.option(minute.map((m) => at("08:00") + m * MINUTE)),
          leavesAt: fc.option(minute.map((m) => at("08:00") + m * MINUTE)),
        }),
      ),
    ),
  })
  .map((facts) => ({
    ...facts,
    delegationIds: ["us", "cn"],
    venues: VENUES,
    ways: WAYS,
    days: [],
    timeZone: ZONE,
  }));

/** Which pairs each person cannot do both of, looking at every pair of everything for everybody. */
function slowly({ items, people, venues, ways }: ClashFacts): Set<string> {
  const minutes = travel(venues, ways);
  const busy = items.filter(({ kind }) => !LEISURELY.includes(kind));
  const said = new Set<string>();
  const whole = (one: ClashItem, delegationId: string) =>
    one.audience === "all" || (one.audience === "delegations" && one.delegationIds.includes(delegationId));
  const where = (one: ClashItem) => ({
    ...occupied(one),
    from:
      one.kind === "transfer" || (one.visit !== null && one.visit.meetAt !== null)
        ? one.fromVenueId
        : one.venueId,
    to: one.venueId,
  });
  for (const one of people)
    for (const x of busy)
      for (const y of busy) {
        const expected = [x, y].every(
          (each) =>
            whole(each, one.delegationId) ||
            each.functions.some((entry) => entry.invitationId === one.invitationId) ||
            (each.visit !== null && one.visitIds.includes(each.visit.id)),
        );
        const [a, b] = [where(x), where(y)];
        if (x === y || !expected || a.startsAt > b.startsAt) continue;
        const gap = Math.floor((b.startsAt - a.endsAt) / MINUTE);
        const overlaps = a.endsAt > b.startsAt;
        const late = !overlaps && a.to !== null && b.from !== null && minutes(a.to, b.from) > gap;
        if (!overlaps && !late) continue;
        said.add(`${one.invitationId} ${[x.id, y.id].sort().join(" ")}`);
      }
  return said;
}

describe("whatever the programme", () => {
  test("nothing is missed and nothing invented, for anybody", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const quick = new Set<string>();
        for (const clash of findClashes(facts)) {
          if (clash.itemIds.length !== 2 || clash.kind === "room_twice") continue;
          const whom =
            clash.people.length > 0
              ? clash.people
              : facts.people
                  .filter(({ delegationId }) => clash.delegationIds.includes(delegationId))
                  .map(({ invitationId }) => invitationId);
          for (const one of whom) quick.add(`${one} ${clash.itemIds.toSorted().join(" ")}`);
        }
        expect([...quick].sort()).toEqual([...slowly(facts)].sort());
      }),
      { numRuns: 300 },
    );
  });

  test("rooms, interpreters, arrivals and departures are all found", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const clashes = findClashes(facts);
        const rooms = new Set(
          clashes
            .filter(({ kind }) => kind === "room_twice")
            .map(({ itemIds }) => itemIds.toSorted().join(" ")),
        );
        const staying = facts.items.filter(
          ({ venueId, kind }) =>
            venueId !== null && venueId !== "hotel" && !["free", "logistics", "transfer"].includes(kind),
        );
        for (const a of staying)
          for (const b of staying)
            if (a.id < b.id)
              expect(rooms.has(`${[a.id, b.id].sort().join(" ")}`)).toBe(
                a.venueId === b.venueId && a.startsAt < b.endsAt && b.startsAt < a.endsAt,
              );
        const busy = facts.items.filter(({ kind }) => !LEISURELY.includes(kind));
        expect(clashes.filter(({ kind }) => kind === "no_interpreter")).toHaveLength(
          busy.filter((one) => isInterpreted(one) && one.interpreters === 0).length,
        );
        for (const one of facts.people) {
          const mine = busy.filter(
            (each) =>
              each.audience === "all" ||
              (each.audience === "delegations" && each.delegationIds.includes(one.delegationId)) ||
              each.functions.some((entry) => entry.invitationId === one.invitationId) ||
              (each.visit !== null && one.visitIds.includes(each.visit.id)),
          );
          const { arrivesAt, leavesAt } = one;
          const late =
            arrivesAt === null
              ? 0
              : mine.filter((each) => occupied(each).startsAt < arrivesAt + AFTER_LANDING).length;
          const early =
            leavesAt === null ? 0 : mine.filter((each) => each.endsAt > leavesAt - BEFORE_LEAVING).length;
          const told = (kind: Clash["kind"]) =>
            clashes
              .filter((clash) => clash.kind === kind && clash.people[0] === one.invitationId)
              .reduce((sum, { more }) => sum + more + 1, 0);
          expect([told("late_arrival"), told("early_departure")]).toEqual([late, early]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("keys are each once, and neither keys nor facts depend on the order in which things are told", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const clashes = findClashes(facts);
        expect(new Set(clashes.map(({ key, sideId }) => `${sideId} ${key}`)).size).toBe(clashes.length);
        const turned = findClashes({
          ...facts,
          items: facts.items.toReversed(),
          people: facts.people.toReversed(),
          delegationIds: facts.delegationIds.toReversed(),
        });
        const facing = (list: ReadonlyArray<Clash>) => list.map(({ key, facts: made }) => `${key} ${made}`);
        expect(facing(turned)).toEqual(facing(clashes));
      }),
      { numRuns: 100 },
    );
  });
});

function world() {
  const ctx = testContext();
  const plan = { slug: "test", people: 6, seats: [{ capacity: 6, quota: null }], now: ctx.clock.now() };
  const meeting = writeMeeting(ctx.db.orm, testKeys, plan);
  const staff = (side: 0 | 1, permission: Permission = "agenda"): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: `staff ${side}` },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: [permission],
      bookSideIds: [],
    },
  });
  /** The visit, moved onto the closing, with somebody of each side on it. */
  const collide = async () => {
    const items = draftAgenda(staff(0)).items;
    const visit = items.find((one) => one.visit !== null);
    const closing = items.find((one) => one.titleEn === "Closing");
    if (visit === undefined || closing === undefined) throw new Error("the meeting has no such items");
    for (const [side, one] of [meeting.invitees[0], meeting.invitees[1]].entries())
      await assignFunction(staff(side === 0 ? 0 : 1), {
        itemId: visit.id,
        invitationId: one?.invitationId ?? "",
        function: "chair",
      });
    const to = { startsAt: closing.startsAt, endsAt: closing.endsAt };
    await moveAgendaItem(staff(0), { itemId: visit.id, seenAt: visit.updatedAt, to });
    return { visit, closing };
  };
  return { ctx, db: ctx.db, meeting, staff, collide };
}

describe("the desk", () => {
  test("is told of its own side's people by name, and of nobody of the other side", async () => {
    const { staff, meeting, collide } = world();
    await collide();
    const [ours, theirs] = meeting.invitees;
    const page = clashPage(staff(0));
    const clash = page.clashes.find(({ kind }) => kind === "person_twice");
    expect(clash?.people).toEqual([ours?.invitationId]);
    const text = JSON.stringify(page);
    expect(text).toContain(ours?.nameLatin);
    expect(text).not.toContain(theirs?.nameLatin);
    expect(text).not.toContain(theirs?.invitationId);
  });

  test("lets a clash stand for a reason, until its facts are others; the other side's stays open", async () => {
    const { staff, meeting, collide, db } = world();
    const { visit } = await collide();
    const mine = () => clashPage(staff(0)).clashes.find(({ kind }) => kind === "person_twice");
    const before = mine();
    const entry = { key: before?.key ?? "", seen: before?.seen ?? "", reason: "They leave early" };
    expect(await acceptClash(staff(0, "read_only"), entry)).toMatchObject({ refusal: "forbidden" });
    expect(await acceptClash(staff(1), entry)).toMatchObject({ refusal: "gone" });
    expect(await acceptClash(staff(0), { ...entry, seen: "else" })).toMatchObject({
      refusal: "changed_meanwhile",
    });
    expect(await acceptClash(staff(0), entry)).toMatchObject({ ok: true });
    expect(mine()).toMatchObject({ accepted: { reason: "They leave early" }, reopened: false });
    const theirs = clashPage(staff(1)).clashes.find(({ kind }) => kind === "person_twice");
    expect(theirs).toMatchObject({ accepted: null });
    const { updatedAt, startsAt, endsAt } = draftAgenda(staff(0)).items.find(({ id }) => id === visit.id) ?? {
      updatedAt: 0,
      startsAt: 0,
      endsAt: 0,
    };
    const later = { startsAt: startsAt + 5 * MINUTE, endsAt: endsAt + 5 * MINUTE };
    await moveAgendaItem(staff(1), { itemId: visit.id, seenAt: updatedAt, to: later });
    expect(mine()).toMatchObject({ accepted: null, reopened: true });
    const events = db.orm.select().from(auditEvent).all();
    const event = events.find(({ action }) => action === "clash.accept");
    expect(event).toMatchObject({ coHostId: meeting.sideIds[0], subjectId: expect.any(String) });
    expect(event?.details).not.toContain("They leave early");
  });

  test("opens again by hand, and a clash that is gone is no more", async () => {
    const { staff, collide } = world();
    const { closing } = await collide();
    const mine = () => clashPage(staff(0)).clashes.find(({ kind }) => kind === "person_twice");
    const one = mine();
    await acceptClash(staff(0), { key: one?.key ?? "", seen: one?.seen ?? "", reason: "So be it" });
    expect(await reopenClash(staff(0), { key: one?.key ?? "" })).toMatchObject({ ok: true });
    expect(mine()).toMatchObject({ accepted: null, reopened: false });
    await removeAgendaItem(staff(0), { itemId: closing.id });
    expect(mine()).toBeUndefined();
    expect(await reopenClash(staff(0), { key: one?.key ?? "" })).toMatchObject({ refusal: "gone" });
  });

  test("reads who arrives when only with a permission that opens journeys", () => {
    const { staff, db, meeting } = world();
    const one = meeting.invitees[0];
    db.sqlite
      .prepare(
        "insert into registration (id, invitation_id, state, form_version, locale, revision, created_at, updated_at) values ('r', ?, 'submitted', 1, 'en', 1, 1, 1)",
      )
      .run(one?.invitationId);
    db.sqlite
      .prepare(
        "insert into registration_section (registration_id, section, state, answers, updated_at) values ('r', 'travel', 'submitted', ?, 1)",
      )
      .run(
        JSON.stringify({
          arrivalBy: "flight",
          arrivalOn: meeting.startsOn,
          arrivalTime: "12:00",
          arrivalAt: "Airport",
        }),
      );
    const late = (permission: Permission) =>
      clashPage(staff(0, permission)).clashes.filter(({ kind }) => kind === "late_arrival");
    expect(late("agenda")).toEqual([]);
    expect(late("lead")).toMatchObject([{ people: [one?.invitationId] }]);
  });
});
