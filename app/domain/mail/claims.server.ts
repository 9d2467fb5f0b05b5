/**
 * The outbox as the worker sees it: what is due, who holds it, and what came of it. A claim is a lease: a worker that
 * dies keeps nothing, a worker that lives renews. Each function is one short write.
 */
import { and, asc, eq, inArray, lte, sql } from "drizzle-orm";
import { type Db, prepared, type Tx } from "#db/client.server.ts";
import {
  assistantLink,
  delivery,
  deliveryTry,
  editionCoHost,
  focalPoint,
  invitation,
  mailPace,
  setUpLink,
} from "#db/schema/index.ts";
import type { DeliveryState } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { Actor } from "../access/rules.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { domainOf, type Paces, paceOf, REST, takePlace, USUAL_PACES } from "./pace.ts";
import { afterRefusal, isTemporary, LEASE, reasonOf, type SmtpReply, stopsAddress } from "./rules.ts";
import { isStopped, stopAddress } from "./suppression.server.ts";

const dueIds = prepared((orm) =>
  orm
    .select({ id: delivery.id })
    .from(delivery)
    .where(
      and(
        eq(delivery.lane, sql.placeholder("lane")),
        inArray(delivery.state, ["queued", "deferred"]),
        lte(delivery.dueAt, sql.placeholder("now")),
      ),
    )
    .orderBy(asc(delivery.dueAt))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

const MAIL_WORKER: Actor = { kind: "system", id: "mail" };

/** 0: somebody waits at a screen; 1: everything else. Each has hands and connections of its own. */
export type Lane = 0 | 1;

const droppedIds = prepared((orm) =>
  orm
    .select({ id: delivery.id })
    .from(delivery)
    .where(
      and(
        eq(delivery.lane, sql.placeholder("lane")),
        eq(delivery.state, "sending"),
        lte(delivery.leasedUntil, sql.placeholder("now")),
      ),
    )
    .orderBy(asc(delivery.leasedUntil))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

const toSend = prepared((orm) =>
  orm
    .select({
      id: delivery.id,
      invitationId: delivery.invitationId,
      recipientKind: delivery.recipientKind,
      linkId: delivery.linkId,
      kind: delivery.kind,
      locale: delivery.locale,
      toAddress: delivery.toAddress,
      toName: delivery.toName,
      payload: delivery.payload,
      tries: delivery.tries,
      messageIdHeader: delivery.messageIdHeader,
      references: delivery.references,
      lane: delivery.lane,
      dueAt: delivery.dueAt,
      editionId: delivery.editionId,
      sideId: delivery.coHostId,
      replyTo: editionCoHost.replyTo,
      fromName: editionCoHost.fromName,
      fromAddress: editionCoHost.fromAddress,
      tokenGeneration: invitation.tokenGeneration,
      tokenRevokedAt: invitation.tokenRevokedAt,
      withdrawnAt: sql<number | null>`coalesce(${invitation.withdrawnAt}, ${invitation.replacedAt})`,
      // What it says of the programme is no longer all: a newer notice says the sum.
      outdated: sql<number>`${delivery.kind} = 'agenda_change' and exists (
        select 1 from agenda_version v
        where v.edition_id = ${delivery.editionId} and v.number > ${delivery.agendaVersion})`,
    })
    .from(delivery)
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
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

type Found = NonNullable<ReturnType<ReturnType<typeof toSend>["get"]>>;

/** The link that a mail brings: its token is made of these two. */
export type MailLink = { id: string; generation: number };

/** A delivery in the worker's hands. `link` null: the mail brings none. */
export type Claim = Omit<
  Found,
  "linkId" | "tokenGeneration" | "tokenRevokedAt" | "withdrawnAt" | "outdated"
> & {
  link: MailLink | null;
};

const assistantsLink = prepared((orm) =>
  orm
    .select({
      generation: assistantLink.tokenGeneration,
      revokedAt: assistantLink.revokedAt,
      expiresAt: assistantLink.tokenExpiresAt,
    })
    .from(assistantLink)
    .where(eq(assistantLink.id, sql.placeholder("id")))
    .prepare(),
);

const focalPointsLink = prepared((orm) =>
  orm
    .select({
      generation: focalPoint.tokenGeneration,
      revokedAt: focalPoint.revokedAt,
      expiresAt: focalPoint.tokenExpiresAt,
    })
    .from(focalPoint)
    .where(eq(focalPoint.id, sql.placeholder("id")))
    .prepare(),
);

const setUpsLink = prepared((orm) =>
  orm
    .select({
      generation: sql<number>`1`,
      revokedAt: sql<number | null>`coalesce(${setUpLink.revokedAt}, ${setUpLink.usedAt})`,
      expiresAt: setUpLink.expiresAt,
    })
    .from(setUpLink)
    .where(eq(setUpLink.id, sql.placeholder("id")))
    .prepare(),
);

/** The link that the mail is to bring as it is now; `dead` when it must not go out any more. */
function linkOf(tx: Tx, found: Found, now: number): MailLink | null | "dead" {
  if (found.withdrawnAt !== null || found.outdated === 1) return "dead";
  const { linkId: id } = found;
  switch (found.recipientKind) {
    case "side":
      return null;
    case "invitee":
      if (found.invitationId === null || found.tokenGeneration === null || found.tokenRevokedAt !== null)
        return "dead";
      return { id: found.invitationId, generation: found.tokenGeneration };
    case "assistant":
      return id === null ? null : living(id, assistantsLink(tx).get({ id }), now);
    case "focal_point":
      return id === null ? null : living(id, focalPointsLink(tx).get({ id }), now);
    case "staff":
      return id === null ? null : living(id, setUpsLink(tx).get({ id }), now);
  }
}

function living(
  id: string,
  link: { generation: number; revokedAt: number | null; expiresAt: number } | undefined,
  now: number,
): MailLink | "dead" {
  if (link === undefined || link.revokedAt !== null || link.expiresAt <= now) return "dead";
  return { id, generation: link.generation };
}

const paceByDomain = prepared((orm) =>
  orm
    .select({ nextAt: mailPace.nextAt, tailAt: mailPace.tailAt })
    .from(mailPace)
    .where(eq(mailPace.domain, sql.placeholder("domain")))
    .prepare(),
);

const setPace = prepared((orm) =>
  orm
    .insert(mailPace)
    .values({
      domain: sql.placeholder("domain"),
      nextAt: sql.placeholder("nextAt"),
      tailAt: sql.placeholder("tailAt"),
    })
    .onConflictDoUpdate({
      target: mailPace.domain,
      set: { nextAt: sql`excluded.next_at`, tailAt: sql`excluded.tail_at` },
    })
    .prepare(),
);

const postpone = prepared((orm) =>
  orm
    .update(delivery)
    .set({
      state: sql`case when ${delivery.tries} = 0 then 'queued' else 'deferred' end`,
      leasedUntil: null,
      dueAt: sql`${sql.placeholder("dueAt")}`,
    })
    .where(eq(delivery.id, sql.placeholder("id")))
    .prepare(),
);

/** Whether a mail may go now, as far as its domain is concerned; otherwise it is given its place. */
function hasTurn(tx: Tx, found: Found, { paces, now }: { paces: Paces; now: number }): boolean {
  const domain = domainOf(found.toAddress);
  const pace = paceOf(paces, domain);
  if (pace === 0) return true;
  const taken = takePlace(paceByDomain(tx).get({ domain }) ?? null, {
    pace,
    now,
    dueAt: found.dueAt,
    waits: found.lane > 0,
  });
  setPace(tx).run({ domain, ...taken.queue });
  if (!taken.goes) postpone(tx).run({ id: found.id, dueAt: taken.dueAt });
  return taken.goes;
}

/** Whether anything of a lane is due, without writing. */
export function anythingDue({ db, clock }: { db: Db; clock: Clock }, lane: Lane): boolean {
  const at = { now: clock.now(), limit: 1, lane };
  return dueIds(db.orm).get(at) !== undefined || droppedIds(db.orm).get(at) !== undefined;
}

/** Mails that must wait for their domain are passed over; so many times the limit are looked at in one write. */
const ROUNDS = 20;

/**
 * Takes up to `limit` due deliveries of a lane: dropped ones of a dead worker, then the others, as fast as their domains
 * take them. What must not go any more, because the invitation was withdrawn,
 * the link that it brings was revoked, or a newer version of the programme came out since, is cancelled instead; what
 * would go to an address that was stopped fails.
 */
export function claimDue(
  { db, clock, paces = USUAL_PACES }: { db: Db; clock: Clock; paces?: Paces },
  { lane, limit }: { lane: Lane; limit: number },
): Promise<Array<Claim>> {
  return db.write((tx) => {
    const now = clock.now();
    const claims: Array<Claim> = [];
    for (let round = 0; round < ROUNDS && claims.length < limit; round++) {
      const chosen = chosenDue(tx, { now, lane, limit: limit - claims.length });
      if (chosen.length === 0) break;
      for (const { id } of chosen) {
        const claim = claimed(tx, id, { now, paces });
        if (claim !== null) claims.push(claim);
      }
    }
    return claims;
  });
}

function chosenDue(
  tx: Tx,
  { now, lane, limit }: { now: number; lane: Lane; limit: number },
): Array<{ id: string }> {
  const chosen = droppedIds(tx).all({ now, limit, lane });
  if (chosen.length < limit) chosen.push(...dueIds(tx).all({ now, limit: limit - chosen.length, lane }));
  return chosen;
}

function claimed(tx: Tx, id: string, { now, paces }: { now: number; paces: Paces }): Claim | null {
  const found = toSend(tx).get({ id });
  if (found === undefined) return null;
  claimOne(tx).run({ id, until: now + LEASE });
  const link = linkOf(tx, found, now);
  if (link === "dead") {
    settle(tx, id, { state: "cancelled", dueAt: null, now, code: null, response: "" });
    return null;
  }
  if (found.kind !== "access_code" && isStopped(tx, { sideId: found.sideId, address: found.toAddress })) {
    settle(tx, id, { state: "failed", dueAt: null, now, code: null, response: "stopped" });
    return null;
  }
  if (!hasTurn(tx, found, { paces, now })) return null;
  const {
    linkId: _linkId,
    tokenGeneration: _generation,
    tokenRevokedAt: _revoked,
    withdrawnAt: _withdrawn,
    outdated: _outdated,
    ...claim
  } = found;
  return { ...claim, link };
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

/** Records what a try came to, without holding up anybody else while the disk takes it in. Returns the state that the delivery is in now. */
export function recordTry(
  { db, clock, paces = USUAL_PACES }: { db: Db; clock: Clock; paces?: Paces },
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
    if (code !== null && isTemporary(outcome)) rest(tx, claim.toAddress, { paces, now });
    const reason = reasonOf(outcome);
    if (next.state === "failed" && reason !== null && stopsAddress(reason))
      stopAddress(tx, { ...claim, address: claim.toAddress, reason, deliveryId: claim.id, at: now });
    if (
      next.state === "failed" &&
      claim.kind === "invitation" &&
      claim.recipientKind === "invitee" &&
      claim.invitationId !== null
    )
      noteEvent(
        tx,
        { clock, actor: MAIL_WORKER },
        { invitationId: claim.invitationId, kind: "bounced", channel: "system" },
      );
    return next.state;
  }, APART);
}

const APART = { apart: true };

/** A domain that limits what it takes and said "later" is left alone for a while, all its mails with it. */
function rest(tx: Tx, address: string, { paces, now }: { paces: Paces; now: number }): void {
  const domain = domainOf(address);
  if (paceOf(paces, domain) === 0) return;
  const known = paceByDomain(tx).get({ domain });
  const nextAt = Math.max(known?.nextAt ?? 0, now + REST);
  setPace(tx).run({ domain, nextAt, tailAt: Math.max(known?.tailAt ?? 0, nextAt) });
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
