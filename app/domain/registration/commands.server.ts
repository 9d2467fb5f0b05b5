import { eq, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { consent, invitation, person, registration, registrationSection } from "#db/schema/index.ts";
import {
  type Channel,
  CONSENTS,
  type InvitationEventKind,
  type Locale,
  REGISTRATION_SECTIONS,
  type RegistrationSection,
} from "#db/vocabulary.ts";
import type { MailVisit } from "#emails/payload.ts";
import { parseLocale } from "../../i18n/translate.ts";
import { newId } from "../../platform/crypto.server.ts";
import { channelOf } from "../access/rules.ts";
import { programmeIn } from "../agenda/queries.server.ts";
import type { InvitationContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";
import { mailboxKey } from "../person/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { askForPlaces, type PlaceOutcome, type VisitChoice, visitChoices } from "../visit/seats.server.ts";
import {
  type Answers,
  answersWithin,
  blankAnswers,
  CONSENT_TEXT_VERSION,
  FORM_VERSION,
  sectionTexts,
  ticked,
} from "./answers.ts";
import { draftErrors, type FieldErrors, isStorable, submissionErrors } from "./form.ts";
import { formFacts, shownErrors, standingAnswers } from "./queries.server.ts";
import { findRegistrant, type Registrant, standingConsents, storedSections } from "./record.server.ts";
import { type Closed, registrationClosed } from "./rules.ts";

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
      formVersion: FORM_VERSION,
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
      formVersion: FORM_VERSION,
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
      textVersion: CONSENT_TEXT_VERSION,
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
 * Of an assistant's answers only those of the sections count that are open to them.
 *
 * Refused when the registration has been submitted (then changes are sent with `submitRegistration`), the invitation
 * was withdrawn or declined, or the time for registering is over.
 */
export function saveRegistration(
  ctx: InvitationContext,
  { answers: given, channel = channelOf(ctx) }: { answers: Answers; channel?: Channel },
): Promise<Result<Saved, Closed | "submitted" | "gone"> | Invalid> {
  return ctx.db.write((tx) => {
    const registrant = findRegistrant(tx, ctx.scope);
    if (registrant === null) return refused("gone");
    const closed = registrationClosed(registrant, ctx.clock.now());
    if (closed !== null) return refused(closed);
    if (registrant.state === "submitted") return refused("submitted");
    const answers = allowed(tx, ctx, registrant, given);
    const errors = draftErrors(answers);
    if (!isStorable(errors)) return { ok: false, refusal: "invalid", errors: shownErrors(ctx, errors) };

    const changes = changedSections(tx, registrant, answers, "draft");
    if (changes.length === 0 && registrant.registrationId !== null)
      return ok({ registrationId: registrant.registrationId, changed: false });
    const registrationId = putRegistration(tx, ctx, registrant, "draft");
    putSections(tx, ctx, registrationId, changes);
    if (registrant.registrationId === null) recordEvent(tx, ctx, "registering", channel);
    recordAudit(tx, ctx, {
      action: "registration.save",
      subjectKind: "registration",
      subjectId: registrationId,
      editionId: registrant.editionId,
      sideId: registrant.sideId,
      details: { sections: changes.map((change) => change.section) },
    });
    return ok({ registrationId, changed: true });
  });
}

/**
 * Takes complete answers: stores them, records what was consented to, asks for places on visits, accepts the
 * invitation if that was still open, brings address and language of the contact book up to date, and queues the
 * confirmation. Answers that were submitted already write nothing and give the same answer.
 *
 * Of an assistant's answers only those of the sections count that are open to them.
 *
 * Refused when the invitation was withdrawn or declined, or the time for registering is over; and when it would accept
 * the invitation, which not every assistant may (`unanswered`).
 */
export function submitRegistration(
  ctx: InvitationContext,
  { answers: given, channel = channelOf(ctx) }: { answers: Answers; channel?: Channel },
): Promise<Result<Saved, Closed | "unanswered" | "gone"> | Invalid> {
  return ctx.db.write((tx) => {
    const registrant = findRegistrant(tx, ctx.scope);
    if (registrant === null) return refused("gone");
    const answers = allowed(tx, ctx, registrant, given);
    const changes = changedSections(tx, registrant, answers, "submitted");
    const first = registrant.state !== "submitted";
    if (!first && changes.length === 0 && registrant.registrationId !== null)
      return ok({ registrationId: registrant.registrationId, changed: false });
    const closed = registrationClosed(registrant, ctx.clock.now());
    if (closed !== null) return refused(closed);
    if (registrant.reply !== "accepted" && ctx.assistant?.mayReply === false) return refused("unanswered");
    const choices = visitChoices(tx, registrant);
    const errors = submissionErrors(answers, { ...formFacts(registrant, choices), locale: ctx.locale });
    if (Object.keys(errors).length > 0)
      return { ok: false, refusal: "invalid", errors: shownErrors(ctx, errors) };

    const registrationId = putRegistration(tx, ctx, registrant, "submitted");
    putSections(tx, ctx, registrationId, changes);
    const consentsChanged = recordConsents(tx, ctx, answers, channel);
    const outcomes =
      first || changes.some((change) => change.section === "visits")
        ? askForPlaces(tx, ctx, { ...personOf(registrant), visitIds: answers.visits.visitIds })
        : [];
    if (registrant.reply !== "accepted") {
      acceptInvitation(tx).run({ id: registrant.invitationId, at: ctx.clock.now() });
      recordEvent(tx, ctx, "accepted", channel);
    }
    recordEvent(tx, ctx, first ? "registered" : "changed", channel);
    const contactChanged = updateContact(tx, ctx, registrant, answers);
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
      },
    });
    confirm(tx, ctx, registrant, answers, visitsNow(choices, outcomes));
    return ok({ registrationId, changed: true });
  });
}

