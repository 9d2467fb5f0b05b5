import { and, eq, gt, inArray, ne, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { edition, trip, tripPassenger, vehicle } from "#db/schema/index.ts";
import type { Direction, TripRole } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { instantOrNull } from "../registration/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { travellers } from "../travel/board.server.ts";
import { justSo } from "../twice.server.ts";
import type { FillForm, ItemTripForm, PickUpForm, TripForm, VehicleForm } from "./form.ts";
import { expectedAt } from "./queries.server.ts";
import {
  auditVehicle,
  driverOf,
  insertPassengers,
  noteLapsedRides,
  otherDriver,
  ownTrip,
  ownVehicle,
  passengersIn,
  seatableOf,
  seatsLeft,
  toldBefore,
  toldOtherwise,
} from "./record.server.ts";
import { driverMark, fillVehicles, isAnotherDriver, otherThan, timesFor, timesOf } from "./rules.ts";
import { driversIn, goes, itemsForTrips } from "./trip.server.ts";

/** The side that plans: whoever works for one has no choice. */
function planningSide({ scope }: StaffContext): string {
  const [sideId] = scope.sideIds;
  if (sideId === undefined) throw new Error("A scope has a side");
  return sideId;
}

/**
 * Adds a vehicle (`vehicleId` null) or changes one. One that stands there just so is it: a form may come twice. Fewer seats
 * than people already have take nobody's seat away.
 */
export function saveVehicle(
  ctx: StaffContext,
  { vehicleId, ...input }: VehicleForm & { vehicleId: string | null },
): Promise<Result<{ vehicleId: string }, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    const { name, plate, seats, driver, driverPhone, position, revision } = input;
    const facts = { name, plate, seats, driver, driverPhone, position };
    if (vehicleId === null) {
      const sideId = planningSide(ctx);
      const known = tx
        .select({ id: vehicle.id })
        .from(vehicle)
        .where(justSo(vehicle, { ...facts, editionId: ctx.scope.editionId, coHostId: sideId }))
        .get();
      if (known !== undefined) return ok({ vehicleId: known.id });
      const id = newId();
      tx.insert(vehicle)
        .values({ ...facts, id, editionId: ctx.scope.editionId, coHostId: sideId, revision: 1 })
        .run();
      auditVehicle(tx, ctx, "vehicle.add", { kind: "vehicle", id, sideId });
      return ok({ vehicleId: id });
    }
    const known = ownVehicle(tx, ctx, vehicleId);
    if (known === undefined) return refused("gone");
    if (known.revision !== revision) return refused("changed");
    tx.update(vehicle)
      .set({ ...facts, revision: revision + 1 })
      .where(eq(vehicle.id, vehicleId))
      .run();
    // By its name and plate people look for it.
    if (known.name !== name || known.plate !== plate)
      toldOtherwise(tx, and(eq(trip.vehicleId, vehicleId), goes, gt(trip.departsAt, ctx.clock.now())));
    const [before, now] = [driverOf(known), driverOf({ ...known, ...facts })];
    if (before !== null && now !== null && isAnotherDriver(before, now))
      for (const one of tx
        .select()
        .from(trip)
        .where(and(eq(trip.vehicleId, vehicleId), gt(trip.departsAt, ctx.clock.now())))
        .all())
        tx.update(trip)
          .set({ ...otherDriver(one, before, now), revision: one.revision + 1 })
          .where(eq(trip.id, one.id))
          .run();
    auditVehicle(tx, ctx, "vehicle.change", { kind: "vehicle", id: vehicleId, sideId: known.coHostId });
    return ok({ vehicleId });
  });
}

/** Takes a vehicle off the list. `used`: trips go by it. */
export function removeVehicle(ctx: StaffContext, vehicleId: string): Promise<Result<null, "gone" | "used">> {
  return ctx.db.write((tx) => {
    const known = ownVehicle(tx, ctx, vehicleId);
    if (known === undefined) return refused("gone");
    const itsTrips = eq(trip.vehicleId, vehicleId);
    const used = tx.select({ id: trip.id }).from(trip).where(and(itsTrips, goes)).get();
    if (used !== undefined) return refused("used");
    tx.update(trip).set({ vehicleId: null }).where(itsTrips).run();
    tx.delete(vehicle).where(eq(vehicle.id, vehicleId)).run();
    auditVehicle(tx, ctx, "vehicle.remove", { kind: "vehicle", id: vehicleId, sideId: known.coHostId });
    return ok(null);
  });
}

