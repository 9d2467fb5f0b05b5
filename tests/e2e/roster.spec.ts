// Before whatever hashes: the server of a test counts passwords as cheaply.
import "#tests/support/cheap-passwords.ts";

import { eq } from "drizzle-orm";
import { type Browser, type BrowserContext, expect, type Page, test } from "playwright/test";
import { addStaff } from "#app/domain/access/commands.server.ts";
import type { DomainContext } from "#app/domain/context.ts";
import { paths } from "#app/paths.ts";
import { newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import { writeMeeting } from "#tests/support/meeting.ts";
import { startTestServer, type TestServer } from "#tests/support/server.ts";

/*
 * The list of people as organizers work in it: two hundred of them cleaned up by keys alone, and two at the same row, one
 * of whom has no connection for a while.
 */

const PASSWORD = "rule-of-law-2018";
const STAFF = ["grace", "george"] as const;
/** Twelve institutions, and how thirty people misspelt theirs: two or three ways each, as people do. */
const INSTITUTIONS: Readonly<Record<string, ReadonlyArray<string>>> = {
  "Riverbend School of Law": ["Riverbnd School of Law", "Riverbend Schol of Law", "Riverbend School of Lwa"],
  "Chesapeake Institute for Legal Studies": [
    "Chesapeke Institute for Legal Studies",
    "Chesapeake Institut for Legal Studies",
    "chesapeake institute for legal studies",
  ],
  "Harbor City University": ["Habor City University", "Harbor City Univeristy", "Harbor  City University"],
  "Granite State Bar Association": ["Granit State Bar Association", "Granite State Bar Asociation"],
  "Center for Comparative Justice": [
    "Centre for Comparative Justice",
    "Center for Comparative Justce",
    "Center of Comparative Justice",
  ],
  "Lakeshore Public Defender Office": ["Lakeshore Public Defender Ofice", "Lakshore Public Defender Office"],
  "Prairie Law Review": ["Prarie Law Review", "Prairie Law Reveiw"],
  "Federal Judicial Academy": ["Federal Judical Academy", "Fedral Judicial Academy", "F.J.A."],
  "Old Mill College": ["Old Mil College", "Old Mill Colege"],
  "Northern Human Rights Council": ["Nothern Human Rights Council", "Northern Human Right Council"],
  "Ridgeway Foundation": ["Ridgway Foundation", "Ridgeway Fundation", "RIDGEWAY FOUNDATION"],
  "Institute of Public Administration": [
    "Insitute of Public Administration",
    "Institute of Public Adminstration",
  ],
};
const RIGHT = Object.keys(INSTITUTIONS);
const WRONG = Object.values(INSTITUTIONS).flat();
const writes = (n: number) => (n % 6 === 0 ? WRONG[n / 6] : undefined) ?? RIGHT[n % RIGHT.length] ?? "";
/** How many of the two hundred are at an institution, however they write it. */
const of = (right: string) =>
  Array.from({ length: 200 }, (_, n) => writes(n)).filter(
    (written) => written === right || INSTITUTIONS[right]?.includes(written),
  ).length;
/** Titles that people lack: of different kinds, each told by their post. */
const TITLES = ["Dr.", "Judge", "Ms.", "Prof.", "Ambassador"] as const;
const PEOPLE = paths.people("beijing");

type World = { invitees: ReadonlyArray<{ invitationId: string; personId: string }>; second: string };

let server: TestServer<World>;

test.describe.configure({ mode: "serial", timeout: 180_000 });
test.beforeAll(async () => {
  server = await startTestServer({ seed, env: { SECOND_STEP: "optional", LOG_LEVEL: "warn" } });
});
test.afterAll(() => server.stop());

/** 200 people of one side: 30 who misspelt twelve institutions, 20 without a title, 12 of them in the wrong delegation. */
async function seed(ctx: DomainContext): Promise<World> {
  const { orm } = ctx.db;
  const meeting = writeMeeting(orm, ctx.keys, {
    slug: "beijing",
    people: 400,
    seats: [],
    now: ctx.clock.now(),
  });
  const [sideId] = meeting.sideIds;
  const second = newId();
  const first = orm
    .select()
    .from(schema.delegation)
    .where(eq(schema.delegation.id, meeting.delegationIds[0]))
    .get();
  if (first === undefined) throw new Error("There is no delegation");
  orm
    .insert(schema.delegation)
    .values({ ...first, id: second, key: "us2", nameEn: "Young scholars", nameZh: "青年学者团", position: 9 })
    .run();
  const invitees = meeting.invitees.filter((each) => each.sideId === sideId);
  for (const [n, { personId }] of invitees.entries())
    orm
      .update(schema.person)
      .set({
        institutionEn: writes(n),
        honorificEn: n % 10 === 3 ? "" : "Prof.",
        note: n % 16 === 5 && n < 192 ? "Young scholar" : "",
      })
      .where(eq(schema.person.id, personId))
      .run();
  for (const name of STAFF) {
    const added = await addStaff(ctx, {
      name: name === "grace" ? "Grace Mockup" : "George Standin",
      email: `${name}@us.example`,
      password: PASSWORD,
      access: [{ coHostId: sideId, editionId: null, permission: "lead" }],
    });
    if (!added.ok) throw new Error(added.refusal);
  }
  return { invitees, second };
}

async function desk(
  browser: Browser,
  name: (typeof STAFF)[number],
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: "en-US",
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  await page.goto("/staff/sign-in?lang=en");
  await page.locator("input[name=email]").fill(`${name}@us.example`);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);
  return { page, context };
}

