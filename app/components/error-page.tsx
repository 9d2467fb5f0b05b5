import type { Locale } from "#db/vocabulary.ts";
import { useLocale } from "../i18n/react.tsx";
import { htmlLang, otherLocale, translate } from "../i18n/translate.ts";
import { paths } from "../paths.ts";
import { Mark } from "./page.tsx";

const STATUSES = [403, 404, 405, 409, 413, 429, 500, 503] as const;

function known(status: number): (typeof STATUSES)[number] {
  return STATUSES.find((each) => each === status) ?? (status >= 500 ? 500 : 404);
}

/** The title of the page for a status, in one language. */
export function errorTitle(locale: Locale, status: number): string {
  return translate(locale, `system.error.${known(status)}.title`);
}

/**
 * What went wrong, in both languages, the reader's first. It says nothing of the request, so that what is not there
 * and what is not yours look the same.
 */
export function ErrorPage({ status }: { status: number }) {
  const locale = useLocale();
  const other = otherLocale(locale);
  return (
    <>
      <header className="letterhead">
        <Mark />
        <div>
          <strong>{translate(locale, "common.product")}</strong>
        </div>
      </header>
      <main className="sheet" id="content">
        <h1>{errorTitle(locale, status)}</h1>
        <p>{translate(locale, `system.error.${known(status)}.text`)}</p>
        <section className="other-language" lang={htmlLang(other)}>
          <h2>{errorTitle(other, status)}</h2>
          <p>{translate(other, `system.error.${known(status)}.text`)}</p>
        </section>
        <p className="apart">
          <a href={paths.home()}>{translate(locale, "system.error.home")}</a>
        </p>
      </main>
    </>
  );
}
