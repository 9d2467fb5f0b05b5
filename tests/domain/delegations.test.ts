import { and, eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { changeMember, orderDelegation } from "#app/domain/delegation/commands.server.ts";
import { delegationPage } from "#app/domain/delegation/queries.server.ts";
import type { OrderWish } from "#app/domain/delegation/rules.ts";
import { changeApproval } from "#app/domain/edition/commands.server.ts";
import { delegationsOf } from "#app/domain/edition/queries.server.ts";
import { columnsFor } from "#app/domain/export/rules.ts";
import { approveInvitations, takeBackApproval } from "#app/domain/invitation/approval.server.ts";
import { COLUMNS_FOR_HOST } from "#app/domain/invitation/approval.ts";
import { recordReply, sendInvitations, withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { answerAsHost, askHost, putToHost, toApprove } from "#app/domain/invitation/host-approval.server.ts";
import { sendingList } from "#app/domain/invitation/queries.server.ts";
import { answerInvitation } from "#app/domain/invitation/reply.server.ts";
import { addPerson, changePerson } from "#app/domain/person/commands.server.ts";
import { personPage } from "#app/domain/person/queries.server.ts";
import { rosterColumns } from "#app/domain/roster/columns.server.ts";
import { rosterIds } from "#app/domain/roster/queries.server.ts";
import { rosterView } from "#app/domain/roster/rules.ts";
import * as schema from "#db/schema/index.ts";
import type { Category, InvitationEventKind } from "#db/vocabulary.ts";
import { AUTUMN_2018, type TestClock, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";

let clock: TestClock;
let meeting: Meeting;
/** The lead of the guests, and of the side that receives them. */
let guest: StaffContext;
let host: StaffContext;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  clock = base.clock;
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 0,
    seats: [{ capacity: 1, quota: null }],
    now: AUTUMN_2018,
  });
  const lead = (sideId: string, id: string): StaffContext => ({
    ...base,
    actor: { kind: "staff", id },
    scope: {
      editionId: meeting.editionId,
      sideIds: [sideId],
      permissions: ["lead"],
      bookSideIds: [sideId],
    },
  });
  guest = lead(meeting.sideIds[0], "grace");
  host = lead(meeting.sideIds[1], "lin");
});

function inviter(ctx: StaffContext): StaffContext {
  return { ...ctx, scope: { ...ctx.scope, permissions: ["invitations"] } };
}

let people = 0;
async function invite(ctx: StaffContext = guest, category: Category = "delegate"): Promise<string> {
  people += 1;
  const name = `Person ${people}`;
  const added = await addPerson(ctx, {
    delegationId: meeting.delegationIds[ctx.scope.sideIds[0] === meeting.sideIds[0] ? 0 : 1],
    facts: {
      familyLatin: name,
      givenLatin: "",
      nameLatin: name,
      familyNative: "",
      givenNative: "",
      nameNative: "",
      sortKey: `person ${String(people).padStart(5, "0")}`,
      honorificEn: "Judge",
      honorificZh: "",
      salutationEn: "",
      salutationZh: "",
      institutionEn: "Court of Examples",
      institutionZh: "示例法院",
      positionEn: "Judge",
      positionZh: "法官",
      email: `person-${people}@example.org`,
      phone: "+1 212 555 0101",
      locale: "en",
    },
    category,
    invitedAs: null,
  });
  if (!added.ok) throw new Error(added.refusal);
  return added.value.invitationId;
}

async function several(count: number): Promise<Array<string>> {
  const ids: Array<string> = [];
  for (let n = 0; n < count; n++) ids.push(await invite());
  return ids;
}

function places(quota: number): void {
  guest.db.orm
    .update(schema.delegation)
    .set({ quota })
    .where(eq(schema.delegation.id, meeting.delegationIds[0]))
    .run();
}

function held(): number | null | undefined {
  return delegationsOf(guest).find((entry) => entry.id === meeting.delegationIds[0])?.taken;
}

