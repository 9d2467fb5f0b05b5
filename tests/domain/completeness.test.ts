import { beforeEach, describe, expect, it } from "vitest";
import { staffScope } from "#app/domain/access/rules.ts";
import { completenessBoard } from "#app/domain/completeness/board.server.ts";
import { chase, chasePlan, chaseText } from "#app/domain/completeness/chase.server.ts";
import { boardFilter } from "#app/domain/completeness/form.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { EVERYBODY, NO_WORDS, PLAIN_QUESTION } from "#app/domain/registration/definition.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { addSection } from "#app/domain/registration-form/rules.ts";
import * as schema from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";

let base: ReturnType<typeof testContext>;
let meeting: Meeting;

beforeEach(() => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 30,
    seats: [{ capacity: 20, quota: null }],
    now: AUTUMN_2018,
  });
});

function staff(side: 0 | 1 = 0, permission: Permission = "lead"): StaffContext {
  const scope = staffScope(
    [{ coHostId: meeting.sideIds[side], editionId: meeting.editionId, permission, endsAt: null }],
    { id: meeting.editionId, coHostIds: meeting.sideIds },
    { now: AUTUMN_2018 },
  );
  if (scope === null) throw new Error("no scope");
  return { ...base, actor: { kind: "staff", id: "staff" }, scope };
}

function people(side: 0 | 1 = 0): Array<Invitee> {
  return meeting.invitees.filter(({ sideId }) => sideId === meeting.sideIds[side]);
}

function person(n = 0): Invitee {
  const found = people()[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function holder({ invitationId, editionId }: Invitee): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: invitationId },
    scope: { editionId, invitationId },
    locale: "en",
    assistant: null,
  };
}

function answers(one: Invitee, changes: Record<string, string> = {}, visitIds: ReadonlyArray<string> = []) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, one, visitIds)))
    if (!(name in changes)) form.append(name, value);
  for (const [name, value] of Object.entries(changes)) if (value !== "") form.set(name, value);
  return answersFromForm(form);
}

const ids = (list: ReadonlyArray<Invitee>) => list.map(({ invitationId }) => invitationId);

function mails() {
  return base.db.orm
    .select()
    .from(schema.delivery)
    .all()
    .filter(({ kind }) => kind === "missing");
}

describe("the board", () => {
  it("shows this side's people alone, with what is missing and what it holds up", async () => {
    await saveRegistration(holder(person(0)), { answers: answers(person(0), { arrivalNumber: "" }) });
    await submitRegistration(holder(person(1)), { answers: answers(person(1)) });
    const { page } = completenessBoard(staff(), {});
    expect(page.total).toBe(people().length);
    const row = (one: Invitee) => page.shown.find(({ invitationId }) => invitationId === one.invitationId);
    expect(row(person(0))?.cells.find(({ section }) => section === "travel")?.missing).toEqual([
      "arrivalNumber",
    ]);
    expect(row(person(0))?.blocks).toContain("transport");
    expect(row(person(1))).toMatchObject({ state: "submitted", blocks: [] });
    expect(row(person(2))).toMatchObject({ state: null });
    const theirs = completenessBoard(staff(1), {}).page.shown.map(({ invitationId }) => invitationId);
    expect(theirs.filter((id) => ids(people()).includes(id))).toEqual([]);
  });

  it("narrows by state and by section, and comes in pages that lose nobody", async () => {
    await saveRegistration(holder(person(0)), { answers: answers(person(0)), only: ["travel"] });
    await submitRegistration(holder(person(1)), { answers: answers(person(1)) });
    const total = (filter: Parameters<typeof completenessBoard>[1]) =>
      completenessBoard(staff(), filter).page.total;
    expect(total({ progress: "draft" })).toBe(1);
    expect(total({ progress: "submitted" })).toBe(1);
    expect(total({ progress: "incomplete" })).toBe(people().length - 1);
    expect(total({ section: "travel" })).toBe(people().length - 1);
    expect(total({ delegation: meeting.delegationIds[1] })).toBe(0);
    expect(boardFilter(new URLSearchParams({ progress: "nonsense", name: "Somebody" }))).toEqual({});
  });

  it("says which papers a visit's host still waits for, and to whom it does not say so", async () => {
    await submitRegistration(holder(person(0)), { answers: answers(person(0), {}, meeting.visitIds) });
    const papers = (ctx: StaffContext) =>
      completenessBoard(ctx, {}).page.shown.find(
        ({ invitationId }) => invitationId === person(0).invitationId,
      )?.papers;
    expect(papers(staff())).toMatchObject([{ visitId: meeting.visitIds[0], lacks: ["passport"] }]);
    expect(papers(staff(0, "mail"))).toEqual([]);
  });
});

