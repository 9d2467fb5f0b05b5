import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { addTask, finishTask, noteTask, removeTask, setDigest } from "#app/domain/task/commands.server.ts";
import { sendDueDigests } from "#app/domain/task/digest.server.ts";
import { tasksOf } from "#app/domain/task/queries.server.ts";
import { instantOf } from "#app/i18n/dates.ts";
import * as schema from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { taskDigestMail } from "#emails/payload.ts";
import { testContext, testKeys } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

/** Two sides, each with a lead; on the first one also somebody for logistics and a reader. */
function world() {
  const ctx = testContext();
  const { orm } = ctx.db;
  const meeting = writeMeeting(orm, testKeys, {
    slug: "dialogue",
    people: 4,
    seats: [],
    now: ctx.clock.now(),
  });
  const staff = (name: string, side: 0 | 1, permission: Permission): StaffContext => {
    const at = new Date(ctx.clock.now());
    orm
      .insert(schema.user)
      .values({ id: name, name, email: `${name}@staff.example`, createdAt: at, updatedAt: at })
      .run();
    orm
      .insert(schema.staffPermission)
      .values({
        id: name,
        userId: name,
        coHostId: meeting.sideIds[side],
        editionId: meeting.editionId,
        permission,
        grantedAt: ctx.clock.now(),
      })
      .run();
    return {
      ...ctx,
      actor: { kind: "staff", id: name },
      scope: {
        editionId: meeting.editionId,
        sideIds: [meeting.sideIds[side]],
        permissions: [permission],
        bookSideIds: [],
      },
    };
  };
  const grace = staff("grace", 0, "lead");
  const dana = staff("dana", 0, "logistics");
  const reader = staff("reader", 0, "read_only");
  const lin = staff("lin", 1, "lead");
  const task = (of: StaffContext, key: string) => tasksOf(of)[0]?.tasks.find((each) => each.key === key);
  const mails = () =>
    orm
      .select({ to: schema.delivery.toAddress, payload: schema.delivery.payload })
      .from(schema.delivery)
      .where(eq(schema.delivery.kind, "task_digest"))
      .all();
  return { ctx, meeting, sideId: meeting.sideIds[0], grace, dana, reader, lin, task, mails };
}

test("a task that is added twice in the same words is one", async () => {
  const { sideId, dana, ctx } = world();
  const adding = { sideId, title: "Flags", dueOn: "2018-11-30", note: "" };
  const [one, two] = await Promise.all([addTask(dana, adding), addTask(dana, adding)]);
  expect(one).toEqual(two);
  expect(ctx.db.orm.select().from(schema.task).all()).toHaveLength(1);
  if (!one.ok) throw new Error(one.refusal);
  await finishTask(dana, { sideId, task: one.value, done: true });
  await addTask(dana, adding);
  expect(ctx.db.orm.select().from(schema.task).all()).toHaveLength(2);
});

test("whose owner works here no more shows, and no mail counts on them", async () => {
  const { ctx, sideId, grace, dana, task, mails } = world();
  await noteTask(grace, { sideId, task: "interpreters", revision: 0, ownerId: "dana" });
  await setDigest(grace, { sideId, hour: 5 });
  expect(task(grace, "interpreters")?.owner).toEqual({ userId: "dana", name: "dana", left: false });
  ctx.db.orm
    .update(schema.staffPermission)
    .set({ endsAt: ctx.clock.now() - 1 })
    .where(eq(schema.staffPermission.userId, dana.actor.id ?? ""))
    .run();
  expect(task(grace, "interpreters")?.owner).toEqual({ userId: "dana", name: "dana", left: true });
  ctx.clock.set(instantOf("2018-11-05", "08:00", "America/New_York"));
  await sendDueDigests(ctx);
  const owners = mails().flatMap(({ payload }) =>
    taskDigestMail.parse(JSON.parse(payload)).tasks.map(({ owner }) => owner),
  );
  expect(owners.length).toBeGreaterThan(0);
  expect(owners).not.toContain("dana");
});

