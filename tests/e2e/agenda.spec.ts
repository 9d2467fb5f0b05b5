import type { Browser, Page } from "playwright/test";
import { expect, inspect, test } from "./site.ts";

/* The late change of the demonstration, on the grid: by keys and by hand, with what it collides with, and two at once. */

test.setTimeout(180_000);

type Login = { email: string; password: string } | undefined;

async function signIn(page: Page, login: Login): Promise<void> {
  await page.goto("/staff/sign-in?lang=en");
  await page.locator("input[name=email]").fill(login?.email ?? "");
  await page.locator("input[name=password]").fill(login?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);
}

const BOARD = "/staff/e/beijing-2018/agenda/board";
const call = (page: Page) => page.getByRole("link", { name: /–\d\d:\d\d Courtesy call/ });
const clashes = (page: Page) => page.getByRole("region", { name: "Clashes" }).getByRole("listitem");

async function open(
  browser: Browser,
  url: string,
  watched: (c: Awaited<ReturnType<Browser["newContext"]>>) => void,
  login: Login,
) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 1000 } });
  watched(context);
  const page = await context.newPage();
  await signIn(page, login);
  await page.goto(BOARD);
  // With the script running the card says what was done with it.
  await expect(call(page)).toBeVisible();
  await page.waitForLoadState("networkidle");
  return page;
}

test("a late change is made by keyboard alone, tells what it collides with, and is undone", async ({
  site,
  watched,
  browser,
}) => {
  const page = await open(browser, site.url, watched, site.demonstration().staff[0]);
  const before = await clashes(page).count();
  await call(page).focus();
  for (let n = 0; n < 11; n++) await page.keyboard.press("Alt+ArrowDown");
  await expect(call(page)).toHaveAccessibleName(/15:30–17:00/);
  await expect(call(page)).toBeFocused();
  await expect(clashes(page).filter({ hasText: "Beijing Internet Court" }).first()).toContainText(
    "A person in two places",
  );
  await expect(clashes(page).filter({ hasText: "takes 30 minutes" }).first()).toContainText("“Closing”");
  await expect(page.getByRole("status")).toContainText("clashes");
  await inspect(page);
  // What is drawn is stored, too.
  await expect(page.locator(".grid-card.pending")).toHaveCount(0);
  await page.reload();
  await expect(call(page)).toHaveAccessibleName(/15:30–17:00.*It clashes/);
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status")).toHaveText("Undone.");
  for (let n = 0; n < 12 && !(await call(page).getAttribute("aria-label"))?.includes("10:00"); n++) {
    await page.keyboard.press("Control+z");
    await expect(page.getByRole("status")).toHaveText("Undone.");
    await expect(page.locator(".grid-card.pending")).toHaveCount(0);
  }
  await expect(call(page)).toHaveAccessibleName(/10:00–11:30/);
  await expect(clashes(page)).toHaveCount(before);
  await page.context().close();
});

test("no press of a key is lost, however slow the server is, and whatever was asked for before it", async ({
  site,
  browser,
}) => {
  // Not watched: an answer is lost here on purpose, which the browser complains of.
  const page = await open(browser, site.url, () => {}, site.demonstration().staff[0]);
  const down = async (times: number) => {
    for (let n = 0; n < times; n++) await page.keyboard.press("Alt+ArrowDown");
  };
  // Every answer waits at a gate, in the order in which it was found.
  const gates: Array<{ method: string; open: () => void }> = [];
  let isHeld = true;
  await page.route(/\/board\/moves/, async (route) => {
    const found = await route.fetch();
    if (isHeld)
      await new Promise<void>((opened) => gates.push({ method: route.request().method(), open: opened }));
    await route.fulfill({ response: found });
  });
  const held = (...methods: ReadonlyArray<string>) =>
    expect.poll(() => gates.map(({ method }) => method)).toEqual(methods);

  // What colleagues did was asked for, and its answer is on its way, when somebody begins to press.
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await held("GET");
  await call(page).focus();
  await down(3);
  await held("GET", "POST");
  await down(4);
  await expect(call(page)).toHaveAccessibleName(/13:30–15:00/);
  await expect(call(page)).toBeFocused();
  // The first move is answered; the old news come after that, and are none.
  gates.splice(1, 1)[0]?.open();
  await held("GET", "POST");
  await down(2);
  gates.shift()?.open();
  await down(2);
  await expect(call(page)).toHaveAccessibleName(/15:30–17:00/);
  isHeld = false;
  for (const gate of gates.splice(0)) gate.open();
  await expect(page.locator(".grid-card.pending")).toHaveCount(0);
  await expect(call(page)).toHaveAccessibleName(/15:30–17:00/);
  await expect(page.getByRole("status")).not.toContainText("colleague");
  await page.reload();
  await expect(call(page)).toHaveAccessibleName(/15:30–17:00/);
  await page.waitForLoadState("networkidle");

  // A move that arrives, and whose answer is lost, is not made twice and not taken for a colleague's; what is pressed
  // meanwhile goes on from it.
  await page.unroute(/\/board\/moves/);
  let lost = 0;
  await page.route(/\/board\/moves/, async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await call(page).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByText(/There is no connection. One move waits here/)).toBeVisible();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(call(page)).toHaveAccessibleName(/14:30–16:00/);
  await expect(page.locator(".grid-card.pending")).toHaveCount(0);
  await expect(page.getByText(/There is no connection/)).toHaveCount(0);
  await page.reload();
  await expect(call(page)).toHaveAccessibleName(/14:30–16:00/);

  // As it was, for the others.
  await page.waitForLoadState("networkidle");
  for (let n = 0; n < 20 && !(await call(page).getAttribute("aria-label"))?.includes("10:00"); n++) {
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("status")).toHaveText("Undone.");
    await expect(page.locator(".grid-card.pending")).toHaveCount(0);
  }
  await expect(call(page)).toHaveAccessibleName(/10:00–11:30/);
  await page.context().close();
});

