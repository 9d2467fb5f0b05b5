import { hashPassword } from "better-auth/crypto";
import { and, eq, gt, isNull, ne } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { account, coHost, edition, session, setUpLink, staffPermission, user } from "#db/schema/index.ts";
import type { Locale, Permission } from "#db/vocabulary.ts";
import { paths } from "../../paths.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { endsEarlier, isLive, LONGEST_PASSWORD, SHORTEST_PASSWORD } from "./rules.ts";
import { findLogin, findSetUpLink, insertSetUpLink, type SetUpGrant } from "./set-up.server.ts";

/** What a login is to have: a permission on a side, in one edition or (null) in all of that side's. */
export type Access = {
  coHostId: string;
  editionId: string | null;
  permission: Permission;
  endsAt?: number | null;
  grantedBy?: string | null;
};

export type NewStaff = {
  name: string;
  email: string;
  password: string;
  locale?: Locale | null;
  access?: ReadonlyArray<Access>;
};

/** Makes a login with what it may do. The address is compared without regard to case. */
export async function addStaff(
  ctx: DomainContext,
  { name, email, password, locale = null, access = [] }: NewStaff,
): Promise<Result<{ userId: string }, "email_taken" | "password_length">> {
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD)
    return refused("password_length");
  const hash = await hashPassword(password);
  return ctx.db.write((tx) => {
    if (findLogin(tx, email) !== null) return refused("email_taken");
    const userId = insertLogin(tx, ctx, { name, email, hash, locale });
    for (const grant of access) insertPermission(tx, ctx, { userId, ...grant });
    recordAudit(tx, ctx, {
      action: "staff.add",
      subjectKind: "user",
      subjectId: userId,
      editionId: null,
      sideId: access[0]?.coHostId ?? null,
      details: { permissions: access.map((grant) => grant.permission) },
    });
    return ok({ userId });
  });
}

/** Gives a login a permission; giving it twice is giving it once. */
export function grantPermission(
  ctx: DomainContext,
  grant: Access & { userId: string },
): Promise<Result<null, "unknown">> {
  return ctx.db.write((tx) => {
    const known =
      tx.select({ id: user.id }).from(user).where(eq(user.id, grant.userId)).get() !== undefined &&
      tx.select({ id: coHost.id }).from(coHost).where(eq(coHost.id, grant.coHostId)).get() !== undefined &&
      (grant.editionId === null ||
        tx.select({ id: edition.id }).from(edition).where(eq(edition.id, grant.editionId)).get() !==
          undefined);
    if (!known) return refused("unknown");
    if (!insertPermission(tx, ctx, grant)) return ok(null);
    recordAudit(tx, ctx, {
      action: "staff.grant",
      subjectKind: "user",
      subjectId: grant.userId,
      editionId: grant.editionId,
      sideId: grant.coHostId,
      details: { permission: grant.permission },
    });
    return ok(null);
  });
}

/**
 * A one-time link by which somebody chooses a password, as an absolute URL. Only its hash is kept: whoever loses the
 * link needs another. An empty grant makes the first login, and opens only while there is none.
 */
export async function createSetUpLink(ctx: DomainContext, grant: SetUpGrant): Promise<string> {
  const token = await ctx.db.write((tx) => {
    const link = insertSetUpLink(tx, ctx, grant);
    recordAudit(tx, ctx, {
      action: "set_up_link.create",
      subjectKind: "set_up_link",
      subjectId: link.id,
      editionId: grant.access?.editionId ?? null,
      sideId: grant.access?.coHostId ?? null,
    });
    return link.token;
  });
  return ctx.baseUrl + paths.setUp(token);
}

/** Which side the new login is for, where the link itself does not say. */
export type ChosenSide = { coHostId: string } | { nameEn: string; nameZh: string };

/**
 * Makes the login that a set-up link is for. Of two who open the same link at once, one gets it.
 *
 * @param email counts only where the link itself names no address: who was sent a link at their own must not be able
 *   to find out which others have a login.
 * @param side for the very first login: an existing co-host, or the names of a new one; its lead is who sets up
 */
