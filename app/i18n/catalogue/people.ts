export const people = {} as const satisfies Record<string, readonly [en: string, zh: string]>;