function happened(kind: InvitationEventKind): Array<{ invitationId: string; note: string }> {
  return guest.db.orm
    .select({ invitationId: schema.invitationEvent.invitationId, note: schema.invitationEvent.note })
    .from(schema.invitationEvent)
    .where(eq(schema.invitationEvent.kind, kind))
    .all();
}

function trail(action: string): Array<Record<string, unknown>> {
  return guest.db.orm
    .select({ details: schema.auditEvent.details })
    .from(schema.auditEvent)
    .where(and(eq(schema.auditEvent.action, action)))
    .all()
    .map(({ details }) => JSON.parse(details) as Record<string, unknown>);
}

function asInvitee(invitationId: string): InvitationContext {
  return {
    ...guest,
    actor: { kind: "invitee", id: invitationId },
    scope: { editionId: meeting.editionId, invitationId },
    locale: "en",
    assistant: null,
  };
}

const answer = (reply: "accepted" | "declined") => ({ reply, note: "", askAgainOn: null });

describe("a delegation's places", () => {
  it("the last one, asked for fifty times at once by approving and sending, goes to exactly one", async () => {
    places(3);
    const [a, b, ...wanting] = await several(52);
    await sendInvitations(guest, { invitationIds: [a ?? ""] });
    await approveInvitations(guest, { invitationIds: [b ?? ""] });
    const outcomes = await Promise.all(
      wanting.map((id, n) =>
        n % 2 === 0
          ? approveInvitations(guest, { invitationIds: [id] })
          : sendInvitations(guest, { invitationIds: [id] }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    const refusals = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal]));
    expect(refusals.filter((refusal) => refusal === "quotaFull").length).toBeGreaterThanOrEqual(24);
    expect(refusals.filter((refusal) => refusal === "blocked").length).toBeGreaterThanOrEqual(24);
    expect(held()).toBe(3);
    const got = [...happened("approved"), ...happened("sent")].map((event) => event.invitationId);
    expect(got).toHaveLength(3);
    expect(got.filter((id) => wanting.includes(id))).toHaveLength(1);
    const told = [...trail("invitation.approve"), ...trail("invitation.send")];
    expect(told.flatMap((details) => details.invitations).sort()).toEqual([...got].sort());
    expect(guest.db.orm.select().from(schema.delivery).all()).toHaveLength(happened("sent").length);
  });

  it("go to those who come first by name; the page says to the others that there is none", async () => {
    places(1);
    const ids = await several(2);
    const list = sendingList(guest, { invitationIds: ids, again: false });
    expect(list.ready.map((entry) => entry.invitationId)).toEqual([ids[0]]);
    expect(list.blocked.map((entry) => entry.obstacle)).toEqual(["quotaFull"]);
    expect(await approveInvitations(guest, { invitationIds: ids })).toEqual({
      ok: false,
      refusal: "quotaFull",
    });
    expect(held()).toBe(0);
  });

  it("are for head, deputies and delegates: others come on top", async () => {
    places(0);
    const observer = await invite(guest, "observer");
    expect(await sendInvitations(guest, { invitationIds: [observer] })).toMatchObject({ ok: true });
    expect(held()).toBe(0);
    const head = await invite(guest, "head");
    expect(await sendInvitations(guest, { invitationIds: [head] })).toMatchObject({ ok: false });
  });

  it("are taken once by somebody who is approved and then sent", async () => {
    places(1);
    const id = await invite();
    expect(await approveInvitations(guest, { invitationIds: [id] })).toMatchObject({ ok: true });
    expect(await sendInvitations(guest, { invitationIds: [id] })).toEqual({ ok: true, value: { sent: 1 } });
    expect(held()).toBe(1);
  });

  it("can be gone beyond by a lead with a reason, which stands in the history and in the trail", async () => {
    places(0);
    const [sent = "", approved = "", refused = ""] = await several(3);
    expect(
      await sendInvitations(inviter(guest), { invitationIds: [refused], overQuota: "Minister" }),
    ).toEqual({
      ok: false,
      refusal: "forbidden",
    });
    await sendInvitations(guest, { invitationIds: [sent], overQuota: "The minister asked" });
    await approveInvitations(guest, { invitationIds: [approved], overQuota: "The ambassador asked" });
    expect(happened("over_quota")).toEqual([
      { invitationId: sent, note: "The minister asked" },
      { invitationId: approved, note: "The ambassador asked" },
    ]);
    expect(trail("invitation.send")).toMatchObject([{ overQuota: [sent] }]);
    expect(trail("invitation.approve")).toMatchObject([{ overQuota: [approved] }]);
    expect(JSON.stringify(trail("invitation.send"))).not.toContain("minister");
  });

  it("are free again after a withdrawal, a decline and an approval taken back", async () => {
    places(1);
    const [first = "", second = "", third = "", last = ""] = await several(4);
    await approveInvitations(guest, { invitationIds: [first] });
    expect(await takeBackApproval(guest, [first])).toEqual({ ok: true, value: { takenBack: 1 } });
    await sendInvitations(guest, { invitationIds: [second] });
    await withdrawInvitation(guest, second);
    await sendInvitations(guest, { invitationIds: [third] });
    await recordReply(guest, { invitationId: third, ...answer("declined") });
    expect(await sendInvitations(guest, { invitationIds: [last] })).toMatchObject({ ok: true });
    expect(held()).toBe(1);
    expect(await takeBackApproval(guest, [last])).toEqual({ ok: false, refusal: "sent" });
  });

  it("a late guest of honour, invited long ago, is never refused by a full delegation", async () => {
    places(1);
    const [late = "", next = ""] = await several(2);
    await sendInvitations(guest, { invitationIds: [late] });
    expect(await sendInvitations(guest, { invitationIds: [next] })).toMatchObject({ ok: false });
    expect(await answerInvitation(asInvitee(late), answer("accepted"))).toMatchObject({ ok: true });
    expect(happened("over_quota")).toEqual([]);
  });

  it("who declined and comes back is accepted; that there is one too many is shown to the side", async () => {
    places(1);
    const [back = "", instead = ""] = await several(2);
    await sendInvitations(guest, { invitationIds: [back] });
    await answerInvitation(asInvitee(back), answer("declined"));
    await sendInvitations(guest, { invitationIds: [instead] });
    clock.advance(60_000);
    expect(await answerInvitation(asInvitee(back), answer("accepted"))).toEqual({
      ok: true,
      value: { changed: true },
    });
    expect(held()).toBe(2);
    expect(happened("over_quota")).toEqual([{ invitationId: back, note: "" }]);
    expect(personPage(guest, back)?.reply).toBe("accepted");
  });
});

