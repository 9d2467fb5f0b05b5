import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import SQLite from "better-sqlite3";
import { paths } from "#app/paths.ts";
import { compete, type Turn } from "./compete.ts";
import { type Data, dataDirectory, type Subject } from "./data.ts";
import { memory, type Part, processorTime, startPart, stop } from "./processes.ts";
import { type Product, type ProductOptions, startProduct } from "./product.ts";
import { type LoadJob, loadResult, mailFloorDone, sinkCount, sinkPort, sinkReady } from "./protocol.ts";
import type { Row, Verdict } from "./report.ts";
import { spread } from "./statistics.ts";

/*
 * Personal agenda mails, each with its calendar file and signed: the product beside nodemailer alone, which sends the same
 * bytes to the same server; then ten thousand of them, while delegates look at their pages.
 */

/** Mails that each side sends in each round before the clock starts: the product's process is a new one every time. */
export const MAIL_WARM_UP = 250;
/** As many as the product holds open (platform/mailer.server.ts). */
const CONNECTIONS = 5;
/** A loaded machine is slow, which is no fault of the product: only ratios count. */
const PATIENCE = 1_800_000;
/** Ten delegates who each look at a page every second or so. */
const READERS = { connections: 10, rest: 900 };

type Size = { mails: number; mailRounds: number; longMails: number; pageMs: number };
type Options = Size & { profile: string | undefined; say: (text: string) => void };

