import { eq } from "drizzle-orm";
import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { programmeCalendar } from "#app/documents/calendar.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { leaveWhatWasBooked } from "#app/domain/invitation/given-out.server.ts";
import { insertRelease } from "#app/domain/privacy/release.server.ts";
import type { ReleaseColumn } from "#app/domain/privacy/release.ts";
import { correctJourney } from "#app/domain/travel/commands.server.ts";
import { journeyPage } from "#app/domain/travel/page.server.ts";
import { legEnd } from "#app/domain/travel/rules.ts";
import {
  callOffTrip,
  confirmPickUps,
  driveToItem,
  giveRole,
  noteDriverOff,
  noteDriverTold,
  putTripBack,
  removeVehicle,
  saveTrip,
  saveVehicle,
  seatPassenger,
  unseatPassenger,
} from "#app/domain/vehicle/commands.server.ts";
import { carsAstray, ownFlights } from "#app/domain/vehicle/flights.server.ts";
import { countEverybody, countPassenger } from "#app/domain/vehicle/headcount.server.ts";
import { moveToFlights, tellPassengers } from "#app/domain/vehicle/moved.server.ts";
import { lostTrips, ownTrips } from "#app/domain/vehicle/own-trips.server.ts";
import { manifestPage, pickUpPage, vehicleBoard } from "#app/domain/vehicle/queries.server.ts";
import {
  driverMark,
  fillVehicles,
  fitOf,
  headcount,
  timesOf,
  timeToMeet,
  tripClashes,
} from "#app/domain/vehicle/rules.ts";
import { instantOf } from "#app/i18n/dates.ts";
import {
  agendaItem,
  agendaVersion,
  auditEvent,
  consent,
  delivery,
  invitation,
  journey,
  travelLeg,
  tripPassenger,
  visitPlace,
} from "#db/schema/index.ts";
import { CATEGORIES } from "#db/vocabulary.ts";
import { testContext, testKeys } from "../support/context.ts";
import { type Invitee, writeMeeting } from "../support/meeting.ts";

/** People of two delegations in turn: 0, 2, 4 … of the visiting side, 1, 3, 5 … of the host's. */
function world(people = 8) {
  const ctx = testContext();
  const { orm } = ctx.db;
  const meeting = writeMeeting(orm, testKeys, {
    slug: "test",
    people,
    seats: [{ capacity: 10, quota: null }],
    now: ctx.clock.now(),
  });
  const person = (n: number): Invitee => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  };
  const staff = (side: 0 | 1): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: `somebody ${side}` },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: ["logistics"],
      bookSideIds: [],
    },
  });
  const vehicle = async (side: 0 | 1, name: string, seats: number, position = 0, driverPhone = "") => {
    const saved = await saveVehicle(staff(side), {
      vehicleId: null,
      name,
      seats,
      position,
      plate: "",
      driver: "",
      driverPhone,
      revision: 0,
    });
    if (!saved.ok) throw new Error(saved.refusal);
    return saved.value.vehicleId;
  };
  const trip = async (side: 0 | 1, vehicleId: string, time: string, returnTime: string | null = null) => {
    const saved = await saveTrip(staff(side), {
      tripId: null,
      kind: "transfer",
      vehicleId,
      day: meeting.startsOn,
      time,
      returnDay: null,
      returnTime,
      fromPlace: "Hotel",
      toPlace: "Hall",
      sign: "",
      captain: "",
      captainPhone: "",
      revision: 0,
    });
    if (!saved.ok) throw new Error(saved.refusal);
    return saved.value.tripId;
  };
  const seat = (side: 0 | 1, tripId: string, n: number) =>
    seatPassenger(staff(side), { tripId, invitationId: person(n).invitationId });
  const release = (n: number, columns: Array<ReleaseColumn> = ["nameLatin", "arrivalNumber"]) =>
    ctx.db.write((tx) =>
      insertRelease(tx, staff(0), {
        fromSideId: meeting.sideIds[0],
        toSideId: meeting.sideIds[1],
        recipient: "",
        purpose: "Shared bus",
        columns,
        invitationIds: [person(n).invitationId],
        expiresAt: ctx.clock.now() + 60_000,
      }),
    );
  const onVisit = (n: number) => {
    const { invitationId, delegationId } = person(n);
    orm
      .insert(visitPlace)
      .values({
        id: `place ${n}`,
        visitId: meeting.visitIds[0] ?? "",
        invitationId,
        delegationId,
        state: "granted",
        queueNumber: n + 1,
        askedAt: 0,
      })
      .run();
  };
  const lands = (n: number, at: number, place = "T3") => {
    const { invitationId } = person(n);
    orm
      .insert(journey)
      .values({
        invitationId,
        direction: "arrival",
        means: "mail",
        answerSeen: "",
        revision: 1,
        updatedAt: 0,
        updatedBy: "",
      })
      .run();
    orm
      .insert(travelLeg)
      .values({
        id: `leg ${n}`,
        invitationId,
        direction: "arrival",
        position: 0,
        means: "flight",
        departsZone: "UTC",
        arrivesZone: "Asia/Shanghai",
        toPlace: place,
        arrivesAt: at,
      })
      .run();
  };
  return { ctx, meeting, person, staff, vehicle, trip, seat, release, onVisit, lands };
}

