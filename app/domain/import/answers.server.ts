/** Answers to the form in a file: what each row's would change, and writing them. */
import { eq } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { edition, siteVisit, visitPlace } from "#db/schema/index.ts";
import { type FieldType, LOCALES } from "#db/vocabulary.ts";
import { translator } from "../../i18n/translate.ts";
import { isMessageKey } from "../../platform/form.ts";
import type { StaffContext } from "../context.ts";
import { classOf, mayRead } from "../person/classes.ts";
import { visible } from "../person/rules.ts";
import {
  type Answers,
  blankAnswers,
  formValues,
  SECTION_OF,
  standardValues,
} from "../registration/answers.ts";
import { type Closing, closingOf } from "../registration/closing.server.ts";
import type { Standing } from "../registration/commands.server.ts";
import {
  asksSomething,
  isFile,
  isOwnName,
  partOf,
  type Question,
  questionsOf,
  sectionOfOwn,
  topKey,
} from "../registration/definition.ts";
import { draftErrors, type FieldErrors, submissionErrors } from "../registration/form.ts";
import {
  type ListedAnswers,
  type ListedTrace,
  takeListedBack,
  withListed,
  writeListed,
} from "../registration/listed.server.ts";
import { type FormInForce, publishedForm } from "../registration/own.server.ts";
import { askedForm, type OwnValue, partName } from "../registration/own-answers.ts";
import { findPart, partsOf } from "../registration/parts.ts";
import { standingAnswers } from "../registration/queries.server.ts";
import {
  findRegistrant,
  findRegistrants,
  prefilled,
  type Registrant,
  storedSections,
} from "../registration/record.server.ts";
import { tellsOfNeeds } from "../registration/rules.ts";
import {
  LIST_FIELDS,
  ownAnswer,
  partAnswer,
  standardAnswer,
  textOfValue,
  valueOfText,
} from "./answer-words.ts";
import type { Compared } from "./cells.ts";
import {
  ANSWER_FIELDS,
  ANSWER_KINDS,
  type AnswerField,
  type AnswerKind,
  isAnswerKind,
  nameOfAnswer,
  type OwnKind,
} from "./kinds.ts";
import { type Around, momentOf } from "./moments.ts";
import type { ReadRow, Remark } from "./reading.ts";

type Kind = AnswerKind | OwnKind;

/** The edition's own questions that a list may answer: not under the seal, nothing of a passport, and no rows of their own. */
export function listedQuestions(
  ctx: Pick<StaffContext, "db" | "scope">,
  orm: Orm = ctx.db.orm,
): Array<Question> {
  const { definition, sealed } = publishedForm(orm, ctx.scope.editionId);
  return [...questionsOf(definition)].flatMap(({ question }) =>
    asksSomething(question.type) &&
    !["group", "consent", "signature", "passport"].includes(question.type) &&
    !isFile(question) &&
    !sealed.has(question.key) &&
    mayRead(classOf(question.key, definition), ctx.scope)
      ? [question]
      : [],
  );
}

/** The answers that this reader may bring by a list. */
export function answerKinds(ctx: Pick<StaffContext, "db" | "scope">, orm: Orm = ctx.db.orm): Array<Kind> {
  const { definition } = publishedForm(orm, ctx.scope.editionId);
  const left = new Set(definition.sections.flatMap((section) => section.left));
  return [
    ...ANSWER_KINDS.filter((kind) => {
      const field = nameOfAnswer(kind);
      return !left.has(field) && mayRead(classOf(field, definition), ctx.scope);
    }),
    ...listedQuestions(ctx, orm).flatMap(kindsOf),
  ];
}

/** A question of several parts is answered by a column for each. */
function kindsOf(question: Question): Array<OwnKind> {
  const parts = partsOf(question);
  return parts.length === 0
    ? [`own:${question.key}`]
    : parts.map(({ key }): OwnKind => `own:${partName(question.key, key)}`);
}

/** What own columns are called: a question by its title, a part of one by both; a title alone means the part that says most. */
export function ownHeadings(
  ctx: Pick<StaffContext, "db" | "scope">,
  orm: Orm = ctx.db.orm,
): Array<{ kind: OwnKind; title: string }> {
  return listedQuestions(ctx, orm).flatMap((question) =>
    LOCALES.flatMap((locale) => {
      const title = locale === "en" ? question.label.en : question.label.zh;
      const t = translator(locale);
      const parts = partsOf(question).flatMap(({ key }) => {
        const word = `part.${question.type}.${key}`;
        const kind: OwnKind = `own:${partName(question.key, key)}`;
        return isMessageKey(word) ? [{ kind, title: `${title} ${t(word)}` }] : [];
      });
      const first = MEANT_ALONE[question.type];
      const whole: OwnKind = `own:${first === undefined ? question.key : partName(question.key, first)}`;
      return partsOf(question).length > 0 && first === undefined ? parts : [{ kind: whole, title }, ...parts];
    }),
  );
}

