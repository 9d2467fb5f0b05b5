/**
 * Journeys that come from a list: for many people at once, of each the leg that touches the city. They are staff's word, over
 * what the traveller told, as any correction is.
 */
import { and, asc, eq, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { journey, travelLeg } from "#db/schema/index.ts";
import type { Direction } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { answerDigest, type Journey, legColumns } from "./journey.server.ts";
import { type Leg, legEnd, numberKey } from "./rules.ts";

/** What is known of the leg that touches the city, as a list has it. `far`: its other end, `at`: where in the city. */
export type CityLeg = {
  by: Leg["means"] | "";
  number: string;
  far: string;
  on: string;
  time: string;
  zone: string;
  at: string;
};

const NO_LEG: CityLeg = { by: "", number: "", far: "", on: "", time: "", zone: "", at: "" };

/** That leg of a journey as it counts now. */
export function cityLegOf(direction: Direction, known: Journey | undefined): CityLeg {
  const leg = direction === "arrival" ? known?.legs.at(-1) : known?.legs[0];
  if (leg === undefined) return NO_LEG;
  const [here, there] = direction === "arrival" ? [leg.to, leg.from] : [leg.from, leg.to];
  const { on, time, zone, place } = here;
  return { by: leg.means, number: leg.number, far: there.place, on, time, zone, at: place };
}

/** A leg besides, as a list has it: day and time are those of its end towards the city. */
export type ListedLeg = {
  by: Leg["means"];
  number: string;
  from: string;
  to: string;
  on: string;
  time: string;
  zone: string;
};

/** Other legs in the place of those there were. What a list does not know of one that has its number stays. */
function withOnward(
  direction: Direction,
  legs: ReadonlyArray<Leg>,
  onward: ReadonlyArray<ListedLeg>,
): Array<Leg> {
  const city = direction === "arrival" ? legs.slice(-1) : legs.slice(0, 1);
  const were = direction === "arrival" ? legs.slice(0, -1) : legs.slice(1);
  const others = onward.map(({ by, number, from, to, on, time, zone }): Leg => {
    const before = were.find((leg) => numberKey(leg.number) === numberKey(number));
    const near = legEnd({ place: direction === "arrival" ? to : from, on, time, zone });
    const far = {
      ...((direction === "arrival" ? before?.from : before?.to) ??
        legEnd({ place: "", on: "", time: "", zone })),
      place: direction === "arrival" ? from : to,
    };
    const [start, end] = direction === "arrival" ? [far, near] : [near, far];
    return { means: by, number, from: start, to: end };
  });
  return direction === "arrival" ? [...others, ...city] : [...city, ...others];
}

function withCityLeg(direction: Direction, legs: ReadonlyArray<Leg>, city: CityLeg): Array<Leg> {
  const index = direction === "arrival" ? legs.length - 1 : 0;
  const before = legs[index];
  const here = legEnd({ place: city.at, on: city.on, time: city.time, zone: city.zone });
  const far = direction === "arrival" ? before?.from : before?.to;
  // Another flight leaves at another time than the one before it: what is not told of it is not known.
  const numberBefore = numberKey(before?.number ?? "");
  const isOther = numberBefore !== "" && numberBefore !== numberKey(city.number);
  const there =
    far === undefined || isOther
      ? legEnd({ place: city.far, on: "", time: "", zone: far?.zone ?? city.zone })
      : { ...far, place: city.far };
  const leg: Leg = {
    means: city.by === "" ? "other" : city.by,
    number: city.number,
    from: direction === "arrival" ? there : here,
    to: direction === "arrival" ? here : there,
  };
  return before === undefined ? [leg] : legs.map((one, n) => (n === index ? leg : one));
}

type Row = typeof journey.$inferSelect;
type LegRow = typeof travelLeg.$inferSelect;

/** What it takes to put one way back as it was. */
export type ListedLegTrace = {
  was: { journey: Row | null; legs: ReadonlyArray<LegRow> };
  is: Pick<Row, "revision" | "updatedAt" | "updatedBy">;
};

const rowOf = prepared((orm) =>
  orm
    .select()
    .from(journey)
    .where(
      and(
        eq(journey.invitationId, sql.placeholder("invitation")),
        eq(journey.direction, sql.placeholder("direction")),
      ),
    )
    .prepare(),
);
const legRows = prepared((orm) =>
  orm
    .select()
    .from(travelLeg)
    .where(
      and(
        eq(travelLeg.invitationId, sql.placeholder("invitation")),
        eq(travelLeg.direction, sql.placeholder("direction")),
      ),
    )
    .orderBy(asc(travelLeg.position))
    .prepare(),
);
const dropLegs = prepared((orm) =>
  orm
    .delete(travelLeg)
    .where(
      and(
        eq(travelLeg.invitationId, sql.placeholder("invitation")),
        eq(travelLeg.direction, sql.placeholder("direction")),
      ),
    )
    .prepare(),
);
const putJourney = prepared((orm) =>
  orm
    .insert(journey)
    .values({
      invitationId: sql.placeholder("invitation"),
      direction: sql.placeholder("direction"),
      means: "list",
      note: "",
      answerSeen: sql.placeholder("answerSeen"),
      revision: sql.placeholder("revision"),
      updatedAt: sql.placeholder("at"),
      updatedBy: sql.placeholder("by"),
    })
    .onConflictDoUpdate({
      target: [journey.invitationId, journey.direction],
      set: {
        means: sql`excluded.means`,
        note: sql`excluded.note`,
        revision: sql`excluded.revision`,
        updatedAt: sql`excluded.updated_at`,
        updatedBy: sql`excluded.updated_by`,
      },
    })
    .prepare(),
);
const putLeg = prepared((orm) =>
  orm
    .insert(travelLeg)
    .values({
      id: sql.placeholder("id"),
      invitationId: sql.placeholder("invitation"),
      direction: sql.placeholder("direction"),
      position: sql.placeholder("position"),
      means: sql.placeholder("means"),
      number: sql.placeholder("number"),
      fromPlace: sql.placeholder("fromPlace"),
      departsOn: sql.placeholder("departsOn"),
      departsTime: sql.placeholder("departsTime"),
      departsZone: sql.placeholder("departsZone"),
      departsAt: sql.placeholder("departsAt"),
      toPlace: sql.placeholder("toPlace"),
      arrivesOn: sql.placeholder("arrivesOn"),
      arrivesTime: sql.placeholder("arrivesTime"),
      arrivesZone: sql.placeholder("arrivesZone"),
      arrivesAt: sql.placeholder("arrivesAt"),
    })
    .prepare(),
);

/**
 * Writes what a list says of one way of somebody of this side who is to come: the caller has looked.
 *
 * @param known the journey as it counts now; undefined: nothing is known of it.
 * @param onward the legs besides; null: they stay as they are.
 */
export function writeListedLeg(
  tx: Tx,
  ctx: StaffContext,
  {
    invitationId,
    direction,
    sideId,
    known,
    city,
    onward,
  }: {
    invitationId: string;
    direction: Direction;
    sideId: string;
    known: Journey | undefined;
    city: CityLeg;
    onward: ReadonlyArray<ListedLeg> | null;
  },
): ListedLegTrace {
  const way = { invitation: invitationId, direction };
  const was = { journey: rowOf(tx).get(way) ?? null, legs: legRows(tx).all(way) };
  const is = {
    revision: (was.journey?.revision ?? 0) + 1,
    updatedAt: ctx.clock.now(),
    updatedBy: ctx.actor.id,
  };
  putJourney(tx).run({
    ...way,
    // What the traveller said since an earlier correction is still news.
    answerSeen: was.journey?.answerSeen ?? answerDigest(known?.answer ?? []),
    revision: is.revision,
    at: is.updatedAt,
    by: is.updatedBy,
  });
  dropLegs(tx).run(way);
  const legs = withCityLeg(direction, known?.legs ?? [], city);
  for (const [position, leg] of (onward === null ? legs : withOnward(direction, legs, onward)).entries())
    putLeg(tx).run({
      ...way,
      id: newId(),
      position,
      ...legColumns(leg),
    });
  recordAudit(tx, ctx, {
    action: "travel.correct",
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: ctx.scope.editionId,
    sideId,
    details: { direction },
  });
  return { was, is };
}

/** Puts one way back as it was before a list, row for row. Says whether it was still as the list had left it. */
export function takeListedLegBack(
  tx: Tx,
  { invitationId, direction, trace }: { invitationId: string; direction: Direction; trace: ListedLegTrace },
): boolean {
  const way = { invitation: invitationId, direction };
  const now = rowOf(tx).get(way);
  const { was, is } = trace;
  const isAsLeft =
    now !== undefined &&
    now.revision === is.revision &&
    now.updatedAt === is.updatedAt &&
    now.updatedBy === is.updatedBy;
  if (!isAsLeft) return false;
  const here = and(eq(journey.invitationId, invitationId), eq(journey.direction, direction));
  dropLegs(tx).run(way);
  if (was.journey === null) tx.delete(journey).where(here).run();
  else {
    tx.update(journey).set(was.journey).where(here).run();
    for (const leg of was.legs) tx.insert(travelLeg).values(leg).run();
  }
  return true;
}
