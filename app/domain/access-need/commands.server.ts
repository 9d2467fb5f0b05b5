import { createHash } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import { accessArrangement, venue, venueAccess } from "#db/schema/index.ts";
import type { AccessNeed, Locale } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { sheetBytes } from "../meal/sheets.server.ts";
import { auditSide, auditSides } from "../privacy/audit-sides.server.ts";
import { ok, type Result, refused } from "../result.ts";
import type { ArrangeForm, PlaceForm } from "./form.ts";
import { type AccessName, accessNames, accessPage, countedAccess } from "./queries.server.ts";
import { OF_PLACES } from "./rules.ts";
import { accessSheet } from "./sheet.ts";

/** Notes what a place has. Places are both sides', and so is what is known of them. */
export function savePlace(
  ctx: StaffContext,
  { venueId, has, notes }: PlaceForm,
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = tx
      .select({ id: venue.id })
      .from(venue)
      .where(and(eq(venue.id, venueId), eq(venue.editionId, ctx.scope.editionId)))
      .get();
    if (found === undefined) return refused("gone");
    for (const need of OF_PLACES) {
      const said = has[need];
      tx.delete(venueAccess)
        .where(and(eq(venueAccess.venueId, venueId), eq(venueAccess.need, need)))
        .run();
      if (said !== undefined)
        tx.insert(venueAccess)
          .values({
            venueId,
            need,
            there: said === "yes",
            note: notes[need] ?? "",
            updatedAt: ctx.clock.now(),
            updatedBy: ctx.actor.id,
          })
          .run();
    }
    auditSide(tx, ctx, { action: "access.place", subjectKind: "venue", subjectId: venueId });
    return ok(null);
  });
}

/** Notes what one's own side arranged for its people's need at an item. Refused `gone` where nobody of it needs that. */
export function arrange(
  ctx: StaffContext,
  { itemId, need, note }: ArrangeForm,
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const sides = countedAccess(tx, ctx.scope).filter((row) => row.itemId === itemId && row.need === need);
    if (sides.length === 0) return refused("gone");
    for (const { sideId } of sides) {
      const facts = { note, arrangedAt: ctx.clock.now(), arrangedBy: ctx.actor.id };
      tx.insert(accessArrangement)
        .values({ itemId, coHostId: sideId, need, ...facts })
        .onConflictDoUpdate({
          target: [accessArrangement.itemId, accessArrangement.coHostId, accessArrangement.need],
          set: facts,
        })
        .run();
    }
    auditSides(tx, ctx, sides, { action: "access.arrange", subjectKind: "agenda_item", subjectId: itemId });
    return ok(null);
  });
}

/** Takes it back that something was arranged; twice is so once. Refused `gone` where nobody of this side needs that. */
export function unarrange(
  ctx: StaffContext,
  { itemId, need }: { itemId: string; need: AccessNeed },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const gone = tx
      .delete(accessArrangement)
      .where(
        and(
          eq(accessArrangement.itemId, itemId),
          eq(accessArrangement.need, need),
          inArray(accessArrangement.coHostId, [...ctx.scope.sideIds]),
        ),
      )
      .returning({ sideId: accessArrangement.coHostId })
      .all();
    if (gone.length === 0)
      return countedAccess(tx, ctx.scope).some((row) => row.itemId === itemId && row.need === need)
        ? ok(null)
        : refused("gone");
    auditSides(tx, ctx, gone, { action: "access.unarrange", subjectKind: "agenda_item", subjectId: itemId });
    return ok(null);
  });
}

/** Shows by name who needs what, and records that somebody looked. */
export function lookAtAccess(ctx: StaffContext): Promise<Array<AccessName>> {
  return ctx.db.write((tx) => {
    const names = accessNames(tx, ctx.scope);
    auditSide(tx, ctx, { action: "access.look", details: { people: names.length } });
    return names;
  });
}

/** The list of work as a file: with names for one's own desk, or without for a place. Each taking is recorded. */
export async function takeAccessSheet(
  ctx: StaffContext,
  { file, locale, withNames }: { file: string; locale: Locale; withNames: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const now = ctx.clock.now();
  const names = withNames ? accessNames(ctx.db.orm, ctx.scope) : null;
  const bytes = await sheetBytes(accessSheet(accessPage(ctx), { names, now }), { file, locale, now });
  await ctx.db.write((tx) => {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    auditSide(tx, ctx, { action: "access.takeSheet", details: { file, people: names?.length ?? 0, sha256 } });
    return null;
  });
  return bytes;
}
