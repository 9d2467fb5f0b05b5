import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { gunzipSync } from "node:zlib";
import { answerWith } from "./processes.ts";
import { type LoadJob, type LoadRequest, type LoadResult, loadJob } from "./protocol.ts";
import { quantile } from "./statistics.ts";

/*
 * The load generator: some connections that are kept open, each with one request at a time under way, in a process
 * of its own. It speaks HTTP/1.1 itself, since Node's client would be slower than the servers that it measures.
 * Every answer is checked; the first wrong one ends the run.
 */

type Answer = { status: number; location: string; gzip: boolean; body: Buffer };

/** Takes one whole answer off the front of what has arrived; null when it is not all there. */
function takeAnswer(received: Buffer): { answer: Answer; rest: Buffer } | null {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const head = received.toString("latin1", 0, headEnd);
  const header = (name: string) => new RegExp(`\\r\\n${name}: ([^\\r\\n]*)`, "i").exec(head)?.[1] ?? "";
  const facts = {
    status: Number(head.slice(9, 12)),
    location: header("location"),
    gzip: header("content-encoding") === "gzip",
  };
  if (header("connection") === "close") throw new Error("The server closes its connections");
  const start = headEnd + 4;
  if (header("transfer-encoding") !== "chunked") {
    const end = start + Number(header("content-length") || 0);
    if (received.length < end) return null;
    return { answer: { ...facts, body: received.subarray(start, end) }, rest: received.subarray(end) };
  }
  const chunks: Array<Buffer> = [];
  for (let at = start; ; ) {
    const lineEnd = received.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(received.toString("latin1", at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (received.length < end) return null;
    if (size === 0)
      return { answer: { ...facts, body: Buffer.concat(chunks) }, rest: received.subarray(end) };
    chunks.push(received.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}

/** The last body that passed, by its mark: the same bytes need no second look. */
const passed = new Map<string, Buffer>();

function check(
  { status, location, gzip, body }: Answer,
  expected: number,
  { mark, path }: LoadRequest,
): void {
  if (status === expected) {
    if (location !== "" && location.includes(mark)) return;
    if (passed.get(mark)?.equals(body)) return;
    if ((gzip ? gunzipSync(body) : body).includes(mark)) {
      passed.set(mark, Buffer.from(body));
      return;
    }
  }
  const text = (gzip ? gunzipSync(body) : body).toString().slice(0, 4_000);
  throw new Error(`${path} answered ${status} ${location}, not ${expected} with "${mark}":\n${text}`);
}

function bytesOf({ method, path, body, cookie }: LoadRequest, host: string): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Accept: text/html",
    "Accept-Encoding: gzip",
    "Accept-Language: en",
    ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
  ];
  if (body !== undefined)
    lines.push(
      `Origin: http://${host}`,
      "Content-Type: application/x-www-form-urlencoded",
      `Content-Length: ${Buffer.byteLength(body)}`,
    );
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
}

/**
 * A connection that the server has taken and answered on once. Node takes one new connection in each turn of its loop:
 * opened under load, most of them would wait for a good part of the round.
 */
function openConnection(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received: Buffer = Buffer.alloc(0);
    const take = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (takeAnswer(received) === null) return;
      socket.off("data", take);
      socket.off("error", reject);
      resolve(socket);
    };
    socket.once("error", reject);
    socket.on("data", take);
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  });
}

async function run({
  port,
  host,
  connections,
  status,
  requests,
  milliseconds,
  rest = 0,
}: LoadJob): Promise<LoadResult> {
  const prepared = requests.map((request) => ({ request, bytes: bytesOf(request, host) }));
  const sockets: Array<Socket> = [];
  for (let n = 0; n < connections; n += 1) sockets.push(await openConnection(port, host));
  const latencies: Array<number> = [];
  let bytes = 0;
  let turn = 0;
  const begin = performance.now();
  const next = () => {
    const over = milliseconds === null ? turn >= prepared.length : performance.now() - begin >= milliseconds;
    return over ? undefined : prepared[turn++ % prepared.length];
  };

  function work(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let current = next();
      let sent = performance.now();
      let received: Buffer = Buffer.alloc(0);
      const go = () => {
        if (current === undefined) {
          socket.end();
          resolve();
          return;
        }
        sent = performance.now();
        socket.write(current.bytes);
      };
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("The server closed a connection")));
      socket.on("data", (chunk) => {
        try {
          received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
          const taken = takeAnswer(received);
          if (taken === null || current === undefined) return;
          latencies.push(performance.now() - sent);
          bytes += received.length - taken.rest.length;
          received = taken.rest;
          check(taken.answer, status, current.request);
          current = next();
          if (rest === 0) go();
          else setTimeout(go, rest);
        } catch (error) {
          socket.destroy();
          reject(error);
        }
      });
      go();
    });
  }

  try {
    await Promise.all(sockets.map(work));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const seconds = (performance.now() - begin) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    answers: latencies.length,
    seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    bytes,
  };
}

answerWith((question) => run(loadJob.parse(question)));
