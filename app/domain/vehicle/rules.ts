/**
 * Vehicles and their trips. A trip is one run of one vehicle: from the airport, to a visit and back, to dinner; who sits in
 * it is its manifest. What always holds:
 *
 * - a trip for an item of the programme goes by the item: moved with it, called off with it; what the driver was last told
 *   stays beside it until somebody says that they were told anew;
 * - what is called off is kept, with who sat in it, and can be put back; its driver hears of either;
 * - a car from or to the airport goes by the flights of those in it: when one of them moves, the car does not fit any more
 *   until somebody moves it or takes them off;
 * - nobody sits in a vehicle twice, and no more people than it has seats;
 * - out and back are counted apart, each tap says what is so, and said twice it is so once.
 */
import type { Category, Count, LegMeans, TripKind } from "#db/vocabulary.ts";

const MINUTE = 60_000;

/** What a trip keeps of its times. Epoch milliseconds. */
export type PlannedTimes = {
  itemId: string | null;
  minutesBefore: number;
  minutesAfter: number;
  departsAt: number;
  returnsAt: number | null;
  /** Of a trip that serves no item: what the driver was told before it was moved; null: what stands. */
  toldDepartsAt: number | null;
  /** When somebody called it off; null: it goes. */
  calledOffAt?: number | null;
  /** The driver was told that it does not go. */
  toldOff?: boolean;
  /** Whoever drives it now was never told of it. */
  driverNew?: boolean;
  /** Null: none has been found yet, so that nobody is to be told. */
  vehicleId?: string | null;
};

/** When a trip really goes. */
export type TripTimes = {
  departsAt: number;
  returnsAt: number | null;
  /** What the driver was told, when that is not so any more. */
  told: { departsAt: number; returnsAt: number | null } | null;
  /** It does not go: somebody called it off, or its item is not in the programme any more. */
  calledOff: boolean;
  /** The driver believes that it goes, and it does not, or the other way round. */
  unheard: boolean;
  /** It goes, and whoever drives it was never told of it. */
  driverNew: boolean;
};

/**
 * The times of a trip as the programme stands.
 *
 * @param item the trip's item; null when it has been cancelled. Of no account for a trip that serves none.
 */
export function timesOf(trip: PlannedTimes, item: { startsAt: number; endsAt: number } | null): TripTimes {
  const { calledOffAt = null, toldOff = false, driverNew = false } = trip;
  const times = plannedTimesOf(trip, item);
  const calledOff = times.calledOff || calledOffAt !== null;
  // Who believes that nothing goes has no time to be set right, and who was never told has nothing to be told when it does not.
  const told = calledOff || toldOff || driverNew ? null : times.told;
  return {
    ...times,
    told,
    calledOff,
    unheard: !driverNew && calledOff !== toldOff,
    driverNew: driverNew && !calledOff && trip.vehicleId !== null,
  };
}

function plannedTimesOf(
  trip: PlannedTimes,
  item: { startsAt: number; endsAt: number } | null,
): Omit<TripTimes, "unheard" | "driverNew"> {
  const { departsAt, returnsAt } = trip;
  if (trip.itemId === null) {
    const { toldDepartsAt } = trip;
    const moved = toldDepartsAt !== null && toldDepartsAt !== departsAt;
    return {
      departsAt,
      returnsAt,
      told: moved ? { departsAt: toldDepartsAt, returnsAt: null } : null,
      calledOff: false,
    };
  }
  if (item === null) return { departsAt, returnsAt, told: null, calledOff: true };
  const now = timesFor(trip, item);
  const same = now.departsAt === departsAt && now.returnsAt === returnsAt;
  return { ...now, told: same ? null : { departsAt, returnsAt }, calledOff: false };
}

/** Who drives, as somebody who telephones knows them; and with which car. */
export type Driver = { vehicleId: string; vehicle: string; driver: string; driverPhone: string };

