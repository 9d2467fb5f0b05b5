import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import SQLite from "better-sqlite3";
import { paths } from "#app/paths.ts";
import { submission } from "../support/meeting.ts";
import { measureAgenda } from "./agenda.ts";
import { compete, type Heat, type Turn } from "./compete.ts";
import { type Data, dataDirectory, factsOf, makeData, type Subject } from "./data.ts";
import { measureLists } from "./lists.ts";
import { MAIL_WARM_UP, measureMail } from "./mail.ts";
import { endAll, memory, PINNING, ROOT, startPart, stop } from "./processes.ts";
import {
  type Product,
  type ProductOptions,
  partsOfSubmit,
  readRecording,
  readsOfPage,
  recording,
  startProduct,
} from "./product.ts";
import { measureProgramme } from "./programme.ts";
import { type FloorSetUp, floorReady, type LoadJob, type LoadRequest, loadResult } from "./protocol.ts";
import { holds, type Row, reportText, type Verdict } from "./report.ts";
import { measureRoster } from "./roster.ts";
import { idsMade } from "./statements.ts";
import { spread } from "./statistics.ts";

/*
 * `npm run bench`: the product and a floor that does the same work with nothing of the product in it, side by side,
 * alternating in one run. Only the ratios mean something; absolute figures are the machine's. Every answer is
 * checked, and one wrong answer fails the run.
 */

const CONNECTIONS = 32;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string", default: "answers,mail,starts,lists,roster,programme,agenda" },
    profile: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help) {
  console.log(`Measures the product against its floor.

  --quick           shorter rounds, fewer of them: to try, not to quote
  --only=PARTS      some of answers,mail,starts,lists,roster,programme,agenda
  --json            the figures as JSON on standard output
  --profile=FOLDER  writes CPU profiles of the product there`);
  process.exit(0);
}

const size = flags.quick
  ? {
      rounds: 3,
      pageMs: 700,
      submits: 250,
      mails: 250,
      mailRounds: 2,
      longMails: 1_000,
      coldStarts: 3,
      listMs: 300,
    }
  : {
      rounds: 5,
      pageMs: 1_500,
      submits: 1_000,
      mails: 1_000,
      mailRounds: 5,
      longMails: 10_000,
      coldStarts: 7,
      listMs: 800,
    };

function say(text: string): void {
  if (!flags.json) console.log(text);
}

/** A mail server that takes connections and never says a word: mail stays in the outbox. */
async function silentMailServer(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
}

