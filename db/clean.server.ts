import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Database } from "better-sqlite3";

/**
 * Leaves nothing in the file but what the tables hold: the log goes into the file and is cut off, and the file is written
 * anew without its free pages. Nobody else can write meanwhile, and nothing else runs in this process.
 *
 * @returns whether it is done. Not: another process is reading or writing.
 */
export function cleanFile(sqlite: Database): boolean {
  if (!emptyLog(sqlite)) return false;
  try {
    sqlite.exec("vacuum");
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY"))
      return false;
    throw error;
  }
  return emptyLog(sqlite);
}

/** Moves the log into the file and cuts it to nothing. */
function emptyLog(sqlite: Database): boolean {
  const rows = sqlite.pragma("wal_checkpoint(TRUNCATE)") as ReadonlyArray<{ busy: number }>;
  return rows.every(({ busy }) => busy === 0);
}

const SQLITE_HEAD = "SQLite format 3\0";

/** Other databases in the folder of this one: copies that somebody made, and what a restore replaced. */
export function copiesBeside(sqlite: Database): Array<{ name: string; changedAt: number }> {
  if (sqlite.memory || sqlite.name === "") return [];
  const folder = dirname(sqlite.name);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== basename(sqlite.name))
    .filter((entry) => isDatabase(join(folder, entry.name)))
    .map(({ name }) => ({ name, changedAt: Math.floor(statSync(join(folder, name)).mtimeMs) }))
    .sort((a, b) => a.changedAt - b.changedAt);
}

function isDatabase(file: string): boolean {
  const head = Buffer.alloc(SQLITE_HEAD.length);
  const handle = openSync(file, "r");
  try {
    return readSync(handle, head, 0, head.length, 0) === head.length && head.toString() === SQLITE_HEAD;
  } finally {
    closeSync(handle);
  }
}
