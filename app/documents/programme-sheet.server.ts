import { encode } from "uqr";
import type {
  AgendaKind,
  Interpretation,
  Locale,
  PlaceState,
  SessionFunction,
  TripKind,
} from "#db/vocabulary.ts";
import { clockTime, dayHeading, dayOf, moment, timeRange, zoneName } from "../i18n/dates.ts";
import { translator } from "../i18n/translate.ts";
import { breakLines } from "./lines.ts";
import { mm, type Paper, type Sheet, writePdf } from "./pdf.server.ts";

/** One item as it stands on the sheet: a person's own, and nothing of anybody else. */
export type SheetItem = {
  id: string;
  kind: AgendaKind;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  interpretation: Interpretation | null;
  functions: ReadonlyArray<SessionFunction>;
  place: PlaceState | null;
  mine: boolean;
  visit: {
    meetAt: number | null;
    meetingPointEn: string;
    meetingPointZh: string;
    dressEn: string;
    dressZh: string;
    bringEn: string;
    bringZh: string;
  } | null;
};

/** A seat in a car. */
export type SheetTrip = {
  id: string;
  kind: TripKind;
  departsAt: number;
  fromPlace: string;
  toPlace: string;
  vehicle: string;
  plate: string;
  sign: string;
};

export type ProgrammeSheetInput = {
  items: ReadonlyArray<SheetItem>;
  trips: ReadonlyArray<SheetTrip>;
  locale: Locale;
  paper: Paper;
  /** In the reader's language. */
  editionTitle: string;
  /** The invitation's number: whose sheet it is, to whoever has the list. A sheet that lies about names nobody. */
  number: string;
  timeZone: string;
  homeTimeZone: string;
  phones: string;
  version: number;
  publishedAt: number;
  /** Where one asks whether the sheet is still current; null: this version has no such address. */
  address: { url: string; shown: string } | null;
};

/** How much is told of each item: what is dropped first is what one can do without on the day. */
const LEVELS = ["all", "brief", "bare"] as const;
type Level = (typeof LEVELS)[number];

/** From what is pleasant to read to what is just readable; then in columns. */
const SIZES = [10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7] as const;
const LEADING = 1.32;
const QR = mm(17);

type Line = { text: string; size: number; x: number; height: number; colour: string; time: string | null };
type Layout = { columns: ReadonlyArray<ReadonlyArray<Line>>; width: number };

/** A person's programme on one sheet of paper, whatever is on it: it shrinks, then tells less, rather than run over. */
export function programmeSheet(input: ProgrammeSheetInput): Promise<Uint8Array<ArrayBuffer>> {
  const { locale, timeZone, version, publishedAt, address, phones } = input;
  const t = translator(locale);
  return writePdf({
    title: t("myProgramme.title"),
    locale,
    paper: input.paper,
    at: publishedAt,
    margin: { side: 16, top: 14, bottom: 30 },
    draw(sheet) {
      sheet.write(input.editionTitle, { size: 13, leading: 1.3 });
      sheet.write(`${t("myProgramme.title")} · ${input.number}`, { size: 10.5, leading: 1.4 });
      sheet.write(t("mail.programme.zone", { zone: zoneName(timeZone, locale) }), {
        size: 8,
        colour: "#444444",
      });
      sheet.space(2);
      sheet.rule();
      sheet.space(5);
      const top = sheet.y;
      const { columns, width } = fitting(input, sheet, sheet.bottom - top);
      for (const [n, lines] of columns.entries()) {
        const left = sheet.left + n * (width + GUTTER);
        let y = top;
        for (const line of lines) {
          if (line.time !== null) sheet.put(line.time, { x: left, y }, line);
          sheet.put(line.text, { x: left + line.x, y }, line);
          y += line.height;
        }
      }
    },
    footer(sheet) {
      const foot = sheet.bottom + mm(4);
      const here = moment(publishedAt, timeZone, locale);
      const lines = [
        t("myProgramme.asOf", { version, when: here }),
        ...(input.homeTimeZone === timeZone
          ? []
          : [t("myProgramme.homeAsOf", { when: moment(publishedAt, input.homeTimeZone, locale) })]),
        ...(address === null ? [] : [t("myProgramme.isCurrent", { address: address.shown })]),
        ...(phones === "" ? [] : [t("mail.phones", { phones })]),
      ];
      for (const [n, line] of lines.entries())
        sheet.put(line, { x: sheet.left, y: foot + n * 8 * 1.45 }, { size: 8 });
      if (address !== null) drawQr(sheet, address.url, { x: sheet.left + sheet.width - QR, y: foot });
    },
  });
}

const GUTTER = 14;

/** The largest that fits: first smaller letters, then columns, then less of each item. */
function fitting(input: ProgrammeSheetInput, sheet: Sheet, height: number): Layout {
  const attempts = LEVELS.flatMap((level) => [
    ...SIZES.map((size) => ({ level, size, columns: 1 })),
    ...SIZES.slice(4).map((size) => ({ level, size, columns: 2 })),
    { level, size: 6, columns: 2 },
    { level, size: 6, columns: 3 },
  ]);
  let last: Layout = { columns: [], width: sheet.width };
  for (const { level, size, columns } of attempts) {
    const width = (sheet.width - (columns - 1) * GUTTER) / columns;
    const blocks = written(input, sheet, { level, size, width });
    const poured = pour(blocks, height);
    last = { columns: poured, width };
    if (poured.length <= columns) return last;
  }
  // Hundreds of items: what is left over is on the page behind the link.
  return { ...last, columns: last.columns.slice(0, 3) };
}

