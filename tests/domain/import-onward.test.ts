import { beforeEach, describe, expect, it } from "vitest";
import { importDetails } from "#app/domain/import/queries.server.ts";
import { undoImport } from "#app/domain/import/undo.server.ts";
import { submitRegistration } from "#app/domain/registration/commands.server.ts";
import { correctJourney } from "#app/domain/travel/commands.server.ts";
import { journeysOfSide } from "#app/domain/travel/journey.server.ts";
import { legEnd } from "#app/domain/travel/rules.ts";
import { translator } from "#app/i18n/translate.ts";
import { cellInWords } from "#app/routes/staff/import-words.ts";
import type { Direction } from "#db/vocabulary.ts";
import { answersOf, cellsIn, csv, meetingWithLists, value } from "#tests/support/lists.ts";
import type { Invitee } from "#tests/support/meeting.ts";
import { everything } from "#tests/support/rows.ts";

let world: ReturnType<typeof meetingWithLists>;
let on: string;
beforeEach(() => {
  world = meetingWithLists();
  on = world.meeting.travelFrom;
});

function legsOf({ invitationId }: Invitee, direction: Direction) {
  const journey = journeysOfSide(world.lead.db.orm, world.lead.scope).get(invitationId)?.[direction];
  return journey?.legs.map(({ means, number, from, to }) => [
    means,
    number,
    `${from.place} ${from.on} ${from.time}`.trim(),
    `${to.place} ${to.on} ${to.time}`.trim(),
  ]);
}

const HEAD = "Email,Arrival flight,Arrival from,Arrival airport,Arrival date,Arrival time";

