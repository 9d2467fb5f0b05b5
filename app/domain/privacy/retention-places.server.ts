/**
 * Every place where something lies that is not kept for ever, a line each: what it is called, which rows of which tables, and
 * what is left of them.
 */
import { and, eq, isNotNull, isNull, like, ne, not, notInArray, or, sql } from "drizzle-orm";
import {
  accessArrangement,
  accessCode,
  agendaItem,
  agendaJournal,
  auditEvent,
  clashAcceptance,
  clearanceAnswer,
  clearancePart,
  clearanceRow,
  clearanceVersion,
  clearanceVersionPart,
  consent,
  cue,
  dataRequest,
  delivery,
  deliveryTry,
  device,
  exportFile,
  exportSide,
  guestNight,
  headset,
  hotel,
  importFile,
  invitationEvent,
  journey,
  kitchenWord,
  lapsedRide,
  letter,
  lodgingWish,
  mailboxMail,
  mailSuppression,
  mealAbsence,
  mealSeat,
  message,
  messageCopy,
  outsideInterpreter,
  ownWay,
  printedCard,
  redo,
  registration,
  registrationSealed,
  room,
  roomGuest,
  roomingList,
  roomType,
  rosterCell,
  rosterImportRow,
  rosterView,
  siteVisit,
  task,
  travelCheck,
  travelDocument,
  travelLeg,
  trip,
  tripPassenger,
  vehicle,
  visitPlace,
} from "#db/schema/index.ts";
import { answers, changeRequests, uploads } from "./retention-answers.server.ts";
import { cards, institutions } from "./retention-contacts.server.ts";
import {
  among,
  hostSide,
  type Place,
  people,
  peopleThrough,
  place,
  side,
  thereIs,
} from "./retention-rows.server.ts";

const ofDelivery = { editionId: delivery.editionId, coHostId: delivery.coHostId };
const isDraft = ne(message.state, "released");

