// First: it changes the router before Remix loads it.
import "../support/known-matches.ts";
import { type AppLoadContext, createRequestHandler, type ServerBuild } from "@remix-run/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StaffAccount } from "#app/domain/access/account.ts";
import { systemClock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/crypto.server.ts";
import { readEnvironment } from "#app/platform/environment.server.ts";
import { type Handler, loaded, narrowedHandler, pathShapes } from "#app/platform/http/narrow.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import { staffPermission, user } from "#db/schema/index.ts";
import { builtFile } from "../../scripts/build.ts";
import { testKeys } from "../support/context.ts";
import { testDatabase } from "../support/database.ts";
import { type Meeting, writeMeeting } from "../support/meeting.ts";
import { buildOnce } from "../support/server.ts";

/*
 * The guard of handlers by path shape: whatever Remix answers with all routes, the narrowed handlers answer byte for
 * byte. It fails when an update of Remix, or a kind of route that is new here, breaks the idea.
 */

const SLUG = "beijing-2018";
const db = testDatabase();
/** As it is served: modules are loaded with the first request for them. */
let onDemand: ServerBuild;
let build: ServerBuild;
let meeting: Meeting;

beforeAll(async () => {
  buildOnce();
  // Remix's own mode switch, read when its handler is made.
  process.env.NODE_ENV = "production";
  onDemand = await import(builtFile("routes"));
  build = await loaded(onDemand);
  meeting = writeMeeting(db.orm, testKeys, {
    slug: SLUG,
    people: 4,
    seats: [{ capacity: 2, quota: null }],
    now: systemClock.now(),
  });
  const at = new Date(systemClock.now());
  db.orm
    .insert(user)
    .values({ id: "staff", name: "S", email: "s@example.com", createdAt: at, updatedAt: at })
    .run();
  db.orm
    .insert(staffPermission)
    .values({
      id: newId(),
      userId: "staff",
      coHostId: meeting.sideIds[0],
      editionId: null,
      permission: "lead",
      grantedAt: 0,
    })
    .run();
}, 120_000);
afterAll(() => db.close());

const account: StaffAccount = {
  id: "staff",
  name: "S",
  email: "s@example.com",
  locale: "en",
  twoFactorEnabled: true,
  sessionId: "session",
};

const environment = readEnvironment({ SMTP_URL: "" });
const log = createLog("silent");

/** The context of one request; the same for both handlers. */
function contextFor(who: StaffAccount | null): AppLoadContext {
  const nothing = async () => undefined;
  const never = { blocked: async () => false, count: nothing, forgive: nothing, clear: nothing };
  const services = {
    environment,
    baseUrl: "http://localhost:3000",
    db,
    // Standing still: two answers must not differ by a second that passed between them.
    clock: { now: () => NOW },
    keys: testKeys,
    log,
    auth: { accountOf: async () => who },
    limits: { linkGuesses: never, signIn: never, secondStep: never },
  };
  // Only what pages read is there; the sign-in library is not asked.
  return {
    services,
    nonce: "n",
    requestId: "r",
    client: "127.0.0.1",
    isHere: true,
  } as unknown as AppLoadContext;
}
const NOW = systemClock.now();

/** Real values for the parameters, so that pages are drawn and not only refused. */
function valueFor(parameter: string): string {
  const [invitee] = meeting.invitees;
  const values: Readonly<Record<string, string | undefined>> = {
    ":token": invitee?.token,
    ":edition": SLUG,
    ":invitation": invitee?.invitationId,
    ":item": meeting.itemIds[0],
    ":visit": meeting.visitIds[0],
  };
  return values[parameter] ?? "v1";
}

function segmentsOf(id: string): ReadonlyArray<string> {
  const route = build.routes[id];
  if (route === undefined) return [];
  const own = (route.path ?? "").split("/").filter((segment) => segment !== "");
  return route.parentId === undefined ? own : [...segmentsOf(route.parentId), ...own];
}

/**
 * A path of every route, and what may be made of it by mistake or with bad intent.
 *
 * @param each of how many of those each path gets one, in turn: for whoever has whole pages drawn, which takes time.
 */
function everyPath({ each: nth }: { each: number } = { each: 1 }): ReadonlyArray<string> {
  const paths = new Set<string>();
  for (const [n, id] of Object.keys(build.routes).entries()) {
    const segments = segmentsOf(id).map((segment) =>
      segment.startsWith(":") ? valueFor(segment) : segment === "*" ? "zzz/y" : segment,
    );
    const path = `/${segments.join("/")}`;
    const odd = [
      `${path}/`,
      path.toUpperCase(),
      `${path}/nope`,
      path.replace(/\/(\w)/, "//$1"),
      `${path}/a/b/c/d/e/f`,
      path.replace("staff", "st%61ff"),
      `${path}?x=1&index`,
      "/%E0%A4%A",
      `${path}/%2Fx`,
      `${path}.ics`,
      `${path}%00`,
      `${path}/..%2F`,
      path.replace(/[^/]+$/, "unknown"),
    ];
    for (const each of [path, ...odd.filter((_, kind) => (n + kind) % nth === 0)]) paths.add(each);
  }
  return [...paths];
}

/** The same path as a page and as the data that Remix's client asks for. */
function asData(path: string): string {
  const [pathname = "", query] = path.split("?");
  return `${pathname === "/" ? "/_root" : pathname}.data${query === undefined ? "" : `?${query}`}`;
}

async function answerOf(handler: Handler, path: string, who: StaffAccount | null): Promise<string> {
  const response = await handler(new Request(`http://localhost:3000${path}`), contextFor(who));
  return [
    response.status,
    ...[...response.headers].map((pair) => pair.join(": ")),
    await response.text(),
  ].join("\n");
}

function withoutIds(answer: string): string {
  return answer.replaceAll(/[\w-]{20,22}/g, "(id)");
}

describe("handlers by path shape answer as Remix does with all routes", () => {
  let full: Handler;
  let narrowed: Handler;
  beforeAll(() => {
    full = createRequestHandler(build, "production");
    narrowed = narrowedHandler(onDemand, "production");
  });

  for (const [name, who] of [
    ["to nobody in particular", null],
    ["to a member of staff", account],
  ] as const) {
    test(name, { timeout: 240_000 }, async () => {
      const different: Array<string> = [];
      let pages = 0;
      for (const path of everyPath({ each: who === null ? 1 : 3 })) {
        for (const asked of [path, asData(path)]) {
          const expected = await answerOf(full, asked, who);
          if (expected.startsWith("200")) pages += 1;
          const actual = await answerOf(narrowed, asked, who);
          if (expected === actual) continue;
          // A form with a fresh id in it differs from itself; then all but the ids must be the same.
          const hasFreshId = expected !== (await answerOf(full, asked, who));
          if (!hasFreshId || withoutIds(expected) !== withoutIds(actual)) different.push(asked);
        }
      }
      expect(different).toEqual([]);
      expect(pages).toBeGreaterThan(who === null ? 15 : 40);
    });
  }

  test("route discovery gives the same routes", { timeout: 120_000 }, async () => {
    const different: Array<string> = [];
    for (const path of everyPath()) {
      if (path.includes("//") || path.includes("?") || path.length > 512) continue;
      const query = new URLSearchParams({ p: path, version: build.assets.version });
      query.append("p", `/staff/e/${SLUG}/people`);
      const url = `http://localhost:3000/__manifest?${query}`;
      const [expected, actual] = await Promise.all(
        [full, narrowed].map(async (handler) => {
          const response = await handler(new Request(url), contextFor(null));
          return [response.status, sorted(await response.json())];
        }),
      );
      if (JSON.stringify(expected) !== JSON.stringify(actual)) different.push(path);
    }
    expect(different).toEqual([]);
  });
});

function sorted(value: unknown): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).sort(([a], [b]) => a.localeCompare(b))
    : value;
}

