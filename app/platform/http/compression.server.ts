import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip, gzipSync } from "node:zlib";
import type { MiddlewareHandler } from "hono";

type Reader = ReadableStreamDefaultReader<Uint8Array>;
type Reading = ReturnType<Reader["read"]>;

const LEVEL = 1;
/** How long an answer is collected before it is sent as a stream. */
const PATIENCE = 20;
const SMALLEST = 800;
const COMPRESSIBLE = /^(?:text\/|application\/(?:json|javascript)\b|image\/svg\+xml)/;

/**
 * Compresses text for those who ask for gzip. A compressing stream halves the speed of a page, so an answer that is
 * complete within 20 ms is compressed in one go and sent with its length; a slower one goes over to a stream.
 */
export function compression(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { res } = c;
    // Looked at before any header is set: the server's light-weight responses forget headers when they become real ones.
    const { body } = res;
    if (!COMPRESSIBLE.test(res.headers.get("Content-Type") ?? "")) return;
    res.headers.append("Vary", "Accept-Encoding");
    if (
      body === null ||
      c.req.method === "HEAD" ||
      res.headers.has("Content-Encoding") ||
      !acceptsGzip(c.req.header("Accept-Encoding"))
    )
      return;
    c.res = await compressed(res, body.getReader());
  };
}

function acceptsGzip(header: string | undefined): boolean {
  return (header ?? "")
    .split(",")
    .some((part) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[\d.]+\s*)?$/i.test(part));
}

async function compressed(response: Response, reader: Reader): Promise<Response> {
  const { chunks, pending } = await collect(reader);
  const headers = new Headers(response.headers);
  const init = { status: response.status, statusText: response.statusText, headers };
  if (pending !== null) {
    headers.set("Content-Encoding", "gzip");
    headers.delete("Content-Length");
    return new Response(gzipStream(chunks, reader, pending), init);
  }
  const body = Buffer.concat(chunks);
  if (body.length < SMALLEST) return new Response(body, init);
  const packed = gzipSync(body, { level: LEVEL });
  headers.set("Content-Encoding", "gzip");
  headers.set("Content-Length", String(packed.length));
  return new Response(packed, init);
}

/** Reads to the end, or as far as it gets in time; then `pending` is the read that is under way. */
async function collect(reader: Reader): Promise<{ chunks: Array<Uint8Array>; pending: Reading | null }> {
  const chunks: Array<Uint8Array> = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE);
  });
  try {
    while (true) {
      const pending = reader.read();
      const found = await Promise.race([pending, late]);
      if (found === null) return { chunks, pending };
      if (found.done) return { chunks, pending: null };
      chunks.push(found.value);
    }
  } finally {
    clearTimeout(timer);
  }
}

function gzipStream(chunks: ReadonlyArray<Uint8Array>, reader: Reader, pending: Reading): ReadableStream {
  async function* all() {
    yield* chunks;
    for (let found = await pending; !found.done; found = await reader.read()) yield found.value;
  }
  const gzip = createGzip({ level: LEVEL, flush: constants.Z_SYNC_FLUSH });
  // A reader who goes away closes the gzip; whoever makes the answer must hear of it, even in the middle of a read.
  gzip.once("close", () => void reader.cancel().catch(() => undefined));
  void pipeline(Readable.from(all()), gzip).catch((error: Error) => gzip.destroy(error));
  return Readable.toWeb(gzip) as ReadableStream;
}
