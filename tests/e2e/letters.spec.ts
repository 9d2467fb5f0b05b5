import { readFileSync } from "node:fs";
import type { Page } from "playwright/test";
import { extractText, getDocumentProxy } from "unpdf";
import { translator } from "#app/i18n/translate.ts";
import { expect, inspect, openWithCode, test } from "./site.ts";

/*
 * A letter from the desk to whoever receives it: staff enter a passport and issue, the invited person takes the file,
 * a reader without any login asks about its code; a new passport makes the next version, and the old code says so.
 */
test("a visa letter is issued, taken, confirmed, and replaced when the passport changes", async ({
  site,
  watched,
  browser,
}) => {
  const t = translator("en");
  const open = async (javaScriptEnabled: boolean) => {
    const context = await browser.newContext({
      baseURL: site.url,
      viewport: { width: 390, height: 844 },
      javaScriptEnabled,
    });
    watched(context);
    return context;
  };
  const { staff, delegateLink, delegateAddress } = site.demonstration();
  const desk = await open(true);
  const page = await desk.newPage();
  await page.goto("/staff/sign-in?lang=en");
  await page.getByLabel(t("session.email")).fill(staff[0]?.email ?? "");
  await page.getByLabel(t("session.password")).fill(staff[0]?.password ?? "");
  await page.getByRole("button", { name: t("session.signIn") }).click();
  await expect(page).toHaveURL(/\/staff$/);
  await page.goto("/staff/e/beijing-2018/people");
  await page.getByRole("link", { name: "Placeholder-Rao" }).first().click();
  await page.getByRole("link", { name: t("person.tab.letters") }).click();

  const visa = page.getByRole("article", {
    name: `${t("letterKind.visa_letter")} · ${t("letterLocale.en")}`,
  });
  await expect(visa).toContainText(t("letterFact.passportNumber"));
  await expect(visa.getByRole("button")).toHaveCount(0);
  await fillPassport(page, "X00000021");
  await expect(page.getByRole("status").first()).toHaveText(t("passport.saved"));
  await expect(page.locator("body")).not.toContainText("X00000021");
  await visa.getByRole("button", { name: t("letters.issue") }).click();
  await expect(visa).toContainText(t("letters.issued"));
  await inspect(page);

  const delegate = await (await open(false)).newPage();
  const path = `${new URL(delegateLink).pathname}/letters`;
  await openWithCode(delegate, { desk, path, address: delegateAddress });
  const first = await takeLetter(delegate);
  expect(first.name).toBe("letter.pdf");
  expect(first.text).toContain("PLACEHOLDERRAO, PRIYA");
  expect(first.text).toContain("X00000021");

  const reader = await (await open(false)).newPage();
  const confirm = async (code: string) => {
    await reader.goto("/verify?lang=en");
    await reader.getByRole("textbox", { name: t("verify.code") }).fill(code);
    await reader.getByRole("button", { name: t("verify.check") }).click();
    return reader.locator(".notice").innerText();
  };
  const genuine = t("verify.genuine", { date: "October 29, 2018" });
  expect(await confirm(first.code)).toBe(genuine);
  await expect(reader.locator("body")).not.toContainText(/Rao|Riverbend|08-0|X000/);

  // To correct one thing of it, it is shown for a reason; then it is masked again.
  const passport = page.getByRole("region", { name: t("passport.title") });
  await passport.getByText(t("passport.reveal"), { exact: true }).first().click();
  await passport.getByLabel(t("passport.reason")).selectOption("correction");
  await passport.getByLabel(t("passport.password")).fill(staff[0]?.password ?? "");
  await passport.getByRole("button", { name: t("passport.reveal") }).click();
  await expect(page.getByLabel(t("passport.number"))).toHaveValue("X00000021");
  await page.getByLabel(t("passport.number")).fill("X00000022");
  await page.getByRole("button", { name: t("passport.save"), exact: true }).click();
  await expect(visa).toContainText(t("letters.changed", { facts: t("letterFact.passportNumber") }));
  expect(await confirm(first.code)).toBe(genuine);
  await visa.getByRole("button", { name: t("letters.issueAgain") }).click();
  await expect(visa).toContainText("version 2");

  expect(await confirm(first.code)).toBe(t("verify.void"));
  await delegate.reload();
  const second = await takeLetter(delegate);
  expect(second.text).toContain("X00000022");
  expect(second.text).toContain("version 2");
  expect(second.code).not.toBe(first.code);
  expect(await confirm(second.code.toLowerCase().replaceAll("-", " "))).toBe(genuine);
  await reader.goto("/verify?lang=zh-CN");
  await reader.getByRole("textbox", { name: "核验码" }).fill(second.code);
  await reader.getByRole("button", { name: "核验" }).click();
  await expect(reader.locator(".notice")).toHaveText("此函属实，于2018年10月29日签发。");

  await page.goto("/staff/e/beijing-2018/audit");
  await expect(page.locator("main")).not.toContainText(/X0000002/);
});

/** A passport of a state that does not exist. */
async function fillPassport(page: Page, number: string): Promise<void> {
  const t = translator("en");
  await page.getByLabel(t("passport.state.known")).check();
  for (const [field, value] of [
    ["familyName", "PLACEHOLDERRAO"],
    ["givenNames", "PRIYA"],
    ["birthDate", "1979-02-03"],
    ["birthPlace", "UTOPIA CITY"],
    ["number", number],
    ["expiresOn", "2027-01-31"],
    ["nationalityEn", "Utopian"],
    ["applyAtEn", "New York"],
  ] as const)
    await page.getByLabel(t(`passport.${field}`)).fill(value);
  await page.getByLabel(t("passport.gender")).selectOption("F");
  await page.getByRole("button", { name: t("passport.save"), exact: true }).click();
}

/** The one letter on the invited person's page, as it is on their disk. */
async function takeLetter(page: Page): Promise<{ name: string; text: string; code: string }> {
  const button = page.getByRole("button", { name: translator("en")("letters.download") });
  await expect(button).toHaveCount(1);
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const pdf = await getDocumentProxy(new Uint8Array(readFileSync(await file.path())));
  const { text } = await extractText(pdf, { mergePages: true });
  const flat = text.replaceAll(/\s+/g, " ");
  return { name: file.suggestedFilename(), text: flat, code: /(?:\w{4}-){4}\w\b/.exec(flat)?.[0] ?? "" };
}