function zoneIn(tx: Tx, ctx: StaffContext): string {
  const found = tx
    .select({ zone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, ctx.scope.editionId))
    .get();
  return found?.zone ?? "UTC";
}

type TripRefusal = "gone" | "changed" | "vehicle" | "times" | "full";

/** Plans a trip that serves no item, or changes one. `times`: it would be back before it left. */
export function saveTrip(
  ctx: StaffContext,
  { tripId, ...input }: TripForm & { tripId: string | null },
): Promise<Result<{ tripId: string }, TripRefusal>> {
  return ctx.db.write((tx) => {
    const zone = zoneIn(tx, ctx);
    const departsAt = instantOrNull(input.day, input.time, zone);
    if (departsAt === null) return refused("times");
    const { returnTime, returnDay } = input;
    const returnsAt = returnTime === null ? null : instantOrNull(returnDay ?? input.day, returnTime, zone);
    if (returnsAt !== null && returnsAt <= departsAt) return refused("times");
    const { kind, fromPlace, toPlace, sign, captain, captainPhone } = input;
    const facts = { kind, departsAt, returnsAt, fromPlace, toPlace, sign, captain, captainPhone };
    return writeTrip(tx, ctx, { tripId, facts, vehicleId: input.vehicleId, revision: input.revision });
  });
}

/** Changes a trip for an item of the programme; it goes by the item. */
export function changeItemTrip(
  ctx: StaffContext,
  { tripId, ...input }: ItemTripForm & { tripId: string },
): Promise<Result<{ tripId: string }, TripRefusal>> {
  return ctx.db.write((tx) => {
    const { fromPlace, toPlace, sign, captain, captainPhone, minutesBefore, minutesAfter } = input;
    const facts = { fromPlace, toPlace, sign, captain, captainPhone, minutesBefore, minutesAfter };
    return writeTrip(tx, ctx, { tripId, facts, vehicleId: input.vehicleId, revision: input.revision });
  });
}

function writeTrip(
  tx: Tx,
  ctx: StaffContext,
  {
    tripId,
    facts,
    vehicleId: chosen,
    revision,
  }: {
    tripId: string | null;
    facts: Partial<typeof trip.$inferInsert>;
    vehicleId: string;
    revision: number;
  },
): Result<{ tripId: string }, TripRefusal> {
  const vehicleId = chosen === "" ? null : chosen;
  const car = vehicleId === null ? undefined : ownVehicle(tx, ctx, vehicleId);
  if (vehicleId !== null && car === undefined) return refused("vehicle");
  if (tripId === null) {
    const id = newId();
    const sideId = planningSide(ctx);
    const { kind, departsAt, fromPlace, toPlace } = facts;
    if (kind === undefined || departsAt === undefined || fromPlace === undefined || toPlace === undefined)
      return refused("times");
    // The same vehicle cannot leave twice: the form came twice.
    const twin =
      vehicleId === null
        ? undefined
        : tx
            .select({ id: trip.id })
            .from(trip)
            .where(and(goes, justSo(trip, { vehicleId, itemId: null, kind, departsAt, fromPlace, toPlace })))
            .get();
    if (twin !== undefined) return ok({ tripId: twin.id });
    tx.insert(trip)
      .values({
        ...facts,
        id,
        kind,
        departsAt,
        fromPlace,
        toPlace,
        vehicleId,
        editionId: ctx.scope.editionId,
        coHostId: sideId,
        revision: 1,
      })
      .run();
    auditVehicle(tx, ctx, "trip.plan", { kind: "trip", id, sideId });
    return ok({ tripId: id });
  }
  const known = ownTrip(tx, ctx, tripId);
  if (known === undefined) return refused("gone");
  if (known.revision !== revision || known.calledOffAt !== null) return refused("changed");
  if (car !== undefined && car.id !== known.vehicleId && car.seats < passengersIn(tx, tripId))
    return refused("full");
  const carBefore = known.vehicleId === null ? undefined : ownVehicle(tx, ctx, known.vehicleId);
  const moved = known.itemId === null && facts.departsAt !== undefined;
  tx.update(trip)
    .set({
      ...facts,
      vehicleId,
      revision: revision + 1,
      ...(vehicleId === known.vehicleId ? {} : otherDriver(known, driverOf(carBefore), driverOf(car))),
      ...(moved ? { toldDepartsAt: toldBefore(known, facts.departsAt ?? known.departsAt) } : {}),
    })
    .where(eq(trip.id, tripId))
    .run();
  const isOther = (name: "fromPlace" | "toPlace" | "sign") =>
    facts[name] !== undefined && facts[name] !== known[name];
  if (vehicleId !== known.vehicleId || isOther("fromPlace") || isOther("toPlace") || isOther("sign"))
    toldOtherwise(tx, eq(trip.id, tripId));
  auditVehicle(tx, ctx, "trip.change", { kind: "trip", id: tripId, sideId: known.coHostId });
  return ok({ tripId });
}

