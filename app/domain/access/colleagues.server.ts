/**
 * What leads do about their side's staff: invite a colleague, change what one may do, end it. Nobody gives or takes on
 * a side that they do not lead; what a command is told of the actor's scope is looked up again in its transaction, so
 * that of two leads who remove one another only the first succeeds.
 */
import { isDeepStrictEqual } from "node:util";
import { and, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { auditEvent, editionCoHost, session, setUpLink, staffPermission, user } from "#db/schema/index.ts";
import type { Locale, Permission } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { mailEdition, queueMailTo } from "../mail/outbox.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { TWICE_WITHIN } from "../twice.server.ts";
import {
  endsEarlier,
  type Grant,
  hasLastingLead,
  isLive,
  mayGrant,
  type Reach,
  staffScope,
} from "./rules.ts";
import { insertSetUpLink, readSetUpGrant, type SetUpGrant } from "./set-up.server.ts";

/** How many invitations of one side may be open in an edition: who has the form must not be able to mail half the world. */
const MOST_OPEN_INVITATIONS = 50;

export type NewColleague = Reach & {
  name: string;
  email: string;
  locale: Locale;
  permissions: ReadonlyArray<Permission>;
  /** Null: until it is taken away. */
  endsAt: number | null;
};

/**
 * Mails somebody a link by which they become staff of a side. Whether the address has a login already is not looked at:
 * it is found out by whoever opens the link, so that nobody can ask for addresses here.
 */
export function inviteColleague(
  ctx: StaffContext,
  { sideId, editionId, name, email, locale, permissions, endsAt }: NewColleague,
): Promise<Result<{ linkId: string }, "gone" | "past" | "longer" | "already" | "invited" | "too_many">> {
  return ctx.db.write((tx) => {
    const reach = { sideId, editionId };
    const own = ownLead(tx, ctx, reach);
    if (own === null) return refused("gone");
    if (endsAt !== null && endsAt <= ctx.clock.now()) return refused("past");
    if (endsEarlier(endsAt, own.endsAt)) return refused("longer");
    const address = email.trim().toLowerCase();
    if (grantsOf(tx, ctx, reach).some((grant) => grant.email === address)) return refused("already");
    const open = openLinks(tx, ctx, sideId);
    const known = open.find(({ grant }) => grant.email === address && grant.access.editionId === editionId);
    const access = {
      coHostId: sideId,
      editionId,
      permissions: [...permissions],
      endsAt,
      grantedBy: ctx.actor.id,
    };
    if (known !== undefined)
      return isJustSent(ctx, known) &&
        isDeepStrictEqual(known.grant, { name, email: address, locale, access })
        ? ok({ linkId: known.id })
        : refused("invited");
    if (open.length >= MOST_OPEN_INVITATIONS) return refused("too_many");
    const linkId = sendLink(tx, ctx, {
      name,
      email: address,
      locale,
      access,
    });
    recordAudit(tx, ctx, {
      action: "staff.invite",
      subjectKind: "set_up_link",
      subjectId: linkId,
      editionId,
      sideId,
      details: { permissions: [...permissions] },
    });
    return ok({ linkId });
  });
}

/** Sends an invitation again, with a new link; the one before is dead. It may have expired. */
export function inviteAgain(
  ctx: StaffContext,
  linkId: string,
): Promise<Result<{ linkId: string }, "gone" | "past" | "longer">> {
  return ctx.db.write((tx) => {
    const found = findOwnLink(tx, ctx, linkId);
    if (found === null) {
      const before = endedLink(tx, ctx, linkId);
      const sent = before === null ? undefined : sentInstead(tx, ctx, before);
      return sent === undefined ? refused("gone") : ok({ linkId: sent.id });
    }
    const { access } = found.grant;
    if (access.endsAt != null && access.endsAt <= ctx.clock.now()) return refused("past");
    if (endsEarlier(access.endsAt ?? null, found.lead.endsAt)) return refused("longer");
    revokeLink(tx, ctx, linkId);
    // From now on it is who sends it that answers for it.
    const again = sendLink(tx, ctx, { ...found.grant, access: { ...access, grantedBy: ctx.actor.id } });
    recordAudit(tx, ctx, {
      action: "staff.inviteAgain",
      subjectKind: "set_up_link",
      subjectId: again,
      editionId: access.editionId,
      sideId: access.coHostId,
      details: { before: linkId },
    });
    return ok({ linkId: again });
  });
}

/** Takes an invitation back: its link opens nothing any more. */
export function revokeInvitation(ctx: StaffContext, linkId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = findOwnLink(tx, ctx, linkId);
    if (found === null) {
      const before = endedLink(tx, ctx, linkId);
      const isBack = before !== null && sentInstead(tx, ctx, before) === undefined;
      return isBack ? ok(null) : refused("gone");
    }
    revokeLink(tx, ctx, linkId);
    const { editionId, coHostId } = found.grant.access;
    recordAudit(tx, ctx, {
      action: "staff.takeBackInvitation",
      subjectKind: "set_up_link",
      subjectId: linkId,
      editionId,
      sideId: coHostId,
    });
    return ok(null);
  });
}

