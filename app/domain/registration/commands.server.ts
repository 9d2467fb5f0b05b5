import { eq, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { consent, invitation, person, registration, registrationSection } from "#db/schema/index.ts";
import {
  type Channel,
  CONSENTS,
  type InvitationEventKind,
  type Locale,
  type Means,
  type SectionState,
} from "#db/vocabulary.ts";
import type { MailVisit } from "#emails/payload.ts";
import { parseLocale } from "../../i18n/translate.ts";
import { newId } from "../../platform/crypto.server.ts";
import { channelOf } from "../access/rules.ts";
import { programmeIn } from "../agenda/queries.server.ts";
import type { InvitationContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { openingOf } from "../mail/opening.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";
import { mailboxKey } from "../person/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { markDependents } from "../redo/commands.server.ts";
import { PASSPORT_FIELD } from "../redo/rules.ts";
import { ok, type Result, refused } from "../result.ts";
import { ownUploads, settleUploads } from "../upload/record.server.ts";
import {
  askForPlaces,
  moveUp,
  type PlaceOutcome,
  type VisitChoice,
  visitChoices,
} from "../visit/seats.server.ts";
import {
  type Answers,
  blankAnswers,
  CONSENT_TEXT_VERSION,
  formValues,
  ownBySection,
  sectionTexts,
  standardValues,
  ticked,
} from "./answers.ts";
import { closingOf } from "./closing.server.ts";
import {
  type FormDefinition,
  isOwnName,
  keysIn,
  partOf,
  questionsOf,
  sectionOfOwn,
  stemOf,
  topKey,
} from "./definition.ts";
import { draftErrors, type FieldErrors, isStorable, submissionErrors } from "./form.ts";
import { answersWithin, changedNames, collides, mergedSections } from "./merging.ts";
import {
  apart,
  type FormInForce,
  formInForce,
  isPassports,
  openAnswers,
  sameAnswers,
  sealAnswers,
} from "./own.server.ts";
import { type AskedForm, askedForm, type OwnAnswers } from "./own-answers.ts";
import { EXPECTED, PENDING } from "./parts.ts";
import { formFacts, marksOf, shownErrors, standingAnswers } from "./queries.server.ts";
import { findRegistrant, type Registrant, standingConsents, storedSections } from "./record.server.ts";
import { type Closed, receiptNumber, registrationClosed, sectionClosesAt } from "./rules.ts";

/** Answers that cannot be taken as they are, with everything that is wrong with them. */
export type Invalid = { ok: false; refusal: "invalid"; errors: FieldErrors };

export type Saved = { registrationId: string; changed: boolean };

const insertRegistration = prepared((orm) =>
  orm
    .insert(registration)
    .values({
      id: sql.placeholder("id"),
      invitationId: sql.placeholder("invitationId"),
      state: sql.placeholder("state"),
      formVersion: sql.placeholder("formVersion"),
      locale: sql.placeholder("locale"),
      revision: 1,
      createdAt: sql.placeholder("at"),
      updatedAt: sql.placeholder("at"),
      submittedAt: sql.placeholder("submittedAt"),
    })
    .prepare(),
);

const updateRegistration = prepared((orm) =>
  orm
    .update(registration)
    .set({
      state: sql`${sql.placeholder("state")}`,
      formVersion: sql`${sql.placeholder("formVersion")}`,
      locale: sql`${sql.placeholder("locale")}`,
      revision: sql`${registration.revision} + 1`,
      updatedAt: sql`${sql.placeholder("at")}`,
      submittedAt: sql`${sql.placeholder("submittedAt")}`,
    })
    .where(eq(registration.id, sql.placeholder("id")))
    .prepare(),
);

const putSection = prepared((orm) =>
  orm
    .insert(registrationSection)
    .values({
      registrationId: sql.placeholder("registrationId"),
      section: sql.placeholder("section"),
      state: sql.placeholder("state"),
      answers: sql.placeholder("answers"),
      updatedAt: sql.placeholder("at"),
    })
    .onConflictDoUpdate({
      target: [registrationSection.registrationId, registrationSection.section],
      set: {
        state: sql`excluded.state`,
        answers: sql`excluded.answers`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
    .prepare(),
);

const insertConsent = prepared((orm) =>
  orm
    .insert(consent)
    .values({
      id: sql.placeholder("id"),
      invitationId: sql.placeholder("invitationId"),
      kind: sql.placeholder("kind"),
      given: sql.placeholder("given"),
      textVersion: sql.placeholder("textVersion"),
      locale: sql.placeholder("locale"),
      channel: sql.placeholder("channel"),
      at: sql.placeholder("at"),
    })
    .prepare(),
);

const acceptInvitation = prepared((orm) =>
  orm
    .update(invitation)
    .set({ reply: "accepted", repliedAt: sql`${sql.placeholder("at")}` })
    .where(eq(invitation.id, sql.placeholder("id")))
    .prepare(),
);

const updatePerson = prepared((orm) =>
  orm
    .update(person)
    .set({
      email: sql`${sql.placeholder("email")}`,
      emailKey: sql`${sql.placeholder("emailKey")}`,
      phone: sql`${sql.placeholder("phone")}`,
      locale: sql`${sql.placeholder("locale")}`,
      updatedAt: sql`${sql.placeholder("at")}`,
    })
    .where(eq(person.id, sql.placeholder("id")))
    .prepare(),
);

/**
 * Keeps answers as a draft, whatever is still missing from them. Only what no column should hold (10,000 characters
 * in a name, control characters) is sent back. The same answers again write nothing.
 *
 * Of an assistant's answers only those of the sections count that are open to them. Sealed answers are not shown to be
 * sent again, so they stay unless they are `cleared` or another is sent.
 *
 * Refused when it was changed since it was `seen`; when the registration has been submitted (then changes are sent with `submitRegistration`), the invitation
 * was withdrawn or declined, or the time for registering is over.
 */
export function saveRegistration(
  ctx: InvitationContext,
  sent: Sent,
): Promise<Result<Saved, Closed | "submitted" | "changed" | "gone"> | Invalid> {
  return ctx.db.write((tx) => saveIn(tx, ctx, sent));
}

/** A registration as it stands: for callers that have just read it in the same transaction. */
export type Standing = { registrant: Registrant; answers: Answers };

/** The same inside a command. */
export function saveIn(
  tx: Tx,
  ctx: InvitationContext,
  { answers: given, cleared = [], only, seen, marks, told, channel = channelOf(ctx) }: Sent,
  standing?: Standing,
): Result<Saved, Closed | "submitted" | "changed" | "gone"> | Invalid {
  const registrant = standing?.registrant ?? findRegistrant(tx, ctx.scope);
  if (registrant === null) return refused("gone");
  const closed = registrationClosed(registrant, ctx.clock.now());
  if (closed !== null && !(told !== undefined && closed === "closed")) return refused(closed);
  if (registrant.state === "submitted") return refused("submitted");
  const taken = taking(tx, ctx, registrant, { given, cleared, only, standing });
  const { answers } = taken;
  const errors = draftErrors(answers, taken.asked);
  if (!isStorable(errors, (name) => isPassports(taken.form, name)))
    return { ok: false, refusal: "invalid", errors: shownErrors(ctx, errors, taken.form.definition) };

  const changes = changedSections(tx, registrant, taken, { target: "draft", only });
  if (changes.length === 0 && registrant.registrationId !== null)
    return ok({ registrationId: registrant.registrationId, changed: false });
  if (isStale(registrant, seen) || isOvertaken(tx, ctx, registrant, { taken, only, marks }))
    return refused("changed");
  const registrationId = putRegistration(tx, ctx, registrant, taken, "draft");
  putSections(tx, ctx, registrationId, { changes, taken });
  if (registrant.registrationId === null || told !== undefined)
    recordEvent(tx, ctx, { kind: "registering", channel, told });
  recordAudit(tx, ctx, {
    action: "registration.save",
    subjectKind: "registration",
    subjectId: registrationId,
    editionId: registrant.editionId,
    sideId: registrant.sideId,
    details: { sections: changes.map((change) => change.section) },
  });
  return ok({ registrationId, changed: true });
}

/**
 * Takes complete answers: stores them, records what was consented to, asks for places on visits, accepts the
 * invitation if that was still open, brings address and language of the contact book up to date, and queues the
 * confirmation. Answers that were submitted already write nothing and give the same answer.
 *
 * Of an assistant's answers only those of the sections count that are open to them.
 *
 * Refused when it was changed since it was `seen`; when the invitation was withdrawn or declined, or the time for
 * registering is over; when it would change what was handed in of a section whose own time is over (`late`: that is a
 * wish, see `requestChange`); and when it would accept the invitation, which not every assistant may (`unanswered`).
 */
export function submitRegistration(
  ctx: InvitationContext,
  sent: Sent,
): Promise<Result<Saved, Closed | "late" | "unanswered" | "changed" | "gone"> | Invalid> {
  return ctx.db.write((tx) => submitIn(tx, ctx, sent));
}

/**
 * The same inside a command. `late`: staff have agreed to it, so the time for registering, or for a section, may be over.
 */
export function submitIn(
  tx: Tx,
  ctx: InvitationContext,
  {
    answers: given,
    cleared = [],
    only,
    seen,
    marks,
    told,
    channel = channelOf(ctx),
    late = told !== undefined,
  }: Sent & { late?: boolean },
): Result<Saved, Closed | "late" | "unanswered" | "changed" | "gone"> | Invalid {
  const registrant = findRegistrant(tx, ctx.scope);
  if (registrant === null) return refused("gone");
  const taken = taking(tx, ctx, registrant, { given, cleared, only });
  const { answers } = taken;
  const changes = changedSections(tx, registrant, taken, { target: "submitted" });
  const first = registrant.state !== "submitted";
  if (!first && changes.length === 0 && registrant.registrationId !== null)
    return ok({ registrationId: registrant.registrationId, changed: false });
  const { definition } = taken.form;
  const { closed, bound } = closingOf(tx, registrant, { definition, now: ctx.clock.now() });
  if (closed !== null && !(late && closed === "closed")) return refused(closed);
  if (!late && bound.size > 0) {
    const within = taking(tx, ctx, registrant, { given, cleared, only: openOf({ only, definition, bound }) });
    if (changedNames(formValues(within.answers), formValues(answers)).length > 0) return refused("late");
  }
  if (isStale(registrant, seen) || isOvertaken(tx, ctx, registrant, { taken, only, marks }))
    return refused("changed");
  if (registrant.reply !== "accepted" && ctx.assistant?.mayReply === false) return refused("unanswered");
  const choices = visitChoices(tx, registrant);
  const errors = submissionErrors(answers, {
    ...formFacts(registrant, choices, taken.asked),
    locale: ctx.locale,
  });
  if (Object.keys(errors).length > 0)
    return { ok: false, refusal: "invalid", errors: shownErrors(ctx, errors, taken.form.definition) };

  const changed = first ? [] : changedNames(standingWith(tx, registrant, taken), formValues(answers));
  const registrationId = putRegistration(tx, ctx, registrant, taken, "submitted");
  putSections(tx, ctx, registrationId, { changes, taken });
  const consentsChanged = recordConsents(tx, ctx, taken, channel);
  const outcomes =
    first || changes.some((change) => change.section === "visits")
      ? askForPlaces(tx, ctx, { ...personOf(registrant), visitIds: answers.visits.visitIds })
      : [];
  // What was agreed to now may be all that stood between them and a seat.
  if (consentsChanged.length > 0) moveUp(tx, ctx, registrant.invitationId);
  if (registrant.reply !== "accepted") {
    acceptInvitation(tx).run({ id: registrant.invitationId, at: ctx.clock.now() });
    recordEvent(tx, ctx, { kind: "accepted", channel, told });
  }
  recordEvent(tx, ctx, { kind: first ? "registered" : "changed", channel, told });
  const contactChanged = updateContact(tx, ctx, registrant, answers);
  markDependents(tx, ctx, {
    invitationId: registrant.invitationId,
    fields: changed.map((name) => (isPassports(taken.form, name) ? PASSPORT_FIELD : name)),
  });
  recordAudit(tx, ctx, {
    action: first ? "registration.submit" : "registration.change",
    subjectKind: "registration",
    subjectId: registrationId,
    editionId: registrant.editionId,
    sideId: registrant.sideId,
    details: {
      sections: changes.map((change) => change.section),
      consents: consentsChanged,
      places: outcomes
        .filter((outcome) => outcome.changed)
        .map((outcome) => `${outcome.visitId} ${outcome.state}`),
      contactChanged,
      ...(first ? lateIn(taken, registrant, ctx.clock.now()) : {}),
    },
  });
  confirm(tx, ctx, registrant, answers, visitsNow(choices, outcomes));
  return ok({ registrationId, changed: true });
}

/** Of the sections that a page showed, or of all, those that are open to changes. */
export function openOf({
  only,
  definition,
  bound,
}: {
  only: Sent["only"];
  definition: FormDefinition;
  bound: ReadonlyMap<string, number>;
}): Array<string> {
  return (only ?? definition.sections.map(({ key }) => key)).filter((key) => !bound.has(key));
}

/** The sections whose first answers came after their own day: they count, and the trail says so. */
function lateIn({ asked }: Taken, registrant: Registrant, now: number): { late?: Array<string> } {
  const late = asked.sections.filter((section) => {
    const at = section.deadline === null ? null : sectionClosesAt(section, registrant);
    return at !== null && now > at;
  });
  return late.length === 0 ? {} : { late: late.map(({ key }) => key) };
}

/** All answers as they stood before, by name. */
function standingWith(tx: Tx, registrant: Registrant, { wasSealed }: Taken) {
  return { ...formValues(standingAnswers(tx, registrant)), ...wasSealed };
}

/** What a command takes from a page. */
export type Sent = {
  answers: Answers;
  cleared?: ReadonlyArray<string>;
  /** The sections that the page showed: everything else stays as it stands. Undefined: the page showed all. */
  only?: ReadonlyArray<string> | undefined;
  /** The revision that the page showed; undefined: whatever is there gives way. */
  seen?: number | undefined;
  /** What the sections of `only` were when the page was drawn, by their marks. */
  marks?: Readonly<Record<string, string>> | undefined;
  channel?: Channel;
  /** Staff write down what they were told, also when the time for registering is over. */
  told?: Told | undefined;
};

/** How staff got to know answers, and from whom. */
export type Told = { means: Means; note: string };

/** Whether somebody wrote since the page was drawn: then nobody's answers silently replace another's. */
function isStale(registrant: Registrant, seen: number | undefined): boolean {
  return seen !== undefined && seen !== (registrant.revision ?? 0);
}

/** Whether one of the page's own sections is another by now, and the page wants it otherwise still. */
function isOvertaken(
  tx: Tx,
  ctx: InvitationContext,
  registrant: Registrant,
  { taken, only = [], marks }: { taken: Taken; only: Sent["only"]; marks: Sent["marks"] },
): boolean {
  if (marks === undefined) return false;
  const { form, answers, wasSealed } = taken;
  const standing = standingAnswers(tx, registrant);
  const stand = askedForm(form.definition, registrant, {
    standard: standardValues(standing),
    own: { ...standing.own, ...wasSealed },
  });
  const stands = marksOf(ctx.keys, { ...standing, own: stand.answers }, form.definition);
  const wanted = marksOf(ctx.keys, answers, form.definition);
  return only.some((section) =>
    collides({ seen: marks[section], stands: stands[section] ?? "", wanted: wanted[section] ?? "" }),
  );
}

/** What counts of what was sent, and the form that it answers. */
export type Taken = { form: FormInForce; asked: AskedForm; answers: Answers; wasSealed: OwnAnswers };

/**
 * All answers count, or those of the sections that the page showed, and an assistant's within what is open to them; of
 * own ones what is asked of this person.
 */
export function taking(
  tx: Tx,
  ctx: InvitationContext,
  registrant: Registrant,
  {
    given,
    cleared,
    only,
    standing,
  }: {
    given: Answers;
    cleared: ReadonlyArray<string>;
    only?: Sent["only"];
    standing?: Standing | undefined;
  },
): Taken {
  const form = formInForce(tx, registrant.formId);
  const { assistant } = ctx;
  const open = (section: string) =>
    (only === undefined || only.includes(section)) &&
    (assistant === null || assistant.sections.some((each) => each === section));
  const within = (): Answers => {
    if (assistant === null && only === undefined) return given;
    const known = standing?.answers ?? standingAnswers(tx, registrant);
    return assistant === null
      ? mergedSections(only ?? [], { known, given }, form.definition)
      : answersWithin(assistant.sections.filter(open), { known, given }, form.definition);
  };
  const merged = within();
  const opened = openAnswers(tx, ctx.keys, { ...registrant, form });
  const sectionOf = sectionOfOwn(form.definition);
  const goes = (name: string) =>
    open(sectionOf.get(topKey(name)) ?? "") &&
    (cleared.includes(name) || cleared.includes(stemOf(name)) || isReplaced(name, merged.own));
  const stays = Object.entries(opened).filter(([name]) => !goes(name));
  const asked = askedForm(form.definition, registrant, {
    standard: standardValues(merged),
    own: withOwnFiles(tx, registrant, form, { ...Object.fromEntries(stays), ...merged.own }),
  });
  // A passport that this form does not ask for is the desk's alone, and no answer to it.
  const isAsked = asked.sections.some(({ questions }) => questions.some(({ key }) => key === form.passport));
  const wasSealed = isAsked
    ? opened
    : Object.fromEntries(Object.entries(opened).filter(([name]) => !isPassports(form, name)));
  return { form, asked, answers: { ...merged, own: asked.answers }, wasSealed };
}

/** A file is an answer only to the question, and of the person, that it was handed in for. */
function withOwnFiles(tx: Tx, { invitationId }: Registrant, form: FormInForce, own: OwnAnswers): OwnAnswers {
  if (form.files.size === 0) return own;
  const files = ownUploads(tx, invitationId);
  return Object.fromEntries(
    Object.entries(own).filter(
      ([name, value]) =>
        !form.files.has(name) || (typeof value === "string" && files.get(value) === keysIn(name).at(-1)),
    ),
  );
}

/** The files that answers name. */
export function filesIn({ files }: FormInForce, own: OwnAnswers): Array<string> {
  return files.size === 0
    ? []
    : Object.entries(own).flatMap(([name, value]) => (files.has(name) ? [String(value)] : []));
}

/** Sealed answers stay unless another is sent: "not there yet" takes the place of what was there, and the other way round. */
function isReplaced(name: string, given: OwnAnswers): boolean {
  const stem = stemOf(name);
  const part = partOf(name);
  const saysPending = given[`${stem}.${PENDING}`] === "on";
  if (part !== PENDING && part !== EXPECTED) return saysPending;
  return (
    !saysPending && Object.keys(given).some((each) => stemOf(each) === stem && partOf(each) !== EXPECTED)
  );
}

export type SectionChange = {
  section: string;
  state: SectionState;
  answers: string;
};

const blankTexts = sectionTexts(blankAnswers);

/**
 * The sections that have to be written: other answers than before, or answers that were only a draft. What we filled in
 * beforehand is nobody's draft before a page that showed it was saved.
 */
export function changedSections(
  tx: Tx,
  registrant: Registrant,
  { form, answers, wasSealed }: Taken,
  { target, only }: { target: "draft" | "submitted"; only?: Sent["only"] },
): Array<SectionChange> {
  const stored = new Map(storedSections(tx, registrant).map((row) => [row.section, row]));
  const { plain, sealed } = apart(answers.own, form);
  const texts = sectionTexts({ ...answers, own: plain }, form.definition);
  const under = ownBySection(sealed, form.definition);
  const wasUnder = ownBySection(wasSealed, form.definition);
  return form.definition.sections.flatMap(({ key: section }) => {
    const text = texts[section] ?? "{}";
    const known = stored.get(section);
    const isBlank = text === (blankTexts[section] ?? "{}") && !under.has(section);
    const state = newState({ target, isShown: only === undefined || only.includes(section), isBlank, known });
    const settled =
      target === "draft"
        ? known?.state !== "empty" || state === "empty"
        : known?.state === "submitted" || known?.state === "verified";
    const sealedSame = sameAnswers(under.get(section) ?? {}, wasUnder.get(section) ?? {});
    if (known?.answers === text && settled && sealedSame) return [];
    return [{ section, state, answers: text }];
  });
}

function newState({
  target,
  isShown,
  isBlank,
  known,
}: {
  target: "draft" | "submitted";
  isShown: boolean;
  isBlank: boolean;
  known: { state: SectionState } | undefined;
}): SectionState {
  if (target === "submitted") return "submitted";
  if (isBlank) return "empty";
  return isShown ? "draft" : (known?.state ?? "empty");
}

function putRegistration(
  tx: Tx,
  ctx: InvitationContext,
  registrant: Registrant,
  { form }: Taken,
  state: "draft" | "submitted",
): string {
  const id = registrant.registrationId ?? newId();
  const at = ctx.clock.now();
  const row = { id, state, formVersion: form.version, locale: ctx.locale, at };
  if (registrant.registrationId === null)
    insertRegistration(tx).run({
      ...row,
      invitationId: registrant.invitationId,
      submittedAt: state === "submitted" ? at : null,
    });
  else
    updateRegistration(tx).run({
      ...row,
      submittedAt: state === "submitted" ? at : registrant.submittedAt,
    });
  return id;
}

export function putSections(
  tx: Tx,
  ctx: InvitationContext,
  registrationId: string,
  { changes, taken }: { changes: ReadonlyArray<SectionChange>; taken: Taken },
): void {
  const at = ctx.clock.now();
  for (const change of changes) putSection(tx).run({ ...change, registrationId, at });
  const { sealed } = apart(taken.answers.own, taken.form);
  sealAnswers(tx, ctx.keys, {
    registrationId,
    invitationId: ctx.scope.invitationId,
    form: taken.form,
    answers: sealed,
    was: taken.wasSealed,
    at,
    by: ctx.actor.id,
  });
  if (taken.form.files.size > 0)
    settleUploads(tx, {
      invitationId: ctx.scope.invitationId,
      ids: filesIn(taken.form, taken.answers.own),
      state: "kept",
    });
}

/** Writes a row for each consent that was given or taken back since the last time; returns those kinds. */
function recordConsents(
  tx: Tx,
  ctx: InvitationContext,
  { form, answers }: Taken,
  channel: Channel,
): Array<string> {
  const standing = standingConsents(tx, ctx.scope.invitationId);
  const own = [...questionsOf(form.definition)].flatMap(({ question }) =>
    question.type === "consent" || question.type === "signature" ? [question.key] : [],
  );
  const isGiven = (key: string) => answers.own[key] === "on" || answers.own[`${key}.agreed`] === "on";
  const now: ReadonlyArray<string> = [...ticked(answers), ...own.filter(isGiven)];
  const kinds = [
    ...CONSENTS,
    ...own,
    ...[...standing].filter((kind) => isOwnName(kind) && !own.includes(kind)),
  ];
  const changed = kinds.filter((kind) => standing.has(kind) !== now.includes(kind));
  for (const kind of changed)
    insertConsent(tx).run({
      id: newId(),
      invitationId: ctx.scope.invitationId,
      kind,
      given: now.includes(kind),
      textVersion: isOwnName(kind) ? form.version : CONSENT_TEXT_VERSION,
      locale: ctx.locale,
      channel,
      at: ctx.clock.now(),
    });
  return changed;
}

function recordEvent(
  tx: Tx,
  ctx: InvitationContext,
  { kind, channel, told }: { kind: InvitationEventKind; channel: Channel; told: Told | undefined },
): void {
  noteEvent(tx, ctx, { invitationId: ctx.scope.invitationId, kind, channel, ...told });
}

/** Mail goes to the address, and in the language, that the registration gives. Says whether that was news. */
function updateContact(tx: Tx, ctx: InvitationContext, registrant: Registrant, answers: Answers): boolean {
  const { email, mobile } = answers.contact;
  const locale = mailLocaleOf(registrant, answers);
  if (email === registrant.email && mobile === registrant.phone && locale === registrant.locale) return false;
  updatePerson(tx).run({
    id: registrant.personId,
    email,
    emailKey: mailboxKey(email),
    phone: mobile,
    locale,
    at: ctx.clock.now(),
  });
  return true;
}

function mailLocaleOf(registrant: Registrant, answers: Answers): Locale {
  return parseLocale(answers.contact.mailLocale) ?? registrant.locale;
}

function personOf({ invitationId, delegationId, editionId }: Registrant) {
  return { invitationId, delegationId, editionId };
}

/** This person's visits as they are after the outcomes, for the confirmation. */
function visitsNow(
  choices: ReadonlyArray<VisitChoice>,
  outcomes: ReadonlyArray<PlaceOutcome>,
): Array<MailVisit> {
  return choices.flatMap((choice) => {
    const outcome = outcomes.find((candidate) => candidate.visitId === choice.visitId);
    const state = outcome?.state ?? choice.mine;
    if (state === null || (state === "withdrawn" && outcome?.changed !== true)) return [];
    return [
      {
        titleEn: choice.titleEn,
        titleZh: choice.titleZh,
        state,
        startsAt: choice.startsAt,
        endsAt: choice.endsAt,
        position: outcome === undefined ? choice.position : outcome.position,
      },
    ];
  });
}

function confirm(
  tx: Tx,
  ctx: InvitationContext,
  registrant: Registrant,
  answers: Answers,
  visits: Array<MailVisit>,
): void {
  const programme = programmeIn(tx, personOf(registrant));
  const facts = mailEdition(tx, registrant);
  queueDelivery(tx, ctx, {
    invitationId: registrant.invitationId,
    messageId: null,
    mail: {
      kind: "confirmation",
      edition: facts,
      opening: openingOf(tx, { ...registrant, kind: "confirmation", facts, version: programme.version }),
      ...salutations({ ...registrant, ...answers.post, ...answers.name }),
      visits,
      programme: programme.items,
      version: programme.version,
      receipt: {
        number: receiptNumber(registrant.number, (registrant.revision ?? 0) + 1),
        at: ctx.clock.now(),
      },
    },
  });
}
