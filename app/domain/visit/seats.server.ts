import { and, asc, eq, ne, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { delegation, invitation, siteVisit, visitPlace, visitQuota } from "#db/schema/index.ts";
import type { Allotment, PlaceCause, PlaceState } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { DomainContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { tellAboutPlace } from "./news.server.ts";
import { mayAsk, standingFor } from "./obstacles.server.ts";
import {
  isAutomatic,
  isFreeFor,
  offerEnd,
  type SeatLimits,
  type SeatsTaken,
  seatsLeftFor,
  seatsOver,
} from "./rules.ts";

/*
 * The one service that gives seats and takes them back. Registration, staff and limits all come through here, inside
 * their own transaction, so that what is counted is what is written.
 */

/** A visit that somebody may ask for. */
export type VisitChoice = {
  visitId: string;
  itemId: string;
  titleEn: string;
  titleZh: string;
  hostEn: string;
  hostZh: string;
  startsAt: number;
  endsAt: number;
  capacity: number;
  /** Seats that this person's delegation may still take. */
  seatsLeft: number;
  /** How many wait, of all delegations. */
  waiting: number;
  allotment: Allotment;
  /** Whether a free seat goes to who asks: not where staff give them, nor before a draw. */
  automatic: boolean;
  /** This person's place; `withdrawn` when they gave one up; null when they never asked. */
  mine: PlaceState | null;
  /** Their place in the queue, from 1; null unless they wait. */
  position: number | null;
};

const choices = prepared((orm) =>
  orm
    .select({
      visitId: siteVisit.id,
      itemId: siteVisit.itemId,
      capacity: siteVisit.capacity,
      allotment: siteVisit.allotment,
      drawId: siteVisit.drawId,
      openTo: siteVisit.openTo,
      quota: visitQuota.seats,
      taken: sql<number>`(select count(*) from visit_place p where p.visit_id = ${siteVisit.id} and p.state in ('granted', 'offered'))`,
      takenByOwn: sql<number>`(select count(*) from visit_place p where p.visit_id = ${siteVisit.id} and p.state in ('granted', 'offered') and p.delegation_id = ${sql.placeholder("delegation")})`,
      waiting: sql<number>`(select count(*) from visit_place p where p.visit_id = ${siteVisit.id} and p.state = 'waiting')`,
      mine: visitPlace.state,
      position: sql<number>`(select count(*) from visit_place p where p.visit_id = ${siteVisit.id} and p.state = 'waiting' and p.queue_number <= ${visitPlace.queueNumber})`,
    })
    .from(siteVisit)
    .leftJoin(
      visitQuota,
      and(eq(visitQuota.visitId, siteVisit.id), eq(visitQuota.delegationId, sql.placeholder("delegation"))),
    )
    .leftJoin(
      visitPlace,
      and(eq(visitPlace.visitId, siteVisit.id), eq(visitPlace.invitationId, sql.placeholder("invitation"))),
    )
    .where(eq(siteVisit.editionId, sql.placeholder("edition")))
    .prepare(),
);

/**
 * The visits of the newest published programme, with the seats that are left for this person. A visit that has only
 * been drafted is offered to nobody: its time and its host may still change without notice.
 */
export function visitChoices(
  orm: Orm,
  person: { editionId: string; delegationId: string; invitationId: string },
): Array<VisitChoice> {
  const programme = newestProgrammeIn(orm, person.editionId);
  if (programme === null) return [];
  const rows = choices(orm).all({
    edition: person.editionId,
    delegation: person.delegationId,
    invitation: person.invitationId,
  });
  const offered: Array<VisitChoice> = [];
  for (const item of programme.items) {
    const row = rows.find((candidate) => candidate.visitId === item.visit?.id);
    if (row === undefined || item.visit === null) continue;
    const has = row.mine !== null && row.mine !== "withdrawn";
    if (!has && !mayAsk(orm, person, row.openTo)) continue;
    const ofAll = row.capacity - row.taken;
    const ofOwn = row.quota === null ? ofAll : row.quota - row.takenByOwn;
    offered.push({
      visitId: row.visitId,
      itemId: row.itemId,
      titleEn: item.titleEn,
      titleZh: item.titleZh,
      hostEn: item.visit.hostEn,
      hostZh: item.visit.hostZh,
      startsAt: item.startsAt,
      endsAt: item.endsAt,
      capacity: row.capacity,
      seatsLeft: Math.max(0, Math.min(ofAll, ofOwn)),
      waiting: row.waiting,
      allotment: row.allotment,
      automatic: isAutomatic(row),
      mine: row.mine,
      position: row.mine === "waiting" ? row.position : null,
    });
  }
  return offered;
}

const visitRules = prepared((orm) =>
  orm
    .select({
      capacity: siteVisit.capacity,
      allotment: siteVisit.allotment,
      offerHours: siteVisit.offerHours,
      drawId: siteVisit.drawId,
      openTo: siteVisit.openTo,
    })
    .from(siteVisit)
    .where(
      and(eq(siteVisit.id, sql.placeholder("visit")), eq(siteVisit.editionId, sql.placeholder("edition"))),
    )
    .prepare(),
);

const quotasOf = prepared((orm) =>
  orm
    .select({ delegationId: visitQuota.delegationId, seats: visitQuota.seats })
    .from(visitQuota)
    .where(eq(visitQuota.visitId, sql.placeholder("visit")))
    .prepare(),
);

const peopleByDelegation = prepared((orm) =>
  orm
    .select({
      delegationId: visitPlace.delegationId,
      state: visitPlace.state,
      people: sql<number>`count(*)`,
    })
    .from(visitPlace)
    .where(and(eq(visitPlace.visitId, sql.placeholder("visit")), ne(visitPlace.state, "withdrawn")))
    .groupBy(visitPlace.delegationId, visitPlace.state)
    .prepare(),
);

export type SeatsNow = { limits: SeatLimits; taken: SeatsTaken; waiting: ReadonlyMap<string, number> };

/** A visit's limits and who takes and waits for its seats, by delegation; null when there is no such visit. */
export function seatsNow(
  orm: Orm,
  { visitId, editionId }: { visitId: string; editionId: string },
): SeatsNow | null {
  const found = visitRules(orm).get({ visit: visitId, edition: editionId });
  if (found === undefined) return null;
  const quotas = new Map(
    quotasOf(orm)
      .all({ visit: visitId })
      .map((row) => [row.delegationId, row.seats]),
  );
  const taken = new Map<string, number>();
  const waiting = new Map<string, number>();
  for (const row of peopleByDelegation(orm).all({ visit: visitId }))
    add(row.state === "waiting" ? waiting : taken, row);
  return { limits: { capacity: found.capacity, quotas }, taken, waiting };
}

function add(counts: Map<string, number>, row: { delegationId: string; people: number }): void {
  counts.set(row.delegationId, (counts.get(row.delegationId) ?? 0) + row.people);
}

const ownPlaces = prepared((orm) =>
  orm
    .select({
      id: visitPlace.id,
      visitId: visitPlace.visitId,
      state: visitPlace.state,
      queueNumber: visitPlace.queueNumber,
      preference: visitPlace.preference,
      clashReason: visitPlace.clashReason,
    })
    .from(visitPlace)
    .innerJoin(siteVisit, eq(siteVisit.id, visitPlace.visitId))
    .where(
      and(
        eq(visitPlace.invitationId, sql.placeholder("invitation")),
        eq(siteVisit.editionId, sql.placeholder("edition")),
      ),
    )
    .orderBy(asc(visitPlace.askedAt), asc(visitPlace.id))
    .prepare(),
);

const lastInQueue = prepared((orm) =>
  orm
    .select({ number: sql<number>`coalesce(max(${visitPlace.queueNumber}), 0)` })
    .from(visitPlace)
    .where(eq(visitPlace.visitId, sql.placeholder("visit")))
    .prepare(),
);

const positionInQueue = prepared((orm) =>
  orm
    .select({ position: sql<number>`count(*)` })
    .from(visitPlace)
    .where(
      and(
        eq(visitPlace.visitId, sql.placeholder("visit")),
        eq(visitPlace.state, "waiting"),
        sql`${visitPlace.queueNumber} <= ${sql.placeholder("queueNumber")}`,
      ),
    )
    .prepare(),
);

const insertPlace = prepared((orm) =>
  orm
    .insert(visitPlace)
    .values({
      id: sql.placeholder("id"),
      visitId: sql.placeholder("visitId"),
      invitationId: sql.placeholder("invitationId"),
      delegationId: sql.placeholder("delegationId"),
      state: sql.placeholder("state"),
      queueNumber: sql.placeholder("queueNumber"),
      cause: sql.placeholder("cause"),
      askedAt: sql.placeholder("at"),
      decidedAt: sql.placeholder("decidedAt"),
    })
    .onConflictDoUpdate({
      target: [visitPlace.visitId, visitPlace.invitationId],
      set: {
        delegationId: sql`excluded.delegation_id`,
        state: sql`excluded.state`,
        cause: sql`excluded.cause`,
        queueNumber: sql`excluded.queue_number`,
        askedAt: sql`excluded.asked_at`,
        decidedAt: sql`excluded.decided_at`,
      },
    })
    .prepare(),
);

/** What became of one wish. `changed` is false when it was so before. */
export type PlaceOutcome = {
  visitId: string;
  state: PlaceState;
  /** Place in the queue, from 1; null unless waiting. */
  position: number | null;
  changed: boolean;
};

type Person = { invitationId: string; delegationId: string; editionId: string };

/**
 * Sets a person's wishes to exactly `visitIds`: new ones get a seat, or a place at the end of the queue; those no
 * longer named are given up, and the next in line moves up. An empty list gives up everything (a declined or withdrawn
 * invitation). The same list again changes nothing. Ids that are no visits of the edition are passed over.
 *
 * The caller tells the person; those who are promoted are told from here.
 */
export function askForPlaces(
  tx: Tx,
  ctx: DomainContext,
  { visitIds, ...person }: Person & { visitIds: ReadonlyArray<string> },
): Array<PlaceOutcome> {
  const had = ownPlaces(tx).all({ invitation: person.invitationId, edition: person.editionId });
  const outcomes: Array<PlaceOutcome> = [];
  // Given up first: somebody who changes from one visit to another frees a seat before they take one.
  for (const { visitId, state } of had) {
    if (state === "withdrawn" || visitIds.includes(visitId)) continue;
    giveUpPlace(tx, ctx, { visitId, invitationId: person.invitationId });
    outcomes.push({ visitId, state: "withdrawn", position: null, changed: true });
  }
  const rank = new Map(had.map((place) => [place.visitId, place.preference ?? Number.POSITIVE_INFINITY]));
  const inOrder = [...new Set(visitIds)].sort((a, b) => compare(rank.get(a), rank.get(b)));
  for (const visitId of inOrder) {
    const outcome = askForPlace(tx, ctx, { ...person, visitId });
    if (outcome !== null) outcomes.push(outcome);
  }
  return outcomes;
}

/** A wish without a rank comes after those that have one, as it was asked. */
function compare(a: number | undefined, b: number | undefined): number {
  const [first, second] = [a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY];
  return first === second ? 0 : first - second;
}

/**
 * Gives up one place or wish; the next in line moves up, and so does this person where only that place stood in their way.
 *
 * @returns false when there was none.
 */
export function giveUpPlace(
  tx: Tx,
  ctx: DomainContext,
  {
    visitId,
    invitationId,
    cause = "given_up",
  }: { visitId: string; invitationId: string; cause?: PlaceCause },
): boolean {
  const given = tx
    .update(visitPlace)
    .set({
      state: "withdrawn",
      cause,
      decidedAt: ctx.clock.now(),
      offerEndsAt: null,
      overrideReason: "",
      clashReason: "",
    })
    .where(
      and(
        eq(visitPlace.visitId, visitId),
        eq(visitPlace.invitationId, invitationId),
        ne(visitPlace.state, "withdrawn"),
      ),
    )
    .run();
  if (given.changes === 0) return false;
  promoteWaiting(tx, ctx, visitId);
  moveUp(tx, ctx, invitationId);
  return true;
}

const waitedFor = prepared((orm) =>
  orm
    .select({ visitId: visitPlace.visitId })
    .from(visitPlace)
    .where(and(eq(visitPlace.invitationId, sql.placeholder("invitation")), eq(visitPlace.state, "waiting")))
    .orderBy(asc(sql`${visitPlace.preference} is null`), asc(visitPlace.preference), asc(visitPlace.askedAt))
    .prepare(),
);

/** Looks again at the queues in which a person waits: what stood in their way may be gone. */
export function moveUp(tx: Tx, ctx: DomainContext, invitationId: string): void {
  for (const { visitId } of waitedFor(tx).all({ invitation: invitationId })) promoteWaiting(tx, ctx, visitId);
}

/** Asks for one place more; null when the visit is not one that they may ask for. Asked for already: nothing changes. */
export function askForPlace(
  tx: Tx,
  ctx: DomainContext,
  { visitId, ...person }: Person & { visitId: string },
): PlaceOutcome | null {
  const earlier = ownPlaces(tx)
    .all({ invitation: person.invitationId, edition: person.editionId })
    .find((place) => place.visitId === visitId);
  if (earlier !== undefined && earlier.state !== "withdrawn") return asBefore(tx, earlier);
  const rules = visitRules(tx).get({ visit: visitId, edition: person.editionId });
  const now = seatsNow(tx, { visitId, editionId: person.editionId });
  if (rules === undefined || now === null || !mayAsk(tx, person, rules.openTo)) return null;
  const hasSeat =
    isAutomatic(rules) &&
    seatsLeftFor(person.delegationId, now.limits, now.taken) > 0 &&
    isFreeFor(person.delegationId, ready(tx, visitId), now.limits, now.taken) &&
    standingFor(tx, { ...person, visitId }, "").obstacles.length === 0;
  const state = hasSeat ? "granted" : "waiting";
  const queueNumber = putPlace(tx, ctx, { visitId, ...person, state, cause: "asked" });
  const position = state === "waiting" ? positionOf(tx, { visitId, queueNumber }) : null;
  return { visitId, state, position, changed: true };
}

/** Writes a place that is new, or asked for again, at the end of the queue; returns its number there. */
export function putPlace(
  tx: Tx,
  ctx: DomainContext,
  {
    visitId,
    invitationId,
    delegationId,
    state,
    cause,
  }: Person & { visitId: string; state: "granted" | "waiting"; cause: PlaceCause },
): number {
  const queueNumber = (lastInQueue(tx).get({ visit: visitId })?.number ?? 0) + 1;
  const at = ctx.clock.now();
  const decidedAt = state === "granted" ? at : null;
  insertPlace(tx).run({
    id: newId(),
    visitId,
    invitationId,
    delegationId,
    state,
    cause,
    queueNumber,
    at,
    decidedAt,
  });
  return queueNumber;
}

function asBefore(
  orm: Orm,
  place: { visitId: string; state: PlaceState; queueNumber: number },
): PlaceOutcome {
  const position = place.state === "waiting" ? positionOf(orm, place) : null;
  return { visitId: place.visitId, state: place.state, position, changed: false };
}

function positionOf(orm: Orm, place: { visitId: string; queueNumber: number }): number {
  return positionInQueue(orm).get({ visit: place.visitId, queueNumber: place.queueNumber })?.position ?? 0;
}

const queueOf = prepared((orm) =>
  orm
    .select({
      placeId: visitPlace.id,
      delegationId: visitPlace.delegationId,
      invitationId: visitPlace.invitationId,
      clashReason: visitPlace.clashReason,
      editionId: invitation.editionId,
      sideId: delegation.coHostId,
    })
    .from(visitPlace)
    .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(eq(visitPlace.visitId, sql.placeholder("visit")), eq(visitPlace.state, "waiting")))
    .orderBy(asc(visitPlace.queueNumber))
    .prepare(),
);

/** Those in the queue between whom and a seat nothing stands, in order. */
export function ready(orm: Orm, visitId: string) {
  return queueOf(orm)
    .all({ visit: visitId })
    .filter((one) => isReady(orm, visitId, one));
}

type Queued = ReturnType<ReturnType<typeof queueOf>["all"]>[number];

function isReady(orm: Orm, visitId: string, one: Queued): boolean {
  return standingFor(orm, { ...one, visitId }, one.clashReason).obstacles.length === 0;
}

/**
 * Gives free seats to those who wait, or offers them, strictly in the order of the queue; somebody whose delegation is
 * full, or who could not take a seat, is passed over for the moment and keeps their place in the queue. Each one is told
 * by mail.
 *
 * @returns how many were promoted.
 */
export function promoteWaiting(tx: Tx, ctx: DomainContext, visitId: string): number {
  const queue = queueOf(tx).all({ visit: visitId });
  const editionId = queue[0]?.editionId;
  if (editionId === undefined) return 0;
  const rules = visitRules(tx).get({ visit: visitId, edition: editionId });
  const now = seatsNow(tx, { visitId, editionId });
  if (rules === undefined || now === null || !isAutomatic(rules)) return 0;
  const taken = new Map(now.taken);
  let promoted = 0;
  for (const person of queue) {
    if (seatsLeftFor(person.delegationId, now.limits, taken) === 0 || !isReady(tx, visitId, person)) continue;
    if (!promote(tx, ctx, { visitId, ...person, offerHours: rules.offerHours })) break;
    taken.set(person.delegationId, (taken.get(person.delegationId) ?? 0) + 1);
    promoted += 1;
  }
  return promoted;
}

/** One seat to one person who waits; false when it is too late for an offer. */
function promote(
  tx: Tx,
  ctx: DomainContext,
  { visitId, offerHours, ...person }: { visitId: string; offerHours: number | null } & Queued,
): boolean {
  const now = ctx.clock.now();
  const startsAt =
    newestProgrammeIn(tx, person.editionId)?.items.find((item) => item.visit?.id === visitId)?.startsAt ??
    null;
  const offerEndsAt = offerHours === null ? null : offerEnd({ offerHours, startsAt }, now);
  if (offerHours !== null && offerEndsAt === null) return false;
  tx.update(visitPlace)
    .set(
      offerEndsAt === null
        ? { state: "granted", cause: "promoted", decidedAt: now }
        : { state: "offered", cause: "offer", offerEndsAt, decidedAt: null },
    )
    .where(eq(visitPlace.id, person.placeId))
    .run();
  tellAboutPlace(tx, ctx, { visitId, invitationId: person.invitationId });
  recordAudit(tx, ctx, {
    action: offerEndsAt === null ? "visit.promote" : "visit.offer",
    subjectKind: "visit_place",
    subjectId: person.placeId,
    editionId: person.editionId,
    sideId: person.sideId,
    details: {
      visit: visitId,
      invitation: person.invitationId,
      ...(offerEndsAt === null ? {} : { until: offerEndsAt }),
    },
  });
  return true;
}

/** What became of new limits. `over`: by how many seats visit and delegations are over them; nobody is moved. */
export type LimitsOutcome = { promoted: number; over: { total: number; delegations: Array<string> } };

/**
 * Sets a visit's limits. Raising them gives the seats to those who wait; lowering them below what is taken takes
 * nothing from anybody, and is reported.
 */
export function setLimits(
  tx: Tx,
  ctx: DomainContext,
  { visitId, editionId, capacity, quotas }: { visitId: string; editionId: string } & SeatLimits,
): LimitsOutcome {
  tx.update(siteVisit).set({ capacity }).where(eq(siteVisit.id, visitId)).run();
  tx.delete(visitQuota).where(eq(visitQuota.visitId, visitId)).run();
  for (const [delegationId, seats] of quotas)
    tx.insert(visitQuota).values({ visitId, delegationId, seats }).run();
  const promoted = promoteWaiting(tx, ctx, visitId);
  const now = seatsNow(tx, { visitId, editionId });
  const over = now === null ? null : seatsOver(now.limits, now.taken);
  return {
    promoted,
    over: { total: over?.total ?? 0, delegations: over === null ? [] : [...over.delegations.keys()] },
  };
}
