import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXlsx } from "#app/documents/xlsx.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { substitute } from "#app/domain/invitation/substitution.server.ts";
import {
  lookAtNames,
  removeTable,
  saveSeating,
  saveTable,
  saveWords,
  seatTheRest,
} from "#app/domain/meal/commands.server.ts";
import { ABSENT } from "#app/domain/meal/form.ts";
import { mealList, mealPage, namedLines } from "#app/domain/meal/queries.server.ts";
import { addUp, awayFrom, countNeeds, type Needs, SEVERITIES, seatByOrder } from "#app/domain/meal/rules.ts";
import { takeKitchenSheet } from "#app/domain/meal/sheets.server.ts";
import { insertRelease } from "#app/domain/privacy/release.server.ts";
import * as schema from "#db/schema/index.ts";
import { DIETS, type Diet } from "#db/vocabulary.ts";
import { needsWorld, tells } from "../support/needs.ts";

const SPECIAL = DIETS.filter((diet) => diet !== "none");

type Told = { needs: Needs; comes: boolean; sent: boolean; absent: boolean };

const told: fc.Arbitrary<Told> = fc.record({
  needs: fc.record({
    diets: fc.oneof(
      fc.constant<Array<Diet>>(["none"]),
      fc.uniqueArray(fc.constantFrom(...SPECIAL), { maxLength: 4 }),
    ),
    dietText: fc.constantFrom("", "", "No celery"),
    allergies: fc.constantFrom("", "", "Peanuts", "花生"),
    severity: fc.constantFrom(...SEVERITIES, "" as const),
  }),
  comes: fc.boolean(),
  sent: fc.boolean(),
  absent: fc.boolean(),
});

function needsSection({ diets, dietText, allergies, severity }: Needs) {
  return {
    needs: { diets, dietText, allergies, allergySeverity: severity, accessNeeds: [], accessText: "" },
  };
}

function mustSeat(
  world: ReturnType<typeof needsWorld>,
  side: 0 | 1,
  tables: Record<string, string>,
  places = {},
) {
  const itemId = world.item("Lunch");
  const seen = mealPage(world.staff(side), itemId)?.seen ?? "";
  return saveSeating(world.staff(side), { itemId, seen, tables, places });
}

async function table(ctx: StaffContext, itemId: string, name: string, seats = 8, head = false) {
  const saved = await saveTable(ctx, { itemId, tableId: "", name, seats, head: head ? "on" : null });
  if (!saved.ok) throw new Error(saved.refusal);
  return saved.value.tableId;
}

