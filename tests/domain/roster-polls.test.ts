import type { LoaderFunctionArgs } from "@remix-run/node";
import SQLite from "better-sqlite3";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { placesOf } from "#app/components/roster-places.ts";
import { inColumns } from "#app/components/use-roster-edits.ts";
import type { AwayRows, RosterNews } from "#app/components/use-roster-live.ts";
import { addStaff } from "#app/domain/access/commands.server.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { rosterView, USUAL_VIEW } from "#app/domain/roster/rules.ts";
import { keepPlace, saveView } from "#app/domain/roster/views.server.ts";
import { loader } from "#app/routes/staff/people-cells.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";

/* What a grid is told that asks again and again: about rows, counts and places, and next to nothing while nobody writes. */

let meeting: Meeting;
let base: DomainContext;
let grace: StaffContext;
let mine: Meeting["invitees"];

beforeEach(async () => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 24,
    seats: [],
    now: AUTUMN_2018,
  });
  const [sideId] = meeting.sideIds;
  for (const name of ["grace", "george"])
    await addStaff(base, {
      email: `${name}@secretariat.example`,
      name,
      password: "rule-of-law-2018",
      access: [{ coHostId: sideId, editionId: null, permission: "lead" }],
    });
  const found = base.db.orm.select().from(schema.user).where(eq(schema.user.name, "grace")).get();
  grace = {
    ...base,
    actor: { kind: "staff", id: found?.id ?? "" },
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
  };
  mine = meeting.invitees.filter((each) => each.sideId === sideId);
});

/** As the route answers somebody who is signed in. */
async function ask(search = "", { tag }: { tag?: string | undefined } = {}) {
  const account = { id: grace.actor.id, name: "Grace", locale: null, twoFactorEnabled: true };
  const answer = await loader({
    request: new Request(`https://dialogue.example/staff/e/beijing/people/cells${search}`, {
      headers: tag === undefined ? {} : { "If-None-Match": tag },
    }),
    params: { edition: "beijing" },
    context: { services: { ...base, auth: { accountOf: async () => account } }, requestId: null },
  } as unknown as LoaderFunctionArgs);
  const tagNow = answer.headers.get("ETag") ?? undefined;
  const body: unknown = answer.status === 200 ? await answer.json() : null;
  return { status: answer.status, tag: tagNow, news: body as RosterNews, away: body as AwayRows };
}

type Statement = Record<"get" | "all" | "iterate", (...values: Array<unknown>) => unknown>;

/** How many statements were run meanwhile. */
async function counted<T>(work: () => Promise<T>): Promise<{ statements: number; value: T }> {
  const one = new SQLite(":memory:");
  const statement: Statement = Object.getPrototypeOf(one.prepare("select 1"));
  one.close();
  const { get, all, iterate } = statement;
  let statements = 0;
  for (const [name, run] of Object.entries({ get, all, iterate }))
    statement[name as keyof Statement] = function (this: unknown, ...values) {
      statements += 1;
      return run.apply(this, values);
    };
  try {
    return { value: await work(), statements };
  } finally {
    Object.assign(statement, { get, all, iterate });
  }
}

