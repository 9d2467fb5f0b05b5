import { and, eq, gte, inArray, lt, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { guestNight, lodgingWish, room, roomGuest, roomNight, roomStock } from "#db/schema/index.ts";
import type { Payer } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { stopAsking } from "./asking.server.ts";

/* The one place that takes rooms from the stock and gives them back. */

/** A night for which a block has no room left, or which it does not have at all. */
export type Full = { night: string };

/**
 * Takes these nights for a room, or none of them. The count is raised only where it is lower than the block; a check in the
 * table stands behind it.
 *
 * @returns the first night that is full; null: all are taken.
 */
export function takeNights(
  tx: Tx,
  {
    roomId,
    typeId,
    nights,
  }: { roomId: string; typeId: string; nights: ReadonlyArray<{ night: string; payer: Payer }> },
): Full | null {
  const free = new Set(
    tx
      .select({ night: roomStock.night })
      .from(roomStock)
      .where(
        and(
          eq(roomStock.typeId, typeId),
          inArray(
            roomStock.night,
            nights.map(({ night }) => night),
          ),
          lt(roomStock.taken, roomStock.rooms),
        ),
      )
      .all()
      .map(({ night }) => night),
  );
  const full = nights.find(({ night }) => !free.has(night));
  if (full !== undefined) return { night: full.night };
  for (const { night, payer } of nights) {
    tx.update(roomStock)
      .set({ taken: sql`${roomStock.taken} + 1` })
      .where(and(eq(roomStock.typeId, typeId), eq(roomStock.night, night)))
      .run();
    tx.insert(roomNight).values({ roomId, night, typeId, payer }).run();
  }
  return null;
}

/**
 * Takes a room for these nights and puts its guests into it; two are to be asked whether they share it.
 *
 * @returns null when one of the nights is full: then nothing is taken.
 */
export function openRoom(
  tx: Tx,
  {
    sideId,
    typeId,
    guests,
    nights,
    ...wishes
  }: {
    sideId: string;
    typeId: string;
    guests: ReadonlyArray<string>;
    nights: ReadonlyArray<{ night: string; payer: Payer }>;
    smoking: boolean;
    earlyCheckIn: boolean;
    note: string;
  },
): string | null {
  const roomId = newId();
  tx.insert(room)
    .values({ id: roomId, typeId, coHostId: sideId, ...wishes, revision: 1 })
    .run();
  if (takeNights(tx, { roomId, typeId, nights }) !== null) {
    tx.delete(room).where(eq(room.id, roomId)).run();
    return null;
  }
  for (const invitationId of guests) {
    tx.insert(roomGuest)
      .values({ roomId, invitationId, sharing: guests.length > 1 ? "asked" : "alone" })
      .run();
    for (const { night } of nights) tx.insert(guestNight).values({ invitationId, night, roomId }).run();
  }
  return roomId;
}

/** Gives nights of a room back. */
export function giveBack(
  tx: Tx,
  { roomId, nights }: { roomId: string; nights: ReadonlyArray<string> },
): void {
  const taken = tx
    .delete(roomNight)
    .where(and(eq(roomNight.roomId, roomId), inArray(roomNight.night, [...nights])))
    .returning({ night: roomNight.night, typeId: roomNight.typeId })
    .all();
  for (const { night, typeId } of taken)
    tx.update(roomStock)
      .set({ taken: sql`${roomStock.taken} - 1` })
      .where(and(eq(roomStock.typeId, typeId), eq(roomStock.night, night)))
      .run();
  tx.delete(guestNight)
    .where(and(eq(guestNight.roomId, roomId), inArray(guestNight.night, [...nights])))
    .run();
}

/** Whether somebody sleeps in another room in one of these nights. */
export function sleepsElsewhere(
  tx: Tx,
  { roomId, invitationId, nights }: { roomId: string; invitationId: string; nights: ReadonlyArray<string> },
): boolean {
  return (
    tx
      .select({ night: guestNight.night })
      .from(guestNight)
      .where(
        and(
          eq(guestNight.invitationId, invitationId),
          inArray(guestNight.night, [...nights]),
          sql`${guestNight.roomId} <> ${roomId}`,
        ),
      )
      .limit(1)
      .get() !== undefined
  );
}

/**
 * Takes somebody who does not come out of their rooms, from a day on: what was slept and paid before it stays. A room that
 * nobody is left in goes back to the block; whoever shared it has it alone.
 *
 * @param at now: mails that would ask about sharing are taken back.
 * @returns how many of their nights were given up.
 */
export function leaveRooms(
  tx: Tx,
  { invitationId, from, at }: { invitationId: string; from: string; at: number },
): { nights: number } {
  const rooms = tx
    .select({ roomId: roomGuest.roomId })
    .from(roomGuest)
    .where(eq(roomGuest.invitationId, invitationId))
    .all();
  const left = tx
    .delete(guestNight)
    .where(and(eq(guestNight.invitationId, invitationId), gte(guestNight.night, from)))
    .run();
  for (const { roomId } of rooms) {
    const own = and(eq(roomGuest.roomId, roomId), eq(roomGuest.invitationId, invitationId));
    const slept = tx
      .select({ night: guestNight.night })
      .from(guestNight)
      .where(and(eq(guestNight.roomId, roomId), eq(guestNight.invitationId, invitationId)))
      .all();
    const others = tx
      .select({ invitationId: roomGuest.invitationId })
      .from(roomGuest)
      .where(and(eq(roomGuest.roomId, roomId), ne(roomGuest.invitationId, invitationId)))
      .all();
    if (others.length === 0) {
      const nights = tx
        .select({ night: roomNight.night })
        .from(roomNight)
        .where(and(eq(roomNight.roomId, roomId), gte(roomNight.night, from)))
        .all();
      giveBack(tx, { roomId, nights: nights.map(({ night }) => night) });
    }
    if (slept.length > 0) continue;
    const unasked = others.length === 1 ? others.map((other) => other.invitationId) : [];
    stopAsking(tx, { roomId, invitationIds: [invitationId, ...unasked], at });
    tx.delete(roomGuest).where(own).run();
    if (others.length === 0) tx.delete(room).where(eq(room.id, roomId)).run();
    else if (others.length === 1)
      tx.update(roomGuest)
        .set({ sharing: "alone", sharingAt: null, sharingBy: null })
        .where(eq(roomGuest.roomId, roomId))
        .run();
  }
  tx.update(lodgingWish).set({ shareWithId: null }).where(eq(lodgingWish.shareWithId, invitationId)).run();
  return { nights: left.changes };
}
