/** Reads about an edition as a whole. What belongs to people is limited to the sides of the reader. */
import { and, count, desc, eq, gt, inArray, isNotNull, isNull, max, or, sql } from "drizzle-orm";
import { type Db, prepared } from "#db/client.server.ts";
import {
  agendaItem,
  agendaVersion,
  coHost,
  delegation,
  delivery,
  deliveryTry,
  edition,
  editionCoHost,
  invitation,
  person,
  registration,
  registrationSection,
  siteVisit,
  staffPermission,
  visitPlace,
  visitQuota,
} from "#db/schema/index.ts";
import {
  type Approval,
  type Category,
  type DeliveryState,
  type MailKind,
  type Mode,
  type Permission,
  REGISTRATION_SECTIONS,
  type Reply,
} from "#db/vocabulary.ts";
import { hasNoGrants } from "../access/queries.server.ts";
import { type Grant, isLive, mayCreateEditions, staffScope } from "../access/rules.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { placeIsHeld } from "../invitation/quota.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { type AnswerCounts, wholeDays } from "./rules.ts";

/** One co-hosting organisation with its own title of the edition. */
export type CoHostFacts = { id: string; nameEn: string; nameZh: string; titleEn: string; titleZh: string };

/** What anybody who deals with an edition may know of it. Days are `YYYY-MM-DD`, instants epoch milliseconds. */
export type EditionFacts = {
  id: string;
  slug: string;
  titleEn: string;
  titleZh: string;
  cityEn: string;
  cityZh: string;
  country: string;
  timeZone: string;
  startsOn: string;
  endsOn: string;
  travelFrom: string;
  travelTo: string;
  mode: Mode;
  replyBy: number | null;
  registerBy: number | null;
  costsEn: string;
  costsZh: string;
  phones: string;
  coHosts: ReadonlyArray<CoHostFacts>;
};

const factsById = prepared((orm) =>
  orm
    .select({
      id: edition.id,
      slug: edition.slug,
      titleEn: edition.titleEn,
      titleZh: edition.titleZh,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      country: edition.country,
      timeZone: edition.timeZone,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
      travelFrom: edition.travelFrom,
      travelTo: edition.travelTo,
      mode: edition.mode,
      replyBy: edition.replyBy,
      registerBy: edition.registerBy,
      costsEn: edition.costsEn,
      costsZh: edition.costsZh,
      phones: edition.phones,
    })
    .from(edition)
    .where(eq(edition.id, sql.placeholder("edition")))
    .prepare(),
);

const coHostsById = prepared((orm) =>
  orm
    .select({
      id: coHost.id,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
      titleEn: editionCoHost.titleEn,
      titleZh: editionCoHost.titleZh,
    })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(eq(editionCoHost.editionId, sql.placeholder("edition")))
    .orderBy(editionCoHost.position)
    .prepare(),
);

/**
 * The facts of an edition. On the way of every page of the delegate's.
 *
 * @throws Error when there is none: callers take the id from a scope.
 */
export function editionFacts({ db }: { db: Db }, editionId: string): EditionFacts {
  const facts = factsById(db.orm).get({ edition: editionId });
  if (facts === undefined) throw new Error("A scope names an edition that does not exist");
  return { ...facts, coHosts: coHostsById(db.orm).all({ edition: editionId }) };
}

/** One edition in the list of those that a login has to do with. */
export type EditionInList = {
  slug: string;
  titleEn: string;
  titleZh: string;
  cityEn: string;
  cityZh: string;
  startsOn: string;
  endsOn: string;
  sides: ReadonlyArray<{ nameEn: string; nameZh: string }>;
  permissions: ReadonlyArray<Permission>;
  /** People of one's own side, without those whose invitation was withdrawn. */
  people: number;
};

