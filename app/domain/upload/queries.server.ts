import { and, eq, inArray } from "drizzle-orm";
import { delegation, invitation, upload } from "#db/schema/index.ts";
import type { VaultFile } from "../../platform/vault.server.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { mayRead } from "../person/classes.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { isFile, questionsOf, type RowQuestion } from "../registration/definition.ts";
import { formInForce } from "../registration/own.server.ts";
import { findRegistrant } from "../registration/record.server.ts";
import { ok, type Result, refused } from "../result.ts";
import type { RevealReason } from "../travel-document/rules.ts";
import { fileOf, findUpload } from "./record.server.ts";

/** A file that may be sent out: where it is, what it is, how long it is. */
export type OutgoingFile = { file: VaultFile; mediaType: string; bytes: number };

/** The questions of the holder's form that are answered with a file, by key. */
export function uploadQuestions(ctx: InvitationContext): ReadonlyMap<string, RowQuestion> {
  const registrant = findRegistrant(ctx.db.orm, ctx.scope);
  if (registrant === null) return new Map();
  const { definition } = formInForce(ctx.db.orm, registrant.formId);
  const found = new Map<string, RowQuestion>();
  for (const { section, question } of questionsOf(definition)) {
    if (ctx.assistant !== null && !ctx.assistant.sections.some((each) => each === section.key)) continue;
    for (const each of [question, ...question.questions]) if (isFile(each)) found.set(each.key, each);
  }
  return found;
}

/** A file of the holder's own. What is under the seal is not shown again, to them either. Null when there is no such file. */
export function ownUpload(ctx: InvitationContext, uploadId: string): OutgoingFile | null {
  const row = findUpload(ctx.db.orm, { uploadId, invitationId: ctx.scope.invitationId });
  if (row === null || row.dataClass === "C5") return null;
  if (ctx.assistant !== null && !uploadQuestions(ctx).has(row.question)) return null;
  return { file: fileOf(ctx.keys, row), mediaType: row.mediaType, bytes: row.bytes };
}

/** Finds a file of this side's people whose class the reader may see; sealed ones for those who may give a reason. */
function findForStaff(orm: StaffContext["db"]["orm"], { scope }: StaffContext, uploadId: string) {
  const row = orm
    .select({ upload, sideId: delegation.coHostId })
    .from(upload)
    .innerJoin(invitation, eq(invitation.id, upload.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(upload.id, uploadId),
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
      ),
    )
    .get();
  return row === undefined || !mayRead(row.upload.dataClass, scope) ? null : row;
}

/** Whether there is such a file for this reader, and whether it is under the seal. */
export function uploadForStaff(ctx: StaffContext, uploadId: string): { isSealed: boolean } | null {
  const row = findForStaff(ctx.db.orm, ctx, uploadId);
  return row === null ? null : { isSealed: row.upload.dataClass === "C5" };
}

/**
 * Takes a file out for a member of staff, and records that, with the reason. Refused when there is no such file for them
 * (`gone`), or it is under the seal and no reason is given (`reason`).
 */
export function takeOut(
  ctx: StaffContext,
  { uploadId, reason }: { uploadId: string; reason: RevealReason | null },
): Promise<Result<OutgoingFile, "gone" | "reason">> {
  return ctx.db.write((tx) => {
    const row = findForStaff(tx, ctx, uploadId);
    if (row === null) return refused("gone");
    if (row.upload.dataClass === "C5" && reason === null) return refused("reason");
    recordAudit(tx, ctx, {
      action: "upload.open",
      subjectKind: "invitation",
      subjectId: row.upload.invitationId,
      editionId: ctx.scope.editionId,
      sideId: row.sideId,
      details: reason === null ? {} : { reason },
    });
    return ok({
      file: fileOf(ctx.keys, row.upload),
      mediaType: row.upload.mediaType,
      bytes: row.upload.bytes,
    });
  });
}
