import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { glyphCheck } from "#app/documents/pdf.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { issueLetter, saveLetterhead, takeLetter } from "#app/domain/letter/commands.server.ts";
import { confirmLetter } from "#app/domain/letter/queries.server.ts";
import { retryDelivery } from "#app/domain/mail/commands.server.ts";
import { mailboxTransport } from "#app/domain/mail/mailbox.server.ts";
import { isOurReport, previewPurge, purge } from "#app/domain/privacy/purge.server.ts";
import { changeRetention, purgeReportFile, retentionPage } from "#app/domain/privacy/retention.server.ts";
import { usualDay } from "#app/domain/privacy/retention.ts";
import { retentionForm } from "#app/domain/privacy/retention-form.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { EVERYBODY, NO_WORDS, PLAIN_QUESTION, type Question } from "#app/domain/registration/definition.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { addSection } from "#app/domain/registration-form/rules.ts";
import { correctJourney } from "#app/domain/travel/commands.server.ts";
import { legEnd } from "#app/domain/travel/rules.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { sealSecret } from "#app/domain/upload/record.server.ts";
import { deriveKeys, newId } from "#app/platform/crypto.server.ts";
import { lockDataDirectory } from "#app/platform/data-lock.server.ts";
import { newVaultFile, vaultFiles, writeVaultFile } from "#app/platform/vault.server.ts";
import { openDatabase } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import type { FieldType } from "#db/vocabulary.ts";
import { AUTUMN_2018, type testContext } from "#tests/support/context.ts";
import { type FiledMeeting, fileMeeting } from "#tests/support/filed-meeting.ts";
import {
  type Invitee,
  type Meeting,
  queueInvitationMails,
  submission,
  writeMeeting,
} from "#tests/support/meeting.ts";

const DAY = 86_400_000;
const unprintable = await glyphCheck();

/** What must be nowhere after a purge. Long enough to be found on any page, in any order of writing. */
const GONE = {
  phone: "+1 212 555 0177 99",
  secondEmail: "second.mailbox.zzgone@example.org",
  allergy: "Peanuts-ZZGONE-and-more",
  draftDiet: "ZZGONE-draft-only-rice",
  emergency: "ZZGONE Relative",
  flight: "ZZ98765",
  ownPhone: "+86 10 0000 0077 88",
  ownNeed: "ZZGONE own need",
  note: "ZZGONE at the hospital until May",
  word: "ZZGONE the word of staff",
  mailBody: "ZZGONE the body of the mail",
  mailAddress: "zzgone.recipient@example.com",
  response: "550 zzgone.response@example.com unknown",
  kept: "ZZGONE kept in the mailbox",
  assistant: "ZZGONE Assistant",
  cardNote: "ZZGONE note on a card",
  composed: "ZZGONE composed by staff",
  lateFlight: "ZZ54321 late",
  driver: "ZZGONE driver",
  sign: "ZZGONE name board",
  dataWords: "ZZGONE my name was misspelt",
  dataWord: "ZZGONE the answer about data",
  roomNote: "ZZGONE quiet room please",
  lodgingAddress: "ZZGONE with a cousin in Haidian",
  journeyNote: "ZZGONE heard from the driver",
  cue: "ZZGONE usher holds the door",
  clashReason: "ZZGONE leaves by the back door",
  acceptedBecause: "ZZGONE lands at night and sleeps",
  vehicleDriverPhone: "+86 10 ZZGONE driver phone",
  captain: "ZZGONE captain",
  captainPhone: "+86 10 ZZGONE captain phone",
  boardedBy: "ZZGONE counted by",
  lostRide: "ZZGONE fetched from her sister's",
  acceptedFor: "ZZGONE accepted for",
  wayBy: "ZZGONE own way by",
  roomNumber: "ZZGONE 1207",
  wishNote: "ZZGONE wish note",
  sharedBy: "ZZGONE shared by",
  seatReason: "ZZGONE seat beyond the limit",
  seatClash: "ZZGONE may miss the session",
  rowDigest: "ZZGONE digest of a row",
  hostAnswer: "ZZGONE who noted the host's answer",
  asked: "ZZGONE asked after the deadline",
  taskTitle: "ZZGONE typed task",
  taskNote: "ZZGONE note on a task",
  clash: "ZZGONE two old rivals",
  cueWho: "ZZGONE who stands where",
  cueNote: "ZZGONE uses a wheelchair",
  sharedCue: "ZZGONE cue of both sides",
  internal: "ZZGONE internal note",
  step: "ZZGONE step of the desk",
  cellBefore: "ZZGONE cell before",
  cellAfter: "ZZGONE cell after",
  exportTaker: "GONE taker of a file",
  sought: "ZZGONE sought in the roster",
  importTrace: "ZZGONE what an import left to put back",
  listedBefore: "ZZGONE an answer that a list replaced",
  listedAfter: "ZZGONE an answer that a list brought",
  besideTrace: "ZZGONE what a registration held before a list",
  focal: "ZZGONE Focal Point",
  focalEmail: "zzgone.focal@example.org",
  proposedEmail: "zzgone.proposed@example.org",
  proposedNote: "ZZGONE just had an operation",
  mergedEmail: "zzgone.merged@example.org",
  browser: "ZZGONE browser",
  mailName: "ZZGONE Recipient",
  keptSource: "ZZGONE source of the mail",
  copy: "ZZGONE worded for one person",
  stopped: "zzgone.stopped@example.com",
  kitchen: "ZZGONE no peanuts at all",
  kitchenZh: "ZZGONE the other words of kitchens",
  ramp: "ZZGONE ramp for her chair",
  awayBy: "ZZGONE noted as away by",
  headset: "ZZGONE headset 12",
  hired: "ZZGONE Hired Interpreter",
  hiredPhone: "+86 10 ZZGONE hired phone",
} as const;
const SEALED_ANSWER = "ZZSEALED-passport-E87654321";

let filed: FiledMeeting;
let folder: string;
let file: string;
let base: ReturnType<typeof testContext>;
let meeting: Meeting;
let staff: StaffContext;
let others: StaffContext;

