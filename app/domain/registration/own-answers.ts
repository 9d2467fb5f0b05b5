/**
 * Answers to what an edition asks besides the standard form. They are kept flat by name: a question's key, or
 * `group.row.question`. Pure, and the same for the page, the draft and the submission:
 *
 * - what is not asked (another audience, a condition that does not hold) is neither required nor kept;
 * - a hidden answer counts as blank for every condition below it;
 * - rows of a group close up: a blank row is none.
 */
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
  type Term,
} from "./definition.ts";
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
  const answerTo: AnswerTo = (field) => (isOwnName(field) ? kept[field] : standard[field]);
  const sections = form.sections.flatMap((section) => {
    if (!isFor(section.audience, who, visitIds)) return [];
    const questions = section.questions.filter((question) => {
      if (!holds(question.condition, answerTo)) return false;
      if (question.type === "group") keepRows(question, own, kept, answerTo);
      else keep(question, own[question.key], kept);
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

function keep(question: RowQuestion, value: OwnValue | undefined, kept: Record<string, OwnValue>): void {
  const answer = asksSomething(question.type) ? shaped(question, value) : undefined;
  if (answer !== undefined && !isBlank(answer)) kept[question.key] = answer;
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
    for (const question of questions) {
      const inRow: AnswerTo = (field) =>
        questions.some((each) => each.key === field) ? answers[field] : answerTo(field);
      if (holds(question.condition, inRow)) keep(question, own[rowName(key, row, question.key)], answers);
    }
    if (Object.keys(answers).length === 0) continue;
    for (const [name, value] of Object.entries(answers)) kept[rowName(key, rows, name)] = value;
    rows++;
  }
  if (rows > 0) kept[key] = String(rows);
}

/** How many rows of a group are filled in. */
export function filledRows(key: string, answers: OwnAnswers): number {
  const count = answers[key];
  return typeof count === "string" ? Number(count) : 0;
}

/** What a row of a group asks, given what stands in that row. */
export function askedInRow(
  group: Question,
  row: number,
  { standard, own }: { standard: Readonly<Record<string, OwnValue>>; own: OwnAnswers },
): Array<RowQuestion> {
  const answerTo: AnswerTo = (field) => {
    if (group.questions.some((each) => each.key === field)) return own[rowName(group.key, row, field)];
    return isOwnName(field) ? own[field] : standard[field];
  };
  return group.questions.filter((question) => holds(question.condition, answerTo));
}

/** How many rows of a group are shown: those filled in, and a blank one while there is room. */
export function rowsShown(group: Question, answers: OwnAnswers): number {
  return Math.min(filledRows(group.key, answers) + 1, rowsOf(group));
}

/** Every name under which an answer may be sent, with its question. */
export function* namesOf(
  question: Question,
): Generator<{ name: string; question: RowQuestion; row: number | null }> {
  if (question.type !== "group") {
    if (asksSomething(question.type)) yield { name: question.key, question, row: null };
    return;
  }
  for (let row = 0; row < rowsOf(question); row++)
    for (const each of question.questions)
      if (asksSomething(each.type)) yield { name: rowName(question.key, row, each.key), question: each, row };
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
function formatProblem(question: RowQuestion, value: OwnValue): MessageKey | null {
  if (typeof value !== "string")
    return value.every((key) => question.options.some((option) => option.key === key))
      ? null
      : "error.invalid";
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
    case "choices":
      return "error.invalid";
    case "date":
      return lineProblem(value) ?? (instantOrNull(value, "12:00", "UTC") === null ? "error.date" : null);
    case "country":
      return COUNTRIES.includes(value) ? null : "error.invalid";
    case "phone":
      return lineProblem(value) ?? (isPhone(value) ? null : "register.error.phone");
    case "email":
      return lineProblem(value) ?? (mailboxProblem(value) === null ? null : "error.email");
    case "consent":
      return value === "on" ? null : "error.invalid";
    case "group":
    case "heading":
    case "note":
      return "error.invalid";
  }
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
  for (const { name, question } of askedNames(asked)) {
    const value = asked.answers[name];
    const problem = value === undefined ? null : formatProblem(question, value);
    if (problem !== null) errors[name] = problem;
  }
  return errors;
}

/** What besides stands between these answers and a submission. */
export function ownMissing(
  asked: AskedForm,
  standard: Readonly<Record<string, OwnValue>>,
): Record<string, MessageKey> {
  const errors: Record<string, MessageKey> = {};
  const need = (name: string, question: RowQuestion) => {
    if (question.required && asked.answers[name] === undefined)
      errors[name] = question.type === "consent" ? "own.error.consent" : "error.required";
  };
  for (const section of asked.sections)
    for (const question of section.questions) {
      if (question.type !== "group") {
        if (asksSomething(question.type)) need(question.key, question);
        continue;
      }
      const rows = filledRows(question.key, asked.answers);
      for (let row = 0; row < Math.max(rows, question.required ? 1 : 0); row++)
        for (const each of askedInRow(question, row, { standard, own: asked.answers }))
          if (asksSomething(each.type)) need(rowName(question.key, row, each.key), each);
    }
  return errors;
}

function* askedNames(asked: AskedForm): Generator<{ name: string; question: RowQuestion }> {
  for (const section of asked.sections) for (const question of section.questions) yield* namesOf(question);
}
