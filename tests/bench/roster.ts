import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { paths } from "#app/paths.ts";
import { openDatabase } from "#db/client.server.ts";
import { compete, type Heat, type Turn } from "./compete.ts";
import { signIn } from "./lists.ts";
import { memory, startPart, stop } from "./processes.ts";
import { type Product, type ProductOptions, startProduct } from "./product.ts";
import { cursorResult, type LoadRequest, loadResult } from "./protocol.ts";
import type { Row, Verdict } from "./report.ts";
import { type Crowd, writeCrowd } from "./roster-data.ts";
import { spread } from "./statistics.ts";

/*
 * What the roster costs in an edition of 100,000 people against one of 1,000: pages of a hundred rows over HTTP, and a
 * file of everybody against a bare cursor over the same columns.
 */

const FEW = 1_000;
const MANY = 100_000;
/** A desk has a few colleagues, not a crowd: more at once would measure the queue. */
const CONNECTIONS = 4;

type World = { people: number; file: string; crowd: Crowd; product: Product; cookie: string };
type Built = Omit<ProductOptions, "dataDir" | "first" | "secretKeyFile">;
type Plan = { rounds: number; milliseconds: number; say: (text: string) => void };
type Figures = { rows: Array<Row>; verdicts: Array<Verdict> };

const PAGES: ReadonlyArray<{ name: string; path: (crowd: Crowd) => string }> = [
  { name: "first page", path: ({ slug }) => paths.people(slug) },
  { name: "last page", path: ({ slug }) => `${paths.people(slug)}?last=1` },
  { name: "filter: a fifth of all", path: (crowd) => at(crowd, "filter") },
  { name: "filter: one in 500", path: (crowd) => at(crowd, "rareFilter") },
  { name: "filter: part of a name", path: (crowd) => at(crowd, "textFilter") },
  { name: "filter: an answer", path: (crowd) => at(crowd, "answerFilter") },
  { name: "pinyin, from the end", path: (crowd) => at(crowd, "pinyinBack") },
  { name: "strokes", path: (crowd) => at(crowd, "stroke") },
  { name: "protocol order, last page", path: (crowd) => `${at(crowd, "protocol")}&last=1` },
  { name: "search, Latin", path: (crowd) => at(crowd, "searchLatin") },
  { name: "search, Chinese", path: (crowd) => at(crowd, "searchChinese") },
  { name: "search: a fifth of all", path: (crowd) => at(crowd, "searchMany") },
];

function at({ slug, views }: Crowd, view: keyof Crowd["views"]): string {
  return `${paths.people(slug)}?view=${views[view]}`;
}

export async function measureRoster(folder: string, built: Built, plan: Plan): Promise<Figures> {
  plan.say("Writing 100,000 people …");
  const few = await startWorld(folder, built, FEW);
  const many = await startWorld(folder, built, MANY);
  const pages = await measurePages([few, many], plan);
  const fresh = await measureFresh([few, many], plan);
  await few.product.stop();
  const files = await measureFiles(many, plan);
  const beside = await measureBeside(many, plan);
  await many.product.stop();
  const all = [pages, fresh, files, beside];
  return { rows: all.flatMap(({ rows }) => rows), verdicts: all.flatMap(({ verdicts }) => verdicts) };
}

function loadOf({ product, cookie }: World, path: string): LoadRequest & { port: number } {
  return { method: "GET", path, mark: "</main>", cookie, port: product.port };
}

async function measurePages(worlds: [World, World], { rounds, milliseconds, say }: Plan): Promise<Figures> {
  say("Pages of the roster …");
  const load = startPart("load", "load.ts");
  const figures: Figures = { rows: [], verdicts: [] };
  for (const { name, path } of PAGES) {
    const heats = worlds.map((world): Heat => {
      const { port, ...asked } = loadOf(world, path(world.crowd));
      return {
        name: `roster: ${name}, ${world.people.toLocaleString("en-US")} people`,
        unit: "answers/s",
        async turn() {
          const { answers, seconds, p50, p99 } = await load.ask(
            {
              ...{ port, host: `127.0.0.1:${port}`, connections: CONNECTIONS, status: 200 },
              ...{ requests: [asked], milliseconds },
            },
            loadResult,
          );
          return { value: answers / seconds, p50, p99 };
        },
      };
    });
    const [small, large] = [...(await compete(heats, rounds)).values()];
    if (small === undefined || large === undefined) throw new Error("Nothing was measured");
    figures.rows.push(small, large);
    figures.verdicts.push(
      times(`roster: ${name}, a hundred times as many`, small.rounds.median / large.rounds.median),
    );
  }
  await stop(load.child);
  return figures;
}

