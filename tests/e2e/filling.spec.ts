import { expect, openWithCode, test } from "./site.ts";

/* The form on a small phone, in Chinese, without JavaScript: by somebody who follows the page and nothing else. */

test("the form is filled in a section at a time, looked over, sent, and answered with a receipt", async ({
  site,
  watched,
  browser,
}) => {
  test.setTimeout(120_000);
  const { delegateLink, delegateAddress } = site.demonstration();
  const link = new URL(delegateLink).pathname;
  const context = await browser.newContext({
    baseURL: site.url,
    viewport: { width: 390, height: 800 },
    javaScriptEnabled: false,
    locale: "zh-CN",
  });
  watched(context);
  const desk = await browser.newContext({ baseURL: site.url });
  const page = await context.newPage();
  await page.goto(`${link}?lang=zh-CN`);
  await page.goto(`/?lang=zh-CN`);
  await openWithCode(page, { desk, path: `${link}/registration`, address: delegateAddress });
  await page.getByRole("link", { name: "开始填写" }).click();

  const fill = async (name: string, text: string) => {
    const field = page.locator(`[name="${name}"]`);
    if ((await field.count()) > 0 && (await field.first().inputValue()) === "")
      await field.first().fill(text);
  };
  const choose = async (name: string, value: string) => {
    const box = page.locator(`input[name="${name}"][value="${value}"]`);
    if ((await box.count()) > 0) await box.check();
  };
  const seen: Array<string> = [];
  while (/\/registration\/(?!review)[a-z0-9]+$/.test(page.url())) {
    const section = page.url().split("/").at(-1) ?? "";
    expect(seen, "no step twice").not.toContain(section);
    seen.push(section);
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
    await expect(page.locator("main")).not.toContainText(/Save and|please check|Step \d/);
    await fill("nameLatin", "Samuel Testcase");
    await fill("familyLatin", "Testcase");
    await fill("honorificZh", "教授");
    await fill("positionZh", "教授");
    await fill("institutionZh", "示例大学");
    await fill("mobile", "+1 212 555 0143");
    await choose("mailLocale", "zh-CN");
    await choose("diets", "none");
    await choose("workingLanguages", "chinese");
    await choose("needsInterpretation", "no");
    await choose("arrivalBy", "not_booked");
    await choose("departureBy", "not_booked");
    await choose("consent_notice", "on");
    await choose("consent_sensitive_data", "on");
    await page.locator("button[name=intent][value=next]").click();
    if (page.url().endsWith(`/${section}`)) {
      await expect(page.getByRole("alert")).toBeVisible();
      await page.getByRole("link", { name: "暂不填写，继续下一步" }).click();
    }
  }
  expect(seen.length).toBeGreaterThan(7);
  await expect(page).toHaveURL(/\/registration\/review$/);
  await page.getByRole("button", { name: "提交注册信息" }).click();
  await page.getByRole("link", { name: "查看或打印回执" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("收件回执");
  await context.close();
  await desk.close();
});
