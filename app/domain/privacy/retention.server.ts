import { createHash } from "node:crypto";
import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  coHost,
  edition,
  editionCoHost,
  invitation,
  person,
  purgeReport,
  retentionDate,
} from "#db/schema/index.ts";
import type { RetentionKind } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { recordAudit } from "./audit.server.ts";
import { KINDS_IN_ORDER, type PurgeLine, usualDay } from "./retention.ts";
import type { RetentionDays } from "./retention-form.ts";
import { PLACES } from "./retention-places.server.ts";
import type { Held, Place, Whose } from "./retention-rows.server.ts";

/** An edition as far as retention looks at it, or null. */
export function meetingOf(orm: Orm, editionId: string) {
  return (
    orm
      .select({ slug: edition.slug, travelTo: edition.travelTo, timeZone: edition.timeZone })
      .from(edition)
      .where(eq(edition.id, editionId))
      .get() ?? null
  );
}

/** From which day on a side purges what it has of each kind. */
export function daysOf(orm: Orm, { editionId, sideId }: Whose, travelTo: string): RetentionDays {
  const changed = orm
    .select({ kind: retentionDate.kind, dueOn: retentionDate.dueOn })
    .from(retentionDate)
    .where(and(eq(retentionDate.editionId, editionId), eq(retentionDate.coHostId, sideId)))
    .all();
  const usual = KINDS_IN_ORDER.map((kind) => [kind, usualDay(kind, travelTo)] as const);
  return Object.fromEntries([
    ...usual,
    ...changed.map(({ kind, dueOn }) => [kind, dueOn] as const),
  ]) as RetentionDays;
}

export function isDue(dueOn: string, { now, timeZone }: { now: number; timeZone: string }): boolean {
  return dueOn <= dayOf(now, timeZone);
}

export type Found = { place: Place; held: ReadonlyArray<Held> };

/** What is there of these kinds, place by place; a place that holds nothing is left out. */
export function heldBy(orm: Orm, whose: Whose, kinds: ReadonlyArray<RetentionKind>): Array<Found> {
  return PLACES.filter(({ kind }) => kinds.includes(kind))
    .map((place) => ({ place, held: place.find(orm, whose) }))
    .filter(({ held }) => held.length > 0);
}

export function linesOf(found: ReadonlyArray<Found>): Array<PurgeLine> {
  return found.map(({ place: { kind, place }, held }) => ({
    kind,
    place,
    people: peopleOf(held).length,
    items: held.reduce((sum, { items }) => sum + items, 0),
  }));
}

function peopleOf(held: ReadonlyArray<Held>): Array<string> {
  return [...new Set(held.map(({ invitationId }) => invitationId).filter((id) => id !== null))];
}

/** Stands for exactly these rows: something more or less, and it is another one. */
export function markOfHeld(found: ReadonlyArray<Found>): string {
  const rows = found.map(({ place: { kind, place }, held }) => [
    kind,
    place,
    ...held.map(({ row, items }) => `${row} ${items}`).sort(),
  ]);
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}

export type RetentionOfSide = {
  sideId: string;
  nameEn: string;
  nameZh: string;
  kinds: ReadonlyArray<{ kind: RetentionKind; dueOn: string; usual: string; due: boolean }>;
  /** All that is kept, due or not. */
  kept: ReadonlyArray<PurgeLine>;
  due: ReadonlyArray<PurgeLine>;
  /** Whose data would go, by kind. */
  people: ReadonlyArray<{
    invitationId: string;
    nameLatin: string;
    nameNative: string;
    kinds: ReadonlyArray<RetentionKind>;
  }>;
  /** What a purge has to be asked for with: stands for what is due now. */
  shown: string;
  reports: ReadonlyArray<{ id: string; at: number; sha256: string; cleaned: boolean; items: number }>;
};

/** How long this scope's sides keep what, and what a purge would remove now. Nobody else's people, also not as a number. */
export function retentionPage(
  ctx: Pick<StaffContext, "db" | "clock" | "scope">,
): { travelTo: string; timeZone: string; sides: Array<RetentionOfSide> } | null {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const meeting = meetingOf(orm, editionId);
  if (meeting === null) return null;
  const { travelTo, timeZone } = meeting;
  const now = ctx.clock.now();
  const sides = sidesOf(orm, editionId, sideIds).map((side): RetentionOfSide => {
    const whose = { editionId, sideId: side.sideId };
    const days = daysOf(orm, whose, travelTo);
    const kinds = KINDS_IN_ORDER.map((kind) => ({
      kind,
      dueOn: days[kind],
      usual: usualDay(kind, travelTo),
      due: isDue(days[kind], { now, timeZone }),
    }));
    const all = heldBy(orm, whose, KINDS_IN_ORDER);
    const due = all.filter(({ place }) => kinds.some(({ kind, due }) => due && kind === place.kind));
    return {
      ...side,
      kinds,
      kept: linesOf(all),
      due: linesOf(due),
      people: namesOf(orm, due),
      shown: markOfHeld(due),
      reports: reportsOf(orm, whose),
    };
  });
  return { travelTo, timeZone, sides };
}

