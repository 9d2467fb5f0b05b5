import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import { composeSource } from "#app/platform/mailer.server.ts";
import { LOCALES, type Locale } from "#db/vocabulary.ts";
import { type Links, renderMail } from "#emails/index.tsx";
import type { MailEdition, MailPayload, MailProgrammeItem } from "#emails/payload.ts";

const BASE = "https://dialogue.example/i/tokentokentokentokento";

function links(own: Locale): Record<Locale, Links> {
  const inLocale = (locale: Locale) => {
    const lang = locale === own ? "" : `?lang=${locale}`;
    return {
      invitation: BASE + lang,
      registration: `${BASE}/registration${lang}`,
      visits: `${BASE}/visits${lang}`,
      programme: `${BASE}/programme${lang}`,
      seen: `${BASE}/seen${lang}`,
      devices: `${BASE}/devices${lang}`,
      data: `${BASE}/data${lang}`,
      section: (key: string) => `${BASE}/registration/${key}${lang}`,
      nomination: `${BASE}/nomination${lang}`,
      setUp: `${BASE}/set-up${lang}`,
      desk: `${BASE}/desk${lang}`,
    };
  };
  return { en: inLocale("en"), "zh-CN": inLocale("zh-CN") };
}

const edition: MailEdition = {
  titleEn: "U.S.-China Track II Dialogue on the Rule of Law & Human Rights",
  titleZh: "中美法治与人权二轨对话",
  cityEn: "Beijing",
  cityZh: "北京",
  timeZone: "Asia/Shanghai",
  homeTimeZone: "America/New_York",
  startsOn: "2018-12-03",
  endsOn: "2018-12-05",
  replyBy: Date.UTC(2018, 10, 9, 10),
  phones: "+86 10 0000 0001",
  sender: { nameEn: "Riverbend Committee", nameZh: "河湾委员会" },
  senders: [
    { nameEn: "Riverbend Committee", nameZh: "河湾委员会" },
    { nameEn: "Example Foundation", nameZh: "示例基金会" },
  ],
};

const visitItem: MailProgrammeItem = {
  id: "visit",
  kind: "site_visit",
  startsAt: Date.UTC(2018, 11, 5, 7, 30),
  endsAt: Date.UTC(2018, 11, 5, 9),
  titleEn: "Courtesy call, Supreme People's Court",
  titleZh: "最高人民法院会见",
  placeEn: "Supreme People's Court",
  placeZh: "最高人民法院",
  attribution: "closed",
  interpretation: "consecutive",
  mine: true,
  functions: ["discussant"],
  visit: {
    id: "v",
    hostEn: "Reception Office",
    hostZh: "外事局",
    meetAt: Date.UTC(2018, 11, 5, 6, 45),
    meetingPointEn: "Hotel lobby",
    meetingPointZh: "酒店大堂",
    dressEn: "Dark suit",
    dressZh: "正装",
    bringEn: "Passport",
    bringZh: "护照原件",
  },
  place: "granted",
  clashesWith: ["session"],
  changedIn: 3,
  revisedAt: Date.UTC(2018, 11, 4, 13, 40),
};
const session: MailProgrammeItem = {
  ...visitItem,
  id: "session",
  kind: "session",
  titleEn: "Session 3",
  titleZh: "第三单元",
  functions: [],
  visit: null,
  place: null,
  mine: false,
  clashesWith: [],
};

const addressed = {
  edition,
  salutationEn: "Dear Judge Placeholder:",
  salutationZh: "尊敬的 Placeholder 法官：",
};
const visit = {
  titleEn: visitItem.titleEn,
  titleZh: visitItem.titleZh,
  startsAt: visitItem.startsAt,
  endsAt: visitItem.endsAt,
};

