import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DomainContext } from "#app/domain/context.ts";
import { systemClock } from "#app/platform/clock.ts";
import { deriveKeys } from "#app/platform/crypto.server.ts";
import { readSecretKey } from "#app/platform/secret-key.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { buildIfStale, builtFile } from "../../scripts/build.ts";
import { type Fetched, takeFetched, type Watched, watchReads } from "./watched-reads.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const CHEAP_PASSWORDS = new URL("./cheap-passwords.ts", import.meta.url);
const KEEP_COMPILED = new URL("./keep-compiled.ts", import.meta.url);

/** Beside the build, and gone with it. */
export const COMPILED = join(dirname(builtFile("server")), "compiled");

let isBuilt = false;

/** Builds the product unless that has been done; tests in other threads wait for the one that does. */
export function buildOnce(): void {
  if (!isBuilt) buildIfStale();
  isBuilt = true;
}

export type TestServer<Seeded = undefined> = {
  /** Where it listens and what it takes for its own origin, without a slash at the end. */
  url: string;
  port: number;
  dataDir: string;
  databaseFile: string;
  /** What `seed` gave back. */
  seeded: Seeded;
  /** Statements that brought a watched word to a request, since this was last asked. */
  fetched(): Array<Fetched>;
  /** All that it has written so far. */
  output(): { stdout: string; stderr: string };
  pid: number;
  /** Asks it to stop, waits, gives its exit code, and leaves the data. */
  terminate(): Promise<number | null>;
  /** SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Ends it and removes the data. */
  stop(): Promise<void>;
};

/**
 * The built server in a process of its own, on a free port, with a data directory of its own.
 *
 * @param port the one to listen on, for who has used it before.
 * @param data a data directory of a server that has ended, which it begins with a copy of.
 * @param seed writes into the migrated database before the server starts.
 * @param watch names words; statements that bring them are written down (read-log.ts).
 */
