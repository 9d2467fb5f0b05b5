import { clockTime, dayOf, shortDate, zoneName } from "../app/i18n/dates.ts";
import { In, OwnLink, Paragraph } from "./layout.tsx";
import type { AgendaChangeMail, MailChange, MailProgrammeItem } from "./payload.ts";
import { OpeningPart, openingText } from "./prose.tsx";
import {
  dayAndTime,
  inBothZones,
  linkText,
  listed,
  pick,
  type Run,
  title,
  typedSubject,
  type Writing,
} from "./words.ts";

type Changes = Pick<AgendaChangeMail, "changes" | "edition" | "clashes">;

type Entry = { id: string; mark: string; title: Run; lines: Array<string> };

/** What changed in the recipient's own programme: the changes first, each with its old and its new time, and one link. */
export const agendaChange = {
  subject({ locale, t }: Writing, { version, changes, edition, opening }: AgendaChangeMail): string {
    if (opening) return typedSubject(locale, opening);
    const days = new Set(changes.map(({ item }) => dayOf(item.startsAt, edition.timeZone)));
    const [first] = changes;
    return days.size === 1 && first !== undefined
      ? t("mail.notice.subjectDay", {
          version,
          day: shortDate(first.item.startsAt, edition.timeZone, locale),
        })
      : t("mail.notice.subject", { version });
  },

  text(writing: Writing, mail: AgendaChangeMail): Array<string> {
    const { t, links } = writing;
    return [
      ...(mail.opening ? [...openingText(writing, mail.opening), ""] : []),
      versionLine(writing, mail),
      ...changeEntries(writing, mail).flatMap(({ mark, title: name, lines }) => [
        "",
        t("mail.notice.entry", { mark, title: name.text }),
        ...lines.map((line) => `  ${line}`),
      ]),
      "",
      t("mail.notice.seen"),
      ...linkText(writing, t("mail.notice.open"), links.seen),
      ...calendarLine(writing),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: AgendaChangeMail }) {
    const { locale, t, links } = writing;
    return (
      <>
        {mail.opening ? <OpeningPart writing={writing} opening={mail.opening} /> : null}
        <Paragraph>{versionLine(writing, mail)}</Paragraph>
        {changeEntries(writing, mail).map(({ id, mark, title: name, lines }) => (
          <Paragraph key={id}>
            <strong>
              {mark}
              {locale === "en" ? " " : null}
              <In run={name} page={locale} />
            </strong>
            {lines.map((line) => (
              <span key={line}>
                <br />
                {line}
              </span>
            ))}
          </Paragraph>
        ))}
        <Paragraph>{t("mail.notice.seen")}</Paragraph>
        <OwnLink href={links.seen}>{t("mail.notice.open")}</OwnLink>
        {calendarLine(writing).map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
      </>
    );
  },
};

/** Calendar files go to the invited person alone. */
function calendarLine({ t, isCopy }: Writing): Array<string> {
  return isCopy ? [] : [t("mail.notice.calendar")];
}

function versionLine(writing: Writing, { version, from, publishedAt, edition }: AgendaChangeMail): string {
  const published = inBothZones(writing, publishedAt, edition);
  return writing.t("mail.notice.version", { version, from, published });
}

/** What changed for the recipient, an entry each. */
export function changeEntries(writing: Writing, mail: Changes): Array<Entry> {
  return mail.changes.map((entry) => ({
    id: entry.item.id,
    mark: writing.t("mail.notice.mark", { change: writing.t(`mail.notice.${entry.change}`) }),
    title: title(writing.locale, entry.item),
    lines: linesOf(writing, entry, mail).filter((line) => line !== ""),
  }));
}

function linesOf(writing: Writing, entry: MailChange, { edition, clashes }: Changes): Array<string> {
  const { locale, t } = writing;
  const { item, before, change } = entry;
  const { timeZone } = edition;
  const zone = zoneName(timeZone, locale);
  const when = (one: MailProgrammeItem) => t("mail.notice.when", dayAndTime(writing, one, timeZone));
  if (change === "cancelled") return [t("mail.notice.was", { when: when(item), zone })];
  const moved = before !== null && (before.startsAt !== item.startsAt || before.endsAt !== item.endsAt);
  const own = (en: string, zh: string) => pick(locale, en, zh).text;
  const place = own(item.placeEn, item.placeZh);
  const was = before === null ? "" : own(before.placeEn, before.placeZh);
  const others = before === null ? [] : [renamed(writing, item, before)];
  const titles = clashes[item.id] ?? [];
  return [
    moved
      ? t("mail.notice.moved.time", { before: when(before), after: when(item), zone })
      : t("mail.notice.at", { when: when(item), zone }),
    before !== null && was !== place
      ? t("mail.notice.moved.place", { before: was || "–", after: place || "–" })
      : place,
    ...others,
    ...detailLines(writing, item),
    ...visitLines(writing, item, timeZone),
    item.functions.length === 0
      ? ""
      : t("mail.programme.part", {
          functions: listed(
            writing,
            item.functions.map((each) => t(`function.${each}`)),
          ),
        }),
    titles.length === 0
      ? ""
      : t("mail.notice.clash", {
          titles: listed(
            writing,
            titles.map((one) => title(locale, one).text),
          ),
        }),
  ];
}

function renamed(writing: Writing, item: MailProgrammeItem, before: MailProgrammeItem): string {
  const was = title(writing.locale, before).text;
  return was === title(writing.locale, item).text ? "" : writing.t("mail.notice.renamed", { before: was });
}

function detailLines({ locale, t }: Writing, { details }: MailProgrammeItem): Array<string> {
  if (details === null || details === undefined) return [];
  const own = (en: string, zh: string) => pick(locale, en, zh).text;
  const dress = own(details.dressEn, details.dressZh);
  const bring = own(details.bringEn, details.bringZh);
  return [
    own(details.addressEn, details.addressZh),
    dress === "" ? "" : t("mail.programme.dress", { dress }),
    bring === "" ? "" : t("mail.programme.bring", { items: bring }),
  ];
}

function visitLines({ locale, t }: Writing, { visit }: MailProgrammeItem, timeZone: string): Array<string> {
  if (visit === null) return [];
  const own = (en: string, zh: string) => pick(locale, en, zh).text;
  const place = own(visit.meetingPointEn, visit.meetingPointZh);
  const bring = own(visit.bringEn, visit.bringZh);
  const dress = own(visit.dressEn, visit.dressZh);
  const time = visit.meetAt === null ? null : clockTime(visit.meetAt, timeZone, locale);
  return [
    time === null
      ? ""
      : place === ""
        ? t("mail.programme.meetAt", { time })
        : t("mail.programme.meet", { time, place }),
    dress === "" ? "" : t("mail.programme.dress", { dress }),
    bring === "" ? "" : t("mail.programme.bring", { items: bring }),
  ];
}
