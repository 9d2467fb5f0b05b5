import { and, asc, eq, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import {
  consent,
  delegation,
  edition,
  invitation,
  person,
  registration,
  registrationSection,
} from "#db/schema/index.ts";
import type { InvitationScope } from "../access/rules.ts";
import { among } from "../privacy/retention-rows.server.ts";
import { type Answers, answersFromRecord } from "./answers.ts";

/* What reading and writing a registration both start from: two statements, whatever the size of the edition. */

function registrants(orm: Orm) {
  return orm
    .select({
      invitationId: invitation.id,
      personId: invitation.personId,
      delegationId: invitation.delegationId,
      category: invitation.category,
      number: invitation.number,
      formId: sql<string | null>`(
        select f.id from registration_form f
        where f.edition_id = ${edition.id} and f.published_at is not null
        order by f.version desc limit 1)`,
      reply: invitation.reply,
      withdrawnAt: sql<number | null>`coalesce(${invitation.withdrawnAt}, ${invitation.replacedAt})`,
      editionId: invitation.editionId,
      sideId: delegation.coHostId,
      homeTimeZone: delegation.homeTimeZone,
      timeZone: edition.timeZone,
      startsOn: edition.startsOn,
      endsOn: edition.endsOn,
      travelFrom: edition.travelFrom,
      travelTo: edition.travelTo,
      registerBy: edition.registerBy,
      phones: edition.phones,
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
      registrationId: registration.id,
      state: registration.state,
      revision: registration.revision,
      formVersion: registration.formVersion,
      createdAt: registration.createdAt,
      updatedAt: registration.updatedAt,
      submittedAt: registration.submittedAt,
    })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(edition, eq(edition.id, invitation.editionId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .leftJoin(registration, eq(registration.invitationId, invitation.id));
}

const registrantOf = prepared((orm) =>
  registrants(orm)
    .where(
      and(
        eq(invitation.id, sql.placeholder("invitation")),
        eq(invitation.editionId, sql.placeholder("edition")),
      ),
    )
    .prepare(),
);

/** An invitee with what the edition says of registering, and their registration if they have begun one. */
export type Registrant = NonNullable<ReturnType<typeof findRegistrant>>;

/** The invitation of this scope, or null when there is none. */
export function findRegistrant(orm: Orm, scope: InvitationScope) {
  return registrantOf(orm).get({ invitation: scope.invitationId, edition: scope.editionId }) ?? null;
}

/** Several of them at once, by invitation. */
export function findRegistrants(
  orm: Orm,
  { editionId, invitationIds }: { editionId: string; invitationIds: ReadonlyArray<string> },
): Map<string, Registrant> {
  const rows = registrants(orm)
    .where(and(eq(invitation.editionId, editionId), among(invitation.id, invitationIds)))
    .all();
  return new Map(rows.map((row) => [row.invitationId, row]));
}

const sections = prepared((orm) =>
  orm
    .select({
      section: registrationSection.section,
      state: registrationSection.state,
      answers: registrationSection.answers,
    })
    .from(registrationSection)
    .where(eq(registrationSection.registrationId, sql.placeholder("registration")))
    .prepare(),
);

/** The stored sections; none before the first save. */
export function storedSections(orm: Orm, registrant: Pick<Registrant, "registrationId">) {
  return registrant.registrationId === null
    ? []
    : sections(orm).all({ registration: registrant.registrationId });
}

const consents = prepared((orm) =>
  orm
    .select({ kind: consent.kind, given: consent.given })
    .from(consent)
    .where(eq(consent.invitationId, sql.placeholder("invitation")))
    .orderBy(asc(consent.at), asc(sql`rowid`))
    .prepare(),
);

/** Which consents stand, standard ones and the edition's own: of each the newest word counts. */
export function standingConsents(orm: Orm, invitationId: string): Set<string> {
  const standing = new Set<string>();
  for (const row of consents(orm).all({ invitation: invitationId })) {
    if (row.given) standing.add(row.kind);
    else standing.delete(row.kind);
  }
  return standing;
}

/**
 * What we know of a person already, as the first state of their form.
 *
 * @param visitIds the visits on which a place is kept for them.
 */
export function prefilled(registrant: Registrant, visitIds: ReadonlyArray<string>): Answers {
  return answersFromRecord({
    ...registrant,
    email: registrant.email ?? "",
    mobile: registrant.phone ?? "",
    mailLocale: registrant.locale,
    visitIds: [...visitIds],
  });
}
