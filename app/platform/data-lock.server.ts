import { mkdirSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";

/** Somebody else works on this data directory. */
export class DataDirectoryInUse extends Error {
  override name = "DataDirectoryInUse";
  constructor(folder: string) {
    super(`DATA_DIR: a server is already running on ${folder}.`);
  }
}

/**
 * Takes a data directory for one process. The lock is SQLite's own on a small file beside the database: the system
 * drops it with the process, however that ends, so there is never a stale one to clear away by hand.
 *
 * @throws DataDirectoryInUse
 */
export function lockDataDirectory(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new SQLite(join(folder, "server.lock"), { timeout: 0 });
  try {
    lock.pragma("journal_mode = memory");
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if (error instanceof SQLite.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      throw new DataDirectoryInUse(folder);
    throw error;
  }
  return { release: () => lock.close() };
}