describe("approval by the side's own lead", () => {
  const blocked = (id: string) =>
    sendingList(guest, { invitationIds: [id], again: false }).blocked[0]?.obstacle;

  it("is asked for when the host's lead says so, and by nobody else", async () => {
    expect(await changeApproval(guest, "side")).toEqual({ ok: false, refusal: "forbidden" });
    expect(await changeApproval(inviter(host), "side")).toEqual({ ok: false, refusal: "forbidden" });
    expect(await changeApproval(host, "side")).toEqual({ ok: true, value: { changed: true } });
    expect(await changeApproval(host, "side")).toEqual({ ok: true, value: { changed: false } });
    expect(trail("edition.changeApproval")).toEqual([{ before: "none", approval: "side" }]);
  });

  it("stands in the way of sending until it is given, and can be taken back while nothing was sent", async () => {
    await changeApproval(host, "side");
    const id = await invite();
    expect(blocked(id)).toBe("notApproved");
    expect(await sendInvitations(guest, { invitationIds: [id] })).toEqual({ ok: false, refusal: "blocked" });
    expect(await approveInvitations(inviter(guest), { invitationIds: [id] })).toEqual({
      ok: false,
      refusal: "forbidden",
    });
    expect(await approveInvitations(guest, { invitationIds: [id] })).toEqual({
      ok: true,
      value: { approved: 1 },
    });
    expect(await approveInvitations(guest, { invitationIds: [id] })).toEqual({
      ok: true,
      value: { approved: 0 },
    });
    expect(blocked(id)).toBeUndefined();
    await takeBackApproval(guest, [id]);
    expect(blocked(id)).toBe("notApproved");
    await approveInvitations(guest, { invitationIds: [id] });
    expect(await sendInvitations(guest, { invitationIds: [id] })).toMatchObject({ ok: true });
    expect(
      personPage(guest, id)
        ?.events.map((event) => event.kind)
        .reverse(),
    ).toEqual(["drafted", "approved", "approval_withdrawn", "approved", "sent"]);
  });

  it("is for one's own people alone", async () => {
    const theirs = await invite(host);
    const gone = { ok: false, refusal: "gone" };
    expect(await approveInvitations(guest, { invitationIds: [theirs] })).toEqual(gone);
    expect(await takeBackApproval(guest, [theirs])).toEqual(gone);
  });
});