export type ChangedAccess = Reach & {
  userId: string;
  permissions: ReadonlyArray<Permission>;
  /** Null: until it is taken away. */
  endsAt: number | null;
  /** Whether they mean it, where it is their own lead that they give up. */
  sure: boolean;
};

export type AccessRefusal = "gone" | "past" | "longer" | "last_lead" | "own_lead";

/** What a change came to. `ownLead`: whoever asked leads no longer so far. */
export type AccessChange = { changed: boolean; ownLead: boolean };

/** Makes what a colleague may do what is said, from the next request on. */
export function changeAccess(
  ctx: StaffContext,
  { userId, sideId, editionId, permissions, endsAt, sure }: ChangedAccess,
): Promise<Result<AccessChange, AccessRefusal>> {
  return ctx.db.write((tx) => {
    const reach = { sideId, editionId };
    const found = findAccess(tx, ctx, userId, reach);
    if (found === null) return refused("gone");
    const now = ctx.clock.now();
    if (endsAt !== null && endsAt <= now) return refused("past");
    const lead = permissions.includes("lead") ? { endsAt } : null;
    const refusal = leadRefusal(tx, ctx, { userId, reach, own: found.own, lead, sure });
    if (refusal !== null) return refused(refusal);
    const before = found.own.filter((grant) => isLive(grant, now)).map((grant) => grant.permission);
    const added = permissions.filter((permission) => !before.includes(permission));
    const removed = found.own.filter((grant) => !permissions.includes(grant.permission));
    const kept = found.own.filter((grant) => permissions.includes(grant.permission));
    const moved = kept.filter((grant) => grant.endsAt !== endsAt);
    if (added.length + removed.length + moved.length === 0) return ok({ changed: false, ownLead: false });
    const isMore = added.length > 0 || moved.some((grant) => !endsEarlier(grant.endsAt, endsAt));
    if (isMore && endsEarlier(endsAt, found.lead.endsAt)) return refused("longer");
    for (const { id } of removed) tx.delete(staffPermission).where(eq(staffPermission.id, id)).run();
    for (const { id, ...grant } of moved)
      tx.update(staffPermission)
        .set({ endsAt, ...(isLive(grant, now) ? {} : { grantedAt: now, grantedBy: ctx.actor.id }) })
        .where(eq(staffPermission.id, id))
        .run();
    for (const permission of permissions) {
      if (kept.some((grant) => grant.permission === permission)) continue;
      tx.insert(staffPermission)
        .values({
          id: newId(),
          userId,
          coHostId: sideId,
          editionId,
          permission,
          grantedAt: now,
          grantedBy: ctx.actor.id,
          endsAt,
        })
        .run();
    }
    recordAudit(tx, ctx, {
      action: "staff.change",
      subjectKind: "user",
      subjectId: userId,
      editionId,
      sideId,
      details: {
        added,
        removed: removed.map((grant) => grant.permission),
        until: endsAt === null ? null : new Date(endsAt).toISOString(),
      },
    });
    const lostLead = removed.some((grant) => grant.permission === "lead");
    if (lostLead) revokeInvitationsOf(tx, ctx, userId, reach);
    return ok({ changed: true, ownLead: lostLead && userId === ctx.actor.id });
  });
}

