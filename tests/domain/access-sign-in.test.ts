import { createHmac } from "node:crypto";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { createStaffAuth } from "#app/domain/access/auth.server.ts";
import { addStaff, endOtherSessions, endSession } from "#app/domain/access/commands.server.ts";
import { openSessions } from "#app/domain/access/queries.server.ts";
import { LONGEST_IDLE } from "#app/domain/access/rules.ts";
import { signIn, takeSecondStep, withPassword } from "#app/domain/access/sign-in.server.ts";
import { shiftedClock } from "#app/platform/clock.ts";
import { UNATTENDED } from "#app/platform/http/unattended.ts";
import { createLimits } from "#app/platform/limits.server.ts";
import { auditEvent, session, twoFactor, user } from "#db/schema/index.ts";
import { testContext } from "#tests/support/context.ts";

const EMAIL = "mei.demo@example.com";
const YEAR = 365 * 24 * 60 * 60 * 1_000;
const PASSWORD = "four unrelated words here";

/** One member of staff, and browsers to sign in with. */
async function office() {
  const ctx = testContext();
  const auth = createStaffAuth(ctx);
  const gate = { auth, limits: createLimits() };
  const added = await addStaff(ctx, { name: "Mei", email: EMAIL, password: PASSWORD });
  if (!added.ok) throw new Error(added.refusal);
  const { userId } = added.value;

  function browser(client = "192.0.2.1") {
    const jar = new Map<string, string>();
    const headers = () =>
      new Headers({
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
        "user-agent": "test",
      });
    function keep(cookies: ReadonlyArray<string>) {
      for (const cookie of cookies) {
        const [pair = "", ...attributes] = cookie.split("; ");
        const [name = "", value = ""] = pair.split(/=(.*)/s);
        if (attributes.includes("Max-Age=0")) jar.delete(name);
        else jar.set(name, value);
      }
    }
    return {
      headers,
      keep,
      async signIn(password = PASSWORD, email = EMAIL) {
        const answer = await signIn(ctx, gate, { headers: headers(), client, email, password });
        if (answer.state !== "refused") keep(answer.cookies);
        return answer;
      },
      async secondStep(code: string) {
        const answer = await takeSecondStep(ctx, gate, { headers: headers(), client, code });
        if (answer.state === "signed_in") keep(answer.cookies);
        return answer.state;
      },
      account: () => auth.accountOf(headers()),
    };
  }

  /** Turns the second step on, and gives what the phone and the paper then hold. */
  async function turnOnSecondStep(of: ReturnType<typeof browser>) {
    const begun = await auth.beginSecondStep(of.headers(), PASSWORD);
    if (begun === null) throw new Error("second step refused to begin");
    const done = await auth.confirmSecondStep(of.headers(), appCode(begun.secret));
    if (done === null) throw new Error("second step refused its code");
    of.keep(done.cookies);
    return { ...begun, recoveryCodes: done.recoveryCodes };
  }

  return { ctx, auth, gate, userId, browser, turnOnSecondStep };
}

/** A code as an authenticator app computes it (RFC 6238), `steps` half-minutes from now. */
function appCode(secret: string, steps = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll("=", "").toUpperCase()]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest.readUInt8(19) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a right password opens a session, in any case of the address", async () => {
  const { browser, userId } = await office();
  const one = browser();
  expect((await one.signIn(PASSWORD, " Mei.Demo@Example.com ")).state).toBe("signed_in");
  expect(await one.account()).toMatchObject({ id: userId, email: EMAIL, twoFactorEnabled: false });
});

test("the cookie is bound to this host, hidden from scripts, and only sent over TLS", async () => {
  const { browser } = await office();
  const answer = await browser().signIn();
  if (answer.state !== "signed_in") throw new Error(answer.state);
  const cookie = answer.cookies.find((text) => text.includes("session_token")) ?? "";
  expect(cookie).toMatch(/^__Host-secretariat\.session_token=/);
  for (const part of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(part);
  expect(cookie).not.toContain("Domain");
});

test("an unknown address and a wrong password get the same answer", async () => {
  const { browser } = await office();
  const unknown = await browser().signIn(PASSWORD, "nobody@example.com");
  const wrong = await browser().signIn("not the password at all");
  expect(unknown).toEqual({ state: "refused" });
  expect(wrong).toEqual(unknown);
});

test("after ten tries the right one is refused too, whether or not there is an account", async () => {
  const { browser } = await office();
  const guesses = Array.from({ length: 10 }, (_, index) =>
    browser(`192.0.2.${index}`).signIn(`guess number ${index}`),
  );
  for (const guess of await Promise.all(guesses)) expect(guess.state).toBe("refused");
  expect((await browser("198.51.100.1").signIn()).state).toBe("refused");
});

test("guesses sent all at once are counted like others", async () => {
  const { browser } = await office();
  const guesses = Array.from({ length: 30 }, (_, index) =>
    browser(`192.0.2.${index}`).signIn(index === 29 ? PASSWORD : `guess number ${index}`),
  );
  expect((await Promise.all(guesses)).map(({ state }) => state)).not.toContain("signed_in");
});

test("a client that guesses at many addresses is stopped, and others are not", async () => {
  const { browser } = await office();
  for (let index = 0; index < 10; index += 1) await browser().signIn("a password", `n${index}@example.com`);
  expect((await browser().signIn()).state).toBe("refused");
  expect((await browser("198.51.100.1").signIn()).state).toBe("signed_in");
});

test("and also when its guesses at many addresses come all at once", async () => {
  const { ctx, auth, gate } = await office();
  let asked = 0;
  const counting: typeof auth = {
    ...auth,
    signIn: (...given) => {
      asked += 1;
      return auth.signIn(...given);
    },
  };
  const input = { headers: new Headers(), client: "192.0.2.1", password: "a password" };
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      signIn(ctx, { ...gate, auth: counting }, { ...input, email: `n${index}@example.com` }),
    ),
  );
  expect(asked).toBeLessThan(10);
});

