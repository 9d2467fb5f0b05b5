import { and, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, ownWay, staffPermission, user } from "#db/schema/index.ts";
import type { Direction } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { type Traveller, travellers } from "./board.server.ts";
import { type Journeys, journeysOfSide, zoneOf } from "./journey.server.ts";

export type JourneyPage = {
  traveller: Traveller;
  journeys: Journeys;
  apart: Readonly<Record<Direction, boolean>>;
  /** Names of those who wrote, as far as they are colleagues. */
  writers: Readonly<Record<string, string>>;
  /** The clock at the far end, as far as nobody has told it: that of where they live. */
  homeZone: string;
  /** Clocks that legs of this person probably go by. */
  zones: ReadonlyArray<string>;
};

/** Clocks of cities through which people come. */
const USUAL_ZONES = [
  "Asia/Shanghai",
  "Asia/Hong_Kong",
  "Asia/Tokyo",
  "Asia/Seoul",
  "Asia/Singapore",
  "Asia/Dubai",
  "Europe/London",
  "Europe/Paris",
  "Europe/Berlin",
  "Europe/Brussels",
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Los_Angeles",
];

/** How one of one's own people travels; null when there is nobody by that id to come. */
export function journeyPage(ctx: StaffContext, invitationId: string): JourneyPage | null {
  const { orm } = ctx.db;
  const traveller = travellers(orm, ctx.scope).find((one) => one.invitationId === invitationId);
  const journeys = journeysOfSide(orm, ctx.scope).get(invitationId);
  if (traveller === undefined || journeys === undefined) return null;
  const apart = orm
    .select({ direction: ownWay.direction })
    .from(ownWay)
    .where(eq(ownWay.invitationId, invitationId))
    .all()
    .map((row) => row.direction);
  const stored = [journeys.arrival, journeys.departure].flatMap(({ legs }) =>
    legs.flatMap((leg) => [leg.from.zone, leg.to.zone]),
  );
  const first = [zoneOf(orm, ctx.scope.editionId), ...homeZones(orm, ctx)];
  const home = orm
    .select({ zone: delegation.homeTimeZone })
    .from(delegation)
    .where(eq(delegation.id, traveller.delegationId))
    .get();
  return {
    traveller,
    journeys,
    apart: { arrival: apart.includes("arrival"), departure: apart.includes("departure") },
    homeZone: home?.zone ?? zoneOf(orm, ctx.scope.editionId),
    writers: writersOf(ctx, journeys),
    zones: [...new Set([...first, ...stored, ...USUAL_ZONES])],
  };
}

function homeZones(orm: Orm, ctx: StaffContext): Array<string> {
  return orm
    .selectDistinct({ zone: delegation.homeTimeZone })
    .from(delegation)
    .where(eq(delegation.editionId, ctx.scope.editionId))
    .all()
    .map(({ zone }) => zone);
}

function writersOf(ctx: StaffContext, journeys: Journeys): Record<string, string> {
  const ids = [journeys.arrival, journeys.departure].flatMap(({ correction }) =>
    correction === null ? [] : [correction.updatedBy],
  );
  return Object.fromEntries(
    ctx.db.orm
      .selectDistinct({ id: user.id, name: user.name })
      .from(user)
      .innerJoin(staffPermission, eq(staffPermission.userId, user.id))
      .where(and(inArray(user.id, ids), inArray(staffPermission.coHostId, [...ctx.scope.sideIds])))
      .all()
      .map(({ id, name }) => [id, name]),
  );
}
