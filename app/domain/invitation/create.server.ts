import { eq, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, edition, invitation, person } from "#db/schema/index.ts";
import type { Category, SessionFunction } from "#db/vocabulary.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { noteEvent } from "./events.server.ts";
import { linkExpiry } from "./rules.ts";

/**
 * Drafts an invitation of a person in a delegation, with its number and its link. For use inside other commands, which
 * see to it that the person belongs to the delegation's side, may be invited (`isNotToBeInvited`) and is not yet.
 *
 * @throws Error when there is no such delegation, and when the side has marked the person as not to be invited or
 *   merged the card into another: the caller did not look.
 */
export function createInvitation(
  tx: Tx,
  ctx: DomainContext,
  input: {
    personId: string;
    delegationId: string;
    category: Category;
    invitedAs: SessionFunction | null;
  },
): { invitationId: string; number: string } {
  const found = tx
    .select({
      editionId: edition.id,
      ordinal: edition.ordinal,
      travelTo: edition.travelTo,
      timeZone: edition.timeZone,
    })
    .from(delegation)
    .innerJoin(edition, eq(edition.id, delegation.editionId))
    .where(eq(delegation.id, input.delegationId))
    .get();
  if (found === undefined) throw new Error("An invitation needs a delegation that exists");
  const invited = tx
    .select({ doNotInviteAt: person.doNotInviteAt, mergedIntoId: person.mergedIntoId })
    .from(person)
    .where(eq(person.id, input.personId))
    .get();
  if (invited === undefined || invited.doNotInviteAt !== null || invited.mergedIntoId !== null)
    throw new Error("An invitation needs a person who may be invited");
  const now = ctx.clock.now();
  const invitationId = newId();
  const number = `${twoDigits(found.ordinal ?? 1)}-${String(lastNumber(tx, found.editionId) + 1).padStart(3, "0")}`;
  tx.insert(invitation)
    .values({
      id: invitationId,
      editionId: found.editionId,
      personId: input.personId,
      delegationId: input.delegationId,
      category: input.category,
      invitedAs: input.invitedAs,
      number,
      tokenHash: hashToken(ctx.keys.linkToken(invitationId, 1)),
      tokenGeneration: 1,
      tokenExpiresAt: linkExpiry(found, now),
      reply: "none",
      createdAt: now,
    })
    .run();
  noteEvent(tx, ctx, {
    invitationId,
    kind: "drafted",
    channel: ctx.actor.kind === "staff" ? "staff" : "system",
  });
  return { invitationId, number };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

function lastNumber(orm: Orm, editionId: string): number {
  const counted = sql<
    number | null
  >`max(cast(substr(${invitation.number}, instr(${invitation.number}, '-') + 1) as integer))`;
  return (
    orm.select({ last: counted }).from(invitation).where(eq(invitation.editionId, editionId)).get()?.last ?? 0
  );
}
