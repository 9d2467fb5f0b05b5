import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import {
  addAgendaItem,
  assignFunction,
  changeAgendaItem,
  publishAgenda,
  removeAgendaItem,
  withdrawFunction,
} from "#app/domain/agenda/commands.server.ts";
import { draftAgenda, draftItem, publishPreview } from "#app/domain/agenda/draft.server.ts";
import { type AgendaItemInput, agendaItemForm } from "#app/domain/agenda/form.ts";
import { newestProgramme, programmeOf } from "#app/domain/agenda/queries.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { askForPlaces } from "#app/domain/visit/seats.server.ts";
import { parseForm } from "#app/platform/form.ts";
import { agendaVersion, auditEvent, delivery, visitPlace } from "#db/schema/index.ts";
import { testContext, testKeys } from "../support/context.ts";
import { writeMeeting } from "../support/meeting.ts";

function world() {
  const ctx = testContext();
  const plan = { slug: "test", people: 6, seats: [{ capacity: 2, quota: null }], now: ctx.clock.now() };
  const meeting = writeMeeting(ctx.db.orm, testKeys, plan);
  const staff = (side: 0 | 1): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: "somebody" },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: ["agenda"],
      bookSideIds: [],
    },
  });
  const person = (n: number) => {
    const found = meeting.invitees[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  };
  return { ctx, meeting, staff, person, db: ctx.db };
}

/** A form as a browser posts it. */
function form(fields: Record<string, string | ReadonlyArray<string>>): FormData {
  const formData = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const one of typeof value === "string" ? [value] : value) formData.append(name, one);
  return formData;
}

const TALK = {
  kind: "session",
  day: "2018-12-05",
  start: "10:00",
  end: "11:30",
  titleEn: "Working meeting",
  titleZh: "工作会议",
  audience: "all",
};

function input(fields: Record<string, string | ReadonlyArray<string>> = {}): AgendaItemInput {
  const parsed = parseForm(agendaItemForm, form({ ...TALK, ...fields }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.form.errors));
  return parsed.value;
}

function errors(fields: Record<string, string | ReadonlyArray<string>>) {
  const parsed = parseForm(agendaItemForm, form({ ...TALK, ...fields }));
  return parsed.ok ? {} : parsed.form.errors;
}

async function added(ctx: StaffContext, fields: Record<string, string | ReadonlyArray<string>> = {}) {
  const result = await addAgendaItem(ctx, input(fields));
  if (!result.ok) throw new Error(result.refusal);
  const page = draftItem(ctx, result.value.itemId);
  if (page === null) throw new Error("the item is not there");
  return page.item;
}

describe("the form of an item", () => {
  test("says everything that is wrong at once, beside its field", () => {
    expect(
      errors({
        kind: "party",
        day: "2018-02-30",
        start: "25:00",
        end: "",
        titleEn: "",
        titleZh: "a\u0000b",
        capacity: "many",
      }),
    ).toEqual({
      kind: ["error.choose"],
      day: ["error.date"],
      start: ["error.time"],
      end: ["error.time"],
      titleEn: ["error.required"],
      titleZh: ["error.characters"],
      capacity: ["error.number"],
    });
  });

  test("checks fields against each other even where others are missing", () => {
    expect(errors({ titleEn: "", start: "", end: "09:00", audience: "visit" })).toEqual({
      titleEn: ["error.required"],
      start: ["error.time"],
      audience: ["agenda.error.noVisit"],
    });
    expect(errors({ titleEn: "", end: "09:00" })).toEqual({
      titleEn: ["error.required"],
      end: ["agenda.error.endsBeforeItStarts"],
    });
  });

  test("keeps times, audiences and visits consistent", () => {
    expect(errors({ end: "09:00" })).toEqual({ end: ["agenda.error.endsBeforeItStarts"] });
    expect(errors({ audience: "delegations" })).toEqual({ delegationIds: ["agenda.error.noDelegation"] });
    expect(errors({ audience: "visit" })).toEqual({ audience: ["agenda.error.noVisit"] });
    expect(
      errors({ kind: "site_visit", meetTime: "10:30", deadlineDay: "2018-11-19", "seats.us": "-1" }),
    ).toMatchObject({ "seats.us": ["error.number"] });
    expect(errors({ kind: "site_visit", meetTime: "10:30", deadlineDay: "2018-11-19" })).toEqual({
      hostEn: ["error.required"],
      capacity: ["error.required"],
      meetTime: ["agenda.error.meetsTooLate"],
      deadlineTime: ["error.required"],
    });
  });
});

