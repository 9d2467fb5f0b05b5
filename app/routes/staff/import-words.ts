import type { Locale } from "#db/vocabulary.ts";
import { CATEGORIES, LOCALES, SESSION_FUNCTIONS } from "#db/vocabulary.ts";
import type { CellColumn } from "../../domain/import/cells.ts";
import type { ColumnKind } from "../../domain/import/headings.ts";
import type { MessageKey, Translate } from "../../i18n/translate.ts";

export type DelegationNames = ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;

/** What a column of the file, or a cell of the roster, holds. */
export function kindInWords(t: Translate, kind: ColumnKind): string {
  return t(`import.kind.${kind}` satisfies MessageKey);
}

/** What stands in a cell, or would: the words of closed lists, and what people typed as it is. */
export function cellInWords(
  t: Translate,
  {
    column,
    value,
    delegations,
    locale,
  }: { column: CellColumn; value: string; delegations: DelegationNames; locale: Locale },
): string {
  const within = <T extends string>(list: ReadonlyArray<T>) => list.find((word) => word === value);
  switch (column) {
    case "category": {
      const word = within(CATEGORIES);
      return word === undefined ? value : t(`category.${word}`);
    }
    case "invitedAs": {
      const word = within(SESSION_FUNCTIONS);
      return word === undefined ? value : t(`function.${word}`);
    }
    case "locale": {
      const word = within(LOCALES);
      return word === undefined ? value : t(`person.locale.${word}`);
    }
    case "delegation": {
      const found = delegations.find(({ id }) => id === value);
      return found === undefined ? value : locale === "en" ? found.nameEn : found.nameZh;
    }
    default:
      return value;
  }
}
