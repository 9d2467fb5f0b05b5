import type { Row } from "./report.ts";
import { spread } from "./statistics.ts";

/** One contestant's part of each round. */
export type Heat = { name: string; unit: Row["unit"]; turn(round: number): Promise<Turn> };
export type Turn = { value: number; p50?: number; p99?: number };

/** Lets all take turns, each round beginning with another one; the first round is to warm up and is not counted. */
export async function compete(heats: ReadonlyArray<Heat>, rounds: number): Promise<Map<string, Row>> {
  const turns = new Map<string, Array<Turn>>(heats.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const shift = round % heats.length;
    for (const heat of [...heats.slice(shift), ...heats.slice(0, shift)]) {
      const turn = await heat.turn(round);
      if (round > 0) turns.get(heat.name)?.push(turn);
    }
  }
  return new Map(
    heats.map(({ name, unit }) => {
      const own = turns.get(name) ?? [];
      const latency = (which: "p50" | "p99") => {
        const values = own.flatMap((turn) => turn[which] ?? []);
        return values.length === 0 ? {} : { [which]: spread(values).median };
      };
      const rounds = spread(own.map((turn) => turn.value));
      return [name, { name, unit, rounds, ...latency("p50"), ...latency("p99") }];
    }),
  );
}
