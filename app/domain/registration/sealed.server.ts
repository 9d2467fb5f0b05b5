import { and, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, invitation, registration, registrationSealed } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import type { RevealReason } from "../travel-document/rules.ts";
import { questionsOf, type RowQuestion } from "./definition.ts";
import { isPassports, openAnswers, publishedForm } from "./own.server.ts";
import { namesOf, type OwnValue } from "./own-answers.ts";

/** An answer under the seal: which question it answers, and in which row of which group. */
export type SealedAnswer = {
  name: string;
  question: RowQuestion;
  group: RowQuestion | null;
  row: number | null;
  part: string | null;
};

function sealedRow(orm: Orm, { editionId, sideIds }: StaffContext["scope"], invitationId: string) {
  return orm
    .select({
      registrationId: registrationSealed.registrationId,
      names: registrationSealed.names,
      sideId: delegation.coHostId,
    })
    .from(registrationSealed)
    .innerJoin(registration, eq(registration.id, registrationSealed.registrationId))
    .innerJoin(invitation, eq(invitation.id, registration.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.id, invitationId),
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
      ),
    )
    .get();
}

function answersIn(orm: Orm, editionId: string, names: ReadonlyArray<string>): Array<SealedAnswer> {
  const answers: Array<SealedAnswer> = [];
  for (const { question } of questionsOf(publishedForm(orm, editionId).definition))
    for (const { name, question: asked, row, part } of namesOf(question))
      if (names.includes(name))
        answers.push({ name, question: asked, group: row === null ? null : question, row, part });
  return answers;
}

/** What somebody of this side answered under the seal, without the answers themselves. Nothing is opened for it. */
export function sealedAnswers(ctx: StaffContext, invitationId: string): Array<SealedAnswer> {
  const row = sealedRow(ctx.db.orm, ctx.scope, invitationId);
  return row === undefined ? [] : answersIn(ctx.db.orm, ctx.scope.editionId, JSON.parse(row.names));
}

/**
 * Shows sealed answers whole to somebody who has just proved who they are, and records that, with the reason.
 * Refused when there is nothing to be seen (`gone`).
 */
export function revealAnswers(
  ctx: StaffContext,
  { invitationId, reason }: { invitationId: string; reason: RevealReason },
): Promise<Result<Array<SealedAnswer & { value: OwnValue }>, "gone">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const row = sealedRow(tx, ctx.scope, invitationId);
    if (row === undefined) return refused("gone");
    const form = publishedForm(tx, editionId);
    const { registrationId } = row;
    // The passport is looked at where the desk keeps it, under its own reason.
    const opened = Object.fromEntries(
      Object.entries(openAnswers(tx, ctx.keys, { registrationId, invitationId, form })).filter(
        ([name]) => !isPassports(form, name),
      ),
    );
    recordAudit(tx, ctx, {
      action: "registration.reveal",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId,
      sideId: row.sideId,
      details: { reason },
    });
    return ok(
      answersIn(tx, editionId, Object.keys(opened)).flatMap((answer) => {
        const value = opened[answer.name];
        return value === undefined ? [] : [{ ...answer, value }];
      }),
    );
  });
}
