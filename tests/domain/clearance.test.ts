import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { extractText, getDocumentProxy } from "unpdf";
import { beforeEach, describe, expect, test } from "vitest";
import { readXlsx } from "#app/documents/xlsx.server.ts";
import {
  changeColumns,
  freeRefused,
  freezeList,
  recordAnswer,
  releaseToList,
  takeList,
} from "#app/domain/clearance/commands.server.ts";
import {
  type ClearanceColumn,
  columnsMark,
  plainColumn,
  readClearanceColumns,
} from "#app/domain/clearance/facts.ts";
import { columnsOf } from "#app/domain/clearance/form.ts";
import { clearancePage } from "#app/domain/clearance/queries.server.ts";
import { type FrozenList, listChanges } from "#app/domain/clearance/rules.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { revokeRelease } from "#app/domain/privacy/release-commands.server.ts";
import { PLACES } from "#app/domain/privacy/retention-places.server.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { BLANK_DOCUMENT } from "#app/domain/travel-document/rules.ts";
import { askForPlaces } from "#app/domain/visit/seats.server.ts";
import * as schema from "#db/schema/index.ts";
import { testContext } from "../support/context.ts";
import { type Invitee, type Meeting, writeMeeting } from "../support/meeting.ts";

let ctx: ReturnType<typeof testContext>;
let meeting: Meeting;
let visitId: string;
/** The side of the guests, and the side at whose place the meeting is. */
let guests: StaffContext;
let hosts: StaffContext;

const COLUMNS: ReadonlyArray<ClearanceColumn> = [
  plainColumn("count"),
  { ...plainColumn("passportName"), headingEn: "Surname, given names", headingZh: "护照姓名（拼音）" },
  { ...plainColumn("gender"), format: "zh" },
  plainColumn("birthDate"),
  plainColumn("passportNumber"),
  { ...plainColumn("position"), format: "both" },
  plainColumn("empty"),
];

beforeEach(async () => {
  ctx = testContext();
  meeting = writeMeeting(ctx.db.orm, ctx.keys, {
    slug: "north",
    people: 8,
    seats: [{ capacity: 5, quota: null }],
    now: ctx.clock.now(),
  });
  visitId = meeting.visitIds[0] ?? "";
  guests = staffOf(meeting.sideIds[0]);
  hosts = staffOf(meeting.sideIds[1]);
  await changeColumns(hosts, { visitId, columns: COLUMNS, locale: "en" });
  for (const n of [0, 1, 2, 3]) agree(n);
  for (const n of [0, 1, 2, 3]) await ask(n);
});

function staffOf(sideId: string): StaffContext {
  return {
    ...ctx,
    actor: { kind: "staff", id: `lead of ${sideId}` },
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [] },
  };
}

function person(n: number): Invitee {
  const found = meeting.invitees[n];
  if (found === undefined) throw new Error(`there is no person ${n}`);
  return found;
}

function agree(n: number, given = true): void {
  ctx.clock.advance(1);
  ctx.db.orm
    .insert(schema.consent)
    .values({
      id: `consent ${n} ${ctx.clock.now()}`,
      invitationId: person(n).invitationId,
      kind: "identity_documents",
      given,
      textVersion: 1,
      locale: "en",
      channel: "self",
      at: ctx.clock.now(),
    })
    .run();
}

function ask(n: number, visits: ReadonlyArray<string> = [visitId]) {
  return ctx.db.write((tx) => askForPlaces(tx, ctx, { ...person(n), visitIds: visits }));
}

function passport(n: number, more: { number?: string; birthDate?: string } = {}) {
  const side = n % 2 === 0 ? guests : hosts;
  return saveTravelDocument(side, {
    invitationId: person(n).invitationId,
    document: {
      ...BLANK_DOCUMENT,
      familyName: `FAMILY${n}`,
      givenNames: "ANNA MARIA",
      gender: "F",
      birthDate: "1974-08-12",
      number: `00123456${n}`,
      ...more,
    },
  });
}

async function file(part: "list" | "amendment", number: number, who = hosts) {
  const taken = await takeList(who, { visitId, number, part, format: "xlsx" });
  if (!taken.ok) throw new Error(taken.refusal);
  const read = await readXlsx(taken.value.bytes);
  if (!read.ok) throw new Error(read.problem);
  return { bytes: taken.value.bytes, rows: read.rows.map((row) => row.cells) };
}

