/** Who of the chosen people can be sent the invitation, as it stands now. Read by the page, decided on by the command. */

import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  coHost,
  delegation,
  edition,
  invitation,
  invitationEvent,
  invitationText,
  person,
} from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { InvitationMail, MailEdition } from "#emails/payload.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { mailEdition, salutations } from "../mail/outbox.server.ts";
import { approvalNeeded } from "./approval.ts";
import type { InvitationTexts } from "./form.ts";
import { type Letter, writeLetter } from "./letter.ts";
import { letterColumns } from "./letter-columns.server.ts";
import { inheritsPlace, placesLeft } from "./quota.server.ts";
import { holdsPlace, takesPlace } from "./quota.ts";
import { type SendingObstacle, sendingObstacle } from "./rules.ts";
import { defaultWording, type Placeholder } from "./text.ts";

/** One recipient to be. `mail` is what would be sent; never sent while there is an obstacle. */
export type Recipient = {
  invitationId: string;
  sideId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  email: string | null;
  locale: Locale;
  /** Whether it would be a reminder. */
  again: boolean;
  obstacle: SendingObstacle | null;
  /** Whether it would go out although the delegation has no place left, because a lead said so. */
  overQuota: boolean;
  empty: ReadonlyArray<Placeholder>;
  unknown: ReadonlyArray<string>;
  letter: Letter;
  mail: InvitationMail;
};

export function isBlocked(recipient: Pick<Recipient, "obstacle" | "empty" | "unknown">): boolean {
  return recipient.obstacle !== null || recipient.empty.length > 0 || recipient.unknown.length > 0;
}

/** The side's wording, or the proposed one until somebody saves theirs. The side must be one of the edition's. */
export function wordingOf(
  orm: Orm,
  { editionId, sideId, hasCosts }: { editionId: string; sideId: string; hasCosts: boolean },
): { texts: InvitationTexts; saved: boolean; savedAt: number } {
  const rows = orm
    .select({
      locale: invitationText.locale,
      subject: invitationText.subject,
      body: invitationText.body,
      updatedAt: invitationText.updatedAt,
    })
    .from(invitationText)
    .where(and(eq(invitationText.editionId, editionId), eq(invitationText.coHostId, sideId)))
    .all();
  const of = (locale: Locale) =>
    rows.find((row) => row.locale === locale) ?? defaultWording(locale, { hasCosts });
  const en = of("en");
  const zh = of("zh-CN");
  return {
    texts: { subjectEn: en.subject, bodyEn: en.body, subjectZh: zh.subject, bodyZh: zh.body },
    saved: rows.length > 0,
    savedAt: Math.max(0, ...rows.map((row) => row.updatedAt)),
  };
}

/**
 * Those of the given invitations that are on this side, in the order of names, each with its letter. Free places go to
 * those who come first; the others are told that there is none.
 *
 * @param overQuota whether a lead wants them sent although there is no place for them.
 */
