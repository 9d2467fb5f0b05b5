/**
 * A journey: how somebody comes to the meeting, or goes home from it, as legs in a row. The traveller tells of one leg at
 * least, the one that touches the city; staff may know better, and then their legs count until the answer is taken again.
 * What always holds:
 *
 * - each end of a leg has the clock of its own place; what is compared are instants, never clock times (DOMAIN §3.5);
 * - the answer is never overwritten, and a newer one shows beside what staff wrote;
 * - what does not fit is either settled, somebody's to settle, or accepted for a reason that holds for these facts alone.
 */
import type { Direction, LegMeans, TravelCheck } from "#db/vocabulary.ts";
import type { Answers } from "../registration/answers.ts";
import { instantOrNull, TRAVEL_MEANS } from "../registration/rules.ts";

/** One end of a leg: what the ticket says there, and the same as an instant (null: not known). */
export type LegEnd = { place: string; on: string; time: string; zone: string; at: number | null };
export type Leg = { means: LegMeans; number: string; from: LegEnd; to: LegEnd };

/** The most legs of one journey; more are mistyped. */
export const MOST_LEGS = 5;

export function legEnd(end: Omit<LegEnd, "at">): LegEnd {
  return { ...end, at: instantOrNull(end.on, end.time, end.zone) };
}

/** What the traveller told of one way; none when they told nothing. The far end's clock was not asked for. */
export function legsOfAnswer(
  direction: Direction,
  { travel }: Pick<Answers, "travel">,
  timeZone: string,
): Array<Leg> {
  const told = direction === "arrival" ? travel.arrivalBy : travel.departureBy;
  const means = TRAVEL_MEANS.find((each) => each === told);
  if (means === undefined) return [];
  const unknown = { on: "", time: "", zone: timeZone };
  return direction === "arrival"
    ? [
        {
          means,
          number: travel.arrivalNumber,
          from: legEnd({ ...unknown, place: travel.arrivalFrom }),
          to: legEnd({
            place: travel.arrivalAt,
            on: travel.arrivalOn,
            time: travel.arrivalTime,
            zone: timeZone,
          }),
        },
      ]
    : [
        {
          means,
          number: travel.departureNumber,
          from: legEnd({
            place: travel.departureFrom,
            on: travel.departureOn,
            time: travel.departureTime,
            zone: timeZone,
          }),
          to: legEnd({ ...unknown, place: travel.departureTo }),
        },
      ];
}

/** The leg that touches the meeting's city: the last one there, the first one back. */
export function cityLeg(direction: Direction, legs: ReadonlyArray<Leg>): Leg | undefined {
  return direction === "arrival" ? legs.at(-1) : legs[0];
}

/** That leg's end in the city. */
export function cityEnd(direction: Direction, leg: Leg): LegEnd {
  return direction === "arrival" ? leg.to : leg.from;
}

/** When somebody is in the city from, or until; null: not known. */
export function cityInstant(direction: Direction, legs: ReadonlyArray<Leg>): number | null {
  const leg = cityLeg(direction, legs);
  return leg === undefined || leg.means === "not_booked" ? null : cityEnd(direction, leg).at;
}

/** The shortest time (milliseconds) in which anybody gets from one leg to the next. */
const SHORTEST_CHANGE = 45 * 60_000;

/** Whether these legs can be travelled at all: none ends before it begins, and each can be reached from the one before. */
export function canBeTravelled(legs: ReadonlyArray<Leg>): boolean {
  // What is known of any end so far: one between two others may have no clock.
  let before = Number.NEGATIVE_INFINITY;
  let landed = false;
  for (const { means, from, to } of legs) {
    if (means === "not_booked") continue;
    if (from.at !== null && from.at < before + (landed ? SHORTEST_CHANGE : 0)) return false;
    before = from.at ?? before;
    if (to.at !== null && to.at <= before) return false;
    before = to.at ?? before;
    landed = to.at !== null;
  }
  return true;
}

