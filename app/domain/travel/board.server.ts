import { and, asc, eq, inArray, isNull, ne } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, edition, invitation, ownWay, person } from "#db/schema/index.ts";
import type { Category, Direction, LegMeans, Reply } from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import type { StaffScope } from "../access/rules.ts";
import { newestProgrammeIn } from "../agenda/queries.server.ts";
import type { PublishedItem } from "../agenda/rules.ts";
import type { StaffContext } from "../context.ts";
import { type ReleasedFacts, releasedFacts } from "../privacy/release.server.ts";
import type { ReleaseColumn } from "../privacy/release.ts";
import { instantOrNull, TRAVEL_MEANS } from "../registration/rules.ts";
import { type Journeys, journeysOf, journeysOfSide } from "./journey.server.ts";
import { cityEnd, cityLeg, type Leg } from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "clock" | "scope">;

/** Somebody of one's own side, as travel lists name them. */
export type Traveller = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  familyLatin: string;
  givenLatin: string;
  phone: string | null;
  category: Category;
  reply: Reply;
  delegationId: string;
  delegationEn: string;
  delegationZh: string;
  sideId: string;
};

/** Those of one's own side who are to come, by delegation, in the side's own order. */
export function travellers(orm: Orm, { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">) {
  return orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      phone: person.phone,
      category: invitation.category,
      reply: invitation.reply,
      delegationId: delegation.id,
      delegationEn: delegation.nameEn,
      delegationZh: delegation.nameZh,
      sideId: delegation.coHostId,
      protocolOrder: invitation.protocolOrder,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
        ne(invitation.reply, "declined"),
      ),
    )
    .orderBy(asc(delegation.position), asc(person.sortKey), asc(person.id))
    .all()
    .sort((a, b) => rank(a) - rank(b))
    .map(({ protocolOrder: _order, ...one }): Traveller => one);
}

/** By hand where somebody gave an order; the others as they stand. */
function rank({ protocolOrder }: { protocolOrder: number | null }): number {
  return protocolOrder ?? Number.MAX_SAFE_INTEGER;
}

/** A line of the board: one way of one person, as far as this reader may know it. */
export type BoardLine = {
  invitationId: string;
  /** Another side's: what stands here was released. */
  released: boolean;
  nameLatin: string;
  nameNative: string;
  delegationId: string;
  delegationEn: string;
  delegationZh: string;
  phone: string | null;
  means: LegMeans | null;
  number: string;
  far: string;
  place: string;
  at: number | null;
  /** Of several legs: how many. */
  legs: number;
  corrected: boolean;
  answerChanged: boolean;
  ownWay: boolean;
  /** They said that they come; others may still. */
  accepted: boolean;
};

const NAMED: ReadonlyArray<ReleaseColumn> = ["nameLatin", "nameNative", "phone"];
const ABOUT: Readonly<Record<Direction, ReadonlyArray<ReleaseColumn>>> = {
  arrival: ["arrivalBy", "arrivalNumber", "arrivalFrom", "arrivalOn", "arrivalTime", "arrivalAt"],
  departure: [
    "departureBy",
    "departureNumber",
    "departureTo",
    "departureOn",
    "departureTime",
    "departureFrom",
  ],
};

/** Who comes, or goes, when: one's own people, and others as far as they were released. In the order of time. */
export function travelBoard(ctx: Reader, direction: Direction): Array<BoardLine> {
  const { orm } = ctx.db;
  const journeys = journeysOfSide(orm, ctx.scope);
  const apart = ownWays(orm, ctx.scope, direction);
  const lines = travellers(orm, ctx.scope).flatMap((one) => {
    const ways = journeys.get(one.invitationId);
    return ways === undefined ? [] : [ownLine(one, ways, direction, apart.has(one.invitationId))];
  });
  return [...lines, ...releasedLines(ctx, direction)].sort(
    (a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY) || 0,
  );
}

/** By what somebody comes, or goes. */
export type WayThere = Pick<BoardLine, "means" | "number" | "far" | "place" | "at">;

/** The same of these people alone, as far as this reader may know it, by invitation. */
export function waysThere(
  ctx: Reader,
  direction: Direction,
  invitationIds: ReadonlyArray<string>,
): Map<string, WayThere> {
  const own = journeysOf(
    ctx.db.orm,
    ctx.scope.editionId,
    and(
      inArray(invitation.id, [...invitationIds]),
      eq(invitation.editionId, ctx.scope.editionId),
      inArray(delegation.coHostId, [...ctx.scope.sideIds]),
    ),
  );
  const others = invitationIds.some((id) => !own.has(id)) ? releasedLines(ctx, direction) : [];
  return new Map<string, WayThere>([
    ...others.map((line) => [line.invitationId, line] as const),
    ...[...own].map(([id, journeys]) => [id, ownWayThere(journeys, direction)] as const),
  ]);
}

function ownWayThere(journeys: Journeys, direction: Direction): WayThere {
  const { legs, at } = journeys[direction];
  const leg = cityLeg(direction, legs);
  return {
    means: leg?.means ?? null,
    number: leg?.number ?? "",
    far: farPlace(direction, legs),
    place: leg === undefined ? "" : cityEnd(direction, leg).place,
    at,
  };
}

