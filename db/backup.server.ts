import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import SQLite, { type Database } from "better-sqlite3";

/** What is wrong with a database, each as a line; empty when it is sound. */
export function faultsOf(sqlite: Database): Array<string> {
  const integrity = sqlite.prepare<[], { integrity_check: string }>("pragma integrity_check").all();
  const faults = integrity.map((row) => row.integrity_check).filter((line) => line !== "ok");
  const references = sqlite.pragma("foreign_key_check");
  if (Array.isArray(references) && references.length > 0)
    faults.push(`${references.length} rows refer to something that is not there`);
  return faults;
}

/**
 * Copies a database that may be in use into one file, by SQLite's own online backup, and checks the copy before it
 * gets its name. A copy that was interrupted leaves what was there before.
 *
 * @throws Error when the copy is not sound.
 */
export async function backUp(sqlite: Database, target: string): Promise<void> {
  const partial = `${target}.partial`;
  removeDatabase(partial);
  try {
    await sqlite.backup(partial);
    const copy = new SQLite(partial);
    try {
      // One file that needs no companion.
      copy.pragma("journal_mode = DELETE");
      const faults = faultsOf(copy);
      if (faults.length > 0) throw new Error(`The copy is not sound: ${faults.join("; ")}`);
    } finally {
      copy.close();
    }
    moveDurably(partial, target);
  } finally {
    removeDatabase(partial);
  }
}

/** Why a file cannot be restored from; null when it can. Opens it for reading only. */
export function refusalOfBackup(file: string, knownMigrations: ReadonlyArray<string>): string | null {
  let copy: Database;
  try {
    copy = new SQLite(file, { readonly: true, fileMustExist: true });
  } catch {
    return "it cannot be opened as a database";
  }
  try {
    const faults = faultsOf(copy);
    if (faults.length > 0) return `it is not sound: ${faults.join("; ")}`;
    const applied = copy.prepare<[], { name: string }>("select name from migration").all();
    const unknown = applied.find(({ name }) => !knownMigrations.includes(name));
    return unknown === undefined ? null : `it was made by a newer program (${unknown.name})`;
  } catch {
    return "it is no database of this program";
  } finally {
    copy.close();
  }
}

/**
 * Puts a backup in the place of a database that nobody has open. The old database stays beside it as `.replaced`.
 */
export async function restore(backup: string, target: string): Promise<void> {
  const source = new SQLite(backup, { readonly: true, fileMustExist: true });
  const incoming = `${target}.incoming`;
  try {
    await backUp(source, incoming);
  } finally {
    source.close();
  }
  if (existsSync(target)) {
    const old = new SQLite(target);
    // Moves what the WAL holds into the file, so that the file alone is the old state.
    old.pragma("journal_mode = DELETE");
    old.close();
    moveDurably(target, `${target}.replaced`);
  }
  removeDatabase(target);
  moveDurably(incoming, target);
}

function removeDatabase(file: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(file + suffix, { force: true });
}

/** A rename that survives a loss of power. */
function moveDurably(from: string, to: string): void {
  sync(from);
  renameSync(from, to);
  sync(dirname(to));
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
