import type { HttpBindings } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import type { AppLoadContext } from "@remix-run/node";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { type RequestIdVariables, requestId } from "hono/request-id";
import type { SecureHeadersVariables } from "hono/secure-headers";
import { newId } from "../crypto.server.ts";
import type { Log } from "../log.server.ts";
import { isMultipart } from "../multipart.server.ts";
import { answering } from "../turns.ts";
import { compression } from "./compression.server.ts";
import { privateAnswers, securityHeaders } from "./headers.server.ts";
import type { Health } from "./health.server.ts";
import { rememberLanguage } from "./language.server.ts";
import type { Handler } from "./narrow.server.ts";
import { guesserOf, sameOrigin } from "./origin.server.ts";

/** A few files of the largest size. Only where a form may bring files, and then they go to disk as they come. */
const LARGEST_UPLOAD = 48 * 1024 * 1024;

/** A delegate's form, which may have files in it. Who sends it is looked at before they are read, and after. */
function isUpload({ raw, path, method }: { raw: Request; path: string; method: string }): boolean {
  return (
    method === "POST" &&
    /^\/i\/[^/]+\/registration(?:\/[^/]+)*(?:\.data)?\/?$/i.test(path) &&
    isMultipart(raw)
  );
}

/** An import of thousands of people fits; a delegate's form is a thousandth of it. */
const LARGEST_BODY = 1024 * 1024;

const RETURNED_MAIL = "/hooks/bounces";

type Bindings = HttpBindings & { client: string; isHere: boolean };
type Variables = RequestIdVariables & SecureHeadersVariables;

export type AppParts = {
  baseUrl: string;
  ownOrigins: ReadonlySet<string>;
  languageCookie: string;
  health: () => Promise<Health>;
  /** What a mail server hands over that came back; null: nothing is taken. */
  returnedMail: ((request: Request) => Promise<Response>) | null;
  /** The folder that has `assets/`; null: somebody in front serves them (development), and sets a policy for scripts. */
  clientFolder: string | null;
  handler: Handler;
  /** What the log calls a path. */
  pathShape: (pathname: string) => string;
  services: AppLoadContext["services"];
  log: Log;
  /** A page for what is refused before any route is asked. */
  refusalPage: (status: number, request: Request) => string;
};

/** Feeds have no error page of their own: what they throw comes out of Remix as JSON, which is for nobody to read. */
function isRefusedFeed({ headers }: Response): boolean {
  return (
    headers.get("X-Remix-Error") === "yes" &&
    headers.get("Content-Type")?.startsWith("application/json") === true
  );
}

/** Everything between the socket and Remix, in order (docs/decisions/handlers-by-path-shape.md). */
export function createApp(parts: AppParts): Hono<{ Bindings: Bindings; Variables: Variables }> {
  const https = parts.baseUrl.startsWith("https:");
  const app = new Hono<{ Bindings: Bindings; Variables: Variables }>();

  function refuse(status: number, request: Request): Response {
    // A Headers object, so that what is set later stays when the response is copied for HEAD.
    const headers = new Headers({ "Content-Type": "text/html; charset=utf-8" });
    return new Response(parts.refusalPage(status, request), { status, headers });
  }

  app.get("/healthz", async (c) => {
    const health = await parts.health();
    return c.json(health, health.status === "ok" ? 200 : 503, { "Cache-Control": "no-store" });
  });

  // No browser sends this: whoever does proves who they are by a secret of their own.
  const { returnedMail } = parts;
  if (returnedMail !== null)
    app.post(
      RETURNED_MAIL,
      bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => refuse(413, c.req.raw) }),
      (c) => returnedMail(c.req.raw),
    );

  if (parts.clientFolder !== null) {
    app.use(
      "/assets/*",
      serveStatic({
        root: parts.clientFolder,
        precompressed: true,
        onFound: (_path, c) => {
          // File names hold a hash of the content.
          c.header("Cache-Control", "public, max-age=31536000, immutable");
          c.header("X-Content-Type-Options", "nosniff");
        },
      }),
    );
  }

  // Made here and never taken from a client, whose text would end up in the log.
  app.use(requestId({ headerName: "", generator: newId }));
  app.use(async (c, next) => {
    const start = performance.now();
    await next();
    c.res.headers.set("X-Request-Id", c.get("requestId"));
    parts.log.info(
      {
        requestId: c.get("requestId"),
        method: c.req.method,
        path: parts.pathShape(c.req.path),
        status: c.res.status,
        ms: Math.round(performance.now() - start),
      },
      "request",
    );
  });
  if (parts.clientFolder !== null) app.use(securityHeaders({ https }));
  app.use(privateAnswers());
  const limited = bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => refuse(413, c.req.raw) });
  const limitedFiles = bodyLimit({ maxSize: LARGEST_UPLOAD, onError: (c) => refuse(413, c.req.raw) });
  app.use((c, next) => (isUpload(c.req) ? limitedFiles(c, next) : limited(c, next)));
  app.use((c, next) => sameOrigin(parts.ownOrigins, () => refuse(403, c.req.raw))(c, next));
  // Whoever may do something may do it once the whole form is here. A form that comes slowly must not be judged by what
  // was so when it began: by then a session, a link or a permission may have been ended.
  app.use(async (c, next) => {
    if (c.req.method === "GET" || c.req.method === "HEAD" || isUpload(c.req)) return next();
    const { raw } = c.req;
    try {
      c.req.raw = new Request(raw, { body: await raw.arrayBuffer() });
    } catch (error) {
      // Whoever sent it has gone, so that nobody reads this.
      if (raw.signal.aborted) return refuse(400, raw);
      throw error;
    }
    return next();
  });
  app.use(rememberLanguage({ cookie: parts.languageCookie, https }));
  app.use(compression());
  // Remix would print a path that it cannot decode to the terminal, token and all.
  app.use((c, next) => (isDecodable(c.req.path) ? next() : Promise.resolve(refuse(404, c.req.raw))));
  app.all("*", async (c) => {
    const answer = await answering(() =>
      parts.handler(c.req.raw, {
        services: parts.services,
        nonce: c.get("secureHeadersNonce") ?? "",
        requestId: c.get("requestId"),
        client: guesserOf(c.env.client),
        isHere: c.env.isHere,
      }),
    );
    return isRefusedFeed(answer) ? refuse(answer.status, c.req.raw) : answer;
  });

  app.onError((error, c) => {
    // Hono's own refusals are exceptions that carry their answer.
    if (error instanceof HTTPException) return error.getResponse();
    parts.log.error({ requestId: c.get("requestId"), error }, "request failed outside a route");
    return refuse(500, c.req.raw);
  });
  return app;
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}
