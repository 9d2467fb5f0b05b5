import { useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";

type Tab = "table" | "board" | "clashes" | "places";

/** The ways between the pages of the draft. */
export function AgendaTabs({ slug, here }: { slug: string; here: Tab }) {
  const t = useT();
  const tabs = [
    ["table", paths.agenda(slug), t("board.tab.table")],
    ["board", paths.agendaBoard(slug), t("board.tab.board")],
    ["clashes", paths.clashes(slug), t("board.tab.clashes")],
    ["places", paths.venues(slug), t("board.tab.places")],
  ] as const;
  return (
    <nav className="pages no-print" aria-label={t("board.tabs")}>
      {tabs.map(([tab, to, label]) => (
        <a key={tab} href={to} aria-current={tab === here ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
