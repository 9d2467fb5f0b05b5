import { clockTime24, dayOf, shortDate } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { Status } from "./page.tsx";
import { inLocale, Text } from "./text.tsx";

type Facts = {
  titleEn: string;
  titleZh: string;
  startsAt: number;
  endsAt: number;
  placeEn: string;
  placeZh: string;
};

type Part =
  | "time"
  | "place"
  | "title"
  | "kind"
  | "audience"
  | "attribution"
  | "interpretation"
  | "functions"
  | "visit"
  | "details";

/** One line of a difference between two states of the programme. */
type Change = Facts & {
  itemId: string;
  change: "new" | "cancelled" | "moved" | "text";
  before: Facts | null;
  parts: ReadonlyArray<Part>;
};

const TONES = { new: "good", cancelled: "stop", moved: "wait", text: undefined } as const;

/** What changed: new, cancelled, moved and otherwise changed items, as a word before the title. */
export function ChangeList({ changes, timeZone }: { changes: ReadonlyArray<Change>; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <ul className="changes">
      {changes.map((entry) => {
        const before = entry.before === null ? [] : differences(entry, entry.before, timeZone, locale);
        return (
          <li key={entry.itemId}>
            <Status tone={TONES[entry.change]}>{t(`agenda.change.${entry.change}`)}</Status>{" "}
            <span className="change-when">{span(entry, timeZone, locale)}</span>{" "}
            <strong>
              <Text en={entry.titleEn} zh={entry.titleZh} />
            </strong>
            {entry.parts.length === 0 ? null : (
              <span className="second-line small">
                {entry.parts.map((part) => t(`agenda.part.${part}`)).join(t("agenda.listSeparator"))}
                {before.length === 0
                  ? null
                  : ` – ${t("agenda.was", { before: before.join(t("agenda.listSeparator")) })}`}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

type Locale = ReturnType<typeof useLocale>;

function span({ startsAt, endsAt }: Facts, timeZone: string, locale: Locale): string {
  const times = `${clockTime24(startsAt, timeZone)}–${clockTime24(endsAt, timeZone)}`;
  const date = shortDate(startsAt, timeZone, locale);
  return locale === "en" ? `${date} ${times}` : `${date}${times}`;
}

/** How time, place and title were before, as far as they are not so now. */
function differences(now: Facts, before: Facts, timeZone: string, locale: Locale): Array<string> {
  const found: Array<string> = [];
  if (dayOf(now.startsAt, timeZone) !== dayOf(before.startsAt, timeZone))
    found.push(span(before, timeZone, locale));
  else if (now.startsAt !== before.startsAt || now.endsAt !== before.endsAt)
    found.push(`${clockTime24(before.startsAt, timeZone)}–${clockTime24(before.endsAt, timeZone)}`);
  const pairs = [
    [now.placeEn, now.placeZh, before.placeEn, before.placeZh],
    [now.titleEn, now.titleZh, before.titleEn, before.titleZh],
  ] as const;
  for (const [en, zh, wasEn, wasZh] of pairs)
    if (en !== wasEn || zh !== wasZh) {
      const was = inLocale({ en: wasEn, zh: wasZh }, locale).text;
      if (was !== "") found.push(was);
    }
  return found;
}
