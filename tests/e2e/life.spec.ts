import type { Page } from "playwright/test";
import { expect, inspect, test } from "./site.ts";

/* An answer by telephone, and somebody who comes instead of somebody else, at the desk. */

const PEOPLE = "/staff/e/beijing-2018/people";

async function signIn(
  page: Page,
  { login, lang }: { login: { email: string; password: string } | undefined; lang: string },
): Promise<void> {
  await page.goto(`/?lang=${lang}`);
  await page.goto("/staff/sign-in");
  await page.locator("input[name=email]").fill(login?.email ?? "");
  await page.locator("input[name=password]").fill(login?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);
}

/** The newest link to an invitation in the mails to an address. */
async function linkTo(page: Page, address: string): Promise<string> {
  const mail = page.getByRole("row").filter({ hasText: address }).getByRole("link").first();
  await page.goto("/mailbox");
  // The mails of one moment are in no order: it may be on a later page.
  while ((await mail.count()) === 0) await page.locator("a[href*='after=']").click();
  await mail.click();
  const href = await page.frameLocator("iframe").locator("a[href*='/i/']").first().getAttribute("href");
  return new URL(href ?? "").pathname;
}

test("an answer given by telephone stands in the history with who told it, in English", async ({
  site,
  watched,
  browser,
}) => {
  const context = await browser.newContext({ baseURL: site.url });
  watched(context);
  const page = await context.newPage();
  await signIn(page, { login: site.demonstration().staff[0], lang: "en" });
  await page.goto(PEOPLE);
  await page
    .getByRole("link", { name: /Testcase/ })
    .first()
    .click();
  await page.getByText("Record an answer").click();
  await page.locator("input[name=reply][value=accepted]").check();
  await page.locator("input[name=means][value=phone]").check();
  await page.getByLabel("How and by whom it was given").fill("Told us by his office");
  await page.getByRole("button", { name: "Record the answer" }).click();
  const history = page.getByRole("list", { name: "What happened to the invitation, newest first" });
  await expect(history.getByRole("listitem").first()).toContainText("Told us by his office");
  await expect(history.getByRole("listitem").first()).toContainText(/phone/i);
  await inspect(page);
  await context.close();
});

test("somebody comes instead, without JavaScript, in Chinese; the link of the one no longer opens", async ({
  site,
  watched,
  browser,
}) => {
  const context = await browser.newContext({ baseURL: site.url, javaScriptEnabled: false });
  watched(context);
  const page = await context.newPage();
  const { staff } = site.demonstration();
  await signIn(page, { login: staff.find(({ email }) => email.startsWith("caogao.lin")), lang: "zh-CN" });
  const old = await linkTo(page, "yan.wang6@");
  expect((await page.goto(old))?.status()).toBe(200);
  await page.goto(PEOPLE);
  await page.getByRole("link", { name: /䶮/ }).first().click();
  const person = new URL(page.url()).pathname;
  await page.locator("summary", { hasText: "更换人选" }).click();
  await page.getByRole("link", { name: "选择接替人选…" }).click();
  await page.locator("input[name=nameLatin]").fill("SUN Tidai");
  await page.locator("input[name=familyLatin]").fill("SUN");
  await page.locator("input[name=nameNative]").fill("孙替代");
  await page.locator("input[name=email]").fill("tidai.sun@cn-delegation.example");
  await page.locator("textarea[name=note]").fill("本人来电告知");
  await page.getByRole("button", { name: "确认更换" }).click();
  await expect(page.locator("main")).toContainText("接替以下人员出席");
  await expect(page.locator("h1")).toContainText("孙替代");
  expect((await page.goto(old))?.status()).toBe(404);
  await page.goto(person);
  await expect(page.locator("main")).toContainText("已更换人选，由以下人员出席");
  await expect(page.locator("main")).toContainText("本人来电告知");
  await context.close();
});
