import { and, eq, or, type SQL, sql } from "drizzle-orm";
import { agendaItem, delegation, invitation } from "#db/schema/index.ts";
import type { Category } from "#db/vocabulary.ts";
import { stands } from "../invitation/standing.server.ts";

/** Those who work at the meeting: they come without having been written to. */
const CREW: ReadonlyArray<Category> = ["interpreter", "note_taker", "staff", "liaison"];

/** Whoever is sure to come: has accepted, or works there and was never asked. */
export const isSure: SQL | undefined = and(
  stands,
  sql`(${invitation.reply} = 'accepted' or (${invitation.reply} = 'none' and ${invitation.sentAt} is null and ${invitation.category} in ${[...CREW]}))`,
);

/**
 * Whether the draft counts on an invited person at an item: the condition by which items are joined with people. The same
 * as `isExpected` says of an item and a person (agenda/rules.ts); here it counts without any of them being fetched.
 */
export function isCountedOn(): SQL | undefined {
  return and(
    eq(invitation.editionId, agendaItem.editionId),
    or(
      eq(agendaItem.audience, "all"),
      sql`(${agendaItem.audience} = 'delegations' and exists (select 1 from agenda_item_delegation meant where meant.item_id = ${agendaItem.id} and meant.delegation_id = ${invitation.delegationId}))`,
      sql`(${agendaItem.audience} = 'visit' and exists (select 1 from visit_place place join site_visit visit on visit.id = place.visit_id where visit.item_id = ${agendaItem.id} and place.invitation_id = ${invitation.id} and place.state = 'granted'))`,
      sql`exists (select 1 from agenda_function does where does.item_id = ${agendaItem.id} and does.invitation_id = ${invitation.id})`,
    ),
  );
}

/** Whose side an invited person is on. */
export const ofDelegation: SQL = eq(delegation.id, invitation.delegationId);
