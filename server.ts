/**
 * Starts it all: the database, the mail worker, the web server; and stops it in order. This file and
 * app/context.server.ts are the two places that tie the parts together.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AppLoadContext, createRequestHandler, data, type ServerBuild } from "@remix-run/node";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { RefusalDocument } from "./app/components/refusal-document.tsx";
import { LANGUAGE_COOKIE, requestLocale } from "./app/context.server.ts";
import { createStaffAuth } from "./app/domain/access/auth.server.ts";
import { createSetUpLink } from "./app/domain/access/commands.server.ts";
import { hasStaff } from "./app/domain/access/queries.server.ts";
import type { DomainContext } from "./app/domain/context.ts";
import { forgetFiles } from "./app/domain/import/files.server.ts";
import { sendDueReminders } from "./app/domain/invitation/reminders.server.ts";
import { takeReturned } from "./app/domain/mail/bounces.server.ts";
import { mailboxTransport } from "./app/domain/mail/mailbox.server.ts";
import { pacesWith } from "./app/domain/mail/pace.ts";
import { createMailWorker } from "./app/domain/mail/worker.server.ts";
import { rounds } from "./app/domain/rounds.ts";
import { sendDueDigests } from "./app/domain/task/digest.server.ts";
import { forgetStaged, sweepVault } from "./app/domain/upload/record.server.ts";
import { endOffers } from "./app/domain/visit/offers.server.ts";
import { shiftedClock, systemClock } from "./app/platform/clock.ts";
import { deriveKeys, sameSecret } from "./app/platform/crypto.server.ts";
import { DataDirectoryInUse, lockDataDirectory } from "./app/platform/data-lock.server.ts";
import { type Environment, EnvironmentError, readEnvironment } from "./app/platform/environment.server.ts";
import { createApp } from "./app/platform/http/app.server.ts";
import { healthCheck } from "./app/platform/http/health.server.ts";
import { type InFront, listen } from "./app/platform/http/listen.server.ts";
import { narrowedHandler, pathShapes } from "./app/platform/http/narrow.server.ts";
import { ownOrigins } from "./app/platform/http/origin.server.ts";
import { createLimits } from "./app/platform/limits.server.ts";
import { createLog } from "./app/platform/log.server.ts";
import { smtpRoute, smtpTransport } from "./app/platform/mailer.server.ts";
import { migrationsFolder } from "./app/platform/project.server.ts";
import { readSecretKey } from "./app/platform/secret-key.server.ts";
import type { Services } from "./app/services.server.ts";
import { type Db, openDatabase } from "./db/client.server.ts";
import { WriteQueueFull } from "./db/group-commit.server.ts";
import { migrate } from "./db/migrate.server.ts";
import type { Demonstration } from "./db/seed/beijing-2018.ts";

export type Running = {
  url: string;
  /** With no staff yet: where the first one chooses a password. */
  setUpLink: string | null;
  demonstration: Demonstration | null;
  /** Finishes requests, the delivery in hand and waiting writes, then closes the database. */
  stop(): Promise<void>;
};

/** Vite's development server in front, and the routes as it compiles them. */
export type Development = { inFront: InFront; routes: () => Promise<ServerBuild> };

/**
 * Migrates, serves and sends until `stop` is called.
 *
 * @throws EnvironmentError, DataDirectoryInUse, or the system's error when the port cannot be had.
 */
