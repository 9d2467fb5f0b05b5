import ical, {
  escape as escapeText,
  type ICalCalendar,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventStatus,
  ICalEventTransparency,
} from "ical-generator";
import { Temporal } from "temporal-polyfill";
import { tzlib_get_ical_block } from "timezones-ical-library";
import type {
  AgendaKind,
  Attribution,
  Interpretation,
  Locale,
  PlaceState,
  SessionFunction,
  TripKind,
} from "#db/vocabulary.ts";
import { clockTime, fullDate, timeRange, zoneName } from "../i18n/dates.ts";
import { otherLocale, translator } from "../i18n/translate.ts";

/** One item as the calendar shows it: a person's own programme item, and nothing of anybody else. */
export type CalendarItem = {
  id: string;
  kind: AgendaKind;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  attribution: Attribution | null;
  interpretation: Interpretation | null;
  functions: ReadonlyArray<SessionFunction>;
  place: PlaceState | null;
  clashesWith: ReadonlyArray<string>;
  changedIn: number;
  /** When it last became something else for its reader, in epoch milliseconds; 0: not known. */
  revisedAt: number;
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

/** A seat in a car that goes by itself: what goes with an item stands with the item. */
export type CalendarTrip = {
  id: string;
  kind: TripKind;
  departsAt: number;
  fromPlace: string;
  toPlace: string;
  vehicle: string;
  plate: string;
  sign: string;
  /** Rises with each change. */
  sequence: number;
};

export type CalendarInput = {
  items: ReadonlyArray<CalendarItem>;
  /** What they once had and is off: a calendar that still has it must be told so. */
  calledOff?: ReadonlyArray<CalendarItem>;
  trips?: ReadonlyArray<CalendarTrip>;
  /** Seats that they once had: a calendar that still has them must be told, too. */
  lostTrips?: ReadonlyArray<CalendarTrip>;
  /** Makes the UIDs this person's own; it is random and gives no access. */
  invitationId: string;
  /** In the reader's language. */
  editionTitle: string;
  /** IANA zone of the meeting. */
  timeZone: string;
  locale: Locale;
  /** The published version that the items are from. */
  version: number;
  /** When the file is made, in epoch milliseconds. */
  stampedAt: number;
  /** Who publishes: the secretariat's own name and address, never a person's. */
  organizer: { name: string; address: string };
};

/**
 * A person's programme as an iCalendar file (RFC 5545, method PUBLISH): a snapshot to import or to subscribe to, or, with
 * some of the items alone, an update of these.
 *
 * Titles are neutral, because telephones show them on locked screens; the item's own title is in the description,
 * together with the time in words and both languages (DOMAIN §6.4). Nobody else is named, nobody is listed.
 */
export function programmeCalendar(input: CalendarInput): string {
  const calendar = newCalendar(input, ICalCalendarMethod.PUBLISH);
  for (const trip of input.trips ?? []) addTrip(calendar, trip, input, ICalEventStatus.CONFIRMED);
  for (const trip of input.lostTrips ?? []) addTrip(calendar, trip, input, ICalEventStatus.CANCELLED);
  const entries = [
    ...input.items.map((item) =>
      entryOf(item, input, isOpen(item) ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED),
    ),
    ...(input.calledOff ?? []).map((item) => entryOf(item, input, ICalEventStatus.CANCELLED)),
  ];
  const whole = written(calendar);
  const isEmpty = calendar.length() === 0;
  const at = whole.indexOf(isEmpty ? `\r\n${ENDS}` : `\r\n${BEGINS}`) + 2;
  // The library gives the zone only with entries of its own.
  const zone = isEmpty && entries.length > 0 ? zoneBlock(input.timeZone) : null;
  return whole.slice(0, at) + (zone === null ? "" : `${zone}\r\n`) + entries.join("") + whole.slice(at);
}

const BEGINS = "BEGIN:VEVENT\r\n";
const ENDS = "END:VCALENDAR\r\n";

/** An entry as the library writes it, without what is another for each person and each file. */
type Entry = { begin: string; middle: string; end: string };

const entriesKnown = new Map<string, Entry>();
const MOST_ENTRIES = 2_000;

/**
 * One item's entry. Remembered but for its UID and its stamp, because everybody's file has the same few dozen items, and
 * an entry is dear to write: dates in two languages, escaping and folding.
 */
function entryOf(item: CalendarItem, input: CalendarInput, status: ICalEventStatus): string {
  // With the ends of the lines before them: what people typed never begins a line.
  const uid = `\r\nUID:${uidOf(item, input)}\r\n`;
  const stamp = `\r\nDTSTAMP:${stampOf(input.stampedAt)}\r\n`;
  const clashing = input.items.filter(({ id }) => item.clashesWith.includes(id));
  const key = JSON.stringify([
    item,
    status,
    input.timeZone,
    input.locale,
    input.version,
    input.organizer,
    clashing.map(({ titleEn, titleZh }) => [titleEn, titleZh]),
  ]);
  const known = entriesKnown.get(key);
  if (known !== undefined) return known.begin + uid + known.middle + stamp + known.end;
  const alone = newCalendar(input, ICalCalendarMethod.PUBLISH);
  addEvent(alone, item, input, status);
  const text = written(alone);
  const entry = text.slice(text.indexOf(`\r\n${BEGINS}`) + 2, text.lastIndexOf(`\r\n${ENDS}`) + 2);
  const [begin, afterUid] = entry.split(uid);
  const [middle, end] = (afterUid ?? "").split(stamp);
  // A UID so long that it was folded is written anew each time.
  if (begin === undefined || middle === undefined || end === undefined) return entry;
  if (entriesKnown.size >= MOST_ENTRIES) entriesKnown.clear();
  entriesKnown.set(key, { begin, middle, end });
  return entry;
}

function uidOf(item: CalendarItem, { invitationId }: Pick<CalendarInput, "invitationId">): string {
  return `${item.id}-${invitationId}`;
}

/** `20181204T134000Z`. */
function stampOf(instant: number): string {
  return new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** Takes one entry out of a calendar (RFC 5546, method CANCEL). One to a file: a cancellation is about one UID. */
export function cancellationCalendar(
  input: Omit<CalendarInput, "items" | "calledOff">,
  item: CalendarItem,
): string {
  const calendar = newCalendar(input, ICalCalendarMethod.CANCEL);
  addEvent(calendar, item, { ...input, items: [] }, ICalEventStatus.CANCELLED);
  return written(calendar);
}

function newCalendar(
  { timeZone, locale, editionTitle }: Pick<CalendarInput, "timeZone" | "locale" | "editionTitle">,
  method: ICalCalendarMethod,
): ICalCalendar {
  const zone = zoneBlock(timeZone);
  return ical({
    prodId: { company: "Secretariat", product: "Programme", language: locale === "en" ? "EN" : "ZH" },
    method,
    // The library writes a calendar's name as it gets it.
    name: escapeText(plain(editionTitle), false),
    // The zone stands with each event: a calendar-wide one would turn DTSTAMP, which has to be UTC, into local time.
    timezone: { name: null, generator: () => zone },
  });
}

function written(calendar: ICalCalendar): string {
  return `${calendar.toString()}\r\n`;
}

function addEvent(
  calendar: ICalCalendar,
  item: CalendarItem,
  input: CalendarInput,
  status: ICalEventStatus,
): void {
  const { timeZone, locale, organizer } = input;
  const zone = zoneBlock(timeZone);
  const t = translator(locale);
  const busy = status !== ICalEventStatus.CANCELLED && isBusy(item);
  calendar.createEvent({
    id: uidOf(item, input),
    sequence: sequenceOf(item),
    stamp: utc(input.stampedAt),
    // Temporal, because the library reads the wall clock of plain dates in the machine's zone.
    start: zoned(item.startsAt, zone === null ? "UTC" : timeZone),
    end: zoned(item.endsAt, zone === null ? "UTC" : timeZone),
    timezone: zone === null ? null : timeZone,
    summary: t("calendar.summary", { kind: t(`agendaKind.${item.kind}`) }),
    location: placeOf(item, locale),
    description: [describe(item, input, locale), describe(item, input, otherLocale(locale))].join("\n\n"),
    organizer: { name: plain(organizer.name), email: plain(organizer.address) },
    status,
    ...(busy
      ? { transparency: ICalEventTransparency.OPAQUE }
      : { transparency: ICalEventTransparency.TRANSPARENT, busystatus: ICalEventBusyStatus.FREE }),
  });
}

const HALF_AN_HOUR = 30 * 60_000;

function addTrip(
  calendar: ICalCalendar,
  trip: CalendarTrip,
  input: CalendarInput,
  status: ICalEventStatus,
): void {
  const { timeZone, locale, organizer } = input;
  const zone = zoneBlock(timeZone);
  const own = (language: Locale) => {
    const t = translator(language);
    return [
      t("calendar.when", {
        date: fullDate(trip.departsAt, timeZone, language),
        time: clockTime(trip.departsAt, timeZone, language),
        zone: zoneName(timeZone, language),
      }),
      t("myProgramme.trip", { from: trip.fromPlace, to: trip.toPlace }),
      [trip.vehicle, trip.plate].filter((text) => text !== "").join(" · "),
      trip.sign === "" ? "" : t("myProgramme.tripSign", { sign: trip.sign }),
    ]
      .filter((line) => line !== "")
      .join("\n");
  };
  calendar.createEvent({
    id: `${trip.id}-${input.invitationId}`,
    sequence: trip.sequence,
    stamp: utc(input.stampedAt),
    start: zoned(trip.departsAt, zone === null ? "UTC" : timeZone),
    end: zoned(trip.departsAt + HALF_AN_HOUR, zone === null ? "UTC" : timeZone),
    timezone: zone === null ? null : timeZone,
    summary: translator(locale)("calendar.summary", { kind: translator(locale)(`tripKind.${trip.kind}`) }),
    location: plain(trip.fromPlace),
    description: plain([own(locale), own(otherLocale(locale))].join("\n\n")),
    organizer: { name: plain(organizer.name), email: plain(organizer.address) },
    status,
    ...(status === ICalEventStatus.CANCELLED
      ? { transparency: ICalEventTransparency.TRANSPARENT, busystatus: ICalEventBusyStatus.FREE }
      : { transparency: ICalEventTransparency.OPAQUE }),
  });
}

/** January 1, 2010, so that the number has room for sixty years. */
const EPOCH = Date.UTC(2010, 0, 1);

/**
 * Rises with every fact that changes an entry, of whatever kind: a version that has it otherwise, a seat that was given
 * or given up. Nobody has to keep count, and a cancellation is later than all before it.
 */
function sequenceOf({ revisedAt, changedIn }: CalendarItem): number {
  return revisedAt > EPOCH ? Math.floor((revisedAt - EPOCH) / 1_000) : changedIn;
}

/** A seat that is waited for, or offered and not yet taken. */
function isOpen(item: CalendarItem): boolean {
  return item.place === "waiting" || item.place === "offered";
}

function isBusy(item: CalendarItem): boolean {
  return !isOpen(item) && item.kind !== "free" && item.kind !== "logistics";
}

function utc(instant: number) {
  return Temporal.Instant.fromEpochMilliseconds(instant);
}

function zoned(instant: number, timeZone: string) {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
}

const zoneBlocks = new Map<string, string | null>();

/**
 * The VTIMEZONE of a zone; null when times are better written in UTC, because there is none or it has another name.
 * Without zone abbreviations: "CST" is China and Chicago alike.
 */
function zoneBlock(timeZone: string): string | null {
  const known = zoneBlocks.get(timeZone);
  if (known !== undefined) return known;
  const [block = ""] = timeZone === "UTC" ? [] : tzlib_get_ical_block(timeZone);
  const usable = block.includes(`TZID:${timeZone}\r\n`);
  const made = usable ? block.replaceAll(/TZNAME:[^\r\n]*\r\n/g, "") : null;
  zoneBlocks.set(timeZone, made);
  return made;
}

/** Text without what iCalendar has no room for: control characters and halves of characters. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => (character === "\n" ? "\n" : " "));
}

/** The place in both languages, the reader's first; for a visit without one, where the group meets. */
function placeOf(item: CalendarItem, locale: Locale): string | null {
  const hasPlace = item.placeEn !== "" || item.placeZh !== "";
  const en = hasPlace ? item.placeEn : (item.visit?.meetingPointEn ?? "");
  const zh = hasPlace ? item.placeZh : (item.visit?.meetingPointZh ?? "");
  const both = [...new Set(locale === "en" ? [en, zh] : [zh, en])].filter((text) => text !== "");
  return both.length === 0 ? null : plain(both.join(" / "));
}

/** What an item says in one language: a line for each fact that is known. */
function describe(item: CalendarItem, { timeZone, items, version }: CalendarInput, locale: Locale): string {
  const t = translator(locale);
  const pick = (en: string, zh: string) => (locale === "en" ? en || zh : zh || en);
  const { visit } = item;
  const clashes = items.filter((other) => item.clashesWith.includes(other.id));
  const lines = [
    pick(item.titleEn, item.titleZh),
    t("calendar.when", {
      date: fullDate(item.startsAt, timeZone, locale),
      time: timeRange(item.startsAt, item.endsAt, timeZone, locale),
      zone: zoneName(timeZone, locale),
    }),
    pick(item.placeEn, item.placeZh),
    ...item.functions.map((part) => t("calendar.function", { function: t(`function.${part}`) })),
    item.place === "waiting" || item.place === "offered" ? t(`place.${item.place}`) : "",
    visit === null ? "" : pick(visit.hostEn, visit.hostZh),
    visit === null || visit.meetAt === null
      ? ""
      : t("calendar.meet", {
          time: clockTime(visit.meetAt, timeZone, locale),
          place: pick(visit.meetingPointEn, visit.meetingPointZh),
        }),
    visit === null || pick(visit.dressEn, visit.dressZh) === ""
      ? ""
      : t("calendar.dress", { dress: pick(visit.dressEn, visit.dressZh) }),
    visit === null ? "" : pick(visit.bringEn, visit.bringZh),
    item.interpretation === null ? "" : t(`interpretation.${item.interpretation}`),
    item.attribution === null ? "" : t(`attribution.${item.attribution}`),
    ...clashes.map((other) => t("calendar.clash", { item: pick(other.titleEn, other.titleZh) })),
    t("calendar.version", { version }),
  ];
  return plain(lines.filter((line) => line !== "").join("\n"));
}
