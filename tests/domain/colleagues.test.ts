import { and, eq, isNull } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import {
  colleaguesOf,
  findColleagueAccess,
  openInvitations,
} from "#app/domain/access/colleague-list.server.ts";
import {
  changeAccess,
  endAccess,
  hasJustEnded,
  inviteAgain,
  inviteColleague,
  type NewColleague,
  revokeInvitation,
} from "#app/domain/access/colleagues.server.ts";
import { acceptSetUpLink, redeemSetUpLink } from "#app/domain/access/commands.server.ts";
import { findEditionForStaff } from "#app/domain/access/queries.server.ts";
import { findSetUpLink } from "#app/domain/access/set-up.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { editionsOfStaff, sidesLedBy } from "#app/domain/edition/queries.server.ts";
import { mailboxPage, mailboxTransport, staffMailboxReader } from "#app/domain/mail/mailbox.server.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { createLog } from "#app/platform/log.server.ts";
import * as schema from "#db/schema/index.ts";
import type { Permission } from "#db/vocabulary.ts";
import { testContext } from "#tests/support/context.ts";
import { writeMeeting } from "#tests/support/meeting.ts";

const DAY = 86_400_000;
const PASSWORD = "four unrelated words here";

/** One edition of two sides; on the first a lead in all editions and one of this edition, on the second a lead. */
async function world() {
  const ctx = testContext();
  const meeting = writeMeeting(ctx.db.orm, ctx.keys, {
    slug: "north",
    people: 2,
    seats: [],
    now: ctx.clock.now(),
  });
  const [own, other] = meeting.sideIds;
  const { editionId } = meeting;
  // Scrypt is the dearest part of these tests: the logins have no password but for those who need one.
  const login = (name: string, grants: ReadonlyArray<Grant>) => {
    const at = new Date(ctx.clock.now());
    const id = name.padEnd(20, "-");
    ctx.db.orm
      .insert(schema.user)
      .values({
        id,
        name,
        email: `${name.toLowerCase()}@staff.example`,
        emailVerified: true,
        createdAt: at,
        updatedAt: at,
      })
      .run();
    for (const [n, [coHostId, edition, permission, endsAt = null]] of grants.entries())
      ctx.db.orm
        .insert(schema.staffPermission)
        .values({
          id: `${id}${n}`,
          userId: id,
          coHostId,
          editionId: edition,
          permission,
          grantedAt: ctx.clock.now(),
          endsAt,
        })
        .run();
    ctx.db.orm
      .insert(schema.session)
      .values({
        id: `${id}s`,
        token: id,
        userId: id,
        expiresAt: new Date(ctx.clock.now() + DAY),
        createdAt: at,
        updatedAt: at,
      })
      .run();
    return id;
  };
  const as = (userId: string): StaffContext => {
    const found = findEditionForStaff(ctx, { userId, slug: "north", act: "lead" });
    if (found === null) throw new Error("No lead");
    return { ...ctx, actor: { kind: "staff", id: userId }, scope: found.scope };
  };
  const lead = login("lead", [[own, null, "lead"]]);
  const editionLead = login("editionLead", [[own, editionId, "lead"]]);
  const otherLead = login("otherLead", [[other, null, "lead"]]);
  const permissions = (userId: string) =>
    ctx.db.orm
      .select({ permission: schema.staffPermission.permission })
      .from(schema.staffPermission)
      .where(eq(schema.staffPermission.userId, userId))
      .all()
      .map((row) => row.permission)
      .sort();
  const isSignedIn = (userId: string) =>
    ctx.db.orm.select().from(schema.session).where(eq(schema.session.userId, userId)).all().length > 0;
  const mails = async () => {
    await createMailWorker({
      ...ctx,
      mailFrom: { name: "Secretariat", address: "secretariat@dialogue.example" },
      transport: mailboxTransport(ctx.db),
      log: createLog("silent"),
    }).drain();
    return ctx.db.orm.select().from(schema.mailboxMail).all();
  };
  /** The token of the newest mail to an address. */
  const mailedToken = async (address: string) => {
    const all = await mails();
    const mail = all.filter((each) => each.toAddress === address).at(-1);
    return /\/staff\/set-up\/([\w-]{22})/.exec(mail?.text ?? "")?.[1] ?? "";
  };
  const colleague = (more: Partial<NewColleague> = {}): NewColleague => ({
    sideId: own,
    editionId,
    name: "Mei Example",
    email: "Mei@Staff.example",
    locale: "zh-CN",
    permissions: ["mail", "agenda"],
    endsAt: null,
    ...more,
  });
  return {
    ctx,
    own,
    other,
    editionId,
    login,
    as,
    lead,
    editionLead,
    otherLead,
    permissions,
    isSignedIn,
    mails,
    mailedToken,
    colleague,
  };
}