function times(name: string, value: number, { must = 3, aim = 1.5 } = {}): Verdict {
  return { name, value, must, aim, more: false, unit: "times" };
}

/**
 * Something is written before each answer, so that whatever was found or put in order is forgotten: as for the first who
 * asks it.
 */
const FRESH = [
  ...["first page", "last page", "filter: a fifth of all", "filter: one in 500", "filter: part of a name"],
  ...["filter: an answer", "pinyin, from the end", "strokes", "search, Latin", "search, Chinese"],
];

async function measureFresh(worlds: [World, World], { rounds, say }: Plan): Promise<Figures> {
  say("Pages just after a write …");
  const figures: Figures = { rows: [], verdicts: [] };
  for (const { name, path } of PAGES.filter((page) => FRESH.includes(page.name))) {
    const heats = worlds.map((world): Heat => {
      const { port, ...asked } = loadOf(world, path(world.crowd));
      return {
        name: `roster, just written: ${name}, ${world.people.toLocaleString("en-US")} people`,
        unit: "ms",
        async turn() {
          const taken: Array<number> = [];
          for (let n = 0; n < 8; n += 1) {
            touch(world);
            const begin = performance.now();
            await take(port, asked);
            taken.push(performance.now() - begin);
          }
          const { median } = spread(taken);
          return { value: median, p50: median };
        },
      };
    });
    const [small, large] = [...(await compete(heats, rounds)).values()];
    if (small === undefined || large === undefined) throw new Error("Nothing was measured");
    figures.rows.push(small, large);
    figures.verdicts.push(
      times(
        `roster, just written: ${name}, a hundred times as many`,
        large.rounds.median / small.rounds.median,
      ),
    );
  }
  return figures;
}

function touch({ file, crowd }: World): void {
  const { sqlite } = openDatabase(file);
  try {
    sqlite.prepare("update person set updated_at = updated_at + 1 where id = ?").run(crowd.personId);
  } finally {
    sqlite.close();
  }
}

