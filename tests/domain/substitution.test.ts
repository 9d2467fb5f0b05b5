import { and, asc, desc, eq, getTableColumns, getTableName, is, sql } from "drizzle-orm";
import { type SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { nameAssistantFor } from "#app/domain/access/assistants.server.ts";
import { findInvitationByToken } from "#app/domain/access/link.server.ts";
import { assignFunction, publishAgenda } from "#app/domain/agenda/commands.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import {
  recordReply,
  reinvite,
  sendInvitations,
  withdrawInvitation,
} from "#app/domain/invitation/commands.server.ts";
import { hasRoom } from "#app/domain/invitation/quota.server.ts";
import { answerInvitation } from "#app/domain/invitation/reply.server.ts";
import { findSubstitutes, substitute, substitutionPage } from "#app/domain/invitation/substitution.server.ts";
import { confirmLetter } from "#app/domain/letter/queries.server.ts";
import { personPage } from "#app/domain/person/queries.server.ts";
import { insertPerson } from "#app/domain/person/record.server.ts";
import type { PersonFacts } from "#app/domain/person/rules.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { submitRegistration } from "#app/domain/registration/commands.server.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { hashToken, newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";
import { inHotel, inVehicle, landsLate } from "#tests/support/two-editions.ts";

/* Even invitees are of the first side, odd ones of the second. `a` is the one who cannot come. */

let base: ReturnType<typeof testContext>;
let meeting: Meeting;
let ctx: StaffContext;
let other: StaffContext;
let a: Invitee;

function world() {
  base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 6,
    seats: [
      { capacity: 1, quota: null },
      { capacity: 3, quota: null },
    ],
    now: AUTUMN_2018,
  });
  const staff = (side: 0 | 1): StaffContext => ({
    ...base,
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: ["lead"],
      bookSideIds: [meeting.sideIds[side]],
    },
  });
  ctx = staff(0);
  other = staff(1);
  a = invitee(0);
}

beforeEach(world);

function invitee(n: number): Invitee {
  const found = meeting.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function contextOf(invitationId: string): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: invitationId },
    scope: { editionId: meeting.editionId, invitationId },
    locale: "en",
    assistant: null,
  };
}

function answersOf(person: Pick<Invitee, "nameLatin" | "email">, visitIds: ReadonlyArray<string>) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person, visitIds)))
    form.append(name, value);
  return answersFromForm(form);
}

const register = (person: Invitee, visitIds: ReadonlyArray<string> = meeting.visitIds) =>
  submitRegistration(contextOf(person.invitationId), { answers: answersOf(person, visitIds) });

function facts(name: string, given: Partial<PersonFacts> = {}): PersonFacts {
  return {
    familyLatin: name,
    givenLatin: "Colleague",
    nameLatin: `Colleague ${name}`,
    familyNative: "",
    givenNative: "",
    nameNative: "",
    sortKey: name.toLowerCase(),
    honorificEn: "Judge",
    honorificZh: "",
    salutationEn: "",
    salutationZh: "",
    institutionEn: "Court",
    institutionZh: "法院",
    positionEn: "",
    positionZh: "",
    email: `${name.toLowerCase()}@us.example`,
    phone: null,
    locale: "en",
    ...given,
  };
}

const replace = (by = facts("Template"), invitationId = a.invitationId, note = "") =>
  substitute(ctx, { invitationId, by: { facts: by }, note });

async function replaced(): Promise<string> {
  const done = await replace();
  if (!done.ok) throw new Error(done.refusal);
  return done.value.invitationId;
}

function row(invitationId: string) {
  const found = base.db.orm
    .select()
    .from(schema.invitation)
    .where(eq(schema.invitation.id, invitationId))
    .get();
  if (found === undefined) throw new Error("no such invitation");
  return found;
}

