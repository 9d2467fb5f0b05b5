import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { glyphCheck } from "#app/documents/pdf.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { answerDataRequest, askAboutData } from "#app/domain/data-request/commands.server.ts";
import { dataRequests, ownDataRequests, takeOwnData } from "#app/domain/data-request/queries.server.ts";
import { withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { issueLetter, saveLetterhead } from "#app/domain/letter/commands.server.ts";
import { markDependents, settleRedo } from "#app/domain/redo/commands.server.ts";
import { redoList } from "#app/domain/redo/queries.server.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { ownConsents, withdrawConsent } from "#app/domain/registration/own-consents.server.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { BLANK_DOCUMENT } from "#app/domain/travel-document/rules.ts";
import { newVaultFile, vaultFiles, writeVaultFile } from "#app/platform/vault.server.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, type testContext } from "#tests/support/context.ts";
import { type FiledMeeting, fileMeeting } from "#tests/support/filed-meeting.ts";
import { type Invitee, type Meeting, submission } from "#tests/support/meeting.ts";

const unprintable = await glyphCheck();

let filed: FiledMeeting;
let folder: string;
let file: string;
let base: ReturnType<typeof testContext>;
let meeting: Meeting;
let staff: StaffContext;
let others: StaffContext;

beforeEach(() => {
  filed = fileMeeting({ people: 4, capacity: 1 });
  ({ folder, file, base, meeting, staff, others } = filed);
});

afterEach(() => filed.remove());

function person(n = 0): Invitee {
  const found = meeting.invitees.filter(({ sideId }) => sideId === meeting.sideIds[0])[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function holder(one = person()): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: one.invitationId },
    scope: { editionId: one.editionId, invitationId: one.invitationId },
    locale: "en",
    assistant: null,
  };
}

const CONSENTS = {
  consent_sensitive_data: "on",
  consent_identity_documents: "on",
  consent_photo_press: "on",
};

function answers(rest: Record<string, string> = {}, visitIds: ReadonlyArray<string> = []) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person(), visitIds)))
    form.append(name, value);
  for (const [name, value] of Object.entries({ ...CONSENTS, ...rest })) form.set(name, value);
  return answersFromForm(form);
}

async function register(rest: Record<string, string> = {}, visitIds: ReadonlyArray<string> = []) {
  const sent = await submitRegistration(holder(), { answers: answers(rest, visitIds) });
  if (!sent.ok) throw new Error(JSON.stringify(sent));
}

async function passport() {
  const saved = await saveTravelDocument(staff, {
    invitationId: person().invitationId,
    document: {
      ...BLANK_DOCUMENT,
      familyName: "ZZRIGHTS",
      givenNames: "ANNA",
      gender: "F",
      birthDate: "1974-08-12",
      nationalityEn: "Utopian",
      number: "L898902C3",
      expiresOn: "2030-01-01",
      applyAtEn: "New York",
    },
  });
  if (!saved.ok) throw new Error(saved.refusal);
}

function mailsOf(kind: string) {
  return base.db.orm
    .select()
    .from(schema.delivery)
    .all()
    .filter((row) => row.kind === kind);
}

