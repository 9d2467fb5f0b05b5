import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { xlsxBytes } from "#app/documents/xlsx.server.ts";
import { importDetails } from "#app/domain/import/queries.server.ts";
import { guessMapping } from "#app/domain/import/rules.ts";
import { undoImport } from "#app/domain/import/undo.server.ts";
import { submitRegistration } from "#app/domain/registration/commands.server.ts";
import { correctJourney } from "#app/domain/travel/commands.server.ts";
import { journeysOfSide } from "#app/domain/travel/journey.server.ts";
import { type Leg, legEnd } from "#app/domain/travel/rules.ts";
import * as schema from "#db/schema/index.ts";
import { answersOf, cellsIn, csv, meetingWithLists, value } from "#tests/support/lists.ts";
import type { Invitee } from "#tests/support/meeting.ts";
import { everything } from "#tests/support/rows.ts";
import { tableOf } from "#tests/support/tables.ts";

let world: ReturnType<typeof meetingWithLists>;
beforeEach(() => {
  world = meetingWithLists();
});

const journeyOf = ({ invitationId }: Invitee) =>
  journeysOfSide(world.lead.db.orm, world.lead.scope).get(invitationId);

async function told(who: Invitee, changes: Record<string, string> = {}): Promise<void> {
  const answers = answersOf(world.meeting, who, changes);
  value(await submitRegistration(world.holder(who), { answers }));
  world.clock.advance(60_000);
}