function buildWith(name: string, config: string): string {
  // Inside node_modules, where the built server finds its packages and git finds nothing.
  const folder = join(ROOT, "node_modules/.cache/secretariat-bench", name);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, "node_modules/@remix-run/dev/dist/cli.js"),
      "vite:build",
      "--config",
      config,
      "--logLevel",
      "warn",
    ],
    { cwd: ROOT, env: { ...process.env, NODE_ENV: "production", BUILD_DIR: folder }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The ${name} build failed:\n${stdout}\n${stderr}`);
  return folder;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "secretariat-bench-"));
  try {
    const { rows, verdicts } = await measure(folder);
    const passed = verdicts.every((verdict) => holds(verdict, verdict.must));
    if (flags.json)
      console.log(JSON.stringify({ node: process.version, PINNING, size, rows, verdicts, passed }));
    else console.log(`\n${reportText(rows, verdicts)}\n\nNode ${process.version}, ${PINNING}.`);
    // A quick run is too short to judge by.
    if (!passed && !flags.quick) process.exitCode = 1;
  } finally {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Figures = { rows: Array<Row>; verdicts: Array<Verdict> };

async function measure(folder: string): Promise<Figures> {
  const parts = flags.only.split(",");
  const listRounds = { rounds: size.rounds, milliseconds: size.listMs };
  const programme = parts.includes("programme")
    ? [await measureProgramme(folder, { rounds: size.rounds, say })]
    : [];
  const agenda = parts.includes("agenda") ? [await measureAgenda({ ...listRounds, say })] : [];
  const isServed = parts.some((part) => part !== "programme" && part !== "agenda");
  return together([...programme, ...agenda, ...(isServed ? await measureServed(folder, parts) : [])]);
}

/** What is measured of the product as it serves. */
async function measureServed(folder: string, parts: ReadonlyArray<string>): Promise<Array<Figures>> {
  say("Building the product …");
  const build = buildWith("all-routes", "vite.config.ts");
  const dkim = { domain: "bench.example", selector: "bench", keyFile: join(folder, "dkim.pem") };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(dkim.keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  const silent = await silentMailServer();
  const product = { build, dkim, smtpPort: silent.port };
  const listRounds = { rounds: size.rounds, milliseconds: size.listMs };
  const measured = [
    ...(parts.some((part) => !["lists", "roster", "programme", "agenda"].includes(part))
      ? await measureFloors(folder, parts, product)
      : []),
    ...(parts.includes("lists") ? [await measureLists(folder, product, { ...listRounds, say })] : []),
    ...(parts.includes("roster") ? [await measureRoster(folder, product, { ...listRounds, say })] : []),
  ];
  silent.server.close();
  return measured;
}

function together(measured: ReadonlyArray<Figures>): Figures {
  return {
    rows: measured.flatMap((part) => part.rows),
    verdicts: measured.flatMap((part) => part.verdicts),
  };
}

/** What is measured beside a floor, or beside the product with ten routes. */
async function measureFloors(
  folder: string,
  parts: ReadonlyArray<string>,
  built: Pick<ProductOptions, "build" | "dkim" | "smtpPort">,
): Promise<Array<Figures>> {
  const data = await makeData(folder, {
    people: Math.max(size.submits * (size.rounds + 1) + 250, MAIL_WARM_UP + size.longMails),
    mails: parts.includes("mail") ? [MAIL_WARM_UP + size.mails, MAIL_WARM_UP + size.longMails] : [],
  });
  const [subject] = data.subjects;
  if (subject === undefined) throw new Error("There is nobody to serve");
  const product: Omit<ProductOptions, "dataDir"> = {
    ...built,
    secretKeyFile: data.secretKeyFile,
    first: {
      path: paths.registration(subject.invitee.token),
      mark: subject.invitee.email,
      cookie: subject.invitee.cookie,
    },
  };
  const measured = [
    parts.includes("answers") ? await measureAnswers(folder, data, product) : null,
    parts.includes("mail")
      ? await measureMail(folder, data, product, { ...size, profile: flags.profile, say })
      : null,
    parts.includes("starts") ? await measureStarts(folder, data, product) : null,
  ];
  return measured.filter((part) => part !== null);
}

/** The statements of one page and one submit of the product, and the page, for the floor to do the same. */
async function recordedSetUp(
  folder: string,
  data: Data,
  options: Omit<ProductOptions, "dataDir">,
): Promise<FloorSetUp> {
  const file = join(folder, "statements.jsonl");
  const product = await startProduct({
    ...options,
    dataDir: dataDirectory(folder, "recorded", data.people),
    ...recording(file),
  });
  // The second of the same meeting: the first one's answer has parsed the programme and prepared the statements.
  const warm = data.subjects[2];
  const subject = data.subjects[4];
  if (warm === undefined || subject === undefined) throw new Error("There are too few people");
  const base = `http://127.0.0.1:${product.port}`;
  const get = async ({ invitee }: Subject) => {
    const response = await fetch(base + paths.registration(invitee.token), {
      headers: { "Accept-Language": "en", Cookie: invitee.cookie },
    });
    return response.text();
  };
  const post = async (to: Subject) => {
    const { path, body } = submitRequest(to);
    const response = await fetch(base + path, {
      method: "POST",
      body: body ?? "",
      headers: {
        Origin: base,
        "Content-Type": "application/x-www-form-urlencoded",
        Cookie: to.invitee.cookie,
      },
      redirect: "manual",
    });
    if (response.status !== 303)
      throw new Error(`A submit was answered ${response.status}:\n${await response.text()}`);
  };
  await get(warm);
  const beforePage = readRecording(file).length;
  const html = await get(subject);
  const page = readsOfPage(readRecording(file).slice(beforePage));
  await post(warm);
  const beforeSubmit = readRecording(file).length;
  await post(subject);
  const submit = partsOfSubmit(readRecording(file).slice(beforeSubmit));
  await product.stop();

  const before = new Set(data.subjects.flatMap(factsOf));
  say(
    `A page runs ${page.length} statements and has ${Buffer.byteLength(html).toLocaleString("en-US")} bytes; a submit runs ${submit.length} statements.`,
  );
  const floorFile = (name: string) =>
    join(dataDirectory(folder, `floor-${name}`, data.people), "secretariat.db");
  return {
    html,
    databases: { page: floorFile("page"), normal: floorFile("normal"), full: floorFile("full") },
    statements: { page, submit },
    known: factsOf(subject),
    made: idsMade(submit, before),
    facts: Object.fromEntries(data.subjects.map((each) => [each.invitee.token, factsOf(each)])),
  };
}

