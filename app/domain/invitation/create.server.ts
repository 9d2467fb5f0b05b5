import { eq, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { delegation, edition, invitation, person } from "#db/schema/index.ts";
import type { Category, SessionFunction } from "#db/vocabulary.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { noteEvent } from "./events.server.ts";
import { linkExpiry } from "./rules.ts";

const editionOf = prepared((orm) =>
  orm
    .select({
      editionId: edition.id,
      ordinal: edition.ordinal,
      travelTo: edition.travelTo,
      timeZone: edition.timeZone,
    })
    .from(delegation)
    .innerJoin(edition, eq(edition.id, delegation.editionId))
    .where(eq(delegation.id, sql.placeholder("delegation")))
    .prepare(),
);

const marksOf = prepared((orm) =>
  orm
    .select({ doNotInviteAt: person.doNotInviteAt, mergedIntoId: person.mergedIntoId })
    .from(person)
    .where(eq(person.id, sql.placeholder("person")))
    .prepare(),
);

const insertInvitation = prepared((orm) =>
  orm
    .insert(invitation)
    .values({
      id: sql.placeholder("id"),
      editionId: sql.placeholder("editionId"),
      personId: sql.placeholder("personId"),
      delegationId: sql.placeholder("delegationId"),
      category: sql.placeholder("category"),
      invitedAs: sql.placeholder("invitedAs"),
      number: sql.placeholder("number"),
      tokenHash: sql.placeholder("tokenHash"),
      tokenGeneration: 1,
      tokenExpiresAt: sql.placeholder("tokenExpiresAt"),
      reply: "none",
      createdAt: sql.placeholder("at"),
    })
    .prepare(),
);

/**
 * Drafts an invitation of a person in a delegation, with its number and its link. For use inside other commands, which
 * see to it that the person belongs to the delegation's side, may be invited (`isNotToBeInvited`) and is not yet.
 *
 * @throws Error when there is no such delegation, and when the side has marked the person as not to be invited or
 *   merged the card into another: the caller did not look.
 * @param next counts on, where many are drafted in one go.
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
  next: NextNumber = () => lastNumber(tx, input) + 1,
): { invitationId: string; number: string } {
  const found = editionOf(tx).get({ delegation: input.delegationId });
  if (found === undefined) throw new Error("An invitation needs a delegation that exists");
  const invited = marksOf(tx).get({ person: input.personId });
  if (invited === undefined || invited.doNotInviteAt !== null || invited.mergedIntoId !== null)
    throw new Error("An invitation needs a person who may be invited");
  const now = ctx.clock.now();
  const invitationId = newId();
  const number = `${twoDigits(found.ordinal ?? 1)}-${String(next()).padStart(3, "0")}`;
  insertInvitation(tx).run({
    ...input,
    id: invitationId,
    editionId: found.editionId,
    number,
    tokenHash: hashToken(ctx.keys.linkToken(invitationId, 1)),
    tokenExpiresAt: linkExpiry(found, now),
    at: now,
  });
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

/** Gives the next number of an edition each time it is asked. */
export type NextNumber = () => number;

const highest = prepared((orm) => {
  const counted = sql<
    number | null
  >`max(cast(substr(${invitation.number}, instr(${invitation.number}, '-') + 1) as integer))`;
  return orm
    .select({ last: counted })
    .from(invitation)
    .where(
      eq(
        invitation.editionId,
        sql`(select ${delegation.editionId} from ${delegation} where ${delegation.id} = ${sql.placeholder("delegation")})`,
      ),
    )
    .prepare();
});

function lastNumber(tx: Tx, { delegationId }: { delegationId: string }): number {
  return highest(tx).get({ delegation: delegationId })?.last ?? 0;
}

/** Counts the numbers of a delegation's edition on, for drafting many: finding the last one looks at all of them. */
export function numbersFrom(tx: Tx, delegation: { delegationId: string }): NextNumber {
  let last = lastNumber(tx, delegation);
  return () => {
    last += 1;
    return last;
  };
}