describe("what the kitchen counts", () => {
  test("is what the answers say, by side and by table, whoever answers what", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(told, { minLength: 8, maxLength: 8 }),
        fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }),
        async (answers, at) => {
          const world = needsWorld();
          const { orm, meeting, staff, item } = world;
          const itemId = item("Lunch");
          const tableIds = [await table(staff(1), itemId, "1"), await table(staff(0), itemId, "2")];
          const seats: Record<string, string> = {};
          for (const [n, one] of answers.entries()) {
            const who = world.person(n);
            tells(orm, who, needsSection(one.needs), one.sent ? "submitted" : "draft");
            if (!one.comes)
              orm
                .update(schema.invitation)
                .set({ reply: "declined" })
                .where(eq(schema.invitation.id, who.invitationId))
                .run();
            seats[who.invitationId] = one.absent ? ABSENT : (tableIds[at[n] ?? 0] ?? "");
          }
          for (const side of [0, 1] as const)
            expect(await mustSeat(world, side, seats)).toMatchObject({ ok: true });
          const expected = (of: (n: number) => boolean) =>
            countNeeds(
              answers.flatMap((one, n) =>
                one.comes && !one.absent && of(n) ? [one.sent ? one.needs : null] : [],
              ),
            );
          const page = mealPage(staff(1), itemId);
          expect(page?.total).toEqual(expected(() => true));
          for (const [n, tableId] of tableIds.entries())
            expect(page?.tables.find((each) => each.tableId === tableId)?.counts).toEqual(
              expected((who) => at[who] === n),
            );
          expect(page?.elsewhere).toEqual(expected((who) => at[who] === 2));
          for (const side of [0, 1] as const)
            expect(page?.sides.find(({ sideId }) => sideId === meeting.sideIds[side])?.counts).toEqual(
              expected((who) => who % 2 === side),
            );
          // A side that does not receive the meeting has its own people's numbers and nobody else's.
          expect(mealPage(staff(0), itemId)?.total).toEqual(expected((who) => who % 2 === 0));
          expect(mealList(staff(1)).meals.find((meal) => meal.itemId === itemId)?.counts).toEqual(
            page?.total,
          );
          const names = namedLines(staff(1), itemId).map(({ invitationId }) => invitationId);
          expect(
            names.every((id) => meeting.invitees.some((who, n) => who.invitationId === id && n % 2 === 1)),
          ).toBe(true);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("tells of who is counted and not in the city; what is not known keeps nobody from it", () => {
    const meal = { startsAt: 100, endsAt: 200 };
    const away = (arrivesAt: number | null, leavesAt: number | null) =>
      awayFrom(meal, { arrivesAt, leavesAt });
    expect([away(null, null), away(199, 101), away(200, null), away(null, 100)]).toEqual([
      null,
      null,
      "arrives",
      "left",
    ]);
    const { staff, item, person, orm, meeting } = needsWorld();
    const late = {
      arrivalBy: "flight",
      arrivalOn: meeting.startsOn,
      arrivalTime: "18:20",
      arrivalNumber: "ZZ1",
    };
    tells(orm, person(0), { travel: late });
    expect(mealPage(staff(0), item("Lunch"))?.guests.map((guest) => guest.away)).toEqual([
      "arrives",
      null,
      null,
      null,
    ]);
    expect(mealList(staff(0)).meals.map((each) => each.away)).toEqual([1, 0, 0]);
  });

  test("adds up in any order", () => {
    const counts = fc.array(
      told.map(({ needs, sent }) => (sent ? needs : null)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(addUp([countNeeds(a), countNeeds(b)])).toEqual(countNeeds([...a, ...b]));
      }),
    );
  });
});

