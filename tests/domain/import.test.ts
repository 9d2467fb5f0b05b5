import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { importTable } from "#app/domain/import/commands.server.ts";
import { decodeText } from "#app/domain/import/csv.server.ts";
import { type PlanRow, planImport } from "#app/domain/import/plan.server.ts";
import { readTable } from "#app/domain/import/table.server.ts";
import { translate } from "#app/i18n/translate.ts";
import * as schema from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";
import { fixture, tableOf } from "#tests/support/tables.ts";

let ctx: StaffContext;
let other: StaffContext;
let us: string;
let cn: string;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  const meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 0,
    seats: [],
    now: AUTUMN_2018,
  });
  const { editionId, sideIds, delegationIds } = meeting;
  [us, cn] = delegationIds;
  ctx = {
    ...base,
    scope: { editionId, sideIds: [sideIds[0]], permissions: ["lead"], bookSideIds: [sideIds[0]] },
  };
  other = {
    ...base,
    scope: { editionId, sideIds: [sideIds[1]], permissions: ["lead"], bookSideIds: [sideIds[1]] },
  };
  base.db.orm.update(schema.delegation).set({ quota: 22 }).run();
});

async function preview(where: StaffContext, delegationId: string, file: string | Uint8Array) {
  const seen = planImport(where, { table: await tableOf(file), delegationId });
  if (!seen.ok) throw new Error(seen.refusal);
  return seen.value;
}

async function take(where: StaffContext, delegationId: string, file: string | Uint8Array) {
  return importTable(where, { table: await tableOf(file), delegationId });
}

function said(row: PlanRow | undefined, locale: Locale = "en"): Array<string> {
  return (row?.problems ?? []).map(({ key, values }) => translate(locale, key, values));
}

function people() {
  return ctx.db.orm.select().from(schema.person).orderBy(schema.person.sortKey).all();
}

describe("the files that people send", () => {
  it("reads a list in English as Excel saves it", async () => {
    const seen = await preview(ctx, us, fixture("invitees-us.csv"));
    expect(seen.rows).toHaveLength(24);
    expect(seen.rows.every((row) => row.fate === "new")).toBe(true);
    const [judge] = seen.rows;
    expect(judge).toMatchObject({ category: "delegate", invitedAs: "discussant" });
    expect(judge?.facts).toMatchObject({
      familyLatin: "Placeholder",
      givenLatin: "Margaret",
      nameLatin: "Margaret Placeholder",
      sortKey: "placeholder margaret",
      honorificEn: "Judge",
      institutionEn: "U.S. Court of Appeals (fictional chambers)",
      locale: "en",
    });
    const byName = (name: string) => seen.rows.find((row) => row.facts.nameLatin === name);
    expect(byName("Robert A. Sampleton III")?.category).toBe("head");
    expect(byName("Grace Mockup")?.category).toBe("staff");
    expect(byName("Utopia")).toMatchObject({ category: "interpreter" });
    expect(byName("María-José Ejemplo Muñoz")?.facts.sortKey).toBe("ejemplo munoz maria-jose");
    expect(seen.overQuota).toMatchObject([{ quota: 22, after: 24 }]);
  });

  it("reads the same Chinese list from GB18030 with commas and from UTF-8 with a mark and semicolons", async () => {
    const gb = await preview(other, cn, fixture("invitees-cn-gb18030.csv"));
    const bom = await preview(other, cn, fixture("invitees-cn-excel-bom-semicolon.csv"));
    expect(decodeText(fixture("invitees-cn-gb18030.csv"))?.encoding).toBe("gb18030");
    expect(gb.rows).toHaveLength(22);
    expect(bom.rows).toEqual(gb.rows);
    expect(gb.rows.map((row) => row.facts.nameNative)).toEqual(
      expect.arrayContaining(["陈示例", "欧阳演示", "王䶮", "赵𬀩", "阿依示例·艾模板"]),
    );
    expect(gb.rows[0]).toMatchObject({
      category: "head",
      facts: {
        familyNative: "陈",
        givenNative: "示例",
        nameLatin: "Chen Shili",
        sortKey: "chen shili",
        honorificZh: "先生",
        institutionZh: "示例法律交流基金会",
        locale: "zh-CN",
      },
    });
    const zeng = gb.rows.find((row) => row.facts.nameNative === "曾样本");
    expect(zeng).toMatchObject({ invitedAs: "chair", facts: { sortKey: "zeng yangben" } });
    const dotted = gb.rows.find((row) => row.facts.nameNative === "阿依示例·艾模板");
    expect(dotted?.notes.map((note) => note.key)).toEqual(["import.note.dotted"]);
  });

  it("reads UTF-16 and tabs, as Excel's “Unicode text” is", async () => {
    const text = "Last Name\tFirst Name\tE-mail\r\nDemo\tMei-Ling\tdemo@us-delegation.example\r\n";
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
    expect((await preview(ctx, us, bytes)).rows).toMatchObject([
      { fate: "new", facts: { nameLatin: "Mei-Ling Demo" } },
    ]);
  });

  it("says what a file is that is none", async () => {
    const read = async (file: string | Uint8Array) => {
      const done = await readTable(typeof file === "string" ? Buffer.from(file) : file);
      return done.ok ? "table" : done.refusal;
    };
    expect(await read("PK\u0003\u0004rest")).toBe("unreadable");
    expect(await read(Buffer.from("d0cf11e0a1b11ae1", "hex"))).toBe("encrypted");
    expect(await read(Buffer.alloc(800_000))).toBe("tooLarge");
    expect(await read("Name,Email\r\n")).toBe("empty");
    expect(await read('Name,Email\r\n"open,a@b.example\r\n')).toBe("quotes");
    const seen = await preview(ctx, us, "Colour,Size\r\nred,large\r\n");
    expect(seen.problems.map(({ key }) => key)).toEqual(["import.file.noNames", "import.file.noEmails"]);
  });
});

