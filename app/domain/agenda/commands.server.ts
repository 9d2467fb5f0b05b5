import { randomBytes } from "node:crypto";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  agendaFunction,
  agendaItem,
  agendaItemDelegation,
  agendaVersion,
  delegation,
  edition,
  invitation,
  siteVisit,
  venue,
  visitPlace,
} from "#db/schema/index.ts";
import type { SessionFunction } from "#db/vocabulary.ts";
import { instantOf } from "../../i18n/dates.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { type AuditAction, type AuditEntry, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { quotasOf } from "../visit/form.ts";
import { promoteWaiting, setLimits } from "../visit/seats.server.ts";
import { agendaDelegations, fingerprint, hasPlaces, nextItems } from "./draft.server.ts";
import type { AgendaItemInput } from "./form.ts";
import { changeStep, freeCues, functionsIn, nextStep, recordStep, snapshot } from "./journal.server.ts";
import { noticeDigest, noticesOfPublication, queuedOf } from "./notices.server.ts";
import { newestProgrammeIn } from "./queries.server.ts";
import { agendaChanges, isInterpreted } from "./rules.ts";
import { VERSION_CODE_LENGTH, versionCode } from "./version-code.ts";

/**
 * Adds an item to the draft. Nobody outside the staff sees it before the next version is published. If the last thing that
 * one did was to add this very item, it is that one: a form may come twice.
 */
export function addAgendaItem(
  ctx: StaffContext,
  input: AgendaItemInput,
): Promise<Result<{ itemId: string }, "unknown_delegation" | "unknown_place">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    if (!knowsDelegations(tx, editionId, input)) return refused("unknown_delegation");
    const columns = itemColumns(tx, editionId, input);
    if (columns === null) return refused("unknown_place");
    const known = justAdded(tx, ctx, { columns, input });
    if (known !== null) return ok({ itemId: known });
    const itemId = newId();
    tx.insert(agendaItem)
      .values({
        id: itemId,
        editionId,
        ...columns,
        updatedAt: ctx.clock.now(),
      })
      .run();
    writeParts(tx, ctx, itemId, input);
    const after = snapshot(tx, editionId, itemId);
    recordStep(tx, ctx, itemId, after === null ? null : { did: "add", after });
    audit(tx, ctx, { action: "agenda.add", subjectId: itemId, details: { kind: input.kind } });
    return ok({ itemId });
  });
}

/**
 * Changes an item of the draft. Refused: `has_places` when it would no longer be a visit although people have places
 * on it; `changed_meanwhile` when somebody else has saved it since `seenAt`.
 */
export function changeAgendaItem(
  ctx: StaffContext,
  { itemId, seenAt, input }: { itemId: string; seenAt: number; input: AgendaItemInput },
): Promise<
  Result<
    { itemId: string },
    "not_found" | "unknown_delegation" | "unknown_place" | "has_places" | "changed_meanwhile"
  >
> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const found = itemIn(tx, editionId, itemId);
    if (found === undefined) return refused("not_found");
    if (found.updatedAt !== seenAt) return refused("changed_meanwhile");
    if (!knowsDelegations(tx, editionId, input)) return refused("unknown_delegation");
    const columns = itemColumns(tx, editionId, input);
    if (columns === null) return refused("unknown_place");
    const endingVisit = input.kind === "site_visit" ? null : found.visitId;
    if (endingVisit !== null && hasPlaces(tx, endingVisit)) return refused("has_places");
    const before = snapshot(tx, editionId, itemId);
    if (endingVisit !== null) deleteVisit(tx, endingVisit);
    // Two saves within one millisecond must not look like the same one.
    const updatedAt = Math.max(ctx.clock.now(), found.updatedAt + 1);
    tx.update(agendaItem)
      .set({ ...columns, updatedAt })
      .where(eq(agendaItem.id, itemId))
      .run();
    tx.delete(agendaItemDelegation).where(eq(agendaItemDelegation.itemId, itemId)).run();
    writeParts(tx, ctx, itemId, input);
    const after = snapshot(tx, editionId, itemId);
    if (before !== null && after !== null) recordStep(tx, ctx, itemId, changeStep(before, after));
    audit(tx, ctx, { action: "agenda.change", subjectId: itemId, details: { kind: input.kind } });
    return ok({ itemId });
  });
}

