import { clockTime24, dayOf } from "../../i18n/dates.ts";
import type { DraftItem } from "./draft.server.ts";

/** The item as its form shows it: by the wall clock of the edition's zone. */
export function itemValues(
  item: Omit<DraftItem, "functions">,
  timeZone: string,
): Record<string, string | ReadonlyArray<string>> {
  const { visit, seats } = item;
  const time = (instant: number | null | undefined) =>
    typeof instant === "number" ? clockTime24(instant, timeZone) : "";
  const deadline = seats?.clearanceDeadline ?? null;
  return {
    kind: item.kind,
    day: dayOf(item.startsAt, timeZone),
    start: time(item.startsAt),
    end: time(item.endsAt),
    titleEn: item.titleEn,
    titleZh: item.titleZh,
    placeEn: item.placeEn,
    placeZh: item.placeZh,
    venueId: item.venueId ?? "",
    fromVenueId: item.fromVenueId ?? "",
    languagePair: item.details?.languagePair ?? "",
    audience: item.audience,
    delegationIds: item.delegationIds,
    attribution: item.attribution ?? "",
    interpretation: item.interpretation ?? "",
    internalNote: item.internalNote,
    hostEn: visit?.hostEn ?? "",
    hostZh: visit?.hostZh ?? "",
    capacity: seats === null ? "" : String(seats.capacity),
    ...Object.fromEntries(
      Object.entries(seats?.quotas ?? {}).map(([id, limit]) => [`seats.${id}`, String(limit)]),
    ),
    meetTime: time(visit?.meetAt),
    meetingPointEn: visit?.meetingPointEn ?? "",
    meetingPointZh: visit?.meetingPointZh ?? "",
    dressEn: visit?.dressEn ?? item.details?.dressEn ?? "",
    dressZh: visit?.dressZh ?? item.details?.dressZh ?? "",
    bringEn: visit?.bringEn ?? item.details?.bringEn ?? "",
    bringZh: visit?.bringZh ?? item.details?.bringZh ?? "",
    deadlineDay: deadline === null ? "" : dayOf(deadline, timeZone),
    deadlineTime: time(deadline),
  };
}
