import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agendaBoard } from "#app/domain/agenda/board.server.ts";
import {
  addAgendaItem,
  assignFunction,
  changeAgendaItem,
  orderFunction,
  removeAgendaItem,
} from "#app/domain/agenda/commands.server.ts";
import { draftAgenda, draftItem, nextItems } from "#app/domain/agenda/draft.server.ts";
import { agendaItemForm } from "#app/domain/agenda/form.ts";
import { itemValues } from "#app/domain/agenda/item-values.ts";
import { mergeForms, standsAlready } from "#app/domain/agenda/merging.ts";
import {
  copyAgendaItem,
  moveAgendaItem,
  redoAgendaStep,
  skipAgendaStep,
  undoAgendaStep,
} from "#app/domain/agenda/moving.server.ts";
import { dayAfter, minuteOfDay, shifted } from "#app/domain/agenda/placing.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { addVenue, changeVenue, removeVenue, setWays } from "#app/domain/venue/commands.server.ts";
import { venueList } from "#app/domain/venue/queries.server.ts";
import { travel } from "#app/domain/venue/rules.ts";
import { askForPlaces } from "#app/domain/visit/seats.server.ts";
import { parseForm } from "#app/platform/form.ts";
import { agendaFunction, agendaJournal, auditEvent, invitation } from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { testContext, testKeys } from "../support/context.ts";
import { writeMeeting } from "../support/meeting.ts";

const ZONE = "Asia/Shanghai";
const MINUTE = 60_000;

function world() {
  const ctx = testContext();
  const plan = { slug: "test", people: 6, seats: [{ capacity: 2, quota: null }], now: ctx.clock.now() };
  const meeting = writeMeeting(ctx.db.orm, testKeys, plan);
  const staff = (side: 0 | 1, id = `staff ${side}`, permission: Permission = "agenda"): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: [permission],
      bookSideIds: [],
    },
  });
  return { ctx, db: ctx.db, meeting, staff };
}

const first = (ctx: StaffContext, n = 0) => {
  const found = draftAgenda(ctx).items[n];
  if (found === undefined) throw new Error("there is no such item");
  return found;
};

function later(ctx: StaffContext, itemId: string, minutes: number) {
  const page = draftItem(ctx, itemId);
  if (page === null) throw new Error("there is no such item");
  const { startsAt, endsAt, updatedAt } = page.item;
  const to = shifted({ startsAt, endsAt }, { minutes }, ZONE);
  return moveAgendaItem(ctx, { itemId, seenAt: updatedAt, to });
}

function retitled(ctx: StaffContext, itemId: string, titleEn: string) {
  const page = draftItem(ctx, itemId);
  if (page === null) throw new Error("there is no such item");
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...itemValues(page.item, ZONE), titleEn }))
    for (const one of typeof value === "string" ? [value] : value) form.append(name, one);
  const parsed = parseForm(agendaItemForm, form);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.form.errors));
  return changeAgendaItem(ctx, { itemId, seenAt: page.item.updatedAt, input: parsed.value });
}