beforeEach(() => {
  filed = fileMeeting({ people: 6, capacity: 4 });
  ({ folder, file, base, meeting, staff, others } = filed);
});

afterEach(() => filed.remove());

/** The nth person of a side. */
function person(side: 0 | 1, n: number): Invitee {
  const found = meeting.invitees.filter(({ sideId }) => sideId === meeting.sideIds[side])[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function holder(one: Invitee): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: one.invitationId },
    scope: { editionId: one.editionId, invitationId: one.invitationId },
    locale: "en",
    assistant: null,
  };
}

function answers(one: Invitee, rest: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, one, []))) form.set(name, value);
  for (const [name, value] of Object.entries(rest)) form.set(name, value);
  return answersFromForm(form);
}

function question(key: string, type: FieldType, dataClass: Question["dataClass"]): Question {
  const label = { en: `Question ${key}`, zh: `问题${key}` };
  return { ...PLAIN_QUESTION, key, type, label, dataClass, questions: [] };
}

/** Somebody with something in every place that is not kept for ever. */
async function fill(
  side: 0 | 1,
  lead: StaffContext,
): Promise<{ code: string; letterId: string; deliveryId: string }> {
  const one = person(side, 0);
  const { orm } = base.db;
  if (side === 0) {
    const questions = [
      question("qphone001", "phone", "C2"),
      question("qneed0001", "text", "C4"),
      question("qsealed01", "text", "C5"),
      question("qplain001", "text", "C1"),
    ];
    const title = { en: "More", zh: "其他" };
    const section = {
      key: "smore0001",
      title,
      help: NO_WORDS,
      audience: EVERYBODY,
      deadline: null,
      left: [],
      questions,
    };
    await changeForm(lead, { seen: 0, edit: addSection(section) });
    await publishForm(lead, { seen: 1, loses: 0 });
  }
  await saveTravelDocument(lead, {
    invitationId: one.invitationId,
    document: {
      state: "known",
      familyName: "ZZPASSPORT",
      givenNames: "ANNA",
      gender: "F",
      birthDate: "1974-08-12",
      birthPlace: "Utopia",
      nationalityEn: "Utopian",
      nationalityZh: "乌托邦",
      nationality: "",
      issuedOn: "",
      issuedAt: "",
      mrz: "",
      number: "L898902C3",
      type: "ordinary",
      expiresOn: "2028-04-15",
      applyAtEn: "New York",
      applyAtZh: "纽约",
      companions: "none",
    },
  });
  const sent = await submitRegistration(holder(one), {
    answers: answers(one, {
      mobile: GONE.phone,
      secondEmail: GONE.secondEmail,
      allergies: GONE.allergy,
      emergencyName: GONE.emergency,
      arrivalNumber: GONE.flight,
      qphone001: GONE.ownPhone,
      qneed0001: GONE.ownNeed,
      qsealed01: SEALED_ANSWER,
      qplain001: "KEPT plain answer",
    }),
  });
  if (!sent.ok) throw new Error(JSON.stringify(sent));
  // Somebody else has only begun.
  await saveRegistration(holder(person(side, 1)), {
    answers: answers(person(side, 1), { dietText: GONE.draftDiet }),
  });
  await saveLetterhead(lead, {
    sideId: meeting.sideIds[side],
    head: {
      nameEn: "Example Foundation",
      nameZh: "示例基金会",
      addressEn: "1 Sample Street",
      addressZh: "样本街1号",
      phone: "+1 212 555 0100",
      email: "letters@example.org",
      signatoryEn: "Jane Q. Sampleton",
      signatoryZh: "简·桑普顿",
      signatoryPostEn: "President",
      signatoryPostZh: "会长",
    },
  });
  const issued = await issueLetter(lead, {
    invitationId: one.invitationId,
    kind: "visa_letter",
    locale: "en",
    after: 0,
    unprintable,
  });
  if (!issued.ok) throw new Error(JSON.stringify(issued));
  const letter = orm
    .select()
    .from(schema.letter)
    .where(eq(schema.letter.invitationId, one.invitationId))
    .get();
  if (letter === undefined) throw new Error("no letter");
  const code = (await takeLetter(lead, letter.id))?.code ?? "";
  orm
    .insert(schema.invitationEvent)
    .values({
      id: newId(),
      invitationId: one.invitationId,
      at: AUTUMN_2018,
      kind: "tentative",
      channel: "staff",
      note: GONE.note,
    })
    .run();
  orm
    .insert(schema.changeRequest)
    .values({
      id: newId(),
      invitationId: one.invitationId,
      state: "refused",
      fields: JSON.stringify(["arrivalNumber", "secondEmail"]),
      sealed: base.keys.seal("ZZ", "anywhere"),
      note: GONE.asked,
      channel: "self",
      askedAt: AUTUMN_2018,
      word: GONE.word,
    })
    .run();
  orm
    .insert(schema.dataRequest)
    .values({
      id: newId(),
      invitationId: one.invitationId,
      kind: "correction",
      state: "done",
      words: GONE.dataWords,
      askedAt: AUTUMN_2018,
      dueAt: AUTUMN_2018 + DAY,
      decidedAt: AUTUMN_2018,
      word: GONE.dataWord,
    })
    .run();
  orm
    .insert(schema.redo)
    .values({
      id: newId(),
      invitationId: one.invitationId,
      kind: "release",
      subjectId: "hotel",
      fields: JSON.stringify(["allergies"]),
      since: AUTUMN_2018,
    })
    .run();
  const corrected = await correctJourney(lead, {
    invitationId: one.invitationId,
    direction: "arrival",
    revision: 0,
    means: "phone",
    note: GONE.journeyNote,
    legs: [
      {
        means: "flight",
        number: GONE.lateFlight,
        from: legEnd({ place: "Utopia", on: "", time: "", zone: "UTC" }),
        to: legEnd({ place: "Terminal 9", on: meeting.travelFrom, time: "23:50", zone: "Asia/Shanghai" }),
      },
    ],
  });
  if (!corrected.ok) throw new Error(corrected.refusal);
  const vehicleId = newId();
  const tripId = newId();
  const planned = { editionId: meeting.editionId, coHostId: meeting.sideIds[side], revision: 1 };
  orm
    .insert(schema.vehicle)
    .values({
      ...planned,
      id: vehicleId,
      name: "Coach",
      seats: 4,
      driver: GONE.driver,
      driverPhone: GONE.vehicleDriverPhone,
      position: 0,
    })
    .run();
  orm
    .insert(schema.trip)
    .values({
      ...planned,
      id: tripId,
      kind: "pickup",
      vehicleId,
      departsAt: AUTUMN_2018,
      fromPlace: "T3",
      toPlace: "Hotel",
      sign: GONE.sign,
      captain: GONE.captain,
      captainPhone: GONE.captainPhone,
    })
    .run();
  orm
    .insert(schema.tripPassenger)
    .values({
      id: newId(),
      tripId,
      invitationId: one.invitationId,
      delegationId: one.delegationId,
      position: 1,
      boardedAt: AUTUMN_2018,
      boardedBy: GONE.boardedBy,
    })
    .run();
  orm
    .insert(schema.lapsedRide)
    .values({
      ...{ tripId: newId(), invitationId: one.invitationId, times: 1, kind: "transfer", revision: 1 },
      ...{ departsAt: AUTUMN_2018, fromPlace: GONE.lostRide, toPlace: "Hotel" },
    })
    .run();
  const hotelId = newId();
  const typeId = newId();
  const roomId = newId();
  orm
    .insert(schema.hotel)
    .values({ ...planned, id: hotelId, nameEn: "Hotel", nameZh: "饭店", listColumns: "[]" })
    .run();
  orm
    .insert(schema.roomType)
    .values({ id: typeId, hotelId, nameEn: "Room", nameZh: "房间", sleeps: 1, position: 1 })
    .run();
  orm
    .insert(schema.room)
    .values({
      id: roomId,
      typeId,
      coHostId: meeting.sideIds[side],
      number: GONE.roomNumber,
      note: GONE.roomNote,
      revision: 1,
    })
    .run();
  const invitationId = one.invitationId;
  const night = meeting.travelFrom;
  orm
    .insert(schema.roomGuest)
    .values({ roomId, invitationId, sharing: "agreed", sharingBy: GONE.sharedBy })
    .run();
  orm.insert(schema.guestNight).values({ invitationId, night, roomId }).run();
  orm
    .insert(schema.printedCard)
    .values({ invitationId, kind: "badge", digests: "{}", printing: 1, at: AUTUMN_2018, by: "grace" })
    .run();
  orm
    .insert(schema.ownWay)
    .values({ invitationId, direction: "departure", at: AUTUMN_2018, by: GONE.wayBy })
    .run();
  const itemId = meeting.itemIds[4] ?? "";
  const tableId = newId();
  orm
    .insert(schema.mealTable)
    .values({ id: tableId, itemId, name: `Table ${side}`, seats: 8, position: 1 })
    .run();
  orm.insert(schema.mealSeat).values({ itemId, invitationId, tableId }).run();
  orm
    .insert(schema.mealAbsence)
    .values({ itemId, invitationId, notedAt: AUTUMN_2018, notedBy: GONE.awayBy })
    .run();
  const changed = { updatedAt: AUTUMN_2018, updatedBy: "lead" };
  orm
    .insert(schema.kitchenWord)
    .values({ invitationId, en: GONE.kitchen, zh: GONE.kitchenZh, told: "", ...changed })
    .run();
  orm
    .insert(schema.accessArrangement)
    .values({
      itemId,
      coHostId: meeting.sideIds[side],
      need: "step_free",
      note: GONE.ramp,
      arrangedAt: AUTUMN_2018,
      arrangedBy: "lead",
    })
    .run();
  orm
    .insert(schema.headset)
    .values({
      id: newId(),
      invitationId,
      day: meeting.startsOn,
      number: GONE.headset,
      handedAt: AUTUMN_2018,
      handedBy: "lead",
    })
    .run();
  const outsiderId = newId();
  orm
    .insert(schema.outsideInterpreter)
    .values({
      id: outsiderId,
      editionId: meeting.editionId,
      coHostId: meeting.sideIds[side],
      name: GONE.hired,
      phone: GONE.hiredPhone,
      pairs: "[]",
      revision: 1,
    })
    .run();
  orm
    .insert(schema.interpreterPost)
    .values({ id: newId(), itemId, coHostId: meeting.sideIds[side], outsiderId, pair: "en_zh" })
    .run();
  orm
    .insert(schema.lodgingWish)
    .values({
      invitationId: one.invitationId,
      lodging: "private",
      address: GONE.lodgingAddress,
      note: GONE.wishNote,
      updatedAt: AUTUMN_2018,
      updatedBy: "lead",
    })
    .run();
  orm
    .insert(schema.cue)
    .values({
      id: newId(),
      editionId: meeting.editionId,
      sideId: meeting.sideIds[side],
      anchor: "clock",
      at: AUTUMN_2018,
      what: "Doors",
      who: GONE.cue,
      updatedAt: AUTUMN_2018,
    })
    .run();
  orm
    .insert(schema.clashAcceptance)
    .values({
      id: newId(),
      editionId: meeting.editionId,
      sideId: meeting.sideIds[side],
      kind: "person_twice",
      key: `person_twice ${side}`,
      facts: "facts",
      reason: GONE.clashReason,
      at: AUTUMN_2018,
      actorId: "lead",
    })
    .run();
  orm
    .insert(schema.travelCheck)
    .values({
      invitationId: one.invitationId,
      kind: "arrival_after_opening",
      acceptedBecause: GONE.acceptedBecause,
      acceptedFor: GONE.acceptedFor,
      at: AUTUMN_2018,
      by: "lead",
    })
    .run();
  orm
    .insert(schema.personAssistant)
    .values({
      id: newId(),
      personId: one.personId,
      name: GONE.assistant,
      email: "zz@example.org",
      locale: "en",
      mayAct: true,
      getsCopies: true,
      createdAt: AUTUMN_2018,
    })
    .run();
  orm
    .insert(schema.message)
    .values({
      id: newId(),
      editionId: meeting.editionId,
      coHostId: meeting.sideIds[side],
      kind: "agenda",
      state: "released",
      subjectEn: "Agenda",
      subjectZh: "日程",
      bodyEn: GONE.composed,
      bodyZh: "",
      audience: "{}",
      createdBy: "lead",
      createdAt: AUTUMN_2018,
    })
    .run();
  const deliveryId = newId();
  orm
    .insert(schema.delivery)
    .values({
      id: deliveryId,
      editionId: meeting.editionId,
      coHostId: meeting.sideIds[side],
      invitationId: one.invitationId,
      kind: "message",
      locale: "en",
      toAddress: GONE.mailAddress,
      toName: GONE.mailName,
      payload: JSON.stringify({ bodyEn: GONE.mailBody }),
      state: "failed",
      tries: 1,
      dueAt: AUTUMN_2018,
      messageIdHeader: `<${deliveryId}@example.org>`,
      createdAt: AUTUMN_2018,
    })
    .run();
  orm
    .insert(schema.deliveryTry)
    .values({
      id: newId(),
      deliveryId,
      at: AUTUMN_2018,
      outcome: "failed",
      code: 550,
      response: GONE.response,
    })
    .run();
  const messageId =
    orm
      .select({ id: schema.message.id })
      .from(schema.message)
      .where(eq(schema.message.coHostId, meeting.sideIds[side]))
      .get()?.id ?? "";
  orm
    .insert(schema.messageCopy)
    .values({
      messageId,
      invitationId: one.invitationId,
      subjectEn: "",
      subjectZh: "",
      bodyEn: GONE.copy,
      bodyZh: "",
      writtenBy: "lead",
      writtenAt: AUTUMN_2018,
    })
    .run();
  orm
    .insert(schema.mailSuppression)
    .values({
      id: newId(),
      editionId: meeting.editionId,
      coHostId: meeting.sideIds[side],
      address: GONE.stopped,
      reason: "mailbox_unknown",
      deliveryId,
      at: AUTUMN_2018,
    })
    .run();
  await mailboxTransport(base.db).send(
    {
      deliveryId,
      date: AUTUMN_2018,
      from: { name: "Secretariat", address: "dialogue@example.org" },
      envelopeFrom: "dialogue@example.org",
      references: [],
      to: { name: "Recipient", address: GONE.mailAddress },
      replyTo: null,
      messageId: `<${deliveryId}@example.org>`,
      subject: "Agenda",
      text: GONE.kept,
      html: `<p>${GONE.kept} ${GONE.keptSource}</p>`,
      attachments: [],
    } as never,
    async () => {},
  );
  fillLists(side, { one, hotelId });
  fillDesk(side, one);
  await handIn(one);
  return { code, letterId: letter.id, deliveryId };
}

