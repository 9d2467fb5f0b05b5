/** Who a message would reach as things stand, with each person's own mail. Read by the page, decided on by the command. */

import { and, asc, eq, inArray, isNotNull, isNull, ne, notInArray, or, type SQL, sql } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  agendaFunction,
  delegation,
  delivery,
  edition,
  guestNight,
  invitation,
  message,
  messageCopy,
  person,
  registration,
  room,
  roomType,
  trip,
  tripPassenger,
  visitPlace,
} from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { MailEdition, MessageMail } from "#emails/payload.ts";
import { seenVersions } from "../agenda/notices.server.ts";
import type { StaffContext } from "../context.ts";
import { letterColumns } from "../invitation/letter-columns.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { checksOf, type Drafted, remarksOf } from "./checks.server.ts";
import { newestTwo, readWording, writeMessage } from "./compose.server.ts";
import { type AudienceFilter, audienceFilter } from "./form.ts";
import { mailEdition, readersOf } from "./outbox.server.ts";
import type { MessageCheck, MessageRemark, RecipientObstacle } from "./rules.ts";
import { isStopped } from "./suppression.server.ts";

export type StoredMessage = typeof message.$inferSelect;

/** One person of the audience. `mail` is what they would get. */
export type Recipient = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  locale: Locale;
  obstacle: RecipientObstacle | null;
  /** Whether their copy was worded by hand. */
  ownCopy: boolean;
  /** Names of assistants who get a copy, as this person wishes. */
  assistants: ReadonlyArray<string>;
  mail: MessageMail;
};

export type Audience = {
  recipients: ReadonlyArray<Recipient>;
  checks: ReadonlyArray<MessageCheck>;
  remarks: ReadonlyArray<MessageRemark>;
};

/** A message of this scope's sides, or null. */
export function findMessage(
  orm: Orm,
  { scope }: Pick<StaffContext, "scope">,
  messageId: string,
): StoredMessage | null {
  return (
    orm
      .select()
      .from(message)
      .where(
        and(
          eq(message.id, messageId),
          eq(message.editionId, scope.editionId),
          inArray(message.coHostId, [...scope.sideIds]),
        ),
      )
      .get() ?? null
  );
}

export function storedFilter(found: Pick<StoredMessage, "audience">): AudienceFilter {
  return audienceFilter.parse(JSON.parse(found.audience));
}

/** What a person's mail is written from. */
const columns = {
  ...letterColumns,
  registrationId: registration.id,
  registrationState: registration.state,
  registerBy: edition.registerBy,
};

/**
 * The audience of a message and what stands in its way. Nobody whose invitation was withdrawn is ever in it, nor anybody
 * of another side; nor, unless the date alone is announced, anybody who was not sent their invitation.
 *
 * @param only one person of it, for looking at their copy.
 */
