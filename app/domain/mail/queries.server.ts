import { and, asc, count, desc, eq, inArray, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaItem,
  coHost,
  delegation,
  delivery,
  deliveryTry,
  invitation,
  message,
  person,
  siteVisit,
} from "#db/schema/index.ts";
import type { DeliveryState, Locale, MailKind, RecipientKind } from "#db/vocabulary.ts";
import { type RenderedMail, renderMail } from "#emails/index.tsx";
import { type MailPayload, mailPayload } from "#emails/payload.ts";
import { newestProgramme } from "../agenda/queries.server.ts";
import type { StaffContext } from "../context.ts";
import { type PageOf, pageOf } from "../page-of.ts";
import {
  audienceOf,
  findMessage,
  type Recipient,
  reachable,
  type StoredMessage,
  storedFilter,
} from "./audience.server.ts";
import type { AudienceFilter } from "./form.ts";
import { mailLinks, PREVIEW_TOKEN } from "./links.ts";
import { canCancel, canRetry, type MessageCheck } from "./rules.ts";

type Reader = Pick<StaffContext, "db" | "scope">;

/** How many mails are in each state. */
export type DeliveryCounts = Readonly<Record<DeliveryState, number>>;

function counted(rows: ReadonlyArray<{ state: DeliveryState; mails: number }>): DeliveryCounts {
  const counts: Record<DeliveryState, number> = {
    queued: 0,
    sending: 0,
    accepted: 0,
    deferred: 0,
    failed: 0,
    cancelled: 0,
  };
  for (const { state, mails } of rows) counts[state] += mails;
  return counts;
}

/** Whether something may still happen without anybody doing anything. */
export function isUnderWay(counts: DeliveryCounts): boolean {
  return counts.queued + counts.sending > 0;
}

export type MessageLine = {
  id: string;
  state: "draft" | "released";
  subjectEn: string;
  subjectZh: string;
  createdAt: number;
  releasedAt: number | null;
  counts: DeliveryCounts;
};

export type DeliveryLine = {
  id: string;
  /** Null for a mail about no invitation. */
  invitationId: string | null;
  nameLatin: string;
  nameNative: string;
  kind: MailKind;
  locale: Locale;
  state: DeliveryState;
  tries: number;
  dueAt: number;
  createdAt: number;
  finishedAt: number | null;
  /** What the other server said last, with its code. */
  response: string;
  /** Whether staff may have it tried again at once, or take it back, as it is now. */
  mayRetry: boolean;
  mayCancel: boolean;
};

/** The mail of one's own side in this edition. */
export type MailPage = {
  messages: ReadonlyArray<MessageLine>;
  /** Mails that follow from facts of their own (invitations, confirmations, places), by kind. */
  others: ReadonlyArray<{ kind: MailKind; counts: DeliveryCounts }>;
  /** Mails that did not reach anybody, or wait for another try: people to phone. */
  notReached: ReadonlyArray<DeliveryLine>;
};

const NOT_REACHED_SHOWN = 200;

export function mailPage(ctx: Reader): MailPage {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const own = and(eq(delivery.editionId, editionId), inArray(delivery.coHostId, [...sideIds]));
  const states = orm
    .select({
      messageId: delivery.messageId,
      kind: delivery.kind,
      state: delivery.state,
      mails: count(),
    })
    .from(delivery)
    .where(own)
    .groupBy(delivery.messageId, delivery.kind, delivery.state)
    .all();
  const messages = orm
    .select({
      id: message.id,
      state: message.state,
      subjectEn: message.subjectEn,
      subjectZh: message.subjectZh,
      createdAt: message.createdAt,
      releasedAt: message.releasedAt,
    })
    .from(message)
    .where(and(eq(message.editionId, editionId), inArray(message.coHostId, [...sideIds])))
    .orderBy(desc(sql`coalesce(${message.releasedAt}, ${message.createdAt})`))
    .all();
  const kinds = [...new Set(states.filter((row) => row.messageId === null).map((row) => row.kind))];
  return {
    messages: messages.map((line) => ({
      ...line,
      counts: counted(states.filter((row) => row.messageId === line.id)),
    })),
    others: kinds.map((kind) => ({
      kind,
      counts: counted(states.filter((row) => row.messageId === null && row.kind === kind)),
    })),
    notReached: deliveryLines(
      orm,
      and(own, inArray(delivery.state, ["failed", "deferred"])),
      NOT_REACHED_SHOWN,
    ),
  };
}

/** The invited person's name as their card has it; of others, the name that the mail was addressed to. */
function nameOfRecipient(
  kind: RecipientKind,
  line: { nameLatin: string | null; nameNative: string | null; toName: string },
): { nameLatin: string; nameNative: string } {
  if (kind !== "invitee") return { nameLatin: line.toName, nameNative: "" };
  return { nameLatin: line.nameLatin ?? line.toName, nameNative: line.nameNative ?? "" };
}

const byName = [asc(person.sortKey), asc(delivery.createdAt), asc(delivery.id)];

function deliveryLines(orm: Orm, where: ReturnType<typeof and>, limit: number): Array<DeliveryLine> {
  return orm
    .select({
      id: delivery.id,
      invitationId: delivery.invitationId,
      toName: delivery.toName,
      recipientKind: delivery.recipientKind,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      kind: delivery.kind,
      locale: delivery.locale,
      state: delivery.state,
      tries: delivery.tries,
      dueAt: delivery.dueAt,
      createdAt: delivery.createdAt,
      finishedAt: delivery.finishedAt,
      response: sql<
        string | null
      >`(select trim(coalesce(t.code, '') || ' ' || t.response) from ${deliveryTry} t where t.delivery_id = ${delivery.id} order by t.at desc, t.rowid desc limit 1)`,
    })
    .from(delivery)
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
    .leftJoin(person, eq(person.id, invitation.personId))
    .where(where)
    .orderBy(...byName)
    .limit(limit)
    .all()
    .map(({ toName, recipientKind, ...line }) => ({
      ...line,
      ...nameOfRecipient(recipientKind, { ...line, toName }),
      response: line.response ?? "",
      mayRetry: canRetry(line.state),
      mayCancel: canCancel(line.state),
    }));
}

