export const desk = {} as const satisfies Record<string, readonly [en: string, zh: string]>;
