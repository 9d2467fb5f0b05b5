import fc from "fast-check";
import { beforeEach, describe, expect, it, test } from "vitest";
import { staffScope } from "#app/domain/access/rules.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { answersFromForm } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import {
  EVERYBODY,
  type FormDefinition,
  isOwnName,
  type Question,
  readDefinition,
  rowName,
  STANDARD_FORM,
  stemOf,
} from "#app/domain/registration/definition.ts";
import { checkDigit, mrzProblem } from "#app/domain/registration/mrz.ts";
import {
  askedForm,
  namesOf,
  type OwnAnswers,
  ownDraftErrors,
  ownDue,
  ownMissing,
  partName,
} from "#app/domain/registration/own-answers.ts";
import { allParts } from "#app/domain/registration/parts.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { questionForm } from "#app/domain/registration-form/form.ts";
import { formInBuilder } from "#app/domain/registration-form/queries.server.ts";
import { addSection, type Edit, problemsOf, removeQuestion } from "#app/domain/registration-form/rules.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { storedDocument } from "#app/domain/travel-document/record.server.ts";
import { BLANK_DOCUMENT } from "#app/domain/travel-document/rules.ts";
import { FIELD_TYPES, type FieldType } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Invitee, type Meeting, submission, writeMeeting } from "#tests/support/meeting.ts";
import { question, row, section } from "#tests/support/own-questions.ts";

const WHO = { delegationId: "d", category: "delegate" } as const;

function asked(questions: Array<Question>, own: OwnAnswers, standard: Record<string, string> = {}) {
  return askedForm({ sections: [section("smore0001", questions)] }, WHO, { standard, own });
}

const KEY = "qaaaaaaa1";

/** What is wrong with answers to the parts of one question. */
function wrong(
  type: FieldType,
  parts: Record<string, string>,
  { travelTo = "2018-12-07", ...rest }: Partial<Question> & { travelTo?: string } = {},
) {
  const own = Object.fromEntries(Object.entries(parts).map(([part, value]) => [partName(KEY, part), value]));
  const form = asked([question(KEY, type, { required: true, ...rest })], own);
  return { ...ownMissing(form, {}, { travelTo }), ...ownDraftErrors(form) };
}

const PASSPORT = {
  familyName: "SAMPLE",
  givenNames: "ANNA MARIA",
  number: "L898902C3",
  nationality: "US",
  type: "ordinary",
  issuedOn: "2015-04-15",
  expiresOn: "2025-04-15",
  issuedAt: "Utopia",
  gender: "F",
  birthDate: "1974-08-12",
  birthPlace: "Zenith",
};

describe("a passport", () => {
  it("is complete with all its parts, or with those that are asked", () => {
    expect(wrong("passport", PASSPORT)).toEqual({});
    const { issuedAt: _, gender: __, ...less } = PASSPORT;
    expect(wrong("passport", less)).toEqual({
      [`${KEY}.issuedAt`]: "error.required",
      [`${KEY}.gender`]: "error.required",
    });
    expect(wrong("passport", less, { left: ["issuedAt", "gender"] })).toEqual({});
  });

  it("must be valid for six months after the last day of travel", () => {
    const until = (expiresOn: string) => wrong("passport", { ...PASSPORT, expiresOn })[`${KEY}.expiresOn`];
    expect(until("2018-12-06")).toBe("own.error.expired");
    expect(until("2019-06-06")).toBe("own.error.expiresSoon");
    expect(until("2019-06-07")).toBeUndefined();
  });

  it("that is not yet issued is an answer where the form allows it, with the day when it comes", () => {
    expect(wrong("passport", { pending: "on", expectedOn: "2018-11-20" }, { pending: true })).toEqual({});
    expect(wrong("passport", { pending: "on" }, { pending: true })).toEqual({
      [`${KEY}.expectedOn`]: "error.required",
    });
    expect(Object.keys(wrong("passport", { pending: "on" }))).toContain(`${KEY}.number`);
  });

  it("is noticed to be misread when the check digits of its lower line do not fit", () => {
    const line = "L898902C36UTO7408122F2504153ZE184226B<<<<<16";
    const whole = (text: string) => {
      const composite = text.slice(0, 10) + text.slice(13, 20) + text.slice(21, 43);
      return text.slice(0, 43) + checkDigit(composite);
    };
    const good = whole(`${line.slice(0, 21)}250415${checkDigit("250415")}${line.slice(28)}`);
    expect(wrong("passport", { ...PASSPORT, mrz: good })).toEqual({});
    expect(wrong("passport", { ...PASSPORT, mrz: good.toLowerCase() })).toEqual({});
    expect(wrong("passport", { ...PASSPORT, number: "L898902C4", mrz: good })).toEqual({
      [`${KEY}.mrz`]: "own.error.mrzOther",
    });
    expect(wrong("passport", { ...PASSPORT, mrz: good.slice(1) })).toEqual({
      [`${KEY}.mrz`]: "own.error.mrzShape",
    });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(..."0123456789"), (at, digit) => {
        const misread = good.slice(0, at) + digit + good.slice(at + 1);
        const checked = at < 10 || (at > 12 && at !== 20);
        fc.pre(checked && checkDigit(good.charAt(at)) !== checkDigit(digit));
        expect(mrzProblem(misread, { number: "", birthDate: "", expiresOn: "" })).not.toBeNull();
      }),
    );
  });
});

