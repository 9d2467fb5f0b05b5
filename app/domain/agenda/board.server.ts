import { and, asc, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { agendaJournal } from "#db/schema/index.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { type ClashWords, clashFacts, judged } from "./clash-facts.server.ts";
import type { ClashFacts } from "./clashes.ts";

/** What somebody may take back, or do again. */
type StepAhead = { id: string; itemId: string; did: string } | null;

export type Board = {
  mayWrite: boolean;
  facts: ClashFacts;
  words: ClashWords;
  /** When each item was saved last: what a move refers to. */
  seenAt: Record<string, number>;
  /** The facts of each clash that may stand, by side and key. */
  accepted: Record<string, string>;
  undo: StepAhead;
  redo: StepAhead;
};

/** All that the grid needs: what it shows, and what it finds clashes in by itself while somebody moves things. */
export function agendaBoard(ctx: StaffContext): Board {
  const { orm } = ctx.db;
  const { facts, words, draft } = clashFacts(orm, ctx.scope);
  const accepted = judged(orm, ctx.scope, facts).filter((clash) => clash.accepted !== null);
  const mayWrite = allows(ctx.scope, "agenda");
  return {
    mayWrite,
    facts,
    words,
    seenAt: Object.fromEntries(draft.map(({ id, updatedAt }) => [id, updatedAt])),
    accepted: Object.fromEntries(accepted.map((clash) => [`${clash.sideId} ${clash.key}`, clash.facts])),
    undo: mayWrite ? stepAhead(orm, ctx, "undo") : null,
    redo: mayWrite ? stepAhead(orm, ctx, "redo") : null,
  };
}

/** Without what it holds: a step may know people of the other side. */
function stepAhead(orm: Orm, ctx: StaffContext, way: "undo" | "redo"): StepAhead {
  return (
    orm
      .select({ id: agendaJournal.id, itemId: agendaJournal.itemId, did: didOf })
      .from(agendaJournal)
      .where(
        and(
          eq(agendaJournal.editionId, ctx.scope.editionId),
          eq(agendaJournal.actorId, ctx.actor.id),
          way === "undo" ? isNull(agendaJournal.undoneAt) : isNotNull(agendaJournal.undoneAt),
        ),
      )
      .orderBy(way === "undo" ? desc(agendaJournal.number) : asc(agendaJournal.number))
      .limit(1)
      .get() ?? null
  );
}
const didOf = sql<string>`json_extract(${agendaJournal.step}, '$.did')`;
