/** Putting people to the host side, and the host's answers. The host is shown what was released to it (approval.ts). */
import { and, asc, desc, eq, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  coHost,
  delegation,
  edition,
  invitation,
  invitationEvent,
  person,
  release,
  releasePerson,
} from "#db/schema/index.ts";
import type { Category, HostAnswer } from "#db/vocabulary.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { ownInvitations } from "./approval.server.ts";
import { type ApprovalObstacle, approvalNeeded, approvalObstacle } from "./approval.ts";
import { noteEvent } from "./events.server.ts";
import { isForHost, releaseToHost, seenByHost, withdrawFromHost } from "./host-releases.server.ts";

/**
 * Puts exactly these people to the host side, or none of them: their name, institution, position and category are
 * released to it, for its answer. Somebody whom it refused may be put to it again, and so may somebody
 * whose release ended before there was an answer; who waits for one stays so.
 *
 * Refused when the actor does not lead the side (`forbidden`), one of them is not on it (`gone`), the host need not be
 * asked about them (`notNeeded`), or their own side has not approved them or has sent, withdrawn or replaced the
 * invitation (`notApproved`, `ended`).
 */
export function askHost(
  ctx: StaffContext,
  invitationIds: ReadonlyArray<string>,
): Promise<
  Result<{ asked: number }, "forbidden" | "nobody" | "gone" | "notNeeded" | "notApproved" | "ended">
> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "lead")) return refused("forbidden");
    const ids = [...new Set(invitationIds)];
    if (ids.length === 0) return refused("nobody");
    const people = ownInvitations(tx, ctx, ids);
    if (people.length !== ids.length) return refused("gone");
    if (
      people.some((one) => approvalNeeded(one.approval, one.sideId === one.hostSideId) !== "side_then_host")
    )
      return refused("notNeeded");
    if (people.some((one) => one.sentAt !== null || one.withdrawnAt !== null || one.replacedAt !== null))
      return refused("ended");
    if (people.some((one) => one.approvedAt === null)) return refused("notApproved");
    const seen = seenByHost(tx, ctx, ids);
    const toAsk = people.filter(
      ({ id, hostAnswer }) =>
        hostAnswer === null || hostAnswer === "refused" || (hostAnswer === "asked" && !seen.has(id)),
    );
    for (const sideId of new Set(toAsk.map((one) => one.sideId))) {
      const own = toAsk.filter((one) => one.sideId === sideId).map(({ id }) => id);
      // Who was refused stands in an older release: one question, one release.
      withdrawFromHost(tx, ctx, { sideId, invitationIds: own });
      releaseToHost(tx, ctx, { sideId, invitationIds: own });
    }
    for (const { id } of toAsk) {
      tx.update(invitation).set({ hostAnswer: "asked" }).where(eq(invitation.id, id)).run();
      noteEvent(tx, ctx, { invitationId: id, kind: "host_asked", channel: "staff" });
    }
    auditEachSide(tx, ctx, toAsk, (own) => ({
      action: "invitation.askHost",
      details: { invitations: own.map(({ id }) => id) },
    }));
    return ok({ asked: toAsk.length });
  });
}

/** Somebody put to the host: exactly what was released, and whose side asks. */
export type PutToHost = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  institutionEn: string;
  institutionZh: string;
  positionEn: string;
  positionZh: string;
  category: Category;
  answer: HostAnswer;
  sideEn: string;
  sideZh: string;
};

/** The people who were put to this side as the host, those without an answer first. Empty for every other side. */
export function putToHost(ctx: Pick<StaffContext, "db" | "clock" | "scope">): Array<PutToHost> {
  return peopleBefore(ctx.db.orm, ctx).map(({ sideId: _sideId, ...one }) => one);
}

function peopleBefore(
  orm: Orm,
  ctx: Pick<StaffContext, "clock" | "scope">,
): Array<PutToHost & { sideId: string }> {
  const { scope, clock } = ctx;
  const rows = orm
    .selectDistinct({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      category: invitation.category,
      answer: invitation.hostAnswer,
      sideId: coHost.id,
      sideEn: coHost.nameEn,
      sideZh: coHost.nameZh,
    })
    .from(release)
    .innerJoin(edition, and(eq(edition.id, release.editionId), eq(edition.hostSideId, release.toCoHostId)))
    .innerJoin(releasePerson, eq(releasePerson.releaseId, release.id))
    .innerJoin(invitation, eq(invitation.id, releasePerson.invitationId))
    .innerJoin(
      delegation,
      and(eq(delegation.id, invitation.delegationId), eq(delegation.coHostId, release.fromCoHostId)),
    )
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(coHost, eq(coHost.id, release.fromCoHostId))
    .where(
      and(
        isForHost(scope.editionId, clock.now()),
        inArray(release.toCoHostId, [...scope.sideIds]),
        isNotNull(invitation.hostAnswer),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
      ),
    )
    .orderBy(sql`${invitation.hostAnswer} <> 'asked'`, asc(person.nameLatin), asc(invitation.id))
    .all();
  return rows.map(({ answer, ...row }) => ({ ...row, answer: answer ?? "asked" }));
}

