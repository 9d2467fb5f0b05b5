import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { undoCells } from "#app/domain/roster/commands.server.ts";
import { respell, respelledBy, spellingsOf } from "#app/domain/roster/spellings.server.ts";
import { groupSpellings, isNear, offersFor } from "#app/domain/roster/spellings.ts";
import * as schema from "#db/schema/index.ts";
import { meetingWithLists, value } from "#tests/support/lists.ts";
import { everything } from "#tests/support/rows.ts";

/** Each group as its leader with what the others become. */
function groups(values: Readonly<Record<string, number>>) {
  const found = groupSpellings(Object.entries(values).map(([value, people]) => ({ value, people })));
  return found.map(({ leader, others }) => [
    leader.value,
    ...others.map(({ value, proposed }) => [value, proposed]),
  ]);
}

describe("ways of writing", () => {
  it("that are slips of a common one stand with it, and are proposed to become it", () => {
    const right = "Riverbend School of Law";
    expect(
      groups({
        [right]: 9,
        "Riverbnd Schol of Lwa": 1,
        "RIVERBEND SCHOOL OF LAW ": 4,
        "Riverbend Law School": 1,
        "Chesapeake Institute": 5,
        "Chesapeke Institute": 1,
      }),
    ).toEqual([
      [
        right,
        ["RIVERBEND SCHOOL OF LAW ", right],
        ["Riverbend Law School", right],
        ["Riverbnd Schol of Lwa", right],
      ],
      ["Chesapeake Institute", ["Chesapeke Institute", "Chesapeake Institute"]],
    ]);
  });

  it("that many have are left to somebody, and what is another thing is not alike", () => {
    expect(groups({ "Hunan University": 5, "Henan University": 4 })).toEqual([
      ["Hunan University", ["Henan University", ""]],
    ]);
    const others = {
      "East Coast University": 3,
      "West Coast University": 1,
      "Court No. 1": 3,
      "Court No. 2": 1,
      示例大学: 3,
      示范学院: 1,
      "Guangdong University": 2,
      "Guangxi University": 1,
    };
    expect(groups(others).every((group) => group.length === 1)).toBe(true);
    expect(groups({ 示例政法大学: 3, 示列政法大学: 1 })).toEqual([
      ["示例政法大学", ["示列政法大学", "示例政法大学"]],
    ]);
  });

  it("are each in one group, whatever they are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 }), (values) => {
        const found = groupSpellings(values.map((value, n) => ({ value, people: (n % 5) + 1 })));
        const all = found.flatMap(({ leader, others }) => [
          leader.value,
          ...others.map(({ value }) => value),
        ]);
        expect(all.toSorted()).toEqual(values.toSorted());
      }),
    );
  });

  it("are near by slips: a letter more, less or another, or two changed about", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2 }), fc.nat(), (text, at) => {
        const n = at % (text.length - 1);
        const swapped = text.slice(0, n) + (text[n + 1] ?? "") + (text[n] ?? "") + text.slice(n + 2);
        expect(isNear(text, swapped, 1)).toBe(true);
        expect(isNear(text, text.slice(0, n) + text.slice(n + 1), 1)).toBe(true);
      }),
    );
    expect(isNear("kitten", "sitting", 2)).toBe(false);
    expect(isNear("kitten", "sitting", 3)).toBe(true);
  });
});

describe("a column put right", () => {
  let world: ReturnType<typeof meetingWithLists>;
  const write = (n: number, side: 0 | 1, institutionEn: string) =>
    world.base.db.orm
      .update(schema.person)
      .set({ institutionEn })
      .where(eq(schema.person.id, world.person(n, side).personId))
      .run();

  beforeEach(() => {
    world = meetingWithLists();
    for (const n of [0, 1, 2]) write(n, 0, "Riverbend School of Law");
    for (const n of [3, 4]) write(n, 0, "Riverbnd School of Law");
    write(0, 1, "Riverbnd School of Law");
  });

  it("changes everybody who has it, of one's own side alone, in one go that is taken back in one go", async () => {
    const { lead } = world;
    expect(spellingsOf(lead, "institutionEn")).toContainEqual({ value: "Riverbnd School of Law", people: 2 });
    const wish = {
      column: "institutionEn" as const,
      changes: [{ from: "Riverbnd School of Law", to: " Riverbend School of Law " }],
    };
    expect(respelledBy(lead, wish)).toHaveLength(2);
    const before = everything(lead.db).person;
    const done = value(await respell(lead, { ...wish, shown: 2 }));
    expect(done.cells.map(({ outcome }) => outcome)).toEqual(["written", "written"]);
    expect(
      spellingsOf(lead, "institutionEn").find(({ value }) => value.startsWith("Riverbnd")),
    ).toBeUndefined();
    expect(spellingsOf(world.staff("lead", 1), "institutionEn")).toContainEqual({
      value: "Riverbnd School of Law",
      people: 1,
    });
    value(await undoCells(lead, done.changeIds[0] ?? ""));
    const names = (rows: ReadonlyArray<string> | undefined) =>
      rows?.map((row) => JSON.parse(row).institution_en).sort();
    expect(names(everything(lead.db).person)).toEqual(names(before));
  });

  it("changes nothing when others have it by now than were shown, or nobody", async () => {
    const wish = { column: "institutionEn" as const, changes: [{ from: "Riverbnd School of Law", to: "X" }] };
    write(5, 0, "Riverbnd School of Law");
    expect(await respell(world.lead, { ...wish, shown: 2 })).toEqual({ ok: false, refusal: "changed" });
    const nobody = { ...wish, changes: [{ from: "Nowhere", to: "X" }] };
    expect(await respell(world.lead, { ...nobody, shown: 0 })).toEqual({ ok: false, refusal: "nothing" });
  });
});

describe("what is offered while somebody types", () => {
  const written = [
    "Harbor City University",
    "Federal Judicial Academy",
    "University of Prairie Law",
    "中国政法大学",
    "政法研究中心",
    "Universidad de la Habana",
    "École de droit",
  ];

  it("is what begins so, then whose words do, whose first letters it is, in which it stands, or what was misspelt", () => {
    expect(offersFor(written, "univ")).toEqual([
      "University of Prairie Law",
      "Universidad de la Habana",
      "Harbor City University",
    ]);
    expect(offersFor(written, "harb univ")).toEqual(["Harbor City University"]);
    expect(offersFor(written, "F.J.A.")).toEqual(["Federal Judicial Academy"]);
    expect(offersFor(written, "政法")).toEqual(["政法研究中心", "中国政法大学"]);
    expect(offersFor(written, "Fedral Jud")).toEqual(["Federal Judicial Academy"]);
    expect(offersFor(written, "ecole")).toEqual(["École de droit"]);
    expect(offersFor(written, "Habor")).toEqual(["Harbor City University"]);
  });

  it("is nothing for a single letter, for what stands there letter for letter, and for what is new", () => {
    expect(offersFor(written, "u")).toEqual([]);
    expect(offersFor(written, " ")).toEqual([]);
    expect(offersFor(written, "Harbor City University ")).toEqual([]);
    expect(offersFor(written, "Supreme Court")).toEqual([]);
    expect(
      offersFor(
        Array.from({ length: 40 }, (_, n) => `Court ${n}`),
        "court",
      ).length,
    ).toBeLessThan(10);
  });
});