describe("filling vehicles", () => {
  const riders = fc
    .array(
      fc.record({
        delegationId: fc.constantFrom("us", "cn", "int"),
        category: fc.constantFrom(...CATEGORIES),
      }),
      { maxLength: 40 },
    )
    .map((people) =>
      people
        .map((one, n) => ({ ...one, id: String(n) }))
        .toSorted((a, b) => (a.delegationId < b.delegationId ? -1 : a.delegationId > b.delegationId ? 1 : 0)),
    );
  const cars = fc
    .array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 })
    .map((seats) => seats.map((each, n) => ({ id: `car ${n}`, seats: each })));

  test("seats everybody once, nobody beyond the seats, and leaves somebody out only when all are full", () => {
    fc.assert(
      fc.property(riders, cars, (people, vehicles) => {
        const { seated, left } = fillVehicles(people, vehicles);
        const everybody = [...[...seated.values()].flat(), ...left];
        expect(everybody.toSorted()).toEqual(people.map((one) => one.id).toSorted());
        for (const car of vehicles) expect((seated.get(car.id) ?? []).length).toBeLessThanOrEqual(car.seats);
        const seats = vehicles.reduce((sum, car) => sum + car.seats, 0);
        expect(left.length).toBe(Math.max(0, people.length - seats));
      }),
    );
  });

  test("puts the first head into the first vehicle, the second into the second", () => {
    fc.assert(
      fc.property(riders, cars, (people, vehicles) => {
        const { seated } = fillVehicles(people, vehicles);
        const heads = people.filter((one) => one.category === "head");
        for (const [n, head] of heads.entries()) {
          const car = vehicles[n];
          if (car !== undefined) expect(seated.get(car.id)).toContain(head.id);
        }
      }),
    );
  });

  test("gives each vehicle an interpreter when there are enough of them and room", () => {
    fc.assert(
      fc.property(riders, fc.integer({ min: 2, max: 12 }), (people, seats) => {
        const vehicles = Array.from({ length: 4 }, (_, n) => ({ id: `car ${n}`, seats }));
        const interpreters = people.filter((one) => one.category === "interpreter").map((one) => one.id);
        const used = [...fillVehicles(people, vehicles).seated.values()].filter((ids) => ids.length > 0);
        if (interpreters.length < used.length) return;
        for (const ids of used) expect(ids.some((id) => interpreters.includes(id))).toBe(true);
      }),
    );
  });

  test("takes no more vehicles than it needs, and keeps a delegation together where it fits", () => {
    const people = [
      { id: "head", delegationId: "us", category: "head" },
      { id: "a", delegationId: "us", category: "delegate" },
      { id: "b", delegationId: "us", category: "delegate" },
      { id: "c", delegationId: "cn", category: "delegate" },
      { id: "d", delegationId: "cn", category: "delegate" },
    ] as const;
    const vehicles = [
      { id: "car", seats: 3 },
      { id: "van", seats: 6 },
      { id: "coach", seats: 40 },
    ];
    expect([...fillVehicles(people, vehicles).seated]).toEqual([
      ["car", ["head", "a", "b"]],
      ["van", ["c", "d"]],
    ]);
  });
});

