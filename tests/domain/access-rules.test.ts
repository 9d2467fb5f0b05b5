import { expect, test } from "vitest";
import { allows, deviceOf, type Grant, staffScope } from "#app/domain/access/rules.ts";
import { PERMISSIONS } from "#db/vocabulary.ts";

const edition = { id: "beijing", coHostIds: ["us", "cn"] };

function grant(coHostId: string, editionId: string | null, permission: Grant["permission"]): Grant {
  return { coHostId, editionId, permission };
}

test("without a grant an edition does not exist", () => {
  expect(staffScope([], edition)).toBeNull();
});

test("a grant in another edition, or on a side that takes no part, gives nothing here", () => {
  expect(staffScope([grant("us", "washington", "lead")], edition)).toBeNull();
  expect(staffScope([grant("fr", null, "lead")], edition)).toBeNull();
});

test("a lead of one side is nobody on the other", () => {
  expect(staffScope([grant("us", null, "lead")], edition)?.sideIds).toEqual(["us"]);
});

test("who leads one side and reads the other one leads one side alone", () => {
  const grants = [grant("us", null, "lead"), grant("cn", "beijing", "read_only"), grant("cn", null, "mail")];
  expect(staffScope(grants, edition, "invitations")).toEqual({
    editionId: "beijing",
    sideIds: ["us"],
    permissions: ["lead"],
  });
  // On pages that show both sides only what holds for both.
  const both = staffScope(grants, edition);
  expect(both?.sideIds).toEqual(["us", "cn"]);
  expect(PERMISSIONS.filter((each) => both !== null && allows(both, each))).toEqual(["mail", "read_only"]);
  expect(staffScope([grant("cn", null, "mail")], edition, "agenda")).toBeNull();
});

test("grants for this edition and for all editions add up, each once", () => {
  const scope = staffScope(
    [grant("us", null, "mail"), grant("us", "beijing", "mail"), grant("us", "beijing", "agenda")],
    edition,
  );
  expect(scope).toEqual({ editionId: "beijing", sideIds: ["us"], permissions: ["mail", "agenda"] });
});

test("everybody on a side may read, a lead may do everything, the others what they were given", () => {
  const of = (permission: Grant["permission"]) => staffScope([grant("us", null, permission)], edition);
  for (const wanted of PERMISSIONS) {
    for (const given of PERMISSIONS) {
      const scope = of(given);
      expect(scope !== null && allows(scope, wanted), `${given} asks for ${wanted}`).toBe(
        given === "lead" || wanted === "read_only" || wanted === given,
      );
    }
  }
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
