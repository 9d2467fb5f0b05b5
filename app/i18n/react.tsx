import { createContext, type ReactNode, useContext } from "react";
import type { Locale } from "#db/vocabulary.ts";
import { type Translate, translator } from "./translate.ts";

const LocaleContext = createContext<Locale>("en");

/** Gives everything below it its language. */
export function LocaleProvider({ locale, children }: { locale: Locale; children: ReactNode }) {
  return <LocaleContext.Provider value={locale}>{children}</LocaleContext.Provider>;
}

export function useLocale(): Locale {
  return useContext(LocaleContext);
}

/** `t` in the page's language. */
export function useT(): Translate {
  return translator(useLocale());
}