describe("what is reckoned from the edition", () => {
  test("moves with it until a day is agreed, and the note stays", async () => {
    const { ctx, meeting, sideId, dana, task } = world();
    const usual = task(dana, "interpreters");
    expect(usual).toMatchObject({ usual: true, revision: 0, owner: null });
    const noted = { sideId, task: "interpreters", revision: 0, ownerId: "dana", note: "By courier" };
    expect(await noteTask(dana, { ...noted, dueOn: "2018-11-09" })).toEqual({ ok: true, value: null });
    expect(task(dana, "interpreters")).toMatchObject({
      at: instantOf("2018-11-09", "18:00", "Asia/Shanghai"),
      usual: false,
      owner: { userId: "dana" },
      note: "By courier",
    });
    ctx.db.orm
      .update(schema.edition)
      .set({ startsOn: "2018-12-04", travelTo: "2018-12-20", endsOn: "2018-12-10" })
      .where(eq(schema.edition.id, meeting.editionId))
      .run();
    expect(task(dana, "interpreters")?.at).toBe(instantOf("2018-11-09", "18:00", "Asia/Shanghai"));
    // Taking the agreed day back leaves the usual one, which has moved meanwhile.
    expect(await noteTask(dana, { ...noted, revision: 1 })).toEqual({ ok: true, value: null });
    expect(task(dana, "interpreters")).toMatchObject({
      at: instantOf("2018-11-06", "18:00", "Asia/Shanghai"),
      note: "By courier",
    });
  });

  test("is a hotel's list by the day that the hotel has named, for each side, as long as it names one", async () => {
    const { ctx, meeting, grace, dana, lin, task } = world();
    const rooming = (of: StaffContext) =>
      tasksOf(of)[0]?.tasks.filter((each) => each.kind === "rooming" && each.deadline !== null);
    expect(rooming(dana)).toEqual([]);
    const { orm } = ctx.db;
    const at = instantOf("2018-11-19", "18:00", "Asia/Shanghai");
    orm
      .insert(schema.hotel)
      .values({
        id: "sample",
        editionId: meeting.editionId,
        coHostId: meeting.sideIds[1],
        nameEn: "Sample Hotel",
        nameZh: "示例饭店",
        listDeadline: at,
        listColumns: "[]",
        revision: 1,
      })
      .run();
    for (const of of [grace, lin])
      expect(rooming(of)).toMatchObject([
        { key: "rooming:sample", at, usual: false, mayAgree: false, deadline: { versions: 0 } },
      ]);
    const later = instantOf("2018-11-21", "18:00", "Asia/Shanghai");
    const sideId = meeting.sideIds[0];
    await noteTask(dana, { sideId, task: "rooming:sample", revision: 0, ownerId: "dana" });
    orm.update(schema.hotel).set({ listDeadline: later }).run();
    expect(task(dana, "rooming:sample")).toMatchObject({ at: later, owner: { userId: "dana" } });
    orm.update(schema.hotel).set({ listDeadline: null }).run();
    expect(rooming(dana)).toEqual([]);
  });

  test("has no agreed day where the day is set elsewhere, and cannot be removed", async () => {
    const { sideId, grace, task } = world();
    const before = task(grace, "reply")?.at;
    await noteTask(grace, { sideId, task: "reply", revision: 0, dueOn: "2018-11-01" });
    expect(task(grace, "reply")?.at).toBe(before);
    expect(await removeTask(grace, { sideId, task: "reply" })).toMatchObject({ refusal: "missing" });
  });

  test("is done once, however often it is said, and can be opened again", async () => {
    const { ctx, sideId, dana, task } = world();
    const finish = (done: boolean) => finishTask(dana, { sideId, task: "hotel", done });
    expect(task(dana, "hotel")).toMatchObject({ state: "overdue" });
    await finish(true);
    const first = task(dana, "hotel")?.doneAt;
    ctx.clock.advance(60_000);
    await finish(true);
    expect(task(dana, "hotel")).toMatchObject({ state: "done", doneAt: first, doneBy: "dana" });
    await finish(false);
    expect(task(dana, "hotel")).toMatchObject({ state: "overdue", doneAt: null });
    const actions = ctx.db.orm.select().from(schema.auditEvent).all();
    expect(actions.map((event) => event.action)).toEqual(["task.finish", "task.reopen"]);
  });
});

