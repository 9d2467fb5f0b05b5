/** An organizer's first page: how answers stand, who is silent, what is due to whom, what went wrong. One's own side's. */
import { and, count, desc, eq, inArray, max, sql } from "drizzle-orm";
import {
  agendaItem,
  delegation,
  delivery,
  deliveryTry,
  invitation,
  invitationEvent,
  person,
  registration,
  registrationSection,
  siteVisit,
  visitPlace,
  visitQuota,
} from "#db/schema/index.ts";
import {
  type Category,
  type DeliveryState,
  type MailKind,
  REGISTRATION_SECTIONS,
  type Reply,
} from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { StaffContext } from "../context.ts";
import { type AskAgain, askAgainDue } from "../invitation/due.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { mayRead } from "../person/classes.ts";
import { type AnswersByDay, answersByDay } from "./milestones.ts";
import { type DelegationView, delegationsOf, editionFacts, ofOwnSide } from "./queries.server.ts";
import { wholeDays } from "./rules.ts";

/** Whom a line of the overview is about. */
export type OwnPerson = { invitationId: string; nameLatin: string; nameNative: string; category: Category };

/** Somebody who was written to and has not answered. Instants are epoch milliseconds. */
export type SilentPerson = OwnPerson & {
  sentAt: number;
  /** Whole days since then. */
  days: number;
  remindedAt: number | null;
  /** When the link was first used by a person, as far as it is known; opening it alone tells nothing. */
  seenAt: number | null;
  /** Null when there is none, or when it is not the reader's to see. */
  phone: string | null;
};

/** Somebody else from whom, or about whom, the secretariat waits for something. */
export type WaitingPerson = OwnPerson & {
  reply: Reply;
  /** Sections of the registration that are submitted or verified, of `sections`. */
  sectionsDone: number;
  sections: number;
  missing: ReadonlyArray<"address" | "registration" | "decision" | "colleague">;
  /** Whole days since the last thing that they, or the secretariat, did. */
  days: number;
};

/** How many people of each kind the overview shows; the list of everybody shows them all. */
export const PEOPLE_SHOWN = 12;

type Invited = ReturnType<typeof invitedPeople>[number];

