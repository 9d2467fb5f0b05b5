import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createSetUpLink } from "#app/domain/access/commands.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { testKeys } from "#tests/support/context.ts";
import { builtFile } from "../../scripts/build.ts";
import {
  buildOnce,
  COMPILED,
  freePort,
  ROOT,
  rawRequest,
  startTestServer,
  type TestServer,
} from "../support/server.ts";

// Each starts processes of its own, a machine with two cores being busy with other tests meanwhile.
vi.setConfig({ testTimeout: 90_000 });
beforeAll(() => buildOnce(), 120_000);

type Ended = { code: number | null; stdout: string; stderr: string };

async function run(
  file: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, NODE_ENV: "production", NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    ended.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    ended.stderr += chunk.toString();
  });
  await once(child, "close");
  return { ...ended, code: child.exitCode };
}

const secretariat = (args: ReadonlyArray<string>, dataDir: string) =>
  run(join(ROOT, "scripts/secretariat.ts"), args, { DATA_DIR: dataDir });

describe("starting", () => {
  test("says in a sentence which variable is wrong, and ends", async () => {
    const wrong: ReadonlyArray<readonly [string, string]> = [
      ["PORT", "eighty"],
      ["BASE_URL", "dialogue.example/path"],
      ["SMTP_URL", "http://mail.example"],
      ["MAIL_FROM", "nobody"],
      ["TRUSTED_PROXIES", "-1"],
      ["LOG_LEVEL", "loud"],
      ["CLOCK_OFFSET", "5"],
    ];
    for (const [name, value] of wrong) {
      const { code, stderr } = await run(builtFile("server"), [], {
        DATA_DIR: "/nonexistent",
        [name]: value,
      });
      expect(code, name).toBe(1);
      expect(stderr.trim().split("\n"), name).toHaveLength(1);
      expect(stderr, name).toContain(name);
    }
  });

  test("is refused on a data directory that another server has, and on a port that is taken", async () => {
    const first = await startTestServer();
    try {
      const second = await run(builtFile("server"), [], {
        DATA_DIR: first.dataDir,
        PORT: String(await freePort()),
      });
      expect([second.code, second.stderr]).toEqual([1, expect.stringContaining("already running")]);
      const folder = mkdtempSync(join(tmpdir(), "secretariat-test-"));
      const third = await run(builtFile("server"), [], { DATA_DIR: folder, PORT: String(first.port) });
      rmSync(folder, { recursive: true });
      expect([third.code, third.stderr]).toEqual([1, expect.stringContaining("PORT")]);
    } finally {
      await first.stop();
    }
  });

  test("makes a secret key and a database that only their owner can read", async () => {
    const server = await startTestServer();
    try {
      for (const name of ["secret.key", "secretariat.db"])
        expect(statSync(join(server.dataDir, name)).mode & 0o777, name).toBe(0o600);
    } finally {
      await server.stop();
    }
  });

  test("prints a link for the first member of staff while there is none", async () => {
    const server = await startTestServer();
    try {
      const link = /http:\/\/localhost:\d+(\/staff\/set-up\/\S+)/.exec(server.output().stderr)?.[1] ?? "";
      expect((await rawRequest(server.port, link)).status).toBe(200);
      expect(server.output().stdout).not.toContain(link);
    } finally {
      await server.stop();
    }
  });

  test("of two processes on a new database at once, one migrates and the other waits", async () => {
    const folder = mkdtempSync(join(tmpdir(), "secretariat-test-"));
    // Both wait until the other one is there too, then meet at five databases.
    const script = `
      import { existsSync, writeFileSync } from "node:fs";
      import { openDatabase } from "#db/client.server.ts";
      import { migrate } from "#db/migrate.server.ts";
      const { FOLDER, NAME, OTHER } = process.env;
      for (const round of [1, 2, 3, 4, 5]) {
        writeFileSync(FOLDER + "/" + NAME + round, "");
        while (!existsSync(FOLDER + "/" + OTHER + round)) {}
        const db = openDatabase(FOLDER + "/" + round + ".db");
        console.log(migrate(db.sqlite, "db/migrations").length);
        db.close();
      }`;
    try {
      const both = await Promise.all(
        [
          ["one", "other"],
          ["other", "one"],
        ].map(([NAME = "", OTHER = ""]) =>
          run("--input-type=module", ["--eval", script], { FOLDER: folder, NAME, OTHER }),
        ),
      );
      expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
        [0, ""],
        [0, ""],
      ]);
      const [one = [], other = []] = both.map(({ stdout }) => stdout.trim().split("\n").map(Number));
      expect(one).toHaveLength(5);
      for (const [round, applied] of one.entries()) {
        expect(Math.min(applied, other[round] ?? -1)).toBe(0);
        expect(Math.max(applied, other[round] ?? -1)).toBeGreaterThan(0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("stopping", () => {
  test("finishes the request in hand, moves everything into the file and ends with 0", async () => {
    const server = await startTestServer();
    try {
      // A form whose last byte comes only after the server was told to stop.
      const body = "email=a%40example.com&password=wrong";
      const socket = connect(server.port, "127.0.0.1");
      let answer = "";
      socket.setEncoding("utf8").on("data", (text: string) => {
        answer += text;
      });
      const closed = once(socket, "close");
      await once(socket, "connect");
      socket.write(
        `POST /staff/sign-in HTTP/1.1\r\nHost: x\r\nOrigin: ${server.url}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`,
      );
      // An answer on another connection: by then the first request has been begun.
      await rawRequest(server.port, "/");
      const code = server.terminate();
      await refusedOn(server.port);
      socket.write(body.slice(-1));
      await closed;
      expect(answer).toMatch(/^HTTP\/1\.1 [2-4]\d\d/);
      expect(await code).toBe(0);
      expect(existsSync(`${server.databaseFile}-wal`)).toBe(false);
      expect(server.output().stdout).toContain('"stopped"');
    } finally {
      await server.stop();
    }
  });

  test("does not wait for connections that lie idle", async () => {
    const server = await startTestServer();
    const idle = connect(server.port, "127.0.0.1");
    try {
      await once(idle, "connect");
      const start = performance.now();
      expect(await server.terminate()).toBe(0);
      expect(performance.now() - start).toBeLessThan(3_000);
    } finally {
      idle.destroy();
      await server.stop();
    }
  });

  test("leaves nothing to clear away when it is killed", async () => {
    const server = await startTestServer();
    try {
      await server.kill();
      await server.restart();
      expect((await rawRequest(server.port, "/healthz")).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

/** Waits until nobody takes connections on the port. */
async function refusedOn(port: number): Promise<void> {
  for (;;) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (!taken) return;
  }
}

describe("the operators' commands on a live installation", () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer();
    folder = mkdtempSync(join(tmpdir(), "secretariat-test-"));
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const links = (file: string) => {
    const database = new SQLite(file, { readonly: true });
    const row = database.prepare<[], { n: number }>("select count(*) n from set_up_link").get();
    database.close();
    return row?.n;
  };

  test("each explains itself", async () => {
    for (const name of ["staff", "import", "backup", "restore", "rotate-key", "doctor"]) {
      const { code, stdout } = await secretariat([name, "--help"], server.dataDir);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`secretariat ${name}`)]);
    }
    expect((await secretariat(["nonsense"], server.dataDir)).code).toBe(2);
    expect((await secretariat(["backup", "--nonsense"], server.dataDir)).code).toBe(2);
  });

  test("a backup is one sound file with everything that was acknowledged, and is not overwritten unasked", async () => {
    const file = join(folder, "backup.db");
    expect((await secretariat(["backup", file], server.dataDir)).code).toBe(0);
    expect(links(file)).toBe(links(server.databaseFile));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([existsSync(`${file}-wal`), existsSync(`${file}.partial`)]).toEqual([false, false]);
    const before = readFileSync(file);
    const again = await secretariat(["backup", file], server.dataDir);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("--force")]);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect((await secretariat(["backup", file, "--force"], server.dataDir)).code).toBe(0);
    expect((await secretariat(["backup", server.databaseFile, "--force"], server.dataDir)).code).toBe(1);
  });

  test("a backup can be made while writes go on", async () => {
    const db = openDatabase(server.databaseFile);
    const ctx = {
      db,
      clock: { now: () => 0 },
      keys: testKeys,
      baseUrl: "",
      actor: { kind: "system", id: "test" },
      requestId: null,
    } as const;
    const before = links(server.databaseFile) ?? 0;
    let written = 0;
    let going = true;
    const writing = (async () => {
      while (going) {
        await createSetUpLink(ctx, {});
        written += 1;
      }
    })();
    const file = join(folder, "during.db");
    const { code, stderr } = await secretariat(["backup", file], server.dataDir);
    going = false;
    await writing;
    db.close();
    expect([code, stderr]).toEqual([0, ""]);
    const copied = links(file) ?? 0;
    expect(copied).toBeGreaterThanOrEqual(before);
    expect(copied).toBeLessThanOrEqual(before + written);
  });

  test("a restore is refused beside a running server, over data unasked, and from what is no backup", async () => {
    const file = join(folder, "good.db");
    await secretariat(["backup", file], server.dataDir);
    const running = await secretariat(["restore", file, "--force"], server.dataDir);
    expect([running.code, running.stderr]).toEqual([1, expect.stringContaining("running")]);

    await server.terminate();
    const unasked = await secretariat(["restore", file], server.dataDir);
    expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining("--force")]);
    const rubbish = join(folder, "rubbish.db");
    writeFileSync(rubbish, "no database at all, however long it may be".repeat(100));
    const torn = join(folder, "torn.db");
    copyFileSync(file, torn);
    const bytes = readFileSync(torn);
    bytes.fill(0xff, 4096 * 3, 4096 * 6);
    writeFileSync(torn, bytes);
    const other = join(folder, "other.db");
    new SQLite(other).exec("create table cat (name text)").close();
    for (const wrong of [rubbish, torn, other, join(folder, "missing.db")])
      expect((await secretariat(["restore", wrong, "--force"], server.dataDir)).code, wrong).toBe(1);
    await server.restart();
    expect((await rawRequest(server.port, "/healthz")).status).toBe(200);
  });

  test("a restore brings back what was there, and keeps what it replaced", async () => {
    const file = join(folder, "then.db");
    await secretariat(["backup", file, "--force"], server.dataDir);
    const then = links(file);
    await secretariat(["staff", "add"], server.dataDir);
    expect(links(server.databaseFile)).toBe((then ?? 0) + 1);
    await server.terminate();
    expect((await secretariat(["restore", file, "--force"], server.dataDir)).code).toBe(0);
    expect(links(server.databaseFile)).toBe(then);
    expect(links(`${server.databaseFile}.replaced`)).toBe((then ?? 0) + 1);
    await server.restart();
    expect((await rawRequest(server.port, "/healthz")).status).toBe(200);
  });

  test("the doctor finds nothing wrong here, and finds a key that others can read", async () => {
    const well = await secretariat(["doctor"], server.dataDir);
    expect([well.code, well.stdout]).toEqual([0, expect.stringContaining("A server is running.")]);
    expect(well.stdout).toContain("synchronous FULL");
    const { chmodSync } = await import("node:fs");
    chmodSync(join(server.dataDir, "secret.key"), 0o644);
    const ill = await secretariat(["doctor"], server.dataDir);
    expect([ill.code, ill.stdout]).toEqual([1, expect.stringContaining("BAD  Secret key")]);
    chmodSync(join(server.dataDir, "secret.key"), 0o600);
  });

  test("without an installation they say where they looked", async () => {
    for (const args of [["doctor"], ["backup", join(folder, "x.db")], ["staff", "add"]]) {
      const { code, stderr } = await secretariat(args, join(folder, "nowhere"));
      expect([code, stderr], args[0]).toEqual([1, expect.stringContaining("nowhere")]);
    }
  });
});
