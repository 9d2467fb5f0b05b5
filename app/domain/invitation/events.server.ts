import { sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { invitationEvent } from "#db/schema/index.ts";
import type { Channel, InvitationEventKind, Means } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { Actor } from "../access/rules.ts";
import type { DomainContext } from "../context.ts";

const insertEvent = prepared((orm) =>
  orm
    .insert(invitationEvent)
    .values({
      id: sql.placeholder("id"),
      invitationId: sql.placeholder("invitationId"),
      at: sql.placeholder("at"),
      kind: sql.placeholder("kind"),
      channel: sql.placeholder("channel"),
      note: sql.placeholder("note"),
      askAgainOn: sql.placeholder("askAgainOn"),
      actorId: sql.placeholder("actorId"),
      means: sql.placeholder("means"),
    })
    .prepare(),
);

/** What happened to an invitation. `means` only where staff record what they were told. */
export type InvitationNote = {
  invitationId: string;
  kind: InvitationEventKind;
  channel: Channel;
  note?: string;
  askAgainOn?: string | null;
  means?: Means | null;
};

/**
 * Writes a dated event into an invitation's life, in the transaction of the deed, with the login or the assistant who
 * did it. What lists filter by (`reply`, `sentAt` …) is the caller's to write beside it.
 */
export function noteEvent(
  tx: Tx,
  ctx: Pick<DomainContext, "clock" | "actor">,
  { invitationId, kind, channel, note = "", askAgainOn = null, means = null }: InvitationNote,
): void {
  insertEvent(tx).run({
    id: newId(),
    invitationId,
    at: ctx.clock.now(),
    kind,
    channel,
    note,
    askAgainOn,
    actorId: named(ctx.actor),
    means,
  });
}

/** Only logins and assistants have an id of their own in an invitation's life: the invited person is the invitation. */
function named(actor: Actor): string | null {
  return actor.kind === "staff" || actor.kind === "assistant" ? actor.id : null;
}
