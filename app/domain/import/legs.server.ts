/** Journeys in a file: of each the leg that touches the city. What each row's would change, and writing them. */
import { eq } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { edition } from "#db/schema/index.ts";
import { DIRECTIONS, type Direction, LEG_MEANS, type LegMeans } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { visible } from "../person/rules.ts";
import { instantOrNull } from "../registration/rules.ts";
import { type Journey, type Journeys, journeysOfSide } from "../travel/journey.server.ts";
import {
  type CityLeg,
  cityLegOf,
  type ListedLegTrace,
  takeListedLegBack,
  writeListedLeg,
} from "../travel/listed.server.ts";
import { MOST_LEGS, numberKey, placeKey } from "../travel/rules.ts";
import type { Whom } from "./answers.server.ts";
import type { Cell, Compared } from "./cells.ts";
import { finderOf } from "./closed-lists.ts";
import { isLegKind, type LegKind } from "./kinds.ts";
import { type Around, momentOf, zoneOf } from "./moments.ts";
import {
  numbersIn,
  type OnwardLeg,
  onwardOf,
  onwardText,
  placesIn,
  type TypedLeg,
  typedLegs,
} from "./onward.ts";
import type { ReadRow, Remark } from "./reading.ts";

const PARTS = ["by", "number", "far", "on", "time", "zone", "at"] as const satisfies ReadonlyArray<
  keyof CityLeg
>;
type Part = (typeof PARTS)[number];

const meansOf = finderOf<LegMeans>({
  flight: "plane|air|by air|airplane|aircraft|飞机|航班|乘机|飞行",
  train: "rail|railway|by train|high speed rail|high speed train|火车|高铁|动车|列车",
  car: "driving|by car|bus|coach|汽车|自驾|开车|驾车|大巴",
  other: "another way|already there|local|其他|其它|本地|已在本市|已在当地|步行",
  not_booked: "not yet booked|tba|tbd|tbc|未订票|尚未订票|待定|未定",
});

function columnOf(direction: Direction, part: Part): LegKind {
  return `${direction}:${part}`;
}

type Facts = Around & { zone: string };

function factsOf(orm: Orm, { scope }: Pick<StaffContext, "scope">): Facts {
  const found = orm
    .select({ from: edition.travelFrom, to: edition.travelTo, zone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, scope.editionId))
    .get();
  if (found === undefined) throw new Error("No such edition");
  return found;
}

/** What a row's journeys would change. Empty cells say nothing here: a flight is not erased by a list. */
export function legsInRows(
  orm: Orm,
  ctx: StaffContext,
  kinds: ReadonlyArray<LegKind>,
): (row: ReadRow, whom: Whom) => Compared {
  if (kinds.length === 0) return () => ({ cells: [], same: 0 });
  const facts = factsOf(orm, ctx);
  const journeys = journeysOfSide(orm, ctx.scope);
  return (row, { invitationId }) => {
    const theirs = invitationId === null ? undefined : journeys.get(invitationId);
    const ways = DIRECTIONS.map((direction) =>
      oneWay(row, {
        direction,
        facts,
        known: theirs?.[direction],
        isComing: invitationId === null || theirs !== undefined,
      }),
    );
    return {
      cells: ways.flatMap(({ cells }) => cells),
      same: ways.reduce((sum, { same }) => sum + same, 0),
    };
  };
}

type Wished = { value: string; problems: Array<Remark> };
type Looking = { direction: Direction; facts: Facts; known: Journey | undefined; isComing: boolean };

function oneWay(row: ReadRow, looking: Looking): Compared {
  const { direction, facts, known, isComing } = looking;
  const { city, others } = inLegs(row, direction);
  const wishes = wishesOf(city, { direction, facts });
  if (wishes.size === 0 && others === null) return { cells: [], same: 0 };
  const now = cityLegOf(direction, known);
  const wished = (part: Part) => wishes.get(part)?.value ?? "";
  if (!wishes.has("by") && (now.by === "" || now.by === "not_booked"))
    wishes.set("by", { value: meansOfLeg(row, direction, wished), problems: [] });
  const day = wished("on") || now.on;
  const time = wishes.get("time");
  if (time !== undefined && time.problems.length === 0) {
    const zone = wished("zone") || now.zone || facts.zone;
    if (day === "") time.problems.push({ key: "import.problem.noDay", values: {} });
    else if (instantOrNull(day, time.value, zone) === null)
      time.problems.push({ key: "own.error.noSuchTime", values: {} });
  }
  const cells: Array<Cell> = [];
  let same = 0;
  for (const part of PARTS) {
    const wish = wishes.get(part);
    if (wish === undefined) continue;
    const before = part === "zone" && now.by === "" ? "" : now[part];
    const isSame = wish.problems.length === 0 && isSamePart(part, before, wish.value);
    if (isSame) {
      if (row.said.get(columnOf(direction, part))) same += 1;
      continue;
    }
    const problems: Array<Remark> = isComing
      ? wish.problems
      : [{ key: "import.problem.notComing", values: {} }];
    cells.push({
      column: columnOf(direction, part),
      before,
      after: problems.length > 0 ? visible(wish.value) : wish.value,
      erases: false,
      problems,
      conflicts: conflictOf(part, before, known),
    });
  }
  const onward = others === null ? null : onwardCell(others, looking);
  if (onward === "same") same += 1;
  else if (onward !== null)
    // Legs of one ticket: whoever does not take this flight does not take the one to it.
    cells.push(
      onward.conflicts.length > 0
        ? onward
        : { ...onward, conflicts: cells.find(({ conflicts }) => conflicts.length > 0)?.conflicts ?? [] },
    );
  return { cells, same };
}

