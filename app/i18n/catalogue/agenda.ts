export const agenda = {} as const satisfies Record<string, readonly [en: string, zh: string]>;
