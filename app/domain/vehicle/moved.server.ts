/** What follows when flights move: the car goes by them, and those who sit in it hear of it. */
import { and, asc, eq, inArray, isNotNull, isNull, ne, or } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delegation, invitation, person, trip, tripPassenger } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { flightsOf, misfitOf } from "./flights.server.ts";
import { auditVehicle, ownTrip, toldBefore } from "./record.server.ts";
import { type TripHead, tripIsThere, tripsWhere } from "./trip.server.ts";

/**
 * Moves a car to the time that meets everybody in it. What its driver was told stays beside it until they know.
 *
 * @param departsAt the time that was proposed; `changed`: it is another one by now, or the car meets everybody.
 */
export function moveToFlights(
  ctx: StaffContext,
  { tripId, departsAt }: { tripId: string; departsAt: number },
): Promise<Result<null, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    const known = ownTrip(tx, ctx, tripId);
    if (known === undefined) return refused("gone");
    if (known.calledOffAt !== null) return refused("changed");
    if (known.departsAt === departsAt) return ok(null);
    const inside = { ...ctx, db: { ...ctx.db, orm: tx } };
    const head = headIn(tx, ctx, tripId);
    const misfit =
      head === undefined ? null : misfitOf(head, flightsOf(inside, [head]).get(tripId) ?? new Map());
    if (misfit === null || misfit.better !== departsAt) return refused("changed");
    tx.update(trip)
      .set({
        departsAt,
        returnsAt: known.returnsAt === null ? null : known.returnsAt + departsAt - known.departsAt,
        toldDepartsAt: toldBefore(known, departsAt),
        revision: known.revision + 1,
      })
      .where(eq(trip.id, tripId))
      .run();
    auditVehicle(tx, ctx, "trip.meetFlights", { kind: "trip", id: tripId, sideId: known.coHostId });
    return ok(null);
  });
}

function headIn(tx: Tx, ctx: StaffContext, tripId: string): TripHead | undefined {
  return tripsWhere(tx, ctx.scope, and(eq(trip.id, tripId), tripIsThere(tx, ctx.scope)))[0];
}

/**
 * Writes to those of one's own side in a car who have not heard of the time at which it leaves: where, when, which car and
 * what the sign says. Of one that was called off, to those who had a mail that it goes. Whoever plans the trip writes to their
 * own people alone, as everybody does. Twice writes once.
 *
 * @returns how many were written to, and how many have no address.
 */
export function tellPassengers(
  ctx: StaffContext,
  { tripId }: { tripId: string },
): Promise<Result<{ told: number; unreached: number }, "gone">> {
  return ctx.db.write((tx) => {
    const head = headIn(tx, ctx, tripId);
    if (head === undefined || head.itemId !== null) return refused("gone");
    const { departsAt, calledOff } = head.times;
    const { editionId, sideIds } = ctx.scope;
    const flights =
      flightsOf({ ...ctx, db: { ...ctx.db, orm: tx } }, [head]).get(tripId) ?? new Map<string, never>();
    const people = tx
      .select({
        passengerId: tripPassenger.id,
        invitationId: invitation.id,
        delegationId: delegation.id,
        sideId: delegation.coHostId,
        familyLatin: person.familyLatin,
        nameLatin: person.nameLatin,
        familyNative: person.familyNative,
        nameNative: person.nameNative,
        honorificEn: person.honorificEn,
        honorificZh: person.honorificZh,
        salutationEn: person.salutationEn,
        salutationZh: person.salutationZh,
      })
      .from(tripPassenger)
      .innerJoin(invitation, eq(invitation.id, tripPassenger.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(
        and(
          eq(tripPassenger.tripId, tripId),
          inArray(delegation.coHostId, [...sideIds]),
          stands,
          ne(invitation.reply, "declined"),
          calledOff
            ? isNotNull(tripPassenger.toldDepartsAt)
            : or(isNull(tripPassenger.toldDepartsAt), ne(tripPassenger.toldDepartsAt, departsAt)),
        ),
      )
      .orderBy(asc(tripPassenger.position), asc(tripPassenger.id))
      .all();
    let told = 0;
    for (const one of people) {
      const { invitationId, delegationId, sideId } = one;
      const edition = mailEdition(tx, { editionId, sideId, delegationId });
      const flight = flights.get(one.passengerId);
      const delivery = queueDelivery(tx, ctx, {
        invitationId,
        messageId: null,
        mail: {
          kind: "car",
          edition,
          ...salutations(one),
          way: head.kind === "pickup" ? "arrival" : head.kind === "dropoff" ? "departure" : "other",
          calledOff,
          departsAt,
          fromPlace: head.fromPlace,
          toPlace: head.toPlace,
          vehicle: head.vehicle?.name ?? "",
          plate: head.vehicle?.plate ?? "",
          sign: head.sign,
          number: flight?.number ?? "",
          flightAt: flight?.at ?? null,
        },
      });
      if (delivery === null) continue;
      told += 1;
      tx.update(tripPassenger)
        .set({ toldDepartsAt: calledOff ? null : departsAt })
        .where(eq(tripPassenger.id, one.passengerId))
        .run();
    }
    if (told > 0) {
      const [first] = people;
      const sideId = first?.sideId ?? head.sideId;
      auditVehicle(tx, ctx, "trip.tellPassengers", { kind: "trip", id: tripId, sideId }, { people: told });
    }
    return ok({ told, unreached: people.length - told });
  });
}
