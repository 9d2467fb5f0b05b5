import { IntlMessageFormat } from "intl-messageformat";
import { LOCALES, type Locale } from "#db/vocabulary.ts";
import { catalogue, type MessageKey } from "./catalogue/index.ts";

export type { MessageKey } from "./catalogue/index.ts";
export type MessageValues = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: MessageValues) => string;

const parsed = new Map<string, IntlMessageFormat>();

/** The words for `key` in `locale`, with `{values}` filled in (ICU message syntax). Values are text, never markup. */
export function translate(locale: Locale, key: MessageKey, values?: MessageValues): string {
  const text = catalogue[key][LOCALES.indexOf(locale)] ?? "";
  if (values === undefined) return text;
  const id = `${locale} ${key}`;
  let message = parsed.get(id);
  if (message === undefined) {
    message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
    parsed.set(id, message);
  }
  return String(message.format({ ...values }));
}

/** `translate` bound to one language. */
export function translator(locale: Locale): Translate {
  return (key, values) => translate(locale, key, values);
}

/** The locale that a text from outside names, or null. Accepts any case, and plain `zh` for `zh-CN`. */
export function parseLocale(value: string | null | undefined): Locale | null {
  const tag = value?.trim().toLowerCase() ?? "";
  if (tag === "en" || tag.startsWith("en-")) return "en";
  if (tag === "zh" || tag.startsWith("zh-")) return "zh-CN";
  return null;
}

/** The best language of ours for a browser's Accept-Language, or null when it names none. */
export function localeFromHeader(header: string | null): Locale | null {
  const wishes = (header ?? "")
    .split(",")
    .slice(0, 20)
    .map((part) => {
      const [tag, ...parameters] = part.split(";");
      const q = parameters
        .map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1])
        .find((found) => found !== undefined);
      return { locale: parseLocale(tag), quality: q === undefined ? 1 : Number(q) };
    })
    .sort((a, b) => b.quality - a.quality);
  return wishes.find((wish) => wish.locale !== null && wish.quality > 0)?.locale ?? null;
}

/** The HTML language tag: `zh-Hans` picks Chinese shapes for shared characters (DOMAIN §3.4). */
export function htmlLang(locale: Locale): string {
  return locale === "zh-CN" ? "zh-Hans" : "en";
}

export function otherLocale(locale: Locale): Locale {
  return locale === "en" ? "zh-CN" : "en";
}