export async function redeemSetUpLink(
  ctx: DomainContext,
  {
    token,
    name,
    email,
    password,
    side,
  }: { token: string; name: string; email: string; password: string; side: ChosenSide | null },
): Promise<Result<{ userId: string }, "link_dead" | "email_taken" | "password_length" | "side_missing">> {
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD)
    return refused("password_length");
  if (findSetUpLink(ctx, token) === null) return refused("link_dead");
  const hash = await hashPassword(password);
  return ctx.db.write((tx) => {
    const link = findSetUpLink({ ...ctx, db: { orm: tx } }, token);
    if (link === null) return refused("link_dead");
    const address = link.grant.email ?? email;
    if (findLogin(tx, address) !== null) return refused("email_taken");
    const granted = link.grant.access;
    const access = granted !== undefined ? () => granted : isSide(tx, side) ? () => leadOf(tx, side) : null;
    if (access === null) return refused("side_missing");
    if (!spendLink(tx, ctx, link.id)) return refused("link_dead");
    const given = access();
    const { locale = null } = link.grant;
    const userId = insertLogin(tx, ctx, { name, email: address, hash, locale });
    takeOn(tx, ctx, { userId, linkId: link.id, access: given });
    return ok({ userId });
  });
}

/**
 * Gives a login that is there already what a link, mailed to its address, is for. Who opens the mailbox may take it on;
 * to use it they still sign in with their own password.
 */
export function acceptSetUpLink(
  ctx: DomainContext,
  { token }: { token: string },
): Promise<Result<{ userId: string }, "link_dead">> {
  return ctx.db.write((tx) => {
    const link = findSetUpLink({ ...ctx, db: { orm: tx } }, token);
    if (link === null || link.loginId === null || link.grant.access === undefined)
      return refused("link_dead");
    if (!spendLink(tx, ctx, link.id)) return refused("link_dead");
    takeOn(tx, ctx, { userId: link.loginId, linkId: link.id, access: link.grant.access });
    return ok({ userId: link.loginId });
  });
}

/** Uses a link up; whether it was still there to be used. */
function spendLink(tx: Tx, ctx: DomainContext, linkId: string): boolean {
  const now = ctx.clock.now();
  const live = and(
    eq(setUpLink.id, linkId),
    isNull(setUpLink.usedAt),
    isNull(setUpLink.revokedAt),
    gt(setUpLink.expiresAt, now),
  );
  return tx.update(setUpLink).set({ usedAt: now }).where(live).run().changes === 1;
}

function takeOn(
  tx: Tx,
  ctx: DomainContext,
  { userId, linkId, access }: { userId: string; linkId: string; access: NonNullable<SetUpGrant["access"]> },
): void {
  const { coHostId, editionId, permissions, endsAt = null, grantedBy = null } = access;
  for (const permission of permissions)
    insertPermission(tx, ctx, { userId, coHostId, editionId, permission, endsAt, grantedBy });
  recordAudit(
    tx,
    { ...ctx, actor: { kind: "staff", id: userId } },
    {
      action: "set_up_link.use",
      subjectKind: "user",
      subjectId: userId,
      editionId,
      sideId: coHostId,
      details: { link: linkId, permissions },
    },
  );
}

/** The name and the language that a member of staff gives for themselves. */
export function changeAccount(
  ctx: DomainContext,
  { userId, name, locale }: { userId: string; name: string; locale: Locale | null },
): Promise<void> {
  return ctx.db.write((tx) => {
    tx.update(user)
      .set({ name, locale, updatedAt: new Date(ctx.clock.now()) })
      .where(eq(user.id, userId))
      .run();
    recordAudit(tx, ctx, {
      action: "account.change",
      subjectKind: "user",
      subjectId: userId,
      editionId: null,
      sideId: null,
    });
  });
}

