import { and, asc, eq, inArray, ne, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import {
  agendaFunction,
  agendaItem,
  agendaItemDelegation,
  clearancePart,
  delegation,
  invitation,
  person,
  siteVisit,
  staffPermission,
  user,
  venue,
  visitPlace,
  visitQuota,
} from "#db/schema/index.ts";
import type { AgendaPart, Reply, SessionFunction } from "#db/vocabulary.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
import { lastHands } from "./journal.server.ts";
import { newestProgrammeIn } from "./queries.server.ts";
import {
  type AgendaChange,
  type Attendee,
  agendaChanges,
  clash,
  detailsOrNone,
  isExpected,
  nextVersion,
  type PublishedItem,
} from "./rules.ts";

/** An item of the draft. What staff alone may know stands beside what would be published. */
export type DraftItem = PublishedItem & {
  venueId: string | null;
  fromVenueId: string | null;
  internalNote: string;
  updatedAt: number;
  seats: { capacity: number; clearanceDeadline: number | null; quotas: Record<string, number> } | null;
};

const itemsOf = prepared((orm) =>
  orm
    .select({
      item: agendaItem,
      visit: siteVisit,
      address: { en: venue.addressEn, zh: venue.addressZh },
    })
    .from(agendaItem)
    .leftJoin(venue, eq(venue.id, agendaItem.venueId))
    .leftJoin(siteVisit, eq(siteVisit.itemId, agendaItem.id))
    .where(eq(agendaItem.editionId, sql.placeholder("edition")))
    .orderBy(asc(agendaItem.startsAt), asc(agendaItem.endsAt), asc(agendaItem.id))
    .prepare(),
);

const delegationsOfItems = prepared((orm) =>
  orm
    .select({ itemId: agendaItemDelegation.itemId, delegationId: agendaItemDelegation.delegationId })
    .from(agendaItemDelegation)
    .innerJoin(agendaItem, eq(agendaItem.id, agendaItemDelegation.itemId))
    .where(eq(agendaItem.editionId, sql.placeholder("edition")))
    .orderBy(asc(agendaItemDelegation.delegationId))
    .prepare(),
);

const functionsOfItems = prepared((orm) =>
  orm
    .select({
      itemId: agendaFunction.itemId,
      invitationId: agendaFunction.invitationId,
      function: agendaFunction.function,
    })
    .from(agendaFunction)
    .innerJoin(agendaItem, eq(agendaItem.id, agendaFunction.itemId))
    .where(eq(agendaItem.editionId, sql.placeholder("edition")))
    .orderBy(asc(agendaFunction.position), asc(agendaFunction.invitationId), asc(agendaFunction.function))
    .prepare(),
);

const quotasOfVisits = prepared((orm) =>
  orm
    .select({
      visitId: visitQuota.visitId,
      delegationId: visitQuota.delegationId,
      seats: visitQuota.seats,
    })
    .from(visitQuota)
    .innerJoin(siteVisit, eq(siteVisit.id, visitQuota.visitId))
    .where(eq(siteVisit.editionId, sql.placeholder("edition")))
    .prepare(),
);

/** The draft as it stands, in the order of time. */
export function draftItems(orm: Orm, editionId: string): Array<DraftItem> {
  const rows = itemsOf(orm).all({ edition: editionId });
  const delegations = delegationsOfItems(orm).all({ edition: editionId });
  const functions = functionsOfItems(orm).all({ edition: editionId });
  const quotas = quotasOfVisits(orm).all({ edition: editionId });
  // Grouped once: looking through all of them for each item takes time with the square of the programme.
  const delegationsBy = Map.groupBy(delegations, (row) => row.itemId);
  const functionsBy = Map.groupBy(functions, (row) => row.itemId);
  const quotasBy = Map.groupBy(quotas, (row) => row.visitId);
  return rows.map(({ item, visit, address }) => ({
    id: item.id,
    kind: item.kind,
    startsAt: item.startsAt,
    endsAt: item.endsAt,
    titleEn: item.titleEn,
    titleZh: item.titleZh,
    placeEn: item.placeEn,
    placeZh: item.placeZh,
    audience: item.audience,
    delegationIds: (delegationsBy.get(item.id) ?? []).map((row) => row.delegationId),
    attribution: item.attribution,
    interpretation: item.interpretation,
    functions: (functionsBy.get(item.id) ?? []).map((row) => ({
      invitationId: row.invitationId,
      function: row.function,
    })),
    visit:
      visit === null
        ? null
        : {
            id: visit.id,
            hostEn: visit.hostEn,
            hostZh: visit.hostZh,
            meetAt: visit.meetAt,
            meetingPointEn: visit.meetingPointEn,
            meetingPointZh: visit.meetingPointZh,
            dressEn: visit.dressEn,
            dressZh: visit.dressZh,
            bringEn: visit.bringEn,
            bringZh: visit.bringZh,
          },
    details: detailsOrNone({
      addressEn: address?.en ?? "",
      addressZh: address?.zh ?? "",
      dressEn: item.dressEn,
      dressZh: item.dressZh,
      bringEn: item.bringEn,
      bringZh: item.bringZh,
      languagePair: item.languagePair,
    }),
    changedIn: 0,
    venueId: item.venueId,
    fromVenueId: item.fromVenueId,
    internalNote: item.internalNote,
    updatedAt: item.updatedAt,
    seats:
      visit === null
        ? null
        : {
            capacity: visit.capacity,
            clearanceDeadline: visit.clearanceDeadline,
            quotas: Object.fromEntries(
              (quotasBy.get(visit.id) ?? []).map((row) => [row.delegationId, row.seats]),
            ),
          },
  }));
}

/** What the next version would hold: nothing that is for staff alone. */
export function nextItems(orm: Orm, editionId: string): Array<PublishedItem> {
  const newest = newestProgrammeIn(orm, editionId);
  const draft = draftItems(orm, editionId).map(
    ({
      internalNote: _note,
      updatedAt: _at,
      seats: _seats,
      venueId: _venue,
      fromVenueId: _from,
      ...item
    }): PublishedItem => item,
  );
  return nextVersion(newest?.items ?? [], draft, (newest?.number ?? 0) + 1);
}

/** Stands for one state of draft and newest version: what somebody looked at before they pressed "publish". */
export function fingerprint(orm: Orm, editionId: string): string {
  return hashToken(JSON.stringify(nextItems(orm, editionId))).slice(0, 24);
}

/** Everybody of these sides who may come, as ids: for counting alone. */
function attendees(orm: Orm, scope: OwnScope): Array<Attendee & { sentAt: number | null }> {
  const coming = orm
    .select({ invitationId: invitation.id, delegationId: invitation.delegationId, sentAt: invitation.sentAt })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(ofOwnSide(scope), stands, ne(invitation.reply, "declined")))
    .all();
  const places = orm
    .select({
      invitationId: visitPlace.invitationId,
      visitId: visitPlace.visitId,
      state: visitPlace.state,
    })
    .from(visitPlace)
    .innerJoin(delegation, eq(delegation.id, visitPlace.delegationId))
    .where(ofOwnSide(scope))
    .all();
  const placesBy = Map.groupBy(places, (place) => place.invitationId);
  return coming.map((row) => ({ ...row, places: placesBy.get(row.invitationId) ?? [] }));
}

