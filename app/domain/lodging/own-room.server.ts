import { and, asc, eq, ne } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  edition,
  hotel,
  invitation,
  person,
  room,
  roomGuest,
  roomNight,
  roomType,
} from "#db/schema/index.ts";
import type { SharingAnswer } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { InvitationContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { stopAsking } from "./asking.server.ts";
import { isSettled, morningAfter } from "./rules.ts";

/** A room as its guest sees it. */
export type OwnRoom = {
  roomId: string;
  hotelEn: string;
  hotelZh: string;
  addressEn: string;
  addressZh: string;
  checkIn: string;
  checkOut: string;
  /** Those who would sleep there, too: their names and nothing else. */
  mates: Array<{ nameLatin: string; nameNative: string }>;
  /** What this guest said; `alone`: there is nobody to be asked about. */
  answer: SharingAnswer;
  /** Everybody has said yes. What a single one of them said is not told. */
  settled: boolean;
  /** The first night is over: it cannot be answered otherwise any more. */
  begun: boolean;
};

/** The rooms of whoever holds the invitation, by their first night. */
export function ownRooms(ctx: InvitationContext): Array<OwnRoom> {
  const { orm } = ctx.db;
  return orm
    .select({
      roomId: roomGuest.roomId,
      answer: roomGuest.sharing,
      hotelEn: hotel.nameEn,
      hotelZh: hotel.nameZh,
      addressEn: hotel.addressEn,
      addressZh: hotel.addressZh,
      timeZone: edition.timeZone,
    })
    .from(roomGuest)
    .innerJoin(room, eq(room.id, roomGuest.roomId))
    .innerJoin(roomType, eq(roomType.id, room.typeId))
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .innerJoin(edition, eq(edition.id, hotel.editionId))
    .innerJoin(invitation, eq(invitation.id, roomGuest.invitationId))
    .where(and(eq(roomGuest.invitationId, ctx.scope.invitationId), stands, ne(invitation.reply, "declined")))
    .all()
    .map(({ timeZone, ...row }): OwnRoom => {
      const nights = nightsOf(orm, row.roomId);
      const last = nights.at(-1);
      const others = matesOf(orm, row.roomId, ctx.scope.invitationId);
      return {
        ...row,
        checkIn: nights[0] ?? "",
        checkOut: last === undefined ? "" : morningAfter(last),
        mates: others.map(({ nameLatin, nameNative }) => ({ nameLatin, nameNative })),
        settled: isSettled([{ sharing: row.answer }, ...others]),
        begun: (nights[0] ?? "") < dayOf(ctx.clock.now(), timeZone),
      };
    })
    .sort((a, b) => (a.checkIn < b.checkIn ? -1 : 1));
}

function nightsOf(orm: Orm, roomId: string): Array<string> {
  return orm
    .select({ night: roomNight.night })
    .from(roomNight)
    .where(eq(roomNight.roomId, roomId))
    .orderBy(asc(roomNight.night))
    .all()
    .map(({ night }) => night);
}

function matesOf(orm: Orm, roomId: string, invitationId: string) {
  return orm
    .select({
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      sharing: roomGuest.sharing,
    })
    .from(roomGuest)
    .innerJoin(invitation, eq(invitation.id, roomGuest.invitationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(roomGuest.roomId, roomId),
        ne(roomGuest.invitationId, invitationId),
        stands,
        ne(invitation.reply, "declined"),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
}

/**
 * What the guest says to sharing a room, instead of what they or staff said before. Refused `gone` where they are asked
 * nothing, `begun` from the morning after the first night. The same answer again is the same answer.
 */
export function answerSharing(
  ctx: InvitationContext,
  { roomId, answer }: { roomId: string; answer: "agreed" | "refused" },
): Promise<Result<{ changed: boolean }, "gone" | "begun">> {
  return ctx.db.write((tx) => {
    const own = ownRooms(ctx).find((each) => each.roomId === roomId);
    if (own === undefined || own.mates.length === 0) return refused("gone");
    if (own.begun) return refused("begun");
    if (own.answer === answer) return ok({ changed: false });
    const { invitationId, editionId } = ctx.scope;
    tx.update(roomGuest)
      .set({ sharing: answer, sharingAt: ctx.clock.now(), sharingBy: ctx.actor.id })
      .where(and(eq(roomGuest.roomId, roomId), eq(roomGuest.invitationId, invitationId)))
      .run();
    stopAsking(tx, { roomId, invitationIds: [invitationId], at: ctx.clock.now() });
    const side = tx.select({ sideId: room.coHostId }).from(room).where(eq(room.id, roomId)).get();
    recordAudit(tx, ctx, {
      action: "room.answerSharing",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId,
      sideId: side?.sideId ?? null,
      details: { sharing: answer },
    });
    return ok({ changed: true });
  });
}
