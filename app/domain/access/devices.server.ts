/** Browsers in which a code was typed. Each is known by the SHA-256 of its cookie, and of one link alone. */
import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { accessCode, assistantLink, device, personAssistant } from "#db/schema/index.ts";
import type { Channel } from "#db/vocabulary.ts";
import type { Clock } from "../../platform/clock.ts";
import { hashToken } from "../../platform/crypto.server.ts";
import type { DomainContext, InvitationContext, StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type Invited, invitedForStaff, invitedPerson } from "./invited.server.ts";
import { channelOf } from "./rules.ts";

/** The cookie by which a browser is known again: one for each link, and nothing of whose it is in its name. */
export function deviceCookie(linkId: string): string {
  return `device-${hashToken(`device ${linkId}`).slice(0, 16)}`;
}

/** The id that a link's devices go by: of the assistant's link, or of the invitation. */
export function linkIdOf({
  invitationId,
  assistant,
}: {
  invitationId: string;
  assistant: { linkId: string } | null;
}): string {
  return assistant === null ? invitationId : assistant.linkId;
}

const byHash = prepared((orm) =>
  orm
    .select({
      id: device.id,
      invitationId: device.invitationId,
      assistantLinkId: device.assistantLinkId,
      expiresAt: device.expiresAt,
      revokedAt: device.revokedAt,
    })
    .from(device)
    .where(eq(device.tokenHash, sql.placeholder("hash")))
    .prepare(),
);

/** The device of a cookie, or null when there is none of this link, or it was removed or has expired. */
export function findDevice(
  { db, clock }: { db: { orm: Orm }; clock: Clock },
  link: { invitationId: string; assistant: { linkId: string } | null },
  cookie: string,
): { id: string } | null {
  const found = byHash(db.orm).get({ hash: hashToken(cookie) });
  if (
    found === undefined ||
    found.invitationId !== link.invitationId ||
    found.assistantLinkId !== (link.assistant?.linkId ?? null) ||
    found.revokedAt !== null ||
    found.expiresAt <= clock.now()
  )
    return null;
  return { id: found.id };
}

/** A browser that may read back what is stored. `assistant`: the name of the assistant whose it is. */
export type Device = {
  id: string;
  browser: string;
  system: string;
  createdAt: number;
  expiresAt: number;
  assistant: string | null;
};

function devicesOf(orm: Orm, invitationId: string, now: number): Array<Device> {
  return orm
    .select({
      id: device.id,
      browser: device.browser,
      system: device.system,
      createdAt: device.createdAt,
      expiresAt: device.expiresAt,
      assistant: personAssistant.name,
    })
    .from(device)
    .leftJoin(assistantLink, eq(assistantLink.id, device.assistantLinkId))
    .leftJoin(personAssistant, eq(personAssistant.id, assistantLink.assistantId))
    .where(and(eq(device.invitationId, invitationId), isNull(device.revokedAt), gt(device.expiresAt, now)))
    .orderBy(asc(device.createdAt), asc(device.id))
    .all();
}

/** The devices of the holder's invitation, those of assistants included. */
export function ownDevices(ctx: InvitationContext): Array<Device> {
  return devicesOf(ctx.db.orm, ctx.scope.invitationId, ctx.clock.now());
}

/** The same for staff, who have made sure that the invitation is on their side. */
export function devicesForStaff(ctx: StaffContext, invitationId: string): Array<Device> {
  return devicesOf(ctx.db.orm, invitationId, ctx.clock.now());
}

/**
 * Removes a device of the invitation: what is stored is not shown in it any more, unless a new code is typed. Refused
 * when there is no such device (`gone`).
 */
export function removeDevice(ctx: InvitationContext, deviceId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const invited = invitedPerson(tx, ctx.scope);
    if (invited === null) return refused("gone");
    const { invitationId } = ctx.scope;
    return remove(tx, ctx, { invitationId, invited, deviceId, channel: channelOf(ctx) });
  });
}

/** The same by staff, of one of their side's people. */
export function removeDeviceOf(
  ctx: StaffContext,
  { invitationId, deviceId }: { invitationId: string; deviceId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const invited = invitedForStaff(tx, ctx, invitationId);
    if (invited === null) return refused("gone");
    return remove(tx, ctx, { invitationId, invited, deviceId, channel: "staff" });
  });
}

/** Takes a device off the list, with its event and its audit entry; taken off twice, it is taken off once. */
function remove(
  tx: Tx,
  ctx: DomainContext,
  {
    invitationId,
    invited: { editionId, sideId },
    deviceId,
    channel,
  }: { invitationId: string; invited: Invited; deviceId: string; channel: Channel },
): Result<null, "gone"> {
  const [removed] = tx
    .update(device)
    .set({ revokedAt: ctx.clock.now() })
    .where(and(eq(device.id, deviceId), eq(device.invitationId, invitationId), isNull(device.revokedAt)))
    .returning({ id: device.id })
    .all();
  if (removed === undefined) {
    const before = tx
      .select({ id: device.id })
      .from(device)
      .where(and(eq(device.id, deviceId), eq(device.invitationId, invitationId)))
      .get();
    return before === undefined ? refused("gone") : ok(null);
  }
  noteEvent(tx, ctx, { invitationId, kind: "device_removed", channel });
  recordAudit(tx, ctx, {
    action: "device.remove",
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId,
    sideId,
    details: { device: deviceId },
  });
  return ok(null);
}

/**
 * Ends every device of an invitation, and every code that is still good, or those of one link alone. For use in the
 * commands that stop or renew a link.
 *
 * @param assistantLinkId the assistant's link whose they are; null: the invited person's own. Left out: all.
 */
export function endDevices(
  tx: Tx,
  ctx: Pick<DomainContext, "clock">,
  { invitationId, assistantLinkId }: { invitationId: string; assistantLinkId?: string | null },
): void {
  const now = ctx.clock.now();
  const ofLink = (column: typeof device.assistantLinkId | typeof accessCode.assistantLinkId) =>
    assistantLinkId === undefined
      ? undefined
      : assistantLinkId === null
        ? isNull(column)
        : eq(column, assistantLinkId);
  tx.update(device)
    .set({ revokedAt: now })
    .where(
      and(eq(device.invitationId, invitationId), isNull(device.revokedAt), ofLink(device.assistantLinkId)),
    )
    .run();
  tx.update(accessCode)
    .set({ expiresAt: now })
    .where(
      and(
        eq(accessCode.invitationId, invitationId),
        gt(accessCode.expiresAt, now),
        ofLink(accessCode.assistantLinkId),
      ),
    )
    .run();
}
