import { z } from "zod";
import { CATEGORIES, LOCALES } from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import type { MessageKey } from "../../i18n/translate.ts";
import { day, time } from "../edition/form.ts";
import { LONGEST_LINE, LONGEST_NAME_PART, mailboxProblem, refusedCharacters } from "../person/rules.ts";
import { MOST_NAMES, type ProposedName } from "./rules.ts";

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

const mailbox = line().refine((text) => text === "" || mailboxProblem(text) === null, key("error.email"));

/** Asking an institution for names. Times are by the clock of the meeting's city. */
export function focalPointForm(timeZone: string) {
  return z
    .object({
      delegationId: z.string({ error: key("error.choose") }),
      institutionEn: line(),
      institutionZh: line(),
      name: line().refine((text) => text !== "", key("error.required")),
      email: mailbox.refine((text) => text !== "", key("error.required")),
      locale: z.enum(LOCALES, { error: key("error.choose") }),
      places: z
        .int({ error: key("error.number") })
        .min(1, { error: key("error.number") })
        .max(MOST_NAMES, { error: key("error.number") }),
      closesOn: day.optional(),
      closesTime: time.optional(),
    })
    .refine((form) => form.institutionEn !== "" || form.institutionZh !== "", {
      message: key("error.required"),
      path: ["institutionEn"],
    })
    .refine((form) => form.closesTime === undefined || form.closesOn !== undefined, {
      message: key("error.required"),
      path: ["closesOn"],
    })
    .transform(({ closesOn, closesTime, ...form }) => ({
      ...form,
      closesAt: closesOn === undefined ? null : instantOf(closesOn, closesTime ?? "18:00", timeZone),
    }));
}

const proposed = z.object({
  familyLatin: line(LONGEST_NAME_PART),
  givenLatin: line(LONGEST_NAME_PART),
  nameNative: line(),
  honorific: line(),
  position: line(),
  email: mailbox,
  phone: line(40),
});

/** Names as `names[n].…`. Rows in which nothing was typed count for nothing. */
export const namesForm = z
  .object({ names: z.array(proposed).max(MOST_NAMES, key("nomination.refused.tooMany")).default([]) })
  .superRefine(({ names }, check) => {
    for (const [n, name] of names.entries()) {
      const typed = Object.values(name).some((text) => text !== "");
      if (typed && name.familyLatin === "" && name.givenLatin === "" && name.nameNative === "")
        check.addIssue({ code: "custom", path: ["names", n, "familyLatin"], message: "person.error.name" });
    }
  })
  .transform(
    ({ names }): Array<ProposedName> =>
      names
        .filter((name) => Object.values(name).some((text) => text !== ""))
        .map((name) => ({ ...name, email: name.email || null, phone: name.phone || null })),
  );

/** Taking a proposed name up: as somebody whom the contact book knows, or as somebody new. */
export const takeUpForm = z.object({
  nominationId: z.string({ error: key("error.choose") }),
  personId: z.string({ error: key("error.choose") }),
  category: z.enum(CATEGORIES, { error: key("error.choose") }),
});

/** In `takeUpForm`: nobody whom the contact book knows. */
export const NEW_PERSON = "new";

export const declineForm = z.object({
  nominationId: z.string({ error: key("error.choose") }),
  note: line(300),
});
