import { createHash } from "node:crypto";
import SQLite from "better-sqlite3";
import { type Db, openDatabase } from "#db/client.server.ts";

/** What a server of a test has stored, looked at from outside while it runs. */
export type Stored = {
  /** All that is stored, but for tables that are left out, as one short text. */
  everything(): string;
  /** Asks, or changes what no request would. */
  work<T>(ask: (db: Db) => T): T;
  close(): void;
};

export function openStored(file: string, { without = [] }: { without?: ReadonlyArray<string> } = {}): Stored {
  const db = openDatabase(file);
  // A connection that never writes is told of every commit by SQLite's own count of them.
  const reader = new SQLite(file, { readonly: true });
  let known: { version: unknown; text: string } = { version: null, text: "" };
  const tables = reader
    .prepare("select name from sqlite_schema where type = 'table' order by name")
    .pluck()
    .all()
    .map(String)
    .filter((name) => !without.includes(name))
    .map((name) => ({ name, rows: reader.prepare<[], Array<unknown>>(`select * from "${name}"`).raw() }));
  const read = reader.transaction((): string => {
    const hash = createHash("sha256");
    // A table at a time, and bytes as text: row by row takes several times as long, and this is asked a thousand times.
    for (const { name, rows } of tables)
      hash.update(`${name}\n${JSON.stringify(rows.all().map((row) => row.map(bytesAsText)))}`);
    return hash.digest("hex");
  });
  return {
    everything() {
      const version = reader.pragma("data_version", { simple: true });
      if (known.version !== version) known = { version, text: read() };
      return known.text;
    },
    work: (ask) => ask(db),
    close() {
      reader.close();
      db.close();
    },
  };
}

function bytesAsText(cell: unknown): unknown {
  return Buffer.isBuffer(cell) ? cell.toString("latin1") : cell;
}
