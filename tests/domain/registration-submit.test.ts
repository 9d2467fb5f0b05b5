import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { findInvitationByToken } from "#app/domain/access/link.server.ts";
import type { InvitationContext } from "#app/domain/context.ts";
import { answerInvitation, invitationLetter } from "#app/domain/invitation/reply.server.ts";
import { type Answers, answersFromForm } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { registrationForm, registrationForStaff } from "#app/domain/registration/queries.server.ts";
import * as schema from "#db/schema/index.ts";
import type { Locale, Permission } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";

const DAY = 86_400_000;

let base: ReturnType<typeof testContext>;
let meeting: Meeting;

beforeEach(() => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 6,
    seats: [
      { capacity: 2, quota: 1 },
      { capacity: 3, quota: null },
    ],
    now: AUTUMN_2018,
  });
});

function invitee(n: number): Invitee {
  const found = meeting.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function contextOf(person: Invitee, locale: Locale = "en"): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: person.invitationId },
    scope: { editionId: person.editionId, invitationId: person.invitationId },
    locale,
    assistant: null,
  };
}

/** A complete form of this person's, with some fields as a test wants them; a list stands for ticked boxes. */
function filled(
  person: Invitee,
  changes: Record<string, string | ReadonlyArray<string>> = {},
  visitIds: ReadonlyArray<string> = [],
): Answers {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person, visitIds)))
    if (!(name in changes)) form.append(name, value);
  for (const [name, value] of Object.entries(changes))
    for (const text of typeof value === "string" ? [value] : value) form.append(name, text);
  return answersFromForm(form);
}

function counts() {
  const of = (table: string) => base.db.sqlite.prepare(`select count(*) from ${table}`).pluck().get();
  return {
    events: of("invitation_event"),
    audit: of("audit_event"),
    deliveries: of("delivery"),
    consents: of("consent"),
    places: of("visit_place"),
  };
}

function placeOf(person: Invitee, visitId: string | undefined) {
  return base.db.orm
    .select()
    .from(schema.visitPlace)
    .where(eq(schema.visitPlace.invitationId, person.invitationId))
    .all()
    .find((place) => place.visitId === visitId)?.state;
}

function consentsOf(person: Invitee) {
  return base.db.orm
    .select({ kind: schema.consent.kind, given: schema.consent.given, locale: schema.consent.locale })
    .from(schema.consent)
    .where(eq(schema.consent.invitationId, person.invitationId))
    .orderBy(sql`rowid`)
    .all();
}

describe("a draft", () => {
  it("starts with what the secretariat knows, and says so", () => {
    const form = registrationForm(contextOf(invitee(0)));
    expect(form?.state).toBeNull();
    expect(form?.answers.name.nameLatin).toBe("Delegate 1 of beijing");
    expect(form?.answers.contact.email).toBe(invitee(0).email);
    expect(form?.sections.every((section) => section.state === "empty")).toBe(true);
  });

  it("is kept half-way, as typed and complete or not, and gone on with later", async () => {
    const ctx = contextOf(invitee(0));
    const half = filled(invitee(0), { email: "not an address", mobile: "12", arrivalOn: "", diets: [] });
    expect(await saveRegistration(ctx, { answers: half })).toMatchObject({ ok: true });
    const form = registrationForm(ctx);
    expect(form?.state).toBe("draft");
    expect(form?.answers).toEqual(half);
    expect(Object.keys(form?.errors ?? {}).sort()).toEqual(["email", "mobile"]);
    expect(Object.keys(form?.unfinished ?? {})).toEqual(
      expect.arrayContaining(["email", "mobile", "arrivalOn", "diets"]),
    );
    expect(form?.sections.find((section) => section.section === "visits")?.state).toBe("empty");
    expect(counts()).toMatchObject({ deliveries: 0, consents: 0, places: 0 });
    expect(await saveRegistration(ctx, { answers: filled(invitee(0)) })).toMatchObject({ ok: true });
    expect(registrationForm(ctx)?.unfinished).toEqual({});
  });

  it("saved twice in the same words is written once", async () => {
    const ctx = contextOf(invitee(0));
    await saveRegistration(ctx, { answers: filled(invitee(0)) });
    const before = counts();
    expect(await saveRegistration(ctx, { answers: filled(invitee(0)) })).toMatchObject({
      ok: true,
      value: { changed: false },
    });
    expect(counts()).toEqual(before);
  });

  it("does not take ten thousand characters, and says which field has them", async () => {
    const answers = filled(invitee(0), { familyLatin: "x".repeat(10_000), accessText: "y".repeat(10_000) });
    expect(await saveRegistration(contextOf(invitee(0)), { answers })).toEqual({
      ok: false,
      refusal: "invalid",
      errors: { familyLatin: ["error.tooLong"], accessText: ["error.tooLong"] },
    });
    expect(registrationForm(contextOf(invitee(0)))?.state).toBeNull();
  });

  it.each([
    ["a mark that turns the direction around", "evil\u202egnp.exe"],
    ["a control character", "A\u0007B"],
    ["a line break that would start a header", "A\r\nBcc: b@example.org"],
    ["half a surrogate pair", "\ud83d"],
  ])("does not take %s in a name", async (_what, nameLatin) => {
    const outcome = await saveRegistration(contextOf(invitee(0)), {
      answers: filled(invitee(0), { nameLatin }),
    });
    expect(outcome).toMatchObject({ ok: false, errors: { nameLatin: ["error.characters"] } });
  });
});

