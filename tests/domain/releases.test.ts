import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { extractText, getDocumentProxy } from "unpdf";
import { beforeEach, describe, expect, it, test } from "vitest";
import { releaseFile, releaseHeading, releaseText, watermarkLines } from "#app/documents/release-list.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { classOf } from "#app/domain/person/classes.ts";
import { insertRelease, type ReleaseReader, releasedTable } from "#app/domain/privacy/release.server.ts";
import {
  lastReleaseDay,
  mayEndOn,
  RELEASE_COLUMNS,
  type ReleaseColumn,
  releaseColumns,
  releaseState,
} from "#app/domain/privacy/release.ts";
import {
  createRelease,
  revokeRelease,
  takeRelease,
  takeReleasePdf,
} from "#app/domain/privacy/release-commands.server.ts";
import {
  candidates,
  previewRelease,
  type ReleaseDraft,
  releasePage,
  releasesPage,
} from "#app/domain/privacy/release-queries.server.ts";
import { answersFromRecord, SECTION_OF, sectionTexts } from "#app/domain/registration/answers.ts";
import { newId } from "#app/platform/crypto.server.ts";
import * as schema from "#db/schema/index.ts";
import type { ConsentKind } from "#db/vocabulary.ts";
import { type TestClock, testContext } from "../support/context.ts";
import { type Invitee, type Meeting, writeMeeting } from "../support/meeting.ts";

const HOUR = 3_600_000;

let ctx: ReturnType<typeof testContext>;
let clock: TestClock;
let meeting: Meeting;
/** The giving side's lead; the first two of their people are released. */
let giver: StaffContext;
let taker: StaffContext;
let people: ReadonlyArray<Invitee>;

beforeEach(() => {
  ctx = testContext();
  clock = ctx.clock;
  meeting = writeMeeting(ctx.db.orm, ctx.keys, { slug: "north", people: 8, seats: [], now: clock.now() });
  giver = staffOf(meeting.sideIds[0]);
  taker = staffOf(meeting.sideIds[1]);
  people = meeting.invitees.filter((one) => one.sideId === meeting.sideIds[0]);
});

function staffOf(sideId: string): StaffContext {
  return {
    ...ctx,
    actor: { kind: "staff", id: `lead of ${sideId}` },
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [] },
  };
}

function readerOf({ scope }: StaffContext, editionId = meeting.editionId): ReleaseReader {
  return { editionId, givingSideIds: scope.sideIds, receivingSideIds: scope.sideIds };
}

function one(n: number): Invitee {
  const found = people[n];
  if (found === undefined) throw new Error("Nobody there");
  return found;
}

/** What they sent in, and what they agreed to. */
function registers(
  invitee: Invitee,
  answers: Record<string, string | ReadonlyArray<string>>,
  consents: ReadonlyArray<ConsentKind>,
  state: "submitted" | "draft" = "submitted",
) {
  const { orm } = ctx.db;
  const registrationId = newId();
  const at = clock.now();
  orm
    .insert(schema.registration)
    .values({
      id: registrationId,
      invitationId: invitee.invitationId,
      state,
      formVersion: 1,
      locale: "en",
      revision: 1,
      createdAt: at,
      updatedAt: at,
    })
    .run();
  for (const [section, text] of Object.entries(sectionTexts(answersFromRecord(answers))))
    orm
      .insert(schema.registrationSection)
      .values({
        registrationId,
        section: section as keyof ReturnType<typeof sectionTexts>,
        state: "submitted",
        answers: text,
        updatedAt: at,
      })
      .run();
  for (const kind of consents) agrees(invitee, kind, true);
}

function agrees(invitee: Invitee, kind: ConsentKind, given: boolean) {
  ctx.db.orm
    .insert(schema.consent)
    .values({
      id: newId(),
      invitationId: invitee.invitationId,
      kind,
      given,
      textVersion: 1,
      locale: "en",
      channel: "self",
      at: clock.now(),
    })
    .run();
}

function draft(more: Partial<ReleaseDraft> = {}): ReleaseDraft {
  return {
    toSideId: meeting.sideIds[1],
    recipient: "",
    purpose: "Airport pick-up",
    columns: ["nameLatin", "institutionEn"],
    invitationIds: [one(0).invitationId, one(1).invitationId],
    expiresAt: clock.now() + 24 * HOUR,
    ...more,
  };
}

