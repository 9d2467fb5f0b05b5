import { and, desc, eq, inArray, ne } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  clearanceEntry,
  clearancePart,
  clearanceRow,
  clearanceVersion,
  delegation,
  invitation,
  release,
  visitPlace,
} from "#db/schema/index.ts";
import type { ListHead } from "../../documents/clearance-list.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import { agreesToIdentity } from "../visit/obstacles.server.ts";
import type { ListedVisit } from "./facts.server.ts";
import { asksIdentity, type FactName } from "./facts.ts";
import type { FrozenList, ListChange, PartRow } from "./rules.ts";

export function partPlace(partId: string): string {
  return `clearance_part/${partId}`;
}

export function versionPlace(versionId: string): string {
  return `clearance_version/${versionId}`;
}

/** What a side released last, without what is under its seal. */
export type PartRows = {
  partId: string;
  sideId: string;
  number: number;
  facts: ReadonlyArray<FactName>;
  sealed: string;
  releaseId: string | null;
  releasedAt: number;
  /** Ids of whom it names, with their facts' digests. */
  rows: ReadonlyArray<string>;
  digests: ReadonlyMap<string, string>;
  /** Whether its release still works: it was not revoked, nor has it ended. */
  isOpen(now: number): boolean;
};

export function newestPart(
  orm: Orm,
  { visitId, sideId, partId }: { visitId: string; sideId: string; partId?: string },
): PartRows | null {
  const row = orm
    .select({
      partId: clearancePart.id,
      sideId: clearancePart.coHostId,
      number: clearancePart.number,
      facts: clearancePart.facts,
      sealed: clearancePart.sealed,
      releaseId: clearancePart.releaseId,
      releasedAt: clearancePart.releasedAt,
      expiresAt: release.expiresAt,
      revokedAt: release.revokedAt,
    })
    .from(clearancePart)
    .leftJoin(release, eq(release.id, clearancePart.releaseId))
    .where(
      and(
        eq(clearancePart.visitId, visitId),
        eq(clearancePart.coHostId, sideId),
        partId === undefined ? undefined : eq(clearancePart.id, partId),
      ),
    )
    .orderBy(desc(clearancePart.number))
    .limit(1)
    .get();
  if (row === undefined) return null;
  const rows = orm
    .select({ invitationId: clearanceRow.invitationId, digest: clearanceRow.digest })
    .from(clearanceRow)
    .where(eq(clearanceRow.partId, row.partId))
    .all();
  const { expiresAt, revokedAt, facts, ...part } = row;
  return {
    ...part,
    // Only `releaseToList` writes this text.
    facts: JSON.parse(facts),
    rows: rows.map((one) => one.invitationId),
    digests: new Map(rows.map((one) => [one.invitationId, one.digest])),
    isOpen: (now) => row.releaseId === null || (revokedAt === null && expiresAt !== null && now < expiresAt),
  };
}

export type Gathered = { rows: ReadonlyArray<PartRow>; sources: ReadonlyArray<PartRows> };

/**
 * What each side released last, together: without those who lost their seat or took back their consent since, and without
 * what a side took back as a whole.
 */
export function gathered({ orm, keys }: { orm: Orm; keys: Keys }, visit: ListedVisit, now: number): Gathered {
  const sides = orm
    .selectDistinct({ sideId: delegation.coHostId, position: delegation.position })
    .from(delegation)
    .where(eq(delegation.editionId, visit.editionId))
    .orderBy(delegation.position)
    .all();
  const sources = [...new Set(sides.map(({ sideId }) => sideId))]
    .flatMap((sideId) => newestPart(orm, { visitId: visit.visitId, sideId }) ?? [])
    .filter((part) => part.isOpen(now) && part.sealed !== "");
  const ids = sources.flatMap(({ rows }) => rows);
  const seated = new Set(
    orm
      .select({ id: visitPlace.invitationId })
      .from(visitPlace)
      .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
      .where(
        and(
          eq(visitPlace.visitId, visit.visitId),
          eq(visitPlace.state, "granted"),
          inArray(visitPlace.invitationId, ids),
        ),
      )
      .all()
      .map((row) => row.id),
  );
  const needsIdentity = asksIdentity(visit.columns);
  const rows = sources
    .flatMap((part) => openPart(keys, part))
    .filter(
      ({ invitationId }) =>
        seated.has(invitationId) && (!needsIdentity || agreesToIdentity(orm, invitationId)),
    );
  return { rows, sources };
}

/** Only `releaseToList` writes this text, from this very type. */
function openPart(keys: Keys, part: PartRows): Array<PartRow> {
  return JSON.parse(keys.open(part.sealed, partPlace(part.partId)));
}

export type VersionRow = typeof clearanceVersion.$inferSelect;

export function newestVersion(orm: Orm, visitId: string): VersionRow | null {
  return (
    orm
      .select()
      .from(clearanceVersion)
      .where(eq(clearanceVersion.visitId, visitId))
      .orderBy(desc(clearanceVersion.number))
      .limit(1)
      .get() ?? null
  );
}

/** What lies under a version's seal. The workbooks in base64, byte for byte as they were sent. */
export type Frozen = {
  list: FrozenList;
  changes: Array<ListChange> | null;
  head: ListHead;
  xlsx: string;
  amendmentXlsx: string | null;
};

/** Null once it was purged. Only `freezeList` writes this text, from this very type. */
export function readFrozen(keys: Keys, { id, sealed }: Pick<VersionRow, "id" | "sealed">): Frozen | null {
  return sealed === "" ? null : JSON.parse(keys.open(sealed, versionPlace(id)));
}

/**
 * Takes somebody out of what their side released, and empties every list that named them or said that they are no longer on
 * it. One workbook holds the people of all sides, so it goes as a whole; its digest tells a copy elsewhere.
 *
 * @returns how many parts and versions it touched.
 */
export function forgetInLists(tx: Tx, keys: Keys, invitationId: string): number {
  const parts = tx
    .select({ partId: clearancePart.id, sealed: clearancePart.sealed })
    .from(clearanceRow)
    .innerJoin(clearancePart, eq(clearancePart.id, clearanceRow.partId))
    .where(and(eq(clearanceRow.invitationId, invitationId), ne(clearancePart.sealed, "")))
    .all();
  for (const { partId, sealed } of parts) {
    const rows: Array<PartRow> = JSON.parse(keys.open(sealed, partPlace(partId)));
    const rest = rows.filter((row) => row.invitationId !== invitationId);
    tx.update(clearancePart)
      .set({ sealed: keys.seal(JSON.stringify(rest), partPlace(partId)) })
      .where(eq(clearancePart.id, partId))
      .run();
  }
  tx.delete(clearanceRow).where(eq(clearanceRow.invitationId, invitationId)).run();
  const named = tx
    .select({ visitId: clearanceVersion.visitId, number: clearanceVersion.number })
    .from(clearanceEntry)
    .innerJoin(clearanceVersion, eq(clearanceVersion.id, clearanceEntry.versionId))
    .where(eq(clearanceEntry.invitationId, invitationId))
    .all();
  let emptied = 0;
  for (const { visitId, number } of named)
    emptied += tx
      .update(clearanceVersion)
      .set({ sealed: "" })
      .where(
        and(
          eq(clearanceVersion.visitId, visitId),
          inArray(clearanceVersion.number, [number, number + 1]),
          ne(clearanceVersion.sealed, ""),
        ),
      )
      .run().changes;
  return parts.length + emptied;
}