function kinds(invitationId: string): Array<string> {
  return base.db.orm
    .select({ kind: schema.invitationEvent.kind })
    .from(schema.invitationEvent)
    .where(eq(schema.invitationEvent.invitationId, invitationId))
    .orderBy(asc(schema.invitationEvent.at), asc(sql`rowid`))
    .all()
    .map(({ kind }) => kind);
}

function trail(): Array<string> {
  return base.db.orm
    .select({ action: schema.auditEvent.action })
    .from(schema.auditEvent)
    .orderBy(asc(sql`rowid`))
    .all()
    .map(({ action }) => action);
}

function placesOf(invitationId: string) {
  return base.db.orm
    .select({
      visitId: schema.visitPlace.visitId,
      state: schema.visitPlace.state,
      queueNumber: schema.visitPlace.queueNumber,
    })
    .from(schema.visitPlace)
    .where(eq(schema.visitPlace.invitationId, invitationId))
    .orderBy(asc(schema.visitPlace.visitId))
    .all();
}

function putLetter(codeHash: string) {
  base.db.orm
    .insert(schema.letter)
    .values({
      id: newId(),
      editionId: meeting.editionId,
      coHostId: a.sideId,
      invitationId: a.invitationId,
      kind: "visa_letter",
      locale: "en",
      number: "08-001-V",
      version: 1,
      sealed: "",
      factsDigest: "",
      codeHash,
      issuedAt: base.clock.now(),
      issuedBy: "grace",
    })
    .run();
}

function contact(given: Partial<PersonFacts> = {}, side = 0): Promise<string> {
  return base.db.write((tx) =>
    insertPerson(tx, base, { sideId: meeting.sideIds[side] ?? "", facts: facts("Bookish", given) }),
  );
}

