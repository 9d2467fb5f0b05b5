import fc from "fast-check";
import { beforeEach, describe, expect, it, test } from "vitest";
import { staffScope } from "#app/domain/access/rules.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { personPage } from "#app/domain/person/queries.server.ts";
import { type Answers, answersFromForm } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import {
  EVERYBODY,
  type FormDefinition,
  NO_WORDS,
  STANDARD_FORM,
} from "#app/domain/registration/definition.ts";
import {
  askedForm,
  type OwnAnswers,
  ownDraftErrors,
  ownMissing,
  readersLength,
} from "#app/domain/registration/own-answers.ts";
import { registrationForm, registrationForStaff } from "#app/domain/registration/queries.server.ts";
import { changeForm, discardForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { formInBuilder } from "#app/domain/registration-form/queries.server.ts";
import {
  addQuestion,
  addSection,
  differencesOf,
  type Edit,
  keysOf,
  moveQuestion,
  moveSection,
  placeQuestion,
  placeSection,
  problemsOf,
  removeQuestion,
  removeSection,
} from "#app/domain/registration-form/rules.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";
import { question, row, section } from "#tests/support/own-questions.ts";

let base: ReturnType<typeof testContext>;
let meeting: Meeting;
let staff: StaffContext;

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
  const [sideId = ""] = meeting.sideIds;
  const scope = staffScope(
    [{ coHostId: sideId, editionId: meeting.editionId, permission: "lead", endsAt: null }],
    { id: meeting.editionId, coHostIds: meeting.sideIds },
    { act: "lead", now: AUTUMN_2018 },
  );
  if (scope === null) throw new Error("no scope");
  staff = { ...base, actor: { kind: "staff", id: "lead" }, scope };
});

function contextOf(person: Invitee): InvitationContext {
  return {
    ...base,
    actor: { kind: "invitee", id: person.invitationId },
    scope: { editionId: person.editionId, invitationId: person.invitationId },
    locale: "en",
    assistant: null,
  };
}

function invitee(n: number): Invitee {
  const found = meeting.invitees[n];
  if (found === undefined) throw new Error("no such invitee");
  return found;
}

function filled(
  person: Invitee,
  own: Record<string, string> = {},
  visitIds: ReadonlyArray<string> = [],
): Answers {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person, visitIds)))
    form.append(name, value);
  for (const [name, value] of Object.entries(own)) form.append(name, value);
  return answersFromForm(form);
}

async function published(...edits: Array<Edit>): Promise<void> {
  let seen = formInBuilder(staff).revision;
  for (const edit of edits) {
    const changed = await changeForm(staff, { seen, edit });
    if (!changed.ok) throw new Error(changed.refusal);
    seen = changed.value;
  }
  const { lost } = formInBuilder(staff);
  const outcome = await publishForm(staff, {
    seen,
    loses: lost.reduce((sum, { answers }) => sum + answers, 0),
  });
  if (!outcome.ok) throw new Error(outcome.refusal);
}

const NATION = question("qnation01", "country", { required: true });
const NUMBER = question("qnumber01", "text", {
  dataClass: "C5",
  required: true,
  condition: { join: "and", terms: [{ field: "qnation01", test: "isNot", value: "CN" }] },
});

