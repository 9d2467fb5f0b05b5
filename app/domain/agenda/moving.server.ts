/** What the grid does to the draft: move, stretch, copy; and the way back. */
import { and, eq } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  agendaFunction,
  agendaItem,
  agendaItemDelegation,
  invitation,
  siteVisit,
  venue,
  visitQuota,
} from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { setLimits } from "../visit/seats.server.ts";
import { deleteVisit, itemIn, ourSide } from "./commands.server.ts";
import { hasPlaces } from "./draft.server.ts";
import {
  alreadyDone,
  changeStep,
  forgetStep,
  freeCues,
  functionsIn,
  type KeptStep,
  markStep,
  nextStep,
  recordStep,
  type Snapshot,
  snapshot,
  tieCues,
  withFacts,
} from "./journal.server.ts";
import { LONGEST_ITEM, type Placing, SHORTEST_ITEM } from "./placing.ts";

type Moved = Result<
  { itemId: string; updatedAt: number },
  "not_found" | "changed_meanwhile" | "unknown_place" | "wrong_time"
>;

/**
 * Puts an item at another time or place. A visit's meeting time goes with it. Refused `changed_meanwhile` when somebody
 * else has saved the item since `seenAt`.
 */
export function moveAgendaItem(
  ctx: StaffContext,
  { itemId, seenAt, to }: { itemId: string; seenAt: number; to: Placing },
): Promise<Moved> {
  return ctx.db.write((tx): Awaited<Moved> => {
    const { editionId } = ctx.scope;
    const found = itemIn(tx, editionId, itemId);
    const before = snapshot(tx, editionId, itemId);
    if (found === undefined || before === null) return refused("not_found");
    const place = placeAt(tx, editionId, before, to);
    if (place === null) return refused(found.updatedAt === seenAt ? "unknown_place" : "changed_meanwhile");
    if (!isPossible(to)) return refused("wrong_time");
    const shift = to.startsAt - before.item.startsAt;
    const after: Snapshot = {
      ...before,
      item: { ...before.item, startsAt: to.startsAt, endsAt: to.endsAt, ...place },
      visit:
        before.visit === null || before.visit.meetAt === null
          ? before.visit
          : { ...before.visit, meetAt: before.visit.meetAt + shift },
    };
    const step = changeStep(before, after);
    // It stands there: the move came twice, or a colleague had the same in mind.
    if (step === null) return ok({ itemId, updatedAt: found.updatedAt });
    if (found.updatedAt !== seenAt) return refused("changed_meanwhile");
    const updatedAt = write(tx, ctx, after, found.updatedAt);
    recordStep(tx, ctx, itemId, step);
    audit(tx, ctx, "agenda.move", itemId, { kind: after.item.kind });
    return ok({ itemId, updatedAt });
  });
}

/** Makes a second item like this one, at another time or place. Nobody has a function in it, or a place on its visit. */
export function copyAgendaItem(
  ctx: StaffContext,
  { itemId, to }: { itemId: string; to: Placing },
): Promise<Result<{ itemId: string; updatedAt: number }, "not_found" | "unknown_place" | "wrong_time">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const before = snapshot(tx, editionId, itemId);
    if (before === null) return refused("not_found");
    const place = placeAt(tx, editionId, before, to);
    if (place === null) return refused("unknown_place");
    if (!isPossible(to)) return refused("wrong_time");
    const id = newId();
    const shift = to.startsAt - before.item.startsAt;
    const { visit } = before;
    const after: Snapshot = {
      ...before,
      item: { ...before.item, id, startsAt: to.startsAt, endsAt: to.endsAt, ...place },
      visit:
        visit === null
          ? null
          : {
              ...visit,
              id: newId(),
              itemId: id,
              meetAt: visit.meetAt === null ? null : visit.meetAt + shift,
              clearanceDeadline: visit.clearanceDeadline,
            },
    };
    const updatedAt = write(tx, ctx, after, null);
    recordStep(tx, ctx, id, { did: "add", after });
    audit(tx, ctx, "agenda.copy", id, { kind: after.item.kind });
    return ok({ itemId: id, updatedAt });
  });
}

type Back = Result<{ itemId: string }, "nothing" | "changed_meanwhile" | "has_places">;

/**
 * Takes back the last thing that one did to the draft oneself. Refused `changed_meanwhile` when somebody has changed the
 * same facts since, and `has_places` when people have places on the visit that would go.
 *
 * @param seen the step that the page showed: a form that comes twice takes back that one, and not the one before as well.
 */
export function undoAgendaStep(ctx: StaffContext, { seen }: { seen?: string } = {}): Promise<Back> {
  return ctx.db.write((tx): Awaited<Back> => {
    const step = nextStep(tx, ctx, "undo");
    const done =
      seen === undefined || seen === step?.id ? null : alreadyDone(tx, ctx, { id: seen, way: "undo" });
    if (done !== null) return ok(done);
    if (step === null) return refused("nothing");
    const applied = applyStep(tx, ctx, step, "undo");
    if (!applied.ok) return applied;
    markStep(tx, step, ctx.clock.now());
    audit(tx, ctx, "agenda.undo", step.itemId);
    return ok({ itemId: step.itemId });
  });
}

