import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { type CalendarInput, type CalendarItem, programmeCalendar } from "#app/documents/calendar.ts";
import { instantOf } from "#app/i18n/dates.ts";

const BEIJING = "Asia/Shanghai";

function item(facts: Partial<CalendarItem> & { id: string }, timeZone = BEIJING): CalendarItem {
  return {
    kind: "session",
    startsAt: instantOf("2018-12-05", "10:00", timeZone),
    endsAt: instantOf("2018-12-05", "11:30", timeZone),
    titleEn: "Session 1",
    titleZh: "第一单元",
    placeEn: "Conference Room 1",
    placeZh: "第一会议室",
    attribution: null,
    interpretation: null,
    functions: [],
    place: null,
    clashesWith: [],
    changedIn: 1,
    revisedAt: 0,
    visit: null,
    ...facts,
  };
}

function calendar(items: ReadonlyArray<CalendarItem>, more: Partial<CalendarInput> = {}): string {
  return programmeCalendar({
    items,
    invitationId: "invitation-of-one",
    editionTitle: "Dialogue, Beijing 2018",
    timeZone: BEIJING,
    locale: "en",
    version: 3,
    stampedAt: Date.UTC(2018, 11, 4, 13, 40),
    organizer: { name: "Dialogue Secretariat", address: "secretariat@dialogue.example" },
    ...more,
  });
}

/** What an independent parser, which knows no zone but those in the file, makes of it. */
function read(text: string) {
  ICAL.TimezoneService.reset();
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return { root, events: root.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event)) };
}

/** Without a zone of its own, ical.js would take a time as the machine's: that must not pass as right. */
function instant(time: ICAL.Time): number {
  expect(time.zone.tzid).not.toBe("floating");
  return time.toUnixTime() * 1000;
}

