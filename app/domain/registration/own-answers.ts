/**
 * Answers to what an edition asks besides the standard form. They are kept flat by name: a question's key, or
 * `group.row.question`. Pure, and the same for the page, the draft and the submission:
 *
 * - what is not asked (another audience, a condition that does not hold) is neither required nor kept;
 * - a hidden answer counts as blank for every condition below it;
 * - rows of a group close up: a blank row is none.
 */

import { isTimeZone } from "../../i18n/dates.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { LONGEST_LINE, mailboxProblem, refusedCharacters } from "../person/rules.ts";
import { COUNTRIES } from "./countries.ts";
import {
  type Asked,
  asksSomething,
  type Condition,
  type FormDefinition,
  type FormSection,
  isFor,
  isOwnName,
  type Question,
  type RowQuestion,
  rowName,
  rowsOf,
  stemOf,
  type Term,
  topKey,
} from "./definition.ts";
import {
  EXPECTED,
  findPart,
  missingParts,
  type Part,
  type PartAnswers,
  PENDING,
  partsOf,
  partsProblems,
  pendingParts,
} from "./parts.ts";
import { instantOrNull, isPhone } from "./rules.ts";

export type OwnValue = string | ReadonlyArray<string>;
export type OwnAnswers = Readonly<Record<string, OwnValue>>;

/** The longest own text, in characters as a reader counts them. */
export const LONGEST_OWN_TEXT = 5_000;
const USUAL_TEXT = 1_000;

function isBlank(value: OwnValue | undefined): boolean {
  return value === undefined || value.length === 0;
}

type AnswerTo = (field: string) => OwnValue | undefined;

/** An answer by its name. A question of several parts is answered when one of them is. */
function answerIn(answers: OwnAnswers, field: string): OwnValue | undefined {
  const whole = answers[field];
  if (whole !== undefined) return whole;
  const part = Object.keys(answers).find((name) => stemOf(name) === field);
  return part === undefined ? undefined : answers[part];
}

function termHolds({ field, test, value }: Term, answerTo: AnswerTo): boolean {
  const given = answerTo(field);
  const has = typeof given === "string" ? given === value : (given ?? []).includes(value);
  switch (test) {
    case "is":
      return has;
    case "isNot":
      return !has;
    case "answered":
      return !isBlank(given);
    case "blank":
      return isBlank(given);
  }
}

/** Whether a question with this condition is asked. */
export function holds(condition: Condition | null, answerTo: AnswerTo): boolean {
  if (condition === null) return true;
  const each = (term: Term) => termHolds(term, answerTo);
  return condition.join === "and" ? condition.terms.every(each) : condition.terms.some(each);
}

/** A form as one person is asked it now. */
export type AskedForm = {
  sections: ReadonlyArray<Omit<FormSection, "questions"> & { questions: ReadonlyArray<Question> }>;
  /** Their answers to what is asked, without what is not: tidy, in the order of the form. */
  answers: OwnAnswers;
};

/**
 * What is asked of somebody who gave these answers.
 *
 * @param standard the answers to standard questions, by field.
 */
export function askedForm(
  form: FormDefinition,
  who: Asked,
  { standard, own }: { standard: Readonly<Record<string, OwnValue>>; own: OwnAnswers },
): AskedForm {
  const kept: Record<string, OwnValue> = {};
  const visits = standard.visitIds;
  const visitIds = typeof visits === "string" ? [visits] : (visits ?? []);
  const needsVisa = standard.needsVisa === "yes";
  const answerTo: AnswerTo = (field) => (isOwnName(field) ? answerIn(kept, field) : standard[field]);
  const sections = form.sections.flatMap((section) => {
    if (!isFor(section.audience, who, { visitIds, needsVisa })) return [];
    const questions = section.questions.filter((question) => {
      if (!holds(question.condition, answerTo)) return false;
      if (question.type === "group") keepRows(question, own, kept, answerTo);
      else keep(question, question.key, own, kept);
      return true;
    });
    return [{ ...section, questions }];
  });
  return { sections, answers: kept };
}

/** An answer in the shape that its question has: a list for several boxes, a text for everything else. */
function shaped(question: RowQuestion, value: OwnValue | undefined): OwnValue | undefined {
  if (value === undefined) return undefined;
  if (question.type === "choices") return typeof value === "string" ? [value] : [...new Set(value)].sort();
  return typeof value === "string" ? value : value[0];
}