/** What the data says in the end, whatever the page shows. */
function stored(page: Page) {
  return page.request.get(paths.peopleCells("beijing"));
}

/** Keys and pasted blocks, counted. */
function typist(page: Page) {
  const count = { keys: 0, pastes: 0 };
  return {
    count,
    async press(key: string, times = 1) {
      for (let n = 0; n < times; n++) await page.keyboard.press(key);
      count.keys += times;
    },
    async type(text: string) {
      await page.keyboard.type(text);
      count.keys += text.length;
    },
    /** As from a spreadsheet: what it lays on the clipboard is text with tabs and line breaks. */
    async paste(text: string) {
      await page.evaluate((words) => navigator.clipboard.writeText(words), text);
      await page.keyboard.press("ControlOrMeta+v");
      count.keys += 1;
      count.pastes += 1;
    },
  };
}

const grid = (page: Page) => page.getByRole("grid");
const allSaved = (page: Page) =>
  expect(page.locator(".roster-state")).toContainText("All changes are saved.");

/** The focus on the first cell of a column. */
async function into(page: Page, keys: ReturnType<typeof typist>, column: string) {
  await expect(grid(page)).toBeVisible();
  const heads = await grid(page).getByRole("columnheader").allInnerTexts();
  const at = heads.findIndex((head) => head.trim().startsWith(column));
  expect(at, column).toBeGreaterThan(1);
  await grid(page).locator("[data-spot='0:1']").focus();
  await keys.press("ArrowRight", at - 1);
}

