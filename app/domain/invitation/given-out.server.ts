import { and, eq, gt, inArray, isNull, or } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  assistantLink,
  delivery,
  edition,
  invitation,
  letter,
  trip,
  tripPassenger,
} from "#db/schema/index.ts";
import { dayOf } from "../../i18n/dates.ts";
import { endDevices } from "../access/devices.server.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { leaveRooms } from "../lodging/stock.server.ts";
import { leaveTables } from "../meal/record.server.ts";
import { noteLapsedRides } from "../vehicle/record.server.ts";

/**
 * Ends all that was given out with an invitation that is over, for good: mails that wait, browsers that were let in,
 * assistants' links, letters, rooms from today on, places at tables of meals to come and in vehicles that have not left.
 * Should the person be invited again, none of it comes back by itself.
 */
export function endAllGivenOut(
  tx: Tx,
  ctx: StaffContext,
  invitationId: string,
): {
  mailsCancelled: number;
  assistantLinks: number;
  lettersVoided: number;
  nights: number;
  rides: number;
  seatsAtTables: number;
} {
  const at = ctx.clock.now();
  const mails = tx
    .update(delivery)
    .set({ state: "cancelled", finishedAt: at })
    .where(and(eq(delivery.invitationId, invitationId), inArray(delivery.state, ["queued", "deferred"])))
    .run();
  endDevices(tx, ctx, { invitationId });
  const links = tx
    .update(assistantLink)
    .set({ revokedAt: at })
    .where(and(eq(assistantLink.invitationId, invitationId), isNull(assistantLink.revokedAt)))
    .run();
  const letters = tx
    .update(letter)
    .set({ voidedAt: at })
    .where(and(eq(letter.invitationId, invitationId), isNull(letter.voidedAt)))
    .run();
  return {
    mailsCancelled: mails.changes,
    assistantLinks: links.changes,
    lettersVoided: letters.changes,
    ...leaveWhatWasBooked(tx, ctx, invitationId),
  };
}

/** Gives back what is kept for somebody who does not come, from now on: rooms, seats in vehicles and at tables. */
export function leaveWhatWasBooked(
  tx: Tx,
  ctx: Pick<DomainContext, "clock">,
  invitationId: string,
): { nights: number; rides: number; seatsAtTables: number } {
  const at = ctx.clock.now();
  return {
    ...leaveRooms(tx, { invitationId, from: today(tx, ctx, invitationId), at }),
    rides: leaveVehicles(tx, { invitationId, after: at }),
    seatsAtTables: leaveTables(tx, { invitationId, at }),
  };
}

/** The day on which it is now at the meeting's place. */
function today(tx: Tx, ctx: Pick<DomainContext, "clock">, invitationId: string): string {
  const found = tx
    .select({ timeZone: edition.timeZone })
    .from(invitation)
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .where(eq(invitation.id, invitationId))
    .get();
  return dayOf(ctx.clock.now(), found?.timeZone ?? "UTC");
}

function leaveVehicles(tx: Tx, { invitationId, after }: { invitationId: string; after: number }): number {
  // One for an item of the programme goes by the item; its own time is what the driver was told.
  const found = tx
    .select({ editionId: invitation.editionId })
    .from(invitation)
    .where(eq(invitation.id, invitationId))
    .get();
  const items = newestProgrammeIn(tx, found?.editionId ?? "")?.items ?? [];
  const later = items.filter(({ startsAt }) => startsAt > after).map(({ id }) => id);
  const ahead = tx
    .select({ id: trip.id })
    .from(trip)
    .where(or(gt(trip.departsAt, after), inArray(trip.itemId, later)));
  const seats = and(eq(tripPassenger.invitationId, invitationId), inArray(tripPassenger.tripId, ahead));
  noteLapsedRides(tx, seats);
  return tx.delete(tripPassenger).where(seats).run().changes;
}