/** The editions that a login may enter, the newest first, and whether it may make one. */
export function editionsOfStaff(
  { db, clock }: Pick<DomainContext, "db" | "clock">,
  userId: string,
): { editions: ReadonlyArray<EditionInList>; mayCreate: boolean } {
  const grants: ReadonlyArray<Grant> = db.orm
    .select({
      coHostId: staffPermission.coHostId,
      editionId: staffPermission.editionId,
      permission: staffPermission.permission,
      endsAt: staffPermission.endsAt,
    })
    .from(staffPermission)
    .where(eq(staffPermission.userId, userId))
    .all();
  const now = clock.now();
  const mayCreate = mayCreateEditions(grants, hasNoGrants(db.orm), now);
  const sideIds = [...new Set(grants.filter((grant) => isLive(grant, now)).map((grant) => grant.coHostId))];
  const rows = db.orm
    .select({
      id: edition.id,
      slug: edition.slug,
      titleEn: editionCoHost.titleEn,
      titleZh: editionCoHost.titleZh,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
      coHostId: coHost.id,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
    })
    .from(editionCoHost)
    .innerJoin(edition, eq(edition.id, editionCoHost.editionId))
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(inArray(editionCoHost.coHostId, sideIds))
    .orderBy(desc(edition.startsOn), edition.slug, editionCoHost.position)
    .all();
  const editions: Array<EditionInList> = [];
  for (const id of new Set(rows.map((row) => row.id))) {
    const own = rows.filter((row) => row.id === id);
    const scope = staffScope(grants, { id, coHostIds: own.map((row) => row.coHostId) }, { now });
    const sides = own.filter((row) => scope?.sideIds.includes(row.coHostId));
    const [first] = sides;
    if (scope === null || first === undefined) continue;
    editions.push({
      slug: first.slug,
      titleEn: first.titleEn,
      titleZh: first.titleZh,
      cityEn: first.cityEn,
      cityZh: first.cityZh,
      startsOn: first.startsOn,
      endsOn: first.endsOn,
      sides: sides.map(({ nameEn, nameZh }) => ({ nameEn, nameZh })),
      permissions: scope.permissions,
      people: peopleOf({ db }, scope),
    });
  }
  return { editions, mayCreate };
}

/** The sides that a login leads in all their editions: as one of these it makes a new one. */
export function sidesLedBy(
  { db, clock }: Pick<DomainContext, "db" | "clock">,
  userId: string,
): Array<{ id: string; nameEn: string; nameZh: string }> {
  return db.orm
    .selectDistinct({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(staffPermission)
    .innerJoin(coHost, eq(coHost.id, staffPermission.coHostId))
    .where(
      and(
        eq(staffPermission.userId, userId),
        eq(staffPermission.permission, "lead"),
        isNull(staffPermission.editionId),
        or(isNull(staffPermission.endsAt), gt(staffPermission.endsAt, clock.now())),
      ),
    )
    .orderBy(coHost.nameEn)
    .all();
}

type OwnScope = { editionId: string; sideIds: ReadonlyArray<string> };

/** What makes an invitation one's own: its delegation belongs to the edition and to one of the sides. */
function ofOwnSide({ editionId, sideIds }: OwnScope) {
  return and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds]));
}

function peopleOf({ db }: { db: Db }, scope: OwnScope): number {
  const row = db.orm
    .select({ people: count() })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(ofOwnSide(scope), stands))
    .get();
  return row?.people ?? 0;
}

/** What the rail beside every page of an edition says. */
export type DeskView = {
  sides: ReadonlyArray<{ nameEn: string; nameZh: string }>;
  permissions: ReadonlyArray<Permission>;
  people: number;
  /** Number of the newest published agenda; null before the first. */
  agendaVersion: number | null;
  /** Mails of one's own side that did not arrive and that nobody took back. */
  undelivered: number;
};

export function deskView(ctx: StaffContext): DeskView {
  const { scope, db } = ctx;
  const sides = coHostsById(db.orm)
    .all({ edition: scope.editionId })
    .filter((side) => scope.sideIds.includes(side.id));
  const version = db.orm
    .select({ number: max(agendaVersion.number) })
    .from(agendaVersion)
    .where(eq(agendaVersion.editionId, scope.editionId))
    .get();
  const failed = db.orm
    .select({ mails: count() })
    .from(delivery)
    .where(
      and(
        eq(delivery.editionId, scope.editionId),
        inArray(delivery.coHostId, [...scope.sideIds]),
        eq(delivery.state, "failed"),
      ),
    )
    .get();
  return {
    sides: sides.map(({ nameEn, nameZh }) => ({ nameEn, nameZh })),
    permissions: scope.permissions,
    people: peopleOf(ctx, scope),
    agendaVersion: version?.number ?? null,
    undelivered: failed?.mails ?? 0,
  };
}

