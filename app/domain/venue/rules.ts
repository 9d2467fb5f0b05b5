/**
 * The places of an edition: houses (a hotel, a court), rooms in a house, and how many minutes it takes from one house to
 * another. Between the rooms of a house nobody travels. What is not known takes no time: a clash must be certain.
 */

export type Venue = {
  id: string;
  nameEn: string;
  nameZh: string;
  addressEn: string;
  addressZh: string;
  /** The house that it is a room of; null: a house, or a place by itself. */
  withinId: string | null;
  capacity: number | null;
};

/** A way between two houses, the same in both directions. */
export type Way = { oneId: string; otherId: string; minutes: number };

/** The two ends of a way in the order in which it is kept. */
export function wayKey(a: string, b: string): readonly [oneId: string, otherId: string] {
  return a < b ? [a, b] : [b, a];
}

export type Travel = (fromId: string, toId: string) => number;

/** How many minutes it takes from one place to another; 0 within a house and where nobody has said. */
export function travel(
  venues: ReadonlyArray<Pick<Venue, "id" | "withinId">>,
  ways: ReadonlyArray<Way>,
): Travel {
  const house = new Map(venues.map(({ id, withinId }) => [id, withinId ?? id]));
  const minutes = new Map(ways.map((way) => [wayKey(way.oneId, way.otherId).join(" "), way.minutes]));
  return (fromId, toId) => {
    const [from, to] = [house.get(fromId) ?? fromId, house.get(toId) ?? toId];
    return from === to ? 0 : (minutes.get(wayKey(from, to).join(" ")) ?? 0);
  };
}

/** Houses in the order of their names, each followed by its rooms. */
export function byHouse<V extends Pick<Venue, "id" | "withinId" | "nameEn" | "nameZh">>(
  venues: ReadonlyArray<V>,
): Array<V> {
  const named = venues.toSorted((a, b) => {
    const [one, other] = [a.nameEn || a.nameZh, b.nameEn || b.nameZh];
    return one < other ? -1 : one > other ? 1 : a.id < b.id ? -1 : 1;
  });
  return named
    .filter(({ withinId }) => withinId === null)
    .flatMap((house) => [house, ...named.filter(({ withinId }) => withinId === house.id)]);
}