describe("the draft", () => {
  test("takes wall-clock times in the edition's zone, and a visit with its limits", async () => {
    const { staff, meeting } = world();
    const [us] = meeting.delegationIds;
    const item = await added(staff(0), {
      kind: "site_visit",
      audience: "visit",
      hostEn: "Supreme People's Court",
      capacity: "24",
      [`seats.${us}`]: "20",
      [`seats.${meeting.delegationIds[1]}`]: "",
      meetTime: "09:15",
      deadlineDay: "2018-11-19",
      deadlineTime: "18:00",
    });
    expect(item).toMatchObject({
      startsAt: Date.UTC(2018, 11, 5, 2, 0),
      endsAt: Date.UTC(2018, 11, 5, 3, 30),
      visit: { hostEn: "Supreme People's Court", meetAt: Date.UTC(2018, 11, 5, 1, 15) },
      seats: { capacity: 24, quotas: { [us]: 20 }, clearanceDeadline: Date.UTC(2018, 10, 19, 10, 0) },
    });
  });

  test("is not seen by delegates, however it is changed, before it is published", async () => {
    const { staff, ctx, person } = world();
    const before = programmeOf(ctx, person(0));
    const item = await added(staff(0));
    const change = { itemId: item.id, seenAt: item.updatedAt, input: input({ titleEn: "Secret" }) };
    await changeAgendaItem(staff(0), change);
    expect(programmeOf(ctx, person(0))).toEqual(before);
    await publishAgenda(staff(0));
    expect(programmeOf(ctx, person(0)).items.map((one) => one.titleEn)).toContain("Secret");
  });

  test("refuses delegations of another edition", async () => {
    const { staff } = world();
    const wrong = input({ audience: "delegations", delegationIds: ["elsewhere"] });
    expect(await addAgendaItem(staff(0), wrong)).toEqual({ ok: false, refusal: "unknown_delegation" });
  });

  test("is not overwritten by somebody who had it open before", async () => {
    const { staff } = world();
    const item = await added(staff(0));
    const mine = { itemId: item.id, seenAt: item.updatedAt, input: input({ titleEn: "Mine" }) };
    expect(await changeAgendaItem(staff(0), mine)).toMatchObject({ ok: true });
    expect(await changeAgendaItem(staff(1), { ...mine, input: input({ titleEn: "Theirs" }) })).toEqual({
      ok: false,
      refusal: "changed_meanwhile",
    });
    expect(draftItem(staff(0), item.id)?.item.titleEn).toBe("Mine");
  });

  test("keeps a visit on which people have places, until these are given up", async () => {
    const { staff, ctx, db, person, meeting } = world();
    const visitId = meeting.visitIds[0] ?? "";
    const found = draftAgenda(staff(0)).items.find((one) => one.visit?.id === visitId);
    const itemId = found?.id ?? "";
    const seenAt = found?.updatedAt ?? 0;
    await db.write((tx) => askForPlaces(tx, ctx, { ...person(0), visitIds: [visitId] }));
    expect(await removeAgendaItem(staff(0), { itemId })).toEqual({ ok: false, refusal: "has_places" });
    expect(await changeAgendaItem(staff(0), { itemId, seenAt, input: input() })).toEqual({
      ok: false,
      refusal: "has_places",
    });
    await db.write((tx) => askForPlaces(tx, ctx, { ...person(0), visitIds: [] }));
    expect(await removeAgendaItem(staff(0), { itemId })).toEqual({ ok: true, value: null });
    expect(db.orm.select().from(visitPlace).all()).toEqual([]);
  });

  test("moves the next in line up when the item's form raises the limit", async () => {
    const { staff, ctx, db, person, meeting } = world();
    const visitId = meeting.visitIds[0] ?? "";
    const found = draftAgenda(staff(0)).items.find((one) => one.visit?.id === visitId);
    for (const n of [0, 1, 2])
      await db.write((tx) => askForPlaces(tx, ctx, { ...person(n), visitIds: [visitId] }));
    await changeAgendaItem(staff(0), {
      itemId: found?.id ?? "",
      seenAt: found?.updatedAt ?? 0,
      input: input({ kind: "site_visit", audience: "visit", hostEn: "Court", capacity: "3" }),
    });
    const rows = db.orm.select({ state: visitPlace.state }).from(visitPlace).all();
    expect(rows.map((row) => row.state)).toEqual(["granted", "granted", "granted"]);
    expect(db.orm.select().from(delivery).all()).toHaveLength(1);
  });

  test("shows what is at the same time, and for how many", async () => {
    const { staff, meeting } = world();
    const [us, cn] = meeting.delegationIds;
    const one = await added(staff(0), { audience: "delegations", delegationIds: [us] });
    const two = await added(staff(0), { start: "11:00", end: "12:00" });
    await added(staff(0), { audience: "delegations", delegationIds: [cn], end: "10:30" });
    await added(staff(0), { kind: "free" });
    const items = draftAgenda(staff(0)).items;
    const clashes = (id: string) =>
      items.find((item) => item.id === id)?.clashes.map((clash) => [clash.itemId, clash.people]);
    expect(clashes(one.id)).toEqual([[two.id, 3]]);
    expect(clashes(two.id)).toEqual([[one.id, 3]]);
    const theirs = draftAgenda(staff(1)).items.find((item) => item.id === one.id);
    expect(theirs?.clashes).toMatchObject([{ itemId: two.id, people: 0 }]);
  });

  test("of another edition does not exist", async () => {
    const { staff, ctx } = world();
    const plan = { slug: "other", people: 1, seats: [], now: ctx.clock.now() };
    const itemId = writeMeeting(ctx.db.orm, testKeys, plan).itemIds[0] ?? "";
    expect(draftItem(staff(0), itemId)).toBeNull();
    expect(await removeAgendaItem(staff(0), { itemId })).toMatchObject({ refusal: "not_found" });
    expect(await changeAgendaItem(staff(0), { itemId, seenAt: 0, input: input() })).toMatchObject({
      refusal: "not_found",
    });
  });
});