describe("a consent taken back", () => {
  it("is kept as a word of its own, with its wording and language, and staff are told what to do", async () => {
    await register();
    expect(await withdrawConsent(holder(), "photo_press")).toEqual({ ok: true, value: { changed: true } });
    expect(await withdrawConsent(holder(), "photo_press")).toEqual({ ok: true, value: { changed: false } });
    const found = ownConsents(holder()).find(({ kind }) => kind === "photo_press");
    expect(found).toMatchObject({
      newest: { given: false, textVersion: 1, locale: "en" },
      canWithdraw: false,
    });
    expect(registrationForm(holder())?.answers.consents.consent_photo_press).toBe("");
    const { open } = redoList(staff, { after: null });
    expect(open.shown).toMatchObject([{ kind: "consent", subjectId: "photo_press" }]);
    expect(redoList(others, { after: null }).open.shown).toEqual([]);
  });

  it("takes health answers with it, and nothing else", async () => {
    await register({ allergies: "Peanuts", allergySeverity: "severe" });
    await withdrawConsent(holder(), "sensitive_data");
    const form = registrationForm(holder());
    expect(form?.answers.needs).toMatchObject({ allergies: "", diets: [] });
    expect(form?.answers.travel).toEqual(answers().travel);
  });

  it("for identity documents gives up the seats and deletes what a passport says", async () => {
    await register({}, meeting.visitIds);
    await passport();
    await withdrawConsent(holder(), "identity_documents");
    expect(base.db.orm.select().from(schema.travelDocument).all()).toEqual([]);
    expect(registrationForm(holder())?.answers.visits.visitIds).toEqual([]);
    const places = base.db.orm.select().from(schema.visitPlace).all();
    expect(places.map(({ state }) => state)).toEqual(["withdrawn"]);
  });

  it("is refused where there is nothing to take back, and for the notice", async () => {
    await register();
    for (const kind of ["notice", "transfer_abroad", "nonsense"])
      expect((await withdrawConsent(holder(), kind)).ok).toBe(false);
  });

  it("is not brought back by a page that was open", async () => {
    await register();
    const { revision } = registrationForm(holder()) ?? { revision: 0 };
    await withdrawConsent(holder(), "photo_press");
    expect(await submitRegistration(holder(), { answers: answers(), seen: revision })).toMatchObject({
      refusal: "changed",
    });
  });
});