/**
 * The host's answer about exactly these people, or about none. Its words go to the side that asked, and nowhere else.
 * The same answer again changes nothing.
 *
 * Refused when the actor does not lead the host side or one of them was not put to it (`gone`: they do not exist for
 * it), and when one of them has the other answer already (`answered`).
 */
export function answerAsHost(
  ctx: StaffContext,
  {
    invitationIds,
    answer,
    words,
  }: { invitationIds: ReadonlyArray<string>; answer: "approved" | "refused"; words: string },
): Promise<Result<{ answered: number }, "nobody" | "gone" | "answered">> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "lead")) return refused("gone");
    const ids = [...new Set(invitationIds)];
    if (ids.length === 0) return refused("nobody");
    const people = peopleBefore(tx, ctx).filter((one) => ids.includes(one.invitationId));
    if (people.length !== ids.length) return refused("gone");
    if (people.some((one) => one.answer !== "asked" && one.answer !== answer)) return refused("answered");
    const open = people.filter((one) => one.answer === "asked");
    for (const { invitationId } of open) {
      tx.update(invitation).set({ hostAnswer: answer }).where(eq(invitation.id, invitationId)).run();
      const kind = answer === "approved" ? "host_approved" : "host_refused";
      noteEvent(tx, ctx, { invitationId, kind, channel: "staff", note: words });
    }
    auditEachSide(tx, ctx, open, (own) => ({
      action: "invitation.answerAsHost",
      details: { answer, invitations: own.map((one) => one.invitationId) },
    }));
    return ok({ answered: open.length });
  });
}

/** Somebody of one's own side whose invitation has not gone out. */
export type ToApprove = {
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
  delegationEn: string;
  delegationZh: string;
  approvedAt: number | null;
  hostAnswer: HostAnswer | null;
  /** What is missing before it may be sent; null: nothing. */
  obstacle: ApprovalObstacle | null;
  /** What the host said with its last answer. */
  words: string;
};

/** One's own people whose invitation has not gone out, by delegation and in protocol order. */
export function toApprove(ctx: Pick<StaffContext, "db" | "scope">): Array<ToApprove> {
  const rows = ctx.db.orm
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
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      approvedAt: invitation.approvedAt,
      hostAnswer: invitation.hostAnswer,
      approval: edition.approval,
      isHost: sql<number>`${delegation.coHostId} = ${edition.hostSideId}`,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
        isNull(invitation.sentAt),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
        or(isNotNull(invitation.approvedAt), sql`${edition.approval} <> 'none'`),
      ),
    )
    .orderBy(
      asc(delegation.position),
      asc(sql`${invitation.protocolOrder} is null`),
      asc(invitation.protocolOrder),
      asc(invitation.createdAt),
      asc(invitation.id),
    )
    .all();
  const words = hostsWords(
    ctx.db.orm,
    rows.filter((row) => row.hostAnswer !== null).map((row) => row.invitationId),
  );
  return rows.map(({ approval, isHost, ...row }) => ({
    ...row,
    obstacle: approvalObstacle(row, approvalNeeded(approval, isHost === 1)),
    words: row.hostAnswer === "asked" ? "" : (words.get(row.invitationId) ?? ""),
  }));
}

function hostsWords(orm: Orm, invitationIds: ReadonlyArray<string>): Map<string, string> {
  const events = orm
    .select({ invitationId: invitationEvent.invitationId, note: invitationEvent.note })
    .from(invitationEvent)
    .where(
      and(
        inArray(invitationEvent.invitationId, [...invitationIds]),
        inArray(invitationEvent.kind, ["host_approved", "host_refused"]),
      ),
    )
    .orderBy(desc(invitationEvent.at), desc(sql`rowid`))
    .all();
  const newest = new Map<string, string>();
  for (const { invitationId, note } of events) if (!newest.has(invitationId)) newest.set(invitationId, note);
  return newest;
}