/** What stands under a seal: nobody can read it, and still it goes. */
const SEALS = ["clearance_part", "clearance_version", "rooming_list", "upload", "import_file"] as const;

/** Lists for hosts and hotels, and why somebody has a seat. */
function fillLists(side: 0 | 1, { one, hotelId }: { one: Invitee; hotelId: string }): void {
  const { orm } = base.db;
  const { invitationId, delegationId } = one;
  const coHostId = meeting.sideIds[side];
  const visitId = meeting.visitIds[0] ?? "";
  const released = { releasedAt: AUTUMN_2018, releasedBy: "lead" };
  const frozen = { frozenAt: AUTUMN_2018, frozenBy: "lead", sha256: "of what went out" };
  const [partId, versionId] = [newId(), newId()];
  const seal = () => base.keys.seal(`ZZ passport ${newId()}`, "anywhere");
  orm
    .insert(schema.clearancePart)
    .values({ id: partId, visitId, coHostId, number: 1, facts: "[]", sealed: seal(), ...released })
    .run();
  orm.insert(schema.clearanceRow).values({ partId, invitationId, digest: GONE.rowDigest }).run();
  orm
    .insert(schema.clearanceVersion)
    .values({
      ...{ id: versionId, visitId, number: side + 1, locale: "en", sealed: seal(), ...frozen },
      ...{ people: 1, added: 1, removed: 0, changed: 0 },
    })
    .run();
  orm.insert(schema.clearanceVersionPart).values({ versionId, partId }).run();
  orm.insert(schema.clearanceEntry).values({ versionId, invitationId, row: 1 }).run();
  orm
    .insert(schema.clearanceAnswer)
    .values({ visitId, invitationId, answer: "refused", at: AUTUMN_2018, by: GONE.hostAnswer })
    .run();
  orm
    .insert(schema.visitPlace)
    .values({
      ...{ id: newId(), visitId, invitationId, delegationId, state: "granted", queueNumber: 90 + side },
      ...{ overrideReason: GONE.seatReason, clashReason: GONE.seatClash, askedAt: AUTUMN_2018 },
    })
    .run();
  orm
    .insert(schema.roomingList)
    .values({
      ...{ id: newId(), hotelId, coHostId, number: 1, sealed: seal(), rows: 1, releaseId: "release" },
      ...frozen,
    })
    .run();
}