function preview(of: ReleaseDraft) {
  const shown = previewRelease(giver, of);
  if (!shown.ok) throw new Error(shown.refusal);
  return shown.value;
}

async function give(of: ReleaseDraft): Promise<string> {
  const { hash, people: named } = preview(of);
  const given = await createRelease(giver, { ...of, releaseId: newId(), hash, count: named.length });
  if (!given.ok) throw new Error(given.refusal);
  return given.value.releaseId;
}

function seenBy(staff: StaffContext, releaseId: string) {
  return releasedTable(ctx.db.orm, readerOf(staff), releaseId, clock.now());
}

function trail(action: string) {
  return ctx.db.orm
    .select()
    .from(schema.auditEvent)
    .where(eq(schema.auditEvent.action, action))
    .all()
    .map((event) => ({ ...event, details: JSON.parse(event.details) }));
}

function changes(invitee: Invitee, card: Partial<typeof schema.person.$inferInsert>) {
  ctx.db.orm.update(schema.person).set(card).where(eq(schema.person.id, invitee.personId)).run();
}

describe("columns", () => {
  test("have the class that the answer has on its own side, and none is C5 or C6", () => {
    for (const { name, dataClass } of RELEASE_COLUMNS) {
      expect(["C1", "C2", "C3", "C4"]).toContain(dataClass);
      if (SECTION_OF.has(name)) expect(dataClass, name).toBe(classOf(name));
    }
  });

  test("come in the order of lists, each once; what is none is left out", () => {
    expect(releaseColumns(["email", "passportNumber", "protocolOrder", "nameLatin", "email"])).toEqual([
      "nameLatin",
      "email",
    ]);
  });

  test("say in words what they hold, a clock time with its zone", () => {
    for (const locale of ["en", "zh-CN"] as const) {
      const headings = RELEASE_COLUMNS.map(({ name }) => releaseHeading(name, "Asia/Shanghai", locale));
      expect(new Set(headings).size).toBe(headings.length);
    }
    expect(releaseHeading("arrivalTime", "Asia/Shanghai", "zh-CN")).toBe("抵达时间（北京时间）");
    expect(releaseText("diets", ["halal", "no_nuts"], "en")).toBe("Halal, No nuts");
    expect(releaseText("arrivalOn", "2018-12-02", "zh-CN")).toBe("2018年12月2日（星期日）");
    expect(releaseText("allergies", { lacks: "consent" }, "en")).toBe("not released");
    expect(releaseText("allergies", { lacks: "answer" }, "zh-CN")).toBe("尚未填报");
  });
});