describe("who does what", () => {
  test("is decided for one's own side's people and shown by name to their side alone", async () => {
    const { staff, person } = world();
    const item = await added(staff(0), { audience: "listed" });
    const entry = { itemId: item.id, invitationId: person(0).invitationId, function: "chair" as const };
    expect(await assignFunction(staff(1), entry)).toEqual({ ok: false, refusal: "not_found" });
    expect(await assignFunction(staff(0), entry)).toMatchObject({ ok: true });
    expect(await assignFunction(staff(0), entry)).toMatchObject({ ok: true });
    expect(draftItem(staff(0), item.id)?.functions).toMatchObject([{ nameLatin: person(0).nameLatin }]);
    const theirs = draftItem(staff(1), item.id);
    expect(theirs).toMatchObject({ functions: [], functionsOfOthers: 1 });
    expect(JSON.stringify(theirs)).not.toContain(person(0).invitationId);
    expect(JSON.stringify(draftAgenda(staff(1)))).not.toContain(person(0).invitationId);
    expect(await withdrawFunction(staff(1), entry)).toMatchObject({ refusal: "not_found" });
    expect(await withdrawFunction(staff(0), entry)).toMatchObject({ ok: true });
    expect(draftItem(staff(0), item.id)?.functions).toEqual([]);
  });
});