describe("what goes over, and what ends", () => {
  it("keeps delegation, category, function, order, sessions, and the turn in the queue of visits", async () => {
    // The one seat of the first visit is somebody else's, so that `a` waits for it.
    await register(invitee(2), [meeting.visitIds[0] ?? ""]);
    await register(a);
    await assignFunction(ctx, {
      itemId: meeting.itemIds[3] ?? "",
      invitationId: a.invitationId,
      function: "presenter",
    });
    base.db.orm
      .update(schema.invitation)
      .set({ category: "deputy_head", invitedAs: "discussant", protocolOrder: 2 })
      .where(eq(schema.invitation.id, a.invitationId))
      .run();
    const places = placesOf(a.invitationId);
    expect(places.map(({ state }) => state).sort()).toEqual(["granted", "waiting"]);

    const b = await replaced();
    expect(row(b)).toMatchObject({
      delegationId: a.delegationId,
      category: "deputy_head",
      invitedAs: "discussant",
      protocolOrder: 2,
      replacesId: a.invitationId,
      reply: "none",
      sentAt: null,
      approvedAt: null,
    });
    expect(placesOf(b)).toEqual(places);
    expect(placesOf(a.invitationId)).toEqual([]);
    expect(
      base.db.orm
        .select({ who: schema.agendaFunction.invitationId, what: schema.agendaFunction.function })
        .from(schema.agendaFunction)
        .all(),
    ).toEqual([{ who: b, what: "presenter" }]);

    // The kept places stand in the colleague's form, so that sending it in does not give them up.
    const form = registrationForm(contextOf(b));
    expect(form?.answers.visits.visitIds).toEqual([...meeting.visitIds].sort());
  });

  it("stops every link, device, mail and letter of the one who does not come", async () => {
    await register(a);
    const now = base.clock.now();
    const assistantId = newId();
    const linkId = newId();
    const { orm } = base.db;
    orm
      .insert(schema.personAssistant)
      .values({
        id: assistantId,
        personId: a.personId,
        name: "An Assistant",
        email: "assistant@us.example",
        locale: "en",
        mayAct: true,
        getsCopies: false,
        createdAt: now,
      })
      .run();
    orm
      .insert(schema.assistantLink)
      .values({
        id: linkId,
        assistantId,
        invitationId: a.invitationId,
        sections: "[]",
        tokenHash: "assistant",
        tokenGeneration: 1,
        tokenExpiresAt: now + 1,
        grantedBy: "self",
        createdAt: now,
      })
      .run();
    for (const assistantLinkId of [null, linkId])
      orm
        .insert(schema.device)
        .values({
          id: newId(),
          invitationId: a.invitationId,
          assistantLinkId,
          tokenHash: `device ${assistantLinkId}`,
          createdAt: now,
          expiresAt: now + 1,
        })
        .run();
    putLetter("code");
    expect(findInvitationByToken(base, a.token)).not.toBeNull();

    await replaced();
    expect(findInvitationByToken(base, a.token)).toBeNull();
    expect(orm.select().from(schema.assistantLink).all()[0]?.revokedAt).toBe(now);
    const devices = orm.select().from(schema.device).all();
    const of = (mine: boolean) =>
      devices.filter(({ invitationId }) => (invitationId === a.invitationId) === mine);
    // The one that everybody of the meeting has, and the two of above.
    expect(of(true).map(({ revokedAt }) => revokedAt)).toEqual([now, now, now]);
    expect(new Set(of(false).map(({ revokedAt }) => revokedAt))).toEqual(new Set([null]));
    expect(orm.select().from(schema.letter).all()[0]?.voidedAt).toBe(now);
    const waiting = orm
      .select({ state: schema.delivery.state })
      .from(schema.delivery)
      .where(eq(schema.delivery.invitationId, a.invitationId))
      .all();
    expect(waiting).toEqual([{ state: "cancelled" }]);
    expect(
      await answerInvitation(contextOf(a.invitationId), { reply: "declined", note: "", askAgainOn: null }),
    ).toEqual({
      ok: false,
      refusal: "withdrawn",
    });
  });

  it("takes no byte of the one's contact, needs, travel, consents or notes over to the other", async () => {
    base.db.orm
      .update(schema.person)
      .set({
        phone: "+1 212 555 0177",
        note: "SECRETNOTE",
        doNotInviteReason: "SECRETREASON",
        honorificEn: "SECRETTITLE",
      })
      .where(eq(schema.person.id, a.personId))
      .run();
    await register(a);
    await recordReply(ctx, {
      invitationId: a.invitationId,
      reply: "substitute_proposed",
      note: "SECRETWORDS",
      askAgainOn: null,
      means: "phone",
    });
    const b = await replaced();
    await sendInvitations(ctx, { invitationIds: [b] });
    const { personId } = row(b);
    const private_ = [
      "0177",
      "SECRET",
      a.email,
      "Peanuts",
      "vegetarian",
      "CA982",
      "CA981",
      "A. Relative",
      "555 0143",
      "555 0144",
      a.nameLatin,
    ];
    const tables = base.db.sqlite
      .prepare("select name from sqlite_master where type = 'table'")
      .pluck()
      .all() as Array<string>;
    let looked = 0;
    for (const table of tables)
      for (const each of base.db.sqlite.prepare(`select * from "${table}"`).iterate()) {
        const text = JSON.stringify(each);
        if (!text.includes(b) && !text.includes(personId)) continue;
        looked++;
        expect(
          private_.filter((word) => text.includes(word)),
          `${table}: ${text}`,
        ).toEqual([]);
      }
    // Card, invitation, two events, audit, mail, places: there was something to look at.
    expect(looked).toBeGreaterThan(6);
    expect(
      base.db.sqlite.prepare("select count(*) from consent where invitation_id = ?").pluck().get(b),
    ).toBe(0);
    expect(registrationForm(contextOf(b))?.answers).toMatchObject({
      contact: { email: "template@us.example", mobile: "" },
      needs: { diets: [], allergies: "" },
      travel: { arrivalNumber: "" },
    });
  });

  it("tells both pages of each other, and of a programme that still names the one", async () => {
    await assignFunction(ctx, {
      itemId: meeting.itemIds[3] ?? "",
      invitationId: a.invitationId,
      function: "presenter",
    });
    await publishAgenda(ctx);
    const done = await replace(facts("Template"), a.invitationId, "Told by her chambers");
    const b = done.ok ? done.value.invitationId : "";
    expect(personPage(ctx, a.invitationId)).toMatchObject({
      state: "replaced",
      replacedBy: { invitationId: b, nameLatin: "Colleague Template" },
      stillNamedIn: 2,
      events: expect.arrayContaining([
        expect.objectContaining({ kind: "replaced", channel: "staff", note: "Told by her chambers" }),
      ]),
    });
    expect(personPage(ctx, b)).toMatchObject({
      state: "draft",
      replaces: { invitationId: a.invitationId },
      stillNamedIn: 2,
    });
    await publishAgenda(ctx);
    expect(personPage(ctx, b)?.stillNamedIn).toBeNull();
  });
});