describe("a leg of a journey", () => {
  const LEG = {
    by: "flight",
    number: "CA981",
    from: "Beijing",
    departsOn: "2018-12-06",
    departsAt: "13:00",
    departsZone: "Asia/Shanghai",
    to: "New York",
    arrivesOn: "2018-12-06",
    arrivesAt: "12:50",
    arrivesZone: "America/New_York",
  };

  it("may arrive before it left by the clocks, but not in time", () => {
    expect(wrong("leg", LEG)).toEqual({});
    expect(wrong("leg", { ...LEG, arrivesZone: "Asia/Shanghai" })).toEqual({
      [`${KEY}.arrivesOn`]: "own.error.arrivesFirst",
    });
    expect(wrong("leg", { ...LEG, departsZone: "Moon/Base" })[`${KEY}.departsZone`]).toBe("error.invalid");
  });

  it("needs its number, unless it is by some other means", () => {
    const { number: _, ...rest } = LEG;
    expect(wrong("leg", rest)).toEqual({ [`${KEY}.number`]: "error.required" });
    expect(wrong("leg", { ...rest, by: "other" })).toEqual({});
  });
});

test("a time that the clocks jump over is no time; a stay has a night; days keep within their limits", () => {
  const at = { on: "2018-03-11", at: "02:30", zone: "America/New_York" };
  expect(wrong("date_time", at)).toEqual({ [`${KEY}.at`]: "own.error.noSuchTime" });
  expect(wrong("date_time", { ...at, zone: "Asia/Shanghai" })).toEqual({});
  expect(wrong("hotel_nights", { checkIn: "2018-12-03", checkOut: "2018-12-03" })).toEqual({
    [`${KEY}.checkOut`]: "own.error.noNight",
  });
  expect(
    wrong(
      "hotel_nights",
      { checkIn: "2018-12-01", checkOut: "2018-12-09" },
      { earliest: "2018-12-02", latest: "2018-12-08" },
    ),
  ).toEqual({ [`${KEY}.checkIn`]: "own.error.tooEarly", [`${KEY}.checkOut`]: "own.error.tooLate" });
});

test("an undertaking is signed with a tick and a name, and both are asked for", () => {
  expect(wrong("signature", { agreed: "on", name: "Anna Sample" })).toEqual({});
  expect(wrong("signature", { agreed: "on" })).toEqual({ [`${KEY}.name`]: "error.required" });
  expect(wrong("signature", { name: "Anna Sample" })).toEqual({ [`${KEY}.agreed`]: "own.error.consent" });
});

test("what is needed by a day keeps nobody from sending, and is asked for until it is there", () => {
  const later = question("qlater001", "text", { required: true, by: "2018-11-20" });
  const waits = question("qwaits001", "text", { required: true, pending: true, pendingBy: "2018-11-25" });
  const form = asked([later, waits], { "qwaits001.pending": "on" });
  expect(ownMissing(form, {})).toEqual({});
  expect(ownDue(form, {})).toEqual([
    { name: "qlater001", key: "qlater001", by: "2018-11-20", pending: false },
    { name: "qwaits001", key: "qwaits001", by: "2018-11-25", pending: true },
  ]);
  const there = asked([later, waits], { qlater001: "x", qwaits001: "y", "qwaits001.pending": "on" });
  expect(ownDue(there, {})).toEqual([]);
  expect(there.answers).toEqual({ qlater001: "x", qwaits001: "y" });
});