/** Who has to approve an invitation in this edition, and whether the reader is of the host side, which says so. */
export function approvalRule(ctx: Pick<StaffContext, "db" | "scope">): {
  approval: Approval;
  isHost: boolean;
} {
  const found = ctx.db.orm
    .select({ approval: edition.approval, hostSideId: edition.hostSideId })
    .from(edition)
    .where(eq(edition.id, ctx.scope.editionId))
    .get();
  if (found === undefined) throw new Error("A scope names an edition that does not exist");
  return { approval: found.approval, isHost: ctx.scope.sideIds.includes(found.hostSideId) };
}

/** A delegation with how many of its places are taken. Of the other side's only name and places are known. */
export type DelegationView = {
  id: string;
  key: string;
  nameEn: string;
  nameZh: string;
  quota: number | null;
  homeTimeZone: string;
  sideEn: string;
  sideZh: string;
  /** Null for the other side's delegations. */
  answers: AnswerCounts | null;
  /** Places that are held; null for the other side's. */
  taken: number | null;
};

const noAnswers: AnswerCounts = {
  accepted: 0,
  tentative: 0,
  substituteProposed: 0,
  declined: 0,
  silent: 0,
  draft: 0,
};

/** All delegations of the edition in their order; the answers of one's own side's. */
export function delegationsOf(ctx: StaffContext): Array<DelegationView> {
  const { scope, db } = ctx;
  const rows = db.orm
    .select({
      id: delegation.id,
      key: delegation.key,
      nameEn: delegation.nameEn,
      nameZh: delegation.nameZh,
      quota: delegation.quota,
      homeTimeZone: delegation.homeTimeZone,
      sideId: delegation.coHostId,
      sideEn: coHost.nameEn,
      sideZh: coHost.nameZh,
    })
    .from(delegation)
    .innerJoin(coHost, eq(coHost.id, delegation.coHostId))
    .where(eq(delegation.editionId, scope.editionId))
    .orderBy(delegation.position)
    .all();
  const counts = db.orm
    .select({
      delegationId: invitation.delegationId,
      reply: invitation.reply,
      sent: sql<number>`${invitation.sentAt} is not null`,
      people: count(),
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(ofOwnSide(scope), stands))
    .groupBy(invitation.delegationId, invitation.reply, sql`${invitation.sentAt} is not null`)
    .all();
  const held = db.orm
    .select({ delegationId: invitation.delegationId, people: count() })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(ofOwnSide(scope), placeIsHeld))
    .groupBy(invitation.delegationId)
    .all();
  return rows.map(({ sideId, ...row }) => {
    if (!scope.sideIds.includes(sideId)) return { ...row, answers: null, taken: null };
    const answers = { ...noAnswers };
    for (const entry of counts.filter((found) => found.delegationId === row.id))
      answers[bucketOf(entry.reply, entry.sent === 1)] += entry.people;
    const taken = held.find((found) => found.delegationId === row.id)?.people ?? 0;
    return { ...row, answers, taken };
  });
}

function bucketOf(reply: Reply, sent: boolean): keyof AnswerCounts {
  switch (reply) {
    case "accepted":
    case "declined":
    case "tentative":
      return reply;
    case "substitute_proposed":
      return "substituteProposed";
    case "none":
      return sent ? "silent" : "draft";
    default:
      return reply satisfies never;
  }
}

/** Somebody from whom, or about whom, the secretariat waits for something. */
export type WaitingPerson = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  category: Category;
  reply: Reply;
  /** Sections of the registration that are submitted or verified, of `sections`. */
  sectionsDone: number;
  sections: number;
  missing: ReadonlyArray<"address" | "reply" | "registration" | "decision" | "colleague">;
  /** Whole days since the last thing that they, or the secretariat, did. */
  days: number;
};

/** How many of the waiting the overview shows; the list of everybody shows them all. */
export const WAITING_SHOWN = 12;