/**
 * Ends what a colleague may do on a side. With nothing left anywhere they are signed out everywhere at once; else the
 * next request sees what is left. Which of the two it was is nobody's business here: the rest may be the other side's.
 */
export function endAccess(
  ctx: StaffContext,
  { userId, sideId, editionId, sure }: Reach & { userId: string; sure: boolean },
): Promise<Result<AccessChange, AccessRefusal>> {
  return ctx.db.write((tx) => {
    const reach = { sideId, editionId };
    const found = findAccess(tx, ctx, userId, reach);
    if (found === null) return refused("gone");
    const refusal = leadRefusal(tx, ctx, { userId, reach, own: found.own, lead: null, sure });
    if (refusal !== null) return refused(refusal);
    const ids = found.own.map((grant) => grant.id);
    tx.delete(staffPermission).where(inArray(staffPermission.id, ids)).run();
    recordAudit(tx, ctx, {
      action: "staff.end",
      subjectKind: "user",
      subjectId: userId,
      editionId,
      sideId,
      details: { permissions: found.own.map((grant) => grant.permission) },
    });
    const lostLead = found.own.some((grant) => grant.permission === "lead");
    if (lostLead) revokeInvitationsOf(tx, ctx, userId, reach);
    const now = ctx.clock.now();
    const left = tx
      .select({ endsAt: staffPermission.endsAt })
      .from(staffPermission)
      .where(eq(staffPermission.userId, userId))
      .all();
    if (!left.some((grant) => isLive(grant, now))) tx.delete(session).where(eq(session.userId, userId)).run();
    return ok({ changed: true, ownLead: lostLead && userId === ctx.actor.id });
  });
}

/**
 * Whether the actor has just ended what somebody might do here: a form may come twice, and the second time there is
 * nothing left to be ended.
 */
export function hasJustEnded(
  { db, clock, actor, scope }: StaffContext,
  { userId }: { userId: string },
): boolean {
  const found = db.orm
    .select({ id: auditEvent.id })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.subjectId, userId),
        eq(auditEvent.action, "staff.end" satisfies AuditAction),
        eq(auditEvent.actorId, actor.id),
        inArray(auditEvent.coHostId, [...scope.sideIds]),
        gt(auditEvent.at, clock.now() - TWICE_WITHIN),
      ),
    )
    .get();
  return found !== undefined;
}

type StoredGrant = Grant & { id: string; userId: string; email: string };

/** All that anybody has so far: in just this edition, or in just all of them. */
function grantsOf(tx: Tx, ctx: StaffContext, { sideId, editionId }: Reach): Array<StoredGrant> {
  return grantsOfSide(tx, ctx, sideId).filter((grant) => grant.editionId === editionId);
}

/** What counts on a side in the edition that the actor is at work in. */
function grantsOfSide(tx: Tx, { scope }: StaffContext, sideId: string): Array<StoredGrant> {
  return tx
    .select({
      id: staffPermission.id,
      userId: staffPermission.userId,
      email: user.email,
      coHostId: staffPermission.coHostId,
      editionId: staffPermission.editionId,
      permission: staffPermission.permission,
      endsAt: staffPermission.endsAt,
    })
    .from(staffPermission)
    .innerJoin(user, eq(user.id, staffPermission.userId))
    .where(
      and(
        eq(staffPermission.coHostId, sideId),
        or(isNull(staffPermission.editionId), eq(staffPermission.editionId, scope.editionId)),
      ),
    )
    .all();
}