async function sentOnce() {
  for (const n of [0, 1, 2]) await passport(n);
  await releaseToList(guests, visitId);
  await releaseToList(hosts, visitId);
  expect(await freezeList(hosts, visitId)).toEqual({ ok: true, value: { number: 1 } });
}

describe("a host's list", () => {
  test("has the host's columns in its order under its headings, text as text and days as days", async () => {
    await sentOnce();
    const { rows, bytes } = await file("list", 1);
    expect(rows[3]).toEqual([
      "No.",
      "Surname, given names",
      "Gender",
      "Date of birth",
      "Passport number",
      "Position",
      "Empty, for the host",
    ]);
    const position = "Professor of Law / 法学教授";
    expect(rows.slice(4)).toEqual([
      ["1", "FAMILY0, ANNA MARIA", "女", "1974-08-12", "001234560", position, ""],
      ["2", "FAMILY2, ANNA MARIA", "女", "1974-08-12", "001234562", position, ""],
      ["3", "FAMILY1, ANNA MARIA", "女", "1974-08-12", "001234561", position, ""],
    ]);
    const version = clearancePage(hosts, visitId)?.versions[0];
    expect(version?.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(version).toMatchObject({ number: 1, people: 3, amendmentSha256: null });
  });

  test("says the same on paper and as CSV, and is the same bytes however often it is taken", async () => {
    await sentOnce();
    const csv = await takeList(hosts, { visitId, number: 1, part: "list", format: "csv" });
    expect(csv.ok && new TextDecoder("utf-8", { ignoreBOM: true }).decode(csv.value.bytes)).toContain(
      '"1","FAMILY0, ANNA MARIA","女","1974-08-12","001234560"',
    );
    const pdf = await takeList(hosts, { visitId, number: 1, part: "list", format: "pdf" });
    if (!pdf.ok) throw new Error(pdf.refusal);
    const { text } = await extractText(await getDocumentProxy(pdf.value.bytes), { mergePages: true });
    for (const word of ["FAMILY0", "001234561", "1974-08-12"]) expect(text).toContain(word);
    expect((await file("list", 1)).bytes).toEqual((await file("list", 1)).bytes);
    const taken = ctx.db.orm
      .select()
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.action, "clearance.take"))
      .all();
    // One for each side whose people are in it.
    expect(new Set(taken.map((event) => event.coHostId)).size).toBe(2);
    expect(JSON.stringify(taken)).not.toContain("FAMILY");
  });

  test("leaves out who is not ready, and tells what is missing and from when it is there", async () => {
    await passport(0);
    await saveTravelDocument(guests, {
      invitationId: person(2).invitationId,
      document: { state: "pending", expectedOn: "2018-11-01" },
    });
    const page = clearancePage(guests, visitId);
    expect(page?.own.map((one) => one.state)).toEqual(["ready", "not_ready"]);
    expect(page?.own[1]?.lacks[0]).toEqual({ fact: "passportName", expectedOn: "2018-11-01" });
    expect(await releaseToList(guests, visitId)).toEqual({ ok: true, value: { people: 1, changed: true } });
    expect(await releaseToList(guests, visitId)).toEqual({ ok: true, value: { people: 1, changed: false } });
    agree(0, false);
    expect(clearancePage(guests, visitId)?.own[0]).toMatchObject({ agrees: false, state: "not_ready" });
    // Whoever takes back their consent is not in a list that is put together after that.
    await passport(1);
    await releaseToList(hosts, visitId);
    await freezeList(hosts, visitId);
    expect((await file("list", 1)).rows.slice(4)).toHaveLength(1);
  });

  test("is put together by the side that deals with the host, from what each side released, and by nobody else", async () => {
    for (const n of [0, 1, 2]) await passport(n);
    expect(await freezeList(hosts, visitId)).toEqual({ ok: false, refusal: "nothing" });
    await releaseToList(guests, visitId);
    expect(await freezeList(guests, visitId)).toEqual({ ok: false, refusal: "not_host" });
    // Their names cross, as released; nothing of their passports is on the page.
    const page = JSON.stringify(clearancePage(hosts, visitId));
    for (const n of [0, 2]) expect(page).toContain(person(n).nameLatin);
    expect(page).not.toContain("FAMILY0");
    expect(page).not.toContain("001234560");
    expect(page).not.toContain(person(0).invitationId);
    const theirs = JSON.stringify(clearancePage(guests, visitId));
    expect(theirs).not.toContain(person(1).nameLatin);
    await freezeList(hosts, visitId);
    expect((await file("list", 1)).rows.slice(4)).toHaveLength(2);
    expect(await takeList(guests, { visitId, number: 1, part: "list", format: "csv" })).toEqual({
      ok: false,
      refusal: "not_host",
    });
    const elsewhere = writeMeeting(ctx.db.orm, ctx.keys, { slug: "south", people: 0, seats: [], now: 0 });
    const stranger = { ...hosts, scope: { ...hosts.scope, editionId: elsewhere.editionId } };
    expect(clearancePage(stranger, visitId)).toBeNull();
    expect(await releaseToList(stranger, visitId)).toEqual({ ok: false, refusal: "gone" });
    expect(await takeList(stranger, { visitId, number: 1, part: "list", format: "csv" })).toMatchObject({
      ok: false,
    });
  });

  test("records a release of these people and columns, and is not handed out once that is revoked", async () => {
    await sentOnce();
    const release = ctx.db.orm
      .select()
      .from(schema.release)
      .where(eq(schema.release.fromCoHostId, meeting.sideIds[0]))
      .get();
    expect(release).toMatchObject({ toCoHostId: meeting.sideIds[1], recipient: "Court 1 第1法院" });
    expect(JSON.parse(release?.columns ?? "[]")).toEqual(
      expect.arrayContaining(["positionEn", "positionZh", "passportNumber", "birthDate"]),
    );
    await revokeRelease(guests, { releaseId: release?.id ?? "" });
    expect(await takeList(hosts, { visitId, number: 1, part: "list", format: "xlsx" })).toEqual({
      ok: false,
      refusal: "revoked",
    });
    expect(clearancePage(hosts, visitId)?.due).toEqual({ added: 0, removed: 2, changed: 0 });
    expect(JSON.stringify(clearancePage(hosts, visitId))).not.toContain(person(0).nameLatin);
  });
});