describe("what crosses", () => {
  test("is exactly these cells of exactly these people", async () => {
    const releaseId = await give(draft());
    expect(seenBy(taker, releaseId)).toEqual({
      columns: ["nameLatin", "institutionEn"],
      rows: [
        [one(0).nameLatin, "Riverbend Law School"],
        [one(1).nameLatin, "Riverbend Law School"],
      ],
    });
    const page = releasePage(taker, readerOf(taker), releaseId);
    expect(page?.as).toBe("recipient");
    const text = JSON.stringify([page, releasesPage(taker, readerOf(taker))]);
    for (const other of people) expect(text).not.toContain(other.email);
    for (const other of people.slice(2)) expect(text).not.toContain(other.nameLatin);
    // Not even how many there are, nor a random name by which they could be known again.
    for (const { invitationId, personId } of people) {
      expect(text).not.toContain(invitationId);
      expect(text).not.toContain(personId);
    }
    expect(text).not.toContain('"people"');
  });

  test("follows corrections, and people who are withdrawn, replaced or decline drop out", async () => {
    const releaseId = await give(draft());
    changes(one(0), { institutionEn: "Corrected College" });
    expect(seenBy(taker, releaseId)?.rows[0]).toEqual([one(0).nameLatin, "Corrected College"]);
    const { orm } = ctx.db;
    for (const gone of [
      { withdrawnAt: clock.now() },
      { replacedAt: clock.now() },
      { reply: "declined" as const },
    ]) {
      const where = eq(schema.invitation.id, one(0).invitationId);
      orm.update(schema.invitation).set(gone).where(where).run();
      expect(seenBy(taker, releaseId)?.rows.map(([name]) => name)).toEqual([one(1).nameLatin]);
      expect(candidates(giver, {}).map((each) => each.invitationId)).not.toContain(one(0).invitationId);
      expect(preview(draft()).gone.map((each) => each.nameLatin)).toEqual([one(0).nameLatin]);
      const page = releasePage(giver, readerOf(giver), releaseId);
      expect(page?.as === "giver" && page.people.map((each) => each.gone)).toEqual([true, false]);
      orm
        .update(schema.invitation)
        .set({ withdrawnAt: null, replacedAt: null, reply: "accepted" })
        .where(where)
        .run();
    }
  });

  test("stands in the giving side's own order, without its numbers", async () => {
    const ids = people.map((each) => each.invitationId);
    for (const [n, place] of [3, 1].entries())
      ctx.db.orm
        .update(schema.invitation)
        .set({ protocolOrder: place })
        .where(eq(schema.invitation.id, ids[n + 2] ?? ""))
        .run();
    const releaseId = await give(draft({ columns: ["nameLatin"], invitationIds: ids }));
    expect(seenBy(taker, releaseId)?.rows.flat()).toEqual([3, 2, 0, 1].map((n) => one(n).nameLatin));
  });

  const ALL: ReadonlyArray<ReleaseColumn> = ["phone", "arrivalNumber", "diets", "allergies", "emergencyName"];
  const TOLD = {
    arrivalNumber: "ZZ981",
    diets: ["halal"],
    allergies: "Peanuts",
    emergencyName: "A. Relative",
  };

  test("needs the consents that its class asks for, each of them, for as long as they stand", async () => {
    changes(one(0), { phone: "+1 212 555 0143" });
    registers(one(0), TOLD, []);
    const to = { columns: ALL, invitationIds: [one(0).invitationId] };
    const abroad = await give(draft(to));
    const outside = await give(draft({ ...to, toSideId: null, recipient: "A hotel" }));
    const no = { lacks: "consent" };
    const rows = () => [seenBy(taker, abroad)?.rows[0], seenBy(giver, outside)?.rows[0]];
    expect(rows()).toEqual([
      [no, no, no, no, no],
      ["+1 212 555 0143", "ZZ981", no, no, no],
    ]);
    agrees(one(0), "sensitive_data", true);
    expect(rows()).toEqual([
      [no, no, no, no, no],
      ["+1 212 555 0143", "ZZ981", ["halal"], "Peanuts", "A. Relative"],
    ]);
    agrees(one(0), "transfer_abroad", true);
    expect(rows()[0]).toEqual(["+1 212 555 0143", "ZZ981", ["halal"], "Peanuts", "A. Relative"]);
    clock.advance(1);
    agrees(one(0), "sensitive_data", false);
    expect(rows()[0]).toEqual(["+1 212 555 0143", "ZZ981", no, no, no]);
    expect(preview(draft(to)).people[0]?.leftOut).toEqual(["needs", "emergency"]);
  });

  test("says that nothing is known of somebody who has not sent their registration", async () => {
    registers(one(0), TOLD, ["sensitive_data", "transfer_abroad"], "draft");
    agrees(one(1), "transfer_abroad", true);
    registers(one(1), { diets: ["none"] }, []);
    const columns: ReadonlyArray<ReleaseColumn> = ["arrivalNumber", "diets"];
    const releaseId = await give(draft({ columns }));
    // Who told of no need was not asked for the consent: “none” may be said.
    expect(seenBy(taker, releaseId)?.rows).toEqual([
      [{ lacks: "answer" }, { lacks: "answer" }],
      ["", ["none"]],
    ]);
  });
});

