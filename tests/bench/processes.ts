import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { z } from "zod";

export const ROOT = join(import.meta.dirname, "../..");

/** Where a process runs: what is measured and what measures must not share a core. */
export type Core = "server" | "load";

const canPin = availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;

/** What the report says of the cores. */
export const PINNING = canPin ? "server on core 0, load on core 1" : "processes not pinned to cores";

/** Starts Node on a core of its own, as far as the machine allows. */
export function startNode(core: Core, args: ReadonlyArray<string>, options: SpawnOptions): ChildProcess {
  const pin = canPin ? ["taskset", "-c", core === "server" ? "0" : "1"] : [];
  const [command = process.execPath, ...rest] = [...pin, process.execPath, ...args];
  const child = spawn(command, rest, options);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

const running = new Set<ChildProcess>();

/** Ends what is still running, however the bench itself ends. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

/** A part of the bench in a process of its own, which is asked one thing at a time. */
export type Part = {
  child: ChildProcess;
  ask<T>(question: unknown, answer: z.ZodType<T>): Promise<T>;
};

/** Starts a file of this folder. It answers each message with one message (`answerWith`). */
export function startPart(core: Core, file: string): Part {
  const child = startNode(core, [join(import.meta.dirname, file)], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return {
    child,
    ask(question, answer) {
      return new Promise((resolve, reject) => {
        const gone = () => reject(new Error(`${file} ended before it answered`));
        child.once("exit", gone);
        child.once("message", (message) => {
          child.off("exit", gone);
          const parsed = answer.safeParse(message);
          if (parsed.success) resolve(parsed.data);
          else reject(new Error(`${file}: ${JSON.stringify(message).slice(0, 2_000)}`));
        });
        child.send(JSON.stringify(question));
      });
    },
  };
}

/** In a part: answers every message, with `{ failed }` when that did not work. */
export function answerWith(work: (question: unknown) => Promise<unknown> | unknown): void {
  process.on("message", (text) => {
    Promise.resolve()
      .then(() => work(JSON.parse(String(text))))
      .catch((error: unknown) => ({
        failed: error instanceof Error ? (error.stack ?? error.message) : error,
      }))
      .then((answer) => process.send?.(answer));
  });
  process.once("disconnect", () => process.exit());
}

/** Processor time that a process has used so far, in milliseconds; where the system does not tell, no number. */
export function processorTime(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    // User and system time, in ticks of which a second has a hundred.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

/** Resident memory of a process in MB: now, and the most that it ever had where the system tells. */
export function memory(pid: number | undefined): { now: number; most: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
    return { now: field("VmRSS"), most: field("VmHWM") };
  } catch {
    const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    const now = Number(stdout) / 1024;
    return { now, most: now };
  }
}
