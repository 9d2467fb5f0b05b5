/**
 * The form of an edition as staff shape it. There is one draft at most; it starts as what is in force, is changed step by
 * step, and takes the place of what is in force when it is published. What always holds:
 *
 * - a published version never changes, and a registration knows which one it answers;
 * - a question keeps its key through all versions, so its answers stay its own wherever it is moved;
 * - a question that goes takes its answers with it: publishing says how many, and asks.
 */
import type { MessageKey } from "../../i18n/translate.ts";
import {
  type Condition,
  type FormDefinition,
  type FormSection,
  isOwnName,
  isStandard,
  type Question,
  questionsOf,
  type RowQuestion,
  STANDARD_TERMS,
  topKey,
  type Words,
} from "../registration/definition.ts";

/** More than any form should have; a page of a hundred questions is answered by nobody. */
export const MOST_SECTIONS = 30;
export const MOST_QUESTIONS = 200;
export const MOST_OPTIONS = 40;
export const MOST_TERMS = 6;

/** Something that keeps a draft from being published (`stops`), or that is worth a look before. */
export type Problem = { key: string; problem: MessageKey; stops: boolean };

const isBlank = ({ en, zh }: Words) => en === "" && zh === "";
const isHalf = ({ en, zh }: Words) => (en === "") !== (zh === "");

/** Everything that is wrong with a form, in its order; `key` is the section's or question's. */
export function problemsOf(form: FormDefinition): Array<Problem> {
  const problems: Array<Problem> = [];
  const above = new Set<string>();
  let passports = 0;
  for (const section of form.sections) {
    const add = (problem: MessageKey, stops = true) => problems.push({ key: section.key, problem, stops });
    if (!isStandard(section.key)) {
      if (isBlank(section.title)) add("builder.problem.noTitle");
      else if (isHalf(section.title)) add("builder.problem.oneLanguage", false);
      if (section.questions.length === 0) add("builder.problem.emptySection");
    }
    if (isHalf(section.help)) add("builder.problem.oneLanguageHelp", false);
    for (const question of section.questions) {
      problems.push(...problemsOfQuestion(question, above));
      // The person's own passport is one; those of companions stand in rows.
      if (question.type === "passport" && ++passports > 1)
        problems.push({ key: question.key, problem: "builder.problem.twoPassports", stops: true });
      if (question.type === "group") {
        if (question.questions.length === 0)
          problems.push({ key: question.key, problem: "builder.problem.emptyGroup", stops: true });
        const inRow = new Set(above);
        for (const each of question.questions) {
          problems.push(...problemsOfQuestion(each, inRow));
          inRow.add(each.key);
        }
      }
      above.add(question.key);
    }
  }
  return problems;
}

function problemsOfQuestion(question: RowQuestion, above: ReadonlySet<string>): Array<Problem> {
  const problems: Array<Problem> = [];
  const add = (problem: MessageKey, stops = true) => problems.push({ key: question.key, problem, stops });
  if (isBlank(question.label)) add("builder.problem.noLabel");
  // Nobody agrees to what they cannot read.
  else if (isHalf(question.label)) add("builder.problem.oneLanguage", question.type === "consent");
  if (isHalf(question.help)) add("builder.problem.oneLanguageHelp", false);
  if (question.type === "choice" || question.type === "choices") {
    if (question.options.length < 2) add("builder.problem.fewOptions");
    if (question.options.some(({ label }) => isHalf(label))) add("builder.problem.oneLanguageOption", false);
  }
  const asksAbove = (field: string) =>
    isOwnName(field) ? above.has(topKey(field)) : STANDARD_TERMS.has(field);
  if (question.condition?.terms.some(({ field }) => !asksAbove(field))) add("builder.problem.condition");
  return problems;
}

/** Why a change of the draft cannot be made. */
export type EditRefusal = "noSuchPart" | "tooMany";

/** A change of a form: the form as it is then, or why not. Pure. */
export type Edit = (form: FormDefinition) => FormDefinition | EditRefusal;

function withSection(
  form: FormDefinition,
  key: string,
  change: (section: FormSection) => FormSection,
): FormDefinition | EditRefusal {
  if (!form.sections.some((section) => section.key === key)) return "noSuchPart";
  return { sections: form.sections.map((section) => (section.key === key ? change(section) : section)) };
}

/** A new section, before the consents, which come last. */
export function addSection(section: FormSection): Edit {
  return (form) => {
    if (form.sections.length >= MOST_SECTIONS) return "tooMany";
    const at = form.sections.findIndex(({ key }) => key === "consents");
    return { sections: form.sections.toSpliced(at < 0 ? form.sections.length : at, 0, section) };
  };
}

