import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXlsx } from "#app/documents/xlsx.server.ts";
import { clashPage } from "#app/domain/agenda/clash-facts.server.ts";
import {
  removeOutsider,
  removePost,
  saveOutsider,
  savePost,
  takeInterpretationSheet,
} from "#app/domain/interpretation/commands.server.ts";
import {
  handOut,
  headsetHolder,
  headsetPage,
  notHandedOut,
  takeBack,
  takeHeadsetSheet,
} from "#app/domain/interpretation/headsets.server.ts";
import { interpretationPlan } from "#app/domain/interpretation/queries.server.ts";
import {
  type Group,
  gapsIn,
  headsetsReady,
  interpretersFor,
  languageNeed,
  type PlannedItem,
} from "#app/domain/interpretation/rules.ts";
import { WORKING_LANGUAGES } from "#app/domain/registration/rules.ts";
import * as schema from "#db/schema/index.ts";
import { needsWorld, tells } from "../support/needs.ts";

const languages = (tongues: ReadonlyArray<string>, needs: string) => ({
  languages: { workingLanguages: tongues, otherLanguages: "", needsInterpretation: needs },
});

const english: Group = { people: 3, tongues: ["english"], needs: "yes", speak: false };
const chinese: Group = { people: 2, tongues: ["chinese"], needs: "yes", speak: false };

describe("what a session needs", () => {
  test("is a pair for whoever does not work in a language that is spoken, and needs help", () => {
    expect(languageNeed([english, chinese])).toEqual({
      pairs: { en_zh: 5 },
      channels: { english: 3, chinese: 2 },
      unpaired: 0,
      unknown: 0,
    });
    expect(languageNeed([english, { ...chinese, speak: true }]).pairs).toEqual({ en_zh: 3 });
    expect(languageNeed([english, { ...chinese, needs: "no" }]).channels).toEqual({ english: 3 });
    expect(languageNeed([english]).pairs).toEqual({});
    expect(languageNeed([{ ...english, tongues: ["english", "chinese"] }, chinese]).channels).toEqual({
      chinese: 2,
    });
    expect(
      languageNeed([english, { people: 1, tongues: ["other"], needs: "yes", speak: false }]),
    ).toMatchObject({
      unpaired: 4,
      pairs: {},
    });
    expect(languageNeed([{ people: 4, tongues: [], needs: "", speak: false }])).toMatchObject({ unknown: 4 });
  });

  test("takes two by turns for long simultaneous work, one else, and nobody where nothing is interpreted", () => {
    expect(interpretersFor({ mode: "simultaneous", minutes: 40 })).toBe(1);
    expect(interpretersFor({ mode: "simultaneous", minutes: 41 })).toBe(2);
    expect(interpretersFor({ mode: "consecutive", minutes: 180 })).toBe(1);
    expect(interpretersFor({ mode: "none", minutes: 60 })).toBe(0);
    expect([
      headsetsReady({}),
      headsetsReady({ english: 3, chinese: 2 }),
      headsetsReady({ english: 21 }),
    ]).toEqual([0, 6, 24]);
  });

  test("never needs more headsets than people have told, whatever they told", () => {
    const group = fc.record({
      people: fc.integer({ min: 1, max: 9 }),
      tongues: fc.uniqueArray(fc.constantFrom(...WORKING_LANGUAGES), { maxLength: 3 }),
      needs: fc.constantFrom("yes" as const, "no" as const, "" as const),
      speak: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 6 }), (groups) => {
        const need = languageNeed(groups);
        const asking = groups.filter(({ needs, tongues }) => needs === "yes" && tongues.length > 0);
        const most = asking.reduce((sum, { people }) => sum + people, 0);
        const listening = Object.values(need.channels).reduce((sum, people) => sum + people, 0);
        expect(listening).toBeLessThanOrEqual(most);
        expect((need.pairs.en_zh ?? 0) + need.unpaired >= listening || listening === 0).toBe(true);
      }),
    );
  });
});