const MAILS: Record<MailPayload["kind"], MailPayload> = {
  invitation: {
    kind: "invitation",
    ...addressed,
    number: "08-017",
    subjectEn: "Invitation",
    subjectZh: "邀请函",
    bodyEn: "It is my honor to invite you.\n\nKindly reply.",
    bodyZh: "诚邀阁下出席。\n\n敬请回复。",
  },
  confirmation: {
    kind: "confirmation",
    ...addressed,
    visits: [
      { ...visit, state: "granted", position: null },
      { ...visit, titleEn: "Internet Court", titleZh: "互联网法院", state: "waiting", position: 3 },
    ],
    programme: [session, visitItem],
    version: 3,
  },
  visit_place: {
    kind: "visit_place",
    ...addressed,
    visit: { ...visit, state: "granted", position: null },
    cause: "promoted",
    offerEndsAt: null,
    clashes: [{ titleEn: "Session 3", titleZh: "第三单元" }],
  },
  data_answer: {
    kind: "data_answer",
    ...addressed,
    request: "deletion",
    outcome: "delete",
    word: "We are sorry to see you go.",
  },
  missing: {
    kind: "missing",
    ...addressed,
    begun: true,
    registerBy: Date.UTC(2018, 10, 16, 10),
    sections: [
      {
        key: "travel",
        titleEn: "Arrival and departure",
        titleZh: "抵离信息",
        things: [{ en: "Flight or train number, arriving", zh: "抵达航班号或车次" }],
      },
      { key: "needs", titleEn: "Diet and access", titleZh: "饮食与无障碍需求", things: [] },
    ],
  },
  change_answer: {
    kind: "change_answer",
    ...addressed,
    accepted: false,
    word: "The list has gone to the court.",
  },
  message: {
    kind: "message",
    template: "change_notice",
    ...addressed,
    subjectEn: "Update 3: Wed, Dec 5",
    subjectZh: "更新3：12月5日",
    proseEn: [
      { type: "heading", runs: [{ text: "The call has moved." }] },
      { type: "block", name: "changes" },
      {
        type: "list",
        ordered: false,
        items: [[{ text: "Duty phone " }, { text: "day and night", strong: true }]],
      },
      { type: "rule" },
      { type: "block", name: "missing" },
      { type: "block", name: "programme" },
    ],
    proseZh: [
      { type: "heading", runs: [{ text: "会见改期。" }] },
      { type: "block", name: "changes" },
      { type: "list", ordered: false, items: [[{ text: "值班电话" }, { text: "全天", strong: true }]] },
      { type: "block", name: "missing" },
      { type: "block", name: "programme" },
    ],
    programme: [session, visitItem],
    version: 3,
    publishedAt: Date.UTC(2018, 11, 4, 13, 40),
    changes: [
      {
        change: "moved",
        parts: ["time"],
        item: visitItem,
        before: {
          ...visitItem,
          startsAt: visitItem.startsAt - 7_200_000,
          endsAt: visitItem.endsAt - 7_200_000,
        },
      },
      { change: "cancelled", parts: [], item: session, before: null },
    ],
    missing: ["travel"],
    registerBy: Date.UTC(2018, 10, 16, 10),
    isTest: false,
  },
  agenda_change: {
    kind: "agenda_change",
    ...addressed,
    version: 3,
    from: 2,
    publishedAt: Date.UTC(2018, 11, 4, 13, 40),
    changes: [
      {
        change: "moved",
        parts: ["time", "place"],
        item: visitItem,
        before: {
          ...visitItem,
          startsAt: Date.UTC(2018, 11, 5, 2),
          endsAt: Date.UTC(2018, 11, 5, 3, 30),
          placeEn: "East gate",
          placeZh: "东门",
        },
      },
      { change: "cancelled", parts: [], item: session, before: null },
    ],
    clashes: { visit: [{ titleEn: "Internet Court", titleZh: "互联网法院" }] },
  },
  access_code: {
    kind: "access_code",
    ...addressed,
    codeId: "c",
    expiresAt: Date.UTC(2018, 11, 4, 13, 50),
  },
  task_digest: {
    kind: "task_digest",
    ...addressed,
    tasks: [
      {
        kind: "clearance",
        title: "",
        hostEn: "Court of Examples",
        hostZh: "示例法院",
        at: Date.UTC(2018, 10, 19, 10),
        overdue: true,
        owner: "Grace Mockup",
      },
      {
        kind: "own",
        title: "Gifts 礼品",
        hostEn: "",
        hostZh: "",
        at: Date.UTC(2018, 10, 26, 10),
        overdue: false,
        owner: "",
      },
    ],
  },
  nomination_request: {
    kind: "nomination_request",
    ...addressed,
    institutionEn: "Court of Examples",
    institutionZh: "示例法院",
    places: 2,
    closesAt: Date.UTC(2018, 8, 28, 10),
  },
  assistant_link: {
    kind: "assistant_link",
    ...addressed,
    nameLatin: "Margaret Placeholder",
    nameNative: "占位玛格",
    sections: ["travel", "visits"],
    mayReply: true,
  },
  not_me: {
    kind: "not_me",
    ...addressed,
    at: Date.UTC(2018, 11, 4, 13, 40),
    isAssistant: false,
    number: "08-017",
    nameLatin: "Margaret Placeholder",
    nameNative: "占位玛格",
  },
  new_device: {
    kind: "new_device",
    ...addressed,
    browser: "Safari",
    system: "iOS",
    at: Date.UTC(2018, 11, 4, 13, 40),
    assistant: null,
    about: null,
  },
  staff_set_up: {
    kind: "staff_set_up",
    ...addressed,
    inviter: "Grace Mockup",
    permissions: ["mail", "duty_desk"],
    everywhere: false,
    endsAt: Date.UTC(2019, 0, 4, 16),
    expiresAt: Date.UTC(2018, 10, 5, 2),
  },
};

