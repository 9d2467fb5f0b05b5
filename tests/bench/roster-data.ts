import { join } from "node:path";
import { addStaff } from "#app/domain/access/commands.server.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { makeExport } from "#app/domain/export/commands.server.ts";
import { narrowingOf } from "#app/domain/export/form.ts";
import { type RosterView, rosterView, USUAL_VIEW } from "#app/domain/roster/rules.ts";
import { systemClock } from "#app/platform/clock.ts";
import { deriveKeys, hashToken, newId } from "#app/platform/crypto.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { migrate } from "#db/migrate.server.ts";
import * as schema from "#db/schema/index.ts";
import { writeMeeting } from "../support/meeting.ts";
import { LEAD } from "./lists-data.ts";
import { ROOT } from "./processes.ts";

/*
 * An edition of any number of people, of two sides, in no order: with posts, replies, answers about travel and needs, and
 * mails. One in a thousand has a name that the others have not, so that a search finds a handful in a large edition too.
 */

export type Crowd = {
  slug: string;
  /** Kept views of the lead's, by what they measure. */
  views: Readonly<Record<keyof typeof VIEWS, string>>;
  exports: Readonly<Record<"xlsx" | "csv", string>>;
  /** Somebody whose card the bench writes, so that whatever was counted is to be counted anew. */
  personId: string;
  /** Somebody with a link, and the browser that they used. */
  delegate: { token: string; cookie: string };
};

const VIEWS = {
  filter: {
    any: [
      [
        { column: "category", test: "is", value: "observer" },
        { column: "reply", test: "is", value: "accepted" },
      ],
    ],
  },
  rareFilter: { any: [[{ column: "category", test: "is", value: "note_taker" }]] },
  textFilter: { any: [[{ column: "nameLatin", test: "contains", value: "vozhala" }]] },
  answerFilter: { any: [[{ column: "answer:arrivalNumber", test: "is", value: "CA77" }]] },
  pinyinBack: { sort: [{ column: "", way: "pinyin", descending: true }] },
  stroke: { sort: [{ column: "", way: "stroke" }] },
  protocol: { sort: [{ column: "", way: "protocol" }] },
  searchLatin: { search: "vozhala" },
  searchChinese: { search: "甪端" },
  searchMany: { search: "river" },
} as const satisfies Record<string, unknown>;

const SYLLABLES = [
  "ba",
  "ke",
  "lin",
  "mo",
  "ru",
  "san",
  "ti",
  "vo",
  "wei",
  "zha",
  "chen",
  "dai",
  "fu",
  "gao",
  "hu",
  "jin",
];
const FAMILIES = [..."王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹"];
const GIVEN = [..."示例样本范模仿拟虚构明华建国志强丽敏静伟芳秀英杰涛磊洋勇军"];
const INSTITUTIONS = [
  ["Riverbend Law School", "河湾法学院"],
  ["Lakeside Institute of Law", "湖畔法律研究所"],
  ["Northern Academy", "北方学院"],
  ["Hill Court", "山城法院"],
  ["Harbor Foundation", "海港基金会"],
] as const;

/** The same numbers in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Writes the edition into a new database file. */
export async function writeCrowd(file: string, secret: Buffer, people: number): Promise<Crowd> {
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
    const slug = "crowd";
    const meeting = writeMeeting(db.orm, ctx.keys, {
      slug,
      people: 1,
      seats: [{ capacity: 30, quota: 15 }],
      now,
    });
    db.sqlite.pragma("synchronous = OFF");
    const personId = fill(db.sqlite, meeting, { people, now });
    db.sqlite.pragma("synchronous = FULL");
    const added = await addStaff(ctx, {
      ...LEAD,
      name: "Lead of both",
      locale: "en",
      access: meeting.sideIds.map((coHostId) => ({ coHostId, editionId: null, permission: "lead" })),
    });
    if (!added.ok) throw new Error(added.refusal);
    const ownerId = added.value.userId;
    const keep = (name: string, more: unknown) => {
      const id = newId();
      const view: RosterView = rosterView.parse({ ...USUAL_VIEW, ...Object(more) });
      db.orm
        .insert(schema.rosterView)
        .values({
          ...{ id, editionId: meeting.editionId, coHostId: meeting.sideIds[0], ownerId, name },
          ...{ definition: JSON.stringify(view), usedAt: now, createdAt: now },
        })
        .run();
      return id;
    };
    const views = Object.fromEntries(Object.entries(VIEWS).map(([name, more]) => [name, keep(name, more)]));
    const desk: StaffContext = {
      ...ctx,
      actor: { kind: "staff", id: ownerId },
      scope: {
        editionId: meeting.editionId,
        sideIds: meeting.sideIds,
        permissions: ["lead"],
        bookSideIds: meeting.sideIds,
      },
    };
    const exportOf = async (format: "xlsx" | "csv") => {
      const made = await makeExport(desk, {
        purpose: "own",
        format,
        language: "en",
        columns: EXPORTED,
        wanted: { view: USUAL_VIEW, narrowing: narrowingOf({}), order: "view" },
      });
      if (!made.ok) throw new Error(made.refusal);
      return made.value.exportId;
    };
    return {
      slug,
      views: views as Crowd["views"],
      exports: { xlsx: await exportOf("xlsx"), csv: await exportOf("csv") },
      personId,
      delegate: meeting.invitees.map(({ token, cookie }) => ({ token, cookie }))[0] ?? {
        token: "",
        cookie: "",
      },
    };
  } finally {
    db.close();
  }
}