/** Takes an item out of the draft; versions that have it keep it. Refused while people have places on its visit. */
export function removeAgendaItem(
  ctx: StaffContext,
  { itemId }: { itemId: string },
): Promise<Result<null, "not_found" | "has_places">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const found = itemIn(tx, editionId, itemId);
    const before = snapshot(tx, editionId, itemId);
    if (found === undefined || before === null) return refused("not_found");
    if (found.visitId !== null && hasPlaces(tx, found.visitId)) return refused("has_places");
    const functions = functionsIn(tx, itemId);
    const cues = freeCues(tx, before);
    if (found.visitId !== null) deleteVisit(tx, found.visitId);
    tx.delete(agendaItem).where(eq(agendaItem.id, itemId)).run();
    recordStep(tx, ctx, itemId, { did: "remove", before, functions, cues });
    audit(tx, ctx, { action: "agenda.remove", subjectId: itemId });
    return ok(null);
  });
}

/** Gives somebody of one's own side a function in an item. The same again changes nothing. */
export function assignFunction(
  ctx: StaffContext,
  entry: { itemId: string; invitationId: string; function: SessionFunction },
): Promise<Result<null, "not_found">> {
  return ctx.db.write((tx) => {
    const sideId = ourSide(tx, ctx, entry);
    if (sideId === null) return refused("not_found");
    const last = tx
      .select({ position: sql<number>`coalesce(max(${agendaFunction.position}), 0)` })
      .from(agendaFunction)
      .where(eq(agendaFunction.itemId, entry.itemId))
      .get();
    const row = { ...entry, position: (last?.position ?? 0) + 1 };
    const written = tx.insert(agendaFunction).values(row).onConflictDoNothing().run();
    if (written.changes === 0) return ok(null);
    recordStep(tx, ctx, entry.itemId, { did: "assign", entry: row });
    auditFunction(tx, ctx, "agenda.assign", { ...entry, sideId });
    return ok(null);
  });
}

/** Takes a function from somebody of one's own side. */
export function withdrawFunction(
  ctx: StaffContext,
  entry: { itemId: string; invitationId: string; function: SessionFunction },
): Promise<Result<null, "not_found">> {
  return ctx.db.write((tx) => {
    const sideId = ourSide(tx, ctx, entry);
    if (sideId === null) return refused("not_found");
    const [row] = tx
      .delete(agendaFunction)
      .where(
        and(
          eq(agendaFunction.itemId, entry.itemId),
          eq(agendaFunction.invitationId, entry.invitationId),
          eq(agendaFunction.function, entry.function),
        ),
      )
      .returning()
      .all();
    if (row === undefined) return ok(null);
    recordStep(tx, ctx, entry.itemId, { did: "unassign", entry: row });
    auditFunction(tx, ctx, "agenda.unassign", { ...entry, sideId });
    return ok(null);
  });
}

/**
 * Moves a function of one of one's own side's people up (-1) or down (1) in the order of an item, past whoever is next,
 * of whichever side. At the end of the order nothing happens.
 */
export function orderFunction(
  ctx: StaffContext,
  { by, ...entry }: { itemId: string; invitationId: string; function: SessionFunction; by: -1 | 1 },
): Promise<Result<null, "not_found">> {
  return ctx.db.write((tx) => {
    const sideId = ourSide(tx, ctx, entry);
    if (sideId === null) return refused("not_found");
    const rows = functionsIn(tx, entry.itemId);
    const at = rows.findIndex(
      (row) => row.invitationId === entry.invitationId && row.function === entry.function,
    );
    if (at === -1) return refused("not_found");
    const [one, other] = [rows[at], rows[at + by]];
    if (one === undefined || other === undefined) return ok(null);
    const order = rows.with(at, other).with(at + by, one);
    for (const [position, row] of order.entries())
      tx.update(agendaFunction)
        .set({ position: position + 1 })
        .where(
          and(
            eq(agendaFunction.itemId, entry.itemId),
            eq(agendaFunction.invitationId, row.invitationId),
            eq(agendaFunction.function, row.function),
          ),
        )
        .run();
    auditFunction(tx, ctx, "agenda.order", { ...entry, sideId });
    return ok(null);
  });
}

/**
 * Makes the draft the next version, which never changes again; from then on delegates see it. Refused: `nothing_changed`
 * since the newest version (but that which was looked at: then it is published already), `empty`, and `changed_meanwhile` when the draft, or who would be told what, is not what was
 * looked at: nobody publishes what they have not seen.
 *
 * @param input `seen`: the fingerprint of the preview; without it the draft is published as it is. `notify`: whether
 *   people of the publisher's own sides whose programme changes are told by mail; what others do is their side's. `told`:
 *   the digest of who that would be; not compared unless given.
 */
