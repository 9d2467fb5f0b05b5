/**
 * A draw for the seats of visits. Everybody who waits and could take a seat has a ticket; the seed and the ticket's number
 * make its lot, and lots stand in order. Then in rounds: each in turn gets the first of their wishes that still has a seat
 * for their delegation and is not at the time of another visit of theirs; nobody gets a second before everybody had their
 * first. So the seed, the record and these lines give the same seats whenever they are read (see `draw.server.ts`).
 */
import { type SeatLimits, seatsLeftFor } from "./rules.ts";

/** These rules' number. Others get another, and these stay for the draws that were made by them. */
export const DRAW_ALGORITHM = 1;

export type Entrant = {
  /** In the order of asking, from 1. */
  ticket: number;
  delegationId: string;
  /** Ids of visits in their order of preference. */
  wishes: ReadonlyArray<string>;
  /** Visits at the time of which they do something else. */
  busy: ReadonlyArray<string>;
};

/** Everything that goes into a draw, as it stood. */
export type DrawRecord = {
  visits: ReadonlyArray<{
    visitId: string;
    capacity: number;
    quotas: Readonly<Record<string, number>>;
    /** Seats that were taken before, by delegation. */
    taken: Readonly<Record<string, number>>;
  }>;
  /** Pairs of visits that nobody can both go on. */
  collisions: ReadonlyArray<readonly [string, string]>;
  entrants: ReadonlyArray<Entrant>;
};

/** What the draw came to for one ticket. `rank`: its place among the lots, from 1. */
export type Drawn = {
  ticket: number;
  lot: string;
  rank: number;
  seats: ReadonlyArray<string>;
};

/** @param lots by ticket. */
export function outcomeOf(record: DrawRecord, lots: ReadonlyMap<number, string>): Array<Drawn> {
  const inOrder = record.entrants
    .map((entrant) => ({ entrant, lot: lots.get(entrant.ticket) ?? "" }))
    .sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : a.entrant.ticket - b.entrant.ticket));
  const visits = new Map(
    record.visits.map((visit) => [
      visit.visitId,
      {
        limits: {
          capacity: visit.capacity,
          quotas: new Map(Object.entries(visit.quotas)),
        } satisfies SeatLimits,
        taken: new Map(Object.entries(visit.taken)),
      },
    ]),
  );
  const seats = new Map<number, Array<string>>();
  for (let given = true; given; ) {
    given = false;
    for (const { entrant } of inOrder) {
      const own = seats.get(entrant.ticket) ?? [];
      const next = entrant.wishes.find((visitId) => {
        const visit = visits.get(visitId);
        return (
          visit !== undefined &&
          !own.includes(visitId) &&
          !entrant.busy.includes(visitId) &&
          !own.some((other) => collide(record, visitId, other)) &&
          seatsLeftFor(entrant.delegationId, visit.limits, visit.taken) > 0
        );
      });
      const visit = next === undefined ? undefined : visits.get(next);
      if (next === undefined || visit === undefined) continue;
      visit.taken.set(entrant.delegationId, (visit.taken.get(entrant.delegationId) ?? 0) + 1);
      seats.set(entrant.ticket, [...own, next]);
      given = true;
    }
  }
  return inOrder.map(({ entrant, lot }, index) => ({
    ticket: entrant.ticket,
    lot,
    rank: index + 1,
    seats: seats.get(entrant.ticket) ?? [],
  }));
}

function collide({ collisions }: DrawRecord, a: string, b: string): boolean {
  return collisions.some(([one, other]) => (one === a && other === b) || (one === b && other === a));
}