describe("the host's word", () => {
  async function approved(count: number): Promise<Array<string>> {
    await changeApproval(host, "side_then_host");
    const ids = await several(count);
    await approveInvitations(guest, { invitationIds: ids });
    return ids;
  }
  const obstacle = (id: string) =>
    sendingList(guest, { invitationIds: [id], again: false }).blocked[0]?.obstacle;

  it("is asked for people who are not the host's own, after their own lead's", async () => {
    await changeApproval(host, "side_then_host");
    const own = await invite(host);
    await approveInvitations(host, { invitationIds: [own] });
    expect(sendingList(host, { invitationIds: [own], again: false }).ready).toHaveLength(1);
    expect(await askHost(host, [own])).toEqual({ ok: false, refusal: "notNeeded" });
    const id = await invite();
    expect(await askHost(guest, [id])).toEqual({ ok: false, refusal: "notApproved" });
    expect(obstacle(id)).toBe("notApproved");
    await approveInvitations(guest, { invitationIds: [id] });
    expect(obstacle(id)).toBe("hostNotAsked");
    expect(await askHost(inviter(guest), [id])).toEqual({ ok: false, refusal: "forbidden" });
    expect(await askHost(guest, [id])).toEqual({ ok: true, value: { asked: 1 } });
    expect(obstacle(id)).toBe("hostAsked");
    expect(await sendInvitations(guest, { invitationIds: [id] })).toEqual({ ok: false, refusal: "blocked" });
  });

  it("rests on exactly what was released: these people, these columns, nothing of anybody else", async () => {
    const [asked = "", silent = ""] = await approved(3);
    expect(putToHost(host)).toEqual([]);
    await askHost(guest, [asked]);
    const seen = putToHost(host);
    expect(seen).toHaveLength(1);
    expect(Object.keys(seen[0] ?? {}).sort()).toEqual(
      [...COLUMNS_FOR_HOST, "invitationId", "answer", "sideEn", "sideZh"].sort(),
    );
    expect(seen[0]).toMatchObject({ invitationId: asked, answer: "asked", institutionZh: "示例法院" });
    const [crossing] = guest.db.orm.select().from(schema.release).all();
    expect(JSON.parse(crossing?.columns ?? "[]")).toEqual([...COLUMNS_FOR_HOST]);
    expect(crossing).toMatchObject({ fromCoHostId: meeting.sideIds[0], toCoHostId: meeting.sideIds[1] });
    // Who was not put to the host does not exist for it: the same answer as for an id that nobody has.
    const gone = { ok: false, refusal: "gone" };
    const answer = { answer: "approved" as const, words: "" };
    expect(await answerAsHost(host, { invitationIds: [silent], ...answer })).toEqual(gone);
    expect(await answerAsHost(host, { invitationIds: [asked, silent], ...answer })).toEqual(gone);
    expect(await answerAsHost(host, { invitationIds: ["nobody"], ...answer })).toEqual(gone);
    expect(await answerAsHost(inviter(host), { invitationIds: [asked], ...answer })).toEqual(gone);
    expect(await answerAsHost(guest, { invitationIds: [asked], ...answer })).toEqual(gone);
    expect(putToHost(guest)).toEqual([]);
    expect(delegationsOf(host).find((entry) => entry.id === meeting.delegationIds[0])).toMatchObject({
      answers: null,
      taken: null,
    });
  });

  it("lets go or holds back; what it says reaches the side that asked", async () => {
    const [yes = "", no = ""] = await approved(2);
    await askHost(guest, [yes, no]);
    await answerAsHost(host, { invitationIds: [yes], answer: "approved", words: "With pleasure" });
    await answerAsHost(host, { invitationIds: [no], answer: "refused", words: "Not this year" });
    expect(await answerAsHost(host, { invitationIds: [no], answer: "refused", words: "Again" })).toEqual({
      ok: true,
      value: { answered: 0 },
    });
    expect(await answerAsHost(host, { invitationIds: [no], answer: "approved", words: "" })).toEqual({
      ok: false,
      refusal: "answered",
    });
    expect(obstacle(yes)).toBeUndefined();
    expect(obstacle(no)).toBe("hostRefused");
    expect(await sendInvitations(guest, { invitationIds: [yes] })).toMatchObject({ ok: true });
    expect(happened("host_refused")).toEqual([{ invitationId: no, note: "Not this year" }]);
    expect(toApprove(guest).find((one) => one.invitationId === no)).toMatchObject({ words: "Not this year" });
    expect(JSON.stringify(trail("invitation.answerAsHost"))).not.toContain("Not this year");
    // They may be put to the host once more.
    expect(await askHost(guest, [no])).toMatchObject({ ok: true });
    expect(putToHost(host).filter((one) => one.answer === "asked")).toMatchObject([{ invitationId: no }]);
    expect(putToHost(host)).toHaveLength(2);
  });

  it("ends with the approval: who is taken back is no longer before the host, the others are", async () => {
    const [back = "", stays = "", withdrawn = ""] = await approved(3);
    await askHost(guest, [back, stays, withdrawn]);
    await withdrawInvitation(guest, withdrawn);
    await takeBackApproval(guest, [back]);
    expect(putToHost(host).map((one) => one.invitationId)).toEqual([stays]);
    const open = guest.db.orm
      .select()
      .from(schema.release)
      .all()
      .filter((one) => one.revokedAt === null);
    const named = guest.db.orm.select().from(schema.releasePerson).all();
    expect(open).toHaveLength(1);
    expect(named.filter((one) => one.releaseId === open[0]?.id).map((one) => one.invitationId)).toEqual([
      stays,
    ]);
  });

  it("is no longer asked for when the release has run out, until it is asked for anew", async () => {
    const [id = ""] = await approved(1);
    await askHost(guest, [id]);
    expect(await askHost(guest, [id])).toEqual({ ok: true, value: { asked: 0 } });
    guest.db.orm.update(schema.release).set({ revokedAt: clock.now(), revokedBy: "grace" }).run();
    expect(putToHost(host)).toEqual([]);
    expect(await askHost(guest, [id])).toEqual({ ok: true, value: { asked: 1 } });
    expect(putToHost(host)).toHaveLength(1);
    clock.advance(60 * 86_400_000);
    expect(putToHost(host)).toEqual([]);
    expect(await answerAsHost(host, { invitationIds: [id], answer: "approved", words: "" })).toEqual({
      ok: false,
      refusal: "gone",
    });
  });
});

