import { and, asc, count, desc, eq, inArray, isNotNull, isNull, ne, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaItem,
  coHost,
  delegation,
  delivery,
  deliveryTry,
  editionCoHost,
  guestNight,
  hotel,
  invitation,
  message,
  messageCopy,
  person,
  room,
  roomType,
  siteVisit,
  trip,
  tripPassenger,
  user,
  vehicle,
} from "#db/schema/index.ts";
import type {
  Behind,
  DeliveryState,
  Locale,
  MailKind,
  MailReason,
  MessageState,
  RecipientKind,
  TemplateKind,
} from "#db/vocabulary.ts";
import { type RenderedMail, renderMail, renderPart } from "#emails/index.tsx";
import { type MailPayload, mailPayload } from "#emails/payload.ts";
import { versionsIn } from "../agenda/queries.server.ts";
import type { StaffContext } from "../context.ts";
import { stands } from "../invitation/standing.server.ts";
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
import { messageMark } from "./mark.server.ts";
import { isHeld } from "./release.server.ts";
import { canCancel, canRetry, type MessageCheck, type MessageRemark, reasonOf } from "./rules.ts";
import { firstSeen, type Seen, seenBy } from "./seen.server.ts";
import { type Subjects, subjectFiller, subjectFillers } from "./subject.server.ts";

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
  kind: TemplateKind;
  state: MessageState;
  subjectEn: string;
  subjectZh: string;
  /** Whether another co-host handed the text over. */
  isHanded: boolean;
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
  /** The other server's code and what it said last, as it said it; and what that means. */
  response: string;
  reason: MailReason | null;
  /** Who reads along gets a copy of somebody else's mail. */
  isCopy: boolean;
  /** The published programme that it brings, and whether its reader said that they have seen it; null: it brings none. */
  agendaVersion: number | null;
  seen: Seen | null;
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
  notReached: PageOf<DeliveryLine>;
};

const NOT_REACHED_SHOWN = 20;

/** @param after the last mail of the page before, of those that reached nobody. */
export function mailPage(ctx: Reader, after: string | null = null): MailPage {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const own = and(eq(delivery.editionId, editionId), inArray(delivery.coHostId, [...sideIds]));
  const states = orm
    .select({
      messageId: delivery.messageId,
      kind: delivery.kind,
      state: delivery.state,
      mails: count(),
      version: sql<number | null>`max(${delivery.agendaVersion})`,
    })
    .from(delivery)
    .where(own)
    .groupBy(delivery.messageId, delivery.kind, delivery.state)
    .all();
  const messages = orm
    .select({
      id: message.id,
      sideId: message.coHostId,
      kind: message.kind,
      state: message.state,
      subjectEn: message.subjectEn,
      subjectZh: message.subjectZh,
      isHanded: sql<boolean>`${message.handedById} is not null`.mapWith(Boolean),
      createdAt: message.createdAt,
      releasedAt: message.releasedAt,
    })
    .from(message)
    .where(and(eq(message.editionId, editionId), inArray(message.coHostId, [...sideIds])))
    .orderBy(desc(sql`coalesce(${message.releasedAt}, ${message.createdAt})`))
    .all();
  const kinds = [...new Set(states.filter((row) => row.messageId === null).map((row) => row.kind))];
  const fillerOf = subjectFillers(orm, editionId);
  const newest = versionsIn(orm, editionId).at(-1)?.number ?? null;
  return {
    messages: messages.map(({ sideId, ...line }) => {
      const mails = states.filter((row) => row.messageId === line.id);
      const version = line.state === "released" ? (mails[0]?.version ?? null) : newest;
      return { ...line, ...fillerOf(sideId)(line, version), counts: counted(mails) };
    }),
    others: kinds.map((kind) => ({
      kind,
      counts: counted(states.filter((row) => row.messageId === null && row.kind === kind)),
    })),
    notReached: deliveriesFrom(orm, and(own, inArray(delivery.state, ["failed", "deferred"])), {
      after,
      size: NOT_REACHED_SHOWN,
    }),
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

/** A page of these mails: all are put in order, and what the page says is read of its own alone. */
function deliveriesFrom(
  orm: Orm,
  where: ReturnType<typeof and>,
  { after, size }: { after: string | null; size: number },
): PageOf<DeliveryLine> {
  const all = orm
    .select({ id: delivery.id })
    .from(delivery)
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
    .leftJoin(person, eq(person.id, invitation.personId))
    .where(where)
    .orderBy(...byName)
    .all();
  const page = pageOf(all, { after, size, idOf: ({ id }) => id });
  const shown = page.shown.map(({ id }) => id);
  return { ...page, shown: deliveryLines(orm, inArray(delivery.id, shown), size) };
}

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
      agendaVersion: delivery.agendaVersion,
      seen: firstSeen,
      // JSON, because one look at the last try is enough for both.
      last: sql<
        string | null
      >`(select json_array(t.code, t.response) from ${deliveryTry} t where t.delivery_id = ${delivery.id} order by t.at desc, t.rowid desc limit 1)`,
    })
    .from(delivery)
    .leftJoin(invitation, eq(invitation.id, delivery.invitationId))
    .leftJoin(person, eq(person.id, invitation.personId))
    .where(where)
    .orderBy(...byName)
    .limit(limit)
    .all()
    .map(({ toName, recipientKind, last, seen, ...line }) => ({
      ...line,
      seen: seenBy(seen),
      ...nameOfRecipient(recipientKind, { ...line, toName }),
      ...saidBy(last, line.state),
      isCopy: recipientKind === "assistant",
      mayRetry: canRetry(line.state),
      mayCancel: canCancel(line.state),
    }));
}

