import { createHash } from "node:crypto";
import { and, asc, eq, inArray, isNull, ne, type SQL } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import {
  delegation,
  edition,
  invitation,
  journey,
  registration,
  registrationSection,
  travelLeg,
} from "#db/schema/index.ts";
import { DIRECTIONS, type Direction, type Means } from "#db/vocabulary.ts";
import { clockTime24, dayOf } from "../../i18n/dates.ts";
import type { StaffScope } from "../access/rules.ts";
import { type Answers, answersFromSections, blankAnswers } from "../registration/answers.ts";
import { cityEnd, cityInstant, cityLeg, type Leg, legsOfAnswer } from "./rules.ts";

/* What is known of people's journeys: their answers, with what staff know better over them. */

/** What staff wrote over an answer. */
export type Correction = {
  means: Means;
  note: string;
  revision: number;
  updatedAt: number;
  updatedBy: string;
};

/** One way of one person. */
export type Journey = {
  direction: Direction;
  /** What counts. */
  legs: ReadonlyArray<Leg>;
  /** What the traveller told, whether it counts or not. */
  answer: ReadonlyArray<Leg>;
  correction: Correction | null;
  /** They told something else after staff wrote over it. */
  answerChanged: boolean;
  /** Stands for what they told: whoever acts on it says which answer they saw. */
  answerMark: string;
  /** When they are in the city from, or until; null: not known. Epoch milliseconds. */
  at: number | null;
};

export type Journeys = Readonly<Record<Direction, Journey>>;

/** Stands for what somebody told of one way. */
export function answerDigest(answer: ReadonlyArray<Leg>): string {
  return createHash("sha256").update(JSON.stringify(answer)).digest("hex");
}

/** Who is asked about: people who still are to come. */
function coming(whose: SQL | undefined): SQL | undefined {
  return and(
    whose,
    isNull(invitation.withdrawnAt),
    isNull(invitation.replacedAt),
    ne(invitation.reply, "declined"),
  );
}

/** The journeys of one's own side's people in this edition, by invitation. */
export function journeysOfSide(
  orm: Orm,
  { editionId, sideIds }: Pick<StaffScope, "editionId" | "sideIds">,
): Map<string, Journeys> {
  return journeysOf(
    orm,
    editionId,
    and(eq(invitation.editionId, editionId), inArray(delegation.coHostId, [...sideIds])),
  );
}