function pageRequest({ invitee }: Subject, path: string): LoadRequest {
  return { method: "GET", path, mark: invitee.email, cookie: invitee.cookie };
}

function submitRequest({ invitee, meeting }: Subject): LoadRequest {
  return {
    method: "POST",
    path: paths.registration(invitee.token),
    body: submission(meeting, invitee, meeting.visitIds),
    mark: `/i/${invitee.token}`,
    cookie: invitee.cookie,
  };
}

async function measureAnswers(
  folder: string,
  data: Data,
  options: Omit<ProductOptions, "dataDir">,
): Promise<Figures> {
  say("Building it once more with ten routes …");
  const tenRoutes = buildWith("ten-routes", "tests/bench/ten-routes.vite.config.ts");
  const setUp = await recordedSetUp(folder, data, options);
  const load = startPart("load", "load.ts");
  const floor = startPart("server", "floor.ts");
  const ready = await floor.ask(setUp, floorReady);
  const difference = Math.abs(ready.html.length - setUp.html.length) / setUp.html.length;
  if (difference > 0.02)
    throw new Error(`The floor's page is ${(difference * 100).toFixed(1)} % off the product's in length`);
  const profiling = flags.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags.profile}`];
  const product = await startProduct({
    ...options,
    dataDir: dataDirectory(folder, "all", data.people),
    nodeArguments: profiling,
  });
  const ten = await startProduct({
    ...options,
    build: tenRoutes,
    dataDir: dataDirectory(folder, "ten", data.people),
  });
  await settled();
  const idle = memory(product.child.pid).now;

  const ask = async (job: Omit<LoadJob, "host" | "connections">): Promise<Turn> => {
    const host = `127.0.0.1:${job.port}`;
    const { answers, seconds, p50, p99 } = await load.ask(
      { ...job, host, connections: CONNECTIONS },
      loadResult,
    );
    return { value: answers / seconds, p50, p99 };
  };
  // Readers are others than those who submit, so that all rounds read the same.
  const readers = data.subjects.slice(0, 250);
  const pages = (name: string, port: number, request: (subject: Subject) => LoadRequest): Heat => ({
    name,
    unit: "answers/s",
    turn: () => ask({ port, status: 200, requests: readers.map(request), milliseconds: size.pageMs }),
  });
  const own = (subject: Subject) => pageRequest(subject, paths.registration(subject.invitee.token));
  const reply = (subject: Subject) => ({
    ...pageRequest(subject, paths.invitation(subject.invitee.token)),
    mark: paths.registration(subject.invitee.token),
  });
  const recordedEmail = setUp.known[4] ?? "";
  say("Pages …");
  const page = await compete(
    [
      pages("page: bytes alone, compressed", ready.port, () => ({
        method: "GET",
        path: "/bare",
        mark: recordedEmail,
      })),
      pages("page: floor of query and render", ready.port, (subject) =>
        pageRequest(subject, `/page/${subject.invitee.token}`),
      ),
      pages("page: registration, all routes", product.port, own),
      pages("page: registration, ten routes", ten.port, own),
      pages("page: invitation, all routes", product.port, reply),
      pages("page: invitation, ten routes", ten.port, reply),
    ],
    size.rounds,
  );

  const submits = (name: string, port: number, path: (request: LoadRequest) => string): Heat => ({
    name,
    unit: "answers/s",
    turn: (round) => {
      const from = 250 + round * size.submits;
      const requests = data.subjects
        .slice(from, from + size.submits)
        .map(submitRequest)
        .map((request) => ({ ...request, path: path(request) }));
      return ask({ port, status: 303, requests, milliseconds: null });
    },
  });
  const token = (request: LoadRequest) => request.path.split("/")[2] ?? "";
  say("Submits …");
  const submit = await compete(
    [
      submits("submit: floor, NORMAL", ready.port, (request) => `/normal/${token(request)}`),
      submits("submit: floor, FULL", ready.port, (request) => `/full/${token(request)}`),
      submits("submit: registration, all routes", product.port, (request) => request.path),
      submits("submit: registration, ten routes", ten.port, (request) => request.path),
    ],
    size.rounds,
  );
  const loaded = memory(product.child.pid).most;
  await Promise.all([product.stop(), ten.stop(), stop(floor.child), stop(load.child)]);
  const registered = countRegistrations(join(folder, "all/secretariat.db"));
  const acknowledged = size.submits * (size.rounds + 1);
  if (registered !== acknowledged)
    throw new Error(`${acknowledged} registrations were acknowledged, ${registered} are there`);

  const median = (rows: Map<string, Row>, name: string) => rows.get(name)?.rounds.median ?? Number.NaN;
  const loss = (of: Map<string, Row>, name: string) =>
    1 - median(of, `${name}, all routes`) / median(of, `${name}, ten routes`);
  const share = { more: true, unit: "share" } as const;
  const routes = { must: 0.1, aim: 0, more: false, unit: "share" } as const;
  return {
    rows: [
      ...page.values(),
      ...submit.values(),
      { name: "memory: idle", unit: "MB", rounds: spread([idle]) },
      { name: "memory: most, loaded", unit: "MB", rounds: spread([loaded]) },
    ],
    verdicts: [
      {
        name: "registration submit, FULL, of the floor's transaction, NORMAL",
        value: median(submit, "submit: registration, all routes") / median(submit, "submit: floor, NORMAL"),
        must: 0.3,
        aim: 0.6,
        ...share,
      },
      {
        name: "delegate's page of the floor of query and render",
        value:
          median(page, "page: registration, all routes") / median(page, "page: floor of query and render"),
        must: 0.2,
        aim: 0.3,
        ...share,
      },
      { name: "loss by all routes: registration page", value: loss(page, "page: registration"), ...routes },
      { name: "loss by all routes: invitation page", value: loss(page, "page: invitation"), ...routes },
      { name: "loss by all routes: submit", value: loss(submit, "submit: registration"), ...routes },
      { name: "memory idle", value: idle, must: 120, aim: 90, more: false, unit: "MB" },
      { name: "memory loaded", value: loaded, must: 600, aim: 400, more: false, unit: "MB" },
    ],
  };
}

/** Until what a start leaves behind has been collected. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2_000));
}

function countRegistrations(file: string): number {
  const database = new SQLite(file, { readonly: true });
  try {
    return database
      .prepare<[], number>("select count(*) from registration where state = 'submitted'")
      .pluck()
      .all()
      .reduce((sum, count) => sum + count, 0);
  } finally {
    database.close();
  }
}

async function measureStarts(
  folder: string,
  data: Data,
  options: Omit<ProductOptions, "dataDir">,
): Promise<Figures> {
  say("Starts …");
  const dataDir = dataDirectory(folder, "starts", data.people);
  const seconds: Array<number> = [];
  // The first one reads the files of the build from disk and writes Node's caches.
  for (let start = 0; start <= size.coldStarts; start += 1) {
    const product: Product = await startProduct({ ...options, dataDir });
    if (start > 0) seconds.push(product.coldStart);
    await product.stop();
  }
  const rounds = spread(seconds);
  return {
    rows: [{ name: "cold start to the first page", unit: "s", rounds }],
    verdicts: [{ name: "cold start", value: rounds.median, must: 1, aim: 0.5, more: false, unit: "s" }],
  };
}

await main();
