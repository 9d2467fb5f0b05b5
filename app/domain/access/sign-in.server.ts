import { hashPassword } from "better-auth/crypto";
import type { Limits } from "../../platform/limits.server.ts";
import type { DomainContext } from "../context.ts";
import type { SecondStep, SignIn, StaffAuth } from "./auth.server.ts";
import { recordAccess } from "./commands.server.ts";

type Gate = { auth: StaffAuth; limits: Limits };

/**
 * A password, with guesses counted for the address and for the client alike. A wrong password, an address that
 * nobody has and too many guesses give one answer after the same work, so the lockout tells nobody who has an account.
 *
 * @param client the address of the network that asks, as far as trusted proxies tell it
 */
export async function signIn(
  ctx: DomainContext,
  { auth, limits }: Gate,
  { headers, client, email, password }: { headers: Headers; client: string; email: string; password: string },
): Promise<SignIn> {
  const account = `account ${email.trim().toLowerCase()}`;
  const network = `client ${client}`;
  // Counted before anything is looked at and forgiven after a success: guesses sent all at once are counted like others.
  await limits.signIn.count(account);
  await limits.signIn.count(network);
  const locked = (await limits.signIn.blocked(account)) || (await limits.signIn.blocked(network));
  if (locked) {
    await hashPassword(password);
    return { state: "refused" };
  }
  const answer = await auth.signIn(headers, { email: email.trim(), password });
  if (answer.state === "refused") return answer;
  await limits.signIn.clear(account);
  // Only this one: a right password must not pay for the wrong ones that were tried on others.
  await limits.signIn.forgive(network);
  if (answer.state === "signed_in") await recordAccess(ctx, "session.sign_in", answer.userId);
  return answer;
}

/** The code after the password. Guesses are counted for the client here and for the account by the library. */
export async function takeSecondStep(
  ctx: DomainContext,
  { auth, limits }: Gate,
  { headers, client, code }: { headers: Headers; client: string; code: string },
): Promise<SecondStep> {
  const network = `client ${client}`;
  await limits.secondStep.count(network);
  if (await limits.secondStep.blocked(network)) return { state: "refused" };
  const answer = await auth.verifySecondStep(headers, code);
  if (answer.state === "signed_in") {
    await limits.secondStep.clear(network);
    await recordAccess(ctx, "session.sign_in", answer.userId);
  }
  return answer;
}

/**
 * Asks a signed-in person for their password again before something that matters. Counted for the account, so that
 * an open session does not become a place to guess.
 */
export async function withPassword<T>(
  { limits }: Pick<Gate, "limits">,
  userId: string,
  act: () => Promise<T | null>,
): Promise<T | null> {
  const key = `password ${userId}`;
  await limits.signIn.count(key);
  if (await limits.signIn.blocked(key)) return null;
  const done = await act();
  if (done !== null) await limits.signIn.clear(key);
  return done;
}
