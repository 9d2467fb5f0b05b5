import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RoomingFile, roomingBlocks, roomingCsv } from "#app/documents/rooming-list.ts";
import { readXlsx } from "#app/documents/xlsx.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { allotRooms } from "#app/domain/lodging/allotment.server.ts";
import { blockNights, saveHotel, saveRoomType } from "#app/domain/lodging/block.server.ts";
import {
  addGuest,
  bookRoom,
  changeRoom,
  noteReported,
  noteSharing,
  removeGuest,
  saveWish,
} from "#app/domain/lodging/commands.server.ts";
import type { BookingForm } from "#app/domain/lodging/form.ts";
import { answerSharing, ownRooms } from "#app/domain/lodging/own-room.server.ts";
import { hotelsOf, lodgingPage, roomsOf } from "#app/domain/lodging/queries.server.ts";
import { freezeRoomingList, roomingPage, takeRoomingList } from "#app/domain/lodging/rooming.server.ts";
import {
  amendmentsOf,
  drawPairs,
  firstNight,
  type ListRow,
  nightsAstray,
  nightsBetween,
  nightsOfStay,
  stretchesOf,
} from "#app/domain/lodging/rules.ts";
import { leaveRooms } from "#app/domain/lodging/stock.server.ts";
import { mailLinks } from "#app/domain/mail/links.ts";
import { instantOf } from "#app/i18n/dates.ts";
import { type Db, openDatabase } from "#db/client.server.ts";
import {
  auditEvent,
  delivery,
  guestNight,
  invitation,
  journey,
  person as personTable,
  release,
  roomingList,
  roomNight,
  roomStock,
  travelLeg,
} from "#db/schema/index.ts";
import { PAYERS } from "#db/vocabulary.ts";
import { renderMail } from "#emails/index.tsx";
import { mailPayload } from "#emails/payload.ts";
import { testContext, testKeys } from "../support/context.ts";
import { testDatabase } from "../support/database.ts";
import { type Invitee, writeMeeting } from "../support/meeting.ts";

/** A hotel of the host's with so many rooms each night. People of two delegations in turn: 1, 3, 5 … are the host's. */
async function world({ rooms = 2, people = 8, sleeps = 2, db = testDatabase() as Db } = {}) {
  const ctx = testContext({ db });
  const meeting = writeMeeting(db.orm, testKeys, { slug: "test", people, seats: [], now: ctx.clock.now() });
  const person = (n: number): Invitee => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  };
  const staff = (side: 0 | 1): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: "somebody" },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: ["logistics"],
      bookSideIds: [],
    },
  });
  const hotel = await saveHotel(staff(1), {
    hotelId: null,
    nameEn: "Sample Hotel",
    nameZh: "示例饭店",
    addressEn: "",
    addressZh: "",
    phone: "",
    deadlineDay: null,
    deadlineTime: "18:00",
    places: {
      nameLatin: "1",
      nameNative: "2",
      checkIn: "3",
      checkOut: "4",
      nights: "5",
      payer: "6",
      note: "7",
    },
    headings: { nameLatin: "=Guest" },
    revision: 0,
  });
  if (!hotel.ok) throw new Error(hotel.refusal);
  const { hotelId } = hotel.value;
  const block = (count: number, typeId = "", beds = sleeps) =>
    saveRoomType(staff(1), {
      hotelId,
      typeId,
      nameEn: "Room",
      nameZh: "房间",
      sleeps: beds,
      rooms: Object.fromEntries(
        blockNights(db.orm, meeting.editionId).map((night) => [night, String(count)]),
      ),
    });
  const type = await block(rooms);
  if (!type.ok) throw new Error(type.refusal);
  const { typeId } = type.value;
  const booking = (n: number, rest: Partial<BookingForm> = {}): BookingForm => ({
    typeId,
    invitationId: person(n).invitationId,
    otherId: "",
    checkIn: meeting.travelFrom,
    checkOut: meeting.travelTo,
    payer: "host_side",
    smoking: null,
    earlyCheckIn: null,
    note: "",
    ...rest,
  });
  const sideOf = (n: number): 0 | 1 => (n % 2 === 0 ? 0 : 1);
  const book = (n: number, rest: Partial<BookingForm> = {}) => bookRoom(staff(sideOf(n)), booking(n, rest));
  const booked = async (n: number, rest: Partial<BookingForm> = {}) => {
    const outcome = await book(n, rest);
    if (!outcome.ok) throw new Error(outcome.refusal);
    return outcome.value.roomId;
  };
  const stock = () => db.orm.select().from(roomStock).where(eq(roomStock.typeId, typeId)).all();
  /** What is counted as taken is what was taken, and never more than there is. */
  const inOrder = () => {
    for (const { night, rooms: there, taken } of stock()) {
      const nights = db.orm
        .select()
        .from(roomNight)
        .where(and(eq(roomNight.typeId, typeId), eq(roomNight.night, night)))
        .all();
      expect(taken).toBe(nights.length);
      expect(there - taken).toBeGreaterThanOrEqual(0);
    }
    const slept = db.orm.select().from(guestNight).all();
    expect(new Set(slept.map((row) => `${row.invitationId} ${row.night}`)).size).toBe(slept.length);
  };
  return { ctx, db, meeting, person, staff, hotelId, typeId, block, booking, book, booked, stock, inOrder };
}

/** When somebody comes and goes, as staff heard it. */
function travels(
  { db, person }: Awaited<ReturnType<typeof world>>,
  n: number,
  stay: { arrives: string; leaves: string },
): void {
  const { invitationId } = person(n);
  for (const direction of ["arrival", "departure"] as const) {
    const at = Date.parse(`${direction === "arrival" ? stay.arrives : stay.leaves}T12:00:00+08:00`);
    db.orm
      .insert(journey)
      .values({
        invitationId,
        direction,
        means: "mail",
        answerSeen: "",
        revision: 1,
        updatedAt: 0,
        updatedBy: "",
      })
      .run();
    db.orm
      .insert(travelLeg)
      .values({
        id: `${invitationId} ${direction}`,
        invitationId,
        direction,
        position: 0,
        means: "flight",
        departsZone: "Asia/Shanghai",
        arrivesZone: "Asia/Shanghai",
        ...(direction === "arrival" ? { arrivesAt: at } : { departsAt: at }),
      })
      .run();
  }
}

