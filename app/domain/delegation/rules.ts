/**
 * A delegation: the people for whom one side answers together. It has one head. Its protocol order is set by hand and
 * is the side's own (DOMAIN §1.7): nothing here computes it from who somebody is, and its numbers leave the side
 * nowhere. Who is new comes last, until somebody gives them a place.
 *
 * Two people may set the order at once: each says from which order they started. What the other did meanwhile is never
 * overwritten without being seen; only who has come or gone since is no conflict.
 */

/** People of a delegation by their invitations, first to last. */
export type ProtocolOrder = ReadonlyArray<string>;

/** What somebody asks for: one place up or down, or the places that were typed (counted from 1). */
export type OrderWish =
  | { kind: "up" | "down"; invitationId: string }
  | { kind: "places"; places: ReadonlyMap<string, number> }
  | { kind: "whole"; order: ProtocolOrder };

/** The order that a wish makes of another one; null when it names somebody who is not in it. */
export function orderAfter(order: ProtocolOrder, wish: OrderWish): ProtocolOrder | null {
  switch (wish.kind) {
    case "up":
    case "down": {
      const index = order.indexOf(wish.invitationId);
      if (index === -1) return null;
      const place = Math.min(Math.max(index + (wish.kind === "up" ? -1 : 1), 0), order.length - 1);
      return inserted(without(order, [wish.invitationId]), wish.invitationId, place);
    }
    case "places": {
      // Only what differs from where somebody stands is a wish; the others make room.
      const moved = [...wish.places]
        .filter(([id, place]) => order.includes(id) && order[place - 1] !== id)
        .sort(([, a], [, b]) => a - b);
      const staying = without(
        order,
        moved.map(([id]) => id),
      );
      return moved.reduce<ProtocolOrder>((sofar, [id, place]) => inserted(sofar, id, place - 1), staying);
    }
    case "whole":
      return sameMembers(order, wish.order) ? wish.order : null;
    default:
      return wish satisfies never;
  }
}

/**
 * The order to keep: what somebody made of the one that they started from, with who came since at the end and without
 * who left. Null when somebody else has changed the order since: then both are to be shown.
 */
export function reconciled({
  current,
  from,
  to,
}: {
  current: ProtocolOrder;
  from: ProtocolOrder;
  to: ProtocolOrder;
}): ProtocolOrder | null {
  const still = to.filter((id) => current.includes(id));
  const came = without(current, from);
  if (same(current, [...still, ...came])) return current;
  const started = from.filter((id) => current.includes(id));
  return same(current, [...started, ...came]) ? [...still, ...came] : null;
}

function without(order: ProtocolOrder, ids: ReadonlyArray<string>): ProtocolOrder {
  return order.filter((id) => !ids.includes(id));
}

function inserted(order: ProtocolOrder, id: string, index: number): ProtocolOrder {
  return order.toSpliced(Math.min(index, order.length), 0, id);
}

export function same(a: ProtocolOrder, b: ProtocolOrder): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

function sameMembers(a: ProtocolOrder, b: ProtocolOrder): boolean {
  return a.length === b.length && new Set(b).size === b.length && b.every((id) => a.includes(id));
}
