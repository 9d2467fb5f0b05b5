import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delegation, invitation, redo } from "#db/schema/index.ts";
import type { RedoKind } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { DEPENDENTS } from "./dependents.server.ts";

/** Who sees to it: those who may change people, who book for them, and who write letters. */
export const REDO_ACT = ["invitations", "logistics", "documents"] as const;

/**
 * Marks what was made of these answers as to be done again. For use inside the command that changes them, which has
 * the audit event.
 *
 * @param fields names of the answers that are others now.
 * @returns how many things it touches.
 */
export function markDependents(
  tx: Tx,
  ctx: Pick<DomainContext, "clock">,
  { invitationId, fields }: { invitationId: string; fields: ReadonlyArray<string> },
): number {
  if (fields.length === 0) return 0;
  const now = ctx.clock.now();
  let marked = 0;
  for (const { kind, find } of DEPENDENTS)
    for (const subjectId of find(tx, { invitationId, fields, now })) {
      markRedo(tx, ctx, { invitationId, kind, subjectId, fields });
      marked++;
    }
  return marked;
}

/** Marks one thing. One that waits already names these answers, too. */
export function markRedo(
  tx: Tx,
  ctx: Pick<DomainContext, "clock">,
  {
    invitationId,
    kind,
    subjectId,
    fields,
  }: { invitationId: string; kind: RedoKind; subjectId: string; fields: ReadonlyArray<string> },
): void {
  const same = and(
    eq(redo.invitationId, invitationId),
    eq(redo.kind, kind),
    eq(redo.subjectId, subjectId),
    isNull(redo.doneAt),
  );
  const waiting = tx.select({ id: redo.id, fields: redo.fields }).from(redo).where(same).get();
  if (waiting === undefined)
    tx.insert(redo)
      .values({
        id: newId(),
        invitationId,
        kind,
        subjectId,
        fields: JSON.stringify([...new Set(fields)]),
        since: ctx.clock.now(),
      })
      .run();
  else {
    const named: ReadonlyArray<string> = JSON.parse(waiting.fields);
    tx.update(redo)
      .set({ fields: JSON.stringify([...new Set([...named, ...fields])]) })
      .where(eq(redo.id, waiting.id))
      .run();
  }
}

/** Says that a thing was done again. Said twice it is the same. Refused when it is not there (`gone`). */
export function settleRedo(ctx: StaffContext, redoId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    const found = tx
      .select({
        kind: redo.kind,
        doneAt: redo.doneAt,
        invitationId: redo.invitationId,
        sideId: delegation.coHostId,
      })
      .from(redo)
      .innerJoin(invitation, eq(invitation.id, redo.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(
          eq(redo.id, redoId),
          eq(invitation.editionId, editionId),
          inArray(delegation.coHostId, [...sideIds]),
        ),
      )
      .get();
    if (found === undefined) return refused("gone");
    if (found.doneAt !== null) return ok(null);
    tx.update(redo).set({ doneAt: ctx.clock.now(), doneBy: ctx.actor.id }).where(eq(redo.id, redoId)).run();
    recordAudit(tx, ctx, {
      action: "redo.done",
      subjectKind: "invitation",
      subjectId: found.invitationId,
      editionId,
      sideId: found.sideId,
      details: { kind: found.kind },
    });
    return ok(null);
  });
}
