/**
 * The form of an edition: the standard sections, which the product itself reads (names, posts, travel …), and what the
 * edition asks besides. It is data, written in the builder, published by version and never changed afterwards.
 *
 * What always holds of a form that may be published:
 * - a question is asked in both languages or at least in one, and every choice likewise;
 * - a condition looks only at questions above its own, so that the form can be read from the top and no two questions
 *   wait for each other;
 * - consents come last, and what the product cannot do without (a name, a mailbox) is never left out.
 */
import { z } from "zod";
import {
  CATEGORIES,
  type Category,
  FIELD_TYPES,
  type FieldType,
  REGISTRATION_SECTIONS,
  type RegistrationSection,
} from "#db/vocabulary.ts";
import { FILE_KINDS } from "../upload/rules.ts";

/** A text in both languages, as somebody wrote it. Either may be empty. */
const words = z.object({ en: z.string(), zh: z.string() });
export type Words = z.output<typeof words>;

/** What a condition asks of another answer. `is` of several ticked boxes: this one is among them. */
export const TESTS = ["is", "isNot", "answered", "blank"] as const;

const condition = z.object({
  join: z.enum(["and", "or"]),
  terms: z.array(z.object({ field: z.string(), test: z.enum(TESTS), value: z.string() })).min(1),
});
export type Condition = z.output<typeof condition>;
export type Term = Condition["terms"][number];

/** Classes of answers that a form may ask for (DOMAIN §4.3): C0 is public, and C6 is what staff think. */
export const ASKED_CLASSES = ["C1", "C2", "C3", "C4", "C5"] as const;

const choice = z.object({ key: z.string(), label: words });

const question = z.object({
  /** Never used twice, also not by a later version: an answer is known by it. */
  key: z.string().regex(/^q[a-z0-9]{8}$/),
  type: z.enum(FIELD_TYPES),
  label: words,
  help: words,
  required: z.boolean(),
  dataClass: z.enum(ASKED_CLASSES),
  condition: condition.nullable(),
  /** Of `choice` and `choices`. */
  options: z.array(choice),
  /** Characters of a text as a reader counts them; the largest number; rows of a group. Null: as many as is usual. */
  most: z.number().nullable(),
  /** The smallest number; the fewest characters or boxes. */
  least: z.number().nullable(),
  /** The first and the last day that may be answered, of days and what is made of them. */
  earliest: z.string().nullable().default(null),
  latest: z.string().nullable().default(null),
  /** Required, but not at once: by this day. It keeps nobody from sending the form, and is asked for until it is there. */
  by: z.string().nullable().default(null),
  /** Whether "not there yet" is an answer (a passport that is being issued), and until which day. */
  pending: z.boolean().default(false),
  pendingBy: z.string().nullable().default(null),
  /** Of a question of several parts: those that are not asked. */
  left: z.array(z.string()).default([]),
  /** Of `file`: which kinds of files are taken. */
  accepts: z.array(z.enum(FILE_KINDS)).default([...FILE_KINDS]),
});
/** Of a group: what is asked in each of its rows. */
const group = question.extend({ questions: z.array(question) });
export type Question = z.output<typeof group>;
export type RowQuestion = z.output<typeof question>;

/** Whom a section is for; an empty list: everybody. */
const audience = z.object({
  delegationIds: z.array(z.string()),
  categories: z.array(z.enum(CATEGORIES)),
  /** Those who wish to join one of these visits. */
  visitIds: z.array(z.string()),
  /** Those who wish to join a visit, whichever. */
  joinsVisit: z.boolean().default(false),
  /** Those who say that they need a visa. */
  needsVisa: z.boolean().default(false),
});
export type Audience = z.output<typeof audience>;

const section = z.object({
  /** A standard section's name, or a key of the edition's own. */
  key: z.union([z.enum(REGISTRATION_SECTIONS), z.string().regex(/^s[a-z0-9]{8}$/)]),
  /** Of an own section. Standard ones have the product's words. */
  title: words,
  help: words,
  audience,
  /** The last day for it, in the edition's zone; null: as long as the form is open. */
  deadline: z.string().nullable().default(null),
  /** Standard questions of this section that are not asked, by field. */
  left: z.array(z.string()),
  questions: z.array(group),
});
export type FormSection = z.output<typeof section>;

const definition = z.object({ sections: z.array(section) });
export type FormDefinition = z.output<typeof definition>;

/** @throws when the text is no form: it was written by this very schema. */
export function readDefinition(text: string): FormDefinition {
  return definition.parse(JSON.parse(text));
}

/** The number of the standard form. An edition's own forms count on from it. */
export const STANDARD_VERSION = 1;

export const EVERYBODY: Audience = {
  delegationIds: [],
  categories: [],
  visitIds: [],
  joinsVisit: false,
  needsVisa: false,
};
export const NO_WORDS: Words = { en: "", zh: "" };

/** A question of which nothing is said but its kind and its words. */
export const PLAIN_QUESTION: Omit<RowQuestion, "key" | "type" | "label"> = {
  help: NO_WORDS,
  required: false,
  dataClass: "C1",
  condition: null,
  options: [],
  most: null,
  least: null,
  earliest: null,
  latest: null,
  by: null,
  pending: false,
  pendingBy: null,
  left: [],
  accepts: [...FILE_KINDS],
};

