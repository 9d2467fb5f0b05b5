export const system = {} as const satisfies Record<string, readonly [en: string, zh: string]>;
