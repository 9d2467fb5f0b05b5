/** How people can be reached: cards of the contact book, and institutions that were asked for names. */
import { and, eq, isNotNull, ne, not, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import {
  consent,
  delegation,
  edition,
  focalPoint,
  invitation,
  nomination,
  person,
  personAssistant,
  personMerge,
} from "#db/schema/index.ts";
import { among, type Place, people, place, side, thereIs } from "./retention-rows.server.ts";

const laterInvitation = alias(invitation, "later_invitation");
const laterEdition = alias(edition, "later_edition");
const newerWord = alias(consent, "newer_word");

/**
 * Contact data in the book, of the card itself and of cards that were merged into it, with their assistants and what the
 * side noted of them. It lives on for those who agreed to be asked again and for those who were asked to a later edition.
 */
export function cards(): Place {
  const told = or(
    isNotNull(person.email),
    isNotNull(person.phone),
    ne(person.note, ""),
    thereIs(
      personAssistant,
      and(
        eq(personAssistant.personId, person.id),
        or(ne(personAssistant.name, ""), ne(personAssistant.email, ""), isNotNull(personAssistant.phone)),
      ),
    ),
  );
  return place(
    "C2",
    "cards",
    side(person, {
      by: { editionId: invitation.editionId, coHostId: delegation.coHostId },
      invitationId: invitation.id,
      through: [
        [invitation, sql`${invitation.personId} in (${person.id}, ${person.mergedIntoId})`],
        [delegation, eq(delegation.id, invitation.delegationId)],
        [edition, eq(edition.id, invitation.editionId)],
      ],
      once: true,
      told: and(told, not(agreedToNext()), not(askedLater())),
      blank: { email: null, emailKey: null, phone: null, note: "" },
      first(tx, rows, now) {
        tx.update(person).set({ updatedAt: now }).where(among(person.id, rows)).run();
        tx.update(personAssistant)
          .set({
            name: "",
            email: "",
            phone: null,
            endedAt: sql`coalesce(${personAssistant.endedAt}, ${now})`,
          })
          .where(among(personAssistant.personId, rows))
          .run();
        // What a merge could be undone to says no more than the card.
        const paths = ["before", "after"].flatMap((when) =>
          ["email", "emailKey", "phone", "note"].map((column) => `$.${when}.${column}`),
        );
        tx.update(personMerge)
          .set({
            before: sql`json_remove(${personMerge.before}, ${sql.join(
              paths.map((path) => sql`${path}`),
              sql`, `,
            )})`,
          })
          .where(or(among(personMerge.keptId, rows), among(personMerge.mergedId, rows)))
          .run();
      },
    }),
  );
}

/** Whether the newest word about the next edition is a yes. */
function agreedToNext() {
  const newer = and(
    eq(newerWord.invitationId, consent.invitationId),
    eq(newerWord.kind, consent.kind),
    sql`(${newerWord.at}, ${newerWord}.rowid) > (${consent.at}, ${consent}.rowid)`,
  );
  return thereIs(
    consent,
    and(
      eq(consent.invitationId, invitation.id),
      eq(consent.kind, "next_edition"),
      eq(consent.given, true),
      not(thereIs(newerWord, newer)),
    ),
  );
}

function askedLater() {
  const later = and(
    eq(laterEdition.id, laterInvitation.editionId),
    sql`${laterEdition.startsOn} > ${edition.startsOn}`,
  );
  return thereIs(
    laterInvitation,
    and(eq(laterInvitation.personId, invitation.personId), thereIs(laterEdition, later)),
  );
}

/** Those who were asked for names, and how the people whom they named can be reached. */
export function institutions(): Place {
  const named = and(
    eq(nomination.focalPointId, focalPoint.id),
    or(isNotNull(nomination.email), isNotNull(nomination.phone), ne(nomination.note, "")),
  );
  return place(
    "C2",
    "institutions",
    // Whoever was taken up is somebody who may ask for this to be deleted.
    people(nomination, {
      told: or(isNotNull(nomination.email), isNotNull(nomination.phone), ne(nomination.note, "")),
      blank: { email: null, phone: null, note: "" },
    }),
    side(focalPoint, {
      by: { editionId: focalPoint.editionId, coHostId: delegation.coHostId },
      through: [[delegation, eq(delegation.id, focalPoint.delegationId)]],
      items: sql<number>`1 + (select count(*) from ${nomination} where ${nomination.focalPointId} = ${focalPoint.id} and ${nomination.invitationId} is null)`,
      told: or(ne(focalPoint.name, ""), ne(focalPoint.email, ""), thereIs(nomination, named)),
      blank: { name: "", email: "" },
      first(tx, rows, now) {
        tx.update(focalPoint)
          .set({ revokedAt: sql`coalesce(${focalPoint.revokedAt}, ${now})` })
          .where(among(focalPoint.id, rows))
          .run();
        tx.update(nomination)
          .set({ email: null, phone: null, note: "" })
          .where(among(nomination.focalPointId, rows))
          .run();
      },
    }),
  );
}
