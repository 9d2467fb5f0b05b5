/**
 * Long work beside short: one process answers everybody, so whoever works long stands back after each piece, for as long
 * as others had to wait for it.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

/** A loop that comes round sooner than this (milliseconds) had nothing else to do. */
const IDLE = 1;
/** Of the time while others have work, so much is left to them for each part of one's own. */
const FOR_OTHERS = 3;

/** Lets others go first. @param worked how long the piece before took, in milliseconds. */
export async function standBack(worked: number): Promise<void> {
  const from = performance.now();
  await nextTurn();
  if (performance.now() - from > IDLE) await pause(Math.min(50, FOR_OTHERS * worked));
}
