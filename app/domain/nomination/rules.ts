/**
 * Nomination: a side asks an institution for names. Its focal point gets a link that takes names and tells nothing:
 * not which were proposed before, not what became of them, nobody else's. A name is proposed → taken (it becomes
 * somebody of the side's contact book with a draft invitation) or declined, which can be thought over.
 *
 * A proposal uses up one of the places that were asked for, whatever becomes of it: were they given back, the number
 * would tell the institution who was declined.
 */

/** How many names may be asked for. */
export const MOST_NAMES = 20;
/** How many forms for a name a page shows at once. */
export const NAMES_SHOWN = 4;

/** A name as a focal point writes it down. */
export type ProposedName = {
  familyLatin: string;
  givenLatin: string;
  nameNative: string;
  honorific: string;
  position: string;
  email: string | null;
  phone: string | null;
};

/** By this the same name is known again when a form is sent twice. */
export function proposalKey(name: ProposedName): string {
  const { familyLatin, givenLatin, nameNative, honorific, position, email, phone } = name;
  return JSON.stringify([familyLatin, givenLatin, nameNative, honorific, position, email, phone]);
}

/** Whether names are still taken. */
export function isClosed({ closesAt }: { closesAt: number | null }, now: number): boolean {
  return closesAt !== null && now >= closesAt;
}

const DAY = 86_400_000;

/** When a focal point's link stops working: a month after names stop being taken, so that its page can say so. */
export function nominationExpiry(
  { closesAt, invitationExpiry }: { closesAt: number | null; invitationExpiry: number },
  now: number,
): number {
  return closesAt === null ? invitationExpiry : Math.max(closesAt, now) + 30 * DAY;
}

export type LinkState = "works" | "revoked" | "expired";

export function linkState(
  { revokedAt, tokenExpiresAt }: { revokedAt: number | null; tokenExpiresAt: number },
  now: number,
): LinkState {
  if (revokedAt !== null) return "revoked";
  return tokenExpiresAt <= now ? "expired" : "works";
}
