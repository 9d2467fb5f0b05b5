import { expect, test } from "vitest";
import { allows, deviceOf, type Grant, staffScope } from "#app/domain/access/rules.ts";
import { PERMISSIONS } from "#db/vocabulary.ts";

const edition = { id: "beijing", coHostIds: ["us", "cn"] };

function grant(coHostId: string, editionId: string | null, permission: Grant["permission"]): Grant {
  return { coHostId, editionId, permission, endsAt: null };
}

test("without a grant an edition does not exist", () => {
  expect(staffScope([], edition, { now: 0 })).toBeNull();
});

test("a grant in another edition, or on a side that takes no part, gives nothing here", () => {
  expect(staffScope([grant("us", "washington", "lead")], edition, { now: 0 })).toBeNull();
  expect(staffScope([grant("fr", null, "lead")], edition, { now: 0 })).toBeNull();
});

test("a lead of one side is nobody on the other", () => {
  expect(staffScope([grant("us", null, "lead")], edition, { now: 0 })?.sideIds).toEqual(["us"]);
});

test("who leads one side and reads the other one leads one side alone", () => {
  const grants = [grant("us", null, "lead"), grant("cn", "beijing", "read_only"), grant("cn", null, "mail")];
  expect(staffScope(grants, edition, { act: "invitations", now: 0 })).toEqual({
    editionId: "beijing",
    sideIds: ["us"],
    permissions: ["lead"],
    bookSideIds: ["us"],
  });
  // On pages that show both sides only what holds for both.
  const both = staffScope(grants, edition, { now: 0 });
  expect(both?.sideIds).toEqual(["us", "cn"]);
  expect(PERMISSIONS.filter((each) => both !== null && allows(both, each))).toEqual(["mail", "read_only"]);
  expect(staffScope([grant("cn", null, "mail")], edition, { act: "agenda", now: 0 })).toBeNull();
});

test("grants for this edition and for all editions add up, each once", () => {
  const scope = staffScope(
    [grant("us", null, "mail"), grant("us", "beijing", "mail"), grant("us", "beijing", "agenda")],
    edition,
    { now: 0 },
  );
  expect(scope).toEqual({
    editionId: "beijing",
    sideIds: ["us"],
    permissions: ["mail", "agenda"],
    bookSideIds: ["us"],
  });
});

test("everybody on a side may read, a lead may do everything, the others what they were given", () => {
  const of = (permission: Grant["permission"]) =>
    staffScope([grant("us", null, permission)], edition, { now: 0 });
  for (const wanted of PERMISSIONS) {
    for (const given of PERMISSIONS) {
      const scope = of(given);
      expect(scope !== null && allows(scope, wanted), `${given} asks for ${wanted}`).toBe(
        given === "lead" || wanted === "read_only" || wanted === given,
      );
    }
  }
});

test("a grant is worth nothing from its end on, and any one of several permissions is enough", () => {
  const ends: Grant = { ...grant("us", null, "mail"), endsAt: 1_000 };
  expect(staffScope([ends], edition, { act: ["documents", "mail"], now: 999 })?.sideIds).toEqual(["us"]);
  expect(staffScope([ends], edition, { act: ["documents", "agenda"], now: 999 })).toBeNull();
  expect(staffScope([ends], edition, { act: "mail", now: 1_000 })).toBeNull();
});

test("only who may act in every edition has the side's contact book", () => {
  const of = (editionId: string | null) =>
    staffScope([grant("us", editionId, "invitations")], edition, { act: "invitations", now: 0 })?.bookSideIds;
  expect(of(null)).toEqual(["us"]);
  expect(of("beijing")).toEqual([]);
});

test("the list of sessions names browsers as people know them", () => {
  const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1";
  expect(deviceOf(iphone)).toEqual({ browser: "Safari", system: "iOS" });
  expect(
    deviceOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0 Safari/537.36 Edg/120.0"),
  ).toEqual({ browser: "Edge", system: "Windows" });
  expect(deviceOf("")).toEqual({ browser: "", system: "" });
});
