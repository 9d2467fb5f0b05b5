/** Asking institutions for names, and what becomes of the names. */
import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { delegation, edition, focalPoint, invitation, nomination } from "#db/schema/index.ts";
import type { Category, Locale } from "#db/vocabulary.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { headsOf } from "../delegation/queries.server.ts";
import { createInvitation } from "../invitation/create.server.ts";
import { linkExpiry } from "../invitation/rules.ts";
import { mailEdition, queueMailTo } from "../mail/outbox.server.ts";
import { toSomebody } from "../mail/rules.ts";
import { insertPerson, isNotToBeInvited, mailboxHolder } from "../person/record.server.ts";
import { hasHan, latinName, type PersonFacts, sortKeyOf } from "../person/rules.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { justSo } from "../twice.server.ts";
import { mayChoose } from "./queries.server.ts";
import { nominationExpiry, type ProposedName } from "./rules.ts";

export type FocalPointFacts = {
  delegationId: string;
  institutionEn: string;
  institutionZh: string;
  name: string;
  email: string;
  locale: Locale;
  places: number;
  closesAt: number | null;
};

/**
 * Asks an institution for names: its focal point is written to, with a link of their own. Refused when the delegation
 * is not on this side (`gone`).
 */
export function askInstitution(
  ctx: StaffContext,
  facts: FocalPointFacts,
): Promise<Result<{ focalPointId: string }, "gone">> {
  return ctx.db.write((tx) => {
    const found = delegationOf(tx, ctx, facts.delegationId);
    if (found === null) return refused("gone");
    const twin = sameRequest(tx, ctx, facts);
    if (twin !== undefined) return ok({ focalPointId: twin.id });
    const focalPointId = newId();
    const now = ctx.clock.now();
    tx.insert(focalPoint)
      .values({
        ...facts,
        id: focalPointId,
        editionId: ctx.scope.editionId,
        tokenHash: hashToken(ctx.keys.linkToken(focalPointId, 1)),
        tokenGeneration: 1,
        tokenExpiresAt: expiryOf(found, facts.closesAt, now),
        sentAt: now,
        createdAt: now,
      })
      .run();
    writeTo(tx, ctx, { ...facts, id: focalPointId, sideId: found.sideId });
    audit(tx, ctx, { id: focalPointId, sideId: found.sideId }, "nomination.ask");
    return ok({ focalPointId });
  });
}

/** The same institution, asked in just these words, whose link stands: a form may come twice. */
function sameRequest(orm: Orm, { scope }: StaffContext, facts: FocalPointFacts) {
  return orm
    .select({ id: focalPoint.id })
    .from(focalPoint)
    .where(justSo(focalPoint, { ...facts, editionId: scope.editionId, revokedAt: null }))
    .get();
}

/** Stops a focal point's link. Refused when it is stopped already (`revoked`) or not on this side (`gone`). */
export function revokeNominationLink(
  ctx: StaffContext,
  focalPointId: string,
): Promise<Result<null, "gone" | "revoked">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, focalPointId);
    if (found === null) return refused("gone");
    if (found.revokedAt !== null) return refused("revoked");
    tx.update(focalPoint).set({ revokedAt: ctx.clock.now() }).where(eq(focalPoint.id, focalPointId)).run();
    audit(tx, ctx, found, "nomination.revokeLink");
    return ok(null);
  });
}

/**
 * Writes to a focal point once more, with a new link: the one before stops working. Refused when not on this side.
 *
 * @param after when whoever asks has seen that the last mail was written; when there is a newer one, that one stands.
 */
export function reissueNominationLink(
  ctx: StaffContext,
  focalPointId: string,
  after?: number,
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = findOwn(tx, ctx, focalPointId);
    if (found === null) return refused("gone");
    if (after !== undefined && found.revokedAt === null && (found.sentAt ?? 0) > after) return ok(null);
    const now = ctx.clock.now();
    const tokenGeneration = found.tokenGeneration + 1;
    tx.update(focalPoint)
      .set({
        tokenGeneration,
        tokenHash: hashToken(ctx.keys.linkToken(focalPointId, tokenGeneration)),
        tokenExpiresAt: expiryOf(found, found.closesAt, now),
        revokedAt: null,
        sentAt: now,
      })
      .where(eq(focalPoint.id, focalPointId))
      .run();
    writeTo(tx, ctx, found);
    audit(tx, ctx, found, "nomination.reissueLink");
    return ok(null);
  });
}

export type TakeUpRefusal = "gone" | "taken" | "doNotInvite" | "mailboxTaken" | "headTaken";