describe("moving", () => {
  test("takes a visit's meeting time along, and is refused when somebody saved the item since", async () => {
    const { staff, db, meeting } = world();
    const visit = draftAgenda(staff(0)).items.find((item) => item.visit !== null);
    db.sqlite
      .prepare("update site_visit set meet_at = ? where item_id = ?")
      .run((visit?.startsAt ?? 0) - 45 * MINUTE, visit?.id);
    const stale = { itemId: visit?.id ?? "", seenAt: visit?.updatedAt ?? 0 };
    expect(await later(staff(0), stale.itemId, 330)).toMatchObject({ ok: true });
    const moved = draftItem(staff(0), stale.itemId)?.item;
    expect(moved?.startsAt).toBe((visit?.startsAt ?? 0) + 330 * MINUTE);
    expect(moved?.visit?.meetAt).toBe((moved?.startsAt ?? 0) - 45 * MINUTE);
    const to = { startsAt: visit?.startsAt ?? 0, endsAt: visit?.endsAt ?? 0 };
    expect(await moveAgendaItem(staff(1), { ...stale, to })).toMatchObject({ refusal: "changed_meanwhile" });
    expect(meeting.itemIds).toContain(stale.itemId);
  });

  test("keeps to times that can be, and to places of the edition", async () => {
    const { staff } = world();
    const { id: itemId, updatedAt: seenAt, startsAt } = first(staff(0));
    const move = (to: { startsAt: number; endsAt: number; venueId?: string }) =>
      moveAgendaItem(staff(0), { itemId, seenAt, to });
    expect(await move({ startsAt, endsAt: startsAt })).toMatchObject({ refusal: "wrong_time" });
    expect(await move({ startsAt, endsAt: startsAt + 25 * 60 * MINUTE })).toMatchObject({
      refusal: "wrong_time",
    });
    expect(await move({ startsAt, endsAt: startsAt + 60 * MINUTE, venueId: "elsewhere" })).toMatchObject({
      refusal: "unknown_place",
    });
  });

  test("to another day keeps the wall clock, whatever the clocks do in between", () => {
    // New York, the night in which the clocks go back.
    const startsAt = Date.UTC(2018, 10, 3, 13, 0);
    const { startsAt: next, endsAt } = shifted(
      { startsAt, endsAt: startsAt + 90 * MINUTE },
      { days: 1 },
      "America/New_York",
    );
    expect(next - startsAt).toBe(25 * 60 * MINUTE);
    expect(endsAt - next).toBe(90 * MINUTE);
    expect(minuteOfDay(Date.UTC(2018, 11, 3, 1, 30), ZONE)).toBe(570);
    expect(dayAfter("2018-12-31", 1)).toBe("2019-01-01");
  });
});