describe("a draft of the form", () => {
  it("changes nothing for anybody until it is published, and then for everybody who comes", async () => {
    const changed = await changeForm(staff, { seen: 0, edit: addSection(section("smore0001", [NATION])) });
    expect(changed).toEqual({ ok: true, value: 1 });
    expect(registrationForm(contextOf(invitee(0)))?.asked.map(({ key }) => key)).not.toContain("smore0001");
    expect(await publishForm(staff, { seen: 1, loses: 0 })).toEqual({ ok: true, value: 2 });
    expect(registrationForm(contextOf(invitee(0)))?.asked.map(({ key }) => key)).toContain("smore0001");
    expect(formInBuilder(staff)).toMatchObject({ version: 2, revision: 0, draftVersion: null });
  });

  it("belongs to one at a time: of many who change it at once, one does, and the others are told", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        changeForm(staff, { seen: 0, edit: addSection(section(`smore00${String(n).padStart(2, "0")}`, [])) }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(formInBuilder(staff).definition.sections).toHaveLength(STANDARD_FORM.sections.length + 1);
    expect(await publishForm(staff, { seen: 0, loses: 0 })).toEqual({ ok: false, refusal: "changed" });
    expect(await discardForm(staff, { seen: 1 })).toEqual({ ok: true, value: null });
    expect(formInBuilder(staff).definition).toEqual(STANDARD_FORM);
  });

  it("is not published with a question that nobody can answer, or agree to", async () => {
    const bad = [
      question("qempty001", "choice"),
      question("qagree001", "consent", { label: { en: "I agree", zh: "" } }),
      question("qlater001", "text", {
        condition: { join: "and", terms: [{ field: "qbelow001", test: "answered", value: "" }] },
      }),
      question("qbelow001", "text", { label: NO_WORDS }),
    ];
    await changeForm(staff, { seen: 0, edit: addSection(section("smore0001", bad)) });
    const stopping = formInBuilder(staff).problems.filter(({ stops }) => stops);
    expect(stopping.map(({ key, problem }) => `${key} ${problem}`)).toEqual([
      "qempty001 builder.problem.fewOptions",
      "qagree001 builder.problem.oneLanguage",
      "qlater001 builder.problem.condition",
      "qbelow001 builder.problem.noLabel",
    ]);
    expect(await publishForm(staff, { seen: 1, loses: 0 })).toEqual({ ok: false, refusal: "unfinished" });
  });

  it("says how many answers a removed question takes along, and takes them everywhere", async () => {
    await published(addSection(section("smore0001", [NATION, NUMBER, question("qfree0001", "text")])));
    await submitRegistration(contextOf(invitee(0)), {
      answers: filled(invitee(0), { qnation01: "FR", qnumber01: "SECRET99887", qfree0001: "plainly-there" }),
    });
    await changeForm(staff, { seen: 0, edit: removeQuestion("qfree0001") });
    await changeForm(staff, { seen: 1, edit: removeQuestion("qnumber01") });
    expect(formInBuilder(staff).lost.map(({ key, answers }) => [key, answers])).toEqual([
      ["qnumber01", 1],
      ["qfree0001", 1],
    ]);
    expect(await publishForm(staff, { seen: 2, loses: 0 })).toEqual({ ok: false, refusal: "loses" });
    expect((await publishForm(staff, { seen: 2, loses: 2 })).ok).toBe(true);
    const rows = base.db.sqlite.prepare("select answers from registration_section").pluck().all().join();
    expect(rows).not.toContain("plainly-there");
    expect(base.db.sqlite.prepare("select count(*) from registration_sealed").pluck().get()).toBe(0);
    expect(registrationForm(contextOf(invitee(0)))?.answers.own).toEqual({ qnation01: "FR" });
  });
});