describe("route discovery cannot hold the process", () => {
  const discover = (query: URLSearchParams) =>
    narrowedHandler(onDemand, "production")(
      new Request(`http://localhost:3000/__manifest?${query}`),
      contextFor(null),
    );

  test("a path of thousands of segments is refused", async () => {
    const query = new URLSearchParams({ p: "/a".repeat(3_700), version: build.assets.version });
    // A router that tried them would be at it for longer than a test may last.
    expect((await discover(query)).status).toBe(400);
  });

  test("hundreds of paths of one shape cost one", async () => {
    const query = new URLSearchParams({ version: build.assets.version });
    for (let n = 0; n < 400; n++) query.append("p", `/staff/e/${SLUG}/people/${n}`);
    expect((await discover(query)).status).toBe(200);
  });

  test("more shapes than any page links to are refused", async () => {
    const query = new URLSearchParams({ version: build.assets.version });
    for (const path of everyPath()) if (path.length < 400) query.append("p", path);
    const shapes = new Set(query.getAll("p").map(pathShapes(build)));
    expect(shapes.size).toBeGreaterThan(40);
    expect((await discover(query)).status).toBe(400);
  });
});

test("the log calls a path by its shape, never by its token", () => {
  const shape = pathShapes(build);
  expect(shape("/i/abcdefghijklmnopqrstuv/registration")).toBe("/i/:/registration");
  expect(shape("/i/abcdefghijklmnopqrstuv.data")).toBe("/i/:");
  expect(shape("/staff/set-up/secret")).toBe("/staff/set-up/:");
  expect(shape("/zhang.wei@example.com/registration")).toBe("/:/:");
  expect(shape("/%E0%A4%A")).toBe("(undecodable)");
});
