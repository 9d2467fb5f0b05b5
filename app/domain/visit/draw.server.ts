import { createHash, randomBytes } from "node:crypto";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  delegation,
  invitation,
  person,
  siteVisit,
  visitDraw,
  visitDrawTicket,
  visitPlace,
} from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import { clash } from "../agenda/rules.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { DRAW_ALGORITHM, type Drawn, type DrawRecord, type Entrant, outcomeOf } from "./draw.ts";
import { tellAboutPlace } from "./news.server.ts";
import { standingFor } from "./obstacles.server.ts";
import { promoteWaiting, seatsNow } from "./seats.server.ts";

/** A ticket's lot: SHA-256 of `seed:ticket`, in hexadecimal. The smallest comes first. */
export function lotOf(seed: string, ticket: number): string {
  return createHash("sha256").update(`${seed}:${ticket}`).digest("hex");
}

/** The same seed and record give the same seats. */
export function redraw(seed: string, record: DrawRecord): Array<Drawn> {
  return outcomeOf(record, new Map(record.entrants.map(({ ticket }) => [ticket, lotOf(seed, ticket)])));
}

/** Of the record as it is stored and shown: there is nobody's name or id in it. */
export function digestOf(record: string): string {
  return createHash("sha256").update(record).digest("hex");
}

/** How many wait for a seat of the visits whose lots are still to be drawn, and for which. Counts of every side. */
export function drawToCome(ctx: StaffContext): { visitIds: ReadonlyArray<string>; people: number } {
  const visitIds = toBeDrawn(ctx.db.orm, ctx.scope.editionId).map(({ visitId }) => visitId);
  const counted = ctx.db.orm
    .select({ people: sql<number>`count(distinct ${visitPlace.invitationId})` })
    .from(visitPlace)
    .where(and(inArray(visitPlace.visitId, visitIds), eq(visitPlace.state, "waiting")))
    .get();
  return { visitIds, people: counted?.people ?? 0 };
}

/** The visits whose lots are still to be drawn, as the published programme has them. */
function toBeDrawn(orm: Orm, editionId: string) {
  const visits = orm
    .select({ visitId: siteVisit.id })
    .from(siteVisit)
    .where(
      and(
        eq(siteVisit.editionId, editionId),
        eq(siteVisit.allotment, "draw"),
        sql`${siteVisit.drawId} is null`,
      ),
    )
    .orderBy(asc(siteVisit.id))
    .all();
  const items = newestProgrammeIn(orm, editionId)?.items ?? [];
  return visits.flatMap(({ visitId }) => {
    const item = items.find((candidate) => candidate.visit?.id === visitId);
    return item === undefined ? [] : [{ visitId, item }];
  });
}

/** What goes into the draw, and whose ticket is whose. */
function freeze(orm: Orm, editionId: string): { record: DrawRecord; holders: ReadonlyMap<number, string> } {
  const published = toBeDrawn(orm, editionId);
  const collisions = published.flatMap(({ visitId, item }, index) =>
    published
      .slice(index + 1)
      .filter((other) => clash(item, other.item))
      .map((other) => [visitId, other.visitId] as const),
  );
  const visitIds = published.map(({ visitId }) => visitId);
  const entrants = entrantsOf(orm, { editionId, visitIds });
  const record = {
    visits: visitIds.map((visitId) => {
      const now = seatsNow(orm, { visitId, editionId });
      return {
        visitId,
        capacity: now?.limits.capacity ?? 0,
        quotas: Object.fromEntries(now?.limits.quotas ?? []),
        taken: Object.fromEntries(now?.taken ?? []),
      };
    }),
    collisions,
    entrants: entrants.map(({ invitationId: _, ...entrant }) => entrant),
  };
  return { record, holders: new Map(entrants.map((one) => [one.ticket, one.invitationId])) };
}

function entrantsOf(
  orm: Orm,
  { editionId, visitIds }: { editionId: string; visitIds: ReadonlyArray<string> },
): Array<Entrant & { invitationId: string }> {
  const waiting = orm
    .select({
      visitId: visitPlace.visitId,
      invitationId: visitPlace.invitationId,
      delegationId: visitPlace.delegationId,
      clashReason: visitPlace.clashReason,
    })
    .from(visitPlace)
    .where(and(inArray(visitPlace.visitId, [...visitIds]), eq(visitPlace.state, "waiting")))
    .orderBy(
      asc(visitPlace.askedAt),
      asc(visitPlace.invitationId),
      asc(sql`${visitPlace.preference} is null`),
      asc(visitPlace.preference),
      asc(visitPlace.queueNumber),
    )
    .all();
  const people = [...Map.groupBy(waiting, (row) => row.invitationId).values()];
  return people
    .flatMap((rows): Array<Omit<Entrant, "ticket"> & { invitationId: string }> => {
      const [first] = rows;
      if (first === undefined) return [];
      const { invitationId, delegationId } = first;
      const standing = rows.map((row) => ({
        ...row,
        ...standingFor(orm, { ...row, editionId }, row.clashReason),
      }));
      const open = standing.filter(({ obstacles }) => obstacles.every((each) => each === "clash"));
      if (open.length === 0) return [];
      const busy = open.filter(({ obstacles }) => obstacles.length > 0).map(({ visitId }) => visitId);
      return [{ invitationId, delegationId, wishes: inPreference(orm, invitationId, open), busy }];
    })
    .map((entrant, index) => ({ ticket: index + 1, ...entrant }));
}