export async function startServer(environment: Environment, development?: Development): Promise<Running> {
  const log = createLog(environment.logLevel);
  const lock = lockDataDirectory(environment.dataDir);
  const { baseUrl } = environment;
  const keys = deriveKeys(readSecretKey(environment.secretKeyFile));
  const clock = environment.clockOffset === 0 ? systemClock : shiftedClock(environment.clockOffset);
  const db = openDatabase(environment.databaseFile);
  const applied = migrate(db.sqlite, migrationsFolder());
  if (applied.length > 0) log.info({ migrations: applied }, "database migrated");

  await sweepVault({ db });

  const worker = createMailWorker({
    db,
    clock,
    keys,
    baseUrl,
    mailFrom: environment.mailFrom,
    transport:
      environment.smtpUrls === null
        ? mailboxTransport(db)
        : smtpTransport({ routes: environment.smtpUrls.map(smtpRoute), dkim: environment.dkim }),
    log,
    // Nothing leaves this machine while the built-in mailbox takes the mail: nobody is in a hurry there.
    paces: environment.smtpUrls === null ? new Map() : pacesWith(environment.mailPaces),
    bounceAddress: environment.bounceAddress,
  });
  const services: Services = {
    environment,
    baseUrl,
    db: answeringWhenBusy(db),
    clock,
    keys,
    log,
    auth: createStaffAuth({ db, keys, baseUrl }),
    limits: createLimits(),
  };
  const ctx: DomainContext = {
    db,
    clock,
    keys,
    baseUrl,
    actor: { kind: "system", id: "start" },
    requestId: null,
  };
  const demonstration = environment.demo ? await openDemonstration(ctx, environment) : null;
  const setUpLink = hasStaff(ctx) ? null : await createSetUpLink(ctx, {});

  const own = ownOrigins(baseUrl);
  const app = createApp({
    ...(await requestHandler(development)),
    baseUrl,
    ownOrigins: own,
    languageCookie: LANGUAGE_COOKIE,
    health: healthCheck({
      database: { sqlite: db.sqlite, write: (work) => db.write(work) },
      mailAlive: () => worker.state().alive,
      dataDir: environment.dataDir,
    }),
    returnedMail:
      environment.bounceToken === null ? null : returnedMailHook(ctx, environment.bounceToken, environment),
    clientFolder: development === undefined ? join(import.meta.dirname, "../client") : null,
    services,
    log,
    refusalPage: (status, request) =>
      `<!DOCTYPE html>${renderToStaticMarkup(createElement(RefusalDocument, { status, locale: requestLocale(request) }))}`,
  });
  const web = await listen(app, {
    host: environment.host,
    port: environment.port,
    baseUrl,
    ownOrigins: own,
    trustedProxies: environment.trustedProxies,
    inFront: development?.inFront,
  });
  worker.start();
  const byTheClock = rounds(
    [
      () => sendDueReminders(ctx),
      () => sendDueDigests(ctx),
      () => endOffers(ctx),
      () => forgetStaged(ctx),
      () => forgetFiles(ctx),
    ],
    {
      failed: (error) => log.error({ error }, "a round of what is due by the clock failed"),
    },
  );
  byTheClock.start();
  log.info({ port: environment.port }, "serving");

  let stopped: Promise<void> | undefined;
  async function stop() {
    await web.close();
    await byTheClock.stop();
    await worker.stop();
    db.close();
    lock.release();
    log.info("stopped");
  }
  return {
    url: baseUrl,
    setUpLink,
    demonstration,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Takes a mail that came back, as it is, from a mail server that knows the secret. */
function returnedMailHook(ctx: DomainContext, token: string, { bounceAddress }: Environment) {
  const mailSystem: DomainContext = { ...ctx, actor: { kind: "system", id: "mail" } };
  return async (request: Request): Promise<Response> => {
    const given = request.headers.get("Authorization") ?? "";
    if (!sameSecret(given, `Bearer ${token}`)) return new Response(null, { status: 404 });
    const source = Buffer.from(await request.arrayBuffer());
    const outcome = await takeReturned(mailSystem, source, { byMessageId: bounceAddress === null });
    return Response.json({ outcome }, { headers: { "Cache-Control": "no-store" } });
  };
}

async function requestHandler(development: Development | undefined) {
  if (development !== undefined) {
    return {
      handler: async (request: Request, context: AppLoadContext) =>
        createRequestHandler(await development.routes(), "development")(request, context),
      pathShape: pathShapes(await development.routes()),
    };
  }
  const build = await import("virtual:remix/server-build");
  return { handler: narrowedHandler(build, "production"), pathShape: pathShapes(build) };
}

/** The database as requests see it: when too many writes wait, the answer is 503 and "nothing was stored". */
function answeringWhenBusy(db: Db): Db {
  return {
    ...db,
    write: (work) =>
      db.write(work).catch((error: unknown) => {
        throw error instanceof WriteQueueFull
          ? data(null, { status: 503, headers: { "Retry-After": "10" } })
          : error;
      }),
  };
}

/** Fills an empty database with the demonstration edition; how to enter it is kept beside the database for next time. */
async function openDemonstration(
  ctx: DomainContext,
  { dataDir, baseUrl }: Environment,
): Promise<Demonstration> {
  const file = join(dataDir, "demonstration.json");
  if (!existsSync(file)) {
    const { seedDemonstration } = await import("./db/seed/beijing-2018.ts");
    const made = await seedDemonstration(ctx);
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  const stored = JSON.parse(readFileSync(file, "utf8")) as Demonstration;
  // The port may be another one than last time.
  const here = (link: string) => baseUrl + new URL(link).pathname;
  return {
    ...stored,
    delegateLink: here(stored.delegateLink),
    nominationLink: here(stored.nominationLink),
  };
}

/** Lines for the person at the terminal. They go to standard error, so that standard output stays JSON lines. */
function greet({ url, setUpLink, demonstration }: Running): void {
  const lines = [`Secretariat 秘书处  ${url}`];
  if (setUpLink !== null)
    lines.push("", "There is no staff yet. This link works once, for the first account:", `  ${setUpLink}`);
  if (demonstration !== null) {
    lines.push(
      "",
      "A delegate's link (the codes that it asks for are in the mailbox below):",
      `  ${demonstration.delegateLink}`,
      "",
      "The link of an institution's contact, who may put names forward:",
      `  ${demonstration.nominationLink}`,
      "",
      "Staff (no second step here):",
    );
    lines.push(`  ${url}/staff/sign-in`);
    for (const { email, password, nameEn, role } of demonstration.staff)
      lines.push(`  ${email}   ${password}   ${nameEn}, ${role}`);
    lines.push("", "Every mail that goes out:", `  ${url}/mailbox`, "", "Ctrl+C stops it.");
  }
  console.error(`${lines.join("\n")}\n`);
}

/** Runs until it is told to stop. */
export async function runServer(): Promise<void> {
  // Whatever it writes is for its own user alone.
  process.umask(0o077);
  let running: Running;
  try {
    running = await startServer(readEnvironment(process.env));
  } catch (error) {
    const sentence = sentenceFor(error);
    if (sentence === null) throw error;
    console.error(sentence);
    process.exit(1);
  }
  greet(running);
  stopOnSignal(running);
}

/** What the operator has to change, where the error is theirs to mend. */
function sentenceFor(error: unknown): string | null {
  if (error instanceof EnvironmentError || error instanceof DataDirectoryInUse) return error.message;
  if (!(error instanceof Error && "code" in error)) return null;
  if (error.code === "EADDRINUSE") return "PORT: another program listens there already.";
  if (error.code === "EACCES" || error.code === "EADDRNOTAVAIL")
    return "HOST or PORT: this machine does not let the server listen there.";
  return null;
}

function stopOnSignal(running: Running) {
  const stop = () => {
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runServer();
