import { useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";

type Tab = "page" | "access";

/** The way between the pages of one person. */
export function PersonTabs({ slug, invitationId, here }: { slug: string; invitationId: string; here: Tab }) {
  const t = useT();
  const current = (tab: Tab) => (tab === here ? "page" : undefined);
  return (
    <nav className="pages no-print" aria-label={t("person.tabs")}>
      <a href={paths.person(slug, invitationId)} aria-current={current("page")}>
        {t("person.tab.page")}
      </a>
      <a href={paths.personAccess(slug, invitationId)} aria-current={current("access")}>
        {t("person.tab.access")}
      </a>
    </nav>
  );
}
