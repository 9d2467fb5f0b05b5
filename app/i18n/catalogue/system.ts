/** The front door and the pages for what went wrong. */
export const system = {
  "system.home.title": ["A private service", "非公开服务"],
  "system.home.text": [
    "If you have been invited, please open the link in your invitation.",
    "如您收到邀请，请打开邀请函中的链接。",
  ],
  "system.home.staff": ["Staff: sign in", "工作人员登录"],
  "system.error.home": ["To the first page", "返回首页"],
  "system.error.403.title": ["This request was not accepted", "未接受此请求"],
  "system.error.403.text": [
    "It did not come from a page of this site. Please open the page again and send the form from there.",
    "该请求并非来自本网站页面。请重新打开页面后再次提交。",
  ],
  "system.error.404.title": ["There is no such page", "未找到该页面"],
  "system.error.404.text": [
    "The link may have been cut off when it was copied, or replaced by a newer one. Please use the link in your latest mail, or ask the secretariat.",
    "链接在复制时可能不完整，或已由新链接取代。请使用最近一封邮件中的链接，或与秘书处联系。",
  ],
  "system.error.405.title": ["This page cannot do that", "该页面不支持此操作"],
  "system.error.405.text": [
    "Please go back, open the page again and use the buttons on it.",
    "请返回并重新打开页面，使用页面上的按钮操作。",
  ],
  "system.error.409.title": ["Something has changed in the meantime", "情况已有变化"],
  "system.error.409.text": [
    "What you sent no longer fits what is stored. Please go back, open the page again and look.",
    "您提交的内容与现有记录已不一致。请返回并重新打开页面核对。",
  ],
  "system.error.413.title": ["This is too large", "提交内容过大"],
  "system.error.413.text": ["One request may hold at most 1 MB.", "每次提交不得超过1 MB。"],
  "system.error.429.title": ["Too many tries", "尝试次数过多"],
  "system.error.429.text": ["Please wait a quarter of an hour and try again.", "请等待十五分钟后再试。"],
  "system.error.500.title": ["Something went wrong here", "系统出现故障"],
  "system.error.500.text": [
    "The fault is on our side and has been recorded. Please try again; if it stays, tell the secretariat.",
    "这是系统方面的问题，已作记录。请稍后再试；如仍不能使用，请告知秘书处。",
  ],
  "system.error.503.title": ["Too many people at once", "当前访问人数过多"],
  "system.error.503.text": [
    "Nothing was stored. Please send it again in a minute.",
    "内容尚未保存。请一分钟后再次提交。",
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