describe("a hostile file", () => {
  const rows = async () =>
    new Map((await preview(ctx, us, fixture("invitees-hostile.csv"))).rows.map((row) => [row.row, row]));

  it("names each bad row with every reason, in the organizer's language", async () => {
    const seen = await rows();
    const bad = [...seen.values()].filter((row) => row.fate === "problem").map((row) => row.row);
    expect(bad).toEqual([3, 4, 5, 6, 11, 12, 13, 14, 16, 17, 18, 21]);
    expect(said(seen.get(3))).toEqual(["The same e-mail address stands in row 2."]);
    expect(said(seen.get(4), "zh-CN")).toEqual(["缺少电子邮箱。无邮箱人员可手动添加。"]);
    expect(said(seen.get(5))).toEqual(["bad.email(at)example is not an e-mail address."]);
    expect(said(seen.get(6))).toEqual([
      "There is a line break in the e-mail address a@us-delegation.example⟨U+000D⟩⟨U+000A⟩Bcc: everyone@elsewhere.example.",
    ]);
    expect(said(seen.get(11))).toHaveLength(1);
    expect(said(seen.get(11))[0]).toMatch(/^“First Name” is too long: \d+ characters, 100 at most\.$/);
    expect(said(seen.get(12))).toEqual([
      "“First Name” has a hidden character that turns the direction of writing around (U+202E).",
      "“Organization” has an invisible character (U+200B).",
    ]);
    expect(said(seen.get(13))).toEqual([
      "“First Name” has a line break or a control character (U+0000).",
      "“Last Name” has a line break or a control character (U+0007).",
    ]);
    expect(said(seen.get(14), "zh-CN")).toEqual([
      "电子邮箱fullwidth＠us-delegation.example含全角“＠”，请改用半角“@”。",
    ]);
    expect(said(seen.get(16))).toEqual(["The role “grand wizard” is not known."]);
    expect(said(seen.get(17))).toEqual(["Too few columns: 3 instead of 7."]);
    expect(said(seen.get(18))).toEqual(["Too many columns: 9 instead of 7."]);
    expect(said(seen.get(21))).toEqual([
      "“First Name” has an invisible character (U+00AD).",
      "“Last Name” has an invisible character (U+00AD).",
    ]);
  });

  it("shows nothing hidden of what it refuses", async () => {
    const shown = [...(await rows()).values()].filter((row) => row.fate === "problem");
    expect(JSON.stringify(shown)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\u00ad]|\\u00/u);
  });

  it("offers the good rows and stores their names exactly as typed", async () => {
    const done = await take(ctx, us, fixture("invitees-hostile.csv"));
    expect(done).toMatchObject({ ok: true, value: { created: 8, known: 0 } });
    const names = people().map((person) => [person.givenLatin, person.familyLatin, person.institutionEn]);
    expect(names).toEqual(
      expect.arrayContaining([
        ["Good", "Row", "Institute"],
        ['=HYPERLINK("http://elsewhere.example","x")', "Formula", "+1+1"],
        ["@SUM(1)", "Formula2", "Tab"],
        ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>'],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what somebody typed
        ["{{invitation.link}}", "${process.env}", "{% raw %}"],
        ["Émile", "Decomposed e\u0301", "Institute"],
        ["McDonald", "SUN Yat-sen", "e.e. cummings society"],
        ["Spaces", "Around", "Institute"],
      ]),
    );
  });
});