describe("who may come instead", () => {
  it("is somebody of the own book who is not invited and may be", async () => {
    const card = await contact();
    expect(findSubstitutes(ctx, { invitationId: a.invitationId, search: "bookish" })).toMatchObject([
      { personId: card, obstacle: null },
    ]);
    expect(
      await substitute(ctx, { invitationId: a.invitationId, by: { personId: card }, note: "" }),
    ).toMatchObject({
      ok: true,
    });
    expect(findSubstitutes(ctx, { invitationId: invitee(2).invitationId, search: "bookish" })).toMatchObject([
      { personId: card, obstacle: "invited" },
    ]);
    expect(
      await substitute(ctx, { invitationId: invitee(2).invitationId, by: { personId: card }, note: "" }),
    ).toEqual({ ok: false, refusal: "invited" });
  });

  it("is nobody of the other side, of a book that this login may not open, or whom the side does not invite", async () => {
    const theirs = await contact({ email: "theirs@cn.example" }, 1);
    const card = await contact();
    const invitationId = a.invitationId;
    expect(await substitute(ctx, { invitationId, by: { personId: theirs }, note: "" })).toEqual({
      ok: false,
      refusal: "unknown",
    });
    expect(findSubstitutes(ctx, { invitationId, search: "bookish" })).toHaveLength(1);
    const closed = { ...ctx, scope: { ...ctx.scope, bookSideIds: [] } };
    expect(findSubstitutes(closed, { invitationId, search: "bookish" })).toEqual([]);
    expect(await substitute(closed, { invitationId, by: { personId: card }, note: "" })).toEqual({
      ok: false,
      refusal: "unknown",
    });
    base.db.orm.update(schema.person).set({ doNotInviteAt: 1 }).where(eq(schema.person.id, card)).run();
    expect(await substitute(ctx, { invitationId, by: { personId: card }, note: "" })).toEqual({
      ok: false,
      refusal: "doNotInvite",
    });
    expect(await replace(facts("Clash", { email: invitee(2).email }))).toEqual({
      ok: false,
      refusal: "mailboxTaken",
    });
    expect(row(invitationId).replacedAt).toBeNull();
  });

  it("is not there for the other side", async () => {
    expect(substitutionPage(other, a.invitationId)).toBeNull();
    expect(findSubstitutes(other, { invitationId: a.invitationId, search: "delegate" })).toEqual([]);
    expect(
      await substitute(other, { invitationId: a.invitationId, by: { facts: facts("X") }, note: "" }),
    ).toEqual({ ok: false, refusal: "gone" });
  });

  it("shows the colleague whom the person proposed, to copy from", async () => {
    expect(substitutionPage(ctx, a.invitationId)?.proposed).toBe("");
    await answerInvitation(contextOf(a.invitationId), {
      reply: "substitute_proposed",
      note: "Judge Sample\nsample@us.example",
      askAgainOn: null,
    });
    expect(substitutionPage(ctx, a.invitationId)?.proposed).toBe("Judge Sample\nsample@us.example");
  });
});

