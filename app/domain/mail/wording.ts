import type { TemplateKind } from "#db/vocabulary.ts";

export type Wording = { subjectEn: string; subjectZh: string; bodyEn: string; bodyZh: string };

function wording(
  subject: readonly [string, string],
  en: ReadonlyArray<string>,
  zh: ReadonlyArray<string>,
): Wording {
  return { subjectEn: subject[0], subjectZh: subject[1], bodyEn: en.join("\n\n"), bodyZh: zh.join("\n\n") };
}

/** What each kind of message says until a side words its own (DOMAIN §6.5). The salutation stands above it, the names of the senders below. */
export const WORDINGS: Readonly<Record<TemplateKind, Wording>> = {
  save_the_date: wording(
    ["Please save the date: {city}, {dates}", "敬请预留时间：{city}，{dates}"],
    [
      "Please hold {dates} for the {event}, to be held in {city}.",
      "A formal invitation will follow. No reply is needed now.",
    ],
    ["{event}拟于{dates}在{city}举行，敬请预留时间。", "正式邀请函将随后发出，目前无需回复。"],
  ),
  invitation: wording(
    ["Your invitation to the dialogue in {city}", "邀请您出席{city}对话"],
    [
      "On behalf of {senders}, it is our honor to invite you to take part in the {event} as {function}. The dialogue will be held in {city}, {dates}.",
      "Kindly reply by **{replyBy}**, on the page that this link opens.",
      "{link}",
    ],
    [
      "谨代表{senders}，诚邀阁下以{function}身份出席{event}。会议定于{dates}在{city}举行。",
      "敬请于**{replyBy}**前通过以下链接回复为盼。",
      "{link}",
    ],
  ),
  reminder: wording(
    ["A gentle reminder: the dialogue in {city}", "敬请回复：{city}对话"],
    [
      "We would be grateful for your answer to our invitation to the {event} by **{replyBy}**.",
      "{link}",
      "If you have answered in another way in the meantime, please disregard this mail.",
    ],
    [
      "此前已就{event}向您发出邀请，敬请于**{replyBy}**前回复为盼。",
      "{link}",
      "如您已通过其他方式回复，请忽略本邮件。",
    ],
  ),
  missing_items: wording(
    ["Still needed for your registration", "您的注册信息尚待补充"],
    [
      "Thank you for having accepted our invitation. For your stay in {city} we still need:",
      "{missing}",
      "Your assistant may fill it in for you. Please never send a passport or its number by mail.",
      "{link}",
    ],
    [
      "感谢您接受邀请。为妥善安排您在{city}的行程，还请补充以下信息：",
      "{missing}",
      "可由秘书代为填写。请勿通过邮件发送护照或护照号码。",
      "{link}",
    ],
  ),
  confirmation: wording(
    ["We look forward to welcoming you in {city}", "期待您莅临{city}"],
    [
      "Your participation in the {event} is confirmed. We look forward to welcoming you in {city}, {dates}.",
      "{link}",
    ],
    ["您已确认出席{event}。期待{dates}在{city}与您相见。", "{link}"],
  ),
  waiting_list: wording(
    ["A place may become free on a site visit", "参观考察或有名额"],
    [
      "You are on the waiting list of a site visit, and a place may become free. Please tell us whether you would still like to come, on the page that this link opens.",
      "{link}",
    ],
    ["您目前在参观考察候补名单中，近期或有名额。请通过以下链接告知是否仍愿参加。", "{link}"],
  ),
  logistics: wording(
    ["Practical notes for {city}", "{city}会务提示"],
    [
      "Some practical notes for your stay in {city}, {dates}:",
      "- **Arrival**: we meet you behind customs, with a sign that names the dialogue.\n- **Passport**: please carry it on the days of site visits.\n- **Duty phone**, day and night: {phones}",
      "{link}",
    ],
    [
      "现将{dates}{city}会务安排提示如下：",
      "- **抵达**：工作人员将在海关出口处举牌迎接。\n- **证件**：参观当日请携带有效证件原件。\n- **值班电话**（24小时）：{phones}",
      "{link}",
    ],
  ),
  agenda: wording(
    ["Your programme in {city}, version {version}", "您的{city}日程（第{version}版）"],
    [
      "Please find below your own programme of the {event}, as it now stands.",
      "Please check the times, and bring your passport on the days of site visits. If anything is not right for you, let us know.",
      "{programme}",
      "{link}",
    ],
    [
      "现将您参加{event}的个人日程发送如下，请以本版为准。",
      "请核对各项时间；参观当日请携带有效证件原件。如有不便，请及时与秘书处联系。",
      "{programme}",
      "{link}",
    ],
  ),
  change_notice: wording(
    ["Update {version}: your programme in {city}", "更新{version}：您的{city}日程"],
    [
      "**Your programme has changed.** Version {version} replaces all earlier ones. What is new for you:",
      "{changes}",
      "Please open your programme and confirm that you have seen this; otherwise we will phone you. Duty phone: {phones}",
      "{link}",
    ],
    [
      "**您的日程有变更。**第{version}版取代此前各版。与您有关的变更如下：",
      "{changes}",
      "请打开日程并确认已阅；未确认者秘书处将电话联系。值班电话：{phones}",
      "{link}",
    ],
  ),
  tonight: wording(
    ["Tonight and tomorrow in {city}", "今晚与明日安排"],
    [
      "Here is what you need for tonight and tomorrow.",
      "{programme}",
      "Duty phone, all night: {phones}",
      "{link}",
    ],
    ["现将今晚及明日安排提示如下。", "{programme}", "值班电话（全夜）：{phones}", "{link}"],
  ),
  thank_you: wording(
    ["Thank you for coming to {city}", "感谢您莅临{city}"],
    [
      "Thank you for having taken part in the {event}. Your contribution made the discussions what they were.",
      "We hope to see you again at the next one.",
    ],
    ["感谢您出席{event}，您的参与使讨论富有成果。", "期待下一届再次相聚。"],
  ),
};
