import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { endExport, finishTaking, makeExport, takeExport } from "#app/domain/export/commands.server.ts";
import { narrowingOf } from "#app/domain/export/form.ts";
import { exportsPage, findExport } from "#app/domain/export/queries.server.ts";
import { exportRows } from "#app/domain/export/rows.server.ts";
import { columnsFor, EXPORT_LIFE, mayExport } from "#app/domain/export/rules.ts";
import { rosterColumns } from "#app/domain/roster/columns.server.ts";
import { type RosterView, rosterView, USUAL_VIEW } from "#app/domain/roster/rules.ts";
import { newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import { EXPORT_PURPOSES, type ExportPurpose, type Permission } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, writeMeeting } from "#tests/support/meeting.ts";

let meeting: Meeting;
let base: ReturnType<typeof testContext>;

beforeEach(() => {
  base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 12,
    seats: [{ capacity: 5, quota: null }],
    now: AUTUMN_2018,
  });
});

function desk({
  sides = [0],
  permissions = ["lead"],
  id = "grace",
}: {
  sides?: ReadonlyArray<0 | 1>;
  permissions?: ReadonlyArray<Permission>;
  id?: string;
} = {}): StaffContext {
  const sideIds = sides.map((n) => meeting.sideIds[n]);
  return {
    ...base,
    actor: { kind: "staff", id },
    scope: { editionId: meeting.editionId, sideIds, permissions, bookSideIds: sideIds },
  };
}

function make(
  ctx: StaffContext,
  columns: ReadonlyArray<string>,
  {
    purpose = "own",
    view = {},
    ...more
  }: { purpose?: ExportPurpose; view?: Partial<RosterView>; format?: "pdf" } = {},
) {
  return makeExport(ctx, {
    purpose,
    format: "xlsx",
    language: "en",
    columns,
    wanted: {
      view: rosterView.parse({ ...USUAL_VIEW, ...view }),
      narrowing: narrowingOf({}),
      order: "view",
    },
    ...more,
  });
}

async function made(...how: Parameters<typeof make>): Promise<string> {
  const result = await make(...how);
  if (!result.ok) throw new Error(result.refusal);
  return result.value.exportId;
}

/** Takes a file: its columns, and its rows. */
async function take(ctx: StaffContext, exportId: string) {
  const taken = await takeExport(ctx, exportId);
  if (!taken.ok) return taken.refusal;
  const rows: Array<ReadonlyArray<unknown>> = [];
  for await (const part of exportRows(taken.value.ctx, taken.value, (cells) => cells)) rows.push(...part);
  return { ...taken.value, rows, keys: taken.value.columns.map(({ key }) => key) };
}

function people(side: 0 | 1): Array<Invitee> {
  return meeting.invitees.filter(({ sideId }) => sideId === meeting.sideIds[side]);
}

function agree(invitationId: string, given: boolean, at = 1) {
  base.db.orm
    .insert(schema.consent)
    .values({
      ...{ id: newId(), invitationId, kind: "photo_press", given, at },
      ...{ textVersion: 1, locale: "en", channel: "self" },
    })
    .run();
}

describe("the columns of a purpose", () => {
  const keysFor = (purpose: ExportPurpose, permissions: ReadonlyArray<Permission>) => {
    const ctx = desk({ permissions });
    return columnsFor(purpose, rosterColumns(ctx), ctx.scope).map(({ key }) => key);
  };

  it("are no more than it needs: no list for others has an address, a journey, a rank or a note", () => {
    for (const purpose of ["participants", "book", "badges", "press"] as const) {
      const ctx = desk();
      const classes = columnsFor(purpose, rosterColumns(ctx), ctx.scope).map(({ dataClass }) => dataClass);
      expect([purpose, new Set(classes)]).toEqual([purpose, new Set(["C1"])]);
    }
    for (const purpose of EXPORT_PURPOSES)
      for (const never of ["protocolOrder", "note"]) expect(keysFor(purpose, ["lead"])).not.toContain(never);
    expect(keysFor("travel", ["lead"])).toContain("arrivalNumber");
    expect(keysFor("travel", ["lead"])).not.toContain("answer:allergies");
    expect(keysFor("mailing", ["lead"])).not.toContain("arrivalNumber");
  });

  it("are no more than their reader may see", () => {
    expect(keysFor("own", ["lead"])).toEqual(
      expect.arrayContaining(["email", "arrivalNumber", "answer:allergies"]),
    );
    const desked = keysFor("own", ["duty_desk"]);
    expect(desked).toContain("arrivalNumber");
    expect(desked).not.toContain("answer:allergies");
    const reader = keysFor("own", ["read_only"]);
    expect(reader).toContain("nameLatin");
    for (const hidden of ["email", "phone", "arrivalNumber", "hotel"]) expect(reader).not.toContain(hidden);
    const offered = EXPORT_PURPOSES.filter((each) =>
      mayExport(each, desk({ permissions: ["read_only"] }).scope),
    );
    expect(offered).toEqual(["participants", "book", "badges", "press", "own"]);
  });
});

