import { sql } from "drizzle-orm";
import { invitation, person } from "#db/schema/index.ts";
import { cameBack } from "./came-back.server.ts";
import type { InvitationState } from "./rules.ts";

/** Where an invitation stands: what ended it, else how it ended, else how far it came, else what became of its last mail. */
export const stateOfInvitation = sql<InvitationState>`case
  when ${invitation.withdrawnAt} is not null then 'withdrawn'
  when ${invitation.replacedAt} is not null then 'replaced'
  when ${invitation.attendance} is not null then ${invitation.attendance}
  when ${invitation.confirmedAt} is not null then 'confirmed'
  when ${invitation.sentAt} is null then case
    when ${person.email} is null then 'noAddress'
    when ${invitation.approvedAt} is not null then 'approved'
    else 'draft' end
  when ${cameBack} then 'bounced'
  else case (
    select d.state from delivery d
    where d.invitation_id = ${invitation.id} and d.kind = 'invitation' and d.recipient_kind = 'invitee'
    order by d.created_at desc, d.rowid desc limit 1)
    when 'cancelled' then 'failed'
    when 'queued' then 'queued'
    when 'sending' then 'queued'
    when 'deferred' then 'queued'
    else case when ${invitation.seenAt} is null then 'sent' else 'seen' end end end`;