/** Calls a trip off. Its manifest stays, for it may be put back; calendars hear that it does not go. */
export function callOffTrip(ctx: StaffContext, tripId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    if (known === undefined) return refused("gone");
    if (known.calledOffAt !== null) return ok(null);
    noteLapsedRides(tx, eq(trip.id, tripId));
    tx.update(trip)
      .set({ calledOffAt: ctx.clock.now(), calledOffBy: ctx.actor.id, revision: known.revision + 1 })
      .where(eq(trip.id, tripId))
      .run();
    auditVehicle(tx, ctx, "trip.callOff", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok(null);
  });
}

/**
 * A trip that was called off goes after all, with who sat in it. Whoever was given another car for the same meanwhile stays
 * in that one.
 *
 * @returns how many do.
 */
export function putTripBack(
  ctx: StaffContext,
  tripId: string,
): Promise<Result<{ elsewhere: number }, "gone">> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    if (known === undefined) return refused("gone");
    if (known.calledOffAt === null) return ok({ elsewhere: 0 });
    const elsewhere = tx
      .delete(tripPassenger)
      .where(drivenElsewhere(tx, ctx, known))
      .run().changes;
    tx.update(trip)
      .set({ calledOffAt: null, calledOffBy: null, revision: known.revision + 1 })
      .where(eq(trip.id, tripId))
      .run();
    auditVehicle(tx, ctx, "trip.putBack", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok({ elsewhere });
  });
}

/** Seats of those who sit in another car from, or to, the airport, or to the same item. */
function drivenElsewhere(tx: Tx, ctx: StaffContext, known: typeof trip.$inferSelect): SQL | undefined {
  const same =
    known.itemId !== null
      ? eq(trip.itemId, known.itemId)
      : known.kind === "pickup" || known.kind === "dropoff"
        ? eq(trip.kind, known.kind)
        : sql`0`;
  const people = tx
    .select({ id: tripPassenger.invitationId })
    .from(tripPassenger)
    .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
    .where(and(eq(trip.editionId, ctx.scope.editionId), ne(trip.id, known.id), same, goes));
  return and(eq(tripPassenger.tripId, known.id), inArray(tripPassenger.invitationId, people));
}

/**
 * The driver knows how it is now: when it leaves, or that it does not go.
 *
 * @param departsAt the time that was shown to whoever told them; null: that it does not go. `changed`: it is otherwise by now.
 * @param driver whom they told, as `driverMark` has it; undefined: whoever drives.
 */
export function noteDriverTold(
  ctx: StaffContext,
  { tripId, departsAt: shown, driver }: { tripId: string; departsAt: number | null; driver?: string },
): Promise<Result<null, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    if (known === undefined) return refused("gone");
    const item =
      known.itemId === null ? null : (itemsForTrips(tx, ctx.scope.editionId).get(known.itemId) ?? null);
    const { departsAt, returnsAt, told, calledOff, unheard, driverNew } = timesOf(known, item);
    if ((calledOff ? null : departsAt) !== shown) return refused("changed");
    const car = known.vehicleId === null ? undefined : ownVehicle(tx, ctx, known.vehicleId);
    if (driver !== undefined && driverMark(driverOf(car)) !== driver) return refused("changed");
    if (told === null && !unheard && !driverNew) return ok(null);
    const times = calledOff ? {} : { departsAt, returnsAt, toldDepartsAt: null };
    const driversBefore = JSON.stringify(otherThan(driverOf(car), driversIn(known.driversBefore)));
    tx.update(trip)
      .set({ ...times, toldOff: calledOff, driverNew: false, driversBefore, revision: known.revision + 1 })
      .where(eq(trip.id, tripId))
      .run();
    auditVehicle(tx, ctx, "trip.driverTold", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok(null);
  });
}

