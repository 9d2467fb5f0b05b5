import type { Page } from "playwright/test";
import { expect, openWithCode, test } from "./site.ts";

/* A form that staff shape on screen, and somebody who fills it in by following only the page. */

const FORM = "/staff/e/beijing-2018/form";

async function signIn(page: Page, login: { email: string; password: string } | undefined): Promise<void> {
  await page.goto("/staff/sign-in?lang=en");
  await page.locator("input[name=email]").fill(login?.email ?? "");
  await page.locator("input[name=password]").fill(login?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);
}

async function addQuestion(
  page: Page,
  {
    to,
    type,
    en,
    zh,
    fill = async () => {},
  }: {
    to: string;
    type: string;
    en: string;
    zh: string;
    fill?: () => Promise<unknown>;
  },
): Promise<void> {
  await page.getByRole("link", { name: `Add a question: ${to}` }).click();
  await page.getByRole("radio", { name: type, exact: true }).check();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabel("Wording in English").fill(en);
  await page.getByLabel("Wording in Chinese").fill(zh);
  await fill();
  await page.getByRole("button", { name: "Save in the draft" }).click();
  await expect(page.getByRole("status").first()).toHaveText("The question is saved in the draft.");
}

test("a form is shaped without JavaScript, and filled in, in Chinese, on a phone, by following the page", async ({
  site,
  watched,
  browser,
}) => {
  test.setTimeout(90_000);
  const desk = await browser.newContext({ baseURL: site.url, javaScriptEnabled: false });
  watched(desk);
  const page = await desk.newPage();
  const { staff, delegateLink, delegateAddress } = site.demonstration();
  await signIn(page, staff[0]);
  await page.goto(FORM);
  await page.getByRole("link", { name: "Add a section" }).click();
  await page.getByLabel("Title in English").fill("Stay");
  await page.getByLabel("Title in Chinese").fill("住宿");
  await page.getByRole("button", { name: "Save in the draft" }).click();
  await addQuestion(page, { to: "Stay", type: "Country", en: "Where do you come from?", zh: "您来自哪里？" });
  await addQuestion(page, {
    to: "Stay",
    type: "One line of text",
    en: "Residence permit",
    zh: "居留证件号码",
    fill: async () => {
      await page.getByLabel("An answer is required").check();
      await page.getByLabel("How closely the answer is kept").selectOption("C5");
      await page.locator("select[name='terms[0].field']").selectOption({ label: "Where do you come from?" });
      await page.locator("select[name='terms[0].test']").selectOption("isNot");
      await page.locator("select[name='terms[0].value']").selectOption("CN");
      await page.locator("select[name='terms[1].field']").selectOption({ label: "Where do you come from?" });
      await page.locator("select[name='terms[1].test']").selectOption("answered");
    },
  });
  await addQuestion(page, { to: "Stay", type: "Rows, such as companions", en: "Child", zh: "随行儿童" });
  await addQuestion(page, { to: "Child", type: "One line of text", en: "Its name", zh: "姓名" });
  await addQuestion(page, {
    to: "Consents",
    type: "Consent, its own box",
    en: "The hotel may have my residence permit.",
    zh: "同意向酒店提供居留证件号码。",
  });
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("status").first()).toHaveText(/^Published\./);

  const phone = await browser.newContext({
    baseURL: site.url,
    javaScriptEnabled: false,
    viewport: { width: 390, height: 800 },
  });
  watched(phone);
  const delegate = await phone.newPage();
  const path = `${new URL(delegateLink).pathname}/registration`;
  await delegate.goto(`${path}?lang=zh-CN`);
  await delegate.goto("/?lang=zh-CN");
  await openWithCode(delegate, { desk, path, address: delegateAddress });
  await delegate.getByLabel("您来自哪里？").selectOption("FR");
  await delegate.locator(".group-row", { hasText: "随行儿童" }).getByLabel("姓名").fill("示例·小朋友");
  await delegate
    .getByRole("button", { name: /保存|核对|提交/ })
    .first()
    .click();
  // What follows from the answer is asked now, and nothing typed is gone.
  await expect(delegate.getByRole("textbox", { name: "居留证件号码" })).toBeVisible();
  await expect(delegate.getByLabel("您来自哪里？")).toHaveValue("FR");
  await expect(delegate.locator("input[value='示例·小朋友']")).toHaveCount(1);
  await delegate.getByRole("textbox", { name: "居留证件号码" }).fill("FR-99-SEALED-123");
  await delegate.getByLabel("同意向酒店提供居留证件号码。").check();
  await delegate
    .getByRole("button", { name: /保存|提交/ })
    .first()
    .click();
  await delegate.goto(path);
  await expect(delegate.getByText("已保存（末三位为123）")).toBeVisible();
  expect(await delegate.content()).not.toContain("FR-99-SEALED");
  await phone.close();
  await desk.close();
});