describe("releasing", () => {
  it("refuses when a cell has changed since the preview, and releases nothing", async () => {
    const { hash } = preview(draft());
    const input = { ...draft(), releaseId: newId(), hash, count: 2 };
    changes(one(1), { institutionEn: "Another Institution" });
    expect(await createRelease(giver, input)).toEqual({ ok: false, refusal: "changed" });
    expect(releasesPage(giver, readerOf(giver)).given).toEqual([]);
    expect(trail("release.create")).toEqual([]);
    // What is not on it may change: nobody has to look again for that.
    const again = preview(draft()).hash;
    changes(one(1), { positionEn: "Dean" });
    expect((await createRelease(giver, { ...input, hash: again })).ok).toBe(true);
  });

  it("counts a consent that was taken back as a change", async () => {
    registers(one(0), { arrivalNumber: "ZZ981" }, ["transfer_abroad"]);
    const of = draft({ columns: ["arrivalNumber"] });
    const { hash } = preview(of);
    clock.advance(1);
    agrees(one(0), "transfer_abroad", false);
    expect(await createRelease(giver, { ...of, releaseId: newId(), hash, count: 2 })).toMatchObject({
      refusal: "changed",
    });
  });

  it("releases once what is sent twice at the same time", async () => {
    const { hash } = preview(draft());
    const input = { ...draft(), releaseId: newId(), hash, count: 2 };
    const answers = await Promise.all([createRelease(giver, input), createRelease(giver, input)]);
    expect(answers).toEqual([1, 2].map(() => ({ ok: true, value: { releaseId: input.releaseId } })));
    expect(ctx.db.orm.select().from(schema.release).all()).toHaveLength(1);
    expect(trail("release.create")).toHaveLength(1);
    // By its id nobody else learns of it.
    const theirs = meeting.invitees.find((each) => each.sideId === meeting.sideIds[1]);
    const foreign = { ...input, toSideId: null, recipient: "x", invitationIds: [theirs?.invitationId ?? ""] };
    expect(await createRelease(taker, foreign)).toEqual({ ok: false, refusal: "gone" });
  });

  it("takes only people of one's own side, a co-host of the edition, the right number and a day in time", async () => {
    const theirs = meeting.invitees.find((each) => each.sideId === meeting.sideIds[1])?.invitationId ?? "";
    const nobody = { ok: false, refusal: "gone" };
    expect(previewRelease(giver, draft({ invitationIds: [theirs] }))).toEqual(nobody);
    expect(previewRelease(giver, draft({ invitationIds: [one(0).invitationId, theirs] }))).toEqual(nobody);
    expect(previewRelease(giver, draft({ toSideId: "nobody" }))).toEqual(nobody);
    expect(previewRelease(giver, draft({ toSideId: meeting.sideIds[0] }))).toMatchObject({
      refusal: "sides",
    });
    const { hash } = preview(draft());
    const input = { ...draft(), releaseId: newId(), hash, count: 2 };
    expect(await createRelease(giver, { ...input, count: 3 })).toMatchObject({ refusal: "count" });
    expect(await createRelease(giver, { ...input, expiresAt: clock.now() })).toMatchObject({
      refusal: "until",
    });
    const late = clock.now() + 120 * 24 * HOUR;
    expect(await createRelease(giver, { ...input, expiresAt: late })).toMatchObject({ refusal: "until" });
    expect(lastReleaseDay({ travelTo: "2018-12-06" })).toBe("2019-01-05");
    expect(mayEndOn("2019-01-05", "2018-10-29", { travelTo: "2018-12-06" })).toBe(true);
    expect(mayEndOn("2019-01-06", "2018-10-29", { travelTo: "2018-12-06" })).toBe(false);
    expect(mayEndOn("2018-10-28", "2018-10-29", { travelTo: "2018-12-06" })).toBe(false);
  });

  it("writes down ids and counts, never a name or a value", async () => {
    await give(draft());
    const [event] = trail("release.create");
    expect(event).toMatchObject({ coHostId: meeting.sideIds[0], subjectKind: "release" });
    expect(event?.details).toMatchObject({ people: 2, columns: ["nameLatin", "institutionEn"] });
    expect(JSON.stringify(event)).not.toContain(one(0).nameLatin);
    expect(JSON.stringify(event)).not.toContain("Riverbend");
  });
});