describe("rooms for many at once", () => {
  const stay = { arrives: "2018-12-02", leaves: "2018-12-05" };

  test("are given for the nights of each one's stay; who gets none is told why, and who has one keeps it", async () => {
    const it = await world({ rooms: 3, people: 20 });
    it.db.orm.update(invitation).set({ reply: "accepted" }).run();
    const [known, longer, unknown, housed, privately, away, late] = [1, 3, 5, 7, 9, 11, 13];
    for (const n of [known, longer, housed, privately, away, late] as Array<number>) travels(it, n, stay);
    const roomId = await it.booked(housed ?? 0, { checkIn: "2018-12-03", checkOut: "2018-12-04" });
    const wished = await saveWish(it.staff(1), {
      invitationId: it.person(privately ?? 0).invitationId,
      lodging: "private",
      address: "",
      mayShare: null,
      shareWithId: "",
      note: "",
    });
    expect(wished.ok).toBe(true);
    it.db.orm
      .update(invitation)
      .set({ reply: "declined" })
      .where(eq(invitation.id, it.person(away ?? 0).invitationId))
      .run();
    const ids = [known, longer, unknown, housed, privately, away, late].map(
      (n) => it.person(n ?? 0).invitationId,
    );
    const before = it.db.orm.select().from(auditEvent).all().length;
    const done = await allotRooms(it.staff(1), {
      typeId: it.typeId,
      payer: "own_side",
      // Twice the same is once.
      invitationIds: [...ids, ids[0] ?? ""],
    });
    if (!done.ok) throw new Error(done.refusal);
    expect(done.value.given).toBe(2);
    expect(done.value.stuck.map(({ invitationId, refusal }) => [ids.indexOf(invitationId), refusal])).toEqual(
      [
        [2, "noStay"],
        [3, "hasRoom"],
        [4, "ownLodging"],
        [5, "notComing"],
        // The middle night has three rooms: one is the one that was taken before.
        [6, "full"],
      ],
    );
    const rooms = roomsOf(it.db.orm, it.staff(1).scope);
    const own = rooms.find(({ guests }) => guests.some((guest) => guest.invitationId === ids[0]));
    expect(own).toMatchObject({ checkIn: stay.arrives, checkOut: stay.leaves });
    expect(own?.nights.map(({ payer }) => payer)).toEqual(["own_side", "own_side", "own_side"]);
    expect(own?.guests).toMatchObject([{ sharing: "alone" }]);
    expect(rooms.find((one) => one.roomId === roomId)).toMatchObject({ checkIn: "2018-12-03" });
    const trail = it.db.orm.select().from(auditEvent).all().slice(before);
    expect(trail.map(({ action, details }) => [action, JSON.parse(details)])).toEqual([
      ["room.allot", { rooms: 2, nights: 6 }],
    ]);
    it.inOrder();
  });

  test("never go beyond the block, however many are given at once", async () => {
    const it = await world({ rooms: 5, people: 60 });
    it.db.orm.update(invitation).set({ reply: "accepted" }).run();
    const nights = ["2018-12-02", "2018-12-03", "2018-12-04", "2018-12-05", "2018-12-06"];
    for (let n = 0; n < 60; n++)
      travels(it, n, { arrives: nights[n % 3] ?? "", leaves: nights[3 + (n % 2)] ?? "" });
    const of = (side: 0 | 1) =>
      it.meeting.invitees.filter((_, n) => n % 2 === side).map(({ invitationId }) => invitationId);
    const goes = await Promise.all(
      ([0, 1, 0, 1] as const).map((side) =>
        allotRooms(it.staff(side), { typeId: it.typeId, payer: "host_side", invitationIds: of(side) }),
      ),
    );
    for (const done of goes) {
      if (!done.ok) throw new Error(done.refusal);
      expect(done.value.given + done.value.stuck.length).toBe(30);
    }
    expect(Math.max(...it.stock().map(({ taken }) => taken))).toBe(5);
    it.inOrder();
  });

  test("are given to one's own side's people alone, and of a block that is there", async () => {
    const it = await world();
    it.db.orm.update(invitation).set({ reply: "accepted" }).run();
    for (const n of [1, 2]) travels(it, n, stay);
    const asked = { typeId: it.typeId, payer: "self" as const };
    const both = [it.person(1).invitationId, it.person(2).invitationId];
    expect(await allotRooms(it.staff(1), { ...asked, invitationIds: both })).toEqual({
      ok: false,
      refusal: "gone",
    });
    expect(
      await allotRooms(it.staff(1), { ...asked, typeId: "nowhere", invitationIds: both.slice(0, 1) }),
    ).toEqual({ ok: false, refusal: "gone" });
    expect(it.stock().every(({ taken }) => taken === 0)).toBe(true);
  });
});