describe("one's own data", () => {
  it("is taken away whole, with what is under the seal, and that it was taken is recorded", async () => {
    await register({ allergies: "Peanuts", allergySeverity: "mild" });
    await passport();
    const text = await takeOwnData(holder());
    const facts = JSON.parse(text ?? "null");
    expect(facts.card.nameLatin).toBe(person().nameLatin);
    expect(facts.registration.answers.needs.allergies).toBe("Peanuts");
    expect(facts.passport.number).toBe("L898902C3");
    expect(facts.life.length).toBeGreaterThan(0);
    expect(text).not.toContain(person(1).nameLatin);
    const trail = base.db.orm.select().from(schema.auditEvent).all();
    expect(trail.filter(({ action }) => action === "data.take")).toHaveLength(1);
  });

  it("is corrected on request: one that is open at a time, due in a month, answered with a word by mail", async () => {
    const first = await askAboutData(holder(), { kind: "correction", words: "Misspelt" });
    const again = await askAboutData(holder(), { kind: "correction", words: "Misspelt twice" });
    expect(again).toEqual(first);
    const { open } = dataRequests(staff);
    expect(open).toMatchObject([{ words: "Misspelt twice", state: "open" }]);
    expect(dataRequests(others).open).toEqual([]);
    const requestId = open[0]?.id ?? "";
    const answer = { requestId, decision: "done" as const, word: "It is right now." };
    expect(await answerDataRequest(others, answer)).toMatchObject({ refusal: "gone" });
    expect((await answerDataRequest(staff, answer)).ok).toBe(true);
    // A second press is told the same; nobody is mailed twice, and the answer stays what it was.
    expect((await answerDataRequest(staff, answer)).ok).toBe(true);
    expect(await answerDataRequest(staff, { ...answer, word: "Else" })).toMatchObject({ refusal: "gone" });
    expect(ownDataRequests(holder())).toMatchObject([{ state: "done", word: "It is right now." }]);
    expect(mailsOf("data_answer")).toHaveLength(1);
  });

  it("is deleted on request also where their institution proposed them", async () => {
    const { orm } = base.db;
    const [delegationId] = meeting.delegationIds;
    const court = {
      institutionEn: "Court",
      institutionZh: "法院",
      name: "Focal",
      email: "focal@example.org",
    };
    const link = { tokenHash: "hash", tokenGeneration: 1, tokenExpiresAt: 1, sentAt: 1, createdAt: 1 };
    const { editionId, invitationId } = person();
    orm
      .insert(schema.focalPoint)
      .values({ id: "focal", editionId, delegationId, ...court, locale: "en", places: 1, ...link })
      .run();
    const proposed = { honorific: "", position: "", familyLatin: "", givenLatin: "", nameNative: "丁" };
    const reached = { email: "private@example.org", phone: "+1 202 555 0100", note: "Ill last year" };
    orm
      .insert(schema.nomination)
      .values({
        id: "name",
        focalPointId: "focal",
        ...proposed,
        ...reached,
        state: "taken",
        invitationId,
        createdAt: 1,
      })
      .run();
    await askAboutData(holder(), { kind: "deletion", words: "" });
    const requestId = dataRequests(staff).open[0]?.id ?? "";
    await answerDataRequest(staff, { requestId, decision: "delete", word: "" });
    expect(orm.select().from(schema.nomination).get()).toMatchObject({ email: null, phone: null, note: "" });
    expect(orm.select().from(schema.focalPoint).get()).toMatchObject({ email: "focal@example.org" });
  });

  it("is deleted on request, also from the file's bytes; the answer still goes out; the other person keeps theirs", async () => {
    const words = ["Peanuts-ZZRIGHTS-and-more", "ZZ44556", "second.zzrights@example.org"];
    const [allergies = "", arrivalNumber = "", secondEmail = ""] = words;
    await register({ allergies, allergySeverity: "severe", arrivalNumber, secondEmail }, meeting.visitIds);
    await passport();
    await saveRegistration(holder(person(1)), { answers: answers({ dietText: "KEPT of somebody else" }) });
    await askAboutData(holder(), { kind: "deletion", words: "" });
    const requestId = dataRequests(staff).open[0]?.id ?? "";
    expect(readFileSync(file).includes("Peanuts") || readFileSync(`${file}-wal`).includes("Peanuts")).toBe(
      true,
    );
    const deleted = await answerDataRequest(staff, { requestId, decision: "delete", word: "Done." });
    expect(deleted).toMatchObject({ ok: true, value: { cleaned: true } });
    const bytes = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]);
    for (const word of words) expect(bytes.includes(word)).toBe(false);
    expect(bytes.includes("KEPT of somebody else")).toBe(true);
    expect(mailsOf("data_answer")).toMatchObject([{ state: "queued", toAddress: person().email }]);
    const card = base.db.orm
      .select()
      .from(schema.person)
      .where(eq(schema.person.id, person().personId))
      .get();
    expect(card).toMatchObject({ email: null, phone: null, nameLatin: person().nameLatin });
    expect(registrationForm(holder())?.state).toBe("draft");
    expect(base.db.orm.select().from(schema.visitPlace).all()).toMatchObject([{ state: "withdrawn" }]);
    expect(base.db.orm.select().from(schema.consent).all().length).toBeGreaterThan(0);
  });
});

