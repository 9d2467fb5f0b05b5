import { statfs } from "node:fs/promises";
import type { Database } from "better-sqlite3";

export type Health = {
  status: "ok" | "failing";
  database: "ok" | "failing";
  mail: "ok" | "failing";
  disk: "ok" | "low" | "unknown";
};

/** Below this an import or a night's mails might not fit. */
const LEAST_FREE_BYTES = 200 * 1024 * 1024;
/** A probe costs a commit on disk; a caller in a hurry gets the last answer. */
const FRESH_FOR = 1_000;

/**
 * Whether the process can do its work: the database takes a write, the mail worker lives, the disk has room.
 * Says nothing else: anybody may ask.
 */
export function healthCheck({
  database,
  mailAlive,
  dataDir,
}: {
  /** Runs work in a write transaction and commits it. */
  database: { sqlite: Database; write(work: () => null): Promise<null> };
  mailAlive: () => boolean;
  dataDir: string;
}): () => Promise<Health> {
  let last: { at: number; health: Promise<Health> } | undefined;

  async function writable(): Promise<boolean> {
    try {
      await database.write(() => {
        const version = database.sqlite.pragma("user_version", { simple: true });
        // Writing the header's free field with what it holds is a real commit that changes nothing.
        database.sqlite.pragma(`user_version = ${Number(version)}`);
        return null;
      });
      return true;
    } catch {
      return false;
    }
  }

  async function look(): Promise<Health> {
    const [written, disk] = await Promise.all([writable(), diskSpace(dataDir)]);
    const parts = {
      database: written ? "ok" : "failing",
      mail: mailAlive() ? "ok" : "failing",
      disk,
    } as const;
    const failing = parts.database === "failing" || parts.mail === "failing" || disk === "low";
    return { status: failing ? "failing" : "ok", ...parts };
  }

  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > FRESH_FOR) last = { at: now, health: look() };
    return last.health;
  };
}

/** Free bytes for this process where `folder` lies; null where the system does not tell. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

export async function diskSpace(folder: string): Promise<Health["disk"]> {
  const free = await freeBytes(folder);
  return free === null ? "unknown" : free < LEAST_FREE_BYTES ? "low" : "ok";
}
