import { expect, it } from "vitest";
import { chineseNumeral } from "#app/i18n/numerals.ts";

it("editions are counted in Chinese as they are written on an invitation", () => {
  expect([1, 8, 10, 12, 20, 21, 99, 100].map(chineseNumeral)).toEqual([
    "一",
    "八",
    "十",
    "十二",
    "二十",
    "二十一",
    "九十九",
    "100",
  ]);
});
