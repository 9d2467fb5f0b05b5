import { RemixBrowser } from "@remix-run/react";
import { startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { RequestInfoProvider } from "./components/request-info.tsx";
import { parseLocale } from "./i18n/translate.ts";

startTransition(() => {
  hydrateRoot(
    document,
    <RequestInfoProvider
      value={{ nonce: undefined, locale: parseLocale(document.documentElement.lang) ?? "en" }}
    >
      <RemixBrowser />
    </RequestInfoProvider>,
  );
});
