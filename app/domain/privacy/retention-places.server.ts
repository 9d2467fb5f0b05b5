/**
 * Every place where something lies that is not kept for ever. Each tells what it still holds of one side's people at one
 * edition, and empties just that; so what is emptied is not found again, and a second purge finds nothing.
 */
import {
  and,
  asc,
  desc,
  eq,
  exists,
  inArray,
  isNotNull,
  isNull,
  like,
  ne,
  not,
  notInArray,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  accessCode,
  agendaItem,
  agendaJournal,
  auditEvent,
  changeRequest,
  clashAcceptance,
  clearanceAnswer,
  clearancePart,
  clearanceRow,
  clearanceVersion,
  clearanceVersionPart,
  consent,
  cue,
  dataRequest,
  delegation,
  delivery,
  deliveryTry,
  device,
  edition,
  focalPoint,
  guestNight,
  hotel,
  invitation,
  invitationEvent,
  journey,
  letter,
  lodgingWish,
  mailboxMail,
  mailSuppression,
  message,
  messageCopy,
  nomination,
  ownWay,
  person,
  personAssistant,
  personMerge,
  redo,
  registration,
  registrationForm,
  registrationSealed,
  registrationSection,
  room,
  roomGuest,
  roomingList,
  roomType,
  siteVisit,
  task,
  travelCheck,
  travelDocument,
  travelLeg,
  trip,
  tripPassenger,
  upload,
  vehicle,
  visitPlace,
} from "#db/schema/index.ts";
import { DATA_CLASSES, type DataClass, type RetentionKind } from "#db/vocabulary.ts";
import { classOf } from "../person/classes.ts";
import {
  classOfOwn,
  type FormDefinition,
  isOwnName,
  readDefinition,
  topKey,
} from "../registration/definition.ts";
import { forgetUploads } from "../upload/record.server.ts";
import type { PurgePlace } from "./retention.ts";

export type Whose = { editionId: string; sideId: string };

/** Something that is still there: its row, and whose it is where it is one person's. */
export type Held = { row: string; invitationId: string | null; items: number };

export type Place = {
  kind: RetentionKind;
  place: PurgePlace;
  find(orm: Orm, whose: Whose): Array<Held>;
  /** @param now epoch milliseconds. */
  empty(tx: Tx, whose: Whose, rows: ReadonlyArray<string>, now: number): void;
};

function own({ editionId, sideId }: Whose): SQL | undefined {
  return and(eq(invitation.editionId, editionId), eq(delegation.coHostId, sideId));
}

/** A thing of each row. */
function single(rows: ReadonlyArray<{ row: string; invitationId: string | null }>): Array<Held> {
  return rows.map((row) => ({ ...row, items: 1 }));
}

/**
 * Runs work that the database's own triggers refuse to everybody else. They stand again before the transaction ends; if
 * the work fails, it never happened that they were gone.
 */
function lifting(tx: Tx, names: ReadonlyArray<string>, work: () => void): void {
  const triggers = tx.all<{ name: string; sql: string }>(
    sql`select name, sql from sqlite_schema where type = 'trigger' and name in ${[...names]}`,
  );
  if (triggers.length !== names.length) throw new Error("A trigger that is to be lifted is not there");
  for (const { name } of triggers) tx.run(sql.raw(`drop trigger "${name}"`));
  work();
  for (const trigger of triggers) tx.run(sql.raw(trigger.sql));
}

const passports: Place = {
  kind: "C5",
  place: "passports",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: travelDocument.invitationId, invitationId: travelDocument.invitationId })
        .from(travelDocument)
        .innerJoin(invitation, eq(invitation.id, travelDocument.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.delete(travelDocument)
      .where(inArray(travelDocument.invitationId, [...rows]))
      .run();
  },
};

