import { and, eq, gte, inArray, max } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delegation, invitation, printedCard } from "#db/schema/index.ts";
import type { CardKind } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { auditEachSide } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type CardPerson, cardDigests, cardPeople, isDue } from "./queries.server.ts";
import { type CardChoice, type CardOrder, MOST_CARDS } from "./rules.ts";

export type CardPrinting = {
  people: ReadonlyArray<CardPerson>;
  printing: number;
  at: number;
};

/**
 * Notes whose badges or place cards are printed now, and gives what stands on them. No more than `MOST_CARDS` at once.
 * Refused when one of the chosen is not on this side (`gone`), and when nobody is left to print (`nobody`); of the chosen,
 * those who do not come are left out.
 */
export function printCards(
  ctx: StaffContext,
  {
    kind,
    who,
    order,
    invitationIds,
    glyphs,
  }: {
    kind: CardKind;
    who: CardChoice;
    order: CardOrder;
    /** The chosen. */
    invitationIds: ReadonlyArray<string>;
    glyphs: (text: string) => ReadonlyArray<string>;
  },
): Promise<Result<CardPrinting, "gone" | "nobody">> {
  return ctx.db.write((tx) => {
    const chosen = who === "chosen" ? [...new Set(invitationIds)] : null;
    const found = cardPeople(tx, ctx, { kind, order, glyphs, invitationIds: chosen });
    if (chosen !== null && found.length < chosen.length) return refused("gone");
    const people = found
      .filter((one) => one.obstacle === null && (chosen !== null || one.accepted))
      .filter((one) => who !== "due" || isDue(one))
      .slice(0, MOST_CARDS);
    const again = who === "due" && people.length === 0 ? justPrinted(tx, ctx, { kind, found }) : null;
    if (again !== null) return ok(again);
    if (people.length === 0) return refused("nobody");
    const printing = lastPrinting(tx, ctx, kind) + 1;
    const at = ctx.clock.now();
    for (const one of people) {
      const { invitationId } = one;
      const digests = JSON.stringify(cardDigests(ctx, kind, one));
      const facts = { digests, printing, at, by: ctx.actor.id };
      tx.insert(printedCard)
        .values({ invitationId, kind, ...facts })
        .onConflictDoUpdate({ target: [printedCard.invitationId, printedCard.kind], set: facts })
        .run();
    }
    auditEachSide(tx, ctx, people, (own) => ({
      action: kind === "badge" ? "badge.print" : "placeCard.print",
      details: { people: own.length, number: printing },
    }));
    return ok({ people, printing, at });
  });
}

/** A button that is pressed twice ends the first answer before its file has come: the second one brings the same. */
const PRESSED_TWICE = 30_000;

function justPrinted(
  tx: Tx,
  ctx: StaffContext,
  { kind, found }: { kind: CardKind; found: ReadonlyArray<CardPerson> },
): CardPrinting | null {
  const printing = lastPrinting(tx, ctx, kind);
  const cards = tx
    .select({ invitationId: printedCard.invitationId, at: printedCard.at })
    .from(printedCard)
    .where(
      and(
        eq(printedCard.kind, kind),
        eq(printedCard.printing, printing),
        eq(printedCard.by, ctx.actor.id),
        gte(printedCard.at, ctx.clock.now() - PRESSED_TWICE),
      ),
    )
    .all();
  const at = new Map(cards.map((card) => [card.invitationId, card.at]));
  const people = found.filter(({ invitationId, obstacle }) => at.has(invitationId) && obstacle === null);
  const [first] = people;
  return first === undefined ? null : { people, printing, at: at.get(first.invitationId) ?? 0 };
}

function lastPrinting(tx: Tx, { scope }: StaffContext, kind: CardKind): number {
  const found = tx
    .select({ printing: max(printedCard.printing) })
    .from(printedCard)
    .innerJoin(invitation, eq(invitation.id, printedCard.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(printedCard.kind, kind),
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
      ),
    )
    .get();
  return found?.printing ?? 0;
}
