import { createHash } from "node:crypto";
import { and, eq, inArray, isNull } from "drizzle-orm";
import { cleanFile, copiesBeside } from "#db/clean.server.ts";
import type { Tx } from "#db/client.server.ts";
import { purgeReport } from "#db/schema/index.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { clearVault } from "../upload/record.server.ts";
import { recordAudit } from "./audit.server.ts";
import {
  daysOf,
  type Found,
  heldBy,
  isDue,
  linesOf,
  markOfHeld,
  meetingOf,
  sidesOf,
} from "./retention.server.ts";
import { KINDS_IN_ORDER, type PurgeLine } from "./retention.ts";
import type { RetentionDays } from "./retention-form.ts";

/** What is signed. Counts alone: a report names nobody. Keys and words are for whoever keeps it, in whatever language. */
type Report = {
  id: string;
  edition: string;
  side: { nameEn: string; nameZh: string };
  /** ISO 8601, UTC. */
  at: string;
  by: string;
  due: RetentionDays;
  removed: ReadonlyArray<PurgeLine>;
  /** Whether free pages and the write-ahead log were cleaned, too. */
  fileCleaned: boolean;
  /** Older databases beside this one. They still hold what was purged here. */
  olderCopies: ReadonlyArray<{ name: string; changedAt: string }>;
  copies: { en: string; zh: string };
};

/** What the program cannot know, and whoever reads the report has to see to. */
const COPIES = {
  en: "Backups are files that the operator keeps; the program knows only of those named here. Destroy every backup that is older than this purge within 35 days.",
  zh: "备份文件由系统管理员保管，本程序仅知悉此处所列文件。早于本次清除的全部备份须在35天内销毁。",
};

function signed(keys: Keys, report: Report) {
  const text = JSON.stringify(report);
  return {
    report: text,
    sha256: createHash("sha256").update(text).digest("hex"),
    signature: keys.digest(`purge report\n${text}`),
  };
}

/** Whether this installation signed a report, and nobody changed it since. */
export function isOurReport(keys: Keys, file: string): boolean {
  try {
    const { report, signature }: { report: unknown; signature: unknown } = JSON.parse(file);
    return signature === keys.digest(`purge report\n${JSON.stringify(report)}`);
  } catch {
    return false;
  }
}

export type PurgedSide = {
  reportId: string;
  sideId: string;
  nameEn: string;
  nameZh: string;
  removed: ReadonlyArray<PurgeLine>;
};

/** What a purge of these sides would remove now. */
export function previewPurge(
  ctx: Pick<DomainContext, "db" | "clock">,
  { editionId, sideIds }: { editionId: string; sideIds: ReadonlyArray<string> },
): Array<{ nameEn: string; nameZh: string; lines: Array<PurgeLine> }> {
  const { orm } = ctx.db;
  const meeting = meetingOf(orm, editionId);
  if (meeting === null) return [];
  return sidesOf(orm, editionId, sideIds).map(({ sideId, nameEn, nameZh }) => {
    const days = daysOf(orm, { editionId, sideId }, meeting.travelTo);
    const due = KINDS_IN_ORDER.filter((kind) =>
      isDue(days[kind], { now: ctx.clock.now(), timeZone: meeting.timeZone }),
    );
    return { nameEn, nameZh, lines: linesOf(heldBy(orm, { editionId, sideId }, due)) };
  });
}

/** How many rows are emptied at once: SQLite takes so many values in a statement. */
const AT_ONCE = 5_000;

/**
 * Removes what is due of these sides' people at an edition: all of it or nothing, then cleans the file behind it. Done
 * again it finds nothing, writes nothing, and only cleans what could not be cleaned before.
 *
 * @param ask.shown what a preview of the one side said of itself; `changed` when that is no longer what is due. Without
 *   it, whatever is due goes.
 * @returns a report for each side from which something was removed, and whether the file is clean.
 */