test("two hundred people are cleaned up with the keyboard", async ({ browser }) => {
  const { page, context } = await desk(browser, "grace");
  const keys = typist(page);
  const began = Date.now();

  // Thirty who misspelt twelve institutions: what is alike stands together, and is looked at once before it is written.
  await page.goto(PEOPLE);
  await page.getByRole("link", { name: "Spellings" }).press("Enter");
  keys.count.keys += 8;
  await expect(page.getByRole("heading", { name: `${RIGHT.length} groups written alike` })).toBeVisible();
  // Letters that stand for words are like nothing: what they become is typed, and the list of what is there helps.
  await expect(page.getByRole("heading", { name: "One that is like no other" })).toBeVisible();
  await page.getByLabel("What “F.J.A.” becomes").focus();
  keys.count.keys += 45;
  await keys.type("Federal Judicial Academy");
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "30 entries would change" })).toBeVisible();
  await expect(page.getByRole("row", { name: /Prarie Law Review/ }).first()).toContainText(
    "Prairie Law Review",
  );
  await page.getByRole("button", { name: "Change these 30 entries" }).press("Enter");
  keys.count.keys += 6;
  await expect(page.getByText("30 entries were changed.")).toBeVisible();
  await expect(page.getByRole("heading", { name: /written alike/ })).toHaveCount(0);

  // Twenty titles of five kinds.
  await page.goto(PEOPLE);
  await page.getByText("Columns and order", { exact: true }).focus();
  await keys.press("Enter");
  await page.getByRole("checkbox", { name: "Title, English", exact: true }).check();
  await page.getByRole("checkbox", { name: "Note", exact: true }).check();
  await page.getByRole("button", { name: "Use these columns" }).press("Enter");
  keys.count.keys += 10;
  await expect(page).toHaveURL(/view=/);
  const columns = page.url();
  const narrow = async (column: string, how: string, value: string) => {
    await page.goto(columns);
    await expect(grid(page)).toBeVisible();
    await page.getByText("Conditions", { exact: true }).focus();
    await keys.press("Enter");
    await page.locator('[name="column.0"]').selectOption({ label: column });
    await page.locator('[name="test.0"]').selectOption({ label: how });
    if (value !== "") await page.locator('[name="value.0"]').fill(value);
    await page.getByRole("button", { name: "Apply the conditions" }).press("Enter");
    keys.count.keys += 10 + value.length;
    await expect(page.locator(".roster-count")).toContainText("of 200");
  };
  await narrow("Title, English", "is empty", "");
  await expect(page.locator(".roster-count")).toContainText("20 people");
  await into(page, keys, "Title, English");
  // Each by their post, typed: the word goes down to the next one with Enter.
  const titles = Array.from({ length: 20 }, (_, n) => TITLES[n % TITLES.length] ?? "");
  for (const [n, title] of titles.entries()) {
    // A long one that is there already is offered once it has begun.
    const isOffered = title.length > 6 && titles.indexOf(title) < n;
    await keys.type(isOffered ? title.slice(0, 2) : title);
    if (isOffered) await keys.press("ArrowDown");
    await keys.press("Enter");
  }
  await allSaved(page);

  // Twelve to move: the name of the delegation, in part and in the other language as well.
  await narrow("Note", "contains", "Young");
  await expect(page.locator(".roster-count")).toContainText("12 people");
  await into(page, keys, "Delegation");
  await keys.type("青年");
  await keys.press("Enter");
  await keys.press("ArrowUp");
  await keys.press("ControlOrMeta+Shift+ArrowDown");
  await keys.press("ControlOrMeta+d");
  await allSaved(page);
  await expect(grid(page).getByRole("gridcell", { name: "Young scholars" })).toHaveCount(12);

  const seconds = Math.round((Date.now() - began) / 1000);
  // Three strokes a second; two seconds to look at each of what was misspelt, three for each title (whose post is it?), two for
  // each who moves, and five for each of the dozen pages that came up.
  const looking = WRONG.length * 2 + titles.length * 3 + 12 * 2 + 12 * 5;
  const human = Math.round(keys.count.keys / 3 + looking);
  console.log(
    `200 people cleaned up: ${keys.count.keys} strokes, ${seconds} s here; about ${human} s at three strokes a second with ${looking} s to look`,
  );
  expect(human).toBeLessThan(300);

  // All of it is in the data, by nobody's page.
  await narrow("Institution, English", "is", "Ridgeway Foundation");
  await expect(page.locator(".roster-count")).toContainText(`${of("Ridgeway Foundation")} people`);
  await narrow("Title, English", "is", "Judge");
  await expect(page.locator(".roster-count")).toContainText("4 people");
  await narrow("Delegation", "is", "");
  await page.locator('[name="value.0"]').selectOption({ label: "Young scholars" });
  await page.getByRole("button", { name: "Apply the conditions" }).press("Enter");
  await expect(page.locator(".roster-count")).toContainText("12 people");
  await context.close();
});

