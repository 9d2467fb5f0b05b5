/**
 * Long work beside short: one process answers everybody, so whoever works long stands back after each piece while others
 * wait for an answer, and goes on at once while nobody does.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

let waiting = 0;

/** Goes around the making of an answer: while it lasts, long work stands back. What is sent as a stream is made by then. */
export async function answering<T>(work: () => Promise<T>): Promise<T> {
  waiting += 1;
  try {
    return await work();
  } finally {
    waiting -= 1;
  }
}

/** Milliseconds that this thread has computed, whatever else the machine does. */
export function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** While others wait, so much time is left to them for each part of one's own. */
const FOR_OTHERS = 4;
const LONGEST = 60;

/** Lets others go first. @param own how long the piece before took, as `worked` counts. */
export async function standBack(own: number): Promise<void> {
  await nextTurn();
  if (waiting > 0) await pause(Math.min(LONGEST, FOR_OTHERS * own));
}
