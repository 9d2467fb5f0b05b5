import { parseWithZod } from "@conform-to/zod/v4";
import type { z } from "zod";
import { catalogue, type MessageKey } from "../i18n/catalogue/index.ts";
import type { FormState } from "./form-state.ts";

/** More than any form of ours has. Checking takes time with the square of their number, and anybody may send them. */
const MOST_FIELDS = 1_000;
/** A list is made as long as its highest index says: `rows[99999999]` would be a hundred million rows. */
const HUGE_INDEX = /\[\d{4,}\]/;

function isOversized(formData: FormData): boolean {
  const names = [...formData.keys()];
  return names.length > MOST_FIELDS || names.some((name) => HUGE_INDEX.test(name));
}

/** More people than any list of ours has; the database takes no more than 32,766 in one question. */
const MOST_TICKED = 5_000;

/** The boxes of a list that were ticked, by their values; null when no list of ours could have sent so many. */
export function ticked(formData: FormData, name: string): Array<string> | null {
  const values = formData.getAll(name).filter((value) => typeof value === "string");
  return values.length > MOST_TICKED ? null : values;
}

export function isMessageKey(text: string): text is MessageKey {
  return Object.hasOwn(catalogue, text);
}

/**
 * Checks a submitted form against a schema whose messages are catalogue keys. Empty fields count as not given;
 * unticked boxes are absent. What no form of ours could have sent is refused unread.
 *
 * @param hide names whose values must not be echoed (passwords, codes, passport data).
 */
export function parseForm<Schema extends z.ZodType>(
  schema: Schema,
  formData: FormData,
  hide: ReadonlyArray<string> = [],
): { ok: true; value: z.output<Schema> } | { ok: false; form: FormState } {
  if (isOversized(formData)) return { ok: false, form: { values: {}, errors: { "": ["error.invalid"] } } };
  const submission = parseWithZod(formData, {
    schema,
    formatError: (issues: Array<Issue>) => issues.map(messageOf),
  });
  if (submission.status === "success") return { ok: true, value: submission.value };
  const errors: Record<string, ReadonlyArray<MessageKey>> = {};
  for (const [name, keys] of Object.entries(submission.error ?? {})) if (keys !== null) errors[name] = keys;
  return { ok: false, form: { values: typedValues(formData, hide), errors } };
}

/** Two fields for each of as many people as a list may have, and a few of the form itself. */
const MOST_LINES = 2 * MOST_TICKED + 10;

/**
 * The same for a form with a line for each of many people: the fields `places.…` become a record `places`. It goes through
 * them once, so that thousands cost no more than they are; empty fields are given as empty.
 *
 * @param records the names of the records.
 */
export function parseLines<Schema extends z.ZodType>(
  schema: Schema,
  formData: FormData,
  records: ReadonlyArray<string>,
): { ok: true; value: z.output<Schema> } | { ok: false; form: FormState } {
  const fields = [...formData].flatMap(
    ([name, value]): Array<[string, string]> => (typeof value === "string" ? [[name, value]] : []),
  );
  if (fields.length > MOST_LINES)
    return { ok: false, form: { values: {}, errors: { "": ["error.invalid"] } } };
  const lines = records.map((record) => {
    const own = fields.filter(([name]) => name.startsWith(`${record}.`));
    return [record, Object.fromEntries(own.map(([name, value]) => [name.slice(record.length + 1), value]))];
  });
  const parsed = schema.safeParse({ ...Object.fromEntries(fields), ...Object.fromEntries(lines) });
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors: Record<string, ReadonlyArray<MessageKey>> = {};
  for (const issue of parsed.error.issues) errors[issue.path.join(".")] = [messageOf(issue)];
  return { ok: false, form: { values: Object.fromEntries(fields), errors } };
}

/** What was typed, by field name, for showing the form again. */
export function typedValues(formData: FormData, hide: ReadonlyArray<string> = []): FormState["values"] {
  const values: Record<string, string | ReadonlyArray<string>> = {};
  for (const name of new Set(formData.keys())) {
    if (hide.includes(name)) continue;
    const texts = formData.getAll(name).filter((value) => typeof value === "string");
    values[name] = texts.length > 1 ? texts : (texts[0] ?? "");
  }
  return values;
}

/** A form state that says one thing about one field, with everything typed kept. */
export function withError(
  formData: FormData,
  name: string,
  key: MessageKey,
  hide: ReadonlyArray<string> = [],
): FormState {
  return { values: typedValues(formData, hide), errors: { [name]: [key] } };
}

type Issue = z.core.$ZodIssue;

function messageOf(issue: Issue): MessageKey {
  if (isMessageKey(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "error.required"
        : issue.expected === "number" || issue.expected === "int"
          ? "error.number"
          : "error.required";
    case "too_big":
      return "error.tooLong";
    case "too_small":
      return "error.required";
    case "invalid_value":
      return "error.choose";
    default:
      return "error.invalid";
  }
}
