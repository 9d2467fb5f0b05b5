/** Who a message would reach as things stand, with each person's own mail. Read by the page, decided on by the command. */

import { and, asc, eq, inArray, isNotNull, isNull, ne, or, type SQL } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  delegation,
  edition,
  invitation,
  message,
  person,
  registration,
  visitPlace,
} from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { AgendaMail, MailEdition } from "#emails/payload.ts";
import { newestProgrammeIn, programmeIn } from "../agenda/queries.server.ts";
import type { StaffContext } from "../context.ts";
import { writeLetter } from "../invitation/letter.ts";
import { letterColumns } from "../invitation/letter-columns.server.ts";
import { stands } from "../invitation/standing.server.ts";
import { unknownPlaceholders } from "../invitation/text.ts";
import { type AudienceFilter, audienceFilter } from "./form.ts";
import { mailEdition, salutations } from "./outbox.server.ts";
import { columns, type MessageCheck, type RecipientObstacle, SUBJECT_COLUMNS } from "./rules.ts";

export type StoredMessage = typeof message.$inferSelect;

/** One person of the audience. `mail` is what they would get; null while no programme is published. */
export type Recipient = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  locale: Locale;
  obstacle: RecipientObstacle | null;
  mail: AgendaMail | null;
};

export type Audience = { recipients: ReadonlyArray<Recipient>; checks: ReadonlyArray<MessageCheck> };

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

/**
 * The audience of a message and what stands in its way. Nobody who was not sent an invitation, or whose invitation was
 * withdrawn, is ever in it; nor is anybody of another side.
 */
export function audienceOf(orm: Orm, found: StoredMessage): Audience {
  const { editionId, coHostId: sideId } = found;
  const rows = orm
    .select(letterColumns)
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id))
    .where(
      and(
        eq(invitation.editionId, editionId),
        eq(delegation.coHostId, sideId),
        isNotNull(invitation.sentAt),
        stands,
        chosen(orm, storedFilter(found)),
      ),
    )
    .orderBy(asc(person.sortKey), asc(person.id))
    .all();
  const programme = newestProgrammeIn(orm, editionId);
  const editions = new Map<string, MailEdition>();
  const empty: Array<string> = [];
  let longEn = false;
  let longZh = false;
  const recipients = rows.map((row): Recipient => {
    const facts =
      editions.get(row.delegationId) ??
      mailEdition(orm, { editionId, sideId, delegationId: row.delegationId });
    editions.set(row.delegationId, facts);
    const letter = writeLetter(found, row, { ...facts, costsEn: row.costsEn, costsZh: row.costsZh });
    if (letter.empty.length > 0) empty.push(row.nameLatin || row.nameNative);
    longEn ||= columns(letter.subjectEn) > SUBJECT_COLUMNS;
    longZh ||= columns(letter.subjectZh) > SUBJECT_COLUMNS;
    const own = programmeIn(orm, {
      editionId,
      invitationId: row.invitationId,
      delegationId: row.delegationId,
    });
    return {
      invitationId: row.invitationId,
      nameLatin: row.nameLatin,
      nameNative: row.nameNative,
      delegationEn: row.delegationEn,
      delegationZh: row.delegationZh,
      locale: row.locale,
      obstacle: row.email === null ? "no_address" : row.tokenRevokedAt !== null ? "link_revoked" : null,
      mail:
        programme === null
          ? null
          : {
              kind: "agenda",
              edition: facts,
              ...salutations(row),
              subjectEn: letter.subjectEn,
              subjectZh: letter.subjectZh,
              bodyEn: letter.bodyEn,
              bodyZh: letter.bodyZh,
              programme: own.items,
              version: programme.number,
              publishedAt: programme.publishedAt,
            },
    };
  });
  return {
    recipients,
    checks: checksOf(found, {
      published: programme !== null,
      reachable: recipients.some(({ obstacle }) => obstacle === null),
      empty,
      longEn,
      longZh,
    }),
  };
}

/** The audience that can be reached: what is counted before a release, and sent. */
export function reachable({
  recipients,
}: Pick<Audience, "recipients">): Array<Recipient & { mail: AgendaMail }> {
  return recipients.flatMap((one) =>
    one.obstacle === null && one.mail !== null ? [{ ...one, mail: one.mail }] : [],
  );
}

function chosen(orm: Orm, filter: AudienceFilter): SQL | undefined {
  const { delegationIds, categories, replies, visitId } = filter;
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
  );
}

function checksOf(
  { subjectEn, subjectZh, bodyEn, bodyZh }: StoredMessage,
  found: {
    published: boolean;
    reachable: boolean;
    empty: ReadonlyArray<string>;
    longEn: boolean;
    longZh: boolean;
  },
): Array<MessageCheck> {
  const unknown = [
    ...new Set([subjectEn, subjectZh, bodyEn, bodyZh].flatMap((text) => unknownPlaceholders(text))),
  ];
  const checks: Array<MessageCheck | null> = [
    found.published ? null : { check: "not_published", names: [] },
    found.reachable ? null : { check: "nobody", names: [] },
    subjectEn === "" || bodyEn === "" ? { check: "empty_en", names: [] } : null,
    subjectZh === "" || bodyZh === "" ? { check: "empty_zh", names: [] } : null,
    found.longEn ? { check: "long_en", names: [] } : null,
    found.longZh ? { check: "long_zh", names: [] } : null,
    unknown.length === 0 ? null : { check: "unknown_placeholder", names: unknown },
    found.empty.length === 0 ? null : { check: "nothing_for_placeholder", names: found.empty },
  ];
  return checks.filter((check) => check !== null);
}
