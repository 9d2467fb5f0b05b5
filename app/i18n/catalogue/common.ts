/** Words that every part uses. */
export const common = {
  "common.product": ["Secretariat", "秘书处"],
  "common.skip": ["Skip to the content", "跳到正文"],
  "common.save": ["Save", "保存"],
  "common.cancel": ["Cancel", "取消"],
  "common.yes": ["Yes", "是"],
  "common.no": ["No", "否"],
  "common.optional": [" (optional)", "（选填）"],
  "common.label": ["{label}: ", "{label}："],
  "common.question": ["{label} ", "{label}"],
  "common.none": ["none", "无"],
  "common.saved": ["Saved.", "已保存。"],
  "common.errorSummary": [
    "{count, plural, one {One thing needs your attention} other {# things need your attention}}",
    "有{count}处需要您修改",
  ],
  "common.otherLanguage": ["中文", "English"],
  "error.required": ["Please fill this in.", "请填写此项。"],
  "error.choose": ["Please choose one.", "请选择一项。"],
  "error.tooLong": ["This is too long.", "内容过长。"],
  "error.email": ["This is not an e-mail address.", "电子邮箱地址格式不正确。"],
  "error.number": ["Please give a whole number.", "请填写整数。"],
  "error.date": [
    "Please give a date as year-month-day, for example 2018-12-03.",
    "请按“年-月-日”填写日期，例如2018-12-03。",
  ],
  "error.time": [
    "Please give a time as hours:minutes, for example 09:30.",
    "请按“时:分”填写时间，例如09:30。",
  ],
  "error.invalid": ["This cannot be used as it is.", "此内容无法使用，请检查。"],
  "error.characters": ["There is a character in here that cannot be used.", "含有不能使用的字符。"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
