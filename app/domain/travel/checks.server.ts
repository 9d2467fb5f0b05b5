import { and, asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Orm } from "#db/client.server.ts";
import { delegation, invitation, staffPermission, travelCheck, user } from "#db/schema/index.ts";
import { DIRECTIONS, type TravelCheck } from "#db/vocabulary.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import type { StaffScope } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { meetingOf, type Traveller, travellers } from "./board.server.ts";
import { type Journeys, journeysOfSide } from "./journey.server.ts";
import { problemsOf, type Told, toldDifferently } from "./rules.ts";

/** Something that does not fit about somebody's journey, and what became of it. */
export type OpenCheck = {
  kind: TravelCheck;
  traveller: Traveller;
  at: number | null;
  /** Stands for the facts, so that somebody accepts what they saw. */
  about: string;
  /** `left`: they do not work on travel here any more, and somebody else has to. */
  owner: { id: string; name: string; left: boolean } | null;
  /** Why it may stay so; empty: it is to be settled. */
  acceptedBecause: string;
  /** Who accepted it, by name (null: a login that is no more), and when; null: nobody did. */
  accepted: { by: string | null; at: number } | null;
  /** Those on the same flight who tell otherwise. */
  others: Array<{ traveller: Traveller; at: number | null; place: string }>;
};

type Reader = Pick<StaffContext, "db" | "clock" | "scope">;

/** All that does not fit, open and accepted, for those of one's own side who said that they come. */
export function travelChecks(ctx: Reader): Array<OpenCheck> {
  const { orm } = ctx.db;
  const journeys = journeysOfSide(orm, ctx.scope);
  const meeting = meetingOf(orm, ctx.scope.editionId);
  const known = knownChecks(orm, ctx.scope);
  const colleagues = new Set(travelColleagues(ctx).map(({ id }) => id));
  const coming = accepted(travellers(orm, ctx.scope));
  const byId = new Map(coming.map((one) => [one.invitationId, one] as const));
  const flights = foundOnFlights(coming, journeys);
  return coming.flatMap((traveller) => {
    const ways = journeys.get(traveller.invitationId);
    return ways === undefined
      ? []
      : [...foundOf(ways, meeting), ...(flights.get(traveller.invitationId) ?? [])].map(
          ({ kind, about, at, others = [] }): OpenCheck => {
            const row = known.get(`${traveller.invitationId} ${kind}`);
            const holds = row !== undefined && row.acceptedFor === about;
            return {
              kind,
              traveller,
              at,
              about,
              owner: row?.ownerId
                ? { id: row.ownerId, name: row.ownerName ?? "", left: !colleagues.has(row.ownerId) }
                : null,
              acceptedBecause: holds ? row.acceptedBecause : "",
              accepted: holds && row.acceptedBecause !== "" ? { by: row.writer, at: row.at } : null,
              others: others.flatMap(({ id, end }) => {
                const other = byId.get(id);
                return other === undefined ? [] : [{ traveller: other, at: end.at, place: end.place }];
              }),
            };
          },
        );
  });
}

type Found = { kind: TravelCheck; about: string; at: number | null; others?: ReadonlyArray<Told> };

function accepted(people: ReadonlyArray<Traveller>): Array<Traveller> {
  return people.filter(({ reply }) => reply === "accepted");
}

/** What does not fit about one person of these sides, by themselves and beside others on their flight. */
export function foundAbout(orm: Orm, scope: Pick<StaffScope, "editionId" | "sideIds">, invitationId: string) {
  const journeys = journeysOfSide(orm, scope);
  const ways = journeys.get(invitationId);
  if (ways === undefined) return [];
  const flights = foundOnFlights(accepted(travellers(orm, scope)), journeys);
  return [...foundOf(ways, meetingOf(orm, scope.editionId)), ...(flights.get(invitationId) ?? [])];
}

/** Whom others on their flight contradict. Each side is looked at by itself, also for whoever works for more than one. */
function foundOnFlights(
  people: ReadonlyArray<Traveller>,
  journeys: ReadonlyMap<string, Journeys>,
): Map<string, Array<Found>> {
  const found = new Map<string, Array<Found>>();
  for (const side of Map.groupBy(people, ({ sideId }) => sideId).values())
    for (const direction of DIRECTIONS) {
      const ways = side.map(
        ({ invitationId }) => [invitationId, journeys.get(invitationId)?.[direction].legs ?? []] as const,
      );
      for (const { id, about, others } of toldDifferently(direction, ways))
        found.set(id, [
          ...(found.get(id) ?? []),
          {
            kind: `${direction}_told_differently`,
            about: hashToken(about).slice(0, 24),
            at: journeys.get(id)?.[direction].at ?? null,
            others,
          },
        ]);
    }
  return found;
}

function foundOf(ways: Journeys, meeting: { opensAt: number; closesAt: number }): Array<Found> {
  return DIRECTIONS.flatMap((direction) =>
    problemsOf(ways[direction], meeting).map(({ kind, about }) => ({
      kind,
      about: hashToken(about).slice(0, 24),
      at: ways[direction].at,
    })),
  );
}

const writer = alias(user, "writer");

function knownChecks(orm: Orm, { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">) {
  const rows = orm
    .select({
      invitationId: travelCheck.invitationId,
      kind: travelCheck.kind,
      ownerId: travelCheck.ownerId,
      ownerName: user.name,
      acceptedBecause: travelCheck.acceptedBecause,
      acceptedFor: travelCheck.acceptedFor,
      at: travelCheck.at,
      writer: writer.name,
    })
    .from(travelCheck)
    .innerJoin(invitation, eq(invitation.id, travelCheck.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .leftJoin(user, eq(user.id, travelCheck.ownerId))
    .leftJoin(writer, eq(writer.id, travelCheck.by))
    .where(and(eq(invitation.editionId, editionId), inArray(delegation.coHostId, [...sideIds])))
    .all();
  return new Map(rows.map((row) => [`${row.invitationId} ${row.kind}`, row] as const));
}

export type Colleague = { id: string; name: string };

/** Those of these sides whom a check can be given to: who works on travel there. */
export function travelColleagues(ctx: Reader): Array<Colleague> {
  const { editionId, sideIds } = ctx.scope;
  return ctx.db.orm
    .selectDistinct({ id: user.id, name: user.name })
    .from(staffPermission)
    .innerJoin(user, eq(user.id, staffPermission.userId))
    .where(
      and(
        inArray(staffPermission.coHostId, [...sideIds]),
        or(isNull(staffPermission.editionId), eq(staffPermission.editionId, editionId)),
        inArray(staffPermission.permission, ["lead", "logistics", "duty_desk"]),
        sql`(${staffPermission.endsAt} is null or ${staffPermission.endsAt} > ${ctx.clock.now()})`,
      ),
    )
    .orderBy(asc(user.name), asc(user.id))
    .all();
}
