import type { Locale } from "#db/vocabulary.ts";
import type { Links } from "#emails/index.tsx";
import type { MailEdition, MailPayload, MailProgrammeItem } from "#emails/payload.ts";

export const BASE = "https://dialogue.example/i/tokentokentokentokento";

export function links(own: Locale): Record<Locale, Links> {
  const inLocale = (locale: Locale) => {
    const lang = locale === own ? "" : `?lang=${locale}`;
    return {
      invitation: BASE + lang,
      registration: `${BASE}/registration${lang}`,
      visits: `${BASE}/visits${lang}`,
      programme: `${BASE}/programme${lang}`,
      stay: `${BASE}/stay${lang}`,
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

export const edition: MailEdition = {
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

export const visitItem: MailProgrammeItem = {
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

/** A mail of every kind, with all that it can say. */
export const MAILS: Record<MailPayload["kind"], MailPayload> = {
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
  car: {
    kind: "car",
    ...addressed,
    way: "arrival",
    calledOff: false,
    departsAt: Date.UTC(2018, 11, 2, 17, 20),
    fromPlace: "Beijing Capital, Terminal 3",
    toPlace: "示例饭店 Sample Hotel",
    vehicle: "2号车 Van 2",
    plate: "京A·D0002",
    sign: "法治对话\nDialogue 2018",
    number: "ZZ981",
    flightAt: Date.UTC(2018, 11, 2, 16, 30),
  },
  room_share: {
    kind: "room_share",
    ...addressed,
    roomId: "room",
    hotelEn: "Sample Hotel Beijing",
    hotelZh: "北京示例饭店",
    checkIn: "2018-12-02",
    checkOut: "2018-12-06",
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
export const CODE = "042917";