test("what is written already is offered while somebody types, and is in nobody's way", async ({
  browser,
}) => {
  const { page, context } = await desk(browser, "grace");
  const keys = typist(page);
  await page.goto(PEOPLE);
  await into(page, keys, "Institution, English");
  const cell = (row: number, col = 2) => grid(page).locator(`[data-spot='${row}:${col}']`);
  const offers = page.getByRole("listbox", { name: "Written already" });
  const field = grid(page).locator(".cell-field");
  await keys.type("Ridg");
  await expect(offers.getByRole("option").first()).toHaveText("Ridgeway Foundation");
  await expect(field).toHaveAttribute("aria-expanded", "true");
  await keys.press("ArrowDown");
  await expect(offers.getByRole("option", { selected: true })).toHaveText("Ridgeway Foundation");
  await keys.press("Enter");
  await expect(cell(0)).toContainText("Ridgeway Foundation");
  await expect(offers).toHaveCount(0);
  // Plain typing is what it was: Enter takes what was typed, Escape leaves the cell.
  await keys.type("Ridge");
  await expect(offers).toBeVisible();
  await keys.press("Enter");
  await expect(cell(1).locator(".cell-words")).toHaveText("Ridge");
  await keys.type("Ridge");
  await keys.press("ArrowDown");
  await keys.press("Escape");
  await expect(offers.getByRole("option", { selected: true })).toHaveCount(0);
  await expect(field).toHaveValue("Ridge");
  await keys.press("Escape");
  await expect(grid(page).locator("td.editing")).toHaveCount(0);
  await expect(cell(2).locator(".cell-words")).not.toHaveText("Ridge");
  await allSaved(page);

  // Without a connection it goes on with what has been asked for; a slip is forgiven, and Tab takes it as well.
  await context.setOffline(true);
  await keys.type("Habor");
  await keys.press("ArrowDown");
  await keys.press("Tab");
  await expect(cell(2)).toContainText("Harbor City University");
  // What an input method is still putting together is no beginning of anything.
  const method = await context.newCDPSession(page);
  await method.send("Input.imeSetComposition", { text: "shi'li", selectionStart: 6, selectionEnd: 6 });
  await expect(field).toHaveValue("shi'li");
  await expect(offers).toHaveCount(0);
  await method.send("Input.insertText", { text: "示例大学" });
  await expect(field).toHaveValue("示例大学");
  await keys.press("Enter");
  await method.send("Input.imeSetComposition", { text: "shi", selectionStart: 3, selectionEnd: 3 });
  await method.send("Input.insertText", { text: "示例" });
  await expect(offers.getByRole("option")).toHaveText(["示例大学"]);
  await keys.press("ArrowDown");
  await keys.press("Enter");
  await expect(cell(3, 3)).toContainText("示例大学");

  // Of steps that have not been sent each is taken back by itself, and done again.
  await keys.press("ArrowUp");
  for (const word of ["甲", "乙"]) {
    await keys.type(word);
    await keys.press("Enter");
    await keys.press("ArrowUp");
  }
  await keys.press("ControlOrMeta+z");
  await expect(cell(3, 3)).toContainText("甲");
  await keys.press("ControlOrMeta+y");
  await expect(cell(3, 3)).toContainText("乙");
  await keys.press("ControlOrMeta+z", 2);
  await expect(cell(3, 3)).toContainText("示例大学");
  await context.setOffline(false);
  await allSaved(page);
  await page.reload();
  await expect(cell(2)).toContainText("Harbor City University");
  await expect(cell(2, 3)).toContainText("示例大学");
  await expect(cell(3, 3)).toContainText("示例大学");

  // Whoever goes back while a cell is open has written what stands in it.
  await page.locator(".roster-search input[name=search]").fill("Ridgeway");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/view=/);
  await expect(page.locator(".roster-count")).toContainText("of 200");
  await into(page, keys, "Institution, Chinese");
  await keys.type("回去之前");
  // The address goes back before the list does.
  await page.goBack();
  await expect(page.locator(".roster-count")).not.toContainText("of 200");
  await allSaved(page);
  await page.goForward();
  await expect(cell(0, 3)).toContainText("回去之前");
  await context.close();
});

