import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, invitation, person } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { applyCells, type CellsChanged, MOST_CELLS } from "./commands.server.ts";
import type { SpelledColumn, Spelling } from "./spellings.ts";

function mine({ scope }: Pick<StaffContext, "scope">) {
  return and(eq(invitation.editionId, scope.editionId), inArray(delegation.coHostId, [...scope.sideIds]));
}

/** How the side's people of this edition write something, and how many of them. */
export function spellingsOf(ctx: StaffContext, column: SpelledColumn): Array<Spelling> {
  return ctx.db.orm
    .select({ value: person[column], people: sql<number>`count(*)` })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(and(mine(ctx), ne(person[column], "")))
    .groupBy(person[column])
    .all();
}

/** Everywhere in a column: what is written one way is to be written another. */
export type Respelling = { from: string; to: string };

/** Somebody whose entry would change. */
export type Respelled = Respelling & { invitationId: string; nameLatin: string; nameNative: string };

/** Whose entries would change. Writes nothing. */
export function respelledBy(
  ctx: StaffContext,
  wish: { column: SpelledColumn; changes: ReadonlyArray<Respelling> },
): Array<Respelled> {
  return found(ctx.db.orm, ctx, wish);
}

function found(
  orm: Orm,
  ctx: StaffContext,
  { column, changes }: { column: SpelledColumn; changes: ReadonlyArray<Respelling> },
): Array<Respelled> {
  const becomes = new Map(changes.map(({ from, to }) => [from, to.trim()]));
  for (const [from, to] of becomes) if (to === "" || to === from) becomes.delete(from);
  if (becomes.size === 0) return [];
  const rows = orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      from: person[column],
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        mine(ctx),
        sql`${person[column]} in (select value from json_each(${JSON.stringify([...becomes.keys()])}))`,
      ),
    )
    .orderBy(person[column], person.sortKey)
    .all();
  return rows.map((row) => ({ ...row, to: becomes.get(row.from) ?? row.from }));
}

/**
 * Writes it everywhere in one go, to be taken back in one go. Of entries that cannot be written it is said why.
 *
 * @param shown how many entries somebody saw that would change.
 *
 * Refused when there are too many (`tooMany`), none (`nothing`), or others than were shown (`changed`).
 */
export function respell(
  ctx: StaffContext,
  wish: { column: SpelledColumn; changes: ReadonlyArray<Respelling>; shown: number },
): Promise<Result<CellsChanged, "tooMany" | "nothing" | "changed">> {
  return ctx.db.write((tx) => {
    const people = found(tx, ctx, wish);
    if (people.length === 0) return refused("nothing");
    if (people.length > MOST_CELLS) return refused("tooMany");
    if (people.length !== wish.shown) return refused("changed");
    const cells = people.map(({ invitationId, from, to }) => ({
      invitationId,
      column: wish.column,
      seen: from,
      value: to,
    }));
    return ok(applyCells(tx, ctx, { kind: "bulk", cells }));
  });
}
