import { and, asc, eq, ne, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { delegation, invitation, siteVisit, visitPlace, visitQuota } from "#db/schema/index.ts";
import type { PlaceState } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { DomainContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { tellAboutPlace } from "./news.server.ts";
import { answerTo, promotions, type SeatLimits, type SeatsTaken, seatsOver } from "./rules.ts";

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
      quota: visitQuota.seats,
      taken: sql<number>`(select count(*) from visit_place p where p.visit_id = ${siteVisit.id} and p.state = 'granted')`,
      takenByOwn: sql<number>`(select count(*) from visit_place p where p.visit_id = ${siteVisit.id} and p.state = 'granted' and p.delegation_id = ${sql.placeholder("delegation")})`,
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
      mine: row.mine,
      position: row.mine === "waiting" ? row.position : null,
    });
  }
  return offered;
}

const capacityOf = prepared((orm) =>
  orm
    .select({ capacity: siteVisit.capacity })
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
  const found = capacityOf(orm).get({ visit: visitId, edition: editionId });
  if (found === undefined) return null;
  const quotas = new Map(
    quotasOf(orm)
      .all({ visit: visitId })
      .map((row) => [row.delegationId, row.seats]),
  );
  const taken = new Map<string, number>();
  const waiting = new Map<string, number>();
  for (const row of peopleByDelegation(orm).all({ visit: visitId }))
    (row.state === "granted" ? taken : waiting).set(row.delegationId, row.people);
  return { limits: { capacity: found.capacity, quotas }, taken, waiting };
}

const ownPlaces = prepared((orm) =>
  orm
    .select({
      id: visitPlace.id,
      visitId: visitPlace.visitId,
      state: visitPlace.state,
      queueNumber: visitPlace.queueNumber,
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
      askedAt: sql.placeholder("at"),
      decidedAt: sql.placeholder("decidedAt"),
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
  for (const visitId of new Set(visitIds)) {
    const outcome = askForPlace(tx, ctx, { ...person, visitId });
    if (outcome !== null) outcomes.push(outcome);
  }
  return outcomes;
}

/**
 * Gives up one place or wish; the next in line moves up.
 *
 * @returns false when there was none.
 */
export function giveUpPlace(
  tx: Tx,
  ctx: DomainContext,
  { visitId, invitationId }: { visitId: string; invitationId: string },
): boolean {
  const given = tx
    .update(visitPlace)
    .set({ state: "withdrawn", decidedAt: ctx.clock.now() })
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
  return true;
}

/** Asks for one place more; null when the visit is not one of the edition. Asked for already: nothing changes. */
export function askForPlace(
  tx: Tx,
  ctx: DomainContext,
  { visitId, ...person }: Person & { visitId: string },
): PlaceOutcome | null {
  const earlier = ownPlaces(tx)
    .all({ invitation: person.invitationId, edition: person.editionId })
    .find((place) => place.visitId === visitId);
  if (earlier !== undefined && earlier.state !== "withdrawn") return asBefore(tx, earlier);
  const now = seatsNow(tx, { visitId, editionId: person.editionId });
  if (now === null) return null;
  const state = answerTo(person.delegationId, now.waiting, now.limits, now.taken);
  const queueNumber = (lastInQueue(tx).get({ visit: visitId })?.number ?? 0) + 1;
  const at = ctx.clock.now();
  const decidedAt = state === "granted" ? at : null;
  if (earlier === undefined)
    insertPlace(tx).run({
      id: newId(),
      visitId,
      invitationId: person.invitationId,
      delegationId: person.delegationId,
      state,
      queueNumber,
      at,
      decidedAt,
    });
  else
    tx.update(visitPlace)
      .set({ state, queueNumber, askedAt: at, decidedAt, delegationId: person.delegationId })
      .where(eq(visitPlace.id, earlier.id))
      .run();
  const position = state === "waiting" ? positionOf(tx, { visitId, queueNumber }) : null;
  return { visitId, state, position, changed: true };
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

/**
 * Gives free seats to those who wait, strictly in the order of asking; somebody whose delegation is full is passed
 * over for the moment and keeps their place in the queue. Each one promoted is told by mail.
 *
 * @returns how many were promoted.
 */
function promoteWaiting(tx: Tx, ctx: DomainContext, visitId: string): number {
  const queue = queueOf(tx).all({ visit: visitId });
  const first = queue[0];
  if (first === undefined) return 0;
  const now = seatsNow(tx, { visitId, editionId: first.editionId });
  if (now === null) return 0;
  const promoted = promotions(queue, now.limits, now.taken);
  for (const person of promoted) {
    tx.update(visitPlace)
      .set({ state: "granted", decidedAt: ctx.clock.now() })
      .where(eq(visitPlace.id, person.placeId))
      .run();
    tellAboutPlace(tx, ctx, { visitId, invitationId: person.invitationId });
    recordAudit(tx, ctx, {
      action: "visit.promote",
      subjectKind: "visit_place",
      subjectId: person.placeId,
      editionId: person.editionId,
      sideId: person.sideId,
      details: { visit: visitId, invitation: person.invitationId },
    });
  }
  return promoted.length;
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
