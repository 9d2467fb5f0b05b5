/** In which order the cells of several people are written, and who makes room for whom. */
import { eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { invitation, person } from "#db/schema/index.ts";
import { mailboxKey } from "../person/rules.ts";
import type { CellWish } from "../roster/commands.server.ts";

/** Who leaves a place or the head of a delegation does so before the next one comes. */
export function inOrder(orm: Orm, wishes: ReadonlyArray<CellWish>): Array<CellWish> {
  const ids = [...new Set(wishes.map(({ invitationId }) => invitationId))];
  const moves = wishes.filter(({ column }) => column === "category" || column === "delegation");
  if (moves.length === 0) return [...wishes];
  const heads = new Set(
    rowsOf(orm, ids)
      .filter(({ category }) => category === "head")
      .map(({ invitationId }) => invitationId),
  );
  const becomes = new Map(
    moves.filter(({ column }) => column === "category").map((wish) => [wish.invitationId, wish.value]),
  );
  const rank = ({ invitationId }: CellWish) => {
    const after = becomes.get(invitationId);
    if (heads.has(invitationId)) return 0;
    return after === "head" ? 2 : 1;
  };
  return wishes.toSorted((a, b) => rank(a) - rank(b));
}

/** Whose mailbox becomes another one by these wishes: it is free for others among them. */
export function leavingTheirMailbox(orm: Orm, wishes: ReadonlyArray<CellWish>): ReadonlySet<string> {
  const mailboxes = new Map(
    wishes.filter(({ column }) => column === "email").map(({ invitationId, value }) => [invitationId, value]),
  );
  return new Set(
    rowsOf(orm, [...mailboxes.keys()])
      .filter(
        ({ invitationId, email }) =>
          mailboxKey(mailboxes.get(invitationId) ?? "") !== mailboxKey(email ?? ""),
      )
      .map(({ personId }) => personId),
  );
}

function rowsOf(orm: Orm, invitationIds: ReadonlyArray<string>) {
  if (invitationIds.length === 0) return [];
  return orm
    .select({
      invitationId: invitation.id,
      personId: person.id,
      category: invitation.category,
      email: person.email,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(inArray(invitation.id, [...invitationIds]))
    .all();
}
