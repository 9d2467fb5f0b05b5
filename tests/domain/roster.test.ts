import { eq, inArray, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { rosterColumns } from "#app/domain/roster/columns.server.ts";
import { changeCells, rosterSteps, undoCells } from "#app/domain/roster/commands.server.ts";
import {
  countRoster,
  rosterCounts,
  rosterIds,
  rosterPage,
  rosterRows,
} from "#app/domain/roster/queries.server.ts";
import { type RosterView, rosterView, USUAL_VIEW } from "#app/domain/roster/rules.ts";
import { newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import { strokeKey } from "#db/stroke-key.ts";
import { CATEGORIES, REGISTRATION_STATES, REPLIES } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";

let meeting: Meeting;
let lead: StaffContext;
let other: StaffContext;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 60,
    seats: [{ capacity: 5, quota: null }],
    now: AUTUMN_2018,
  });
  const on = (sideId: string, id: string): StaffContext => ({
    ...base,
    actor: { kind: "staff", id },
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
  });
  lead = on(meeting.sideIds[0], "grace");
  other = on(meeting.sideIds[1], "lin");
});

function ours(ctx: StaffContext = lead) {
  return meeting.invitees.filter(({ sideId }) => sideId === ctx.scope.sideIds[0]);
}

function view(more: Partial<RosterView> = {}): RosterView {
  return rosterView.parse({ ...USUAL_VIEW, ...more });
}

function card(personId: string, facts: Partial<typeof schema.person.$inferInsert>) {
  lead.db.orm.update(schema.person).set(facts).where(eq(schema.person.id, personId)).run();
}

function cellOf(invitationId: string, column: string, ctx = lead) {
  const columns = rosterColumns(ctx).filter(({ key }) => key === column);
  return rosterRows(ctx, columns, [invitationId])[0]?.cells[0];
}