describe("the delegation's place", () => {
  const setQuota = (quota: number) =>
    base.db.orm
      .update(schema.delegation)
      .set({ quota })
      .where(eq(schema.delegation.id, a.delegationId))
      .run();
  const room = () => hasRoom(base.db.orm, { delegationId: a.delegationId, category: "delegate" });

  it("is kept for the colleague from the first draft on, and they are sent the letter in a full delegation", async () => {
    setQuota(3);
    expect(room()).toBe(false);
    const b = await replaced();
    expect(room()).toBe(false);
    expect(await sendInvitations(ctx, { invitationIds: [b] })).toEqual({ ok: true, value: { sent: 1 } });
    expect(room()).toBe(false);
  });

  it("is not given twice when the one had declined and somebody else has it by now", async () => {
    setQuota(3);
    await answerInvitation(contextOf(a.invitationId), { reply: "declined", note: "", askAgainOn: null });
    expect(room()).toBe(true);
    setQuota(2);
    expect(await replace()).toEqual({ ok: false, refusal: "quotaFull" });
    expect(await reinvite(ctx, a.invitationId)).toEqual({ ok: false, refusal: "quotaFull" });
    setQuota(3);
    expect(await replace()).toMatchObject({ ok: true });
    expect(room()).toBe(false);
  });

  it("needs approval again where the edition asks for it", async () => {
    base.db.orm.update(schema.edition).set({ approval: "side" }).run();
    base.db.orm.update(schema.invitation).set({ approvedAt: 1 }).run();
    const b = await replaced();
    expect(row(b).approvedAt).toBeNull();
    expect(await sendInvitations(ctx, { invitationIds: [b] })).toEqual({ ok: false, refusal: "blocked" });
  });
});

