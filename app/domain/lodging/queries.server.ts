import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  edition,
  hotel,
  invitation,
  lodgingWish,
  person,
  room,
  roomGuest,
  roomNight,
  roomStock,
  roomType,
} from "#db/schema/index.ts";
import type { Lodging, Payer, SharingAnswer } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import type { StaffScope } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { type Traveller, travellers } from "../travel/board.server.ts";
import { type Journeys, journeysOfSide } from "../travel/journey.server.ts";
import {
  drawPairs,
  firstNight,
  type ListColumn,
  morningAfter,
  mustReport,
  nightsAstray,
  readColumns,
} from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "clock" | "scope">;
type Sides = Pick<StaffScope, "editionId" | "sideIds">;

export type TypeView = {
  typeId: string;
  nameEn: string;
  nameZh: string;
  sleeps: number;
  /** Stands for what its block says: whoever changes it says what they saw. */
  seen: string;
  /** In the order of the nights. */
  stock: Array<{ night: string; rooms: number; taken: number }>;
};

export type HotelView = {
  hotelId: string;
  /** Whether this reader's side holds the block. */
  own: boolean;
  nameEn: string;
  nameZh: string;
  addressEn: string;
  addressZh: string;
  phone: string;
  listDeadline: number | null;
  columns: Array<ListColumn>;
  revision: number;
  types: Array<TypeView>;
};

/** The edition's hotels with their blocks: what is free is known to all who book, who sleeps there is not. */
export function hotelsOf(orm: Orm, { editionId, sideIds }: Sides): Array<HotelView> {
  const hotels = orm
    .select()
    .from(hotel)
    .where(eq(hotel.editionId, editionId))
    .orderBy(asc(hotel.nameEn), asc(hotel.id))
    .all();
  const types = orm
    .select({ type: roomType })
    .from(roomType)
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .where(eq(hotel.editionId, editionId))
    .orderBy(asc(roomType.position), asc(roomType.id))
    .all();
  const stock = orm
    .select({ stock: roomStock })
    .from(roomStock)
    .innerJoin(roomType, eq(roomType.id, roomStock.typeId))
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .where(eq(hotel.editionId, editionId))
    .orderBy(asc(roomStock.night))
    .all();
  const stockOf = Map.groupBy(stock, (row) => row.stock.typeId);
  const typesOf = Map.groupBy(types, (row) => row.type.hotelId);
  return hotels.map((one) => ({
    hotelId: one.id,
    own: sideIds.includes(one.coHostId),
    nameEn: one.nameEn,
    nameZh: one.nameZh,
    addressEn: one.addressEn,
    addressZh: one.addressZh,
    phone: one.phone,
    listDeadline: one.listDeadline,
    columns: readColumns(one.listColumns),
    revision: one.revision,
    types: (typesOf.get(one.id) ?? []).map(({ type }) => ({
      typeId: type.id,
      nameEn: type.nameEn,
      nameZh: type.nameZh,
      sleeps: type.sleeps,
      seen: typeMark(
        type,
        (stockOf.get(type.id) ?? []).map((row) => row.stock),
      ),
      stock: (stockOf.get(type.id) ?? []).map(({ stock: { night, rooms, taken } }) => ({
        night,
        rooms,
        taken,
      })),
    })),
  }));
}

/** Stands for a type of room and its block, without who has taken rooms of it. */
export function typeMark(
  { nameEn, nameZh, sleeps }: { nameEn: string; nameZh: string; sleeps: number },
  stock: ReadonlyArray<{ night: string; rooms: number }>,
): string {
  const nights = stock.map(({ night, rooms }) => `${night} ${rooms}`).toSorted();
  return hashToken(JSON.stringify([nameEn, nameZh, sleeps, nights])).slice(0, 24);
}

export type GuestView = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  sharing: SharingAnswer;
  /** They do not come any more. */
  gone: boolean;
};

export type RoomView = {
  roomId: string;
  hotelId: string;
  hotelEn: string;
  hotelZh: string;
  typeId: string;
  typeEn: string;
  typeZh: string;
  sleeps: number;
  number: string;
  smoking: boolean;
  earlyCheckIn: boolean;
  note: string;
  revision: number;
  nights: Array<{ night: string; payer: Payer }>;
  checkIn: string;
  checkOut: string;
  guests: Array<GuestView>;
};

