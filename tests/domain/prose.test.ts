import fc from "fast-check";
import { expect, test } from "vitest";
import { mailLinks } from "#app/domain/mail/links.ts";
import { fillProse, linksOf, readProse } from "#app/domain/mail/prose.server.ts";
import { renderMail } from "#emails/index.tsx";
import type { MessageMail, Prose } from "#emails/payload.ts";

const ATTACKS = [
  "{{constructor}}",
  "{link}",
  "{{link}}",
  "[click](https://evil.example)",
  "**bold** <b>html</b> <img src=x onerror=alert(1)>",
  "https://evil.example/login",
  "www.evil.example",
  "x\r\nBcc: all@evil.example",
  "\u202etxt.exe\u202c",
  "\u200f\u2067rtl\u2069",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: hostile text.
  "$& $1 ${process.env}",
  "__proto__",
  "字".repeat(10_000),
];

function rendered(prose: Prose) {
  const names = { nameEn: "C", nameZh: "丙" };
  const mail: MessageMail = {
    kind: "message",
    template: "agenda",
    edition: {
      titleEn: "T",
      titleZh: "题",
      cityEn: "B",
      cityZh: "北京",
      timeZone: "Asia/Shanghai",
      homeTimeZone: "Asia/Shanghai",
      startsOn: "2018-12-03",
      endsOn: "2018-12-05",
      replyBy: null,
      phones: "",
      sender: names,
      senders: [names],
    },
    salutationEn: "Dear A:",
    salutationZh: "尊敬的甲：",
    subjectEn: "S",
    subjectZh: "题",
    proseEn: prose,
    proseZh: prose,
    programme: [],
    version: null,
    publishedAt: null,
    changes: [],
    missing: [],
    registerBy: null,
    isTest: false,
  };
  return renderMail(mail, { locale: "en", links: mailLinks("https://dialogue.example", "t", "en") });
}

test.each(ATTACKS)(
  "a value stays text, in a paragraph, in bold, in a list and beside a link: %s",
  (value) => {
    const prose = readProse(
      "Hello {name}\n\n**{name}**\n\n- {name}\n\n[site](https://dialogue.example/x) {name}",
    );
    const filled = fillProse(prose, { name: value, link: "SECRET", constructor: "SECRET" });
    expect(linksOf(filled)).toEqual(["https://dialogue.example/x"]);
    const runs = filled.flatMap((block) =>
      "runs" in block ? block.runs : "items" in block ? block.items.flat() : [],
    );
    expect(runs.filter(({ text }) => text.includes(value)).length).toBe(4);
    const { html, text } = rendered(filled);
    const targets = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? "");
    expect(targets.every((href) => href.startsWith("https://dialogue.example/"))).toBe(true);
    expect(html).not.toMatch(/<(?:img|script|b)\b/i);
    expect(`${html}${text}`).not.toContain("SECRET");
  },
);

test("Markdown has emphasis, headings, lists, rules and typed links, and nothing else", () => {
  expect(readProse("# Title\n\nOne **two** *three*\nfour\n\n1. a\n2. b\n\n---\n\n{programme}")).toEqual([
    { type: "heading", runs: [{ text: "Title" }] },
    {
      type: "paragraph",
      runs: [
        { text: "One " },
        { text: "two", strong: true },
        { text: " " },
        { text: "three", em: true },
        { text: "\nfour" },
      ],
    },
    { type: "list", ordered: true, items: [[{ text: "a" }], [{ text: "b" }]] },
    { type: "rule" },
    { type: "block", name: "programme" },
  ]);
  for (const text of [
    "<https://auto.example>",
    "https://bare.example",
    "<b>x</b>",
    "![i](https://x.example/i.png)",
    "`code`",
    "[a]: https://ref.example\n\n[a]",
  ])
    expect(linksOf(readProse(text)).filter((link) => !link.endsWith(".png"))).toEqual([]);
});

test("any text at all is read, and no value ever makes a link, a mark or a placeholder", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), fc.string({ maxLength: 80 }), (text, value) => {
      const prose = readProse(text);
      const filled = fillProse(prose, { name: value });
      expect(linksOf(filled)).toEqual(linksOf(prose));
      expect(filled.map(({ type }) => type)).toEqual(prose.map(({ type }) => type));
    }),
    { numRuns: 200 },
  );
});
