import type { StaffContext } from "#app/domain/context.ts";
import {
  EVERYBODY,
  NO_WORDS,
  PLAIN_QUESTION,
  type Question,
  type RowQuestion,
} from "#app/domain/registration/definition.ts";
import { changeForm, publishForm } from "#app/domain/registration-form/commands.server.ts";
import { addSection, changeSection, type Edit } from "#app/domain/registration-form/rules.ts";
import type { FieldType } from "../vocabulary.ts";

function row(
  key: string,
  type: FieldType,
  en: string,
  zh: string,
  rest: Partial<RowQuestion> = {},
): RowQuestion {
  return { ...PLAIN_QUESTION, key, type, label: { en, zh }, ...rest };
}

function question(...args: Parameters<typeof row>): Question {
  return { ...row(...args), questions: [] };
}

/** What this edition asks besides the standard form: for the delegate book, for the courts, and about companions. */
function edits(visitIds: ReadonlyArray<string>): Array<Edit> {
  return [
    addSection({
      key: "sbook0001",
      title: { en: "Delegate book", zh: "会议手册" },
      help: { en: "What other delegates read about you.", zh: "供其他代表阅读。" },
      audience: EVERYBODY,
      deadline: null,
      left: [],
      questions: [
        question("qbio00001", "long_text", "A few sentences about you", "个人简介", {
          help: {
            en: "At most 150 words, in either language; we translate.",
            zh: "不超过300字，任一语言均可，由我们翻译。",
          },
          most: 1_200,
        }),
        question("qpaper001", "yes_no", "Will you hand in a paper?", "是否提交论文？"),
        question("qportrait", "portrait", "Portrait", "照片"),
        question("qfile0001", "file", "The paper, if you have it already", "论文（如已完成）", {
          condition: { join: "and", terms: [{ field: "qpaper001", test: "is", value: "yes" }] },
          accepts: ["pdf", "office"],
        }),
        question("qtitle001", "text", "Title of the paper", "论文题目", {
          required: true,
          condition: { join: "and", terms: [{ field: "qpaper001", test: "is", value: "yes" }] },
        }),
      ],
    }),
    addSection({
      key: "scourt001",
      title: { en: "For the courts that you visit", zh: "参观法院所需信息" },
      help: {
        en: "The host of a visit asks for a list of names weeks ahead. What you write here is kept under a seal.",
        zh: "接待单位需提前数周提交名单。您在此填写的内容将加密保存。",
      },
      audience: { ...EVERYBODY, visitIds: [...visitIds] },
      deadline: null,
      left: [],
      questions: [
        question("qpass0001", "passport", "Your passport", "护照信息", {
          help: {
            en: "Exactly as it stands there: the guards at the gate compare letter by letter.",
            zh: "请与护照完全一致，门卫将逐字核对。",
          },
          dataClass: "C5",
          required: true,
          by: "2018-11-16",
          pending: true,
          pendingBy: "2018-11-23",
          left: ["issuedOn", "issuedAt", "birthPlace"],
        }),
        question(
          "qagree001",
          "consent",
          "I agree that my name, nationality and passport number go to the courts that I visit, for their list of visitors and nothing else.",
          "本人同意将姓名、国籍和护照号码提供给所参观的法院，仅用于来访人员名单。",
        ),
      ],
    }),
    addSection({
      key: "sstay0001",
      title: { en: "Your stay", zh: "住宿与后续行程" },
      help: NO_WORDS,
      audience: EVERYBODY,
      deadline: null,
      left: [],
      questions: [
        question("qnights01", "hotel_nights", "Nights at the meeting's hotel", "会议酒店住宿", {
          dataClass: "C3",
          earliest: "2018-11-30",
          latest: "2018-12-09",
        }),
        {
          ...row("qonward01", "group", "Onward journey", "后续行程", {
            help: {
              en: "Flights and trains within the country after the meeting.",
              zh: "会后在境内的航班或火车。",
            },
            most: 3,
          }),
          questions: [row("qleg00001", "leg", "Leg", "行程段", { dataClass: "C3" })],
        },
        question(
          "qrule0001",
          "signature",
          "I undertake to use what I hear at this meeting without naming who said it, or where they are from.",
          "本人承诺：可使用会议中获得的信息，但不披露发言人及其所属单位。",
        ),
      ],
    }),
    addSection({
      key: "scompan01",
      title: { en: "Who comes with you", zh: "随行人员" },
      help: NO_WORDS,
      audience: EVERYBODY,
      deadline: null,
      left: [],
      questions: [
        {
          ...row("qcompan01", "group", "Companion", "随行人员", { most: 3 }),
          questions: [
            row("qcname001", "text", "Name, as in the passport", "姓名（以护照为准）", {
              required: true,
              dataClass: "C3",
            }),
            row("qcdinner1", "yes_no", "Comes to the dinners?", "是否参加晚宴？", { dataClass: "C3" }),
          ],
        },
      ],
    }),
    changeSection("travel", {
      title: NO_WORDS,
      help: NO_WORDS,
      audience: EVERYBODY,
      deadline: null,
      left: ["bookedBy"],
    }),
  ];
}

/** The form of the demonstration: version 2, published by a lead. */
export async function seedForm(lead: StaffContext, visitIds: ReadonlyArray<string>): Promise<void> {
  let seen = 0;
  for (const edit of edits(visitIds)) {
    const changed = await changeForm(lead, { seen, edit });
    if (!changed.ok) throw new Error(`The demonstration's form: ${changed.refusal}`);
    seen = changed.value;
  }
  const published = await publishForm(lead, { seen, loses: 0 });
  if (!published.ok) throw new Error(`The demonstration's form: ${published.refusal}`);
}