function waitingPeople(ctx: StaffContext): Array<WaitingPerson> {
  const { scope, db } = ctx;
  const done = db.orm
    .select({
      registrationId: registrationSection.registrationId,
      done: sql<number>`sum(${registrationSection.state} in ('submitted', 'verified'))`.as("done"),
    })
    .from(registrationSection)
    .groupBy(registrationSection.registrationId)
    .as("done");
  const rows = db.orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      email: person.email,
      category: invitation.category,
      reply: invitation.reply,
      repliedAt: invitation.repliedAt,
      sentAt: invitation.sentAt,
      registrationState: registration.state,
      registrationAt: registration.updatedAt,
      sectionsDone: done.done,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .leftJoin(done, eq(done.registrationId, registration.id))
    .where(and(ofOwnSide(scope), stands))
    .orderBy(person.sortKey, person.id)
    .all();
  const now = ctx.clock.now();
  return rows
    .map((row): WaitingPerson => {
      const missing: Array<WaitingPerson["missing"][number]> = [];
      if (row.email === null) missing.push("address");
      if (row.sentAt !== null && row.reply === "none") missing.push("reply");
      if (row.reply === "tentative") missing.push("decision");
      if (row.reply === "substitute_proposed") missing.push("colleague");
      if (row.reply === "accepted" && row.registrationState !== "submitted") missing.push("registration");
      const last = Math.max(row.sentAt ?? 0, row.repliedAt ?? 0, row.registrationAt ?? 0);
      return {
        invitationId: row.invitationId,
        nameLatin: row.nameLatin,
        nameNative: row.nameNative,
        category: row.category,
        reply: row.reply,
        sectionsDone: row.sectionsDone ?? 0,
        sections: REGISTRATION_SECTIONS.length,
        missing,
        days: last === 0 ? 0 : Math.max(0, wholeDays(last, now)),
      };
    })
    .filter((entry) => entry.missing.length > 0)
    .sort((a, b) => b.days - a.days);
}

/** A visit's seats. Numbers only: who goes is each side's own business. */
export type VisitSeats = {
  visitId: string;
  titleEn: string;
  titleZh: string;
  startsAt: number;
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
        .filter((entry) => entry.state === state)
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

/** A day on which something is due, by the edition's clock. */
export type Deadline =
  | { kind: "reply" | "register"; at: number; days: number }
  | {
      kind: "clearance";
      at: number;
      days: number;
      visitId: string;
      hostEn: string;
      hostZh: string;
      taken: number;
      capacity: number;
    };

function deadlines(ctx: StaffContext, visits: ReadonlyArray<VisitSeats>): Array<Deadline> {
  const now = ctx.clock.now();
  const facts = editionFacts(ctx, ctx.scope.editionId);
  const lists = ctx.db.orm
    .select({
      visitId: siteVisit.id,
      at: siteVisit.clearanceDeadline,
      hostEn: siteVisit.hostEn,
      hostZh: siteVisit.hostZh,
      capacity: siteVisit.capacity,
    })
    .from(siteVisit)
    .where(and(eq(siteVisit.editionId, ctx.scope.editionId), isNotNull(siteVisit.clearanceDeadline)))
    .all();
  const found: Array<Deadline> = [];
  if (facts.replyBy !== null)
    found.push({ kind: "reply", at: facts.replyBy, days: wholeDays(now, facts.replyBy) });
  if (facts.registerBy !== null)
    found.push({ kind: "register", at: facts.registerBy, days: wholeDays(now, facts.registerBy) });
  for (const { at, ...list } of lists) {
    if (at === null) continue;
    const taken = visits.find((visit) => visit.visitId === list.visitId)?.taken ?? 0;
    found.push({ kind: "clearance", at, days: wholeDays(now, at), ...list, taken });
  }
  return found.sort((a, b) => a.at - b.at);
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

/** An organizer's first page: how answers stand, who is waited for, what is due, what went wrong. */
export type Overview = {
  delegations: ReadonlyArray<DelegationView>;
  /** Days since the first invitation that is still unanswered was sent; null when none is. */
  silentDays: number | null;
  waiting: ReadonlyArray<WaitingPerson>;
  waitingInAll: number;
  visits: ReadonlyArray<VisitSeats>;
  deadlines: ReadonlyArray<Deadline>;
  mailProblems: ReadonlyArray<MailProblem>;
};

export function overview(ctx: StaffContext): Overview {
  const waiting = waitingPeople(ctx);
  const visits = visitSeats(ctx);
  const silent = waiting.filter((entry) => entry.missing.includes("reply"));
  return {
    delegations: delegationsOf(ctx).filter((entry) => entry.answers !== null),
    silentDays: silent.length === 0 ? null : Math.max(...silent.map((entry) => entry.days)),
    waiting: waiting.slice(0, WAITING_SHOWN),
    waitingInAll: waiting.length,
    visits,
    deadlines: deadlines(ctx, visits),
    mailProblems: mailProblems(ctx),
  };
}
