import fc from "fast-check";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { composeSource } from "#app/platform/mailer.server.ts";
import { LOCALES } from "#db/vocabulary.ts";
import { renderMail } from "#emails/index.tsx";
import type { MailPayload } from "#emails/payload.ts";
import { BASE, CODE, edition, links, MAILS, visitItem } from "../support/mails.ts";

/** Mails that bring no link at all: what they say is typed, not clicked. */
const WITHOUT_LINK: ReadonlyArray<MailPayload["kind"]> = ["access_code"];

/** What both parts of each mail must say in each language, in the order of the languages. */
const FACTS: Record<MailPayload["kind"], ReadonlyArray<readonly [en: string, zh: string]>> = {
  invitation: [
    ["It is my honor to invite you.", "诚邀阁下出席。"],
    ["Monday, December 3, 2018", "2018年12月3日（星期一）"],
    ["6:00 PM, Beijing time", "北京时间2018年11月9日（星期五）18:00"],
    ["5:00 AM, New York time", "纽约时间2018年11月9日（星期五）05:00"],
    ["08-017", "08-017"],
    ["Opening the page sends no answer", "打开页面不会自动提交任何回复"],
  ],
  confirmation: [
    ["We have received your registration", "已收到您参加"],
    ["you have a place", "已为您安排名额"],
    ["on the waiting list, number 3", "第3位"],
    ["Meet at 2:45 PM: Hotel lobby", "集合：14:45，酒店大堂"],
    ["Your part: Discussant", "您的角色：评议人"],
    ["At the same time as", "时间冲突"],
    ["All times are Beijing time.", "以下均为北京时间。"],
    ["calendar file", "日历文件"],
  ],
  visit_place: [
    ["Courtesy call, Supreme People's Court", "最高人民法院会见"],
    ["Wednesday, December 5", "12月5日 星期三"],
    ["3:30–5:00 PM", "15:30–17:00"],
    ["at the same time your programme has Session 3", "同一时间您的日程中还有第三单元"],
  ],
  data_answer: [
    ["we have deleted what you told us", "我们已删除您填写的内容"],
    ["Backups that are older go within 35 days", "更早的备份将在35日内销毁"],
    ["We are sorry to see you go.", "We are sorry to see you go."],
  ],
  car: [
    ["Your car from the airport or station", "您的接站用车"],
    ["Monday, December 3, 2018, 1:20 AM, Beijing time", "北京时间2018年12月3日（星期一）01:20"],
    ["Sunday, December 2, 2018, 12:20 PM, New York time", "纽约时间2018年12月2日（星期日）12:20"],
    ["Beijing Capital, Terminal 3", "示例饭店 Sample Hotel"],
    ["京A·D0002", "京A·D0002"],
    ["法治对话 / Dialogue 2018", "法治对话 / Dialogue 2018"],
    ["ZZ981", "ZZ981"],
  ],
  room_share: [
    ["whether you would share a room", "现就合住事宜征询您的意见"],
    ["Sample Hotel Beijing", "北京示例饭店"],
    ["December 2, 2018", "2018年12月2日"],
    ["December 6, 2018", "2018年12月6日"],
    ["the other person is not told what you said", "您的答复不会告知对方"],
    ["See and answer", "查看并答复"],
  ],
  missing: [
    ["still missing in your registration", "尚缺以下信息"],
    ["Friday, November 16, 2018, 5:00 AM, New York time", "纽约时间2018年11月16日（星期五）05:00"],
    ["Flight or train number, arriving", "抵达航班号或车次"],
    ["Diet and access", "饮食与无障碍需求"],
    ["You can also tell us by phone", "您也可以电话告知"],
  ],
  change_answer: [
    ["your answers stand as they were", "原信息保持不变"],
    ["The list has gone to the court.", "The list has gone to the court."],
  ],
  message: [
    ["The call has moved.", "会见改期。"],
    ["[Moved]", "【变更】"],
    ["[Cancelled]", "【取消】"],
    ["Duty phone day and night", "值班电话全天"],
    ["Arrival and departure", "抵离信息"],
    ["5:00 AM, New York time", "纽约时间2018年11月16日（星期五）05:00"],
    ["version 3", "第3版"],
    ["9:40 PM, Beijing time", "北京时间2018年12月4日（星期二）21:40"],
    ["Please bring: Passport", "请携带：护照原件"],
  ],
  agenda_change: [
    ["This is version 3, issued Tuesday, December 4", "现为第3版，发布时间：北京时间2018年12月4日"],
    ["9:40 PM, Beijing time", "北京时间2018年12月4日（星期二）21:40"],
    ["8:40 AM, New York time", "纽约时间2018年12月4日（星期二）08:40"],
    ["you had version 2", "您此前收到的是第2版"],
    ["[Moved] Courtesy call, Supreme People's Court", "【变更】最高人民法院会见"],
    [
      "Moved from Wednesday, December 5, 10:00–11:30 AM to Wednesday, December 5, 3:30–5:00 PM, Beijing time",
      "时间由12月5日 星期三 10:00–11:30改为12月5日 星期三 15:30–17:00（北京时间）",
    ],
    ["Place: from East gate to Supreme People's Court", "地点由东门改为最高人民法院"],
    ["Meet at 2:45 PM: Hotel lobby", "集合：14:45，酒店大堂"],
    ["at the same time your programme has Internet Court", "同一时间您的日程中还有互联网法院"],
    ["[Cancelled] Session 3", "【取消】第三单元"],
    ["It was to be on Wednesday, December 5, 3:30–5:00 PM, Beijing time", "原定于12月5日 星期三 15:30–17:00"],
    ["press “I have seen this”. Otherwise we will phone you", "如未确认，秘书处将电话与您联系"],
  ],
  access_code: [
    [CODE, CODE],
    ["until Tuesday, December 4", "有效期至北京时间2018年12月4日"],
    ["9:50 PM, Beijing time", "北京时间2018年12月4日（星期二）21:50"],
    ["never asks you for it", "秘书处不会向您索要验证码"],
  ],
  nomination_request: [
    ["Court of Examples put forward 2 names", "谨请示例法院推荐2名人选"],
    ["6:00 PM, Beijing time", "北京时间2018年9月28日（星期五）18:00"],
    ["6:00 AM, New York time", "纽约时间2018年9月28日（星期五）06:00"],
    ["takes names and shows none", "不显示任何名单"],
  ],
  assistant_link: [
    ["assistant of Margaret Placeholder", "占位玛格指定您为代办人"],
    ["Arrival and departure, Site visits", "抵离信息、参观考察"],
    ["reply to the invitation for them", "代为回复邀请"],
    ["comes to this mailbox", "将发送至本邮箱"],
  ],
  not_me: [
    ["Margaret Placeholder, invitation 08-017", "占位玛格（邀请函编号08-017）"],
    ["9:40 PM, Beijing time", "北京时间2018年12月4日（星期二）21:40"],
    ["The link was stopped at once", "该链接已立即停用"],
  ],
  new_device: [
    ["Safari on iOS", "Safari（iOS）"],
    ["9:40 PM, Beijing time", "北京时间2018年12月4日（星期二）21:40"],
    ["8:40 AM, New York time", "纽约时间2018年12月4日（星期二）08:40"],
    ["phone the secretariat at once", "请立即致电秘书处"],
  ],
  task_digest: [
    ["Clearance list, Court of Examples: by", "报备名单：示例法院："],
    ["Overdue", "已逾期"],
    ["Gifts 礼品: by", "Gifts 礼品："],
    ["nobody looks after it yet", "尚未指定负责人"],
    ["Open the secretariat", "打开秘书处系统"],
  ],
  staff_set_up: [
    ["Grace Mockup invites you to work on the side of", "Grace Mockup邀请您加入"],
    ["Mail, Duty desk", "邮件、值班"],
    ["this edition", "本届会议"],
    ["Friday, January 4, 2019", "2019年1月4日（星期五）"],
    [
      "works once, until Monday, November 5, 2018, 10:00 AM, Beijing time",
      "有效期至北京时间2018年11月5日（星期一）10:00",
    ],
    ["If you have a login with this address already", "如该邮箱已有登录账户"],
  ],
};

