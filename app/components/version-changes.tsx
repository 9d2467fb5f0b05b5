import {
  AGENDA_PARTS,
  type AgendaKind,
  type AgendaPart,
  type Attribution,
  type Audience,
  type Interpretation,
  type LanguagePair,
  type Locale,
  type SessionFunction,
} from "#db/vocabulary.ts";
import { clockTime24, shortDate } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { htmlLang, otherLocale, type Translate, translate, translator } from "../i18n/translate.ts";
import { Status } from "./page.tsx";
import { inLocale, Second, Text } from "./text.tsx";

/** What is shown of an item. Whoever has less of it shows less. */
type Facts = {
  id: string;
  startsAt: number;
  endsAt: number;
  kind: AgendaKind;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  attribution: Attribution | null;
  interpretation: Interpretation | null;
  audience?: Audience;
  functions?: ReadonlyArray<SessionFunction>;
  details?: {
    addressEn: string;
    addressZh: string;
    dressEn: string;
    dressZh: string;
    bringEn: string;
    bringZh: string;
    languagePair: LanguagePair | null;
  } | null;
  visit: {
    hostEn: string;
    hostZh: string;
    meetAt: number | null;
    meetingPointEn: string;
    meetingPointZh: string;
    dressEn: string;
    dressZh: string;
    bringEn: string;
    bringZh: string;
  } | null;
};

type Change = {
  change: "new" | "cancelled" | "moved" | "text";
  item: Facts;
  before: Facts | null;
  parts: ReadonlyArray<string>;
};

const TONES = { new: "good", cancelled: "stop", moved: "wait", text: undefined } as const;

/**
 * What changed, each thing as it was and as it is.
 *
 * @param both whether the other language stands beneath: for staff, who answer for both.
 */
export function VersionChanges({
  changes,
  timeZone,
  both = false,
}: {
  changes: ReadonlyArray<Change>;
  timeZone: string;
  both?: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  const other = otherLocale(locale);
  return (
    <ul className="changes">
      {changes.map((entry) => {
        const lines = differences(entry, { timeZone, locale, t });
        const others = both ? differences(entry, { timeZone, locale: other, t: translator(other) }) : [];
        return (
          <li key={entry.item.id}>
            <Status tone={TONES[entry.change]}>{t(`agenda.change.${entry.change}`)}</Status>{" "}
            <span className="change-when">{span(entry.item, timeZone, locale)}</span>{" "}
            <strong>
              <Text en={entry.item.titleEn} zh={entry.item.titleZh} />
            </strong>
            {both ? (
              <span className="second-line small">
                <Second en={entry.item.titleEn} zh={entry.item.titleZh} />
              </span>
            ) : null}
            {lines.map((line) => (
              <span className="second-line small" key={line}>
                {line}
              </span>
            ))}
            {others
              .filter((line) => !lines.includes(line))
              .map((line) => (
                <span className="second-line small second" lang={htmlLang(other)} key={line}>
                  {line}
                </span>
              ))}
          </li>
        );
      })}
    </ul>
  );
}

function span({ startsAt, endsAt }: Facts, timeZone: string, locale: Locale): string {
  const times = `${clockTime24(startsAt, timeZone)}–${clockTime24(endsAt, timeZone)}`;
  const date = shortDate(startsAt, timeZone, locale);
  return locale === "en" ? `${date} ${times}` : `${date}${times}`;
}

type Writer = { timeZone: string; locale: Locale; t: Translate };

/** "before → now", a line for each thing that is another; for what cannot be told in a line, its name. */
function differences({ item, before, parts }: Change, { timeZone, locale, t }: Writer): Array<string> {
  if (before === null) return [];
  const separator = t("agenda.listSeparator");
  const own = (en: string, zh: string) => inLocale({ en, zh }, locale).text;
  const word = (facts: Facts): Readonly<Record<string, string>> => ({
    time: span(facts, timeZone, locale),
    place: own(facts.placeEn, facts.placeZh),
    title: own(facts.titleEn, facts.titleZh),
    kind: t(`agendaKind.${facts.kind}`),
    attribution: facts.attribution === null ? "" : t(`attribution.${facts.attribution}`),
    interpretation: facts.interpretation === null ? "" : t(`interpretation.${facts.interpretation}`),
    ...(facts.audience === undefined ? {} : { audience: t(`audience.${facts.audience}`) }),
    ...(facts.functions === undefined
      ? {}
      : {
          functions: facts.functions.map((name) => t(`function.${name}`)).join(t("agenda.listSeparator")),
        }),
  });
  const now = word(item);
  const was = word(before);
  const pieces = { visit: visitPieces, details: detailPieces };
  return parts.map((part) => {
    const word = t(`agenda.part.${known(part)}`);
    const label = word.charAt(0).toUpperCase() + word.slice(1);
    let [old = "", fresh = ""] = [was[part], now[part]];
    if (part === "visit" || part === "details") {
      // Of what is many things, those that are others.
      const [earlier, later] = [
        pieces[part](before, { timeZone, locale }),
        pieces[part](item, { timeZone, locale }),
      ];
      const differs = later.map((text, n) => text !== earlier[n]);
      old = earlier.filter((text, n) => differs[n] === true && text !== "").join(separator);
      fresh = later.filter((text, n) => differs[n] === true && text !== "").join(separator);
    }
    return old === fresh ? label : `${label}${t("agenda.colon")}${old || "–"} → ${fresh || "–"}`;
  });
}

function known(part: string): AgendaPart | "other" {
  return AGENDA_PARTS.find((each) => each === part) ?? "other";
}

function detailPieces({ details }: Facts, { locale }: { timeZone: string; locale: Locale }): Array<string> {
  const own = (en: string, zh: string) => inLocale({ en, zh }, locale).text;
  return [
    own(details?.addressEn ?? "", details?.addressZh ?? ""),
    own(details?.dressEn ?? "", details?.dressZh ?? ""),
    own(details?.bringEn ?? "", details?.bringZh ?? ""),
    details?.languagePair == null ? "" : translate(locale, `languagePair.${details.languagePair}`),
  ];
}

function visitPieces(
  { visit }: Facts,
  { timeZone, locale }: { timeZone: string; locale: Locale },
): Array<string> {
  const own = (en: string, zh: string) => inLocale({ en, zh }, locale).text;
  return [
    own(visit?.hostEn ?? "", visit?.hostZh ?? ""),
    visit?.meetAt == null
      ? ""
      : translate(locale, "mail.programme.meetAt", { time: clockTime24(visit.meetAt, timeZone) }),
    own(visit?.meetingPointEn ?? "", visit?.meetingPointZh ?? ""),
    own(visit?.dressEn ?? "", visit?.dressZh ?? ""),
    own(visit?.bringEn ?? "", visit?.bringZh ?? ""),
  ];
}