describe("filling in", () => {
  it("asks what follows from an answer, requires it, and forgets it when it no longer follows", async () => {
    await published(addSection(section("smore0001", [NATION, NUMBER])));
    const ctx = contextOf(invitee(0));
    const missing = await submitRegistration(ctx, { answers: filled(invitee(0), { qnation01: "FR" }) });
    expect(missing).toMatchObject({ ok: false, errors: { qnumber01: ["error.required"] } });
    expect(
      (
        await submitRegistration(ctx, {
          answers: filled(invitee(0), { qnation01: "FR", qnumber01: "X1234567" }),
        })
      ).ok,
    ).toBe(true);
    expect(registrationForm(ctx)?.kept).toEqual({ qnumber01: "567" });
    expect((await submitRegistration(ctx, { answers: filled(invitee(0), { qnation01: "CN" }) })).ok).toBe(
      true,
    );
    expect(registrationForm(ctx)?.kept).toEqual({});
    expect(base.db.sqlite.prepare("select count(*) from registration_sealed").pluck().get()).toBe(0);
  });

  it("keeps a sealed answer that is not sent again, and lets it go when that is asked", async () => {
    await published(addSection(section("smore0001", [question("qsecret01", "text", { dataClass: "C5" })])));
    const ctx = contextOf(invitee(0));
    await saveRegistration(ctx, { answers: filled(invitee(0), { qsecret01: "KEEPME12345" }) });
    const again = await saveRegistration(ctx, { answers: filled(invitee(0)) });
    expect(again).toMatchObject({ ok: true, value: { changed: false } });
    expect(registrationForm(ctx)?.kept).toEqual({ qsecret01: "345" });
    await saveRegistration(ctx, { answers: filled(invitee(0)), cleared: ["qsecret01"] });
    expect(registrationForm(ctx)?.kept).toEqual({});
  });

  it("leaves nothing of a sealed answer in the database, and it opens for no other registration", async () => {
    await published(addSection(section("smore0001", [question("qsecret01", "text", { dataClass: "C5" })])));
    await saveRegistration(contextOf(invitee(0)), {
      answers: filled(invitee(0), { qsecret01: "QX77REVEALED" }),
    });
    await saveRegistration(contextOf(invitee(1)), { answers: filled(invitee(1), { qsecret01: "ANOTHERS" }) });
    expect(base.db.sqlite.serialize().includes("QX77REVEALED")).toBe(false);
    base.db.sqlite
      .prepare(
        "update registration_sealed set sealed = (select sealed from registration_sealed order by rowid limit 1)",
      )
      .run();
    const opened = [0, 1].map((n) => {
      try {
        return registrationForm(contextOf(invitee(n)))?.kept;
      } catch {
        return "closed";
      }
    });
    expect(opened.filter((each) => each === "closed")).toHaveLength(1);
  });

  it("shows staff what they may read of it, and never what is sealed", async () => {
    await published(
      addSection(
        section("smore0001", [
          question("qopen0001", "text"),
          question("qhealth01", "text", { dataClass: "C4" }),
          question("qsecret01", "text", { dataClass: "C5" }),
        ]),
      ),
    );
    const person = invitee(0);
    await saveRegistration(contextOf(person), {
      answers: filled(person, { qopen0001: "open", qhealth01: "ill", qsecret01: "SEALED" }),
    });
    const lead = personPage(staff, person.invitationId);
    expect(lead?.own.map(({ question, value }) => [question.key, value])).toEqual([
      ["qopen0001", "open"],
      ["qhealth01", "ill"],
    ]);
    const reader: StaffContext = { ...staff, scope: { ...staff.scope, permissions: ["read_only"] } };
    expect(personPage(reader, person.invitationId)?.own.map(({ question }) => question.key)).toEqual([
      "qopen0001",
    ]);
  });

  it("is for those whom a section is meant for: by delegation, category and wished visit", async () => {
    const [visitId = ""] = meeting.visitIds;
    await published(
      addSection(
        section("svisit001", [question("qvisit001", "text", { required: true })], {
          ...EVERYBODY,
          visitIds: [visitId],
        }),
      ),
      addSection(
        section("snobody01", [question("qnobody01", "text", { required: true })], {
          ...EVERYBODY,
          categories: ["interpreter"],
        }),
      ),
    );
    const ctx = contextOf(invitee(0));
    expect((await submitRegistration(ctx, { answers: filled(invitee(0)) })).ok).toBe(true);
    const wished = await submitRegistration(ctx, { answers: filled(invitee(0), {}, [visitId]) });
    expect(wished).toMatchObject({ ok: false, errors: { qvisit001: ["error.required"] } });
  });

  it("records an own consent when it is given and when it is taken back, with the version that was shown", async () => {
    await published(addSection(section("smore0001", [question("qagree001", "consent")])));
    const ctx = contextOf(invitee(0));
    await submitRegistration(ctx, { answers: filled(invitee(0), { qagree001: "on" }) });
    await submitRegistration(ctx, { answers: filled(invitee(0)) });
    expect(
      base.db.sqlite
        .prepare("select given, text_version from consent where kind = 'qagree001' order by rowid")
        .raw()
        .all(),
    ).toEqual([
      [1, 2],
      [0, 2],
    ]);
  });

  it("never lets one page silently replace what another stored meanwhile", async () => {
    const ctx = contextOf(invitee(0));
    await saveRegistration(ctx, { answers: filled(invitee(0)), seen: 0 });
    const other = {
      ...filled(invitee(0)),
      contact: { ...filled(invitee(0)).contact, mobile: "+12125550177" },
    };
    expect(await saveRegistration(ctx, { answers: other, seen: 0 })).toEqual({
      ok: false,
      refusal: "changed",
    });
    expect(await submitRegistration(ctx, { answers: other, seen: 0 })).toEqual({
      ok: false,
      refusal: "changed",
    });
    expect(registrationForm(ctx)?.answers.contact.mobile).not.toBe("+12125550177");
    expect((await saveRegistration(ctx, { answers: other, seen: 1 })).ok).toBe(true);
    // The same again from an old page is no conflict: nothing would change.
    expect((await saveRegistration(ctx, { answers: other, seen: 0 })).ok).toBe(true);
  });

  it("leaves out standard questions that the edition does not ask", async () => {
    await published((form) => ({
      sections: form.sections.map((each) => (each.key === "travel" ? { ...each, left: ["bookedBy"] } : each)),
    }));
    expect(registrationForm(contextOf(invitee(0)))?.asked.find(({ key }) => key === "travel")?.left).toEqual([
      "bookedBy",
    ]);
    expect(registrationForStaff(staff, invitee(0).invitationId)?.sections).toHaveLength(
      STANDARD_FORM.sections.length,
    );
  });
});