type Grant = readonly [coHostId: string, editionId: string | null, permission: Permission, endsAt?: number];

function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(result.refusal);
  return result.value;
}

describe("an invitation to work for a side", () => {
  test("is mailed, in both languages, and gives exactly what it says until the day that it says", async () => {
    const { ctx, as, lead, colleague, mails, mailedToken, permissions, own, editionId } = await world();
    const endsAt = ctx.clock.now() + 40 * DAY;
    done(await inviteColleague(as(lead), colleague({ endsAt })));
    const [mail] = await mails();
    expect(mail).toMatchObject({ toAddress: "mei@staff.example" });
    expect(mail?.subject).toContain("秘书处工作权限");
    expect(mail?.text).toContain("lead invites you to work on the side of");
    expect(openInvitations(as(lead))).toMatchObject([
      { email: "mei@staff.example", permissions: ["mail", "agenda"], endsAt, invitedBy: "lead" },
    ]);
    const token = await mailedToken("mei@staff.example");
    // The address is the one that the mail went to, whatever is typed.
    const form = { token, name: "Mei", email: "otherlead@staff.example", password: PASSWORD, side: null };
    const { userId } = done(await redeemSetUpLink(ctx, form));
    expect(permissions(userId)).toEqual(["agenda", "mail"]);
    expect(openInvitations(as(lead))).toEqual([]);
    const [mei] = colleaguesOf(as(lead)).filter((each) => each.userId === userId);
    expect(mei).toMatchObject({
      email: "mei@staff.example",
      access: [
        { sideId: own, everywhere: false, permissions: ["mail", "agenda"], endsAt, grantedBy: "lead" },
      ],
    });
    expect(findEditionForStaff(ctx, { userId, slug: "north", act: "mail" })?.scope.editionId).toBe(editionId);
    ctx.clock.set(endsAt);
    expect(findEditionForStaff(ctx, { userId, slug: "north" })).toBeNull();
    expect(colleaguesOf(as(lead)).find((each) => each.userId === userId)?.access).toMatchObject([
      { isLive: false },
    ]);
  });

  test("looks the same to a lead whether the address has a login with the other side or none", async () => {
    const { ctx, as, lead, otherLead, colleague, mails, mailedToken, permissions } = await world();
    const known = await inviteColleague(as(lead), colleague({ email: "otherLead@staff.example" }));
    const unknown = await inviteColleague(as(lead), colleague({ email: "nobody@staff.example" }));
    expect([known.ok, unknown.ok]).toEqual([true, true]);
    const told = openInvitations(as(lead)).map(({ linkId: _linkId, email: _email, ...rest }) => rest);
    expect(told[0]).toEqual(told[1]);
    expect(colleaguesOf(as(lead)).some((each) => each.userId === otherLead)).toBe(false);
    const texts = (await mails()).map((mail) => mail.text.replaceAll(/set-up\/[\w-]+/g, "set-up/"));
    expect(texts[0]).toBe(texts[1]);
    // Who opens the mailbox takes it on with a press of a button, and keeps password and name.
    const token = await mailedToken("otherlead@staff.example");
    expect(findSetUpLink(ctx, token)?.loginId).toBe(otherLead);
    const form = { token, name: "X", email: "x@staff.example", password: PASSWORD, side: null };
    expect(await redeemSetUpLink(ctx, form)).toMatchObject({ refusal: "email_taken" });
    const twice = await Promise.all([acceptSetUpLink(ctx, { token }), acceptSetUpLink(ctx, { token })]);
    expect(twice.map((each) => each.ok).sort()).toEqual([false, true]);
    expect(permissions(otherLead)).toEqual(["agenda", "lead", "mail"]);
    // Nor does a lead's view of the mailbox show who gets a login where.
    expect(mailboxPage(ctx, staffMailboxReader(ctx, lead), null).mails).toEqual([]);
  });

  test("sent again has a new link and the old one is dead; taken back it has none", async () => {
    const { ctx, as, lead, colleague, mailedToken, mails } = await world();
    const { linkId } = done(await inviteColleague(as(lead), colleague()));
    const first = await mailedToken("mei@staff.example");
    ctx.clock.advance(8 * DAY);
    expect(findSetUpLink(ctx, first)).toBeNull();
    expect(openInvitations(as(lead))).toMatchObject([{ hasExpired: true }]);
    const again = done(await inviteAgain(as(lead), linkId));
    const second = await mailedToken("mei@staff.example");
    expect(second).not.toBe(first);
    expect(findSetUpLink(ctx, second)).not.toBeNull();
    // Whoever presses twice is told what is so.
    expect(await inviteAgain(as(lead), linkId)).toEqual({ ok: true, value: again });
    done(await revokeInvitation(as(lead), again.linkId));
    done(await revokeInvitation(as(lead), again.linkId));
    expect(await inviteAgain(as(lead), again.linkId)).toMatchObject({ refusal: "gone" });
    expect(findSetUpLink(ctx, second)).toBeNull();
    const form = { token: second, name: "Mei", email: "mei@staff.example", password: PASSWORD, side: null };
    expect(await redeemSetUpLink(ctx, form)).toMatchObject({ refusal: "link_dead" });
    expect(openInvitations(as(lead))).toEqual([]);
    expect(await mails()).toHaveLength(2);
  });

  test("that is taken back before its mail went out is not mailed", async () => {
    const { as, lead, colleague, mails } = await world();
    const { linkId } = done(await inviteColleague(as(lead), colleague()));
    done(await revokeInvitation(as(lead), linkId));
    expect(await mails()).toEqual([]);
  });

  test("of ten at once to one address one goes out", async () => {
    const { ctx, as, lead, colleague, mails } = await world();
    const tries = await Promise.all(Array.from({ length: 10 }, () => inviteColleague(as(lead), colleague())));
    expect(new Set(tries.map((each) => done(each).linkId)).size).toBe(1);
    expect(await inviteColleague(as(lead), colleague({ permissions: ["lead"] }))).toMatchObject({
      refusal: "invited",
    });
    ctx.clock.advance(DAY);
    expect(await inviteColleague(as(lead), colleague())).toMatchObject({ refusal: "invited" });
    expect(await mails()).toHaveLength(1);
  });

  test("is refused where it could not be meant", async () => {
    const { ctx, as, lead, editionLead, other, colleague } = await world();
    const refusal = async (who: string, more: Partial<NewColleague>) => {
      const answer = await inviteColleague(as(who), colleague(more));
      return answer.ok ? "sent" : answer.refusal;
    };
    expect(await refusal(lead, { endsAt: ctx.clock.now() })).toBe("past");
    expect(await refusal(lead, { email: "editionLead@staff.example" })).toBe("already");
    expect(await refusal(lead, { sideId: other })).toBe("gone");
    expect(await refusal(lead, { editionId: "another" })).toBe("gone");
    expect(await refusal(editionLead, { editionId: null })).toBe("gone");
    for (let n = 0; n < 50; n++) expect(await refusal(lead, { email: `n${n}@staff.example` })).toBe("sent");
    expect(await refusal(lead, { email: "one@more.example" })).toBe("too_many");
  });

  test("goes with the lead who gave it, and stays when another has sent it again", async () => {
    const { as, lead, editionLead, colleague, editionId, own } = await world();
    done(await inviteColleague(as(editionLead), colleague()));
    const kept = done(await inviteColleague(as(editionLead), colleague({ email: "kept@staff.example" })));
    done(await inviteAgain(as(lead), kept.linkId));
    done(await endAccess(as(lead), { userId: editionLead, sideId: own, editionId, sure: false }));
    expect(openInvitations(as(lead)).map((each) => each.email)).toEqual(["kept@staff.example"]);
  });
});

