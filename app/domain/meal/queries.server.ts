import { and, asc, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { agendaItem, coHost, edition, editionCoHost, kitchenWord } from "#db/schema/index.ts";
import { DIETS } from "#db/vocabulary.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { releasedFacts } from "../privacy/release.server.ts";
import { ALLERGY_SEVERITIES } from "../registration/rules.ts";
import { type Traveller, travellers } from "../travel/board.server.ts";
import { journeysOfSide } from "../travel/journey.server.ts";
import {
  type Counted,
  countedNeeds,
  mealIn,
  ownGuests,
  ownNeeds,
  type Sides,
  tablesOf,
  takenPlaces,
  toldMark,
} from "./record.server.ts";
import {
  type Away,
  addUp,
  awayFrom,
  type Counts,
  isDangerous,
  isPlain,
  type Needs,
  specialPlates,
} from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "clock" | "scope">;

export type MealView = {
  itemId: string;
  startsAt: number;
  endsAt: number;
  titleEn: string;
  titleZh: string;
  placeEn: string;
  placeZh: string;
};

/** A side, and what this reader may know of its people's needs. */
export type SideView = { sideId: string; nameEn: string; nameZh: string; own: boolean };

export type MealInList = MealView & {
  counts: Counts;
  /** Of one's own side: how many have no seat although there are tables, and how many stay away. */
  unseated: number;
  absent: number;
  /** How many are counted who are not in the city then, by what is known of their journeys. */
  away: number;
  tables: number;
};

export type MealList = {
  timeZone: string;
  /** Whether this side receives the meeting: then the numbers are everybody's, else one's own side's. */
  isHost: boolean;
  sides: Array<SideView>;
  meals: Array<MealInList>;
};

type Meeting = { timeZone: string; hostSideId: string };

function meetingOf(orm: Orm, editionId: string): Meeting {
  const found = orm
    .select({ timeZone: edition.timeZone, hostSideId: edition.hostSideId })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (found === undefined) throw new Error("A scope names an edition that does not exist");
  return found;
}

/** Whose numbers this reader may know (DOMAIN §4.3): a host's logistics those of all sides. */
export function countableSides(
  orm: Orm,
  { editionId, sideIds }: Sides,
): { isHost: boolean; timeZone: string; sides: Array<SideView> } {
  const { hostSideId, timeZone } = meetingOf(orm, editionId);
  const isHost = sideIds.includes(hostSideId);
  const sides = orm
    .select({ sideId: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(eq(editionCoHost.editionId, editionId))
    .orderBy(asc(editionCoHost.position))
    .all()
    .map((side) => ({ ...side, own: sideIds.includes(side.sideId) }));
  return { isHost, timeZone, sides: sides.filter(({ own }) => own || isHost) };
}

/** The meals of the draft with what each comes to. */
export function mealList(ctx: Reader): MealList {
  const { orm } = ctx.db;
  const { isHost, sides, timeZone } = countableSides(orm, ctx.scope);
  const meals = orm
    .select({
      itemId: agendaItem.id,
      startsAt: agendaItem.startsAt,
      endsAt: agendaItem.endsAt,
      titleEn: agendaItem.titleEn,
      titleZh: agendaItem.titleZh,
      placeEn: agendaItem.placeEn,
      placeZh: agendaItem.placeZh,
    })
    .from(agendaItem)
    .where(and(eq(agendaItem.editionId, ctx.scope.editionId), eq(agendaItem.kind, "meal")))
    .orderBy(asc(agendaItem.startsAt), asc(agendaItem.endsAt), asc(agendaItem.id))
    .all();
  const itemIds = meals.map(({ itemId }) => itemId);
  const counted = countedNeeds(orm, { ...ctx.scope, sideIds: sides.map(({ sideId }) => sideId) }, itemIds);
  const countsOf = Map.groupBy(counted, ({ itemId }) => itemId);
  const guests = Map.groupBy(ownGuests(orm, ctx.scope, itemIds), ({ itemId }) => itemId);
  const tables = Map.groupBy(tablesOf(orm, itemIds), ({ itemId }) => itemId);
  const away = awayOf(orm, ctx.scope);
  return {
    timeZone,
    isHost,
    sides,
    meals: meals.map((meal) => {
      const own = guests.get(meal.itemId) ?? [];
      const known = tables.get(meal.itemId)?.length ?? 0;
      return {
        ...meal,
        counts: addUp((countsOf.get(meal.itemId) ?? []).map(({ counts }) => counts)),
        tables: known,
        absent: own.filter(({ absent }) => absent).length,
        away: own.filter(({ absent, invitationId }) => !absent && away(meal, invitationId) !== null).length,
        unseated: known === 0 ? 0 : own.filter(({ absent, tableId }) => !absent && tableId === null).length,
      };
    }),
  };
}

export type TableView = {
  tableId: string;
  name: string;
  seats: number;
  head: boolean;
  /** Who sits there, in numbers: of all sides. */
  taken: number;
  own: number;
  /** What those of the sides whose numbers this reader may know come to. */
  counts: Counts;
  places: Array<number | null>;
};

export type GuestView = Pick<
  Traveller,
  "invitationId" | "nameLatin" | "nameNative" | "delegationEn" | "delegationZh" | "category" | "sideId"
> & { absent: boolean; tableId: string | null; place: number | null };

export type MealPage = MealView & {
  timeZone: string;
  isHost: boolean;
  sides: Array<SideView & { counts: Counts }>;
  total: Counts;
  tables: Array<TableView>;
  /** Those who sit at no table. */
  elsewhere: Counts;
  /** One's own side's, in its protocol order, and whether they are in the city then. */
  guests: Array<GuestView & { away: Away | null }>;
  /** Stands for the seats of one's own side as they are shown. */
  seen: string;
  /** How many of one's own have a plate of their own, and how many of them in danger. */
  special: { people: number; dangerous: number; unworded: number };
};

/** One meal with its tables: who sits where of one's own side, and the numbers for the kitchen. Null: no such meal. */
export function mealPage(ctx: Reader, itemId: string): MealPage | null {
  const { orm } = ctx.db;
  const meal = mealIn(orm, ctx.scope, itemId);
  if (meal === undefined) return null;
  const { isHost, sides, timeZone } = countableSides(orm, ctx.scope);
  const counted = countedNeeds(orm, { ...ctx.scope, sideIds: sides.map(({ sideId }) => sideId) }, [itemId]);
  const sum = (rows: ReadonlyArray<Counted>) => addUp(rows.map(({ counts }) => counts));
  const taken = takenPlaces(orm, itemId);
  const guests = guestsInOrder(orm, ctx.scope, itemId);
  const plates = specialOf(orm, ctx.scope, guests);
  const away = awayOf(orm, ctx.scope);
  const { id: _id, ...facts } = meal;
  return {
    itemId,
    ...facts,
    timeZone,
    isHost,
    sides: sides.map((side) => ({
      ...side,
      counts: sum(counted.filter(({ sideId }) => sideId === side.sideId)),
    })),
    total: sum(counted),
    tables: tablesOf(orm, [itemId]).map(({ id, name, seats, head }) => {
      const here = taken.filter(({ tableId }) => tableId === id);
      return {
        tableId: id,
        name,
        seats,
        head,
        taken: here.length,
        own: here.filter(({ sideId }) => ctx.scope.sideIds.includes(sideId)).length,
        counts: sum(counted.filter(({ tableId }) => tableId === id)),
        places: here.map(({ place }) => place),
      };
    }),
    elsewhere: sum(counted.filter(({ tableId }) => tableId === null)),
    guests: guests.map((guest) => ({ ...guest, away: away(meal, guest.invitationId) })),
    seen: seenOf(guests),
    special: {
      people: plates.length,
      dangerous: plates.filter(({ needs }) => isDangerous(needs)).length,
      unworded: plates.filter(({ needs, words }) => isDangerous(needs) && words === null).length,
    },
  };
}

/** Tells of one's own side's people whether they are in the city at a meal; what is not known keeps nobody from it. */
function awayOf(orm: Orm, scope: Sides) {
  const journeys = journeysOfSide(orm, scope);
  return (meal: { startsAt: number; endsAt: number }, invitationId: string): Away | null => {
    const ways = journeys.get(invitationId);
    return ways === undefined
      ? null
      : awayFrom(meal, { arrivesAt: ways.arrival.at, leavesAt: ways.departure.at });
  };
}

/** Stands for who of a side sits where, whatever order they are listed in. */
export function seenOf(
  guests: ReadonlyArray<Pick<GuestView, "invitationId" | "absent" | "tableId" | "place">>,
): string {
  const lines = guests.map(({ invitationId, absent, tableId, place }) =>
    [invitationId, absent ? "absent" : (tableId ?? ""), place ?? ""].join(" "),
  );
  return hashToken(lines.sort().join("\n")).slice(0, 24);
}

/** One's own side's people at a meal in the side's own order. */
export function guestsInOrder(orm: Orm, scope: Sides, itemId: string): Array<GuestView> {
  const seats = new Map(ownGuests(orm, scope, [itemId]).map((row) => [row.invitationId, row] as const));
  return travellers(orm, scope).flatMap((one) => {
    const seat = seats.get(one.invitationId);
    if (seat === undefined) return [];
    const { invitationId, nameLatin, nameNative, delegationEn, delegationZh, category, sideId } = one;
    const { absent, tableId, place } = seat;
    return [
      {
        invitationId,
        nameLatin,
        nameNative,
        delegationEn,
        delegationZh,
        category,
        sideId,
        absent,
        tableId,
        place,
      },
    ];
  });
}

/** What staff made of somebody's needs for the kitchen. */
export type Words = { en: string; zh: string };

type Plate = { guest: GuestView; needs: Needs; words: Words | null };

/** Those of one's own who eat and need something, with the words that fit what they tell now. */
export function specialOf(orm: Orm, scope: Sides, guests: ReadonlyArray<GuestView>): Array<Plate> {
  const needs = ownNeeds(orm, scope);
  const eating = guests.filter(({ absent }) => !absent);
  const words = wordsOf(
    orm,
    eating.map(({ invitationId }) => invitationId),
  );
  return eating.flatMap((guest) => {
    const told = needs.get(guest.invitationId);
    if (told === undefined || isPlain(told)) return [];
    const said = words.get(guest.invitationId);
    return [{ guest, needs: told, words: said !== undefined && said.told === toldMark(told) ? said : null }];
  });
}

function wordsOf(orm: Orm, invitationIds: ReadonlyArray<string>) {
  return new Map(
    orm
      .select({
        invitationId: kitchenWord.invitationId,
        en: kitchenWord.en,
        zh: kitchenWord.zh,
        told: kitchenWord.told,
      })
      .from(kitchenWord)
      .where(inArray(kitchenWord.invitationId, [...invitationIds]))
      .all()
      .map(({ invitationId, ...words }) => [invitationId, words] as const),
  );
}

/** A line of the kitchen's sheet that names somebody. */
export type NamedLine = {
  /** Null: another side's, by a release of theirs. */
  invitationId: string | null;
  nameLatin: string;
  nameNative: string;
  /** Empty: at none. */
  table: string;
  place: number | null;
  needs: Needs;
  /** Stands for what they told: whoever puts it into words says what they saw. */
  told: string;
  words: Words | null;
};

/** The worst first, then by table and place. */
function inServiceOrder(a: NamedLine, b: NamedLine): number {
  const danger = ({ needs }: NamedLine) => (isDangerous(needs) ? 0 : 1);
  return (
    danger(a) - danger(b) ||
    (a.table === b.table ? 0 : a.table < b.table ? -1 : 1) ||
    (a.place ?? 99) - (b.place ?? 99) ||
    (a.nameLatin < b.nameLatin ? -1 : 1)
  );
}

/**
 * Those whom the waiter has to know by name: one's own side's with a need, and another side's as far as it released names
 * and needs to this one. Read by who may read health (class C4), and recorded by the command that shows it.
 */
export function namedLines(ctx: Reader, itemId: string): Array<NamedLine> {
  const { orm } = ctx.db;
  const tables = new Map(tablesOf(orm, [itemId]).map(({ id, name }) => [id, name] as const));
  const own = specialOf(orm, ctx.scope, guestsInOrder(orm, ctx.scope, itemId)).map(
    ({ guest, needs, words }): NamedLine => ({
      invitationId: guest.invitationId,
      nameLatin: guest.nameLatin,
      nameNative: guest.nameNative,
      table: tables.get(guest.tableId ?? "") ?? "",
      place: guest.place,
      needs,
      told: toldMark(needs),
      words,
    }),
  );
  return [...own, ...releasedLines(ctx, itemId, tables)].sort(inServiceOrder);
}

/** Others' people of whom both name and needs were released, and who eat at this meal. */
function releasedLines(ctx: Reader, itemId: string, tables: ReadonlyMap<string, string>): Array<NamedLine> {
  const { orm } = ctx.db;
  const told = releasedFacts(
    orm,
    ctx.scope,
    { about: ["diets", "dietText", "allergies", "allergySeverity"], besides: ["nameLatin", "nameNative"] },
    ctx.clock.now(),
  );
  if (told.size === 0) return [];
  const sideIds = [...new Set([...told.values()].map(({ fromSideId }) => fromSideId))];
  const guests = ownGuests(orm, { ...ctx.scope, sideIds }, [itemId]).filter(
    ({ invitationId, absent }) => !absent && told.has(invitationId),
  );
  return guests.flatMap(({ invitationId, tableId, place }) => {
    const facts = told.get(invitationId)?.facts ?? {};
    const needs: Needs = {
      diets: DIETS.filter((diet) => (facts.diets ?? "").split(" ").includes(diet)),
      dietText: facts.dietText ?? "",
      allergies: facts.allergies ?? "",
      severity: ALLERGY_SEVERITIES.find((severity) => severity === facts.allergySeverity) ?? "",
    };
    const named = (facts.nameLatin ?? "") + (facts.nameNative ?? "") !== "";
    if (!named || isPlain(needs)) return [];
    return [
      {
        invitationId: null,
        nameLatin: facts.nameLatin ?? "",
        nameNative: facts.nameNative ?? "",
        table: tables.get(tableId ?? "") ?? "",
        place,
        needs,
        told: "",
        words: null,
      },
    ];
  });
}

/** How many plates of these counts no line names: other sides' people, who are numbers here. */
export function unnamed(total: Counts, lines: ReadonlyArray<NamedLine>): number {
  return Math.max(0, specialPlates(total) - lines.length);
}