describe("the end of a release", () => {
  it("comes to the millisecond", async () => {
    const releaseId = await give(draft());
    clock.advance(24 * HOUR - 1);
    expect(seenBy(taker, releaseId)?.rows).toHaveLength(2);
    expect(releasePage(taker, readerOf(taker), releaseId)).not.toBeNull();
    clock.advance(1);
    expect(seenBy(taker, releaseId)).toBeNull();
    expect(releasePage(taker, readerOf(taker), releaseId)).toBeNull();
    expect(releasesPage(taker, readerOf(taker)).received).toEqual([]);
    expect(releaseState({ expiresAt: clock.now(), revokedAt: null }, clock.now())).toBe("expired");
    // The giver keeps the record: whom and what it named, and no value.
    const page = releasePage(giver, readerOf(giver), releaseId);
    expect(page).toMatchObject({ as: "giver", table: null, facts: { state: "expired", people: 2 } });
    expect(JSON.stringify(page)).not.toContain("Riverbend");
  });

  it("comes at once when it is revoked, once, by the side that gave it", async () => {
    const releaseId = await give(draft());
    expect(await revokeRelease(taker, { releaseId })).toEqual({ ok: false, refusal: "gone" });
    const tries = await Promise.all([
      revokeRelease(giver, { releaseId }),
      revokeRelease(giver, { releaseId }),
    ]);
    expect(tries.map((each) => each.ok)).toEqual([true, true]);
    expect(seenBy(taker, releaseId)).toBeNull();
    expect(seenBy(giver, releaseId)).toBeNull();
    expect(releasesPage(giver, readerOf(giver)).given).toMatchObject([{ state: "revoked" }]);
    expect(trail("release.revoke")).toMatchObject([{ coHostId: meeting.sideIds[0], subjectId: releaseId }]);
  });

  it("decides between a file that is being taken and its revocation: one or the other, and the trail says which", async () => {
    const releaseId = await give(draft());
    const take = () => takeRelease(taker, readerOf(taker), { releaseId, taker: "T. Taker", locale: "en" });
    const [before, revoked, after] = await Promise.all([take(), revokeRelease(giver, { releaseId }), take()]);
    expect([before.ok, revoked.ok, after.ok]).toEqual([true, true, false]);
    expect(trail("release.take")).toHaveLength(1);
  });
});

describe("who may look", () => {
  test("a co-host to whom nothing was released finds nothing", async () => {
    const releaseId = await give(draft());
    const third = staffOf(newId());
    expect(seenBy(third, releaseId)).toBeNull();
    expect(releasePage(third, readerOf(third), releaseId)).toBeNull();
    expect(releasesPage(third, readerOf(third))).toEqual({ given: [], received: [] });
  });

  test("the same co-hosts at another edition find nothing there", async () => {
    const releaseId = await give(draft());
    for (const staff of [giver, taker])
      expect(releasePage(staff, readerOf(staff, "another edition"), releaseId)).toBeNull();
    const elsewhere = { ...giver, scope: { ...giver.scope, editionId: "another edition" } };
    expect(await revokeRelease(elsewhere, { releaseId })).toEqual({ ok: false, refusal: "gone" });
  });

  test("what goes to somebody outside is for the lead who gave it alone", async () => {
    const releaseId = await give(draft({ toSideId: null, recipient: "A hotel" }));
    expect(seenBy(taker, releaseId)).toBeNull();
    const ownLogistics = { ...readerOf(giver), givingSideIds: [] };
    expect(releasePage(giver, ownLogistics, releaseId)).toBeNull();
    const none = await takeRelease(giver, ownLogistics, { releaseId, taker: "L. Logistics", locale: "en" });
    expect(none.ok).toBe(false);
    expect(seenBy(giver, releaseId)?.rows).toHaveLength(2);
  });

  test("nobody can be put on one who is not of the side that gives it", async () => {
    const theirs = meeting.invitees.find((each) => each.sideId === meeting.sideIds[1])?.invitationId ?? "";
    const insert = ctx.db.write((tx) =>
      insertRelease(tx, giver, { ...draft({ invitationIds: [theirs] }), fromSideId: meeting.sideIds[0] }),
    );
    await expect(insert).rejects.toThrow("people of the side that gives it");
  });
});

