/** Single mails: what became of one, what it said, whom none has reached, and which addresses take nothing any more. */
import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { delivery, deliveryTry, invitation, mailSuppression, message, person } from "#db/schema/index.ts";
import type {
  DeliveryState,
  Locale,
  MailKind,
  MailReason,
  RecipientKind,
  TemplateKind,
} from "#db/vocabulary.ts";
import { renderMail, renderPart } from "#emails/index.tsx";
import { mailPayload } from "#emails/payload.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { mailLinks, PREVIEW_TOKEN } from "./links.ts";
import { canCancel, canRetry, reasonOf } from "./rules.ts";
import { firstSeen, type Seen, seenBy } from "./seen.server.ts";
import { subjectFillers } from "./subject.server.ts";
import { liftStops } from "./suppression.server.ts";

type Reader = Pick<StaffContext, "db" | "scope">;

export type Try = {
  at: number;
  outcome: DeliveryState;
  code: number | null;
  response: string;
  reason: MailReason | null;
};

export type DeliveryPage = {
  id: string;
  messageId: string | null;
  invitationId: string | null;
  recipientKind: RecipientKind;
  kind: MailKind;
  template: TemplateKind | null;
  toName: string;
  toAddress: string;
  locale: Locale;
  state: DeliveryState;
  createdAt: number;
  dueAt: number;
  tries: ReadonlyArray<Try>;
  mayRetry: boolean;
  mayCancel: boolean;
  maySendElsewhere: boolean;
  /** The published programme that it brings, and whether its reader said that they have seen it. */
  agendaVersion: number | null;
  seen: Seen | null;
  /** As it was frozen, with a link that opens nothing; null once it has been purged, and for codes. */
  mail: { subject: string; text: string } | null;
  /** The same for WeChat or SMS: the recipient's language alone, without a link. */
  short: string | null;
};

function own({ scope }: Reader) {
  return and(eq(delivery.editionId, scope.editionId), inArray(delivery.coHostId, [...scope.sideIds]));
}

/** One mail of one's own side with all that happened to it, or null. */
export function deliveryPage(
  ctx: Reader & Pick<StaffContext, "baseUrl">,
  deliveryId: string,
): DeliveryPage | null {
  const { orm } = ctx.db;
  const row = orm
    .select({
      id: delivery.id,
      messageId: delivery.messageId,
      invitationId: delivery.invitationId,
      recipientKind: delivery.recipientKind,
      kind: delivery.kind,
      template: message.kind,
      toName: delivery.toName,
      toAddress: delivery.toAddress,
      locale: delivery.locale,
      state: delivery.state,
      createdAt: delivery.createdAt,
      dueAt: delivery.dueAt,
      payload: delivery.payload,
      agendaVersion: delivery.agendaVersion,
      seen: firstSeen,
    })
    .from(delivery)
    .leftJoin(message, eq(message.id, delivery.messageId))
    .where(and(own(ctx), eq(delivery.id, deliveryId)))
    .get();
  if (row === undefined) return null;
  const { payload, seen, ...line } = row;
  const tries = orm
    .select({
      at: deliveryTry.at,
      outcome: deliveryTry.outcome,
      code: deliveryTry.code,
      response: deliveryTry.response,
    })
    .from(deliveryTry)
    .where(eq(deliveryTry.deliveryId, deliveryId))
    .orderBy(asc(deliveryTry.at), asc(sql`${deliveryTry}.rowid`))
    .all()
    .map((one) => ({ ...one, reason: one.outcome === "cancelled" ? null : reasonOf(one) }));
  const isSecret = row.kind === "access_code" || row.recipientKind === "staff";
  const isReadable = payload !== "" && !isSecret;
  return {
    ...line,
    seen: seenBy(seen),
    tries,
    mayRetry: canRetry(row.state) && payload !== "",
    mayCancel: canCancel(row.state),
    maySendElsewhere: isReadable,
    ...(isReadable ? written(ctx, { payload, locale: row.locale }) : { mail: null, short: null }),
  };
}

function written(
  { baseUrl }: Pick<StaffContext, "baseUrl">,
  { payload, locale }: { payload: string; locale: Locale },
) {
  const mail = mailPayload.parse(JSON.parse(payload));
  const { subject, text } = renderMail(mail, { locale, links: mailLinks(baseUrl, PREVIEW_TOKEN, locale) });
  const links = mailLinks(baseUrl, null, locale);
  const part = renderPart(mail, { locale, links: { ...links[locale], desk: "" } });
  return { mail: { subject, text }, short: `${part.subject}\n\n${part.text}` };
}

