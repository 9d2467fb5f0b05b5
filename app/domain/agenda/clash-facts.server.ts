import { and, asc, eq, inArray, ne } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { clashAcceptance, delegation, edition, invitation, person, visitPlace } from "#db/schema/index.ts";
import type { LanguagePair } from "#db/vocabulary.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import { allows, type StaffScope } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import { postsBesideProgramme } from "../interpretation/queries.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { mayRead } from "../person/classes.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { journeysOfSide } from "../travel/journey.server.ts";
import { venuesIn } from "../venue/queries.server.ts";
import type { Venue } from "../venue/rules.ts";
import { type Clash, type ClashFacts, findClashes } from "./clashes.ts";
import { agendaDelegations, type DraftItem, draftItems } from "./draft.server.ts";
import { daysFrom } from "./placing.ts";

/** What the desk says of a clash that it lets stand. */
export type Acceptance = { reason: string; at: number };

export type ClashView = Clash & {
  /** Stands for the facts, for a form to carry. */
  seen: string;
  /** Null: open, or its facts are no longer those that were accepted. */
  accepted: Acceptance | null;
  /** It had been accepted, and then something changed. */
  reopened: boolean;
};

/** What names the ids of a clash. */
export type ClashWords = {
  items: Array<{
    id: string;
    titleEn: string;
    titleZh: string;
    startsAt: number;
    endsAt: number;
    languagePair: LanguagePair | null;
  }>;
  people: Array<{ invitationId: string; nameLatin: string; nameNative: string }>;
  delegations: Array<{ id: string; nameEn: string; nameZh: string }>;
  venues: Array<Venue>;
};

/**
 * What clashes are found in: the draft, and one's own side's people. Who arrives when counts for those alone who may read
 * it (DOMAIN §4.3, class C3).
 */