/** The same human: by number, else by name, else whoever drives that car. A number that is put right makes nobody another. */
function sameDriver(one: Driver, other: Driver): boolean {
  const [phone, otherPhone] = [phoneKey(one.driverPhone), phoneKey(other.driverPhone)];
  if (phone !== "" && phone === otherPhone) return true;
  const sameCar = one.vehicleId === other.vehicleId;
  const twoPhones = phone !== "" && otherPhone !== "";
  if (one.driver !== "" && other.driver !== "") return one.driver === other.driver && (sameCar || !twoPhones);
  return sameCar && !twoPhones;
}

/** Whether a car has another driver now. One who is noted for the first time, or with a number put right, is none. */
export function isAnotherDriver(before: Driver, now: Driver): boolean {
  return (before.driver !== "" || before.driverPhone !== "") && !sameDriver(before, now);
}

export type DriversKnow = { driverNew: boolean; toldOff: boolean; driversBefore: ReadonlyArray<Driver> };

/**
 * What drivers know when a trip is another's to drive. Who was told that they drive it has to hear that they do not; who gets
 * it has to hear what they drive, unless they believe so still: nobody else was told meanwhile.
 *
 * @param before who drove it; null: nobody yet. `now` likewise.
 */
export function driverChanged(known: DriversKnow, before: Driver | null, now: Driver | null): DriversKnow {
  const believes = before !== null && !known.driverNew && !known.toldOff ? [before] : [];
  const knows = now !== null && known.driverNew && known.driversBefore.some((one) => isJust(one, now));
  const believers = [
    ...known.driversBefore.filter((one) => before === null || !isJust(one, before)),
    ...believes,
  ];
  return { driverNew: !knows, toldOff: false, driversBefore: knows ? otherThan(now, believers) : believers };
}

/** Stands for whom somebody was shown and told: empty where there is no car yet. */
export function driverMark(driver: Omit<Driver, "vehicle"> | null): string {
  return driver === null ? "" : [driver.vehicleId, driver.driver, driver.driverPhone].join(" ");
}

/** The same human in the same car. */
function isJust(one: Driver, other: Driver): boolean {
  return one.vehicleId === other.vehicleId && sameDriver(one, other);
}

/** Those who are not the one who drives now. */
export function otherThan(now: Driver | null, drivers: ReadonlyArray<Driver>): ReadonlyArray<Driver> {
  return drivers.filter((one) => now === null || !sameDriver(one, now));
}

/** When a trip for an item leaves and comes back. */
export function timesFor(
  { minutesBefore, minutesAfter }: Pick<PlannedTimes, "minutesBefore" | "minutesAfter">,
  item: { startsAt: number; endsAt: number },
): { departsAt: number; returnsAt: number } {
  return {
    departsAt: item.startsAt - minutesBefore * MINUTE,
    returnsAt: item.endsAt + minutesAfter * MINUTE,
  };
}

/** From landing to the exit; and from the hotel to the gate. Milliseconds. */
const TO_THE_EXIT = 50 * MINUTE;
const BEFORE_LEAVING = 210 * MINUTE;
/**
 * From the hotel to a train: nobody checks in, and no border is crossed. An hour through the city, half of one for the bags and
 * papers that a station looks at and for gates that close some minutes before.
 */
const BEFORE_A_TRAIN = 90 * MINUTE;

/** By what somebody comes or goes; how may not be known. */
export type Met = { at: number; means: LegMeans | null };

/** When a car leaves so that it meets these flights or trains: after the last one lands, in time for each that leaves. */
export function timeToMeet(kind: TripKind, flights: ReadonlyArray<Met>): number | null {
  if (flights.length === 0) return null;
  if (kind === "pickup") return Math.max(...flights.map(({ at }) => at)) + TO_THE_EXIT;
  return kind === "dropoff"
    ? Math.min(...flights.map(({ at, means }) => at - (means === "train" ? BEFORE_A_TRAIN : BEFORE_LEAVING)))
    : null;
}

