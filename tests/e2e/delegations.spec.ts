import type { Page } from "playwright/test";
import { expect, test } from "./site.ts";

/* A delegation's protocol order by keyboard and without JavaScript, and an institution that puts names forward. */

type Login = { email: string; password: string };

async function signIn(page: Page, login: Login | undefined): Promise<void> {
  await page.goto("/staff/sign-in?lang=en");
  await page.locator("input[name=email]").fill(login?.email ?? "");
  await page.locator("input[name=password]").fill(login?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);
}

async function openDelegation(page: Page): Promise<void> {
  await page.goto("/staff/e/beijing-2018/delegations");
  await page.getByRole("link", { name: "Open: people, places, protocol order" }).first().click();
  await expect(page.getByRole("heading", { name: "Protocol order" })).toBeVisible();
}

/** The people from first to last, as a reader sees them. */
function order(page: Page): Promise<Array<string>> {
  return page.locator(".protocol tbody tr .row-name a").allInnerTexts();
}

for (const javaScriptEnabled of [true, false])
  test(`a protocol order is set by keyboard, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({
    site,
    watched,
    browser,
  }) => {
    const context = await browser.newContext({ baseURL: site.url, javaScriptEnabled });
    watched(context);
    const page = await context.newPage();
    await signIn(page, site.demonstration().staff[0]);
    await openDelegation(page);
    const [first = "", second = "", third = "", ...others] = await order(page);

    await page
      .getByRole("button", { name: /^Move .* up$/ })
      .nth(2)
      .focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status")).toHaveText("Moved to place 2.");
    expect(await order(page)).toEqual([first, third, second, ...others]);

    // The page opens where they stand now: the next stops of the keyboard are theirs.
    await page.getByRole("spinbutton").nth(1).fill("3");
    await page.getByRole("spinbutton").nth(1).press("Enter");
    await expect(page.getByRole("status")).toHaveText("The order is saved.");
    expect(await order(page)).toEqual([first, second, third, ...others]);
    await context.close();
  });

test("two people at once: the second sees what the first did, and decides", async ({
  site,
  watched,
  browser,
}) => {
  const context = await browser.newContext({ baseURL: site.url });
  watched(context);
  const [one, two] = [await context.newPage(), await context.newPage()];
  await signIn(one, site.demonstration().staff[0]);
  await openDelegation(one);
  await two.goto(one.url());
  const [first = "", second = "", third = "", ...others] = await order(one);

  await one
    .getByRole("button", { name: /^Move .* up$/ })
    .nth(1)
    .click();
  await expect(one.getByRole("status")).toHaveText("Moved to place 1.");
  await two
    .getByRole("button", { name: /^Move .* up$/ })
    .nth(2)
    .click();
  await expect(two.getByRole("alert")).toContainText("Somebody changed the order");
  expect(await order(two)).toEqual([second, first, third, ...others]);
  await two.getByRole("button", { name: "Save mine all the same" }).click();
  await expect(two.getByRole("status")).toHaveText("The order is saved.");
  expect(await order(two)).toEqual([first, third, second, ...others]);
  await context.close();
});

test("a row is dragged to its place", async ({ site, watched, browser }) => {
  const context = await browser.newContext({ baseURL: site.url });
  watched(context);
  const page = await context.newPage();
  await signIn(page, site.demonstration().staff[0]);
  await openDelegation(page);
  const [first = "", second = "", third = "", ...others] = await order(page);
  await page.locator(".drag-handle").nth(2).dragTo(page.locator(".protocol tbody tr").first());
  await expect(page.getByRole("status")).toHaveText("The order is saved.");
  await page.reload();
  expect(await order(page)).toEqual([third, first, second, ...others]);
  await context.close();
});

test("an institution puts names forward in Chinese, without JavaScript, and staff take one up", async ({
  site,
  watched,
  browser,
}) => {
  const institution = await browser.newContext({
    baseURL: site.url,
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  });
  watched(institution);
  const page = await institution.newPage();
  await page.goto(`${new URL(site.demonstration().nominationLink).pathname}?lang=zh-CN`);
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await expect(page.getByText("示例江畔法学院")).toBeVisible();
  await expect(page.getByText("2人（共请推荐3人）")).toBeVisible();
  expect(await page.locator("script").count()).toBe(0);

  // A bad address first: everything typed is kept.
  await page.getByLabel("姓名（汉字或本国文字）").fill("曾提名");
  await page.getByLabel("职务").fill("讲师");
  await page.getByLabel("电子邮箱").fill("没有地址");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("alert")).toContainText("人选1，电子邮箱");
  await expect(page.getByLabel("姓名（汉字或本国文字）")).toHaveValue("曾提名");
  await page.getByLabel("电子邮箱").fill("timing.zeng@law-school.example.org");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("status").first()).toContainText("秘书处已收到您提交的人选");
  await expect(page.getByText("3人（共请推荐3人）")).toBeVisible();
  const said = await page.locator("body").innerText();
  for (const word of ["曾提名", "讲师", "高样例", "Ifeoma", "example.org"]) expect(said).not.toContain(word);
  await institution.close();

  const context = await browser.newContext({ baseURL: site.url });
  watched(context);
  const desk = await context.newPage();
  await signIn(desk, site.demonstration().staff[0]);
  await desk.goto("/staff/e/beijing-2018/nominations");
  await desk.getByRole("link", { name: "Example Riverside Law School" }).click();
  const proposed = desk.getByRole("article", { name: "曾提名" });
  await proposed.getByRole("button", { name: "Take up and draft the invitation" }).click();
  await expect(desk.getByRole("status").first()).toHaveText(
    "The name is taken up; the invitation is a draft.",
  );
  await desk.getByRole("article", { name: "曾提名" }).getByRole("link").click();
  await expect(desk.getByRole("heading", { level: 1 })).toContainText("曾提名");
  await context.close();
});
