/**
 * Every check: format and lint, types, unused code, the build, domain and HTTP tests, the journey in a browser. The checks
 * that read the sources alone run beside the build. A failing step does not hide the next one. The last line counts what
 * the steps themselves reported; the exit code is 0 only when all of it passed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./chromium.ts";

type Count = { passed: number; failed: number; skipped: number };

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules/.bin");
const results = mkdtempSync(join(tmpdir(), "secretariat-results-"));
const counts: Array<Count & { step: string }> = [];
const chromium = findChromium();

async function step(name: string, work: () => Promise<Count>): Promise<void> {
  console.log(`\n── ${name}`);
  const start = performance.now();
  count(name, start, await work().catch(failed));
}

/** A step that runs while others do: what it says is kept for its end. */
async function beside(name: string, tool: string, args: ReadonlyArray<string>): Promise<void> {
  const start = performance.now();
  const { ok, output } = await runQuietly(tool, args).catch((error) => ({
    ok: false,
    output: String(error),
  }));
  console.log(`\n── ${name}\n${output}`);
  count(name, start, check(ok));
}

function failed(error: unknown): Count {
  console.error(error instanceof Error ? error.message : error);
  return { passed: 0, failed: 1, skipped: 0 };
}

function count(name: string, start: number, result: Count): void {
  counts.push({ step: name, ...result });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`── ${name}: ${result.failed === 0 ? "passed" : "FAILED"} (${seconds} s)`);
}

/** Runs a tool of ours; true when it ended well. */
async function run(
  tool: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const child = spawn(join(bin, tool), [...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, "exit");
  return code === 0;
}

async function runQuietly(
  tool: string,
  args: ReadonlyArray<string>,
): Promise<{ ok: boolean; output: string }> {
  const child = spawn(tool, [...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const [code] = await once(child, "close");
  return { ok: code === 0, output };
}

/** A check that has no tests of its own counts as one. */
function check(ok: boolean): Count {
  return ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A runner that ends badly without naming a failed test (a file that cannot be loaded) has failed all the same. */
function honest(ok: boolean, reported: Count): Count {
  return ok || reported.failed > 0 ? reported : { ...reported, failed: 1 };
}

async function vitest(): Promise<Count> {
  const file = join(results, "vitest.json");
  const ok = await run(
    "vitest",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    chromium === null ? {} : { CHROMIUM: chromium },
  );
  const report: Readonly<Record<string, number>> = JSON.parse(readFileSync(file, "utf8"));
  return honest(ok, {
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  });
}

async function browser(): Promise<Count> {
  if (chromium === null)
    throw new Error("There is no Chromium, and none could be fetched. Install one, or name it in CHROMIUM.");
  const file = join(results, "browser.json");
  const ok = await run("playwright", ["test", "--reporter=list,json"], {
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

await Promise.all([
  beside("build", process.execPath, [join(import.meta.dirname, "build.ts"), "--if-stale"]),
  // Several checkers would each find out what the others know: twice the work, for two processors that have other things to do.
  beside("types", join(bin, "tsc"), ["--noEmit", "--checkers", "1"]),
  beside("format and lint", join(bin, "biome"), ["ci", "--reporter=summary", "."]),
  beside("unused code", join(bin, "knip"), ["--no-progress"]),
]);
await step("domain, mail, architecture and HTTP tests", vitest);
await step("journey in a browser", browser);

rmSync(results, { recursive: true, force: true });
const sum = (name: keyof Count) => counts.reduce((total, each) => total + each[name], 0);
const wrong = counts.filter((each) => each.failed > 0).map(({ step: name }) => name);
console.log(wrong.length === 0 ? "\nAll steps passed." : `\nFailed: ${wrong.join("; ")}.`);
const skipped = sum("skipped");
console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
