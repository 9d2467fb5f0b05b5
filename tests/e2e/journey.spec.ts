import ICAL from "ical.js";
import type { BrowserContext, Locator, Page } from "playwright/test";
import { type Translate, translator } from "#app/i18n/translate.ts";
import type { Locale } from "#db/vocabulary.ts";
import { expect, inspect, test, typeMailedCode } from "./site.ts";

/*
 * The product's main job, lived through once in each language and once without JavaScript: people are imported and
 * invited, one of them replies, registers and takes a place on a visit, the confirmation arrives with its calendar
 * file, the organizer sees it all, and staff send the agenda.
 */

type Journey = {
  name: string;
  locale: Locale;
  javaScript: boolean;
  lead: string;
  csv: string;
  person: { inList: string; latin: string; native: string; email: string };
  search: string;
};

const JOURNEYS: ReadonlyArray<Journey> = [
  {
    name: "in English, on a phone, staff with JavaScript",
    locale: "en",
    javaScript: true,
    lead: "grace.mockup@us-delegation.example",
    csv: [
      "First Name,Last Name,Title,Organization,Position,Email,Role",
      "Wilhelmina,McWayfarer,Judge,Harbor County Court (fictional),Presiding Judge,wilhelmina@us-delegation.example,presenter",
      "No,Mailbox,Mr.,Nowhere,Fellow,no.mailbox(at)example,observer",
    ].join("\r\n"),
    person: {
      inList: "McWayfarer, Wilhelmina",
      latin: "Wilhelmina McWayfarer",
      native: "",
      email: "wilhelmina@us-delegation.example",
    },
    search: "mcway",
  },
  {
    name: "in Chinese, without JavaScript anywhere",
    locale: "zh-CN",
    javaScript: false,
    lead: "caogao.lin@cn-delegation.example",
    csv: [
      "姓;名;姓（拼音）;名（拼音）;称谓;单位;职务;身份;电子邮箱",
      "曾;𬀩例;Zeng;Weili;女士;南方政法大学（虚构）;教授;发言人;weili.zeng@cn-delegation.example",
    ].join("\n"),
    person: {
      inList: "曾𬀩例",
      latin: "Zeng Weili",
      native: "曾𬀩例",
      email: "weili.zeng@cn-delegation.example",
    },
    search: "𬀩例",
  },
];

for (const journey of JOURNEYS) {
  test(`the whole journey ${journey.name}`, async ({ site, watched, browser }) => {
    test.setTimeout(180_000);
    const t = translator(journey.locale);
    const password = site.demonstration().staff.find((one) => one.email === journey.lead)?.password ?? "";
    const open = async (viewport: { width: number; height: number }) => {
      const context = await browser.newContext({
        baseURL: site.url,
        viewport,
        locale: journey.locale,
        javaScriptEnabled: journey.javaScript,
      });
      watched(context);
      return context;
    };
    const desk = await open({ width: 1280, height: 900 });
    const phone = await open({ width: 390, height: 844 });
    // A scanner of pages needs scripts of its own; without them the same pages are read by a second, scripted browser.
    const look = journey.javaScript ? inspect : async () => {};

    const staff = await desk.newPage();
    await signIn(staff, t, { email: journey.lead, password });
    await importPeople(staff, t, journey, look);
    await sendInvitation(staff, t, journey, look);

    const link = await linkFromMailbox(desk, journey, t("mailKind.invitation"));
    const delegate = await phone.newPage();
    await reply(delegate, t, link, look);
    await look(delegate);
    await typeMailedCode(delegate, { desk, address: journey.person.email });
    await register(delegate, t, link, journey, look);
    await checkProgramme(delegate, t, link, look);
    await checkConfirmation(desk, journey);

    await seeInLists(staff, t, journey, look);
    await sendAgenda(staff, t, look);
    await expect
      .poll(async () => (await mailsTo(desk, journey.person.email)).length, { timeout: 30_000 })
      .toBeGreaterThanOrEqual(5);

    await desk.close();
    await phone.close();
  });
}

type Look = (page: Page) => Promise<void>;

async function signIn(page: Page, t: Translate, { email, password }: { email: string; password: string }) {
  await page.goto("/staff");
  await page.getByLabel(t("session.email")).fill(email);
  await page.getByLabel(t("session.password")).fill(password);
  await page.getByRole("button", { name: t("session.signIn") }).click();
  await page.getByRole("main").getByRole("link", { name: /2018/ }).first().click();
  await expect(page).toHaveURL(/\/staff\/e\/beijing-2018$/);
}

async function importPeople(page: Page, t: Translate, { csv, person }: Journey, look: Look) {
  await page.goto("/staff/e/beijing-2018/import");
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: t("import.preview") }).click();
  await expect(page.getByRole("heading", { name: t("import.previewTitle") })).toBeVisible();
  await expect(page.getByRole("main")).toContainText(person.latin);
  await look(page);
  await page.getByRole("button", { name: t("import.confirm") }).click();
  await expect(page.getByText(t("import.done", { count: 1 }))).toBeVisible();
}

