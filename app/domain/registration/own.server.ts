import { desc, eq, isNotNull, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { registrationForm, registrationSealed, travelDocument } from "#db/schema/index.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import { placeOf as documentPlace, storedDocument } from "../travel-document/record.server.ts";
import {
  BLANK_DOCUMENT,
  DOCUMENT_FIELDS,
  type KnownDocument,
  type TravelDocument,
} from "../travel-document/rules.ts";
import {
  type FormDefinition,
  isFile,
  keysIn,
  partOf,
  passportQuestion,
  type Question,
  questionsOf,
  readDefinition,
  STANDARD_FORM,
  STANDARD_VERSION,
} from "./definition.ts";
import { namesOf, type OwnAnswers, type OwnValue } from "./own-answers.ts";
import { allParts, EXPECTED, PENDING } from "./parts.ts";

/* The edition's own form as it is in force, and the answers to it that are sealed (class C5). */

const published = prepared((orm) =>
  orm
    .select({ version: registrationForm.version, definition: registrationForm.definition })
    .from(registrationForm)
    .where(eq(registrationForm.id, sql.placeholder("form")))
    .prepare(),
);

export type FormInForce = {
  version: number;
  definition: FormDefinition;
  sealed: ReadonlySet<string>;
  /** Names of the answers that are files. */
  files: ReadonlySet<string>;
  /** The key of the question for the person's own passport; null: none. */
  passport: string | null;
};

const STANDARD: FormInForce = {
  version: STANDARD_VERSION,
  definition: STANDARD_FORM,
  sealed: new Set(),
  files: new Set(),
  passport: null,
};

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
  const form = {
    version: row.version,
    definition,
    sealed: new Set(sealedNames(definition)),
    files: new Set(fileNames(definition)),
    passport: passportQuestion(definition)?.key ?? null,
  };
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
      if (isSealed(asked) || isSealed(question)) yield name;
}

function* fileNames(definition: FormDefinition): Generator<string> {
  for (const { question } of questionsOf(definition))
    for (const { name, question: asked, part } of namesOf(question))
      if (part === null && isFile(asked)) yield name;
}

/** A passport is under the seal, whatever a form says of it. */
function isSealed({ type, dataClass }: Pick<Question, "type" | "dataClass">): boolean {
  return dataClass === "C5" || type === "passport";
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

export type Whose = { registrationId: string | null; invitationId: string; form: FormInForce };

/**
 * The answers of a registration that are under the seal; none where the form asks for none. What is known of the person's
 * passport is in one place for the form, the desk and the letters, so it may be there before anybody registers.
 */
export function openAnswers(orm: Orm, keys: Keys, { registrationId, invitationId, form }: Whose): OwnAnswers {
  if (form.sealed.size === 0) return {};
  const row = registrationId === null ? undefined : sealedOf(orm).get({ registration: registrationId });
  const answers: OwnAnswers =
    row === undefined ? {} : JSON.parse(keys.open(row.sealed, placeOf(registrationId ?? "")));
  return form.passport === null
    ? answers
    : { ...answers, ...passportAnswers(orm, keys, { invitationId, key: form.passport }) };
}

function passportAnswers(
  orm: Orm,
  keys: Keys,
  { invitationId, key }: { invitationId: string; key: string },
): OwnAnswers {
  const stored = storedDocument(orm, keys, invitationId);
  if (stored === null) return {};
  const { document } = stored;
  const parts: Record<string, string> =
    document.state === "pending"
      ? { [PENDING]: "on", [EXPECTED]: document.expectedOn }
      : Object.fromEntries(allParts("passport").map((part) => [part.key, fieldOf(document, part.key)]));
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, value]) => (value === "" ? [] : [[`${key}.${part}`, value]])),
  );
}

function fieldOf(document: KnownDocument, part: string): string {
  const field = DOCUMENT_FIELDS.find((each) => each === part);
  return field === undefined ? "" : document[field];
}

/** Whether an answer is the person's own passport's, which has its own place. */
export function isPassports(form: Pick<FormInForce, "passport">, name: string): boolean {
  return form.passport !== null && keysIn(name)[0] === form.passport;
}

/**
 * Puts answers under the seal instead of those that were there. The passport's go to its own place, where what the form
 * does not ask stays as it is.
 */
export function sealAnswers(
  tx: Tx,
  keys: Keys,
  {
    registrationId,
    invitationId,
    form,
    answers,
    was,
    at,
    by,
  }: Whose & {
    registrationId: string;
    answers: OwnAnswers;
    was: OwnAnswers;
    at: number;
    by: string;
  },
): void {
  const split = (all: OwnAnswers, passports: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => isPassports(form, name) === passports));
  const same = (passports: boolean) => sameAnswers(split(answers, passports), split(was, passports));
  if (!same(false)) putSeal(tx, keys, { registrationId, answers: split(answers, false), at });
  if (!same(true)) putPassport(tx, keys, { invitationId, answers: split(answers, true), at, by });
}

/** Whether two sets of answers say the same, in whatever order. */
export function sameAnswers(one: OwnAnswers, other: OwnAnswers): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(answers: OwnAnswers): Array<[string, OwnValue]> {
  return Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
}

function putSeal(
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

function putPassport(
  tx: Tx,
  keys: Keys,
  { invitationId, answers, at, by }: { invitationId: string; answers: OwnAnswers; at: number; by: string },
): void {
  const said = (part: string) => {
    const value = Object.entries(answers).find(([name]) => partOf(name) === part)?.[1];
    return typeof value === "string" ? value : "";
  };
  if (Object.keys(answers).length === 0) {
    tx.delete(travelDocument).where(eq(travelDocument.invitationId, invitationId)).run();
    return;
  }
  const before = storedDocument(tx, keys, invitationId)?.document;
  const document: TravelDocument =
    said(PENDING) === "on"
      ? { state: "pending", expectedOn: said(EXPECTED) }
      : {
          ...BLANK_DOCUMENT,
          ...(before?.state === "known" ? before : {}),
          ...Object.fromEntries(
            Object.keys(answers).flatMap((name) => {
              const part = partOf(name);
              return part === null ? [] : [[part, said(part)]];
            }),
          ),
          state: "known",
        };
  const sealed = keys.seal(JSON.stringify(document), documentPlace(invitationId));
  tx.insert(travelDocument)
    .values({ invitationId, sealed, updatedAt: at, updatedBy: by })
    .onConflictDoUpdate({
      target: travelDocument.invitationId,
      set: { sealed, updatedAt: at, updatedBy: by },
    })
    .run();
}

/** Own answers in two: those stored as they are, and those for the seal. */
export function apart(own: OwnAnswers, form: FormInForce): { plain: OwnAnswers; sealed: OwnAnswers } {
  const plain: Record<string, OwnValue> = {};
  const sealed: Record<string, OwnValue> = {};
  for (const [name, value] of Object.entries(own)) (form.sealed.has(name) ? sealed : plain)[name] = value;
  return { plain, sealed };
}