/** What a message's form can choose from. */
export type AudienceChoices = {
  sides: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  visits: ReadonlyArray<{ id: string; titleEn: string; titleZh: string }>;
};

export function audienceChoices(ctx: Reader): AudienceChoices {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  return {
    sides: orm
      .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
      .from(coHost)
      .where(inArray(coHost.id, [...sideIds]))
      .orderBy(asc(coHost.nameEn))
      .all(),
    delegations: orm
      .select({ id: delegation.id, nameEn: delegation.nameEn, nameZh: delegation.nameZh })
      .from(delegation)
      .where(and(eq(delegation.editionId, editionId), inArray(delegation.coHostId, [...sideIds])))
      .orderBy(asc(delegation.position))
      .all(),
    visits: orm
      .select({ id: siteVisit.id, titleEn: agendaItem.titleEn, titleZh: agendaItem.titleZh })
      .from(siteVisit)
      .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
      .where(eq(siteVisit.editionId, editionId))
      .orderBy(asc(agendaItem.startsAt))
      .all(),
  };
}

export type MessagePage = {
  id: string;
  sideId: string;
  subjectEn: string;
  subjectZh: string;
  bodyEn: string;
  bodyZh: string;
  filter: AudienceFilter;
  releasedAt: number | null;
} & (
  | {
      state: "draft";
      recipients: ReadonlyArray<Omit<Recipient, "mail">>;
      /** How many of them would get it. */
      reachable: number;
      checks: ReadonlyArray<MessageCheck>;
    }
  | { state: "released"; deliveries: PageOf<DeliveryLine>; counts: DeliveryCounts }
);

/** How many deliveries a page of a message shows. */
const DELIVERIES_SHOWN = 60;

/**
 * One message of one's own side, or null.
 *
 * @param after the delivery that ended the page before.
 */
export function messagePage(ctx: Reader, messageId: string, after: string | null = null): MessagePage | null {
  const { orm } = ctx.db;
  const found = findMessage(orm, ctx, messageId);
  if (found === null) return null;
  const facts = {
    id: found.id,
    sideId: found.coHostId,
    subjectEn: found.subjectEn,
    subjectZh: found.subjectZh,
    bodyEn: found.bodyEn,
    bodyZh: found.bodyZh,
    filter: storedFilter(found),
    releasedAt: found.releasedAt,
  };
  if (found.state === "draft") {
    const audience = audienceOf(orm, found);
    return {
      ...facts,
      state: "draft",
      recipients: audience.recipients.map(({ mail: _mail, ...one }) => one),
      reachable: reachable(audience).length,
      checks: audience.checks,
    };
  }
  const ofMessage = eq(delivery.messageId, messageId);
  const everybody = orm
    .select({ id: delivery.id, state: delivery.state })
    .from(delivery)
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
    .leftJoin(person, eq(person.id, invitation.personId))
    .where(ofMessage)
    .orderBy(...byName)
    .all();
  const page = pageOf(everybody, { after, size: DELIVERIES_SHOWN, idOf: ({ id }) => id });
  const shown = page.shown.map(({ id }) => id);
  return {
    ...facts,
    state: "released",
    deliveries: {
      ...page,
      shown: deliveryLines(orm, and(ofMessage, inArray(delivery.id, shown)), DELIVERIES_SHOWN),
    },
    counts: counted(everybody.map(({ state }) => ({ state, mails: 1 }))),
  };
}

/**
 * A message as one person gets it: of a draft as things stand, of a released one what was frozen. With a link that
 * opens nothing, because nobody but its owner may hold it. Null when the message or the person is not there.
 */
export function previewMessage(
  ctx: Reader & Pick<StaffContext, "baseUrl">,
  { messageId, invitationId }: { messageId: string; invitationId: string },
): (RenderedMail & { locale: Locale }) | null {
  const { orm } = ctx.db;
  const found = findMessage(orm, ctx, messageId);
  if (found === null) return null;
  const one =
    found.state === "draft" ? drafted(orm, found, invitationId) : frozen(orm, messageId, invitationId);
  if (one === null) return null;
  const { mail, locale } = one;
  return { ...renderMail(mail, { locale, links: mailLinks(ctx.baseUrl, PREVIEW_TOKEN, locale) }), locale };
}

type AddressedMail = { mail: MailPayload; locale: Locale };

function drafted(orm: Orm, found: StoredMessage, invitationId: string): AddressedMail | null {
  const one = audienceOf(orm, found).recipients.find((each) => each.invitationId === invitationId);
  return one === undefined || one.mail === null ? null : { mail: one.mail, locale: one.locale };
}

function frozen(orm: Orm, messageId: string, invitationId: string): AddressedMail | null {
  const row = orm
    .select({ payload: delivery.payload, locale: delivery.locale })
    .from(delivery)
    .where(and(eq(delivery.messageId, messageId), eq(delivery.invitationId, invitationId)))
    .get();
  // What it said may have been purged.
  if (row === undefined || row.payload === "") return null;
  return { mail: mailPayload.parse(JSON.parse(row.payload)), locale: row.locale };
}

/** The number of the newest published programme, or null. */
export function newestVersion(ctx: Reader): number | null {
  return newestProgramme(ctx, ctx.scope.editionId)?.number ?? null;
}