/** Ends one session of this login: whoever uses it is signed out with the next request. Not theirs: nothing happens. */
export function endSession(
  ctx: DomainContext,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<Result<null, "unknown">> {
  return ctx.db.write((tx) => {
    const { changes } = tx
      .delete(session)
      .where(and(eq(session.id, sessionId), eq(session.userId, userId)))
      .run();
    if (changes === 0) return refused("unknown");
    recordEndedSessions(tx, ctx, userId, changes);
    return ok(null);
  });
}

/** Ends all of this login's sessions but the one that asks. Gives how many there were. */
export function endOtherSessions(
  ctx: DomainContext,
  { userId, keep }: { userId: string; keep: string },
): Promise<number> {
  return ctx.db.write((tx) => {
    const { changes } = tx
      .delete(session)
      .where(and(eq(session.userId, userId), ne(session.id, keep)))
      .run();
    recordEndedSessions(tx, ctx, userId, changes);
    return changes;
  });
}

/** Notes something that the sign-in library did to an account: it writes its own rows. */
export function recordAccess(ctx: DomainContext, action: AccessAction, userId: string): Promise<void> {
  return ctx.db.write((tx) => {
    recordAudit(
      tx,
      { ...ctx, actor: { kind: "staff", id: userId } },
      { action, subjectKind: "user", subjectId: userId, editionId: null, sideId: null },
    );
  });
}

export type AccessAction =
  | "session.sign_in"
  | "session.sign_out"
  | "second_step.on"
  | "second_step.off"
  | "recovery_codes.renew"
  | "password.change";

function recordEndedSessions(tx: Tx, ctx: DomainContext, userId: string, count: number) {
  recordAudit(tx, ctx, {
    action: "session.end",
    subjectKind: "user",
    subjectId: userId,
    editionId: null,
    sideId: null,
    details: { count },
  });
}

function insertLogin(
  tx: Tx,
  ctx: DomainContext,
  { name, email, hash, locale }: { name: string; email: string; hash: string; locale: Locale | null },
): string {
  const userId = newId();
  const at = new Date(ctx.clock.now());
  tx.insert(user)
    .values({
      id: userId,
      name,
      // The sign-in library looks addresses up in lower case; nothing else of ours changes how they were typed.
      email: email.trim().toLowerCase(),
      emailVerified: true,
      locale,
      createdAt: at,
      updatedAt: at,
    })
    .run();
  tx.insert(account)
    .values({
      id: newId(),
      accountId: userId,
      providerId: "credential",
      userId,
      password: hash,
      createdAt: at,
      updatedAt: at,
    })
    .run();
  return userId;
}

/** Whether that changed anything: one who has it already keeps it, for the longer of the two times. */
function insertPermission(tx: Tx, ctx: DomainContext, grant: Access & { userId: string }): boolean {
  const { userId, coHostId, editionId, permission, endsAt = null, grantedBy = null } = grant;
  const now = ctx.clock.now();
  const same = tx
    .select({ id: staffPermission.id, endsAt: staffPermission.endsAt })
    .from(staffPermission)
    .where(
      and(
        eq(staffPermission.userId, userId),
        eq(staffPermission.coHostId, coHostId),
        editionId === null ? isNull(staffPermission.editionId) : eq(staffPermission.editionId, editionId),
        eq(staffPermission.permission, permission),
      ),
    )
    .get();
  if (same !== undefined) {
    if (!endsEarlier(endsAt, same.endsAt)) return false;
    const begun = isLive(same, now) ? {} : { grantedAt: now, grantedBy };
    tx.update(staffPermission)
      .set({ endsAt, ...begun })
      .where(eq(staffPermission.id, same.id))
      .run();
    return true;
  }
  tx.insert(staffPermission)
    .values({ id: newId(), userId, coHostId, editionId, permission, grantedAt: now, grantedBy, endsAt })
    .run();
  return true;
}

/** Whether that says which side: one that exists, or one that is to be made. */
function isSide(tx: Tx, side: ChosenSide | null): side is ChosenSide {
  if (side === null) return false;
  return (
    "nameEn" in side ||
    tx.select({ id: coHost.id }).from(coHost).where(eq(coHost.id, side.coHostId)).get() !== undefined
  );
}

/** The lead of a side in all of its editions; the side is made when it is new. */
function leadOf(tx: Tx, side: ChosenSide): NonNullable<SetUpGrant["access"]> {
  const lead = { editionId: null, permissions: ["lead" as const] };
  if ("coHostId" in side) return { coHostId: side.coHostId, ...lead };
  const id = newId();
  tx.insert(coHost).values({ id, nameEn: side.nameEn, nameZh: side.nameZh }).run();
  return { coHostId: id, ...lead };
}
