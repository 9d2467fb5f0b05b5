import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findEditionForStaff } from "#app/domain/access/queries.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { changeDelegations, changeEdition, createEdition } from "#app/domain/edition/commands.server.ts";
import { deadlinesOf } from "#app/domain/edition/deadlines.server.ts";
import { editionForm } from "#app/domain/edition/form.ts";
import { overview } from "#app/domain/edition/overview.server.ts";
import { planOfFile } from "#app/domain/edition/programme-file.ts";
import {
  delegationsOf,
  deskView,
  editionFacts,
  editionsOfStaff,
} from "#app/domain/edition/queries.server.ts";
import type { EditionPlan } from "#app/domain/edition/rules.ts";
import { wholeDays } from "#app/domain/edition/rules.ts";
import { newId } from "#app/platform/crypto.server.ts";
import { parseForm } from "#app/platform/form.ts";
import type { Db } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { testContext } from "../support/context.ts";
import { testDatabase } from "../support/database.ts";

const read = planOfFile(readFileSync(join(import.meta.dirname, "../fixtures/beijing-2018.json"), "utf8"));
if (!read.ok) throw new Error("The fixture is no programme file");
const beijing: EditionPlan = read.plan;

async function account(db: Db, name: string): Promise<string> {
  const id = newId();
  await db.write((tx) => {
    tx.insert(schema.user)
      .values({ id, name, email: `${name}@staff.example`, createdAt: new Date(0), updatedAt: new Date(0) })
      .run();
  });
  return id;
}

async function grant(
  db: Db,
  userId: string,
  coHostId: string,
  permission: Permission,
  editionId: string | null,
) {
  await db.write((tx) => {
    tx.insert(schema.staffPermission)
      .values({ id: newId(), userId, coHostId, editionId, permission, grantedAt: 0 })
      .run();
  });
}

async function made(plan = beijing) {
  const db = testDatabase();
  const userId = await account(db, "grace");
  const ctx = testContext({ db, actor: { kind: "staff", id: userId } });
  const result = await createEdition(ctx, { plan, ownCoHost: 0 });
  if (!result.ok) throw new Error(result.refusal);
  return { db, ctx, userId, edition: result.value };
}

function asStaff(ctx: ReturnType<typeof testContext>, userId: string, slug: string): StaffContext {
  const found = findEditionForStaff(ctx, { userId, slug });
  if (found === null) throw new Error("no access");
  return { ...ctx, scope: found.scope };
}