/** Nobody is out of a station, let alone an airport, sooner; nor in time for one who leaves the hotel later than this. */
const SOONEST_OUT = 15 * MINUTE;
const LATEST_IN = 60 * MINUTE;
/** Longer than this nobody is left to wait. */
const LONGEST_AT_EXIT = 150 * MINUTE;
const LONGEST_AT_GATE = 360 * MINUTE;

/** `misses`: it is gone before they are out, or there when their flight has gone; `waits`: they wait for hours. */
export type Fit = "fits" | "misses" | "waits";

/** How a car that leaves then fits somebody's flight or train. */
export function fitOf(kind: TripKind, departsAt: number, flight: number): Fit {
  if (kind === "pickup") {
    if (departsAt < flight + SOONEST_OUT) return "misses";
    return departsAt > flight + LONGEST_AT_EXIT ? "waits" : "fits";
  }
  if (kind !== "dropoff") return "fits";
  if (departsAt > flight - LATEST_IN) return "misses";
  return departsAt < flight - LONGEST_AT_GATE ? "waits" : "fits";
}

/** Stands for the time that somebody was written, where the car, its place or its sign have become another since. */
export const TOLD_OTHERWISE = 0;

/** Somebody to be seated; in the order of lists. */
export type Rider = { id: string; delegationId: string; category: Category };
export type Car = { id: string; seats: number };
export type Filling = { seated: Map<string, Array<string>>; left: Array<string> };

/**
 * Who sits in which vehicle of a motorcade: the heads in the first ones, one each; an interpreter in each as far as there
 * are any; the others by delegation, together where they fit. No more vehicles than are needed.
 *
 * @param riders by delegation, in the order in which they are listed.
 * @param cars in the order in which they drive.
 */
export function fillVehicles(riders: ReadonlyArray<Rider>, cars: ReadonlyArray<Car>): Filling {
  const heads = riders.filter((one) => one.category === "head");
  const used = cars.slice(0, Math.max(carsNeeded(riders.length, cars), Math.min(heads.length, cars.length)));
  const inside = used.map((): Array<Rider> => []);
  const waiting = new Set(riders);
  const free = (n: number) => (used[n]?.seats ?? 0) - (inside[n]?.length ?? 0);
  const seat = (rider: Rider, n: number) => {
    inside[n]?.push(rider);
    waiting.delete(rider);
  };
  for (const [n, head] of heads.entries()) if (n < used.length && free(n) > 0) seat(head, n);

  const interpreters = riders.filter((one) => one.category === "interpreter");
  for (const n of used.keys()) {
    const next = interpreters.find((one) => waiting.has(one));
    // A car for one has no room for an interpreter beside its guest.
    if (next !== undefined && free(n) > 0 && (used[n]?.seats ?? 0) > 1) seat(next, n);
  }

  const byDelegation = Map.groupBy([...waiting], (one) => one.delegationId);
  for (const [delegationId, people] of byDelegation)
    for (const [k, rider] of people.entries()) {
      const n = bestCar(inside, { delegationId, remaining: people.length - k, free });
      if (n !== null) seat(rider, n);
    }
  return {
    seated: new Map(used.map((car, n) => [car.id, (inside[n] ?? []).map((one) => one.id)])),
    left: [...waiting].map((one) => one.id),
  };
}

/** How many of them, from the first on, have seats for so many people; all of them when they have not. */
function carsNeeded(people: number, cars: ReadonlyArray<Car>): number {
  let seats = 0;
  for (const [n, car] of cars.entries()) {
    if (seats >= people) return n;
    seats += car.seats;
  }
  return cars.length;
}