/**
 * The actor's own lead so far, at this very moment and not only when the request began; null when they may give and take
 * nothing there. What they give ends with it at the latest: time that one does not have oneself is not there to be given.
 */
function ownLead(tx: Tx, ctx: StaffContext, reach: Reach): { endsAt: number | null } | null {
  if (!mayGrant(ctx.scope, reach)) return null;
  const now = ctx.clock.now();
  const own = grantsOfSide(tx, ctx, reach.sideId).filter((grant) => grant.userId === ctx.actor.id);
  const inEdition = tx
    .select({ id: editionCoHost.coHostId })
    .from(editionCoHost)
    .where(and(eq(editionCoHost.coHostId, reach.sideId), eq(editionCoHost.editionId, ctx.scope.editionId)))
    .get();
  const here = { id: ctx.scope.editionId, coHostIds: inEdition === undefined ? [] : [inEdition.id] };
  const scope = staffScope(own, here, { act: "lead", now });
  if (scope === null || !mayGrant(scope, reach)) return null;
  const ends = own
    .filter((grant) => grant.permission === "lead" && isLive(grant, now))
    .filter((grant) => grant.editionId === null || grant.editionId === reach.editionId)
    .map((grant) => grant.endsAt);
  return { endsAt: ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0)) };
}

/** What a colleague has so far, if the actor may change it. */
function findAccess(
  tx: Tx,
  ctx: StaffContext,
  userId: string,
  reach: Reach,
): { own: ReadonlyArray<StoredGrant>; lead: { endsAt: number | null } } | null {
  const lead = ownLead(tx, ctx, reach);
  if (lead === null) return null;
  const own = grantsOf(tx, ctx, reach).filter((grant) => grant.userId === userId);
  return own.length === 0 ? null : { own, lead };
}

/**
 * Why a lead may not be taken away, or not be shortened.
 *
 * @param lead what is to be left of it; null: nothing.
 */
function leadRefusal(
  tx: Tx,
  ctx: StaffContext,
  {
    userId,
    reach,
    own,
    lead,
    sure,
  }: {
    userId: string;
    reach: Reach;
    own: ReadonlyArray<StoredGrant>;
    lead: { endsAt: number | null } | null;
    sure: boolean;
  },
): "last_lead" | "own_lead" | null {
  const before = own.find((grant) => grant.permission === "lead" && isLive(grant, ctx.clock.now()));
  const isLess = before !== undefined && (lead === null || endsEarlier(before.endsAt, lead.endsAt));
  if (!isLess) return null;
  const others = grantsOfSide(tx, ctx, reach.sideId).filter((grant) => grant.id !== before.id);
  if (!hasLastingLead(others, reach.editionId)) return "last_lead";
  return userId === ctx.actor.id && !sure ? "own_lead" : null;
}

/** Links of a side, for the edition that the actor is at work in or for all, that are still to be used. */
function openLinks(tx: Tx, ctx: StaffContext, sideId: string) {
  const now = ctx.clock.now();
  return linksOf(tx, ctx, sideId).filter((link) => link.expiresAt > now);
}

/** The same with those that have expired. */
function linksOf(tx: Tx, ctx: StaffContext, sideId: string) {
  return tx
    .select({
      id: setUpLink.id,
      grant: setUpLink.grant,
      createdAt: setUpLink.createdAt,
      expiresAt: setUpLink.expiresAt,
    })
    .from(setUpLink)
    .where(
      and(
        eq(sql`json_extract(${setUpLink.grant}, '$.access.coHostId')`, sideId),
        isHere(ctx),
        isNull(setUpLink.usedAt),
        isNull(setUpLink.revokedAt),
      ),
    )
    .all()
    .flatMap(({ grant: stored, ...link }) => {
      const { access, ...grant } = readSetUpGrant(stored);
      return access === undefined ? [] : [{ ...link, grant: { ...grant, access } }];
    });
}

