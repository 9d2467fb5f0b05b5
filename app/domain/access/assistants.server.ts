/**
 * Assistants with a link of their own to one invitation: the delegate, or staff of their side, name them and tick the
 * sections of the form that are open to them (docs/decisions/link-tokens.md).
 */
import { and, asc, count, eq, isNull, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { assistantLink, personAssistant } from "#db/schema/index.ts";
import type { Channel, Locale, RegistrationSection } from "#db/vocabulary.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import type { DomainContext, InvitationContext, StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { mailEdition, queueMailTo } from "../mail/outbox.server.ts";
import { toSomebody } from "../mail/rules.ts";
import { mailboxKey } from "../person/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { endDevices } from "./devices.server.ts";
import { type Invited, invitedForStaff, invitedPerson } from "./invited.server.ts";
import { MOST_ASSISTANTS, MOST_ASSISTANTS_EVER, sectionsOf } from "./rules.ts";

/** What somebody says of an assistant when they let them in. */
export type AssistantPlan = {
  name: string;
  email: string;
  locale: Locale;
  /** In the order of the form. */
  sections: ReadonlyArray<RegistrationSection>;
  mayReply: boolean;
};

/** An assistant who has a link that works. */
export type Assistant = AssistantPlan & { linkId: string; createdAt: number; grantedBy: Channel };

function assistantsOf(orm: Orm, invitationId: string): Array<Assistant> {
  return orm
    .select({
      linkId: assistantLink.id,
      name: personAssistant.name,
      email: personAssistant.email,
      locale: personAssistant.locale,
      sections: assistantLink.sections,
      mayReply: personAssistant.mayAct,
      createdAt: assistantLink.createdAt,
      grantedBy: assistantLink.grantedBy,
    })
    .from(assistantLink)
    .innerJoin(personAssistant, eq(personAssistant.id, assistantLink.assistantId))
    .where(
      and(
        eq(assistantLink.invitationId, invitationId),
        isNull(assistantLink.revokedAt),
        isNull(personAssistant.endedAt),
      ),
    )
    .orderBy(asc(assistantLink.createdAt), asc(sql`${assistantLink}.rowid`))
    .all()
    .map((row) => ({ ...row, sections: sectionsOf(row.sections) }));
}

/** The assistants of the holder's invitation. */
export function ownAssistants(ctx: InvitationContext): Array<Assistant> {
  return assistantsOf(ctx.db.orm, ctx.scope.invitationId);
}

/** The same for staff, who have made sure that the invitation is on their side. */
export function assistantsForStaff(ctx: StaffContext, invitationId: string): Array<Assistant> {
  return assistantsOf(ctx.db.orm, invitationId);
}

type Named = Result<{ linkId: string }, "gone" | "many">;

/**
 * Lets an assistant in who is named by the invited person: they are mailed a link of their own. Somebody who has one
 * keeps it, with the sections as they are ticked now. Refused when there are too many (`many`), and for assistants, who
 * let nobody in (`gone`).
 */
export function nameAssistant(ctx: InvitationContext, plan: AssistantPlan): Promise<Named> {
  return ctx.db.write((tx) => {
    const invited = ctx.assistant === null ? invitedPerson(tx, ctx.scope) : null;
    if (invited === null) return refused("gone");
    return letIn(tx, ctx, { invitationId: ctx.scope.invitationId, invited, plan, channel: "self" });
  });
}

/** The same by staff of the person's side. Refused as well when there is no such person on it (`gone`). */
export function nameAssistantFor(
  ctx: StaffContext,
  { invitationId, ...plan }: AssistantPlan & { invitationId: string },
): Promise<Named> {
  return ctx.db.write((tx) => {
    const invited = invitedForStaff(tx, ctx, invitationId);
    if (invited === null) return refused("gone");
    return letIn(tx, ctx, { invitationId, invited, plan, channel: "staff" });
  });
}

function letIn(
  tx: Tx,
  ctx: DomainContext,
  {
    invitationId,
    invited,
    plan,
    channel,
  }: { invitationId: string; invited: Invited; plan: AssistantPlan; channel: Channel },
): Named {
  const assistantId = putAssistant(tx, ctx, invited.personId, plan);
  const sections = JSON.stringify(plan.sections);
  const known = tx
    .select({ id: assistantLink.id })
    .from(assistantLink)
    .where(
      and(
        eq(assistantLink.invitationId, invitationId),
        eq(assistantLink.assistantId, assistantId),
        isNull(assistantLink.revokedAt),
      ),
    )
    .get();
  const linkId = known?.id ?? newId();
  if (known !== undefined)
    tx.update(assistantLink).set({ sections }).where(eq(assistantLink.id, linkId)).run();
  else {
    if (linksOf(tx, invitationId, "living") >= MOST_ASSISTANTS) return refused("many");
    if (linksOf(tx, invitationId, "ever") >= MOST_ASSISTANTS_EVER) return refused("many");
    tx.insert(assistantLink)
      .values({
        id: linkId,
        assistantId,
        invitationId,
        sections,
        tokenHash: hashToken(ctx.keys.linkToken(linkId, 1)),
        tokenGeneration: 1,
        tokenExpiresAt: invited.expiresAt,
        grantedBy: channel,
        createdAt: ctx.clock.now(),
      })
      .run();
    noteEvent(tx, ctx, { invitationId, kind: "assistant_added", channel });
    const { editionId, sideId, nameLatin, nameNative } = invited;
    queueMailTo(tx, ctx, {
      to: {
        kind: "assistant",
        linkId,
        editionId,
        sideId,
        address: plan.email,
        name: plan.name,
        locale: plan.locale,
      },
      invitationId,
      mail: {
        kind: "assistant_link",
        edition: mailEdition(tx, invited),
        ...toSomebody(plan.name),
        nameLatin,
        nameNative,
        sections: [...plan.sections],
        mayReply: plan.mayReply,
      },
    });
  }
  recordAudit(tx, ctx, {
    action: known === undefined ? "assistant.add" : "assistant.change",
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: invited.editionId,
    sideId: invited.sideId,
    details: { assistantLink: linkId, sections: plan.sections, mayReply: plan.mayReply },
  });
  return ok({ linkId });
}

/** How many links assistants have, or have ever had, to one invitation. */
function linksOf(orm: Orm, invitationId: string, which: "living" | "ever"): number {
  const ofInvitation = eq(assistantLink.invitationId, invitationId);
  const found = orm
    .select({ links: count() })
    .from(assistantLink)
    .where(which === "ever" ? ofInvitation : and(ofInvitation, isNull(assistantLink.revokedAt)))
    .get();
  return found?.links ?? 0;
}

/** The assistant on the person's card: the one with this mailbox, as they are described now, or a new one. */
function putAssistant(tx: Tx, ctx: DomainContext, personId: string, plan: AssistantPlan): string {
  const { name, email, locale, mayReply: mayAct } = plan;
  const known = tx
    .select({ id: personAssistant.id, email: personAssistant.email })
    .from(personAssistant)
    .where(and(eq(personAssistant.personId, personId), isNull(personAssistant.endedAt)))
    .all()
    .find((one) => mailboxKey(one.email) === mailboxKey(email));
  if (known !== undefined) {
    tx.update(personAssistant).set({ name, locale, mayAct }).where(eq(personAssistant.id, known.id)).run();
    return known.id;
  }
  const id = newId();
  tx.insert(personAssistant)
    .values({ id, personId, name, email, locale, mayAct, getsCopies: false, createdAt: ctx.clock.now() })
    .run();
  return id;
}

/** Stops an assistant's link and ends its devices, at once. Refused when there is no such link (`gone`). */
export function endAssistant(ctx: InvitationContext, linkId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const invited = ctx.assistant === null ? invitedPerson(tx, ctx.scope) : null;
    if (invited === null) return refused("gone");
    return shutOut(tx, ctx, { invitationId: ctx.scope.invitationId, invited, linkId, channel: "self" });
  });
}

