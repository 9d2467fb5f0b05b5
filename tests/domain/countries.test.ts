import { expect, it } from "vitest";
import { COUNTRIES } from "#app/domain/registration/countries.ts";
import { countryName, countryOptions } from "#app/i18n/countries.ts";

it("every country can be chosen in each language, once, by a name of its own", () => {
  for (const locale of ["en", "zh-CN"] as const) {
    const options = countryOptions(locale);
    expect(options.map(({ value }) => value).sort()).toEqual([...COUNTRIES].sort());
    expect(new Set(options.map(({ label }) => label)).size).toBe(COUNTRIES.length);
  }
});

it("what is sent is what was read: the name of a choice is the name of its letters", () => {
  expect(countryName("US", "zh-CN")).toBe("美国");
  expect(countryName("US", "en")).toBe("United States");
  expect(countryName("??", "en")).toBe("??");
  for (const { value, label } of countryOptions("zh-CN")) expect(countryName(value, "zh-CN")).toBe(label);
});
