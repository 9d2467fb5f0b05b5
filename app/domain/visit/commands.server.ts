import { and, eq, inArray, ne } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { agendaItem, delegation, invitation, siteVisit, visitPlace } from "#db/schema/index.ts";
import type { Allotment, PlaceState } from "#db/vocabulary.ts";
import { agendaDelegations } from "../agenda/draft.server.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { tellAboutPlace } from "./news.server.ts";
import { standingFor } from "./obstacles.server.ts";
import { beyondOf, limitsMark, type OpenTo, readOpenTo, type SeatsTaken, settingsMark } from "./rules.ts";
import {
  askForPlace,
  giveUpPlace,
  type LimitsOutcome,
  promoteWaiting,
  putPlace,
  ready,
  seatsNow,
  setLimits,
} from "./seats.server.ts";

type Entry = { visitId: string; invitationId: string };

/** How staff give a place: as if the person had asked, or a seat at once, whatever the limits and the queue say. */
export type Giving = Entry & {
  /** Why the seat is given beyond a limit or out of turn; empty: then only a seat that is free for them is. */
  reason?: string;
  /** Why they may go although something else of theirs is at that time; empty: then they do not. */
  clashReason?: string;
};

/**
 * Gives somebody of one's own side a place. Without a reason it goes by the rules: a seat if one is free for them, else the
 * end of the queue; where staff give the seats, whoever they choose gets a free one. With a reason it is a seat, and what it
 * was beyond is recorded with the reason. They are told by mail; `told` is null where nothing has changed.
 *
 * Refused when something else of theirs is at that time and nobody accepted that (`clash`), or they have not agreed that
 * their passport goes to the host (`consent`), which no reason can replace; or there is nothing to give (`full`).
 */
export function givePlace(
  ctx: StaffContext,
  { reason = "", clashReason = "", ...entry }: Giving,
): Promise<
  Result<{ state: PlaceState; told: boolean | null }, "not_found" | "clash" | "consent" | "not_open">
> {
  return ctx.db.write((tx) => {
    const person = ownPerson(tx, ctx, entry);
    const visit = visitIn(tx, ctx, entry.visitId);
    if (person === undefined || visit === undefined) return refused("not_found");
    const { editionId } = ctx.scope;
    const wish = { ...entry, ...person, editionId };
    const before = placeOf(tx, entry);
    if (before?.state === "granted") return ok({ state: "granted", told: null });
    const accepted = clashReason === "" ? (before?.clashReason ?? "") : clashReason;
    const { obstacles } = standingFor(tx, wish, accepted);
    const obstacle = obstacles.find((each) => each !== "not_open" || reason === "");
    if (obstacle !== undefined && (reason !== "" || visit.allotment === "staff" || obstacle === "not_open"))
      return refused(obstacle);
    const now = seatsNow(tx, { visitId: entry.visitId, editionId });
    if (now === null) return refused("not_found");
    // Whose turn it is matters to those alone who would be served before it.
    const queue =
      reason === "" ? [] : ready(tx, entry.visitId).filter((one) => one.invitationId !== entry.invitationId);
    const beyond = [
      ...beyondOf(
        person.delegationId,
        queue,
        now.limits,
        withoutOffer(now.taken, before, person.delegationId),
      ),
      ...(obstacles.includes("not_open") ? ["closed" as const] : []),
    ].filter((each) => each !== "turn" || visit.allotment !== "staff");
    const isHeld = before?.state === "offered";
    const atOnce = reason !== "" || isHeld || (visit.allotment === "staff" && beyond.length === 0);
    if (!atOnce) {
      const asked = before?.state ?? "withdrawn";
      if (asked !== "withdrawn" && clashReason === "") return ok({ state: asked, told: null });
      if (asked === "withdrawn") askForPlace(tx, ctx, wish);
      if (clashReason !== "") acceptClash(tx, ctx, entry, clashReason);
    } else {
      if (before === undefined || before.state === "withdrawn")
        putPlace(tx, ctx, { ...wish, state: "waiting", cause: "staff" });
      const isOverride = reason !== "" && beyond.length > 0;
      tx.update(visitPlace)
        .set({
          state: "granted",
          cause: isOverride ? "override" : "staff",
          decidedAt: ctx.clock.now(),
          offerEndsAt: null,
          overrideReason: isOverride ? reason : "",
          clashReason: accepted,
        })
        .where(and(eq(visitPlace.visitId, entry.visitId), eq(visitPlace.invitationId, entry.invitationId)))
        .run();
      if (isOverride) audit(tx, ctx, "visit.override", entry, { ...person, beyond });
    }
    const after = placeOf(tx, entry)?.state ?? "withdrawn";
    if (after === before?.state) return ok({ state: after, told: null });
    const told = tellAboutPlace(tx, ctx, entry);
    audit(tx, ctx, "visit.give", entry, { ...person, state: after });
    return ok({ state: after, told });
  });
}