export function changeSection(
  key: string,
  facts: Pick<FormSection, "title" | "help" | "audience" | "deadline" | "left">,
): Edit {
  return (form) => withSection(form, key, (section) => ({ ...section, ...facts }));
}

/** An own section goes with all its questions. */
export function removeSection(key: string): Edit {
  return (form) =>
    isStandard(key) || !form.sections.some((section) => section.key === key)
      ? "noSuchPart"
      : { sections: form.sections.filter((section) => section.key !== key) };
}

export type Direction = "up" | "down";

/** One place up or down; at the end of the list nothing happens. Consents stay last. */
export function moveSection(key: string, direction: Direction): Edit {
  return (form) => {
    const from = form.sections.findIndex((section) => section.key === key);
    if (from < 0 || key === "consents") return "noSuchPart";
    const to = direction === "up" ? from - 1 : from + 1;
    if (form.sections[to]?.key === "consents") return form;
    return { sections: moved(form.sections, from, to) };
  };
}

function moved<T>(list: ReadonlyArray<T>, from: number, to: number): Array<T> {
  const [one] = list.slice(from, from + 1);
  if (one === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, one);
}

/** A question by its key, at the top or in a group. */
export function findQuestion(
  form: FormDefinition,
  key: string,
): { section: FormSection; group: Question | null; question: Question } | null {
  for (const { section, question } of questionsOf(form)) {
    if (question.key === key) return { section, group: null, question };
    for (const each of question.questions)
      if (each.key === key) return { section, group: question, question: { ...each, questions: [] } };
  }
  return null;
}

function countOf(form: FormDefinition): number {
  let count = 0;
  for (const { question } of questionsOf(form)) count += 1 + question.questions.length;
  return count;
}

/** A new question at the end of a section, or of a group in it. */
export function addQuestion(sectionKey: string, groupKey: string | null, question: Question): Edit {
  return (form) => {
    if (countOf(form) >= MOST_QUESTIONS) return "tooMany";
    if (groupKey === null)
      return withSection(form, sectionKey, (section) => ({
        ...section,
        questions: [...section.questions, question],
      }));
    const found = findQuestion(form, groupKey);
    if (found === null || found.question.type !== "group" || question.type === "group") return "noSuchPart";
    const { questions: _, ...inRow } = question;
    return withQuestions(form, (each) =>
      each.key === groupKey ? [{ ...each, questions: [...each.questions, inRow] }] : [each],
    );
  };
}

function withQuestions(
  form: FormDefinition,
  change: (question: Question) => ReadonlyArray<Question>,
): FormDefinition {
  return {
    sections: form.sections.map((section) => ({ ...section, questions: section.questions.flatMap(change) })),
  };
}

/** Other words or terms for a question; its key and type stay, and so do the questions of a group. */
export function changeQuestion(
  key: string,
  facts: Omit<RowQuestion, "key" | "type">,
  sectionKey: string | null,
): Edit {
  return (form) => {
    const found = findQuestion(form, key);
    if (found === null) return "noSuchPart";
    const changed = withQuestions(form, (each) =>
      each.key === key
        ? [{ ...each, ...facts }]
        : [
            {
              ...each,
              questions: each.questions.map((one) => (one.key === key ? { ...one, ...facts } : one)),
            },
          ],
    );
    if (found.group !== null || sectionKey === null || sectionKey === found.section.key) return changed;
    const question = findQuestion(changed, key)?.question;
    if (question === undefined) return "noSuchPart";
    return withSection(
      withQuestions(changed, (each) => (each.key === key ? [] : [each])),
      sectionKey,
      (section) => ({ ...section, questions: [...section.questions, question] }),
    );
  };
}

export function removeQuestion(key: string): Edit {
  return (form) =>
    findQuestion(form, key) === null
      ? "noSuchPart"
      : withQuestions(form, (each) =>
          each.key === key ? [] : [{ ...each, questions: each.questions.filter((one) => one.key !== key) }],
        );
}

/** One place up or down among the questions of its section or group. */
export function moveQuestion(key: string, direction: Direction): Edit {
  return (form) => {
    const found = findQuestion(form, key);
    if (found === null) return "noSuchPart";
    const step = <T extends { key: string }>(list: ReadonlyArray<T>) => {
      const from = list.findIndex((each) => each.key === key);
      return moved(list, from, direction === "up" ? from - 1 : from + 1);
    };
    const { section, group } = found;
    if (group === null)
      return withSection(form, section.key, (each) => ({ ...each, questions: step(each.questions) }));
    return withQuestions(form, (each) =>
      each.key === group.key ? [{ ...each, questions: step(each.questions) }] : [each],
    );
  };
}

/** Where a part that is dragged comes to stand: before another one, or at the end. */
export type Place = { sectionKey: string; before: string | null };

