import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
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

/**
 * Other databases in the folder of this one: copies that somebody made, and what a restore replaced.
 *
 * Files that this process has open are not looked into. Whoever closes a file drops every lock that the same process
 * holds on it (POSIX), SQLite's own among them: the next program to open the database would then clear the shared
 * memory of its log under our hands.
 */
export function copiesBeside(sqlite: Database): Array<{ name: string; changedAt: number }> {
  if (sqlite.memory || sqlite.name === "") return [];
  const folder = dirname(sqlite.name);
  const own = basename(sqlite.name);
  const companions = [own, `${own}-wal`, `${own}-shm`, `${own}-journal`];
  const open = openFiles();
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !companions.includes(entry.name))
    .filter(({ name }) => !open.has(identity(statSync(join(folder, name), { bigint: true }))))
    .filter(({ name }) => isDatabase(join(folder, name)))
    .map(({ name }) => ({ name, changedAt: Math.floor(statSync(join(folder, name)).mtimeMs) }))
    .sort((a, b) => a.changedAt - b.changedAt);
}

function identity({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}

/** Which files this process has open. Empty where the system does not tell; Windows has no such locks. */
function openFiles(): ReadonlySet<string> {
  const list = "/dev/fd";
  const found = new Set<string>();
  if (!existsSync(list)) return found;
  for (const name of readdirSync(list)) {
    try {
      found.add(identity(fstatSync(Number(name), { bigint: true })));
    } catch {
      // The handle by which the list was read is closed again.
    }
  }
  return found;
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
