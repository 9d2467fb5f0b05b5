import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeAgendaItem } from "#app/domain/agenda/commands.server.ts";
import { draftAgenda, draftItem } from "#app/domain/agenda/draft.server.ts";
import { moveAgendaItem, undoAgendaStep } from "#app/domain/agenda/moving.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { addCue, changeCue, removeCue } from "#app/domain/cue/commands.server.ts";
import { cueForm } from "#app/domain/cue/form.ts";
import { runOfShow } from "#app/domain/cue/queries.server.ts";
import { atTheMoment, minutesUntil } from "#app/domain/cue/rules.ts";
import { parseForm } from "#app/platform/form.ts";
import type { Permission } from "#db/vocabulary.ts";
import { testContext, testKeys } from "../support/context.ts";
import { writeMeeting } from "../support/meeting.ts";

const MINUTE = 60_000;

function world() {
  const ctx = testContext();
  const plan = { slug: "test", people: 2, seats: [], now: ctx.clock.now() };
  const meeting = writeMeeting(ctx.db.orm, testKeys, plan);
  const staff = (side: 0 | 1, permission: Permission = "agenda"): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id: `staff ${side}` },
    scope: {
      editionId: meeting.editionId,
      sideIds: [meeting.sideIds[side]],
      permissions: [permission],
      bookSideIds: [],
    },
  });
  const opening = draftAgenda(staff(0)).items.find(({ titleEn }) => titleEn.startsWith("Opening"));
  if (opening === undefined) throw new Error("the meeting has no opening");
  return { ctx, meeting, staff, opening };
}

const input = (fields: Record<string, unknown>) =>
  cueForm.parse({ anchor: "clock", what: "Doors open", ...fields });

describe("a line of the run of show", () => {
  test("counts from an item and moves with it; when the item goes, it stays where it was, and comes back with it", async () => {
    const { staff, opening } = world();
    const fields = { anchor: "start", itemId: opening.id, offset: -20 };
    expect(await addCue(staff(0), input(fields))).toMatchObject({ ok: true });
    const at = () => runOfShow(staff(0)).cues[0]?.at;
    expect(at()).toBe(opening.startsAt - 20 * MINUTE);
    const to = { startsAt: opening.startsAt + 60 * MINUTE, endsAt: opening.endsAt + 60 * MINUTE };
    await moveAgendaItem(staff(1), { itemId: opening.id, seenAt: opening.updatedAt, to });
    expect(at()).toBe(opening.startsAt + 40 * MINUTE);
    await removeAgendaItem(staff(1), { itemId: opening.id });
    expect(runOfShow(staff(0)).cues).toMatchObject([{ anchor: "clock", at: opening.startsAt + 40 * MINUTE }]);
    await undoAgendaStep(staff(1));
    expect(runOfShow(staff(0)).cues).toMatchObject([{ anchor: "start", itemId: opening.id, offset: -20 }]);
    expect(draftItem(staff(0), opening.id)).not.toBeNull();
  });

  test("that comes twice stands there once", async () => {
    const { staff, meeting } = world();
    const clock = { day: meeting.startsOn, time: "08:00" };
    const added = await addCue(staff(0), input(clock));
    expect(await addCue(staff(0), input(clock))).toEqual(added);
    await addCue(staff(0), input({ ...clock, who: "Our usher" }));
    await addCue(staff(1), input(clock));
    expect(runOfShow(staff(0)).cues).toHaveLength(2);
    expect(runOfShow(staff(1)).cues).toHaveLength(1);
  });

  test("is its side's alone unless it is for both, and then either side's to change", async () => {
    const { staff, meeting } = world();
    const clock = { day: meeting.startsOn, time: "08:00" };
    const own = await addCue(staff(0), input({ ...clock, who: "Our usher" }));
    const both = await addCue(staff(0), input({ ...clock, shared: "on" }));
    if (!own.ok || !both.ok) throw new Error("refused");
    expect(runOfShow(staff(1)).cues.map(({ id }) => id)).toEqual([both.value.cueId]);
    expect(JSON.stringify(runOfShow(staff(1)))).not.toContain("Our usher");
    const change = { cueId: own.value.cueId, seenAt: staff(0).clock.now(), input: input(clock) };
    expect(await changeCue(staff(1), change)).toMatchObject({ refusal: "not_found" });
    expect(await removeCue(staff(1), { cueId: own.value.cueId })).toMatchObject({ refusal: "not_found" });
    expect(await removeCue(staff(1), { cueId: both.value.cueId })).toMatchObject({ ok: true });
    expect(await removeCue(staff(0, "duty_desk"), { cueId: own.value.cueId })).toMatchObject({
      refusal: "not_found",
    });
    expect(await addCue(staff(0, "read_only"), input(clock))).toMatchObject({ refusal: "forbidden" });
  });

  test("is not overwritten by who had it open before, and keeps to items of the edition", async () => {
    const { staff, meeting, ctx } = world();
    const clock = { day: meeting.startsOn, time: "08:00" };
    const added = await addCue(staff(0), input({ ...clock, shared: "on" }));
    if (!added.ok) throw new Error(added.refusal);
    const change = {
      cueId: added.value.cueId,
      seenAt: ctx.clock.now(),
      input: input({ ...clock, shared: "on" }),
    };
    expect(await changeCue(staff(0), change)).toMatchObject({ ok: true });
    expect(await changeCue(staff(1), change)).toMatchObject({ refusal: "changed_meanwhile" });
    const other = writeMeeting(ctx.db.orm, testKeys, {
      slug: "other",
      people: 0,
      seats: [],
      now: ctx.clock.now(),
    });
    const elsewhere = input({ anchor: "end", itemId: other.itemIds[0] });
    expect(await addCue(staff(0), elsewhere)).toMatchObject({ refusal: "unknown_item" });
  });

  test("needs a time, or an item to count from", () => {
    const errors = (fields: Record<string, string>) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      const parsed = parseForm(cueForm, form);
      return parsed.ok ? {} : parsed.form.errors;
    };
    expect(errors({ anchor: "clock", what: "x" })).toEqual({
      day: ["error.required"],
      time: ["error.required"],
    });
    expect(errors({ anchor: "start", what: "" })).toEqual({
      what: ["error.required"],
      itemId: ["error.required"],
    });
    expect(errors({ anchor: "end", what: "x", itemId: "i", offset: "soon" })).toEqual({
      offset: ["error.number"],
    });
  });
});

test("at any moment each thing is on, over or to come, and nothing that comes is behind the clock", () => {
  const span = fc.record({
    startsAt: fc.integer({ min: 0, max: 600 }),
    length: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 600 }),
      fc.array(span, { maxLength: 8 }),
      fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 8 }),
      (minute, spans, dues) => {
        const now = minute * MINUTE;
        const items = spans.map(({ startsAt, length }) => ({
          startsAt: startsAt * MINUTE,
          endsAt: (startsAt + length) * MINUTE,
        }));
        const cues = dues.map((due) => ({ at: due * MINUTE }));
        const { on, coming, past, next } = atTheMoment(now, items, cues);
        expect(on.every(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)).toBe(true);
        expect(on).toHaveLength(
          items.filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt).length,
        );
        expect(coming.every(({ startsAt }) => startsAt > now)).toBe(true);
        expect(next.every(({ at }) => at > now - MINUTE)).toBe(true);
        expect(past.length + next.length).toBeLessThanOrEqual(cues.length);
        if (cues.length > 0) expect(past.length + next.length).toBeGreaterThan(0);
        for (const { at } of next) expect(minutesUntil(at, now)).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
