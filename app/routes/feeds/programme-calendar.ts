import type { LoaderFunctionArgs } from "@remix-run/node";
import { calendarHolder, notFound, servicesOf } from "../../context.server.ts";
import { programmeCalendar } from "../../documents/calendar.ts";
import { calledOffFor, programmeOf } from "../../domain/agenda/queries.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { invitationLetter } from "../../domain/invitation/reply.server.ts";
import { lostTrips, ownTrips } from "../../domain/vehicle/own-trips.server.ts";

/** Somebody's own programme as a calendar file; not there before the first version is published, nor for who declined. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, locale } = await calendarHolder(args);
  const letter = invitationLetter(ctx);
  // Who does not come is shown no programme: it tells where people are.
  if (letter === null || letter.closed === "withdrawn" || letter.reply === "declined") throw notFound();
  const programme = programmeOf(ctx, holder);
  if (programme.version === null) throw notFound();
  const edition = editionFacts(ctx, holder.editionId);
  // Each co-host has its own title of the edition; people get the one of their side.
  const title = edition.coHosts.find((host) => host.id === holder.sideId) ?? edition;
  const file = programmeCalendar({
    items: programme.items,
    calledOff: calledOffFor(ctx, holder),
    trips: ownTrips(ctx, holder).filter(({ withItem }) => !withItem),
    lostTrips: lostTrips(ctx, holder),
    invitationId: holder.invitationId,
    editionTitle: locale === "en" ? title.titleEn : title.titleZh,
    timeZone: edition.timeZone,
    locale,
    version: programme.version,
    stampedAt: ctx.clock.now(),
    organizer: servicesOf(args).environment.mailFrom,
  });
  return new Response(file, {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": 'attachment; filename="programme.ics"',
      "Cache-Control": "private, no-store",
    },
  });
}
