import { Readable } from "node:stream";
import { and, eq } from "drizzle-orm";
import { nameAssistantFor } from "#app/domain/access/assistants.server.ts";
import { addStaff, createSetUpLink } from "#app/domain/access/commands.server.ts";
import { addAgendaItem, assignFunction, publishAgenda } from "#app/domain/agenda/commands.server.ts";
import { agendaItemForm } from "#app/domain/agenda/form.ts";
import { addContact } from "#app/domain/contact/commands.server.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { addCue } from "#app/domain/cue/commands.server.ts";
import { cueForm } from "#app/domain/cue/form.ts";
import { makeExport } from "#app/domain/export/commands.server.ts";
import { narrowingOf } from "#app/domain/export/form.ts";
import { importTable } from "#app/domain/import/commands.server.ts";
import { keepFile } from "#app/domain/import/files.server.ts";
import { changeInvitationText, recordReply } from "#app/domain/invitation/commands.server.ts";
import { issueLetter, saveLetterhead } from "#app/domain/letter/commands.server.ts";
import { letterheadForm } from "#app/domain/letter/form.ts";
import { blockNights, saveHotel, saveRoomType } from "#app/domain/lodging/block.server.ts";
import { bookRoom } from "#app/domain/lodging/commands.server.ts";
import { freezeRoomingList, roomingPage } from "#app/domain/lodging/rooming.server.ts";
import { draftMessage } from "#app/domain/mail/commands.server.ts";
import { messageForm } from "#app/domain/mail/form.ts";
import { messagePage } from "#app/domain/mail/queries.server.ts";
import { letGo, releaseMessage } from "#app/domain/mail/release.server.ts";
import { askInstitution } from "#app/domain/nomination/commands.server.ts";
import { proposeNames } from "#app/domain/nomination/holder.server.ts";
import { focalPointPage } from "#app/domain/nomination/queries.server.ts";
import { insertRelease, tableToRelease } from "#app/domain/privacy/release.server.ts";
import { PLAIN_QUESTION } from "#app/domain/registration/definition.ts";
import { USUAL_VIEW } from "#app/domain/roster/rules.ts";
import { correctJourney } from "#app/domain/travel/commands.server.ts";
import { legEnd } from "#app/domain/travel/rules.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { travelDocumentForm } from "#app/domain/travel-document/form.ts";
import { takeUpload } from "#app/domain/upload/commands.server.ts";
import { vaultOf } from "#app/domain/upload/record.server.ts";
import { saveTrip, saveVehicle, seatPassenger } from "#app/domain/vehicle/commands.server.ts";
import { manifestPage } from "#app/domain/vehicle/queries.server.ts";
import { paths } from "#app/paths.ts";
import { hashToken, newId } from "#app/platform/crypto.server.ts";
import { newVaultFile, writeVaultFile } from "#app/platform/vault.server.ts";
import type { Orm } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { pdf } from "./files.ts";
import { type Invitee, type Meeting, queueInvitationMails, writeMeeting } from "./meeting.ts";
import { type Visitor, visitor } from "./server.ts";
import { tableOf } from "./tables.ts";

/*
 * Two editions, each of two sides; the first side of both is the same co-host, as in a series. Everything that belongs
 * to a side carries that side's own word, so that a page which shows a word too many gives itself away.
 */

