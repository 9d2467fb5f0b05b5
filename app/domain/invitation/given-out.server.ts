import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { assistantLink, delivery, letter } from "#db/schema/index.ts";
import { endDevices } from "../access/devices.server.ts";
import type { StaffContext } from "../context.ts";

/**
 * Ends all that was given out with an invitation that is over, for good: mails that wait, browsers that were let in,
 * assistants' links, letters. Should the person be invited again, none of it comes back by itself.
 */
export function endAllGivenOut(
  tx: Tx,
  ctx: StaffContext,
  invitationId: string,
): { mailsCancelled: number; assistantLinks: number; lettersVoided: number } {
  const at = ctx.clock.now();
  const mails = tx
    .update(delivery)
    .set({ state: "cancelled", finishedAt: at })
    .where(and(eq(delivery.invitationId, invitationId), inArray(delivery.state, ["queued", "deferred"])))
    .run();
  endDevices(tx, ctx, { invitationId });
  const links = tx
    .update(assistantLink)
    .set({ revokedAt: at })
    .where(and(eq(assistantLink.invitationId, invitationId), isNull(assistantLink.revokedAt)))
    .run();
  const letters = tx
    .update(letter)
    .set({ voidedAt: at })
    .where(and(eq(letter.invitationId, invitationId), isNull(letter.voidedAt)))
    .run();
  return { mailsCancelled: mails.changes, assistantLinks: links.changes, lettersVoided: letters.changes };
}