/** The sides of an edition that are among these, in the edition's order. */
export function sidesOf(
  orm: Orm,
  editionId: string,
  sideIds: ReadonlyArray<string>,
): Array<{ sideId: string; nameEn: string; nameZh: string }> {
  return orm
    .select({ sideId: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(and(eq(editionCoHost.editionId, editionId), inArray(coHost.id, [...sideIds])))
    .orderBy(asc(editionCoHost.position))
    .all();
}

function namesOf(orm: Orm, found: ReadonlyArray<Found>): RetentionOfSide["people"] {
  const kindsOf = new Map<string, Set<RetentionKind>>();
  for (const { place, held } of found)
    for (const id of peopleOf(held)) kindsOf.set(id, (kindsOf.get(id) ?? new Set()).add(place.kind));
  return orm
    .select({ invitationId: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(inArray(invitation.id, [...kindsOf.keys()]))
    .orderBy(asc(person.sortKey), asc(person.id))
    .all()
    .map((row) => ({
      ...row,
      kinds: KINDS_IN_ORDER.filter((kind) => kindsOf.get(row.invitationId)?.has(kind) === true),
    }));
}

function reportsOf(orm: Orm, { editionId, sideId }: Whose): RetentionOfSide["reports"] {
  return orm
    .select({
      id: purgeReport.id,
      at: purgeReport.at,
      sha256: purgeReport.sha256,
      cleanedAt: purgeReport.cleanedAt,
      report: purgeReport.report,
    })
    .from(purgeReport)
    .where(and(eq(purgeReport.editionId, editionId), eq(purgeReport.coHostId, sideId)))
    .orderBy(desc(purgeReport.at))
    .all()
    .map(({ report, cleanedAt, ...row }) => {
      const { removed }: { removed: ReadonlyArray<PurgeLine> } = JSON.parse(report);
      return {
        ...row,
        cleaned: cleanedAt !== null,
        items: removed.reduce((sum, line) => sum + line.items, 0),
      };
    });
}

/**
 * Sets from which day on a side purges each kind. The same days again change nothing.
 * Refused when the side is not in the scope (`gone`).
 */
export function changeRetention(
  ctx: StaffContext,
  { sideId, days }: { sideId: string; days: RetentionDays },
): Promise<Result<{ changed: number }, "gone">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    const meeting = meetingOf(tx, editionId);
    if (meeting === null || !sideIds.includes(sideId)) return refused("gone");
    const before = daysOf(tx, { editionId, sideId }, meeting.travelTo);
    const changed = KINDS_IN_ORDER.filter((kind) => before[kind] !== days[kind]);
    if (changed.length === 0) return ok({ changed: 0 });
    const stamp = { changedAt: ctx.clock.now(), changedBy: ctx.actor.id };
    for (const kind of changed)
      tx.insert(retentionDate)
        .values({ editionId, coHostId: sideId, kind, dueOn: days[kind], ...stamp })
        .onConflictDoUpdate({
          target: [retentionDate.editionId, retentionDate.coHostId, retentionDate.kind],
          set: { dueOn: days[kind], ...stamp },
        })
        .run();
    recordAudit(tx, ctx, {
      action: "retention.change",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId,
      details: {
        retention: changed,
        ...Object.fromEntries(changed.map((kind) => [`${kind}On`, days[kind]])),
      },
    });
    return ok({ changed: changed.length });
  });
}

/** A report of a purge as a file, for the sides of this scope; null when there is none. */
export function purgeReportFile(
  { db: { orm } }: Pick<DomainContext, "db">,
  { editionId, sideIds }: { editionId: string; sideIds: ReadonlyArray<string> },
  reportId: string,
): string | null {
  const row = orm
    .select({ report: purgeReport.report, sha256: purgeReport.sha256, signature: purgeReport.signature })
    .from(purgeReport)
    .where(
      and(
        eq(purgeReport.id, reportId),
        eq(purgeReport.editionId, editionId),
        inArray(purgeReport.coHostId, [...sideIds]),
      ),
    )
    .get();
  if (row === undefined) return null;
  const { report, sha256, signature } = row;
  return `${JSON.stringify({ report: JSON.parse(report), sha256, signature }, null, 2)}\n`;
}
