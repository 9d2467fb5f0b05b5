/** The programme, site visits and calendar files. */
export const agenda = {
  "calendar.summary": ["Dialogue – {kind}", "对话 – {kind}"],
  "calendar.when": ["{date}, {time}, {zone}", "{date}{time}，{zone}"],
  "calendar.function": ["Your part: {function}", "您担任：{function}"],
  "calendar.meet": ["Meet at {time}. {place}", "{time}集合。{place}"],
  "calendar.dress": ["Dress: {dress}", "着装：{dress}"],
  "calendar.clash": ["At the same time: {item}", "时间冲突：{item}"],
  "calendar.version": [
    "Version {version} of the programme. It replaces earlier versions.",
    "日程第{version}版，取代此前各版。",
  ],
  "agenda.error.endsBeforeItStarts": [
    "It must end later than it starts, on the same day.",
    "结束时间须晚于开始时间，且在同一天。",
  ],
  "agenda.error.noDelegation": ["Please choose at least one delegation.", "请至少选择一个代表团。"],
  "agenda.error.noVisit": [
    "Only a site visit can be for those with a place on it.",
    "仅参观考察可选择“已安排参观的人员”。",
  ],
  "agenda.error.meetsTooLate": [
    "The group must meet before the visit starts.",
    "集合时间须早于参观开始时间。",
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
