/**
 * Every check, one after the other: format and lint, types, unused code, the build, domain and HTTP tests, the journey
 * in a browser. A failing step does not hide the next one. The last line counts what the steps themselves reported;
 * the exit code is 0 only when all of it passed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIfStale } from "./build.ts";
import { findChromium } from "./chromium.ts";

type Count = { passed: number; failed: number; skipped: number };

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules/.bin");
const results = mkdtempSync(join(tmpdir(), "secretariat-results-"));
const counts: Array<Count & { step: string }> = [];

function step(name: string, work: () => Count): void {
  console.log(`\n── ${name}`);
  const start = performance.now();
  let count: Count;
  try {
    count = work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    count = { passed: 0, failed: 1, skipped: 0 };
  }
  counts.push({ step: name, ...count });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`── ${name}: ${count.failed === 0 ? "passed" : "FAILED"} (${seconds} s)`);
}

/** Runs a tool of ours; true when it ended well. */
function run(tool: string, args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync(join(bin, tool), [...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** A check that has no tests of its own counts as one. */
function check(ok: boolean): Count {
  return ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A runner that ends badly without naming a failed test (a file that cannot be loaded) has failed all the same. */
function honest(ok: boolean, count: Count): Count {
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}

function vitest(): Count {
  const file = join(results, "vitest.json");
  const ok = run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]);
  const report: Readonly<Record<string, number>> = JSON.parse(readFileSync(file, "utf8"));
  return honest(ok, {
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  });
}

function browser(): Count {
  const chromium = findChromium();
  if (chromium === null)
    throw new Error("There is no Chromium, and none could be fetched. Install one, or name it in CHROMIUM.");
  const file = join(results, "browser.json");
  const ok = run("playwright", ["test", "--reporter=list,json"], {
    CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  const { stats }: { stats: Readonly<Record<string, number>> } = JSON.parse(readFileSync(file, "utf8"));
  return honest(ok, {
    passed: stats.expected ?? 0,
    // A test that passes only at the second try has failed.
    failed: (stats.unexpected ?? 0) + (stats.flaky ?? 0),
    skipped: stats.skipped ?? 0,
  });
}

step("format and lint", () => check(run("biome", ["ci", "--reporter=summary", "."])));
step("types", () => check(run("tsc", ["--noEmit"])));
step("unused code", () => check(run("knip", ["--no-progress"])));
step("build", () => {
  buildIfStale();
  return check(true);
});
step("domain, mail, architecture and HTTP tests", vitest);
step("journey in a browser", browser);

rmSync(results, { recursive: true, force: true });
const sum = (name: keyof Count) => counts.reduce((total, count) => total + count[name], 0);
const failed = counts.filter((count) => count.failed > 0).map(({ step: name }) => name);
console.log(failed.length === 0 ? "\nAll steps passed." : `\nFailed: ${failed.join("; ")}.`);
const skipped = sum("skipped");
console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
