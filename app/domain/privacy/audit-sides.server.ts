import type { Tx } from "#db/client.server.ts";
import type { StaffContext } from "../context.ts";
import { type AuditEntry, recordAudit } from "./audit.server.ts";

type Deed = Pick<AuditEntry, "action" | "details"> & Partial<Pick<AuditEntry, "subjectKind" | "subjectId">>;

/** What was done to something of the edition, for the side that the actor works for. */
export function auditSide(tx: Tx, ctx: StaffContext, deed: Deed): void {
  auditSides(tx, ctx, [{ sideId: ctx.scope.sideIds[0] ?? null }], deed);
}

/** The same for each of these sides, once. */
export function auditSides(
  tx: Tx,
  ctx: StaffContext,
  sides: ReadonlyArray<{ sideId: string | null }>,
  { action, details, subjectKind = "edition", subjectId = ctx.scope.editionId }: Deed,
): void {
  for (const sideId of new Set(sides.map((side) => side.sideId)))
    recordAudit(tx, ctx, {
      action,
      subjectKind,
      subjectId,
      editionId: ctx.scope.editionId,
      sideId,
      ...(details === undefined ? {} : { details }),
    });
}
