import { asc, eq, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { agendaItem, venue, venueWay } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { byHouse, type Venue, type Way } from "./rules.ts";

const venuesOf = prepared((orm) =>
  orm
    .select({
      id: venue.id,
      nameEn: venue.nameEn,
      nameZh: venue.nameZh,
      addressEn: venue.addressEn,
      addressZh: venue.addressZh,
      withinId: venue.withinId,
      capacity: venue.capacity,
    })
    .from(venue)
    .where(eq(venue.editionId, sql.placeholder("edition")))
    .orderBy(asc(venue.nameEn), asc(venue.id))
    .prepare(),
);

const waysOf = prepared((orm) =>
  orm
    .select({ oneId: venueWay.oneId, otherId: venueWay.otherId, minutes: venueWay.minutes })
    .from(venueWay)
    .innerJoin(venue, eq(venue.id, venueWay.oneId))
    .where(eq(venue.editionId, sql.placeholder("edition")))
    .orderBy(asc(venueWay.oneId), asc(venueWay.otherId))
    .prepare(),
);

/** An edition's places, houses with their rooms, and the ways between houses. Both sides plan with the same ones. */
export function venuesIn(orm: Orm, editionId: string): { venues: Array<Venue>; ways: Array<Way> } {
  const edition = { edition: editionId };
  return { venues: byHouse(venuesOf(orm).all(edition)), ways: waysOf(orm).all(edition) };
}

export type VenueList = {
  venues: Array<Venue & { items: number; rooms: number }>;
  ways: Array<Way>;
};

/** The places with how often the draft uses each. */
export function venueList(ctx: StaffContext): VenueList {
  const { orm } = ctx.db;
  const { venues, ways } = venuesIn(orm, ctx.scope.editionId);
  const used = orm
    .select({ venueId: agendaItem.venueId, fromId: agendaItem.fromVenueId })
    .from(agendaItem)
    .where(eq(agendaItem.editionId, ctx.scope.editionId))
    .all();
  return {
    venues: venues.map((one) => ({
      ...one,
      items: used.filter((row) => row.venueId === one.id || row.fromId === one.id).length,
      rooms: venues.filter(({ withinId }) => withinId === one.id).length,
    })),
    ways,
  };
}
