import type { Locale } from "#db/vocabulary.ts";
import { COUNTRIES_BY_NAME } from "./country-names.ts";

const names = {
  en: new Map(COUNTRIES_BY_NAME.en.map(({ code, name }) => [code, name])),
  "zh-CN": new Map(COUNTRIES_BY_NAME["zh-CN"].map(({ code, name }) => [code, name])),
} as const;

/** A country or region by its two letters, as it is called in a language; the letters themselves when nobody knows them. */
export function countryName(code: string, locale: Locale): string {
  return names[locale].get(code) ?? code;
}

/** All of them to choose from, by their names. */
export function countryOptions(locale: Locale): Array<{ value: string; label: string }> {
  return COUNTRIES_BY_NAME[locale].map(({ code, name }) => ({ value: code, label: name }));
}