describe("what a colleague may do", () => {
  test("is changed from one request to the next, and the trail says how", async () => {
    const { ctx, own, editionId, login, as, lead, permissions, isSignedIn } = await world();
    const mei = login("mei", [[own, editionId, "mail"]]);
    const wanted = { userId: mei, sideId: own, editionId, endsAt: null, sure: false };
    done(await changeAccess(as(lead), { ...wanted, permissions: ["agenda", "logistics"] }));
    expect(permissions(mei)).toEqual(["agenda", "logistics"]);
    expect(findEditionForStaff(ctx, { userId: mei, slug: "north", act: "mail" })).toBeNull();
    expect(isSignedIn(mei)).toBe(true);
    const trail = ctx.db.orm.select().from(schema.auditEvent).all();
    expect(trail).toMatchObject([
      { action: "staff.change", subjectId: mei, coHostId: own, editionId, actorId: lead },
    ]);
    expect(JSON.parse(trail[0]?.details ?? "{}")).toMatchObject({
      added: ["agenda", "logistics"],
      removed: ["mail"],
    });
    // Saying the same again changes and notes nothing.
    expect(
      done(await changeAccess(as(lead), { ...wanted, permissions: ["logistics", "agenda"] })).changed,
    ).toBe(false);
    expect(ctx.db.orm.select().from(schema.auditEvent).all()).toHaveLength(1);
  });

  test("ended with nothing left ends every session; with something left, none", async () => {
    const { own, other, editionId, login, as, lead, otherLead, isSignedIn, permissions } = await world();
    const end = (userId: string, edition: string | null) =>
      endAccess(as(lead), { userId, sideId: own, editionId: edition, sure: false });
    const mei = login("mei", [[own, editionId, "mail"]]);
    const two = login("two", [
      [own, editionId, "mail"],
      [other, null, "mail"],
    ]);
    const late = login("late", [
      [own, editionId, "mail"],
      [own, null, "agenda", 1],
    ]);
    for (const each of [mei, two, late]) done(await end(each, editionId));
    expect([isSignedIn(mei), isSignedIn(two), isSignedIn(late)]).toEqual([false, true, false]);
    expect(permissions(two)).toEqual(["mail"]);
    // Of a form that comes twice the second finds nothing: it is told that it was just done, by this lead and no other.
    expect(hasJustEnded(as(lead), { userId: mei })).toBe(true);
    expect(hasJustEnded(as(otherLead), { userId: mei })).toBe(false);
  });

  test("is not for a lead of one edition to change where it is for all", async () => {
    const { own, editionId, login, as, editionLead, lead } = await world();
    const mei = login("mei", [
      [own, null, "mail"],
      [own, editionId, "agenda"],
    ]);
    const ask = { userId: mei, sideId: own, sure: false };
    expect(await endAccess(as(editionLead), { ...ask, editionId: null })).toMatchObject({ refusal: "gone" });
    expect(findColleagueAccess(as(editionLead), { ...ask, everywhere: true })).toBeNull();
    // It is shown, though: it counts here as well.
    const [shown] = colleaguesOf(as(editionLead)).filter((each) => each.userId === mei);
    expect(shown?.access.map((each) => [each.everywhere, each.mayChange])).toEqual(
      expect.arrayContaining([
        [true, false],
        [false, true],
      ]),
    );
    done(await endAccess(as(editionLead), { ...ask, editionId }));
    done(await endAccess(as(lead), { ...ask, editionId: null }));
  });

  test("lasts no longer than the lead of whoever gives it, and nobody prolongs their own", async () => {
    const { ctx, own, editionId, login, as, lead, colleague } = await world();
    const end = ctx.clock.now() + 7 * DAY;
    const guest = login("guest", [[own, null, "lead", end]]);
    const ben = login("ben", [[own, editionId, "mail"]]);
    const later = { refusal: "longer" };
    for (const endsAt of [null, end + 1]) {
      const self = {
        userId: guest,
        sideId: own,
        editionId: null,
        permissions: ["lead" as const],
        sure: true,
      };
      expect(await changeAccess(as(guest), { ...self, endsAt })).toMatchObject(later);
      expect(await inviteColleague(as(guest), colleague({ endsAt }))).toMatchObject(later);
      expect(await inviteColleague(as(guest), colleague({ editionId: null, endsAt }))).toMatchObject(later);
    }
    const more = { userId: ben, sideId: own, editionId, sure: false };
    const both = ["mail", "lead"] as const;
    expect(await changeAccess(as(guest), { ...more, permissions: both, endsAt: null })).toMatchObject(later);
    // What others gave stays as it was, and may be cut short.
    expect(
      done(await changeAccess(as(guest), { ...more, permissions: ["mail"], endsAt: null })),
    ).toMatchObject({ changed: false });
    done(await changeAccess(as(guest), { ...more, permissions: both, endsAt: end }));
    done(await inviteColleague(as(guest), colleague({ endsAt: end })));
    // An invitation that somebody else meant for longer is not theirs to send again.
    const open = done(await inviteColleague(as(lead), colleague({ email: "long@staff.example" })));
    expect(await inviteAgain(as(guest), open.linkId)).toMatchObject(later);
  });

  test("on the other side is nobody's business here", async () => {
    const { own, other, editionId, as, lead, otherLead } = await world();
    const reach = { userId: otherLead, sideId: other, editionId: null, sure: true };
    expect(await endAccess(as(lead), reach)).toMatchObject({ refusal: "gone" });
    expect(
      await changeAccess(as(lead), { ...reach, sideId: own, editionId, permissions: ["mail"], endsAt: null }),
    ).toMatchObject({ refusal: "gone" });
    expect(colleaguesOf(as(lead)).map((each) => each.name)).toEqual(["editionLead", "lead"]);
  });
});