export async function purge(
  ctx: DomainContext,
  { editionId, sideIds, shown }: { editionId: string; sideIds: ReadonlyArray<string>; shown?: string },
): Promise<Result<{ sides: Array<PurgedSide>; cleaned: boolean }, "gone" | "changed">> {
  const removed = await ctx.db.write((tx): Result<Array<PurgedSide>, "gone" | "changed"> => {
    const meeting = meetingOf(tx, editionId);
    const sides = sidesOf(tx, editionId, sideIds);
    if (meeting === null || sides.length !== sideIds.length) return refused("gone");
    const now = ctx.clock.now();
    const due = sides.map((side) => {
      const whose = { editionId, sideId: side.sideId };
      const days = daysOf(tx, whose, meeting.travelTo);
      const kinds = KINDS_IN_ORDER.filter((kind) => isDue(days[kind], { now, timeZone: meeting.timeZone }));
      return { side, days, found: heldBy(tx, whose, kinds) };
    });
    if (shown !== undefined && due.some(({ found }) => markOfHeld(found) !== shown))
      return refused("changed");
    return ok(
      due
        .filter(({ found }) => found.length > 0)
        .map(({ side, days, found }) => {
          for (const { place, held } of found)
            emptied(tx, { place, held }, { editionId, sideId: side.sideId }, now);
          return reported(tx, ctx, { editionId, slug: meeting.slug, side, days, removed: linesOf(found) });
        }),
    );
  });
  if (!removed.ok) return removed;
  await clearVault(ctx);
  return ok({ sides: removed.value, cleaned: await cleanBehind(ctx, editionId, sideIds) });
}

function emptied(
  tx: Tx,
  { place, held }: Found,
  whose: { editionId: string; sideId: string },
  now: number,
): void {
  const rows = [...new Set(held.map(({ row }) => row))];
  for (let from = 0; from < rows.length; from += AT_ONCE)
    place.empty(tx, whose, rows.slice(from, from + AT_ONCE), now);
}

function reported(
  tx: Tx,
  ctx: DomainContext,
  {
    editionId,
    slug,
    side,
    days,
    removed,
  }: {
    editionId: string;
    slug: string;
    side: { sideId: string; nameEn: string; nameZh: string };
    days: RetentionDays;
    removed: ReadonlyArray<PurgeLine>;
  },
): PurgedSide {
  const { sideId, nameEn, nameZh } = side;
  const id = newId();
  const at = ctx.clock.now();
  const report: Report = {
    id,
    edition: slug,
    side: { nameEn, nameZh },
    at: new Date(at).toISOString(),
    by: ctx.actor.kind,
    due: days,
    removed,
    fileCleaned: false,
    olderCopies: copiesBeside(ctx.db.sqlite).map(({ name, changedAt }) => ({
      name,
      changedAt: new Date(changedAt).toISOString(),
    })),
    copies: COPIES,
  };
  tx.insert(purgeReport)
    .values({ id, editionId, coHostId: sideId, at, ...signed(ctx.keys, report), cleanedAt: null })
    .run();
  recordAudit(tx, ctx, {
    action: "retention.purge",
    subjectKind: "edition",
    subjectId: editionId,
    editionId,
    sideId,
    details: {
      report: id,
      retention: KINDS_IN_ORDER.filter((kind) => removed.some((line) => line.kind === kind)),
      items: removed.reduce((sum, { items }) => sum + items, 0),
      ...Object.fromEntries(removed.map(({ kind, place, items }) => [`${kind}.${place}`, items])),
    },
  });
  return { reportId: id, sideId, nameEn, nameZh, removed };
}

/** Cleans the file for reports that still wait for it, and signs them anew with that said. */
async function cleanBehind(
  ctx: DomainContext,
  editionId: string,
  sideIds: ReadonlyArray<string>,
): Promise<boolean> {
  const waiting = and(
    eq(purgeReport.editionId, editionId),
    inArray(purgeReport.coHostId, [...sideIds]),
    isNull(purgeReport.cleanedAt),
  );
  const before = ctx.db.orm
    .select({ id: purgeReport.id, report: purgeReport.report })
    .from(purgeReport)
    .where(waiting)
    .all();
  if (before.length === 0) return true;
  if (!cleanFile(ctx.db.sqlite)) return false;
  return ctx.db.write((tx) => {
    for (const { id, report } of before) {
      const facts: Report = JSON.parse(report);
      tx.update(purgeReport)
        .set({ ...signed(ctx.keys, { ...facts, fileCleaned: true }), cleanedAt: ctx.clock.now() })
        .where(and(eq(purgeReport.id, id), waiting))
        .run();
    }
    return true;
  });
}
