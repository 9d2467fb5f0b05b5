import { and, asc, desc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import {
  auditEvent,
  dataRequest,
  delegation,
  delivery,
  invitation,
  invitationEvent,
  person,
  release,
  releasePerson,
} from "#db/schema/index.ts";
import type { DataRequestKind } from "#db/vocabulary.ts";
import { ownAssistants } from "../access/assistants.server.ts";
import { ownDevices } from "../access/devices.server.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { ownLetters } from "../letter/queries.server.ts";
import { ownRooms } from "../lodging/own-room.server.ts";
import { ownNeedsView } from "../meal/own-needs.server.ts";
import { type AuditAction, recordAudit } from "../privacy/audit.server.ts";
import { formInForce, openAnswers } from "../registration/own.server.ts";
import { ownConsents } from "../registration/own-consents.server.ts";
import { registrationForm } from "../registration/queries.server.ts";
import { findRegistrant } from "../registration/record.server.ts";
import { storedDocument } from "../travel-document/record.server.ts";

/** A request about one's own data as its owner sees it. */
export type OwnDataRequest = {
  kind: DataRequestKind;
  state: (typeof dataRequest.$inferSelect)["state"];
  words: string;
  askedAt: number;
  dueAt: number;
  decidedAt: number | null;
  word: string;
};

/** What this person asked about their data, the newest first. */
export function ownDataRequests({ db, scope }: InvitationContext): Array<OwnDataRequest> {
  return db.orm
    .select({
      kind: dataRequest.kind,
      state: dataRequest.state,
      words: dataRequest.words,
      askedAt: dataRequest.askedAt,
      dueAt: dataRequest.dueAt,
      decidedAt: dataRequest.decidedAt,
      word: dataRequest.word,
    })
    .from(dataRequest)
    .where(eq(dataRequest.invitationId, scope.invitationId))
    .orderBy(desc(dataRequest.askedAt))
    .all();
}

/**
 * All that is held of the person, for their own eyes: of this meeting, and their card in the book of the side that invites
 * them. Not what staff think of somebody (C6) and nothing of anybody else. Null when there is no such invitation.
 */
export function ownData(ctx: InvitationContext) {
  const { orm } = ctx.db;
  const { invitationId } = ctx.scope;
  const registrant = findRegistrant(orm, ctx.scope);
  const form = registrationForm(ctx);
  if (registrant === null || form === null) return null;
  const card = orm
    .select({
      familyLatin: person.familyLatin,
      givenLatin: person.givenLatin,
      nameLatin: person.nameLatin,
      familyNative: person.familyNative,
      givenNative: person.givenNative,
      nameNative: person.nameNative,
      honorificEn: person.honorificEn,
      honorificZh: person.honorificZh,
      salutationEn: person.salutationEn,
      salutationZh: person.salutationZh,
      institutionEn: person.institutionEn,
      institutionZh: person.institutionZh,
      positionEn: person.positionEn,
      positionZh: person.positionZh,
      email: person.email,
      phone: person.phone,
      locale: person.locale,
    })
    .from(person)
    .where(eq(person.id, registrant.personId))
    .get();
  const life = orm
    .select({
      at: invitationEvent.at,
      kind: invitationEvent.kind,
      channel: invitationEvent.channel,
      means: invitationEvent.means,
      note: invitationEvent.note,
    })
    .from(invitationEvent)
    .where(eq(invitationEvent.invitationId, invitationId))
    .orderBy(asc(invitationEvent.at), asc(sql`rowid`))
    .all();
  const mails = orm
    .select({ at: delivery.createdAt, kind: delivery.kind, to: delivery.toAddress, state: delivery.state })
    .from(delivery)
    .where(and(eq(delivery.invitationId, invitationId), eq(delivery.recipientKind, "invitee")))
    .orderBy(asc(delivery.createdAt))
    .all();
  const releases = orm
    .select({
      recipient: release.recipient,
      purpose: release.purpose,
      columns: release.columns,
      releasedAt: release.releasedAt,
      until: release.expiresAt,
      revokedAt: release.revokedAt,
    })
    .from(release)
    .innerJoin(releasePerson, eq(releasePerson.releaseId, release.id))
    .where(eq(releasePerson.invitationId, invitationId))
    .orderBy(asc(release.releasedAt))
    .all()
    .map(({ columns, ...row }) => ({ ...row, columns: JSON.parse(columns) as ReadonlyArray<string> }));
  const reveals = orm
    .select({ at: auditEvent.at, action: auditEvent.action, details: auditEvent.details })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.subjectId, invitationId),
        inArray(auditEvent.action, [
          "travel_document.reveal",
          "registration.reveal",
        ] satisfies Array<AuditAction>),
      ),
    )
    .orderBy(asc(auditEvent.at))
    .all()
    .map(({ at, action, details }) => ({ at, action, reason: String(JSON.parse(details).reason ?? "") }));
  return {
    number: registrant.number,
    card: card ?? null,
    form,
    sealed: openAnswers(orm, ctx.keys, { ...registrant, form: formInForce(orm, registrant.formId) }),
    passport: storedDocument(orm, ctx.keys, invitationId)?.document ?? null,
    consents: ownConsents(ctx).filter(({ newest }) => newest !== null),
    visits: form.visits
      .filter(({ mine }) => mine !== null)
      .map(({ titleEn, titleZh, mine }) => ({ titleEn, titleZh, state: mine })),
    letters: ownLetters(ctx),
    // With whom is the other's to tell.
    rooms: ownRooms(ctx).map(({ mates: _mates, ...room }) => room),
    kitchenWords: ownNeedsView(ctx)?.words ?? null,
    devices: ownDevices(ctx),
    assistants: ownAssistants(ctx),
    requests: ownDataRequests(ctx),
    life,
    mails,
    releases,
    reveals,
  };
}