describe("gaps", () => {
  const base: PlannedItem = {
    itemId: "a",
    startsAt: 0,
    endsAt: 90 * 60_000,
    mode: "simultaneous",
    pair: "en_zh",
    need: languageNeed([english, chinese]),
    posts: [],
  };
  const post = { key: "i:1", pair: "en_zh" as const, booth: "A", fits: true };
  const kinds = (...items: Array<PlannedItem>) => (gapsIn(items).get("a") ?? []).map(({ kind }) => kind);

  test("are what is missing, and close one by one", () => {
    expect(kinds({ ...base, mode: null, pair: null })).toEqual(["mode"]);
    expect(kinds({ ...base, mode: "none", pair: null })).toEqual([]);
    expect(kinds({ ...base, pair: "en_fr" })).toEqual(["pair", "short"]);
    expect(kinds(base)).toEqual(["short"]);
    expect(kinds({ ...base, posts: [{ ...post, booth: "" }] })).toEqual(["short", "booth"]);
    expect(kinds({ ...base, posts: [post, { ...post, key: null }] })).toEqual([]);
    expect(kinds({ ...base, posts: [post, { ...post, key: "o:1", fits: false }] })).toEqual(["misfit"]);
    const later = { ...base, itemId: "b", startsAt: 89 * 60_000, endsAt: 120 * 60_000, posts: [post] };
    expect(kinds({ ...base, posts: [post, { ...post, key: "o:2" }] }, later)).toEqual(["twice"]);
    expect(kinds({ ...base, endsAt: 89 * 60_000, posts: [post, { ...post, key: "o:2" }] }, later)).toEqual(
      [],
    );
  });
});