/** The same by staff of the person's side. */
export function endAssistantOf(
  ctx: StaffContext,
  { invitationId, linkId }: { invitationId: string; linkId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const invited = invitedForStaff(tx, ctx, invitationId);
    if (invited === null) return refused("gone");
    return shutOut(tx, ctx, { invitationId, invited, linkId, channel: "staff" });
  });
}

/** Stops one assistant's link; stopped twice, it is stopped once. For use inside other commands. */
export function shutOut(
  tx: Tx,
  ctx: DomainContext,
  {
    invitationId,
    invited,
    linkId,
    channel,
  }: { invitationId: string; invited: Invited; linkId: string; channel: Channel },
): Result<null, "gone"> {
  const [ended] = tx
    .update(assistantLink)
    .set({ revokedAt: ctx.clock.now() })
    .where(
      and(
        eq(assistantLink.id, linkId),
        eq(assistantLink.invitationId, invitationId),
        isNull(assistantLink.revokedAt),
      ),
    )
    .returning({ id: assistantLink.id })
    .all();
  if (ended === undefined) {
    const before = tx
      .select({ id: assistantLink.id })
      .from(assistantLink)
      .where(and(eq(assistantLink.id, linkId), eq(assistantLink.invitationId, invitationId)))
      .get();
    return before === undefined ? refused("gone") : ok(null);
  }
  endDevices(tx, ctx, { invitationId, assistantLinkId: linkId });
  noteEvent(tx, ctx, { invitationId, kind: "assistant_removed", channel });
  recordAudit(tx, ctx, {
    action: "assistant.remove",
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId: invited.editionId,
    sideId: invited.sideId,
    details: { assistantLink: linkId },
  });
  return ok(null);
}
