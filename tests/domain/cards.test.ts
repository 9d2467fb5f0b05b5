import { eq } from "drizzle-orm";
import { getDocumentProxy } from "unpdf";
import { beforeEach, describe, expect, it } from "vitest";
import { CARD_SIZES, type CardSize, cardSheet, FACES, openCard, sizesOf } from "#app/documents/card-sheet.ts";
import { type CardFacts, cardsPdf } from "#app/documents/cards-pdf.server.ts";
import { glyphCheck } from "#app/documents/pdf.server.ts";
import { printCards } from "#app/domain/card/commands.server.ts";
import { cardForm } from "#app/domain/card/form.ts";
import { cardBoard } from "#app/domain/card/queries.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { substitute } from "#app/domain/invitation/substitution.server.ts";
import { newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import type { CardKind, Locale } from "#db/vocabulary.ts";
import { CATEGORIES } from "#db/vocabulary.ts";
import { AUTUMN_2018, type TestClock, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";

const TITLE = {
  titleEn: "U.S.-China Track II Dialogue on the Rule of Law & Human Rights, Beijing 2018",
  titleZh: "2018年中美法治与人权二轨对话（北京）",
};

function facts(more: Partial<CardFacts>): CardFacts {
  return {
    nameLatin: "LYU Shiyong",
    nameNative: "吕试用",
    honorificEn: "Prof.",
    honorificZh: "教授",
    institutionEn: "Bar Association (fictional)",
    institutionZh: "律师协会（虚构）",
    category: "delegate",
    ...TITLE,
    ...more,
  };
}

/** Names as lists bring them: long, of many parts, in one script only, and ones that nobody has. */
const WORST: ReadonlyArray<Partial<CardFacts>> = [
  { nameLatin: "María-José Ejemplo Muñoz", nameNative: "玛丽亚-何塞·埃亨普洛", honorificZh: "先生" },
  { nameLatin: "Robert A. Sampleton III", nameNative: "", honorificEn: "Ambassador (ret.)" },
  { nameLatin: "Ayishili Aimoban", nameNative: "阿依示例·艾模板" },
  {
    nameLatin: "Priya Placeholder-Rao",
    institutionEn:
      "Lakeshore Law School of the Northern Counties, Department of Comparative Constitutional and Administrative Law",
    institutionZh: "湖滨法学院比较宪法与行政法研究中心（虚构部门）第一研究室".repeat(3),
  },
  { nameLatin: "N".repeat(200), nameNative: "王䶮", institutionEn: "@SUM(1)", institutionZh: "|pipe" },
  { nameLatin: "", nameNative: "赵𬀩" },
  { nameLatin: "<script>alert(1)</script> {{constructor}}", nameNative: "字".repeat(200) },
  {
    nameLatin: "X",
    nameNative: "单",
    honorificEn: "",
    honorificZh: "",
    institutionEn: "",
    institutionZh: "",
  },
  { nameLatin: "Same", nameNative: "Same" },
];

type Piece = { text: string; left: number; right: number; top: number; bottom: number; size: number };

async function read(bytes: Uint8Array): Promise<{ size: string; pieces: Array<Piece> }[]> {
  const proxy = await getDocumentProxy(bytes.slice());
  const pages = [];
  for (let n = 1; n <= proxy.numPages; n++) {
    const page = await proxy.getPage(n);
    const [, , width = 0, height = 0] = page.view;
    const { items } = await page.getTextContent();
    const pieces = items.flatMap((item): Array<Piece> => {
      if (!("str" in item) || item.str.trim() === "") return [];
      const [a = 0, b = 0, , , x = 0, y = 0] = item.transform;
      const size = Math.hypot(a, b);
      const turned = a < 0;
      const [left, right] = turned ? [x - item.width, x] : [x, x + item.width];
      // Capitals and characters are no higher than nine tenths of their size, and hang down less than a quarter.
      const [top, bottom] = turned
        ? [height - y - 0.25 * size, height - y + 0.9 * size]
        : [height - y - 0.9 * size, height - y + 0.25 * size];
      return [{ text: item.str, left, right, top, bottom, size }];
    });
    pages.push({ size: `${Math.round(width)}×${Math.round(height)}`, pieces });
  }
  return pages;
}

const POINTS = 72 / 25.4;

/** The faces of a sheet, card by card. */
function facesOf(size: CardSize, paper: "A4" | "LETTER") {
  const { columns, rows, left, top } = cardSheet(size, paper);
  const { width, height, fold } = FACES[size];
  const card = openCard(FACES[size]);
  return Array.from({ length: columns * rows }, (_, n) => {
    const x = left + (n % columns) * card.width;
    const y = top + Math.floor(n / columns) * card.height;
    const other = fold === "beside" ? { x: x + width, y } : { x, y: y + height };
    return [{ x, y }, other].map((corner) => ({
      left: corner.x * POINTS,
      right: (corner.x + width) * POINTS,
      top: corner.y * POINTS,
      bottom: (corner.y + height) * POINTS,
    }));
  });
}

function within({ left, right, top, bottom }: Piece, face: Omit<Piece, "text" | "size">): boolean {
  return left >= face.left && right <= face.right && top >= face.top && bottom <= face.bottom;
}

/** Wide and narrow brackets are one glyph in Latin words, and read back as either. */
function plain(text: string): string {
  return text.normalize("NFKC").replaceAll(/\s/g, "");
}

const MARK = "Badges, printing 3 · Grace Mockup";

function file(
  size: CardSize,
  paper: "A4" | "LETTER",
  cards: ReadonlyArray<CardFacts>,
  front: Locale = "zh-CN",
) {
  const kind: CardKind = sizesOf("badge").includes(size) ? "badge" : "place_card";
  return cardsPdf({ kind, size, paper, front, cards, locale: "en", at: AUTUMN_2018, mark: MARK });
}

describe("a sheet of badges or place cards", () => {
  it.each(CARD_SIZES.flatMap((size) => (["A4", "LETTER"] as const).map((paper) => [size, paper] as const)))(
    "%s on %s keeps every name on its card, on both faces, and the mark outside the cut",
    async (size, paper) => {
      const cards = WORST.map((more, n) => facts({ ...more, category: CATEGORIES[n % 10] ?? "delegate" }));
      const pages = await read(await file(size, paper, cards));
      const faces = facesOf(size, paper);
      expect(pages).toHaveLength(Math.ceil(cards.length / faces.length));
      for (const [n, page] of pages.entries()) {
        const [width = 0, height = 0] = page.size.split("×").map(Number);
        expect([width, height].sort((a, b) => a - b)).toEqual(paper === "A4" ? [595, 842] : [612, 792]);
        const onCards = page.pieces.filter(({ text }) => !text.includes("printing 3"));
        const marks = page.pieces.filter(({ text }) => text.includes("printing 3"));
        expect(marks).toHaveLength(1);
        for (const mark of marks) {
          expect(faces.flat().some((face) => mark.bottom > face.top && mark.top < face.bottom)).toBe(false);
          expect(mark.bottom).toBeLessThan(height);
        }
        const stray = onCards.filter((piece) => !faces.flat().some((face) => within(piece, face)));
        expect(stray.map(({ text }) => text)).toEqual([]);
        for (const [k, card] of cards.slice(n * faces.length, (n + 1) * faces.length).entries())
          for (const face of faces[k] ?? []) {
            const on = onCards.filter((piece) => within(piece, face)).map((piece) => piece.text);
            const text = plain(on.join(""));
            expect(text).toContain(plain(card.nameLatin));
            expect(text).toContain(plain(card.nameNative));
          }
      }
    },
    60_000,
  );

  it("has the reader's script first and large: one on the front, the other on the back", async () => {
    const [page] = await read(await file("86x54", "A4", [facts({})]));
    const [front, back] = facesOf("86x54", "A4")[0] ?? [];
    if (page === undefined || front === undefined || back === undefined) throw new Error("No sheet");
    const on = (face: typeof front, text: string) =>
      page.pieces.find((piece) => piece.text === text && within(piece, face));
    const [zh, latin] = [on(front, "吕试用"), on(front, "LYU Shiyong")];
    expect(zh?.size).toBeGreaterThanOrEqual(24);
    expect(zh?.top).toBeLessThan(latin?.top ?? 0);
    const [zhBack, latinBack] = [on(back, "吕试用"), on(back, "LYU Shiyong")];
    expect(latinBack?.size).toBeGreaterThanOrEqual(24);
    expect(latinBack?.top).toBeLessThan(zhBack?.top ?? 0);
    const texts = page.pieces.map(({ text }) => text).join("\n");
    for (const word of ["Prof.", "教授", "Bar Association", "律师协会", "Delegate", "代表", TITLE.titleZh])
      expect(texts).toContain(word);
  });

  it("of place cards has the far face upside down, so that it stands upright once folded", async () => {
    const [page] = await read(await file("190x95", "A4", [facts({})], "en"));
    const [upper, lower] = facesOf("190x95", "A4")[0] ?? [];
    if (page === undefined || upper === undefined || lower === undefined) throw new Error("No sheet");
    const large = (face: typeof upper) =>
      page.pieces.filter((piece) => within(piece, face)).sort((a, b) => b.size - a.size)[0]?.text;
    expect(large(lower)).toBe("LYU Shiyong");
    expect(large(upper)).toBe("吕试用");
    expect(page.pieces.some(({ text }) => text.includes("Bar Association"))).toBe(false);
  });
});

describe("who is printed", () => {
  const glyphs = glyphCheck();
  let clock: TestClock;
  let meeting: Meeting;
  let lead: StaffContext;
  let other: StaffContext;
  let own: Array<string>;
  let theirs: string;

  beforeEach(() => {
    const base = testContext({ actor: { kind: "staff", id: "grace" } });
    clock = base.clock;
    meeting = writeMeeting(base.db.orm, base.keys, {
      slug: "beijing",
      people: 8,
      seats: [],
      now: AUTUMN_2018,
    });
    const staff = (sideId: string): StaffContext => ({
      ...base,
      scope: {
        editionId: meeting.editionId,
        sideIds: [sideId],
        permissions: ["lead"],
        bookSideIds: [sideId],
      },
    });
    lead = staff(meeting.sideIds[0]);
    other = staff(meeting.sideIds[1]);
    const of = (sideId: string) =>
      meeting.invitees.filter((one) => one.sideId === sideId).map((one) => one.invitationId);
    own = of(meeting.sideIds[0]);
    [theirs = ""] = of(meeting.sideIds[1]);
    base.db.orm.update(schema.invitation).set({ reply: "accepted", repliedAt: AUTUMN_2018 }).run();
  });

  const board = async (ctx = lead, kind: CardKind = "badge") =>
    cardBoard(ctx, { kind, order: "alphabet", glyphs: await glyphs });
  const print = async (
    who: "due" | "all" | "chosen",
    invitationIds: ReadonlyArray<string> = [],
    kind: CardKind = "badge",
  ) => printCards(lead, { kind, who, order: "alphabet", invitationIds, glyphs: await glyphs });
  const change = (invitationId: string, set: Partial<typeof schema.person.$inferInsert>) => {
    const personId = meeting.invitees.find((one) => one.invitationId === invitationId)?.personId ?? "";
    lead.db.orm.update(schema.person).set(set).where(eq(schema.person.id, personId)).run();
  };
  const standings = async () =>
    new Map((await board()).coming.map(({ invitationId, standing }) => [invitationId, standing]));

  it("is everybody of one's own side who comes, once; then those of whom something on the card is another", async () => {
    const first = await print("due");
    if (!first.ok) throw new Error(first.refusal);
    expect(first.value.people.map(({ invitationId }) => invitationId).toSorted()).toEqual(own.toSorted());
    // Pressed twice: the browser has dropped the first file by then.
    expect(await print("due")).toEqual({ ok: true, value: { ...first.value, people: expect.anything() } });
    clock.advance(60_000);
    expect(await print("due")).toEqual({ ok: false, refusal: "nobody" });
    const [renamed = "", moved = "", posted = ""] = own;
    change(renamed, { nameNative: "德美玲" });
    change(moved, { institutionEn: "Hudson Valley University" });
    change(posted, { positionEn: "President", phone: "+1 212 555 0100" });
    expect((await standings()).get(renamed)).toMatchObject({ state: "changed", changed: ["name"] });
    expect((await standings()).get(moved)).toMatchObject({ state: "changed", changed: ["institution"] });
    expect((await standings()).get(posted)).toMatchObject({ state: "printed" });
    expect((await board()).due).toBe(2);
    const again = await print("due");
    if (!again.ok) throw new Error(again.refusal);
    expect(again.value.people.map(({ invitationId }) => invitationId).toSorted()).toEqual(
      [renamed, moved].toSorted(),
    );
    expect(again.value.printing).toBe(first.value.printing + 1);
    expect((await board()).due).toBe(0);
    const trail = lead.db.orm.select().from(schema.auditEvent).all();
    expect(trail.map(({ action, details }) => [action, JSON.parse(details)])).toEqual([
      ["badge.print", { people: own.length, number: 1 }],
      ["badge.print", { people: 2, number: 2 }],
    ]);
  });

  it("is another thing for place cards, which say less", async () => {
    await print("all");
    await print("all", [], "place_card");
    const [moved = ""] = own;
    change(moved, { institutionEn: "Hudson Valley University" });
    expect((await board()).due).toBe(1);
    expect((await board(lead, "place_card")).due).toBe(0);
  });

  it("is nobody of the other side, whoever asks for them", async () => {
    expect(await print("chosen", [own[0] ?? "", theirs])).toEqual({ ok: false, refusal: "gone" });
    expect(lead.db.orm.select().from(schema.printedCard).all()).toEqual([]);
    expect((await board(other)).coming.map(({ invitationId }) => invitationId)).not.toContain(own[0]);
    await print("all");
    expect((await board(other)).due).toBe((await board(other)).coming.length);
  });

  it("is nobody who does not come, and the card that lies there already is told", async () => {
    await print("all");
    const [declines = "", withdrawn = "", replaced = ""] = own;
    lead.db.orm
      .update(schema.invitation)
      .set({ reply: "declined" })
      .where(eq(schema.invitation.id, declines))
      .run();
    await withdrawInvitation(lead, withdrawn);
    const personId = newId();
    const card = lead.db.orm
      .select()
      .from(schema.person)
      .where(eq(schema.person.coHostId, meeting.sideIds[0]))
      .get();
    if (card === undefined) throw new Error("No card");
    lead.db.orm
      .insert(schema.person)
      .values({ ...card, id: personId, nameLatin: "Nora New", email: null, emailKey: null, searchText: "" })
      .run();
    const done = await substitute(lead, { invitationId: replaced, by: { personId }, note: "" });
    if (!done.ok) throw new Error(done.refusal);
    lead.db.orm
      .update(schema.invitation)
      .set({ reply: "accepted" })
      .where(eq(schema.invitation.id, done.value.invitationId))
      .run();
    const now = await board();
    expect(new Map(now.back.map(({ invitationId, obstacle }) => [invitationId, obstacle]))).toEqual(
      new Map([
        [declines, "declined"],
        [withdrawn, "withdrawn"],
        [replaced, "replaced"],
      ]),
    );
    const next = await print("due");
    if (!next.ok) throw new Error(next.refusal);
    expect(next.value.people.map(({ nameLatin }) => nameLatin)).toEqual(["Nora New"]);
    expect(await print("chosen", [declines])).toEqual({ ok: false, refusal: "nobody" });
  });

  it("has no institution on the badge when they take part in a personal capacity", async () => {
    const [invitationId = ""] = own;
    const registrationId = newId();
    lead.db.orm
      .insert(schema.registration)
      .values({
        id: registrationId,
        invitationId,
        state: "draft",
        formVersion: 1,
        locale: "en",
        revision: 1,
        createdAt: AUTUMN_2018,
        updatedAt: AUTUMN_2018,
      })
      .run();
    lead.db.orm
      .insert(schema.registrationSection)
      .values({
        registrationId,
        section: "post",
        state: "draft",
        answers: JSON.stringify({ personalCapacity: "on" }),
        updatedAt: AUTUMN_2018,
      })
      .run();
    const one = (await board()).coming.find((each) => each.invitationId === invitationId);
    expect(one).toMatchObject({ institutionEn: "", institutionZh: "", isPersonal: true });
    expect(one?.lacks).not.toContain("institution");
  });

  it("is told with what their cards lack, before anything is printed", async () => {
    const [czech = "", nameless = ""] = own;
    change(czech, { nameLatin: "Dvořák", nameNative: "德沃夏克" });
    change(nameless, { nameLatin: "", nameNative: "王䶮", institutionEn: "", institutionZh: "" });
    const people = new Map((await board()).coming.map((one) => [one.invitationId, one]));
    expect(people.get(czech)).toMatchObject({ lacks: ["glyphs"], unprintable: ["ř"] });
    expect(people.get(nameless)).toMatchObject({ lacks: ["latin", "institution"], unprintable: [] });
  });

  it("comes in the order that was asked for", async () => {
    const [last = ""] = own;
    lead.db.orm
      .update(schema.invitation)
      .set({ protocolOrder: 1 })
      .where(eq(schema.invitation.id, own.at(-1) ?? ""))
      .run();
    change(last, { sortKey: "zzz" });
    const order = async (by: "alphabet" | "protocol" | "delegation") =>
      cardBoard(lead, { kind: "badge", order: by, glyphs: await glyphs }).coming.map(
        ({ invitationId }) => invitationId,
      );
    expect((await order("alphabet")).at(-1)).toBe(last);
    expect((await order("delegation")).at(-1)).toBe(last);
    expect((await order("protocol"))[0]).toBe(own.at(-1));
  });

  it("is asked for in a size that the kind has", () => {
    const asked = { paper: "A4", front: "en", order: "alphabet", who: "all" };
    expect(cardForm.safeParse({ ...asked, kind: "badge", size: "90x60" }).success).toBe(true);
    expect(cardForm.safeParse({ ...asked, kind: "place_card", size: "90x60" }).success).toBe(false);
    expect(cardForm.safeParse({ ...asked, kind: "badge", size: "1x1" }).success).toBe(false);
  });
});
