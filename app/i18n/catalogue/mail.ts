export const mail = {} as const satisfies Record<string, readonly [en: string, zh: string]>;
