import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { assignFunction, publishAgenda } from "#app/domain/agenda/commands.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { recordAudit } from "#app/domain/privacy/audit.server.ts";
import { type TrailFilter, trailPage, trailSpan } from "#app/domain/privacy/trail.server.ts";
import * as schema from "#db/schema/index.ts";
import { testContext } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

const EVERYTHING: TrailFilter = { action: null, span: null, before: null };

/** One edition of two sides with a colleague each, and a lead's view of either. */
function world() {
  const ctx = testContext();
  const { orm } = ctx.db;
  const meeting = writeMeeting(orm, ctx.keys, { slug: "north", people: 4, seats: [], now: ctx.clock.now() });
  const desk = (sideId: string, id: string, everywhere = true): StaffContext => ({
    ...ctx,
    actor: { kind: "staff", id },
    scope: {
      editionId: meeting.editionId,
      sideIds: [sideId],
      permissions: ["lead"],
      bookSideIds: everywhere ? [sideId] : [],
    },
  });
  const at = new Date(ctx.clock.now());
  for (const [n, name] of ["Grace Own", "Lin Other"].entries()) {
    const id = `login-${n}`;
    const email = `${id}@staff.example`;
    orm
      .insert(schema.user)
      .values({ id, name, email, emailVerified: true, createdAt: at, updatedAt: at })
      .run();
    orm
      .insert(schema.staffPermission)
      .values({
        id,
        userId: id,
        coHostId: meeting.sideIds[n] ?? "",
        editionId: null,
        permission: "lead",
        grantedAt: 0,
      })
      .run();
  }
  const [own, other] = meeting.sideIds;
  const record = (by: StaffContext, entry: Partial<Parameters<typeof recordAudit>[2]>) =>
    ctx.db.write((tx) =>
      recordAudit(tx, by, {
        action: "invitation.confirm",
        subjectKind: "invitation",
        subjectId: meeting.invitees[0]?.invitationId ?? "",
        editionId: meeting.editionId,
        sideId: own,
        ...entry,
      }),
    );
  return {
    ctx,
    orm,
    meeting,
    own,
    other,
    record,
    mine: desk(own, "login-0"),
    theirs: desk(other, "login-1"),
    desk,
  };
}

test("each lead reads of their own people, and of the agenda that both share", async () => {
  const { meeting, mine, theirs } = world();
  const [first, second] = meeting.invitees;
  const itemId = meeting.itemIds[3] ?? "";
  await assignFunction(mine, { itemId, invitationId: first?.invitationId ?? "", function: "presenter" });
  await assignFunction(theirs, { itemId, invitationId: second?.invitationId ?? "", function: "discussant" });
  await publishAgenda(theirs);
  const seen = (by: StaffContext) =>
    trailPage(by, EVERYTHING).events.map(({ what, actor, whom }) => [
      what,
      actor.kind === "colleague" ? actor.name : actor.kind,
      whom?.kind === "person" ? whom.person.nameLatin : null,
    ]);
  expect(seen(mine)).toEqual([
    ["auditAction.agenda.publish", "other", null],
    ["auditAction.agenda.assign", "Grace Own", first?.nameLatin],
  ]);
  expect(seen(theirs)).toEqual([
    ["auditAction.agenda.publish", "Lin Other", null],
    ["auditAction.agenda.assign", "Lin Other", second?.nameLatin],
  ]);
  const [published, assigned] = trailPage(mine, EVERYTHING).events;
  expect(published?.details).toEqual([{ label: "auditDetail.number", count: 2 }]);
  expect(assigned?.details).toEqual([{ label: "auditDetail.function", words: ["function.presenter"] }]);
});

test("what the other side's staff do about one's own people is there, and they are not named", async () => {
  const { mine, theirs, record } = world();
  await record(theirs, {
    action: "release.take",
    subjectKind: "release",
    subjectId: "r",
    details: { rows: 3 },
  });
  const { events } = trailPage(mine, EVERYTHING);
  expect(events).toMatchObject([
    { what: "auditAction.release.take", actor: { kind: "other" }, details: [{ count: 3 }] },
  ]);
  expect(JSON.stringify(events)).not.toContain("Lin Other");
  expect(trailPage(theirs, EVERYTHING).events).toEqual([]);
});

test("a colleague keeps their name in the trail when their access has ended", async () => {
  const { orm, mine, record } = world();
  await record(mine, { action: "staff.end", subjectKind: "user", subjectId: "login-0" });
  orm.delete(schema.staffPermission).where(eq(schema.staffPermission.userId, "login-0")).run();
  expect(trailPage(mine, EVERYTHING).events).toMatchObject([
    { actor: { kind: "colleague", name: "Grace Own" }, whom: { kind: "colleague", name: "Grace Own" } },
  ]);
});

test("what is for all editions is read by who leads in all of them", async () => {
  const { mine, own, desk, record } = world();
  await record(mine, { editionId: null, action: "contact.change", subjectKind: "person", subjectId: "p" });
  expect(trailPage(mine, EVERYTHING).events).toHaveLength(1);
  expect(trailPage(desk(own, "login-0", false), EVERYTHING).events).toEqual([]);
});

test("a hundred a page in the order of the deeds, none twice; by kind and by day", async () => {
  const { ctx, mine, record } = world();
  for (let n = 0; n < 205; n++) await record(mine, { details: { count: n + 1 } });
  ctx.clock.advance(86_400_000);
  await record(mine, { action: "invitation.withdraw" });
  const counts: Array<number> = [];
  let before: string | null = null;
  const sizes: Array<number> = [];
  do {
    const page: ReturnType<typeof trailPage> = trailPage(mine, { ...EVERYTHING, before });
    sizes.push(page.events.length);
    for (const { details } of page.events)
      for (const detail of details) if ("count" in detail) counts.push(detail.count);
    before = page.next;
  } while (before !== null);
  expect(sizes).toEqual([100, 100, 6]);
  expect(counts).toEqual(Array.from({ length: 205 }, (_, n) => 205 - n));
  const only = trailPage(mine, { ...EVERYTHING, action: "invitation.withdraw" });
  expect(only.events).toHaveLength(1);
  expect(only.actions.map(({ action }) => action)).toEqual(["invitation.confirm", "invitation.withdraw"]);
  const day = (text: string) =>
    trailPage(mine, { ...EVERYTHING, span: trailSpan(text, "Asia/Shanghai") }).events.length;
  expect([day("2018-10-29"), day("2018-10-30"), day("2018-10-31")]).toEqual([100, 1, 0]);
  expect(trailSpan("yesterday", "Asia/Shanghai")).toBeNull();
});