export function clashFacts(
  orm: Orm,
  scope: StaffScope,
): { facts: ClashFacts; words: ClashWords; draft: Array<DraftItem> } {
  const { editionId, sideIds } = scope;
  const draft = draftItems(orm, editionId);
  const { venues, ways } = venuesIn(orm, editionId);
  const delegations = agendaDelegations(orm, editionId);
  const when = orm
    .select({ timeZone: edition.timeZone, startsOn: edition.startsOn, endsOn: edition.endsOn })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (when === undefined) throw new Error("A scope names an edition that does not exist");
  const own = and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds]));
  const people = orm
    .select({
      invitationId: invitation.id,
      delegationId: invitation.delegationId,
      sideId: delegation.coHostId,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(and(own, stands, ne(invitation.reply, "declined")))
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
  const places = orm
    .select({ invitationId: visitPlace.invitationId, visitId: visitPlace.visitId })
    .from(visitPlace)
    .innerJoin(delegation, eq(delegation.id, visitPlace.delegationId))
    .where(and(own, eq(visitPlace.state, "granted")))
    .all();
  const placesBy = Map.groupBy(places, ({ invitationId }) => invitationId);
  const hired = postsBesideProgramme(orm, editionId);
  const journeys = mayRead("C3", scope) ? journeysOfSide(orm, scope) : null;
  const known = new Set(people.map(({ invitationId }) => invitationId));
  return {
    draft,
    facts: {
      items: draft.map((item) => ({
        id: item.id,
        kind: item.kind,
        startsAt: item.startsAt,
        endsAt: item.endsAt,
        audience: item.audience,
        delegationIds: item.delegationIds,
        venueId: item.venueId,
        fromVenueId: item.fromVenueId,
        interpretation: item.interpretation,
        languagePair: item.details?.languagePair ?? null,
        visit: item.visit === null ? null : { id: item.visit.id, meetAt: item.visit.meetAt },
        functions: item.functions.filter(({ invitationId }) => known.has(invitationId)),
        interpreters:
          item.functions.filter((entry) => entry.function === "interpreter").length +
          (hired.get(item.id) ?? 0),
      })),
      people: people.map(({ invitationId, delegationId, sideId }) => ({
        invitationId,
        delegationId,
        sideId,
        visitIds: (placesBy.get(invitationId) ?? []).map(({ visitId }) => visitId),
        arrivesAt: journeys?.get(invitationId)?.arrival.at ?? null,
        leavesAt: journeys?.get(invitationId)?.departure.at ?? null,
      })),
      delegationIds: delegations.map(({ id }) => id),
      venues: venues.map(({ id, withinId }) => ({ id, withinId })),
      ways,
      days: daysFrom(when.startsOn, when.endsOn),
      timeZone: when.timeZone,
    },
    words: {
      items: draft.map(({ id, titleEn, titleZh, startsAt, endsAt, details }) => ({
        id,
        titleEn,
        titleZh,
        startsAt,
        endsAt,
        languagePair: details?.languagePair ?? null,
      })),
      people: people.map(({ invitationId, nameLatin, nameNative }) => ({
        invitationId,
        nameLatin,
        nameNative,
      })),
      delegations,
      venues,
    },
  };
}

/** The clashes of these facts with what the desk says of each. */
export function judged(orm: Orm, scope: StaffScope, facts: ClashFacts): Array<ClashView> {
  const stored = orm
    .select({
      sideId: clashAcceptance.sideId,
      key: clashAcceptance.key,
      facts: clashAcceptance.facts,
      reason: clashAcceptance.reason,
      at: clashAcceptance.at,
    })
    .from(clashAcceptance)
    .where(
      and(
        eq(clashAcceptance.editionId, scope.editionId),
        inArray(clashAcceptance.sideId, ["", ...scope.sideIds]),
      ),
    )
    .all();
  const by = new Map(stored.map((row) => [`${row.sideId} ${row.key}`, row]));
  return findClashes(facts).map((clash) => {
    const seen = factsSeen(clash);
    const row = by.get(`${clash.sideId} ${clash.key}`);
    const counts = row?.facts === seen;
    return {
      ...clash,
      seen,
      accepted: row !== undefined && counts ? { reason: row.reason, at: row.at } : null,
      reopened: row !== undefined && !counts,
    };
  });
}

function factsSeen({ facts }: Clash): string {
  return hashToken(facts).slice(0, 24);
}

export type ClashPage = { clashes: Array<ClashView>; words: ClashWords };

/** All clashes of the draft that are the reader's to know. */
export function clashPage(ctx: StaffContext): ClashPage {
  const { orm } = ctx.db;
  const { facts, words } = clashFacts(orm, ctx.scope);
  return { clashes: judged(orm, ctx.scope, facts), words };
}

type Judged = Result<null, "forbidden" | "gone" | "changed_meanwhile">;

/**
 * Lets a clash stand as it is, for a reason. Refused `changed_meanwhile` when it is not what `seen` stood for: nobody
 * accepts what they have not looked at.
 */
export function acceptClash(
  ctx: StaffContext,
  { key, seen, reason }: { key: string; seen: string; reason: string },
): Promise<Judged> {
  return ctx.db.write((tx): Awaited<Judged> => {
    if (!allows(ctx.scope, "agenda")) return refused("forbidden");
    const clash = clashIn(tx, ctx, key);
    if (clash === undefined) return refused("gone");
    if (clash.seen !== seen) return refused("changed_meanwhile");
    const { editionId } = ctx.scope;
    const columns = { facts: seen, reason, at: ctx.clock.now(), actorId: ctx.actor.id };
    tx.insert(clashAcceptance)
      .values({ id: newId(), editionId, sideId: clash.sideId, kind: clash.kind, key, ...columns })
      .onConflictDoUpdate({
        target: [clashAcceptance.editionId, clashAcceptance.sideId, clashAcceptance.key],
        set: columns,
      })
      .run();
    audit(tx, ctx, "clash.accept", clash);
    return ok(null);
  });
}

/** Takes it back that a clash may stand. */
export function reopenClash(
  ctx: StaffContext,
  { key }: { key: string },
): Promise<Result<null, "forbidden" | "gone">> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "agenda")) return refused("forbidden");
    const clash = clashIn(tx, ctx, key);
    if (clash === undefined) return refused("gone");
    const gone = tx
      .delete(clashAcceptance)
      .where(
        and(
          eq(clashAcceptance.editionId, ctx.scope.editionId),
          eq(clashAcceptance.sideId, clash.sideId),
          eq(clashAcceptance.key, key),
        ),
      )
      .run();
    if (gone.changes > 0) audit(tx, ctx, "clash.reopen", clash);
    return ok(null);
  });
}

function clashIn(tx: Tx, ctx: StaffContext, key: string): ClashView | undefined {
  return judged(tx, ctx.scope, clashFacts(tx, ctx.scope).facts).find((clash) => clash.key === key);
}

function audit(tx: Tx, ctx: StaffContext, action: "clash.accept" | "clash.reopen", clash: Clash): void {
  const { editionId } = ctx.scope;
  const subjectId = clash.itemIds[0] ?? editionId;
  recordAudit(tx, ctx, {
    action,
    subjectKind: clash.itemIds.length === 0 ? "edition" : "agenda_item",
    subjectId,
    editionId,
    sideId: clash.sideId === "" ? null : clash.sideId,
    details: { clash: clash.kind },
  });
}