/**
 * Takes a proposed name up: as somebody whom the contact book knows, or as a new card, and drafts the invitation. Who
 * is invited already stays so. Also after a decline, which somebody thought over.
 *
 * Refused when the name, or the person, is not on this side (`gone`), when it was taken up before in another way (`taken`), when the
 * side does not invite that person (`doNotInvite`), when somebody in the book has the mailbox and another was chosen to
 * be new (`mailboxTaken`), and when the delegation has another head (`headTaken`).
 *
 * @param personId the card that stands for them; null: a new one.
 */
export function takeUpNomination(
  ctx: StaffContext,
  { nominationId, personId, category }: { nominationId: string; personId: string | null; category: Category },
): Promise<Result<{ invitationId: string }, TakeUpRefusal>> {
  return ctx.db.write((tx) => {
    const found = findName(tx, ctx, nominationId);
    if (found === null) return refused("gone");
    if (found.state === "taken" && found.invitationId !== null) {
      const same = invitedAs(tx, found.invitationId);
      // A form may come twice.
      if (same?.category === category && (personId === null || same.personId === personId))
        return ok({ invitationId: found.invitationId });
    }
    if (found.state === "taken") return refused("taken");
    const { sideId, delegationId } = found;
    if (personId !== null && !mayChoose(tx, ctx, { sideId, personId })) return refused("gone");
    const holder = personId ?? mailboxHolder(tx, { sideId, email: found.email, except: null });
    if (holder !== null && isNotToBeInvited(tx, holder)) return refused("doNotInvite");
    if (personId === null && holder !== null) return refused("mailboxTaken");
    const invited = personId === null ? null : invitationOf(tx, ctx, personId);
    if (invited === null && category === "head" && headsOf(tx, { delegationId }).length > 0)
      return refused("headTaken");
    const invitationId =
      invited ??
      createInvitation(tx, ctx, {
        personId: personId ?? insertPerson(tx, ctx, { sideId, facts: cardOf(found) }),
        delegationId,
        category,
        invitedAs: null,
      }).invitationId;
    decide(tx, ctx, nominationId, { state: "taken", invitationId });
    audit(tx, ctx, { id: found.focalPointId, sideId }, "nomination.takeUp", { nominationId, invitationId });
    return ok({ invitationId });
  });
}

/** Declines a proposed name; the note is for the side's own eyes. The same again changes nothing. Refused when it is not there or not open any more. */
export function declineNomination(
  ctx: StaffContext,
  { nominationId, note }: { nominationId: string; note: string },
): Promise<Result<null, "gone" | "decided">> {
  return ctx.db.write((tx) => {
    const found = findName(tx, ctx, nominationId);
    if (found === null) return refused("gone");
    if (found.state === "declined" && found.note === note) return ok(null);
    if (found.state !== "proposed") return refused("decided");
    decide(tx, ctx, nominationId, { state: "declined", note });
    audit(tx, ctx, { id: found.focalPointId, sideId: found.sideId }, "nomination.decline", { nominationId });
    return ok(null);
  });
}

function decide(
  tx: Tx,
  ctx: StaffContext,
  nominationId: string,
  what: { state: "taken"; invitationId: string } | { state: "declined"; note: string },
): void {
  tx.update(nomination)
    .set({ ...what, decidedAt: ctx.clock.now(), decidedBy: ctx.actor.id })
    .where(eq(nomination.id, nominationId))
    .run();
}

type Proposal = ProposedName & { institutionEn: string; institutionZh: string; locale: Locale };

/** A card of what the institution wrote. Its whole Latin name is put together in the usual order, for staff to confirm. */
function cardOf(proposal: Proposal): PersonFacts {
  const { familyLatin, givenLatin, nameNative, honorific, position } = proposal;
  const nameLatin = latinName(
    { family: familyLatin, given: givenLatin },
    hasHan(nameNative) ? "familyFirst" : "givenFirst",
  );
  const inEnglish = (text: string) => (hasHan(text) ? "" : text);
  const inChinese = (text: string) => (hasHan(text) ? text : "");
  return {
    familyLatin,
    givenLatin,
    nameLatin,
    familyNative: "",
    givenNative: "",
    nameNative,
    sortKey: sortKeyOf({ familyLatin, givenLatin, nameLatin, nameNative }),
    honorificEn: inEnglish(honorific),
    honorificZh: inChinese(honorific),
    salutationEn: "",
    salutationZh: "",
    institutionEn: proposal.institutionEn,
    institutionZh: proposal.institutionZh,
    positionEn: inEnglish(position),
    positionZh: inChinese(position),
    email: proposal.email,
    phone: proposal.phone,
    locale: proposal.locale,
  };
}

