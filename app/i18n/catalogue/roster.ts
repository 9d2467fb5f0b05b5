/** The grid of everybody: its columns, filters, views and changes. */
export const roster = {
  "roster.problem.gone": ["This cannot be changed here.", "此处不可更改。"],
  "roster.problem.conflict": [
    "A colleague has written something else here meanwhile; that stands.",
    "同事已另行修改此处，现保留同事的修改。",
  ],
  "roster.problem.mailboxTaken": [
    "Somebody else on your side has this mailbox.",
    "本方已有其他人员使用该邮箱。",
  ],
  "roster.problem.headTaken": [
    "The delegation has a head already. Change the head on the delegation's page.",
    "该代表团已有团长。如需更换，请在代表团页面操作。",
  ],
  "roster.problem.quotaFull": [
    "The delegation has no place left. A lead can go beyond the quota on the delegation's page.",
    "该代表团名额已满。负责人可在代表团页面批准超额。",
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
