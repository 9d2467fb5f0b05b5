import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { xlsxBytes } from "#app/documents/xlsx.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { keepFile } from "#app/domain/import/files.server.ts";
import { planImport } from "#app/domain/import/plan.server.ts";
import { columnsPage, importDetails, importsOf } from "#app/domain/import/queries.server.ts";
import type { Mapping } from "#app/domain/import/rules.ts";
import { undoImport } from "#app/domain/import/undo.server.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { addSection } from "#app/domain/registration-form/rules.ts";
import { translator } from "#app/i18n/translate.ts";
import { cellInWords, entryInWords } from "#app/routes/staff/import-words.ts";
import * as schema from "#db/schema/index.ts";
import { answersOf, cellsIn, csv, meetingWithLists, value } from "#tests/support/lists.ts";
import type { Invitee } from "#tests/support/meeting.ts";
import { question, section } from "#tests/support/own-questions.ts";
import { everything } from "#tests/support/rows.ts";
import { tableOf } from "#tests/support/tables.ts";

let world: ReturnType<typeof meetingWithLists>;
let lead: StaffContext;

beforeEach(() => {
  world = meetingWithLists();
  lead = world.lead;
});

const ours = (n: number, side: 0 | 1 = 0) => world.person(n, side);
const holder = (who: Invitee) => world.holder(who);
const answers = (who: Invitee, changes: Record<string, string> = {}) =>
  answersOf(world.meeting, who, changes);
const stored = (who: Invitee) => registrationForm(holder(who));
const planned = (file: string | Uint8Array, by?: StaffContext) => world.planned(file, by);
const imported = (...given: Parameters<typeof world.imported>) => world.imported(...given);
const requested = (file: string, mapping: Partial<Mapping>) => world.requested(file, mapping);

async function ask(): Promise<void> {
  const own = section("smore0001", [
    question("qshirt001", "choice", {
      label: { en: "Size of shirt", zh: "衣服尺码" },
      options: [
        { key: "o1", label: { en: "Medium", zh: "中号" } },
        { key: "o2", label: { en: "Large", zh: "大号" } },
      ],
    }),
    question("qpassno01", "text", { label: { en: "Number in your ID", zh: "证件" }, dataClass: "C5" }),
  ]);
  const seen = value(await changeForm(lead, { seen: 0, edit: addSection(own) }));
  value(await publishForm(lead, { seen, loses: 0 }));
}

const HEAD = "电子邮箱,饮食要求,过敏,过敏程度,工作语言,是否需要签证,紧急联系人,紧急联系电话";