export function recipients(
  orm: Orm,
  ctx: Pick<StaffContext, "scope" | "clock">,
  {
    invitationIds,
    again,
    overQuota = false,
  }: { invitationIds: ReadonlyArray<string>; again: boolean; overQuota?: boolean },
): Array<Recipient> {
  const rows = orm
    .select({
      ...letterColumns,
      sideId: delegation.coHostId,
      reply: invitation.reply,
      sentAt: invitation.sentAt,
      withdrawnAt: invitation.withdrawnAt,
      replacedAt: invitation.replacedAt,
      inheritsPlace,
      approvedAt: invitation.approvedAt,
      hostAnswer: invitation.hostAnswer,
      approval: edition.approval,
      hostSideId: edition.hostSideId,
      tokenExpiresAt: invitation.tokenExpiresAt,
      doNotInviteAt: person.doNotInviteAt,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(
      and(
        inArray(invitation.id, [...invitationIds]),
        eq(invitation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
  const lastMails = lastMailTimes(orm, invitationIds);
  const now = ctx.clock.now();
  const editions = new Map<string, MailEdition>();
  const wordings = new Map<string, InvitationTexts>();
  const free = new Map<string, number>();
  const takePlace = (delegationId: string): boolean => {
    const left = free.get(delegationId) ?? placesLeft(orm, { delegationId }) ?? Number.POSITIVE_INFINITY;
    free.set(delegationId, left - 1);
    return left > 0;
  };
  return rows.map((row): Recipient => {
    const { editionId } = ctx.scope;
    const facts = editions.get(row.delegationId) ?? mailEdition(orm, { ...row, editionId });
    editions.set(row.delegationId, facts);
    const hasCosts = row.costsEn !== "" || row.costsZh !== "";
    const texts =
      wordings.get(row.sideId) ?? wordingOf(orm, { editionId, sideId: row.sideId, hasCosts }).texts;
    wordings.set(row.sideId, texts);
    const letter = writeLetter(texts, row, { ...facts, costsEn: row.costsEn, costsZh: row.costsZh });
    const { subjectEn, subjectZh, bodyEn, bodyZh } = letter;
    const obstacle = sendingObstacle(
      { ...row, lastMailAt: lastMails.get(row.invitationId) ?? null },
      { again, now, approval: approvalNeeded(row.approval, row.sideId === row.hostSideId) },
    );
    const wantsPlace = row.sentAt === null && takesPlace(row.category) && !holdsPlace(row);
    const isFull =
      wantsPlace &&
      !isBlocked({ obstacle, empty: letter.empty, unknown: letter.unknown }) &&
      !takePlace(row.delegationId);
    return {
      invitationId: row.invitationId,
      sideId: row.sideId,
      nameLatin: row.nameLatin,
      nameNative: row.nameNative,
      delegationEn: row.delegationEn,
      delegationZh: row.delegationZh,
      email: row.email,
      locale: row.locale,
      again: row.sentAt !== null,
      obstacle: isFull && !overQuota ? "quotaFull" : obstacle,
      overQuota: isFull && overQuota,
      empty: letter.empty,
      unknown: letter.unknown,
      letter,
      mail: {
        kind: "invitation",
        edition: facts,
        ...salutations(row),
        subjectEn,
        subjectZh,
        bodyEn,
        bodyZh,
        number: row.number,
      },
    };
  });
}

function lastMailTimes(orm: Orm, invitationIds: ReadonlyArray<string>): Map<string, number> {
  const rows = orm
    .select({ invitationId: invitationEvent.invitationId, at: sql<number>`max(${invitationEvent.at})` })
    .from(invitationEvent)
    .where(
      and(
        inArray(invitationEvent.invitationId, [...invitationIds]),
        inArray(invitationEvent.kind, ["sent", "reminded"]),
      ),
    )
    .groupBy(invitationEvent.invitationId)
    .all();
  return new Map(rows.map((row) => [row.invitationId, row.at]));
}

/**
 * How the sides of this scope word their invitations. `saved` false: the proposed wording, which nobody has touched.
 */
export function sideWordings(ctx: Pick<DomainContext, "db"> & Pick<StaffContext, "scope">): Array<{
  sideId: string;
  nameEn: string;
  nameZh: string;
  texts: InvitationTexts;
  saved: boolean;
  savedAt: number;
}> {
  const { editionId, sideIds } = ctx.scope;
  const costs = ctx.db.orm
    .select({ costsEn: edition.costsEn, costsZh: edition.costsZh })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  const hasCosts = costs !== undefined && (costs.costsEn !== "" || costs.costsZh !== "");
  return ctx.db.orm
    .select({ sideId: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(coHost)
    .where(inArray(coHost.id, [...sideIds]))
    .orderBy(asc(coHost.nameEn))
    .all()
    .map((side) => ({ ...side, ...wordingOf(ctx.db.orm, { editionId, sideId: side.sideId, hasCosts }) }));
}
