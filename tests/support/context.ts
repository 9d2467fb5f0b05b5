import type { Actor } from "#app/domain/access/rules.ts";
import type { DomainContext } from "#app/domain/context.ts";
import { deriveKeys } from "#app/platform/crypto.server.ts";
import type { Db } from "#db/client.server.ts";
import { testDatabase } from "./database.ts";

/** A clock that stands still until it is moved. */
export type TestClock = { now(): number; set(instant: number): void; advance(milliseconds: number): void };

/** Monday, October 29, 2018, 09:00 Beijing time: five weeks before the demonstration edition opens. */
export const AUTUMN_2018 = Date.UTC(2018, 9, 29, 1, 0);

export function testClock(start = AUTUMN_2018): TestClock {
  let now = start;
  return {
    now: () => now,
    set: (instant) => {
      now = instant;
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

export const testKeys = deriveKeys(Buffer.alloc(32, 7));

/** What every use case needs, on a database in memory, with a clock of its own. */
export function testContext(
  options: { db?: Db; clock?: TestClock; actor?: Actor } = {},
): DomainContext & { clock: TestClock } {
  return {
    db: options.db ?? testDatabase(),
    clock: options.clock ?? testClock(),
    keys: testKeys,
    baseUrl: "https://dialogue.example",
    actor: options.actor ?? { kind: "system", id: "test" },
    requestId: null,
  };
}