describe("answers in a list", () => {
  it("are read in either language, written as a draft, noted as from a list, and mailed to nobody", async () => {
    const [a, b] = [ours(0), ours(1)];
    const file = csv(
      HEAD,
      `${a.email},素食、不吃猪肉,花生,严重,中文；English,是,王某,+86 139 1055 5010`,
      `${b.email},清真,,,,,,`,
    );
    const plan = await planned(file);
    expect(cellsIn(plan, 2)).toEqual([
      ["answer:diets", "", '["no_pork","vegetarian"]', true],
      ["answer:allergies", "", "花生", true],
      ["answer:allergySeverity", "", "severe", true],
      ["answer:workingLanguages", "", '["chinese","english"]', true],
      ["answer:needsVisa", "", "yes", true],
      ["answer:emergencyName", "", "王某", true],
      ["answer:emergencyPhone", "", "+86 139 1055 5010", true],
    ]);
    expect(plan.cells).toEqual({ new: 8, changed: 0, same: 0, conflict: 0, problem: 0 });
    const mails = lead.db.orm.select().from(schema.delivery).all().length;
    expect(await imported(file)).toMatchObject({ changed: 2, cells: 8 });
    expect(stored(a)).toMatchObject({ state: "draft" });
    expect(stored(a)?.answers.needs).toMatchObject({ diets: ["no_pork", "vegetarian"], allergies: "花生" });
    // Their card's name is still what the form begins with.
    expect(stored(a)?.answers.name.nameLatin).toBe(a.nameLatin);
    expect(lead.db.orm.select().from(schema.delivery).all()).toHaveLength(mails);
    const [event] = lead.db.orm
      .select()
      .from(schema.invitationEvent)
      .where(eq(schema.invitationEvent.means, "list"))
      .all();
    expect(event).toMatchObject({ kind: "registering", channel: "staff", actorId: "grace" });
    expect((await planned(file)).rows.map(({ fate }) => fate)).toEqual(["same", "same"]);
    expect((await planned(file)).cells.same).toBe(8);
  });

  it("that somebody has handed in otherwise are a conflict, chosen one by one, and stay handed in", async () => {
    const [a, b] = [ours(0), ours(1)];
    value(await submitRegistration(holder(a), { answers: answers(a) }));
    value(await saveRegistration(holder(b), { answers: answers(b, { diets: "kosher", allergies: "" }) }));
    world.clock.advance(60_000);
    const file = csv("Email,Diet,Allergies,Visa", `${a.email},vegan,Peanuts,no`, `${b.email},vegan,Nuts,`);
    const plan = await planned(file);
    const conflict =
      "They have handed in this part of their form themselves. Mark it to replace their answer.";
    expect(cellsIn(plan, 2)).toEqual([
      ["answer:diets", '["vegetarian"]', '["vegan"]', false, conflict],
      ["answer:needsVisa", "", "no", false, conflict],
    ]);
    expect(cellsIn(plan, 3).map(([column, , , chosen]) => [column, chosen])).toEqual([
      ["answer:diets", false],
      ["answer:allergies", true],
    ]);
    const before = everything(lead.db);
    const { importId, cells } = await imported(file, {
      rows: [2, 3],
      cells: ["2.answer:diets", "3.answer:allergies"],
    });
    expect(cells).toBe(2);
    expect(stored(a)).toMatchObject({ state: "submitted" });
    expect(stored(a)?.answers).toMatchObject({ needs: { diets: ["vegan"] }, travel: { needsVisa: "" } });
    expect(stored(b)?.answers.needs).toMatchObject({ diets: ["kosher"], allergies: "Nuts" });
    value(await undoImport(lead, importId));
    expect(everything(lead.db)).toEqual(before);
  });

  it("of nobody who would have to agree first, is not asked, or has declined; nor what is no answer", async () => {
    await ask();
    const [a, b, c] = [ours(0), ours(1), ours(2)];
    const healthy = { diets: "none", allergies: "", allergySeverity: "" };
    const healthyAnswers = answers(a, healthy);
    value(
      await submitRegistration(holder(a), {
        answers: {
          ...healthyAnswers,
          consents: { ...healthyAnswers.consents, consent_sensitive_data: "" },
        },
      }),
    );
    lead.db.orm
      .update(schema.invitation)
      .set({ reply: "declined" })
      .where(eq(schema.invitation.id, c.invitationId))
      .run();
    const file = csv(
      "Email,Diet,Size of shirt,Visa,Emergency phone",
      `${a.email},halal,Medium,,`,
      `${b.email},chalk,XXL,maybe,12345`,
      `${c.email},vegan,大号,,`,
    );
    const plan = await planned(file);
    const problems = (row: number) =>
      plan.rows
        .find((one) => one.row === row)
        ?.cells.map(({ column, problems }) => [column, problems[0]?.key]);
    expect(problems(2)).toEqual([
      ["answer:diets", "import.problem.noConsent"],
      ["own:qshirt001", undefined],
    ]);
    expect(problems(3)).toEqual([
      ["answer:diets", "import.problem.word"],
      ["own:qshirt001", "import.problem.word"],
      ["answer:needsVisa", "import.problem.word"],
      ["answer:emergencyPhone", "register.error.phone"],
    ]);
    expect(problems(4)).toEqual([
      ["answer:diets", "import.problem.notComing"],
      ["own:qshirt001", "import.problem.notComing"],
    ]);
    expect(plan.rows.map(({ fate }) => fate)).toEqual(["changed", "problem", "problem"]);
  });

  it("to the edition's own questions go by their titles; what is under the seal is offered to nobody", async () => {
    await ask();
    const a = ours(0);
    const file = csv("Email,衣服尺码,Number in your ID,护照号码", `${a.email},中号,G1234,E1234567`);
    const { fileId } = value(
      await keepFile(lead, {
        table: await tableOf(file),
        delegationId: world.meeting.delegationIds[0],
        interpreterDelegationId: null,
      }),
    );
    const page = columnsPage(lead, { fileId });
    expect(page?.mapping.columns).toEqual(["email", "own:qshirt001", null, null]);
    expect(page?.kinds).not.toContain("own:qpassno01");
    const forced: Partial<Mapping> = { columns: ["email", "own:qshirt001", "own:qpassno01", null] };
    const before = everything(lead.db);
    const { importId, cells } = await imported(file, undefined, forced);
    expect(cells).toBe(1);
    expect(stored(a)?.answers.own).toEqual({ qshirt001: "o1" });
    expect(lead.db.sqlite.serialize().toString("latin1")).not.toMatch(/G1234|E1234567/);
    expect((await planned(file)).notes.map(({ key }) => key)).toEqual([
      "import.note.column",
      "import.note.passport",
    ]);
    await undoImport(lead, importId);
    expect(everything(lead.db)).toEqual(before);
  });

  it("are brought by those who may read them, of their own side's people", async () => {
    const file = csv("Email,Diet", `${ours(0).email},vegan`, `${ours(0, 1).email},vegan`);
    const desk = await planned(file, world.staff("invitations"));
    expect(desk.rows.flatMap(({ cells }) => cells)).toEqual([]);
    const own = await planned(file);
    expect(own.rows.map(({ fate }) => fate)).toEqual(["changed", "problem"]);
    expect(JSON.stringify(own.rows[1])).not.toContain(ours(0, 1).invitationId);
  });

  it("come with new people too, and go with them", async () => {
    const before = everything(lead.db);
    const file = csv(
      "Name,Email,Diet,Size",
      "Newly Come,newly.come@us.example,vegan,",
      `,${ours(3).email},kosher,`,
    );
    const { importId, created } = await imported(file);
    expect(created).toBe(1);
    const [made] = importDetails(lead, importId)?.people ?? [];
    expect(made).toMatchObject({ nameLatin: "Newly Come" });
    const of = lead.db.orm
      .select()
      .from(schema.registration)
      .where(eq(schema.registration.invitationId, made?.invitationId ?? ""))
      .all();
    expect(of).toHaveLength(1);
    await undoImport(lead, importId);
    expect(everything(lead.db)).toEqual(before);
  });

  it("that somebody went on with since are taken back as far as they are the list's; what was handed in stays", async () => {
    const [a, b, c] = [ours(0), ours(1), ours(2)];
    const file = csv(
      "Email,Diet,Visa,Position",
      ...[a, b, c].map(({ email }) => `${email},vegan,yes,Dean of Everything`),
    );
    const { importId } = await imported(file);
    world.clock.advance(60_000);
    // One goes on with the draft and eats something else, one hands all of it in.
    const draft = stored(a)?.answers ?? answers(a);
    value(
      await saveRegistration(holder(a), {
        answers: { ...draft, needs: { ...draft.needs, diets: ["halal"] } },
      }),
    );
    value(await submitRegistration(holder(b), { answers: answers(b, { diets: "vegan", needsVisa: "yes" }) }));
    world.clock.advance(60_000);
    const undone = value(await undoImport(lead, importId));
    expect(undone).toMatchObject({ left: 3 });
    expect(stored(a)?.answers).toMatchObject({ needs: { diets: ["halal"] }, travel: { needsVisa: "" } });
    expect(stored(b)?.answers).toMatchObject({ needs: { diets: ["vegan"] }, travel: { needsVisa: "yes" } });
    expect(stored(c)?.state).not.toBe("draft");
    const left = importDetails(lead, importId);
    expect(left?.changes.map(({ column, after, now }) => [column, after, now])).toEqual([
      ["answer:diets", '["vegan"]', '["halal"]'],
      ["answer:diets", '["vegan"]', '["vegan"]'],
      ["answer:needsVisa", "yes", "yes"],
    ]);
    expect(importsOf(lead).past).toHaveLength(1);
    // What stays can be tried again; nothing of it is taken by force.
    expect(value(await undoImport(lead, importId))).toMatchObject({ cells: 0, left: 3 });
  });

  it("are told when the part of the form is closed, and erased only where that is asked for", async () => {
    const [a, b] = [ours(0), ours(1)];
    for (const who of [a, b]) value(await submitRegistration(holder(who), { answers: answers(who) }));
    world.clock.advance(40 * 86_400_000);
    const file = csv("Email,Emergency contact relation", `${a.email},Brother`, `${b.email},`);
    expect(cellsIn(await planned(file), 2)).toEqual([
      [
        "answer:emergencyRelation",
        "Sister",
        "Brother",
        false,
        "They have handed in this part of their form themselves. Mark it to replace their answer.",
        "The time for this part of the form is over.",
      ],
    ]);
    const erase: Partial<Mapping> = { blanks: "erase" };
    const plan = value(planImport(lead, await requested(file, erase)));
    expect(cellsIn(plan, 3)[0]?.slice(0, 4)).toEqual(["answer:emergencyRelation", "Sister", "", false]);
    const before = everything(lead.db);
    const { importId } = await imported(file, { rows: [3], cells: ["3.answer:emergencyRelation"] }, erase);
    expect(stored(b)?.answers.contact.emergencyRelation).toBe("");
    await undoImport(lead, importId);
    expect(everything(lead.db)).toEqual(before);
  });

  it("come out of a workbook as they were typed", async () => {
    const a = ours(0);
    const bytes = await xlsxBytes({
      name: "People",
      columns: [
        { heading: "Email" },
        { heading: "Allergies" },
        { heading: "Emergency phone" },
        { heading: "Emergency contact" },
      ],
      rows: [[a.email, "=1+1, nuts\nand more", "+1 212 555 0100", "A. Friend"]],
    });
    await imported(bytes);
    expect(stored(a)?.answers.needs.allergies).toBe("=1+1, nuts\nand more");
    expect(stored(a)?.answers.contact.emergencyPhone).toBe("+1 212 555 0100");
  });
});