export const PLACES: ReadonlyArray<Place> = [
  place("C5", "passports", people(travelDocument)),
  place(
    "C5",
    "sealedAnswers",
    peopleThrough(registrationSealed, registration.invitationId, {
      row: registrationSealed.registrationId,
      through: [[registration, eq(registration.id, registrationSealed.registrationId)]],
      items: sql<number>`json_array_length(${registrationSealed.names})`,
    }),
  ),
  // Their number, dates and code stay, so that a reader of a letter on paper is still told that it is genuine.
  place("C5", "letters", people(letter, { blank: { sealed: "", factsDigest: "{}" } })),
  // What hosts said of somebody on their lists: a refusal clings to a name.
  place(
    "C5",
    "hostAnswers",
    people(clearanceAnswer, {
      row: sql`${clearanceAnswer.visitId} || ' ' || ${clearanceAnswer.invitationId}`,
    }),
  ),
  clearanceLists(),
  // They may name passports. That a version went out, when and with what digest, stays.
  place(
    "C5",
    "roomingLists",
    side(roomingList, {
      by: { editionId: hotel.editionId, coHostId: roomingList.coHostId },
      through: [[hotel, eq(hotel.id, roomingList.hotelId)]],
      blank: { sealed: "" },
    }),
  ),
  answers("C5"),
  uploads("C5"),
  changeRequests("C5"),
  answers("C4"),
  uploads("C4"),
  changeRequests("C4"),
  // What people asked about their data, in their words and in those of staff. That it was asked, and when, is a record.
  place("C4", "dataRequests", people(dataRequest, { blank: { words: "", word: "" } })),
  // Which answers changed tells of health, when it was an allergy.
  place("C4", "redo", people(redo)),
  // What somebody gave as a reason, or staff noted from the phone: often it tells of health.
  place("C4", "notes", people(invitationEvent, { blank: { note: "" }, lifts: "invitation_event_no_update" })),
  // Why somebody had a seat beyond the rules, or in spite of a clash: words that may tell anything.
  place("C4", "seatReasons", people(visitPlace, { blank: { overrideReason: "", clashReason: "" } })),
  // What staff wrote for themselves. Tasks that are still to be done stay until they are.
  place(
    "C4",
    "workingNotes",
    side(task, { only: and(isNotNull(task.doneAt), isNull(task.source)) }),
    side(task, { only: and(isNotNull(task.doneAt), isNotNull(task.source)), blank: { note: "" } }),
    hostSide(agendaItem, { blank: { internalNote: "" } }),
  ),
  // Answers that a list brought, with those that stood there before: some tell of health.
  place(
    "C4",
    "listedAnswers",
    people(rosterCell, {
      row: sql`${rosterCell.changeId} || ' ' || ${rosterCell.invitationId} || ' ' || ${rosterCell.column}`,
      only: like(rosterCell.column, "%:%"),
    }),
    people(rosterImportRow, {
      row: sql`${rosterImportRow.importId} || ' ' || ${rosterImportRow.invitationId}`,
      only: ne(rosterImportRow.beside, ""),
      blank: { beside: "" },
    }),
  ),
  // What staff made of somebody's needs for kitchens and waiters.
  place("C4", "kitchenWords", people(kitchenWord)),
  // What a side arranged for needs of its people; that of few people is of somebody.
  place(
    "C4",
    "arrangements",
    side(accessArrangement, {
      row: sql`${accessArrangement.itemId} || ' ' || ${accessArrangement.coHostId} || ' ' || ${accessArrangement.need}`,
      by: { editionId: agendaItem.editionId, coHostId: accessArrangement.coHostId },
      through: [[agendaItem, eq(agendaItem.id, accessArrangement.itemId)]],
    }),
  ),
  answers("C3"),
  uploads("C3"),
  changeRequests("C3"),
  // What staff wrote of how somebody comes and goes, and why they took it as it was.
  place(
    "C3",
    "journeys",
    ...[travelLeg, journey, travelCheck, ownWay].map((table) => people(table, { row: table.invitationId })),
  ),
  // Who sat beside whom, and when they were seen. That a vehicle went, and when, stays.
  place("C3", "seatsInVehicles", people(tripPassenger), people(lapsedRide, { row: lapsedRide.invitationId })),
  // Who sat beside whom at table, and who stayed away. That there were tables stays.
  place(
    "C3",
    "seatsAtTables",
    people(mealSeat, { row: mealSeat.invitationId }),
    people(mealAbsence, { row: mealAbsence.invitationId }),
  ),
  // Who came for a headset, and when.
  place("C3", "headsets", people(headset)),
  // Who slept where, with whom and how they wanted to. That a room was taken, and who paid, stays.
  place(
    "C3",
    "nights",
    people(guestNight, { row: guestNight.invitationId }),
    people(roomGuest, { row: roomGuest.invitationId }),
    people(lodgingWish, {
      first: (tx, rows) =>
        tx.update(lodgingWish).set({ shareWithId: null }).where(among(lodgingWish.shareWithId, rows)).run(),
    }),
    side(room, {
      by: { editionId: hotel.editionId, coHostId: room.coHostId },
      through: [
        [roomType, eq(roomType.id, room.typeId)],
        [hotel, eq(hotel.id, roomType.hotelId)],
      ],
      blank: { note: "", number: "" },
    }),
  ),
  // Those who drive and look after vehicles of this side, and the names that were held up at the airport.
  place(
    "C3",
    "drivers",
    side(vehicle, { blank: { driver: "", driverPhone: "" } }),
    side(trip, { blank: { sign: "", captain: "", captainPhone: "", driversBefore: "[]" } }),
  ),
  answers("C2"),
  uploads("C2"),
  changeRequests("C2"),
  cards(),
  institutions(),
  // Those who were hired to interpret stand in no contact book: they go whole, with their posts.
  place("C2", "outsideInterpreters", side(outsideInterpreter)),
  // Browsers that were known, and codes that were given.
  place("C2", "devices", people(device), people(accessCode)),
  // What the desk that plans the agenda wrote: the run of show, why clashes may stand, and steps to undo.
  place(
    "C2",
    "planning",
    hostSide(cue, { own: cue.sideId, shared: isNull(cue.sideId) }),
    hostSide(clashAcceptance, { own: clashAcceptance.sideId, shared: eq(clashAcceptance.sideId, "") }),
    hostSide(agendaJournal),
  ),
  // What cells of the roster held before they were changed, what was looked for in it, and lists brought for an import.
  place(
    "C2",
    "rosterSteps",
    people(rosterCell, {
      row: sql`${rosterCell.changeId} || ' ' || ${rosterCell.invitationId} || ' ' || ${rosterCell.column}`,
    }),
    side(rosterView),
    // What files were made of: whom somebody looked for. That they were taken is in the trail.
    side(exportFile, {
      by: { editionId: exportFile.editionId, coHostId: exportSide.coHostId },
      through: [[exportSide, eq(exportSide.exportId, exportFile.id)]],
      once: true,
    }),
    people(rosterImportRow, {
      row: sql`${rosterImportRow.importId} || ' ' || ${rosterImportRow.invitationId}`,
    }),
    side(importFile),
  ),
  // By what it could be told that a badge was to be printed anew.
  place(
    "C2",
    "printedCards",
    people(printedCard, { row: sql`${printedCard.invitationId} || ' ' || ${printedCard.kind}` }),
  ),
  deliveries(),
  place(
    "mail",
    "keptMails",
    side(mailboxMail, {
      by: ofDelivery,
      invitationId: delivery.invitationId,
      through: [[delivery, eq(delivery.id, mailboxMail.deliveryId)]],
    }),
  ),
  // What staff wrote. The subject stays, so that the list of messages can still be read.
  place(
    "mail",
    "messages",
    side(message, {
      only: isDraft,
      told: or(ne(message.bodyEn, ""), ne(message.bodyZh, "")),
      first: (tx, rows) =>
        tx
          .delete(messageCopy)
          .where(
            and(
              among(messageCopy.messageId, rows),
              thereIs(message, and(isDraft, eq(message.id, messageCopy.messageId))),
            ),
          )
          .run(),
    }),
    side(message, { only: not(isDraft), blank: { bodyEn: "", bodyZh: "" } }),
  ),
  // Copies of a message that staff worded for one person.
  place(
    "mail",
    "ownCopies",
    side(messageCopy, {
      row: sql`${messageCopy.messageId} || ' ' || ${messageCopy.invitationId}`,
      by: { editionId: message.editionId, coHostId: message.coHostId },
      invitationId: messageCopy.invitationId,
      through: [[message, eq(message.id, messageCopy.messageId)]],
    }),
  ),
  // Addresses to which nothing goes: an address that is forgotten can be tried again.
  place(
    "mail",
    "stoppedAddresses",
    side(mailSuppression, {
      invitationId: delivery.invitationId,
      through: [[delivery, eq(delivery.id, mailSuppression.deliveryId)]],
    }),
  ),
  place("records", "consents", people(consent)),
  // All that is recorded of this side's people at this edition, but for what was purged.
  place(
    "records",
    "trail",
    side(auditEvent, { only: not(like(auditEvent.action, "retention.%")), lifts: "audit_event_no_delete" }),
  ),
];