/** The rooms of one's own side's people, by hotel and the day on which they come. */
export function roomsOf(orm: Orm, { editionId, sideIds }: Sides): Array<RoomView> {
  const here = and(eq(hotel.editionId, editionId), inArray(room.coHostId, [...sideIds]));
  const rooms = orm
    .select({ room, type: roomType, hotelEn: hotel.nameEn, hotelZh: hotel.nameZh })
    .from(room)
    .innerJoin(roomType, eq(roomType.id, room.typeId))
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .where(here)
    .orderBy(asc(hotel.nameEn), asc(roomType.position), asc(room.id))
    .all();
  const nights = Map.groupBy(
    orm
      .select({ roomId: roomNight.roomId, night: roomNight.night, payer: roomNight.payer })
      .from(roomNight)
      .innerJoin(room, eq(room.id, roomNight.roomId))
      .innerJoin(roomType, eq(roomType.id, room.typeId))
      .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
      .where(here)
      .orderBy(asc(roomNight.night))
      .all(),
    (row) => row.roomId,
  );
  const guests = Map.groupBy(
    orm
      .select({
        roomId: roomGuest.roomId,
        invitationId: roomGuest.invitationId,
        sharing: roomGuest.sharing,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
        gone: sql<number>`(${invitation.withdrawnAt} is not null or ${invitation.replacedAt} is not null or ${invitation.reply} = 'declined')`,
      })
      .from(roomGuest)
      .innerJoin(room, eq(room.id, roomGuest.roomId))
      .innerJoin(roomType, eq(roomType.id, room.typeId))
      .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
      .innerJoin(invitation, eq(invitation.id, roomGuest.invitationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(here)
      .orderBy(asc(person.sortKey), asc(person.id))
      .all(),
    (row) => row.roomId,
  );
  // By the names of who sleeps there: a list is looked through for somebody.
  const byName = new Map([...guests.keys()].map((roomId, n) => [roomId, n] as const));
  const inOrder = rooms
    .map((row, n) => ({ ...row, n, name: byName.get(row.room.id) ?? rooms.length }))
    .sort((a, b) => (a.type.hotelId === b.type.hotelId ? a.name - b.name : a.n - b.n));
  return inOrder.map(({ room: one, type, hotelEn, hotelZh }): RoomView => {
    const own = (nights.get(one.id) ?? []).map(({ night, payer }) => ({ night, payer }));
    const last = own.at(-1)?.night;
    return {
      roomId: one.id,
      hotelId: type.hotelId,
      hotelEn,
      hotelZh,
      typeId: type.id,
      typeEn: type.nameEn,
      typeZh: type.nameZh,
      sleeps: type.sleeps,
      number: one.number,
      smoking: one.smoking,
      earlyCheckIn: one.earlyCheckIn,
      note: one.note,
      revision: one.revision,
      nights: own,
      checkIn: own[0]?.night ?? "",
      checkOut: last === undefined ? "" : morningAfter(last),
      guests: (guests.get(one.id) ?? []).map(({ roomId: _room, gone, ...guest }) => ({
        ...guest,
        gone: gone === 1,
      })),
    };
  });
}

export type Wish = {
  lodging: Lodging;
  address: string;
  mayShare: boolean;
  shareWithId: string | null;
  note: string;
  reportedOn: string | null;
  /** When it was written; 0: it was not. */
  seen: number;
};

export const NO_WISH: Wish = {
  lodging: "hotel",
  address: "",
  mayShare: false,
  shareWithId: null,
  note: "",
  reportedOn: null,
  seen: 0,
};

/** How one's own people want to stay, by invitation. */
function wishesOf(orm: Orm, people: ReadonlyArray<Traveller>): Map<string, Wish> {
  return new Map(
    orm
      .select()
      .from(lodgingWish)
      .where(
        inArray(
          lodgingWish.invitationId,
          people.map((one) => one.invitationId),
        ),
      )
      .all()
      .map(({ invitationId, lodging, address, mayShare, shareWithId, note, reportedOn, updatedAt }) => [
        invitationId,
        { lodging, address, mayShare, shareWithId, note, reportedOn, seen: updatedAt },
      ]),
  );
}

export type LodgedPerson = {
  traveller: Traveller;
  wish: Wish;
  rooms: Array<Pick<RoomView, "roomId" | "checkIn" | "checkOut" | "hotelEn" | "hotelZh">>;
  /** The days between which they are in the city, as far as they are known. */
  arrivesOn: string | null;
  leavesOn: string | null;
  /** Nights in the city without a room of ours; whoever lands before morning needs the night before, too. */
  missing: Array<string>;
  /** Nights for which a room of ours stands empty: they come later or leave sooner. */
  extra: Array<string>;
  /** To be reported to the police, by when, and not reported yet. */
  reportDue: number | null;
};

export type LodgingPage = {
  timeZone: string;
  country: string;
  travelFrom: string;
  travelTo: string;
  hotels: Array<HotelView>;
  rooms: Array<RoomView>;
  people: Array<LodgedPerson>;
  /** Who might share with whom, of those who may and have no room. */
  pairs: Array<readonly [Traveller, Traveller]>;
};

/** Everything about rooms as this reader's side sees it. */
export function lodgingPage(ctx: Reader): LodgingPage {
  const { orm } = ctx.db;
  const meeting = orm
    .select({
      timeZone: edition.timeZone,
      country: edition.country,
      travelFrom: edition.travelFrom,
      travelTo: edition.travelTo,
    })
    .from(edition)
    .where(eq(edition.id, ctx.scope.editionId))
    .get();
  if (meeting === undefined) throw new Error("No such edition");
  const rooms = roomsOf(orm, ctx.scope);
  const journeys = journeysOfSide(orm, ctx.scope);
  const everybody = travellers(orm, ctx.scope).filter((one) => one.reply === "accepted");
  const wishes = wishesOf(orm, everybody);
  const people = everybody.map((traveller): LodgedPerson => {
    const wish = wishes.get(traveller.invitationId) ?? NO_WISH;
    const own = rooms.filter((one) =>
      one.guests.some((guest) => guest.invitationId === traveller.invitationId),
    );
    return {
      traveller,
      wish,
      rooms: own,
      ...staysOf(journeys.get(traveller.invitationId), own, wish, meeting),
    };
  });
  const sharers = people.filter(
    (one) => one.wish.mayShare && one.rooms.length === 0 && one.wish.lodging === "hotel",
  );
  const byId = new Map(sharers.map(({ traveller }) => [traveller.invitationId, traveller] as const));
  const pairs = drawPairs(
    sharers.map(({ traveller, wish }) => ({
      id: traveller.invitationId,
      delegationId: traveller.delegationId,
      wishes: wish.shareWithId,
    })),
    ctx.scope.editionId,
  );
  return {
    ...meeting,
    hotels: hotelsOf(orm, ctx.scope),
    rooms,
    people,
    pairs: pairs.flatMap(([a, b]) => {
      const [one, other] = [byId.get(a), byId.get(b)];
      return one === undefined || other === undefined ? [] : [[one, other] as const];
    }),
  };
}

const DAY = 86_400_000;

function staysOf(
  ways: Journeys | undefined,
  rooms: ReadonlyArray<RoomView>,
  wish: Wish,
  { timeZone, country }: { timeZone: string; country: string },
): Pick<LodgedPerson, "arrivesOn" | "leavesOn" | "missing" | "extra" | "reportDue"> {
  const at = ways?.arrival.at ?? null;
  const until = ways?.departure.at ?? null;
  const arrivesOn = at === null ? null : dayOf(at, timeZone);
  const leavesOn = until === null ? null : dayOf(until, timeZone);
  const { missing, extra } = nightsAstray({
    first: at === null ? null : firstNight(at, timeZone),
    arrivesOn,
    leavesOn,
    taken: [...new Set(rooms.flatMap((one) => one.nights.map(({ night }) => night)))],
    early: rooms.some((one) => one.earlyCheckIn),
  });
  const report = mustReport({ country, lodging: wish.lodging }) && wish.reportedOn === null;
  return {
    arrivesOn,
    leavesOn,
    missing: wish.lodging === "hotel" ? missing : [],
    extra,
    // Within a day of arriving; somebody whose arrival is not known is to be asked now.
    reportDue: report ? (at === null ? 0 : at + DAY) : null,
  };
}
