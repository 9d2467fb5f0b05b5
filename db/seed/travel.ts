import type { StaffContext } from "#app/domain/context.ts";
import { travelChecks } from "#app/domain/travel/checks.server.ts";
import { acceptCheck, correctJourney, giveCheck } from "#app/domain/travel/commands.server.ts";
import { type Leg, legEnd } from "#app/domain/travel/rules.ts";
import {
  confirmPickUps,
  driveToItem,
  giveRole,
  saveVehicle,
  seatPassenger,
} from "#app/domain/vehicle/commands.server.ts";
import { manifestPage, pickUpPage, vehicleBoard } from "#app/domain/vehicle/queries.server.ts";
import { clockTime24, dayOf, instantOf } from "#app/i18n/dates.ts";

const ZONE = "Asia/Shanghai";

/** The host's fleet, in the order in which it drives. */
const FLEET = [
  { name: "1号车 Car 1", plate: "京A·D0001", seats: 3, driver: "王师傅", driverPhone: "+86 10 0000 0101" },
  { name: "2号车 Van 2", plate: "京A·D0002", seats: 7, driver: "李师傅", driverPhone: "+86 10 0000 0102" },
  { name: "3号车 Coach 3", plate: "京A·D0003", seats: 33, driver: "张师傅", driverPhone: "+86 10 0000 0103" },
];

/** Who comes and goes when, and in what: a late flight, somebody by train, the host's cars. */
export async function seedTravel({
  clock,
  us,
  cn,
  people,
}: {
  clock: { set(instant: number): void };
  /** The leads of the two sides; the second is the host. */
  us: StaffContext;
  cn: StaffContext;
  people: {
    viaTokyo: string;
    byTrain: string;
    landsAtNight: string;
    released: ReadonlyArray<string>;
  };
}): Promise<void> {
  clock.set(instantOf("2018-10-28", "20:15", ZONE));
  done(
    await correctJourney(us, {
      invitationId: people.viaTokyo,
      direction: "arrival",
      revision: 0,
      means: "mail",
      note: "Rebooked by her office; the answer still has the direct flight.",
      legs: [
        flight(
          "ZZ501",
          ["New York JFK", "2018-12-01", "12:40", "America/New_York"],
          ["Tokyo Haneda", "2018-12-02", "16:55", "Asia/Tokyo"],
        ),
        flight(
          "ZZ711",
          ["Tokyo Haneda", "2018-12-02", "18:30", "Asia/Tokyo"],
          ["Beijing Capital, Terminal 2", "2018-12-02", "21:35", ZONE],
        ),
      ],
    }),
  );
  done(
    await correctJourney(us, {
      invitationId: people.landsAtNight,
      direction: "arrival",
      revision: 0,
      means: "phone",
      note: "Delayed: now lands after the opening.",
      legs: [
        flight(
          "ZZ187",
          ["New York JFK", "2018-12-02", "09:00", "America/New_York"],
          ["Beijing Capital, Terminal 3", "2018-12-03", "12:20", ZONE],
        ),
      ],
    }),
  );
  clock.set(instantOf("2018-10-28", "20:40", ZONE));
  const late = travelChecks(us).find((check) => check.kind === "arrival_after_opening");
  if (late !== undefined) {
    const which = { invitationId: late.traveller.invitationId, kind: late.kind };
    const because = "Speaks on the second day only; the chair knows.";
    done(await acceptCheck(us, { ...which, about: late.about, because }));
  }
  const open = travelChecks(us).find((check) => check.acceptedBecause === "");
  if (open !== undefined)
    done(
      await giveCheck(us, {
        invitationId: open.traveller.invitationId,
        kind: open.kind,
        ownerId: us.actor.id,
      }),
    );

  clock.set(instantOf("2018-10-28", "21:05", ZONE));
  done(
    await correctJourney(cn, {
      invitationId: people.byTrain,
      direction: "arrival",
      revision: 0,
      means: "phone",
      note: "",
      legs: [
        {
          means: "train",
          number: "G000",
          from: legEnd({ place: "上海虹桥站", on: "2018-12-02", time: "08:00", zone: ZONE }),
          to: legEnd({ place: "北京南站", on: "2018-12-02", time: "12:28", zone: ZONE }),
        },
      ],
    }),
  );
  const vehicleIds: Array<string> = [];
  for (const [position, facts] of FLEET.entries())
    vehicleIds.push(
      done(await saveVehicle(cn, { ...facts, vehicleId: null, position, revision: 0 })).vehicleId,
    );
  clock.set(instantOf("2018-10-28", "21:20", ZONE));
  await pickUps(cn);
  // After the cars were planned the flight from Tokyo is late: its car does not meet it any more, and says so on every board.
  clock.set(instantOf("2018-10-28", "21:25", ZONE));
  done(
    await correctJourney(us, {
      invitationId: people.viaTokyo,
      direction: "arrival",
      revision: 1,
      means: "phone",
      note: "The airline has moved the second leg by two hours and a quarter.",
      legs: [
        flight(
          "ZZ501",
          ["New York JFK", "2018-12-01", "12:40", "America/New_York"],
          ["Tokyo Haneda", "2018-12-02", "16:55", "Asia/Tokyo"],
        ),
        flight(
          "ZZ711",
          ["Tokyo Haneda", "2018-12-02", "20:45", "Asia/Tokyo"],
          ["Beijing Capital, Terminal 2", "2018-12-02", "23:50", ZONE],
        ),
      ],
    }),
  );
  await toTheCourt(cn, { vehicleIds, released: people.released });
}