test("a step is taken back and done again, and what is no word of a list is kept to be mended", async ({
  browser,
}) => {
  const { page, context } = await desk(browser, "grace");
  const keys = typist(page);
  await page.goto(PEOPLE);
  await into(page, keys, "Institution, Chinese");
  await keys.type("示例大学");
  await keys.press("Tab");
  await allSaved(page);
  const cell = grid(page).locator("[data-spot='0:3']");
  await expect(cell).toContainText("示例大学");
  await keys.press("ControlOrMeta+z");
  await expect(cell).not.toContainText("示例大学");
  await keys.press("ControlOrMeta+y");
  await expect(cell).toContainText("示例大学");
  await keys.press("ControlOrMeta+z");
  await expect(cell).not.toContainText("示例大学");
  await allSaved(page);

  // As fast as keys can be pressed, while the server has answered nothing yet: each press is of the step before it.
  const gates: Array<() => void> = [];
  let isHeld = true;
  await page.route(/\/people\/cells/, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    if (isHeld) await new Promise<void>((opened) => gates.push(opened));
    await route.continue();
  });
  await into(page, keys, "Institution, Chinese");
  for (const word of ["第一", "第二", "第三"]) {
    await keys.type(word);
    await keys.press("Tab");
    await keys.press("ArrowLeft");
    await expect(cell).toContainText(word);
    if (word === "第二") {
      await expect.poll(() => gates.length).toBe(1);
      gates.pop()?.();
      await expect.poll(() => gates.length).toBe(1);
    }
  }
  await keys.press("ControlOrMeta+z", 3);
  await keys.press("ControlOrMeta+y", 2);
  await keys.press("ControlOrMeta+z");
  isHeld = false;
  for (const open of gates.splice(0)) open();
  await expect(page.locator(".roster-state")).toContainText("Taken back.");
  await expect(cell).toContainText("第一");
  await page.reload();
  await expect(cell).toContainText("第一");
  await page.unroute(/\/people\/cells/);
  await into(page, keys, "Institution, Chinese");
  await keys.press("ControlOrMeta+z");
  await expect(cell).not.toContainText("第一");

  // Escape leaves a cell as it was; a word that is not on the list stays open, said to be wrong.
  await into(page, keys, "Category");
  await keys.type("Emperor");
  await keys.press("Enter");
  const field = grid(page).locator(".cell-field");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await keys.press("Escape");
  await keys.paste("观察员\tnothing\nEmperor\tnothing");
  await expect(grid(page).locator("[data-spot='0:5']")).toContainText("Observer");
  await expect(page.locator(".roster-stuck")).toContainText("Emperor");
  await page.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(page.locator(".roster-stuck")).toHaveCount(0);

  // Whoever is nobody's here any more: what was written of them is kept beside, and holds up nothing else.
  await page.route(/\/people\/cells/, (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 404 }) : route.continue(),
  );
  await into(page, keys, "Institution, Chinese");
  await keys.type("已被移走");
  await keys.press("Enter");
  await expect(page.locator(".roster-stuck")).toContainText("no longer among your people");
  await page.unroute(/\/people\/cells/);
  await keys.type("照常保存");
  await keys.press("Enter");
  await expect(grid(page).locator("[data-spot='1:3']")).toContainText("照常保存");
  await allSaved(page);
  await page.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(cell).not.toContainText("已被移走");
  await context.close();
});

test("two at the same row, one without a connection for a minute: both see what happened, and nothing is lost", async ({
  browser,
}) => {
  const grace = await desk(browser, "grace");
  const george = await desk(browser, "george");
  // A minute of her page goes by when it is told to; the server's goes as ever.
  await grace.page.clock.install();
  await grace.page.goto(PEOPLE);
  await george.page.goto(PEOPLE);
  const hers = typist(grace.page);
  const his = typist(george.page);
  await expect(grid(grace.page)).toBeVisible();
  await expect(grid(george.page)).toBeVisible();

  await grace.context.setOffline(true);
  await into(grace.page, hers, "Institution, English");
  await hers.type("Written on a train");
  await hers.press("Tab");
  await hers.type("火车上");
  await hers.press("Enter");
  await expect(grace.page.getByText(/There is no connection. 2 changes wait here/)).toBeVisible();
  await into(george.page, his, "Institution, English");
  await his.type("Written at the desk");
  await his.press("Enter");
  await allSaved(george.page);
  await grace.page.clock.runFor("01:00");
  await expect(grace.page.getByText(/There is no connection. 2 changes wait here/)).toBeVisible();
  await expect(grid(grace.page).locator("[data-spot='0:2']")).toContainText("Written on a train");

  await grace.context.setOffline(false);
  // Her other cell is written; of this one both words are shown to her, and his stands.
  const stuck = grace.page.locator(".roster-stuck");
  await expect(stuck).toContainText("yours: Written on a train", { timeout: 20_000 });
  await expect(stuck).toContainText("there now: Written at the desk");
  await expect(grid(george.page).locator("[data-spot='0:3']")).toContainText("火车上", { timeout: 20_000 });
  await expect(grid(george.page).locator("[data-spot='0:3']")).toHaveAttribute(
    "title",
    /Changed by Grace Mockup at/,
  );
  await expect(grid(george.page).locator("[data-spot='0:2']")).toContainText("Written at the desk");

  // What he is typing meanwhile stays his, wherever news come from.
  await into(george.page, his, "Institution, English");
  await his.type("Not yet finished");
  await stuck.getByRole("button", { name: "Write mine anyway" }).click();
  await expect(stuck).toHaveCount(0);
  await allSaved(grace.page);
  await expect(grid(george.page).locator("td[data-spot='0:2']")).toHaveAttribute(
    "title",
    /Changed by Grace Mockup at/,
    {
      timeout: 20_000,
    },
  );
  await expect(grid(george.page).locator(".cell-field")).toHaveValue("Not yet finished");
  await his.press("Enter");
  await expect(george.page.locator(".roster-stuck")).toContainText("there now: Written on a train");
  expect((await stored(george.page)).status()).toBe(200);
  await grace.context.close();
  await george.context.close();
});