/** On a host's list with somebody else, on a hotel's list, in a room and with a file in the vault. */
async function listed() {
  const { orm } = base.db;
  const { invitationId, editionId, sideId: coHostId } = person();
  const other = person(1).invitationId;
  const visitId = meeting.visitIds[0] ?? "";
  const frozen = { sealed: "anything", sha256: "", frozenAt: 1, frozenBy: "lead" };
  const sealed = base.keys.seal(
    JSON.stringify([invitationId, other].map((id) => ({ invitationId: id, facts: {} }))),
    "clearance_part/part",
  );
  const released = { facts: "[]", sealed, releasedAt: 1, releasedBy: "lead" };
  orm
    .insert(schema.clearancePart)
    .values({ id: "part", visitId, coHostId, number: 1, ...released })
    .run();
  for (const id of [invitationId, other])
    orm.insert(schema.clearanceRow).values({ partId: "part", invitationId: id, digest: "" }).run();
  const counts = { people: 2, added: 0, removed: 0, changed: 0 };
  orm
    .insert(schema.clearanceVersion)
    .values({ id: "version", visitId, number: 1, locale: "en", ...counts, ...frozen })
    .run();
  orm.insert(schema.clearanceEntry).values({ versionId: "version", invitationId, row: 1 }).run();
  const hotel = { id: "hotel", editionId, coHostId, nameEn: "Sample Hotel", nameZh: "示例饭店" };
  orm
    .insert(schema.hotel)
    .values({ ...hotel, listColumns: "[]", revision: 1 })
    .run();
  const releaseId = "release";
  orm
    .insert(schema.release)
    .values({
      ...{ id: releaseId, editionId, fromCoHostId: coHostId, recipient: "Hotel", purpose: "List" },
      ...{ columns: '["nameLatin"]', previewHash: "", releasedBy: "lead", releasedAt: 1 },
      expiresAt: 2 * AUTUMN_2018,
    })
    .run();
  orm.insert(schema.releasePerson).values({ releaseId, invitationId }).run();
  orm
    .insert(schema.roomingList)
    .values({ id: "list", hotelId: "hotel", coHostId, number: 1, rows: 1, releaseId, ...frozen })
    .run();
  const type = { id: "type", hotelId: "hotel", nameEn: "Room", nameZh: "房间", sleeps: 2, position: 1 };
  orm.insert(schema.roomType).values(type).run();
  const night = meeting.travelFrom;
  orm.insert(schema.roomStock).values({ typeId: "type", night, rooms: 1, taken: 1 }).run();
  orm.insert(schema.room).values({ id: "room", typeId: "type", coHostId, note: "ZZ", revision: 1 }).run();
  orm.insert(schema.roomNight).values({ roomId: "room", night, typeId: "type", payer: "self" }).run();
  orm.insert(schema.roomGuest).values({ roomId: "room", invitationId, sharing: "alone" }).run();
  orm.insert(schema.guestNight).values({ roomId: "room", invitationId, night }).run();
  const trip = { editionId, coHostId, fromPlace: "T3", toPlace: "Hotel", revision: 1 };
  orm
    .insert(schema.trip)
    .values({ ...trip, id: "trip", kind: "pickup", departsAt: 2 * AUTUMN_2018 })
    .run();
  orm
    .insert(schema.tripPassenger)
    .values({ id: "seat", tripId: "trip", invitationId, delegationId: person().delegationId, position: 1 })
    .run();
  const stored = newVaultFile();
  async function* bytes() {
    yield Buffer.from("a report");
  }
  await writeVaultFile(join(folder, "uploads"), stored, bytes(), { most: 100 });
  const about = { question: "qfile0001", state: "kept", dataClass: "C1", mediaType: "image/png" } as const;
  orm
    .insert(schema.upload)
    .values({
      ...about,
      id: "file",
      invitationId,
      bytes: 8,
      stored: stored.name,
      sealed: "key",
      createdAt: 1,
    })
    .run();
}