export function publishAgenda(
  ctx: StaffContext,
  { seen, notify = false, told }: { seen?: string; notify?: boolean; told?: string } = {},
): Promise<Result<{ number: number; queued: number }, "empty" | "nothing_changed" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const newest = newestProgrammeIn(tx, editionId);
    const items = nextItems(tx, editionId);
    const changes = agendaChanges(newest?.items ?? [], items).length;
    // The form came twice: what was looked at is published.
    if (changes === 0 && newest !== null && fingerprint(tx, editionId) === seen)
      return ok({ number: newest.number, queued: queuedOf(tx, ctx, newest.number) });
    if (changes === 0) return refused(newest === null ? "empty" : "nothing_changed");
    if (seen !== undefined && fingerprint(tx, editionId) !== seen) return refused("changed_meanwhile");
    if (notify && told !== undefined && noticeDigest(tx, ctx) !== told) return refused("changed_meanwhile");
    const number = (newest?.number ?? 0) + 1;
    const publishedAt = ctx.clock.now();
    const id = newId();
    tx.insert(agendaVersion)
      .values({
        id,
        editionId,
        number,
        publishedAt,
        publishedBy: ctx.actor.id,
        items: JSON.stringify(items),
        code: versionCode(randomBytes(VERSION_CODE_LENGTH)),
      })
      .run();
    // Where times are others, what stood between somebody and a seat may be gone.
    for (const item of items) if (item.visit !== null) promoteWaiting(tx, ctx, item.visit.id);
    recordAudit(tx, ctx, {
      action: "agenda.publish",
      subjectKind: "agenda_version",
      subjectId: id,
      editionId,
      sideId: null,
      details: { number, items: items.length, changes },
    });
    const queued = noticesOfPublication(tx, ctx, { after: { number, publishedAt, items }, send: notify });
    return ok({ number, queued });
  });
}

/** An item of the edition, with its visit. */
export function itemIn(tx: Tx, editionId: string, itemId: string) {
  return tx
    .select({ updatedAt: agendaItem.updatedAt, visitId: siteVisit.id })
    .from(agendaItem)
    .leftJoin(siteVisit, eq(siteVisit.itemId, agendaItem.id))
    .where(and(eq(agendaItem.id, itemId), eq(agendaItem.editionId, editionId)))
    .get();
}

function zoneOf(tx: Tx, editionId: string): string {
  const found = tx
    .select({ timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, editionId))
    .get();
  if (found === undefined) throw new Error("A scope names an edition that does not exist");
  return found.timeZone;
}

function knowsDelegations(tx: Tx, editionId: string, input: AgendaItemInput): boolean {
  const known = agendaDelegations(tx, editionId).map((one) => one.id);
  return [...input.delegationIds, ...quotasOf(input.seats).keys()].every((id) => known.includes(id));
}

/** The item's own columns; null when it names a place that the edition does not have. */
function itemColumns(tx: Tx, editionId: string, input: AgendaItemInput) {
  const timeZone = zoneOf(tx, editionId);
  const where = placeOf(tx, editionId, input.venueId);
  const from = placeOf(tx, editionId, input.fromVenueId);
  if (where === undefined || from === undefined) return null;
  // Of a visit they are the visit's own.
  const own = input.kind === "site_visit" ? { dressEn: "", dressZh: "", bringEn: "", bringZh: "" } : input;
  return {
    kind: input.kind,
    startsAt: instantOf(input.day, input.start, timeZone),
    endsAt: instantOf(input.day, input.end, timeZone),
    titleEn: input.titleEn,
    titleZh: input.titleZh,
    placeEn: where?.nameEn ?? input.placeEn,
    placeZh: where?.nameZh ?? input.placeZh,
    venueId: input.venueId,
    fromVenueId: input.fromVenueId,
    audience: input.audience,
    attribution: input.attribution,
    interpretation: input.interpretation,
    languagePair: isInterpreted(input) ? (input.languagePair ?? "en_zh") : null,
    dressEn: own.dressEn,
    dressZh: own.dressZh,
    bringEn: own.bringEn,
    bringZh: own.bringZh,
    internalNote: input.internalNote,
  } as const;
}