async function find(page: Page, t: Translate, { search, person }: Journey): Promise<Locator> {
  await page.goto("/staff/e/beijing-2018/people");
  await page.getByLabel(t("people.search")).fill(search);
  await page.getByRole("button", { name: t("people.filter.apply") }).click();
  const row = page.getByRole("row").filter({ hasText: person.inList });
  await expect(row).toHaveCount(1);
  await expect(page.locator("table.roster").getByRole("row")).toHaveCount(2);
  expect(page.url(), "what was searched for is not in the address").not.toContain(encodeURIComponent(search));
  return row;
}

async function sendInvitation(page: Page, t: Translate, journey: Journey, look: Look) {
  const row = await find(page, t, journey);
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: t("people.sendToChosen") }).click();
  await expect(page.getByRole("main")).toContainText(journey.person.email);
  await look(page);
  await page.getByRole("button", { name: t("sending.confirm", { count: 1 }) }).click();
  await expect(page.getByText(t("people.notice.sent", { count: 1 }))).toBeVisible();
}

/** The addresses of the mails to somebody in the built-in mailbox, newest first; those with these words, if any. */
async function mailsTo(
  context: BrowserContext,
  address: string,
  words: RegExp | string = "",
): Promise<Array<string>> {
  const page = await context.newPage();
  await page.goto("/mailbox");
  const links = page
    .getByRole("row")
    .filter({ hasText: address })
    .filter({ hasText: words })
    .getByRole("link");
  const found = await links.evaluateAll((all) =>
    all.map((one) => one.getAttribute("href") ?? "").filter((href) => /^\/mailbox\/[\w-]+$/.test(href)),
  );
  await page.close();
  return [...new Set(found)];
}

async function linkFromMailbox(context: BrowserContext, { person }: Journey, _kind: string): Promise<string> {
  await expect.poll(async () => (await mailsTo(context, person.email)).length, { timeout: 20_000 }).toBe(1);
  const [mail = ""] = await mailsTo(context, person.email);
  const page = await context.newPage();
  await page.goto(mail);
  const html = page.frameLocator("iframe");
  const href = await html.getByRole("link").first().getAttribute("href");
  await page.close();
  expect(href).toMatch(/\/i\/[\w-]{22}/);
  return new URL(href ?? "").pathname;
}

async function reply(page: Page, t: Translate, link: string, look: Look) {
  await page.goto(link);
  await expect(page.getByText(t("answer.nothingSent"))).toBeVisible();
  await expect(page.locator("input[type=radio]:checked")).toHaveCount(0);
  await expect(page.locator("script")).toHaveCount(0);
  await look(page);
  // Sent with nothing chosen: told so, and nothing has happened.
  await page.getByRole("button", { name: t("answer.send") }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page);
  await page.getByLabel(t("answer.accepted"), { exact: true }).check();
  await page.getByRole("button", { name: t("answer.send") }).click();
  await expect(page.getByText(t("reply.accepted")).first()).toBeVisible();
  await look(page);
  await page.getByRole("link", { name: t("answer.register"), exact: true }).click();
}