describe("journeys in a list", () => {
  it("are read from columns as they come, and count on the boards", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    const { travelFrom, travelTo } = world.meeting;
    const [, month = "", day = ""] = travelFrom.split("-");
    const file = csv(
      "电子邮箱,航班号,抵达时间,出发地,抵达机场,返程航班,返程日期,返程时间,目的地",
      `${a.email},ca 981,${Number(month)}月${Number(day)}日 14:05,New York JFK,首都机场T3,CA982,${travelTo.replaceAll("-", "/")},下午1:20,JFK`,
      `${b.email},G101,${travelFrom} 0930,上海虹桥,北京南站,,,,`,
      `${c.email},待定,,,,,,,`,
    );
    const plan = await world.planned(file);
    expect(cellsIn(plan, 2)).toEqual([
      ["arrival:by", "", "flight", true],
      ["arrival:number", "", "CA 981", true],
      ["arrival:far", "", "New York JFK", true],
      ["arrival:on", "", travelFrom, true],
      ["arrival:time", "", "14:05", true],
      ["arrival:at", "", "首都机场T3", true],
      ["departure:by", "", "flight", true],
      ["departure:number", "", "CA982", true],
      ["departure:far", "", "JFK", true],
      ["departure:on", "", travelTo, true],
      ["departure:time", "", "13:20", true],
    ]);
    const before = everything(world.lead.db);
    const { importId } = await world.imported(file);
    const journey = journeyOf(a);
    expect(journey?.arrival.at).toBe(Date.parse(`${travelFrom}T14:05:00+08:00`));
    expect(journey?.departure.at).toBe(Date.parse(`${travelTo}T13:20:00+08:00`));
    expect(journey?.arrival.correction).toMatchObject({ means: "list", revision: 1 });
    expect(journeyOf(b)?.arrival.legs[0]).toMatchObject({ means: "train", number: "G101" });
    expect(journeyOf(c)?.arrival.legs[0]?.means).toBe("not_booked");
    expect((await world.planned(file)).rows.map(({ fate }) => fate)).toEqual(["same", "same", "same"]);
    await undoImport(world.lead, importId);
    expect(everything(world.lead.db)).toEqual(before);
  });

  it("with another flight keep nothing of when the one before it left, and all of it where it is the same", async () => {
    const a = world.person(0);
    const { travelFrom } = world.meeting;
    const flight: Leg = {
      means: "flight",
      number: "MU 501",
      from: legEnd({ place: "JFK", on: travelFrom, time: "01:00", zone: "America/New_York" }),
      to: legEnd({ place: "PVG", on: travelFrom, time: "23:00", zone: "Asia/Shanghai" }),
    };
    value(
      await correctJourney(world.lead, {
        ...{ invitationId: a.invitationId, direction: "arrival", revision: 0, means: "phone", note: "" },
        legs: [flight],
      }),
    );
    const left = () => journeyOf(a)?.arrival.legs[0]?.from;
    const listed = async (number: string, time: string) => {
      const file = csv(
        "Email,Arrival flight,Arrival date,Arrival time",
        `${a.email},${number},${travelFrom},${time}`,
      );
      const cells = ["2.arrival:number", "2.arrival:time"];
      await world.imported(file, { rows: [2], cells });
    };
    await listed("mu-501", "23:40");
    expect(left()).toMatchObject({ place: "JFK", on: travelFrom, time: "01:00" });
    await listed("CA 982", "09:10");
    expect(left()).toMatchObject({ place: "JFK", zone: "America/New_York", on: "", at: null });
  });

  it("that differ from what the traveller or staff have told are a conflict, part by part", async () => {
    const [a, b] = [world.person(0), world.person(1)];
    await told(a);
    await told(b, {
      arrivalBy: "not_booked",
      arrivalNumber: "",
      arrivalOn: "",
      arrivalTime: "",
      arrivalFrom: "",
    });
    const { travelFrom } = world.meeting;
    const zone = "Asia/Shanghai";
    const leg = {
      means: "flight" as const,
      number: "MU 501",
      from: legEnd({ place: "JFK", on: "", time: "", zone: "America/New_York" }),
      to: legEnd({ place: "PVG", on: travelFrom, time: "09:00", zone }),
    };
    const first = {
      ...leg,
      number: "DL 1",
      to: legEnd({ place: "JFK", on: "", time: "", zone: "America/New_York" }),
    };
    const note = "Her office rang";
    value(
      await correctJourney(world.lead, {
        ...{ invitationId: a.invitationId, direction: "arrival", revision: 0, means: "phone", note },
        legs: [first, leg],
      }),
    );
    world.clock.advance(60_000);
    const head = "Email,Arrival date,Arrival time,Arrival flight,Departure flight";
    const file = csv(
      head,
      `${a.email},${travelFrom},09:45,MU501,CA 1`,
      `${b.email},${travelFrom},10:00,UA 88,`,
    );
    const plan = await world.planned(file);
    expect(cellsIn(plan, 2)).toEqual([
      ["arrival:time", "09:00", "09:45", false, "Staff have written something else. Mark it to replace it."],
      [
        "departure:number",
        "CA981",
        "CA 1",
        false,
        "The traveller has told something else. Mark it to write this over it; their answer stays with their form.",
      ],
    ]);
    // Whoever said that nothing was booked is not contradicted.
    expect(cellsIn(plan, 3).map(([column, , , chosen]) => [column, chosen])).toEqual([
      ["arrival:by", true],
      ["arrival:number", true],
      ["arrival:on", true],
      ["arrival:time", true],
    ]);
    const before = everything(world.lead.db);
    const { importId } = await world.imported(file, {
      rows: [2, 3],
      cells: [
        "2.arrival:time",
        "2.departure:number",
        ...["by", "number", "on", "time"].map((each) => `3.arrival:${each}`),
      ],
    });
    // The leg before it stays, and so does the answer below.
    expect(journeyOf(a)?.arrival.legs.map(({ number, to }) => [number, to.time])).toEqual([
      ["DL 1", ""],
      ["MU 501", "09:45"],
    ]);
    expect(journeyOf(a)?.departure).toMatchObject({ answerChanged: false, legs: [{ number: "CA 1" }] });
    expect(journeyOf(a)?.departure.answer[0]?.number).toBe("CA981");
    await undoImport(world.lead, importId);
    expect(everything(world.lead.db)).toEqual(before);
  });

  it("of somebody who is not to come are told of in the preview, whatever becomes of their entries", async () => {
    const [a, b, c, d] = [world.person(0), world.person(1), world.person(2), world.person(3)];
    for (const [one, what] of [
      [a, { withdrawnAt: 1 }],
      [b, { replacedAt: 1 }],
      [c, { reply: "declined" }],
    ] as const)
      world.lead.db.orm
        .update(schema.invitation)
        .set(what)
        .where(eq(schema.invitation.id, one.invitationId))
        .run();
    const plan = await world.planned(
      csv("Email,Arrival date", ...[a, b, c, d].map(({ email }) => `${email},2018-10-28`)),
    );
    expect(plan.rows.map(({ notes }) => notes.map(({ key }) => key))).toEqual([
      ["import.note.withdrawn"],
      ["import.note.replaced"],
      ["import.note.declined"],
      [],
    ]);
  });

  it("that nobody can be on, or that cannot be read, are refused entry by entry with a word", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    world.lead.db.orm
      .update(schema.invitation)
      .set({ withdrawnAt: 1 })
      .where(eq(schema.invitation.id, c.invitationId))
      .run();
    const file = csv(
      "Email,Arrival date,Arrival time,Arrival time zone,Arrival by",
      `${a.email},soon,14:05+1,Mars,rocket`,
      `${b.email},,14:05,,`,
      `${c.email},2018-10-28,14:05,,`,
    );
    const plan = await world.planned(file);
    const words = (row: number) =>
      plan.rows
        .find((one) => one.row === row)
        ?.cells.flatMap(({ problems }) => problems.map(({ key }) => key));
    expect(words(2)).toEqual([
      "import.problem.word",
      "import.problem.moment",
      "import.problem.nextDay",
      "import.problem.word",
    ]);
    expect(words(3)).toEqual(["import.problem.noDay"]);
    expect(new Set(words(4))).toEqual(new Set(["import.problem.notComing"]));
  });

  it("that somebody has corrected since are not taken back over their word", async () => {
    const [a, b] = [world.person(0), world.person(1)];
    const { travelFrom } = world.meeting;
    const file = csv(
      "Email,Arrival date,Arrival flight",
      `${a.email},${travelFrom},CA1`,
      `${b.email},${travelFrom},CA2`,
    );
    const before = everything(world.lead.db);
    const { importId } = await world.imported(file);
    world.clock.advance(60_000);
    const legs = journeyOf(a)?.arrival.legs ?? [];
    value(
      await correctJourney(world.lead, {
        ...{ invitationId: a.invitationId, direction: "arrival", revision: 1, means: "phone", note: "" },
        legs: legs.map((leg) => ({ ...leg, number: "CA1X" })),
      }),
    );
    const undone = value(await undoImport(world.lead, importId));
    expect(undone.left).toBe(3);
    expect(journeyOf(a)?.arrival.legs[0]?.number).toBe("CA1X");
    expect(journeyOf(b)?.arrival.legs).toEqual([]);
    expect(
      importDetails(world.lead, importId)?.changes.map(({ column, now }) => [column, now]),
    ).toContainEqual(["arrival:number", "CA1X"]);
    expect(everything(world.lead.db)).not.toEqual(before);
  });

  it("come out of a workbook's date cells, and are nobody's to bring who does not look after travel", async () => {
    const a = world.person(0);
    const { travelFrom } = world.meeting;
    const bytes = await xlsxBytes({
      name: "Flights",
      columns: [
        { heading: "Email" },
        { heading: "Arrival date", kind: "day" },
        { heading: "Arrival time", kind: "number" },
      ],
      rows: [[a.email, { day: travelFrom }, 0.5868055555]],
    });
    expect(cellsIn(await world.planned(bytes), 2).map(([, , after]) => after)).toEqual([
      "other",
      travelFrom,
      "14:05",
    ]);
    const plan = await world.planned(bytes, world.staff("invitations"));
    expect(plan.rows.flatMap(({ cells }) => cells)).toEqual([]);
  });

  it("that end at midnight keep their time, which a workbook writes as a day of 1899", async () => {
    const { email } = world.person(0);
    const { travelFrom } = world.meeting;
    const plan = await world.planned(
      csv("Email,Arrival flight,Arrival date,Arrival time", `${email},CA981,${travelFrom},1899-12-31`),
    );
    expect(cellsIn(plan, 2)).toContainEqual(["arrival:time", "", "00:00", true]);
  });

  it("a heading that stands there twice is the way back the second time", async () => {
    const table = await tableOf(csv("邮箱,航班号,出发地,航班号,目的地", "a@us.example,CA1,JFK,CA2,JFK"));
    expect(guessMapping(table).columns).toEqual([
      "email",
      "arrival:number",
      "arrival:far",
      "departure:number",
      "departure:far",
    ]);
  });

  it("any lists, one after the other, taken back in turn leave what was before", async () => {
    const people = [world.person(0), world.person(1), world.person(2)];
    await told(people[0] ?? world.person(0));
    const cell = fc.constantFrom("", "CA 1", "MU 2", "G3");
    const day = fc.constantFrom("", world.meeting.travelFrom, `${world.meeting.travelFrom} 10:00`);
    const diet = fc.constantFrom("", "vegan", "halal", "素食");
    const via = fc.constantFrom("", "UA 5 Boston–Newark", "UA 5 Boston–Newark; UA 6 Newark–Tokyo", "DL 7");
    const wish = fc.constantFrom("", "twin", "single");
    const line = fc.tuple(cell, day, via, diet, wish, fc.constantFrom("", "Dean", "Rector"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        async (lists) => {
          const before = everything(world.lead.db);
          const done: Array<string> = [];
          for (const list of lists) {
            const file = csv(
              "Email,Flight,Arrival,Connection,Diet,Single or twin,Position",
              ...list.map((cells, n) => [people[n]?.email, ...cells].join(",")),
            );
            const plan = await world.planned(file);
            const cells = plan.rows.flatMap(({ row, cells }) =>
              cells.map(({ column }) => `${row}.${column}`),
            );
            if (cells.length === 0) continue;
            world.clock.advance(1_000);
            done.push((await world.imported(file, { rows: [2, 3, 4], cells })).importId);
          }
          for (const importId of done.toReversed()) {
            world.clock.advance(1_000);
            expect(value(await undoImport(world.lead, importId)).left).toBe(0);
          }
          expect(everything(world.lead.db)).toEqual(before);
        },
      ),
      { numRuns: 15 },
    );
  });
});
