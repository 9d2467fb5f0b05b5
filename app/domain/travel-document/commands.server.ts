import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delegation, invitation, travelDocument } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { markDependents } from "../redo/commands.server.ts";
import { PASSPORT_FIELD } from "../redo/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { placeOf, storedDocument } from "./record.server.ts";
import type { RevealReason, TravelDocument } from "./rules.ts";

/** Stores what a passport says instead of what was stored before. Refused when the person is not there (`gone`). */
export function saveTravelDocument(
  ctx: StaffContext,
  { invitationId, document }: { invitationId: string; document: TravelDocument },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const sideId = sideOf(tx, ctx, invitationId);
    if (sideId === null) return refused("gone");
    const sealed = ctx.keys.seal(JSON.stringify(document), placeOf(invitationId));
    const updatedAt = ctx.clock.now();
    tx.insert(travelDocument)
      .values({ invitationId, sealed, updatedAt, updatedBy: ctx.actor.id })
      .onConflictDoUpdate({
        target: travelDocument.invitationId,
        set: { sealed, updatedAt, updatedBy: ctx.actor.id },
      })
      .run();
    markDependents(tx, ctx, { invitationId, fields: [PASSPORT_FIELD] });
    audit(tx, ctx, {
      action: "travel_document.save",
      invitationId,
      sideId,
      details: { state: document.state },
    });
    return ok(null);
  });
}

/**
 * Shows a passport's facts whole to somebody who has just proved who they are, and records that, with the reason.
 * Refused when there is nothing to be seen (`gone`).
 */
export function revealTravelDocument(
  ctx: StaffContext,
  { invitationId, reason }: { invitationId: string; reason: RevealReason },
): Promise<Result<TravelDocument, "gone">> {
  return ctx.db.write((tx) => {
    const sideId = sideOf(tx, ctx, invitationId);
    const stored = sideId === null ? null : storedDocument(tx, ctx.keys, invitationId);
    if (sideId === null || stored === null) return refused("gone");
    audit(tx, ctx, { action: "travel_document.reveal", invitationId, sideId, details: { reason } });
    return ok(stored.document);
  });
}

/** Forgets what a passport says. Refused when there is nothing (`gone`). */
export function removeTravelDocument(ctx: StaffContext, invitationId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const sideId = sideOf(tx, ctx, invitationId);
    if (sideId === null) return refused("gone");
    const removed = tx.delete(travelDocument).where(eq(travelDocument.invitationId, invitationId)).run();
    if (removed.changes === 0) return refused("gone");
    audit(tx, ctx, { action: "travel_document.remove", invitationId, sideId, details: {} });
    return ok(null);
  });
}

/** The side of an invitation within the scope, or null. */
function sideOf(tx: Tx, ctx: StaffContext, invitationId: string): string | null {
  const { editionId, sideIds } = ctx.scope;
  const found = tx
    .select({ sideId: delegation.coHostId })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.id, invitationId),
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
      ),
    )
    .get();
  return found?.sideId ?? null;
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  {
    action,
    invitationId,
    sideId,
    details,
  }: { action: AuditAction; invitationId: string; sideId: string; details: Record<string, string> },
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: ctx.scope.editionId,
    sideId,
    details,
  });
}
