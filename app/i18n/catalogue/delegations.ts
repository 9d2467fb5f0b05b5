/** Quotas, approvals, protocol order and nominations. */
export const delegations = {
  "sending.overQuota": ["Why it should go out beyond the quota", "超出名额仍需发送的理由"],
  "sending.overQuotaHelp": [
    "The reason stands in the invitation's history. Only a lead can do this.",
    "理由将记入邀请记录。仅负责人可以这样处理。",
  ],
  "sending.overQuotaShow": ["Check again with these people", "将其计入后重新检查"],
  "sending.overQuotaMark": ["Beyond the quota", "超出名额"],

  "approval.none": ["No approval is needed before sending", "发送前无需批准"],
  "approval.side": ["Each side's lead approves before sending", "发送前须经各方负责人批准"],
  "approval.side_then_host": [
    "Each side's lead approves; for the other side's people the host's lead, too",
    "发送前须经各方负责人批准；非东道方人员还须经东道方负责人同意",
  ],
  "approval.heading": ["Approval of invitations", "邀请的批准"],
  "approval.setting": ["Before an invitation goes out", "邀请发出之前"],
  "approval.settingHelp": [
    "Invitations that were sent stay sent. The host side sees only those who are put to it, with name, institution, position and category.",
    "已发送的邀请不受影响。东道方只能看到提交其审核的人员，且仅限姓名、单位、职务和类别。",
  ],
  "approval.hostDecides": ["A lead of the host side can change this.", "东道方负责人可以修改此项。"],
  "approval.save": ["Save", "保存"],
  "approval.saved": ["The rule of approval is as you said.", "批准规则已保存。"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