/** What a mail with a code is written with besides its payload. */
const CODE = "042917";
/** Mails that bring no link at all: what they say is typed, not clicked. */
const WITHOUT_LINK: ReadonlyArray<MailPayload["kind"]> = ["access_code"];

/** What both parts of each mail must say in each language, in the order of the languages. */
const FACTS: Record<MailPayload["kind"], ReadonlyArray<readonly [en: string, zh: string]>> = {
  invitation: [
    ["It is my honor to invite you.", "诚邀阁下出席。"],
    ["Monday, December 3, 2018", "2018年12月3日（星期一）"],
    ["6:00 PM, Beijing time", "18:00，北京时间"],
    ["5:00 AM, New York time", "05:00，纽约时间"],
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
  missing: [
    ["still missing in your registration", "尚缺以下信息"],
    ["Friday, November 16, 2018, 5:00 AM, New York time", "2018年11月16日（星期五）05:00，纽约时间"],
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
    ["5:00 AM, New York time", "05:00，纽约时间"],
    ["version 3", "第3版"],
    ["9:40 PM, Beijing time", "21:40，北京时间"],
    ["Please bring: Passport", "请携带：护照原件"],
  ],
  agenda_change: [
    ["This is version 3, issued Tuesday, December 4", "现为第3版，发布时间：2018年12月4日"],
    ["9:40 PM, Beijing time", "21:40，北京时间"],
    ["8:40 AM, New York time", "08:40，纽约时间"],
    ["you had version 2", "您此前收到的是第2版"],
    ["[Moved] Courtesy call, Supreme People's Court", "【变更】最高人民法院会见"],
    [
      "Moved from Wednesday, December 5, 10:00–11:30 AM to Wednesday, December 5, 3:30–5:00 PM, Beijing time",
      "时间由12月5日 星期三 10:00–11:30改为12月5日 星期三 15:30–17:00，北京时间",
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
    ["until Tuesday, December 4", "有效期至2018年12月4日"],
    ["9:50 PM, Beijing time", "21:50，北京时间"],
    ["never asks you for it", "秘书处不会向您索要验证码"],
  ],
  nomination_request: [
    ["Court of Examples put forward 2 names", "谨请示例法院推荐2名人选"],
    ["6:00 PM, Beijing time", "18:00，北京时间"],
    ["6:00 AM, New York time", "06:00，纽约时间"],
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
    ["9:40 PM, Beijing time", "21:40，北京时间"],
    ["The link was stopped at once", "该链接已立即停用"],
  ],
  new_device: [
    ["Safari on iOS", "Safari（iOS）"],
    ["9:40 PM, Beijing time", "21:40，北京时间"],
    ["8:40 AM, New York time", "08:40，纽约时间"],
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
      "有效期至2018年11月5日（星期一）10:00",
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
      expect(html).not.toMatch(/<(?:img|script|link|iframe|object|style)\b|url\(|@import|src=/i);
      expect(Buffer.byteLength(html)).toBeLessThan(100_000);
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

describe("over the wire", () => {
  test.each([
    "您的北京日程（第3版）📅 请核对12月5日最高人民法院会见时间",
    "𠮷野家の件 𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥𪚥",
    "👩‍⚖️👨‍⚖️ 法官 👩‍⚖️👨‍⚖️ 法官 👩‍⚖️👨‍⚖️ 法官 👩‍⚖️👨‍⚖️",
  ])("a subject in Chinese is made of whole words of at most 75 characters: %s", async (subject) => {
    const raw = await source({
      ...renderMail(MAILS.message, { locale: "zh-CN", links: links("zh-CN"), code: CODE }),
      subject,
    });
    const header = /^Subject: ([\s\S]*?)\r\n(?![ \t])/m.exec(raw)?.[1] ?? "";
    const words = header.split(/\r\n[ \t]/).flatMap((line) => line.split(" "));
    expect(words.length).toBeGreaterThan(1);
    for (const word of words) {
      expect(word.length).toBeLessThanOrEqual(75);
      const [, encoding, body = ""] = /^=\?UTF-8\?([BQ])\?(.*)\?=$/i.exec(word) ?? [];
      const bytes =
        encoding?.toUpperCase() === "B"
          ? Buffer.from(body, "base64")
          : Buffer.from(
              body
                .replaceAll("_", " ")
                .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) =>
                  String.fromCharCode(Number.parseInt(hex, 16)),
                ),
              "latin1",
            );
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes)).not.toThrow();
    }
    expect((await simpleParser(raw)).subject).toBe(subject);
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
    expect(parsed.replyTo?.value[0]?.address).toBe("us@dialogue.example");
  });
});
