export const session = {} as const satisfies Record<string, readonly [en: string, zh: string]>;
