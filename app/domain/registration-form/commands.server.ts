import { and, eq, notInArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  registration,
  registrationForm,
  registrationSealed,
  registrationSection,
  upload,
} from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { type FormDefinition, isOwnName, keysIn } from "../registration/definition.ts";
import { isPassports, openAnswers, publishedForm, sealAnswers } from "../registration/own.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { forgetUploads } from "../upload/record.server.ts";
import { draftOf, lostAnswers } from "./queries.server.ts";
import { type Edit, type EditRefusal, keysOf, problemsOf } from "./rules.ts";

/**
 * Changes the draft by one step, and makes one from the form in force when there is none.
 *
 * @param seen the revision of the draft that the page showed; 0: none.
 * @returns the draft's revision now. Refused when somebody else changed it meanwhile (`changed`), or as the edit says.
 */
export function changeForm(
  ctx: StaffContext,
  { seen, edit }: { seen: number; edit: Edit },
): Promise<Result<number, EditRefusal | "changed">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const draft = draftOf(tx, editionId);
    if ((draft?.revision ?? 0) !== seen) return refused("changed");
    const inForce = publishedForm(tx, editionId);
    const edited = edit(draft?.definition ?? inForce.definition);
    if (typeof edited === "string") return refused(edited);
    const row = {
      definition: JSON.stringify(edited),
      revision: seen + 1,
      changedAt: ctx.clock.now(),
      changedBy: ctx.actor.id,
    };
    if (draft !== null) tx.update(registrationForm).set(row).where(eq(registrationForm.id, draft.id)).run();
    else
      tx.insert(registrationForm)
        .values({
          ...row,
          id: newId(),
          editionId,
          version: inForce.version + 1,
          createdAt: row.changedAt,
          publishedAt: null,
        })
        .run();
    audit(tx, ctx, "registration_form.change", {});
    return ok(row.revision);
  });
}

/** Forgets the draft. Refused when somebody else changed it meanwhile (`changed`), or there is none (`gone`). */
export function discardForm(
  ctx: StaffContext,
  { seen }: { seen: number },
): Promise<Result<null, "changed" | "gone">> {
  return ctx.db.write((tx) => {
    const draft = draftOf(tx, ctx.scope.editionId);
    if (draft === null) return refused("gone");
    if (draft.revision !== seen) return refused("changed");
    tx.delete(registrationForm).where(eq(registrationForm.id, draft.id)).run();
    audit(tx, ctx, "registration_form.discard", {});
    return ok(null);
  });
}

/**
 * Puts the draft in force. Answers to questions that it no longer has are deleted, everywhere.
 *
 * @param loses how many answers the page said would be lost.
 * @returns the new version. Refused when something in it stops that (`unfinished`), when somebody changed it meanwhile
 *   (`changed`), when more or fewer answers would be lost than was said (`loses`), or there is no draft (`gone`).
 */
export function publishForm(
  ctx: StaffContext,
  { seen, loses }: { seen: number; loses: number },
): Promise<Result<number, "changed" | "unfinished" | "loses" | "gone">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const draft = draftOf(tx, editionId);
    if (draft === null) return refused("gone");
    if (draft.revision !== seen) return refused("changed");
    if (problemsOf(draft.definition).some(({ stops }) => stops)) return refused("unfinished");
    const lost = lostAnswers(tx, editionId, draft.definition);
    const count = lost.reduce((sum, each) => sum + each.answers, 0);
    if (count !== loses) return refused("loses");
    if (lost.length > 0) forget(tx, ctx, draft.definition);
    const at = ctx.clock.now();
    tx.update(registrationForm)
      .set({ publishedAt: at, publishedBy: ctx.actor.id })
      .where(eq(registrationForm.id, draft.id))
      .run();
    audit(tx, ctx, "registration_form.publish", { version: draft.version, count });
    return ok(draft.version);
  });
}

/** Deletes the answers to questions that a form no longer has, those under the seal too. */
function forget(tx: Tx, ctx: StaffContext, definition: FormDefinition): void {
  const { editionId } = ctx.scope;
  const asked = keysOf(definition);
  const isGone = (name: string) => isOwnName(name) && keysIn(name).some((key) => !asked.has(key));
  const without = (answers: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(answers).filter(([name]) => !isGone(name)));
  const ofEdition = sql`${registration.invitationId} in (select id from invitation where edition_id = ${editionId})`;
  const rows = tx
    .select({
      registrationId: registrationSection.registrationId,
      section: registrationSection.section,
      answers: registrationSection.answers,
    })
    .from(registrationSection)
    .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
    .where(ofEdition)
    .all();
  for (const { registrationId, section, answers } of rows) {
    const left = JSON.stringify(without(JSON.parse(answers)));
    if (left !== answers)
      tx.update(registrationSection)
        .set({ answers: left })
        .where(
          and(
            eq(registrationSection.registrationId, registrationId),
            eq(registrationSection.section, section),
          ),
        )
        .run();
  }
  forgetUploads(
    tx,
    and(
      sql`${upload.invitationId} in (select id from invitation where edition_id = ${editionId})`,
      notInArray(upload.question, [...asked]),
    ),
  );
  const form = publishedForm(tx, editionId);
  const sealed = tx
    .select({ registrationId: registrationSealed.registrationId, invitationId: registration.invitationId })
    .from(registrationSealed)
    .innerJoin(registration, eq(registration.id, registrationSealed.registrationId))
    .where(ofEdition)
    .all();
  for (const whose of sealed) {
    const was = openAnswers(tx, ctx.keys, { ...whose, form });
    // What is known of a passport is the desk's too: it outlives the question.
    const answers = Object.fromEntries(
      Object.entries(was).filter(([name]) => !isGone(name) || isPassports(form, name)),
    );
    sealAnswers(tx, ctx.keys, { ...whose, form, answers, was, at: ctx.clock.now(), by: ctx.actor.id });
  }
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: "registration_form.change" | "registration_form.discard" | "registration_form.publish",
  details: Record<string, number>,
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "edition",
    subjectId: ctx.scope.editionId,
    editionId: ctx.scope.editionId,
    sideId: null,
    details,
  });
}
