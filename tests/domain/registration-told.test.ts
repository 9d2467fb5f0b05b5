import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { staffScope } from "#app/domain/access/rules.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { submitRegistration } from "#app/domain/registration/commands.server.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { formToWrite, writeDown } from "#app/domain/registration/told.server.ts";
import * as schema from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";

let base: ReturnType<typeof testContext>;
let meeting: Meeting;

beforeEach(() => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, { slug: "beijing", people: 2, seats: [], now: AUTUMN_2018 });
});

function person(): Invitee {
  const found = meeting.invitees.find(({ sideId }) => sideId === meeting.sideIds[0]);
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function staff(permission: Permission, side: 0 | 1 = 0): StaffContext {
  const scope = staffScope(
    [{ coHostId: meeting.sideIds[side], editionId: meeting.editionId, permission, endsAt: null }],
    { id: meeting.editionId, coHostIds: meeting.sideIds },
    { now: AUTUMN_2018 },
  );
  if (scope === null) throw new Error("no scope");
  return { ...base, actor: { kind: "staff", id: "desk" }, scope };
}

function answers(changes: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person(), [])))
    form.append(name, value);
  for (const [name, value] of Object.entries(changes)) form.set(name, value);
  return answersFromForm(form);
}

function holder() {
  const { invitationId, editionId } = person();
  return {
    ...base,
    actor: { kind: "invitee" as const, id: invitationId },
    scope: { editionId, invitationId },
    locale: "en" as const,
    assistant: null,
  };
}

const told = { means: "phone" as const, note: "Her assistant, this morning" };
const entry = (handIn: boolean, changes: Record<string, string> = {}) => ({
  invitationId: person().invitationId,
  answers: answers(changes),
  cleared: [],
  seen: undefined,
  told,
  handIn,
});

function life() {
  return base.db.orm
    .select()
    .from(schema.invitationEvent)
    .where(eq(schema.invitationEvent.invitationId, person().invitationId))
    .orderBy(sql`rowid`)
    .all();
}

describe("what staff are told by phone", () => {
  it("counts as the person's own, with the way, the source and who wrote it down", async () => {
    expect((await writeDown(staff("lead"), entry(true))).ok).toBe(true);
    expect(registrationForm(holder())?.state).toBe("submitted");
    const event = life().find(({ kind }) => kind === "registered");
    expect(event).toMatchObject({ channel: "staff", means: "phone", note: told.note, actorId: "desk" });
    const consents = base.db.orm.select().from(schema.consent).all();
    expect(new Set(consents.map(({ channel }) => channel))).toEqual(new Set(["staff"]));
  });

  it("changes only what the writer may read: who invites sees and touches no diet, journey or emergency contact", async () => {
    await submitRegistration(holder(), { answers: answers({ dietText: "No celery" }) });
    const desk = staff("invitations");
    const shown = formToWrite(desk, person().invitationId);
    expect(shown?.form.asked.map(({ key }) => key)).toEqual([
      "name",
      "post",
      "languages",
      "visits",
      "consents",
    ]);
    expect(JSON.stringify(shown?.form.answers)).not.toContain("No celery");
    const written = await writeDown(desk, entry(true, { positionEn: "Chief Judge", dietText: "Smuggled" }));
    expect(written.ok).toBe(true);
    expect(registrationForm(holder())?.answers).toMatchObject({
      post: { positionEn: "Chief Judge" },
      needs: { dietText: "No celery" },
    });
  });

  it("is taken after the deadline, which the person's own answers are not", async () => {
    base.db.orm
      .update(schema.edition)
      .set({ registerBy: AUTUMN_2018 - 1 })
      .run();
    expect(await submitRegistration(holder(), { answers: answers() })).toMatchObject({ refusal: "closed" });
    expect((await writeDown(staff("lead"), entry(false))).ok).toBe(true);
    expect((await writeDown(staff("lead"), entry(true))).ok).toBe(true);
  });

  it("is nobody else's: the other side finds no such person", async () => {
    expect(formToWrite(staff("lead", 1), person().invitationId)).toBeNull();
    expect(await writeDown(staff("lead", 1), entry(true))).toMatchObject({ refusal: "gone" });
    expect(registrationForm(holder())?.state).toBeNull();
  });
});
