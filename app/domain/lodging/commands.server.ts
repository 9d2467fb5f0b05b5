import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  guestNight,
  hotel,
  invitation,
  lodgingWish,
  room,
  roomGuest,
  roomNight,
  roomType,
} from "#db/schema/index.ts";
import type { SharingAnswer } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { findOwn, over } from "../invitation/own.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { askGuests, stopAsking } from "./asking.server.ts";
import type { BookingForm, RoomForm, WishForm } from "./form.ts";
import { nightsBetween } from "./rules.ts";
import { giveBack, openRoom, sleepsElsewhere, takeNights } from "./stock.server.ts";

export type BookingRefusal = "gone" | "type" | "nights" | "beds" | "full" | "elsewhere";

/**
 * Takes a room for somebody of one's own side, or for two who are to be asked whether they share it. `full`: one of the
 * nights has no room left; `elsewhere`: somebody sleeps in another room then; `beds`: more people than beds.
 */
export function bookRoom(
  ctx: StaffContext,
  input: BookingForm,
): Promise<Result<{ roomId: string }, BookingRefusal>> {
  return ctx.db.write((tx) => bookIn(tx, ctx, input));
}

/** The same inside a command. */
export function bookIn(
  tx: Tx,
  ctx: StaffContext,
  input: BookingForm,
): Result<{ roomId: string }, BookingRefusal> {
  const guests = [...new Set([input.invitationId, input.otherId].filter((id) => id !== ""))];
  const sideId = sideOf(tx, ctx, guests);
  if (sideId === null) return refused("gone");
  const type = typeInEdition(tx, ctx, input.typeId);
  if (type === undefined) return refused("type");
  if (guests.length > type.sleeps) return refused("beds");
  const nights = nightsBetween(input.checkIn, input.checkOut);
  if (nights.length === 0) return refused("nights");
  if (guests.some((invitationId) => sleepsElsewhere(tx, { roomId: "", invitationId, nights })))
    return refused("elsewhere");
  const roomId = openRoom(tx, {
    sideId,
    typeId: type.id,
    guests,
    nights: nights.map((night) => ({ night, payer: input.payer })),
    smoking: input.smoking === "on",
    earlyCheckIn: input.earlyCheckIn === "on",
    note: input.note,
  });
  if (roomId === null) return refused("full");
  askGuests(tx, ctx, roomId);
  audit(tx, ctx, "room.book", { roomId, sideId, nights: nights.length, people: guests.length });
  return ok({ roomId });
}

/** Changes a room: its nights and who pays for each, its number, wishes. The nights that stay are kept. */
export function changeRoom(
  ctx: StaffContext,
  { roomId, ...input }: RoomForm & { roomId: string },
): Promise<Result<null, "gone" | "changed" | "nights" | "full" | "elsewhere">> {
  return ctx.db.write((tx) => {
    const known = ownRoom(tx, ctx, roomId);
    if (known === undefined) return refused("gone");
    if (known.revision !== input.revision) return refused("changed");
    const nights = nightsBetween(input.checkIn, input.checkOut);
    if (nights.length === 0) return refused("nights");
    const guests = guestsOf(tx, roomId).filter(({ gone }) => !gone);
    if (guests.some(({ invitationId }) => sleepsElsewhere(tx, { roomId, invitationId, nights })))
      return refused("elsewhere");
    const before = tx
      .select({ night: roomNight.night })
      .from(roomNight)
      .where(eq(roomNight.roomId, roomId))
      .all()
      .map(({ night }) => night);
    const added = nights.filter((night) => !before.includes(night));
    const payerOf = (night: string) => input.payers[night] ?? input.payer;
    const paid = added.map((night) => ({ night, payer: payerOf(night) }));
    if (takeNights(tx, { roomId, typeId: known.typeId, nights: paid }) !== null) return refused("full");
    giveBack(tx, { roomId, nights: before.filter((night) => !nights.includes(night)) });
    for (const { invitationId } of guests)
      for (const night of added) tx.insert(guestNight).values({ invitationId, night, roomId }).run();
    for (const night of nights)
      tx.update(roomNight)
        .set({ payer: payerOf(night) })
        .where(and(eq(roomNight.roomId, roomId), eq(roomNight.night, night)))
        .run();
    tx.update(room)
      .set({
        number: input.number,
        smoking: input.smoking === "on",
        earlyCheckIn: input.earlyCheckIn === "on",
        note: input.note,
        revision: known.revision + 1,
      })
      .where(eq(room.id, roomId))
      .run();
    // Who has not had the mail about sharing yet has it about these nights.
    if (nights[0] !== before.toSorted()[0] || nights.length !== before.length || added.length > 0) {
      const invitationIds = guests.map(({ invitationId }) => invitationId);
      stopAsking(tx, { roomId, invitationIds, at: ctx.clock.now() });
      askGuests(tx, ctx, roomId);
    }
    audit(tx, ctx, "room.change", { roomId, sideId: known.coHostId, nights: nights.length });
    return ok(null);
  });
}

