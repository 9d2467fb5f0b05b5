/** Seats on visits: how they are given, offers, draws, and what delegates see of theirs. */
export const visits = {
  "allotment.first_come": ["First come, first served", "先到先得"],
  "allotment.staff": ["Given by staff", "由工作人员安排"],
  "allotment.draw": ["Drawn by lot", "抽签"],

  "visit.settings": ["How seats are given", "名额分配方式"],
  "visit.settingsHelp": [
    "It holds from now on. Nobody loses a place by it.",
    "自保存之时起生效，已获名额者不受影响。",
  ],
  "visit.allotment": ["Seats are", "分配方式"],
  "visit.allotmentHelp.first_come": [
    "Whoever asks first has a seat; the others wait in the order of asking.",
    "先申请者先得，其余按申请先后候补。",
  ],
  "visit.allotmentHelp.staff": [
    "Everybody who asks waits until somebody here gives them a seat. Nobody moves up without that.",
    "申请者一律先行候补，由工作人员逐一安排，系统不自动递补。",
  ],
  "visit.allotmentHelp.draw": [
    "Everybody who asks waits until lots are drawn. Afterwards free seats go by the order of the lots.",
    "申请者一律先行候补，待抽签确定；抽签后空出的名额按签序递补。",
  ],
  "visit.offerHours": ["Hours to answer an offer", "名额确认期限（小时）"],
  "visit.offerHoursHelp": [
    "A seat that becomes free is offered to the next in line for so long, at most until the visit begins. Left empty, it is theirs at once.",
    "空出的名额将为下一位候补人员保留相应时间（不晚于参观开始）。留空则直接安排，无须确认。",
  ],
  "visit.openTo": ["Who may ask: categories", "可申请的人员类别"],
  "visit.openToDelegations": ["Who may ask: delegations", "可申请的代表团"],
  "visit.openToHelp": [
    "Nothing ticked leaves nobody out. Others do not see that they could ask.",
    "不选则不作限制。范围以外的人员看不到申请入口。",
  ],
  "visit.saveSettings": ["Save how seats are given", "保存分配方式"],
  "visit.done.settings": [
    "Saved. {promoted, plural, =0 {Nobody moved up} one {One person moved up} other {# people moved up}}.",
    "已保存。{promoted, plural, =0 {候补名单无变化} other {有#人递补}}。",
  ],
  "visit.refusal.changed_meanwhile": [
    "A colleague has set this otherwise meanwhile: it is shown as it is now, and yours was not saved.",
    "同事已修改此项：现显示最新内容，您的修改未保存。",
  ],
  "visit.refusal.unknown_delegation": [
    "One of the delegations no longer exists. Please choose again.",
    "所选代表团已不存在，请重新选择。",
  ],
  "visit.refusal.drawn": [
    "Lots have been drawn for this visit. That is not undone.",
    "本次参观已完成抽签，不可撤销。",
  ],
  "visit.done.offered": ["A seat is held for them until they answer.", "已为其保留名额，待本人确认。"],
  "visit.giveReason": ["Reason for a seat beyond the rules", "超规则安排的理由"],
  "visit.giveReasonHelp": [
    "Only when they are to have a seat although the visit or their delegation is full, or before others’ turn. It is recorded with your name.",
    "仅在名额已满、代表团已满或须提前安排时填写。理由及操作人将记录在案。",
  ],
  "visit.clashReason": ["Reason why the clash is accepted", "接受时间冲突的理由"],
  "visit.clashReasonHelp": [
    "Only when something else of theirs is at that time and they go all the same.",
    "仅在其同一时间另有安排但仍须参加时填写。",
  ],
  "visit.refusal.clash": [
    "Something else of theirs is at that time. Give a reason why they go all the same, or choose somebody else.",
    "该人员同一时间另有安排。请填写接受冲突的理由，或另选他人。",
  ],
  "visit.refusal.consent": [
    "They have not agreed that what their passport says goes to the host. Ask them to tick that consent in their registration first; no reason replaces it.",
    "其本人尚未同意向接待单位提供证件信息，须先请其在注册表中勾选同意，任何理由均不能代替。",
  ],
  "visit.refusal.not_open": [
    "This visit is not open to people like them. With a reason it can be given all the same.",
    "该人员不在本次参观的申请范围内。如确需安排，请填写理由。",
  ],
  "visit.obstacle.not_open": ["Not open to them", "不在申请范围内"],
  "visit.obstacle.consent": [
    "No consent to pass passport data to the host: they tick it in their registration",
    "未同意向接待单位提供证件信息（须由本人在注册表中勾选）",
  ],
  "visit.offeredUntil": ["Offered until {when}", "名额保留至{when}"],
  "visit.overrideIs": ["Beyond the rules: {reason}", "超规则安排：{reason}"],
  "visit.clashAccepted": ["Clash accepted: {reason}", "已接受冲突：{reason}"],
  "visit.wishIs": ["wish {number}", "第{number}志愿"],
  "visit.overrides": [
    "{count, plural, one {One seat was} other {# seats were}} given beyond the rules, with a reason on record.",
    "有{count}个名额系超规则安排，理由已记录。",
  ],
  "visit.why": ["How", "来由"],
  "placeCause.asked": ["asked", "本人申请"],
  "placeCause.staff": ["given by staff", "工作人员安排"],
  "placeCause.override": ["given beyond the rules", "超规则安排"],
  "placeCause.promoted": ["moved up", "候补递补"],
  "placeCause.draw": ["by lot", "抽签所得"],
  "placeCause.offer": ["offered", "候补确认"],
  "placeCause.given_up": ["given up", "本人放弃"],
  "placeCause.taken_back": ["taken back", "已收回"],
  "placeCause.offer_declined": ["declined", "谢绝"],
  "placeCause.offer_expired": ["not answered in time", "逾期未确认"],
  "placeCause.host_refused": ["refused by the host", "接待单位未批准"],

  "draw.title": ["Draw for the seats", "名额抽签"],
  "draw.back": ["Back to the visit", "返回参观"],
  "draw.open": ["How the lots fell", "查看抽签结果"],
  "draw.toCome": ["Lots are still to be drawn", "尚待抽签"],
  "draw.together": [
    "Lots are drawn once, for all visits that wait for it together: {visits}.",
    "以下待抽签的参观将一并抽签，仅抽一次：{visits}。",
  ],
  "draw.entrants": [
    "{people, plural, =0 {Nobody has asked yet.} one {One person has asked.} other {# people of every side have asked.}} Those who could not take a seat, for want of their consent or because they are elsewhere at that time, do not take part for it.",
    "{people, plural, =0 {尚无人申请。} other {各方共有#人申请。}}未同意提供证件信息或时间冲突者，不参加相应参观的抽签。",
  ],
  "draw.how": [
    "Each person has a ticket. A random seed and the ticket’s number make its lot; lots stand in order. In rounds, each in turn gets the first of their wishes that still has a seat for their delegation and does not clash; nobody gets a second visit before everybody’s turn for the first has come. The seed is kept, so that anybody can do the draw again.",
    "每人一签。系统以随机种子与签号计算签值，按签值排序；每轮依次为各人安排其志愿中仍有名额且时间不冲突的第一项，所有人轮过一轮后才开始下一轮。种子予以保存，任何人均可复核。",
  ],
  "draw.do": ["Draw lots now", "立即抽签"],
  "draw.once": [
    "This cannot be undone. Everybody who takes part is told by mail.",
    "抽签不可撤销，结果将以邮件通知所有参加者。",
  ],
  "draw.refusal.nothing": ["There is nothing to draw: nobody waits.", "暂无候补人员，无须抽签。"],
  "draw.refusal.notDrawn": [
    "The seats of this visit are not drawn by lot.",
    "本次参观的名额不以抽签方式分配。",
  ],
  "draw.done": [
    "Lots were drawn: {seats, plural, one {one seat was} other {# seats were}} given.",
    "抽签完成，共安排{seats}个名额。",
  ],
  "draw.drawnAt": ["Drawn {when}", "抽签时间：{when}"],
  "draw.seed": ["Seed", "种子"],
  "draw.algorithm": ["Rules", "规则"],
  "draw.algorithmIs": ["number {number}", "第{number}号"],
  "draw.digest": ["SHA-256 of what went in", "抽签数据的SHA-256"],
  "draw.holds": [
    "What is stored is what was drawn from, and gives the same seats again.",
    "所存数据与抽签时一致，复核结果相同。",
  ],
  "draw.broken": [
    "What is stored is not what was drawn from. Please tell whoever runs this installation.",
    "所存数据与抽签时不一致，请联系系统管理员。",
  ],
  "draw.again": ["To do it again", "如何复核"],
  "draw.againHelp": [
    "A ticket’s lot is the SHA-256 of the seed, a colon and the ticket’s number, for example: {example}. The smallest lot comes first. Then follow the rounds with the seats and wishes below.",
    "签值为“种子:签号”的SHA-256，例如：{example}。签值最小者在先，再按下列名额与志愿逐轮安排。",
  ],
  "draw.record": ["What went in", "抽签数据"],
  "draw.visits": ["Visits in this draw", "参与抽签的参观"],
  "draw.free": ["Free before", "抽签前空余"],
  "draw.given": ["Given", "抽签安排"],
  "draw.lots": ["The lots in their order", "签序"],
  "draw.rank": ["Place", "签序"],
  "draw.ticket": ["Ticket", "签号"],
  "draw.lot": ["Lot", "签值"],
  "draw.who": ["Whose", "人员"],
  "draw.otherSide": ["somebody of another side", "另一方人员"],
  "draw.wishes": ["Wishes", "志愿"],
  "draw.seats": ["Got", "结果"],
  "draw.noSeat": ["waits", "候补"],

  "register.byLot": ["Seats are drawn by lot among those who ask", "名额由抽签确定"],
  "register.byStaff": ["Seats are given by the secretariat among those who ask", "名额由秘书处统筹安排"],

  "myVisits.link": ["Site visits", "参观考察"],
  "myVisits.title": ["Your site visits", "我的参观考察"],
  "myVisits.none": ["No site visit is in the published programme yet.", "已发布的日程中尚无参观考察。"],
  "myVisits.intro": [
    "Here you see how your wishes stand. You ask for visits, or give them up, in your registration.",
    "您可在此查看参观申请的进展。申请或放弃参观请在注册表中操作。",
  ],
  "myVisits.toRegistration": ["Open the registration", "打开注册表"],
  "myVisits.notAsked": ["You have not asked for this visit", "您未申请此项参观"],
  "myVisits.notOn": ["You are not on this visit", "您不参加此项参观"],
  "myVisits.asked": ["You have asked for this visit", "您已申请此项参观"],
  "myVisits.heldUntil": ["The place is held for you until", "名额为您保留至"],
  "myVisits.givesUp": [
    "If you take it, you give up your place on “{visit}”, which is at the same time.",
    "如接受此名额，您将同时放弃时间冲突的“{visit}”的名额。",
  ],
  "myVisits.accept": ["Take the place", "接受名额"],
  "myVisits.decline": ["Leave it to the next", "放弃，转给他人"],
  "myVisits.refusal.late": [
    "The time for this answer is over, or the place was answered already. Here is how things stand now. For questions: {phones}",
    "已过确认期限或已作答复，以下为最新情况。如有疑问，请致电：{phones}",
  ],
  "myVisits.refusal.busy": [
    "You have a part in the programme at that time. Please call the secretariat: {phones}",
    "您在该时段的日程中另有任务，请致电秘书处：{phones}",
  ],
  "myVisits.done.accepted": ["You have the place. We have written to you.", "名额已确认，秘书处已发送邮件。"],
  "myVisits.done.declined": ["Thank you: the next in line is asked.", "谢谢，名额将转给下一位候补人员。"],
  "myVisits.done.order": ["The order of your wishes was saved.", "志愿顺序已保存。"],
  "myVisits.byStaff": [
    "The secretariat gives the places on this visit among all who ask, and will write to you.",
    "此项参观的名额由秘书处统筹安排，结果将另行通知。",
  ],
  "myVisits.byLot": [
    "Lots will be drawn for this visit among all who ask. Nothing depends on who asked first; with the order of your wishes below you say what you would rather have.",
    "此项参观将在所有申请者中抽签，与申请先后无关。您可在下方排列志愿顺序。",
  ],
  "myVisits.expired": [
    "A place was offered to you, and the time for taking it is over. You can ask again in your registration.",
    "曾为您保留的名额已过确认期限。您可在注册表中重新申请。",
  ],
  "myVisits.hostRefused": [
    "Your place could not be confirmed. Please call the secretariat, which will gladly explain: {phones}",
    "您的名额未能确认，秘书处乐意向您说明，请致电：{phones}",
  ],
  "myVisits.drawn": [
    "Lots were drawn {when} among {tickets, plural, one {one person} other {# people}}. Your ticket was number {ticket}; its lot came in place {rank}.",
    "已于{when}在{tickets}名申请者中抽签。您的签号为{ticket}，签序为第{rank}位。",
  ],
  "myVisits.drawnNone": [
    "When it was your turn, no seat that you could take was left. Should one become free, it goes by the order of the lots.",
    "轮到您时已无可安排的名额。如有名额空出，将按签序递补。",
  ],
  "myVisits.drawnHow": [
    "You can check it: the lot is the SHA-256 of “{seed}:{ticket}”, and the smallest comes first.",
    "您可自行复核：签值为“{seed}:{ticket}”的SHA-256，最小者在先。",
  ],
  "myVisits.obstacle.not_open": [
    "This visit is not open to your group at present.",
    "此项参观目前不向您所在的类别开放。",
  ],
  "myVisits.obstacle.consent": [
    "The host wants to know what your passport says. Please tick in your registration that we may pass it on; without that no place can be given.",
    "接待单位要求提供证件信息。请在注册表中勾选同意，否则无法安排名额。",
  ],
  "myVisits.obstacle.clash": [
    "At the same time your programme has: {items}. Give that up in your registration, or call the secretariat: {phones}",
    "您的日程中同一时间已有：{items}。请在注册表中作出取舍，或致电秘书处：{phones}",
  ],
  "myVisits.order": ["What you would rather have", "志愿顺序"],
  "myVisits.orderHelp": [
    "It counts when lots are drawn, and between visits at the same time.",
    "用于抽签，以及时间冲突的参观之间的取舍。",
  ],
  "myVisits.wish": ["Wish {number}", "第{number}志愿"],
  "myVisits.saveOrder": ["Save the order", "保存顺序"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