describe("the protocol order", () => {
  const order = () => page()?.members.map((one) => one.invitationId) ?? [];
  const page = () => delegationPage(guest, meeting.delegationIds[0]);
  const set = (from: ReadonlyArray<string>, wish: OrderWish, ctx = guest) =>
    orderDelegation(ctx, { delegationId: meeting.delegationIds[0], from, wish });

  it("is set by hand, by steps, by typed places or as a whole; who is new comes last", async () => {
    const [a = "", b = "", c = ""] = await several(3);
    expect(order()).toEqual([a, b, c]);
    await set([a, b, c], { kind: "up", invitationId: c });
    expect(order()).toEqual([a, c, b]);
    const d = await invite();
    expect(order()).toEqual([a, c, b, d]);
    await set(order(), {
      kind: "places",
      places: new Map([
        [d, 1],
        [a, 4],
      ]),
    });
    expect(order()).toEqual([d, c, b, a]);
    await set(order(), { kind: "whole", order: [a, b, c, d] });
    expect(order()).toEqual([a, b, c, d]);
    await set(order(), { kind: "up", invitationId: a });
    expect(order()).toEqual([a, b, c, d]);
    await withdrawInvitation(guest, b);
    expect(order()).toEqual([a, c, d]);
  });

  it("overwrites nothing that somebody else did meanwhile, and says so", async () => {
    const [a = "", b = "", c = ""] = await several(3);
    const seen = order();
    expect(await set(seen, { kind: "up", invitationId: c })).toEqual({ ok: true, value: { changed: true } });
    const before = guest.db.orm.select().from(schema.auditEvent).all().length;
    expect(await set(seen, { kind: "down", invitationId: a })).toEqual({ ok: false, refusal: "changed" });
    expect(order()).toEqual([a, c, b]);
    // The same press twice is one press.
    expect(await set(seen, { kind: "up", invitationId: c })).toEqual({ ok: true, value: { changed: false } });
    expect(guest.db.orm.select().from(schema.auditEvent).all()).toHaveLength(before);
  });

  it("takes exactly one of twenty different orders that are sent at once", async () => {
    const ids = await several(5);
    const wishes = Array.from({ length: 20 }, (_, n): OrderWish => {
      const turned = ids.map((_id, index) => ids[(index + 1 + (n % 4)) % 5] ?? "");
      return { kind: "whole", order: turned };
    });
    const outcomes = await Promise.all(wishes.map((wish) => set(ids, wish)));
    expect(outcomes.filter((outcome) => outcome.ok && outcome.value.changed)).toHaveLength(1);
    const first = wishes[0];
    expect(order()).toEqual(first?.kind === "whole" ? first.order : []);
    for (const [n, outcome] of outcomes.entries()) if (n % 4 !== 0) expect(outcome.ok).toBe(false);
  });

  it("does not mind who came or went since the page was opened", async () => {
    const [a = "", b = "", c = ""] = await several(3);
    const seen = order();
    const late = await invite();
    await withdrawInvitation(guest, b);
    expect(await set(seen, { kind: "whole", order: [c, b, a] })).toMatchObject({ ok: true });
    expect(order()).toEqual([c, a, late]);
  });

  it("is the side's own: the other side has no way to it, and no list that is taken away has the number", async () => {
    const [a = "", b = ""] = await several(2);
    const theirs = await invite(host);
    const gone = { ok: false, refusal: "gone" };
    expect(await set([a, b], { kind: "up", invitationId: b }, host)).toEqual(gone);
    expect(await set([a, b], { kind: "up", invitationId: theirs })).toEqual(gone);
    expect(await set([a, b], { kind: "whole", order: [b, theirs] })).toEqual(gone);
    expect(delegationPage(host, meeting.delegationIds[0])).toBeNull();
    await set([a, b], { kind: "up", invitationId: b });
    const inOrder = rosterView.parse({ columns: [], sort: [{ way: "protocol" }] });
    expect(rosterIds(guest, inOrder).filter((id) => [a, b].includes(id))).toEqual([b, a]);
    const offered = columnsFor("own", rosterColumns(guest), guest.scope).map(({ key }) => key);
    expect(offered).not.toContain("protocolOrder");
    expect(JSON.stringify(page())).not.toMatch(/protocolOrder/);
  });
});

