import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { auditEvent, delegation, invitation, registration } from "#db/schema/index.ts";
import type { RegistrationSection, RegistrationState, Reply, SectionState } from "#db/vocabulary.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import { programmeIn } from "../agenda/queries.server.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { classOf, mayRead } from "../person/classes.ts";
import { uploadsOf } from "../upload/record.server.ts";
import type { UploadFacts } from "../upload/rules.ts";
import { type VisitChoice, visitChoices } from "../visit/seats.server.ts";
import { type Answers, answersFromSections, SECTION_OF, sectionTexts, standardValues } from "./answers.ts";
import { closingOf } from "./closing.server.ts";
import {
  type FormDefinition,
  type FormSection,
  isFile,
  isStandard,
  partOf,
  type Question,
  type RowQuestion,
  sectionOfOwn,
  topKey,
  type Words,
} from "./definition.ts";
import { draftErrors, type FieldErrors, type FormFacts, submissionErrors } from "./form.ts";
import { answersOf } from "./merging.ts";
import { apart, formInForce, openAnswers } from "./own.server.ts";
import { type AskedForm, askedForm, askedInRow, type OwnValue, rowsShown } from "./own-answers.ts";
import { findRegistrant, prefilled, type Registrant, storedSections } from "./record.server.ts";
import { newestRequest, type OwnRequest } from "./requests.server.ts";
import {
  type Closed,
  type Engagement,
  sectionClosesAt,
  type TravelRemark,
  travelRemarks,
  visitClashes,
} from "./rules.ts";

type SectionView = {
  /** A standard section's name, or the key of one of the edition's own. */
  section: string;
  state: SectionState;
  /** The fields that still stand between this section and a submitted one. */
  missing: ReadonlyArray<string>;
  /** Filled in from what we knew, and nobody has said yet that it is right. */
  toCheck: boolean;
};

/** A question as the page draws it; of a group, what each row that is shown asks. */
export type AskedQuestion = Question & { rows: ReadonlyArray<ReadonlyArray<RowQuestion>> };

/** A section as one person is asked it. */
export type AskedSection = {
  key: string;
  title: Words;
  help: Words;
  /** Its last day, in the edition's zone; null: as long as the form is open. */
  deadline: string | null;
  /** Standard questions that are not asked. */
  left: ReadonlyArray<string>;
  questions: ReadonlyArray<AskedQuestion>;
};

type Clash = { visit: Engagement; other: Engagement };

/** The form as its owner sees it. Instants are epoch milliseconds. */
export type RegistrationForm = {
  /** The invitation's number. */
  number: string;
  /** The version of the form that was answered last; null before the first save. */
  formVersion: number | null;
  /** Why nothing can be changed now; null: it can. */
  closed: Closed | null;
  /** Sections in which a change is asked for and not made, by key: since when. */
  bound: Readonly<Record<string, number>>;
  /** Sections whose own last day is over, by key: since when. Of those that are not bound the first answers count. */
  past: Readonly<Record<string, number>>;
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
  /** The form as it is asked of this person, with the edition's own questions. */
  asked: ReadonlyArray<AskedSection>;
  /** Sealed answers that are there, by name: their last characters, or nothing of short ones. */
  kept: Readonly<Record<string, string>>;
  /** Files that were handed in, by id; of those under the seal nothing. */
  files: Readonly<Record<string, UploadFacts>>;
  /** Rises with every change: a page says with what it sends which one it showed. */
  revision: number;
  /** The mark of what stands in a section, for pages that show one: it says whether that was changed since. */
  marks: Readonly<Record<string, string>>;
  /** What was asked for after the deadline, and what staff said; the newest. */
  request: OwnRequest | null;
  visits: ReadonlyArray<VisitChoice>;
  clashes: ReadonlyArray<Clash>;
  remarks: ReadonlyArray<TravelRemark>;
};

/**
 * The registration form of the link's holder: stored answers, or what we know already. An assistant sees the sections
 * that are open to them and nothing of the others. Null when there is no such invitation.
 */
