import { eq } from "drizzle-orm";
import { printCards } from "#app/domain/card/commands.server.ts";
import { cardBoard } from "#app/domain/card/queries.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { changePerson } from "#app/domain/person/commands.server.ts";
import { invitation, person } from "../schema/index.ts";

const HOUR = 60 * 60_000;
const PRINTED = 5;

/** A first batch of badges and place cards of the host's people; one of them is addressed otherwise since. */
export async function seedCards({
  clock,
  cn,
  promoted,
}: {
  clock: { now(): number; set(instant: number): void };
  cn: StaffContext;
  promoted: string;
}): Promise<void> {
  const now = clock.now();
  const glyphs = () => [];
  clock.set(now - 26 * HOUR);
  const coming = cardBoard(cn, { kind: "badge", order: "alphabet", glyphs }).coming.map(
    ({ invitationId }) => invitationId,
  );
  const first = coming.filter((id) => id !== promoted).slice(0, PRINTED);
  for (const kind of ["badge", "place_card"] as const) {
    const printed = await printCards(cn, {
      kind,
      who: "chosen",
      order: "protocol",
      invitationIds: [...first, promoted],
      glyphs,
    });
    if (!printed.ok) throw new Error("The demonstration's badges cannot be printed");
  }
  clock.set(now - 3 * HOUR);
  const found = cn.db.orm
    .select({ card: person, category: invitation.category, invitedAs: invitation.invitedAs })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(eq(invitation.id, promoted))
    .get();
  if (found === undefined) throw new Error("The demonstration has nobody to promote");
  const { card, category, invitedAs } = found;
  const changed = await changePerson(cn, {
    invitationId: promoted,
    facts: { ...card, honorificEn: "Prof.", honorificZh: "教授" },
    category,
    invitedAs,
  });
  if (!changed.ok) throw new Error("The demonstration's card cannot be changed");
  clock.set(now);
}