/** An answer to its last byte: how many there were. */
function take(port: number, { method, path, cookie, body }: LoadRequest): Promise<number> {
  const headers: Record<string, string> = { Origin: `http://127.0.0.1:${port}`, Cookie: cookie ?? "" };
  if (body !== undefined) headers["Content-Type"] = "application/x-www-form-urlencoded";
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

function takeFile({ product, crowd, cookie }: World, format: "xlsx" | "csv"): Promise<number> {
  const path = paths.takeExport(crowd.slug, crowd.exports[format]);
  return take(product.port, { method: "POST", path, mark: "", cookie, body: "" });
}

async function measureFiles(world: World, { rounds, say }: Plan): Promise<Figures> {
  say("Files of everybody …");
  const cursor = startPart("server", "cursor.ts");
  const took = async (work: () => Promise<unknown>): Promise<Turn> => {
    const begin = performance.now();
    await work();
    return { value: (performance.now() - begin) / 1_000 };
  };
  let most = 0;
  const heats: Array<Heat> = [
    {
      name: "file: bare cursor, 100,000 people",
      unit: "s",
      async turn() {
        const { rows, seconds } = await cursor.ask(
          { file: world.file, slug: world.crowd.slug },
          cursorResult,
        );
        if (rows < MANY) throw new Error(`The cursor saw ${rows} people`);
        return { value: seconds };
      },
    },
    ...(["xlsx", "csv"] as const).map(
      (format): Heat => ({
        name: `file: ${format.toUpperCase()}, 100,000 people`,
        unit: "s",
        async turn(round) {
          const { pid } = world.product.child;
          const before = memory(pid).now;
          const rss = setInterval(() => {
            // The first round loads the writers themselves.
            if (round > 0) most = Math.max(most, memory(pid).now - before);
          }, 50);
          const turn = await took(() => takeFile(world, format));
          clearInterval(rss);
          return turn;
        },
      }),
    ),
  ];
  const [bare, xlsx, csv] = [...(await compete(heats, rounds)).values()];
  await stop(cursor.child);
  if (bare === undefined || xlsx === undefined || csv === undefined) throw new Error("Nothing was measured");
  const ratio = (of: Row) => of.rounds.median / bare.rounds.median;
  return {
    rows: [bare, xlsx, csv],
    verdicts: [
      times("file: XLSX of everybody, against the bare cursor", ratio(xlsx), { must: 8, aim: 4 }),
      times("file: CSV of everybody, against the bare cursor", ratio(csv), { must: 2, aim: 1.6 }),
      { name: "file: memory beside", value: most, must: 150, aim: 90, more: false, unit: "MB" },
    ],
  };
}

/** Pages alone, and while files of everybody are taken one after the other. */
async function measureBeside(world: World, { rounds, milliseconds, say }: Plan): Promise<Figures> {
  say("Pages beside a file of everybody …");
  const load = startPart("load", "load.ts");
  const { port } = world.product;
  const ask = async (asked: LoadRequest): Promise<Turn> => {
    const { answers, seconds, p50, p99 } = await load.ask(
      {
        ...{ port, host: `127.0.0.1:${port}`, connections: CONNECTIONS, status: 200 },
        ...{ requests: [asked], milliseconds: Math.max(2_000, milliseconds) },
      },
      loadResult,
    );
    return { value: answers / seconds, p50, p99 };
  };
  const figures: Figures = { rows: [], verdicts: [] };
  const { port: _, ...roster } = loadOf(world, paths.people(world.crowd.slug));
  const { token, cookie } = world.crowd.delegate;
  const kinds: ReadonlyArray<readonly [string, LoadRequest]> = [
    ["the roster", roster],
    ["a delegate's page", { ...roster, path: paths.registration(token), cookie }],
  ];
  for (const [name, asked] of kinds) {
    const alone: Array<Turn> = [];
    const beside: Array<Turn> = [];
    for (let round = 0; round <= rounds; round += 1) {
      const quiet = await ask(asked);
      let goesOn = true;
      const files = (async () => {
        while (goesOn) await takeFile(world, "xlsx");
      })();
      const busy = await ask(asked);
      goesOn = false;
      await files;
      if (round > 0) {
        alone.push(quiet);
        beside.push(busy);
      }
    }
    const row = (which: string, turns: ReadonlyArray<Turn>): Row => {
      const of = (latency: "p50" | "p99") => spread(turns.flatMap((turn) => turn[latency] ?? [])).median;
      return {
        name: `${name}, ${which}`,
        unit: "answers/s",
        rounds: spread(turns.map(({ value }) => value)),
        p50: of("p50"),
        p99: of("p99"),
      };
    };
    const [quiet, busy] = [row("alone", alone), row("beside files of everybody", beside)];
    figures.rows.push(quiet, busy);
    figures.verdicts.push(
      times(`${name}: 99 of 100 answers, beside files of everybody`, (busy.p99 ?? 0) / (quiet.p99 ?? 1), {
        must: 2,
        aim: 1.2,
      }),
    );
  }
  await stop(load.child);
  return figures;
}

async function startWorld(folder: string, built: Built, people: number): Promise<World> {
  const dataDir = join(folder, `roster-${people}`);
  mkdirSync(dataDir, { recursive: true });
  const secret = Buffer.alloc(32, 7);
  const secretKeyFile = join(dataDir, "secret.key");
  writeFileSync(secretKeyFile, `${secret.toString("base64")}\n`, { mode: 0o600 });
  const file = join(dataDir, "secretariat.db");
  const crowd = await writeCrowd(file, secret, people);
  const product = await startProduct({
    ...built,
    dataDir,
    secretKeyFile,
    // What is measured is lists, not how somebody got in.
    env: { SECOND_STEP: "optional" },
    first: { path: paths.signIn(), mark: 'name="password"', cookie: "" },
  });
  return { people, file, crowd, product, cookie: await signIn(product.port) };
}
