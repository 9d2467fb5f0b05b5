/**
 * Journeys of several legs: the ones before the leg that ends in the city, or after the one that begins there. A list has them
 * in one cell, in columns of their own, or as a row for each leg. Pure.
 */
import { z } from "zod";
import { DIRECTIONS, type Direction, LEG_MEANS } from "#db/vocabulary.ts";
import { MOST_LEGS, placeKey } from "../travel/rules.ts";
import { simplified } from "./closed-lists.ts";
import { type ColumnKind, isLegKind, type LegKind } from "./kinds.ts";
import type { ReadRow } from "./reading.ts";
import type { Mapping } from "./rules.ts";

/** A leg as far as it is known; day and time are those of its end towards the city. */
const leg = z.object({
  by: z.enum(LEG_MEANS),
  number: z.string(),
  from: z.string(),
  to: z.string(),
  on: z.string(),
  time: z.string(),
  zone: z.string(),
});
export type OnwardLeg = z.output<typeof leg>;

/** Legs as the text of one cell. */
export function onwardText(legs: ReadonlyArray<OnwardLeg>): string {
  return legs.length === 0
    ? ""
    : JSON.stringify(
        legs.map(({ by, number, from, to, on, time, zone }) => ({ by, number, from, to, on, time, zone })),
      );
}

