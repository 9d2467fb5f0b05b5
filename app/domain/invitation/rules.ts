/**
 * An invitation: a person asked to an edition, in a delegation. Its life is a row of dated events and never one
 * overwritten state: drafted → sent (→ reminded …) → answers, each of which may replace the one before (reply.ts) →
 * withdrawn, at any time. The link has a life of its own: issued, revoked, issued anew, expired. What always holds:
 *
 * - it is sent once; after that it is sent again only as a reminder that somebody asked for;
 * - it is sent for the first time when everybody has approved whom the edition asks (approval.ts), and when there is a
 *   place for it (quota.ts);
 * - once withdrawn it is never sent, its link opens nothing, and its seats are given to the next;
 * - links of earlier generations never open anything again;
 * - somebody whom their side does not invite is sent nothing while the mark stands.
 */
import type { Approval, Reply } from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import { type Approvable, approvalObstacle } from "./approval.ts";

/** Where an invitation stands, in one word, for lists: the last of these that is true of it (queries decide). */
export const INVITATION_STATES = [
  "draft",
  "approved",
  "noAddress",
  "queued",
  "sent",
  "failed",
  "bounced",
  "seen",
  "confirmed",
  "attended",
  "no_show",
  "replaced",
  "withdrawn",
] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

const DAY = 24 * 60 * 60 * 1_000;
const AFTER_TRAVEL = 30 * DAY;
/** The same mail twice in an hour is a slip of the hand. */
const BETWEEN_MAILS = 60 * 60 * 1_000;

/**
 * When a link issued now stops working: 30 days after the end of the travel window, and not sooner than in 30 days.
 *
 * @param edition the last day on which people travel, `YYYY-MM-DD`, in the edition's zone.
 */
export function linkExpiry(edition: { travelTo: string; timeZone: string }, now: number): number {
  return Math.max(instantOf(edition.travelTo, "00:00", edition.timeZone) + DAY, now) + AFTER_TRAVEL;
}

/** What of an invitation decides over sending it. Instants are epoch milliseconds. */
export type Sendable = Approvable & {
  email: string | null;
  reply: Reply;
  sentAt: number | null;
  /** The newest `sent` or `reminded`. */
  lastMailAt: number | null;
  withdrawnAt: number | null;
  replacedAt: number | null;
  tokenRevokedAt: number | null;
  tokenExpiresAt: number;
  /** Since when the side does not invite this person; null: it does. */
  doNotInviteAt: number | null;
};

export const SENDING_OBSTACLES = [
  "withdrawn",
  "replaced",
  "doNotInvite",
  "noAddress",
  "alreadySent",
  "declined",
  "justSent",
  "linkRevoked",
  "linkExpired",
  "notApproved",
  "hostNotAsked",
  "hostAsked",
  "hostRefused",
  "quotaFull",
] as const;
export type SendingObstacle = (typeof SENDING_OBSTACLES)[number];

/**
 * Why this invitation cannot be sent now; null: it can.
 *
 * @param again whether staff chose to send it to people who have it already.
 * @param approval what the edition asks of this delegation's invitations.
 */
export function sendingObstacle(
  invitation: Sendable,
  { again, now, approval }: { again: boolean; now: number; approval: Approval },
): SendingObstacle | null {
  if (invitation.withdrawnAt !== null) return "withdrawn";
  if (invitation.replacedAt !== null) return "replaced";
  if (invitation.doNotInviteAt !== null) return "doNotInvite";
  if (invitation.email === null) return "noAddress";
  if (invitation.tokenRevokedAt !== null) return "linkRevoked";
  if (invitation.tokenExpiresAt <= now) return "linkExpired";
  if (invitation.sentAt === null) return approvalObstacle(invitation, approval);
  if (!again) return "alreadySent";
  if (invitation.reply === "declined") return "declined";
  if (invitation.lastMailAt !== null && now - invitation.lastMailAt < BETWEEN_MAILS) return "justSent";
  return null;
}

/** Whether the link opens the invitation now. */
export function linkWorks(
  invitation: { tokenRevokedAt: number | null; tokenExpiresAt: number },
  now: number,
): boolean {
  return invitation.tokenRevokedAt === null && invitation.tokenExpiresAt > now;
}
