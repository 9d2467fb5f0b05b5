/** Tells the time. Everything that depends on "now" asks a clock that it was given. */
export type Clock = {
  /** Milliseconds since 1970 in UTC. */
  now(): number;
};

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that runs ahead of or behind the machine's by `offset` milliseconds: the demonstration lives in 2018. */
export function shiftedClock(offset: number): Clock {
  return { now: () => Date.now() + offset };
}