/** What staff keep for themselves, and how institutions and others were reached. */
function fillDesk(side: 0 | 1, one: Invitee): void {
  const { orm } = base.db;
  const { editionId, personId, delegationId, invitationId } = one;
  const coHostId = meeting.sideIds[side];
  const whose = { editionId, coHostId, createdAt: AUTUMN_2018 };
  const done = { doneAt: AUTUMN_2018, dueAt: AUTUMN_2018 };
  orm
    .insert(schema.task)
    .values([
      { ...whose, ...done, id: newId(), title: GONE.taskTitle },
      { ...whose, ...done, id: newId(), source: "wishes", note: GONE.taskNote },
      { ...whose, id: newId(), title: `KEPT until it is done ${side}`, dueAt: AUTUMN_2018 },
    ])
    .run();
  orm
    .insert(schema.clashAcceptance)
    .values({
      ...{ id: newId(), editionId, sideId: coHostId, kind: "people_twice", key: "key", facts: "facts" },
      ...{ reason: GONE.clash, at: AUTUMN_2018, actorId: "lead" },
    })
    .run();
  const cue = { editionId, anchor: "clock" as const, at: AUTUMN_2018, what: "KEPT", updatedAt: 1 };
  orm
    .insert(schema.cue)
    .values({ ...cue, id: newId(), sideId: coHostId, who: GONE.cueWho, note: GONE.cueNote })
    .run();
  const edition = orm.select().from(schema.edition).where(eq(schema.edition.id, editionId)).get();
  if (edition?.hostSideId !== coHostId && side === 1) throw new Error("The second side is not the host");
  const [itemId = ""] = meeting.itemIds;
  orm
    .insert(schema.cue)
    .values({ ...cue, id: newId(), who: GONE.sharedCue })
    .run();
  orm
    .update(schema.agendaItem)
    .set({ internalNote: GONE.internal })
    .where(eq(schema.agendaItem.id, itemId))
    .run();
  orm
    .insert(schema.agendaJournal)
    .values({
      ...{ id: newId(), editionId, actorId: "lead", number: side + 1, at: AUTUMN_2018, itemId },
      step: JSON.stringify({ note: GONE.step }),
    })
    .run();
  const changeId = newId();
  orm
    .insert(schema.rosterChange)
    .values({ id: changeId, editionId, coHostId, kind: "edit", at: AUTUMN_2018, by: "lead" })
    .run();
  orm
    .insert(schema.rosterCell)
    .values([
      { changeId, invitationId, column: "phone", before: GONE.cellBefore, after: GONE.cellAfter },
      {
        ...{ changeId, invitationId, column: "answer:allergies" },
        ...{ before: GONE.listedBefore, after: GONE.listedAfter },
      },
    ])
    .run();
  orm
    .insert(schema.rosterView)
    .values({ ...whose, id: newId(), ownerId: "lead", definition: GONE.sought, usedAt: AUTUMN_2018 })
    .run();
  const exportId = newId();
  orm
    .insert(schema.exportFile)
    .values({
      ...{ id: exportId, editionId, purpose: "own", format: "xlsx", language: "en", columns: "[]" },
      ...{ classes: "[]", view: GONE.sought, people: 1, madeAt: AUTUMN_2018, madeBy: "lead", expiresAt: 1 },
    })
    .run();
  orm.insert(schema.exportSide).values({ exportId, coHostId }).run();
  orm
    .insert(schema.exportTaking)
    .values({ id: newId(), exportId, at: AUTUMN_2018, by: GONE.exportTaker, people: 1 })
    .run();
  const importId = newId();
  orm
    .insert(schema.rosterImport)
    .values({ id: importId, editionId, coHostId, at: AUTUMN_2018, by: "lead", changeId, rows: 1 })
    .run();
  orm
    .insert(schema.rosterImportRow)
    .values({ importId, invitationId, before: GONE.importTrace, beside: GONE.besideTrace })
    .run();
  const fileId = newId();
  orm
    .insert(schema.importFile)
    .values({
      ...{ id: fileId, editionId, coHostId, by: "lead", delegationId, mapping: "{}", rows: 1 },
      ...{ sealed: base.keys.seal("ZZ list", "anywhere"), createdAt: AUTUMN_2018 },
    })
    .run();
  const focalPointId = newId();
  const token = { tokenHash: focalPointId, tokenGeneration: 1, tokenExpiresAt: AUTUMN_2018 };
  orm
    .insert(schema.focalPoint)
    .values({
      ...{ id: focalPointId, editionId, delegationId, name: GONE.focal, email: GONE.focalEmail },
      ...{ ...token, locale: "en", places: 1, createdAt: AUTUMN_2018 },
    })
    .run();
  orm
    .insert(schema.nomination)
    .values({
      ...{ id: newId(), focalPointId, email: GONE.proposedEmail, note: GONE.proposedNote },
      ...{ state: "declined", createdAt: AUTUMN_2018 },
    })
    .run();
  const mergedId = newId();
  orm
    .insert(schema.person)
    .values({
      ...{ id: mergedId, coHostId, nameLatin: "Merged", sortKey: "merged", email: GONE.mergedEmail },
      ...{ emailKey: GONE.mergedEmail, locale: "en", mergedIntoId: personId, note: GONE.cardNote },
      ...{ createdAt: AUTUMN_2018, updatedAt: AUTUMN_2018 },
    })
    .run();
  orm
    .insert(schema.personMerge)
    .values({
      ...{ id: newId(), keptId: personId, mergedId, at: AUTUMN_2018, by: "lead" },
      before: JSON.stringify({
        before: { email: GONE.mergedEmail, note: GONE.cardNote },
        after: { email: GONE.mergedEmail, note: GONE.cardNote },
      }),
    })
    .run();
  orm
    .insert(schema.device)
    .values({
      ...{ id: newId(), invitationId, tokenHash: newId(), browser: GONE.browser },
      ...{ createdAt: AUTUMN_2018, expiresAt: AUTUMN_2018 },
    })
    .run();
  orm
    .insert(schema.accessCode)
    .values({
      ...{ id: newId(), invitationId, channel: "self", createdAt: AUTUMN_2018 },
      ...{ expiresAt: AUTUMN_2018, tries: 0 },
    })
    .run();
}