/** All but the last of the cars that are proposed: one is left to be confirmed. */
async function pickUps(cn: StaffContext): Promise<void> {
  const { proposed } = pickUpPage(cn, "arrival");
  const groups = proposed.slice(0, -1).map((group) => ({
    take: "on" as const,
    people: group.people.map((one) => one.invitationId).join(" "),
    vehicleId: group.vehicleId ?? "",
    day: dayOf(group.departsAt, ZONE),
    time: clockTime24(group.departsAt, ZONE),
    fromPlace: group.place,
    toPlace: "示例饭店 Sample Hotel",
    sign: ["法治对话 Dialogue 2018", ...group.people.map((one) => one.nameLatin || one.nameNative)].join(
      "\n",
    ),
  }));
  done(await confirmPickUps(cn, { direction: "arrival", groups }));
}

/** The coach to the Internet Court carries both sides: the other's people as far as they were released. */
async function toTheCourt(
  cn: StaffContext,
  { vehicleIds, released }: { vehicleIds: ReadonlyArray<string>; released: ReadonlyArray<string> },
): Promise<void> {
  const item = vehicleBoard(cn).items.find((one) => one.titleEn.includes("Internet Court"));
  if (item === undefined) throw new Error("The demonstration's programme has no visit to the Internet Court");
  done(
    await driveToItem(cn, {
      itemId: item.id,
      vehicleIds: vehicleIds.slice(2),
      minutesBefore: 60,
      minutesAfter: 15,
      fromPlace: "示例饭店 Sample Hotel",
      toPlace: "北京互联网法院 Beijing Internet Court",
    }),
  );
  const trip = vehicleBoard(cn).trips.find((one) => one.itemId === item.id);
  if (trip === undefined) throw new Error("Nobody of the demonstration is driven to the Internet Court");
  for (const invitationId of released) done(await seatPassenger(cn, { tripId: trip.tripId, invitationId }));
  const [first] = manifestPage(cn, trip.tripId)?.passengers ?? [];
  if (first !== undefined)
    done(await giveRole(cn, { tripId: trip.tripId, passengerId: first.passengerId, role: "captain" }));
}

type Told = readonly [place: string, on: string, time: string, zone: string];

function flight(number: string, from: Told, to: Told): Leg {
  const end = ([place, on, time, zone]: Told) => legEnd({ place, on, time, zone });
  return { means: "flight", number, from: end(from), to: end(to) };
}

function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration's travel was refused: ${result.refusal}`);
  return result.value;
}