/**
 * What a side released to the lists of hosts, and every list that it went into: one file holds the people of all sides, so it
 * goes with the first of them. Number, dates and digests stay, so that a copy elsewhere can be told.
 */
function clearanceLists(): Place {
  const by = { editionId: siteVisit.editionId, coHostId: clearancePart.coHostId };
  return place(
    "C5",
    "clearanceLists",
    side(clearancePart, {
      by,
      through: [[siteVisit, eq(siteVisit.id, clearancePart.visitId)]],
      blank: { sealed: "" },
      first: (tx, rows) =>
        tx.update(clearanceRow).set({ digest: "" }).where(among(clearanceRow.partId, rows)).run(),
    }),
    side(clearanceVersion, {
      by,
      through: [
        [siteVisit, eq(siteVisit.id, clearanceVersion.visitId)],
        [clearanceVersionPart, eq(clearanceVersionPart.versionId, clearanceVersion.id)],
        [clearancePart, eq(clearancePart.id, clearanceVersionPart.partId)],
      ],
      once: true,
      blank: { sealed: "" },
    }),
  );
}

/** To whom mails went, what they said and what the other server answered. That they went, and when, stays. */
function deliveries(): Place {
  const answered = and(eq(deliveryTry.deliveryId, delivery.id), ne(deliveryTry.response, ""));
  return place(
    "mail",
    "deliveries",
    side(delivery, {
      invitationId: delivery.invitationId,
      // One that is just going out is taken by the next purge.
      only: ne(delivery.state, "sending"),
      blank: { payload: "", toAddress: "", toName: "" },
      told: or(ne(delivery.payload, ""), ne(delivery.toAddress, ""), thereIs(deliveryTry, answered)),
      first(tx, rows, now) {
        // There is nothing left to be sent or tried again.
        tx.update(delivery)
          .set({ state: "cancelled", finishedAt: now })
          .where(and(among(delivery.id, rows), notInArray(delivery.state, ["accepted", "cancelled"])))
          .run();
        tx.update(deliveryTry).set({ response: "" }).where(among(deliveryTry.deliveryId, rows)).run();
      },
    }),
  );
}
