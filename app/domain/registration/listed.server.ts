/**
 * Answers that come from a list: somebody's spreadsheet, taken in for many people at once. They are staff's word, noted as such.
 * Nobody is mailed for them, nothing is agreed to and no seat is asked for: a draft stays one, and what was handed in stays
 * handed in, with the answers that somebody chose to replace.
 */
import { and, eq, gt, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { invitationEvent, redo, registration, registrationSection } from "#db/schema/index.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { markDependents } from "../redo/commands.server.ts";
import { type Answers, answersFromRecord, formValues, SECTION_OF } from "./answers.ts";
import { changedSections, putSections, type Standing, saveIn, taking } from "./commands.server.ts";
import { isOwnName, sectionOfOwn, topKey } from "./definition.ts";
import { changedNames } from "./merging.ts";
import { formInForce } from "./own.server.ts";
import type { OwnValue } from "./own-answers.ts";
import { standingAnswers } from "./queries.server.ts";
import { findRegistrant } from "./record.server.ts";

const TOLD = { means: "list", note: "" } as const;

/** What it takes to put a registration back as it was. It holds answers: kept as closely as they are. */
export type ListedTrace = {
  was: { registration: Row | null; sections: ReadonlyArray<SectionRow> };
  /** How the list left it: of another, somebody has made something else of it since. */
  is: Pick<Row, "id" | "revision" | "state" | "updatedAt">;
  events: ReadonlyArray<string>;
  redos: ReadonlyArray<{ id: string; was: string | null; is: string }>;
};

type Row = typeof registration.$inferSelect;
type SectionRow = typeof registrationSection.$inferSelect;

/** Answers by name; an empty one takes away what is there. */
export type ListedAnswers = Readonly<Record<string, OwnValue>>;

const rowOf = prepared((orm) =>
  orm
    .select()
    .from(registration)
    .where(eq(registration.invitationId, sql.placeholder("invitation")))
    .prepare(),
);
const sectionRows = prepared((orm) =>
  orm
    .select()
    .from(registrationSection)
    .where(eq(registrationSection.registrationId, sql.placeholder("registration")))
    .prepare(),
);
const eventsSince = prepared((orm) =>
  orm
    .select({ id: invitationEvent.id })
    .from(invitationEvent)
    .where(
      and(
        eq(invitationEvent.invitationId, sql.placeholder("invitation")),
        gt(sql`${invitationEvent}.rowid`, sql.placeholder("last")),
      ),
    )
    .prepare(),
);
const lastEvent = prepared((orm) =>
  orm.select({ row: sql<number | null>`max(rowid)` }).from(invitationEvent).prepare(),
);
const redosOf = prepared((orm) =>
  orm
    .select({ id: redo.id, fields: redo.fields })
    .from(redo)
    .where(eq(redo.invitationId, sql.placeholder("invitation")))
    .prepare(),
);
const touchRegistration = prepared((orm) =>
  orm
    .update(registration)
    .set({
      formVersion: sql`${sql.placeholder("formVersion")}`,
      revision: sql`${registration.revision} + 1`,
      updatedAt: sql`${sql.placeholder("at")}`,
    })
    .where(eq(registration.id, sql.placeholder("id")))
    .prepare(),
);

/**
 * Writes answers from a list, of somebody on this side.
 *
 * @param known how it stands, for callers that have just read it; null: it is looked for.
 * @returns what takes them back; null: they cannot be written (gone, over, or not in the shape that a draft may have).
 */
export function writeListed(
  tx: Tx,
  ctx: StaffContext,
  { invitationId, answers, known }: { invitationId: string; answers: ListedAnswers; known: Standing | null },
): ListedTrace | null {
  const scope = { editionId: ctx.scope.editionId, invitationId };
  const registrant = known?.registrant ?? findRegistrant(tx, scope);
  if (registrant === null || !ctx.scope.sideIds.includes(registrant.sideId)) return null;
  const before = heldOf(tx, invitationId);
  const redosBefore = new Map(
    redosOf(tx)
      .all({ invitation: invitationId })
      .map((row) => [row.id, row.fields]),
  );
  const last = lastEvent(tx).get()?.row ?? 0;
  const holder: InvitationContext = { ...ctx, scope, locale: registrant.locale, assistant: null };
  const standing = known ?? { registrant, answers: standingAnswers(tx, registrant) };
  const isWritten = putAnswers(tx, holder, { standing, before: before.registration, answers });
  const after = rowOf(tx).get({ invitation: invitationId });
  if (!isWritten || after === undefined) return null;
  const { id, revision, state, updatedAt } = after;
  return {
    was: before,
    is: { id, revision, state, updatedAt },
    events: eventsSince(tx)
      .all({ invitation: invitationId, last })
      .map((row) => row.id),
    redos: redosOf(tx)
      .all({ invitation: invitationId })
      .flatMap((row) => {
        const was = redosBefore.get(row.id) ?? null;
        return was === row.fields ? [] : [{ id: row.id, was, is: row.fields }];
      }),
  };
}

function heldOf(tx: Tx, invitationId: string): ListedTrace["was"] {
  const row = rowOf(tx).get({ invitation: invitationId }) ?? null;
  return { registration: row, sections: row === null ? [] : sectionRows(tx).all({ registration: row.id }) };
}

function putAnswers(
  tx: Tx,
  ctx: InvitationContext,
  { standing, before, answers }: { standing: Standing; before: Row | null; answers: ListedAnswers },
): boolean {
  const { registrant } = standing;
  const given = withListed(standing.answers, answers);
  const { definition } = formInForce(tx, registrant.formId);
  const own = sectionOfOwn(definition);
  const only = [
    ...new Set(
      Object.keys(answers)
        .map((name) => SECTION_OF.get(name) ?? own.get(topKey(name)) ?? "")
        .filter(Boolean),
    ),
  ];
  if (before?.state !== "submitted") {
    // The page's language stays that of whoever fills it in.
    const locale = before?.locale ?? ctx.locale;
    return saveIn(tx, { ...ctx, locale }, { answers: given, only, told: TOLD, channel: "staff" }, standing)
      .ok;
  }
  if (registrant.withdrawnAt !== null || registrant.reply === "declined") return false;
  const taken = taking(tx, ctx, registrant, { given, cleared: [], only, standing });
  const changes = changedSections(tx, registrant, taken, { target: "submitted" });
  if (changes.length === 0) return true;
  const at = ctx.clock.now();
  touchRegistration(tx).run({ id: before.id, formVersion: taken.form.version, at });
  putSections(tx, ctx, before.id, { changes, taken });
  const { invitationId } = registrant;
  noteEvent(tx, ctx, { invitationId, kind: "changed", channel: "staff", ...TOLD });
  markDependents(tx, ctx, {
    invitationId,
    fields: changedNames(formValues(standing.answers), formValues(taken.answers)),
  });
  recordAudit(tx, ctx, {
    action: "registration.change",
    subjectKind: "registration",
    subjectId: before.id,
    editionId: registrant.editionId,
    sideId: registrant.sideId,
    details: { sections: changes.map(({ section }) => section) },
  });
  return true;
}

/** Answers as they would be with those of a list. */
export function withListed(standing: Answers, answers: ListedAnswers): Answers {
  const record: Record<string, unknown> = formValues(standing);
  for (const [name, value] of Object.entries(answers))
    if (isOwnName(name) && value.length === 0) delete record[name];
    else record[name] = value;
  return answersFromRecord(record);
}

/** Puts a registration back as it was before a list, row for row. Says whether it was still as the list had left it. */
export function takeListedBack(
  tx: Tx,
  { invitationId, trace }: { invitationId: string; trace: ListedTrace },
): boolean {
  const { was, is, events, redos } = trace;
  const now = heldOf(tx, invitationId);
  if (now.registration === null || !isAsLeft(now.registration, is)) return false;
  tx.delete(registrationSection).where(eq(registrationSection.registrationId, is.id)).run();
  if (was.registration === null) tx.delete(registration).where(eq(registration.id, is.id)).run();
  else {
    tx.update(registration).set(was.registration).where(eq(registration.id, is.id)).run();
    for (const section of was.sections) tx.insert(registrationSection).values(section).run();
  }
  for (const id of events) tx.delete(invitationEvent).where(eq(invitationEvent.id, id)).run();
  for (const { id, was: fields, is: left } of redos) {
    const same = and(eq(redo.id, id), eq(redo.fields, left));
    if (fields === null) tx.delete(redo).where(same).run();
    else tx.update(redo).set({ fields }).where(same).run();
  }
  return true;
}

function isAsLeft(row: Row, is: ListedTrace["is"]): boolean {
  return (
    row.id === is.id &&
    row.revision === is.revision &&
    row.state === is.state &&
    row.updatedAt === is.updatedAt
  );
}
