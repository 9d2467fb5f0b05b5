/**
 * What a host may ask about a visitor, and how its columns are kept. A column is a fact under the host's own heading, in
 * the host's own order and format (DOMAIN §1.8). The time of the visit is no fact: whoever moves it changes no list.
 */
import { z } from "zod";
import type { DataClass, Locale } from "#db/vocabulary.ts";

/** `both`: in two languages; `day`: a date; `words`: from a closed list; `count`: the row's number; `empty`: the host's to fill in. */
export type FactKind = "text" | "both" | "day" | "words" | "count" | "empty";

export const FACTS = [
  { name: "count", kind: "count", dataClass: "C0" },
  { name: "nameLatin", kind: "text", dataClass: "C1" },
  { name: "nameNative", kind: "text", dataClass: "C1" },
  { name: "familyLatin", kind: "text", dataClass: "C1" },
  { name: "givenLatin", kind: "text", dataClass: "C1" },
  { name: "honorific", kind: "both", dataClass: "C1" },
  { name: "position", kind: "both", dataClass: "C1" },
  { name: "institution", kind: "both", dataClass: "C1" },
  { name: "delegation", kind: "both", dataClass: "C1" },
  { name: "category", kind: "words", dataClass: "C1" },
  { name: "phone", kind: "text", dataClass: "C2" },
  { name: "email", kind: "text", dataClass: "C2" },
  { name: "passportName", kind: "text", dataClass: "C5" },
  { name: "passportFamilyName", kind: "text", dataClass: "C5" },
  { name: "passportGivenNames", kind: "text", dataClass: "C5" },
  { name: "gender", kind: "words", dataClass: "C5" },
  { name: "birthDate", kind: "day", dataClass: "C5" },
  { name: "birthPlace", kind: "text", dataClass: "C5" },
  { name: "nationality", kind: "both", dataClass: "C5" },
  { name: "passportNumber", kind: "text", dataClass: "C5" },
  { name: "passportType", kind: "words", dataClass: "C5" },
  { name: "passportExpiresOn", kind: "day", dataClass: "C5" },
  { name: "empty", kind: "empty", dataClass: "C0" },
] as const satisfies ReadonlyArray<{ name: string; kind: FactKind; dataClass: DataClass }>;

export type FactName = (typeof FACTS)[number]["name"];

/** How a fact is written. `list`: in the language of the list. */
export const FORMATS = {
  text: ["plain"],
  both: ["list", "en", "zh", "both"],
  day: ["date", "en", "zh"],
  words: ["list", "en", "zh", "code"],
  count: ["plain"],
  empty: ["plain"],
} as const satisfies Record<FactKind, ReadonlyArray<string>>;

export type FactFormat = (typeof FORMATS)[FactKind][number];

/** A column of a host's list. An empty heading: ours. */
export type ClearanceColumn = {
  fact: FactName;
  headingEn: string;
  headingZh: string;
  format: FactFormat;
};

export function factOf(name: FactName): (typeof FACTS)[number] {
  const found = FACTS.find((fact) => fact.name === name);
  if (found === undefined) throw new Error("No such fact");
  return found;
}

export function isFact(name: string): name is FactName {
  return FACTS.some((fact) => fact.name === name);
}

/** Under these names programme files ask for what is called otherwise here. */
const OTHER_NAMES: Readonly<Record<string, FactName>> = {
  name: "nameLatin",
  chineseName: "nameNative",
  sex: "gender",
  dateOfBirth: "birthDate",
  placeOfBirth: "birthPlace",
  passport: "passportNumber",
  passportExpiry: "passportExpiresOn",
  mobile: "phone",
};

/** A column without any wish of the host's but that it be there. */
export function plainColumn(fact: FactName): ClearanceColumn {
  return { fact, headingEn: "", headingZh: "", format: FORMATS[factOf(fact).kind][0] };
}

const storedColumn = z.object({
  fact: z.string(),
  headingEn: z.string(),
  headingZh: z.string(),
  format: z.string(),
});
const storedColumns = z.array(z.union([z.string(), storedColumn]));

/** The columns as they are stored: whole ones, or names from a programme file. What is no fact of ours is left out. */
export function readClearanceColumns(stored: string): Array<ClearanceColumn> {
  return storedColumns.parse(JSON.parse(stored)).flatMap((column) => {
    if (typeof column === "string") {
      const fact = OTHER_NAMES[column] ?? column;
      return isFact(fact) ? [plainColumn(fact)] : [];
    }
    if (!isFact(column.fact)) return [];
    const formats: ReadonlyArray<FactFormat> = FORMATS[factOf(column.fact).kind];
    const format = formats.find((each) => each === column.format);
    return [
      {
        ...plainColumn(column.fact),
        ...column,
        fact: column.fact,
        ...(format === undefined ? plainFormat(column.fact) : { format }),
      },
    ];
  });
}

function plainFormat(fact: FactName): Pick<ClearanceColumn, "format"> {
  return { format: plainColumn(fact).format };
}

/** Whether the host wants what stands in a passport: then people must have agreed to that. */
export function asksIdentity(columns: ReadonlyArray<Pick<ClearanceColumn, "fact">>): boolean {
  return columns.some(({ fact }) => factOf(fact).dataClass === "C5");
}

/** Stands for a list's columns and language: whoever sets them otherwise has looked at just those. */
export function columnsMark({
  columns,
  locale,
}: {
  columns: ReadonlyArray<ClearanceColumn>;
  locale: Locale;
}): string {
  const facts = columns.map(({ fact, headingEn, headingZh, format }) => [fact, headingEn, headingZh, format]);
  return JSON.stringify([locale, facts]);
}
