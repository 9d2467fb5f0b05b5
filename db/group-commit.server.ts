import type { Database } from "better-sqlite3";

/** Thrown when more writes wait than can be answered in good time; the caller answers 503. */
export class WriteQueueFull extends Error {
  override name = "WriteQueueFull";
}

/** `apart`: this job's answer waits for the disk without holding up the event loop. */
type Job = {
  work: () => unknown;
  apart: boolean;
  succeed: (value: unknown) => void;
  fail: (error: unknown) => void;
};

const LARGEST_GROUP = 64;
const LONGEST_QUEUE = 1_000;

/**
 * Runs pieces of synchronous work that were asked for in the same turn of the event loop inside one
 * `BEGIN IMMEDIATE … COMMIT`, each in a savepoint of its own. A piece that throws undoes itself alone.
 * Nobody hears "done" before the commit is on disk (docs/decisions/group-commit.md).
 *
 * The caller sees to it that nothing else begins a transaction on this connection.
 *
 * @param syncApart brings what has been committed to disk outside the event loop; null: every commit waits for the disk.
 */
export function groupCommit(sqlite: Database, syncApart: (() => Promise<void>) | null = null) {
  const begin = sqlite.prepare("begin immediate");
  const commit = sqlite.prepare("commit");
  const rollback = sqlite.prepare("rollback");
  const savepoint = sqlite.prepare("savepoint job");
  const release = sqlite.prepare("release job");
  const rollbackToSavepoint = sqlite.prepare("rollback to job");
  const queue: Array<Job> = [];
  let armed = false;

  function arm() {
    if (armed) return;
    armed = true;
    // Two turns: the first lets every request that arrived together queue its work; a timer would cost a lone request 1 ms.
    setImmediate(() => setImmediate(() => flush()));
  }

  function runOne(job: Job): () => void {
    savepoint.run();
    try {
      const value = job.work();
      if (value instanceof Promise) throw new TypeError("Work inside a transaction must be synchronous");
      release.run();
      return () => job.succeed(value);
    } catch (error) {
      // A full disk or an I/O error ends the whole transaction inside SQLite: then the group fails together.
      if (!sqlite.inTransaction) throw error;
      rollbackToSavepoint.run();
      release.run();
      return () => job.fail(error);
    }
  }

  function flush(isLast = false) {
    armed = false;
    const jobs = queue.splice(0, LARGEST_GROUP);
    if (queue.length > 0 && !isLast) arm();
    if (jobs.length === 0) return;
    const sync = !isLast && jobs.every(({ apart }) => apart) ? syncApart : null;
    const failAll = (error: unknown) => {
      for (const job of jobs) job.fail(error);
    };
    let answers: Array<() => void>;
    try {
      if (sync !== null) sqlite.pragma("synchronous = NORMAL");
      begin.run();
      answers = jobs.map(runOne);
      commit.run();
    } catch (error) {
      if (sqlite.inTransaction) rollback.run();
      failAll(error);
      return;
    } finally {
      if (sync !== null) sqlite.pragma("synchronous = FULL");
    }
    const answerAll = () => {
      for (const answer of answers) answer();
    };
    if (sync === null) answerAll();
    else sync().then(answerAll, failAll);
  }

  return {
    /** Queues `work` for the next group. Resolves with its value once committed; rejects with what it threw. */
    run<T>(work: () => T, { apart = false }: { apart?: boolean } = {}): Promise<T> {
      if (queue.length >= LONGEST_QUEUE) return Promise.reject(new WriteQueueFull());
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, apart, succeed: (value) => resolve(value as T), fail: reject });
        arm();
      });
    },
    /** Commits whatever waits, now. For an orderly stop. */
    drain() {
      while (queue.length > 0) flush(true);
    },
  };
}