describe("the file", () => {
  it("says first whose it is and what for, and runs nothing in a spreadsheet", async () => {
    changes(one(0), { nameLatin: '=HYPERLINK("https://example.com")', institutionEn: "＠SUM(1)" });
    changes(one(1), { nameLatin: "O'Example, Pat", institutionEn: "-2+3" });
    const releaseId = await give(draft({ purpose: "=1+1" }));
    const taken = await takeRelease(taker, readerOf(taker), { releaseId, taker: "T. Taker", locale: "en" });
    if (!taken.ok) throw new Error(taken.refusal);
    const { bytes } = taken.value;
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = new TextDecoder().decode(bytes).split("\r\n");
    expect(lines[0]).toContain("Released by Committee 1 to Committee 2");
    expect(lines[3]).toMatch(/T\. Taker.*Beijing time/);
    expect(lines.slice(5)).toEqual([
      '"Name in Latin letters","Institution, English"',
      `"'=HYPERLINK(""https://example.com"")","'＠SUM(1)"`,
      `"O'Example, Pat","'-2+3"`,
      "",
    ]);
    const [event] = trail("release.take");
    expect(event).toMatchObject({ coHostId: meeting.sideIds[0], actorId: taker.actor.id });
    expect(event?.details).toEqual({
      takenFor: meeting.sideIds[1],
      columns: ["nameLatin", "institutionEn"],
      rows: 2,
      format: "csv",
      sha256: createHash("sha256").update(bytes).digest("hex"),
      locale: "en",
    });
    expect(releasesPage(giver, readerOf(giver)).given[0]?.takings).toMatchObject([
      { at: clock.now(), rows: 2, side: { nameEn: "Committee 2" } },
    ]);
  });

  it("is printed with its watermark at the foot of every page, and says the same", async () => {
    const many = people.map((each) => each.invitationId);
    for (const [n, each] of people.entries())
      changes(each, {
        nameNative: n === 0 ? "王䶮" : "",
        institutionEn: "A very long name ".repeat(11).trim(),
      });
    const purpose = "机场接机".repeat(50);
    const columns = RELEASE_COLUMNS.map(({ name }) => name);
    const releaseId = await give(draft({ invitationIds: many, columns, purpose }));
    const input = { releaseId, taker: "T. Taker", locale: "zh-CN" } as const;
    const taken = await takeReleasePdf(taker, readerOf(taker), input);
    if (!taken.ok) throw new Error(taken.refusal);
    const { text: pages } = await extractText(await getDocumentProxy(taken.value.bytes.slice()), {
      mergePages: false,
    });
    expect(pages.length).toBeGreaterThan(1);
    for (const [n, page] of pages.entries()) {
      const text = page.replaceAll(/\s/g, "");
      expect(text).toContain(purpose);
      expect(text).toContain("查看人：T.Taker");
      expect(text).toContain("请勿转交他人。");
      expect(text).toContain(`${n + 1}/${pages.length}`);
    }
    const all = pages.join("").replaceAll(/\s/g, "");
    for (const each of people) expect(all).toContain(each.nameLatin.replaceAll(" ", ""));
    expect(all).toContain("王䶮");
    expect(all).toContain("未提供");
    expect(trail("release.take")[0]?.details).toMatchObject({
      format: "pdf",
      rows: people.length,
      sha256: createHash("sha256").update(taken.value.bytes).digest("hex"),
    });
  });

  it("is not handed out when it was revoked, or a cell changed, while it was drawn", async () => {
    const input = { releaseId: await give(draft()), taker: "T. Taker", locale: "en" } as const;
    const drawing = takeReleasePdf(taker, readerOf(taker), input);
    changes(one(0), { institutionEn: "Corrected College" });
    expect(await drawing).toEqual({ ok: false, refusal: "changed" });
    const [late] = await Promise.all([
      takeReleasePdf(taker, readerOf(taker), input),
      revokeRelease(giver, { releaseId: input.releaseId }),
    ]);
    expect(late).toEqual({ ok: false, refusal: "gone" });
    expect(trail("release.take")).toEqual([]);
  });

  test("names the one outside for whom it is, in both languages", () => {
    const mark = {
      fromEn: "Committee 1",
      fromZh: "第一委员会",
      toEn: "",
      toZh: "",
      recipient: "Example Hotel",
      purpose: "Rooms",
      expiresAt: Date.UTC(2018, 11, 3, 15, 59),
      timeZone: "Asia/Shanghai",
      reader: "林草稿",
      at: Date.UTC(2018, 9, 29, 1, 0),
    };
    expect(watermarkLines(mark, "en")[0]).toBe("Released by Committee 1 to Example Hotel.");
    expect(watermarkLines(mark, "zh-CN")[0]).toBe("第一委员会提供给Example Hotel。");
    expect(watermarkLines(mark, "zh-CN")[2]).toContain("北京时间2018年12月3日（星期一）23:59");
    expect(releaseFile({ columns: ["nameLatin"], rows: [] }, mark, "en").split("\r\n")).toHaveLength(7);
  });
});
