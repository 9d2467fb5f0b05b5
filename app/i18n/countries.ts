import type { Locale } from "#db/vocabulary.ts";

const names = new Map<Locale, Intl.DisplayNames>();

/** A country or region by its two letters, as it is called in a language; the letters themselves when nobody knows them. */
export function countryName(code: string, locale: Locale): string {
  let known = names.get(locale);
  if (known === undefined) {
    known = new Intl.DisplayNames(locale, { type: "region" });
    names.set(locale, known);
  }
  return /^[A-Z]{2}$/.test(code) ? (known.of(code) ?? code) : code;
}
