/** What a link opens by itself and what a code opens: the code's page, devices, assistants, "this is not me". */
export const links = {
  "code.title": ["Please confirm that it is you", "请确认是您本人"],
  "code.lead": [
    "What you have told us is shown in this browser after you have typed a code once. We send the code to the e-mail address that we have for you.",
    "为保护您的信息，请在此浏览器中输入一次验证码，之后即可查看您所填写的内容。验证码将发送至我们登记的您的邮箱。",
  ],
  "code.leadAssistant": [
    "This link is for an assistant. The sections that are open to you are shown in this browser after you have typed a code once. We send the code to the e-mail address at which you got the link.",
    "本链接供代办人使用。请在此浏览器中输入一次验证码，之后即可查看对您开放的部分。验证码将发送至您收到本链接的邮箱。",
  ],
  "code.send": ["Send me the code", "发送验证码"],
  "code.sendAgain": ["Send another code", "重新发送验证码"],
  "code.sent": [
    "If we have an e-mail address for you, a code is on its way to it. It was sent on {when} and is good for ten minutes. Only the newest code counts.",
    "如我们登记有您的邮箱，验证码已发出。发送时间：{when}，十分钟内有效。请以最新收到的验证码为准。",
  ],
  "code.code": ["Code of six digits", "六位数验证码"],
  "code.type": ["Continue", "继续"],
  "code.wrong": [
    "This code is not right, or not good any more. Please check the newest mail, or have another code sent.",
    "验证码不正确或已失效。请核对最新一封邮件，或重新发送验证码。",
  ],
  "code.often": [
    "Too many codes were asked for or tried. Please wait for an hour, or phone the secretariat: {phones}.",
    "验证码发送或输入次数过多。请一小时后再试，或致电秘书处：{phones}。",
  ],
  "code.nothingComes": [
    "Nothing comes? Please look among unwanted mail. If you have no access to your mailbox now, phone the secretariat and they will tell you a code: {phones}.",
    "未收到邮件？请查看垃圾邮件箱。如目前无法使用邮箱，请致电秘书处，工作人员将电话告知验证码：{phones}。",
  ],
  "code.phoned": ["Were you told a code by phone? Type it here.", "如已通过电话获知验证码，请在此输入。"],
  "code.without": ["You can reply to the invitation without a code.", "回复邀请无需输入验证码。"],
  "code.backToInvitation": ["To the invitation", "返回邀请函"],

  "devices.title": ["Devices", "设备"],
  "devices.lead": [
    "In these browsers a code was typed: what you told us can be seen and changed there. If you do not know one of them, remove it and phone the secretariat: {phones}.",
    "以下浏览器已输入验证码，可查看和修改您所填写的信息。如有您不认识的设备，请将其移除，并致电秘书处：{phones}。",
  ],
  "devices.none": ["No browser is remembered.", "目前没有已验证的浏览器。"],
  "devices.since": ["since {when}", "验证时间：{when}"],
  "devices.assistants": ["Assistant: {name}", "代办人：{name}"],
  "devices.remove": ["Remove", "移除"],
  "devices.removeThis": ["Remove {device}, since {when}", "移除{device}（验证时间：{when}）"],
  "devices.removed": ["The device has been removed.", "设备已移除。"],

  "mail.accessCode.subject": ["Your code: {city} {year}", "验证码：{year}年{city}"],
  "mail.accessCode.is": [
    "Somebody who has your link, probably you, asked for this code. Please type it on the page that is open:",
    "有人（可能是您本人）通过您的链接申请了以下验证码，请在已打开的页面上输入：",
  ],
  "mail.accessCode.until": [
    "It can be used once, until {when}. Please tell it to nobody: the secretariat never asks you for it.",
    "验证码仅可使用一次，有效期至{when}。请勿告知他人，秘书处不会向您索要验证码。",
  ],
  "mail.accessCode.notYou": [
    "If it was not you, somebody else may have your link. Please phone the secretariat; without the code nothing of yours is shown.",
    "如非您本人操作，您的链接可能已为他人所知，请致电秘书处。没有验证码，他人无法查看您的信息。",
  ],
  "mail.newDevice.subject": ["A new device: {city} {year}", "新设备提示：{year}年{city}"],
  "mail.newDevice.own": [
    "A code was typed in a browser that was not known so far. What you told us can now be seen and changed there:",
    "有人在一个新的浏览器中输入了您的验证码，现可在该浏览器中查看和修改您所填写的信息：",
  ],
  "mail.newDevice.assistant": [
    "Your assistant {name} typed a code in a browser that was not known so far. The sections that are open to them can now be seen and changed there:",
    "您的代办人{name}在一个新的浏览器中输入了验证码，现可在该浏览器中查看和修改对其开放的部分：",
  ],
  "mail.newDevice.side": [
    "A code was typed in a new browser for {name}, invitation {number}:",
    "{name}（邀请函编号{number}）的验证码已在一个新的浏览器中输入：",
  ],
  "mail.newDevice.advice": [
    "If you know of it, there is nothing to do. If not, please phone the secretariat at once; you can also remove the device yourself.",
    "如您知情，则无需处理；如非您本人或代办人操作，请立即致电秘书处，您也可以自行移除该设备。",
  ],
  "mail.newDevice.sideAdvice": [
    "As a rule this is the person themselves. If they know nothing of it, remove the device or stop the link on their page.",
    "通常为本人操作。如本人不知情，请在其页面上移除该设备或停用链接。",
  ],
  "mail.newDevice.open": ["See your devices", "查看您的设备"],
  "mail.desk.open": ["Open the secretariat's pages", "打开秘书处页面"],
  "mail.toColleagues": ["Dear colleagues:", "各位同事："],
  "mail.toSomebody": ["Dear {name}:", "{name}，您好："],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
