import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planOfFile } from "#app/domain/edition/programme-file.ts";

const text = readFileSync(join(import.meta.dirname, "../fixtures/beijing-2018.json"), "utf8");

function planned(source: string) {
  const read = planOfFile(source);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.plan;
}

function problems(source: unknown) {
  const read = planOfFile(typeof source === "string" ? source : JSON.stringify(source));
  return read.ok ? [] : read.problems.map(({ path, key }) => `${path}: ${key}`);
}

const small = {
  event: {
    title: { en: "A Dialogue", "zh-CN": "对话" },
    city: { en: "New York", "zh-CN": "纽约" },
    country: "US",
    timeZone: "America/New_York",
    startsOn: "2019-10-28",
    endsOn: "2019-10-29",
    hosts: [{ en: "One", "zh-CN": "甲" }],
  },
  delegations: [{ key: "us", name: { en: "U.S. delegation", "zh-CN": "美方代表团" } }],
};

describe("a programme file", () => {
  it("becomes a plan with instants in the edition's zone", () => {
    const plan = planned(text);
    expect(plan.slug).toBe("beijing-2018");
    expect(plan.travelFrom).toBe("2018-12-02");
    expect(plan.travelTo).toBe("2018-12-06");
    expect(plan.items).toHaveLength(15);
    const opening = plan.items.find((item) => item.titleEn.startsWith("Opening"));
    expect(opening?.startsAt).toBe(Date.UTC(2018, 11, 3, 1, 0));
    const court = plan.items.find((item) => item.visit?.hostEn === "Supreme People's Court");
    expect(court?.audience).toBe("visit");
    expect(court?.visit).toMatchObject({
      capacity: 24,
      seats: [
        { delegationKey: "us", seats: 20 },
        { delegationKey: "cn", seats: 4 },
      ],
      clearanceDeadline: Date.UTC(2018, 10, 19, 10, 0),
      meetAt: Date.UTC(2018, 11, 5, 1, 15),
      dressEn: "Business formal",
      dressZh: "正式商务着装",
      bringZh: "请携带护照原件；禁止携带手机、相机入内",
    });
    expect(court?.visit?.clearanceColumns).toHaveLength(6);
    expect(plan.items.find((item) => item.attribution === "closed")?.audience).toBe("listed");
  });

  it("gives each delegation its likely side and home zone, and whoever has no country the host side", () => {
    const plan = planned(text);
    expect(plan.hostSide).toBe(1);
    expect(plan.delegations.map(({ key, coHost, homeTimeZone }) => [key, coHost, homeTimeZone])).toEqual([
      ["us", 0, "America/New_York"],
      ["cn", 1, "Asia/Shanghai"],
      ["interpreters", 1, "Asia/Shanghai"],
    ]);
  });

  it("may leave out whatever is not known yet", () => {
    const plan = planned(JSON.stringify(small));
    expect(plan).toMatchObject({
      slug: "new-york-2019",
      seriesEn: "A Dialogue",
      travelFrom: "2019-10-28",
      travelTo: "2019-10-29",
      mode: "in_person",
      replyBy: null,
      items: [],
      hostSide: 0,
    });
    expect(plan.delegations[0]).toMatchObject({ quota: null, coHost: 0 });
  });

  it("names every problem with its place, all at once", () => {
    const found = problems({
      event: {
        ...small.event,
        title: { en: "A Dialogue" },
        country: "USA",
        timeZone: "New York",
        endsOn: "2019-10-27",
        hosts: [],
      },
      delegations: [...small.delegations, { key: "us", name: "U.S.", quota: -1 }],
      agenda: [
        { day: "2019-10-28", start: "9:00", end: "10:00", kind: "party", title: { en: "A", "zh-CN": "甲" } },
        {
          day: "2019-11-28",
          start: "11:00",
          end: "10:00",
          kind: "session",
          title: { en: "A", "zh-CN": "甲" },
        },
        {
          day: "2019-02-30",
          start: "11:00",
          end: "12:00",
          kind: "site_visit",
          title: { en: "A", "zh-CN": "甲" },
          visit: {
            host: { en: "H", "zh-CN": "乙" },
            capacity: 3,
            perDelegation: { us: 4, xx: 1 },
            meetAt: "11:30",
          },
        },
        {
          day: "2019-10-28",
          start: "11:00",
          end: "12:00",
          kind: "site_visit",
          title: { en: "A", "zh-CN": "甲" },
        },
      ],
    });
    expect(found).toEqual(
      expect.arrayContaining([
        "event.title.zh-CN: programmeFile.error.missing",
        "event.country: programmeFile.error.country",
        "event.timeZone: edition.error.zone",
        "event.hosts: programmeFile.error.host",
        "event.endsOn: edition.error.endsBeforeItStarts",
        "delegations[1].name: programmeFile.error.inBoth",
        "delegations[1].quota: error.number",
        "delegations[1].key: programmeFile.error.twice",
        "agenda[0].start: error.time",
        "agenda[0].kind: programmeFile.error.kind",
        "agenda[1].end: programmeFile.error.endsBeforeItStarts",
        "agenda[1].day: programmeFile.error.outsideWindow",
        "agenda[2].day: error.date",
        "agenda[2].visit.perDelegation.us: programmeFile.error.moreThanCapacity",
        "agenda[2].visit.perDelegation.xx: programmeFile.error.unknownDelegation",
        "agenda[2].visit.meetAt: programmeFile.error.meetsAfterStart",
        "agenda[3].visit: programmeFile.error.noVisit",
      ]),
    );
  });

  it("is refused in one sentence when it is no JSON, no object, or far too large", () => {
    expect(problems("{")).toEqual([": programmeFile.error.json"]);
    expect(problems("[]")).toEqual([": programmeFile.error.object"]);
    expect(problems("null")).toEqual([": programmeFile.error.object"]);
    expect(problems(" ".repeat(500_001))).toEqual([": programmeFile.error.large"]);
  });

  it("is read with a byte-order mark, and refuses line breaks in titles", () => {
    expect(problems(`\uFEFF${JSON.stringify(small)}`)).toEqual([]);
    const broken = { ...small, event: { ...small.event, title: { en: "A\r\nBcc: x", "zh-CN": "对话" } } };
    expect(problems(broken)).toEqual(["event.title.en: error.characters"]);
  });
});
