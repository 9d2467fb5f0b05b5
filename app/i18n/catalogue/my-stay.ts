/** A delegate's own page about room, food and access. */
export const myStay = {
  "myStay.title": ["Room, food and access", "食宿与个人需求"],
  "myStay.link": ["Room and food", "食宿"],
  "myStay.room": ["Your room", "您的房间"],
  "myStay.noRoom": ["No room has been booked for you by the secretariat yet.", "秘书处尚未为您预订房间。"],
  "myStay.nights": ["{from} to {to}", "{from}至{to}"],
  "myStay.ask": [
    "The secretariat would like to put you into one room with {names}. You share it only if all of you agree. Nobody else learns what you answer but the secretariat.",
    "秘书处拟安排您与{names}合住一室。须双方均同意方可合住；您的答复仅秘书处可见。",
  ],
  "myStay.agree": ["I agree to share", "同意合住"],
  "myStay.refuse": ["I would rather not", "不同意合住"],
  "myStay.you.asked": ["You have not answered yet.", "您尚未答复。"],
  "myStay.you.agreed": ["You have agreed.", "您已同意。"],
  "myStay.you.refused": [
    "You would rather not share. The secretariat looks for another room.",
    "您不同意合住，秘书处将另行安排。",
  ],
  "myStay.settled": [
    "You share this room with {names}: all have agreed.",
    "您与{names}合住此房，双方均已同意。",
  ],
  "myStay.waits": [
    "The room is shared once everybody concerned has agreed.",
    "待相关人员均同意后，合住方为确定。",
  ],
  "myStay.changeable": [
    "You can change your answer until the morning after the first night.",
    "入住首晚次日前，您可随时更改答复。",
  ],
  "myStay.begun": [
    "Your stay has begun: please talk to the secretariat.",
    "您已入住，如需调整请与秘书处联系。",
  ],
  "myStay.saved": ["Your answer has been noted.", "您的答复已记录。"],
  "myStay.kitchen": ["What the kitchen is told", "告知厨房的内容"],
  "myStay.kitchenHow": [
    "The kitchen gets numbers. Your name is on the sheet for the waiter only where your plate is another than everybody's. The other side sees numbers.",
    "厨房一般仅获知人数。仅当您需特殊备餐时，服务员名单才列您的姓名。对方仅见人数。",
  ],
  "myStay.nothing": [
    "Nothing in particular: you get what everybody gets, and your name is on no sheet.",
    "无特殊要求：与其他人相同，名单上不列您的姓名。",
  ],
  "myStay.notSent": [
    "You have not sent your registration, so the kitchen knows nothing of you yet.",
    "您尚未提交报名表，厨房暂无您的信息。",
  ],
  "myStay.food": ["Food and drink", "饮食"],
  "myStay.allergy": ["Allergy", "过敏"],
  "myStay.words": ["In the kitchen's words", "厨房用语"],
  "myStay.wordsWrong": [
    "Written by the secretariat. If it is wrong, change your answers or call.",
    "由秘书处填写。如有误，请修改报名表或致电。",
  ],
  "myStay.access": ["What the desk is told about access", "告知会务组的无障碍需求"],
  "myStay.accessNone": ["You told of no need.", "您未填写相关需求。"],
  "myStay.accessHow": [
    "The desk of your side sees it for each session and visit that you go to; a house is told what is needed, and no name.",
    "本方会务组按您参加的会议和参观查看；仅告知场地需求，不告知姓名。",
  ],
  "myStay.correct": ["Correct these answers", "更正以上内容"],
  "auditAction.room.answerSharing": ["Answered whether they share a room", "答复是否合住"],
  "auditDetail.sharing": ["answer", "答复"],
} as const;