describe("at once", () => {
  it("two substitutions: one colleague, the other is told, and the log has one", async () => {
    const [first, second] = await Promise.all([replace(facts("First")), replace(facts("Second"))]);
    expect([first.ok, second.ok]).toEqual([true, false]);
    expect(second).toEqual({ ok: false, refusal: "replaced" });
    expect(
      base.db.orm
        .select()
        .from(schema.invitation)
        .where(eq(schema.invitation.replacesId, a.invitationId))
        .all(),
    ).toHaveLength(1);
    expect(kinds(a.invitationId).filter((kind) => kind === "replaced")).toHaveLength(1);
    expect(trail().filter((action) => action === "invitation.substitute")).toHaveLength(1);
    // Nothing of the colleague who was not taken is left behind.
    expect(
      base.db.orm.select().from(schema.person).where(eq(schema.person.familyLatin, "Second")).all(),
    ).toEqual([]);
  });

  it("the same colleague twice: one, and both are told so", async () => {
    const [first, second] = await Promise.all([replace(facts("First")), replace(facts("First"))]);
    expect(first.ok).toBe(true);
    expect(second).toEqual(first);
    expect(trail().filter((action) => action === "invitation.substitute")).toHaveLength(1);
  });

  it("a substitution during a submit: either comes first, and nothing lies between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        world();
        const submit = scheduler.schedule(Promise.resolve(), "submit").then(() => register(a));
        const change = scheduler.schedule(Promise.resolve(), "substitute").then(() => replace());
        await scheduler.waitAll();
        const [submitted, exchanged] = await Promise.all([submit, change]);
        expect(exchanged.ok).toBe(true);
        const b = exchanged.ok ? exchanged.value.invitationId : "";
        const log = trail().filter((action) => /registration\.submit|invitation\.substitute/.test(action));
        expect(placesOf(a.invitationId)).toEqual([]);
        expect(row(a.invitationId).replacedAt).not.toBeNull();
        if (submitted.ok) {
          // Registered first: the places that this led to are the colleague's, the confirmation is not sent.
          expect(log).toEqual(["registration.submit", "invitation.substitute"]);
          expect(kinds(a.invitationId).slice(-2)).toEqual(["registered", "replaced"]);
          expect(placesOf(b)).toHaveLength(2);
        } else {
          expect(submitted).toEqual({ ok: false, refusal: "withdrawn" });
          expect(log).toEqual(["invitation.substitute"]);
          expect(kinds(a.invitationId).at(-1)).toBe("replaced");
          expect(placesOf(b)).toEqual([]);
          expect(base.db.orm.select().from(schema.registration).all()).toEqual([]);
          expect(base.db.orm.select().from(schema.consent).all()).toEqual([]);
        }
        expect(
          base.db.orm
            .select()
            .from(schema.delivery)
            .where(and(eq(schema.delivery.invitationId, a.invitationId), eq(schema.delivery.state, "queued")))
            .all(),
        ).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("both orders of that race do happen", async () => {
    const [submitted] = await Promise.all([register(a), replace()]);
    expect(submitted.ok).toBe(true);
    world();
    const [, late] = await Promise.all([replace(), register(a)]);
    expect(late).toEqual({ ok: false, refusal: "withdrawn" });
  });

  it("one invitation accepted twice: one answer, one event, one line in the log", async () => {
    base.db.orm
      .update(schema.invitation)
      .set({ reply: "none", repliedAt: null, seenAt: null })
      .where(eq(schema.invitation.id, a.invitationId))
      .run();
    const before = kinds(a.invitationId).length;
    const accept = () =>
      answerInvitation(contextOf(a.invitationId), { reply: "accepted", note: "", askAgainOn: null });
    const outcomes = await Promise.all(Array.from({ length: 20 }, accept));
    expect(outcomes.filter((each) => each.ok && each.value.changed)).toHaveLength(1);
    expect(outcomes.every((each) => each.ok)).toBe(true);
    expect(kinds(a.invitationId).slice(before)).toEqual(["first_seen", "accepted"]);
    expect(trail()).toEqual(["invitation.reply"]);
  });
});

describe("inviting again", () => {
  it("after declining: a new link, no answer, the answers as a draft, consents asked anew, history kept", async () => {
    await register(a);
    await answerInvitation(contextOf(a.invitationId), { reply: "declined", note: "Ill", askAgainOn: null });
    const history = kinds(a.invitationId);
    expect(await reinvite(ctx, a.invitationId)).toEqual({ ok: true, value: null });
    expect(findInvitationByToken(base, a.token)).toBeNull();
    expect(findInvitationByToken(base, base.keys.linkToken(a.invitationId, 2))).not.toBeNull();
    expect(row(a.invitationId)).toMatchObject({ reply: "none", repliedAt: null, sentAt: null, seenAt: null });
    expect(kinds(a.invitationId)).toEqual([...history, "reinvited"]);

    const form = registrationForm(contextOf(a.invitationId));
    expect(form?.state).toBe("draft");
    expect(form?.answers.travel.arrivalNumber).toBe("CA982");
    expect(Object.values(form?.answers.consents ?? {}).join("")).toBe("");
    const standing = base.db.sqlite
      .prepare(
        "select count(*) from consent c where given = 1 and not exists (select 1 from consent d where d.kind = c.kind and d.rowid > c.rowid)",
      )
      .pluck()
      .get();
    expect(standing).toBe(0);

    expect(await sendInvitations(ctx, { invitationIds: [a.invitationId] })).toMatchObject({ ok: true });
    expect(kinds(a.invitationId).slice(-2)).toEqual(["reinvited", "sent"]);
    expect(await register(a)).toMatchObject({ ok: true });
  });

  it("after a withdrawal too, but neither while the invitation stands nor once somebody else comes", async () => {
    const { invitationId } = a;
    expect(await reinvite(ctx, invitationId)).toEqual({ ok: false, refusal: "standing" });
    expect(await reinvite(other, invitationId)).toEqual({ ok: false, refusal: "gone" });
    await withdrawInvitation(ctx, invitationId);
    expect(await reinvite(ctx, invitationId)).toEqual({ ok: true, value: null });
    expect(row(invitationId)).toMatchObject({ withdrawnAt: null, tokenRevokedAt: null });
    await replaced();
    expect(await reinvite(ctx, invitationId)).toEqual({ ok: false, refusal: "replaced" });
  });

  it("after a withdrawal brings back none of what was given out before: no assistant's link, no letter", async () => {
    const { invitationId } = a;
    const plan = { name: "Chambers", email: "chambers@court.example", locale: "en" as const };
    const named = await nameAssistantFor(ctx, {
      ...plan,
      invitationId,
      sections: ["travel"],
      mayReply: true,
    });
    if (!named.ok) throw new Error(named.refusal);
    const link = base.keys.linkToken(named.value.linkId, 1);
    const code = "0123456789ABCDEF0";
    putLetter(hashToken(code));
    expect(findInvitationByToken(base, link)).not.toBeNull();
    expect(confirmLetter(base, code)).toMatchObject({ state: "genuine" });
    await withdrawInvitation(ctx, invitationId);
    expect(await reinvite(ctx, invitationId)).toEqual({ ok: true, value: null });
    expect(findInvitationByToken(base, link)).toBeNull();
    expect(confirmLetter(base, code)).toEqual({ state: "void" });
  });
});

describe("what was booked for somebody who does not come", () => {
  /** A room, a seat in a car and a journey that staff heard of, each of them ahead. */
  async function booked() {
    await inHotel(ctx, meeting, a);
    await inVehicle(ctx, a, "Guests");
    await landsLate(ctx, meeting, a);
  }

  const tables = Object.values(schema)
    .filter((each) => is(each, SQLiteTable))
    .flatMap((table) => {
      const { invitationId } = getTableColumns(table) as Readonly<Record<string, SQLiteColumn | undefined>>;
      return invitationId === undefined ? [] : [{ table, invitationId }];
    });

  /** The tables in which something is somebody's. */
  function tablesOf(who: string): Array<string> {
    return tables
      .filter(
        ({ table, invitationId }) =>
          base.db.orm.select({ one: sql`1` }).from(table).where(eq(invitationId, who)).all().length > 0,
      )
      .map(({ table }) => getTableName(table))
      .sort();
  }

  const taken = () =>
    base.db.orm
      .select({ taken: sql<number>`sum(${schema.roomStock.taken})` })
      .from(schema.roomStock)
      .get()?.taken;

  it("is free again once they decline", async () => {
    await booked();
    expect(tablesOf(a.invitationId)).toEqual(
      expect.arrayContaining(["guest_night", "room_guest", "trip_passenger"]),
    );
    expect(taken()).toBeGreaterThan(0);
    await answerInvitation(contextOf(a.invitationId), { reply: "declined", note: "", askAgainOn: null });
    for (const table of ["guest_night", "room_guest", "trip_passenger"])
      expect(tablesOf(a.invitationId)).not.toContain(table);
    expect(taken()).toBe(0);
    const [said] = base.db.orm
      .select({ details: schema.auditEvent.details })
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.action, "invitation.reply"))
      .orderBy(desc(sql`rowid`))
      .limit(1)
      .all();
    expect(JSON.parse(said?.details ?? "{}")).toMatchObject({ rides: 1 });
  });

  it("stays when they only do not know yet", async () => {
    await booked();
    const before = tablesOf(a.invitationId);
    await answerInvitation(contextOf(a.invitationId), { reply: "tentative", note: "", askAgainOn: null });
    expect(tablesOf(a.invitationId)).toEqual(before);
  });

  it("is nothing of who comes instead: neither room nor seat nor journey nor what else there is of the one", async () => {
    await booked();
    const by = await replaced();
    expect(tablesOf(a.invitationId)).toEqual(expect.arrayContaining(["journey", "travel_leg"]));
    expect(tablesOf(a.invitationId)).not.toEqual(expect.arrayContaining(["trip_passenger"]));
    expect(taken()).toBe(0);
    // An invitation that was written down, and what was queued to tell them.
    expect(tablesOf(by)).toEqual(["invitation_event"]);
  });
});