/** A seat that is held for this very person is free for them. */
function withoutOffer(
  taken: SeatsTaken,
  before: { state: PlaceState } | undefined,
  delegationId: string,
): SeatsTaken {
  if (before?.state !== "offered") return taken;
  return new Map(taken).set(delegationId, (taken.get(delegationId) ?? 1) - 1);
}

/** Records why somebody may be on a visit although something else of theirs is at that time. */
function acceptClash(tx: Tx, ctx: StaffContext, entry: Entry, clashReason: string): void {
  tx.update(visitPlace)
    .set({ clashReason })
    .where(and(eq(visitPlace.visitId, entry.visitId), eq(visitPlace.invitationId, entry.invitationId)))
    .run();
  promoteWaiting(tx, ctx, entry.visitId);
}

function placeOf(tx: Tx, { visitId, invitationId }: Entry) {
  return tx
    .select({ state: visitPlace.state, clashReason: visitPlace.clashReason })
    .from(visitPlace)
    .where(and(eq(visitPlace.visitId, visitId), eq(visitPlace.invitationId, invitationId)))
    .get();
}

/** How a visit's seats are given, for how many hours one that becomes free is offered, and to whom it is open. */
export type VisitSettings = { allotment: Allotment; offerHours: number | null; openTo: OpenTo };

/**
 * Changes how seats are given from now on. Nobody loses a place by it. `drawn`: lots were drawn for it already, and that is
 * not undone; `changed_meanwhile`: somebody else has set it otherwise since it was `seen`.
 */
export function changeSettings(
  ctx: StaffContext,
  { visitId, seen, ...settings }: { visitId: string; seen?: string } & VisitSettings,
): Promise<Result<{ promoted: number }, "not_found" | "unknown_delegation" | "drawn" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const visit = visitIn(tx, ctx, visitId);
    if (visit === undefined) return refused("not_found");
    const { editionId } = ctx.scope;
    const { allotment, offerHours, openTo } = settings;
    const stands = settingsMark({ ...visit, openTo: readOpenTo(visit.openTo) });
    if (seen !== undefined && seen !== stands && stands !== settingsMark(settings))
      return refused("changed_meanwhile");
    const known = agendaDelegations(tx, editionId).map((one) => one.id);
    if (!openTo.delegationIds.every((id) => known.includes(id))) return refused("unknown_delegation");
    if (visit.drawId !== null && allotment !== "draw") return refused("drawn");
    tx.update(siteVisit)
      .set({ allotment, offerHours, openTo: JSON.stringify(openTo) })
      .where(eq(siteVisit.id, visitId))
      .run();
    recordAudit(tx, ctx, {
      action: "visit.settings",
      subjectKind: "site_visit",
      subjectId: visitId,
      editionId,
      sideId: null,
      details: { allotment, offerHours, ...openTo },
    });
    return ok({ promoted: promoteWaiting(tx, ctx, visitId) });
  });
}

