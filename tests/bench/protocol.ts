import { z } from "zod";
import { recorded } from "./statements.ts";

/* What the bench asks its parts, each a process of its own, and what they answer. */

// The load generator (load.ts).
const request = z.object({
  method: z.enum(["GET", "POST"]),
  path: z.string(),
  body: z.string().optional(),
  /** Must be in the answer's body, or in its Location when it has one. */
  mark: z.string(),
  /** What the invitee's own browser sends. */
  cookie: z.string().optional(),
});
export type LoadRequest = z.infer<typeof request>;

export const loadJob = z.object({
  port: z.number(),
  host: z.string(),
  connections: z.number(),
  status: z.number(),
  requests: z.array(request),
  /** How long to go round and round; null: each request exactly once. */
  milliseconds: z.number().nullable(),
  /** How long each connection rests between an answer and its next request. */
  rest: z.number().default(0),
});
export type LoadJob = z.input<typeof loadJob>;

export const loadResult = z.object({
  answers: z.number(),
  seconds: z.number(),
  /** Milliseconds from the first byte sent to the last byte received. */
  p50: z.number(),
  p99: z.number(),
  bytes: z.number(),
});
export type LoadResult = z.infer<typeof loadResult>;

// The floor for pages and submits (floor.ts).
export const floorSetUp = z.object({
  /** The product's page for the recorded invitee. */
  html: z.string(),
  databases: z.object({ page: z.string(), normal: z.string(), full: z.string() }),
  statements: z.object({ page: z.array(recorded), submit: z.array(recorded) }),
  /** Facts of the recorded invitee, and of each invitee by token, in the same order. */
  known: z.array(z.string()),
  made: z.array(z.string()),
  facts: z.record(z.string(), z.array(z.string())),
});
export type FloorSetUp = z.infer<typeof floorSetUp>;
export const floorReady = z.object({ port: z.number(), html: z.string() });

// The mail server that takes everything (sink.ts).
export const sinkQuestion = z.discriminatedUnion("do", [
  z.object({ do: z.literal("listen") }),
  /** Forgets what came; keeps the next messages as files in `folder`, when it is given. The clock starts after `warmUp`. */
  z.object({ do: z.literal("reset"), folder: z.string().nullable(), warmUp: z.number() }),
  z.object({ do: z.literal("wait"), messages: z.number(), milliseconds: z.number() }),
]);

export type SinkQuestion = z.infer<typeof sinkQuestion>;

export const sinkPort = z.object({ port: z.number() });
export const sinkReady = z.object({ ready: z.literal(true) });
export const sinkCount = z.object({
  messages: z.number(),
  /** Between the last message of the warm-up and the last of all. */
  seconds: z.number(),
  /** Messages with a DKIM signature. */
  signed: z.number(),
  bytes: z.number(),
});

// The floor for mail (mail-floor.ts).
export const mailFloorQuestion = z.discriminatedUnion("do", [
  z.object({ do: z.literal("read"), folder: z.string() }),
  z.object({
    do: z.literal("send"),
    port: z.number(),
    connections: z.number(),
    messages: z.number(),
    dkim: z.object({ domain: z.string(), selector: z.string(), keyFile: z.string() }),
  }),
]);
export type MailFloorQuestion = z.infer<typeof mailFloorQuestion>;

export const mailFloorDone = z.object({ messages: z.number() });

// The bare cursor (cursor.ts).
export const cursorQuestion = z.object({ file: z.string(), slug: z.string() });
export const cursorResult = z.object({ rows: z.number(), seconds: z.number() });
