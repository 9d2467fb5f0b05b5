import { renderToStaticMarkup } from "react-dom/server";
import { clockTime, zoneName } from "../app/i18n/dates.ts";
import type { Locale } from "../db/vocabulary.ts";
import { Heading, In, Paragraph, tableStyle } from "./layout.tsx";
import type { MailProgrammeItem, MailVisit } from "./payload.ts";
import { dayAndTime, dotted, listed, pick, type Run, title, type Writing } from "./words.ts";

type Entry = { id: string; time: string; title: Run; details: Array<string> };
type Day = { heading: string; entries: Array<Entry> };

type WrittenProgramme = { text: Array<string>; html: string };

const written = new Map<string, WrittenProgramme>();
const MOST_WRITTEN = 100;

/**
 * A programme as text and as HTML. Remembered, because most of a delegation have the very same one, and because it is most
 * of the mail: it depends on nothing but the items, the language and the zone.
 */
function writtenProgramme({ writing, items, timeZone }: ProgrammeProps): WrittenProgramme {
  const key = `${writing.locale} ${timeZone} ${itemsAsText(items)}`;
  const known = written.get(key);
  if (known !== undefined) return known;
  if (written.size >= MOST_WRITTEN) written.clear();
  const days = writeDays(writing, items, timeZone);
  const made = {
    text: textOf(days),
    html: renderToStaticMarkup(<Days days={days} locale={writing.locale} />),
  };
  written.set(key, made);
  return made;
}

/** The programme by days, in the meeting's zone, with what this person must know of each item. */
function writeDays(writing: Writing, items: ReadonlyArray<MailProgrammeItem>, timeZone: string): Array<Day> {
  const days: Array<Day> = [];
  for (const item of items) {
    const { day, time } = dayAndTime(writing, item, timeZone);
    let last = days.at(-1);
    if (last?.heading !== day) {
      last = { heading: day, entries: [] };
      days.push(last);
    }
    last.entries.push({
      id: item.id,
      time,
      title: title(writing.locale, item),
      details: detailsOf(writing, item, items, timeZone),
    });
  }
  return days;
}

function detailsOf(
  writing: Writing,
  item: MailProgrammeItem,
  items: ReadonlyArray<MailProgrammeItem>,
  timeZone: string,
): Array<string> {
  const { locale, t } = writing;
  const text = (en: string, zh: string) => pick(locale, en, zh).text;
  const details = [
    dotted(writing, [
      text(item.placeEn, item.placeZh),
      item.attribution === null ? "" : t(`attribution.${item.attribution}`),
      item.interpretation === null ? "" : t(`interpretation.${item.interpretation}`),
    ]),
  ];
  if (item.functions.length > 0)
    details.push(
      t("mail.programme.part", {
        functions: listed(
          writing,
          item.functions.map((each) => t(`function.${each}`)),
        ),
      }),
    );
  if (item.visit !== null) details.push(...visitDetails(writing, item.visit, timeZone));
  if (item.place === "waiting") details.push(t("mail.programme.waiting"));
  if (item.place === "offered") details.push(t("mail.programme.offered"));
  const clashes = items.filter((other) => item.clashesWith.includes(other.id));
  if (clashes.length > 0)
    details.push(
      t("mail.programme.clash", {
        titles: listed(
          writing,
          clashes.map((other) => title(locale, other).text),
        ),
      }),
    );
  return details.filter((detail) => detail !== "");
}

function visitDetails(
  { locale, t }: Writing,
  visit: NonNullable<MailProgrammeItem["visit"]>,
  timeZone: string,
): Array<string> {
  const text = (en: string, zh: string) => pick(locale, en, zh).text;
  const host = text(visit.hostEn, visit.hostZh);
  const place = text(visit.meetingPointEn, visit.meetingPointZh);
  const dress = text(visit.dressEn, visit.dressZh);
  const items = text(visit.bringEn, visit.bringZh);
  const time = visit.meetAt === null ? null : clockTime(visit.meetAt, timeZone, locale);
  return [
    host === "" ? "" : t("mail.programme.host", { host }),
    time === null
      ? ""
      : place === ""
        ? t("mail.programme.meetAt", { time })
        : t("mail.programme.meet", { time, place }),
    dress === "" ? "" : t("mail.programme.dress", { dress }),
    items === "" ? "" : t("mail.programme.bring", { items }),
  ];
}

const asText = new WeakMap<ReadonlyArray<MailProgrammeItem>, string>();

/** Once a mail, which asks for it in two languages as text and as HTML. */
function itemsAsText(items: ReadonlyArray<MailProgrammeItem>): string {
  const known = asText.get(items);
  if (known !== undefined) return known;
  const made = JSON.stringify(items);
  asText.set(items, made);
  return made;
}

type ProgrammeProps = { writing: Writing; items: ReadonlyArray<MailProgrammeItem>; timeZone: string };

export function Programme({ writing, items, timeZone }: ProgrammeProps) {
  const { locale, t } = writing;
  if (items.length === 0) return <Paragraph>{t("mail.programme.empty")}</Paragraph>;
  const { html } = writtenProgramme({ writing, items, timeZone });
  return (
    <>
      <Paragraph>{t("mail.programme.zone", { zone: zoneName(timeZone, locale) })}</Paragraph>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: React wrote it, once for all who have the same programme. */}
      <div dangerouslySetInnerHTML={{ __html: html }} />
    </>
  );
}

function Days({ days, locale }: { days: ReadonlyArray<Day>; locale: Locale }) {
  return days.map((day) => (
    <div key={day.heading}>
      <Heading>{day.heading}</Heading>
      <table cellPadding="4" cellSpacing="0" width="100%" style={tableStyle}>
        <tbody>
          {day.entries.map((entry) => (
            <tr key={entry.id}>
              <td valign="top" width="112">
                {entry.time}
              </td>
              <td valign="top">
                <strong>
                  <In run={entry.title} page={locale} />
                </strong>
                {entry.details.map((detail) => (
                  <div key={detail}>{detail}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ));
}

/** The same in plain text. */
export function programmeText({ writing, items, timeZone }: ProgrammeProps): Array<string> {
  const { locale, t } = writing;
  if (items.length === 0) return [t("mail.programme.empty")];
  const { text } = writtenProgramme({ writing, items, timeZone });
  return [t("mail.programme.zone", { zone: zoneName(timeZone, locale) }), ...text];
}

function textOf(days: ReadonlyArray<Day>): Array<string> {
  return days.flatMap((day) => [
    "",
    day.heading,
    ...day.entries.flatMap((entry) => [
      `  ${entry.time}  ${entry.title.text}`,
      ...entry.details.map((detail) => `      ${detail}`),
    ]),
  ]);
}

/** "Visit to …, Wednesday, December 5, 10:00–11:30 AM, Beijing time: you have a place". */
export function visitLine(writing: Writing, visit: MailVisit, timeZone: string): string {
  const { locale, t } = writing;
  const { day, time } = dayAndTime(writing, visit, timeZone);
  return t("mail.visit.line", {
    title: title(locale, visit).text,
    date: day,
    time,
    zone: zoneName(timeZone, locale),
    state: t(`mail.visit.${visit.state}`, { position: visit.position ?? 0 }),
  });
}