const MEANT_ALONE: Readonly<Partial<Record<FieldType, string>>> = {
  date_time: "on",
  person_name: "nameLatin",
  institution: "en",
};

/** Into which part the time goes that stands in the cell of a day. */
const TIME_OF: Readonly<Record<string, string>> = {
  on: "at",
  departsOn: "departsAt",
  arrivesOn: "arrivesAt",
};

/** Somebody whom a row is about. Nobody's yet, where they are new here. */
export type Whom = {
  invitationId: string | null;
  delegationId: string;
  category: Registrant["category"];
};

type Stands = {
  registrant: Registrant | null;
  answers: Answers;
  closing: Closing;
  checked: ReadonlySet<string>;
};

/** Registrations that were read in a transaction, by invitation: what plans it writes them too. */
export type ReadForms = Map<string, Standing>;

/** What a row's answers would change. */
export function answersInRows(
  orm: Orm,
  ctx: StaffContext,
  { kinds, blanks }: { kinds: ReadonlyArray<Kind>; blanks: "keep" | "erase" },
  { forms, invitationIds }: { forms: ReadForms; invitationIds: ReadonlyArray<string> },
): (row: ReadRow, whom: Whom) => Compared {
  if (kinds.length === 0) return () => ({ cells: [], same: 0 });
  const form = publishedForm(orm, ctx.scope.editionId);
  const questions = new Map(listedQuestions(ctx, orm).map((question) => [question.key, question]));
  const meeting = orm
    .select({ from: edition.travelFrom, to: edition.travelTo, timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, ctx.scope.editionId))
    .get();
  if (meeting === undefined) throw new Error("No such edition");
  const visiting = visitingOf(orm, ctx);
  const registrants = findRegistrants(orm, { editionId: ctx.scope.editionId, invitationIds });
  const read = (kind: Kind, text: string) => answerOf(kind, text, { questions, around: meeting });
  return (row, whom) => {
    const stands = standingOf(orm, ctx, { whom, form, forms, visiting, registrants });
    const values = formValues(stands.answers);
    const wishes: Array<Wish> = [];
    let same = 0;
    for (const kind of kinds) {
      const said = row.said.get(kind);
      if (said === undefined || (said === "" && blanks === "keep")) continue;
      const erases = said === "";
      const answer = erases
        ? { ok: true as const, value: LIST_FIELDS.has(nameOfAnswer(kind)) ? [] : "" }
        : read(kind, said);
      const wrong = row.wrong.get(kind) ?? [];
      const problems: Array<Remark> = answer.ok
        ? [...wrong]
        : [...wrong, { key: answer.key, values: { word: visible(answer.word) } }];
      const wish = (kind: Kind, after: OwnValue) => {
        const name = nameOfAnswer(kind);
        const before = values[name] ?? "";
        if (problems.length > 0 || textOfValue(before) !== textOfValue(after))
          wishes.push({ kind, name, before, after, erases, problems });
        else if (said !== "") same += 1;
      };
      wish(kind, answer.ok ? answer.value : visible(said));
      const time = erases ? null : timeBeside(kind, said, meeting);
      if (time !== null && !kinds.includes(time.kind)) wish(time.kind, time.value);
    }
    return { cells: looked(wishes, { stands, whom, form, now: ctx.clock.now(), meeting }), same };
  };
}

type Wish = {
  kind: Kind;
  name: string;
  before: OwnValue;
  after: OwnValue;
  erases: boolean;
  problems: Array<Remark>;
};

/** The time in the cell of a day, and what it is: for lists that have both in one column. */
function timeBeside(kind: Kind, text: string, around: Around): { kind: OwnKind; value: string } | null {
  const name = nameOfAnswer(kind);
  const part = TIME_OF[partOf(name) ?? ""];
  const read = part === undefined ? null : momentOf(text, around);
  return part !== undefined && read?.ok && read.time !== ""
    ? { kind: `own:${partName(topKey(name), part)}`, value: read.time }
    : null;
}

function answerOf(
  kind: Kind,
  text: string,
  { questions, around }: { questions: ReadonlyMap<string, Question>; around: Around },
) {
  const name = nameOfAnswer(kind);
  const question = questions.get(topKey(name));
  const part = question === undefined ? null : findPart(question, partOf(name) ?? "");
  if (part !== null) return partAnswer(part, text, around);
  if (question !== undefined) return ownAnswer(question, text, around);
  const field = ANSWER_FIELDS.find((one) => one === name);
  return field === undefined
    ? ({ ok: false, key: "import.problem.notAsked", word: text } as const)
    : standardAnswer(field satisfies AnswerField, text);
}

