import { desc, eq, isNotNull, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { registrationForm, registrationSealed } from "#db/schema/index.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import {
  type FormDefinition,
  questionsOf,
  readDefinition,
  STANDARD_FORM,
  STANDARD_VERSION,
} from "./definition.ts";
import { namesOf, type OwnAnswers, type OwnValue } from "./own-answers.ts";

/* The edition's own form as it is in force, and the answers to it that are sealed (class C5). */

const published = prepared((orm) =>
  orm
    .select({ version: registrationForm.version, definition: registrationForm.definition })
    .from(registrationForm)
    .where(eq(registrationForm.id, sql.placeholder("form")))
    .prepare(),
);

export type FormInForce = { version: number; definition: FormDefinition; sealed: ReadonlySet<string> };

const STANDARD: FormInForce = { version: STANDARD_VERSION, definition: STANDARD_FORM, sealed: new Set() };

/** What was published never changes, so it is read once. */
const known = new Map<string, FormInForce>();
const MOST_KNOWN = 50;

/**
 * The form that somebody is asked.
 *
 * @param formId the newest published one of the edition; null: the standard form.
 * @throws Error when there is no such form: callers take the id from a row.
 */
export function formInForce(orm: Orm, formId: string | null): FormInForce {
  if (formId === null) return STANDARD;
  const read = known.get(formId);
  if (read !== undefined) return read;
  const row = published(orm).get({ form: formId });
  if (row === undefined) throw new Error("A registration names a form that does not exist");
  const definition = readDefinition(row.definition);
  const form = { version: row.version, definition, sealed: new Set(sealedNames(definition)) };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(formId, form);
  return form;
}

/** The newest published form of an edition. */
export function publishedForm(orm: Orm, editionId: string): FormInForce {
  const row = orm
    .select({ id: registrationForm.id })
    .from(registrationForm)
    .where(sql`${eq(registrationForm.editionId, editionId)} and ${isNotNull(registrationForm.publishedAt)}`)
    .orderBy(desc(registrationForm.version))
    .limit(1)
    .get();
  return formInForce(orm, row?.id ?? null);
}

/** Names of the answers that are kept under the seal. */
function* sealedNames(definition: FormDefinition): Generator<string> {
  for (const { question } of questionsOf(definition))
    for (const { name, question: asked } of namesOf(question))
      if (asked.dataClass === "C5" || question.dataClass === "C5") yield name;
}

function placeOf(registrationId: string): string {
  return `registration/${registrationId}`;
}

const sealedOf = prepared((orm) =>
  orm
    .select({ sealed: registrationSealed.sealed })
    .from(registrationSealed)
    .where(eq(registrationSealed.registrationId, sql.placeholder("registration")))
    .prepare(),
);

const putSealed = prepared((orm) =>
  orm
    .insert(registrationSealed)
    .values({
      registrationId: sql.placeholder("registration"),
      sealed: sql.placeholder("sealed"),
      names: sql.placeholder("names"),
      updatedAt: sql.placeholder("at"),
    })
    .onConflictDoUpdate({
      target: registrationSealed.registrationId,
      set: { sealed: sql`excluded.sealed`, names: sql`excluded.names`, updatedAt: sql`excluded.updated_at` },
    })
    .prepare(),
);

/** The answers of a registration that are under the seal; none where the form asks for none. */
export function openAnswers(
  orm: Orm,
  keys: Keys,
  { registrationId, form }: { registrationId: string | null; form: FormInForce },
): OwnAnswers {
  if (registrationId === null || form.sealed.size === 0) return {};
  const row = sealedOf(orm).get({ registration: registrationId });
  return row === undefined ? {} : JSON.parse(keys.open(row.sealed, placeOf(registrationId)));
}

/** Puts answers under the seal instead of those that were there. */
export function sealAnswers(
  tx: Tx,
  keys: Keys,
  { registrationId, answers, at }: { registrationId: string; answers: OwnAnswers; at: number },
): void {
  if (Object.keys(answers).length === 0)
    tx.delete(registrationSealed).where(eq(registrationSealed.registrationId, registrationId)).run();
  else
    putSealed(tx).run({
      registration: registrationId,
      sealed: keys.seal(JSON.stringify(answers), placeOf(registrationId)),
      names: JSON.stringify(Object.keys(answers)),
      at,
    });
}

/** Own answers in two: those stored as they are, and those for the seal. */
export function apart(own: OwnAnswers, form: FormInForce): { plain: OwnAnswers; sealed: OwnAnswers } {
  const plain: Record<string, OwnValue> = {};
  const sealed: Record<string, OwnValue> = {};
  for (const [name, value] of Object.entries(own)) (form.sealed.has(name) ? sealed : plain)[name] = value;
  return { plain, sealed };
}
