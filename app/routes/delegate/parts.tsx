import type { ReactNode } from "react";
import { Notice, Sheet } from "../../components/page.tsx";
import { type Bilingual, inLocale } from "../../components/text.tsx";
import type { EditionFacts } from "../../domain/edition/queries.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { paths } from "../../paths.ts";

/** Who writes to this person, and what they call the meeting: each co-host has its own title of it (DOMAIN §0.5). */
export type Letterhead = {
  hosts: Array<Bilingual>;
  title: Bilingual;
  timeZone: string;
  phones: string;
};

/** The letterhead for a person of one side: that side's co-host first, and its title. */
export function letterhead(facts: EditionFacts, sideId: string): Letterhead {
  const own = facts.coHosts.find((host) => host.id === sideId);
  const others = facts.coHosts.filter((host) => host.id !== sideId);
  return {
    hosts: [...(own === undefined ? [] : [own]), ...others].map((host) => ({
      en: host.nameEn,
      zh: host.nameZh,
    })),
    title: { en: own?.titleEn || facts.titleEn, zh: own?.titleZh || facts.titleZh },
    timeZone: facts.timeZone,
    // A number stays on one line.
    phones: facts.phones.replace(/(?<=\d) (?=\d)/g, "\u00a0"),
  };
}

type Page =
  | "data"
  | "invitation"
  | "registration"
  | "programme"
  | "visits"
  | "stay"
  | "letters"
  | "access"
  | "code"
  | "notMe";

/** A delegate's page: letterhead, the way between their pages, the page itself, whom to ask. */
export function DelegateSheet({
  letterhead: { hosts, phones },
  token,
  page,
  isAssistant = false,
  children,
}: {
  letterhead: Letterhead;
  token: string;
  page: Page;
  /** An assistant has the page before them: the person's own pages are not there for them. */
  isAssistant?: boolean;
  children: ReactNode;
}) {
  const t = useT();
  const here = (candidate: Page) => (candidate === page ? "page" : undefined);
  return (
    <Sheet hosts={hosts}>
      <nav className="pages no-print" aria-label={t("letter.pages")}>
        <a href={paths.invitation(token)} aria-current={here("invitation")}>
          {t("letter.toInvitation")}
        </a>
        <a href={paths.registration(token)} aria-current={here("registration")}>
          {t("letter.toRegistration")}
        </a>
        {isAssistant ? null : (
          <>
            <a href={paths.programme(token)} aria-current={here("programme")}>
              {t("letter.toProgramme")}
            </a>
            <a href={paths.myVisits(token)} aria-current={here("visits")}>
              {t("myVisits.link")}
            </a>
            <a href={paths.myStay(token)} aria-current={here("stay")}>
              {t("myStay.link")}
            </a>
            <a href={paths.myLetters(token)} aria-current={here("letters")}>
              {t("myLetters.link")}
            </a>
            <a href={paths.assistant(token)} aria-current={here("access")}>
              {t("assistant.toPage")}
            </a>
          </>
        )}
      </nav>
      {children}
      <footer className="small muted sheet-foot">
        {isAssistant || page === "code" || page === "notMe" ? null : (
          <p className="no-print">
            <a href={paths.myData(token)} aria-current={here("data")}>
              {t("myData.link")}
            </a>
          </p>
        )}
        {phones === "" ? null : <p>{t("letter.questions", { phones })}</p>}
        <p>{t("letter.neverAsk")}</p>
      </footer>
    </Sheet>
  );
}

/** Names in a row, as the reader's language strings them together. */
export function useNames(names: ReadonlyArray<Bilingual>): string {
  const t = useT();
  const locale = useLocale();
  const [first = "", ...rest] = names.map((name) => inLocale(name, locale).text);
  return rest.reduce((sofar, name) => t("letter.and", { first: sofar, second: name }), first);
}

/** The duty phones for a sentence that tells somebody to call; where none are set, where else to find one. */
export function usePhones({ phones }: Letterhead): string {
  const t = useT();
  return phones === "" ? t("letter.phonesInMail") : phones;
}

/** Sentences one after the other: Chinese sets no space between them. */
export function Sentences({ children }: { children: ReadonlyArray<string | null> }) {
  const locale = useLocale();
  return children.filter((sentence) => sentence !== null).join(locale === "en" ? " " : "");
}

/** An instant where its reader lives, and beneath it where the meeting is; once when that is the same zone. */
export function Deadline({
  at,
  homeTimeZone,
  timeZone,
}: {
  at: number;
  homeTimeZone: string;
  timeZone: string;
}) {
  const locale = useLocale();
  return (
    <>
      {moment(at, homeTimeZone, locale)}
      {homeTimeZone === timeZone ? null : (
        <span className="second-line small muted">{moment(at, timeZone, locale)}</span>
      )}
    </>
  );
}

/** Says an instant within a sentence: where its reader lives, and where the meeting is unless that is the same zone. */
export function useBothZones({ homeTimeZone, timeZone }: { homeTimeZone: string; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (at: number) => {
    const home = moment(at, homeTimeZone, locale);
    return homeTimeZone === timeZone
      ? home
      : t("late.bothZones", { home, there: moment(at, timeZone, locale) });
  };
}

/** Why nothing can be changed now, with what to do instead. */
export function ClosedNotice({ children }: { children: ReactNode }) {
  return (
    <Notice tone="wait">
      <p>{children}</p>
    </Notice>
  );
}