/** The same as a file, for whoever has typed a code. That it was taken is recorded. Null when there is no such invitation. */
export async function takeOwnData(ctx: InvitationContext): Promise<string | null> {
  const data = ownData(ctx);
  const registrant = findRegistrant(ctx.db.orm, ctx.scope);
  if (data === null || registrant === null) return null;
  await ctx.db.write((tx) => {
    recordAudit(tx, ctx, {
      action: "data.take",
      subjectKind: "invitation",
      subjectId: ctx.scope.invitationId,
      editionId: registrant.editionId,
      sideId: registrant.sideId,
    });
  });
  const { form, sealed, ...rest } = data;
  const day = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const facts = {
    format: "secretariat/own-data/1",
    at: day(ctx.clock.now()),
    ...rest,
    registration: {
      state: form.state,
      submittedAt: day(form.submittedAt),
      updatedAt: day(form.updatedAt),
      formVersion: form.formVersion,
      answers: form.answers,
      sealed,
    },
  };
  // Instants are written as everybody reads them.
  return `${JSON.stringify(
    facts,
    (name, value) =>
      /(?:^at|At|^until)$/.test(name) && typeof value === "number" ? new Date(value).toISOString() : value,
    2,
  )}\n`;
}

/** A request as staff of its side see it. */
export type DataRequestView = OwnDataRequest & {
  id: string;
  invitationId: string;
  nameLatin: string;
  nameNative: string;
};

const MOST_ANSWERED = 50;

/** What people of this side asked about their data: the open ones by when they are due, and those answered last. */
export function dataRequests({ db: { orm }, scope }: Pick<StaffContext, "db" | "scope">): {
  open: Array<DataRequestView>;
  answered: Array<DataRequestView>;
} {
  const rows = (isOpen: boolean) =>
    orm
      .select({
        id: dataRequest.id,
        invitationId: dataRequest.invitationId,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
        kind: dataRequest.kind,
        state: dataRequest.state,
        words: dataRequest.words,
        askedAt: dataRequest.askedAt,
        dueAt: dataRequest.dueAt,
        decidedAt: dataRequest.decidedAt,
        word: dataRequest.word,
      })
      .from(dataRequest)
      .innerJoin(invitation, eq(invitation.id, dataRequest.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(
        and(
          eq(invitation.editionId, scope.editionId),
          inArray(delegation.coHostId, [...scope.sideIds]),
          isOpen ? isNull(dataRequest.decidedAt) : gt(dataRequest.decidedAt, 0),
        ),
      )
      .orderBy(isOpen ? asc(dataRequest.dueAt) : desc(dataRequest.decidedAt))
      .limit(isOpen ? 500 : MOST_ANSWERED)
      .all();
  return { open: rows(true), answered: rows(false) };
}