/** Twelve columns, as a list for daily work has them. */
export const EXPORTED = [
  "nameLatin",
  "nameNative",
  "institutionEn",
  "institutionZh",
  "positionEn",
  "positionZh",
  "email",
  "phone",
  "delegation",
  "category",
  "reply",
  "registration",
];

type Sqlite = ReturnType<typeof openDatabase>["sqlite"];

/** @returns the id of somebody in the middle. */
function fill(
  sqlite: Sqlite,
  { editionId, sideIds, delegationIds }: ReturnType<typeof writeMeeting>,
  { people, now }: { people: number; now: number },
): string {
  const roll = dice(people);
  const of = <T>(list: ReadonlyArray<T>): T => list[roll(list.length)] as T;
  const insert = (table: string, columns: ReadonlyArray<string>) =>
    sqlite.prepare(
      `insert into "${table}" (${columns.join(", ")}) values (${columns.map((name) => `@${name}`).join(", ")})`,
    );
  const card = insert("person", [
    ...["id", "co_host_id", "family_latin", "given_latin", "name_latin", "family_native", "given_native"],
    ...["name_native", "sort_key", "honorific_en", "honorific_zh", "institution_en", "institution_zh"],
    ...["position_en", "position_zh", "email", "email_key", "phone", "locale", "created_at", "updated_at"],
  ]);
  const invited = insert("invitation", [
    ...[
      "id",
      "edition_id",
      "person_id",
      "delegation_id",
      "category",
      "number",
      "token_hash",
      "token_generation",
    ],
    ...["token_expires_at", "reply", "replied_at", "sent_at", "seen_at", "created_at"],
  ]);
  const registered = insert("registration", [
    ...["id", "invitation_id", "state", "form_version", "locale", "revision", "created_at", "updated_at"],
    "submitted_at",
  ]);
  const section = insert("registration_section", [
    "registration_id",
    "section",
    "state",
    "answers",
    "updated_at",
  ]);
  const mail = insert("delivery", [
    ...[
      "id",
      "edition_id",
      "co_host_id",
      "invitation_id",
      "kind",
      "locale",
      "to_address",
      "to_name",
      "payload",
    ],
    ...["state", "tries", "due_at", "message_id_header", "created_at", "finished_at"],
  ]);
  let middle = "";
  sqlite.transaction(() => {
    for (let n = 0; n < people; n += 1) {
      const side = n % 2;
      const ids = { person: newId(), invitation: newId(), registration: newId() };
      if (n === people >> 1) middle = ids.person;
      const rare = n % 1_000 === 7;
      const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
      const family = capital(rare ? "vozhala" : of(SYLLABLES) + of(SYLLABLES));
      const given = capital(of(SYLLABLES) + of(SYLLABLES) + of(SYLLABLES));
      const familyNative = of(FAMILIES);
      const givenNative = rare ? "甪端" : of(GIVEN) + of(GIVEN);
      const [institutionEn, institutionZh] = of(INSTITUTIONS);
      const email = `somebody-${n}@crowd.example`;
      const reply = (["accepted", "accepted", "accepted", "declined", "none"] as const)[roll(5)] ?? "none";
      const at = now - roll(2_000_000_000);
      card.run({
        ...{ id: ids.person, co_host_id: sideIds[side], family_latin: family, given_latin: given },
        ...{ name_latin: `${given} ${family}`, family_native: familyNative, given_native: givenNative },
        ...{ name_native: familyNative + givenNative, sort_key: `${family} ${given}`.toLowerCase() },
        ...{ honorific_en: "Professor", honorific_zh: "教授" },
        ...{ institution_en: institutionEn, institution_zh: institutionZh },
        ...{ position_en: "Professor of Law", position_zh: "法学教授", email, email_key: email },
        ...{ phone: `+86 ${13_000_000_000 + n}`, locale: side === 0 ? "en" : "zh-CN" },
        ...{ created_at: at, updated_at: at },
      });
      invited.run({
        ...{
          id: ids.invitation,
          edition_id: editionId,
          person_id: ids.person,
          delegation_id: delegationIds[side],
        },
        category:
          n % 500 === 11 ? "note_taker" : (["delegate", "delegate", "observer", "guest"] as const)[roll(4)],
        ...{ number: `08-${String(n + 1).padStart(6, "0")}`, token_hash: hashToken(ids.invitation) },
        ...{ token_generation: 1, token_expires_at: now + 10_000_000_000, reply },
        ...{ replied_at: reply === "none" ? null : at, sent_at: at, seen_at: reply === "none" ? null : at },
        created_at: at,
      });
      if (reply === "accepted") {
        const state = roll(3) === 0 ? "draft" : "submitted";
        registered.run({
          ...{ id: ids.registration, invitation_id: ids.invitation, state, form_version: 1, locale: "en" },
          ...{ revision: 1, created_at: at, updated_at: at, submitted_at: state === "draft" ? null : at },
        });
        for (const [name, answers] of [
          ["travel", { arrivalNumber: `CA${roll(900)}`, arrivalOn: "2018-12-03", arrivalTime: "15:30" }],
          ["needs", { diets: ["none"], dietText: "" }],
        ] as const)
          section.run({
            ...{ registration_id: ids.registration, section: name, state, answers: JSON.stringify(answers) },
            updated_at: at,
          });
      }
      const delivery = newId();
      mail.run({
        ...{ id: delivery, edition_id: editionId, co_host_id: sideIds[side], invitation_id: ids.invitation },
        ...{
          kind: "invitation",
          locale: "en",
          to_address: email,
          to_name: "",
          payload: "{}",
          state: "accepted",
        },
        ...{
          tries: 1,
          due_at: at,
          message_id_header: `<${delivery}@bench>`,
          created_at: at,
          finished_at: at,
        },
      });
    }
  })();
  return middle;
}