/** Those who have, or had, a place on a visit. */
function visitingOf(orm: Orm, { scope }: StaffContext): ReadonlySet<string> {
  const rows = orm
    .selectDistinct({ id: visitPlace.invitationId })
    .from(visitPlace)
    .innerJoin(siteVisit, eq(siteVisit.id, visitPlace.visitId))
    .where(eq(siteVisit.editionId, scope.editionId))
    .all();
  return new Set(rows.map(({ id }) => id));
}

function standingOf(
  orm: Orm,
  ctx: StaffContext,
  {
    whom,
    form,
    forms,
    visiting,
    registrants,
  }: {
    whom: Whom;
    form: FormInForce;
    forms: ReadForms;
    visiting: ReadonlySet<string>;
    registrants: ReadonlyMap<string, Registrant>;
  },
): Stands {
  const registrant =
    whom.invitationId === null
      ? null
      : (registrants.get(whom.invitationId) ??
        findRegistrant(orm, { editionId: ctx.scope.editionId, invitationId: whom.invitationId }));
  if (registrant === null)
    return {
      registrant,
      answers: blankAnswers,
      closing: { closed: null, bound: new Map() },
      checked: new Set(),
    };
  const now = ctx.clock.now();
  // Whoever has begun nothing and has no place on a visit: all that stands is on their card.
  const answers =
    registrant.registrationId === null && !visiting.has(registrant.invitationId)
      ? prefilled(registrant, [])
      : standingAnswers(orm, registrant);
  forms.set(registrant.invitationId, { registrant, answers });
  const sections = registrant.state === "submitted" ? storedSections(orm, registrant) : [];
  return {
    registrant,
    answers,
    closing: closingOf(orm, registrant, { definition: form.definition, now }),
    checked: new Set(sections.flatMap(({ section, state }) => (state === "verified" ? [section] : []))),
  };
}

type Looking = {
  stands: Stands;
  whom: Whom;
  form: FormInForce;
  now: number;
  meeting: Around & { timeZone: string };
};

function looked(wishes: ReadonlyArray<Wish>, looking: Looking): Compared["cells"] {
  if (wishes.length === 0) return [];
  const { stands, whom, form } = looking;
  const sound = wishes.filter(({ problems }) => problems.length === 0);
  const given = withListed(stands.answers, Object.fromEntries(sound.map(({ name, after }) => [name, after])));
  const who = stands.registrant ?? whom;
  const asks = (answers: Answers) =>
    askedForm(form.definition, who, { standard: standardValues(answers), own: answers.own });
  const asked = asks(given);
  const own = sectionOfOwn(form.definition);
  const sectionOf = (name: string) => SECTION_OF.get(name) ?? own.get(topKey(name)) ?? "";
  const errors = newErrors(looking, { given, asks });
  for (const wish of sound) {
    const { name } = wish;
    const section = asked.sections.find(({ key }) => key === sectionOf(name));
    const isAsked = isOwnName(name)
      ? section?.questions.some(({ key }) => key === topKey(name)) === true
      : section !== undefined && !section.left.includes(name);
    const over = overBecause(stands);
    const remark = (key: Remark["key"]) => wish.problems.push({ key, values: {} });
    if (over !== null) remark(over);
    else if (!isAsked) remark("import.problem.notAsked");
    else for (const key of errors.get(name) ?? []) remark(key);
  }
  return wishes.map(({ kind, name, before, after, erases, problems }) => ({
    column: kind,
    before: textOfValue(before),
    after: textOfValue(after),
    erases,
    problems,
    conflicts: conflictsOf(sectionOf(name), before, stands),
  }));
}

function overBecause({ registrant }: Stands): Remark["key"] | null {
  if (registrant === null) return null;
  const isComing = registrant.withdrawnAt === null && registrant.reply !== "declined";
  return isComing ? null : "import.problem.notComing";
}