describe("undoing", () => {
  test("takes back a move, and does it again", async () => {
    const { staff } = world();
    const { id, startsAt } = first(staff(0));
    await later(staff(0), id, 30);
    expect(await undoAgendaStep(staff(0))).toEqual({ ok: true, value: { itemId: id } });
    expect(draftItem(staff(0), id)?.item.startsAt).toBe(startsAt);
    expect(await undoAgendaStep(staff(0))).toEqual({ ok: false, refusal: "nothing" });
    expect(await redoAgendaStep(staff(0))).toMatchObject({ ok: true });
    expect(draftItem(staff(0), id)?.item.startsAt).toBe(startsAt + 30 * MINUTE);
    expect(await redoAgendaStep(staff(0))).toEqual({ ok: false, refusal: "nothing" });
  });

  test("leaves alone what a colleague changed since, and what they did themselves", async () => {
    const { staff } = world();
    const { id, startsAt } = first(staff(0));
    await later(staff(0, "one"), id, 30);
    await retitled(staff(0, "other"), id, "A better title");
    expect(await undoAgendaStep(staff(0, "one"))).toMatchObject({ ok: true });
    expect(draftItem(staff(0), id)?.item).toMatchObject({ titleEn: "A better title", startsAt });
    expect(await undoAgendaStep(staff(0, "third"))).toEqual({ ok: false, refusal: "nothing" });
  });

  test("is refused when a colleague moved the same item since, and can be given up", async () => {
    const { staff } = world();
    const one = first(staff(0));
    const two = first(staff(0), 1);
    await later(staff(0, "one"), two.id, 5);
    await later(staff(0, "one"), one.id, 30);
    await later(staff(0, "other"), one.id, 60);
    expect(await undoAgendaStep(staff(0, "one"))).toEqual({ ok: false, refusal: "changed_meanwhile" });
    expect(draftItem(staff(0), one.id)?.item.startsAt).toBe(one.startsAt + 90 * MINUTE);
    expect(await skipAgendaStep(staff(0, "one"), "undo")).toMatchObject({ ok: true });
    expect(await undoAgendaStep(staff(0, "one"))).toMatchObject({ value: { itemId: two.id } });
    expect(draftItem(staff(0), two.id)?.item.startsAt).toBe(two.startsAt);
  });

  test("brings back an item that was removed, with its visit, limits and people", async () => {
    const { staff, db, meeting } = world();
    const item = draftAgenda(staff(0)).items.find((one) => one.visit !== null);
    const itemId = item?.id ?? "";
    const invitationId = meeting.invitees[0]?.invitationId ?? "";
    await assignFunction(staff(0), { itemId, invitationId, function: "chair" });
    const before = nextItems(db.orm, meeting.editionId);
    await removeAgendaItem(staff(0), { itemId });
    expect(await undoAgendaStep(staff(0))).toMatchObject({ ok: true });
    expect(nextItems(db.orm, meeting.editionId)).toEqual(before);
    expect(await redoAgendaStep(staff(0))).toMatchObject({ ok: true });
    expect(draftItem(staff(0), itemId)).toBeNull();
  });

  test("takes away no visit that people have places on", async () => {
    const { staff, db, ctx, meeting } = world();
    const item = draftAgenda(staff(0)).items.find((one) => one.visit !== null);
    const copy = await copyAgendaItem(staff(0), {
      itemId: item?.id ?? "",
      to: { startsAt: item?.startsAt ?? 0, endsAt: item?.endsAt ?? 0 },
    });
    if (!copy.ok) throw new Error(copy.refusal);
    const visitId = draftItem(staff(0), copy.value.itemId)?.item.visit?.id ?? "";
    const [person] = meeting.invitees;
    if (person === undefined) throw new Error("there is nobody");
    // Whoever may ask sees published visits alone; staff of the visit give a seat by hand.
    db.sqlite
      .prepare(
        "insert into visit_place (id, visit_id, invitation_id, delegation_id, state, queue_number, asked_at) values ('p', ?, ?, ?, 'granted', 1, 1)",
      )
      .run(visitId, person.invitationId, person.delegationId);
    expect(await undoAgendaStep(staff(0))).toEqual({ ok: false, refusal: "has_places" });
    expect(draftItem(staff(0), copy.value.itemId)).not.toBeNull();
    await db.write((tx) => askForPlaces(tx, ctx, { ...person, visitIds: [] }));
  });

  test("any number of steps back and forth ends where it began", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            n: fc.nat(8),
            what: fc.constantFrom("move", "title", "copy", "remove", "function" as const),
            by: fc.integer({ min: -12, max: 12 }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (steps) => {
          const { staff, db, meeting } = world();
          const ctx = staff(0);
          const states = [JSON.stringify(nextItems(db.orm, meeting.editionId))];
          for (const { n, what, by } of steps) {
            const { id: itemId, startsAt, endsAt } = first(ctx, n);
            const invitationId = meeting.invitees[0]?.invitationId ?? "";
            if (what === "move") await later(ctx, itemId, by * 5);
            else if (what === "title") await retitled(ctx, itemId, `Title ${by}`);
            else if (what === "copy") await copyAgendaItem(ctx, { itemId, to: { startsAt, endsAt } });
            else if (what === "remove") await removeAgendaItem(ctx, { itemId });
            else await assignFunction(ctx, { itemId, invitationId, function: "chair" });
            const now = JSON.stringify(nextItems(db.orm, meeting.editionId));
            if (now !== states.at(-1)) states.push(now);
          }
          for (const state of states.slice(0, -1).toReversed()) {
            expect(await undoAgendaStep(ctx)).toMatchObject({ ok: true });
            expect(JSON.stringify(nextItems(db.orm, meeting.editionId))).toBe(state);
          }
          for (const state of states.slice(1)) {
            expect(await redoAgendaStep(ctx)).toMatchObject({ ok: true });
            expect(JSON.stringify(nextItems(db.orm, meeting.editionId))).toBe(state);
          }
          db.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  test("reaches back sixty steps, and is on the trail", async () => {
    const { staff, db } = world();
    const { id } = first(staff(0));
    for (let n = 0; n < 65; n++) await later(staff(0), id, 5);
    expect(db.orm.select().from(agendaJournal).all()).toHaveLength(60);
    await undoAgendaStep(staff(0));
    expect(db.orm.select().from(auditEvent).all().at(-1)?.action).toBe("agenda.undo");
  });
});

test("the order of functions is changed by either side for its own people, past those of the other", async () => {
  const { staff, db, meeting } = world();
  const { id: itemId } = first(staff(0));
  const [mine, theirs, second] = meeting.invitees;
  for (const [side, one] of [
    [0, mine],
    [1, theirs],
    [0, second],
  ] as const)
    await assignFunction(staff(side), {
      itemId,
      invitationId: one?.invitationId ?? "",
      function: "presenter",
    });
  const order = () =>
    db.orm
      .select()
      .from(agendaFunction)
      .orderBy(agendaFunction.position)
      .all()
      .map((row) => row.invitationId);
  const entry = { itemId, invitationId: second?.invitationId ?? "", function: "presenter" as const };
  expect(await orderFunction(staff(1), { ...entry, by: -1 })).toMatchObject({ refusal: "not_found" });
  expect(await orderFunction(staff(0), { ...entry, by: -1 })).toMatchObject({ ok: true });
  expect(order()).toEqual([mine?.invitationId, second?.invitationId, theirs?.invitationId]);
  expect(await orderFunction(staff(0), { ...entry, by: -1 })).toMatchObject({ ok: true });
  expect(await orderFunction(staff(0), { ...entry, by: -1 })).toMatchObject({ ok: true });
  expect(order()[0]).toBe(second?.invitationId);
  expect(draftItem(staff(0), itemId)?.functions.map(({ place }) => place)).toEqual([1, 2]);
});

describe("two who save the same item", () => {
  test("get both changes where they do not touch, and see both where they do", () => {
    const before = { titleEn: "Dinner", start: "18:30", delegationIds: ["a"], internalNote: "" };
    const theirs = { ...before, titleEn: "Welcome dinner", start: "19:00", delegationIds: ["b", "a"] };
    const yours = { ...before, start: "18:00", internalNote: "Ask for a stage", delegationIds: "a" };
    const { values, differences } = mergeForms(before, theirs, yours);
    expect(values).toMatchObject({
      titleEn: "Welcome dinner",
      start: "18:00",
      internalNote: "Ask for a stage",
      delegationIds: ["b", "a"],
    });
    expect(differences.map(({ name, both }) => [name, both])).toEqual([
      ["titleEn", false],
      ["start", true],
      ["delegationIds", false],
    ]);
  });
});

describe("a place", () => {
  const HALL = {
    nameEn: "Hall",
    nameZh: "大厅",
    addressEn: "",
    addressZh: "",
    withinId: null,
    capacity: null,
  };
  const idOf = async (made: ReturnType<typeof addVenue>) => {
    const result = await made;
    if (!result.ok) throw new Error(result.refusal);
    return result.value.venueId;
  };

  test("is said by its new name wherever the draft uses it, and cannot go while it does", async () => {
    const { staff } = world();
    const ctx = staff(0);
    const venueId = await idOf(addVenue(ctx, HALL));
    const { id: itemId, updatedAt: seenAt, startsAt, endsAt } = first(ctx);
    await moveAgendaItem(ctx, { itemId, seenAt, to: { startsAt, endsAt, venueId } });
    await changeVenue(ctx, {
      venueId,
      input: { ...HALL, nameEn: "Great Hall", addressEn: "1 Example Street" },
    });
    expect(draftItem(ctx, itemId)?.item).toMatchObject({
      placeEn: "Great Hall",
      details: { addressEn: "1 Example Street" },
    });
    expect(await removeVenue(ctx, { venueId })).toEqual({ ok: false, refusal: "in_use" });
    await undoAgendaStep(ctx);
    expect(await removeVenue(ctx, { venueId })).toMatchObject({ ok: true });
    expect(await redoAgendaStep(ctx)).toEqual({ ok: false, refusal: "changed_meanwhile" });
  });

  test("is a room of a house or a house itself; ways lead between houses and are the same both ways", async () => {
    const { staff } = world();
    const ctx = staff(0);
    const hotel = await idOf(addVenue(ctx, { ...HALL, nameEn: "Hotel" }));
    const court = await idOf(addVenue(ctx, { ...HALL, nameEn: "Court" }));
    const room = await idOf(addVenue(ctx, { ...HALL, nameEn: "Room", withinId: hotel }));
    expect(await addVenue(ctx, { ...HALL, withinId: room })).toMatchObject({ refusal: "unknown_house" });
    expect(await changeVenue(ctx, { venueId: hotel, input: { ...HALL, withinId: court } })).toMatchObject({
      refusal: "unknown_house",
    });
    expect(await setWays(ctx, { venueId: room, minutes: new Map([[court, 5]]) })).toMatchObject({
      refusal: "not_found",
    });
    await setWays(ctx, { venueId: court, minutes: new Map([[hotel, 30]]) });
    const { venues, ways } = venueList(ctx);
    const minutes = travel(venues, ways);
    expect([minutes(room, court), minutes(court, room), minutes(room, hotel)]).toEqual([30, 30, 0]);
    await setWays(ctx, { venueId: hotel, minutes: new Map([[court, null]]) });
    expect(venueList(ctx).ways).toEqual([]);
  });

  test("is changed by those who plan the agenda alone, and is another edition's nowhere", async () => {
    const { staff, ctx } = world();
    const reader = staff(0, "reader", "read_only");
    expect(await addVenue(reader, HALL)).toMatchObject({ refusal: "forbidden" });
    const plan = { slug: "other", people: 1, seats: [], now: ctx.clock.now() };
    const other = writeMeeting(ctx.db.orm, testKeys, plan);
    const elsewhere = { ...staff(0), scope: { ...staff(0).scope, editionId: other.editionId } };
    const venueId = await idOf(addVenue(elsewhere, HALL));
    expect(await removeVenue(staff(0), { venueId })).toMatchObject({ refusal: "not_found" });
    expect(await changeVenue(staff(0), { venueId, input: HALL })).toMatchObject({ refusal: "not_found" });
    const item = first(staff(0));
    const to = { startsAt: item.startsAt, endsAt: item.endsAt, venueId };
    expect(await moveAgendaItem(staff(0), { itemId: item.id, seenAt: item.updatedAt, to })).toMatchObject({
      refusal: "unknown_place",
    });
  });
});

test("adding is undone by taking away, unless somebody has worked on it", async () => {
  const { staff, db, meeting } = world();
  const parsed = agendaItemForm.parse({
    kind: "session",
    day: "2018-12-04",
    start: "10:00",
    end: "11:00",
    titleEn: "New",
    titleZh: "新",
    audience: "all",
  });
  const added = await addAgendaItem(staff(0), parsed);
  if (!added.ok) throw new Error(added.refusal);
  const { itemId } = added.value;
  await retitled(staff(1), itemId, "Newer");
  expect(await undoAgendaStep(staff(0))).toEqual({ ok: false, refusal: "changed_meanwhile" });
  await undoAgendaStep(staff(1));
  expect(await undoAgendaStep(staff(0))).toMatchObject({ ok: true });
  expect(nextItems(db.orm, meeting.editionId).some(({ id }) => id === itemId)).toBe(false);
});

describe("a form that comes twice", () => {
  const typed = (given: Record<string, string>) => {
    const form = new FormData();
    const values = {
      kind: "session",
      day: "2018-11-05",
      start: "09:00",
      end: "10:00",
      titleEn: "A session",
      titleZh: "会议",
      audience: "all",
      ...given,
    };
    for (const [name, value] of Object.entries(values)) form.append(name, value);
    const parsed = parseForm(agendaItemForm, form);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.form.errors));
    return parsed.value;
  };

  test("adds one item, also of a visit; another one is another", async () => {
    const { staff, meeting } = world();
    for (const input of [
      typed({}),
      typed({
        kind: "site_visit",
        capacity: "12",
        hostEn: "A court",
        hostZh: "某法院",
        [`seats.${meeting.delegationIds[0]}`]: "4",
      }),
    ]) {
      const before = draftAgenda(staff(0)).items.length;
      const added = await addAgendaItem(staff(0), input);
      expect(await addAgendaItem(staff(0), input)).toEqual(added);
      expect(draftAgenda(staff(0)).items).toHaveLength(before + 1);
      await addAgendaItem(staff(0), { ...input, titleEn: "Another" });
      expect(draftAgenda(staff(0)).items).toHaveLength(before + 2);
    }
  });

  test("moves once and is told that it moved", async () => {
    const { staff } = world();
    const { id: itemId, updatedAt: seenAt, startsAt, endsAt } = first(staff(0));
    const to = { startsAt: startsAt + 30 * MINUTE, endsAt: endsAt + 30 * MINUTE };
    const moved = await moveAgendaItem(staff(0), { itemId, seenAt, to });
    expect(moved).toMatchObject({ ok: true });
    expect(await moveAgendaItem(staff(0), { itemId, seenAt, to })).toEqual(moved);
  });

  test("takes back one step, and does one again", async () => {
    const { staff } = world();
    const { id, startsAt } = first(staff(0));
    await later(staff(0), id, 30);
    await later(staff(0), id, 30);
    const seen = agendaBoard(staff(0)).undo?.id ?? "";
    const starts = () => draftItem(staff(0), id)?.item.startsAt;
    expect(await undoAgendaStep(staff(0), { seen })).toMatchObject({ ok: true });
    expect(await undoAgendaStep(staff(0), { seen })).toMatchObject({ ok: true });
    expect(starts()).toBe(startsAt + 30 * MINUTE);
    await undoAgendaStep(staff(0));
    const redoes = agendaBoard(staff(0)).redo?.id ?? "";
    expect(await redoAgendaStep(staff(0), { seen: redoes })).toMatchObject({ ok: true });
    expect(await redoAgendaStep(staff(0), { seen: redoes })).toMatchObject({ ok: true });
    expect(starts()).toBe(startsAt + 30 * MINUTE);
  });

  test("is no disagreement with oneself", () => {
    const theirs = { titleEn: "New", delegationIds: ["a", "b"], internalNote: "" };
    expect(standsAlready(theirs, { titleEn: "New ", delegationIds: ["b", "a"], seenAt: "3" })).toBe(true);
    expect(standsAlready(theirs, { titleEn: "New", delegationIds: ["a"] })).toBe(false);
  });
});

test("what comes back names whoever came in somebody's stead since", async () => {
  const { staff, db, meeting } = world();
  const person = meeting.invitees.find(({ sideId }) => sideId === meeting.sideIds[0])?.invitationId ?? "";
  const { id: itemId } = first(staff(0));
  await assignFunction(staff(0), { itemId, invitationId: person, function: "presenter" });
  await removeAgendaItem(staff(0), { itemId });
  const row = db.orm.select().from(invitation).where(eq(invitation.id, person)).get();
  if (row === undefined) throw new Error("nobody");
  const other = db.orm
    .select()
    .from(invitation)
    .all()
    .find((one) => one.id !== person && one.delegationId === row.delegationId);
  db.orm
    .update(invitation)
    .set({ replacesId: person })
    .where(eq(invitation.id, other?.id ?? ""))
    .run();
  expect(await undoAgendaStep(staff(0))).toMatchObject({ ok: true });
  const named = db.orm.select().from(agendaFunction).where(eq(agendaFunction.itemId, itemId)).all();
  expect(named.map(({ invitationId }) => invitationId)).toContain(other?.id);
  expect(named.map(({ invitationId }) => invitationId)).not.toContain(person);
  expect(await redoAgendaStep(staff(0))).toMatchObject({ ok: true });
});
