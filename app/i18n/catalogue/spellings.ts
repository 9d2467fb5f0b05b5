/** One thing written in several ways, and made one everywhere in a column. */
export const spellings = {
  "spellings.title": ["Spellings", "统一写法"],
  "spellings.link": ["Spellings", "统一写法"],
  "spellings.intro": [
    "What is written alike stands together, the commonest first. Say what each should become; an empty field leaves it as it is. Nothing is written before you have seen whose entries change.",
    "相近的写法归为一组，最常用的在前。请填写应改成的内容，留空则保持不变。确认受影响人员之前，不会写入任何内容。",
  ],
  "spellings.column": ["Column", "列"],
  "spellings.show": ["Show", "显示"],
  "spellings.none": ["Nothing is written here yet.", "此列尚无内容。"],
  "spellings.alike": [
    "{count, plural, one {One group written alike} other {# groups written alike}}",
    "写法相近：{count}组",
  ],
  "spellings.alone": [
    "{count, plural, one {One that is like no other} other {# that are like no other}}",
    "无相近写法：{count}项",
  ],
  "spellings.leftOut": [
    "{count, plural, one {One rarer way of writing is} other {# rarer ways of writing are}} not shown.",
    "另有{count}种较少见的写法未列出。",
  ],
  "spellings.written.as": ["Written", "现写法"],
  "spellings.by": ["People", "人数"],
  "spellings.becomes": ["Becomes", "改为"],
  "spellings.becomesOf": ["What “{value}” becomes", "“{value}”改为"],
  "spellings.people": ["{count, plural, one {# person} other {# people}}", "{count}人"],
  "spellings.preview": ["Show whose entries change", "查看受影响人员"],
  "spellings.previewTitle": [
    "{count, plural, one {One entry would change} other {# entries would change}}",
    "将更改{count}人的内容",
  ],
  "spellings.write": [
    "{count, plural, one {Change this entry} other {Change these # entries}}",
    "更改这{count}项",
  ],
  "spellings.cancel": ["Begin again", "重新填写"],
  "spellings.written": [
    "{count, plural, one {One entry was changed.} other {# entries were changed.}}",
    "已更改{count}项。",
  ],
  "spellings.undo": ["Take this change back", "撤销此次更改"],
  "spellings.undone": ["The change was taken back.", "更改已撤销。"],
  "spellings.problem.nothing": ["Nothing would change.", "没有内容需要更改。"],
  "spellings.problem.tooMany": [
    "These are too many entries for one go. Please change fewer.",
    "一次更改的项目过多，请分次进行。",
  ],
  "spellings.problem.changed": [
    "Nothing was written: a colleague has changed entries since you looked. Please look again.",
    "未写入任何内容：您查看后已有同事修改，请重新核对。",
  ],
  "spellings.problem.stuck": [
    "Some entries could not be changed; they stand below.",
    "部分内容未能更改，列于下方。",
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