/** What the last try came to, from its code and response as JSON. */
function saidBy(last: string | null, state: DeliveryState): { response: string; reason: MailReason | null } {
  if (last === null) return { response: "", reason: null };
  const [code, response]: [number | null, string] = JSON.parse(last);
  const isOver = state === "accepted" || state === "cancelled";
  return {
    response: [code, response].filter((part) => part !== null && part !== "").join(" "),
    reason: isOver ? null : reasonOf({ code, response }),
  };
}

/** What a message's form can choose from. */
export type AudienceChoices = {
  sides: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  delegations: ReadonlyArray<{ id: string; nameEn: string; nameZh: string }>;
  visits: ReadonlyArray<{ id: string; titleEn: string; titleZh: string }>;
  /** Vehicles on whose trips somebody of one's own sides has a seat, whoever they belong to; and hotels likewise. */
  vehicles: ReadonlyArray<{ id: string; name: string; plate: string; people: number }>;
  hotels: ReadonlyArray<{ id: string; nameEn: string; nameZh: string; people: number }>;
  /** Messages that went out, for those whom they did not reach. */
  messages: ReadonlyArray<{ id: string; subjectEn: string; subjectZh: string; releasedAt: number | null }>;
  /** Numbers of the published programmes, the newest first. */
  versions: ReadonlyArray<number>;
  people: ReadonlyArray<{ invitationId: string; nameLatin: string; nameNative: string }>;
};

/** More cannot be ticked one by one. */
const PEOPLE_TO_PICK = 400;

