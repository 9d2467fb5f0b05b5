import { and, asc, eq, inArray, lte, sql } from "drizzle-orm";
import { delegation, edition, invitation, person } from "#db/schema/index.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "./standing.server.ts";

/** The day that a person who is not yet certain named last, `YYYY-MM-DD`; null when they named none. */
export const askAgainDay = sql<string | null>`(
  select e.ask_again_on from invitation_event e where e.invitation_id = ${invitation.id} and e.kind = 'tentative'
  order by e.at desc, e.rowid desc limit 1)`;

/** Somebody to ask again: the day that they named has come. */
export type AskAgain = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  /** `YYYY-MM-DD`. */
  askAgainOn: string;
};

/** This side's people who were not yet certain and are to be asked again by now, those who wait longest first. */
export function askAgainDue(ctx: Pick<StaffContext, "db" | "scope" | "clock">): Array<AskAgain> {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const zone = orm
    .select({ timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (zone === undefined) return [];
  return orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      askAgainOn: askAgainDay,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
        eq(invitation.reply, "tentative"),
        stands,
        lte(askAgainDay, dayOf(ctx.clock.now(), zone.timeZone)),
      ),
    )
    .orderBy(asc(askAgainDay), asc(person.sortKey), asc(person.id))
    .all()
    .flatMap(({ askAgainOn, ...row }) => (askAgainOn === null ? [] : [{ ...row, askAgainOn }]));
}
