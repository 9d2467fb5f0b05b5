import type { Browser, BrowserContext } from "playwright/test";
import { translator } from "#app/i18n/translate.ts";
import { openDatabase } from "#db/client.server.ts";
import type { Locale } from "#db/vocabulary.ts";
import { expect, inspect, test, typeMailedCode } from "./site.ts";

/*
 * Links in real browsers, once in English and once in Chinese without JavaScript: a scanner opens them, somebody else
 * gets one forwarded, the owner types codes and names an assistant, staff help by phone, and a stranger says so.
 */

type Story = { locale: Locale; javaScript: boolean; delegate: string; lead: string; assistant: string };

const STORIES: ReadonlyArray<Story> = [
  {
    locale: "en",
    javaScript: true,
    delegate: "samuel.testcase@us-delegation.example",
    lead: "grace.mockup@us-delegation.example",
    assistant: "office@us-delegation.example",
  },
  {
    locale: "zh-CN",
    javaScript: false,
    delegate: "ceshi.zha@cn-delegation.example",
    lead: "caogao.lin@cn-delegation.example",
    assistant: "office@cn-delegation.example",
  },
];

for (const { locale, javaScript, delegate, lead, assistant } of STORIES) {
  const how = javaScript ? "in English" : "in Chinese, without JavaScript";
  test(`a link, who has it and what it opens, ${how}`, async ({ site, watched, browser }) => {
    test.setTimeout(120_000);
    const t = translator(locale);
    const look = javaScript ? inspect : async () => {};
    const open = async (of: Browser = browser) => {
      const context = await of.newContext({
        baseURL: site.url,
        viewport: { width: 390, height: 844 },
        locale,
        javaScriptEnabled: javaScript,
      });
      watched(context);
      return context;
    };
    const desk = await open();
    const link = await linkTo(site.databaseFile, delegate);

    // A scanner runs what pages bring, follows all that they link to, and presses nothing.
    const mailed = await linksMailed(site.databaseFile);
    const before = everything(site.databaseFile);
    const seen = await scan(await open(), [link, ...mailed]);
    for (const below of ["/registration", "/not-me"]) expect(seen).toContain(link + below);
    expect(seen.filter((path) => path.startsWith("/n/"))).not.toEqual([]);
    expect(everything(site.databaseFile)).toBe(before);

    // Somebody to whom it was forwarded may reply, and comes no further.
    const forwarded = await (await open()).newPage();
    await forwarded.goto(link);
    await forwarded.getByLabel(t("answer.accepted"), { exact: true }).check();
    await forwarded.getByRole("button", { name: t("answer.send") }).click();
    await forwarded.getByRole("link", { name: t("answer.register"), exact: true }).click();
    await expect(forwarded.getByRole("heading", { name: t("code.title") })).toBeVisible();
    await expect(forwarded.locator("body")).not.toContainText(delegate);
    await forwarded.getByLabel(t("code.code")).fill("123456");
    await forwarded.getByRole("button", { name: t("code.type") }).click();
    await expect(forwarded.getByRole("alert").first()).toContainText(t("code.wrong"));
    await look(forwarded);

    // The owner has the mailbox.
    const own = await (await open()).newPage();
    await own.goto(`${link}/registration`);
    await typeMailedCode(own, { desk, address: delegate });
    await expect(own.locator("input[name=email]")).toHaveValue(delegate);
    await own.getByRole("link", { name: t("assistant.toPage") }).click();
    await own.getByLabel(t("assistant.name")).fill("Office 办公室");
    await own.getByLabel(t("assistant.email")).fill(assistant);
    await own.getByRole("button", { name: t("assistant.send") }).click();
    await expect(own.getByRole("alert")).toContainText(t("assistant.sections"));
    await look(own);
    await own.getByLabel(t("section.travel"), { exact: true }).check();
    await own.getByRole("button", { name: t("assistant.send") }).click();
    await expect(own.getByText(t("assistant.named"))).toBeVisible();
    await look(own);

    // The assistant sees what was ticked, in a browser of their own.
    const office = await (await open()).newPage();
    const officeLink = await linkTo(site.databaseFile, assistant);
    expect(officeLink).not.toBe(link);
    await office.goto(officeLink);
    await expect(office.getByText(t("assistant.youMayNotReply"))).toBeVisible();
    await expect(office.getByRole("button", { name: t("answer.send") })).toHaveCount(0);
    await office.goto(`${officeLink}/registration`);
    await typeMailedCode(office, { desk, address: assistant });
    await expect(office.getByRole("heading", { level: 2 })).toHaveText([
      t("step.whole"),
      t("section.travel"),
    ]);
    await office.getByLabel(t("register.arrivalNumber")).fill("ZZ404");
    await office.getByRole("button", { name: t("register.save"), exact: true }).click();
    await expect(office.getByLabel(t("register.arrivalNumber"))).toHaveValue("ZZ404");
    await look(office);
    await own.goto(`${link}/registration`);
    await expect(own.getByLabel(t("register.arrivalNumber"))).toHaveValue("ZZ404");
    await expect(own.locator("input[name=email]")).toHaveValue(delegate);

    // Staff see who may look, tell a code by phone, and take a browser away.
    const password = site.demonstration().staff.find((one) => one.email === lead)?.password ?? "";
    const staff = await desk.newPage();
    await staff.goto("/staff");
    await staff.getByLabel(t("session.email")).fill(lead);
    await staff.getByLabel(t("session.password")).fill(password);
    await staff.getByRole("button", { name: t("session.signIn") }).click();
    await expect(staff).toHaveURL(/\/staff$/);
    await staff.goto(await accessPath(site.databaseFile, delegate));
    await expect(staff.getByRole("main")).toContainText("Office 办公室");
    await expect(staff.locator(".access-list").first().getByRole("listitem")).toHaveCount(2);
    await staff.getByLabel(t("access.password")).fill(`not ${password}`);
    await staff.getByRole("button", { name: t("access.codeShow") }).click();
    await expect(staff.getByRole("alert").first()).toContainText(t("account.passwordWrong"));
    await staff.getByLabel(t("access.password")).fill(password);
    await staff.getByRole("button", { name: t("access.codeShow") }).click();
    const told = (await staff.locator(".told-code").textContent()) ?? "";
    await look(staff);
    await forwarded.goto(`${link}/registration`);
    await forwarded.getByLabel(t("code.code")).fill(/\d{6}/.exec(told)?.[0] ?? "");
    await forwarded.getByRole("button", { name: t("code.type") }).click();
    await expect(forwarded.locator("input[name=email]")).toHaveValue(delegate);
    await staff.reload();
    await staff.goto(await accessPath(site.databaseFile, delegate));
    await expect(staff.locator(".told-code")).toHaveCount(0);

    // The owner finds the browser that is not theirs, and removes it.
    await own.goto(`${link}/devices`);
    await own
      .getByRole("button", { name: t("devices.remove") })
      .last()
      .click();
    await expect(own.getByText(t("devices.removed"))).toBeVisible();
    await forwarded.goto(`${link}/registration`);
    await expect(forwarded.getByRole("heading", { name: t("code.title") })).toBeVisible();

    // The assistant's mail reached the wrong office.
    await office.goto(officeLink);
    await office.getByRole("link", { name: t("notMe.link") }).click();
    await office.getByRole("button", { name: t("notMe.say") }).click();
    await expect(office.getByRole("heading", { name: t("notMe.thanksTitle") })).toBeVisible();
    expect((await office.goto(officeLink))?.status()).toBe(404);
    await own.goto(`${link}/assistant`);
    await expect(own.getByText(t("assistant.none"))).toBeVisible();
  });
}