describe("what others made of somebody's data", () => {
  it("goes with it on request: files, room, seats, and their lines on lists; the other person's line stays", async () => {
    await register();
    await listed();
    await askAboutData(holder(), { kind: "deletion", words: "" });
    const requestId = dataRequests(staff).open[0]?.id ?? "";
    expect(await answerDataRequest(staff, { requestId, decision: "delete", word: "" })).toMatchObject({
      ok: true,
    });
    const { orm } = base.db;
    expect(await vaultFiles(join(folder, "uploads"))).toEqual([]);
    for (const table of [schema.upload, schema.room, schema.guestNight, schema.tripPassenger])
      expect(orm.select().from(table).all()).toEqual([]);
    expect(orm.select().from(schema.roomStock).get()?.taken).toBe(0);
    expect(orm.select().from(schema.clearanceVersion).get()?.sealed).toBe("");
    expect(orm.select().from(schema.roomingList).get()?.sealed).toBe("");
    const part = orm.select().from(schema.clearancePart).get()?.sealed ?? "";
    const rows = JSON.parse(base.keys.open(part, "clearance_part/part"));
    expect(rows).toEqual([{ invitationId: person(1).invitationId, facts: {} }]);
  });

  it("is given up when the invitation is taken back: room, nights and seat are free for others", async () => {
    await listed();
    await withdrawInvitation(staff, person().invitationId);
    const { orm } = base.db;
    for (const table of [schema.room, schema.roomNight, schema.tripPassenger])
      expect(orm.select().from(table).all()).toEqual([]);
    expect(orm.select().from(schema.roomStock).get()?.taken).toBe(0);
  });

  it("is to be done again when a name changes: the host's list and the hotel's, each once", async () => {
    await listed();
    const { invitationId } = person();
    base.db.sqlite.exec("begin");
    markDependents(base.db.orm as never, base, { invitationId, fields: ["nameLatin"] });
    base.db.sqlite.exec("commit");
    const kinds = redoList(staff, { after: null }).open.shown.map(({ kind, subject }) => [kind, subject.en]);
    expect(kinds.map(([kind]) => kind).sort()).toEqual(["clearance_list", "hotel_line", "ride"]);
    expect(kinds).toContainEqual(["hotel_line", "Sample Hotel"]);
  });
});

describe("what is to be done again", () => {
  async function letter() {
    await passport();
    await saveLetterhead(staff, {
      sideId: meeting.sideIds[0],
      head: {
        nameEn: "Example Foundation",
        nameZh: "示例基金会",
        addressEn: "1 Example Road",
        addressZh: "示例路1号",
        phone: "+1 212 555 0100",
        email: "foundation@example.org",
        signatoryEn: "A Signatory",
        signatoryZh: "某签署人",
        signatoryPostEn: "Director",
        signatoryPostZh: "主任",
      },
    });
    const issued = await issueLetter(staff, {
      invitationId: person().invitationId,
      kind: "visa_letter",
      locale: "en",
      after: 0,
      unprintable,
    });
    if (!issued.ok) throw new Error(JSON.stringify(issued));
  }

  it("a letter stands there once its facts change, once only, with all that changed, until it is done", async () => {
    await register({ positionEn: "Judge" });
    await letter();
    expect(redoList(staff, { after: null }).open.shown).toEqual([]);
    await submitRegistration(holder(), { answers: answers({ positionEn: "Presiding Judge" }) });
    await submitRegistration(holder(), {
      answers: answers({ positionEn: "Presiding Judge", institutionEn: "Another Court" }),
    });
    const { open } = redoList(staff, { after: null });
    expect(open.shown).toMatchObject([{ kind: "letter", fields: ["positionEn", "institutionEn"] }]);
    const id = open.shown[0]?.id ?? "";
    expect(await settleRedo(others, id)).toMatchObject({ refusal: "gone" });
    expect(await settleRedo(staff, id)).toMatchObject({ ok: true });
    expect(redoList(staff, { after: null })).toMatchObject({ open: { shown: [] }, done: [{ id }] });
    await passport();
    expect(redoList(staff, { after: null }).open.shown).toMatchObject([
      { kind: "letter", fields: ["passport"] },
    ]);
  });

  it("a diet touches no letter, and a draft touches nothing", async () => {
    await saveRegistration(holder(), { answers: answers({ positionEn: "Judge" }) });
    await register({ positionEn: "Judge" });
    await letter();
    await submitRegistration(holder(), { answers: answers({ positionEn: "Judge", dietText: "No parsley" }) });
    expect(redoList(staff, { after: null }).open.shown).toEqual([]);
  });
});
