import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { delegationsOfScope } from "#app/domain/person/queries.server.ts";
import { type ColumnWithValue, rosterColumns } from "#app/domain/roster/columns.server.ts";
import { catalogue } from "#app/i18n/catalogue/index.ts";
import { translator } from "#app/i18n/translate.ts";
import { cellInWords, columnLabel, groupLabel, optionInWords } from "#app/routes/staff/roster-words.ts";
import { LOCALES } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

let ctx: StaffContext;
let columns: Array<ColumnWithValue>;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  const meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 2,
    seats: [{ capacity: 5, quota: null }],
    now: AUTUMN_2018,
  });
  const scope = {
    editionId: meeting.editionId,
    sideIds: [...meeting.sideIds],
    permissions: ["lead" as const],
    bookSideIds: [meeting.sideIds[0]],
  };
  ctx = { ...base, actor: { kind: "staff", id: "grace" }, scope };
  columns = rosterColumns(ctx);
});

describe.each(LOCALES)("the words of the roster in %s", (locale) => {
  const t = translator(locale);

  it("name every column, no two alike within a group", () => {
    const named = columns.map(
      (column) => `${groupLabel(t, column.group)}: ${columnLabel(t, locale, column)}`,
    );
    expect(
      named.filter((_, n) => columnLabel(t, locale, columns[n] as ColumnWithValue).match(/^$|^[a-z]+[A-Z:]/)),
    ).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  it("say every value of a closed list", () => {
    const words = { timeZone: "Asia/Shanghai", delegations: delegationsOfScope(ctx) };
    const unsaid = columns.flatMap((column) =>
      column.options
        .map((option) => [column.key, option, optionInWords(t, locale, column, option, words)])
        .filter(([, option, said]) => said === "" || said === option),
    );
    expect(unsaid).toEqual([]);
  });
});

describe("a cell in words", () => {
  const words = { timeZone: "Asia/Shanghai", delegations: [] };
  const say = (key: string, value: string | number | null) => {
    const column = columns.find((each) => each.key === key);
    if (column === undefined) throw new Error(key);
    return cellInWords(translator("en"), "en", column, value, words);
  };

  it("keeps what is no day as it was typed, and shows nothing where nothing is", () => {
    expect(say("arrivalDay", "2018-12-05")).toBe("Wed, Dec 5");
    expect(say("arrivalDay", "2018-02-31")).toBe("2018-02-31");
    expect(say("answer:diets", "[]")).toBe("");
    expect(say("answer:diets", '["halal","no_beef"]')).toBe(
      [catalogue["diet.halal"][0], catalogue["diet.no_beef"][0]].join(
        catalogue["myProgramme.listSeparator"][0],
      ),
    );
    expect(say("hotel", null)).toBe("");
  });
});