describe("a side keeps a lead", () => {
  test("the last one in all editions is neither ended, nor demoted, nor given an end", async () => {
    const { ctx, own, as, lead } = await world();
    const self = { userId: lead, sideId: own, editionId: null, sure: true };
    expect(await endAccess(as(lead), self)).toMatchObject({ refusal: "last_lead" });
    for (const [permissions, endsAt] of [
      [["mail"], null],
      [["lead"], ctx.clock.now() + DAY],
    ] as const)
      expect(await changeAccess(as(lead), { ...self, permissions, endsAt })).toMatchObject({
        refusal: "last_lead",
      });
    // More is no less.
    done(await changeAccess(as(lead), { ...self, permissions: ["lead", "mail"], endsAt: null }));
  });

  test("a lead whose time runs out does not count as another", async () => {
    const { ctx, own, login, as, lead } = await world();
    login("guest", [[own, null, "lead", ctx.clock.now() + DAY]]);
    const self = { userId: lead, sideId: own, editionId: null, sure: true };
    expect(await endAccess(as(lead), self)).toMatchObject({ refusal: "last_lead" });
  });

  test("where nobody leads in all editions, the last of the edition stays", async () => {
    const { ctx, own, editionId, as, lead, editionLead } = await world();
    const scoped = as(editionLead);
    ctx.db.orm
      .delete(schema.staffPermission)
      .where(and(eq(schema.staffPermission.userId, lead), isNull(schema.staffPermission.editionId)))
      .run();
    const self = { userId: editionLead, sideId: own, editionId, sure: true };
    expect(await endAccess(scoped, self)).toMatchObject({ refusal: "last_lead" });
  });

  test("giving up one's own lead has to be meant", async () => {
    const { own, login, as, lead, isSignedIn } = await world();
    login("second", [[own, null, "lead"]]);
    const self = { userId: lead, sideId: own, editionId: null };
    expect(await endAccess(as(lead), { ...self, sure: false })).toMatchObject({ refusal: "own_lead" });
    expect(
      await changeAccess(as(lead), { ...self, permissions: ["mail"], endsAt: null, sure: false }),
    ).toMatchObject({ refusal: "own_lead" });
    expect(done(await endAccess(as(lead), { ...self, sure: true })).ownLead).toBe(true);
    expect(isSignedIn(lead)).toBe(false);
  });

  test("two who remove one another at once: one of them stays", async () => {
    const both = async (extra: boolean) => {
      const { ctx, own, login, as, lead } = await world();
      const second = login("second", [[own, null, "lead"]]);
      if (extra) login("third", [[own, null, "lead"]]);
      const end = (by: StaffContext, userId: string) =>
        endAccess(by, { userId, sideId: own, editionId: null, sure: false });
      const [one, two] = [as(lead), as(second)];
      const tries = await Promise.all([end(one, second), end(two, lead), end(one, second), end(two, lead)]);
      const left = ctx.db.orm
        .select()
        .from(schema.staffPermission)
        .where(and(eq(schema.staffPermission.coHostId, own), isNull(schema.staffPermission.editionId)))
        .all();
      return { done: tries.filter((each) => each.ok).length, left: left.length };
    };
    expect(await both(false)).toEqual({ done: 1, left: 1 });
    // Who has just lost their lead removes nobody any more, though the side would still have one.
    expect(await both(true)).toEqual({ done: 1, left: 2 });
  });
});