/** Somebody who drove it knows that they do not any more. Said twice it is so once. */
export function noteDriverOff(
  ctx: StaffContext,
  { tripId, driver }: { tripId: string; driver: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    if (known === undefined) return refused("gone");
    const before = driversIn(known.driversBefore);
    const left = before.filter((one) => driverMark(one) !== driver);
    if (left.length === before.length) return ok(null);
    tx.update(trip)
      .set({ driversBefore: JSON.stringify(left), revision: known.revision + 1 })
      .where(eq(trip.id, tripId))
      .run();
    auditVehicle(tx, ctx, "trip.driverOff", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok(null);
  });
}

/**
 * Plans a trip with each of these vehicles to an item of the programme, and seats one's own people whom the programme
 * counts on there and who have no seat yet. Vehicles that nobody would sit in are left at home.
 *
 * @returns how many were seated, and how many found no seat.
 */
export function driveToItem(
  ctx: StaffContext,
  input: FillForm,
): Promise<Result<{ seated: number; left: number }, "gone" | "vehicle" | "nobody">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const item = itemsForTrips(tx, editionId).get(input.itemId);
    if (item === undefined) return refused("gone");
    const cars = input.vehicleIds.map((id) => ownVehicle(tx, ctx, id));
    if (cars.some((car) => car === undefined)) return refused("vehicle");
    const inOrder = cars.flatMap((car) => car ?? []).sort((a, b) => a.position - b.position);
    const expected = expectedAt(tx, ctx.scope, input.itemId);
    const seatedAlready = new Set(
      tx
        .select({ invitationId: tripPassenger.invitationId })
        .from(tripPassenger)
        .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
        .where(and(eq(trip.editionId, editionId), eq(trip.itemId, input.itemId), goes))
        .all()
        .map((row) => row.invitationId),
    );
    const riders = travellers(tx, ctx.scope).filter(
      (one) =>
        one.reply === "accepted" &&
        (expected === null || expected.has(one.invitationId)) &&
        !seatedAlready.has(one.invitationId),
    );
    if (riders.length === 0) return refused("nobody");
    const byId = new Map(riders.map((one) => [one.invitationId, one] as const));
    const filling = fillVehicles(
      riders.map((one) => ({ ...one, id: one.invitationId })),
      inOrder,
    );
    const sideId = planningSide(ctx);
    for (const [vehicleId, ids] of filling.seated) {
      if (ids.length === 0) continue;
      const id = newId();
      tx.insert(trip)
        .values({
          id,
          editionId,
          coHostId: sideId,
          kind: item.kind === "site_visit" ? "visit" : item.kind === "meal" ? "dinner" : "transfer",
          vehicleId,
          itemId: input.itemId,
          minutesBefore: input.minutesBefore,
          minutesAfter: input.minutesAfter,
          ...timesFor(input, item),
          fromPlace: input.fromPlace,
          toPlace: input.toPlace,
          revision: 1,
        })
        .run();
      insertPassengers(
        tx,
        id,
        ids.flatMap((invitationId) => {
          const one = byId.get(invitationId);
          const role = one?.category === "interpreter" ? ("interpreter" as const) : null;
          return one === undefined ? [] : [{ invitationId, delegationId: one.delegationId, role }];
        }),
      );
      auditVehicle(tx, ctx, "trip.plan", { kind: "trip", id, sideId }, { people: ids.length });
    }
    return ok({ seated: riders.length - filling.left.length, left: filling.left.length });
  });
}

