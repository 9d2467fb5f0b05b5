import { and, eq, isNull, sql } from "drizzle-orm";
import { prepared, type Tx } from "#db/client.server.ts";
import { invitation, invitationEvent } from "#db/schema/index.ts";
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

const setSeen = prepared((orm) =>
  orm
    .update(invitation)
    .set({ seenAt: sql`${sql.placeholder("at")}` })
    .where(and(eq(invitation.id, sql.placeholder("invitation")), isNull(invitation.seenAt)))
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

type Noting = Pick<DomainContext, "clock" | "actor">;

/**
 * Writes a dated event into an invitation's life, in the transaction of the deed, with the login or the assistant who
 * did it. What lists filter by (`reply`, `sentAt` …) is the caller's to write beside it. The first thing that the
 * invited person or their assistant does also says that the letter has been seen.
 */
export function noteEvent(tx: Tx, ctx: Noting, event: InvitationNote): void {
  const { invitationId, kind, channel } = event;
  if ((channel === "self" || channel === "assistant") && kind !== "not_me")
    markSeen(tx, ctx, { invitationId, channel });
  insert(tx, ctx, event);
}

/**
 * Keeps that a person has seen the letter, if it was not known: for use in commands that take a form from them. Never
 * for a page that is only looked at: mail scanners do that too (DOMAIN §6.2).
 *
 * @returns whether it was news.
 */
export function markSeen(
  tx: Tx,
  ctx: Noting,
  { invitationId, channel }: { invitationId: string; channel: Channel },
): boolean {
  if (setSeen(tx).run({ invitation: invitationId, at: ctx.clock.now() }).changes === 0) return false;
  insert(tx, ctx, { invitationId, kind: "first_seen", channel });
  return true;
}

function insert(
  tx: Tx,
  ctx: Noting,
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