describe("names", () => {
  test("are one's own side's, with those whom another side released; and a look is on record", async () => {
    const world = needsWorld();
    const { orm, staff, item, person, meeting } = world;
    const itemId = item("Welcome dinner");
    const needs: Needs = { diets: ["halal"], dietText: "", allergies: "Peanuts", severity: "severe" };
    for (const n of [0, 1, 2]) tells(orm, person(n), needsSection(needs));
    expect(namedLines(staff(1), itemId).map(({ nameLatin }) => nameLatin)).toEqual([person(1).nameLatin]);

    await world.ctx.db.write((tx) =>
      insertRelease(tx, staff(0, ["lead"]), {
        fromSideId: meeting.sideIds[0],
        toSideId: meeting.sideIds[1],
        recipient: "",
        purpose: "The kitchen",
        columns: ["nameLatin", "diets", "allergies", "allergySeverity"],
        invitationIds: [person(0).invitationId],
        expiresAt: world.ctx.clock.now() + 1000,
      }),
    );
    expect(namedLines(staff(1), itemId).map(({ nameLatin }) => nameLatin)).toEqual([person(1).nameLatin]);
    orm
      .insert(schema.consent)
      .values({
        id: "transfer",
        invitationId: person(0).invitationId,
        kind: "transfer_abroad",
        given: true,
        textVersion: 1,
        locale: "en",
        channel: "self",
        at: 1,
      })
      .run();
    const looked = await lookAtNames(staff(1), { itemId });
    expect(
      looked.ok
        ? looked.value.lines.map((line) => [line.nameLatin, line.needs, line.invitationId === null])
        : null,
    ).toEqual([
      [person(0).nameLatin, needs, true],
      [person(1).nameLatin, needs, false],
    ]);
    const looks = orm.select().from(schema.auditEvent).where(eq(schema.auditEvent.action, "meal.look")).all();
    expect(looks.map(({ coHostId, details }) => [coHostId, JSON.parse(details)])).toEqual([
      [meeting.sideIds[1], { people: 2 }],
    ]);
    world.ctx.clock.advance(1001);
    expect(namedLines(staff(1), itemId)).toHaveLength(1);
  });

  test("stand on the sheet that a kitchen is handed, which is a release; numbers alone are none", async () => {
    const world = needsWorld();
    const { orm, staff, item, person } = world;
    const itemId = item("Welcome dinner");
    tells(
      orm,
      person(0),
      needsSection({
        diets: ["no_alcohol"],
        dietText: "",
        allergies: "Sesame",
        severity: "life_threatening",
      }),
    );
    tells(orm, person(1), needsSection({ diets: ["vegan"], dietText: "", allergies: "", severity: "" }));
    const words = {
      invitationId: person(0).invitationId,
      en: "No sesame, no oil of it",
      zh: "不含芝麻及芝麻油",
    };
    expect(await saveWords(staff(1), words)).toEqual({ ok: false, refusal: "gone" });
    const shown = namedLines(staff(0), itemId).find((line) => line.invitationId === person(0).invitationId);
    expect(await saveWords(staff(0), { ...words, told: `${shown?.told}x` })).toEqual({
      ok: false,
      refusal: "changed",
    });
    expect(await saveWords(staff(0), { ...words, told: shown?.told })).toEqual({ ok: true, value: null });

    const numbers = await takeKitchenSheet(staff(0), { itemId, file: "counts.pdf", locale: "en" });
    expect(numbers.ok && new TextDecoder("latin1").decode(numbers.value.bytes.slice(0, 5))).toBe("%PDF-");
    expect(orm.select().from(schema.release).all()).toEqual([]);

    const taken = await takeKitchenSheet(staff(0), { itemId, file: "kitchen.xlsx", locale: "en" });
    if (!taken.ok) throw new Error(taken.refusal);
    const rows = await readXlsx(taken.value.bytes);
    const text = JSON.stringify(rows);
    for (const word of [
      "Sesame",
      "不含芝麻及芝麻油",
      "No sesame, no oil of it",
      "不饮酒 No alcohol",
      person(0).nameLatin,
    ])
      expect(text).toContain(word);
    expect(text).not.toContain(person(1).nameLatin);
    const lines = rows.ok ? rows.rows.map((row) => JSON.stringify(row)) : [];
    expect(lines.find((line) => line.includes("No alcohol"))).toMatch(/[":,[]1[",\]}]/);
    for (const file of ["kitchen.pdf", "cards.pdf"] as const)
      expect((await takeKitchenSheet(staff(0), { itemId, file, locale: "zh-CN" })).ok).toBe(true);
    const releases = orm.select().from(schema.release).all();
    expect(releases).toHaveLength(1);
    expect(releases[0]).toMatchObject({ toCoHostId: null });
    expect(
      orm
        .select()
        .from(schema.releasePerson)
        .all()
        .map(({ invitationId }) => invitationId),
    ).toEqual([person(0).invitationId]);
    // Whoever comes onto it later is released as well, and nobody twice.
    tells(orm, person(2), needsSection({ diets: ["halal"], dietText: "", allergies: "", severity: "" }));
    await takeKitchenSheet(staff(0), { itemId, file: "kitchen.pdf", locale: "en" });
    expect(
      orm
        .select()
        .from(schema.releasePerson)
        .all()
        .map(({ invitationId }) => invitationId)
        .sort(),
    ).toEqual([person(0).invitationId, person(2).invitationId].sort());
  });

  test("words for the kitchen go with the answer that they put into words", async () => {
    const world = needsWorld();
    const { orm, staff, item, person } = world;
    const needs: Needs = { diets: ["none"], dietText: "", allergies: "Nuts", severity: "severe" };
    tells(orm, person(0), needsSection(needs));
    await saveWords(staff(0), { invitationId: person(0).invitationId, en: "No nuts", zh: "不含坚果" });
    const special = () => mealPage(staff(0), item("Lunch"))?.special;
    expect(special()).toEqual({ people: 1, dangerous: 1, unworded: 0 });
    orm
      .update(schema.registrationSection)
      .set({ answers: JSON.stringify(needsSection({ ...needs, allergies: "Nuts and soy" }).needs) })
      .run();
    expect(special()).toEqual({ people: 1, dangerous: 1, unworded: 1 });
    expect(namedLines(staff(0), item("Lunch"))[0]?.words).toBeNull();
  });
});