const sealedAnswers: Place = {
  kind: "C5",
  place: "sealedAnswers",
  find: (orm, whose) =>
    orm
      .select({
        row: registrationSealed.registrationId,
        invitationId: registration.invitationId,
        items: sql<number>`json_array_length(${registrationSealed.names})`,
      })
      .from(registrationSealed)
      .innerJoin(registration, eq(registration.id, registrationSealed.registrationId))
      .innerJoin(invitation, eq(invitation.id, registration.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(own(whose))
      .all(),
  empty(tx, _, rows) {
    tx.delete(registrationSealed)
      .where(inArray(registrationSealed.registrationId, [...rows]))
      .run();
  },
};

/** Their number, dates and code stay, so that a reader of a letter on paper is still told that it is genuine. */
const letters: Place = {
  kind: "C5",
  place: "letters",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: letter.id, invitationId: letter.invitationId })
        .from(letter)
        .innerJoin(invitation, eq(invitation.id, letter.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(and(own(whose), ne(letter.sealed, "")))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.update(letter)
      .set({ sealed: "", factsDigest: "{}" })
      .where(inArray(letter.id, [...rows]))
      .run();
  },
};

const answerKey = sql<string>`${clearanceAnswer.visitId} || ' ' || ${clearanceAnswer.invitationId}`;

/** What hosts said of somebody on their lists: a refusal clings to a name. */
const hostAnswers: Place = {
  kind: "C5",
  place: "hostAnswers",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: answerKey, invitationId: clearanceAnswer.invitationId })
        .from(clearanceAnswer)
        .innerJoin(invitation, eq(invitation.id, clearanceAnswer.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.delete(clearanceAnswer)
      .where(inArray(answerKey, [...rows]))
      .run();
  },
};

/**
 * What a side released to the lists of hosts, and every list that it went into: one file holds the people of all sides, so it
 * goes with the first of them. Number, dates and digests stay, so that a copy elsewhere can be told.
 */
const clearanceLists: Place = {
  kind: "C5",
  place: "clearanceLists",
  find: (orm, { editionId, sideId }) => [
    ...single(
      orm
        .select({ row: clearancePart.id })
        .from(clearancePart)
        .innerJoin(siteVisit, eq(siteVisit.id, clearancePart.visitId))
        .where(
          and(
            eq(siteVisit.editionId, editionId),
            eq(clearancePart.coHostId, sideId),
            ne(clearancePart.sealed, ""),
          ),
        )
        .all()
        .map(({ row }) => ({ row, invitationId: null })),
    ),
    ...single(
      orm
        .selectDistinct({ row: clearanceVersion.id })
        .from(clearanceVersion)
        .innerJoin(siteVisit, eq(siteVisit.id, clearanceVersion.visitId))
        .innerJoin(clearanceVersionPart, eq(clearanceVersionPart.versionId, clearanceVersion.id))
        .innerJoin(clearancePart, eq(clearancePart.id, clearanceVersionPart.partId))
        .where(
          and(
            eq(siteVisit.editionId, editionId),
            eq(clearancePart.coHostId, sideId),
            ne(clearanceVersion.sealed, ""),
          ),
        )
        .all()
        .map(({ row }) => ({ row, invitationId: null })),
    ),
  ],
  empty(tx, _, rows) {
    const ids = [...rows];
    tx.update(clearanceRow).set({ digest: "" }).where(inArray(clearanceRow.partId, ids)).run();
    tx.update(clearancePart).set({ sealed: "" }).where(inArray(clearancePart.id, ids)).run();
    tx.update(clearanceVersion).set({ sealed: "" }).where(inArray(clearanceVersion.id, ids)).run();
  },
};

/** Why somebody had a seat beyond the rules, or in spite of a clash: words that may tell anything. */
const seatReasons: Place = {
  kind: "C4",
  place: "seatReasons",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: visitPlace.id, invitationId: visitPlace.invitationId })
        .from(visitPlace)
        .innerJoin(invitation, eq(invitation.id, visitPlace.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(and(own(whose), or(ne(visitPlace.overrideReason, ""), ne(visitPlace.clashReason, ""))))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.update(visitPlace)
      .set({ overrideReason: "", clashReason: "" })
      .where(inArray(visitPlace.id, [...rows]))
      .run();
  },
};

/** The strictest class that an answer has had in any published version: people answered under that promise. */
function classIn(definitions: ReadonlyArray<FormDefinition>, name: string): DataClass {
  if (!isOwnName(name)) return classOf(name);
  const classes = definitions.flatMap((form) =>
    [classOfOwn(form, name), name === topKey(name) ? null : classOfOwn(form, topKey(name))].filter(
      (each) => each !== null,
    ),
  );
  return classes.sort().at(-1) ?? "C5";
}

