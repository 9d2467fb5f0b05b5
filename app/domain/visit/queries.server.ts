import { and, asc, eq, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { agendaItem, delegation, invitation, person, siteVisit, visitPlace } from "#db/schema/index.ts";
import type { Allotment, Category, PlaceCause, PlaceState } from "#db/vocabulary.ts";
import {
  type AgendaDelegation,
  agendaDelegations,
  mayCome,
  type NamedPerson,
  ownPeople,
} from "../agenda/draft.server.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { StaffContext } from "../context.ts";
import { type Collision, standingFor } from "./obstacles.server.ts";
import { type OpenTo, type PlaceObstacle, readOpenTo, seatsLeftFor, seatsOver } from "./rules.ts";
import { seatsNow } from "./seats.server.ts";

/** A delegation's share of a visit. `seats` null: limited by the total alone. */
type DelegationSeats = AgendaDelegation & {
  seats: number | null;
  taken: number;
  waiting: number;
  /** Seats that it may still take, as the total allows. */
  left: number;
  over: number;
};

/** How a visit stands: counts of every side, names of nobody. */
export type VisitBoard = {
  visitId: string;
  itemId: string;
  titleEn: string;
  titleZh: string;
  hostEn: string;
  hostZh: string;
  startsAt: number;
  endsAt: number;
  clearanceDeadline: number | null;
  /** Whether the newest version of the programme has it: before that nobody can ask for it, and nobody is told. */
  published: boolean;
  capacity: number;
  taken: number;
  waiting: number;
  over: number;
  /** Seats that staff gave beyond a limit or out of turn, each with its reason; of every side. */
  overrides: number;
  allotment: Allotment;
  offerHours: number | null;
  openTo: OpenTo;
  /** The draw that gave its seats; null when lots are not drawn, or not yet. */
  drawId: string | null;
  delegations: Array<DelegationSeats>;
};

const visitsOf = prepared((orm) =>
  orm
    .select({
      visitId: siteVisit.id,
      itemId: siteVisit.itemId,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      hostEn: siteVisit.hostEn,
      hostZh: siteVisit.hostZh,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      clearanceDeadline: siteVisit.clearanceDeadline,
      allotment: siteVisit.allotment,
      offerHours: siteVisit.offerHours,
      openTo: siteVisit.openTo,
      drawId: siteVisit.drawId,
      overrides: sql<number>`(select count(*) from visit_place p where p.visit_id = ${siteVisit.id} and p.state = 'granted' and p.cause = 'override')`,
    })
    .from(siteVisit)
    .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
    .where(eq(siteVisit.editionId, sql.placeholder("edition")))
    .orderBy(asc(agendaItem.startsAt), asc(agendaItem.id))
    .prepare(),
);

type VisitRow = ReturnType<ReturnType<typeof visitsOf>["all"]>[number];

/** All visits of the edition in the order of time, as the draft has them. */
export function visitBoards(ctx: StaffContext): Array<VisitBoard> {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const delegations = agendaDelegations(orm, editionId);
  return visitsOf(orm)
    .all({ edition: editionId })
    .map((visit) => board(orm, editionId, visit, delegations));
}

function board(
  orm: Orm,
  editionId: string,
  visit: VisitRow,
  delegations: ReadonlyArray<AgendaDelegation>,
): VisitBoard {
  const now = seatsNow(orm, { visitId: visit.visitId, editionId });
  const limits = now?.limits ?? { capacity: 0, quotas: new Map<string, number>() };
  const taken = now?.taken ?? new Map<string, number>();
  const waiting = now?.waiting ?? new Map<string, number>();
  const over = seatsOver(limits, taken);
  const newest = newestProgrammeIn(orm, editionId);
  return {
    ...visit,
    openTo: readOpenTo(visit.openTo),
    published: newest?.items.some((item) => item.visit?.id === visit.visitId) ?? false,
    capacity: limits.capacity,
    taken: sum(taken),
    waiting: sum(waiting),
    over: over.total,
    delegations: delegations.map((one) => ({
      ...one,
      seats: limits.quotas.get(one.id) ?? null,
      taken: taken.get(one.id) ?? 0,
      waiting: waiting.get(one.id) ?? 0,
      left: seatsLeftFor(one.id, limits, taken),
      over: over.delegations.get(one.id) ?? 0,
    })),
  };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, people) => total + people, 0);
}