/** Wishes of one person, by their own order first. */
function inPreference(
  orm: Orm,
  invitationId: string,
  wishes: ReadonlyArray<{ visitId: string }>,
): Array<string> {
  return orm
    .select({ visitId: visitPlace.visitId })
    .from(visitPlace)
    .where(
      and(
        eq(visitPlace.invitationId, invitationId),
        inArray(
          visitPlace.visitId,
          wishes.map(({ visitId }) => visitId),
        ),
      ),
    )
    .orderBy(
      asc(sql`${visitPlace.preference} is null`),
      asc(visitPlace.preference),
      asc(visitPlace.askedAt),
      asc(visitPlace.visitId),
    )
    .all()
    .map(({ visitId }) => visitId);
}

/**
 * Draws lots for all visits that wait for it, together, once and for all. Those who get nothing wait in the order of their
 * lots. Everybody is told. `nothing`: there is no such visit, or nobody waits for one.
 *
 * @param seed from the machine's own randomness; given in tests alone.
 */
export function drawLots(
  ctx: StaffContext,
  { seed = randomBytes(16).toString("hex") }: { seed?: string } = {},
): Promise<Result<{ drawId: string; seats: number }, "nothing">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const { record, holders } = freeze(tx, editionId);
    if (record.visits.length === 0 || record.entrants.length === 0) return refused("nothing");
    const drawId = newId();
    const text = JSON.stringify(record);
    const digest = digestOf(text);
    const drawnAt = ctx.clock.now();
    tx.insert(visitDraw)
      .values({
        id: drawId,
        editionId,
        seed,
        algorithm: DRAW_ALGORITHM,
        record: text,
        digest,
        drawnAt,
        drawnBy: ctx.actor.id,
      })
      .run();
    for (const [ticket, invitationId] of holders)
      tx.insert(visitDrawTicket).values({ drawId, ticket, invitationId }).run();
    const drawn = redraw(seed, record).map((one) => ({
      ...one,
      invitationId: holders.get(one.ticket) ?? "",
    }));
    const visitIds = record.visits.map(({ visitId }) => visitId);
    for (const visitId of visitIds) {
      tx.update(siteVisit).set({ drawId }).where(eq(siteVisit.id, visitId)).run();
      give(tx, { visitId, drawn, at: drawnAt });
    }
    recordAudit(tx, ctx, {
      action: "visit.draw",
      subjectKind: "visit_draw",
      subjectId: drawId,
      editionId,
      sideId: null,
      details: { visits: visitIds, people: drawn.length, digest, algorithm: DRAW_ALGORITHM },
    });
    for (const { ticket, wishes } of record.entrants)
      for (const visitId of wishes)
        tellAboutPlace(tx, ctx, { visitId, invitationId: holders.get(ticket) ?? "" });
    for (const visitId of visitIds) promoteWaiting(tx, ctx, visitId);
    const seats = drawn.reduce((sum, one) => sum + one.seats.length, 0);
    return ok({ drawId, seats });
  });
}

/** Writes what the lots came to: seats, and for the others their new places in the queue. */
function give(
  tx: Tx,
  {
    visitId,
    drawn,
    at,
  }: { visitId: string; drawn: ReadonlyArray<Drawn & { invitationId: string }>; at: number },
): void {
  const waiting = tx
    .select({ id: visitPlace.id, invitationId: visitPlace.invitationId, queueNumber: visitPlace.queueNumber })
    .from(visitPlace)
    .where(and(eq(visitPlace.visitId, visitId), eq(visitPlace.state, "waiting")))
    .orderBy(asc(visitPlace.queueNumber))
    .all();
  const rank = new Map(drawn.map((one) => [one.invitationId, one.rank]));
  const last = tx
    .select({ number: sql<number>`coalesce(max(${visitPlace.queueNumber}), 0)` })
    .from(visitPlace)
    .where(eq(visitPlace.visitId, visitId))
    .get();
  // Who had no ticket comes after those who had one, in the order of asking.
  const inOrder = waiting.toSorted(
    (a, b) => (rank.get(a.invitationId) ?? drawn.length + 1) - (rank.get(b.invitationId) ?? drawn.length + 1),
  );
  for (const [index, place] of inOrder.entries()) {
    const has =
      drawn.find((one) => one.invitationId === place.invitationId)?.seats.includes(visitId) === true;
    tx.update(visitPlace)
      .set({
        queueNumber: (last?.number ?? 0) + index + 1,
        ...(has ? { state: "granted" as const, cause: "draw" as const, decidedAt: at } : {}),
      })
      .where(eq(visitPlace.id, place.id))
      .run();
  }
}