describe("making an edition", () => {
  it("makes everything of the plan, and its creator lead of their own side alone", async () => {
    const { db, ctx, userId, edition } = await made();
    const facts = editionFacts(ctx, edition.editionId);
    expect(facts.coHosts.map((host) => host.nameEn)).toEqual([
      "Riverbend Committee on Bilateral Exchange",
      "Example Foundation for Legal Exchange",
    ]);
    const staff = asStaff(ctx, userId, "beijing-2018");
    expect(staff.scope).toMatchObject({ sideIds: [edition.coHostIds[0]], permissions: ["lead"] });
    expect(db.orm.select().from(schema.agendaItem).all()).toHaveLength(15);
    expect(db.orm.select().from(schema.siteVisit).all()).toHaveLength(2);
    expect(db.orm.select().from(schema.visitQuota).all()).toHaveLength(4);
    expect(db.orm.select().from(schema.auditEvent).all()).toHaveLength(1);
    const delegations = delegationsOf(staff);
    expect(delegations.map((entry) => [entry.key, entry.answers === null])).toEqual([
      ["us", false],
      ["cn", true],
      ["interpreters", true],
    ]);
  });

  it("happens once when the same request comes twice", async () => {
    const { db, ctx, edition } = await made();
    const again = await createEdition(ctx, { plan: beijing, ownCoHost: 0, editionId: edition.editionId });
    expect(again).toEqual({ ok: true, value: edition });
    expect(db.orm.select().from(schema.edition).all()).toHaveLength(1);
    const stranger = testContext({ db, actor: { kind: "staff", id: await account(db, "stranger") } });
    expect(
      await createEdition(stranger, { plan: beijing, ownCoHost: 0, editionId: edition.editionId }),
    ).toEqual({ ok: false, refusal: "taken" });
  });

  it("knows the lead's side, its partner and the series again the next time", async () => {
    const { db, ctx, edition } = await made();
    const next = await createEdition(ctx, { plan: { ...beijing, ordinal: 9 }, ownCoHost: 0 });
    expect(next).toMatchObject({ ok: true, value: { slug: "beijing-2018-2", coHostIds: edition.coHostIds } });
    expect(db.orm.select().from(schema.coHost).all()).toHaveLength(2);
    expect(db.orm.select().from(schema.series).all()).toHaveLength(1);
  });

  it("never gives anybody another side's contact book for knowing its name", async () => {
    const { db, edition } = await made();
    const userId = await account(db, "stranger");
    db.orm.insert(schema.coHost).values({ id: "theirs", nameEn: "Theirs", nameZh: "别家" }).run();
    await grant(db, userId, "theirs", "lead", null);
    const stranger = testContext({ db, actor: { kind: "staff", id: userId } });
    const theirs = await createEdition(stranger, { plan: beijing, ownCoHost: 0 });
    if (!theirs.ok) throw new Error(theirs.refusal);
    expect(theirs.value.coHostIds.filter((id) => edition.coHostIds.includes(id))).toEqual([]);
  });

  it("does not let a lead become lead of the partner's side", async () => {
    const { ctx, edition } = await made();
    const turned = await createEdition(ctx, { plan: beijing, ownCoHost: 1 });
    expect(turned.ok && turned.value.coHostIds.includes(edition.coHostIds[1] ?? "")).toBe(false);
  });

  it("is refused to staff who lead no side in all its editions", async () => {
    const { db, edition } = await made();
    const userId = await account(db, "mail");
    await grant(db, userId, edition.coHostIds[0] ?? "", "mail", null);
    await grant(db, userId, edition.coHostIds[0] ?? "", "lead", edition.editionId);
    const ctx = testContext({ db, actor: { kind: "staff", id: userId } });
    expect(await createEdition(ctx, { plan: beijing, ownCoHost: 0 })).toEqual({
      ok: false,
      refusal: "not_lead",
    });
    expect(editionsOfStaff(ctx, userId).mayCreate).toBe(false);
    expect(editionsOfStaff(ctx, userId).editions.map((entry) => entry.slug)).toEqual(["beijing-2018"]);
  });

  it("is refused to a login whose permissions were taken away", async () => {
    const { db } = await made();
    const userId = await account(db, "dismissed");
    const ctx = testContext({ db, actor: { kind: "staff", id: userId } });
    expect(await createEdition(ctx, { plan: beijing, ownCoHost: 0 })).toEqual({
      ok: false,
      refusal: "not_lead",
    });
    expect(editionsOfStaff(ctx, userId)).toEqual({ editions: [], mayCreate: false });
  });
});

describe("the form for a new edition", () => {
  const typed = {
    titleEn: "A Dialogue",
    titleZh: "对话",
    cityEn: "New York",
    cityZh: "纽约",
    country: "US",
    timeZone: "America/New_York",
    startsOn: "2019-10-28",
    endsOn: "2019-10-29",
    mode: "in_person",
    replyOn: "2019-09-30",
    replyTime: "",
    host1En: "One",
    host1Zh: "甲",
    host2En: "",
    host2Zh: "",
    ownHost: "1",
    hostSide: "1",
    delegation1En: "U.S. delegation",
    delegation1Zh: "美方代表团",
    delegation1Quota: "12",
    delegation1Host: "1",
    delegation2En: "",
  };
  function parse(changes: Record<string, string>) {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...typed, ...changes })) data.set(name, value);
    return parseForm(editionForm, data);
  }

  it("becomes a plan", () => {
    const parsed = parse({});
    expect(parsed.ok && parsed.value).toMatchObject({
      ownCoHost: 0,
      plan: {
        slug: "new-york-2019",
        coHosts: [{ nameEn: "One", nameZh: "甲", title: null }],
        replyBy: Date.UTC(2019, 8, 30, 22, 0),
        travelFrom: "2019-10-28",
        delegations: [{ key: "us", quota: 12, coHost: 0, homeTimeZone: "America/New_York" }],
      },
    });
  });

  it("says what is wrong beside the field and keeps what was typed", () => {
    const parsed = parse({
      endsOn: "2019-10-20",
      hostSide: "2",
      delegation2En: "Chinese delegation",
      travelTo: "2019-10-01",
    });
    expect(!parsed.ok && parsed.form.errors).toEqual({
      endsOn: ["edition.error.endsBeforeItStarts"],
      hostSide: ["edition.error.noSecondHost"],
      travelTo: ["edition.error.travelWindow"],
      delegation2Zh: ["error.required"],
      delegation2Host: ["error.choose"],
    });
    expect(!parsed.ok && parsed.form.values.delegation2En).toBe("Chinese delegation");
    const empty = parse({ titleEn: "", timeZone: "Nowhere", delegation1Quota: "many" });
    expect(!empty.ok && empty.form.errors).toMatchObject({
      titleEn: ["error.required"],
      timeZone: ["edition.error.zone"],
      delegation1Quota: ["error.number"],
    });
  });
});

