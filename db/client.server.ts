import { closeSync, fdatasync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import SQLite, { type Database as SQLiteDatabase } from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { addFunctions } from "./functions.server.ts";
import { groupCommit } from "./group-commit.server.ts";
import * as schema from "./schema/index.ts";

export type Orm = BetterSQLite3Database<typeof schema>;

declare const insideWrite: unique symbol;
/** The database inside `write`: only there may rows change, and functions that change rows ask for it. */
export type Tx = Orm & { readonly [insideWrite]: true };

/** A value that is not a promise: work inside a transaction is synchronous. */
export type Sync<T> = T extends PromiseLike<unknown> ? never : T;

export type Db = {
  /** For reading. */
  orm: Orm;
  /** The driver below, for what the ORM has no words for (pragmas, backup). */
  sqlite: SQLiteDatabase;
  /**
   * One use case: all of it or nothing, on disk when the promise resolves. Runs with others of its turn in one commit.
   *
   * @param options.apart the disk is waited for outside the event loop. Others may read what was written a moment before
   *   it is on disk: for facts of which nobody is told yet.
   */
  write<T>(work: (tx: Tx) => Sync<T>, options?: { apart?: boolean }): Promise<T>;
  /** Commits what waits, moves the WAL into the file and closes it. */
  close(): void;
};

/** So often, each a twentieth of a second after the last one, is the change to WAL tried. */
const MOST_TRIES = 100;

/**
 * Sets WAL. Of two processes that open a new file at once one is told "locked" at once, whatever the busy timeout says:
 * SQLite does not wait where it changes the kind of journal. So we do.
 */
function writeAhead(sqlite: SQLiteDatabase): void {
  for (let tries = 1; ; tries++)
    try {
      sqlite.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      const isBusy = error instanceof SQLite.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || tries === MOST_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
}

/**
 * Opens a database file (or `:memory:`, or a serialized image) with the settings that every writing connection
 * needs. SQLite opens a WAL database with `synchronous=NORMAL`, which may lose acknowledged commits with the
 * power; so FULL is set after WAL, and all of it is read back.
 *
 * @throws Error when a setting did not take.
 */
export function openDatabase(source: string | Buffer): Db {
  if (typeof source === "string" && source !== ":memory:") mkdirSync(dirname(source), { recursive: true });
  const sqlite = new SQLite(source);
  const inMemory = sqlite.memory || typeof source !== "string";
  writeAhead(sqlite);
  sqlite.pragma("synchronous = FULL");
  sqlite.pragma("foreign_keys = ON");
  sqlite.pragma("busy_timeout = 5000");
  // Deleted passport digits must not linger on free pages.
  sqlite.pragma("secure_delete = ON");
  addFunctions(sqlite);
  assertPragma(sqlite, "synchronous", 2);
  assertPragma(sqlite, "foreign_keys", 1);
  assertPragma(sqlite, "busy_timeout", 5000);
  if (!inMemory) assertPragma(sqlite, "journal_mode", "wal");

  const orm = drizzle(sqlite, { schema });
  const log = inMemory ? null : writeAheadLog(`${source}-wal`);
  const group = groupCommit(sqlite, log === null ? null : log.sync);
  return {
    orm,
    sqlite,
    write(work, options) {
      // The brand only says "inside write"; the object is the same connection.
      return group.run(() => work(orm as unknown as Tx), options);
    },
    close() {
      group.drain();
      if (!inMemory) sqlite.pragma("wal_checkpoint(TRUNCATE)");
      sqlite.close();
      log?.close();
    },
  };
}

/** The file into which SQLite commits, brought to disk by a thread of Node's own: all that was committed before is there then. */
function writeAheadLog(file: string) {
  let descriptor: number | null = null;
  let underWay = 0;
  let isClosed = false;
  const closeWhenDone = () => {
    if (!isClosed || underWay > 0 || descriptor === null) return;
    closeSync(descriptor);
    descriptor = null;
  };
  return {
    sync(): Promise<void> {
      // SQLite keeps the file for as long as this connection is open.
      const opened = descriptor ?? openSync(file, "r+");
      descriptor = opened;
      underWay += 1;
      return new Promise((resolve, reject) => {
        fdatasync(opened, (error) => {
          underWay -= 1;
          closeWhenDone();
          if (error === null) resolve();
          else reject(error);
        });
      });
    },
    close() {
      isClosed = true;
      closeWhenDone();
    },
  };
}

function assertPragma(sqlite: SQLiteDatabase, name: string, expected: number | string) {
  const actual = sqlite.pragma(name, { simple: true });
  if (actual !== expected) throw new Error(`pragma ${name} is ${String(actual)}, not ${expected}`);
}

/**
 * A statement that is prepared once for each connection. Building it anew for each call costs
 * three to fourteen times as much as running it (docs/decisions/prepared-statements.md).
 */
export function prepared<S>(build: (orm: Orm) => S): (orm: Orm) => S {
  const statements = new WeakMap<Orm, S>();
  return (orm) => {
    const known = statements.get(orm);
    if (known !== undefined) return known;
    const statement = build(orm);
    statements.set(orm, statement);
    return statement;
  };
}