/** Does again what was undone last. Refused as undoing is. */
export function redoAgendaStep(ctx: StaffContext, { seen }: { seen?: string } = {}): Promise<Back> {
  return ctx.db.write((tx): Awaited<Back> => {
    const step = nextStep(tx, ctx, "redo");
    const done =
      seen === undefined || seen === step?.id ? null : alreadyDone(tx, ctx, { id: seen, way: "redo" });
    if (done !== null) return ok(done);
    if (step === null) return refused("nothing");
    const applied = applyStep(tx, ctx, step, "redo");
    if (!applied.ok) return applied;
    markStep(tx, step, null);
    audit(tx, ctx, "agenda.redo", step.itemId);
    return ok({ itemId: step.itemId });
  });
}

/** Leaves what cannot be undone as it is, so that what was done before it can. */
export function skipAgendaStep(ctx: StaffContext, way: "undo" | "redo"): Promise<Result<null, "nothing">> {
  return ctx.db.write((tx) => {
    const step = nextStep(tx, ctx, way);
    if (step === null) return refused("nothing");
    forgetStep(tx, step);
    return ok(null);
  });
}

function applyStep(
  tx: Tx,
  ctx: StaffContext,
  { itemId, step }: KeptStep,
  way: "undo" | "redo",
): Result<null, "changed_meanwhile" | "has_places"> {
  const { editionId } = ctx.scope;
  switch (step.did) {
    case "add":
      return way === "undo" ? takeAway(tx, ctx, step.after, []) : putBack(tx, ctx, step.after);
    case "remove": {
      if (way === "redo") return takeAway(tx, ctx, step.before, step.functions);
      const back = putBack(tx, ctx, step.before);
      if (!back.ok) return back;
      for (const row of step.functions)
        tx.insert(agendaFunction)
          .values({ ...row, itemId, invitationId: whoeverComes(tx, row.invitationId) })
          .onConflictDoNothing()
          .run();
      tieCues(tx, itemId, step.cues);
      return ok(null);
    }
    case "change": {
      const now = snapshot(tx, editionId, itemId);
      const found = itemIn(tx, editionId, itemId);
      if (now === null || found === undefined) return refused("changed_meanwhile");
      const [from, to] = way === "undo" ? [step.after, step.before] : [step.before, step.after];
      const next = withFacts(now, from, to);
      if (next === null || !placesExist(tx, editionId, next)) return refused("changed_meanwhile");
      if (now.visit !== null && next.visit?.id !== now.visit.id && hasPlaces(tx, now.visit.id))
        return refused("has_places");
      write(tx, ctx, next, found.updatedAt);
      return ok(null);
    }
    case "assign":
    case "unassign": {
      const entry = { ...step.entry, invitationId: whoeverComes(tx, step.entry.invitationId) };
      const adds = (step.did === "assign") === (way === "redo");
      if (ourSide(tx, ctx, { itemId, invitationId: entry.invitationId }) === null)
        return refused("changed_meanwhile");
      const changes = adds
        ? tx
            .insert(agendaFunction)
            .values({ ...entry, itemId })
            .onConflictDoNothing()
            .run().changes
        : tx
            .delete(agendaFunction)
            .where(
              and(
                eq(agendaFunction.itemId, itemId),
                eq(agendaFunction.invitationId, entry.invitationId),
                eq(agendaFunction.function, entry.function),
              ),
            )
            .run().changes;
      return changes === 0 ? refused("changed_meanwhile") : ok(null);
    }
    default:
      return step satisfies never;
  }
}

/** Who has the seat that somebody had: whoever came in their stead since, or they themselves. */
function whoeverComes(tx: Tx, invitationId: string): string {
  const instead = tx
    .select({ id: invitation.id })
    .from(invitation)
    .where(eq(invitation.replacesId, invitationId))
    .get();
  return instead === undefined ? invitationId : whoeverComes(tx, instead.id);
}

/** Takes an item away that is as it was when it came; not when somebody has worked on it since. */
function takeAway(
  tx: Tx,
  ctx: StaffContext,
  as: Snapshot,
  functions: ReturnType<typeof functionsIn>,
): Result<null, "changed_meanwhile" | "has_places"> {
  const now = snapshot(tx, ctx.scope.editionId, as.item.id);
  const before = functions.map((row) => ({ ...row, invitationId: whoeverComes(tx, row.invitationId) }));
  const same = JSON.stringify(functionsIn(tx, as.item.id)) === JSON.stringify(before);
  if (now === null || !same || changeStep(now, as) !== null) return refused("changed_meanwhile");
  if (now.visit !== null && hasPlaces(tx, now.visit.id)) return refused("has_places");
  freeCues(tx, now);
  if (now.visit !== null) deleteVisit(tx, now.visit.id);
  tx.delete(agendaItem).where(eq(agendaItem.id, as.item.id)).run();
  return ok(null);
}