/** One side at one edition, with a thing of every kind that belongs to it alone. */
export type Side = {
  slug: string;
  meeting: Meeting;
  sideId: string;
  delegationId: string;
  /** The word in the names, posts, addresses and letters of this side, in Latin letters and in Chinese. */
  words: readonly [latin: string, chinese: string];
  /** The first two are to register, the third proposed a colleague, the fourth has not been sent anything. */
  people: readonly [Invitee, Invitee, Invitee, Invitee];
  /** Two drafts, and a message that went out. */
  messageIds: readonly [draft: string, otherDraft: string, released: string];
  /** Messages that are to go out much later. */
  heldMessageIds: readonly [string, string];
  /** An address to which nothing goes any more. */
  stoppedId: string;
  /** A mail that failed. */
  deliveryId: string;
  /** Two cards of the side's contact book that look like one person's; neither is invited to this edition. */
  cardIds: readonly [string, string];
  /** Assistants with a link of their own: of the first of its people, and of the second. */
  assistant: OwnLink;
  otherAssistant: OwnLink;
  /** Makes a login of this side; works once. */
  setUpLink: string;
  /** What this side gave to a hotel, which only its lead may look at. */
  outsideReleaseId: string;
  /** What the other side of the edition gave to this one. */
  receivedReleaseId: string;
  /** What an earlier purge of this side reported. */
  purgeReportId: string;
  /** What the preview of the second person's Latin name says of itself. */
  previewHash: string;
  /** What the second of its people asked to be changed after the deadline. */
  changeRequestId: string;
  /** A hotel of this side's, the room of the second of its people in it, and the list that the hotel got. */
  hotel: { hotelId: string; typeId: string; roomId: string; listId: string };
  /** A vehicle, and a trip with the first of its people in it. */
  vehicleId: string;
  trip: { tripId: string; passengerId: string };
  /** What the third of its people asked about their data, and a letter that is to be done again. */
  dataRequestId: string;
  redoId: string;
  /** Somebody who works for this side in this edition, and two who were asked to. */
  colleagueId: string;
  openInvitations: readonly [string, string];
  /** The contact of an institution that was asked for names, their link, and the two names that came. */
  focalPointId: string;
  nominationLink: string;
  nominationIds: readonly [string, string];
  /** A visa letter of its second person. */
  letterId: string;
  /** Files that its first and its second person handed in. */
  uploadIds: readonly [string, string];
  /** A line of the run of show that is this side's alone. */
  cueId: string;
  /** Links to files of its people: two that may be taken, and ended. */
  exportIds: readonly [string, string];
  /** Lists that wait to be imported, about its first two people, and an import that changed the fourth. */
  importFileIds: readonly [string, string];
  importId: string;
};

async function exportOf(desk: StaffContext): Promise<string> {
  const made = await makeExport(desk, {
    purpose: "participants",
    format: "csv",
    language: "en",
    columns: ["nameLatin", "nameNative"],
    wanted: { view: USUAL_VIEW, narrowing: narrowingOf({}), order: "pinyin" },
  });
  if (!made.ok) throw new Error(made.refusal);
  return made.value.exportId;
}

async function cueOf(desk: StaffContext, meeting: Meeting, latin: string): Promise<string> {
  const cue = { anchor: "clock", day: meeting.startsOn, time: "08:30", what: `${latin} opens the doors` };
  const added = await addCue(desk, cueForm.parse({ ...cue, who: `${latin} at the door` }));
  if (!added.ok) throw new Error(added.refusal);
  return added.value.cueId;
}

async function imported(
  desk: StaffContext,
  delegationId: string,
  people: Side["people"],
): Promise<Pick<Side, "importFileIds" | "importId">> {
  const list = (chosen: ReadonlyArray<Invitee>) =>
    tableOf(["Email,Phone", ...chosen.map(({ email }) => `${email},+1 202 555 0100`)].join("\r\n"));
  const table = await list(people.slice(0, 2));
  const waits = async () => {
    const kept = await keepFile(desk, { table, delegationId, interpreterDelegationId: null });
    if (!kept.ok) throw new Error(kept.refusal);
    return kept.value.fileId;
  };
  const done = await importTable(desk, { table: await list([people[3]]), delegationId });
  if (!done.ok) throw new Error(done.refusal);
  return { importFileIds: [await waits(), await waits()], importId: done.value.importId };
}

/** Somebody else's own link to an invitation. */
export type OwnLink = { linkId: string; token: string };

export type TwoEditions = { home: Side; away: Side; elsewhere: Side; elsewhereAway: Side };

export const PASSWORD = "four unrelated words here";

/** What a specimen's passport says. */
export const PASSPORT = {
  state: "known",
  familyName: "SPECIMEN",
  givenNames: "ANNA",
  gender: "F",
  birthDate: "1974-08-12",
  nationalityEn: "Utopian",
  number: "L898902C3",
  expiresOn: "2030-01-01",
  applyAtEn: "New York",
};

