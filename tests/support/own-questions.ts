import {
  EVERYBODY,
  NO_WORDS,
  PLAIN_QUESTION,
  type Question,
  type RowQuestion,
} from "#app/domain/registration/definition.ts";
import type { FieldType } from "#db/vocabulary.ts";

/** Questions that a secretariat added to its form, and a section with some of them. */
export function row(key: string, type: FieldType, rest: Partial<RowQuestion> = {}): RowQuestion {
  return { ...PLAIN_QUESTION, key, type, label: { en: `Question ${key}`, zh: `问题${key}` }, ...rest };
}

export function question(key: string, type: FieldType, rest: Partial<Question> = {}): Question {
  return { ...row(key, type), questions: [], ...rest };
}

export function section(key: string, questions: Array<Question>, audience = EVERYBODY) {
  return {
    key,
    title: { en: "More", zh: "其他" },
    help: NO_WORDS,
    audience,
    deadline: null,
    left: [],
    questions,
  };
}
