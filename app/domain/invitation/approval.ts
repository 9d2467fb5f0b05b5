/**
 * Who has to say yes before an invitation goes out. An edition asks for nobody's approval, for that of the side's own
 * lead, or after that, for people who are not of the host side, for the host's: none → approved → asked → approved or
 * refused. The host knows of somebody only what was put to it (a release), and nothing of those who were not.
 */
import type { Approval, HostAnswer } from "#db/vocabulary.ts";
import type { ReleaseColumn } from "../privacy/release.ts";

/** What the host side is shown of those who are put to it, and nothing else. */
export const COLUMNS_FOR_HOST = [
  "nameLatin",
  "nameNative",
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
  "category",
] as const satisfies ReadonlyArray<ReleaseColumn>;

/** By this the releases are known that come about by putting people to the host. */
export const PURPOSE_FOR_HOST = "Approval of invitations 邀请审核";

/** What is asked of a delegation: the host side does not ask itself. */
export function approvalNeeded(approval: Approval, isHostSide: boolean): Approval {
  return approval === "side_then_host" && isHostSide ? "side" : approval;
}

export type Approvable = { approvedAt: number | null; hostAnswer: HostAnswer | null };

export type ApprovalObstacle = "notApproved" | "hostNotAsked" | "hostAsked" | "hostRefused";

/** What is still missing before an invitation may be sent for the first time; null: nothing. */
export function approvalObstacle(
  { approvedAt, hostAnswer }: Approvable,
  needed: Approval,
): ApprovalObstacle | null {
  if (needed === "none") return null;
  if (approvedAt === null) return "notApproved";
  if (needed === "side" || hostAnswer === "approved") return null;
  if (hostAnswer === null) return "hostNotAsked";
  return hostAnswer === "asked" ? "hostAsked" : "hostRefused";
}
