import { eq, sql } from "drizzle-orm";
import { type Db, prepared } from "#db/client.server.ts";
import { delegation, invitation, person } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { hashToken } from "../../platform/crypto.server.ts";

/** Whose link it is. */
export type InvitationHolder = {
  invitationId: string;
  editionId: string;
  personId: string;
  delegationId: string;
  /** The side that answers for this person. */
  sideId: string;
  locale: Locale;
};

const byHash = prepared((orm) =>
  orm
    .select({
      invitationId: invitation.id,
      editionId: invitation.editionId,
      personId: invitation.personId,
      delegationId: invitation.delegationId,
      sideId: delegation.coHostId,
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

/** The holder of a link's token, or null when it is wrong, revoked or expired: one answer, the same work for each. */
export function findInvitationByToken(
  { db, clock }: { db: Db; clock: Clock },
  token: string,
): InvitationHolder | null {
  const row = byHash(db.orm).get({ hash: hashToken(token) });
  if (row === undefined || row.revokedAt !== null || row.expiresAt <= clock.now()) return null;
  const { expiresAt: _expiresAt, revokedAt: _revokedAt, ...holder } = row;
  return holder;
}