test("a condition looks at a part of an answer, at all of it, and in rows at the row's own", () => {
  const form = [
    question("qpass0001", "passport"),
    question("qvisa0001", "text", {
      condition: {
        join: "and",
        terms: [
          { field: "qpass0001.nationality", test: "isNot", value: "CN" },
          { field: "qpass0001", test: "answered", value: "" },
        ],
      },
    }),
    question("qgroup001", "group", {
      questions: [
        row("qcname001", "person_name"),
        row("qcdiet001", "text", {
          condition: { join: "or", terms: [{ field: "qcname001", test: "answered", value: "" }] },
        }),
      ],
    }),
  ];
  const shows = (own: OwnAnswers) => asked(form, own).sections[0]?.questions.map(({ key }) => key);
  expect(shows({})).not.toContain("qvisa0001");
  expect(shows({ "qpass0001.nationality": "CN" })).not.toContain("qvisa0001");
  expect(shows({ "qpass0001.nationality": "US" })).toContain("qvisa0001");
  const kept = asked(form, {
    "qgroup001.0.qcdiet001": "lost: its row says no name",
    "qgroup001.2.qcname001.nameLatin": "Companion",
    "qgroup001.2.qcdiet001": "Vegan",
  }).answers;
  expect(kept).toEqual({
    qgroup001: "1",
    "qgroup001.0.qcname001.nameLatin": "Companion",
    "qgroup001.0.qcdiet001": "Vegan",
  });
});

test("sections for those who join a visit or need a visa are for nobody else", () => {
  const form: FormDefinition = {
    sections: [
      section("svisit001", [question("qaaaaaaa1", "text")], { ...EVERYBODY, joinsVisit: true }),
      section("svisa0001", [question("qaaaaaaa2", "text")], { ...EVERYBODY, needsVisa: true }),
    ],
  };
  const shown = (standard: Record<string, string | string[]>) =>
    askedForm(form, WHO, { standard, own: {} }).sections.map(({ key }) => key);
  expect(shown({})).toEqual([]);
  expect(shown({ visitIds: ["v"] })).toEqual(["svisit001"]);
  expect(shown({ needsVisa: "yes", visitIds: [] })).toEqual(["svisa0001"]);
  expect(shown({ needsVisa: "no" })).toEqual([]);
});

/* Questions of every kind, and answers that come from anywhere. */

