import { z } from "zod";
import { LOCALES, NAME_FORMS } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { LONGEST_LINE, mailboxProblem, refusedCharacters } from "../person/rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

function line(longest = LONGEST_LINE) {
  return z
    .string({ error: key("error.required") })
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => refusedCharacters(text).length === 0, key("error.characters"));
}

function words(longest: number) {
  return z
    .string({ error: key("error.required") })
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => !/(?![\r\n\t])[\p{Cc}\p{Cs}\p{Bidi_Control}]/u.test(text), key("error.characters"))
    .transform((text) => text.replaceAll("\r\n", "\n"));
}

export const noteForm = z.object({ note: words(2_000).default("") });

export const doNotInviteForm = z.object({ reason: words(1_000) });

export const nameFormForm = z.object({
  form: z.enum(NAME_FORMS, { error: key("error.choose") }),
  name: line(),
});

/** Somebody who reads along or answers for a person. */
export const assistantForm = z.object({
  name: line(),
  email: line().refine((text) => mailboxProblem(text) === null, key("error.email")),
  phone: line(40).default(""),
  locale: z.enum(LOCALES, { error: key("error.choose") }),
  mayAct: z.boolean().default(false),
  getsCopies: z.boolean().default(false),
});
export type AssistantFacts = z.output<typeof assistantForm>;

export const BOOK_PARTS = ["notHere", "postDue", "doNotInvite"] as const;
export type BookPart = (typeof BOOK_PARTS)[number];

/** What narrows the contact book. Absent: not narrowed. */
export type BookFilter = { search?: string; editionId?: string; part?: BookPart };

/** What the book is narrowed to, from an address or a form. Values that are none of ours narrow nothing. */
export function bookFilter(source: URLSearchParams | FormData): BookFilter {
  const text = (name: string) => {
    const value = source.get(name);
    return typeof value === "string" ? value.trim().slice(0, LONGEST_LINE) : "";
  };
  const part = BOOK_PARTS.find((known) => known === text("part"));
  return {
    ...(text("search") === "" ? {} : { search: text("search") }),
    ...(text("edition") === "" ? {} : { editionId: text("edition") }),
    ...(part === undefined ? {} : { part }),
  };
}

/** The same as fields of a form; what does not narrow is empty. */
export function bookFilterFields(filter: BookFilter) {
  return { search: filter.search ?? "", edition: filter.editionId ?? "", part: filter.part ?? "" };
}

/** The same for an address. What was searched for is left out: names have no place in addresses. */
export function bookFilterQuery(filter: BookFilter): string {
  const { search: _search, ...fields } = bookFilterFields(filter);
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ""));
  return query.size === 0 ? "" : `?${query}`;
}