test("an item is dragged to another time and stretched; the server is not waited for, and has the last word", async ({
  site,
  watched,
  browser,
}) => {
  const page = await open(browser, site.url, watched, site.demonstration().staff[0]);
  const other = await open(browser, site.url, watched, site.demonstration().staff[2]);
  const drag = async (from: { x: number; y: number }, by: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + by.x / 2, from.y + by.y / 2, { steps: 4 });
    await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 4 });
    await page.mouse.up();
  };
  const boxOf = async () => {
    await call(page).scrollIntoViewIfNeeded();
    const box = await call(page).boundingBox();
    if (box === null) throw new Error("The card is not on the screen");
    return box;
  };
  // The answer is held back: the card is where it was put all the same.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/board\/moves/, async (route) => {
    if (route.request().method() === "POST") await held;
    await route.continue();
  });
  const box = await boxOf();
  await drag({ x: box.x + 40, y: box.y + 30 }, { x: 0, y: 66 });
  await expect(call(page)).toHaveAccessibleName(/11:00–12:30/);
  await expect(page.locator(".grid-card.pending")).toHaveCount(1);
  release();
  await expect(page.locator(".grid-card.pending")).toHaveCount(0);
  await expect(page).toHaveURL(/\/board$/);
  await page.unroute(/\/board\/moves/);

  const longer = await boxOf();
  await drag({ x: longer.x + 40, y: longer.y + longer.height - 3 }, { x: 0, y: 33 });
  await expect(call(page)).toHaveAccessibleName(/11:00–13:00/);
  await expect(page.locator(".grid-card.pending")).toHaveCount(0);

  // A colleague had the page open from before: their move is refused, told, and drawn back to what is there now.
  await call(other).focus();
  await other.keyboard.press("ArrowUp");
  await expect(other.getByRole("status")).toContainText("A colleague changed this meanwhile");
  await expect(call(other)).toHaveAccessibleName(/11:00–13:00/);
  await other.context().close();
  await page.context().close();
});

test("two who save the same item see both changes, without JavaScript", async ({
  site,
  watched,
  browser,
}) => {
  const pages: Array<Page> = [];
  for (const n of [0, 2]) {
    const context = await browser.newContext({ baseURL: site.url, javaScriptEnabled: false });
    watched(context);
    const page = await context.newPage();
    await signIn(page, site.demonstration().staff[n]);
    await page.goto(BOARD);
    await page.getByRole("link", { name: /Welcome dinner/ }).click();
    await expect(page.getByLabel("Title in English")).toHaveValue("Welcome dinner");
    pages.push(page);
  }
  const [first, second] = pages;
  if (first === undefined || second === undefined) throw new Error("There are not two of them");
  const save = (page: Page) => page.getByRole("button", { name: "Save in the draft" }).click();
  await first.getByLabel("Title in English").fill("Dinner of welcome");
  await first.getByLabel("Starts at").fill("18:45");
  await save(first);
  await second.getByLabel("Starts at").fill("18:15");
  await save(second);
  const row = (name: string) => second.getByRole("row").filter({ hasText: name });
  await expect(row("Title in English")).toContainText("Dinner of welcome");
  await expect(row("Starts at")).toContainText("18:45");
  await expect(second.getByLabel("Title in English")).toHaveValue("Dinner of welcome");
  await expect(second.getByLabel("Starts at")).toHaveValue("18:15");
  await save(second);
  await expect(second).toHaveURL(/agenda\?done=changed$/);
  for (const page of pages) await page.context().close();
});
