/** Mails to an invited person that came back: at once, by the word of the other server, or days later, as a mail to the side. */
import { eq, sql } from "drizzle-orm";
import { invitation } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { noteEvent } from "./events.server.ts";
import { auditOwn, findOwn, over } from "./own.server.ts";

/**
 * Whether the newest letter or reminder to the person came back. What is refused when it is tried again has come back
 * anew; what is taken then has not, whatever was noted before. A copy to somebody who reads along says nothing of the
 * person's own mailbox.
 */
export const cameBack = sql<number>`coalesce(
  (select d.state = 'failed' or exists (
      select 1 from invitation_event b where b.invitation_id = invitation.id and b.kind = 'bounced'
        and b.channel = 'staff' and b.at >= coalesce(d.finished_at, d.created_at))
    from delivery d
    where d.invitation_id = invitation.id and d.kind = 'invitation' and d.recipient_kind = 'invitee'
    order by d.created_at desc, d.rowid desc limit 1),
  exists (
    select 1 from invitation_event b where b.invitation_id = invitation.id and b.kind = 'bounced'
      and b.at >= coalesce((
        select max(e.at) from invitation_event e
        where e.invitation_id = invitation.id and e.kind in ('sent', 'reminded')), 0)))`;

/**
 * Notes that a mail to this person came back after the other server had taken it: the news went to the mailbox of the
 * side. Until the letter is sent again nobody is reminded.
 *
 * Refused when nothing was sent yet (`unsent`), when that is known (`bounced`), when the invitation is over, and when it
 * is not on this side (`gone`).
 */
export function recordBounce(
  ctx: StaffContext,
  { invitationId, note }: { invitationId: string; note: string },
): Promise<Result<null, "gone" | "withdrawn" | "replaced" | "unsent" | "bounced">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, invitationId);
    if (found === null) return refused("gone");
    const ended = over(found);
    if (ended !== null) return refused(ended);
    if (found.sentAt === null) return refused("unsent");
    const known = tx.select({ cameBack }).from(invitation).where(eq(invitation.id, invitationId)).get();
    if (known?.cameBack === 1) return refused("bounced");
    noteEvent(tx, ctx, { invitationId, kind: "bounced", channel: "staff", means: "mail", note });
    auditOwn(tx, ctx, found, "invitation.bounce");
    return ok(null);
  });
}
