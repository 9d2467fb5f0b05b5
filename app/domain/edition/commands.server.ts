/** Making an edition, and changing what it says of itself and of its delegations. */
import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  agendaItem,
  agendaItemDelegation,
  coHost,
  delegation,
  edition,
  editionCoHost,
  series,
  siteVisit,
  staffPermission,
  venue,
  visitQuota,
} from "#db/schema/index.ts";
import type { Approval } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { hasNoGrants } from "../access/queries.server.ts";
import { allows, isLive, mayCreateEditions } from "../access/rules.ts";
import { isInterpreted } from "../agenda/rules.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type EditionPlan, freeSlug, type PlannedItem, slugOf } from "./rules.ts";

export type CreatedEdition = {
  editionId: string;
  slug: string;
  /** In the plan's order. */
  coHostIds: ReadonlyArray<string>;
  /** By the plan's key. */
  delegationIds: Readonly<Record<string, string>>;
};

/**
 * Makes an edition of a plan: series (or the known one of that title), co-hosts, delegations, the draft agenda, visits and
 * their seats. The creator's own side is the co-host that they lead already, when the plan names it so; otherwise it is
 * new, and they become its lead. A co-host that met the creator's side before is the same one again.
 *
 * @param options.editionId the id that the edition gets, when the caller chose it (newId()): the same request sent twice
 *   makes one edition.
 * @param options.ownCoHost which of the plan's co-hosts the creator works for, counted from 0; null: none (an operator).
 * @param options.ownSideId a side that the creator leads, to stand for that co-host whatever the plan calls it.
 * @returns refusal `not_lead` when the creator leads no side in all its editions and is not the very first member of staff.
 */
export function createEdition(
  ctx: DomainContext,
  {
    plan,
    ownCoHost,
    ownSideId = null,
    editionId = newId(),
  }: { plan: EditionPlan; ownCoHost: number | null; ownSideId?: string | null; editionId?: string },
): Promise<Result<CreatedEdition, "not_lead" | "taken">> {
  return ctx.db.write((tx) => {
    const before = created(tx, ctx, editionId);
    if (before !== null) return before;
    const leads = ownCoHost === null ? [] : ledSides(tx, ctx.actor.id, ctx.clock.now());
    if (leads === "not_lead" || (ownSideId !== null && !leads.includes(ownSideId)))
      return refused("not_lead");

    const known = knownCoHosts(tx, leads);
    const ownPlanned = ownCoHost === null ? undefined : plan.coHosts[ownCoHost];
    const coHostIds = plan.coHosts.map((planned) => {
      if (planned === ownPlanned && ownSideId !== null) return ownSideId;
      const same = known.filter(
        (other) => other.nameEn === planned.nameEn && other.nameZh === planned.nameZh,
      );
      // One's own side is only ever one that one leads; a namesake that is a partner's stays the partner's.
      const found = same.find((other) => leads.includes(other.id) === (planned === ownPlanned));
      if (found !== undefined) return found.id;
      const id = newId();
      tx.insert(coHost).values({ id, nameEn: planned.nameEn, nameZh: planned.nameZh }).run();
      return id;
    });
    const ownSide = ownCoHost === null ? undefined : coHostIds[ownCoHost];
    const hostSideId = coHostIds[plan.hostSide] ?? coHostIds.at(-1);
    if (hostSideId === undefined) throw new Error("A plan of an edition has no co-host");

    const now = ctx.clock.now();
    const slug = freeSlug(plan.slug, (wish) => isSlugTaken(tx, wish));
    tx.insert(edition)
      .values({
        id: editionId,
        seriesId: seriesOf(tx, plan),
        slug,
        ordinal: plan.ordinal,
        titleEn: plan.titleEn,
        titleZh: plan.titleZh,
        cityEn: plan.cityEn,
        cityZh: plan.cityZh,
        country: plan.country,
        timeZone: plan.timeZone,
        startsOn: plan.startsOn,
        endsOn: plan.endsOn,
        travelFrom: plan.travelFrom,
        travelTo: plan.travelTo,
        mode: plan.mode,
        hostSideId,
        replyBy: plan.replyBy,
        registerBy: plan.registerBy,
        costsEn: plan.costsEn,
        costsZh: plan.costsZh,
        phones: plan.phones,
        createdAt: now,
      })
      .run();
    for (const [position, coHostId] of coHostIds.entries()) {
      const title = plan.coHosts[position]?.title ?? null;
      tx.insert(editionCoHost)
        .values({
          editionId,
          coHostId,
          position,
          titleEn: title?.en ?? plan.titleEn,
          titleZh: title?.zh ?? plan.titleZh,
        })
        .onConflictDoNothing()
        .run();
    }

    const delegationIds: Record<string, string> = {};
    for (const [position, planned] of plan.delegations.entries()) {
      const id = newId();
      delegationIds[planned.key] = id;
      tx.insert(delegation)
        .values({
          id,
          editionId,
          coHostId: coHostIds[planned.coHost] ?? hostSideId,
          key: planned.key,
          nameEn: planned.nameEn,
          nameZh: planned.nameZh,
          quota: planned.quota,
          homeTimeZone: planned.homeTimeZone,
          position,
        })
        .run();
    }
    for (const item of plan.items) insertItem(tx, { editionId, delegationIds, item, now });

    if (ownSide !== undefined && !leads.includes(ownSide))
      tx.insert(staffPermission)
        .values({
          id: newId(),
          userId: ctx.actor.id,
          coHostId: ownSide,
          editionId: null,
          permission: "lead",
          grantedAt: now,
        })
        .run();
    recordAudit(tx, ctx, {
      action: "edition.create",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId: ownSide ?? null,
      details: { delegations: plan.delegations.length, items: plan.items.length },
    });
    return ok({ editionId, slug, coHostIds, delegationIds });
  });
}

