/** What a focal point's link opens: a page that takes names, and tells how many were taken. */
import { count, eq, sql } from "drizzle-orm";
import { type Db, type Orm, prepared } from "#db/client.server.ts";
import { delegation, focalPoint, nomination } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { isClosed, type ProposedName, proposalKey } from "./rules.ts";

/** Whose link it is. */
export type FocalPointHolder = { focalPointId: string; editionId: string; sideId: string; locale: Locale };

/** The holder of a focal point's link. */
export type NominationContext = DomainContext & { scope: { editionId: string; focalPointId: string } };

const byHash = prepared((orm) =>
  orm
    .select({
      focalPointId: focalPoint.id,
      editionId: focalPoint.editionId,
      sideId: delegation.coHostId,
      locale: focalPoint.locale,
      expiresAt: focalPoint.tokenExpiresAt,
      revokedAt: focalPoint.revokedAt,
    })
    .from(focalPoint)
    .innerJoin(delegation, eq(delegation.id, focalPoint.delegationId))
    .where(eq(focalPoint.tokenHash, sql.placeholder("hash")))
    .prepare(),
);

/** The holder of a link's token, or null when it is wrong, revoked or expired: one answer, the same work for each. */
export function findFocalPointByToken(
  { db, clock }: { db: Db; clock: Clock },
  token: string,
): FocalPointHolder | null {
  const row = byHash(db.orm).get({ hash: hashToken(token) });
  if (row === undefined || row.revokedAt !== null || row.expiresAt <= clock.now()) return null;
  const { expiresAt: _expiresAt, revokedAt: _revokedAt, ...holder } = row;
  return holder;
}

/** All that a focal point is shown: what was asked of their institution, and how many names came. */
export type NominationRequest = {
  institutionEn: string;
  institutionZh: string;
  places: number;
  received: number;
  closesAt: number | null;
  closed: boolean;
  homeTimeZone: string;
};

export function nominationRequest(ctx: Pick<NominationContext, "db" | "clock" | "scope">): NominationRequest {
  const found = requestOf(ctx.db.orm, ctx.scope.focalPointId);
  if (found === undefined) throw new Error("A scope names a focal point that does not exist");
  const { institutionEn, institutionZh, places, closesAt, homeTimeZone } = found;
  return {
    institutionEn,
    institutionZh,
    places,
    received: receivedFrom(ctx.db.orm, ctx.scope.focalPointId),
    closesAt,
    closed: isClosed(found, ctx.clock.now()),
    homeTimeZone,
  };
}

function requestOf(orm: Orm, focalPointId: string) {
  return orm
    .select({
      editionId: focalPoint.editionId,
      institutionEn: focalPoint.institutionEn,
      institutionZh: focalPoint.institutionZh,
      places: focalPoint.places,
      closesAt: focalPoint.closesAt,
      sideId: delegation.coHostId,
      homeTimeZone: delegation.homeTimeZone,
    })
    .from(focalPoint)
    .innerJoin(delegation, eq(delegation.id, focalPoint.delegationId))
    .where(eq(focalPoint.id, focalPointId))
    .get();
}

function receivedFrom(orm: Orm, focalPointId: string): number {
  const row = orm
    .select({ names: count() })
    .from(nomination)
    .where(eq(nomination.focalPointId, focalPointId))
    .get();
  return row?.names ?? 0;
}

/**
 * Takes the names of an institution, all or none. The same name again writes nothing.
 *
 * Refused when no names are taken any more (`closed`), when there are more than were asked for (`tooMany`), and when
 * there is none (`nobody`).
 */
export function proposeNames(
  ctx: NominationContext,
  names: ReadonlyArray<ProposedName>,
): Promise<Result<{ written: number }, "closed" | "tooMany" | "nobody">> {
  return ctx.db.write((tx) => {
    const { focalPointId } = ctx.scope;
    const request = requestOf(tx, focalPointId);
    if (request === undefined) throw new Error("A scope names a focal point that does not exist");
    if (names.length === 0) return refused("nobody");
    const known = tx.select().from(nomination).where(eq(nomination.focalPointId, focalPointId)).all();
    const seen = new Set(known.map(proposalKey));
    const fresh = [...new Map(names.map((name) => [proposalKey(name), name])).entries()]
      .filter(([id]) => !seen.has(id))
      .map(([, name]) => name);
    if (fresh.length === 0) return ok({ written: 0 });
    const now = ctx.clock.now();
    if (isClosed(request, now)) return refused("closed");
    if (known.length + fresh.length > request.places) return refused("tooMany");
    for (const name of fresh)
      tx.insert(nomination)
        .values({ id: newId(), focalPointId, ...name, state: "proposed", createdAt: now })
        .run();
    recordAudit(tx, ctx, {
      action: "nomination.propose",
      subjectKind: "focal_point",
      subjectId: focalPointId,
      editionId: request.editionId,
      sideId: request.sideId,
      details: { names: fresh.length },
    });
    return ok({ written: fresh.length });
  });
}