describe("importing", () => {
  const file = "First Name,Last Name,Email,Role\r\nMargaret,Placeholder,margaret@us.example,chair\r\n";

  it("writes nothing before it is confirmed", async () => {
    await preview(ctx, us, file);
    expect(people()).toEqual([]);
  });

  it("drafts an invitation with a number and a link for each person, and one audit event for all", async () => {
    await take(ctx, us, fixture("invitees-us.csv"));
    const invitations = ctx.db.orm.select().from(schema.invitation).orderBy(schema.invitation.number).all();
    expect(invitations).toHaveLength(24);
    expect(invitations[0]).toMatchObject({ number: "08-001", reply: "none", sentAt: null });
    expect(new Set(invitations.map((row) => row.tokenHash)).size).toBe(24);
    expect(ctx.db.orm.select().from(schema.delivery).all()).toEqual([]);
    expect(ctx.db.orm.select().from(schema.auditEvent).all()).toMatchObject([{ action: "person.import" }]);
  });

  it("invites nobody twice: the second time everything stands there already", async () => {
    await take(ctx, us, file);
    const again = await preview(ctx, us, file);
    expect(again.rows.map((row) => row.fate)).toEqual(["same"]);
    expect(await take(ctx, us, file)).toEqual({
      ok: false,
      refusal: "nothing",
    });
    expect(people()).toHaveLength(1);
  });

  it("takes the rows that were chosen, and interpreters into their own delegation", async () => {
    const text = `${file}Mei-Ling,Demo,demo@us.example,interpreter\r\nNoah,Example,noah@us.example,\r\n`;
    const own = "interpreters";
    const [row] = ctx.db.orm.select().from(schema.delegation).all();
    if (row === undefined) throw new Error("no delegation");
    ctx.db.orm
      .insert(schema.delegation)
      .values({ ...row, id: own, key: own })
      .run();
    await importTable(ctx, {
      table: await tableOf(text),
      delegationId: row.id,
      interpreterDelegationId: own,
      choice: { rows: [2, 3], cells: [] },
    });
    expect(
      ctx.db.orm
        .select({ delegationId: schema.invitation.delegationId, category: schema.invitation.category })
        .from(schema.invitation)
        .orderBy(schema.invitation.number)
        .all(),
    ).toEqual([
      { delegationId: row.id, category: "delegate" },
      { delegationId: own, category: "interpreter" },
    ]);
  });

  it("knows people of an earlier edition and leaves their cards alone", async () => {
    await take(ctx, us, file);
    const next = writeMeeting(ctx.db.orm, ctx.keys, { slug: "next", people: 0, seats: [], now: AUTUMN_2018 });
    const [sideId] = ctx.scope.sideIds;
    if (sideId === undefined) throw new Error("no side");
    ctx.db.orm.update(schema.delegation).set({ coHostId: sideId }).run();
    const later: StaffContext = { ...ctx, scope: { ...ctx.scope, editionId: next.editionId } };
    const changed = file.replace("Placeholder", "Somebody-Else");
    expect((await preview(later, next.delegationIds[0], changed)).rows).toMatchObject([{ fate: "known" }]);
    await take(later, next.delegationIds[0], changed);
    expect(people()).toMatchObject([{ familyLatin: "Placeholder" }]);
    expect(ctx.db.orm.select().from(schema.invitation).all()).toHaveLength(2);
  });

  it("does not see the other side: neither its delegation nor its contact book", async () => {
    await take(other, cn, file);
    expect(people()).toHaveLength(1);
    expect(planImport(ctx, { table: await tableOf(file), delegationId: cn })).toEqual({
      ok: false,
      refusal: "delegation",
    });
    expect((await preview(ctx, us, file)).rows.map((row) => row.fate)).toEqual(["new"]);
  });
});
