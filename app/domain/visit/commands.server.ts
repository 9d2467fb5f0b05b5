import { and, eq, inArray, ne } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { agendaItem, delegation, invitation, siteVisit } from "#db/schema/index.ts";
import type { PlaceState } from "#db/vocabulary.ts";
import { agendaDelegations } from "../agenda/draft.server.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { tellAboutPlace } from "./news.server.ts";
import { askForPlace, giveUpPlace, type LimitsOutcome, setLimits } from "./seats.server.ts";

type Entry = { visitId: string; invitationId: string };

/**
 * Asks for a place on behalf of somebody of one's own side, by the same rules as if they had asked: a seat if one is
 * free for them, else the end of the queue. They are told by mail.
 */
export function givePlace(
  ctx: StaffContext,
  entry: Entry,
): Promise<Result<{ state: PlaceState; told: boolean }, "not_found">> {
  return ctx.db.write((tx) => {
    const person = ownPerson(tx, ctx, entry);
    if (person === undefined || !visitExists(tx, ctx, entry.visitId)) return refused("not_found");
    const outcome = askForPlace(tx, ctx, { ...entry, ...person, editionId: ctx.scope.editionId });
    if (outcome === null) return refused("not_found");
    if (!outcome.changed) return ok({ state: outcome.state, told: false });
    const told = tellAboutPlace(tx, ctx, entry);
    audit(tx, ctx, "visit.give", entry, { ...person, state: outcome.state });
    return ok({ state: outcome.state, told });
  });
}

/** Takes back a place, or a wish that waits, of somebody of one's own side; the next in line moves up. They are told. */
export function withdrawPlace(
  ctx: StaffContext,
  entry: Entry,
): Promise<Result<{ told: boolean }, "not_found">> {
  return ctx.db.write((tx) => {
    const person = ownPerson(tx, ctx, entry);
    if (person === undefined || !visitExists(tx, ctx, entry.visitId)) return refused("not_found");
    const gone = giveUpPlace(tx, ctx, entry);
    if (!gone) return ok({ told: false });
    const told = tellAboutPlace(tx, ctx, entry);
    audit(tx, ctx, "visit.withdraw", entry, person);
    return ok({ told });
  });
}

/**
 * Sets a visit's total and its delegations' seats. More seats go to those who wait, in order. Fewer than are taken
 * take nothing from anybody; the outcome says by how many the visit is over.
 */
export function changeSeats(
  ctx: StaffContext,
  { visitId, capacity, quotas }: { visitId: string; capacity: number; quotas: ReadonlyMap<string, number> },
): Promise<Result<LimitsOutcome, "not_found" | "unknown_delegation">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    if (!visitExists(tx, ctx, visitId)) return refused("not_found");
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

function visitExists(tx: Tx, ctx: StaffContext, visitId: string): boolean {
  const found = tx
    .select({ id: siteVisit.id })
    .from(siteVisit)
    .where(and(eq(siteVisit.id, visitId), eq(siteVisit.editionId, ctx.scope.editionId)))
    .get();
  return found !== undefined;
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
  { sideId, state = null }: { sideId: string; state?: PlaceState | null },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "site_visit",
    subjectId: visitId,
    editionId: ctx.scope.editionId,
    sideId,
    details: { invitation: invitationId, state },
  });
}
