import { useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { useLocale, useT } from "../i18n/react.tsx";
import { htmlLang, otherLocale } from "../i18n/translate.ts";
import { Phrases } from "./phrases.tsx";
import { type Bilingual, Second, Text } from "./text.tsx";

/** The seal. */
export function Mark() {
  return (
    <span className="mark" aria-hidden="true" lang="zh-Hans">
      秘
    </span>
  );
}

/** This page in the other language: a plain link that works everywhere and changes nothing but the page. */
export function LanguageSwitch() {
  const t = useT();
  const other = otherLocale(useLocale());
  const { pathname, search } = useLocation();
  const query = new URLSearchParams(search);
  query.set("lang", other);
  return (
    <a
      className="lang"
      href={`${pathname}?${query}`}
      lang={htmlLang(other)}
      hrefLang={htmlLang(other)}
      rel="nofollow"
    >
      {t("common.otherLanguage")}
    </a>
  );
}

/** The first link of a page, for keyboards. */
export function SkipLink() {
  const t = useT();
  return (
    <a className="skip" href="#content">
      {t("common.skip")}
    </a>
  );
}

/** A page of one column under a letterhead: what delegates and people who sign in see. */
export function Sheet({ hosts, children }: { hosts: ReadonlyArray<Bilingual>; children: ReactNode }) {
  const t = useT();
  const [first, ...others] = hosts;
  return (
    <>
      <SkipLink />
      <header className="letterhead">
        <Mark />
        <div>
          <strong>{first === undefined ? t("common.product") : <Text {...first} />}</strong>
          {others.map((host) => (
            <span className="small muted letterhead-host" key={host.en + host.zh}>
              <Text {...host} />
            </span>
          ))}
        </div>
        <LanguageSwitch />
      </header>
      <main className="sheet" id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** A title in the reader's language with the other beneath. */
export function BilingualHeading({ en, zh }: Bilingual) {
  return (
    <>
      <h1 className="phrases">
        <Phrases en={en} zh={zh} />
      </h1>
      <p className="second-title">
        <Second en={en} zh={zh} />
      </p>
    </>
  );
}

/** A word and a shape before a colour. */
export function Status({
  tone,
  children,
}: {
  tone?: "good" | "wait" | "stop" | undefined;
  children: ReactNode;
}) {
  return <span className={tone === undefined ? "status" : `status ${tone}`}>{children}</span>;
}

/** Something just happened, or stands in the way. Announced to screen readers. */
export function Notice({ tone, children }: { tone: "good" | "wait" | "stop"; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === "stop" ? "alert" : "status"}>
      {children}
    </div>
  );
}