test("what waits outlives the page and the session, and a tab that would lose it asks", async ({
  browser,
}) => {
  const { page, context } = await desk(browser, "grace");
  const keys = typist(page);
  const cell = grid(page).locator("[data-spot='0:3']");
  const write = async (word: string) => {
    await into(page, keys, "Institution, Chinese");
    await keys.type(word);
    await keys.press("Enter");
  };
  await page.goto(PEOPLE);
  await expect(grid(page)).toBeVisible();
  await context.setOffline(true);
  await write("断网时写");
  await expect(page.getByText(/There is no connection. One change waits here/)).toBeVisible();

  // Whoever closes the tab is asked, and stays.
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  // Whoever opens the page anew, while that cannot be, and again when it can, has it still.
  page.on("dialog", (again) => void again.accept());
  await page.reload().catch(() => {});
  await context.setOffline(false);
  await page.goto(PEOPLE);
  await expect(cell).toContainText("断网时写");
  await allSaved(page);

  // The session ends, in another tab. What is typed waits, and goes when somebody has signed in there again.
  const other = await context.newPage();
  const signOut = async () => {
    await other.goto("/staff");
    await other.getByRole("button", { name: "Sign out" }).click();
    await expect(other).toHaveURL(/sign-in/);
  };
  const signIn = async (on: Page) => {
    await on.locator("input[name=email]").fill("grace@us.example");
    await on.locator("input[name=password]").fill(PASSWORD);
    await on.locator("main button[type=submit]").click();
  };
  await signOut();
  await page.bringToFront();
  await write("会话已结束");
  await expect(
    page.getByText(/You are no longer signed in here. One change waits in this tab/),
  ).toBeVisible();
  await other.goto("/staff/sign-in?lang=en");
  await signIn(other);
  await expect(other).toHaveURL(/\/staff$/);
  await page.bringToFront();
  await expect(page.getByText(/You are no longer signed in here/)).toHaveCount(0, { timeout: 20_000 });
  await allSaved(page);

  // The same, when it is signed in again in the very tab.
  await signOut();
  await page.bringToFront();
  await write("再次登录");
  await expect(
    page.getByText(/You are no longer signed in here. One change waits in this tab/),
  ).toBeVisible();
  await page.goto(PEOPLE);
  await expect(page).toHaveURL(/sign-in/);
  await signIn(page);
  await expect(page).toHaveURL(/people/);
  await expect(cell).toContainText("再次登录");
  await allSaved(page);
  await page.reload();
  await expect(cell).toContainText("再次登录");
  await context.close();
});

test("news that were asked for before a change do not put the old word back", async ({ browser }) => {
  const { page, context } = await desk(browser, "grace");
  const keys = typist(page);
  await page.goto(PEOPLE);
  const cell = grid(page).locator("[data-spot='0:3']");
  let asked = 0;
  let shown: string | null = null;
  const word = "先问后改";
  let answer = () => {};
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let isAsked = () => {};
  const firstAsked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  await page.route(/\/people\/cells/, async (route) => {
    const isNews = route.request().method() === "GET" && !route.request().url().includes("spellings=");
    if (!isNews) return route.continue();
    asked += 1;
    if (asked > 1) {
      shown ??= await cell.innerText();
      return route.continue();
    }
    // What the first question finds is on its way while somebody types.
    const found = await route.fetch();
    isAsked();
    await mayAnswer;
    return route.fulfill({ response: found });
  });
  await into(page, keys, "Institution, Chinese");
  await firstAsked;
  await keys.type(word);
  await keys.press("Enter");
  await allSaved(page);
  answer();
  await expect.poll(() => shown, { timeout: 20_000 }).not.toBeNull();
  expect(shown).toContain(word);
  await page.unroute(/\/people\/cells/);
  await keys.press("ControlOrMeta+z");
  await expect(cell).not.toContainText(word);
  await context.close();
});

