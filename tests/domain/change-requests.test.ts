import { beforeEach, describe, expect, it } from "vitest";
import { staffScope } from "#app/domain/access/rules.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { type Answers, answersFromForm } from "#app/domain/registration/answers.ts";
import {
  changeRequests,
  decideChange,
  requestChange,
} from "#app/domain/registration/change-requests.server.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";

/* After the deadline a change is a wish. */

let base: ReturnType<typeof testContext>;
let meeting: Meeting;

beforeEach(async () => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 6,
    seats: [{ capacity: 2, quota: 1 }],
    now: AUTUMN_2018,
  });
  await submitRegistration(contextOf(invitee(0)), { answers: filled(invitee(0)) });
  base.db.sqlite.prepare("update edition set register_by = ?").run(base.clock.now() + 1_000);
  base.clock.advance(60_000);
});

function invitee(n: number): Invitee {
  const found = meeting.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function contextOf(person: Invitee): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: person.invitationId },
    scope: { editionId: person.editionId, invitationId: person.invitationId },
    locale: "en",
    assistant: null,
  };
}

/** A member of staff of the side that answers for a person, or of the other one. */
function staffOf(
  person: Invitee,
  side: "own" | "other" = "own",
  permission: "lead" | "invitations" = "lead",
): StaffContext {
  const owner = base.db.sqlite
    .prepare(
      "select d.co_host_id from invitation i join delegation d on d.id = i.delegation_id where i.id = ?",
    )
    .pluck()
    .get(person.invitationId);
  const coHostId = meeting.sideIds.find((id) => (id === owner) === (side === "own")) ?? "";
  const scope = staffScope(
    [{ coHostId, editionId: meeting.editionId, permission, endsAt: null }],
    { id: meeting.editionId, coHostIds: meeting.sideIds },
    { act: permission, now: base.clock.now() },
  );
  if (scope === null) throw new Error("no scope");
  return { ...base, actor: { kind: "staff", id: "staff" }, scope };
}

function filled(
  person: Invitee,
  changes: Record<string, string> = {},
  visitIds: ReadonlyArray<string> = [],
): Answers {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person, visitIds)))
    if (!(name in changes)) form.append(name, value);
  for (const [name, value] of Object.entries(changes)) form.append(name, value);
  return answersFromForm(form);
}

const mobileOf = (person: Invitee) => registrationForm(contextOf(person))?.answers.contact.mobile;
const NEW_MOBILE = "+12125550199";
const mails = (kind: string) =>
  base.db.sqlite.prepare("select count(*) from delivery where kind = ?").pluck().get(kind);

async function asked(person: Invitee, answers = filled(person, { mobile: NEW_MOBILE })): Promise<string> {
  const outcome = await requestChange(contextOf(person), { answers, note: "New phone." });
  expect(outcome).toEqual({ ok: true, value: { asked: true, saved: false } });
  const [request] = changeRequests(staffOf(person)).open;
  return request?.id ?? "";
}