const COMPOSED = FIELD_TYPES.filter((type) => allParts(type).length > 0);
const anyText = fc.oneof(
  fc.constantFrom("", "on", "yes", "US", "CN", "flight", "2018-12-03", "13:00", "Asia/Shanghai"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("䶮", "𬱖", "示例·买买提", "Zoë", "Zoe\u0308", "\u202eevil", "O'Neil-Smith", "X"),
);

test("of several parts, too, what is asked again changes nothing, and nothing is kept that is not asked", () => {
  const anyQuestions = fc.array(
    fc.record({
      type: fc.constantFrom(...COMPOSED, "text" as const, "choices" as const),
      pending: fc.boolean(),
      required: fc.boolean(),
      inGroup: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(
      anyQuestions,
      fc.array(fc.tuple(fc.nat(200), anyText), { maxLength: 40 }),
      (shapes, given) => {
        const questions = shapes.map(({ type, pending, required, inGroup }, n) => {
          const key = `qaaaaaaa${n}`;
          const options = [{ key: "yes", label: { en: "Yes", zh: "是" } }];
          return inGroup
            ? question(key, "group", {
                most: 3,
                questions: [row(`qbbbbbbb${n}`, type, { pending, required, options })],
              })
            : question(key, type, { pending, required, options });
        });
        const names = questions.flatMap((each) => [...namesOf(each)].map(({ name }) => name));
        const own = Object.fromEntries(given.map(([at, text]) => [names[at % names.length] ?? "", text]));
        const form = asked(questions, { ...own, "qzzzzzzz9.number": "not asked" });
        for (const name of Object.keys(form.answers)) {
          expect(isOwnName(name)).toBe(true);
          expect([...names, ...questions.map(({ key }) => key)]).toContain(name);
        }
        expect(asked(questions, form.answers)).toEqual(form);
        for (const name of [...Object.keys(ownMissing(form, {})), ...Object.keys(ownDraftErrors(form))])
          expect(names).toContain(name);
      },
    ),
    { numRuns: 60 },
  );
});

test("names are taken in every script and stay as they were typed; what could mislead a reader is not", () => {
  const given = (nameLatin: string) =>
    wrong("person_name", { familyLatin: "A", nameLatin })[`${KEY}.nameLatin`];
  for (const name of [
    "䶮",
    "𬱖𬱖",
    "阿卜杜拉·买买提",
    "Suharto",
    "Zoe\u0308",
    "Zo\u00eb",
    "O’Neil-Smith, Jr.",
    "محمد",
  ]) {
    expect(given(name)).toBeUndefined();
    const own = { [`${KEY}.nameLatin`]: name };
    expect(asked([question(KEY, "person_name")], own).answers).toEqual(own);
  }
  expect(given("\u202eevil")).toBe("error.characters");
  expect(given("a\u0000b")).toBe("error.characters");
  expect(given("x".repeat(10_000))).toBe("error.tooLong");
  expect(given("👨‍👩‍👧‍👦".repeat(300))).toBe("error.tooLong");
});

test("names of parts are told from names of questions and rows", () => {
  expect(isOwnName("qaaaaaaa1.number")).toBe(true);
  expect(isOwnName(rowName("qaaaaaaa1", 3, "qaaaaaaa2.number"))).toBe(true);
  expect(isOwnName("qaaaaaaa1.3.number")).toBe(false);
  expect(stemOf("qaaaaaaa1.3.qaaaaaaa2.number")).toBe("qaaaaaaa1.3.qaaaaaaa2");
  expect(stemOf("qaaaaaaa1.3.qaaaaaaa2")).toBe("qaaaaaaa1.3.qaaaaaaa2");
});

test("a form that was stored before there were parts, days and visas reads as it was meant", () => {
  const before = JSON.stringify({
    sections: [
      {
        key: "smore0001",
        title: { en: "More", zh: "" },
        help: { en: "", zh: "" },
        audience: { delegationIds: [], categories: [], visitIds: ["v"] },
        left: [],
        questions: [
          {
            key: "qaaaaaaa1",
            type: "text",
            label: { en: "Q", zh: "" },
            help: { en: "", zh: "" },
            required: true,
            dataClass: "C1",
            condition: null,
            options: [],
            most: null,
            least: null,
            questions: [],
          },
        ],
      },
    ],
  });
  const [read] = readDefinition(before).sections;
  expect(read?.audience).toMatchObject({ visitIds: ["v"], joinsVisit: false, needsVisa: false });
  expect(read?.questions[0]).toMatchObject({ required: true, by: null, pending: false, left: [] });
});

/* With people and a database. */

let base: ReturnType<typeof testContext>;
let meeting: Meeting;
let staff: StaffContext;

beforeEach(() => {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 2,
    seats: [{ capacity: 3, quota: null }],
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

function filled(person: Invitee, own: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(submission(meeting, person, []))) form.append(name, value);
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
  const loses = lost.reduce((sum, { answers }) => sum + answers, 0);
  const outcome = await publishForm(staff, { seen, loses });
  if (!outcome.ok) throw new Error(outcome.refusal);
}

const ASKED_PASSPORT = question("qpass0001", "passport", {
  required: true,
  dataClass: "C5",
  pending: true,
  left: ["type", "issuedOn", "issuedAt", "gender", "birthDate", "birthPlace", "mrz"],
});
const TYPED = {
  "qpass0001.familyName": "SAMPLE",
  "qpass0001.number": "E12345678",
  "qpass0001.nationality": "US",
  "qpass0001.expiresOn": "2025-04-15",
};

describe("the passport of the form and the passport of the desk", () => {
  const known = (n: number) => storedDocument(base.db.orm, base.keys, invitee(n).invitationId)?.document;

  it("are one: what is typed in the form is where letters look for it, and nowhere else", async () => {
    await published(addSection(section("smore0001", [ASKED_PASSPORT])));
    const sent = await submitRegistration(contextOf(invitee(0)), { answers: filled(invitee(0), TYPED) });
    expect(sent).toMatchObject({ ok: true, value: { changed: true } });
    expect(known(0)).toMatchObject({ state: "known", number: "E12345678", nationality: "US" });
    const view = registrationForm(contextOf(invitee(0)));
    expect(view?.kept["qpass0001.number"]).toBe("678");
    expect(view?.kept["qpass0001.expiresOn"]).toBe("");
    expect(JSON.stringify(view)).not.toContain("E12345678");
    expect(base.db.sqlite.serialize().includes("E12345678")).toBe(false);
    // The same again is no change.
    expect(
      await submitRegistration(contextOf(invitee(0)), { answers: filled(invitee(0), TYPED) }),
    ).toMatchObject({ ok: true, value: { changed: false } });
  });

  it("keep what only one of the two asks for", async () => {
    await published(addSection(section("smore0001", [ASKED_PASSPORT])));
    await saveTravelDocument(staff, {
      invitationId: invitee(0).invitationId,
      document: { ...BLANK_DOCUMENT, familyName: "OLD", number: "OLD123456", applyAtEn: "New York" },
    });
    expect(registrationForm(contextOf(invitee(0)))?.kept["qpass0001.number"]).toBe("456");
    await submitRegistration(contextOf(invitee(0)), { answers: filled(invitee(0), TYPED) });
    expect(known(0)).toMatchObject({ number: "E12345678", applyAtEn: "New York" });
    // Another answer, sent without it, leaves it.
    await submitRegistration(contextOf(invitee(0)), {
      answers: filled(invitee(0), { allergies: "" }),
    });
    expect(known(0)).toMatchObject({ number: "E12345678" });
  });

  it("say together that it is not yet issued, and then that it is", async () => {
    await published(addSection(section("smore0001", [ASKED_PASSPORT])));
    const ctx = contextOf(invitee(0));
    await submitRegistration(ctx, { answers: filled(invitee(0), TYPED) });
    const pending = { "qpass0001.pending": "on", "qpass0001.expectedOn": "2018-11-20" };
    await submitRegistration(ctx, { answers: filled(invitee(0), pending) });
    expect(known(0)).toEqual({ state: "pending", expectedOn: "2018-11-20" });
    await submitRegistration(ctx, { answers: filled(invitee(0), TYPED) });
    expect(known(0)).toMatchObject({ state: "known", number: "E12345678" });
  });

  it("part when the form no longer asks: the desk's stays", async () => {
    await published(addSection(section("smore0001", [ASKED_PASSPORT, question("qother001", "text")])));
    await submitRegistration(contextOf(invitee(0)), { answers: filled(invitee(0), TYPED) });
    await published(removeQuestion("qpass0001"));
    expect(known(0)).toMatchObject({ number: "E12345678" });
    await submitRegistration(contextOf(invitee(0)), { answers: filled(invitee(0), { qother001: "x" }) });
    expect(known(0)).toMatchObject({ number: "E12345678" });
  });

  it("take nothing malformed, as a draft either, since letters are made of it", async () => {
    await published(addSection(section("smore0001", [ASKED_PASSPORT])));
    const saved = await saveRegistration(contextOf(invitee(0)), {
      answers: filled(invitee(0), { ...TYPED, "qpass0001.expiresOn": "12/5/2030" }),
    });
    expect(saved).toMatchObject({ ok: false, refusal: "invalid" });
    expect(known(0)).toBeUndefined();
    // Half of it is fine.
    const half = await saveRegistration(contextOf(invitee(0)), {
      answers: filled(invitee(0), { "qpass0001.number": "E12345678" }),
    });
    expect(half).toMatchObject({ ok: true });
    expect(known(0)).toMatchObject({ number: "E12345678", familyName: "" });
  });
});

test("a signature is recorded with the version that was signed, and when it is taken back", async () => {
  await published(addSection(section("smore0001", [question("qsign0001", "signature")])));
  const ctx = contextOf(invitee(0));
  const signed = { "qsign0001.agreed": "on", "qsign0001.name": "Anna Sample" };
  await submitRegistration(ctx, { answers: filled(invitee(0), signed) });
  await submitRegistration(ctx, { answers: filled(invitee(0)) });
  expect(
    base.db.sqlite
      .prepare("select given, text_version from consent where kind = 'qsign0001' order by rowid")
      .raw()
      .all(),
  ).toEqual([
    [1, 2],
    [0, 2],
  ]);
});

test("a form has one passport of the person's own; companions have theirs in rows", () => {
  const form = (questions: Array<Question>): FormDefinition => ({
    sections: [...STANDARD_FORM.sections, section("smore0001", questions)],
  });
  const companions = question("qgroup001", "group", { questions: [row("qcpass001", "passport")] });
  expect(problemsOf(form([ASKED_PASSPORT, companions]))).toEqual([]);
  expect(problemsOf(form([ASKED_PASSPORT, { ...ASKED_PASSPORT, key: "qpass0002" }]))).toEqual([
    { key: "qpass0002", problem: "builder.problem.twoPassports", stops: true },
  ]);
});

test("the builder takes limits, days and parts, and keeps a passport under the seal whatever it is told", () => {
  const written = questionForm(() => "onew00001").safeParse({
    revision: "1",
    type: "passport",
    labelEn: "Passport",
    labelZh: "护照",
    dataClass: "C1",
    by: "2018-11-20",
    pending: "on",
    pendingBy: "2018-11-25",
    parts: ["type", "mrz"],
  });
  expect(written.success && written.data.facts).toMatchObject({
    dataClass: "C5",
    required: true,
    by: "2018-11-20",
    pendingBy: "2018-11-25",
    left: ["issuedOn", "issuedAt", "gender", "birthDate", "birthPlace"],
  });
});
