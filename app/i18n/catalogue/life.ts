/** An invitation's life: what happened to it, who came instead, reminders, who came. */
export const life = {
  "person.tabs": ["Pages of this person", "此人的各个页面"],
  "person.tab.page": ["Person and invitation", "人员与邀请"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
