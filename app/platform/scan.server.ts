import { spawn } from "node:child_process";

export type ScanAnswer = "clean" | "infected" | "unknown";

const LONGEST = 60_000;

/**
 * Asks a program of the operator's whether something is harmful. It gets the bytes on its standard input and says by its
 * exit code: 0 clean, 1 harmful. Anything else, or no answer within a minute, is no answer.
 */
export function scan(command: ReadonlyArray<string>, bytes: Uint8Array): Promise<ScanAnswer> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"], timeout: LONGEST });
    child.once("error", () => resolve("unknown"));
    child.once("close", (code) => resolve(code === 0 ? "clean" : code === 1 ? "infected" : "unknown"));
    // A scanner may make up its mind before it has read everything.
    child.stdin.on("error", () => {});
    child.stdin.end(bytes);
  });
}
