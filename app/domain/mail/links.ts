import { LOCALES, type Locale } from "#db/vocabulary.ts";
import type { Links } from "#emails/index.tsx";
import { paths } from "../../paths.ts";

/**
 * The links of a mail for each language's part: the recipient's own language without more, the other one named.
 *
 * @param token of the link that the mail brings; null for a mail to a side, which has its sign-in.
 */
export function mailLinks(
  baseUrl: string,
  token: string | null,
  ownLocale: Locale,
): Readonly<Record<Locale, Links>> {
  const inLocale = (locale: Locale): Links => {
    const lang = locale === ownLocale ? "" : `?lang=${locale}`;
    const own = (path: (token: string) => string) =>
      token === null ? "" : `${baseUrl}${path(token)}${lang}`;
    return {
      invitation: own(paths.invitation),
      registration: own(paths.registration),
      programme: own(paths.programme),
      visits: own(paths.myVisits),
      stay: own(paths.myStay),
      seen: own(paths.programmeSeen),
      devices: own(paths.devices),
      data: own(paths.myData),
      section: (key) => own((token) => paths.registrationSection(token, key)),
      nomination: own(paths.nomination),
      setUp: own(paths.setUp),
      desk: `${baseUrl}${paths.editions()}${lang}`,
    };
  };
  const [en, zh] = LOCALES;
  return { [en]: inLocale(en), [zh]: inLocale(zh) };
}

/** Stands for a link's token in previews: staff must not hold the link of somebody else. */
export const PREVIEW_TOKEN = "0".repeat(22);
