import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { ROOT, startNode, stop } from "./processes.ts";
import { type Recorded, recorded } from "./statements.ts";

/** The product as it runs for real: the built server in a process of its own. */
export type Product = {
  child: ChildProcess;
  port: number;
  /** From the start of the process to its first answer, in seconds. */
  coldStart: number;
  stop(): Promise<void>;
};

export type ProductOptions = {
  /** Where `vite build` put it. */
  build: string;
  dataDir: string;
  secretKeyFile: string;
  smtpPort: number;
  dkim: { domain: string; selector: string; keyFile: string };
  /** The page whose first answer ends the cold start, and what must be on it. */
  first: { path: string; mark: string; cookie: string };
  nodeArguments?: ReadonlyArray<string>;
  env?: Readonly<Record<string, string>>;
  /** Told as soon as there is a process, long before its first answer. */
  started?: (child: ChildProcess) => void;
};

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Starts the product and waits for its first page. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const port = await freePort();
  const begin = performance.now();
  const server = join(options.build, "server/server.js");
  const child = startNode("server", [...(options.nodeArguments ?? []), server], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      HOST: "127.0.0.1",
      BASE_URL: `http://127.0.0.1:${port}`,
      DATA_DIR: options.dataDir,
      SECRET_KEY_FILE: options.secretKeyFile,
      SMTP_URL: `smtp://127.0.0.1:${options.smtpPort}`,
      MAIL_FROM: "Secretariat <secretariat@bench.example>",
      DKIM_DOMAIN: options.dkim.domain,
      DKIM_SELECTOR: options.dkim.selector,
      DKIM_KEY_FILE: options.dkim.keyFile,
      ...options.env,
    },
  });
  options.started?.(child);
  const { path, mark, cookie } = options.first;
  await firstAnswer(child, { url: `http://127.0.0.1:${port}${path}`, mark, cookie });
  return {
    child,
    port,
    coldStart: (performance.now() - begin) / 1_000,
    stop: () => stop(child),
  };
}

async function firstAnswer(
  child: ChildProcess,
  { url, mark, cookie }: { url: string; mark: string; cookie: string },
): Promise<void> {
  const limit = performance.now() + 30_000;
  while (performance.now() < limit) {
    if (child.exitCode !== null) throw new Error(`The product ended with ${child.exitCode}`);
    const response = await fetch(url, { headers: { Cookie: cookie } }).catch(() => null);
    if (response !== null) {
      const text = await response.text();
      if (response.status === 200 && text.includes(mark)) return;
      throw new Error(`The first answer was ${response.status}:\n${text.slice(0, 4_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("The product did not answer within 30 seconds");
}

const RECORDER = join(import.meta.dirname, "record-statements.ts");

/** Node's arguments and the environment that make the product write down its statements. */
export function recording(file: string): Pick<ProductOptions, "nodeArguments" | "env"> {
  return { nodeArguments: ["--import", pathToFileURL(RECORDER).href], env: { STATEMENTS_FILE: file } };
}

/** What has been written down so far. */
export function readRecording(file: string): Array<Recorded> {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => recorded.parse(JSON.parse(line)));
}

const TRANSACTION = /^(?:begin|commit|savepoint|release|rollback)/i;

/** Of what ran during a page: its reads, without what the mail worker asks for in the meantime. */
export function readsOfPage(statements: ReadonlyArray<Recorded>): Array<Recorded> {
  return statements.filter(({ sql }) => /^select/i.test(sql) && !sql.includes('from "delivery"'));
}

/** Of what ran during a submit: the reads before its transaction, and everything in it. */
export function partsOfSubmit(statements: ReadonlyArray<Recorded>): Array<Recorded> {
  const fact = statements.findIndex(({ sql }) => sql.startsWith('insert into "registration" '));
  const begin = statements.findLastIndex(({ sql }, index) => index < fact && /^begin/i.test(sql));
  const commit = statements.findIndex(({ sql }, index) => index > fact && /^commit/i.test(sql));
  if (fact < 0 || begin < 0 || commit < 0) throw new Error("No registration was seen among the statements");
  return [
    ...readsOfPage(statements.slice(0, begin)),
    ...statements.slice(begin, commit).filter(({ sql }) => !TRANSACTION.test(sql)),
  ];
}