describe("the stock of rooms", () => {
  test("is never below zero under 200 bookings at once, from two connections, and every night is given once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rooms-"));
    const file = join(folder, "secretariat.db");
    testDatabase().sqlite.prepare("vacuum into ?").run(file);
    const db = openDatabase(file);
    const second = openDatabase(file);
    try {
      const it = await world({ rooms: 7, people: 200, sleeps: 1, db });
      const stays = ["2018-12-02", "2018-12-03", "2018-12-04"];
      const all = Array.from({ length: 200 }, (_, n) => {
        const checkIn = stays[n % stays.length] ?? "";
        const staff = it.staff(n % 2 === 0 ? 0 : 1);
        return bookRoom(
          n % 3 === 0 ? { ...staff, db: second } : staff,
          it.booking(n, { checkIn, checkOut: "2018-12-06" }),
        );
      });
      const outcomes = await Promise.all(all);
      const granted = outcomes.filter((outcome) => outcome.ok).length;
      // The night that all of them want: each of its rooms is gone, and nobody got one more.
      expect(granted).toBe(7);
      expect(outcomes.filter((outcome) => !outcome.ok && outcome.refusal === "full")).toHaveLength(193);
      it.inOrder();
      expect(it.stock().find(({ night }) => night === "2018-12-05")?.taken).toBe(7);
    } finally {
      second.close();
      db.close();
      rmSync(folder, { recursive: true });
    }
  });

  test("cannot be broken by any order of booking, changing, adding and leaving", async () => {
    const days = ["2018-12-01", "2018-12-02", "2018-12-03", "2018-12-04", "2018-12-05", "2018-12-06"];
    const act = fc.record({
      what: fc.constantFrom("book", "change", "add", "remove"),
      who: fc.nat(7),
      other: fc.nat(7),
      from: fc.nat(4),
      length: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const it = await world({ rooms: 2 });
        for (const { what, who, other, from, length } of acts) {
          const checkIn = days[from] ?? "";
          const checkOut = days[Math.min(days.length - 1, from + length)] ?? "";
          const side = who % 2 === 0 ? 0 : 1;
          const staff = it.staff(side);
          const rooms = roomsOf(it.db.orm, staff.scope);
          const room = rooms[other % Math.max(1, rooms.length)];
          const { invitationId } = it.person(who);
          if (what === "book") await it.book(who, { checkIn, checkOut });
          else if (room === undefined) continue;
          else if (what === "add") await addGuest(staff, { roomId: room.roomId, invitationId });
          else if (what === "remove") await removeGuest(staff, { roomId: room.roomId, invitationId });
          else
            await changeRoom(staff, {
              roomId: room.roomId,
              checkIn,
              checkOut,
              payers: {},
              payer: "self",
              number: "",
              smoking: null,
              earlyCheckIn: null,
              note: "",
              revision: room.revision,
            });
          it.inOrder();
        }
        it.db.close();
      }),
      { numRuns: 25 },
    );
  });

  test("is guarded by the table itself, whoever writes", async () => {
    const { db, booked } = await world({ rooms: 1 });
    await booked(0);
    expect(() =>
      db.orm
        .update(roomStock)
        .set({ taken: sql`${roomStock.taken} + 1` })
        .run(),
    ).toThrow(/room_stock_never_below_zero/);
    expect(() => db.orm.update(roomStock).set({ rooms: 0 }).run()).toThrow(/room_stock_never_below_zero/);
  });

  test("takes nobody's room when a block gets smaller than what is taken", async () => {
    const { ctx, staff, block, typeId, booked, stock } = await world({ rooms: 2 });
    await booked(0);
    await booked(1);
    expect(await block(1, typeId, 4)).toEqual({ ok: false, refusal: "taken" });
    // What was refused has changed nothing at all.
    expect(hotelsOf(ctx.db.orm, staff(1).scope)[0]?.types[0]?.sleeps).toBe(2);
    expect(stock().every(({ rooms }) => rooms === 2)).toBe(true);
    expect((await block(3, typeId)).ok).toBe(true);
  });

  test("is there once when the form that adds it comes twice, and so is the hotel", async () => {
    const { db, staff, block, typeId, hotelId, meeting } = await world();
    expect(await block(2)).toEqual({ ok: true, value: { typeId } });
    expect(await block(3)).not.toEqual({ ok: true, value: { typeId } });
    const another = {
      hotelId: null,
      nameEn: "Another",
      nameZh: "另一饭店",
      addressEn: "",
      addressZh: "",
      phone: "",
      deadlineDay: null,
      deadlineTime: "18:00",
      places: { nameLatin: "1" },
      headings: {},
      revision: 0,
    };
    const [one, two] = await Promise.all([saveHotel(staff(1), another), saveHotel(staff(1), another)]);
    expect(one).toEqual(two);
    const { editionId, sideIds } = { ...staff(1).scope, ...meeting };
    expect(hotelsOf(db.orm, { editionId, sideIds: [...sideIds] }).map((each) => each.nameEn)).toEqual([
      "Another",
      "Sample Hotel",
    ]);
    expect(hotelId).not.toBe("");
  });

  test("keeps the beds in which people sleep, and what a colleague has changed meanwhile", async () => {
    const { ctx, staff, block, typeId, booked, person, hotelId } = await world({ rooms: 2 });
    await booked(0, { otherId: person(2).invitationId });
    expect(await block(2, typeId, 1)).toEqual({ ok: false, refusal: "beds" });
    const shown = () => hotelsOf(ctx.db.orm, staff(1).scope)[0]?.types[0]?.seen ?? "";
    const seen = shown();
    await booked(1);
    expect(shown()).toBe(seen);
    expect((await block(3, typeId)).ok).toBe(true);
    const type = { hotelId, typeId, nameEn: "Room", nameZh: "房间", sleeps: 2, rooms: {} };
    expect(await saveRoomType(staff(1), { ...type, seen })).toEqual({ ok: false, refusal: "changed" });
  });

  test("is full with a word of which is not given, and gets back what is left", async () => {
    const { book, booked, staff, person, inOrder } = await world({ rooms: 1 });
    const roomId = await booked(0);
    expect(await book(2)).toEqual({ ok: false, refusal: "full" });
    const guest = { roomId, invitationId: person(0).invitationId };
    // The form may come twice, and nobody is in a room that is not there; the other side learns nothing of either.
    for (const _time of ["first", "again"])
      expect(await removeGuest(staff(0), guest)).toEqual({ ok: true, value: { roomLeft: false } });
    expect(await removeGuest(staff(1), guest)).toEqual({ ok: false, refusal: "gone" });
    expect((await book(2)).ok).toBe(true);
    inOrder();
  });
});