/** Logins by what they may do; each works for the first side of the first edition unless its name says otherwise. */
export const LOGINS = [
  "lead",
  "awayLead",
  "elsewhereLead",
  "reader",
  "mailer",
  "inviter",
  "planner",
  "leaver",
  "dismissed",
  "ending",
  "signedOut",
  "bookkeeper",
  "awayBookkeeper",
] as const;
export type Login = (typeof LOGINS)[number];

export function addressOf(login: Login): string {
  return `${login.toLowerCase()}@staff.example`;
}

/** The browser of somebody who has signed in. */
export async function signedIn({ url }: { url: string }, login: Login): Promise<Visitor> {
  const browser = visitor(url);
  await browser.post(paths.signIn(), { email: addressOf(login), password: PASSWORD });
  return browser;
}

/** Writes all of it into an empty database, by the commands of daily life where there is one. */
export async function writeTwoEditions(ctx: DomainContext): Promise<TwoEditions> {
  const plan = { people: 8, seats: [{ capacity: 2, quota: null }], now: ctx.clock.now() };
  const { orm } = ctx.db;
  const north = writeMeeting(orm, ctx.keys, { ...plan, slug: "north" });
  const south = joined(orm, writeMeeting(orm, ctx.keys, { ...plan, slug: "south" }), north.sideIds[0]);
  const [home, away] = await withReleases(
    ctx,
    await side(ctx, { slug: "north", meeting: north, index: 0, words: ["Quillfeather", "鹅毛笔"] }),
    await side(ctx, { slug: "north", meeting: north, index: 1, words: ["Zwetschge", "西梅干"] }),
  );
  const [elsewhere, elsewhereAway] = await withReleases(
    ctx,
    await side(ctx, { slug: "south", meeting: south, index: 0, words: ["Marmalade", "橘子酱"] }),
    await side(ctx, { slug: "south", meeting: south, index: 1, words: ["Durianesque", "榴莲糖"] }),
  );
  const grants: Readonly<Record<Login, readonly [Side, Permission]>> = {
    lead: [home, "lead"],
    awayLead: [away, "lead"],
    elsewhereLead: [elsewhere, "lead"],
    reader: [home, "read_only"],
    mailer: [home, "mail"],
    inviter: [home, "invitations"],
    planner: [home, "agenda"],
    leaver: [home, "lead"],
    dismissed: [home, "lead"],
    ending: [home, "lead"],
    signedOut: [home, "lead"],
    bookkeeper: [home, "invitations"],
    awayBookkeeper: [away, "invitations"],
  };
  // Whoever keeps a side's contact book works for all its editions.
  const everywhere: ReadonlyArray<Login> = ["bookkeeper", "awayBookkeeper"];
  for (const login of LOGINS) {
    const [{ sideId, meeting }, permission] = grants[login];
    await addStaff(ctx, {
      name: login,
      email: addressOf(login),
      password: PASSWORD,
      access: [
        { coHostId: sideId, editionId: everywhere.includes(login) ? null : meeting.editionId, permission },
      ],
    });
  }
  return { home, away, elsewhere, elsewhereAway };
}

type SideAlone = Omit<Side, "outsideReleaseId" | "receivedReleaseId" | "purgeReportId" | "previewHash">;

/** Each of two sides of an edition releases the names of two people to the other, and to a hotel. */
async function withReleases(ctx: DomainContext, one: SideAlone, other: SideAlone): Promise<[Side, Side]> {
  const give = (from: SideAlone, to: SideAlone | null) =>
    ctx.db.write((tx) =>
      insertRelease(tx, deskOf(ctx, from), {
        fromSideId: from.sideId,
        toSideId: to?.sideId ?? null,
        recipient: to === null ? "A hotel" : "",
        purpose: "Names to be expected",
        columns: ["nameLatin", "nameNative"],
        invitationIds: [from.people[0].invitationId, from.people[1].invitationId],
        expiresAt: ctx.clock.now() + 86_400_000,
      }),
    );
  const whole = async (side: SideAlone, opposite: SideAlone): Promise<Side> => ({
    ...side,
    outsideReleaseId: await give(side, null),
    receivedReleaseId: await give(opposite, side),
    purgeReportId: reported(ctx.db.orm, side),
    previewHash: tableToRelease(ctx.db.orm, {
      editionId: side.meeting.editionId,
      fromSideId: side.sideId,
      toSideId: null,
      columns: ["nameLatin"],
      invitationIds: [side.people[1].invitationId],
    }).hash,
  });
  return [await whole(one, other), await whole(other, one)];
}

