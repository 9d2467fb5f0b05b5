import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { type BrowserContext, test as base, expect, type Page } from "playwright/test";
import { startTestServer, type TestServer } from "#tests/support/server.ts";

/** Monday, October 29, 2018, 09:00 Beijing time, as in the demonstration. */
const DEMONSTRATION_MORNING = Date.UTC(2018, 9, 29, 1, 0);

export type Demonstration = {
  staff: ReadonlyArray<{ email: string; password: string; nameEn: string; role: string }>;
  delegateLink: string;
  nominationLink: string;
  delegateAddress: string;
};

type Fixtures = {
  site: Site;
  /** Opens pages of the site and watches them: other hosts, errors in the console, answers of 500. */
  watched: (context: BrowserContext) => void;
};
export type Site = TestServer & { demonstration: () => Demonstration };

type WorkerFixtures = { siteEnds: undefined };

/** The site of the file that this worker is at. */
let current: { file: string; site: Site } | undefined;

/** The demonstration edition as this worker wrote it once: its mails name the port, so each site of the worker has that one. */
let written: { port: number; data: string } | undefined;

function startSite(like: { port: number; data: string } | undefined): Promise<TestServer> {
  return startTestServer({
    ...like,
    env: { DEMO: "1", CLOCK_OFFSET: String(DEMONSTRATION_MORNING - Date.now()), LOG_LEVEL: "warn" },
  });
}

async function siteOf(file: string): Promise<Site> {
  if (current?.file === file) return current.site;
  await leaveSite();
  if (written === undefined) {
    const first = await startSite(undefined);
    await first.terminate();
    written = { port: first.port, data: first.dataDir };
  }
  const server = await startSite(written);
  const site = Object.assign(server, {
    demonstration: () => readDemonstration(server.dataDir, server.url),
  });
  current = { file, site };
  return site;
}

async function leaveSite(): Promise<void> {
  await current?.site.stop();
  current = undefined;
}

/** A site of its own for each file, with the demonstration edition in it. What one file does to it no other one sees. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  siteEnds: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
    async ({}, use) => {
      await use(undefined);
      await leaveSite();
      if (written !== undefined) rmSync(written.data, { recursive: true, force: true });
    },
    { scope: "worker", auto: true },
  ],
  // Its time is not the test's: a slow machine takes a while to write the demonstration.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  site: [async ({}, use, { file }) => use(await siteOf(file)), { timeout: 300_000 }],
  watched: async ({ site }, use) => {
    const complaints: Array<string> = [];
    await use((context) => {
      context.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (protocol.startsWith("http") && origin !== site.url) complaints.push(`request to ${origin}`);
      });
      context.on("response", (response) => {
        if (response.status() >= 500)
          complaints.push(`${response.status()} from ${response.request().method()}`);
      });
      context.on("console", (message) => {
        // The browser logs every 4xx answer as an error; forms answer 422 on purpose. A mail's frame blocks the
        // scripts by which this test looks into it, as it blocks all others.
        if (/^Blocked script execution in '[^']+\/(html|preview\/[^']+)' because/.test(message.text()))
          return;
        if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
          complaints.push(message.text());
      });
      context.on("weberror", (error) => {
        const text = String(error.error());
        // "Root did not complete. This is a bug in React": a press within the milliseconds in which the page's script waits
        // for the page's data. The press is the browser's, as without script, and the script goes on.
        if (!text.includes("Minified React error #345;")) complaints.push(text);
      });
    });
    expect(complaints).toEqual([]);
  },
});

export { expect };

function readDemonstration(dataDir: string, url: string): Demonstration {
  const stored = JSON.parse(readFileSync(join(dataDir, "demonstration.json"), "utf8")) as Demonstration;
  const here = (link: string) => url + new URL(link).pathname;
  return {
    ...stored,
    delegateLink: here(stored.delegateLink),
    nominationLink: here(stored.nominationLink),
  };
}

/**
 * Opens a page of a link in a browser in which no code of it was typed yet: asks for one, reads it in the mailbox, types
 * it, and is where it was going.
 *
 * @param desk somebody who may read the mailbox.
 */
export async function openWithCode(
  page: Page,
  { desk, path, address }: { desk: BrowserContext; path: string; address: string },
): Promise<void> {
  await page.goto(path);
  await typeMailedCode(page, { desk, address });
  await expect(page).toHaveURL(new RegExp(`${path}$`));
}

