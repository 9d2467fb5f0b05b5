/** What is written on a card of the contact book. Not for an edition: each is about the side's own book. */
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { assistantLink, person, personAssistant, personName } from "#db/schema/index.ts";
import type { NameForm } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { endDevices } from "../access/devices.server.ts";
import type { StaffContext } from "../context.ts";
import {
  cancelWaitingInvitations,
  cardMark,
  cardOfForm,
  insertPerson,
  mailboxHolder,
  updatePerson,
} from "../person/record.server.ts";
import { mailboxKey, type PersonFacts } from "../person/rules.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { findCard } from "./book.server.ts";
import type { AssistantFacts } from "./form.ts";

type Gone = Result<null, "gone">;

/** Finds a card of one's own book, writes on it and into the trail; `gone` when there is none. */
function onCard(
  ctx: StaffContext,
  personId: string,
  action: AuditAction,
  work: (tx: Tx, card: NonNullable<ReturnType<typeof findCard>>) => "gone" | "unchanged" | undefined,
): Promise<Gone> {
  return ctx.db.write((tx): Gone => {
    const card = findCard(tx, ctx.scope, personId);
    if (card === null) return refused("gone");
    const outcome = work(tx, card);
    if (outcome === "gone") return refused("gone");
    if (outcome !== "unchanged") auditCard(tx, ctx, { action, personId, sideId: card.coHostId });
    return ok(null);
  });
}

function auditCard(
  tx: Tx,
  ctx: StaffContext,
  { action, personId, sideId }: { action: AuditAction; personId: string; sideId: string },
): void {
  recordAudit(tx, ctx, { action, subjectKind: "person", subjectId: personId, editionId: null, sideId });
}

/**
 * Puts somebody into a side's book without inviting them.
 *
 * A form that comes twice adds one card.
 *
 * Refused when the side is none of this scope's (`gone`), and when the book has the mailbox (`mailboxTaken`).
 *
 * @param attempt a random text that the form came with.
 */
export function addContact(
  ctx: StaffContext,
  { sideId, facts, attempt }: { sideId: string; facts: PersonFacts; attempt?: string | undefined },
): Promise<Result<{ personId: string }, "gone" | "mailboxTaken">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.bookSideIds.includes(sideId)) return refused("gone");
    const card = cardOfForm(tx, { sideId, facts, attempt });
    if (card.twin) return ok({ personId: card.id });
    if (mailboxHolder(tx, { sideId, email: facts.email, except: null }) !== null)
      return refused("mailboxTaken");
    const personId = insertPerson(tx, ctx, { sideId, facts, id: card.id });
    auditCard(tx, ctx, { action: "contact.add", personId, sideId });
    return ok({ personId });
  });
}

/**
 * Writes a card anew. Refused when it is not there (`gone`), when somebody else has the mailbox (`mailboxTaken`), and when
 * a colleague has written it since (`changed`).
 *
 * @param seen the mark of the card that the page showed.
 */
export function changeContact(
  ctx: StaffContext,
  { personId, facts, seen }: { personId: string; facts: PersonFacts; seen?: string | undefined },
): Promise<Result<null, "gone" | "mailboxTaken" | "changed">> {
  return ctx.db.write((tx) => {
    const card = findCard(tx, ctx.scope, personId);
    if (card === null) return refused("gone");
    const sideId = card.coHostId;
    if (cardMark(card) === cardMark(facts)) return ok(null);
    if (seen !== undefined && seen !== cardMark(card)) return refused("changed");
    if (mailboxHolder(tx, { sideId, email: facts.email, except: personId }) !== null)
      return refused("mailboxTaken");
    updatePerson(tx, ctx, { personId, facts });
    auditCard(tx, ctx, { action: "contact.change", personId, sideId });
    return ok(null);
  });
}

/** Somebody says that institution and position are right as they stand. */
export function confirmPost(ctx: StaffContext, personId: string): Promise<Gone> {
  return onCard(ctx, personId, "contact.confirmPost", (tx) => {
    tx.update(person).set({ postCheckedAt: ctx.clock.now() }).where(eq(person.id, personId)).run();
    return undefined;
  });
}

/** Writes the side's own note (C6). The trail knows that, not what. */
export function writeNote(
  ctx: StaffContext,
  { personId, note }: { personId: string; note: string },
): Promise<Gone> {
  return onCard(ctx, personId, "contact.note", (tx, card) => {
    if (card.note === note) return "unchanged";
    tx.update(person).set({ note, updatedAt: ctx.clock.now() }).where(eq(person.id, personId)).run();
    return undefined;
  });
}

/**
 * Marks somebody as not to be invited, with the reason (C6); said again, the reason is written anew. Invitations that
 * wait to be sent are cancelled. The trail knows that, not why.
 */
export function markDoNotInvite(
  ctx: StaffContext,
  { personId, reason }: { personId: string; reason: string },
): Promise<Gone> {
  return onCard(ctx, personId, "contact.doNotInvite", (tx, card) => {
    const now = ctx.clock.now();
    tx.update(person)
      .set({ doNotInviteAt: card.doNotInviteAt ?? now, doNotInviteReason: reason, updatedAt: now })
      .where(eq(person.id, personId))
      .run();
    cancelWaitingInvitations(tx, ctx, personId);
    return undefined;
  });
}