function invitationOf(orm: Orm, ctx: StaffContext, personId: string): string | null {
  const found = orm
    .select({ id: invitation.id })
    .from(invitation)
    .where(and(eq(invitation.personId, personId), eq(invitation.editionId, ctx.scope.editionId)))
    .get();
  return found?.id ?? null;
}

function invitedAs(orm: Orm, invitationId: string) {
  return orm
    .select({ personId: invitation.personId, category: invitation.category })
    .from(invitation)
    .where(eq(invitation.id, invitationId))
    .get();
}

function findName(orm: Orm, ctx: StaffContext, nominationId: string) {
  return (
    orm
      .select({
        focalPointId: focalPoint.id,
        delegationId: focalPoint.delegationId,
        sideId: delegation.coHostId,
        institutionEn: focalPoint.institutionEn,
        institutionZh: focalPoint.institutionZh,
        locale: focalPoint.locale,
        state: nomination.state,
        note: nomination.note,
        invitationId: nomination.invitationId,
        familyLatin: nomination.familyLatin,
        givenLatin: nomination.givenLatin,
        nameNative: nomination.nameNative,
        honorific: nomination.honorific,
        position: nomination.position,
        email: nomination.email,
        phone: nomination.phone,
      })
      .from(nomination)
      .innerJoin(focalPoint, eq(focalPoint.id, nomination.focalPointId))
      .innerJoin(delegation, eq(delegation.id, focalPoint.delegationId))
      .where(and(eq(nomination.id, nominationId), ofOwnSide(ctx)))
      .get() ?? null
  );
}

function ofOwnSide(ctx: StaffContext) {
  return and(
    eq(delegation.editionId, ctx.scope.editionId),
    inArray(delegation.coHostId, [...ctx.scope.sideIds]),
  );
}

function findOwn(orm: Orm, ctx: StaffContext, focalPointId: string) {
  return (
    orm
      .select({
        id: focalPoint.id,
        delegationId: focalPoint.delegationId,
        sideId: delegation.coHostId,
        institutionEn: focalPoint.institutionEn,
        institutionZh: focalPoint.institutionZh,
        name: focalPoint.name,
        email: focalPoint.email,
        locale: focalPoint.locale,
        places: focalPoint.places,
        closesAt: focalPoint.closesAt,
        tokenGeneration: focalPoint.tokenGeneration,
        revokedAt: focalPoint.revokedAt,
        sentAt: focalPoint.sentAt,
        travelTo: edition.travelTo,
        timeZone: edition.timeZone,
      })
      .from(focalPoint)
      .innerJoin(delegation, eq(delegation.id, focalPoint.delegationId))
      .innerJoin(edition, eq(edition.id, focalPoint.editionId))
      .where(and(eq(focalPoint.id, focalPointId), ofOwnSide(ctx)))
      .get() ?? null
  );
}

function delegationOf(orm: Orm, ctx: StaffContext, delegationId: string) {
  return (
    orm
      .select({ sideId: delegation.coHostId, travelTo: edition.travelTo, timeZone: edition.timeZone })
      .from(delegation)
      .innerJoin(edition, eq(edition.id, delegation.editionId))
      .where(and(eq(delegation.id, delegationId), ofOwnSide(ctx)))
      .get() ?? null
  );
}

function expiryOf(
  window: { travelTo: string; timeZone: string },
  closesAt: number | null,
  now: number,
): number {
  return nominationExpiry({ closesAt, invitationExpiry: linkExpiry(window, now) }, now);
}

function writeTo(tx: Tx, ctx: StaffContext, to: FocalPointFacts & { id: string; sideId: string }): void {
  const { editionId } = ctx.scope;
  const { sideId, delegationId, institutionEn, institutionZh, places, closesAt } = to;
  queueMailTo(tx, ctx, {
    to: {
      kind: "focal_point",
      linkId: to.id,
      editionId,
      sideId,
      address: to.email,
      name: to.name,
      locale: to.locale,
    },
    invitationId: null,
    mail: {
      kind: "nomination_request",
      edition: mailEdition(tx, { editionId, sideId, delegationId }),
      ...toSomebody(to.name),
      institutionEn,
      institutionZh,
      places,
      closesAt,
    },
  });
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  { id, sideId }: { id: string; sideId: string },
  action: AuditAction,
  details: Record<string, string> = {},
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "focal_point",
    subjectId: id,
    editionId: ctx.scope.editionId,
    sideId,
    details,
  });
}
