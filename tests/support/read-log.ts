/*
 * What came out of the database while a request was answered. The server of a test loads this file before anything else
 * (`--import`); it wraps the driver's `get`, `all` and `iterate`, below ORM and query builders, so that no way of asking
 * passes it by. A row that holds one of the watched words is written down with its statement. What the mail worker
 * reads between requests is not.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { appendFileSync, readFileSync } from "node:fs";
import { Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { FETCHED_FILE, type Fetched, WATCHED_FILE, type Watched } from "./watched-reads.ts";

const folder = process.env.READ_LOG ?? "";
const watched: Watched = JSON.parse(readFileSync(join(folder, WATCHED_FILE), "utf8"));
const patterns = Object.entries(watched).map(
  ([owner, words]) => [owner, new RegExp(words.join("|"), "gi")] as const,
);

/** A request and what was written down for it already; work that it leaves behind is not its own any more. */
type Asking = { isOpen: boolean; noted: Set<string> };
const requests = new AsyncLocalStorage<Asking>();

type Emit = (this: Server, event: string, ...parts: ReadonlyArray<unknown>) => boolean;
const emit: Emit = Server.prototype.emit;
const emitWatched: Emit = function (event, ...parts) {
  if (event !== "request") return emit.call(this, event, ...parts);
  const asking: Asking = { isOpen: true, noted: new Set() };
  (parts[1] as ServerResponse).once("close", () => {
    asking.isOpen = false;
  });
  return requests.run(asking, () => emit.call(this, event, ...parts));
};
Object.assign(Server.prototype, { emit: emitWatched });

function note(sql: string, row: unknown): void {
  const asking = requests.getStore();
  if (asking === undefined || !asking.isOpen) return;
  for (const [owner, pattern] of patterns)
    for (const word of new Set(wordsIn(row, pattern))) {
      const line = JSON.stringify({ owner, word, sql } satisfies Fetched);
      if (asking.noted.has(line)) continue;
      asking.noted.add(line);
      appendFileSync(join(folder, FETCHED_FILE), `${line}\n`);
    }
}

/** A row is an array, an object, or with `pluck` a bare value. */
function wordsIn(row: unknown, pattern: RegExp): Array<string> {
  if (typeof row === "string") return row.match(pattern) ?? [];
  if (Buffer.isBuffer(row)) return wordsIn(row.toString("utf8"), pattern);
  if (row === null || typeof row !== "object") return [];
  return Object.values(row).flatMap((value) => wordsIn(value, pattern));
}

type Statement = {
  source: string;
  get(...values: Array<unknown>): unknown;
  all(...values: Array<unknown>): Array<unknown>;
  iterate(...values: Array<unknown>): IterableIterator<unknown>;
};

const one = new SQLite(":memory:");
const statement: Statement = Object.getPrototypeOf(one.prepare("select 1"));
one.close();
const { get, all, iterate } = statement;
statement.get = function watchedGet(...values) {
  const row = get.apply(this, values);
  note(this.source, row);
  return row;
};
statement.all = function watchedAll(...values) {
  const rows = all.apply(this, values);
  for (const row of rows) note(this.source, row);
  return rows;
};
statement.iterate = function* watchedIterate(...values) {
  for (const row of iterate.apply(this, values)) {
    note(this.source, row);
    yield row;
  }
};