/** Keeps what is given to a question, whose name is its key or stands in a row, under the same names. */
function keep(question: RowQuestion, stem: string, own: OwnAnswers, kept: Record<string, OwnValue>): void {
  if (!asksSomething(question.type)) return;
  const put = (name: string, answer: OwnValue | undefined) => {
    if (answer !== undefined && !isBlank(answer)) kept[name] = answer;
  };
  const names = answerNames(question, stem);
  for (const name of names) put(name, shaped(question, own[name]));
  // Something that is there is not waited for.
  if (names.some((name) => kept[name] !== undefined)) return;
  const said = shaped(question, own[partName(stem, PENDING)]);
  if (said !== "on") return;
  for (const key of pendingParts(question))
    put(partName(stem, key), shaped(question, own[partName(stem, key)]));
}

function keepRows(
  { key, questions, most }: Question,
  own: OwnAnswers,
  kept: Record<string, OwnValue>,
  answerTo: AnswerTo,
): void {
  let rows = 0;
  for (let row = 0; row < rowsOf({ most }); row++) {
    const answers: Record<string, OwnValue> = {};
    const ofRow: Record<string, OwnValue> = {};
    for (const question of questions) {
      const inRow: AnswerTo = (field) =>
        questions.some((each) => each.key === topKey(field)) ? answerIn(ofRow, field) : answerTo(field);
      if (!holds(question.condition, inRow)) continue;
      const stem = rowName(key, row, question.key);
      keep(question, stem, own, answers);
      for (const name of everyName(question, stem)) {
        const value = answers[name];
        if (value !== undefined) ofRow[question.key + name.slice(stem.length)] = value;
      }
    }
    if (Object.keys(answers).length === 0) continue;
    const from = `${key}.${row}.`;
    for (const [name, value] of Object.entries(answers))
      kept[rowName(key, rows, name.slice(from.length))] = value;
    rows++;
  }
  if (rows > 0) kept[key] = String(rows);
}

/** How many rows of a group are filled in. */
export function filledRows(key: string, answers: OwnAnswers): number {
  const count = answers[key];
  return typeof count === "string" ? Number(count) : 0;
}

/** The name of a part of an answer. */
export function partName(stem: string, part: string): string {
  return `${stem}.${part}`;
}

/** The names of what is asked: of each part, or of the question itself. */
function answerNames(question: RowQuestion, stem: string): Array<string> {
  const parts = partsOf(question);
  return parts.length === 0 ? [stem] : parts.map((part) => partName(stem, part.key));
}

function everyName(question: RowQuestion, stem: string): Array<string> {
  return [...answerNames(question, stem), ...pendingParts(question).map((part) => partName(stem, part))];
}

/** The parts of an answer, by part. */
export function partAnswers(question: RowQuestion, stem: string, answers: OwnAnswers): PartAnswers {
  const given: Record<string, string> = {};
  for (const part of [...partsOf(question).map(({ key }) => key), ...pendingParts(question)]) {
    const value = answers[partName(stem, part)];
    if (typeof value === "string") given[part] = value;
  }
  return given;
}

/** Whether anything at all is said to a question, "not there yet" too. */
export function isAnswered(question: RowQuestion, stem: string, answers: OwnAnswers): boolean {
  return everyName(question, stem).some((name) => answers[name] !== undefined);
}

/** Whether it is said that the answer is not there yet. */
export function isPending(question: RowQuestion, stem: string, answers: OwnAnswers): boolean {
  return question.pending && answers[partName(stem, PENDING)] === "on";
}

/** What a row of a group asks, given what stands in that row. */
export function askedInRow(
  group: Question,
  row: number,
  { standard, own }: { standard: Readonly<Record<string, OwnValue>>; own: OwnAnswers },
): Array<RowQuestion> {
  const prefix = `${group.key}.${row}.`;
  const ofRow = Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
  const answerTo: AnswerTo = (field) => {
    if (group.questions.some((each) => each.key === topKey(field))) return answerIn(ofRow, field);
    return isOwnName(field) ? answerIn(own, field) : standard[field];
  };
  return group.questions.filter((question) => holds(question.condition, answerTo));
}

/** How many rows of a group are shown: those filled in, and a blank one while there is room. */
export function rowsShown(group: Question, answers: OwnAnswers): number {
  return Math.min(filledRows(group.key, answers) + 1, rowsOf(group));
}

/** A name under which an answer may be sent, with its question. `part`: where that has several. */
export type AnswerName = { name: string; question: RowQuestion; row: number | null; part: string | null };

