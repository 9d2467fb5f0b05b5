import type { Locale } from "#db/vocabulary.ts";
import { LocaleProvider } from "../i18n/react.tsx";
import { htmlLang } from "../i18n/translate.ts";
import look from "../styles/look.css?url";
import { ErrorPage, errorTitle } from "./error-page.tsx";

/** A whole document for what is refused before any route is asked; it needs no router. */
export function RefusalDocument({ status, locale }: { status: number; locale: Locale }) {
  return (
    <html lang={htmlLang(locale)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{errorTitle(locale, status)}</title>
        <link rel="stylesheet" href={look} />
      </head>
      <body>
        <LocaleProvider locale={locale}>
          <ErrorPage status={status} />
        </LocaleProvider>
      </body>
    </html>
  );
}