function ownLine(one: Traveller, journeys: Journeys, direction: Direction, apart: boolean): BoardLine {
  const { legs, correction, answerChanged } = journeys[direction];
  return {
    invitationId: one.invitationId,
    released: false,
    nameLatin: one.nameLatin,
    nameNative: one.nameNative,
    delegationId: one.delegationId,
    delegationEn: one.delegationEn,
    delegationZh: one.delegationZh,
    phone: one.phone,
    ...ownWayThere(journeys, direction),
    legs: legs.length,
    corrected: correction !== null,
    answerChanged,
    ownWay: apart,
    accepted: one.reply === "accepted",
  };
}

function farPlace(direction: Direction, legs: ReadonlyArray<Leg>): string {
  return (direction === "arrival" ? legs[0]?.from.place : legs.at(-1)?.to.place) ?? "";
}

/** Other sides' people whose way was released to this one. */
function releasedLines(ctx: Reader, direction: Direction): Array<BoardLine> {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const told = releasedFacts(orm, ctx.scope, { about: ABOUT[direction], besides: NAMED }, ctx.clock.now());
  if (told.size === 0) return [];
  const zone = meetingOf(orm, editionId).timeZone;
  const names = new Map(
    orm
      .select({ id: delegation.id, en: delegation.nameEn, zh: delegation.nameZh })
      .from(delegation)
      .where(eq(delegation.editionId, editionId))
      .all()
      .map((row) => [row.id, row] as const),
  );
  return [...told.values()].flatMap((one): Array<BoardLine> => {
    const way = releasedWay(one, direction, zone);
    const named = one.facts.nameLatin !== undefined || one.facts.nameNative !== undefined;
    if (way === null || !named) return [];
    return [
      {
        invitationId: one.invitationId,
        released: true,
        nameLatin: one.facts.nameLatin ?? "",
        nameNative: one.facts.nameNative ?? "",
        delegationId: one.delegationId,
        delegationEn: names.get(one.delegationId)?.en ?? "",
        delegationZh: names.get(one.delegationId)?.zh ?? "",
        phone: one.facts.phone ?? null,
        ...way,
        legs: 1,
        corrected: false,
        answerChanged: false,
        ownWay: false,
        accepted: true,
      },
    ];
  });
}

/** What was released of one way; null when nothing of it was. */
function releasedWay(
  { facts }: Pick<ReleasedFacts, "facts">,
  direction: Direction,
  zone: string,
): WayThere | null {
  const [by, number, far, on, time, place] =
    direction === "arrival"
      ? [
          facts.arrivalBy,
          facts.arrivalNumber,
          facts.arrivalFrom,
          facts.arrivalOn,
          facts.arrivalTime,
          facts.arrivalAt,
        ]
      : [
          facts.departureBy,
          facts.departureNumber,
          facts.departureTo,
          facts.departureOn,
          facts.departureTime,
          facts.departureFrom,
        ];
  if ([by, number, on, time].every((each) => each === undefined || each === "")) return null;
  const means = TRAVEL_MEANS.find((each) => each === by) ?? null;
  return {
    means,
    number: number ?? "",
    far: far ?? "",
    place: place ?? "",
    at: means === "not_booked" ? null : instantOrNull(on ?? "", time ?? "", zone),
  };
}

/** Who makes their own way. */
function ownWays(
  orm: Orm,
  { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">,
  direction: Direction,
): Set<string> {
  return new Set(
    orm
      .select({ invitationId: ownWay.invitationId })
      .from(ownWay)
      .innerJoin(invitation, eq(invitation.id, ownWay.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(
          eq(invitation.editionId, editionId),
          inArray(delegation.coHostId, [...sideIds]),
          eq(ownWay.direction, direction),
        ),
      )
      .all()
      .map(({ invitationId }) => invitationId),
  );
}

export type MeetingTimes = {
  timeZone: string;
  startsOn: string;
  endsOn: string;
  /** When everybody has to be there from, and until. */
  opensAt: number;
  closesAt: number;
};

/** What nobody has to be in the city for. */
const NO_MEETING: ReadonlyArray<PublishedItem["kind"]> = [
  "logistics",
  "free",
  "transfer",
  "break",
  "site_visit",
];

/** From the first to the last item for everybody as published; before that, the working hours of the first and last day. */
export function meetingOf(orm: Orm, editionId: string): MeetingTimes {
  const found = orm
    .select({ timeZone: edition.timeZone, startsOn: edition.startsOn, endsOn: edition.endsOn })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (found === undefined) throw new Error("No such edition");
  const items = (newestProgrammeIn(orm, editionId)?.items ?? []).filter(
    (item) => item.audience === "all" && !NO_MEETING.includes(item.kind),
  );
  const starts = items.map((item) => item.startsAt);
  const ends = items.map((item) => item.endsAt);
  return {
    ...found,
    opensAt: starts.length === 0 ? instantOf(found.startsOn, "09:00", found.timeZone) : Math.min(...starts),
    closesAt: ends.length === 0 ? instantOf(found.endsOn, "12:00", found.timeZone) : Math.max(...ends),
  };
}
