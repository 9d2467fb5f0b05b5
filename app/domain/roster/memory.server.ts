/** What was found out about the roster, until anything at all is written. */
import { sql } from "drizzle-orm";
import type { Db } from "#db/client.server.ts";
import type { StaffContext } from "../context.ts";

type Memory = {
  version: string;
  known: Map<string, unknown>;
  /** Long lists, the one asked for last at the end. */
  lists: Map<string, ReadonlyArray<string>>;
};
const memories = new WeakMap<Db, Memory>();
const MOST_REMEMBERED = 200;
/** An order of a hundred thousand people is some megabytes. */
const MOST_LISTS = 6;

type Reader = Pick<StaffContext, "db" | "scope">;

/** `data_version` tells of other connections' commits, `total_changes` of this one's. */
function memoryOf({ db }: Reader): Memory {
  const version = `${db.sqlite.pragma("data_version", { simple: true })} ${
    db.orm.get<{ n: number }>(sql`select total_changes() as n`)?.n
  }`;
  const kept = memories.get(db);
  if (kept?.version === version) return kept;
  const memory = { version, known: new Map(), lists: new Map() };
  memories.set(db, memory);
  return memory;
}

function keyOf({ scope }: Reader, what: ReadonlyArray<unknown>): string {
  return JSON.stringify([scope.editionId, scope.sideIds, scope.permissions, ...what]);
}

/** Something short: a count. */
export function remembered<T>(ctx: Reader, what: ReadonlyArray<unknown>, find: () => T): T {
  const { known } = memoryOf(ctx);
  const key = keyOf(ctx, what);
  if (known.has(key)) return known.get(key) as T;
  const found = find();
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, found);
  return found;
}

/** People in an order, of which only a few are kept. */
export function rememberedList(
  ctx: Reader,
  what: ReadonlyArray<unknown>,
  find: () => ReadonlyArray<string>,
): ReadonlyArray<string> {
  const { lists } = memoryOf(ctx);
  const key = keyOf(ctx, what);
  const list = lists.get(key) ?? find();
  lists.delete(key);
  lists.set(key, list);
  for (const [oldest] of lists) {
    if (lists.size <= MOST_LISTS) break;
    lists.delete(oldest);
  }
  return list;
}
