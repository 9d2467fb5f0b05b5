import type { MessageKey } from "../i18n/catalogue/index.ts";
import { useT } from "../i18n/react.tsx";

/** What is other than usual, with how many: the worst first, as it was counted. */
export function CountWords({ lines }: { lines: ReadonlyArray<readonly [MessageKey, number]> }) {
  const t = useT();
  if (lines.length === 0) return <span className="muted">{t("meals.allPlain")}</span>;
  return (
    <ul className="plain">
      {lines.map(([key, count]) => (
        <li key={key}>{t("meals.countOf", { what: t(key), count })}</li>
      ))}
    </ul>
  );
}