describe("trips at the same time", () => {
  const at = (departsAt: number, returnsAt: number | null, rest = {}) => ({
    id: `${departsAt}`,
    departsAt,
    returnsAt,
    vehicleId: null,
    driverPhone: "",
    invitationIds: [],
    ...rest,
  });

  test("cannot share a vehicle, a driver or a passenger; one after the other can", () => {
    const car = { vehicleId: "car" };
    expect(tripClashes([at(0, 10, car), at(9, 20, car)]).map((clash) => clash.what)).toEqual(["vehicle"]);
    expect(tripClashes([at(0, 10, car), at(10, 20, car)])).toEqual([]);
    const phones = [{ driverPhone: "+86 10 0000 0001" }, { driverPhone: "+861000000001", vehicleId: "x" }];
    expect(tripClashes([at(0, 10, phones[0]), at(5, 20, phones[1])])[0]?.what).toBe("driver");
    const both = { invitationIds: ["somebody"] };
    expect(tripClashes([at(0, null, both), at(5, 20, both)])[0]?.what).toBe("person");
  });

  test("are found whatever the order in which they are listed", () => {
    const trips = fc.array(
      fc.record({
        from: fc.nat(100),
        length: fc.integer({ min: 1, max: 30 }),
        car: fc.constantFrom("a", "b"),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(trips, (rows) => {
        const facts = rows.map((row, n) =>
          at(row.from, row.from + row.length, { id: `t${n}`, vehicleId: row.car }),
        );
        const found = tripClashes(facts).map((clash) => clash.tripIds.toSorted().join());
        const expected = facts.flatMap((one, n) =>
          facts
            .slice(n + 1)
            .filter((other) => one.vehicleId === other.vehicleId)
            .filter(
              (other) => one.departsAt < (other.returnsAt ?? 0) && other.departsAt < (one.returnsAt ?? 0),
            )
            .map((other) => [one.id, other.id].toSorted().join()),
        );
        expect(found.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  test("show on the board of whoever plans them", async () => {
    const { staff, vehicle, trip } = world();
    const car = await vehicle(0, "Car", 4);
    const first = await trip(0, car, "09:00", "11:00");
    const second = await trip(0, car, "10:00", "12:00");
    const board = vehicleBoard(staff(0)).trips;
    expect(board.find((one) => one.tripId === first)?.clashes).toMatchObject([
      { what: "vehicle", tripId: second },
    ]);
    expect(vehicleBoard(staff(1)).trips).toEqual([]);
    expect(vehicleBoard(staff(1)).vehicles).toEqual([]);
  });
});

describe("a trip to a visit", () => {
  async function driven() {
    const it = world();
    for (const n of [0, 2]) it.onVisit(n);
    const car = await it.vehicle(0, "Car", 4);
    const itemId = it.meeting.itemIds.at(-2) ?? "";
    const visit = it.ctx.db.orm.select().from(agendaVersion).get();
    const items: Array<{ id: string; kind: string }> = JSON.parse(visit?.items ?? "[]");
    const visitItem = items.find((item) => item.kind === "site_visit")?.id ?? itemId;
    const filled = await driveToItem(it.staff(0), {
      itemId: visitItem,
      vehicleIds: [car],
      minutesBefore: 45,
      minutesAfter: 15,
      fromPlace: "Hotel",
      toPlace: "Court",
    });
    const tripId = vehicleBoard(it.staff(0)).trips[0]?.tripId ?? "";
    const manifest = () => {
      const page = manifestPage(it.staff(0), tripId);
      if (page === null) throw new Error("no manifest");
      return page;
    };
    /** Publishes the programme with the visit moved or left out. */
    const publish = (change: (item: { startsAt: number; endsAt: number }) => object | null) => {
      const next = JSON.parse(visit?.items ?? "[]").flatMap((item: { id: string }) => {
        if (item.id !== visitItem) return [item];
        const changed = change(item as never);
        return changed === null ? [] : [{ ...item, ...changed }];
      });
      it.ctx.db.orm
        .insert(agendaVersion)
        .values({
          id: "next",
          editionId: it.meeting.editionId,
          number: 2,
          publishedAt: 0,
          publishedBy: "",
          items: JSON.stringify(next),
        })
        .run();
    };
    return { ...it, filled, tripId, visitItem, manifest, publish };
  }

  test("takes those who have a place on it, of one's own side", async () => {
    const { filled, manifest, person } = await driven();
    expect(filled).toEqual({ ok: true, value: { seated: 2, left: 0 } });
    expect(manifest().passengers.map((seat) => seat.who?.invitationId)).toEqual([
      person(0).invitationId,
      person(2).invitationId,
    ]);
  });

  test("takes those whom the draft means where nothing has been published yet, and not everybody", async () => {
    const { ctx, meeting, staff, vehicle, onVisit, person } = world();
    onVisit(2);
    const visit = ctx.db.orm.select().from(agendaItem).where(eq(agendaItem.kind, "site_visit")).get();
    ctx.db.orm.delete(agendaVersion).run();
    const filled = await driveToItem(staff(0), {
      itemId: visit?.id ?? "",
      vehicleIds: [await vehicle(0, "Coach", 30)],
      minutesBefore: 45,
      minutesAfter: 15,
      fromPlace: "Hotel",
      toPlace: "Court",
    });
    expect(filled).toEqual({ ok: true, value: { seated: 1, left: 0 } });
    const [trip] = vehicleBoard(staff(0)).trips;
    const passengers = manifestPage(staff(0), trip?.tripId ?? "")?.passengers;
    expect(passengers?.map(({ who }) => who?.invitationId)).toEqual([person(2).invitationId]);
    expect(meeting.itemIds).toContain(visit?.id);
  });

  test("frees the seat of who does not come any more, by the time at which it goes and not by what the driver was told", async () => {
    const { manifest, publish, ctx, person } = await driven();
    const { departsAt } = manifest().trip.times;
    const later = 5.5 * 3_600_000;
    publish(({ startsAt, endsAt }) => ({ startsAt: startsAt + later, endsAt: endsAt + later }));
    ctx.clock.set(departsAt + 60_000);
    await ctx.db.write((tx) => leaveWhatWasBooked(tx, ctx, person(0).invitationId));
    expect(manifest().passengers.map(({ who }) => who?.invitationId)).not.toContain(person(0).invitationId);
    const left = manifest().passengers.length;
    ctx.clock.set(departsAt + 2 * later);
    await ctx.db.write((tx) => leaveWhatWasBooked(tx, ctx, person(2).invitationId));
    expect(manifest().passengers).toHaveLength(left);
  });

  test("shows who has a place since and no seat, and who has a seat and no place any more", async () => {
    const { manifest, person, onVisit, ctx } = await driven();
    onVisit(4);
    ctx.db.orm.delete(visitPlace).where(eq(visitPlace.id, "place 0")).run();
    expect(manifest().withoutSeat.map((one) => one.invitationId)).toEqual([person(4).invitationId]);
    expect(manifest().passengers.map((seat) => seat.notExpected)).toEqual([true, false]);
    ctx.db.orm
      .update(invitation)
      .set({ replacedAt: 1 })
      .where(eq(invitation.id, person(2).invitationId))
      .run();
    expect(manifest().passengers.map((seat) => seat.notExpected)).toEqual([true, true]);
  });

  test("moves with the programme once it is published, until the driver has been told", async () => {
    const { manifest, publish, staff, tripId } = await driven();
    const before = manifest().trip.times;
    const later = 5.5 * 3_600_000;
    publish(({ startsAt, endsAt }) => ({ startsAt: startsAt + later, endsAt: endsAt + later }));
    expect(manifest().trip.times).toMatchObject({
      departsAt: before.departsAt + later,
      told: { departsAt: before.departsAt },
    });
    const departsAt = before.departsAt + later;
    // Somebody told the driver of a time that is not the time any more.
    expect(await noteDriverTold(staff(0), { tripId, departsAt: departsAt - 1 })).toEqual({
      ok: false,
      refusal: "changed",
    });
    expect(manifest().trip.times.told).not.toBeNull();
    await noteDriverTold(staff(0), { tripId, departsAt });
    expect(manifest().trip.times).toMatchObject({ departsAt: before.departsAt + later, told: null });
  });

  test("says that its visit was cancelled, and clashes with nothing then", () => {
    const told = { toldDepartsAt: null };
    const trip = { itemId: "gone", minutesBefore: 0, minutesAfter: 0, departsAt: 5, returnsAt: 9, ...told };
    const off = { departsAt: 5, returnsAt: 9, told: null, calledOff: true, driverNew: false };
    expect(timesOf(trip, null)).toEqual({ ...off, unheard: true });
    expect(timesOf({ ...trip, toldOff: true }, null)).toEqual({ ...off, unheard: false });
    expect(timesOf({ ...trip, itemId: null }, null).calledOff).toBe(false);
  });

  test("seats nobody twice: whoever has a seat to that item is left where they are", async () => {
    const { staff, visitItem, vehicle, onVisit } = await driven();
    const second = await vehicle(0, "Van", 6, 1);
    const again = {
      itemId: visitItem,
      vehicleIds: [second],
      minutesBefore: 45,
      minutesAfter: 0,
      fromPlace: "Hotel",
      toPlace: "Court",
    };
    expect(await driveToItem(staff(0), again)).toEqual({ ok: false, refusal: "nobody" });
    onVisit(4);
    expect(await driveToItem(staff(0), again)).toEqual({ ok: true, value: { seated: 1, left: 0 } });
  });
});

describe("a manifest", () => {
  test("takes no more people than there are seats, nobody twice, and nobody of the other side unreleased", async () => {
    const { vehicle, trip, seat, staff, release } = world();
    const tripId = await trip(1, await vehicle(1, "Car", 2), "09:00");
    expect(await seat(1, tripId, 0)).toEqual({ ok: false, refusal: "unknown" });
    // A list of names for something else is not for manifests.
    await release(0, ["nameLatin", "institutionEn"]);
    expect(await seat(1, tripId, 0)).toEqual({ ok: false, refusal: "unknown" });
    await release(0);
    expect(await seat(1, tripId, 0)).toEqual({ ok: true, value: null });
    expect(await seat(1, tripId, 0)).toEqual({ ok: true, value: null });
    expect(await seat(1, tripId, 1)).toEqual({ ok: true, value: null });
    expect(await seat(1, tripId, 3)).toEqual({ ok: false, refusal: "full" });
    expect(manifestPage(staff(1), tripId)?.passengers).toHaveLength(2);
  });

  test("names another side's people only while they are released, and their phones only if those are", async () => {
    const { vehicle, trip, seat, staff, release, person, ctx } = world();
    const tripId = await trip(1, await vehicle(1, "Car", 4), "09:00");
    await release(0);
    await seat(1, tripId, 0);
    await seat(1, tripId, 1);
    const first = () => manifestPage(staff(1), tripId)?.passengers[0];
    expect(first()?.who).toMatchObject({ nameLatin: person(0).nameLatin, phone: null, invitationId: null });
    ctx.clock.advance(60_000);
    expect(first()).toMatchObject({ who: null, delegationEn: "U.S. delegation" });
    // Their own side sees them, and of the host's people no more than that somebody sits there.
    const theirs = manifestPage(staff(0), tripId);
    expect(theirs?.passengers.map((each) => each.who?.nameLatin ?? null)).toEqual([
      person(0).nameLatin,
      null,
    ]);
    expect(theirs?.seatable).toEqual([]);
  });

  test("is not there for a side none of whose people sit in it, and cannot be changed by any but its planner", async () => {
    const { vehicle, trip, seat, staff, ctx, release } = world();
    const tripId = await trip(1, await vehicle(1, "Car", 4), "09:00");
    expect(manifestPage(staff(0), tripId)).toBeNull();
    await release(0);
    await seat(1, tripId, 0);
    await seat(1, tripId, 1);
    const [theirs, hosts] = manifestPage(staff(0), tripId)?.passengers ?? [];
    const before = ctx.db.orm.select().from(auditEvent).all().length;
    const gone = { ok: false, refusal: "gone" };
    expect(await callOffTrip(staff(0), tripId)).toEqual(gone);
    expect(await putTripBack(staff(0), tripId)).toEqual(gone);
    expect(await noteDriverTold(staff(0), { tripId, departsAt: null })).toEqual(gone);
    expect(await seat(0, tripId, 2)).toEqual(gone);
    const passengerId = theirs?.passengerId ?? "";
    expect(await unseatPassenger(staff(0), { tripId, passengerId })).toEqual(gone);
    expect(await giveRole(staff(0), { tripId, passengerId, role: "captain" })).toEqual(gone);
    const tap = { tripId, count: "out", there: true } as const;
    expect(await countPassenger(staff(0), { ...tap, passengerId: hosts?.passengerId ?? "" })).toEqual(gone);
    expect(ctx.db.orm.select().from(auditEvent).all()).toHaveLength(before);
    expect(await countPassenger(staff(0), { ...tap, passengerId })).toEqual({ ok: true, value: null });
  });

  test("counts a tap once however often it comes, keeps its first time, and takes it back", async () => {
    const { vehicle, trip, seat, staff, ctx } = world();
    const tripId = await trip(0, await vehicle(0, "Car", 4), "09:00");
    await seat(0, tripId, 0);
    await seat(0, tripId, 2);
    const page = () => manifestPage(staff(0), tripId);
    const passengerId = page()?.passengers[0]?.passengerId ?? "";
    const events = () => ctx.db.orm.select().from(auditEvent).all().length;
    const tap = (there: boolean) => countPassenger(staff(0), { tripId, passengerId, count: "out", there });
    await tap(true);
    const at = page()?.passengers[0]?.boardedAt;
    const written = events();
    ctx.clock.advance(1_000);
    await tap(true);
    expect(page()?.passengers[0]?.boardedAt).toBe(at);
    expect(events()).toBe(written);
    expect(page()?.count.out).toEqual({ there: 1, of: 2 });
    expect(await countEverybody(staff(0), { tripId, count: "out" })).toEqual({
      ok: true,
      value: { counted: 1 },
    });
    await tap(false);
    await tap(false);
    expect(page()?.count.out).toEqual({ there: 1, of: 2 });
    expect(page()?.count.back).toEqual({ there: 0, of: 1 });
  });

  test("has one captain", async () => {
    const { vehicle, trip, seat, staff } = world();
    const tripId = await trip(0, await vehicle(0, "Car", 4), "09:00");
    await seat(0, tripId, 0);
    await seat(0, tripId, 2);
    const seats = () => manifestPage(staff(0), tripId)?.passengers ?? [];
    for (const { passengerId } of seats()) await giveRole(staff(0), { tripId, passengerId, role: "captain" });
    expect(seats().map((one) => one.role)).toEqual([null, "captain"]);
  });

  test("waits back only for those who went out", () => {
    expect(
      headcount([
        { boardedAt: 1, returnedAt: null },
        { boardedAt: null, returnedAt: null },
      ]),
    ).toEqual({ out: { there: 1, of: 2 }, back: { there: 0, of: 1 } });
  });
});

describe("cars from the airport", () => {
  test("are proposed for whoever lands together, with the smallest vehicle that is free and large enough", async () => {
    const { staff, vehicle, lands, person, ctx } = world();
    const now = ctx.clock.now();
    const car = await vehicle(0, "Car", 3);
    await vehicle(0, "Coach", 30);
    lands(0, now);
    lands(2, now + 30 * 60_000);
    lands(4, now + 61 * 60_000);
    lands(6, now + 10 * 60_000, "T2");
    const page = pickUpPage(staff(0), "arrival");
    expect(page.proposed.map((group) => group.people.map((one) => one.invitationId))).toEqual([
      [person(0).invitationId, person(2).invitationId],
      [person(6).invitationId],
      [person(4).invitationId],
    ]);
    expect(page.proposed[0]?.vehicleId).toBe(car);
    expect(page.proposed[1]?.vehicleId).not.toBe(car);
  });

  test("are proposed for another side's people, too, once it is released when they land", async () => {
    const { staff, lands, release, person, ctx } = world();
    lands(0, ctx.clock.now());
    ctx.db.orm
      .insert(consent)
      .values({
        id: "agreed",
        invitationId: person(0).invitationId,
        kind: "transfer_abroad",
        given: true,
        textVersion: 1,
        locale: "en",
        channel: "self",
        at: 0,
      })
      .run();
    expect(pickUpPage(staff(1), "arrival").proposed).toEqual([]);
    await release(0, ["nameLatin", "arrivalOn", "arrivalTime"]);
    const [group] = pickUpPage(staff(1), "arrival").proposed;
    expect(group?.people.map((one) => one.nameLatin)).toEqual([person(0).nameLatin]);
  });

  test("leave an hour and a half before a train, and three and a half before a plane", async () => {
    const { staff, person, meeting } = world();
    const leaves = Date.parse(`${meeting.startsOn}T10:00:00Z`);
    const leaving = (n: number, means: "flight" | "train", place: string) =>
      correctJourney(staff(0), {
        invitationId: person(n).invitationId,
        direction: "departure",
        revision: 0,
        answerSeen: journeyPage(staff(0), person(n).invitationId)?.journeys.departure.answerMark ?? "",
        means: "phone",
        note: "",
        legs: [
          {
            means,
            number: "",
            from: legEnd({ place, on: meeting.startsOn, time: "18:00", zone: "Asia/Shanghai" }),
            to: legEnd({ place: "Home", on: "", time: "", zone: "Asia/Shanghai" }),
          },
        ],
      });
    expect(await leaving(0, "train", "South Station")).toMatchObject({ ok: true });
    expect(await leaving(2, "flight", "T3")).toMatchObject({ ok: true });
    expect(
      Object.fromEntries(
        pickUpPage(staff(0), "departure").proposed.map(({ place, departsAt }) => [place, departsAt]),
      ),
    ).toEqual({ "South Station": leaves - 90 * 60_000, T3: leaves - 210 * 60_000 });
  });

  test("once confirmed carry each person once, and the same confirmation again plans nothing", async () => {
    const { staff, vehicle, lands, person, meeting } = world();
    const car = await vehicle(0, "Car", 3);
    const group = (people: ReadonlyArray<number>) => ({
      take: "on" as const,
      people: people.map((n) => person(n).invitationId).join(" "),
      vehicleId: car,
      day: meeting.travelFrom,
      time: "19:00",
      fromPlace: "T3",
      toPlace: "Hotel",
      sign: "",
    });
    for (const n of [0, 2, 4]) lands(n, Date.parse(`${meeting.travelFrom}T10:00:00Z`));
    const confirm = (groups: Array<ReturnType<typeof group>>) =>
      confirmPickUps(staff(0), { direction: "arrival", groups });
    expect(await confirm([group([0, 2]), group([2])])).toEqual({ ok: false, refusal: "twice" });
    expect(await confirm([group([0, 2, 4, 6])])).toEqual({ ok: false, refusal: "full" });
    expect(await confirm([group([1])])).toEqual({ ok: false, refusal: "gone" });
    expect(await confirm([group([0, 2])])).toEqual({ ok: true, value: { trips: 1, people: 2 } });
    expect(await confirm([group([0, 2])])).toEqual({ ok: false, refusal: "twice" });
    const left = pickUpPage(staff(0), "arrival").proposed;
    expect(left.flatMap((each) => each.people.map((one) => one.invitationId))).toEqual([
      person(4).invitationId,
    ]);
  });
});

describe("a car whose flight is late", () => {
  const MINUTE = 60_000;

  async function pickedUp(people = [0, 2]) {
    const it = world();
    const landing = Date.parse(`${it.meeting.travelFrom}T09:40:00Z`);
    for (const n of people) it.lands(n, landing);
    const car = await it.vehicle(0, "Van", 6);
    const confirmed = await confirmPickUps(it.staff(0), {
      direction: "arrival",
      groups: [
        {
          take: "on",
          people: people.map((n) => it.person(n).invitationId).join(" "),
          vehicleId: car,
          // 18:30 in Beijing, fifty minutes after landing.
          day: it.meeting.travelFrom,
          time: "18:30",
          fromPlace: "T3",
          toPlace: "Hotel",
          sign: "Dialogue",
        },
      ],
    });
    if (!confirmed.ok) throw new Error(confirmed.refusal);
    const tripId = vehicleBoard(it.staff(0)).trips[0]?.tripId ?? "";
    const page = () => {
      const found = manifestPage(it.staff(0), tripId);
      if (found === null) throw new Error("the trip is gone");
      return found;
    };
    const landsAt = (n: number, at: number) =>
      it.ctx.db.orm
        .update(travelLeg)
        .set({ arrivesAt: at })
        .where(eq(travelLeg.invitationId, it.person(n).invitationId))
        .run();
    const mails = () =>
      it.ctx.db.orm
        .select({ to: delivery.invitationId, payload: delivery.payload })
        .from(delivery)
        .where(eq(delivery.kind, "car"))
        .all()
        .map(({ to, payload }) => ({ to, departsAt: JSON.parse(payload).departsAt as number }));
    return { ...it, landing, tripId, page, landsAt, mails };
  }

  test("does not fit any more, on every board, until it is moved; then its driver is to be told", async () => {
    const { staff, tripId, page, landing, landsAt } = await pickedUp();
    expect(page().misfit).toBeNull();
    const planned = page().trip.times.departsAt;
    const late = landing + 370 * MINUTE;
    landsAt(2, late);
    const misfit = page().misfit;
    expect(misfit).toMatchObject({ better: late + 50 * MINUTE, waits: [] });
    expect(misfit?.misses).toHaveLength(1);
    // Whoever landed on time would wait until midnight.
    expect(misfit?.wouldWait).toEqual([page().passengers[0]?.passengerId]);
    expect(vehicleBoard(staff(0)).trips[0]?.misfit).toEqual(misfit);
    const better = misfit?.better ?? 0;
    expect(await moveToFlights(staff(0), { tripId, departsAt: better + MINUTE })).toMatchObject({
      refusal: "changed",
    });
    expect(await moveToFlights(staff(1), { tripId, departsAt: better })).toMatchObject({ refusal: "gone" });
    expect(await moveToFlights(staff(0), { tripId, departsAt: better })).toMatchObject({ ok: true });
    expect(await moveToFlights(staff(0), { tripId, departsAt: better })).toMatchObject({ ok: true });
    expect(page().misfit).toMatchObject({ misses: [], better: null, waits: misfit?.wouldWait });
    expect(page().trip.times).toMatchObject({ departsAt: better, told: { departsAt: planned } });
    await noteDriverTold(staff(0), { tripId, departsAt: better });
    expect(page().trip.times).toMatchObject({ departsAt: better, told: null });
    // On time after all: they would wait for hours.
    landsAt(2, landing);
    expect(page().misfit).toMatchObject({ misses: [], better: planned, wouldWait: [] });
    expect(page().misfit?.waits).toHaveLength(2);
  });

  test("its driver need not hear of a time that he was told in the first place", async () => {
    const { staff, tripId, page, landing, landsAt } = await pickedUp([0]);
    landsAt(0, landing + 300 * MINUTE);
    await moveToFlights(staff(0), { tripId, departsAt: page().misfit?.better ?? 0 });
    landsAt(0, landing);
    await moveToFlights(staff(0), { tripId, departsAt: page().misfit?.better ?? 0 });
    expect(page().trip.times.told).toBeNull();
  });

  test("is counted beside every page until it fits, or does not go", async () => {
    const { staff, tripId, landing, landsAt } = await pickedUp();
    expect(carsAstray(staff(0))).toBe(0);
    landsAt(2, landing + 370 * MINUTE);
    expect(carsAstray(staff(0))).toBe(1);
    expect(carsAstray(staff(1))).toBe(0);
    await callOffTrip(staff(0), tripId);
    expect(carsAstray(staff(0))).toBe(0);
  });

  test("called off says by whom and when, offers its people another car, and can be put back", async () => {
    const { ctx, staff, tripId, page, person, vehicle } = await pickedUp([0, 2, 4]);
    const proposed = () =>
      pickUpPage(staff(0), "arrival").proposed.flatMap(({ people }) =>
        people.map(({ invitationId }) => invitationId),
      );
    expect(proposed()).toEqual([]);
    expect(await callOffTrip(staff(0), tripId)).toEqual({ ok: true, value: null });
    expect(await callOffTrip(staff(0), tripId)).toEqual({ ok: true, value: null });
    expect(page().trip).toMatchObject({ off: { at: ctx.clock.now() }, times: { calledOff: true } });
    expect(page().passengers).toHaveLength(3);
    expect(
      ctx.db.orm.select().from(auditEvent).where(eq(auditEvent.action, "trip.callOff")).all(),
    ).toHaveLength(1);
    expect(proposed().toSorted()).toEqual([0, 2, 4].map((n) => person(n).invitationId).toSorted());
    expect(await seatPassenger(staff(0), { tripId, invitationId: person(6).invitationId })).toEqual({
      ok: false,
      refusal: "off",
    });
    // Its driver is to be told, and to be told again when it goes after all.
    expect(page().trip.times.unheard).toBe(true);
    expect(await noteDriverTold(staff(0), { tripId, departsAt: page().trip.times.departsAt })).toMatchObject({
      refusal: "changed",
    });
    await noteDriverTold(staff(0), { tripId, departsAt: null });
    expect(page().trip.times.unheard).toBe(false);
    const other = await confirmPickUps(staff(0), {
      direction: "arrival",
      groups: [
        {
          take: "on",
          people: person(4).invitationId,
          vehicleId: await vehicle(0, "Car", 2),
          day: "2018-12-02",
          time: "18:30",
          fromPlace: "T3",
          toPlace: "Hotel",
          sign: "",
        },
      ],
    });
    expect(other).toMatchObject({ ok: true });
    expect(await putTripBack(staff(0), tripId)).toEqual({ ok: true, value: { elsewhere: 1 } });
    expect(await putTripBack(staff(0), tripId)).toEqual({ ok: true, value: { elsewhere: 0 } });
    expect(page().trip).toMatchObject({ off: null, times: { calledOff: false, unheard: true } });
    expect(
      page()
        .passengers.map(({ who }) => who?.invitationId)
        .toSorted(),
    ).toEqual([0, 2].map((n) => person(n).invitationId).toSorted());
    await noteDriverTold(staff(0), { tripId, departsAt: page().trip.times.departsAt });
    expect(page().trip.times.unheard).toBe(false);
  });

  test("called off is told once to those who had a mail that it goes, and the time anew when it goes after all", async () => {
    const { ctx, staff, tripId, mails, seat } = await pickedUp();
    await tellPassengers(staff(0), { tripId });
    await seat(0, tripId, 4);
    await callOffTrip(staff(0), tripId);
    expect(await tellPassengers(staff(0), { tripId })).toMatchObject({ value: { told: 2 } });
    expect(await tellPassengers(staff(0), { tripId })).toMatchObject({ value: { told: 0 } });
    const off = ctx.db.orm
      .select({ payload: delivery.payload })
      .from(delivery)
      .where(eq(delivery.kind, "car"))
      .all()
      .filter(({ payload }) => JSON.parse(payload).calledOff);
    expect(off).toHaveLength(2);
    await putTripBack(staff(0), tripId);
    expect(await tellPassengers(staff(0), { tripId })).toMatchObject({ value: { told: 3 } });
    expect(mails()).toHaveLength(7);
  });

  test("keeps no vehicle on the list once it is called off, and is no place for who has declined", async () => {
    const { ctx, staff, tripId, page, person } = await pickedUp();
    const vehicleId = page().trip.vehicle?.vehicleId ?? "";
    expect(await removeVehicle(staff(0), vehicleId)).toMatchObject({ refusal: "used" });
    ctx.db.orm
      .update(invitation)
      .set({ reply: "declined" })
      .where(eq(invitation.id, person(0).invitationId))
      .run();
    expect(await tellPassengers(staff(0), { tripId })).toMatchObject({ value: { told: 1 } });
    ctx.db.orm
      .delete(tripPassenger)
      .where(eq(tripPassenger.invitationId, person(0).invitationId))
      .run();
    expect(await seatPassenger(staff(0), { tripId, invitationId: person(0).invitationId })).toMatchObject({
      refusal: "unknown",
    });
    await callOffTrip(staff(0), tripId);
    expect(await removeVehicle(staff(0), vehicleId)).toMatchObject({ ok: true });
    expect(page().trip.vehicle).toBeNull();
  });

  test("does not carry who comes in a car of their own, and is shown where somebody sits in two", async () => {
    const { ctx, staff, tripId, landsAt, landing, person, lands, vehicle } = await pickedUp([0]);
    lands(2, landing);
    ctx.db.orm
      .update(travelLeg)
      .set({ means: "car" })
      .where(eq(travelLeg.invitationId, person(2).invitationId))
      .run();
    expect(pickUpPage(staff(0), "arrival").proposed).toEqual([]);
    landsAt(0, landing);
    const saved = await saveTrip(staff(0), {
      tripId: null,
      kind: "pickup",
      vehicleId: await vehicle(0, "Car", 2),
      day: "2018-12-02",
      time: "23:30",
      returnDay: null,
      returnTime: null,
      fromPlace: "T3",
      toPlace: "Hotel",
      sign: "",
      captain: "",
      captainPhone: "",
      revision: 0,
    });
    const second = saved.ok ? saved.value.tripId : "";
    await seatPassenger(staff(0), { tripId: second, invitationId: person(0).invitationId });
    expect(manifestPage(staff(0), tripId)?.clashes.map(({ what, tripId: other }) => [what, other])).toEqual([
      ["person", second],
    ]);
  });

  test("has its people written to again when the car or its plate is another one", async () => {
    const { staff, tripId, page, vehicle } = await pickedUp();
    const tell = async () => {
      const outcome = await tellPassengers(staff(0), { tripId });
      return outcome.ok ? outcome.value.told : outcome.refusal;
    };
    expect(await tell()).toBe(2);
    const facts = { name: "Van", seats: 6, position: 0, plate: "", driver: "", driverPhone: "" };
    const vehicleId = page().trip.vehicle?.vehicleId ?? "";
    await saveVehicle(staff(0), { ...facts, vehicleId, driver: "Wang", revision: 1 });
    expect(await tell()).toBe(0);
    await saveVehicle(staff(0), { ...facts, vehicleId, driver: "Wang", plate: "A1", revision: 2 });
    expect(await tell()).toBe(2);
    const change = async (rest: { vehicleId?: string; sign?: string; captain?: string }) =>
      saveTrip(staff(0), {
        tripId,
        kind: "pickup",
        vehicleId,
        day: "2018-12-02",
        time: "18:30",
        returnDay: null,
        returnTime: null,
        fromPlace: "T3",
        toPlace: "Hotel",
        sign: "Dialogue",
        captain: "",
        captainPhone: "",
        ...rest,
        revision: page().trip.revision,
      });
    expect(await change({ captain: "Somebody" })).toMatchObject({ ok: true });
    expect(await tell()).toBe(0);
    await change({ sign: "Law" });
    expect(await tell()).toBe(2);
    await change({ sign: "Law", vehicleId: await vehicle(0, "Car", 4) });
    // Called off before they heard of it: they had a mail that something goes.
    await callOffTrip(staff(0), tripId);
    expect(await tell()).toBe(2);
  });

  test("takes whoever has not told of a terminal to that of the others on their flight, however it is written", async () => {
    const { ctx, staff, person, lands, landing } = await pickedUp([0]);
    for (const [n, number, toPlace] of [
      [2, "CA 982 / UA4567", "PEK T3"],
      [4, "ca982", ""],
      [6, "UA-4567", ""],
    ] as const) {
      lands(n, landing);
      ctx.db.orm
        .update(travelLeg)
        .set({ number, toPlace })
        .where(eq(travelLeg.invitationId, person(n).invitationId))
        .run();
    }
    const { proposed } = pickUpPage(staff(0), "arrival");
    expect(proposed.map(({ place, people }) => [place, people.length])).toEqual([["PEK T3", 3]]);
  });

  test("planned by a form that comes twice is one car, and so is the vehicle", async () => {
    const { staff, vehicle, trip } = world();
    const car = await vehicle(0, "Car", 4);
    expect(await vehicle(0, "Car", 4)).toBe(car);
    expect(await vehicle(0, "Car", 5)).not.toBe(car);
    const [one, two] = await Promise.all([trip(0, car, "09:00"), trip(0, car, "09:00")]);
    expect(one).toBe(two);
    expect(vehicleBoard(staff(0)).trips).toHaveLength(1);
    await callOffTrip(staff(0), one);
    expect(await trip(0, car, "09:00")).not.toBe(one);
  });

  test("lists people as they land, with their flights, and is unknown to whom nothing was released", async () => {
    const { tripId, page, landing, landsAt, person, staff } = await pickedUp();
    landsAt(0, landing + 20 * MINUTE);
    expect(page().passengers.map((seat) => [seat.who?.invitationId, seat.flight?.at])).toEqual([
      [person(2).invitationId, landing],
      [person(0).invitationId, landing + 20 * MINUTE],
    ]);
    expect(manifestPage(staff(1), tripId)).toBeNull();
  });

  test("is seen by each of its passengers with their own flight as it is known, and nobody else's", async () => {
    const { ctx, meeting, landing, landsAt, person } = await pickedUp();
    landsAt(2, landing + 370 * MINUTE);
    const { editionId } = meeting;
    const own = (n: number) => ownFlights(ctx, { editionId, invitationId: person(n).invitationId });
    expect(own(2).pickup?.at).toBe(landing + 370 * MINUTE);
    expect(own(0).pickup?.at).toBe(landing);
    expect(own(4)).toEqual({});
  });

  test("is told to its own side's people once for each time, and not to the other side's", async () => {
    const { staff, tripId, page, landing, landsAt, mails, person, seat } = await pickedUp();
    await seat(0, tripId, 1);
    expect(await tellPassengers(staff(1), { tripId })).toEqual({ ok: false, refusal: "gone" });
    expect(await tellPassengers(staff(0), { tripId })).toEqual({
      ok: true,
      value: { told: 2, unreached: 0 },
    });
    await tellPassengers(staff(0), { tripId });
    expect(mails().map(({ to }) => to)).toEqual([person(0).invitationId, person(2).invitationId]);
    landsAt(0, landing + 300 * MINUTE);
    const better = page().misfit?.better ?? 0;
    await moveToFlights(staff(0), { tripId, departsAt: better });
    await Promise.all([tellPassengers(staff(0), { tripId }), tellPassengers(staff(0), { tripId })]);
    expect(mails().filter(({ departsAt }) => departsAt === better)).toHaveLength(2);
    expect(mails()).toHaveLength(4);
    expect(page().passengers.map((each) => each.toldDepartsAt)).toEqual([better, better]);
  });

  test("fits a flight from a quarter of an hour after landing on, whatever the times", () => {
    const flights = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(flights, fc.constantFrom("pickup" as const, "dropoff" as const), (minutes, kind) => {
        const at = minutes.map((minute) => minute * MINUTE);
        const departsAt = timeToMeet(
          kind,
          at.map((each, n) => ({ at: each, means: n % 2 === 0 ? ("flight" as const) : ("train" as const) })),
        );
        // The time that is proposed is one that nobody misses.
        expect(at.every((each) => fitOf(kind, departsAt ?? 0, each) !== "misses")).toBe(true);
      }),
    );
    expect(fitOf("pickup", 15 * MINUTE, 0)).toBe("fits");
    expect(fitOf("pickup", 14 * MINUTE, 0)).toBe("misses");
    expect(fitOf("dropoff", -60 * MINUTE, 0)).toBe("fits");
    expect(fitOf("dropoff", -59 * MINUTE, 0)).toBe("misses");
    expect(fitOf("transfer", 0, 0)).toBe("fits");
    expect(timeToMeet("visit", [{ at: 1, means: "flight" }])).toBeNull();
  });
});

describe("another car or driver", () => {
  async function driven() {
    const it = world();
    const cars = new Map<string, string>();
    const add = async (name: string, driver: string) => {
      const facts = { name, driver, driverPhone: "", seats: 4, position: 0, plate: "" };
      const saved = await saveVehicle(it.staff(0), { ...facts, vehicleId: null, revision: 0 });
      if (saved.ok) cars.set(name, saved.value.vehicleId);
    };
    for (const [name, driver] of [
      ["A", "Ada"],
      ["B", "Ben"],
      ["C", "Cai"],
    ] as const)
      await add(name, driver);
    const tripId = await it.trip(0, cars.get("A") ?? "", "10:00");
    const head = () => {
      const found = manifestPage(it.staff(0), tripId);
      if (found === null) throw new Error("the trip is gone");
      return found.trip;
    };
    const swap = async (name: string | null) => {
      const { kind, fromPlace, toPlace, sign, captain, captainPhone, revision } = head();
      const saved = await saveTrip(it.staff(0), {
        ...{ tripId, kind, fromPlace, toPlace, sign, captain, captainPhone, revision },
        ...{ day: it.meeting.startsOn, time: "10:00", returnDay: null, returnTime: null },
        vehicleId: name === null ? "" : (cars.get(name) ?? ""),
      });
      if (!saved.ok) throw new Error(saved.refusal);
    };
    const told = () =>
      noteDriverTold(it.staff(0), {
        tripId,
        departsAt: head().times.departsAt,
        driver: driverMark(head().vehicle),
      });
    /** Who has to be told what, by name. */
    const news = () => {
      const { driversBefore, times } = head();
      return { off: driversBefore.map(({ driver }) => driver), on: times.driverNew };
    };
    return { ...it, cars, tripId, head, swap, told, news };
  }

  test("has one driver to be told that they do not drive, and one what they drive, each by themselves", async () => {
    const { staff, tripId, head, swap, told, news } = await driven();
    expect(news()).toEqual({ off: [], on: false });
    const ada = driverMark(head().vehicle);
    await swap("B");
    expect(news()).toEqual({ off: ["Ada"], on: true });
    // Somebody telephoned whoever was shown: it is another by now.
    expect(
      await noteDriverTold(staff(0), { tripId, departsAt: head().times.departsAt, driver: ada }),
    ).toMatchObject({ refusal: "changed" });
    await told();
    expect(news()).toEqual({ off: ["Ada"], on: false });
    await swap("C");
    expect(news()).toEqual({ off: ["Ada", "Ben"], on: true });
    expect(await noteDriverOff(staff(1), { tripId, driver: ada })).toEqual({ ok: false, refusal: "gone" });
    for (const _time of ["first", "again"])
      expect(await noteDriverOff(staff(0), { tripId, driver: ada })).toEqual({ ok: true, value: null });
    expect(news()).toEqual({ off: ["Ben"], on: true });
    // Nobody else was told meanwhile: Ben believes what is so again.
    await swap("B");
    expect(news()).toEqual({ off: [], on: false });
    await swap(null);
    expect(news()).toEqual({ off: ["Ben"], on: false });
    await swap("B");
    expect(news()).toEqual({ off: [], on: false });
  });

  test("has nobody to be told that they do not drive who knows that it does not go, or never knew", async () => {
    const { staff, tripId, swap, news } = await driven();
    await swap("B");
    await swap("C");
    expect(news()).toEqual({ off: ["Ada"], on: true });
    await callOffTrip(staff(0), tripId);
    expect(news()).toEqual({ off: ["Ada"], on: false });
    await putTripBack(staff(0), tripId);
    expect(news()).toEqual({ off: ["Ada"], on: true });
  });

  test("is also who drives a car from now on; a number put right, or a first name, is nobody else", async () => {
    const { ctx, staff, cars, meeting, news, tripId } = await driven();
    let revision = 1;
    const drives = async (driver: string, driverPhone: string) => {
      const facts = { name: "A", plate: "", seats: 4, position: 0, driver, driverPhone, revision };
      const saved = await saveVehicle(staff(0), { vehicleId: cars.get("A") ?? "", ...facts });
      expect(saved.ok).toBe(true);
      revision += 1;
    };
    ctx.clock.set(instantOf(meeting.startsOn, "08:00", "Asia/Shanghai"));
    await drives("Ada", "1");
    await drives("Ada", "2");
    expect(news()).toEqual({ off: [], on: false });
    await drives("Dan", "3");
    expect(news()).toEqual({ off: ["Ada"], on: true });
    // What has left is nobody's news.
    await noteDriverTold(staff(0), {
      tripId,
      departsAt: manifestPage(staff(0), tripId)?.trip.times.departsAt ?? 0,
    });
    ctx.clock.set(instantOf(meeting.startsOn, "12:00", "Asia/Shanghai"));
    await drives("Eve", "4");
    expect(news()).toEqual({ off: ["Ada"], on: false });
  });
});

describe("a calendar that has somebody's seat", () => {
  /** What an importing calendar makes of the trips of the first person: UID, state and number of the change. */
  function entries(it: ReturnType<typeof world>) {
    const { invitationId } = it.person(0);
    const holder = { invitationId, editionId: it.meeting.editionId };
    const file = programmeCalendar({
      items: [],
      trips: ownTrips(it.ctx, holder),
      lostTrips: lostTrips(it.ctx, holder),
      invitationId,
      editionTitle: "Dialogue",
      timeZone: "Asia/Shanghai",
      locale: "en",
      version: 1,
      stampedAt: it.ctx.clock.now(),
      organizer: { name: "Secretariat", address: "secretariat@dialogue.example" },
    });
    return new ICAL.Component(ICAL.parse(file)).getAllSubcomponents("vevent").map((event) => ({
      uid: String(event.getFirstPropertyValue("uid")),
      status: event.getFirstPropertyValue("status"),
      sequence: Number(event.getFirstPropertyValue("sequence")),
    }));
  }
  async function seated() {
    const it = world();
    const tripId = await it.trip(0, await it.vehicle(0, "Car", 4), "09:00");
    await it.seat(0, tripId, 0);
    await it.seat(0, tripId, 1);
    const [entry, ...others] = entries(it);
    expect(others).toEqual([]);
    if (entry === undefined) throw new Error("no entry");
    expect(entry.status).toBe("CONFIRMED");
    return { it, tripId, entry };
  }

  test("is told when the trip is called off", async () => {
    const { it: there, tripId, entry } = await seated();
    await callOffTrip(there.staff(0), tripId);
    const [now, ...others] = entries(there);
    expect(others).toEqual([]);
    expect(now).toEqual({ uid: entry.uid, status: "CANCELLED", sequence: expect.any(Number) });
    expect(now?.sequence).toBeGreaterThan(entry.sequence);
  });

  test("is told each time that the seat is taken away, and when it is given again", async () => {
    const { it: there, tripId, entry } = await seated();
    const seen = [entry];
    const look = (status: string) => {
      const [now, ...others] = entries(there);
      expect(others).toEqual([]);
      expect(now).toMatchObject({ uid: entry.uid, status });
      expect(now?.sequence).toBeGreaterThan(seen.at(-1)?.sequence ?? 0);
      if (now !== undefined) seen.push(now);
    };
    for (let n = 0; n < 2; n++) {
      const mine = there.ctx.db.orm
        .select()
        .from(tripPassenger)
        .where(eq(tripPassenger.invitationId, there.person(0).invitationId))
        .get();
      await unseatPassenger(there.staff(0), { tripId, passengerId: mine?.id ?? "" });
      look("CANCELLED");
      await there.seat(0, tripId, 0);
      look("CONFIRMED");
    }
    for (let n = 0; n < 2; n++) {
      await callOffTrip(there.staff(0), tripId);
      look("CANCELLED");
      await putTripBack(there.staff(0), tripId);
      look("CONFIRMED");
    }
    await callOffTrip(there.staff(0), tripId);
    look("CANCELLED");
    // Who does not come at all, or gets another car, has lost this one for good.
    const mine = there.ctx.db.orm
      .select()
      .from(tripPassenger)
      .where(eq(tripPassenger.invitationId, there.person(0).invitationId))
      .get();
    await unseatPassenger(there.staff(0), { tripId, passengerId: mine?.id ?? "" });
    look("CANCELLED");
    await putTripBack(there.staff(0), tripId);
    expect(entries(there)).toEqual([seen.at(-1)]);
  });

  test("hears nothing of a trip on which they never were", async () => {
    const { it: there, tripId } = await seated();
    const other = await there.trip(0, await there.vehicle(0, "Van", 4), "15:00");
    await there.seat(0, other, 1);
    await callOffTrip(there.staff(0), other);
    expect(entries(there).map(({ uid }) => uid.startsWith(tripId))).toEqual([true]);
  });
});
