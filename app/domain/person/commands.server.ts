import { and, eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, invitation, person } from "#db/schema/index.ts";
import type { Category, SessionFunction } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { membershipProblem } from "../delegation/commands.server.ts";
import { headsOf } from "../delegation/queries.server.ts";
import { createInvitation } from "../invitation/create.server.ts";
import { inheritsPlace } from "../invitation/quota.server.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import {
  cardMark,
  cardOfForm,
  insertPerson,
  isNotToBeInvited,
  mailboxHolder,
  updatePerson,
} from "./record.server.ts";
import type { PersonFacts } from "./rules.ts";

/**
 * Adds somebody by hand and drafts their invitation. A mailbox that the contact book knows is that person: they are
 * refused as `mailboxTaken`, so that nobody stands in the book twice; as `doNotInvite` when the side does not invite
 * them. A form that comes twice adds one.
 *
 * Refused when the delegation is not on this side (`delegation`), or has a head and this would be another
 * (`headTaken`).
 *
 * @param input `attempt`: a random text that the form came with.
 */
export function addPerson(
  ctx: StaffContext,
  input: {
    delegationId: string;
    facts: PersonFacts;
    category: Category;
    invitedAs: SessionFunction | null;
    attempt?: string | undefined;
  },
): Promise<Result<{ invitationId: string }, "delegation" | "mailboxTaken" | "doNotInvite" | "headTaken">> {
  return ctx.db.write((tx) => {
    const sideId = sideOfDelegation(tx, ctx, input.delegationId);
    if (sideId === null) return refused("delegation");
    const card = cardOfForm(tx, { ...input, sideId });
    const twin = card.twin ? invitedAlready(tx, ctx, { ...input, personId: card.id }) : null;
    if (twin !== null) return ok({ invitationId: twin });
    const holder = mailboxHolder(tx, { sideId, email: input.facts.email, except: null });
    if (holder !== null) return refused(isNotToBeInvited(tx, holder) ? "doNotInvite" : "mailboxTaken");
    if (input.category === "head" && headsOf(tx, input).length > 0) return refused("headTaken");
    const personId = insertPerson(tx, ctx, {
      sideId,
      facts: input.facts,
      id: card.twin ? newId() : card.id,
    });
    const { invitationId } = createInvitation(tx, ctx, { ...input, personId });
    recordAudit(tx, ctx, {
      action: "person.add",
      subjectKind: "person",
      subjectId: personId,
      editionId: ctx.scope.editionId,
      sideId,
      details: { invitationId },
    });
    return ok({ invitationId });
  });
}

/** What a form that came twice drafted the first time. */
function invitedAlready(
  orm: Orm,
  { scope }: StaffContext,
  wanted: { personId: string; delegationId: string; category: Category },
): string | null {
  const found = orm
    .select({ id: invitation.id })
    .from(invitation)
    .where(
      and(
        eq(invitation.personId, wanted.personId),
        eq(invitation.editionId, scope.editionId),
        eq(invitation.delegationId, wanted.delegationId),
        eq(invitation.category, wanted.category),
      ),
    )
    .get();
  return found?.id ?? null;
}

/**
 * Changes somebody's card and what they are at this edition.
 *
 * Refused when there is no such invitation on this side (`gone`), when somebody else has the mailbox (`mailboxTaken`),
 * when the delegation has another head or no place for them (`headTaken`, `quotaFull`), and when a colleague has written
 * either since (`changed`).
 *
 * @param input `seen`: the mark of what the page showed.
 */
export function changePerson(
  ctx: StaffContext,
  input: {
    invitationId: string;
    facts: PersonFacts;
    category: Category;
    invitedAs: SessionFunction | null;
    seen?: string | undefined;
  },
): Promise<Result<null, "gone" | "mailboxTaken" | "headTaken" | "quotaFull" | "changed">> {
  return ctx.db.write((tx) => {
    const found = tx
      .select({
        id: invitation.id,
        personId: invitation.personId,
        sideId: delegation.coHostId,
        delegationId: invitation.delegationId,
        category: invitation.category,
        invitedAs: invitation.invitedAs,
        reply: invitation.reply,
        approvedAt: invitation.approvedAt,
        sentAt: invitation.sentAt,
        withdrawnAt: invitation.withdrawnAt,
        replacedAt: invitation.replacedAt,
        inheritsPlace,
      })
      .from(invitation)
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(
          eq(invitation.id, input.invitationId),
          eq(invitation.editionId, ctx.scope.editionId),
          inArray(delegation.coHostId, [...ctx.scope.sideIds]),
        ),
      )
      .get();
    if (found === undefined) return refused("gone");
    const card = tx.select().from(person).where(eq(person.id, found.personId)).get();
    if (card === undefined) return refused("gone");
    const stands = cardMark(card, [found.category, found.invitedAs]);
    const isNews = stands !== cardMark(input.facts, [input.category, input.invitedAs]);
    if (isNews && input.seen !== undefined && input.seen !== stands) return refused("changed");
    if (
      mailboxHolder(tx, { sideId: found.sideId, email: input.facts.email, except: found.personId }) !== null
    )
      return refused("mailboxTaken");
    const problem = membershipProblem(tx, found, { ...found, category: input.category });
    if (problem !== null) return refused(problem);
    updatePerson(tx, ctx, { personId: found.personId, facts: input.facts });
    tx.update(invitation)
      .set({ category: input.category, invitedAs: input.invitedAs })
      .where(eq(invitation.id, input.invitationId))
      .run();
    recordAudit(tx, ctx, {
      action: "person.change",
      subjectKind: "person",
      subjectId: found.personId,
      editionId: ctx.scope.editionId,
      sideId: found.sideId,
    });
    return ok(null);
  });
}

/** The side that answers for a delegation of this edition; null when it is not one of this scope's. */
function sideOfDelegation(orm: Orm, ctx: StaffContext, delegationId: string): string | null {
  const found = orm
    .select({ sideId: delegation.coHostId })
    .from(delegation)
    .where(
      and(
        eq(delegation.id, delegationId),
        eq(delegation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get();
  return found?.sideId ?? null;
}