describe("a room", () => {
  test("is given to nobody who sleeps elsewhere that night, nor to more people than beds", async () => {
    const { book, booked, person } = await world({ sleeps: 1 });
    await booked(0);
    expect(await book(0, { checkIn: "2018-12-04" })).toEqual({ ok: false, refusal: "elsewhere" });
    expect(await book(2, { otherId: person(4).invitationId })).toEqual({ ok: false, refusal: "beds" });
    expect(await book(2, { checkOut: "2018-12-02", checkIn: "2018-12-02" })).toEqual({
      ok: false,
      refusal: "nights",
    });
  });

  test("is not there for the other side, and not to be shared across sides", async () => {
    const { booked, book, person, staff, ctx, hotelId, typeId } = await world();
    const roomId = await booked(0);
    expect(roomsOf(ctx.db.orm, staff(1).scope)).toEqual([]);
    expect(hotelsOf(ctx.db.orm, staff(0).scope)[0]?.own).toBe(false);
    const before = ctx.db.orm.select().from(auditEvent).all().length;
    const gone = { ok: false, refusal: "gone" };
    const other = { roomId, invitationId: person(0).invitationId };
    expect(await removeGuest(staff(1), other)).toEqual(gone);
    expect(await addGuest(staff(1), { roomId, invitationId: person(1).invitationId })).toEqual(gone);
    expect(await addGuest(staff(0), { roomId, invitationId: person(1).invitationId })).toEqual(gone);
    expect(await book(2, { otherId: person(1).invitationId })).toEqual(gone);
    expect(await noteSharing(staff(1), { ...other, answer: "agreed" })).toEqual(gone);
    // The block is the host's: the other side books in it and changes nothing of it.
    const type = { hotelId, typeId, nameEn: "Mine", nameZh: "我的", sleeps: 2, rooms: {} };
    expect(await saveRoomType(staff(0), type)).toEqual(gone);
    const wish = { lodging: "private", address: "", mayShare: null, shareWithId: "", note: "" } as const;
    expect(await saveWish(staff(1), { ...wish, invitationId: person(0).invitationId })).toEqual(gone);
    expect(
      await saveWish(staff(0), {
        ...wish,
        invitationId: person(0).invitationId,
        shareWithId: person(1).invitationId,
      }),
    ).toEqual(gone);
    expect(ctx.db.orm.select().from(auditEvent).all()).toHaveLength(before);
  });

  test("is shared once both have said yes, and not on the list before", async () => {
    const { booked, person, staff, hotelId } = await world();
    const roomId = await booked(0, { otherId: person(2).invitationId });
    const list = () => roomingPage(staff(0), hotelId, "en");
    expect(list()).toMatchObject({ rows: [], unsettled: 1 });
    const agree = (n: number) =>
      noteSharing(staff(0), { roomId, invitationId: person(n).invitationId, answer: "agreed" });
    await agree(0);
    expect(list()?.unsettled).toBe(1);
    await agree(2);
    expect(list()).toMatchObject({ unsettled: 0 });
    expect(list()?.rows).toHaveLength(2);
  });

  test("shared with somebody who has left is had alone, and goes on without them", async () => {
    const { db, ctx, booked, person, staff, hotelId, meeting } = await world();
    const roomId = await booked(0, { otherId: person(2).invitationId });
    const room = () => roomsOf(db.orm, staff(0).scope)[0];
    db.orm
      .update(invitation)
      .set({ withdrawnAt: 1 })
      .where(eq(invitation.id, person(2).invitationId))
      .run();
    // They slept there once.
    await db.write((tx) => {
      leaveRooms(tx, { invitationId: person(2).invitationId, from: "2018-12-03", at: ctx.clock.now() });
    });
    expect(room()?.guests).toHaveLength(2);
    expect(roomingPage(staff(0), hotelId, "en")).toMatchObject({ unsettled: 0, rows: [{}] });
    const changed = await changeRoom(staff(0), {
      roomId,
      checkIn: meeting.travelFrom,
      checkOut: "2018-12-07",
      payers: {},
      payer: "host_side",
      number: "",
      smoking: null,
      earlyCheckIn: null,
      note: "",
      revision: room()?.revision ?? 0,
    });
    expect(changed.ok).toBe(true);
    const nights = db.orm
      .select()
      .from(guestNight)
      .where(eq(guestNight.invitationId, person(2).invitationId))
      .all();
    expect(nights.map(({ night }) => night)).toEqual(["2018-12-02"]);
    expect((await addGuest(staff(0), { roomId, invitationId: person(4).invitationId })).ok).toBe(true);
  });

  test("that a third one joins is agreed to anew", async () => {
    const { booked, person, staff, hotelId } = await world({ sleeps: 3 });
    const roomId = await booked(0, { otherId: person(2).invitationId });
    const agree = (n: number) =>
      noteSharing(staff(0), { roomId, invitationId: person(n).invitationId, answer: "agreed" });
    await agree(0);
    await agree(2);
    await addGuest(staff(0), { roomId, invitationId: person(4).invitationId });
    await agree(4);
    expect(roomingPage(staff(0), hotelId, "en")).toMatchObject({ unsettled: 1, rows: [] });
    await agree(0);
    await agree(2);
    expect(roomingPage(staff(0), hotelId, "en")).toMatchObject({ unsettled: 0 });
  });

  test("says who pays which night, in stretches", () => {
    const nights = (payers: string) =>
      [...payers].map((each, n) => ({
        night: `2018-12-0${n + 1}`,
        payer: each === "h" ? ("host_side" as const) : ("self" as const),
      }));
    expect(stretchesOf(nights("hhs"))).toEqual([
      { checkIn: "2018-12-01", checkOut: "2018-12-03", nights: 2, payer: "host_side" },
      { checkIn: "2018-12-03", checkOut: "2018-12-04", nights: 1, payer: "self" },
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PAYERS), { minLength: 1, maxLength: 9 }), (payers) => {
        const stay = payers.map((payer, n) => ({ night: `2018-12-0${n + 1}`, payer }));
        const stretches = stretchesOf(stay);
        const again = stretches.flatMap((each) =>
          nightsBetween(each.checkIn, each.checkOut).map((night) => ({ night, payer: each.payer })),
        );
        expect(again).toEqual(stay);
      }),
    );
  });

  test("that is missing for a night shows, and somebody who lodges privately in China is to be reported", async () => {
    const { staff, person, booked, meeting } = await world();
    const invitationId = person(0).invitationId;
    await saveWish(staff(0), {
      invitationId,
      lodging: "private",
      address: "With a cousin",
      mayShare: null,
      shareWithId: "",
      note: "",
    });
    const of = (n: number) =>
      lodgingPage(staff(0)).people.find((one) => one.traveller.invitationId === person(n).invitationId);
    expect(of(0)?.reportDue).toBe(0);
    await noteReported(staff(0), { invitationId, reportedOn: meeting.travelFrom });
    expect(of(0)?.reportDue).toBeNull();
    // The police know of one place; whoever moves to another is to be reported again.
    const wish = { invitationId, mayShare: null, shareWithId: "", lodging: "private" } as const;
    await saveWish(staff(0), { ...wish, address: "With a cousin", note: "Fourth floor" });
    expect(of(0)?.reportDue).toBeNull();
    const seen = of(0)?.wish.seen ?? 0;
    expect(await saveWish(staff(0), { ...wish, address: "", note: "", seen: seen - 1 })).toEqual({
      ok: false,
      refusal: "changed",
    });
    await saveWish(staff(0), { ...wish, address: "With a friend", note: "", seen });
    expect(of(0)?.reportDue).toBe(0);
    await booked(2);
    expect(of(2)?.rooms).toHaveLength(1);
    expect(of(2)?.reportDue).toBeNull();
  });
});

