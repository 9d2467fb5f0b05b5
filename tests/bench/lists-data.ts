import { join } from "node:path";
import { eq } from "drizzle-orm";
import { addStaff } from "#app/domain/access/commands.server.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { approveInvitations } from "#app/domain/invitation/approval.server.ts";
import { askHost } from "#app/domain/invitation/host-approval.server.ts";
import { setReminders } from "#app/domain/invitation/reminders.server.ts";
import { PROPOSED_REMINDERS } from "#app/domain/invitation/reminders.ts";
import { issueLetters, saveLetterhead } from "#app/domain/letter/commands.server.ts";
import { letterheadForm } from "#app/domain/letter/form.ts";
import { insertRelease } from "#app/domain/privacy/release.server.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { travelDocumentForm } from "#app/domain/travel-document/form.ts";
import { systemClock } from "#app/platform/clock.ts";
import { deriveKeys, hashToken, newId } from "#app/platform/crypto.server.ts";
import { type Db, openDatabase } from "#db/client.server.ts";
import { migrate } from "#db/migrate.server.ts";
import * as schema from "#db/schema/index.ts";
import { REGISTRATION_SECTIONS } from "#db/vocabulary.ts";
import { type Invitee, type Meeting, queueAgendaMails, writeMeeting } from "../support/meeting.ts";
import { ROOT } from "./processes.ts";

/*
 * A series of some size, to be read by one lead who keeps both sides' lists: everybody is invited to every edition, to
 * each with all that follows. In ten people one is in every state, so that each list has a tenth or a fifth of them.
 */

const DAY = 86_400_000;
const YEAR = 400 * DAY;

export const LEAD = { email: "lead@bench.example", password: "four unrelated words here" };

export type Series = {
  /** The edition that comes next. */
  slug: string;
  /** Its message that went to everybody. */
  messageId: string;
  /** The first of all by their sort key, in every list of people. */
  firstName: string;
  delegationIds: readonly [string, string];
};

type Size = { people: number; editions: number };

const SYLLABLES = ["ba", "ke", "lin", "mo", "ru", "san", "ti", "vo", "wei", "zha"];
const CHARACTERS = [..."示例样本范模仿拟虚构"];

