import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { InvitationContext } from "#app/domain/context.ts";
import { type Answers, answersFromForm, standardValues } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { collides, mergedSections } from "#app/domain/registration/merging.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { REGISTRATION_SECTIONS } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";

let base: ReturnType<typeof testContext>;
let meeting: Meeting;

beforeEach(() => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 2,
    seats: [{ capacity: 2, quota: null }],
    now: AUTUMN_2018,
  });
});

function invitee(): Invitee {
  const found = meeting.invitees[0];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function context(): InvitationContext {
  const { invitationId, editionId } = invitee();
  return {
    ...base,
    actor: { kind: "invitee", id: invitationId },
    scope: { editionId, invitationId },
    locale: "en",
    assistant: null,
  };
}

function filled(changes: Record<string, string> = {}): Answers {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, invitee(), [])))
    if (!(name in changes)) form.append(name, value);
  for (const [name, value] of Object.entries(changes)) form.append(name, value);
  return answersFromForm(form);
}

function form() {
  const found = registrationForm(context(), { withMarks: true });
  if (found === null) throw new Error("no form");
  return found;
}

function stateOf(section: string) {
  return form().sections.find((each) => each.section === section);
}

/** What a page that shows this section sends: nothing of the others. */
function pageOf(section: (typeof REGISTRATION_SECTIONS)[number], answers: Answers) {
  return mergedSections([section], { known: answersFromForm(new FormData()), given: answers });
}

describe("one section at a time", () => {
  it("keeps what was saved before, and what we knew of the other sections stays to be checked", async () => {
    expect(stateOf("name")?.toCheck).toBe(true);
    await saveRegistration(context(), { answers: pageOf("travel", filled()), only: ["travel"] });
    expect(stateOf("travel")).toMatchObject({ state: "draft", missing: [], toCheck: false });
    expect(stateOf("name")).toMatchObject({ state: "empty", toCheck: true });
    expect(form().answers.name.nameLatin).toBe(invitee().nameLatin);
    await saveRegistration(context(), { answers: pageOf("needs", filled()), only: ["needs"] });
    expect(form().answers.travel).toEqual(filled().travel);
    expect(form().answers.needs).toEqual(filled().needs);
  });

  it("saying that what we knew is right makes it the person's own", async () => {
    const known = form().answers;
    await saveRegistration(context(), { answers: pageOf("name", known), only: ["name"] });
    expect(stateOf("name")).toMatchObject({ state: "draft", toCheck: false });
    const before = form().revision;
    await saveRegistration(context(), { answers: pageOf("name", known), only: ["name"] });
    expect(form().revision).toBe(before);
  });

  it("comes to the same registration as the whole form, and is sent from the last step", async () => {
    for (const section of REGISTRATION_SECTIONS)
      expect(
        await saveRegistration(context(), { answers: pageOf(section, filled()), only: [section] }),
      ).toMatchObject({ ok: true });
    expect(form().answers).toEqual(filled());
    expect(await submitRegistration(context(), { answers: form().answers })).toMatchObject({ ok: true });
    const changed = await submitRegistration(context(), {
      answers: pageOf("needs", filled({ dietText: "No parsley" })),
      only: ["needs"],
    });
    expect(changed).toMatchObject({ ok: true });
    expect(form().answers).toEqual(filled({ dietText: "No parsley" }));
  });

  it("two pages that are open at once: different sections both count, the same one asks", async () => {
    const { marks } = form();
    const travel = pageOf("travel", filled());
    const needs = pageOf("needs", filled());
    const from = (section: string) => ({ only: [section], marks: { [section]: marks[section] ?? "" } });
    expect(await saveRegistration(context(), { answers: travel, ...from("travel") })).toMatchObject({
      ok: true,
    });
    expect(await saveRegistration(context(), { answers: needs, ...from("needs") })).toMatchObject({
      ok: true,
    });
    const other = pageOf("needs", filled({ dietText: "No coriander" }));
    expect(await saveRegistration(context(), { answers: other, ...from("needs") })).toMatchObject({
      refusal: "changed",
    });
    expect(form().answers.needs).toEqual(filled().needs);
    // The same words sent again are no collision: a second press of the button.
    expect(await saveRegistration(context(), { answers: needs, ...from("needs") })).toMatchObject({
      ok: true,
      value: { changed: false },
    });
  });

  it("takes nothing of a section that the page did not show", async () => {
    await saveRegistration(context(), { answers: filled({ nameLatin: "Smuggled" }), only: ["travel"] });
    expect(form().answers.name.nameLatin).toBe(invitee().nameLatin);
  });
});

const section = fc.constantFrom(...REGISTRATION_SECTIONS);
const anyAnswers = fc
  .dictionary(fc.constantFrom(...Object.keys(standardValues(answersFromForm(new FormData())))), fc.string())
  .map((record) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(record)) data.append(name, value);
    return answersFromForm(data);
  });

describe("merging drafts", () => {
  it("leaves everything that the page did not show as it stood", () => {
    fc.assert(
      fc.property(fc.array(section), anyAnswers, anyAnswers, (shown, known, given) => {
        const merged = mergedSections(shown, { known, given });
        for (const each of REGISTRATION_SECTIONS)
          expect(merged[each]).toEqual(shown.includes(each) ? given[each] : known[each]);
      }),
    );
  });

  it("comes to the same whatever the order in which pages of different sections are saved", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(section, { minLength: 2 }),
        anyAnswers,
        anyAnswers,
        anyAnswers,
        fc.nat(),
        (shown, known, one, two, at) => {
          const cut = 1 + (at % (shown.length - 1));
          const [first, second] = [shown.slice(0, cut), shown.slice(cut)];
          const there = mergedSections(second, {
            known: mergedSections(first, { known, given: one }),
            given: two,
          });
          const back = mergedSections(first, {
            known: mergedSections(second, { known, given: two }),
            given: one,
          });
          expect(there).toEqual(back);
        },
      ),
    );
  });

  it("saved twice is saved once", () => {
    fc.assert(
      fc.property(fc.array(section), anyAnswers, anyAnswers, (shown, known, given) => {
        const once = mergedSections(shown, { known, given });
        expect(mergedSections(shown, { known: once, given })).toEqual(once);
      }),
    );
  });

  it("never replaces unseen what somebody else wrote, and never asks about the same words", () => {
    const mark = fc.constantFrom("a", "b", "c");
    fc.assert(
      fc.property(mark, mark, mark, (seen, stands, wanted) => {
        const asks = collides({ seen, stands, wanted });
        if (!asks) expect(seen === stands || wanted === stands).toBe(true);
        if (wanted === stands || seen === stands) expect(asks).toBe(false);
      }),
    );
  });
});
