import { eq, inArray } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { isCellColumn } from "#app/domain/import/cells.ts";
import { importTable, planDigest } from "#app/domain/import/commands.server.ts";
import { importDetails } from "#app/domain/import/queries.server.ts";
import { undoImport } from "#app/domain/import/undo.server.ts";
import { mateNames } from "#app/domain/import/wishes.server.ts";
import { withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { blockNights, saveHotel, saveRoomType } from "#app/domain/lodging/block.server.ts";
import { addGuest, bookRoom, saveWish } from "#app/domain/lodging/commands.server.ts";
import { roomsOf } from "#app/domain/lodging/queries.server.ts";
import { translator } from "#app/i18n/translate.ts";
import { cellInWords } from "#app/routes/staff/import-words.ts";
import * as schema from "#db/schema/index.ts";
import { csv, meetingWithLists, value } from "#tests/support/lists.ts";
import { everything } from "#tests/support/rows.ts";

let world: ReturnType<typeof meetingWithLists>;
let lead: StaffContext;
let single: string;
let from: string;
let to: string;

/** A hotel with two single rooms and one twin for each night. */
beforeEach(async () => {
  world = meetingWithLists();
  lead = world.lead;
  ({ travelFrom: from, travelTo: to } = world.meeting);
  const names = { nameEn: "Sample Hotel", nameZh: "示例饭店", addressEn: "", addressZh: "", phone: "" };
  const list = { deadlineDay: null, deadlineTime: "18:00", places: { nameLatin: "1" }, headings: {} };
  const { hotelId } = value(await saveHotel(lead, { hotelId: null, ...names, ...list, revision: 0 }));
  const nights = blockNights(lead.db.orm, world.meeting.editionId);
  const type = async (nameEn: string, nameZh: string, rooms: number) =>
    value(
      await saveRoomType(lead, {
        ...{ hotelId, typeId: "", nameEn, nameZh, sleeps: 2 },
        rooms: Object.fromEntries(nights.map((night) => [night, String(rooms)])),
      }),
    ).typeId;
  single = await type("King room", "大床房", 2);
  await type("Twin room", "双床房", 1);
});

const mine = () => roomsOf(lead.db.orm, lead.scope);
const cellOf = (plan: Awaited<ReturnType<typeof world.planned>>, row: number) =>
  plan.rows.find((one) => one.row === row)?.cells[0];
const stay = (checkIn: string, checkOut: string, payer: string, typeId = single) =>
  JSON.stringify({ typeId, checkIn, checkOut, payer });

describe("rooms in a list", () => {
  it("are booked night by night, by any name of hotel and room, and given back with the import", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    const file = csv(
      "邮箱,酒店,房型,入住,离店,晚数,付费方",
      `${a.email},示例饭店,大床房,${from},${to},,自理`,
      `${b.email},Sample Hotel,单人间,${from},,2,`,
      `${c.email},,标间,${from.slice(5).replace("-", "/")},,1,主办方`,
    );
    const plan = await world.planned(file);
    expect(cellOf(plan, 2)).toMatchObject({ before: "", after: stay(from, to, "self"), isChosen: true });
    expect(cellOf(plan, 3)?.after).toContain('"payer":"host_side"');
    const before = everything(lead.db);
    const { importId } = await world.imported(file);
    expect(
      mine()
        .map(({ nights }) => nights.length)
        .sort(),
    ).toEqual([1, 2, 4]);
    expect((await world.planned(file)).rows.map(({ fate }) => fate)).toEqual(["same", "same", "same"]);
    expect(importDetails(lead, importId)?.changes[0]).toMatchObject({
      column: "room:stay",
      now: stay(from, to, "self"),
    });
    value(await undoImport(lead, importId));
    expect(everything(lead.db)).toEqual(before);
  });

  it("that are not there are refused one by one, in the order of the file, and the stock stays as it is", async () => {
    const people = [0, 1, 2, 3].map((n) => world.person(n));
    const file = csv(
      "Email,Hotel,Room type,Check-in,Nights",
      ...people.map(({ email }) => `${email},Sample Hotel,King room,${from},2`),
    );
    const plan = await world.planned(file);
    expect(plan.rows.map(({ fate }) => fate)).toEqual(["changed", "changed", "problem", "problem"]);
    expect(cellOf(plan, 4)?.problems[0]).toMatchObject({ key: "import.problem.full" });
    await world.imported(file);
    const taken = lead.db.orm
      .select()
      .from(schema.roomStock)
      .where(eq(schema.roomStock.typeId, single))
      .all()
      .map(({ taken, rooms }) => [taken, rooms]);
    expect(Math.max(...taken.map(([used = 0]) => used))).toBe(2);
  });

  it("that somebody else takes meanwhile keep all of the file out, not a part of it", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    const file = csv(
      "Email,Room,Check-in,Check-out,Position",
      `${a.email},King room,${from},${to},Dean`,
      `${b.email},King room,${from},${to},Dean`,
    );
    const request = await world.requested(file);
    const plan = await world.planned(file);
    const choice = {
      rows: [2, 3],
      cells: plan.rows.flatMap(({ row, cells }) => cells.map(({ column }) => `${row}.${column}`)),
    };
    const input = { typeId: single, invitationId: c.invitationId, otherId: "", checkIn: from, checkOut: to };
    value(await bookRoom(lead, { ...input, payer: "self", smoking: null, earlyCheckIn: null, note: "" }));
    const before = everything(lead.db);
    const done = await importTable(lead, { ...request, choice, shown: planDigest(lead, plan) });
    expect(done).toEqual({ ok: false, refusal: "changed" });
    expect(everything(lead.db)).toEqual(before);
  });

  it("of those who have one already, do not come, or of whom nobody knows how long, are refused with a word", async () => {
    const [a, b, c, d] = [world.person(0), world.person(1), world.person(2), world.person(3)];
    const input = { typeId: single, invitationId: a.invitationId, otherId: "", checkIn: from, checkOut: to };
    value(await bookRoom(lead, { ...input, payer: "self", smoking: null, earlyCheckIn: null, note: "" }));
    lead.db.orm
      .update(schema.invitation)
      .set({ reply: "declined" })
      .where(eq(schema.invitation.id, b.invitationId))
      .run();
    const file = csv(
      "Email,Hotel,Room type,Check-in,Check-out",
      `${a.email},Sample Hotel,Twin room,${from},${to}`,
      `${b.email},Sample Hotel,Twin room,${from},${to}`,
      `${c.email},Grand Palace,Igloo,${from},${from}`,
      `${d.email},Sample Hotel,Igloo,${from},${from}`,
    );
    const plan = await world.planned(file);
    const words = [2, 3, 4, 5].map((row) => cellOf(plan, row)?.problems.map(({ key }) => key));
    expect(words).toEqual([
      ["import.problem.hasRoom"],
      ["import.problem.notComing"],
      ["import.problem.noHotel", "own.error.noNight"],
      ["import.problem.noRoomType", "own.error.noNight"],
    ]);
  });

  it("that somebody shares since stay, and nobody else's can be brought without looking after rooms", async () => {
    const [a, b] = [world.person(0), world.person(1)];
    const file = csv("Email,Room,Check-in,Check-out", `${a.email},Twin room,${from},${to}`);
    expect((await world.planned(file, world.staff("invitations"))).rows[0]?.cells).toEqual([]);
    const { importId } = await world.imported(file);
    const [room] = mine();
    value(await addGuest(lead, { roomId: room?.roomId ?? "", invitationId: b.invitationId }));
    expect(value(await undoImport(lead, importId))).toMatchObject({ cells: 0, left: 1 });
    expect(mine()).toHaveLength(1);
  });
});

