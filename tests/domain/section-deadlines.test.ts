import fc from "fast-check";
import { beforeEach, describe, expect, it, test } from "vitest";
import { staffScope } from "#app/domain/access/rules.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { type Answers, answersFromForm } from "#app/domain/registration/answers.ts";
import {
  changeRequests,
  decideChange,
  requestChange,
} from "#app/domain/registration/change-requests.server.ts";
import { submitRegistration } from "#app/domain/registration/commands.server.ts";
import { EVERYBODY, NO_WORDS } from "#app/domain/registration/definition.ts";
import { lateSections, registrationForm } from "#app/domain/registration/queries.server.ts";
import { boundSections, sectionClosesAt } from "#app/domain/registration/rules.ts";
import { writeDown } from "#app/domain/registration/told.server.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { formInBuilder } from "#app/domain/registration-form/queries.server.ts";
import { changeSection } from "#app/domain/registration-form/rules.ts";
import { dayOf } from "#app/i18n/dates.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";

/* A section's own last day: what was handed in there is changed on request afterwards, and everything else as ever. */

const DAY = 86_400_000;
const ZONE = "Asia/Shanghai";
const NEW_MOBILE = "+12125550199";
const FLIGHT = { arrivalNumber: "MU588", arrivalTime: "21:05" };

let base: ReturnType<typeof testContext>;
let meeting: Meeting;
let person: Invitee;
let staff: StaffContext;

beforeEach(async () => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 2,
    seats: [{ capacity: 2, quota: null }],
    now: AUTUMN_2018,
  });
  const [found] = meeting.invitees;
  if (found === undefined) throw new Error("no invitee");
  person = found;
  const owner = base.db.sqlite
    .prepare(
      "select d.co_host_id from invitation i join delegation d on d.id = i.delegation_id where i.id = ?",
    )
    .pluck()
    .get(person.invitationId);
  const scope = staffScope(
    [{ coHostId: String(owner), editionId: meeting.editionId, permission: "lead", endsAt: null }],
    { id: meeting.editionId, coHostIds: meeting.sideIds },
    { act: "lead", now: base.clock.now() },
  );
  if (scope === null) throw new Error("no scope");
  staff = { ...base, actor: { kind: "staff", id: "lead" }, scope };
  const edit = changeSection("travel", {
    title: NO_WORDS,
    help: NO_WORDS,
    audience: EVERYBODY,
    deadline: dayOf(AUTUMN_2018, ZONE),
    left: [],
  });
  const changed = await changeForm(staff, { seen: formInBuilder(staff).revision, edit });
  if (!changed.ok) throw new Error(changed.refusal);
  expect(await publishForm(staff, { seen: changed.value, loses: 0 })).toMatchObject({ ok: true });
});

function context(): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: person.invitationId },
    scope: { editionId: person.editionId, invitationId: person.invitationId },
    locale: "en",
    assistant: null,
  };
}

function filled(changes: Record<string, string> = {}): Answers {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person, [])))
    if (!(name in changes)) form.append(name, value);
  for (const [name, value] of Object.entries(changes)) form.append(name, value);
  return answersFromForm(form);
}

function form() {
  const found = registrationForm(context());
  if (found === null) throw new Error("no form");
  return found;
}

/** Hands in in time, and lets the section's day pass. */
async function handedIn(): Promise<void> {
  expect(await submitRegistration(context(), { answers: filled() })).toMatchObject({ ok: true });
  base.clock.advance(2 * DAY);
}

