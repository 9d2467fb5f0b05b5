import { and, asc, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaItem,
  assistantLink,
  delegation,
  delivery,
  deliveryTry,
  edition,
  invitation,
  invitationEvent,
  message,
  person,
  personAssistant,
  registration,
  registrationSection,
  siteVisit,
  staffPermission,
  user,
  visitPlace,
} from "#db/schema/index.ts";
import type {
  Attendance,
  Category,
  DeliveryState,
  Means,
  Reply,
  SessionFunction,
  TemplateKind,
} from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import { allows, type StaffScope } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { type InvitationState, linkWorks } from "../invitation/rules.ts";
import { stands } from "../invitation/standing.server.ts";
import { stateOfInvitation } from "../invitation/state.server.ts";
import { namedInProgramme } from "../invitation/substitution.server.ts";
import { firstSeen, type Seen, seenBy } from "../mail/seen.server.ts";
import { answersFromSections, standardValues } from "../registration/answers.ts";
import { questionsOf, type RowQuestion } from "../registration/definition.ts";
import { publishedForm } from "../registration/own.server.ts";
import { namesOf, type OwnValue } from "../registration/own-answers.ts";
import { classOf, mayRead } from "./classes.ts";
import { factsOfRow } from "./record.server.ts";
import type { PersonFacts } from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "scope">;

/** People of this scope's sides in this edition: the condition that every query here begins with. */
function ours(scope: StaffScope): SQL | undefined {
  return and(eq(invitation.editionId, scope.editionId), inArray(delegation.coHostId, [...scope.sideIds]));
}

export type DelegationOption = { id: string; nameEn: string; nameZh: string };

