import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXlsx } from "#app/documents/xlsx.server.ts";
import {
  arrange,
  lookAtAccess,
  savePlace,
  takeAccessSheet,
  unarrange,
} from "#app/domain/access-need/commands.server.ts";
import { accessPage } from "#app/domain/access-need/queries.server.ts";
import { matters, needsTold } from "#app/domain/access-need/rules.ts";
import * as schema from "#db/schema/index.ts";
import { ACCESS_NEEDS } from "#db/vocabulary.ts";
import { needsWorld, tells } from "../support/needs.ts";

const telling = fc.record({
  accessNeeds: fc.uniqueArray(fc.constantFrom(...ACCESS_NEEDS), { maxLength: 3 }),
  accessText: fc.constantFrom("", "", "A chair with arms"),
});
const needsSection = (told: { accessNeeds: ReadonlyArray<string>; accessText: string }) => ({
  needs: { diets: ["none"], dietText: "", allergies: "", allergySeverity: "", ...told },
});

describe("access needs", () => {
  test("are counted by item as they were told, one's own and (for the host) the others'", () => {
    fc.assert(
      fc.property(fc.array(telling, { minLength: 6, maxLength: 6 }), (answers) => {
        const { orm, staff, person, meeting } = needsWorld({
          people: 6,
          seats: [{ capacity: 9, quota: null }],
        });
        for (const [n, told] of answers.entries()) tells(orm, person(n), needsSection(told));
        orm
          .insert(schema.visitPlace)
          .values({
            id: "place",
            visitId: meeting.visitIds[0] ?? "",
            invitationId: person(0).invitationId,
            delegationId: person(0).delegationId,
            state: "granted",
            queueNumber: 1,
            askedAt: 0,
          })
          .run();
        const expected = (need: (typeof ACCESS_NEEDS)[number], of: (n: number) => boolean) =>
          answers.filter((told, n) => of(n) && needsTold(told).includes(need)).length;
        for (const side of [0, 1] as const) {
          const page = accessPage(staff(side));
          for (const { id, kind } of orm.select().from(schema.agendaItem).all())
            for (const need of ACCESS_NEEDS) {
              const goes = (n: number) => kind !== "site_visit" || n === 0;
              const own = matters(need, kind) ? expected(need, (n) => goes(n) && n % 2 === side) : 0;
              const others =
                matters(need, kind) && side === 1 ? expected(need, (n) => goes(n) && n % 2 === 0) : 0;
              const line = page.items
                .find(({ itemId }) => itemId === id)
                ?.lines.find((each) => each.need === need);
              expect([line?.own ?? 0, line?.others ?? 0]).toEqual([own, others]);
            }
        }
      }),
      { numRuns: 15 },
    );
  });

  test("are met by the place, by what a side arranged, or open; a room's word goes before its house's", async () => {
    const { orm, staff, person, item, meeting } = needsWorld();
    tells(orm, person(0), needsSection({ accessNeeds: ["step_free", "sight"], accessText: "" }));
    const [house] = orm.select().from(schema.venue).all();
    if (house === undefined) throw new Error("no house");
    const roomId = "room-of-the-house";
    orm
      .insert(schema.venue)
      .values({ ...house, id: roomId, nameEn: "A room", withinId: house.id })
      .run();
    const itemId = item("Session 2");
    orm.update(schema.agendaItem).set({ venueId: roomId }).where(eq(schema.agendaItem.id, itemId)).run();
    const line = (need: string) =>
      accessPage(staff(0))
        .items.find((each) => each.itemId === itemId)
        ?.lines.find((each) => each.need === need);
    expect([line("step_free")?.state, line("sight")?.state]).toEqual(["ask", "missing"]);
    await savePlace(staff(1), { venueId: house.id, has: { step_free: "yes" }, notes: {} });
    expect(line("step_free")?.state).toBe("there");
    await savePlace(staff(1), {
      venueId: roomId,
      has: { step_free: "no" },
      notes: { step_free: "Two steps" },
    });
    expect(line("step_free")).toMatchObject({ state: "missing", placeNote: "Two steps" });
    const ramp = { itemId, need: "step_free" as const, note: "A ramp is brought" };
    expect(await arrange(staff(1), ramp)).toEqual({ ok: false, refusal: "gone" });
    expect(await arrange(staff(0), ramp)).toEqual({ ok: true, value: null });
    expect(line("step_free")).toMatchObject({ state: "arranged", arranged: "A ramp is brought" });
    // The host counts the need and reads nothing of what the other side wrote.
    expect(JSON.stringify(accessPage(staff(1)))).not.toContain("ramp");
    expect(await unarrange(staff(1), ramp)).toEqual({ ok: false, refusal: "gone" });
    for (const _time of ["first", "again"])
      expect(await unarrange(staff(0), ramp)).toEqual({ ok: true, value: null });
    expect(line("step_free")?.state).toBe("missing");
    expect(await savePlace(staff(1), { venueId: "nowhere", has: {}, notes: {} })).toEqual({
      ok: false,
      refusal: "gone",
    });
    expect(meeting.itemIds).toContain(itemId);
  });

  test("are shown by name to their own side alone, each look and each sheet on record", async () => {
    const { orm, staff, person } = needsWorld();
    for (const n of [0, 1])
      tells(orm, person(n), needsSection({ accessNeeds: ["hearing"], accessText: `Left ear ${n}` }));
    expect((await lookAtAccess(staff(1))).map(({ nameLatin, text }) => [nameLatin, text])).toEqual([
      [person(1).nameLatin, "Left ear 1"],
    ]);
    const bytes = await takeAccessSheet(staff(1), { file: "access.xlsx", locale: "en", withNames: true });
    const sheet = JSON.stringify(await readXlsx(bytes));
    expect(sheet).toContain(person(1).nameLatin);
    expect(sheet).not.toContain(person(0).nameLatin);
    const forPlaces = await takeAccessSheet(staff(1), {
      file: "access-places.xlsx",
      locale: "en",
      withNames: false,
    });
    expect(JSON.stringify(await readXlsx(forPlaces))).not.toContain("Delegate");
    const actions = orm
      .select()
      .from(schema.auditEvent)
      .all()
      .map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith("access."))).toEqual([
      "access.look",
      "access.takeSheet",
      "access.takeSheet",
    ]);
  });
});