/** Journeys are due to be purged, and something was purged before. */
function reported(orm: Orm, { meeting, sideId }: SideAlone): string {
  orm
    .insert(schema.retentionDate)
    .values({
      editionId: meeting.editionId,
      coHostId: sideId,
      kind: "C3",
      dueOn: "2018-01-01",
      changedAt: 0,
      changedBy: "seed",
    })
    .run();
  const id = newId();
  orm
    .insert(schema.purgeReport)
    .values({
      id,
      editionId: meeting.editionId,
      coHostId: sideId,
      at: 0,
      report: JSON.stringify({ removed: [] }),
      sha256: "",
      signature: "",
      cleanedAt: 0,
    })
    .run();
  return id;
}

/** Somebody hands in a file. */
async function handedIn(
  ctx: DomainContext,
  { meeting }: { meeting: Meeting },
  who: Invitee,
): Promise<string> {
  const folder = vaultOf(ctx.db);
  if (folder === null) throw new Error("These editions lie in a file");
  const file = newVaultFile();
  const bytes = pdf();
  await writeVaultFile(folder, file, Readable.from([bytes]), { most: bytes.length });
  const taken = await takeUpload(
    {
      ...ctx,
      actor: { kind: "invitee", id: who.invitationId },
      scope: { editionId: meeting.editionId, invitationId: who.invitationId },
      locale: "en",
      assistant: null,
    },
    { folder, scanner: null },
    {
      arrived: { file, bytes: bytes.length, title: "paper.pdf" },
      question: {
        ...PLAIN_QUESTION,
        key: "qfile0001",
        type: "file",
        label: { en: "Paper", zh: "论文" },
        dataClass: "C2",
      },
      crop: null,
    },
  );
  if (!taken.ok) throw new Error(taken.refusal);
  return taken.value;
}

function deskOf(ctx: DomainContext, { sideId, meeting }: Pick<Side, "sideId" | "meeting">): StaffContext {
  return {
    ...ctx,
    actor: { kind: "staff", id: "test" },
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
  };
}

/** Makes a known co-host the meeting's first side. */
function joined(orm: Orm, meeting: Meeting, sideId: string): Meeting {
  const [before, other] = meeting.sideIds;
  for (const table of [schema.editionCoHost, schema.delegation, schema.person])
    orm.update(table).set({ coHostId: sideId }).where(eq(table.coHostId, before)).run();
  return {
    ...meeting,
    sideIds: [sideId, other],
    invitees: meeting.invitees.map((one) => (one.sideId === before ? { ...one, sideId } : one)),
  };
}