describe("the plan", () => {
  test("counts both sides' listeners, names one's own interpreters and those hired, and others' by number", async () => {
    const world = needsWorld();
    const { orm, staff, person, item, meeting } = world;
    for (const n of [0, 2, 4]) tells(orm, person(n), languages(["english"], "yes"));
    for (const n of [1, 3]) tells(orm, person(n), languages(["chinese"], "yes"));
    const itemId = item("Session 2");
    orm
      .insert(schema.agendaFunction)
      .values({ itemId, invitationId: person(5).invitationId, function: "interpreter", position: 1 })
      .run();
    const planned = (side: 0 | 1) =>
      interpretationPlan(staff(side)).items.find((each) => each.itemId === itemId);
    expect(planned(0)?.need).toEqual({
      pairs: { en_zh: 5 },
      channels: { english: 3, chinese: 2 },
      unpaired: 0,
      unknown: 2,
    });
    expect(planned(0)?.posts).toMatchObject([{ key: null, name: "", pair: "en_zh" }]);
    expect(planned(1)?.posts).toMatchObject([{ key: `i:${person(5).invitationId}`, pair: "en_zh" }]);
    expect(planned(0)?.gaps).toContainEqual({ kind: "short", pair: "en_zh", has: 1, wants: 2 });

    const hired = await saveOutsider(staff(0), {
      outsiderId: "",
      name: "Iris Interpreter",
      phone: "+1 212 555 0100",
      pairs: ["en_zh"],
      note: "Vegetarian",
      revision: 0,
    });
    if (!hired.ok) throw new Error(hired.refusal);
    const { outsiderId } = hired.value;
    expect(interpretationPlan(staff(1)).outsiders).toEqual([
      {
        outsiderId,
        name: "Iris Interpreter",
        pairs: ["en_zh"],
        own: false,
        phone: "",
        note: "",
        revision: 1,
      },
    ]);
    expect(
      await savePost(staff(1), { itemId, who: `o:${outsiderId}`, pair: "en_zh", booth: "A" }),
    ).toMatchObject({ ok: true });
    expect(
      await savePost(staff(1), { itemId, who: `i:${person(0).invitationId}`, pair: "en_zh", booth: "" }),
    ).toMatchObject({ refusal: "gone" });
    expect(planned(0)?.gaps.map(({ kind }) => kind)).toEqual(["unknown"]);
    // Put there twice is there once, in the new booth.
    await savePost(staff(1), { itemId, who: `o:${outsiderId}`, pair: "en_zh", booth: "B" });
    const own = planned(1)?.posts.find(({ key }) => key === `o:${outsiderId}`);
    expect(own).toMatchObject({ booth: "B", name: "Iris Interpreter" });
    expect(await removePost(staff(0), { itemId, postId: own?.postId ?? "" })).toEqual({
      ok: false,
      refusal: "gone",
    });
    // The other side may change the booth of somebody hired; whose post it is stays.
    await savePost(staff(0), { itemId, who: `o:${outsiderId}`, pair: "en_zh", booth: "C" });
    for (const _time of ["first", "again"])
      expect(await removePost(staff(1), { itemId, postId: own?.postId ?? "" })).toMatchObject({ ok: true });
    await savePost(staff(1), { itemId, who: `o:${outsiderId}`, pair: "en_zh", booth: "B" });
    expect(await removeOutsider(staff(1), { outsiderId })).toEqual({ ok: false, refusal: "gone" });
    const changed = {
      outsiderId,
      name: "Iris I.",
      phone: "",
      pairs: ["en_fr" as const],
      note: "",
      revision: 0,
    };
    expect(await saveOutsider(staff(0), changed)).toEqual({ ok: false, refusal: "changed" });
    expect(await saveOutsider(staff(0), { ...changed, revision: 1 })).toMatchObject({ ok: true });
    expect(planned(0)?.gaps).toContainEqual({ kind: "misfit", key: `o:${outsiderId}`, pair: "en_zh" });

    const sheet = JSON.stringify(
      await readXlsx(await takeInterpretationSheet(staff(0), { file: "interpretation.xlsx", locale: "en" })),
    );
    expect(sheet).toContain("Iris I.");
    expect(sheet).not.toContain(person(5).nameLatin);
    for (const _time of ["first", "again"])
      expect(await removeOutsider(staff(0), { outsiderId })).toEqual({ ok: true, value: null });
    expect(planned(1)?.posts).toHaveLength(1);
    expect(meeting.itemIds).toContain(itemId);
  });

  test("is known to the agenda: who was hired interprets a session as well as who is invited", async () => {
    const { orm, person, staff, item } = needsWorld();
    const itemId = item("Session 3");
    const planner = staff(0, ["agenda", "logistics"]);
    const open = () =>
      clashPage(planner).clashes.some(
        ({ kind, itemIds }) => kind === "no_interpreter" && itemIds.includes(itemId),
      );
    expect(open()).toBe(true);
    const hired = await saveOutsider(staff(0), {
      outsiderId: "",
      name: "Iris",
      phone: "",
      pairs: ["en_zh"],
      note: "",
      revision: 0,
    });
    if (!hired.ok) throw new Error(hired.refusal);
    // Of one's own people only who comes.
    const { invitationId } = person(0);
    const reply = (word: "accepted" | "declined") =>
      orm.update(schema.invitation).set({ reply: word }).where(eq(schema.invitation.id, invitationId)).run();
    reply("accepted");
    expect(
      await savePost(staff(0), { itemId, who: `i:${invitationId}`, pair: "en_zh", booth: "" }),
    ).toMatchObject({
      ok: true,
    });
    expect(open()).toBe(false);
    reply("declined");
    expect(open()).toBe(true);
    await savePost(staff(0), { itemId, who: `o:${hired.value.outsiderId}`, pair: "en_zh", booth: "" });
    expect(open()).toBe(false);
  });
});