describe("what somebody is in a delegation", () => {
  const [here, elsewhere] = [() => meeting.delegationIds[0], () => "second"];
  beforeEach(() => {
    const [first] = guest.db.orm.select().from(schema.delegation).all();
    if (first === undefined) throw new Error("no delegation");
    guest.db.orm
      .insert(schema.delegation)
      .values({ ...first, id: "second", key: "second", quota: 1 })
      .run();
  });
  const categories = () =>
    delegationPage(guest, here())?.members.map((one) => [one.invitationId, one.category]);

  it("there is one head: a second one moves the first, when somebody says where to", async () => {
    const first = await invite(guest, "head");
    const second = await invite();
    const wish = { invitationId: second, delegationId: here(), category: "head" as const };
    expect(await changeMember(guest, wish)).toEqual({ ok: false, refusal: "headTaken" });
    expect(await changeMember(guest, { ...wish, formerHead: "deputy_head" })).toMatchObject({ ok: true });
    expect(categories()).toEqual([
      [first, "deputy_head"],
      [second, "head"],
    ]);
    const races = await Promise.all(
      [await invite(), await invite(), await invite()].map((invitationId) =>
        changeMember(guest, { ...wish, invitationId }),
      ),
    );
    expect(races.filter((outcome) => outcome.ok)).toEqual([]);
    await withdrawInvitation(guest, second);
    expect(await changeMember(guest, { ...wish, invitationId: first })).toMatchObject({ ok: true });
  });

  it("moving to another delegation takes a place there, comes last, and takes the visits along", async () => {
    const [a = "", b = ""] = await several(2);
    await sendInvitations(guest, { invitationIds: [a, b] });
    const move = (invitationId: string) => ({
      invitationId,
      delegationId: elsewhere(),
      category: "delegate" as const,
    });
    expect(await changeMember(guest, move(a))).toMatchObject({ ok: true });
    expect(await changeMember(guest, move(b))).toEqual({ ok: false, refusal: "quotaFull" });
    expect(await changeMember(inviter(guest), { ...move(b), overQuota: "Because" })).toEqual({
      ok: false,
      refusal: "forbidden",
    });
    expect(await changeMember(guest, { ...move(b), overQuota: "Two judges" })).toMatchObject({ ok: true });
    expect(happened("over_quota")).toEqual([{ invitationId: b, note: "Two judges" }]);
    expect(delegationPage(guest, elsewhere())).toMatchObject({ held: 2, quota: 1 });
  });

  it("an observer who becomes a delegate needs a place, wherever it is changed", async () => {
    places(0);
    const id = await invite(guest, "observer");
    await sendInvitations(guest, { invitationIds: [id] });
    const wish = { invitationId: id, delegationId: here(), category: "delegate" as const };
    expect(await changeMember(guest, wish)).toEqual({ ok: false, refusal: "quotaFull" });
    const facts = personPage(guest, id)?.facts;
    if (facts === undefined) throw new Error("no such person");
    expect(
      await changePerson(guest, { invitationId: id, facts, category: "delegate", invitedAs: null }),
    ).toEqual({ ok: false, refusal: "quotaFull" });
  });

  it("nobody is moved over to the other side", async () => {
    const id = await invite();
    const gone = { ok: false, refusal: "gone" };
    const wish = { invitationId: id, category: "delegate" as const };
    expect(await changeMember(guest, { ...wish, delegationId: meeting.delegationIds[1] })).toEqual(gone);
    expect(await changeMember(host, { ...wish, delegationId: meeting.delegationIds[1] })).toEqual(gone);
    const both = { ...guest, scope: { ...guest.scope, sideIds: [...meeting.sideIds] } };
    expect(await changeMember(both, { ...wish, delegationId: meeting.delegationIds[1] })).toEqual(gone);
  });
});
