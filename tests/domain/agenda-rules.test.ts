import { describe, expect, test } from "vitest";
import {
  type Attendee,
  agendaChanges,
  clash,
  nextVersion,
  overlaps,
  type PublishedItem,
  personalProgramme,
} from "#app/domain/agenda/rules.ts";
import { instantOf } from "#app/i18n/dates.ts";

const at = (time: string) => instantOf("2018-12-05", time, "Asia/Shanghai");

function item(id: string, start: string, end: string, more: Partial<PublishedItem> = {}): PublishedItem {
  return {
    id,
    kind: "session",
    startsAt: at(start),
    endsAt: at(end),
    titleEn: id,
    titleZh: id,
    placeEn: "",
    placeZh: "",
    attribution: null,
    interpretation: null,
    audience: "all",
    delegationIds: [],
    functions: [],
    visit: null,
    changedIn: 1,
    ...more,
  };
}

function visit(id: string, start: string, end: string, meet: string | null = null): PublishedItem {
  return item(id, start, end, {
    kind: "site_visit",
    audience: "visit",
    visit: {
      id: `visit of ${id}`,
      hostEn: "",
      hostZh: "",
      meetAt: meet === null ? null : at(meet),
      meetingPointEn: "",
      meetingPointZh: "",
      dressEn: "",
      dressZh: "",
      bringEn: "",
      bringZh: "",
    },
  });
}

function person(places: Attendee["places"] = []): Attendee {
  return { invitationId: "me", delegationId: "us", places };
}

describe("a person's own programme", () => {
  test("has what is for everybody, for their delegation, for them, and the visits they have or wait for", () => {
    const programme = personalProgramme(
      [
        item("closing", "17:00", "18:00"),
        item("for all", "09:00", "10:00"),
        item("for us", "10:00", "11:00", { audience: "delegations", delegationIds: ["us", "interpreters"] }),
        item("for cn", "10:00", "11:00", { audience: "delegations", delegationIds: ["cn"] }),
        item("listed", "11:00", "12:00", {
          audience: "listed",
          functions: [
            { invitationId: "me", function: "rapporteur" },
            { invitationId: "somebody", function: "chair" },
          ],
        }),
        item("listed without me", "11:00", "12:00", {
          audience: "listed",
          functions: [{ invitationId: "somebody", function: "chair" }],
        }),
        visit("granted", "13:00", "14:00"),
        visit("waiting", "14:00", "15:00"),
        visit("given up", "15:00", "16:00"),
        visit("never asked", "15:00", "16:00"),
      ],
      person([
        { visitId: "visit of granted", state: "granted" },
        { visitId: "visit of waiting", state: "waiting" },
        { visitId: "visit of given up", state: "withdrawn" },
      ]),
    );
    expect(programme.map((one) => [one.id, one.mine, one.place])).toEqual([
      ["for all", false, null],
      ["for us", false, null],
      ["listed", true, null],
      ["granted", true, "granted"],
      ["waiting", false, "waiting"],
      ["closing", false, null],
    ]);
    expect(programme.find((one) => one.id === "listed")?.functions).toEqual(["rapporteur"]);
    expect(JSON.stringify(programme)).not.toContain("somebody");
  });

  test("tells of two things at once when one of them is the person's own", () => {
    const [bic, spc] = [visit("bic", "14:00", "16:00", "13:00"), visit("spc", "15:30", "17:00", "14:45")];
    const places = [bic, spc].map((one) => ({ visitId: one.visit?.id ?? "", state: "granted" as const }));
    const programme = personalProgramme([bic, spc, item("closing", "17:00", "18:00")], person(places));
    expect(programme.map((one) => [one.id, one.clashesWith])).toEqual([
      ["bic", ["spc"]],
      ["spc", ["bic"]],
      ["closing", []],
    ]);
  });

  test("raises no alarm over a waiting list, a free hour, or two items for everybody", () => {
    const places = [
      { visitId: "visit of waiting", state: "waiting" as const },
      { visitId: "visit of granted", state: "granted" as const },
    ];
    const programme = personalProgramme(
      [
        visit("waiting", "09:00", "12:00"),
        visit("granted", "14:00", "16:00"),
        item("free", "14:00", "16:00", { kind: "free" }),
        item("a", "09:00", "10:00"),
        item("b", "09:00", "10:00"),
      ],
      person(places),
    );
    expect(programme.flatMap((one) => one.clashesWith)).toEqual([]);
  });

  test("counts a visit from the moment when the group meets", () => {
    const lunch = item("lunch", "12:00", "13:30", { kind: "meal" });
    expect(clash(lunch, visit("v", "14:00", "16:00", "13:00"))).toBe(true);
    expect(clash(lunch, visit("v", "14:00", "16:00"))).toBe(false);
  });
});

test("what begins when another ends does not overlap it", () => {
  expect(overlaps({ startsAt: 1, endsAt: 2 }, { startsAt: 2, endsAt: 3 })).toBe(false);
  expect(overlaps({ startsAt: 1, endsAt: 3 }, { startsAt: 2, endsAt: 3 })).toBe(true);
  expect(overlaps({ startsAt: 1, endsAt: 9 }, { startsAt: 2, endsAt: 3 })).toBe(true);
});

describe("the difference between two states of the programme", () => {
  const opening = item("opening", "09:00", "10:00");
  const call = visit("call", "10:00", "11:30", "09:15");

  test("names what is new, cancelled, moved and otherwise changed", () => {
    const changes = agendaChanges(
      [opening, call, item("dinner", "18:30", "20:30")],
      [
        { ...opening, titleEn: "Opening ceremony" },
        { ...call, startsAt: at("15:30"), endsAt: at("17:00") },
        item("free", "10:00", "11:30", { kind: "free" }),
      ],
    );
    expect(changes.map((one) => [one.change, one.item.id, one.parts])).toEqual([
      ["text", "opening", ["title"]],
      ["new", "free", []],
      ["moved", "call", ["time"]],
      ["cancelled", "dinner", []],
    ]);
  });

  test("is none between equal states, whatever version they last changed in and in whatever order", () => {
    const shared = { audience: "delegations" as const, changedIn: 2 };
    expect(
      agendaChanges(
        [{ ...opening, ...shared, delegationIds: ["a", "b"] }, call],
        [call, { ...opening, ...shared, changedIn: 7, delegationIds: ["b", "a"] }],
      ),
    ).toEqual([]);
  });

  test("leaves an item's number alone until it changes", () => {
    const next = nextVersion([opening, call], [{ ...call, placeEn: "Gate 3" }, opening], 2);
    expect(next.map((one) => [one.id, one.changedIn])).toEqual([
      ["opening", 1],
      ["call", 2],
    ]);
  });
});