/* Forms of every shape, and answers that come from anywhere. */

const KEYS = ["qaaaaaaa1", "qaaaaaaa2", "qaaaaaaa3", "qaaaaaaa4", "qaaaaaaa5"] as const;
const VALUES = ["a", "b", ""] as const;
const anyForm = fc
  .array(
    fc.record({
      required: fc.boolean(),
      condition: fc.option(
        fc.record({
          join: fc.constantFrom("and" as const, "or" as const),
          terms: fc.array(
            fc.record({
              field: fc.constantFrom(...KEYS),
              test: fc.constantFrom("is" as const, "isNot" as const, "answered" as const, "blank" as const),
              value: fc.constantFrom("a", "b"),
            }),
            { minLength: 1, maxLength: 3 },
          ),
        }),
      ),
    }),
    { minLength: 1, maxLength: KEYS.length },
  )
  .map(
    (shapes): FormDefinition => ({
      sections: [
        section(
          "smore0001",
          shapes.map(({ required, condition }, n) =>
            question(KEYS[n] ?? "", "choice", {
              required,
              // Only what is above counts, as in a form that may be published.
              condition:
                condition === null || condition.terms.some(({ field }) => KEYS.indexOf(field) >= n)
                  ? null
                  : condition,
              options: [
                { key: "a", label: { en: "A", zh: "甲" } },
                { key: "b", label: { en: "B", zh: "乙" } },
              ],
            }),
          ),
        ),
      ],
    }),
  );
const anyAnswers = fc.dictionary(fc.constantFrom(...KEYS, "qzzzzzzz9"), fc.constantFrom(...VALUES));
const WHO = { delegationId: "d", category: "delegate" } as const;
const ask = (form: FormDefinition, own: OwnAnswers) => askedForm(form, WHO, { standard: {}, own });

test("what is hidden is never required and never kept; asking again changes nothing", () => {
  fc.assert(
    fc.property(anyForm, anyAnswers, (form, own) => {
      const asked = ask(form, own);
      const shown = new Set(asked.sections.flatMap(({ questions }) => questions.map(({ key }) => key)));
      for (const name of Object.keys(asked.answers)) expect(shown.has(name)).toBe(true);
      for (const name of Object.keys(ownMissing(asked, {}))) expect(shown.has(name)).toBe(true);
      expect(ask(form, asked.answers)).toEqual(asked);
    }),
  );
});

test("rows of a group close up and keep their order, whatever rows were left blank", () => {
  const form: FormDefinition = {
    sections: [
      section("smore0001", [
        question("qgroup001", "group", { most: 8, questions: [row("qname0001", "text")] }),
      ]),
    ],
  };
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("", "Wei", "O’Example", "阿依古丽·示例"), { maxLength: 8 }),
      (names) => {
        const own = Object.fromEntries(names.map((name, n) => [`qgroup001.${n}.qname0001`, name]));
        const { answers } = ask(form, own);
        const kept = names.filter((name) => name !== "");
        expect(kept.map((_, n) => answers[`qgroup001.${n}.qname0001`])).toEqual(kept);
        expect(answers.qgroup001).toBe(kept.length === 0 ? undefined : String(kept.length));
      },
    ),
  );
});