async function side(
  ctx: DomainContext,
  {
    slug,
    meeting,
    index,
    words,
  }: { slug: string; meeting: Meeting; index: 0 | 1; words: readonly [string, string] },
): Promise<SideAlone> {
  const { orm } = ctx.db;
  const sideId = meeting.sideIds[index];
  const delegationId = meeting.delegationIds[index];
  const [latin, chinese] = words;
  const branded = meeting.invitees
    .filter((one) => one.delegationId === delegationId)
    .map((one, n): Invitee => {
      const email = `person-${n}@${latin.toLowerCase()}.example`;
      const nameLatin = `${latin} Person ${n}`;
      orm
        .update(schema.person)
        .set({
          familyLatin: latin,
          givenLatin: `Person ${n}`,
          nameLatin,
          familyNative: chinese,
          nameNative: `${chinese}${n}`,
          institutionEn: `Institute of ${latin}`,
          institutionZh: `${chinese}研究所`,
          positionEn: `Head of ${latin}`,
          positionZh: `${chinese}主任`,
          email,
          emailKey: email,
          phone: null,
        })
        .where(eq(schema.person.id, one.personId))
        .run();
      return { ...one, email, nameLatin };
    });
  const [first, second, third, fourth] = branded;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error("A side needs four people");
  const people = [first, second, third, fourth] as const;
  const desk = deskOf(ctx, { sideId, meeting });
  orm
    .update(schema.invitation)
    .set({ sentAt: null, reply: "none", repliedAt: null })
    .where(eq(schema.invitation.id, fourth.invitationId))
    .run();
  orm
    .delete(schema.invitationEvent)
    .where(
      and(
        eq(schema.invitationEvent.invitationId, fourth.invitationId),
        eq(schema.invitationEvent.kind, "sent"),
      ),
    )
    .run();
  await changeInvitationText(desk, {
    sideId,
    texts: {
      subjectEn: `${latin} invites`,
      bodyEn: `A letter of ${latin}.`,
      subjectZh: `${chinese}邀请`,
      bodyZh: `${chinese}来函。`,
    },
  });
  const [, , , session] = meeting.itemIds;
  await assignFunction(desk, {
    itemId: session ?? "",
    invitationId: first.invitationId,
    function: "presenter",
  });
  await publishAgenda(desk);
  // For everybody, and not published: whoever publishes next has a change to tell them.
  await addAgendaItem(
    desk,
    agendaItemForm.parse({
      kind: "free",
      day: meeting.startsOn,
      start: "21:00",
      end: "22:00",
      titleEn: "A walk",
      titleZh: "散步",
      audience: "all",
    }),
  );
  await recordReply(desk, {
    invitationId: third.invitationId,
    reply: "substitute_proposed",
    note: `A colleague at ${latin}`,
    askAgainOn: null,
  });
  await landsLate(desk, meeting, first);
  await leaves(desk, meeting, first);
  let drafts = 0;
  const draft = async () => {
    drafts += 1;
    const made = await draftMessage(
      desk,
      messageForm.parse({
        sideId,
        subjectEn: `Programme, ${latin}`,
        subjectZh: `${chinese}日程`,
        // The very same once more would be the same draft.
        bodyEn: `Your programme, from ${latin}.${"!".repeat(drafts)}`,
        bodyZh: `${chinese}的日程。${"！".repeat(drafts)}`,
      }),
    );
    if (!made.ok) throw new Error(made.refusal);
    return made.value.messageId;
  };
  const messageIds = [await draft(), await draft(), await draft()] as const;
  const page = messagePage(desk, messageIds[2]);
  if (page?.state !== "draft") throw new Error("The message is no draft");
  const released = await releaseMessage(desk, { messageId: messageIds[2], count: page.reachable });
  if (!released.ok) throw new Error(released.refusal);
  await letGo(desk, messageIds[2]);
  orm
    .update(schema.message)
    .set({ state: "asked", askedBy: "somebody", askedAt: ctx.clock.now(), askedCount: page.reachable })
    .where(eq(schema.message.id, messageIds[1]))
    .run();
  const held = async () => {
    const messageId = await draft();
    const schedule = { at: ctx.clock.now() + 86_400_000, zone: "UTC" };
    const waits = await releaseMessage(desk, { messageId, count: page.reachable, schedule });
    if (!waits.ok) throw new Error(waits.refusal);
    return messageId;
  };
  const heldMessageIds = [await held(), await held()] as const;
  const access = { coHostId: sideId, editionId: meeting.editionId };
  const colleague = await addStaff(ctx, {
    name: `${latin} Colleague`,
    email: `colleague@${latin.toLowerCase()}.example`,
    password: PASSWORD,
    access: [{ ...access, permission: "mail" }],
  });
  if (!colleague.ok) throw new Error(colleague.refusal);
  const asked = async (n: number) => {
    const grant = { name: `${latin} asked`, email: `asked-${n}@${latin.toLowerCase()}.example` };
    const link = await createSetUpLink(ctx, { ...grant, access: { ...access, permissions: ["mail"] } });
    const tokenHash = hashToken(link.split("/").at(-1) ?? "");
    const [row] = orm.select().from(schema.setUpLink).where(eq(schema.setUpLink.tokenHash, tokenHash)).all();
    return row?.id ?? "";
  };
  return {
    ...(await nominated(desk, delegationId, words)),
    letterId: await visaLetter(desk, second, words),
    uploadIds: [await handedIn(ctx, { meeting }, first), await handedIn(ctx, { meeting }, second)],
    cueId: await cueOf(desk, meeting, latin),
    exportIds: [await exportOf(desk), await exportOf(desk)],
    ...(await imported(desk, delegationId, people)),
    changeRequestId: lateWish(ctx, second, words),
    ...(await inVehicle(desk, first, latin)),
    ...followUps(ctx, third, words),
    hotel: await inHotel(desk, meeting, second),
    colleagueId: colleague.value.userId,
    openInvitations: [await asked(1), await asked(2)],
    slug,
    meeting,
    sideId,
    delegationId,
    words,
    people,
    messageIds,
    cardIds: [
      await card(desk, { sideId, words }, "Twin Alike"),
      await card(desk, { sideId, words }, "Alike Twin"),
    ],
    heldMessageIds,
    ...(await stopped(desk, second, latin)),
    assistant: await letIn(desk, first, latin),
    otherAssistant: await letIn(desk, second, latin),
    setUpLink: await createSetUpLink(ctx, {
      name: `${latin} newcomer`,
      access: { coHostId: sideId, editionId: meeting.editionId, permissions: ["lead"] },
    }),
  };
}

