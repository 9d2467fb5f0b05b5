import ICAL from "ical.js";
import nodeIcal from "node-ical";
import { type CalendarItem, programmeCalendar } from "#app/documents/calendar.ts";

/* What calendar programs make of our files, one after the other. Two parsers that share no code must agree. */

/** A file as text, or what one is made of. */
type File =
  | string
  | { items: ReadonlyArray<CalendarItem>; calledOff?: ReadonlyArray<CalendarItem>; at: number };

export type Entry = { uid: string; sequence: number; startsAt: number };

type Event = Entry & { cancelled: boolean };
type Parser = (text: string) => { method: string; events: ReadonlyArray<Event> };

const byIcalJs: Parser = (text) => {
  ICAL.TimezoneService.reset();
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return {
    method: String(root.getFirstPropertyValue("method")),
    events: root.getAllSubcomponents("vevent").map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        sequence: event.sequence,
        startsAt: event.startDate.toUnixTime() * 1000,
        cancelled: component.getFirstPropertyValue("status") === "CANCELLED",
      };
    }),
  };
};

const byNodeIcal: Parser = (text) => {
  const parsed = nodeIcal.sync.parseICS(text);
  const events = Object.values(parsed).flatMap((component) =>
    component !== undefined && component.type === "VEVENT" ? [component] : [],
  );
  return {
    method: /^METHOD:(\w+)\r$/m.exec(text)?.[1] ?? "",
    events: events.map((event) => ({
      uid: event.uid,
      sequence: Number(event.sequence),
      startsAt: event.start.getTime(),
      cancelled: event.status === "CANCELLED",
    })),
  };
};

/** RFC 5546: an entry is known by its UID; a higher SEQUENCE replaces it, a lower one is old news, CANCEL takes it out. */
function imported(parser: Parser, texts: ReadonlyArray<string>): Array<Entry> {
  const calendar = new Map<string, Entry>();
  for (const text of texts) {
    const { method, events } = parser(text);
    for (const { cancelled, ...event } of events) {
      const known = calendar.get(event.uid);
      if (known !== undefined && event.sequence < known.sequence) continue;
      if (known !== undefined && event.sequence === known.sequence && event.startsAt !== known.startsAt)
        throw new Error("An entry is another, and its SEQUENCE has not risen");
      if (method === "CANCEL" || cancelled) calendar.delete(event.uid);
      else calendar.set(event.uid, event);
    }
  }
  return [...calendar.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

/**
 * What somebody's calendar holds after importing these files in turn.
 *
 * @throws Error when the two parsers do not agree.
 */
export function entriesAfter(invitationId: string, files: ReadonlyArray<File>): Array<Entry> {
  const texts = files.map((file, n) =>
    typeof file === "string"
      ? file
      : programmeCalendar({
          items: file.items,
          calledOff: file.calledOff ?? [],
          invitationId,
          editionTitle: "Dialogue",
          timeZone: "Asia/Shanghai",
          locale: n % 2 === 0 ? "en" : "zh-CN",
          version: n + 1,
          stampedAt: file.at,
          organizer: { name: "Secretariat", address: "secretariat@dialogue.example" },
        }),
  );
  const [one, other] = [imported(byIcalJs, texts), imported(byNodeIcal, texts)];
  if (JSON.stringify(one) !== JSON.stringify(other))
    throw new Error(`The parsers do not agree: ${JSON.stringify({ one, other })}`);
  return one;
}
