import { translator } from "#app/i18n/translate.ts";
import { expect, inspect, test } from "./site.ts";

const EDITION = "/staff/e/beijing-2018";
const WHO = "margaret.placeholder@us-delegation.example";

/** A list with a title above its headings, one of which nobody knows. */
const list = (unknown: string) =>
  `Our people\r\n\r\nE-mail,${unknown},Phone\r\n${WHO},Chief Judge,+1 202 555 0147\r\nnobody(at)example,Clerk,\r\n`;

// What a heading means is remembered: each has one of its own.
for (const { locale, javaScript, unknown } of [
  { locale: "en", javaScript: true, unknown: "Dienstposten" },
  { locale: "zh-CN", javaScript: false, unknown: "Funktion im Hause" },
] as const)
  test(`a list changes somebody who is there, and is taken back (${locale}, ${javaScript ? "with" : "without"} JavaScript)`, async ({
    site,
    watched,
    browser,
  }) => {
    const t = translator(locale);
    const context = await browser.newContext({
      baseURL: site.url,
      locale,
      javaScriptEnabled: javaScript,
      viewport: javaScript ? { width: 1280, height: 900 } : { width: 390, height: 844 },
    });
    watched(context);
    const look = javaScript ? inspect : async () => {};
    const page = await context.newPage();
    const lead = site.demonstration().staff.find(({ role }) => /^U\.S\. side, lead/.test(role));
    // The switch of the page counts for all that follow.
    await page.goto(`/?lang=${locale}`);
    await page.goto("/staff/sign-in");
    await page.locator("input[name=email]").fill(lead?.email ?? "");
    await page.locator("input[name=password]").fill(lead?.password ?? "");
    await page.locator("main button[type=submit]").click();
    await expect(page).toHaveURL(/\/staff$/);

    await page.goto(`${EDITION}/import`);
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(list(unknown)) });
    await page.getByRole("button", { name: t("import.preview") }).click();

    // What it does not know it asks about.
    await expect(page.getByRole("heading", { name: t("import.columnsTitle") })).toBeVisible();
    await look(page);
    await page
      .getByLabel(t("import.columnIs", { heading: unknown }))
      .selectOption({ label: t("import.kind.positionEn") });
    await page.getByRole("button", { name: t("import.toRows") }).click();

    await expect(page.getByRole("heading", { name: t("import.previewTitle") })).toBeVisible();
    await look(page);
    await expect(page.getByRole("main")).toContainText("nobody(at)example");
    const change = (kind: "positionEn" | "phone") =>
      page.getByRole("listitem").filter({ hasText: t(`import.kind.${kind}`) });
    await expect(change("positionEn").locator("ins")).toHaveText("Chief Judge");
    const before = await change("positionEn").locator("del").innerText();
    await change("phone").getByRole("checkbox").uncheck();
    await page.getByRole("button", { name: t("import.confirm") }).click();

    await expect(page.getByText(t("import.done", { count: 1 }))).toBeVisible();
    await look(page);
    await expect(page.getByRole("main").getByRole("cell", { name: "Chief Judge" })).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("555 0147");
    await page
      .getByRole("main")
      .getByRole("link", { name: /Margaret/ })
      .click();
    await expect(page.locator("main")).toContainText("Chief Judge");

    await page.goBack();
    await page.getByRole("button", { name: t("import.undo") }).click();
    await expect(page.getByText(t("import.undone"))).toBeVisible();
    await look(page);

    // The file is still there, its columns are known, and the row says what it said.
    await page.getByRole("main").locator("a[href$='/rows']").first().click();
    await expect(change("positionEn").locator("del")).toHaveText(before);
    await context.close();
  });

test("flights, rooms and answers of a list are looked at entry by entry, and taken back", async ({
  site,
  watched,
  browser,
}) => {
  const t = translator("en");
  const context = await browser.newContext({
    baseURL: site.url,
    locale: "en",
    viewport: { width: 1280, height: 900 },
  });
  watched(context);
  const page = await context.newPage();
  const lead = site.demonstration().staff.find(({ role }) => /^U\.S\. side, lead/.test(role));
  await page.goto("/?lang=en");
  await page.goto("/staff/sign-in");
  await page.locator("input[name=email]").fill(lead?.email ?? "");
  await page.locator("input[name=password]").fill(lead?.password ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/staff$/);
  await page.goto(`${EDITION}/import`);
  await page.locator("input[type=file]").setInputFiles("tests/fixtures/journeys-us.csv");
  await page.getByRole("button", { name: t("import.preview") }).click();
  // A column that nobody imports is asked about once.
  await expect(page.getByLabel(t("import.columnIs", { heading: "护照号码" }))).toHaveValue("");
  await inspect(page);
  await page.getByRole("button", { name: t("import.toRows") }).click();
  await expect(page.getByText(t("import.note.passport", { column: "护照号码" }))).toBeVisible();
  await inspect(page);
  const entry = (text: string) => page.getByRole("listitem").filter({ hasText: text });
  await expect(entry("ZZ888").getByRole("checkbox")).not.toBeChecked();
  await expect(entry("ZZ888")).toContainText(t("import.conflict"));
  await expect(entry("ZZ 982").getByRole("checkbox")).toBeChecked();
  await expect(entry("Sample Hotel Beijing, King")).toContainText("4 nights");
  await expect(entry("ZZ 5 波士顿 → 纽瓦克").getByRole("checkbox")).toBeChecked();
  const wish = entry(t("import.entry.wish:shareWith")).filter({ hasText: "Priya" });
  await expect(wish.getByRole("checkbox")).toBeChecked();
  await expect(page.getByRole("main")).not.toContainText("E0000001");
  await page.getByRole("button", { name: t("import.confirm") }).click();
  await expect(page.getByRole("cell", { name: "ZZ 982" })).toBeVisible();
  await inspect(page);
  await page.getByRole("button", { name: t("import.undo") }).click();
  await expect(page.getByText(t("import.undone"))).toBeVisible();
  await context.close();
});
