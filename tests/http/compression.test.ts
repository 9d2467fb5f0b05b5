import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createGunzip, gunzipSync } from "node:zlib";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compression } from "#app/platform/http/compression.server.ts";
import { rawRequest } from "../support/server.ts";

const text = "What the delegations agreed. ".repeat(200);
let cancelled: (() => void) | undefined;
let release: (() => void) | undefined;

const app = new Hono();
app.use(compression());
app.get("/quick", (c) => c.html(text));
app.get("/small", (c) => c.text("yes"));
app.get("/picture", (c) => c.body(Buffer.alloc(5_000), 200, { "Content-Type": "image/png" }));
/** The first half at once, the second when the test says so. */
app.get("/slow", () => {
  const half = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(half);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      controller.enqueue(half);
      controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/html" } });
});
/** Never ends by itself. */
app.get("/endless", () => {
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await delay(5);
      controller.enqueue(new TextEncoder().encode(text));
    },
    cancel() {
      cancelled?.();
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/csv" } });
});

let port: number;
let server: ReturnType<typeof serve>;
beforeAll(async () => {
  server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});

const gzip = { headers: { "Accept-Encoding": "gzip" } };

test("an answer that is ready is compressed whole, with its length", async () => {
  const answer = await rawRequest(port, "/quick", gzip);
  expect(answer.headers["content-encoding"]).toBe("gzip");
  expect(answer.headers["content-length"]).toBe(String(answer.bytes.length));
  expect(gunzipSync(answer.bytes).toString()).toBe(text);
});

test("what is small, or no text, or asked for by HEAD, stays as it is", async () => {
  for (const path of ["/small", "/picture"])
    expect((await rawRequest(port, path, gzip)).headers["content-encoding"], path).toBeUndefined();
  const head = await rawRequest(port, "/quick", { ...gzip, method: "HEAD" });
  expect([head.headers["content-encoding"], head.headers.vary]).toEqual([undefined, "Accept-Encoding"]);
});

test("Accept-Encoding is read as it is meant", async () => {
  const cases = {
    "gzip;q=0": undefined,
    "br, gzip;q=0.5": "gzip",
    GZIP: "gzip",
    "x-gzip": undefined,
    "": undefined,
  };
  for (const [header, expected] of Object.entries(cases)) {
    const answer = await rawRequest(port, "/quick", { headers: { "Accept-Encoding": header } });
    expect(answer.headers["content-encoding"], header).toBe(expected);
  }
});

describe("an answer that takes its time", () => {
  test("is sent as it comes", async () => {
    const request = httpRequest({ host: "127.0.0.1", port, path: "/slow", ...gzip });
    request.end();
    const [response] = await once(request, "response");
    expect(response.headers["content-encoding"]).toBe("gzip");
    const unpacked = response.pipe(createGunzip());
    let received = "";
    unpacked.setEncoding("utf8").on("data", (chunk: string) => {
      received += chunk;
      // The first half has arrived while the second is not even written.
      if (received === text) release?.();
    });
    await once(unpacked, "end");
    expect(received).toBe(text + text);
  });

  test("is given up when its reader leaves", async () => {
    const left = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const request = httpRequest({ host: "127.0.0.1", port, path: "/endless", ...gzip });
    request.on("error", () => undefined);
    request.end();
    const [response] = await once(request, "response");
    await once(response, "data");
    request.destroy();
    await left;
  });
});