/** The journeys of those of an edition's people for whom a condition on invitation and delegation holds. */
export function journeysOf(orm: Orm, editionId: string, whose: SQL | undefined): Map<string, Journeys> {
  const zone = zoneOf(orm, editionId);
  const people = orm
    .select({ invitationId: invitation.id })
    .from(invitation)
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(coming(whose))
    .all();
  const answers = submittedTravel(orm, whose);
  const written = orm
    .select({
      invitationId: journey.invitationId,
      direction: journey.direction,
      means: journey.means,
      note: journey.note,
      answerSeen: journey.answerSeen,
      revision: journey.revision,
      updatedAt: journey.updatedAt,
      updatedBy: journey.updatedBy,
    })
    .from(journey)
    .innerJoin(invitation, eq(invitation.id, journey.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(coming(whose))
    .all();
  const legs = orm
    .select({ leg: travelLeg })
    .from(travelLeg)
    .innerJoin(invitation, eq(invitation.id, travelLeg.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(coming(whose))
    .orderBy(asc(travelLeg.position))
    .all();
  const wayOf = (row: { invitationId: string; direction: Direction }) =>
    `${row.invitationId} ${row.direction}`;
  const writtenBy = new Map(written.map((row) => [wayOf(row), row] as const));
  const legsBy = Map.groupBy(legs, ({ leg }) => wayOf(leg));
  const oneWay = (invitationId: string, direction: Direction): Journey => {
    const answer = legsOfAnswer(direction, answers.get(invitationId) ?? blankAnswers, zone);
    const answerMark = answerDigest(answer);
    const found = writtenBy.get(wayOf({ invitationId, direction }));
    if (found === undefined)
      return {
        direction,
        legs: answer,
        answer,
        correction: null,
        answerChanged: false,
        answerMark,
        at: cityInstant(direction, answer),
      };
    const own = (legsBy.get(wayOf({ invitationId, direction })) ?? []).map(({ leg }) => legOfRow(leg));
    const { means, note, revision, updatedAt, updatedBy } = found;
    return {
      direction,
      legs: own,
      answer,
      correction: { means, note, revision, updatedAt, updatedBy },
      answerChanged: found.answerSeen !== answerMark,
      answerMark,
      at: cityInstant(direction, own),
    };
  };
  return new Map(
    people.map(({ invitationId }) => [
      invitationId,
      { arrival: oneWay(invitationId, "arrival"), departure: oneWay(invitationId, "departure") },
    ]),
  );
}

function legOfRow(row: typeof travelLeg.$inferSelect): Leg {
  const { means, number } = row;
  return {
    means,
    number,
    from: {
      place: row.fromPlace,
      on: row.departsOn ?? "",
      time: row.departsTime ?? "",
      zone: row.departsZone,
      at: row.departsAt,
    },
    to: {
      place: row.toPlace,
      on: row.arrivesOn ?? "",
      time: row.arrivesTime ?? "",
      zone: row.arrivesZone,
      at: row.arrivesAt,
    },
  };
}

/** What was sent of the travel section; a draft has not been told to anybody. */
function submittedTravel(orm: Orm, whose: SQL | undefined): Map<string, Answers> {
  return new Map(
    orm
      .select({ invitationId: registration.invitationId, answers: registrationSection.answers })
      .from(registrationSection)
      .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
      .innerJoin(invitation, eq(invitation.id, registration.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(
        and(coming(whose), eq(registration.state, "submitted"), eq(registrationSection.section, "travel")),
      )
      .all()
      .map(({ invitationId, answers }) => [invitationId, answersFromSections([{ answers }])] as const),
  );
}

export function zoneOf(orm: Orm, editionId: string): string {
  const found = orm.select({ zone: edition.timeZone }).from(edition).where(eq(edition.id, editionId)).get();
  if (found === undefined) throw new Error("No such edition");
  return found.zone;
}

/**
 * What staff know better, in the words of the form: whoever was given somebody's travel answers is given these.
 *
 * @param whose a condition on invitation and delegation.
 */
export function correctedAnswers(
  orm: Orm,
  editionId: string,
  whose: SQL | undefined,
): Map<string, Record<string, string>> {
  const zone = zoneOf(orm, editionId);
  const corrected = new Map<string, Record<string, string>>();
  for (const [invitationId, journeys] of journeysOf(orm, editionId, whose)) {
    const words = DIRECTIONS.flatMap((direction) => {
      const { correction, legs } = journeys[direction];
      return correction === null ? [] : [inWordsOfForm(direction, legs, zone)];
    });
    if (words.length > 0) corrected.set(invitationId, Object.assign({}, ...words));
  }
  return corrected;
}

function inWordsOfForm(direction: Direction, legs: ReadonlyArray<Leg>, zone: string): Record<string, string> {
  const leg = cityLeg(direction, legs);
  const here = leg === undefined ? undefined : cityEnd(direction, leg);
  const by = leg === undefined ? "" : leg.means === "car" ? "other" : leg.means;
  const far = direction === "arrival" ? leg?.from.place : leg?.to.place;
  const at = here?.at ?? null;
  const told = {
    By: by,
    Number: leg?.number ?? "",
    [direction === "arrival" ? "From" : "To"]: far ?? "",
    On: at === null ? (here?.on ?? "") : dayOf(at, zone),
    Time: at === null ? (here?.time ?? "") : clockTime24(at, zone),
    [direction === "arrival" ? "At" : "From"]: here?.place ?? "",
  };
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [`${direction}${name}`, value]));
}

/** A leg in its row: what is not known of an end is null there. */
export function legColumns(leg: Leg) {
  return {
    means: leg.means,
    number: leg.number,
    fromPlace: leg.from.place,
    departsOn: leg.from.on || null,
    departsTime: leg.from.time || null,
    departsZone: leg.from.zone,
    departsAt: leg.from.at,
    toPlace: leg.to.place,
    arrivesOn: leg.to.on || null,
    arrivesTime: leg.to.time || null,
    arrivesZone: leg.to.zone,
    arrivesAt: leg.to.at,
  };
}
