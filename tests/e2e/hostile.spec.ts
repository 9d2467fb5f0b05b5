import { join } from "node:path";
import { ROOT } from "#tests/support/server.ts";
import { expect, test } from "./site.ts";

const EDITION = "/staff/e/beijing-2018";
/** Names of the hostile list that its import takes as they are. */
const NAME = "<script>alert(1)</script>";

test("a hostile list of people runs nothing and loads nothing, in any page that shows them", async ({
  site,
  watched,
  browser,
}) => {
  const context = await browser.newContext({ baseURL: site.url });
  // Refused scripts, failed hydrations and requests elsewhere are complaints; so is every box that a script opens.
  watched(context);
  const boxes: Array<string> = [];
  context.on("dialog", (dialog) => {
    boxes.push(dialog.message());
    void dialog.dismiss();
  });
  const page = await context.newPage();
  const [lead] = site.demonstration().staff;
  await page.goto("/staff/sign-in");
  await page.locator("input[name=email]").fill(lead?.email ?? "");
  await page.locator("input[name=password]").fill(lead?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);

  await page.goto(`${EDITION}/import`);
  await page.locator("input[type=file]").setInputFiles(join(ROOT, "tests/fixtures/invitees-hostile.csv"));
  await page.locator("main form button[type=submit]").first().click();
  await expect(page.getByText(NAME).first()).toBeVisible();
  await page.locator("main button[type=submit]").last().click();
  await expect(page).toHaveURL(/\/imports\/[\w-]{20}\?done$/);
  await page.goto(`${EDITION}/people`);

  // A search draws its list in the browser, from data.
  await page.locator("input[name=search]").fill("script");
  await page.locator("input[name=search]").press("Enter");
  const found = page.locator("main table a", { hasText: NAME }).first();
  await expect(found).toBeVisible();
  const person = (await found.getAttribute("href")) ?? "";
  for (const path of [
    person,
    `${EDITION}/people`,
    `${EDITION}/invitation?person=${person.split("/").at(-1)}`,
  ]) {
    await page.goto(path);
    await expect(page.locator("main")).toContainText("alert(1)");
  }
  await page.goto(person);
  await page.locator("main form button[type=submit]").first().click();
  await page.locator("main button[type=submit]").last().click();
  await expect(page).toHaveURL(/sent=1/);
  const mail = page.locator("main tr", { hasText: NAME }).locator("a");
  await expect(async () => {
    await page.goto("/mailbox");
    await expect(mail).toBeVisible({ timeout: 500 });
  }).toPass();
  await mail.click();
  const letter = page.frameLocator("iframe.mail-frame");
  await expect(letter.locator("body")).toContainText("alert(1)");
  expect(boxes).toEqual([]);
  await context.close();
});
