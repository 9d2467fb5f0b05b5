import { useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";

type Tab = "page" | "registration" | "access" | "letters";

/**
 * The way between the pages of one person.
 *
 * @param registration whether the reader writes down what people tell by phone
 * @param access whether the reader helps with links, codes and devices
 * @param letters whether the reader may see what a passport says
 */
export function PersonTabs({
  slug,
  invitationId,
  here,
  registration = false,
  access = false,
  letters = false,
}: {
  slug: string;
  invitationId: string;
  here: Tab;
  registration?: boolean;
  access?: boolean;
  letters?: boolean;
}) {
  const t = useT();
  const current = (tab: Tab) => (tab === here ? "page" : undefined);
  return (
    <nav className="pages no-print" aria-label={t("person.tabs")}>
      <a href={paths.person(slug, invitationId)} aria-current={current("page")}>
        {t("person.tab.page")}
      </a>
      {registration ? (
        <a href={paths.personRegistration(slug, invitationId)} aria-current={current("registration")}>
          {t("person.tab.registration")}
        </a>
      ) : null}
      {access ? (
        <a href={paths.personAccess(slug, invitationId)} aria-current={current("access")}>
          {t("person.tab.access")}
        </a>
      ) : null}
      {letters ? (
        <a href={paths.personLetters(slug, invitationId)} aria-current={current("letters")}>
          {t("person.tab.letters")}
        </a>
      ) : null}
    </nav>
  );
}
