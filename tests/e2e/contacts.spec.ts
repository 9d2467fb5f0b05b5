import { translator } from "#app/i18n/translate.ts";
import { expect, test } from "./site.ts";

/* Two cards of one person are found, merged and taken apart again, in Chinese and without JavaScript. */

const BOOK = "/staff/e/beijing-2018/contacts";

test("the contact book without JavaScript: search, merge, undo", async ({ site, watched, browser }) => {
  const t = translator("zh-CN");
  const lead = site.demonstration().staff.find(({ email }) => email.startsWith("caogao.lin"));
  const context = await browser.newContext({
    baseURL: site.url,
    locale: "zh-CN",
    javaScriptEnabled: false,
  });
  watched(context);
  const page = await context.newPage();
  await page.goto("/staff/sign-in");
  await page.locator("input[name=email]").fill(lead?.email ?? "");
  await page.locator("input[name=password]").fill(lead?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await page.goto("/staff/e/beijing-2018");
  await page.getByRole("link", { name: t("edition.rail.contacts") }).click();

  const found = async (words: string) => {
    await page.goto(BOOK);
    await page.getByLabel(t("contacts.search")).fill(words);
    await page.getByRole("button", { name: t("people.filter.apply") }).click();
    expect(page.url()).toBe(site.url + BOOK);
    return page.locator("main tbody tr");
  };
  await expect(await found("Yang Zeng")).toHaveCount(1);
  await expect(await found("曾")).toContainText(["曾样本"]);
  await expect(await found("Sampleton")).toHaveCount(0);
  await expect(await found("范文示")).toHaveCount(2);

  await page.getByRole("link", { name: t("contacts.doubles") }).click();
  await page
    .getByRole("link", { name: t("doubles.compare") })
    .first()
    .click();
  const post = page.getByRole("radio", { name: /示例大学法学院/ });
  await post.check();
  await page.getByRole("button", { name: t("merge.confirm"), exact: true }).click();
  await expect(page.getByRole("status").first()).toContainText(t("contact.done.merged"));
  const main = page.getByRole("main");
  await expect(main).toContainText("示例大学法学院（虚构）");
  await expect(main.getByRole("link", { name: "2015年北京" })).toBeVisible();
  await expect(main.getByRole("link", { name: "2017年纽约" })).toBeVisible();
  const card = page.url().split("?")[0] ?? "";
  await expect(await found("范文示")).toHaveCount(1);

  await page.goto(card);
  await page.getByRole("button", { name: t("contact.merges.undo") }).click();
  await expect(page.getByRole("status").first()).toContainText(t("contact.done.undone"));
  await expect(main.getByRole("link", { name: "2017年纽约" })).toHaveCount(0);
  await expect(await found("范文示")).toHaveCount(2);

  // They were two people after all.
  await page.goto(`${BOOK}/doubles`);
  await page
    .getByRole("button", { name: t("doubles.dismiss") })
    .first()
    .click();
  await expect(page.getByRole("status").first()).toContainText(t("doubles.done.dismissed"));
  await expect(main.getByRole("link", { name: t("doubles.compare") })).toHaveCount(0);
  await context.close();
});
