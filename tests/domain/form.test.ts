import { expect, test } from "vitest";
import { z } from "zod";
import { seatingForm } from "#app/domain/meal/form.ts";
import { parseForm, parseLines } from "#app/platform/form.ts";

const schema = z.object({
  name: z.string(),
  tags: z.array(z.string()).default([]),
  seats: z.record(z.string(), z.string()).default({}),
});

function form(fields: ReadonlyArray<readonly [string, string]>): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

const refused = { ok: false, form: { values: {}, errors: { "": ["error.invalid"] } } };

test("a form that nobody was given is refused before it costs anything", () => {
  const begin = performance.now();
  const many = Array.from({ length: 100_000 }, (_, n) => [`f${n}`, "x"] as const);
  expect(parseForm(schema, form([["name", "x"], ...many]))).toEqual(refused);
  expect(parseForm(schema, form(Array.from({ length: 100_000 }, () => ["tags", "x"] as const)))).toEqual(
    refused,
  );
  for (const index of ["1000", "99999999", "4294967294"])
    expect(
      parseForm(
        schema,
        form([
          ["name", "x"],
          [`tags[${index}]`, "x"],
        ]),
      ),
    ).toEqual(refused);
  expect(performance.now() - begin).toBeLessThan(2_000);
});

test("names of fields reach nothing but the form", () => {
  const parsed = parseForm(
    schema,
    form([
      ["name", "x"],
      ["__proto__.polluted", "x"],
      ["constructor.prototype.polluted", "x"],
      ["seats.__proto__", "1"],
      ["seats.us", "2"],
      ["tags[0]", "a"],
    ]),
  );
  expect(parsed).toEqual({ ok: true, value: { name: "x", tags: ["a"], seats: { us: "2" } } });
  expect("polluted" in {}).toBe(false);
});

test("everybody at a meal of a thousand is seated with one form, and who is taken from a table too", () => {
  const people = Array.from({ length: 1_000 }, (_, n) => `person-${n}`);
  const typed = form([
    ["intent", "seating"],
    ["seen", "as it was"],
    ...people.map((id, n) => [`tables.${id}`, n === 0 ? "" : `table-${n % 100}`] as const),
    ...people.map((id, n) => [`places.${id}`, n === 0 ? "" : String(1 + (n % 40))] as const),
  ]);
  const parsed = parseLines(seatingForm, typed, ["tables", "places"]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.form.errors));
  expect(Object.keys(parsed.value.tables)).toEqual(people);
  expect(parsed.value.tables["person-0"]).toBe("");
  expect(parsed.value.places["person-41"]).toBe("2");
});

test("a line that cannot be is named, everything typed is kept, and more lines than any list has are refused", () => {
  const wrong = parseLines(
    seatingForm,
    form([
      ["seen", "s"],
      ["places.a", "41"],
      ["places.b", "7"],
      ["places.__proto__", "1"],
    ]),
    ["tables", "places"],
  );
  expect(wrong).toMatchObject({
    ok: false,
    form: { values: { "places.a": "41", "places.b": "7" }, errors: { "places.a": ["error.number"] } },
  });
  expect(({} as Record<string, unknown>).a).toBeUndefined();
  const endless = Array.from({ length: 20_000 }, (_, n) => [`places.${n}`, "1"] as const);
  expect(parseLines(seatingForm, form(endless), ["tables", "places"])).toEqual(refused);
});