/** What counts of the answers that somebody gave: all of them, or an assistant's within what is open to them. */
function allowed(tx: Tx, ctx: InvitationContext, registrant: Registrant, given: Answers): Answers {
  if (ctx.assistant === null) return given;
  return answersWithin(ctx.assistant.sections, { known: standingAnswers(tx, registrant), given });
}

type SectionChange = {
  section: RegistrationSection;
  state: "empty" | "draft" | "submitted";
  answers: string;
};

const blankTexts = sectionTexts(blankAnswers);

/** The sections that have to be written: other answers than before, or answers that were only a draft. */
function changedSections(
  tx: Tx,
  registrant: Registrant,
  answers: Answers,
  target: "draft" | "submitted",
): Array<SectionChange> {
  const stored = new Map(storedSections(tx, registrant).map((row) => [row.section, row]));
  const texts = sectionTexts(answers);
  return REGISTRATION_SECTIONS.flatMap((section) => {
    const text = texts[section];
    const known = stored.get(section);
    const settled = target === "draft" || known?.state === "submitted" || known?.state === "verified";
    if (known?.answers === text && settled) return [];
    const state = target === "draft" && text === blankTexts[section] ? "empty" : target;
    return [{ section, state, answers: text }];
  });
}

function putRegistration(
  tx: Tx,
  ctx: InvitationContext,
  registrant: Registrant,
  state: "draft" | "submitted",
): string {
  const id = registrant.registrationId ?? newId();
  const at = ctx.clock.now();
  const row = { id, state, locale: ctx.locale, at };
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

function putSections(
  tx: Tx,
  ctx: InvitationContext,
  registrationId: string,
  changes: ReadonlyArray<SectionChange>,
): void {
  const at = ctx.clock.now();
  for (const change of changes) putSection(tx).run({ ...change, registrationId, at });
}

/** Writes a row for each consent that was given or taken back since the last time; returns those kinds. */
function recordConsents(tx: Tx, ctx: InvitationContext, answers: Answers, channel: Channel): Array<string> {
  const standing = standingConsents(tx, ctx.scope.invitationId);
  const now = ticked(answers);
  const changed = CONSENTS.filter((kind) => standing.has(kind) !== now.includes(kind));
  for (const kind of changed)
    insertConsent(tx).run({
      id: newId(),
      invitationId: ctx.scope.invitationId,
      kind,
      given: now.includes(kind),
      locale: ctx.locale,
      channel,
      at: ctx.clock.now(),
    });
  return changed;
}

function recordEvent(tx: Tx, ctx: InvitationContext, kind: InvitationEventKind, channel: Channel): void {
  noteEvent(tx, ctx, { invitationId: ctx.scope.invitationId, kind, channel });
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
  queueDelivery(tx, ctx, {
    invitationId: registrant.invitationId,
    messageId: null,
    mail: {
      kind: "confirmation",
      edition: mailEdition(tx, registrant),
      ...salutations({ ...registrant, ...answers.post, ...answers.name }),
      visits,
      programme: programme.items,
      version: programme.version,
    },
  });
}