describe("an amendment", () => {
  test("has who was added, who was removed and what of whom changed, as a file of its own", async () => {
    await sentOnce();
    await passport(0, { number: "X00000001" });
    await passport(3);
    await ask(2, []);
    expect(clearancePage(guests, visitId)?.own.map((one) => [one.state, one.unreleased])).toEqual([
      ["sent", "changed"],
      ["withdrawn", null],
    ]);
    expect(clearancePage(hosts, visitId)?.due).toEqual({ added: 0, removed: 1, changed: 0 });
    await releaseToList(guests, visitId);
    await releaseToList(hosts, visitId);
    expect(clearancePage(hosts, visitId)?.due).toEqual({ added: 1, removed: 1, changed: 1 });
    const before = await file("list", 1);
    expect(await freezeList(hosts, visitId)).toEqual({ ok: true, value: { number: 2 } });
    const { rows } = await file("amendment", 2);
    expect(rows.slice(4).map((row) => [row[0], row[2], row[5]])).toEqual([
      ["changed", "FAMILY0, ANNA MARIA", "X00000001 (was: 001234560)"],
      ["added", "FAMILY3, ANNA MARIA", "001234563"],
      ["removed", "FAMILY2, ANNA MARIA", "001234562"],
    ]);
    // What was sent stays what it was.
    expect((await file("list", 1)).bytes).toEqual(before.bytes);
    expect(await freezeList(hosts, visitId)).toEqual({ ok: false, refusal: "unchanged" });
    expect(clearancePage(hosts, visitId)?.due).toEqual({ added: 0, removed: 0, changed: 0 });
  });

  test("comes of no change of time: that is no column", async () => {
    await sentOnce();
    const row = ctx.db.orm.select().from(schema.agendaVersion).get();
    const items: Array<{ visit: unknown; startsAt: number; endsAt: number }> = JSON.parse(row?.items ?? "[]");
    for (const item of items)
      if (item.visit !== null)
        Object.assign(item, {
          startsAt: item.startsAt + 5.5 * 3_600_000,
          endsAt: item.endsAt + 5.5 * 3_600_000,
        });
    ctx.db.orm
      .insert(schema.agendaVersion)
      .values({
        id: "late change",
        editionId: meeting.editionId,
        number: 2,
        publishedAt: ctx.clock.now(),
        publishedBy: "staff",
        items: JSON.stringify(items),
      })
      .run();
    ctx.db.orm.update(schema.agendaItem).set({ startsAt: 1, endsAt: 2 }).run();
    expect(clearancePage(hosts, visitId)?.due).toEqual({ added: 0, removed: 0, changed: 0 });
    expect(await releaseToList(guests, visitId)).toMatchObject({ value: { changed: false } });
    expect(await freezeList(hosts, visitId)).toEqual({ ok: false, refusal: "unchanged" });
  });

  test("needs what the host asks for now from every side first", async () => {
    await sentOnce();
    await changeColumns(hosts, {
      visitId,
      columns: [...COLUMNS, plainColumn("institution")],
      locale: "en",
    });
    expect(await freezeList(hosts, visitId)).toEqual({ ok: false, refusal: "facts" });
    await releaseToList(guests, visitId);
    await releaseToList(hosts, visitId);
    expect(await freezeList(hosts, visitId)).toMatchObject({ ok: true });
  });

  test("turns the list before into the list after, whatever changed", () => {
    const rows = fc.uniqueArray(
      fc.record({
        key: fc.constantFrom("a", "b", "c", "d", "e"),
        cells: fc.array(fc.constantFrom("1", "2"), { minLength: 2, maxLength: 2 }),
      }),
      { selector: (row) => row.key },
    );
    const list = (of: FrozenList["rows"]): FrozenList => ({
      locale: "en",
      columns: [plainColumn("passportNumber"), plainColumn("birthPlace")],
      rows: of,
    });
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const changes = listChanges(list(before), list(after));
        const now = new Map<string, ReadonlyArray<unknown>>(before.map((row) => [row.key, row.cells]));
        for (const one of changes)
          if (one.change === "removed") now.delete(one.key);
          else now.set(one.key, one.cells);
        expect(now).toEqual(new Map(after.map((row) => [row.key, row.cells])));
        expect(new Set(changes.map((one) => one.key)).size).toBe(changes.length);
      }),
    );
  });
});