describe("what people wish of their rooms", () => {
  const wishes = () => lead.db.orm.select().from(schema.lodgingWish).all();
  const nameOf = ({ personId }: { personId: string }) =>
    lead.db.orm.select().from(schema.person).where(eq(schema.person.id, personId)).get()?.nameLatin ?? "";

  it("is noted from a list, with whom by name, mailbox or number, asks nobody, and is taken back", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    const file = csv(
      "Email,Single or twin,Share with,Lodging,Room wishes",
      `${a.email},twin,${nameOf(b)},,quiet`,
      `${b.email},双人间,${a.email.toUpperCase()},,`,
      `${c.email},单间,,privately,`,
    );
    const plan = await world.planned(file);
    expect(plan.rows.flatMap(({ cells }) => cells.map(({ column, isChosen }) => [column, isChosen]))).toEqual(
      [
        ["wish:lodging", true],
        ["wish:mayShare", true],
        ["wish:shareWith", true],
        ["wish:note", true],
        ["wish:lodging", true],
        ["wish:mayShare", true],
        ["wish:shareWith", true],
        ["wish:mayShare", true],
        ["wish:lodging", true],
      ],
    );
    const before = everything(lead.db);
    const { importId } = await world.imported(file);
    expect(
      wishes().map(({ lodging, mayShare, shareWithId, note }) => [lodging, mayShare, shareWithId, note]),
    ).toEqual(
      expect.arrayContaining([
        ["hotel", true, b.invitationId, "quiet"],
        ["hotel", true, a.invitationId, ""],
        ["private", false, null, ""],
      ]),
    );
    expect(mine()).toEqual([]);
    // Nobody's name stands in what is kept of somebody else.
    const kept = lead.db.orm.select().from(schema.rosterCell).all();
    expect(JSON.stringify(kept)).not.toContain(nameOf(b));
    const details = importDetails(lead, importId);
    expect(details?.changes.every(({ after, now }) => after === now)).toBe(true);
    const mates = mateNames(lead, details?.changes ?? []);
    const words = (locale: "en" | "zh-CN") =>
      details?.changes.map(({ column, after }) =>
        isCellColumn(column)
          ? cellInWords(
              translator(locale),
              { column, value: after },
              { locale, asked: [], delegations: [], roomTypes: [], mates },
            )
          : column,
      );
    expect(words("en")).toEqual(expect.arrayContaining(["In a hotel of the meeting", "Yes", nameOf(b)]));
    expect(words("zh-CN")).toEqual(expect.arrayContaining(["住会议酒店", "是", nameOf(b)]));
    expect((await world.planned(file)).rows.map(({ fate }) => fate)).toEqual(["same", "same", "same"]);
    value(await undoImport(lead, importId));
    expect(everything(lead.db)).toEqual(before);
  });

  it("is a conflict where something else is noted, keeps what it does not speak of, and stays when somebody changed it", async () => {
    const [a, b] = [world.person(0), world.person(1)];
    const noted = {
      lodging: "hotel" as const,
      address: "",
      mayShare: null,
      shareWithId: "",
      note: "high floor",
    };
    value(await saveWish(lead, { invitationId: a.invitationId, ...noted }));
    world.clock.advance(60_000);
    const file = csv("Email,Single or twin,Share with", `${a.email},twin,${b.email}`);
    const [row] = (await world.planned(file)).rows;
    expect(row?.cells.map(({ column, isChosen }) => [column, isChosen])).toEqual([
      ["wish:mayShare", false],
      ["wish:shareWith", true],
    ]);
    const { importId } = await world.imported(file, {
      rows: [2],
      cells: ["2.wish:mayShare", "2.wish:shareWith"],
    });
    expect(wishes()).toMatchObject([{ mayShare: true, shareWithId: b.invitationId, note: "high floor" }]);
    world.clock.advance(60_000);
    value(
      await saveWish(lead, { invitationId: a.invitationId, ...noted, mayShare: "on", note: "low floor" }),
    );
    expect(value(await undoImport(lead, importId))).toMatchObject({ cells: 0, left: 2 });
    expect(wishes()).toMatchObject([{ note: "low floor" }]);
  });

  it("does not go back to somebody who is gone with an import of their own", async () => {
    const [a, b] = [world.person(0), world.person(1)];
    const first = await world.imported(csv("Name,Email", "Passing By,passing@us.example"));
    const [shareWithId = ""] = first.invitationIds;
    const noted = { lodging: "hotel" as const, address: "", mayShare: null, note: "" };
    value(await saveWish(lead, { invitationId: a.invitationId, ...noted, shareWithId }));
    world.clock.advance(60_000);
    const choice = { rows: [2], cells: ["2.wish:shareWith"] };
    const second = await world.imported(csv("Email,Share with", `${a.email},${b.email}`), choice);
    expect(value(await undoImport(lead, first.importId))).toMatchObject({ removed: 1, left: 0 });
    expect(value(await undoImport(lead, second.importId))).toMatchObject({ cells: 0, left: 1 });
    expect(wishes()).toMatchObject([{ shareWithId: b.invitationId }]);
  });

  it("is refused with a word: nobody of that name, two of them, oneself, another side's, whoever does not come", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    lead.db.orm
      .update(schema.person)
      .set({ nameLatin: "Twin Name" })
      .where(inArray(schema.person.id, [b.personId, c.personId]))
      .run();
    const file = (...mates: ReadonlyArray<string>) =>
      csv("Email,Share with", ...mates.map((mate, n) => `${world.person(n).email},${mate}`));
    const plan = await world.planned(file(a.email, "Twin Name", world.person(0, 1).email, "Nobody"));
    expect(
      plan.rows.map(({ cells }) => cells.find(({ column }) => column === "wish:shareWith")?.problems[0]?.key),
    ).toEqual([
      "import.problem.ownMate",
      "import.problem.whichMate",
      "import.problem.noMate",
      "import.problem.noMate",
    ]);
    await withdrawInvitation(lead, a.invitationId);
    const gone = await world.planned(file("Twin Name"));
    expect(gone.rows[0]?.cells.at(-1)?.problems).toMatchObject([{ key: "import.problem.notComing" }]);
  });

  it("of smoke and an early morning goes with the room that a row books, and is nothing without one", async () => {
    const [a, b, c] = [world.person(0), world.person(1), world.person(2)];
    const file = csv(
      "Email,Hotel,Room type,Check-in,Check-out,Smoking,Early check-in",
      `${a.email},Sample Hotel,King room,${from},${to},yes,是`,
      `${b.email},Sample Hotel,King room,${from},${to},禁烟房,no`,
      `${c.email},,,,,yes,`,
    );
    const plan = await world.planned(file);
    expect(plan.rows.map(({ fate }) => fate)).toEqual(["changed", "changed", "problem"]);
    const before = everything(lead.db);
    const { importId } = await world.imported(file);
    const rooms = lead.db.orm.select().from(schema.room).all();
    expect(rooms.map(({ smoking, earlyCheckIn }) => [smoking, earlyCheckIn])).toEqual(
      expect.arrayContaining([
        [true, true],
        [false, false],
      ]),
    );
    expect((await world.planned(file)).rows.map(({ fate }) => fate)).toEqual(["same", "same", "problem"]);
    value(await undoImport(lead, importId));
    expect(everything(lead.db)).toEqual(before);
  });

  it("takes one room where a row says the same of somebody twice", async () => {
    const line = (n: number) => `${world.person(n).email},Sample Hotel,King room,${from},${to}`;
    const head = "Email,Hotel,Room type,Check-in,Check-out";
    const plan = await world.planned(csv(head, line(0), line(0), line(1)));
    expect(plan.rows.map(({ fate }) => fate)).toEqual(["changed", "same", "changed"]);
  });
});