/** The link in the newest mail to an address that brings one, as its reader finds it. */
async function linkTo(databaseFile: string, address: string): Promise<string> {
  const newest = () => {
    const db = openDatabase(databaseFile);
    try {
      return db.sqlite
        .prepare<[string], string>("select text from mailbox_mail where to_address = ? order by at desc")
        .pluck()
        .all(address)
        .map((text) => /\/i\/[\w-]{22}/.exec(text)?.[0])
        .find((link) => link !== undefined);
    } finally {
      db.close();
    }
  };
  await expect.poll(newest, { timeout: 20_000 }).toBeDefined();
  return newest() ?? "";
}

/** The links of one mail of each kind to each kind of recipient, once all mails are out. */
async function linksMailed(databaseFile: string): Promise<Array<string>> {
  const db = openDatabase(databaseFile);
  const first = (sql: string) => db.sqlite.prepare<[], string>(sql).pluck().all();
  try {
    await expect
      .poll(() => first("select id from delivery where state in ('queued', 'sending')"), { timeout: 60_000 })
      .toEqual([]);
    return first(
      `select max(m.text) from mailbox_mail m join delivery d on d.id = m.delivery_id group by d.kind, d.recipient_kind`,
    ).flatMap((text) => (text.match(/https?:\/\/[^\s<>)]+/g) ?? []).map((link) => new URL(link).pathname));
  } finally {
    db.close();
  }
}

/**
 * Opens these paths and all that pages behind them link to, with whatever the pages run, and presses nothing. Of pages that
 * differ in whose they are alone it follows the first link.
 *
 * @returns every path that was opened.
 */
async function scan(scanner: BrowserContext, start: ReadonlyArray<string>): Promise<Array<string>> {
  const page = await scanner.newPage();
  const opened = new Set<string>();
  const known = new Set<string>();
  const waiting = start.toReversed();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (opened.has(path)) continue;
    opened.add(path);
    // A calendar is a file and no page: the browser takes it away instead of showing it.
    const shown = await page.goto(path).catch(() => null);
    if (shown === null) {
      await scanner.request.get(path);
      continue;
    }
    const links = await page
      .locator("a[href], link[rel=alternate][href]")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
    for (const href of links) {
      const { origin, pathname, search } = new URL(href, page.url());
      const kind = (pathname + search).replace(/(?<=\/|%2F)[\w-]{20,22}(?=\/|%2F|\?|$)/g, "…");
      if (origin !== new URL(page.url()).origin || known.has(kind)) continue;
      known.add(kind);
      waiting.push(pathname + search);
    }
  }
  await page.close();
  return [...opened];
}

async function accessPath(databaseFile: string, address: string): Promise<string> {
  const db = openDatabase(databaseFile);
  try {
    const id = db.sqlite
      .prepare("select i.id from invitation i join person p on p.id = i.person_id where p.email = ?")
      .pluck()
      .get(address);
    return `/staff/e/beijing-2018/people/${String(id)}/access`;
  } finally {
    db.close();
  }
}

/** All that is stored; what the mail worker does meanwhile is waited for. */
function everything(databaseFile: string): string {
  const db = openDatabase(databaseFile);
  try {
    const tables = db.sqlite
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .pluck()
      .all();
    return JSON.stringify(tables.map((name) => [name, db.sqlite.prepare(`select * from "${name}"`).all()]));
  } finally {
    db.close();
  }
}