test("a fact that stands in two columns is compared with itself", () => {
  const post = (format: "en" | "zh"): ClearanceColumn => ({ ...plainColumn("position"), format });
  const row = (en: string, zh: string) => ({ key: "a", cells: ["Zhao", en, zh] });
  const columns = [plainColumn("nameLatin"), post("en"), post("zh")];
  const before: FrozenList = { locale: "en", columns, rows: [row("Judge", "法官")] };
  expect(listChanges(before, before)).toEqual([]);
  expect(listChanges(before, { ...before, rows: [row("Judge", "审判长")] })).toMatchObject([
    { change: "changed", before: [null, null, "法官"] },
  ]);
  expect(listChanges(before, { ...before, rows: [] })).toMatchObject([
    { change: "removed", cells: ["Zhao", "Judge", "法官"] },
  ]);
});

test("nobody sets a list's columns over what a colleague set meanwhile", async () => {
  const seen = columnsMark({ columns: COLUMNS, locale: "en" });
  const theirs = { visitId, columns: COLUMNS.slice(1), locale: "en" as const, seen };
  expect(await changeColumns(hosts, theirs)).toMatchObject({ ok: true });
  expect(await changeColumns(hosts, theirs)).toMatchObject({ ok: true });
  expect(await changeColumns(guests, { ...theirs, columns: COLUMNS.slice(2) })).toEqual({
    ok: false,
    refusal: "changed_meanwhile",
  });
});

