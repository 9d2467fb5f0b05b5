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
} as const satisfies Record<string, readonly [en: string, zh: string]>;
