import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Locale } from "#db/vocabulary.ts";
import { renderMail } from "#emails/index.tsx";
import type { MailPayload } from "#emails/payload.ts";
import { installedChromium } from "../../scripts/chromium.ts";
import { CODE, links, MAILS } from "../support/mails.ts";

/*
 * Mails as mail programs draw them: a browser alone, one that has turned the lights off, and a webmail page that keeps
 * neither head nor style elements nor the body's own tag, as QQ and 163 do.
 */

const CHROMIUM = installedChromium();

const kinds = Object.keys(MAILS) as Array<MailPayload["kind"]>;

function html(kind: MailPayload["kind"], locale: Locale): string {
  return renderMail(MAILS[kind], { locale, links: links(locale), code: CODE }).html;
}

/** What is left of a mail in a webmail page, in its own light or dark colours. */
function inWebmail(mail: string, colours: string): string {
  const kept = mail
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replaceAll(/<style[\s\S]*?<\/style>/g, "")
    .replace(/^[\s\S]*?<body[^>]*>/, "")
    .replace(/<\/body>[\s\S]*$/, "");
  return `<!doctype html><html lang="en"><title>Webmail</title><body style="margin:0;font:12px serif;${colours}"><main>${kept}</main>`;
}

/** How far it is wider than the window, its smallest type, its fonts, how its table cells stand, and its faintest words. */
function measured(page: Page) {
  return page.evaluate(() => {
    const light = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? [])
        .map((part) => Number(part) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
    };
    const paper = document.body.appendChild(document.createElement("div"));
    const own = getComputedStyle(document.body).backgroundColor;
    paper.style.backgroundColor = own === "rgba(0, 0, 0, 0)" ? "Canvas" : own;
    const ground = light(getComputedStyle(paper).backgroundColor);
    paper.remove();
    const rows = [...document.querySelectorAll("tr")]
      .map((row) => [...row.cells].map((cell) => cell.getBoundingClientRect()))
      .filter((row) => row.length === 2);
    const words = [...document.querySelectorAll("p, td, th, a, strong")].filter(
      (one) => one.querySelector("p, td") === null,
    );
    const styles = words.map((one) => getComputedStyle(one));
    const contrasts = styles.map(({ color }) => {
      const ink = light(color);
      return Math.max(ink, ground) / Math.min(ink, ground);
    });
    return {
      tooWide: document.documentElement.scrollWidth - window.innerWidth,
      crossed: rows.filter(([first, second]) => (first?.right ?? 0) > (second?.left ?? 0) + 1).length,
      smallest: Math.min(...styles.map(({ fontSize }) => Number.parseFloat(fontSize))),
      hasOwnFonts: styles.every(({ fontFamily }) => fontFamily.includes("Microsoft YaHei")),
      contrast: Math.min(...contrasts),
      languages: [...document.querySelectorAll("div[lang]")].map((part) => part.getAttribute("lang")),
    };
  });
}

describe.skipIf(CHROMIUM === null)("a mail of every kind", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());

  async function pageOf(width: number, colorScheme: "light" | "dark"): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    // Whatever a mail asked of the network would fail the test.
    await context.route("**", (route) => {
      throw new Error(`A mail asks for ${route.request().url()}`);
    });
    return context.newPage();
  }

  test.each([
    ["by day", "light", 390, null, 4.5],
    ["at night", "dark", 680, null, 4.5],
    ["in webmail by day", "light", 390, "background:#fff;color:#222", 4.5],
    // Webmail that is dark without saying so: the link, underlined and bold, is all that has a colour of its own.
    ["in webmail at night", "light", 390, "background:#121212;color:#ddd", 4],
  ] as const)("reads well %s", { timeout: 60_000 }, async (_where, scheme, width, colours, least) => {
    const page = await pageOf(width, scheme);
    for (const [n, kind] of kinds.entries()) {
      const locale = n % 2 === 0 ? "zh-CN" : "en";
      const mail = html(kind, locale);
      await page.setContent(colours === null ? mail : inWebmail(mail, colours));
      const { contrast, ...seen } = await measured(page);
      expect({ kind, ...seen }).toEqual({
        kind,
        tooWide: 0,
        crossed: 0,
        smallest: 14,
        hasOwnFonts: true,
        languages: locale === "en" ? ["en", "zh-Hans"] : ["zh-Hans", "en"],
      });
      expect(contrast, kind).toBeGreaterThanOrEqual(least);
    }
    await page.context().close();
  });
});