test("sections and questions move about and none is lost; consents stay last", () => {
  const start: FormDefinition = {
    sections: STANDARD_FORM.sections.map((each) =>
      each.key === "post" ? { ...each, questions: KEYS.map((key) => question(key, "text")) } : each,
    ),
  };
  const anyEdit = fc.oneof(
    fc
      .record({ key: fc.constantFrom(...KEYS), to: fc.constantFrom("up" as const, "down" as const) })
      .map(({ key, to }) => moveQuestion(key, to)),
    fc
      .record({
        key: fc.constantFrom(...STANDARD_FORM.sections.map(({ key }) => key)),
        to: fc.constantFrom("up" as const, "down" as const),
      })
      .map(({ key, to }) => moveSection(key, to)),
  );
  fc.assert(
    fc.property(fc.array(anyEdit, { maxLength: 30 }), (edits) => {
      const end = edits.reduce<FormDefinition>((form, edit) => {
        const edited = edit(form);
        return typeof edited === "string" ? form : edited;
      }, start);
      expect(end.sections.map(({ key }) => key).sort()).toEqual(start.sections.map(({ key }) => key).sort());
      expect(end.sections.at(-1)?.key).toBe("consents");
      expect(end.sections.flatMap(({ questions }) => questions.map(({ key }) => key)).sort()).toEqual([
        ...KEYS,
      ]);
      expect(problemsOf(end)).toEqual([]);
    }),
  );
  expect(removeSection("name")(start)).toBe("noSuchPart");
  expect(addQuestion("nowhere", null, question("qnew00001", "text"))(start)).toBe("noSuchPart");
});

test("parts that are dragged anywhere are all there afterwards, rows stay in their group, consents stay last", () => {
  const start: FormDefinition = {
    sections: [
      section("smore0001", [question("qaaaaaaa1", "text"), question("qaaaaaaa2", "text")]),
      section("smore0002", [
        question("qgroup001", "group", { questions: [row("qrow00001", "text"), row("qrow00002", "text")] }),
      ]),
      { ...section("smore0003", []), key: "consents" },
    ],
  };
  const anyKey = fc.constantFrom(
    "qaaaaaaa1",
    "qaaaaaaa2",
    "qgroup001",
    "qrow00001",
    "qrow00002",
    "qnothing1",
  );
  const anySection = fc.constantFrom("smore0001", "smore0002", "consents", "snothing1");
  const anyDrag = fc.oneof(
    fc
      .record({ key: anyKey, sectionKey: anySection, before: fc.option(anyKey) })
      .map(({ key, ...place }) => placeQuestion(key, place)),
    fc.tuple(anySection, fc.option(anySection)).map(([key, before]) => placeSection(key, before)),
  );
  fc.assert(
    fc.property(fc.array(anyDrag, { maxLength: 12 }), (drags) => {
      let form = start;
      for (const drag of drags) {
        const after = drag(form);
        if (typeof after !== "string") form = after;
      }
      expect([...keysOf(form)].sort()).toEqual([...keysOf(start)].sort());
      expect(form.sections.map(({ key }) => key).sort()).toEqual(start.sections.map(({ key }) => key).sort());
      expect(form.sections.at(-1)?.key).toBe("consents");
      const group = form.sections
        .flatMap(({ questions }) => questions)
        .find(({ key }) => key === "qgroup001");
      expect(group?.questions.map(({ key }) => key).sort()).toEqual(["qrow00001", "qrow00002"]);
      // What a version says of the next is what there is to say, and of itself nothing.
      expect(differencesOf(form, form)).toEqual([]);
    }),
  );
});

test("a text is as long as a reader counts it", () => {
  const limited = (most: number): FormDefinition => ({
    sections: [section("smore0001", [question("qtext0001", "long_text", { most })])],
  });
  const problem = (text: string, most: number) =>
    ownDraftErrors(ask(limited(most), { qtext0001: text })).qtext0001 ?? null;
  expect(readersLength("👩‍👩‍👧‍👦")).toBe(1);
  expect(problem("𠮷野家", 3)).toBeNull();
  expect(problem("e\u0301e\u0301", 2)).toBeNull();
  expect(problem("買".repeat(10_000), 300)).toBe("error.tooLong");
  expect(problem("a\u202eb", 300)).toBe("error.characters");
  expect(problem("two\nlines", 300)).toBeNull();
});
