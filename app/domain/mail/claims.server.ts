/**
 * The outbox as the worker sees it: what is due, who holds it, and what came of it. A claim is a lease: a worker that
 * dies keeps nothing, a worker that lives renews. Each function is one short write.
 */
import { and, asc, eq, inArray, lte, sql } from "drizzle-orm";
import { type Db, prepared, type Tx } from "#db/client.server.ts";
import { delivery, deliveryTry, editionCoHost, invitation, invitationEvent } from "#db/schema/index.ts";
import type { DeliveryState } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/crypto.server.ts";
import { afterRefusal, LEASE, type SmtpReply } from "./rules.ts";

const dueIds = prepared((orm) =>
  orm
    .select({ id: delivery.id })
    .from(delivery)
    .where(and(inArray(delivery.state, ["queued", "deferred"]), lte(delivery.dueAt, sql.placeholder("now"))))
    .orderBy(asc(delivery.dueAt))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

const droppedIds = prepared((orm) =>
  orm
    .select({ id: delivery.id })
    .from(delivery)
    .where(and(eq(delivery.state, "sending"), lte(delivery.leasedUntil, sql.placeholder("now"))))
    .orderBy(asc(delivery.leasedUntil))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

const toSend = prepared((orm) =>
  orm
    .select({
      id: delivery.id,
      invitationId: delivery.invitationId,
      kind: delivery.kind,
      locale: delivery.locale,
      toAddress: delivery.toAddress,
      toName: delivery.toName,
      payload: delivery.payload,
      tries: delivery.tries,
      messageIdHeader: delivery.messageIdHeader,
      replyTo: editionCoHost.replyTo,
      tokenGeneration: invitation.tokenGeneration,
      tokenRevokedAt: invitation.tokenRevokedAt,
      withdrawnAt: invitation.withdrawnAt,
    })
    .from(delivery)
    .innerJoin(invitation, eq(invitation.id, delivery.invitationId))
    .innerJoin(
      editionCoHost,
      and(eq(editionCoHost.editionId, delivery.editionId), eq(editionCoHost.coHostId, delivery.coHostId)),
    )
    .where(eq(delivery.id, sql.placeholder("id")))
    .prepare(),
);

const claimOne = prepared((orm) =>
  orm
    .update(delivery)
    .set({ state: "sending", leasedUntil: sql`${sql.placeholder("until")}` })
    .where(eq(delivery.id, sql.placeholder("id")))
    .prepare(),
);

const renewOne = prepared((orm) =>
  orm
    .update(delivery)
    .set({ leasedUntil: sql`${sql.placeholder("until")}` })
    .where(and(eq(delivery.id, sql.placeholder("id")), eq(delivery.state, "sending")))
    .prepare(),
);

const giveBackOne = prepared((orm) =>
  orm
    .update(delivery)
    .set({
      state: sql`case when ${delivery.tries} = 0 then 'queued' else 'deferred' end`,
      leasedUntil: null,
    })
    .where(and(eq(delivery.id, sql.placeholder("id")), eq(delivery.state, "sending")))
    .prepare(),
);

const settleOne = prepared((orm) =>
  orm
    .update(delivery)
    .set({
      state: sql`${sql.placeholder("state")}`,
      tries: sql`${delivery.tries} + 1`,
      dueAt: sql`coalesce(${sql.placeholder("dueAt")}, ${delivery.dueAt})`,
      leasedUntil: null,
      finishedAt: sql`${sql.placeholder("finishedAt")}`,
    })
    .where(and(eq(delivery.id, sql.placeholder("id")), eq(delivery.state, "sending")))
    .prepare(),
);

const insertTry = prepared((orm) =>
  orm
    .insert(deliveryTry)
    .values({
      id: sql.placeholder("id"),
      deliveryId: sql.placeholder("delivery"),
      at: sql.placeholder("at"),
      outcome: sql.placeholder("outcome"),
      code: sql.placeholder("code"),
      response: sql.placeholder("response"),
    })
    .prepare(),
);

/** A delivery in the worker's hands. */
export type Claim = NonNullable<ReturnType<ReturnType<typeof toSend>["get"]>>;

/** Whether anything is due, without writing. */
export function anythingDue({ db, clock }: { db: Db; clock: Clock }): boolean {
  const at = { now: clock.now(), limit: 1 };
  return dueIds(db.orm).get(at) !== undefined || droppedIds(db.orm).get(at) !== undefined;
}

/**
 * Takes up to `limit` due deliveries, dropped ones of a dead worker first. What must not go any more, because the
 * invitation was withdrawn or its link revoked since, is cancelled instead.
 */
export function claimDue({ db, clock }: { db: Db; clock: Clock }, limit: number): Promise<Array<Claim>> {
  return db.write((tx) => {
    const now = clock.now();
    const dropped = droppedIds(tx).all({ now, limit });
    const due = dropped.length < limit ? dueIds(tx).all({ now, limit: limit - dropped.length }) : [];
    const claims: Array<Claim> = [];
    for (const { id } of [...dropped, ...due]) {
      const found = toSend(tx).get({ id });
      if (found === undefined) continue;
      claimOne(tx).run({ id, until: now + LEASE });
      if (found.withdrawnAt !== null || found.tokenRevokedAt !== null)
        settle(tx, id, { state: "cancelled", dueAt: null, now, code: null, response: "" });
      else claims.push(found);
    }
    return claims;
  });
}

/** Keeps claims for another while. */
export function renew({ db, clock }: { db: Db; clock: Clock }, ids: ReadonlyArray<string>): Promise<void> {
  return db.write((tx) => {
    for (const id of ids) renewOne(tx).run({ id, until: clock.now() + LEASE });
  });
}

/** Puts back what was claimed and not begun. */
export function giveBack({ db }: { db: Db }, ids: ReadonlyArray<string>): Promise<void> {
  return db.write((tx) => {
    for (const id of ids) giveBackOne(tx).run({ id });
  });
}

/** Records what a try came to. Returns the state that the delivery is in now. */
export function recordTry(
  { db, clock }: { db: Db; clock: Clock },
  claim: Claim,
  outcome: SmtpReply & { accepted: boolean },
): Promise<DeliveryState> {
  return db.write((tx) => {
    const now = clock.now();
    const { code, response } = outcome;
    if (outcome.accepted) {
      settle(tx, claim.id, { state: "accepted", dueAt: null, now, code, response });
      return "accepted";
    }
    const next = afterRefusal(outcome, { tries: claim.tries + 1, now });
    const dueAt = next.state === "deferred" ? next.dueAt : null;
    settle(tx, claim.id, { state: next.state, dueAt, now, code, response });
    if (next.state === "failed" && claim.kind === "invitation") recordBounce(tx, claim.invitationId, now);
    return next.state;
  });
}

function settle(
  tx: Tx,
  id: string,
  {
    state,
    dueAt,
    now,
    code,
    response,
  }: { state: DeliveryState; dueAt: number | null; now: number } & SmtpReply,
): void {
  settleOne(tx).run({ id, state, dueAt, finishedAt: state === "deferred" ? null : now });
  insertTry(tx).run({
    id: newId(),
    delivery: id,
    at: now,
    outcome: state,
    code,
    response: response.replaceAll(/\p{Cc}+/gu, " ").slice(0, 500),
  });
}

function recordBounce(tx: Tx, invitationId: string, at: number): void {
  tx.insert(invitationEvent)
    .values({ id: newId(), invitationId, at, kind: "bounced", channel: "system" })
    .run();
}