/** One way of somebody, as the checks look at it. */
export type CheckedJourney = {
  direction: Direction;
  legs: ReadonlyArray<Leg>;
  /** Staff wrote the legs, and the traveller has answered otherwise since. */
  answerChanged: boolean;
  /** Stands for what the traveller answers. */
  answerMark: string;
};

/** What does not fit about a journey, with what it is about: other facts are another problem. */
export type Problem = { kind: TravelCheck; about: string };

/**
 * What does not fit.
 *
 * @param meeting when everybody has to be there from, and until: epoch milliseconds.
 */
export function problemsOf(
  { direction, legs, answerChanged, answerMark }: CheckedJourney,
  meeting: { opensAt: number; closesAt: number },
): Array<Problem> {
  const kinds: Array<TravelCheck> = [];
  const at = cityInstant(direction, legs);
  if (legs.length === 0) kinds.push(`${direction}_missing`);
  else if (legs.some((leg) => leg.means === "not_booked")) kinds.push(`${direction}_not_booked`);
  if (direction === "arrival" && at !== null && at > meeting.opensAt) kinds.push("arrival_after_opening");
  if (direction === "departure" && at !== null && at < meeting.closesAt)
    kinds.push("departure_before_closing");
  if (!canBeTravelled(legs)) kinds.push(`${direction}_connection`);
  if (answerChanged) kinds.push(`${direction}_answer_changed`);
  return kinds.map((kind) => ({
    kind,
    about: JSON.stringify([
      kind,
      factsOf(legs),
      limitOf(kind, meeting),
      ...(kind.endsWith("_answer_changed") ? [answerMark] : []),
    ]),
  }));
}

/** However a number or a place is written, it is the same fact. */
function factsOf(legs: ReadonlyArray<Leg>) {
  return legs.map(({ means, number, from, to }) => [
    means,
    numberKey(number),
    [placeKey(from.place), from.at],
    [placeKey(to.place), to.at],
  ]);
}

/** The numbers under which one flight is sold: “CA982/UA4567”. */
export function numberKeys(number: string): Array<string> {
  return number
    .split(/[/,;、]/)
    .map(numberKey)
    .filter((key) => key !== "");
}

