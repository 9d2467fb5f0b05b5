import type { Page } from "playwright/test";
import { LOCALES } from "#db/vocabulary.ts";
import { bringChecker, expect, inspect, inspectAtWidths, openWithCode, type Site, test } from "./site.ts";

/*
 * Every page at the widths of a desk and of a small phone, in both languages: accessible, and nothing sticks out. Each is
 * opened once in a language. English has the longer words and is read on the desk, Chinese has the smaller targets and is
 * read on the phone; whether anything sticks out is asked of both in both.
 */
const WIDTHS = { en: [1280, 320], "zh-CN": [320, 1280] } as const;

const EDITION = "/staff/e/beijing-2018";
const STAFF_PAGES = [
  "/staff",
  "/staff/account",
  "/staff/account/second-step",
  "/staff/editions/new",
  EDITION,
  `${EDITION}/tasks`,
  `${EDITION}/delegations`,
  `${EDITION}/approvals`,
  `${EDITION}/nominations`,
  `${EDITION}/invitation/reminders`,
  `${EDITION}/people`,
  `${EDITION}/people/new`,
  `${EDITION}/people/spellings`,
  `${EDITION}/import`,
  `${EDITION}/exports`,
  `${EDITION}/exports/new?purpose=own`,
  `${EDITION}/exports/new?purpose=participants`,
  `${EDITION}/contacts`,
  `${EDITION}/contacts/new`,
  `${EDITION}/contacts/doubles`,
  `${EDITION}/contacts/carry-over`,
  `${EDITION}/changes`,
  `${EDITION}/completeness`,
  `${EDITION}/completeness/chase`,
  `${EDITION}/to-be-redone`,
  `${EDITION}/data-requests`,
  `${EDITION}/form`,
  `${EDITION}/form/preview`,
  `${EDITION}/form/sections/new`,
  `${EDITION}/form/questions/new?in=post`,
  `${EDITION}/form/questions/new?in=post&type=choice`,
  `${EDITION}/invitation`,
  `${EDITION}/letters`,
  `${EDITION}/letters/letterhead`,
  `${EDITION}/letters/templates`,
  `${EDITION}/badges`,
  `${EDITION}/badges?kind=place_card&show=lacks`,
  `${EDITION}/agenda`,
  `${EDITION}/agenda/new`,
  `${EDITION}/agenda/publish`,
  `${EDITION}/agenda/board`,
  `${EDITION}/agenda/board?rooms=together`,
  `${EDITION}/agenda/clashes`,
  `${EDITION}/agenda/places`,
  `${EDITION}/agenda/versions`,
  `${EDITION}/agenda/seen`,
  `${EDITION}/agenda/notices`,
  `${EDITION}/run-of-show`,
  `${EDITION}/run-of-show/now`,
  `${EDITION}/visits`,
  `${EDITION}/travel`,
  `${EDITION}/travel?direction=departure`,
  `${EDITION}/travel/checks`,
  `${EDITION}/vehicles`,
  `${EDITION}/rooms`,
  `${EDITION}/meals`,
  `${EDITION}/access-needs`,
  `${EDITION}/interpretation`,
  `${EDITION}/headsets`,
  `${EDITION}/vehicles/pickups`,
  `${EDITION}/vehicles/sheets`,
  `${EDITION}/vehicles/sheets?what=signs`,
  `${EDITION}/vehicles/pickups?direction=departure`,
  `${EDITION}/mail`,
  `${EDITION}/mail/new`,
  `${EDITION}/mail/templates`,
  `${EDITION}/mail/templates/agenda`,
  `${EDITION}/mail/settings`,
  `${EDITION}/mail/not-reached`,
  `${EDITION}/releases`,
  `${EDITION}/releases/new`,
  `${EDITION}/audit`,
  `${EDITION}/retention`,
  `${EDITION}/staff`,
  `${EDITION}/staff/new`,
  "/mailbox",
];
const RELEASES = { list: `${EDITION}/releases`, link: /\/releases\/[\w-]{20}$/ };
/** Pages of one thing, reached by the first link of a list, and pages below it. */
const FIRST_OF: ReadonlyArray<{ list: string; link: RegExp; below?: ReadonlyArray<string> }> = [
  { list: `${EDITION}/import`, link: /\/import\/[\w-]{20}\/rows$/ },
  { list: `${EDITION}/import`, link: /\/imports\/[\w-]{20}$/ },
  { list: `${EDITION}/delegations`, link: /\/delegations\/[\w-]{20}$/ },
  { list: `${EDITION}/nominations`, link: /\/nominations\/[\w-]{20}$/ },
  {
    list: `${EDITION}/people`,
    link: /\/people\/[\w-]{20}$/,
    below: ["/registration", "/access", "/letters", "/substitute"],
  },
  { list: `${EDITION}/contacts`, link: /\/contacts\/[\w-]{20}$/ },
  { list: `${EDITION}/contacts/doubles`, link: /\/contacts\/[\w-]{20}\/merge\/[\w-]{20}$/ },
  { list: `${EDITION}/agenda`, link: /\/agenda\/[\w-]{20}$/ },
  { list: `${EDITION}/run-of-show`, link: /\/run-of-show\/[\w-]{20}$/ },
  { list: `${EDITION}/agenda/places`, link: /\/places\/[\w-]{20}$/ },
  { list: `${EDITION}/travel`, link: /\/travel\/people\/[\w-]{20}$/ },
  { list: `${EDITION}/vehicles`, link: /\/vehicles\/[\w-]{20}$/ },
  { list: `${EDITION}/vehicles`, link: /\/trips\/[\w-]{20}$/ },
  {
    list: `${EDITION}/visits`,
    link: /\/visits\/[\w-]{20}$/,
    below: ["/draw", "/clearance", "/clearance/columns"],
  },
  { list: `${EDITION}/rooms`, link: /\/rooms\/hotels\/[\w-]{20}$/ },
  { list: `${EDITION}/rooms`, link: /\/rooms\/people\/[\w-]{20}$/ },
  { list: `${EDITION}/rooms`, link: /\/rooms\/[\w-]{20}$/ },
  { list: `${EDITION}/interpretation`, link: /\/interpretation\/[\w-]{20}$/ },
  { list: `${EDITION}/meals`, link: /\/meals\/[\w-]{20}$/ },
  { list: `${EDITION}/mail`, link: /\/mail\/[\w-]{20}$/ },
  { list: `${EDITION}/mail/not-reached`, link: /\/mail\/deliveries\/[\w-]{20}$/ },
  RELEASES,
  { list: `${EDITION}/exports`, link: /\/exports\/[\w-]{20}$/ },
  { list: `${EDITION}/staff`, link: /\/staff\/[\w-]{20}$/ },
  { list: "/mailbox", link: /^\/mailbox\/[\w-]{20}$/ },
];