type OwnScope = { editionId: string; sideIds: ReadonlyArray<string> };

/** What makes people one's own: their delegation belongs to the edition and to one of the sides. */
function ofOwnSide({ editionId, sideIds }: OwnScope) {
  return and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds]));
}

export type AgendaDelegation = { id: string; nameEn: string; nameZh: string };

const delegationsInEdition = prepared((orm) =>
  orm
    .select({ id: delegation.id, nameEn: delegation.nameEn, nameZh: delegation.nameZh })
    .from(delegation)
    .where(eq(delegation.editionId, sql.placeholder("edition")))
    .orderBy(asc(delegation.position), asc(delegation.id))
    .prepare(),
);

/** The delegations that an item may be for. */
export function delegationChoices(ctx: StaffContext): Array<AgendaDelegation> {
  return agendaDelegations(ctx.db.orm, ctx.scope.editionId);
}

/** The edition's delegations in their order. */
export function agendaDelegations(orm: Orm, editionId: string): Array<AgendaDelegation> {
  return delegationsInEdition(orm).all({ edition: editionId });
}

/** Another item at the same time. `people`: how many of one's own side are expected at both, as things stand. */
type DraftClash = { itemId: string; titleEn: string; titleZh: string; people: number };

/** An item as staff see it in the list. Who does what is a number here: names are on the item's own page. */
export type DraftItemView = Omit<DraftItem, "functions"> & { named: number; clashes: Array<DraftClash> };