const EVERYWHERE = [
  ["Dear Judge Placeholder:", "尊敬的 Placeholder 法官："],
  ["We never ask for passwords or passport copies by e-mail.", "秘书处不会通过邮件索要密码或护照扫描件。"],
  ["+86 10 0000 0001", "+86 10 0000 0001"],
  ["Riverbend Committee", "河湾委员会"],
] as const;

/** The words of an HTML part as a reader sees them. */
async function seen(html: string): Promise<string> {
  const parsed = await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`);
  return (parsed.text ?? "").replaceAll(/\s+/g, " ");
}

function source(mail: { subject: string; text: string; html: string }, to = "Margaret Placeholder") {
  return composeSource({
    ...mail,
    deliveryId: "d",
    isUrgent: false,
    messageId: "<d@dialogue.example>",
    references: [],
    from: { name: "Secretariat 秘书处", address: "secretariat@dialogue.example" },
    envelopeFrom: "secretariat@dialogue.example",
    replyTo: "us@dialogue.example",
    to: { name: to, address: "someone@us-delegation.example" },
    date: Date.UTC(2018, 11, 4),
    attachments: [],
  });
}

const kinds = [
  "invitation",
  "confirmation",
  "visit_place",
  "change_answer",
  "message",
  "data_answer",
  "missing",
  "car",
  "room_share",
  "agenda_change",
  "access_code",
  "new_device",
  "assistant_link",
  "not_me",
  "staff_set_up",
  "nomination_request",
  "task_digest",
] as const;

describe.each(kinds)("the %s", (kind) => {
  test.each(LOCALES)("says everything in both languages, %s first, in text and in HTML", async (locale) => {
    const rendered = renderMail(MAILS[kind], { locale, links: links(locale), code: CODE });
    const html = await seen(rendered.html);
    for (const [en, zh] of [...FACTS[kind], ...EVERYWHERE]) {
      for (const fact of [en, zh]) {
        expect(rendered.text).toContain(fact);
        expect(html).toContain(fact);
      }
    }
    const [first, second] = locale === "en" ? ["Dear Judge", "尊敬的"] : ["尊敬的", "Dear Judge"];
    for (const body of [rendered.text, html]) {
      expect(body.indexOf(first)).toBeLessThan(body.indexOf(second));
      expect(body.startsWith(locale === "en" ? "中文在下方" : "English below")).toBe(true);
    }
    expect(rendered.html.match(/<div lang="[^"]+"/g)).toEqual(
      locale === "en" ? ['<div lang="en"', '<div lang="zh-Hans"'] : ['<div lang="zh-Hans"', '<div lang="en"'],
    );
  });

  test.each(LOCALES)(
    "has one link of the recipient's own in each language, and asks nobody else for anything, %s",
    (locale) => {
      const { html, text } = renderMail(MAILS[kind], { locale, links: links(locale), code: CODE });
      const targets = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href ?? "");
      expect(text.match(/https?:\/\/\S+/g) ?? []).toEqual(targets);
      if (WITHOUT_LINK.includes(kind)) expect(targets).toEqual([]);
      else {
        // One to each section that is named, or one alone.
        const each = kind === "missing" ? 2 : 1;
        expect(targets).toHaveLength(2 * each);
        expect(targets.every((href) => href.startsWith(BASE))).toBe(true);
        expect(targets[0]).not.toContain("lang=");
        expect(targets[each]).toContain(`?lang=${locale === "en" ? "zh-CN" : "en"}`);
      }
      expect(html).not.toMatch(/<(?:img|script|link|iframe|object)\b|url\(|@import|src=/i);
      expect(Buffer.byteLength(html)).toBeLessThan(100_000);
      // Nothing that it says stands in what QQ and 163 drop; what Word alone reads opens and closes as it should.
      expect(html.slice(html.indexOf("<body"))).not.toContain("<style");
      expect(html.match(/<!--\[if mso\]>/g)).toHaveLength(3);
      expect(html.match(/<!\[endif\]-->/g)).toHaveLength(3);
    },
  );

  test.each(LOCALES)("has a subject that is short and names nobody, %s", (locale) => {
    const { subject } = renderMail(MAILS[kind], { locale, links: links(locale), code: CODE });
    const width = [...subject].reduce((sum, each) => sum + (each > "\u2e80" ? 2 : 1), 0);
    expect(width).toBeLessThanOrEqual(60);
    expect(subject).not.toMatch(/Placeholder|https?:/);
    expect(subject).not.toBe("");
  });
});

describe("what people typed", () => {
  const HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{link}}",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: hostile text.
    "${process.env}",
    "{name, plural, one {x}}",
    "https://evil.tld/login",
    "\u202eevil\u202c",
  ];

  test.each(HOSTILE)("stays text: %s", async (name) => {
    const hostile: MailPayload = {
      ...MAILS.message,
      kind: "message",
      template: "agenda",
      salutationEn: `Dear ${name}:`,
      salutationZh: `尊敬的${name}：`,
      edition: {
        ...edition,
        titleEn: name,
        titleZh: name,
        sender: { nameEn: name, nameZh: name },
        phones: name,
      },
      subjectEn: "Agenda",
      subjectZh: "日程",
      proseEn: [
        { type: "paragraph", runs: [{ text: `First ${name}\nsecond`, strong: true }] },
        { type: "list", ordered: true, items: [[{ text: name, em: true }]] },
        { type: "block", name: "programme" },
        { type: "block", name: "changes" },
      ],
      proseZh: [{ type: "paragraph", runs: [{ text: name }] }],
      programme: [{ ...visitItem, titleEn: name, titleZh: name, placeEn: name, placeZh: name }],
      version: 3,
      publishedAt: 0,
      changes: [
        { change: "new", parts: [], item: { ...visitItem, titleEn: name, titleZh: name }, before: null },
      ],
      missing: [],
      registerBy: null,
      isTest: false,
    };
    const { text, html } = renderMail(hostile, { locale: "en", links: links("en") });
    expect(text).toContain(`Dear ${name}:`);
    expect(await seen(html)).toContain(`Dear ${name}:`);
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/i);
    expect(html.match(/<a [^>]*href="([^"]*)"/g)?.every((link) => link.includes(BASE))).toBe(true);
    expect(html.match(/<a /g)).toHaveLength(2);
  });

  test("marks that turn the direction of writing end where the name ends", () => {
    const { text, html } = renderMail(
      { ...MAILS.visit_place, salutationEn: "Dear \u202egnorw:" },
      { locale: "en", links: links("en") },
    );
    expect(text).toContain("\u2068Dear \u202egnorw:\u2069");
    expect(html).toContain("<bdi>\u2068Dear \u202egnorw:\u2069</bdi>");
  });

  test("keeps its line breaks and paragraphs", () => {
    const { text, html } = renderMail(
      {
        ...MAILS.message,
        kind: "message",
        proseEn: [
          { type: "paragraph", runs: [{ text: "One\ntwo" }] },
          { type: "paragraph", runs: [{ text: "three" }] },
        ],
      } as MailPayload,
      { locale: "en", links: links("en") },
    );
    expect(text).toContain("One\ntwo\n\nthree");
    expect(html).toMatch(/>One<br\/>two<\/p><p[^>]*>three<\/p>/);
  });

  test("cannot add a header or a recipient", async () => {
    const rendered = renderMail(
      {
        ...MAILS.message,
        kind: "message",
        subjectEn: "Agenda\r\nBcc: everyone@elsewhere.example",
      } as MailPayload,
      { locale: "en", links: links("en") },
    );
    const raw = await source(rendered, "Eve\r\nBcc: everyone@elsewhere.example, <x@y.example>");
    const parsed = await simpleParser(raw);
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.headers.has("bcc")).toBe(false);
    expect(parsed.to).toMatchObject({ value: [{ address: "someone@us-delegation.example" }] });
    expect(parsed.subject).toBe("Agenda Bcc: everyone@elsewhere.example");
  });
});

/** A header as it stands, folded. */
function headerOf(raw: string, name: string): string {
  return new RegExp(`^${name}: [\\s\\S]*?\\r\\n(?![ \\t])`, "m").exec(raw)?.[0].trimEnd() ?? "";
}

/** What is wrong with a header by RFC 2047, sections 2 and 5, and RFC 5322, 2.1.1. */
function faultsOf(header: string): Array<string> {
  const lines = header.split("\r\n");
  const words = header.replace(/^[\w-]+: /, "").split(/[ \t\r\n]+/);
  return [
    ...lines
      .filter((line) => line.length > 76 && line.includes("=?"))
      .map((line) => `line too long: ${line}`),
    ...lines.filter((line) => line.trim() === "").map(() => "a line of nothing"),
    ...(/^[\x20-\x7e\t\r\n]*$/.test(header) ? [] : ["not ASCII"]),
    ...words.filter((word) => word.includes("=?")).flatMap(faultOfWord),
  ];
}

function faultOfWord(word: string): Array<string> {
  const [, encoding, body = ""] = /^=\?UTF-8\?([BQ])\?([!->@-~]+)\?=$/i.exec(word) ?? [];
  if (encoding === undefined) return [`no encoded word: ${word}`];
  if (word.length > 75) return [`${word.length} characters: ${word}`];
  const bytes =
    encoding.toUpperCase() === "B"
      ? Buffer.from(body, "base64")
      : Buffer.from(
          body
            .replaceAll("_", " ")
            .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            ),
          "latin1",
        );
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return [];
  } catch {
    return [`a character in two words: ${word}`];
  }
}

describe("over the wire", () => {
  const text = { text: "Text.", html: "<p>Text.</p>" };
  /** Characters of the plane of everyday use, of the planes of rare Han, pictures of one and of several code points. */
  const RARE = ["𠮷", "𪚥", "𫖯", "𬭼", "𮧵", "𰻝", "㐂", "龘", "·", "〇"];
  const PICTURES = ["📅", "👩‍⚖️", "🇨🇳", "🏛️", "e\u0301", "ü", "“", "—"];
  const EVERYDAY = [..."您的北京日程请核对最高人民法院会见时间变更通知"];

  async function expectWhole(subject: string, name = "Margaret Placeholder") {
    const raw = await source({ ...text, subject }, name);
    for (const header of ["Subject", "From", "To"]) expect(faultsOf(headerOf(raw, header))).toEqual([]);
    // Two parsers with no line of code in common.
    const [one, other] = await Promise.all([simpleParser(raw), PostalMime.parse(raw)]);
    expect([one.subject, other.subject]).toEqual([subject, subject]);
    const to = Array.isArray(one.to) ? one.to[0] : one.to;
    expect([to?.value[0]?.name, other.to?.[0]?.name]).toEqual([name, name]);
    expect([one.from?.value[0]?.name, other.from?.name]).toEqual([
      "Secretariat 秘书处",
      "Secretariat 秘书处",
    ]);
  }

  test.each([
    ["sixty Chinese characters", EVERYDAY.join("").repeat(3).slice(0, 60)],
    ["sixty characters beyond the first plane", RARE.slice(0, 6).join("").repeat(10)],
    ["rare Han within a sentence", "𠮷野家の件：請𪚥𪚥𪚥𪚥𪚥先生與𰻝𰻝麵館會談，𬭼𫖯𮧵同席"],
    ["pictures", "👩‍⚖️👨‍⚖️ 法官 👩‍⚖️👨‍⚖️ 法官 👩‍⚖️👨‍⚖️ 法官 👩‍⚖️👨‍⚖️"],
    [
      "two scripts",
      "[Dialogue] 更新 Update 3: 12月5日（星期三）/ Wed, Dec 5 – 最高人民法院 Supreme People's Court",
    ],
    ["what looks like an encoded word", "=?UTF-8?B?5pel56iL?= 日程"],
    ["one long Latin word", `日程${"x".repeat(120)}`],
  ])("a subject and a name arrive as they are: %s", async (_what, subject) => {
    await expectWhole(subject);
    await expectWhole("Agenda", subject.replaceAll(/[=?"\\]/g, ""));
  });

  test("any subject of such characters is legal and arrives as it is, in two parsers", async () => {
    const character = fc.constantFrom(...RARE, ...PICTURES, ...EVERYDAY, ..."aZ09 ,:()-/");
    const subject = fc
      .array(character, { minLength: 1, maxLength: 70 })
      .map((characters) => characters.join("").replaceAll(/ +/g, " ").trim())
      .filter((line) => line !== "");
    await fc.assert(
      fc.asyncProperty(subject, (line) => expectWhole(line)),
      { numRuns: 60 },
    );
  });

  test.each(kinds)("the text comes first and is complete: %s", async (kind) => {
    const rendered = renderMail(MAILS[kind], { locale: "zh-CN", links: links("zh-CN"), code: CODE });
    const raw = await source(rendered);
    expect(raw.indexOf("text/plain")).toBeGreaterThan(0);
    expect(raw.indexOf("text/plain")).toBeLessThan(raw.indexOf("text/html"));
    expect(raw.split("\r\n").every((line) => line.length <= 998)).toBe(true);
    expect(raw).not.toMatch(/[^\r]\n/);
    const parsed = await simpleParser(raw);
    expect(parsed.text?.trim()).toBe(rendered.text.trim());
    expect(parsed.html).toBe(rendered.html);
    const other = await PostalMime.parse(raw);
    expect([other.text?.trim(), other.html?.trim()]).toEqual([rendered.text.trim(), rendered.html]);
    expect(parsed.replyTo?.value[0]?.address).toBe("us@dialogue.example");
  });
});