/** Every name under which an answer may be sent, with its question. */
export function* namesOf(question: Question): Generator<AnswerName> {
  if (question.type !== "group") {
    yield* namesAt(question, question.key, null);
    return;
  }
  for (let row = 0; row < rowsOf(question); row++)
    for (const each of question.questions) yield* namesAt(each, rowName(question.key, row, each.key), row);
}

function* namesAt(question: RowQuestion, stem: string, row: number | null): Generator<AnswerName> {
  if (!asksSomething(question.type)) return;
  if (partsOf(question).length === 0) yield { name: stem, question, row, part: null };
  for (const { key } of partsOf(question)) yield { name: partName(stem, key), question, row, part: key };
  for (const key of pendingParts(question)) yield { name: partName(stem, key), question, row, part: key };
}

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Characters as a reader counts them: an emoji of several parts is one, and so is a letter with its accents. */
export function readersLength(text: string): number {
  let length = 0;
  for (const _ of segmenter.segment(text)) length++;
  return length;
}

function isClean(text: string): boolean {
  return refusedCharacters(text).length === 0 && !text.includes("\ufffd");
}

/** What is wrong with the form of one answer that is there; null: nothing. */
function formatProblem(question: RowQuestion, key: string | null, value: OwnValue): MessageKey | null {
  if (key === PENDING) return value === "on" ? null : "error.invalid";
  if (key === EXPECTED && pendingParts(question).includes(EXPECTED))
    return typeof value === "string" ? dayProblem(value) : "error.invalid";
  if (key !== null) {
    const part = findPart(question, key);
    return part === null || typeof value !== "string" ? "error.invalid" : partProblem(part, question, value);
  }
  if (typeof value !== "string") {
    if (!value.every((each) => question.options.some((option) => option.key === each)))
      return "error.invalid";
    return question.most !== null && value.length > question.most ? "own.error.tooMany" : null;
  }
  const { type } = question;
  const longest = question.most ?? (type === "long_text" ? USUAL_TEXT : LONGEST_LINE);
  switch (type) {
    case "text":
      return textProblem(value, value, Math.min(longest, LONGEST_OWN_TEXT));
    case "long_text":
      return textProblem(value, value.replaceAll(/[\n\t]/g, ""), Math.min(longest, LONGEST_OWN_TEXT));
    case "number": {
      if (!/^-?\d{1,9}(?:\.\d{1,4})?$/.test(value)) return lineProblem(value) ?? "error.number";
      const number = Number(value);
      if (question.least !== null && number < question.least) return "own.error.tooSmall";
      return question.most !== null && number > question.most ? "own.error.tooLarge" : null;
    }
    case "yes_no":
      return value === "yes" || value === "no" ? null : "error.invalid";
    case "choice":
      return question.options.some((option) => option.key === value) ? null : "error.invalid";
    case "date":
      return dayProblem(value, question);
    case "country":
      return COUNTRIES.includes(value) ? null : "error.invalid";
    case "phone":
      return lineProblem(value) ?? (isPhone(value) ? null : "register.error.phone");
    case "email":
      return lineProblem(value) ?? (mailboxProblem(value) === null ? null : "error.email");
    case "consent":
      return value === "on" ? null : "error.invalid";
    case "file":
    case "portrait":
      return /^[\w-]{20}$/.test(value) ? null : "error.invalid";
    default:
      return "error.invalid";
  }
}

/** Texts shorter than a form wants are for the sender to lengthen, and no reason not to keep a draft. */
function tooShort(question: RowQuestion, value: OwnValue): MessageKey | null {
  if (question.least === null) return null;
  if (typeof value !== "string") return value.length < question.least ? "own.error.tooFew" : null;
  const isText = question.type === "text" || question.type === "long_text";
  return isText && readersLength(value) < question.least ? "own.error.tooShort" : null;
}

function partProblem(part: Part, question: RowQuestion, value: string): MessageKey | null {
  switch (part.kind) {
    case "line":
    case "mrz":
      return textProblem(value, value, part.longest ?? LONGEST_LINE);
    case "number":
      return lineProblem(value) ?? (/^[A-Za-z0-9]{1,24}$/.test(value) ? null : "passport.error.number");
    case "day":
      return dayProblem(value, question);
    case "time":
      return lineProblem(value) ?? (/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(value) ? null : "error.time");
    case "zone":
      return isTimeZone(value) ? null : "error.invalid";
    case "country":
      return COUNTRIES.includes(value) ? null : "error.invalid";
    case "choice":
      return part.values?.includes(value) === true ? null : "error.invalid";
    case "tick":
      return value === "on" ? null : "error.invalid";
  }
}

