import { and, asc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { agendaItem, delegation, registrationForm, siteVisit, user } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import {
  type FormDefinition,
  questionsOf,
  readDefinition,
  STANDARD_FORM,
  STANDARD_VERSION,
} from "../registration/definition.ts";
import { publishedForm } from "../registration/own.server.ts";
import { type Difference, differencesOf, findQuestion, keysOf, type Problem, problemsOf } from "./rules.ts";

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

/** How many people's answers go with a question, or with a section's, when the form without it is published. */
export function answersTo(ctx: StaffContext, part: string): number {
  const { definition } = publishedForm(ctx.db.orm, ctx.scope.editionId);
  const keys = [...questionsOf(definition)]
    .filter(
      ({ section, question }) =>
        section.key === part || question.key === part || question.questions.some(({ key }) => key === part),
    )
    .map(({ section, question }) => (section.key === part ? question.key : part));
  return [...new Set(keys)].reduce((sum, key) => sum + answeredBy(ctx.db.orm, ctx.scope.editionId, key), 0);
}

/** A version that was published, and what is otherwise in it than in the one before. */
export type PublishedVersion = {
  version: number;
  publishedAt: number;
  by: string | null;
  differences: ReadonlyArray<Difference>;
};

function versionsOf(orm: Orm, editionId: string): Array<PublishedVersion> {
  const rows = orm
    .select({
      version: registrationForm.version,
      definition: registrationForm.definition,
      publishedAt: registrationForm.publishedAt,
      by: user.name,
    })
    .from(registrationForm)
    .leftJoin(user, eq(user.id, registrationForm.publishedBy))
    .where(and(eq(registrationForm.editionId, editionId), isNotNull(registrationForm.publishedAt)))
    .orderBy(asc(registrationForm.version))
    .all();
  let before = STANDARD_FORM;
  const versions = rows.map(({ version, definition, publishedAt, by }) => {
    const now = readDefinition(definition);
    const differences = differencesOf(before, now);
    before = now;
    return { version, publishedAt: publishedAt ?? 0, by, differences };
  });
  return versions.reverse();
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
  /** What is otherwise in the draft than in the version in force. */
  changes: ReadonlyArray<Difference>;
  /** The newest first. */
  versions: ReadonlyArray<PublishedVersion>;
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
    changes: draft === null ? [] : differencesOf(inForce.definition, draft.definition),
    versions: versionsOf(orm, ctx.scope.editionId),
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