test("what a colleague does to places and counts is told, and rows stay where they are until somebody wants the new order", async ({
  browser,
}) => {
  const grace = await desk(browser, "grace");
  const george = await desk(browser, "george");
  const { page } = grace;
  const his = typist(george.page);
  // Grouped by delegation, and narrowed to delegates by the count on top.
  await page.goto(PEOPLE);
  await page.getByText("Columns and order", { exact: true }).click();
  await page.locator("input[name=group]").check();
  await page.getByRole("button", { name: "Use these columns" }).click();
  await expect(page).toHaveURL(/view=/);
  await expect(grid(page)).toBeVisible();
  const head = page.locator(".roster-head").first();
  const facet = (name: RegExp) => page.locator(".roster-facet").filter({ hasText: name });
  const youngNow = async () =>
    (await facet(/Young scholars/).count()) === 0
      ? 0
      : Number(
          await facet(/Young scholars/)
            .locator(".num")
            .innerText(),
        );
  const young = await youngNow();
  const inWords = (count: number) =>
    count === 0 ? "Nobody" : count === 1 ? "One person" : `${count} people`;
  const first = grid(page).locator("[data-spot='0:1']");
  const [nameOfFirst, nameOfSecond] = [
    await first.locator("a").innerText(),
    await grid(page).locator("[data-spot='1:1'] a").innerText(),
  ];
  const inHead = Number(/(\d+) people/.exec(await head.innerText())?.[1]);

  // She is in the middle of a word in the second row.
  await grid(page).locator("[data-spot='1:3']").click();
  await page.keyboard.type("还没写完");

  // He moves the first to another delegation.
  await george.page.goto(page.url().replace(/\?.*/, ""));
  await expect(grid(george.page)).toBeVisible();
  await george.page.locator(".roster-search input[name=search]").fill(nameOfFirst.split("\n")[0] ?? "");
  await george.page.locator(".roster-search button").click();
  await expect(george.page.locator(".roster-count")).toContainText("of 200");
  await into(george.page, his, "Delegation");
  await his.type("青年");
  await his.press("Enter");
  await allSaved(george.page);

  const row = page.locator("tr.displaced");
  await expect(row).toHaveCount(1, { timeout: 20_000 });
  await expect(row).toContainText("now on another page");
  await expect(row).toContainText(nameOfFirst.split("\n")[0] ?? "");
  await expect(row).toContainText("Young scholars");
  // Counts on top and over the group follow at once, the row does not; nor does what is being typed.
  await expect(facet(/Young scholars/).locator(".num")).toHaveText(String(young + 1));
  await expect(head).toContainText(`${inHead - 1} people`);
  await expect(first).toContainText(nameOfFirst.split("\n")[0] ?? "");
  await expect(grid(page).locator(".cell-field")).toHaveValue("还没写完");
  const fresh = page.locator(".roster-fresh");
  await expect(fresh).toContainText("One person is new here. One person is no longer here.");
  await fresh.getByRole("button", { name: "Show the list as it is now" }).click();
  await expect(page.locator("tr.displaced")).toHaveCount(0);
  await expect(fresh).toHaveCount(0);
  await expect(first).toContainText(nameOfSecond.split("\n")[0] ?? "");
  await allSaved(page);
  // What she typed went to the person beside whom she typed it.
  await expect(grid(page).locator("[data-spot='0:3']")).toContainText("还没写完");
  await expect(grid(page).locator(":focus")).toHaveCount(1);

  // Somebody who leaves the condition of the list is shown as they are now, and said to be out of it.
  await page.goto(PEOPLE);
  await facet(/Young scholars/).click();
  await expect(page).toHaveURL(/view=/);
  await expect(grid(page)).toBeVisible();
  const count = young + 1;
  await expect(page.locator(".roster-count")).toContainText(inWords(count));
  await grid(george.page).locator("[data-spot='0:4']").click();
  await expect(grid(george.page).locator("[data-spot='0:4']")).toContainText("Young scholars");
  await his.press("ControlOrMeta+z");
  await expect(george.page.locator(".roster-state")).toContainText("Taken back.");
  await expect(page.locator("tr.displaced")).toContainText("no longer fits this list", { timeout: 20_000 });
  await expect(page.locator(".roster-count")).toContainText(inWords(count - 1));
  await page.locator(".roster-fresh").getByRole("button").click();
  await expect(page.locator(".roster-count")).toContainText(inWords(count - 1));
  await expect(grid(page).locator("tbody tr:not(.roster-head)")).toHaveCount(count - 1);
  await grace.context.close();
  await george.context.close();
});

