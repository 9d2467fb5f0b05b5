import { eq } from "drizzle-orm";
import { invitation } from "#db/schema/index.ts";
import type { InvitationContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { mailEdition } from "../mail/outbox.server.ts";
import { toColleagues } from "../mail/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { shutOut } from "./assistants.server.ts";
import { endDevices } from "./devices.server.ts";
import { invitedPerson, mailSide } from "./invited.server.ts";
import { channelOf } from "./rules.ts";

/**
 * Takes it from somebody who got a link that they are not whom it is for: the link stops at once, for everybody, and the
 * side is told. From an assistant's link only that one stops. Refused when there is no such invitation (`gone`).
 */
export function sayNotMe(ctx: InvitationContext): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const { invitationId, editionId } = ctx.scope;
    const invited = invitedPerson(tx, ctx.scope);
    if (invited === null) return refused("gone");
    const at = ctx.clock.now();
    const channel = channelOf(ctx);
    noteEvent(tx, ctx, { invitationId, kind: "not_me", channel });
    if (ctx.assistant === null) {
      tx.update(invitation)
        .set({ notMeAt: at, tokenRevokedAt: at })
        .where(eq(invitation.id, invitationId))
        .run();
      endDevices(tx, ctx, { invitationId });
    } else shutOut(tx, ctx, { invitationId, invited, linkId: ctx.assistant.linkId, channel });
    const { sideId, number, nameLatin, nameNative } = invited;
    mailSide(tx, ctx, {
      invitationId,
      invited,
      mail: {
        kind: "not_me",
        edition: mailEdition(tx, invited),
        ...toColleagues(),
        at,
        isAssistant: ctx.assistant !== null,
        number,
        nameLatin,
        nameNative,
      },
    });
    recordAudit(tx, ctx, {
      action: "invitation.notMe",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId,
      sideId,
      details: { assistantLink: ctx.assistant?.linkId ?? null },
    });
    return ok(null);
  });
}
