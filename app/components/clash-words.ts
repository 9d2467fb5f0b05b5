import type { ClashKind, LanguagePair, Locale } from "#db/vocabulary.ts";
import { calendarDay, shortMoment } from "../i18n/dates.ts";
import type { translator } from "../i18n/translate.ts";
import { inLocale } from "./text.tsx";

type Said = {
  kind: ClashKind;
  itemIds: ReadonlyArray<string>;
  people: ReadonlyArray<string>;
  delegationIds: ReadonlyArray<string>;
  venueId: string | null;
  way: { takes: number; left: number } | null;
  more: number;
  instant: number | null;
  meal: { meal: "lunch" | "dinner"; day: string } | null;
};

type Named = { nameEn: string; nameZh: string };

/** What names the ids of a clash. */
export type Words = {
  items: ReadonlyArray<{ id: string; titleEn: string; titleZh: string; languagePair?: LanguagePair | null }>;
  people: ReadonlyArray<{ invitationId: string; nameLatin: string; nameNative: string }>;
  delegations: ReadonlyArray<Named & { id: string }>;
  venues: ReadonlyArray<Named & { id: string }>;
  timeZone: string;
};

/** So many names are read; the others are counted. */
const MOST_NAMES = 6;

/** A clash as one sentence. */
export function clashSentence(
  clash: Said,
  words: Words,
  { t, locale }: { t: ReturnType<typeof translator>; locale: Locale },
): string {
  const title = (id: string | undefined) => {
    const item = words.items.find((one) => one.id === id);
    return item === undefined ? "" : inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text;
  };
  const [a, b] = [title(clash.itemIds[0]), title(clash.itemIds[1])];
  const named = ({ nameEn: en, nameZh: zh }: Named) => inLocale({ en, zh }, locale).text;
  const groups = words.delegations.filter(({ id }) => clash.delegationIds.includes(id)).map(named);
  const people = words.people
    .filter(({ invitationId }) => clash.people.includes(invitationId))
    .map(({ nameLatin, nameNative }) =>
      locale === "en" ? nameLatin || nameNative : nameNative || nameLatin,
    );
  const list = (names: ReadonlyArray<string>) =>
    names.length <= MOST_NAMES
      ? names.join(t("clash.list"))
      : t("clash.andMore", {
          names: names.slice(0, MOST_NAMES).join(t("clash.list")),
          count: names.length - MOST_NAMES,
        });
  const whom = list(
    clash.delegationIds.length > 0 && groups.length === words.delegations.length
      ? [t("audience.all")]
      : [...groups, ...people],
  );
  const way = clash.way ?? { takes: 0, left: 0 };
  const when = clash.instant === null ? "" : shortMoment(clash.instant, words.timeZone, locale);
  switch (clash.kind) {
    case "no_way":
      return clash.itemIds.length === 1
        ? t("clash.say.slow", { a, ...way })
        : t("clash.say.no_way", { a, b, whom, ...way });
    case "person_no_way":
      return t("clash.say.person_no_way", { a, b, whom, ...way });
    case "people_twice":
    case "person_twice":
    case "interpreter_twice":
      return t(`clash.say.${clash.kind}`, { a, b, whom });
    case "room_twice": {
      const venue = words.venues.find(({ id }) => id === clash.venueId);
      return t("clash.say.room_twice", { a, b, place: venue === undefined ? "" : named(venue) });
    }
    case "late_arrival":
    case "early_departure":
      return t(`clash.say.${clash.kind}`, { a, whom, when, more: clash.more });
    case "no_interpreter": {
      const pair = words.items.find(({ id }) => id === clash.itemIds[0])?.languagePair ?? null;
      return t("clash.say.no_interpreter", { a, pair: pair === null ? "" : t(`languagePair.${pair}`) });
    }
    case "no_meal":
      return t(`clash.say.${clash.meal?.meal ?? "lunch"}`, {
        day: clash.meal === null ? "" : calendarDay(clash.meal.day, locale),
      });
    default:
      return clash.kind satisfies never;
  }
}
