import { and, asc, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, edition, invitation, person } from "#db/schema/index.ts";
import type { Approval, Category, HostAnswer, Reply } from "#db/vocabulary.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { approvalNeeded, approvalObstacle } from "../invitation/approval.ts";
import { inheritsPlace } from "../invitation/quota.server.ts";
import { holdsPlace } from "../invitation/quota.ts";
import type { ProtocolOrder } from "./rules.ts";

/** Who is in a delegation: withdrawn and replaced invitations are not. */
export function isMember() {
  return and(isNull(invitation.withdrawnAt), isNull(invitation.replacedAt));
}

/** Protocol order: by hand, then who is new. */
export function inProtocolOrder() {
  return [
    asc(sql`${invitation.protocolOrder} is null`),
    asc(invitation.protocolOrder),
    asc(invitation.createdAt),
    asc(sql`${invitation}.rowid`),
  ];
}

/** The order of a delegation as it stands. Callers have checked whose delegation it is. */
export function currentOrder(orm: Orm, delegationId: string): ProtocolOrder {
  return orm
    .select({ id: invitation.id })
    .from(invitation)
    .where(and(eq(invitation.delegationId, delegationId), isMember()))
    .orderBy(...inProtocolOrder())
    .all()
    .map((row) => row.id);
}

/** The heads of a delegation: one, unless nobody was named or a list brought several. */
export function headsOf(
  orm: Orm,
  { delegationId, except = "" }: { delegationId: string; except?: string },
): ReadonlyArray<string> {
  return orm
    .select({ id: invitation.id })
    .from(invitation)
    .where(
      and(
        eq(invitation.delegationId, delegationId),
        eq(invitation.category, "head"),
        ne(invitation.id, except),
        isMember(),
      ),
    )
    .all()
    .map((row) => row.id);
}

export type Member = {
  invitationId: string;
  familyLatin: string;
  givenLatin: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  category: Category;
  reply: Reply;
  /** How far the invitation is: nobody has said yes, it may go out, it has gone. */
  state: "draft" | "waiting" | "approved" | "sent";
  hostAnswer: HostAnswer | null;
  holdsPlace: boolean;
};

export type DelegationPage = {
  id: string;
  nameEn: string;
  nameZh: string;
  quota: number | null;
  /** Places that are held, and by those of them who have accepted. */
  held: number;
  accepted: number;
  /** In protocol order. */
  members: ReadonlyArray<Member>;
  heads: number;
  /** The side's delegations, this one included: where somebody may be moved. */
  siblings: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  mayWrite: boolean;
  leads: boolean;
};

/** A delegation of one's own side with its people, or null when there is none by this id. */
export function delegationPage(
  ctx: Pick<StaffContext, "db" | "scope">,
  delegationId: string,
): DelegationPage | null {
  const { orm } = ctx.db;
  const found = orm
    .select({
      id: delegation.id,
      nameEn: delegation.nameEn,
      nameZh: delegation.nameZh,
      quota: delegation.quota,
      sideId: delegation.coHostId,
      approval: edition.approval,
      hostSideId: edition.hostSideId,
    })
    .from(delegation)
    .innerJoin(edition, eq(edition.id, delegation.editionId))
    .where(and(eq(delegation.id, delegationId), ofOwnSides(ctx)))
    .get();
  if (found === undefined) return null;
  const { sideId, approval, hostSideId, ...facts } = found;
  const members = membersOf(orm, delegationId, approvalNeeded(approval, sideId === hostSideId));
  const holding = members.filter((one) => one.holdsPlace);
  return {
    ...facts,
    held: holding.length,
    accepted: holding.filter((one) => one.reply === "accepted").length,
    members,
    heads: members.filter((one) => one.category === "head").length,
    siblings: orm
      .select({ id: delegation.id, nameEn: delegation.nameEn, nameZh: delegation.nameZh })
      .from(delegation)
      .where(and(eq(delegation.coHostId, sideId), ofOwnSides(ctx)))
      .orderBy(asc(delegation.position))
      .all(),
    mayWrite: allows(ctx.scope, "invitations"),
    leads: allows(ctx.scope, "lead"),
  };
}

function ofOwnSides(ctx: Pick<StaffContext, "scope">) {
  return and(
    eq(delegation.editionId, ctx.scope.editionId),
    inArray(delegation.coHostId, [...ctx.scope.sideIds]),
  );
}

function membersOf(orm: Orm, delegationId: string, needed: Approval): Array<Member> {
  return orm
    .select({
      invitationId: invitation.id,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      category: invitation.category,
      reply: invitation.reply,
      sentAt: invitation.sentAt,
      approvedAt: invitation.approvedAt,
      hostAnswer: invitation.hostAnswer,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      inheritsPlace,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(and(eq(invitation.delegationId, delegationId), isMember()))
    .orderBy(...inProtocolOrder())
    .all()
    .map(({ sentAt, approvedAt, withdrawnAt, replacedAt, ...row }) => ({
      ...row,
      state: stateOf({ ...row, sentAt, approvedAt }, needed),
      holdsPlace: holdsPlace({ ...row, sentAt, approvedAt, withdrawnAt, replacedAt }),
    }));
}

function stateOf(
  row: { sentAt: number | null; approvedAt: number | null; hostAnswer: HostAnswer | null },
  needed: Approval,
): Member["state"] {
  if (row.sentAt !== null) return "sent";
  if (row.approvedAt === null) return "draft";
  return approvalObstacle(row, needed) === null ? "approved" : "waiting";
}