/** A file of somebody's, in the vault beside the database. */
async function handIn({ invitationId }: Invitee): Promise<void> {
  const stored = newVaultFile();
  const vault = join(folder, "uploads");
  const bytes = (await writeVaultFile(vault, stored, one(Buffer.from("a report")), { most: 100 })) ?? 0;
  const id = newId();
  base.db.orm
    .insert(schema.upload)
    .values({
      ...{ id, invitationId, question: "qfile0001", state: "kept", dataClass: "C4" },
      ...{ mediaType: "application/pdf", bytes, stored: stored.name, createdAt: AUTUMN_2018 },
      sealed: sealSecret(base.keys, id, { key: stored.key, title: "ZZ diagnosis.pdf" }),
    })
    .run();
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** All bytes of the database: the file, its log, and whatever else lies beside it. */
function bytes(): string {
  return ["", "-wal", "-shm"].map((suffix) => readFileSync(file + suffix).toString("latin1")).join("\n");
}

function found(): Array<string> {
  const all = bytes();
  return Object.entries(GONE)
    .filter(([, text]) => all.includes(text))
    .map(([name]) => name);
}

const whole = () => ({ editionId: meeting.editionId, sideIds: meeting.sideIds });
const daysAfter = (days: number) => base.clock.set(Date.parse(`${meeting.travelTo}T08:00:00Z`) + days * DAY);

describe("after a purge", () => {
  it("nothing of it is in any byte of the database, and names, consents and the trail are", async () => {
    const { code, letterId, deliveryId } = await fill(0, staff);
    const one = person(0, 0);
    const { sqlite } = base.db;
    const ciphers = () =>
      sqlite
        .prepare(
          ["travel_document", "registration_sealed", "letter", "change_request", ...SEALS]
            .map((table) => `select sealed from ${table}`)
            .join(" union all "),
        )
        .pluck()
        .all()
        .map(String)
        .filter((text) => text !== "");
    const sealed = ciphers();
    expect(sealed).toHaveLength(4 + SEALS.length);
    expect(await vaultFiles(join(folder, "uploads"))).toHaveLength(1);
    expect(found()).toEqual(Object.keys(GONE));
    for (const cipher of sealed) expect(bytes()).toContain(cipher.slice(0, 40));
    const consents = sqlite.prepare("select count(*) from consent").pluck().get();
    const events = sqlite.prepare("select count(*) from audit_event").pluck().get() as number;

    daysAfter(91);
    const done = await purge({ ...base, actor: { kind: "operator", id: "command" } }, whole());
    expect(done).toMatchObject({ ok: true, value: { cleaned: true } });

    expect(found()).toEqual([]);
    for (const cipher of sealed) expect(bytes()).not.toContain(cipher.slice(0, 40));
    expect(await vaultFiles(join(folder, "uploads"))).toEqual([]);
    expect(bytes()).not.toContain(one.email);
    expect(bytes()).toContain("KEPT until it is done 0");
    expect(bytes()).toContain(one.nameLatin);
    expect(bytes()).toContain("KEPT plain answer");
    expect(ciphers()).toEqual([]);
    expect(sqlite.prepare("select count(*) from consent").pluck().get()).toBe(consents);
    expect(sqlite.prepare("select count(*) from audit_event").pluck().get()).toBeGreaterThan(events);
    expect(sqlite.pragma("foreign_key_check")).toEqual([]);
    // A reader of the letter on paper is still told that it is genuine; nobody gets it as a file any more.
    expect(confirmLetter(base, code).state).toBe("genuine");
    expect(await takeLetter(staff, letterId)).toBeNull();
    expect(await retryDelivery(staff, deliveryId)).toMatchObject({ ok: false });
  });

  it("is not there a second time: nothing is found, written or reported", async () => {
    await fill(0, staff);
    daysAfter(91);
    const first = await purge(base, whole());
    const reports = base.db.orm.select().from(schema.purgeReport).all();
    expect(first.ok && first.value.sides.length).toBe(reports.length);
    const again = await purge(base, whole());
    expect(again).toEqual({ ok: true, value: { sides: [], cleaned: true } });
    expect(base.db.orm.select().from(schema.purgeReport).all()).toEqual(reports);
  });

  it("the triggers that keep the trail stand again, and three years later it goes as well", async () => {
    await fill(0, staff);
    daysAfter(91);
    await purge(base, whole());
    const { sqlite } = base.db;
    expect(() => sqlite.exec("delete from audit_event")).toThrow("append-only");
    expect(() => sqlite.exec("update invitation_event set note = 'x'")).toThrow("append-only");
    daysAfter(3 * 366 + 1);
    await purge(base, whole());
    expect(sqlite.prepare("select count(*) from consent").pluck().get()).toBe(0);
    expect(
      sqlite
        .prepare(
          "select distinct action from audit_event where co_host_id is not null and edition_id is not null",
        )
        .pluck()
        .all(),
    ).toEqual(["retention.purge"]);
    expect(() => sqlite.exec("delete from audit_event")).toThrow("append-only");
  });
});

/**
 * Tables of which nothing is purged before the trail is. A new table belongs here, or its words are to be planted above
 * and its place is to be emptied.
 */
const KEPT: Readonly<Record<string, ReadonlyArray<string>>> = {
  "of people who work here": ["user", "session", "account", "verification", "two_factor", "set_up_link"],
  "of what they may and want": ["staff_permission", "staff_look", "task_digest"],
  "of the meeting, and nobody's": ["series", "co_host", "edition", "edition_co_host", "delegation", "venue"],
  "what houses have": ["venue_access"],
  "of the programme as it was": [
    "agenda_item_delegation",
    "agenda_version",
    "agenda_notice_side",
    "venue_way",
  ],
  "names and posts, as the contact book has them": ["person_name", "person_not_double", "invitation"],
  "who had a part in what, and when": [
    ...[
      "agenda_function",
      "agenda_seen",
      "interpreter_post",
      "assistant_link",
      "registration",
      "clearance_entry",
    ],
    ...["release", "release_person", "visit_draw", "visit_draw_ticket", "clearance_version_part"],
  ],
  "words for everybody": ["invitation_text", "mail_template", "letterhead", "letter_template"],
  "what was asked and offered": ["registration_form", "site_visit", "visit_quota", "reminder_schedule"],
  "that lists were changed, and of which sides files are": ["roster_change", "roster_import", "export_side"],
  "how many there are of whom": ["roster_count"],
  "what headings of files mean": ["import_mapping"],
  "numbers of rooms and seats": ["room_type", "room_stock", "room_night", "hotel", "meal_table"],
  "records of the purge itself": ["retention_date", "purge_report", "upload_removal", "mail_pace"],
  "records, purged after years": ["consent", "audit_event"],
};

describe("every table", () => {
  it("is either kept for a reason or has something planted in it that goes", async () => {
    await fill(0, staff);
    await fill(1, others);
    const { sqlite } = base.db;
    const isPlanted = (table: string) =>
      SEALS.some((sealed) => sealed === table) ||
      ["travel_document", "registration_sealed", "letter"].includes(table) ||
      ["guest_night", "access_code", "redo", "meal_seat", "printed_card"].includes(table) ||
      sqlite
        .prepare(`select * from "${table}"`)
        .all()
        .some((row) => Object.values(GONE).some((word) => JSON.stringify(row).includes(word)));
    const tables = sqlite
      .prepare("select name from sqlite_schema where type = 'table' and name not like '\\_\\_%' escape '\\'")
      .pluck()
      .all()
      .map(String)
      .filter((name) => name !== "migration" && !name.startsWith("sqlite_"));
    const kept = Object.values(KEPT).flat();
    expect(tables.filter((table) => !kept.includes(table) && !isPlanted(table))).toEqual([]);
    expect(kept.filter((table) => !tables.includes(table) || isPlanted(table))).toEqual([]);
    daysAfter(91);
    await purge(base, whole());
    const rowsOf = (table: string) => sqlite.prepare(`select count(*) from "${table}"`).pluck().get();
    for (const table of [
      "guest_night",
      "room_guest",
      "trip_passenger",
      "lapsed_ride",
      "own_way",
      "travel_leg",
      "redo",
      "meal_seat",
      "printed_card",
    ])
      expect([table, rowsOf(table)]).toEqual([table, 0]);
    for (const table of ["upload", "device", "access_code", "clearance_answer", "message_copy"])
      expect([table, rowsOf(table)]).toEqual([table, 0]);
    expect(found()).toEqual([]);
  });
});

describe("what falls due", () => {
  it("goes class by class, each from its day on and not a day before", async () => {
    await fill(0, staff);
    const due = () => [...new Set(retentionPage(staff)?.sides[0]?.due.map(({ kind }) => kind))];
    daysAfter(29);
    expect(due()).toEqual([]);
    daysAfter(30);
    expect(due()).toEqual(["C5", "C4", "C3"]);
    await purge(base, whole());
    expect(found()).toEqual([
      "phone",
      "secondEmail",
      "ownPhone",
      "mailBody",
      "mailAddress",
      "response",
      "kept",
      "assistant",
      "cardNote",
      "composed",
      "cue",
      "clashReason",
      "clash",
      "cueWho",
      "cueNote",
      "sharedCue",
      "step",
      "cellBefore",
      "cellAfter",
      "exportTaker",
      "sought",
      "importTrace",
      "focal",
      "focalEmail",
      "proposedEmail",
      "proposedNote",
      "mergedEmail",
      "browser",
      "mailName",
      "keptSource",
      "copy",
      "stopped",
      "hired",
      "hiredPhone",
    ]);
    daysAfter(89);
    expect(due()).toEqual([]);
    daysAfter(90);
    expect(due()).toEqual(["C2", "mail"]);
  });

  it("leaves contact data with who agreed to be asked again, until they take it back", async () => {
    const [agreed, tookBack] = [person(0, 1), person(0, 2)];
    const say = (one: Invitee, given: boolean, at: number) =>
      base.db.orm
        .insert(schema.consent)
        .values({
          id: newId(),
          invitationId: one.invitationId,
          kind: "next_edition",
          given,
          textVersion: 1,
          locale: "en",
          channel: "self",
          at,
        })
        .run();
    say(agreed, true, AUTUMN_2018);
    say(tookBack, true, AUTUMN_2018);
    say(tookBack, false, AUTUMN_2018 + 1);
    daysAfter(91);
    await purge(base, whole());
    const emailOf = ({ personId }: Invitee) =>
      base.db.orm.select().from(schema.person).where(eq(schema.person.id, personId)).get()?.email;
    expect(emailOf(agreed)).toBe(agreed.email);
    expect(emailOf(tookBack)).toBeNull();
  });

  it("leaves contact data with who is invited to a later edition, and takes it after that one", async () => {
    const one = person(0, 0);
    const later = writeMeeting(base.db.orm, base.keys, {
      slug: "next",
      people: 2,
      seats: [],
      now: AUTUMN_2018 + 365 * DAY,
    });
    base.db.orm
      .update(schema.invitation)
      .set({ personId: one.personId })
      .where(eq(schema.invitation.id, later.invitees[0]?.invitationId ?? ""))
      .run();
    daysAfter(91);
    await purge(base, whole());
    expect(bytes()).toContain(one.email);
    expect(bytes()).not.toContain(person(0, 1).email);
  });
});

describe("two sides", () => {
  it("purge their own people alone, and see nobody else's, not even as a number", async () => {
    await fill(0, staff);
    await fill(1, others);
    await queueInvitationMails(base, meeting.invitees);
    daysAfter(91);
    const theirs = retentionPage(others);
    const mine = retentionPage(staff);
    expect(mine?.sides.map(({ sideId }) => sideId)).toEqual([meeting.sideIds[0]]);
    const shown = mine?.sides[0]?.shown ?? "";
    expect(mine?.sides[0]?.people.map(({ nameLatin }) => nameLatin)).not.toContain(person(1, 0).nameLatin);
    expect(
      await purge(staff, { editionId: meeting.editionId, sideIds: [meeting.sideIds[0]], shown }),
    ).toMatchObject({ ok: true });
    expect(retentionPage(others)).toEqual(theirs);
    expect(retentionPage(staff)?.sides[0]?.due).toEqual([]);
    expect(bytes()).toContain(person(1, 0).email);
  });

  it("set their own days, never before the end of travel, and never shorten the trail", async () => {
    const days = (rest: Record<string, string>) => {
      const usual = Object.fromEntries(
        (["C2", "C3", "C4", "C5", "mail", "records"] as const).map((kind) => [
          `due_${kind}`,
          usualDay(kind, meeting.travelTo),
        ]),
      );
      return retentionForm(meeting).safeParse({ ...usual, ...rest });
    };
    expect(days({ due_C5: meeting.travelTo }).error?.issues[0]?.message).toBe("retention.error.tooEarly");
    expect(days({ due_records: usualDay("mail", meeting.travelTo) }).error?.issues[0]?.message).toBe(
      "retention.error.records",
    );
    const parsed = days({ due_C3: usualDay("C2", meeting.travelTo) });
    if (!parsed.success) throw parsed.error;
    expect(await changeRetention(staff, { sideId: meeting.sideIds[0], days: parsed.data })).toEqual({
      ok: true,
      value: { changed: 1 },
    });
    expect(await changeRetention(staff, { sideId: meeting.sideIds[1], days: parsed.data })).toEqual({
      ok: false,
      refusal: "gone",
    });
    const dueOn = (ctx: StaffContext) =>
      retentionPage(ctx)?.sides[0]?.kinds.find(({ kind }) => kind === "C3")?.dueOn;
    expect(dueOn(staff)).toBe(usualDay("C2", meeting.travelTo));
    expect(dueOn(others)).toBe(usualDay("C3", meeting.travelTo));
  });
});

describe("a purge from a page", () => {
  it("removes what was shown or nothing; of many who confirm at once, one purges", async () => {
    await fill(0, staff);
    daysAfter(91);
    const shown = retentionPage(staff)?.sides[0]?.shown ?? "";
    const ask = { editionId: meeting.editionId, sideIds: [meeting.sideIds[0]], shown };
    base.db.orm
      .insert(schema.accessCode)
      .values({
        id: newId(),
        invitationId: person(0, 2).invitationId,
        channel: "self",
        createdAt: 0,
        expiresAt: 0,
        tries: 0,
      })
      .run();
    expect(await purge(staff, ask)).toEqual({ ok: false, refusal: "changed" });
    expect(found()).toEqual(Object.keys(GONE));
    const now = { ...ask, shown: retentionPage(staff)?.sides[0]?.shown ?? "" };
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => purge(staff, now)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(base.db.orm.select().from(schema.purgeReport).all()).toHaveLength(1);
  });
});

describe("the report", () => {
  it("counts what went, names nobody, names older copies, and cannot be changed unnoticed", async () => {
    await fill(0, staff);
    daysAfter(91);
    await base.db.sqlite.backup(join(folder, "yesterday.db"));
    writeFileSync(join(folder, "notes.txt"), "no database");
    const preview = previewPurge(base, whole())[0]?.lines;
    const done = await purge(staff, { editionId: meeting.editionId, sideIds: [meeting.sideIds[0]] });
    const reportId = done.ok ? (done.value.sides[0]?.reportId ?? "") : "";
    const text = purgeReportFile(base, staff.scope, reportId) ?? "";
    const { report } = JSON.parse(text);
    expect(report).toMatchObject({ edition: "beijing", by: "staff", removed: preview, fileCleaned: true });
    expect(report.olderCopies.map(({ name }: { name: string }) => name)).toEqual(["yesterday.db"]);
    expect(text).not.toContain(person(0, 0).nameLatin);
    expect(purgeReportFile(base, others.scope, reportId)).toBeNull();
    expect(isOurReport(base.keys, text)).toBe(true);
    expect(isOurReport(base.keys, text.replace('"items": 1', '"items": 2'))).toBe(false);
    expect(isOurReport(deriveKeys(Buffer.alloc(32, 8)), text)).toBe(false);
  });

  it("is written without letting go of what this process has locked", async () => {
    const lock = lockDataDirectory(folder);
    await fill(0, staff);
    daysAfter(91);
    expect(await purge(staff, { editionId: meeting.editionId, sideIds: [meeting.sideIds[0]] })).toMatchObject(
      {
        ok: true,
      },
    );
    const { sqlite } = base.db;
    sqlite.exec("begin immediate; create table mark (x); insert into mark values (1)");
    // What another program sees while we write: the data of before, and that the folder is taken.
    expect(
      elsewhere(`new SQLite(${JSON.stringify(file)}).prepare("select count(*) from person").pluck().get()`),
    ).toBe(String(sqlite.prepare("select count(*) from person").pluck().get()));
    expect(
      elsewhere(
        `new SQLite(${JSON.stringify(join(folder, "server.lock"))}, { timeout: 0 }).exec("begin exclusive")`,
      ),
    ).toBe("SQLITE_BUSY");
    sqlite.exec("commit");
    expect(elsewhere(`new SQLite(${JSON.stringify(file)}).prepare("select x from mark").pluck().get()`)).toBe(
      "1",
    );
    lock.release();
  });

  it("says so while another program holds the file, and the next purge cleans it", async () => {
    await fill(0, staff);
    daysAfter(91);
    const reader = openDatabase(file);
    base.db.sqlite.pragma("busy_timeout = 1");
    reader.sqlite.exec("begin");
    reader.sqlite.prepare("select count(*) from person").get();
    expect(await purge(base, whole())).toMatchObject({ ok: true, value: { cleaned: false } });
    expect(retentionPage(staff)?.sides[0]?.reports).toMatchObject([{ cleaned: false }]);
    reader.sqlite.exec("commit");
    reader.close();
    expect(await purge(base, whole())).toEqual({ ok: true, value: { sides: [], cleaned: true } });
    expect(retentionPage(staff)?.sides[0]?.reports).toMatchObject([{ cleaned: true }]);
    expect(found()).toEqual([]);
  });
});

/** What an expression comes to in a process of its own; the error's code where it fails. */
function elsewhere(expression: string): string {
  const script = `
    import SQLite from "better-sqlite3";
    try { console.log(${expression}); } catch (error) { console.log(error.code); }`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: process.cwd() })
    .stdout.toString()
    .trim();
}