export async function startTestServer<Seeded = undefined>({
  env = {},
  port: wanted,
  data,
  seed,
  watch,
}: {
  env?: Readonly<Record<string, string>>;
  port?: number;
  data?: string;
  seed?: (ctx: DomainContext) => Promise<Seeded> | Seeded;
  watch?: (seeded: Seeded) => Watched;
} = {}): Promise<TestServer<Seeded>> {
  buildOnce();
  const dataDir = mkdtempSync(join(tmpdir(), "secretariat-test-"));
  if (data !== undefined) cpSync(data, dataDir, { recursive: true });
  const databaseFile = join(dataDir, "secretariat.db");
  const port = wanted ?? (await freePort());
  const url = env.BASE_URL ?? `http://localhost:${port}`;
  const seeded = seed === undefined ? undefined : await seedFile(databaseFile, dataDir, url, seed);
  const watching =
    watch === undefined ? { env: {}, loads: [] } : watchReads(dataDir, watch(seeded as Seeded));

  let output = { stdout: "", stderr: "" };
  let child = launch();
  function launch() {
    const started = spawn(process.execPath, [builtFile("server")], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        LOG_LEVEL: "info",
        ...env,
        ...watching.env,
        // What one server has compiled the next ones read.
        NODE_COMPILE_CACHE: COMPILED,
        NODE_OPTIONS: [CHEAP_PASSWORDS, KEEP_COMPILED, ...watching.loads]
          .map((file) => `--import ${file}`)
          .join(" "),
        PORT: String(port),
        DATA_DIR: dataDir,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    output = { stdout: "", stderr: "" };
    started.stdout.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
    });
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      output.stderr += text;
    });
    return started;
  }
  async function ended(): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return child.exitCode;
  }
  async function ready() {
    // The test's own patience ends before this does on a machine that has other work.
    for (let tries = 0; tries < 2_400; tries++) {
      if (child.exitCode !== null)
        throw new Error(`The server ended with ${child.exitCode}:\n${output.stdout}${output.stderr}`);
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
      if (answer !== null) {
        await answer.body?.cancel();
        return;
      }
      await delay(25);
    }
    child.kill("SIGKILL");
    throw new Error(`The server did not start:\n${output.stdout}${output.stderr}`);
  }
  await ready();

  return {
    url,
    port,
    dataDir,
    databaseFile,
    // Without a seed there is nothing to have, and its type says so.
    seeded: seeded as Seeded,
    fetched: () => takeFetched(dataDir),
    output: () => output,
    get pid() {
      return child.pid ?? 0;
    },
    async terminate() {
      child.kill("SIGTERM");
      return ended();
    },
    async kill() {
      child.kill("SIGKILL");
      await ended();
    },
    async restart() {
      await ended();
      child = launch();
      await ready();
    },
    async stop() {
      child.kill("SIGKILL");
      await ended();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function seedFile<Seeded>(
  databaseFile: string,
  dataDir: string,
  baseUrl: string,
  seed: (ctx: DomainContext) => Promise<Seeded> | Seeded,
): Promise<Seeded> {
  const db = openDatabase(databaseFile);
  try {
    migrate(db.sqlite, join(ROOT, "db/migrations"));
    return await seed({
      db,
      clock: systemClock,
      keys: deriveKeys(readSecretKey(join(dataDir, "secret.key"))),
      baseUrl,
      actor: { kind: "system", id: "test" },
      requestId: null,
    });
  } finally {
    db.close();
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("No port");
  return address.port;
}

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string; bytes: Buffer };

/** One request exactly as given, Host and all: for what no browser and no `fetch` would send. */
export function rawRequest(
  port: number,
  path: string,
  {
    method = "GET",
    headers = {},
    body,
  }: { method?: string; headers?: Readonly<Record<string, string>>; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, path, method, headers, agent: false },
      (response) => {
        const chunks: Array<Buffer> = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: bytes.toString("utf8"),
            bytes,
          });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Somebody with a browser that has no JavaScript: keeps cookies, says where it comes from, follows redirects. */
export type Visitor = {
  get(path: string): Promise<Page>;
  /** Sends a form. Fields with several values are lists. */
  post(path: string, fields: Readonly<Record<string, string | ReadonlyArray<string>>>): Promise<Page>;
  cookies: Map<string, string>;
};

export type Page = {
  status: number;
  /** The path at which it ended up. */
  path: string;
  headers: Headers;
  text: string;
  /** The statuses on the way, the last one included. */
  statuses: ReadonlyArray<number>;
};

export function visitor(
  url: string,
  { headers = {} }: { headers?: Readonly<Record<string, string>> } = {},
): Visitor {
  const cookies = new Map<string, string>();

  async function once(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url + path, {
      ...init,
      redirect: "manual",
      headers: {
        Accept: "text/html",
        ...headers,
        ...(cookie === "" ? {} : { Cookie: cookie }),
        ...init.headers,
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at).trim();
      if (attributes.some((text) => /^\s*max-age=0\s*$/i.test(text))) cookies.delete(name);
      else cookies.set(name, pair.slice(at + 1));
    }
    return response;
  }

  async function follow(path: string, init: RequestInit): Promise<Page> {
    let here = path;
    let response = await once(here, init);
    const statuses = [response.status];
    while ([301, 302, 303, 307, 308].includes(response.status) && statuses.length < 10) {
      await response.body?.cancel();
      const target = new URL(response.headers.get("Location") ?? "", url + here);
      if (target.origin !== new URL(url).origin) break;
      here = target.pathname + target.search;
      response = await once(here, { method: "GET" });
      statuses.push(response.status);
    }
    return {
      status: response.status,
      path: here,
      headers: response.headers,
      text: await response.text(),
      statuses,
    };
  }

  return {
    cookies,
    get: (path) => follow(path, { method: "GET" }),
    post(path, fields) {
      const body = new URLSearchParams();
      for (const [name, values] of Object.entries(fields))
        for (const value of [values].flat()) body.append(name, value);
      return follow(path, { method: "POST", body, headers: { Origin: url } });
    },
  };
}