export async function measureMail(
  folder: string,
  data: Data,
  options: Omit<ProductOptions, "dataDir">,
  { mails, mailRounds, longMails, profile, say }: Options,
): Promise<{ rows: Array<Row>; verdicts: Array<Verdict> }> {
  say("Mail …");
  const [short, long] = data.mails;
  if (short === undefined || long === undefined) throw new Error("There are no mails to send");
  const sink = startPart("load", "sink.ts");
  const { port } = await sink.ask({ do: "listen" }, sinkPort);
  const kept = join(folder, "kept");
  mkdirSync(kept);
  const bytes: Array<number> = [];
  const work = new Map<string, Array<number>>([
    ["alone", []],
    ["product", []],
  ]);

  /** Waits for all mails; the clock and the processor's time count from the end of the warm-up. */
  async function received(count: number, who: string, pid: () => number | undefined): Promise<Turn> {
    const all = MAIL_WARM_UP + count;
    await sink.ask({ do: "wait", messages: MAIL_WARM_UP, milliseconds: PATIENCE }, sinkCount);
    const before = processorTime(pid());
    const counted = await sink.ask({ do: "wait", messages: all, milliseconds: PATIENCE }, sinkCount);
    const used = processorTime(pid()) - before;
    if (counted.messages !== all || counted.signed !== all)
      throw new Error(`${counted.messages} mails came, ${counted.signed} of them signed; not ${all}`);
    bytes.push(counted.bytes / all);
    work.get(who)?.push(used / count);
    return { value: count / counted.seconds };
  }

  let turns = 0;
  async function drain({ count, database, keep }: { count: number; database: string; keep: string | null }) {
    await sink.ask({ do: "reset", folder: keep, warmUp: MAIL_WARM_UP }, sinkReady);
    turns += 1;
    const dataDir = dataDirectory(folder, `mail-${turns}`, database);
    let pid: number | undefined;
    const product = startProduct({
      ...options,
      smtpPort: port,
      dataDir,
      // The first mails go before the product has answered for the first time.
      started: (child) => {
        pid = child.pid;
      },
      nodeArguments: profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`],
    });
    const [turn, { stop: end }] = await Promise.all([received(count, "product", () => pid), product]);
    await end();
    const left = deliveriesNotAccepted(join(dataDir, "secretariat.db"));
    if (left !== 0) throw new Error(`${left} deliveries are not accepted, though their mails came`);
    rmSync(dataDir, { recursive: true });
    return turn;
  }

  async function alone(count: number): Promise<Turn> {
    // A new process each time, as the product's is.
    const part = startPart("server", "mail-floor.ts");
    await part.ask({ do: "read", folder: kept }, mailFloorDone);
    await sink.ask({ do: "reset", folder: null, warmUp: MAIL_WARM_UP }, sinkReady);
    const messages = MAIL_WARM_UP + count;
    const send = { do: "send", port, connections: CONNECTIONS, messages, dkim: options.dkim };
    const [turn] = await Promise.all([
      received(count, "alone", () => part.child.pid),
      part.ask(send, mailFloorDone),
    ]);
    await stop(part.child);
    return turn;
  }

  await drain({ count: mails, database: short, keep: kept });
  for (const used of work.values()) used.length = 0;
  const rows = await compete(
    [
      { name: "mail: nodemailer alone, DKIM", unit: "mails/s", turn: () => alone(mails) },
      {
        name: "mail: agenda mails, DKIM",
        unit: "mails/s",
        turn: () => drain({ count: mails, database: short, keep: null }),
      },
    ],
    mailRounds,
  );
  const used = (who: string) => spread((work.get(who) ?? []).slice(1));
  const cost = { alone: used("alone"), product: used("product") };

  say("Many mails …");
  const manyAlone = await alone(longMails);
  const many = await drain({ count: longMails, database: long, keep: null });
  const beside = await whileMailing({ folder, data, options, port, sink, long, longMails });
  await stop(sink.child);
  const { min, max } = spread(bytes);
  if (max > min * 1.03) throw new Error(`The mails differ: from ${min} to ${max} bytes each`);

  const median = (name: string) => rows.get(name)?.rounds.median ?? Number.NaN;
  const once = (value: number) => spread([value]);
  const share = { must: 0.65, aim: 0.9, more: true, unit: "share" } as const;
  return {
    rows: [
      ...rows.values(),
      { name: "mail: processor, nodemailer alone, a mail", unit: "ms", rounds: cost.alone },
      { name: "mail: processor, product, a mail", unit: "ms", rounds: cost.product },
      { name: `mail: ${longMails}, nodemailer alone`, unit: "mails/s", rounds: once(manyAlone.value) },
      { name: `mail: ${longMails}, product`, unit: "mails/s", rounds: once(many.value) },
      { name: "mail: 250 queued in one transaction", unit: "ms", rounds: spread(data.queued) },
      { name: "page while nothing is mailed", unit: "ms", rounds: once(beside.idle.p99), ...beside.idle },
      { name: "page while mails go", unit: "ms", rounds: once(beside.busy.p99), ...beside.busy },
      { name: "memory after a quarter of the mails", unit: "MB", rounds: once(beside.early) },
      { name: "memory after all of them", unit: "MB", rounds: once(beside.late) },
    ],
    verdicts: [
      {
        name: "mail with DKIM, rendered, of nodemailer's with DKIM",
        value: median("mail: agenda mails, DKIM") / median("mail: nodemailer alone, DKIM"),
        ...share,
      },
      {
        name: "the same by the processor's time that a mail takes",
        value: cost.alone.median / cost.product.median,
        ...share,
      },
      { name: `the same, ${longMails} mails`, value: many.value / manyAlone.value, ...share },
      {
        name: "p99 of the delegate's page while mails go, of its idle one",
        value: beside.busy.p99 / beside.idle.p99,
        must: 2,
        aim: 1.5,
        more: false,
        unit: "times",
      },
      {
        name: "memory after all mails, of that after a quarter",
        value: beside.late / beside.early,
        must: 1.15,
        aim: 1.05,
        more: false,
        unit: "times",
      },
    ],
  };
}

/** The page of a few delegates, first with nothing else to do, then while all mails go; and what memory they take. */
async function whileMailing({
  folder,
  data,
  options,
  port,
  sink,
  long,
  longMails,
}: {
  folder: string;
  data: Data;
  options: Omit<ProductOptions, "dataDir">;
  port: number;
  sink: Part;
  long: string;
  longMails: number;
}) {
  const dataDir = dataDirectory(folder, "mail-beside", long);
  const file = join(dataDir, "secretariat.db");
  setDue(file, Date.now() + 86_400_000);
  await sink.ask({ do: "reset", folder: null, warmUp: MAIL_WARM_UP }, sinkReady);
  const product = await startProduct({ ...options, smtpPort: port, dataDir });
  const load = startPart("load", "load.ts");
  const readers = data.subjects.slice(0, 250).map(({ invitee }: Subject) => ({
    method: "GET" as const,
    path: paths.registration(invitee.token),
    mark: invitee.email,
    cookie: invitee.cookie,
  }));
  const look = (milliseconds: number) => {
    const job: LoadJob = {
      port: product.port,
      host: `127.0.0.1:${product.port}`,
      status: 200,
      requests: readers,
      milliseconds,
      ...READERS,
    };
    return load.ask(job, loadResult);
  };
  await look(5_000);
  const idle = await look(20_000);
  setDue(file, 0);
  const sizes: Array<number> = [];
  const watched = watchMemory(product, sizes);
  const all = MAIL_WARM_UP + longMails;
  let isOver = false;
  const mailed = sink
    .ask({ do: "wait", messages: all, milliseconds: PATIENCE }, sinkCount)
    .then((counted) => {
      isOver = true;
      return counted;
    });
  const latencies: Array<{ p50: number; p99: number }> = [];
  while (!isOver) latencies.push(await look(20_000));
  await mailed;
  watched.stop();
  await Promise.all([product.stop(), stop(load.child)]);
  rmSync(dataDir, { recursive: true });
  // The last look was partly after the last mail.
  const looks = latencies.length > 1 ? latencies.slice(0, -1) : latencies;
  const quarter = Math.floor(sizes.length / 4);
  return {
    idle: { p50: idle.p50, p99: idle.p99 },
    busy: {
      p50: spread(looks.map(({ p50 }) => p50)).median,
      p99: spread(looks.map(({ p99 }) => p99)).median,
    },
    early: spread(sizes.slice(quarter, quarter + 5)).median,
    late: spread(sizes.slice(-5)).median,
  };
}

function watchMemory({ child }: Product, sizes: Array<number>): { stop(): void } {
  const watch = new AbortController();
  (async () => {
    while (!watch.signal.aborted) {
      sizes.push(memory(child.pid).now);
      await delay(500, undefined, { signal: watch.signal }).catch(() => undefined);
    }
  })();
  return { stop: () => watch.abort() };
}

function setDue(file: string, at: number): void {
  const database = new SQLite(file, { timeout: 10_000 });
  database.prepare("update delivery set due_at = ? where state = 'queued'").run(at);
  database.close();
}

function deliveriesNotAccepted(file: string): number {
  const database = new SQLite(file, { readonly: true });
  try {
    return database
      .prepare<[], number>("select count(*) from delivery where state <> 'accepted'")
      .pluck()
      .all()
      .reduce((sum, count) => sum + count, 0);
  } finally {
    database.close();
  }
}