test.describe.configure({ mode: "parallel", timeout: 180_000 });

for (const locale of LOCALES)
  test.describe(`in ${locale}, on a desk and on a small phone`, () => {
    let page: Page;
    test.beforeEach(async ({ site, watched, browser }) => {
      const context = await browser.newContext({ baseURL: site.url });
      watched(context);
      await bringChecker(context);
      page = await context.newPage();
      // The switch of the page counts for all that follow.
      await page.goto(`/?lang=${locale}`);
    });
    test.afterEach(() => page.context().close());

    async function visit(path: string) {
      await page.goto(path);
      await inspectAtWidths(page, WIDTHS[locale]);
      await expect(page.locator("html")).toHaveAttribute("lang", locale === "en" ? "en" : "zh-Hans");
    }
    async function signIn(site: Site, role: RegExp) {
      const somebody = site.demonstration().staff.find((one) => role.test(one.role));
      await page.goto("/staff/sign-in");
      await page.locator("input[name=email]").fill(somebody?.email ?? "");
      await page.locator("input[name=password]").fill(somebody?.password ?? "");
      await page.locator("main button[type=submit]").click();
      await expect(page).toHaveURL(/\/staff$/);
    }
    async function visitFirst({ list, link, below = [] }: (typeof FIRST_OF)[number]) {
      // The list itself is a page of its own, looked at elsewhere: here its text is enough.
      const text = await (await page.request.get(list)).text();
      const links = Array.from(text.matchAll(/<a [^>]*?href="([^"?#]*)/g), ([, href = ""]) => href);
      const first = links.find((href) => link.test(href));
      if (first !== undefined) for (const path of ["", ...below]) await visit(first + path);
    }

    test("every page without signing in", async ({ site }) => {
      const { delegateLink, delegateAddress, nominationLink } = site.demonstration();
      const letter = new URL(delegateLink).pathname;
      const names = new URL(nominationLink).pathname;
      for (const path of [
        "/",
        "/nothing-here",
        "/staff/sign-in",
        letter,
        `${letter}/code`,
        `${letter}/not-me`,
        "/not-me",
        "/verify",
        names,
      ])
        await visit(path);
      await openWithCode(page, {
        desk: page.context(),
        path: `${letter}/registration`,
        address: delegateAddress,
      });
      for (const path of [
        `${letter}/registration`,
        `${letter}/registration/name`,
        `${letter}/registration/travel`,
        `${letter}/registration/review`,
        `${letter}/registration/receipt`,
        `${letter}/consents`,
        `${letter}/data`,
        `${letter}/programme`,
        `${letter}/visits`,
        `${letter}/letters`,
        `${letter}/stay`,
        `${letter}/devices`,
        `${letter}/assistant`,
      ])
        await visit(path);
    });

    for (const half of [0, 1])
      test(`every page of staff, part ${half + 1} of 2`, async ({ site }) => {
        await signIn(site, /^U\.S\. side, lead/);
        for (const path of STAFF_PAGES.filter((_, n) => n % 2 === half)) await visit(path);
      });

    test("the pages of one thing", async ({ site }) => {
      await signIn(site, /^U\.S\. side, lead/);
      for (const one of FIRST_OF) await visitFirst(one);
    });

    // What the side that gives and the side that receives see of a release are two pages.
    test("what the other side sees of a release", async ({ site }) => {
      await signIn(site, /^Chinese side, lead/);
      await visit(RELEASES.list);
      await visitFirst(RELEASES);
    });
  });

test("on a phone the ways to go are behind one button, with a script and without", async ({
  site,
  watched,
  browser,
}) => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({
      ...{ baseURL: site.url, javaScriptEnabled, viewport: { width: 320, height: 700 } },
    });
    watched(context);
    const page = await context.newPage();
    const [lead] = site.demonstration().staff;
    await page.goto("/staff/sign-in?lang=zh-CN");
    await page.locator("input[name=email]").fill(lead?.email ?? "");
    await page.locator("input[name=password]").fill(lead?.password ?? "");
    await page.locator("main button[type=submit]").click();
    await page.goto(EDITION);
    const way = page.locator(`nav a[href="${EDITION}/tasks"]`);
    await expect(way).toBeHidden();
    await page.getByRole("button", { name: "菜单" }).click();
    await expect(way).toBeInViewport();
    if (javaScriptEnabled) await inspect(page);
    await way.click();
    await expect(page).toHaveURL(`${EDITION}/tasks`);
    await expect(way).toBeHidden();
    await context.close();
  }
});
