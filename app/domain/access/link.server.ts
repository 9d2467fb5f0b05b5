import { eq, sql } from "drizzle-orm";
import { type Db, prepared } from "#db/client.server.ts";
import { assistantLink, delegation, invitation, person, personAssistant } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { hashToken, type Keys, sameSecret } from "../../platform/crypto.server.ts";
import { type ActingAssistant, sectionsOf } from "./rules.ts";

/** Whose link it is. */
export type InvitationHolder = {
  invitationId: string;
  editionId: string;
  personId: string;
  delegationId: string;
  /** The side that answers for this person. */
  sideId: string;
  /** The language of who holds the link. */
  locale: Locale;
  /** The assistant whose own link it is; null: it is the invited person's. */
  assistant: ActingAssistant | null;
};

const holderColumns = {
  invitationId: invitation.id,
  editionId: invitation.editionId,
  personId: invitation.personId,
  delegationId: invitation.delegationId,
  sideId: delegation.coHostId,
};

const byHash = prepared((orm) =>
  orm
    .select({
      ...holderColumns,
      locale: person.locale,
      expiresAt: invitation.tokenExpiresAt,
      revokedAt: invitation.tokenRevokedAt,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(eq(invitation.tokenHash, sql.placeholder("hash")))
    .prepare(),
);

/** An assistant's link leads nowhere once the invitation's own was stopped: what is stopped, is stopped for all. */
const assistantByHash = prepared((orm) =>
  orm
    .select({
      ...holderColumns,
      locale: personAssistant.locale,
      linkId: assistantLink.id,
      assistantId: personAssistant.id,
      sections: assistantLink.sections,
      mayReply: personAssistant.mayAct,
      expiresAt: assistantLink.tokenExpiresAt,
      revokedAt: sql<
        number | null
      >`coalesce(${assistantLink.revokedAt}, ${personAssistant.endedAt}, ${invitation.tokenRevokedAt})`,
    })
    .from(assistantLink)
    .innerJoin(personAssistant, eq(personAssistant.id, assistantLink.assistantId))
    .innerJoin(invitation, eq(invitation.id, assistantLink.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(eq(assistantLink.tokenHash, sql.placeholder("hash")))
    .prepare(),
);

/**
 * The holder of a link's token, or null when it is wrong, revoked or expired: one answer, the same work for each. The
 * link is the invited person's, or one of an assistant of theirs.
 */
export function findInvitationByToken(
  { db, clock }: { db: Db; clock: Clock },
  token: string,
): InvitationHolder | null {
  const hash = hashToken(token);
  const now = clock.now();
  const own = byHash(db.orm).get({ hash });
  if (own !== undefined && isAlive(own, now)) {
    const { expiresAt: _expiresAt, revokedAt: _revokedAt, ...holder } = own;
    return { ...holder, assistant: null };
  }
  const assistants = assistantByHash(db.orm).get({ hash });
  if (assistants === undefined || !isAlive(assistants, now)) return null;
  const { expiresAt: _expiresAt, revokedAt: _revokedAt, ...found } = assistants;
  const { linkId, assistantId, sections, mayReply, ...holder } = found;
  return { ...holder, assistant: { linkId, assistantId, sections: sectionsOf(sections), mayReply } };
}

function isAlive(link: { expiresAt: number; revokedAt: number | null }, now: number): boolean {
  return link.revokedAt === null && link.expiresAt > now;
}

const byId = prepared((orm) =>
  orm
    .select({
      ...holderColumns,
      locale: person.locale,
      generation: invitation.tokenGeneration,
      expiresAt: invitation.tokenExpiresAt,
      revokedAt: invitation.tokenRevokedAt,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(eq(invitation.id, sql.placeholder("id")))
    .prepare(),
);

/** What stands in the address of somebody's calendar: calendar programs cannot type a code, so it is a secret itself. */
export function calendarAddress(
  { keys }: { keys: Keys },
  { invitationId, generation }: { invitationId: string; generation: number },
): string {
  return `${invitationId}.${keys.calendarToken(invitationId, generation)}`;
}

/**
 * Whose calendar an address is, or null: the same answer for a wrong one and for one whose link was revoked or has
 * expired, or was issued anew since.
 */
export function findInvitationByCalendar(
  { db, clock, keys }: { db: Db; clock: Clock; keys: Keys },
  address: string,
): InvitationHolder | null {
  const [id = ""] = address.split(".");
  const found = byId(db.orm).get({ id });
  const right = calendarAddress({ keys }, { invitationId: id, generation: found?.generation ?? 0 });
  const isRight = sameSecret(address, right);
  if (found === undefined || !isRight || !isAlive(found, clock.now())) return null;
  const { generation: _generation, expiresAt: _expiresAt, revokedAt: _revokedAt, ...holder } = found;
  return { ...holder, assistant: null };
}

/** The address of the holder's calendar as it is now. */
export function calendarOf(
  { db, keys }: { db: Db; keys: Keys },
  { invitationId }: { invitationId: string },
): string | null {
  const found = byId(db.orm).get({ id: invitationId });
  return found === undefined
    ? null
    : calendarAddress({ keys }, { invitationId, generation: found.generation });
}