test("what has run out is worth nothing anywhere", async () => {
  const { ctx, own, login, lead } = await world();
  const gone = login("gone", [[own, null, "lead", ctx.clock.now() + DAY]]);
  const seen = (userId: string) => ({
    editions: editionsOfStaff(ctx, userId).editions.length,
    makes: editionsOfStaff(ctx, userId).mayCreate,
    leads: sidesLedBy(ctx, userId).length,
    reads: staffMailboxReader(ctx, userId).length,
  });
  expect(seen(gone)).toEqual({ editions: 1, makes: true, leads: 1, reads: 1 });
  ctx.clock.advance(DAY);
  expect(seen(gone)).toEqual({ editions: 0, makes: false, leads: 0, reads: 0 });
  expect(seen(lead)).toEqual({ editions: 1, makes: true, leads: 1, reads: 1 });
});

test("a login that is given what it has keeps it for the longer of the two times", async () => {
  const { ctx, own, editionId, login, as, lead, permissions } = await world();
  const mei = login("mei", [[own, editionId, "mail", ctx.clock.now() + DAY]]);
  ctx.clock.advance(2 * DAY);
  expect(findEditionForStaff(ctx, { userId: mei, slug: "north" })).toBeNull();
  const wanted = { userId: mei, sideId: own, editionId, permissions: ["mail"] as const, sure: false };
  done(await changeAccess(as(lead), { ...wanted, endsAt: null }));
  expect(findEditionForStaff(ctx, { userId: mei, slug: "north", act: "mail" })).not.toBeNull();
  expect(permissions(mei)).toEqual(["mail"]);
});