describe("a grid that asks whether there is anything new", () => {
  it("costs four statements while nobody writes, whoever else asks", async () => {
    const first = await counted(() => ask());
    expect(first.value.status).toBe(200);
    expect(first.statements).toBeGreaterThan(10);
    const { tag } = first.value;
    const asked = await counted(async () => {
      for (let grid = 0; grid < 20; grid++) expect((await ask("", { tag })).status).toBe(304);
    });
    // Who asks, and for what edition, and what has been written: nothing of the page.
    expect(asked.statements).toBeLessThanOrEqual(20 * 4);
  });

  it("is told what was written, and is not put off with what another address was told", async () => {
    const { tag } = await ask();
    const { id } = await keepPlace(grace, rosterView.parse({ ...USUAL_VIEW, search: "no such name" }));
    expect((await ask("", { tag })).status).toBe(304);
    expect((await ask(`?view=${id}`, { tag })).status).toBe(200);
    const { personId = "" } = mine[0] ?? {};
    base.db.orm
      .update(schema.person)
      .set({ institutionEn: "New" })
      .where(eq(schema.person.id, personId))
      .run();
    expect((await ask("", { tag })).status).toBe(200);
  });

  it("gets the same page under a new name when what was written is not on it", async () => {
    const { tag } = await ask();
    base.db.orm.update(schema.user).set({ locale: "en" }).run();
    const again = await ask("", { tag });
    expect(again.status).toBe(304);
    expect(again.tag).not.toBe(tag);
    expect((await counted(() => ask("", { tag: again.tag }))).statements).toBeLessThanOrEqual(4);
  });

  it("is told what is written in a column by its own people, the commonest first, and of no column that is one's alone", async () => {
    const write = (invitees: Meeting["invitees"], institutionEn: string) => {
      for (const { personId } of invitees)
        base.db.orm.update(schema.person).set({ institutionEn }).where(eq(schema.person.id, personId)).run();
    };
    const theirs = meeting.invitees.filter((each) => !mine.includes(each));
    write(theirs, "Theirs alone");
    write(mine, "Common");
    write(mine.slice(0, 2), "Rare");
    write(mine.slice(2, 3), "");
    const column = await ask("?spellings=institutionEn");
    expect(column.news).toEqual(["Common", "Rare"]);
    for (const name of ["email", "note", "nameLatin", "nothing"])
      await expect(ask(`?spellings=${name}`)).rejects.toMatchObject({ init: { status: 404 } });
  });

  it("hears of which columns the cells are, since a colleague may have changed the view, and puts them into its own", async () => {
    const { invitationId = "" } = mine[0] ?? {};
    const saved = await saveView(grace, { id: null, name: "Posts", shared: true, view: USUAL_VIEW });
    if (!saved.ok) throw new Error(saved.refusal);
    const { id } = saved.value;
    const before = (await ask(`?view=${id}`)).news;
    const columns = before.shown.map((key) => ({ key }));
    const fewer = rosterView.parse({ ...USUAL_VIEW, columns: [{ key: "phone" }, { key: "category" }] });
    await saveView(grace, { id, name: "Posts", shared: true, view: fewer });
    const after = (await ask(`?view=${id}`)).news;
    expect(after.shown).toEqual(["phone", "category"]);
    const of = (news: RosterNews) => news.lines.find((line) => line.invitationId === invitationId);
    const [old, told] = [of(before), of(after)];
    if (old === undefined || told === undefined) throw new Error("They are not on the page");
    expect(inColumns({ ...told, cells: ["1", "observer"] }, after.shown, columns, old)).toMatchObject({
      cells: old.cells.map((cell, n) => (columns[n]?.key === "category" ? "observer" : cell)),
    });
  });

  it("hears the counts on top, and where somebody is who has left the page", async () => {
    const view = rosterView.parse({
      ...USUAL_VIEW,
      any: [[{ column: "category", test: "is", value: "delegate" }]],
    });
    const { id } = await keepPlace(grace, view);
    const [one, two] = mine;
    if (one === undefined || two === undefined) throw new Error("There are not two of them");
    const category = (invitationId: string, to: "delegate" | "observer") =>
      base.db.orm
        .update(schema.invitation)
        .set({ category: to })
        .where(eq(schema.invitation.id, invitationId))
        .run();
    category(one.invitationId, "delegate");
    category(two.invitationId, "delegate");
    const before = (await ask(`?view=${id}`)).news;
    category(one.invitationId, "observer");
    const after = (await ask(`?view=${id}`)).news;
    expect(after.top.total).toBe(before.top.total - 1);
    const observers = (news: RosterNews) =>
      news.top.facets
        .find(({ facet }) => facet === "category")
        ?.counts.find(({ value }) => value === "observer")?.people ?? 0;
    expect(observers(after)).toBe(observers(before) + 1);

    const theirs = meeting.invitees.find(({ sideId }) => sideId !== grace.scope.sideIds[0]);
    const rows = [one, two, theirs].map((each) => each?.invitationId ?? "");
    const { away } = await ask(`?view=${id}&rows=${rows.join(",")}`);
    expect(away.map(({ now }) => now)).toEqual(["left", "elsewhere", "gone"]);
    expect(away[0]?.line?.cells).toContain("observer");
    // Somebody of the other side is nobody's here: no line, and the same answer as for nobody at all.
    expect(away[2]?.line).toBeNull();
  });

  it("finds the same people in a search", async () => {
    const { id } = await keepPlace(grace, rosterView.parse({ ...USUAL_VIEW, search: "no such name" }));
    const { away } = await ask(`?view=${id}&rows=${mine[0]?.invitationId}`);
    expect(away.map(({ now }) => now)).toEqual(["left"]);
  });
});

describe("rows that are shown, and the page as it is now", () => {
  const row = (invitationId: string, delegationId = "us") => ({ invitationId, delegationId });

  it("calls as few moved as possible", () => {
    const shown = ["a", "b", "c", "d"].map((id) => row(id));
    const now = ["d", "a", "b", "x", "c"].map((id) => row(id));
    expect(placesOf(shown, now, { grouped: false })).toEqual({ moved: ["d"], added: 1, missing: [] });
    const other = [row("a"), row("b", "uk"), row("c")];
    expect(placesOf(shown, other, { grouped: true })).toEqual({ moved: ["b"], added: 0, missing: ["d"] });
    expect(placesOf(shown, other, { grouped: false }).moved).toEqual([]);
  });

  it("leaves those that are not moved in the order that they have now", () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 20 });
    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const { moved, added, missing } = placesOf(
          before.map((id) => row(id)),
          after.map((id) => row(id)),
          { grouped: false },
        );
        const still = before.filter((id) => !moved.includes(id) && !missing.includes(id));
        expect(after.filter((id) => still.includes(id))).toEqual(still);
        expect(missing).toEqual(before.filter((id) => !after.includes(id)));
        expect(added).toBe(after.filter((id) => !before.includes(id)).length);
        if (before.join() === after.join()) expect(moved).toEqual([]);
      }),
    );
  });
});
