import type { Browser, BrowserContext, Page } from "playwright/test";
import { expect, inspect, type Site, test } from "./site.ts";

/* Who arrives when, and who is missing from the coach. */

const EDITION = "/staff/e/beijing-2018";

async function desk(
  browser: Browser,
  site: Site,
  {
    role,
    lang,
    javaScriptEnabled = true,
    width = 1280,
  }: { role: RegExp; lang: "en" | "zh-CN"; javaScriptEnabled?: boolean; width?: number },
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    baseURL: site.url,
    javaScriptEnabled,
    viewport: { width, height: 800 },
  });
  const page = await context.newPage();
  const login = site.demonstration().staff.find((one) => role.test(one.role));
  await page.goto(`/?lang=${lang}`);
  await page.goto("/staff/sign-in");
  await page.locator("input[name=email]").fill(login?.email ?? "");
  await page.locator("input[name=password]").fill(login?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);
  return { context, page };
}

test("heads are counted out and back by tapping, on a phone without JavaScript", async ({
  site,
  watched,
  browser,
}) => {
  const { context, page } = await desk(browser, site, {
    role: /^Chinese side, lead/,
    lang: "zh-CN",
    javaScriptEnabled: false,
    width: 390,
  });
  watched(context);
  await page.goto(`${EDITION}/vehicles`);
  await page.getByRole("row").filter({ hasText: "互联网法院" }).getByRole("link").first().click();
  const seats = page.locator(".manifest > li");
  const people = await seats.count();
  expect(people).toBeGreaterThan(2);
  // Whom to call is said once somebody has been counted.
  await expect(page.getByRole("heading", { name: "未到人员" })).toHaveCount(0);
  const first = seats.first().locator("button").first();
  await first.click();
  await expect(page.getByText(`上车：1/${people}`)).toBeVisible();
  await expect(seats.first().locator("button").first()).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("heading", { name: "未到人员" })).toBeVisible();
  // Nothing sticks out of a phone.
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  await page.getByRole("button", { name: "全部已上车" }).click();
  await expect(page.getByText(`上车：${people}/${people}`)).toBeVisible();
  await expect(page.getByText("全部到齐。")).toBeVisible();
  // Somebody was counted by mistake; the way back is counted for those who went.
  await seats.last().locator("button").first().click();
  await expect(page.getByText(`上车：${people - 1}/${people}`)).toBeVisible();
  await expect(page.getByText(`返程：0/${people - 1}`)).toBeVisible();
  await context.close();
});

test("a car that misses a late flight is moved, another is called off and put back", async ({
  site,
  watched,
  browser,
}) => {
  const { context, page } = await desk(browser, site, { role: /^Chinese side, lead/, lang: "en" });
  watched(context);
  const trips = () => page.getByRole("row");
  await page.goto(`${EDITION}/vehicles`);
  // Beside every page: the demonstration has one car that does not meet its flight.
  await expect(page.locator(".rail").getByText("1 car does not fit")).toBeVisible();
  await trips().filter({ hasText: "will not make this car" }).getByRole("link").first().click();
  await expect(page.getByText("D'Sample").first()).toBeVisible();
  await page.getByRole("button", { name: /^Move the car to/ }).click();
  await expect(page.getByText(/^The car leaves at/)).toBeVisible();
  await expect(page.getByText("the driver was told", { exact: false })).toBeVisible();
  await inspect(page);
  await page.getByRole("button", { name: "The driver has been told" }).click();
  await expect(page.getByText("the driver was told", { exact: false })).toHaveCount(0);
  await expect(page.locator(".rail").getByText("does not fit", { exact: false })).toHaveCount(0);

  await page.getByText("Change the trip").click();
  await page.getByRole("button", { name: "Call the trip off" }).click();
  await expect(page.getByText(/^Called off by .+,/)).toBeVisible();
  await inspect(page);
  const off = page.url();

  // Two colleagues have the cars that are proposed before them; one confirms the first.
  const colleague = await desk(browser, site, {
    role: /^Chinese side, lead/,
    lang: "en",
    javaScriptEnabled: false,
  });
  const pickUps = `${EDITION}/vehicles/pickups`;
  await page.goto(pickUps);
  await colleague.page.goto(pickUps);
  const groups = page.locator("main section.panel").filter({ has: page.locator("input[name$='.people']") });
  const proposed = await groups.count();
  expect(proposed).toBeGreaterThan(1);
  const signs = await page
    .locator("textarea[name$='.sign']")
    .evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value));
  const takes = colleague.page.locator("input[name$='.take']");
  for (let n = 1; n < proposed; n += 1) await takes.nth(n).uncheck();
  await colleague.page.getByRole("button", { name: "Plan the ticked cars" }).click();
  await expect(colleague.page.locator("textarea[name$='.sign']")).toHaveCount(proposed - 1);
  await colleague.context.close();
  await page.getByRole("button", { name: "Plan the ticked cars" }).click();
  await expect(page.locator("textarea[name$='.sign']")).toHaveCount(proposed - 1);
  expect(
    await page
      .locator("textarea[name$='.sign']")
      .evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value)),
  ).toEqual(signs.slice(1));

  // Those who were in it and have another car by now stay there.
  await page.goto(off);
  await page.getByRole("button", { name: "Put it back" }).click();
  await expect(page.getByText(/^It goes after all\./)).toBeVisible();
  await context.close();
});

test("a late flight is corrected with the keyboard, and shows on the boards of both sides", async ({
  site,
  watched,
  browser,
}) => {
  const own = await desk(browser, site, { role: /^U\.S\. side, lead/, lang: "en" });
  watched(own.context);
  const { page } = own;
  await page.goto(`${EDITION}/travel`);
  await expect(page.locator("svg.travel-chart").first()).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "Specimen" });
  await expect(row).toContainText("18:20");
  await row
    .getByRole("link", { name: /Specimen/ })
    .first()
    .click();
  const there = page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "There", exact: true }) });
  await there.locator("summary").press("Enter");
  await there.getByLabel("Arrives at").first().fill("22:45");
  await there.getByLabel("How we were told").selectOption("phone");
  await there.getByRole("button", { name: "Save what we were told" }).press("Enter");
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(there).toContainText("Told by the traveller");
  await inspect(page);
  await page.goto(`${EDITION}/travel`);
  await expect(row).toContainText("22:45");
  await expect(row).toContainText("by staff");
  await own.context.close();

  const host = await desk(browser, site, { role: /^Chinese side, lead/, lang: "zh-CN" });
  watched(host.context);
  await host.page.goto(`${EDITION}/travel`);
  const released = host.page.getByRole("row").filter({ hasText: "Specimen" });
  await expect(released).toContainText("22:45");
  await expect(released).toContainText("由另一方提供");
  await inspect(host.page);
  // Her car waits for others, too: she is taken off it, and it fits again.
  await host.page.goto(`${EDITION}/vehicles`);
  await host.page
    .getByRole("row")
    .filter({ hasText: "赶不上此车" })
    .first()
    .getByRole("link")
    .first()
    .click();
  await host.page
    .getByRole("button", { name: /^将.*Specimen移出名单$/ })
    .first()
    .click();
  await expect(host.page.locator(".manifest > li").filter({ hasText: "Specimen" })).toHaveCount(0);
  await expect(host.page.getByText("此车与乘车人员的航班", { exact: false })).toHaveCount(0);
  await host.context.close();
});