test("right passwords use nothing up", async () => {
  const { browser } = await office();
  for (let index = 0; index < 12; index += 1) expect((await browser().signIn()).state).toBe("signed_in");
});

test("with a second step the password alone opens nothing", async () => {
  const { browser, turnOnSecondStep } = await office();
  const first = browser();
  await first.signIn();
  const { secret } = await turnOnSecondStep(first);
  expect((await first.account())?.twoFactorEnabled).toBe(true);

  const second = browser();
  expect((await second.signIn()).state).toBe("second_step");
  expect(await second.account()).toBeNull();
  expect(await second.secondStep("000000")).toBe("refused");
  expect(await second.secondStep(appCode(secret, 1))).toBe("signed_in");
  expect(await second.account()).not.toBeNull();
});

test("a code of the app opens one door once", async () => {
  const { browser, turnOnSecondStep } = await office();
  const first = browser();
  await first.signIn();
  const { secret } = await turnOnSecondStep(first);
  const code = appCode(secret, 1);
  const second = browser();
  await second.signIn();
  expect(await second.secondStep(code)).toBe("signed_in");
  // The one that turned the second step on is spent as well, though another came after it.
  for (const seen of [code, appCode(secret)]) {
    const overTheShoulder = browser();
    await overTheShoulder.signIn();
    expect(await overTheShoulder.secondStep(seen)).toBe("expired");
    expect(await overTheShoulder.account()).toBeNull();
  }
});

test("a recovery code works once, and is stored encrypted", async () => {
  const { ctx, browser, turnOnSecondStep } = await office();
  const first = browser();
  await first.signIn();
  const { recoveryCodes, secret } = await turnOnSecondStep(first);
  const [code = ""] = recoveryCodes;
  expect(recoveryCodes).toHaveLength(10);
  const stored = JSON.stringify(ctx.db.orm.select().from(twoFactor).all());
  expect(stored).not.toContain(code);
  expect(stored).not.toContain(secret);

  const second = browser();
  await second.signIn();
  expect(await second.secondStep(` ${code.replace("-", " ").toUpperCase()}`)).toBe("signed_in");
  const third = browser();
  await third.signIn();
  expect(await third.secondStep(code)).toBe("refused");
});

test("wrong codes run out for one sign-in and for the client", async () => {
  const { browser, turnOnSecondStep } = await office();
  const first = browser();
  await first.signIn();
  const { secret } = await turnOnSecondStep(first);
  const guesser = browser("203.0.113.9");
  await guesser.signIn();
  for (let guess = 0; guess < 5; guess += 1) await guesser.secondStep(`00000${guess}`);
  expect(await guesser.secondStep(appCode(secret, 1))).toBe("refused");
  const owner = browser();
  await owner.signIn();
  expect(await owner.secondStep(appCode(secret, 1))).toBe("signed_in");
});

test("a code without a password a moment ago opens nothing", async () => {
  const { browser, turnOnSecondStep } = await office();
  const first = browser();
  await first.signIn();
  const { secret } = await turnOnSecondStep(first);
  expect(await browser().secondStep(appCode(secret, 1))).toBe("expired");
});

test("new recovery codes make the old ones void, and both want the password", async () => {
  const { auth, browser, turnOnSecondStep } = await office();
  const first = browser();
  await first.signIn();
  const { recoveryCodes } = await turnOnSecondStep(first);
  expect(await auth.newRecoveryCodes(first.headers(), "a wrong password")).toBeNull();
  const renewed = await auth.newRecoveryCodes(first.headers(), PASSWORD);
  const second = browser();
  await second.signIn();
  expect(await second.secondStep(recoveryCodes[0] ?? "")).toBe("refused");
  expect(await second.secondStep(renewed?.[0] ?? "")).toBe("signed_in");
});