/** Puts blocks of lines into columns; a block is not torn. */
function pour(blocks: ReadonlyArray<ReadonlyArray<Line>>, height: number): Array<Array<Line>> {
  const columns: Array<Array<Line>> = [[]];
  let used = 0;
  for (const block of blocks) {
    const needs = block.reduce((sum, line) => sum + line.height, 0);
    if (used + needs > height && used > 0) {
      columns.push([]);
      used = 0;
    }
    columns.at(-1)?.push(...block);
    used += needs;
  }
  return columns;
}

type Entry = { at: number; time: string; title: string; details: ReadonlyArray<string> };

/** Items and cars in the order of time. */
function entriesOf({ items, trips, timeZone, locale }: ProgrammeSheetInput, level: Level): Array<Entry> {
  const t = translator(locale);
  const own = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  return [
    ...items.map((item) => ({
      at: item.startsAt,
      time: timeRange(item.startsAt, item.endsAt, timeZone, locale),
      title: (item.mine ? "▸ " : "") + own(item.titleEn, item.titleZh),
      details: details(item, { level, locale, timeZone }),
    })),
    ...trips.map((trip) => ({
      at: trip.departsAt,
      time: clockTime(trip.departsAt, timeZone, locale),
      title: `▸ ${t(`tripKind.${trip.kind}`)}`,
      details: [
        t("myProgramme.trip", { from: trip.fromPlace, to: trip.toPlace }),
        [trip.vehicle, trip.plate, trip.sign === "" ? "" : t("myProgramme.tripSign", { sign: trip.sign })]
          .filter((text) => text !== "")
          .join(" · "),
      ].filter((text) => text !== ""),
    })),
  ].sort((a, b) => a.at - b.at);
}

/** An entry a block; the first of a day has the day's heading with it. */
function written(
  input: ProgrammeSheetInput,
  sheet: Sheet,
  { level, size, width }: { level: Level; size: number; width: number },
): Array<Array<Line>> {
  const { timeZone, locale } = input;
  const entries = entriesOf(input, level);
  const indent = Math.max(0, ...entries.map(({ time }) => sheet.measure(time, size))) + size;
  const wrap = (text: string, fontSize: number) =>
    breakLines(text, { width: width - indent, measure: (part) => sheet.measure(part, fontSize) }).map(
      (line) => line.text,
    );
  const small = size * 0.86;
  let day = "";
  return entries.map(({ at, time, title, details: told }) => {
    const block: Array<Line> = [];
    const own = dayOf(at, timeZone);
    if (own !== day) {
      day = own;
      const heading = { text: dayHeading(day, locale), size: size * 1.1, height: size * 1.65 };
      block.push({ ...heading, x: 0, colour: "#7a1f1f", time: null });
    }
    for (const [n, text] of wrap(title, size).entries())
      block.push({
        text,
        size,
        x: indent,
        height: size * LEADING,
        colour: "#000000",
        time: n === 0 ? time : null,
      });
    for (const detail of told)
      for (const text of wrap(detail, small))
        block.push({ text, size: small, x: indent, height: small * LEADING, colour: "#333333", time: null });
    const last = block.at(-1);
    if (last !== undefined) last.height += size * 0.35;
    return block;
  });
}

function details(
  item: SheetItem,
  { level, locale, timeZone }: { level: Level; locale: Locale; timeZone: string },
): Array<string> {
  const t = translator(locale);
  const own = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  const { visit } = item;
  const separator = t("myProgramme.listSeparator");
  const where = [
    own(item.placeEn, item.placeZh),
    level !== "all" || item.interpretation === null || item.interpretation === "none"
      ? ""
      : t(`interpretation.${item.interpretation}`),
  ]
    .filter((text) => text !== "")
    .join(" · ");
  if (level === "bare") return [where].filter((text) => text !== "");
  const point = visit === null ? "" : own(visit.meetingPointEn, visit.meetingPointZh);
  const time = visit === null || visit.meetAt === null ? null : clockTime(visit.meetAt, timeZone, locale);
  const dress = visit === null ? "" : own(visit.dressEn, visit.dressZh);
  const bring = visit === null ? "" : own(visit.bringEn, visit.bringZh);
  return [
    item.functions.length === 0
      ? ""
      : t("myProgramme.yours", {
          functions: item.functions.map((name) => t(`function.${name}`)).join(separator),
        }),
    item.place === "waiting" ? t("place.waiting") : "",
    where,
    time === null
      ? point
      : point === ""
        ? t("myProgramme.meetAt", { time })
        : t("myProgramme.meet", { time, place: point }),
    bring === "" ? "" : t("myProgramme.bring", { what: bring }),
    dress === "" || level !== "all" ? "" : t("myProgramme.dress", { what: dress }),
  ].filter((text) => text !== "");
}

function drawQr(sheet: Sheet, text: string, { x, y }: { x: number; y: number }): void {
  const { data, size } = encode(text, { ecc: "M", border: 0 });
  const module = QR / size;
  for (const [row, cells] of data.entries())
    for (const [column, dark] of cells.entries())
      if (dark)
        sheet.fill({
          x: x + column * module,
          y: y + row * module,
          width: module + 0.05,
          height: module + 0.05,
        });
}