/** What an earlier sending of the same request made, or null. Somebody else's edition is `taken`. */
function created(tx: Tx, ctx: DomainContext, editionId: string): Result<CreatedEdition, "taken"> | null {
  const found = tx.select({ slug: edition.slug }).from(edition).where(eq(edition.id, editionId)).get();
  if (found === undefined) return null;
  const coHosts = tx
    .select({ id: editionCoHost.coHostId })
    .from(editionCoHost)
    .where(eq(editionCoHost.editionId, editionId))
    .orderBy(editionCoHost.position)
    .all();
  const leads = ledSides(tx, ctx.actor.id, ctx.clock.now());
  if (leads === "not_lead" || !coHosts.some((side) => leads.includes(side.id))) return refused("taken");
  const delegations = tx
    .select({ id: delegation.id, key: delegation.key })
    .from(delegation)
    .where(eq(delegation.editionId, editionId))
    .all();
  return ok({
    editionId,
    slug: found.slug,
    coHostIds: coHosts.map((side) => side.id),
    delegationIds: Object.fromEntries(delegations.map((entry) => [entry.key, entry.id])),
  });
}

/** The sides that a login leads in all their editions; `not_lead` when it may make no edition. */
function ledSides(tx: Tx, userId: string, now: number): ReadonlyArray<string> | "not_lead" {
  const grants = tx
    .select({
      coHostId: staffPermission.coHostId,
      editionId: staffPermission.editionId,
      permission: staffPermission.permission,
      endsAt: staffPermission.endsAt,
    })
    .from(staffPermission)
    .where(eq(staffPermission.userId, userId))
    .all();
  const leads = grants.filter(
    (grant) => grant.permission === "lead" && grant.editionId === null && isLive(grant, now),
  );
  return mayCreateEditions(grants, hasNoGrants(tx), now) ? leads.map((grant) => grant.coHostId) : "not_lead";
}

/** The co-hosts that a plan's names may mean: the sides that the creator leads, and those that met them before. */
function knownCoHosts(tx: Tx, leads: ReadonlyArray<string>) {
  if (leads.length === 0) return [];
  const together = tx
    .select({ id: editionCoHost.editionId })
    .from(editionCoHost)
    .where(inArray(editionCoHost.coHostId, [...leads]))
    .all()
    .map((row) => row.id);
  const partners = tx
    .select({ id: editionCoHost.coHostId })
    .from(editionCoHost)
    .where(inArray(editionCoHost.editionId, together))
    .all()
    .map((row) => row.id);
  return tx
    .select()
    .from(coHost)
    .where(inArray(coHost.id, [...leads, ...partners]))
    .all();
}

function isSlugTaken(tx: Tx, slug: string): boolean {
  return tx.select({ id: edition.id }).from(edition).where(eq(edition.slug, slug)).get() !== undefined;
}