describe("the nights of somebody's stay", () => {
  const stay = (rest: Partial<Parameters<typeof nightsAstray>[0]>) =>
    nightsAstray({
      first: "2018-12-02",
      arrivesOn: "2018-12-02",
      leavesOn: "2018-12-04",
      taken: ["2018-12-02", "2018-12-03"],
      early: false,
      ...rest,
    });

  test("begin the evening before for whoever lands before six in the morning, unless the room is to be ready early", () => {
    const beijing = (on: string, time: string) => instantOf(on, time, "Asia/Shanghai");
    expect(firstNight(beijing("2018-12-02", "05:59"), "Asia/Shanghai")).toBe("2018-12-01");
    expect(firstNight(beijing("2019-01-01", "00:10"), "Asia/Shanghai")).toBe("2018-12-31");
    expect(firstNight(beijing("2018-12-02", "06:00"), "Asia/Shanghai")).toBe("2018-12-02");
    expect(
      nightsOfStay({
        arrivesAt: beijing("2018-12-02", "04:50"),
        leavesAt: beijing("2018-12-03", "23:50"),
        timeZone: "Asia/Shanghai",
      }),
    ).toEqual(["2018-12-01", "2018-12-02"]);
    expect(stay({})).toEqual({ missing: [], extra: [] });
    expect(stay({ first: "2018-12-01" })).toEqual({ missing: ["2018-12-01"], extra: [] });
    expect(stay({ first: "2018-12-01", early: true })).toEqual({ missing: [], extra: [] });
    // The night before is booked and the room asked for early as well: neither is wrong.
    expect(
      stay({ first: "2018-12-01", early: true, taken: ["2018-12-01", "2018-12-02", "2018-12-03"] }),
    ).toEqual({ missing: [], extra: [] });
  });

  test("show what stands empty when somebody comes a day later or leaves sooner", () => {
    expect(stay({ first: "2018-12-03", arrivesOn: "2018-12-03" })).toEqual({
      missing: [],
      extra: ["2018-12-02"],
    });
    expect(stay({ leavesOn: "2018-12-03" })).toEqual({ missing: [], extra: ["2018-12-03"] });
    expect(stay({ leavesOn: null })).toEqual({ missing: [], extra: [] });
    expect(stay({ first: null, arrivesOn: null, leavesOn: null })).toEqual({ missing: [], extra: [] });
  });

  test("are each either needed, missing or extra, whatever is booked", () => {
    const day = fc.integer({ min: 1, max: 20 }).map((n) => `2018-12-${String(n).padStart(2, "0")}`);
    fc.assert(
      fc.property(day, day, fc.uniqueArray(day), (arrivesOn, leavesOn, taken) => {
        const needed = nightsBetween(arrivesOn, leavesOn);
        const { missing, extra } = stay({ first: arrivesOn, arrivesOn, leavesOn, taken });
        expect([...needed].sort()).toEqual(
          [...taken.filter((night) => !extra.includes(night)), ...missing].sort(),
        );
      }),
    );
  });
});

describe("a draw of who shares", () => {
  const sharers = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 60 }).map(String),
      delegationId: fc.constantFrom("us", "cn"),
      wishes: fc.option(fc.integer({ min: 0, max: 60 }).map(String)),
    }),
    { selector: (one) => one.id, maxLength: 40 },
  );

  test("puts nobody into two pairs or with themselves, leaves at most one of a delegation, whatever the order", () => {
    fc.assert(
      fc.property(sharers, fc.string(), (people, seed) => {
        const pairs = drawPairs(people, seed);
        const paired = pairs.flat();
        expect(new Set(paired).size).toBe(paired.length);
        expect(paired.every((id) => people.some((one) => one.id === id))).toBe(true);
        for (const delegationId of ["us", "cn"]) {
          const left = people.filter((one) => one.delegationId === delegationId && !paired.includes(one.id));
          expect(left.length).toBeLessThanOrEqual(1);
        }
        for (const [a, b] of pairs) {
          const [one, other] = [a, b].map((id) => people.find((each) => each.id === id));
          const mutual = one?.wishes === b && other?.wishes === a;
          expect(mutual || one?.delegationId === other?.delegationId).toBe(true);
        }
        for (const one of people) {
          const other = people.find((each) => each.id === one.wishes);
          if (other !== undefined && other.id !== one.id && other.wishes === one.id)
            expect(pairs.some((pair) => pair.includes(one.id) && pair.includes(other.id))).toBe(true);
        }
        expect(drawPairs(people.toReversed(), seed)).toEqual(pairs);
      }),
    );
  });
});

