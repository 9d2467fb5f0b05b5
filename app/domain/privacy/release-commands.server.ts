import { createHash } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { edition, release } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import { releaseFile } from "../../documents/release-list.ts";
import type { StaffContext } from "../context.ts";
import { ok, type Result, refused } from "../result.ts";
import { recordAudit } from "./audit.server.ts";
import { insertRelease, isOpen, type ReleaseReader } from "./release.server.ts";
import { endOfDay, lastReleaseDay } from "./release.ts";
import { previewRelease, type ReleaseDraft, releasePage } from "./release-queries.server.ts";

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

/** Ends a release now, for everybody. `gone`: there is none by this id that these sides gave and that still works. */
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
    if (ended === undefined) return refused("gone");
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

/**
 * The file of an open release, for the side that it was released to or the lead of the side that gave it. That it was
 * taken stands in the trail of the side whose people it names, with the digest of the very bytes.
 */
export function takeRelease(
  ctx: StaffContext,
  reader: ReleaseReader,
  { releaseId, taker, locale }: { releaseId: string; taker: string; locale: Locale },
): Promise<Result<{ bytes: Uint8Array<ArrayBuffer> }, "gone">> {
  return ctx.db.write((tx) => {
    const page = releasePage({ db: { ...ctx.db, orm: tx }, clock: ctx.clock }, reader, releaseId);
    if (page === null || page.table === null) return refused("gone");
    const { facts, table, timeZone } = page;
    const mark = {
      fromEn: facts.from.nameEn,
      fromZh: facts.from.nameZh,
      toEn: facts.to?.nameEn ?? "",
      toZh: facts.to?.nameZh ?? "",
      recipient: facts.recipient,
      purpose: facts.purpose,
      expiresAt: facts.expiresAt,
      timeZone,
      reader: taker,
      at: ctx.clock.now(),
    };
    const bytes = new TextEncoder().encode(releaseFile(table, mark, locale));
    recordAudit(tx, ctx, {
      action: "release.take",
      subjectKind: "release",
      subjectId: releaseId,
      editionId: ctx.scope.editionId,
      sideId: page.fromSideId,
      details: {
        takenFor: page.as === "giver" ? page.fromSideId : page.toSideId,
        columns: table.columns,
        rows: table.rows.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        locale,
      },
    });
    return ok({ bytes });
  });
}
