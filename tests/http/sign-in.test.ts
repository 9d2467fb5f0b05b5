import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addStaff } from "#app/domain/access/commands.server.ts";
import { paths } from "#app/paths.ts";
import { startTestServer, type TestServer, visitor } from "#tests/support/server.ts";

const EMAIL = "mei.demo@example.com";
/** The account that the guesses are at. */
const LOCKED = "li.demo@example.com";
const PASSWORD = "four unrelated words here";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    env: { SECOND_STEP: "optional", TRUSTED_PROXIES: "1" },
    seed: async (ctx) => {
      await addStaff(ctx, { name: "Mei", email: EMAIL, password: PASSWORD });
      await addStaff(ctx, { name: "Li", email: LOCKED, password: PASSWORD });
      return undefined;
    },
  });
}, 120_000);

afterAll(() => server.stop());

/** A browser behind a client's address of its own, so that one test's guesses do not stop another's. */
let clients = 0;
function browser() {
  clients += 1;
  return visitor(server.url, { headers: { "X-Forwarded-For": `198.51.100.${clients}` } });
}

function signIn(
  who: ReturnType<typeof browser>,
  fields: { email?: string; password?: string } = {},
  query = "",
) {
  return who.post(paths.signIn() + query, { email: EMAIL, password: PASSWORD, ...fields });
}

/** A page without what differs from request to request by design. */
function bare(text: string, email: string): string {
  return text.replaceAll(/nonce="[^"]*"/g, "").replaceAll(email, "(address)");
}

test("an unknown address and a known one get the same answer, before and after the lockout", async () => {
  const unknown = "nobody.demo@example.com";
  for (let guess = 0; guess < 12; guess += 1) {
    const [one, other] = [
      await signIn(browser(), { password: `guess number ${guess}`, email: LOCKED }),
      await signIn(browser(), { password: `guess number ${guess}`, email: unknown }),
    ];
    expect([one.status, other.status]).toEqual([422, 422]);
    expect(bare(one.text, LOCKED)).toBe(bare(other.text, unknown));
    expect(one.text).not.toContain(`guess number ${guess}`);
  }
  const locked = await signIn(browser(), { email: LOCKED });
  expect(locked.status).toBe(422);
  expect(locked.headers.getSetCookie()).toEqual([]);
}, 60_000);

test("after signing in one comes to the page that one asked for", async () => {
  const one = browser();
  const asked = await one.get(paths.account());
  expect(asked.path).toBe(`${paths.signIn()}?to=${encodeURIComponent(paths.account())}`);
  const answer = await one.post(asked.path, { email: EMAIL, password: PASSWORD });
  expect(answer.path).toBe(paths.account());
  expect(answer.status).toBe(200);
  expect(answer.headers.get("Cache-Control")).toContain("no-store");
});

test("no target leads to another site", async () => {
  for (const to of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
  ]) {
    const answer = await signIn(browser(), {}, `?${new URLSearchParams({ to })}`);
    expect(answer.path, to).toBe(paths.editions());
  }
});

test("a form from another site signs nobody in or out", async () => {
  const headers = { Origin: "https://evil.example", "Content-Type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams({ email: EMAIL, password: PASSWORD });
  for (const path of [paths.signIn(), paths.signOut()]) {
    const answer = await fetch(server.url + path, { method: "POST", headers, body, redirect: "manual" });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test("a session that is ended elsewhere is dead with the next request", async () => {
  const [here, there] = [browser(), browser()];
  await signIn(here);
  await signIn(there);
  expect((await there.get(paths.account())).path).toBe(paths.account());
  const ended = await here.post(paths.account(), { intent: "endOthers" });
  expect(ended.status).toBe(200);
  expect((await there.get(paths.account())).path).toContain(paths.signIn());
  expect((await here.get(paths.account())).path).toBe(paths.account());
});

test("a form that was begun before the session ended, and comes to its end after it, writes nothing", async () => {
  const [here, there] = [browser(), browser()];
  await signIn(here);
  await signIn(there);
  const form = new URLSearchParams({ intent: "profile", name: "Slow Hand", locale: "" }).toString();
  const slow = request(server.url + paths.account(), {
    method: "POST",
    agent: false,
    headers: {
      Cookie: [...there.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": form.length,
      Origin: server.url,
    },
  });
  slow.write(form.slice(0, -1));
  const answered = once(slow, "response");
  // The server has had the first part for a while by the time these are answered.
  for (let n = 0; n < 3; n += 1) await here.get(paths.account());
  expect((await here.post(paths.account(), { intent: "endOthers" })).status).toBe(200);
  slow.end(form.slice(-1));
  const [response]: Array<IncomingMessage> = await answered;
  response?.resume();
  expect(response?.headers.location).toContain(paths.signIn());
  expect((await here.get(paths.account())).text).not.toContain("Slow Hand");
});

test("signing out is a POST, and the old cookie opens nothing afterwards", async () => {
  const one = browser();
  await signIn(one);
  const kept = new Map(one.cookies);
  expect((await one.get(paths.signOut())).status).not.toBe(200);
  expect((await one.get(paths.account())).path).toBe(paths.account());
  expect((await one.post(paths.signOut(), {})).path).toBe(`${paths.signIn()}?out`);
  const thief = browser();
  for (const [name, value] of kept) thief.cookies.set(name, value);
  expect((await thief.get(paths.account())).path).toContain(paths.signIn());
});

test("the account page keeps what was typed, but never a password", async () => {
  const one = browser();
  await signIn(one);
  const answer = await one.post(paths.account(), {
    intent: "password",
    current: "not my password at all",
    password: "a new long password",
  });
  expect(answer.status).toBe(422);
  expect(answer.text).not.toMatch(/not my password at all|a new long password/);
});

test("one chooses the language of the secretariat's pages", async () => {
  const one = browser();
  await signIn(one);
  const saved = await one.post(paths.account(), { intent: "profile", name: "Mei", locale: "zh-CN" });
  expect(saved.text).toContain('<html lang="zh-Hans"');
  await one.post(paths.account(), { intent: "profile", name: "Mei", locale: "" });
  expect((await one.get(paths.account())).text).toContain('<html lang="en"');
});

test("no address and no password stands in the log", () => {
  const { stdout, stderr } = server.output();
  for (const text of [EMAIL, LOCKED, PASSWORD, "guess number"]) expect(stdout + stderr).not.toContain(text);
});