describe("changing delegations and terms", () => {
  it("changes one's own side's and adds to it, and finds nothing of the other side's", async () => {
    const { ctx, userId, edition } = await made();
    const staff = asStaff(ctx, userId, edition.slug);
    const us = {
      id: edition.delegationIds.us ?? "",
      nameEn: "U.S.",
      nameZh: "美方",
      quota: 1,
      homeTimeZone: "America/Chicago",
    };
    expect(
      await changeDelegations(staff, {
        changes: [us],
        added: [{ nameEn: "Observers", nameZh: "观察员", quota: null, homeTimeZone: "America/New_York" }],
      }),
    ).toEqual({ ok: true, value: { changed: 2 } });
    expect(delegationsOf(staff).map((entry) => [entry.key, entry.nameEn, entry.quota])).toEqual([
      ["us", "U.S.", 1],
      ["cn", "Chinese delegation", 20],
      ["interpreters", "Interpreters", 6],
      ["observers", "Observers", null],
    ]);
    // A form may come twice.
    const again = { nameEn: "Observers", nameZh: "观察员", quota: null, homeTimeZone: "America/New_York" };
    expect(await changeDelegations(staff, { changes: [us], added: [again] })).toMatchObject({
      value: { changed: 0 },
    });
    expect(await changeDelegations(staff, { changes: [us] })).toEqual({ ok: true, value: { changed: 0 } });
    expect(
      await changeDelegations(staff, { changes: [{ ...us, id: edition.delegationIds.cn ?? "" }] }),
    ).toEqual({ ok: false, refusal: "not_found" });
  });

  it("is for leads", async () => {
    const { db, ctx, edition } = await made();
    const userId = await account(db, "mail");
    await grant(db, userId, edition.coHostIds[0] ?? "", "mail", null);
    const staff = asStaff(ctx, userId, edition.slug);
    expect(await changeDelegations(staff, { changes: [] })).toEqual({ ok: false, refusal: "forbidden" });
    const terms = { replyBy: 1, registerBy: null, costsEn: "", costsZh: "", phones: "" };
    expect(await changeEdition(staff, terms)).toEqual({ ok: false, refusal: "forbidden" });
  });

  it("keeps deadlines, and writes nothing when nothing is different", async () => {
    const { db, ctx, userId, edition } = await made();
    const staff = asStaff(ctx, userId, edition.slug);
    const terms = { replyBy: 1, registerBy: null, costsEn: "a", costsZh: "甲", phones: "+1 212 555 0100" };
    expect(await changeEdition(staff, terms)).toEqual({ ok: true, value: { changed: true } });
    expect(await changeEdition(staff, terms)).toEqual({ ok: true, value: { changed: false } });
    expect(editionFacts(ctx, edition.editionId)).toMatchObject(terms);
    expect(db.orm.select().from(schema.auditEvent).all()).toHaveLength(2);
  });
});

describe("the overview of an edition without people", () => {
  it("shows deadlines, empty answers and free seats", async () => {
    const { ctx, userId, edition } = await made();
    const staff = asStaff(ctx, userId, edition.slug);
    const view = overview(staff);
    expect(view.delegations).toHaveLength(1);
    expect(
      deadlinesOf(staff).flatMap((entry) =>
        entry.usual ? [] : [[entry.kind, wholeDays(ctx.clock.now(), entry.at)]],
      ),
    ).toEqual([
      ["clearance", 21],
      ["clearance", 23],
    ]);
    expect(view.visits.map((visit) => [visit.capacity, visit.taken, visit.own[0]?.seats])).toEqual([
      [24, 0, 20],
      [16, 0, 14],
    ]);
    expect(view).toMatchObject({ byDay: null, silent: [], askAgain: [], waiting: [], mailProblems: [] });
    expect(deskView(staff)).toMatchObject({ people: 0, agendaVersion: null, undelivered: 0 });
  });
});
