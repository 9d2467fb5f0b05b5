import { spawn } from "node:child_process";
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Debian's Exim, or null where it is not installed. */
export function findExim(): string | null {
  for (const file of ["/usr/sbin/exim4", "/usr/sbin/exim"]) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return null;
}

/** What it took: the envelope's recipient and the headers, as they lie in its spool. */
export type Spooled = { to: string; from: string; messageId: string };

/**
 * A real mail server on loopback that keeps what it takes. `nobody@` is unknown to it, `later@` is to be tried again,
 * and a body with `GTUBE` is refused for what it says.
 */
export async function startExim(exim: string) {
  const folder = mkdtempSync(join(tmpdir(), "secretariat-exim-"));
  mkdirSync(join(folder, "log"));
  const port = await freePort();
  const { username, gid } = userInfo();
  const configuration = join(folder, "exim.conf");
  writeFileSync(
    configuration,
    `primary_hostname = mx.example
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/pid
exim_user = ${username}
exim_group = ${gid}
daemon_smtp_ports = ${port}
local_interfaces = 127.0.0.1
tls_advertise_hosts =
keep_environment =
queue_only = true
smtp_accept_max = 50
host_lookup =
acl_smtp_rcpt = recipients
acl_smtp_data = contents
begin acl
recipients:
  deny message = 5.1.1 Unknown user
       local_parts = nobody
  defer message = 4.2.0 please come back later
       local_parts = later
  accept
contents:
  deny message = Mail content denied
       condition = \${if match{$message_body}{GTUBE}}
  accept
`,
    { mode: 0o644 },
  );
  const daemon = spawn(exim, ["-C", configuration, "-bdf"], { stdio: "ignore" });
  await untilOpen(port, daemon);
  return {
    url: `smtp://127.0.0.1:${port}`,
    spooled(): Array<Spooled> {
      const input = join(folder, "spool", "input");
      return readdirSync(input)
        .filter((name) => name.endsWith("-H"))
        .map((name) => {
          const text = readFileSync(join(input, name), "utf8");
          return {
            to: /^1\n(\S+)$/m.exec(text)?.[1] ?? "",
            from: /^<(.*)>$/m.exec(text)?.[1] ?? "",
            messageId: /^\d+I Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? "",
          };
        });
    },
    async stop() {
      daemon.kill("SIGTERM");
      await new Promise((resolve) =>
        daemon.exitCode === null ? daemon.once("exit", resolve) : resolve(null),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function untilOpen(port: number, daemon: { exitCode: number | null }): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (daemon.exitCode !== null) throw new Error(`Exim ended with ${daemon.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (open) return;
    await delay(50);
  }
  throw new Error("Exim does not listen");
}
