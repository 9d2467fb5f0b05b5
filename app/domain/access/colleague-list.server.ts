/** Reads about the staff of one's own side. Of the other side's there is not even a count. */
import { and, asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { coHost, session, setUpLink, staffPermission, user } from "#db/schema/index.ts";
import { PERMISSIONS, type Permission } from "#db/vocabulary.ts";
import { systemClock } from "../../platform/clock.ts";
import type { StaffContext } from "../context.ts";
import { isLive, mayGrant } from "./rules.ts";
import { readSetUpGrant } from "./set-up.server.ts";

/** What a colleague has on one side, in this edition or in all (`everywhere`), as far as it ends at one time. */
export type ColleagueAccess = {
  sideId: string;
  everywhere: boolean;
  permissions: ReadonlyArray<Permission>;
  since: number;
  /** By name; null: the operator, or a login that is no more. */
  grantedBy: string | null;
  endsAt: number | null;
  isLive: boolean;
  /** Whether the reader may change it: what is for all editions, only who leads in all of them. */
  mayChange: boolean;
};

export type Colleague = {
  userId: string;
  name: string;
  email: string;
  secondStep: boolean;
  /** When the newest of their open sessions was last used, by the machine's clock; null: they have none. */
  usedAt: number | null;
  isSelf: boolean;
  access: ReadonlyArray<ColleagueAccess>;
};

const grantor = alias(user, "grantor");

/** Who has what on the sides that the reader leads, in this edition and in all. */
export function colleaguesOf(ctx: StaffContext): Array<Colleague> {
  const { scope, db } = ctx;
  const now = ctx.clock.now();
  const rows = db.orm
    .select({
      userId: user.id,
      name: user.name,
      email: user.email,
      secondStep: user.twoFactorEnabled,
      sideId: staffPermission.coHostId,
      editionId: staffPermission.editionId,
      permission: staffPermission.permission,
      since: staffPermission.grantedAt,
      grantedBy: grantor.name,
      endsAt: staffPermission.endsAt,
    })
    .from(staffPermission)
    .innerJoin(user, eq(user.id, staffPermission.userId))
    .leftJoin(grantor, eq(grantor.id, staffPermission.grantedBy))
    .where(
      and(
        inArray(staffPermission.coHostId, [...scope.sideIds]),
        or(isNull(staffPermission.editionId), eq(staffPermission.editionId, scope.editionId)),
      ),
    )
    .orderBy(asc(user.name), asc(user.id), asc(staffPermission.grantedAt), asc(staffPermission.id))
    .all();
  const used = lastUses(
    ctx,
    rows.map((row) => row.userId),
  );
  const people = new Map<string, Colleague & { access: Array<ColleagueAccess> }>();
  for (const row of rows) {
    const { userId, sideId, editionId, permission, since, grantedBy, endsAt } = row;
    const person = people.get(userId) ?? {
      userId,
      name: row.name,
      email: row.email,
      secondStep: row.secondStep === true,
      usedAt: used.get(userId) ?? null,
      isSelf: userId === ctx.actor.id,
      access: [],
    };
    people.set(userId, person);
    const everywhere = editionId === null;
    const same = person.access.findIndex(
      (each) => each.sideId === sideId && each.everywhere === everywhere && each.endsAt === endsAt,
    );
    const known = person.access[same];
    if (known !== undefined)
      person.access[same] = { ...known, permissions: inOrder([...known.permissions, permission]) };
    else
      person.access.push({
        sideId,
        everywhere,
        permissions: [permission],
        since,
        grantedBy,
        endsAt,
        isLive: isLive({ endsAt }, now),
        mayChange: mayGrant(scope, { sideId, editionId }),
      });
  }
  return [...people.values()];
}

/**
 * One colleague's access that the reader may change, or null. What ends at different times is put together.
 *
 * @param sideId, everywhere which of the colleague's accesses; null: the first.
 */
export function findColleagueAccess(
  ctx: StaffContext,
  { userId, sideId, everywhere }: { userId: string; sideId: string | null; everywhere: boolean | null },
): { colleague: Omit<Colleague, "access">; access: ColleagueAccess } | null {
  const found = colleaguesOf(ctx).find((each) => each.userId === userId);
  if (found === undefined) return null;
  const { access, ...colleague } = found;
  const [first, ...more] = access.filter(
    (each) =>
      each.mayChange &&
      (sideId === null || each.sideId === sideId) &&
      (everywhere === null || each.everywhere === everywhere),
  );
  if (first === undefined) return null;
  const alike = (each: ColleagueAccess) =>
    each.sideId === first.sideId && each.everywhere === first.everywhere;
  const parts = [first, ...more.filter(alike)];
  const live = parts.filter((each) => each.isLive);
  const counting = live.length > 0 ? live : parts;
  const ends = counting.map((each) => each.endsAt);
  return {
    colleague,
    access: {
      ...first,
      permissions: inOrder(counting.flatMap((each) => each.permissions)),
      endsAt: ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0)),
      isLive: live.length > 0,
    },
  };
}

