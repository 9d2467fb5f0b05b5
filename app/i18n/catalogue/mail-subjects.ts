/** Placeholders as a list of mails names them: what stands there differs from person to person. */
export const mailSubjects = {
  "mailSubject.placeholder": ["‹{word}›", "〈{word}〉"],
  "mailSubject.name": ["name", "姓名"],
  "mailSubject.institution": ["institution", "单位"],
  "mailSubject.position": ["position", "职务"],
  "mailSubject.function": ["invited as", "受邀身份"],
  "mailSubject.event": ["title of the dialogue", "会议名称"],
  "mailSubject.dates": ["dates", "会期"],
  "mailSubject.city": ["city", "城市"],
  "mailSubject.replyBy": ["reply date", "回复截止时间"],
  "mailSubject.number": ["invitation number", "邀请函编号"],
  "mailSubject.senders": ["co-hosts", "主办方"],
  "mailSubject.costs": ["costs", "费用承担"],
  "mailSubject.phones": ["duty phones", "值班电话"],
  "mailSubject.salutation": ["salutation", "称呼"],
  "mailSubject.registerBy": ["registration deadline", "注册截止时间"],
  "mailSubject.version": ["number", "版本号"],

  "message.seen.yes": ["seen {when}", "{when}已确认阅知"],
  "message.seen.later": ["seen {when}, as version {number}", "{when}已确认阅知第{number}版"],
  "message.seen.count": ["{seen} of {all} have said that they have seen it", "{all}人中已有{seen}人确认阅知"],
  "message.seen.not": ["not confirmed as seen", "尚未确认阅知"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