describe("sending", () => {
  it("lists everything that is missing, at once", async () => {
    const outcome = await submitRegistration(contextOf(invitee(0)), {
      answers: answersFromForm(new FormData()),
    });
    expect(outcome.ok).toBe(false);
    if (outcome.ok || outcome.refusal !== "invalid") throw new Error("should be invalid");
    expect(Object.keys(outcome.errors).sort()).toEqual([
      "arrivalBy",
      "consent_notice",
      "departureBy",
      "diets",
      "email",
      "familyLatin",
      "honorificEn",
      "institutionEn",
      "mailLocale",
      "mobile",
      "nameLatin",
      "needsInterpretation",
      "positionEn",
      "workingLanguages",
    ]);
    expect(counts()).toMatchObject({ deliveries: 0, audit: 0 });
  });

  it("writes answers, consents, places, events, the trail and the confirmation together", async () => {
    const person = invitee(0);
    const ctx = contextOf(person);
    const before = counts();
    const answers = filled(person, {}, meeting.visitIds);
    expect(await submitRegistration(ctx, { answers })).toMatchObject({ ok: true, value: { changed: true } });
    const form = registrationForm(ctx);
    expect(form?.state).toBe("submitted");
    expect(form?.answers).toEqual(answers);
    expect(form?.sections.every((section) => section.state === "submitted")).toBe(true);
    expect(meeting.visitIds.map((id) => placeOf(person, id))).toEqual(["granted", "granted"]);
    expect(consentsOf(person)).toEqual(
      ["notice", "sensitive_data", "identity_documents", "delegate_book"].map((kind) => ({
        kind,
        given: true,
        locale: "en",
      })),
    );
    const delivery = base.db.orm.select().from(schema.delivery).get();
    expect(delivery).toMatchObject({ kind: "confirmation", toAddress: person.email, locale: "en" });
    const mail = JSON.parse(delivery?.payload ?? "{}");
    expect(mail.visits.map((visit: { state: string }) => visit.state)).toEqual(["granted", "granted"]);
    expect(mail.programme.length).toBeGreaterThan(10);
    expect(Number(counts().audit)).toBe(Number(before.audit) + 1);
  });

  it("the same once more writes nothing and gives the same answer", async () => {
    const person = invitee(0);
    const answers = filled(person, {}, meeting.visitIds);
    const first = await submitRegistration(contextOf(person), { answers });
    const before = counts();
    // A year later, in the other language: still the same registration.
    base.clock.advance(365 * DAY);
    const again = await submitRegistration(contextOf(person, "zh-CN"), { answers });
    expect(again).toEqual({ ok: true, value: { ...(first.ok ? first.value : {}), changed: false } });
    expect(counts()).toEqual(before);
  });

  it("two clicks at once make one registration", async () => {
    const person = invitee(0);
    const answers = filled(person, {}, meeting.visitIds);
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => submitRegistration(contextOf(person), { answers })),
    );
    expect(outcomes.map((outcome) => outcome.ok && outcome.value.changed)).toEqual([true, false, false]);
    expect(counts()).toMatchObject({ deliveries: 1, consents: 4, places: 2 });
  });

  it("a change is a new revision with a new confirmation, and only what changed is written", async () => {
    const person = invitee(0);
    const ctx = contextOf(person);
    await submitRegistration(ctx, { answers: filled(person, {}, meeting.visitIds) });
    base.clock.advance(DAY);
    await submitRegistration(ctx, {
      answers: filled(person, { mobile: "+86 10 0000 0001", mailLocale: "zh-CN" }, meeting.visitIds),
    });
    const revision = base.db.orm.select().from(schema.registration).get()?.revision;
    expect(revision).toBe(2);
    const changed = base.db.orm
      .select()
      .from(schema.registrationSection)
      .all()
      .filter((row) => row.updatedAt > AUTUMN_2018);
    expect(changed.map((row) => row.section)).toEqual(["contact"]);
    const newest = base.db.orm.select().from(schema.delivery).all().at(-1);
    expect(newest?.locale).toBe("zh-CN");
    expect(
      base.db.orm.select().from(schema.person).where(eq(schema.person.id, person.personId)).get(),
    ).toMatchObject({ phone: "+86 10 0000 0001", locale: "zh-CN", email: person.email });
    const kinds = base.db.orm.select().from(schema.invitationEvent).all();
    expect(
      kinds.filter((event) => event.invitationId === person.invitationId).map((event) => event.kind),
    ).toEqual(["drafted", "sent", "accepted", "registered", "changed"]);
  });

  it("takes a consent back with a row of its own and forgets none", async () => {
    const person = invitee(0);
    await submitRegistration(contextOf(person), { answers: filled(person) });
    base.clock.advance(DAY);
    const answers = filled(person, { consent_delegate_book: "", consent_next_edition: "on" });
    await submitRegistration(contextOf(person, "zh-CN"), { answers });
    expect(consentsOf(person).slice(4)).toEqual([
      { kind: "delegate_book", given: false, locale: "zh-CN" },
      { kind: "next_edition", given: true, locale: "zh-CN" },
    ]);
    expect(() => base.db.sqlite.exec("update consent set given = 1")).toThrow();
  });

  it("accepts the invitation when that was still open", async () => {
    const person = invitee(0);
    const ctx = contextOf(person);
    await answerInvitation(ctx, { reply: "tentative", note: "", askAgainOn: "2018-11-05" });
    await submitRegistration(ctx, { answers: filled(person) });
    expect(invitationLetter(ctx)?.reply).toBe("accepted");
  });
});