function seriesOf(tx: Tx, plan: EditionPlan): string {
  const found = tx
    .select({ id: series.id })
    .from(series)
    .where(and(eq(series.titleEn, plan.seriesEn), eq(series.titleZh, plan.seriesZh)))
    .get();
  if (found !== undefined) return found.id;
  const id = newId();
  tx.insert(series).values({ id, titleEn: plan.seriesEn, titleZh: plan.seriesZh }).run();
  return id;
}

function insertItem(
  tx: Tx,
  {
    editionId,
    delegationIds,
    item,
    now,
  }: {
    editionId: string;
    delegationIds: Readonly<Record<string, string>>;
    item: PlannedItem;
    now: number;
  },
): void {
  const itemId = newId();
  tx.insert(agendaItem)
    .values({
      venueId: placeNamed(tx, editionId, item, now),
      languagePair: isInterpreted(item) ? "en_zh" : null,
      id: itemId,
      editionId,
      kind: item.kind,
      startsAt: item.startsAt,
      endsAt: item.endsAt,
      titleEn: item.titleEn,
      titleZh: item.titleZh,
      placeEn: item.placeEn,
      placeZh: item.placeZh,
      audience: item.audience,
      attribution: item.attribution,
      interpretation: item.interpretation,
      updatedAt: now,
    })
    .run();
  for (const key of new Set(item.delegationKeys)) {
    const delegationId = delegationIds[key];
    if (delegationId !== undefined) tx.insert(agendaItemDelegation).values({ itemId, delegationId }).run();
  }
  if (item.visit === null) return;
  const { seats, clearanceColumns, ...visit } = item.visit;
  const visitId = newId();
  tx.insert(siteVisit)
    .values({ ...visit, id: visitId, editionId, itemId, clearanceColumns: JSON.stringify(clearanceColumns) })
    .run();
  for (const quota of seats) {
    const delegationId = delegationIds[quota.delegationKey];
    if (delegationId !== undefined)
      tx.insert(visitQuota).values({ visitId, delegationId, seats: quota.seats }).run();
  }
}

/** The place of this name, which the first item that is there adds to the list; null when nothing is said. */
function placeNamed(
  tx: Tx,
  editionId: string,
  { placeEn, placeZh }: Pick<PlannedItem, "placeEn" | "placeZh">,
  now: number,
): string | null {
  if (placeEn === "" && placeZh === "") return null;
  const known = tx
    .select({ id: venue.id })
    .from(venue)
    .where(and(eq(venue.editionId, editionId), eq(venue.nameEn, placeEn), eq(venue.nameZh, placeZh)))
    .get();
  if (known !== undefined) return known.id;
  const id = newId();
  tx.insert(venue).values({ id, editionId, nameEn: placeEn, nameZh: placeZh, updatedAt: now }).run();
  return id;
}

/** What both sides agreed on, as letters and pages say it. Instants are epoch milliseconds. */
export type EditionTerms = {
  replyBy: number | null;
  registerBy: number | null;
  costsEn: string;
  costsZh: string;
  phones: string;
};

/** Changes deadlines, costs and phones of the edition. For a lead; refusal `forbidden` for others. */
export function changeEdition(
  ctx: StaffContext,
  terms: EditionTerms,
): Promise<Result<{ changed: boolean }, "forbidden">> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "lead")) return refused("forbidden");
    const before = tx
      .select({
        replyBy: edition.replyBy,
        registerBy: edition.registerBy,
        costsEn: edition.costsEn,
        costsZh: edition.costsZh,
        phones: edition.phones,
      })
      .from(edition)
      .where(eq(edition.id, ctx.scope.editionId))
      .get();
    if (before === undefined) throw new Error("A scope names an edition that does not exist");
    const changed = (["replyBy", "registerBy", "costsEn", "costsZh", "phones"] as const).filter(
      (name) => before[name] !== terms[name],
    );
    if (changed.length === 0) return ok({ changed: false });
    tx.update(edition)
      .set({
        replyBy: terms.replyBy,
        registerBy: terms.registerBy,
        costsEn: terms.costsEn,
        costsZh: terms.costsZh,
        phones: terms.phones,
      })
      .where(eq(edition.id, ctx.scope.editionId))
      .run();
    recordAudit(tx, ctx, {
      action: "edition.change",
      subjectKind: "edition",
      subjectId: ctx.scope.editionId,
      editionId: ctx.scope.editionId,
      sideId: null,
      details: { fields: changed },
    });
    return ok({ changed: true });
  });
}