async function nominated(
  desk: StaffContext,
  delegationId: string,
  [latin, chinese]: readonly [string, string],
): Promise<Pick<Side, "focalPointId" | "nominationLink" | "nominationIds">> {
  const asked = await askInstitution(desk, {
    delegationId,
    institutionEn: `School of ${latin}`,
    institutionZh: `${chinese}学院`,
    name: `${latin} contact`,
    email: `contact@${latin.toLowerCase()}.example`,
    locale: "en",
    places: 5,
    closesAt: null,
  });
  if (!asked.ok) throw new Error(asked.refusal);
  const { focalPointId } = asked.value;
  const { editionId } = desk.scope;
  const blank = { familyLatin: "", givenLatin: "", honorific: "", position: "", email: null, phone: null };
  await proposeNames({ ...desk, scope: { editionId, focalPointId } }, [
    { ...blank, nameNative: `${chinese}甲` },
    { ...blank, nameNative: `${chinese}乙` },
  ]);
  const [one, two] = focalPointPage(desk, focalPointId)?.proposals ?? [];
  return {
    focalPointId,
    nominationLink: desk.baseUrl + paths.nomination(desk.keys.linkToken(focalPointId, 1)),
    nominationIds: [one?.id ?? "", two?.id ?? ""],
  };
}

/** Somebody has a room in a hotel of their side's, and the hotel has its list. */
export async function inHotel(
  desk: StaffContext,
  { travelFrom, travelTo }: Meeting,
  guest: Invitee,
): Promise<Side["hotel"]> {
  const hotel = await saveHotel(desk, {
    hotelId: null,
    nameEn: "Sample Hotel",
    nameZh: "示例饭店",
    addressEn: "",
    addressZh: "",
    phone: "",
    deadlineDay: null,
    deadlineTime: "18:00",
    places: { nameLatin: "1" },
    headings: {},
    revision: 0,
  });
  if (!hotel.ok) throw new Error(hotel.refusal);
  const { hotelId } = hotel.value;
  const nights = blockNights(desk.db.orm, desk.scope.editionId);
  const type = await saveRoomType(desk, {
    hotelId,
    typeId: "",
    nameEn: "Room",
    nameZh: "房间",
    sleeps: 2,
    rooms: Object.fromEntries(nights.map((night) => [night, "9"])),
  });
  if (!type.ok) throw new Error(type.refusal);
  const { typeId } = type.value;
  const booked = await bookRoom(desk, {
    typeId,
    invitationId: guest.invitationId,
    otherId: "",
    checkIn: travelFrom,
    checkOut: travelTo,
    payer: "own_side",
    smoking: null,
    earlyCheckIn: null,
    note: "",
  });
  if (!booked.ok) throw new Error(booked.refusal);
  await freezeRoomingList(desk, { hotelId, locale: "en" });
  const list = roomingPage(desk, hotelId, "en")?.versions[0];
  return { hotelId, typeId, roomId: booked.value.roomId, listId: list?.listId ?? "" };
}

