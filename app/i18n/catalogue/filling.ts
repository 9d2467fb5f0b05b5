/** Filling in the form step by step, and what happens when the link or the code ends in between. */
export const filling = {
  "step.begin": ["Begin", "开始填写"],
  "step.goOn": ["Go on where something is left", "继续填写"],
  "step.change": ["Look at the sections one by one", "逐项查看"],
  "step.whole": ["Or everything on one page", "或在本页填写全部内容"],
  "step.all": ["All sections", "全部内容"],
  "step.count": ["Step {number} of {total}", "第{number}步，共{total}步"],
  "step.toCheck": ["please check", "请核对"],
  "step.complete": ["complete, not sent", "已填好，未提交"],
  "step.next": ["Save and go on", "保存并继续"],
  "step.rightNext": ["This is right: save and go on", "核对无误，保存并继续"],
  "step.pause": ["Save and stop here", "保存，稍后再填"],
  "step.back": ["Back one step", "上一步"],
  "step.stillRight": [
    "We have filled in what we know from earlier. Is it still right? Correct what is not; nothing of it counts before you have saved it.",
    "以下是我们此前掌握的信息，请核对是否仍然有效，如有变化请直接更正。保存之前，这些信息不作为您的填报内容。",
  ],
  "step.stillRightPost": [
    "This is the post that we know of from earlier. Is it still yours? Posts change: correct what is not right any more, in both languages where you can. Nothing of it counts before you have saved it.",
    "以下是我们此前掌握的职务信息。您现在是否仍任此职？如有变动请直接更正，并尽可能填写中英文。保存之前，这些信息不作为您的填报内容。",
  ],
  "step.storedAnyway": [
    "What you typed is saved as it is. You can correct it now, or later before you send everything.",
    "您填写的内容已原样保存。您可现在更正，也可在提交前更正。",
  ],
  "step.goOnAnyway": ["Go on without it for now", "暂不填写，继续下一步"],
  "step.elsewhere": [
    "This section can be sent only when these are in order, too:",
    "须先完善以下部分，本部分的修改才能提交：",
  ],
  "step.keeping": ["Saving…", "正在保存……"],
  "step.kept": ["Saved at {time}.", "已于{time}自动保存。"],
  "step.offline": [
    "Not saved: no connection, or this page was open for too long. What you typed is still here. Press a button below to save it.",
    "未能保存：网络中断，或页面打开时间过长。您填写的内容仍在本页，请点击下方按钮保存。",
  ],
  "step.notKept.invalid": [
    "Not saved yet: something in it cannot be stored. Press “Save” and the page shows what.",
    "尚未保存：部分内容无法存储。请点击“保存”，页面将提示具体问题。",
  ],
  "step.notKept.changed": [
    "Not saved: this section was changed elsewhere meanwhile. Press “Save” to see both versions.",
    "尚未保存：本部分已在别处被修改。请点击“保存”，对照查看两个版本。",
  ],
  "step.notKept.other": [
    "Not saved. Press “Save” and the page says why.",
    "尚未保存。请点击“保存”查看原因。",
  ],

  "kept.title": ["Nothing that you typed is lost", "您填写的内容没有丢失"],
  "kept.codeNeeded": [
    "This browser is no longer known for your link, so nothing was saved yet. Have a code sent to your mailbox and type it on the next page; then what you typed is sent with one press.",
    "系统无法再确认此浏览器，因此您的内容尚未保存。请获取验证码并在下一页输入，之后只需点击一次，即可提交您刚才填写的内容。",
  ],
  "kept.linkDead": [
    "This link does not lead anywhere now, so nothing was saved. Please ask the secretariat for a new link; the number is in our mail to you. Below is what you typed: copy it, and put it in again with the new link.",
    "此链接目前已失效，您的内容未能保存。请联系秘书处获取新链接（电话见我们发送给您的邮件）。以下是您填写的内容，请复制留存，取得新链接后重新填入。",
  ],
  "kept.typed": ["What you typed", "您填写的内容"],
  "kept.own": ["Answer", "回答"],
  "kept.carried": [
    "What you typed before is kept on this page until the code is right.",
    "您此前填写的内容已保留在本页，验证码正确后即可提交。",
  ],
  "kept.nowSend": [
    "The code was right. What you typed before has not been saved yet: send it now.",
    "验证码正确。您此前填写的内容尚未保存，请立即提交。",
  ],
  "kept.send": ["Save what I typed", "保存我填写的内容"],

  "receipt.title": ["Receipt", "收件回执"],
  "receipt.lead": [
    "The secretariat has received your registration. Keep this page, or print it.",
    "秘书处已收到您的报名注册信息。请保存或打印本页。",
  ],
  "receipt.number": ["Receipt", "回执编号"],
  "receipt.sentOn": ["Sent for the first time", "首次提交时间"],
  "receipt.changedOn": ["Last changed", "最近修改时间"],
  "receipt.form": ["Form", "表格版本"],
  "receipt.formVersion": ["version {number}", "第{number}版"],
  "receipt.sections": ["What was received", "已收到的内容"],
  "receipt.visits": ["Site visits", "参观考察"],
  "receipt.answers": ["See all answers", "查看全部回答"],
  "receipt.programme": ["My programme", "我的日程"],
  "receipt.mail": [
    "A confirmation goes to {email}, too. It holds none of your answers.",
    "确认邮件将另行发送至{email}，其中不含您填写的内容。",
  ],
  "receipt.link": ["Receipt to keep or print", "查看或打印回执"],
  "mail.missing.subject": [
    "Your registration, {city} {year}: what is still missing",
    "报名注册待补充信息（{year}年，{city}）",
  ],
  "mail.missing.begun": [
    "Thank you for what you have told us already. These things are still missing in your registration.",
    "感谢您已填写的内容。您的报名注册尚缺以下信息。",
  ],
  "mail.missing.notBegun": [
    "We look forward to your registration. These are the sections to fill in; it takes about five minutes.",
    "期待您完成报名注册。请填写以下内容，约需五分钟。",
  ],
  "mail.missing.by": ["Please complete it by {when}.", "请于{when}前补齐。"],
  "mail.missing.open": ["Open this section", "打开此部分"],
  "mail.missing.phone": [
    "You can also tell us by phone, and we write it down for you.",
    "您也可以电话告知，由我们代为填写。",
  ],
  "mail.confirmation.receipt": ["Receipt {number} of {when}.", "回执编号{number}，{when}。"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