/** A row with several legs in it, as the row of the leg that touches the city and what is said of the others; null: nothing. */
function inLegs(
  row: ReadRow,
  direction: Direction,
): { city: ReadRow; others: ReadonlyArray<TypedLeg> | string | null } {
  const told = row.onward[direction];
  if (told !== undefined) return { city: row, others: told };
  const via = row.said.get(`${direction}:via`) ?? "";
  if (via !== "") return { city: row, others: typedLegs(via) ?? via };
  const numbers = numbersIn(row.said.get(`${direction}:number`) ?? "");
  if (numbers.length === 1) return { city: row, others: null };
  const places = placesIn(direction, row.said.get(`${direction}:far`) ?? "");
  const empty = { on: "", time: "", zone: "" };
  // On the way there places begin with the first flight's, on the way back they end with the last one's.
  const legs = numbers.map((number, n) =>
    direction === "arrival"
      ? { ...empty, number, from: places[n] ?? "", to: places[n + 1] ?? "" }
      : {
          ...empty,
          number,
          from: places[places.length - numbers.length + n - 1] ?? "",
          to: places[places.length - numbers.length + n] ?? "",
        },
  );
  const city = direction === "arrival" ? legs.at(-1) : legs[0];
  const said = new Map(row.said)
    .set(`${direction}:number`, city?.number ?? "")
    .set(`${direction}:far`, (direction === "arrival" ? city?.from : city?.to) ?? "");
  return { city: { ...row, said }, others: legs.filter((one) => one !== city) };
}

/** The legs besides the one that touches the city: one entry, because each of them says little alone. */
function onwardCell(
  others: ReadonlyArray<TypedLeg> | string,
  { direction, facts, known, isComing }: Looking,
): Cell | "same" {
  const now = onwardOfJourney(direction, known);
  const before = onwardText(now);
  const cell = (after: string, ...problems: ReadonlyArray<Remark>): Cell => ({
    column: `${direction}:via`,
    before,
    after,
    erases: false,
    problems: isComing ? problems : [{ key: "import.problem.notComing", values: {} }],
    conflicts: conflictOf("number", before, known),
  });
  if (typeof others === "string")
    return cell(visible(others), { key: "import.problem.via", values: { word: visible(others) } });
  if (others.length >= MOST_LEGS)
    return cell(visible(others.map(({ number }) => number).join("; ")), {
      key: "import.problem.manyLegs",
      values: {},
    });
  const isLike = now.length === others.length;
  const problems: Array<Remark> = [];
  const legs = others.map((typed, n): OnwardLeg => {
    const number = typed.number.normalize("NFKC").replaceAll(/\s+/g, " ").toUpperCase();
    const there = now[n];
    // What a list leaves out of a leg that is known stays known.
    const stays =
      isLike && there !== undefined && numberKey(there.number) === numberKey(number) ? there : null;
    const moment = momentOfLeg(typed, { facts, direction });
    problems.push(...moment.problems);
    return {
      by: stays?.by ?? meansByNumber(number),
      number: stays?.number ?? number,
      from: typed.from || (stays?.from ?? ""),
      to: typed.to || (stays?.to ?? ""),
      on: moment.on || (stays?.on ?? ""),
      time: moment.time || (stays?.time ?? ""),
      zone: moment.on !== "" ? moment.zone : (stays?.zone ?? facts.zone),
    };
  });
  const after = onwardText(legs);
  if (after === before && problems.length === 0) return "same";
  return cell(after, ...problems);
}