describe("what a registration needs", () => {
  async function errorsOf(changes: Record<string, string | ReadonlyArray<string>>, visitIds: string[] = []) {
    const outcome = await submitRegistration(contextOf(invitee(0)), {
      answers: filled(invitee(0), changes, visitIds),
    });
    if (outcome.ok) return {};
    return outcome.refusal === "invalid" ? outcome.errors : outcome.refusal;
  }

  it("no consent to identity details: no visit, and the form says why", async () => {
    expect(await errorsOf({ consent_identity_documents: "" }, [...meeting.visitIds])).toEqual({
      consent_identity_documents: ["register.error.visitNeedsConsent"],
    });
    expect(await errorsOf({ consent_identity_documents: "" })).toEqual({});
  });

  it("step by step, a visit is no mistake where it is chosen: the consent is asked for among the consents", async () => {
    const ctx = contextOf(invitee(0));
    const answers = filled(invitee(0), { consent_identity_documents: "" }, [...meeting.visitIds]);
    expect(await saveRegistration(ctx, { answers, only: ["visits"] })).toMatchObject({ ok: true });
    const missing = Object.fromEntries(
      (registrationForm(ctx)?.sections ?? []).map((step) => [step.section, step.missing]),
    );
    expect(missing.visits).toEqual([]);
    expect(missing.consents).toContain("consent_identity_documents");
  });

  it("refusing book, photographs and the next meeting blocks nothing", async () => {
    expect(
      await errorsOf({ consent_delegate_book: "", consent_photo_press: "", consent_next_edition: "" }),
    ).toEqual({});
  });

  it("diet and health need their own consent, and nothing told needs none", async () => {
    expect(await errorsOf({ consent_sensitive_data: "" })).toEqual({
      consent_sensitive_data: ["register.error.sensitive"],
    });
    expect(
      await errorsOf({ consent_sensitive_data: "", diets: "none", allergies: "", allergySeverity: "" }),
    ).toEqual({});
  });

  it("“not yet booked” is an answer", async () => {
    expect(
      await errorsOf({
        arrivalBy: "not_booked",
        arrivalNumber: "",
        arrivalOn: "",
        arrivalTime: "",
        departureBy: "not_booked",
        departureNumber: "",
        departureOn: "",
        departureTime: "",
      }),
    ).toEqual({});
  });

  it("a departure is after the arrival; days outside the window are told, not refused", async () => {
    expect(await errorsOf({ departureOn: meeting.travelFrom, departureTime: "18:20" })).toEqual({
      departureOn: ["register.error.departureBeforeArrival"],
    });
    expect(await errorsOf({ arrivalOn: "2018-11-20", departureOn: "2018-12-24" })).toEqual({});
    expect(registrationForm(contextOf(invitee(0)))?.remarks).toEqual(["arrivesEarly", "leavesLate"]);
  });

  it("a visit of another meeting is no choice", async () => {
    const other = writeMeeting(base.db.orm, base.keys, {
      slug: "elsewhere",
      people: 1,
      seats: [{ capacity: 1, quota: null }],
      now: AUTUMN_2018,
    });
    expect(await errorsOf({}, [...other.visitIds])).toEqual({ visitIds: ["register.error.noSuchVisit"] });
  });

  it.each([
    ["a rare character outside the first plane", "王𬀩", "王", "𬀩"],
    ["a rare character", "王䶮", "王", "䶮"],
    ["a middle dot and no family name", "阿依示例·艾模板", "", "阿依示例·艾模板"],
  ])("keeps a name exactly as typed: %s", async (_what, nameNative, familyNative, givenNative) => {
    expect(await errorsOf({ nameNative, familyNative, givenNative })).toEqual({});
    expect(registrationForm(contextOf(invitee(0)))?.answers.name).toMatchObject({
      nameNative,
      familyNative,
      givenNative,
    });
  });

  it.each([
    "McDonald",
    "SUN Yat-sen",
    "e.e. cummings society",
    "Maria-José FIXTURE-DUMMY",
    "O'Example",
    "=1+1",
  ])("changes no letter of %s", async (nameLatin) => {
    expect(await errorsOf({ nameLatin })).toEqual({});
    expect(registrationForm(contextOf(invitee(0)))?.answers.name.nameLatin).toBe(nameLatin);
  });

  it("a single name is a name", async () => {
    expect(
      await errorsOf({
        familyLatin: "",
        givenLatin: "UTOPIA",
        nameLatin: "UTOPIA",
        familyNative: "",
        givenNative: "",
        nameNative: "",
      }),
    ).toEqual({});
  });

  it("names the field of the reader's language where either would do", async () => {
    const outcome = await submitRegistration(contextOf(invitee(0), "zh-CN"), {
      answers: filled(invitee(0), { positionEn: "", positionZh: "" }),
    });
    expect(outcome).toMatchObject({ errors: { positionZh: ["register.error.either"] } });
  });
});