describe("a journey of several flights", () => {
  it("in a row for each is put together in the order of travel, whatever the rows' own, and taken back whole", async () => {
    const [a, b] = [world.person(0), world.person(1)];
    const file = csv(
      HEAD,
      `${a.email},CA 819,Newark EWR,Beijing PEK T3,${on},18:20`,
      `${b.email},CA 981,New York JFK,Beijing PEK T3,${on},14:05`,
      `${a.email},UA 5,Boston,Newark EWR,${on},09:10`,
    );
    const plan = await world.planned(file);
    expect(plan.rows.map(({ row, fate }) => [row, fate])).toEqual([
      [2, "changed"],
      [3, "changed"],
    ]);
    expect(plan.rows[0]?.notes).toEqual([{ key: "import.note.joined", values: { rows: "4" } }]);
    const before = everything(world.lead.db);
    const { importId } = await world.imported(file);
    // Of the clock in Newark nobody says in which zone it is.
    expect(legsOf(a, "arrival")).toEqual([
      ["flight", "UA 5", "Boston", `Newark EWR ${on}`],
      ["flight", "CA 819", "Newark EWR", `Beijing PEK T3 ${on} 18:20`],
    ]);
    expect(legsOf(b, "arrival")).toHaveLength(1);
    const change = importDetails(world.lead, importId)?.changes.find(
      ({ column }) => column === "arrival:via",
    );
    expect(change?.now).toBe(change?.after);
    const words = (locale: "en" | "zh-CN") =>
      cellInWords(
        translator(locale),
        { column: "arrival:via", value: change?.after ?? "" },
        { locale, asked: [], delegations: [], roomTypes: [], mates: [] },
      );
    expect(words("en")).toMatch(/^UA 5 Boston → Newark EWR, /);
    expect(words("zh-CN")).toMatch(/^UA 5 Boston → Newark EWR，/);
    // The same list again says nothing new.
    expect((await world.planned(file)).rows.map(({ fate }) => fate)).toEqual(["same", "same"]);
    expect(value(await undoImport(world.lead, importId))).toMatchObject({ left: 0 });
    expect(everything(world.lead.db)).toEqual(before);
  });

  it("in rows that name the person once goes by the order of the rows, there and back", async () => {
    const a = world.person(0);
    const file = csv(
      `${HEAD},Departure flight,Departure to`,
      `${a.email},UA 5,Boston,,,,CA 820,`,
      `,CA 819,,PEK,${on},18:20,UA 6,Boston`,
      `,,,,,,AC 9,Halifax`,
    );
    await world.imported(file);
    expect(legsOf(a, "arrival")?.map(([, number]) => number)).toEqual(["UA 5", "CA 819"]);
    expect(legsOf(a, "departure")?.map(([, number, , to]) => [number, to])).toEqual([
      ["CA 820", ""],
      ["UA 6", "Boston"],
      ["AC 9", "Halifax"],
    ]);
  });

  it("has nothing to do with a line below the list", async () => {
    const a = world.person(0);
    const plan = await world.planned(
      csv(
        "Arrival flight,Arrival date,Email",
        `CA 981,${on},${a.email}`,
        "as told by the travel agency,,",
        "合计,1,",
      ),
    );
    expect(plan.rows.map(({ fate }) => fate)).toEqual(["changed", "problem", "problem"]);
    expect(cellsIn(plan, 2).map(([, , after]) => after)).toEqual(["flight", "CA 981", on]);
  });

  it("in one row is read from its cells: arrows, “via”, or a column of its own", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    await world.imported(
      csv(
        "邮箱,航班号,出发地,返程航班,目的地,中转航班",
        `${a.email},UA5 → CA819,Boston via Newark,CA820 → UA6,Boston via Newark,`,
        `${b.email},CA819,纽瓦克,,,UA 5 波士顿–纽瓦克`,
        // One plane with two numbers.
        `${c.email},CA981/UA7612,JFK,,,`,
      ),
    );
    const placed = (who: Invitee, way: Direction) => legsOf(who, way)?.map((leg) => leg.slice(1));
    expect(placed(a, "arrival")).toEqual([
      ["UA5", "Boston", "Newark"],
      ["CA819", "Newark", ""],
    ]);
    expect(placed(a, "departure")).toEqual([
      ["CA820", "", "Newark"],
      ["UA6", "Newark", "Boston"],
    ]);
    expect(placed(b, "arrival")).toEqual([
      ["UA 5", "波士顿", "纽瓦克"],
      ["CA819", "纽瓦克", ""],
    ]);
    expect(placed(c, "arrival")).toEqual([["CA981/UA7612", "JFK", ""]]);
  });

  it("is no journey when the rows contradict each other: somebody has to choose", async () => {
    const a = world.person(0);
    const plan = await world.planned(
      csv(HEAD, `${a.email},CA 981,JFK,PEK,${on},14:05`, `${a.email},UA 88,Newark,PEK,${on},18:20`),
    );
    expect(plan.rows.map(({ fate }) => fate)).toEqual(["conflict", "conflict"]);
    const twice = await world.planned(
      csv(HEAD, `${a.email},CA 981,JFK,PEK,${on},14:05`, `${a.email},CA 981,JFK,PEK,${on},18:20`),
    );
    expect(twice.rows.map(({ fate }) => fate)).toEqual(["conflict", "conflict"]);
  });

  it("is a conflict where another one is known, keeps what it does not speak of, and says what it cannot read", async () => {
    const [a, b] = [world.person(0), world.person(1)];
    value(await submitRegistration(world.holder(a), { answers: answersOf(world.meeting, a) }));
    const file = (via: string, who = a) =>
      csv("Email,Arrival flight,Connecting flight", `${who.email},CA819,${via}`);
    const first = await world.planned(file("UA 5 Boston–Newark"));
    // Of another flight than theirs: the one to it is nobody's by itself.
    expect(cellsIn(first, 2).map(([column, , , isChosen]) => [column, isChosen])).toEqual([
      ["arrival:number", false],
      ["arrival:via", false],
    ]);
    const { importId } = await world.imported(file("UA 5 Boston–Newark"), {
      rows: [2],
      cells: ["2.arrival:number", "2.arrival:via"],
    });
    const other = await world.planned(file("DL 7 Boston–Detroit"));
    expect(cellsIn(other, 2)).toEqual([
      [
        "arrival:via",
        expect.stringContaining("UA 5"),
        expect.stringContaining("DL 7"),
        false,
        expect.any(String),
      ],
    ]);
    expect((await world.planned(file("UA 5"))).rows[0]?.fate).toBe("same");
    expect((await world.planned(file("UA 5 Boston–Newark"))).rows[0]?.fate).toBe("same");
    const unread = await world.planned(file("ask the office", b));
    expect(
      cellsIn(unread, 2)
        .find(([column]) => column === "arrival:via")
        ?.slice(3),
    ).toEqual([false, expect.stringContaining("does not say which flights")]);
    // What staff corrected since is theirs.
    world.clock.advance(60_000);
    const end = (place: string) => legEnd({ place, on, time: "", zone: "Asia/Shanghai" });
    const legs = [{ means: "flight" as const, number: "MU 1", from: end("Tokyo"), to: end("PEK") }];
    const corrected = { means: "phone" as const, note: "", legs };
    value(
      await correctJourney(world.lead, {
        invitationId: a.invitationId,
        direction: "arrival",
        revision: 1,
        ...corrected,
      }),
    );
    expect(value(await undoImport(world.lead, importId)).left).toBeGreaterThan(0);
  });
});
