import { describe, expect, it } from "vitest";
import { momentOf, zoneOf } from "#app/domain/import/moments.ts";

const AROUND = { from: "2018-10-27", to: "2018-11-02" };
const read = (text: string) => {
  const found = momentOf(text, AROUND);
  return found.ok ? `${found.on} ${found.time}`.trim() : found.problem;
};

describe("a day and a time as lists have them", () => {
  it.each([
    ["10月28日 14:05", "2018-10-28 14:05"],
    ["10月28日14：05", "2018-10-28 14:05"],
    ["2018年10月28日 下午2点05分", "2018-10-28 14:05"],
    ["10月28日（周日）晚8点半", "2018-10-28 20:30"],
    ["2018-10-28 14:05", "2018-10-28 14:05"],
    ["2018-10-28T14:05:00", "2018-10-28 14:05"],
    ["2018/10/28", "2018-10-28"],
    ["20181028", "2018-10-28"],
    ["28 Oct 2018", "2018-10-28"],
    ["Sun, 28-Oct-18 2:05 PM", "2018-10-28 14:05"],
    ["October 28, 14:05", "2018-10-28 14:05"],
    ["28 October", "2018-10-28"],
    ["28.10.2018 14:05", "2018-10-28 14:05"],
    ["10/28", "2018-10-28"],
    ["28/10/2018", "2018-10-28"],
    // The eleventh of January is far from the meeting, the first of November is not.
    ["11/1/2018", "2018-11-01"],
    ["1/11/18", "2018-11-01"],
    ["14:05", "14:05"],
    ["1405", "14:05"],
    ["2018-10-28 1405", "2018-10-28 14:05"],
    ["下午2:05", "14:05"],
    ["12:05 am", "00:05"],
    ["12:05 PM", "12:05"],
    // What a spreadsheet keeps of a date, of a date with a time, and of a time alone.
    ["43401", "2018-10-28"],
    ["43401.586805556", "2018-10-28 14:05"],
    ["0.586805556", "14:05"],
    ["1899-12-30 14:05", "14:05"],
    ["1899-12-31", "00:00"],
    ["1904-01-01", "00:00"],
    ["1900-01-01 01:30", "nextDay"],
    ["", ""],
    ["14:05+1", "nextDay"],
    ["次日14:05", "nextDay"],
    ["10/11/2018", "order"],
    ["2018-02-30", "moment"],
    ["tba", "moment"],
    ["待定", "moment"],
    ["25:70", "moment"],
  ])("%s", (text, said) => {
    expect(read(text)).toBe(said);
  });

  it("a year that is left out is the one nearest to the meeting, also over New Year", () => {
    expect(momentOf("1月2日", { from: "2018-12-29", to: "2019-01-03" })).toMatchObject({ on: "2019-01-02" });
    expect(momentOf("Dec 30", { from: "2019-01-01", to: "2019-01-03" })).toMatchObject({ on: "2018-12-30" });
  });

  it("zones go by their names and by what people call them", () => {
    expect(["北京时间", "Asia/Tokyo", "UTC+8", "EST", "Mars"].map(zoneOf)).toEqual([
      "Asia/Shanghai",
      "Asia/Tokyo",
      "Asia/Shanghai",
      "America/New_York",
      null,
    ]);
  });
});