describe("a rooming list", () => {
  test("is frozen by version with a release to the hotel; what changes afterwards is an amendment", async () => {
    const { booked, staff, hotelId, person, db, meeting } = await world();
    const roomId = await booked(0);
    await booked(2);
    const freeze = () => freezeRoomingList(staff(0), { hotelId, locale: "en" });
    const page = () => roomingPage(staff(0), hotelId, "en");
    expect(await freeze()).toEqual({ ok: true, value: { number: 1 } });
    expect(await freeze()).toEqual({ ok: false, refusal: "same" });
    expect(page()?.amendments).toEqual([]);
    const [given] = db.orm.select().from(release).all();
    expect(given).toMatchObject({ toCoHostId: null, fromCoHostId: meeting.sideIds[0] });
    expect(given?.recipient).toContain("Sample Hotel");

    const room = roomsOf(db.orm, staff(0).scope).find((one) => one.roomId === roomId);
    await changeRoom(staff(0), {
      roomId,
      checkIn: meeting.travelFrom,
      checkOut: meeting.travelTo,
      payers: { [meeting.travelFrom]: "self" },
      payer: "host_side",
      number: "",
      smoking: null,
      earlyCheckIn: null,
      note: "=cmd|'x'!A1",
      revision: room?.revision ?? 0,
    });
    db.orm
      .update(invitation)
      .set({ withdrawnAt: 1 })
      .where(eq(invitation.id, person(2).invitationId))
      .run();
    expect(page()?.amendments?.map(({ change }) => change)).toEqual(["changed", "added", "removed"]);
    expect(await freeze()).toEqual({ ok: true, value: { number: 2 } });
    expect(page()?.versions.map(({ number, rows }) => [number, rows])).toEqual([
      [2, 2],
      [1, 2],
    ]);
  });

  test("is a workbook whose cells are text and days, with the hotel's own headings; and a file that runs nothing", async () => {
    const { booked, staff, hotelId, person, db } = await world();
    await booked(0, { note: "=cmd|'x'!A1" });
    db.orm
      .update(personTable)
      .set({ nameNative: "欧阳䶮" })
      .where(eq(personTable.id, person(0).personId))
      .run();
    await freezeRoomingList(staff(0), { hotelId, locale: "en" });
    const listId = roomingPage(staff(0), hotelId, "en")?.versions[0]?.listId ?? "";
    const take = async (file: "list.xlsx" | "list.csv" | "amendment.csv", side: 0 | 1 = 0) =>
      takeRoomingList(staff(side), { listId, file });
    const workbook = await take("list.xlsx");
    if (!workbook.ok) throw new Error(workbook.refusal);
    const sheet = await readXlsx(workbook.value.bytes);
    const rows = sheet.ok ? sheet.rows.map(({ cells }) => cells) : [];
    expect(rows.find((cells) => cells[0] === "=Guest")).toBeDefined();
    const line = rows.at(-1) ?? [];
    expect(line.slice(0, 5)).toEqual([person(0).nameLatin, "欧阳䶮", "2018-12-02", "2018-12-06", "4"]);
    expect(line).toContain("=cmd|'x'!A1");
    const csv = await take("list.csv");
    const text = csv.ok ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(csv.value.bytes) : "";
    expect(text.startsWith("\ufeff")).toBe(true);
    expect(text).toContain(`"'=cmd|'x'!A1"`);
    expect(await take("amendment.csv")).toEqual({ ok: false, refusal: "gone" });
    expect(await take("list.csv", 1)).toEqual({ ok: false, refusal: "gone" });
  });

  test("says of a changed line what it said before, in the file and on paper", () => {
    const row = (checkOut: string): ListRow => ({ key: "1", cells: ["Margaret", "2018-12-02", checkOut] });
    const file: RoomingFile = {
      hotelEn: "Sample Hotel",
      hotelZh: "示例饭店",
      editionEn: "Dialogue",
      editionZh: "对话",
      number: 2,
      frozenAt: 0,
      timeZone: "Asia/Shanghai",
      locale: "en",
      columns: (["nameLatin", "checkIn", "checkOut"] as const).map((name) => ({ name, heading: "" })),
      rows: [row("2018-12-07")],
      amendments: amendmentsOf([row("2018-12-06")], [row("2018-12-07")]),
    };
    const lines = roomingCsv(file).split("\r\n");
    expect(lines).toContain('"changed","Margaret","2018-12-02","2018-12-07"');
    expect(lines).toContain('"before","Margaret","2018-12-02","2018-12-06"');
    const [block] = roomingBlocks({ ...file, locale: "zh-CN" });
    expect(block?.heading).toBe("更改  Margaret");
    expect(block?.told.at(-1)).toContain("2018年12月7日（星期五）（原为2018年12月6日（星期四））");
    expect(block?.told.join()).not.toContain("12月2日（星期日）（原为");
  });

  test("keeps what it said under a seal, and says nothing any more once it is purged", async () => {
    const { booked, staff, hotelId, person, db } = await world();
    await booked(0);
    await freezeRoomingList(staff(0), { hotelId, locale: "en" });
    const [stored] = db.orm.select().from(roomingList).all();
    expect(stored?.sealed).not.toContain(person(0).nameLatin);
    db.orm.update(roomingList).set({ sealed: "" }).run();
    expect(roomingPage(staff(0), hotelId, "en")).toMatchObject({
      amendments: null,
      versions: [{ number: 1, purged: true }],
    });
    expect(await takeRoomingList(staff(0), { listId: stored?.id ?? "", file: "list.csv" })).toEqual({
      ok: false,
      refusal: "gone",
    });
  });

  test("compares facts: other words for the same, or another language, are no change", async () => {
    const { booked, staff, hotelId, db, meeting, ctx } = await world();
    const saved = await saveHotel(staff(1), {
      hotelId,
      nameEn: "Sample Hotel",
      nameZh: "示例饭店",
      addressEn: "",
      addressZh: "",
      phone: "",
      deadlineDay: null,
      deadlineTime: "18:00",
      places: { nameLatin: "1", payer: "2", arrival: "3" },
      headings: {},
      revision: 1,
    });
    expect(saved.ok).toBe(true);
    const it = { db, person: (n: number) => meeting.invitees[n] } as Awaited<ReturnType<typeof world>>;
    travels(it, 0, { arrives: "2018-12-02", leaves: "2018-12-06" });
    await booked(0);
    const zh = { hotelId, locale: "zh-CN" } as const;
    const page = () => roomingPage(staff(0), hotelId, "zh-CN");
    expect(await freezeRoomingList(staff(0), zh)).toMatchObject({ ok: true });
    // A list of long ago: other words for times, and no facts beside them.
    const [stored] = db.orm.select().from(roomingList).all();
    const place = `rooming_list/${stored?.id}`;
    const frozen = JSON.parse(testKeys.open(stored?.sealed ?? "", place));
    const rows = frozen.rows.map(({ key, cells }: ListRow) => ({
      key,
      cells: cells.map((cell) => cell.replace(/^北京时间(.+)$/, "$1，北京时间")),
    }));
    expect(rows[0].cells[2]).toContain("12:00，北京时间");
    db.orm
      .update(roomingList)
      .set({ sealed: testKeys.seal(JSON.stringify({ ...frozen, rows }), place) })
      .run();
    expect(page()?.amendments).toEqual([]);
    expect(await freezeRoomingList(staff(0), zh)).toEqual({ ok: false, refusal: "same" });
    const later = Date.parse("2018-12-02T21:00:00+08:00");
    db.orm.update(travelLeg).set({ arrivesAt: later }).where(eq(travelLeg.direction, "arrival")).run();
    expect(page()?.amendments?.map(({ change }) => change)).toEqual(["changed"]);
    // From then on facts are compared: the same list in the other language amends nothing.
    expect(await freezeRoomingList(staff(0), zh)).toMatchObject({ value: { number: 2 } });
    expect(await freezeRoomingList(staff(0), { hotelId, locale: "en" })).toMatchObject({
      value: { number: 3 },
    });
    const listId = page()?.versions[0]?.listId ?? "";
    const file = await takeRoomingList(staff(0), { listId, file: "amendment.csv" });
    expect(file.ok ? new TextDecoder().decode(file.value.bytes) : "").not.toContain("changed");
    expect(ctx.clock.now()).toBeGreaterThan(0);
  });

  test("changed, added and removed lines together make the new list of the old one", () => {
    const rows = fc.uniqueArray(
      fc.record({
        key: fc.nat(20).map(String),
        cells: fc.array(fc.nat(3).map(String), { minLength: 1, maxLength: 2 }),
      }),
      {
        selector: (row) => row.key,
      },
    );
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const list = new Map<string, ListRow>(before.map((row) => [row.key, row]));
        for (const { change, row } of amendmentsOf(before, after))
          if (change === "removed") list.delete(row.key);
          else list.set(row.key, row);
        const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
        expect([...list.values()].sort(byKey)).toEqual(after.toSorted(byKey));
      }),
    );
  });
});

