import { and, eq, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  accessArrangement,
  agendaItem,
  delegation,
  invitation,
  registration,
  registrationSection,
  venueAccess,
} from "#db/schema/index.ts";
import { ACCESS_NEEDS, type AccessNeed, type AgendaKind } from "#db/vocabulary.ts";
import type { StaffScope } from "../access/rules.ts";
import { isCountedOn, isSure, ofDelegation } from "../agenda/expected.server.ts";
import type { StaffContext } from "../context.ts";
import { countableSides } from "../meal/queries.server.ts";
import { answersFromSections } from "../registration/answers.ts";
import { travellers } from "../travel/board.server.ts";
import { venuesIn } from "../venue/queries.server.ts";
import type { Venue } from "../venue/rules.ts";
import {
  type AccessState,
  accessState,
  isOfPlace,
  matters,
  needsTold,
  OF_PLACES,
  type PlaceNeed,
} from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "clock" | "scope">;
type Sides = Pick<StaffScope, "editionId" | "sideIds">;

/** A line of work: a need at an item. */
export type AccessLine = {
  need: AccessNeed;
  /** Of one's own side, and of the others as far as their numbers may be known. */
  own: number;
  others: number;
  there: boolean | null;
  placeNote: string;
  /** What one's own side arranged; null: nothing. */
  arranged: string | null;
  state: AccessState;
};

export type AccessItem = {
  itemId: string;
  kind: AgendaKind;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
  venueId: string | null;
  lines: Array<AccessLine>;
};

export type PlaceFacts = {
  venue: Venue;
  facts: Record<PlaceNeed, { there: boolean | null; note: string }>;
};

export type AccessPage = {
  timeZone: string;
  isHost: boolean;
  items: Array<AccessItem>;
  /** Places that the items are at. */
  places: Array<PlaceFacts>;
  open: number;
};

/** The answers about access, of a registration that was sent, as a list of needs in SQL. */
const answers = sql`coalesce(${registrationSection.answers}, '{}')`;
const ticked = sql`(case when json_type(${answers}, '$.accessNeeds') = 'array' then json_extract(${answers}, '$.accessNeeds') else '[]' end)`;
const told = sql`json_each(case when coalesce(json_extract(${answers}, '$.accessText'), '') <> '' then json_insert(${ticked}, '$[#]', 'other') else ${ticked} end)`;

