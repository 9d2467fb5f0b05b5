import { and, count, eq, max } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { edition, guestNight, hotel, room, roomStock, roomType } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { instantOrNull } from "../registration/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { justSo } from "../twice.server.ts";
import { columnsOfForm, type HotelForm, type TypeForm } from "./form.ts";
import { typeMark } from "./queries.server.ts";
import { nightsBetween } from "./rules.ts";

/** Adds a hotel (`hotelId` null) or changes one of one's own side's. `columns`: its list would have none. */
export function saveHotel(
  ctx: StaffContext,
  { hotelId, ...input }: HotelForm & { hotelId: string | null },
): Promise<Result<{ hotelId: string }, "gone" | "changed" | "columns">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    const columns = columnsOfForm(input);
    if (columns.length === 0) return refused("columns");
    const zone = tx.select({ zone: edition.timeZone }).from(edition).where(eq(edition.id, editionId)).get();
    const { nameEn, nameZh, addressEn, addressZh, phone, deadlineDay, deadlineTime } = input;
    const facts = {
      nameEn,
      nameZh,
      addressEn,
      addressZh,
      phone,
      listDeadline:
        deadlineDay === null ? null : instantOrNull(deadlineDay, deadlineTime, zone?.zone ?? "UTC"),
      listColumns: JSON.stringify(columns),
    };
    if (hotelId === null) {
      const id = newId();
      const [sideId] = sideIds;
      if (sideId === undefined) return refused("gone");
      // A form may come twice.
      const twin = tx
        .select()
        .from(hotel)
        .where(justSo(hotel, { editionId, coHostId: sideId, nameEn, nameZh, addressEn, addressZh }))
        .get();
      if (twin !== undefined) return ok({ hotelId: twin.id });
      tx.insert(hotel)
        .values({ ...facts, id, editionId, coHostId: sideId, revision: 1 })
        .run();
      audit(tx, ctx, "hotel.add", { hotelId: id, sideId });
      return ok({ hotelId: id });
    }
    const known = ownHotel(tx, ctx, hotelId);
    if (known === undefined) return refused("gone");
    if (known.revision !== input.revision) return refused("changed");
    tx.update(hotel)
      .set({ ...facts, revision: known.revision + 1 })
      .where(eq(hotel.id, hotelId))
      .run();
    audit(tx, ctx, "hotel.change", { hotelId, sideId: known.coHostId });
    return ok({ hotelId });
  });
}

/**
 * Adds a type of room to a hotel of one's own side's, or changes one, with its block. A night that is not told of has no
 * rooms. `taken`: fewer rooms than are taken for some night, `beds`: fewer beds than people in one of its rooms; nobody is put
 * out by a number. `changed`: a colleague has changed it since it was shown.
 */
export function saveRoomType(
  ctx: StaffContext,
  { hotelId, ...input }: TypeForm & { hotelId: string },
): Promise<Result<{ typeId: string }, "gone" | "taken" | "beds" | "changed">> {
  return ctx.db.write((tx) => {
    const known = ownHotel(tx, ctx, hotelId);
    if (known === undefined) return refused("gone");
    const { nameEn, nameZh, sleeps } = input;
    const typeId = input.typeId === "" ? newId() : input.typeId;
    const before = typeIn(tx, { hotelId, typeId: input.typeId });
    if (input.typeId !== "" && before === undefined) return refused("gone");
    const stock = new Map(
      tx
        .select()
        .from(roomStock)
        .where(eq(roomStock.typeId, typeId))
        .all()
        .map((row) => [row.night, row] as const),
    );
    const seen = input.seen ?? "";
    if (before !== undefined && seen !== "" && seen !== typeMark(before, [...stock.values()]))
      return refused("changed");
    const told = blockNights(tx, ctx.scope.editionId).map((night) => ({
      night,
      rooms: Number(input.rooms[night] ?? "0"),
    }));
    if (told.some(({ night, rooms }) => rooms < (stock.get(night)?.taken ?? 0))) return refused("taken");
    if (sleeps < mostInARoom(tx, typeId)) return refused("beds");
    const twin =
      input.typeId === "" ? sameType(tx, hotelId, typeMark({ nameEn, nameZh, sleeps }, told)) : undefined;
    if (twin !== undefined) return ok({ typeId: twin.typeId });
    if (input.typeId === "") {
      const last = tx
        .select({ last: max(roomType.position) })
        .from(roomType)
        .where(eq(roomType.hotelId, hotelId))
        .get();
      tx.insert(roomType)
        .values({ id: typeId, hotelId, nameEn, nameZh, sleeps, position: (last?.last ?? 0) + 1 })
        .run();
    } else tx.update(roomType).set({ nameEn, nameZh, sleeps }).where(eq(roomType.id, typeId)).run();
    for (const { night, rooms } of told)
      tx.insert(roomStock)
        .values({ typeId, night, rooms })
        .onConflictDoUpdate({ target: [roomStock.typeId, roomStock.night], set: { rooms } })
        .run();
    audit(tx, ctx, "hotel.block", { hotelId, sideId: known.coHostId });
    return ok({ typeId });
  });
}

function typeIn(tx: Tx, { hotelId, typeId }: { hotelId: string; typeId: string }) {
  return tx
    .select()
    .from(roomType)
    .where(and(eq(roomType.id, typeId), eq(roomType.hotelId, hotelId)))
    .get();
}

/** A type of room with just this block: a form may come twice. */
function sameType(tx: Tx, hotelId: string, mark: string): { typeId: string } | undefined {
  const types = tx.select().from(roomType).where(eq(roomType.hotelId, hotelId)).all();
  const found = types.find((type) => {
    const stock = tx.select().from(roomStock).where(eq(roomStock.typeId, type.id)).all();
    return typeMark(type, stock) === mark;
  });
  return found === undefined ? undefined : { typeId: found.id };
}

/** The most people who sleep in one room of a type. */
function mostInARoom(tx: Tx, typeId: string): number {
  const found = tx
    .select({ people: count() })
    .from(guestNight)
    .innerJoin(room, eq(room.id, guestNight.roomId))
    .where(eq(room.typeId, typeId))
    .groupBy(guestNight.roomId, guestNight.night)
    .all();
  return Math.max(0, ...found.map(({ people }) => people));
}

/** A hotel that one of these sides holds the block of. */
export function ownHotel(tx: Tx, ctx: StaffContext, hotelId: string) {
  const { editionId, sideIds } = ctx.scope;
  const found = tx
    .select()
    .from(hotel)
    .where(and(eq(hotel.id, hotelId), eq(hotel.editionId, editionId)))
    .get();
  return found !== undefined && sideIds.includes(found.coHostId) ? found : undefined;
}

/** The nights of an edition's block: from two days before anybody is to travel to two days after. */
export function blockNights(orm: Pick<Tx, "select">, editionId: string): Array<string> {
  const found = orm
    .select({ from: edition.travelFrom, to: edition.travelTo })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (found === undefined) return [];
  const wider = (day: string, days: number) =>
    new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  return nightsBetween(wider(found.from, -2), wider(found.to, 2));
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: "hotel.add" | "hotel.change" | "hotel.block",
  { hotelId, sideId }: { hotelId: string; sideId: string },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "hotel",
    subjectId: hotelId,
    editionId: ctx.scope.editionId,
    sideId,
  });
}