describe("a calendar file", () => {
  test("is another person's but for the UIDs and the stamp, and is the same again", () => {
    const items = [item({ id: "a", titleEn: "END:VEVENT\r\nUID:a-invitation-of-one" }), item({ id: "b" })];
    const first = calendar(items);
    const later = { invitationId: "invitation-of-two", stampedAt: Date.UTC(2018, 11, 5, 1) };
    const second = calendar(items, later);
    expect(second).not.toBe(first);
    expect(
      second
        .replaceAll("UID:a-invitation-of-two", "UID:a-invitation-of-one")
        .replaceAll("UID:b-invitation-of-two", "UID:b-invitation-of-one")
        .replaceAll("DTSTAMP:20181205T010000Z", "DTSTAMP:20181204T134000Z"),
    ).toBe(first);
    expect(read(second).events.map(({ uid }) => uid)).toEqual(["a-invitation-of-two", "b-invitation-of-two"]);
    // What is another in an item, its language or its version is another in the file.
    expect(calendar([item({ id: "a", placeEn: "Elsewhere" })])).toContain("Elsewhere");
    expect(calendar(items, { locale: "zh-CN" })).not.toBe(first);
    expect(calendar(items, { version: 9 })).toContain("Version 9");
    expect(calendar(items)).toBe(first);
  });

  test.each([
    ["Asia/Shanghai", "2018-12-05"],
    ["America/New_York", "2018-12-05"],
    ["America/New_York", "2018-07-04"],
    ["Europe/Brussels", "2019-03-31"],
  ])("shows the right instants in %s on %s", (timeZone, day) => {
    const startsAt = instantOf(day, "15:30", timeZone);
    const endsAt = instantOf(day, "17:00", timeZone);
    const text = calendar([item({ id: "a", startsAt, endsAt })], { timeZone });
    const { events, root } = read(text);
    expect(events.map((event) => [instant(event.startDate), instant(event.endDate)])).toEqual([
      [startsAt, endsAt],
    ]);
    expect(text).toContain(`DTSTART;TZID=${timeZone}:${day.replaceAll("-", "")}T153000\r\n`);
    expect(root.getAllSubcomponents("vtimezone").map((zone) => zone.getFirstPropertyValue("tzid"))).toEqual([
      timeZone,
    ]);
  });

  test("writes UTC when a zone has no definition", () => {
    const startsAt = Date.UTC(2018, 11, 5, 2, 0);
    const text = calendar([item({ id: "a", startsAt, endsAt: startsAt + 1 })], { timeZone: "UTC" });
    expect(text).toContain("DTSTART:20181205T020000Z\r\n");
    expect(text).not.toContain("VTIMEZONE");
  });

  test("publishes, names its organizer and nobody else, and is stamped in UTC", () => {
    const text = calendar([item({ id: "a" })]);
    const { root, events } = read(text);
    expect(root.getFirstPropertyValue("method")).toBe("PUBLISH");
    expect(root.getFirstPropertyValue("version")).toBe("2.0");
    expect(text).toContain("DTSTAMP:20181204T134000Z\r\n");
    expect(text).not.toMatch(/ATTENDEE|TZNAME|CST/);
    expect(text.match(/mailto:[^\r]*/g)).toEqual(["mailto:secretariat@dialogue.example"]);
    expect(events[0]?.component.getFirstPropertyValue("method")).toBeNull();
  });

  test("says the time and its zone in words, and the place, in both languages", () => {
    const { events } = read(calendar([item({ id: "a" })]));
    expect(events[0]?.description).toContain("Wednesday, December 5, 2018, 10:00–11:30 AM, Beijing time");
    expect(events[0]?.description).toContain("北京时间2018年12月5日（星期三）10:00–11:30");
    expect(events[0]?.location).toBe("Conference Room 1 / 第一会议室");
    const chinese = read(calendar([item({ id: "a" })], { locale: "zh-CN" })).events[0];
    expect(chinese?.location).toBe("第一会议室 / Conference Room 1");
    expect(chinese?.description.startsWith("第一单元")).toBe(true);
  });

  test("shows nothing telling on a locked screen", () => {
    const { events } = read(calendar([item({ id: "a", titleEn: "Human rights", kind: "site_visit" })]));
    expect(events[0]?.summary).toBe("Dialogue – Site visit");
    expect(events[0]?.description).toContain("Human rights");
  });

  test("keeps an item's UID and raises its sequence when it changes", () => {
    const first = read(calendar([item({ id: "a" })])).events[0];
    const later = read(calendar([item({ id: "a", titleEn: "Moved", changedIn: 4 })])).events[0];
    const somebodyElse = read(calendar([item({ id: "a" })], { invitationId: "other" })).events[0];
    expect(later?.uid).toBe(first?.uid);
    expect(somebodyElse?.uid).not.toBe(first?.uid);
    expect([first?.sequence, later?.sequence]).toEqual([1, 4]);
  });

  test("holds a place on a waiting list without blocking the time", () => {
    const visit = {
      hostEn: "Supreme People's Court",
      hostZh: "最高人民法院",
      meetAt: instantOf("2018-12-05", "09:15", BEIJING),
      meetingPointEn: "Hotel lobby",
      meetingPointZh: "酒店大堂",
      dressEn: "Business formal",
      dressZh: "正装",
      bringEn: "Original passport",
      bringZh: "请携带护照原件",
    };
    const facts = { kind: "site_visit", visit, placeEn: "", placeZh: "" } as const;
    const text = calendar([
      item({ id: "granted", ...facts, place: "granted", clashesWith: ["waiting"] }),
      item({ id: "waiting", ...facts, place: "waiting", titleEn: "The other visit" }),
    ]);
    const { events } = read(text);
    expect(events.map((event) => event.component.getFirstPropertyValue("status"))).toEqual([
      "CONFIRMED",
      "TENTATIVE",
    ]);
    expect(events.map((event) => event.component.getFirstPropertyValue("transp"))).toEqual([
      "OPAQUE",
      "TRANSPARENT",
    ]);
    expect(events[0]?.location).toBe("Hotel lobby / 酒店大堂");
    expect(events[0]?.description).toContain("Meet at 9:15 AM. Hotel lobby");
    expect(events[0]?.description).toContain("At the same time: The other visit");
  });

  const hostile = [
    "Comma, semicolon; backslash \\ and \\n that stays",
    "Line one\nBEGIN:VEVENT\r\nUID:forged\rATTENDEE:mailto:somebody@elsewhere.example",
    "字".repeat(60),
    `${"a".repeat(73)}字${"👩🏽‍⚖️".repeat(30)}`,
    `Half of a pair \ud83d, a bell \u0007, a separator \u2028, a tab \t and "quotes"`,
    "END:VCALENDAR",
    "𠮷".repeat(40),
  ];

  test.each(hostile)("survives the title %j", (title) => {
    const text = calendar(
      [item({ id: "a", titleEn: title, titleZh: title, placeEn: title, placeZh: title }), item({ id: "b" })],
      { editionTitle: title, organizer: { name: title, address: "secretariat@dialogue.example" } },
    );
    const { root, events } = read(text);
    expect(root.getAllSubcomponents().map((component) => component.name)).toEqual([
      "vtimezone",
      "vevent",
      "vevent",
    ]);
    expect(events.map((event) => event.uid)).toEqual(["a-invitation-of-one", "b-invitation-of-one"]);
    expect(root.getAllProperties("x-wr-calname")).toHaveLength(1);
    expect(events[0]?.component.getAllProperties("attendee")).toEqual([]);
    const shown = title
      .toWellFormed()
      .replaceAll(/\r\n?/g, "\n")
      .replaceAll(/[\p{Cc}\u2028]/gu, (character) => (character === "\n" ? "\n" : " "));
    expect(events[0]?.description.startsWith(shown)).toBe(true);
    expect(events[0]?.location).toBe(shown);
    // The parser knows no type for a property of a vendor, and gives it as it stands in the file.
    const name = String(root.getFirstPropertyValue("x-wr-calname"));
    const escaped = (text: string) => text.replaceAll(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
    expect(name).toBe(escaped(shown));
  });

  test.each(hostile)("folds %j into lines of at most 75 octets, none of which cuts a character", (title) => {
    const text = calendar([item({ id: "a", titleEn: title, placeZh: title })], { editionTitle: title });
    const bytes = Buffer.from(text, "utf8");
    expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    let start = 0;
    for (let end = bytes.indexOf("\r\n"); end !== -1; end = bytes.indexOf("\r\n", start)) {
      const line = bytes.subarray(start, end);
      expect(line.length).toBeLessThanOrEqual(75);
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(line)).not.toThrow();
      start = end + 2;
    }
    expect(start).toBe(bytes.length);
  });
});
