import type { ActionFunctionArgs } from "@remix-run/node";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { addStaff } from "#app/domain/access/commands.server.ts";
import type { DomainContext, StaffContext } from "#app/domain/context.ts";
import { changeCells } from "#app/domain/roster/commands.server.ts";
import { rosterIds } from "#app/domain/roster/queries.server.ts";
import { rosterView, USUAL_VIEW } from "#app/domain/roster/rules.ts";
import { deleteView, saveView } from "#app/domain/roster/views.server.ts";
import { action } from "#app/routes/staff/people.tsx";
import { bulkPlan, rosterDesk } from "#app/routes/staff/roster-page.server.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";

/* What the page of everybody answers to its forms, with script or without. */

let base: DomainContext;
let meeting: Meeting;
let grace: StaffContext;

async function open(people: number) {
  base = testContext();
  meeting = writeMeeting(base.db.orm, base.keys, { slug: "beijing", people, seats: [], now: AUTUMN_2018 });
  const [sideId] = meeting.sideIds;
  await addStaff(base, {
    email: "grace@secretariat.example",
    name: "grace",
    password: "rule-of-law-2018",
    access: [{ coHostId: sideId, editionId: null, permission: "lead" }],
  });
  const found = base.db.orm.select().from(schema.user).where(eq(schema.user.name, "grace")).get();
  grace = {
    ...base,
    actor: { kind: "staff", id: found?.id ?? "" },
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
  };
}

type Answer = { data: Record<string, unknown>; init: ResponseInit | null };

async function send(fields: ReadonlyArray<readonly [string, string]>) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const account = { id: grace.actor.id, name: "Grace", locale: null, twoFactorEnabled: true };
  const answer: unknown = await action({
    request: new Request("https://dialogue.example/staff/e/beijing/people", { method: "POST", body: form }),
    params: { edition: "beijing" },
    context: { services: { ...base, auth: { accountOf: async () => account } }, requestId: null },
  } as unknown as ActionFunctionArgs);
  if (answer instanceof Response)
    return { status: answer.status, to: answer.headers.get("Location") ?? "", data: {} };
  const { data, init } = answer as Answer;
  return { status: init?.status ?? 200, to: "", data };
}

describe("the forms of the list of people", () => {
  beforeEach(() => open(8));

  it("ask again with all that was chosen and typed", async () => {
    const people = meeting.invitees
      .filter(({ sideId }) => sideId === grace.scope.sideIds[0])
      .map(({ invitationId }) => invitationId);
    const answer = await send([
      ["intent", "bulk"],
      ["bulkColumn", "category"],
      ["bulkValue", "Emperor"],
      ...people.map((id) => ["invitation", id] as const),
    ]);
    expect(answer.status).toBe(422);
    expect(answer.data).toMatchObject({ picked: { people, column: "category", value: "Emperor" } });
    expect(
      await send([["intent", "give"], ...people.map((id) => ["invitation", id] as const)]),
    ).toMatchObject({
      status: 422,
      data: { picked: { people } },
    });
    const named = await send([
      ["intent", "keepNew"],
      ["name", "a\u200bb"],
      ["shared", "on"],
    ]);
    expect(named).toMatchObject({ status: 422, data: { keep: { name: "a\u200bb", shared: true } } });
  });

  it("take nobody for everybody whom a view had that is gone", async () => {
    const saved = await saveView(grace, {
      id: null,
      name: "Few",
      shared: true,
      view: rosterView.parse({ ...USUAL_VIEW, search: "nobody of that name" }),
    });
    if (!saved.ok) throw new Error(saved.refusal);
    await deleteView(grace, saved.value.id);
    const answer = await send([
      ["intent", "bulk"],
      ["view", saved.value.id],
      ["bulkColumn", "honorificEn"],
      ["bulkValue", "Prof."],
      ["whole", "on"],
    ]);
    expect(answer.status).toBe(409);
    expect(answer.data).not.toHaveProperty("bulk");
  });

  it("keep the page on which a column was drawn wider", async () => {
    const after = meeting.invitees[0]?.invitationId ?? "";
    const answer = await send([
      ["intent", "widths"],
      ["after", after],
      ["width.category", "222"],
    ]);
    expect(answer.status).toBe(303);
    expect(answer.to).toContain(`after=${after}`);
  });
});

describe("a change of more people than go at once", () => {
  it("comes to the rest in another go", async () => {
    await open(14);
    const desk = rosterDesk(grace, "en", { timeZone: "Asia/Shanghai" });
    const chosen = rosterIds(grace, USUAL_VIEW);
    const plan = () => bulkPlan(desk, { column: "honorificEn", value: "Prof.", chosen }, 5);
    const first = plan();
    expect(first).toMatchObject({ same: 0, later: 2 });
    const cells = first?.lines.map(({ invitationId }) => ({ invitationId, column: "honorificEn" })) ?? [];
    await changeCells(grace, {
      kind: "bulk",
      cells: cells.map((cell) => ({ ...cell, seen: null, value: "Prof." })),
    });
    expect(plan()).toMatchObject({ same: 5, later: 0, lines: [{}, {}] });
  });
});
