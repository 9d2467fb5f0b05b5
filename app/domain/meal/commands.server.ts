import { createHash } from "node:crypto";
import { and, eq, gt, isNull, max } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { kitchenWord, mealAbsence, mealSeat, mealTable, release, releasePerson } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { findOwn, over } from "../invitation/own.server.ts";
import { type AuditAction, auditEachSide, recordAudit } from "../privacy/audit.server.ts";
import { insertRelease } from "../privacy/release.server.ts";
import type { ReleaseColumn } from "../privacy/release.ts";
import { ok, type Result, refused } from "../result.ts";
import { ABSENT, type SeatingForm, type TableForm, type WordsForm } from "./form.ts";
import { guestsInOrder, mealPage, type NamedLine, namedLines, seenOf } from "./queries.server.ts";
import { mealIn, ownGuests, ownNeeds, tablesOf, takenPlaces, toldMark } from "./record.server.ts";
import { crowded, isPlain, type Seat, seatByOrder } from "./rules.ts";

/** Adds a table to a meal, or changes one. Refused `taken` where the name is another table's, `small` where more people sit at it. */
export function saveTable(
  ctx: StaffContext,
  { itemId, ...input }: TableForm & { itemId: string },
): Promise<Result<{ tableId: string }, "gone" | "taken" | "small">> {
  return ctx.db.write((tx) => {
    if (mealIn(tx, ctx.scope, itemId) === undefined) return refused("gone");
    const tables = tablesOf(tx, [itemId]);
    const known = tables.find(({ id }) => id === input.tableId);
    if (input.tableId !== "" && known === undefined) return refused("gone");
    const twin = tables.find(({ id, name }) => name === input.name && id !== known?.id);
    // A form that adds a table may come twice.
    if (
      twin !== undefined &&
      known === undefined &&
      twin.seats === input.seats &&
      twin.head === (input.head === "on")
    )
      return ok({ tableId: twin.id });
    if (twin !== undefined) return refused("taken");
    const sit = takenPlaces(tx, itemId).filter(({ tableId }) => tableId === known?.id);
    if (sit.length > input.seats) return refused("small");
    const facts = { name: input.name, seats: input.seats, head: input.head === "on" };
    const tableId = known?.id ?? newId();
    if (known === undefined) {
      const last = tx
        .select({ position: max(mealTable.position) })
        .from(mealTable)
        .where(eq(mealTable.itemId, itemId))
        .get();
      tx.insert(mealTable)
        .values({ id: tableId, itemId, ...facts, position: (last?.position ?? 0) + 1 })
        .run();
    } else tx.update(mealTable).set(facts).where(eq(mealTable.id, tableId)).run();
    auditMeal(tx, ctx, "meal.table", itemId, { seats: input.seats });
    return ok({ tableId });
  });
}

/** Takes a table away at which nobody sits. Gone already: nothing to do. */
export function removeTable(
  ctx: StaffContext,
  { itemId, tableId }: { itemId: string; tableId: string },
): Promise<Result<null, "gone" | "small">> {
  return ctx.db.write((tx) => {
    if (mealIn(tx, ctx.scope, itemId) === undefined) return refused("gone");
    if (takenPlaces(tx, itemId).some((seat) => seat.tableId === tableId)) return refused("small");
    const { changes } = tx
      .delete(mealTable)
      .where(and(eq(mealTable.id, tableId), eq(mealTable.itemId, itemId)))
      .run();
    if (changes > 0) auditMeal(tx, ctx, "meal.removeTable", itemId);
    return ok(null);
  });
}

export type SeatingRefusal = "gone" | "changed" | "full" | "twice";

/**
 * Seats one's own side's people, and notes who stays away. Refused `changed` when they sit otherwise by now than `seen`
 * stood for; `full` when a table has fewer seats than people, of all sides; `twice` when two have one place.
 */