describe("what the host says", () => {
  test("is written down of the version that was looked at: in the next one a row is somebody else", async () => {
    await sentOnce();
    agree(4);
    await ask(4);
    const looked = { visitId, number: 1, rows: [1], answer: "refused" as const };
    await ask(0, []);
    expect(await freezeList(hosts, visitId)).toMatchObject({ ok: true });
    expect(await recordAnswer(hosts, looked)).toEqual({ ok: false, refusal: "new_version" });
    expect(await recordAnswer(hosts, { ...looked, number: 2 })).toMatchObject({ ok: true });
  });

  test("is written down by whoever deals with it; a refused person's seat is freed in silence, and the next has it", async () => {
    for (const n of [4, 6]) {
      agree(n);
      await ask(n);
    }
    await sentOnce();
    expect(await recordAnswer(guests, { visitId, rows: [1], answer: "refused" })).toEqual({
      ok: false,
      refusal: "not_host",
    });
    expect(await recordAnswer(hosts, { visitId, rows: [1, 99], answer: "refused" })).toEqual({
      ok: false,
      refusal: "gone",
    });
    await recordAnswer(hosts, { visitId, rows: [2, 3], answer: "cleared" });
    await recordAnswer(hosts, { visitId, rows: [1], answer: "refused" });
    expect(clearancePage(guests, visitId)?.own.map((one) => one.state)).toEqual([
      "refused",
      "cleared",
      "not_ready",
    ]);
    const free = (who: StaffContext, n: number) =>
      freeRefused(who, { visitId, invitationId: person(n).invitationId });
    expect(await free(hosts, 0)).toEqual({ ok: false, refusal: "gone" });
    expect(await free(guests, 2)).toEqual({ ok: false, refusal: "gone" });
    const mails = () =>
      ctx.db.orm
        .select()
        .from(schema.delivery)
        .where(eq(schema.delivery.invitationId, person(0).invitationId))
        .all().length;
    const before = mails();
    expect(await free(guests, 0)).toEqual({ ok: true, value: null });
    expect(mails()).toBe(before);
    const place = (n: number) =>
      ctx.db.orm
        .select()
        .from(schema.visitPlace)
        .where(eq(schema.visitPlace.invitationId, person(n).invitationId))
        .get();
    expect(place(0)).toMatchObject({ state: "withdrawn", cause: "host_refused" });
    expect(place(6)).toMatchObject({ state: "granted", cause: "promoted" });
  });
});

describe("columns", () => {
  test("come in their order, some removed, one added; names of programme files are known", () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      "column.0.fact": "passportNumber",
      "column.0.place": "2",
      "column.0.headingEn": "Passport",
      "column.0.headingZh": "护照",
      "column.0.format": "nonsense",
      "column.1.fact": "birthDate",
      "column.1.place": "1",
      "column.1.format": "zh",
      "column.2.fact": "gender",
      "column.2.place": "3",
      "column.2.remove": "on",
      add: "nameNative",
    }))
      form.set(name, value);
    expect(columnsOf(form)).toEqual({
      ok: true,
      columns: [
        { fact: "birthDate", headingEn: "", headingZh: "", format: "zh" },
        { fact: "passportNumber", headingEn: "Passport", headingZh: "护照", format: "plain" },
        { fact: "nameNative", headingEn: "", headingZh: "", format: "plain" },
      ],
    });
    form.set("column.0.place", "first");
    expect(columnsOf(form)).toEqual({ ok: false, error: "error.number" });
    expect(
      readClearanceColumns('["passportName","sex","nationality","dateOfBirth","what"]').map(
        ({ fact }) => fact,
      ),
    ).toEqual(["passportName", "gender", "nationality", "birthDate"]);
  });
});

test("a purge of either side leaves of a list that it was, and no more", async () => {
  await sentOnce();
  const [place] = PLACES.filter((one) => one.place === "clearanceLists");
  const whose = { editionId: meeting.editionId, sideId: meeting.sideIds[0] };
  const found = place?.find(ctx.db.orm, whose) ?? [];
  expect(found).toHaveLength(2);
  await ctx.db.write((tx) =>
    place?.empty(
      tx,
      whose,
      found.map(({ row }) => row),
      ctx.clock.now(),
    ),
  );
  expect(place?.find(ctx.db.orm, whose)).toEqual([]);
  expect(clearancePage(hosts, visitId)?.versions).toMatchObject([{ number: 1, people: 3, isPurged: true }]);
  expect(await takeList(hosts, { visitId, number: 1, part: "list", format: "csv" })).toEqual({
    ok: false,
    refusal: "purged",
  });
  expect(await freezeList(hosts, visitId)).toEqual({ ok: false, refusal: "purged" });
});
