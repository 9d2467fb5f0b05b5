/**
 * The whole product with the Beijing 2018 edition loaded. Data is fresh each time; `--keep` goes on with the data of
 * the last time. PORT and DATA_DIR are obeyed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { lockDataDirectory } from "../app/platform/data-lock.server.ts";
import { buildIfStale, builtFile } from "./build.ts";

/** Monday, October 29, 2018, 09:00 in Beijing: five weeks before the meeting opens. */
const FIRST_MORNING = Date.UTC(2018, 9, 29, 1, 0);

const { values } = parseArgs({
  options: {
    keep: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run demo [-- --keep]\n\nStarts the product with the Beijing 2018 edition. --keep goes on with the data of the last time.",
  );
  process.exit(0);
}

const folder = resolve(process.env.DATA_DIR ?? "data/demo");
/** How far this demonstration's clock is from the machine's: it marks the folder as a demonstration's, too. */
const clockFile = join(folder, "demonstration-clock");

if (!values.keep) clear();
if (!existsSync(clockFile)) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(clockFile, String(FIRST_MORNING - Date.now()));
}

process.env.NODE_ENV = "production";
process.env.DATA_DIR = folder;
process.env.DEMO = "1";
process.env.CLOCK_OFFSET = readFileSync(clockFile, "utf8");
process.env.LOG_LEVEL ??= "warn";
buildIfStale();
const { runServer }: typeof import("../server.ts") = await import(builtFile("server"));
await runServer();

/** Removes the last demonstration's data, and nobody else's. */
function clear(): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  if (!existsSync(clockFile)) {
    console.error(`DATA_DIR: ${folder} holds something that is not a demonstration's; it is left alone.`);
    process.exit(1);
  }
  try {
    const lock = lockDataDirectory(folder);
    for (const name of readdirSync(folder))
      if (/^(?:secretariat\.db(?:-wal|-shm)?|secret\.key|demonstration(?:\.json|-clock))$/.test(name))
        rmSync(join(folder, name));
    lock.release();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