/** How many of these sides' people need what at which item. Fetches numbers and nobody. */
export function countedAccess(
  orm: Orm,
  { editionId, sideIds }: Sides,
): Array<{ itemId: string; sideId: string; need: AccessNeed; people: number }> {
  return orm
    .select({
      itemId: agendaItem.id,
      sideId: delegation.coHostId,
      need: sql<string>`need.value`,
      people: sql<number>`count(distinct ${invitation.id})`,
    })
    .from(agendaItem)
    .innerJoin(invitation, eq(invitation.editionId, agendaItem.editionId))
    .innerJoin(delegation, ofDelegation)
    .innerJoin(
      registration,
      and(eq(registration.invitationId, invitation.id), eq(registration.state, "submitted")),
    )
    .innerJoin(
      registrationSection,
      and(eq(registrationSection.registrationId, registration.id), eq(registrationSection.section, "needs")),
    )
    .innerJoin(sql`${told} need`, sql`true`)
    .where(
      and(
        eq(agendaItem.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
        isCountedOn(),
        isSure,
      ),
    )
    .groupBy(agendaItem.id, delegation.coHostId, sql`need.value`)
    .all()
    .flatMap(({ need, ...row }) => {
      const known = ACCESS_NEEDS.find((each) => each === need);
      return known === undefined ? [] : [{ ...row, need: known }];
    });
}

/** What people need, item by item, with whether it is there: the list of work. */
export function accessPage(ctx: Reader): AccessPage {
  const { orm } = ctx.db;
  const { isHost, sides, timeZone } = countableSides(orm, ctx.scope);
  const counted = Map.groupBy(
    countedAccess(orm, { ...ctx.scope, sideIds: sides.map(({ sideId }) => sideId) }),
    ({ itemId }) => itemId,
  );
  const { venues } = venuesIn(orm, ctx.scope.editionId);
  const facts = placeFacts(orm, venues);
  const arranged = arrangementsOf(orm, ctx.scope);
  const items = orm
    .select({
      itemId: agendaItem.id,
      kind: agendaItem.kind,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      placeEn: agendaItem.placeEn,
      placeZh: agendaItem.placeZh,
      venueId: agendaItem.venueId,
    })
    .from(agendaItem)
    .where(eq(agendaItem.editionId, ctx.scope.editionId))
    .orderBy(agendaItem.startsAt, agendaItem.endsAt, agendaItem.id)
    .all()
    .map((item): AccessItem => {
      const here = counted.get(item.itemId) ?? [];
      const lines = ACCESS_NEEDS.filter((need) => matters(need, item.kind)).flatMap(
        (need): Array<AccessLine> => {
          const rows = here.filter((row) => row.need === need);
          const of = (mine: boolean) =>
            rows
              .filter(({ sideId }) => ctx.scope.sideIds.includes(sideId) === mine)
              .reduce((sum, { people }) => sum + people, 0);
          if (rows.length === 0) return [];
          const fact = factFor(facts, venues, item.venueId, need);
          const note = arranged.get(`${item.itemId} ${need}`) ?? null;
          return [
            {
              need,
              own: of(true),
              others: of(false),
              there: fact.there,
              placeNote: fact.note,
              arranged: note,
              state: accessState({ need, there: fact.there, arranged: note !== null }),
            },
          ];
        },
      );
      return { ...item, lines };
    })
    .filter(({ lines }) => lines.length > 0);
  const used = new Set(items.map(({ venueId }) => venueId));
  return {
    timeZone,
    isHost,
    items,
    places: venues
      .filter(({ id }) => used.has(id))
      .map((venue) => ({ venue, facts: factsAt(facts, venue.id) })),
    open: items.flatMap(({ lines }) => lines).filter(({ state }) => state === "missing" || state === "ask")
      .length,
  };
}

type Fact = { there: boolean | null; note: string };
const NOT_ASKED: Fact = { there: null, note: "" };

function placeFacts(orm: Orm, venues: ReadonlyArray<Venue>): Map<string, Fact> {
  return new Map(
    orm
      .select({
        venueId: venueAccess.venueId,
        need: venueAccess.need,
        there: venueAccess.there,
        note: venueAccess.note,
      })
      .from(venueAccess)
      .where(
        inArray(
          venueAccess.venueId,
          venues.map(({ id }) => id),
        ),
      )
      .all()
      .map(({ venueId, need, ...fact }) => [`${venueId} ${need}`, fact] as const),
  );
}

function factsAt(facts: ReadonlyMap<string, Fact>, venueId: string): Record<PlaceNeed, Fact> {
  const of = (need: PlaceNeed) => facts.get(`${venueId} ${need}`) ?? NOT_ASKED;
  return Object.fromEntries(OF_PLACES.map((need) => [need, of(need)])) as Record<PlaceNeed, Fact>;
}

/** What a room says; where it says nothing, what its house does. */
function factFor(
  facts: ReadonlyMap<string, Fact>,
  venues: ReadonlyArray<Venue>,
  venueId: string | null,
  need: AccessNeed,
): Fact {
  const house = venues.find(({ id }) => id === venueId)?.withinId ?? null;
  if (!isOfPlace(need)) return NOT_ASKED;
  return facts.get(`${venueId} ${need}`) ?? facts.get(`${house} ${need}`) ?? NOT_ASKED;
}

function arrangementsOf(orm: Orm, { editionId, sideIds }: Sides): Map<string, string> {
  return new Map(
    orm
      .select({
        itemId: accessArrangement.itemId,
        need: accessArrangement.need,
        note: accessArrangement.note,
      })
      .from(accessArrangement)
      .innerJoin(agendaItem, eq(agendaItem.id, accessArrangement.itemId))
      .where(and(eq(agendaItem.editionId, editionId), inArray(accessArrangement.coHostId, [...sideIds])))
      .all()
      .map(({ itemId, need, note }) => [`${itemId} ${need}`, note] as const),
  );
}

/** Somebody of one's own side with what they need. */
export type AccessName = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  needs: Array<AccessNeed>;
  text: string;
  /** The items at which it matters. */
  itemIds: Array<string>;
};

/** Who of one's own side needs what, in the side's own order. For the command that records the look. */
export function accessNames(orm: Orm, scope: Sides): Array<AccessName> {
  const rows = orm
    .select({
      invitationId: invitation.id,
      itemId: agendaItem.id,
      kind: agendaItem.kind,
      answers: registrationSection.answers,
    })
    .from(agendaItem)
    .innerJoin(invitation, eq(invitation.editionId, agendaItem.editionId))
    .innerJoin(delegation, ofDelegation)
    .innerJoin(
      registration,
      and(eq(registration.invitationId, invitation.id), eq(registration.state, "submitted")),
    )
    .innerJoin(
      registrationSection,
      and(eq(registrationSection.registrationId, registration.id), eq(registrationSection.section, "needs")),
    )
    .where(
      and(
        eq(agendaItem.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
        isCountedOn(),
        isSure,
        sql`exists (select 1 from ${told})`,
      ),
    )
    .all();
  const byPerson = Map.groupBy(rows, ({ invitationId }) => invitationId);
  return travellers(orm, scope).flatMap(({ invitationId, nameLatin, nameNative }) => {
    const own = byPerson.get(invitationId);
    const [first] = own ?? [];
    if (own === undefined || first === undefined) return [];
    const { needs } = answersFromSections([first]);
    const named = needsTold(needs);
    return [
      {
        invitationId,
        nameLatin,
        nameNative,
        needs: named,
        text: needs.accessText,
        itemIds: own
          .filter(({ kind }) => named.some((need) => matters(need, kind)))
          .map(({ itemId }) => itemId),
      },
    ];
  });
}