/** One line of what publishing would change. */
type ChangeView = {
  change: AgendaChange["change"];
  itemId: string;
  titleEn: string;
  titleZh: string;
  startsAt: number;
  endsAt: number;
  placeEn: string;
  placeZh: string;
  before: {
    titleEn: string;
    titleZh: string;
    startsAt: number;
    endsAt: number;
    placeEn: string;
    placeZh: string;
  } | null;
  parts: ReadonlyArray<AgendaPart>;
};

export type DraftView = {
  items: Array<DraftItemView>;
  delegations: Array<AgendaDelegation>;
  newest: { number: number; publishedAt: number } | null;
  changes: Array<ChangeView>;
};

/** The draft, its clashes, and how it differs from the newest version. */
export function draftAgenda(ctx: StaffContext): DraftView {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const draft = draftItems(orm, editionId);
  const people = attendees(orm, ctx.scope);
  const newest = newestProgrammeIn(orm, editionId);
  return {
    items: draft.map(({ functions, ...item }) => ({
      ...item,
      named: new Set(functions.map((entry) => entry.invitationId)).size,
      clashes: clashesOf({ ...item, functions }, draft, people),
    })),
    delegations: agendaDelegations(orm, editionId),
    newest: newest === null ? null : { number: newest.number, publishedAt: newest.publishedAt },
    changes: agendaChanges(newest?.items ?? [], draft).map(changeView),
  };
}

function clashesOf(
  item: DraftItem,
  draft: ReadonlyArray<DraftItem>,
  people: ReadonlyArray<Attendee>,
): Array<DraftClash> {
  return draft
    .filter((other) => other.id !== item.id && clash(item, other))
    .map((other) => ({
      itemId: other.id,
      titleEn: other.titleEn,
      titleZh: other.titleZh,
      people: people.filter((one) => isExpected(item, one) && isExpected(other, one)).length,
      certain: meetInAudience(item, other),
    }))
    .filter((found) => found.people > 0 || found.certain)
    .map(({ certain: _certain, ...found }) => found);
}

/** Whether two items are for some of the same people whoever comes: before anybody is invited a clash is one already. */
function meetInAudience(a: DraftItem, b: DraftItem): boolean {
  const open = [a, b].filter((item) => item.audience === "all" || item.audience === "delegations");
  if (open.length < 2) return false;
  if (a.audience === "all" || b.audience === "all") return true;
  return a.delegationIds.some((id) => b.delegationIds.includes(id));
}

function changeView({ change, item, before, parts }: AgendaChange): ChangeView {
  const { id: itemId, titleEn, titleZh, startsAt, endsAt, placeEn, placeZh } = item;
  return {
    change,
    itemId,
    titleEn,
    titleZh,
    startsAt,
    endsAt,
    placeEn,
    placeZh,
    before:
      before === null
        ? null
        : {
            titleEn: before.titleEn,
            titleZh: before.titleZh,
            startsAt: before.startsAt,
            endsAt: before.endsAt,
            placeEn: before.placeEn,
            placeZh: before.placeZh,
          },
    parts,
  };
}

export type PublishView = {
  /** The number that the version would get. */
  number: number;
  newest: DraftView["newest"];
  items: number;
  changes: Array<ChangeView>;
  /** How many people of one's own side can open the programme: invited and not taken back. */
  readers: number;
  /** For how many of them something in their own programme changes. */
  affected: number;
  fingerprint: string;
};