/** The legs that a cell's text stands for; null: it is none, but what somebody typed. */
export function onwardOf(text: string): Array<OnwardLeg> | null {
  if (text === "") return [];
  if (!text.startsWith("[")) return null;
  try {
    const read = z
      .array(leg)
      .max(MOST_LEGS - 1)
      .safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** What is typed of one leg. */
export type TypedLeg = { number: string; from: string; to: string; on: string; time: string; zone: string };

const NEXT = /\s*(?:→|⇒|[-=]>|[+;；\n]|\bthen\b|转机?|接驳?)\s*/iu;
const BY_WAY_OF = /\s*(?:\bvia\b|经由?|中转)\s*/iu;
const BETWEEN = /\s*(?:→|⇒|[-=]>|[–—至到]|\s-\s|\bto\b)\s*/iu;
const NUMBER = /^[A-Z0-9]{1,3}\s?\d{1,4}[A-Z]?次?$/iu;

/** Several numbers in one cell, in the order of travel. A slash is no sign of several: one plane has two numbers. */
export function numbersIn(cell: string): ReadonlyArray<string> {
  const numbers = cell.split(NEXT).filter((one) => one !== "");
  return numbers.length > 1 && numbers.every((one) => NUMBER.test(one)) ? numbers : [cell];
}

/** Where somebody comes from, and by way of where; or by way of where they go, and where to. In the order of travel. */
export function placesIn(direction: Direction, cell: string): ReadonlyArray<string> {
  const [end = "", ...stops] = cell.split(BY_WAY_OF);
  if (stops.length > 0) return direction === "arrival" ? [end, ...stops] : [...stops, end];
  return cell.split(/\s*(?:→|⇒|[-=]>)\s*/u);
}

/** "UA 123 Boston–Newark; …": a column of its own for the other legs. Null: it says something else. */
export function typedLegs(cell: string): ReadonlyArray<TypedLeg> | null {
  const legs = cell.split(/\s*[;；\n]\s*/u).filter((one) => one !== "");
  const read = legs.map((text): TypedLeg | null => {
    const [, number = "", rest = ""] =
      /^([A-Z0-9]{2,3}\s?\d{1,4}[A-Z]?次?|)[\s,，:：]*(.*)$/iu.exec(text) ?? [];
    const [from = "", to = "", ...more] = rest.split(BETWEEN);
    if (more.length > 0 || (number === "" && to === "")) return null;
    return { number, from, to, on: "", time: "", zone: "" };
  });
  return read.every((one) => one !== null) ? read : null;
}

/** Rows that go on with the journey of a row above, put into that one; the others as they are. */
export function joinRows(rows: ReadonlyArray<ReadRow>, { columns, by }: Mapping): ReadonlyArray<ReadRow> {
  const kinds = columns.filter((kind) => kind !== null);
  if (!kinds.some(isLegKind)) return rows;
  const groups: Array<[ReadRow, ...Array<ReadRow>]> = [];
  const byKey = new Map<string, [ReadRow, ...Array<ReadRow>]>();
  for (const row of rows) {
    const last = groups.at(-1);
    const key = keyOf(row, { kinds, by });
    const known = key === "" ? undefined : byKey.get(key);
    if (isSound(row) && last !== undefined && isLegAlone(row)) last.push(row);
    else if (isSound(row) && known !== undefined && adds(known[0], row)) known.push(row);
    else {
      const group: [ReadRow, ...Array<ReadRow>] = [row];
      groups.push(group);
      if (key !== "" && known === undefined) byKey.set(key, group);
    }
  }
  return groups.flatMap((group) => (group.length === 1 ? group : (joined(group) ?? group)));
}

/** By what a row says whom it is about; "": it does not. */
function keyOf({ said }: ReadRow, { kinds, by }: { kinds: ReadonlyArray<ColumnKind>; by: Mapping["by"] }) {
  const names = kinds.filter((kind) => /^(?:family|given|name)/.test(kind));
  const of = by === "name" ? names : [by];
  return simplified(of.map((kind) => said.get(kind) ?? "").join("\n"));
}

function isSound({ problems, wrong }: ReadRow): boolean {
  return problems.length === 0 && ![...wrong.keys()].some(isLegKind);
}

function legPart(row: ReadRow): ReadonlyMap<LegKind, string> {
  return new Map(
    [...row.said].flatMap(([kind, value]) => (isLegKind(kind) && value !== "" ? [[kind, value]] : [])),
  );
}

/** As from a workbook whose cells of the person are merged over several rows. A line below the list has no number. */
function isLegAlone(row: ReadRow): boolean {
  const hasNumber = DIRECTIONS.some((way) => NUMBER.test(row.said.get(`${way}:number`) ?? ""));
  return hasNumber && [...row.said].every(([kind, value]) => value === "" || isLegKind(kind));
}

/** Whether a row says nothing new but a leg. */
function adds(first: ReadRow, row: ReadRow): boolean {
  return (
    legPart(row).size > 0 &&
    [...row.said].every(
      ([kind, value]) => value === "" || isLegKind(kind) || value === (first.said.get(kind) ?? ""),
    )
  );
}

/** Null: these are no legs of one journey, but two rows that contradict each other. */
function joined([first, ...more]: readonly [ReadRow, ...ReadonlyArray<ReadRow>]): Array<ReadRow> | null {
  const said = new Map(first.said);
  const onward: Partial<Record<Direction, ReadonlyArray<TypedLeg>>> = {};
  for (const direction of DIRECTIONS) {
    const of = [first, ...more].map((row) => ({
      isAlone: row !== first && isLegAlone(row),
      parts: [...legPart(row)].filter(([kind]) => kind.startsWith(`${direction}:`)),
    }));
    const told = of.filter(({ parts }) => parts.length > 0);
    const legs = inOrder(direction, told);
    if (legs === null) return null;
    const city = direction === "arrival" ? legs.at(-1) : legs[0];
    if (city === undefined) continue;
    for (const kind of said.keys()) if (kind.startsWith(`${direction}:`)) said.set(kind, "");
    for (const [kind, value] of city) said.set(kind, value);
    const others = legs.filter((one) => one !== city);
    if (others.length > 0) onward[direction] = others.map((one) => typedLeg(direction, one));
  }
  const rows = more.map(({ row }) => row).join(", ");
  return [
    { ...first, said, onward, notes: [...first.notes, { key: "import.note.joined", values: { rows } }] },
  ];
}

type Told = { isAlone: boolean; parts: ReadonlyArray<readonly [LegKind, string]> };

/** In the order of travel: each from where the one before ended, or as they stand where the rows name the person once. */
function inOrder(
  direction: Direction,
  told: ReadonlyArray<Told>,
): Array<ReadonlyMap<LegKind, string>> | null {
  const legs = told.map(({ parts }) => new Map(parts));
  if (legs.length < 2) return legs;
  const numbers = legs.map((one) => simplified(one.get(`${direction}:number`) ?? ""));
  if (new Set(numbers).size < numbers.length) return null;
  const ends = legs.map((one) => {
    const { from, to } = typedLeg(direction, one);
    return { one, from: placeKey(from), to: placeKey(to) };
  });
  const starts = ends.filter(({ from }) => from !== "" && !ends.some(({ to }) => to === from));
  const chain = starts.length === 1 ? [...starts] : [];
  for (let last = chain.at(-1); last !== undefined; ) {
    const end = last.to;
    last = ends.find((each) => end !== "" && each.from === end && !chain.includes(each));
    if (last !== undefined) chain.push(last);
  }
  if (chain.length === legs.length) return chain.map(({ one }) => one);
  return told.slice(1).every(({ isAlone }) => isAlone) ? legs : null;
}

/** The columns of a leg say which end is the city's: of another leg it is the end towards it. */
function typedLeg(direction: Direction, parts: ReadonlyMap<LegKind, string>): TypedLeg {
  const of = (part: string) => parts.get(`${direction}:${part}` as LegKind) ?? "";
  const [from, to] = direction === "arrival" ? [of("far"), of("at")] : [of("at"), of("far")];
  return { number: of("number"), from, to, on: of("on"), time: of("time"), zone: of("zone") };
}
