/** The frame of the secretariat's pages. */
export const desk = {
  "paging.range": ["{first}–{last} of {total}", "第{first}–{last}项，共{total}项"],
  "paging.first": ["First page", "首页"],
  "paging.next": ["Next page", "下一页"],

  "desk.navigation": ["Secretariat", "秘书处导航"],
  "desk.menu": ["Menu", "菜单"],
  "desk.secretariat": ["Secretariat", "秘书处"],
  "desk.editions": ["Editions", "各届会议"],
  "desk.account": ["Your account", "我的账户"],
  "desk.signOut": ["Sign out", "退出登录"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
