import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, edition, invitation, person } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, type AuditEntry, recordAudit } from "../privacy/audit.server.ts";

/* What the commands on one invitation begin and end with: finding it within the scope, and the audit event. */

export type OwnInvitation = NonNullable<ReturnType<typeof findOwn>>;

/** An invitation on this side, or null: the other side's are not there. */
export function findOwn(orm: Orm, ctx: Pick<StaffContext, "scope">, invitationId: string) {
  return (
    orm
      .select({
        id: invitation.id,
        editionId: invitation.editionId,
        personId: invitation.personId,
        delegationId: invitation.delegationId,
        sideId: delegation.coHostId,
        category: invitation.category,
        invitedAs: invitation.invitedAs,
        protocolOrder: invitation.protocolOrder,
        tokenGeneration: invitation.tokenGeneration,
        tokenRevokedAt: invitation.tokenRevokedAt,
        reply: invitation.reply,
        sentAt: invitation.sentAt,
        approvedAt: invitation.approvedAt,
        withdrawnAt: invitation.withdrawnAt,
        replacedAt: invitation.replacedAt,
        confirmedAt: invitation.confirmedAt,
        attendance: invitation.attendance,
        remindersStoppedAt: invitation.remindersStoppedAt,
        doNotInviteAt: person.doNotInviteAt,
        startsOn: edition.startsOn,
        travelTo: edition.travelTo,
        timeZone: edition.timeZone,
        locale: person.locale,
      })
      .from(invitation)
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .innerJoin(edition, eq(edition.id, invitation.editionId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(
        and(
          eq(invitation.id, invitationId),
          eq(invitation.editionId, ctx.scope.editionId),
          inArray(delegation.coHostId, [...ctx.scope.sideIds]),
        ),
      )
      .get() ?? null
  );
}

/** Why an invitation's life cannot go on; null: it can. */
export function over(
  found: Pick<OwnInvitation, "withdrawnAt" | "replacedAt">,
): "withdrawn" | "replaced" | null {
  if (found.withdrawnAt !== null) return "withdrawn";
  return found.replacedAt === null ? null : "replaced";
}

export function auditOwn(
  tx: Tx,
  ctx: StaffContext,
  found: Pick<OwnInvitation, "id" | "editionId" | "sideId">,
  action: AuditAction,
  details?: AuditEntry["details"],
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "invitation",
    subjectId: found.id,
    editionId: found.editionId,
    sideId: found.sideId,
    ...(details === undefined ? {} : { details }),
  });
}