export function audienceChoices(ctx: Reader): AudienceChoices {
  const { orm } = ctx.db;
  const { editionId, sideIds } = ctx.scope;
  const fillerOf = subjectFillers(orm, editionId);
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
    vehicles: orm
      .select({
        id: vehicle.id,
        name: vehicle.name,
        plate: vehicle.plate,
        people: sql<number>`count(distinct ${tripPassenger.invitationId})`,
      })
      .from(vehicle)
      .innerJoin(trip, and(eq(trip.vehicleId, vehicle.id), isNull(trip.calledOffAt)))
      .innerJoin(tripPassenger, eq(tripPassenger.tripId, trip.id))
      .innerJoin(delegation, eq(delegation.id, tripPassenger.delegationId))
      .where(and(eq(vehicle.editionId, editionId), inArray(delegation.coHostId, [...sideIds])))
      .groupBy(vehicle.id)
      .orderBy(asc(vehicle.position), asc(vehicle.name), asc(vehicle.id))
      .all(),
    hotels: orm
      .select({
        id: hotel.id,
        nameEn: hotel.nameEn,
        nameZh: hotel.nameZh,
        people: sql<number>`count(distinct ${guestNight.invitationId})`,
      })
      .from(hotel)
      .innerJoin(roomType, eq(roomType.hotelId, hotel.id))
      .innerJoin(room, eq(room.typeId, roomType.id))
      .innerJoin(guestNight, eq(guestNight.roomId, room.id))
      .innerJoin(invitation, eq(invitation.id, guestNight.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(and(eq(hotel.editionId, editionId), inArray(delegation.coHostId, [...sideIds])))
      .groupBy(hotel.id)
      .orderBy(asc(hotel.nameEn), asc(hotel.id))
      .all(),
    messages: orm
      .select({
        id: message.id,
        sideId: message.coHostId,
        subjectEn: message.subjectEn,
        subjectZh: message.subjectZh,
        releasedAt: message.releasedAt,
        version: sql<
          number | null
        >`(select max(d.agenda_version) from ${delivery} d where d.message_id = ${message}.id)`,
      })
      .from(message)
      .where(
        and(
          eq(message.editionId, editionId),
          inArray(message.coHostId, [...sideIds]),
          eq(message.state, "released"),
        ),
      )
      .orderBy(desc(message.releasedAt))
      .limit(30)
      .all()
      .map(({ sideId, version, ...one }) => ({ ...one, ...fillerOf(sideId)(one, version) })),
    versions: versionsIn(orm, editionId)
      .map(({ number }) => number)
      .toReversed(),
    people: orm
      .select({ invitationId: invitation.id, nameLatin: person.nameLatin, nameNative: person.nameNative })
      .from(invitation)
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(
        and(
          eq(invitation.editionId, editionId),
          inArray(delegation.coHostId, [...sideIds]),
          isNotNull(invitation.sentAt),
          stands,
        ),
      )
      .orderBy(asc(person.sortKey), asc(person.id))
      .limit(PEOPLE_TO_PICK)
      .all(),
  };
}

export type MessagePage = {
  id: string;
  sideId: string;
  kind: TemplateKind;
  behind: Behind;
  subjectEn: string;
  subjectZh: string;
  bodyEn: string;
  bodyZh: string;
  /** The subjects as they are shown: with what is the same in everybody's mail. */
  shown: Subjects;
  filter: AudienceFilter;
  releasedAt: number | null;
  scheduledFor: number | null;
  scheduleZone: string | null;
  /** Stands for what it says and to whom. */
  mark: string;
  /** The co-host that handed the text over; null: this side wrote it. */
  handedBy: { nameEn: string; nameZh: string } | null;
} & (
  | {
      state: "draft";
      /** The other co-hosts, each of which writes to its own people. */
      others: ReadonlyArray<OtherCoHost>;
      /** Who asked that it go, and since when; a second person answers. */
      asked: { by: string; at: number; byOneself: boolean } | null;
      remarks: ReadonlyArray<MessageRemark>;
      recipients: ReadonlyArray<Omit<Recipient, "mail">>;
      /** How many of them would get it. */
      reachable: number;
      checks: ReadonlyArray<MessageCheck>;
    }
  | {
      state: "released";
      /** Until when it is held and can be stopped; null: it is on its way. */
      heldUntil: number | null;
      deliveries: PageOf<DeliveryLine>;
      counts: DeliveryCounts;
      /** How many people it goes to, without copies. */
      people: number;
      /** Of a message that brings the programme: how many of them said that they have seen it; null for others. */
      seen: number | null;
    }
);

/** How many deliveries a page of a message shows. */
const DELIVERIES_SHOWN = 60;

/**
 * One message of one's own side, or null.
 *
 * @param after the delivery that ended the page before.
 */
export function messagePage(
  ctx: Reader & Pick<StaffContext, "baseUrl" | "clock" | "actor">,
  messageId: string,
  after: string | null = null,
): MessagePage | null {
  const { orm } = ctx.db;
  const found = findMessage(orm, ctx, messageId);
  if (found === null) return null;
  const fill = subjectFiller(orm, { editionId: found.editionId, sideId: found.coHostId });
  const facts = {
    id: found.id,
    sideId: found.coHostId,
    kind: found.kind,
    behind: found.behind,
    subjectEn: found.subjectEn,
    subjectZh: found.subjectZh,
    bodyEn: found.bodyEn,
    bodyZh: found.bodyZh,
    filter: storedFilter(found),
    releasedAt: found.releasedAt,
    scheduledFor: found.scheduledFor,
    scheduleZone: found.scheduleZone,
    mark: messageMark(found),
    handedBy: found.handedById === null ? null : coHostNames(orm, found.handedById),
  };
  if (found.state !== "released") {
    const audience = audienceOf(orm, found, { baseUrl: ctx.baseUrl, now: ctx.clock.now() });
    return {
      ...facts,
      shown: fill(found, versionsIn(orm, found.editionId).at(-1)?.number ?? null),
      state: "draft",
      others: otherCoHosts(orm, found),
      asked: found.state === "asked" ? askedOf(orm, found, ctx.actor.id) : null,
      remarks: audience.remarks,
      recipients: audience.recipients.map(({ mail: _mail, ...one }) => one),
      reachable: reachable(audience).length,
      checks: audience.checks,
    };
  }
  const ofMessage = eq(delivery.messageId, messageId);
  const everybody = orm
    .select({
      id: delivery.id,
      state: delivery.state,
      recipientKind: delivery.recipientKind,
      agendaVersion: delivery.agendaVersion,
      seen: firstSeen,
    })
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
    shown: fill(found, everybody.find(({ agendaVersion }) => agendaVersion !== null)?.agendaVersion ?? null),
    state: "released",
    heldUntil: isHeld(found, ctx.clock.now()) ? found.goesAt : null,
    people: everybody.filter(({ recipientKind }) => recipientKind === "invitee").length,
    seen: everybody.some(({ agendaVersion }) => agendaVersion !== null)
      ? everybody.filter(({ seen }) => seen !== null).length
      : null,
    deliveries: {
      ...page,
      shown: deliveryLines(orm, and(ofMessage, inArray(delivery.id, shown)), DELIVERIES_SHOWN),
    },
    counts: counted(everybody.map(({ state }) => ({ state, mails: 1 }))),
  };
}