/** When such a leg ends, or begins. Its place is not the city: without a zone nobody knows when that is, and only the day is taken. */
function momentOfLeg(
  { on, time, zone, from, to }: TypedLeg,
  { facts, direction }: Pick<Looking, "facts" | "direction">,
): { on: string; time: string; zone: string; problems: Array<Remark> } {
  const [day, clock] = [momentOf(on, facts), momentOf(time, facts)];
  const problems = [
    { read: day, word: on },
    { read: clock, word: time },
  ].flatMap(
    ({ read, word }): Array<Remark> =>
      read.ok ? [] : [{ key: MOMENT_PROBLEMS[read.problem], values: { word: visible(word) } }],
  );
  const known = zoneOf(zone) ?? zoneOf(direction === "arrival" ? to : from);
  const read = { on: "", time: "" };
  for (const one of [day, clock])
    if (one.ok) [read.on, read.time] = [read.on || one.on, read.time || one.time];
  return { on: read.on, time: known === null ? "" : read.time, zone: known ?? facts.zone, problems };
}

function onwardOfJourney(direction: Direction, known: Journey | undefined): Array<OnwardLeg> {
  const legs = known?.legs ?? [];
  return (direction === "arrival" ? legs.slice(0, -1) : legs.slice(1)).map(({ means, number, from, to }) => {
    const { on, time, zone } = direction === "arrival" ? to : from;
    return { by: means, number, from: from.place, to: to.place, on, time, zone };
  });
}

function conflictOf(part: Part, before: string, known: Journey | undefined): Array<Remark> {
  // Nobody contradicts whoever said that nothing was booked yet.
  if (before === "" || (part === "by" && before === "not_booked")) return [];
  return [
    { key: known?.correction == null ? "import.conflict.ownLeg" : "import.conflict.staffLeg", values: {} },
  ];
}

function isSamePart(part: Part, before: string, after: string): boolean {
  if (part === "number") return numberKey(before) === numberKey(after);
  return part === "far" || part === "at"
    ? before !== "" && placeKey(before) === placeKey(after)
    : before === after;
}

/** By what somebody comes or goes who does not say so: by the number, the place, or as they go the other way. */
function meansOfLeg(row: ReadRow, direction: Direction, wished: (part: Part) => string): LegMeans {
  if (wished("number") !== "") return meansByNumber(wished("number"));
  if (/机场|航站楼|airport|terminal/iu.test(wished("at"))) return "flight";
  if (/站|station|railway/iu.test(wished("at"))) return "train";
  const back = row.said.get(`${direction === "arrival" ? "departure" : "arrival"}:number`) ?? "";
  return meansByNumber(back);
}

/** What travels under such a number: `G101` is a train, `CA 981` a flight. */
function meansByNumber(number: string): LegMeans {
  const first =
    number
      .toUpperCase()
      .split(/[/,;、]/)[0]
      ?.replaceAll(/[\s-]/g, "") ?? "";
  if (/^[GDCZTKYLS]\d{1,4}(?:次)?$/.test(first)) return "train";
  return /^(?:[A-Z]{2}|[A-Z]\d|\d[A-Z]|[A-Z]{3})\d{1,4}[A-Z]?$/.test(first) ? "flight" : "other";
}

function wishesOf(
  row: ReadRow,
  { direction, facts }: Pick<Looking, "direction" | "facts">,
): Map<Part, Wished> {
  const wishes = new Map<Part, Wished>();
  const put = (part: Part, value: string, ...problems: ReadonlyArray<Remark>) => {
    const wrong = row.wrong.get(columnOf(direction, part)) ?? [];
    if (value !== "" || problems.length > 0) wishes.set(part, { value, problems: [...wrong, ...problems] });
  };
  const said = (part: Part) => row.said.get(columnOf(direction, part)) ?? "";
  const word = (text: string): Remark => ({ key: "import.problem.word", values: { word: visible(text) } });

  const number = said("number").normalize("NFKC").replaceAll(/\s+/g, " ").toUpperCase();
  const means = said("by") === "" ? null : meansOf(said("by"));
  if (said("by") !== "") put("by", means ?? said("by"), ...(means === null ? [word(said("by"))] : []));
  // "TBA" in the place of a number is what it says, and no number.
  if (number !== "" && meansOf(number) === "not_booked") put("by", "not_booked");
  else put("number", number);
  put("far", said("far"));
  put("at", said("at"));
  const zone = said("zone") === "" ? null : zoneOf(said("zone"));
  if (said("zone") !== "") put("zone", zone ?? said("zone"), ...(zone === null ? [word(said("zone"))] : []));

  const day = momentOf(said("on"), facts);
  const clock = momentOf(said("time"), facts);
  const unread = (part: Part, problem: keyof typeof MOMENT_PROBLEMS) =>
    put(part, said(part), { key: MOMENT_PROBLEMS[problem], values: { word: visible(said(part)) } });
  if (!day.ok) unread("on", day.problem);
  if (!clock.ok) unread("time", clock.problem);
  const [on, at] = [day.ok ? day : NOTHING, clock.ok ? clock : NOTHING];
  if (day.ok) {
    if (said("on") !== "" && on.on === "" && at.on === "") unread("on", "moment");
    else if (on.on !== "" && at.on !== "" && on.on !== at.on)
      put("on", on.on, { key: "import.problem.twoMoments", values: {} });
    else put("on", on.on || at.on);
  } else if (at.on !== "") put("on", at.on);
  if (clock.ok) {
    if (on.time !== "" && at.time !== "" && on.time !== at.time)
      put("time", at.time, { key: "import.problem.twoMoments", values: {} });
    else put("time", at.time || on.time);
  }
  return wishes;
}