export function saveSeating(
  ctx: StaffContext,
  { itemId, seen, tables, places }: SeatingForm & { itemId: string },
): Promise<Result<{ changed: number }, SeatingRefusal>> {
  return ctx.db.write((tx) => {
    if (mealIn(tx, ctx.scope, itemId) === undefined) return refused("gone");
    const guests = guestsInOrder(tx, ctx.scope, itemId);
    if (seenOf(guests) !== seen) return refused("changed");
    const known = new Set(tablesOf(tx, [itemId]).map(({ id }) => id));
    // A table that somebody took away meanwhile: nobody is to stand beside it without a word.
    const isThere = (chosen: string) => chosen === "" || chosen === ABSENT || known.has(chosen);
    if (guests.some(({ invitationId }) => !isThere(tables[invitationId] ?? ""))) return refused("changed");
    const wanted = guests.map((guest) => {
      const chosen = tables[guest.invitationId] ?? (guest.absent ? ABSENT : (guest.tableId ?? ""));
      const place = places[guest.invitationId] ?? "";
      const tableId = known.has(chosen) ? chosen : null;
      return {
        guest,
        absent: chosen === ABSENT,
        tableId,
        place: tableId === null || place === "" ? null : Number(place),
      };
    });
    const others = takenPlaces(tx, itemId).filter(({ sideId }) => !ctx.scope.sideIds.includes(sideId));
    const problem = crowded(tablesOf(tx, [itemId]), [
      ...others,
      ...wanted.flatMap(({ tableId, place }) => (tableId === null ? [] : [{ tableId, place }])),
    ]);
    if (problem !== null) return refused(problem);
    const changed = wanted.filter(
      ({ guest, absent, tableId, place }) =>
        guest.absent !== absent || guest.tableId !== tableId || guest.place !== place,
    );
    for (const { guest, absent, tableId, place } of changed) {
      const { invitationId } = guest;
      for (const table of [mealSeat, mealAbsence] as const)
        tx.delete(table)
          .where(and(eq(table.itemId, itemId), eq(table.invitationId, invitationId)))
          .run();
      if (absent)
        tx.insert(mealAbsence)
          .values({ itemId, invitationId, notedAt: ctx.clock.now(), notedBy: ctx.actor.id })
          .run();
      if (tableId !== null) tx.insert(mealSeat).values({ itemId, invitationId, tableId, place }).run();
    }
    auditEachSide(
      tx,
      ctx,
      changed.map(({ guest }) => guest),
      (own) => ({ action: "meal.seat", details: { item: itemId, people: own.length } }),
    );
    return ok({ changed: changed.length });
  });
}

/** Seats those of one's own side who sit nowhere yet, in the side's own order. Says how many still have no seat. */
export function seatTheRest(
  ctx: StaffContext,
  { itemId }: { itemId: string },
): Promise<Result<{ seated: number; left: number }, "gone">> {
  return ctx.db.write((tx) => {
    const page = mealPage(ctx, itemId);
    if (page === null) return refused("gone");
    const waiting = page.guests.filter(({ absent, tableId }) => !absent && tableId === null);
    const seats: Array<Seat> = seatByOrder(
      waiting.map(({ invitationId }) => invitationId),
      page.tables.map(({ tableId, head, seats: size, places }) => ({
        tableId,
        head,
        seats: size,
        taken: places,
      })),
      { isHost: page.isHost },
    );
    for (const { invitationId, tableId, place } of seats)
      tx.insert(mealSeat).values({ itemId, invitationId, tableId, place }).run();
    const seated = new Set(seats.map(({ invitationId }) => invitationId));
    auditEachSide(
      tx,
      ctx,
      waiting.filter(({ invitationId }) => seated.has(invitationId)),
      (own) => ({ action: "meal.seat", details: { item: itemId, people: own.length } }),
    );
    return ok({ seated: seats.length, left: waiting.length - seats.length });
  });
}

/**
 * Puts somebody's needs into the kitchen's words. Refused `gone` when they told of none, or are not of this side; `changed`
 * when they tell of others by now than those that were shown: words for an old answer would stand as those of the new one.
 */