test("another phone: the second step goes off with the password, and can be set up again", async () => {
  const { auth, browser, turnOnSecondStep } = await office();
  const one = browser();
  await one.signIn();
  await turnOnSecondStep(one);
  expect(await auth.beginSecondStep(one.headers(), PASSWORD)).toBeNull();
  expect(await auth.removeSecondStep(one.headers(), "a wrong password")).toBeNull();
  one.keep((await auth.removeSecondStep(one.headers(), PASSWORD)) ?? []);
  expect((await one.account())?.twoFactorEnabled).toBe(false);
  expect((await turnOnSecondStep(one)).recoveryCodes).toHaveLength(10);
});

test("a session that is ended elsewhere is dead at once; nobody ends another's", async () => {
  const { ctx, browser, userId } = await office();
  const one = browser();
  const two = browser();
  await one.signIn();
  await two.signIn();
  const here = await one.account();
  expect(openSessions(ctx, userId)).toHaveLength(2);
  const shifted = { db: ctx.db, clock: shiftedClock(-8 * YEAR) };
  for (const { usedAt } of openSessions(shifted, userId)) expect(usedAt).toBeLessThan(Date.now() - 7 * YEAR);
  expect(await endSession(ctx, { userId: "somebody else", sessionId: here?.sessionId ?? "" })).toEqual({
    ok: false,
    refusal: "unknown",
  });
  expect(await endOtherSessions(ctx, { userId, keep: here?.sessionId ?? "" })).toBe(1);
  expect(await two.account()).toBeNull();
  expect(await one.account()).not.toBeNull();
});

test("signing out ends the session itself, not only the cookie", async () => {
  const { auth, browser } = await office();
  const one = browser();
  await one.signIn();
  const kept = one.headers();
  one.keep(await auth.signOut(kept));
  expect(await one.account()).toBeNull();
  expect(await auth.accountOf(kept)).toBeNull();
});

test("a deleted login is signed out at once", async () => {
  const { ctx, browser, userId } = await office();
  const one = browser();
  await one.signIn();
  await ctx.db.write((tx) => {
    tx.delete(user).where(eq(user.id, userId)).run();
  });
  expect(await one.account()).toBeNull();
});

test("a session that nobody used for half a day is dead, one in use lives on", async () => {
  const { auth, ctx, browser } = await office();
  const one = browser();
  await one.signIn();
  const lastUsed = (ago: number) =>
    ctx.db.write((tx) => {
      tx.update(session)
        .set({ updatedAt: new Date(Date.now() - ago) })
        .run();
    });
  await lastUsed(LONGEST_IDLE - 60_000);
  // What a page asks by itself is answered, and keeps nobody signed in.
  const byItself = one.headers();
  byItself.set(UNATTENDED, "1");
  expect(await auth.accountOf(byItself)).not.toBeNull();
  const [unused] = ctx.db.orm.select().from(session).all();
  expect(Date.now() - (unused?.updatedAt.getTime() ?? 0)).toBeGreaterThan(LONGEST_IDLE - 120_000);
  expect(await one.account()).not.toBeNull();
  const [noted] = ctx.db.orm.select().from(session).all();
  expect(Date.now() - (noted?.updatedAt.getTime() ?? 0)).toBeLessThan(60_000);
  await lastUsed(LONGEST_IDLE + 60_000);
  expect(await one.account()).toBeNull();
  expect(ctx.db.orm.select().from(session).all()).toEqual([]);
});

test("a changed password ends all other sessions and is the only one that works", async () => {
  const { auth, browser } = await office();
  const one = browser();
  const two = browser();
  await one.signIn();
  await two.signIn();
  const next = "quite another set of words";
  expect(await auth.changePassword(one.headers(), { current: "wrong password", next })).toBeNull();
  one.keep((await auth.changePassword(one.headers(), { current: PASSWORD, next })) ?? []);
  expect(await one.account()).not.toBeNull();
  expect(await two.account()).toBeNull();
  expect((await browser().signIn()).state).toBe("refused");
  expect((await browser().signIn(next)).state).toBe("signed_in");
});

test("an open session is no place to guess the password", async () => {
  const { gate, userId } = await office();
  let asked = 0;
  const wrong = async () => {
    asked += 1;
    return null;
  };
  for (let guess = 0; guess < 15; guess += 1) await withPassword(gate, userId, wrong);
  expect(asked).toBe(9);
});

test("nothing about a password, an address or a cookie stands in the audit trail", async () => {
  const { ctx, browser } = await office();
  await browser().signIn();
  const trail = JSON.stringify(ctx.db.orm.select().from(auditEvent).all());
  expect(trail).toContain("session.sign_in");
  for (const text of ["Mei", EMAIL, PASSWORD]) expect(trail).not.toContain(text);
});