/** Plans the cars that were proposed and looked at. All of it or nothing; the same again finds everybody seated. */
export function confirmPickUps(
  ctx: StaffContext,
  { direction, groups }: { direction: Direction; groups: PickUpForm["groups"] },
): Promise<Result<{ trips: number; people: number }, "gone" | "vehicle" | "times" | "full" | "twice">> {
  return ctx.db.write((tx) => {
    const chosen = groups.filter((group) => group.take === "on");
    const zone = zoneIn(tx, ctx);
    const sideId = planningSide(ctx);
    const kind = direction === "arrival" ? "pickup" : "dropoff";
    const everybody = chosen.flatMap((group) => idsOf(group.people));
    if (new Set(everybody).size !== everybody.length) return refused("twice");
    const seatable = seatableOf(tx, ctx, everybody);
    if (everybody.some((id) => !seatable.has(id))) return refused("gone");
    const plans: Array<{ departsAt: number; vehicleId: string | null; group: (typeof chosen)[number] }> = [];
    for (const group of chosen) {
      const departsAt = instantOrNull(group.day, group.time, zone);
      if (departsAt === null) return refused("times");
      const car = group.vehicleId === "" ? null : ownVehicle(tx, ctx, group.vehicleId);
      if (car === undefined) return refused("vehicle");
      if (car !== null && car.seats < idsOf(group.people).length) return refused("full");
      plans.push({ departsAt, vehicleId: car?.id ?? null, group });
    }
    if (alreadyDriven(tx, ctx, kind, everybody)) return refused("twice");
    for (const { departsAt, vehicleId, group } of plans) {
      const id = newId();
      const { fromPlace, toPlace, sign } = group;
      tx.insert(trip)
        .values({
          id,
          editionId: ctx.scope.editionId,
          coHostId: sideId,
          kind,
          vehicleId,
          departsAt,
          fromPlace,
          toPlace,
          sign,
          revision: 1,
        })
        .run();
      const people = idsOf(group.people).map((invitationId) => ({
        invitationId,
        delegationId: seatable.get(invitationId)?.delegationId ?? "",
      }));
      insertPassengers(tx, id, people);
      auditVehicle(tx, ctx, "trip.plan", { kind: "trip", id, sideId }, { people: people.length });
    }
    return ok({ trips: plans.length, people: everybody.length });
  });
}

function idsOf(people: string): Array<string> {
  return people.split(" ").filter((id) => id !== "");
}

function alreadyDriven(
  tx: Tx,
  ctx: StaffContext,
  kind: "pickup" | "dropoff",
  invitationIds: ReadonlyArray<string>,
): boolean {
  const rows = tx
    .select({ invitationId: tripPassenger.invitationId })
    .from(tripPassenger)
    .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
    .where(and(eq(trip.editionId, ctx.scope.editionId), eq(trip.kind, kind), goes))
    .all();
  return rows.some((row) => invitationIds.includes(row.invitationId));
}

type PassengerRefusal = "gone" | "full" | "unknown" | "off";

/** Gives somebody a seat. `full`: the vehicle has none left. `unknown`: nobody whom this side may seat. `off`: it does not go. */
export function seatPassenger(
  ctx: StaffContext,
  { tripId, invitationId }: { tripId: string; invitationId: string },
): Promise<Result<null, PassengerRefusal>> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    if (known === undefined) return refused("gone");
    const person = seatableOf(tx, ctx, [invitationId]).get(invitationId);
    if (person === undefined) return refused("unknown");
    const seated = tx
      .select({ id: tripPassenger.id })
      .from(tripPassenger)
      .where(and(eq(tripPassenger.tripId, tripId), eq(tripPassenger.invitationId, invitationId)))
      .get();
    if (seated !== undefined) return ok(null);
    if (known.calledOffAt !== null) return refused("off");
    if (seatsLeft(tx, known) <= 0) return refused("full");
    insertPassengers(tx, tripId, [{ invitationId, ...person }]);
    auditVehicle(tx, ctx, "trip.seat", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok(null);
  });
}

/** Takes somebody off a manifest. Gone already: nothing to do. */
export function unseatPassenger(
  ctx: StaffContext,
  { tripId, passengerId }: { tripId: string; passengerId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    if (known === undefined) return refused("gone");
    const seat = and(eq(tripPassenger.id, passengerId), eq(tripPassenger.tripId, tripId));
    noteLapsedRides(tx, seat);
    const { changes } = tx.delete(tripPassenger).where(seat).run();
    if (changes > 0)
      auditVehicle(tx, ctx, "trip.unseat", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok(null);
  });
}

/** Makes somebody in the vehicle its captain or interpreter, or neither. It has one captain. */
export function giveRole(
  ctx: StaffContext,
  { tripId, passengerId, role }: { tripId: string; passengerId: string; role: TripRole | null },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    const here = and(eq(tripPassenger.id, passengerId), eq(tripPassenger.tripId, tripId));
    const seated = tx.select({ id: tripPassenger.id }).from(tripPassenger).where(here).get();
    if (known === undefined || seated === undefined) return refused("gone");
    if (role === "captain")
      tx.update(tripPassenger)
        .set({ role: null })
        .where(and(eq(tripPassenger.tripId, tripId), eq(tripPassenger.role, "captain")))
        .run();
    tx.update(tripPassenger).set({ role }).where(here).run();
    auditVehicle(tx, ctx, "trip.giveRole", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok(null);
  });
}