describe("a wish", () => {
  it("changes nothing until staff say yes, and then everything that it asked for", async () => {
    const person = invitee(0);
    const before = mobileOf(person);
    const id = await asked(person);
    expect(mobileOf(person)).toBe(before);
    expect(registrationForm(contextOf(person))?.request).toMatchObject({ state: "open" });
    const [shown] = changeRequests(staffOf(person)).open;
    expect(shown?.changes).toMatchObject([
      { field: "mobile", question: null, group: null, row: null, before, after: NEW_MOBILE },
    ]);
    expect(await decideChange(staffOf(person), { requestId: id, accept: true, word: "" })).toEqual({
      ok: true,
      value: null,
    });
    expect(mobileOf(person)).toBe(NEW_MOBILE);
    expect(mails("change_answer")).toBe(1);
    expect(registrationForm(contextOf(person))?.request).toMatchObject({ state: "accepted" });
  });

  it("is refused with a word, and the answers stand", async () => {
    const person = invitee(0);
    const before = mobileOf(person);
    const id = await asked(person);
    await decideChange(staffOf(person), { requestId: id, accept: false, word: "The list is closed." });
    expect(mobileOf(person)).toBe(before);
    expect(registrationForm(contextOf(person))?.request).toMatchObject({
      state: "refused",
      word: "The list is closed.",
    });
  });

  it("takes the place of an open one, and the same answers ask for nothing", async () => {
    const person = invitee(0);
    const first = await asked(person);
    await asked(person, filled(person, { mobile: "+12125550188" }));
    expect(changeRequests(staffOf(person)).open).toHaveLength(1);
    expect(await decideChange(staffOf(person), { requestId: first, accept: true, word: "" })).toEqual({
      ok: false,
      refusal: "gone",
    });
    expect(await requestChange(contextOf(person), { answers: filled(person), note: "" })).toEqual({
      ok: true,
      value: { asked: false, saved: false },
    });
  });

  it("that comes twice is one wish, which whoever looks at it can still answer", async () => {
    const person = invitee(0);
    const id = await asked(person);
    expect(await asked(person)).toBe(id);
    expect(changeRequests(staffOf(person)).decided).toEqual([]);
  });

  it("is decided once by however many press at the same time", async () => {
    const person = invitee(0);
    const id = await asked(person);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        decideChange(staffOf(person), { requestId: id, accept: n % 2 === 0, word: "" }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(mails("change_answer")).toBe(1);
  });

  it("gets a place on a visit when it is accepted, like a registration in time", async () => {
    const person = invitee(0);
    const id = await asked(person, filled(person, {}, meeting.visitIds));
    await decideChange(staffOf(person), { requestId: id, accept: true, word: "" });
    expect(
      base.db.sqlite
        .prepare("select state from visit_place where invitation_id = ?")
        .pluck()
        .all(person.invitationId),
    ).toEqual(["granted"]);
  });

  it("registers somebody who was late altogether", async () => {
    const person = invitee(2);
    const id = await asked(person, filled(person));
    await decideChange(staffOf(person), { requestId: id, accept: true, word: "" });
    expect(registrationForm(contextOf(person))?.state).toBe("submitted");
  });

  it("is no way round the checks, the time or a withdrawal", async () => {
    const person = invitee(0);
    const bad = await requestChange(contextOf(person), {
      answers: filled(person, { mobile: "12" }),
      note: "",
    });
    expect(bad).toMatchObject({
      ok: false,
      refusal: "invalid",
      errors: { mobile: ["register.error.phone"] },
    });
    expect(await saveRegistration(contextOf(person), { answers: filled(person) })).toEqual({
      ok: false,
      refusal: "closed",
    });
    const id = await asked(person);
    base.db.sqlite.prepare("update invitation set withdrawn_at = 1 where id = ?").run(person.invitationId);
    expect(await decideChange(staffOf(person), { requestId: id, accept: true, word: "" })).toEqual({
      ok: false,
      refusal: "withdrawn",
    });
    base.db.sqlite.prepare("update edition set register_by = null").run();
    expect(await requestChange(contextOf(invitee(2)), { answers: filled(invitee(2)), note: "" })).toEqual({
      ok: false,
      refusal: "open",
    });
  });
});

describe("who sees it", () => {
  it("is the person's own side, as far as a reader may read each answer", async () => {
    const person = invitee(0);
    const id = await asked(
      person,
      filled(person, {
        mobile: NEW_MOBILE,
        allergies: "Sesame",
        allergySeverity: "severe",
        consent_sensitive_data: "on",
      }),
    );
    expect(changeRequests(staffOf(person, "other"))).toEqual({ open: [], decided: [] });
    expect(await decideChange(staffOf(person, "other"), { requestId: id, accept: true, word: "" })).toEqual({
      ok: false,
      refusal: "gone",
    });
    const [shown] = changeRequests(staffOf(person, "own", "invitations")).open;
    expect(shown?.changes.map(({ field }) => field)).not.toContain("allergies");
    expect(shown?.hidden).toBeGreaterThan(0);
    expect(base.db.sqlite.serialize().includes("Sesame")).toBe(false);
  });
});
