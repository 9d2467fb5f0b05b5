import { LOCALES, type Locale } from "#db/vocabulary.ts";
import type { Links } from "#emails/index.tsx";
import { paths } from "../../paths.ts";

/** The links of a mail for each language's part: the recipient's own language without more, the other one named. */
export function mailLinks(
  baseUrl: string,
  token: string,
  ownLocale: Locale,
): Readonly<Record<Locale, Links>> {
  const inLocale = (locale: Locale): Links => {
    const lang = locale === ownLocale ? "" : `?lang=${locale}`;
    return {
      invitation: `${baseUrl}${paths.invitation(token)}${lang}`,
      registration: `${baseUrl}${paths.registration(token)}${lang}`,
      programme: `${baseUrl}${paths.programme(token)}${lang}`,
    };
  };
  const [en, zh] = LOCALES;
  return { [en]: inLocale(en), [zh]: inLocale(zh) };
}

/** Stands for a link's token in previews: staff must not hold the link of somebody else. */
export const PREVIEW_TOKEN = "0".repeat(22);
