export const delegate = {} as const satisfies Record<string, readonly [en: string, zh: string]>;