describe("headsets", () => {
  test("are handed to one person at a time by their number; whose the other side's is nobody reads", async () => {
    const { staff, person, meeting } = needsWorld();
    const asked = (n: number, number: string) => ({
      invitationId: person(n).invitationId,
      day: meeting.startsOn,
      number,
    });
    const taken = { ok: false, refusal: "taken" };
    const done = { ok: true, value: null };
    const both = await Promise.all([0, 2].map((n) => handOut(staff(0), asked(n, "a 12"))));
    expect(both).toEqual([done, taken]);
    expect(headsetHolder(staff(0), asked(2, "A12"))?.nameLatin).toBe(person(0).nameLatin);
    expect(await handOut(staff(1), asked(1, "Ａ12"))).toEqual(taken);
    expect(headsetHolder(staff(1), asked(1, "A12"))).toBeNull();
    // The same again is the same, one without a number is anybody's, and another day is another day.
    expect(await handOut(staff(0), asked(0, "A12"))).toEqual(done);
    for (const n of [4, 6]) expect(await handOut(staff(0), asked(n, ""))).toEqual(done);
    expect(await handOut(staff(0), { ...asked(2, "A12"), day: meeting.travelFrom })).toEqual(done);
    // Who brought it back has not kept it after all only as long as nobody else has it.
    await takeBack(staff(0), { ...asked(0, ""), undo: false });
    expect(await handOut(staff(1), asked(1, "A12"))).toEqual(done);
    expect(await takeBack(staff(0), { ...asked(0, ""), undo: true })).toEqual(taken);
    expect(headsetHolder(staff(0), asked(0, ""))).toBeNull();
    await takeBack(staff(1), { ...asked(1, ""), undo: false });
    expect(await takeBack(staff(0), { ...asked(0, ""), undo: true })).toEqual(done);
  });

  test("are counted by channel, handed out and returned by person, each side its own", async () => {
    const world = needsWorld();
    const { ctx, orm, staff, person, meeting } = world;
    for (const n of [0, 2]) tells(orm, person(n), languages(["english"], "yes"));
    for (const n of [1, 3]) tells(orm, person(n), languages(["chinese"], "yes"));
    const page = (side: 0 | 1) => headsetPage(staff(side), meeting.startsOn);
    expect(page(0).sessions.map(({ channels, ready, unknown }) => [channels, ready, unknown])).toEqual([
      [
        [
          ["english", 2],
          ["chinese", 2],
        ],
        5,
        4,
      ],
      [
        [
          ["english", 2],
          ["chinese", 2],
        ],
        5,
        4,
      ],
    ]);
    expect(page(0).people).toHaveLength(4);
    const desk = staff(0, ["duty_desk"]);
    const one = { invitationId: person(0).invitationId, day: meeting.startsOn };
    expect(await handOut(staff(1), { ...one, number: "1" })).toEqual({ ok: false, refusal: "gone" });
    await Promise.all(["12", "13"].map((number) => handOut(desk, { ...one, number })));
    expect(orm.select().from(schema.headset).all()).toHaveLength(1);
    expect(page(0).out).toBe(1);
    expect(page(1).out).toBe(0);
    // Who is not to come any more has it still.
    const whose = eq(schema.invitation.id, one.invitationId);
    orm.update(schema.invitation).set({ withdrawnAt: 1 }).where(whose).run();
    expect(page(0).people.at(-1)).toMatchObject({ invitationId: one.invitationId, returnedAt: null });
    expect(page(0).out).toBe(1);
    orm.update(schema.invitation).set({ withdrawnAt: null }).where(whose).run();
    ctx.clock.advance(60_000);
    await takeBack(desk, { ...one, undo: false });
    const back = page(0).people[0];
    expect([page(0).out, back?.returnedAt]).toEqual([0, ctx.clock.now()]);
    ctx.clock.advance(60_000);
    await takeBack(desk, { ...one, undo: false });
    expect(page(0).people[0]?.returnedAt).toBe(back?.returnedAt);
    expect(await notHandedOut(desk, one)).toEqual({ ok: false, refusal: "gone" });
    await takeBack(desk, { ...one, undo: true });
    for (const _time of ["first", "again"])
      expect(await notHandedOut(desk, one)).toEqual({ ok: true, value: null });
    expect(await takeBack(desk, { ...one, undo: false })).toEqual({ ok: false, refusal: "gone" });
    const sheet = await readXlsx(
      await takeHeadsetSheet(desk, { file: "headsets.xlsx", locale: "en", day: meeting.startsOn }),
    );
    expect(JSON.stringify(sheet)).toContain(person(2).nameLatin);
    expect(JSON.stringify(sheet)).not.toContain(person(1).nameLatin);
    const actions = orm
      .select()
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.subjectId, one.invitationId))
      .all();
    expect(actions.map(({ action }) => action).sort()).toEqual([
      "headset.handOut",
      "headset.handOut",
      "headset.notHandedOut",
      "headset.takeBack",
      "headset.takeBack",
    ]);
  });
});