const NOTHING = { on: "", time: "" } as const;
const MOMENT_PROBLEMS = {
  moment: "import.problem.moment",
  order: "import.problem.dayOrder",
  nextDay: "import.problem.nextDay",
} as const satisfies Record<string, Remark["key"]>;

export type LegTraces = Partial<Record<Direction, ListedLegTrace>>;

/**
 * A writer of journeys, which looks at all of them once.
 *
 * @returns of one person's cells what takes them back; null: they are not to come.
 */
export function legWriter(
  tx: Tx,
  ctx: StaffContext,
): (
  whose: { invitationId: string; isNew: boolean },
  cells: ReadonlyArray<Pick<Cell, "column" | "after">>,
) => LegTraces | null {
  let all: ReadonlyMap<string, Journeys> | null = null;
  const zone = factsOf(tx, ctx).zone;
  const [sideId = ""] = ctx.scope.sideIds;
  return ({ invitationId, isNew }, cells) => {
    all ??= journeysOfSide(tx, ctx.scope);
    const theirs = all.get(invitationId);
    if (theirs === undefined && !isNew) return null;
    const traces: LegTraces = {};
    for (const direction of DIRECTIONS) {
      const parts = partsOf(direction, cells);
      const via = cells.find(({ column }) => column === `${direction}:via`);
      const onward = via === undefined ? null : onwardOf(via.after);
      if (via !== undefined && onward === null) return null;
      if (Object.keys(parts).length === 0 && onward === null) continue;
      const known = theirs?.[direction];
      const now = cityLegOf(direction, known);
      const city = { ...now, zone: now.zone || zone, ...parts };
      traces[direction] = writeListedLeg(tx, ctx, { invitationId, direction, sideId, known, city, onward });
    }
    return traces;
  };
}

function partsOf(
  direction: Direction,
  cells: ReadonlyArray<Pick<Cell, "column" | "after">>,
): Partial<CityLeg> {
  const parts: Partial<CityLeg> = {};
  for (const { column, after } of cells) {
    if (!isLegKind(column)) continue;
    const part = PARTS.find((each) => column === columnOf(direction, each));
    if (part === "by") parts.by = LEG_MEANS.find((means) => means === after) ?? "other";
    else if (part !== undefined) parts[part] = after;
  }
  return parts;
}

/** Takes journeys back that nobody has touched since. @returns the columns that stand as before. */
export function takeLegsBack(
  tx: Tx,
  {
    invitationId,
    cells,
    traces,
  }: { invitationId: string; cells: ReadonlyArray<{ column: string }>; traces: LegTraces },
): Array<string> {
  return DIRECTIONS.flatMap((direction) => {
    const trace = traces[direction];
    const of = cells.map(({ column }) => column).filter((column) => column.startsWith(`${direction}:`));
    const isBack =
      trace !== undefined && of.length > 0 && takeListedLegBack(tx, { invitationId, direction, trace });
    return isBack ? of : [];
  });
}

/** What counts now, by person and column. */
export function legsNow(
  orm: Orm,
  ctx: Pick<StaffContext, "scope">,
  invitationIds: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  if (invitationIds.size === 0) return new Map();
  return new Map(
    [...journeysOfSide(orm, ctx.scope)].flatMap(([invitationId, journeys]) =>
      invitationIds.has(invitationId)
        ? [
            [
              invitationId,
              new Map(
                DIRECTIONS.flatMap((direction) => {
                  const now = cityLegOf(direction, journeys[direction]);
                  const onward = onwardText(onwardOfJourney(direction, journeys[direction]));
                  return [
                    ...PARTS.map((part) => [columnOf(direction, part), now[part]] as const),
                    [`${direction}:via`, onward] as const,
                  ];
                }),
              ),
            ] as const,
          ]
        : [],
    ),
  );
}
