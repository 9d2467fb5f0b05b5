/** Mailboxes that change hands. Pure. */

/** Somebody whose mailbox is to be another. */
export type Move = { personId: string; to: string };

/**
 * Of several changes at once, those after which nobody shares a mailbox with anybody: two people may swap theirs, as long as
 * both do. Of two who want the same, the first one gets it.
 *
 * @param holders who has a mailbox now.
 */
export function possibleMoves(
  moves: ReadonlyArray<Move>,
  holders: (mailbox: string) => ReadonlyArray<string>,
): ReadonlySet<string> {
  const possible = new Map<string, string>();
  const claimed = new Set<string>();
  for (const { personId, to } of moves) {
    if (to !== "" && claimed.has(to)) continue;
    claimed.add(to);
    possible.set(personId, to);
  }
  for (let before = -1; before !== possible.size; ) {
    before = possible.size;
    for (const [personId, to] of possible) {
      const isFree = to === "" || holders(to).every((holder) => holder === personId || possible.has(holder));
      if (!isFree) possible.delete(personId);
    }
  }
  return new Set(possible.keys());
}