describe("telling people what is missing", () => {
  it("says to each what they lack and to nobody what another does; of health only the section", async () => {
    await saveRegistration(holder(person(0)), {
      answers: answers(person(0), { arrivalNumber: "", allergies: "Peanuts", allergySeverity: "" }),
    });
    await saveRegistration(holder(person(1)), { answers: answers(person(1), { mobile: "" }) });
    const plan = chasePlan(staff(), ids([person(0), person(1)]));
    const of = (one: Invitee) => plan.people.find(({ invitationId }) => invitationId === one.invitationId);
    const first = of(person(0));
    const things = first?.mail.sections.flatMap((section) => section.things.map(({ en }) => en)) ?? [];
    expect(things.length).toBeGreaterThan(0);
    expect(first?.mail.sections.map(({ key }) => key)).toContain("needs");
    expect(JSON.stringify(first?.mail)).not.toMatch(/Peanuts|everity/);
    expect(of(person(1))?.mail.sections.find(({ key }) => key === "contact")?.things).toHaveLength(1);
    expect(chaseText(staff(), first ?? failed())).toContain("/registration/travel");
  });

  it("goes once: the same preview sent twice is refused, and so is one that is out of date", async () => {
    const chosen = ids([person(0), person(1)]);
    const { shown } = chasePlan(staff(), chosen);
    expect(await chase(staff(), { invitationIds: chosen, shown, count: null })).toEqual({
      ok: true,
      value: { queued: 2 },
    });
    expect(await chase(staff(), { invitationIds: chosen, shown, count: null })).toMatchObject({
      refusal: "changed",
    });
    expect(mails()).toHaveLength(2);
    const later = chasePlan(staff(), chosen).shown;
    await submitRegistration(holder(person(0)), { answers: answers(person(0)) });
    expect(await chase(staff(), { invitationIds: chosen, shown: later, count: null })).toMatchObject({
      refusal: "changed",
    });
    expect(mails()).toHaveLength(2);
  });

  it("wants the number typed above ten, and never reaches the other side's people", async () => {
    const chosen = ids([...people(0), ...people(1)]);
    const plan = chasePlan(staff(), chosen);
    expect(plan.count).toBe(people().length);
    const send = (count: number | null) =>
      chase(staff(), { invitationIds: chosen, shown: plan.shown, count });
    expect(await send(null)).toMatchObject({ refusal: "count" });
    expect(await send(plan.count + 1)).toMatchObject({ refusal: "count" });
    expect(await send(plan.count)).toMatchObject({ ok: true });
    expect(mails().map(({ coHostId }) => coHostId)).toEqual(people().map(() => meeting.sideIds[0]));
  });

  it("does not ask for a section that the form got later and that nobody must answer", async () => {
    await submitRegistration(holder(person(0)), { answers: answers(person(0)) });
    const title = { en: "More", zh: "其他" };
    const question = {
      ...PLAIN_QUESTION,
      key: "qmore0001",
      type: "text" as const,
      label: title,
      questions: [],
    };
    const section = {
      key: "smore0001",
      title,
      help: NO_WORDS,
      audience: EVERYBODY,
      deadline: null,
      left: [],
      questions: [question],
    };
    await changeForm(staff(), { seen: 0, edit: addSection(section) });
    await publishForm(staff(), { seen: 1, loses: 0 });
    expect(chasePlan(staff(), ids([person(0)])).count).toBe(0);
    expect(chasePlan(staff(), ids([person(1)])).people[0]?.mail.sections.map(({ key }) => key)).toContain(
      "smore0001",
    );
  });

  it("leaves out who lacks nothing", async () => {
    await submitRegistration(holder(person(0)), { answers: answers(person(0)) });
    const plan = chasePlan(staff(), ids([person(0)]));
    expect(plan).toMatchObject({ count: 0, people: [{ obstacle: "nothingMissing" }] });
    expect(
      await chase(staff(), { invitationIds: ids([person(0)]), shown: plan.shown, count: null }),
    ).toMatchObject({ refusal: "nobody" });
  });
});

function failed(): never {
  throw new Error("nobody is there");
}
