import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { rosterColumns } from "#app/domain/roster/columns.server.ts";
import {
  arranged,
  FACETS,
  faceted,
  facetOf,
  filtered,
  rowsOfFilter,
  withoutFacet,
} from "#app/domain/roster/form.ts";
import { rosterIds } from "#app/domain/roster/queries.server.ts";
import { type RosterView, rosterView, USUAL_VIEW } from "#app/domain/roster/rules.ts";
import {
  deleteView,
  findView,
  keepPlace,
  MOST_UNNAMED,
  namedViews,
  saveView,
} from "#app/domain/roster/views.server.ts";
import * as schema from "#db/schema/index.ts";
import { CATEGORIES, REPLIES } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";

let meeting: Meeting;
let grace: StaffContext;
let colleague: StaffContext;
let other: StaffContext;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 12,
    seats: [{ capacity: 5, quota: null }],
    now: AUTUMN_2018,
  });
  const on = (sideId: string, id: string): StaffContext => ({
    ...base,
    actor: { kind: "staff", id },
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
  });
  grace = on(meeting.sideIds[0], "grace");
  colleague = on(meeting.sideIds[0], "colin");
  other = on(meeting.sideIds[1], "lin");
});

function view(more: Partial<RosterView> = {}): RosterView {
  return rosterView.parse({ ...USUAL_VIEW, ...more });
}

function form(fields: Record<string, string | ReadonlyArray<string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) data.append(name, each);
  return data;
}

const unnamed = () => grace.db.orm.select().from(schema.rosterView).all();

describe("where somebody stood", () => {
  it("is one row however often they come back, and theirs alone", async () => {
    const { id } = await keepPlace(grace, view({ search: "zeng" }));
    expect(await keepPlace(grace, view({ search: "zeng" }))).toEqual({ id });
    expect((await keepPlace(colleague, view({ search: "zeng" }))).id).not.toBe(id);
    expect(findView(grace, id)?.view.search).toBe("zeng");
    expect(findView(colleague, id)).toBeNull();
    expect(findView(other, id)).toBeNull();
  });

  it("is forgotten once there are thirty newer places; a view with a name stays", async () => {
    const kept = await saveView(grace, { id: null, name: "Mine", shared: false, view: view() });
    const { id: first } = await keepPlace(grace, view({ search: "0" }));
    for (let n = 1; n <= MOST_UNNAMED; n++) await keepPlace(grace, view({ search: String(n) }));
    expect(unnamed()).toHaveLength(MOST_UNNAMED + 1);
    expect(findView(grace, first)).toBeNull();
    expect(kept.ok && findView(grace, kept.value.id)?.name).toBe("Mine");
  });
});

describe("a view with a name", () => {
  it("is its owner's until it is shared, and then the side's to open and not to change", async () => {
    const saved = await saveView(grace, { id: null, name: " Heads ", shared: false, view: view() });
    if (!saved.ok) throw new Error(saved.refusal);
    const { id } = saved.value;
    expect(namedViews(grace)).toEqual([{ id, name: "Heads", shared: false, own: true }]);
    expect(namedViews(colleague)).toEqual([]);
    const shared = { id, name: "Heads", shared: true, view: view({ search: "x" }) };
    expect((await saveView(grace, shared)).ok).toBe(true);
    expect(namedViews(colleague)).toEqual([{ id, name: "Heads", shared: true, own: false }]);
    expect(findView(colleague, id)?.view.search).toBe("x");
    expect(namedViews(other)).toEqual([]);
    expect(findView(other, id)).toBeNull();
    for (const who of [colleague, other]) {
      expect(await saveView(who, { ...shared, name: "Ours" })).toEqual({ ok: false, refusal: "gone" });
      expect(await deleteView(who, id)).toEqual({ ok: false, refusal: "gone" });
    }
    expect((await deleteView(grace, id)).ok).toBe(true);
    expect(namedViews(colleague)).toEqual([]);
  });

  it("has one", async () => {
    for (const name of ["", "  ", "x".repeat(81), "a\u202eb"])
      expect(await saveView(grace, { id: null, name, shared: true, view: view() })).toEqual({
        ok: false,
        refusal: "noName",
      });
    expect(unnamed()).toEqual([]);
  });
});