/** Where the delegation sits already; else where all of the rest fits, as tightly as it may; else where most do. */
function bestCar(
  inside: ReadonlyArray<ReadonlyArray<Rider>>,
  { delegationId, remaining, free }: { delegationId: string; remaining: number; free: (n: number) => number },
): number | null {
  const open = [...inside.keys()].filter((n) => free(n) > 0);
  const own = open.find((n) => inside[n]?.some((one) => one.delegationId === delegationId));
  if (own !== undefined) return own;
  const fitting = open.filter((n) => free(n) >= remaining).sort((a, b) => free(a) - free(b) || a - b);
  const roomiest = open.toSorted((a, b) => free(b) - free(a) || a - b);
  return fitting[0] ?? roomiest[0] ?? null;
}

/** A trip, as far as it can collide with another. */
export type TripFacts = {
  id: string;
  kind?: TripKind;
  departsAt: number;
  returnsAt: number | null;
  vehicleId: string | null;
  /** The driver's number; drivers are told apart by it. Empty: not known. */
  driverPhone: string;
  invitationIds: ReadonlyArray<string>;
};

export type TripClash = { what: "vehicle" | "driver" | "person"; tripIds: readonly [string, string] };

/** A trip whose end was not settled takes an hour. */
const USUAL_LENGTH = 60 * MINUTE;

/**
 * What two trips at the same time cannot both have: a vehicle, a driver, a passenger. Nobody is fetched from the airport
 * twice, nor taken there, at whatever time.
 */
export function tripClashes(trips: ReadonlyArray<TripFacts>): Array<TripClash> {
  const inOrder = trips.toSorted((a, b) => a.departsAt - b.departsAt || (a.id < b.id ? -1 : 1));
  const atOnce = clashesAtOnce(inOrder);
  const known = new Set(
    atOnce.flatMap(({ what, tripIds }) => (what === "person" ? [tripIds.join(" ")] : [])),
  );
  const twice = inOrder.flatMap((one, n) =>
    one.kind !== "pickup" && one.kind !== "dropoff"
      ? []
      : inOrder.slice(n + 1).flatMap((other): Array<TripClash> => {
          const tripIds = [one.id, other.id] as const;
          return other.kind === one.kind &&
            !known.has(tripIds.join(" ")) &&
            one.invitationIds.some((id) => other.invitationIds.includes(id))
            ? [{ what: "person", tripIds }]
            : [];
        }),
  );
  return [...atOnce, ...twice];
}

function clashesAtOnce(inOrder: ReadonlyArray<TripFacts>): Array<TripClash> {
  return inOrder.flatMap((one, n) => {
    const ends = one.returnsAt ?? one.departsAt + USUAL_LENGTH;
    const later = inOrder.slice(n + 1);
    const first = later.findIndex((other) => other.departsAt >= ends);
    return (first === -1 ? later : later.slice(0, first)).flatMap((other): Array<TripClash> => {
      const tripIds = [one.id, other.id] as const;
      const clashes: Array<TripClash> = [];
      const sameVehicle = one.vehicleId !== null && one.vehicleId === other.vehicleId;
      if (sameVehicle) clashes.push({ what: "vehicle", tripIds });
      const driver = phoneKey(one.driverPhone);
      if (!sameVehicle && driver !== "" && driver === phoneKey(other.driverPhone))
        clashes.push({ what: "driver", tripIds });
      if (one.invitationIds.some((id) => other.invitationIds.includes(id)))
        clashes.push({ what: "person", tripIds });
      return clashes;
    });
  });
}

function phoneKey(phone: string): string {
  return phone.replaceAll(/\D/g, "");
}

/** How many of those who are to sit in a vehicle do, each way. */
export function headcount(
  passengers: ReadonlyArray<{ boardedAt: number | null; returnedAt: number | null }>,
): Record<Count, { there: number; of: number }> {
  const out = passengers.filter((one) => one.boardedAt !== null).length;
  const back = passengers.filter((one) => one.returnedAt !== null).length;
  // Who did not go is not waited for.
  return {
    out: { there: out, of: passengers.length },
    back: { there: back, of: out === 0 ? passengers.length : out },
  };
}