/** A section's answers of one class, by name. */
function answersOf(
  definitions: ReadonlyArray<FormDefinition>,
  kind: RetentionKind,
  stored: string,
): { named: Array<string>; rest: Record<string, unknown> } {
  const answers: Record<string, unknown> = JSON.parse(stored);
  const isTold = ([, value]: [string, unknown]) => (Array.isArray(value) ? value.length > 0 : value !== "");
  const named = Object.entries(answers)
    .filter(isTold)
    .map(([name]) => name)
    .filter((name) => classIn(definitions, name) === kind);
  const rest = Object.fromEntries(Object.entries(answers).filter(([name]) => !named.includes(name)));
  return { named, rest };
}

function definitionsOf(orm: Orm, editionId: string): Array<FormDefinition> {
  return orm
    .select({ definition: registrationForm.definition })
    .from(registrationForm)
    .where(and(eq(registrationForm.editionId, editionId), isNotNull(registrationForm.publishedAt)))
    .orderBy(desc(registrationForm.version))
    .all()
    .map(({ definition }) => readDefinition(definition));
}

/** Answers of a registration, drafts as well as what was sent. */
function answers(kind: RetentionKind): Place {
  return {
    kind,
    place: "answers",
    find(orm, whose) {
      const definitions = definitionsOf(orm, whose.editionId);
      return orm
        .select({
          row: sql<string>`${registrationSection}.rowid`,
          invitationId: registration.invitationId,
          answers: registrationSection.answers,
        })
        .from(registrationSection)
        .innerJoin(registration, eq(registration.id, registrationSection.registrationId))
        .innerJoin(invitation, eq(invitation.id, registration.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all()
        .map(({ answers: stored, row, invitationId }) => ({
          row: String(row),
          invitationId,
          items: answersOf(definitions, kind, stored).named.length,
        }))
        .filter(({ items }) => items > 0);
    },
    empty(tx, { editionId }, rows, now) {
      const definitions = definitionsOf(tx, editionId);
      for (const row of rows) {
        const here = sql`${registrationSection}.rowid = ${Number(row)}`;
        const found = tx.select().from(registrationSection).where(here).get();
        if (found === undefined) continue;
        const { rest } = answersOf(definitions, kind, found.answers);
        tx.update(registrationSection)
          .set({ answers: JSON.stringify(rest) })
          .where(here)
          .run();
        // A page that is still open somewhere must not bring the old answers back unnoticed.
        tx.update(registration)
          .set({ revision: sql`${registration.revision} + 1`, updatedAt: now })
          .where(eq(registration.id, found.registrationId))
          .run();
      }
    },
  };
}

/**
 * Files that were handed in, by the class that they were promised. A portrait (C1) goes with the contact data: nothing
 * else that is kept has a use for it.
 */
function uploads(kind: RetentionKind): Place {
  const classes = DATA_CLASSES.filter((each) => each === kind || (kind === "C2" && each < "C2"));
  return {
    kind,
    place: "uploads",
    find: (orm, whose) =>
      single(
        orm
          .select({ row: upload.id, invitationId: upload.invitationId })
          .from(upload)
          .innerJoin(invitation, eq(invitation.id, upload.invitationId))
          .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
          .where(and(own(whose), inArray(upload.dataClass, classes)))
          .all(),
      ),
    empty(tx, _, rows) {
      forgetUploads(tx, inArray(upload.id, [...rows]));
    },
  };
}

/** What somebody wanted changed after the deadline: gone with the first class that is among it. Its words may tell anything. */
function changeRequests(kind: RetentionKind): Place {
  return {
    kind,
    place: "changeRequests",
    find(orm, whose) {
      const definitions = definitionsOf(orm, whose.editionId);
      return single(
        orm
          .select({
            row: changeRequest.id,
            invitationId: changeRequest.invitationId,
            fields: changeRequest.fields,
            note: changeRequest.note,
            word: changeRequest.word,
          })
          .from(changeRequest)
          .innerJoin(invitation, eq(invitation.id, changeRequest.invitationId))
          .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
          .where(own(whose))
          .all()
          .filter(({ fields, note, word }) => {
            const names: ReadonlyArray<string> = JSON.parse(fields);
            const isWordy = kind === "C4" && (note !== "" || word !== "");
            return isWordy || names.some((name) => classIn(definitions, name) === kind);
          })
          .map(({ row, invitationId }) => ({ row, invitationId })),
      );
    },
    empty(tx, _, rows) {
      tx.delete(changeRequest)
        .where(inArray(changeRequest.id, [...rows]))
        .run();
    },
  };
}

/** What people asked about their data, in their words and in those of staff. That it was asked, and when, is a record. */
const dataRequests: Place = {
  kind: "C4",
  place: "dataRequests",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: dataRequest.id, invitationId: dataRequest.invitationId })
        .from(dataRequest)
        .innerJoin(invitation, eq(invitation.id, dataRequest.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(and(own(whose), or(ne(dataRequest.words, ""), ne(dataRequest.word, ""))))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.update(dataRequest)
      .set({ words: "", word: "" })
      .where(inArray(dataRequest.id, [...rows]))
      .run();
  },
};

/** Which answers changed tells of health, when it was an allergy. */
const toBeRedone: Place = {
  kind: "C4",
  place: "redo",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: redo.id, invitationId: redo.invitationId })
        .from(redo)
        .innerJoin(invitation, eq(invitation.id, redo.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.delete(redo)
      .where(inArray(redo.id, [...rows]))
      .run();
  },
};

