import { and, desc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { addAssistant } from "#app/domain/contact/commands.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { recordBounce } from "#app/domain/invitation/came-back.server.ts";
import { sendInvitations, withdrawInvitation } from "#app/domain/invitation/commands.server.ts";
import { reminderPlans, setReminders } from "#app/domain/invitation/reminders.server.ts";
import { retryDelivery } from "#app/domain/mail/commands.server.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { personPage } from "#app/domain/person/queries.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import { auditEvent, delivery, edition, invitation } from "#db/schema/index.ts";
import { everybody } from "#tests/support/roster.ts";
import { testContext } from "../support/context.ts";
import { type Invitee, type Meeting, writeMeeting } from "../support/meeting.ts";

/* A letter that does not arrive: said by the other server at once, or by a mail to the side days later. */

const DAY = 86_400_000;
let base: ReturnType<typeof testContext>;
let desk: ReturnType<typeof testContext> & StaffContext;
let others: ReturnType<typeof testContext> & StaffContext;
let meeting: Meeting;
let one: Invitee;
/** Mailboxes that are not there. */
let dead: Set<string>;

beforeEach(() => {
  base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 4,
    seats: [],
    now: base.clock.now(),
  });
  const of = (sideId: string): typeof desk => ({
    ...base,
    scope: {
      editionId: meeting.editionId,
      sideIds: [sideId],
      permissions: ["lead"],
      bookSideIds: [sideId],
    },
  });
  desk = of(meeting.sideIds[0]);
  others = of(meeting.sideIds[1]);
  const found = meeting.invitees.find(({ sideId }) => sideId === meeting.sideIds[0]);
  if (found === undefined) throw new Error("Nobody was invited");
  one = found;
  dead = new Set();
  base.db.orm.update(invitation).set({ reply: "none", repliedAt: null, seenAt: null }).run();
  base.db.orm
    .update(edition)
    .set({ replyBy: base.clock.now() + 20 * DAY })
    .run();
});

/** Lets out what is due; servers refuse what goes to a dead mailbox. */
async function mailsGo(): Promise<void> {
  const worker = createMailWorker({
    ...base,
    mailFrom: { name: "Secretariat", address: "secretariat@dialogue.example" },
    log: createLog("silent"),
    transport: {
      async send(mail, last) {
        await last();
        return dead.has(mail.to.address)
          ? { accepted: false, code: 550, response: "no such user" }
          : { accepted: true, code: 250, response: "taken" };
      },
      async close() {},
    },
  });
  await worker.drain();
  await worker.stop();
}

/** Sends the letter once more. Letters to one person are at least an hour apart. */
async function sendAgain(): Promise<void> {
  base.clock.advance(DAY);
  const sent = await sendInvitations(desk, { invitationIds: [one.invitationId], again: true });
  expect(sent).toMatchObject({ ok: true });
  base.clock.advance(1_000);
  await mailsGo();
  base.clock.advance(1_000);
}

const page = () => personPage(desk, one.invitationId);
const bounces = () => page()?.events.filter(({ kind }) => kind === "bounced") ?? [];
const planned = async () => {
  await setReminders(desk, { sideId: meeting.sideIds[0], schedule: { daysBefore: [14, 7, 2], hour: 10 } });
  return JSON.stringify(reminderPlans(desk)[0]).includes(one.invitationId);
};

describe("a letter that the other server refuses", () => {
  test("is a dated event in the person's history, theirs to see in lists, and stops reminders", async () => {
    dead.add(one.email);
    await sendAgain();
    expect(bounces()).toMatchObject([{ channel: "system", at: base.clock.now() - 1_000 }]);
    expect(page()?.state).toBe("bounced");
    expect(
      everybody(desk, { where: { invitationState: "bounced" } }).rows.map((each) => each.invitationId),
    ).toEqual([one.invitationId]);
    expect(await planned()).toBe(false);
    expect(personPage(others, one.invitationId)).toBeNull();
  });

  test("and takes when it is tried again has arrived; the history keeps that it had come back", async () => {
    dead.add(one.email);
    await sendAgain();
    dead.clear();
    const [failed] = base.db.orm.select().from(delivery).where(eq(delivery.state, "failed")).all();
    expect(await retryDelivery(desk, failed?.id ?? "")).toMatchObject({ ok: true });
    base.clock.advance(1_000);
    await mailsGo();
    expect(page()?.state).toBe("sent");
    expect(bounces()).toHaveLength(1);
    expect(await planned()).toBe(true);
  });

  test("to an assistant who reads along says nothing of the person", async () => {
    const { personId } = one;
    const added = await addAssistant(desk, {
      personId,
      facts: {
        name: "Office",
        email: "office@gone.example",
        phone: "",
        locale: "en",
        mayAct: false,
        getsCopies: true,
      },
    });
    expect(added).toMatchObject({ ok: true });
    dead.add("office@gone.example");
    await sendAgain();
    const states = base.db.orm
      .select({ to: delivery.recipientKind, state: delivery.state })
      .from(delivery)
      .where(and(eq(delivery.invitationId, one.invitationId), eq(delivery.kind, "invitation")))
      .orderBy(desc(delivery.recipientKind))
      .all();
    expect(states).toEqual([
      { to: "invitee", state: "accepted" },
      { to: "assistant", state: "failed" },
    ]);
    expect(bounces()).toEqual([]);
    expect(page()?.state).toBe("sent");
    expect(await planned()).toBe(true);
  });
});

describe("a letter that comes back days later", () => {
  const note = "Mailbox full, says a mail of Tuesday";

  test("is noted by staff with what it said, once, and is forgotten by lists when the letter goes again", async () => {
    await sendAgain();
    expect(page()?.state).toBe("sent");
    base.clock.advance(2 * DAY);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => recordBounce(desk, { invitationId: one.invitationId, note })),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.filter((each) => !each.ok && each.refusal === "bounced")).toHaveLength(9);
    expect(bounces()).toMatchObject([{ channel: "staff", means: "mail", note, at: base.clock.now() }]);
    expect(page()?.state).toBe("bounced");
    expect(await planned()).toBe(false);
    const trail = base.db.orm
      .select()
      .from(auditEvent)
      .where(eq(auditEvent.action, "invitation.bounce"))
      .all();
    expect(trail).toHaveLength(1);
    expect(JSON.stringify(trail)).not.toContain("Mailbox full");
    await sendAgain();
    expect(page()?.state).toBe("sent");
    expect(bounces()).toHaveLength(1);
    expect(await planned()).toBe(true);
  });

  test("is not for the other side to note, nor of somebody who was sent nothing or is no longer invited", async () => {
    expect(await recordBounce(others, { invitationId: one.invitationId, note })).toEqual({
      ok: false,
      refusal: "gone",
    });
    base.db.orm.update(invitation).set({ sentAt: null }).where(eq(invitation.id, one.invitationId)).run();
    expect(await recordBounce(desk, { invitationId: one.invitationId, note })).toEqual({
      ok: false,
      refusal: "unsent",
    });
    base.db.orm.update(invitation).set({ sentAt: 1 }).where(eq(invitation.id, one.invitationId)).run();
    await withdrawInvitation(desk, one.invitationId);
    expect(await recordBounce(desk, { invitationId: one.invitationId, note })).toEqual({
      ok: false,
      refusal: "withdrawn",
    });
    expect(bounces()).toEqual([]);
  });
});