/** This side's delegations, in their order. */
export function delegationsOfScope(ctx: Reader): Array<DelegationOption> {
  return ctx.db.orm
    .select({ id: delegation.id, nameEn: delegation.nameEn, nameZh: delegation.nameZh })
    .from(delegation)
    .where(
      and(
        eq(delegation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .orderBy(asc(delegation.position))
    .all();
}

/** An answer of a registration, by its field's name. */
export type GivenAnswer = { field: string; value: string | ReadonlyArray<string> };

/** An answer to a question of the edition's own; `row` counts from 0 in a group. */
export type OwnAnswer = {
  section: string;
  group: RowQuestion | null;
  row: number | null;
  part: string | null;
  question: RowQuestion;
  value: OwnValue;
};

/** All that the secretariat's page on one person shows. Instants are epoch milliseconds in the edition's zone. */
export type PersonPage = {
  invitationId: string;
  facts: PersonFacts;
  delegationEn: string;
  delegationZh: string;
  category: Category;
  invitedAs: SessionFunction | null;
  number: string;
  reply: Reply;
  sentAt: number | null;
  withdrawn: boolean;
  /** Where it stands, in one word. */
  state: InvitationState;
  /** Who comes instead, and instead of whom this person comes: both on this side. */
  replacedBy: OtherPerson | null;
  replaces: OtherPerson | null;
  /** The number of the published programme, while it still names the one of the two who no longer comes. */
  stillNamedIn: number | null;
  seenAt: number | null;
  confirmed: boolean;
  attendance: Attendance | null;
  /** Whether the meeting has begun: from then on it is known who came. */
  begun: boolean;
  remindersStopped: boolean;
  link: "works" | "revoked" | "expired";
  linkExpiresAt: number;
  events: ReadonlyArray<{
    id: string;
    at: number;
    kind: (typeof invitationEvent.$inferSelect)["kind"];
    channel: (typeof invitationEvent.$inferSelect)["channel"];
    note: string;
    askAgainOn: string | null;
    /** Who did it, where that is a colleague on this side or an assistant of this person. */
    who: string | null;
    means: Means | null;
  }>;
  /** What they answered, as far as this reader may see it; `hidden` counts what was answered and is not shown. */
  answers: ReadonlyArray<GivenAnswer>;
  /** Answers to the edition's own questions, in the order of the form; none that are under the seal. */
  own: ReadonlyArray<OwnAnswer>;
  hidden: number;
  visits: ReadonlyArray<{
    id: string;
    titleEn: string;
    titleZh: string;
    startsAt: number;
    state: (typeof visitPlace.$inferSelect)["state"];
  }>;
  mails: ReadonlyArray<{
    id: string;
    kind: (typeof delivery.$inferSelect)["kind"];
    /** Of what staff wrote: what kind of message it was; null: it went by itself. */
    template: TemplateKind | null;
    isCopy: boolean;
    /** The published programme that it brought, and whether they said that they have seen it. */
    agendaVersion: number | null;
    seen: Seen | null;
    createdAt: number;
    state: DeliveryState;
    /** What the other server said last. */
    response: string;
  }>;
};

/** One person of this side, or null when there is none by this id: the other side's people are not there. */
export function personPage(
  ctx: Pick<StaffContext, "db" | "scope" | "clock">,
  invitationId: string,
): PersonPage | null {
  const { orm } = ctx.db;
  const row = orm
    .select({
      person,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      category: invitation.category,
      invitedAs: invitation.invitedAs,
      number: invitation.number,
      reply: invitation.reply,
      sentAt: invitation.sentAt,
      withdrawnAt: invitation.withdrawnAt,
      state: stateOfInvitation,
      replacesId: invitation.replacesId,
      replacedAt: invitation.replacedAt,
      seenAt: invitation.seenAt,
      confirmedAt: invitation.confirmedAt,
      attendance: invitation.attendance,
      remindersStoppedAt: invitation.remindersStoppedAt,
      startsOn: edition.startsOn,
      timeZone: edition.timeZone,
      tokenRevokedAt: invitation.tokenRevokedAt,
      tokenExpiresAt: invitation.tokenExpiresAt,
      registrationId: registration.id,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .where(and(ours(ctx.scope), eq(invitation.id, invitationId)))
    .get();
  if (row === undefined) return null;
  const now = ctx.clock.now();
  return {
    invitationId,
    facts: factsOfRow(row.person),
    delegationEn: row.delegationEn,
    delegationZh: row.delegationZh,
    category: row.category,
    invitedAs: row.invitedAs,
    number: row.number,
    reply: row.reply,
    sentAt: row.sentAt,
    withdrawn: row.withdrawnAt !== null,
    state: row.state,
    replacedBy: otherPerson(orm, ctx.scope, eq(invitation.replacesId, invitationId)),
    replaces: row.replacesId === null ? null : otherPerson(orm, ctx.scope, eq(invitation.id, row.replacesId)),
    stillNamedIn: namedInProgramme(orm, {
      editionId: ctx.scope.editionId,
      invitationId: row.replacesId ?? (row.replacedAt === null ? "" : invitationId),
    }),
    seenAt: row.seenAt,
    confirmed: row.confirmedAt !== null,
    attendance: row.attendance,
    begun: now >= instantOf(row.startsOn, "00:00", row.timeZone),
    remindersStopped: row.remindersStoppedAt !== null,
    link: linkWorks(row, now) ? "works" : row.tokenRevokedAt !== null ? "revoked" : "expired",
    linkExpiresAt: row.tokenExpiresAt,
    events: lifeOf(orm, ctx.scope, { invitationId, personId: row.person.id }),
    ...answersFor(orm, ctx.scope, row.registrationId),
    visits: orm
      .select({
        id: siteVisit.id,
        titleEn: agendaItem.titleEn,
        titleZh: agendaItem.titleZh,
        startsAt: agendaItem.startsAt,
        state: visitPlace.state,
      })
      .from(visitPlace)
      .innerJoin(siteVisit, eq(siteVisit.id, visitPlace.visitId))
      .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
      .where(eq(visitPlace.invitationId, invitationId))
      .orderBy(asc(agendaItem.startsAt))
      .all(),
    mails: mailsTo(orm, invitationId),
  };
}

/** Another person of this side, as far as a link to their page needs it. */
export type OtherPerson = { invitationId: string; nameLatin: string; nameNative: string };

function otherPerson(orm: Orm, scope: StaffScope, which: SQL): OtherPerson | null {
  return (
    orm
      .select({ invitationId: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative })
      .from(invitation)
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(and(ours(scope), which))
      .get() ?? null
  );
}

/**
 * What happened to an invitation, the newest first. Colleagues are named when they have, or had, something to do on
 * this side; a login of the other side stays "staff".
 */
function lifeOf(
  orm: Orm,
  scope: StaffScope,
  { invitationId, personId }: { invitationId: string; personId: string },
): PersonPage["events"] {
  const rows = orm
    .select({
      id: invitationEvent.id,
      at: invitationEvent.at,
      kind: invitationEvent.kind,
      channel: invitationEvent.channel,
      note: invitationEvent.note,
      askAgainOn: invitationEvent.askAgainOn,
      actorId: invitationEvent.actorId,
      means: invitationEvent.means,
    })
    .from(invitationEvent)
    .where(eq(invitationEvent.invitationId, invitationId))
    .orderBy(desc(invitationEvent.at), desc(sql`rowid`))
    .all();
  const colleagues = orm
    .selectDistinct({ id: user.id, name: user.name })
    .from(user)
    .innerJoin(staffPermission, eq(staffPermission.userId, user.id))
    .where(
      and(
        inArray(staffPermission.coHostId, [...scope.sideIds]),
        inArray(user.id, [...new Set(rows.flatMap(({ actorId }) => actorId ?? []))]),
      ),
    )
    .all();
  const assistants = orm
    .select({ id: personAssistant.id, linkId: assistantLink.id, name: personAssistant.name })
    .from(personAssistant)
    .leftJoin(assistantLink, eq(assistantLink.assistantId, personAssistant.id))
    .where(eq(personAssistant.personId, personId))
    .all();
  const names = new Map([
    ...colleagues.map(({ id, name }) => [id, name] as const),
    ...assistants.flatMap(({ id, linkId, name }) => [
      [id, name] as const,
      ...(linkId === null ? [] : [[linkId, name] as const]),
    ]),
  ]);
  return rows.map(({ actorId, ...row }) => ({
    ...row,
    who: actorId === null ? null : (names.get(actorId) ?? null),
  }));
}

function answersFor(
  orm: Orm,
  scope: StaffScope,
  registrationId: string | null,
): { answers: Array<GivenAnswer>; own: Array<OwnAnswer>; hidden: number } {
  if (registrationId === null) return { answers: [], own: [], hidden: 0 };
  const rows = orm
    .select({ answers: registrationSection.answers })
    .from(registrationSection)
    .where(eq(registrationSection.registrationId, registrationId))
    .all();
  const stored = answersFromSections(rows);
  const given = Object.entries(standardValues(stored))
    .filter(([, value]) => value.length > 0)
    .map(([field, value]): GivenAnswer => ({ field, value }));
  const answers = given.filter(({ field }) => mayRead(classOf(field), scope));
  const { definition, sealed } = publishedForm(orm, scope.editionId);
  const own: Array<OwnAnswer> = [];
  let hidden = given.length - answers.length;
  for (const { section, question } of questionsOf(definition))
    for (const { name, question: asked, row, part } of namesOf(question)) {
      const value = stored.own[name];
      // What is under the seal is not read here; that it is there, is for those who may see that much.
      if (value === undefined || sealed.has(name)) continue;
      if (mayRead(asked.dataClass, scope))
        own.push({
          section: section.key,
          group: row === null ? null : question,
          row,
          part,
          question: asked,
          value,
        });
      else hidden++;
    }
  return { answers, own, hidden };
}

function mailsTo(orm: Orm, invitationId: string): PersonPage["mails"] {
  const lastResponse = sql<string | null>`(
    select t.response from ${deliveryTry} t where t.delivery_id = ${delivery.id}
    order by t.at desc, t.rowid desc limit 1)`;
  return orm
    .select({
      id: delivery.id,
      kind: delivery.kind,
      template: message.kind,
      recipientKind: delivery.recipientKind,
      agendaVersion: delivery.agendaVersion,
      seen: firstSeen,
      createdAt: delivery.createdAt,
      state: delivery.state,
      response: lastResponse,
    })
    .from(delivery)
    .leftJoin(message, eq(message.id, delivery.messageId))
    .where(eq(delivery.invitationId, invitationId))
    .orderBy(desc(delivery.createdAt), desc(sql`${delivery}.rowid`))
    .all()
    .map(({ recipientKind, seen, ...mail }) => ({
      ...mail,
      isCopy: recipientKind === "assistant",
      seen: seenBy(seen),
      response: mail.response ?? "",
    }));
}

/** People to preview a letter for: this side's, not withdrawn, in the order of names. */
export function peopleToPreview(
  ctx: Reader,
  sideId: string,
): Array<{ invitationId: string; nameLatin: string; nameNative: string }> {
  return ctx.db.orm
    .select({ invitationId: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(and(ours(ctx.scope), eq(delegation.coHostId, sideId), stands))
    .orderBy(asc(person.sortKey), asc(person.id))
    .limit(500)
    .all();
}

/** Whether this reader may change people and invitations. */
export function mayInvite(ctx: Pick<StaffContext, "scope">): boolean {
  return allows(ctx.scope, "invitations");
}