export type DelegationChange = {
  id: string;
  nameEn: string;
  nameZh: string;
  /** Null: no limit. Lowering it below what is taken moves nobody. */
  quota: number | null;
  homeTimeZone: string;
};

/**
 * Says who has to approve an invitation before it goes out. What has been sent stays sent.
 *
 * Only a lead of the host side decides it (`forbidden`): it is the host who answers for who comes into the house, and
 * a rule that each side could lift for itself would be none.
 */
export function changeApproval(
  ctx: StaffContext,
  approval: Approval,
): Promise<Result<{ changed: boolean }, "forbidden">> {
  return ctx.db.write((tx) => {
    const found = tx
      .select({ approval: edition.approval, hostSideId: edition.hostSideId })
      .from(edition)
      .where(eq(edition.id, ctx.scope.editionId))
      .get();
    if (found === undefined || !allows(ctx.scope, "lead") || !ctx.scope.sideIds.includes(found.hostSideId))
      return refused("forbidden");
    if (found.approval === approval) return ok({ changed: false });
    tx.update(edition).set({ approval }).where(eq(edition.id, ctx.scope.editionId)).run();
    recordAudit(tx, ctx, {
      action: "edition.changeApproval",
      subjectKind: "edition",
      subjectId: ctx.scope.editionId,
      editionId: ctx.scope.editionId,
      sideId: null,
      details: { before: found.approval, approval },
    });
    return ok({ changed: true });
  });
}

/**
 * Changes names, places and home zones of one's own side's delegations, and adds some. For a lead.
 *
 * @returns refusal `forbidden`; `not_found` when one of them is not there, or is the other side's.
 */
export function changeDelegations(
  ctx: StaffContext,
  {
    changes,
    added = [],
  }: {
    changes: ReadonlyArray<DelegationChange>;
    added?: ReadonlyArray<Omit<DelegationChange, "id">>;
  },
): Promise<Result<{ changed: number }, "forbidden" | "not_found">> {
  return ctx.db.write((tx) => {
    if (!allows(ctx.scope, "lead")) return refused("forbidden");
    const { editionId, sideIds } = ctx.scope;
    const own = tx
      .select()
      .from(delegation)
      .where(and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds])))
      .all();
    const pairs = changes.map((change) => ({ change, before: own.find((entry) => entry.id === change.id) }));
    if (pairs.some(({ before }) => before === undefined)) return refused("not_found");
    const different = pairs.filter(
      ({ change, before }) =>
        before !== undefined &&
        (before.nameEn !== change.nameEn ||
          before.nameZh !== change.nameZh ||
          before.quota !== change.quota ||
          before.homeTimeZone !== change.homeTimeZone),
    );
    const sideId = sideIds[0];
    if (sideId === undefined) return refused("not_found");
    for (const { change } of different)
      tx.update(delegation)
        .set({
          nameEn: change.nameEn,
          nameZh: change.nameZh,
          quota: change.quota,
          homeTimeZone: change.homeTimeZone,
        })
        .where(eq(delegation.id, change.id))
        .run();
    const all = tx
      .select({ key: delegation.key, position: delegation.position })
      .from(delegation)
      .where(eq(delegation.editionId, editionId))
      .all();
    const keys = new Set(all.map((entry) => entry.key));
    let position = Math.max(-1, ...all.map((entry) => entry.position));
    // A form may come twice: then they stand there.
    const fresh = added.filter(
      (entry) => !own.some((one) => one.nameEn === entry.nameEn && one.nameZh === entry.nameZh),
    );
    for (const entry of fresh) {
      const key = freeSlug(slugOf(entry.nameEn) || "delegation", (wish) => keys.has(wish));
      keys.add(key);
      position += 1;
      tx.insert(delegation)
        .values({ ...entry, id: newId(), editionId, coHostId: sideId, key, position })
        .run();
    }
    const changed = different.length + fresh.length;
    if (changed > 0)
      recordAudit(tx, ctx, {
        action: "delegations.change",
        subjectKind: "edition",
        subjectId: editionId,
        editionId,
        sideId,
        details: { changed: different.map(({ change }) => change.id), added: fresh.length },
      });
    return ok({ changed });
  });
}