describe("a count on top", () => {
  const facet = fc.constantFrom(...FACETS);
  const value = fc.constantFrom("", ...REPLIES, ...CATEGORIES);
  const term = fc.record({
    column: fc.constantFrom("institutionEn", "nameLatin"),
    test: fc.constantFrom("contains" as const, "filled" as const),
    value: fc.constantFrom("a", "b"),
  });
  const any = fc.array(fc.array(term, { minLength: 1, maxLength: 3 }), { maxLength: 3 });

  it("narrows, is seen to narrow, and clicked again leaves everything as it was", () => {
    fc.assert(
      fc.property(any, facet, value, (terms, name, chosen) => {
        const before = view({ any: terms });
        const after = faceted(before, name, chosen);
        expect(facetOf(after, name)).toBe(chosen);
        expect(withoutFacet(after, name).any).toEqual(before.any);
        expect(faceted(after, name, chosen)).toEqual(before);
        for (const another of FACETS) if (another !== name) expect(facetOf(after, another)).toBeNull();
      }),
    );
  });

  it("of a delegation brings its people in protocol order", () => {
    const id = meeting.delegationIds[0];
    expect(faceted(view(), "delegation", id).sort).toEqual([
      { column: "", way: "protocol", descending: false },
    ]);
    const sort = [{ column: "reply", way: "value" as const, descending: true }];
    expect(faceted(view({ sort }), "delegation", id).sort).toEqual(sort);
  });
});

describe("the form of conditions", () => {
  const columns = () => rosterColumns(grace);
  const word = (_column: string, typed: string) => (typed === "出席" ? "accepted" : null);
  const read = (fields: Record<string, string>) => filtered(view(), form(fields), columns(), word);

  it("takes rows joined by and and or, and says them again", () => {
    const made = read({
      "column.0": "reply",
      "test.0": "is",
      "value.0": "出席",
      "join.1": "and",
      "column.1": "institutionEn",
      "test.1": "contains",
      "value.1": "Law",
      "join.2": "or",
      "column.2": "note",
      "test.2": "filled",
      "value.2": "not asked",
      "column.3": "",
    });
    expect(made.any).toEqual([
      [
        { column: "reply", test: "is", value: "accepted" },
        { column: "institutionEn", test: "contains", value: "Law" },
      ],
      [{ column: "note", test: "filled", value: "" }],
    ]);
    expect(rowsOfFilter(made).map(({ join, column }) => [join, column])).toEqual([
      ["or", "reply"],
      ["and", "institutionEn"],
      ["or", "note"],
    ]);
  });

  it("takes a row away, and from a hostile form nothing that is none of ours", () => {
    expect(read({ "column.0": "reply", "test.0": "is", "value.0": "x", "drop.0": "on" }).any).toEqual([]);
    const odd = read({
      "column.0": "constructor",
      "column.1": "reply",
      "test.1": "toString",
      "value.1": "y",
    });
    expect(odd.any).toEqual([[{ column: "reply", test: "is", value: "y" }]]);
    expect(rosterIds(grace, odd)).toEqual([]);
  });
});

describe("the form of columns", () => {
  it("puts the chosen columns in the order of their numbers and keeps their widths", () => {
    const before = view({ columns: [{ key: "reply", width: 130 }] });
    const made = arranged(
      before,
      form({
        show: ["email", "reply", "number", "nonsense"],
        "place.email": "2",
        "place.reply": "1.5",
        "sort.0": "stroke",
        "descending.0": "on",
        "sort.1": "value:reply",
        frozen: "9",
        group: "delegation",
      }),
      rosterColumns(grace),
    );
    expect(made).toEqual({
      ...before,
      columns: [
        { key: "reply", width: 130 },
        { key: "email", width: null },
        { key: "number", width: null },
      ],
      sort: [
        { column: "", way: "stroke", descending: true },
        { column: "reply", way: "value", descending: false },
      ],
      frozen: 5,
      groupBy: "delegation",
    });
  });
});