/** A draw as it can be shown: of one's own side by name, of others by ticket alone. */
export type DrawPage = {
  drawId: string;
  seed: string;
  algorithm: number;
  digest: string;
  drawnAt: number;
  /** Whether what is stored still gives what it gave. */
  holds: boolean;
  visits: ReadonlyArray<{ visitId: string; titleEn: string; titleZh: string; free: number; seats: number }>;
  tickets: ReadonlyArray<
    Drawn & {
      /** Empty: of another side. */
      invitationId: string;
      nameLatin: string;
      nameNative: string;
      delegationEn: string;
      delegationZh: string;
      wishes: ReadonlyArray<string>;
    }
  >;
  /** What went in, without anybody's ids: for whoever does it again. */
  record: string;
};

/** The draw by which a visit's seats were given; null when there was none in this edition. */
export function drawPage(ctx: StaffContext, visitId: string): DrawPage | null {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const row = orm
    .select({ draw: visitDraw })
    .from(siteVisit)
    .innerJoin(visitDraw, eq(visitDraw.id, siteVisit.drawId))
    .where(and(eq(siteVisit.id, visitId), eq(siteVisit.editionId, editionId)))
    .get()?.draw;
  if (row === undefined) return null;
  const record = readRecord(row.record);
  const drawn = redraw(row.seed, record);
  const items = newestProgrammeIn(orm, editionId)?.items ?? [];
  const own = new Map(
    orm
      .select({
        ticket: visitDrawTicket.ticket,
        invitationId: invitation.id,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
      })
      .from(visitDrawTicket)
      .innerJoin(invitation, eq(invitation.id, visitDrawTicket.invitationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(and(eq(visitDrawTicket.drawId, row.id), inArray(delegation.coHostId, [...sideIds])))
      .all()
      .map((one) => [one.ticket, one]),
  );
  const delegations = new Map(
    orm
      .select({
        id: delegation.id,
        nameEn: delegation.nameEn,
        nameZh: delegation.nameZh,
        key: delegation.key,
      })
      .from(delegation)
      .where(eq(delegation.editionId, editionId))
      .all()
      .map((one) => [one.id, one]),
  );
  return {
    drawId: row.id,
    seed: row.seed,
    algorithm: row.algorithm,
    digest: row.digest,
    drawnAt: row.drawnAt,
    holds: digestOf(row.record) === row.digest,
    visits: record.visits.map((visit) => {
      const item = items.find((candidate) => candidate.visit?.id === visit.visitId);
      const taken = Object.values(visit.taken).reduce((sum, seats) => sum + seats, 0);
      return {
        visitId: visit.visitId,
        titleEn: item?.titleEn ?? "",
        titleZh: item?.titleZh ?? "",
        free: Math.max(0, visit.capacity - taken),
        seats: drawn.filter((one) => one.seats.includes(visit.visitId)).length,
      };
    }),
    tickets: drawn.map((one) => {
      const entrant = record.entrants.find((candidate) => candidate.ticket === one.ticket);
      const group = delegations.get(entrant?.delegationId ?? "");
      const known = own.get(one.ticket);
      return {
        ...one,
        // Whoever is not of this side is a ticket here.
        invitationId: known?.invitationId ?? "",
        nameLatin: known?.nameLatin ?? "",
        nameNative: known?.nameNative ?? "",
        delegationEn: group?.nameEn ?? "",
        delegationZh: group?.nameZh ?? "",
        wishes: entrant?.wishes ?? [],
      };
    }),
    record: row.record,
  };
}

/** Only `drawLots` writes this text, from this very type, and nothing may rewrite it. */
function readRecord(text: string): DrawRecord {
  return JSON.parse(text);
}

/** What a draw came to for the holder of a link: their ticket among all, by visit. */
export type OwnDraw = {
  drawnAt: number;
  seed: string;
  ticket: number;
  tickets: number;
  rank: number;
};

export function ownDraw(ctx: Pick<InvitationContext, "db" | "scope">, visitId: string): OwnDraw | null {
  const row = ctx.db.orm
    .select({ draw: visitDraw, ticket: visitDrawTicket.ticket })
    .from(siteVisit)
    .innerJoin(visitDraw, eq(visitDraw.id, siteVisit.drawId))
    .innerJoin(visitDrawTicket, eq(visitDrawTicket.drawId, visitDraw.id))
    .where(
      and(
        eq(siteVisit.id, visitId),
        eq(siteVisit.editionId, ctx.scope.editionId),
        eq(visitDrawTicket.invitationId, ctx.scope.invitationId),
      ),
    )
    .get();
  if (row === undefined) return null;
  const record = readRecord(row.draw.record);
  const mine = redraw(row.draw.seed, record).find((one) => one.ticket === row.ticket);
  if (mine === undefined) return null;
  return {
    drawnAt: row.draw.drawnAt,
    seed: row.draw.seed,
    ticket: mine.ticket,
    tickets: record.entrants.length,
    rank: mine.rank,
  };
}
