/** Whom a message goes to beyond the usual groups, and what becomes of people whom another side answers for. */
export const mailAudience = {
  "message.vehicle": ["In this vehicle, on any trip", "乘坐车辆（任一行程）"],
  "message.vehicle.any": ["any", "不限"],
  "message.hotel": ["Staying at this hotel", "入住酒店"],
  "message.hotel.any": ["any", "不限"],
  "message.withPeople": ["{name} ({count, plural, one {# person} other {# people}})", "{name}（{count}人）"],
  "message.otherSide": ["People of the other side", "对方人员"],
  "message.otherSideHelp": [
    "This goes to your own side’s people alone, also where a release lets you read of others: their own secretariat writes to them and looks after what comes back. You may hand it the text.",
    "本邮件仅发给本方人员；即使经授权可查看对方人员的资料，也由对方秘书处向其发信并处理退信和回复。您可将文本交给对方秘书处。",
  ],
  "message.handOver": ["Hand the text to {host}", "将文本交给{host}"],
  "message.handOverWhat": [
    "They get subject and text in both languages as a draft of theirs, and decide themselves. Who would get it here does not go with it.",
    "对方将收到中英文主题和正文，作为其草稿，是否发送由对方决定。本方收件人名单不会一并转交。",
  ],
  "message.done.handedOver": [
    "Handed over. It is a draft among their mails now; they decide whether it goes.",
    "已转交，成为对方的草稿，是否发送由对方决定。",
  ],
  "message.handedBy": [
    "The text comes from {host}, who cannot write to your people. Please look through it, choose who gets it, and release it if you agree.",
    "文本由{host}转交，对方不能直接向本方人员发信。请核对内容、选定收件人，同意后发出。",
  ],
  "message.handed": ["handed over by the other side", "对方转交"],
  "auditAction.message.hand_over": ["Handed a message’s text to another co-host", "将邮件文本转交另一主办方"],
  "template.opens": [
    "Once you have saved your own words, they also stand at the head of the mails of this kind that go by themselves, with their subject; what such a mail has to tell (receipt, visits, changes, what is missing, the link) follows below. They need both languages up to date; otherwise, and for anybody who lacks what a placeholder names, the mail begins with the product’s own words.",
    "保存本方文本后，系统自动发送的同类邮件也将使用该主题和开头文字，回执、参观、变更、待补信息及链接等内容仍附于其后。中英文须保持一致；否则，或某位收件人缺少占位符所需内容时，邮件使用系统默认文字。",
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