/** Takes back a place, or a wish that waits, of somebody of one's own side; the next in line moves up. They are told. */
export function withdrawPlace(
  ctx: StaffContext,
  entry: Entry,
): Promise<Result<{ told: boolean | null }, "not_found">> {
  return ctx.db.write((tx) => {
    const person = ownPerson(tx, ctx, entry);
    if (person === undefined || visitIn(tx, ctx, entry.visitId) === undefined) return refused("not_found");
    const gone = giveUpPlace(tx, ctx, { ...entry, cause: "taken_back" });
    if (!gone) return ok({ told: null });
    const told = tellAboutPlace(tx, ctx, entry);
    audit(tx, ctx, "visit.withdraw", entry, person);
    return ok({ told });
  });
}

/**
 * Sets a visit's total and its delegations' seats. More seats go to those who wait, in order. Fewer than are taken
 * take nothing from anybody; the outcome says by how many the visit is over. `changed_meanwhile`: somebody else has set them
 * otherwise since they were `seen`.
 */
export function changeSeats(
  ctx: StaffContext,
  {
    visitId,
    capacity,
    quotas,
    seen,
  }: { visitId: string; capacity: number; quotas: ReadonlyMap<string, number>; seen?: string },
): Promise<Result<LimitsOutcome, "not_found" | "unknown_delegation" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const now = seatsNow(tx, { visitId, editionId });
    if (now === null) return refused("not_found");
    const stands = limitsMark(now.limits);
    if (seen !== undefined && seen !== stands && stands !== limitsMark({ capacity, quotas }))
      return refused("changed_meanwhile");
    const known = agendaDelegations(tx, editionId).map((one) => one.id);
    if (![...quotas.keys()].every((id) => known.includes(id))) return refused("unknown_delegation");
    const outcome = setLimits(tx, ctx, { visitId, editionId, capacity, quotas });
    // The item's page shows the limits too: whoever has it open must not overwrite these.
    bumpItem(tx, ctx, visitId);
    recordAudit(tx, ctx, {
      action: "visit.limits",
      subjectKind: "site_visit",
      subjectId: visitId,
      editionId,
      sideId: null,
      details: { capacity, promoted: outcome.promoted, over: outcome.over.total },
    });
    return ok(outcome);
  });
}

function bumpItem(tx: Tx, ctx: StaffContext, visitId: string): void {
  const item = tx
    .select({ id: agendaItem.id, updatedAt: agendaItem.updatedAt })
    .from(agendaItem)
    .innerJoin(siteVisit, eq(siteVisit.itemId, agendaItem.id))
    .where(eq(siteVisit.id, visitId))
    .get();
  if (item === undefined) return;
  const updatedAt = Math.max(ctx.clock.now(), item.updatedAt + 1);
  tx.update(agendaItem).set({ updatedAt }).where(eq(agendaItem.id, item.id)).run();
}

function visitIn(tx: Tx, ctx: StaffContext, visitId: string) {
  return tx
    .select({
      allotment: siteVisit.allotment,
      drawId: siteVisit.drawId,
      offerHours: siteVisit.offerHours,
      openTo: siteVisit.openTo,
    })
    .from(siteVisit)
    .where(and(eq(siteVisit.id, visitId), eq(siteVisit.editionId, ctx.scope.editionId)))
    .get();
}

/** Somebody of one's own side who may come; others do not exist here. */
function ownPerson(tx: Tx, ctx: StaffContext, { invitationId }: Entry) {
  const { editionId, sideIds } = ctx.scope;
  return tx
    .select({ delegationId: invitation.delegationId, sideId: delegation.coHostId })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.id, invitationId),
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
        stands,
        ne(invitation.reply, "declined"),
      ),
    )
    .get();
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  { visitId, invitationId }: Entry,
  {
    sideId,
    state = null,
    beyond = [],
  }: { sideId: string; state?: PlaceState | null; beyond?: ReadonlyArray<string> },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "site_visit",
    subjectId: visitId,
    editionId: ctx.scope.editionId,
    sideId,
    details: { invitation: invitationId, state, ...(beyond.length === 0 ? {} : { beyond }) },
  });
}
