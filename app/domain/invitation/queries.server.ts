import type { StaffContext } from "../context.ts";
import type { InvitationTexts } from "./form.ts";
import { isBlocked, type Recipient, recipients } from "./sending.server.ts";
import type { Placeholder } from "./text.ts";

/** One of the chosen people, as the page shows them before anything is sent. */
export type SendingEntry = Omit<Recipient, "mail" | "letter">;

/**
 * The chosen people: who would get the invitation now, and who not and why, both in the order of names. `missing`
 * when one of them is not on this side.
 */
export function sendingList(
  ctx: StaffContext,
  {
    invitationIds,
    again,
    overQuota = false,
  }: { invitationIds: ReadonlyArray<string>; again: boolean; overQuota?: boolean },
): { ready: Array<SendingEntry>; blocked: Array<SendingEntry>; again: boolean; missing: boolean } {
  const ids = [...new Set(invitationIds)];
  const entries = recipients(ctx.db.orm, ctx, { invitationIds: ids, again, overQuota }).map(
    ({ mail: _mail, letter: _letter, ...entry }): SendingEntry => entry,
  );
  return {
    ready: entries.filter((entry) => !isBlocked(entry)),
    blocked: entries.filter(isBlocked),
    again,
    missing: entries.length !== ids.length,
  };
}

/** The invitation as it reads for one person, or null when there is no such person on this side. */
export function letterPreview(
  ctx: StaffContext,
  invitationId: string,
): {
  texts: InvitationTexts;
  salutationEn: string;
  salutationZh: string;
  empty: ReadonlyArray<Placeholder>;
} | null {
  const [found] = recipients(ctx.db.orm, ctx, { invitationIds: [invitationId], again: true });
  if (found === undefined) return null;
  const { subjectEn, bodyEn, subjectZh, bodyZh, salutationEn, salutationZh } = found.mail;
  return { texts: { subjectEn, bodyEn, subjectZh, bodyZh }, salutationEn, salutationZh, empty: found.empty };
}
