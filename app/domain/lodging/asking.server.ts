/** Those who are to share a room are asked by mail, once for each room; who has answered before it goes is not asked. */
import { and, asc, eq, inArray, isNotNull, ne, or, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  delegation,
  delivery,
  edition,
  hotel,
  invitation,
  person,
  room,
  roomGuest,
  roomNight,
  roomType,
} from "#db/schema/index.ts";
import type { DeliveryState } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";
import { morningAfter } from "./rules.ts";

/** So long a mail is kept back: staff who have asked already note what was said, and undo what was a slip. */
const KEPT_BACK = 10 * 60_000;

/** Mails that ask about this room, not counting those that were taken back. */
function asking(roomId: string) {
  return and(
    eq(delivery.kind, "room_share"),
    // What a mail said is purged in time.
    sql`case when json_valid(${delivery.payload}) then json_extract(${delivery.payload}, '$.roomId') end = ${roomId}`,
    ne(delivery.state, "cancelled"),
  );
}

/**
 * Writes to those in a room who are asked whether they share it and have had no mail about it. Nobody is asked what cannot
 * be answered any more, or before they have their invitation. For use inside a command.
 *
 * @param anew those who are asked about somebody else than before, whatever mail they have had.
 */
export function askGuests(
  tx: Tx,
  ctx: StaffContext,
  roomId: string,
  { anew = [] }: { anew?: ReadonlyArray<string> } = {},
): void {
  const nights = tx
    .select({ night: roomNight.night })
    .from(roomNight)
    .where(eq(roomNight.roomId, roomId))
    .orderBy(asc(roomNight.night))
    .all();
  const [first, last] = [nights[0]?.night, nights.at(-1)?.night];
  if (first === undefined || last === undefined) return;
  const { editionId } = ctx.scope;
  for (const { hotelEn, hotelZh, timeZone, ...one } of askedIn(tx, roomId, anew)) {
    const { invitationId, sideId, delegationId } = one;
    if (first < dayOf(ctx.clock.now(), timeZone)) continue;
    queueDelivery(tx, ctx, {
      invitationId,
      messageId: null,
      notBefore: ctx.clock.now() + KEPT_BACK,
      mail: {
        kind: "room_share",
        edition: mailEdition(tx, { editionId, sideId, delegationId }),
        ...salutations(one),
        roomId,
        hotelEn,
        hotelZh,
        checkIn: first,
        checkOut: morningAfter(last),
      },
    });
  }
}

function askedIn(tx: Tx, roomId: string, anew: ReadonlyArray<string>) {
  const already = askingMails(tx, roomId);
  return tx
    .select({
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
      hotelEn: hotel.nameEn,
      hotelZh: hotel.nameZh,
      timeZone: edition.timeZone,
    })
    .from(roomGuest)
    .innerJoin(room, eq(room.id, roomGuest.roomId))
    .innerJoin(roomType, eq(roomType.id, room.typeId))
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .innerJoin(invitation, eq(invitation.id, roomGuest.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(roomGuest.roomId, roomId),
        eq(roomGuest.sharing, "asked"),
        stands,
        or(eq(invitation.reply, "accepted"), isNotNull(invitation.sentAt)),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .filter(({ invitationId }) => !already.has(invitationId) || anew.includes(invitationId));
}

/** Takes back mails about a room that have not gone: who has answered, or is not asked any more, gets none. */
export function stopAsking(
  tx: Tx,
  { roomId, invitationIds, at }: { roomId: string; invitationIds: ReadonlyArray<string>; at: number },
): void {
  if (invitationIds.length === 0) return;
  tx.update(delivery)
    .set({ state: "cancelled", finishedAt: at })
    .where(
      and(
        inArray(delivery.invitationId, [...invitationIds]),
        inArray(delivery.state, ["queued", "deferred"]),
        asking(roomId),
      ),
    )
    .run();
}

/** What became of the mails that ask about a room, by invitation. */
export function askingMails(orm: Orm, roomId: string): Map<string, DeliveryState> {
  return new Map(
    orm
      .select({ invitationId: delivery.invitationId, state: delivery.state })
      .from(delivery)
      .innerJoin(roomGuest, eq(roomGuest.invitationId, delivery.invitationId))
      .where(and(eq(roomGuest.roomId, roomId), asking(roomId)))
      .orderBy(asc(delivery.createdAt))
      .all()
      .flatMap(({ invitationId, state }) => (invitationId === null ? [] : [[invitationId, state] as const])),
  );
}
