import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { agendaItem, delegation, registrationForm, siteVisit, user } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { type FormDefinition, readDefinition, STANDARD_VERSION } from "../registration/definition.ts";
import { publishedForm } from "../registration/own.server.ts";
import { findQuestion, keysOf, type Problem, problemsOf } from "./rules.ts";

/** The draft of an edition's form, or null. */
export function draftOf(orm: Orm, editionId: string) {
  const row = orm
    .select({
      id: registrationForm.id,
      version: registrationForm.version,
      revision: registrationForm.revision,
      definition: registrationForm.definition,
      changedAt: registrationForm.changedAt,
      changedBy: registrationForm.changedBy,
    })
    .from(registrationForm)
    .where(and(eq(registrationForm.editionId, editionId), isNull(registrationForm.publishedAt)))
    .get();
  return row === undefined ? null : { ...row, definition: readDefinition(row.definition) };
}

/** A question that a draft no longer has, and how many answers go with it. */
export type Lost = { key: string; label: { en: string; zh: string }; answers: number };

/** What publishing a form would delete. Counts people, on whichever side, and looks at nobody's answers. */
export function lostAnswers(orm: Orm, editionId: string, definition: FormDefinition): Array<Lost> {
  const inForce = publishedForm(orm, editionId);
  const asked = keysOf(definition);
  return [...keysOf(inForce.definition)]
    .filter((key) => !asked.has(key))
    .map((key) => ({
      key,
      label: findQuestion(inForce.definition, key)?.question.label ?? { en: "", zh: "" },
      answers: answeredBy(orm, editionId, key),
    }));
}

/** How many people answered a question, or one below it. */
function answeredBy(orm: Orm, editionId: string, key: string): number {
  const { count } = orm.get<{ count: number }>(sql`
    select count(*) as count from (
      select s.registration_id from registration_section s, json_each(s.answers) a where instr(a.key, ${key}) > 0
      union
      select x.registration_id from registration_sealed x, json_each(x.names) n where instr(n.value, ${key}) > 0
    ) answered
    join registration r on r.id = answered.registration_id
    join invitation i on i.id = r.invitation_id and i.edition_id = ${editionId}`) ?? { count: 0 };
  return count;
}

/** The form as its builder shows it. Instants are epoch milliseconds. */
export type FormInBuilder = {
  /** The version in force. */
  version: number;
  isStandard: boolean;
  /** The draft's; 0: none, and what is shown is in force. */
  revision: number;
  draftVersion: number | null;
  changedAt: number | null;
  changedBy: string | null;
  definition: FormDefinition;
  problems: ReadonlyArray<Problem>;
  /** What publishing it would delete; empty without a draft. */
  lost: ReadonlyArray<Lost>;
};

export function formInBuilder(ctx: StaffContext): FormInBuilder {
  const orm = ctx.db.orm;
  const inForce = publishedForm(orm, ctx.scope.editionId);
  const draft = draftOf(orm, ctx.scope.editionId);
  const definition = draft?.definition ?? inForce.definition;
  const changedBy =
    draft === null
      ? null
      : (orm.select({ name: user.name }).from(user).where(eq(user.id, draft.changedBy)).get()?.name ?? null);
  return {
    version: inForce.version,
    isStandard: inForce.version === STANDARD_VERSION,
    revision: draft?.revision ?? 0,
    draftVersion: draft?.version ?? null,
    changedAt: draft?.changedAt ?? null,
    changedBy,
    definition,
    problems: problemsOf(definition),
    lost: draft === null ? [] : lostAnswers(orm, ctx.scope.editionId, draft.definition),
  };
}

/** What sections and conditions may be about: this edition's delegations and visits. Facts of the edition, not of people. */
export function formTargets({ db, scope }: Pick<StaffContext, "db" | "scope">) {
  return {
    delegations: db.orm
      .select({
        id: delegation.id,
        coHostId: delegation.coHostId,
        nameEn: delegation.nameEn,
        nameZh: delegation.nameZh,
      })
      .from(delegation)
      .where(eq(delegation.editionId, scope.editionId))
      .orderBy(asc(delegation.nameEn), asc(delegation.id))
      .all(),
    visits: db.orm
      .select({ id: siteVisit.id, titleEn: agendaItem.titleEn, titleZh: agendaItem.titleZh })
      .from(siteVisit)
      .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
      .where(eq(agendaItem.editionId, scope.editionId))
      .orderBy(asc(agendaItem.startsAt), asc(siteVisit.id))
      .all(),
  };
}
