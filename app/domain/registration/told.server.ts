/**
 * A registration that staff write down as they are told it, by phone or otherwise: the same form, checks and commands as the
 * person's own, with the way and the source noted. Each writes in what they may read, and nothing else is shown or changed.
 */
import type { InvitationContext, StaffContext } from "../context.ts";
import { findOwn } from "../invitation/own.server.ts";
import { classOf, mayRead } from "../person/classes.ts";
import { refused } from "../result.ts";
import { type Answers, blankAnswers } from "./answers.ts";
import { saveRegistration, submitRegistration, type Told } from "./commands.server.ts";
import { type FormDefinition, isStandard } from "./definition.ts";
import { mergedSections } from "./merging.ts";
import { publishedForm } from "./own.server.ts";
import { namesOf } from "./own-answers.ts";
import { type AskedSection, askedWith, type RegistrationForm, registrationForm } from "./queries.server.ts";
import { findRegistrant } from "./record.server.ts";

/** Who takes calls: those who may change people, or who book for them. */
export const TELL_ACT = ["invitations", "logistics"] as const;

/** The person's form for one of their side's staff, or null when there is no such person on it. */
function holderFor(ctx: StaffContext, invitationId: string): InvitationContext | null {
  const { orm } = ctx.db;
  if (findOwn(orm, ctx, invitationId) === null) return null;
  const scope = { editionId: ctx.scope.editionId, invitationId };
  const registrant = findRegistrant(orm, scope);
  return registrant === null ? null : { ...ctx, scope, locale: registrant.locale, assistant: null };
}

/** Sections all of whose answers this reader may read. */
function readable(
  { scope }: StaffContext,
  sections: ReadonlyArray<AskedSection>,
  definition: FormDefinition,
): Array<string> {
  return sections
    .filter(({ key, left, questions }) => {
      const standard = isStandard(key)
        ? Object.keys(blankAnswers[key]).filter((field) => !left.includes(field))
        : [];
      const own = questions.flatMap((question) => [...namesOf(question)].map(({ name }) => name));
      return [...standard, ...own].every((name) => mayRead(classOf(name, definition), scope));
    })
    .map(({ key }) => key);
}

export type FormToWrite = {
  nameLatin: string;
  nameNative: string;
  sideId: string;
  form: RegistrationForm;
  /** Whether there are sections that this reader neither sees nor writes in. */
  hasMore: boolean;
};

/** The form as one of the side's staff may write in it; null when there is no such person on their side. */
export function formToWrite(ctx: StaffContext, invitationId: string): FormToWrite | null {
  const holder = holderFor(ctx, invitationId);
  const registrant = holder === null ? null : findRegistrant(ctx.db.orm, holder.scope);
  const form = holder === null ? null : registrationForm(holder);
  if (form === null || registrant === null) return null;
  const { definition } = publishedForm(ctx.db.orm, ctx.scope.editionId);
  const open = readable(ctx, form.asked, definition);
  const isOpen = (section: string) => open.includes(section);
  const sections = form.sections.filter(({ section }) => isOpen(section));
  const fields = new Set(sections.flatMap(({ missing }) => missing));
  const within = (errors: RegistrationForm["errors"]) =>
    Object.fromEntries(Object.entries(errors).filter(([field]) => fields.has(field)));
  const { nameLatin, nameNative, sideId } = registrant;
  return {
    nameLatin,
    nameNative,
    sideId,
    form: {
      ...form,
      // Whoever takes a call is not held to a section's day.
      bound: {},
      past: {},
      asked: form.asked.filter(({ key }) => isOpen(key)),
      sections,
      answers: mergedSections(open, { known: blankAnswers, given: form.answers }, definition),
      errors: within(form.errors),
      unfinished: within(form.unfinished),
      kept: Object.fromEntries(
        Object.entries(form.kept).filter(([name]) => mayRead(classOf(name, definition), ctx.scope)),
      ),
      remarks: isOpen("travel") ? form.remarks : [],
    },
    hasMore: sections.length < form.sections.length,
  };
}

/** What would be asked with these answers, in the sections of this reader. */
export function askedToWrite(ctx: StaffContext, invitationId: string, answers: Answers): Array<AskedSection> {
  const holder = holderFor(ctx, invitationId);
  const asked = holder === null ? [] : (askedWith(holder, answers) ?? []);
  const { definition } = publishedForm(ctx.db.orm, ctx.scope.editionId);
  const open = readable(ctx, asked, definition);
  return asked.filter(({ key }) => open.includes(key));
}

/**
 * Writes down what staff were told: as a draft, or handed in for the person, also after the deadline. Refused as the
 * person's own would be, and when there is no such person on this side (`gone`).
 */
export async function writeDown(
  ctx: StaffContext,
  {
    invitationId,
    answers,
    cleared,
    seen,
    told,
    handIn,
  }: {
    invitationId: string;
    answers: Answers;
    cleared: ReadonlyArray<string>;
    seen: number | undefined;
    told: Told;
    handIn: boolean;
  },
) {
  const holder = holderFor(ctx, invitationId);
  const form = holder === null ? null : registrationForm(holder);
  if (holder === null || form === null) return refused("gone");
  const { definition } = publishedForm(ctx.db.orm, ctx.scope.editionId);
  const only = readable(ctx, form.asked, definition);
  const sent = { answers, cleared, only, seen, told, channel: "staff" as const };
  return handIn || form.state === "submitted"
    ? submitRegistration(holder, sent)
    : saveRegistration(holder, sent);
}