/** Somebody of one's own side on a visit. */
export type PersonOnVisit = NamedPerson & {
  state: Exclude<PlaceState, "withdrawn">;
  delegationId: string;
  /** Place in the queue of all sides, from 1; null for those who have a seat. */
  position: number | null;
  askedAt: number;
  category: Category;
  cause: PlaceCause;
  /** Among their wishes, from 1; null: they named no order. */
  preference: number | null;
  /** While a seat is held for them: until when. */
  offerEndsAt: number | null;
  overrideReason: string;
  clashReason: string;
  /** What stands between them and a seat, or should have: consents can be taken back, and times move. */
  obstacles: ReadonlyArray<PlaceObstacle>;
  /** What else they do, or have a seat on, at the same time, by the newest published programme. */
  clashes: ReadonlyArray<Collision>;
};

export type VisitPage = {
  visit: VisitBoard;
  /** With those for whom a seat is held. */
  granted: Array<PersonOnVisit>;
  /** In the order of the queue. */
  waiting: Array<PersonOnVisit>;
  /** People of one's own side who may come and neither have a place nor wait for one. */
  others: Array<NamedPerson>;
};

const peopleOnVisit = prepared((orm) =>
  orm
    .select({
      invitationId: visitPlace.invitationId,
      delegationId: visitPlace.delegationId,
      sideId: delegation.coHostId,
      state: visitPlace.state,
      askedAt: visitPlace.askedAt,
      queueNumber: visitPlace.queueNumber,
      category: invitation.category,
      cause: visitPlace.cause,
      preference: visitPlace.preference,
      offerEndsAt: visitPlace.offerEndsAt,
      overrideReason: visitPlace.overrideReason,
      clashReason: visitPlace.clashReason,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      sortKey: person.sortKey,
    })
    .from(visitPlace)
    .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(visitPlace.visitId, sql.placeholder("visit")),
        eq(invitation.editionId, sql.placeholder("edition")),
        sql`${visitPlace.state} <> 'withdrawn'`,
        sql`${delegation.coHostId} in (select value from json_each(${sql.placeholder("sides")}))`,
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .prepare(),
);

const queueNumbers = prepared((orm) =>
  orm
    .select({ queueNumber: visitPlace.queueNumber })
    .from(visitPlace)
    .where(and(eq(visitPlace.visitId, sql.placeholder("visit")), eq(visitPlace.state, "waiting")))
    .orderBy(asc(visitPlace.queueNumber))
    .prepare(),
);

/** One visit with the people of one's own side; others are in its counts. Null when it is not of this edition. */
export function visitPage(ctx: StaffContext, visitId: string): VisitPage | null {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const visit = visitBoards(ctx).find((candidate) => candidate.visitId === visitId);
  if (visit === undefined) return null;
  const rows = peopleOnVisit(orm).all({
    visit: visitId,
    edition: editionId,
    sides: JSON.stringify(sideIds),
  });
  const queue = queueNumbers(orm)
    .all({ visit: visitId })
    .map((row) => row.queueNumber);
  const people = rows.flatMap((row): Array<PersonOnVisit> => {
    if (row.state === "withdrawn") return [];
    const { sideId: _sideId, sortKey: _sortKey, queueNumber, state, ...facts } = row;
    const standing = standingFor(orm, { ...row, visitId, editionId }, row.clashReason);
    return [
      {
        ...facts,
        state,
        position: state === "waiting" ? queue.indexOf(queueNumber) + 1 : null,
        obstacles: standing.obstacles,
        clashes: standing.collisions,
      },
    ];
  });
  const on = new Set(rows.map((row) => row.invitationId));
  return {
    visit,
    granted: people.filter((one) => one.state !== "waiting"),
    waiting: people
      .filter((one) => one.state === "waiting")
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0)),
    others: ownPeople(orm, { editionId, sideIds })
      .filter((one) => mayCome(one) && !on.has(one.invitationId))
      .map(({ reply: _reply, ...one }) => one),
  };
}
