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
  "code.clock": ["{time}, {zone}", "{zone}{time}"],
  "code.sent": [
    "If we have an e-mail address for you, a code is on its way to it. It was sent at {when} and is good for ten minutes. Only the newest code counts.",
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

  "notMe.link": ["This is not me", "并非本人"],
  "notMe.title": ["This is not me", "并非本人"],
  "notMe.lead": [
    "If this link came to you by mistake, please tell us here. We ask for nothing about you.",
    "如果您误收了本链接，请在此告知我们。我们不会询问您的任何信息。",
  ],
  "notMe.what": [
    "The link then stops working at once, for everybody, and the secretariat looks for the right person. No reply to the invitation is sent.",
    "确认后，本链接将立即对所有人失效，秘书处将另行联系受邀人本人。此操作不会提交任何回复。",
  ],
  "notMe.say": ["This is not me, stop the link", "并非本人，停用链接"],
  "notMe.back": ["No, go back", "返回"],
  "notMe.thanksTitle": ["Thank you", "感谢告知"],
  "notMe.thanks": [
    "The link has been stopped and the secretariat has been told. Please delete the mail. There is nothing else to do.",
    "该链接已停用，秘书处已获通知。请删除该邮件，您无需再做其他操作。",
  ],

  "assistant.toPage": ["Assistant and devices", "代办人与设备"],
  "assistant.title": ["Your assistant", "您的代办人"],
  "assistant.lead": [
    "An assistant gets a link of their own and sees only what you tick here. You can stop it at any time.",
    "代办人将收到单独的链接，只能看到您在此勾选的内容。您可以随时停用该链接。",
  ],
  "assistant.none": ["Nobody has a link as assistant.", "目前没有代办人链接。"],
  "assistant.add": ["Name an assistant", "指定代办人"],
  "assistant.name": ["Name of the assistant", "代办人姓名"],
  "assistant.email": ["Their e-mail address", "代办人邮箱"],
  "assistant.emailHelp": [
    "The link and the codes go there. Somebody who has a link already keeps it, with what you tick now.",
    "链接和验证码将发送至该邮箱。如该代办人已有链接，原链接继续有效，权限以本次勾选为准。",
  ],
  "assistant.locale": ["Their language", "代办人使用的语言"],
  "assistant.sections": ["Sections that they may see and fill in", "可查看和填写的部分"],
  "assistant.sectionsHelp": [
    "What you do not tick is neither shown to them nor can they change it.",
    "未勾选的部分不会向代办人显示，代办人也无法修改。",
  ],
  "assistant.consentsHelp": [
    "They then give or refuse consent in your name; the record says that it was they.",
    "代办人将以您的名义作出同意或不同意的选择，系统会记录由其代为操作。",
  ],
  "assistant.mayReply": ["They may also reply to the invitation for me", "代办人也可代为回复邀请"],
  "assistant.repliesToo": ["may reply", "可代为回复"],
  "assistant.noSection": ["No section of the form", "未开放注册表的任何部分"],
  "assistant.send": ["Send them their link", "发送链接"],
  "assistant.end": ["Stop the link", "停用链接"],
  "assistant.endThis": ["Stop the link of {name}", "停用{name}的链接"],
  "assistant.named": [
    "Done. A new assistant gets their link by mail; for one who had a link, what you ticked counts from now on.",
    "已保存。新指定的代办人将通过邮件收到链接；已有链接的代办人，权限即刻按本次勾选执行。",
  ],
  "assistant.ended": ["The link has been stopped.", "链接已停用。"],
  "assistant.many": [
    "No more assistants can be named here. Please phone the secretariat.",
    "无法再添加代办人，请致电秘书处。",
  ],
  "assistant.youMayReply": [
    "This link is for an assistant of the invited person. You may reply for them.",
    "本链接供受邀人的代办人使用，您可以代为回复。",
  ],
  "assistant.youMayNotReply": [
    "This link is for an assistant of the invited person. The reply is theirs; you may fill in the sections that are open to you.",
    "本链接供受邀人的代办人使用。回复须由受邀人本人作出，您可以填写对您开放的部分。",
  ],
  "assistant.restIsOthers": [
    "Other sections, which are not open to you, are still to be filled in. What you save here is kept for the invited person, who looks it over and sends it.",
    "其余部分未对您开放，尚待填写。您在此保存的内容将予以保留，由受邀人核对后提交。",
  ],

  "person.tab.access": ["Link and access", "链接与访问"],
  "access.title": ["Link and access", "链接与访问"],
  "access.link": ["The link", "链接"],
  "access.linkWorks": ["works until {when}", "有效期至{when}"],
  "access.linkStopped": ["stopped on {when}", "已于{when}停用"],
  "access.linkExpired": ["expired on {when}", "已于{when}过期"],
  "access.notMe": [
    "On {when} somebody who had the link said that they are not this person, and it was stopped. Check the address, then issue a new link on the person's page.",
    "{when}，有人打开链接后表示并非本人，链接已停用。请核对邮箱地址，再在此人页面重新生成链接。",
  ],
  "access.noAddress": [
    "There is no e-mail address: no code can be mailed. Tell one by phone.",
    "未登记邮箱，无法发送验证码，请通过电话告知。",
  ],
  "access.code": ["A code by phone", "电话告知验证码"],
  "access.codeLead": [
    "For somebody without a mailbox, or whose mail does not come. Be sure who is on the line: phone back at the number on the card. The code is shown once, is good for ten minutes and opens one browser.",
    "适用于未登记邮箱或收不到邮件的人员。请先核实对方身份，拨打联系人卡片上的号码回电确认。验证码仅显示一次，十分钟内有效，仅可用于一个浏览器。",
  ],
  "access.codeFor": ["For", "告知对象"],
  "access.codeForSelf": ["the person themselves", "本人"],
  "access.codeForAssistant": ["{name} (assistant)", "{name}（代办人）"],
  "access.password": ["Your password", "您的登录密码"],
  "access.codeShow": ["Show a code", "显示验证码"],
  "access.codeIs": ["The code is {code}.", "验证码为{code}。"],
  "access.codeUntil": ["Good until {when}. It is not shown again.", "有效期至{when}，离开本页后不再显示。"],
  "access.codeOften": [
    "Too many codes were told for this link in the last hour.",
    "过去一小时内为此链接告知的验证码过多，请稍后再试。",
  ],
  "access.codeRevoked": [
    "The link leads nowhere: a code would open nothing.",
    "链接已失效，验证码无法使用。",
  ],
  "access.devicesLead": [
    "Browsers in which a code was typed. Removing one asks for a new code there; the link goes on working.",
    "以下浏览器已输入验证码。移除后，该浏览器须重新输入验证码，链接仍然有效。",
  ],
  "access.assistants": ["Assistants with a link", "持有链接的代办人"],
  "access.assistantAdd": ["Give an assistant a link", "为代办人开通链接"],

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
  "mail.assistantLink.subject": ["A link for you as assistant: {city} {year}", "代办人链接：{year}年{city}"],
  "mail.assistantLink.named": [
    "You have been named as assistant of {name} for “{title}”. With the link below you act for them.",
    "{name}指定您为代办人，代为办理“{title}”的有关事项。请使用下方链接。",
  ],
  "mail.assistantLink.sections": [
    "You can see and fill in these sections of the registration: {sections}. The others are not shown to you.",
    "您可以查看和填写注册表的以下部分：{sections}。其他部分不会向您显示。",
  ],
  "mail.assistantLink.mayReply": ["You may also reply to the invitation for them.", "您也可以代为回复邀请。"],
  "mail.assistantLink.code": [
    "In a new browser the page asks once for a code, which comes to this mailbox. If you know nothing of this, please phone the secretariat.",
    "在新的浏览器中打开时，页面会要求输入一次验证码，验证码将发送至本邮箱。如您对此并不知情，请致电秘书处。",
  ],
  "mail.assistantLink.open": ["Open your link", "打开您的链接"],
  "mail.notMe.subject": ["“This is not me”: {city} {year}", "收件人表示并非本人：{year}年{city}"],
  "mail.notMe.what": [
    "Somebody who opened the link of {name}, invitation {number}, said on {when} that they are not this person. The link was stopped at once.",
    "有人打开了{name}（邀请函编号{number}）的链接，并于{when}表示自己并非本人。该链接已立即停用。",
  ],
  "mail.notMe.whatAssistant": [
    "Somebody who opened the link of an assistant of {name}, invitation {number}, said on {when} that it is not meant for them. That link was stopped at once; the others go on.",
    "有人打开了{name}（邀请函编号{number}）代办人的链接，并于{when}表示自己并非该代办人。该链接已立即停用，其他链接不受影响。",
  ],
  "mail.notMe.advice": [
    "Please check the address on the card, then issue a new link and send the invitation again.",
    "请核对联系人卡片上的邮箱地址，然后重新生成链接并再次发送邀请函。",
  ],
  "mail.toColleagues": ["Dear colleagues:", "各位同事："],
  "mail.toSomebody": ["Dear {name}:", "{name}，您好："],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
