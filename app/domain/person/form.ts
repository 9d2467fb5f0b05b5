import { z } from "zod";
import {
  CATEGORIES,
  type Category,
  LOCALES,
  REPLIES,
  type Reply,
  SESSION_FUNCTIONS,
} from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import {
  LONGEST_LINE,
  LONGEST_NAME_PART,
  mailboxProblem,
  type PersonFacts,
  refusedCharacters,
  sortKeyOf,
} from "./rules.ts";

function key(message: MessageKey): MessageKey {
  return message;
}

function line(longest = LONGEST_LINE) {
  return z
    .string()
    .trim()
    .max(longest, key("error.tooLong"))
    .refine((text) => refusedCharacters(text).length === 0, key("error.characters"))
    .default("");
}

/** A card of the contact book. The whole names are typed, not put together: their owners decide on them. */
export const personFields = {
  familyLatin: line(LONGEST_NAME_PART),
  givenLatin: line(LONGEST_NAME_PART),
  nameLatin: line(),
  familyNative: line(LONGEST_NAME_PART),
  givenNative: line(LONGEST_NAME_PART),
  nameNative: line(),
  sortKey: line(),
  honorificEn: line(),
  honorificZh: line(),
  salutationEn: line(),
  salutationZh: line(),
  institutionEn: line(),
  institutionZh: line(),
  positionEn: line(),
  positionZh: line(),
  email: line().refine((text) => text === "" || mailboxProblem(text) === null, key("error.email")),
  phone: line(40),
  locale: z.enum(LOCALES, { error: key("error.choose") }),
};

function hasName(form: { nameLatin: string; nameNative: string }): boolean {
  return form.nameLatin !== "" || form.nameNative !== "";
}

/** A card as a form shows it. */
export function formOfFacts(facts: PersonFacts): Record<string, string> {
  return { ...facts, email: facts.email ?? "", phone: facts.phone ?? "" };
}

const noName = { message: key("person.error.name"), path: ["nameLatin"] };

/** Changing somebody: the card, and what they are at this edition. */
export const changePersonForm = z
  .object({
    ...personFields,
    category: z.enum(CATEGORIES, { error: key("error.choose") }),
    invitedAs: z.enum(SESSION_FUNCTIONS).nullable().default(null),
  })
  .refine(hasName, noName);

/** Adding somebody by hand. */
export const addPersonForm = z
  .object({
    ...personFields,
    delegationId: z.string({ error: key("error.choose") }),
    category: z.enum(CATEGORIES, { error: key("error.choose") }),
    invitedAs: z.enum(SESSION_FUNCTIONS).nullable().default(null),
  })
  .refine(hasName, noName);

/** A card alone, without an invitation. */
export const cardForm = z.object(personFields).refine(hasName, noName);

/** Putting somebody into the contact book of a side. */
export const addCardForm = z
  .object({ ...personFields, sideId: z.string({ error: key("error.choose") }) })
  .refine(hasName, noName);

/** The card in a checked form. Without letters to sort by, the typed names lend theirs. */
export function factsOf(form: z.output<typeof cardForm>): PersonFacts {
  return {
    familyLatin: form.familyLatin,
    givenLatin: form.givenLatin,
    nameLatin: form.nameLatin,
    familyNative: form.familyNative,
    givenNative: form.givenNative,
    nameNative: form.nameNative,
    sortKey: form.sortKey === "" ? sortKeyOf(form) : form.sortKey,
    honorificEn: form.honorificEn,
    honorificZh: form.honorificZh,
    salutationEn: form.salutationEn,
    salutationZh: form.salutationZh,
    institutionEn: form.institutionEn,
    institutionZh: form.institutionZh,
    positionEn: form.positionEn,
    positionZh: form.positionZh,
    email: form.email === "" ? null : form.email,
    phone: form.phone === "" ? null : form.phone,
    locale: form.locale,
  };
}

/** What narrows a list of people. Absent: not narrowed. */
export type PeopleFilter = { delegationId?: string; category?: Category; reply?: Reply };

/** What a list of people is narrowed to, from an address. Values that are none of ours narrow nothing. */
export function peopleFilter(source: URLSearchParams): PeopleFilter {
  const text = (name: string) => (source.get(name) ?? "").trim().slice(0, LONGEST_LINE);
  const delegationId = text("delegation");
  const category = CATEGORIES.find((known) => known === text("category"));
  const reply = REPLIES.find((known) => known === text("reply"));
  return {
    ...(delegationId === "" ? {} : { delegationId }),
    ...(category === undefined ? {} : { category }),
    ...(reply === undefined ? {} : { reply }),
  };
}

/** The same as fields of a form; what does not narrow is empty. */
export function filterFields(filter: PeopleFilter) {
  return {
    delegation: filter.delegationId ?? "",
    category: filter.category ?? "",
    reply: filter.reply ?? "",
  };
}