export function saveWords(
  ctx: StaffContext,
  { invitationId, en, zh, told }: WordsForm,
): Promise<Result<null, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    const needs = found === null ? undefined : ownNeeds(tx, ctx.scope).get(invitationId);
    if (found === null || over(found) !== null || needs === undefined || isPlain(needs))
      return refused("gone");
    if (told !== undefined && told !== toldMark(needs)) return refused("changed");
    if (en === "" && zh === "")
      tx.delete(kitchenWord).where(eq(kitchenWord.invitationId, invitationId)).run();
    else {
      const facts = { en, zh, told: toldMark(needs), updatedAt: ctx.clock.now(), updatedBy: ctx.actor.id };
      tx.insert(kitchenWord)
        .values({ invitationId, ...facts })
        .onConflictDoUpdate({ target: kitchenWord.invitationId, set: facts })
        .run();
    }
    recordAudit(tx, ctx, {
      action: "meal.words",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId: ctx.scope.editionId,
      sideId: found.sideId,
    });
    return ok(null);
  });
}

/** Shows by name whose plate is another, and records that somebody looked. */
export function lookAtNames(
  ctx: StaffContext,
  { itemId }: { itemId: string },
): Promise<Result<{ lines: Array<NamedLine> }, "gone">> {
  return ctx.db.write((tx) => {
    if (mealIn(tx, ctx.scope, itemId) === undefined) return refused("gone");
    const lines = namedLines(ctx, itemId);
    auditMeal(tx, ctx, "meal.look", itemId, { people: lines.length });
    return ok({ lines });
  });
}

/** The columns that go to a kitchen with a sheet that names people. */
const HANDED: ReadonlyArray<ReleaseColumn> = [
  "nameLatin",
  "nameNative",
  "diets",
  "dietText",
  "allergies",
  "allergySeverity",
];

/**
 * Records that a sheet of a meal was taken, and what was in it. One with names is handed to a kitchen, so one's own people
 * on it are released to it until a day after the meal. Taken again while that stands, only who is new on it is.
 */
export function recordSheet(
  ctx: StaffContext,
  {
    itemId,
    file,
    bytes,
    names,
  }: { itemId: string; file: string; bytes: Uint8Array; names: ReadonlyArray<string> },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const meal = mealIn(tx, ctx.scope, itemId);
    if (meal === undefined) return refused("gone");
    const purpose = `Kitchen · 厨房: ${meal.titleEn} ${meal.titleZh}`.trim();
    for (const sideId of ctx.scope.sideIds) {
      const own = ownGuests(tx, { ...ctx.scope, sideIds: [sideId] }, [itemId]);
      const handed = handedOver(tx, ctx, { sideId, purpose });
      const invitationIds = own
        .map(({ invitationId }) => invitationId)
        .filter((id) => names.includes(id) && !handed.has(id));
      if (invitationIds.length === 0) continue;
      insertRelease(tx, ctx, {
        fromSideId: sideId,
        toSideId: null,
        recipient: `${meal.placeEn || meal.placeZh || "Kitchen"} · ${meal.placeZh || meal.placeEn || "厨房"}`,
        purpose,
        columns: HANDED,
        invitationIds,
        expiresAt: Math.max(meal.endsAt, ctx.clock.now()) + DAY,
      });
    }
    auditMeal(tx, ctx, "meal.takeSheet", itemId, {
      file,
      people: names.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    return ok(null);
  });
}

const DAY = 86_400_000;

/** Whom a side's releases of this purpose name that still stand. */
function handedOver(
  tx: Tx,
  ctx: StaffContext,
  { sideId, purpose }: { sideId: string; purpose: string },
): Set<string> {
  return new Set(
    tx
      .select({ invitationId: releasePerson.invitationId })
      .from(releasePerson)
      .innerJoin(release, eq(release.id, releasePerson.releaseId))
      .where(
        and(
          eq(release.editionId, ctx.scope.editionId),
          eq(release.fromCoHostId, sideId),
          isNull(release.toCoHostId),
          isNull(release.revokedAt),
          eq(release.purpose, purpose),
          gt(release.expiresAt, ctx.clock.now()),
        ),
      )
      .all()
      .map(({ invitationId }) => invitationId),
  );
}

function auditMeal(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  itemId: string,
  details?: Record<string, string | number>,
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "agenda_item",
    subjectId: itemId,
    editionId: ctx.scope.editionId,
    sideId: ctx.scope.sideIds[0] ?? null,
    ...(details === undefined ? {} : { details }),
  });
}
