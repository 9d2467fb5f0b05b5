import { useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";

export type TravelTab = "arrival" | "departure" | "checks";

/** The pages about who comes and goes when. */
export function TravelTabs({ slug, here, open }: { slug: string; here: TravelTab; open?: number }) {
  const t = useT();
  const tabs = [
    ["arrival", paths.travel(slug)],
    ["departure", paths.travel(slug, "departure")],
    ["checks", paths.travelChecks(slug)],
  ] as const;
  return (
    <nav className="pages" aria-label={t("travel.tabs")}>
      {tabs.map(([tab, href]) => (
        <a key={tab} href={href} aria-current={tab === here ? "page" : undefined}>
          {t(`travel.tab.${tab}`)}
          {tab === "checks" && open !== undefined && open > 0 ? ` (${open})` : null}
        </a>
      ))}
    </nav>
  );
}