/** By name, what would be wrong that is not wrong now. A draft may lack anything; what was handed in stays whole. */
function newErrors(
  { stands, meeting }: Looking,
  { given, asks }: { given: Answers; asks: (answers: Answers) => ReturnType<typeof askedForm> },
): ReadonlyMap<string, ReadonlyArray<Remark["key"]>> {
  const isSubmitted = stands.registrant?.state === "submitted";
  const check = (answers: Answers): FieldErrors =>
    isSubmitted
      ? submissionErrors(answers, {
          timeZone: meeting.timeZone,
          travelTo: meeting.to,
          visitIds: answers.visits.visitIds,
          locale: "en",
          asked: asks(answers),
        })
      : draftErrors(answers, asks(answers));
  const after = check(given);
  const before = Object.keys(after).length === 0 ? {} : check(stands.answers);
  const found = new Map<string, Array<Remark["key"]>>();
  const put = (name: string, key: Remark["key"]) => {
    const keys = found.get(name) ?? [];
    if (!keys.includes(key)) found.set(name, [...keys, key]);
  };
  for (const [field, keys] of Object.entries(after))
    for (const key of keys) {
      if (before[field]?.includes(key) === true) continue;
      // Said to whoever fills in their own form; the word for those who bring a list stands below.
      if (key === "register.error.sensitive") continue;
      put(field, key);
      // What an answer calls for is its fault where the file has a hand in it: "other" without a word, an allergy of no gravity.
      for (const name of CALLS_FOR[field] ?? []) put(name, key);
    }
  // Nobody's health is told for them over the heads of those who have not agreed to it.
  if (
    isSubmitted &&
    tellsOfNeeds(given) &&
    !tellsOfNeeds(stands.answers) &&
    given.consents.consent_sensitive_data !== "on"
  )
    for (const name of Object.keys(given.needs)) put(name, "import.problem.noConsent");
  return found;
}

const CALLS_FOR: Readonly<Record<string, ReadonlyArray<string>>> = {
  dietText: ["diets"],
  allergySeverity: ["allergies"],
  accessText: ["accessNeeds"],
  otherLanguages: ["workingLanguages"],
  assistantName: ["assistantEmail"],
  emergencyName: ["emergencyPhone"],
  emergencyPhone: ["emergencyName", "emergencyRelation"],
};

function conflictsOf(
  section: string,
  before: OwnValue,
  { registrant, closing, checked }: Stands,
): Array<Remark> {
  const conflicts: Array<Remark> = [];
  const say = (key: Remark["key"]) => conflicts.push({ key, values: {} });
  if (registrant?.state === "submitted") say("import.conflict.handedIn");
  else if (before.length > 0) say("import.conflict.begun");
  if (closing.bound.has(section) || closing.closed === "closed") say("import.conflict.closed");
  if (checked.has(section)) say("import.conflict.checked");
  return conflicts;
}

export type CellValue = { column: string; value: string };

/** Writes one person's cells. @returns what takes them back; null: they cannot be written. */
export function writeAnswers(
  tx: Tx,
  ctx: StaffContext,
  {
    invitationId,
    cells,
    known = null,
  }: { invitationId: string; cells: ReadonlyArray<CellValue>; known?: Standing | null },
): ListedTrace | null {
  return writeListed(tx, ctx, { invitationId, answers: answersFrom(cells), known });
}

function answersFrom(cells: ReadonlyArray<CellValue>): ListedAnswers {
  return Object.fromEntries(
    cells.flatMap(({ column, value }) => {
      if (!isAnswerKind(column)) return [];
      const name = nameOfAnswer(column);
      return [[name, valueOfText(name, value)] as const];
    }),
  );
}

/** What answers hold now, by column. */
export function answersNow(
  orm: Orm,
  ctx: Pick<StaffContext, "scope">,
  { invitationId, columns }: { invitationId: string; columns: ReadonlyArray<string> },
): ReadonlyMap<string, string> {
  const registrant = findRegistrant(orm, { editionId: ctx.scope.editionId, invitationId });
  const values = registrant === null ? {} : formValues(standingAnswers(orm, registrant));
  return new Map(
    columns.flatMap((column) =>
      isAnswerKind(column) ? [[column, textOfValue(values[nameOfAnswer(column)] ?? "")] as const] : [],
    ),
  );
}

/**
 * Takes answers back. As long as nobody has written in the registration since, it stands as it stood; in a draft that
 * somebody went on with, the answers that are still the list's go; what was handed in since is its sender's word.
 *
 * @returns the columns that were taken back.
 */
export function takeAnswersBack(
  tx: Tx,
  ctx: StaffContext,
  {
    invitationId,
    cells,
    trace,
  }: {
    invitationId: string;
    cells: ReadonlyArray<{ column: string; before: string; after: string }>;
    trace: ListedTrace;
  },
): ReadonlyArray<string> {
  if (takeListedBack(tx, { invitationId, trace })) return cells.map(({ column }) => column);
  const registrant = findRegistrant(tx, { editionId: ctx.scope.editionId, invitationId });
  if (registrant === null || registrant.state === "submitted") return [];
  const now = answersNow(tx, ctx, { invitationId, columns: cells.map(({ column }) => column) });
  const back = cells.filter(({ column, after }) => now.get(column) === after);
  const wishes = back.map(({ column, before }) => ({ column, value: before }));
  const done = wishes.length > 0 && writeAnswers(tx, ctx, { invitationId, cells: wishes }) !== null;
  return done ? back.map(({ column }) => column) : [];
}