/** The item that one added last, when it still is just what is to be added now; else null. */
function justAdded(
  tx: Tx,
  ctx: StaffContext,
  { columns, input }: { columns: NonNullable<ReturnType<typeof itemColumns>>; input: AgendaItemInput },
): string | null {
  const { editionId } = ctx.scope;
  const last = nextStep(tx, ctx, "undo");
  if (last?.step.did !== "add") return null;
  const stands = snapshot(tx, editionId, last.itemId);
  if (stands === null || changeStep(last.step.after, stands) !== null) return null;
  const { visit, quotas, delegationIds } = stands;
  const isVisit = input.kind === "site_visit" && input.capacity !== null;
  const asked = visitColumns(input, zoneOf(tx, editionId));
  const wanted: Array<[unknown, unknown]> = [
    ...Object.entries(columns).map(([name, value]): [unknown, unknown] => [stands.item[name], value]),
    [delegationIds, input.audience === "delegations" ? [...new Set(input.delegationIds)].sort() : []],
    [visit !== null, isVisit],
    ...(visit === null
      ? []
      : [
          [visit.capacity, input.capacity] as [unknown, unknown],
          ...Object.entries(asked).map(([name, value]): [unknown, unknown] => [visit[name], value]),
          [
            Object.entries(quotas).sort(),
            [...quotasOf(input.seats)].sort(([a], [b]) => (a < b ? -1 : 1)),
          ] as [unknown, unknown],
        ]),
  ];
  return wanted.every(([is, was]) => JSON.stringify(is) === JSON.stringify(was)) ? last.itemId : null;
}

/** A place of this edition; null: none is named; undefined: there is no such place. */
function placeOf(tx: Tx, editionId: string, venueId: string | null) {
  if (venueId === null) return null;
  return tx
    .select({ nameEn: venue.nameEn, nameZh: venue.nameZh })
    .from(venue)
    .where(and(eq(venue.id, venueId), eq(venue.editionId, editionId)))
    .get();
}

/** Writes what hangs on an item: its delegations, and its visit with the limits. */
function writeParts(tx: Tx, ctx: StaffContext, itemId: string, input: AgendaItemInput): void {
  const { editionId } = ctx.scope;
  if (input.audience === "delegations")
    for (const delegationId of new Set(input.delegationIds))
      tx.insert(agendaItemDelegation).values({ itemId, delegationId }).run();
  if (input.kind !== "site_visit" || input.capacity === null) return;
  const columns = visitColumns(input, zoneOf(tx, editionId));
  const visit = tx
    .insert(siteVisit)
    .values({ id: newId(), editionId, itemId, capacity: input.capacity, ...columns })
    .onConflictDoUpdate({ target: siteVisit.itemId, set: columns })
    .returning({ id: siteVisit.id })
    .get();
  const quotas = quotasOf(input.seats);
  setLimits(tx, ctx, { visitId: visit.id, editionId, capacity: input.capacity, quotas });
}

/** A visit's own columns but its limits. */
function visitColumns(input: AgendaItemInput, timeZone: string) {
  const { deadlineDay, deadlineTime } = input;
  return {
    hostEn: input.hostEn,
    hostZh: input.hostZh,
    clearanceDeadline:
      deadlineDay === null || deadlineTime === null ? null : instantOf(deadlineDay, deadlineTime, timeZone),
    meetAt: input.meetTime === null ? null : instantOf(input.day, input.meetTime, timeZone),
    meetingPointEn: input.meetingPointEn,
    meetingPointZh: input.meetingPointZh,
    dressEn: input.dressEn,
    dressZh: input.dressZh,
    bringEn: input.bringEn,
    bringZh: input.bringZh,
  };
}

/** The visit of an item that is going: only places that were given up are left on it. */
export function deleteVisit(tx: Tx, visitId: string): void {
  tx.delete(visitPlace).where(eq(visitPlace.visitId, visitId)).run();
  tx.delete(siteVisit).where(eq(siteVisit.id, visitId)).run();
}

/** The side of a person who is of one's own in this edition, as the item is; null: it is not. */
export function ourSide(
  tx: Tx,
  ctx: StaffContext,
  { itemId, invitationId }: { itemId: string; invitationId: string },
): string | null {
  const { editionId, sideIds } = ctx.scope;
  const found = tx
    .select({ sideId: delegation.coHostId })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(invitation.id, invitationId),
        eq(invitation.editionId, editionId),
        inArray(delegation.coHostId, [...sideIds]),
      ),
    )
    .get();
  return found === undefined || itemIn(tx, editionId, itemId) === undefined ? null : found.sideId;
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  entry: Pick<AuditEntry, "action" | "subjectId" | "details"> & { sideId?: string },
): void {
  const { editionId } = ctx.scope;
  recordAudit(tx, ctx, { sideId: null, ...entry, subjectKind: "agenda_item", editionId });
}

function auditFunction(
  tx: Tx,
  ctx: StaffContext,
  action: AuditAction,
  entry: { itemId: string; invitationId: string; sideId: string; function: SessionFunction },
): void {
  audit(tx, ctx, {
    action,
    sideId: entry.sideId,
    subjectId: entry.itemId,
    details: { invitation: entry.invitationId, function: entry.function },
  });
}