async function register(page: Page, t: Translate, link: string, { person }: Journey, look: Look) {
  await expect(page).toHaveURL(/\/registration$/);
  await look(page);
  await page.getByLabel(t("register.mobile")).fill("+1 212 555 0123");
  await page.getByLabel(t("register.arrivalNumber")).fill("ZZ123");
  await page.getByRole("button", { name: t("register.save"), exact: true }).click();
  await expect(page).toHaveURL(/\/registration/);

  // Gone on with later, by the link in the mail.
  await page.goto(`${link}/registration`);
  await expect(page.getByLabel(t("register.mobile"))).toHaveValue("+1 212 555 0123");
  await expect(page.getByLabel(t("register.arrivalNumber"))).toHaveValue("ZZ123");

  // Sent too early: everything that is missing is named at once and nothing typed is lost.
  await page.getByRole("button", { name: t("register.review"), exact: true }).click();
  const summary = page.getByRole("alert");
  await expect(summary).toContainText(t("register.diets"));
  await expect(summary).toContainText(t("register.error.notice"));
  await expect(page.getByLabel(t("register.arrivalNumber"))).toHaveValue("ZZ123");
  await look(page);

  await page.getByLabel(t("diet.halal"), { exact: true }).check();
  await group(page, t("register.workingLanguages"))
    .getByLabel(t("register.language.english"), { exact: true })
    .check();
  await group(page, t("register.needsInterpretation")).getByLabel(t("common.no"), { exact: true }).check();
  await group(page, t("register.arrivalBy")).getByLabel(t("register.means.flight"), { exact: true }).check();
  // An onward journey is asked for with labels of the same words.
  await page.locator("input[name=arrivalOn]").fill("2018-12-02");
  await page.locator("input[name=arrivalTime]").fill("16:25");
  await group(page, t("register.departureBy"))
    .getByLabel(t("register.means.not_booked"), { exact: true })
    .check();
  await group(page, t("register.visitIds")).getByRole("checkbox").first().check();
  for (const name of ["notice", "sensitive_data", "identity_documents"])
    await page.locator(`input[name=consent_${name}]`).check();
  await page.getByRole("button", { name: t("register.review"), exact: true }).click();

  await expect(page.getByRole("heading", { name: t("review.title") })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("ZZ123");
  if (person.native !== "") await expect(page.getByRole("main")).toContainText(person.native);
  await look(page);
  await page.getByRole("button", { name: t("review.send") }).click();
  await expect(page.getByText(t("myProgramme.sent"))).toBeVisible();
}

/** The choices under one heading. */
function group(page: Page, name: string): Locator {
  return page.getByRole("group", { name });
}

async function checkProgramme(page: Page, t: Translate, link: string, look: Look) {
  await page.goto(`${link}/programme`);
  await expect(page.getByRole("main")).toContainText(t("register.placeGranted"));
  await look(page);
  const href = await page.getByRole("link", { name: t("myProgramme.calendar") }).getAttribute("href");
  const answer = await page.request.get(href ?? "");
  expect(answer.headers()["content-type"]).toContain("text/calendar");
  const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
  const starts = calendar
    .getAllSubcomponents("vevent")
    .map((event) => new ICAL.Event(event).startDate.toJSDate().toISOString());
  // 09:00 on Monday, December 3 in Beijing is 20:00 on Sunday in New York.
  expect(starts).toContain("2018-12-03T01:00:00.000Z");
}

async function checkConfirmation(context: BrowserContext, { person, locale }: Journey) {
  const received = /Registration received|报名信息已收到/;
  await expect
    .poll(async () => (await mailsTo(context, person.email, received)).length, { timeout: 20_000 })
    .toBe(1);
  const [newest = ""] = await mailsTo(context, person.email, received);
  const page = await context.newPage();
  await page.goto(newest);
  await expect(page.getByRole("link", { name: /\.ics/ })).toBeVisible();
  await expect(
    page
      .frameLocator("iframe")
      .locator(`[lang="${locale === "en" ? "zh-Hans" : "en"}"]`)
      .first(),
  ).toBeAttached();
  await page.close();
}

async function seeInLists(page: Page, t: Translate, journey: Journey, look: Look) {
  const row = await find(page, t, journey);
  await expect(row).toContainText(t("reply.accepted"));
  await expect(row).toContainText(t("registration.submitted"));
  await look(page);
  // The first is the name; a sheet of one's own has another, to change the row.
  await row.getByRole("link").first().click();
  await expect(page.getByRole("main")).toContainText("ZZ123");
  await expect(page.getByRole("main")).toContainText(t("invitationEvent.registered"));
  await look(page);
  await page.goto("/staff/e/beijing-2018/visits");
  await look(page);
  await page
    .getByRole("main")
    .getByRole("link")
    .filter({ hasText: /Supreme|最高/ })
    .first()
    .click();
  await expect(page.getByRole("main")).toContainText(journey.person.latin);
  await look(page);
}

async function sendAgenda(page: Page, t: Translate, look: Look) {
  await page.goto("/staff/e/beijing-2018/mail");
  await look(page);
  await page.getByRole("link", { name: t("message.new") }).click();
  await look(page);
  await page.getByRole("button", { name: t("message.keepDraft") }).click();
  await expect(page.getByRole("heading", { name: t("message.preview") })).toBeVisible();
  await look(page);
  const count = /\d+/.exec((await page.getByRole("heading", { level: 1 }).textContent()) ?? "")?.[0] ?? "";
  expect(Number(count)).toBeGreaterThan(5);

  await page.getByLabel(t("message.count")).fill("1");
  await page.getByRole("button", { name: t("message.releaseButton") }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await page.getByLabel(t("message.count")).fill(count);
  await page.getByRole("button", { name: t("message.releaseButton") }).click();
  // Held, so that it can be stopped: a draft again, and then let go by hand.
  await page.getByRole("button", { name: t("message.stop") }).click();
  await expect(page.getByText(t("message.done.stopped"))).toBeVisible();
  await page.getByLabel(t("message.count")).fill(count);
  await page.getByRole("button", { name: t("message.releaseButton") }).click();
  await look(page);
  await page.getByRole("button", { name: t("message.letGo") }).click();
  await expect(
    page.getByRole("heading", { name: t("message.sentTo", { count: Number(count) }) }),
  ).toBeVisible();
  await expect(async () => {
    await page.reload();
    // One each; who reads along for somebody has a row of their own.
    await expect(
      page
        .getByRole("row")
        .filter({ has: page.getByRole("cell", { name: t("delivery.accepted") }) })
        .filter({ hasNotText: t("message.copyMark") }),
    ).toHaveCount(Number(count));
  }).toPass({ timeout: 30_000 });
  await look(page);
}
