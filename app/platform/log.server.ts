import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "./environment.server.ts";

export type Log = Logger;

/**
 * JSON lines on standard output. No personal data: no paths with tokens, no addresses, no answers; ids, shapes,
 * counts and states only. Errors pass through `describeError`, because libraries put values into messages.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: describeError, err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

type Described = { type: string; message: string; code?: string; stack?: string; cause?: Described };

/** What may be written of an error: its kind, its message without values, and where it happened. */
export function describeError(error: unknown): Described {
  if (!(error instanceof Error)) {
    const status = typeof error === "object" && error !== null && "status" in error ? error.status : null;
    return { type: typeof error, message: typeof status === "number" ? `status ${status}` : "not an error" };
  }
  const described: Described = { type: error.name, message: withoutValues(error.message) };
  if ("code" in error && typeof error.code === "string") described.code = error.code;
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  if (frames !== undefined && frames.length > 0) described.stack = frames.slice(0, 12).join("\n");
  if (error.cause instanceof Error) described.cause = describeError(error.cause);
  return described;
}

function withoutValues(message: string): string {
  return message
    .replace(/\nparams:[\s\S]*/, "")
    .replace(/(\/(?:i|set-up|mailbox)\/)[^/\s"'?]+/g, "$1:")
    .replace(/[^\s<>"'(:,]+@[^\s<>"'),]+/g, "(address)")
    .slice(0, 500);
}