/** Everybody of one's own side whose invitation stands. */
function invitedPeople({ scope, db }: StaffContext) {
  return db.orm
    .select({
      invitationId: invitation.id,
      delegationId: invitation.delegationId,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      email: person.email,
      phone: person.phone,
      category: invitation.category,
      reply: invitation.reply,
      repliedAt: invitation.repliedAt,
      sentAt: invitation.sentAt,
      seenAt: invitation.seenAt,
      registrationState: registration.state,
      registrationAt: registration.updatedAt,
      sectionsDone: sql<number>`(
        select count(*) from ${registrationSection} s
        where s.registration_id = ${registration.id} and s.state in ('submitted', 'verified'))`,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .where(and(ofOwnSide(scope), stands))
    .orderBy(person.sortKey, person.id)
    .all();
}

function named({ invitationId, nameLatin, nameNative, category }: Invited): OwnPerson {
  return { invitationId, nameLatin, nameNative, category };
}

function silentPeople(ctx: StaffContext, invited: ReadonlyArray<Invited>): Array<SilentPerson> {
  const { scope, db } = ctx;
  const reminders = db.orm
    .select({ invitationId: invitationEvent.invitationId, at: max(invitationEvent.at) })
    .from(invitationEvent)
    .innerJoin(invitation, eq(invitation.id, invitationEvent.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(ofOwnSide(scope), eq(invitation.reply, "none"), eq(invitationEvent.kind, "reminded")))
    .groupBy(invitationEvent.invitationId)
    .all();
  const remindedAt = new Map(reminders.map((row) => [row.invitationId, row.at]));
  const now = ctx.clock.now();
  const mayCall = mayRead("C2", scope);
  return invited
    .flatMap((row): Array<SilentPerson> => {
      if (row.sentAt === null || row.reply !== "none") return [];
      return [
        {
          ...named(row),
          sentAt: row.sentAt,
          days: Math.max(0, wholeDays(row.sentAt, now)),
          remindedAt: remindedAt.get(row.invitationId) ?? null,
          seenAt: row.seenAt,
          phone: mayCall ? row.phone : null,
        },
      ];
    })
    .toSorted((a, b) => a.sentAt - b.sentAt);
}

function waitingPeople(ctx: StaffContext, invited: ReadonlyArray<Invited>): Array<WaitingPerson> {
  const now = ctx.clock.now();
  return invited
    .map((row): WaitingPerson => {
      const missing: Array<WaitingPerson["missing"][number]> = [];
      if (row.email === null) missing.push("address");
      if (row.reply === "tentative") missing.push("decision");
      if (row.reply === "substitute_proposed") missing.push("colleague");
      if (row.reply === "accepted" && row.registrationState !== "submitted") missing.push("registration");
      const last = Math.max(row.sentAt ?? 0, row.repliedAt ?? 0, row.registrationAt ?? 0);
      return {
        ...named(row),
        reply: row.reply,
        sectionsDone: row.sectionsDone,
        sections: REGISTRATION_SECTIONS.length,
        missing,
        days: last === 0 ? 0 : Math.max(0, wholeDays(last, now)),
      };
    })
    .filter((entry) => entry.missing.length > 0)
    .toSorted((a, b) => b.days - a.days);
}

/** A visit's seats. Numbers only: who goes is each side's own business. */
export type VisitSeats = {
  visitId: string;
  titleEn: string;
  titleZh: string;
  startsAt: number;
  hostEn: string;
  hostZh: string;
  /** When its host wants the list; null: not agreed. */
  listDueAt: number | null;
  capacity: number;
  taken: number;
  /** One's own delegations: their seats (null: only the total limits them), and who has or waits for one. */
  own: ReadonlyArray<{
    delegationId: string;
    nameEn: string;
    nameZh: string;
    seats: number | null;
    taken: number;
    waiting: number;
  }>;
};

function visitSeats({ scope, db }: StaffContext): Array<VisitSeats> {
  const visits = db.orm
    .select({
      visitId: siteVisit.id,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      startsAt: agendaItem.startsAt,
      hostEn: siteVisit.hostEn,
      hostZh: siteVisit.hostZh,
      listDueAt: siteVisit.clearanceDeadline,
      capacity: siteVisit.capacity,
    })
    .from(siteVisit)
    .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
    .where(eq(siteVisit.editionId, scope.editionId))
    .orderBy(agendaItem.startsAt, agendaItem.id)
    .all();
  const places = db.orm
    .select({
      visitId: visitPlace.visitId,
      delegationId: visitPlace.delegationId,
      state: visitPlace.state,
      people: count(),
    })
    .from(visitPlace)
    .innerJoin(siteVisit, eq(siteVisit.id, visitPlace.visitId))
    .where(eq(siteVisit.editionId, scope.editionId))
    .groupBy(visitPlace.visitId, visitPlace.delegationId, visitPlace.state)
    .all();
  const quotas = db.orm
    .select({
      visitId: visitQuota.visitId,
      delegationId: visitQuota.delegationId,
      seats: visitQuota.seats,
    })
    .from(visitQuota)
    .innerJoin(siteVisit, eq(siteVisit.id, visitQuota.visitId))
    .where(eq(siteVisit.editionId, scope.editionId))
    .all();
  const own = db.orm
    .select({ delegationId: delegation.id, nameEn: delegation.nameEn, nameZh: delegation.nameZh })
    .from(delegation)
    .where(ofOwnSide(scope))
    .orderBy(delegation.position)
    .all();
  return visits.map((visit) => {
    const here = places.filter((entry) => entry.visitId === visit.visitId);
    const inState = (state: "granted" | "waiting", delegationId: string | null) =>
      here
        .filter((entry) => (entry.state === "waiting") === (state === "waiting"))
        .filter((entry) => delegationId === null || entry.delegationId === delegationId)
        .reduce((sum, entry) => sum + entry.people, 0);
    return {
      ...visit,
      taken: inState("granted", null),
      own: own
        .map((entry) => ({
          ...entry,
          seats:
            quotas.find((q) => q.visitId === visit.visitId && q.delegationId === entry.delegationId)?.seats ??
            null,
          taken: inState("granted", entry.delegationId),
          waiting: inState("waiting", entry.delegationId),
        }))
        .filter((entry) => entry.seats !== null || entry.taken > 0 || entry.waiting > 0),
    };
  });
}

/** A mail of one's own side that did not arrive, or not yet. */
export type MailProblem = {
  deliveryId: string;
  messageId: string | null;
  /** Null for a mail about no invitation. */
  invitationId: string | null;
  nameLatin: string;
  nameNative: string;
  kind: MailKind;
  state: DeliveryState;
  /** What the other server last said; empty when nothing. */
  response: string;
  at: number;
};

function mailProblems({ scope, db }: StaffContext): Array<MailProblem> {
  const rows = db.orm
    .select({
      deliveryId: delivery.id,
      messageId: delivery.messageId,
      invitationId: delivery.invitationId,
      nameLatin: sql<string>`case ${delivery.recipientKind} when 'invitee' then ${person.nameLatin} else ${delivery.toName} end`,
      nameNative: sql<string>`case ${delivery.recipientKind} when 'invitee' then ${person.nameNative} else '' end`,
      kind: delivery.kind,
      state: delivery.state,
      createdAt: delivery.createdAt,
      finishedAt: delivery.finishedAt,
    })
    .from(delivery)
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
    .leftJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(delivery.editionId, scope.editionId),
        inArray(delivery.coHostId, [...scope.sideIds]),
        inArray(delivery.state, ["failed", "deferred"]),
      ),
    )
    .orderBy(desc(delivery.createdAt), delivery.id)
    .limit(5)
    .all();
  return rows.map(({ createdAt, finishedAt, ...row }) => {
    const last = db.orm
      .select({ at: deliveryTry.at, response: deliveryTry.response })
      .from(deliveryTry)
      .where(eq(deliveryTry.deliveryId, row.deliveryId))
      .orderBy(desc(deliveryTry.at))
      .limit(1)
      .get();
    return { ...row, response: last?.response ?? "", at: last?.at ?? finishedAt ?? createdAt };
  });
}

/** What a lead sees first. Of each kind of people the first are shown, and how many there are in all. */
export type Overview = {
  delegations: ReadonlyArray<DelegationView>;
  byDay: AnswersByDay | null;
  silent: ReadonlyArray<SilentPerson>;
  silentInAll: number;
  askAgain: ReadonlyArray<AskAgain>;
  waiting: ReadonlyArray<WaitingPerson>;
  waitingInAll: number;
  visits: ReadonlyArray<VisitSeats>;
  mailProblems: ReadonlyArray<MailProblem>;
};

export function overview(ctx: StaffContext): Overview {
  const facts = editionFacts(ctx, ctx.scope.editionId);
  const dayHere = (instant: number) => dayOf(instant, facts.timeZone);
  const today = dayHere(ctx.clock.now());
  const delegations = delegationsOf(ctx).filter((entry) => entry.answers !== null);
  const invited = invitedPeople(ctx);
  const visits = visitSeats(ctx);
  const silent = silentPeople(ctx, invited);
  const waiting = waitingPeople(ctx, invited);
  const sent = invited.flatMap(({ delegationId, sentAt, reply, repliedAt }) =>
    sentAt === null
      ? []
      : [
          {
            delegationId,
            sentOn: dayHere(sentAt),
            answeredOn: reply === "none" || repliedAt === null ? null : dayHere(repliedAt),
          },
        ],
  );
  return {
    delegations,
    byDay: answersByDay(delegations, sent, {
      replyBy: facts.replyBy === null ? null : dayHere(facts.replyBy),
      today,
    }),
    silent: silent.slice(0, PEOPLE_SHOWN),
    silentInAll: silent.length,
    askAgain: askAgainDue(ctx),
    waiting: waiting.slice(0, PEOPLE_SHOWN),
    waitingInAll: waiting.length,
    visits,
    mailProblems: mailProblems(ctx),
  };
}