function inOrder(permissions: ReadonlyArray<Permission>): Array<Permission> {
  return PERMISSIONS.filter((permission) => permissions.includes(permission));
}

/** Sessions run on the machine's clock; here they are told in the product's. */
function lastUses({ db, clock }: StaffContext, userIds: ReadonlyArray<string>): Map<string, number> {
  const distance = clock.now() - systemClock.now();
  const rows = db.orm
    .select({ userId: session.userId, usedAt: sql<number>`max(${session.updatedAt})` })
    .from(session)
    .where(inArray(session.userId, [...new Set(userIds)]))
    .groupBy(session.userId)
    .all();
  return new Map(rows.map((row) => [row.userId, row.usedAt + distance]));
}

/** Somebody who was sent a link and has not used it. */
export type OpenInvitation = {
  linkId: string;
  name: string;
  email: string;
  sideId: string;
  everywhere: boolean;
  permissions: ReadonlyArray<Permission>;
  endsAt: number | null;
  invitedAt: number;
  invitedBy: string | null;
  expiresAt: number;
  hasExpired: boolean;
  mayChange: boolean;
};

/** The invitations that were neither used nor taken back, also those whose link has expired, the newest first. */
export function openInvitations(ctx: StaffContext): Array<OpenInvitation> {
  const { scope, db } = ctx;
  const side = sql<string>`json_extract(${setUpLink.grant}, '$.access.coHostId')`;
  const reach = sql<string | null>`json_extract(${setUpLink.grant}, '$.access.editionId')`;
  return db.orm
    .select({
      linkId: setUpLink.id,
      grant: setUpLink.grant,
      invitedAt: setUpLink.createdAt,
      expiresAt: setUpLink.expiresAt,
      invitedBy: grantor.name,
    })
    .from(setUpLink)
    .leftJoin(grantor, eq(grantor.id, sql`json_extract(${setUpLink.grant}, '$.access.grantedBy')`))
    .where(
      and(
        inArray(side, [...scope.sideIds]),
        or(isNull(reach), eq(reach, scope.editionId)),
        isNull(setUpLink.usedAt),
        isNull(setUpLink.revokedAt),
      ),
    )
    .orderBy(sql`${setUpLink.createdAt} desc`, setUpLink.id)
    .all()
    .flatMap(({ grant: stored, ...link }) => {
      const { access, name = "", email = "" } = readSetUpGrant(stored);
      if (access === undefined) return [];
      return [
        {
          ...link,
          name,
          email,
          sideId: access.coHostId,
          everywhere: access.editionId === null,
          permissions: inOrder(access.permissions),
          endsAt: access.endsAt ?? null,
          hasExpired: link.expiresAt <= ctx.clock.now(),
          mayChange: mayGrant(scope, { sideId: access.coHostId, editionId: access.editionId }),
        },
      ];
    });
}

/** The names of the sides that the reader leads. */
export function sidesOf({ db, scope }: StaffContext): Array<{ id: string; nameEn: string; nameZh: string }> {
  return db.orm
    .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(coHost)
    .where(inArray(coHost.id, [...scope.sideIds]))
    .orderBy(coHost.nameEn)
    .all();
}
