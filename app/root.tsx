import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useMatches,
  useRouteError,
} from "@remix-run/react";
import type { ReactNode } from "react";
import type { Locale } from "#db/vocabulary.ts";
import { ErrorPage } from "./components/error-page.tsx";
import { useRequestInfo } from "./components/request-info.tsx";
import { requestLocale } from "./context.server.ts";
import { LocaleProvider } from "./i18n/react.tsx";
import { htmlLang, parseLocale, translate } from "./i18n/translate.ts";
import look from "./styles/look.css?url";
import mark from "./styles/mark.svg?url";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: look },
  { rel: "icon", href: mark, type: "image/svg+xml" },
];

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "common.product") },
];

export function loader({ request }: LoaderFunctionArgs) {
  return { locale: requestLocale(request) };
}

/** The language of the deepest match that names one: a person's page is in that person's language. */
function useDocumentLocale(): Locale {
  const { locale: guess } = useRequestInfo();
  const matches = useMatches();
  for (const match of matches.toReversed()) {
    const data: unknown = match.data;
    if (typeof data === "object" && data !== null && "locale" in data && typeof data.locale === "string") {
      const locale = parseLocale(data.locale);
      if (locale !== null) return locale;
    }
  }
  return guess;
}

/** Delegates' pages work without JavaScript, so they get none: a route says so with `handle = { scripts: false }`. */
function useScripts(): boolean {
  return !useMatches().some(
    ({ handle }) =>
      typeof handle === "object" && handle !== null && "scripts" in handle && handle.scripts === false,
  );
}

function Document({ locale, scripts, children }: { locale: Locale; scripts: boolean; children: ReactNode }) {
  const { nonce } = useRequestInfo();
  return (
    <html lang={htmlLang(locale)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
        <Meta />
        <Links />
      </head>
      <body>
        <LocaleProvider locale={locale}>{children}</LocaleProvider>
        {scripts ? (
          <>
            <ScrollRestoration nonce={nonce} />
            <Scripts nonce={nonce} />
          </>
        ) : null}
      </body>
    </html>
  );
}

export default function Root() {
  return (
    <Document locale={useDocumentLocale()} scripts={useScripts()}>
      <Outlet />
    </Document>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const status = isRouteErrorResponse(error) ? error.status : 500;
  return (
    <Document locale={useDocumentLocale()} scripts={false}>
      <ErrorPage status={status} />
    </Document>
  );
}