describe("answers in several parts", () => {
  async function askMore(): Promise<void> {
    const own = section("smore0002", [
      question("qparts001", "date_time", { label: { en: "Slides by", zh: "讲稿交付" } }),
      question("qparts002", "hotel_nights", { label: { en: "Extra stay", zh: "会后住宿" } }),
      question("qparts003", "institution", { label: { en: "Second post", zh: "兼任单位" } }),
      question("qpasspor1", "passport", {
        label: { en: "Second passport", zh: "第二本护照" },
        dataClass: "C5",
      }),
      question("qmenu0001", "choices", {
        label: { en: "Dishes", zh: "菜品" },
        options: [
          { key: "o1", label: { en: "Beef, roasted", zh: "烤牛肉" } },
          { key: "o2", label: { en: "Fish", zh: "鱼" } },
          { key: "o3", label: { en: "Rice and beans", zh: "米饭配豆" } },
        ],
      }),
    ]);
    const seen = value(await changeForm(lead, { seen: 0, edit: addSection(own) }));
    value(await publishForm(lead, { seen, loses: 0 }));
  }

  it("have a column for each part, are shown in both languages, and go back row for row", async () => {
    await askMore();
    const a = ours(0);
    const { travelFrom: on } = world.meeting;
    const file = csv(
      "Email,Slides by,Extra stay: First night,会后住宿 房型,Second post,兼任单位 单位（中文）",
      `${a.email},${on} 18:00,2018-11-03,双床房,Second School,第二学院`,
    );
    const table = await tableOf(file);
    const { fileId } = value(
      await keepFile(lead, {
        table,
        delegationId: world.meeting.delegationIds[0],
        interpreterDelegationId: null,
      }),
    );
    const page = columnsPage(lead, { fileId });
    const guessed = page?.mapping.columns ?? [];
    expect(guessed.filter((kind) => kind === null)).toEqual([]);
    expect(page?.kinds.filter((kind) => kind.startsWith("own:qpasspor1"))).toEqual([]);
    const plan = await planned(file);
    const cells = plan.rows[0]?.cells ?? [];
    expect(cells.map(({ column, after, problems }) => [column, after, problems])).toEqual(
      expect.arrayContaining([
        ["own:qparts001.on", on, []],
        ["own:qparts001.at", "18:00", []],
        ["own:qparts002.checkIn", "2018-11-03", []],
        ["own:qparts002.room", "twin", []],
        ["own:qparts003.en", "Second School", []],
        ["own:qparts003.zh", "第二学院", []],
      ]),
    );
    const words = (locale: "en" | "zh-CN") => {
      const of = { locale, asked: page?.asked ?? [], delegations: [], roomTypes: [], mates: [] };
      const cell = { column: "own:qparts002.room", value: "twin" } as const;
      const t = translator(locale);
      return `${entryInWords(t, cell.column, of)} = ${cellInWords(t, cell, of)}`;
    };
    expect(words("en")).toBe("Extra stay: Room = Two beds");
    expect(words("zh-CN")).toBe("会后住宿：房型 = 双床房");
    const before = everything(lead.db);
    const { importId } = await imported(file);
    expect(stored(a)?.answers.own).toMatchObject({
      "qparts001.on": on,
      "qparts001.at": "18:00",
      "qparts002.room": "twin",
      "qparts003.zh": "第二学院",
    });
    expect((await planned(file)).rows[0]?.fate).toBe("same");
    const other = await planned(file.replace("Second School", "Third School"));
    expect(other.rows[0]?.cells.map(({ column, isChosen }) => [column, isChosen])).toEqual([
      ["own:qparts003.en", false],
    ]);
    value(await undoImport(lead, importId));
    expect(everything(lead.db)).toEqual(before);
  });

  it("that cannot be read are told part by part", async () => {
    await askMore();
    const file = csv("Email,Slides by,Extra stay: Room", `${ours(0).email},soon,castle`);
    const mapping = { columns: ["email", "own:qparts001.on", "own:qparts002.room"] } as Partial<Mapping>;
    const plan = value(planImport(lead, await requested(file, mapping)));
    expect(plan.rows[0]?.cells.map(({ column, problems }) => [column, problems.length])).toEqual([
      ["own:qparts001.on", 1],
      ["own:qparts002.room", 1],
    ]);
  });

  it("of which several may be ticked are one cell, however they are strung together", async () => {
    await askMore();
    const read = async (text: string) => {
      const plan = await planned(csv("Email,Dishes", `${ours(0).email},"${text}"`));
      return plan.rows[0]?.cells.map(({ after, problems }) => (problems.length === 0 ? after : "unread"))[0];
    };
    for (const text of [
      "Beef, roasted; Fish",
      "Fish, Beef, roasted",
      "烤牛肉和鱼",
      "鱼、烤牛肉",
      "Fish\n烤牛肉",
    ])
      expect([text, await read(text)]).toEqual([text, '["o1","o2"]']);
    expect(await read("Rice and beans")).toBe('["o3"]');
    expect(await read("Rice and beans and Fish")).toBe("unread");
    expect(await read("Fish, Lobster")).toBe("unread");
    const a = ours(0);
    const before = everything(lead.db);
    const { importId } = await imported(csv("邮箱,菜品", `${a.email},鱼；米饭配豆`));
    expect(stored(a)?.answers.own).toEqual({ qmenu0001: ["o2", "o3"] });
    const more = await planned(csv("邮箱,菜品", `${a.email},鱼`));
    expect(more.rows[0]?.cells).toMatchObject([{ before: '["o2","o3"]', after: '["o2"]', isChosen: false }]);
    value(await undoImport(lead, importId));
    expect(everything(lead.db)).toEqual(before);
  });
});