/** The same for a browser that is at the page of the code already. */
export async function typeMailedCode(
  page: Page,
  { desk, address }: { desk: BrowserContext; address: string },
): Promise<void> {
  await expect(page).toHaveURL(/\/code\?to=/);
  const before = await codesTo(desk, address);
  await page.locator("form:has(input[value=send]) button").click();
  let code = "";
  await expect(async () => {
    const now = await codesTo(desk, address);
    expect(now.length).toBeGreaterThan(before.length);
    code = now[0] ?? "";
  }).toPass({ timeout: 20_000 });
  await page.locator("input[name=code]").fill(code);
  await page.locator("form.code button").click();
}

/** The codes in the mails to an address, the newest first. */
async function codesTo(desk: BrowserContext, address: string): Promise<Array<string>> {
  const page = await desk.newPage();
  await page.goto("/mailbox");
  const rows = page.getByRole("row").filter({ hasText: address });
  const mails = await rows
    .filter({ hasText: /Your code|验证码/ })
    .getByRole("link")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  const codes: Array<string> = [];
  for (const mail of new Set(mails.filter((href) => /^\/mailbox\/[\w-]+$/.test(href)))) {
    await page.goto(mail);
    const text = (await page.frameLocator("iframe").locator("body").textContent()) ?? "";
    codes.push(/\d{6}/.exec(text)?.[0] ?? "");
  }
  await page.close();
  return codes;
}

/**
 * Looks at a page as a careful reader would: accessible (axe, WCAG 2.2 AA), nothing wider than the window, one
 * heading, a language on the document, no id twice.
 */
export async function inspect(page: Page): Promise<void> {
  await expectAccessible(page);
  await expectNoOverflow(page);
  const { headings, repeated } = await page.evaluate(() => {
    const ids = Array.from(document.querySelectorAll("[id]"), ({ id }) => id);
    return {
      headings: document.querySelectorAll("h1").length,
      repeated: ids.filter((id, n) => ids.indexOf(id) !== n),
    };
  });
  expect.soft(headings, `headings of the first rank on ${nameOf(page)}`).toBe(1);
  expect.soft(repeated, `ids that ${nameOf(page)} gives twice`).toEqual([]);
}

/**
 * The same in a window of the first width; in one of the second, that nothing is wider. It begins with the width that the
 * window has: to lay a page out anew takes time.
 */
export async function inspectAtWidths(page: Page, [first, second]: readonly [number, number]): Promise<void> {
  const height = 800;
  const hasSecond = page.viewportSize()?.width === second;
  if (hasSecond) await expectNoOverflow(page);
  await page.setViewportSize({ width: first, height });
  await inspect(page);
  if (hasSecond) return;
  await page.setViewportSize({ width: second, height });
  await expectNoOverflow(page);
}

declare global {
  interface Window {
    axe?: typeof axe;
    __remixContext?: unknown;
  }
}

/**
 * Has the checker in every page from its beginning: half a megabyte, which a browser that loads it each time compiles
 * once. For who inspects many pages; others are given it when they ask.
 */
export function bringChecker(context: BrowserContext): Promise<unknown> {
  return context.addInitScript({ content: axe.source });
}

/**
 * The page's own script is there, or none may run. Until then React waits, and to keep a slow machine from it for seconds with
 * a check makes it give up waiting and complain.
 */
async function expectAwake(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      window.__remixContext === undefined ||
      Object.keys(document.body).some((key) => key.startsWith("__react")),
  );
}

async function expectAccessible(page: Page): Promise<void> {
  await expectAwake(page);
  if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    // Mails are shown in frames in which no script may run, the checker's neither: it stays on the page itself.
    const found = await window.axe?.run(
      { exclude: ["iframe"] },
      {
        // Writing down all that is well takes a third of its time.
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      },
    );
    return found?.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
    );
  });
  expect.soft(violations, `accessibility of ${nameOf(page)}`).toEqual([]);
}

async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect.soft(overflow, `${nameOf(page)} is no wider than the window`).toBeLessThanOrEqual(0);
}

/** The page's address without what opens it. */
function nameOf(page: Page): string {
  const width = page.viewportSize()?.width;
  return `${new URL(page.url()).pathname.replace(/\/([in])\/[^/]+/, "/$1/…")} (${width} pixels wide)`;
}