/** What every edition starts from (DOMAIN §1.5). */
export const STANDARD_FORM: FormDefinition = {
  sections: REGISTRATION_SECTIONS.map((key) => ({
    key,
    title: NO_WORDS,
    help: NO_WORDS,
    audience: EVERYBODY,
    deadline: null,
    left: [],
    questions: [],
  })),
};

/** Standard questions that an edition can do without. The rest is needed by lists, letters, mails or the law. */
export const LEAVABLE: Readonly<Partial<Record<RegistrationSection, ReadonlyArray<string>>>> = {
  post: ["personalCapacity"],
  contact: [
    "secondEmail",
    "assistantName",
    "assistantEmail",
    "emergencyName",
    "emergencyRelation",
    "emergencyPhone",
  ],
  needs: ["accessNeeds", "accessText"],
  travel: ["arrivalFrom", "arrivalAt", "departureTo", "departureFrom", "bookedBy", "needsVisa"],
};

export function isStandard(key: string): key is RegistrationSection {
  return REGISTRATION_SECTIONS.some((each) => each === key);
}

/** Standard questions that others may hang on, with their possible answers; `null`: any text, so only whether there is one. */
export const STANDARD_TERMS: ReadonlyMap<string, RegistrationSection> = new Map([
  ["personalCapacity", "post"],
  ["diets", "needs"],
  ["accessNeeds", "needs"],
  ["workingLanguages", "languages"],
  ["needsInterpretation", "languages"],
  ["arrivalBy", "travel"],
  ["departureBy", "travel"],
  ["bookedBy", "travel"],
  ["needsVisa", "travel"],
  ["visitIds", "visits"],
]);

/** Whether an answer is given to it at all. */
export function asksSomething(type: FieldType): boolean {
  return type !== "heading" && type !== "note";
}

/** Whether it is answered with a file, whose id is the answer. */
export function isFile({ type }: { type: FieldType }): boolean {
  return type === "file" || type === "portrait";
}

/** All questions of a form at the top, in order, with their section. */
export function* questionsOf(form: FormDefinition): Generator<{ section: FormSection; question: Question }> {
  for (const section of form.sections) for (const question of section.questions) yield { section, question };
}

/** Where a standard or an own answer belongs: `q1234abcd` and `q1234abcd.0.q5678efgh` to the section of the first key. */
export function sectionOfOwn(form: FormDefinition): ReadonlyMap<string, string> {
  return new Map([...questionsOf(form)].map(({ section, question }) => [question.key, section.key]));
}

/** The top question's key in an answer's name. */
export function topKey(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

/** The name of an answer in a row of a group. */
export function rowName(groupKey: string, row: number, key: string): string {
  return `${groupKey}.${row}.${key}`;
}

const OWN_NAME = /^(q[a-z0-9]{8})(?:\.(\d{1,2})\.(q[a-z0-9]{8}))?(?:\.([a-z][A-Za-z]{1,15}))?$/;

/** Whether this is how answers to an edition's own questions are named. */
export function isOwnName(name: string): boolean {
  return OWN_NAME.test(name);
}

/** An answer's name without its part: what the question is called where it stands. */
export function stemOf(name: string): string {
  const part = OWN_NAME.exec(name)?.[4];
  return part === undefined ? name : name.slice(0, -part.length - 1);
}

/** The part of a question that an answer gives; null where the question has no parts. */
export function partOf(name: string): string | null {
  return OWN_NAME.exec(name)?.[4] ?? null;
}

/** The keys of the questions that an answer's name speaks of: of the top, and of the one in its row. */
export function keysIn(name: string): Array<string> {
  const [, top, , inRow] = OWN_NAME.exec(name) ?? [];
  return [top, inRow].filter((key) => key !== undefined);
}

/** The class of an own answer, by its name; null when the form asks no such thing. */
export function classOfOwn(form: FormDefinition, name: string): Question["dataClass"] | null {
  const [top, inRow] = keysIn(name);
  for (const { question } of questionsOf(form))
    if (question.key === top)
      return inRow === undefined
        ? question.dataClass
        : (question.questions.find(({ key }) => key === inRow)?.dataClass ?? null);
  return null;
}

/** What somebody's passport says stands apart from all other answers: the edition's one question for it. */
export function passportQuestion(form: FormDefinition): Question | null {
  for (const { question } of questionsOf(form)) if (question.type === "passport") return question;
  return null;
}

const MOST_ROWS = 8;
export const LONGEST_ROWS = 20;

/** How many rows of a group somebody may fill in. */
export function rowsOf(question: Pick<Question, "most">): number {
  return Math.min(question.most ?? MOST_ROWS, LONGEST_ROWS);
}

/** Somebody who is asked. */
export type Asked = { delegationId: string; category: Category };

/** Whether a section is for somebody, by what they are, which visits they wish for and whether they need a visa. */
export function isFor(
  audience: Audience,
  who: Asked,
  { visitIds, needsVisa }: { visitIds: ReadonlyArray<string>; needsVisa: boolean },
): boolean {
  const { delegationIds, categories } = audience;
  return (
    (delegationIds.length === 0 || delegationIds.includes(who.delegationId)) &&
    (categories.length === 0 || categories.includes(who.category)) &&
    (audience.visitIds.length === 0 || audience.visitIds.some((id) => visitIds.includes(id))) &&
    (!audience.joinsVisit || visitIds.length > 0) &&
    (!audience.needsVisa || needsVisa)
  );
}