describe("seats", () => {
  it("a full visit gives a place on the waiting list, and the form says the number beforehand", async () => {
    const [visitId = ""] = meeting.visitIds;
    await submitRegistration(contextOf(invitee(0)), { answers: filled(invitee(0), {}, [visitId]) });
    const form = registrationForm(contextOf(invitee(2)));
    expect(form?.visits[0]).toMatchObject({ seatsLeft: 0, waiting: 0 });
    await submitRegistration(contextOf(invitee(2)), { answers: filled(invitee(2), {}, [visitId]) });
    expect(placeOf(invitee(2), visitId)).toBe("waiting");
    const mail = JSON.parse(base.db.orm.select().from(schema.delivery).all().at(-1)?.payload ?? "{}");
    expect(mail.visits).toMatchObject([{ state: "waiting", position: 1 }]);
  });

  it("declining gives the seat to the next in line, who is told, and coming back means asking anew", async () => {
    const [visitId = ""] = meeting.visitIds;
    const first = contextOf(invitee(0));
    await submitRegistration(first, { answers: filled(invitee(0), {}, [visitId]) });
    await submitRegistration(contextOf(invitee(2)), { answers: filled(invitee(2), {}, [visitId]) });
    await answerInvitation(first, { reply: "declined", note: "", askAgainOn: null });
    expect(placeOf(invitee(0), visitId)).toBe("withdrawn");
    expect(placeOf(invitee(2), visitId)).toBe("granted");
    expect(base.db.orm.select().from(schema.delivery).all().at(-1)).toMatchObject({
      kind: "visit_place",
      invitationId: invitee(2).invitationId,
    });
    expect(registrationForm(first)).toMatchObject({ state: "draft", closed: "declined" });

    await answerInvitation(first, { reply: "accepted", note: "", askAgainOn: null });
    expect(await submitRegistration(first, { answers: filled(invitee(0), {}, [visitId]) })).toMatchObject({
      ok: true,
      value: { changed: true },
    });
    expect(placeOf(invitee(0), visitId)).toBe("waiting");
  });
});

