/**
 * The outbox: mails are queued in the transaction of the fact that causes them and sent later by the worker
 * (docs/decisions/outbox.md). What is queued is frozen; only the link's token is added when it is sent.
 */
import { and, desc, eq, isNull, ne, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import {
  coHost,
  delegation,
  delivery,
  edition,
  editionCoHost,
  invitation,
  person,
  personAssistant,
} from "#db/schema/index.ts";
import type { Locale, RecipientKind } from "#db/vocabulary.ts";
import type { MailEdition, MailPayload } from "#emails/payload.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { isCopied, isThreaded, shownName } from "./rules.ts";

const recipientOf = prepared((orm) =>
  orm
    .select({
      editionId: invitation.editionId,
      sideId: delegation.coHostId,
      personId: invitation.personId,
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

/** Those who read along, each with their own link to this invitation if they have a live one. */
export const readersOf = prepared((orm) =>
  orm
    .select({
      address: personAssistant.email,
      name: personAssistant.name,
      locale: personAssistant.locale,
      linkId: sql<string | null>`(
        select l.id from assistant_link l
        where l.assistant_id = person_assistant.id and l.invitation_id = ${sql.placeholder("invitation")}
          and l.revoked_at is null and l.token_expires_at > ${sql.placeholder("now")}
        order by l.created_at desc limit 1)`,
    })
    .from(personAssistant)
    .where(
      and(
        eq(personAssistant.personId, sql.placeholder("person")),
        eq(personAssistant.getsCopies, true),
        isNull(personAssistant.endedAt),
      ),
    )
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
      recipientKind: sql.placeholder("recipientKind"),
      linkId: sql.placeholder("linkId"),
      lane: sql.placeholder("lane"),
      kind: sql.placeholder("kind"),
      locale: sql.placeholder("locale"),
      toAddress: sql.placeholder("toAddress"),
      toName: sql.placeholder("toName"),
      payload: sql.placeholder("payload"),
      agendaVersion: sql.placeholder("agendaVersion"),
      state: "queued",
      tries: 0,
      dueAt: sql.placeholder("dueAt"),
      messageIdHeader: sql.placeholder("messageIdHeader"),
      references: sql.placeholder("references"),
      createdAt: sql.placeholder("now"),
    })
    .prepare(),
);

/** The last mail of a thread to the same reader of the same invitation. */
const lastOfThread = prepared((orm) =>
  orm
    .select({ messageIdHeader: delivery.messageIdHeader, references: delivery.references })
    .from(delivery)
    .where(
      and(
        eq(delivery.invitationId, sql.placeholder("invitation")),
        eq(delivery.toAddress, sql.placeholder("address")),
        ne(delivery.references, ""),
        ne(delivery.state, "cancelled"),
      ),
    )
    .orderBy(desc(delivery.createdAt), desc(sql`${delivery}.rowid`))
    .limit(1)
    .prepare(),
);

/**
 * Queues one mail to one person, in their language, at the address that they have now, and a copy to each assistant who
 * reads along: with their own link, or with none.
 *
 * @param messageId the message that it belongs to, or null for a mail that follows from a fact of its own.
 * @param urgent whether somebody waits for it at a screen: it goes before everything else that is due.
 * @param notBefore the instant until which it is held; null: it may go at once.
 * @returns the delivery's id, or null when the person has no address: then nothing is queued, and the caller shows it.
 */
export function queueDelivery(
  tx: Tx,
  ctx: DomainContext,
  {
    invitationId,
    messageId,
    mail,
    urgent = false,
    notBefore = null,
  }: {
    invitationId: string;
    messageId: string | null;
    mail: MailPayload;
    urgent?: boolean;
    notBefore?: number | null;
  },
): string | null {
  const to = recipientOf(tx).get({ invitation: invitationId });
  if (to === undefined) return null;
  if (isCopied(mail.kind))
    for (const reader of readersOf(tx).all({
      invitation: invitationId,
      person: to.personId,
      now: ctx.clock.now(),
    }))
      queueMailTo(tx, ctx, {
        to: { ...reader, kind: "assistant", editionId: to.editionId, sideId: to.sideId },
        invitationId,
        messageId,
        mail,
        notBefore,
      });
  if (to.email === null) return null;
  return insert(tx, ctx, {
    editionId: to.editionId,
    sideId: to.sideId,
    invitationId,
    messageId,
    recipientKind: "invitee",
    linkId: null,
    lane: urgent ? 0 : 1,
    locale: to.locale,
    toAddress: to.email,
    toName: shownName(to),
    mail,
    notBefore,
  });
}

/** Somebody who is not the invited person: an assistant, a focal point, a colleague to be, the mailbox of a side. */
export type OtherRecipient = {
  kind: Exclude<RecipientKind, "invitee">;
  /** Id of the assistant's, focal point's or set-up link that the mail brings; null: it brings none. */
  linkId: string | null;
  editionId: string;
  /** The side that writes. */
  sideId: string;
  address: string;
  name: string;
  locale: Locale;
};

/**
 * Queues one mail to somebody else than an invited person.
 *
 * @param invitationId the invitation that it is about, if it is about one: once that is withdrawn, it does not go out.
 * @returns the delivery's id.
 */
export function queueMailTo(
  tx: Tx,
  ctx: DomainContext,
  {
    to,
    invitationId,
    messageId = null,
    mail,
    urgent = false,
    notBefore = null,
  }: {
    to: OtherRecipient;
    invitationId: string | null;
    messageId?: string | null;
    mail: MailPayload;
    urgent?: boolean;
    notBefore?: number | null;
  },
): string {
  return insert(tx, ctx, {
    editionId: to.editionId,
    sideId: to.sideId,
    invitationId,
    messageId,
    recipientKind: to.kind,
    linkId: to.linkId,
    lane: urgent ? 0 : 1,
    locale: to.locale,
    toAddress: to.address,
    toName: to.name,
    mail,
    notBefore,
  });
}

function insert(
  tx: Tx,
  ctx: DomainContext,
  {
    mail,
    notBefore,
    ...row
  }: {
    editionId: string;
    sideId: string;
    invitationId: string | null;
    messageId: string | null;
    recipientKind: RecipientKind;
    linkId: string | null;
    lane: number;
    locale: Locale;
    toAddress: string;
    toName: string;
    mail: MailPayload;
    notBefore: number | null;
  },
): string {
  const id = newId();
  const host = new URL(ctx.baseUrl).hostname;
  const now = ctx.clock.now();
  insertDelivery(tx).run({
    ...row,
    id,
    kind: mail.kind,
    payload: JSON.stringify(mail),
    agendaVersion: "version" in mail ? mail.version : null,
    now,
    dueAt: notBefore ?? now,
    messageIdHeader: `<${id}@${host}>`,
    references: row.invitationId !== null && isThreaded(mail) ? threadOf(tx, ctx, { ...row, host }) : "",
  });
  return id;
}

/** Queues a mail again, as it was frozen, to an address that staff name. Returns the new delivery's id. */
export function queueAgain(
  tx: Tx,
  ctx: DomainContext,
  { deliveryId, address }: { deliveryId: string; address: string },
): string | null {
  const found = tx.select().from(delivery).where(eq(delivery.id, deliveryId)).get();
  if (found === undefined) return null;
  const id = newId();
  const now = ctx.clock.now();
  tx.insert(delivery)
    .values({
      ...found,
      id,
      toAddress: address,
      state: "queued",
      tries: 0,
      dueAt: now,
      leasedUntil: null,
      finishedAt: null,
      createdAt: now,
      messageIdHeader: `<${id}@${new URL(ctx.baseUrl).hostname}>`,
    })
    .run();
  return id;
}

/** What a mail about the programme follows: the thread's own name, and the mail before, if there was one. */
function threadOf(
  tx: Tx,
  ctx: DomainContext,
  { invitationId, toAddress, host }: { invitationId: string | null; toAddress: string; host: string },
): string {
  const last = lastOfThread(tx).get({ invitation: invitationId, address: toAddress });
  const root = `<thread.${ctx.keys.digest(`thread ${invitationId}`).slice(0, 20)}@${host}>`;
  return last === undefined ? root : `${root} ${last.messageIdHeader}`;
}

const editionForMail = prepared((orm) =>
  orm
    .select({
      titleEn: editionCoHost.titleEn,
      titleZh: editionCoHost.titleZh,
      cityEn: edition.cityEn,
      cityZh: edition.cityZh,
      timeZone: edition.timeZone,
      homeTimeZone: sql<string>`coalesce(${delegation.homeTimeZone}, ${edition.timeZone})`,
      delegationId: delegation.id,
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
    .leftJoin(
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
 * @param delegationId the recipient's, whose time at home the mail also gives; null for somebody who is in none.
 * @throws Error when side or delegation do not belong to the edition: callers take all three from one invitation.
 */
export function mailEdition(
  orm: Orm,
  { editionId, sideId, delegationId }: { editionId: string; sideId: string; delegationId: string | null },
): MailEdition {
  const found = editionForMail(orm).get({ edition: editionId, side: sideId, delegation: delegationId });
  const senders = hostsOfEdition(orm).all({ edition: editionId });
  const sender = senders.find((host) => host.id === sideId);
  if (found === undefined || sender === undefined || found.delegationId !== delegationId)
    throw new Error("The side or the delegation is not part of the edition");
  const { delegationId: _delegationId, ...facts } = found;
  return { ...facts, sender: namesOf(sender), senders: senders.map(namesOf) };
}

function namesOf({ nameEn, nameZh }: { nameEn: string; nameZh: string }) {
  return { nameEn, nameZh };
}

export { salutations } from "./rules.ts";