export function registrationForm(
  ctx: InvitationContext,
  { withMarks = false }: { withMarks?: boolean } = {},
): RegistrationForm | null {
  const orm = ctx.db.orm;
  const registrant = findRegistrant(orm, ctx.scope);
  if (registrant === null) return null;
  const rows = storedSections(orm, registrant);
  const visits = visitChoices(orm, registrant);
  const now = asItStands(ctx, registrant, { rows, visits });
  const { form, asked } = now;
  const unfinished = submissionErrors(now.answers, {
    ...formFacts(registrant, visits, asked),
    locale: ctx.locale,
  });
  const shown = (section: string) => isShown(ctx, section);
  const own = shownErrors(ctx, unfinished, form.definition);
  const { plain, sealed } = apart(now.answers.own, form);
  const answers = { ...now.answers, own: plain };
  const { assistant } = ctx;
  const sections = askedSections(asked, now.answers).filter(({ key }) => shown(key));
  const sectionOf = sectionOfOwn(form.definition);
  const closing = closingOf(orm, registrant, { definition: form.definition, now: ctx.clock.now() });
  return {
    number: registrant.number,
    formVersion: registrant.formVersion,
    closed: closing.closed,
    bound: Object.fromEntries([...closing.bound].filter(([section]) => shown(section))),
    past: pastSections(form.definition, registrant, ctx.clock.now()),
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
    answers: assistant === null ? answers : answersOf(assistant.sections, answers, form.definition),
    errors: rows.length === 0 ? {} : shownErrors(ctx, draftErrors(now.answers, asked), form.definition),
    unfinished: own,
    othersUnfinished: Object.keys(own).length < Object.keys(unfinished).length,
    sections: sectionViews(asked, { rows, unfinished: own, answers }).filter(({ section }) => shown(section)),
    asked: sections,
    kept: Object.fromEntries(
      Object.entries(sealed)
        .filter(([name]) => shown(sectionOf.get(topKey(name)) ?? ""))
        .map(([name, value]) => [name, form.files.has(name) ? "" : lastOf(name, value)]),
    ),
    files:
      form.files.size === 0
        ? {}
        : filesOf(ctx, registrant.invitationId, {
            questions: form.definition.sections.filter(({ key }) => shown(key)).flatMap(fileQuestions),
          }),
    revision: registrant.revision ?? 0,
    marks: withMarks ? marksOf(ctx.keys, now.answers, form.definition) : {},
    request: newestRequest(orm, registrant.invitationId),
    visits: shown("visits") ? visits : [],
    clashes: shown("visits") ? clashesOf(ctx, registrant, visits, answers.visits.visitIds) : [],
    remarks: shown("travel") ? travelRemarks(answers, registrant) : [],
  };
}

/** The sections whose own last day is over, with its end. */
function pastSections(
  { sections }: FormDefinition,
  registrant: Registrant,
  now: number,
): Record<string, number> {
  return Object.fromEntries(
    sections.flatMap((section) => {
      const at = section.deadline === null ? null : sectionClosesAt(section, registrant);
      return at === null || now <= at ? [] : [[section.key, at] as const];
    }),
  );
}

/** A mark for each section: the same answers, sealed ones too, have the same one, and nobody can guess back from it. */
export function marksOf(keys: Keys, answers: Answers, definition: FormDefinition): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sectionTexts(answers, definition)).map(([section, text]) => [
      section,
      keys.digest(`section\n${section}\n${text}`).slice(0, 32),
    ]),
  );
}

function filesOf(
  { db, keys }: Pick<InvitationContext, "db" | "keys">,
  invitationId: string,
  { questions }: { questions: ReadonlyArray<string> },
): Record<string, UploadFacts> {
  const files: Record<string, UploadFacts> = {};
  for (const [id, { title, mediaType, bytes, dataClass, question }] of uploadsOf(db.orm, keys, invitationId))
    if (dataClass !== "C5" && questions.includes(question)) files[id] = { id, title, mediaType, bytes };
  return files;
}

/** The keys of a section's questions that are answered with a file. */
function fileQuestions({ questions }: Pick<FormSection, "questions">): Array<string> {
  return questions
    .flatMap((each): Array<RowQuestion> => [each, ...each.questions])
    .flatMap((each) => (isFile(each) ? [each.key] : []));
}

/** The last characters of what is under the seal, enough to tell two answers apart; of short ones and of parts nothing. */
function lastOf(name: string, value: OwnValue): string {
  const part = partOf(name);
  if (typeof value !== "string" || (part !== null && part !== "number")) return "";
  const characters = [...value];
  return characters.length < 6 ? "" : characters.slice(-3).join("");
}

/** A form, what is asked of this person in it, and all their answers, sealed ones too. */
function asItStands(
  ctx: Pick<InvitationContext, "db" | "keys">,
  registrant: Registrant,
  { rows, visits }: { rows: ReadonlyArray<{ answers: string }>; visits: ReadonlyArray<VisitChoice> },
) {
  const form = formInForce(ctx.db.orm, registrant.formId);
  const stored = rows.length === 0 ? prefilled(registrant, placesHeld(visits)) : answersFromSections(rows);
  const sealed = openAnswers(ctx.db.orm, ctx.keys, { ...registrant, form });
  const asked = askedForm(form.definition, registrant, {
    standard: standardValues(stored),
    own: { ...stored.own, ...sealed },
  });
  return { form, asked, answers: { ...stored, own: asked.answers } };
}

export function askedSections(asked: AskedForm, answers: Answers): Array<AskedSection> {
  const standard = standardValues(answers);
  return asked.sections.map(({ key, title, help, deadline, left, questions }) => ({
    key,
    title,
    help,
    deadline,
    left,
    questions: questions.map((question) => ({
      ...question,
      rows:
        question.type !== "group"
          ? []
          : Array.from({ length: rowsShown(question, asked.answers) }, (_, row) =>
              askedInRow(question, row, { standard, own: asked.answers }),
            ),
    })),
  }));
}

