import { randomInt } from "node:crypto";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { isAPIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { twoFactor } from "better-auth/plugins/two-factor";
import { eq } from "drizzle-orm";
import type { Db } from "#db/client.server.ts";
import * as tables from "#db/schema/access.ts";
import { parseLocale } from "../../i18n/translate.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Keys, newId } from "../../platform/crypto.server.ts";
import { UNATTENDED } from "../../platform/http/unattended.ts";
import type { StaffAccount } from "./account.ts";
import { LONGEST_IDLE, LONGEST_PASSWORD, SHORTEST_PASSWORD } from "./rules.ts";

/**
 * Who is at the other end: passwords, second steps and sessions, by the library (docs/decisions/sign-in.md).
 * It knows nothing of permissions. Its HTTP endpoints are not mounted; pages call these functions and pass on the
 * `cookies`, each a whole Set-Cookie value. The library lives in the machine's time: sessions and codes do not
 * follow a shifted clock.
 */
export type StaffAuth = {
  /**
   * The account of a live session, or null. Ended, expired and long idle sessions are dead at once. What a page asks by
   * itself, while perhaps nobody sits there, says so (`UNATTENDED`) and is no use.
   */
  accountOf(headers: Headers): Promise<StaffAccount | null>;
  /** One password. An unknown address costs the same work as a wrong password and gives the same answer. */
  signIn(headers: Headers, input: { email: string; password: string }): Promise<SignIn>;
  /** A code of the app or a recovery code, after `signIn` said that it wants one. */
  verifySecondStep(headers: Headers, code: string): Promise<SecondStep>;
  signOut(headers: Headers): Promise<ReadonlyArray<string>>;
  /** Makes a new secret for the app; it counts from `confirmSecondStep` on. Null: wrong password, or already on. */
  beginSecondStep(headers: Headers, password: string): Promise<NewSecret | null>;
  /** Proves that the app has the secret, and turns the second step on. Null: wrong code. */
  confirmSecondStep(
    headers: Headers,
    code: string,
  ): Promise<{ cookies: ReadonlyArray<string>; recoveryCodes: ReadonlyArray<string> } | null>;
  /** Turns the second step off, so that it can be set up on another phone. Null: wrong password. */
  removeSecondStep(headers: Headers, password: string): Promise<ReadonlyArray<string> | null>;
  /** New recovery codes; the old ones are void. Null: wrong password, or no second step. */
  newRecoveryCodes(headers: Headers, password: string): Promise<ReadonlyArray<string> | null>;
  /** Whether this is the password of whoever is signed in; null: it is not. Changes nothing. */
  provePassword(headers: Headers, password: string): Promise<true | null>;
  /** Ends all other sessions too. Null: wrong password. */
  changePassword(
    headers: Headers,
    input: { current: string; next: string },
  ): Promise<ReadonlyArray<string> | null>;
};

export type SignIn =
  | { state: "signed_in"; userId: string; cookies: ReadonlyArray<string> }
  | { state: "second_step"; cookies: ReadonlyArray<string> }
  | { state: "refused" };

export type SecondStep =
  | { state: "signed_in"; userId: string; cookies: ReadonlyArray<string> }
  /** Wrong, used before, or too many wrong ones: one answer. */
  | { state: "refused" }
  /** No password was given a moment ago. */
  | { state: "expired" };

/** `uri` is what the app reads from the QR code; `secret` the same for typing. */
export type NewSecret = { uri: string; secret: string };

const DAY = 24 * 60 * 60;
/** A session ends this many seconds after sign-in, used or not. */
const LONGEST_SESSION = 7 * DAY;
const MINUTE = 60_000;
/** Uses closer together than this are not noted. */
const IDLE_STEP = 5 * MINUTE;
/** How long a code of the app is accepted: its own half-minute and one on either side. */
const CODE_LIFE = 90_000;

/** @param baseUrl decides over the cookies' `Secure` and `__Host-`; no slash at the end. */
export function createStaffAuth({ db, keys, baseUrl }: { db: Db; keys: Keys; baseUrl: string }): StaffAuth {
  const secure = baseUrl.startsWith("https://");
  const auth = betterAuth({
    appName: "Secretariat",
    baseURL: baseUrl,
    secret: keys.sessionSecret,
    database: drizzleAdapter(db.orm, { provider: "sqlite", schema: tables, transaction: false }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
    },
    user: { additionalFields: { locale: { type: "string", required: false, input: false } } },
    session: {
      expiresIn: LONGEST_SESSION,
      disableSessionRefresh: true,
      freshAge: 0,
      cookieCache: { enabled: false },
    },
    plugins: [
      twoFactor({
        issuer: "Secretariat",
        twoFactorCookieMaxAge: 600,
        backupCodeOptions: { customBackupCodesGenerate: paperCodes },
      }),
    ],
    advanced: {
      // The library's own switch would make it `__Secure-`; `__Host-` also forbids a Domain and another Path.
      useSecureCookies: false,
      cookiePrefix: secure ? "__Host-secretariat" : "secretariat",
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: "lax", path: "/" },
      database: { generateId: () => newId() },
      ipAddress: { disableIpTracking: true },
      // Its endpoints are not mounted; the server checks the origin of every request that changes something.
      disableCSRFCheck: true,
      disableOriginCheck: true,
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    experimental: { instrumentation: { enabled: false } },
    // Its lines may hold addresses. What goes wrong still throws.
    logger: { disabled: true },
  });

  /** When which code of an account's app was used: a code opens one door once (RFC 6238 §5.2). */
  const usedCodes = new Map<string, number>();

  function spendCode(userId: string, code: string): boolean {
    const now = systemClock.now();
    for (const [used, at] of usedCodes) if (now - at >= CODE_LIFE) usedCodes.delete(used);
    const key = `${userId} ${code}`;
    if (usedCodes.has(key)) return false;
    usedCodes.set(key, now);
    return true;
  }

  async function liveSession(headers: Headers): Promise<StaffAccount | null> {
    const found = await auth.api.getSession({ headers: own(headers), query: { disableRefresh: true } });
    if (found === null) return null;
    const { user, session } = found;
    const now = systemClock.now();
    const idle = now - session.updatedAt.getTime();
    if (idle > LONGEST_IDLE) {
      await db.write((tx) => {
        tx.delete(tables.session).where(eq(tables.session.id, session.id)).run();
      });
      return null;
    }
    if (idle > IDLE_STEP && !headers.has(UNATTENDED)) {
      await db.write((tx) => {
        tx.update(tables.session)
          .set({ updatedAt: new Date(now) })
          .where(eq(tables.session.id, session.id))
          .run();
      });
    }
    return {
      id: user.id,
      name: user.name,
      email: user.email,
      locale: parseLocale(user.locale),
      twoFactorEnabled: user.twoFactorEnabled === true,
      sessionId: session.id,
    };
  }

  return {
    accountOf: liveSession,

    async signIn(headers, body) {
      const answer = await refusable(
        auth.api.signInEmail({ body, headers: anonymous(headers), returnHeaders: true }),
      );
      if (answer === null) return { state: "refused" };
      const cookies = answer.headers.getSetCookie();
      // The plugin replaces the answer when the account has a second step; the library's types do not say so.
      if ("twoFactorRedirect" in answer.response) return { state: "second_step", cookies };
      return { state: "signed_in", userId: answer.response.user.id, cookies };
    },

    async verifySecondStep(headers, typed) {
      const request = { headers: withoutSession(headers), returnHeaders: true } as const;
      const code = readCode(typed);
      try {
        const answer =
          code.kind === "app"
            ? await auth.api.verifyTOTP({ body: { code: code.text }, ...request })
            : await auth.api.verifyBackupCode({ body: { code: code.text }, ...request });
        const { user, token } = answer.response;
        if (code.kind === "app" && !spendCode(user.id, code.text)) {
          await db.write((tx) => {
            if (token !== undefined) tx.delete(tables.session).where(eq(tables.session.token, token)).run();
          });
          return { state: "expired" };
        }
        return { state: "signed_in", userId: user.id, cookies: answer.headers.getSetCookie() };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const spent = ["INVALID_TWO_FACTOR_COOKIE", "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE"];
        return { state: spent.includes(error.body?.code ?? "") ? "expired" : "refused" };
      }
    },

    async signOut(headers) {
      const answer = await refusable(auth.api.signOut({ headers: own(headers), returnHeaders: true }));
      return answer?.headers.getSetCookie() ?? [];
    },

    async beginSecondStep(headers, password) {
      const answer = await refusable(
        auth.api.enableTwoFactor({ body: { password, method: "totp" }, headers: own(headers) }),
      );
      if (answer === null || !("totpURI" in answer) || answer.totpURI === undefined) return null;
      return { uri: answer.totpURI, secret: new URL(answer.totpURI).searchParams.get("secret") ?? "" };
    },

    async confirmSecondStep(headers, typed) {
      const account = await liveSession(headers);
      const code = readCode(typed);
      if (account === null || account.twoFactorEnabled || code.kind !== "app") return null;
      const answer = await refusable(
        auth.api.verifyTOTP({ body: { code: code.text }, headers: own(headers), returnHeaders: true }),
      );
      if (answer === null) return null;
      spendCode(account.id, code.text);
      const { backupCodes } = await auth.api.viewBackupCodes({ body: { userId: account.id } });
      return { cookies: answer.headers.getSetCookie(), recoveryCodes: backupCodes };
    },

    async removeSecondStep(headers, password) {
      const answer = await refusable(
        auth.api.disableTwoFactor({ body: { password }, headers: own(headers), returnHeaders: true }),
      );
      return answer?.headers.getSetCookie() ?? null;
    },

    async newRecoveryCodes(headers, password) {
      const answer = await refusable(
        auth.api.generateBackupCodes({ body: { password }, headers: own(headers) }),
      );
      return answer?.backupCodes ?? null;
    },

    async provePassword(headers, password) {
      const answer = await refusable(auth.api.verifyPassword({ body: { password }, headers: own(headers) }));
      return answer?.status === true ? true : null;
    },

    async changePassword(headers, { current, next }) {
      const answer = await refusable(
        auth.api.changePassword({
          body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
          headers: own(headers),
          returnHeaders: true,
        }),
      );
      return answer?.headers.getSetCookie() ?? null;
    },
  };
}

/** What the library may see of a request: the cookies, and the browser's name for the list of sessions. */
function own(headers: Headers): Headers {
  const seen = new Headers();
  for (const name of ["cookie", "user-agent"]) {
    const value = headers.get(name);
    if (value !== null) seen.set(name, value.slice(0, name === "cookie" ? 8_192 : 300));
  }
  return seen;
}

/** Signing in starts afresh: an older session, or a half-finished sign-in, plays no part. */
function anonymous(headers: Headers): Headers {
  const seen = own(headers);
  seen.delete("cookie");
  return seen;
}

/** With a live session the library would check the code against that session's account, and not sign in. */
function withoutSession(headers: Headers): Headers {
  const seen = own(headers);
  const cookies = (seen.get("cookie") ?? "")
    .split(/;\s*/)
    .filter((cookie) => !/^(__Host-)?secretariat\.session_token=/.test(cookie));
  seen.set("cookie", cookies.join("; "));
  return seen;
}

/** Six digits, as apps show them (some in two groups); all else is taken for a recovery code, in any case, with or without its hyphen. */
function readCode(typed: string): { kind: "app" | "recovery"; text: string } {
  const text = typed.replaceAll(/[\s-]/g, "").toLowerCase();
  if (/^\d{6}$/.test(text)) return { kind: "app", text };
  return { kind: "recovery", text: `${text.slice(0, 5)}-${text.slice(5)}` };
}

/** Ten codes of 49 bits for a sheet of paper: no two letters that look alike, none that depends on its case. */
function paperCodes(): Array<string> {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const five = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");
  return Array.from({ length: 10 }, () => `${five()}-${five()}`);
}

/** Whether the library said no, as opposed to having failed. */
function isRefusal(error: unknown): error is { body?: { code?: string } | undefined } {
  return isAPIError(error) && error.statusCode >= 400 && error.statusCode < 500;
}

async function refusable<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}