export type NotReachedPerson = {
  deliveryId: string;
  invitationId: string | null;
  nameLatin: string;
  nameNative: string;
  /** Of one's own people alone; null: none is known. */
  phone: string | null;
  kind: MailKind;
  template: TemplateKind | null;
  subjectEn: string;
  subjectZh: string;
  state: DeliveryState;
  dueAt: number;
  reason: MailReason | null;
};

const MOST_NOT_REACHED = 500;

/**
 * People of one's own sides whom the last mail of a kind has not reached: it failed, or it waits for another try. What a
 * later mail of the same message took to them is no reason to phone.
 */
export function notReached(ctx: Reader): Array<NotReachedPerson> {
  const fillerOf = subjectFillers(ctx.db.orm, ctx.scope.editionId);
  return ctx.db.orm
    .select({
      deliveryId: delivery.id,
      invitationId: delivery.invitationId,
      recipientKind: delivery.recipientKind,
      toName: delivery.toName,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      phone: person.phone,
      kind: delivery.kind,
      template: message.kind,
      sideId: delivery.coHostId,
      agendaVersion: delivery.agendaVersion,
      subjectEn: sql<string>`coalesce(${message.subjectEn}, '')`,
      subjectZh: sql<string>`coalesce(${message.subjectZh}, '')`,
      state: delivery.state,
      dueAt: delivery.dueAt,
      last: sql<
        string | null
      >`(select json_array(t.code, t.response) from ${deliveryTry} t where t.delivery_id = ${delivery.id} order by t.at desc, t.rowid desc limit 1)`,
    })
    .from(delivery)
    .leftJoin(message, eq(message.id, delivery.messageId))
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
    .leftJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        own(ctx),
        inArray(delivery.state, ["failed", "deferred"]),
        sql`not exists (select 1 from ${delivery} again where again.invitation_id = ${delivery.invitationId} and again.recipient_kind = ${delivery.recipientKind} and again.message_id is ${delivery.messageId} and again.kind = ${delivery.kind} and again.state = 'accepted' and again.created_at >= ${delivery.createdAt} and again.id <> ${delivery.id})`,
      ),
    )
    .orderBy(asc(person.sortKey), desc(delivery.createdAt), asc(delivery.id))
    .limit(MOST_NOT_REACHED)
    .all()
    .map(({ recipientKind, toName, last, nameLatin, nameNative, phone, sideId, agendaVersion, ...line }) => {
      const [code, response]: [number | null, string] = last === null ? [null, ""] : JSON.parse(last);
      const isInvitee = recipientKind === "invitee";
      return {
        ...line,
        ...fillerOf(sideId)(line, agendaVersion),
        nameLatin: isInvitee ? (nameLatin ?? toName) : toName,
        nameNative: isInvitee ? (nameNative ?? "") : "",
        phone: isInvitee ? phone : null,
        reason: last === null ? null : reasonOf({ code, response }),
      };
    });
}

export type StoppedAddress = {
  id: string;
  address: string;
  reason: MailReason;
  at: number;
  deliveryId: string;
};

/** Addresses that one's own sides send nothing to. */
export function stoppedAddresses({ db, scope }: Reader): Array<StoppedAddress> {
  return db.orm
    .select({
      id: mailSuppression.id,
      address: mailSuppression.address,
      reason: mailSuppression.reason,
      at: mailSuppression.at,
      deliveryId: mailSuppression.deliveryId,
    })
    .from(mailSuppression)
    .where(
      and(
        eq(mailSuppression.editionId, scope.editionId),
        inArray(mailSuppression.coHostId, [...scope.sideIds]),
        isNull(mailSuppression.liftedAt),
      ),
    )
    .orderBy(desc(mailSuppression.at))
    .all();
}

/** Lets mails go to an address again. Refused when it is not there, or has been lifted (`gone`). */
export function liftAddress(ctx: StaffContext, suppressionId: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const found = tx
      .select({ sideId: mailSuppression.coHostId, address: mailSuppression.address })
      .from(mailSuppression)
      .where(
        and(
          eq(mailSuppression.id, suppressionId),
          eq(mailSuppression.editionId, ctx.scope.editionId),
          inArray(mailSuppression.coHostId, [...ctx.scope.sideIds]),
          isNull(mailSuppression.liftedAt),
        ),
      )
      .get();
    if (found === undefined) return refused("gone");
    liftStops(tx, { ...found, by: ctx.actor.id, at: ctx.clock.now() });
    recordAudit(tx, ctx, {
      action: "mail_address.lift",
      subjectKind: "mail_suppression",
      subjectId: suppressionId,
      editionId: ctx.scope.editionId,
      sideId: found.sideId,
    });
    return ok(null);
  });
}