describe("publishing", () => {
  test("makes a numbered version that later changes leave as it is", async () => {
    const { staff, ctx, meeting, db } = world();
    const item = await added(staff(0), { internalNote: "They must not know" });
    expect(await publishAgenda(staff(0))).toMatchObject({ ok: true, value: { number: 2 } });
    const second = newestProgramme(ctx, meeting.editionId);
    expect(second).toMatchObject({ number: 2, publishedAt: ctx.clock.now() });
    expect(second?.items.find((one) => one.id === item.id)).toMatchObject({ changedIn: 2 });
    const input2 = input({ start: "15:30", end: "17:00" });
    await changeAgendaItem(staff(0), { itemId: item.id, seenAt: item.updatedAt, input: input2 });
    expect(newestProgramme(ctx, meeting.editionId)).toEqual(second);
    await publishAgenda(staff(0));
    const third = newestProgramme(ctx, meeting.editionId);
    expect(third?.number).toBe(3);
    const changed = third?.items.filter((one) => one.changedIn === 3).map((one) => one.id);
    expect(changed).toEqual([item.id]);
    const stored = db.orm.select().from(agendaVersion).where(eq(agendaVersion.number, 2)).get();
    expect(JSON.parse(stored?.items ?? "")).toEqual(second?.items);
    expect(stored?.items).not.toContain("They must not know");
    expect(() => db.orm.update(agendaVersion).set({ number: 9 }).run()).toThrow();
  });

  test("is refused when nothing has changed, and writes nothing", async () => {
    const { staff, db } = world();
    await added(staff(0));
    await publishAgenda(staff(0));
    const count = () => db.orm.select().from(auditEvent).all().length;
    const before = count();
    expect(await publishAgenda(staff(0))).toEqual({ ok: false, refusal: "nothing_changed" });
    expect(count()).toBe(before);
  });

  test("by a form that comes twice is one version, and says so", async () => {
    const { staff } = world();
    await added(staff(0));
    const seen = publishPreview(staff(0)).fingerprint;
    const published = await publishAgenda(staff(0), { seen, notify: true });
    expect(published).toMatchObject({ ok: true });
    expect(await publishAgenda(staff(0), { seen, notify: true })).toEqual(published);
  });

  test("is refused when the draft is not the one that was looked at", async () => {
    const { staff } = world();
    await added(staff(0));
    const seen = publishPreview(staff(0)).fingerprint;
    await added(staff(1), { titleEn: "Slipped in" });
    expect(await publishAgenda(staff(0), { seen })).toEqual({ ok: false, refusal: "changed_meanwhile" });
    const again = publishPreview(staff(0)).fingerprint;
    expect(await publishAgenda(staff(0), { seen: again })).toMatchObject({ ok: true });
  });

  test("is announced with what changes and for how many", async () => {
    const { staff, meeting } = world();
    expect(publishPreview(staff(0))).toMatchObject({ changes: [], affected: 0 });
    const [us] = meeting.delegationIds;
    await added(staff(0), { audience: "delegations", delegationIds: [us] });
    expect(publishPreview(staff(0))).toMatchObject({
      number: 2,
      changes: [{ change: "new", titleEn: "Working meeting" }],
      readers: 3,
      affected: 3,
    });
    // Nobody of the other side is meant; and how many of the first side are, is not theirs to know.
    expect(publishPreview(staff(1))).toMatchObject({ number: 2, readers: 3, affected: 0 });
  });

  test("tells nobody by itself", async () => {
    const { staff, db } = world();
    await added(staff(0));
    await publishAgenda(staff(0));
    expect(db.orm.select().from(delivery).all()).toEqual([]);
  });
});