describe("who may", () => {
  test("the other side has its own, and is told nothing of this one's", async () => {
    const { sideId, grace, lin, task } = world();
    const added = await addTask(grace, { sideId, title: "Gifts", dueOn: "2018-11-20" });
    if (!added.ok) throw new Error("refused");
    await finishTask(grace, { sideId, task: "hotel", done: true });
    expect(task(lin, added.value)).toBeUndefined();
    expect(task(lin, "hotel")).toMatchObject({ doneAt: null, revision: 0 });
    for (const refused of [
      await finishTask(lin, { sideId, task: "hotel", done: false }),
      await removeTask(lin, { sideId, task: added.value }),
      await addTask(lin, { sideId, title: "x", dueOn: "2018-11-20" }),
      await noteTask(lin, { sideId, task: added.value, revision: 1 }),
      await setDigest(lin, { sideId, hour: 7 }),
      // Nor can one of the other side's people be made to look after it.
      await noteTask(grace, { sideId, task: "hotel", revision: 1, ownerId: "lin" }),
    ])
      expect(refused).toMatchObject({ ok: false, refusal: "missing" });
    expect(task(grace, "hotel")).toMatchObject({ state: "done" });
  });

  test("who only reads the lists takes nothing on", async () => {
    const { sideId, reader, task } = world();
    expect(await finishTask(reader, { sideId, task: "hotel", done: true })).toMatchObject({
      refusal: "forbidden",
    });
    expect(task(reader, "hotel")).toMatchObject({ revision: 0 });
  });

  test("of two at once the second is told, and overwrites nothing", async () => {
    const { sideId, grace, dana, task } = world();
    const [first, second] = await Promise.all([
      noteTask(grace, { sideId, task: "visas", revision: 0, note: "asked the consulate" }),
      noteTask(dana, { sideId, task: "visas", revision: 0, note: "nothing yet" }),
    ]);
    expect([first.ok, second]).toEqual([true, { ok: false, refusal: "changed" }]);
    expect(task(grace, "visas")).toMatchObject({ note: "asked the consulate" });
  });
});

describe("the mail of the morning", () => {
  /** Morning at home (New York), some days on. */
  const morning = (day: string, time = "08:00") => instantOf(day, time, "America/New_York");

  test("comes once a day at the hour at home, to who asked for it, with what is due", async () => {
    const { ctx, sideId, grace, dana, mails } = world();
    await setDigest(dana, { sideId, hour: 8 });
    await addTask(grace, { sideId, title: "Gifts", dueOn: "2018-11-06", ownerId: "dana" });
    await addTask(grace, { sideId, title: "Far away", dueOn: "2018-12-30" });
    const done = await addTask(grace, { sideId, title: "Done", dueOn: "2018-11-06" });
    if (done.ok) await finishTask(grace, { sideId, task: done.value, done: true });
    ctx.clock.set(morning("2018-10-30", "07:59"));
    expect(await sendDueDigests(ctx)).toBe(0);
    ctx.clock.set(morning("2018-10-30"));
    expect(await Promise.all([sendDueDigests(ctx), sendDueDigests(ctx)])).toEqual([1, 0]);
    expect(await sendDueDigests(ctx)).toBe(0);
    const [mail] = mails();
    expect(mail?.to).toBe("dana@staff.example");
    const told = taskDigestMail.parse(JSON.parse(mail?.payload ?? "")).tasks;
    expect(told.filter((task) => task.kind === "own")).toMatchObject([{ title: "Gifts", owner: "dana" }]);
    expect(told.find((task) => task.kind === "hotel")).toMatchObject({ overdue: true });
    ctx.clock.set(morning("2018-10-31"));
    expect(await sendDueDigests(ctx)).toBe(1);
  });

  test("does not come in the afternoon, after the meeting, to who left, or with nothing to tell", async () => {
    const { ctx, sideId, grace, dana, mails } = world();
    await setDigest(dana, { sideId, hour: 8 });
    ctx.clock.set(morning("2018-10-30", "12:00"));
    expect(await sendDueDigests(ctx)).toBe(0);
    ctx.clock.set(morning("2018-10-31"));
    for (const { key } of tasksOf(grace)[0]?.tasks ?? [])
      await finishTask(grace, { sideId, task: key, done: true });
    expect(await sendDueDigests(ctx)).toBe(0);
    await finishTask(grace, { sideId, task: "hotel", done: false });
    ctx.db.orm
      .update(schema.staffPermission)
      .set({ endsAt: ctx.clock.now() })
      .where(eq(schema.staffPermission.userId, "dana"))
      .run();
    ctx.clock.set(morning("2018-11-01"));
    expect(await sendDueDigests(ctx)).toBe(0);
    ctx.clock.set(morning("2019-06-01"));
    await setDigest(grace, { sideId, hour: 8 });
    expect(await sendDueDigests(ctx)).toBe(0);
    expect(mails()).toEqual([]);
  });

  test("is stopped on the page", async () => {
    const { ctx, sideId, dana } = world();
    await setDigest(dana, { sideId, hour: 8 });
    expect(tasksOf(dana)[0]?.digestHour).toBe(8);
    await setDigest(dana, { sideId, hour: null });
    ctx.clock.set(morning("2018-10-30"));
    expect(await sendDueDigests(ctx)).toBe(0);
  });
});
