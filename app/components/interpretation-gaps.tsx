import type { PlannedView } from "../domain/interpretation/queries.server.ts";
import type { Gap } from "../domain/interpretation/rules.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { inLocale } from "./text.tsx";

/** Says what is missing in the plan of an item. */
export function useGapWords(
  items: ReadonlyArray<Pick<PlannedView, "itemId" | "titleEn" | "titleZh" | "posts">>,
): (gap: Gap) => string {
  const t = useT();
  const locale = useLocale();
  const nameOf = (key: string) =>
    items.flatMap(({ posts }) => posts).find((post) => post.key === key)?.name ?? "";
  const titleOf = (id: string) => {
    const found = items.find(({ itemId }) => itemId === id);
    return found === undefined ? "" : inLocale({ en: found.titleEn, zh: found.titleZh }, locale).text;
  };
  return (gap) => {
    switch (gap.kind) {
      case "mode":
      case "pair":
        return t(`interp.gap.${gap.kind}`, { people: gap.people, pair: t(`languagePair.${gap.pair}`) });
      case "short":
        return t("interp.gap.short", {
          pair: t(`languagePair.${gap.pair}`),
          has: gap.has,
          wants: gap.wants,
        });
      case "booth":
        return t("interp.gap.booth", { pair: t(`languagePair.${gap.pair}`) });
      case "misfit":
        return t("interp.gap.misfit", { name: nameOf(gap.key), pair: t(`languagePair.${gap.pair}`) });
      case "twice":
        return t("interp.gap.twice", { name: nameOf(gap.key), other: titleOf(gap.otherId) });
      case "unpaired":
      case "unknown":
        return t(`interp.gap.${gap.kind}`, { people: gap.people });
    }
  };
}