function dayProblem(
  value: string,
  { earliest, latest }: Pick<RowQuestion, "earliest" | "latest"> = { earliest: null, latest: null },
): MessageKey | null {
  const problem = lineProblem(value) ?? (instantOrNull(value, "12:00", "UTC") === null ? "error.date" : null);
  if (problem !== null) return problem;
  if (earliest !== null && value < earliest) return "own.error.tooEarly";
  return latest !== null && value > latest ? "own.error.tooLate" : null;
}

function lineProblem(value: string): MessageKey | null {
  return textProblem(value, value, LONGEST_LINE);
}

function textProblem(value: string, visible: string, longest: number): MessageKey | null {
  // No reader's character has more than a few dozen units: far longer texts need no counting.
  if (value.length > longest * 40 || readersLength(value) > longest) return "error.tooLong";
  return isClean(visible) ? null : "error.characters";
}

/** What is wrong with answers that are there: this much is asked of a draft, too. By name. */
export function ownDraftErrors(asked: AskedForm): Record<string, MessageKey> {
  const errors: Record<string, MessageKey> = {};
  for (const { name, question, part } of askedNames(asked)) {
    const value = asked.answers[name];
    const problem = value === undefined ? null : formatProblem(question, part, value);
    if (problem !== null) errors[name] = problem;
  }
  return errors;
}

type Standard = Readonly<Record<string, OwnValue>>;

/** What besides stands between these answers and a submission. `travelTo`: the last day of travel. */
export function ownMissing(
  asked: AskedForm,
  standard: Standard,
  { travelTo = null }: { travelTo?: string | null } = {},
): Record<string, MessageKey> {
  const errors: Record<string, MessageKey> = {};
  const { answers } = asked;
  for (const { question, stem } of askedQuestions(asked, standard)) {
    const put = (part: string, problem: MessageKey) => {
      errors[partName(stem, part)] ??= problem;
    };
    if (isPending(question, stem, answers)) {
      if (question.type === "passport" && answers[partName(stem, EXPECTED)] === undefined)
        put(EXPECTED, "error.required");
      continue;
    }
    const isComposed = partsOf(question).length > 0;
    if (isAnswered(question, stem, answers)) {
      if (isComposed) {
        const given = partAnswers(question, stem, answers);
        for (const [part, problem] of missingParts(question, given)) put(part, problem);
        for (const [part, problem] of partsProblems(question, given, { travelTo })) put(part, problem);
        continue;
      }
      const problem = tooShort(question, answers[stem] ?? "");
      if (problem !== null) errors[stem] = problem;
      continue;
    }
    if (!question.required || question.by !== null) continue;
    if (isComposed) for (const [part, problem] of missingParts(question, {})) put(part, problem);
    else errors[stem] = question.type === "consent" ? "own.error.consent" : "error.required";
  }
  return errors;
}

/** An answer that is still to come: by which day, or null where the form names none. */
export type Due = { name: string; key: string; by: string | null; pending: boolean };

/** What is asked for, but not at once: answers with a day of their own, and those said not to be there yet. */
export function ownDue(asked: AskedForm, standard: Standard): Array<Due> {
  return [...askedQuestions(asked, standard)].flatMap(({ question, stem }): Array<Due> => {
    const { key, by, pendingBy } = question;
    if (isPending(question, stem, asked.answers))
      return [{ name: stem, key, by: pendingBy ?? by, pending: true }];
    const isDue = question.required && by !== null && !isAnswered(question, stem, asked.answers);
    return isDue ? [{ name: stem, key, by, pending: false }] : [];
  });
}

/** Every question that wants an answer, where it stands: at the top, and in each row that is filled in. */
function* askedQuestions(
  asked: AskedForm,
  standard: Standard,
): Generator<{ question: RowQuestion; stem: string }> {
  for (const section of asked.sections)
    for (const question of section.questions) {
      if (question.type !== "group") {
        if (asksSomething(question.type)) yield { question, stem: question.key };
        continue;
      }
      const rows = filledRows(question.key, asked.answers);
      for (let row = 0; row < Math.max(rows, question.required ? 1 : 0); row++)
        for (const each of askedInRow(question, row, { standard, own: asked.answers }))
          if (asksSomething(each.type)) yield { question: each, stem: rowName(question.key, row, each.key) };
    }
}

function* askedNames(asked: AskedForm): Generator<AnswerName> {
  for (const section of asked.sections) for (const question of section.questions) yield* namesOf(question);
}