/** Somebody sits in a car of their side's. */
export async function inVehicle(
  desk: StaffContext,
  { invitationId }: Invitee,
  latin: string,
): Promise<Pick<Side, "vehicleId" | "trip">> {
  const saved = await saveVehicle(desk, {
    vehicleId: null,
    name: `Coach of ${latin}`,
    plate: "",
    seats: 20,
    driver: "",
    driverPhone: "",
    position: 0,
    revision: 0,
  });
  if (!saved.ok) throw new Error(saved.refusal);
  const { vehicleId } = saved.value;
  const planned = await saveTrip(desk, {
    tripId: null,
    kind: "transfer",
    vehicleId,
    day: "2018-12-03",
    time: "08:00",
    returnDay: null,
    returnTime: null,
    fromPlace: "Hotel",
    toPlace: "Hall",
    sign: "",
    captain: "",
    captainPhone: "",
    revision: 0,
  });
  if (!planned.ok) throw new Error(planned.refusal);
  const { tripId } = planned.value;
  await seatPassenger(desk, { tripId, invitationId });
  const [seat] = manifestPage(desk, tripId)?.passengers ?? [];
  return { vehicleId, trip: { tripId, passengerId: seat?.passengerId ?? "" } };
}

/** Staff heard that somebody lands in the middle of the first session. */
export async function landsLate(
  desk: StaffContext,
  { startsOn }: Meeting,
  { invitationId }: Invitee,
): Promise<void> {
  const corrected = await correctJourney(desk, {
    invitationId,
    direction: "arrival",
    revision: 0,
    means: "phone",
    note: "",
    legs: [
      {
        means: "flight",
        number: "ZZ900",
        from: legEnd({ place: "JFK", on: "", time: "", zone: "America/New_York" }),
        to: legEnd({ place: "T3", on: startsOn, time: "11:00", zone: "Asia/Shanghai" }),
      },
    ],
  });
  if (!corrected.ok) throw new Error(corrected.refusal);
}

/** Staff heard when somebody leaves. */
async function leaves(desk: StaffContext, { travelTo }: Meeting, { invitationId }: Invitee): Promise<void> {
  const heard = await correctJourney(desk, {
    invitationId,
    direction: "departure",
    revision: 0,
    means: "phone",
    note: "",
    legs: [
      {
        means: "flight",
        number: "ZZ901",
        from: legEnd({ place: "T3", on: travelTo, time: "14:00", zone: "Asia/Shanghai" }),
        to: legEnd({ place: "JFK", on: "", time: "", zone: "America/New_York" }),
      },
    ],
  });
  if (!heard.ok) throw new Error(heard.refusal);
}

/** An assistant of this person, who may fill in how they travel. */
async function letIn(ctx: StaffContext, { invitationId }: Invitee, latin: string): Promise<OwnLink> {
  const named = await nameAssistantFor(ctx, {
    invitationId,
    name: `Assistant at ${latin}`,
    email: `assistant@${latin.toLowerCase()}.example`,
    locale: "en",
    sections: ["travel"],
    mayReply: false,
  });
  if (!named.ok) throw new Error(named.refusal);
  const { linkId } = named.value;
  return { linkId, token: ctx.keys.linkToken(linkId, 1) };
}

/** Writes this side's letterhead, this person's passport and a visa letter from both. */
async function visaLetter(
  ctx: StaffContext,
  { invitationId }: Invitee,
  [latin, chinese]: readonly [string, string],
): Promise<string> {
  const sideId = ctx.scope.sideIds[0] ?? "";
  const head = letterheadForm.parse({
    nameEn: `Committee of ${latin}`,
    nameZh: `${chinese}委员会`,
    addressEn: `1 ${latin} Street`,
    email: `letters@${latin.toLowerCase()}.example`,
    phone: "+1 212 555 0100",
    signatoryEn: `Head of ${latin}`,
  });
  await saveLetterhead(ctx, { sideId, head });
  await saveTravelDocument(ctx, { invitationId, document: travelDocumentForm.parse(PASSPORT) });
  const issued = await issueLetter(ctx, {
    invitationId,
    kind: "visa_letter",
    locale: "en",
    after: 0,
    unprintable: () => [],
  });
  if (!issued.ok) throw new Error(issued.refusal);
  const [row] = ctx.db.orm
    .select({ id: schema.letter.id })
    .from(schema.letter)
    .where(eq(schema.letter.invitationId, invitationId))
    .all();
  return row?.id ?? "";
}