/** Takes the mark off again, and the reason with it. */
export function liftDoNotInvite(ctx: StaffContext, personId: string): Promise<Gone> {
  return onCard(ctx, personId, "contact.mayInvite", (tx, card) => {
    if (card.doNotInviteAt === null) return "unchanged";
    tx.update(person)
      .set({ doNotInviteAt: null, doNotInviteReason: "", updatedAt: ctx.clock.now() })
      .where(eq(person.id, personId))
      .run();
    return undefined;
  });
}

/** Adds a further form of the name. One that is there already is not added twice. */
export function addNameForm(
  ctx: StaffContext,
  { personId, form, name }: { personId: string; form: NameForm; name: string },
): Promise<Gone> {
  return onCard(ctx, personId, "contact.addName", (tx) => {
    const known = tx
      .select({ id: personName.id })
      .from(personName)
      .where(and(eq(personName.personId, personId), eq(personName.form, form), eq(personName.name, name)))
      .get();
    if (known !== undefined) return "unchanged";
    tx.insert(personName).values({ id: newId(), personId, form, name }).run();
    return undefined;
  });
}

/** Takes a further form of the name away. Taken away twice is taken away once. */
export function removeNameForm(
  ctx: StaffContext,
  { personId, nameId }: { personId: string; nameId: string },
): Promise<Gone> {
  return onCard(ctx, personId, "contact.removeName", (tx) => {
    const removed = tx
      .delete(personName)
      .where(and(eq(personName.id, nameId), eq(personName.personId, personId)))
      .run();
    if (removed.changes > 0) return undefined;
    const elsewhere = tx
      .select({ id: personName.id })
      .from(personName)
      .where(eq(personName.id, nameId))
      .get();
    return elsewhere === undefined ? "unchanged" : "gone";
  });
}

function assistantColumns({ phone, ...facts }: AssistantFacts) {
  return { ...facts, phone: phone === "" ? null : phone };
}

/** Adds somebody who answers for a person or reads along. Links to an invitation are given there, one by one. */
export function addAssistant(
  ctx: StaffContext,
  { personId, facts }: { personId: string; facts: AssistantFacts },
): Promise<Gone> {
  return onCard(ctx, personId, "contact.addAssistant", (tx) => {
    // A form may come twice: two of them would get every copy twice.
    const known = tx
      .select({ name: personAssistant.name, email: personAssistant.email })
      .from(personAssistant)
      .where(and(eq(personAssistant.personId, personId), isNull(personAssistant.endedAt)))
      .all();
    if (known.some((one) => one.name === facts.name && mailboxKey(one.email) === mailboxKey(facts.email)))
      return "unchanged";
    tx.insert(personAssistant)
      .values({ id: newId(), personId, ...assistantColumns(facts), createdAt: ctx.clock.now() })
      .run();
    return undefined;
  });
}

/**
 * Writes an assistant anew. With another mailbox it is somebody else who reads there: links that were mailed to the one
 * before end. Refused (`gone`) when there is no such assistant, or their part has ended.
 */
export function changeAssistant(
  ctx: StaffContext,
  { personId, assistantId, facts }: { personId: string; assistantId: string; facts: AssistantFacts },
): Promise<Gone> {
  return onCard(ctx, personId, "contact.changeAssistant", (tx) => {
    const before = tx
      .select({ email: personAssistant.email })
      .from(personAssistant)
      .where(ofPerson(personId, assistantId))
      .get();
    if (before === undefined) return "gone";
    tx.update(personAssistant).set(assistantColumns(facts)).where(ofPerson(personId, assistantId)).run();
    if (mailboxKey(before.email) !== mailboxKey(facts.email)) endLinks(tx, ctx, assistantId);
    return undefined;
  });
}

/** Ends an assistant's part: they get no more copies, and their links to the person's invitations stop working. */
export function endAssistant(
  ctx: StaffContext,
  { personId, assistantId }: { personId: string; assistantId: string },
): Promise<Gone> {
  return onCard(ctx, personId, "contact.endAssistant", (tx) => {
    const ended = tx
      .update(personAssistant)
      .set({ endedAt: ctx.clock.now() })
      .where(ofPerson(personId, assistantId))
      .run();
    if (ended.changes === 0) return endedBefore(tx, { personId, assistantId }) ? "unchanged" : "gone";
    endLinks(tx, ctx, assistantId);
    return undefined;
  });
}

function endedBefore(tx: Tx, { personId, assistantId }: { personId: string; assistantId: string }): boolean {
  const found = tx
    .select({ id: personAssistant.id })
    .from(personAssistant)
    .where(and(eq(personAssistant.id, assistantId), eq(personAssistant.personId, personId)))
    .get();
  return found !== undefined;
}

/** Ends the links of an assistant, with the browsers and codes that they opened. */
function endLinks(tx: Tx, ctx: StaffContext, assistantId: string): void {
  const ended = tx
    .update(assistantLink)
    .set({ revokedAt: ctx.clock.now() })
    .where(and(eq(assistantLink.assistantId, assistantId), isNull(assistantLink.revokedAt)))
    .returning({ id: assistantLink.id, invitationId: assistantLink.invitationId })
    .all();
  for (const { id, invitationId } of ended) endDevices(tx, ctx, { invitationId, assistantLinkId: id });
}

function ofPerson(personId: string, assistantId: string) {
  return and(
    eq(personAssistant.id, assistantId),
    eq(personAssistant.personId, personId),
    isNull(personAssistant.endedAt),
  );
}
