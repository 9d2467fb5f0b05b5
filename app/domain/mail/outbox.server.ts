/**
 * The outbox: mails are queued in the transaction of the fact that causes them and sent later by the worker
 * (docs/decisions/outbox.md). What is queued is frozen; only the link's token is added when it is sent.
 */
import { and, eq, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import {
  coHost,
  delegation,
  delivery,
  edition,
  editionCoHost,
  invitation,
  person,
} from "#db/schema/index.ts";
import type { MailEdition, MailPayload } from "#emails/payload.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { shownName } from "./rules.ts";

const recipientOf = prepared((orm) =>
  orm
    .select({
      editionId: invitation.editionId,
      sideId: delegation.coHostId,
      email: person.email,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      locale: person.locale,
    })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(eq(invitation.id, sql.placeholder("invitation")))
    .prepare(),
);

const insertDelivery = prepared((orm) =>
  orm
    .insert(delivery)
    .values({
      id: sql.placeholder("id"),
      editionId: sql.placeholder("editionId"),
      coHostId: sql.placeholder("sideId"),
      invitationId: sql.placeholder("invitationId"),
      messageId: sql.placeholder("messageId"),
      kind: sql.placeholder("kind"),
      locale: sql.placeholder("locale"),
      toAddress: sql.placeholder("toAddress"),
      toName: sql.placeholder("toName"),
      payload: sql.placeholder("payload"),
      state: "queued",
      tries: 0,
      dueAt: sql.placeholder("now"),
      messageIdHeader: sql.placeholder("messageIdHeader"),
      createdAt: sql.placeholder("now"),
    })
    .prepare(),
);

/**
 * Queues one mail to one person, in their language, at the address that they have now.
 *
 * @param messageId the message that it belongs to, or null for a mail that follows from a fact of its own.
 * @returns the delivery's id, or null when the person has no address: then nothing is queued, and the caller shows it.
 */
export function queueDelivery(
  tx: Tx,
  ctx: DomainContext,
  { invitationId, messageId, mail }: { invitationId: string; messageId: string | null; mail: MailPayload },
): string | null {
  const to = recipientOf(tx).get({ invitation: invitationId });
  if (to === undefined || to.email === null) return null;
  const id = newId();
  insertDelivery(tx).run({
    id,
    editionId: to.editionId,
    sideId: to.sideId,
    invitationId,
    messageId,
    kind: mail.kind,
    locale: to.locale,
    toAddress: to.email,
    toName: shownName(to),
    payload: JSON.stringify(mail),
    now: ctx.clock.now(),
    messageIdHeader: `<${id}@${new URL(ctx.baseUrl).hostname}>`,
  });
  return id;
}

const editionForMail = prepared((orm) =>
  orm
    .select({
      titleEn: editionCoHost.titleEn,
      titleZh: editionCoHost.titleZh,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      timeZone: edition.timeZone,
      homeTimeZone: delegation.homeTimeZone,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
      replyBy: edition.replyBy,
      phones: edition.phones,
    })
    .from(edition)
    .innerJoin(
      editionCoHost,
      and(eq(editionCoHost.editionId, edition.id), eq(editionCoHost.coHostId, sql.placeholder("side"))),
    )
    .innerJoin(
      delegation,
      and(eq(delegation.editionId, edition.id), eq(delegation.id, sql.placeholder("delegation"))),
    )
    .where(eq(edition.id, sql.placeholder("edition")))
    .prepare(),
);

const hostsOfEdition = prepared((orm) =>
  orm
    .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(eq(editionCoHost.editionId, sql.placeholder("edition")))
    .orderBy(editionCoHost.position)
    .prepare(),
);

/**
 * What every mail says of its edition, as the writing side calls it (each co-host has a title of its own).
 *
 * @throws Error when side or delegation do not belong to the edition: callers take all three from one invitation.
 */
export function mailEdition(
  orm: Orm,
  { editionId, sideId, delegationId }: { editionId: string; sideId: string; delegationId: string },
): MailEdition {
  const facts = editionForMail(orm).get({ edition: editionId, side: sideId, delegation: delegationId });
  const senders = hostsOfEdition(orm).all({ edition: editionId });
  const sender = senders.find((host) => host.id === sideId);
  if (facts === undefined || sender === undefined)
    throw new Error("The side or the delegation is not part of the edition");
  return { ...facts, sender: namesOf(sender), senders: senders.map(namesOf) };
}

function namesOf({ nameEn, nameZh }: { nameEn: string; nameZh: string }) {
  return { nameEn, nameZh };
}

export { salutations } from "./rules.ts";
