/** Rooms that come from a list: each for one person, alone. Booked by the same command, and given back as long as nobody touched them. */
import { isDeepStrictEqual } from "node:util";
import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  guestNight,
  hotel,
  invitation,
  lodgingWish,
  room,
  roomGuest,
  roomNight,
  roomStock,
  roomType,
} from "#db/schema/index.ts";
import type { Payer } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { bookIn, saveWishIn } from "./commands.server.ts";
import type { WishForm } from "./form.ts";
import { morningAfter, nightsBetween } from "./rules.ts";
import { giveBack } from "./stock.server.ts";

/** A room for nights in a row, with who pays for them. */
export type Stay = {
  typeId: string;
  checkIn: string;
  checkOut: string;
  payer: Payer;
  /** What the hotel is asked for. */
  smoking: boolean;
  early: boolean;
};

/** What somebody has now. `mixed`: not nights in a row in one room with one payer. */
export type Stays = { stay: Stay; mixed: boolean };

/** Rooms of these people of one's own side, by person. */
export function staysOf(orm: Orm, { scope }: Pick<StaffContext, "scope">): Map<string, Stays> {
  const nights = orm
    .select({
      invitationId: guestNight.invitationId,
      roomId: room.id,
      typeId: room.typeId,
      night: guestNight.night,
      payer: roomNight.payer,
      smoking: room.smoking,
      early: room.earlyCheckIn,
    })
    .from(guestNight)
    .innerJoin(room, eq(room.id, guestNight.roomId))
    .innerJoin(roomType, eq(roomType.id, room.typeId))
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .innerJoin(roomNight, and(eq(roomNight.roomId, room.id), eq(roomNight.night, guestNight.night)))
    .where(and(eq(hotel.editionId, scope.editionId), inArray(room.coHostId, [...scope.sideIds])))
    .orderBy(guestNight.invitationId, guestNight.night)
    .all();
  const stays = new Map<string, Stays>();
  for (const [invitationId, of] of Map.groupBy(nights, (one) => one.invitationId)) {
    const [first] = of;
    const last = of.at(-1);
    if (first === undefined || last === undefined) continue;
    const { typeId, payer, smoking, early, night: checkIn } = first;
    const stay = { typeId, checkIn, checkOut: morningAfter(last.night), payer, smoking, early };
    const isOne = of.every((one) => one.roomId === first.roomId && one.payer === payer);
    const mixed = !isOne || nightsBetween(stay.checkIn, stay.checkOut).length !== of.length;
    stays.set(invitationId, { stay, mixed });
  }
  return stays;
}

export type RoomTypeName = { id: string; hotelEn: string; hotelZh: string; nameEn: string; nameZh: string };

/** The kinds of rooms of the edition's hotels. */
export function roomTypesOf(orm: Orm, { scope }: Pick<StaffContext, "scope">): Array<RoomTypeName> {
  return orm
    .select({
      id: roomType.id,
      hotelEn: hotel.nameEn,
      hotelZh: hotel.nameZh,
      nameEn: roomType.nameEn,
      nameZh: roomType.nameZh,
    })
    .from(roomType)
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .where(eq(hotel.editionId, scope.editionId))
    .orderBy(hotel.nameEn, roomType.position, roomType.id)
    .all();
}

/** How many rooms are free, by type and night. */
export function freeNights(orm: Orm, { scope }: Pick<StaffContext, "scope">): Map<string, number> {
  return new Map(
    orm
      .select({
        typeId: roomStock.typeId,
        night: roomStock.night,
        rooms: roomStock.rooms,
        taken: roomStock.taken,
      })
      .from(roomStock)
      .innerJoin(roomType, eq(roomType.id, roomStock.typeId))
      .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
      .where(eq(hotel.editionId, scope.editionId))
      .all()
      .map(({ typeId, night, rooms, taken }) => [`${typeId} ${night}`, rooms - taken]),
  );
}

export type ListedStayTrace = { roomId: string; stay: Stay };

