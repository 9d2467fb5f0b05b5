import { createHash } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { edition, release } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import { releaseFile } from "../../documents/release-list.ts";
import type { StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { recordAudit } from "./audit.server.ts";
import { insertRelease, isOpen, type ReleaseReader } from "./release.server.ts";
import { endOfDay, lastReleaseDay, type ReleaseTable } from "./release.ts";
import {
  markOf,
  previewRelease,
  type ReleaseDraft,
  type ReleasePage,
  releasePage,
} from "./release-queries.server.ts";

/**
 * Releases exactly what was shown. `changed`: since the preview a cell, a consent or a person has changed, so somebody
 * has to look again; `count`: that is not how many people were shown. Sent twice it releases once.
 *
 * @param input.releaseId made with the preview.
 */
export function createRelease(
  ctx: StaffContext,
  input: ReleaseDraft & { releaseId: string; hash: string; count: number },
): Promise<Result<{ releaseId: string }, "gone" | "sides" | "changed" | "count" | "until">> {
  return ctx.db.write((tx) => {
    const { editionId, sideIds } = ctx.scope;
    const known = tx
      .select({ sideId: release.fromCoHostId, by: release.releasedBy, hash: release.previewHash })
      .from(release)
      .where(and(eq(release.id, input.releaseId), eq(release.editionId, editionId)))
      .get();
    if (known !== undefined) {
      const same = sideIds.includes(known.sideId) && known.by === ctx.actor.id && known.hash === input.hash;
      return same ? ok({ releaseId: input.releaseId }) : refused("gone");
    }
    const preview = previewRelease({ db: { ...ctx.db, orm: tx }, scope: ctx.scope }, input);
    if (!preview.ok) return preview;
    if (preview.value.hash !== input.hash || preview.value.people.length === 0) return refused("changed");
    if (preview.value.people.length !== input.count) return refused("count");
    if (!endsInTime(tx, ctx, input.expiresAt)) return refused("until");
    const { toSideId, recipient, purpose, columns, expiresAt } = input;
    return ok({
      releaseId: insertRelease(tx, ctx, {
        id: input.releaseId,
        fromSideId: preview.value.fromSideId,
        toSideId,
        recipient,
        purpose,
        columns,
        invitationIds: preview.value.people.map((one) => one.invitationId),
        expiresAt,
      }),
    });
  });
}

function endsInTime(tx: Tx, ctx: StaffContext, expiresAt: number): boolean {
  const meeting = tx
    .select({ travelTo: edition.travelTo, timeZone: edition.timeZone })
    .from(edition)
    .where(eq(edition.id, ctx.scope.editionId))
    .get();
  if (meeting === undefined || expiresAt <= ctx.clock.now()) return false;
  return expiresAt <= endOfDay(lastReleaseDay(meeting), meeting.timeZone);
}

/**
 * Ends a release now, for everybody; ended twice, it is ended once. `gone`: there is none by this id that these sides gave
 * and that still works.
 */
export function revokeRelease(
  ctx: StaffContext,
  { releaseId }: { releaseId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const now = ctx.clock.now();
    const [ended] = tx
      .update(release)
      .set({ revokedAt: now, revokedBy: ctx.actor.id })
      .where(
        and(
          eq(release.id, releaseId),
          eq(release.editionId, ctx.scope.editionId),
          inArray(release.fromCoHostId, [...ctx.scope.sideIds]),
          isOpen(now),
        ),
      )
      .returning({ sideId: release.fromCoHostId })
      .all();
    if (ended === undefined) {
      const before = tx
        .select({ revokedBy: release.revokedBy })
        .from(release)
        .where(
          and(
            eq(release.id, releaseId),
            eq(release.editionId, ctx.scope.editionId),
            inArray(release.fromCoHostId, [...ctx.scope.sideIds]),
          ),
        )
        .get();
      return before?.revokedBy === ctx.actor.id ? ok(null) : refused("gone");
    }
    recordAudit(tx, ctx, {
      action: "release.revoke",
      subjectKind: "release",
      subjectId: releaseId,
      editionId: ctx.scope.editionId,
      sideId: ended.sideId,
    });
    return ok(null);
  });
}

type Taker = { releaseId: string; taker: string; locale: Locale };
type Taken = Result<{ bytes: Uint8Array<ArrayBuffer> }, "gone">;
type OpenPage = ReleasePage & { table: ReleaseTable };

/**
 * The file of an open release, for the side that it was released to or the lead of the side that gave it. That it was
 * taken stands in the trail of the side whose people it names, with the digest of the very bytes.
 */
export function takeRelease(ctx: StaffContext, reader: ReleaseReader, input: Taker): Promise<Taken> {
  return ctx.db.write((tx) => {
    const page = openPage(ctx, tx, reader, input.releaseId);
    if (page === null) return refused("gone");
    const mark = markOf(page, input.taker, ctx.clock.now());
    const bytes = new TextEncoder().encode(releaseFile(page.table, mark, input.locale));
    recordTaking(tx, ctx, page, { bytes, format: "csv", locale: input.locale });
    return ok({ bytes });
  });
}

/**
 * The same to be printed. It takes a moment to draw, outside of any transaction; so when it is done, the release must
 * still work and hold what was drawn, or nothing is handed out.
 */
export async function takeReleasePdf(
  ctx: StaffContext,
  reader: ReleaseReader,
  input: Taker,
): Promise<Result<{ bytes: Uint8Array<ArrayBuffer> }, "gone" | "changed">> {
  const drawn = openPage(ctx, ctx.db.orm, reader, input.releaseId);
  if (drawn === null) return refused("gone");
  const { releasePdf } = await import("../../documents/release-pdf.server.ts");
  const bytes = await releasePdf(drawn.table, markOf(drawn, input.taker, ctx.clock.now()), input.locale);
  return ctx.db.write((tx) => {
    const page = openPage(ctx, tx, reader, input.releaseId);
    if (page === null) return refused("gone");
    if (JSON.stringify(page.table) !== JSON.stringify(drawn.table)) return refused("changed");
    recordTaking(tx, ctx, page, { bytes, format: "pdf", locale: input.locale });
    return ok({ bytes });
  });
}

function openPage(ctx: StaffContext, orm: Orm, reader: ReleaseReader, releaseId: string): OpenPage | null {
  const page = releasePage({ db: { ...ctx.db, orm }, clock: ctx.clock }, reader, releaseId);
  return page === null || page.table === null ? null : { ...page, table: page.table };
}

function recordTaking(
  tx: Tx,
  ctx: StaffContext,
  page: OpenPage,
  { bytes, format, locale }: { bytes: Uint8Array; format: "csv" | "pdf"; locale: Locale },
) {
  recordAudit(tx, ctx, {
    action: "release.take",
    subjectKind: "release",
    subjectId: page.facts.id,
    editionId: ctx.scope.editionId,
    sideId: page.fromSideId,
    details: {
      takenFor: page.as === "giver" ? page.fromSideId : page.toSideId,
      format,
      columns: page.table.columns,
      rows: page.table.rows.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      locale,
    },
  });
}
