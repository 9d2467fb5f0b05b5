/** Asking two whether they share a room: the mail, and what staff see of it. */
export const roomShare = {
  "mailKind.room_share": ["Sharing a room", "合住征询"],
  "mail.roomShare.subject": [
    "A question about your stay, {city} {year}",
    "关于您的住宿安排（{year}年{city}）",
  ],
  "mail.roomShare.opening": [
    "You are asked whether you would share a room. On your page you see with whom, and say yes or no.",
    "现就合住事宜征询您的意见。请在您的页面查看合住人，并答复是否同意。",
  ],
  "mail.roomShare.hotel": ["Hotel", "酒店"],
  "mail.roomShare.from": ["Check-in", "入住"],
  "mail.roomShare.to": ["Check-out", "离店"],
  "mail.roomShare.how": [
    "The room is settled only once both of you have agreed; the other person is not told what you said. You can change your answer until the first night.",
    "双方均同意后方可确定，您的答复不会告知对方。首晚之前可随时更改。",
  ],
  "mail.roomShare.open": ["See and answer", "查看并答复"],
  "room.asking.waits": ["a mail asks them in a few minutes", "数分钟后邮件征询"],
  "room.asking.sent": ["asked by mail", "已邮件征询"],
  "room.asking.failed": ["the mail did not arrive: ask in person", "邮件未送达，请当面询问"],
  "room.asking.none": ["no mail asks them: ask in person", "未发邮件，请当面询问"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
