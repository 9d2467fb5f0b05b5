import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { LOCALES, PERMISSIONS } from "#db/vocabulary.ts";
import { endOfDay } from "../privacy/release.ts";
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from "./rules.ts";

/* Passwords and codes are taken as typed, and are never echoed: the routes hide them from the form state. */

const email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, "error.email");
const name = z.string().trim().min(1).max(100);
const newPassword = z
  .string()
  .min(SHORTEST_PASSWORD, "session.passwordTooShort")
  .max(LONGEST_PASSWORD, "session.passwordTooLong");
/** A password that is compared, so that any length is a plain "wrong". */
const knownPassword = z.string().max(1_000);
const code = z.string().trim().max(40);

export const signInForm = z.object({ email: z.string().trim().max(254), password: knownPassword });
export const secondStepForm = z.object({ code });
export const passwordForm = z.object({ password: knownPassword });
/** The same under a name of its own, for pages that ask in several places. */
export function passwordIn(name: string) {
  return z.object({ [name]: knownPassword }).transform((typed) => typed[name] ?? "");
}
export const changePasswordForm = z.object({ current: knownPassword, password: newPassword });
export const accountForm = z.object({ name, locale: z.enum(LOCALES).optional() });

/** A set-up link's form: the side is asked for only where the link does not name it. */
export const setUpForm = z.object({ name, email, password: newPassword });
export const setUpWithSideForm = setUpForm.extend({ coHostId: z.string().max(40) });
export const setUpWithNewSideForm = setUpForm.extend({
  coHostEn: z.string().trim().min(1).max(200),
  coHostZh: z.string().trim().min(1).max(200),
});

/** A code as it was typed; what it comes to, only the domain says. */
export const codeForm = z.object({
  code: z.string().max(40),
  /** Random, and the form's own: by it two clicks on one form are one act. */
  attempt: z.string().max(40).default(""),
});

/** Staff who tell a code by phone say who they are once more. `link`: the assistant's, or `self`. */
export const tellCodeForm = z.object({
  link: z.string().max(40).default("self"),
  password: knownPassword,
});

/** An access is for the edition whose page one is on, or for all of the side's. */
export const REACHES = ["edition", "all"] as const;

/** Permissions and their last day, by the clock of the meeting's city; no day: until they are taken away. */
function accessFields(timeZone: string) {
  return {
    permissions: z.array(z.enum(PERMISSIONS)).min(1, "staff.error.permissions"),
    endsAt: z.iso
      .date("error.date")
      .transform((day) => endOfDay(day, timeZone))
      .optional(),
  };
}

/** How many days after the last departure staff may still work, unless somebody says otherwise. */
const DAYS_AFTERWARDS = 30;

/** The last day that a new colleague's form suggests. */
export function usualLastDay(travelTo: string): string {
  return Temporal.PlainDate.from(travelTo).add({ days: DAYS_AFTERWARDS }).toString();
}

export function newColleagueForm(timeZone: string) {
  return z.object({
    name,
    email,
    locale: z.enum(LOCALES),
    /** Asked for only where somebody leads more than one side. */
    sideId: z.string().max(40).optional(),
    reach: z.enum(REACHES).optional(),
    ...accessFields(timeZone),
    password: knownPassword,
  });
}

export function changeAccessForm(timeZone: string) {
  return z.object({ ...accessFields(timeZone), sure: z.literal("on").optional(), password: knownPassword });
}
/** On the page of the form above: a password field of its own. */
export const endAccessForm = z.object({ sure: z.literal("on").optional(), endPassword: knownPassword });
