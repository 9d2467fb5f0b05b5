import { existsSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { and, count, eq, inArray, lt, type SQL } from "drizzle-orm";
import { DataDirectoryInUse, lockDataDirectory } from "../../app/platform/data-lock.server.ts";
import type { Environment } from "../../app/platform/environment.server.ts";
import { diskSpace, freeBytes } from "../../app/platform/http/health.server.ts";
import { migrationsFolder } from "../../app/platform/project.server.ts";
import { isKeyExposed, readSecretKey } from "../../app/platform/secret-key.server.ts";
import { faultsOf } from "../../db/backup.server.ts";
import { type Db, openDatabase } from "../../db/client.server.ts";
import { delivery } from "../../db/schema/index.ts";
import { environment, requireDatabase } from "./installation.ts";

export const help = `secretariat doctor

Looks at an installation, also while its server runs: the database and its settings, migrations, the secret key,
disk space, mails that do not get away. Changes nothing. Ends with 1 when something needs attention.`;

type Finding = { good: boolean; what: string };

const HOUR = 60 * 60_000;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  parseArgs({ args: [...args], options: {} });
  const installation = environment();
  requireDatabase(installation);
  const findings: Array<Finding> = [];
  const report = (good: boolean, what: string) => findings.push({ good, what });

  const running = serverRuns(installation);
  report(true, running ? "A server is running." : "No server is running.");
  examineDatabase(installation, running, report);
  examineKey(installation, report);
  const free = await freeBytes(installation.dataDir);
  report(
    (await diskSpace(installation.dataDir)) !== "low",
    `Disk: ${free === null ? "the system does not say how much is free" : `${Math.floor(free / 1024 / 1024)} MB free`}.`,
  );
  report(
    true,
    installation.smtpUrls === null ? "Mail goes to the built-in mailbox." : "Mail goes out by SMTP_URL.",
  );
  for (const { good, what } of findings) console.log(`${good ? "ok  " : "BAD "} ${what}`);
  return findings.every(({ good }) => good);
}

type Report = (good: boolean, what: string) => void;

function examineDatabase(installation: Environment, running: boolean, report: Report): void {
  let db: Db;
  try {
    // Reads back every setting that a writing connection needs.
    db = openDatabase(installation.databaseFile);
  } catch (error) {
    report(
      false,
      `The database cannot be opened: ${error instanceof Error ? error.message : String(error)}.`,
    );
    return;
  }
  try {
    report(true, "Database: WAL, synchronous FULL, foreign keys on, busy timeout 5 s.");
    const faults = faultsOf(db.sqlite);
    report(
      faults.length === 0,
      faults.length === 0 ? "Integrity: sound." : `Integrity: ${faults.join("; ")}.`,
    );
    examineMigrations(db, report);
    examineDeliveries(db, running, report);
  } catch (error) {
    report(false, `The database cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    db.close();
  }
}

function examineMigrations(db: Db, report: Report): void {
  const files = readdirSync(migrationsFolder()).filter((name) => name.endsWith(".sql"));
  const applied = db.sqlite
    .prepare<[], { name: string }>("select name from migration")
    .all()
    .map(({ name }) => name);
  const missing = files.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !files.includes(name));
  if (unknown.length > 0) report(false, `Migrations: made by a newer program (${unknown.join(", ")}).`);
  else if (missing.length > 0)
    report(false, `Migrations: ${missing.join(", ")} not applied yet; the next start does it.`);
  else report(true, `Migrations: all ${files.length} applied.`);
}

function examineDeliveries(db: Db, running: boolean, report: Report): void {
  const now = Date.now();
  const number = (where: SQL | undefined) =>
    db.orm.select({ n: count() }).from(delivery).where(where).get()?.n ?? 0;
  const dropped = number(and(eq(delivery.state, "sending"), lt(delivery.leasedUntil, now - HOUR)));
  const waiting = number(
    and(inArray(delivery.state, ["queued", "deferred"]), lt(delivery.dueAt, now - HOUR)),
  );
  const failed = number(eq(delivery.state, "failed"));
  const stuck = dropped + waiting;
  report(
    stuck === 0 || !running,
    stuck === 0
      ? "Mail: nothing is stuck."
      : `Mail: ${stuck} deliveries have been due for more than an hour${running ? "" : "; they go when the server starts"}.`,
  );
  if (failed > 0) report(true, `Mail: ${failed} deliveries have failed for good; their pages say why.`);
}

function examineKey({ secretKeyFile }: Environment, report: Report): void {
  if (!existsSync(secretKeyFile)) {
    report(false, `Secret key: ${secretKeyFile} is missing; links in sent mails are dead without it.`);
    return;
  }
  try {
    readSecretKey(secretKeyFile);
    const exposed = isKeyExposed(secretKeyFile);
    report(
      !exposed,
      exposed ? "Secret key: others can read it; chmod 600." : "Secret key: readable by its owner alone.",
    );
  } catch (error) {
    report(false, error instanceof Error ? error.message : String(error));
  }
}

function serverRuns({ dataDir }: Environment): boolean {
  try {
    lockDataDirectory(dataDir).release();
    return false;
  } catch (error) {
    if (error instanceof DataDirectoryInUse) return true;
    throw error;
  }
}
