/**
 * What is made of somebody's answers, kind by kind: where to look whether there is something of theirs, and by what words a
 * list calls it. Whoever builds another thing of that sort adds it here.
 */
import { and, eq, gt, inArray, isNotNull, isNull, lt, ne, notInArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaItem,
  clearanceEntry,
  clearancePart,
  clearanceVersion,
  hotel,
  letter,
  release,
  releasePerson,
  roomingList,
  siteVisit,
  trip,
  tripPassenger,
  visitPlace,
} from "#db/schema/index.ts";
import type { RedoKind } from "#db/vocabulary.ts";
import { touches } from "./rules.ts";

/** What a thing is called in a list, in each language; either may be empty. */
export type SubjectName = { en: string; zh: string };

export type Dependent = {
  kind: RedoKind;
  /** Ids of the things of this person's that a change of these answers makes stale. */
  find(orm: Orm, whose: { invitationId: string; fields: ReadonlyArray<string>; now: number }): Array<string>;
  /** What they are called. One that is no longer good needs nothing done, and is left out. */
  names(orm: Orm, subjectIds: ReadonlyArray<string>): Map<string, SubjectName>;
};

const letters: Dependent = {
  kind: "letter",
  find: (orm, { invitationId, fields }) =>
    fields.some((field) => touches("letter", field))
      ? orm
          .select({ id: letter.id })
          .from(letter)
          .where(and(eq(letter.invitationId, invitationId), isNull(letter.voidedAt)))
          .all()
          .map(({ id }) => id)
      : [],
  names: (orm, ids) =>
    new Map(
      orm
        .select({ id: letter.id, number: letter.number })
        .from(letter)
        .where(and(inArray(letter.id, [...ids]), isNull(letter.voidedAt)))
        .all()
        .map(({ id, number }) => [id, { en: number, zh: number }]),
    ),
};

/** Files that were handed to somebody outside, but for lists of hosts and hotels, which stand here by themselves. The other side looks, and sees what stands there now. */
const releases: Dependent = {
  kind: "release",
  find: (orm, { invitationId, fields, now }) =>
    orm
      .select({ id: release.id, columns: release.columns })
      .from(release)
      .innerJoin(releasePerson, eq(releasePerson.releaseId, release.id))
      .where(
        and(
          eq(releasePerson.invitationId, invitationId),
          isNull(release.toCoHostId),
          isNull(release.revokedAt),
          gt(release.expiresAt, now),
          notInArray(release.id, orm.select({ id: roomingList.releaseId }).from(roomingList)),
          notInArray(
            release.id,
            orm
              .select({ id: sql<string>`${clearancePart.releaseId}` })
              .from(clearancePart)
              .where(isNotNull(clearancePart.releaseId)),
          ),
        ),
      )
      .all()
      .filter(({ columns }) => {
        const named: ReadonlyArray<string> = JSON.parse(columns);
        return fields.some((field) => named.includes(field === "mobile" ? "phone" : field));
      })
      .map(({ id }) => id),
  names: (orm, ids) =>
    new Map(
      orm
        .select({ id: release.id, recipient: release.recipient })
        .from(release)
        .where(and(inArray(release.id, [...ids]), isNull(release.revokedAt)))
        .all()
        .map(({ id, recipient }) => [id, { en: recipient, zh: recipient }]),
    ),
};

/** Lists that a visit's host has, in the newest version, or was to have by now. */
const clearanceLists: Dependent = {
  kind: "clearance_list",
  find: (orm, { invitationId, fields, now }) =>
    fields.some((field) => touches("clearance_list", field))
      ? [...new Set([...sentLists(orm, invitationId), ...overdueLists(orm, { invitationId, now })])]
      : [],
  names: (orm, ids) =>
    new Map(
      orm
        .select({ id: siteVisit.id, en: agendaItem.titleEn, zh: agendaItem.titleZh })
        .from(siteVisit)
        .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
        .where(inArray(siteVisit.id, [...ids]))
        .all()
        .map(({ id, ...name }) => [id, name]),
    ),
};

/** Visits whose newest frozen list names somebody. */
function sentLists(orm: Orm, invitationId: string): Array<string> {
  return orm
    .select({ id: clearanceVersion.visitId })
    .from(clearanceEntry)
    .innerJoin(clearanceVersion, eq(clearanceVersion.id, clearanceEntry.versionId))
    .where(
      and(
        eq(clearanceEntry.invitationId, invitationId),
        sql`${clearanceVersion.number} = (select max(newer.number) from clearance_version newer where newer.visit_id = ${clearanceVersion.visitId})`,
      ),
    )
    .all()
    .map(({ id }) => id);
}

function overdueLists(orm: Orm, { invitationId, now }: { invitationId: string; now: number }): Array<string> {
  return orm
    .select({ id: siteVisit.id })
    .from(visitPlace)
    .innerJoin(siteVisit, eq(siteVisit.id, visitPlace.visitId))
    .where(
      and(
        eq(visitPlace.invitationId, invitationId),
        ne(visitPlace.state, "waiting"),
        isNotNull(siteVisit.clearanceDeadline),
        lt(siteVisit.clearanceDeadline, now),
      ),
    )
    .all()
    .map(({ id }) => id);
}

/** Rooming lists that a hotel has, in the newest version of the side. */
const hotelLines: Dependent = {
  kind: "hotel_line",
  find: (orm, { invitationId, fields }) =>
    fields.some((field) => touches("hotel_line", field))
      ? orm
          .selectDistinct({ id: roomingList.hotelId })
          .from(roomingList)
          .innerJoin(releasePerson, eq(releasePerson.releaseId, roomingList.releaseId))
          .where(
            and(
              eq(releasePerson.invitationId, invitationId),
              sql`${roomingList.number} = (select max(newer.number) from rooming_list newer where newer.hotel_id = ${roomingList.hotelId} and newer.co_host_id = ${roomingList.coHostId})`,
            ),
          )
          .all()
          .map(({ id }) => id)
      : [],
  names: (orm, ids) =>
    new Map(
      orm
        .select({ id: hotel.id, en: hotel.nameEn, zh: hotel.nameZh })
        .from(hotel)
        .where(inArray(hotel.id, [...ids]))
        .all()
        .map(({ id, ...name }) => [id, name]),
    ),
};

const rides: Dependent = {
  kind: "ride",
  find: (orm, { invitationId, fields, now }) =>
    fields.some((field) => touches("ride", field))
      ? orm
          .select({ id: trip.id })
          .from(tripPassenger)
          .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
          .where(
            and(
              eq(tripPassenger.invitationId, invitationId),
              gt(trip.departsAt, now),
              isNull(trip.calledOffAt),
            ),
          )
          .all()
          .map(({ id }) => id)
      : [],
  names: (orm, ids) =>
    new Map(
      orm
        .select({ id: trip.id, way: sql<string>`${trip.fromPlace} || ' → ' || ${trip.toPlace}` })
        .from(trip)
        .where(inArray(trip.id, [...ids]))
        .all()
        .map(({ id, way }) => [id, { en: way, zh: way }]),
    ),
};

/** A consent that was taken back: marked by the command that takes it, and named by the catalogue or the form. */
const consents: Dependent = {
  kind: "consent",
  find: () => [],
  names: (_, ids) => new Map(ids.map((id) => [id, { en: "", zh: "" }])),
};

export const DEPENDENTS: ReadonlyArray<Dependent> = [
  letters,
  releases,
  clearanceLists,
  hotelLines,
  rides,
  consents,
];