/** What publishing now would change, and for how many of one's own side. */
export function publishPreview(ctx: StaffContext): PublishView {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const newest = newestProgrammeIn(orm, editionId);
  const draft = draftItems(orm, editionId);
  const changes = agendaChanges(newest?.items ?? [], draft);
  const readers = attendees(orm, ctx.scope).filter((one) => one.sentAt !== null);
  const affected = readers.filter((one) =>
    changes.some(
      (entry) => isExpected(entry.item, one) || (entry.before !== null && isExpected(entry.before, one)),
    ),
  );
  return {
    number: (newest?.number ?? 0) + 1,
    newest: newest === null ? null : { number: newest.number, publishedAt: newest.publishedAt },
    items: draft.length,
    changes: changes.map(changeView),
    readers: readers.length,
    affected: affected.length,
    fingerprint: fingerprint(orm, editionId),
  };
}

/** Somebody of one's own side, to choose from or with a function. */
export type NamedPerson = { invitationId: string; nameLatin: string; nameNative: string };

/** The same with the answer as it stands; `null`: taken off the edition. */
type OwnPerson = NamedPerson & { reply: Reply | null };

export type DraftItemPage = {
  item: Omit<DraftItem, "functions">;
  delegations: Array<AgendaDelegation>;
  /** Who of one's own side does what in it. `place`: in the order of all, from 1. */
  functions: Array<OwnPerson & { function: SessionFunction; place: number }>;
  /** How many functions people of other sides have in it: their names are not ours to show. */
  functionsOfOthers: number;
  /** Whether somebody has, or waits for, a place on its visit. */
  hasPlaces: boolean;
  /** People of one's own side who may be given a function: all who may come. */
  people: Array<NamedPerson>;
};

/** One item with all that its page needs; null when it is not of this edition. */
export function draftItem(ctx: StaffContext, itemId: string): DraftItemPage | null {
  const { orm } = ctx.db;
  const { editionId } = ctx.scope;
  const found = draftItems(orm, editionId).find((item) => item.id === itemId);
  if (found === undefined) return null;
  const people = ownPeople(orm, ctx.scope);
  const { functions, ...item } = found;
  const named = functions.flatMap((entry, n) => {
    const one = people.find((candidate) => candidate.invitationId === entry.invitationId);
    return one === undefined ? [] : [{ ...one, function: entry.function, place: n + 1 }];
  });
  return {
    item,
    delegations: agendaDelegations(orm, editionId),
    functions: named,
    functionsOfOthers: functions.length - named.length,
    hasPlaces: item.visit !== null && hasPlaces(orm, item.visit.id),
    people: people.filter(mayCome),
  };
}

/** The name of a colleague of one's own side who changed an item last; null when it was somebody else. */
export function colleagueWhoChanged(ctx: StaffContext, itemId: string): string | null {
  const actorId = lastHands(ctx.db.orm, [itemId]).get(itemId);
  if (actorId === undefined) return null;
  const found = ctx.db.orm
    .select({ name: user.name })
    .from(staffPermission)
    .innerJoin(user, eq(user.id, staffPermission.userId))
    .where(
      and(eq(staffPermission.userId, actorId), inArray(staffPermission.coHostId, [...ctx.scope.sideIds])),
    )
    .limit(1)
    .get();
  return found?.name ?? null;
}

/** Whether somebody has neither declined nor been taken off the edition. */
export function mayCome({ reply }: { reply: Reply | null }): boolean {
  return reply !== null && reply !== "declined";
}

/** The people of these sides in the order of their sort keys. */
export function ownPeople(orm: Orm, scope: OwnScope): Array<OwnPerson> {
  return orm
    .select({
      invitationId: invitation.id,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      reply: invitation.reply,
      over: sql<number | null>`coalesce(${invitation.withdrawnAt}, ${invitation.replacedAt})`,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(ofOwnSide(scope))
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .map(({ over, reply, ...one }) => ({ ...one, reply: over === null ? reply : null }));
}

/** Whether anybody has, or waits for, a place on a visit, or somebody was released to its host's list. */
export function hasPlaces(orm: Orm, visitId: string): boolean {
  const row = orm
    .select({ id: visitPlace.id })
    .from(visitPlace)
    .where(and(eq(visitPlace.visitId, visitId), ne(visitPlace.state, "withdrawn")))
    .limit(1)
    .get();
  if (row !== undefined) return true;
  const listed = orm
    .select({ id: clearancePart.id })
    .from(clearancePart)
    .where(eq(clearancePart.visitId, visitId))
    .limit(1)
    .get();
  return listed !== undefined;
}
