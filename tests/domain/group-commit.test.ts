import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Db, openDatabase } from "#db/client.server.ts";
import { groupCommit, WriteQueueFull } from "#db/group-commit.server.ts";

let sqlite: SQLite.Database;
beforeEach(() => {
  sqlite = new SQLite(":memory:");
  sqlite.exec("create table seat (n integer primary key, who text not null) strict");
});
afterEach(() => sqlite.close());

const seats = () =>
  sqlite
    .prepare<[], { n: number }>("select n from seat order by n")
    .all()
    .map(({ n }) => n);
const take = (n: number) => sqlite.prepare("insert into seat values (?, 'x')").run(n);

describe("writes that arrive together", () => {
  test("are committed together, and each gets its own answer", async () => {
    let commits = 0;
    const counting = new Proxy(sqlite, {
      get(target, name) {
        if (name !== "prepare") {
          const value: unknown = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        }
        return (text: string) => {
          const statement = target.prepare(text);
          if (text !== "commit") return statement;
          return {
            run: () => {
              commits += 1;
              return statement.run();
            },
          };
        };
      },
    });
    const group = groupCommit(counting);
    const answers = await Promise.all([1, 2, 3].map((n) => group.run(() => take(n).changes * n)));
    expect(answers).toEqual([1, 2, 3]);
    expect(commits).toBe(1);
  });

  test("undo themselves alone when they fail", async () => {
    const group = groupCommit(sqlite);
    const outcomes = await Promise.allSettled([
      group.run(() => take(1)),
      group.run(() => {
        take(2);
        throw new Error("full");
      }),
      group.run(() => {
        take(3);
        take(1);
      }),
      group.run(() => take(4)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect(seats()).toEqual([1, 4]);
  });

  test("run in the order in which they were asked for, and see what those before them wrote", async () => {
    const group = groupCommit(sqlite);
    const seen = await Promise.all([1, 2, 3, 4].map((n) => group.run(() => take(n) && seats().length)));
    expect(seen).toEqual([1, 2, 3, 4]);
  });
});

test("nobody hears of a write before it is committed", async () => {
  const group = groupCommit(sqlite);
  await group.run(() => take(1));
  expect(sqlite.inTransaction).toBe(false);
  const inside = await group.run(() => sqlite.inTransaction);
  expect(inside).toBe(true);
});

test("a promise inside a transaction is refused, and nothing of it is written", async () => {
  const group = groupCommit(sqlite);
  await expect(
    group.run(async () => {
      take(1);
    }),
  ).rejects.toThrow("synchronous");
  expect(seats()).toEqual([]);
});

test("when SQLite itself ends the transaction, all who were in it are told, and later writes go on", async () => {
  const group = groupCommit(sqlite);
  const outcomes = await Promise.allSettled([
    group.run(() => take(1)),
    // As a full disk does: the whole transaction is gone, savepoints and all.
    group.run(() => {
      sqlite.exec("rollback");
      throw new Error("disk full");
    }),
    group.run(() => take(2)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(seats()).toEqual([]);
  await group.run(() => take(3));
  expect(seats()).toEqual([3]);
});

test("more than a thousand waiting are too many: the rest are told at once, and those waiting are written", async () => {
  const group = groupCommit(sqlite);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 1_100 }, (_, n) => group.run(() => take(n))),
  );
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused).toHaveLength(100);
  expect(refused.every(({ reason }) => reason instanceof WriteQueueFull)).toBe(true);
  expect(seats()).toHaveLength(1_000);
});

test("draining commits what waits without another turn", async () => {
  const group = groupCommit(sqlite);
  const waiting = Promise.all(Array.from({ length: 200 }, (_, n) => group.run(() => take(n))));
  group.drain();
  expect(seats()).toHaveLength(200);
  await waiting;
});

describe("a write that waits for the disk outside the event loop", () => {
  const level = () => sqlite.pragma("synchronous", { simple: true });

  test("is committed at once, and told of only when the disk has it; commits wait for the disk again afterwards", async () => {
    let disk: () => void = () => undefined;
    const syncs: Array<Promise<void>> = [];
    const group = groupCommit(sqlite, () => {
      const synced = new Promise<void>((resolve) => {
        disk = resolve;
      });
      syncs.push(synced);
      return synced;
    });
    let told = false;
    const written = group
      .run(() => [take(1), level()], { apart: true })
      .then(([, during]) => {
        told = true;
        return during;
      });
    while (syncs.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect([seats(), told, level()]).toEqual([[1], false, 2]);
    disk();
    expect(await written).toBe(1);
  });

  test("waits like the others in a group with one that must", async () => {
    let syncs = 0;
    const group = groupCommit(sqlite, async () => {
      syncs += 1;
    });
    const levels = await Promise.all([
      group.run(() => [take(1), level()], { apart: true }),
      group.run(() => [take(2), level()]),
    ]);
    expect([levels.map(([, during]) => during), syncs]).toEqual([[2, 2], 0]);
  });

  test("is not told of as done when the disk fails", async () => {
    const group = groupCommit(sqlite, () => Promise.reject(new Error("the disk is gone")));
    await expect(group.run(() => take(1), { apart: true })).rejects.toThrow("the disk is gone");
    await group.run(() => take(2));
    expect([seats(), level()]).toEqual([[1, 2], 2]);
  });
});

describe("a connection that writes", () => {
  let folder: string;
  let db: Db;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secretariat-test-"));
    db = openDatabase(join(folder, "a.db"));
  });
  afterEach(() => {
    if (db.sqlite.open) db.close();
    rmSync(folder, { recursive: true });
  });
  const pragma = (name: string) => db.sqlite.pragma(name, { simple: true });

  test("syncs fully, although a WAL database opens with less", () => {
    const bare = new SQLite(join(folder, "a.db"));
    expect(bare.pragma("synchronous", { simple: true })).toBe(1);
    bare.close();
    expect([
      pragma("journal_mode"),
      pragma("synchronous"),
      pragma("foreign_keys"),
      pragma("busy_timeout"),
    ]).toEqual(["wal", 2, 1, 5000]);
  });

  test("leaves one file behind when it is closed, with everything in it", async () => {
    db.sqlite.exec("create table t (n integer) strict");
    const waiting = db.write(() => db.sqlite.prepare("insert into t values (1)").run().changes);
    db.close();
    expect(await waiting).toBe(1);
    const after = new SQLite(join(folder, "a.db"), { readonly: true });
    expect(after.prepare("select n from t").get()).toEqual({ n: 1 });
    after.close();
  });

  test("has what was written apart in its log, where another process finds it", async () => {
    db.sqlite.exec("create table t (n integer) strict");
    const add = (n: number) =>
      db.write(() => void db.sqlite.prepare("insert into t values (?)").run(n), { apart: true });
    await add(1);
    await Promise.all([add(2), add(3)]);
    const other = new SQLite(join(folder, "a.db"), { readonly: true });
    expect(other.prepare("select n from t order by n").pluck().all()).toEqual([1, 2, 3]);
    other.close();
    const last = add(4);
    db.close();
    await last;
  });

  test("waits for another process's write instead of failing", async () => {
    db.sqlite.exec("create table t (n integer) strict");
    const other = openDatabase(join(folder, "a.db"));
    await Promise.all(
      [db, other].map((each) => each.write(() => void each.sqlite.exec("insert into t values (1)"))),
    );
    other.close();
    expect(db.sqlite.prepare("select count(*) n from t").get()).toEqual({ n: 2 });
  });
});