describe("being asked by mail whether one shares a room", () => {
  async function asking() {
    const it = await world({ rooms: 4, sleeps: 3 });
    const mails = () =>
      it.db.orm
        .select({
          invitationId: delivery.invitationId,
          state: delivery.state,
          locale: delivery.locale,
          dueAt: delivery.dueAt,
          payload: delivery.payload,
        })
        .from(delivery)
        .where(eq(delivery.kind, "room_share"))
        .orderBy(sql`rowid`)
        .all()
        .map((mail) => ({
          ...mail,
          n: it.meeting.invitees.findIndex((one) => one.invitationId === mail.invitationId),
        }));
    const waiting = () =>
      mails()
        .filter(({ state }) => state === "queued")
        .map(({ n }) => n);
    return { ...it, mails, waiting };
  }

  test("happens to both, once, in their language, with a way to their page and no name in it", async () => {
    const { db, ctx, booked, person, staff, mails } = await asking();
    db.orm
      .update(personTable)
      .set({ locale: "zh-CN" })
      .where(eq(personTable.id, person(2).personId))
      .run();
    const roomId = await booked(0, { otherId: person(2).invitationId });
    expect(mails().map(({ n, state, locale }) => [n, state, locale])).toEqual([
      [0, "queued", "en"],
      [2, "queued", "zh-CN"],
    ]);
    // Held back for a while, in which staff may note what they were told already.
    for (const { dueAt } of mails()) expect(dueAt).toBeGreaterThan(ctx.clock.now());
    for (const { payload, locale } of mails()) {
      const mail = mailPayload.parse(JSON.parse(payload));
      const rendered = renderMail(mail, {
        locale,
        links: mailLinks("https://dialogue.example", "token", locale),
      });
      expect(rendered.text).toContain("https://dialogue.example/i/token/stay");
      for (const n of [0, 2]) {
        const { nameLatin } = person(n);
        expect(rendered.subject).not.toContain(nameLatin);
        expect(rendered.text.replaceAll(mail.salutationEn, "")).not.toContain(nameLatin);
      }
      expect(rendered.subject).not.toMatch(/Sample Hotel|示例饭店|share|合住/);
    }
    // A third one is asked as well; the others have had their mail.
    const third = await addGuest(staff(0), { roomId, invitationId: person(4).invitationId });
    expect(third.ok).toBe(true);
    expect(mails().map(({ n }) => n)).toEqual([0, 2, 4]);
    await addGuest(staff(0), { roomId, invitationId: person(4).invitationId });
    expect(mails()).toHaveLength(3);
  });

  test("does not happen to who sleeps alone, and does once somebody is put in with them", async () => {
    const { booked, person, staff, mails } = await asking();
    const roomId = await booked(0);
    expect(mails()).toEqual([]);
    await addGuest(staff(0), { roomId, invitationId: person(2).invitationId });
    expect(mails().map(({ n }) => n)).toEqual([0, 2]);
  });

  test("is taken back when they have answered, or staff noted it, before the mail went", async () => {
    const { ctx, booked, person, staff, waiting } = await asking();
    const roomId = await booked(0, { otherId: person(2).invitationId });
    const { invitationId, editionId } = person(0);
    await answerSharing(
      {
        ...ctx,
        actor: { kind: "invitee", id: invitationId },
        scope: { editionId, invitationId },
        locale: "en",
        assistant: null,
      },
      { roomId, answer: "refused" },
    );
    expect(waiting()).toEqual([2]);
    await noteSharing(staff(0), { roomId, invitationId: person(2).invitationId, answer: "agreed" });
    expect(waiting()).toEqual([]);
  });

  test("tells of the nights as they are when it goes, and of whom it is about now", async () => {
    const { db, booked, person, staff, mails, meeting } = await asking();
    const roomId = await booked(0, { otherId: person(2).invitationId });
    const revision = roomsOf(db.orm, staff(0).scope)[0]?.revision ?? 0;
    const stay = { checkIn: meeting.travelFrom, checkOut: "2018-12-05" };
    const rest = { number: "", smoking: null, earlyCheckIn: null, note: "", payers: {} } as const;
    await changeRoom(staff(0), { roomId, ...stay, ...rest, payer: "host_side", revision });
    const standing = () => mails().filter(({ state }) => state !== "cancelled");
    expect(standing().map(({ n, payload }) => [n, JSON.parse(payload).checkOut])).toEqual([
      [0, "2018-12-05"],
      [2, "2018-12-05"],
    ]);
    // They went; one says no and makes room for somebody else, of whom the other is asked.
    db.orm.update(delivery).set({ state: "accepted" }).where(eq(delivery.state, "queued")).run();
    await removeGuest(staff(0), { roomId, invitationId: person(2).invitationId });
    await addGuest(staff(0), { roomId, invitationId: person(4).invitationId });
    expect(standing().map(({ n }) => n)).toEqual([0, 2, 0, 4]);
  });

  test("is taken back from both when one of them leaves the room, or does not come", async () => {
    const { db, ctx, booked, person, staff, waiting } = await asking();
    const first = await booked(0, { otherId: person(2).invitationId });
    await booked(4, { otherId: person(6).invitationId });
    await removeGuest(staff(0), { roomId: first, invitationId: person(2).invitationId });
    expect(waiting()).toEqual([4, 6]);
    await db.write((tx) => {
      leaveRooms(tx, { invitationId: person(4).invitationId, from: "2018-01-01", at: ctx.clock.now() });
    });
    expect(waiting()).toEqual([]);
  });

  test("does not happen before they are invited, nor once the first night has begun", async () => {
    const { db, ctx, booked, person, meeting, mails } = await asking();
    db.orm
      .update(invitation)
      .set({ reply: "none", sentAt: null })
      .where(eq(invitation.id, person(0).invitationId))
      .run();
    await booked(0, { otherId: person(2).invitationId });
    expect(mails().map(({ n }) => n)).toEqual([2]);
    ctx.clock.set(Date.parse(`${meeting.travelFrom}T00:00:00Z`) + 40 * 3_600_000);
    await booked(4, { otherId: person(6).invitationId });
    expect(mails().map(({ n }) => n)).toEqual([2]);
  });
});