export type OtherCoHost = { id: string; nameEn: string; nameZh: string };

/** Whose people this message cannot go to. */
function otherCoHosts(orm: Orm, { editionId, coHostId }: StoredMessage): Array<OtherCoHost> {
  return orm
    .select({ id: coHost.id, nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(editionCoHost)
    .innerJoin(coHost, eq(coHost.id, editionCoHost.coHostId))
    .where(and(eq(editionCoHost.editionId, editionId), ne(coHost.id, coHostId)))
    .orderBy(asc(editionCoHost.position))
    .all();
}

function coHostNames(orm: Orm, id: string): { nameEn: string; nameZh: string } | null {
  const found = orm
    .select({ nameEn: coHost.nameEn, nameZh: coHost.nameZh })
    .from(coHost)
    .where(eq(coHost.id, id))
    .get();
  return found ?? null;
}

function askedOf(orm: Orm, found: StoredMessage, actorId: string) {
  const asker = orm
    .select({ name: user.name })
    .from(user)
    .where(eq(user.id, found.askedBy ?? ""))
    .get();
  return { by: asker?.name ?? "", at: found.askedAt ?? 0, byOneself: found.askedBy === actorId };
}

/**
 * A message as one person gets it: of a draft as things stand, of a released one what was frozen. With a link that
 * opens nothing, because nobody but its owner may hold it. Null when the message or the person is not there.
 *
 * @param part one language alone, to look at the two side by side; null: the whole mail.
 */
export function previewMessage(
  ctx: Reader & Pick<StaffContext, "baseUrl" | "clock">,
  { messageId, invitationId, part = null }: { messageId: string; invitationId: string; part?: Locale | null },
): (RenderedMail & { locale: Locale }) | null {
  const { orm } = ctx.db;
  const found = findMessage(orm, ctx, messageId);
  if (found === null) return null;
  const one =
    found.state === "released" ? frozen(orm, messageId, invitationId) : drafted(ctx, found, invitationId);
  if (one === null) return null;
  const { mail, locale } = one;
  const links = mailLinks(ctx.baseUrl, PREVIEW_TOKEN, locale);
  return part === null
    ? { ...renderMail(mail, { locale, links }), locale }
    : { ...renderPart(mail, { locale: part, links: links[part] }), locale: part };
}

type AddressedMail = { mail: MailPayload; locale: Locale };

function drafted(
  ctx: Reader & Pick<StaffContext, "baseUrl" | "clock">,
  found: StoredMessage,
  invitationId: string,
): AddressedMail | null {
  const [one] = audienceOf(ctx.db.orm, found, {
    baseUrl: ctx.baseUrl,
    now: ctx.clock.now(),
    only: invitationId,
  }).recipients;
  return one === undefined ? null : { mail: one.mail, locale: one.locale };
}

function frozen(orm: Orm, messageId: string, invitationId: string): AddressedMail | null {
  const row = orm
    .select({ payload: delivery.payload, locale: delivery.locale })
    .from(delivery)
    .where(
      and(
        eq(delivery.messageId, messageId),
        eq(delivery.invitationId, invitationId),
        eq(delivery.recipientKind, "invitee"),
      ),
    )
    .get();
  // What it said may have been purged.
  if (row === undefined || row.payload === "") return null;
  return { mail: mailPayload.parse(JSON.parse(row.payload)), locale: row.locale };
}

/** One recipient's wording of a draft: by hand, or the common one. Null when they are not in its audience. */
export function copyPage(
  ctx: Reader & Pick<StaffContext, "baseUrl" | "clock">,
  { messageId, invitationId }: { messageId: string; invitationId: string },
) {
  const { orm } = ctx.db;
  const found = findMessage(orm, ctx, messageId);
  if (found === null || found.state === "released") return null;
  const [one] = audienceOf(orm, found, {
    baseUrl: ctx.baseUrl,
    now: ctx.clock.now(),
    only: invitationId,
  }).recipients;
  if (one === undefined) return null;
  const copy = orm
    .select({
      subjectEn: messageCopy.subjectEn,
      subjectZh: messageCopy.subjectZh,
      bodyEn: messageCopy.bodyEn,
      bodyZh: messageCopy.bodyZh,
    })
    .from(messageCopy)
    .where(and(eq(messageCopy.messageId, messageId), eq(messageCopy.invitationId, invitationId)))
    .get();
  const { subjectEn, subjectZh, bodyEn, bodyZh } = found;
  return {
    nameLatin: one.nameLatin,
    nameNative: one.nameNative,
    byHand: copy !== undefined,
    wording: copy ?? { subjectEn, subjectZh, bodyEn, bodyZh },
  };
}

/** Where the people of one's own sides live: zones in which a time may be named. */
export function homeZones(ctx: Reader): Array<string> {
  return ctx.db.orm
    .selectDistinct({ zone: delegation.homeTimeZone })
    .from(delegation)
    .where(
      and(
        eq(delegation.editionId, ctx.scope.editionId),
        inArray(delegation.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .all()
    .map(({ zone }) => zone);
}