describe("a closed door", () => {
  it("after the date, changes are refused and nothing is written", async () => {
    const ctx = contextOf(invitee(0));
    base.clock.advance(40 * DAY);
    const before = counts();
    const answers = filled(invitee(0));
    expect(await saveRegistration(ctx, { answers })).toEqual({ ok: false, refusal: "closed" });
    expect(await submitRegistration(ctx, { answers })).toEqual({ ok: false, refusal: "closed" });
    expect(counts()).toEqual(before);
  });

  it("nobody registers for a withdrawn or a declined invitation", async () => {
    const answers = filled(invitee(0));
    await answerInvitation(contextOf(invitee(0)), { reply: "declined", note: "", askAgainOn: null });
    expect(await submitRegistration(contextOf(invitee(0)), { answers })).toEqual({
      ok: false,
      refusal: "declined",
    });
    base.db.orm.update(schema.invitation).set({ withdrawnAt: AUTUMN_2018 }).run();
    expect(await saveRegistration(contextOf(invitee(2)), { answers })).toEqual({
      ok: false,
      refusal: "withdrawn",
    });
  });

  it("a draft is not saved over what has been sent", async () => {
    const ctx = contextOf(invitee(0));
    await submitRegistration(ctx, { answers: filled(invitee(0)) });
    expect(await saveRegistration(ctx, { answers: filled(invitee(0), { mobile: "" }) })).toEqual({
      ok: false,
      refusal: "submitted",
    });
  });

  it("wrong, revoked and expired links open nothing", () => {
    const { token, invitationId } = invitee(0);
    expect(findInvitationByToken(base, token)?.invitationId).toBe(invitationId);
    expect(findInvitationByToken(base, `${token}x`)).toBeNull();
    base.db.orm.update(schema.invitation).set({ tokenRevokedAt: AUTUMN_2018 }).run();
    expect(findInvitationByToken(base, token)).toBeNull();
    base.db.orm.update(schema.invitation).set({ tokenRevokedAt: null, tokenExpiresAt: AUTUMN_2018 }).run();
    expect(findInvitationByToken(base, token)).toBeNull();
  });

  it("nothing opens by the invitation of another meeting", () => {
    const ctx = contextOf(invitee(0));
    expect(registrationForm({ ...ctx, scope: { ...ctx.scope, editionId: "another" } })).toBeNull();
    expect(invitationLetter({ ...ctx, scope: { ...ctx.scope, editionId: "another" } })).toBeNull();
  });
});

describe("the staff's view", () => {
  it("shows how far somebody is, on their own side alone", async () => {
    const person = invitee(0);
    await saveRegistration(contextOf(person), { answers: filled(person, { mobile: "" }) });
    const scope = {
      editionId: meeting.editionId,
      sideIds: [person.sideId],
      permissions: ["read_only" as const],
      bookSideIds: [],
    };
    const progress = registrationForStaff({ ...base, scope }, person.invitationId);
    expect(progress?.state).toBe("draft");
    expect(progress?.sections.find(({ section }) => section === "contact")).toMatchObject({
      section: "contact",
      state: "draft",
      missing: ["mobile"],
    });
    const otherSide = meeting.sideIds.filter((id) => id !== person.sideId);
    expect(
      registrationForStaff({ ...base, scope: { ...scope, sideIds: otherSide } }, person.invitationId),
    ).toBeNull();
    expect(
      registrationForStaff({ ...base, scope: { ...scope, editionId: "x" } }, person.invitationId),
    ).toBeNull();
  });

  it("tells nobody by what is missing of answers that they may not read", async () => {
    const person = invitee(0);
    const answers = filled(person, {
      mobile: "",
      allergies: "Peanuts",
      allergySeverity: "",
      arrivalOn: "2018-11-01",
    });
    await saveRegistration(contextOf(person), { answers });
    const told = (permission: Permission) => {
      const scope = {
        editionId: meeting.editionId,
        sideIds: [person.sideId],
        permissions: [permission],
        bookSideIds: [],
      };
      const progress = registrationForStaff({ ...base, scope }, person.invitationId);
      return [...(progress?.sections.flatMap(({ missing }) => missing) ?? []), ...(progress?.remarks ?? [])];
    };
    expect(told("logistics")).toEqual(expect.arrayContaining(["mobile", "allergySeverity", "arrivesEarly"]));
    expect(told("duty_desk")).toEqual(["mobile", "arrivesEarly"]);
    expect(told("read_only")).toEqual(["mobile"]);
  });
});
