/** Of whom the link is that codes, devices and assistants belong to, and who is told of them. */
import { and, eq, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import {
  assistantLink,
  delegation,
  edition,
  editionCoHost,
  invitation,
  person,
  personAssistant,
} from "#db/schema/index.ts";
import type { MailPayload } from "#emails/payload.ts";
import type { DomainContext, StaffContext } from "../context.ts";
import { findOwn } from "../invitation/own.server.ts";
import { queueMailTo } from "../mail/outbox.server.ts";
import type { InvitationScope } from "./rules.ts";

const byId = prepared((orm) =>
  orm
    .select({
      editionId: invitation.editionId,
      delegationId: invitation.delegationId,
      personId: invitation.personId,
      number: invitation.number,
      sideId: delegation.coHostId,
      timeZone: edition.timeZone,
      travelTo: edition.travelTo,
      expiresAt: invitation.tokenExpiresAt,
      revokedAt: invitation.tokenRevokedAt,
      replyTo: editionCoHost.replyTo,
      locale: person.locale,
      familyLatin: person.familyLatin,
      nameLatin: person.nameLatin,
      familyNative: person.familyNative,
      nameNative: person.nameNative,
      honorificEn: person.honorificEn,
      honorificZh: person.honorificZh,
      salutationEn: person.salutationEn,
      salutationZh: person.salutationZh,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .innerJoin(
      editionCoHost,
      and(eq(editionCoHost.editionId, edition.id), eq(editionCoHost.coHostId, delegation.coHostId)),
    )
    .where(
      and(
        eq(invitation.id, sql.placeholder("invitation")),
        eq(invitation.editionId, sql.placeholder("edition")),
      ),
    )
    .prepare(),
);

/** An invited person, with what the edition and their side say of links. */
export type Invited = NonNullable<ReturnType<ReturnType<typeof byId>["get"]>>;

/** The person of an invitation, or null when there is none in this edition. */
export function invitedPerson(orm: Orm, scope: InvitationScope): Invited | null {
  return byId(orm).get({ invitation: scope.invitationId, edition: scope.editionId }) ?? null;
}

/** The same for staff: null as well when the person is not on their side. */
export function invitedForStaff(orm: Orm, ctx: StaffContext, invitationId: string): Invited | null {
  const { editionId } = ctx.scope;
  return findOwn(orm, ctx, invitationId) === null ? null : invitedPerson(orm, { editionId, invitationId });
}

const assistantById = prepared((orm) =>
  orm
    .select({
      name: personAssistant.name,
      email: personAssistant.email,
      locale: personAssistant.locale,
      expiresAt: assistantLink.tokenExpiresAt,
    })
    .from(assistantLink)
    .innerJoin(personAssistant, eq(personAssistant.id, assistantLink.assistantId))
    .where(eq(assistantLink.id, sql.placeholder("link")))
    .prepare(),
);

/** The assistant of a link. */
export function namedAssistant(orm: Orm, linkId: string) {
  return assistantById(orm).get({ link: linkId }) ?? null;
}

/** Queues a mail to the mailbox of the person's side, if the side has named one. */
export function mailSide(
  tx: Tx,
  ctx: DomainContext,
  { invitationId, invited, mail }: { invitationId: string; invited: Invited; mail: MailPayload },
): void {
  const { editionId, sideId, replyTo, locale } = invited;
  if (replyTo === null || replyTo === "") return;
  queueMailTo(tx, ctx, {
    to: { kind: "side", linkId: null, editionId, sideId, address: replyTo, name: "", locale },
    invitationId,
    mail,
  });
}