/** Names of their own for thousands of people; no two are alike to the eye. */
function nameOf(n: number): { family: string; given: string; native: string } {
  const digits = [...String(n * 7919 + 100_000)].map(Number);
  const of = (list: ReadonlyArray<string>, at: number) => list[digits[at % digits.length] ?? 0] ?? "";
  const word = (from: number) => {
    const text = of(SYLLABLES, from) + of(SYLLABLES, from + 1) + of(SYLLABLES, from + 2);
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  return {
    family: word(0),
    given: word(3),
    native: digits.map((digit) => CHARACTERS[digit] ?? "").join(""),
  };
}

type State = "registered" | "registering" | "declined" | "silent" | "tentative" | "draft";
const STATES: ReadonlyArray<State> = [
  "registered",
  "registered",
  "registered",
  "registering",
  "registering",
  "declined",
  "silent",
  "tentative",
  "draft",
  "draft",
];
const REPLY = {
  registered: "accepted",
  registering: "accepted",
  declined: "declined",
  silent: "none",
  tentative: "tentative",
  draft: "none",
} as const;

/** Writes a series into a new database file. */
export async function writeSeries(file: string, secret: Buffer, size: Size): Promise<Series> {
  const db = openDatabase(file);
  try {
    migrate(db.sqlite, join(ROOT, "db/migrations"));
    const ctx: DomainContext = {
      db,
      clock: systemClock,
      keys: deriveKeys(secret),
      baseUrl: "http://dialogue.example",
      actor: { kind: "system", id: "bench" },
      requestId: null,
    };
    const now = Date.now();
    const seats = [{ capacity: 30, quota: 15 }];
    const next = writeMeeting(db.orm, ctx.keys, { slug: "edition-1", people: size.people, seats, now });
    writeBook(db, next, now);
    follow(db, next, next.invitees, now);
    for (let n = 1; n < size.editions; n += 1) {
      const at = now - n * YEAR;
      const past = writeMeeting(db.orm, ctx.keys, { slug: `edition-${n + 1}`, people: 0, seats, now: at });
      follow(db, past, invitedAgain(db, ctx, { past, next, at }), at);
    }
    const messageId = await writeNext(ctx, next);
    const [first] = next.invitees.map((_, n) => nameOf(n)).sort((a, b) => (a.family < b.family ? -1 : 1));
    return {
      slug: "edition-1",
      messageId,
      firstName: first?.family ?? "",
      delegationIds: next.delegationIds,
    };
  } finally {
    db.close();
  }
}

/** Names, other forms of them, assistants; a twentieth of the people have two cards. */
function writeBook({ orm }: Db, { invitees }: Meeting, now: number): void {
  orm.transaction((tx) => {
    for (const [n, { personId, sideId, email }] of invitees.entries()) {
      const { family, given, native } = nameOf(n);
      const name = {
        familyLatin: family,
        givenLatin: given,
        nameLatin: `${given} ${family}`,
        familyNative: native.slice(0, 1),
        givenNative: native.slice(1),
        nameNative: native,
        sortKey: `${family} ${given}`.toLowerCase(),
      };
      tx.update(schema.person).set(name).where(eq(schema.person.id, personId)).run();
      if (n % 4 === 0)
        tx.insert(schema.personName)
          .values({ id: newId(), personId, form: "latin_variant", name: `${family}-${given} Bench` })
          .run();
      if (n % 5 === 0)
        tx.insert(schema.personAssistant)
          .values({
            id: newId(),
            personId,
            name: "Assistant",
            email: `assistant-${n}@bench.example`,
            locale: "en",
            mayAct: true,
            getsCopies: true,
            createdAt: now,
          })
          .run();
      if (n % 20 === 0)
        tx.insert(schema.person)
          .values({
            ...name,
            id: newId(),
            coHostId: sideId,
            email,
            emailKey: email,
            locale: "en",
            createdAt: now,
            updatedAt: now,
          })
          .run();
    }
  });
}

/** The people of the next edition, invited to an earlier one by the same sides. */
function invitedAgain(
  { orm }: Db,
  ctx: DomainContext,
  { past, next, at }: { past: Meeting; next: Meeting; at: number },
): Array<Invitee> {
  return orm.transaction((tx) => {
    for (const [n, sideId] of next.sideIds.entries()) {
      const before = past.sideIds[n] ?? "";
      for (const table of [schema.editionCoHost, schema.delegation])
        tx.update(table).set({ coHostId: sideId }).where(eq(table.coHostId, before)).run();
    }
    tx.update(schema.edition)
      .set({ hostSideId: next.sideIds[1] })
      .where(eq(schema.edition.id, past.editionId))
      .run();
    return next.invitees.map((invitee, n) => {
      const invitationId = newId();
      const delegationId = past.delegationIds[n % 2] ?? "";
      tx.insert(schema.invitation)
        .values({
          id: invitationId,
          editionId: past.editionId,
          personId: invitee.personId,
          delegationId,
          category: "delegate",
          number: `07-${String(n + 1).padStart(3, "0")}`,
          tokenHash: hashToken(ctx.keys.linkToken(invitationId, 1)),
          tokenGeneration: 1,
          tokenExpiresAt: at + 100 * DAY,
          reply: "accepted",
          repliedAt: at,
          sentAt: at,
          seenAt: at,
          attendance: "attended",
          createdAt: at,
        })
        .run();
      return { ...invitee, invitationId, delegationId, editionId: past.editionId };
    });
  });
}

const EVENTS = ["approved", "reminded", "first_seen", "registering", "registered", "changed"] as const;
const ACTS = [
  "person.add",
  "invitation.approve",
  "invitation.send",
  "invitation.reply",
  "registration.save",
  "registration.submit",
  "registration.change",
  "invitation.recordReply",
] as const;

/** What follows an invitation: a reply, a registration, dated events, mails of which some fail, a letter, the trail. */
function follow({ orm }: Db, meeting: Meeting, invitees: ReadonlyArray<Invitee>, now: number): void {
  orm.transaction((tx) => {
    for (const [n, { invitationId, personId, sideId, editionId, email }] of invitees.entries()) {
      // Over the last weeks, for everybody at another time.
      const at = now - (n % 20) * DAY - n * 61_000;
      const state = STATES[n % STATES.length] ?? "silent";
      const sent = state !== "draft";
      const reply = REPLY[state];
      const answered = reply !== "none";
      tx.update(schema.invitation)
        .set({
          reply,
          repliedAt: answered ? at : null,
          sentAt: sent ? at : null,
          seenAt: answered ? at : null,
        })
        .where(eq(schema.invitation.id, invitationId))
        .run();
      for (const [k, kind] of EVENTS.entries())
        tx.insert(schema.invitationEvent)
          .values({ id: newId(), invitationId, at: at + k, kind, channel: "staff" })
          .run();
      if (state === "tentative")
        tx.insert(schema.invitationEvent)
          .values({
            id: newId(),
            invitationId,
            at: at + 9,
            kind: "tentative",
            channel: "self",
            askAgainOn: new Date(at - DAY).toISOString().slice(0, 10),
          })
          .run();
      if (state === "registered" || state === "registering") {
        const registrationId = newId();
        const done = state === "registered";
        tx.insert(schema.registration)
          .values({
            id: registrationId,
            invitationId,
            state: done ? "submitted" : "draft",
            formVersion: 1,
            locale: "en",
            revision: 1,
            createdAt: at,
            updatedAt: at,
            submittedAt: done ? at : null,
          })
          .run();
        for (const section of REGISTRATION_SECTIONS)
          tx.insert(schema.registrationSection)
            .values({
              registrationId,
              section,
              state: done ? "submitted" : "draft",
              answers: "{}",
              updatedAt: at,
            })
            .run();
      }
      for (const kind of ["invitation", "confirmation", "visit_place"] as const) {
        const id = newId();
        const failed = kind === "invitation" && n % 10 === 6;
        tx.insert(schema.delivery)
          .values({
            id,
            editionId,
            coHostId: sideId,
            invitationId,
            kind,
            locale: "en",
            toAddress: email,
            toName: email,
            payload: "{}",
            state: failed ? "failed" : "accepted",
            tries: 1,
            dueAt: at,
            messageIdHeader: `<${id}@bench.example>`,
            createdAt: at,
            finishedAt: at,
          })
          .run();
        tx.insert(schema.deliveryTry)
          .values({
            id: newId(),
            deliveryId: id,
            at,
            outcome: failed ? "failed" : "accepted",
            code: failed ? 550 : 250,
            response: failed ? "no such mailbox" : "queued",
          })
          .run();
      }
      if (n % 4 === 0)
        tx.insert(schema.agendaFunction)
          .values({ itemId: meeting.itemIds[3] ?? "", invitationId, function: "presenter", position: n })
          .run();
      for (const [k, action] of ACTS.entries())
        tx.insert(schema.auditEvent)
          .values({
            id: newId(),
            at: at + k,
            editionId,
            coHostId: sideId,
            actorKind: k > 3 ? "invitee" : "staff",
            actorId: k > 3 ? invitationId : "bench",
            action,
            subjectKind: k === 0 ? "person" : "invitation",
            subjectId: k === 0 ? personId : invitationId,
          })
          .run();
    }
  });
}

/** What the commands of daily life do before the next edition: approvals, reminders, letters, releases, a message. */
async function writeNext(ctx: DomainContext, meeting: Meeting): Promise<string> {
  const { editionId, invitees, sideIds } = meeting;
  const added = await addStaff(ctx, {
    ...LEAD,
    name: "Lead of both",
    locale: "en",
    access: sideIds.map((coHostId) => ({ coHostId, editionId: null, permission: "lead" })),
  });
  if (!added.ok) throw new Error(added.refusal);
  const desk: StaffContext = {
    ...ctx,
    actor: { kind: "staff", id: added.value.userId },
    scope: { editionId, sideIds, permissions: ["lead"], bookSideIds: sideIds },
  };
  const { orm } = ctx.db;
  orm
    .update(schema.edition)
    .set({ approval: "side_then_host" })
    .where(eq(schema.edition.id, editionId))
    .run();

  const inState = (state: State) => invitees.filter((_, n) => STATES[n % STATES.length] === state);
  // The drafts of the side that is no host are approved and put to the other one; the host's own still wait.
  const put = inState("draft").filter(({ sideId }) => sideId === sideIds[0]);
  const ids = put.map(({ invitationId }) => invitationId);
  const done = [await approveInvitations(desk, { invitationIds: ids }), await askHost(desk, ids)];
  for (const one of done) if (!one.ok) throw new Error(one.refusal);

  for (const sideId of sideIds) {
    await setReminders(desk, { sideId, schedule: PROPOSED_REMINDERS });
    await saveLetterhead(desk, {
      sideId,
      head: letterheadForm.parse({
        nameEn: "Committee",
        nameZh: "委员会",
        addressEn: "1 Bench Street",
        email: "letters@bench.example",
        phone: "+1 212 555 0100",
        signatoryEn: "Head",
        signatoryZh: "主任",
      }),
    });
  }
  const passport = travelDocumentForm.parse({
    state: "known",
    familyName: "SPECIMEN",
    givenNames: "ANNA",
    gender: "F",
    birthDate: "1974-08-12",
    nationalityEn: "Utopian",
    nationalityZh: "乌托邦",
    number: "L898902C3",
    expiresOn: "2040-01-01",
    applyAtEn: "New York",
    applyAtZh: "纽约",
  });
  await Promise.all(
    inState("registered").map(({ invitationId }) =>
      saveTravelDocument(desk, { invitationId, document: passport }),
    ),
  );
  for (const kind of ["invitation_letter", "visa_letter"] as const)
    await issueLetters(desk, { kind, locales: ["en", "zh-CN"], unprintable: () => [] });

  await ctx.db.write((tx) => {
    // As many releases whatever the meeting's size: of everybody, to the other side and to houses outside.
    for (const [n, fromSideId] of [...sideIds, ...sideIds, ...sideIds].entries())
      insertRelease(tx, desk, {
        fromSideId,
        toSideId: n < 2 ? (sideIds[1 - n] ?? null) : null,
        recipient: n < 2 ? "" : "A hotel",
        purpose: "Names to be expected",
        columns: ["nameLatin", "nameNative"],
        invitationIds: invitees
          .filter(({ sideId }) => sideId === fromSideId)
          .map(({ invitationId }) => invitationId),
        expiresAt: ctx.clock.now() + 30 * DAY,
      });
  });
  return releasedMessage(desk, meeting);
}

/** A message that went to everybody who was invited, by one side's desk. */
async function releasedMessage(
  ctx: StaffContext,
  { editionId, sideIds, invitees }: Meeting,
): Promise<string> {
  const id = newId();
  const { orm } = ctx.db;
  const at = ctx.clock.now();
  orm
    .insert(schema.message)
    .values({
      id,
      editionId,
      coHostId: sideIds[0],
      kind: "agenda",
      state: "released",
      subjectEn: "Your programme",
      subjectZh: "您的日程",
      bodyEn: "Please find your programme below.",
      bodyZh: "您的日程如下。",
      audience: JSON.stringify({ delegationIds: [], categories: [], replies: [], visitId: null }),
      createdBy: ctx.actor.id,
      createdAt: at,
      releasedAt: at,
    })
    .run();
  await queueAgendaMails(ctx, invitees);
  const agenda = eq(schema.delivery.kind, "message");
  orm
    .update(schema.delivery)
    .set({ messageId: id, state: "accepted", tries: 1, finishedAt: at })
    .where(agenda)
    .run();
  for (const row of orm.select({ id: schema.delivery.id }).from(schema.delivery).where(agenda).all())
    orm
      .insert(schema.deliveryTry)
      .values({ id: newId(), deliveryId: row.id, at, outcome: "accepted", code: 250, response: "queued" })
      .run();
  return id;
}