/** Puts a further person of one's own side into a room. All are asked whether they share it: a yes was to others. */
export function addGuest(
  ctx: StaffContext,
  { roomId, invitationId }: { roomId: string; invitationId: string },
): Promise<Result<null, "gone" | "beds" | "elsewhere">> {
  return ctx.db.write((tx) => {
    const known = ownRoom(tx, ctx, roomId);
    if (known === undefined || sideOf(tx, ctx, [invitationId]) !== known.coHostId) return refused("gone");
    const guests = guestsOf(tx, roomId);
    if (guests.some((guest) => guest.invitationId === invitationId)) return ok(null);
    const left = guests.filter(({ gone }) => !gone);
    if (left.length >= known.sleeps) return refused("beds");
    const nights = nightsOf(tx, roomId);
    if (sleepsElsewhere(tx, { roomId, invitationId, nights })) return refused("elsewhere");
    tx.insert(roomGuest).values({ roomId, invitationId, sharing: "asked" }).run();
    tx.update(roomGuest)
      .set({ sharing: "asked", sharingAt: null, sharingBy: null })
      .where(and(eq(roomGuest.roomId, roomId), inArray(roomGuest.sharing, ["alone", "agreed"])))
      .run();
    for (const night of nights) tx.insert(guestNight).values({ invitationId, night, roomId }).run();
    const anew = left.filter(({ sharing }) => sharing === "alone" || sharing === "agreed");
    askGuests(tx, ctx, roomId, { anew: anew.map((guest) => guest.invitationId) });
    audit(tx, ctx, "room.addGuest", { roomId, sideId: known.coHostId });
    return ok(null);
  });
}

/**
 * Takes somebody out of a room; with the last one the room goes back to the block. Gone already: nothing to do, also when the
 * room went with them. A room of another side answers like one that is not there.
 */
export function removeGuest(
  ctx: StaffContext,
  { roomId, invitationId }: { roomId: string; invitationId: string },
): Promise<Result<{ roomLeft: boolean }, "gone">> {
  return ctx.db.write((tx) => {
    const known = ownRoom(tx, ctx, roomId);
    if (known === undefined)
      return findOwn(tx, ctx, invitationId) === null ? refused("gone") : ok({ roomLeft: false });
    tx.delete(guestNight)
      .where(and(eq(guestNight.roomId, roomId), eq(guestNight.invitationId, invitationId)))
      .run();
    tx.delete(roomGuest)
      .where(and(eq(roomGuest.roomId, roomId), eq(roomGuest.invitationId, invitationId)))
      .run();
    const left = guestsOf(tx, roomId);
    const unasked = left.length === 1 ? left.map((guest) => guest.invitationId) : [];
    stopAsking(tx, { roomId, invitationIds: [invitationId, ...unasked], at: ctx.clock.now() });
    if (left.length === 0) {
      giveBack(tx, { roomId, nights: nightsOf(tx, roomId) });
      tx.delete(room).where(eq(room.id, roomId)).run();
    } else if (left.length === 1)
      tx.update(roomGuest)
        .set({ sharing: "alone", sharingAt: null, sharingBy: null })
        .where(eq(roomGuest.roomId, roomId))
        .run();
    audit(tx, ctx, "room.removeGuest", { roomId, sideId: known.coHostId });
    return ok({ roomLeft: left.length > 0 });
  });
}

/** What somebody said to sharing this room. */
export function noteSharing(
  ctx: StaffContext,
  { roomId, invitationId, answer }: { roomId: string; invitationId: string; answer: SharingAnswer },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const known = ownRoom(tx, ctx, roomId);
    const guests = known === undefined ? [] : guestsOf(tx, roomId).filter(({ gone }) => !gone);
    if (known === undefined || answer === "alone" || guests.length < 2) return refused("gone");
    const { changes } = tx
      .update(roomGuest)
      .set({ sharing: answer, sharingAt: ctx.clock.now(), sharingBy: ctx.actor.id })
      .where(and(eq(roomGuest.roomId, roomId), eq(roomGuest.invitationId, invitationId)))
      .run();
    if (changes === 0) return refused("gone");
    if (answer !== "asked") stopAsking(tx, { roomId, invitationIds: [invitationId], at: ctx.clock.now() });
    audit(tx, ctx, "room.noteSharing", { roomId, sideId: known.coHostId });
    return ok(null);
  });
}

/**
 * How somebody wants to stay. A wish to share with oneself, or with another side's person, is none (`gone`). `changed`: a
 * colleague has written since it was shown.
 */
export function saveWish(
  ctx: StaffContext,
  input: WishForm & { invitationId: string },
): Promise<Result<null, "gone" | "changed">> {
  return ctx.db.write((tx) => saveWishIn(tx, ctx, input));
}

