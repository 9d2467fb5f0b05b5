import { and, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, invitation } from "#db/schema/index.ts";
import {
  REGISTRATION_SECTIONS,
  type RegistrationSection,
  type RegistrationState,
  type Reply,
  type SectionState,
} from "#db/vocabulary.ts";
import { programmeIn } from "../agenda/queries.server.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { classOf, mayRead } from "../person/classes.ts";
import { type VisitChoice, visitChoices } from "../visit/seats.server.ts";
import { type Answers, answersFromSections, answersOf, SECTION_OF } from "./answers.ts";
import { draftErrors, type FieldErrors, type FormFacts, submissionErrors } from "./form.ts";
import { findRegistrant, prefilled, type Registrant, storedSections } from "./record.server.ts";
import {
  type Closed,
  type Engagement,
  registrationClosed,
  type TravelRemark,
  travelRemarks,
  visitClashes,
} from "./rules.ts";

type SectionView = {
  section: RegistrationSection;
  state: SectionState;
  /** The fields that still stand between this section and a submitted one. */
  missing: ReadonlyArray<string>;
};

type Clash = { visit: Engagement; other: Engagement };

/** The form as its owner sees it. Instants are epoch milliseconds. */
export type RegistrationForm = {
  /** Why nothing can be changed now; null: it can. */
  closed: Closed | null;
  reply: Reply;
  /** Null before the first save: then the answers are what the secretariat knew already. */
  state: RegistrationState | null;
  updatedAt: number | null;
  submittedAt: number | null;
  registerBy: number | null;
  timeZone: string;
  homeTimeZone: string;
  travelFrom: string;
  travelTo: string;
  phones: string;
  /** An assistant has it before them: with their sections alone, and without the mailbox that codes go to. */
  byAssistant: boolean;
  answers: Answers;
  /** What is wrong with the form of what is there. */
  errors: FieldErrors;
  /** What is wrong or missing when it is to be sent. */
  unfinished: FieldErrors;
  /** Whether more is wrong or missing in what the holder does not see. */
  othersUnfinished: boolean;
  sections: ReadonlyArray<SectionView>;
  visits: ReadonlyArray<VisitChoice>;
  clashes: ReadonlyArray<Clash>;
  remarks: ReadonlyArray<TravelRemark>;
};

/**
 * The registration form of the link's holder: stored answers, or what we know already. An assistant sees the sections
 * that are open to them and nothing of the others. Null when there is no such invitation.
 */
export function registrationForm(ctx: InvitationContext): RegistrationForm | null {
  const orm = ctx.db.orm;
  const registrant = findRegistrant(orm, ctx.scope);
  if (registrant === null) return null;
  const rows = storedSections(orm, registrant);
  const visits = visitChoices(orm, registrant);
  const answers = rows.length === 0 ? prefilled(registrant, placesHeld(visits)) : answersFromSections(rows);
  const unfinished = submissionErrors(answers, { ...formFacts(registrant, visits), locale: ctx.locale });
  const shown = shownSections(ctx);
  const own = shownErrors(ctx, unfinished);
  return {
    closed: registrationClosed(registrant, ctx.clock.now()),
    reply: registrant.reply,
    state: registrant.state,
    updatedAt: registrant.updatedAt,
    submittedAt: registrant.submittedAt,
    registerBy: registrant.registerBy,
    timeZone: registrant.timeZone,
    homeTimeZone: registrant.homeTimeZone,
    travelFrom: registrant.travelFrom,
    travelTo: registrant.travelTo,
    phones: registrant.phones,
    byAssistant: ctx.assistant !== null,
    answers: ctx.assistant === null ? answers : answersOf(shown, answers),
    errors: rows.length === 0 ? {} : shownErrors(ctx, draftErrors(answers)),
    unfinished: own,
    othersUnfinished: Object.keys(own).length < Object.keys(unfinished).length,
    sections: sectionViews(rows, own).filter(({ section }) => shown.includes(section)),
    visits: shown.includes("visits") ? visits : [],
    clashes: shown.includes("visits") ? clashesOf(ctx, registrant, visits, answers.visits.visitIds) : [],
    remarks: shown.includes("travel") ? travelRemarks(answers, registrant) : [],
  };
}

/** The visits on which somebody has, or waits for, a place before they have asked: they come instead of somebody. */
function placesHeld(visits: ReadonlyArray<VisitChoice>): Array<string> {
  return visits
    .filter(({ mine }) => mine === "granted" || mine === "waiting")
    .map(({ visitId }) => visitId)
    .sort();
}

