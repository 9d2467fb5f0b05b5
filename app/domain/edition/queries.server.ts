/** Reads about an edition as a whole. What belongs to people is limited to the sides of the reader. */
import { and, count, desc, eq, gt, inArray, isNull, max, ne, or, sql } from "drizzle-orm";
import { type Db, prepared } from "#db/client.server.ts";
import {
  agendaVersion,
  coHost,
  delegation,
  delivery,
  edition,
  editionCoHost,
  invitation,
  rosterCount,
  staffPermission,
} from "#db/schema/index.ts";
import type { Approval, Mode, Permission, Reply } from "#db/vocabulary.ts";
import { hasNoGrants } from "../access/queries.server.ts";
import { type Grant, isLive, mayCreateEditions, staffScope } from "../access/rules.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { placeIsHeld } from "../invitation/quota.server.ts";
import { stands } from "../invitation/standing.server.ts";
import type { AnswerCounts } from "./rules.ts";

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
  timeZone: string;
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
      timeZone: edition.timeZone,
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
      timeZone: first.timeZone,
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

/** A reader's sides at one edition. */
export type OwnScope = { editionId: string; sideIds: ReadonlyArray<string> };

/** What makes an invitation one's own: its delegation belongs to the edition and to one of the sides. */
export function ofOwnSide({ editionId, sideIds }: OwnScope) {
  return and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds]));
}

/** Everybody is counted as they change; whoever is no longer invited is taken off, and an index knows those alone. */
function peopleOf({ db }: { db: Db }, scope: OwnScope): number {
  const own = sql`in (select ${delegation.id} from ${delegation} where ${ofOwnSide(scope)})`;
  const row = db.orm.get<{ people: number }>(
    sql`select (select coalesce(sum(${rosterCount.people}), 0) from ${rosterCount}
        where ${rosterCount.editionId} = ${scope.editionId} and ${rosterCount.delegationId} ${own})
      - (select count(*) from ${invitation} indexed by invitation_gone
        where ${invitation.editionId} = ${scope.editionId} and ${invitation.delegationId} ${own}
        and (${invitation.withdrawnAt} is not null or ${invitation.replacedAt} is not null)) as people`,
  );
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

/** Where one's own people live, if the clocks are different there than at the meeting: IANA zones. */
export function homeTimeZones({ scope, db }: StaffContext): Array<string> {
  return db.orm
    .selectDistinct({ home: delegation.homeTimeZone })
    .from(delegation)
    .innerJoin(edition, eq(edition.id, delegation.editionId))
    .where(and(ofOwnSide(scope), ne(delegation.homeTimeZone, edition.timeZone)))
    .orderBy(delegation.position)
    .all()
    .map(({ home }) => home);
}