/**
 * What the holder would be asked if these were their answers: for a page that shows again what could not be taken.
 * Null when there is no such invitation.
 */
export function askedWith(ctx: InvitationContext, answers: Answers): Array<AskedSection> | null {
  const registrant = findRegistrant(ctx.db.orm, ctx.scope);
  if (registrant === null) return null;
  const form = formInForce(ctx.db.orm, registrant.formId);
  const standard = standardValues(answers);
  const asked = askedForm(form.definition, registrant, { standard, own: answers.own });
  return askedSections(asked, answers).filter(({ key }) => isShown(ctx, key));
}

/** The visits on which somebody has, or waits for, a place before they have asked: they come instead of somebody. */
function placesHeld(visits: ReadonlyArray<VisitChoice>): Array<string> {
  return visits
    .filter(({ mine }) => mine !== null && mine !== "withdrawn")
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

/** Whether the holder sees this section of the form and fills it in. */
function isShown(ctx: InvitationContext, section: string): boolean {
  return ctx.assistant === null || ctx.assistant.sections.some((each) => each === section);
}

/** What is wrong with fields that the holder sees. */
export function shownErrors(
  ctx: InvitationContext,
  errors: FieldErrors,
  definition: FormDefinition,
): FieldErrors {
  if (ctx.assistant === null) return errors;
  const sectionOf = sectionOfOwn(definition);
  return Object.fromEntries(
    Object.entries(errors).filter(
      ([field]) =>
        isShown(ctx, SECTION_OF.get(field) ?? sectionOf.get(topKey(field)) ?? "") && field !== "email",
    ),
  );
}

export function formFacts(
  registrant: Pick<Registrant, "timeZone" | "travelTo">,
  visits: ReadonlyArray<VisitChoice>,
  asked: AskedForm,
): Omit<FormFacts, "locale"> {
  const { timeZone, travelTo } = registrant;
  return { timeZone, travelTo, visitIds: visits.map((visit) => visit.visitId), asked };
}

function sectionViews(
  asked: AskedForm,
  {
    rows,
    unfinished,
    answers,
  }: {
    rows: ReadonlyArray<{ section: string; state: SectionState }>;
    unfinished: FieldErrors;
    answers: Answers;
  },
): Array<SectionView> {
  const fields = Object.keys(unfinished);
  // A language and a tick are not what somebody would have to look at.
  const isKnown = (section: RegistrationSection) =>
    Object.entries(answers[section]).some(([field, value]) => field !== "mailLocale" && value.length > 0);
  return asked.sections.map(({ key, questions }) => {
    const own = new Set(questions.map((question) => question.key));
    const state = rows.find((row) => row.section === key)?.state ?? "empty";
    return {
      section: key,
      state,
      toCheck: state === "empty" && isStandard(key) && isKnown(key),
      missing: fields.filter((field) => SECTION_OF.get(field) === key || own.has(topKey(field))),
    };
  });
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
  /** What is asked of this person: the words for what is missing. */
  asked: ReadonlyArray<AskedSection>;
  remarks: ReadonlyArray<TravelRemark>;
};

/** The sections of one of this side's people that came after their own last day, by the trail: a day may be moved since. */
export function lateSections({ db: { orm }, scope }: StaffContext, invitationId: string): Array<string> {
  const submitted = orm
    .select({ details: auditEvent.details })
    .from(auditEvent)
    .innerJoin(registration, eq(registration.id, auditEvent.subjectId))
    .innerJoin(invitation, eq(invitation.id, registration.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(auditEvent.action, "registration.submit"),
        eq(invitation.id, invitationId),
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
      ),
    )
    .orderBy(desc(auditEvent.at), desc(sql`${auditEvent}.rowid`))
    .limit(1)
    .get();
  const { late = [] }: { late?: Array<string> } = JSON.parse(submitted?.details ?? "{}");
  return late;
}

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
  const { form, answers, asked } = asItStands(ctx, registrant, { rows, visits });
  const unfinished = submissionErrors(answers, {
    ...formFacts(registrant, visits, asked),
    locale: registrant.locale,
  });
  // That the severity of an allergy is missing says that there is one.
  const forReader = Object.fromEntries(
    Object.entries(unfinished).filter(([field]) => mayRead(classOf(field, form.definition), ctx.scope)),
  );
  return {
    state: registrant.state,
    submittedAt: registrant.submittedAt,
    updatedAt: registrant.updatedAt,
    revision: registrant.revision ?? 0,
    sections: sectionViews(asked, { rows, unfinished: forReader, answers }),
    asked: askedSections(asked, answers),
    remarks: mayRead(classOf("arrivalOn"), ctx.scope) ? travelRemarks(answers, registrant) : [],
  };
}
