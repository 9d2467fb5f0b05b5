import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Words by whose they are: what gives a row away as theirs. Letters, digits, `-` and `_` alone: they become patterns. */
export type Watched = Readonly<Record<string, ReadonlyArray<string>>>;

/** A statement that brought a row of somebody's, and the word by which it is known. */
export type Fetched = { owner: string; word: string; sql: string };

/** Between the test and its server's read-log.ts, in the server's data directory. */
export const WATCHED_FILE = "read-log.watched.json";
export const FETCHED_FILE = "read-log.fetched.jsonl";

/** What a server's environment has to say, and what it has to load first, so that it watches for these words. */
export function watchReads(
  folder: string,
  watched: Watched,
): { env: Readonly<Record<string, string>>; loads: ReadonlyArray<URL> } {
  writeFileSync(join(folder, WATCHED_FILE), JSON.stringify(watched));
  return { env: { READ_LOG: folder }, loads: [new URL("./read-log.ts", import.meta.url)] };
}

/** What was fetched since this was last asked. */
export function takeFetched(folder: string): Array<Fetched> {
  const file = join(folder, FETCHED_FILE);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  rmSync(file);
  return lines.map((line): Fetched => JSON.parse(line));
}