describe("the roster", () => {
  const orders: Array<Partial<RosterView>> = [
    {},
    { sort: [{ column: "", way: "pinyin", descending: true }] },
    { sort: [{ column: "", way: "stroke", descending: false }] },
    { sort: [{ column: "", way: "latin", descending: true }] },
    { sort: [{ column: "", way: "protocol", descending: false }] },
    {
      sort: [
        { column: "registration", way: "value", descending: true },
        { column: "nameLatin", way: "value", descending: false },
      ],
    },
    { groupBy: "delegation" },
  ];

  it.each(orders)("never leads to an empty page when somebody moves to an end, in order %j", (more) => {
    const whole = rosterIds(lead, view(more));
    const back = rosterPage(lead, view(more), { before: whole[0] ?? null }, 7);
    expect(back.rows.map(({ invitationId }) => invitationId)).toEqual(whole.slice(0, 7));
    const on = rosterPage(lead, view(more), { after: whole.at(-1) ?? null }, 7);
    expect(on.rows.map(({ invitationId }) => invitationId)).toEqual(whole.slice(-7));
  });

  it.each(orders)("shows everybody once, forwards and back, in order %j", (more) => {
    const whole = rosterIds(lead, view(more));
    expect(new Set(whole)).toEqual(new Set(ours().map(({ invitationId }) => invitationId)));
    const forwards: Array<string> = [];
    for (let after: string | null = null; ; ) {
      const page = rosterPage(lead, view(more), { after }, 7);
      forwards.push(...page.rows.map(({ invitationId }) => invitationId));
      expect(page.total).toBe(30);
      if (page.next === null) break;
      after = page.next;
    }
    expect(forwards).toEqual(whole);
    const back: Array<string> = [];
    for (let place: { last?: true; before?: string } = { last: true }; ; ) {
      const page = rosterPage(lead, view(more), place, 7);
      back.unshift(...page.rows.map(({ invitationId }) => invitationId));
      if (page.previous === null) break;
      place = { before: page.previous };
    }
    expect(back).toEqual(whole);
  });

  it("shows one side nothing of the other one's people", () => {
    const mine = new Set(rosterIds(lead, view()));
    for (const id of rosterIds(other, view())) expect(mine.has(id)).toBe(false);
    const theirs = ours(other)[0]?.invitationId ?? "";
    expect(rosterRows(lead, [], [theirs])).toEqual([]);
    expect(rosterPage(lead, view(), { after: theirs }).previous).toBeNull();
  });

  it("has no column for what a reader may not see, and lets them ask nothing of it", () => {
    const reader: StaffContext = { ...lead, scope: { ...lead.scope, permissions: ["read_only"] } };
    const keys = rosterColumns(reader).map(({ key }) => key);
    expect(keys).toContain("email");
    for (const hidden of ["note", "answer:allergies", "arrivalNumber", "passport", "hotel"])
      expect(keys).not.toContain(hidden);
    expect(rosterColumns(lead).map(({ key }) => key)).toEqual(
      expect.arrayContaining(["note", "answer:allergies", "arrivalNumber", "passport", "hotel"]),
    );
    card(ours()[0]?.personId ?? "", { note: "difficult" });
    const asks = view({ any: [[{ column: "note", test: "filled", value: "" }]] });
    expect(countRoster(lead, asks)).toBe(1);
    expect(countRoster(reader, asks)).toBe(0);
    expect(rosterPage(reader, view({ columns: [{ key: "note", width: null }] })).columns).toEqual([]);
  });

  it("finds people by any part of a name or an institution, in either script, and again once a card changes", () => {
    const [first, second] = ours();
    card(first?.personId ?? "", { nameNative: "样本阿依", institutionEn: "Tsinghua Law School" });
    card(second?.personId ?? "", { nameNative: "模板", institutionZh: "清华大学法学院" });
    const found = (search: string) => rosterIds(lead, view({ search }));
    expect(found("本阿")).toEqual([first?.invitationId]);
    expect(found("singhua law")).toEqual([first?.invitationId]);
    expect(found("大学")).toEqual([second?.invitationId]);
    card(second?.personId ?? "", { institutionZh: "北京大学" });
    expect(found("清华")).toEqual([]);
    expect(found("%")).toHaveLength(30);
    expect(found("nobody at all")).toEqual([]);
  });

  it("keeps those of whom one of several lists of conditions holds", () => {
    const [a, b, c] = ours();
    card(a?.personId ?? "", { institutionEn: "Court", positionEn: "Judge" });
    card(b?.personId ?? "", { institutionEn: "Court", positionEn: "Clerk" });
    card(c?.personId ?? "", { institutionEn: "School", positionEn: "Dean" });
    const filtered = view({
      any: [
        [
          { column: "institutionEn", test: "contains", value: "court" },
          { column: "positionEn", test: "isNot", value: "Clerk" },
        ],
        [{ column: "positionEn", test: "startsWith", value: "dea" }],
      ],
    });
    expect(new Set(rosterIds(lead, filtered))).toEqual(new Set([a?.invitationId, c?.invitationId]));
    expect(rosterCounts(lead, filtered).total).toBe(2);
    expect(rosterIds(lead, view({ any: [[{ column: "nonsense", test: "is", value: "" }]] }))).toEqual([]);
    expect(
      rosterIds(lead, view({ any: [[{ column: "email", test: "contains", value: "' or 1=1 --" }]] })),
    ).toEqual([]);
  });

  it("reads every column for everybody", () => {
    const columns = rosterColumns(lead).map(({ key }) => ({ key, width: null }));
    const page = rosterPage(lead, view({ columns: columns.slice(0, 60) }));
    const rest = rosterPage(lead, view({ columns: columns.slice(60) }));
    expect(page.rows).toHaveLength(30);
    expect(page.columns.length + rest.columns.length).toBe(columns.length);
  });

  it("parts everybody by any column into those who have something in it and those who have not, wherever it begins", () => {
    for (const { key } of rosterColumns(lead)) {
      const blank = { column: key, test: "blank", value: "" } as const;
      const filled = { column: key, test: "filled", value: "" } as const;
      const onCard = { column: "sortKey", test: "filled", value: "" } as const;
      const ids = (any: RosterView["any"]) =>
        rosterPage(lead, view({ any, columns: [] })).rows.map(({ invitationId }) => invitationId);
      const [without, having] = [ids([[blank]]), ids([[filled, onCard]])];
      expect(new Set([...without, ...having]).size, key).toBe(30);
      expect(without.length + having.length, key).toBe(30);
      expect(countRoster(lead, view({ any: [[blank], [filled]] })), key).toBe(30);
      expect(rosterCounts(lead, view({ any: [[blank]] })).total, key).toBe(without.length);
    }
  });

  it("keeps count of everybody through whatever happens to them", () => {
    const { db } = lead;
    const { delegationIds, editionId } = meeting;
    const byLooking = () =>
      db.orm.all(
        sql`select i.delegation_id, i.category, i.reply, coalesce(r.state, '') as registration, count(*) as people
          from invitation i left join registration r on r.invitation_id = i.id
          where i.edition_id = ${editionId} group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
      );
    const asKept = () =>
      db.orm.all(
        sql`select delegation_id, category, reply, registration, people
          from roster_count where edition_id = ${editionId} order by 1, 2, 3, 4`,
      );
    const states = REGISTRATION_STATES;
    const acts = fc.array(
      fc.record({
        who: fc.nat(ours().length - 1),
        act: fc.oneof(
          fc.record({ delegationId: fc.constantFrom(...delegationIds) }),
          fc.record({ category: fc.constantFrom(...CATEGORIES), reply: fc.constantFrom(...REPLIES) }),
          fc.record({ state: fc.constantFrom(...states) }),
          fc.constantFrom("begin" as const, "drop" as const, "delete" as const),
        ),
      }),
      { maxLength: 25 },
    );
    expect(asKept()).toEqual(byLooking());
    fc.assert(
      fc.property(acts, (all) => {
        db.sqlite.exec("begin");
        try {
          db.sqlite.pragma("defer_foreign_keys = on");
          for (const { who, act } of all) {
            const id = ours()[who]?.invitationId ?? "";
            if (act === "begin")
              db.sqlite
                .prepare(
                  `insert into registration (id, invitation_id, state, form_version, locale, revision, created_at, updated_at)
                   values (?, ?, 'draft', 1, 'en', 1, 1, 1) on conflict do nothing`,
                )
                .run(newId(), id);
            else if (act === "drop")
              db.orm.delete(schema.registration).where(eq(schema.registration.invitationId, id)).run();
            else if (act === "delete")
              db.orm.delete(schema.invitation).where(eq(schema.invitation.id, id)).run();
            else if ("state" in act)
              db.orm
                .update(schema.registration)
                .set(act)
                .where(eq(schema.registration.invitationId, id))
                .run();
            else db.orm.update(schema.invitation).set(act).where(eq(schema.invitation.id, id)).run();
          }
          expect(asKept()).toEqual(byLooking());
        } finally {
          db.sqlite.exec("rollback");
        }
      }),
      { numRuns: 60 },
    );
    expect(asKept()).toEqual(byLooking());
  });

  it("asks nothing with a condition whose value is still to be chosen", () => {
    const everybody = ours().length;
    const terms = [
      { column: "category", test: "is" },
      { column: "nameLatin", test: "contains" },
      { column: "nameLatin", test: "containsNot" },
      { column: "sentAt", test: "before" },
      { column: "protocolOrder", test: "is" },
      { column: "answer:diets", test: "contains" },
    ] as const;
    for (const term of terms) {
      const half = view({ any: [[{ ...term, value: "" }]] });
      expect([countRoster(lead, half), rosterIds(lead, half).length], term.column).toEqual([
        everybody,
        everybody,
      ]);
    }
  });

  it("counts anew once something was written", () => {
    const declined = () => rosterCounts(lead, view()).by.reply.declined ?? 0;
    const before = declined();
    const still = ours().find(({ invitationId }) => cellOf(invitationId, "reply") !== "declined");
    lead.db.orm
      .update(schema.invitation)
      .set({ reply: "declined" })
      .where(eq(schema.invitation.id, still?.invitationId ?? ""))
      .run();
    expect(declined()).toBe(before + 1);
  });

  it("orders characters by their strokes", () => {
    const sorted = ["魏", "丁", "王", "一"].sort((a, b) => (strokeKey(a) < strokeKey(b) ? -1 : 1));
    expect(sorted).toEqual(["一", "丁", "王", "魏"]);
  });
});

describe("changing cells", () => {
  const edit = (
    cells: ReadonlyArray<{ invitationId: string; column: string; seen: string | null; value: string }>,
    ctx = lead,
  ) => changeCells(ctx, { kind: "edit", cells });

  it("writes what can be written, says of the rest why not, and takes all of it back", async () => {
    const [a, b] = ours();
    const other1 = ours(other)[0];
    card(a?.personId ?? "", { institutionEn: "Tsinghau" });
    const done = await edit([
      { invitationId: a?.invitationId ?? "", column: "institutionEn", seen: "Tsinghau", value: "Tsinghua" },
      { invitationId: a?.invitationId ?? "", column: "email", seen: null, value: "no mailbox" },
      { invitationId: b?.invitationId ?? "", column: "email", seen: null, value: a?.email ?? "" },
      { invitationId: b?.invitationId ?? "", column: "category", seen: "delegate", value: "observer" },
      { invitationId: b?.invitationId ?? "", column: "number", seen: null, value: "1" },
      { invitationId: other1?.invitationId ?? "", column: "phone", seen: null, value: "1" },
    ]);
    if (!done.ok) throw new Error(done.refusal);
    expect(done.value.cells.map(({ column, outcome, problem }) => [column, outcome, problem])).toEqual([
      ["email", "refused", "error.email"],
      ["institutionEn", "written", null],
      ["number", "refused", "roster.problem.gone"],
      ["email", "refused", "roster.problem.mailboxTaken"],
      ["category", "written", null],
      ["phone", "refused", "roster.problem.gone"],
    ]);
    expect(cellOf(a?.invitationId ?? "", "institutionEn")).toBe("Tsinghua");
    expect(cellOf(b?.invitationId ?? "", "category")).toBe("observer");
    const trail = lead.db.orm.select().from(schema.auditEvent).all();
    expect(trail.map(({ action }) => action).sort()).toEqual(["delegation.changeMember", "person.change"]);

    const { undo } = rosterSteps(lead);
    const undone = await undoCells(lead, undo ?? "");
    expect(undone.ok && undone.value.cells.every(({ outcome }) => outcome === "written")).toBe(true);
    expect(cellOf(a?.invitationId ?? "", "institutionEn")).toBe("Tsinghau");
    expect(cellOf(b?.invitationId ?? "", "category")).toBe("delegate");
    const { redo } = rosterSteps(lead);
    await undoCells(lead, redo ?? "");
    expect(cellOf(a?.invitationId ?? "", "institutionEn")).toBe("Tsinghua");
    expect(await undoCells(lead, undo ?? "")).toMatchObject({ ok: true });
  });

  it("takes back as many steps as were made and does them again, one by one, until something new is done", async () => {
    const [a] = ours();
    const invitationId = a?.invitationId ?? "";
    card(a?.personId ?? "", { positionEn: "0" });
    for (const n of [1, 2, 3])
      await edit([{ invitationId, column: "positionEn", seen: String(n - 1), value: String(n) }]);
    const go = async (way: "undo" | "redo") => {
      const id = rosterSteps(lead)[way];
      if (id !== null) await undoCells(lead, id);
      return cellOf(invitationId, "positionEn");
    };
    const walk = async (ways: ReadonlyArray<"undo" | "redo">) => {
      const seen: Array<unknown> = [];
      for (const way of ways) seen.push(await go(way));
      return seen.join(" ");
    };
    expect(await walk(["undo", "undo", "undo", "undo"])).toBe("2 1 0 0");
    expect(await walk(["redo", "redo", "undo", "redo", "redo", "redo"])).toBe("1 2 1 2 3 3");
    expect(await walk(["undo", "undo"])).toBe("2 1");
    await edit([{ invitationId, column: "positionEn", seen: "1", value: "new" }]);
    expect(await walk(["redo", "undo", "undo", "redo", "redo"])).toBe("new 1 0 1 new");
    // However often it goes to and fro, what was done before can still be reached.
    for (let n = 0; n < 40; n++) await walk(["undo", "redo"]);
    expect(await walk(["undo", "undo", "undo"])).toBe("1 0 0");
  });

  it("gives somebody what somebody else lets go of by the same change, whoever comes first, and all of it back", async () => {
    const [a, b, c] = ours();
    const idOf = (one: typeof a) => one?.invitationId ?? "";
    const category = (one: typeof a, seen: string, value: string) =>
      ({ invitationId: idOf(one), column: "category", seen, value }) as const;
    const delegationId = String(cellOf(idOf(a), "delegation"));
    lead.db.orm
      .update(schema.invitation)
      .set({ delegationId })
      .where(inArray(schema.invitation.id, [idOf(b), idOf(c)]))
      .run();
    await edit([category(a, "delegate", "head")]);
    // The new head stands above the one who no longer is.
    const categories = () => [a, b, c].map((one) => cellOf(idOf(one), "category"));
    const mailboxes = () => [a, b, c].map((one) => cellOf(idOf(one), "email"));
    const boxes = mailboxes();
    const done = await edit([
      category(b, "delegate", "head"),
      category(a, "head", "delegate"),
      { invitationId: idOf(b), column: "email", seen: null, value: a?.email ?? "" },
      { invitationId: idOf(a), column: "email", seen: null, value: "free@us.example" },
    ]);
    expect(done.ok && done.value.cells.map(({ outcome }) => outcome)).toEqual(Array(4).fill("written"));
    expect(categories()).toEqual(["delegate", "head", "delegate"]);
    await undoCells(lead, rosterSteps(lead).undo ?? "");
    expect([categories(), mailboxes()]).toEqual([["head", "delegate", "delegate"], boxes]);
    await undoCells(lead, rosterSteps(lead).redo ?? "");
    expect(categories()).toEqual(["delegate", "head", "delegate"]);
  });

  it("takes back at once, and does again at once, what was done over two sides in one go", async () => {
    const both: StaffContext = { ...lead, scope: { ...lead.scope, sideIds: [...meeting.sideIds] } };
    const people = [ours(lead)[0], ours(other)[0]].map((one) => one?.invitationId ?? "");
    const write = (value: string) =>
      edit(
        people.map((invitationId) => ({ invitationId, column: "positionEn", seen: null, value })),
        both,
      );
    const posts = () => people.map((id) => cellOf(id, "positionEn", both));
    await write("one");
    await write("two");
    const press = async (way: "undo" | "redo") => undoCells(both, rosterSteps(both)[way] ?? "");
    await press("undo");
    expect(posts()).toEqual(["one", "one"]);
    await press("redo");
    expect(posts()).toEqual(["two", "two"]);
    await press("undo");
    await press("undo");
    expect(posts()).not.toContain("one");
    const changeId = rosterSteps(both).redo ?? "";
    expect(rosterSteps(both, { way: "redo", changeId }).redo).not.toBe(changeId);
  });

  it("offers no step of which nothing is left that could be taken back", async () => {
    const [a] = ours();
    const invitationId = a?.invitationId ?? "";
    await edit([{ invitationId, column: "positionEn", seen: null, value: "first" }]);
    const { undo } = rosterSteps(lead);
    await edit([{ invitationId, column: "positionZh", seen: null, value: "其次" }]);
    lead.db.orm.delete(schema.rosterCell).where(eq(schema.rosterCell.column, "positionZh")).run();
    expect(rosterSteps(lead).undo).toBe(undo);
  });

  it("comes to the step before when nothing of the last one can be taken back", async () => {
    const [a] = ours();
    const invitationId = a?.invitationId ?? "";
    const cell = (column: string, seen: string, value: string) => ({ invitationId, column, seen, value });
    card(a?.personId ?? "", { positionEn: "", institutionEn: "", honorificEn: "" });
    await edit([cell("positionEn", "", "Judge")]);
    await edit([cell("institutionEn", "", "Court")]);
    await edit([cell("honorificEn", "", "Dr.")]);
    const colleague: StaffContext = { ...lead, actor: { kind: "staff", id: "ada" } };
    await edit([cell("institutionEn", "Court", "Harbor"), cell("honorificEn", "Dr.", "Prof.")], colleague);
    let changeId = rosterSteps(lead).undo ?? "";
    for (const _press of ["honorificEn", "institutionEn", "positionEn"]) {
      await undoCells(lead, changeId);
      changeId = rosterSteps(lead, { way: "undo", changeId }).undo ?? "";
    }
    expect(cellOf(invitationId, "positionEn")).toBe("");
    expect(cellOf(invitationId, "institutionEn")).toBe("Harbor");
  });

  it("does not write over what a colleague wrote meanwhile, when changing and when taking back", async () => {
    const [a] = ours();
    const invitationId = a?.invitationId ?? "";
    const colleague: StaffContext = { ...lead, actor: { kind: "staff", id: "ada" } };
    const cell = (seen: string, value: string) => ({ invitationId, column: "positionEn", seen, value });
    card(a?.personId ?? "", { positionEn: "Judge" });
    await edit([cell("Judge", "Chief Judge")]);
    const late = await edit([cell("Judge", "President")], colleague);
    expect(late).toMatchObject({
      ok: true,
      value: { cells: [{ outcome: "conflict", value: "Chief Judge" }] },
    });
    await edit([cell("Chief Judge", "President")], colleague);
    const back = await undoCells(lead, rosterSteps(lead).undo ?? "");
    expect(back).toMatchObject({ ok: true, value: { cells: [{ outcome: "conflict", value: "President" }] } });
    expect(cellOf(invitationId, "positionEn")).toBe("President");
    // What could not be taken back can be tried again once the colleague takes theirs back.
    await undoCells(colleague, rosterSteps(colleague).undo ?? "");
    await undoCells(lead, rosterSteps(lead).undo ?? "");
    expect(cellOf(invitationId, "positionEn")).toBe("Judge");
    expect(await undoCells(other, rosterSteps(lead).redo ?? "")).toEqual({ ok: false, refusal: "gone" });
  });
});
