import { and, eq, inArray, isNull, or } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { agendaItem, cue, edition, siteVisit } from "#db/schema/index.ts";
import type { AgendaKind, CueAnchor } from "#db/vocabulary.ts";
import { clockTime24, dayOf } from "../../i18n/dates.ts";
import type { StaffScope } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { dueAt } from "./rules.ts";

/** An item of the draft, as far as the run of show hangs on it. */
export type ShowItem = {
  id: string;
  kind: AgendaKind;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  /** When a visit's group gathers, and where. */
  meetAt: number | null;
  meetingPointEn: string;
  meetingPointZh: string;
};

export type CueView = {
  id: string;
  at: number;
  anchor: CueAnchor;
  itemId: string | null;
  offset: number | null;
  what: string;
  who: string;
  /** Its own place; empty: where the item is. */
  place: string;
  note: string;
  /** Both sides see it. */
  shared: boolean;
  updatedAt: number;
};

export type RunOfShow = { now: number; timeZone: string; items: Array<ShowItem>; cues: Array<CueView> };

/** What both sides keep, and what is one's own side's. */
export function ownCues({ editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">) {
  return and(eq(cue.editionId, editionId), or(isNull(cue.sideId), inArray(cue.sideId, [...sideIds])));
}

/** The cues that are the reader's to see, with the items of the draft, in the order of time. */
export function runOfShow(ctx: StaffContext): RunOfShow {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const items = showItems(orm, editionId);
  const byId = new Map(items.map((item) => [item.id, item]));
  const cues = orm
    .select()
    .from(cue)
    .where(ownCues(ctx.scope))
    .all()
    .flatMap(({ sideId, editionId: _, at: clock, ...row }): Array<CueView> => {
      const at = dueAt({ ...row, at: clock }, row.itemId === null ? undefined : byId.get(row.itemId));
      return at === null ? [] : [{ ...row, at, shared: sideId === null }];
    });
  return {
    now: ctx.clock.now(),
    timeZone: zoneOf(orm, editionId),
    items,
    cues: cues.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
  };
}

function showItems(orm: Orm, editionId: string): Array<ShowItem> {
  return orm
    .select({
      id: agendaItem.id,
      kind: agendaItem.kind,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      placeEn: agendaItem.placeEn,
      placeZh: agendaItem.placeZh,
      meetAt: siteVisit.meetAt,
      meetingPointEn: siteVisit.meetingPointEn,
      meetingPointZh: siteVisit.meetingPointZh,
    })
    .from(agendaItem)
    .leftJoin(siteVisit, eq(siteVisit.itemId, agendaItem.id))
    .where(eq(agendaItem.editionId, editionId))
    .orderBy(agendaItem.startsAt, agendaItem.endsAt, agendaItem.id)
    .all()
    .map((row) => ({
      ...row,
      meetingPointEn: row.meetingPointEn ?? "",
      meetingPointZh: row.meetingPointZh ?? "",
    }));
}

function zoneOf(orm: Orm, editionId: string): string {
  const found = orm
    .select({ timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (found === undefined) throw new Error("A scope names an edition that does not exist");
  return found.timeZone;
}

/** A cue as its form shows it: by the wall clock of the edition's zone. */
export function cueValues(cueView: CueView, timeZone: string): Record<string, string> {
  return {
    anchor: cueView.anchor,
    day: dayOf(cueView.at, timeZone),
    time: clockTime24(cueView.at, timeZone),
    itemId: cueView.itemId ?? "",
    offset: String(cueView.offset ?? 0),
    what: cueView.what,
    who: cueView.who,
    place: cueView.place,
    note: cueView.note,
    shared: cueView.shared ? "on" : "",
  };
}