/** What somebody gave as a reason, or staff noted from the phone: often it tells of health. */
const notes: Place = {
  kind: "C4",
  place: "notes",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: invitationEvent.id, invitationId: invitationEvent.invitationId })
        .from(invitationEvent)
        .innerJoin(invitation, eq(invitation.id, invitationEvent.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(and(own(whose), ne(invitationEvent.note, "")))
        .all(),
    ),
  empty(tx, _, rows) {
    lifting(tx, ["invitation_event_no_update"], () => {
      tx.update(invitationEvent)
        .set({ note: "" })
        .where(inArray(invitationEvent.id, [...rows]))
        .run();
    });
  },
};

/** Where people's rows of several tables go together: one thing of each row, by whose it is. */
function journeyTables() {
  return [travelLeg, journey, travelCheck, ownWay] as const;
}

/** What staff wrote of how somebody comes and goes, and why they took it as it was. */
const journeys: Place = {
  kind: "C3",
  place: "journeys",
  find: (orm, whose) => {
    const counts = new Map<string, number>();
    for (const table of journeyTables())
      for (const { invitationId } of orm
        .select({ invitationId: table.invitationId })
        .from(table)
        .innerJoin(invitation, eq(invitation.id, table.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all())
        counts.set(invitationId, (counts.get(invitationId) ?? 0) + 1);
    return [...counts].map(([invitationId, items]) => ({ row: invitationId, invitationId, items }));
  },
  empty(tx, _, rows) {
    for (const table of journeyTables())
      tx.delete(table)
        .where(inArray(table.invitationId, [...rows]))
        .run();
  },
};

/** Who sat beside whom, and when they were seen. That a vehicle went, and when, stays. */
const seatsInVehicles: Place = {
  kind: "C3",
  place: "seatsInVehicles",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: tripPassenger.id, invitationId: tripPassenger.invitationId })
        .from(tripPassenger)
        .innerJoin(invitation, eq(invitation.id, tripPassenger.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.delete(tripPassenger)
      .where(inArray(tripPassenger.id, [...rows]))
      .run();
  },
};

/** Who slept where, with whom and how they wanted to. That a room was taken, and who paid, stays. */
const nights: Place = {
  kind: "C3",
  place: "nights",
  find: (orm, whose) => {
    const counts = new Map<string, { invitationId: string | null; items: number }>();
    const add = (row: string, invitationId: string | null) => {
      const known = counts.get(row);
      counts.set(row, { invitationId, items: (known?.items ?? 0) + 1 });
    };
    for (const table of [guestNight, roomGuest, lodgingWish] as const)
      for (const { invitationId } of orm
        .select({ invitationId: table.invitationId })
        .from(table)
        .innerJoin(invitation, eq(invitation.id, table.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all())
        add(invitationId, invitationId);
    for (const { id } of orm
      .select({ id: room.id })
      .from(room)
      .innerJoin(roomType, eq(roomType.id, room.typeId))
      .innerJoin(hotel, eq(hotel.id, roomType.hotelId))
      .where(
        and(
          eq(hotel.editionId, whose.editionId),
          eq(room.coHostId, whose.sideId),
          or(ne(room.note, ""), ne(room.number, "")),
        ),
      )
      .all())
      add(id, null);
    return [...counts].map(([row, { invitationId, items }]) => ({ row, invitationId, items }));
  },
  empty(tx, _, rows) {
    for (const table of [guestNight, roomGuest, lodgingWish] as const)
      tx.delete(table)
        .where(inArray(table.invitationId, [...rows]))
        .run();
    tx.update(lodgingWish)
      .set({ shareWithId: null })
      .where(inArray(lodgingWish.shareWithId, [...rows]))
      .run();
    tx.update(room)
      .set({ note: "", number: "" })
      .where(inArray(room.id, [...rows]))
      .run();
  },
};

/** They may name passports. That a version went out, when and with what digest, stays. */
const roomingLists: Place = {
  kind: "C5",
  place: "roomingLists",
  find: (orm, { editionId, sideId }) =>
    single(
      orm
        .select({ row: roomingList.id, invitationId: sql<null>`null` })
        .from(roomingList)
        .innerJoin(hotel, eq(hotel.id, roomingList.hotelId))
        .where(
          and(eq(hotel.editionId, editionId), eq(roomingList.coHostId, sideId), ne(roomingList.sealed, "")),
        )
        .all(),
    ),
  empty(tx, _, rows) {
    tx.update(roomingList)
      .set({ sealed: "" })
      .where(inArray(roomingList.id, [...rows]))
      .run();
  },
};

/** Those who drive and look after vehicles of this side, and the names that were held up at the airport. */
const drivers: Place = {
  kind: "C3",
  place: "drivers",
  find: (orm, { editionId, sideId }) => [
    ...single(
      orm
        .select({ row: vehicle.id, invitationId: sql<null>`null` })
        .from(vehicle)
        .where(
          and(
            eq(vehicle.editionId, editionId),
            eq(vehicle.coHostId, sideId),
            or(ne(vehicle.driver, ""), ne(vehicle.driverPhone, "")),
          ),
        )
        .all(),
    ),
    ...single(
      orm
        .select({ row: trip.id, invitationId: sql<null>`null` })
        .from(trip)
        .where(
          and(
            eq(trip.editionId, editionId),
            eq(trip.coHostId, sideId),
            or(ne(trip.sign, ""), ne(trip.captain, ""), ne(trip.captainPhone, "")),
          ),
        )
        .all(),
    ),
  ],
  empty(tx, _, rows) {
    tx.update(vehicle)
      .set({ driver: "", driverPhone: "" })
      .where(inArray(vehicle.id, [...rows]))
      .run();
    tx.update(trip)
      .set({ sign: "", captain: "", captainPhone: "" })
      .where(inArray(trip.id, [...rows]))
      .run();
  },
};

/**
 * What staff wrote for themselves: words that may tell anything about anybody. Tasks that are still to be done stay until
 * they are. What was noted with an item of the programme is both sides', and goes with the host side's.
 */
const workingNotes: Place = {
  kind: "C4",
  place: "workingNotes",
  find(orm, { editionId, sideId }) {
    const tasks = orm
      .select({ id: task.id })
      .from(task)
      .where(
        and(
          eq(task.editionId, editionId),
          eq(task.coHostId, sideId),
          isNotNull(task.doneAt),
          or(isNull(task.source), ne(task.note, "")),
        ),
      )
      .all();
    const items = orm
      .select({ id: agendaItem.id })
      .from(agendaItem)
      .innerJoin(edition, eq(edition.id, agendaItem.editionId))
      .where(
        and(
          eq(agendaItem.editionId, editionId),
          eq(edition.hostSideId, sideId),
          ne(agendaItem.internalNote, ""),
        ),
      )
      .all();
    return single([...tasks, ...items].map(({ id }) => ({ row: id, invitationId: null })));
  },
  empty(tx, _, rows) {
    const ids = [...rows];
    tx.delete(task)
      .where(and(inArray(task.id, ids), isNull(task.source)))
      .run();
    tx.update(task).set({ note: "" }).where(inArray(task.id, ids)).run();
    tx.update(agendaItem).set({ internalNote: "" }).where(inArray(agendaItem.id, ids)).run();
  },
};

const laterInvitation = alias(invitation, "later_invitation");
const laterEdition = alias(edition, "later_edition");
const thisEdition = alias(edition, "this_edition");
const newerWord = alias(consent, "newer_word");

/**
 * Contact data in the book, of the card itself and of cards that were merged into it, with their assistants. It lives on
 * for those who agreed to be asked again and for those who were asked to a later edition.
 */
const cards: Place = {
  kind: "C2",
  place: "cards",
  find: (orm, whose) =>
    single(
      orm
        .selectDistinct({ row: person.id, invitationId: invitation.id })
        .from(invitation)
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .innerJoin(thisEdition, eq(thisEdition.id, invitation.editionId))
        .innerJoin(
          person,
          or(eq(person.id, invitation.personId), eq(person.mergedIntoId, invitation.personId)),
        )
        .where(
          and(
            own(whose),
            or(
              isNotNull(person.email),
              isNotNull(person.phone),
              exists(
                orm
                  .select({ one: sql`1` })
                  .from(personAssistant)
                  .where(
                    and(
                      eq(personAssistant.personId, person.id),
                      or(
                        ne(personAssistant.name, ""),
                        ne(personAssistant.email, ""),
                        isNotNull(personAssistant.phone),
                      ),
                    ),
                  ),
              ),
            ),
            not(exists(orm.select({ one: sql`1` }).from(consent).where(agreedToNext(orm)))),
            not(
              exists(
                orm
                  .select({ one: sql`1` })
                  .from(laterInvitation)
                  .innerJoin(laterEdition, eq(laterEdition.id, laterInvitation.editionId))
                  .where(
                    and(
                      eq(laterInvitation.personId, invitation.personId),
                      sql`${laterEdition.startsOn} > ${thisEdition.startsOn}`,
                    ),
                  ),
              ),
            ),
          ),
        )
        .all(),
    ),
  empty(tx, _, rows, now) {
    const ids = [...rows];
    tx.update(person)
      .set({ email: null, emailKey: null, phone: null, updatedAt: now })
      .where(inArray(person.id, ids))
      .run();
    tx.update(personAssistant)
      .set({ name: "", email: "", phone: null, endedAt: sql`coalesce(${personAssistant.endedAt}, ${now})` })
      .where(inArray(personAssistant.personId, ids))
      .run();
    // What a merge could be undone to says no more than the card.
    const paths = ["before", "after"].flatMap((when) =>
      ["email", "emailKey", "phone"].map((column) => `$.${when}.${column}`),
    );
    tx.update(personMerge)
      .set({
        before: sql`json_remove(${personMerge.before}, ${sql.join(
          paths.map((path) => sql`${path}`),
          sql`, `,
        )})`,
      })
      .where(or(inArray(personMerge.keptId, ids), inArray(personMerge.mergedId, ids)))
      .run();
  },
};

/** Whether the newest word about the next edition is a yes. */
function agreedToNext(orm: Orm): SQL | undefined {
  return and(
    eq(consent.invitationId, invitation.id),
    eq(consent.kind, "next_edition"),
    eq(consent.given, true),
    not(
      exists(
        orm
          .select({ one: sql`1` })
          .from(newerWord)
          .where(
            and(
              eq(newerWord.invitationId, consent.invitationId),
              eq(newerWord.kind, consent.kind),
              sql`(${newerWord.at}, ${newerWord}.rowid) > (${consent.at}, ${consent}.rowid)`,
            ),
          ),
      ),
    ),
  );
}

/** Those who were asked for names, and how the people whom they named can be reached. */
const institutions: Place = {
  kind: "C2",
  place: "institutions",
  find: (orm, { editionId, sideId }) =>
    orm
      .select({
        row: focalPoint.id,
        invitationId: sql<null>`null`,
        items: sql<number>`1 + (select count(*) from ${nomination} where ${nomination.focalPointId} = ${focalPoint.id})`,
      })
      .from(focalPoint)
      .innerJoin(delegation, eq(delegation.id, focalPoint.delegationId))
      .where(
        and(
          eq(focalPoint.editionId, editionId),
          eq(delegation.coHostId, sideId),
          or(
            ne(focalPoint.name, ""),
            ne(focalPoint.email, ""),
            exists(
              orm
                .select({ one: sql`1` })
                .from(nomination)
                .where(
                  and(
                    eq(nomination.focalPointId, focalPoint.id),
                    or(isNotNull(nomination.email), isNotNull(nomination.phone), ne(nomination.note, "")),
                  ),
                ),
            ),
          ),
        ),
      )
      .all(),
  empty(tx, _, rows, now) {
    const ids = [...rows];
    tx.update(focalPoint)
      .set({ name: "", email: "", revokedAt: sql`coalesce(${focalPoint.revokedAt}, ${now})` })
      .where(inArray(focalPoint.id, ids))
      .run();
    tx.update(nomination)
      .set({ email: null, phone: null, note: "" })
      .where(inArray(nomination.focalPointId, ids))
      .run();
  },
};

/** Browsers that were known, and codes that were given. */
const devices: Place = {
  kind: "C2",
  place: "devices",
  find(orm, whose) {
    const of = (table: typeof device | typeof accessCode) =>
      orm
        .select({ row: table.id, invitationId: table.invitationId })
        .from(table)
        .innerJoin(invitation, eq(invitation.id, table.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .all();
    return single([...of(device), ...of(accessCode)]);
  },
  empty(tx, _, rows) {
    tx.delete(device)
      .where(inArray(device.id, [...rows]))
      .run();
    tx.delete(accessCode)
      .where(inArray(accessCode.id, [...rows]))
      .run();
  },
};

/** To whom mails went, what they said and what the other server answered. That they went, and when, stays. */
const deliveries: Place = {
  kind: "mail",
  place: "deliveries",
  find: (orm, { editionId, sideId }) =>
    single(
      orm
        .select({ row: delivery.id, invitationId: delivery.invitationId })
        .from(delivery)
        .where(
          and(
            eq(delivery.editionId, editionId),
            eq(delivery.coHostId, sideId),
            // One that is just going out is taken by the next purge.
            ne(delivery.state, "sending"),
            or(
              ne(delivery.payload, ""),
              ne(delivery.toAddress, ""),
              exists(
                orm
                  .select({ one: sql`1` })
                  .from(deliveryTry)
                  .where(and(eq(deliveryTry.deliveryId, delivery.id), ne(deliveryTry.response, ""))),
              ),
            ),
          ),
        )
        .all(),
    ),
  empty(tx, _, rows, now) {
    const ids = [...rows];
    tx.update(delivery)
      .set({ payload: "", toAddress: "", toName: "" })
      .where(inArray(delivery.id, ids))
      .run();
    // There is nothing left to be sent or tried again.
    tx.update(delivery)
      .set({ state: "cancelled", finishedAt: now })
      .where(and(inArray(delivery.id, ids), notInArray(delivery.state, ["accepted", "cancelled"])))
      .run();
    tx.update(deliveryTry).set({ response: "" }).where(inArray(deliveryTry.deliveryId, ids)).run();
  },
};

const keptMails: Place = {
  kind: "mail",
  place: "keptMails",
  find: (orm, { editionId, sideId }) =>
    single(
      orm
        .select({ row: mailboxMail.id, invitationId: delivery.invitationId })
        .from(mailboxMail)
        .innerJoin(delivery, eq(delivery.id, mailboxMail.deliveryId))
        .where(and(eq(delivery.editionId, editionId), eq(delivery.coHostId, sideId)))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.delete(mailboxMail)
      .where(inArray(mailboxMail.id, [...rows]))
      .run();
  },
};

/** What staff wrote. The subject stays, so that the list of messages can still be read. */
const messages: Place = {
  kind: "mail",
  place: "messages",
  find: (orm, { editionId, sideId }) =>
    single(
      orm
        .select({ row: message.id, invitationId: sql<null>`null` })
        .from(message)
        .where(
          and(
            eq(message.editionId, editionId),
            eq(message.coHostId, sideId),
            or(ne(message.bodyEn, ""), ne(message.bodyZh, "")),
          ),
        )
        .all(),
    ),
  empty(tx, _, rows) {
    const ids = inArray(message.id, [...rows]);
    const drafts = and(ids, ne(message.state, "released"));
    tx.delete(messageCopy)
      .where(inArray(messageCopy.messageId, tx.select({ id: message.id }).from(message).where(drafts)))
      .run();
    tx.delete(message).where(drafts).run();
    tx.update(message).set({ bodyEn: "", bodyZh: "" }).where(ids).run();
  },
};

/** Copies of a message that staff worded for one person. */
const ownCopies: Place = {
  kind: "mail",
  place: "ownCopies",
  find: (orm, { editionId, sideId }) =>
    single(
      orm
        .select({ row: sql<string>`${messageCopy}.rowid`, invitationId: messageCopy.invitationId })
        .from(messageCopy)
        .innerJoin(message, eq(message.id, messageCopy.messageId))
        .where(and(eq(message.editionId, editionId), eq(message.coHostId, sideId)))
        .all(),
    ).map((held) => ({ ...held, row: String(held.row) })),
  empty(tx, _, rows) {
    for (const row of rows)
      tx.delete(messageCopy)
        .where(sql`${messageCopy}.rowid = ${Number(row)}`)
        .run();
  },
};

/** Addresses to which nothing goes: an address that is forgotten can be tried again. */
const stoppedAddresses: Place = {
  kind: "mail",
  place: "stoppedAddresses",
  find: (orm, { editionId, sideId }) =>
    single(
      orm
        .select({ row: mailSuppression.id, invitationId: delivery.invitationId })
        .from(mailSuppression)
        .innerJoin(delivery, eq(delivery.id, mailSuppression.deliveryId))
        .where(and(eq(mailSuppression.editionId, editionId), eq(mailSuppression.coHostId, sideId)))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.delete(mailSuppression)
      .where(inArray(mailSuppression.id, [...rows]))
      .run();
  },
};

const consents: Place = {
  kind: "records",
  place: "consents",
  find: (orm, whose) =>
    single(
      orm
        .select({ row: consent.id, invitationId: consent.invitationId })
        .from(consent)
        .innerJoin(invitation, eq(invitation.id, consent.invitationId))
        .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
        .where(own(whose))
        .orderBy(asc(consent.at))
        .all(),
    ),
  empty(tx, _, rows) {
    tx.delete(consent)
      .where(inArray(consent.id, [...rows]))
      .run();
  },
};

/** All that is recorded of this side's people at this edition, but for what was purged. */
const trail: Place = {
  kind: "records",
  place: "trail",
  find: (orm, { editionId, sideId }) =>
    single(
      orm
        .select({ row: auditEvent.id, invitationId: sql<null>`null` })
        .from(auditEvent)
        .where(
          and(
            eq(auditEvent.editionId, editionId),
            eq(auditEvent.coHostId, sideId),
            not(like(auditEvent.action, "retention.%")),
          ),
        )
        .all(),
    ),
  empty(tx, _, rows) {
    lifting(tx, ["audit_event_no_delete"], () => {
      tx.delete(auditEvent)
        .where(inArray(auditEvent.id, [...rows]))
        .run();
    });
  },
};

/**
 * What the desk that plans the agenda wrote down: the run of show, why clashes may stand, and steps to undo. What belongs to
 * both sides goes with the host side's.
 */
const planning: Place = {
  kind: "C2",
  place: "planning",
  find(orm, { editionId, sideId }) {
    const host = orm.select({ id: edition.hostSideId }).from(edition).where(eq(edition.id, editionId)).get();
    const isHost = host?.id === sideId;
    const cues = orm
      .select({ id: cue.id })
      .from(cue)
      .where(
        and(
          eq(cue.editionId, editionId),
          isHost ? or(eq(cue.sideId, sideId), isNull(cue.sideId)) : eq(cue.sideId, sideId),
        ),
      )
      .all();
    const reasons = orm
      .select({ id: clashAcceptance.id })
      .from(clashAcceptance)
      .where(
        and(
          eq(clashAcceptance.editionId, editionId),
          inArray(clashAcceptance.sideId, isHost ? [sideId, ""] : [sideId]),
        ),
      )
      .all();
    const steps = isHost
      ? orm
          .select({ id: agendaJournal.id })
          .from(agendaJournal)
          .where(eq(agendaJournal.editionId, editionId))
          .all()
      : [];
    return single([...cues, ...reasons, ...steps].map(({ id }) => ({ row: id, invitationId: null })));
  },
  empty(tx, _, rows) {
    const ids = [...rows];
    tx.delete(cue).where(inArray(cue.id, ids)).run();
    tx.delete(clashAcceptance).where(inArray(clashAcceptance.id, ids)).run();
    tx.delete(agendaJournal).where(inArray(agendaJournal.id, ids)).run();
  },
};

export const PLACES: ReadonlyArray<Place> = [
  passports,
  sealedAnswers,
  letters,
  hostAnswers,
  clearanceLists,
  roomingLists,
  answers("C5"),
  uploads("C5"),
  changeRequests("C5"),
  answers("C4"),
  uploads("C4"),
  changeRequests("C4"),
  dataRequests,
  toBeRedone,
  notes,
  seatReasons,
  workingNotes,
  answers("C3"),
  uploads("C3"),
  changeRequests("C3"),
  journeys,
  seatsInVehicles,
  nights,
  drivers,
  answers("C2"),
  uploads("C2"),
  changeRequests("C2"),
  cards,
  institutions,
  devices,
  planning,
  deliveries,
  keptMails,
  messages,
  ownCopies,
  stoppedAddresses,
  consents,
  trail,
];