function putBack(tx: Tx, ctx: StaffContext, as: Snapshot): Result<null, "changed_meanwhile"> {
  const { editionId } = ctx.scope;
  if (snapshot(tx, editionId, as.item.id) !== null || !placesExist(tx, editionId, as))
    return refused("changed_meanwhile");
  write(tx, ctx, as, null);
  return ok(null);
}

/**
 * Writes an item as a snapshot has it. Gives its new `updatedAt`.
 *
 * @param was the item's `updatedAt` until now; null: the item is not there.
 */
function write(
  tx: Tx,
  ctx: StaffContext,
  { item: facts, delegationIds, visit, quotas }: Snapshot,
  was: number | null,
) {
  const itemId = facts.id;
  const item = { ...facts, ...(facts.venueId === null ? {} : nameOf(tx, facts.venueId)) };
  // Two saves within one millisecond must not look like the same one.
  const updatedAt = was === null ? ctx.clock.now() : Math.max(ctx.clock.now(), was + 1);
  tx.insert(agendaItem)
    .values({ ...item, updatedAt })
    .onConflictDoUpdate({ target: agendaItem.id, set: { ...item, updatedAt } })
    .run();
  tx.delete(agendaItemDelegation).where(eq(agendaItemDelegation.itemId, itemId)).run();
  for (const delegationId of delegationIds)
    tx.insert(agendaItemDelegation).values({ itemId, delegationId }).run();
  const old = tx
    .select({ id: siteVisit.id, capacity: siteVisit.capacity })
    .from(siteVisit)
    .where(eq(siteVisit.itemId, itemId))
    .get();
  if (old !== undefined && old.id !== visit?.id) deleteVisit(tx, old.id);
  if (visit === null) return updatedAt;
  // How seats are given, what was drawn and what the host asks for are no part of the programme: an undo leaves them.
  const {
    capacity: _,
    allotment: __,
    offerHours: ___,
    openTo: ____,
    drawId: _____,
    clearanceColumns: ______,
    clearanceLocale: _______,
    ...columns
  } = visit;
  tx.insert(siteVisit).values(visit).onConflictDoUpdate({ target: siteVisit.id, set: columns }).run();
  const stored = tx
    .select({ delegationId: visitQuota.delegationId, seats: visitQuota.seats })
    .from(visitQuota)
    .where(eq(visitQuota.visitId, visit.id))
    .all();
  const sameSeats =
    old?.id === visit.id &&
    old.capacity === visit.capacity &&
    stored.length === Object.keys(quotas).length &&
    stored.every(({ delegationId, seats }) => quotas[delegationId] === seats);
  if (!sameSeats)
    setLimits(tx, ctx, {
      visitId: visit.id,
      editionId: item.editionId,
      capacity: visit.capacity,
      quotas: new Map(Object.entries(quotas)),
    });
  return updatedAt;
}

/** What the list calls a place now. */
function nameOf(tx: Tx, venueId: string) {
  return tx
    .select({ placeEn: venue.nameEn, placeZh: venue.nameZh })
    .from(venue)
    .where(eq(venue.id, venueId))
    .get();
}

function isPossible({ startsAt, endsAt }: Placing): boolean {
  const length = endsAt - startsAt;
  return length >= SHORTEST_ITEM && length <= LONGEST_ITEM;
}

/** The columns that say where an item is; null when it is to be where there is no place. */
function placeAt(tx: Tx, editionId: string, { item }: Snapshot, { venueId }: Placing) {
  if (venueId === undefined || venueId === item.venueId) return {};
  if (venueId === null) return { venueId: null, placeEn: "", placeZh: "" };
  const found = tx
    .select({ placeEn: venue.nameEn, placeZh: venue.nameZh })
    .from(venue)
    .where(and(eq(venue.id, venueId), eq(venue.editionId, editionId)))
    .get();
  return found === undefined ? null : { venueId, ...found };
}

/** A place may have been taken off the list since. */
function placesExist(tx: Tx, editionId: string, { item }: Snapshot): boolean {
  return [item.venueId, item.fromVenueId].every(
    (venueId) =>
      venueId === null ||
      tx
        .select({ id: venue.id })
        .from(venue)
        .where(and(eq(venue.id, venueId), eq(venue.editionId, editionId)))
        .get() !== undefined,
  );
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  subjectId: string,
  details: { kind?: string } = {},
): void {
  const { editionId } = ctx.scope;
  recordAudit(tx, ctx, { action, subjectKind: "agenda_item", subjectId, editionId, sideId: null, details });
}