test("a column is drawn wider by keys: the others and the focus stay, and on a small screen what stays in sight leaves room", async ({
  browser,
}) => {
  const { page, context } = await desk(browser, "grace");
  await page.goto(PEOPLE);
  await page.getByText("Columns and order", { exact: true }).click();
  await page.locator("select[name=frozen]").selectOption("2");
  await page.getByRole("button", { name: "Use these columns" }).click();
  await expect(page).toHaveURL(/view=/);
  const head = (name: string) => grid(page).locator("thead th").filter({ hasText: name });
  const widthOf = async (name: string) => Math.round((await head(name).boundingBox())?.width ?? 0);
  const [category, institution] = [await widthOf("Category"), await widthOf("Institution, English")];
  const handle = page.getByRole("separator", { name: "Width of “Institution, English”" });
  await handle.focus();
  for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowRight");
  const before = page.url();
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(before);
  await expect.poll(() => widthOf("Institution, English")).toBe(institution + 80);
  expect(await widthOf("Category")).toBe(category);
  await expect(handle).toBeFocused();

  // On a telephone both would fill the frame: at most seven tenths of it stay, and the name always does.
  await page.setViewportSize({ width: 390, height: 800 });
  const frame = page.locator(".table-frame:has(.roster)");
  await frame.evaluate((each) => {
    each.scrollIntoView();
    each.scrollTo({ left: each.scrollWidth });
  });
  const edge = await frame.boundingBox();
  const reply = await grid(page).locator("[data-spot='0:8']").boundingBox();
  const name = await grid(page).locator("[data-spot='0:1']").boundingBox();
  if (edge === null || reply === null || name === null) throw new Error("They are not on the screen");
  expect(Math.abs(name.x - edge.x)).toBeLessThanOrEqual(2);
  const isOnTop = await grid(page)
    .locator("[data-spot='0:8']")
    .evaluate((cell) => {
      const { right, top } = cell.getBoundingClientRect();
      return cell.contains(document.elementFromPoint(right - 12, top + 12));
    });
  expect(isOnTop).toBe(true);
  await context.close();
});

test("who was chosen before the script came stays chosen", async ({ browser }) => {
  const { page, context } = await desk(browser, "grace");
  let come = () => {};
  const script = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route("**/assets/*.js", async (route) => {
    await script;
    await route.continue();
  });
  await page.goto(PEOPLE, { waitUntil: "commit" });
  const boxes = page.locator("input[name=invitation]");
  await boxes.nth(1).check();
  await expect(grid(page)).toHaveCount(0);
  come();
  await expect(grid(page)).toBeVisible();
  await expect(boxes.nth(0)).not.toBeChecked();
  await expect(boxes.nth(1)).toBeChecked();
  await context.close();
});

test("without script Enter beside a change of many previews it, and whoever is asked again has all that was chosen", async ({
  browser,
}) => {
  const { context } = await desk(browser, "grace");
  const plain = await browser.newContext({
    baseURL: server.url,
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  await context.close();
  const page = await plain.newPage();
  await page.goto(`${PEOPLE}?lang=en`);
  for (const n of [0, 2]) await page.locator("input[name=invitation]").nth(n).check();
  await page.locator("[name=bulkColumn]").selectOption({ label: "Category" });
  await page.locator("[name=bulkValue]").fill("Emperor");
  await page.locator("[name=bulkValue]").press("Enter");
  await expect(page.getByText("“Emperor” is not on the list")).toBeVisible();
  await expect(page.locator("input[name=invitation]:checked")).toHaveCount(2);
  await expect(page.locator("[name=bulkValue]")).toHaveValue("Emperor");
  await page.locator("[name=bulkValue]").fill("Observer");
  await page.locator("[name=bulkValue]").press("Enter");
  await expect(page.getByRole("heading", { name: /Change “Category” for several people/ })).toBeVisible();
  await plain.close();
});