export function audienceOf(
  orm: Orm,
  found: StoredMessage,
  { baseUrl, now, only }: { baseUrl: string; now: number; only?: string },
): Audience {
  const { editionId, coHostId: sideId } = found;
  const rows = orm
    .select(columns)
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .where(
      and(
        eq(invitation.editionId, editionId),
        eq(delegation.coHostId, sideId),
        isNull(person.doNotInviteAt),
        found.kind === "save_the_date" ? announceable : isNotNull(invitation.sentAt),
        stands,
        chosen(orm, storedFilter(found)),
        only === undefined ? undefined : eq(invitation.id, only),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
  const { version, before } = newestTwo(orm, editionId);
  const seen = seenVersions(orm, { editionId, sideIds: [sideId] });
  const { unseenVersion } = storedFilter(found);
  const wording = readWording(found);
  const copies = new Map(
    orm
      .select()
      .from(messageCopy)
      .where(eq(messageCopy.messageId, found.id))
      .all()
      .map((copy) => [copy.invitationId, readWording(copy)]),
  );
  const editions = new Map<string, MailEdition>();
  const drafted: Array<Drafted> = [];
  const asked = rows.filter(
    ({ invitationId }) =>
      unseenVersion === null || unseenVersion === undefined || (seen.get(invitationId) ?? 0) < unseenVersion,
  );
  const recipients = asked.map((row): Recipient => {
    const facts =
      editions.get(row.delegationId) ??
      mailEdition(orm, { editionId, sideId, delegationId: row.delegationId });
    editions.set(row.delegationId, facts);
    const copy = copies.get(row.invitationId);
    const written = writeMessage(orm, {
      editionId,
      template: found.kind,
      wording: copy ?? wording,
      person: row,
      edition: facts,
      version,
      before,
    });
    const obstacle = obstacleOf(orm, {
      row,
      sideId,
      wording: copy ?? wording,
      mail: written.mail,
      kind: found.kind,
    });
    if (obstacle === null)
      drafted.push({ ...written, person: row, wording: copy ?? wording, ownCopy: copy !== undefined });
    return {
      invitationId: row.invitationId,
      nameLatin: row.nameLatin,
      nameNative: row.nameNative,
      delegationEn: row.delegationEn,
      delegationZh: row.delegationZh,
      locale: row.locale,
      obstacle,
      ownCopy: copy !== undefined,
      assistants: readersOf(orm)
        .all({ invitation: row.invitationId, person: row.personId, now })
        .map(({ name, address }) => name || address),
      mail: written.mail,
    };
  });
  return {
    recipients,
    checks: checksOf(orm, { found, wording, drafted, published: version !== null, baseUrl }),
    remarks: remarksOf({ found, wording, drafted, baseUrl }),
  };
}

/** Who may be told of the date before the invitation: those of whom nobody still has to say yes. */
const announceable = or(
  isNotNull(invitation.sentAt),
  isNotNull(invitation.approvedAt),
  eq(edition.approval, "none"),
);

function obstacleOf(
  orm: Orm,
  {
    row,
    sideId,
    wording,
    mail,
    kind,
  }: {
    row: { email: string | null; tokenRevokedAt: number | null };
    sideId: string;
    wording: { blocks: ReadonlySet<string> };
    mail: MessageMail;
    kind: StoredMessage["kind"];
  },
): RecipientObstacle | null {
  if (row.email === null) return "no_address";
  if (isStopped(orm, { sideId, address: row.email })) return "stopped";
  if (row.tokenRevokedAt !== null && kind !== "save_the_date") return "link_revoked";
  if (wording.blocks.has("changes") && mail.changes.length === 0) return "not_affected";
  if (wording.blocks.has("missing") && mail.missing.length === 0) return "nothing_missing";
  return null;
}

/** The audience that can be reached: what is counted before a release, and sent. */
export function reachable({ recipients }: Pick<Audience, "recipients">): Array<Recipient> {
  return recipients.filter(({ obstacle }) => obstacle === null);
}

function chosen(orm: Orm, filter: AudienceFilter): SQL | undefined {
  const {
    delegationIds,
    categories,
    replies,
    visitId,
    vehicleId,
    hotelId,
    functions,
    notReachedBy,
    pickedIds,
  } = filter;
  return and(
    delegationIds.length === 0 ? undefined : inArray(invitation.delegationId, delegationIds),
    categories.length === 0 ? undefined : inArray(invitation.category, categories),
    replies.length === 0 ? undefined : inArray(invitation.reply, replies),
    filter.registration === "submitted"
      ? eq(registration.state, "submitted")
      : filter.registration === "not_submitted"
        ? or(isNull(registration.id), ne(registration.state, "submitted"))
        : undefined,
    visitId === null || visitId === undefined
      ? undefined
      : inArray(
          invitation.id,
          orm
            .select({ id: visitPlace.invitationId })
            .from(visitPlace)
            .where(and(eq(visitPlace.visitId, visitId), ne(visitPlace.state, "withdrawn"))),
        ),
    vehicleId === null || vehicleId === undefined
      ? undefined
      : inArray(invitation.id, inVehicle(orm, vehicleId)),
    hotelId === null || hotelId === undefined ? undefined : inArray(invitation.id, inHotel(orm, hotelId)),
    functions.length === 0
      ? undefined
      : inArray(
          invitation.id,
          orm
            .select({ id: agendaFunction.invitationId })
            .from(agendaFunction)
            .where(inArray(agendaFunction.function, functions)),
        ),
    // Somebody in its audience whose mail no server took.
    notReachedBy === null || notReachedBy === undefined
      ? undefined
      : and(
          inArray(invitation.id, mailed(orm, notReachedBy)),
          notInArray(invitation.id, mailed(orm, notReachedBy, eq(delivery.state, "accepted"))),
        ),
    pickedIds.length === 0
      ? undefined
      : sql`${invitation.id} in (select value from json_each(${JSON.stringify(pickedIds)}))`,
  );
}

/** Who has a seat in a vehicle on any of its trips. */
function inVehicle(orm: Orm, vehicleId: string) {
  return orm
    .select({ id: tripPassenger.invitationId })
    .from(tripPassenger)
    .innerJoin(trip, eq(trip.id, tripPassenger.tripId))
    .where(and(eq(trip.vehicleId, vehicleId), isNull(trip.calledOffAt)));
}

/** Who has a night in a hotel. */
function inHotel(orm: Orm, hotelId: string) {
  return orm
    .select({ id: guestNight.invitationId })
    .from(guestNight)
    .innerJoin(room, eq(room.id, guestNight.roomId))
    .innerJoin(roomType, eq(roomType.id, room.typeId))
    .where(eq(roomType.hotelId, hotelId));
}

function mailed(orm: Orm, messageId: string, state?: SQL) {
  return orm
    .select({ id: sql<string>`${delivery.invitationId}` })
    .from(delivery)
    .where(
      and(
        eq(delivery.messageId, messageId),
        eq(delivery.recipientKind, "invitee"),
        isNotNull(delivery.invitationId),
        state,
      ),
    );
}
