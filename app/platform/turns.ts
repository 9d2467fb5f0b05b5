/**
 * Long work beside short: one process answers everybody, so whoever works long stands back after each piece while others
 * have work, and goes on at once while nobody has.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

/** Milliseconds that this thread has computed, whatever else the machine does. */
export function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** A turn of the loop in which less than this (milliseconds) was computed had nothing else to do. */
const IDLE = 0.5;
/** While others have work, so much time is left to them for each part of one's own. */
const FOR_OTHERS = 4;
const LONGEST = 60;

/** Lets others go first. @param own how long the piece before took, as `worked` counts. */
export async function standBack(own: number): Promise<void> {
  const before = worked();
  await nextTurn();
  if (worked() - before > IDLE) await pause(Math.min(LONGEST, FOR_OTHERS * own));
}