describe("a file", () => {
  it("holds the people of its sides and nobody else's, whatever the view asks for", async () => {
    const exportId = await made(desk(), ["nameLatin", "email"]);
    const taken = await take(desk(), exportId);
    if (typeof taken === "string") throw new Error(taken);
    const mine = people(0).map(({ email }) => email);
    expect(new Set(taken.rows.map(([, email]) => email))).toEqual(new Set(mine));
    // Whoever works for both sides and opens one side's file gets that side's people.
    const both = await take(desk({ sides: [0, 1] }), exportId);
    expect(typeof both !== "string" && both.rows).toEqual(taken.rows);
    const asked = {
      any: [[{ column: "delegation", test: "is" as const, value: people(1)[0]?.delegationId ?? "" }]],
    };
    expect(await make(desk(), ["nameLatin"], { view: asked })).toEqual({ ok: false, refusal: "nobody" });
  });

  it("of both sides is there for whoever works for both, and counts in each side's trail", async () => {
    const both = desk({ sides: [0, 1], id: "joint" });
    const exportId = await made(both, ["nameLatin"]);
    for (const one of [desk(), desk({ sides: [1] })]) {
      expect(findExport([one], exportId)).toBeNull();
      expect(exportsPage([one])).toEqual([]);
      expect(await take(one, exportId)).toBe("gone");
      expect(await endExport(one, exportId)).toEqual({ ok: false, refusal: "gone" });
    }
    await take(both, exportId);
    const trail = base.db.orm
      .select()
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.action, "person.export"))
      .all();
    expect(trail.map(({ coHostId, actorId, details }) => [coHostId, actorId, JSON.parse(details)])).toEqual(
      meeting.sideIds.map((sideId) => [
        sideId,
        "joint",
        { count: 6, exportPurpose: "own", exportColumns: ["nameLatin"] },
      ]),
    );
  });

  it("with journeys is not there for a colleague who may not see them, nor when its view only asks for them", async () => {
    const journeys = await made(desk(), ["nameLatin", "arrivalNumber"], { purpose: "travel" });
    const asking = await made(desk(), ["nameLatin"], {
      view: { any: [[{ column: "arrivalNumber", test: "blank", value: "" }]] },
    });
    const plain = await made(desk(), ["nameLatin"]);
    const reader = desk({ permissions: ["mail"], id: "mailer" });
    for (const exportId of [journeys, asking]) {
      expect(findExport([reader], exportId)).toBeNull();
      expect(await take(reader, exportId)).toBe("gone");
    }
    expect(exportsPage([reader]).map(({ id }) => id)).toEqual([plain]);
    expect(await take(desk({ permissions: ["logistics"], id: "driver" }), journeys)).toMatchObject({
      keys: ["nameLatin", "arrivalNumber"],
    });
    expect(await make(reader, ["nameLatin"], { purpose: "travel" })).toEqual({ ok: false, refusal: "gone" });
    expect(await make(reader, ["arrivalNumber"])).toEqual({ ok: false, refusal: "columns" });
  });

  it("may not be chosen by what may not leave in it", async () => {
    const view = { any: [[{ column: "note", test: "blank" as const, value: "" }]] };
    expect(await make(desk(), ["nameLatin"], { view })).toEqual({ ok: false, refusal: "beyond" });
  });

  it("for the press has those who agreed, by their newest word, when it is taken", async () => {
    const [one, two, three] = people(0);
    agree(one?.invitationId ?? "", true);
    agree(two?.invitationId ?? "", true);
    agree(two?.invitationId ?? "", false, 2);
    const exportId = await made(desk(), ["nameLatin", "email"], { purpose: "press" });
    const first = await take(desk(), exportId);
    expect(first).toMatchObject({ keys: ["nameLatin"], people: 1, rows: [[one?.nameLatin]] });
    agree(three?.invitationId ?? "", true, 3);
    agree(one?.invitationId ?? "", false, 4);
    expect(await take(desk(), exportId)).toMatchObject({ rows: [[three?.nameLatin]] });
  });

  it("for others has no institution of whoever takes part in a personal capacity; ours has", async () => {
    const ctx = desk({ permissions: ["lead"] });
    const [who] = people(0);
    const registrationId = newId();
    base.db.orm
      .insert(schema.registration)
      .values({
        ...{ id: registrationId, invitationId: who?.invitationId ?? "", state: "submitted", formVersion: 1 },
        ...{ locale: "en", revision: 1, createdAt: 1, updatedAt: 1 },
      })
      .run();
    const answers = JSON.stringify({ personalCapacity: "on" });
    const section = { registrationId, section: "post", state: "submitted", answers, updatedAt: 1 } as const;
    base.db.orm.insert(schema.registrationSection).values(section).run();
    base.db.orm.update(schema.person).set({ institutionEn: "Court", positionEn: "Judge" }).run();
    for (const { invitationId } of people(0)) agree(invitationId, true);
    const blanks = async (purpose: ExportPurpose) => {
      const taken = await take(
        ctx,
        await made(ctx, ["nameLatin", "institutionEn", "positionEn"], { purpose }),
      );
      if (typeof taken === "string") throw new Error(taken);
      expect(taken.rows.every((row) => row.length === 3 && row[2] === "Judge")).toBe(true);
      return taken.rows.filter(([, institution]) => institution !== "Court").length;
    };
    for (const purpose of ["participants", "badges", "press"] as const)
      expect([purpose, await blanks(purpose)]).toEqual([purpose, 1]);
    for (const purpose of ["contacts", "mailing"] as const)
      expect([purpose, await blanks(purpose)]).toEqual([purpose, 0]);
  });

  it("works for a day, until somebody ends it, and forgets whom it was about once it is over", async () => {
    const [ended, expires] = [await made(desk(), ["nameLatin"]), await made(desk(), ["nameLatin"])];
    const viewOf = (exportId: string) =>
      base.db.orm.select().from(schema.exportFile).where(eq(schema.exportFile.id, exportId)).get()?.view;
    expect(await endExport(desk({ id: "ada" }), ended)).toEqual({ ok: true, value: null });
    expect(await endExport(desk(), ended)).toEqual({ ok: false, refusal: "gone" });
    expect(await take(desk(), ended)).toBe("gone");
    expect(viewOf(ended)).toBe("");
    base.clock.advance(EXPORT_LIFE - 1);
    expect(await take(desk(), expires)).not.toBe("gone");
    base.clock.advance(1);
    expect(await take(desk(), expires)).toBe("gone");
    expect(viewOf(expires)).not.toBe("");
    await made(desk(), ["nameLatin"]);
    expect(viewOf(expires)).toBe("");
    expect(
      exportsPage([desk()])
        .map(({ state }) => state)
        .sort(),
    ).toEqual(["ended", "expired", "open"]);
  });

  it("says who took it, and whether all of it went out", async () => {
    const exportId = await made(desk(), ["nameLatin"]);
    const taken = await takeExport(desk(), exportId);
    if (!taken.ok) throw new Error(taken.refusal);
    base.clock.advance(1);
    await takeExport(desk({ id: "ada" }), exportId);
    await finishTaking(desk(), { takingId: taken.value.takingId, sha256: "ab" });
    expect(findExport([desk()], exportId)?.facts.takings).toMatchObject([
      { people: 6, whole: false, sha256: "" },
      { people: 6, whole: true, sha256: "ab" },
    ]);
  });
});
