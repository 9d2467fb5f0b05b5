/** What was found out about the roster, until anything at all is written. */
import { sql } from "drizzle-orm";
import type { Db } from "#db/client.server.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";

type Memory = {
  version: string;
  known: Map<string, unknown>;
  /** Long lists, and those of a few people; of each the one asked for last at the end. */
  lists: Map<string, ReadonlyArray<string>>;
  few: Map<string, ReadonlyArray<string>>;
};
const memories = new WeakMap<Db, Memory>();
const MOST_REMEMBERED = 200;
/** An order of a hundred thousand people is some megabytes. */
const MOST_LISTS = 6;
const MOST_FEW = 24;

type Reader = Pick<StaffContext, "db" | "scope">;

/** Both counters begin anew with each process. */
const PROCESS = newId();

/**
 * Names what has been written so far: while it is the same, nothing at all was. `data_version` tells of other connections'
 * commits, `total_changes` of this one's.
 */
export function writtenSoFar({ db }: Pick<Reader, "db">): string {
  const others = db.sqlite.pragma("data_version", { simple: true });
  const ours = db.orm.get<{ n: number }>(sql`select total_changes() as n`)?.n;
  return `${PROCESS} ${others} ${ours}`;
}

function memoryOf({ db }: Reader): Memory {
  const version = writtenSoFar({ db });
  const kept = memories.get(db);
  if (kept?.version === version) return kept;
  const memory = { version, known: new Map(), lists: new Map(), few: new Map() };
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

/** People in an order, of which only some are kept. */
export function rememberedList(
  ctx: Reader,
  what: ReadonlyArray<unknown>,
  find: () => ReadonlyArray<string>,
): ReadonlyArray<string> {
  return kept(memoryOf(ctx).lists, MOST_LISTS, keyOf(ctx, what), find);
}

/** The same for lists that are never long. */
export function rememberedFew(
  ctx: Reader,
  what: ReadonlyArray<unknown>,
  find: () => ReadonlyArray<string>,
): ReadonlyArray<string> {
  return kept(memoryOf(ctx).few, MOST_FEW, keyOf(ctx, what), find);
}

function kept(
  lists: Map<string, ReadonlyArray<string>>,
  most: number,
  key: string,
  find: () => ReadonlyArray<string>,
): ReadonlyArray<string> {
  const list = lists.get(key) ?? find();
  lists.delete(key);
  lists.set(key, list);
  for (const [oldest] of lists) {
    if (lists.size <= most) break;
    lists.delete(oldest);
  }
  return list;
}