/** Books what a list says. @returns what gives it back; null: there is no room, or the person has one. */
export function writeListedStay(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, stay }: { invitationId: string; stay: Stay },
): ListedStayTrace | null {
  const { smoking, early, ...room } = stay;
  const asked = { smoking: tickOf(smoking), earlyCheckIn: tickOf(early) };
  const booked = bookIn(tx, ctx, { ...room, ...asked, otherId: "", note: "", invitationId });
  return booked.ok ? { roomId: booked.value.roomId, stay } : null;
}

function tickOf(is: boolean): "on" | null {
  return is ? "on" : null;
}

/** What a list says of somebody's wishes; what it leaves out stays. */
export type ListedWish = Partial<WishForm>;

export type ListedWishTrace = {
  was: typeof lodgingWish.$inferSelect | null;
  is: typeof lodgingWish.$inferSelect;
};

/** Notes how somebody wants to stay. @returns what takes it back; null: they do not come, or whom they wish for does not. */
export function writeListedWish(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, wish }: { invitationId: string; wish: ListedWish },
): ListedWishTrace | null {
  const was = wishRow(tx, invitationId);
  const standing: WishForm = {
    lodging: was?.lodging ?? "hotel",
    address: was?.address ?? "",
    mayShare: tickOf(was?.mayShare ?? false),
    shareWithId: was?.shareWithId ?? "",
    note: was?.note ?? "",
  };
  const saved = saveWishIn(tx, ctx, { ...standing, ...wish, invitationId });
  const is = wishRow(tx, invitationId);
  return saved.ok && is !== null ? { was, is } : null;
}

/** Puts wishes back as they were before a list. Says whether they were still as the list had left them. */
export function takeListedWishBack(
  tx: Tx,
  { invitationId, trace: { was, is } }: { invitationId: string; trace: ListedWishTrace },
): boolean {
  if (!isDeepStrictEqual({ ...wishRow(tx, invitationId) }, is)) return false;
  // Whom they wished for before may be nobody's any more.
  const mateId = was?.shareWithId ?? null;
  const mates = tx
    .select({ id: invitation.id })
    .from(invitation)
    .where(eq(invitation.id, mateId ?? ""))
    .all();
  if (mateId !== null && mates.length === 0) return false;
  const theirs = eq(lodgingWish.invitationId, invitationId);
  if (was === null) tx.delete(lodgingWish).where(theirs).run();
  else tx.update(lodgingWish).set(was).where(theirs).run();
  return true;
}

function wishRow(tx: Tx, invitationId: string): typeof lodgingWish.$inferSelect | null {
  return tx.select().from(lodgingWish).where(eq(lodgingWish.invitationId, invitationId)).get() ?? null;
}

/** Gives a room back that nobody has touched since a list took it. Says whether it has. */
export function takeListedStayBack(
  tx: Tx,
  { invitationId, trace }: { invitationId: string; trace: ListedStayTrace },
): boolean {
  const { roomId, stay } = trace;
  const found = tx.select().from(room).where(eq(room.id, roomId)).get();
  const guests = tx.select().from(roomGuest).where(eq(roomGuest.roomId, roomId)).all();
  const nights = tx.select().from(roomNight).where(eq(roomNight.roomId, roomId)).all();
  const [guest] = guests;
  const isAsLeft =
    found !== undefined &&
    found.revision === 1 &&
    found.number === "" &&
    guests.length === 1 &&
    guest?.invitationId === invitationId &&
    guest.sharing === "alone" &&
    nights.length === nightsBetween(stay.checkIn, stay.checkOut).length &&
    nights.every(({ payer }) => payer === stay.payer);
  if (!isAsLeft) return false;
  giveBack(tx, { roomId, nights: nights.map(({ night }) => night) });
  tx.delete(roomGuest).where(eq(roomGuest.roomId, roomId)).run();
  tx.delete(room).where(eq(room.id, roomId)).run();
  return true;
}