/** The same inside a command. */
export function saveWishIn(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, ...input }: WishForm & { invitationId: string },
): Result<null, "gone" | "changed"> {
  const sideId = sideOf(tx, ctx, [invitationId]);
  if (sideId === null) return refused("gone");
  const shareWithId = input.shareWithId === "" ? null : input.shareWithId;
  if (shareWithId !== null && (shareWithId === invitationId || sideOf(tx, ctx, [shareWithId]) !== sideId))
    return refused("gone");
  const before = tx
    .select({
      lodging: lodgingWish.lodging,
      address: lodgingWish.address,
      updatedAt: lodgingWish.updatedAt,
    })
    .from(lodgingWish)
    .where(eq(lodgingWish.invitationId, invitationId))
    .get();
  if (input.seen !== undefined && input.seen !== (before?.updatedAt ?? 0)) return refused("changed");
  // The police were told of another place.
  const moved = before?.lodging !== input.lodging || before.address !== input.address;
  const facts = {
    ...(moved ? { reportedOn: null } : {}),
    lodging: input.lodging,
    address: input.address,
    mayShare: input.mayShare === "on",
    shareWithId,
    note: input.note,
    updatedAt: ctx.clock.now(),
    updatedBy: ctx.actor.id,
  };
  tx.insert(lodgingWish)
    .values({ invitationId, ...facts })
    .onConflictDoUpdate({ target: lodgingWish.invitationId, set: facts })
    .run();
  auditPerson(tx, ctx, "lodging.wish", { invitationId, sideId });
  return ok(null);
}

/** The police have been told where somebody lodges. */
export function noteReported(
  ctx: StaffContext,
  { invitationId, reportedOn }: { invitationId: string; reportedOn: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const sideId = sideOf(tx, ctx, [invitationId]);
    if (sideId === null) return refused("gone");
    const { changes } = tx
      .update(lodgingWish)
      .set({ reportedOn, updatedAt: ctx.clock.now(), updatedBy: ctx.actor.id })
      .where(eq(lodgingWish.invitationId, invitationId))
      .run();
    if (changes === 0) return refused("gone");
    auditPerson(tx, ctx, "lodging.reported", { invitationId, sideId });
    return ok(null);
  });
}

/** The one side of one's own that all of these are of, if they come at all; null when they are of none or of two. */
function sideOf(tx: Tx, ctx: StaffContext, invitationIds: ReadonlyArray<string>): string | null {
  const found = invitationIds.map((id) => findOwn(tx, ctx, id));
  const sides = new Set(
    found.map((one) => (one === null || over(one) !== null || one.reply === "declined" ? null : one.sideId)),
  );
  const [only] = sides;
  return sides.size === 1 ? (only ?? null) : null;
}

function typeInEdition(tx: Tx, ctx: StaffContext, typeId: string) {
  return tx
    .select({ id: roomType.id, sleeps: roomType.sleeps })
    .from(roomType)
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .where(and(eq(roomType.id, typeId), eq(hotel.editionId, ctx.scope.editionId)))
    .get();
}

function ownRoom(tx: Tx, ctx: StaffContext, roomId: string) {
  return tx
    .select({
      coHostId: room.coHostId,
      typeId: room.typeId,
      revision: room.revision,
      sleeps: roomType.sleeps,
    })
    .from(room)
    .innerJoin(roomType, eq(roomType.id, room.typeId))
    .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
    .where(
      and(
        eq(room.id, roomId),
        eq(hotel.editionId, ctx.scope.editionId),
        inArray(room.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get();
}

/** Who is in a room; `gone`: they slept there and do not come any more. */
function guestsOf(tx: Tx, roomId: string) {
  return tx
    .select({
      invitationId: roomGuest.invitationId,
      sharing: roomGuest.sharing,
      gone: sql<number>`not (${and(stands, ne(invitation.reply, "declined"))})`,
    })
    .from(roomGuest)
    .innerJoin(invitation, eq(invitation.id, roomGuest.invitationId))
    .where(eq(roomGuest.roomId, roomId))
    .all()
    .map(({ gone, ...guest }) => ({ ...guest, gone: gone === 1 }));
}

function nightsOf(tx: Tx, roomId: string): Array<string> {
  return tx
    .select({ night: roomNight.night })
    .from(roomNight)
    .where(eq(roomNight.roomId, roomId))
    .all()
    .map(({ night }) => night);
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  { roomId, sideId, ...details }: { roomId: string; sideId: string; nights?: number; people?: number },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "room",
    subjectId: roomId,
    editionId: ctx.scope.editionId,
    sideId,
    details,
  });
}

function auditPerson(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  { invitationId, sideId }: { invitationId: string; sideId: string },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: ctx.scope.editionId,
    sideId,
  });
}
