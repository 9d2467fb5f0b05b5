import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  delegation,
  edition,
  guestNight,
  hotel,
  invitation,
  lodgingWish,
  roomGuest,
  roomType,
} from "#db/schema/index.ts";
import type { Payer } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { over } from "../invitation/own.server.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { journeysOf } from "../travel/journey.server.ts";
import { nightsOfStay } from "./rules.ts";
import { openRoom } from "./stock.server.ts";

/**
 * Why somebody among many is given no room: they do not come (or have not said so), sleep elsewhere by their own wish, have
 * a room already, have not said when they come and go, or one of their nights is full.
 */
export type AllotmentRefusal = "notComing" | "ownLodging" | "hasRoom" | "noStay" | "full";

export type Allotment = {
  given: number;
  stuck: ReadonlyArray<{ invitationId: string; refusal: AllotmentRefusal }>;
};

/**
 * Takes a room of a type for each of these people alone, for the nights between their coming and their going, as long as
 * the block lasts. Who has a room keeps it. Refused when the type, or one of them, is not there.
 */
export function allotRooms(
  ctx: StaffContext,
  { typeId, payer, invitationIds }: { typeId: string; payer: Payer; invitationIds: ReadonlyArray<string> },
): Promise<Result<Allotment, "gone">> {
  return ctx.db.write((tx) => {
    const ids = [...new Set(invitationIds)];
    const people = ownPeople(tx, ctx, ids);
    if (people.size < ids.length || !isThere(tx, ctx, typeId)) return refused("gone");
    const journeys = journeysOf(tx, ctx.scope.editionId, inArray(invitation.id, ids));
    const elsewhere = elsewhereByWish(tx, ids);
    const housed = housedAlready(tx, ids);
    const given: Array<{ sideId: string; nights: number }> = [];
    const stuck: Array<{ invitationId: string; refusal: AllotmentRefusal }> = [];
    const give = (invitationId: string): AllotmentRefusal | null => {
      const person = people.get(invitationId);
      if (person === undefined || over(person) !== null || person.reply !== "accepted") return "notComing";
      if (housed.has(invitationId)) return "hasRoom";
      if (elsewhere.has(invitationId)) return "ownLodging";
      const ways = journeys.get(invitationId);
      const nights = nightsOfStay({
        arrivesAt: ways?.arrival.at ?? null,
        leavesAt: ways?.departure.at ?? null,
        timeZone: person.timeZone,
      });
      if (nights.length === 0) return "noStay";
      const roomId = openRoom(tx, {
        sideId: person.sideId,
        typeId,
        guests: [invitationId],
        nights: nights.map((night) => ({ night, payer })),
        smoking: false,
        earlyCheckIn: false,
        note: "",
      });
      if (roomId === null) return "full";
      given.push({ sideId: person.sideId, nights: nights.length });
      return null;
    };
    for (const invitationId of ids) {
      const refusal = give(invitationId);
      if (refusal !== null) stuck.push({ invitationId, refusal });
    }
    auditEachSide(tx, ctx, given, (own) => ({
      action: "room.allot",
      details: { rooms: own.length, nights: own.reduce((sum, { nights }) => sum + nights, 0) },
    }));
    return ok({ given: given.length, stuck });
  });
}

function ownPeople(tx: Tx, { scope }: StaffContext, ids: ReadonlyArray<string>) {
  const rows = tx
    .select({
      invitationId: invitation.id,
      sideId: delegation.coHostId,
      reply: invitation.reply,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      timeZone: edition.timeZone,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(
      and(
        inArray(invitation.id, [...ids]),
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
      ),
    )
    .all();
  return new Map(rows.map((row) => [row.invitationId, row] as const));
}

function isThere(tx: Tx, { scope }: StaffContext, typeId: string): boolean {
  return (
    tx
      .select({ id: roomType.id })
      .from(roomType)
      .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
      .where(and(eq(roomType.id, typeId), eq(hotel.editionId, scope.editionId)))
      .get() !== undefined
  );
}

/** Those who said that they sleep somewhere else than in a hotel of ours. */
function elsewhereByWish(tx: Tx, ids: ReadonlyArray<string>): Set<string> {
  return new Set(
    tx
      .select({ invitationId: lodgingWish.invitationId, lodging: lodgingWish.lodging })
      .from(lodgingWish)
      .where(inArray(lodgingWish.invitationId, [...ids]))
      .all()
      .filter(({ lodging }) => lodging !== "hotel")
      .map(({ invitationId }) => invitationId),
  );
}

function housedAlready(tx: Tx, ids: ReadonlyArray<string>): Set<string> {
  const guests = tx
    .select({ invitationId: roomGuest.invitationId })
    .from(roomGuest)
    .where(inArray(roomGuest.invitationId, [...ids]))
    .all();
  const nights = tx
    .selectDistinct({ invitationId: guestNight.invitationId })
    .from(guestNight)
    .where(inArray(guestNight.invitationId, [...ids]))
    .all();
  return new Set([...guests, ...nights].map(({ invitationId }) => invitationId));
}