/** The answers as they stand: those stored, or what we know of a person already. */
export function standingAnswers(orm: Orm, registrant: Registrant): Answers {
  const rows = storedSections(orm, registrant);
  return rows.length === 0
    ? prefilled(registrant, placesHeld(visitChoices(orm, registrant)))
    : answersFromSections(rows);
}

/** The sections of the form that its holder sees and fills in. */
function shownSections(ctx: InvitationContext): ReadonlyArray<RegistrationSection> {
  return ctx.assistant === null ? REGISTRATION_SECTIONS : ctx.assistant.sections;
}

/** What is wrong with fields that the holder sees. */
export function shownErrors(ctx: InvitationContext, errors: FieldErrors): FieldErrors {
  if (ctx.assistant === null) return errors;
  const shown = shownSections(ctx);
  return Object.fromEntries(
    Object.entries(errors).filter(([field]) => {
      const section = SECTION_OF.get(field);
      return section !== undefined && shown.includes(section) && field !== "email";
    }),
  );
}

export function formFacts(
  registrant: Pick<Registrant, "timeZone">,
  visits: ReadonlyArray<VisitChoice>,
): Omit<FormFacts, "locale"> {
  return { timeZone: registrant.timeZone, visitIds: visits.map((visit) => visit.visitId) };
}

function sectionViews(
  rows: ReadonlyArray<{ section: RegistrationSection; state: SectionState }>,
  unfinished: FieldErrors,
): Array<SectionView> {
  const fields = Object.keys(unfinished);
  return REGISTRATION_SECTIONS.map((section) => ({
    section,
    state: rows.find((row) => row.section === section)?.state ?? "empty",
    missing: fields.filter((field) => SECTION_OF.get(field) === section),
  }));
}

/** Wished visits that collide with one another or with what else this person does. */
function clashesOf(
  ctx: InvitationContext,
  registrant: Registrant,
  visits: ReadonlyArray<VisitChoice>,
  wished: ReadonlyArray<string>,
): Array<Clash> {
  const chosen = visits
    .filter((visit) => wished.includes(visit.visitId))
    .map(({ itemId, startsAt, endsAt, titleEn, titleZh }) => ({
      id: itemId,
      startsAt,
      endsAt,
      titleEn,
      titleZh,
    }));
  if (chosen.length === 0) return [];
  const engaged = programmeIn(ctx.db.orm, registrant).items.filter(
    (item) => item.functions.length > 0 && !chosen.some((visit) => visit.id === item.id),
  );
  return visitClashes(chosen, engaged).map(({ visit, other }) => ({
    visit: engagement(visit),
    other: engagement(other),
  }));
}

function engagement({ id, startsAt, endsAt, titleEn, titleZh }: Engagement): Engagement {
  return { id, startsAt, endsAt, titleEn, titleZh };
}

/**
 * How far somebody's registration is, for staff of their side. No answers: those have classes of their own. What is
 * missing and what is remarked on follows from answers, so the reader is told of fields whose class they may read.
 */
export type RegistrationProgress = {
  state: RegistrationState | null;
  submittedAt: number | null;
  updatedAt: number | null;
  revision: number;
  sections: ReadonlyArray<SectionView>;
  remarks: ReadonlyArray<TravelRemark>;
};

/** The registration of one of this side's people, or null when there is no such person on it. */
export function registrationForStaff(ctx: StaffContext, invitationId: string): RegistrationProgress | null {
  const orm = ctx.db.orm;
  const ours = orm
    .select({ id: invitation.id })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.id, invitationId),
        eq(invitation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get();
  if (ours === undefined) return null;
  const registrant = findRegistrant(orm, { editionId: ctx.scope.editionId, invitationId });
  if (registrant === null) return null;
  const rows = storedSections(orm, registrant);
  const visits = visitChoices(orm, registrant);
  const answers = rows.length === 0 ? prefilled(registrant, placesHeld(visits)) : answersFromSections(rows);
  const facts = formFacts(registrant, visits);
  // That the severity of an allergy is missing says that there is one.
  const forReader = (errors: FieldErrors): FieldErrors =>
    Object.fromEntries(Object.entries(errors).filter(([field]) => mayRead(classOf(field), ctx.scope)));
  return {
    state: registrant.state,
    submittedAt: registrant.submittedAt,
    updatedAt: registrant.updatedAt,
    revision: registrant.revision ?? 0,
    sections: sectionViews(
      rows,
      forReader(submissionErrors(answers, { ...facts, locale: registrant.locale })),
    ),
    remarks: mayRead(classOf("arrivalOn"), ctx.scope) ? travelRemarks(answers, registrant) : [],
  };
}