describe("tables", () => {
  test("never have more people than seats, nor two at one place, and what was changed meanwhile is not overwritten", async () => {
    const world = needsWorld();
    const { staff, item, person } = world;
    const itemId = item("Lunch");
    const small = await table(staff(1), itemId, "主桌", 2, true);
    const id = (n: number) => person(n).invitationId;
    expect(await mustSeat(world, 0, { [id(0)]: small, [id(2)]: small, [id(4)]: small })).toEqual({
      ok: false,
      refusal: "full",
    });
    expect(await mustSeat(world, 0, { [id(0)]: small }, { [id(0)]: "3" })).toEqual({
      ok: false,
      refusal: "full",
    });
    expect(await mustSeat(world, 0, { [id(0)]: small }, { [id(0)]: "1" })).toMatchObject({ ok: true });
    expect(await mustSeat(world, 1, { [id(1)]: small }, { [id(1)]: "1" })).toEqual({
      ok: false,
      refusal: "twice",
    });
    const seen = mealPage(staff(1), itemId)?.seen ?? "";
    const both = await Promise.all(
      [1, 3].map((n) => saveSeating(staff(1), { itemId, seen, tables: { [id(n)]: small }, places: {} })),
    );
    expect(both.map((outcome) => (outcome.ok ? "ok" : outcome.refusal)).sort()).toEqual(["changed", "ok"]);
    expect(mealPage(staff(0), itemId)?.tables[0]).toMatchObject({ taken: 2, own: 1 });
    expect(await removeTable(staff(1), { itemId, tableId: small })).toEqual({ ok: false, refusal: "small" });
    expect(await saveTable(staff(1), { itemId, tableId: small, name: "主桌", seats: 1, head: null })).toEqual(
      { ok: false, refusal: "small" },
    );
    expect(await saveTable(staff(1), { itemId, tableId: "", name: "主桌", seats: 4, head: null })).toEqual({
      ok: false,
      refusal: "taken",
    });
    // A form that adds a table may come twice; a seat at one that was taken away meanwhile is no seat.
    const [one, again] = [await table(staff(1), itemId, "九", 8), await table(staff(1), itemId, "九", 8)];
    expect(again).toBe(one);
    await removeTable(staff(0), { itemId, tableId: one });
    expect(await mustSeat(world, 1, { [id(5)]: one })).toEqual({ ok: false, refusal: "changed" });
    // Another side's people are nobody's to seat.
    expect(await mustSeat(world, 1, { [id(0)]: "" })).toMatchObject({ ok: true });
    expect(
      mealPage(staff(0), itemId)?.guests.find(({ invitationId }) => invitationId === id(0))?.tableId,
    ).toBe(small);
    expect(mealPage(staff(0), item("Session 1:"))).toBeNull();
  });

  test("are filled in protocol order: sides in turn at the head table, the others evenly", async () => {
    const world = needsWorld({ people: 12 });
    const { staff, item, person, orm } = world;
    const itemId = item("Lunch");
    for (const [n, who] of [4, 2, 0, 6, 8, 10].entries())
      orm
        .update(schema.invitation)
        .set({ protocolOrder: n + 1 })
        .where(eq(schema.invitation.id, person(who).invitationId))
        .run();
    await table(staff(1), itemId, "Head", 4, true);
    await table(staff(1), itemId, "2", 3);
    await table(staff(1), itemId, "3", 3);
    expect(await seatTheRest(staff(0), { itemId })).toEqual({ ok: true, value: { seated: 6, left: 0 } });
    expect(await seatTheRest(staff(1), { itemId })).toEqual({ ok: true, value: { seated: 4, left: 2 } });
    const page = mealPage(staff(0), itemId);
    const at = (n: number) =>
      page?.guests.find(({ invitationId }) => invitationId === person(n).invitationId)?.place;
    expect([at(4), at(2), at(0)]).toEqual([2, 4, null]);
    expect(page?.tables.map(({ places }) => places.filter((place) => place !== null).sort())).toEqual([
      [1, 2, 3, 4],
      [],
      [],
    ]);
    expect(page?.tables.map(({ taken }) => taken)).toEqual([4, 3, 3]);
  });

  test("a proposal gives nobody two seats and no table too many, whatever there is", () => {
    const size = fc.record({ head: fc.boolean(), seats: fc.integer({ min: 1, max: 6 }), gone: fc.nat(6) });
    fc.assert(
      fc.property(fc.nat(20), fc.array(size, { maxLength: 5 }), fc.boolean(), (people, sizes, isHost) => {
        const tables = sizes.map(({ head, seats, gone }, n) => ({
          tableId: String(n),
          head,
          seats,
          taken: Array.from({ length: Math.min(gone, seats) }, (_, place) => place + 1),
        }));
        const seats = seatByOrder(
          Array.from({ length: people }, (_, n) => String(n)),
          tables,
          { isHost },
        );
        expect(new Set(seats.map(({ invitationId }) => invitationId)).size).toBe(seats.length);
        for (const { tableId, seats: most, taken } of tables) {
          const here = seats.filter((seat) => seat.tableId === tableId);
          expect(here.length + taken.length).toBeLessThanOrEqual(Math.max(most, taken.length));
          const places = [...taken, ...here.map(({ place }) => place).filter((place) => place !== null)];
          expect(new Set(places).size).toBe(places.length);
        }
      }),
    );
  });

  test("a seat is given to who comes instead, and is free when nobody does", async () => {
    const world = needsWorld();
    const { staff, item, person } = world;
    const itemId = item("Lunch");
    const tableId = await table(staff(0), itemId, "1", 2);
    const [first, second] = [person(0).invitationId, person(2).invitationId];
    await mustSeat(world, 0, { [first]: tableId, [second]: tableId }, { [first]: "2" });
    const lead = staff(0, ["lead"]);
    const facts = {
      familyLatin: "Newcomer",
      givenLatin: "Nan",
      nameLatin: "Nan Newcomer",
      familyNative: "",
      givenNative: "",
      nameNative: "",
      sortKey: "newcomer",
      honorificEn: "",
      honorificZh: "",
      salutationEn: "",
      salutationZh: "",
      institutionEn: "",
      institutionZh: "",
      positionEn: "",
      positionZh: "",
      email: null,
      phone: null,
      locale: "en" as const,
    };
    const replaced = await substitute(lead, { invitationId: first, by: { facts }, note: "" });
    if (!replaced.ok) throw new Error(replaced.refusal);
    world.orm
      .update(schema.invitation)
      .set({ reply: "accepted" })
      .where(eq(schema.invitation.id, replaced.value.invitationId))
      .run();
    expect(await withdrawInvitation(lead, second)).toMatchObject({
      ok: true,
    });
    const page = mealPage(staff(0), itemId);
    expect(
      page?.guests.find(({ invitationId }) => invitationId === replaced.value.invitationId),
    ).toMatchObject({ tableId, place: 2 });
    expect(page?.tables[0]?.taken).toBe(1);
  });
});
