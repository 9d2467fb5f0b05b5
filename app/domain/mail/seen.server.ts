/** What the readers of mails about the programme said of it themselves: a server's "accepted" says nothing of them. */
import { sql } from "drizzle-orm";
import { agendaSeen, agendaVersion, delivery } from "#db/schema/index.ts";
import type { Channel } from "#db/vocabulary.ts";

/** The version that they (or somebody for them) said they have seen, which is the mail's or a later one; and when first. */
export type Seen = { number: number; at: number; channel: Channel };

/**
 * In a query of deliveries: when the person first said that they have seen the version that this mail brings, or a later
 * one. A copy to an assistant has none: the button is its principal's.
 */
export const firstSeen = sql<string | null>`(
  select json_object('number', v.number, 'at', s.seen_at, 'channel', s.channel)
  from ${agendaSeen} s join ${agendaVersion} v on v.id = s.version_id
  where ${delivery.agendaVersion} is not null and ${delivery.recipientKind} = 'invitee'
    and s.invitation_id = ${delivery.invitationId} and v.number >= ${delivery.agendaVersion}
  order by s.seen_at, v.number limit 1)`;

export function seenBy(stored: string | null): Seen | null {
  return stored === null ? null : JSON.parse(stored);
}