describe("after a section's own day", () => {
  it("what touches open sections alone is saved as ever", async () => {
    await handedIn();
    expect(form()).toMatchObject({ closed: null, bound: { travel: expect.any(Number) } });
    expect(await submitRegistration(context(), { answers: filled({ mobile: NEW_MOBILE }) })).toMatchObject({
      ok: true,
      value: { changed: true },
    });
    expect(form().answers.contact.mobile).toBe(NEW_MOBILE);
    expect(await requestChange(context(), { answers: filled(), only: ["contact"], note: "" })).toMatchObject({
      ok: true,
      value: { asked: false, saved: true },
    });
  });

  it("a change in it is a wish, and what else the page changed is saved; a yes runs over what stands by then", async () => {
    await handedIn();
    const before = form().answers.travel;
    const sent = { answers: filled({ ...FLIGHT, mobile: NEW_MOBILE }) };
    expect(await submitRegistration(context(), sent)).toEqual({ ok: false, refusal: "late" });
    expect(form().answers.contact.mobile).not.toBe(NEW_MOBILE);
    expect(await requestChange(context(), { ...sent, note: "Booked now." })).toEqual({
      ok: true,
      value: { asked: true, saved: true },
    });
    expect(form().answers.contact.mobile).toBe(NEW_MOBILE);
    expect(form().answers.travel).toEqual(before);
    const [request] = changeRequests(staff).open;
    expect(request?.changes.map(({ field }) => field).sort()).toEqual(Object.keys(FLIGHT).sort());

    const LATER = "+12125550188";
    const again = await submitRegistration(context(), {
      answers: filled({ mobile: LATER }),
      only: ["contact"],
    });
    expect(again).toMatchObject({ ok: true });
    await decideChange(staff, { requestId: request?.id ?? "", accept: true, word: "" });
    expect(form().answers.travel).toMatchObject(FLIGHT);
    expect(form().answers.contact.mobile).toBe(LATER);
  });

  it("a first submission counts as a whole, and the trail says which sections were late", async () => {
    base.clock.advance(2 * DAY);
    expect(form()).toMatchObject({ bound: {}, past: { travel: expect.any(Number) } });
    expect(await submitRegistration(context(), { answers: filled(FLIGHT) })).toMatchObject({ ok: true });
    expect(form()).toMatchObject({ state: "submitted", answers: { travel: FLIGHT } });
    const details = base.db.sqlite
      .prepare("select details from audit_event where action = 'registration.submit'")
      .pluck()
      .get();
    expect(JSON.parse(String(details))).toMatchObject({ late: ["travel"] });
  });

  it("staff see on the person's page which sections came late, whatever becomes of the day; others see nothing", async () => {
    expect(lateSections(staff, person.invitationId)).toEqual([]);
    base.clock.advance(2 * DAY);
    await submitRegistration(context(), { answers: filled(FLIGHT) });
    expect(lateSections(staff, person.invitationId)).toEqual(["travel"]);
    const others = meeting.sideIds.filter((id) => !staff.scope.sideIds.includes(id));
    const other = { ...staff, scope: { ...staff.scope, sideIds: others } };
    expect(lateSections(other, person.invitationId)).toEqual([]);
  });

  it("nothing is called late that came in time", async () => {
    await handedIn();
    expect(lateSections(staff, person.invitationId)).toEqual([]);
  });

  it("a wish made on one section's page leaves what was asked for in another", async () => {
    await handedIn();
    await requestChange(context(), { answers: filled(FLIGHT), only: ["travel"], note: "" });
    base.db.sqlite.prepare("update edition set register_by = ?").run(base.clock.now() - 1);
    expect(form().closed).toBe("closed");
    await requestChange(context(), {
      answers: filled({ mobile: NEW_MOBILE }),
      only: ["contact"],
      note: "",
    });
    const [request, ...more] = changeRequests(staff).open;
    expect(more).toEqual([]);
    expect(request?.changes.map(({ field }) => field).sort()).toEqual(
      [...Object.keys(FLIGHT), "mobile"].sort(),
    );
  });

  it("does not hold staff who write down what they are told", async () => {
    await handedIn();
    const outcome = await writeDown(staff, {
      invitationId: person.invitationId,
      answers: filled(FLIGHT),
      cleared: [],
      seen: undefined,
      told: { means: "phone", note: "The person" },
      handIn: true,
    });
    expect(outcome).toMatchObject({ ok: true });
    expect(form().answers.travel).toMatchObject(FLIGHT);
  });

  it("a day after the edition's keeps the section open to changes", async () => {
    await submitRegistration(context(), { answers: filled() });
    base.db.sqlite.prepare("update edition set register_by = ?").run(base.clock.now() - 1);
    expect(form().closed).toBeNull();
    expect(Object.keys(form().bound)).not.toContain("travel");
    expect(await submitRegistration(context(), { answers: filled(FLIGHT) })).toMatchObject({ ok: true });
    expect(await submitRegistration(context(), { answers: filled({ mobile: NEW_MOBILE }) })).toEqual({
      ok: false,
      refusal: "late",
    });
  });
});

const day = fc.integer({ min: 0, max: 60 }).map((n) => dayOf(AUTUMN_2018 + n * DAY, ZONE));
const instant = fc.integer({ min: AUTUMN_2018, max: AUTUMN_2018 + 60 * DAY });

test("a section is bound from the end of its own day, else the edition's, and never before it was handed in", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({
          key: fc.stringMatching(/^s[a-z0-9]{8}$/),
          deadline: fc.option(day),
          answered: fc.boolean(),
        }),
        { selector: ({ key }) => key },
      ),
      fc.option(instant),
      instant,
      fc.boolean(),
      (sections, registerBy, now, isSubmitted) => {
        const edition = { registerBy, timeZone: ZONE };
        const bound = boundSections(sections, edition, {
          now,
          isSubmitted,
          isAnswered: (key) => sections.some((each) => each.key === key && each.answered),
        });
        for (const section of sections) {
          const isPast =
            section.deadline === null
              ? registerBy !== null && now > registerBy
              : dayOf(now, ZONE) > section.deadline;
          const isOver = registerBy !== null && now > registerBy;
          expect(bound.has(section.key)).toBe(isSubmitted && isPast && (isOver || section.answered));
          if (bound.has(section.key)) expect(bound.get(section.key)).toBe(sectionClosesAt(section, edition));
        }
      },
    ),
  );
});