/** For the edition that the actor is at work in, or for all. */
function isHere({ scope }: StaffContext) {
  const editionId = sql<string | null>`json_extract(${setUpLink.grant}, '$.access.editionId')`;
  return or(isNull(editionId), eq(editionId, scope.editionId));
}

/** An open or expired link that the actor may send again or take back. */
function findOwnLink(tx: Tx, ctx: StaffContext, linkId: string) {
  for (const sideId of ctx.scope.sideIds) {
    const link = linksOf(tx, ctx, sideId).find((each) => each.id === linkId);
    if (link === undefined) continue;
    const { editionId } = link.grant.access;
    const lead = ownLead(tx, ctx, { sideId, editionId });
    return lead === null ? null : { ...link, lead };
  }
  return null;
}

function isJustSent({ clock }: StaffContext, { createdAt }: { createdAt: number }): boolean {
  return createdAt > clock.now() - TWICE_WITHIN;
}

/** What a link would have given that was revoked a moment ago, if the actor may send it again or take it back. */
function endedLink(tx: Tx, ctx: StaffContext, linkId: string) {
  const link = tx
    .select({ grant: setUpLink.grant })
    .from(setUpLink)
    .where(
      and(
        eq(setUpLink.id, linkId),
        inArray(sql`json_extract(${setUpLink.grant}, '$.access.coHostId')`, [...ctx.scope.sideIds]),
        isHere(ctx),
        gt(setUpLink.revokedAt, ctx.clock.now() - TWICE_WITHIN),
      ),
    )
    .get();
  if (link === undefined) return null;
  const { access, email } = readSetUpGrant(link.grant);
  if (access === undefined) return null;
  const lead = ownLead(tx, ctx, { sideId: access.coHostId, editionId: access.editionId });
  return lead === null ? null : { access, email };
}

/** The open link that somebody was just sent in place of another. */
function sentInstead(tx: Tx, ctx: StaffContext, before: NonNullable<ReturnType<typeof endedLink>>) {
  return openLinks(tx, ctx, before.access.coHostId).find(
    (link) =>
      isJustSent(ctx, link) &&
      link.grant.email === before.email &&
      link.grant.access.editionId === before.access.editionId,
  );
}

function revokeLink(tx: Tx, ctx: DomainContext, linkId: string): void {
  tx.update(setUpLink).set({ revokedAt: ctx.clock.now() }).where(eq(setUpLink.id, linkId)).run();
}

/** What a lead who is none any more has offered to others and nobody took on yet goes with them. */
function revokeInvitationsOf(tx: Tx, ctx: StaffContext, userId: string, { sideId, editionId }: Reach): void {
  for (const { id, grant } of openLinks(tx, ctx, sideId))
    if (grant.access.grantedBy === userId && (editionId === null || grant.access.editionId === editionId))
      revokeLink(tx, ctx, id);
}

/** Writes a link and queues the mail that brings it. */
function sendLink(
  tx: Tx,
  ctx: StaffContext,
  grant: SetUpGrant & { access: NonNullable<SetUpGrant["access"]> },
): string {
  const { access, name = "", email = "", locale = "en" } = grant;
  const link = insertSetUpLink(tx, ctx, grant);
  const { editionId } = ctx.scope;
  const inviter = tx.select({ name: user.name }).from(user).where(eq(user.id, ctx.actor.id)).get();
  queueMailTo(tx, ctx, {
    to: {
      kind: "staff",
      linkId: link.id,
      editionId,
      sideId: access.coHostId,
      address: email,
      name,
      locale,
    },
    invitationId: null,
    mail: {
      kind: "staff_set_up",
      edition: mailEdition(tx, { editionId, sideId: access.coHostId, delegationId: null }),
      salutationEn: `Dear ${name}:`,
      salutationZh: `${name}：您好！`,
      inviter: inviter?.name ?? "",
      permissions: access.permissions,
      everywhere: access.editionId === null,
      endsAt: access.endsAt ?? null,
      expiresAt: link.expiresAt,
    },
  });
  return link.id;
}