/** A question before another one, or at the end of a section; one of a group's rows stays in its group. */
export function placeQuestion(key: string, { sectionKey, before }: Place): Edit {
  return (form) => {
    const found = findQuestion(form, key);
    if (found === null || before === key) return found === null ? "noSuchPart" : form;
    const { group } = found;
    if (group !== null) {
      if (before !== null && !group.questions.some((each) => each.key === before)) return form;
      return withQuestions(form, (each) =>
        each.key === group.key ? [{ ...each, questions: placed(each.questions, key, before) }] : [each],
      );
    }
    const target = form.sections.find((section) => section.key === sectionKey);
    if (target === undefined) return "noSuchPart";
    if (before !== null && !target.questions.some((each) => each.key === before)) return form;
    const [question] = found.section.questions.filter((each) => each.key === key);
    if (question === undefined) return "noSuchPart";
    const without = withQuestions(form, (each) => (each.key === key ? [] : [each]));
    return withSection(without, sectionKey, (section) => ({
      ...section,
      questions: placed([...section.questions, question], key, before),
    }));
  };
}

/** A section before another one; without one, before the consents, which stay last. */
export function placeSection(key: string, before: string | null): Edit {
  return (form) => {
    if (key === "consents" || !form.sections.some((section) => section.key === key)) return "noSuchPart";
    const at = before ?? "consents";
    if (at === key || !form.sections.some((section) => section.key === at)) return form;
    return { sections: placed(form.sections, key, at) };
  };
}

function placed<T extends { key: string }>(
  list: ReadonlyArray<T>,
  key: string,
  before: string | null,
): Array<T> {
  const one = list.filter((each) => each.key === key);
  const others = list.filter((each) => each.key !== key);
  const at = before === null ? -1 : others.findIndex((each) => each.key === before);
  return others.toSpliced(at < 0 ? others.length : at, 0, ...one);
}

/** What became of a question or section from one version to the next. */
export type Difference = { key: string; label: Words; what: "added" | "removed" | "changed" | "moved" };

/** Everything that is otherwise in a form than in the one before it. Standard sections have no words of their own. */
export function differencesOf(before: FormDefinition, after: FormDefinition): Array<Difference> {
  const [old, now] = [partsIn(before), partsIn(after)];
  const differences: Array<Difference> = [];
  for (const [key, part] of now) {
    const was = old.get(key);
    if (was === undefined) differences.push({ key, label: part.label, what: "added" });
    else if (was.text !== part.text) differences.push({ key, label: part.label, what: "changed" });
    else if (was.place !== part.place) differences.push({ key, label: part.label, what: "moved" });
  }
  for (const [key, part] of old)
    if (!now.has(key)) differences.push({ key, label: part.label, what: "removed" });
  return differences;
}

/** Sections and questions by key: what each says, and after which other it stands. */
function partsIn(form: FormDefinition): Map<string, { label: Words; text: string; place: string }> {
  const parts = new Map<string, { label: Words; text: string; place: string }>();
  let lastSection = "";
  for (const { questions, ...section } of form.sections) {
    parts.set(section.key, { label: section.title, text: JSON.stringify(section), place: lastSection });
    lastSection = section.key;
    let last = "";
    for (const { questions: inRows, ...question } of questions) {
      parts.set(question.key, {
        label: question.label,
        text: JSON.stringify(question),
        place: `${section.key} ${last}`,
      });
      last = question.key;
      let lastInRow = "";
      for (const each of inRows) {
        parts.set(each.key, {
          label: each.label,
          text: JSON.stringify(each),
          place: `${question.key} ${lastInRow}`,
        });
        lastInRow = each.key;
      }
    }
  }
  return parts;
}

/** Keys of questions, in groups too. */
export function keysOf(form: FormDefinition): Set<string> {
  const keys = new Set<string>();
  for (const { question } of questionsOf(form)) {
    keys.add(question.key);
    for (const each of question.questions) keys.add(each.key);
  }
  return keys;
}

/** The questions that a condition of this one may look at: those above it, and the standard ones. */
export function questionsAbove(form: FormDefinition, key: string | null): Array<RowQuestion> {
  const above: Array<RowQuestion> = [];
  for (const { question } of questionsOf(form)) {
    if (question.key === key) return above;
    const at = question.questions.findIndex((each) => each.key === key);
    if (at >= 0) return [...above, ...question.questions.slice(0, at)];
    above.push(question);
  }
  return above;
}

const SPARE_TERMS = 2;

/** How many terms the page has room for: those there are, and some more. */
export function termRows(condition: Condition | null): number {
  const terms = condition?.terms.length ?? 0;
  return Math.max(terms, Math.min(terms + SPARE_TERMS, MOST_TERMS));
}
