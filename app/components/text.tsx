import type { ElementType, ReactNode } from "react";
import type { Locale } from "#db/vocabulary.ts";
import { useLocale } from "../i18n/react.tsx";
import { htmlLang, otherLocale } from "../i18n/translate.ts";

/** One fact in two languages, either of which may be missing. */
export type Bilingual = { en: string; zh: string };

/** The text in the reader's language, or in the other one when that is all there is, with its language marked. */
export function inLocale(text: Bilingual, locale: Locale): { text: string; locale: Locale } {
  const own = locale === "en" ? text.en : text.zh;
  if (own !== "") return { text: own, locale };
  return { text: locale === "en" ? text.zh : text.en, locale: otherLocale(locale) };
}

/** A run of text whose language is known: marked when it is not the page's. */
export function Run({
  locale,
  as: Element = "span",
  children,
}: {
  locale: Locale;
  as?: ElementType;
  children: ReactNode;
}) {
  const page = useLocale();
  return locale === page && Element === "span" ? (
    children
  ) : (
    <Element lang={locale === page ? undefined : htmlLang(locale)}>{children}</Element>
  );
}

/** A bilingual fact in the reader's language. */
export function Text({ en, zh }: Bilingual) {
  const found = inLocale({ en, zh }, useLocale());
  return <Run locale={found.locale}>{found.text}</Run>;
}

/** The same fact in the other language, to stand beneath; nothing when it is missing or the same. */
export function Second({ en, zh }: Bilingual) {
  const other = otherLocale(useLocale());
  const text = other === "en" ? en : zh;
  if (text === "" || en === zh || en === "" || zh === "") return null;
  return (
    <span className="second" lang={htmlLang(other)}>
      {text}
    </span>
  );
}

/** A name in its owner's own script: characters are marked as Chinese so that they get Chinese shapes. */
export function NativeName({ children }: { children: string }) {
  if (children === "") return null;
  return <span lang={/\p{Script=Han}/u.test(children) ? "zh-Hans" : undefined}>{children}</span>;
}