/** A number of a flight or a train: “CA 982” is “ca982”. */
export function numberKey(number: string): string {
  return number
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function limitOf(kind: TravelCheck, meeting: { opensAt: number; closesAt: number }): number | null {
  if (kind === "arrival_after_opening") return meeting.opensAt;
  return kind === "departure_before_closing" ? meeting.closesAt : null;
}

/** One person's way by the leg that touches the city. */
export type Told = { id: string; keys: ReadonlyArray<string>; end: LegEnd };
/** Whom others on the flight contradict, and who they are; `about` stands for what is told. */
export type Contradicted = { id: string; others: Array<Told>; about: string };

/** One number on two days is two flights; one that lands about midnight is one, told with two days. */
const ONE_FLIGHT = 6 * 60 * 60_000;

/**
 * Who is told otherwise than others on the same flight: at another time, or at another terminal. What most of a flight say
 * contradicts nobody who says it; where as many say one as the other, it is everybody's.
 */
export function toldDifferently(
  direction: Direction,
  everybody: ReadonlyArray<readonly [id: string, legs: ReadonlyArray<Leg>]>,
): Array<Contradicted> {
  const told = everybody.flatMap(([id, legs]): Array<Told> => {
    const leg = cityLeg(direction, legs);
    if (leg?.means !== "flight") return [];
    const keys = numberKeys(leg.number);
    return keys.length === 0 ? [] : [{ id, keys, end: cityEnd(direction, leg) }];
  });
  return flightsIn(told).flatMap((flight): Array<Contradicted> => {
    const against = flight.map((one) => flight.filter((other) => contradict(one.end, other.end)));
    const fewest = Math.min(...against.map((others) => others.length));
    const most = Math.max(...against.map((others) => others.length));
    return flight.flatMap(({ id, end }, n) => {
      const others = against[n] ?? [];
      if (others.length === 0 || (fewest < most && others.length === fewest)) return [];
      const said = [...new Set(others.map((other) => factsOfEnd(other.end)))].sort();
      return [{ id, others, about: JSON.stringify([factsOfEnd(end), ...said]) }];
    });
  });
}

/** Those who share a plane, by any of the numbers under which it is sold. */
function flightsIn(told: ReadonlyArray<Told>): Array<Array<Told>> {
  let flights: Array<Array<Told>> = [];
  for (const one of told) {
    const isSame = (flight: ReadonlyArray<Told>) => flight.some((other) => onePlane(one, other));
    flights = [...flights.filter((flight) => !isSame(flight)), [...flights.filter(isSame).flat(), one]];
  }
  return flights;
}

function factsOfEnd({ at, place }: LegEnd): string {
  return `${at} ${placeKey(place)}`;
}

function onePlane(one: Told, other: Told): boolean {
  if (!other.keys.some((key) => one.keys.includes(key))) return false;
  if (one.end.on !== "" && one.end.on === other.end.on) return true;
  return one.end.at !== null && other.end.at !== null && Math.abs(one.end.at - other.end.at) < ONE_FLIGHT;
}

function contradict(one: LegEnd, other: LegEnd): boolean {
  if (one.at !== null && other.at !== null && one.at !== other.at) return true;
  // Who names the airport alone, or in words that nobody knows, contradicts nobody.
  const [a, b] = [terminalOf(one.place), terminalOf(other.place)];
  return a !== "" && b !== "" && a !== b;
}

function terminalOf(place: string): string {
  return /t\d$/.exec(placeKey(place))?.[0] ?? "";
}

export type Arrival = { id: string; at: number; place: string };
export type PickUp = { place: string; ids: Array<string>; first: number; last: number };

/** Cars wait no longer than this (milliseconds) for whoever lands later. */
export const LONGEST_WAIT = 60 * 60_000;

/**
 * Who can share a car from the airport: those who land at the same terminal within an hour, as many as there are seats.
 * A proposal, for staff to confirm.
 */
export function groupArrivals(arrivals: ReadonlyArray<Arrival>, seats: number): Array<PickUp> {
  const groups: Array<PickUp> = [];
  const open = new Map<string, PickUp>();
  const inOrder = arrivals.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  for (const { id, at, place } of inOrder) {
    const key = placeKey(place);
    const group = open.get(key);
    if (group !== undefined && at - group.first <= LONGEST_WAIT && group.ids.length < Math.max(1, seats)) {
      group.ids.push(id);
      group.last = at;
      continue;
    }
    const next = { place, ids: [id], first: at, last: at };
    open.set(key, next);
    groups.push(next);
  }
  return groups;
}

/** Airports that have a name in either language and a code, as people write them. */
const AIRPORTS: ReadonlyArray<readonly [key: string, written: RegExp]> = [
  [
    "pek",
    /(?:\bbeijing[\s-]*|北京\s*)?(?:\bpek\b|\bcapital(?=\s*(?:international|intl)?\s*airport)|首都国?际?机场)|beijing[\s-]*capital|北京首都/g,
  ],
  ["pkx", /(?:\bbeijing[\s-]*|北京\s*)?(?:\bpkx\b|\bdaxing|大兴国?际?机场)|北京大兴/g],
];
const TERMINAL = /\bterminal\s*(\d)|\bt\s*(\d)\b|(\d)\s*号航站楼/;
const SAYS_NOTHING = /international|\bintl\b|airport|国际|机场|[\p{P}\p{Z}]+/gu;

/** People write a terminal in more than one way, and in two languages: what stands for the same place is one key. */
export function placeKey(place: string): string {
  let text = place.normalize("NFKC").toLowerCase();
  // A letter that touches Chinese begins no word of its own: 首都机场T3.
  text = text.replaceAll(/(\p{Script=Han})([a-z])/gu, "$1 $2");
  const terminal = TERMINAL.exec(text);
  if (terminal !== null) text = text.replace(TERMINAL, " ");
  for (const [key, written] of AIRPORTS) text = text.replaceAll(written, ` ${key} `);
  const number = terminal?.slice(1).find((each) => each !== undefined);
  return text.replaceAll(SAYS_NOTHING, "") + (number === undefined ? "" : `t${number}`);
}