describe("a guest's own answer to sharing", () => {
  const holder = (ctx: Awaited<ReturnType<typeof world>>["ctx"], { invitationId, editionId }: Invitee) => ({
    ...ctx,
    actor: { kind: "invitee" as const, id: invitationId },
    scope: { editionId, invitationId },
    locale: "en" as const,
    assistant: null,
  });

  test("counts once both have given it; each learns the other's name, and what both said only when it is yes", async () => {
    const { ctx, booked, person, staff } = await world();
    const roomId = await booked(0, { otherId: person(2).invitationId });
    const [one, other, stranger] = [0, 2, 1].map((n) => holder(ctx, person(n)));
    if (one === undefined || other === undefined || stranger === undefined) throw new Error("nobody");
    expect(ownRooms(one)[0]).toMatchObject({ answer: "asked", settled: false, begun: false });
    expect(ownRooms(one)[0]?.mates).toEqual([{ nameLatin: person(2).nameLatin, nameNative: "" }]);
    expect(ownRooms(stranger)).toEqual([]);
    expect(await answerSharing(stranger, { roomId, answer: "agreed" })).toEqual({
      ok: false,
      refusal: "gone",
    });
    const agree = await answerSharing(one, { roomId, answer: "agreed" });
    expect(agree).toEqual({ ok: true, value: { changed: true } });
    expect(await answerSharing(one, { roomId, answer: "agreed" })).toEqual({
      ok: true,
      value: { changed: false },
    });
    expect(JSON.stringify(ownRooms(other))).not.toContain("agreed");
    await answerSharing(other, { roomId, answer: "refused" });
    expect(ownRooms(one)[0]).toMatchObject({ answer: "agreed", settled: false });
    await answerSharing(other, { roomId, answer: "agreed" });
    for (const each of [one, other]) expect(ownRooms(each)[0]?.settled).toBe(true);
    const guests = roomsOf(ctx.db.orm, staff(0).scope)[0]?.guests.map(({ sharing }) => sharing);
    expect(guests).toEqual(["agreed", "agreed"]);
    expect(
      ctx.db.orm.select().from(auditEvent).where(eq(auditEvent.action, "room.answerSharing")).all(),
    ).toHaveLength(3);
  });

  test("is not asked of who sleeps alone, has declined, or is there already", async () => {
    const { ctx, booked, person, meeting } = await world({ rooms: 3 });
    const hosts = await booked(1, { otherId: person(3).invitationId });
    const alone = await booked(0);
    const shared = await booked(2, { otherId: person(4).invitationId });
    expect(await answerSharing(holder(ctx, person(0)), { roomId: alone, answer: "agreed" })).toMatchObject({
      refusal: "gone",
    });
    ctx.db.orm
      .update(invitation)
      .set({ reply: "declined" })
      .where(eq(invitation.id, person(4).invitationId))
      .run();
    expect(await answerSharing(holder(ctx, person(4)), { roomId: shared, answer: "agreed" })).toMatchObject({
      refusal: "gone",
    });
    // Whoever is left has the room alone.
    expect(await answerSharing(holder(ctx, person(2)), { roomId: shared, answer: "agreed" })).toMatchObject({
      refusal: "gone",
    });
    ctx.clock.set(Date.parse(`${meeting.startsOn}T12:00:00+08:00`));
    expect(await answerSharing(holder(ctx, person(1)), { roomId: hosts, answer: "agreed" })).toMatchObject({
      refusal: "begun",
    });
  });
});