/** A mail that failed, and its address, which is stopped because of it. */
async function stopped(ctx: StaffContext, to: Invitee, latin: string) {
  const deliveryId = await failedMail(ctx, to, latin);
  const stoppedId = newId();
  ctx.db.orm
    .insert(schema.mailSuppression)
    .values({
      id: stoppedId,
      editionId: ctx.scope.editionId,
      coHostId: ctx.scope.sideIds[0] ?? "",
      address: `nobody@${latin.toLowerCase()}.example`,
      reason: "mailbox_unknown",
      deliveryId,
      at: ctx.clock.now(),
    })
    .run();
  return { deliveryId, stoppedId };
}

async function failedMail(ctx: StaffContext, to: Invitee, latin: string): Promise<string> {
  const { orm } = ctx.db;
  await queueInvitationMails(ctx, [to]);
  const ofInvitation = and(
    eq(schema.delivery.invitationId, to.invitationId),
    eq(schema.delivery.kind, "invitation"),
  );
  const [found] = orm
    .update(schema.delivery)
    .set({ state: "failed", tries: 1, finishedAt: ctx.clock.now() })
    .where(ofInvitation)
    .returning({ id: schema.delivery.id })
    .all();
  if (found === undefined) throw new Error("No mail was queued");
  orm
    .insert(schema.deliveryTry)
    .values({
      id: newId(),
      deliveryId: found.id,
      at: ctx.clock.now(),
      outcome: "failed",
      code: 550,
      response: `no such mailbox at ${latin}`,
    })
    .run();
  return found.id;
}

/** Somebody in the side's contact book, with the side's own word, who is not invited. */
async function card(
  ctx: StaffContext,
  { sideId, words: [latin, chinese] }: Pick<Side, "sideId" | "words">,
  name: string,
): Promise<string> {
  const nameLatin = `${name} ${latin}`;
  const added = await addContact(ctx, {
    sideId,
    facts: {
      familyLatin: "",
      givenLatin: "",
      nameLatin,
      familyNative: "",
      givenNative: "",
      nameNative: "",
      sortKey: nameLatin.toLowerCase(),
      honorificEn: "",
      honorificZh: "",
      salutationEn: "",
      salutationZh: "",
      institutionEn: `Institute of ${latin}`,
      institutionZh: `${chinese}研究所`,
      positionEn: "",
      positionZh: "",
      email: null,
      phone: null,
      locale: "en",
    },
  });
  if (!added.ok) throw new Error(added.refusal);
  return added.value.personId;
}

/** A wish to change an answer after the deadline, as it is stored: the deadline of these editions is yet to come. */
function followUps(
  ctx: DomainContext,
  { invitationId }: Invitee,
  [latin]: Side["words"],
): Pick<Side, "dataRequestId" | "redoId"> {
  const [dataRequestId, redoId] = [newId(), newId()];
  const at = ctx.clock.now();
  ctx.db.orm
    .insert(schema.dataRequest)
    .values({
      id: dataRequestId,
      invitationId,
      kind: "correction",
      state: "open",
      words: `It is spelt ${latin}`,
      askedAt: at,
      dueAt: at + 30 * 86_400_000,
    })
    .run();
  ctx.db.orm
    .insert(schema.redo)
    .values({
      id: redoId,
      invitationId,
      kind: "consent",
      subjectId: "photo_press",
      fields: "[]",
      since: at,
    })
    .run();
  return { dataRequestId, redoId };
}

function lateWish(ctx: DomainContext, person: Invitee, [latin]: Side["words"]): string {
  const id = newId();
  ctx.db.orm
    .insert(schema.changeRequest)
    .values({
      id,
      invitationId: person.invitationId,
      state: "open",
      fields: JSON.stringify(["institutionEn"]),
      sealed: ctx.keys.seal(JSON.stringify({ institutionEn: `Bureau of ${latin}` }), `change_request/${id}`),
      note: `Says ${latin}`,
      channel: "self",
      askedAt: ctx.clock.now(),
    })
    .run();
  return id;
}
