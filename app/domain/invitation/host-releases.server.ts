/** The releases by which the host side sees those who are put to it. */
import { and, eq, inArray, isNotNull } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { coHost, delegation, edition, invitation, release, releasePerson } from "#db/schema/index.ts";
import { instantOf } from "../../i18n/dates.ts";
import type { StaffContext } from "../context.ts";
import { isMember } from "../delegation/queries.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { insertRelease, isOpen } from "../privacy/release.server.ts";
import { releaseColumns } from "../privacy/release.ts";
import { COLUMNS_FOR_HOST, PURPOSE_FOR_HOST } from "./approval.ts";

const COLUMNS = JSON.stringify(releaseColumns(COLUMNS_FOR_HOST));
const DAY = 86_400_000;

/** What makes a release one by which the host decides on people. */
export function isForHost(editionId: string, now: number) {
  return and(
    eq(release.editionId, editionId),
    eq(release.purpose, PURPOSE_FOR_HOST),
    eq(release.columns, COLUMNS),
    isOpen(now),
  );
}

/** Releases name, institution, position and category of these people to the host side, until the edition opens. */
export function releaseToHost(
  tx: Tx,
  ctx: StaffContext,
  { sideId, invitationIds }: { sideId: string; invitationIds: ReadonlyArray<string> },
): void {
  const host = hostOf(tx, ctx.scope.editionId);
  insertRelease(tx, ctx, {
    fromSideId: sideId,
    toSideId: host.sideId,
    recipient: [host.nameEn, host.nameZh].filter((name) => name !== "").join(" "),
    purpose: PURPOSE_FOR_HOST,
    columns: COLUMNS_FOR_HOST,
    invitationIds,
    // A question that is put when the edition is about to open still has a day to be answered.
    expiresAt: Math.max(instantOf(host.startsOn, "00:00", host.timeZone), ctx.clock.now() + DAY),
  });
}

/** Those of the given people whom the host side can see now: a release may have run out, or been revoked by hand. */
export function seenByHost(
  orm: Orm,
  ctx: Pick<StaffContext, "scope" | "clock">,
  invitationIds: ReadonlyArray<string>,
): ReadonlySet<string> {
  const rows = orm
    .selectDistinct({ id: releasePerson.invitationId })
    .from(release)
    .innerJoin(releasePerson, eq(releasePerson.releaseId, release.id))
    .where(
      and(
        isForHost(ctx.scope.editionId, ctx.clock.now()),
        inArray(release.fromCoHostId, [...ctx.scope.sideIds]),
        inArray(releasePerson.invitationId, [...invitationIds]),
      ),
    )
    .all();
  return new Set(rows.map((row) => row.id));
}

/**
 * Takes people back from the host: the releases that name them end, and those who were released with them are released
 * anew.
 */
export function withdrawFromHost(
  tx: Tx,
  ctx: StaffContext,
  { sideId, invitationIds }: { sideId: string; invitationIds: ReadonlyArray<string> },
): void {
  const ended = tx
    .selectDistinct({ id: release.id })
    .from(release)
    .innerJoin(releasePerson, eq(releasePerson.releaseId, release.id))
    .where(
      and(
        isForHost(ctx.scope.editionId, ctx.clock.now()),
        eq(release.fromCoHostId, sideId),
        inArray(releasePerson.invitationId, [...invitationIds]),
      ),
    )
    .all();
  for (const { id } of ended) {
    const others = tx
      .select({ id: invitation.id })
      .from(releasePerson)
      .innerJoin(invitation, eq(invitation.id, releasePerson.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(
          eq(releasePerson.releaseId, id),
          eq(delegation.coHostId, sideId),
          isNotNull(invitation.hostAnswer),
          // Whoever does not come any more is not released anew.
          isMember(),
        ),
      )
      .all()
      .map((one) => one.id)
      .filter((one) => !invitationIds.includes(one));
    tx.update(release)
      .set({ revokedAt: ctx.clock.now(), revokedBy: ctx.actor.id })
      .where(eq(release.id, id))
      .run();
    recordAudit(tx, ctx, {
      action: "release.revoke",
      subjectKind: "release",
      subjectId: id,
      editionId: ctx.scope.editionId,
      sideId,
    });
    if (others.length > 0) releaseToHost(tx, ctx, { sideId, invitationIds: others });
  }
}

function hostOf(orm: Orm, editionId: string) {
  const found = orm
    .select({
      sideId: edition.hostSideId,
      nameEn: coHost.nameEn,
      nameZh: coHost.nameZh,
      startsOn: edition.startsOn,
      timeZone: edition.timeZone,
    })
    .from(edition)
    .innerJoin(coHost, eq(coHost.id, edition.hostSideId))
    .where(eq(edition.id, editionId))
    .get();
  if (found === undefined) throw new Error("A scope names an edition that does not exist");
  return found;
}
